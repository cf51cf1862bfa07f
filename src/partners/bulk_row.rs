//! What the cells of one row say of a place, merged into what stands there.

use super::cell;
use super::content::{self, EXTERNAL_ID, HOURS_UNKNOWN, MAX_EXTERNAL_ID_CHARS};
use super::field::{Field, WEEK};
use super::import_row::{RowReader, says_unknown};
use super::problem::{Fault, Problem, Severity};
use super::raw_row::{Cell, Geometry, RawRow};
use crate::domain::hours::{HoursError, Understood};
use crate::domain::{Benefit, Category, Hours, LocationId};
use serde_json::{Map, Value};
use std::sync::Arc;

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

/// What a cell says of its field.
pub(super) enum Said<'a> {
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

pub(super) fn said(row: &RawRow, field: Field) -> Said<'_> {
    match row.text(field) {
        None => Said::Nothing,
        Some(text) if is_clear(text) => Said::Clear,
        Some(text) => Said::Text(text.trim()),
    }
}

/// A row, and what was found wrong with it.
pub(super) struct Found<'a> {
    pub(super) row: &'a RawRow,
    pub(super) problems: Vec<Problem>,
}

impl Found<'_> {
    pub(super) fn add(&mut self, field: Field, fault: Fault) {
        self.problems.push(Problem { line: self.row.line, id: None, column: Some(self.row.key(field)), fault });
    }

    pub(super) fn external_id(&mut self) -> Option<String> {
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
    pub(super) fn take_over(&mut self, problems: Vec<Problem>) {
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
    pub(super) fn merge(&mut self, content: &mut Map<String, Value>) {
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
