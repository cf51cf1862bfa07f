//! The time zone of a position, where a file does not say it.
//!
//! It is that of the nearest Russian town. Borders of zones run between towns, so a village on a border may get its
//! neighbour's; a file that knows better says so in `time_zone`. Farther than 1,000 km from every town it is the
//! nautical zone of the longitude, `Etc/GMT`, which has no law behind it but is never hours off.

use super::gazetteer::Gazetteer;
use crate::geometry::LonLat;
use chrono_tz::Tz;

/// Beyond this no Russian town speaks for a position.
const FAR_M: f64 = 1_000_000.0;

/// The time zone of a position.
pub fn of_position(position: LonLat) -> Tz {
    match Gazetteer::get().nearest(position) {
        Some((town, far_m)) if far_m <= FAR_M => town.time_zone,
        _ => nautical(position.lon()),
    }
}

/// `Etc/GMT` counts westwards: `Etc/GMT-3` is three hours ahead.
fn nautical(lon: f64) -> Tz {
    let hours = (lon / 15.0).round() as i32;
    let name = if hours == 0 { "Etc/GMT".to_owned() } else { format!("Etc/GMT{:+}", -hours) };
    name.parse().unwrap_or(Tz::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn towns_speak_for_what_is_around_them() {
        for (lon, lat, zone) in [
            (41.97, 45.04, "Europe/Moscow"),
            (20.51, 54.71, "Europe/Kaliningrad"),
            (50.15, 53.2, "Europe/Samara"),
            (131.9, 43.1, "Asia/Vladivostok"),
            (177.5, 64.73, "Asia/Anadyr"),
            (-150.0, 0.0, "Etc/GMT+10"),
            (10.0, -40.0, "Etc/GMT-1"),
            (0.0, -89.0, "Etc/GMT"),
            (180.0, -60.0, "Etc/GMT-12"),
        ] {
            assert_eq!(of_position(LonLat::new(lon, lat).unwrap()).name(), zone, "{lon} {lat}");
        }
    }
}
