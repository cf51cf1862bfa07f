//! One row of a table, or one GeoJSON feature, becomes a location with its partner, or problems.
//!
//! In: a [`RawRow`], texts under the headings of the file. Out: [`Checked`]. Nothing is guessed that could send a
//! family to a wrong door: what decides place, time or benefit and cannot be read rejects the row; what merely
//! decorates it (telephone, site, wheelchair) is left out with a warning.
//!
//! Positions are kept to 1e-9 degrees (0.1 mm), so that the last bit of a float is no change of content.

use super::benefit_phrase;
use super::cell;
use super::field::{Field, WEEK};
use super::problem::{Fault, Problem, Severity};
use super::raw_row::{Cell, Geometry, Keys, RawRow};
use super::swapped::looks_swapped;
use super::tax_number::{self, TaxKind};
use super::time_zone;
use crate::domain::fold::fold;
use crate::domain::hours::{HoursError, Understood};
use crate::domain::{Benefit, Category, Hours, Location, LocationId, Partner, PartnerId, Phone, State, Wheelchair};
use crate::geometry::LonLat;
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

/// Longest name of a place or partner, in characters.
pub const MAX_NAME_CHARS: usize = 200;
/// Longest legal name.
pub const MAX_LEGAL_NAME_CHARS: usize = 500;
/// Longest address.
pub const MAX_ADDRESS_CHARS: usize = 400;
/// Longest note on how to find the door.
pub const MAX_NOTE_CHARS: usize = 1_000;
/// Longest words of a benefit.
pub const MAX_TITLE_CHARS: usize = 300;
/// Longest conditions of a benefit.
pub const MAX_TERMS_CHARS: usize = 2_000;
/// Most benefits of one place.
pub const MAX_BENEFITS: usize = 20;
/// Schedules that are remembered while a file is read; a million rows have few distinct ones.
const HOURS_REMEMBERED: usize = 4_096;

/// A row that is fit to be published.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The place.
    pub location: Location,
    /// Whose it is.
    pub partner: Partner,
    /// Nothing names a partner: the place stands as its own.
    pub partner_is_own: bool,
}

/// The fields of a location that could be read.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Parts {
    pub(super) id: Option<LocationId>,
    pub(super) name: Option<String>,
    pub(super) category: Option<Category>,
    pub(super) categories_more: Vec<Category>,
    pub(super) position: Option<LonLat>,
    pub(super) address: Option<String>,
    pub(super) address_note: Option<String>,
    pub(super) fias_id: Option<String>,
    pub(super) time_zone: Option<Tz>,
    pub(super) hours: Option<Hours>,
    pub(super) phone: Option<Phone>,
    pub(super) site: Option<String>,
    pub(super) wheelchair: Option<Wheelchair>,
    pub(super) benefits: Vec<Benefit>,
    pub(super) photo: Option<String>,
    pub(super) last_confirmed: Option<NaiveDate>,
}

