//! `ryadom location`: publish, edit, show and withdraw one place, before the registry's own pages exist.

use crate::domain::{Clock, Lang, LocationId};
use crate::partners::operator::{Act, Operator, OperatorError};
use crate::store::Store;
use clap::{Args, Subcommand};
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

/// Who acts, in the history.
const ACTOR: &str = "operator:cli";

/// What to do.
#[derive(Debug, Args)]
pub struct LocationArgs {
    #[command(subcommand)]
    act: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Publish one GeoJSON Feature with the properties that `ryadom import` reads, new or in place of the old
    Publish {
        /// The file; - is standard input
        file: PathBuf,
    },
    /// Change some properties of a place that is on the map
    Edit {
        /// The id of the place
        id: String,
        /// A property by its import heading, such as name=… hours=… benefit=… lon=… lat=…; an empty value takes it away
        #[arg(required = true, value_name = "KEY=VALUE", value_parser = pair)]
        changes: Vec<(String, String)>,
    },
    /// Print a place that is on the map as a GeoJSON Feature
    Show {
        /// The id of the place
        id: String,
    },
    /// Take a place off the map; its history stays
    Withdraw {
        /// The id of the place
        id: String,
    },
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE, such as name=\"Кафе «Мир»\"")?;
    Ok((key.trim().to_owned(), value.trim().to_owned()))
}

/// Acts once. The exit status is 0 when it is done, 2 when the description was refused.
///
/// # Errors
/// Anything else, such as a store that does not answer.
pub async fn run(args: LocationArgs, store: &Store, clock: &dyn Clock) -> Result<ExitCode, super::Failure> {
    let operator = Operator::new(store, clock, ACTOR, "api");
    let act = match args.act {
        What::Publish { file } => {
            let mut text = String::new();
            if file.as_os_str() == "-" {
                std::io::stdin().read_to_string(&mut text)?;
            } else {
                text = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
            }
            let feature = serde_json::from_str(&text).map_err(|e| format!("{} is not JSON: {e}", file.display()))?;
            operator.publish(None, feature).await
        }
        What::Edit { id, changes } => operator.edit(&LocationId::new(&id)?, &changes).await,
        What::Withdraw { id } => operator.withdraw(&LocationId::new(&id)?).await,
        What::Show { id } => {
            println!("{}", serde_json::to_string_pretty(&operator.show(&LocationId::new(&id)?).await?)?);
            return Ok(ExitCode::SUCCESS);
        }
    };
    match act {
        Ok(act) => {
            say(&act);
            Ok(ExitCode::SUCCESS)
        }
        Err(OperatorError::Refused(checked)) => {
            eprintln!("Nothing was written:");
            for problem in &checked.problems {
                eprintln!("  {}: {}", problem.column.as_deref().unwrap_or("feature"), problem.sentence(Lang::En));
            }
            Ok(ExitCode::from(2))
        }
        Err(error) => Err(error.into()),
    }
}

fn say(act: &Act) {
    for warning in &act.checked.problems {
        eprintln!("  warning: {}", warning.sentence(Lang::En));
    }
    println!("{}: {} (seq {})", act.id, act.word(), act.seq);
}
