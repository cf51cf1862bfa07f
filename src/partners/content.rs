//! The content of a location as the registry desk keeps and sends it: one flat JSON object.
//!
//! The keys are those of [`KEYS`], which the import reads too; so a form, a system of a partner's and a row of a bulk
//! file are checked by the same code and refused in the same words. [`check`] says what is wrong and makes the location;
//! [`normalised`] and [`of_location`] give the one canonical spelling, so that equal content is equal JSON.
//!
//! # What must stay true
//! `normalised` of what `check` accepts is `of_location` of the location it made, beside `external_id` and `photo`; and
//! `normalised` changes nothing the second time.

use super::benefit_phrase;
use super::cell;
use super::field::Field;
use super::import_row::{Checked, Parts, RowReader, says_unknown};
use super::problem::{Fault, Problem, Severity};
use super::profile::Profile;
use super::raw_row::{Cell, RawRow};
use super::settlement;
use crate::domain::gazetteer::Settlement;
use crate::domain::{Benefit, Category, Hours, Location, LocationId, Phone};
use crate::geometry::LonLat;
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Longest id of the partner's own, in characters.
pub const MAX_EXTERNAL_ID_CHARS: usize = 60;

/// The partner's own id of the place.
pub const EXTERNAL_ID: &str = "external_id";
/// The id of its picture.
pub const PHOTO: &str = "photo";
/// `true` says that the hours are not known.
pub const HOURS_UNKNOWN: &str = "hours_unknown";

/// Keys whose values are read as the import reads a cell.
const CELLS: [(&str, Field); 16] = [
    ("address", Field::Address),
    ("address_note", Field::AddressNote),
    ("benefits", Field::Benefits),
    ("categories_more", Field::CategoriesMore),
    ("category", Field::Category),
    ("fias_id", Field::FiasId),
    ("lat", Field::Lat),
    ("lon", Field::Lon),
    ("name", Field::Name),
    ("opening_hours", Field::Hours),
    ("phone", Field::Phone),
    ("phone_ext", Field::PhoneExt),
    (PHOTO, Field::Photo),
    ("special_hours", Field::SpecialHours),
    ("website", Field::Site),
    ("wheelchair", Field::Wheelchair),
];

/// Every key of a content, in order.
pub const KEYS: [&str; 18] = [
    "address",
    "address_note",
    "benefits",
    "categories_more",
    "category",
    EXTERNAL_ID,
    "fias_id",
    HOURS_UNKNOWN,
    "lat",
    "lon",
    "name",
    "opening_hours",
    "phone",
    "phone_ext",
    PHOTO,
    "special_hours",
    "website",
    "wheelchair",
];

/// Checks a content as the desk does before anything is shown to an operator.
///
/// # Shape
/// The draft's partner is made of the profile, with an id made of its INN; the caller who has a partner of its own puts
/// that id in. Problems name the key as their column and have line 0. What is wrong with the profile itself is
/// [`Profile::check`]'s to say and does not keep the location out.
pub fn check(content: &Map<String, Value>, partner: &Profile, id: &LocationId) -> Checked {
    check_with(&mut RowReader::default(), content, partner, id)
}

