//! `/ogc/api`: the OpenAPI 3.0 document of the OGC routes. The service's own is 3.1 and made from its handlers; the
//! standard wants 3.0, with its own names of parameters.

use super::COLLECTION;
use super::documents::{Here, schemas};
use crate::feature::properties::{PROPERTIES, Type};
use serde_json::{Map, Value, json};

/// Most places of a page; a larger `limit` is taken for this one.
pub const MAX_LIMIT: usize = 5_000;
/// Places of a page that names no limit.
pub const DEFAULT_LIMIT: usize = 100;

fn parameter(name: &str, schema: &Value, description: &str) -> Value {
    json!({
        "name": name, "in": "query", "required": false, "description": description, "schema": schema,
        "style": "form", "explode": false,
    })
}

fn path_parameter(name: &str, schema: &Value, description: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "description": description, "schema": schema })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

fn operation(
    id: &str,
    tag: &str,
    summary: &str,
    parameters: Vec<Value>,
    success: &[(&str, &str)],
    is_one: bool,
) -> Value {
    let content: Map<String, Value> = success
        .iter()
        .map(|(media_type, schema)| {
            let schema = if schema.is_empty() {
                json!({ "type": "string" })
            } else {
                json!({ "$ref": format!("#/components/schemas/{schema}") })
            };
            ((*media_type).to_owned(), json!({ "schema": schema }))
        })
        .collect();
    let mut responses = json!({
        "200": { "description": "The answer", "content": content },
        "400": { "$ref": "#/components/responses/Problem" },
        "500": { "$ref": "#/components/responses/Problem" },
    });
    if is_one {
        responses["404"] = json!({ "$ref": "#/components/responses/Problem" });
    }
    let mut all = parameters;
    all.push(reference("lang"));
    json!({ "get": { "operationId": id, "tags": [tag], "summary": summary, "parameters": all, "responses": responses } })
}

fn shared_parameters() -> Map<String, Value> {
    let text = json!({ "type": "string" });
    let crs = json!({ "type": "string", "format": "uri", "enum": [super::CRS84], "default": super::CRS84 });
    let all = [
        ("f", json!({ "type": "string", "enum": ["json", "html"] }), "The form of the answer; else as Accept says"),
        ("lang", json!({ "type": "string", "enum": ["ru", "en"] }), "Language of titles and messages"),
        (
            "bbox",
            json!({ "type": "array", "items": { "type": "number" }, "minItems": 4, "maxItems": 6 }),
            "west,south,east,north in CRS84, or with heights in the third and sixth place, which are not looked at; \
             west above east crosses the antimeridian",
        ),
        (
            "datetime",
            text.clone(),
            "A moment or an interval (RFC 3339, `..` for an open end). Places have no time, so all match",
        ),
        (
            "limit",
            json!({ "type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT }),
            "At most so many places on a page; a larger number counts as the maximum",
        ),
        ("offset", json!({ "type": "integer", "minimum": 0, "default": 0 }), "Leave out so many matches"),
        ("cursor", text.clone(), "Where the page before ended; stands in its link `next`"),
        ("filter", text.clone(), "CQL2, as filter-lang says"),
        (
            "filter-lang",
            json!({ "type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text" }),
            "The language of filter",
        ),
        ("filter-crs", crs.clone(), "The reference system of geometries in filter"),
        ("bbox-crs", crs.clone(), "The reference system of bbox"),
        ("crs", crs, "The reference system of the answer"),
        (
            "sortby",
            json!({ "type": "array", "items": { "type": "string", "pattern": "[+-]?[a-z_]+" } }),
            "Properties, each with + (up) or - (down) before it",
        ),
        (
            "q",
            json!({ "type": "string", "maxLength": 100 }),
            "Words that begin words of the name, the benefit or the address; all of them",
        ),
        ("open_at", text, "`now` or an RFC 3339 moment: only places known to be open then"),
        ("min_seq", json!({ "type": "integer", "minimum": 0 }), "Answer only from a state that has seen this change"),
    ];
    all.into_iter().map(|(name, schema, what)| (name.to_owned(), parameter(name, &schema, what))).collect()
}

/// Parameters of `/items` beside those of the queryables.
pub const ITEMS: &[&str] = &[
    "f",
    "lang",
    "bbox",
    "datetime",
    "limit",
    "offset",
    "cursor",
    "filter",
    "filter-lang",
    "filter-crs",
    "bbox-crs",
    "crs",
    "sortby",
    "q",
    "open_at",
    "min_seq",
];

fn queryable_parameters(here: &Here) -> Vec<Value> {
    let schemas = schemas(PROPERTIES.iter(), here.lang);
    PROPERTIES
        .iter()
        .map(|p| {
            let what = match p.kind {
                Type::Texts => here.say("Все перечисленные", "All that are listed"),
                _ => here.say("Ровно это значение", "Exactly this value"),
            };
            parameter(p.name, &schemas[p.name], what)
        })
        .collect()
}

/// The document.
pub fn document(here: &Here) -> Value {
    let at = format!("/collections/{COLLECTION}");
    let f = || vec![reference("f")];
    let (json_html, json_only) =
        ([("application/json", "Document"), ("text/html", "")], [("application/json", "Document")]);
    let mut items: Vec<Value> = ITEMS.iter().filter(|name| **name != "lang").map(|name| reference(name)).collect();
    items.extend(queryable_parameters(here));
    let features = [("application/geo+json", "FeatureCollection"), ("text/html", "")];
    let schema = [("application/schema+json", "Document"), ("text/html", "")];
    let number = json!({ "type": "integer", "minimum": 0 });
    let tile = vec![
        path_parameter("tileMatrix", &json!({ "type": "string" }), "Zoom, 0 to 18"),
        path_parameter("tileRow", &number, "Row, north to south"),
        path_parameter("tileCol", &number, "Column, west to east"),
        parameter(
            "f",
            &json!({ "type": "string", "enum": ["mvt", "geojson"], "default": "mvt" }),
            "The form of the tile",
        ),
    ];
    let mut paths = Map::new();
    let mut add = |path: String, operation: Value| _ = paths.insert(path, operation);
    add("/".into(), operation("getLandingPage", "Capabilities", "Landing page", f(), &json_html, false));
    add(
        "/api".into(),
        operation(
            "getApi",
            "Capabilities",
            "This document",
            f(),
            &[("application/vnd.oai.openapi+json;version=3.0", "Document"), ("text/html", "")],
            false,
        ),
    );
    add(
        "/conformance".into(),
        operation("getConformance", "Capabilities", "What it conforms to", f(), &json_html, false),
    );
    add("/collections".into(), operation("getCollections", "Capabilities", "Collections", f(), &json_html, false));
    add(at.clone(), operation("describeCollection", "Data", "The collection", f(), &json_html, false));
    add(format!("{at}/queryables"), operation("getQueryables", "Data", "What can be asked", f(), &schema, false));
    add(format!("{at}/sortables"), operation("getSortables", "Data", "What to sort by", f(), &schema, false));
    add(format!("{at}/items"), operation("getFeatures", "Data", "The places", items, &features, false));
    let id = path_parameter("featureId", &json!({ "type": "string" }), "The id of a feature");
    add(
        format!("{at}/items/{{featureId}}"),
        operation(
            "getFeature",
            "Data",
            "One place",
            vec![id, reference("f"), reference("crs"), reference("min_seq")],
            &[("application/geo+json", "Feature"), ("text/html", "")],
            true,
        ),
    );
    add(format!("{at}/tiles"), operation("getTilesets", "Tiles", "Tilesets", Vec::new(), &json_only, false));
    add(
        format!("{at}/tiles/WebMercatorQuad"),
        operation("getTileset", "Tiles", "The tileset", Vec::new(), &json_only, false),
    );
    let bytes = [("application/vnd.mapbox-vector-tile", ""), ("application/geo+json", "FeatureCollection")];
    let mut of_tile = operation("getTile", "Tiles", "A tile", tile, &bytes, true);
    of_tile["get"]["responses"]["204"] = json!({ "description": "Nothing lies in this tile" });
    add(format!("{at}/tiles/WebMercatorQuad/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"), of_tile);
    add(
        "/tileMatrixSets".into(),
        operation("getTileMatrixSets", "Tiles", "Tile matrix sets", Vec::new(), &json_only, false),
    );
    add(
        "/tileMatrixSets/WebMercatorQuad".into(),
        operation("getTileMatrixSet", "Tiles", "WebMercatorQuad", Vec::new(), &json_only, false),
    );
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": here.say("Рядом: OGC API", "Ryadom: OGC API"),
            "version": env!("CARGO_PKG_VERSION"),
            "description": here.say("Места, где действует удостоверение многодетной семьи.", "Places that honour the large-family card."),
            "license": { "name": &*here.licence.name, "url": &*here.licence.url },
        },
        "servers": [{ "url": here.ogc }],
        "tags": [{ "name": "Capabilities" }, { "name": "Data" }, { "name": "Tiles" }],
        "paths": paths,
        "components": { "parameters": shared_parameters(), "responses": problem(), "schemas": components(here) },
    })
}

