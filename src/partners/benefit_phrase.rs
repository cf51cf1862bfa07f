//! What a phrase such as «Скидка 10 %» says in numbers.
//!
//! Only what is said is taken: a sum that is a condition («от 1000 рублей») is no value, and a phrase without a
//! known word has no kind.

use crate::domain::{BenefitKind, Lang};
use std::borrow::Cow;

/// Why a value is none.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueFault {
    /// Not a number.
    NotNumber(String),
    /// Below zero, or not to be written down.
    Negative,
    /// More than the whole price.
    OverHundred(f64),
}

impl ValueFault {
    /// What is wrong.
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::NotNumber(t), Lang::Ru) => format!("размер льготы «{t}» — не число"),
            (Self::NotNumber(t), Lang::En) => format!("the benefit's value «{t}» is no number"),
            (Self::Negative, Lang::Ru) => "размер льготы отрицательный".into(),
            (Self::Negative, Lang::En) => "the benefit's value is below zero".into(),
            (Self::OverHundred(v), Lang::Ru) => format!("скидка {v} % больше цены"),
            (Self::OverHundred(v), Lang::En) => format!("a discount of {v} % is more than the price"),
        }
    }

    /// What to do about it.
    pub fn remedy(&self, lang: Lang) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::OverHundred(_) => lang.pick(
                "Процент — от 0 до 100; если это рубли, вид льготы fixed или price",
                "A percentage is from 0 to 100; if these are roubles, the kind is fixed or price",
            ),
            _ => lang.pick("Напишите одно число: 10 или 12,5", "Write one number: 10 or 12.5"),
        })
    }
}

/// Checks a value against its kind.
///
/// # Errors
/// [`ValueFault`].
pub fn check_value(kind: Option<BenefitKind>, value: f64) -> Result<(), ValueFault> {
    if !value.is_finite() || value < 0.0 {
        return Err(ValueFault::Negative);
    }
    if kind == Some(BenefitKind::Percent) && value > 100.0 {
        return Err(ValueFault::OverHundred(value));
    }
    Ok(())
}

/// The kind of a code or of the word people write for it.
pub fn kind_of_word(text: &str) -> Option<BenefitKind> {
    let word = text.trim().to_lowercase();
    BenefitKind::of_code(&word).or(match word.as_str() {
        "%" | "процент" | "проценты" | "скидка" | "скидка в процентах" => {
            Some(BenefitKind::Percent)
        }
        "сумма" | "рубли" | "руб" | "руб." | "скидка в рублях" | "фиксированная" => {
            Some(BenefitKind::Fixed)
        }
        "бесплатно" | "бесплатный" => Some(BenefitKind::Free),
        "подарок" => Some(BenefitKind::Gift),
        "цена" | "спеццена" | "льготная цена" => Some(BenefitKind::Price),
        _ => None,
    })
}

/// The words for a kind and a value, where a file gives only these.
pub fn title_of(kind: BenefitKind, value: Option<f64>) -> String {
    match (kind, value) {
        (BenefitKind::Percent, Some(v)) => format!("Скидка {} %", comma(v)),
        (BenefitKind::Fixed, Some(v)) => format!("Скидка {} ₽", comma(v)),
        (BenefitKind::Price, Some(v)) => format!("Цена {} ₽", comma(v)),
        (BenefitKind::Percent | BenefitKind::Fixed, None) => "Скидка".into(),
        (BenefitKind::Free, _) => "Бесплатно".into(),
        (BenefitKind::Gift, _) => "Подарок".into(),
        (BenefitKind::Price, None) => "Льготная цена".into(),
    }
}

fn comma(value: f64) -> String {
    value.to_string().replace('.', ",")
}

