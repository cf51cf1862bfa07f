//! Which texts hold a word: an inverted index of short texts of three lines each.
//!
//! Posting lists are kept by (word, line), ascending. The few words that a good part of all texts have («скидка», the
//! town's name) are bit sets: an eighth of a byte per text instead of four.

use super::vocabulary::{Vocabulary, WordId};
use hashbrown::HashTable;
use std::ops::Range;

/// Lines of a text: the name first, what is looked at last in the end.
pub const LINES: usize = 3;
/// A list that holds more than one text in so many is a bit set.
const DENSE: usize = 32;
/// Fewer texts than this never need one.
const DENSE_MIN: usize = 1_024;

/// The words of numbered texts.
#[derive(Debug, Default)]
pub struct Words {
    vocabulary: Vocabulary,
    /// Where the list of `word * LINES + line` ends.
    ends: Vec<u32>,
    slots: Vec<u32>,
    /// By number of the list; the same list is empty in `slots`.
    dense: Vec<(u32, Box<[u64]>)>,
}

/// The texts that hold a word on one line.
pub enum List<'a> {
    /// Ascending.
    Slots(&'a [u32]),
    /// One bit per text.
    Bits(&'a [u64]),
}

impl Words {
    /// Takes texts in the order of their slots: lines end with `\n`, words stand after spaces.
    pub fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut collector = Collector::default();
        for text in texts {
            collector.add(text);
        }
        collector.finish()
    }

    /// The words themselves.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The texts with a word on a line.
    pub fn list(&self, word: WordId, line: usize) -> List<'_> {
        let number = word as usize * LINES + line;
        let range = self.range(number);
        if range.is_empty()
            && let Ok(at) = self.dense.binary_search_by_key(&(number as u32), |(n, _)| *n)
        {
            return List::Bits(&self.dense[at].1);
        }
        List::Slots(&self.slots[range])
    }

    fn range(&self, number: usize) -> Range<usize> {
        let start = if number == 0 { 0 } else { self.ends[number - 1] };
        start as usize..self.ends[number] as usize
    }

    /// What it holds in memory, bytes.
    pub fn size_bytes(&self) -> usize {
        let dense: usize = self.dense.iter().map(|(_, bits)| size_of_val(&**bits) + 24).sum();
        self.vocabulary.size_bytes() + (self.ends.len() + self.slots.len()) * size_of::<u32>() + dense
    }
}

impl List<'_> {
    /// Calls for every text of the list.
    #[inline]
    pub fn each(&self, mut found: impl FnMut(u32)) {
        match self {
            Self::Slots(slots) => slots.iter().for_each(|&slot| found(slot)),
            Self::Bits(bits) => {
                for (&word, first) in bits.iter().zip((0_u32..).step_by(64)) {
                    let mut rest = word;
                    while rest != 0 {
                        found(first + rest.trailing_zeros());
                        rest &= rest - 1;
                    }
                }
            }
        }
    }
}

/// A word as it is met first.
#[derive(Clone, Copy)]
struct Met {
    start: u32,
    len: u32,
    /// Texts that have it, by line.
    count: [u32; LINES],
    /// The last text that had it, by line, plus one.
    last: [u32; LINES],
}

/// Reads texts once: words get numbers as they are met, and occurrences are noted in order.
#[derive(Default)]
struct Collector {
    arena: String,
    met: Vec<Met>,
    table: HashTable<u32>,
    /// (word as met) * LINES + line, text by text.
    occurrences: Vec<u32>,
    /// Where the occurrences of each text end.
    ends: Vec<u32>,
}

/// Multiplicative, eight bytes at a time: words are short, and nobody gains from making them collide.
fn hash(word: &[u8]) -> u64 {
    let mut hash = 0_u64;
    for chunk in word.chunks(8) {
        let mut bytes = [0; 8];
        bytes[..chunk.len()].copy_from_slice(chunk);
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(bytes)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    hash ^ (hash >> 32)
}

fn spelled<'a>(arena: &'a str, met: &Met) -> &'a str {
    &arena[met.start as usize..][..met.len as usize]
}

/// The first eight bytes, so that most comparisons of words compare numbers.
pub(super) fn head(word: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let len = word.len().min(8);
    bytes[..len].copy_from_slice(&word[..len]);
    u64::from_be_bytes(bytes)
}

impl Collector {
    fn add(&mut self, text: &str) {
        let slot = self.ends.len() as u32;
        for (line, words) in text.splitn(LINES, '\n').enumerate() {
            for word in words.split(' ').filter(|w| !w.is_empty()) {
                let id = self.intern(word);
                let met = &mut self.met[id as usize];
                // Twice on a line is once.
                if met.last[line] != slot + 1 {
                    met.last[line] = slot + 1;
                    met.count[line] += 1;
                    self.occurrences.push(id * LINES as u32 + line as u32);
                }
            }
        }
        self.ends.push(self.occurrences.len() as u32);
    }

