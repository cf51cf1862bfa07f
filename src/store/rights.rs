//! Rights and what became of them. None of it is a matter of the feed.

use super::StoreError;
use super::engine::{Store, Tx, on_pool, on_tx};
use chrono::NaiveDate;

/// A right and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RightRow {
    /// Random; said to operators alone.
    pub id: String,
    /// Keyed hash of the agency's id.
    pub outside_hash: Option<Vec<u8>>,
    /// Which key made it.
    pub outside_key_version: Option<i64>,
    /// The kind of right.
    pub category: String,
    /// Two digits.
    pub region: String,
    /// The first day.
    pub valid_from: Option<NaiveDate>,
    /// The last day.
    pub valid_until: NaiveDate,
    /// See `credentials::rights::RightState`.
    pub state: String,
    /// Why it was refused, suspended or revoked.
    pub reason: Option<String>,
    /// When it was made.
    pub created_s: i64,
    /// When it was changed last.
    pub updated_s: i64,
}

macro_rules! right {
    ($rest:literal) => {
        concat!(
            "SELECT id, outside_hash, outside_key_version, category, region, valid_from, valid_until, state, reason, \
             created_s, updated_s FROM rights ",
            $rest
        )
    };
}

impl Store {
    /// A right.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_right(&self, id: &str) -> Result<Option<RightRow>, StoreError> {
        const SQL: &str = right!("WHERE id = $1");
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await?))
    }

    /// Rights, the last changed first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list_rights(&self, state: Option<&str>, limit: i64) -> Result<Vec<RightRow>, StoreError> {
        const SQL: &str = right!("WHERE $1 = '' OR state = $1 ORDER BY updated_s DESC, id LIMIT $2");
        Ok(on_pool!(self, pool => sqlx::query_as(SQL)
            .bind(state.unwrap_or_default()).bind(limit).fetch_all(pool).await?))
    }
}

impl Tx {
    /// Keeps a new right.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_right(&mut self, right: &RightRow, actor: &str) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query(
                "INSERT INTO rights (id, outside_hash, outside_key_version, category, region, valid_from, valid_until, \
                 state, reason, created_s, updated_s) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            )
            .bind(&right.id).bind(&right.outside_hash).bind(right.outside_key_version).bind(&right.category)
            .bind(&right.region).bind(right.valid_from).bind(right.valid_until).bind(&right.state).bind(&right.reason)
            .bind(right.created_s).bind(right.updated_s).execute(conn).await?;
        });
        self.note_right(&right.id, &right.state, right.reason.as_deref(), actor, right.updated_s).await
    }

    /// A right, locked to the end of this write.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lock_right(&mut self, id: &str) -> Result<Option<RightRow>, StoreError> {
        const SQL: &str = right!("WHERE id = $1");
        on_tx!(self.inner, conn => {
            // An update locks on both engines; SELECT … FOR UPDATE is not known to SQLite.
            sqlx::query("UPDATE rights SET updated_s = updated_s WHERE id = $1").bind(id).execute(&mut *conn).await?;
            Ok(sqlx::query_as(SQL).bind(id).fetch_optional(conn).await?)
        })
    }

    /// The right of an outside id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn right_of_outside(&mut self, hash: &[u8], category: &str) -> Result<Option<RightRow>, StoreError> {
        const SQL: &str = right!("WHERE outside_hash = $1 AND category = $2");
        on_tx!(self.inner, conn => {
            Ok(sqlx::query_as(SQL).bind(hash).bind(category).fetch_optional(conn).await?)
        })
    }

    /// Writes the state and the days of a right.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn change_right(&mut self, right: &RightRow, actor: &str) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query(
                "UPDATE rights SET region = $2, valid_from = $3, valid_until = $4, state = $5, reason = $6, \
                 updated_s = $7 WHERE id = $1",
            )
            .bind(&right.id).bind(&right.region).bind(right.valid_from).bind(right.valid_until).bind(&right.state)
            .bind(&right.reason).bind(right.updated_s).execute(conn).await?;
        });
        self.note_right(&right.id, &right.state, right.reason.as_deref(), actor, right.updated_s).await
    }

    async fn note_right(
        &mut self,
        id: &str,
        state: &str,
        reason: Option<&str>,
        actor: &str,
        at_s: i64,
    ) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query(
                "INSERT INTO right_events (right_id, number, at_s, actor, state, reason) \
                 SELECT $1, COALESCE(max(number), 0) + 1, $2, $3, $4, $5 FROM right_events WHERE right_id = $1",
            )
            .bind(id).bind(at_s).bind(actor).bind(state).bind(reason).execute(conn).await?;
        });
        Ok(())
    }

    /// Rights whose last day is over, still counted as running.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rights_ended(&mut self, today: NaiveDate) -> Result<Vec<RightRow>, StoreError> {
        const SQL: &str = right!("WHERE (state = 'confirmed' OR state = 'suspended') AND valid_until < $1 ORDER BY id");
        on_tx!(self.inner, conn => {
            Ok(sqlx::query_as(SQL).bind(today).fetch_all(conn).await?)
        })
    }

    /// Writes down the code with which a holder can report a loss.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_recovery(&mut self, right_id: &str, hash: &[u8]) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("UPDATE rights SET recovery_hash = $2 WHERE id = $1")
                .bind(right_id).bind(hash).execute(conn).await?;
        });
        Ok(())
    }

    /// Uses that code up; whose right it was.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_recovery(&mut self, hash: &[u8]) -> Result<Option<String>, StoreError> {
        Ok(on_tx!(self.inner, conn => sqlx::query_scalar(
            "UPDATE rights SET recovery_hash = NULL WHERE recovery_hash = $1 RETURNING id",
        ).bind(hash).fetch_optional(conn).await?))
    }
}
