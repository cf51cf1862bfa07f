//! Cold start: rows streamed into the first snapshot.

use crate::domain::location::Published;
use crate::domain::{Clock, Seq};
use crate::index::local_day;
use crate::index::segment::{Place, Segment, SegmentBuilder};
use crate::store::{Poisoned, Store, StoreError};
use std::sync::Arc;

/// Rows that travel together from the reader to the encoder.
const CHUNK: usize = 512;

/// Room kept for the fragment and the search text of a place. Memory that is not touched costs nothing and is given
/// back at the end; growing by doubling would touch half as much again.
const FRAGMENT_BYTES: usize = 640;
const TEXT_BYTES: usize = 192;

/// What a cold start found.
pub struct Loaded {
    /// Every location on the map.
    pub segment: Segment,
    /// The number of that moment.
    pub seq: Seq,
    /// Rows that could not be read.
    pub poisoned: Vec<Poisoned>,
}

/// Reads everything that is on the map. One thread reads rows while another encodes them; neither holds more than a
/// few chunks of rows.
///
/// # Errors
/// [`StoreError`].
pub async fn load(store: &Store, clock: Arc<dyn Clock>) -> Result<Loaded, StoreError> {
    let room = store.count_locations().await?;
    let (chunks, encoder) = std::sync::mpsc::sync_channel::<Vec<Published>>(16);
    let now = clock.now();
    let building = tokio::task::spawn_blocking(move || {
        let mut builder = SegmentBuilder::with_room(room, room * FRAGMENT_BYTES, room * TEXT_BYTES);
        while let Ok(chunk) = encoder.recv() {
            for published in &chunk {
                builder.push(&Place::of(published, local_day(now, published)));
            }
        }
        builder.build()
    });
    let mut poisoned = Vec::new();
    let mut chunk = Vec::with_capacity(CHUNK);
    let send = |chunk: Vec<Published>| {
        // A closed channel means that the encoder panicked, which joining it below reports.
        let _closed = chunks.send(chunk).is_err();
    };
    let seq = store
        .each_published(|row| match row {
            Ok(published) => {
                chunk.push(published);
                if chunk.len() == CHUNK {
                    send(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK)));
                }
            }
            Err(p) => poisoned.push(p),
        })
        .await?;
    send(chunk);
    drop(chunks);
    match building.await {
        Ok(segment) => Ok(Loaded { segment, seq, poisoned }),
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}
