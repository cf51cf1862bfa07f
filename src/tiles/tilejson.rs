//! TileJSON 3.0.0.
//!
//! # Source
//! <https://github.com/mapbox/tilejson-spec/tree/master/3.0.0>

use super::cluster::MAX_ZOOM;
use super::select::{LAYER, count_key};
use crate::domain::Category;
use serde_json::{Map, Value, json};

/// The document; `tiles` is the address of a tile with `{z}`, `{x}` and `{y}` in it.
pub fn document(tiles: &str, bounds: [f64; 4]) -> Value {
    let mut fields = Map::new();
    for (name, what) in [
        ("id", "String. The place's id; of a cluster, its cell"),
        ("name", "String. The name over the door"),
        ("category", "String. Category code"),
        ("benefit", "String. The benefit shown first"),
        ("benefit_kind", "String. percent, fixed, free, gift or price"),
        ("benefit_value", "Number. Percent or roubles, by kind"),
        ("address", "String. One line"),
        ("cluster", "Boolean. True for several places drawn as one"),
        ("point_count", "Number. How many places a cluster stands for"),
        ("expansion_zoom", "Number. The least zoom at which a cluster falls apart; absent when all share one position"),
    ] {
        fields.insert(name.into(), what.into());
    }
    for &category in Category::ALL {
        let what = format!("Number. Places of a cluster whose first category is {}", category.code());
        fields.insert(count_key(category).into(), what.into());
    }
    json!({
        "tilejson": "3.0.0",
        "name": "Ryadom locations",
        "description": "Places that honour the large-family card, clustered by quadtree cell; every place is counted \
                        exactly once at each zoom.",
        "scheme": "xyz",
        "tiles": [tiles],
        "minzoom": 0,
        "maxzoom": MAX_ZOOM,
        "bounds": bounds,
        "vector_layers": [{ "id": LAYER, "description": "Places and clusters", "minzoom": 0, "maxzoom": MAX_ZOOM, "fields": fields }],
    })
}
