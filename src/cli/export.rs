//! `ryadom export`: everything on the map, as GeoJSON or CSV that imports back to the same content.

use crate::partners::export::{CsvExport, GeoJsonExport};
use crate::store::{Store, StoreError};
use clap::{Args, ValueEnum};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What to export.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The format of the file
    #[arg(long, value_enum, default_value = "geojson")]
    pub format: ExportFormat,
    /// Where it goes; standard output when not given
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// A format we write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// A FeatureCollection, one feature on each line
    Geojson,
    /// A table: UTF-8, comma
    Csv,
}

/// Why an export stopped.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store.
    #[error("the places cannot be read")]
    Store(#[from] StoreError),
    /// The file.
    #[error("the file cannot be written")]
    Write(#[from] io::Error),
}

enum Export<W: Write> {
    GeoJson(GeoJsonExport<W>),
    Csv(Box<CsvExport<W>>),
}

/// Exports; answers with a failure when a stored row could not be read, after writing all others.
///
/// # Errors
/// [`ExportError`]. A file that was begun is left beside its place as `FILE.part`; `FILE` itself is whole or absent.
pub async fn run(args: ExportArgs, store: Store) -> Result<ExitCode, ExportError> {
    let part = args.output.as_deref().map(part_of);
    let out: Box<dyn Write + Send> = match &part {
        Some(path) => Box::new(File::create(path)?),
        None => Box::new(io::stdout()),
    };
    let out = BufWriter::with_capacity(256 * 1024, out);
    let mut export = match args.format {
        ExportFormat::Geojson => Export::GeoJson(GeoJsonExport::new(out)?),
        ExportFormat::Csv => Export::Csv(Box::new(CsvExport::new(out)?)),
    };
    let (mut written, mut skipped) = (0_u64, 0_u64);
    let mut failed = None;
    store
        .each_with_partner(|row| {
            match row {
                Ok((location, partner)) => {
                    let added = match &mut export {
                        Export::GeoJson(e) => e.add(&location, &partner),
                        Export::Csv(e) => e.add(&location, &partner),
                    };
                    if let Err(e) = added {
                        failed = Some(e);
                        return ControlFlow::Break(());
                    }
                    written += 1;
                }
                Err(e) => {
                    skipped += 1;
                    eprintln!("a stored place cannot be read and is left out: {e}");
                }
            }
            ControlFlow::Continue(())
        })
        .await?;
    let finished = match (failed, export) {
        (Some(e), _) => Err(e),
        (None, Export::GeoJson(e)) => e.finish(),
        (None, Export::Csv(e)) => e.finish(),
    };
    match finished {
        // `ryadom export | head`: the reader has what it wanted.
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe && part.is_none() => return Ok(ExitCode::SUCCESS),
        other => other?,
    }
    if let (Some(part), Some(path)) = (part, &args.output) {
        std::fs::rename(part, path)?;
        eprintln!("{written} places written to {}", path.display());
    }
    Ok(if skipped == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn part_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}
