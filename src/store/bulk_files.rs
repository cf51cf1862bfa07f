//! Bulk files, their rows previewed, and what became of them.

use super::StoreError;
use super::engine::{Store, Tx, on_pool, on_tx, on_write_pool};
use serde_json::Value;
use sqlx::QueryBuilder;

/// A bulk file and what became of it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct BulkFileRow {
    /// Random.
    pub id: String,
    /// Whose.
    pub partner_id: String,
    /// Who brought it.
    pub account: String,
    /// What the file is called.
    pub name: String,
    /// `reading`, `ready`, `applied`, `failed`.
    pub state: String,
    /// Counts and faults.
    pub report: Value,
    /// When it came.
    pub created_s: i64,
}

/// A row of a bulk file, previewed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct BulkRowRow {
    /// Its place in the file.
    pub number: i64,
    /// `new`, `changed`, `unchanged`, `rejected`.
    pub outcome: String,
    /// The location that it describes.
    pub location_id: Option<String>,
    /// The version on which the preview was made.
    pub base_etag: Option<String>,
    /// What is shown, and the content that it becomes.
    pub content: Value,
}

impl Store {
    /// Keeps a bulk file, or what is now known of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_bulk_file(&self, file: &BulkFileRow) -> Result<(), StoreError> {
        let f = file;
        on_write_pool!(self, pool => {
            sqlx::query(
                "INSERT INTO bulk_files (id, partner_id, account, name, state, report, created_s) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7) \
                 ON CONFLICT (id) DO UPDATE SET state = excluded.state, report = excluded.report",
            )
            .bind(&f.id).bind(&f.partner_id).bind(&f.account).bind(&f.name).bind(&f.state).bind(&f.report)
            .bind(f.created_s).execute(pool).await?;
        });
        Ok(())
    }

    /// A bulk file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_bulk_file(&self, id: &str) -> Result<Option<BulkFileRow>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(
            "SELECT id, partner_id, account, name, state, report, created_s FROM bulk_files WHERE id = $1",
        ).bind(id).fetch_optional(pool).await?))
    }

    /// Rows of a bulk file, of one outcome or of all, after a number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list_bulk_rows(
        &self,
        file_id: &str,
        outcome: Option<&str>,
        after: i64,
        limit: i64,
    ) -> Result<Vec<BulkRowRow>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(
            "SELECT number, outcome, location_id, base_etag, content FROM bulk_rows \
             WHERE file_id = $1 AND ($2 = '' OR outcome = $2) AND number > $3 ORDER BY number LIMIT $4",
        ).bind(file_id).bind(outcome.unwrap_or_default()).bind(after).bind(limit).fetch_all(pool).await?))
    }
}

impl Tx {
    /// Keeps the rows of a bulk file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_bulk_rows(&mut self, file_id: &str, rows: &[BulkRowRow]) -> Result<(), StoreError> {
        for part in rows.chunks(1_000) {
            on_tx!(self.inner, conn => {
                let mut insert = QueryBuilder::<_Db>::new(
                    "INSERT INTO bulk_rows (file_id, number, outcome, location_id, base_etag, content) ",
                );
                insert.push_values(part, |mut b, r| {
                    b.push_bind(file_id).push_bind(r.number).push_bind(&r.outcome).push_bind(&r.location_id)
                        .push_bind(&r.base_etag).push_bind(&r.content);
                });
                insert.build().execute(conn).await?;
            });
        }
        Ok(())
    }

    /// Moves a bulk file from one state to another; whether it was in the first. Of two who apply it one is the first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn move_bulk_file(&mut self, id: &str, from: &str, to: &str) -> Result<bool, StoreError> {
        let done: Option<String> = on_tx!(self.inner, conn => sqlx::query_scalar(
            "UPDATE bulk_files SET state = $3 WHERE id = $1 AND state = $2 RETURNING id",
        ).bind(id).bind(from).bind(to).fetch_optional(conn).await?);
        Ok(done.is_some())
    }

    /// Forgets a bulk file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forget_bulk_file(&mut self, id: &str) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("DELETE FROM bulk_rows WHERE file_id = $1").bind(id).execute(&mut *conn).await?;
            sqlx::query("DELETE FROM bulk_files WHERE id = $1").bind(id).execute(conn).await?;
        });
        Ok(())
    }
}
