//! OGC API at the door: documents, pages, parameters, tiles.

use crate::harness::{Describe, Ground, TestApp, benefit, day, place};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use ryadom::domain::{Benefit, BenefitKind, Category, Location, Wheelchair};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub const ITEMS: &str = "/ogc/collections/locations/items";

pub fn with(path: &str, pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        pairs.iter().map(|(n, v)| format!("{n}={}", utf8_percent_encode(v, NON_ALPHANUMERIC))).collect();
    format!("{path}?{}", pairs.join("&"))
}

pub fn places() -> Vec<Location> {
    let kinds = [None, Some(BenefitKind::Percent), Some(BenefitKind::Free)];
    let chairs = [None, Some(Wheelchair::Yes), Some(Wheelchair::Limited), Some(Wheelchair::No)];
    let mut places: Vec<Location> = (0..60_u32)
        .map(|n| {
            let category = Category::ALL[n as usize % 5];
            let at = (41.0 + f64::from(n % 10) / 5.0, 44.0 + f64::from(n / 10) / 3.0);
            place(&format!("p{n:02}")).at(at.0, at.1).being(category).named(&format!("Место {n}")).change(|l| {
                l.wheelchair = chairs[n as usize % 4];
                l.address = (n % 3 == 0).then(|| format!("ул. Мира, {n}"));
                l.last_confirmed = (n % 2 == 0).then(|| day("2026-10-01") + chrono::Days::new(u64::from(n)));
                if n % 7 == 0 {
                    l.categories_more = vec![Category::ALL[6]];
                }
                l.benefits = kinds[n as usize % 3]
                    .map(|kind| Benefit { kind: Some(kind), value: Some(f64::from(n)), ..benefit("Льгота") })
                    .into_iter()
                    .collect();
            })
        })
        .collect();
    places.push(place("east").at(179.9, 10.0).named("Éclair"));
    places.push(place("west").at(-179.9, 10.0).named("ЁЖ"));
    places
}

pub async fn app() -> TestApp {
    let app = TestApp::on(Ground::sqlite().await).await;
    app.publish(&places()).await;
    app
}

fn link<'l>(document: &'l Value, rel: &str) -> Option<&'l str> {
    document["links"].as_array()?.iter().find(|l| l["rel"] == rel)?["href"].as_str()
}

/// The path and query of an address of ours.
fn local(href: &str) -> &str {
    href.find("/ogc").map_or(href, |at| &href[at..])
}

pub async fn all_ids(app: &TestApp, first: &str) -> (Vec<String>, u64) {
    let (mut ids, mut uri, mut matched) = (Vec::new(), first.to_owned(), 0);
    loop {
        let answer = app.get(&uri).await;
        assert_eq!(answer.status, 200, "{uri}: {}", answer.text());
        let page = answer.json();
        matched = page["numberMatched"].as_u64().unwrap().max(matched);
        assert_eq!(page["numberMatched"].as_u64(), Some(matched), "{uri}");
        assert_eq!(page["numberReturned"].as_u64(), Some(answer.ids().len() as u64));
        ids.extend(answer.ids());
        match link(&page, "next") {
            Some(next) => local(next).clone_into(&mut uri),
            None => return (ids, matched),
        }
    }
}

