//! The two engines, and the few places where they differ: opening, the kind of a transaction, waking up.

use super::StoreError;
use crate::domain::{LocationId, Seq};
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Postgres, Sqlite, Transaction};
use std::collections::BTreeSet;
use std::str::FromStr;
use std::time::Duration;

/// How long a call waits for a connection before the store counts as unreachable.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// How often SQLite is asked whether somebody wrote.
const DATA_VERSION_EVERY: Duration = Duration::from_millis(150);
/// The channel of NOTIFY, named in `migrations/postgis`.
const CHANNEL: &str = "ryadom_feed";

static POSTGIS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgis");
static SQLITE: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");

/// The database: PostGIS or SQLite behind one face. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) engine: Engine,
}

#[derive(Debug, Clone)]
pub(super) enum Engine {
    PostGis {
        pool: PgPool,
    },
    /// One connection writes, so a writer waits in the pool and not on a lock; readers never wait (WAL).
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
}

/// A write. Dropped without [`Tx::commit`] it never was.
#[derive(Debug)]
pub struct Tx {
    pub(super) inner: TxInner,
    /// What the commit announces.
    pub(super) touched: BTreeSet<LocationId>,
    /// Partners of which every location is announced too.
    pub(super) renamed: BTreeSet<String>,
}

#[derive(Debug)]
pub(super) enum TxInner {
    PostGis(Transaction<'static, Postgres>),
    Sqlite(Transaction<'static, Sqlite>),
}

/// Runs one body on the pool for reads of either engine; `_Db` names its sqlx type inside.
macro_rules! on_pool {
    ($store:expr, $pool:ident => $body:expr) => {
        match &$store.engine {
            $crate::store::engine::Engine::PostGis { pool: $pool } => {
                type _Db = sqlx::Postgres;
                $body
            }
            $crate::store::engine::Engine::Sqlite { read: $pool, .. } => {
                type _Db = sqlx::Sqlite;
                $body
            }
        }
    };
}
pub(super) use on_pool;

/// Runs one body on the pool for writes of either engine that are one statement each and no matter of the feed.
macro_rules! on_write_pool {
    ($store:expr, $pool:ident => $body:expr) => {
        match &$store.engine {
            $crate::store::engine::Engine::PostGis { pool: $pool } => {
                type _Db = sqlx::Postgres;
                $body
            }
            $crate::store::engine::Engine::Sqlite { write: $pool, .. } => {
                type _Db = sqlx::Sqlite;
                $body
            }
        }
    };
}
pub(super) use on_write_pool;

/// Runs one body on the connection of a [`Tx`]; `_Db` names its sqlx type inside.
macro_rules! on_tx {
    ($tx:expr, $conn:ident => $body:expr) => {
        match &mut $tx {
            $crate::store::engine::TxInner::PostGis(t) => {
                type _Db = sqlx::Postgres;
                let $conn = &mut **t;
                $body
            }
            $crate::store::engine::TxInner::Sqlite(t) => {
                type _Db = sqlx::Sqlite;
                let $conn = &mut **t;
                $body
            }
        }
    };
}
pub(super) use on_tx;

impl Store {
    /// Opens `postgres://…` or `sqlite://path`; a SQLite file and its folder are made when absent.
    ///
    /// # Errors
    /// [`StoreError::Setup`] for an address that is neither; [`StoreError::Unavailable`] when nobody answers.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let engine = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)
                .map_err(|_| StoreError::Setup("DATABASE_URL is no postgres:// address".into()))?
                .application_name("ryadom")
                // A cold start takes long and is no fault; what fails is logged where it fails.
                .disable_statement_logging();
            let pool =
                PgPoolOptions::new().max_connections(16).acquire_timeout(ACQUIRE_TIMEOUT).connect_with(options).await?;
            Engine::PostGis { pool }
        } else if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url)
                .map_err(|_| StoreError::Setup("DATABASE_URL is no sqlite:// address".into()))?
                .create_if_missing(true)
                .foreign_keys(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(20))
                // Rows that the thread of a connection hands over ahead of the reader: a cold start reads them all.
                .row_buffer_size(4_096)
                .disable_statement_logging();
            if let Some(dir) = options.get_filename().parent().filter(|d| !d.as_os_str().is_empty()) {
                std::fs::create_dir_all(dir).map_err(|e| {
                    StoreError::Setup(format!("cannot make the folder {} for the database: {e}", dir.display()))
                })?;
            }
            let pool = |max| SqlitePoolOptions::new().max_connections(max).acquire_timeout(Duration::from_secs(30));
            let write = pool(1).connect_with(options.clone()).await?;
            let read = pool(4).connect_with(options).await?;
            Engine::Sqlite { read, write }
        } else {
            return Err(StoreError::Setup(
                "DATABASE_URL must begin with postgres:// (PostGIS) or sqlite:// (a file)".into(),
            ));
        };
        Ok(Self { engine })
    }

    /// Brings the tables up to date; does nothing when they are.
    ///
    /// # Errors
    /// [`StoreError::Setup`] when PostGIS is missing and may not be created here.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::PostGis { pool } => {
                let has_postgis = || async {
                    let has = sqlx::query_scalar("SELECT 1 FROM pg_extension WHERE extname = 'postgis'");
                    Ok::<bool, sqlx::Error>(has.fetch_optional(pool).await?.map(|_: i32| ()).is_some())
                };
                // Looked for again after a failure: another start may have made it at the same moment.
                if !has_postgis().await?
                    && let Err(e) = sqlx::query("CREATE EXTENSION IF NOT EXISTS postgis").execute(pool).await
                    && !has_postgis().await?
                {
                    let why = e.as_database_error().map_or_else(|| e.to_string(), |d| d.message().to_owned());
                    return Err(StoreError::Setup(format!(
                        "the database has no PostGIS and this user may not add it ({why}); \
                         let an administrator run once: CREATE EXTENSION postgis"
                    )));
                }
                POSTGIS.run(pool).await?;
            }
            Engine::Sqlite { write, .. } => {
                // sqlx takes no lock on SQLite: of two starts on a new file one would fail. This transaction is one.
                let mut tx = write.begin_with("BEGIN IMMEDIATE").await?;
                SQLITE.run(&mut *tx).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }

    /// Begins a write.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when no connection is to be had.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let inner = match &self.engine {
            Engine::PostGis { pool } => TxInner::PostGis(pool.begin().await?),
            // IMMEDIATE takes the write lock at once: no upgrade can fail later against another process.
            Engine::Sqlite { write, .. } => TxInner::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
        };
        Ok(Tx { inner, touched: BTreeSet::new(), renamed: BTreeSet::new() })
    }

    /// Begins a read that sees one moment throughout.
    pub(super) async fn begin_snapshot(&self) -> Result<TxInner, StoreError> {
        Ok(match &self.engine {
            Engine::PostGis { pool } => {
                TxInner::PostGis(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
            Engine::Sqlite { read, .. } => TxInner::Sqlite(read.begin().await?),
        })
    }

    /// The engine's name, for people.
    pub fn engine_name(&self) -> &'static str {
        match &self.engine {
            Engine::PostGis { .. } => "postgis",
            Engine::Sqlite { .. } => "sqlite",
        }
    }

    /// The pool of PostGIS, for what only it can do (the tests' oracle); `None` on SQLite.
    pub fn postgis(&self) -> Option<&PgPool> {
        match &self.engine {
            Engine::PostGis { pool } => Some(pool),
            Engine::Sqlite { .. } => None,
        }
    }

    /// The pool that writes on SQLite, for tests that damage rows; `None` on PostGIS.
    pub fn sqlite(&self) -> Option<&SqlitePool> {
        match &self.engine {
            Engine::PostGis { .. } => None,
            Engine::Sqlite { write, .. } => Some(write),
        }
    }

    /// What tells that somebody, here or in another process, wrote.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database does not answer; call again later.
    pub async fn watch(&self) -> Result<Watch, StoreError> {
        Ok(match &self.engine {
            Engine::PostGis { pool } => {
                // A connection of its own: one that listens must never go back to the pool.
                let mut listener = PgListener::connect_with(pool).await?;
                listener.listen(CHANNEL).await?;
                Watch::Notify(Box::new(listener))
            }
            Engine::Sqlite { read, .. } => {
                let mut conn = read.acquire().await?.detach();
                let seen = data_version(&mut conn).await?;
                Watch::DataVersion { conn: Box::new(conn), seen }
            }
        })
    }

    /// Closes every connection, in order.
    pub async fn close(&self) {
        match &self.engine {
            Engine::PostGis { pool } => pool.close().await,
            Engine::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
        }
    }
}

