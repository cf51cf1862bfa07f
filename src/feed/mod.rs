//! How news travels: from the store to the index. The only room that knows both.
//!
//! What comes in: everything the store wrote after a cursor. What goes out: the index brought to that number, and the
//! number told to whoever waits for it. What must stay true: no number is skipped, a row that cannot be read stops
//! nothing, and a store that is away stops no reader.

pub mod bootstrap;
pub mod pump;
pub mod sweeper;
mod trigger;

pub use pump::Pump;

use crate::domain::Seq;
use crate::store::Poisoned;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// Poisoned rows that are kept by name; the count goes on.
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

/// Where the feed stands: shared by the pump, which writes, and the door, which asks.
#[derive(Debug)]
pub struct FeedState {
    health: Mutex<Health>,
    seq: watch::Sender<Seq>,
    wake: Notify,
}

impl FeedState {
    /// At the number of a cold start.
    pub fn at(seq: Seq, poisoned: &[Poisoned], now: DateTime<Utc>) -> Self {
        let state = Self {
            health: Mutex::new(Health { store_reachable: true, confirmed_at: Some(now), ..Health::default() }),
            seq: watch::Sender::new(seq),
            wake: Notify::new(),
        };
        state.add_poisoned(poisoned);
        state
    }

    /// A copy of what is known.
    pub fn health(&self) -> Health {
        self.lock().clone()
    }

    /// The number that readers see now.
    pub fn seq(&self) -> Seq {
        *self.seq.borrow()
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

    fn lock(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add_poisoned(&self, poisoned: &[Poisoned]) {
        let mut health = self.lock();
        for p in poisoned {
            tracing::error!(location.id = %p.id, reason = %p.reason, "skipped the stored location {}: {}", p.id, p.reason);
            let known = health.poisoned.contains_key(&p.id);
            if known || health.poisoned.len() < NAMED_POISONED {
                health.poisoned.insert(p.id.clone(), p.reason.clone());
            }
            health.poisoned_count += usize::from(!known);
        }
        metrics::gauge!("ryadom_feed_poisoned").set(health.poisoned_count as f64);
    }

    /// A location that is read again is poisoned no more.
    fn heal(&self, id: &str) {
        let mut health = self.lock();
        if health.poisoned.remove(id).is_some() {
            health.poisoned_count -= 1;
        }
    }
}
