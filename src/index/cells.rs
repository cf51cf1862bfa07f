//! Places by quadtree cell: what tiles and clusters are made of.
//!
//! A view stands in Morton order, so every cell of every zoom is one run of its ranks. The walk goes from one occupied
//! cell to the next, in the base and in the delta at once, and never looks at an empty one.

use super::filter::Filter;
use super::segment::Segment;
use super::snapshot::{Found, Parts, Snapshot};
use super::sums::Sums;
use super::view::View;
use crate::geometry::{Bbox, LonLat, mercator};
use std::ops::{Range, RangeInclusive};

/// A run of Morton codes.
pub type Codes = RangeInclusive<u64>;

/// So few places are looked at one by one: that is cheaper than their sums.
const FEW: usize = 8;

/// The live places of one cell that match a filter; at least one.
#[derive(Clone, Copy)]
pub struct Cell<'a> {
    /// What they amount to.
    pub sums: Sums,
    /// The first of them by (Morton code, id) of its segment.
    pub first: Found<'a>,
    /// The least and the greatest Morton code among them.
    pub codes: (u64, u64),
}

/// The end of the cell of `code` that leaves `bits` bits open.
fn cell_end(code: u64, bits: u32) -> u64 {
    if bits >= 64 { u64::MAX } else { code | ((1 << bits) - 1) }
}

/// One segment's side of the walk.
struct Side<'a> {
    segment: &'a Segment,
    view: &'a View,
    ranks: Range<usize>,
}

impl<'a> Side<'a> {
    fn new(segment: &'a Segment, view: &'a View, codes: &Codes) -> Self {
        Self { segment, view, ranks: view.ranks(segment, *codes.start(), *codes.end()) }
    }

    fn next_code(&self) -> Option<u64> {
        (!self.ranks.is_empty()).then(|| self.segment.code(self.view.slot(self.ranks.start)))
    }

    /// Takes the ranks up to the code `end`. Doubling steps first: most cells are short.
    fn take(&mut self, end: u64) -> Range<usize> {
        let start = self.ranks.start;
        let beyond = |rank: usize| self.segment.code(self.view.slot(rank)) > end;
        let (mut low, mut step) = (start, 1);
        while low + step < self.ranks.end && !beyond(low + step) {
            low += step;
            step *= 2;
        }
        let mut high = (low + step).min(self.ranks.end);
        while low < high {
            let middle = low.midpoint(high);
            if beyond(middle) { high = middle } else { low = middle + 1 }
        }
        self.ranks.start = low;
        start..low
    }
}

/// Which places are drawn.
#[derive(Clone)]
pub enum Area {
    /// Those of a run of codes, such as a tile.
    Codes(Codes),
    /// Those within a box; it must not cross the antimeridian ([`Bbox::split`]).
    Box(Bbox),
}

impl Area {
    /// Whether a place of a cell that the area holds, wholly or in part, belongs to it.
    pub fn holds(&self, position: LonLat) -> bool {
        match self {
            Self::Codes(_) => true,
            Self::Box(bbox) => bbox.contains(position),
        }
    }
}

impl Snapshot {
    /// The occupied cells of an area, each leaving `bits` bits of its code open (64 is the world, 0 a single code), in
    /// Morton order.
    ///
    /// # Shape
    /// Every live match of the area is counted in exactly one cell; a cell on the edge of a box counts only what is
    /// within the box.
    pub fn cells(&self, area: &Area, bits: u32, filter: &Filter, each: &mut dyn FnMut(Cell<'_>)) {
        let parts = self.parts(filter);
        let bbox = match area {
            Area::Codes(codes) => return walk(&parts, codes, bits, each),
            Area::Box(bbox) => bbox,
        };
        let edges = Edges::of(bbox);
        // Quadtree cells still to be looked at, in descending order, so that the next is popped first.
        let mut stack = vec![(0_u64, 64_u32)];
        while let Some((low, open)) = stack.pop() {
            let codes = low..=cell_end(low, open);
            if edges.miss(*codes.start(), *codes.end()) {
                continue;
            }
            if edges.enclose(*codes.start(), *codes.end()) {
                walk(&parts, &codes, bits, each);
                continue;
            }
            let sides = sides(&parts, &codes);
            if sides.0.ranks.is_empty() && sides.1.ranks.is_empty() {
                continue;
            }
            if open > bits {
                stack.extend((0..4).rev().map(|i| (low | (i << (open - 2)), open - 2)));
                continue;
            }
            let cell = looked_at(&parts, (sides.0.ranks, sides.1.ranks), |found| bbox.contains(found.position()));
            if let Some(cell) = cell {
                each(cell);
            }
        }
    }

    /// The live places of one code that match, in no promised order.
    pub fn each_of_code(&self, code: u64, filter: &Filter, each: &mut dyn FnMut(Found<'_>)) {
        let parts = self.parts(filter);
        let sides = sides(&parts, &(code..=code));
        for found in living(&parts, (sides.0.ranks, sides.1.ranks)) {
            each(found);
        }
    }
}

fn sides<'a>(parts: &'a Parts<'a>, codes: &Codes) -> (Side<'a>, Side<'a>) {
    (Side::new(parts.base.0, &parts.base.1, codes), Side::new(parts.delta.0, &parts.delta.1, codes))
}

/// From one occupied cell of a run of codes to the next.
fn walk(parts: &Parts<'_>, codes: &Codes, bits: u32, each: &mut dyn FnMut(Cell<'_>)) {
    let (mut base, mut delta) = sides(parts, codes);
    loop {
        let code = match (base.next_code(), delta.next_code()) {
            (Some(b), Some(d)) => b.min(d),
            (Some(code), None) | (None, Some(code)) => code,
            (None, None) => return,
        };
        let end = cell_end(if bits >= 64 { 0 } else { code >> bits << bits }, bits);
        let taken = (base.take(end), delta.take(end));
        let few = taken.0.len() + taken.1.len() <= FEW;
        let cell = if few { looked_at(parts, taken, |_| true) } else { summed(parts, &taken) };
        if let Some(cell) = cell {
            each(cell);
        }
    }
}

