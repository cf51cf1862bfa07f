//! The two letters of one key: what was typed while the other keyboard layout was on.

/// Keys of the Latin layout beside what the same keys give on the Russian one, without and with Shift.
const KEYS: [(&str, &str); 2] =
    [("`qwertyuiop[]asdfghjkl;'zxcvbnm,.", "ёйцукенгшщзхъфывапролджэячсмитьбю"), ("~{}:\"<>", "ёхъжэбю")];

fn keys() -> impl Iterator<Item = (char, char)> {
    KEYS.iter().flat_map(|(latin, russian)| latin.chars().zip(russian.chars()))
}

/// `rjatqyz` as «кофейня»; `None` for a text without Latin letters. What is Russian already stays.
///
/// To be asked before folding: `;` and `[` are letters here.
pub fn to_russian(text: &str) -> Option<String> {
    let has_latin = text.chars().any(|c| c.is_ascii_alphabetic());
    has_latin.then(|| text.chars().map(|c| russian(c.to_ascii_lowercase())).collect())
}

/// «ьгыугь» as `museum`; `None` for a text without Russian letters. What is Latin already stays.
pub fn to_latin(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let has_russian = lower.chars().any(|c| matches!(c, 'а'..='я' | 'ё'));
    has_russian.then(|| lower.chars().map(latin).collect())
}

fn russian(c: char) -> char {
    keys().find(|(key, _)| *key == c).map_or(c, |(_, letter)| letter)
}

fn latin(c: char) -> char {
    keys().find(|(_, letter)| *letter == c).map_or(c, |(key, _)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_keys_give_the_other_letters() {
        for (latin, russian) in [
            ("rjatqyz", "кофейня"),
            ("ghbdtn", "привет"),
            (",b,kbjntrf", "библиотека"),
            ("rjkktl;", "колледж"),
            ("el`,", "удёб"),
            ("ltvj-veptq 5", "демо-музей 5"),
        ] {
            assert_eq!(to_russian(latin).as_deref(), Some(russian));
            assert_eq!(to_latin(russian).as_deref(), Some(latin));
        }
        assert_eq!(to_latin("ЬГЫУГЬ").as_deref(), Some("museum"));
        assert_eq!(to_russian("<tH`PRF").as_deref(), Some("берёзка"));
        assert_eq!(to_russian("музей veptq").as_deref(), Some("музей музей"));
        assert_eq!((to_russian("музей 5"), to_latin("museum 5")), (None, None));
    }

    #[test]
    fn every_key_has_two_letters() {
        for (latin, russian) in KEYS {
            assert_eq!(latin.chars().count(), russian.chars().count());
        }
        assert_eq!(KEYS[0].1.chars().count(), 33);
    }
}