fn problem() -> Value {
    json!({
        "Problem": {
            "description": "RFC 9457: what is wrong, where, and what to do",
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        },
    })
}

fn components(here: &Here) -> Value {
    let link = json!({
        "type": "object", "required": ["href", "rel"],
        "properties": {
            "href": { "type": "string" }, "rel": { "type": "string" }, "type": { "type": "string" },
            "title": { "type": "string" }, "templated": { "type": "boolean" },
        },
    });
    let mut properties = schemas(PROPERTIES.iter(), here.lang);
    for schema in properties.values_mut() {
        schema["nullable"] = true.into();
        // An enum would have to list null.
        schema.as_object_mut().map(|schema| schema.remove("enum"));
    }
    let links = json!({ "type": "array", "items": { "$ref": "#/components/schemas/Link" } });
    json!({
        "Link": link,
        "Document": { "type": "object" },
        "Feature": {
            "type": "object", "required": ["type", "id", "geometry", "properties"],
            "properties": {
                "type": { "type": "string", "enum": ["Feature"] },
                "id": { "type": "string" },
                "geometry": {
                    "type": "object", "required": ["type", "coordinates"],
                    "properties": {
                        "type": { "type": "string", "enum": ["Point"] },
                        "coordinates": { "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": "number" } },
                    },
                },
                "properties": { "type": "object", "properties": properties },
                "links": links,
            },
        },
        "FeatureCollection": {
            "type": "object", "required": ["type", "features"],
            "properties": {
                "type": { "type": "string", "enum": ["FeatureCollection"] },
                "timeStamp": { "type": "string", "format": "date-time" },
                "numberMatched": { "type": "integer", "minimum": 0 },
                "numberReturned": { "type": "integer", "minimum": 0 },
                "seq": { "type": "integer", "minimum": 0 },
                "links": links,
                "features": { "type": "array", "items": { "$ref": "#/components/schemas/Feature" } },
            },
        },
        "Problem": {
            "type": "object", "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" },
                "detail": { "type": "string" }, "errors": { "type": "array", "items": { "type": "object" } },
            },
        },
    })
}
