//! Importer: many rows in, one report out.
//!
//! A thread reads and checks rows; beside it batches of at most [`BATCH_ROWS`] go into the store, each in one
//! transaction with its change of the feed. What is reported as written is committed: a machine that stops loses at
//! most the batch in flight, and the same file again does the rest.
//!
//! # Memory
//! A million rows need as much as a thousand but for 21 bytes an id and 17 a named partner, which tell that one comes
//! twice; the tables that hold them are up to half empty. Of the problems the report keeps the first [`KEPT_PROBLEMS`] and counts the others; the files of
//! rejects hold every rejected row.

use super::heading::Needs;
use super::import_row::{Checked, Draft, RowReader, partner_id_of_name};
use super::problem::{Fault, Place, Problem, Severity};
use super::raw_row::RawRow;
use super::read_csv::Row;
use super::reader::Reader;
use super::rejects::Rejects;
use super::source::{Format, Source, SourceFault};
use crate::domain::{Clock, Lang, Location, LocationId, Partner, Seq};
use crate::store::{Outcome, Put, Scope, Store, StoreError};
use hashbrown::HashTable;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Rows of one transaction; the feed promises its readers no more.
pub const BATCH_ROWS: usize = 1_000;
/// Problems that the report holds.
pub const KEPT_PROBLEMS: usize = 1_000;
/// Batches that wait for the store while the next one is read.
const BATCHES_AHEAD: usize = 3;
/// Who writes, in the history.
const ACTOR: &str = "operator:cli";

/// How to import.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The name of the partner of rows that name none.
    pub partner: Option<String>,
    /// Take places off the map that an earlier import brought and this one does not.
    pub retire_missing: bool,
    /// Write nothing, count what would be written.
    pub dry_run: bool,
    /// Where rejected rows go.
    pub rejects: RejectsTo,
    /// The language of the files of rejects.
    pub lang: Lang,
}

/// Where rejected rows go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum RejectsTo {
    /// Nowhere.
    #[default]
    Nowhere,
    /// `<input>.rejects.csv` or `.rejects.ndjson` in this folder.
    Folder(PathBuf),
    /// This file; for one input.
    File(PathBuf),
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Rows read and settled, one way or the other.
    pub rows: u64,
    /// Rows that are in the store for good (in a dry run: that would be).
    pub written: u64,
    /// Rows that were rejected.
    pub rejected: u64,
}

/// What an import did.
#[derive(Debug, Default)]
pub struct ImportReport {
    /// Rows that were read.
    pub rows: u64,
    /// Places that were not known.
    pub created: u64,
    /// Places that differ now.
    pub changed: u64,
    /// Places that were the same already.
    pub unchanged: u64,
    /// Rows that are not in.
    pub rejected: u64,
    /// Rows that came twice, word for word.
    pub repeated: u64,
    /// Warnings.
    pub warnings: u64,
    /// What became of places that are not in the files.
    pub retirement: Retirement,
    /// The first problems, in the order of the rows.
    pub problems: Vec<Problem>,
    /// How often each code was met.
    pub by_code: BTreeMap<(Severity, &'static str), u64>,
    /// Each input.
    pub sources: Vec<SourceReport>,
    /// The number of the last write; `None` when nothing was written.
    pub seq: Option<Seq>,
}

/// What became of places that are not in the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Retirement {
    /// They stay, as nobody asked otherwise.
    #[default]
    NotAsked,
    /// So many were taken off the map (in a dry run: would be).
    Retired(u64),
    /// They stay, because an input was not read to its end or held no good row.
    Withheld,
}

/// What became of one input.
#[derive(Debug)]
pub struct SourceReport {
    /// Its name.
    pub name: String,
    /// What it is; `None` when it could not be told.
    pub format: Option<Format>,
    /// Its encoding.
    pub encoding: &'static str,
    /// Rows that were read.
    pub rows: u64,
    /// Rows that are not in.
    pub rejected: u64,
    /// Where the rejected rows are.
    pub rejects: Option<PathBuf>,
    /// Why it was not read to its end.
    pub fault: Option<SourceFault>,
}

impl ImportReport {
    /// Whether every input was read to its end.
    pub fn is_complete(&self) -> bool {
        self.sources.iter().all(|s| s.fault.is_none())
    }
}

