//! The map under our places: vector tiles out of one PMTiles file, the embedded one or one of the operator's.
//!
//! Comes in: a file and a tile's z, x, y. Goes out: the tile's bytes as they lie in the file (gzip), any range of the
//! file itself, and what its header and metadata say. A file is read piece by piece, so it may be larger than memory.
//!
//! # Source
//! PMTiles version 3; the layers of the embedded file are described in `scripts/basemap/tiles.py`, which made it.

use bytes::Bytes;
use pmtiles::{
    AsyncBackend, AsyncPmTilesReader, BackendResponse, Compression, HashMapCache, PmtError, PmtResult, TileCoord,
    TileType,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

static EMBEDDED: &[u8] = include_bytes!("../data/basemap.pmtiles");
static EMBEDDED_TAG: LazyLock<String> = LazyLock::new(|| tag_of(&[EMBEDDED]));

/// Why a file cannot be the basemap.
#[derive(Debug, thiserror::Error)]
pub enum BasemapError {
    /// It cannot be read.
    #[error("cannot read the basemap {path}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is no PMTiles file of version 3.
    #[error("the basemap {path} is not a PMTiles file of version 3")]
    Format {
        /// Which file.
        path: PathBuf,
        /// What its reader says.
        source: PmtError,
    },
    /// Its tiles are no vector tiles, or compressed in a way that browsers do not take apart.
    #[error("the basemap {path} holds {what}; vector tiles (MVT), plain or by gzip, are needed")]
    Tiles {
        /// Which file.
        path: PathBuf,
        /// What it holds.
        what: String,
    },
}

/// What the file says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// Its name.
    pub name: Option<String>,
    /// What it shows.
    pub description: Option<String>,
    /// The line that a map must carry.
    pub attribution: Option<String>,
    /// First zoom.
    pub min_zoom: u8,
    /// Last zoom; clients enlarge its tiles beyond.
    pub max_zoom: u8,
    /// West, south, east, north.
    pub bounds: [f64; 4],
    /// Where to begin: lon, lat, zoom.
    pub center: (f64, f64, u8),
    /// `vector_layers` of TileJSON.
    pub vector_layers: Value,
}

/// An open basemap.
pub struct Basemap {
    source: Source,
    tiles: AsyncPmTilesReader<Source, HashMapCache>,
    tag: String,
    about: About,
    embedded: bool,
}

#[derive(Clone)]
enum Source {
    Memory(Bytes),
    File(Arc<File>, u64),
}

impl Basemap {
    /// The one inside the binary.
    pub async fn embedded() -> Self {
        let source = Source::Memory(Bytes::from_static(EMBEDDED));
        let mut basemap = Self::of(source, EMBEDDED_TAG.clone(), Path::new("(embedded)"))
            .await
            .expect("a test opens the embedded one");
        basemap.embedded = true;
        basemap
    }

    /// A file of the operator's.
    ///
    /// # Errors
    /// [`BasemapError`].
    pub async fn open(path: &Path) -> Result<Self, BasemapError> {
        let read = |source| BasemapError::Read { path: path.to_owned(), source };
        let file = File::open(path).map_err(read)?;
        let facts = file.metadata().map_err(read)?;
        let source = Source::File(Arc::new(file), facts.len());
        // Its beginning names every tile by place and length; with size and time that tells one version from another.
        let head = source.read_range(0, 16_384.min(facts.len())).await.map_err(read)?;
        let modified = facts.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
        let modified = modified.unwrap_or_default().as_nanos();
        let tag = tag_of(&[&head, &facts.len().to_be_bytes(), &modified.to_be_bytes()]);
        Self::of(source, tag, path).await
    }

    async fn of(source: Source, tag: String, path: &Path) -> Result<Self, BasemapError> {
        let format = |source| BasemapError::Format { path: path.to_owned(), source };
        let tiles = AsyncPmTilesReader::try_from_cached_source(source.clone(), HashMapCache::default())
            .await
            .map_err(format)?;
        let header = tiles.get_header();
        let refused = |what: String| Err(BasemapError::Tiles { path: path.to_owned(), what });
        if header.tile_type != TileType::Mvt {
            return refused(format!("tiles of type {:?}", header.tile_type));
        }
        if !matches!(header.tile_compression, Compression::Gzip | Compression::None) {
            return refused(format!("tiles compressed by {:?}", header.tile_compression));
        }
        let metadata: Value = match tiles.get_metadata().await {
            Ok(text) => serde_json::from_str(&text).map_err(|_| format(PmtError::InvalidMetadata))?,
            Err(PmtError::InvalidMetadata) => Value::Null,
            Err(error) => return Err(format(error)),
        };
        let text = |name: &str| metadata[name].as_str().filter(|t| !t.is_empty()).map(str::to_owned);
        let about = About {
            name: text("name"),
            description: text("description"),
            attribution: text("attribution"),
            min_zoom: header.min_zoom,
            max_zoom: header.max_zoom,
            bounds: [header.min_longitude, header.min_latitude, header.max_longitude, header.max_latitude],
            center: (header.center_longitude, header.center_latitude, header.center_zoom),
            vector_layers: metadata.get("vector_layers").filter(|v| v.is_array()).cloned().unwrap_or_else(|| {
                // TileJSON asks for the member; a file without it is served all the same.
                Value::Array(Vec::new())
            }),
        };
        Ok(Self { source, tiles, tag, about, embedded: false })
    }

