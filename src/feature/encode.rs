//! GeoJSON (RFC 7946) of a location: encoded once per edit, concatenated ever after.
//!
//! A [`Fragment`] is a Feature cut open at the end of its `properties`: the list part, then what only the card has.
//! Whoever answers appends what depends on the moment or the question (`open`, `distance_m`) and [`CLOSE`].

use crate::domain::benefit::first_in_force;
use crate::domain::fold::fold_into;
use crate::domain::location::Published;
use crate::domain::{Benefit, Category};
use chrono::NaiveDate;
use serde::Serialize;

/// How every fragment begins; the id follows, which needs no escapes, and a quotation mark.
pub const OPEN: &str = r#"{"type":"Feature","id":""#;
/// What closes the properties and the feature.
pub const CLOSE: &str = "}}";

/// An encoded location.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fragment {
    /// UTF-8 JSON: the list part, then the card part.
    pub bytes: Vec<u8>,
    /// Length of the id, which stands after [`OPEN`].
    pub id_bytes: u16,
    /// Length of the list part.
    pub list_bytes: u32,
    /// Folded name, benefits and address, a line each, each word after a space: what `q` and search look into.
    pub text: String,
}

/// The properties that every answer carries, beside `open` and `distance_m`.
#[derive(Serialize)]
struct ListProperties<'a> {
    id: &'a str,
    name: &'a str,
    category: Category,
    benefit: Option<&'a str>,
    benefit_kind: Option<&'static str>,
    benefit_value: Option<Number>,
    address: Option<&'a str>,
}

/// What the card has beside them. A million cards lie in memory, so what is absent is left out here and written as
/// null when a card is asked for ([`CARD_DEFAULTS`]); the hours and their zone stand with the schedule.
#[derive(Serialize)]
struct CardProperties<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    categories_more: &'a [Category],
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_ext: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_display: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<&'a str>,
    partner: PartnerProperties<'a>,
    benefits: Vec<BenefitProperties<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wheelchair: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_note: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fias_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    photo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_confirmed: Option<NaiveDate>,
    version: i64,
}

/// Members of a card that its fragment leaves out when there is nothing to say, with what is written then.
pub const CARD_DEFAULTS: &[(&str, &str)] = &[
    ("categories_more", "[]"),
    ("phone", "null"),
    ("phone_ext", "null"),
    ("phone_display", "null"),
    ("site", "null"),
    ("wheelchair", "null"),
    ("address_note", "null"),
    ("fias_id", "null"),
    ("photo", "null"),
    ("last_confirmed", "null"),
];

#[derive(Serialize)]
struct PartnerProperties<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct BenefitProperties<'a> {
    title: &'a str,
    kind: Option<&'static str>,
    value: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<&'a str>,
}

/// A value that is written as `10`, not `10.0`, where it is whole.
#[derive(Serialize)]
#[serde(untagged)]
enum Number {
    Whole(i64),
    Real(f64),
}

impl Number {
    fn of(value: f64) -> Self {
        if value.fract() == 0.0 && value.abs() < 1e15 { Self::Whole(value as i64) } else { Self::Real(value) }
    }
}

impl<'a> BenefitProperties<'a> {
    fn of(b: &'a Benefit) -> Self {
        Self {
            title: &b.title,
            kind: b.kind.map(crate::domain::BenefitKind::code),
            value: b.value.map(Number::of),
            terms: b.terms.as_deref(),
            from: b.from,
            to: b.to,
            hours: b.hours.as_deref(),
        }
    }
}

/// Appends the fields of a struct to an open JSON object.
pub fn append_fields(value: &impl Serialize, first: bool, out: &mut Vec<u8>) {
    let start = out.len();
    serde_json::to_writer(&mut *out, value).expect("plain data into memory");
    // `{…}` becomes `,…` or `…`: the object around it is already open.
    if first {
        out.remove(start);
    } else {
        out[start] = b',';
    }
    out.pop();
}

/// Appends what the card part of a fragment left out: the members of [`CARD_DEFAULTS`] that it lacks.
pub fn append_defaults(card_part: &[u8], out: &mut Vec<u8>) {
    // A member's name stands after a comma outside of any text; inside a text the quotation mark would be escaped.
    let card = String::from_utf8_lossy(card_part);
    for (name, default) in CARD_DEFAULTS {
        if !card.contains(&format!(",\"{name}\":")) {
            out.extend_from_slice(format!(",\"{name}\":{default}").as_bytes());
        }
    }
}

/// Encodes a location as it is shown on `day`.
pub fn encode(published: &Published, day: NaiveDate) -> Fragment {
    let l = &published.location;
    let shown = first_in_force(&l.benefits, day);
    let mut bytes = Vec::with_capacity(640);
    bytes.extend_from_slice(OPEN.as_bytes());
    bytes.extend_from_slice(l.id.as_str().as_bytes());
    bytes.extend_from_slice(br#"","geometry":{"type":"Point","coordinates":"#);
    serde_json::to_writer(&mut bytes, &[l.position.lon(), l.position.lat()]).expect("two numbers into memory");
    bytes.extend_from_slice(br#"},"properties":{"#);
    let list = ListProperties {
        id: l.id.as_str(),
        name: &l.name,
        category: l.category,
        benefit: shown.map(|b| b.title.as_str()),
        benefit_kind: shown.and_then(|b| b.kind).map(crate::domain::BenefitKind::code),
        benefit_value: shown.and_then(|b| b.value).map(Number::of),
        address: l.address.as_deref(),
    };
    append_fields(&list, true, &mut bytes);
    let list_bytes = bytes.len() as u32;
    let card = CardProperties {
        categories_more: &l.categories_more,
        phone: l.phone.as_ref().map(|p| p.e164.as_str()),
        phone_ext: l.phone.as_ref().and_then(|p| p.ext.as_deref()),
        phone_display: l.phone.as_ref().map(crate::domain::Phone::display),
        site: l.site.as_deref(),
        partner: PartnerProperties { id: l.partner_id.as_str(), name: &published.partner_name },
        benefits: l.benefits.iter().map(BenefitProperties::of).collect(),
        wheelchair: l.wheelchair.map(crate::domain::Wheelchair::code),
        address_note: l.address_note.as_deref(),
        fias_id: l.fias_id.as_deref(),
        photo: l.photo.as_ref().map(|id| format!("/photos/{id}")),
        last_confirmed: l.last_confirmed,
        version: published.version,
    };
    append_fields(&card, false, &mut bytes);
    let mut text = String::with_capacity(96);
    // A space before every word lets a search for " word" find beginnings of words only.
    text.push(' ');
    fold_into(&l.name, &mut text);
    text.push('\n');
    for b in &l.benefits {
        fold_into(&b.title, &mut text);
    }
    text.push('\n');
    if let Some(address) = &l.address {
        fold_into(address, &mut text);
    }
    Fragment { bytes, id_bytes: l.id.as_str().len() as u16, list_bytes, text }
}
