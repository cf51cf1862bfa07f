//! What checking remembers: codes that were taken, terminals and tills, spoken codes.

use super::StoreError;
use super::engine::{Store, Tx, on_pool, on_tx, on_write_pool};
use super::wallets::{HELD_BY_WALLET, HeldRight};
use crate::domain::LocationId;
use chrono::NaiveDate;

/// A code that was taken.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RedemptionRow {
    /// Of the code.
    pub nonce: Vec<u8>,
    /// Keyed hash of who took it.
    pub verifier: Vec<u8>,
    /// When.
    pub at_s: i64,
    /// What was answered, JSON.
    pub verdict: String,
    /// For the partner's books.
    pub receipt: String,
    /// Whose it was; sealed, for disputes, a month long.
    pub receipt_link: Vec<u8>,
}

/// A paired terminal.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TerminalRow {
    /// Random.
    pub id: String,
    /// Where it stands.
    pub location_id: String,
    /// What the shop calls it.
    pub name: String,
    /// What it is told apart by when a code is spoken.
    pub number: String,
    /// Hash of its secret.
    pub secret_hash: Vec<u8>,
    /// Until when spoken codes are not taken here.
    pub spoken_locked_s: i64,
}

/// A till's key.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ApiKeyRow {
    /// Stands in the key itself.
    pub id: String,
    /// Whose it is.
    pub name: String,
    /// Where the till stands.
    pub location_id: Option<String>,
    /// Hash of its secret.
    pub secret_hash: Vec<u8>,
    /// When it was made.
    pub created_s: i64,
    /// Since when it opens nothing.
    pub revoked_s: Option<i64>,
}

macro_rules! terminal {
    ($rest:literal) => {
        concat!("SELECT id, location_id, name, number, secret_hash, spoken_locked_s FROM terminals ", $rest)
    };
}

