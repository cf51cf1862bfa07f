//! What was typed, as words; and as the other keyboard layout would have it.

use crate::domain::fold::fold;
use crate::domain::gazetteer::is_kind;
use crate::domain::keyboard;

/// Words beyond this are not looked at; nobody types so many to find a place.
const MAX_WORDS: usize = 10;

/// Folded words that say little: a place is found without them when others are given.
const SMALL_WORDS: &[&str] = &[
    "и",
    "в",
    "во",
    "на",
    "для",
    "с",
    "со",
    "по",
    "к",
    "ко",
    "у",
    "от",
    "до",
    "из",
    "за",
    "под",
    "или",
    "не",
    "рядом",
    "около",
    "ул",
    "улица",
    "пр",
    "просп",
    "проспект",
    "пер",
    "переулок",
    "пл",
    "площадь",
    "дом",
    "край",
    "the",
    "a",
    "of",
    "in",
    "and",
    "for",
    "near",
    "street",
    "st",
];

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Folded.
    pub text: String,
    /// Whether it may go on: the last one is still being typed.
    pub unfinished: bool,
    /// Whether a hit must have it.
    pub needed: bool,
}

/// A text as words, in the ways it may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// As it was typed.
    pub typed: Vec<Word>,
    /// As the other keyboard layout gives it; empty where there is none.
    pub other_layout: Vec<Word>,
}

impl Query {
    /// Reads what was typed.
    pub fn new(text: &str) -> Self {
        let typed = words(text);
        let other = keyboard::to_russian(text).or_else(|| keyboard::to_latin(text));
        Self { typed, other_layout: other.map(|text| words(&text)).unwrap_or_default() }
    }
}

fn words(text: &str) -> Vec<Word> {
    // «ст-ца» folds into two words, of which the second means nothing.
    let folded = fold(text).replace("ст ца ", "станица ");
    let texts: Vec<&str> = folded.split(' ').filter(|w| !w.is_empty()).take(MAX_WORDS).collect();
    let last = texts.len().saturating_sub(1);
    let mut words: Vec<Word> = texts
        .iter()
        .enumerate()
        .map(|(i, text)| {
            let small = i < last && (is_kind(text) || SMALL_WORDS.contains(text));
            Word { text: (*text).to_owned(), unfinished: i == last, needed: !small }
        })
        .collect();
    // «скидка с» goes on, and nobody can tell with what.
    if last > 0 && words[last].text.chars().count() == 1 && SMALL_WORDS.contains(&&*words[last].text) {
        words[last].needed = !words[..last].iter().any(|w| w.needed);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(words: &[Word]) -> Vec<(&str, bool)> {
        words.iter().map(|w| (w.text.as_str(), w.needed)).collect()
    }

    #[test]
    fn small_words_are_not_needed_beside_others() {
        let needed = |q: &str| said(&Query::new(q).typed).iter().map(|w| w.1).collect::<Vec<bool>>();
        assert_eq!(needed("г. Ставрополь"), [false, true]);
        assert_eq!(needed("ст-ца Курская"), [false, true]);
        assert_eq!(needed("музей в Георгиевске"), [true, false, true]);
        assert_eq!(needed("скидка с"), [true, false]);
        assert_eq!(needed("ст"), [true]);
        assert_eq!(needed("с"), [true]);
        assert_eq!(needed(" ,.! "), [false; 0]);
    }

    #[test]
    fn the_other_layout_is_read_before_punctuation_goes() {
        let query = Query::new(",fcctqy vbhf");
        assert_eq!(said(&query.other_layout), [("бассейн", true), ("мира", true)]);
        assert_eq!(said(&Query::new("ьгыугь").other_layout), [("museum", true)]);
        assert!(Query::new("7").other_layout.is_empty());
    }

    #[test]
    fn there_is_an_end_to_words() {
        assert_eq!(Query::new(&"а ".repeat(50)).typed.len(), MAX_WORDS);
    }
}
