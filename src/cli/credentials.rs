//! `ryadom invite | right | keys | terminal | api-key | hash-list`: the credential desk on the command line.

use crate::credentials::desk::Desk;
use crate::credentials::outside_id::OutsideIdKey;
use crate::credentials::rights::{INVITATION_S, NewRight, RightState};
use crate::credentials::rights_list;
use crate::store::Store;
use chrono::{DateTime, NaiveDate};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// Who acts, in the history.
const ACTOR: &str = "operator:cli";

/// `ryadom invite`.
#[derive(Debug, Args)]
pub struct InviteArgs {
    /// The kind of right
    #[arg(long, default_value = "large_family")]
    category: String,
    /// Its last day, such as 2027-03-31
    #[arg(long, value_name = "DATE")]
    valid_until: NaiveDate,
    /// Two digits of the region
    #[arg(long, default_value = "26")]
    region: String,
    /// The family's id in the agency's system; only its keyed hash is kept
    #[arg(long, value_name = "ID")]
    outside_id: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// `ryadom right`.
#[derive(Debug, Args)]
pub struct RightArgs {
    #[command(subcommand)]
    act: RightAct,
}

#[derive(Debug, Subcommand)]
enum RightAct {
    /// Rights, the last changed first
    List {
        /// applied, confirmed, refused, suspended, revoked or ended
        #[arg(long)]
        state: Option<String>,
    },
    /// Confirm an applied right
    Confirm { id: String },
    /// Refuse an applied right
    Refuse {
        id: String,
        /// Why; the person is told
        #[arg(long)]
        reason: String,
    },
    /// Suspend a right; its codes are refused from now on
    Suspend { id: String },
    /// Let a suspended right hold again
    Resume { id: String },
    /// Take a right back for good
    Revoke { id: String },
    /// Make a new invitation for a confirmed right
    Offer { id: String },
    /// Take a list (CSV: outside_id or outside_hash, category, region, valid_until): all rows or none
    Import { file: PathBuf },
}

/// `ryadom keys`.
#[derive(Debug, Args)]
pub struct KeysArgs {
    #[command(subcommand)]
    act: KeysAct,
}

#[derive(Debug, Subcommand)]
enum KeysAct {
    /// Make a key: published now, signing from a moment on
    New {
        /// Days until it signs, so that every verifier has it by then
        #[arg(long, default_value_t = 7)]
        in_days: u32,
    },
    /// Keys and how they stand
    List,
    /// Let a key sign no more; it stays published until its last credential has ended
    Retire { kid: String },
}

/// `ryadom terminal`.
#[derive(Debug, Args)]
pub struct TerminalArgs {
    #[command(subcommand)]
    act: TerminalAct,
}

#[derive(Debug, Subcommand)]
enum TerminalAct {
    /// Print a code with which one phone or till is paired at a place
    Pair {
        /// The id of the place
        location: String,
        /// What the shop calls it
        #[arg(long, default_value = "Касса 1")]
        name: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Paired terminals
    List,
    /// End a terminal
    Revoke { id: String },
}

/// `ryadom api-key`.
#[derive(Debug, Args)]
pub struct ApiKeyArgs {
    #[command(subcommand)]
    act: ApiKeyAct,
}

#[derive(Debug, Subcommand)]
enum ApiKeyAct {
    /// Make a till's key; it is printed this once
    New {
        /// Whose it is
        #[arg(long)]
        name: String,
        /// The id of the place where the till stands
        #[arg(long)]
        location: Option<String>,
    },
    /// Keys, without their secrets
    List,
    /// End a key
    Revoke { id: String },
}

/// `ryadom hash-list`.
#[derive(Debug, Args)]
pub struct HashListArgs {
    /// CSV with the column outside_id; - is standard input
    file: PathBuf,
}

/// Invites.
///
/// # Errors
/// What the person at the terminal has to know.
pub async fn invite(args: InviteArgs, desk: &Desk) -> Result<ExitCode, super::Failure> {
    let outside = match &args.outside_id {
        Some(id) => Some(desk.outside().hash(id).ok_or("--outside-id has no letter and no digit")?),
        None => None,
    };
    let new = NewRight {
        category: args.category,
        region: args.region,
        valid_from: None,
        valid_until: args.valid_until,
        outside,
        state: RightState::Confirmed,
    };
    let right = desk.put_right(&new, ACTOR).await?;
    let offer = desk.offer(&right.id, None, INVITATION_S).await?;
    if args.json {
        println!(
            "{}",
            json!({"right_id": right.id, "offer_uri": offer.offer_uri, "wallet_url": offer.wallet_url,
                "tx_code": offer.tx_code, "expires_in_s": offer.expires_in_s})
        );
        return Ok(ExitCode::SUCCESS);
    }
    println!("Right {}, valid until {}.", right.id, right.valid_until);
    println!("Link (for seven days, good once):  {}", offer.wallet_url);
    println!("For other wallets:                 {}", offer.offer_uri);
    println!("Digits, to be told apart from it:  {}", offer.tx_code);
    Ok(ExitCode::SUCCESS)
}

/// Acts on rights.
///
/// # Errors
/// What the person at the terminal has to know.
pub async fn right(args: RightArgs, desk: &Desk) -> Result<ExitCode, super::Failure> {
    let (id, next, reason) = match args.act {
        RightAct::List { state } => {
            let state = match state.as_deref() {
                None => None,
                Some(code) => Some(RightState::of_code(code).ok_or("there is no such state")?),
            };
            for right in desk.list_rights(state, 1_000).await? {
                println!(
                    "{}  {}  {}  {}  until {}",
                    right.id, right.state, right.category, right.region, right.valid_until
                );
            }
            return Ok(ExitCode::SUCCESS);
        }
        RightAct::Offer { id } => {
            let offer = desk.offer(&id, None, INVITATION_S).await?;
            println!("{}\n{}", offer.wallet_url, offer.tx_code);
            return Ok(ExitCode::SUCCESS);
        }
        RightAct::Import { file } => {
            let from = std::fs::File::open(&file).map_err(|e| format!("{}: {e}", file.display()))?;
            let count = rights_list::take(desk, from, ACTOR).await?;
            println!("{count} rights");
            return Ok(ExitCode::SUCCESS);
        }
        RightAct::Confirm { id } | RightAct::Resume { id } => (id, RightState::Confirmed, None),
        RightAct::Refuse { id, reason } => (id, RightState::Refused, Some(reason)),
        RightAct::Suspend { id } => (id, RightState::Suspended, None),
        RightAct::Revoke { id } => (id, RightState::Revoked, None),
    };
    let right = desk.move_right(&id, next, reason.as_deref(), ACTOR).await?;
    println!("{}: {}", right.id, right.state);
    Ok(ExitCode::SUCCESS)
}

/// Makes, lists and retires the issuer's keys.
///
/// # Errors
/// What the person at the terminal has to know.
pub async fn keys(args: KeysArgs, desk: &Desk, now_s: i64) -> Result<ExitCode, super::Failure> {
    match args.act {
        KeysAct::New { in_days } => {
            let from_s = now_s + i64::from(in_days) * 86_400;
            let kid = desk.new_key(from_s).await?;
            println!("{kid}: signs from {}", day(from_s));
        }
        KeysAct::List => {
            for (key, state) in desk.list_keys().await? {
                println!(
                    "{}  {state:?}  signs from {}  needed until {}",
                    key.kid,
                    day(key.active_from_s),
                    day(key.last_expiry_s)
                );
            }
        }
        KeysAct::Retire { kid } => {
            if !desk.retire_key(&kid).await? {
                return Err(format!("there is no key {kid} that signs").into());
            }
            println!("{kid}: retired");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn day(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0).map(|at| at.format("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default()
}

/// Pairs, lists and ends terminals.
///
/// # Errors
/// What the person at the terminal has to know.
pub async fn terminal(args: TerminalArgs, desk: &Desk, store: &Store) -> Result<ExitCode, super::Failure> {
    match args.act {
        TerminalAct::Pair { location, name, json } => {
            known_location(store, &location).await?;
            let code = desk.new_pairing(&location, &name).await?;
            if json {
                println!("{}", json!({"code": code, "scan_url": desk.url("/scan")}));
            } else {
                println!("Open {} on the till and enter {code} (for one day, good once).", desk.url("/scan"));
            }
        }
        TerminalAct::List => {
            for terminal in desk.list_terminals().await? {
                println!("{}  {}  {}  № {}", terminal.id, terminal.location_id, terminal.name, terminal.number);
            }
        }
        TerminalAct::Revoke { id } => {
            if !desk.revoke_terminal(&id).await? {
                return Err(format!("there is no terminal {id}").into());
            }
            println!("{id}: revoked");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes, lists and ends tills' keys.
///
/// # Errors
/// What the person at the terminal has to know.
pub async fn api_key(args: ApiKeyArgs, desk: &Desk, store: &Store) -> Result<ExitCode, super::Failure> {
    match args.act {
        ApiKeyAct::New { name, location } => {
            if let Some(location) = &location {
                known_location(store, location).await?;
            }
            println!("{}", desk.new_api_key(&name, location.as_deref()).await?);
        }
        ApiKeyAct::List => {
            for key in desk.list_api_keys().await? {
                let state = if key.revoked_s.is_some() { "revoked" } else { "opens" };
                println!("{}  {}  {state}  {}", key.id, key.name, key.location_id.as_deref().unwrap_or("-"));
            }
        }
        ApiKeyAct::Revoke { id } => {
            if !desk.revoke_api_key(&id).await? {
                return Err(format!("there is no key {id}").into());
            }
            println!("{id}: revoked");
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn known_location(store: &Store, id: &str) -> Result<(), super::Failure> {
    let id = crate::domain::LocationId::new(id)?;
    match store.lookup_published(&id).await? {
        Some(_) => Ok(()),
        None => Err(format!("there is no place {id} on the map").into()),
    }
}

/// Hashes a list at the agency; nothing but this file and the key is needed.
///
/// # Errors
/// What the person at the terminal has to know.
pub fn hash_list(args: &HashListArgs, key: Option<&str>) -> Result<ExitCode, super::Failure> {
    let key = key.ok_or("set RYADOM_OUTSIDE_ID_KEY to VERSION:HEX, the key that the service has")?;
    let key = OutsideIdKey::parse(key).ok_or("RYADOM_OUTSIDE_ID_KEY must be VERSION:HEX with 32 bytes at least")?;
    let to = std::io::stdout().lock();
    let count = if args.file.as_os_str() == "-" {
        rights_list::hash_list(std::io::stdin().lock(), to, &key)?
    } else {
        let from = std::fs::File::open(&args.file).map_err(|e| format!("{}: {e}", args.file.display()))?;
        rights_list::hash_list(from, to, &key)?
    };
    eprintln!("{count} rows");
    Ok(ExitCode::SUCCESS)
}
