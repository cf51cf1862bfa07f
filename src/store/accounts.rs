//! Accounts, sign-in links and sessions. None of it is a matter of the feed.

use super::StoreError;
use super::engine::{Store, Tx, on_pool, on_tx, on_write_pool};

/// Somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AccountRow {
    /// Random; what the audit log and the history call this person.
    pub id: String,
    /// Where links go.
    pub email: String,
    /// See `identity::Role`.
    pub role: String,
    /// Whose manager this is.
    pub partner_id: Option<String>,
    /// When it was made.
    pub created_s: i64,
    /// Since when it opens nothing.
    pub disabled_s: Option<i64>,
    /// The secret of the second factor.
    pub totp_sealed: Option<Vec<u8>>,
    /// Whether a code of it was shown once: 0 or 1.
    pub totp_confirmed: i64,
    /// The last step whose code was taken.
    pub totp_last_step: i64,
}

/// A session and whose it is.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SessionRow {
    /// Whose.
    #[sqlx(flatten)]
    pub account: AccountRow,
    /// Until when.
    pub expires_s: i64,
    /// Whether the second factor was shown: 0 or 1.
    pub totp_ok: i64,
}

macro_rules! account {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.email, a.role, a.partner_id, a.created_s, a.disabled_s, a.totp_sealed, a.totp_confirmed, \
             a.totp_last_step ",
            $rest
        )
    };
}

impl Store {
    /// An account by its address, folded by the caller.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn account_of_email(&self, email: &str) -> Result<Option<AccountRow>, StoreError> {
        const SQL: &str = account!("FROM accounts a WHERE a.email = $1");
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).bind(email).fetch_optional(pool).await?))
    }

    /// An account.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_account(&self, id: &str) -> Result<Option<AccountRow>, StoreError> {
        const SQL: &str = account!("FROM accounts a WHERE a.id = $1");
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await?))
    }

    /// The managers of a partner, disabled ones too, by address.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn managers_of(&self, partner_id: &str) -> Result<Vec<AccountRow>, StoreError> {
        const SQL: &str = account!("FROM accounts a WHERE a.partner_id = $1 ORDER BY a.email");
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).bind(partner_id).fetch_all(pool).await?))
    }

    /// Operators and auditors, disabled ones too, by address.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list_staff(&self) -> Result<Vec<AccountRow>, StoreError> {
        const SQL: &str = account!("FROM accounts a WHERE a.role <> 'manager' ORDER BY a.email");
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).fetch_all(pool).await?))
    }

    /// A page of all accounts, staff first, by address; `after` is the id of the last one seen.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list_accounts(&self, after: &str, limit: i64) -> Result<Vec<AccountRow>, StoreError> {
        const SQL: &str = account!(
            "FROM accounts a WHERE $1 = '' OR (CASE WHEN a.role = 'manager' THEN 1 ELSE 0 END, a.email) > \
             (SELECT CASE WHEN b.role = 'manager' THEN 1 ELSE 0 END, b.email FROM accounts b WHERE b.id = $1) \
             ORDER BY CASE WHEN a.role = 'manager' THEN 1 ELSE 0 END, a.email LIMIT $2"
        );
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).bind(after).bind(limit).fetch_all(pool).await?))
    }

    /// Keeps a sign-in link by the hash of its token.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_sign_in_link(
        &self,
        token_hash: &[u8],
        email: &str,
        destination: &str,
        partner_id: Option<&str>,
        expires_s: i64,
    ) -> Result<(), StoreError> {
        on_write_pool!(self, pool => {
            sqlx::query("INSERT INTO sign_in_links (token_hash, email, destination, partner_id, expires_s) VALUES ($1, $2, $3, $4, $5)")
                .bind(token_hash).bind(email).bind(destination).bind(partner_id).bind(expires_s).execute(pool).await?;
        });
        Ok(())
    }

    /// The session of a token, if it has not ended and its account is not disabled.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_session(&self, token_hash: &[u8], now_s: i64) -> Result<Option<SessionRow>, StoreError> {
        const SQL: &str = account!(
            ", s.expires_s, s.totp_ok FROM sessions s JOIN accounts a ON a.id = s.account_id \
             WHERE s.token_hash = $1 AND s.expires_s > $2 AND a.disabled_s IS NULL"
        );
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).bind(token_hash).bind(now_s).fetch_optional(pool).await?))
    }

    /// Forgets links and sessions that have run out, what was kept against repeated requests, and after a month bulk
    /// files.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sweep_accounts(&self, now_s: i64) -> Result<(), StoreError> {
        const KEPT_S: i64 = 30 * 86_400;
        let mut tx = self.begin().await?;
        on_tx!(tx.inner, conn => {
            for (sql, before) in [
                ("DELETE FROM sign_in_links WHERE expires_s < $1", now_s),
                ("DELETE FROM sessions WHERE expires_s < $1", now_s),
                ("DELETE FROM idempotency WHERE expires_s < $1", now_s),
                (
                    "DELETE FROM bulk_rows WHERE file_id IN (SELECT id FROM bulk_files WHERE created_s < $1)",
                    now_s - KEPT_S,
                ),
                ("DELETE FROM bulk_files WHERE created_s < $1", now_s - KEPT_S),
            ] {
                sqlx::query(sql).bind(before).execute(&mut *conn).await?;
            }
        });
        tx.commit().await?;
        Ok(())
    }
}

