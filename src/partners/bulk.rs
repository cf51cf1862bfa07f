//! A partner's file of places, compared with what the partner has: new, changed, unchanged or rejected, row by row.
//!
//! Pure: nothing is written here. A row says something about the place with its `external_id`: a cell with something in
//! it is the new value, an empty one (or a column that is not there) leaves the old, a single `-` takes it away. What
//! comes of that is checked whole by [`content::check`], the code of the desk's forms, and kept in its canonical
//! spelling, so a file that was applied changes nothing the second time.
//!
//! # Shape
//! The benefit columns speak of the first benefit, and others stay; but `-` in place of its words takes all of them away.
//! New words are read for kind and value afresh.
//! # Bounds
//! [`MAX_ROWS`] rows.

use super::bulk_row::{Found, Said, said};
use super::cell;
use super::content::{self, EXTERNAL_ID};
use super::field::Field;
use super::heading::Needs;
use super::import_row::RowReader;
use super::problem::{Fault, FieldProblem, Place, Problem, Severity};
use super::profile::Profile;
use super::raw_row::{Geometry, RawRow};
use super::read_csv::Row;
use super::reader::Reader;
use super::source::{Format, Source, SourceFault};
use super::tax_number::{self, TaxKind};
use crate::domain::LocationId;
use crate::domain::fold::fold;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::hash::{Hash, Hasher};

/// Most rows of one file.
pub const MAX_ROWS: usize = 50_000;
/// How often the caller hears of progress.
const TELL_EVERY_ROWS: u64 = 100;
/// Fields that the import knows and a partner's file has no say in.
const NOT_READ: [Field; 6] =
    [Field::Photo, Field::PartnerId, Field::Partner, Field::LegalName, Field::TimeZone, Field::LastConfirmed];

/// What the partner has under an `external_id`.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Its location.
    pub location_id: String,
    /// The state that a change is based on.
    pub etag: String,
    /// Its content, as the desk keeps it.
    pub content: Map<String, Value>,
}

/// What applying a row would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BulkOutcome {
    /// Make a place.
    New,
    /// Change one.
    Changed,
    /// Nothing.
    Unchanged,
    /// It may not be applied.
    Rejected,
}

impl BulkOutcome {
    /// The stored and public code.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Rejected => "rejected",
        }
    }
}

/// One field that would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The key of the content.
    pub field: String,
    /// `null` where there was nothing.
    pub before: Value,
    /// `null` where there will be nothing.
    pub after: Value,
}

/// One row of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BulkRow {
    /// The line on which it begins; of a workbook the number of the row.
    pub line: u64,
    /// The partner's id, as far as it could be read.
    pub external_id: Option<String>,
    /// The name of the place.
    pub name: Option<String>,
    /// What applying it would do.
    pub outcome: BulkOutcome,
    /// The place that it is about, unless that is new.
    pub location_id: Option<String>,
    /// The state of the place that the change is based on.
    pub base_etag: Option<String>,
    /// The canonical content to write; only of a new or changed row.
    pub content: Option<Map<String, Value>>,
    /// What would change, key by key.
    pub changes: Vec<FieldChange>,
    /// What is wrong with it or should be looked at, by the columns of the file.
    pub problems: Vec<FieldProblem>,
}

/// What a file would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BulkReport {
    /// Every row, in order.
    pub rows: Vec<BulkRow>,
    /// Columns that are not read.
    pub unknown_columns: Vec<String>,
    /// The encoding of the file.
    pub encoding: &'static str,
    /// Its format.
    pub format: Format,
}

impl BulkReport {
    /// How many rows have an outcome.
    pub fn count(&self, outcome: BulkOutcome) -> usize {
        self.rows.iter().filter(|r| r.outcome == outcome).count()
    }
}

/// Compares a file with what the partner has, by `external_id`; `progress` hears how many rows are done.
///
/// # Errors
/// [`SourceFault`] when the file cannot be read to its end: half a file is no file.
#[expect(clippy::implicit_hasher, reason = "the desk makes it and nobody else")]
pub fn preview(
    source: Source,
    partner: &Profile,
    held: &HashMap<String, Held>,
    mut progress: impl FnMut(u64),
) -> Result<BulkReport, SourceFault> {
    let opened = source.open()?;
    let (encoding, format) = (opened.encoding, opened.format);
    let mut reader = Reader::new(opened, Needs::Id)?;
    let mut desk = Desk::new(partner, held);
    let mut rows = Vec::new();
    let mut not_read: Vec<String> = Vec::new();
    while let Some(row) = reader.next()? {
        if rows.len() == MAX_ROWS {
            return Err(SourceFault::TooManyRows(MAX_ROWS));
        }
        if let Row::Raw(raw) = &row {
            let headings = raw.headings.iter().filter(|(f, _)| NOT_READ.contains(f));
            if rows.is_empty() {
                not_read = headings.map(|(_, key)| key.to_string()).collect();
            }
        }
        rows.push(match row {
            Row::Raw(raw) => desk.row(&raw),
            Row::Bad { line, id, fault } => rejected(line, id, fault),
        });
        if (rows.len() as u64).is_multiple_of(TELL_EVERY_ROWS) {
            progress(rows.len() as u64);
        }
    }
    progress(rows.len() as u64);
    let mut unknown_columns = reader.unknown();
    unknown_columns.extend(not_read);
    Ok(BulkReport { rows, unknown_columns, encoding, format })
}

