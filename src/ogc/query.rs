//! A question about the collection, and its answer page by page.

use super::cql2::check::needs_record;
use super::cql2::eval::{Row, matches};
use super::narrow::Narrowed;
use super::sort::{Ranked, SortKey};
use crate::geometry::Bbox;
use crate::index::within::After;
use crate::index::{Found, Snapshot};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Places looked at in one go when each has to be asked.
const STRIDE: usize = 2_048;

/// Where a page begins.
#[derive(Debug, Clone, PartialEq)]
pub enum Start {
    /// After so many matches.
    Offset(usize),
    /// After the last place of the page before, in the order of the index.
    After(After),
    /// After the last place of the page before, in an order that was asked for.
    Ranked(Ranked),
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Which places.
    pub which: Narrowed,
    /// In which order; none is the index's own.
    pub sort: Vec<SortKey>,
}

/// One page.
pub struct Page<'s> {
    /// In order.
    pub places: Vec<Found<'s>>,
    /// How many match on all pages together.
    pub matched: usize,
    /// Where the next page begins, when there is one.
    pub next: Option<Start>,
}

/// What was worked out by looking at every place, so that the next page need not.
#[derive(Clone)]
enum Kept {
    Count(usize),
    Order(Arc<[Ranked]>),
}

#[derive(Clone)]
struct BySize;

impl Weighter<String, Kept> for BySize {
    fn weight(&self, key: &String, kept: &Kept) -> u64 {
        let order = match kept {
            Kept::Count(_) => 0,
            Kept::Order(order) => order.iter().map(Ranked::size_bytes).sum(),
        };
        (key.len() + 64 + order) as u64
    }
}

/// Questions that ask places one by one at the same time: each takes a whole core for as long as it lasts.
const AT_ONCE: usize = 2;

/// Counts and orders of one snapshot, bounded by bytes.
pub struct Answers {
    kept: Cache<String, Kept, BySize>,
    turns: Arc<Semaphore>,
}

impl Answers {
    /// At most so many bytes.
    pub fn new(bytes: u64) -> Self {
        Self { kept: Cache::with_weighter(1_000, bytes, BySize), turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Waits for a turn to ask places one by one; it ends when what is answered is dropped.
    pub async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.turns).acquire_owned().await.ok()
    }
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answers").finish_non_exhaustive()
    }
}

impl Question {
    /// Whether places have to be asked one by one: milliseconds for thousands of them.
    pub fn is_slow(&self) -> bool {
        !self.which.rest.is_empty() || !self.sort.is_empty()
    }

    /// A page of at most `limit` places.
    pub fn page<'s>(&self, snapshot: &'s Snapshot, answers: &Answers, limit: usize, start: &Start) -> Page<'s> {
        if self.sort.is_empty() {
            self.in_own_order(snapshot, answers, limit, start)
        } else {
            self.sorted(snapshot, answers, limit, start)
        }
    }

    fn in_own_order<'s>(&self, snapshot: &'s Snapshot, answers: &Answers, limit: usize, start: &Start) -> Page<'s> {
        let matched = self.count(snapshot, answers);
        let (mut skip, mut after) = match start {
            Start::Offset(n) => (*n, None),
            Start::After(after) => (0, Some(after.clone())),
            Start::Ranked(_) => (0, None),
        };
        if skip >= matched {
            return Page { places: Vec::new(), matched, next: None };
        }
        let mut places = Vec::new();
        let stride = if self.which.rest.is_empty() { (skip + limit + 1).min(STRIDE) } else { STRIDE };
        let more = self.walk(snapshot, stride, &mut after, &mut |found| {
            if skip > 0 {
                skip -= 1;
                return true;
            }
            if places.len() == limit {
                return false;
            }
            places.push(found);
            true
        });
        let next =
            places.last().filter(|_| more).map(|last| Start::After(After { code: last.code(), id: last.id().into() }));
        Page { places, matched, next }
    }

    /// Walks through the matches after a place, in the order of the index, until `each` says that it is enough; answers
    /// whether it did.
    fn walk<'s>(
        &self,
        snapshot: &'s Snapshot,
        stride: usize,
        after: &mut Option<After>,
        each: &mut dyn FnMut(Found<'s>) -> bool,
    ) -> bool {
        let Narrowed { filter, bbox, rest } = &self.which;
        let bbox = bbox.unwrap_or(WORLD);
        let with_record = rest.iter().any(needs_record);
        let mut json = Vec::new();
        loop {
            let page = snapshot.within(&bbox, stride, after.as_ref(), filter);
            for found in page.places {
                if asked(rest, &found, with_record, &mut json) && !each(found) {
                    return true;
                }
            }
            match page.next {
                Some(next) => *after = Some(next),
                None => return false,
            }
        }
    }

    fn count(&self, snapshot: &Snapshot, answers: &Answers) -> usize {
        let Narrowed { filter, bbox, rest } = &self.which;
        if rest.is_empty() {
            return bbox.as_ref().map_or_else(|| snapshot.count(filter), |bbox| snapshot.count_within(bbox, filter));
        }
        let key = format!("{}|{:?}", snapshot.seq().0, self.which);
        if let Some(Kept::Count(count)) = answers.kept.get(&key) {
            return count;
        }
        let mut count = 0;
        self.walk(snapshot, STRIDE, &mut None, &mut |_| {
            count += 1;
            true
        });
        answers.kept.insert(key, Kept::Count(count));
        count
    }

    fn sorted<'s>(&self, snapshot: &'s Snapshot, answers: &Answers, limit: usize, start: &Start) -> Page<'s> {
        let order = self.order(snapshot, answers);
        let from = match start {
            Start::Offset(n) => (*n).min(order.len()),
            Start::Ranked(last) => order.partition_point(|one| one.order(last, &self.sort).is_le()),
            Start::After(_) => 0,
        };
        let page = &order[from..(from + limit).min(order.len())];
        let next = page.last().filter(|_| from + page.len() < order.len()).cloned().map(Start::Ranked);
        let places = page.iter().filter_map(|one| snapshot.lookup(&one.id)).collect();
        Page { places, matched: order.len(), next }
    }

    fn order(&self, snapshot: &Snapshot, answers: &Answers) -> Arc<[Ranked]> {
        let key = format!("{}|{self:?}", snapshot.seq().0);
        if let Some(Kept::Order(order)) = answers.kept.get(&key) {
            return order;
        }
        let mut order = Vec::new();
        let mut json = Vec::new();
        self.walk(snapshot, STRIDE, &mut None, &mut |found| {
            order.push(Ranked::of(&self.sort, &found.record(&mut json)));
            true
        });
        order.sort_unstable_by(|a, b| a.order(b, &self.sort));
        let order: Arc<[Ranked]> = order.into();
        answers.kept.insert(key, Kept::Order(Arc::clone(&order)));
        order
    }
}

const WORLD: Bbox = Bbox { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };

fn asked(rest: &[super::cql2::Node], found: &Found<'_>, with_record: bool, json: &mut Vec<u8>) -> bool {
    if rest.is_empty() {
        return true;
    }
    let record = with_record.then(|| found.record(json));
    let row =
        Row { id: found.id(), category: found.category().code(), position: found.position(), record: record.as_ref() };
    rest.iter().all(|node| matches(node, &row))
}
