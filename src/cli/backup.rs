//! `ryadom backup` and `ryadom restore`: everything the database holds, in one file, and back.

use crate::domain::Clock;
use crate::store::Store;
use crate::store::backup::{BackupError, BackupReport};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, IsTerminal, Read};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Where a backup goes.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// The file, readable by its owner alone; `-` is standard output
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// No progress and no summary, only the status
    #[arg(long, short)]
    pub quiet: bool,
}

/// Where a backup comes from.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// No progress and no summary, only the status
    #[arg(long, short)]
    pub quiet: bool,
}

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupCommandError {
    /// The store, or the backup itself.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The file.
    #[error("{path}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// Writes a backup; `sealing_key` says where the key is that opens what is sealed in it.
///
/// # Errors
/// [`BackupCommandError`]. A file that was begun is left as `FILE.part`; `FILE` itself is whole or as it was.
pub async fn backup(
    args: BackupArgs,
    store: &Store,
    clock: &dyn Clock,
    sealing_key: &str,
) -> Result<ExitCode, BackupCommandError> {
    let bar = Bar::new(args.quiet, "rows written");
    let now = clock.now();
    if args.file.as_os_str() == "-" {
        let out = BufWriter::with_capacity(256 * 1024, io::stdout());
        let report = store.backup(out, now, |rows| bar.show(rows)).await?;
        bar.finish();
        if !args.quiet {
            eprint!("{}", summary("backed up", &report, sealing_key));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let part = part_of(&args.file);
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| BackupCommandError::File { path, source }
    };
    let file = private_file(&part).map_err(at(&part))?;
    let out = BufWriter::with_capacity(256 * 1024, &file);
    let report = store.backup(out, now, |rows| bar.show(rows)).await?;
    bar.finish();
    // On the disk before it has its name, and the name on the disk before we say so.
    file.sync_all().map_err(at(&part))?;
    std::fs::rename(&part, &args.file).map_err(at(&args.file))?;
    let folder = args.file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))?;
    if !args.quiet {
        eprint!("{}", summary("backed up", &report, sealing_key));
        eprintln!("  {}", args.file.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Restores a backup into an empty database.
///
/// # Errors
/// [`BackupCommandError`]; then nothing was restored.
pub async fn restore(args: RestoreArgs, store: &Store, sealing_key: &str) -> Result<ExitCode, BackupCommandError> {
    let input: Box<dyn Read + Send> = if args.file.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        let opened = File::open(&args.file);
        let file = opened.map_err(|source| BackupCommandError::File { path: args.file.clone(), source })?;
        Box::new(BufReader::with_capacity(256 * 1024, file))
    };
    let bar = Bar::new(args.quiet, "rows read");
    let report = store.restore(input, |rows| bar.show(rows)).await?;
    bar.finish();
    if !args.quiet {
        eprint!("{}", summary("restored", &report, sealing_key));
    }
    Ok(ExitCode::SUCCESS)
}

/// The sealing key of an embedded store, in a file beside it (see [`crate::app::sealing_key`]).
pub fn sealing_key_file(database_url: &str) -> Option<PathBuf> {
    let path = database_url.strip_prefix("sqlite:")?.trim_start_matches("//");
    let path = path.split('?').next().unwrap_or(path);
    Some(PathBuf::from(format!("{}.sealing-key", path.trim_end_matches(".db"))))
}

/// A file that nobody else may read: it holds contacts of people.
fn private_file(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    // One that was there already kept its mode.
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    Ok(file)
}

fn part_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

fn summary(done: &str, report: &BackupReport, sealing_key: &str) -> String {
    let made_at = report.made_at.map(|t| format!(" of {}", t.format("%Y-%m-%d %H:%M:%S UTC"))).unwrap_or_default();
    let tables = report.rows.values().filter(|&&n| n > 0).count();
    format!(
        "{done}: {} rows of {tables} tables, up to write {} ({}{made_at})\n  sha256 {}\n  \
         The sealing key is not in it: without the key, issued credentials and codes cannot be used. {sealing_key}\n",
        report.total(),
        report.seq,
        report.engine,
        report.sha256,
    )
}

/// Progress on a terminal.
struct Bar {
    bar: Option<ProgressBar>,
    what: &'static str,
}

impl Bar {
    fn new(quiet: bool, what: &'static str) -> Self {
        let bar = (!quiet && io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed_precise} {pos} {msg}, {per_sec}") {
                bar.set_style(style);
            }
            bar.set_message(what);
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self { bar, what }
    }

    fn show(&self, rows: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(rows);
            bar.set_message(self.what);
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
