//! Offers, the wallets that took them up, and the entries of their credentials in status lists.

use super::StoreError;
use super::engine::{Store, Tx, on_pool, on_tx, on_write_pool};
use chrono::NaiveDate;

/// An offer that somebody may take up.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OfferRow {
    /// Hash of the part of its address.
    pub handle_hash: Vec<u8>,
    /// Hash of the pre-authorized code.
    pub code_hash: Vec<u8>,
    /// Keyed hash of the digits that are told apart from it.
    pub tx_code_mac: Option<Vec<u8>>,
    /// Wrong digits that are still forgiven, and one more.
    pub tries_left: i64,
    /// Whose right.
    pub right_id: String,
    /// The wallet that the new one stands in for.
    pub replaces: Option<String>,
    /// Its end.
    pub expires_s: i64,
    /// When it was taken up.
    pub used_s: Option<i64>,
}

/// What an access token opens.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AccessRow {
    /// The wallet to be filled.
    pub wallet_id: String,
    /// The wallet that it stands in for.
    pub replaces: Option<String>,
    /// Whose right.
    pub right_id: String,
    /// State of the wallet.
    pub state: String,
}

/// A wallet with its right, as a check needs them.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct HeldRight {
    /// The wallet.
    pub wallet_id: String,
    /// The right.
    pub right_id: String,
    /// State of the wallet.
    pub wallet_state: String,
    /// State of the right.
    pub state: String,
    /// The kind of right.
    pub category: String,
    /// Two digits.
    pub region: String,
    /// The first day.
    pub valid_from: Option<NaiveDate>,
    /// The last day.
    pub valid_until: NaiveDate,
}

macro_rules! offer {
    ($rest:literal) => {
        concat!(
            "SELECT handle_hash, code_hash, tx_code_mac, tries_left, right_id, replaces, expires_s, used_s FROM offers ",
            $rest
        )
    };
}

macro_rules! held {
    ($from:literal) => {
        concat!(
            "SELECT w.id AS wallet_id, r.id AS right_id, w.state AS wallet_state, r.state, r.category, r.region, \
             r.valid_from, r.valid_until FROM ",
            $from
        )
    };
}

/// The wallet of an id, with its right.
pub(super) const HELD_BY_WALLET: &str = held!("wallets w JOIN rights r ON r.id = w.right_id WHERE w.id = $1");

impl Store {
    /// An offer by the hash of its address.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_offer(&self, handle_hash: &[u8]) -> Result<Option<OfferRow>, StoreError> {
        const SQL: &str = offer!("WHERE handle_hash = $1");
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).bind(handle_hash).fetch_optional(pool).await?))
    }

    /// What an access token opens, while it does.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_access(&self, token_hash: &[u8], now_s: i64) -> Result<Option<AccessRow>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(
            "SELECT t.wallet_id, t.replaces, w.right_id, w.state FROM access_tokens t \
             JOIN wallets w ON w.id = t.wallet_id WHERE t.token_hash = $1 AND t.expires_s > $2",
        ).bind(token_hash).bind(now_s).fetch_optional(pool).await?))
    }

    /// The wallet of a device, with its right.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn held_by_device(&self, device: &[u8]) -> Result<Option<HeldRight>, StoreError> {
        const SQL: &str = held!("wallets w JOIN rights r ON r.id = w.right_id WHERE w.device = $1");
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).bind(device).fetch_optional(pool).await?))
    }

    /// The wallet behind an alias, with its right: asked of the database each time, so that what was revoked a moment
    /// ago on another replica is known.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn held_by_ref(&self, code_ref: i64) -> Result<Option<HeldRight>, StoreError> {
        const SQL: &str = held!(
            "code_refs c JOIN wallets w ON w.id = c.wallet_id JOIN rights r ON r.id = w.right_id WHERE c.ref = $1"
        );
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).bind(code_ref).fetch_optional(pool).await?))
    }

    /// How many devices hold a right.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_devices(&self, right_id: &str) -> Result<i64, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_scalar(
            "SELECT count(*) FROM wallets WHERE right_id = $1 AND state = 'active'",
        ).bind(right_id).fetch_one(pool).await?))
    }

    /// Gives a wallet an alias.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_code_ref(&self, code_ref: i64, wallet_id: &str, expires_s: i64) -> Result<(), StoreError> {
        on_write_pool!(self, pool => {
            sqlx::query("INSERT INTO code_refs (ref, wallet_id, expires_s) VALUES ($1, $2, $3)")
                .bind(code_ref).bind(wallet_id).bind(expires_s).execute(pool).await?;
        });
        Ok(())
    }

    /// Version and size of a status list.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_status_list(&self, number: i64) -> Result<Option<(i64, i64)>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as("SELECT version, size FROM status_lists WHERE number = $1")
            .bind(number).fetch_optional(pool).await?))
    }

    /// Entries of a list that are not 0.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn statuses(&self, list: i64) -> Result<Vec<(i64, i64)>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(
            "SELECT entry, status FROM credentials WHERE list = $1 AND status <> 0 ORDER BY entry",
        ).bind(list).fetch_all(pool).await?))
    }
}