impl Parts {
    /// The location; `None` while a field that every place needs is missing.
    fn into_location(self, partner_id: PartnerId) -> Option<Location> {
        Some(Location {
            id: self.id?,
            partner_id,
            name: self.name?,
            category: self.category?,
            categories_more: self.categories_more,
            position: self.position?,
            address: self.address,
            address_note: self.address_note,
            fias_id: self.fias_id,
            time_zone: self.time_zone?,
            hours: self.hours,
            phone: self.phone,
            site: self.site,
            wheelchair: self.wheelchair,
            benefits: self.benefits,
            photo: self.photo,
            last_confirmed: self.last_confirmed,
        })
    }
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Checked {
    /// The id, where it could be read; also of a rejected row.
    pub id: Option<LocationId>,
    /// The location with its partner; `None` when the row is rejected.
    pub draft: Option<Draft>,
    /// Rejections and warnings, in the order of the fields.
    pub problems: Vec<Problem>,
}

/// Reads rows; remembers the schedules it has met.
#[derive(Debug, Default)]
pub struct RowReader {
    partner: Option<String>,
    hours: HashMap<String, Result<Understood, HoursError>>,
}

/// Reads one GeoJSON feature, as the write route of the door receives it.
///
/// # Shape
/// The problems have line 0.
pub fn from_feature(feature: &Value) -> Checked {
    match RawRow::of_json(feature, 0, &mut Keys::default()) {
        Ok(row) => RowReader::default().read(&row),
        Err(fault) => {
            Checked { problems: vec![Problem { line: 0, id: None, column: None, fault }], ..Checked::default() }
        }
    }
}

/// The id of the partner with a name: the same name, however spelled, is the same partner.
pub fn partner_id_of_name(name: &str) -> PartnerId {
    let folded = fold(name);
    let text = if folded.is_empty() { name } else { &folded };
    PartnerId::new(&format!("org-{}", hex16(text))).expect("hex digits are an id")
}

fn hex16(text: &str) -> String {
    Sha256::digest(text.as_bytes())[..8].iter().fold(String::with_capacity(16), |mut s, b| {
        write!(s, "{b:02x}").expect("writing to a string");
        s
    })
}

impl RowReader {
    /// A reader; `partner` names the partner of rows that name none.
    pub fn new(partner: Option<&str>) -> Self {
        Self { partner: partner.map(str::to_owned), ..Self::default() }
    }

    /// The benefits of a row and nothing else.
    pub(super) fn benefits_alone(row: &RawRow) -> Vec<Benefit> {
        let mut faults = Faults { row, problems: Vec::new() };
        let benefits = faults.benefits();
        if faults.problems.is_empty() { benefits } else { Vec::new() }
    }

    /// The one benefit that the columns of a row describe, and what is wrong with them.
    pub(super) fn read_benefit(row: &RawRow) -> (Option<Benefit>, Vec<Problem>) {
        let mut faults = Faults { row, problems: Vec::new() };
        let benefit = faults.benefit_of_columns(row.text(Field::Benefit));
        (benefit, faults.problems)
    }

    /// Reads one row.
    pub fn read(&mut self, row: &RawRow) -> Checked {
        let mut faults = Faults { row, problems: Vec::new() };
        let parts = self.parts(&mut faults);
        let partner = self.partner(&mut faults, parts.id.as_ref(), parts.name.as_deref());
        faults.spreadsheet_errors();
        let problems = faults.problems;
        let rejected = problems.iter().any(|p| p.severity() == Severity::Reject);
        let id = parts.id.clone();
        let draft = match partner {
            Some((partner, partner_is_own)) if !rejected => {
                let location = parts.into_location(partner.id.clone());
                location.map(|location| Draft { location, partner, partner_is_own })
            }
            _ => None,
        };
        Checked { id, draft, problems }
    }

    /// What can be read of a row, field by field, however much of it is wrong, and what is wrong.
    pub(super) fn read_parts(&mut self, row: &RawRow) -> (Parts, Vec<Problem>) {
        let mut faults = Faults { row, problems: Vec::new() };
        let parts = self.parts(&mut faults);
        faults.spreadsheet_errors();
        (parts, faults.problems)
    }

