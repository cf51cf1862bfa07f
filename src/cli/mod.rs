//! serve | demo | import | export | location | invite | right | keys | terminal | api-key | hash-list | operator |
//! audit | backup | restore | migrate | openapi

pub mod backup;
pub mod credentials;
pub mod export;
pub mod import;
pub mod location;
pub mod operator;

use crate::app::{self, App};
use crate::config::{Given, Settings};
use crate::credentials::desk::Desk;
use crate::credentials::rights::{INVITATION_S, NewRight, RightState};
use crate::domain::{Clock, SystemClock};
use crate::partners::{ImportOptions, Importer, Source};
use crate::store::Store;
use crate::{http, telemetry};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// The open service behind a large-family benefits programme: map, registry, credential.
#[derive(Parser)]
#[command(name = "ryadom", version, about, max_term_width = 110)]
struct Cli {
    /// Settings file (TOML)
    #[arg(long, env = "RYADOM_CONFIG", global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    given: Given,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the map and the API (what happens without a command)
    Serve,
    /// Serve an embedded store of its own, filled with invented places
    Demo,
    /// Read places from CSV, GeoJSON or NDJSON and publish them, as an operator's act with history
    Import(import::ImportArgs),
    /// Write the published places as GeoJSON or CSV that imports back to the same content
    Export(export::ExportArgs),
    /// Publish, edit, show or withdraw one place
    Location(location::LocationArgs),
    /// Confirm a family's right and print an invitation for her wallet
    Invite(credentials::InviteArgs),
    /// List, confirm, refuse, suspend, resume and revoke rights
    Right(credentials::RightArgs),
    /// Make, list and retire the issuer's keys
    Keys(credentials::KeysArgs),
    /// Pair, list and revoke the terminals that check codes
    Terminal(credentials::TerminalArgs),
    /// Make, list and revoke the keys of tills
    ApiKey(credentials::ApiKeyArgs),
    /// Hash the outside ids of a list, at the agency
    HashList(credentials::HashListArgs),
    /// Invite, list and disable operators
    Operator(operator::OperatorArgs),
    /// Verify the log of decisions
    Audit(operator::AuditArgs),
    /// Write everything the database holds into one file
    Backup(backup::BackupArgs),
    /// Read a backup into an empty database, of either engine
    Restore(backup::RestoreArgs),
    /// Bring the tables of the database up to date
    Migrate,
    /// Print the OpenAPI document
    Openapi,
}

