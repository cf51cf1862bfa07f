//! What the forms of a word have in common.

use frostem::{Algorithm, Stemmer};
use std::borrow::Cow;

/// A stem of fewer letters says nothing.
pub const LEAST: usize = 3;

/// The stem of a folded word: Snowball's for Russian, without a vowel at its end («музе-ев», «муз-ей»); a Latin word
/// loses its plural.
///
/// # Source
/// <https://snowballstem.org/algorithms/russian/stemmer.html>. It only cuts endings off, so a stem begins its word;
/// whoever has words in order finds the forms of one among its neighbours.
pub fn stem(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(singular(word));
    }
    let mut stem = Stemmer::new(Algorithm::Russian).stem(word).into_owned();
    let vowel = stem.chars().next_back().filter(|c| "аеийоуыэюя".contains(*c));
    if let Some(vowel) = vowel
        && stem.chars().count() > LEAST
    {
        stem.truncate(stem.len() - vowel.len_utf8());
    }
    Cow::Owned(stem)
}

fn singular(word: &str) -> &str {
    match word {
        _ if word.len() < 4 => word,
        _ if word.ends_with("ies") => &word[..word.len() - 3],
        _ if word.ends_with("xes") || word.ends_with("ches") || word.ends_with("shes") => &word[..word.len() - 2],
        _ if word.ends_with("ss") => word,
        _ if word.ends_with(['s', 'y']) => &word[..word.len() - 1],
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_share_a_stem_that_begins_them() {
        for forms in [
            &["библиотека", "библиотеки", "библиотеку", "библиотекой"][..],
            &["музеи", "музеев", "музее", "музей"],
            &["детская", "детские", "детский", "детского"],
            &["бесплатно", "бесплатный", "бесплатная"],
            &["library", "libraries"],
            &["museum", "museums"],
        ] {
            for form in forms {
                assert_eq!(stem(form), stem(forms[0]), "{form}");
                assert!(form.starts_with(&*stem(form)), "{form}");
            }
        }
        assert_ne!(stem("парк"), stem("парта"));
    }
}
