//! Whether longitude and latitude have changed places.

use super::gazetteer::Gazetteer;
use crate::geometry::LonLat;

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
pub fn looks_swapped(given: Option<LonLat>, offered: LonLat, named_towns: impl FnOnce() -> Vec<String>) -> bool {
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
