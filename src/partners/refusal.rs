//! "I was refused here": what a parent may say without an account, and what is taken out of it.

/// Longest text, in characters.
pub const MAX_TEXT_CHARS: usize = 500;
/// Oldest day that is told of.
pub const MAX_AGE_DAYS: i64 = 60;
/// What may have been.
pub const REASONS: [&str; 5] = ["not_honoured", "other_terms", "closed", "code_not_taken", "other"];

/// A text without what leads to a person: addresses, and numbers long enough to be a telephone or a document.
///
/// Names stay: no list knows them all, so the form asks to write none, and an operator sees the text before anybody
/// else but the partner does.
pub fn without_contacts(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        out.push(if word.contains('@') { "…".to_owned() } else { word.to_owned() });
    }
    let text = out.join(" ");
    let mut kept = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        let digits = run.chars().filter(char::is_ascii_digit).count();
        if c.is_ascii_digit() || (digits > 0 && "-() .–".contains(c)) {
            run.push(c);
            continue;
        }
        if digits >= 6 {
            let after = run.ends_with(' ');
            kept.push('…');
            if after {
                kept.push(' ');
            }
        } else {
            kept.push_str(&run);
        }
        run.clear();
        if c != '\0' {
            kept.push(c);
        }
    }
    kept.chars().filter(|c| !c.is_control()).take(MAX_TEXT_CHARS).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephones_documents_and_addresses_are_taken_out() {
        for (text, kept) in [
            ("Сказали, что не знают про скидку", "Сказали, что не знают про скидку"),
            ("звоните 8 (918) 123-45-67 вечером", "звоните … вечером"),
            ("+79181234567", "+…"),
            ("удостоверение 0712 345678, касса 2", "удостоверение …, касса 2"),
            ("пишите anna@example.org", "пишите …"),
            ("в 10.30 отказали, дом 12", "в 10.30 отказали, дом 12"),
            ("  много   пробелов\n", "много пробелов"),
        ] {
            assert_eq!(without_contacts(text), kept);
        }
    }
}