/// A row that could not be cut out of the file.
fn rejected(line: u64, external_id: Option<String>, fault: Fault) -> BulkRow {
    let problem = Problem { line, id: external_id.clone(), column: None, fault };
    BulkRow {
        line,
        external_id,
        name: None,
        outcome: BulkOutcome::Rejected,
        location_id: None,
        base_etag: None,
        content: None,
        changes: Vec::new(),
        problems: vec![(&problem).into()],
    }
}

/// The first row of an id.
struct First {
    line: u64,
    cells: u64,
    name: String,
}

/// Name and position: two rows of one are one place.
type Spot = (String, String, String);

struct Desk<'a> {
    partner: &'a Profile,
    /// The INN that every row must have: the partner's, else that of the first row.
    own_inn: Option<String>,
    held: &'a HashMap<String, Held>,
    held_spots: HashMap<Spot, &'a str>,
    reader: RowReader,
    ids: HashMap<String, First>,
    spots: HashMap<Spot, (u64, String)>,
}

impl<'a> Desk<'a> {
    fn new(partner: &'a Profile, held: &'a HashMap<String, Held>) -> Self {
        let own_inn = partner.inn.as_deref().and_then(|t| TaxKind::Inn.read(t).ok());
        let held_spots = held.iter().filter_map(|(id, h)| Some((spot(&h.content)?, id.as_str()))).collect();
        Self {
            partner,
            own_inn,
            held,
            held_spots,
            reader: RowReader::default(),
            ids: HashMap::new(),
            spots: HashMap::new(),
        }
    }

    fn row(&mut self, row: &RawRow) -> BulkRow {
        let mut found = Found { row, problems: Vec::new() };
        let external_id = found.external_id();
        let all_held = self.held;
        let held = external_id.as_deref().and_then(|id| all_held.get(id));
        let is_copy = external_id.as_deref().is_some_and(|id| self.repeated(id, row, &mut found));
        self.tax(&mut found);

        let before = held.map(|h| content::normalised_with(&mut self.reader, &h.content)).unwrap_or_default();
        let mut merged = before.clone();
        found.merge(&mut merged);
        if let Some(id) = &external_id {
            merged.insert(EXTERNAL_ID.into(), id.as_str().into());
        }
        // A row without an id is checked all the same, so that all its faults are named at once.
        let id = external_id.as_deref().and_then(|id| LocationId::new(id).ok());
        let id = id.or_else(|| LocationId::new("new").ok());
        if let Some(id) = &id {
            let checked = content::check_with(&mut self.reader, &merged, self.partner, id);
            found.take_over(checked.problems);
        }
        let after = content::normalised_with(&mut self.reader, &merged);
        let changes = diff(&before, &after);
        if let Some(id) = &external_id {
            let moved = held.is_none() || changes.iter().any(|c| matches!(c.field.as_str(), "name" | "lon" | "lat"));
            self.twins(id, moved && !is_copy, &after, &mut found);
        }

        let name = after.get("name").and_then(Value::as_str).map(str::to_owned);
        let is_rejected = found.problems.iter().any(|p| p.severity() == Severity::Reject);
        let outcome = match held {
            _ if is_rejected => BulkOutcome::Rejected,
            // Word for word what a row above says: that one does it.
            _ if is_copy => BulkOutcome::Unchanged,
            None => BulkOutcome::New,
            Some(_) if changes.is_empty() => BulkOutcome::Unchanged,
            Some(_) => BulkOutcome::Changed,
        };
        let is_written = matches!(outcome, BulkOutcome::New | BulkOutcome::Changed);
        BulkRow {
            line: row.line,
            external_id,
            name,
            outcome,
            location_id: held.map(|h| h.location_id.clone()),
            base_etag: held.map(|h| h.etag.clone()),
            content: is_written.then_some(after),
            changes: if is_written { changes } else { Vec::new() },
            problems: found.problems.iter().map(FieldProblem::from).collect(),
        }
    }

