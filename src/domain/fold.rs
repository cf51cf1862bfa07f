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
    for c in text.chars() {
        if c.is_alphanumeric() {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            for l in c.to_lowercase() {
                out.push(if l == 'ё' { 'е' } else { l });
            }
        } else {
            gap = true;
        }
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
}