    fn parts(&mut self, faults: &mut Faults<'_>) -> Parts {
        let row = faults.row;
        let id = faults.id();
        let name = faults.line(Field::Name, MAX_NAME_CHARS);
        if name.is_none() && row.cell(Field::Name).is_none() {
            faults.add(Field::Name, Fault::NameMissing);
        }
        let category = faults.category();
        let categories_more = faults.categories_more(category);
        let position = faults.position();
        let address = faults.address();
        let address_note = faults.lines(Field::AddressNote, MAX_NOTE_CHARS);
        let fias_id = row.text(Field::FiasId).and_then(|text| {
            let id = cell::fias_id(text);
            if id.is_none() {
                faults.add(Field::FiasId, Fault::FiasUnreadable(text.trim().to_owned()));
            }
            id
        });
        let time_zone = match row.text(Field::TimeZone).map(str::trim) {
            None => position.map(time_zone::of_position),
            Some(text) => {
                let zone = text.parse().ok();
                if zone.is_none() {
                    faults.add(Field::TimeZone, Fault::TimeZoneUnknown(text.to_owned()));
                }
                zone
            }
        };
        let hours = self.hours(faults);
        let phone = row.text(Field::Phone).filter(|t| !is_nothing(t)).and_then(|text| {
            let phone = cell::phone(text, row.text(Field::PhoneExt));
            if phone.is_none() {
                faults.add(Field::Phone, Fault::PhoneUnreadable(text.trim().to_owned()));
            }
            phone
        });
        let site = row.text(Field::Site).filter(|t| !is_nothing(t)).and_then(|text| match cell::site(text) {
            cell::Site::Web(address) => Some(address),
            cell::Site::OtherScheme => {
                faults.add(Field::Site, Fault::SiteScheme(text.trim().to_owned()));
                None
            }
            cell::Site::Unreadable => {
                faults.add(Field::Site, Fault::SiteUnreadable(text.trim().to_owned()));
                None
            }
        });
        let wheelchair = row.text(Field::Wheelchair).and_then(|text| {
            let wheelchair = cell::wheelchair(text);
            if wheelchair.is_none() {
                faults.add(Field::Wheelchair, Fault::WheelchairUnknown(text.trim().to_owned()));
            }
            wheelchair
        });
        let benefits = faults.benefits();
        // An id that we gave and nothing else: it becomes part of an address.
        let is_id =
            |text: &&str| text.len() <= 40 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        let photo = row.text(Field::Photo).map(str::trim).filter(is_id).map(str::to_owned);
        let last_confirmed = row.text(Field::LastConfirmed).and_then(|text| {
            let date = cell::date(text);
            if date.is_none() {
                faults.add(Field::LastConfirmed, Fault::ConfirmedUnreadable(text.trim().to_owned()));
            }
            date
        });
        Parts {
            id,
            name,
            category,
            categories_more,
            position,
            address,
            address_note,
            fias_id,
            time_zone,
            hours,
            phone,
            site,
            wheelchair,
            benefits,
            photo,
            last_confirmed,
        }
    }

    fn hours(&mut self, faults: &mut Faults<'_>) -> Option<Hours> {
        let row = faults.row;
        let mut hours = if let Some(cell) = row.cell(Field::Hours).filter(|c| !says_unknown(&c.text)) {
            let understood = if let Some(known) = self.hours.get(&cell.text) {
                known.clone()
            } else {
                if self.hours.len() >= HOURS_REMEMBERED {
                    self.hours.clear();
                }
                let understood = Hours::from_text(&cell.text);
                self.hours.insert(cell.text.clone(), understood.clone());
                understood
            };
            match understood {
                Ok(Understood { hours, translated }) => {
                    if translated {
                        faults.add(Field::Hours, Fault::HoursTranslated(hours.as_str().to_owned()));
                    }
                    Some(hours)
                }
                Err(e) => {
                    faults.add(Field::Hours, Fault::Hours(e));
                    return None;
                }
            }
        } else if WEEK.iter().any(|&day| row.cell(day).is_some()) {
            match Hours::from_columns(WEEK.map(|day| row.text(day).unwrap_or_default())) {
                Ok(hours) => Some(hours),
                Err(e) => {
                    let day = match &e {
                        HoursError::Column { index, .. } => WEEK.get(*index).copied().unwrap_or(Field::Mon),
                        _ => Field::Mon,
                    };
                    faults.add(day, Fault::Hours(e));
                    return None;
                }
            }
        } else {
            None
        };
        if let Some(special) = row.text(Field::SpecialHours) {
            // Special days alone would make every other day closed, which nobody said.
            let with = hours.as_ref().ok_or(HoursError::Empty).and_then(|h| h.with_special(special));
            match with {
                Ok(with) => hours = Some(with),
                Err(e) => faults.add(Field::SpecialHours, Fault::Hours(e)),
            }
        }
        hours
    }

