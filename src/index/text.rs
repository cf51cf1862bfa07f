//! Search as you type: locations, benefits, categories and settlements by words that may be unfinished, mistyped, in
//! another form, in the other alphabet or on the other keyboard layout.
//!
//! A segment has the words of its places ([`words`]): the base when it is made, the delta when it is first searched.
//! No answer looks at all places: a query is looked up among the distinct words ([`vocabulary`]), best ways first, and
//! only the places that have what was found are weighed ([`shelf`]).

pub mod lists;
pub mod query;
pub mod shelf;
pub mod vocabulary;
pub mod words;

pub use lists::Lists;
pub use shelf::Match;

use super::segment::Segment;
use super::snapshot::{Dead, Found, Snapshot};
use crate::domain::Category;
use crate::domain::fold::fold;
use crate::geometry::{LonLat, geodesic};
use query::{Query, Word};
use shelf::{ADDRESS, Answering, BENEFIT, NAME, Named, Search, Shelf, Way};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use words::{LINES, Words};

/// What was found.
#[derive(Clone, Copy)]
pub enum Item<'a> {
    /// A category.
    Category(Category),
    /// The settlement of this number in the gazetteer.
    Settlement(usize),
    /// A place.
    Location(Found<'a>),
    /// A place whose benefits say what was looked for.
    Benefit(Found<'a>),
}

/// One result.
#[derive(Clone, Copy)]
pub struct Hit<'a> {
    /// What.
    pub item: Item<'a>,
    /// How it was found.
    pub matched: Match,
    key: u16,
    /// Orders what was found equally well.
    tie: f64,
}

/// The words of a segment's places, and the rank of each by id.
#[derive(Debug, Default)]
pub struct PlaceWords {
    words: Words,
    by_id: Vec<u32>,
}

impl PlaceWords {
    /// Reads every text of a segment.
    pub(super) fn of(segment: &Segment) -> Self {
        let slots = 0..segment.len() as u32;
        let words = Words::of(slots.clone().map(|slot| segment.text(slot)));
        // The first bytes in which ids differ decide most comparisons.
        let common = common_beginning(slots.clone().map(|slot| segment.id(slot)));
        let mut order: Vec<(u64, u32)> =
            slots.map(|slot| (words::head(&segment.id(slot).as_bytes()[common..]), slot)).collect();
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| segment.id(a.1).cmp(segment.id(b.1))));
        let mut by_id = vec![0; order.len()];
        for (rank, &(_, slot)) in (0..).zip(&order) {
            by_id[slot as usize] = rank;
        }
        Self { words, by_id }
    }

    /// What it holds in memory, bytes.
    pub fn size_bytes(&self) -> usize {
        self.words.size_bytes() + self.by_id.len() * size_of::<u32>()
    }
}

/// How many bytes all of these begin with.
fn common_beginning<'a>(mut texts: impl Iterator<Item = &'a str>) -> usize {
    let Some(first) = texts.next() else { return 0 };
    texts.fold(first.len(), |common, text| {
        first.bytes().zip(text.bytes()).take(common).take_while(|(a, b)| a == b).count()
    })
}

fn chord_2(a: [f64; 3], b: [f64; 3]) -> f64 {
    let [dx, dy, dz] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    dx * dx + dy * dy + dz * dz
}

/// The places of one segment.
struct Places<'a> {
    segment: &'a Segment,
    dead: Option<&'a Dead>,
}

impl Shelf for Places<'_> {
    fn words(&self) -> &Words {
        &self.segment.words().words
    }
    fn count(&self) -> usize {
        self.segment.len()
    }
    fn fields(&self) -> [u8; LINES] {
        [NAME, BENEFIT, ADDRESS]
    }
    fn is_gone(&self, slot: u32) -> bool {
        self.dead.is_some_and(|dead| dead.contains(slot))
    }
    fn of_category(&self, category: usize, found: &mut dyn FnMut(u32)) {
        let view = self.segment.of_category(Category::ALL[category]);
        (0..view.len()).for_each(|rank| found(view.slot(rank)));
    }
}

/// One reading of a query at work on everything that can be found.
struct Desk<'a> {
    words: &'a [Word],
    layout: bool,
    lists: Search<'a, Lists>,
    base: Search<'a, Places<'a>>,
    delta: Search<'a, Places<'a>>,
}

