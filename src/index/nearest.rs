//! The k nearest, exact on WGS 84.

use super::filter::Filter;
use super::segment::Segment;
use super::snapshot::{Dead, Found, Snapshot};
use super::view::View;
use crate::geometry::{LonLat, geodesic};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A place and how far it is.
#[derive(Clone, Copy)]
pub struct Neighbour<'a> {
    /// The place.
    pub place: Found<'a>,
    /// The geodesic, metres.
    pub distance_m: f64,
}

/// What the nearest question answers.
pub struct Nearest<'a> {
    /// Nearest first.
    pub neighbours: Vec<Neighbour<'a>>,
    /// Whether every match within the distance is among them.
    pub complete: bool,
}

impl Neighbour<'_> {
    /// Millimetres decide, then the id: places at one spot have one order on every replica.
    fn cmp(&self, other: &Self) -> Ordering {
        let mm = |d: f64| (d * 1_000.0).round() as u64;
        mm(self.distance_m).cmp(&mm(other.distance_m)).then_with(|| self.place.id().cmp(other.place.id()))
    }
}

/// A place whose chord is known and whose geodesic is not; the heap gives the shortest chord.
struct Candidate {
    chord_2: f64,
    slot: u32,
    of_delta: bool,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        other.chord_2.total_cmp(&self.chord_2)
    }
}
impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Candidate {}

/// Buckets of one segment's view, the nearest next.
struct Source<'a, I> {
    segment: &'a Segment,
    view: &'a View,
    dead: Option<&'a Dead>,
    of_delta: bool,
    buckets: I,
    next: Option<(std::ops::Range<usize>, f64)>,
}

impl<I: Iterator<Item = (std::ops::Range<usize>, f64)>> Source<'_, I> {
    fn nearest_2(&self) -> f64 {
        self.next.as_ref().map_or(f64::INFINITY, |(_, d2)| *d2)
    }

    fn open_next(&mut self, from: [f64; 3], candidates: &mut BinaryHeap<Candidate>) {
        let Some((ranks, _)) = std::mem::replace(&mut self.next, self.buckets.next()) else { return };
        for rank in ranks {
            let slot = self.view.slot(rank);
            if self.dead.is_some_and(|dead| dead.contains(slot)) {
                continue;
            }
            let to = self.segment.ecef(slot);
            let (dx, dy, dz) = (from[0] - to[0], from[1] - to[1], from[2] - to[2]);
            candidates.push(Candidate { chord_2: dx * dx + dy * dy + dz * dz, slot, of_delta: self.of_delta });
        }
    }
}

impl Snapshot {
    /// The places nearest to `from` that match, nearest first.
    ///
    /// # Shape
    /// At most `limit` places, none farther than `max_distance_m`; equal distances (to the millimetre) are ordered by
    /// id, so answers are stable.
    /// # Units
    /// `distance_m` is the geodesic on WGS 84, in metres.
    /// # Source
    /// Karney (2013), Algorithms for geodesics. The trees compare chords; [`geodesic::at_least_m`] proves when no
    /// place that was not looked at can be nearer.
    pub fn nearest(&self, from: LonLat, limit: usize, max_distance_m: f64, filter: &Filter) -> Nearest<'_> {
        let parts = self.parts(filter);
        let centre = geodesic::ecef(from);
        let mut base_buckets = parts.base.1.buckets_from(centre);
        let mut delta_buckets = parts.delta.1.buckets_from(centre);
        let mut base = Source {
            segment: parts.base.0,
            view: &parts.base.1,
            dead: (parts.dead.count() != 0).then_some(parts.dead),
            of_delta: false,
            next: base_buckets.next(),
            buckets: base_buckets,
        };
        let mut delta = Source {
            segment: parts.delta.0,
            view: &parts.delta.1,
            dead: None,
            of_delta: true,
            next: delta_buckets.next(),
            buckets: delta_buckets,
        };
        let mut candidates = BinaryHeap::with_capacity(128);
        // One more than asked tells whether something was cut off.
        let wanted = limit.saturating_add(1);
        let mut best: Vec<Neighbour<'_>> = Vec::with_capacity(wanted.min(1_024));
        let mut reach_m = max_distance_m;
        loop {
            let (base_2, delta_2) = (base.nearest_2(), delta.nearest_2());
            let open_2 = base_2.min(delta_2);
            match candidates.peek() {
                Some(Candidate { chord_2, .. }) if *chord_2 <= open_2 => {}
                _ if open_2 == f64::INFINITY => break,
                _ => {
                    // No place in an unopened bucket is nearer than the bucket.
                    if geodesic::at_least_m(open_2.sqrt()) > reach_m {
                        break;
                    }
                    if base_2 <= delta_2 {
                        base.open_next(centre, &mut candidates);
                    } else {
                        delta.open_next(centre, &mut candidates);
                    }
                    continue;
                }
            }
            let Some(Candidate { chord_2, slot, of_delta }) = candidates.pop() else { break };
            let chord_m = chord_2.sqrt();
            if geodesic::at_least_m(chord_m) > reach_m {
                break;
            }
            let place = Found::new(if of_delta { parts.delta.0 } else { parts.base.0 }, slot);
            let distance_m = geodesic::distance_between_m(chord_m, (centre, from), (place.ecef(), place.position()));
            if distance_m > max_distance_m {
                continue;
            }
            let neighbour = Neighbour { place, distance_m };
            if best.len() == wanted && best.last().is_some_and(|last| neighbour.cmp(last).is_ge()) {
                continue;
            }
            let at = best.partition_point(|b| b.cmp(&neighbour).is_lt());
            best.truncate(wanted - 1);
            best.insert(at, neighbour);
            if best.len() == wanted {
                // A tie may still come: equal to the millimetre, smaller by id.
                reach_m = max_distance_m.min(best[wanted - 1].distance_m + 0.001);
            }
        }
        let complete = best.len() <= limit;
        best.truncate(limit);
        Nearest { neighbours: best, complete }
    }
}
