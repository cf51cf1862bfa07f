//! Places of Russia with 5,000 people or more: what is near a position, and where a name lies.
//!
//! The file is `data/gazetteer/russia_places.csv` (GeoNames, CC BY 4.0; see `data/SOURCES.md`).

use crate::domain::fold::fold;
use crate::geometry::LonLat;
use crate::geometry::geodesic::{chord_m, ecef};
use chrono_tz::Tz;
use rstar::RTree;
use rstar::primitives::GeomWithData;
use std::collections::HashMap;
use std::sync::LazyLock;

static FILE: &str = include_str!("../../data/gazetteer/russia_places.csv");

/// A place of the file.
#[derive(Debug, Clone, Copy)]
pub struct Town {
    /// Where it is.
    pub position: LonLat,
    /// Its time zone.
    pub time_zone: Tz,
}

/// The places with their two indexes.
pub struct Gazetteer {
    towns: Vec<Town>,
    /// Over earth-centred coordinates, where the straight line orders as the geodesic does near enough.
    tree: RTree<GeomWithData<[f64; 3], u32>>,
    by_name: HashMap<String, Vec<u32>>,
}

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| Gazetteer::read(FILE));

impl std::fmt::Debug for Gazetteer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gazetteer").field("towns", &self.towns.len()).finish_non_exhaustive()
    }
}

impl Gazetteer {
    /// The one of the binary; read on first use, in some milliseconds.
    pub fn get() -> &'static Self {
        &GAZETTEER
    }

    fn read(csv: &str) -> Self {
        let mut towns = Vec::new();
        let mut by_name: HashMap<String, Vec<u32>> = HashMap::new();
        for row in csv::Reader::from_reader(csv.as_bytes()).records().flatten() {
            let town = || {
                let position = LonLat::new(row.get(3)?.parse().ok()?, row.get(4)?.parse().ok()?).ok()?;
                Some(Town { position, time_zone: row.get(7)?.parse().ok()? })
            };
            if let Some(town) = town() {
                by_name.entry(fold(row.get(1).unwrap_or_default())).or_default().push(towns.len() as u32);
                towns.push(town);
            }
        }
        let points = towns.iter().enumerate().map(|(i, t)| GeomWithData::new(ecef(t.position), i as u32)).collect();
        Self { tree: RTree::bulk_load(points), towns, by_name }
    }

    /// The nearest place and how far it is, as the crow tunnels.
    ///
    /// # Units
    /// Metres of chord; below the geodesic by 0.1 % at 1,000 km.
    pub fn nearest(&self, to: LonLat) -> Option<(&Town, f64)> {
        let at = ecef(to);
        let found = self.tree.nearest_neighbor(at)?;
        Some((&self.towns[found.data as usize], chord_m(at, *found.geom())))
    }

    /// Metres to the nearest place of a name, such as `Пятигорск`; `None` when no place has it.
    ///
    /// # Shape
    /// `folded` has gone through [`fold`].
    pub fn distance_to_named_m(&self, folded: &str, from: LonLat) -> Option<f64> {
        let at = ecef(from);
        let towns = self.by_name.get(folded)?;
        towns.iter().map(|&i| chord_m(at, ecef(self.towns[i as usize].position))).min_by(f64::total_cmp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_file_is_read() {
        assert_eq!(Gazetteer::get().towns.len(), FILE.lines().count() - 1);
    }

    #[test]
    fn near_and_named_places_are_found() {
        let at = LonLat::new(43.06, 44.04).unwrap();
        let (town, far_m) = Gazetteer::get().nearest(at).unwrap();
        assert_eq!(town.time_zone, Tz::Europe__Moscow);
        assert!(far_m < 2_000.0, "{far_m}");
        assert!(Gazetteer::get().distance_to_named_m("пятигорск", at).unwrap() < 2_000.0);
        assert_eq!(Gazetteer::get().distance_to_named_m("нетакогогорода", at), None);
    }
}