    fn partner(
        &self,
        faults: &mut Faults<'_>,
        id: Option<&LocationId>,
        place_name: Option<&str>,
    ) -> Option<(Partner, bool)> {
        let row = faults.row;
        let name = faults.line(Field::Partner, MAX_NAME_CHARS);
        let legal_name = faults.line(Field::LegalName, MAX_LEGAL_NAME_CHARS);
        let inn = faults.tax(Field::Inn, TaxKind::Inn);
        let ogrn = faults.tax(Field::Ogrn, TaxKind::Ogrn);
        let kpp = faults.tax(Field::Kpp, TaxKind::Kpp);
        if !tax_number::agree(inn.as_deref(), ogrn.as_deref(), kpp.as_deref()) {
            let field = if inn.is_some() { Field::Inn } else { Field::Ogrn };
            faults.add(field, Fault::TaxDisagree);
        }
        let mut is_own = false;
        let given = row.text(Field::PartnerId).map(PartnerId::new);
        let id = match given {
            Some(Ok(id)) => id,
            Some(Err(e)) => {
                faults.add(Field::PartnerId, Fault::PartnerIdInvalid(e));
                return None;
            }
            None => {
                if let Some(inn) = &inn {
                    PartnerId::new(&format!("inn-{inn}")).ok()?
                } else if let Some(name) = name.as_deref().or(legal_name.as_deref()).or(self.partner.as_deref()) {
                    partner_id_of_name(name)
                } else {
                    is_own = true;
                    let id = id?.as_str();
                    PartnerId::new(&format!("own-{id}"))
                        .or_else(|_| PartnerId::new(&format!("own-{}", hex16(id))))
                        .ok()?
                }
            }
        };
        let named = row.cell(Field::PartnerId).is_some() || inn.is_some();
        let name = name
            .or_else(|| legal_name.clone())
            .or_else(|| if named || is_own { None } else { self.partner.clone() })
            .or_else(|| place_name.map(str::to_owned))?;
        let partner = Partner {
            id,
            name: name.chars().take(MAX_LEGAL_NAME_CHARS).collect(),
            legal_name,
            inn,
            ogrn,
            kpp,
            state: State::Published,
        };
        Some((partner, is_own))
    }
}

/// «—», «нет»: a cell that says there is nothing.
fn is_nothing(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "-" | "–" | "—" | "нет" | "no" | "none")
}

/// Hours that are said to be unknown, which is not closed.
pub(super) fn says_unknown(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    matches!(
        text.as_str(),
        "-" | "–" | "—" | "?" | "н/д" | "нет данных" | "неизвестно" | "не указано" | "не указан" | "unknown"
    )
}

/// The row under the eyes, and what was found wrong with it.
struct Faults<'a> {
    row: &'a RawRow,
    problems: Vec<Problem>,
}

