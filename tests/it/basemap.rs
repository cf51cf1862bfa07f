//! The map under the places, as a browser, a map of others and a service worker ask for it.

use crate::harness::{Answer, Ground, TestApp, noon};
use mvt_reader::Reader;
use mvt_reader::feature::Value as TileValue;
use ryadom::app::Options;
use ryadom::basemap::Basemap;
use ryadom::domain::Category;
use ryadom::http::state::Options as DoorOptions;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

const FILE: &str = "/basemap.pmtiles";
/// Pyatigorsk, at the last zoom.
const TILE: &str = "/basemap/12/2537/1488.mvt";

async fn app() -> TestApp {
    TestApp::on(Ground::sqlite().await).await
}

async fn with_door(door: DoorOptions) -> TestApp {
    TestApp::with(Ground::sqlite().await, noon(), Options { door, ..Options::default() }).await
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut child =
        Command::new("gzip").arg("-dc").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("gzip runs");
    let mut input = child.stdin.take().expect("piped");
    let bytes = bytes.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let mut plain = Vec::new();
    child.stdout.take().expect("piped").read_to_end(&mut plain).expect("read");
    writer.join().expect("joined").expect("written");
    assert!(child.wait().expect("ended").success());
    plain
}

#[tokio::test]
async fn the_file_is_read_by_ranges() {
    let app = app().await;
    let whole = app.get(FILE).await;
    let size = whole.body.len();
    assert_eq!((whole.status.as_u16(), &whole.body[..7]), (200, &b"PMTiles"[..]));
    assert_eq!(whole.header("content-type"), "application/vnd.pmtiles");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert_eq!(whole.header("content-length"), size.to_string());
    let etag = whole.header("etag").to_owned();
    let ranged = async |range: &str, more: &[(&str, &str)]| {
        let mut headers = vec![("range", range), ("accept-encoding", "gzip, br")];
        headers.extend_from_slice(more);
        app.get_as(FILE, &headers).await
    };
    for (range, from, to) in [
        ("bytes=0-126", 0, 127),
        ("bytes=127-16383", 127, 16_384),
        ("bytes=-4", size - 4, size),
        (&*format!("bytes={}-", size - 9), size - 9, size),
        (&*format!("bytes={}-{}", size - 9, size + 999), size - 9, size),
    ] {
        let part = ranged(range, &[]).await;
        assert_eq!((part.status.as_u16(), part.header("content-encoding")), (206, ""), "{range}");
        assert_eq!(part.header("content-range"), format!("bytes {from}-{}/{size}", to - 1), "{range}");
        assert_eq!(
            (part.header("content-length"), part.header("etag")),
            (&*(to - from).to_string(), &*etag),
            "{range}"
        );
        assert_eq!(part.body, whole.body[from..to], "{range}");
    }
    // The whole file is never compressed on its way: a range of that would mean nothing.
    for range in ["bytes=2-1", "lines=1-2", "bytes=0-1,5-6", "bytes="] {
        let answer = ranged(range, &[]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.body.len(), answer.header("content-encoding")),
            (200, size, ""),
            "{range}"
        );
    }
    let outside = ranged(&format!("bytes={size}-"), &[]).await;
    assert_eq!(outside.problem_of().0, "range-not-satisfiable");
    assert_eq!(outside.header("content-range"), format!("bytes */{size}"));
    // Another version of the file: all of it, not a piece of each.
    assert_eq!(ranged("bytes=0-9", &[("if-range", &etag)]).await.status, 206);
    assert_eq!(ranged("bytes=0-9", &[("if-range", "\"other\"")]).await.status, 200);
    assert_eq!(ranged("bytes=0-9", &[("if-none-match", &etag)]).await.status, 304);
    let head = app.request("HEAD", FILE, &[("range", "bytes=0-9")], "").await;
    assert_eq!((head.status.as_u16(), head.header("content-length"), head.body.len()), (206, "10", 0));
    let head = app.request("HEAD", FILE, &[], "").await;
    assert_eq!((head.status.as_u16(), head.header("content-length")), (200, &*size.to_string()));
    app.stop().await;
}

