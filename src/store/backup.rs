//! A backup: every row of every table, as one moment saw them, in one stream; and back into an empty database.
//!
//! The stream does not know the engine it came from, so a backup of SQLite is restored into PostGIS and the other way
//! round. It is gzip over lines of JSON:
//!
//! ```text
//! {"ryadom_backup":1,"made_at":"…","engine":"sqlite","seq":42,"tables":[{"name":"partners","columns":["id",…]},…]}
//! {"t":"partners","r":["p-1",…]}
//! …
//! {"end":{"rows":{"partners":1,…},"sha256":"…"}}
//! ```
//!
//! The last line counts the rows of each table and holds the SHA-256 of everything before it; gzip adds a checksum of
//! its own. A restore is one transaction and commits after the last line has agreed: what is cut short or altered by
//! accident is refused whole. It is no seal against somebody who means harm: keep backups where nobody can write.
//!
//! JSON columns travel as the text the engine gives, blobs as base64, moments and days in ISO 8601. What is sealed stays
//! sealed: the sealing key is not in the database and so not in here.

use super::backup_tables::{Kind, TABLES, Table};
use super::engine::{Store, TxInner, on_tx};
use super::{StoreError, changes};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use data_encoding::{BASE64, HEXLOWER};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, QueryBuilder, Row};
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};

/// The format of the stream.
const FORMAT: u32 = 1;
/// Longest line; a picture is the longest thing a row holds.
const MAX_LINE_BYTES: u64 = 256 * 1024 * 1024;
/// Rows that are inserted by one statement.
const ROWS_AT_ONCE: usize = 500;
/// Values that are bound by one statement; SQLite takes 32,766.
const BINDS_AT_ONCE: usize = 30_000;
/// Bytes of rows that wait for a statement.
const BYTES_AT_ONCE: usize = 4 * 1024 * 1024;
/// How often the caller hears of progress.
const TELL_EVERY_ROWS: u64 = 1_000;

/// What a backup holds, or what was restored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BackupReport {
    /// When the backup was made.
    pub made_at: Option<DateTime<Utc>>,
    /// The engine it was made of.
    pub engine: String,
    /// The number of the last write in it.
    pub seq: i64,
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
    /// SHA-256 of the lines, in hex.
    pub sha256: String,
}

