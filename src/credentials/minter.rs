//! What a wallet asks for with its device's key: codes ahead, how the right stands, a way to move or to give back.

use super::code_text::Profile;
use super::desk::{Desk, DeskError, hash};
use super::device_proof::{self, ProofError};
use super::online_code::{OnlineCode, STEP_S, step_at};
use super::rights::{MOVE_S, Offer, RightError, RightState};
use crate::sealing::{Sealer, plain_spoken, random, random_digits, random_spoken};
use crate::store::StoreError;
use crate::store::wallets::HeldRight;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Most codes ahead: five minutes.
pub const MOST_CODES: usize = 10;
/// How long an alias outlives its last code, seconds: as long as a check's answer is kept.
const REF_S: i64 = 600;
/// How long a spoken code is good for, seconds.
pub const SPOKEN_S: i64 = 60;
/// Groups of four in a recovery code.
const RECOVERY_GROUPS: usize = 3;
/// Tries of recovery codes by all the world in ten minutes; a code has sixty bits.
const RECOVERY_TRIES: i64 = 100;
const WINDOW_S: i64 = 600;

/// The daily keys that were opened, by kid.
#[derive(Default)]
pub(super) struct CodeKeys(Mutex<HashMap<u8, (i64, Arc<Sealer>)>>);

/// Why a wallet gets nothing.
#[derive(Debug, thiserror::Error)]
pub enum WalletError {
    /// The proof is none.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// A proof that was used before.
    #[error("the proof was used before")]
    Replay,
    /// No wallet has this key.
    #[error("no wallet has this key")]
    UnknownDevice,
    /// The right does not hold.
    #[error("the right does not hold")]
    Held(Standing),
    /// No terminal of this number.
    #[error("no terminal has this number")]
    NoTerminal,
    /// No such recovery code.
    #[error("the recovery code is unknown")]
    NoRecovery,
    /// Too many tries.
    #[error("too many tries")]
    TooMany,
    /// What is no answer.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl From<StoreError> for WalletError {
    fn from(error: StoreError) -> Self {
        Self::Desk(error.into())
    }
}

/// How a wallet and its right stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Codes are given.
    Active,
    /// It will hold again.
    Suspended,
    /// Taken back.
    Revoked,
    /// The last day is over.
    Ended,
    /// Its first day lies ahead.
    NotYet,
    /// Another device stands in for this one.
    Replaced,
}

/// A code to show.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Code {
    /// When: floor(seconds / 30).
    pub step: u32,
    /// The text of its QR.
    pub text: String,
}

impl Desk {
    /// How a wallet stands today.
    pub(super) fn standing(&self, held: &HeldRight) -> Result<Standing, DeskError> {
        let today = self.today();
        Ok(match (&*held.wallet_state, RightState::of_code(&held.state).ok_or(DeskError::Row("rights.state"))?) {
            ("replaced", _) => Standing::Replaced,
            ("active", RightState::Suspended) => Standing::Suspended,
            ("active", RightState::Ended) => Standing::Ended,
            ("active", RightState::Confirmed) if held.valid_until < today => Standing::Ended,
            ("active", RightState::Confirmed) if held.valid_from.is_some_and(|from| from > today) => Standing::NotYet,
            ("active", RightState::Confirmed) => Standing::Active,
            _ => Standing::Revoked,
        })
    }

    /// The key of today's codes.
    async fn todays_key(&self) -> Result<(u8, Arc<Sealer>), DeskError> {
        let day = self.now_s().div_euclid(86_400);
        let kid = kid_of(day);
        if let Some(known) = self.known_code_key(kid, day) {
            return Ok((kid, known));
        }
        let fresh = self.sealing.sealer("code-keys").seal(&context(day), &random::<32>());
        let sealed = self.store.code_key(day, Some(&fresh)).await?.ok_or(DeskError::Row("code_keys"))?;
        Ok((kid, self.open_code_key(kid, day, &sealed)?))
    }

