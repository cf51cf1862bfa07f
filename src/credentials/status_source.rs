//! Who confirms a right without a person's hand: an agency's own system, asked about families that have applied.
//!
//! [`StatusSource`] is the seam: SMEV, a registry's web service or the national Digital ID are other implementations.
//! [`HttpSource`] is the reference: it sends the keyed hash of the outside id, which the agency's system has too
//! (`ryadom hash-list`), and never the id.

use super::desk::{Desk, DeskError};
use super::rights::{RightError, RightState};
use crate::store::rights::RightRow;
use chrono::NaiveDate;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// How long an agency's system may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Families asked about in one turn.
const TURN: i64 = 200;
/// Who acts, in the history.
const ACTOR: &str = "agency";

/// What an agency says of a family.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Answer {
    /// The right holds.
    Confirmed {
        /// Two digits.
        region: String,
        /// The first day, when it lies ahead.
        #[serde(default)]
        valid_from: Option<NaiveDate>,
        /// The last day.
        valid_until: NaiveDate,
    },
    /// It does not.
    Refused {
        /// Told to the person.
        reason: String,
    },
    /// Ask again later.
    Pending,
}

/// An agency could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It did not answer, or not in time.
    #[error("the agency's system does not answer")]
    Unreachable(#[source] reqwest::Error),
    /// It answered with an error.
    #[error("the agency's system answers {0}")]
    Status(u16),
    /// It answered something else.
    #[error("the answer of the agency's system cannot be read")]
    Unreadable(#[source] reqwest::Error),
}

/// An agency's system.
pub trait StatusSource: Send + Sync {
    /// Asks about one family by the hash of its id.
    fn ask<'a>(&'a self, outside_hash: &'a str, category: &'a str) -> BoxFuture<'a, Result<Answer, SourceError>>;
}

/// `POST URL {"outside_hash", "category"}`, with a bearer token where one is set.
#[derive(Debug)]
pub struct HttpSource {
    client: reqwest::Client,
    url: String,
    token: Option<String>,
}

impl HttpSource {
    /// A client of an agency's system.
    ///
    /// # Errors
    /// [`SourceError::Unreachable`] when TLS cannot be set up here.
    pub fn new(url: &str, token: Option<&str>) -> Result<Self, SourceError> {
        // An agency's address is where it is: a redirect would carry hashes to somebody else.
        let client = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(SourceError::Unreachable)?;
        Ok(Self { client, url: url.to_owned(), token: token.map(str::to_owned) })
    }
}

impl StatusSource for HttpSource {
    fn ask<'a>(&'a self, outside_hash: &'a str, category: &'a str) -> BoxFuture<'a, Result<Answer, SourceError>> {
        Box::pin(async move {
            let mut request =
                self.client.post(&self.url).json(&json!({"outside_hash": outside_hash, "category": category}));
            if let Some(token) = &self.token {
                request = request.bearer_auth(token);
            }
            let response = request.send().await.map_err(SourceError::Unreachable)?;
            if !response.status().is_success() {
                return Err(SourceError::Status(response.status().as_u16()));
            }
            response.json().await.map_err(SourceError::Unreadable)
        })
    }
}

impl Desk {
    /// Asks an agency about every family that has applied and whose outside id it knows; how many were decided.
    ///
    /// # Errors
    /// [`DeskError`]. An agency that does not answer is no error: the families wait for the next turn.
    pub async fn ask_agency(&self, source: &dyn StatusSource) -> Result<usize, DeskError> {
        let applied = self.store.list_rights(Some(RightState::Applied.code()), TURN).await?;
        let mut decided = 0;
        for right in applied {
            let Some(hash) = outside_text(&right) else { continue };
            let decision = match source.ask(&hash, &right.category).await {
                Ok(Answer::Pending) => continue,
                Ok(Answer::Confirmed { region, valid_from, valid_until }) => {
                    self.confirm_by_agency(&right, region, valid_from, valid_until).await
                }
                Ok(Answer::Refused { reason }) => {
                    self.move_right(&right.id, RightState::Refused, Some(&reason), ACTOR).await.map(|_| ())
                }
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "{error}; families that applied wait");
                    return Ok(decided);
                }
            };
            match decision {
                Ok(()) => decided += 1,
                Err(RightError::Desk(error)) => return Err(error),
                // Days in the past, another operator's decision meanwhile: named without the family.
                Err(error) => tracing::warn!("an answer of the agency was not taken: {error}"),
            }
        }
        Ok(decided)
    }
}

/// The hash of a right's outside id as it is written.
fn outside_text(right: &RightRow) -> Option<String> {
    let bytes = right.outside_hash.as_deref()?.try_into().ok()?;
    let version = u32::try_from(right.outside_key_version?).ok()?;
    Some(super::outside_id::OutsideHash { version, bytes }.to_text())
}
