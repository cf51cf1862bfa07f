//! The public properties of a place, flat: one list for OGC features, filters and downloads.
//!
//! They are read back out of the fragment that the card is made of, so a file and a card cannot say different things.
//! What depends on the moment (`open`) is not among them: a file has no present.

use super::encode::CLOSE;
use crate::geometry::LonLat;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What a property holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A text.
    Text,
    /// A number.
    Number,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// Several texts.
    Texts,
}

/// One public property.
#[derive(Debug, Clone, Copy)]
pub struct Property {
    /// Its name in features, filters and columns.
    pub name: &'static str,
    /// What it holds.
    pub kind: Type,
    /// What it says, in Russian.
    pub ru: &'static str,
    /// What it says, in English.
    pub en: &'static str,
}

macro_rules! properties {
    ($($name:literal $kind:ident $ru:literal $en:literal;)*) => {
        /// Every property, in the order of columns.
        pub const PROPERTIES: &[Property] = &[$(Property { name: $name, kind: Type::$kind, ru: $ru, en: $en },)*];
    };
}

properties! {
    "id" Text "Номер места" "The id of the place";
    "name" Text "Название над дверью" "The name over the door";
    "category" Text "Код первой категории" "Code of the first category";
    "categories" Texts "Коды всех категорий" "Codes of all categories";
    "benefit" Text "Льгота, которую показывают первой" "The benefit shown first";
    "benefit_kind" Text "Вид льготы: percent, fixed, free, gift, price" "Kind of benefit: percent, fixed, free, gift, price";
    "benefit_value" Number "Проценты или рубли, по виду" "Percent or roubles, by kind";
    "address" Text "Адрес одной строкой" "Address, one line";
    "address_note" Text "Как найти вход" "How to find the door";
    "wheelchair" Text "Доступ на коляске: yes, limited, no" "Wheelchair access: yes, limited, no";
    "phone" Text "Телефон, E.164" "Telephone, E.164";
    "site" Text "Сайт" "Web site";
    "partner" Text "Организация" "Organisation";
    "hours" Text "Часы работы, OSM opening_hours" "Opening hours, OSM opening_hours";
    "time_zone" Text "Часовой пояс" "Time zone";
    "last_confirmed" Date "День последней проверки льготы" "The day somebody last made sure of the benefit";
}

/// Appends a GeoJSON Feature with these properties; `links` is JSON, when the feature has any.
pub fn append_feature(record: &Record<'_>, position: LonLat, links: Option<&serde_json::Value>, out: &mut Vec<u8>) {
    #[derive(Serialize)]
    struct Feature<'a> {
        r#type: &'static str,
        id: &'a str,
        geometry: Point,
        properties: &'a Record<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        links: Option<&'a serde_json::Value>,
    }
    #[derive(Serialize)]
    struct Point {
        r#type: &'static str,
        coordinates: [f64; 2],
    }
    let geometry = Point { r#type: "Point", coordinates: [position.lon(), position.lat()] };
    let feature = Feature { r#type: "Feature", id: &record.id, geometry, properties: record, links };
    serde_json::to_writer(out, &feature).expect("plain data into memory");
}

/// The property of a name.
pub fn property(name: &str) -> Option<&'static Property> {
    PROPERTIES.iter().find(|p| p.name == name)
}

/// The public properties of one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record<'a> {
    /// Its id.
    pub id: Cow<'a, str>,
    /// The name over the door.
    pub name: Cow<'a, str>,
    /// Code of the first category.
    pub category: Cow<'a, str>,
    /// Codes of all categories, the first one first.
    pub categories: Vec<Cow<'a, str>>,
    /// The benefit shown first.
    pub benefit: Option<Cow<'a, str>>,
    /// Its kind.
    pub benefit_kind: Option<Cow<'a, str>>,
    /// Percent or roubles.
    pub benefit_value: Option<f64>,
    /// One line.
    pub address: Option<Cow<'a, str>>,
    /// How to find the door.
    pub address_note: Option<Cow<'a, str>>,
    /// yes, limited or no.
    pub wheelchair: Option<Cow<'a, str>>,
    /// E.164.
    pub phone: Option<Cow<'a, str>>,
    /// Web site.
    pub site: Option<Cow<'a, str>>,
    /// The organisation's name.
    pub partner: Cow<'a, str>,
    /// Opening hours.
    pub hours: Option<Cow<'a, str>>,
    /// Their clock.
    pub time_zone: &'static str,
    /// The day somebody last made sure.
    pub last_confirmed: Option<NaiveDate>,
}

/// A value of a [`Record`].
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'r> {
    /// A text.
    Text(&'r str),
    /// A number.
    Number(f64),
    /// A day.
    Date(NaiveDate),
    /// Several texts.
    Texts(&'r [Cow<'r, str>]),
}