/// Anything that ends a command; its text is for the person at the terminal.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("ryadom: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("ryadom: {error}");
            let mut cause = error.source();
            while let Some(inner) = cause {
                eprintln!("  because: {inner}");
                cause = inner.source();
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode, Failure> {
    Settings::check_variables(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()))?;
    let settings = Settings::resolve(cli.config.as_deref(), cli.given)?;
    telemetry::start_log(&settings.log, settings.log_format)?;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => {
            let url = settings.database_url.expose();
            let store = Store::open(url).await?;
            serve(&settings, store, url, false).await
        }
        Command::Demo => {
            let url = format!("sqlite://{}", settings.data_dir.join("demo.db").display());
            let store = Store::open(&url).await?;
            store.migrate().await?;
            fill_with_demo_places(&store).await?;
            serve(&settings, store, &url, true).await
        }
        Command::Import(args) => {
            let store = Store::open(settings.database_url.expose()).await?;
            store.migrate().await?;
            Ok(import::run(args, store, &SystemClock).await?)
        }
        Command::Export(args) => {
            let store = Store::open(settings.database_url.expose()).await?;
            store.migrate().await?;
            Ok(export::run(args, store).await?)
        }
        Command::Location(args) => {
            let store = Store::open(settings.database_url.expose()).await?;
            store.migrate().await?;
            location::run(args, &store, &SystemClock).await
        }
        Command::Invite(args) => credentials::invite(args, &desk(&settings).await?.0).await,
        Command::Right(args) => credentials::right(args, &desk(&settings).await?.0).await,
        Command::Keys(args) => {
            let desk = desk(&settings).await?.0;
            credentials::keys(args, &desk, SystemClock.now().timestamp()).await
        }
        Command::Terminal(args) => {
            let (desk, store) = desk(&settings).await?;
            credentials::terminal(args, &desk, &store).await
        }
        Command::ApiKey(args) => {
            let (desk, store) = desk(&settings).await?;
            credentials::api_key(args, &desk, &store).await
        }
        Command::HashList(args) => {
            credentials::hash_list(&args, settings.outside_id_key.as_ref().map(crate::config::Secret::expose))
        }
        Command::Operator(args) => operator::operator(args, &settings).await,
        Command::Audit(args) => operator::audit(args, &settings).await,
        Command::Backup(args) => {
            let store = Store::open(settings.database_url.expose()).await?;
            store.migrate().await?;
            Ok(backup::backup(args, &store, &SystemClock, &where_the_sealing_key_is(&settings)).await?)
        }
        Command::Restore(args) => {
            let store = Store::open(settings.database_url.expose()).await?;
            store.migrate().await?;
            Ok(backup::restore(args, &store, &where_the_sealing_key_is(&settings)).await?)
        }
        Command::Migrate => {
            let store = Store::open(settings.database_url.expose()).await?;
            store.migrate().await?;
            println!("The tables are up to date ({}).", store.engine_name());
            Ok(ExitCode::SUCCESS)
        }
        Command::Openapi => {
            println!("{}", http::openapi_json());
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Invented places, the same on every start; nothing is written when they are there already.
async fn fill_with_demo_places(store: &Store) -> Result<(), Failure> {
    const PLACES: &[u8] = include_bytes!("../../data/demo/demo_partners_SYNTHETIC.geojson");
    let options = ImportOptions { retire_missing: true, ..ImportOptions::default() };
    let sources = vec![Source::bytes("demo places", PLACES)];
    let report = Importer::new(store.clone(), &SystemClock).run(sources, &options, |_| {}).await?;
    if report.rejected > 0 || !report.is_complete() {
        return Err(format!("{} of the embedded demo places cannot be read", report.rejected).into());
    }
    Ok(())
}

async fn serve(settings: &Settings, store: Store, url: &str, demo: bool) -> Result<ExitCode, Failure> {
    let metrics = telemetry::start_metrics()?;
    // Before the long read, so that a taken port is known at once.
    let (listener, address) = app::bind(settings.listen)
        .await
        .map_err(|e| format!("cannot listen on {}: {e}; choose another with --listen", settings.listen))?;
    let mut options = app::options(settings, demo, Some(metrics.clone()));
    options.basemap = app::basemap(settings).await?;
    options.agency = app::agency(settings)?;
    options.mailer = app::mailer(settings, demo)?;
    if let Some(key) = app::sealing_key(settings, url)? {
        options.credentials = Some((key, app::desk_options(settings, &format!("http://{address}"))?));
    } else {
        tracing::warn!("there are no credentials here: set RYADOM_SEALING_KEY, the same on every replica");
    }
    let app = App::start(store, app::system_clock(), options).await?;
    let what = if demo { "Ryadom (demo: every place is invented)" } else { "Ryadom" };
    println!("{what} is at http://{address}");
    if demo {
        invite_to_the_demo(&app).await?;
    }
    tokio::spawn(async move {
        // Histograms are kept as samples until somebody folds them.
        loop {
            tokio::time::sleep(std::time::Duration::from_secs(5)).await;
            metrics.run_upkeep();
        }
    });
    app::serve(&app, listener, stop_signal()).await?;
    tracing::info!("stopping");
    app.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// What it takes to try the credential: an invented family's invitation and a till at the first invented place.
async fn invite_to_the_demo(app: &App) -> Result<(), Failure> {
    const LOCATION: &str = "demo-001";
    let Some(desk) = &app.state.desk else { return Ok(()) };
    let valid_until = SystemClock.now().date_naive() + chrono::Months::new(12);
    let new = NewRight {
        category: "large_family".to_owned(),
        region: "26".to_owned(),
        valid_from: None,
        valid_until,
        outside: None,
        state: RightState::Confirmed,
    };
    let right = desk.put_right(&new, "demo").await?;
    let offer = desk.offer(&right.id, None, INVITATION_S).await?;
    println!("A wallet to try:  {}  digits {}", offer.wallet_url, offer.tx_code);
    println!("A till to try:    {}  code {}", desk.url("/scan"), desk.new_pairing(LOCATION, "Касса 1").await?);
    Ok(())
}

/// The desk of the settings' store, for one command.
async fn desk(settings: &Settings) -> Result<(Desk, Store), Failure> {
    let url = settings.database_url.expose();
    let store = Store::open(url).await?;
    store.migrate().await?;
    let key = app::sealing_key(settings, url)?
        .ok_or("there are no credentials here: set RYADOM_SEALING_KEY, the same as the service has")?;
    let options = app::desk_options(settings, &format!("http://{}", settings.listen))?;
    let desk = Desk::new(store.clone(), app::system_clock(), key, options);
    Ok((desk, store))
}

/// What to tell somebody who keeps backups.
fn where_the_sealing_key_is(settings: &Settings) -> String {
    match backup::sealing_key_file(settings.database_url.expose()) {
        _ if settings.sealing_key.is_some() => "Keep RYADOM_SEALING_KEY apart from the backup.".to_owned(),
        Some(file) => {
            format!("Keep {} apart from the backup, and put it back beside a restored database.", file.display())
        }
        None => {
            "There is no RYADOM_SEALING_KEY here; if the service has one, keep it apart from the backup.".to_owned()
        }
    }
}

/// Ctrl-C, or SIGTERM of whoever supervises.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
