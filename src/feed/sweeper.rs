//! Benefits begin and end by the calendar; at each location's midnight that becomes a change like any other.

use super::FeedState;
use crate::domain::Clock;
use crate::store::{Store, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

const EVERY: Duration = Duration::from_mins(1);

/// Announces the locations of which a benefit began or ended by now; answers how many.
///
/// # Errors
/// [`StoreError`]; the next sweep finds what this one did not write.
pub async fn sweep(store: &Store, clock: &dyn Clock) -> Result<usize, StoreError> {
    let mut tx = store.begin().await?;
    let swept = tx.sweep_benefits(clock.now()).await?;
    tx.commit().await?;
    Ok(swept)
}

/// Sweeps once a minute until it is stopped.
pub async fn run(store: Store, state: Arc<FeedState>, clock: Arc<dyn Clock>, stop: CancellationToken) {
    loop {
        match sweep(&store, &*clock).await {
            Ok(0) => {}
            Ok(swept) => {
                info!(swept, "announced {swept} locations of which a benefit began or ended");
                state.wake();
            }
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                warn!(error, "could not look for benefits that begin or end; trying again in a minute");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}