#[tokio::test]
async fn documents_lead_from_one_to_the_next() {
    let app = app().await;
    let landing = app.get("/ogc").await;
    assert_eq!(
        (landing.header("content-type"), landing.header("access-control-allow-origin")),
        ("application/json", "*")
    );
    let landing = landing.any_json();
    for rel in ["self", "alternate", "service-desc", "service-doc", "conformance", "data"] {
        let href = link(&landing, rel).unwrap_or_else(|| panic!("{rel}"));
        assert_eq!(app.get(local(href)).await.status, 200, "{rel}");
    }
    let conforms = app.get("/ogc/conformance").await.any_json();
    let conforms: BTreeSet<&str> =
        conforms["conformsTo"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(conforms.contains("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"));
    let collection = app.get("/ogc/collections/locations").await.any_json();
    assert_eq!(collection, app.get("/ogc/collections").await.any_json()["collections"][0]);
    assert_eq!(collection["extent"]["spatial"]["bbox"][0][0], -179.9);
    let queryables = app.get("/ogc/collections/locations/queryables").await;
    assert_eq!(queryables.header("content-type"), "application/schema+json");
    assert_eq!(queryables.any_json()["properties"]["wheelchair"]["enum"], json!(["yes", "limited", "no"]));
    let api = app.get("/ogc/api").await;
    assert_eq!(api.header("content-type"), "application/vnd.oai.openapi+json;version=3.0");
    let api = api.any_json();
    // Every path of the document is a route, and every reference leads somewhere.
    for path in api["paths"].as_object().unwrap().keys() {
        let path = path
            .replace("{featureId}", "p01")
            .replace("{tileMatrix}", "0")
            .replace("{tileRow}", "0")
            .replace("{tileCol}", "0");
        assert_eq!(app.get(&format!("/ogc{path}")).await.status, 200, "{path}");
    }
    let text = api.to_string();
    for reference in text.split("\"#").skip(1).filter_map(|r| r.split('"').next()) {
        assert!(api.pointer(reference).is_some(), "{reference}");
    }
    // HTML by `f` and by Accept; JSON for whoever takes anything.
    for path in
        ["/ogc", "/ogc/api", "/ogc/collections/locations/queryables", ITEMS, "/ogc/collections/locations/items/p01"]
    {
        let page = app.get(&format!("{path}?f=html")).await;
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        let browser = app.get_as(path, &[("accept", "text/html,application/xhtml+xml,*/*;q=0.8")]).await;
        assert_eq!(browser.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert!(app.get_as(path, &[("accept", "*/*")]).await.header("content-type").contains("json"), "{path}");
    }
    app.stop().await;
}

#[tokio::test]
async fn pages_hold_every_place_once_and_count_them() {
    let app = app().await;
    for query in ["limit=7", "limit=7&sortby=-benefit_value,name", "limit=1000000", "limit=9&filter=benefit_value%3E10"]
    {
        let (ids, matched) = all_ids(&app, &format!("{ITEMS}?{query}")).await;
        let distinct: BTreeSet<&String> = ids.iter().collect();
        assert_eq!((distinct.len(), ids.len() as u64), (ids.len(), matched), "{query}");
    }
    assert_eq!(all_ids(&app, &format!("{ITEMS}?limit=13")).await.1, 62);
    let sorted = app.get(&format!("{ITEMS}?sortby=-benefit_value&limit=3")).await;
    assert_eq!(sorted.ids(), ["p59", "p58", "p56"]);
    let skipped = app.get(&format!("{ITEMS}?sortby=-benefit_value&limit=2&offset=1")).await;
    assert_eq!(skipped.ids(), ["p58", "p56"]);
    let page = app.get(&format!("{ITEMS}?limit=5")).await;
    let next = app.get(&format!("{ITEMS}?limit=5&offset=5")).await;
    assert_eq!(app.get(local(link(&page.json(), "next").unwrap())).await.ids(), next.ids());
    assert!(page.json()["timeStamp"].as_str().unwrap().ends_with('Z'));
    assert_eq!(app.get(&format!("{ITEMS}?offset=62")).await.ids(), [""; 0]);
    // An edit between two pages moves nobody from page to page.
    let (before, _) = all_ids(&app, &format!("{ITEMS}?limit=20")).await;
    let first = app.get(&format!("{ITEMS}?limit=20")).await;
    let gone = first.ids()[3].clone();
    app.publish(&[place(&gone).at(10.0, 10.0)]).await;
    let (rest, _) = all_ids(&app, local(link(&first.json(), "next").unwrap())).await;
    assert!(before[20..].iter().all(|id| rest.contains(id)));
    app.stop().await;
}

#[tokio::test]
async fn boxes_and_properties_pick_what_they_say() {
    let app = app().await;
    let all = places();
    let ids = |keep: &dyn Fn(&Location) -> bool| -> BTreeSet<String> {
        all.iter().filter(|l| keep(l)).map(|l| l.id.as_str().to_owned()).collect()
    };
    let inside = |w: f64, s: f64, e: f64, n: f64| {
        move |l: &Location| (w..=e).contains(&l.position.lon()) && (s..=n).contains(&l.position.lat())
    };
    let cases: Vec<(&str, BTreeSet<String>)> = vec![
        ("bbox=41.1,44.2,42.05,45.1", ids(&inside(41.1, 44.2, 42.05, 45.1))),
        ("bbox=41.1,44.2,-10,42.05,45.1,9000", ids(&inside(41.1, 44.2, 42.05, 45.1))),
        ("bbox=170,0,-170,20", ids(&|l| l.position.lon().abs() > 170.0)),
        ("bbox=-180,-90,180,90", ids(&|_| true)),
        ("datetime=2018-02-12T00:00:00Z/..", ids(&|_| true)),
        ("wheelchair=yes", ids(&|l| l.wheelchair == Some(Wheelchair::Yes))),
        ("category=museum", ids(&|l| l.category == Category::Museum)),
        ("categories=leisure", ids(&|l| l.category_bits() & Category::Leisure.bit() != 0)),
        ("benefit_value=10&benefit_kind=percent", ids(&|l| l.id.as_str() == "p10")),
        ("last_confirmed=2026-10-03", ids(&|l| l.id.as_str() == "p02")),
        (
            "bbox=41,44,42,45&wheelchair=no&limit=2",
            ids(&|l| inside(41.0, 44.0, 42.0, 45.0)(l) && l.wheelchair == Some(Wheelchair::No)),
        ),
    ];
    for (query, want) in cases {
        let (found, matched) = all_ids(&app, &format!("{ITEMS}?{query}")).await;
        assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), want, "{query}");
        assert_eq!(matched as usize, want.len(), "{query}");
    }
    let one = app.get(&format!("{ITEMS}/p10")).await;
    assert_eq!(one.header("content-type"), "application/geo+json");
    assert_eq!(one.json()["properties"]["benefit_value"], 10.0);
    assert!(link(&one.json(), "collection").is_some());
    app.stop().await;
}

