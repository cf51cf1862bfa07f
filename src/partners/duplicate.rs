//! Likely twins: another location with the same tax number or telephone, or with a similar name next door.

use crate::domain::fold::fold;
use crate::geometry::{LonLat, geodesic};
use crate::store::revisions::NearRow;

/// How near a similar name is suspicious.
pub const NEAR_M: f64 = 150.0;
/// From here on two names are similar (Jaro-Winkler on folded names).
const SIMILAR: f64 = 0.88;
/// Words that many names have and that tell none apart.
const COMMON: [&str; 16] = [
    "ооо",
    "ип",
    "ао",
    "пао",
    "магазин",
    "кафе",
    "аптека",
    "музей",
    "библиотека",
    "школа",
    "центр",
    "салон",
    "студия",
    "клуб",
    "филиал",
    "им",
];

/// Why a place may be the same as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The tax number of its partner.
    SameInn,
    /// A similar name within [`NEAR_M`].
    SimilarName,
    /// The telephone.
    SamePhone,
}

impl Reason {
    /// The public code.
    pub fn code(self) -> &'static str {
        match self {
            Self::SameInn => "same_inn",
            Self::SimilarName => "similar_name",
            Self::SamePhone => "same_phone",
        }
    }
}

/// A likely twin.
#[derive(Debug, Clone, PartialEq)]
pub struct Twin {
    /// The other place.
    pub place: NearRow,
    /// How far it is.
    pub distance_m: f64,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What is compared.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The name of the place.
    pub name: &'a str,
    /// Its telephone, E.164.
    pub phone: Option<&'a str>,
    /// Its partner's tax number.
    pub inn: Option<&'a str>,
    /// Where it is.
    pub position: LonLat,
}

/// Degrees of longitude and latitude that surely hold [`NEAR_M`] around a position.
pub fn half_box(position: LonLat) -> (f64, f64) {
    let lat = NEAR_M / 110_000.0;
    let shrink = position.lat().to_radians().cos().max(0.01);
    (lat / shrink, lat)
}

/// Those of the places that may be the same, the nearest first.
///
/// # Shape
/// The same tax number counts for a place within a kilometre, or with a similar name anywhere: branches of one chain
/// are no twins.
/// # Units
/// `distance_m` is the geodesic on WGS 84, in metres.
pub fn twins(of: Subject<'_>, places: Vec<NearRow>) -> Vec<Twin> {
    let mut twins: Vec<Twin> = places
        .into_iter()
        .filter_map(|place| {
            let position = LonLat::new(place.lon, place.lat).ok()?;
            let distance_m = geodesic::distance_m(of.position, position);
            let similar = similar(of.name, &place.name);
            let mut reasons = Vec::new();
            if of.inn.is_some()
                && of.inn == place.inn.as_deref()
                && (distance_m <= 1_000.0 || similar && distance_m <= 5_000.0)
            {
                reasons.push(Reason::SameInn);
            }
            if similar && distance_m <= NEAR_M {
                reasons.push(Reason::SimilarName);
            }
            if of.phone.is_some() && of.phone == place.phone.as_deref() {
                reasons.push(Reason::SamePhone);
            }
            (!reasons.is_empty()).then_some(Twin { place, distance_m, reasons })
        })
        .collect();
    twins.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then_with(|| a.place.id.cmp(&b.place.id)));
    twins.truncate(20);
    twins
}

/// Whether two names may be of one place.
pub fn similar(a: &str, b: &str) -> bool {
    let (a, b) = (bare(a), bare(b));
    if a.is_empty() || b.is_empty() {
        return a == b;
    }
    a == b
        || strsim::jaro_winkler(&a, &b) >= SIMILAR
        || a.contains(&b) && b.chars().count() >= 5
        || b.contains(&a) && a.chars().count() >= 5
}

/// A name without the words that many have; all of it where it has no others.
fn bare(name: &str) -> String {
    let folded = fold(name);
    let own: Vec<&str> = folded.split(' ').filter(|word| !COMMON.contains(word)).collect();
    if own.iter().all(|word| word.is_empty()) { folded } else { own.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(id: &str, name: &str, lon: f64, phone: Option<&str>, inn: Option<&str>) -> NearRow {
        NearRow {
            id: id.into(),
            name: name.into(),
            address: None,
            lon,
            lat: 45.0,
            state: "published".into(),
            phone: phone.map(Into::into),
            inn: inn.map(Into::into),
        }
    }

    #[test]
    fn names_of_one_place_are_similar_and_others_not() {
        for (a, b) in [
            ("Пекарня «Колос»", "пекарня колос"),
            ("ООО Колосок", "Колосок"),
            ("Кафе Лакомка", "Лакомка №1"),
            ("Аптека Вита", "Аптека «Вита»"),
        ] {
            assert!(similar(a, b), "{a} {b}");
        }
        for (a, b) in [("Аптека Вита", "Аптека Ригла"), ("Магазин Восход", "Магазин Заря"), ("", "Заря")]
        {
            assert!(!similar(a, b), "{a} {b}");
        }
    }

    #[test]
    fn a_twin_has_a_reason_and_a_branch_is_none() {
        let of = Subject {
            name: "Колос",
            phone: Some("+78652000000"),
            inn: Some("7707083893"),
            position: LonLat::new(41.97, 45.0).unwrap(),
        };
        let twins = twins(
            of,
            vec![
                place("next-door", "Пекарня «Колос»", 41.971, None, None),
                place("far-phone", "Иное", 43.0, Some("+78652000000"), None),
                place("branch", "Колос", 43.0, None, Some("7707083893")),
                place("same-house", "Склад", 41.97, None, Some("7707083893")),
                place("stranger", "Ромашка", 41.97, None, None),
            ],
        );
        let found: Vec<(&str, Vec<&str>)> =
            twins.iter().map(|t| (t.place.id.as_str(), t.reasons.iter().map(|r| r.code()).collect())).collect();
        assert_eq!(
            found,
            [("same-house", vec!["same_inn"]), ("next-door", vec!["similar_name"]), ("far-phone", vec!["same_phone"]),]
        );
    }
}
