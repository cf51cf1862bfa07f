//! The layer at the door: tiles, the clustered viewport, and news of what changes.

use crate::harness::ground::publish;
use crate::harness::{Describe, Ground, LIMIT, TestApp, noon, on_both_stores, place, utc};
use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use http_body_util::BodyExt;
use ryadom::domain::{Category, Location};
use ryadom::geometry::{TileCoord, mercator};
use ryadom::sample::Sample;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tower::ServiceExt;

on_both_stores! { an_edit_is_told_to_open_streams }

const STAVROPOL: (f64, f64) = (41.9692, 45.0448);

fn tile_at(z: u8, (lon, lat): (f64, f64)) -> String {
    let code = mercator::code(ryadom::geometry::LonLat::new(lon, lat).unwrap());
    format!("/tiles/locations/{}", TileCoord::of_code(z, code))
}

async fn small_town() -> TestApp {
    let near = |n: u32| (STAVROPOL.0 + f64::from(n) / 500.0, STAVROPOL.1 + f64::from(n % 3) / 700.0);
    let places: Vec<Location> = (0..12)
        .map(|n| {
            let category = if n % 3 == 0 { Category::Museum } else { Category::Cafe };
            place(&format!("p{n:02}")).at(near(n).0, near(n).1).being(category).open("Mo-Su 10:00-18:00")
        })
        .chain([place("far").at(44.0, 44.0).open("Mo-Su 20:00-22:00")])
        .collect();
    let app = TestApp::on(Ground::sqlite().await).await;
    app.publish(&places).await;
    app
}

/// Sum of point counts and single places.
fn total(collection: &Value) -> u64 {
    let features = collection["features"].as_array().expect("features");
    features.iter().map(|f| f["properties"]["point_count"].as_u64().unwrap_or(1)).sum()
}

#[tokio::test]
async fn tiles_keep_their_contract() {
    let app = small_town().await;
    let world = app.get("/tiles/locations/0/0/0.geojson").await;
    assert_eq!((world.status.as_u16(), world.header("content-type")), (200, "application/geo+json"));
    assert_eq!(world.header("access-control-allow-origin"), "*");
    assert_eq!(total(&world.json()), 13);
    let cluster = &world.json()["features"][0]["properties"];
    assert_eq!((&cluster["cluster"], &cluster["point_count"]), (&true.into(), &13.into()));
    assert_eq!(cluster["categories"]["museum"], 4);
    assert!(cluster["expansion_zoom"].as_u64().unwrap() > 0);

    let mvt = app.get(&format!("{}.mvt", tile_at(9, STAVROPOL))).await;
    assert_eq!((mvt.status.as_u16(), mvt.header("content-type")), (200, "application/vnd.mapbox-vector-tile"));
    assert_eq!(mvt.header("vary"), "accept-encoding");
    let empty = app.get("/tiles/locations/9/0/0.mvt").await;
    assert_eq!((empty.status.as_u16(), empty.body.len()), (204, 0));
    assert!(!empty.header("etag").is_empty());

    for wrong in [
        "19/0/0.mvt",
        "0/1/0.mvt",
        "3/8/0.mvt",
        "3/0/-1.mvt",
        "3/0/0.png",
        "3/0/0",
        "3/00/0.mvt",
        "a/0/0.mvt",
        "256/0/0.mvt",
        "3/0/4294967296.mvt",
    ] {
        let answer = app.get(&format!("/tiles/locations/{wrong}")).await;
        assert_eq!((answer.status.as_u16(), answer.problem_of().0.as_str()), (404, "no-tile"), "{wrong}");
    }
    let answer = app.get("/tiles/locations/0/0/0.mvt?kategory=museum").await;
    assert_eq!(answer.problem_of(), ("unknown-parameter".into(), vec!["kategory".into()]));
    app.stop().await;
}

#[tokio::test]
async fn tiles_are_compressed_and_not_sent_twice() {
    let app = small_town().await;
    let uri = format!("{}.mvt", tile_at(12, STAVROPOL));
    let plain = app.get(&uri).await;
    let gzip = app.get_as(&uri, &[("accept-encoding", "gzip, br")]).await;
    assert_eq!((plain.header("content-encoding"), gzip.header("content-encoding")), ("", "gzip"));
    assert_ne!(plain.header("etag"), gzip.header("etag"));
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&gzip.body[..]), &mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body);
    let again = app.get_as(&uri, &[("if-none-match", plain.header("etag"))]).await;
    assert_eq!((again.status.as_u16(), again.body.len(), again.header("etag")), (304, 0, plain.header("etag")));
    app.stop().await;
}

