//! What a check answers: the one list from which every screen's words, colours and sounds come.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

/// Whether the benefit is to be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Grant it.
    Valid,
    /// Do not.
    Invalid,
    /// It could not be found out.
    CannotCheck,
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The code is old: ask for a new one.
    CodeExpired,
    /// The code was taken elsewhere: ask for a new one.
    CodeUsed,
    /// The same code was seen by this phone, offline.
    CodeSeen,
    /// The credential was revoked.
    Revoked,
    /// The right is suspended.
    Suspended,
    /// The right has ended.
    RightEnded,
    /// The right has not begun.
    NotYet,
    /// A phone's clock is off.
    Clock,
    /// Nothing of ours: unknown token, bad tag, signature, issuer or form; one answer for all.
    NotOurs,
    /// The status list is too old.
    StaleStatus,
    /// The offline bundle is too old.
    OldBundle,
    /// Too many checks.
    RateLimited,
}

/// What is known after a check, before it is told to anybody: [`Verdict::bare`] and [`Verdict::full`] say who is told
/// what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The answer.
    pub result: Outcome,
    /// Why not; absent when valid.
    pub reason: Option<Reason>,
    /// The kind of right, when valid.
    pub category: Option<String>,
    /// Two digits, when valid.
    pub region: Option<String>,
    /// The month up to which the right holds, when valid; a day would be a fingerprint.
    pub valid_until: Option<String>,
    /// For the partner's books, when valid.
    pub receipt: Option<String>,
    /// When it was found out.
    #[serde(with = "seconds")]
    pub checked_at: DateTime<Utc>,
}

mod seconds {
    use super::{DateTime, Utc, text};
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(at: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&text(*at))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// What anybody may learn.
#[derive(Debug, Serialize)]
pub struct Bare<'a> {
    result: Outcome,
    reason: Option<Reason>,
    category: Option<&'a str>,
    mode: &'static str,
    checked_at: String,
}

/// What a paired terminal or a till learns.
#[derive(Debug, Serialize)]
pub struct Full<'a> {
    result: Outcome,
    reason: Option<Reason>,
    category: Option<&'a str>,
    region: Option<&'a str>,
    valid_until: Option<&'a str>,
    mode: &'static str,
    checked_at: String,
    status_as_of: String,
    receipt: Option<&'a str>,
    shift_mark: Option<&'a str>,
}

impl Verdict {
    /// A refusal.
    pub fn refused(reason: Reason, now: DateTime<Utc>) -> Self {
        let result = match reason {
            Reason::StaleStatus | Reason::OldBundle | Reason::RateLimited => Outcome::CannotCheck,
            _ => Outcome::Invalid,
        };
        Self {
            result,
            reason: Some(reason),
            category: None,
            region: None,
            valid_until: None,
            receipt: None,
            checked_at: now,
        }
    }

    /// Whether the benefit is to be granted.
    pub fn is_valid(&self) -> bool {
        self.result == Outcome::Valid
    }

    /// For somebody who is not known: the answer and nothing more.
    pub fn bare(&self) -> Bare<'_> {
        Bare {
            result: self.result,
            reason: self.reason,
            category: self.category.as_deref(),
            mode: "online",
            checked_at: text(self.checked_at),
        }
    }

    /// For a paired terminal or a till; the mark of its shift stands on true results alone.
    pub fn full<'a>(&'a self, shift_mark: &'a str) -> Full<'a> {
        Full {
            result: self.result,
            reason: self.reason,
            category: self.category.as_deref(),
            region: self.region.as_deref(),
            valid_until: self.valid_until.as_deref(),
            mode: "online",
            checked_at: text(self.checked_at),
            status_as_of: text(self.checked_at),
            receipt: self.receipt.as_deref(),
            shift_mark: self.is_valid().then_some(shift_mark),
        }
    }
}