/// [`check`] with a reader that remembers schedules.
pub(super) fn check_with(
    reader: &mut RowReader,
    content: &Map<String, Value>,
    partner: &Profile,
    id: &LocationId,
) -> Checked {
    let mut row = row_of(content);
    row.cells.push(Cell { field: Field::Id, key: EXTERNAL_ID.into(), text: id.as_str().to_owned() });
    row.cells.extend(cells_of(partner));
    let mut checked = reader.read(&row);
    let mut more = Vec::new();
    let mut add = |key: &str, fault| more.push(problem(id, key, fault));
    let named = |key: &str| checked.problems.iter().any(|p| p.column.as_deref() == Some(key));

    if let Some(text) = text(content, EXTERNAL_ID) {
        let chars = text.chars().count();
        if chars > MAX_EXTERNAL_ID_CHARS {
            add(EXTERNAL_ID, Fault::TextTooLong { chars, limit: MAX_EXTERNAL_ID_CHARS });
        } else if let Err(e) = LocationId::new(&text) {
            add(EXTERNAL_ID, Fault::IdInvalid(e));
        }
    }
    if row.cell(Field::Address).is_none() {
        add("address", Fault::AddressMissing);
    }
    let hours_said = row.cell(Field::Hours).is_some() || is_true(content.get(HOURS_UNKNOWN));
    if !hours_said && !named("opening_hours") {
        add("opening_hours", Fault::HoursMissing);
    }
    if row.cell(Field::Benefits).is_none() {
        add("benefits", Fault::BenefitMissing);
    }
    for (field, key) in [(Field::Name, "name"), (Field::Address, "address"), (Field::AddressNote, "address_note")] {
        if let Some(text) = row.text(field) {
            for fault in suspicious(text) {
                add(key, fault);
            }
        }
    }
    if let Some(words) = content.get("benefits").and_then(Value::as_str) {
        for fault in suspicious(words) {
            add("benefits", fault);
        }
    }
    for benefit in content.get("benefits").and_then(Value::as_array).into_iter().flatten() {
        for text in ["title", "terms"].iter().filter_map(|key| benefit.get(key).and_then(Value::as_str)) {
            for fault in suspicious(text) {
                add("benefits", fault);
            }
        }
    }
    if let Some(draft) = &checked.draft
        && let Some(address) = &draft.location.address
        && let Some((settlement, distance_m)) = settlement::named_in(address, draft.location.position)
        && distance_m > settlement::FAR_M
    {
        add("lat", Fault::PinFarFromSettlement { name: settlement.name_ru.clone(), distance_m });
    }
    let unknown: Vec<String> = content.keys().filter(|k| !KEYS.contains(&k.as_str())).cloned().collect();
    if !unknown.is_empty() {
        more.push(Problem { line: 0, id: Some(id.to_string()), column: None, fault: Fault::ColumnsUnknown(unknown) });
    }
    checked.problems.extend(more);
    if checked.problems.iter().any(|p| p.severity() == Severity::Reject) {
        checked.draft = None;
    }
    checked
}