    /// The key of a code's kid, if it is of today or yesterday.
    pub(super) async fn code_key(&self, kid: u8) -> Result<Option<Arc<Sealer>>, DeskError> {
        let today = self.now_s().div_euclid(86_400);
        let Some(day) = [today, today - 1].into_iter().find(|day| kid_of(*day) == kid) else { return Ok(None) };
        if let Some(known) = self.known_code_key(kid, day) {
            return Ok(Some(known));
        }
        // Another replica may have made it a moment ago.
        let Some(sealed) = self.store.code_key(day, None).await? else { return Ok(None) };
        Ok(Some(self.open_code_key(kid, day, &sealed)?))
    }

    fn known_code_key(&self, kid: u8, day: i64) -> Option<Arc<Sealer>> {
        let keys = self.code_keys.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.get(&kid).filter(|(of, _)| *of == day).map(|(_, key)| Arc::clone(key))
    }

    fn open_code_key(&self, kid: u8, day: i64, sealed: &[u8]) -> Result<Arc<Sealer>, DeskError> {
        let plain = self.sealing.sealer("code-keys").open(&context(day), sealed)?;
        let key: &[u8; 32] = plain.as_slice().try_into().map_err(|_| DeskError::Row("code_keys.sealed"))?;
        let key = Arc::new(Sealer::new(key));
        let mut keys = self.code_keys.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Two days at most: what is older is deleted in the store, and must not live on here.
        keys.retain(|_, (of, _)| *of >= day - 1);
        keys.insert(kid, (day, Arc::clone(&key)));
        Ok(key)
    }

    /// The wallet that proves itself for a route of ours; each proof once.
    ///
    /// # Errors
    /// [`WalletError`].
    pub async fn wallet_of(&self, proof: &str, path: &str) -> Result<HeldRight, WalletError> {
        let now = self.now();
        let proof = device_proof::device_proof(proof, "POST", &self.url(path), &self.nonces, now)?;
        let held = self.store.held_by_device(&proof.key.thumbprint()).await?.ok_or(WalletError::UnknownDevice)?;
        let jti = hash(&format!("jti {} {}", held.wallet_id, proof.jti.unwrap_or_default()));
        if !self.store.use_once(&jti, now.timestamp() + device_proof::NONCE_S + 60).await? {
            return Err(WalletError::Replay);
        }
        Ok(held)
    }

    fn must_be_active(&self, held: &HeldRight) -> Result<(), WalletError> {
        match self.standing(held)? {
            Standing::Active => Ok(()),
            other => Err(WalletError::Held(other)),
        }
    }

    /// Codes from the present step on.
    ///
    /// # Errors
    /// [`WalletError`].
    pub async fn codes(&self, held: &HeldRight, count: usize) -> Result<Vec<Code>, WalletError> {
        self.must_be_active(held)?;
        let count = count.clamp(1, MOST_CODES);
        let (kid, key) = self.todays_key().await?;
        let first = step_at(self.now());
        // An alias of its own for each fetching: two of them cannot be told to be of one wallet.
        let code_ref = u64::from_be_bytes(random());
        let last_s = (i64::from(first) + count as i64) * STEP_S + i64::from(self.options.grace_s);
        self.store.put_code_ref(code_ref as i64, &held.wallet_id, last_s + REF_S).await?;
        Ok((first..)
            .take(count)
            .map(|step| {
                let token = OnlineCode { credential_ref: code_ref, step }.seal(kid, &key);
                Code { step, text: self.prefix.text(Profile::A, &token) }
            })
            .collect())
    }

    /// How the wallet stands, on how many devices the right is, and whether a code was taken.
    ///
    /// # Errors
    /// [`WalletError`].
    pub async fn wallet_state(
        &self,
        held: &HeldRight,
        code: Option<&str>,
    ) -> Result<(Standing, i64, bool), WalletError> {
        let used = match code.and_then(|text| self.prefix.parse(text)).and_then(|(_, token)| OnlineCode::parts(&token))
        {
            Some((_, nonce)) => self.store.lookup_redemption(&nonce).await?.is_some(),
            None => false,
        };
        Ok((self.standing(held)?, self.store.count_devices(&held.right_id).await?, used))
    }

