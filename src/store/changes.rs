//! The feed in the store: the last step of a write, and what a reader finds after a [`Seq`].

use super::engine::{Store, TxInner, on_pool, on_tx};
use super::rows::{HoursIntern, PublishedRow};
use super::{StoreError, partners};
use crate::domain::change::Change;
use crate::domain::location::Published;
use crate::domain::{LocationId, Seq};
use futures_util::TryStreamExt;
use sqlx::{FromRow, QueryBuilder, Row};
use std::collections::BTreeSet;

/// A stored row that is no location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poisoned {
    /// Its id, as stored.
    pub id: String,
    /// What is wrong with it.
    pub reason: String,
}

/// What the feed holds between two numbers.
#[derive(Debug, Default)]
pub struct FeedRows {
    /// The last number covered.
    pub to_seq: Seq,
    /// In order. A poisoned location is removed, as a fresh start would not have it.
    pub changes: Vec<Change>,
    /// Rows that could not be read, beside their removal.
    pub poisoned: Vec<Poisoned>,
}

/// Numbers read at once; each covers at most 1,000 rows (the importer's batch).
const SEQS_AT_ONCE: i64 = 16;

/// The number of the last committed write, inside a transaction.
pub(super) async fn head_in(tx: &mut TxInner) -> Result<Seq, StoreError> {
    let seq = on_tx!(*tx, conn => sqlx::query_scalar("SELECT seq FROM feed_head").fetch_one(conn).await?);
    Ok(Seq(seq))
}

/// Takes the next number, which locks the one row of `feed_head` to the commit, and appends what was touched.
pub(super) async fn append(tx: &mut TxInner, touched: &BTreeSet<LocationId>) -> Result<Seq, StoreError> {
    let seq: i64 = on_tx!(*tx, conn => {
        sqlx::query_scalar("UPDATE feed_head SET seq = seq + 1 RETURNING seq").fetch_one(conn).await?
    });
    let touched: Vec<&LocationId> = touched.iter().collect();
    for part in touched.chunks(10_000) {
        on_tx!(*tx, conn => {
            let mut insert = QueryBuilder::<_Db>::new("INSERT INTO changes (seq, location_id) ");
            insert.push_values(part, |mut row, id| {
                row.push_bind(seq).push_bind(id.as_str());
            });
            insert.build().execute(conn).await?;
        });
    }
    Ok(Seq(seq))
}

/// Adds the locations of renamed partners, found under the lock of `feed_head`: whoever published one of them before
/// has committed and is seen, whoever publishes one later is announced after the new name.
pub(super) async fn touch_places_of(
    tx: &mut TxInner,
    partners: &BTreeSet<String>,
    touched: &mut BTreeSet<LocationId>,
) -> Result<(), StoreError> {
    if partners.is_empty() {
        return Ok(());
    }
    on_tx!(*tx, conn => {
        sqlx::query("UPDATE feed_head SET seq = seq").execute(conn).await?;
    });
    for partner in partners {
        let ids: Vec<String> = on_tx!(*tx, conn => {
            sqlx::query_scalar("SELECT id FROM locations WHERE partner_id = $1").bind(partner).fetch_all(conn).await?
        });
        touched.extend(ids.iter().filter_map(|id| LocationId::new(id).ok()));
    }
    Ok(())
}

impl Store {
    /// The number of the last committed write.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn head(&self) -> Result<Seq, StoreError> {
        let seq = on_pool!(self, pool => sqlx::query_scalar("SELECT seq FROM feed_head").fetch_one(pool).await?);
        Ok(Seq(seq))
    }

    /// What was written after `after`, in order, at most a few thousand rows at once; `None` when nothing was.
    ///
    /// # Shape
    /// A location comes with its present content, which may be newer than the number under which it was found; its
    /// later change then says the same again.
    /// # Errors
    /// [`StoreError`].
    pub async fn changes_after(&self, after: Seq, hours: &mut HoursIntern) -> Result<Option<FeedRows>, StoreError> {
        // The head is read first: whatever has a number up to it is committed and visible to the second statement.
        let head = self.head().await?;
        if head <= after {
            return Ok(None);
        }
        let to_seq = Seq(head.0.min(after.0 + SEQS_AT_ONCE));
        let mut feed = FeedRows { to_seq, ..FeedRows::default() };
        on_pool!(self, pool => {
            let mut rows = sqlx::query(partners::SELECT_CHANGED).bind(after.0).bind(to_seq.0).fetch(pool);
            while let Some(row) = rows.try_next().await? {
                let id: String = row.try_get("changed_id")?;
                let shown: bool = row.try_get("shown")?;
                let change = if shown {
                    published(&row, hours).map(|p| Change::Put(Box::new(p)))
                } else {
                    LocationId::new(&id).map(Change::Remove).map_err(|e| e.to_string())
                };
                feed.take(id, change);
            }
        });
        Ok(Some(feed))
    }

    /// Every published location at one moment, streamed; answers the number of that moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn each_published(&self, mut each: impl FnMut(Result<Published, Poisoned>)) -> Result<Seq, StoreError> {
        let mut tx = self.begin_snapshot().await?;
        let head = head_in(&mut tx).await?;
        let mut hours = HoursIntern::default();
        on_tx!(tx, conn => {
            let mut rows = sqlx::query(partners::SELECT_PUBLISHED).fetch(conn);
            while let Some(row) = rows.try_next().await? {
                each(published(&row, &mut hours).map_err(|reason| Poisoned {
                    id: row.try_get("id").unwrap_or_else(|_| "?".to_owned()),
                    reason,
                }));
            }
        });
        Ok(head)
    }

    /// How many locations there are in any state: an upper bound of what is on the map.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_locations(&self) -> Result<usize, StoreError> {
        const COUNT: &str = "SELECT count(*) FROM locations";
        let count: i64 = on_pool!(self, pool => sqlx::query_scalar(COUNT).fetch_one(pool).await?);
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Fetches what [`Store::each_published`] fetches, looks into no row and answers how many there were: the
    /// yardstick of a cold start.
    #[doc(hidden)]
    pub async fn count_published_rows(&self) -> Result<u64, StoreError> {
        let mut count = 0;
        on_pool!(self, pool => {
            let mut rows = sqlx::query(partners::SELECT_PUBLISHED).fetch(pool);
            while rows.try_next().await?.is_some() {
                count += 1;
            }
        });
        Ok(count)
    }
}

/// Reads one row by itself, so that one that cannot be read harms no other.
fn published<'r, R: Row>(row: &'r R, hours: &mut HoursIntern) -> Result<Published, String>
where
    PublishedRow: FromRow<'r, R>,
{
    let row = PublishedRow::from_row(row).map_err(|e| e.to_string())?;
    row.into_published(hours).map_err(|e| e.to_string())
}

impl FeedRows {
    fn take(&mut self, id: String, change: Result<Change, String>) {
        match change {
            Ok(change) => self.changes.push(change),
            Err(reason) => {
                if let Ok(id) = LocationId::new(&id) {
                    self.changes.push(Change::Remove(id));
                }
                self.poisoned.push(Poisoned { id, reason });
            }
        }
    }
}