/// GDAL from 3.7 on names the reference system in every question, and puts an id behind the link.
#[tokio::test]
async fn the_reference_system_is_said_and_may_be_asked_for() {
    let app = app().await;
    let collection = app.get("/ogc/collections/locations").await.any_json();
    let crs = collection["storageCrs"].as_str().unwrap();
    assert_eq!(collection["crs"], json!([crs]));
    let links = collection["links"].as_array().unwrap();
    let items = links.iter().find(|l| l["rel"] == "items" && l["type"] == "application/geo+json").unwrap();
    let items = local(items["href"].as_str().unwrap());
    assert_eq!(items, ITEMS);
    let area = "41,44,41.5,45";
    let plain = app.get(&with(items, &[("bbox", area)])).await;
    for uri in [
        with(items, &[("bbox", area), ("bbox-crs", crs), ("crs", crs)]),
        with(items, &[("f", "html"), ("crs", crs)]),
        with(&format!("{items}/p01"), &[("crs", crs)]),
        format!("{items}/p01"),
    ] {
        let answer = app.get(&uri).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-crs")), (200, &*format!("<{crs}>")), "{uri}");
    }
    assert!(plain.header("access-control-expose-headers").contains("Content-Crs"));
    let named = app.get(&with(items, &[("bbox", area), ("bbox-crs", crs), ("crs", crs)])).await;
    assert!(!plain.ids().is_empty() && named.ids() == plain.ids());
    app.stop().await;
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let app = app().await;
    for (query, kind, field) in [
        ("colour=red", "unknown-parameter", "colour"),
        ("limit=0", "invalid-parameter", "limit"),
        ("limit=many", "invalid-parameter", "limit"),
        ("offset=-1", "invalid-parameter", "offset"),
        ("bbox=1,2,3", "invalid-parameter", "bbox"),
        ("bbox=1,5,3,4", "bbox-order", "bbox"),
        ("datetime=soon", "invalid-parameter", "datetime"),
        ("cursor=x", "invalid-parameter", "cursor"),
        ("f=gml", "invalid-parameter", "f"),
        ("sortby=colour", "invalid-parameter", "sortby"),
        ("filter-lang=sql&filter=true", "invalid-parameter", "filter-lang"),
        ("filter-crs=http://www.opengis.net/def/crs/EPSG/0/3857&filter=true", "invalid-parameter", "filter-crs"),
        ("crs=http://www.opengis.net/def/crs/EPSG/0/3857", "invalid-parameter", "crs"),
        ("bbox=1,2,3,4&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4326", "invalid-parameter", "bbox-crs"),
        ("benefit_value=ten", "invalid-parameter", "benefit_value"),
        ("last_confirmed=ten", "invalid-parameter", "last_confirmed"),
    ] {
        let answer = app.get(&format!("{ITEMS}?{query}")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem_of()),
            (400, (kind.to_owned(), vec![field.to_owned()])),
            "{query}"
        );
    }
    let elsewhere = format!("{ITEMS}/p01?crs=http://www.opengis.net/def/crs/EPSG/0/3857");
    assert_eq!(app.get(&elsewhere).await.problem_of(), ("invalid-parameter".into(), vec!["crs".into()]));
    assert_eq!(app.get(&format!("{ITEMS}/nobody")).await.problem_of().0, "no-location");
    assert_eq!(app.get("/ogc/collections/nothing").await.problem_of().0, "no-route");
    assert_eq!(app.get("/download/locations.shp").await.problem_of().0, "no-route");
    assert_eq!(app.get("/ogc?x=1").await.problem_of().0, "unknown-parameter");
    app.stop().await;
}

