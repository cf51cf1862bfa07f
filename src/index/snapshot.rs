//! One moment of the index: a base, what was edited since, and what of the base is dead.

use super::filter::Filter;
use super::segment::{Segment, SegmentBuilder};
use super::view::{View, ViewCache};
use crate::domain::Seq;
use crate::feature::properties::{self, Record};
use crate::geometry::LonLat;
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// Slots of the base that a newer word has replaced.
#[derive(Debug, Clone, Default)]
pub struct Dead {
    bits: Box<[u64]>,
    count: usize,
}

impl Dead {
    /// No slot of a base of this length.
    pub fn none(len: usize) -> Self {
        Self { bits: vec![0; len.div_ceil(64)].into(), count: 0 }
    }

    /// These too.
    #[must_use]
    pub fn with(&self, slots: &[u32]) -> Self {
        let mut next = self.clone();
        for &slot in slots {
            let (word, bit) = (slot as usize / 64, 1_u64 << (slot % 64));
            next.count += usize::from(next.bits[word] & bit == 0);
            next.bits[word] |= bit;
        }
        next
    }

    /// Whether a slot is dead.
    #[inline]
    pub fn contains(&self, slot: u32) -> bool {
        self.count != 0 && self.bits[slot as usize / 64] & (1 << (slot % 64)) != 0
    }

    /// Every dead slot.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let words = if self.count == 0 { &[][..] } else { &self.bits };
        words
            .iter()
            .zip(0_u32..)
            .flat_map(|(&word, i)| (0..64).filter(move |bit| word & (1 << bit) != 0).map(move |bit| i * 64 + bit))
    }

    /// Every dead slot from `first` to `last`, both included.
    pub(super) fn between(&self, first: u32, last: u32) -> impl Iterator<Item = u32> + '_ {
        let words = if self.count == 0 { 0..0 } else { first / 64..last / 64 + 1 };
        words.flat_map(move |i| {
            let mut word = self.bits[i as usize];
            std::iter::from_fn(move || {
                let bit = (word != 0).then(|| word.trailing_zeros())?;
                word &= word - 1;
                Some(i * 64 + bit)
            })
            .filter(move |slot| (first..=last).contains(slot))
        })
    }

    /// How many are.
    pub fn count(&self) -> usize {
        self.count
    }
}

/// A place in a snapshot.
#[derive(Clone, Copy)]
pub struct Found<'a> {
    segment: &'a Segment,
    slot: u32,
}

impl<'a> Found<'a> {
    pub(super) fn new(segment: &'a Segment, slot: u32) -> Self {
        Self { segment, slot }
    }

    /// Its id.
    pub fn id(&self) -> &'a str {
        self.segment.id(self.slot)
    }

    /// Where it is.
    pub fn position(&self) -> LonLat {
        self.segment.position(self.slot)
    }

    pub(super) fn ecef(&self) -> [f64; 3] {
        self.segment.ecef(self.slot)
    }

    /// Its Morton code, which orders pages.
    pub fn code(&self) -> u64 {
        self.segment.code(self.slot)
    }

    /// Its first category.
    pub fn category(&self) -> crate::domain::Category {
        self.segment.category(self.slot)
    }

    /// Counts it.
    pub(super) fn add_to(&self, sums: &mut super::sums::Sums) {
        let (segment, slot) = (self.segment, self.slot);
        sums.add(segment.code(slot), segment.category(slot), segment.stamp(slot));
    }

    /// Its fragment as lists show it, open at the end.
    pub fn list_part(&self) -> &'a [u8] {
        self.segment.list_part(self.slot)
    }

    /// Its whole fragment, open at the end.
    pub fn card_part(&self) -> &'a [u8] {
        self.segment.card_part(self.slot)
    }

    /// Its public properties; `json` is room to work in.
    pub fn record<'r>(&self, json: &'r mut Vec<u8>) -> Record<'r>
    where
        'a: 'r,
    {
        let schedule = self.schedule();
        let hours = schedule.hours.as_ref().map(crate::domain::Hours::as_str);
        properties::read(self.card_part(), hours, schedule.time_zone.name(), json)
            .expect("a fragment is what encode made it")
    }

    /// Its schedule.
    pub fn schedule(&self) -> &'a super::schedules::Schedule {
        self.segment.schedules().get(self.segment.schedule(self.slot))
    }

    /// Appends `,"open":…`; answers when that will change.
    pub fn splice_open(&self, at: DateTime<Utc>, out: &mut Vec<u8>) -> Option<DateTime<Utc>> {
        self.segment.schedules().splice(self.segment.schedule(self.slot), at, out)
    }
}

