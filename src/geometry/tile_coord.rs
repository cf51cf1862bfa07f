//! Tiles of the XYZ scheme, as cells of the quadtree.

use super::bbox::Bbox;
use std::fmt;
use std::ops::RangeInclusive;

/// Deepest zoom of a cell: its code has no open bits.
pub const MAX_CELL_ZOOM: u8 = 32;

/// A quadtree cell of the web-mercator world: x to the east, y to the south, both below 2^z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileCoord {
    z: u8,
    x: u32,
    y: u32,
}

impl TileCoord {
    /// The cell, when there is one: zoom up to 32, `x` and `y` within the zoom.
    pub fn new(z: u8, x: u32, y: u32) -> Option<Self> {
        let within = |v: u32| u64::from(v) < 1_u64 << z;
        (z <= MAX_CELL_ZOOM && within(x) && within(y)).then_some(Self { z, x, y })
    }

    /// The cell of a zoom (at most 32) that a Morton code lies in.
    pub fn of_code(z: u8, code: u64) -> Self {
        let (x, y) = super::mercator::unmorton(code);
        let open = u32::from(MAX_CELL_ZOOM - z.min(MAX_CELL_ZOOM));
        Self { z, x: x.checked_shr(open).unwrap_or(0), y: y.checked_shr(open).unwrap_or(0) }
    }

    /// Zoom.
    pub fn z(self) -> u8 {
        self.z
    }

    /// Column.
    pub fn x(self) -> u32 {
        self.x
    }

    /// Row.
    pub fn y(self) -> u32 {
        self.y
    }

    /// Bits of a Morton code that are open within the cell.
    pub fn open_bits(self) -> u32 {
        2 * u32::from(MAX_CELL_ZOOM - self.z)
    }

    /// The Morton codes of the cell: one contiguous run.
    pub fn codes(self) -> RangeInclusive<u64> {
        let open = self.open_bits();
        let prefix = super::mercator::morton(self.x, self.y);
        let low = prefix.checked_shl(open).unwrap_or(0);
        low..=low | 1_u64.checked_shl(open).map_or(u64::MAX, |end| end - 1)
    }

    /// The area of the cell, degrees. Rows at the edge of the mercator world reach to the poles, as positions beyond
    /// it are counted there.
    pub fn bounds(self) -> Bbox {
        let side = (1_u64 << self.z) as f64;
        let lon = |x: f64| x / side * 360.0 - 180.0;
        let lat = |y: u64| match y {
            0 => 90.0,
            y if y == 1_u64 << self.z => -90.0,
            y => super::mercator::lat_of(y as f64 / side),
        };
        Bbox {
            west: lon(f64::from(self.x)),
            south: lat(u64::from(self.y) + 1),
            east: lon(f64::from(self.x) + 1.0),
            north: lat(u64::from(self.y)),
        }
    }
}

impl fmt::Display for TileCoord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.z, self.x, self.y)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{LonLat, mercator};
    use super::*;

    #[test]
    fn the_world_is_one_tile_and_a_tile_is_one_run_of_codes() {
        assert_eq!(TileCoord::new(0, 0, 0).unwrap().codes(), 0..=u64::MAX);
        assert_eq!(TileCoord::new(0, 1, 0), None);
        assert_eq!(TileCoord::new(33, 0, 0), None);
        assert!(TileCoord::new(32, u32::MAX, u32::MAX).is_some());
        let stavropol = mercator::code(LonLat::new(41.9692, 45.0448).unwrap());
        for z in 0..=32 {
            let tile = TileCoord::of_code(z, stavropol);
            assert!(tile.codes().contains(&stavropol), "{tile}");
            assert_eq!(TileCoord::of_code(z, *tile.codes().end()), tile);
            assert!(tile.bounds().contains(LonLat::new(41.9692, 45.0448).unwrap()), "{tile}");
        }
        // Well known: https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames
        assert_eq!(TileCoord::of_code(11, stavropol).to_string(), "11/1262/736");
    }

    #[test]
    fn bounds_meet_without_a_gap() {
        let (a, b) = (TileCoord::new(5, 19, 11).unwrap().bounds(), TileCoord::new(5, 20, 12).unwrap().bounds());
        assert_eq!((a.east, a.south), (b.west, b.north));
        let world = TileCoord::new(0, 0, 0).unwrap().bounds();
        assert_eq!((world.west, world.south, world.east, world.north), (-180.0, -90.0, 180.0, 90.0));
    }
}