impl BackupReport {
    /// Rows of all tables.
    pub fn total(&self) -> u64 {
        self.rows.values().sum()
    }
}

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Writing failed.
    #[error("the backup cannot be written")]
    Write(#[source] io::Error),
    /// Not a backup of ours.
    #[error("this is no backup of Ryadom")]
    NotABackup,
    /// A newer Ryadom made it.
    #[error("the backup has format {0}; this Ryadom reads format {FORMAT}")]
    NewerFormat(u32),
    /// It has a table or a column that is not here.
    #[error("the backup has {0}, which this Ryadom does not know; restore it with the version that made it")]
    Unknown(String),
    /// It is cut short, or was altered; nothing was restored.
    #[error("the backup is damaged and nothing was restored: {0}")]
    Damaged(String),
    /// The database holds something already.
    #[error("the database is not empty (table {0}); restore into a new one")]
    NotEmpty(&'static str),
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

#[derive(Serialize, Deserialize)]
struct Header {
    ryadom_backup: u32,
    made_at: DateTime<Utc>,
    engine: String,
    seq: i64,
    tables: Vec<HeaderTable>,
}

#[derive(Serialize, Deserialize)]
struct HeaderTable {
    name: String,
    columns: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct RowLine<'a> {
    t: &'a str,
    r: Vec<Value>,
}

#[derive(Serialize, Deserialize)]
struct Footer {
    end: End,
}

#[derive(Serialize, Deserialize)]
struct End {
    rows: BTreeMap<String, u64>,
    sha256: String,
}

/// A value of a column.
enum Cell {
    Text(Option<String>),
    Int(Option<i64>),
    Float(Option<f64>),
    Bool(Option<bool>),
    Blob(Option<Vec<u8>>),
    Date(Option<NaiveDate>),
    Moment(Option<DateTime<Utc>>),
    Json(Option<String>),
}

impl Cell {
    fn to_json(&self) -> Value {
        match self {
            Self::Text(v) | Self::Json(v) => v.as_deref().map_or(Value::Null, Value::from),
            Self::Int(v) => v.map_or(Value::Null, Value::from),
            Self::Float(v) => v.map_or(Value::Null, Value::from),
            Self::Bool(v) => v.map_or(Value::Null, Value::from),
            Self::Blob(v) => v.as_ref().map_or(Value::Null, |b| BASE64.encode(b).into()),
            Self::Date(v) => v.map_or(Value::Null, |d| d.to_string().into()),
            Self::Moment(v) => v.map_or(Value::Null, |m| m.to_rfc3339_opts(SecondsFormat::AutoSi, true).into()),
        }
    }

    /// The value of a kind; `None` when it is of another.
    fn of_json(kind: Kind, value: Value) -> Option<Self> {
        let text = |value: Value| match value {
            Value::Null => Some(None),
            Value::String(s) => Some(Some(s)),
            _ => None,
        };
        Some(match kind {
            Kind::Text => Self::Text(text(value)?),
            Kind::Json => Self::Json(text(value)?),
            Kind::Int if value.is_null() => Self::Int(None),
            Kind::Int => Self::Int(Some(value.as_i64()?)),
            Kind::Float if value.is_null() => Self::Float(None),
            Kind::Float => Self::Float(Some(value.as_f64()?)),
            Kind::Bool if value.is_null() => Self::Bool(None),
            Kind::Bool => Self::Bool(Some(value.as_bool()?)),
            Kind::Blob => match text(value)? {
                None => Self::Blob(None),
                Some(t) => Self::Blob(Some(BASE64.decode(t.as_bytes()).ok()?)),
            },
            Kind::Date => match text(value)? {
                None => Self::Date(None),
                Some(t) => Self::Date(Some(t.parse().ok()?)),
            },
            Kind::Moment => match text(value)? {
                None => Self::Moment(None),
                Some(t) => Self::Moment(Some(DateTime::parse_from_rfc3339(&t).ok()?.to_utc())),
            },
        })
    }
}

/// Hashes what goes through.
struct Hashing<W> {
    inner: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> Result<(), BackupError> {
    serde_json::to_writer(&mut *out, line).map_err(|e| BackupError::Write(e.into()))?;
    out.write_all(b"\n").map_err(BackupError::Write)
}

impl Store {
    /// Writes a backup of one moment; `progress` hears how many rows are in.
    ///
    /// # Errors
    /// [`BackupError`]; what was written until then is no backup, as its last line is missing.
    pub async fn backup(
        &self,
        out: impl Write + Send,
        made_at: DateTime<Utc>,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<BackupReport, BackupError> {
        let mut tx = self.begin_snapshot().await?;
        let seq = changes::head_in(&mut tx).await?.0;
        let mut out = Hashing { inner: GzEncoder::new(out, Compression::default()), hash: Sha256::new() };
        let engine = self.engine_name().to_owned();
        let tables = TABLES.iter().map(|t| HeaderTable {
            name: t.name.to_owned(),
            columns: t.columns.iter().map(|(name, _)| (*name).to_owned()).collect(),
        });
        let header = Header { ryadom_backup: FORMAT, made_at, engine, seq, tables: tables.collect() };
        write_line(&mut out, &header)?;
        let mut report = BackupReport { made_at: Some(made_at), engine: header.engine, seq, ..BackupReport::default() };
        let mut done = 0;
        for table in TABLES {
            let mut rows = 0;
            on_tx!(tx, conn => {
                let mut stream = sqlx::query(AssertSqlSafe(select(table))).fetch(conn);
                while let Some(row) = stream.try_next().await? {
                    let mut values = Vec::with_capacity(table.columns.len());
                    for (at, (_, kind)) in table.columns.iter().enumerate() {
                        let cell = match kind {
                            Kind::Text => Cell::Text(row.try_get(at)?),
                            Kind::Int => Cell::Int(row.try_get(at)?),
                            Kind::Float => Cell::Float(row.try_get(at)?),
                            Kind::Bool => Cell::Bool(row.try_get(at)?),
                            Kind::Blob => Cell::Blob(row.try_get(at)?),
                            Kind::Date => Cell::Date(row.try_get(at)?),
                            Kind::Moment => Cell::Moment(row.try_get(at)?),
                            Kind::Json => Cell::Json(row.try_get(at)?),
                        };
                        values.push(cell.to_json());
                    }
                    write_line(&mut out, &RowLine { t: table.name, r: values })?;
                    rows += 1;
                    done += 1;
                    if done % TELL_EVERY_ROWS == 0 {
                        progress(done);
                    }
                }
            });
            report.rows.insert(table.name.to_owned(), rows);
        }
        progress(done);
        report.sha256 = HEXLOWER.encode(&out.hash.clone().finalize());
        let end = End { rows: report.rows.clone(), sha256: report.sha256.clone() };
        write_line(&mut out, &Footer { end })?;
        let mut inner = out.inner.finish().map_err(BackupError::Write)?;
        inner.flush().map_err(BackupError::Write)?;
        Ok(report)
    }

    /// Restores a backup into the tables of an empty database, in one transaction; `progress` hears how many rows are
    /// read.
    ///
    /// # Errors
    /// [`BackupError`]; then nothing was restored.
    pub async fn restore(
        &self,
        input: impl Read + Send,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<BackupReport, BackupError> {
        let mut lines = Lines::new(input);
        let header: Header = match lines.next() {
            Ok(Some(line)) => serde_json::from_str(&line).map_err(|_| BackupError::NotABackup)?,
            Ok(None) | Err(_) => return Err(BackupError::NotABackup),
        };
        if header.ryadom_backup != FORMAT {
            return Err(BackupError::NewerFormat(header.ryadom_backup));
        }
        let mut plans = header
            .tables
            .iter()
            .map(|t| Plan::of(t).map(|p| (t.name.clone(), p)))
            .collect::<Result<BTreeMap<String, Plan>, BackupError>>()?;

        let is_postgis = self.postgis().is_some();
        let mut tx = self.begin().await?.inner;
        for table in TABLES {
            if table.is_seeded {
                if plans.contains_key(table.name) {
                    execute(&mut tx, format!("DELETE FROM {}", table.name)).await?;
                }
            } else if !is_empty(&mut tx, table).await? {
                return Err(BackupError::NotEmpty(table.name));
            }
        }
        let mut done = 0;
        let end: End = loop {
            // Before this line is hashed: the last one holds the hash of all others.
            let sha256 = lines.hash.clone();
            let line = lines.next().map_err(damaged)?;
            let line = line.ok_or_else(|| BackupError::Damaged("its last line is missing".into()))?;
            if line.starts_with("{\"end\"") {
                let footer: Footer = serde_json::from_str(&line).map_err(damaged)?;
                if HEXLOWER.encode(&sha256.finalize()) != footer.end.sha256 {
                    return Err(BackupError::Damaged("its checksum does not agree".into()));
                }
                break footer.end;
            }
            let RowLine { t, r } = serde_json::from_str(&line).map_err(damaged)?;
            let plan = plans.get_mut(t);
            let plan = plan.ok_or_else(|| BackupError::Damaged(format!("line {}: table {t:?}", lines.number)))?;
            let bad = || BackupError::Damaged(format!("line {} is no row of {}", lines.number, plan.table.name));
            if r.len() != plan.columns.len() {
                return Err(bad());
            }
            let cells = plan.columns.iter().zip(r).map(|((_, kind), value)| Cell::of_json(*kind, value));
            let cells = cells.collect::<Option<Vec<Cell>>>().ok_or_else(bad)?;
            // A child comes after its parents in the stream: what waits for them goes first.
            let name = plan.table.name;
            plan.take(cells, line.len());
            if plan.is_full() {
                flush_up_to(&mut tx, &mut plans, name, is_postgis).await?;
            }
            done += 1;
            if done % TELL_EVERY_ROWS == 0 {
                progress(done);
            }
        };
        if lines.next().map_err(damaged)?.is_some() {
            return Err(BackupError::Damaged("something follows its last line".into()));
        }
        if let Some(last) = TABLES.last() {
            flush_up_to(&mut tx, &mut plans, last.name, is_postgis).await?;
        }
        let rows: BTreeMap<String, u64> = plans.iter().map(|(name, plan)| (name.clone(), plan.rows)).collect();
        if rows != end.rows {
            return Err(BackupError::Damaged("the numbers of rows do not agree".into()));
        }
        // A service that runs on this database hears of it.
        execute(&mut tx, "UPDATE feed_head SET seq = seq".to_owned()).await?;
        match tx {
            TxInner::PostGis(t) => t.commit().await?,
            TxInner::Sqlite(t) => t.commit().await?,
        }
        progress(done);
        let Header { made_at, engine, seq, .. } = header;
        Ok(BackupReport { made_at: Some(made_at), engine, seq, rows, sha256: end.sha256 })
    }
}

fn damaged(error: impl std::fmt::Display) -> BackupError {
    BackupError::Damaged(error.to_string())
}

/// The statement that reads a table; JSON comes as text, whole numbers of any width as one kind.
fn select(table: &Table) -> String {
    let columns = table.columns.iter().map(|(name, kind)| match kind {
        Kind::Json => format!("CAST({name} AS TEXT)"),
        Kind::Int => format!("CAST({name} AS BIGINT)"),
        _ => (*name).to_owned(),
    });
    format!("SELECT {} FROM {}", columns.collect::<Vec<_>>().join(", "), table.name)
}

async fn execute(tx: &mut TxInner, sql: String) -> Result<(), BackupError> {
    on_tx!(*tx, conn => {
        sqlx::query(AssertSqlSafe(sql)).execute(conn).await?;
    });
    Ok(())
}

async fn is_empty(tx: &mut TxInner, table: &Table) -> Result<bool, BackupError> {
    let sql = AssertSqlSafe(format!("SELECT 1 FROM {} LIMIT 1", table.name));
    let found: Option<i32> = on_tx!(*tx, conn => sqlx::query_scalar(sql).fetch_optional(conn).await?);
    Ok(found.is_none())
}

/// The rows of one table that wait to be inserted.
struct Plan {
    table: &'static Table,
    columns: Vec<(&'static str, Kind)>,
    waiting: Vec<Vec<Cell>>,
    waiting_bytes: usize,
    rows: u64,
}

impl Plan {
    /// What a backup calls the table and its columns is looked up here: no name of a file becomes SQL.
    fn of(given: &HeaderTable) -> Result<Self, BackupError> {
        let table = TABLES.iter().find(|t| t.name == given.name);
        let table = table.ok_or_else(|| BackupError::Unknown(format!("a table {:?}", given.name)))?;
        let column = |name: &String| {
            let column = table.columns.iter().find(|(known, _)| known == name).copied();
            column.ok_or_else(|| BackupError::Unknown(format!("a column {:?} of {}", name, table.name)))
        };
        let columns = given.columns.iter().map(column).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { table, columns, waiting: Vec::new(), waiting_bytes: 0, rows: 0 })
    }

    fn take(&mut self, cells: Vec<Cell>, bytes: usize) {
        self.waiting.push(cells);
        self.waiting_bytes += bytes;
        self.rows += 1;
    }

    fn is_full(&self) -> bool {
        self.waiting.len() >= ROWS_AT_ONCE.min(BINDS_AT_ONCE / self.columns.len().max(1))
            || self.waiting_bytes >= BYTES_AT_ONCE
    }

    async fn flush(&mut self, tx: &mut TxInner, is_postgis: bool) -> Result<(), BackupError> {
        let rows = std::mem::take(&mut self.waiting);
        self.waiting_bytes = 0;
        if rows.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        let head = format!("INSERT INTO {} ({}) ", self.table.name, names.join(", "));
        on_tx!(*tx, conn => {
            let mut insert = QueryBuilder::<_Db>::new(head);
            insert.push_values(rows, |mut values, row| {
                for cell in row {
                    // Arms that look alike: each binds its own type.
                    #[expect(clippy::match_same_arms, reason = "each arm binds another type")]
                    match cell {
                        Cell::Text(v) => values.push_bind(v),
                        Cell::Int(v) => values.push_bind(v),
                        Cell::Float(v) => values.push_bind(v),
                        Cell::Bool(v) => values.push_bind(v),
                        Cell::Blob(v) => values.push_bind(v),
                        Cell::Date(v) => values.push_bind(v),
                        Cell::Moment(v) => values.push_bind(v),
                        // PostgreSQL takes no text for JSON unless told so.
                        Cell::Json(v) if is_postgis => values.push_bind(v).push_unseparated("::jsonb"),
                        Cell::Json(v) => values.push_bind(v),
                    };
                }
            });
            insert.build().execute(conn).await?;
        });
        Ok(())
    }
}

/// Inserts what waits in the tables up to and with `last`, parents first.
async fn flush_up_to(
    tx: &mut TxInner,
    plans: &mut BTreeMap<String, Plan>,
    last: &str,
    is_postgis: bool,
) -> Result<(), BackupError> {
    for table in TABLES {
        if let Some(plan) = plans.get_mut(table.name) {
            plan.flush(tx, is_postgis).await?;
        }
        if table.name == last {
            break;
        }
    }
    Ok(())
}

/// The lines of a backup, unpacked and hashed.
struct Lines<R: Read> {
    input: BufReader<MultiGzDecoder<R>>,
    hash: Sha256,
    number: u64,
}

impl<R: Read> Lines<R> {
    fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(256 * 1024, MultiGzDecoder::new(input)), hash: Sha256::new(), number: 0 }
    }

    /// The next line without its end; a last line without one is no line.
    fn next(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        let read = self.input.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        self.hash.update(&line);
        self.number += 1;
        if line.pop() != Some(b'\n') {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, format!("line {} is cut short", self.number)));
        }
        String::from_utf8(line).map(Some).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))
    }
}
