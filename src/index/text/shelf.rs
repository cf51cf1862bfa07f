//! One set of texts and how well each of them answers a query.
//!
//! For each word of the query there is a column of costs, one byte per text; only the posting lists of words that match
//! are read, and only the texts they name are looked at. Better matches are tried first: worse ones only when there
//! are not enough.

use super::query::Word;
use super::words::{LINES, Words};
use crate::domain::translit;
use crate::domain::typo::Typed;
use std::ops::Range;

/// What of a text a word was found in, best first. A cost is `rank * FIELDS + field`.
pub const NAME: u8 = 0;
/// The words of its category.
pub const CATEGORY: u8 = 1;
/// What a family gets there.
pub const BENEFIT: u8 = 2;
/// Where it is.
pub const ADDRESS: u8 = 3;
const FIELDS: u8 = 4;

/// How a word was found, best first.
const EXACT: u8 = 0;
const PREFIX: u8 = 1;
const STEM: u8 = 2;
/// The beginning of a word, although another word follows.
const ABBREVIATED: u8 = 3;
const TYPO: u8 = 4;
const TWO_TYPOS: u8 = 6;
const SPELLED: u8 = 8;
const SPELLED_PREFIX: u8 = 9;
/// The four nearest ranks once more.
const LAYOUT: u8 = 10;
const FAR: u8 = 14;

const NONE: u8 = u8::MAX;

/// How a hit was found; of several words, the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// The very word.
    Exact,
    /// The beginning of a word.
    Prefix,
    /// Another form of the word.
    Stem,
    /// A few slips away.
    Typo,
    /// In the other alphabet.
    Translit,
    /// On the other keyboard layout.
    Layout,
}

impl Match {
    /// The public code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Prefix => "prefix",
            Self::Stem => "stem",
            Self::Typo => "typo",
            Self::Translit => "translit",
            Self::Layout => "layout",
        }
    }
}

/// How hard a query is looked for; each way adds to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Words, their beginnings and forms.
    Near,
    /// Slips of the finger.
    Typo,
    /// Words of the other alphabet.
    Spelled,
    /// Words of the other alphabet with slips.
    Far,
}

/// A set of numbered texts, and what is known of them beside their words.
pub trait Shelf {
    /// Their words.
    fn words(&self) -> &Words;
    /// How many texts there are.
    fn count(&self) -> usize;
    /// The field of each line of a text.
    fn fields(&self) -> [u8; LINES];
    /// Whether a text is not there any more.
    fn is_gone(&self, _slot: u32) -> bool {
        false
    }
    /// Calls for the texts of each category.
    fn of_category(&self, _category: usize, _found: &mut dyn FnMut(u32)) {}
}

/// Categories that a word of the query names, with the cost of that.
pub type Named = Vec<(u8, usize)>;

/// The costs of one word of the query.
struct Column {
    cost: Vec<u8>,
    /// Texts that have it, as they were met.
    met: Vec<u32>,
}

/// The cost for places of what was found in a list's entry for their category.
pub fn as_category(cost: u8) -> u8 {
    let (rank, field) = (cost / FIELDS, cost % FIELDS);
    // A part of a name («дом» of «дом культуры») is no more than a beginning.
    let rank = if field == NAME { rank } else { rank.max(PREFIX) };
    rank * FIELDS + CATEGORY
}

/// A text that answers the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answering {
    /// Which.
    pub slot: u32,
    /// Orders hits, best first: words that are missing, the worst rank, the sum of costs.
    pub key: u16,
    /// Whether a word was found in its benefits.
    pub by_benefit: bool,
}

impl Answering {
    /// How it was found; `layout` says that the other keyboard layout was tried.
    pub fn matched(&self, layout: bool) -> Match {
        match ((self.key >> 8) & 15) as u8 {
            _ if layout => Match::Layout,
            EXACT => Match::Exact,
            PREFIX | ABBREVIATED => Match::Prefix,
            STEM => Match::Stem,
            SPELLED | SPELLED_PREFIX | FAR.. => Match::Translit,
            _ => Match::Typo,
        }
    }
}

/// A query at work on one shelf.
pub struct Search<'a, S> {
    shelf: &'a S,
    words: &'a [Word],
    layout: bool,
    columns: Vec<Column>,
    /// Numbers of the words that a text must have; the others are not looked up at all.
    needed: Vec<usize>,
}

impl<'a, S: Shelf> Search<'a, S> {
    /// Nothing is looked at yet.
    pub fn new(shelf: &'a S, words: &'a [Word], layout: bool) -> Self {
        let columns = words.iter().map(|_| Column { cost: Vec::new(), met: Vec::new() }).collect();
        let any = words.iter().any(|w| w.needed);
        let needed = (0..words.len()).filter(|&i| !any || words[i].needed).collect();
        Self { shelf, words, layout, columns, needed }
    }

    /// Looks one way more. `named` are the categories of each word; with `enough` texts for the only needed word,
    /// worse matches of it are not looked at.
    pub fn look(&mut self, way: Way, named: &[Named], enough: usize) {
        for i in self.needed.clone() {
            let word = &self.words[i];
            let mut terms = terms(self.shelf.words(), word, way);
            if self.layout {
                for (rank, _) in &mut terms {
                    *rank = if way == Way::Near { LAYOUT + *rank } else { FAR + 1 };
                }
            }
            self.mark(i, &terms, named.get(i).map_or(&[], |n| &**n), enough);
        }
    }

