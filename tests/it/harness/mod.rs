//! What the tests are made of: stores of their own, the service in process, the service as a process, and words to
//! describe places.

pub mod answer;
pub mod app;
pub mod desk;
pub mod ground;
pub mod places;
pub mod process;
pub mod wallet;

pub use answer::Answer;
pub use app::TestApp;
pub(crate) use ground::on_both_stores;
pub use ground::{Engine, Ground};
pub use places::{Describe, benefit, day, noon, owner_of, partner, place, put, utc};

use std::time::{Duration, Instant};

/// No test waits longer than this for anything that has to happen.
pub const LIMIT: Duration = Duration::from_secs(20);

/// Asks again and again until it answers; panics with `what` when it does not within [`LIMIT`]. Answers how long it
/// took.
pub async fn eventually<F: Future<Output = bool>>(what: &str, mut asked: impl FnMut() -> F) -> Duration {
    let began = Instant::now();
    while !asked().await {
        assert!(began.elapsed() < LIMIT, "{what}: not within {LIMIT:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    began.elapsed()
}