fn living<'a>(parts: &'a Parts<'a>, ranks: (Range<usize>, Range<usize>)) -> impl Iterator<Item = Found<'a>> {
    let (base, delta) = (&parts.base, &parts.delta);
    let of_base = ranks.0.map(|rank| base.1.slot(rank)).filter(|&slot| !parts.dead.contains(slot));
    of_base.map(|slot| Found::new(base.0, slot)).chain(ranks.1.map(|rank| Found::new(delta.0, delta.1.slot(rank))))
}

/// By looking at every place.
fn looked_at<'a>(
    parts: &'a Parts<'a>,
    ranks: (Range<usize>, Range<usize>),
    keep: impl Fn(&Found<'a>) -> bool,
) -> Option<Cell<'a>> {
    let mut cell: Option<Cell<'a>> = None;
    for found in living(parts, ranks).filter(keep) {
        let code = found.code();
        let cell = cell.get_or_insert(Cell { sums: Sums::default(), first: found, codes: (code, code) });
        found.add_to(&mut cell.sums);
        cell.codes = (cell.codes.0.min(code), cell.codes.1.max(code));
    }
    cell
}

/// By the running sums, less the dead.
fn summed<'a>(parts: &'a Parts<'a>, ranks: &(Range<usize>, Range<usize>)) -> Option<Cell<'a>> {
    let (segment, view) = (parts.base.0, &parts.base.1);
    let mut sums = view.sums(ranks.0.clone(), segment.columns());
    if parts.dead.count() != 0 && !ranks.0.is_empty() {
        let mut gone = Sums::default();
        let (first, last) = (view.slot(ranks.0.start), view.slot(ranks.0.end - 1));
        for slot in parts.dead.between(first, last).filter(|&slot| view.holds(slot)) {
            segment.columns().add_to(&mut gone, slot);
        }
        sums.minus(&gone);
    }
    sums.plus(&parts.delta.1.sums(ranks.1.clone(), parts.delta.0.columns()));
    let mut living_base = ranks.0.clone().map(|rank| view.slot(rank)).filter(|&slot| !parts.dead.contains(slot));
    let base = living_base.next().map(|slot| Found::new(segment, slot));
    let last_base = living_base.next_back().map(|slot| Found::new(segment, slot)).or(base);
    let of_delta = |rank| Found::new(parts.delta.0, parts.delta.1.slot(rank));
    let mut of_delta = ranks.1.clone().map(of_delta);
    let delta = of_delta.next();
    let last_delta = of_delta.next_back().or(delta);
    let first = match (base, delta) {
        (Some(b), Some(d)) if d.code() < b.code() => d,
        (Some(found), _) | (None, Some(found)) => found,
        (None, None) => return None,
    };
    let last_code = last_base.into_iter().chain(last_delta).map(|found| found.code()).max()?;
    Some(Cell { sums, first, codes: (first.code(), last_code) })
}

/// The cells of a box's edges at zoom 32: what lies strictly between them is inside without a look.
struct Edges {
    min: (u32, u32),
    max: (u32, u32),
}

impl Edges {
    fn of(bbox: &Bbox) -> Self {
        let corner = |lon: f64, lat: f64| LonLat::new(lon, lat).map(mercator::cell);
        // A bbox was checked when it was made; a corner that is none lets no cell pass unlooked.
        Self {
            min: corner(bbox.west, bbox.north).unwrap_or((u32::MAX, u32::MAX)),
            max: corner(bbox.east, bbox.south).unwrap_or((0, 0)),
        }
    }

    /// Whether everything of a cell is within the box.
    fn enclose(&self, low: u64, high: u64) -> bool {
        let ((x0, y0), (x1, y1)) = (mercator::unmorton(low), mercator::unmorton(high));
        x0 > self.min.0 && x1 < self.max.0 && y0 > self.min.1 && y1 < self.max.1
    }

    /// Whether nothing of a cell is.
    fn miss(&self, low: u64, high: u64) -> bool {
        let ((x0, y0), (x1, y1)) = (mercator::unmorton(low), mercator::unmorton(high));
        x0 > self.max.0 || x1 < self.min.0 || y0 > self.max.1 || y1 < self.min.1
    }
}
