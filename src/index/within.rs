//! What lies inside a bbox, page by page.

use super::filter::Filter;
use super::segment::Segment;
use super::snapshot::{Dead, Found, Snapshot};
use super::view::View;
use crate::geometry::{Bbox, LonLat, mercator};

/// Where a page ended: the place's Morton code and id. It holds across edits, because it names no slot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct After {
    /// Morton code of the last place.
    pub code: u64,
    /// Its id.
    pub id: Box<str>,
}

/// One page.
pub struct Page<'a> {
    /// By (Morton code, id).
    pub places: Vec<Found<'a>>,
    /// Where to go on, when there is more.
    pub next: Option<After>,
}

/// Cells of zoom 32, edges included.
#[derive(Debug, Clone, Copy)]
struct Cells {
    min: (u32, u32),
    max: (u32, u32),
}

impl Cells {
    fn of(b: &Bbox) -> Option<Self> {
        let corner = |lon, lat| LonLat::new(lon, lat).ok().map(mercator::cell);
        Some(Self { min: corner(b.west, b.north)?, max: corner(b.east, b.south)? })
    }
}

impl Snapshot {
    /// The places inside `bbox` that match, in Morton order, after `after`.
    ///
    /// # Shape
    /// At most `limit`; `next` says where to go on. A place that is neither added nor moved meanwhile appears on
    /// exactly one page.
    pub fn within(&self, bbox: &Bbox, limit: usize, after: Option<&After>, filter: &Filter) -> Page<'_> {
        let parts = self.parts(filter);
        let wanted = limit.saturating_add(1);
        let mut places = Vec::new();
        // Across the antimeridian the world's two edges are walked one after the other, west part of the order first.
        for part in bbox.split() {
            let Some(cells) = Cells::of(&part) else { continue };
            let walk = Walk { cells, bbox, after, wanted };
            walk.collect(parts.base.0, &parts.base.1, Some(parts.dead), &mut places);
            walk.collect(parts.delta.0, &parts.delta.1, None, &mut places);
        }
        let key = |f: &Found<'_>| (f.code(), f.id().to_owned());
        places.sort_by(|a, b| a.code().cmp(&b.code()).then_with(|| a.id().cmp(b.id())));
        // A position on the seam of a split bbox is met in both halves.
        places.dedup_by(|a, b| key(a) == key(b));
        let more = places.len() > limit;
        places.truncate(limit);
        let next = places.last().filter(|_| more).map(|last| After { code: last.code(), id: last.id().into() });
        Page { places, next }
    }
}

impl Snapshot {
    /// How many places inside `bbox` match.
    pub fn count_within(&self, bbox: &Bbox, filter: &Filter) -> usize {
        let parts = self.parts(filter);
        let halves = bbox.split();
        halves
            .iter()
            .map(|half| {
                count(half, parts.base.0, &parts.base.1, Some(parts.dead))
                    + count(half, parts.delta.0, &parts.delta.1, None)
            })
            .sum()
    }
}

/// The places of one segment inside a box that does not cross the antimeridian: whole cells by their length, those on
/// its edge by a look.
fn count(bbox: &Bbox, segment: &Segment, view: &View, dead: Option<&Dead>) -> usize {
    let Some(Cells { min, max }) = Cells::of(bbox) else { return 0 };
    let mut sum = 0;
    let mut stack = vec![(0_u64, 64_u32)];
    while let Some((code, bits)) = stack.pop() {
        let high = if bits == 64 { u64::MAX } else { code | ((1 << bits) - 1) };
        let ((x0, y0), (x1, y1)) = (mercator::unmorton(code), mercator::unmorton(high));
        if x0 > max.0 || x1 < min.0 || y0 > max.1 || y1 < min.1 {
            continue;
        }
        let ranks = view.ranks(segment, code, high);
        if ranks.is_empty() {
            continue;
        }
        if x0 > min.0 && x1 < max.0 && y0 > min.1 && y1 < max.1 {
            let (first, last) = (view.slot(ranks.start), view.slot(ranks.end - 1));
            let gone = dead.map_or(0, |dead| dead.between(first, last).filter(|&slot| view.holds(slot)).count());
            sum += ranks.len() - gone;
        } else if ranks.len() > 16 && bits > 0 {
            stack.extend((0..4).map(|i| (code | (i << (bits - 2)), bits - 2)));
        } else {
            let lives =
                |slot: &u32| dead.is_none_or(|dead| !dead.contains(*slot)) && bbox.contains(segment.position(*slot));
            sum += ranks.map(|rank| view.slot(rank)).filter(lives).count();
        }
    }
    sum
}

struct Walk<'q> {
    cells: Cells,
    bbox: &'q Bbox,
    after: Option<&'q After>,
    wanted: usize,
}

impl Walk<'_> {
    /// Appends the first `wanted` places of one segment, in order.
    fn collect<'a>(&self, segment: &'a Segment, view: &View, dead: Option<&Dead>, out: &mut Vec<Found<'a>>) {
        let full = out.len().saturating_add(self.wanted);
        // Quadtree cells still to be walked, in descending Morton order, so that the next is popped first.
        let mut stack = vec![(0_u64, 64_u32)];
        while let Some((code, bits)) = stack.pop() {
            let high = if bits == 64 { u64::MAX } else { code | ((1 << bits) - 1) };
            if self.after.is_some_and(|a| high < a.code) {
                continue;
            }
            let (x0, y0) = mercator::unmorton(code);
            let (x1, y1) = mercator::unmorton(high);
            let Cells { min, max } = self.cells;
            if x0 > max.0 || x1 < min.0 || y0 > max.1 || y1 < min.1 {
                continue;
            }
            // Not from the cell's beginning: of a large one all pages before would be walked again for each page.
            let ranks = view.ranks(segment, self.after.map_or(code, |a| a.code.max(code)), high);
            if ranks.is_empty() {
                continue;
            }
            // Cells on the edge of the box hold positions on both sides of it; those strictly inside need no look.
            let inside = x0 > min.0 && x1 < max.0 && y0 > min.1 && y1 < max.1;
            if !inside && ranks.len() > 16 && bits > 0 {
                let quarter = bits - 2;
                for i in (0..4).rev() {
                    stack.push((code | (i << quarter), quarter));
                }
                continue;
            }
            for rank in ranks {
                let slot = view.slot(rank);
                if dead.is_some_and(|d| d.contains(slot)) || !self.bbox.contains(segment.position(slot)) {
                    continue;
                }
                let found = Found::new(segment, slot);
                if self.after.is_some_and(|a| (found.code(), found.id()) <= (a.code, &*a.id)) {
                    continue;
                }
                out.push(found);
                if out.len() == full {
                    return;
                }
            }
        }
    }
}
