//! Places as columns, in the Morton order of their web-mercator cells. The base and the delta are each one segment.
//!
//! A place's slot is its rank by (Morton code, id). So a cell of any zoom is one contiguous range of slots, neighbours
//! in space are mostly neighbours in memory, and a page of a viewport can go on after an edit.

use super::filter::wheelchair_bit;
use super::schedules::{Interner, ScheduleId, Schedules};
use super::sums::Sums;
use super::text::PlaceWords;
use super::view::View;
use crate::domain::Category;
use crate::domain::hours::Hours;
use crate::domain::location::Published;
use crate::feature::encode::{self, Fragment, OPEN};
use crate::geometry::{LonLat, geodesic, mercator};
use chrono::NaiveDate;
use chrono_tz::Tz;
use hashbrown::HashTable;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// A place ready to be put into a segment.
#[derive(Debug, Clone)]
pub struct Place {
    position: LonLat,
    categories: u32,
    benefits: u8,
    wheelchair: u8,
    category: Category,
    stamp: u64,
    hours: Option<Hours>,
    time_zone: Tz,
    fragment: Fragment,
}

impl Place {
    /// Encodes a location as it is shown on `day`.
    pub fn of(published: &Published, day: NaiveDate) -> Self {
        let l = &published.location;
        Self {
            position: l.position,
            categories: l.category_bits(),
            benefits: l
                .benefits
                .iter()
                .filter(|b| b.in_force(day))
                .filter_map(|b| b.kind)
                .fold(0, |bits, kind| bits | kind.bit()),
            wheelchair: wheelchair_bit(l.wheelchair),
            category: l.category,
            stamp: stamp(published),
            hours: l.hours.clone(),
            time_zone: l.time_zone,
            fragment: encode::encode(published, day),
        }
    }
}

/// Tells one edit of one place from another, the same on every replica.
fn stamp(published: &Published) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one((published.location.id.as_str(), published.version))
}

/// Where a place's bytes stand.
#[derive(Debug, Clone, Copy)]
struct Span {
    fragment: u64,
    text: u64,
    list_bytes: u32,
    card_bytes: u32,
    text_bytes: u32,
    id_bytes: u16,
}

/// What of a place is asked when a filter is worked out or places are summed up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Traits {
    stamp: u64,
    categories: u32,
    schedule: ScheduleId,
    benefits: u8,
    wheelchair: u8,
    category: Category,
}

/// The columns that views are made of.
#[derive(Clone, Copy)]
pub(super) struct Columns<'a> {
    pub(super) codes: &'a [u64],
    pub(super) ecef: &'a [[f64; 3]],
    traits: &'a [Traits],
}

impl Columns<'_> {
    /// What a slot adds to the sums of its cell.
    #[inline]
    pub(super) fn add_to(&self, sums: &mut Sums, slot: u32) {
        let traits = &self.traits[slot as usize];
        sums.add(self.codes[slot as usize], traits.category, traits.stamp);
    }
}

/// Immutable columns, one entry per slot.
pub struct Segment {
    number: u64,
    codes: Vec<u64>,
    positions: Vec<LonLat>,
    ecef: Vec<[f64; 3]>,
    traits: Vec<Traits>,
    spans: Vec<Span>,
    fragments: Vec<u8>,
    texts: String,
    by_id: HashTable<u32>,
    schedules: Schedules,
    all: Arc<View>,
    by_category: Vec<Arc<View>>,
    bounds: Option<[f64; 4]>,
    words: OnceLock<PlaceWords>,
}

impl Default for Segment {
    fn default() -> Self {
        SegmentBuilder::default().build()
    }
}

/// Numbers segments, so that views of different ones are told apart.
static NEXT: AtomicU64 = AtomicU64::new(0);

fn hash(id: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(id)
}

impl Segment {
    /// How many places it holds.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The box round its places: west, south, east, north, degrees.
    pub(super) fn bounds(&self) -> Option<[f64; 4]> {
        self.bounds
    }

    /// Tells segments apart.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The view of everything.
    pub(super) fn all(&self) -> &Arc<View> {
        &self.all
    }

    /// The view of one category, made with the segment.
    pub(super) fn of_category(&self, category: Category) -> &Arc<View> {
        &self.by_category[category as usize]
    }

    /// The words of its places; made when they are first asked for, because a delta is replaced by every edit and
    /// seldom searched.
    pub(super) fn words(&self) -> &PlaceWords {
        self.words.get_or_init(|| PlaceWords::of(self))
    }

    /// The slot of an id.
    pub fn slot_of(&self, id: &str) -> Option<u32> {
        self.by_id.find(hash(id), |&slot| self.id(slot) == id).copied()
    }

