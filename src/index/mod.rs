//! What is near: an immutable snapshot in memory, swapped whole.
//!
//! In come [`ChangeBatch`]es, in the order of the feed; out go answers that need no lock and no database. What must
//! stay true: an answer is exact (ids in order, WGS 84), and it is the same whether a place lies in the base, in the
//! delta or moved from one to the other a moment ago.

pub mod cells;
pub mod filter;
pub mod nearest;
pub mod schedules;
pub mod segment;
pub mod snapshot;
pub mod sums;
pub mod text;
pub mod view;
pub mod within;

pub use filter::Filter;
pub use snapshot::{Found, Snapshot};

use crate::domain::change::{Change, ChangeBatch};
use crate::domain::location::Published;
use crate::domain::{Clock, LocationId, Seq};
use crate::geometry::LonLat;
use arc_swap::ArcSwap;
use chrono::{DateTime, NaiveDate, Utc};
use segment::{Place, Segment, SegmentBuilder};
use snapshot::Dead;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use view::ViewCache;

/// How the index behaves.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Bound of the views that are made on first use, bytes.
    pub view_cache_bytes: u64,
    /// The delta is merged when it outgrows this and a hundredth of the base.
    pub delta_min: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { view_cache_bytes: 64 << 20, delta_min: 2_048 }
    }
}

/// A location that an [`SpatialIndex::apply`] moved, changed, added or removed.
#[derive(Debug, Clone, PartialEq)]
pub struct TouchedPlace {
    /// Which.
    pub id: LocationId,
    /// Where it was shown before.
    pub before: Option<LonLat>,
    /// Where it is shown now.
    pub after: Option<LonLat>,
}

/// What an [`SpatialIndex::apply`] touched; whoever keeps something made of it forgets just that.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Touched(pub Vec<TouchedPlace>);

/// The index: its current [`Snapshot`] and the one hand that replaces it.
pub struct SpatialIndex {
    current: ArcSwap<Snapshot>,
    writer: Mutex<Writer>,
    views: Arc<ViewCache>,
    clock: Arc<dyn Clock>,
    options: Options,
}

/// What the next snapshot is made of.
struct Writer {
    base: Arc<Segment>,
    dead: Arc<Dead>,
    /// By id, for edits of edits.
    delta: BTreeMap<Box<str>, Arc<Place>>,
    /// Ids touched since a merge began; `None` while none runs.
    since_merge: Option<BTreeSet<Box<str>>>,
}

/// A merge under way: made by [`SpatialIndex::begin_merge`], worked out on any thread, handed back.
pub struct Merge {
    from: Arc<Snapshot>,
}

impl Merge {
    /// The new base. Takes about a second per million places and disturbs nobody.
    pub fn run(&self) -> Segment {
        let base = self.from.compact();
        // Now, and not while somebody types.
        base.words();
        base
    }
}

/// The day on which a location's benefits are judged: its own.
pub fn local_day(at: DateTime<Utc>, published: &Published) -> NaiveDate {
    at.with_timezone(&published.location.time_zone).date_naive()
}

impl SpatialIndex {
    /// An index of nothing, at the beginning of the feed.
    pub fn new(clock: Arc<dyn Clock>, options: Options) -> Self {
        Self::from_segment(SegmentBuilder::default().build(), Seq(0), clock, options)
    }

    /// An index of a cold start.
    pub fn from_segment(base: Segment, seq: Seq, clock: Arc<dyn Clock>, options: Options) -> Self {
        let views = Arc::new(ViewCache::new(options.view_cache_bytes));
        let base = Arc::new(base);
        base.words();
        let dead = Arc::new(Dead::none(base.len()));
        let snapshot = Snapshot::new(seq, Arc::clone(&base), Arc::clone(&dead), Arc::default(), Arc::clone(&views));
        Self {
            current: ArcSwap::from_pointee(snapshot),
            writer: Mutex::new(Writer { base, dead, delta: BTreeMap::new(), since_merge: None }),
            views,
            clock,
            options,
        }
    }

    /// The snapshot to read from; it stays as it is for as long as it is held.
    pub fn current(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Takes over what the feed brought. Readers go on meanwhile and never wait.
    pub fn apply(&self, batch: &ChangeBatch) -> Touched {
        let now = self.clock.now();
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.current.load_full();
        // The last word on a location counts.
        let last: BTreeMap<&str, &Change> = batch.changes.iter().map(|c| (c.location_id().as_str(), c)).collect();
        let mut killed = Vec::new();
        let mut touched = Vec::with_capacity(last.len());
        for (&id, change) in &last {
            if let Some(slot) = writer.base.slot_of(id)
                && !writer.dead.contains(slot)
            {
                killed.push(slot);
            }
            let was_at = before.lookup(id).map(|found| found.position());
            let after = match change {
                Change::Put(published) => {
                    let place = Place::of(published, local_day(now, published));
                    writer.delta.insert(id.into(), Arc::new(place));
                    Some(published.location.position)
                }
                Change::Remove(_) => {
                    writer.delta.remove(id);
                    None
                }
            };
            if let Some(since) = &mut writer.since_merge {
                since.insert(id.into());
            }
            if was_at.is_some() || after.is_some() {
                touched.push(TouchedPlace { id: change.location_id().clone(), before: was_at, after });
            }
        }
        if !killed.is_empty() {
            writer.dead = Arc::new(writer.dead.with(&killed));
        }
        self.publish(&writer, batch.to_seq);
        Touched(touched)
    }

    /// A merge, when the delta has outgrown its worth and none runs yet.
    pub fn begin_merge(&self) -> Option<Merge> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let due = writer.delta.len() + writer.dead.count() > self.options.delta_min.max(writer.base.len() / 100);
        if !due || writer.since_merge.is_some() {
            return None;
        }
        writer.since_merge = Some(BTreeSet::new());
        Some(Merge { from: self.current.load_full() })
    }

    /// Puts the new base in place; what was touched since the merge began stays in the delta.
    pub fn finish_merge(&self, base: Segment) {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(since) = writer.since_merge.take() else { return };
        let slots: Vec<u32> = since.iter().filter_map(|id| base.slot_of(id)).collect();
        writer.dead = Arc::new(Dead::none(base.len()).with(&slots));
        writer.delta.retain(|id, _| since.contains(id));
        writer.base = Arc::new(base);
        let seq = self.current.load().seq();
        self.publish(&writer, seq);
    }

    /// Gives up a merge that failed; the delta goes on growing until the next.
    pub fn abandon_merge(&self) {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).since_merge = None;
    }

    fn publish(&self, writer: &Writer, seq: Seq) {
        let mut delta = SegmentBuilder::default();
        for place in writer.delta.values() {
            delta.push(place);
        }
        self.current.store(Arc::new(Snapshot::new(
            seq,
            Arc::clone(&writer.base),
            Arc::clone(&writer.dead),
            Arc::new(delta.build()),
            Arc::clone(&self.views),
        )));
    }
}

#[cfg(test)]
mod tests;
