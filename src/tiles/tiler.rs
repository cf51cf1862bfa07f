//! Tiler: key -> cached or freshly made tile.

use super::cache::TileCache;
use super::select::{self, Content};
use crate::domain::Seq;
use crate::geometry::TileCoord;
use crate::index::{Filter, Snapshot, Touched};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

/// What a tile is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Mapbox Vector Tile 2.1.
    Mvt,
    /// GeoJSON.
    GeoJson,
}

/// What tells one tile from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// Where.
    pub tile: TileCoord,
    /// In what.
    pub format: Format,
    /// Of which places; an open moment is rounded to its minute.
    pub filter: Filter,
    /// Whether the bytes are gzip.
    pub gzip: bool,
}

/// A tile ready to be sent.
#[derive(Debug, Clone)]
pub struct Tile {
    /// Its bytes, compressed as the key says; none when it is empty.
    pub bytes: Arc<[u8]>,
    /// A strong entity tag, with its quotation marks.
    pub etag: Arc<str>,
}

/// Makes tiles and keeps them.
pub struct Tiler {
    cache: Option<TileCache>,
}

impl Tiler {
    /// A tiler whose cache holds at most so many bytes; 0 turns it off.
    pub fn new(cache_bytes: u64) -> Self {
        Self { cache: (cache_bytes > 0).then(|| TileCache::new(cache_bytes)) }
    }

    /// The tile when it is kept.
    pub fn kept(&self, key: &Key) -> Option<Tile> {
        self.cache.as_ref()?.get(key)
    }

    /// The tile, made now and kept.
    pub fn make(&self, snapshot: &Snapshot, key: &Key) -> Tile {
        let Content { bytes, stamps } = match key.format {
            Format::Mvt => select::mvt(snapshot, key.tile, &key.filter),
            Format::GeoJson => select::geojson(snapshot, key.tile, &key.filter),
        };
        let etag = etag(&bytes, stamps, key.gzip).into();
        let bytes = if key.gzip && !bytes.is_empty() { gzip(&bytes) } else { bytes };
        let tile = Tile { bytes: bytes.into(), etag };
        if let Some(cache) = &self.cache {
            cache.put(key, tile.clone(), snapshot.seq());
        }
        tile
    }

    /// Forgets what holds or held a touched place.
    pub fn forget(&self, touched: &Touched, seq: Seq) {
        if let Some(cache) = &self.cache {
            cache.forget(touched, seq);
        }
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::fast());
    encoder.write_all(bytes).expect("writing into memory");
    encoder.finish().expect("writing into memory")
}

/// By content and encoding, and by the edits of every place in the tile: a cluster looks the same when a place in it
/// is renamed, and whoever keeps more than the picture still learns of it.
fn etag(bytes: &[u8], stamps: u64, gzip: bool) -> String {
    let hash = Sha256::new().chain_update(stamps.to_le_bytes()).chain_update(bytes).finalize();
    let mut etag = String::from('"');
    for byte in &hash[..12] {
        write!(etag, "{byte:02x}").expect("writing to a string");
    }
    etag.push_str(if gzip { "-gzip\"" } else { "\"" });
    etag
}