/// Why an import stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The store; what was committed stays, the same files again do the rest.
    #[error("the import stopped after {written} rows; run it again to finish it")]
    Store {
        /// Rows that are in.
        written: u64,
        /// What the store says.
        #[source]
        source: StoreError,
    },
    /// A file of rejects cannot be written.
    #[error("cannot write the rejected rows to {path}")]
    Rejects {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// One file for the rejects of several inputs, or the input itself.
    #[error("{0} cannot take the rejected rows: it is an input, or there are several inputs (name a folder)")]
    RejectsPlace(PathBuf),
    /// The reading thread broke: a fault of ours.
    #[error("the reader stopped")]
    Reader(#[from] tokio::task::JoinError),
}

/// Moves rows into the store, as an operator's act.
pub struct Importer<'a> {
    store: Store,
    clock: &'a dyn Clock,
}

impl std::fmt::Debug for Importer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Importer").field("store", &self.store).finish_non_exhaustive()
    }
}

impl<'a> Importer<'a> {
    /// An importer.
    pub fn new(store: Store, clock: &'a dyn Clock) -> Self {
        Self { store, clock }
    }

    /// Imports the inputs in order; `progress` hears of each batch once it is committed.
    ///
    /// # Errors
    /// [`ImportError`]. A bad row or an unreadable input is no error but stands in the report.
    pub async fn run(
        &self,
        sources: Vec<Source>,
        options: &ImportOptions,
        mut progress: impl FnMut(Progress),
    ) -> Result<ImportReport, ImportError> {
        let plan = plan_rejects(&sources, &options.rejects)?;
        let put = Put { actor: ACTOR.into(), at: self.clock.now(), origin: "import" };
        let (sender, mut batches) = mpsc::channel::<Batch>(BATCHES_AHEAD);
        let desk = Desk::new(options, sender);
        let reading = tokio::task::spawn_blocking(move || desk.read_all(sources, plan));

        let mut report = ImportReport::default();
        let mut done = Progress::default();
        while let Some(batch) = batches.recv().await {
            let outcomes = match self.write(&batch, &put, options.dry_run, &mut report.seq).await {
                Ok(outcomes) => outcomes,
                Err(source) => {
                    // The reader finds the channel closed and stops.
                    drop(batches);
                    drop(reading.await);
                    return Err(ImportError::Store { written: done.written, source });
                }
            };
            for outcome in outcomes {
                match outcome {
                    Outcome::Created => report.created += 1,
                    Outcome::Changed => report.changed += 1,
                    Outcome::Unchanged => report.unchanged += 1,
                }
            }
            done.written = report.created + report.changed + report.unchanged;
            (done.rows, done.rejected) = (batch.rows, batch.rejected);
            progress(done);
        }
        let read = reading.await??;
        report.rows = read.rows;
        report.rejected = read.rejected;
        report.repeated = read.repeated;
        report.warnings = read.warnings;
        report.problems = read.problems;
        report.by_code = read.by_code;
        report.sources = read.sources;
        if options.retire_missing {
            let any_good = report.created + report.changed + report.unchanged > 0;
            report.retirement = if any_good && report.is_complete() {
                let scope = match &options.partner {
                    Some(name) => Scope::Partner(partner_id_of_name(name)),
                    None => Scope::Imported,
                };
                let retired = self.retire(&scope, &read.seen, &put, options.dry_run, &mut report.seq).await;
                Retirement::Retired(retired.map_err(|source| ImportError::Store { written: done.written, source })?)
            } else {
                Retirement::Withheld
            };
        }
        Ok(report)
    }

    async fn write(
        &self,
        batch: &Batch,
        put: &Put,
        dry_run: bool,
        seq: &mut Option<Seq>,
    ) -> Result<Vec<Outcome>, StoreError> {
        if batch.locations.is_empty() {
            return Ok(Vec::new());
        }
        if dry_run {
            return self.store.compare(&batch.locations).await;
        }
        let mut tx = self.store.begin().await?;
        tx.put_partners(&batch.partners, put).await?;
        let outcomes = tx.publish(&batch.locations, put).await?;
        let committed = tx.commit().await?;
        if outcomes.iter().any(|o| *o != Outcome::Unchanged) {
            *seq = Some(committed);
        }
        Ok(outcomes)
    }