    /// The id of a slot.
    pub fn id(&self, slot: u32) -> &str {
        id_of(&self.fragments, &self.spans[slot as usize])
    }

    /// The position of a slot.
    #[inline]
    pub fn position(&self, slot: u32) -> LonLat {
        self.positions[slot as usize]
    }

    /// The Morton code of a slot.
    #[inline]
    pub(super) fn code(&self, slot: u32) -> u64 {
        self.codes[slot as usize]
    }

    #[inline]
    pub(super) fn ecef(&self, slot: u32) -> [f64; 3] {
        self.ecef[slot as usize]
    }

    #[inline]
    pub(super) fn category_bits(&self, slot: u32) -> u32 {
        self.traits[slot as usize].categories
    }

    /// The first category of a slot: the one it is counted under.
    #[inline]
    pub(super) fn category(&self, slot: u32) -> Category {
        self.traits[slot as usize].category
    }

    /// A number that changes with every edit of the place.
    #[inline]
    pub(super) fn stamp(&self, slot: u32) -> u64 {
        self.traits[slot as usize].stamp
    }

    #[inline]
    pub(super) fn benefit_bits(&self, slot: u32) -> u8 {
        self.traits[slot as usize].benefits
    }

    #[inline]
    pub(super) fn wheelchair_bit(&self, slot: u32) -> u8 {
        self.traits[slot as usize].wheelchair
    }

    pub(super) fn columns(&self) -> Columns<'_> {
        Columns { codes: &self.codes, ecef: &self.ecef, traits: &self.traits }
    }

    /// The schedule of a slot.
    #[inline]
    pub fn schedule(&self, slot: u32) -> ScheduleId {
        self.traits[slot as usize].schedule
    }

    /// The schedules that slots refer to.
    pub fn schedules(&self) -> &Schedules {
        &self.schedules
    }

    #[inline]
    pub(super) fn text(&self, slot: u32) -> &str {
        let span = &self.spans[slot as usize];
        &self.texts[span.text as usize..][..span.text_bytes as usize]
    }

    /// The list part of a slot's fragment.
    #[inline]
    pub fn list_part(&self, slot: u32) -> &[u8] {
        let span = &self.spans[slot as usize];
        &self.fragments[span.fragment as usize..][..span.list_bytes as usize]
    }

    /// The whole fragment of a slot: the list part, then the card part.
    pub fn card_part(&self, slot: u32) -> &[u8] {
        let span = &self.spans[slot as usize];
        &self.fragments[span.fragment as usize..][..(span.list_bytes + span.card_bytes) as usize]
    }

    /// What it holds in memory.
    ///
    /// # Units
    /// Bytes: first trees, orders, sets and columns; then text and fragments.
    pub fn size_bytes(&self) -> (usize, usize) {
        let columns = self.len()
            * (size_of::<u64>()
                + size_of::<LonLat>()
                + size_of::<[f64; 3]>()
                + size_of::<Traits>()
                + size_of::<Span>())
            + self.by_id.capacity() * (size_of::<u32>() + 1);
        let views: usize = self.by_category.iter().map(|v| v.size_bytes()).sum();
        let words = self.words.get().map_or(0, PlaceWords::size_bytes);
        (columns + views + self.all.size_bytes(), self.fragments.len() + self.texts.len() + words)
    }
}

fn id_of<'a>(fragments: &'a [u8], span: &Span) -> &'a str {
    let bytes = &fragments[span.fragment as usize + OPEN.len()..][..usize::from(span.id_bytes)];
    // The bytes were copied from a str; this check costs a few nanoseconds and keeps the file free of unsafe.
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// The column in an order of its slots.
#[expect(clippy::needless_pass_by_value, reason = "freed on return, so that never two columns are in memory twice")]
fn in_order<T: Copy>(column: Vec<T>, order: &[(u64, u32)]) -> Vec<T> {
    order.iter().map(|&(_, i)| column[i as usize]).collect()
}

/// Collects places, from edits or from other segments, and sorts them into a [`Segment`].
#[derive(Default)]
pub struct SegmentBuilder {
    codes: Vec<u64>,
    positions: Vec<LonLat>,
    traits: Vec<Traits>,
    spans: Vec<Span>,
    fragments: Vec<u8>,
    texts: String,
    schedules: Interner,
}

impl SegmentBuilder {
    /// A builder with room for `places` of the usual size.
    pub fn with_room(places: usize, fragment_bytes: usize, text_bytes: usize) -> Self {
        Self {
            codes: Vec::with_capacity(places),
            positions: Vec::with_capacity(places),
            traits: Vec::with_capacity(places),
            spans: Vec::with_capacity(places),
            fragments: Vec::with_capacity(fragment_bytes),
            texts: String::with_capacity(text_bytes),
            schedules: Interner::default(),
        }
    }