/// An immutable moment. Reading it takes no lock.
pub struct Snapshot {
    seq: Seq,
    base: Arc<Segment>,
    dead: Arc<Dead>,
    delta: Arc<Segment>,
    views: Arc<ViewCache>,
}

/// The two halves of a filter's view: slots of the base (the dead among them) and of the delta.
pub(super) struct Parts<'a> {
    pub(super) base: (&'a Segment, Arc<View>),
    pub(super) delta: (&'a Segment, Arc<View>),
    pub(super) dead: &'a Dead,
}

impl Snapshot {
    pub(super) fn new(
        seq: Seq,
        base: Arc<Segment>,
        dead: Arc<Dead>,
        delta: Arc<Segment>,
        views: Arc<ViewCache>,
    ) -> Self {
        Self { seq, base, dead, delta, views }
    }

    /// The last write it has seen.
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// How many places it holds.
    pub fn len(&self) -> usize {
        self.base.len() - self.dead.count() + self.delta.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A box that holds every place: west, south, east, north, degrees; the world when there is none. Places that were
    /// removed since the last merge may still widen it.
    pub fn bounds(&self) -> [f64; 4] {
        let all = [&self.base, &self.delta].into_iter().filter_map(|segment| segment.bounds());
        all.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
            .unwrap_or([-180.0, -90.0, 180.0, 90.0])
    }

    /// How many of them stand in the delta, and how many of the base are dead.
    pub fn delta_len(&self) -> (usize, usize) {
        (self.delta.len(), self.dead.count())
    }

    /// The place of an id.
    pub fn lookup(&self, id: &str) -> Option<Found<'_>> {
        if let Some(slot) = self.delta.slot_of(id) {
            return Some(Found::new(&self.delta, slot));
        }
        self.base.slot_of(id).filter(|&slot| !self.dead.contains(slot)).map(|slot| Found::new(&self.base, slot))
    }

    /// Every place, in no promised order.
    pub fn iter(&self) -> impl Iterator<Item = Found<'_>> {
        let base = (0..self.base.len() as u32)
            .filter(|&slot| !self.dead.contains(slot))
            .map(|slot| Found::new(&self.base, slot));
        base.chain((0..self.delta.len() as u32).map(|slot| Found::new(&self.delta, slot)))
    }

    /// How many places match.
    pub fn count(&self, filter: &Filter) -> usize {
        let parts = self.parts(filter);
        let prepared = filter.on(&self.base);
        let dead = self.dead.iter().filter(|&slot| prepared.matches(slot)).count();
        parts.base.1.len() - dead + parts.delta.1.len()
    }

    /// Whether this filter is answered without making a view of a large segment first.
    pub fn is_ready(&self, filter: &Filter) -> bool {
        self.base.len() < 20_000 || self.views.is_ready(&self.base, filter)
    }

    pub(super) fn parts<'a>(&'a self, filter: &Filter) -> Parts<'a> {
        Parts {
            base: (&self.base, self.views.view(&self.base, filter)),
            delta: (&self.delta, self.views.view(&self.delta, filter)),
            dead: &self.dead,
        }
    }

    /// Base, delta, and what of the base is dead.
    pub(super) fn segments(&self) -> (&Segment, &Segment, &Dead) {
        (&self.base, &self.delta, &self.dead)
    }

    /// What it holds in memory: trees, orders, sets and columns; then text and fragments.
    pub fn size_bytes(&self) -> (usize, usize) {
        let (base, delta) = (self.base.size_bytes(), self.delta.size_bytes());
        (base.0 + delta.0 + self.base.len() / 8, base.1 + delta.1)
    }

    /// The same places as one segment.
    pub(super) fn compact(&self) -> Segment {
        let (_, text) = self.size_bytes();
        let mut builder = SegmentBuilder::with_room(self.len(), text, text / 4);
        for found in self.iter() {
            builder.push_from(found.segment, found.slot);
        }
        builder.build()
    }
}
