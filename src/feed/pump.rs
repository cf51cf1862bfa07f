//! Pump: wait, read, apply, tell.

use super::FeedState;
use super::trigger::Trigger;
use crate::domain::Clock;
use crate::domain::change::ChangeBatch;
use crate::index::SpatialIndex;
use crate::store::rows::HoursIntern;
use crate::store::{Store, StoreError};
use crate::tiles::Tiler;
use std::sync::Arc;
use std::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, info, warn};

/// Carries changes from the store to the index for as long as the service lives.
pub struct Pump {
    store: Store,
    index: Arc<SpatialIndex>,
    tiles: Arc<Tiler>,
    state: Arc<FeedState>,
    clock: Arc<dyn Clock>,
    hours: HoursIntern,
}

impl Pump {
    /// A pump that goes on where the index stands.
    pub fn new(
        store: Store,
        index: Arc<SpatialIndex>,
        tiles: Arc<Tiler>,
        state: Arc<FeedState>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { store, index, tiles, state, clock, hours: HoursIntern::default() }
    }

    /// Runs until it is stopped.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut trigger = Trigger::new(self.store.clone());
        while !stop.is_cancelled() {
            trigger.arm().await;
            tokio::select! {
                () = stop.cancelled() => break,
                drained = self.drain() => self.note(drained.as_ref().err()),
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = trigger.wait(&self.state) => {}
            }
        }
        trigger.close().await;
    }

    /// Applies everything the store has after the index's number.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read; what was applied stays applied.
    pub async fn drain(&mut self) -> Result<(), StoreError> {
        loop {
            let from_seq = self.index.current().seq();
            let Some(feed) = self.store.changes_after(from_seq, &mut self.hours).await? else {
                return Ok(());
            };
            let started = Instant::now();
            self.state.note_rows(&feed.changes, &feed.poisoned);
            let batch = ChangeBatch { to_seq: feed.to_seq, changes: feed.changes };
            let count = batch.changes.len();
            let (index, tiles) = (Arc::clone(&self.index), Arc::clone(&self.tiles));
            let applied = tokio::task::spawn_blocking(move || {
                let touched = index.apply(&batch);
                tiles.forget(&touched, batch.to_seq);
                touched
            })
            .await;
            let touched = match applied {
                Ok(touched) => touched,
                Err(panic) => std::panic::resume_unwind(panic.into_panic()),
            };
            self.state.journal.note(from_seq, feed.to_seq, &touched);
            self.state.seq.send_replace(feed.to_seq);
            metrics::counter!("ryadom_feed_changes_total").increment(count as u64);
            metrics::gauge!("ryadom_feed_seq").set(feed.to_seq.0 as f64);
            debug!(
                seq = feed.to_seq.0,
                changes = count,
                touched = touched.0.len(),
                duration_ms = started.elapsed().as_millis() as u64,
                "applied the feed up to {}",
                feed.to_seq
            );
            self.merge_if_due();
        }
    }

    /// Starts a merge beside the pump, so that changes go on being served while it runs.
    fn merge_if_due(&self) {
        let Some(merge) = self.index.begin_merge() else { return };
        let index = Arc::clone(&self.index);
        tokio::task::spawn(async move {
            let started = Instant::now();
            match tokio::task::spawn_blocking(move || merge.run()).await {
                Ok(base) => {
                    let places = base.len();
                    index.finish_merge(base);
                    let duration_ms = started.elapsed().as_millis() as u64;
                    info!(places, duration_ms, "merged the index: {places} places");
                }
                Err(error) => {
                    index.abandon_merge();
                    error!(%error, "the merge failed; the delta stays");
                }
            }
        });
    }

    fn note(&self, failure: Option<&StoreError>) {
        let mut health = self.state.lock();
        match failure {
            None => {
                if !health.store_reachable {
                    info!("the store answers again");
                }
                health.store_reachable = true;
                health.confirmed_at = Some(self.clock.now());
            }
            Some(error) => {
                if health.store_reachable {
                    let error: &dyn std::error::Error = error;
                    warn!(error, "the store does not answer; reads go on from memory");
                }
                health.store_reachable = false;
            }
        }
        metrics::gauge!("ryadom_store_reachable").set(f64::from(u8::from(health.store_reachable)));
    }
}
