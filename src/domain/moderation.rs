//! The states a location passes through, and the legal moves.

use super::lang::{Words, words};
use serde::{Deserialize, Serialize};

/// Where a location stands with the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The partner is still writing.
    Draft,
    /// Waits for an operator.
    Pending,
    /// On the map.
    Published,
    /// Taken off the map for a while.
    Suspended,
    /// Gone from the map; kept for its history.
    Archived,
}

impl State {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Pending => "pending",
            Self::Published => "published",
            Self::Suspended => "suspended",
            Self::Archived => "archived",
        }
    }

    /// What people call it, of a place.
    pub fn words(self) -> Words {
        match self {
            Self::Draft => words("черновик", "a draft"),
            Self::Pending => words("на проверке", "waiting for an operator"),
            Self::Published => words("на карте", "on the map"),
            Self::Suspended => words("приостановлено", "suspended"),
            Self::Archived => words("в архиве", "archived"),
        }
    }

    /// The state of a stored code.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Draft, Self::Pending, Self::Published, Self::Suspended, Self::Archived]
            .into_iter()
            .find(|s| s.code() == code)
    }

    /// Whether an operator may move a location from this state to `to`. Nothing is published but by this move.
    pub fn may_become(self, to: Self) -> bool {
        use State::{Archived, Draft, Pending, Published, Suspended};
        matches!(
            (self, to),
            (Draft, Pending | Archived)
                | (Pending, Draft | Published | Archived)
                | (Published, Suspended | Archived)
                | (Suspended, Published | Archived)
                | (Archived, Published)
        )
    }
}
