//! INN, OGRN and KPP: their check digits, and what Excel does to them.

use crate::domain::Lang;
use std::borrow::Cow;

/// Which number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaxKind {
    /// Tax number of an organisation (10 digits) or a person (12).
    Inn,
    /// Registration number of an organisation (13 digits) or a sole trader (15).
    Ogrn,
    /// Reason code of an organisation, 9 characters.
    Kpp,
}

/// What is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaxFault {
    /// `7,7E+09`: the digits are gone.
    Damaged,
    /// Right once the zeros in front are back.
    LostZeros {
        /// The number as it most likely was.
        likely: String,
    },
    /// Another number of digits, or something else than digits.
    Form,
    /// The digits do not agree with each other.
    CheckDigit,
}

impl TaxKind {
    /// Its Russian and English name.
    pub fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::Inn => lang.pick("ИНН", "INN"),
            Self::Ogrn => lang.pick("ОГРН", "OGRN"),
            Self::Kpp => lang.pick("КПП", "KPP"),
        }
    }

    fn lengths(self) -> &'static [usize] {
        match self {
            Self::Inn => &[10, 12],
            Self::Ogrn => &[13, 15],
            Self::Kpp => &[9],
        }
    }

    /// Reads a number as it stands in a cell: without spaces, a leading apostrophe and the `.0` of spreadsheets.
    ///
    /// # Errors
    /// [`TaxFault`].
    /// # Source
    /// The published rules of the tax service, tried on numbers of public organisations (see the tests).
    pub fn read(self, cell: &str) -> Result<String, TaxFault> {
        let text: String = cell.chars().filter(|c| !c.is_whitespace() && *c != '\'').collect();
        if is_scientific(&text) {
            return Err(TaxFault::Damaged);
        }
        let text = match text.split_once(['.', ',']) {
            Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole.to_owned(),
            _ => text,
        };
        match self.check(&text) {
            Err(TaxFault::Form) => {
                let likely = self.lengths().iter().find(|&&n| text.len() < n && text.len() + 2 >= n).map(|&n| {
                    let mut padded = "0".repeat(n - text.len());
                    padded.push_str(&text);
                    padded
                });
                match likely {
                    // A registration number never begins with a zero.
                    Some(likely) if self != Self::Ogrn && self.check(&likely).is_ok() => {
                        Err(TaxFault::LostZeros { likely })
                    }
                    _ => Err(TaxFault::Form),
                }
            }
            Err(fault) => Err(fault),
            Ok(()) => Ok(text),
        }
    }

    fn check(self, text: &str) -> Result<(), TaxFault> {
        if !self.lengths().contains(&text.len()) {
            return Err(TaxFault::Form);
        }
        if self == Self::Kpp {
            let bytes = text.as_bytes();
            let right = bytes
                .iter()
                .enumerate()
                .all(|(i, b)| b.is_ascii_digit() || ((4..6).contains(&i) && b.is_ascii_uppercase()));
            return if right && bytes.iter().any(|&b| b != b'0') { Ok(()) } else { Err(TaxFault::Form) };
        }
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(TaxFault::Form);
        }
        let digits: Vec<u64> = text.bytes().map(|b| u64::from(b - b'0')).collect();
        if digits.iter().all(|&d| d == 0) {
            return Err(TaxFault::CheckDigit);
        }
        let weighted = |weights: &[u64]| weights.iter().zip(&digits).map(|(w, d)| w * d).sum::<u64>() % 11 % 10;
        let stem = digits[..digits.len() - 1].iter().fold(0, |n, d| n * 10 + d);
        let right = match digits.len() {
            10 => weighted(&[2, 4, 10, 3, 5, 9, 4, 6, 8]) == digits[9],
            12 => {
                weighted(&[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == digits[10]
                    && weighted(&[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) == digits[11]
            }
            13 => stem % 11 % 10 == digits[12],
            _ => stem % 13 % 10 == digits[14],
        };
        if right { Ok(()) } else { Err(TaxFault::CheckDigit) }
    }
}

/// `7,7E+09`, `7.70708E9`.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E', 'е', 'Е']) else { return false };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    digits(exponent) && mantissa.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',') && !mantissa.is_empty()
}

/// Whether the numbers are of one kind of person: 10, 13 and a KPP, or 12, 15 and none.
pub fn agree(inn: Option<&str>, ogrn: Option<&str>, kpp: Option<&str>) -> bool {
    let organisation = inn.map(|t| t.len() == 10);
    let by_ogrn = ogrn.map(|t| t.len() == 13);
    let by_kpp = kpp.map(|_| true);
    let mut said = [organisation, by_ogrn, by_kpp].into_iter().flatten();
    match said.next() {
        Some(first) => said.all(|s| s == first),
        None => true,
    }
}

