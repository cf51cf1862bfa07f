//! The rows of the audit log; what they mean and how they are chained says [`crate::audit`].

use super::StoreError;
use super::engine::{Store, Tx, on_pool, on_tx};
use futures_util::TryStreamExt;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AuditRow {
    /// From 1, without a gap.
    pub number: i64,
    /// When.
    pub at_s: i64,
    /// Who, by an id.
    pub actor: String,
    /// What was done.
    pub act: String,
    /// To what.
    pub target: String,
    /// What else is to be said, JSON as it was hashed.
    pub detail: String,
    /// Of the entry before and this one.
    pub hash: Vec<u8>,
}

const COLUMNS_BEFORE: &str = "SELECT number, at_s, actor, act, target, detail, hash FROM audit_log \
     WHERE number < $1 ORDER BY number DESC LIMIT $2";

impl Tx {
    /// The number and hash of the last entry; holds the head to the commit, so that the chain has one end.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn audit_head(&mut self) -> Result<(i64, Vec<u8>), StoreError> {
        Ok(on_tx!(self.inner, conn => sqlx::query_as(
            "UPDATE audit_head SET number = number + 1 RETURNING number - 1, hash",
        ).fetch_one(conn).await?))
    }

    /// Appends an entry, under the head that was taken.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn append_audit(&mut self, row: &AuditRow) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query(
                "INSERT INTO audit_log (number, at_s, actor, act, target, detail, hash) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(row.number).bind(row.at_s).bind(&row.actor).bind(&row.act).bind(&row.target).bind(&row.detail)
            .bind(&row.hash).execute(&mut *conn).await?;
            sqlx::query("UPDATE audit_head SET hash = $1").bind(&row.hash).execute(conn).await?;
        });
        Ok(())
    }
}

impl Store {
    /// Entries below a number, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list_audit(&self, below: i64, limit: i64) -> Result<Vec<AuditRow>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(COLUMNS_BEFORE).bind(below).bind(limit).fetch_all(pool).await?))
    }

    /// Every entry in order, streamed; answers the head of the same moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn each_audit(&self, mut each: impl FnMut(AuditRow)) -> Result<(i64, Vec<u8>), StoreError> {
        let mut tx = self.begin_snapshot().await?;
        on_tx!(tx, conn => {
            let mut rows = sqlx::query_as::<_Db, AuditRow>(
                "SELECT number, at_s, actor, act, target, detail, hash FROM audit_log ORDER BY number",
            ).fetch(&mut *conn);
            while let Some(row) = rows.try_next().await? {
                each(row);
            }
        });
        Ok(on_tx!(tx, conn => sqlx::query_as("SELECT number, hash FROM audit_head").fetch_one(conn).await?))
    }
}
