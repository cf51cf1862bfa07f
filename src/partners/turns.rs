//! Turns for what takes hundreds of megabytes for a moment: decoding a photo, reading a bulk file, applying one.

use tokio::sync::{Semaphore, SemaphorePermit};

static TURNS: Semaphore = Semaphore::const_new(2);

/// Waits for a turn; it ends when the permit is dropped.
///
/// # Panics
/// Never: the semaphore is not closed.
pub async fn turn() -> SemaphorePermit<'static> {
    TURNS.acquire().await.expect("the semaphore is not closed")
}
