//! Rights: who confirms them, and what becomes of them.
//!
//! ```text
//! applied -> confirmed -> suspended -> confirmed …        by an operator, a list, or an agency's system
//!         -> refused      confirmed -> revoked            for good
//!                         confirmed -> ended              by itself, after the last day
//! ```

use super::desk::{Desk, DeskError, hash};
use super::outside_id::OutsideHash;
use super::status_list::Status;
use crate::audit::{self, Entry};
use crate::domain::{Words, words};
use crate::sealing::{random_digits, random_text};
use crate::store::rights::RightRow;
use crate::store::wallets::OfferRow;
use crate::store::{StoreError, Tx};
use chrono::NaiveDate;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Kinds of rights that are known.
pub const CATEGORIES: &[&str] = &["large_family"];
/// How long an invitation may lie, seconds.
pub const INVITATION_S: i64 = 7 * 86_400;
/// How long a move to a new phone may take, seconds.
pub const MOVE_S: i64 = 600;
/// Digits that are told apart from the offer.
pub const TX_CODE_DIGITS: usize = 6;
/// Tries for them.
const TX_CODE_TRIES: i64 = 3;

/// Where a right stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RightState {
    /// Asked for.
    Applied,
    /// It holds.
    Confirmed,
    /// Asked for in vain.
    Refused,
    /// It holds again some day.
    Suspended,
    /// Taken back for good.
    Revoked,
    /// Its last day is over.
    Ended,
}

impl RightState {
    const ALL: [Self; 6] = [Self::Applied, Self::Confirmed, Self::Refused, Self::Suspended, Self::Revoked, Self::Ended];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
            Self::Ended => "ended",
        }
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Applied => words("заявлено", "applied for"),
            Self::Confirmed => words("подтверждено", "confirmed"),
            Self::Refused => words("отклонено", "refused"),
            Self::Suspended => words("приостановлено", "suspended"),
            Self::Revoked => words("отозвано", "revoked"),
            Self::Ended => words("закончилось", "ended"),
        }
    }

    /// Reads a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether one may follow the other.
    pub fn may_become(self, next: Self) -> bool {
        use RightState as S;
        matches!(
            (self, next),
            (S::Applied, S::Confirmed | S::Refused)
                | (S::Refused, S::Applied | S::Confirmed)
                | (S::Confirmed, S::Suspended | S::Revoked | S::Ended)
                | (S::Suspended, S::Confirmed | S::Revoked | S::Ended)
                // A family whose status was prolonged after its end.
                | (S::Ended, S::Confirmed)
        )
    }

    fn status(self) -> Status {
        match self {
            Self::Confirmed => Status::Valid,
            Self::Suspended => Status::Suspended,
            _ => Status::Invalid,
        }
    }
}

/// What is known of a right when it is made.
#[derive(Debug, Clone)]
pub struct NewRight {
    /// The kind.
    pub category: String,
    /// Two digits.
    pub region: String,
    /// The first day, when it lies ahead.
    pub valid_from: Option<NaiveDate>,
    /// The last day.
    pub valid_until: NaiveDate,
    /// Keyed hash of the agency's id.
    pub outside: Option<OutsideHash>,
    /// Applied or confirmed.
    pub state: RightState,
}

/// Why a right is not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum RightError {
    /// No such right.
    #[error("there is no such right")]
    Unknown,
    /// Not from here to there.
    #[error("a right that is {} does not become {}", .0.code(), .1.code())]
    Move(RightState, RightState),
    /// A field that cannot be.
    #[error("{0}: {1}")]
    Field(&'static str, Words),
    /// Another key of outside ids.
    #[error("the hash was made with key version {given}; the service has version {ours}")]
    KeyVersion {
        /// Of the hash.
        given: u32,
        /// Of the service.
        ours: u32,
    },
    /// What is no answer.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl From<crate::store::StoreError> for RightError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Desk(error.into())
    }
}

/// An offer to be handed over: the address by one way, the digits by another.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Offer {
    /// For any wallet.
    pub offer_uri: String,
    /// For ours.
    pub wallet_url: String,
    /// Told apart.
    pub tx_code: String,
    /// How long it may lie.
    pub expires_in_s: i64,
}

impl Desk {
    /// Makes a right. An outside id that is known already is the same family: its days and state are brought up to
    /// date, and its wallets stay.
    ///
    /// # Errors
    /// [`RightError`].
    pub async fn put_right(&self, new: &NewRight, actor: &str) -> Result<RightRow, RightError> {
        self.check(new)?;
        let mut tx = self.store.begin().await?;
        let right = self.put_right_in(&mut tx, new, actor).await?;
        note(&mut tx, self.now_s(), actor, &format!("right-{}", right.state), &format!("right:{}", right.id)).await?;
        tx.commit().await?;
        Ok(right)
    }

