//! Partners as their managers describe them.

use super::StoreError;
use super::engine::{Store, Tx, on_pool, on_tx};
use serde_json::Value;

/// An organisation at the desk.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct OrganisationRow {
    /// The partner's id.
    pub id: String,
    /// See `partners::profile::Profile`.
    pub profile: Value,
    /// `new`, `pending` once something was submitted, `published` once something was approved.
    pub state: String,
    /// Edit number.
    pub version: i64,
    /// When it was changed last.
    pub updated_s: i64,
}

const SELECT: &str = "SELECT id, profile, state, version, updated_s FROM organisations WHERE id = $1";

impl Store {
    /// An organisation; `None` when nobody described it here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_organisation(&self, id: &str) -> Result<Option<OrganisationRow>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(SELECT).bind(id).fetch_optional(pool).await?))
    }

    /// Organisations by id, from a cursor on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list_organisations(&self, after: &str, limit: i64) -> Result<Vec<OrganisationRow>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(
            "SELECT id, profile, state, version, updated_s FROM organisations WHERE id > $1 ORDER BY id LIMIT $2",
        ).bind(after).bind(limit).fetch_all(pool).await?))
    }

    /// The published description of a partner that nobody described here: name, legal name, INN, OGRN, KPP.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_partner(
        &self,
        id: &str,
    ) -> Result<Option<(String, Option<String>, Option<String>, Option<String>, Option<String>)>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(
            "SELECT name, legal_name, inn, ogrn, kpp FROM partners WHERE id = $1",
        ).bind(id).fetch_optional(pool).await?))
    }

    /// How many locations of a partner are on the map.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_locations_of(&self, partner_id: &str) -> Result<i64, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_scalar(
            "SELECT count(*) FROM locations WHERE partner_id = $1 AND state = 'published'",
        ).bind(partner_id).fetch_one(pool).await?))
    }
}

impl Tx {
    /// Keeps a new organisation; false when there is one of this id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_organisation(&mut self, row: &OrganisationRow) -> Result<bool, StoreError> {
        let done: Option<String> = on_tx!(self.inner, conn => sqlx::query_scalar(
            "INSERT INTO organisations (id, profile, state, version, created_s, updated_s) \
             VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT DO NOTHING RETURNING id",
        )
        .bind(&row.id).bind(&row.profile).bind(&row.state).bind(row.version).bind(row.updated_s)
        .fetch_optional(conn).await?);
        Ok(done.is_some())
    }

    /// Changes a description that is still of the version expected; the state it is in, `None` when it was not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn edit_organisation(
        &mut self,
        id: &str,
        expected: i64,
        profile: &Value,
        now_s: i64,
    ) -> Result<Option<String>, StoreError> {
        Ok(on_tx!(self.inner, conn => sqlx::query_scalar(
            "UPDATE organisations SET profile = $3, version = version + 1, updated_s = $4 \
             WHERE id = $1 AND version = $2 RETURNING state",
        ).bind(id).bind(expected).bind(profile).bind(now_s).fetch_optional(conn).await?))
    }

    /// Moves an organisation on: `new` to `pending`, or either to `published`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn advance_organisation(&mut self, id: &str, state: &str) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("UPDATE organisations SET state = $2 WHERE id = $1 AND state <> 'published'")
                .bind(id).bind(state).execute(conn).await?;
        });
        Ok(())
    }

    /// Whether a partner is on record as published.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn partner_is_published(&mut self, id: &str) -> Result<bool, StoreError> {
        let found: Option<String> = on_tx!(self.inner, conn => {
            sqlx::query_scalar("SELECT id FROM partners WHERE id = $1").bind(id).fetch_optional(conn).await?
        });
        Ok(found.is_some())
    }
}