    /// Names an id that was met before; answers whether the row is the same word for word.
    fn repeated(&mut self, id: &str, row: &RawRow, found: &mut Found<'_>) -> bool {
        let mut hasher = DefaultHasher::new();
        for cell in &row.cells {
            (cell.field, cell.text.trim()).hash(&mut hasher);
        }
        if let Geometry::Point { lon, lat } = row.geometry {
            (lon.to_bits(), lat.to_bits()).hash(&mut hasher);
        }
        let name = fold(row.text(Field::Name).unwrap_or_default());
        let this = First { line: row.line, cells: hasher.finish(), name };
        match self.ids.entry(id.to_owned()) {
            Entry::Vacant(free) => {
                free.insert(this);
                false
            }
            Entry::Occupied(first) => {
                let first = first.get();
                let place = Place { source: None, line: first.line };
                let is_copy = first.cells == this.cells;
                let fault = if is_copy {
                    Fault::RowRepeated { first: place }
                } else if first.name == this.name {
                    Fault::IdRepeated { first: place }
                } else {
                    Fault::IdTwoNames { first: place }
                };
                found.add(Field::Id, fault);
                is_copy
            }
        }
    }

    /// Tax numbers are no content of a place; they have to be the partner's own.
    fn tax(&mut self, found: &mut Found<'_>) {
        let kinds = [(Field::Inn, TaxKind::Inn), (Field::Ogrn, TaxKind::Ogrn), (Field::Kpp, TaxKind::Kpp)];
        let [inn, ogrn, kpp] = kinds.map(|(field, kind)| {
            let Said::Text(text) = said(found.row, field) else { return None };
            if cell::is_spreadsheet_error(text) {
                found.add(field, Fault::CellError(text.to_owned()));
                return None;
            }
            match kind.read(text) {
                Ok(number) => Some(number),
                Err(fault) => {
                    found.add(field, Fault::Tax(kind, fault));
                    None
                }
            }
        });
        if !tax_number::agree(inn.as_deref(), ogrn.as_deref(), kpp.as_deref()) {
            found.add(Field::Inn, Fault::TaxDisagree);
        }
        match (&inn, &self.own_inn) {
            (Some(inn), Some(own)) if inn != own => {
                found.add(Field::Inn, Fault::OtherPartner { kind: TaxKind::Inn, own: own.clone() });
            }
            (Some(inn), None) => self.own_inn = Some(inn.clone()),
            (None, None) if !matches!(said(found.row, Field::Inn), Said::Text(_)) => {
                found.add(Field::Inn, Fault::InnMissing);
            }
            _ => {}
        }
        let own_ogrn = self.partner.ogrn.as_deref().and_then(|t| TaxKind::Ogrn.read(t).ok());
        if let (Some(ogrn), Some(own)) = (ogrn, own_ogrn)
            && ogrn != own
        {
            found.add(Field::Ogrn, Fault::OtherPartner { kind: TaxKind::Ogrn, own });
        }
    }

    /// Names another row, or another place of the partner's, at the same spot under the same name.
    fn twins(&mut self, id: &str, moved: bool, after: &Map<String, Value>, found: &mut Found<'_>) {
        let Some(spot) = spot(after) else { return };
        if moved && let Some(&other) = self.held_spots.get(&spot).filter(|other| **other != id) {
            found.add(Field::Id, Fault::PlaceKnown { external_id: other.to_owned() });
        }
        match self.spots.entry(spot) {
            Entry::Vacant(free) => {
                free.insert((found.row.line, id.to_owned()));
            }
            Entry::Occupied(first) => {
                let (line, other) = first.get();
                if moved && other != id {
                    let first = Place { source: None, line: *line };
                    found.add(Field::Name, Fault::PlaceRepeated { first });
                }
            }
        }
    }
}

fn spot(content: &Map<String, Value>) -> Option<Spot> {
    let name = fold(content.get("name")?.as_str()?);
    Some((name, content.get("lon")?.to_string(), content.get("lat")?.to_string()))
}

fn diff(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<FieldChange> {
    let of = |map: &Map<String, Value>, key: &str| map.get(key).cloned().unwrap_or(Value::Null);
    let both = content::KEYS.iter().map(|&key| (key, of(before, key), of(after, key)));
    let changed = both.filter(|(_, before, after)| before != after);
    changed.map(|(key, before, after)| FieldChange { field: key.to_owned(), before, after }).collect()
}

#[cfg(test)]
mod tests;
