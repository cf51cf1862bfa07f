//! Russian in Latin letters, as people write it and not as one standard does: `kofeynya`, `kofeinja` and `kofejnia`
//! are one word.
//!
//! There is no one way back from a transliteration, so this file does not offer one: it lists the [`readings`] of the
//! beginning of a text, and whoever has a list of words walks only those that lead to one of them.

/// Latin spellings of Russian letters, `ё` folded to `е`. Of several spellings of a letter the first is the usual one,
/// and longer spellings stand before shorter ones that begin them.
const SPELLINGS: &[(&str, &str)] = &[
    ("shch", "щ"),
    ("sch", "щ"),
    ("shh", "щ"),
    ("sh", "ш"),
    ("sh", "щ"),
    ("zh", "ж"),
    ("kh", "х"),
    ("tch", "ч"),
    ("ch", "ч"),
    ("ts", "ц"),
    ("tz", "ц"),
    ("tc", "ц"),
    ("ph", "ф"),
    ("ck", "к"),
    ("yu", "ю"),
    ("ju", "ю"),
    ("iu", "ю"),
    ("ya", "я"),
    ("ja", "я"),
    ("ia", "я"),
    ("ye", "е"),
    ("je", "е"),
    ("ie", "е"),
    ("yo", "е"),
    ("jo", "е"),
    ("io", "е"),
    ("a", "а"),
    ("b", "б"),
    ("v", "в"),
    ("g", "г"),
    ("d", "д"),
    ("e", "е"),
    ("e", "э"),
    ("z", "з"),
    ("i", "и"),
    ("i", "й"),
    ("i", "ы"),
    ("y", "й"),
    ("y", "ы"),
    ("y", "ый"),
    ("y", "ий"),
    ("j", "й"),
    ("j", "ж"),
    ("k", "к"),
    ("l", "л"),
    ("m", "м"),
    ("n", "н"),
    ("o", "о"),
    ("p", "п"),
    ("r", "р"),
    ("s", "с"),
    ("t", "т"),
    ("u", "у"),
    ("u", "ю"),
    ("f", "ф"),
    ("h", "х"),
    ("h", "г"),
    ("c", "ц"),
    ("c", "к"),
    ("c", "с"),
    ("q", "к"),
    ("w", "в"),
    ("x", "кс"),
    ("x", "х"),
];

/// Whether a letter has no sound of its own and is left out as often as not.
pub fn is_silent(letter: char) -> bool {
    matches!(letter, 'ь' | 'ъ')
}

/// How the beginning of a folded text may be read in the other alphabet: how many bytes are read, and what they say.
///
/// # Shape
/// Latin letters are read as Russian ones and Russian as Latin; what is neither, such as a digit, is itself. A letter
/// that [`is_silent`] is read as nothing.
pub fn readings(text: &str) -> Vec<(usize, &str)> {
    let Some(first) = text.chars().next() else { return Vec::new() };
    if first.is_ascii_lowercase() {
        let fits = |&&(latin, _): &&(&str, &str)| text.starts_with(latin);
        return SPELLINGS.iter().filter(fits).map(|&(latin, russian)| (latin.len(), russian)).collect();
    }
    if is_silent(first) {
        return vec![(first.len_utf8(), "")];
    }
    if matches!(first, 'а'..='я') {
        let fits = |&&(_, russian): &&(&str, &'static str)| text.starts_with(russian);
        return SPELLINGS.iter().filter(fits).map(|&(latin, russian)| (russian.len(), latin)).collect();
    }
    vec![(first.len_utf8(), &text[..first.len_utf8()])]
}

/// A folded text in the other alphabet by its first reading: one spelling of many, for want of a list of words.
pub fn usual(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(&(bytes, said)) = readings(rest).first() {
        out.push_str(said);
        rest = &rest[bytes..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether some chain of readings of `text` says `word`, silent letters left out.
    fn may_say(text: &str, word: &str) -> bool {
        if let Some(rest) = word.strip_prefix(is_silent) {
            return may_say(text, rest);
        }
        if text.is_empty() {
            return word.is_empty();
        }
        readings(text)
            .iter()
            .any(|&(bytes, said)| word.strip_prefix(said).is_some_and(|rest| may_say(&text[bytes..], rest)))
    }

    #[test]
    fn many_spellings_say_one_word() {
        for (word, spellings) in [
            ("кофейня", &["kofeynya", "kofeinia", "kofejnja"][..]),
            ("щука", &["shchuka", "schuka", "shuka"]),
            ("изобильный", &["izobilny", "izobilnyy", "izobilnyi", "izobilnij"]),
            ("железноводск", &["zheleznovodsk", "jeleznovodsk"]),
            ("цирк", &["tsirk", "cirk"]),
            ("берегиня7", &["bereginya7"]),
            ("magnit", &["магнит"]),
            ("hotel", &["хотель", "хотел"]),
        ] {
            for spelling in spellings {
                assert!(may_say(spelling, word), "{spelling} {word}");
            }
        }
        assert!(!may_say("kofe", "кофейня") && !may_say("apteka", "оптика"));
    }

    #[test]
    fn the_usual_spelling_is_one_of_them() {
        assert_eq!(usual("apteka"), "аптека");
        assert_eq!(usual("shkola 7"), "школа 7");
        assert_eq!(usual("магнит"), "magnit");
    }
}
