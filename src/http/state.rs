//! What the handlers share.

use crate::domain::Clock;
use crate::domain::gazetteer::Gazetteer;
use crate::feed::FeedState;
use crate::index::SpatialIndex;
use crate::index::text::Lists;
use crate::store::Store;
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::Arc;

/// How the door behaves.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The data is invented, and every page says so.
    pub demo: bool,
    /// The key that the write routes ask for; without one they refuse everybody.
    pub operator_token: Option<String>,
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
    /// Where the feed stands.
    pub feed: Arc<FeedState>,
    /// Settlements by name.
    pub gazetteer: Gazetteer,
    /// Categories and settlements, ready to be searched.
    pub lists: Lists,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// The numbers of `/metrics`; tests go without.
    pub metrics: Option<PrometheusHandle>,
    /// How the door behaves.
    pub options: Options,
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
