//! What a family gets at a location.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The kind of a benefit; the codes are the contract of `benefit=` and of the bulk template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BenefitKind {
    /// A share off the price; the value is the percentage.
    Percent,
    /// A sum off the price; the value is roubles.
    Fixed,
    /// Costs nothing.
    Free,
    /// Something on top.
    Gift,
    /// A price of its own; the value is roubles.
    Price,
}

impl BenefitKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Percent, Self::Fixed, Self::Free, Self::Gift, Self::Price];

    /// The public code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Percent => "percent",
            Self::Fixed => "fixed",
            Self::Free => "free",
            Self::Gift => "gift",
            Self::Price => "price",
        }
    }

    /// The kind of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.code() == code)
    }

    /// One bit per kind, for sets of kinds.
    pub fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// One benefit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Benefit {
    /// What kind, where it could be told.
    pub kind: Option<BenefitKind>,
    /// Percent or roubles, by kind.
    pub value: Option<f64>,
    /// The short text, as the partner says it.
    pub title: String,
    /// Conditions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
    /// First day in force, in the location's time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// The hours at which it applies, in OSM `opening_hours` syntax; always, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
}

impl Benefit {
    /// Whether it is in force on a day.
    pub fn in_force(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// The benefit that is shown first: the first one in force on `day`.
pub fn first_in_force(benefits: &[Benefit], day: NaiveDate) -> Option<&Benefit> {
    benefits.iter().find(|b| b.in_force(day))
}

/// The next day after `day` on which one of these begins or has ended; what is shown changes then without an edit.
pub fn next_edge(benefits: &[Benefit], day: NaiveDate) -> Option<NaiveDate> {
    benefits
        .iter()
        .flat_map(|b| [b.from, b.to.and_then(|last| last.succ_opt())])
        .flatten()
        .filter(|&edge| edge > day)
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, d).unwrap()
    }

    #[test]
    fn a_benefit_begins_on_its_first_day_and_ends_after_its_last() {
        let b = |title: &str, from, to| Benefit {
            kind: None,
            value: None,
            title: title.into(),
            terms: None,
            from: Some(day(from)),
            to: Some(day(to)),
            hours: None,
        };
        let benefits = [b("a", 5, 10), b("b", 8, 20)];
        let shown = |d| first_in_force(&benefits, day(d)).map(|b| b.title.clone());
        assert_eq!(
            [shown(4), shown(5), shown(10), shown(11), shown(21)].map(Option::unwrap_or_default),
            ["", "a", "a", "b", ""]
        );
        assert_eq!(next_edge(&benefits, day(4)), Some(day(5)));
        assert_eq!(next_edge(&benefits, day(10)), Some(day(11)));
        assert_eq!(next_edge(&benefits, day(21)), None);
    }
}
