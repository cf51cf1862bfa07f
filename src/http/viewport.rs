//! The clustered viewport: everything of a box at a zoom, for maps that take GeoJSON.

use super::locations::{Answer, MAX_AGE_S, geojson_answer, snapshot_for};
use super::params::Params;
use super::problem::Problem;
use super::state::AppState;
use crate::geometry::Bbox;
use crate::index::cells::Area;
use crate::index::{Filter, Snapshot};
use crate::tiles::cluster::{self, Drawn};
use crate::tiles::geojson::append_cluster;
use axum::response::Response;
use chrono::{DateTime, Utc};

/// Most features of an answer; above it the clusters are coarser.
pub const MAX_FEATURES: usize = 5_000;
/// Most bytes of an answer; above it too.
const MAX_BYTES: usize = 1_000_000;

/// Every match of the box, in clusters that suit the zoom: nothing is cut, at worst the clusters are coarser than was
/// asked for.
pub async fn answer(
    state: &AppState,
    params: &Params<'_>,
    bbox: &Bbox,
    zoom: u8,
    filter: &Filter,
    now: DateTime<Utc>,
) -> Result<Response, Problem> {
    let snapshot = snapshot_for(state, params, filter).await?;
    let areas: Vec<Area> = bbox.split().into_iter().map(Area::Box).collect();
    let asked = zoom.min(cluster::MAX_ZOOM);
    let mut cluster_zoom = asked;
    let (answer, matched) = loop {
        let counted = areas.iter().map(|area| cluster::count(&snapshot, area, cluster_zoom, filter));
        let (places, cells) = counted.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        if cells <= MAX_FEATURES || cluster_zoom == 0 {
            let answer = drawn(&snapshot, &areas, cluster_zoom, filter, now);
            let fits = answer.len_bytes() <= MAX_BYTES && answer.places() <= MAX_FEATURES;
            if fits || cluster_zoom == 0 {
                break (answer, places);
            }
        }
        cluster_zoom -= 1;
    };
    let members = format!(r#","matched":{matched},"zoom":{asked},"cluster_zoom":{cluster_zoom}"#);
    let (body, max_age_s) = answer.close(state, snapshot.seq(), true, &members, filter);
    Ok(geojson_answer(body, max_age_s.min(MAX_AGE_S)))
}

fn drawn(snapshot: &Snapshot, areas: &[Area], zoom: u8, filter: &Filter, now: DateTime<Utc>) -> Answer {
    let mut answer = Answer::begin(now, 256);
    for area in areas {
        cluster::draw(snapshot, area, zoom, filter, &mut |drawn| match drawn {
            Drawn::Place(found) => answer.place(&found, None),
            Drawn::Cluster(cluster) => answer.feature(|out| append_cluster(&cluster, out)),
        });
    }
    answer
}
