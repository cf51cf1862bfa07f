//! The unit that flows from the store to every reader.

use super::id::LocationId;
use super::location::Published;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A position in the feed: the number of a committed write. Gapless, never reused, ordered as the commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub i64);

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What one location has become.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// It is on the map, with this content.
    Put(Box<Published>),
    /// It is not on the map any more.
    Remove(LocationId),
}

impl Change {
    /// The location it speaks of.
    pub fn location_id(&self) -> &LocationId {
        match self {
            Self::Put(p) => &p.location.id,
            Self::Remove(id) => id,
        }
    }
}

/// Everything between two positions of the feed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChangeBatch {
    /// The last write it covers.
    pub to_seq: Seq,
    /// In the order of the feed; a location may appear more than once, the last word counts.
    pub changes: Vec<Change>,
}