impl Faults<'_> {
    fn add(&mut self, field: Field, fault: Fault) {
        self.add_at(self.row.key(field), fault);
    }

    fn add_at(&mut self, column: Arc<str>, fault: Fault) {
        let id = self.row.text(Field::Id).map(|t| t.trim().chars().take(80).collect());
        self.problems.push(Problem { line: self.row.line, id, column: Some(column), fault });
    }

    /// Names cells that a spreadsheet could not work out, in place of what else is wrong with them.
    fn spreadsheet_errors(&mut self) {
        for cell in self.row.cells.iter().filter(|c| cell::is_spreadsheet_error(&c.text)) {
            self.problems.retain(|p| p.column.as_ref() != Some(&cell.key));
            self.add_at(Arc::clone(&cell.key), Fault::CellError(cell.text.trim().to_owned()));
        }
    }

    fn id(&mut self) -> Option<LocationId> {
        let Some(text) = self.row.text(Field::Id) else {
            self.add(Field::Id, Fault::IdMissing);
            return None;
        };
        match LocationId::new(text) {
            Ok(id) => Some(id),
            Err(e) => {
                self.add(Field::Id, Fault::IdInvalid(e));
                None
            }
        }
    }

    fn line(&mut self, field: Field, limit: usize) -> Option<String> {
        let (text, removed) = cell::line(self.row.text(field)?);
        let text = text.into_owned();
        self.bounded(field, text, removed, limit)
    }

    fn lines(&mut self, field: Field, limit: usize) -> Option<String> {
        let (text, removed) = cell::lines(self.row.text(field)?);
        let text = text.into_owned();
        self.bounded(field, text, removed, limit)
    }

    fn bounded(&mut self, field: Field, text: String, removed: bool, limit: usize) -> Option<String> {
        if removed {
            self.add(field, Fault::ControlRemoved);
        }
        // Bytes bound characters, and most texts are far below.
        if text.len() > limit {
            let chars = text.chars().count();
            if chars > limit {
                self.add(field, Fault::TextTooLong { chars, limit });
                return None;
            }
        }
        if text.is_empty() {
            if field == Field::Name {
                self.add(field, Fault::NameMissing);
            }
            return None;
        }
        Some(text)
    }

    fn tax(&mut self, field: Field, kind: TaxKind) -> Option<String> {
        match kind.read(self.row.text(field)?) {
            Ok(number) => Some(number),
            Err(fault) => {
                self.add(field, Fault::Tax(kind, fault));
                None
            }
        }
    }

    fn category(&mut self) -> Option<Category> {
        if let Some(text) = self.row.text(Field::Category) {
            return Some(Category::lookup(text).unwrap_or_else(|| {
                self.add(Field::Category, Fault::CategoryUnknown(text.trim().to_owned()));
                Category::Other
            }));
        }
        let kinds = || self.row.cells.iter().filter(|c| c.field == Field::OsmKind);
        let osm = |c: &Cell| format!("{}={}", c.key, c.text.trim());
        if let Some(category) = kinds().find_map(|c| Category::lookup(&osm(c))) {
            return Some(category);
        }
        if let Some((key, text)) = kinds().next().map(|c| (Arc::clone(&c.key), osm(c))) {
            self.add_at(key, Fault::CategoryUnknown(text));
            return Some(Category::Other);
        }
        self.add(Field::Category, Fault::CategoryMissing);
        None
    }

    fn categories_more(&mut self, main: Option<Category>) -> Vec<Category> {
        let mut more = Vec::new();
        for text in self.row.text(Field::CategoriesMore).unwrap_or_default().split([';', '|', ',']) {
            if text.trim().is_empty() {
                continue;
            }
            match Category::lookup(text) {
                Some(c) if Some(c) == main || more.contains(&c) => {}
                Some(c) => more.push(c),
                None => self.add(Field::CategoriesMore, Fault::CategoryUnknown(text.trim().to_owned())),
            }
        }
        more
    }

    fn address(&mut self) -> Option<String> {
        if self.row.cell(Field::Address).is_some() {
            return self.line(Field::Address, MAX_ADDRESS_CHARS);
        }
        let street = if self.row.cell(Field::Street).is_some() { Field::Street } else { Field::Locality };
        let parts: Vec<String> = [Field::City, street, Field::House]
            .into_iter()
            .filter_map(|field| self.line(field, MAX_ADDRESS_CHARS / 3))
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// The position as given, checked; with the key it stands under.
    fn position(&mut self) -> Option<LonLat> {
        let row = self.row;
        let (lon, lat, key): (f64, f64, Arc<str>) = match &row.geometry {
            Geometry::Point { lon, lat } => (*lon, *lat, "geometry".into()),
            Geometry::Other(kind) => {
                self.add_at("geometry".into(), Fault::GeometryNotPoint(kind.clone()));
                return None;
            }
            Geometry::Broken => {
                self.add_at("geometry".into(), Fault::GeometryBroken);
                return None;
            }
            Geometry::Absent => self.position_of_cells()?,
        };
        if lon.abs() < 1e-9 && lat.abs() < 1e-9 {
            self.add_at(key, Fault::PositionZero);
            return None;
        }
        let given = LonLat::new(rounded(lon), rounded(lat)).ok();
        if let Ok(offered) = LonLat::new(rounded(lat), rounded(lon))
            && looks_swapped(given, offered, || self.named_towns())
        {
            self.add_at(key, Fault::PositionSwapped { lon, lat, offered });
            return None;
        }
        if given.is_none() {
            self.add_at(key, Fault::PositionOutOfRange { lon, lat });
        }
        given
    }

    fn position_of_cells(&mut self) -> Option<(f64, f64, Arc<str>)> {
        let row = self.row;
        if let (None, None, Some(cell)) = (row.cell(Field::Lon), row.cell(Field::Lat), row.cell(Field::Coordinates)) {
            let Some((lat, lon)) = cell::number_pair(&cell.text) else {
                self.add(Field::Coordinates, Fault::PositionNotNumber(cell.text.trim().to_owned()));
                return None;
            };
            return Some((lon, lat, Arc::clone(&cell.key)));
        }
        let in_one = row.headings.iter().any(|(f, _)| *f == Field::Coordinates)
            && !row.headings.iter().any(|(f, _)| matches!(f, Field::Lon | Field::Lat));
        let mut read = |field| {
            let Some(cell) = row.cell(field) else {
                // Both missing is one problem, named at the latitude or at the column that holds both.
                if field == Field::Lat || row.cell(Field::Lat).is_some() {
                    self.add(if in_one { Field::Coordinates } else { field }, Fault::PositionMissing);
                }
                return None;
            };
            let number = cell::number(&cell.text);
            if number.is_none() {
                self.add(field, Fault::PositionNotNumber(cell.text.trim().to_owned()));
            }
            number
        };
        let (lat, lon) = (read(Field::Lat), read(Field::Lon));
        Some((lon?, lat?, row.key(Field::Lat)))
    }

    /// Folded names of the address that may be towns.
    fn named_towns(&self) -> Vec<String> {
        let texts = [Field::Address, Field::City].into_iter().filter_map(|f| self.row.text(f));
        texts
            .flat_map(|t| t.split(','))
            .map(|part| {
                let folded = fold(part);
                let kinds =
                    ["г", "город", "с", "село", "ст", "станица", "ст ца", "п", "пгт", "поселок", "пос", "х", "аул"];
                match folded.split_once(' ') {
                    Some((kind, name)) if kinds.contains(&kind) => name.to_owned(),
                    _ => folded,
                }
            })
            .collect()
    }

    fn benefits(&mut self) -> Vec<Benefit> {
        let row = self.row;
        if let Some(cell) = row.cell(Field::Benefits) {
            if cell.text.trim_start().starts_with('[') {
                return self.benefits_of_json(&cell.text);
            }
            return self.benefit_of_columns(Some(&cell.text)).into_iter().collect();
        }
        self.benefit_of_columns(row.text(Field::Benefit)).into_iter().collect()
    }

    fn benefits_of_json(&mut self, text: &str) -> Vec<Benefit> {
        let mut benefits: Vec<Benefit> = match serde_json::from_str(text) {
            Ok(benefits) => benefits,
            Err(e) => {
                self.add(Field::Benefits, Fault::BenefitsBroken(e.to_string()));
                return Vec::new();
            }
        };
        if benefits.len() > MAX_BENEFITS {
            self.add(Field::Benefits, Fault::BenefitsBroken(format!("{} > {MAX_BENEFITS}", benefits.len())));
        }
        for b in &mut benefits {
            let (title, removed) = cell::lines(&b.title);
            let title = title.into_owned();
            match self.bounded(Field::Benefits, title, removed, MAX_TITLE_CHARS) {
                Some(title) => b.title = title,
                None => self.add(Field::Benefits, Fault::BenefitUnnamed),
            }
            if let Some(terms) = b.terms.take() {
                let (terms, removed) = cell::lines(&terms);
                let terms = terms.into_owned();
                b.terms = self.bounded(Field::Benefits, terms, removed, MAX_TERMS_CHARS);
            }
            if let Some(Err(fault)) = b.value.map(|v| benefit_phrase::check_value(b.kind, v)) {
                self.add(Field::Benefits, Fault::BenefitValue(fault));
            }
            if b.from.zip(b.to).is_some_and(|(from, to)| to < from) {
                self.add(Field::Benefits, Fault::DatesReversed);
            }
            b.hours = b.hours.take().and_then(|text| self.benefit_hours(Field::Benefits, &text));
        }
        benefits
    }

    fn benefit_of_columns(&mut self, words: Option<&str>) -> Option<Benefit> {
        let row = self.row;
        let mut kind = row.text(Field::BenefitKind).and_then(|text| {
            let kind = benefit_phrase::kind_of_word(text);
            if kind.is_none() {
                self.add(Field::BenefitKind, Fault::BenefitKindUnknown(text.trim().to_owned()));
            }
            kind
        });
        let mut value = row.text(Field::BenefitValue).and_then(|text| {
            let number = cell::number(text.trim().trim_end_matches(['%', '₽']));
            if number.is_none() {
                let fault = benefit_phrase::ValueFault::NotNumber(text.trim().chars().take(40).collect());
                self.add(Field::BenefitValue, Fault::BenefitValue(fault));
            }
            number
        });
        let terms = self.lines(Field::BenefitTerms, MAX_TERMS_CHARS);
        let from = self.benefit_day(Field::BenefitFrom);
        let to = self.benefit_day(Field::BenefitTo);
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            self.add(Field::BenefitTo, Fault::DatesReversed);
        }
        let hours = row.text(Field::BenefitHours).and_then(|text| self.benefit_hours(Field::BenefitHours, text));
        let title = words.and_then(|words| {
            let (title, removed) = cell::lines(words);
            let title = match cell::number(&title) {
                // A column «Скидка» of bare numbers means per cent.
                Some(n) if row.cell(Field::Benefit).is_some_and(|c| fold(&c.key).contains("скидк")) => {
                    format!("Скидка {} %", n.to_string().replace('.', ","))
                }
                _ => title.into_owned(),
            };
            self.bounded(Field::Benefit, title, removed, MAX_TITLE_CHARS)
        });
        if let Some(title) = &title {
            let (said_kind, said_value) = benefit_phrase::read(title);
            if kind.is_none() {
                kind = said_kind;
            }
            if value.is_none() && kind == said_kind {
                value = said_value;
            }
        }
        if let Some(Err(fault)) = value.map(|v| benefit_phrase::check_value(kind, v)) {
            let field = if row.cell(Field::BenefitValue).is_some() { Field::BenefitValue } else { Field::Benefit };
            self.add(field, Fault::BenefitValue(fault));
        }
        match (title, kind) {
            (Some(title), _) => Some(Benefit { kind, value, title, terms, from, to, hours }),
            (None, Some(kind)) => {
                let title = benefit_phrase::title_of(kind, value);
                Some(Benefit { kind: Some(kind), value, title, terms, from, to, hours })
            }
            (None, None) => {
                let days = from.is_some() || to.is_some() || hours.is_some();
                if words.is_none() && (value.is_some() || terms.is_some() || days) {
                    self.add(Field::Benefit, Fault::BenefitUnnamed);
                }
                None
            }
        }
    }

    /// The hours of a benefit, in OSM syntax. Wrong ones reject the row: a family would come at the wrong time.
    fn benefit_hours(&mut self, field: Field, text: &str) -> Option<String> {
        if text.trim().is_empty() {
            return None;
        }
        match Hours::from_text(text) {
            Ok(Understood { hours, translated }) => {
                if translated {
                    self.add(field, Fault::HoursTranslated(hours.as_str().to_owned()));
                }
                Some(hours.as_str().to_owned())
            }
            Err(e) => {
                self.add(field, Fault::BenefitHours(e));
                None
            }
        }
    }

    fn benefit_day(&mut self, field: Field) -> Option<NaiveDate> {
        let text = self.row.text(field)?;
        let date = cell::date(text);
        if date.is_none() {
            self.add(field, Fault::DateUnreadable(text.trim().to_owned()));
        }
        date
    }
}

/// To 1e-9 degrees. The quotient of two exact numbers is the float nearest to the decimal, so rounding twice, writing
/// and reading give the same bits.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e9).round() / 1e9
}
