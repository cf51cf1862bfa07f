//! The texts of cells: numbers, dates, coordinates, lines. Pure and forgiving; what it does not read it says.

use crate::domain::{Phone, Wheelchair};
use chrono::NaiveDate;
use std::borrow::Cow;

/// A number as people write it: decimal comma or point, spaces between thousands, `°` behind.
pub fn number(text: &str) -> Option<f64> {
    let tidy: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '°' | '\''))
        .map(|c| match c {
            ',' => '.',
            '−' | '–' => '-',
            c => c,
        })
        .collect();
    // `parse` also knows "inf", "nan" and "1e3"; a cell that holds these was damaged.
    if tidy.is_empty() || !tidy.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+')) {
        return None;
    }
    tidy.parse().ok()
}

/// The two numbers of one cell, in the order of the cell: `45.036, 41.963`, `45,036; 41,963`, `45,036 41,963`.
pub fn number_pair(text: &str) -> Option<(f64, f64)> {
    let text = text.trim().trim_matches(['(', ')', '[', ']']);
    let pair = |a: &str, b: &str| Some((number(a.trim().trim_end_matches(','))?, number(b)?));
    if let Some((a, b)) = text.split_once(';') {
        return pair(a, b);
    }
    if let Some((a, b)) = text.split_once(|c: char| c.is_whitespace()) {
        return pair(a, b);
    }
    let parts: Vec<&str> = text.split(',').collect();
    match parts[..] {
        [a, b] => pair(a, b),
        [a, b, c, d] => pair(&format!("{a}.{b}"), &format!("{c}.{d}")),
        _ => None,
    }
}

/// A day: `2027-01-31` or `31.01.2027`, a time behind it is passed over.
pub fn date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let day = text.split([' ', 'T']).next().unwrap_or(text);
    let date = ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"].iter().find_map(|f| NaiveDate::parse_from_str(day, f).ok())?;
    // chrono reads "31.01.27" as the year 27.
    (1900..=2200).contains(&chrono::Datelike::year(&date)).then_some(date)
}

/// One line: trimmed, line breaks and tabs as spaces. The flag tells that other control characters were taken out.
pub fn line(text: &str) -> (Cow<'_, str>, bool) {
    let trimmed = text.trim();
    if !trimmed.chars().any(char::is_control) {
        return (Cow::Borrowed(trimmed), false);
    }
    let mut removed = false;
    let mut out = String::with_capacity(trimmed.len());
    for c in trimmed.replace("\r\n", "\n").chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_control() => removed = true,
            c => out.push(c),
        }
    }
    (Cow::Owned(out.trim().to_owned()), removed)
}

/// A text of several lines: trimmed, line breaks as `\n`. The flag is that of [`line`].
pub fn lines(text: &str) -> (Cow<'_, str>, bool) {
    let trimmed = text.trim();
    if !trimmed.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return (Cow::Borrowed(trimmed), false);
    }
    let mut removed = false;
    let mut out = String::with_capacity(trimmed.len());
    for c in trimmed.replace("\r\n", "\n").chars() {
        match c {
            '\r' => out.push('\n'),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => removed = true,
            c => out.push(c),
        }
    }
    (Cow::Owned(out.trim().to_owned()), removed)
}

/// `#REF!` and its kin, in English and Russian spreadsheets: a cell that could not be worked out.
pub fn is_spreadsheet_error(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('#')
        && (matches!(
            text.to_uppercase().as_str(),
            "#REF!"
                | "#N/A"
                | "#NAME?"
                | "#VALUE!"
                | "#DIV/0!"
                | "#NUM!"
                | "#NULL!"
                | "#SPILL!"
                | "#CALC!"
                | "#GETTING_DATA"
                | "#ССЫЛКА!"
                | "#Н/Д"
                | "#ИМЯ?"
                | "#ЗНАЧ!"
                | "#ДЕЛ/0!"
                | "#ЧИСЛО!"
                | "#ПУСТО!"
                | "#ПЕРЕНОС!"
                | "#ВЫЧИСЛ!"
        ) || (text.len() > 3 && text.bytes().all(|b| b == b'#')))
}

/// Whether a spreadsheet would run a text as a formula. «-7 % на всё» is no formula, whatever a spreadsheet makes of it.
pub fn looks_like_formula(text: &str) -> bool {
    let text = text.trim_start();
    match text.chars().next() {
        Some('=' | '@') => true,
        Some('+' | '-') => {
            let rest = text[1..].trim_start();
            let number = rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
            let is_share = number.len() < rest.len() && number.trim_start().starts_with('%');
            !rest.is_empty() && !is_share
        }
        _ => false,
    }
}

/// Whether a text holds something like `<b>`, `</b>` or `<!--`.
pub fn holds_html(text: &str) -> bool {
    text.match_indices('<')
        .any(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!')))
}

/// Whether a wheelchair gets in, by code or word.
pub fn wheelchair(text: &str) -> Option<Wheelchair> {
    match text.trim().to_lowercase().as_str() {
        "yes" | "да" | "1" | "true" | "доступно" | "designated" | "+" => Some(Wheelchair::Yes),
        "limited" | "частично" | "ограниченно" | "с помощью" => Some(Wheelchair::Limited),
        "no" | "нет" | "0" | "false" | "недоступно" | "-" => Some(Wheelchair::No),
        _ => None,
    }
}

/// A telephone number; the extension of a column of its own comes before that within the text.
pub fn phone(text: &str, ext: Option<&str>) -> Option<Phone> {
    let mut phone = Phone::parse(text)?;
    let digits: String = ext.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    if !digits.is_empty() {
        phone.ext = Some(digits);
    }
    Some(phone)
}

/// What a web address is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Site {
    /// `http` or `https`.
    Web(String),
    /// Another scheme, `javascript:` among them.
    OtherScheme,
    /// None at all.
    Unreadable,
}