#[tokio::test]
async fn tiles_viewport_and_lists_agree_under_every_filter() {
    let app = small_town().await;
    for filter in
        ["", "&category=museum", "&category=cafe,museum&open_at=now", "&open_at=2026-11-22T18:00:00Z", "&q=p0"]
    {
        let list =
            app.get(&format!("/api/v1/locations?bbox=-180,-90,180,90&limit=1000{filter}")).await.ids().len() as u64;
        assert!(list > 0, "{filter}");
        for zoom in 0..=18 {
            let view = app.get(&format!("/api/v1/locations?bbox=-180,-90,180,90&zoom={zoom}{filter}")).await.json();
            assert_eq!((total(&view), &view["matched"]), (list, &list.into()), "zoom {zoom} {filter}");
            let (zoom, used) = (Value::from(zoom), &view["cluster_zoom"]);
            assert_eq!((&view["zoom"], used, &view["complete"]), (&zoom, &zoom, &true.into()));
        }
        let world = app.get(&format!("/tiles/locations/0/0/0.geojson?{}", filter.trim_start_matches('&'))).await;
        assert_eq!(total(&world.json()), list, "{filter}");
    }
    app.stop().await;
}

#[tokio::test]
async fn the_viewport_answers_a_wrong_zoom_by_name() {
    let app = small_town().await;
    for wrong in ["-1", "25", "near", "NaN"] {
        let answer = app.get(&format!("/api/v1/locations?bbox=41,44,43,46&zoom={wrong}")).await;
        assert_eq!(answer.problem_of().1, ["zoom"], "{wrong}");
    }
    let answer = app.get("/api/v1/locations?bbox=41,44,43,46&zoom=9&cursor=0.a").await;
    assert_eq!(answer.problem_of().1, ["cursor"]);
    let deep = app.get("/api/v1/locations?bbox=41,44,43,46&zoom=21.7").await.json();
    assert_eq!((&deep["zoom"], total(&deep)), (&18.into(), 12));
    app.stop().await;
}

#[tokio::test]
async fn the_widest_viewport_is_never_cut_and_never_too_large() {
    let mut sample = Sample::new(7);
    let places: Vec<Location> = (0..12_000).map(|_| sample.published().location).collect();
    let app = TestApp::on(Ground::sqlite().await).await;
    app.publish(&places).await;
    for zoom in 0..=18 {
        let answer = app.get(&format!("/api/v1/locations?bbox=-180,-90,180,90&zoom={zoom}")).await;
        let view = answer.json();
        let features = view["features"].as_array().unwrap().len();
        assert!(features <= 5_000 && answer.body.len() <= 1_000_000, "{features} in {} bytes", answer.body.len());
        assert_eq!(total(&view), 12_000, "zoom {zoom}");
        assert!(view["cluster_zoom"].as_u64() <= view["zoom"].as_u64());
    }
    app.stop().await;
}

/// The ETag of every tile over the data, at every zoom, with two filters; those that are empty have one too.
async fn etags(app: &TestApp) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::new();
    for z in 0..=18 {
        for spot in [STAVROPOL, (41.99, 45.05), (44.0, 44.0), (43.0, 44.5), (60.0, 60.0)] {
            for query in ["", "?category=museum"] {
                let uri = format!("{}.mvt{query}", tile_at(z, spot));
                let tag = app.get(&uri).await.header("etag").to_owned();
                tags.insert(uri, tag);
            }
        }
    }
    tags
}

#[tokio::test]
async fn an_edit_changes_the_etag_of_exactly_the_tiles_that_held_or_hold_the_place() {
    let app = small_town().await;
    let before = etags(&app).await;
    assert_eq!(etags(&app).await, before, "asking changes nothing");
    let changed = |was: &BTreeMap<String, String>, now: &BTreeMap<String, String>| -> Vec<String> {
        was.iter().filter(|(uri, tag)| now[*uri] != **tag).map(|(uri, _)| uri.clone()).collect()
    };
    // A name: the tiles over the place, the ones in which it is only counted among them.
    let far = || place("far").open("Mo-Su 20:00-22:00").named("Новое имя");
    app.publish(&[far().at(44.0, 44.0)]).await;
    let renamed = etags(&app).await;
    let expected: Vec<String> =
        before.keys().filter(|uri| holds(uri, (44.0, 44.0)) && !uri.contains('?')).cloned().collect();
    assert_eq!(changed(&before, &renamed), expected);
    // A move: the tiles over both spots.
    app.publish(&[far().at(43.0, 44.5)]).await;
    let expected: Vec<String> = before
        .keys()
        .filter(|uri| (holds(uri, (44.0, 44.0)) || holds(uri, (43.0, 44.5))) && !uri.contains('?'))
        .cloned()
        .collect();
    assert_eq!(changed(&renamed, &etags(&app).await), expected);
    app.stop().await;
}

fn holds(uri: &str, spot: (f64, f64)) -> bool {
    let z: u8 = uri.split('/').nth(3).and_then(|z| z.parse().ok()).unwrap();
    uri.starts_with(&format!("{}.", tile_at(z, spot)))
}

