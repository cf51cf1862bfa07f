//! OGC API at the door, CQL2 against a filter in Rust, and the files of the layer.

use crate::harness::{Answer, Describe, Ground, TestApp, benefit, day, place};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use ryadom::domain::{Benefit, BenefitKind, Category, Location, Wheelchair};
use ryadom::sample::Sample;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const ITEMS: &str = "/ogc/collections/locations/items";

fn with(path: &str, pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        pairs.iter().map(|(n, v)| format!("{n}={}", utf8_percent_encode(v, NON_ALPHANUMERIC))).collect();
    format!("{path}?{}", pairs.join("&"))
}

fn places() -> Vec<Location> {
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

async fn app() -> TestApp {
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

async fn all_ids(app: &TestApp, first: &str) -> (Vec<String>, u64) {
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
            Some(next) => uri = local(next).to_owned(),
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
    let wrong = app.get(&with(ITEMS, &[("filter", "name = 'a' AND colour = 'red'"), ("lang", "en")])).await;
    assert_eq!(wrong.problem_of(), ("invalid-parameter".into(), vec!["filter".into()]));
    assert!(wrong.text().contains("character 16"), "{}", wrong.text());
    let wrong = app
        .get(&with(
            ITEMS,
            &[("filter", r#"{"op":"=","args":[{"property":"colour"},1]}"#), ("filter-lang", "cql2-json")],
        ))
        .await;
    assert!(wrong.text().contains("/args/0"), "{}", wrong.text());
    assert_eq!(app.get(&format!("{ITEMS}/nobody")).await.problem_of().0, "no-location");
    assert_eq!(app.get("/ogc/collections/nothing").await.problem_of().0, "no-route");
    assert_eq!(app.get("/download/locations.shp").await.problem_of().0, "no-route");
    assert_eq!(app.get("/ogc?x=1").await.problem_of().0, "unknown-parameter");
    app.stop().await;
}

type Keep = fn(&Location) -> bool;

fn value(l: &Location) -> Option<f64> {
    l.benefits.first().and_then(|b| b.value)
}

fn confirmed(l: &Location, at: impl Fn(chrono::NaiveDate) -> bool) -> bool {
    l.last_confirmed.is_some_and(at)
}

fn within(l: &Location, w: f64, s: f64, e: f64, n: f64) -> bool {
    let p = l.position;
    p.lon() >= w && p.lon() <= e && p.lat() >= s && p.lat() <= n
}

/// The examples of the standard (OGC 21-065r2, clauses 6 to 9 and `schema/examples`) with properties of ours in the
/// place of theirs, as text, as JSON, and as Rust.
fn examples() -> Vec<(&'static str, Value, Keep)> {
    fn p(name: &str) -> Value {
        json!({ "property": name })
    }
    fn op(op: &str, args: &[Value]) -> Value {
        json!({ "op": op, "args": args })
    }
    let square = json!({ "type": "Polygon", "coordinates": [[[41, 44], [42, 44], [42, 45], [41, 45], [41, 44]]] });
    let interval = json!({ "interval": ["2026-10-10", "2026-10-20"] });
    vec![
        ("wheelchair='yes'", op("=", &[p("wheelchair"), "yes".into()]), |l| l.wheelchair == Some(Wheelchair::Yes)),
        ("benefit_value<>10", op("<>", &[p("benefit_value"), 10.into()]), |l| value(l).is_some_and(|v| v != 10.0)),
        ("benefit_value<10", op("<", &[p("benefit_value"), 10.into()]), |l| value(l).is_some_and(|v| v < 10.0)),
        ("benefit_value<=10", op("<=", &[p("benefit_value"), 10.into()]), |l| value(l).is_some_and(|v| v <= 10.0)),
        ("benefit_value>10", op(">", &[p("benefit_value"), 10.into()]), |l| value(l).is_some_and(|v| v > 10.0)),
        ("benefit_value>=10", op(">=", &[p("benefit_value"), 10.into()]), |l| value(l).is_some_and(|v| v >= 10.0)),
        (
            "benefit_value > 10 AND wheelchair = 'no'",
            op("and", &[op(">", &[p("benefit_value"), 10.into()]), op("=", &[p("wheelchair"), "no".into()])]),
            |l| value(l).is_some_and(|v| v > 10.0) && l.wheelchair == Some(Wheelchair::No),
        ),
        (
            "benefit_value < 10 OR category = 'museum'",
            op("or", &[op("<", &[p("benefit_value"), 10.into()]), op("=", &[p("category"), "museum".into()])]),
            |l| value(l).is_some_and(|v| v < 10.0) || l.category == Category::Museum,
        ),
        (
            "NOT (benefit_value < 10 OR category = 'museum')",
            op(
                "not",
                &[op("or", &[op("<", &[p("benefit_value"), 10.into()]), op("=", &[p("category"), "museum".into()])])],
            ),
            // Unknown is not true, and not of it neither.
            |l| value(l).is_some_and(|v| v >= 10.0) && l.category != Category::Museum,
        ),
        ("address IS NULL", op("isNull", &[p("address")]), |l| l.address.is_none()),
        ("address IS NOT NULL", op("not", &[op("isNull", &[p("address")])]), |l| l.address.is_some()),
        ("name LIKE 'Место 1%'", op("like", &[p("name"), "Место 1%".into()]), |l| {
            l.name.starts_with("Место 1")
        }),
        ("name NOT LIKE 'Место _'", op("not", &[op("like", &[p("name"), "Место _".into()])]), |l| {
            l.name.chars().count() != 7 || !l.name.starts_with("Место ")
        }),
        ("benefit_value BETWEEN 10 AND 20", op("between", &[p("benefit_value"), 10.into(), 20.into()]), |l| {
            value(l).is_some_and(|v| (10.0..=20.0).contains(&v))
        }),
        ("category IN ('museum','theatre')", op("in", &[p("category"), json!(["museum", "theatre"])]), |l| {
            matches!(l.category, Category::Museum | Category::Theatre)
        }),
        (
            "category NOT IN ('museum','theatre')",
            op("not", &[op("in", &[p("category"), json!(["museum", "theatre"])])]),
            |l| !matches!(l.category, Category::Museum | Category::Theatre),
        ),
        (
            "CASEI(name) LIKE casei('мЕСТО%')",
            op("like", &[op("casei", &[p("name")]), op("casei", &["мЕСТО%".into()])]),
            |l| l.name.starts_with("Место"),
        ),
        (
            "CASEI(name) IN (casei('éCLAIR'), casei('ёж'))",
            op(
                "in",
                &[op("casei", &[p("name")]), json!([op("casei", &["éCLAIR".into()]), op("casei", &["ёж".into()])])],
            ),
            |l| matches!(l.id.as_str(), "east" | "west"),
        ),
        (
            "ACCENTI(name) = accenti('Eclair')",
            op("=", &[op("accenti", &[p("name")]), op("accenti", &["Eclair".into()])]),
            |l| l.id.as_str() == "east",
        ),
        (
            "S_INTERSECTS(geometry,BBOX(41,44,42,45))",
            op("s_intersects", &[p("geometry"), json!({ "bbox": [41, 44, 42, 45] })]),
            |l| within(l, 41.0, 44.0, 42.0, 45.0),
        ),
        (
            "S_INTERSECTS(geometry,POLYGON((41 44,42 44,42 45,41 45,41 44)))",
            op("s_intersects", &[p("geometry"), square.clone()]),
            |l| within(l, 41.0, 44.0, 42.0, 45.0),
        ),
        (
            "S_WITHIN(geometry,POLYGON((41 44,42 44,42 45,41 45,41 44)))",
            op("s_within", &[p("geometry"), square.clone()]),
            |l| {
                let p = l.position;
                p.lon() > 41.0 && p.lon() < 42.0 && p.lat() > 44.0 && p.lat() < 45.0
            },
        ),
        (
            "S_TOUCHES(geometry,POLYGON((41 44,42 44,42 45,41 45,41 44)))",
            op("s_touches", &[p("geometry"), square.clone()]),
            |l| {
                within(l, 41.0, 44.0, 42.0, 45.0)
                    && (l.position.lon() == 41.0
                        || l.position.lon() == 42.0
                        || l.position.lat() == 44.0
                        || l.position.lat() == 45.0)
            },
        ),
        (
            "S_DISJOINT(geometry,POLYGON((41 44,42 44,42 45,41 45,41 44)))",
            op("s_disjoint", &[p("geometry"), square]),
            |l| !within(l, 41.0, 44.0, 42.0, 45.0),
        ),
        (
            "S_EQUALS(geometry,POINT(179.9 10))",
            op("s_equals", &[p("geometry"), json!({ "type": "Point", "coordinates": [179.9, 10] })]),
            |l| l.id.as_str() == "east",
        ),
        (
            "S_INTERSECTS(geometry,BBOX(170,0,-170,20))",
            op("s_intersects", &[p("geometry"), json!({ "bbox": [170, 0, -170, 20] })]),
            |l| l.position.lon().abs() > 170.0,
        ),
        (
            "last_confirmed = DATE('2026-10-03')",
            op("=", &[p("last_confirmed"), json!({ "date": "2026-10-03" })]),
            |l| confirmed(l, |d| d == day("2026-10-03")),
        ),
        (
            "T_AFTER(last_confirmed, DATE('2026-10-20'))",
            op("t_after", &[p("last_confirmed"), json!({ "date": "2026-10-20" })]),
            |l| confirmed(l, |d| d > day("2026-10-20")),
        ),
        (
            "T_BEFORE(last_confirmed, DATE('2026-10-20'))",
            op("t_before", &[p("last_confirmed"), json!({ "date": "2026-10-20" })]),
            |l| confirmed(l, |d| d < day("2026-10-20")),
        ),
        (
            "T_DURING(last_confirmed, INTERVAL('2026-10-10','2026-10-20'))",
            op("t_during", &[p("last_confirmed"), interval.clone()]),
            |l| confirmed(l, |d| d > day("2026-10-10") && d < day("2026-10-20")),
        ),
        (
            "T_INTERSECTS(last_confirmed, INTERVAL('2026-10-10','2026-10-20'))",
            op("t_intersects", &[p("last_confirmed"), interval.clone()]),
            |l| confirmed(l, |d| d >= day("2026-10-10") && d <= day("2026-10-20")),
        ),
        (
            "T_DISJOINT(last_confirmed, INTERVAL('..','2026-10-20'))",
            op("t_disjoint", &[p("last_confirmed"), json!({ "interval": ["..", "2026-10-20"] })]),
            |l| confirmed(l, |d| d > day("2026-10-20")),
        ),
        ("A_CONTAINS(categories, ('leisure'))", op("a_contains", &[p("categories"), json!(["leisure"])]), |l| {
            l.category_bits() & Category::Leisure.bit() != 0
        }),
        (
            "A_EQUALS(categories, ('leisure','museum'))",
            op("a_equals", &[p("categories"), json!(["leisure", "museum"])]),
            |l| l.category_bits() == Category::Leisure.bit() | Category::Museum.bit(),
        ),
        (
            "A_CONTAINEDBY(categories, ('museum','theatre'))",
            op("a_containedBy", &[p("categories"), json!(["museum", "theatre"])]),
            |l| l.category_bits() & !(Category::Museum.bit() | Category::Theatre.bit()) == 0,
        ),
        (
            "A_OVERLAPS(categories, ('museum','leisure'))",
            op("a_overlaps", &[p("categories"), json!(["museum", "leisure"])]),
            |l| l.category_bits() & (Category::Museum.bit() | Category::Leisure.bit()) != 0,
        ),
        ("name = partner", op("=", &[p("name"), p("partner")]), |_| false),
        (
            "benefit_value > 5 + 2 * 10 / 4",
            op(">", &[p("benefit_value"), op("+", &[5.into(), op("/", &[op("*", &[2.into(), 10.into()]), 4.into()])])]),
            |l| value(l).is_some_and(|v| v > 10.0),
        ),
        (
            "benefit_value % 4 = 0 AND benefit_value div 4 > 2",
            op(
                "and",
                &[
                    op("=", &[op("%", &[p("benefit_value"), 4.into()]), 0.into()]),
                    op(">", &[op("div", &[p("benefit_value"), 4.into()]), 2.into()]),
                ],
            ),
            |l| value(l).is_some_and(|v| v % 4.0 == 0.0 && (v / 4.0).trunc() > 2.0),
        ),
        ("TRUE", json!(true), |_| true),
    ]
}

#[tokio::test]
async fn cql2_gives_the_sets_of_a_filter_in_rust_as_text_and_as_json() {
    let app = app().await;
    let all = places();
    for (text, json, keep) in examples() {
        let want: BTreeSet<String> = all.iter().filter(|l| keep(l)).map(|l| l.id.as_str().to_owned()).collect();
        for (lang, filter) in [("cql2-text", text.to_owned()), ("cql2-json", json.to_string())] {
            let first = with(ITEMS, &[("filter", &filter), ("filter-lang", lang), ("limit", "11")]);
            let (found, matched) = all_ids(&app, &first).await;
            assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), want, "{lang}: {filter}");
            assert_eq!(matched as usize, want.len(), "{lang}: {filter}");
        }
    }
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

fn disposition(answer: &Answer) -> &str {
    answer.header("content-disposition")
}

#[tokio::test]
async fn files_hold_every_place_and_say_what_they_are() {
    let app = TestApp::on(Ground::sqlite().await).await;
    let mut sample = Sample::new(7);
    let many: Vec<Location> = (0..700).map(|_| sample.published().location).collect();
    let seq = app.publish(&many).await;
    let geojson = app.get("/download/locations.geojson").await;
    assert!(disposition(&geojson).contains(&format!("-{}.geojson", seq.0)));
    assert_eq!(geojson.header("ryadom-seq"), seq.0.to_string());
    let collection = geojson.json();
    assert_eq!((collection["features"].as_array().unwrap().len(), &collection["seq"]), (700, &seq.0.into()));
    assert_eq!(collection["license"], "CC BY 4.0");
    let csv = app.get("/download/locations.csv").await;
    let mut rows = csv::Reader::from_reader(&*csv.body);
    let heading = rows.headers().unwrap().clone();
    let rows: Vec<BTreeMap<String, String>> = rows
        .records()
        .map(|r| heading.iter().map(str::to_owned).zip(r.unwrap().iter().map(str::to_owned)).collect())
        .collect();
    assert_eq!(rows.len(), 700);
    assert!(rows.iter().all(|row| row["seq"] == seq.0.to_string() && row["license"].starts_with("CC BY 4.0")));
    let fgb = app.get("/download/locations.fgb").await;
    assert_eq!(fgb.header("content-length"), fgb.body.len().to_string());
    {
        use flatgeobuf::{FallibleStreamingIterator, FgbReader};
        let mut bytes = std::io::Cursor::new(fgb.body.to_vec());
        let reader = FgbReader::open(&mut bytes).unwrap();
        assert_eq!(reader.header().features_count(), 700);
        assert!(reader.header().metadata().unwrap().contains(&format!("\"seq\":{}", seq.0)));
        let mut read = 0;
        let mut features = reader.select_all().unwrap();
        while features.next().unwrap().is_some() {
            read += 1;
        }
        assert_eq!(read, 700);
    }
    let pmtiles = app.get("/download/locations.pmtiles").await;
    assert_eq!(pmtiles.header("content-type"), "application/vnd.pmtiles");
    let (deepest, overview) = counted(&pmtiles.body).await;
    assert_eq!((deepest, overview), (700, 700));
    let again = app.get_as("/download/locations.fgb", &[("if-none-match", fgb.header("etag"))]).await;
    assert_eq!(again.status, 304);
    assert_eq!(app.get("/download/locations.fgb").await.body, fgb.body);
    app.publish(&[place("new").at(41.0, 45.0)]).await;
    assert_ne!(app.get("/download/locations.fgb").await.body, fgb.body);
    app.stop().await;
}

/// Places of the deepest zoom, and the sum of the clusters at zoom 3, by the reader of the format and one of MVT.
async fn counted(bytes: &[u8]) -> (u64, u64) {
    use futures_util::StreamExt;
    let source = bytes::Bytes::copy_from_slice(bytes);
    let reader = std::sync::Arc::new(pmtiles::AsyncPmTilesReader::try_from_source(Memory(source)).await.unwrap());
    let metadata: Value = serde_json::from_str(&reader.get_metadata().await.unwrap()).unwrap();
    assert_eq!(metadata["license"], "CC BY 4.0");
    let header = reader.get_header();
    let (deepest, mut sums) = (header.max_zoom, (0, 0));
    let mut entries = std::pin::pin!(std::sync::Arc::clone(&reader).entries());
    while let Some(entry) = entries.next().await {
        for id in entry.unwrap().iter_coords() {
            let coord = pmtiles::TileCoord::from(id);
            let z = coord.z();
            if z != deepest && z != 3 {
                continue;
            }
            let tile = reader.get_tile_decompressed(coord).await.unwrap().unwrap();
            let tile = mvt_reader::Reader::new(tile.to_vec()).unwrap();
            for feature in tile.get_features(0).unwrap() {
                let properties = feature.properties.unwrap();
                let count = match properties.get("point_count") {
                    Some(mvt_reader::feature::Value::UInt(n)) => *n,
                    _ => 1,
                };
                if z == deepest {
                    sums.0 += count;
                } else {
                    sums.1 += count;
                }
            }
        }
    }
    sums
}

struct Memory(bytes::Bytes);

impl pmtiles::AsyncBackend for Memory {
    async fn read(&self, offset: u64, length: usize) -> pmtiles::PmtResult<pmtiles::BackendResponse> {
        let offset = usize::try_from(offset).unwrap();
        let end = (offset + length).min(self.0.len());
        Ok(pmtiles::BackendResponse::new(self.0.slice(offset.min(end)..end)))
    }
}
