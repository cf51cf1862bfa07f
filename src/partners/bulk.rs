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

use super::cell;
use super::content::{self, EXTERNAL_ID, HOURS_UNKNOWN, MAX_EXTERNAL_ID_CHARS};
use super::field::{Field, WEEK};
use super::heading::Needs;
use super::import_row::{RowReader, says_unknown};
use super::problem::{Fault, FieldProblem, Place, Problem, Severity};
use super::profile::Profile;
use super::raw_row::{Cell, Geometry, RawRow};
use super::read_csv::Row;
use super::reader::Reader;
use super::source::{Format, Source, SourceFault};
use super::tax_number::{self, TaxKind};
use crate::domain::fold::fold;
use crate::domain::hours::{HoursError, Understood};
use crate::domain::{Benefit, Category, Hours, LocationId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Most rows of one file.
pub const MAX_ROWS: usize = 50_000;
/// How often the caller hears of progress.
const TELL_EVERY_ROWS: u64 = 100;
/// Fields that the import knows and a partner's file has no say in.
const NOT_READ: [Field; 6] =
    [Field::Photo, Field::PartnerId, Field::Partner, Field::LegalName, Field::TimeZone, Field::LastConfirmed];
/// Fields whose cells go into the content as they stand.
const PLAIN: [(Field, &str); 8] = [
    (Field::Name, "name"),
    (Field::AddressNote, "address_note"),
    (Field::FiasId, "fias_id"),
    (Field::CategoriesMore, "categories_more"),
    (Field::Site, "website"),
    (Field::Wheelchair, "wheelchair"),
    (Field::Lat, "lat"),
    (Field::Lon, "lon"),
];

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

/// What a cell says of its field.
enum Said<'a> {
    /// Nothing: the old value stays.
    Nothing,
    /// `-`: it goes.
    Clear,
    /// A new value.
    Text(&'a str),
}

fn is_clear(text: &str) -> bool {
    matches!(text.trim(), "-" | "–" | "—" | "−")
}

fn said(row: &RawRow, field: Field) -> Said<'_> {
    match row.text(field) {
        None => Said::Nothing,
        Some(text) if is_clear(text) => Said::Clear,
        Some(text) => Said::Text(text.trim()),
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

/// A row, and what was found wrong with it.
struct Found<'a> {
    row: &'a RawRow,
    problems: Vec<Problem>,
}

impl Found<'_> {
    fn add(&mut self, field: Field, fault: Fault) {
        self.problems.push(Problem { line: self.row.line, id: None, column: Some(self.row.key(field)), fault });
    }

    fn external_id(&mut self) -> Option<String> {
        let Said::Text(text) = said(self.row, Field::Id) else {
            self.add(Field::Id, Fault::IdMissing);
            return None;
        };
        let chars = text.chars().count();
        if chars > MAX_EXTERNAL_ID_CHARS {
            self.add(Field::Id, Fault::TextTooLong { chars, limit: MAX_EXTERNAL_ID_CHARS });
            return None;
        }
        if cell::is_spreadsheet_error(text) {
            self.add(Field::Id, Fault::CellError(text.to_owned()));
            return None;
        }
        match LocationId::new(text) {
            Ok(id) => Some(id.as_str().to_owned()),
            Err(e) => {
                self.add(Field::Id, Fault::IdInvalid(e));
                None
            }
        }
    }

    /// Takes over what the check of the whole content found, under the columns of the file.
    fn take_over(&mut self, problems: Vec<Problem>) {
        let rejecting = self.problems.iter().filter(|p| p.severity() == Severity::Reject);
        let known: Vec<Arc<str>> = rejecting.filter_map(|p| p.column.clone()).collect();
        for problem in problems {
            let Some(key) = problem.column.as_deref() else { continue };
            if key == EXTERNAL_ID {
                // Checked above, in the same words.
                continue;
            }
            let column = self.column_of(key);
            // A column of the week is named by its day already.
            let is_named =
                known.contains(&column) || (problem.severity() == Severity::Reject && self.is_named_otherwise(key));
            if !is_named {
                self.problems.push(Problem {
                    line: self.row.line,
                    id: None,
                    column: Some(column),
                    fault: problem.fault,
                });
            }
        }
    }

    /// Whether a fault of columns that together make a key was named at one of them.
    fn is_named_otherwise(&self, key: &str) -> bool {
        let fields: &[Field] = match key {
            "opening_hours" => &WEEK,
            "lat" | "lon" => &[Field::Coordinates],
            "benefits" => &BENEFIT,
            _ => &[],
        };
        fields.iter().filter_map(|f| self.row.cell(*f)).any(|cell| {
            self.problems.iter().any(|p| p.severity() == Severity::Reject && p.column.as_ref() == Some(&cell.key))
        })
    }

    /// The column of a key of the content, as the file spells it.
    fn column_of(&self, key: &str) -> Arc<str> {
        let candidates: &[Field] = match key {
            "benefits" => &[Field::Benefits, Field::Benefit],
            "opening_hours" => &[Field::Hours, Field::Mon],
            "lat" => &[Field::Lat, Field::Coordinates],
            "address" => &[Field::Address, Field::Street, Field::City],
            "category" => &[Field::Category, Field::OsmKind],
            _ => &[],
        };
        let of_key = Field::of_heading(key);
        let fields = candidates.iter().copied().chain(of_key);
        let heading =
            |field: Field| self.row.headings.iter().find(|(f, _)| *f == field).map(|(_, key)| Arc::clone(key));
        fields.into_iter().find_map(heading).unwrap_or_else(|| template_heading(key).into())
    }

    /// Puts what the row says into a content.
    fn merge(&mut self, content: &mut Map<String, Value>) {
        for (field, key) in PLAIN {
            put(content, key, said(self.row, field));
        }
        self.merge_position(content);
        self.merge_address(content);
        self.merge_category(content);
        self.merge_phone(content);
        self.merge_hours(content);
        self.merge_benefits(content);
    }

    fn merge_position(&mut self, content: &mut Map<String, Value>) {
        match &self.row.geometry {
            Geometry::Absent => {}
            Geometry::Point { lon, lat } => {
                content.insert("lon".into(), (*lon).into());
                content.insert("lat".into(), (*lat).into());
            }
            Geometry::Other(kind) => self.add(Field::Lat, Fault::GeometryNotPoint(kind.clone())),
            Geometry::Broken => self.add(Field::Lat, Fault::GeometryBroken),
        }
        if self.row.cell(Field::Lat).is_some() || self.row.cell(Field::Lon).is_some() {
            return;
        }
        match said(self.row, Field::Coordinates) {
            Said::Nothing => {}
            Said::Clear => {
                content.remove("lon");
                content.remove("lat");
            }
            Said::Text(text) => match cell::number_pair(text) {
                Some((lat, lon)) => {
                    content.insert("lon".into(), lon.into());
                    content.insert("lat".into(), lat.into());
                }
                None => self.add(Field::Coordinates, Fault::PositionNotNumber(text.to_owned())),
            },
        }
    }

    fn merge_address(&mut self, content: &mut Map<String, Value>) {
        if self.row.cell(Field::Address).is_some() {
            put(content, "address", said(self.row, Field::Address));
            return;
        }
        let street = if self.row.cell(Field::Street).is_some() { Field::Street } else { Field::Locality };
        let parts = [Field::City, street, Field::House].into_iter().filter_map(|f| match said(self.row, f) {
            Said::Text(text) => Some(text),
            Said::Nothing | Said::Clear => None,
        });
        let parts: Vec<&str> = parts.collect();
        if !parts.is_empty() {
            content.insert("address".into(), parts.join(", ").into());
        }
    }

    fn merge_category(&mut self, content: &mut Map<String, Value>) {
        if self.row.cell(Field::Category).is_some() {
            put(content, "category", said(self.row, Field::Category));
            return;
        }
        let kinds = self.row.cells.iter().filter(|c| c.field == Field::OsmKind);
        let kinds: Vec<String> = kinds.map(|c| format!("{}={}", c.key, c.text.trim())).collect();
        let kind = kinds.iter().find(|k| Category::lookup(k).is_some()).or(kinds.first());
        if let Some(kind) = kind {
            content.insert("category".into(), kind.as_str().into());
        }
    }

    /// Number and extension are one thing: another number does not keep the old extension.
    fn merge_phone(&mut self, content: &mut Map<String, Value>) {
        let phone = said(self.row, Field::Phone);
        let is_other = match &phone {
            Said::Nothing => false,
            Said::Clear => true,
            Said::Text(text) => {
                let new = cell::phone(text, None);
                let old = content.get("phone").and_then(Value::as_str);
                // «доб. 5» within the new number comes before an extension of old.
                new.as_ref().is_none_or(|new| Some(new.e164.as_str()) != old || new.ext.is_some())
            }
        };
        if is_other {
            content.remove("phone_ext");
        }
        put(content, "phone", phone);
        put(content, "phone_ext", said(self.row, Field::PhoneExt));
    }

    fn merge_hours(&mut self, content: &mut Map<String, Value>) {
        let special = said(self.row, Field::SpecialHours);
        let hours = self.hours_said();
        match hours {
            Some(HoursSaid::Clear) => {
                for key in ["opening_hours", "special_hours", HOURS_UNKNOWN] {
                    content.remove(key);
                }
            }
            Some(HoursSaid::Unknown) => {
                content.remove("opening_hours");
                content.remove("special_hours");
                content.insert(HOURS_UNKNOWN.into(), true.into());
            }
            Some(HoursSaid::Text(text)) => {
                content.remove(HOURS_UNKNOWN);
                content.insert("opening_hours".into(), text.into());
            }
            Some(HoursSaid::Known(hours)) => {
                content.remove(HOURS_UNKNOWN);
                let (usual, days) = content::split_special(&hours);
                content.insert("opening_hours".into(), usual.into());
                // Days that stand in the hours themselves replace the old ones, as the hours do.
                if let Some(days) = days {
                    let days = match special {
                        Said::Text(more) => format!("{days}; {more}"),
                        Said::Nothing | Said::Clear => days,
                    };
                    content.insert("special_hours".into(), days.into());
                    return;
                }
            }
            None => {}
        }
        put(content, "special_hours", special);
    }

    /// What the row says of the usual hours.
    fn hours_said(&mut self) -> Option<HoursSaid> {
        match said(self.row, Field::Hours) {
            Said::Clear => return Some(HoursSaid::Clear),
            Said::Text(text) if says_unknown(text) => return Some(HoursSaid::Unknown),
            Said::Text(text) => {
                return Some(match Hours::from_text(text) {
                    Ok(Understood { hours, translated }) => {
                        if translated {
                            self.add(Field::Hours, Fault::HoursTranslated(hours.as_str().to_owned()));
                        }
                        HoursSaid::Known(hours)
                    }
                    // The check of the content says what is wrong with it.
                    Err(_) => HoursSaid::Text(text.to_owned()),
                });
            }
            Said::Nothing => {}
        }
        let days: Vec<&str> = WEEK.iter().filter_map(|&day| self.row.text(day)).collect();
        if days.is_empty() {
            return None;
        }
        if days.iter().all(|d| is_clear(d)) {
            return Some(HoursSaid::Clear);
        }
        let day = |day| self.row.text(day).filter(|t| !is_clear(t)).unwrap_or_default();
        match Hours::from_columns(WEEK.map(day)) {
            Ok(hours) => Some(HoursSaid::Known(hours)),
            Err(e) => {
                let day = match &e {
                    HoursError::Column { index, .. } => WEEK.get(*index).copied().unwrap_or(Field::Mon),
                    _ => Field::Mon,
                };
                self.add(day, Fault::Hours(e));
                None
            }
        }
    }

    fn merge_benefits(&mut self, content: &mut Map<String, Value>) {
        let mut words = Field::Benefit;
        match said(self.row, Field::Benefits) {
            Said::Nothing => {}
            Said::Clear => {
                content.remove("benefits");
                return;
            }
            Said::Text(text) if text.starts_with('[') => {
                match serde_json::from_str::<Value>(text) {
                    Ok(benefits) => drop(content.insert("benefits".into(), benefits)),
                    Err(e) => self.add(Field::Benefits, Fault::BenefitsBroken(e.to_string())),
                }
                return;
            }
            Said::Text(_) => words = Field::Benefits,
        }
        if BENEFIT.iter().chain([&words]).all(|&field| self.row.cell(field).is_none()) {
            return;
        }
        let mut benefits: Vec<Value> = content.get("benefits").and_then(Value::as_array).cloned().unwrap_or_default();
        let old: Option<Benefit> = benefits.first().and_then(|b| serde_json::from_value(b.clone()).ok());
        if matches!(said(self.row, words), Said::Clear) {
            // All of them: one would be another one at the second time.
            benefits.clear();
        } else if let Some(new) = self.benefit(words, old.as_ref()) {
            let new = content::of_benefit(&new);
            match benefits.first_mut() {
                Some(first) => *first = new,
                None => benefits.push(new),
            }
        }
        if benefits.is_empty() {
            content.remove("benefits");
        } else {
            content.insert("benefits".into(), benefits.into());
        }
    }

    /// The first benefit as the row leaves it.
    fn benefit(&mut self, words: Field, old: Option<&Benefit>) -> Option<Benefit> {
        let title_said = match said(self.row, words) {
            Said::Text(text) => Some(Cell { field: Field::Benefit, key: self.row.key(words), text: text.to_owned() }),
            Said::Nothing | Said::Clear => None,
        };
        let same_title = match (&title_said, old) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(cell), Some(old)) => {
                let alone = RawRow { cells: vec![cell.clone()], ..RawRow::default() };
                RowReader::read_benefit(&alone).0.is_some_and(|b| b.title == old.title)
            }
        };
        let mut row = RawRow { line: self.row.line, ..RawRow::default() };
        row.headings = Arc::clone(&self.row.headings);
        let from_old: Vec<(Field, String)> = old.map(super::export::benefit_cells).unwrap_or_default();
        row.cells.extend(title_said);
        for field in [Field::Benefit].into_iter().chain(BENEFIT) {
            let is_words = matches!(field, Field::BenefitKind | Field::BenefitValue);
            match said(self.row, field) {
                _ if row.cell(field).is_some() => {}
                Said::Text(text) if field != Field::Benefit => {
                    row.cells.push(Cell { field, key: self.row.key(field), text: text.to_owned() });
                }
                Said::Nothing if !is_words || same_title => {
                    let old = from_old.iter().find(|(f, _)| *f == field);
                    row.cells.extend(old.map(|(_, text)| Cell {
                        field,
                        key: field.heading().into(),
                        text: text.clone(),
                    }));
                }
                _ => {}
            }
        }
        let (benefit, problems) = RowReader::read_benefit(&row);
        let is_wrong = problems.iter().any(|p| p.severity() == Severity::Reject);
        for p in problems {
            self.problems.push(Problem { line: self.row.line, id: None, column: p.column, fault: p.fault });
        }
        let mut benefit = benefit.filter(|_| !is_wrong)?;
        match said(self.row, Field::BenefitKind) {
            Said::Clear => benefit.kind = None,
            Said::Nothing if same_title => benefit.kind = old.map_or(benefit.kind, |o| o.kind),
            _ => {}
        }
        match said(self.row, Field::BenefitValue) {
            Said::Clear => benefit.value = None,
            Said::Nothing if same_title => benefit.value = old.map_or(benefit.value, |o| o.value),
            _ => {}
        }
        Some(benefit)
    }
}

/// The columns of a benefit beside its words.
const BENEFIT: [Field; 6] = [
    Field::BenefitKind,
    Field::BenefitValue,
    Field::BenefitTerms,
    Field::BenefitFrom,
    Field::BenefitTo,
    Field::BenefitHours,
];

/// What a row says of the usual hours.
enum HoursSaid {
    Clear,
    Unknown,
    Known(Hours),
    /// What cannot be read.
    Text(String),
}

#[expect(clippy::needless_pass_by_value, reason = "what was said is said once")]
fn put(content: &mut Map<String, Value>, key: &str, said: Said<'_>) {
    match said {
        Said::Nothing => {}
        Said::Clear => drop(content.remove(key)),
        Said::Text(text) => drop(content.insert(key.to_owned(), text.into())),
    }
}

/// The template's column of a key of the content.
fn template_heading(key: &str) -> &str {
    match key {
        "opening_hours" => "hours",
        "website" => "site",
        "benefits" => "offer",
        other => other,
    }
}

#[cfg(test)]
mod tests;