    /// Digits to be spoken at one terminal.
    ///
    /// # Errors
    /// [`WalletError`].
    pub async fn spoken(&self, held: &HeldRight, terminal: &str) -> Result<String, WalletError> {
        self.must_be_active(held)?;
        let number: String = terminal.chars().filter(char::is_ascii_digit).collect();
        let terminal = self.store.terminal_of_number(&number).await?.ok_or(WalletError::NoTerminal)?;
        let digits = random_digits(6);
        let mac = self.spoken_mac(&terminal.id, &digits);
        self.store.put_spoken(&terminal.id, &mac, &held.wallet_id, self.now_s() + SPOKEN_S).await?;
        Ok(digits)
    }

    pub(super) fn spoken_mac(&self, terminal_id: &str, digits: &str) -> Vec<u8> {
        self.sealing.mac("spoken", &[terminal_id.as_bytes(), digits.as_bytes()]).to_vec()
    }

    /// A code to be written down: with it a loss is reported from any phone.
    ///
    /// # Errors
    /// [`WalletError`].
    pub async fn recovery(&self, held: &HeldRight) -> Result<String, WalletError> {
        self.must_be_active(held)?;
        let code = random_spoken(RECOVERY_GROUPS);
        let mut tx = self.store.begin().await?;
        tx.set_recovery(&held.right_id, &self.recovery_mac(&code)).await?;
        tx.commit().await?;
        Ok(code)
    }

    fn recovery_mac(&self, code: &str) -> Vec<u8> {
        self.sealing.mac("recovery", &[plain_spoken(code).as_bytes()]).to_vec()
    }

    /// "My phone is lost": every device of the family is revoked. The right itself stays; the agency's office hands out
    /// a new offer.
    ///
    /// # Errors
    /// [`WalletError`].
    pub async fn lost(&self, recovery_code: &str) -> Result<(), WalletError> {
        self.limited("recovery", RECOVERY_TRIES).await?;
        let mut tx = self.store.begin().await?;
        let right = tx.take_recovery(&self.recovery_mac(recovery_code)).await?.ok_or(WalletError::NoRecovery)?;
        for wallet in tx.active_wallets(&right).await? {
            tx.end_wallet(&wallet, "revoked").await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Counts a try of what could be guessed.
    pub(super) async fn limited(&self, subject: &str, most: i64) -> Result<(), WalletError> {
        let window_s = self.now_s() - self.now_s().rem_euclid(WINDOW_S);
        let count = self.store.count_attempt(subject, window_s).await?;
        if count > most { Err(WalletError::TooMany) } else { Ok(()) }
    }

    /// An offer for the new phone; once it is taken up, this one is replaced.
    ///
    /// # Errors
    /// [`WalletError`].
    pub async fn move_wallet(&self, held: &HeldRight) -> Result<Offer, WalletError> {
        self.must_be_active(held)?;
        self.offer(&held.right_id, Some(&held.wallet_id), MOVE_S).await.map_err(|error| match error {
            RightError::Desk(error) => WalletError::Desk(error),
            _ => WalletError::Held(Standing::Ended),
        })
    }

    /// Gives the credential of this device back.
    ///
    /// # Errors
    /// [`WalletError`].
    pub async fn forget(&self, held: &HeldRight) -> Result<(), WalletError> {
        let mut tx = self.store.begin().await?;
        tx.end_wallet(&held.wallet_id, "revoked").await?;
        tx.commit().await?;
        Ok(())
    }
}

fn kid_of(day: i64) -> u8 {
    day.rem_euclid(256) as u8
}

fn context(day: i64) -> Vec<u8> {
    format!("code-key {day}").into_bytes()
}
