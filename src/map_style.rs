//! The looks of the map: MapLibre style documents, light and dark, out of one list of layers and two palettes.
//!
//! `data/map_style.json` holds both. In a layer a text `"$water"` stands for the palette's value of that name;
//! `"$name"` for the names in the asked language and `"$fade"` for how strongly lines are drawn that are known only
//! coarsely. Pure: values in, a document out.
//!
//! # Source
//! MapLibre Style Specification, version 8; the source layers and their fields are those of OpenMapTiles.

use crate::basemap::Basemap;
use crate::domain::Lang;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

static TEMPLATE: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/map_style.json")).expect("a test reads the style's template")
});

/// Which palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// By day.
    Light,
    /// By night.
    Dark,
}

impl Theme {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];

    /// As it stands in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What a style is asked to be.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The palette.
    pub theme: Theme,
    /// The language of labels.
    pub lang: Lang,
    /// With our places drawn on the map.
    pub locations: bool,
    /// What every address in the document begins with.
    pub base_url: &'a str,
}

/// The addresses of the basemap's tiles; the version in them lets a browser keep a tile for good.
pub fn tiles_url(base_url: &str, basemap: &Basemap) -> String {
    format!("{base_url}/basemap/{{z}}/{{x}}/{{y}}.mvt?v={}", basemap.tag())
}

/// The style document.
pub fn style(ask: Ask, basemap: &Basemap) -> Value {
    let about = basemap.about();
    let mut words: Map<String, Value> =
        TEMPLATE["palettes"][ask.theme.code()].as_object().expect("a palette of each theme").clone();
    words.insert("name".into(), name_of(ask.lang));
    words.insert("thousand".into(), ask.lang.pick(" тыс.", "k").into());
    // Beyond a zoom or two of enlargement a line drawn for 1:10,000,000 says where no road is.
    let coarse = about.max_zoom <= 12;
    let fade = if coarse { json!(["interpolate", ["linear"], ["zoom"], 11, 1, 14, 0]) } else { json!(1) };
    words.insert("fade".into(), fade);

    let mut basemap_source = json!({
        "type": "vector",
        "tiles": [tiles_url(ask.base_url, basemap)],
        "minzoom": about.min_zoom,
        "maxzoom": about.max_zoom,
        "bounds": about.bounds,
    });
    if let Some(attribution) = &about.attribution {
        basemap_source["attribution"] = attribution.as_str().into();
    }
    let mut sources = json!({ "basemap": basemap_source });
    let mut layers = TEMPLATE["layers"].as_array().expect("layers").clone();
    if ask.locations {
        sources["locations"] = json!({
            "type": "vector",
            "tiles": [format!("{}/tiles/locations/{{z}}/{{x}}/{{y}}.mvt", ask.base_url)],
            "minzoom": 0,
            "maxzoom": 18,
        });
        layers.extend(TEMPLATE["locations_layers"].as_array().expect("layers").iter().cloned());
    }
    for layer in &mut layers {
        fill_in(layer, &words);
    }
    let (lon, lat, zoom) = about.center;
    json!({
        "version": 8,
        "name": format!("Ryadom {}", ask.theme.code()),
        "center": [lon, lat],
        "zoom": zoom,
        "sprite": format!("{}/style/sprite-{}", ask.base_url, ask.theme.code()),
        "glyphs": format!("{}/style/glyphs/{{fontstack}}/{{range}}.pbf", ask.base_url),
        "sources": sources,
        "layers": layers,
    })
}

/// Our files say `name_ru`, OpenMapTiles `name:ru`.
fn name_of(lang: Lang) -> Value {
    lang.pick(
        json!(["coalesce", ["get", "name_ru"], ["get", "name:ru"], ["get", "name"]]),
        json!(["coalesce", ["get", "name_en"], ["get", "name:en"], ["get", "name:latin"], ["get", "name"]]),
    )
}

fn fill_in(value: &mut Value, words: &Map<String, Value>) {
    match value {
        Value::String(text) => {
            if let Some(word) = text.strip_prefix('$').and_then(|word| words.get(word)) {
                *value = word.clone();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill_in(item, words)),
        Value::Object(members) => members.values_mut().for_each(|member| fill_in(member, words)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn words_of(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::String(text) => {
                if let Some(word) = text.strip_prefix('$') {
                    found.insert(word.to_owned());
                }
            }
            Value::Array(items) => items.iter().for_each(|item| words_of(item, found)),
            Value::Object(members) => members.values().for_each(|member| words_of(member, found)),
            _ => {}
        }
    }

    #[test]
    fn both_palettes_have_every_word_and_no_other() {
        let mut used = BTreeSet::new();
        words_of(&TEMPLATE["layers"], &mut used);
        words_of(&TEMPLATE["locations_layers"], &mut used);
        for word in ["name", "thousand", "fade"] {
            assert!(used.remove(word), "{word} is not used");
        }
        for theme in Theme::ALL {
            let palette = TEMPLATE["palettes"][theme.code()].as_object().unwrap();
            let given: BTreeSet<String> = palette.keys().cloned().collect();
            assert_eq!(given, used, "{}", theme.code());
        }
    }

    #[tokio::test]
    async fn layers_ask_for_source_layers_that_the_embedded_map_has() {
        let basemap = Basemap::embedded().await;
        let known: BTreeSet<&str> =
            basemap.about().vector_layers.as_array().unwrap().iter().map(|l| l["id"].as_str().unwrap()).collect();
        for theme in Theme::ALL {
            let ask = Ask { theme, lang: Lang::Ru, locations: true, base_url: "https://example.org" };
            let document = style(ask, &basemap);
            let mut left = BTreeSet::new();
            words_of(&document, &mut left);
            assert_eq!(left, BTreeSet::new(), "words that were not filled in");
            let mut ids = BTreeSet::new();
            for layer in document["layers"].as_array().unwrap() {
                assert!(ids.insert(layer["id"].as_str().unwrap()), "{} twice", layer["id"]);
                if layer["source"] == "basemap" {
                    assert!(known.contains(layer["source-layer"].as_str().unwrap()), "{layer}");
                }
            }
        }
    }
}