/// What was understood of a content, however much of it is wrong: for a form that answers while somebody types.
#[derive(Debug, Clone, Default)]
pub struct Understood {
    /// The position, if both numbers are right.
    pub position: Option<LonLat>,
    /// The clock of the position.
    pub time_zone: Option<Tz>,
    /// The hours, special days included.
    pub hours: Option<Hours>,
    /// The telephone.
    pub phone: Option<Phone>,
    /// The benefits, when none of them is wrong.
    pub benefits: Vec<Benefit>,
    /// The nearest settlement of those that the address names, and how far the pin is from it in metres.
    pub settlement: Option<(&'static Settlement, f64)>,
}

/// What was understood of a content.
pub fn understood(content: &Map<String, Value>) -> Understood {
    let (parts, problems) = RowReader::default().read_parts(&row_of(content));
    let wrong = |key: &str| is_rejected(&problems, key);
    let settlement = parts.position.zip(parts.address.as_deref());
    Understood {
        settlement: settlement.and_then(|(pin, address)| settlement::named_in(address, pin)),
        position: parts.position,
        time_zone: parts.time_zone,
        hours: parts.hours.filter(|_| !wrong("special_hours")),
        phone: parts.phone,
        benefits: if wrong("benefits") { Vec::new() } else { parts.benefits },
    }
}

/// The canonical content of a published location.
pub fn of_location(location: &Location) -> Map<String, Value> {
    let l = location.clone();
    let parts = Parts {
        id: None,
        name: Some(l.name),
        category: Some(l.category),
        categories_more: l.categories_more,
        position: Some(l.position),
        address: l.address,
        address_note: l.address_note,
        fias_id: l.fias_id,
        time_zone: None,
        hours: l.hours,
        phone: l.phone,
        site: l.site,
        wheelchair: l.wheelchair,
        benefits: l.benefits,
        photo: None,
        last_confirmed: None,
    };
    let hours_unknown = parts.hours.is_none();
    let photo = location.photo.iter().map(|id| (PHOTO.to_owned(), id.as_str().into())).collect();
    canonical(&parts, |_| false, &photo, hours_unknown)
}

/// The canonical spelling of a content: what the map would keep of it.
///
/// # Shape
/// What is understood stands as the map has it (`+78652123456`, `Mo-Fr 09:00-18:00`, numbers as numbers); what rejects
/// the content stays as given, trimmed; what only earns a warning that it is left out is gone, as are empty values and
/// keys that are not ours. Who keeps a draft that somebody is still typing keeps it as given, and normalises for
/// comparing and publishing.
pub fn normalised(content: &Map<String, Value>) -> Map<String, Value> {
    normalised_with(&mut RowReader::default(), content)
}

/// [`normalised`] with a reader that remembers schedules.
pub(super) fn normalised_with(reader: &mut RowReader, content: &Map<String, Value>) -> Map<String, Value> {
    let row = row_of(content);
    let (parts, problems) = reader.read_parts(&row);
    let hours_unknown = is_true(content.get(HOURS_UNKNOWN)) || row.text(Field::Hours).is_some_and(says_unknown);
    canonical(&parts, |key| is_rejected(&problems, key), content, hours_unknown)
}

/// Writes what was read; for a key that is `wrong`, what was `given`.
fn canonical(
    parts: &Parts,
    wrong: impl Fn(&str) -> bool,
    given: &Map<String, Value>,
    hours_unknown: bool,
) -> Map<String, Value> {
    let mut out = Map::new();
    let mut put = |key: &str, read: Option<Value>| {
        let value = if wrong(key) { given.get(key).and_then(|v| tidy(key, v)) } else { read };
        if let Some(value) = value {
            out.insert(key.to_owned(), value);
        }
    };
    let string = |text: Option<&str>| text.map(Value::from);
    put("address", string(parts.address.as_deref()));
    put("address_note", string(parts.address_note.as_deref()));
    put("benefits", (!parts.benefits.is_empty()).then(|| parts.benefits.iter().map(of_benefit).collect()));
    let more: Vec<&str> = parts.categories_more.iter().map(|c| c.code()).collect();
    put("categories_more", (!more.is_empty()).then(|| more.into()));
    put("category", string(parts.category.map(Category::code)));
    put("fias_id", string(parts.fias_id.as_deref()));
    put("name", string(parts.name.as_deref()));
    put("phone", string(parts.phone.as_ref().map(|p| p.e164.as_str())));
    put("phone_ext", string(parts.phone.as_ref().and_then(|p| p.ext.as_deref())));
    put("website", string(parts.site.as_deref()));
    put("wheelchair", string(parts.wheelchair.map(crate::domain::Wheelchair::code)));
    for key in [EXTERNAL_ID, PHOTO] {
        if let Some(text) = text(given, key) {
            out.insert(key.to_owned(), text.into());
        }
    }
    if let Some(position) = parts.position {
        out.insert("lon".into(), number(position.lon()));
        out.insert("lat".into(), number(position.lat()));
    } else {
        for key in ["lon", "lat"] {
            let read = text(given, key).and_then(|t| cell::number(&t)).map(number);
            if let Some(value) = read.or_else(|| given.get(key).and_then(|v| tidy(key, v))) {
                out.insert(key.to_owned(), value);
            }
        }
    }
    if wrong("opening_hours") || wrong("special_hours") {
        for key in ["opening_hours", "special_hours"] {
            if let Some(value) = given.get(key).and_then(|v| tidy(key, v)) {
                out.insert(key.to_owned(), value);
            }
        }
    } else if let Some(hours) = &parts.hours {
        let (usual, special) = split_special(hours);
        out.insert("opening_hours".into(), usual.into());
        if let Some(special) = special {
            out.insert("special_hours".into(), special.into());
        }
    }
    if hours_unknown && !out.contains_key("opening_hours") {
        out.insert(HOURS_UNKNOWN.into(), true.into());
    }
    // A map of serde_json may keep the order of writing: equal content has to be equal text.
    KEYS.iter().filter_map(|key| Some(((*key).to_owned(), out.remove(*key)?))).collect()
}

/// Benefits as a content has them.
pub fn benefits_json(benefits: &[Benefit]) -> Value {
    benefits.iter().map(of_benefit).collect()
}

/// A benefit, its members in one order; kind and value are always there.
pub(super) fn of_benefit(benefit: &Benefit) -> Value {
    let b = benefit;
    let mut out =
        json!({ "title": b.title, "kind": b.kind.map(crate::domain::BenefitKind::code), "value": b.value.map(number) });
    let optional = [
        ("terms", b.terms.clone()),
        ("from", b.from.map(|d| d.to_string())),
        ("to", b.to.map(|d| d.to_string())),
        ("hours", b.hours.clone()),
    ];
    for (key, text) in optional {
        if let Some(text) = text {
            out[key] = text.into();
        }
    }
    out
}

/// A whole number without a point: `10.0` and `10` are one number and have to be one text.
fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 1e15 { (value as i64).into() } else { value.into() }
}

