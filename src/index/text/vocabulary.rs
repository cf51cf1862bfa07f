//! The distinct words of a set of texts, in order, and the ways to find those that somebody may have meant.
//!
//! Words in order are a trie that needs no building: the words with one beginning are one range. So prefixes, the
//! forms of a word and transliterations are walks that narrow a range, and nothing but the words themselves is kept.
//! Only typos look at all words: at nine bytes of each, which rule out nearly all.

use crate::domain::stem::{self, stem};
use crate::domain::translit;
use crate::domain::typo::{self, Typed};
use std::ops::Range;

/// The number of a word: its rank.
pub type WordId = u32;

/// Steps that a walk through transliterations may take; real words take dozens.
const MAX_STEPS: usize = 4_000;
/// Letters by which a form may be longer than the stem it shares; Russian endings have no more.
const MAX_ENDING: usize = 6;

/// Words in order.
#[derive(Debug, Default)]
pub struct Vocabulary {
    text: String,
    ends: Vec<u32>,
    letters: Vec<u64>,
    lengths: Vec<u8>,
}

impl Vocabulary {
    /// Takes distinct words in ascending order.
    pub fn of_sorted<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut all = Self::default();
        for word in words {
            all.text.push_str(word);
            all.ends.push(all.text.len() as u32);
            all.letters.push(typo::letters(word));
            all.lengths.push(word.chars().count().min(255) as u8);
        }
        all.text.shrink_to_fit();
        all
    }

    /// How many words there are.
    pub fn count(&self) -> u32 {
        self.ends.len() as u32
    }

    /// What it holds in memory, bytes.
    pub fn size_bytes(&self) -> usize {
        self.text.len() + self.ends.len() * (size_of::<u32>() + size_of::<u64>() + 1)
    }

    /// The word of a number.
    #[inline]
    pub fn word(&self, id: WordId) -> &str {
        let start = if id == 0 { 0 } else { self.ends[id as usize - 1] };
        &self.text[start as usize..self.ends[id as usize] as usize]
    }

    /// The first of a range of words for which `before` does not hold.
    fn partition(&self, within: Range<WordId>, before: impl Fn(&str) -> bool) -> WordId {
        let (mut low, mut high) = (within.start, within.end);
        while low < high {
            let middle = low.midpoint(high);
            if before(self.word(middle)) { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// The words of a range that begin so.
    fn prefixed_within(&self, within: Range<WordId>, prefix: &str) -> Range<WordId> {
        let start = self.partition(within.clone(), |word| word < prefix);
        let end = self.partition(start..within.end, |word| word.starts_with(prefix));
        start..end
    }

    /// The words that begin so; the first of them is `prefix` itself, if it is a word.
    pub fn prefixed(&self, prefix: &str) -> Range<WordId> {
        self.prefixed_within(0..self.count(), prefix)
    }

    /// The words whose stem is that of `word`.
    pub fn forms(&self, word: &str) -> Vec<WordId> {
        let common = stem(word);
        let letters = common.chars().count();
        if letters < stem::LEAST {
            return Vec::new();
        }
        // A stem begins its words, so they are neighbours; a vowel that drops out of a stem hides its word here.
        self.prefixed(&common)
            .filter(|&id| usize::from(self.lengths[id as usize]) <= letters + MAX_ENDING)
            .filter(|&id| stem(self.word(id)) == common)
            .collect()
    }

    /// Words a few slips away from what was typed, and how far they are.
    pub fn similar(&self, typed: &Typed, unfinished: bool, mut found: impl FnMut(WordId, typo::Slips)) {
        for (id, (&letters, &len)) in (0..).zip(self.letters.iter().zip(&self.lengths)) {
            if typed.may_be(letters, len, unfinished)
                && let Some(slips) = typed.slips(self.word(id), unfinished)
            {
                found(id, slips);
            }
        }
    }

    /// Words of the other alphabet that `typed` may spell: ranges that begin so, and whether the first of a range is
    /// spelled to its end.
    pub fn spelled(&self, typed: &str, mut found: impl FnMut(Range<WordId>, bool)) {
        let mut walk = vec![(0..self.count(), String::new(), typed)];
        let mut steps = 0;
        while let Some((range, said, rest)) = walk.pop() {
            steps += 1;
            if range.is_empty() || steps > MAX_STEPS {
                continue;
            }
            if rest.is_empty() {
                if said.is_empty() {
                    // Silent letters alone spell nothing, not everything.
                    continue;
                }
                let first = self.word(range.start);
                let whole = first.strip_prefix(&*said).is_some_and(|end| end.chars().all(translit::is_silent));
                found(range.clone(), whole);
                continue;
            }
            for (bytes, says) in translit::readings(rest) {
                let next = format!("{said}{says}");
                walk.push((self.prefixed_within(range.clone(), &next), next, &rest[bytes..]));
            }
            for letter in left_out_after(&said) {
                let next = format!("{said}{letter}");
                walk.push((self.prefixed_within(range.clone(), &next), next, rest));
            }
        }
    }
}

/// Letters that a speller may leave out behind `said`: the second of two alike, and a silent one.
fn left_out_after(said: &str) -> impl Iterator<Item = char> {
    let mut backwards = said.chars().rev();
    let last = backwards.next().filter(|&c| !translit::is_silent(c));
    let twice = backwards.next() == last;
    let silent = last.filter(|&c| c > 'z').map(|_| ['ь', 'ъ']).into_iter().flatten();
    silent.chain(last.filter(|_| !twice))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let mut words = vec![
            "7",
            "70",
            "8",
            "аптека",
            "аптеки",
            "изобильный",
            "кафе",
            "кофейня",
            "кофейный",
            "магазин",
            "magnit",
            "музеев",
            "музей",
            "музыка",
            "невинномысск",
            "оптика",
            "по",
            "пол",
        ];
        words.sort_unstable();
        Vocabulary::of_sorted(words.into_iter())
    }

    fn named(v: &Vocabulary, ids: impl IntoIterator<Item = WordId>) -> Vec<&str> {
        ids.into_iter().map(|id| v.word(id)).collect()
    }

    #[test]
    fn beginnings_and_forms_are_found() {
        let v = vocabulary();
        assert_eq!(named(&v, v.prefixed("муз")), ["музеев", "музей", "музыка"]);
        assert_eq!(named(&v, v.prefixed("7")), ["7", "70"]);
        assert!(v.prefixed("я").is_empty() && v.prefixed("музеям").is_empty());
        assert_eq!(v.prefixed("").len(), v.count() as usize);
        assert_eq!(named(&v, v.forms("музеях")), ["музеев", "музей"]);
        assert_eq!(named(&v, v.forms("аптекой")), ["аптека", "аптеки"]);
        assert!(v.forms("по").is_empty());
        assert!(Vocabulary::default().prefixed("а").is_empty());
    }

    #[test]
    fn slips_are_found() {
        let v = vocabulary();
        let similar = |word: &str, unfinished| {
            let mut found = Vec::new();
            v.similar(&Typed::new(word).unwrap(), unfinished, |id, s| found.push((v.word(id), s.count, s.goes_on)));
            found
        };
        assert_eq!(similar("кофйня", false), [("кофейня", 1, false)]);
        assert_eq!(similar("апетка", false), [("аптека", 1, false)]);
        assert_eq!(similar("невиноммыс", true), [("невинномысск", 2, true)]);
    }

    #[test]
    fn spellings_in_the_other_alphabet_are_found() {
        let v = vocabulary();
        let spelled = |word: &str| {
            let mut found: Vec<(Vec<&str>, bool)> = Vec::new();
            v.spelled(word, |range, whole| found.push((named(&v, range), whole)));
            found.sort();
            found.dedup();
            found
        };
        for (typed, word) in [
            ("kofeynya", "кофейня"),
            ("izobilny", "изобильный"),
            ("nevinomysk", "невинномысск"),
            ("магнит", "magnit"),
            ("apteka", "аптека"),
        ] {
            assert!(
                spelled(typed).iter().any(|(words, whole)| *whole && words[0] == word),
                "{typed}: {:?}",
                spelled(typed)
            );
        }
        assert_eq!(spelled("kofe"), [(vec!["кофейный", "кофейня"], false)]);
        assert!(spelled("xyz").is_empty());
        // However long, the walk ends.
        assert!(spelled(&"c".repeat(100)).is_empty());
    }
}
