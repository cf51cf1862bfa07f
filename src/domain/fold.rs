//! One spelling for comparison: case, ё, punctuation and spaces do not tell two texts apart.

/// Lower case, `ё` as `е`, every run of anything but letters and digits as one space, no space at the ends.
///
/// Done here and not in SQL, because `lower()` of SQLite knows ASCII only.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// [`fold`] that appends; what `out` held is kept apart by one space.
pub fn fold_into(text: &str, out: &mut String) {
    let mut gap = !out.is_empty();
    let part = |gap: &mut bool, out: &mut String| {
        if std::mem::take(gap) && !out.is_empty() {
            out.push(' ');
        }
    };
    for c in text.chars() {
        // The two alphabets of nearly every text first: Unicode's tables cost more than all else here.
        let lower = match c {
            'а'..='я' | 'a'..='z' | '0'..='9' => c,
            'А'..='Я' => char::from_u32(c as u32 + 32).unwrap_or(c),
            'A'..='Z' => c.to_ascii_lowercase(),
            'ё' | 'Ё' => 'е',
            c if c.is_ascii() || !c.is_alphanumeric() => {
                gap = true;
                continue;
            }
            c => {
                part(&mut gap, out);
                out.extend(c.to_lowercase());
                continue;
            }
        };
        part(&mut gap, out);
        out.push(lower);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_yo_quotes_and_spaces_fold_away() {
        assert_eq!(fold("  ООО «Зелёный  Ёж» № 7 "), "ооо зеленый еж 7");
        let mut s = fold("Кафе");
        fold_into("«Ёлка»", &mut s);
        assert_eq!(s, "кафе елка");
    }

    #[test]
    fn the_short_way_for_two_alphabets_says_what_unicode_says() {
        for c in (0..=0x2FFF).filter_map(char::from_u32).chain("İẞΣ漢Ⅷ𝔄".chars()) {
            let slow: String =
                c.to_lowercase().filter(|_| c.is_alphanumeric()).map(|l| if l == 'ё' { 'е' } else { l }).collect();
            assert_eq!(fold(&c.to_string()), slow, "{c:?}");
        }
    }
}
