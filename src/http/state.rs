//! What the handlers share.

use crate::basemap::Basemap;
use crate::credentials::desk::Desk;
use crate::domain::gazetteer::Gazetteer;
use crate::domain::{Clock, Licence};
use crate::downloads::shelf::Shelf;
use crate::feed::FeedState;
use crate::identity::Gate;
use crate::index::SpatialIndex;
use crate::index::text::Lists;
use crate::ogc::query::Answers;
use crate::partners::bulk_desk;
use crate::store::Store;
use crate::tiles::Tiler;
use bytes::Bytes;
use metrics_exporter_prometheus::PrometheusHandle;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// How the door behaves.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The data is invented, and every page says so.
    pub demo: bool,
    /// The key that the write routes ask for; without one they refuse everybody.
    pub operator_token: Option<String>,
    /// What addresses of ours begin with, as visitors see them; without one the asked host counts.
    pub public_url: Option<String>,
    /// A map style from elsewhere in the place of ours.
    pub style_url: Option<String>,
    /// Whose forwarded headers are believed.
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// Under which the public layer is given away.
    pub licence: Licence,
}

/// Photos of approved places, kept by their bytes.
pub type Photos = Cache<String, Bytes, ByBytes>;

/// Weighs a photo by what it takes.
#[derive(Debug, Clone, Copy)]
pub struct ByBytes;

impl Weighter<String, Bytes> for ByBytes {
    fn weight(&self, id: &String, bytes: &Bytes) -> u64 {
        (id.len() + bytes.len()) as u64
    }
}

/// How much of the photos is kept in memory.
const PHOTOS_BYTES: u64 = 32 << 20;

/// How much of the answers to filters is kept in memory.
const ANSWERS_BYTES: u64 = 64 << 20;

/// An empty store of answers.
pub fn answers() -> Answers {
    Answers::new(ANSWERS_BYTES)
}

/// An empty store of photos.
pub fn photos() -> Photos {
    Cache::with_weighter(200, PHOTOS_BYTES, ByBytes)
}

/// Everything a handler may ask. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// The parts of [`AppState`].
pub struct Parts {
    /// The truth; only writes and `/readyz` ask it.
    pub store: Store,
    /// What is near.
    pub index: Arc<SpatialIndex>,
    /// What is drawn.
    pub tiles: Arc<Tiler>,
    /// Where the feed stands.
    pub feed: Arc<FeedState>,
    /// The map under the places.
    pub basemap: Arc<Basemap>,
    /// Settlements by name.
    pub gazetteer: Gazetteer,
    /// Categories and settlements, ready to be searched.
    pub lists: Lists,
    /// Who is at the door.
    pub gate: Gate,
    /// Bulk files that are being read.
    pub bulk: bulk_desk::Progress,
    /// Photos that were asked for lately.
    pub photos: Photos,
    /// What answers to filters were worked out.
    pub answers: Answers,
    /// Files of the layer.
    pub shelf: Shelf,
    /// The credential desk; none without a sealing key.
    pub desk: Option<Arc<Desk>>,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// The numbers of `/metrics`; tests go without.
    pub metrics: Option<PrometheusHandle>,
    /// How the door behaves.
    pub options: Options,
    /// Cancelled when the service stops, so that streams without an end find theirs.
    pub closing: CancellationToken,
}

impl AppState {
    /// Shares the parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for AppState {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