    async fn retire(
        &self,
        scope: &Scope,
        seen: &Seen,
        put: &Put,
        dry_run: bool,
        seq: &mut Option<Seq>,
    ) -> Result<u64, StoreError> {
        let mut missing = Vec::new();
        self.store
            .each_published_id(scope, |id| {
                if !seen.holds(id) {
                    missing.extend(LocationId::new(id));
                }
            })
            .await?;
        if dry_run {
            return Ok(missing.len() as u64);
        }
        let mut retired = 0;
        for part in missing.chunks(BATCH_ROWS) {
            let mut tx = self.store.begin().await?;
            retired += tx.archive(part, put).await? as u64;
            *seq = Some(tx.commit().await?);
        }
        Ok(retired)
    }
}

/// Rows for one transaction, and the counts up to its end.
#[derive(Default)]
struct Batch {
    locations: Vec<Location>,
    partners: Vec<Partner>,
    rows: u64,
    rejected: u64,
}

/// Ids that were met, as 64-bit hashes: two of a million ids share one with a chance of 3 in 10^8.
#[derive(Default)]
struct Seen {
    /// In parts, because a table that grows is there twice for a moment.
    good: [HashTable<First>; 32],
    rejected: HashSet<u64>,
}

/// The first row of an id: 20 bytes.
#[derive(Clone, Copy)]
struct First {
    id: [u32; 2],
    line: u32,
    content: u32,
    name: u16,
    source: u16,
}

impl First {
    fn id_hash(&self) -> u64 {
        u64::from(self.id[0]) << 32 | u64::from(self.id[1])
    }
}

impl Seen {
    fn part(hash: u64) -> usize {
        // The table itself uses the lowest and the highest bits.
        (hash >> 40) as usize % 32
    }

    fn holds(&self, id: &str) -> bool {
        let hash = hash_of(id);
        self.good[Self::part(hash)].find(hash, |f| f.id_hash() == hash).is_some() || self.rejected.contains(&hash)
    }

    /// Remembers the first row of an id; answers the one that was first, where there is one.
    fn add(&mut self, row: First) -> Option<First> {
        let hash = row.id_hash();
        match self.good[Self::part(hash)].entry(hash, |f| f.id_hash() == hash, First::id_hash) {
            hashbrown::hash_table::Entry::Occupied(first) => Some(*first.get()),
            hashbrown::hash_table::Entry::Vacant(free) => {
                free.insert(row);
                None
            }
        }
    }
}

