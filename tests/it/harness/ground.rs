//! A store of a test's own, on either engine.

use super::places::{owner_of, partner, put};
use ryadom::domain::{Location, LocationId, Seq};
use ryadom::store::{Outcome, Store};
use sqlx::{AssertSqlSafe, Row};
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// Which store a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    PostGis,
}

/// A fresh store: a file of its own or a database of its own, with its tables.
pub struct Ground {
    pub url: String,
    pub store: Store,
    pub engine: Engine,
    place: Place,
}

enum Place {
    Folder(TempDir),
    Database { admin: String, name: String },
}

/// Declares each test on both stores: `sqlite::name` and `postgis::name`.
macro_rules! on_both_stores {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let ground = crate::harness::Ground::sqlite().await;
                super::$name(ground).await;
            })+
        }
        mod postgis {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(ground) = crate::harness::Ground::postgis(stringify!($name)).await {
                    super::$name(ground).await;
                }
            })+
        }
    };
}
pub(crate) use on_both_stores;

/// The address of the shared cluster; `None`, said on standard error, where there is none.
pub fn postgis_url(test: &str) -> Option<String> {
    let url = std::env::var_os("RYADOM_TEST_POSTGIS").and_then(|u| u.into_string().ok());
    if url.is_none() {
        eprintln!("SKIPPED {test} on PostGIS: RYADOM_TEST_POSTGIS is not set (run under scripts/with_postgis.sh)");
    }
    url
}

impl Ground {
    /// A SQLite file in a folder that goes with the test.
    pub async fn sqlite() -> Self {
        let ground = Self::bare_sqlite().await;
        ground.store.migrate().await.expect("the tables of SQLite");
        ground
    }

    /// The same without tables.
    pub async fn bare_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("ryadom.db").display());
        let store = Store::open(&url).await.expect("a SQLite file");
        Self { url, store, engine: Engine::Sqlite, place: Place::Folder(folder) }
    }

    /// A database of its own; `None` where there is no PostGIS.
    pub async fn postgis(test: &str) -> Option<Self> {
        let ground = Self::bare_postgis(test).await?;
        ground.store.migrate().await.expect("the tables of PostGIS");
        Some(ground)
    }

    /// The same without tables (the extension is there already).
    pub async fn bare_postgis(test: &str) -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let shared = postgis_url(test)?;
        let (server, template) = shared.rsplit_once('/').expect("postgres://…/database");
        let name = format!("it_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let admin = format!("{server}/postgres");
        administer(&admin, format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        let url = format!("{server}/{name}");
        let store = Store::open(&url).await.expect("the fresh database");
        Some(Self { url, store, engine: Engine::PostGis, place: Place::Database { admin, name } })
    }

    /// The store once more, as another process would have it.
    pub async fn another_store(&self) -> Store {
        Store::open(&self.url).await.expect("the same database")
    }

    /// Publishes places, with partners for them; what the store answered.
    pub async fn publish(&self, places: &[Location]) -> (Seq, Vec<Outcome>) {
        publish(&self.store, places).await
    }

    /// Takes places off the map.
    pub async fn archive(&self, ids: &[&str]) -> (Seq, usize) {
        let ids: Vec<LocationId> = ids.iter().map(|id| LocationId::new(id).expect("an id")).collect();
        let mut tx = self.store.begin().await.expect("a write");
        let count = tx.archive(&ids, &put()).await.expect("archived");
        (tx.commit().await.expect("committed"), count)
    }

    /// Runs SQL behind the service's back; several statements are one transaction.
    pub async fn sql(&self, sql: &str) {
        let sql = AssertSqlSafe(format!("BEGIN; {sql}; COMMIT"));
        match (self.store.postgis(), self.store.sqlite()) {
            (Some(pool), _) => drop(sqlx::raw_sql(sql).execute(pool).await.expect("SQL of a test")),
            (_, Some(pool)) => drop(sqlx::raw_sql(sql).execute(pool).await.expect("SQL of a test")),
            _ => unreachable!("a store is one of the two"),
        }
    }

    /// One number.
    pub async fn number(&self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match (self.store.postgis(), self.store.sqlite()) {
            (Some(pool), _) => sqlx::query_scalar(sql).fetch_one(pool).await.expect("SQL of a test"),
            (_, Some(pool)) => sqlx::query_scalar(sql).fetch_one(pool).await.expect("SQL of a test"),
            _ => unreachable!("a store is one of the two"),
        }
    }

    /// The whole feed: number and location, in order.
    pub async fn feed_table(&self) -> Vec<(i64, String)> {
        let sql = "SELECT seq, location_id FROM changes ORDER BY seq, location_id";
        match (self.store.postgis(), self.store.sqlite()) {
            (Some(pool), _) => {
                let rows = sqlx::query(sql).fetch_all(pool).await.expect("the feed");
                rows.iter().map(|r| (r.get(0), r.get(1))).collect()
            }
            (_, Some(pool)) => {
                let rows = sqlx::query(sql).fetch_all(pool).await.expect("the feed");
                rows.iter().map(|r| (r.get(0), r.get(1))).collect()
            }
            _ => unreachable!("a store is one of the two"),
        }
    }

    /// Puts a change into the feed as a write does, for a row that was damaged by SQL.
    pub async fn announce(&self, ids: &[&str]) {
        let rows =
            ids.iter().map(|id| format!("INSERT INTO changes (seq, location_id) SELECT seq, '{id}' FROM feed_head"));
        let statements: Vec<String> =
            std::iter::once("UPDATE feed_head SET seq = seq + 1".to_owned()).chain(rows).collect();
        self.sql(&statements.join("; ")).await;
    }

    /// Closes the store and gives its place back.
    pub async fn stop(self) {
        self.store.close().await;
        match self.place {
            Place::Folder(folder) => {
                // A thread of SQLite may still take its files away: a folder that changes meanwhile is tried again.
                let path = folder.keep();
                super::eventually("the folder goes", || std::future::ready(std::fs::remove_dir_all(&path).is_ok()))
                    .await;
            }
            Place::Database { admin, name } => administer(&admin, format!("DROP DATABASE {name} WITH (FORCE)")).await,
        }
    }
}

/// Publishes by any store, with partners for the places.
pub async fn publish(store: &Store, places: &[Location]) -> (Seq, Vec<Outcome>) {
    let mut partners: Vec<_> = places.iter().map(owner_of).collect();
    partners.dedup_by(|a, b| a.id == b.id);
    let mut tx = store.begin().await.expect("a write");
    tx.put_partners(&partners, &put()).await.expect("partners");
    let outcomes = tx.publish(places, &put()).await.expect("published");
    (tx.commit().await.expect("committed"), outcomes)
}

/// Renames a partner.
pub async fn rename(store: &Store, id: &str, name: &str) -> Seq {
    let mut tx = store.begin().await.expect("a write");
    tx.put_partners(&[partner(id, name)], &put()).await.expect("partners");
    tx.commit().await.expect("committed")
}

async fn administer(url: &str, sql: String) {
    use sqlx::Connection;
    let mut conn = sqlx::PgConnection::connect(url).await.expect("the shared cluster");
    sqlx::query(AssertSqlSafe(sql)).execute(&mut conn).await.expect("databases of tests");
    conn.close().await.expect("good-bye");
}
