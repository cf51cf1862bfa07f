//! OGC API - Tiles: the tilesets of the collection and the one tile matrix set, as JSON.
//!
//! # Source
//! 20-057 (Tiles Part 1), 17-083r4 (Tile Matrix Set 2.0), Annex D.1 (WebMercatorQuad).

use super::CRS84;
use super::documents::{Here, link};
use crate::tiles::cluster::MAX_ZOOM;
use crate::tiles::tilejson;
use serde_json::{Value, json};

/// The tile matrix set.
pub const WEB_MERCATOR_QUAD: &str = "WebMercatorQuad";
const URI: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
const EPSG_3857: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";
/// Half the side of the web-mercator world, metres.
const HALF_M: f64 = 20_037_508.342_789_244;
/// Metres of a pixel of 0.28 mm on paper, by which the standard defines its scales.
const PIXEL_M: f64 = 0.000_28;

/// `/ogc/tileMatrixSets`.
pub fn tile_matrix_sets(here: &Here) -> Value {
    let href = format!("{}/tileMatrixSets/{WEB_MERCATOR_QUAD}", here.ogc);
    json!({
        "tileMatrixSets": [{
            "id": WEB_MERCATOR_QUAD,
            "title": "Google Maps Compatible for the World",
            "uri": URI,
            "crs": EPSG_3857,
            "links": [link(&href, "self", "application/json", WEB_MERCATOR_QUAD)],
        }],
    })
}

/// `/ogc/tileMatrixSets/WebMercatorQuad`, zooms 0 to 24 as in the standard.
pub fn web_mercator_quad() -> Value {
    let matrices = (0..=24_u32).map(|z| {
        let side = 1_u64 << z;
        let cell_size_m = 2.0 * HALF_M / (256.0 * side as f64);
        json!({
            "id": z.to_string(),
            "scaleDenominator": cell_size_m / PIXEL_M,
            "cellSize": cell_size_m,
            "cornerOfOrigin": "topLeft",
            "pointOfOrigin": [-HALF_M, HALF_M],
            "tileWidth": 256,
            "tileHeight": 256,
            "matrixWidth": side,
            "matrixHeight": side,
        })
    });
    json!({
        "id": WEB_MERCATOR_QUAD,
        "title": "Google Maps Compatible for the World",
        "uri": URI,
        "crs": EPSG_3857,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": matrices.collect::<Vec<_>>(),
    })
}

/// `/ogc/collections/locations/tiles`.
pub fn tilesets(here: &Here) -> Value {
    let at = format!("{}/tiles", here.collection());
    let this = link(&at, "self", "application/json", here.say("Этот документ", "This document"));
    json!({ "links": [this], "tilesets": [about(here)] })
}

fn about(here: &Here) -> Value {
    let at = format!("{}/tiles/{WEB_MERCATOR_QUAD}", here.collection());
    let scheme = format!("{}/tileMatrixSets/{WEB_MERCATOR_QUAD}", here.ogc);
    let mut tiles = link(
        &format!("{at}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}?f=mvt"),
        "item",
        "application/vnd.mapbox-vector-tile",
        here.say("Тайл", "A tile"),
    );
    tiles["templated"] = true.into();
    let mut geojson = link(
        &format!("{at}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}?f=geojson"),
        "item",
        "application/geo+json",
        here.say("Тайл как GeoJSON", "A tile as GeoJSON"),
    );
    geojson["templated"] = true.into();
    json!({
        "title": here.say("Места и их группы", "Places and clusters"),
        "dataType": "vector",
        "crs": EPSG_3857,
        "tileMatrixSetURI": URI,
        "links": [
            link(&at, "self", "application/json", here.say("Набор тайлов", "The tileset")),
            link(&scheme, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", "application/json", WEB_MERCATOR_QUAD),
            tiles,
            geojson,
        ],
    })
}

/// `/ogc/collections/locations/tiles/WebMercatorQuad`.
pub fn tileset(here: &Here, bounds: [f64; 4]) -> Value {
    let [west, south, east, north] = bounds;
    let limits = (0..=MAX_ZOOM).map(|z| {
        let last = (1_u64 << z) - 1;
        json!({ "tileMatrix": z.to_string(), "minTileRow": 0, "maxTileRow": last, "minTileCol": 0, "maxTileCol": last })
    });
    let fields = tilejson::document("", bounds)["vector_layers"][0]["fields"].clone();
    let fields = fields.as_object().into_iter().flatten().map(|(name, what)| {
        let what = what.as_str().unwrap_or_default();
        let (kind, description) = what.split_once(". ").unwrap_or(("String", what));
        (name.clone(), json!({ "type": kind.to_lowercase(), "description": description }))
    });
    let mut tileset = about(here);
    tileset["description"] = here
        .say(
            "Полуоткрытые клетки без полей; каждое место посчитано на каждом масштабе один раз.",
            "Half-open cells without a buffer; every place is counted exactly once at each zoom.",
        )
        .into();
    tileset["tileMatrixSetLimits"] = limits.collect();
    tileset["boundingBox"] = json!({ "lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84 });
    tileset["layers"] = json!([{
        "id": crate::tiles::select::LAYER,
        "dataType": "vector",
        "geometryDimension": 0,
        "minTileMatrix": "0",
        "maxTileMatrix": MAX_ZOOM.to_string(),
        "propertiesSchema": { "type": "object", "properties": fields.collect::<serde_json::Map<_, _>>() },
    }]);
    tileset
}
