//! What a run of places amounts to: how many, of which category, their mean position.
//!
//! A view keeps running sums at every [`BLOCK`]th rank, so the sums over any run cost one subtraction and a look at
//! fewer than two blocks, whatever its length; that makes a cluster of a hundred thousand places as cheap as one of
//! a hundred.

use super::segment::Columns;
use crate::domain::Category;
use crate::geometry::mercator;
use std::ops::Range;

/// Places between two running sums.
const BLOCK: usize = 64;
/// How many categories there are.
pub const CATEGORIES: usize = Category::ALL.len();

/// Sums over some places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// How many there are.
    pub count: u32,
    /// How many by first category, in the order of [`Category::ALL`].
    pub categories: [u32; CATEGORIES],
    /// Sum of the stamps, wrapping: differs when any of the places was edited.
    pub stamps: u64,
    /// Sums of the cells' numbers at zoom 32: a million cells below 2^32 stay far below 2^64.
    x: u64,
    y: u64,
}

impl Sums {
    /// One place more.
    #[inline]
    pub(super) fn add(&mut self, code: u64, category: Category, stamp: u64) {
        let (x, y) = mercator::unmorton(code);
        self.count += 1;
        self.categories[category as usize] += 1;
        self.stamps = self.stamps.wrapping_add(stamp);
        self.x += u64::from(x);
        self.y += u64::from(y);
    }

    /// Those of `other` too.
    pub(super) fn plus(&mut self, other: &Self) {
        self.count += other.count;
        for (mine, others) in self.categories.iter_mut().zip(other.categories) {
            *mine += others;
        }
        self.stamps = self.stamps.wrapping_add(other.stamps);
        self.x += other.x;
        self.y += other.y;
    }

    /// Without those of `other`, which were among them.
    pub(super) fn minus(&mut self, other: &Self) {
        self.count -= other.count;
        for (mine, others) in self.categories.iter_mut().zip(other.categories) {
            *mine -= others;
        }
        self.stamps = self.stamps.wrapping_sub(other.stamps);
        self.x -= other.x;
        self.y -= other.y;
    }

    /// The mean cell at zoom 32; it lies among the cells it is the mean of.
    pub fn mean_cell(&self) -> Option<(u32, u32)> {
        let count = u64::from(self.count);
        Some((self.x.checked_div(count)? as u32, self.y.checked_div(count)? as u32))
    }
}

/// The sums of everything before each block of a view.
#[derive(Debug, Default)]
pub(super) struct RunningSums(Box<[Sums]>);

impl RunningSums {
    /// Over slots in the view's order.
    pub(super) fn of(slots: impl Iterator<Item = u32>, columns: Columns<'_>) -> Self {
        let mut running = Sums::default();
        let mut blocks = Vec::with_capacity(slots.size_hint().0 / BLOCK + 1);
        for (rank, slot) in slots.enumerate() {
            if rank % BLOCK == 0 {
                blocks.push(running);
            }
            columns.add_to(&mut running, slot);
        }
        Self(blocks.into())
    }

    /// The sums over a run of ranks.
    pub(super) fn over(&self, ranks: Range<usize>, slot: impl Fn(usize) -> u32, columns: Columns<'_>) -> Sums {
        let mut sums = Sums::default();
        let (first, last) = (ranks.start.div_ceil(BLOCK), ranks.end / BLOCK);
        if first >= last {
            for rank in ranks {
                columns.add_to(&mut sums, slot(rank));
            }
            return sums;
        }
        // `last` may be the block that would begin where the view ends, which is not kept: one block less then.
        let last = last.min(self.0.len() - 1);
        if first < last {
            sums = self.0[last];
            sums.minus(&self.0[first]);
        }
        for rank in (ranks.start..first * BLOCK).chain(last.max(first) * BLOCK..ranks.end) {
            columns.add_to(&mut sums, slot(rank));
        }
        sums
    }

    pub(super) fn size_bytes(&self) -> usize {
        size_of_val(&*self.0)
    }
}
