//! Web-mercator world coordinates and the Morton code of their cells.

use super::lon_lat::LonLat;

/// Latitude at which the web-mercator world ends; positions beyond it fall into its edge rows.
pub const MAX_LAT_DEG: f64 = 85.051_128_779_806_59;

/// Bits of a cell number on each axis: zoom 32, 1 cm at the equator.
const BITS: f64 = 4_294_967_296.0;

/// World coordinates in `[0, 1]`, x to the east, y to the south.
pub fn world(p: LonLat) -> (f64, f64) {
    let lat = p.lat().clamp(-MAX_LAT_DEG, MAX_LAT_DEG).to_radians();
    let y = 0.5 - lat.sin().atanh() / (2.0 * std::f64::consts::PI);
    (p.lon() / 360.0 + 0.5, y.clamp(0.0, 1.0))
}

/// The latitude of a world coordinate, degrees.
pub fn lat_of(y: f64) -> f64 {
    (std::f64::consts::PI * (1.0 - 2.0 * y)).sinh().atan().to_degrees()
}

/// The middle of a cell of zoom 32.
pub fn middle(cell: (u32, u32)) -> LonLat {
    let (x, y) = ((f64::from(cell.0) + 0.5) / BITS, (f64::from(cell.1) + 0.5) / BITS);
    LonLat::new(x * 360.0 - 180.0, lat_of(y)).expect("a cell lies in the world")
}

/// The cell of a position at zoom 32.
pub fn cell(p: LonLat) -> (u32, u32) {
    let (x, y) = world(p);
    // `as` saturates, so the eastern and southern edge belong to the last cell.
    ((x * BITS) as u32, (y * BITS) as u32)
}

/// The bits of `x` and `y` in turn, y first: every quadtree cell of every zoom is one contiguous range of codes.
///
/// # Source
/// Morton (1966).
pub fn morton(x: u32, y: u32) -> u64 {
    spread(x) | (spread(y) << 1)
}

/// [`morton`] undone.
pub fn unmorton(code: u64) -> (u32, u32) {
    (gather(code), gather(code >> 1))
}

/// The Morton code of a position's cell.
pub fn code(p: LonLat) -> u64 {
    let (x, y) = cell(p);
    morton(x, y)
}

fn spread(v: u32) -> u64 {
    let mut v = u64::from(v);
    v = (v | (v << 16)) & 0x0000_FFFF_0000_FFFF;
    v = (v | (v << 8)) & 0x00FF_00FF_00FF_00FF;
    v = (v | (v << 4)) & 0x0F0F_0F0F_0F0F_0F0F;
    v = (v | (v << 2)) & 0x3333_3333_3333_3333;
    (v | (v << 1)) & 0x5555_5555_5555_5555
}

fn gather(v: u64) -> u32 {
    let mut v = v & 0x5555_5555_5555_5555;
    v = (v | (v >> 1)) & 0x3333_3333_3333_3333;
    v = (v | (v >> 2)) & 0x0F0F_0F0F_0F0F_0F0F;
    v = (v | (v >> 4)) & 0x00FF_00FF_00FF_00FF;
    v = (v | (v >> 8)) & 0x0000_FFFF_0000_FFFF;
    ((v | (v >> 16)) & 0xFFFF_FFFF) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn morton_is_undone() {
        for (x, y) in [(0, 0), (1, 2), (u32::MAX, 0), (0, u32::MAX), (0xDEAD_BEEF, 0x1234_5678)] {
            assert_eq!(unmorton(morton(x, y)), (x, y));
        }
    }

    #[test]
    fn the_corners_of_the_world_have_the_corner_cells() {
        assert_eq!(cell(LonLat::new(-180.0, 90.0).unwrap()), (0, 0));
        assert_eq!(cell(LonLat::new(180.0, -90.0).unwrap()), (u32::MAX, u32::MAX));
        let (x, y) = world(LonLat::new(0.0, 0.0).unwrap());
        assert!((x - 0.5).abs() < 1e-12 && (y - 0.5).abs() < 1e-12);
    }
}
