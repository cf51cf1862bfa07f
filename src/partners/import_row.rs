//! One row of a table, or one GeoJSON feature, becomes a location with its partner, or problems.
//!
//! In: a [`RawRow`], texts under the headings of the file. Out: [`Checked`]. Nothing is guessed that could send a
//! family to a wrong door: what decides place, time or benefit and cannot be read rejects the row; what merely
//! decorates it (telephone, site, wheelchair) is left out with a warning.
//!
//! Positions are kept to 1e-9 degrees (0.1 mm), so that the last bit of a float is no change of content.

use super::benefit_phrase;
use super::cell;
use super::gazetteer::Gazetteer;
use super::problem::{Fault, Problem, Severity};
use super::tax_number::{self, TaxKind};
use super::time_zone;
use crate::domain::fold::fold;
use crate::domain::hours::{HoursError, Understood};
use crate::domain::{Benefit, Category, Hours, Location, LocationId, Partner, PartnerId, State};
use crate::geometry::LonLat;
use chrono::NaiveDate;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, LazyLock};

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

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident [$first:literal $(, $heading:literal)*];)*) => {
        /// What a column means.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Field {
            $($(#[$doc])* $name,)*
        }

        impl Field {
            /// The heading we write ourselves.
            pub fn heading(self) -> &'static str {
                match self { $(Self::$name => $first,)* }
            }
        }

        /// Headings, folded, and what they mean.
        static BY_HEADING: LazyLock<HashMap<String, Field>> = LazyLock::new(|| {
            let mut map = HashMap::new();
            $(for heading in [$first $(, $heading)*] {
                map.insert(fold(heading), Field::$name);
            })*
            map
        });
    };
}

fields! {
    /// The place's id.
    Id ["id", "external_id", "код", "код места", "внешний код", "идентификатор", "ид", "ref"];
    /// The name over the door.
    Name ["name", "title", "наименование", "название", "имя", "name:ru", "наименование объекта", "название объекта"];
    /// The category.
    Category ["category", "категория", "тип", "вид", "вид деятельности", "рубрика"];
    /// Other categories.
    CategoriesMore ["categories_more", "другие категории", "дополнительные категории"];
    /// `amenity=…` and its kin; the key counts.
    OsmKind ["amenity", "shop", "tourism", "leisure", "healthcare", "craft", "office"];
    /// Degrees east.
    Lon ["lon", "longitude", "lng", "long", "x", "долгота", "geo_lon"];
    /// Degrees north.
    Lat ["lat", "latitude", "y", "широта", "geo_lat"];
    /// Both in one cell, latitude first, as maps show them here.
    Coordinates ["coordinates", "координаты", "широта, долгота", "lat, lon", "гео", "точка"];
    /// One line.
    Address ["address", "адрес", "addr:full", "полный адрес", "местонахождение"];
    /// Part of an address.
    City ["addr:city", "addr:town", "addr:village", "город", "населенный пункт"];
    /// Part of an address where there is no street.
    Locality ["addr:place", "addr:suburb"];
    /// Part of an address.
    Street ["addr:street", "улица"];
    /// Part of an address.
    House ["addr:housenumber", "дом", "номер дома"];
    /// How to find the door.
    AddressNote ["address_note", "как найти", "примечание к адресу", "как пройти", "ориентир"];
    /// The object of the address register.
    FiasId ["fias_id", "фиас", "код фиас", "гар"];
    /// IANA name.
    TimeZone ["time_zone", "timezone", "часовой пояс"];
    /// Opening hours.
    Hours ["opening_hours", "hours", "режим", "режим работы", "часы", "часы работы", "время работы", "график", "график работы", "working_hours"];
    /// One of seven columns.
    Mon ["mon", "пн", "понедельник"];
    /// One of seven columns.
    Tue ["tue", "вт", "вторник"];
    /// One of seven columns.
    Wed ["wed", "ср", "среда"];
    /// One of seven columns.
    Thu ["thu", "чт", "четверг"];
    /// One of seven columns.
    Fri ["fri", "пт", "пятница"];
    /// One of seven columns.
    Sat ["sat", "сб", "суббота"];
    /// One of seven columns.
    Sun ["sun", "вс", "воскресенье"];
    /// Days that differ.
    SpecialHours ["special_hours", "особые дни", "праздничные дни"];
    /// Telephone.
    Phone ["phone", "contact:phone", "телефон", "телефоны", "контактный телефон", "тел"];
    /// Its extension.
    PhoneExt ["phone_ext", "добавочный", "доб"];
    /// Web address.
    Site ["website", "site", "url", "contact:website", "сайт", "веб-сайт", "адрес сайта", "ссылка"];
    /// Wheelchair access.
    Wheelchair ["wheelchair", "доступность", "доступность на коляске", "доступно для колясок"];
    /// What a family gets, in words.
    Benefit ["benefit", "offer", "льгота", "льготы", "скидка", "скидки", "мера поддержки", "предложение", "размер скидки"];
    /// Its kind.
    BenefitKind ["benefit_kind", "offer_kind", "вид льготы", "вид скидки"];
    /// Its value.
    BenefitValue ["benefit_value", "offer_value", "размер льготы", "размер"];
    /// Its conditions.
    BenefitTerms ["benefit_terms", "offer_terms", "условия", "условия предоставления"];
    /// Its first day.
    BenefitFrom ["benefit_from", "offer_from", "действует с", "начало действия"];
    /// Its last day.
    BenefitTo ["benefit_to", "offer_to", "действует до", "действует по", "окончание действия"];
    /// Several of them, as JSON.
    Benefits ["benefits", "offers"];
    /// The day somebody last made sure.
    LastConfirmed ["last_confirmed", "check_date", "проверено", "дата проверки", "подтверждено"];
    /// The partner's id.
    PartnerId ["partner_id", "код партнера", "код организации"];
    /// The partner's name.
    Partner ["partner", "партнер", "организация", "operator", "наименование организации", "название организации"];
    /// The partner's name in the register.
    LegalName ["legal_name", "юридическое лицо", "юрлицо", "юридическое наименование", "полное наименование"];
    /// The partner's tax number.
    Inn ["inn", "инн"];
    /// The partner's registration number.
    Ogrn ["ogrn", "огрн", "огрнип"];
    /// The partner's reason code.
    Kpp ["kpp", "кпп"];
}

