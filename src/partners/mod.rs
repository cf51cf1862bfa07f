//! The registry desk: how places come in and go out in bulk.
//!
//! In: files of others, as tables (CSV), GeoJSON or NDJSON. Out: published locations with history, and a report that
//! names each bad row with its line, column, reason and remedy. What is exported comes in again as the same content.
//!
//! A row goes through pure things: [`source`] tells format and encoding, `read_csv` and `read_geojson` cut rows,
//! [`import_row`] makes a location of one or [`problem`]s. Two actors write: [`importer`] moves many rows
//! into the store, [`operator`] acts on one.
//!
//! # How to add a column
//! A field with its headings in [`field::Field`], its reading in [`import_row::RowReader::read`], its writing in
//! `export::cells`; the round-trip test in `export/tests.rs` fails until all three agree.

pub mod benefit_phrase;
pub mod bulk;
pub mod bulk_desk;
mod bulk_row;
mod cell;
pub mod content;
pub mod duplicate;
pub mod export;
pub mod field;
pub mod gazetteer;
mod heading;
pub mod import_row;
pub mod importer;
pub mod moderator;
pub mod operator;
pub mod photo;
pub mod problem;
pub mod profile;
pub mod raw_row;
mod read_csv;
mod read_geojson;
mod read_xlsx;
mod reader;
pub mod refusal;
pub mod registry;
mod rejects;
pub mod settlement;
pub mod source;
mod swapped;
pub mod tax_number;
pub mod template;
pub mod time_zone;
pub mod turns;

pub use importer::{ImportError, ImportOptions, ImportReport, Importer, Progress};
pub use problem::{Fault, Problem, Severity};
pub use source::{Format, Source};
