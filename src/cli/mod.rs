//! serve | demo | import | export | location | migrate | openapi

pub mod export;
pub mod import;
pub mod location;

use crate::app::{self, App};
use crate::config::{Given, Settings};
use crate::domain::SystemClock;
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
            let store = Store::open(settings.database_url.expose()).await?;
            serve(&settings, store, false).await
        }
        Command::Demo => {
            let path = settings.data_dir.join("demo.db");
            let store = Store::open(&format!("sqlite://{}", path.display())).await?;
            store.migrate().await?;
            fill_with_demo_places(&store).await?;
            serve(&settings, store, true).await
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

async fn serve(settings: &Settings, store: Store, demo: bool) -> Result<ExitCode, Failure> {
    let metrics = telemetry::start_metrics()?;
    // Before the long read, so that a taken port is known at once.
    let (listener, address) = app::bind(settings.listen)
        .await
        .map_err(|e| format!("cannot listen on {}: {e}; choose another with --listen", settings.listen))?;
    let mut options = app::options(settings, demo, Some(metrics.clone()));
    options.basemap = app::basemap(settings).await?;
    let app = App::start(store, app::system_clock(), options).await?;
    let what = if demo { "Ryadom (demo: every place is invented)" } else { "Ryadom" };
    println!("{what} is at http://{address}");
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