impl Store {
    /// Takes a code; `None` when this is the first time, else who took it before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn redeem(&self, row: &RedemptionRow) -> Result<Option<RedemptionRow>, StoreError> {
        let done: Option<i64> = on_write_pool!(self, pool => sqlx::query_scalar(
            "INSERT INTO redemptions (nonce, verifier, at_s, verdict, receipt, receipt_link) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING at_s",
        )
        .bind(&row.nonce).bind(&row.verifier).bind(row.at_s).bind(&row.verdict).bind(&row.receipt)
        .bind(&row.receipt_link).fetch_optional(pool).await?);
        if done.is_some() { Ok(None) } else { self.lookup_redemption(&row.nonce).await }
    }

    /// Who took a code.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_redemption(&self, nonce: &[u8]) -> Result<Option<RedemptionRow>, StoreError> {
        Ok(on_write_pool!(self, pool => sqlx::query_as(
            "SELECT nonce, verifier, at_s, verdict, receipt, receipt_link FROM redemptions WHERE nonce = $1",
        ).bind(nonce).fetch_optional(pool).await?))
    }

    /// Keeps a pairing code.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_pairing(
        &self,
        code_hash: &[u8],
        location_id: &str,
        name: &str,
        expires_s: i64,
    ) -> Result<(), StoreError> {
        on_write_pool!(self, pool => {
            sqlx::query("INSERT INTO pairings (code_hash, location_id, name, expires_s) VALUES ($1, $2, $3, $4)")
                .bind(code_hash).bind(location_id).bind(name).bind(expires_s).execute(pool).await?;
        });
        Ok(())
    }

    /// Uses a pairing code up: location and name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_pairing(&self, code_hash: &[u8], now_s: i64) -> Result<Option<(String, String)>, StoreError> {
        Ok(on_write_pool!(self, pool => sqlx::query_as(
            "DELETE FROM pairings WHERE code_hash = $1 AND expires_s > $2 RETURNING location_id, name",
        ).bind(code_hash).bind(now_s).fetch_optional(pool).await?))
    }

    /// Keeps a terminal; false when its number is taken.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_terminal(&self, terminal: &TerminalRow, now_s: i64) -> Result<bool, StoreError> {
        let done: Option<String> = on_write_pool!(self, pool => sqlx::query_scalar(
            "INSERT INTO terminals (id, location_id, name, number, secret_hash, paired_s, spoken_failures, \
             spoken_locked_s) VALUES ($1, $2, $3, $4, $5, $6, 0, 0) ON CONFLICT DO NOTHING RETURNING id",
        )
        .bind(&terminal.id).bind(&terminal.location_id).bind(&terminal.name).bind(&terminal.number)
        .bind(&terminal.secret_hash).bind(now_s).fetch_optional(pool).await?);
        Ok(done.is_some())
    }

    /// A terminal that is paired.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_terminal(&self, id: &str) -> Result<Option<TerminalRow>, StoreError> {
        const SQL: &str = terminal!("WHERE id = $1 AND revoked_s IS NULL");
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await?))
    }

    /// A terminal by its number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn terminal_of_number(&self, number: &str) -> Result<Option<TerminalRow>, StoreError> {
        const SQL: &str = terminal!("WHERE number = $1 AND revoked_s IS NULL");
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).bind(number).fetch_optional(pool).await?))
    }

    /// Every paired terminal, by location.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list_terminals(&self) -> Result<Vec<TerminalRow>, StoreError> {
        const SQL: &str = terminal!("WHERE revoked_s IS NULL ORDER BY location_id, number");
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).fetch_all(pool).await?))
    }

    /// Ends a terminal; whether there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn revoke_terminal(&self, id: &str, now_s: i64) -> Result<bool, StoreError> {
        let done: Option<String> = on_write_pool!(self, pool => sqlx::query_scalar(
            "UPDATE terminals SET revoked_s = $2 WHERE id = $1 AND revoked_s IS NULL RETURNING id",
        ).bind(id).bind(now_s).fetch_optional(pool).await?);
        Ok(done.is_some())
    }

    /// Keeps a spoken code; one that is there already is the newer wallet's.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_spoken(
        &self,
        terminal_id: &str,
        digits_mac: &[u8],
        wallet_id: &str,
        expires_s: i64,
    ) -> Result<(), StoreError> {
        on_write_pool!(self, pool => {
            sqlx::query(
                "INSERT INTO spoken_codes (terminal_id, digits_mac, wallet_id, expires_s) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (terminal_id, digits_mac) DO UPDATE SET wallet_id = excluded.wallet_id, \
                 expires_s = excluded.expires_s",
            )
            .bind(terminal_id).bind(digits_mac).bind(wallet_id).bind(expires_s).execute(pool).await?;
        });
        Ok(())
    }

    /// Uses a spoken code up; whose it was. A wrong one is counted, and the third locks the terminal until `lock_s`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_spoken(
        &self,
        terminal_id: &str,
        digits_mac: &[u8],
        now_s: i64,
        lock_s: i64,
    ) -> Result<Option<HeldRight>, StoreError> {
        let mut tx = self.begin().await?;
        let wallet: Option<String> = on_tx!(tx.inner, conn => sqlx::query_scalar(
            "DELETE FROM spoken_codes WHERE terminal_id = $1 AND digits_mac = $2 AND expires_s > $3 RETURNING wallet_id",
        ).bind(terminal_id).bind(digits_mac).bind(now_s).fetch_optional(conn).await?);
        let held = if let Some(wallet) = wallet {
            on_tx!(tx.inner, conn => {
                sqlx::query("UPDATE terminals SET spoken_failures = 0 WHERE id = $1")
                    .bind(terminal_id).execute(&mut *conn).await?;
                sqlx::query_as(HELD_BY_WALLET).bind(wallet).fetch_optional(conn).await?
            })
        } else {
            on_tx!(tx.inner, conn => {
                sqlx::query(
                    "UPDATE terminals SET \
                     spoken_locked_s = CASE WHEN spoken_failures >= 2 THEN $2 ELSE spoken_locked_s END, \
                     spoken_failures = CASE WHEN spoken_failures >= 2 THEN 0 ELSE spoken_failures + 1 END \
                     WHERE id = $1",
                ).bind(terminal_id).bind(lock_s).execute(conn).await?;
            });
            None
        };
        tx.commit().await?;
        Ok(held)
    }

    /// Keeps a till's key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_api_key(&self, key: &ApiKeyRow) -> Result<(), StoreError> {
        on_write_pool!(self, pool => {
            sqlx::query("INSERT INTO api_keys (id, name, location_id, secret_hash, created_s) VALUES ($1, $2, $3, $4, $5)")
                .bind(&key.id).bind(&key.name).bind(&key.location_id).bind(&key.secret_hash).bind(key.created_s)
                .execute(pool).await?;
        });
        Ok(())
    }

    /// Tills' keys, revoked ones too.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list_api_keys(&self) -> Result<Vec<ApiKeyRow>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(
            "SELECT id, name, location_id, secret_hash, created_s, revoked_s FROM api_keys ORDER BY created_s, id",
        ).fetch_all(pool).await?))
    }

    /// A till's key that opens.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_api_key(&self, id: &str) -> Result<Option<ApiKeyRow>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(
            "SELECT id, name, location_id, secret_hash, created_s, revoked_s FROM api_keys \
             WHERE id = $1 AND revoked_s IS NULL",
        ).bind(id).fetch_optional(pool).await?))
    }

    /// A till's key of the command line. Keys of partners' systems are not found here: they have scopes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_till_key(&self, id: &str) -> Result<Option<ApiKeyRow>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(
            "SELECT id, name, location_id, secret_hash, created_s, revoked_s FROM api_keys \
             WHERE id = $1 AND revoked_s IS NULL AND partner_id IS NULL",
        ).bind(id).fetch_optional(pool).await?))
    }

    /// Ends a till's key; whether there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn revoke_api_key(&self, id: &str, now_s: i64) -> Result<bool, StoreError> {
        let done: Option<String> = on_write_pool!(self, pool => sqlx::query_scalar(
            "UPDATE api_keys SET revoked_s = $2 WHERE id = $1 AND revoked_s IS NULL RETURNING id",
        ).bind(id).bind(now_s).fetch_optional(pool).await?);
        Ok(done.is_some())
    }
}

impl Tx {
    /// A benefit was granted at a location on a day: its card says so, once a day.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn confirm_location(&mut self, id: &LocationId, day: NaiveDate) -> Result<bool, StoreError> {
        let done: Option<String> = on_tx!(self.inner, conn => sqlx::query_scalar(
            "UPDATE locations SET last_confirmed = $2 WHERE id = $1 AND state = 'published' \
             AND (last_confirmed IS NULL OR last_confirmed < $2) RETURNING id",
        ).bind(id.as_str()).bind(day).fetch_optional(conn).await?);
        if done.is_some() {
            self.touched.insert(id.clone());
        }
        Ok(done.is_some())
    }
}
