//! Vector tiles, GeoJSON tiles and their TileJSON.

use super::conditional::{accepts_gzip, is_unchanged};
use super::locations::snapshot_for;
use super::params::Params;
use super::problem::{Kind, Problem, Text};
use super::state::AppState;
use crate::geometry::TileCoord;
use crate::index::Filter;
use crate::tiles::cluster::MAX_ZOOM;
use crate::tiles::{Format, Key, Tile, tilejson};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use utoipa::IntoParams;

/// Parameters of a tile and of the TileJSON.
pub const TILE: &[&str] = &["category", "open_at", "benefit", "wheelchair", "q", "lang", "min_seq"];

/// How long a tile may be kept without asking again.
pub(super) const MAX_AGE_S: i64 = 10;

/// What tiles take.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TileQuery {
    /// Category codes or aliases, separated by commas; any of them.
    #[param(example = "museum,library")]
    pub category: Option<String>,
    /// `now` or an RFC 3339 moment, rounded to its minute: only places known to be open then.
    pub open_at: Option<String>,
    /// Kinds of benefit in force, separated by commas: percent, fixed, free, gift, price.
    pub benefit: Option<String>,
    /// Wheelchair access: yes, limited, no.
    pub wheelchair: Option<String>,
    /// Words that begin words of the name, the benefit or the address.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// Language of messages: ru or en. Tiles themselves hold no words of ours.
    #[param(default = "ru")]
    pub lang: Option<String>,
    /// Answer only from a state that has seen this `Ryadom-Seq`.
    #[param(minimum = 0)]
    pub min_seq: Option<i64>,
}

/// A tile of places and clusters.
#[utoipa::path(
    get, path = "/tiles/locations/{z}/{x}/{file}", operation_id = "show_tile", tag = "tiles",
    params(
        ("z" = u8, Path, description = "Zoom, 0 to 18", example = 9),
        ("x" = u32, Path, description = "Column, west to east", example = 315),
        ("file" = String, Path, description = "Row, north to south, with `.mvt` or `.geojson`", example = "183.mvt"),
        TileQuery,
    ),
    responses(
        (status = 200, description = "Mapbox Vector Tile 2.1 with one layer, `locations`; or the same features as \
         GeoJSON. Half-open cells, no buffer; every matching place is counted exactly once at each zoom",
         content((Vec<u8> = "application/vnd.mapbox-vector-tile"),
                 (super::schema::ClusteredCollection = "application/geo+json"))),
        (status = 204, description = "Nothing that matches lies in this tile"),
        (status = 304, description = "As the client has it"),
        (status = 400, description = "A wrong parameter, named", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 404, description = "No such tile", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 503, description = "min_seq did not arrive within 2 s", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn show_tile(
    State(state): State<AppState>,
    Path((z, x, file)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (tile, format) = coordinates(&z, &x, &file)?;
    let params = Params::of_query(query.as_deref(), TILE)?;
    params.lang()?;
    let now = state.clock.now();
    let filter = params.filter(now)?;
    let snapshot = snapshot_for(&state, &params, &filter).await?;
    let mut max_age_s = MAX_AGE_S;
    if filter.moment().is_some() {
        // "Open now" is another question in the next minute.
        max_age_s = max_age_s.min(60 - now.timestamp().rem_euclid(60));
    }
    let key = Key { tile, format, filter, gzip: accepts_gzip(&headers) };
    let made = match state.tiles.kept(&key) {
        Some(kept) => kept,
        None => state.tiles.make(&snapshot, &key),
    };
    Ok(answer(&made, format, key.gzip, max_age_s, &headers))
}

fn coordinates(z: &str, x: &str, file: &str) -> Result<(TileCoord, Format), Problem> {
    let none = || {
        let shown: String = format!("{z}/{x}/{file}").chars().take(80).collect();
        Problem::new(
            Kind::NoTile,
            Text::new(
                format!("Тайла {shown} нет: масштаб от 0 до {MAX_ZOOM}, x и y меньше 2^z, в конце .mvt или .geojson."),
                format!("There is no tile {shown}: zoom 0 to {MAX_ZOOM}, x and y below 2^z, then .mvt or .geojson."),
            ),
        )
    };
    let (y, format) = match file.rsplit_once('.') {
        Some((y, "mvt")) => (y, Format::Mvt),
        Some((y, "geojson")) => (y, Format::GeoJson),
        _ => return Err(none()),
    };
    let (z, x, y) = (number(z), number(x), number(y));
    let tile = z.zip(x).zip(y).and_then(|((z, x), y)| {
        let z = u8::try_from(z).ok().filter(|z| *z <= MAX_ZOOM)?;
        TileCoord::new(z, x, y)
    });
    tile.map(|tile| (tile, format)).ok_or_else(none)
}

/// Digits only, so that each tile has one address.
pub(super) fn number(text: &str) -> Option<u32> {
    let plain = text == "0" || (!text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()));
    plain.then(|| text.parse().ok()).flatten()
}

pub(super) fn answer(tile: &Tile, format: Format, gzip: bool, max_age_s: i64, asked: &HeaderMap) -> Response {
    let unchanged = is_unchanged(asked, &tile.etag);
    let status = match (unchanged, tile.bytes.is_empty()) {
        (true, _) => StatusCode::NOT_MODIFIED,
        (false, true) => StatusCode::NO_CONTENT,
        (false, false) => StatusCode::OK,
    };
    let body =
        if status == StatusCode::OK { Body::from(Bytes::from_owner(Arc::clone(&tile.bytes))) } else { Body::empty() };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if status == StatusCode::OK {
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(match format {
                Format::Mvt => "application/vnd.mapbox-vector-tile",
                Format::GeoJson => "application/geo+json",
            }),
        );
        if gzip {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(etag) = HeaderValue::from_str(&tile.etag) {
        headers.insert(header::ETAG, etag);
    }
    if let Ok(value) = HeaderValue::try_from(format!("public, max-age={max_age_s}")) {
        headers.insert(header::CACHE_CONTROL, value);
    }
    response
}

/// TileJSON 3.0 of the vector tiles; a filter in its query stands in the tiles' addresses too.
#[utoipa::path(
    get, path = "/tiles/locations.json", operation_id = "show_tilejson", tag = "tiles",
    params(TileQuery),
    responses(
        (status = 200, description = "TileJSON 3.0.0", body = serde_json::Value),
        (status = 400, description = "A wrong parameter, named", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 503, description = "min_seq did not arrive within 2 s", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn show_tilejson(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let params = Params::of_query(query.as_deref(), TILE)?;
    params.lang()?;
    params.filter(state.clock.now())?;
    let snapshot = snapshot_for(&state, &params, &Filter::default()).await?;
    let query = query.filter(|q| !q.is_empty()).map(|q| format!("?{q}")).unwrap_or_default();
    let tiles =
        format!("{}/tiles/locations/{{z}}/{{x}}/{{y}}.mvt{query}", super::basemap::base_url(&state, &uri, &headers));
    let document = tilejson::document(&tiles, snapshot.bounds());
    Ok(([(header::CACHE_CONTROL, "public, max-age=60")], Json(document)).into_response())
}