/// A web address; one without a scheme gets `https://`.
pub fn site(text: &str) -> Site {
    let text = text.trim();
    if text.len() > 2_000 || text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"')) {
        return Site::Unreadable;
    }
    let lower = text.to_ascii_lowercase();
    let (address, rest) = if let Some(rest) = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")) {
        (text.to_owned(), rest.to_owned())
    } else {
        // `example.ru:8080` has a port and no scheme.
        let scheme = lower.split_once(':').is_some_and(|(before, after)| {
            !before.contains(['.', '/']) || !after.starts_with(|c: char| c.is_ascii_digit())
        });
        if scheme {
            return Site::OtherScheme;
        }
        (format!("https://{text}"), lower)
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let named = host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !host.contains("..");
    let letters = host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if named && letters { Site::Web(address) } else { Site::Unreadable }
}

/// An id of the address register: a UUID, in lower case.
pub fn fias_id(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let groups: Vec<&str> = text.split('-').collect();
    let right = groups.iter().map(|g| g.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|g| g.bytes().all(|b| b.is_ascii_hexdigit()));
    right.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_commas_spaces_and_degrees() {
        for (text, want) in [
            ("45,036169", Some(45.036_169)),
            (" 45.036169° ", Some(45.036_169)),
            ("−12,5", Some(-12.5)),
            ("1 000", Some(1000.0)),
            ("45.036.169", None),
            ("май.45", None),
            ("NaN", None),
            ("inf", None),
            ("4,5E+01", None),
            ("", None),
        ] {
            assert_eq!(number(text), want, "{text}");
        }
    }

    #[test]
    fn pairs_in_every_usual_writing() {
        for text in
            ["45.036, 41.963", "45,036; 41,963", "45,036 41,963", "45.036,41.963", "45,036,41,963", "(45.036, 41.963)"]
        {
            assert_eq!(number_pair(text), Some((45.036, 41.963)), "{text}");
        }
        assert_eq!(number_pair("Ставрополь"), None);
        assert_eq!(number_pair("45.036"), None);
    }

    #[test]
    fn dates_of_both_writings_and_no_others() {
        let want = NaiveDate::from_ymd_opt(2027, 1, 31);
        for text in ["2027-01-31", "31.01.2027", "2027-01-31T00:00:00Z", "31.01.2027 0:00:00"] {
            assert_eq!(date(text), want, "{text}");
        }
        for text in ["31.13.2027", "31.01.27", "скоро", "2027-02-30", "+262143-01-01"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn sites_are_http_or_nothing() {
        for (text, want) in [
            ("example.ru", Site::Web("https://example.ru".into())),
            ("http://Example.ru/a?b#c", Site::Web("http://Example.ru/a?b#c".into())),
            ("музей.рф", Site::Web("https://музей.рф".into())),
            ("example.ru:8080/x", Site::Web("https://example.ru:8080/x".into())),
            ("javascript:alert(1)", Site::OtherScheme),
            ("JavaScript:alert(1).ru", Site::OtherScheme),
            ("ftp://example.ru", Site::OtherScheme),
            ("mailto:a@example.ru", Site::OtherScheme),
            ("data:text/html,1", Site::OtherScheme),
            ("нет", Site::Unreadable),
            ("https://", Site::Unreadable),
            ("https://a b.ru", Site::Unreadable),
        ] {
            assert_eq!(site(text), want, "{text}");
        }
    }

    #[test]
    fn what_spreadsheets_and_browsers_would_run_is_seen() {
        for text in ["=1+1", " =HYPERLINK(\"x\")", "@SUM(A1)", "+1+1", "-2+3+cmd|' /C calc'!A0", "-A1"] {
            assert!(looks_like_formula(text), "{text}");
        }
        for text in ["-7 % на всё", "- 7,5%", "Кафе", "", "-", "a=b", "5 - 7"] {
            assert!(!looks_like_formula(text), "{text}");
        }
        assert!(holds_html("Кафе <b>Уют</b>") && holds_html("<script>") && holds_html("a</p>") && holds_html("<!--"));
        assert!(!holds_html("5 < 7") && !holds_html("дети <3") && !holds_html("«Ёж»"));
        for text in ["#REF!", " #Н/Д ", "#Дел/0!", "#######"] {
            assert!(is_spreadsheet_error(text), "{text}");
        }
        assert!(!is_spreadsheet_error("#1") && !is_spreadsheet_error("Кафе #1") && !is_spreadsheet_error("#"));
    }

    #[test]
    fn control_characters_go_and_line_breaks_stay_where_they_may() {
        assert_eq!(line(" a\r\nb\tc "), ("a b c".into(), false));
        assert_eq!(line("a\u{0}b"), ("ab".into(), true));
        assert_eq!(lines("a\r\nb\u{7}"), ("a\nb".into(), true));
        assert_eq!(lines("a\n\nb"), ("a\n\nb".into(), false));
    }
}