/// Wakes a reader of the feed.
#[derive(Debug)]
pub enum Watch {
    /// LISTEN on PostGIS.
    Notify(Box<PgListener>),
    /// `PRAGMA data_version` on SQLite: it moves when any other connection commits.
    DataVersion {
        /// The connection whose view of the file is asked.
        conn: Box<sqlx::SqliteConnection>,
        /// What it answered last.
        seen: i64,
    },
}

impl Watch {
    /// Waits until somebody wrote.
    ///
    /// # Errors
    /// [`StoreError`] when the connection is lost: open another with [`Store::watch`]; what was written meanwhile is
    /// found by asking the feed.
    pub async fn changed(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Notify(listener) => {
                // `try_recv` gives None when the connection was lost, so the pump learns of it.
                match listener.try_recv().await? {
                    Some(_) => Ok(()),
                    None => Err(StoreError::Unavailable(sqlx::Error::PoolClosed)),
                }
            }
            Self::DataVersion { conn, seen } => loop {
                tokio::time::sleep(DATA_VERSION_EVERY).await;
                let now = data_version(conn).await?;
                if now != *seen {
                    *seen = now;
                    return Ok(());
                }
            },
        }
    }

    /// Gives the connection back to nobody: closes it.
    pub async fn close(self) {
        if let Self::DataVersion { conn, .. } = self {
            // The process is done with it; a failure to say good-bye changes nothing.
            drop(conn.close().await);
        }
    }
}

async fn data_version(conn: &mut sqlx::SqliteConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("PRAGMA data_version").fetch_one(conn).await?)
}

impl Tx {
    /// Takes the next number of the feed, appends what was touched, and commits. A write that touched nothing takes no
    /// number and answers the current one.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was written, unless the connection was lost during the commit itself, when it may
    /// have been.
    pub async fn commit(mut self) -> Result<Seq, StoreError> {
        let mut touched = std::mem::take(&mut self.touched);
        super::changes::touch_places_of(&mut self.inner, &self.renamed, &mut touched).await?;
        let seq = if touched.is_empty() {
            super::changes::head_in(&mut self.inner).await?
        } else {
            super::changes::append(&mut self.inner, &touched).await?
        };
        match self.inner {
            TxInner::PostGis(t) => t.commit().await?,
            TxInner::Sqlite(t) => t.commit().await?,
        }
        Ok(seq)
    }
}