fn hash_of(value: impl Hash) -> u64 {
    // `DefaultHasher::new` has fixed keys; the hashes live for one import.
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// What the reading thread knows at the end.
#[derive(Default)]
struct ReadAll {
    rows: u64,
    rejected: u64,
    repeated: u64,
    warnings: u64,
    problems: Vec<Problem>,
    by_code: BTreeMap<(Severity, &'static str), u64>,
    sources: Vec<SourceReport>,
    seen: Seen,
}

/// The reading thread.
struct Desk {
    sender: mpsc::Sender<Batch>,
    rows: RowReader,
    lang: Lang,
    batch: Batch,
    /// Named partners that were sent, with the hash of what was said of them.
    partners: HashMap<u64, u64>,
    names: Vec<Arc<str>>,
    read: ReadAll,
    /// The store failed: nobody listens any more.
    is_closed: bool,
}

/// The file of rejects of each input, without its extension where we choose that.
fn plan_rejects(sources: &[Source], to: &RejectsTo) -> Result<Vec<Option<PathBuf>>, ImportError> {
    let same = |a: &Path, b: &str| match (a.canonicalize(), Path::new(b).canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    };
    match to {
        RejectsTo::Nowhere => Ok(sources.iter().map(|_| None).collect()),
        RejectsTo::File(path) => {
            if sources.len() > 1 || sources.iter().any(|s| same(path, &s.name)) {
                return Err(ImportError::RejectsPlace(path.clone()));
            }
            Ok(vec![Some(path.clone())])
        }
        RejectsTo::Folder(folder) => {
            let mut taken: HashSet<String> = HashSet::new();
            let plan = sources.iter().map(|source| {
                let stem = if source.name == "-" { "stdin" } else { source.name.as_str() };
                let stem = Path::new(stem).file_stem().map_or("import".into(), |s| s.to_string_lossy().into_owned());
                let mut name = stem.clone();
                let mut n = 2;
                while !taken.insert(name.clone()) {
                    name = format!("{stem}-{n}");
                    n += 1;
                }
                Some(folder.join(format!("{name}.rejects")))
            });
            Ok(plan.collect())
        }
    }
}

impl Desk {
    fn new(options: &ImportOptions, sender: mpsc::Sender<Batch>) -> Self {
        Self {
            sender,
            rows: RowReader::new(options.partner.as_deref()),
            lang: options.lang,
            batch: Batch::default(),
            partners: HashMap::new(),
            names: Vec::new(),
            read: ReadAll::default(),
            is_closed: false,
        }
    }

    fn read_all(mut self, sources: Vec<Source>, rejects: Vec<Option<PathBuf>>) -> Result<ReadAll, ImportError> {
        self.names = sources.iter().map(|s| Arc::from(s.name.as_str())).collect();
        for ((index, source), rejects) in sources.into_iter().enumerate().zip(rejects) {
            let mut report = SourceReport {
                name: source.name.clone(),
                format: None,
                encoding: "UTF-8",
                rows: 0,
                rejected: 0,
                rejects: None,
                fault: None,
            };
            self.read_source(index, source, rejects, &mut report)?;
            self.read.sources.push(report);
            if self.is_closed {
                break;
            }
        }
        self.send();
        Ok(self.read)
    }

    fn read_source(
        &mut self,
        index: usize,
        source: Source,
        rejects: Option<PathBuf>,
        report: &mut SourceReport,
    ) -> Result<(), ImportError> {
        let opened = match source.open() {
            Ok(opened) => opened,
            Err(fault) => {
                report.fault = Some(fault);
                return Ok(());
            }
        };
        report.format = Some(opened.format);
        report.encoding = opened.encoding;
        let format = opened.format;
        let mut reader = match Reader::new(opened, Needs::EveryPlace) {
            Ok(reader) => reader,
            Err(fault) => {
                report.fault = Some(fault);
                return Ok(());
            }
        };
        let is_table = matches!(format, Format::Csv | Format::Xlsx);
        let extension = if is_table { "rejects.csv" } else { "rejects.ndjson" };
        let mut rejects = rejects.map(|path| {
            // Planned by us without an extension of a format; a file somebody named keeps its name.
            let planned = path.extension().is_some_and(|e| e == "rejects");
            Rejects::new(if planned { path.with_extension(extension) } else { path }, self.lang)
        });
        while !self.is_closed {
            let row = match reader.next() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(fault) => {
                    report.fault = Some(fault);
                    break;
                }
            };
            report.rows += 1;
            let problems = self.settle(index, row);
            let is_rejected = problems.iter().any(|p| p.severity() == Severity::Reject);
            if is_rejected {
                report.rejected += 1;
                if let Some(rejects) = &mut rejects {
                    let why: Vec<&Problem> = problems.iter().filter(|p| p.severity() == Severity::Reject).collect();
                    let written = match &reader {
                        Reader::Csv(r) => {
                            let (heading, cells) = r.original();
                            rejects.add_row(heading, r.delimiter(), &cells, &why)
                        }
                        Reader::Xlsx(r) => {
                            let (heading, cells) = r.original();
                            rejects.add_row(heading, b';', cells, &why)
                        }
                        Reader::Json(r) => rejects.add_feature(r.original(), &why),
                    };
                    written.map_err(|source| rejects.error(source))?;
                }
            }
            for problem in problems {
                self.note(problem);
            }
            if self.batch.locations.len() >= BATCH_ROWS || self.read.rows - self.batch.rows >= 10 * BATCH_ROWS as u64 {
                self.send();
            }
        }
        let unknown = reader.unknown();
        if !unknown.is_empty() {
            // The heading of a table is its first row; the keys of features stand everywhere.
            let line = u64::from(is_table);
            self.note(Problem { line, id: None, column: None, fault: Fault::ColumnsUnknown(unknown) });
        }
        if let Some(rejects) = &mut rejects {
            rejects.finish().map_err(|source| rejects.error(source))?;
            report.rejects = rejects.written().map(Path::to_owned);
        }
        Ok(())
    }

    /// Takes one row into the batch, or says why not.
    fn settle(&mut self, source: usize, row: Row) -> Vec<Problem> {
        self.read.rows += 1;
        let row = match row {
            Row::Raw(row) => row,
            Row::Bad { line, id, fault } => {
                self.read.rejected += 1;
                if let Some(Ok(id)) = id.as_deref().map(LocationId::new) {
                    self.read.seen.rejected.insert(hash_of(id.as_str()));
                }
                return vec![Problem { line, id, column: None, fault }];
            }
        };
        let Checked { id, draft, mut problems } = self.rows.read(&row);
        let mut taken = false;
        if let Some(draft) = draft {
            match self.repeated(source, &row, &draft) {
                None => {
                    self.take(draft, &row, &mut problems);
                    taken = true;
                }
                Some(fault) => {
                    let is_copy = matches!(fault, Fault::RowRepeated { .. });
                    let column = row.cells.iter().find(|c| c.field == super::field::Field::Id);
                    let column = column.map(|c| Arc::clone(&c.key));
                    let id = Some(draft.location.id.as_str().to_owned());
                    problems.push(Problem { line: row.line, id, column, fault });
                    if is_copy {
                        self.read.repeated += 1;
                        taken = true;
                    }
                }
            }
        }
        if !taken {
            self.read.rejected += 1;
            if let Some(id) = id {
                self.read.seen.rejected.insert(hash_of(id.as_str()));
            }
        }
        problems
    }

    /// What is wrong with a row whose id was met before; remembers one whose id was not.
    fn repeated(&mut self, source: usize, row: &RawRow, draft: &Draft) -> Option<Fault> {
        let mut content = DefaultHasher::new();
        for cell in &row.cells {
            (cell.field, &cell.text).hash(&mut content);
        }
        if let super::raw_row::Geometry::Point { lon, lat } = row.geometry {
            (lon.to_bits(), lat.to_bits()).hash(&mut content);
        }
        let id = hash_of(draft.location.id.as_str());
        let this = First {
            id: [(id >> 32) as u32, id as u32],
            line: row.line as u32,
            content: content.finish() as u32,
            name: hash_of(&draft.location.name) as u16,
            source: source as u16,
        };
        let first = self.read.seen.add(this)?;
        let other_source = usize::from(first.source) != source;
        let name = other_source.then(|| self.names.get(usize::from(first.source)).cloned()).flatten();
        let place = Place { source: name, line: u64::from(first.line) };
        Some(if first.content == this.content {
            Fault::RowRepeated { first: place }
        } else if first.name == this.name {
            Fault::IdRepeated { first: place }
        } else {
            Fault::IdTwoNames { first: place }
        })
    }

    fn take(&mut self, draft: Draft, row: &RawRow, problems: &mut Vec<Problem>) {
        let Draft { location, partner, partner_is_own } = draft;
        if partner_is_own {
            self.batch.partners.push(partner);
        } else {
            let said = hash_of((&partner.name, &partner.legal_name, &partner.inn, &partner.ogrn, &partner.kpp));
            match self.partners.entry(hash_of(partner.id.as_str())) {
                std::collections::hash_map::Entry::Vacant(free) => {
                    free.insert(said);
                    self.batch.partners.push(partner);
                }
                std::collections::hash_map::Entry::Occupied(first) if *first.get() != said => {
                    problems.push(Problem {
                        line: row.line,
                        id: Some(location.id.as_str().to_owned()),
                        column: None,
                        fault: Fault::PartnerDiffers { partner_id: partner.id.as_str().to_owned() },
                    });
                }
                std::collections::hash_map::Entry::Occupied(_) => {}
            }
        }
        self.batch.locations.push(location);
    }

    fn note(&mut self, problem: Problem) {
        let severity = problem.severity();
        if severity == Severity::Warning {
            self.read.warnings += 1;
        }
        *self.read.by_code.entry((severity, problem.code())).or_default() += 1;
        if self.read.problems.len() < KEPT_PROBLEMS {
            self.read.problems.push(problem);
        }
    }

    fn send(&mut self) {
        let mut batch = std::mem::take(&mut self.batch);
        (batch.rows, batch.rejected) = (self.read.rows, self.read.rejected);
        self.batch.rows = self.read.rows;
        self.is_closed |= self.sender.blocking_send(batch).is_err();
    }
}

impl Rejects {
    fn error(&self, source: io::Error) -> ImportError {
        ImportError::Rejects { path: self.path().to_owned(), source }
    }
}

#[cfg(test)]
pub(super) mod tests;
