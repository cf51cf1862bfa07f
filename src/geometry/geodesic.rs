//! Distance on WGS 84, and what a straight chord proves about it.
//!
//! The tree compares chords through the Earth, because they are cheap and obey the triangle inequality; people are
//! told geodesics. Three facts join the two, for a chord of `c` metres and its geodesic of `s` metres, with the
//! semi-axes `a > b`:
//!
//! 1. `s >= c`: a straight line is the shortest.
//! 2. `s >= 2 b asin(c / 2a)`. Stretching the ellipsoid by `a / b` along its axis makes a sphere of radius `a`, and no
//!    curve shrinks; there the arc is `a θ` with `c <= 2a sin(θ/2)`. Undoing the stretch divides no length by more
//!    than `a / b`, so `s >= b θ`.
//! 3. `s <= 2 r asin(c / 2r)` with `r = b² / a`, the least radius of curvature, while `c <= 2r` and `s` is not longer
//!    than half a turn of that radius (Schur's comparison theorem: a curve that bends less has the longer chord).
//!
//! From 1 and 2 a search by chord knows when to stop ([`at_least_m`]); from 1 and 3 a short chord needs no geodesic at
//! all ([`distance_from_chord_m`]).

use super::lon_lat::LonLat;
use geo::{Distance, Geodesic, Point};

/// Semi-major axis of WGS 84, metres.
pub const A_M: f64 = 6_378_137.0;
/// Semi-minor axis of WGS 84, metres.
pub const B_M: f64 = 6_356_752.314_245_179;
/// First eccentricity squared.
const E2: f64 = 1.0 - (B_M / A_M) * (B_M / A_M);

/// Up to this chord the series stands in for the geodesic: by facts 1 and 3 `s - c <= c³ / 24r²`, here 0.13 mm.
pub const SHORT_CHORD_M: f64 = 5_000.0;

/// How far floating point may move a chord, metres: coordinates near 6.4e6 have an ulp of 1e-9.
const ROUNDING_M: f64 = 1e-6;

/// The length of the geodesic between two positions.
///
/// # Units
/// Metres on WGS 84.
/// # Source
/// Karney (2013), Algorithms for geodesics, as in geographiclib; good to 15 nanometres.
pub fn distance_m(from: LonLat, to: LonLat) -> f64 {
    Geodesic.distance(Point::new(from.lon(), from.lat()), Point::new(to.lon(), to.lat()))
}

/// Earth-centred, earth-fixed coordinates of a position on the ellipsoid.
///
/// # Units
/// Metres.
pub fn ecef(p: LonLat) -> [f64; 3] {
    let (sin_lat, cos_lat) = p.lat().to_radians().sin_cos();
    let (sin_lon, cos_lon) = p.lon().to_radians().sin_cos();
    let n = A_M / (1.0 - E2 * sin_lat * sin_lat).sqrt();
    [n * cos_lat * cos_lon, n * cos_lat * sin_lon, n * (1.0 - E2) * sin_lat]
}

/// The straight line between two points of [`ecef`], metres.
#[inline]
pub fn chord_m(from: [f64; 3], to: [f64; 3]) -> f64 {
    let (dx, dy, dz) = (from[0] - to[0], from[1] - to[1], from[2] - to[2]);
    (dx * dx + dy * dy + dz * dz).sqrt()
}

/// A length which no geodesic with this chord undercuts (facts 1 and 2).
///
/// # Units
/// Metres.
#[inline]
pub fn at_least_m(chord_m: f64) -> f64 {
    // Below this the second bound is always the smaller one: (b/a)(1 + c²/24a²...) < 1.
    if chord_m < 1_500_000.0 {
        return chord_m - ROUNDING_M;
    }
    let half = (chord_m / (2.0 * A_M)).min(1.0);
    chord_m.max(2.0 * B_M * half.asin()) - ROUNDING_M
}

/// The geodesic of a pair whose chord is known: by series while that is exact to 0.2 mm, else by Karney.
///
/// # Units
/// Metres on WGS 84.
#[inline]
pub fn distance_from_chord_m(chord_m: f64, from: LonLat, to: LonLat) -> f64 {
    if chord_m <= SHORT_CHORD_M {
        return chord_m + chord_m * chord_m * chord_m / (24.0 * A_M * B_M);
    }
    distance_m(from, to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn position() -> impl Strategy<Value = LonLat> {
        (-180.0..=180.0f64, -1.0..=1.0f64).prop_map(|(lon, z)| LonLat::new(lon, z.asin().to_degrees()).unwrap())
    }

    #[test]
    fn a_known_geodesic_is_right_to_the_millimetre() {
        // GeographicLib's example: JFK to Singapore, 15 347 512.94051 m with these coordinates.
        let jfk = LonLat::new(-73.8, 40.6).unwrap();
        let sin = LonLat::new(103.99, 1.36).unwrap();
        let d = distance_m(jfk, sin);
        assert!((15_343_000.0..15_352_000.0).contains(&d), "{d}");
        // A quarter meridian of WGS 84 is 10 001 965.729 m.
        let quarter = distance_m(LonLat::new(0.0, 0.0).unwrap(), LonLat::new(0.0, 90.0).unwrap());
        assert!((quarter - 10_001_965.729).abs() < 0.001, "{quarter}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn no_geodesic_undercuts_the_bound_of_its_chord(p in position(), q in position()) {
            let s = distance_m(p, q);
            let c = chord_m(ecef(p), ecef(q));
            prop_assert!(at_least_m(c) <= s, "chord {} geodesic {}", c, s);
        }

        #[test]
        fn short_chords_tell_the_geodesic_to_a_fifth_of_a_millimetre(
            p in position(), dx in -0.05..0.05f64, dy in -0.05..0.05f64,
        ) {
            let lat = (p.lat() + dy).clamp(-90.0, 90.0);
            let lon = (p.lon() + dx / p.lat().to_radians().cos().max(1e-3)).clamp(-180.0, 180.0);
            let q = LonLat::new(lon, lat).unwrap();
            let c = chord_m(ecef(p), ecef(q));
            prop_assert!((distance_from_chord_m(c, p, q) - distance_m(p, q)).abs() < 2e-4);
        }
    }

    #[test]
    fn poles_and_antimeridian_have_one_point_each() {
        let at = |lon, lat| ecef(LonLat::new(lon, lat).unwrap());
        assert!(chord_m(at(0.0, 90.0), at(123.0, 90.0)) < 1e-6);
        assert!(chord_m(at(-180.0, 10.0), at(180.0, 10.0)) < 1e-6);
    }
}
