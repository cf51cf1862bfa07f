//! A row as it stands in a file: texts under headings, and where it stood.

use super::field::Field;
use super::problem::Fault;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// One cell with something in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// What it means.
    pub field: Field,
    /// The heading, as the file spells it.
    pub key: Arc<str>,
    /// The text.
    pub text: String,
}

/// The geometry of a row.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Geometry {
    /// None; columns may stand in.
    #[default]
    Absent,
    /// As written, unchecked.
    Point {
        /// First number.
        lon: f64,
        /// Second number.
        lat: f64,
    },
    /// Something that is no point.
    Other(String),
    /// Against the rules of GeoJSON.
    Broken,
}

/// A row before anything is checked: what stands under which heading.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RawRow {
    /// The line on which it begins, from 1; 0 where there is no file.
    pub line: u64,
    /// Cells with something in them, in the order of the file.
    pub cells: Vec<Cell>,
    /// The geometry of a feature.
    pub geometry: Geometry,
    /// The headings of a table, so that an empty cell can be named.
    pub headings: Arc<[(Field, Arc<str>)]>,
}

impl RawRow {
    pub(super) fn cell(&self, field: Field) -> Option<&Cell> {
        self.cells.iter().find(|c| c.field == field)
    }

    pub(super) fn text(&self, field: Field) -> Option<&str> {
        self.cell(field).map(|c| c.text.as_str())
    }

    /// The heading of a field as the file spells it, else as we do.
    pub(super) fn key(&self, field: Field) -> Arc<str> {
        self.cell(field)
            .map(|c| &c.key)
            .or_else(|| self.headings.iter().find(|(f, _)| *f == field).map(|(_, key)| key))
            .map_or_else(|| field.heading().into(), Arc::clone)
    }
}

/// Keys met in a JSON file, with their meaning; unknown ones are remembered once.
#[derive(Debug, Default)]
pub struct Keys {
    known: HashMap<String, (Option<Field>, Arc<str>)>,
}

/// Different keys that are looked at; beyond, a file makes its keys up and they are read as unknown.
const MAX_KEYS: usize = 4_096;

impl Keys {
    fn meaning(&mut self, key: &str) -> (Option<Field>, Arc<str>) {
        if let Some((field, key)) = self.known.get(key) {
            return (*field, Arc::clone(key));
        }
        let entry = (Field::of_heading(key), Arc::from(key));
        if self.known.len() < MAX_KEYS {
            self.known.insert(key.to_owned(), entry.clone());
        }
        entry
    }

    /// Keys that are not read, by name; those that begin with `_` or belong to OSM's address are left out.
    pub fn unknown(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .known
            .iter()
            .filter(|(key, (field, _))| field.is_none() && !is_silent(key))
            .map(|(key, _)| key.clone())
            .collect();
        names.sort();
        names
    }
}

/// Headings that nobody needs to hear of.
pub(super) fn is_silent(heading: &str) -> bool {
    let heading = heading.trim();
    heading.is_empty() || heading.starts_with('_') || heading.starts_with("addr:") || heading == "synthetic"
}

impl RawRow {
    /// The row of a GeoJSON feature, or of a flat object.
    ///
    /// # Errors
    /// [`Fault::NotAFeature`] for any other JSON.
    pub fn of_json(value: &Value, line: u64, keys: &mut Keys) -> Result<Self, Fault> {
        let object = value.as_object().ok_or(Fault::NotAFeature)?;
        let kind = object.get("type").and_then(Value::as_str);
        let mut row = Self { line, ..Self::default() };
        let is_feature = kind == Some("Feature") || object.get("properties").is_some_and(Value::is_object);
        let properties = if is_feature {
            row.geometry = geometry(object.get("geometry"));
            match object.get("properties") {
                Some(Value::Object(p)) => Some(p),
                None | Some(Value::Null) => None,
                Some(_) => return Err(Fault::NotAFeature),
            }
        } else if object.contains_key("coordinates") && kind.is_some() || kind == Some("FeatureCollection") {
            return Err(Fault::NotAFeature);
        } else {
            row.geometry = geometry(object.get("geometry"));
            Some(object)
        };
        for (key, value) in properties.into_iter().flatten() {
            if key == "geometry" && !is_feature {
                continue;
            }
            let (field, key) = keys.meaning(key);
            let Some(field) = field else { continue };
            if let Some(text) = text_of(field, value) {
                row.cells.push(Cell { field, key, text });
            }
        }
        if row.cell(Field::Id).is_none()
            && is_feature
            && let Some(text) = object.get("id").and_then(|v| text_of(Field::Id, v))
        {
            row.cells.push(Cell { field: Field::Id, key: "id".into(), text });
        }
        Ok(row)
    }
}

fn geometry(value: Option<&Value>) -> Geometry {
    let object = match value {
        None | Some(Value::Null) => return Geometry::Absent,
        Some(Value::Object(object)) => object,
        Some(_) => return Geometry::Broken,
    };
    match object.get("type").and_then(Value::as_str) {
        Some("Point") => {
            let numbers = object.get("coordinates").and_then(Value::as_array).map(Vec::as_slice);
            match numbers {
                Some([lon, lat, ..]) => match (lon.as_f64(), lat.as_f64()) {
                    (Some(lon), Some(lat)) => Geometry::Point { lon, lat },
                    _ => Geometry::Broken,
                },
                // RFC 7946 has no empty point, but programs write it for "none".
                Some([]) => Geometry::Absent,
                _ => Geometry::Broken,
            }
        }
        Some(other) => Geometry::Other(other.to_owned()),
        None => Geometry::Broken,
    }
}

/// The text of a JSON value, as a cell would hold it; `None` for nothing.
fn text_of(field: Field, value: &Value) -> Option<String> {
    let text = match value {
        Value::String(s) => s.clone(),
        Value::Bool(b) => if *b { "yes" } else { "no" }.to_owned(),
        Value::Number(n) => n.to_string(),
        Value::Array(_) | Value::Object(_) if field == Field::Benefits => value.to_string(),
        Value::Array(items) if field == Field::Coordinates => {
            let numbers: Vec<String> = items.iter().map(Value::to_string).collect();
            numbers.join("; ")
        }
        Value::Array(items) => {
            let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            texts.join(";")
        }
        Value::Null | Value::Object(_) => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}