/// Names of a layer's features.
fn names(reader: &Reader, layer: &str, field: &str) -> BTreeSet<String> {
    let index = reader.get_layer_names().expect("names").iter().position(|name| name == layer).expect("the layer");
    let features = reader.get_features(index).expect("features");
    let texts = features.iter().filter_map(|f| match f.properties.as_ref()?.get(field)? {
        TileValue::String(text) => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}

#[tokio::test]
async fn a_tile_is_read_by_a_strangers_reader() {
    let app = app().await;
    let packed = app.get_as(TILE, &[("accept-encoding", "gzip, deflate, br")]).await;
    assert_eq!((packed.status.as_u16(), packed.header("content-encoding")), (200, "gzip"));
    assert_eq!(packed.header("content-type"), "application/vnd.mapbox-vector-tile");
    assert!(packed.header("vary").to_ascii_lowercase().contains("accept-encoding"));
    let plain = app.get(TILE).await;
    assert_eq!((plain.status.as_u16(), plain.header("content-encoding")), (200, ""));
    assert_eq!(gunzip(&packed.body), plain.body);
    assert_ne!(packed.header("etag"), plain.header("etag"));
    let reader = Reader::new(plain.body).expect("a tile");
    let layers: BTreeSet<String> = reader.get_layer_names().expect("names").into_iter().collect();
    for layer in ["land", "landcover", "landuse", "transportation", "place"] {
        assert!(layers.contains(layer), "{layers:?}");
    }
    // Both languages, the second one transliterated where nobody gave it.
    assert!(names(&reader, "place", "name_ru").contains("Пятигорск"));
    assert!(names(&reader, "place", "name_en").contains("Pyatigorsk"));
    let whole = app.get("/basemap/6/39/23.mvt").await;
    let reader = Reader::new(whole.body).expect("a tile");
    assert!(names(&reader, "place", "name_ru").contains("Ставрополь"));
    assert!(names(&reader, "place", "name_en").contains("Stavropol"));
    app.stop().await;
}

#[tokio::test]
async fn tiles_are_kept_and_those_that_are_not_there_say_so() {
    let app = app().await;
    let tag = app.get(FILE).await.header("etag").trim_matches('"').to_owned();
    let gzip = ("accept-encoding", "gzip");
    let tile = app.get_as(TILE, &[gzip]).await;
    assert_eq!(tile.header("cache-control"), "public, max-age=86400");
    let versioned = app.get_as(&format!("{TILE}?v={tag}"), &[gzip]).await;
    assert_eq!(versioned.header("cache-control"), "public, max-age=31536000, immutable");
    // A version that is gone is not kept for good.
    assert_eq!(app.get(&format!("{TILE}?v=0")).await.header("cache-control"), "public, max-age=86400");
    let etag = tile.header("etag").to_owned();
    let again = app.get_as(TILE, &[gzip, ("if-none-match", &etag)]).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    assert_eq!(app.get_as(TILE, &[("if-none-match", &etag)]).await.status, 200, "the tag of another encoding");
    // The steppe beyond the region's edge, and a Pacific of its own.
    let empty = app.get("/basemap/12/0/0.mvt").await;
    assert_eq!((empty.status.as_u16(), empty.body.len()), (204, 0));
    for uri in [
        "/basemap/13/5074/2988.mvt",
        "/basemap/3/8/0.mvt",
        "/basemap/3/0/8.mvt",
        "/basemap/3/0/-1.mvt",
        "/basemap/03/0/1.mvt",
        "/basemap/3/0/1",
        "/basemap/3/0/1.png",
        "/basemap/x/0/1.mvt",
        "/basemap/300/0/1.mvt",
    ] {
        assert_eq!(app.get(uri).await.problem_of().0, "no-route", "{uri}");
    }
    // ol-mapbox-style asks so.
    assert_eq!(app.get(&format!("{TILE}?v={tag}&lang=ru&locations=no")).await.status, 200);
    for uri in [FILE, TILE, "/basemap.json", "/style/light.json", "/style/sprite-light.json"] {
        let answer = app.get_as(uri, &[("origin", "https://example.org")]).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{uri}");
        let exposed = answer.header("access-control-expose-headers").to_ascii_lowercase();
        assert!(exposed.contains("etag") && exposed.contains("content-range"), "{uri}: {exposed}");
    }
    let preflight = app.request("OPTIONS", FILE, &[("access-control-request-headers", "range")], "").await;
    assert!(preflight.header("access-control-allow-headers").to_ascii_lowercase().contains("range"));
    app.stop().await;
}

#[tokio::test]
async fn tilejson_says_where_the_tiles_are() {
    let app = app().await;
    let json = app.get_as("/basemap.json", &[("host", "map.example.org:8080")]).await.json();
    assert_eq!((&json["tilejson"], &json["scheme"]), (&"3.0.0".into(), &"xyz".into()));
    assert_eq!((&json["minzoom"], &json["maxzoom"]), (&0.into(), &12.into()));
    assert!(json["tiles"][0].as_str().unwrap().starts_with("http://map.example.org:8080/basemap/{z}/{x}/{y}.mvt?v="));
    assert!(json["attribution"].as_str().unwrap().contains("OpenStreetMap"));
    for layer in json["vector_layers"].as_array().unwrap() {
        assert!(layer["id"].is_string() && layer["fields"].is_object(), "{layer}");
    }
    assert_eq!((json["bounds"].as_array().unwrap().len(), json["center"].as_array().unwrap().len()), (4, 3));
    // Forwarded headers are not believed, and a host that is none is left out.
    let forwarded = [("host", "a.example"), ("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "https")];
    let json = app.get_as("/basemap.json", &forwarded).await.json();
    assert!(json["tiles"][0].as_str().unwrap().starts_with("http://a.example/basemap/"));
    let json = app.get_as("/basemap.json", &[("host", "u@evil.example")]).await.json();
    assert!(json["tiles"][0].as_str().unwrap().starts_with("/basemap/"));
    app.stop().await;

    let public = DoorOptions { public_url: Some("https://map.example.org/near".into()), ..DoorOptions::default() };
    let app = with_door(public).await;
    let json = app.get_as("/basemap.json", &[("host", "10.0.0.1")]).await.json();
    assert!(json["tiles"][0].as_str().unwrap().starts_with("https://map.example.org/near/basemap/"));
    app.stop().await;
}

/// Every text in a document.
fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        _ => {}
    }
}

#[tokio::test]
async fn a_style_refers_to_nothing_but_what_is_here() {
    let app = app().await;
    let host = [("host", "map.example.org")];
    for uri in ["/style/light.json", "/style/dark.json?lang=en", "/style/dark.json?lang=ru&locations=no"] {
        let answer = app.get_as(uri, &host).await;
        assert_eq!(answer.header("content-type"), "application/json");
        let tag = answer.header("etag").to_owned();
        let unchanged = app.get_as(uri, &[host[0], ("if-none-match", &tag)]).await;
        assert_eq!(unchanged.status, 304);
        let style = answer.json();
        assert_eq!(style["version"], 8);
        let mut found = Vec::new();
        texts(&style, &mut found);
        let links: Vec<&str> = found.into_iter().filter(|t| t.contains("://")).collect();
        let ours = |link: &&str| link.strip_prefix("http://map.example.org").map(str::to_owned);
        let paths: Vec<String> = links.iter().map(|l| ours(l).unwrap_or_else(|| panic!("{l} is elsewhere"))).collect();
        // Sprites and glyphs, the basemap's tiles, and those of our places.
        assert_eq!(paths.len(), if uri.contains("locations=no") { 3 } else { 4 }, "{paths:?}");
        for path in paths {
            if path.starts_with("/style/sprite") {
                for end in [".json", ".png", "@2x.json", "@2x.png"] {
                    assert_eq!(app.get(&format!("{path}{end}")).await.status, 200, "{path}{end}");
                }
            } else if path.starts_with("/style/glyphs") {
                for font in fonts(&style) {
                    for range in ["0-255", "1024-1279", "8448-8703"] {
                        let uri = path.replace("{fontstack}", &font.replace(' ', "%20")).replace("{range}", range);
                        let glyphs = app.get(&uri).await;
                        assert_eq!(
                            (glyphs.status.as_u16(), glyphs.header("content-type")),
                            (200, "application/x-protobuf")
                        );
                        assert!(glyphs.body.len() > 300, "{uri}: {}", glyphs.body.len());
                    }
                }
            } else if path.starts_with("/basemap/") {
                let uri = path.replace("{z}", "7").replace("{x}", "78").replace("{y}", "46");
                assert_eq!(app.get(&uri).await.status, 200, "{uri}");
            } else {
                assert_eq!(path, "/tiles/locations/{z}/{x}/{y}.mvt");
            }
        }
        let wanted = if uri.contains("lang=en") { "name_en" } else { "name_ru" };
        let unwanted = if uri.contains("lang=en") { "name_ru" } else { "name_en" };
        let all = style.to_string();
        assert!(all.contains(wanted) && !all.contains(unwanted), "{uri}");
        assert_eq!(style["sources"]["locations"].is_object(), !uri.contains("locations=no"));
        assert!(style["sources"]["basemap"]["attribution"].as_str().unwrap().contains("© OpenStreetMap"));
    }
    for (uri, kind) in [
        ("/style/light.json?lang=de", "invalid-parameter"),
        ("/style/light.json?locations=maybe", "invalid-parameter"),
        ("/style/light.json?colour=red", "unknown-parameter"),
        ("/style/sepia.json", "no-route"),
        ("/style/map_style.json", "no-route"),
        ("/style/..%2FSOURCES.md", "no-route"),
        ("/style/glyphs/Comic%20Sans/0-255.pbf", "no-route"),
        ("/style/glyphs/Noto%20Sans%20Bold/1-256.pbf", "no-route"),
    ] {
        assert_eq!(app.get(uri).await.problem_of().0, kind, "{uri}");
    }
    // A range that the font lacks is empty, and of a list the first known font is taken.
    let empty = app.get("/style/glyphs/Noto%20Sans%20Bold/19968-20223.pbf").await;
    assert_eq!((empty.status.as_u16(), empty.body.len()), (200, 2 + 2 + 14 + 2 + 11));
    assert_eq!(app.get("/style/glyphs/Open%20Sans,Noto%20Sans%20Regular/0-255.pbf").await.status, 200);
    app.stop().await;
}

fn fonts(style: &Value) -> BTreeSet<String> {
    let layers = style["layers"].as_array().expect("layers");
    let stacks = layers.iter().filter_map(|layer| layer["layout"]["text-font"].as_array());
    stacks.flatten().map(|font| font.as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn every_category_has_its_icon_by_day_and_by_night() {
    let app = app().await;
    for sheet in ["sprite-light", "sprite-dark", "sprite-light@2x", "sprite-dark@2x"] {
        let index = app.get(&format!("/style/{sheet}.json")).await.json();
        let ratio = if sheet.ends_with("@2x") { 2 } else { 1 };
        for category in Category::ALL {
            assert_eq!(index[category.code()]["pixelRatio"], ratio, "{sheet} {}", category.code());
        }
        let png = app.get(&format!("/style/{sheet}.png")).await;
        assert_eq!((png.header("content-type"), &png.body[1..4]), ("image/png", &b"PNG"[..]));
    }
    app.stop().await;
}

#[tokio::test]
async fn another_map_takes_the_place_of_ours() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("other.pmtiles");
    let ours = app().await;
    let bytes = ours.get(FILE).await;
    std::fs::write(&path, &bytes.body).expect("written");
    let options = Options { basemap: Some(Basemap::open(&path).await.expect("a map")), ..Options::default() };
    let app = TestApp::with(Ground::sqlite().await, noon(), options).await;
    let same = |a: Answer, b: Answer| assert_eq!((a.status, a.body), (b.status, b.body));
    same(app.get(TILE).await, ours.get(TILE).await);
    same(app.get(FILE).await, ours.get(FILE).await);
    let range = [("range", "bytes=1000000-3500000")];
    same(app.get_as(FILE, &range).await, ours.get_as(FILE, &range).await);
    // Same bytes, but not the same file: what browsers have kept of ours is not taken for it.
    assert_ne!(app.get(FILE).await.header("etag"), bytes.header("etag"));
    app.stop().await;
    ours.stop().await;

    let url = "https://tiles.example.org/style.json?key=1";
    let elsewhere = DoorOptions { style_url: Some(url.into()), ..DoorOptions::default() };
    let app = with_door(elsewhere).await;
    for uri in ["/style/light.json", "/style/dark.json?lang=en"] {
        let answer = app.get(uri).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (307, url));
    }
    assert_eq!(app.get("/style/light.json?lang=de").await.status, 400);
    assert_eq!(app.get(TILE).await.status, 200, "our own map stays for those who ask for it");
    app.stop().await;
}