#[tokio::test]
async fn tiles_are_those_of_the_layer() {
    let app = app().await;
    let tileset = app.get("/ogc/collections/locations/tiles/WebMercatorQuad").await.any_json();
    assert_eq!(tileset["tileMatrixSetLimits"].as_array().unwrap().len(), 19);
    let sets = app.get("/ogc/collections/locations/tiles").await.any_json();
    assert_eq!(sets["tilesets"][0]["dataType"], "vector");
    let matrices = app.get("/ogc/tileMatrixSets/WebMercatorQuad").await.any_json();
    let scale = matrices["tileMatrices"][0]["scaleDenominator"].as_f64().unwrap();
    assert!((scale - 559_082_264.028_717_8).abs() < 1e-3, "{scale}");
    // Row before column.
    let ours = app.get("/tiles/locations/6/39/23.mvt").await;
    let theirs = app.get("/ogc/collections/locations/tiles/WebMercatorQuad/6/23/39").await;
    assert_eq!((theirs.status.as_u16(), theirs.header("content-type")), (200, "application/vnd.mapbox-vector-tile"));
    assert_eq!(ours.body, theirs.body);
    let geojson = app.get("/ogc/collections/locations/tiles/WebMercatorQuad/6/23/39?f=geojson").await;
    assert_eq!(geojson.header("content-type"), "application/geo+json");
    assert_eq!(app.get("/ogc/collections/locations/tiles/WebMercatorQuad/19/0/0").await.problem_of().0, "no-tile");
    assert_eq!(app.get("/ogc/collections/locations/tiles/WebMercatorQuad/6/0/0").await.status, 204);
    app.stop().await;
}
