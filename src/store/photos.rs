//! Photos, refusals and bulk files: what lies beside the registry.

use super::StoreError;
use super::engine::{Store, Tx, on_pool, on_tx, on_write_pool};
use chrono::NaiveDate;
use serde_json::Value;
use sqlx::QueryBuilder;
use sqlx::types::Json;

/// A photo, re-encoded.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PhotoRow {
    /// Random, so that nobody finds what is not shown to him.
    pub id: String,
    /// Whose.
    pub partner_id: String,
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
    /// JPEG.
    pub bytes: Vec<u8>,
    /// Whether an approved place shows it: 0 or 1.
    pub is_public: i64,
    /// When it came.
    pub created_s: i64,
}

/// "I was refused here".
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RefusalRow {
    /// Random.
    pub id: String,
    /// Where.
    pub location_id: String,
    /// Whose place.
    pub partner_id: String,
    /// On which day.
    pub day: NaiveDate,
    /// A code.
    pub reason: String,
    /// In words.
    pub text: Option<String>,
    /// `open`, `answered`, `closed`.
    pub state: String,
    /// The partner's answer.
    pub answer: Option<String>,
    /// When it came.
    pub created_s: i64,
    /// The name of the place.
    pub location_name: Option<String>,
}

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
    pub report: Json<Value>,
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
    pub content: Json<Value>,
}

macro_rules! refusal {
    ($rest:literal) => {
        concat!(
            "SELECT id, location_id, partner_id, day, reason, text, state, answer, created_s, \
             (SELECT l.name FROM locations l WHERE l.id = refusals.location_id) AS location_name FROM refusals ",
            $rest
        )
    };
}

impl Store {
    /// Keeps a photo.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_photo(&self, photo: &PhotoRow) -> Result<(), StoreError> {
        let p = photo;
        on_write_pool!(self, pool => {
            sqlx::query(
                "INSERT INTO photos (id, partner_id, width, height, bytes, is_public, created_s) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(&p.id).bind(&p.partner_id).bind(p.width).bind(p.height).bind(&p.bytes).bind(p.is_public)
            .bind(p.created_s).execute(pool).await?;
        });
        Ok(())
    }

    /// A photo.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_photo(&self, id: &str) -> Result<Option<PhotoRow>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(
            "SELECT id, partner_id, width, height, bytes, is_public, created_s FROM photos WHERE id = $1",
        ).bind(id).fetch_optional(pool).await?))
    }

    /// Keeps a refusal.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_refusal(&self, refusal: &RefusalRow) -> Result<(), StoreError> {
        let r = refusal;
        on_write_pool!(self, pool => {
            sqlx::query(
                "INSERT INTO refusals (id, location_id, partner_id, day, reason, text, state, created_s) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(&r.id).bind(&r.location_id).bind(&r.partner_id).bind(r.day).bind(&r.reason).bind(&r.text)
            .bind(&r.state).bind(r.created_s).execute(pool).await?;
        });
        Ok(())
    }

    /// Refusals, newest first, before a moment and id; of one partner or of all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list_refusals(
        &self,
        partner_id: Option<&str>,
        before: (i64, &str),
        limit: i64,
    ) -> Result<Vec<RefusalRow>, StoreError> {
        const SQL: &str = refusal!(
            "WHERE ($1 = '' OR partner_id = $1) AND (created_s < $2 OR (created_s = $2 AND id < $3)) \
             ORDER BY created_s DESC, id DESC LIMIT $4"
        );
        let of = partner_id.unwrap_or_default();
        Ok(on_pool!(self, pool => {
            sqlx::query_as(SQL).bind(of).bind(before.0).bind(before.1).bind(limit).fetch_all(pool).await?
        }))
    }

    /// A refusal.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_refusal(&self, id: &str) -> Result<Option<RefusalRow>, StoreError> {
        const SQL: &str = refusal!("WHERE id = $1");
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await?))
    }

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
    /// Lets everybody see a photo.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn publish_photo(&mut self, id: &str, partner_id: &str) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("UPDATE photos SET is_public = 1 WHERE id = $1 AND partner_id = $2")
                .bind(id).bind(partner_id).execute(conn).await?;
        });
        Ok(())
    }

    /// Keeps an answer to a refusal, or its end.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn settle_refusal(&mut self, id: &str, state: &str, answer: Option<&str>) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("UPDATE refusals SET state = $2, answer = COALESCE($3, answer) WHERE id = $1")
                .bind(id).bind(state).bind(answer).execute(conn).await?;
        });
        Ok(())
    }

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
