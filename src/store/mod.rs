//! What is remembered. Nothing above knows which engine holds it.
//!
//! A write opens a [`Tx`], changes rows and commits; the commit takes the next [`Seq`] and appends what was touched,
//! so the feed meets every write once and in order. Each SQL statement is written once and runs on PostGIS and on
//! SQLite; what cannot be said once lives in [`engine`].
//!
//! # How to add a column
//! A migration of the same number in `migrations/postgis` and `migrations/sqlite`, a field of
//! [`rows::LocationRow`] and its place in `COLUMNS`; the contract suite (`tests/it/store_contract.rs`) runs on both.

pub mod accounts;
pub mod audit;
pub mod backup;
mod backup_tables;
pub mod bulk_files;
mod changes;
pub mod checks;
pub mod credentials;
pub mod engine;
pub mod history;
pub mod organisations;
mod partners;
pub mod photos;
pub mod refusals;
pub mod revisions;
pub mod rights;
pub mod rows;
pub mod service_keys;
pub mod wallets;

pub use backup_tables::{Kind, TABLES, Table};
pub use changes::{FeedRows, Poisoned};
pub use engine::{Store, Tx, Watch};
pub use partners::{Outcome, Put, Scope, StoredLocation};

/// What went wrong, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer; the same call may succeed later.
    #[error("the database does not answer")]
    Unavailable(#[source] sqlx::Error),
    /// The address or the database is not fit for use; the text says what to do.
    #[error("{0}")]
    Setup(String),
    /// A migration failed.
    #[error("the migration failed")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A statement failed: a fault of ours.
    #[error("a statement failed")]
    Statement(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        let gone = match &error {
            E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => true,
            // 08: connection; 57P: shut down, crashed, starting up; 53: out of connections, memory or disk.
            // 40001, 40P01: it lost against another transaction; nothing was written.
            E::Database(d) => d.code().is_some_and(|c| {
                ["08", "57P", "53"].iter().any(|class| c.starts_with(class))
                    || matches!(&*c, "25006" | "40001" | "40P01")
            }),
            _ => false,
        };
        if gone { Self::Unavailable(error) } else { Self::Statement(error) }
    }
}
