//! What a reader may ask for, in a canonical form that keys a view.

use super::schedules::Schedules;
use super::segment::Segment;
use crate::domain::fold::fold;
use crate::domain::{BenefitKind, Category, Wheelchair};
use chrono::{DateTime, Utc};

/// A filter: every part must hold. Two that mean the same are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Filter {
    categories: u32,
    benefits: u8,
    wheelchair: u8,
    open_at_minute: Option<i64>,
    words: Vec<Box<str>>,
}

/// The stored bit of a wheelchair value; 0 is "not known".
pub(super) fn wheelchair_bit(value: Option<Wheelchair>) -> u8 {
    value.map_or(0, |w| 1 << w as u8)
}

impl Filter {
    /// Only places of one of these categories; none given is no condition.
    #[must_use]
    pub fn categories(mut self, categories: impl IntoIterator<Item = Category>) -> Self {
        self.categories = categories.into_iter().fold(self.categories, |bits, c| bits | c.bit());
        self
    }

    /// Only places with a benefit of one of these kinds in force.
    #[must_use]
    pub fn benefits(mut self, kinds: impl IntoIterator<Item = BenefitKind>) -> Self {
        self.benefits = kinds.into_iter().fold(self.benefits, |bits, k| bits | k.bit());
        self
    }

    /// Only places with one of these values.
    #[must_use]
    pub fn wheelchair(mut self, values: impl IntoIterator<Item = Wheelchair>) -> Self {
        self.wheelchair = values.into_iter().fold(self.wheelchair, |bits, w| bits | wheelchair_bit(Some(w)));
        self
    }

    /// Only places known to be open at a moment, to the minute.
    #[must_use]
    pub fn open_at(mut self, at: DateTime<Utc>) -> Self {
        self.open_at_minute = Some(at.timestamp().div_euclid(60));
        self
    }

    /// Only places whose name, benefits or address hold words that begin with each of these.
    #[must_use]
    pub fn text(mut self, q: &str) -> Self {
        self.words = fold(q).split(' ').filter(|w| !w.is_empty()).map(|w| format!(" {w}").into()).collect();
        self.words.sort();
        self.words.dedup();
        self
    }

    /// Whether it lets everything through.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// The category it asks for, when that is all it asks for.
    pub fn single_category(&self) -> Option<Category> {
        if self.categories.count_ones() != 1 || (Self { categories: 0, ..self.clone() }) != Self::default() {
            return None;
        }
        Category::ALL.iter().copied().find(|c| c.bit() == self.categories)
    }

    /// The moment of its `open_at`.
    pub fn moment(&self) -> Option<DateTime<Utc>> {
        self.open_at_minute.and_then(|m| DateTime::from_timestamp(m * 60, 0))
    }

    /// What it holds in memory beside itself, bytes.
    pub fn size_bytes(&self) -> usize {
        self.words.iter().map(|w| w.len() + size_of::<Box<str>>()).sum()
    }

    /// Made ready for one segment: schedules are asked once each.
    pub(super) fn on<'a>(&'a self, segment: &'a Segment) -> Prepared<'a> {
        let open = self.moment().map(|at| Schedules::open_at(segment.schedules(), at));
        Prepared { filter: self, segment, open }
    }
}

/// A filter ready to be asked about the slots of one segment.
pub(super) struct Prepared<'a> {
    filter: &'a Filter,
    segment: &'a Segment,
    open: Option<Vec<bool>>,
}

impl Prepared<'_> {
    /// Whether the place of a slot matches.
    #[inline]
    pub(super) fn matches(&self, slot: u32) -> bool {
        let (f, s) = (self.filter, self.segment);
        (f.categories == 0 || s.category_bits(slot) & f.categories != 0)
            && (f.benefits == 0 || s.benefit_bits(slot) & f.benefits != 0)
            && (f.wheelchair == 0 || s.wheelchair_bit(slot) & f.wheelchair != 0)
            && self.open.as_ref().is_none_or(|open| open[s.schedule(slot) as usize])
            && (f.words.is_empty() || {
                let text = s.text(slot);
                f.words.iter().all(|w| text.contains(&**w))
            })
    }
}
