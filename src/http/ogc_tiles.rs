//! OGC API - Tiles: the tiles of [`super::tiles`] under the addresses of the standard, and their documents.

use super::conditional::{accepts_gzip, weight};
use super::locations::snapshot_for;
use super::ogc::{here, json};
use super::params::{Params, invalid};
use super::problem::{Kind, Problem, Text};
use super::state::AppState;
use super::tiles::{MAX_AGE_S, answer, number};
use crate::geometry::TileCoord;
use crate::index::Filter;
use crate::ogc::tile_documents;
use crate::tiles::cluster::MAX_ZOOM;
use crate::tiles::{Format, Key};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::Response;

/// Parameters of a tile: its form, and the filters of the other tiles.
const TILE: &[&str] = &["f", "category", "open_at", "benefit", "wheelchair", "q", "lang", "min_seq"];
const DOCUMENT: &[&str] = &["f", "lang"];
const JSON: &str = "application/json";

fn check(query: Option<&str>) -> Result<(), Problem> {
    let params = Params::of_query(query, DOCUMENT)?;
    params.lang()?;
    match params.text("f") {
        None | Some("json") => Ok(()),
        Some(_) => Err(invalid("f", Text::new("есть json", "there is json"))),
    }
}

/// `/ogc/collections/locations/tiles`.
pub async fn list_tilesets(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    check(query.as_deref())?;
    Ok(json(&tile_documents::tilesets(&here(&state, &uri, &headers)), JSON))
}

/// `/ogc/collections/locations/tiles/WebMercatorQuad`.
pub async fn show_tileset(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    check(query.as_deref())?;
    let bounds = state.index.current().bounds();
    Ok(json(&tile_documents::tileset(&here(&state, &uri, &headers), bounds), JSON))
}

/// `/ogc/tileMatrixSets`.
pub async fn list_tile_matrix_sets(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    check(query.as_deref())?;
    Ok(json(&tile_documents::tile_matrix_sets(&here(&state, &uri, &headers)), JSON))
}

/// `/ogc/tileMatrixSets/WebMercatorQuad`.
pub async fn show_tile_matrix_set(RawQuery(query): RawQuery) -> Result<Response, Problem> {
    check(query.as_deref())?;
    Ok(json(&tile_documents::web_mercator_quad(), JSON))
}

/// A tile: `{tileMatrix}/{tileRow}/{tileCol}`, the row before the column.
pub async fn show_tile(
    State(state): State<AppState>,
    Path((z, row, col)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let params = Params::of_query(query.as_deref(), TILE)?;
    params.lang()?;
    let format = match params.text("f") {
        Some("mvt") => Format::Mvt,
        Some("geojson" | "json") => Format::GeoJson,
        Some(_) => return Err(invalid("f", Text::new("есть mvt и geojson", "there are mvt and geojson"))),
        None => {
            let accepted = headers.get_all(header::ACCEPT);
            let of = |name| weight(&accepted, name).unwrap_or(0.0);
            if of("application/geo+json") > of("application/vnd.mapbox-vector-tile") {
                Format::GeoJson
            } else {
                Format::Mvt
            }
        }
    };
    let parts = number(&z).zip(number(&row)).zip(number(&col));
    let tile =
        parts.and_then(|((z, row), col)| TileCoord::new(u8::try_from(z).ok().filter(|z| *z <= MAX_ZOOM)?, col, row));
    let tile = tile.ok_or_else(|| {
        let shown: String = format!("{z}/{row}/{col}").chars().take(80).collect();
        Problem::new(
            Kind::NoTile,
            Text::new(
                format!("Тайла {shown} нет: масштаб от 0 до {MAX_ZOOM}, строка и столбец меньше 2^z."),
                format!("There is no tile {shown}: zoom 0 to {MAX_ZOOM}, row and column below 2^z."),
            ),
        )
    })?;
    let now = state.clock.now();
    let filter: Filter = params.filter(now)?;
    let snapshot = snapshot_for(&state, &params, &filter).await?;
    let mut max_age_s = MAX_AGE_S;
    if filter.moment().is_some() {
        max_age_s = max_age_s.min(60 - now.timestamp().rem_euclid(60));
    }
    let key = Key { tile, format, filter, gzip: accepts_gzip(&headers) };
    let made = state.tiles.kept(&key).unwrap_or_else(|| state.tiles.make(&snapshot, &key));
    Ok(answer(&made, format, key.gzip, max_age_s, &headers))
}