impl Tx {
    /// Keeps a new account; false when its address has one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_account(&mut self, account: &AccountRow) -> Result<bool, StoreError> {
        let a = account;
        let done: Option<String> = on_tx!(self.inner, conn => sqlx::query_scalar(
            "INSERT INTO accounts (id, email, role, partner_id, created_s, disabled_s, totp_sealed, totp_confirmed, \
             totp_last_step) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id",
        )
        .bind(&a.id).bind(&a.email).bind(&a.role).bind(&a.partner_id).bind(a.created_s).bind(a.disabled_s)
        .bind(&a.totp_sealed).bind(a.totp_confirmed).bind(a.totp_last_step).fetch_optional(conn).await?);
        Ok(done.is_some())
    }

    /// Uses a sign-in link up: address, and the partner of an invitation.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_sign_in_link(
        &mut self,
        token_hash: &[u8],
        now_s: i64,
    ) -> Result<Option<(String, Option<String>)>, StoreError> {
        Ok(on_tx!(self.inner, conn => sqlx::query_as(
            "DELETE FROM sign_in_links WHERE token_hash = $1 AND expires_s > $2 RETURNING email, partner_id",
        ).bind(token_hash).bind(now_s).fetch_optional(conn).await?))
    }

    /// Opens a session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_session(
        &mut self,
        token_hash: &[u8],
        account_id: &str,
        now_s: i64,
        expires_s: i64,
    ) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query(
                "INSERT INTO sessions (token_hash, account_id, created_s, expires_s, totp_ok) VALUES ($1, $2, $3, $4, 0)",
            )
            .bind(token_hash).bind(account_id).bind(now_s).bind(expires_s).execute(conn).await?;
        });
        Ok(())
    }

    /// Ends one session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_session(&mut self, token_hash: &[u8]) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("DELETE FROM sessions WHERE token_hash = $1").bind(token_hash).execute(conn).await?;
        });
        Ok(())
    }

    /// Ends every session of an account.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_sessions(&mut self, account_id: &str) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("DELETE FROM sessions WHERE account_id = $1").bind(account_id).execute(conn).await?;
        });
        Ok(())
    }

    /// Notes that a session has shown its second factor.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn raise_session(&mut self, token_hash: &[u8]) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("UPDATE sessions SET totp_ok = 1 WHERE token_hash = $1").bind(token_hash).execute(conn).await?;
        });
        Ok(())
    }

    /// Keeps the secret of a second factor where there is none yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_totp(&mut self, account_id: &str, sealed: &[u8]) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("UPDATE accounts SET totp_sealed = $2 WHERE id = $1 AND totp_sealed IS NULL")
                .bind(account_id).bind(sealed).execute(conn).await?;
        });
        Ok(())
    }

    /// Takes the code of a step, once; whether it was the first time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_totp(&mut self, account_id: &str, step: i64) -> Result<bool, StoreError> {
        let done: Option<String> = on_tx!(self.inner, conn => sqlx::query_scalar(
            "UPDATE accounts SET totp_last_step = $2, totp_confirmed = 1 WHERE id = $1 AND totp_last_step < $2 \
             RETURNING id",
        ).bind(account_id).bind(step).fetch_optional(conn).await?);
        Ok(done.is_some())
    }

    /// Makes an account that has no partner the manager of one; whether it had none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn bind_account(&mut self, account_id: &str, partner_id: &str) -> Result<bool, StoreError> {
        let done: Option<String> = on_tx!(self.inner, conn => sqlx::query_scalar(
            "UPDATE accounts SET partner_id = $2 WHERE id = $1 AND partner_id IS NULL RETURNING id",
        ).bind(account_id).bind(partner_id).fetch_optional(conn).await?);
        Ok(done.is_some())
    }

    /// Takes a partner's desk away from an account, and ends its sessions; whether it had that partner.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unbind_account(&mut self, account_id: &str, partner_id: &str) -> Result<bool, StoreError> {
        self.end_sessions(account_id).await?;
        let done: Option<String> = on_tx!(self.inner, conn => sqlx::query_scalar(
            "UPDATE accounts SET partner_id = NULL WHERE id = $1 AND partner_id = $2 RETURNING id",
        ).bind(account_id).bind(partner_id).fetch_optional(conn).await?);
        Ok(done.is_some())
    }

    /// Disables an account and ends its sessions; whether there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn disable_account(&mut self, account_id: &str, now_s: i64) -> Result<bool, StoreError> {
        self.end_sessions(account_id).await?;
        let done: Option<String> = on_tx!(self.inner, conn => sqlx::query_scalar(
            "UPDATE accounts SET disabled_s = $2 WHERE id = $1 AND disabled_s IS NULL RETURNING id",
        ).bind(account_id).bind(now_s).fetch_optional(conn).await?);
        Ok(done.is_some())
    }
}