    async fn put_right_in(&self, tx: &mut Tx, new: &NewRight, actor: &str) -> Result<RightRow, RightError> {
        let now_s = self.now_s();
        if let Some(outside) = &new.outside
            && let Some(mut known) = tx.right_of_outside(&outside.bytes, &new.category).await?
        {
            let state = state_of(&known)?;
            let is_same = (&*known.region, known.valid_from, known.valid_until, state)
                == (&*new.region, new.valid_from, new.valid_until, new.state);
            if is_same {
                return Ok(known);
            }
            if state != new.state && !state.may_become(new.state) {
                return Err(RightError::Move(state, new.state));
            }
            known.region.clone_from(&new.region);
            (known.valid_from, known.valid_until) = (new.valid_from, new.valid_until);
            (known.state, known.reason, known.updated_s) = (new.state.code().to_owned(), None, now_s);
            tx.change_right(&known, actor).await?;
            tx.set_status(&known.id, i64::from(new.state.status().value())).await?;
            return Ok(known);
        }
        let right = RightRow {
            id: random_text::<12>(),
            outside_hash: new.outside.map(|hash| hash.bytes.to_vec()),
            outside_key_version: new.outside.map(|hash| i64::from(hash.version)),
            category: new.category.clone(),
            region: new.region.clone(),
            valid_from: new.valid_from,
            valid_until: new.valid_until,
            state: new.state.code().to_owned(),
            reason: None,
            created_s: now_s,
            updated_s: now_s,
        };
        tx.put_right(&right, actor).await?;
        Ok(right)
    }

    /// Takes a list of rights in one write: all of them or none.
    ///
    /// # Errors
    /// [`RightError`] with the number of the row, from 0.
    pub async fn put_rights(&self, rights: &[NewRight], actor: &str) -> Result<usize, (usize, RightError)> {
        let mut tx = self.store.begin().await.map_err(|e| (0, e.into()))?;
        for (i, new) in rights.iter().enumerate() {
            self.check(new).map_err(|e| (i, e))?;
            self.put_right_in(&mut tx, new, actor).await.map_err(|e| (i, e))?;
        }
        // One entry for the list: each row's own event stands in `right_events`.
        let target = format!("rights:{}", rights.len());
        let noted = note(&mut tx, self.now_s(), actor, "rights-list", &target).await;
        noted.map_err(|e| (rights.len(), e.into()))?;
        tx.commit().await.map_err(|e| (rights.len(), e.into()))?;
        Ok(rights.len())
    }

    fn check(&self, new: &NewRight) -> Result<(), RightError> {
        if !CATEGORIES.contains(&&*new.category) {
            return Err(RightError::Field("category", words("бывает large_family", "must be large_family")));
        }
        if new.region.len() != 2 || !new.region.bytes().all(|b| b.is_ascii_digit()) {
            return Err(RightError::Field(
                "region",
                words("это две цифры, например 26", "must be two digits, such as 26"),
            ));
        }
        if new.valid_until < self.today() {
            return Err(RightError::Field("valid_until", words("уже прошёл", "lies in the past")));
        }
        if new.valid_from.is_some_and(|from| from > new.valid_until) {
            return Err(RightError::Field("valid_from", words("позже valid_until", "lies after valid_until")));
        }
        match &new.outside {
            Some(hash) if hash.version != self.outside.version => {
                Err(RightError::KeyVersion { given: hash.version, ours: self.outside.version })
            }
            _ => Ok(()),
        }
    }

    /// A right by its id.
    ///
    /// # Errors
    /// [`RightError`].
    pub async fn show_right(&self, id: &str) -> Result<RightRow, RightError> {
        self.store.lookup_right(id).await?.ok_or(RightError::Unknown)
    }

    /// Rights, the last changed first.
    ///
    /// # Errors
    /// [`RightError`].
    pub async fn list_rights(&self, state: Option<RightState>, limit: i64) -> Result<Vec<RightRow>, RightError> {
        Ok(self.store.list_rights(state.map(RightState::code), limit).await?)
    }

    /// Moves a right to another state, and the status of its credentials with it: one write.
    ///
    /// # Errors
    /// [`RightError`].
    pub async fn move_right(
        &self,
        id: &str,
        next: RightState,
        reason: Option<&str>,
        actor: &str,
    ) -> Result<RightRow, RightError> {
        if matches!(next, RightState::Refused) && reason.is_none_or(|r| r.trim().is_empty()) {
            return Err(RightError::Field("reason", words("для отказа нужна", "is needed for a refusal")));
        }
        let mut tx = self.store.begin().await?;
        let mut right = tx.lock_right(id).await?.ok_or(RightError::Unknown)?;
        let state = state_of(&right)?;
        if state == next {
            return Ok(right);
        }
        if !state.may_become(next) {
            return Err(RightError::Move(state, next));
        }
        (right.state, right.reason, right.updated_s) =
            (next.code().to_owned(), reason.map(str::to_owned), self.now_s());
        tx.change_right(&right, actor).await?;
        note(&mut tx, right.updated_s, actor, &format!("right-{}", next.code()), &format!("right:{id}")).await?;
        tx.set_status(id, i64::from(next.status().value())).await?;
        tx.commit().await?;
        Ok(right)
    }

