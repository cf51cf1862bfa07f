//! Telephone numbers: stored as E.164, shown as people write them here.

use serde::{Deserialize, Serialize};

/// A telephone number with an optional extension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// `+` and 8 to 15 digits.
    pub e164: String,
    /// Digits to dial after the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ext: Option<String>,
}

/// Area codes of Stavropol Krai with five digits; the other Russian ones are shown as three.
const LONG_CODES: &[&str] = &["8652", "8793", "8655", "8654", "8656", "8657", "8796", "8792", "8797"];

impl Phone {
    /// Reads a number as people write it; `None` when it is none.
    ///
    /// `8XXXXXXXXXX` and `7XXXXXXXXXX` are Russian, ten digits alone too; `доб. 12` and `ext. 12` are an extension.
    /// Of several numbers parted by `,` or `;` the first counts.
    pub fn parse(text: &str) -> Option<Self> {
        let first = text.split([';', ',']).next()?.trim();
        let lower = first.to_lowercase();
        let (number, ext) = match ["доб", "ext", "вн."].iter().find_map(|w| lower.find(w)) {
            Some(at) => (&lower[..at], Some(digits(&lower[at..])).filter(|d| !d.is_empty())),
            None => (lower.as_str(), None),
        };
        if !number.chars().all(|c| c.is_ascii_digit() || "+()-–—. \u{a0}".contains(c)) {
            return None;
        }
        let digits = digits(number);
        let e164 = match (number.trim_start().starts_with('+'), digits.len()) {
            (true, 8..=15) => format!("+{digits}"),
            (false, 11) if digits.starts_with(['7', '8']) => format!("+7{}", &digits[1..]),
            (false, 10) => format!("+7{digits}"),
            _ => return None,
        };
        // Russian numbers have exactly ten digits after the country code.
        if e164.starts_with("+7") && e164.len() != 12 {
            return None;
        }
        Some(Self { e164, ext })
    }

    /// As people write it: `+7 (8652) 12-34-56`, `+7 (800) 123-45-67`; other countries as E.164.
    pub fn display(&self) -> String {
        let Some(n) = self.e164.strip_prefix("+7").filter(|n| n.len() == 10 && n.is_ascii()) else {
            return self.e164.clone();
        };
        if LONG_CODES.contains(&&n[..4]) {
            format!("+7 ({}) {}-{}-{}", &n[..4], &n[4..6], &n[6..8], &n[8..])
        } else {
            format!("+7 ({}) {}-{}-{}", &n[..3], &n[3..6], &n[6..8], &n[8..])
        }
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        for (text, e164, ext, shown) in [
            ("8 (8652) 12-34-56", "+78652123456", None, "+7 (8652) 12-34-56"),
            ("+7 (8652) 12-34-56 доб. 123", "+78652123456", Some("123"), "+7 (8652) 12-34-56"),
            ("7 918 123-45-67", "+79181234567", None, "+7 (918) 123-45-67"),
            ("9181234567", "+79181234567", None, "+7 (918) 123-45-67"),
            ("8-800-555-35-35; 8 918 000-00-00", "+78005553535", None, "+7 (800) 555-35-35"),
            ("+49 30 123456", "+4930123456", None, "+4930123456"),
            ("+7 (000) 000-00-01", "+70000000001", None, "+7 (000) 000-00-01"),
        ] {
            let p = Phone::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((p.e164.as_str(), p.ext.as_deref()), (e164, ext), "{text}");
            assert_eq!(p.display(), shown);
        }
        for text in ["", "нет", "12-34", "8652 12-34-5", "+7 123", "звонить Ивану 89181234567"] {
            assert_eq!(Phone::parse(text), None, "{text}");
        }
    }
}
