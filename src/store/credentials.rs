//! What the credential desk remembers: keys, rights, offers, wallets, status lists. None of it is a matter of the feed.

use super::StoreError;
use super::engine::{Store, Tx, on_pool, on_tx, on_write_pool};
use chrono::NaiveDate;

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

/// A device that holds a right.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WalletRow {
    /// Random.
    pub id: String,
    /// Whose right.
    pub right_id: String,
    /// Thumbprint of the device's key.
    pub device: Option<Vec<u8>>,
    /// pending, active, replaced, revoked.
    pub state: String,
    /// When it was made.
    pub created_s: i64,
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

macro_rules! right {
    ($rest:literal) => {
        concat!(
            "SELECT id, outside_hash, outside_key_version, category, region, valid_from, valid_until, state, reason, \
             created_s, updated_s FROM rights ",
            $rest
        )
    };
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

    /// Keeps a new key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_issuer_key(&self, key: &IssuerKeyRow) -> Result<(), StoreError> {
        on_write_pool!(self, pool => {
            sqlx::query(
                "INSERT INTO issuer_keys (kid, public_key, sealed, created_s, active_from_s, retired_s, last_expiry_s) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(&key.kid).bind(&key.public_key).bind(&key.sealed).bind(key.created_s).bind(key.active_from_s)
            .bind(key.retired_s).bind(key.last_expiry_s).execute(pool).await?;
        });
        Ok(())
    }

    /// Lets a key sign no more; whether there was such a key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn retire_issuer_key(&self, kid: &str, at_s: i64) -> Result<bool, StoreError> {
        let done: Option<String> = on_write_pool!(self, pool => sqlx::query_scalar(
            "UPDATE issuer_keys SET retired_s = $2 WHERE kid = $1 AND retired_s IS NULL RETURNING kid",
        ).bind(kid).bind(at_s).fetch_optional(pool).await?);
        Ok(done.is_some())
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
