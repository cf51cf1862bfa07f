//! The whole public layer as one file.
//!
//! In comes a snapshot, out goes a file that says of which change it is, of when, and under which licence. What must
//! stay true: a file is of one snapshot, and nobody's patience with a slow line costs a thread.

pub mod flatgeobuf;
pub mod lines;
pub mod pmtiles;
pub mod shelf;

use crate::domain::{Licence, Seq};
use chrono::{DateTime, SecondsFormat, Utc};

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// RFC 7946, one feature on each line.
    GeoJson,
    /// RFC 4180, UTF-8.
    Csv,
    /// FlatGeobuf 3, with its index.
    FlatGeobuf,
    /// PMTiles 3 with vector tiles.
    PmTiles,
}

impl Format {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::GeoJson, Self::Csv, Self::FlatGeobuf, Self::PmTiles];

    /// How a file's name ends.
    pub fn ending(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::Csv => "csv",
            Self::FlatGeobuf => "fgb",
            Self::PmTiles => "pmtiles",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::GeoJson => "application/geo+json",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::FlatGeobuf => "application/flatgeobuf",
            Self::PmTiles => "application/vnd.pmtiles",
        }
    }
}

/// What a file says of itself.
#[derive(Debug, Clone)]
pub struct About {
    /// The last change it has seen.
    pub seq: Seq,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// What may be done with it.
    pub licence: Licence,
}

impl About {
    /// When it was made, as files say it.
    pub fn time(&self) -> String {
        self.at.to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// As members of a JSON object.
    pub fn members(&self) -> serde_json::Map<String, serde_json::Value> {
        let members = [
            ("name", "locations".into()),
            ("seq", self.seq.0.into()),
            ("generated", self.time().into()),
            ("license", (*self.licence.name).into()),
            ("license_url", (*self.licence.url).into()),
        ];
        members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}