/// Reads a phrase.
///
/// # Shape
/// `(None, None)` when it says neither. Of several statements the first in the text counts.
pub fn read(phrase: &str) -> (Option<BenefitKind>, Option<f64>) {
    let text = phrase.to_lowercase();
    let numbers = numbers(&text);
    let percent = numbers.iter().find(|n| {
        let after = text[n.end..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        after.starts_with('%') || after.starts_with("процент") || after.starts_with("percent")
    });
    let free =
        ["бесплатн", "свободный вход", "вход свободный", "даром", "free"].iter().filter_map(|w| text.find(w)).min();
    let gift = ["подар", "gift"].iter().filter_map(|w| text.find(w)).min();
    let half = ["полцены", "пол-цены"].iter().filter_map(|w| text.find(w)).min();
    let roubles = numbers.iter().find(|n| {
        let after = text[n.end..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        let unit = ["₽", "руб", "р.", "rub"].iter().any(|u| after.starts_with(u)) || after == "р";
        unit && !n.is_condition
    });

    let mut said: Vec<(usize, BenefitKind, Option<f64>)> = Vec::new();
    if let Some(n) = percent.filter(|n| n.value <= 100.0) {
        said.push((n.start, BenefitKind::Percent, Some(n.value)));
    }
    if let Some(at) = half {
        said.push((at, BenefitKind::Percent, Some(50.0)));
    }
    if let Some(at) = free {
        said.push((at, BenefitKind::Free, None));
    }
    if let Some(at) = gift {
        said.push((at, BenefitKind::Gift, None));
    }
    if let Some(n) = roubles {
        let off = ["скидк", "скид.", "дешевле", "off", "discount"].iter().any(|w| text.contains(w))
            || text[..n.start].trim_end().ends_with(['-', '−', '–']);
        said.push((n.start, if off { BenefitKind::Fixed } else { BenefitKind::Price }, Some(n.value)));
    }
    match said.into_iter().min_by_key(|(at, ..)| *at) {
        Some((_, kind, value)) => (Some(kind), value),
        None => (None, None),
    }
}

/// A number of a phrase; of a range («5–10») the sure end, which is the first.
struct Number {
    value: f64,
    start: usize,
    end: usize,
    /// It follows «от», «свыше», «более» or «при».
    is_condition: bool,
}

fn numbers(text: &str) -> Vec<Number> {
    let bytes = text.as_bytes();
    let mut found: Vec<Number> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() {
            let next_is_digit = bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
            // «1 000» is one number; so is «12,5», but not «10, 20».
            let groups = matches!(bytes[at], b' ')
                && (1..=3).all(|i| bytes.get(at + i).is_some_and(u8::is_ascii_digit))
                && !bytes.get(at + 4).is_some_and(u8::is_ascii_digit);
            if bytes[at].is_ascii_digit() || (matches!(bytes[at], b'.' | b',') && next_is_digit) || groups {
                at += 1;
            } else {
                break;
            }
        }
        let digits: String =
            text[start..at].chars().filter(|c| *c != ' ').map(|c| if c == ',' { '.' } else { c }).collect();
        let Ok(value) = digits.parse::<f64>() else { continue };
        let before = text[..start].trim_end();
        if let Some(last) = found.last_mut()
            && matches!(text[last.end..start].trim(), "-" | "–" | "—" | "..." | "…" | "до")
        {
            last.end = at;
            continue;
        }
        let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        let is_condition = matches!(word, "от" | "свыше" | "более" | "больше" | "over" | "from");
        found.push(Number { value, start, end: at, is_condition });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_as_people_write_them() {
        use BenefitKind::{Fixed, Free, Gift, Percent, Price};
        for (phrase, kind, value) in [
            ("Скидка 10 %", Some(Percent), Some(10.0)),
            ("скидка до 15%", Some(Percent), Some(15.0)),
            ("Скидка 12,5 процентов", Some(Percent), Some(12.5)),
            ("Скидка 5–10 % по будням", Some(Percent), Some(5.0)),
            ("-7% на всё", Some(Percent), Some(7.0)),
            ("Скидка 10 % при покупке от 1000 руб.", Some(Percent), Some(10.0)),
            ("Бесплатно", Some(Free), None),
            ("Бесплатный вход по выходным", Some(Free), None),
            ("Скидка 500 рублей", Some(Fixed), Some(500.0)),
            ("Скидка 1 500 ₽", Some(Fixed), Some(1500.0)),
            ("Билет 100 руб.", Some(Price), Some(100.0)),
            ("Детский набор в подарок при чеке от 1000 рублей", Some(Gift), None),
            ("Билеты за полцены", Some(Percent), Some(50.0)),
            ("10% off, kids free", Some(Percent), Some(10.0)),
            ("Особые условия", None, None),
            ("Скидка для семей с 3 детьми", None, None),
            ("", None, None),
        ] {
            assert_eq!(read(phrase), (kind, value), "{phrase}");
        }
    }

    #[test]
    fn the_words_of_a_kind_and_value_read_back() {
        for kind in BenefitKind::ALL {
            let value = matches!(kind, BenefitKind::Percent | BenefitKind::Fixed | BenefitKind::Price).then_some(12.5);
            assert_eq!(read(&title_of(kind, value)), (Some(kind), value));
        }
    }

    #[test]
    fn values_are_checked_by_kind() {
        assert!(check_value(Some(BenefitKind::Percent), 100.0).is_ok());
        assert_eq!(check_value(Some(BenefitKind::Percent), 110.0), Err(ValueFault::OverHundred(110.0)));
        assert_eq!(check_value(None, -1.0), Err(ValueFault::Negative));
        assert_eq!(check_value(None, f64::NAN), Err(ValueFault::Negative));
    }
}
