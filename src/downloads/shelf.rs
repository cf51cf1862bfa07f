//! Files that have to be made whole before they are sent: each is made once for a state of the feed, whoever asks, and
//! given away until there is a newer state.

use super::{About, Format, flatgeobuf, pmtiles};
use crate::index::Snapshot;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use tempfile::NamedTempFile;
use tokio::sync::Mutex;

/// A made file.
#[derive(Debug, Clone)]
pub struct Made {
    /// What it is of.
    pub about: About,
    file: Arc<NamedTempFile>,
}

impl Made {
    /// From its beginning, independent of every other reader. The file is there for as long as it is read.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn open(&self) -> io::Result<File> {
        self.file.reopen()
    }
}

/// The last file of each such kind.
#[derive(Debug, Default)]
pub struct Shelf {
    flatgeobuf: Mutex<Option<Made>>,
    pmtiles: Mutex<Option<Made>>,
}

impl Shelf {
    /// The file of a snapshot. One is made at a time; who asks meanwhile waits for it.
    ///
    /// # Errors
    /// Those of the writers.
    pub async fn take(&self, format: Format, snapshot: Arc<Snapshot>, about: About) -> io::Result<Made> {
        let mut kept = match format {
            Format::PmTiles => self.pmtiles.lock().await,
            _ => self.flatgeobuf.lock().await,
        };
        if let Some(made) = kept.as_ref().filter(|made| made.about.seq == about.seq) {
            return Ok(made.clone());
        }
        let file = tokio::task::spawn_blocking({
            let about = about.clone();
            move || make(format, &snapshot, &about)
        })
        .await
        .map_err(io::Error::other)??;
        let made = Made { about, file: Arc::new(file) };
        *kept = Some(made.clone());
        Ok(made)
    }
}

fn make(format: Format, snapshot: &Snapshot, about: &About) -> io::Result<NamedTempFile> {
    let file = NamedTempFile::new()?;
    let mut out = BufWriter::with_capacity(256 * 1024, file.as_file());
    match format {
        Format::PmTiles => pmtiles::write(snapshot, about, &mut out).map_err(io::Error::other)?,
        _ => flatgeobuf::write(snapshot, about, &mut out)?,
    }
    out.flush()?;
    drop(out);
    Ok(file)
}
