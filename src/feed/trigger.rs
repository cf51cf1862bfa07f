//! When to look: news from the engine, a signal of this process, or the interval as the safety net.

use super::FeedState;
use crate::store::{Store, Watch};
use std::time::Duration;
use tracing::{info, warn};

/// The safety net: also how often a lost connection is tried again.
const INTERVAL: Duration = Duration::from_secs(1);

/// Waits for a reason to look.
pub(super) struct Trigger {
    store: Store,
    watch: Option<Watch>,
    lost: bool,
}

impl Trigger {
    pub(super) fn new(store: Store) -> Self {
        Self { store, watch: None, lost: false }
    }

    /// Opens the watch when there is none. To be called before the feed is read, so that nothing falls between.
    pub(super) async fn arm(&mut self) {
        if self.watch.is_some() {
            return;
        }
        match self.store.watch().await {
            Ok(watch) => {
                if self.lost {
                    info!("the store notifies again");
                }
                self.lost = false;
                self.watch = Some(watch);
            }
            Err(error) => self.lose(&error),
        }
    }

    /// Returns when it is worth looking.
    pub(super) async fn wait(&mut self, state: &FeedState) {
        let Some(watch) = &mut self.watch else {
            tokio::select! {
                () = state.wake.notified() => {}
                () = tokio::time::sleep(INTERVAL) => {}
            }
            return;
        };
        tokio::select! {
            changed = watch.changed() => {
                if let Err(error) = changed {
                    self.watch = None;
                    self.lose(&error);
                }
            }
            () = state.wake.notified() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }

    fn lose(&mut self, error: &(dyn std::error::Error + 'static)) {
        if !self.lost {
            warn!(error, "the store does not notify; asking every {} s", INTERVAL.as_secs());
        }
        self.lost = true;
    }

    pub(super) async fn close(self) {
        if let Some(watch) = self.watch {
            watch.close().await;
        }
    }
}
