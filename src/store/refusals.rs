//! "I was refused here": reports and what became of them.

use super::StoreError;
use super::engine::{Store, Tx, on_pool, on_tx, on_write_pool};
use chrono::NaiveDate;

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
}

impl Tx {
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
}
