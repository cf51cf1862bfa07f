//! The desk itself: what every actor of this room holds.

use super::code_text::Prefix;
use super::device_proof::Nonces;
use super::keyring::Keyring;
use super::minter::CodeKeys;
use super::outside_id::OutsideIdKey;
use super::signer::SignError;
use super::status_lists::StatusTokens;
use crate::domain::Clock;
use crate::sealing::{SealingKey, Unopenable};
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// How the desk works.
#[derive(Debug, Clone)]
pub struct Options {
    /// What every address begins with, and the issuer's identifier; no slash at its end.
    pub public_url: String,
    /// How long after its step a code is still taken, seconds.
    pub grace_s: u32,
    /// By whose midnight rights begin and end.
    pub time_zone: Tz,
    /// The key of outside ids; without one it is derived from the sealing key.
    pub outside_id_key: Option<OutsideIdKey>,
}

impl Options {
    /// The defaults for a public URL.
    pub fn at(public_url: &str) -> Self {
        Self {
            public_url: public_url.trim_end_matches('/').to_owned(),
            grace_s: 15,
            time_zone: chrono_tz::Europe::Moscow,
            outside_id_key: None,
        }
    }
}

/// Rights, issuing, codes and checks over one store. Its caches are of what can be read again.
pub struct Desk {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) sealing: SealingKey,
    pub(super) options: Options,
    pub(super) prefix: Prefix,
    pub(super) nonces: Nonces,
    pub(super) outside: OutsideIdKey,
    pub(super) keyring: Keyring,
    pub(super) code_keys: CodeKeys,
    pub(super) status_tokens: StatusTokens,
    pub(super) confirmed_today: super::verifier::ConfirmedToday,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("options", &self.options).finish_non_exhaustive()
    }
}

/// What went wrong that is no answer.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The sealing key does not fit the database.
    #[error(transparent)]
    Sealed(#[from] Unopenable),
    /// The issuer's key.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// There is no key that signs now.
    #[error("no key of the issuer signs now: make one with `ryadom keys new`")]
    NoKey,
    /// A row that cannot be read.
    #[error("a row of the credential tables cannot be read: {0}")]
    Row(&'static str),
}

impl Desk {
    /// A desk over a store whose tables are there.
    pub fn new(store: Store, clock: Arc<dyn Clock>, sealing: SealingKey, options: Options) -> Self {
        let outside =
            options.outside_id_key.clone().unwrap_or_else(|| OutsideIdKey::derived(&sealing.derive("outside-id")));
        Self {
            prefix: Prefix::of(&options.public_url),
            nonces: Nonces::new(&sealing.derive("nonces")),
            outside,
            keyring: Keyring::default(),
            code_keys: CodeKeys::default(),
            status_tokens: StatusTokens::default(),
            confirmed_today: super::verifier::ConfirmedToday::default(),
            store,
            clock,
            sealing,
            options,
        }
    }

    /// What every address begins with.
    pub fn public_url(&self) -> &str {
        &self.options.public_url
    }

    /// Seconds after its step for which a code is taken.
    pub fn grace_s(&self) -> u32 {
        self.options.grace_s
    }

    /// An address of ours.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.options.public_url)
    }

    /// The key that outside ids are hashed with.
    pub fn outside(&self) -> &OutsideIdKey {
        &self.outside
    }

    /// A nonce for proofs.
    pub fn nonce(&self) -> String {
        self.nonces.make(self.now())
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(super) fn now_s(&self) -> i64 {
        self.now().timestamp()
    }

    pub(super) fn today(&self) -> NaiveDate {
        self.now().with_timezone(&self.options.time_zone).date_naive()
    }

    /// The first second after a day.
    pub(super) fn end_of(&self, day: NaiveDate) -> i64 {
        let midnight = (day + chrono::Days::new(1)).and_time(chrono::NaiveTime::MIN);
        midnight
            .and_local_timezone(self.options.time_zone)
            .earliest()
            .map_or_else(|| midnight.and_utc().timestamp(), |at| at.timestamp())
    }

    /// Forgets what has run out and ends rights whose last day is over.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn sweep(&self) -> Result<(), DeskError> {
        self.store.sweep_credentials(self.now_s()).await?;
        self.end_rights().await?;
        Ok(())
    }
}

/// SHA-256 of a secret that is long enough to need no salt.
pub(super) fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