impl Tx {
    /// Keeps an offer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_offer(&mut self, offer: &OfferRow) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query(
                "INSERT INTO offers (handle_hash, code_hash, tx_code_mac, tries_left, right_id, replaces, expires_s, \
                 used_s) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(&offer.handle_hash).bind(&offer.code_hash).bind(&offer.tx_code_mac).bind(offer.tries_left)
            .bind(&offer.right_id).bind(&offer.replaces).bind(offer.expires_s).bind(offer.used_s)
            .execute(conn).await?;
        });
        Ok(())
    }

    /// An offer that can still be taken up, locked to the end of this write.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lock_offer(&mut self, code_hash: &[u8], now_s: i64) -> Result<Option<OfferRow>, StoreError> {
        const SQL: &str = offer!("WHERE code_hash = $1 AND used_s IS NULL AND expires_s > $2 AND tries_left > 0");
        on_tx!(self.inner, conn => {
            sqlx::query("UPDATE offers SET tries_left = tries_left WHERE code_hash = $1")
                .bind(code_hash).execute(&mut *conn).await?;
            Ok(sqlx::query_as(SQL).bind(code_hash).bind(now_s).fetch_optional(conn).await?)
        })
    }

    /// Wrong digits were told.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_wrong_tx_code(&mut self, code_hash: &[u8]) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("UPDATE offers SET tries_left = tries_left - 1 WHERE code_hash = $1")
                .bind(code_hash).execute(conn).await?;
        });
        Ok(())
    }

    /// The offer is taken up: a wallet that waits for its keys, and the token that fills it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_offer(
        &mut self,
        offer: &OfferRow,
        wallet_id: &str,
        token_hash: &[u8],
        now_s: i64,
        expires_s: i64,
    ) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("UPDATE offers SET used_s = $2 WHERE code_hash = $1")
                .bind(&offer.code_hash).bind(now_s).execute(&mut *conn).await?;
            sqlx::query("INSERT INTO wallets (id, right_id, state, created_s) VALUES ($1, $2, 'pending', $3)")
                .bind(wallet_id).bind(&offer.right_id).bind(now_s).execute(&mut *conn).await?;
            sqlx::query("INSERT INTO access_tokens (token_hash, wallet_id, replaces, expires_s) VALUES ($1, $2, $3, $4)")
                .bind(token_hash).bind(wallet_id).bind(&offer.replaces).bind(expires_s).execute(conn).await?;
        });
        Ok(())
    }

    /// Gives a waiting wallet its device; false when another wallet has that device, or this one has one already.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn bind_device(&mut self, wallet_id: &str, device: &[u8]) -> Result<bool, StoreError> {
        let taken: Option<String> = on_tx!(self.inner, conn => {
            sqlx::query_scalar("SELECT id FROM wallets WHERE device = $1").bind(device).fetch_optional(conn).await?
        });
        if taken.is_some() {
            return Ok(false);
        }
        let done: Option<String> = on_tx!(self.inner, conn => {
            sqlx::query_scalar(
                "UPDATE wallets SET device = $2, state = 'active' WHERE id = $1 AND state = 'pending' RETURNING id",
            )
            .bind(wallet_id).bind(device).fetch_optional(conn).await?
        });
        Ok(done.is_some())
    }

    /// The devices of a right, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn active_wallets(&mut self, right_id: &str) -> Result<Vec<String>, StoreError> {
        Ok(on_tx!(self.inner, conn => sqlx::query_scalar(
            "SELECT id FROM wallets WHERE right_id = $1 AND state = 'active' ORDER BY created_s, id",
        ).bind(right_id).fetch_all(conn).await?))
    }

    /// Ends a wallet for good, as `replaced` or `revoked`, with every credential in it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_wallet(&mut self, wallet_id: &str, state: &str) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("UPDATE wallets SET state = $2 WHERE id = $1 AND (state = 'active' OR state = 'pending')")
                .bind(wallet_id).bind(state).execute(&mut *conn).await?;
            sqlx::query(
                "UPDATE status_lists SET version = version + 1 WHERE number IN \
                 (SELECT list FROM credentials WHERE wallet_id = $1 AND status <> 1)",
            ).bind(wallet_id).execute(&mut *conn).await?;
            sqlx::query("UPDATE credentials SET status = 1 WHERE wallet_id = $1 AND status <> 1")
                .bind(wallet_id).execute(conn).await?;
        });
        Ok(())
    }

    /// Writes the status of every credential that runs under a right; what is invalid stays so.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_status(&mut self, right_id: &str, status: i64) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query(
                "UPDATE status_lists SET version = version + 1 WHERE number IN \
                 (SELECT c.list FROM credentials c JOIN wallets w ON w.id = c.wallet_id WHERE w.right_id = $1)",
            ).bind(right_id).execute(&mut *conn).await?;
            sqlx::query(
                "UPDATE credentials SET status = $2 WHERE status <> 1 AND wallet_id IN \
                 (SELECT id FROM wallets WHERE right_id = $1)",
            ).bind(right_id).bind(status).execute(conn).await?;
        });
        Ok(())
    }

    /// A list with room, made when there is none: its number and size.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn roomy_status_list(&mut self, size: i64) -> Result<(i64, i64), StoreError> {
        // At most half of a list is used, so that a random entry is free after two tries on average.
        let found: Option<(i64, i64)> = on_tx!(self.inner, conn => sqlx::query_as(
            "SELECT number, size FROM status_lists WHERE used < size / 2 ORDER BY number DESC LIMIT 1",
        ).fetch_optional(conn).await?);
        if let Some(found) = found {
            return Ok(found);
        }
        Ok(on_tx!(self.inner, conn => sqlx::query_as(
            "INSERT INTO status_lists (number, size, used, version) \
             SELECT COALESCE(max(number), 0) + 1, $1, 0, 1 FROM status_lists RETURNING number, size",
        ).bind(size).fetch_one(conn).await?))
    }

    /// Takes an entry of a list for a credential; false when it is taken.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_credential(
        &mut self,
        (list, entry): (i64, i64),
        wallet_id: &str,
        kid: &str,
        expires_s: i64,
    ) -> Result<bool, StoreError> {
        let done: Option<i64> = on_tx!(self.inner, conn => sqlx::query_scalar(
            "INSERT INTO credentials (list, entry, wallet_id, kid, expires_s, status) VALUES ($1, $2, $3, $4, $5, 0) \
             ON CONFLICT DO NOTHING RETURNING entry",
        ).bind(list).bind(entry).bind(wallet_id).bind(kid).bind(expires_s).fetch_optional(conn).await?);
        if done.is_some() {
            on_tx!(self.inner, conn => {
                sqlx::query("UPDATE status_lists SET used = used + 1 WHERE number = $1").bind(list).execute(conn).await?;
            });
        }
        Ok(done.is_some())
    }
}