    /// What the file says of itself.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// The same text for the same content.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Whether it is the one inside the binary.
    pub fn is_embedded(&self) -> bool {
        self.embedded
    }

    /// Size of the file.
    pub fn size_bytes(&self) -> u64 {
        match &self.source {
            Source::Memory(bytes) => bytes.len() as u64,
            Source::File(_, size_bytes) => *size_bytes,
        }
    }

    /// A piece of the file itself.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub async fn read(&self, offset: u64, length: u64) -> std::io::Result<Bytes> {
        self.source.read_range(offset, length).await
    }

    /// Whether [`Self::tile`] answers gzip.
    pub fn is_gzip(&self) -> bool {
        self.tiles.get_header().tile_compression == Compression::Gzip
    }

    /// A tile as it lies in the file; `None` where the file has none.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub async fn tile(&self, at: TileCoord) -> PmtResult<Option<Bytes>> {
        self.tiles.get_tile(at).await
    }

    /// A tile, taken out of its compression.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub async fn tile_plain(&self, at: TileCoord) -> PmtResult<Option<Bytes>> {
        self.tiles.get_tile_decompressed(at).await
    }
}

impl Source {
    /// At most `length` bytes: fewer at the end of the file.
    async fn read_range(&self, offset: u64, length: u64) -> std::io::Result<Bytes> {
        match self {
            Self::Memory(bytes) => {
                let size = bytes.len() as u64;
                let (from, to) = (offset.min(size), offset.saturating_add(length).min(size));
                Ok(bytes.slice(from as usize..to as usize))
            }
            Self::File(file, size) => {
                let length = length.min(size.saturating_sub(offset)) as usize;
                let file = Arc::clone(file);
                tokio::task::spawn_blocking(move || {
                    let mut bytes = vec![0; length];
                    file.read_exact_at(&mut bytes, offset)?;
                    Ok(bytes.into())
                })
                .await?
            }
        }
    }
}

impl AsyncBackend for Source {
    async fn read(&self, offset: u64, length: usize) -> PmtResult<BackendResponse> {
        Ok(BackendResponse::new(self.read_range(offset, length as u64).await?))
    }
}

fn tag_of(parts: &[&[u8]]) -> String {
    let hash = parts.iter().fold(Sha256::new(), Sha256::chain_update).finalize();
    let mut tag = String::new();
    for byte in &hash[..8] {
        write!(tag, "{byte:02x}").expect("writing to a string");
    }
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_embedded_map_has_its_attribution_and_its_layers() {
        let basemap = Basemap::embedded().await;
        let about = basemap.about();
        let attribution = about.attribution.as_deref().unwrap();
        for owed in ["Natural Earth", "© OpenStreetMap contributors", "ODbL 1.0", "GeoNames (CC BY 4.0)"] {
            assert!(attribution.contains(owed), "{attribution}");
        }
        assert_eq!((about.min_zoom, about.max_zoom), (0, 12));
        let layers: Vec<&str> =
            about.vector_layers.as_array().unwrap().iter().map(|l| l["id"].as_str().unwrap()).collect();
        for layer in ["land", "landcover", "landuse", "water", "waterway", "transportation", "boundary", "place"] {
            assert!(layers.contains(&layer), "{layers:?}");
        }
        assert!(basemap.size_bytes() < 6_000_000);
    }

    #[tokio::test]
    async fn a_file_is_read_as_the_embedded_one_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("map.pmtiles");
        std::fs::write(&path, EMBEDDED).unwrap();
        let (file, embedded) = (Basemap::open(&path).await.unwrap(), Basemap::embedded().await);
        assert_eq!(file.about(), embedded.about());
        assert_ne!(file.tag(), embedded.tag());
        for (z, x, y) in [(0, 0, 0), (7, 78, 46), (12, 2525, 1472)] {
            let at = TileCoord::new(z, x, y).unwrap();
            let tile = file.tile(at).await.unwrap().expect("a tile of the krai");
            assert_eq!(Some(tile), embedded.tile(at).await.unwrap());
        }
        assert_eq!(file.read(file.size_bytes() - 4, 100).await.unwrap(), EMBEDDED[EMBEDDED.len() - 4..]);
    }

    #[tokio::test]
    async fn what_is_no_map_is_refused_with_its_name() {
        let dir = tempfile::tempdir().unwrap();
        let said = async |name: &str, content: Option<&[u8]>| {
            let path = dir.path().join(name);
            if let Some(content) = content {
                std::fs::write(&path, content).unwrap();
            }
            let error = Basemap::open(&path).await.err().expect("refused").to_string();
            assert!(error.contains(name), "{error}");
            error
        };
        assert!(said("none", None).await.contains("cannot read"));
        for (name, content) in
            [("empty", &b""[..]), ("text", b"{\"type\":\"FeatureCollection\"}"), ("cut", &EMBEDDED[..200])]
        {
            assert!(said(name, Some(content)).await.contains("not a PMTiles file"), "{name}");
        }
        let mut raster = EMBEDDED.to_vec();
        raster[99] = 2;
        assert!(said("raster", Some(&raster)).await.contains("vector tiles"));
    }
}
