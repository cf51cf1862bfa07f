//! What the credential desk remembers beside rights and wallets: the issuer's keys, what was used once, tries; and how all
//! of it is forgotten.

use super::StoreError;
use super::engine::{Store, Tx, on_pool, on_tx, on_write_pool};

/// An issuer's key; its private half is sealed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct IssuerKeyRow {
    /// Base64url of eight bytes.
    pub kid: String,
    /// The point, uncompressed.
    pub public_key: Vec<u8>,
    /// The private half.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub created_s: i64,
    /// From when it signs.
    pub active_from_s: i64,
    /// Since when it signs no more.
    pub retired_s: Option<i64>,
    /// The end of the last credential it signed.
    pub last_expiry_s: i64,
}

impl Store {
    /// Every key of the issuer, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list_issuer_keys(&self) -> Result<Vec<IssuerKeyRow>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(
            "SELECT kid, public_key, sealed, created_s, active_from_s, retired_s, last_expiry_s FROM issuer_keys \
             ORDER BY active_from_s, kid",
        ).fetch_all(pool).await?))
    }

    /// The sealed key of a day, `fresh` where there was none: of two replicas that try, one wins.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn code_key(&self, day: i64, fresh: Option<&[u8]>) -> Result<Option<Vec<u8>>, StoreError> {
        if let Some(fresh) = fresh {
            on_write_pool!(self, pool => {
                sqlx::query("INSERT INTO code_keys (day, sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                    .bind(day).bind(fresh).execute(pool).await?;
            });
        }
        Ok(on_write_pool!(self, pool => sqlx::query_scalar("SELECT sealed FROM code_keys WHERE day = $1")
            .bind(day).fetch_optional(pool).await?))
    }

    /// Notes that something was used; false when it was before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn use_once(&self, id: &[u8], expires_s: i64) -> Result<bool, StoreError> {
        let done: Option<i64> = on_write_pool!(self, pool => sqlx::query_scalar(
            "INSERT INTO used_once (id, expires_s) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING expires_s",
        ).bind(id).bind(expires_s).fetch_optional(pool).await?);
        Ok(done.is_some())
    }

    /// Counts a try; answers how many there were in this window.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_attempt(&self, subject: &str, window_s: i64) -> Result<i64, StoreError> {
        Ok(on_write_pool!(self, pool => sqlx::query_scalar(
            "INSERT INTO attempts (subject, window_s, count) VALUES ($1, $2, 1) \
             ON CONFLICT (subject, window_s) DO UPDATE SET count = attempts.count + 1 RETURNING count",
        ).bind(subject).bind(window_s).fetch_one(pool).await?))
    }

    /// Forgets what has run out. Codes that were taken leave their receipt for a month.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sweep_credentials(&self, now_s: i64) -> Result<(), StoreError> {
        const MINUTES_10: i64 = 600;
        const DAY: i64 = 86_400;
        let mut tx = self.begin().await?;
        on_tx!(tx.inner, conn => {
            sqlx::query(
                "INSERT INTO receipts (receipt, at_s, receipt_link) \
                 SELECT receipt, at_s, receipt_link FROM redemptions WHERE at_s < $1 ON CONFLICT DO NOTHING",
            ).bind(now_s - MINUTES_10).execute(&mut *conn).await?;
            for (sql, before) in [
                ("DELETE FROM redemptions WHERE at_s < $1", now_s - MINUTES_10),
                ("DELETE FROM receipts WHERE at_s < $1", now_s - 30 * DAY),
                ("DELETE FROM code_refs WHERE expires_s < $1", now_s),
                ("DELETE FROM used_once WHERE expires_s < $1", now_s),
                ("DELETE FROM access_tokens WHERE expires_s < $1", now_s),
                ("DELETE FROM spoken_codes WHERE expires_s < $1", now_s),
                ("DELETE FROM pairings WHERE expires_s < $1", now_s),
                ("DELETE FROM offers WHERE expires_s < $1", now_s - DAY),
                ("DELETE FROM attempts WHERE window_s < $1", now_s - DAY),
                ("DELETE FROM code_keys WHERE day < $1", now_s / DAY - 1),
            ] {
                sqlx::query(sql).bind(before).execute(&mut *conn).await?;
            }
        });
        tx.commit().await?;
        Ok(())
    }
}

impl Tx {
    /// Keeps a new key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_issuer_key(&mut self, key: &IssuerKeyRow) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query(
                "INSERT INTO issuer_keys (kid, public_key, sealed, created_s, active_from_s, retired_s, last_expiry_s) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(&key.kid).bind(&key.public_key).bind(&key.sealed).bind(key.created_s).bind(key.active_from_s)
            .bind(key.retired_s).bind(key.last_expiry_s).execute(conn).await?;
        });
        Ok(())
    }

    /// Lets a key sign no more; whether there was such a key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn retire_issuer_key(&mut self, kid: &str, at_s: i64) -> Result<bool, StoreError> {
        let done: Option<String> = on_tx!(self.inner, conn => sqlx::query_scalar(
            "UPDATE issuer_keys SET retired_s = $2 WHERE kid = $1 AND retired_s IS NULL RETURNING kid",
        ).bind(kid).bind(at_s).fetch_optional(conn).await?);
        Ok(done.is_some())
    }

    /// Notes up to when a key is needed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note_issue(&mut self, kid: &str, expires_s: i64) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("UPDATE issuer_keys SET last_expiry_s = $2 WHERE kid = $1 AND last_expiry_s < $2")
                .bind(kid).bind(expires_s).execute(conn).await?;
        });
        Ok(())
    }
}
