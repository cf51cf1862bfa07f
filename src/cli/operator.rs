//! `ryadom operator` and `ryadom audit`: who may decide, and whether the log of decisions is whole.

use crate::app;
use crate::audit;
use crate::config::Settings;
use crate::domain::principal::Role;
use crate::identity::{Gate, GateError};
use crate::store::Store;
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// The arguments of `ryadom operator`.
#[derive(Args)]
pub struct OperatorArgs {
    #[command(subcommand)]
    act: OperatorAct,
}

#[derive(Subcommand)]
enum OperatorAct {
    /// Make an account for an operator and print the link of the first sign-in
    Invite {
        /// Where letters go
        email: String,
        /// An auditor, who reads the log of decisions and nothing else
        #[arg(long)]
        auditor: bool,
    },
    /// List operators and auditors
    List,
    /// Disable an account and end its sessions
    Disable {
        /// Its address
        email: String,
    },
}

/// The arguments of `ryadom audit`.
#[derive(Args)]
pub struct AuditArgs {
    #[command(subcommand)]
    act: AuditAct,
}

#[derive(Subcommand)]
enum AuditAct {
    /// Walk the chain of the log; one changed byte is found
    Verify {
        /// A head that was printed before: that past must still be in the log
        #[arg(long, value_name = "NUMBER:HASH")]
        head: Option<String>,
    },
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Who acts here, in the log.
const ACTOR: &str = "cli";

fn sentence(error: GateError) -> Failure {
    match error {
        GateError::Address => "this is no e-mail address".into(),
        GateError::Taken => "this address has another account already".into(),
        GateError::NoSealing => {
            "an operator's second factor cannot be kept: set RYADOM_SEALING_KEY, the same as the service has".into()
        }
        other => Box::new(other),
    }
}

/// Runs `ryadom operator`.
///
/// # Errors
/// What the person at the terminal should read.
pub async fn operator(args: OperatorArgs, settings: &Settings) -> Result<ExitCode, Failure> {
    let url = settings.database_url.expose();
    let store = Store::open(url).await?;
    store.migrate().await?;
    let sealing = app::sealing_key(settings, url)?;
    let address = settings.public_url.clone().unwrap_or_else(|| format!("http://{}", settings.listen));
    let mailer = app::mailer(settings, false)?;
    let gate = Gate::new(store.clone(), app::system_clock(), sealing, crate::identity::mail::Mailer::Off, &address);
    match args.act {
        OperatorAct::Invite { email, auditor } => {
            let role = if auditor { Role::Auditor } else { Role::Operator };
            let (_, link, _) = gate.invite_staff(&email, role, ACTOR).await.map_err(sentence)?;
            println!("{link}");
            eprintln!("Open the link within three days and press the button; it works once.");
            if !mailer.is_on() {
                eprintln!("Later sign-ins go by mail: set RYADOM_SMTP_URL for the service.");
            }
        }
        OperatorAct::List => {
            for account in store.list_staff().await? {
                let state = match (account.disabled_s, account.totp_confirmed) {
                    (Some(_), _) => "disabled",
                    (None, 0) => "invited",
                    (None, _) => "active",
                };
                println!("{}\t{}\t{state}", account.email, account.role);
            }
        }
        OperatorAct::Disable { email } => {
            let folded = crate::identity::mail::fold_address(&email).ok_or("this is no e-mail address")?;
            let account = store.account_of_email(&folded).await?.ok_or("there is no such account")?;
            gate.disable(&account.id, ACTOR).await.map_err(sentence)?;
            println!("Disabled, and signed out everywhere.");
        }
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Runs `ryadom audit`.
///
/// # Errors
/// What the person at the terminal should read.
pub async fn audit(args: AuditArgs, settings: &Settings) -> Result<ExitCode, Failure> {
    let store = Store::open(settings.database_url.expose()).await?;
    store.migrate().await?;
    let AuditAct::Verify { head } = args.act;
    let verified = audit::verify(&store, head.as_deref()).await?;
    store.close().await;
    if let Some((number, why)) = verified.broken {
        eprintln!("The log is broken at entry {number}: {why}.");
        println!("{} entries hold, up to {}", verified.entries, verified.head);
        return Ok(ExitCode::FAILURE);
    }
    println!("The log is whole: {} entries, head {}", verified.entries, verified.head);
    Ok(ExitCode::SUCCESS)
}
