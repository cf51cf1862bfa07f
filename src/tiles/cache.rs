//! Tiles that were made before, bounded by bytes; those that an edit touched are forgotten.

use super::tiler::{Key, Tile};
use crate::domain::Seq;
use crate::geometry::mercator;
use crate::index::Touched;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use std::sync::atomic::{AtomicI64, Ordering};

#[derive(Clone)]
struct BySize;

impl Weighter<Key, Tile> for BySize {
    fn weight(&self, key: &Key, tile: &Tile) -> u64 {
        // The entry itself weighs something too, or empty tiles would be free.
        (tile.bytes.len() + key.filter.size_bytes() + 256) as u64
    }
}

/// The cache of a [`super::Tiler`].
pub struct TileCache {
    tiles: Cache<Key, Tile, BySize>,
    /// What is touched up to here was forgotten.
    forgotten: AtomicI64,
}

impl TileCache {
    /// A cache for at most so many bytes; none keeps nothing.
    pub fn new(bytes: u64) -> Self {
        let options = OptionsBuilder::new()
            .estimated_items_capacity((bytes / 2_048).clamp(16, 1 << 20) as usize)
            .weight_capacity(bytes)
            .build()
            .expect("every option is set");
        let tiles = Cache::with_options(options, BySize, DefaultHashBuilder::default(), DefaultLifecycle::default());
        Self { tiles, forgotten: AtomicI64::new(0) }
    }

    /// The tile of a key, when it is kept.
    pub fn get(&self, key: &Key) -> Option<Tile> {
        self.tiles.get(key)
    }

    /// Keeps a tile that was made from the snapshot of `seq`.
    pub fn put(&self, key: &Key, tile: Tile, seq: Seq) {
        self.tiles.insert(key.clone(), tile);
        // An edit may have been applied while the tile was made: then forgetting may have passed by already.
        if self.forgotten.load(Ordering::SeqCst) > seq.0 {
            self.tiles.remove(key);
        }
    }

    /// Forgets the tiles that hold or held a touched place; to be called after the snapshot of `seq` is in place.
    pub fn forget(&self, touched: &Touched, seq: Seq) {
        self.forgotten.store(seq.0, Ordering::SeqCst);
        let mut codes: Vec<u64> =
            touched.0.iter().flat_map(|t| [t.before, t.after]).flatten().map(mercator::code).collect();
        codes.sort_unstable();
        codes.dedup();
        if codes.is_empty() {
            return;
        }
        self.tiles.retain(|key, _| {
            let of_tile = key.tile.codes();
            let first = codes.partition_point(|code| code < of_tile.start());
            codes.get(first).is_none_or(|code| code > of_tile.end())
        });
    }
}
