//! CQL2, the filter language of OGC: text and JSON become one tree, which is checked before it is asked.
//!
//! # Source
//! OGC 21-065r2, Common Query Language (CQL2). Parsed here and not by the crate `cql2`: that brings 45 crates with it and
//! does not say where a filter is wrong.

pub mod check;
pub mod eval;
pub mod json;
pub mod text;
mod tokens;
mod wkt;

use crate::geometry::Bbox;
use chrono::{DateTime, NaiveDate, Utc};
use std::fmt;

/// Deepest nesting of a filter: more is nobody's question.
pub(super) const MAX_DEPTH: usize = 64;

/// Where in a filter something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// The character of a text, from 1.
    Char(usize),
    /// A JSON Pointer (RFC 6901); empty is the whole.
    Pointer(String),
    /// Line and column of a text that is no JSON, from 1.
    Line(usize, usize),
}

/// What is wrong with a filter, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{en}")]
pub struct Fault {
    /// Where.
    pub at: At,
    /// What and what to do, in Russian.
    pub ru: String,
    /// What and what to do, in English.
    pub en: String,
}

impl Fault {
    pub(super) fn new(at: &At, ru: impl Into<String>, en: impl Into<String>) -> Self {
        Self { at: at.clone(), ru: ru.into(), en: en.into() }
    }
}

/// A part of a filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub at: At,
    /// What it is.
    pub what: What,
}

/// What a part of a filter is.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A value written out.
    Literal(Literal),
    /// A property of the place.
    Property(String),
    /// An operator or function with what it is applied to.
    Call(Op, Vec<Node>),
    /// Several values.
    Array(Vec<Node>),
}

/// A value written out.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// Truth.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// A moment.
    Timestamp(DateTime<Utc>),
    /// The open end of an interval, `'..'`.
    Open,
    /// A geometry, CRS84.
    Geometry(geo::Geometry<f64>),
    /// A box.
    Bbox(Bbox),
}

macro_rules! ops {
    ($($name:ident $code:literal;)*) => {
        /// Operators and functions.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "named as in the standard")]
        pub enum Op { $($name,)* }

        impl Op {
            /// Every operator.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name in CQL2 JSON; functions have the same one in text.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

ops! {
    And "and"; Or "or"; Not "not";
    Eq "="; Ne "<>"; Lt "<"; Le "<="; Gt ">"; Ge ">=";
    Like "like"; Between "between"; In "in"; IsNull "isNull";
    Casei "casei"; Accenti "accenti";
    Add "+"; Sub "-"; Mul "*"; Div "/"; Mod "%"; IntDiv "div"; Pow "^";
    SIntersects "s_intersects"; SDisjoint "s_disjoint"; SEquals "s_equals"; STouches "s_touches"; SWithin "s_within";
    SContains "s_contains"; SCrosses "s_crosses"; SOverlaps "s_overlaps";
    TAfter "t_after"; TBefore "t_before"; TContains "t_contains"; TDisjoint "t_disjoint"; TDuring "t_during";
    TEquals "t_equals"; TFinishedBy "t_finishedBy"; TFinishes "t_finishes"; TIntersects "t_intersects"; TMeets "t_meets";
    TMetBy "t_metBy"; TOverlappedBy "t_overlappedBy"; TOverlaps "t_overlaps"; TStartedBy "t_startedBy"; TStarts "t_starts";
    AEquals "a_equals"; AContains "a_contains"; AContainedBy "a_containedBy"; AOverlaps "a_overlaps";
    Interval "interval";
}

impl Op {
    /// The operator of a name; letters may be of any case.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|op| op.code().eq_ignore_ascii_case(code))
    }

    /// Whether it is written as a function in text.
    pub fn is_function(self) -> bool {
        matches!(self, Self::Casei | Self::Accenti) || self.is_spatial() || self.is_temporal() || self.is_of_arrays()
    }

    /// Whether it compares geometries.
    pub fn is_spatial(self) -> bool {
        self.code().starts_with("s_")
    }

    /// Whether it compares times.
    pub fn is_temporal(self) -> bool {
        self.code().starts_with("t_")
    }

    /// Whether it compares arrays.
    pub fn is_of_arrays(self) -> bool {
        self.code().starts_with("a_")
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(n) => write!(f, "{n}"),
            Self::Pointer(p) if p.is_empty() => f.write_str("/"),
            Self::Pointer(p) => f.write_str(p),
            Self::Line(line, column) => write!(f, "{line}:{column}"),
        }
    }
}

impl Fault {
    /// The whole sentence in Russian and in English, with the position.
    pub fn sentences(&self) -> (String, String) {
        let Self { at, ru, en } = self;
        match at {
            At::Char(n) => (format!("знак {n}: {ru}"), format!("character {n}: {en}")),
            At::Pointer(_) => (format!("в {at}: {ru}"), format!("at {at}: {en}")),
            At::Line(line, column) => {
                (format!("строка {line}, столбец {column}: {ru}"), format!("line {line}, column {column}: {en}"))
            }
        }
    }
}

/// The day of `YYYY-MM-DD`.
pub(super) fn date(text: &str, at: &At) -> Result<NaiveDate, Fault> {
    let whole = text.len() == 10;
    whole.then(|| text.parse().ok()).flatten().ok_or_else(|| {
        Fault::new(
            at,
            format!("«{text}» не день; пишите так: 2026-11-22"),
            format!("{text:?} is no day; write it as 2026-11-22"),
        )
    })
}

/// The moment of an RFC 3339 text.
pub(super) fn timestamp(text: &str, at: &At) -> Result<DateTime<Utc>, Fault> {
    DateTime::parse_from_rfc3339(text).map(|t| t.with_timezone(&Utc)).map_err(|_| {
        Fault::new(
            at,
            format!("«{text}» не момент; пишите так: 2026-11-22T10:00:00Z"),
            format!("{text:?} is no moment; write it as 2026-11-22T10:00:00Z"),
        )
    })
}

/// A box of four or six numbers; heights are not asked after, as places have none.
pub(super) fn bbox(numbers: &[f64], at: &At) -> Result<Bbox, Fault> {
    let four = match *numbers {
        [w, s, e, n] | [w, s, _, e, n, _] => Bbox::new(w, s, e, n).ok(),
        _ => None,
    };
    four.ok_or_else(|| {
        Fault::new(
            at,
            "рамка: запад, юг, восток, север в градусах, юг не выше севера",
            "a box is west, south, east, north in degrees, south not above north",
        )
    })
}