    fn intern(&mut self, word: &str) -> u32 {
        let Self { arena, met, table, .. } = self;
        let entry = table.entry(
            hash(word.as_bytes()),
            |&id| spelled(arena, &met[id as usize]) == word,
            |&id| hash(spelled(arena, &met[id as usize]).as_bytes()),
        );
        match entry {
            hashbrown::hash_table::Entry::Occupied(known) => *known.get(),
            hashbrown::hash_table::Entry::Vacant(free) => {
                let id = met.len() as u32;
                free.insert(id);
                met.push(Met {
                    start: arena.len() as u32,
                    len: word.len() as u32,
                    count: [0; LINES],
                    last: [0; LINES],
                });
                arena.push_str(word);
                id
            }
        }
    }

    fn finish(self) -> Words {
        let Self { arena, met, table, occurrences, ends: text_ends } = self;
        drop(table);
        let texts = text_ends.len();
        let word = |id: u32| spelled(&arena, &met[id as usize]);
        let mut order: Vec<(u64, u32)> = (0..met.len() as u32).map(|id| (head(word(id).as_bytes()), id)).collect();
        order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| word(a.1).cmp(word(b.1))));
        let vocabulary = Vocabulary::of_sorted(order.iter().map(|&(_, id)| word(id)));

        let is_dense = |count: u32| texts >= DENSE_MIN && count as usize > texts / DENSE;
        let mut dense: Vec<(u32, Box<[u64]>)> = Vec::new();
        let mut ends = Vec::with_capacity(order.len() * LINES);
        // By number of the list as met: where its next slot goes, or which bit set it is.
        let mut cursors = vec![0_u32; met.len() * LINES];
        let mut total = 0_u32;
        for &(_, id) in &order {
            for (line, &count) in met[id as usize].count.iter().enumerate() {
                let cursor = &mut cursors[id as usize * LINES + line];
                if is_dense(count) {
                    *cursor = u32::MAX - dense.len() as u32;
                    dense.push((ends.len() as u32, vec![0; texts.div_ceil(64)].into()));
                } else {
                    *cursor = total;
                    total += count;
                }
                ends.push(total);
            }
        }
        let first_dense = u32::MAX - dense.len() as u32;
        let mut slots = vec![0_u32; total as usize];
        let mut start = 0;
        for (slot, &end) in (0_u32..).zip(&text_ends) {
            for &number in &occurrences[start..end as usize] {
                let cursor = &mut cursors[number as usize];
                if *cursor > first_dense {
                    dense[(u32::MAX - *cursor) as usize].1[slot as usize / 64] |= 1 << (slot % 64);
                } else {
                    slots[*cursor as usize] = slot;
                    *cursor += 1;
                }
            }
            start = end as usize;
        }
        Words { vocabulary, ends, slots, dense }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts_of(words: &Words, word: &str, line: usize) -> Vec<u32> {
        let ids = words.vocabulary().prefixed(word);
        let mut all = Vec::new();
        if ids.start < ids.end && words.vocabulary().word(ids.start) == word {
            words.list(ids.start, line).each(|slot| all.push(slot));
        }
        all
    }

    #[test]
    fn words_know_their_texts_by_line() {
        let words = Words::of([" музей музей\n вход\n мира 1", "  кафе\n\n мира", "", " мира"].into_iter());
        assert_eq!(texts_of(&words, "музей", 0), [0]);
        assert_eq!(texts_of(&words, "музей", 1), [0_u32; 0]);
        assert_eq!(texts_of(&words, "вход", 1), [0]);
        assert_eq!((texts_of(&words, "мира", 2), texts_of(&words, "мира", 0)), (vec![0, 1], vec![3]));
        assert!(texts_of(&words, "мир", 2).is_empty());
    }

    #[test]
    fn common_words_are_bit_sets_and_say_the_same() {
        let texts: Vec<String> = (0..5_000).map(|n| format!(" № {n}\n скидка {}\n", n % 20)).collect();
        let words = Words::of(texts.iter().map(String::as_str));
        assert_eq!(texts_of(&words, "скидка", 1), (0..5_000).collect::<Vec<u32>>());
        assert_eq!(texts_of(&words, "7", 1), (0..250).map(|n| n * 20 + 7).collect::<Vec<u32>>());
        assert_eq!(texts_of(&words, "4999", 0), [4_999]);
        assert!(matches!(words.list(words.vocabulary().prefixed("скидка").start, 1), List::Bits(_)));
        assert!(words.size_bytes() < 5_000 * 40, "{}", words.size_bytes());
    }
}
