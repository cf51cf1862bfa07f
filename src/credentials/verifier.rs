//! Checking: a code becomes a verdict, once.

use super::code_text::Profile;
use super::desk::{Desk, DeskError};
use super::minter::Standing;
use super::online_code::{OnlineCode, STEP_S, is_in_time};
use super::terminals::Checker;
use super::verdict::{Outcome, Reason, Verdict};
use crate::domain::LocationId;
use crate::sealing::{random, random_spoken, random_text};
use crate::store::checks::RedemptionRow;
use crate::store::wallets::HeldRight;
use chrono::NaiveDate;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// How long the one who took a code gets the same answer again, seconds.
const SAME_ANSWER_S: i64 = 120;
/// How long a terminal takes no spoken codes after three wrong ones, seconds.
const SPOKEN_LOCK_S: i64 = 300;

/// Locations whose card says already that a benefit was granted today.
#[derive(Default)]
pub(super) struct ConfirmedToday(Mutex<(NaiveDate, HashSet<String>)>);

/// Something that was not a code of one wallet at one moment.
struct Refusal(Reason);

impl Desk {
    /// Checks a scanned text.
    ///
    /// # Errors
    /// [`DeskError`] when it could not be found out.
    pub async fn verify(&self, text: &str, checker: &Checker) -> Result<Verdict, DeskError> {
        let now = self.now();
        // Order: ours at all, in time, the right, taken before. What is not ours is not told apart.
        let (nonce, code) = match self.open(text).await? {
            Ok(opened) => opened,
            Err(Refusal(reason)) => return Ok(Verdict::refused(reason, now)),
        };
        let begins_s = i64::from(code.step) * STEP_S;
        if !is_in_time(code.step, now, self.options.grace_s) {
            if now.timestamp() < begins_s {
                return Ok(Verdict::refused(Reason::Clock, now));
            }
            return self.answer_again(&nonce, &code, checker).await;
        }
        // The alias outlives its codes, so one that is gone was never given out by this database.
        let Some(held) = self.store.held_by_ref(code.credential_ref as i64).await? else {
            return Ok(Verdict::refused(Reason::NotOurs, now));
        };
        self.grant(&nonce, &held, checker).await
    }

    /// A code that is old: whoever took it in time and lost the answer is told it again, unless the right has gone since.
    async fn answer_again(&self, nonce: &[u8; 12], code: &OnlineCode, checker: &Checker) -> Result<Verdict, DeskError> {
        let expired = Verdict::refused(Reason::CodeExpired, self.now());
        let Some(before) = self.store.lookup_redemption(nonce).await? else { return Ok(expired) };
        let Some(answer) = self.same_answer(&before, checker) else { return Ok(expired) };
        let Some(held) = self.store.held_by_ref(code.credential_ref as i64).await? else { return Ok(expired) };
        match self.refusal(&held)? {
            Some(reason) => Ok(Verdict::refused(reason, self.now())),
            None => answer,
        }
    }

    async fn open(&self, text: &str) -> Result<Result<([u8; 12], OnlineCode), Refusal>, DeskError> {
        let not_ours = Ok(Err(Refusal(Reason::NotOurs)));
        // Profile B is shown offline by a later version; online it would need the status of a copy that has none.
        let Some((Profile::A, token)) = self.prefix.parse(text) else { return not_ours };
        let Some((kid, nonce)) = OnlineCode::parts(&token) else { return not_ours };
        let Some(key) = self.code_key(kid).await? else { return not_ours };
        Ok(OnlineCode::open(&token, &key).map(|code| (nonce, code)).ok_or(Refusal(Reason::NotOurs)))
    }