    /// Writes the costs of terms into the column of a word, best first.
    fn mark(&mut self, i: usize, terms: &[(u8, Range<u32>)], named: &[(u8, usize)], enough: usize) {
        enum Source<'t> {
            Words(&'t Range<u32>, usize),
            Category(usize),
        }
        let shelf = self.shelf;
        let fields = shelf.fields();
        let mut sources: Vec<(u8, Source<'_>)> = terms
            .iter()
            .flat_map(|(rank, range)| (0..LINES).map(move |line| (*rank, range, line)))
            .map(|(rank, range, line)| (rank * FIELDS + fields[line], Source::Words(range, line)))
            .chain(named.iter().map(|&(cost, category)| (cost, Source::Category(category))))
            .collect();
        sources.sort_by_key(|(cost, _)| *cost);
        let alone = self.needed.len() == 1;
        let column = &mut self.columns[i];
        if column.cost.is_empty() && !sources.is_empty() {
            column.cost = vec![NONE; shelf.count()];
        }
        let mut before = 0;
        for (cost, source) in sources {
            if alone && cost > before && column.met.len() >= enough {
                break;
            }
            before = cost;
            let mut note = |slot: u32| {
                let old = &mut column.cost[slot as usize];
                if *old == NONE {
                    if shelf.is_gone(slot) {
                        return;
                    }
                    column.met.push(slot);
                }
                *old = cost.min(*old);
            };
            match source {
                Source::Words(range, line) => {
                    for word in range.clone() {
                        shelf.words().list(word, line).each(&mut note);
                    }
                }
                Source::Category(category) => shelf.of_category(category, &mut note),
            }
        }
    }

    /// The cost of a text for a word, if it has it.
    fn cost(&self, word: usize, slot: u32) -> Option<u8> {
        self.columns[word].cost.get(slot as usize).copied().filter(|&cost| cost != NONE)
    }

    /// The cost of each of the first `texts` texts for a word: what names a category.
    pub fn named(&self, word: usize, texts: usize) -> Named {
        (0..texts).filter_map(|slot| Some((self.cost(word, slot as u32)?, slot))).collect()
    }

    /// The texts that have every needed word.
    pub fn complete(&self) -> impl Iterator<Item = Answering> {
        let rarest = self.needed.iter().min_by_key(|&&i| self.columns[i].met.len());
        let met = rarest.map_or(&[][..], |&i| &self.columns[i].met);
        met.iter().filter_map(|&slot| self.weigh(slot, 0))
    }

    /// How many texts have every needed word, counted up to `enough`.
    pub fn count_complete(&self, enough: usize) -> usize {
        self.complete().take(enough).count()
    }

    /// The texts that have some needed word, for when none has all.
    pub fn partial(&self) -> Vec<Answering> {
        let mut slots: Vec<u32> = self.needed.iter().flat_map(|&i| self.columns[i].met.iter().copied()).collect();
        slots.sort_unstable();
        slots.dedup();
        slots.into_iter().filter_map(|slot| self.weigh(slot, self.needed.len() - 1)).collect()
    }

    fn weigh(&self, slot: u32, may_miss: usize) -> Option<Answering> {
        let (mut missing, mut worst, mut sum, mut by_benefit) = (0, 0, 0_u16, false);
        for &i in &self.needed {
            let Some(cost) = self.cost(i, slot) else {
                missing += 1;
                if missing > may_miss {
                    return None;
                }
                continue;
            };
            worst = worst.max(cost / FIELDS);
            sum += u16::from(cost);
            by_benefit |= cost % FIELDS == BENEFIT;
        }
        let key = (missing.min(15) as u16) << 12 | u16::from(worst) << 8 | sum.min(255);
        Some(Answering { slot, key, by_benefit })
    }
}

/// The words of a vocabulary that a word of the query may mean, one way.
fn terms(words: &Words, word: &Word, way: Way) -> Vec<(u8, Range<u32>)> {
    let vocabulary = words.vocabulary();
    let mut terms = Vec::new();
    let one = |id: u32| id..id + 1;
    let letters = word.text.chars().count();
    match way {
        Way::Near => {
            let range = vocabulary.prefixed(&word.text);
            let whole = !range.is_empty() && vocabulary.word(range.start) == word.text;
            // One or two letters are hardly ever the whole word, while they are being typed.
            if whole && !(word.unfinished && letters < 3) {
                terms.push((EXACT, one(range.start)));
            }
            // A number that is not being typed is that number.
            if word.unfinished || (letters > 2 && !word.text.as_bytes()[0].is_ascii_digit()) {
                terms.push((if word.unfinished { PREFIX } else { ABBREVIATED }, range));
            } else if whole {
                terms.push((EXACT, one(range.start)));
            }
            terms.extend(vocabulary.forms(&word.text).into_iter().map(|id| (STEM, one(id))));
        }
        Way::Typo => similar(words, &word.text, word.unfinished, &mut terms),
        Way::Spelled => vocabulary.spelled(&word.text, |range, whole| {
            if whole {
                terms.push((SPELLED, one(range.start)));
            }
            if word.unfinished {
                terms.push((SPELLED_PREFIX, range));
            }
        }),
        Way::Far => {
            similar(words, &translit::usual(&word.text), word.unfinished, &mut terms);
            for (rank, _) in &mut terms {
                *rank = FAR;
            }
        }
    }
    terms
}

fn similar(words: &Words, text: &str, unfinished: bool, terms: &mut Vec<(u8, Range<u32>)>) {
    let Some(typed) = Typed::new(text) else { return };
    words.vocabulary().similar(&typed, unfinished, |id, slips| {
        let rank = if slips.count > 1 { TWO_TYPOS } else { TYPO };
        terms.push((rank + u8::from(slips.goes_on), id..id + 1));
    });
}