#[derive(Deserialize)]
struct Card<'a> {
    #[serde(borrow)]
    properties: CardProperties<'a>,
}

#[derive(Deserialize)]
struct CardProperties<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    category: Cow<'a, str>,
    #[serde(borrow, default)]
    categories_more: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    benefit: Option<Cow<'a, str>>,
    #[serde(borrow)]
    benefit_kind: Option<Cow<'a, str>>,
    benefit_value: Option<f64>,
    #[serde(borrow)]
    address: Option<Cow<'a, str>>,
    #[serde(borrow)]
    address_note: Option<Cow<'a, str>>,
    #[serde(borrow)]
    wheelchair: Option<Cow<'a, str>>,
    #[serde(borrow)]
    phone: Option<Cow<'a, str>>,
    #[serde(borrow)]
    site: Option<Cow<'a, str>>,
    #[serde(borrow)]
    partner: Partner<'a>,
    last_confirmed: Option<NaiveDate>,
}

#[derive(Deserialize)]
struct Partner<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
}

/// The properties of a card's fragment, with the hours that stand beside it. `json` is room to work in.
///
/// # Errors
/// Those of the reader; a fragment that [`super::encode::encode`] made has none.
pub fn read<'a>(
    card_part: &[u8],
    hours: Option<&'a str>,
    time_zone: &'static str,
    json: &'a mut Vec<u8>,
) -> Result<Record<'a>, serde_json::Error> {
    json.clear();
    json.extend_from_slice(card_part);
    json.extend_from_slice(CLOSE.as_bytes());
    let Card { properties: p } = serde_json::from_slice(json)?;
    let categories = std::iter::once(p.category.clone()).chain(p.categories_more).collect();
    Ok(Record {
        id: p.id,
        name: p.name,
        category: p.category,
        categories,
        benefit: p.benefit,
        benefit_kind: p.benefit_kind,
        benefit_value: p.benefit_value,
        address: p.address,
        address_note: p.address_note,
        wheelchair: p.wheelchair,
        phone: p.phone,
        site: p.site,
        partner: p.partner.name,
        hours: hours.map(Cow::Borrowed),
        time_zone,
        last_confirmed: p.last_confirmed,
    })
}

impl Record<'_> {
    /// The value of a property; none when nothing is known, or when there is no such property.
    pub fn get(&self, name: &str) -> Option<Value<'_>> {
        let maybe = match name {
            "id" => return Some(Value::Text(&self.id)),
            "name" => return Some(Value::Text(&self.name)),
            "category" => return Some(Value::Text(&self.category)),
            "categories" => return Some(Value::Texts(&self.categories)),
            "partner" => return Some(Value::Text(&self.partner)),
            "time_zone" => return Some(Value::Text(self.time_zone)),
            "benefit_value" => return self.benefit_value.map(Value::Number),
            "last_confirmed" => return self.last_confirmed.map(Value::Date),
            "benefit" => &self.benefit,
            "benefit_kind" => &self.benefit_kind,
            "address" => &self.address,
            "address_note" => &self.address_note,
            "wheelchair" => &self.wheelchair,
            "phone" => &self.phone,
            "site" => &self.site,
            "hours" => &self.hours,
            _ => return None,
        };
        maybe.as_deref().map(Value::Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_of_the_list_is_a_member_of_a_record_and_can_be_asked_for() {
        let card = br#"{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"id":"a","name":"\u0410","category":"cafe","benefit":"b","benefit_kind":"free","benefit_value":1,"address":"c","categories_more":["shop"],"phone":"+7","site":"https://d","partner":{"id":"p","name":"P"},"benefits":[],"wheelchair":"yes","address_note":"n","last_confirmed":"2026-10-31","version":1"#;
        let mut json = Vec::new();
        let record = read(card, Some("24/7"), "Europe/Moscow", &mut json).unwrap();
        let members = serde_json::to_value(&record).unwrap();
        let names: Vec<&str> = PROPERTIES.iter().map(|p| p.name).collect();
        assert_eq!(members.as_object().unwrap().len(), names.len());
        for p in PROPERTIES {
            let value = record.get(p.name).unwrap_or_else(|| panic!("{}", p.name));
            let as_json = match value {
                Value::Text(text) => text.into(),
                Value::Number(number) => number.into(),
                Value::Date(day) => day.to_string().into(),
                Value::Texts(texts) => serde_json::to_value(texts).unwrap(),
            };
            assert_eq!(members[p.name], as_json, "{}", p.name);
        }
        assert_eq!(record.categories, ["cafe", "shop"]);
        assert_eq!(record.get("open"), None);
    }
}