/// The cells of a content, under its keys; nothing of the partner, no id.
fn row_of(content: &Map<String, Value>) -> RawRow {
    let mut row = RawRow::default();
    for (key, field) in CELLS {
        let text = match content.get(key) {
            Some(Value::Array(_) | Value::Object(_)) if field == Field::Benefits => {
                tidy(key, &content[key]).map(|v| v.to_string())
            }
            Some(Value::Null) | None => None,
            Some(_) => text(content, key),
        };
        if let Some(text) = text {
            row.cells.push(Cell { field, key: key.into(), text });
        }
    }
    row
}

/// Who it belongs to, if that much is right.
fn cells_of(partner: &Profile) -> Vec<Cell> {
    let partner = partner.normalised();
    let is_right = partner.check().iter().all(|p| p.severity() != Severity::Reject || p.code() == "inn-missing");
    if !is_right {
        return Vec::new();
    }
    let cells = [
        (Field::Partner, Some(partner.name)),
        (Field::LegalName, partner.legal_name),
        (Field::Inn, partner.inn),
        (Field::Ogrn, partner.ogrn),
        (Field::Kpp, partner.kpp),
    ];
    let cell = |(field, text): (Field, Option<String>)| Some(Cell { field, key: field.heading().into(), text: text? });
    cells.into_iter().filter_map(cell).collect()
}