#[tokio::test]
async fn a_tile_of_what_is_open_changes_by_itself_when_a_place_closes() {
    let app = small_town().await;
    // 10:00-18:00 in Moscow; noon of the harness is in UTC.
    app.clock.set(utc("2026-11-22T14:59:30Z"));
    let uri = "/tiles/locations/0/0/0.geojson?open_at=now";
    let open = app.get(uri).await;
    assert_eq!(total(&open.json()), 12);
    assert!((1..=30).contains(&open.max_age_s()), "{}", open.max_age_s());
    app.wait(TimeDelta::seconds(open.max_age_s() + 25));
    assert_eq!(app.get(uri).await.status, 204, "closed at 18:00");
    app.stop().await;
}

#[tokio::test]
async fn tilejson_names_the_tiles_with_their_filter() {
    let app = small_town().await;
    let headers = [("host", "map.example")];
    let json = app.get_as("/tiles/locations.json?category=museum", &headers).await.json();
    assert_eq!(json["tilejson"], "3.0.0");
    let tiles = json["tiles"][0].as_str().unwrap();
    assert!(tiles.ends_with("://map.example/tiles/locations/{z}/{x}/{y}.mvt?category=museum"), "{tiles}");
    assert_eq!((&json["minzoom"], &json["maxzoom"]), (&0.into(), &18.into()));
    assert_eq!(json["vector_layers"][0]["id"], "locations");
    let fields = json["vector_layers"][0]["fields"].as_object().unwrap();
    for field in ["id", "name", "category", "point_count", "expansion_zoom", "n_museum", "n_kids_shop"] {
        assert!(fields[field].is_string(), "{field}");
    }
    // Somebody else's reader takes it, and the basemap's.
    for path in ["/tiles/locations.json?category=museum", "/basemap.json"] {
        let text = app.get_as(path, &headers).await.text();
        let read: tilejson::TileJSON = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}"));
        assert_eq!((read.tilejson.as_str(), read.tiles.len()), ("3.0.0", 1), "{path}");
        assert!(read.vector_layers.is_some_and(|layers| !layers.is_empty()), "{path}");
    }
    let bounds: Vec<f64> = json["bounds"].as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect();
    assert!(bounds[0] <= STAVROPOL.0 && bounds[2] >= 44.0 && bounds[1] <= 44.0 && bounds[3] >= STAVROPOL.1);
    app.stop().await;
}

/// Reads a stream until it holds what is looked for.
struct Stream {
    body: Body,
    heard: String,
}

impl Stream {
    async fn open(app: &TestApp, last: Option<&str>) -> Self {
        let mut request = Request::builder().uri("/api/v1/events");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let router = app.app().router();
        let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body(), heard: String::new() }
    }

    async fn until(&mut self, wanted: &str) -> Duration {
        let began = Instant::now();
        while !self.heard.contains(wanted) {
            let frame = tokio::time::timeout(LIMIT, self.body.frame()).await;
            let frame = frame
                .unwrap_or_else(|_| panic!("no {wanted} in time; heard {}", self.heard))
                .expect("the stream goes on")
                .expect("a frame");
            self.heard.push_str(std::str::from_utf8(frame.data_ref().expect("data")).unwrap());
        }
        began.elapsed()
    }
}

async fn an_edit_is_told_to_open_streams(ground: Ground) {
    let app = TestApp::on_at(ground, noon()).await;
    app.publish(&[place("a").at(42.0, 45.0), place("b").at(43.0, 44.0)]).await;
    let mut stream = Stream::open(&app, None).await;
    stream.until("event: hello\n").await;
    assert!(stream.heard.contains(r#"data: {"to_seq":1}"#), "{}", stream.heard);
    // Another process writes.
    publish(&app.ground().another_store().await, &[place("a").at(42.5, 45.5)]).await;
    stream.until("event: change\n").await;
    stream.until(r#""ids":["a"],"bbox":[42.0,45.0,42.5,45.5]}"#).await;
    assert!(stream.heard.contains(r#"{"from_seq":1,"to_seq":2,"#) && stream.heard.contains("id: 2\n"));
    // What happened meanwhile is told in one event to who comes back.
    for i in 0..5 {
        app.publish(&[place("b").at(43.0, 44.0).named(&format!("Имя {i}"))]).await;
    }
    let mut back = Stream::open(&app, Some("2")).await;
    back.until(r#"{"from_seq":2,"to_seq":7,"ids":["b"],"bbox":[43.0,44.0,43.0,44.0]}"#).await;
    // Who was away too long, or comes from another service, reads anew.
    let mut lost = Stream::open(&app, Some("999")).await;
    lost.until("event: reset\n").await;
    lost.until(r#"data: {"to_seq":7}"#).await;
    // A stream does not keep the service from stopping.
    app.app().state.closing.cancel();
    let ended = tokio::time::timeout(LIMIT, back.body.frame()).await.expect("the stream ends");
    assert!(ended.is_none());
    app.stop().await;
}