    /// Confirms an applied right with what an agency says of its days.
    pub(super) async fn confirm_by_agency(
        &self,
        right: &RightRow,
        region: String,
        valid_from: Option<NaiveDate>,
        valid_until: NaiveDate,
    ) -> Result<(), RightError> {
        let new = NewRight {
            category: right.category.clone(),
            region,
            valid_from,
            valid_until,
            outside: None,
            state: RightState::Confirmed,
        };
        self.check(&new)?;
        let mut tx = self.store.begin().await?;
        let mut right = tx.lock_right(&right.id).await?.ok_or(RightError::Unknown)?;
        let state = state_of(&right)?;
        if state != RightState::Applied {
            return Err(RightError::Move(state, RightState::Confirmed));
        }
        (right.region, right.valid_from, right.valid_until) = (new.region, valid_from, valid_until);
        (right.state, right.reason, right.updated_s) = (RightState::Confirmed.code().to_owned(), None, self.now_s());
        tx.change_right(&right, "agency").await?;
        note(&mut tx, right.updated_s, "agency", "right-confirmed", &format!("right:{}", right.id)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Ends rights whose last day is over.
    pub(super) async fn end_rights(&self) -> Result<usize, DeskError> {
        let mut tx = self.store.begin().await?;
        let ended = tx.rights_ended(self.today()).await?;
        for right in &ended {
            let right =
                RightRow { state: RightState::Ended.code().to_owned(), updated_s: self.now_s(), ..right.clone() };
            tx.change_right(&right, "service").await?;
            tx.set_status(&right.id, i64::from(Status::Invalid.value())).await?;
        }
        tx.commit().await?;
        Ok(ended.len())
    }

    /// Makes an offer for a confirmed right.
    ///
    /// # Errors
    /// [`RightError`].
    pub async fn offer(&self, right_id: &str, replaces: Option<&str>, life_s: i64) -> Result<Offer, RightError> {
        let right = self.show_right(right_id).await?;
        let state = state_of(&right)?;
        if state != RightState::Confirmed || right.valid_until < self.today() {
            return Err(RightError::Field(
                "state",
                words("приглашать можно только по подтверждённому праву", "only a confirmed right can be offered"),
            ));
        }
        // The code follows from the handle by a key, so the database holds neither.
        let (handle, tx_code) = (random_text::<16>(), random_digits(TX_CODE_DIGITS));
        let code = self.offer_code(&handle);
        let mut tx = self.store.begin().await?;
        tx.put_offer(&OfferRow {
            handle_hash: hash(&handle),
            tx_code_mac: Some(self.tx_code_mac(&code, &tx_code)),
            code_hash: hash(&code),
            tries_left: TX_CODE_TRIES,
            right_id: right_id.to_owned(),
            replaces: replaces.map(str::to_owned),
            expires_s: self.now_s() + life_s,
            used_s: None,
        })
        .await?;
        tx.commit().await?;
        let uri = self.url(&format!("/credentials/offers/{handle}"));
        let uri = utf8_percent_encode(&uri, NON_ALPHANUMERIC);
        Ok(Offer {
            offer_uri: format!("openid-credential-offer://?credential_offer_uri={uri}"),
            wallet_url: self.url(&format!("/wallet#credential_offer_uri={uri}")),
            tx_code,
            expires_in_s: life_s,
        })
    }

    /// The pre-authorized code of an offer's handle.
    pub(super) fn offer_code(&self, handle: &str) -> String {
        data_encoding::BASE64URL_NOPAD.encode(&self.sealing.mac("offer-code", &[handle.as_bytes()]))
    }

    pub(super) fn tx_code_mac(&self, code: &str, tx_code: &str) -> Vec<u8> {
        self.sealing.mac("tx-code", &[code.as_bytes(), tx_code.as_bytes()]).to_vec()
    }
}

/// A decision goes into the log with it.
async fn note(tx: &mut Tx, at_s: i64, actor: &str, act: &str, target: &str) -> Result<(), StoreError> {
    audit::append(tx, Entry { at_s, actor, act, target, detail: serde_json::json!({}) }).await
}

/// The state of a row.
pub(super) fn state_of(right: &RightRow) -> Result<RightState, DeskError> {
    RightState::of_code(&right.state).ok_or(DeskError::Row("rights.state"))
}
