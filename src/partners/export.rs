//! Places as a file of others: GeoJSON or CSV that imports back to the same content.
//!
//! Both carry the same cells under the headings that the import reads. A benefit goes into columns where the import
//! would read the same benefit from them, else all of them go into `benefits` as JSON.

use super::field::Field;
use super::import_row::RowReader;
use super::raw_row::{Cell, RawRow};
use crate::domain::{Benefit, Location, Partner};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// The columns of a table, in order.
const COLUMNS: [Field; 31] = [
    Field::Id,
    Field::Name,
    Field::Category,
    Field::CategoriesMore,
    Field::Lon,
    Field::Lat,
    Field::Address,
    Field::AddressNote,
    Field::FiasId,
    Field::TimeZone,
    Field::Hours,
    Field::Phone,
    Field::PhoneExt,
    Field::Site,
    Field::Wheelchair,
    Field::Benefit,
    Field::BenefitKind,
    Field::BenefitValue,
    Field::BenefitTerms,
    Field::BenefitFrom,
    Field::BenefitTo,
    Field::BenefitHours,
    Field::Benefits,
    Field::Photo,
    Field::LastConfirmed,
    Field::PartnerId,
    Field::Partner,
    Field::LegalName,
    Field::Inn,
    Field::Ogrn,
    Field::Kpp,
];

/// Cells with something in them, under the headings of the import.
fn cells(location: &Location, partner: &Partner) -> Vec<(Field, String)> {
    let l = location;
    let more: Vec<&str> = l.categories_more.iter().map(|c| c.code()).collect();
    let mut cells = vec![
        (Field::Id, l.id.as_str().to_owned()),
        (Field::Name, l.name.clone()),
        (Field::Category, l.category.code().to_owned()),
        (Field::CategoriesMore, more.join(";")),
        (Field::Lon, degrees(l.position.lon())),
        (Field::Lat, degrees(l.position.lat())),
        (Field::TimeZone, l.time_zone.name().to_owned()),
    ];
    let mut add = |field, text: Option<String>| cells.extend(text.map(|t| (field, t)));
    add(Field::Address, l.address.clone());
    add(Field::AddressNote, l.address_note.clone());
    add(Field::FiasId, l.fias_id.clone());
    add(Field::Hours, l.hours.as_ref().map(|h| h.as_str().to_owned()));
    add(Field::Phone, l.phone.as_ref().map(|p| p.e164.clone()));
    add(Field::PhoneExt, l.phone.as_ref().and_then(|p| p.ext.clone()));
    add(Field::Site, l.site.clone());
    add(Field::Wheelchair, l.wheelchair.map(|w| w.code().to_owned()));
    add(Field::Photo, l.photo.clone());
    add(Field::LastConfirmed, l.last_confirmed.map(|d| d.to_string()));
    add(Field::PartnerId, Some(partner.id.as_str().to_owned()));
    add(Field::Partner, Some(partner.name.clone()));
    add(Field::LegalName, partner.legal_name.clone());
    add(Field::Inn, partner.inn.clone());
    add(Field::Ogrn, partner.ogrn.clone());
    add(Field::Kpp, partner.kpp.clone());
    if let Some(first) = l.benefits.first() {
        let columns = benefit_cells(first);
        let is_whole = l.benefits.len() == 1 && reads_back(&columns, first);
        cells.extend(columns);
        if !is_whole {
            let json = serde_json::to_string(&l.benefits).expect("benefits are plain data");
            cells.push((Field::Benefits, json));
        }
    }
    cells.retain(|(_, text)| !text.is_empty());
    cells
}

/// The shortest decimal that reads back to the same number.
fn degrees(value: f64) -> String {
    value.to_string()
}

pub(super) fn benefit_cells(benefit: &Benefit) -> Vec<(Field, String)> {
    let b = benefit;
    let optional = [
        (Field::BenefitKind, b.kind.map(|k| k.code().to_owned())),
        (Field::BenefitValue, b.value.map(|v| v.to_string())),
        (Field::BenefitTerms, b.terms.clone()),
        (Field::BenefitFrom, b.from.map(|d| d.to_string())),
        (Field::BenefitTo, b.to.map(|d| d.to_string())),
        (Field::BenefitHours, b.hours.clone()),
    ];
    let mut cells = vec![(Field::Benefit, b.title.clone())];
    cells.extend(optional.into_iter().filter_map(|(field, text)| Some((field, text?))));
    cells
}

/// Whether the import makes the same benefit of these cells.
fn reads_back(columns: &[(Field, String)], benefit: &Benefit) -> bool {
    let cell =
        |(field, text): &(Field, String)| Cell { field: *field, key: field.heading().into(), text: text.clone() };
    let row = RawRow { cells: columns.iter().map(cell).collect(), ..RawRow::default() };
    RowReader::benefits_alone(&row).as_slice() == std::slice::from_ref(benefit)
}

/// Writes a table.
///
/// A text that begins with `=`, `+`, `-` or `@` is written as it is. Guards against spreadsheets that run formulas (a
/// leading apostrophe or tab) would change names on their way back in, and this file is made to come back in; the
/// words in it passed an operator. A person who opens it in a spreadsheet imports it as text.
pub struct CsvExport<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> std::fmt::Debug for CsvExport<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CsvExport").finish_non_exhaustive()
    }
}

impl<W: Write> CsvExport<W> {
    /// Writes the heading.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn new(out: W) -> io::Result<Self> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(COLUMNS.map(Field::heading))?;
        Ok(Self { csv })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn add(&mut self, location: &Location, partner: &Partner) -> io::Result<()> {
        let cells = cells(location, partner);
        let text = |field| cells.iter().find(|(f, _)| *f == field).map_or("", |(_, t)| t.as_str());
        self.csv.write_record(COLUMNS.map(text))?;
        Ok(())
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<()> {
        self.csv.flush()
    }
}

/// Writes a FeatureCollection, one feature on each line.
pub struct GeoJsonExport<W: Write> {
    out: W,
    is_first: bool,
}

impl<W: Write> std::fmt::Debug for GeoJsonExport<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GeoJsonExport").finish_non_exhaustive()
    }
}

impl<W: Write> GeoJsonExport<W> {
    /// Writes the beginning.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[\n")?;
        Ok(Self { out, is_first: true })
    }

    /// Writes one feature.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn add(&mut self, location: &Location, partner: &Partner) -> io::Result<()> {
        if !std::mem::take(&mut self.is_first) {
            self.out.write_all(b",\n")?;
        }
        serde_json::to_writer(&mut self.out, &feature(location, partner))?;
        Ok(())
    }

    /// Writes the end.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.write_all(if self.is_first { b"]}\n" } else { b"\n]}\n" })?;
        self.out.flush()
    }
}

/// The feature of a place, with the properties that [`super::import_row::from_feature`] reads.
pub fn feature(location: &Location, partner: &Partner) -> Value {
    let mut properties = Map::new();
    for (field, text) in cells(location, partner) {
        let value = match field {
            Field::Lon | Field::Lat => continue,
            Field::BenefitValue => location.benefits.first().and_then(|b| b.value).map_or(Value::Null, |v| json!(v)),
            Field::Benefits => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            Field::CategoriesMore => location.categories_more.iter().map(|c| c.code()).collect(),
            _ => Value::String(text),
        };
        properties.insert(field.heading().to_owned(), value);
    }
    json!({
        "type": "Feature",
        "id": location.id.as_str(),
        "properties": properties,
        "geometry": { "type": "Point", "coordinates": [location.position.lon(), location.position.lat()] },
    })
}

#[cfg(test)]
mod tests;
