//! The basemap: the PMTiles file with byte ranges, its tiles one by one, and its TileJSON.

use super::conditional::{accepts_gzip, is_unchanged};
use super::first_rows::value_of;
use super::params::Params;
use super::problem::{Kind, Problem, Text};
use super::ranges::{self, Whole};
use super::{AppState, own_value};
use crate::basemap::Basemap;
use crate::map_style;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use pmtiles::{PmtError, TileCoord};
use serde_json::json;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// The media type of PMTiles files; the compressing layer leaves it alone, or byte ranges would mean nothing.
pub const PMTILES: &str = "application/vnd.pmtiles";
const MVT: &str = "application/vnd.mapbox-vector-tile";

/// What is read of a file at a time.
const CHUNK_BYTES: u64 = 1 << 20;

/// The whole file, or the asked piece of it.
pub async fn show_file(State(state): State<AppState>, asked: HeaderMap) -> Response {
    let basemap = &state.basemap;
    let etag = format!("\"{}\"", basemap.tag());
    let whole =
        Whole { etag: &etag, size_bytes: basemap.size_bytes(), media_type: PMTILES, cache: "public, max-age=86400" };
    ranges::answer(&asked, &whole, |range| stream_of(basemap, range))
}

/// Bytes of the file, a chunk at a time; the embedded one is one chunk that nobody copies.
fn stream_of(basemap: &Arc<Basemap>, range: RangeInclusive<u64>) -> Body {
    let chunk = if basemap.is_embedded() { u64::MAX } else { CHUNK_BYTES };
    let start = (Arc::clone(basemap), *range.start(), range.end() + 1);
    Body::from_stream(stream::try_unfold(start, move |(basemap, at, end)| async move {
        if at >= end {
            return Ok::<_, std::io::Error>(None);
        }
        let bytes = basemap.read(at, chunk.min(end - at)).await?;
        let next = at + bytes.len() as u64;
        Ok(Some((bytes, (basemap, next, end))))
    }))
}

/// One tile.
pub async fn show_tile(
    State(state): State<AppState>,
    Path((z, x, y)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let basemap = &state.basemap;
    // Some libraries of others (ol-mapbox-style) put all of a style's parameters into the addresses of its tiles, so what
    // is not known is passed over here.
    let version = value_of(query.as_deref(), "v");
    let about = basemap.about();
    let at = y.strip_suffix(".mvt").and_then(|y| coordinates(&z, &x, y));
    let Some(at) = at.filter(|at| (about.min_zoom..=about.max_zoom).contains(&at.z())) else {
        let (min, max) = (about.min_zoom, about.max_zoom);
        return Err(Problem::new(
            Kind::NoRoute,
            Text::new(
                format!("Такого тайла нет: адрес вида /basemap/{{z}}/{{x}}/{{y}}.mvt, z от {min} до {max}."),
                format!("There is no such tile: the form is /basemap/{{z}}/{{x}}/{{y}}.mvt, z from {min} to {max}."),
            ),
        ));
    };
    let as_stored = !basemap.is_gzip() || accepts_gzip(&asked);
    let etag = format!("\"{}{}\"", basemap.tag(), if basemap.is_gzip() && as_stored { "-gzip" } else { "" });
    let mut response = if is_unchanged(&asked, &etag) {
        status(StatusCode::NOT_MODIFIED)
    } else {
        let tile = if as_stored { basemap.tile(at).await } else { basemap.tile_plain(at).await };
        match tile.map_err(|error| unreadable(&error))? {
            None => status(StatusCode::NO_CONTENT),
            Some(bytes) => tile_of(bytes, basemap.is_gzip() && as_stored),
        }
    };
    // With its version in the address a tile never changes.
    let kept = if version.as_deref() == Some(basemap.tag()) {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=86400"
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.insert(header::ETAG, own_value(&etag));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

fn tile_of(bytes: Bytes, gzip: bool) -> Response {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MVT));
    if gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

fn unreadable(error: &PmtError) -> Problem {
    let error: &(dyn std::error::Error + 'static) = error;
    tracing::error!(error, "the basemap cannot be read");
    Problem::internal()
}

/// Digits alone, so that each tile has one address.
fn coordinates(z: &str, x: &str, y: &str) -> Option<TileCoord> {
    let whole = |text: &str| {
        let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
        if plain { text.parse::<u32>().ok() } else { None }
    };
    TileCoord::new(u8::try_from(whole(z)?).ok().filter(|z| *z < 31)?, whole(x)?, whole(y)?).ok()
}

/// TileJSON 3.0.0.
pub async fn show_tilejson(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Params::of_query(query.as_deref(), &[])?;
    let basemap = &state.basemap;
    let about = basemap.about();
    let (lon, lat, zoom) = about.center;
    let mut document = json!({
        "tilejson": "3.0.0",
        "scheme": "xyz",
        "tiles": [map_style::tiles_url(&base_url(&state, &uri, &headers), basemap)],
        "minzoom": about.min_zoom,
        "maxzoom": about.max_zoom,
        "bounds": about.bounds,
        "center": [lon, lat, zoom],
        "vector_layers": about.vector_layers,
    });
    for (name, value) in
        [("name", &about.name), ("description", &about.description), ("attribution", &about.attribution)]
    {
        if let Some(value) = value {
            document[name] = value.as_str().into();
        }
    }
    let mut response = Json(document).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    Ok(response)
}

/// What addresses of ours begin with: the setting, else the host that was asked. No header of a proxy is believed.
pub fn base_url(state: &AppState, uri: &Uri, headers: &HeaderMap) -> String {
    if let Some(url) = &state.options.public_url {
        return url.clone();
    }
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok()).map(str::parse::<Authority>);
    match host.and_then(Result::ok).or_else(|| uri.authority().cloned()) {
        Some(host) if !host.as_str().contains('@') => format!("http://{host}"),
        // Nobody said where we are: addresses from the root of wherever this is read.
        _ => String::new(),
    }
}

fn status(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tile_has_one_address() {
        assert_eq!(coordinates("3", "7", "0"), TileCoord::new(3, 7, 0).ok());
        for (z, x, y) in [
            ("3", "8", "0"),
            ("3", "-1", "0"),
            ("03", "1", "1"),
            ("3", "+1", "1"),
            ("3", "", "1"),
            ("32", "0", "0"),
            ("259", "0", "0"),
        ] {
            assert_eq!(coordinates(z, x, y), None, "{z}/{x}/{y}");
        }
    }
}