const WEEK: [Field; 7] = [Field::Mon, Field::Tue, Field::Wed, Field::Thu, Field::Fri, Field::Sat, Field::Sun];

impl Field {
    /// What a heading means; `None` when we do not read it. `Широта (WGS 84)` is read as `Широта`.
    pub fn of_heading(heading: &str) -> Option<Self> {
        BY_HEADING
            .get(&fold(heading))
            .or_else(|| heading.split_once('(').and_then(|(before, _)| BY_HEADING.get(&fold(before))))
            .copied()
    }
}

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
    fn cell(&self, field: Field) -> Option<&Cell> {
        self.cells.iter().find(|c| c.field == field)
    }

    fn text(&self, field: Field) -> Option<&str> {
        self.cell(field).map(|c| c.text.as_str())
    }

    /// The heading of a field as the file spells it, else as we do.
    fn key(&self, field: Field) -> Arc<str> {
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

    /// Reads one row.
    pub fn read(&mut self, row: &RawRow) -> Checked {
        let mut faults = Faults { row, problems: Vec::new() };
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
        let hours = self.hours(&mut faults);
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
        let last_confirmed = row.text(Field::LastConfirmed).and_then(|text| {
            let date = cell::date(text);
            if date.is_none() {
                faults.add(Field::LastConfirmed, Fault::ConfirmedUnreadable(text.trim().to_owned()));
            }
            date
        });
        let partner = self.partner(&mut faults, id.as_ref(), name.as_deref());

        let problems = faults.problems;
        let rejected = problems.iter().any(|p| p.severity() == Severity::Reject);
        let draft = match (id.clone(), name, category, position, time_zone, partner) {
            (
                Some(id),
                Some(name),
                Some(category),
                Some(position),
                Some(time_zone),
                Some((partner, partner_is_own)),
            ) if !rejected => {
                let location = Location {
                    id,
                    partner_id: partner.id.clone(),
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
                    last_confirmed,
                };
                Some(Draft { location, partner, partner_is_own })
            }
            _ => None,
        };
        Checked { id, draft, problems }
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
fn says_unknown(text: &str) -> bool {
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
            (Some(title), _) => Some(Benefit { kind, value, title, terms, from, to }),
            (None, Some(kind)) => {
                Some(Benefit { kind: Some(kind), value, title: benefit_phrase::title_of(kind, value), terms, from, to })
            }
            (None, None) => {
                if words.is_none() && (value.is_some() || terms.is_some() || from.is_some() || to.is_some()) {
                    self.add(Field::Benefit, Fault::BenefitUnnamed);
                }
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

/// A position that is this near to a town may well be meant.
const NEAR_TOWN_M: f64 = 50_000.0;
/// In the south no place is this far from the next town; where two readings are possible, it decides.
const FAR_FROM_TOWNS_M: f64 = 100_000.0;
/// In the taiga and the tundra places are; there only this distance speaks against one.
const FAR_FROM_TOWNS_NORTH_M: f64 = 500_000.0;
/// Outside of Russia's box: this near to a Russian town the exchanged position counts as in Russia.
const IN_RUSSIA_M: f64 = 200_000.0;
/// Where the south ends.
const NORTH_LAT_DEG: f64 = 50.0;

/// Whether `given` makes sense only with its numbers exchanged.
///
/// Three signs, each enough: what is given is not on Earth or not in Russia's box, and the exchanged one is near a
/// Russian town; it is far from every town where the exchanged one is near one; it is far from the town that the
/// address names, and the exchanged one is there (Pyatigorsk, exchanged, lies in the mountains of Ossetia).
fn looks_swapped(given: Option<LonLat>, offered: LonLat, named_towns: impl FnOnce() -> Vec<String>) -> bool {
    if !in_russias_box(offered) {
        return false;
    }
    let gazetteer = Gazetteer::get();
    let near = |p| gazetteer.nearest(p).map_or(f64::INFINITY, |(_, far_m)| far_m);
    let Some(given) = given.filter(|&p| in_russias_box(p)) else {
        return given.is_none() || near(offered) <= IN_RUSSIA_M;
    };
    let far_m = if given.lat() < NORTH_LAT_DEG { FAR_FROM_TOWNS_M } else { FAR_FROM_TOWNS_NORTH_M };
    if near(given) > far_m && near(offered) <= NEAR_TOWN_M {
        return true;
    }
    let mut named = named_towns().into_iter().filter_map(|name| {
        Some((gazetteer.distance_to_named_m(&name, given)?, gazetteer.distance_to_named_m(&name, offered)?))
    });
    named.any(|(given_m, offered_m)| given_m > FAR_FROM_TOWNS_M && offered_m <= NEAR_TOWN_M)
}

fn in_russias_box(p: LonLat) -> bool {
    (41.0..=82.0).contains(&p.lat()) && ((19.0..=180.0).contains(&p.lon()) || (-180.0..=-168.0).contains(&p.lon()))
}
