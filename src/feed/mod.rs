//! How news travels: from the store to the index and the tiles. The only room that knows all three.
//!
//! What comes in: everything the store wrote after a cursor. What goes out: the index brought to that number, the tiles
//! that it touched forgotten, and the number told to whoever waits for it. What must stay true: no number is skipped, a row that cannot be read stops
//! nothing, and a store that is away stops no reader.

pub mod bootstrap;
pub mod journal;
pub mod pump;
pub mod sweeper;
mod trigger;

pub use pump::Pump;

use journal::{Journal, News};

use crate::domain::Seq;
use crate::domain::change::Change;
use crate::store::Poisoned;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// Poisoned rows that are shown by name; the count goes on.
const NAMED_POISONED: usize = 20;

/// What the feed knows of itself, for `/readyz`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Health {
    /// Whether the store answered last time.
    pub store_reachable: bool,
    /// When it last did.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Locations whose row cannot be read, with the reason; they are not served.
    pub poisoned: BTreeMap<String, String>,
    /// How many such locations there are.
    pub poisoned_count: usize,
}

/// [`Health`] with every poisoned location by name, so that each is counted once and can be healed.
#[derive(Debug)]
struct Known {
    store_reachable: bool,
    confirmed_at: Option<DateTime<Utc>>,
    poisoned: BTreeMap<String, String>,
}

/// Where the feed stands: shared by the pump, which writes, and the door, which asks.
#[derive(Debug)]
pub struct FeedState {
    known: Mutex<Known>,
    seq: watch::Sender<Seq>,
    wake: Notify,
    journal: Journal,
}

impl FeedState {
    /// At the number of a cold start.
    pub fn at(seq: Seq, poisoned: &[Poisoned], now: DateTime<Utc>) -> Self {
        let state = Self {
            known: Mutex::new(Known { store_reachable: true, confirmed_at: Some(now), poisoned: BTreeMap::new() }),
            seq: watch::Sender::new(seq),
            wake: Notify::new(),
            journal: Journal::default(),
        };
        state.note_rows(&[], poisoned);
        state
    }

    /// A copy of what is known.
    pub fn health(&self) -> Health {
        let known = self.lock();
        let named = known.poisoned.iter().take(NAMED_POISONED).map(|(id, reason)| (id.clone(), reason.clone()));
        Health {
            store_reachable: known.store_reachable,
            confirmed_at: known.confirmed_at,
            poisoned: named.collect(),
            poisoned_count: known.poisoned.len(),
        }
    }

    /// The number that readers see now.
    pub fn seq(&self) -> Seq {
        *self.seq.borrow()
    }

    /// What a listener at `cursor` has missed, and where it stands then.
    pub fn news_since(&self, cursor: Seq) -> Option<News> {
        self.journal.since(cursor, self.seq())
    }

    /// A receiver of every new number.
    pub fn subscribe(&self) -> watch::Receiver<Seq> {
        self.seq.subscribe()
    }

    /// Tells the pump that this process has just written.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Waits until readers see `seq`, at most `patience`; answers whether they do.
    pub async fn wait_for(&self, seq: Seq, patience: Duration) -> bool {
        let mut numbers = self.seq.subscribe();
        if *numbers.borrow() >= seq {
            return true;
        }
        matches!(tokio::time::timeout(patience, numbers.wait_for(|&now| now >= seq)).await, Ok(Ok(_)))
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes over what a look at the store found: whatever was read is poisoned no more, nor is what left the map.
    fn note_rows(&self, changes: &[Change], poisoned: &[Poisoned]) {
        let mut known = self.lock();
        for change in changes {
            known.poisoned.remove(change.location_id().as_str());
        }
        for p in poisoned {
            tracing::error!(location.id = %p.id, reason = %p.reason, "skipped the stored location {}: {}", p.id, p.reason);
            known.poisoned.insert(p.id.clone(), p.reason.clone());
        }
        metrics::gauge!("ryadom_feed_poisoned").set(known.poisoned.len() as f64);
    }
}
