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
