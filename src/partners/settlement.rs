//! The settlement that an address names, and how far a pin is from it.
//!
//! Only what stands between commas as a whole is taken for a name, with or without «г.», «с.» or «ст-ца» before it. A
//! bare word with a house number behind it («Советская, 5») is a street, though a stanitsa is called so too.

use crate::domain::Lang;
use crate::domain::fold::fold;
use crate::domain::gazetteer::{Gazetteer, Settlement, is_kind};
use crate::geometry::{LonLat, geodesic};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A pin farther than this from every settlement that the address names is worth a word.
pub const FAR_M: f64 = 25_000.0;

struct Names {
    gazetteer: Gazetteer,
    by_name: HashMap<String, Vec<usize>>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let gazetteer = Gazetteer::embedded();
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, settlement) in gazetteer.all().iter().enumerate() {
        let russian = fold(settlement.name(Lang::Ru));
        let english = fold(settlement.name(Lang::En));
        if english != russian {
            by_name.entry(english).or_default().push(at);
        }
        by_name.entry(russian).or_default().push(at);
    }
    Names { gazetteer, by_name }
});

/// The nearest of the settlements that an address names, and how far it is from the pin.
///
/// # Units
/// Metres of geodesic on WGS 84, to the point the gazetteer has for the settlement.
pub fn named_in(address: &str, pin: LonLat) -> Option<(&'static Settlement, f64)> {
    let names = &*NAMES;
    let parts: Vec<&str> = address.split([',', ';']).map(str::trim).filter(|p| !p.is_empty()).collect();
    let found = parts.iter().enumerate().flat_map(|(i, part)| {
        let folded = fold(part);
        let words: Vec<&str> = folded.split(' ').collect();
        let kinds = words.iter().take(words.len() - 1).take_while(|w| is_kind(w) || **w == "ца").count();
        let is_street = kinds == 0 && parts.get(i + 1).is_some_and(|next| is_house(next));
        let name = words[kinds..].join(" ");
        let found = if is_street { None } else { names.by_name.get(&name) };
        found.into_iter().flatten().map(|&at| &names.gazetteer.all()[at])
    });
    found.map(|s| (s, geodesic::distance_m(pin, s.position))).min_by(|a, b| a.1.total_cmp(&b.1))
}

/// «5», «5а», «д. 5», «дом 5».
fn is_house(part: &str) -> bool {
    let folded = fold(part);
    let word = folded.split(' ').find(|w| !matches!(*w, "д" | "дом" | "стр" | "корп"));
    word.is_some_and(|w| w.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(address: &str, lon: f64, lat: f64) -> Option<(&'static str, i64)> {
        let (s, far_m) = named_in(address, LonLat::new(lon, lat).unwrap())?;
        Some((s.name(Lang::Ru), (far_m / 1_000.0).round() as i64))
    }

    #[test]
    fn names_with_and_without_their_kind() {
        for address in [
            "Пятигорск, ул. Кирова, 5",
            "г. Пятигорск, Советская, 5",
            "город Пятигорск",
            "357500, Ставропольский край, г Пятигорск, пр-кт Кирова, д. 5",
            "Pyatigorsk, Kirova 5",
        ] {
            let (name, km) = named(address, 43.06, 44.04).unwrap_or_else(|| panic!("{address}"));
            assert_eq!((name, km < 5), ("Пятигорск", true), "{address}");
        }
        let (name, km) = named("ст-ца Ессентукская, ул. Мира, 1", 42.88, 44.03).unwrap();
        assert_eq!((name, km < 10), ("Ессентукская", true));
    }

    #[test]
    fn a_pin_in_another_town_is_far() {
        let (name, km) = named("г. Пятигорск, ул. Кирова, 5", 41.97, 45.04).unwrap();
        assert_eq!((name, (100..200).contains(&km)), ("Пятигорск", true));
    }

    #[test]
    fn streets_are_no_settlements() {
        for address in ["Советская, 5", "Советская, д. 5а", "ул. Ленина, 5", "", ",,", "5"]
        {
            assert_eq!(named(address, 41.97, 45.04), None, "{address}");
        }
    }
}