impl Desk<'_> {
    fn look(&mut self, way: Way, enough: usize) {
        self.lists.look(way, &[], enough);
        let named: Vec<Named> = (0..self.words.len()).map(|word| named(&self.lists, word)).collect();
        self.base.look(way, &named, enough);
        self.delta.look(way, &named, enough);
    }

    /// How many answers each shelf has that have every word, counted up to `enough`.
    fn count(&self, enough: usize) -> [usize; 3] {
        [self.lists.count_complete(enough), self.base.count_complete(enough), self.delta.count_complete(enough)]
    }
}

/// The best answers of a shelf, `complete` or not.
fn best_of<S: Shelf>(
    search: &Search<'_, S>,
    complete: bool,
    limit: usize,
    tie: impl Fn(u32) -> (f64, u32),
) -> Vec<Ranked> {
    if complete { best(search.complete(), limit, tie) } else { best(search.partial().into_iter(), limit, tie) }
}

/// The categories that a word names, with costs for the places of them.
fn named(lists: &Search<'_, Lists>, word: usize) -> Named {
    let mut named = lists.named(word, Category::ALL.len());
    for (cost, _) in &mut named {
        *cost = shelf::as_category(*cost);
    }
    named
}

impl Snapshot {
    /// What `text` may mean, best first.
    ///
    /// # Shape
    /// At most `limit`. Better matches first; of equal ones categories, settlements, then places; then the nearer to
    /// `near`, a settlement the nearer the larger it is; then by id. Everything found has every word of the text, unless
    /// nothing has. A fifth of the answer at most is categories and a third settlements, unless there is room.
    pub fn search<'a>(&'a self, text: &str, lists: &'a Lists, near: Option<LonLat>, limit: usize) -> Vec<Hit<'a>> {
        let query = Query::new(text);
        if query.typed.is_empty() && query.other_layout.is_empty() {
            return Vec::new();
        }
        let (base, delta, dead) = self.segments();
        let base = Places { segment: base, dead: (dead.count() > 0).then_some(dead) };
        let delta = Places { segment: delta, dead: None };
        let desk = |words, layout| Desk {
            words,
            layout,
            lists: Search::new(lists, words, layout),
            base: Search::new(&base, words, layout),
            delta: Search::new(&delta, words, layout),
        };
        let mut desks = [desk(&query.typed, false), desk(&query.other_layout, true)];
        let mut hits = Vec::new();
        let mut found = [[0; 3]; 2];
        for (reading, way) in [
            (0, Way::Near),
            (0, Way::Typo),
            (0, Way::Spelled),
            (1, Way::Near),
            // From here on, guesses: only when there is nothing better.
            (1, Way::Typo),
            (0, Way::Far),
        ] {
            let so_far: usize = found.iter().flatten().sum();
            let last_resort = matches!((reading, way), (1, Way::Typo) | (_, Way::Far));
            if so_far >= limit || (last_resort && so_far > 0) {
                break;
            }
            desks[reading].look(way, limit);
            found[reading] = desks[reading].count(limit);
        }
        let complete = found.iter().flatten().sum::<usize>() > 0;
        let from = near.map(geodesic::ecef);
        for desk in &desks {
            let list_tie = |slot| lists.tie(slot, near);
            for Ranked { answer, tie } in best_of(&desk.lists, complete, limit * 3, list_tie) {
                let item = match Lists::entry(answer.slot) {
                    Ok(category) => Item::Category(category),
                    Err(number) => Item::Settlement(number),
                };
                hits.push(Hit {
                    item,
                    matched: answer.matched(desk.layout),
                    key: answer.key,
                    tie: tie.0 + f64::from(tie.1) * 1e-9,
                });
            }
            for (search, segment) in [(&desk.base, base.segment), (&desk.delta, delta.segment)] {
                let tie = |slot: u32| {
                    let distance_2 = from.map_or(0.0, |from| chord_2(from, segment.ecef(slot)));
                    (distance_2, segment.words().by_id[slot as usize])
                };
                for Ranked { answer, tie } in best_of(search, complete, limit, tie) {
                    let found = Found::new(segment, answer.slot);
                    let item = if answer.by_benefit { Item::Benefit(found) } else { Item::Location(found) };
                    hits.push(Hit { item, matched: answer.matched(desk.layout), key: answer.key, tie: tie.0 });
                }
            }
        }
        hits.sort_by(Hit::order);
        // The same entry may be found by both readings; the better one is met first.
        let mut seen = std::collections::HashSet::new();
        hits.retain(|hit| seen.insert(hit.identity()));
        fair(hits, limit)
    }
}

