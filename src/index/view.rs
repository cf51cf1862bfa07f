//! The set of places that match a filter, with a tree of its own.
//!
//! A view's slots stand in Morton order. Its tree holds buckets of up to [`BUCKET`] neighbours and not single places:
//! a tenth of the nodes, so that any filter, however broad, is worth a tree of its own (20 ms for half a million
//! places), and none is a predicate on somebody else's.

use super::filter::Filter;
use super::segment::{Columns, Segment};
use super::sums::{RunningSums, Sums};
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use rstar::{AABB, Envelope, RTree, RTreeNode, RTreeObject};
use std::sync::Arc;

/// Places in one leaf of a tree.
const BUCKET: usize = 12;

/// Neighbours in the Morton order and the box around them, in ECEF metres.
#[derive(Debug, Clone)]
pub(super) struct Bucket {
    envelope: AABB<[f64; 3]>,
    start: u32,
    len: u32,
}

impl RTreeObject for Bucket {
    type Envelope = AABB<[f64; 3]>;
    fn envelope(&self) -> Self::Envelope {
        self.envelope
    }
}

impl Bucket {
    /// The ranks of its places in the view.
    pub(super) fn ranks(&self) -> std::ops::Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }
}

/// The places of one segment that match one filter.
#[derive(Debug)]
pub struct View {
    /// Ascending; `None` is every slot.
    slots: Option<Box<[u32]>>,
    len: usize,
    tree: RTree<Bucket>,
    sums: RunningSums,
}

impl View {
    /// Every slot.
    pub(super) fn of_all(columns: Columns<'_>) -> Self {
        let len = columns.codes.len();
        Self { slots: None, len, tree: tree(len, |i| i as u32, columns), sums: RunningSums::of(0..len as u32, columns) }
    }

    /// Some slots, ascending.
    pub(super) fn of_slots(slots: Vec<u32>, columns: Columns<'_>) -> Self {
        let tree = tree(slots.len(), |i| slots[i], columns);
        let sums = RunningSums::of(slots.iter().copied(), columns);
        Self { len: slots.len(), slots: Some(slots.into_boxed_slice()), tree, sums }
    }

    /// The sums over a run of ranks.
    pub(super) fn sums(&self, ranks: std::ops::Range<usize>, columns: Columns<'_>) -> Sums {
        self.sums.over(ranks, |rank| self.slot(rank), columns)
    }

    /// Whether a slot is among them.
    pub(super) fn holds(&self, slot: u32) -> bool {
        self.slots.as_ref().is_none_or(|slots| slots.binary_search(&slot).is_ok())
    }

    /// How many places it holds.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The slot at a rank of the view.
    #[inline]
    pub(super) fn slot(&self, rank: usize) -> u32 {
        self.slots.as_ref().map_or(rank as u32, |slots| slots[rank])
    }

    /// Ranks `from..to` hold the codes `low..=high`.
    pub(super) fn ranks(&self, segment: &Segment, low: u64, high: u64) -> std::ops::Range<usize> {
        self.first_at_least(segment, low)..high.checked_add(1).map_or(self.len, |end| self.first_at_least(segment, end))
    }

    fn first_at_least(&self, segment: &Segment, code: u64) -> usize {
        let (mut low, mut high) = (0, self.len);
        while low < high {
            let middle = low.midpoint(high);
            if segment.code(self.slot(middle)) < code { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// The uppermost nodes of the tree over its buckets.
    pub(super) fn roots(&self) -> &[RTreeNode<Bucket>] {
        self.tree.root().children()
    }

    /// What it holds in memory, bytes; a node of the tree is reckoned with its share of inner nodes.
    pub fn size_bytes(&self) -> usize {
        self.slots.as_ref().map_or(0, |s| size_of_val(&**s))
            + self.tree.size() * (size_of::<Bucket>() + 8) * 4 / 3
            + self.sums.size_bytes()
    }
}

fn tree(len: usize, slot: impl Fn(usize) -> u32, columns: Columns<'_>) -> RTree<Bucket> {
    let Columns { codes, ecef, .. } = columns;
    let mut buckets = Vec::with_capacity(len / (BUCKET * 2 / 3) + 1);
    let everything = 0..len;
    let mut stack = vec![everything];
    while let Some(range) = stack.pop() {
        if range.is_empty() {
            continue;
        }
        let (first, last) = (codes[slot(range.start) as usize], codes[slot(range.end - 1) as usize]);
        if range.len() <= BUCKET || first == last {
            // Identical cells cannot be split further: chunks.
            let mut start = range.start;
            while start < range.end {
                let end = (start + BUCKET).min(range.end);
                let points = (start..end).map(|i| ecef[slot(i) as usize]);
                let mut envelope = AABB::new_empty();
                for p in points {
                    envelope.merge(&AABB::from_point(p));
                }
                buckets.push(Bucket { envelope, start: start as u32, len: (end - start) as u32 });
                start = end;
            }
            continue;
        }
        // Split where the highest bit in which the ends differ turns to 1: along an edge of the quadtree.
        let bit = (first ^ last).ilog2();
        let pivot = (last >> bit) << bit;
        let (mut low, mut high) = (range.start, range.end);
        while low < high {
            let middle = low.midpoint(high);
            if codes[slot(middle) as usize] < pivot { low = middle + 1 } else { high = middle }
        }
        stack.push(low..range.end);
        stack.push(range.start..low);
    }
    RTree::bulk_load(buckets)
}

/// Views that were made on first use, bounded by bytes, the least used forgotten first.
pub struct ViewCache(Cache<(u64, Filter), Arc<View>, BySize>);

#[derive(Clone)]
struct BySize;

impl Weighter<(u64, Filter), Arc<View>> for BySize {
    fn weight(&self, _key: &(u64, Filter), view: &Arc<View>) -> u64 {
        // The entry itself weighs something too, or empty views would be free.
        view.size_bytes() as u64 + 128
    }
}

impl ViewCache {
    /// A cache for at most so many bytes.
    pub fn new(bytes: u64) -> Self {
        // One shard: a view may be a good part of the whole bound, and a shard takes nothing larger than its share.
        let options = OptionsBuilder::new()
            .estimated_items_capacity(1_000)
            .weight_capacity(bytes)
            .shards(1)
            .build()
            .expect("every option is set");
        Self(Cache::with_options(options, BySize, DefaultHashBuilder::default(), DefaultLifecycle::default()))
    }

    /// Whether [`ViewCache::view`] would answer at once.
    pub fn is_ready(&self, segment: &Segment, filter: &Filter) -> bool {
        filter.is_all()
            || filter.single_category().is_some()
            || self.0.peek(&(segment.number(), filter.clone())).is_some()
    }

    /// The view of a filter on a segment: pinned, kept, or made now (milliseconds per million places).
    pub fn view(&self, segment: &Segment, filter: &Filter) -> Arc<View> {
        if filter.is_all() {
            return Arc::clone(segment.all());
        }
        if let Some(category) = filter.single_category() {
            return Arc::clone(segment.of_category(category));
        }
        let key = (segment.number(), filter.clone());
        let made: Result<_, std::convert::Infallible> =
            self.0.get_or_insert_with(&key, || Ok(Arc::new(segment.view(filter))));
        match made {
            Ok(view) => view,
        }
    }
}
