//! The features of one tile, in either format.

use super::cluster::{Cluster, Drawn, draw};
use super::geojson::append_cluster;
use super::mvt::{EXTENT_PX, Layer, Value};
use crate::domain::Category;
use crate::feature::encode::CLOSE;
use crate::geometry::{TileCoord, mercator};
use crate::index::cells::Area;
use crate::index::{Filter, Found, Snapshot};
use serde::Deserialize;
use std::borrow::Cow;

/// Name of the layer.
pub const LAYER: &str = "locations";

/// The content of a tile, not compressed.
pub struct Content {
    /// MVT or GeoJSON; nothing when the tile is empty.
    pub bytes: Vec<u8>,
    /// Differs when any place of the tile was edited, shown or not.
    pub stamps: u64,
}

/// The properties of a place that a tile carries, read back out of its fragment.
#[derive(Deserialize)]
struct Shown<'a> {
    #[serde(borrow)]
    properties: ShownProperties<'a>,
}

#[derive(Deserialize)]
struct ShownProperties<'a> {
    id: Cow<'a, str>,
    name: Cow<'a, str>,
    category: Cow<'a, str>,
    benefit: Option<Cow<'a, str>>,
    benefit_kind: Option<Cow<'a, str>>,
    benefit_value: Option<f64>,
    address: Option<Cow<'a, str>>,
}

/// The property of a cluster that counts a category.
pub fn count_key(category: Category) -> &'static str {
    macro_rules! keys {
        ($($name:ident $key:literal),*) => {
            match category { $(Category::$name => $key,)* }
        };
    }
    keys!(
        Museum "n_museum", Theatre "n_theatre", Cinema "n_cinema", Library "n_library", Sport "n_sport",
        Education "n_education", Leisure "n_leisure", KidsShop "n_kids_shop", Grocery "n_grocery", Shop "n_shop",
        Pharmacy "n_pharmacy", Health "n_health", Cafe "n_cafe", Hotel "n_hotel", Transport "n_transport",
        Service "n_service", Other "n_other"
    )
}

/// The tile as MVT 2.1: half-open cells, no buffer, coordinates floored.
pub fn mvt(snapshot: &Snapshot, tile: TileCoord, filter: &Filter) -> Content {
    let mut layer = Layer::new(LAYER);
    let mut json = Vec::new();
    let stamps = draw(snapshot, &Area::Codes(tile.codes()), tile.z(), filter, &mut |drawn| {
        let code = match &drawn {
            Drawn::Place(found) => {
                tag_place(found, &mut json, &mut layer);
                found.code()
            }
            Drawn::Cluster(cluster) => {
                tag_cluster(cluster, &mut layer);
                cluster.code
            }
        };
        let (x, y) = mercator::unmorton(code);
        // Of a cell's 32 bits the tile's own come first, then twelve of the grid; the rest is floored away.
        let px = |v: u32| (v >> (32 - 12 - u32::from(tile.z()))) % EXTENT_PX;
        layer.point(px(x), px(y));
    });
    Content { bytes: if layer.is_empty() { Vec::new() } else { layer.into_tile() }, stamps }
}

/// The tile as MVT with every place by itself, however many: for a file that has no deeper zoom.
pub fn mvt_of_places(snapshot: &Snapshot, tile: TileCoord, filter: &Filter) -> Vec<u8> {
    let mut layer = Layer::new(LAYER);
    let mut json = Vec::new();
    let px = |v: u32| (v >> (32 - 12 - u32::from(tile.z()))) % EXTENT_PX;
    let mut codes = Vec::new();
    snapshot.cells(&Area::Codes(tile.codes()), 0, filter, &mut |cell| codes.push(cell.codes.0));
    for code in codes {
        let (x, y) = mercator::unmorton(code);
        snapshot.each_of_code(code, filter, &mut |found| {
            tag_place(&found, &mut json, &mut layer);
            layer.point(px(x), px(y));
        });
    }
    layer.into_tile()
}

fn tag_place(found: &Found<'_>, json: &mut Vec<u8>, layer: &mut Layer) {
    json.clear();
    json.extend_from_slice(found.list_part());
    json.extend_from_slice(CLOSE.as_bytes());
    let shown: Shown<'_> = serde_json::from_slice(json).expect("a fragment is what encode made it");
    let p = shown.properties;
    layer.tag("id", Value::Text(&p.id));
    layer.tag("name", Value::Text(&p.name));
    layer.tag("category", Value::Text(&p.category));
    for (key, text) in [("benefit", p.benefit), ("benefit_kind", p.benefit_kind), ("address", p.address)] {
        if let Some(text) = text {
            layer.tag(key, Value::Text(&text));
        }
    }
    if let Some(value) = p.benefit_value {
        layer.tag("benefit_value", Value::Real(value));
    }
}

fn tag_cluster(cluster: &Cluster, layer: &mut Layer) {
    layer.tag("id", Value::Text(&cluster.id));
    layer.tag("cluster", Value::Bool(true));
    layer.tag("point_count", Value::Whole(u64::from(cluster.point_count)));
    if let Some(zoom) = cluster.expansion_zoom {
        layer.tag("expansion_zoom", Value::Whole(u64::from(zoom)));
    }
    for (category, count) in cluster.counts() {
        layer.tag(count_key(category), Value::Whole(u64::from(count)));
    }
}

/// The tile as a GeoJSON FeatureCollection with the same features.
pub fn geojson(snapshot: &Snapshot, tile: TileCoord, filter: &Filter) -> Content {
    let mut bytes = Vec::with_capacity(16 * 1_024);
    bytes.extend_from_slice(br#"{"type":"FeatureCollection","features":["#);
    let empty = bytes.len();
    let stamps = draw(snapshot, &Area::Codes(tile.codes()), tile.z(), filter, &mut |drawn| {
        if bytes.len() > empty {
            bytes.push(b',');
        }
        match drawn {
            Drawn::Place(found) => {
                bytes.extend_from_slice(found.list_part());
                bytes.extend_from_slice(CLOSE.as_bytes());
            }
            Drawn::Cluster(cluster) => append_cluster(&cluster, &mut bytes),
        }
    });
    if bytes.len() == empty {
        bytes.clear();
    } else {
        bytes.extend_from_slice(b"]}");
    }
    Content { bytes, stamps }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_is_counted_under_its_code() {
        for &category in Category::ALL {
            assert_eq!(count_key(category), format!("n_{}", category.code()));
        }
    }
}
