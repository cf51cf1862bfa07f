//! One of the readers, chosen by the format of an input.

use super::heading::Needs;
use super::read_csv::{CsvReader, Row};
use super::read_geojson::JsonReader;
use super::read_xlsx::XlsxReader;
use super::source::{Format, Opened, SourceFault};

/// Rows of any format, one by one.
pub(super) enum Reader {
    Csv(CsvReader),
    Xlsx(XlsxReader),
    Json(JsonReader),
}

impl Reader {
    /// Reads the heading, where there is one.
    pub(super) fn new(opened: Opened, needs: Needs) -> Result<Self, SourceFault> {
        match opened.format {
            Format::Csv => CsvReader::new(opened.bytes, needs).map(Self::Csv),
            Format::Xlsx => XlsxReader::new(opened.bytes, needs).map(Self::Xlsx),
            format => JsonReader::new(opened.bytes, format).map(Self::Json),
        }
    }

    pub(super) fn next(&mut self) -> Result<Option<Row>, SourceFault> {
        match self {
            Self::Csv(r) => r.next(),
            Self::Xlsx(r) => Ok(r.next()),
            Self::Json(r) => r.next(),
        }
    }

    /// Columns or keys that are not read.
    pub(super) fn unknown(&self) -> Vec<String> {
        match self {
            Self::Csv(r) => r.unknown(),
            Self::Xlsx(r) => r.unknown(),
            Self::Json(r) => r.unknown(),
        }
    }
}
