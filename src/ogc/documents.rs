//! Landing page, conformance, collections, queryables: as JSON.

use super::sort::sortables;
use super::{COLLECTION, CRS84};
use crate::domain::{BenefitKind, Category, Lang, Licence};
use crate::downloads::Format;
use crate::feature::properties::{PROPERTIES, Property, Type};
use serde_json::{Map, Value, json};

/// What we keep to.
pub const CONFORMANCE: &[&str] = &[
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/array-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
    "http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
];

/// A link.
pub fn link(href: &str, rel: &str, media_type: &str, title: &str) -> Value {
    json!({ "href": href, "rel": rel, "type": media_type, "title": title })
}

/// Whom the documents are for and where they stand.
#[derive(Debug, Clone)]
pub struct Here {
    /// What every address begins with, up to and with `/ogc`.
    pub ogc: String,
    /// The same without `/ogc`.
    pub origin: String,
    /// The language of titles.
    pub lang: Lang,
    /// Of the places.
    pub licence: Licence,
}

impl Here {
    /// A text in the language asked for.
    pub fn say<'t>(&self, ru: &'t str, en: &'t str) -> &'t str {
        self.lang.pick(ru, en)
    }

    fn own(&self, path: &str) -> [Value; 2] {
        let href = format!("{}{path}", self.ogc);
        [
            link(&format!("{href}?f=json"), "self", "application/json", self.say("Этот документ", "This document")),
            link(
                &format!("{href}?f=html"),
                "alternate",
                "text/html",
                self.say("Он же для людей", "The same for people"),
            ),
        ]
    }

    /// The address of the collection.
    pub fn collection(&self) -> String {
        format!("{}/collections/{COLLECTION}", self.ogc)
    }
}

/// `/ogc`.
pub fn landing(here: &Here) -> Value {
    let Here { ogc, .. } = here;
    let mut links = here.own("").to_vec();
    links.extend([
        link(
            &format!("{ogc}/api?f=json"),
            "service-desc",
            "application/vnd.oai.openapi+json;version=3.0",
            here.say("Описание API", "The API definition"),
        ),
        link(
            &format!("{ogc}/api?f=html"),
            "service-doc",
            "text/html",
            here.say("Описание API для людей", "The API for people"),
        ),
        link(
            &format!("{ogc}/conformance"),
            "conformance",
            "application/json",
            here.say("Чему соответствует", "What it conforms to"),
        ),
        link(&format!("{ogc}/collections"), "data", "application/json", here.say("Данные", "The data")),
        link(
            &format!("{ogc}/tileMatrixSets"),
            "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes",
            "application/json",
            here.say("Сетки тайлов", "Tiling schemes"),
        ),
    ]);
    json!({
        "title": here.say("Рядом: места, где действует удостоверение многодетной семьи", "Ryadom: places that honour the large-family card"),
        "description": here.say(
            "Места, где многодетной семье дают льготу: что, где и когда.",
            "Places that give a benefit to large families: what, where and when."
        ),
        "links": links,
    })
}

/// `/ogc/conformance`.
pub fn conformance() -> Value {
    json!({ "conformsTo": CONFORMANCE })
}

/// `/ogc/collections`.
pub fn collections(here: &Here, bounds: [f64; 4]) -> Value {
    json!({ "links": here.own("/collections"), "collections": [collection(here, bounds)] })
}

/// `/ogc/collections/locations`.
pub fn collection(here: &Here, bounds: [f64; 4]) -> Value {
    let at = here.collection();
    let mut links = here.own("/collections/locations").to_vec();
    links.extend([
        // With no query: GDAL puts an id behind it.
        link(&format!("{at}/items"), "items", "application/geo+json", here.say("Места", "The places")),
        link(&format!("{at}/items?f=html"), "items", "text/html", here.say("Места для людей", "The places for people")),
        link(
            &format!("{at}/queryables"),
            "http://www.opengis.net/def/rel/ogc/1.0/queryables",
            "application/schema+json",
            here.say("О чём можно спросить", "What can be asked"),
        ),
        link(
            &format!("{at}/sortables"),
            "http://www.opengis.net/def/rel/ogc/1.0/sortables",
            "application/schema+json",
            here.say("По чему сортировать", "What to sort by"),
        ),
        link(
            &format!("{at}/tiles"),
            "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
            "application/json",
            here.say("Векторные тайлы", "Vector tiles"),
        ),
        link(&here.licence.url, "license", "text/html", &here.licence.name),
    ]);
    links.extend(Format::ALL.map(|format| {
        let href = format!("{}/download/locations.{}", here.origin, format.ending());
        link(&href, "enclosure", format.media_type(), here.say("Весь слой одним файлом", "The whole layer as one file"))
    }));
    json!({
        "id": COLLECTION,
        "title": here.say("Места", "Places"),
        "description": here.say("Места, где действует удостоверение многодетной семьи", "Places that honour the large-family card"),
        "extent": { "spatial": { "bbox": [bounds], "crs": CRS84 } },
        "itemType": "feature",
        "crs": [CRS84],
        "storageCrs": CRS84,
        "links": links,
    })
}

fn schema_of(property: &Property, lang: Lang) -> Value {
    let mut schema = Map::new();
    schema.insert("title".into(), lang.pick(property.ru, property.en).into());
    match property.kind {
        Type::Text => _ = schema.insert("type".into(), "string".into()),
        Type::Number => _ = schema.insert("type".into(), "number".into()),
        Type::Date => {
            schema.insert("type".into(), "string".into());
            schema.insert("format".into(), "date".into());
        }
        Type::Texts => {
            schema.insert("type".into(), "array".into());
            schema.insert("items".into(), json!({ "type": "string", "enum": codes() }));
        }
    }
    match property.name {
        "category" => _ = schema.insert("enum".into(), codes()),
        "benefit_kind" => _ = schema.insert("enum".into(), BenefitKind::ALL.map(BenefitKind::code).as_slice().into()),
        "wheelchair" => _ = schema.insert("enum".into(), json!(["yes", "limited", "no"])),
        "id" => _ = schema.insert("x-ogc-role".into(), "id".into()),
        _ => {}
    }
    Value::Object(schema)
}

fn codes() -> Value {
    Category::ALL.iter().map(|c| c.code()).collect()
}

/// The schemas of properties by name.
pub fn schemas<'p>(properties: impl Iterator<Item = &'p Property>, lang: Lang) -> Map<String, Value> {
    properties.map(|p| (p.name.to_owned(), schema_of(p, lang))).collect()
}

/// `/ogc/collections/locations/queryables`.
pub fn queryables(here: &Here) -> Value {
    let mut properties = schemas(PROPERTIES.iter(), here.lang);
    properties.insert(
        super::cql2::check::GEOMETRY.into(),
        json!({ "title": here.say("Где", "Where"), "x-ogc-role": "primary-geometry", "format": "geometry-point" }),
    );
    schema(here, "queryables", here.say("О чём можно спросить", "What can be asked"), &properties)
}

/// `/ogc/collections/locations/sortables`.
pub fn sortables_document(here: &Here) -> Value {
    schema(here, "sortables", here.say("По чему сортировать", "What to sort by"), &schemas(sortables(), here.lang))
}

fn schema(here: &Here, name: &str, title: &str, properties: &Map<String, Value>) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{}/{name}", here.collection()),
        "type": "object",
        "title": title,
        "properties": properties,
        "additionalProperties": false,
    })
}
