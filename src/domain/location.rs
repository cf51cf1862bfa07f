//! A place on the map with address, hours and benefits.

use super::benefit::Benefit;
use super::category::Category;
use super::hours::Hours;
use super::id::{LocationId, PartnerId};
use super::phone::Phone;
use crate::geometry::LonLat;
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Whether a wheelchair gets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wheelchair {
    /// Without help.
    Yes,
    /// Partly or with help.
    Limited,
    /// Not at all.
    No,
}

impl Wheelchair {
    /// The public code, OSM's.
    pub fn code(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Limited => "limited",
            Self::No => "no",
        }
    }

    /// The value of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Yes, Self::Limited, Self::No].into_iter().find(|w| w.code() == code)
    }
}

/// A place where a partner honours the card. One aggregate: it is written, versioned and reverted as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Location {
    /// Its id.
    pub id: LocationId,
    /// Whose place it is.
    pub partner_id: PartnerId,
    /// The name over the door.
    pub name: String,
    /// What it is.
    pub category: Category,
    /// What else it is; filters find it under these too.
    pub categories_more: Vec<Category>,
    /// Where it is.
    pub position: LonLat,
    /// One line.
    pub address: Option<String>,
    /// How to find the door.
    pub address_note: Option<String>,
    /// The object of the state address register.
    pub fias_id: Option<String>,
    /// Where its clock stands.
    pub time_zone: Tz,
    /// When it is open; `None` is "unknown", which is not "closed".
    pub hours: Option<Hours>,
    /// Telephone.
    pub phone: Option<Phone>,
    /// `http(s)` address.
    pub site: Option<String>,
    /// Wheelchair access.
    pub wheelchair: Option<Wheelchair>,
    /// What a family gets, the most important first.
    pub benefits: Vec<Benefit>,
    /// The id of its picture.
    pub photo: Option<String>,
    /// The day somebody last made sure of the benefit.
    pub last_confirmed: Option<NaiveDate>,
}

impl Location {
    /// Bits of every category it is found under.
    pub fn category_bits(&self) -> u32 {
        self.categories_more.iter().fold(self.category.bit(), |bits, c| bits | c.bit())
    }
}

/// A location as the map shows it: its content with what the map needs of its partner and its version.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// The content.
    pub location: Location,
    /// The partner's name.
    pub partner_name: String,
    /// Edit number of the location.
    pub version: i64,
}
