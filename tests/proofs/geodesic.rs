//! The bounds of the chord, and the arc that stands for Karney, beside Karney.

use crate::brute::{antimeridian, antipode, anywhere, at, karney_m, on_all_processors, polar, rng, wrapped};
use rand::RngExt;
use rand::rngs::StdRng;
use ryadom::geometry::LonLat;
use ryadom::geometry::geodesic::{ARC_CHORD_M, at_least_m, chord_m, distance_between_m, distance_m, ecef};
use std::sync::Mutex;

/// Two positions: anywhere, near each other, on one meridian or parallel, opposite, at the poles.
fn pair(rng: &mut StdRng) -> (LonLat, LonLat) {
    let p = match rng.random_range(0..6) {
        0 => polar(rng, true),
        1 => polar(rng, false),
        2 => antimeridian(rng),
        3 => at(rng.random_range(-180.0..=180.0), [0.0, 1e-9, -1e-7, 0.1][rng.random_range(0..4)]),
        _ => anywhere(rng),
    };
    let away_deg = 10_f64.powf(rng.random_range(-9.0..0.14));
    let angle: f64 = rng.random_range(0.0..std::f64::consts::TAU);
    let north = |deg: f64| (p.lat() + deg).clamp(-90.0, 90.0);
    let east = |deg: f64| wrapped(p.lon() + deg / p.lat().to_radians().cos().max(0.01));
    let q = match rng.random_range(0..10) {
        0 => anywhere(rng),
        1 => antipode(p),
        2 => {
            let far = antipode(p);
            at(wrapped(far.lon() + away_deg), (far.lat() + away_deg).clamp(-90.0, 90.0))
        }
        3 => at(p.lon(), north(away_deg)),
        4 => at(east(away_deg), p.lat()),
        5 => at(wrapped(180.0 - p.lon()), p.lat()),
        // Where the arc is worst: as far as it goes.
        6 => at(east(1.34 * angle.sin()), north(1.34 * angle.cos())),
        _ => at(east(away_deg * angle.sin()), north(away_deg * angle.cos())),
    };
    (p, q)
}

/// The largest error of the arc that was met, and where.
#[derive(Default)]
struct Worst {
    error_m: f64,
    text: String,
    arcs: usize,
}

fn proof(seed: u64, rounds: usize, pairs: usize) -> Worst {
    let worst = Mutex::new(Worst::default());
    on_all_processors(rounds, |round| {
        let mut rng = rng(seed << 32 | round as u64);
        let mut own = Worst::default();
        for _ in 0..pairs {
            let (p, q) = pair(&mut rng);
            let s = karney_m(p, q);
            let c = chord_m(ecef(p), ecef(q));
            assert!((distance_m(p, q) - s).abs() < 1e-9, "distance_m {p} {q}");
            assert!(at_least_m(c) <= s, "{p} {q}: geodesic {s} under the bound {} of its chord {c}", at_least_m(c));
            // A bound that says nothing would hold too: it must also stop the search. From pole to pole it is worst.
            assert!(at_least_m(c) >= s * 0.946 - 1e-5, "{p} {q}: bound {} for {s}", at_least_m(c));
            let d = distance_between_m(c, (ecef(p), p), (ecef(q), q));
            let error_m = (d - s).abs();
            // The promise is a tenth of a millimetre; the arc keeps a tenth of that.
            assert!(error_m < 1e-5, "{p} {q}: {d} for {s}, chord {c}");
            own.arcs += usize::from(c <= ARC_CHORD_M);
            if error_m > own.error_m {
                own.error_m = error_m;
                own.text = format!("{p} to {q}, {s} m");
            }
        }
        let mut worst = worst.lock().expect("no panic");
        worst.arcs += own.arcs;
        if own.error_m > worst.error_m {
            *worst = Worst { arcs: worst.arcs, ..own };
        }
    });
    let worst = worst.into_inner().expect("no panic");
    println!(
        "{} pairs, {} of them by an arc: at most {:.6} mm off ({})",
        rounds * pairs,
        worst.arcs,
        worst.error_m * 1_000.0,
        worst.text
    );
    worst
}

#[test]
fn chords_and_arcs_hold_beside_karney_over_100_000_pairs() {
    let worst = proof(41, 100, 1_000);
    assert!(worst.arcs > 30_000 && worst.error_m > 0.0);
}

#[test]
#[ignore = "slow: make test-full"]
fn chords_and_arcs_hold_beside_karney_over_5_000_000_pairs() {
    proof(42, 5_000, 1_000);
}

/// The bound grows with the chord: the search stops at the first that is too far.
#[test]
fn the_bound_of_a_chord_never_falls() {
    let mut before = f64::NEG_INFINITY;
    for i in 0..2_000_000 {
        let bound = at_least_m(f64::from(i) * 6.4);
        assert!(bound >= before, "chord {}", f64::from(i) * 6.4);
        before = bound;
    }
    for edge in [1_500_000.0_f64, 12_756_274.0] {
        assert!(at_least_m(edge.next_down()) <= at_least_m(edge) && at_least_m(edge) <= at_least_m(edge.next_up()));
    }
}