/// Titles of one place.
struct Titles(Words, usize);

impl Shelf for Titles {
    fn words(&self) -> &Words {
        &self.0
    }
    fn count(&self) -> usize {
        self.1
    }
    fn fields(&self) -> [u8; LINES] {
        [NAME, BENEFIT, ADDRESS]
    }
}

/// Which of a few titles says most of what was looked for; the first when none says anything.
pub fn nearest_of<'t>(titles: impl Iterator<Item = &'t str>, text: &str) -> usize {
    let folded: Vec<String> = titles.map(fold).collect();
    let titles = Titles(Words::of(folded.iter().map(String::as_str)), folded.len());
    let query = Query::new(text);
    let mut best = None;
    for (words, layout) in [(&query.typed, false), (&query.other_layout, true)] {
        let mut search = Search::new(&titles, words, layout);
        for way in [Way::Near, Way::Typo, Way::Spelled] {
            search.look(way, &[], usize::MAX);
        }
        best = search.partial().iter().map(|a| (a.key, a.slot)).chain(best).min();
    }
    best.map_or(0, |(_, slot)| slot as usize)
}

/// An answer with what orders it among equally good ones.
struct Ranked {
    answer: Answering,
    tie: (f64, u32),
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.answer.key.cmp(&other.answer.key))
            .then_with(|| self.tie.0.total_cmp(&other.tie.0))
            .then_with(|| self.tie.1.cmp(&other.tie.1))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}

/// The best `limit` answers, best first. Of a hundred thousand that are equally good only the ten nearest are ever
/// written down.
fn best(answers: impl Iterator<Item = Answering>, limit: usize, tie: impl Fn(u32) -> (f64, u32)) -> Vec<Ranked> {
    let mut heap: BinaryHeap<Ranked> = BinaryHeap::with_capacity(limit + 1);
    for answer in answers {
        if heap.len() < limit {
            heap.push(Ranked { answer, tie: tie(answer.slot) });
        } else if let Some(mut worst) = heap.peek_mut()
            && answer.key <= worst.answer.key
        {
            let ranked = Ranked { answer, tie: tie(answer.slot) };
            if ranked < *worst {
                *worst = ranked;
            }
        }
    }
    heap.into_sorted_vec()
}

impl<'a> Hit<'a> {
    fn kind(&self) -> u8 {
        match self.item {
            Item::Category(_) => 0,
            Item::Settlement(_) => 1,
            Item::Location(_) | Item::Benefit(_) => 2,
        }
    }

    fn identity(&self) -> (u8, &'a str, usize) {
        match self.item {
            Item::Category(category) => (0, "", category as usize),
            Item::Settlement(number) => (1, "", number),
            Item::Location(found) | Item::Benefit(found) => (2, found.id(), 0),
        }
    }

    fn order(&self, other: &Self) -> Ordering {
        (self.key, self.kind())
            .cmp(&(other.key, other.kind()))
            .then_with(|| self.tie.total_cmp(&other.tie))
            .then_with(|| self.identity().cmp(&other.identity()))
    }
}

/// The first `limit` hits, with no more than a fifth of categories and a third of settlements while others wait.
fn fair(hits: Vec<Hit<'_>>, limit: usize) -> Vec<Hit<'_>> {
    let share = [limit.div_ceil(5), limit.div_ceil(3), limit];
    let mut taken = [0; 3];
    let (mut chosen, waiting): (Vec<_>, Vec<_>) = hits.into_iter().partition(|hit| {
        let kind = usize::from(hit.kind());
        taken[kind] += 1;
        taken[kind] <= share[kind]
    });
    chosen.truncate(limit);
    chosen.extend(waiting.into_iter().take(limit - chosen.len()));
    chosen.sort_by(Hit::order);
    chosen
}
