//! The k nearest, exact on WGS 84.

use super::filter::Filter;
use super::snapshot::{Found, Parts, Snapshot};
use super::view::Bucket;
use crate::geometry::{LonLat, geodesic};
use rstar::{RTreeNode, RTreeObject};
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

/// Distances this near to each other may be one to the millimetre, metres.
const TIE_M: f64 = 0.001;

/// A place whose chord is known and whose geodesic is not.
struct Candidate {
    chord_2: f64,
    slot: u32,
    of_delta: bool,
}

/// A node of a tree that was not opened yet; the heap gives the nearest one.
struct Unopened<'a> {
    distance_2: f64,
    node: &'a RTreeNode<Bucket>,
    of_delta: bool,
}

impl Ord for Unopened<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.distance_2.total_cmp(&self.distance_2)
    }
}
impl PartialOrd for Unopened<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Unopened<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Unopened<'_> {}

/// The walk over both trees, nearest node first, by chords alone. What lies beyond `limit_2` is not even put on the
/// heap: after the first buckets that is most of what a node holds.
struct Walk<'a> {
    centre: [f64; 3],
    wanted: usize,
    /// The least chords seen, squared, ascending; at most `wanted`.
    least_2: Vec<f64>,
    /// The chord, squared, beyond which no place can be among the wanted.
    limit_2: f64,
    unopened: BinaryHeap<Unopened<'a>>,
    candidates: Vec<Candidate>,
}

impl<'a> Walk<'a> {
    fn new(centre: [f64; 3], wanted: usize, max_distance_m: f64) -> Self {
        Self {
            centre,
            wanted,
            least_2: Vec::with_capacity(wanted.min(1_024)),
            // No geodesic is shorter than its chord.
            limit_2: (max_distance_m + TIE_M).powi(2),
            unopened: BinaryHeap::with_capacity(64),
            candidates: Vec::with_capacity(64),
        }
    }

    fn push(&mut self, nodes: &'a [RTreeNode<Bucket>], of_delta: bool) {
        for node in nodes {
            let distance_2 = match node {
                RTreeNode::Parent(parent) => parent.envelope().distance_2(&self.centre),
                RTreeNode::Leaf(bucket) => bucket.envelope().distance_2(&self.centre),
            };
            if distance_2 <= self.limit_2 {
                self.unopened.push(Unopened { distance_2, node, of_delta });
            }
        }
    }

    fn note(&mut self, candidate: Candidate) {
        let chord_2 = candidate.chord_2;
        self.candidates.push(candidate);
        let full = self.least_2.len() == self.wanted;
        if full && self.least_2.last().is_some_and(|last| chord_2 >= *last) {
            return;
        }
        if full {
            self.least_2.pop();
        }
        let at = self.least_2.partition_point(|c| *c <= chord_2);
        self.least_2.insert(at, chord_2);
        if let Some(last) = self.least_2.get(self.wanted - 1) {
            // The wanted ones are no farther than this; what ties with the last of them still counts.
            let farthest_m = geodesic::at_most_m(last.sqrt()) + TIE_M;
            self.limit_2 = self.limit_2.min(farthest_m * farthest_m);
        }
    }

    /// Every place that may be among the wanted, by chord.
    fn run(mut self, parts: &'a Parts<'_>) -> Vec<Candidate> {
        let (base, delta) = (&parts.base, &parts.delta);
        self.push(base.1.roots(), false);
        self.push(delta.1.roots(), true);
        let some_are_dead = parts.dead.count() != 0;
        while let Some(Unopened { distance_2, node, of_delta }) = self.unopened.pop() {
            if distance_2 > self.limit_2 {
                break;
            }
            let bucket = match node {
                RTreeNode::Parent(parent) => {
                    self.push(parent.children(), of_delta);
                    continue;
                }
                RTreeNode::Leaf(bucket) => bucket,
            };
            let (segment, view) = if of_delta { delta } else { base };
            for rank in bucket.ranks() {
                let slot = view.slot(rank);
                let (from, to) = (self.centre, segment.ecef(slot));
                let (dx, dy, dz) = (from[0] - to[0], from[1] - to[1], from[2] - to[2]);
                let chord_2 = dx * dx + dy * dy + dz * dz;
                if chord_2 <= self.limit_2 && !(some_are_dead && !of_delta && parts.dead.contains(slot)) {
                    self.note(Candidate { chord_2, slot, of_delta });
                }
            }
        }
        let limit_2 = self.limit_2;
        self.candidates.retain(|c| c.chord_2 <= limit_2);
        self.candidates.sort_unstable_by(|a, b| a.chord_2.total_cmp(&b.chord_2));
        self.candidates
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
    /// Karney (2013), Algorithms for geodesics. The trees compare chords; [`geodesic::at_most_m`] and
    /// [`geodesic::at_least_m`] prove that no place that was not looked at can be nearer.
    pub fn nearest(&self, from: LonLat, limit: usize, max_distance_m: f64, filter: &Filter) -> Nearest<'_> {
        let parts = self.parts(filter);
        let centre = geodesic::ecef(from);
        // One more than asked tells whether something was cut off.
        let wanted = limit.saturating_add(1);
        let candidates = Walk::new(centre, wanted, max_distance_m).run(&parts);
        let mut best: Vec<Neighbour<'_>> = Vec::with_capacity(wanted.min(candidates.len()));
        let mut reach_m = max_distance_m;
        for Candidate { chord_2, slot, of_delta } in candidates {
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
                reach_m = max_distance_m.min(best[wanted - 1].distance_m + TIE_M);
            }
        }
        let complete = best.len() <= limit;
        best.truncate(limit);
        Nearest { neighbours: best, complete }
    }
}
