//! The history of what was published: every state of a location, who made it and when; and moves from state to state.

use super::StoreError;
use super::engine::{Store, Tx, on_pool, on_tx};
use super::partners::Put;
use super::rows::{HoursIntern, LocationRow, RowError};
use crate::domain::moderation::State;
use crate::domain::{Location, LocationId};
use chrono::{DateTime, Utc};
use sqlx::types::Json;

/// One state of a location.
#[derive(Debug, Clone)]
pub struct HistoryRow {
    /// Edit number.
    pub version: i64,
    /// The state that it was brought to.
    pub state: String,
    /// By whom.
    pub actor: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Its content then, or what is wrong with the row.
    pub content: Result<Location, RowError>,
}

#[derive(sqlx::FromRow)]
struct Row {
    version: i64,
    state: String,
    actor: String,
    at: DateTime<Utc>,
    content: Json<LocationRow>,
}

impl Row {
    fn into_state(self) -> HistoryRow {
        let content = self.content.0.into_location(&mut HoursIntern::default());
        HistoryRow { version: self.version, state: self.state, actor: self.actor, at: self.at, content }
    }
}

const OF_LOCATION: &str = "SELECT version, state, actor, at, content FROM location_history \
     WHERE location_id = $1 ORDER BY version DESC LIMIT 200";
const OF_VERSION: &str =
    "SELECT version, state, actor, at, content FROM location_history WHERE location_id = $1 AND version = $2";

impl Store {
    /// The states of a location, newest first, 200 at most.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn history_of(&self, id: &LocationId) -> Result<Vec<HistoryRow>, StoreError> {
        let rows: Vec<Row> =
            on_pool!(self, pool => sqlx::query_as(OF_LOCATION).bind(id.as_str()).fetch_all(pool).await?);
        Ok(rows.into_iter().map(Row::into_state).collect())
    }

    /// One state of a location.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_history(&self, id: &LocationId, version: i64) -> Result<Option<HistoryRow>, StoreError> {
        let row: Option<Row> = on_pool!(self, pool => {
            sqlx::query_as(OF_VERSION).bind(id.as_str()).bind(version).fetch_optional(pool).await?
        });
        Ok(row.map(Row::into_state))
    }

    /// When the present content of a location was published.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn published_at(&self, id: &LocationId) -> Result<Option<DateTime<Utc>>, StoreError> {
        Ok(on_pool!(self, pool => {
            sqlx::query_scalar("SELECT updated_at FROM locations WHERE id = $1")
                .bind(id.as_str()).fetch_optional(pool).await?
        }))
    }
}

impl Tx {
    /// Brings a location from one state to another, with history; whether it was in the first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn move_location(
        &mut self,
        id: &LocationId,
        from: State,
        to: State,
        put: &Put,
    ) -> Result<bool, StoreError> {
        let version: Option<i64> = on_tx!(self.inner, conn => sqlx::query_scalar(
            "UPDATE locations SET state = $3, version = version + 1, updated_at = $4 WHERE id = $1 AND state = $2 \
             RETURNING version",
        ).bind(id.as_str()).bind(from.code()).bind(to.code()).bind(put.at).fetch_optional(conn).await?);
        let Some(version) = version else { return Ok(false) };
        on_tx!(self.inner, conn => {
            sqlx::query(
                "INSERT INTO location_history (location_id, version, state, actor, at, content) \
                 SELECT location_id, $2, $3, $4, $5, content FROM location_history \
                 WHERE location_id = $1 ORDER BY version DESC LIMIT 1",
            )
            .bind(id.as_str()).bind(version).bind(to.code()).bind(&put.actor).bind(put.at).execute(conn).await?;
        });
        self.touched.insert(id.clone());
        Ok(true)
    }

    /// The edit number of a location, which is held to the commit; `None` when it was never published.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hold_version(&mut self, id: &LocationId) -> Result<Option<i64>, StoreError> {
        Ok(on_tx!(self.inner, conn => {
            sqlx::query_scalar("UPDATE locations SET version = version WHERE id = $1 RETURNING version")
                .bind(id.as_str()).fetch_optional(conn).await?
        }))
    }
}