impl TaxFault {
    pub(super) fn code(&self, kind: TaxKind) -> &'static str {
        match (kind, self) {
            (TaxKind::Inn, Self::Damaged) => "inn-damaged",
            (TaxKind::Inn, Self::LostZeros { .. }) => "inn-lost-zeros",
            (TaxKind::Inn, Self::Form) => "inn-form",
            (TaxKind::Inn, Self::CheckDigit) => "inn-check-digit",
            (TaxKind::Ogrn, Self::Damaged) => "ogrn-damaged",
            (TaxKind::Ogrn, Self::CheckDigit) => "ogrn-check-digit",
            (TaxKind::Ogrn, _) => "ogrn-form",
            (TaxKind::Kpp, Self::Damaged) => "kpp-damaged",
            (TaxKind::Kpp, Self::LostZeros { .. }) => "kpp-lost-zeros",
            (TaxKind::Kpp, _) => "kpp-form",
        }
    }

    /// What is wrong.
    pub fn message(&self, kind: TaxKind, lang: Lang) -> Cow<'static, str> {
        let title = kind.title(lang);
        Cow::Owned(match (self, lang) {
            (Self::Damaged, Lang::Ru) => format!("Excel превратил {title} в число с порядком, цифры потеряны"),
            (Self::Damaged, Lang::En) => format!("Excel turned the {title} into a power of ten, its digits are lost"),
            (Self::LostZeros { .. }, Lang::Ru) => format!("у {title} пропали нули впереди"),
            (Self::LostZeros { .. }, Lang::En) => format!("the {title} lost the zeros in front"),
            (Self::Form, Lang::Ru) => format!("{title} записан не по форме"),
            (Self::Form, Lang::En) => format!("the {title} has not the form of one"),
            (Self::CheckDigit, Lang::Ru) => format!("в {title} ошибка: контрольная цифра не сходится"),
            (Self::CheckDigit, Lang::En) => format!("the check digit of the {title} is wrong"),
        })
    }

    /// What to do about it.
    pub fn remedy(&self, kind: TaxKind, lang: Lang) -> Cow<'static, str> {
        match self {
            Self::Damaged => Cow::Borrowed(lang.pick(
                "Сделайте ячейки текстовыми и впишите номер заново",
                "Make the cells text cells and enter the number again",
            )),
            Self::LostZeros { likely } => Cow::Owned(match lang {
                Lang::Ru => format!("Сделайте ячейки текстовыми; скорее всего, это {likely}"),
                Lang::En => format!("Make the cells text cells; most likely it is {likely}"),
            }),
            Self::Form | Self::CheckDigit => Cow::Borrowed(match kind {
                TaxKind::Inn => lang.pick(
                    "Сверьте с документами: 10 цифр у организации, 12 у человека; или оставьте пусто",
                    "Compare it with the papers: 10 digits for an organisation, 12 for a person; or leave it empty",
                ),
                TaxKind::Ogrn => lang.pick(
                    "Сверьте с документами: 13 цифр у организации, 15 у предпринимателя; или оставьте пусто",
                    "Compare it with the papers: 13 digits for an organisation, 15 for a sole trader; or leave it empty",
                ),
                TaxKind::Kpp => lang.pick(
                    "КПП — 9 знаков, например 263401001; или оставьте пусто",
                    "A KPP has 9 characters, such as 263401001; or leave it empty",
                ),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_and_synthetic_numbers_pass() {
        for inn in [
            "7707083893",
            "7736207543",
            "7736050003",
            "7719402047",
            "5612042824",
            "5405276278",
            "500100732259",
            "263400000195",
            "2634000090",
            " 77 0708 3893 ",
            "'7707083893",
            "7707083893.0",
        ] {
            assert!(TaxKind::Inn.read(inn).is_ok(), "{inn}");
        }
        for ogrn in [
            "1027700132195",
            "1027700229193",
            "1037739010891",
            "1055612021981",
            "1022600000060",
            "326265100000030",
            "326265100000041",
            "326265100000052",
        ] {
            assert!(TaxKind::Ogrn.read(ogrn).is_ok(), "{ogrn}");
        }
        assert!(TaxKind::Kpp.read("263401001").is_ok());
        assert!(TaxKind::Kpp.read("2634AB001").is_ok());
    }

    #[test]
    fn wrong_and_damaged_numbers_are_told_apart() {
        use TaxFault::{CheckDigit, Damaged, Form, LostZeros};
        for (inn, want) in [
            ("7707083894", CheckDigit),
            ("0000000000", CheckDigit),
            ("000000000000", CheckDigit),
            ("7,7E+09", Damaged),
            ("7.70708E9", Damaged),
            ("77070838", Form),
            ("ИНН", Form),
        ] {
            assert_eq!(TaxKind::Inn.read(inn), Err(want), "{inn}");
        }
        // 0105003350 is an INN of Adygea with a right check digit once its zero is back.
        let with_zero = (0..10).map(|d| format!("010500335{d}")).find(|t| TaxKind::Inn.read(t).is_ok()).unwrap();
        assert_eq!(TaxKind::Inn.read(&with_zero[1..]), Err(LostZeros { likely: with_zero.clone() }));
        assert_eq!(TaxKind::Ogrn.read("1027700132196"), Err(CheckDigit));
        assert_eq!(TaxKind::Kpp.read("26340100"), Err(LostZeros { likely: "026340100".into() }));
        assert_eq!(TaxKind::Kpp.read("2634o1001"), Err(Form));
    }

    #[test]
    fn numbers_of_different_persons_disagree() {
        assert!(agree(Some("7707083893"), Some("1027700132195"), Some("263401001")));
        assert!(agree(Some("500100732259"), None, None));
        assert!(!agree(Some("500100732259"), Some("1027700132195"), None));
        assert!(!agree(Some("500100732259"), None, Some("263401001")));
    }
}