/// The text of a value, trimmed; `None` for nothing.
fn text(content: &Map<String, Value>, key: &str) -> Option<String> {
    let text = match content.get(key)? {
        Value::String(s) => s.trim().to_owned(),
        Value::Bool(b) => if *b { "yes" } else { "no" }.to_owned(),
        Value::Number(n) => n.to_string(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(";"),
        Value::Null | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A given value without what says nothing.
fn tidy(key: &str, value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(s) => Some(s.trim()).filter(|t| !t.is_empty()).map(Value::from),
        Value::Array(items) if key == "benefits" => {
            let items: Vec<Value> = items.iter().filter_map(tidy_benefit).collect();
            (!items.is_empty()).then(|| items.into())
        }
        // One benefit is a list of one.
        Value::Object(_) if key == "benefits" => tidy_benefit(value).map(|b| vec![b].into()),
        other => Some(other.clone()),
    }
}

/// A benefit as [`Benefit`] reads it: empty members gone, numbers and days as people write them understood, the words
/// made of kind and value where there are none.
fn tidy_benefit(value: &Value) -> Option<Value> {
    let Value::Object(given) = value else { return (!value.is_null()).then(|| value.clone()) };
    let mut out = Map::new();
    for (key, value) in given {
        let value = match (key.as_str(), value) {
            (_, Value::Null) => continue,
            (_, Value::String(s)) if s.trim().is_empty() => continue,
            ("kind", Value::String(s)) => match benefit_phrase::kind_of_word(s) {
                Some(kind) => kind.code().into(),
                None => s.trim().into(),
            },
            ("value", Value::String(s)) => match cell::number(s.trim().trim_end_matches(['%', '₽'])) {
                Some(n) => number(n),
                None => s.trim().into(),
            },
            ("from" | "to", Value::String(s)) => match cell::date(s) {
                Some(day) => day.to_string().into(),
                None => s.trim().into(),
            },
            (_, Value::String(s)) => s.trim().into(),
            (_, other) => other.clone(),
        };
        out.insert(key.clone(), value);
    }
    if out.is_empty() {
        return None;
    }
    if !out.contains_key("title") {
        let kind = out.get("kind").and_then(Value::as_str).and_then(benefit_phrase::kind_of_word);
        let title = kind.map(|k| benefit_phrase::title_of(k, out.get("value").and_then(Value::as_f64)));
        out.insert("title".into(), title.unwrap_or_default().into());
    }
    Some(Value::Object(out))
}

fn is_true(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(b)) => *b,
        Some(Value::String(s)) => matches!(s.trim().to_lowercase().as_str(), "true" | "yes" | "да" | "1"),
        _ => false,
    }
}

fn is_rejected(problems: &[Problem], key: &str) -> bool {
    problems.iter().any(|p| p.column.as_deref() == Some(key) && p.severity() == Severity::Reject)
}

fn problem(id: &LocationId, key: &str, fault: Fault) -> Problem {
    Problem { line: 0, id: Some(id.to_string()), column: Some(Arc::from(key)), fault }
}

/// What a spreadsheet or a browser would make of a text.
pub(super) fn suspicious(text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    if cell::looks_like_formula(text) {
        faults.push(Fault::FormulaAsText(text.trim().to_owned()));
    }
    if cell::holds_html(text) {
        faults.push(Fault::HtmlAsText(text.trim().to_owned()));
    }
    faults
}

/// Takes the special days off the end of hours: the usual hours, and the days as [`Hours::with_special`] reads them.
pub(super) fn split_special(hours: &Hours) -> (String, Option<String>) {
    let text = hours.as_str();
    let mut rest = text;
    let mut days = Vec::new();
    while let Some((before, rule)) = rest.rsplit_once("; ") {
        let Some(day) = special_day(rule) else { break };
        days.push(day);
        rest = before;
    }
    days.reverse();
    let special = days.join("; ");
    // The text may have been written by hand in a way that only looks so.
    let same = !days.is_empty()
        && Hours::parse(rest).and_then(|usual| usual.with_special(&special)).is_ok_and(|both| both == *hours);
    if same { (rest.to_owned(), Some(special)) } else { (text.to_owned(), None) }
}

/// `2027 Jan 01 off` -> `2027-01-01 closed`; `2027 Jan 02-2027 Jan 05 11:00-16:00` -> `2027-01-02..2027-01-05 11:00-16:00`.
fn special_day(rule: &str) -> Option<String> {
    const DATE_CHARS: usize = "2027 Jan 01".len();
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y %b %d").ok();
    let from = day(rule.get(..DATE_CHARS)?)?;
    let rest = rule.get(DATE_CHARS..)?;
    let (days, body) = match rest.strip_prefix('-') {
        Some(rest) => {
            let to = day(rest.get(..DATE_CHARS)?)?;
            (format!("{from}..{to}"), rest.get(DATE_CHARS..)?)
        }
        None => (from.to_string(), rest),
    };
    let body = body.strip_prefix(' ')?;
    let is_times = body.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'-' | b','));
    match body {
        "off" => Some(format!("{days} closed")),
        times if is_times => Some(format!("{days} {times}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