    /// How many places it holds so far.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// Adds a place. An id must not be added twice.
    pub fn push(&mut self, place: &Place) {
        let schedule = self.schedules.intern(place.hours.as_ref(), place.time_zone);
        let f = &place.fragment;
        let card_bytes = f.bytes.len() as u32 - f.list_bytes;
        let traits = Traits {
            stamp: place.stamp,
            categories: place.categories,
            schedule,
            benefits: place.benefits,
            wheelchair: place.wheelchair,
            category: place.category,
        };
        self.add(place.position, traits, &f.bytes, (f.id_bytes, f.list_bytes, card_bytes), &f.text);
    }

    /// Adds the place of another segment's slot.
    pub fn push_from(&mut self, segment: &Segment, slot: u32) {
        let schedule = segment.schedules.get(segment.schedule(slot));
        let schedule = self.schedules.intern(schedule.hours.as_ref(), schedule.time_zone);
        let span = &segment.spans[slot as usize];
        let traits = Traits { schedule, ..segment.traits[slot as usize] };
        let lengths = (span.id_bytes, span.list_bytes, span.card_bytes);
        self.add(segment.position(slot), traits, segment.card_part(slot), lengths, segment.text(slot));
    }

    fn add(&mut self, position: LonLat, traits: Traits, fragment: &[u8], lengths: (u16, u32, u32), text: &str) {
        let (id_bytes, list_bytes, card_bytes) = lengths;
        self.codes.push(mercator::code(position));
        self.positions.push(position);
        self.traits.push(traits);
        self.spans.push(Span {
            fragment: self.fragments.len() as u64,
            text: self.texts.len() as u64,
            list_bytes,
            card_bytes,
            text_bytes: text.len() as u32,
            id_bytes,
        });
        self.fragments.extend_from_slice(fragment);
        self.texts.push_str(text);
    }

    /// Sorts the columns and makes the trees.
    pub fn build(self) -> Segment {
        let Self { codes, positions, traits, spans, mut fragments, mut texts, schedules } = self;
        fragments.shrink_to_fit();
        texts.shrink_to_fit();
        // Stable, so that the sorted run of an old base is recognised and merged in linear time.
        let mut order: Vec<(u64, u32)> = codes.iter().copied().zip(0..).collect();
        let id = |i: u32| id_of(&fragments, &spans[i as usize]);
        order.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| id(a.1).cmp(id(b.1))));
        drop(codes);
        let positions = in_order(positions, &order);
        let traits = in_order(traits, &order);
        let spans = in_order(spans, &order);
        let codes: Vec<u64> = order.into_iter().map(|(code, _)| code).collect();
        let ecef: Vec<[f64; 3]> = positions.iter().map(|&p| geodesic::ecef(p)).collect();

        // Two threads: the tree of everything beside the trees of categories and the table of ids.
        let (all, by_category, by_id) = std::thread::scope(|scope| {
            let columns = Columns { codes: &codes, ecef: &ecef, traits: &traits };
            let all = scope.spawn(move || View::of_all(columns));
            let mut slots: Vec<Vec<u32>> = vec![Vec::new(); Category::ALL.len()];
            for (slot, t) in (0..).zip(&traits) {
                let mut bits = t.categories;
                while bits != 0 {
                    slots[bits.trailing_zeros() as usize].push(slot);
                    bits &= bits - 1;
                }
            }
            let by_category: Vec<Arc<View>> =
                slots.into_iter().map(|slots| Arc::new(View::of_slots(slots, columns))).collect();
            let hash_of = |slot: u32| hash(id_of(&fragments, &spans[slot as usize]));
            let mut by_id = HashTable::with_capacity(spans.len());
            for slot in 0..spans.len() as u32 {
                by_id.insert_unique(hash_of(slot), slot, |&slot| hash_of(slot));
            }
            let all = all.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (Arc::new(all), by_category, by_id)
        });
        let bounds = positions
            .iter()
            .map(|p| [p.lon(), p.lat(), p.lon(), p.lat()])
            .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
        Segment {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            codes,
            positions,
            ecef,
            traits,
            spans,
            fragments,
            texts,
            by_id,
            schedules: schedules.build(),
            all,
            by_category,
            bounds,
            words: OnceLock::new(),
        }
    }
}

impl Segment {
    /// Makes the view of a filter by looking at every place.
    pub(super) fn view(&self, filter: &super::Filter) -> View {
        let prepared = filter.on(self);
        let slots = (0..self.len() as u32).filter(|&slot| prepared.matches(slot)).collect();
        View::of_slots(slots, self.columns())
    }
}
