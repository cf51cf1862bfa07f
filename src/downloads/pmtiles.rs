//! PMTiles: the vector tiles of zooms 0 to 14 as one file. Below 14 places stand in clusters, as in the tiles that are
//! served; at 14, where viewers stop asking and draw what they have larger, each place is a feature.

use super::About;
use crate::geometry::TileCoord;
use crate::geometry::tile_coord::MAX_CELL_ZOOM;
use crate::index::cells::Area;
use crate::index::{Filter, Snapshot};
use crate::tiles::{select, tilejson};
use pmtiles::{Compression, PmTilesWriter, PmtError, TileId, TileType};
use std::io::{Seek, Write};

/// The deepest zoom of the file: half a metre in a tile's grid.
pub const MAX_ZOOM: u8 = 14;

/// Writes every tile that holds something.
///
/// # Errors
/// Those of the writer.
pub fn write(snapshot: &Snapshot, about: &About, out: impl Write + Seek) -> Result<(), PmtError> {
    let [west, south, east, north] = snapshot.bounds();
    let mut metadata = about.members();
    let layer = tilejson::document("", snapshot.bounds());
    metadata.insert("vector_layers".into(), layer["vector_layers"].clone());
    metadata["vector_layers"][0]["maxzoom"] = MAX_ZOOM.into();
    metadata.insert("description".into(), layer["description"].clone());
    metadata.insert("type".into(), "overlay".into());
    metadata.insert("attribution".into(), format!("Ryadom, {}", about.licence.name).into());
    let mut file = PmTilesWriter::new(TileType::Mvt)
        .tile_compression(Compression::Gzip)
        .min_zoom(0)
        .max_zoom(MAX_ZOOM)
        .bounds(west, south, east, north)
        .center(west.midpoint(east), south.midpoint(north))
        .center_zoom(6)
        .metadata(serde_json::Value::Object(metadata).to_string())
        .create(out)?;
    let all = Filter::default();
    for z in 0..=MAX_ZOOM {
        // In the order of the file, so that it is clustered and its directory short.
        let mut tiles = Vec::new();
        let bits = 2 * u32::from(MAX_CELL_ZOOM - z);
        snapshot.cells(&Area::Codes(0..=u64::MAX), bits, &all, &mut |cell| {
            let tile = TileCoord::of_code(z, cell.codes.0);
            if let Ok(coord) = pmtiles::TileCoord::new(z, tile.x(), tile.y()) {
                tiles.push((TileId::from(coord), coord, tile));
            }
        });
        tiles.sort_unstable_by_key(|(id, ..)| *id);
        for (_, coord, tile) in tiles {
            let bytes = if z == MAX_ZOOM {
                select::mvt_of_places(snapshot, tile, &all)
            } else {
                select::mvt(snapshot, tile, &all).bytes
            };
            file.add_tile(coord, &bytes)?;
        }
    }
    file.finalize()
}