    /// Checks digits that were spoken at a terminal.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn verify_spoken(&self, digits: &str, checker: &Checker) -> Result<Verdict, DeskError> {
        let (now, now_s) = (self.now(), self.now_s());
        let Checker::Terminal(terminal) = checker else { return Ok(Verdict::refused(Reason::NotOurs, now)) };
        if terminal.spoken_locked_s > now_s {
            return Ok(Verdict::refused(Reason::RateLimited, now));
        }
        let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
        let mac = self.spoken_mac(&terminal.id, &digits);
        match self.store.take_spoken(&terminal.id, &mac, now_s, now_s + SPOKEN_LOCK_S).await? {
            // The digits are used up; their redemption has a nonce of its own.
            Some(held) => self.grant(&random::<12>(), &held, checker).await,
            None => Ok(Verdict::refused(Reason::NotOurs, now)),
        }
    }

    /// The right, and then the one row that makes a code good for one check.
    async fn grant(&self, nonce: &[u8; 12], held: &HeldRight, checker: &Checker) -> Result<Verdict, DeskError> {
        let (now, now_s) = (self.now(), self.now_s());
        if let Some(reason) = self.refusal(held)? {
            return Ok(Verdict::refused(reason, now));
        }
        let receipt = random_spoken(2);
        let verdict = Verdict {
            result: Outcome::Valid,
            reason: None,
            category: Some(held.category.clone()),
            region: Some(held.region.clone()),
            valid_until: Some(held.valid_until.format("%Y-%m").to_string()),
            receipt: Some(receipt.clone()),
            checked_at: now,
        };
        let row = RedemptionRow {
            nonce: nonce.to_vec(),
            verifier: self.verifier(checker),
            at_s: now_s,
            verdict: serde_json::to_string(&verdict).map_err(|_| DeskError::Row("verdict"))?,
            receipt_link: self.sealing.sealer("receipt-link").seal(receipt.as_bytes(), held.wallet_id.as_bytes()),
            receipt,
        };
        if let Some(before) = self.store.redeem(&row).await? {
            return self.same_answer(&before, checker).unwrap_or_else(|| Ok(Verdict::refused(Reason::CodeUsed, now)));
        }
        if let Some(location_id) = checker.location_id() {
            self.confirm(location_id).await;
        }
        Ok(verdict)
    }

    fn refusal(&self, held: &HeldRight) -> Result<Option<Reason>, DeskError> {
        Ok(match self.standing(held)? {
            Standing::Active => None,
            Standing::Suspended => Some(Reason::Suspended),
            Standing::Ended => Some(Reason::RightEnded),
            Standing::NotYet => Some(Reason::NotYet),
            Standing::Revoked | Standing::Replaced => Some(Reason::Revoked),
        })
    }

    /// What the one who took a code was told, for as long as it is told again.
    fn same_answer(&self, before: &RedemptionRow, checker: &Checker) -> Option<Result<Verdict, DeskError>> {
        let age_s = self.now_s() - before.at_s;
        (before.verifier == self.verifier(checker) && (0..=SAME_ANSWER_S).contains(&age_s))
            .then(|| serde_json::from_str(&before.verdict).map_err(|_| DeskError::Row("redemptions.verdict")))
    }

    /// A keyed hash of who checks; of nobody in particular, a random one.
    fn verifier(&self, checker: &Checker) -> Vec<u8> {
        let (kind, id) = match checker {
            Checker::Anonymous(Some(id)) => ("page", id.clone()),
            Checker::Anonymous(None) => ("nobody", random_text::<16>()),
            Checker::Terminal(terminal) => ("terminal", terminal.id.clone()),
            Checker::Till(key) => ("till", key.id.clone()),
        };
        self.sealing.mac("verifier", &[kind.as_bytes(), id.as_bytes()])[..16].to_vec()
    }

    /// The card of a location says on which day a benefit was last granted: the day alone, once a day.
    async fn confirm(&self, location_id: &str) {
        let today = self.today();
        {
            let mut confirmed = self.confirmed_today.0.lock().unwrap_or_else(PoisonError::into_inner);
            if confirmed.0 != today {
                *confirmed = (today, HashSet::new());
            }
            if !confirmed.1.insert(location_id.to_owned()) {
                return;
            }
        }
        if let Err(error) = self.write_confirmed(location_id, today).await {
            // The cashier has her verdict; the card is brought up to date by the next check.
            self.confirmed_today.0.lock().unwrap_or_else(PoisonError::into_inner).1.remove(location_id);
            tracing::warn!(error = &error as &dyn std::error::Error, location.id = %location_id, "the day of the last check was not noted for {location_id}");
        }
    }

    async fn write_confirmed(&self, location_id: &str, today: NaiveDate) -> Result<(), DeskError> {
        let Ok(id) = LocationId::new(location_id) else { return Ok(()) };
        let mut tx = self.store.begin().await?;
        tx.confirm_location(&id, today).await?;
        tx.commit().await?;
        Ok(())
    }
}
