//! Keys of partners' own systems, and the terminals of their locations.

use super::StoreError;
use super::engine::{Store, Tx, on_pool, on_tx, on_write_pool};

/// A key of a partner's system.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ServiceKeyRow {
    /// Stands in the key itself.
    pub id: String,
    /// What the partner calls it.
    pub name: String,
    /// Whose it is.
    pub partner_id: String,
    /// Codes, parted by spaces.
    pub scopes: String,
    /// Where a till stands.
    pub location_id: Option<String>,
    /// Hash of its secret.
    pub secret_hash: Vec<u8>,
    /// When it was made.
    pub created_s: i64,
    /// When it opened something last, by the minute.
    pub last_used_s: Option<i64>,
}

/// A terminal as its partner sees it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TerminalOfPartner {
    /// Random.
    pub id: String,
    /// Where it stands.
    pub location_id: String,
    /// What the shop calls it.
    pub name: String,
    /// What it is told apart by.
    pub number: String,
    /// When it was paired.
    pub paired_s: i64,
    /// When it asked for something last, by the minute.
    pub last_seen_s: Option<i64>,
}

macro_rules! key {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, partner_id, scopes, location_id, secret_hash, created_s, last_used_s FROM api_keys ",
            $rest
        )
    };
}

/// Uses of a key and signs of a terminal are noted once in this time.
const NOTED_EACH_S: i64 = 60;

impl Store {
    /// A partner's key that was not revoked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_service_key(&self, id: &str) -> Result<Option<ServiceKeyRow>, StoreError> {
        const SQL: &str = key!("WHERE id = $1 AND partner_id IS NOT NULL AND revoked_s IS NULL");
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await?))
    }

    /// A partner's keys, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list_service_keys(&self, partner_id: &str) -> Result<Vec<ServiceKeyRow>, StoreError> {
        const SQL: &str = key!("WHERE partner_id = $1 AND revoked_s IS NULL ORDER BY created_s, id");
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).bind(partner_id).fetch_all(pool).await?))
    }

    /// Notes that a key opened something.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note_key_use(&self, id: &str, now_s: i64) -> Result<(), StoreError> {
        on_write_pool!(self, pool => {
            sqlx::query("UPDATE api_keys SET last_used_s = $2 WHERE id = $1 AND COALESCE(last_used_s, 0) < $3")
                .bind(id).bind(now_s).bind(now_s - NOTED_EACH_S).execute(pool).await?;
        });
        Ok(())
    }

    /// Notes that a terminal asked for something.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note_terminal_seen(&self, id: &str, now_s: i64) -> Result<(), StoreError> {
        on_write_pool!(self, pool => {
            sqlx::query("UPDATE terminals SET last_seen_s = $2 WHERE id = $1 AND COALESCE(last_seen_s, 0) < $3")
                .bind(id).bind(now_s).bind(now_s - NOTED_EACH_S).execute(pool).await?;
        });
        Ok(())
    }

    /// The paired terminals of a location.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn terminals_of_location(&self, location_id: &str) -> Result<Vec<TerminalOfPartner>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(
            "SELECT id, location_id, name, number, paired_s, last_seen_s FROM terminals \
             WHERE location_id = $1 AND revoked_s IS NULL ORDER BY number",
        ).bind(location_id).fetch_all(pool).await?))
    }

    /// One paired terminal.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn terminal_of_partner(&self, id: &str) -> Result<Option<TerminalOfPartner>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(
            "SELECT id, location_id, name, number, paired_s, last_seen_s FROM terminals \
             WHERE id = $1 AND revoked_s IS NULL",
        ).bind(id).fetch_optional(pool).await?))
    }
}

impl Tx {
    /// Keeps a key.
    ///
    /// # Errors
    /// [`StoreError`].
    #[expect(clippy::too_many_arguments, reason = "one for each column")]
    pub async fn put_service_key(
        &mut self,
        id: &str,
        name: &str,
        partner_id: &str,
        scopes: &str,
        location_id: Option<&str>,
        secret_hash: &[u8],
        now_s: i64,
    ) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query(
                "INSERT INTO api_keys (id, name, location_id, secret_hash, created_s, partner_id, scopes) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(id).bind(name).bind(location_id).bind(secret_hash).bind(now_s).bind(partner_id).bind(scopes)
            .execute(conn).await?;
        });
        Ok(())
    }

    /// Ends a partner's key; whether there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn revoke_service_key(&mut self, id: &str, partner_id: &str, now_s: i64) -> Result<bool, StoreError> {
        let done: Option<String> = on_tx!(self.inner, conn => sqlx::query_scalar(
            "UPDATE api_keys SET revoked_s = $3 WHERE id = $1 AND partner_id = $2 AND revoked_s IS NULL RETURNING id",
        ).bind(id).bind(partner_id).bind(now_s).fetch_optional(conn).await?);
        Ok(done.is_some())
    }

    /// Renames a terminal.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rename_terminal(&mut self, id: &str, name: &str) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("UPDATE terminals SET name = $2 WHERE id = $1").bind(id).bind(name).execute(conn).await?;
        });
        Ok(())
    }

    /// Ends a terminal.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_terminal(&mut self, id: &str, now_s: i64) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("UPDATE terminals SET revoked_s = $2 WHERE id = $1").bind(id).bind(now_s).execute(conn).await?;
        });
        Ok(())
    }
}
