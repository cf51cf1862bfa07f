//! Clusters by quadtree cell.

use crate::domain::Category;
use crate::geometry::tile_coord::MAX_CELL_ZOOM;
use crate::geometry::{Bbox, LonLat, TileCoord, mercator};
use crate::index::cells::{Area, Cell};
use crate::index::sums::CATEGORIES;
use crate::index::{Filter, Found, Snapshot};

/// Deepest zoom of tiles; there only places at one identical position stay together.
pub const MAX_ZOOM: u8 = 18;

/// Cells of the cluster grid along a tile's side, as a power of two: 8 x 8 cells of 64 of a tile's 512 pixels, the
/// size of a fingertip.
const GRID: u8 = 3;

/// What stands at one spot of a map.
pub enum Drawn<'a> {
    /// One place.
    Place(Found<'a>),
    /// Several, drawn as one.
    Cluster(Cluster),
}

/// Several places drawn as one.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Names it within one snapshot and zoom.
    pub id: String,
    /// How many places it stands for; at least two.
    pub point_count: u32,
    /// How many by first category, in the order of [`Category::ALL`].
    pub categories: [u32; CATEGORIES],
    /// The mean of the places; their own position when they share one.
    pub position: LonLat,
    /// Its Morton code.
    pub code: u64,
    /// Asking for the places of this box, with the same filter, lists the cluster's.
    pub bbox: Bbox,
    /// The least zoom at which it falls apart; none when all stand at one position.
    pub expansion_zoom: Option<u8>,
}

impl Cluster {
    /// Categories that occur, with their counts.
    pub fn counts(&self) -> impl Iterator<Item = (Category, u32)> + '_ {
        Category::ALL.iter().copied().zip(self.categories).filter(|(_, count)| *count > 0)
    }
}

/// The zoom of the cells that are drawn as one at a zoom of the map.
fn cell_zoom(z: u8) -> u8 {
    if z >= MAX_ZOOM { MAX_CELL_ZOOM } else { z + GRID }
}

/// The least zoom of the map at which two codes lie in different cells.
fn parting_zoom(a: u64, b: u64) -> u8 {
    let common_levels = ((a ^ b).leading_zeros() / 2) as u8;
    (common_levels + 1).saturating_sub(GRID).min(MAX_ZOOM)
}

fn open_bits(z: u8) -> u32 {
    2 * u32::from(MAX_CELL_ZOOM - cell_zoom(z))
}

/// Draws the matches of an area at a zoom of the map, in Morton order. Answers the wrapping sum of their stamps, which
/// differs when any of them was edited.
pub fn draw(snapshot: &Snapshot, area: &Area, z: u8, filter: &Filter, each: &mut dyn FnMut(Drawn<'_>)) -> u64 {
    let mut stamps = 0_u64;
    snapshot.cells(area, open_bits(z), filter, &mut |cell| {
        stamps = stamps.wrapping_add(cell.sums.stamps);
        if cell.sums.count == 1 {
            each(Drawn::Place(cell.first));
        } else if z >= MAX_ZOOM {
            by_position(snapshot, cell.codes.0, filter, area, each);
        } else {
            each(Drawn::Cluster(of_cell(snapshot, &cell, cell_zoom(z), filter, area)));
        }
    });
    stamps
}

/// How many matches an area holds, and in how many cells of a zoom.
pub fn count(snapshot: &Snapshot, area: &Area, z: u8, filter: &Filter) -> (usize, usize) {
    let (mut places, mut cells) = (0, 0);
    snapshot.cells(area, open_bits(z), filter, &mut |cell| {
        places += cell.sums.count as usize;
        cells += 1;
    });
    (places, cells)
}

fn of_cell(snapshot: &Snapshot, cell: &Cell<'_>, zoom: u8, filter: &Filter, area: &Area) -> Cluster {
    let (low, high) = cell.codes;
    let at = cell.first.position();
    let mut one_position = low == high;
    if one_position {
        snapshot.each_of_code(low, filter, &mut |found| {
            one_position &= found.position() == at || !area.holds(found.position());
        });
    }
    let tile = TileCoord::of_code(zoom, low);
    let mean = cell.sums.mean_cell().unwrap_or_default();
    let (position, code, bbox) = if one_position {
        (at, low, at_position(at))
    } else {
        (mercator::middle(mean), mercator::morton(mean.0, mean.1), cut(half_open(tile), area))
    };
    Cluster {
        id: tile.to_string(),
        point_count: cell.sums.count,
        categories: cell.sums.categories,
        position,
        code,
        bbox,
        expansion_zoom: (!one_position).then(|| parting_zoom(low, high)),
    }
}

/// Places of one identical position.
struct Spot<'a> {
    at: LonLat,
    first: Found<'a>,
    point_count: u32,
    categories: [u32; CATEGORIES],
}

/// At the deepest zoom a cell is a centimetre; places in it stand together only when their positions are equal.
fn by_position(snapshot: &Snapshot, code: u64, filter: &Filter, area: &Area, each: &mut dyn FnMut(Drawn<'_>)) {
    let mut found_there = Vec::new();
    snapshot.each_of_code(code, filter, &mut |found| {
        let at = found.position();
        if area.holds(at) {
            found_there.push((at.lon(), at.lat(), found.id().to_owned()));
        }
    });
    found_there.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then_with(|| a.2.cmp(&b.2)));
    let mut spots: Vec<Spot<'_>> = Vec::new();
    for found in found_there.iter().filter_map(|(.., id)| snapshot.lookup(id)) {
        let at = found.position();
        if spots.last().is_none_or(|spot| spot.at != at) {
            spots.push(Spot { at, first: found, point_count: 0, categories: [0; CATEGORIES] });
        }
        if let Some(spot) = spots.last_mut() {
            spot.point_count += 1;
            spot.categories[found.category() as usize] += 1;
        }
    }
    for (number, spot) in spots.into_iter().enumerate() {
        if spot.point_count == 1 {
            each(Drawn::Place(spot.first));
            continue;
        }
        let cell = TileCoord::of_code(MAX_CELL_ZOOM, code);
        each(Drawn::Cluster(Cluster {
            id: if number == 0 { cell.to_string() } else { format!("{cell}.{number}") },
            point_count: spot.point_count,
            categories: spot.categories,
            position: spot.at,
            code,
            bbox: at_position(spot.at),
            expansion_zoom: None,
        }));
    }
}

fn at_position(p: LonLat) -> Bbox {
    Bbox { west: p.lon(), south: p.lat(), east: p.lon(), north: p.lat() }
}

/// The box of a cell without its eastern and southern edge, which belong to its neighbours; the edges of the world
/// belong to its outer cells.
fn half_open(tile: TileCoord) -> Bbox {
    const HAIR_DEG: f64 = 1e-10;
    let b = tile.bounds();
    Bbox {
        east: if b.east < 180.0 { b.east - HAIR_DEG } else { b.east },
        south: if b.south > -90.0 { b.south + HAIR_DEG } else { b.south },
        ..b
    }
}

fn cut(b: Bbox, area: &Area) -> Bbox {
    let Area::Box(i) = area else { return b };
    Bbox {
        west: b.west.max(i.west),
        south: b.south.max(i.south),
        east: b.east.min(i.east),
        north: b.north.min(i.north),
    }
}
