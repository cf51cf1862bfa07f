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
//! 4. `s <= 2 a asin(c / 2b)`: fact 2 the other way round. Compressing the sphere of radius `a` makes the ellipsoid, no
//!    curve grows, and the chord on the sphere was at most `a / b` times longer. So a chord up to 10,000 km has no
//!    geodesic beyond half a turn of `r`, and fact 3 holds for it.
//!
//! A search by chord knows from them when to stop ([`at_least_m`], [`at_most_m`]). From 1 and 3 the geodesic of a chord of 5 km is
//! known to 0.13 mm whatever its direction; with the curvature of the surface in that very direction, the arc of a
//! circle stands for the geodesic up to [`ARC_CHORD_M`], and Karney's series is needed beyond it only.

use super::lon_lat::LonLat;
use geo::{Distance, Geodesic, Point};

/// Semi-major axis of WGS 84, metres.
pub const A_M: f64 = 6_378_137.0;
/// Semi-minor axis of WGS 84, metres.
pub const B_M: f64 = 6_356_752.314_245_179;
/// First eccentricity squared.
const E2: f64 = 1.0 - (B_M / A_M) * (B_M / A_M);

/// Up to this chord an arc of the surface's own curvature stands for the geodesic, to a tenth of a millimetre (held by a
/// test against Karney over every latitude and direction). It costs 15 ns instead of 600.
pub const ARC_CHORD_M: f64 = 150_000.0;

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

/// A length which no geodesic with this chord exceeds (facts 3 and 4).
///
/// # Units
/// Metres.
#[inline]
pub fn at_most_m(chord_m: f64) -> f64 {
    const LEAST_RADIUS_M: f64 = B_M * B_M / A_M;
    if chord_m < 10_000_000.0 {
        let x = chord_m / (2.0 * LEAST_RADIUS_M);
        // asin(x) <= x (1 + 0.17 x²) for x up to 0.1; most calls are about chords of some kilometres.
        let angle = if x < 0.1 { x * (1.0 + 0.17 * x * x) } else { x.asin() };
        return 2.0 * LEAST_RADIUS_M * angle + ROUNDING_M;
    }
    2.0 * A_M * (chord_m / (2.0 * B_M)).min(1.0).asin() + ROUNDING_M
}

/// The geodesic of a pair whose points are known: by an arc while that is exact to 0.1 mm, else by Karney.
///
/// # Units
/// Metres on WGS 84.
/// # Source
/// Meusnier and Euler: the curvature of the ellipsoid `F = 1` in the direction `t` is `t·F''t / |F'|`, taken at the
/// middle of the chord; the arc of that curvature over the chord `c` is `2/k asin(kc/2)`.
#[inline]
pub fn distance_between_m(chord_m: f64, from: ([f64; 3], LonLat), to: ([f64; 3], LonLat)) -> f64 {
    const A2: f64 = A_M * A_M;
    const B2: f64 = B_M * B_M;
    if chord_m > ARC_CHORD_M {
        return distance_m(from.1, to.1);
    }
    let (p, q) = (from.0, to.0);
    let (dx, dy, dz) = (q[0] - p[0], q[1] - p[1], q[2] - p[2]);
    let (mx, my, mz) = ((p[0] + q[0]) * 0.5, (p[1] + q[1]) * 0.5, (p[2] + q[2]) * 0.5);
    let (m2, mz2) = (mx * mx + my * my, mz * mz);
    // The middle of the chord lies a little below the surface; this puts it there.
    let depth = (m2 / A2 + mz2 / B2).sqrt();
    let gradient = (m2 / (A2 * A2) + mz2 / (B2 * B2)).sqrt() / depth;
    // (kc)²: the chord's direction is left unscaled, so nothing is divided by a chord of zero.
    let bend = (dx * dx + dy * dy) / A2 + dz * dz / B2;
    let kc = if chord_m > 0.0 { bend / (gradient * chord_m) } else { 0.0 };
    let u = kc * kc * 0.25;
    // asin(x)/x for x² = u <= 1.4e-4
    chord_m * (1.0 + u * (1.0 / 6.0 + u * (3.0 / 40.0 + u * (15.0 / 336.0))))
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
        // The example of GeographicLib's documentation, New York to London.
        let (jfk, lhr) = (LonLat::new(-73.8, 40.6).unwrap(), LonLat::new(-0.5, 51.6).unwrap());
        let d = distance_m(jfk, lhr);
        assert!((d - 5_551_759.400).abs() < 0.001, "{d}");
        // A quarter meridian of WGS 84 is 10 001 965.729 m.
        let quarter = distance_m(LonLat::new(0.0, 0.0).unwrap(), LonLat::new(0.0, 90.0).unwrap());
        assert!((quarter - 10_001_965.729).abs() < 0.001, "{quarter}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn every_geodesic_lies_between_the_bounds_of_its_chord(p in position(), q in position()) {
            let s = distance_m(p, q);
            let c = chord_m(ecef(p), ecef(q));
            prop_assert!(at_least_m(c) <= s, "chord {} geodesic {}", c, s);
            prop_assert!(s <= at_most_m(c), "chord {} geodesic {}", c, s);
        }

        #[test]
        fn an_arc_tells_the_geodesic_to_a_tenth_of_a_millimetre(
            p in position(), azimuth in 0.0..std::f64::consts::TAU, reach_deg in 0.0..1.34f64,
        ) {
            let lat = (p.lat() + reach_deg * azimuth.cos()).clamp(-90.0, 90.0);
            let lon = p.lon() + reach_deg * azimuth.sin() / p.lat().to_radians().cos().max(1e-3);
            let q = LonLat::new((lon + 540.0).rem_euclid(360.0) - 180.0, lat).unwrap();
            let c = chord_m(ecef(p), ecef(q));
            let d = distance_between_m(c, (ecef(p), p), (ecef(q), q));
            let error = (d - distance_m(p, q)).abs();
            prop_assert!(error < 1e-4, "{} m off at {} m", error, c);
            let s = distance_m(p, q);
            prop_assert!(at_least_m(c) <= s && s <= at_most_m(c), "chord {} geodesic {}", c, s);
        }
    }

    #[test]
    fn poles_and_antimeridian_have_one_point_each() {
        let at = |lon, lat| ecef(LonLat::new(lon, lat).unwrap());
        assert!(chord_m(at(0.0, 90.0), at(123.0, 90.0)) < 1e-6);
        assert!(chord_m(at(-180.0, 10.0), at(180.0, 10.0)) < 1e-6);
    }
}
