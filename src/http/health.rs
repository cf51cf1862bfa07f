//! Alive, ready, numbers.

use super::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The process lives.
#[utoipa::path(
    get, path = "/healthz", operation_id = "show_health", tag = "operation",
    responses((status = 200, description = "`ok`", body = String, content_type = "text/plain")),
)]
pub async fn show_health() -> &'static str {
    "ok\n"
}

/// What `/readyz` tells.
#[derive(Serialize, ToSchema)]
pub struct Readiness {
    /// `ready`, or `stale` while the store is away and reads go on from memory.
    status: &'static str,
    /// The last write that readers see.
    seq: i64,
    /// Places on the map.
    locations: usize,
    /// Whether the store answered last time.
    store: StoreHealth,
    /// Places edited since the last merge, and dead ones of the base.
    delta: [usize; 2],
    /// Rows that cannot be read and are not served.
    poisoned: PoisonedHealth,
    /// How codes are judged; null without a sealing key.
    credentials: Option<CodeTiming>,
}

/// By whose seconds a code lives.
#[derive(Serialize, ToSchema)]
struct CodeTiming {
    /// How long a code is the one to show.
    step_s: i64,
    /// How long after that it is still taken.
    grace_s: u32,
}

#[derive(Serialize, ToSchema)]
struct StoreHealth {
    engine: &'static str,
    reachable: bool,
    /// When it last answered.
    #[schema(value_type = Option<String>)]
    confirmed_at: Option<DateTime<Utc>>,
    /// Seconds since then.
    age_s: Option<i64>,
    /// While it is away: since when answers may be out of date.
    #[schema(value_type = Option<String>)]
    serving_stale_since: Option<DateTime<Utc>>,
}

#[derive(Serialize, ToSchema)]
struct PoisonedHealth {
    count: usize,
    /// The first twenty, with what is wrong.
    named: BTreeMap<String, String>,
}

/// Whether the service can answer: 200 for as long as it can, with the state of the feed and of the store.
#[utoipa::path(
    get, path = "/readyz", operation_id = "show_readiness", tag = "operation",
    responses((status = 200, body = Readiness)),
)]
pub async fn show_readiness(State(state): State<AppState>) -> Response {
    let health = state.feed.health();
    let snapshot = state.index.current();
    let (delta, dead) = snapshot.delta_len();
    let now = state.clock.now();
    let body = Readiness {
        status: if health.store_reachable { "ready" } else { "stale" },
        seq: snapshot.seq().0,
        locations: snapshot.len(),
        store: StoreHealth {
            engine: state.store.engine_name(),
            reachable: health.store_reachable,
            confirmed_at: health.confirmed_at,
            age_s: health.confirmed_at.map(|at| (now - at).num_seconds()),
            serving_stale_since: health.confirmed_at.filter(|_| !health.store_reachable),
        },
        delta: [delta, dead],
        poisoned: PoisonedHealth { count: health.poisoned_count, named: health.poisoned },
        credentials: state
            .desk
            .as_ref()
            .map(|desk| CodeTiming { step_s: crate::credentials::online_code::STEP_S, grace_s: desk.grace_s() }),
    };
    (StatusCode::OK, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// Counters for Prometheus.
#[utoipa::path(
    get, path = "/metrics", operation_id = "show_metrics", tag = "operation",
    responses((status = 200, description = "Prometheus text format", body = String, content_type = "text/plain")),
)]
pub async fn show_metrics(State(state): State<AppState>) -> Response {
    let text = state.metrics.as_ref().map(metrics_exporter_prometheus::PrometheusHandle::render).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
