//! What a partner says of the organisation itself, and what is wrong with it.

use super::cell;
use super::import_row::{MAX_LEGAL_NAME_CHARS, MAX_NAME_CHARS};
use super::problem::{Fault, Problem};
use super::tax_number::{self, TaxKind};
use crate::domain::email::fold_email;
use serde::{Deserialize, Serialize};

/// Longest e-mail address, in characters (RFC 5321).
const MAX_EMAIL_CHARS: usize = 254;

/// The organisation of a partner: what the register knows of it, and whom to ask.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// What people call it.
    pub name: String,
    /// Its name in the register of legal entities.
    pub legal_name: Option<String>,
    /// Tax number.
    pub inn: Option<String>,
    /// Registration number.
    pub ogrn: Option<String>,
    /// Reason code.
    pub kpp: Option<String>,
    /// Whom the operator may ask.
    pub contact_person: Option<String>,
    /// Where.
    pub contact_email: Option<String>,
    /// And by telephone.
    pub contact_phone: Option<String>,
}

impl Profile {
    /// What is wrong with it; the problems name the fields, and have line 0.
    pub fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut add = |field: &str, fault| {
            problems.push(Problem { line: 0, id: None, column: Some(field.into()), fault });
        };
        if self.name.trim().is_empty() {
            add("name", Fault::PartnerNameMissing);
        }
        let texts = [
            ("name", Some(&self.name), MAX_NAME_CHARS),
            ("legal_name", self.legal_name.as_ref(), MAX_LEGAL_NAME_CHARS),
            ("contact_person", self.contact_person.as_ref(), MAX_NAME_CHARS),
            ("contact_email", self.contact_email.as_ref(), MAX_EMAIL_CHARS),
        ];
        for (field, text, limit) in texts {
            let chars = text.map_or(0, |t| t.trim().chars().count());
            if chars > limit {
                add(field, Fault::TextTooLong { chars, limit });
            }
        }
        let numbers = [
            ("inn", TaxKind::Inn, self.inn.as_deref()),
            ("ogrn", TaxKind::Ogrn, self.ogrn.as_deref()),
            ("kpp", TaxKind::Kpp, self.kpp.as_deref()),
        ];
        let [inn, ogrn, kpp] = numbers.map(|(field, kind, text)| {
            let text = text.filter(|t| !t.trim().is_empty());
            match text.map(|t| kind.read(t)) {
                Some(Ok(number)) => Some(number),
                Some(Err(fault)) => {
                    add(field, Fault::Tax(kind, fault));
                    None
                }
                None => {
                    if kind == TaxKind::Inn {
                        add(field, Fault::InnMissing);
                    }
                    None
                }
            }
        });
        if !tax_number::agree(inn.as_deref(), ogrn.as_deref(), kpp.as_deref()) {
            add(if inn.is_some() { "inn" } else { "ogrn" }, Fault::TaxDisagree);
        }
        if let Some(text) = given(self.contact_email.as_ref())
            && fold_email(text).is_none()
        {
            add("contact_email", Fault::EmailUnreadable(text.to_owned()));
        }
        if let Some(text) = given(self.contact_phone.as_ref())
            && cell::phone(text, None).is_none()
        {
            add("contact_phone", Fault::ContactPhoneUnreadable(text.to_owned()));
        }
        problems
    }

    /// The same in one spelling: no spaces around, digits of numbers alone, the telephone as E.164. What cannot be read
    /// stays as typed.
    #[must_use]
    pub fn normalised(&self) -> Self {
        let line = |text: Option<&String>| text.map(|t| cell::line(t).0.into_owned()).filter(|t| !t.is_empty());
        let number = |kind: TaxKind, text: Option<&String>| line(text).map(|t| kind.read(&t).unwrap_or(t));
        let phone = |text: String| match cell::phone(&text, None) {
            Some(phone) => match phone.ext {
                Some(ext) => format!("{} доб. {ext}", phone.e164),
                None => phone.e164,
            },
            None => text,
        };
        Self {
            name: line(Some(&self.name)).unwrap_or_default(),
            legal_name: line(self.legal_name.as_ref()),
            inn: number(TaxKind::Inn, self.inn.as_ref()),
            ogrn: number(TaxKind::Ogrn, self.ogrn.as_ref()),
            kpp: number(TaxKind::Kpp, self.kpp.as_ref()),
            contact_person: line(self.contact_person.as_ref()),
            contact_email: line(self.contact_email.as_ref()),
            contact_phone: line(self.contact_phone.as_ref()).map(phone),
        }
    }
}

fn given(text: Option<&String>) -> Option<&str> {
    text.map(|t| t.trim()).filter(|t| !t.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(profile: &Profile) -> Vec<(String, &'static str)> {
        let of = |p: &Problem| (p.column.as_deref().unwrap_or_default().to_owned(), p.code());
        profile.check().iter().map(of).collect()
    }

    #[expect(clippy::unnecessary_wraps, reason = "the members of a profile are optional")]
    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn a_whole_profile_has_no_problem_and_gets_one_spelling() {
        let profile = Profile {
            name: " Булочная «Колос» ".into(),
            legal_name: some("ООО  «Колос»"),
            inn: some("77 0708 3893"),
            ogrn: some("1027700132195"),
            kpp: some("263401001"),
            contact_person: some("Иванова Анна"),
            contact_email: some("anna@example.ru"),
            contact_phone: some("8 (8652) 12-34-56 доб. 12"),
        };
        assert_eq!(codes(&profile), []);
        let normal = profile.normalised();
        assert_eq!(normal.name, "Булочная «Колос»");
        assert_eq!(normal.inn.as_deref(), Some("7707083893"));
        assert_eq!(normal.contact_phone.as_deref(), Some("+78652123456 доб. 12"));
        assert_eq!(normal.normalised(), normal);
    }

    #[test]
    fn each_fault_is_named_at_its_field() {
        let of = |field: &str, code| (field.to_owned(), code);
        assert_eq!(codes(&Profile::default()), [of("name", "partner-name-missing"), of("inn", "inn-missing")]);
        let profile = Profile {
            name: "Колос".into(),
            inn: some("7707083894"),
            ogrn: some("1027700132196"),
            contact_email: some("anna@"),
            contact_phone: some("нет"),
            ..Profile::default()
        };
        assert_eq!(
            codes(&profile),
            [
                of("inn", "inn-check-digit"),
                of("ogrn", "ogrn-check-digit"),
                of("contact_email", "email-unreadable"),
                of("contact_phone", "contact-phone-unreadable"),
            ]
        );
        let profile =
            Profile {
                name: "Колос".into(), inn: some("500100732259"), kpp: some("263401001"), ..Profile::default()
            };
        assert_eq!(codes(&profile), [of("inn", "tax-disagree")]);
    }

    #[test]
    fn addresses_of_mail() {
        for good in ["a@b.ru", "анна@пример.рф", "a.b+c@d-e.example.ru"] {
            assert!(fold_email(good).is_some(), "{good}");
        }
        for bad in ["", "a", "a@b", "a b@c.ru", "@c.ru", "a@.ru", "a@c..ru", "a@c.ru, b@c.ru", "<a@c.ru>"] {
            assert!(fold_email(bad).is_none(), "{bad}");
        }
    }
}
