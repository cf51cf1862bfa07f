//! The door: what it lets in, what it answers, what it keeps to itself.

use crate::harness::ground::publish;
use crate::harness::{Answer, Describe, Ground, TestApp, benefit, day, noon, on_both_stores, place, utc};
use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use proptest::prelude::*;
use ryadom::domain::{Benefit, BenefitKind, Category, Location, Wheelchair};
use serde_json::{Value, json};
use std::cell::Cell;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

const NEAREST: &str = "/api/v1/locations/nearest";
const HERE: &str = "/api/v1/locations/nearest?lon=42&lat=45";

on_both_stores! { every_route_answers }

/// Six places in a row to the east of 42° E, 45° N, each about 79 m farther.
async fn app() -> TestApp {
    let east = |n: u32| 42.0 + f64::from(n) / 1_000.0;
    let places: [Location; 6] = [
        place("museum").at(east(1), 45.0).being(Category::Museum).open("Mo-Su 10:00-18:00").named("Музей «Зелёный ёж»"),
        place("library").at(east(2), 45.0).being(Category::Library).open("Mo-Su 20:00-22:00"),
        place("cafe").at(east(3), 45.0).being(Category::Cafe).giving(Benefit {
            kind: Some(BenefitKind::Percent),
            value: Some(10.0),
            ..benefit("Скидка 10 %")
        }),
        place("pharmacy").at(east(4), 45.0).being(Category::Pharmacy).change(|l| l.wheelchair = Some(Wheelchair::Yes)),
        place("park")
            .at(east(5), 45.0)
            .being(Category::Leisure)
            .open("24/7")
            .giving(Benefit { kind: Some(BenefitKind::Free), ..benefit("Бесплатно") }),
        place("hotel").at(east(6), 45.0).being(Category::Hotel).change(|l| l.address = Some("ул. Мира, 1".into())),
    ];
    let app = TestApp::on(Ground::sqlite().await).await;
    app.publish(&places).await;
    app
}

async fn every_route_answers(ground: Ground) {
    let app = TestApp::on(ground).await;
    app.publish(&[place("a").with_everything(), place("b").at(41.97, 45.04)]).await;
    let geojson = "application/geo+json";
    let nearest = app.get("/api/v1/locations/nearest?lon=41.9642&lat=45.0344").await;
    assert_eq!((nearest.ids(), nearest.header("content-type")), (vec!["a".into(), "b".into()], geojson));
    let json = nearest.json();
    assert_eq!(
        (&json["type"], &json["seq"], &json["complete"]),
        (&"FeatureCollection".into(), &1.into(), &true.into())
    );
    assert_eq!(json["features"][0]["properties"]["distance_m"], 0.0);
    assert_eq!(json["features"][1]["geometry"], json!({ "type": "Point", "coordinates": [41.97, 45.04] }));
    // Karney's geodesic, worked out elsewhere: 768.4 m.
    let far = json["features"][1]["properties"]["distance_m"].as_f64().unwrap();
    assert!((far - 770.0).abs() < 10.0, "{far}");
    let page = app.get("/api/v1/locations?bbox=41,44,43,46").await;
    assert_eq!((page.ids().len(), page.header("content-type")), (2, geojson));
    let card = app.get("/api/v1/locations/a").await;
    assert_eq!(card.header("content-type"), geojson);
    let p = card.properties();
    let want = json!({
        "id": "a", "name": "Место a", "category": "shop", "benefit": "Скидка 12,5 % 👨‍👩‍👧‍👦", "benefit_kind": "percent",
        "benefit_value": 12.5, "categories_more": ["cafe", "leisure"], "phone": "+78652123456", "phone_ext": "12",
        "phone_display": "+7 (8652) 12-34-56", "time_zone": "Europe/Moscow", "wheelchair": "limited", "version": 1,
        "partner": { "id": "p", "name": "Партнёр p" }, "last_confirmed": "2026-10-31", "open": true,
        "open_until": "2026-11-23T18:00:00+03:00",
    });
    for (member, value) in want.as_object().unwrap() {
        assert_eq!(&p[member], value, "{member}");
    }
    assert_eq!(p["hours_week"].as_array().unwrap().len(), 7);
    assert_eq!(
        p["hours_week"][0],
        json!({ "date": "2026-11-23", "weekday": "Mo", "holiday": false, "intervals": [{ "from": "10:00", "to": "18:00" }] })
    );
    let bare = app.get("/api/v1/locations/b").await.properties();
    for member in ["benefit", "hours", "hours_week", "phone", "site", "wheelchair", "address_note", "open"] {
        assert!(bare.get(member).is_some_and(Value::is_null), "{member}: {bare}");
    }
    assert_eq!((&bare["categories_more"], &bare["benefits"]), (&json!([]), &json!([])));
    let categories = app.get("/api/v1/categories").await.json();
    let shop = categories["categories"].as_array().unwrap().iter().find(|c| c["code"] == "shop").unwrap().clone();
    assert_eq!((&shop["count"], &shop["en"]), (&2.into(), &"Shops".into()));
    assert_eq!(categories["categories"].as_array().unwrap().len(), 17);
    let settlements =
        app.get("/api/v1/settlements?q=%D0%B3.%20%D0%A1%D1%82%D0%B0%D0%B2%D1%80%D0%BE%D0%BF&lang=en").await;
    assert_eq!(settlements.json()["settlements"][0]["name"], "Stavropol");
    let search = app.get("/api/v1/search?q=b&lon=41.97&lat=45.04").await;
    assert_eq!((&search.json()["seq"], search.header("content-type")), (&1.into(), "application/json"));
    assert_eq!(app.get("/healthz").await.text(), "ok\n");
    assert_eq!(app.get("/readyz").await.json()["store"]["engine"], app.app().state.store.engine_name());
    assert_eq!(app.get("/metrics").await.status, 200);
    assert_eq!(app.get("/openapi.json").await.header("content-type"), "application/json");
    app.stop().await;
}

/// With `RYADOM_SKIP_STATIC=1` pages say that they are not in this build; with them, they are pages.
#[tokio::test]
async fn pages_are_served_or_said_to_be_absent() {
    let app = app().await;
    for path in ["/", "/docs"] {
        let answer = app.get(path).await;
        if answer.status == 404 {
            assert_eq!(answer.problem_of().0, "no-route");
            assert!(answer.text().contains("RYADOM_SKIP_STATIC"), "{}", answer.text());
            continue;
        }
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "text/html; charset=utf-8"));
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
        let etag = answer.header("etag").to_owned();
        let again = app.get_as(path, &[("if-none-match", &etag)]).await;
        assert_eq!((again.status.as_u16(), again.body.len(), again.header("etag")), (304, 0, etag.as_str()));
        assert_eq!(app.get_as(path, &[("if-none-match", "\"other\"")]).await.status, 200);
    }
    for path in ["/pages/map/index.html", "/nothing", "/assets/../Cargo.toml", "/api/v1/", "/api/v2/locations"] {
        assert_eq!(app.get(path).await.problem_of().0, "no-route", "{path}");
    }
    app.stop().await;
}

#[tokio::test]
async fn filters_let_through_what_they_name() {
    let app = app().await;
    for (query, want) in [
        ("", vec!["museum", "library", "cafe", "pharmacy", "park", "hotel"]),
        ("&limit=2", vec!["museum", "library"]),
        ("&max_distance_m=200", vec!["museum", "library"]),
        ("&max_distance_m=0", vec![]),
        ("&category=library", vec!["library"]),
        ("&category=%20library%20,%20tourism%3Dmuseum,", vec!["museum", "library"]),
        ("&category=%D0%90%D0%9F%D0%A2%D0%95%D0%9A%D0%90", vec!["pharmacy"]),
        ("&benefit=free,percent", vec!["cafe", "park"]),
        ("&wheelchair=yes", vec!["pharmacy"]),
        ("&open_at=now", vec!["museum", "park"]),
        ("&open_at=2026-11-23T20:00:00%2B03:00", vec!["library", "park"]),
        ("&open_at=2026-11-23T20:00:00+03:00", vec!["library", "park"]),
        ("&open_at=2026-11-23T17:00:00Z", vec!["library", "park"]),
        ("&q=%D0%97%D0%95%D0%9B%D0%95%D0%9D", vec!["museum"]),
        ("&q=+%D0%BC%D0%B8%D1%80%D0%B0++1+", vec!["hotel"]),
        ("&q=%D0%B5%D0%BB", vec![]),
        (
            "&category=&q=&benefit=&limit=&min_seq=&lang=&open_at=&max_distance_m=",
            vec!["museum", "library", "cafe", "pharmacy", "park", "hotel"],
        ),
        ("&open_at=now&category=museum&q=%D1%91%D0%B6", vec!["museum"]),
        ("&open_at=now&category=library", vec![]),
    ] {
        let answer = app.get(&format!("{HERE}{query}")).await;
        assert_eq!(answer.ids(), want, "{query}");
        let (cut, complete) = (query.contains("limit=2"), answer.json()["complete"].as_bool().unwrap());
        assert_eq!(complete, !cut, "{query}");
        let mut in_bbox = want.clone();
        in_bbox.sort_unstable();
        if !query.contains("distance") && !cut {
            let mut ids = app.get(&format!("/api/v1/locations?bbox=41,44,43,46{query}")).await.ids();
            ids.sort_unstable();
            assert_eq!(ids, in_bbox, "{query}");
        }
    }
    app.stop().await;
}

#[tokio::test]
async fn get_and_post_give_the_same_bytes() {
    let app = app().await;
    for (query, body) in [
        ("", json!({ "lon": 42, "lat": 45 })),
        (
            "&limit=3&category=museum,cafe",
            json!({ "lon": 42.0, "lat": 45.0, "limit": 3, "category": ["museum", "cafe"] }),
        ),
        ("&limit=3&category=museum,cafe", json!({ "lon": "42", "lat": "45", "limit": "3", "category": "museum,cafe" })),
        ("&q=%D1%91%D0%B6&lang=en", json!({ "lon": 42, "lat": 45, "q": "ёж", "lang": "en", "limit": null })),
        (
            "&open_at=now&max_distance_m=1000.5",
            json!({ "lon": 42, "lat": 45, "open_at": "now", "max_distance_m": 1000.5 }),
        ),
        (
            "&benefit=free&wheelchair=yes&min_seq=1",
            json!({ "lon": 42, "lat": 45, "benefit": ["free"], "wheelchair": "yes", "min_seq": 1 }),
        ),
    ] {
        let (got, posted) = (app.get(&format!("{HERE}{query}")).await, app.post(NEAREST, &body).await);
        assert_eq!(got.status, 200);
        assert_eq!((posted.text(), posted.status), (got.text(), got.status), "{query}");
        assert_eq!(posted.header("cache-control"), got.header("cache-control"));
    }
    // And the same refusals.
    for (query, body) in [
        ("lat=45", json!({ "lat": 45 })),
        ("lon=42&lat=x", json!({ "lon": 42, "lat": "x" })),
        ("lon=42&lat=91", json!({ "lon": 42, "lat": 91 })),
        ("lon=42&lat=45&foo=1", json!({ "lon": 42, "lat": 45, "foo": 1 })),
        ("lon=42&lat=45&category=nonsense", json!({ "lon": 42, "lat": 45, "category": ["nonsense"] })),
        ("lon=42&lat=45&lang=de", json!({ "lon": 42, "lat": 45, "lang": "de" })),
        ("lon=42&lat=95&lang=en", json!({ "lon": 42, "lat": 95, "lang": "en" })),
    ] {
        let (got, posted) = (app.get(&format!("{NEAREST}?{query}")).await, app.post(NEAREST, &body).await);
        assert_eq!(posted.problem(), got.problem(), "{query}");
    }
    app.stop().await;
}

#[tokio::test]
async fn bodies_that_are_no_object_are_refused() {
    let app = app().await;
    for body in ["", "no JSON", "[]", "1", "\"lon\"", "{\"lon\":42,", "{\"lon\":1e400,\"lat\":45}", &"[".repeat(5_000)]
    {
        let answer = app.request("POST", NEAREST, &[], body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem_of()),
            (400, ("invalid-body".to_owned(), vec![])),
            "{body:.40}"
        );
    }
    let not_utf8 = Request::builder().method("POST").uri(NEAREST).body(Body::from(&b"{\"q\":\"\xff\"}"[..])).unwrap();
    assert_eq!(app.send(not_utf8).await.problem_of().0, "invalid-body");
    for (body, named) in [
        (r#"{"lon":42,"lat":{"x":1}}"#, "lat"),
        (r#"{"lon":42,"lat":45,"category":[["museum"]]}"#, "category"),
        (r#"{"lon":42,"lat":true}"#, "lat"),
        (r#"{"lon":42,"lat":45,"limit":2.5}"#, "limit"),
        (r#"{"lon":42,"lat":45,"limit":[1,2]}"#, "limit"),
        (r#"{"lon":42,"lat":45,"lat":46}"#, "lat"),
    ] {
        let answer = app.request("POST", NEAREST, &[], body).await;
        assert_eq!(answer.problem_of(), ("invalid-parameter".to_owned(), vec![named.to_owned()]), "{body}");
    }
    let large = format!("{{\"lon\":42,\"lat\":45,\"q\":\"{}\"}}", "x".repeat(66_000));
    let answer = app.request("POST", NEAREST, &[], &large).await;
    assert_eq!((answer.status.as_u16(), answer.problem_of().0.as_str()), (413, "too-large"));
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    app.stop().await;
}

/// (uri, type, parameter) of every way to be wrong that is known.
fn wrong() -> Vec<(String, &'static str, &'static str)> {
    let (invalid, missing, bbox) = ("invalid-parameter", "missing-parameter", "/api/v1/locations?bbox=41,44,43,46");
    let mut all = vec![
        (format!("{NEAREST}?lat=45"), missing, "lon"),
        (format!("{NEAREST}?lon=42"), missing, "lat"),
        (format!("{NEAREST}?lon=&lat=45"), missing, "lon"),
        (format!("{NEAREST}?lon=42&lon=42&lat=45"), invalid, "lon"),
        (format!("{NEAREST}?lon=42&lat=45&limit=1&limit=1"), invalid, "limit"),
        (format!("{HERE}&l%6Fn=43"), invalid, "lon"),
        (format!("{HERE}&q=%FF"), invalid, "q"),
        ("/api/v1/locations".to_owned(), missing, "bbox"),
        ("/api/v1/locations?bbox=1,2,3".to_owned(), invalid, "bbox"),
        ("/api/v1/locations?bbox=1,2,3,4,5".to_owned(), invalid, "bbox"),
        ("/api/v1/locations?bbox=a,b,c,d".to_owned(), invalid, "bbox"),
        ("/api/v1/locations?bbox=-181,0,0,1".to_owned(), invalid, "bbox"),
        ("/api/v1/locations?bbox=0,0,nan,1".to_owned(), invalid, "bbox"),
        ("/api/v1/locations?bbox=0,-inf,0,1".to_owned(), invalid, "bbox"),
        ("/api/v1/locations?bbox=0,0,1e400,1".to_owned(), invalid, "bbox"),
        ("/api/v1/locations?bbox=41,46,43,44".to_owned(), "bbox-order", "bbox"),
        (format!("{bbox}&cursor=x"), invalid, "cursor"),
        (format!("{bbox}&cursor=xyz.a"), invalid, "cursor"),
        (format!("{bbox}&cursor=11111111111111111.a"), invalid, "cursor"),
        (format!("{bbox}&limit=1001"), invalid, "limit"),
        (format!("{HERE}&limit=101"), invalid, "limit"),
        ("/api/v1/settlements?limit=51".to_owned(), invalid, "limit"),
        ("/api/v1/settlements?lang=xx".to_owned(), invalid, "lang"),
        ("/api/v1/search?q=x&limit=21".to_owned(), invalid, "limit"),
        ("/api/v1/search?q=x&lang=xx".to_owned(), invalid, "lang"),
        ("/api/v1/search?q=x&lon=42".to_owned(), missing, "lat"),
        ("/api/v1/search?q=x&lat=45".to_owned(), missing, "lon"),
        ("/api/v1/search?q=x&lon=200&lat=45".to_owned(), invalid, "lon"),
        ("/api/v1/search?q=x&category=museum".to_owned(), "unknown-parameter", "category"),
        ("/api/v1/search?q=x&q=y".to_owned(), invalid, "q"),
        (format!("/api/v1/search?q={}", "%D1%8F".repeat(101)), invalid, "q"),
        ("/api/v1/categories?lang=xx".to_owned(), invalid, "lang"),
        ("/api/v1/categories?q=1".to_owned(), "unknown-parameter", "q"),
        ("/api/v1/locations/museum?lang=xx".to_owned(), invalid, "lang"),
        ("/api/v1/locations/museum?lon=1".to_owned(), "unknown-parameter", "lon"),
        (format!("{HERE}&"), "", ""),
        (format!("{HERE}&&"), "", ""),
    ];
    let ten_kb = "7".repeat(10_000);
    for value in [
        "1e400",
        "-1e400",
        "nan",
        "NaN",
        "inf",
        "-infinity",
        "180.0001",
        "x",
        "0x10",
        "1,5",
        "%00",
        "42%00",
        "",
        &ten_kb,
    ] {
        if !value.is_empty() {
            all.push((format!("{NEAREST}?lat=45&lon={value}"), invalid, "lon"));
            all.push((format!("{NEAREST}?lon=42&lat={value}"), invalid, "lat"));
        }
    }
    for value in ["0", "-1", "1e9", "1.5", "99999999999999999999", "nan", "%00", &ten_kb] {
        for uri in [HERE, bbox, "/api/v1/settlements?q=x", "/api/v1/search?q=x"] {
            all.push((format!("{uri}&limit={value}"), invalid, "limit"));
        }
    }
    for (name, values) in [
        ("max_distance_m", vec!["-1", "nan", "inf", "1e400", "x", &ten_kb]),
        ("category", vec!["nonsense", "museum,nonsense", "%00", &ten_kb]),
        ("benefit", vec!["all", "free,", &ten_kb]),
        ("wheelchair", vec!["maybe", "true", &ten_kb]),
        ("open_at", vec!["today", "2026-11-23", "2026-11-23T10:00:00", "2026-02-30T10:00:00Z", "1e9", &ten_kb]),
        ("lang", vec!["de", "русский", &ten_kb]),
        ("min_seq", vec!["-1", "x", "1.0", "99999999999999999999", &ten_kb]),
        ("q", vec![&ten_kb]),
    ] {
        for value in values.into_iter().filter(|v| *v != "free,") {
            let value = value.replace("русский", "%D1%80");
            all.push((format!("{HERE}&{name}={value}"), invalid, name));
            if name != "max_distance_m" {
                all.push((format!("{bbox}&{name}={value}"), invalid, name));
            }
        }
    }
    all
}

#[tokio::test]
async fn wrong_parameters_are_named_with_the_right_type() {
    let app = app().await;
    for (uri, kind, named) in wrong() {
        let answer = app.get(&uri).await;
        if kind.is_empty() {
            assert_eq!(answer.status, 200, "{uri}");
            continue;
        }
        assert_eq!(answer.status, 400, "{uri:.200}: {}", answer.text());
        assert_eq!(answer.problem_of(), (kind.to_owned(), vec![named.to_owned()]), "{uri:.200}");
        // What is echoed is cut: a problem is for people.
        assert!(answer.body.len() < 2_000, "{uri:.80}: {} bytes", answer.body.len());
    }
    app.stop().await;
}

#[tokio::test]
async fn problems_speak_the_asked_language() {
    let app = app().await;
    let cyrillic = |a: &Answer| a.problem()["title"].as_str().unwrap().chars().any(|c| ('а'..='я').contains(&c));
    for (uri, kind, _) in wrong() {
        if kind.is_empty() || uri.len() > 300 {
            continue;
        }
        if uri.contains("lang=") {
            continue;
        }
        let more = if uri.contains('?') { "&" } else { "?" };
        let asked = [
            (app.get(&uri).await, "ru"),
            (app.get(&format!("{uri}{more}lang=en")).await, "en"),
            (app.get(&format!("{uri}{more}lang=ru")).await, "ru"),
            (app.get_as(&uri, &[("accept-language", "en-GB,en;q=0.9")]).await, "en"),
            (app.get_as(&format!("{uri}{more}lang=ru"), &[("accept-language", "en")]).await, "ru"),
        ];
        for (answer, lang) in asked {
            assert_eq!(answer.header("content-language"), lang, "{uri}");
            assert_eq!(cyrillic(&answer), lang == "ru", "{uri}: {}", answer.text());
            let fields = answer.problem()["errors"].to_string();
            assert!(lang == "ru" || !fields.chars().any(|c| ('а'..='я').contains(&c)), "{fields}");
        }
    }
    for (header, lang) in [
        ("", "ru"),
        ("de", "ru"),
        ("de, en;q=0.5", "en"),
        ("EN-us", "en"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", "ru"),
        ("en;q=0.3, ru;q=0.8", "ru"),
        ("ru;q=0, en;q=0.1", "en"),
        ("*", "ru"),
        (",;q=;;,", "ru"),
    ] {
        let answer = app.get_as("/api/v1/locations/unknown", &[("accept-language", header)]).await;
        assert_eq!(answer.header("content-language"), lang, "{header:?}");
    }
    // Other ways to ask, the same language: an encoded name, a member of a body.
    let answer = app.get("/api/v1/locations/unknown?l%61ng=%65n").await;
    assert_eq!(answer.header("content-language"), "en");
    let answer = app.post(NEAREST, &json!({ "lon": 420, "lat": 45, "lang": "en" })).await;
    assert_eq!(answer.header("content-language"), "en");
    app.stop().await;
}

#[tokio::test]
async fn methods_and_routes_that_are_not_there_are_problems() {
    let app = app().await;
    for (method, uri, allowed) in [
        ("DELETE", NEAREST, vec!["GET", "HEAD", "POST"]),
        ("POST", "/api/v1/categories", vec!["GET", "HEAD"]),
        ("PATCH", "/api/v1/settlements", vec!["GET", "HEAD"]),
        ("POST", "/readyz", vec!["GET", "HEAD"]),
        ("TRACE", "/healthz", vec!["GET", "HEAD"]),
        ("POST", "/", vec!["GET", "HEAD"]),
    ] {
        let answer = app.request(method, uri, &[], "").await;
        assert_eq!(
            (answer.status.as_u16(), answer.problem_of().0.as_str()),
            (405, "method-not-allowed"),
            "{method} {uri}"
        );
        let mut allow: Vec<&str> = answer.header("allow").split(',').map(str::trim).collect();
        allow.sort_unstable();
        assert_eq!(allow, allowed, "{method} {uri}");
        assert!(answer.problem()["detail"].as_str().unwrap().contains(method));
    }
    for (method, uri) in [
        ("GET", "/nothing"),
        ("POST", "/nothing"),
        ("GET", "/api/v1"),
        ("GET", "/api/v1/locations/a/b"),
        ("GET", "/api/v1/locations/"),
        ("GET", "/problems/no-route"),
        ("GET", "/%FF"),
        ("GET", "//"),
    ] {
        let answer = app.request(method, uri, &[], "").await;
        assert_eq!((answer.status.as_u16(), answer.problem_of().0.as_str()), (404, "no-route"), "{method} {uri}");
    }
    for id in ["unknown", "%00", "%D0%96", "%2F", &"x".repeat(10_000), "..%2F..%2Fetc", "a%20b"] {
        let answer = app.get(&format!("/api/v1/locations/{id}")).await;
        assert_eq!((answer.status.as_u16(), answer.problem_of().0.as_str()), (404, "no-location"), "{id:.50}");
        assert!(answer.body.len() < 2_000);
    }
    let answer = app.get("/api/v1/locations/%FF").await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
    answer.problem();
    app.stop().await;
}

#[tokio::test]
async fn heads_are_gets_without_a_body() {
    let app = app().await;
    for uri in [
        HERE,
        "/api/v1/locations?bbox=41,44,43,46",
        "/api/v1/locations/museum",
        "/api/v1/categories",
        "/api/v1/search?q=museum",
        "/healthz",
        "/readyz",
        "/api/v1/locations/unknown",
        "/nothing",
        NEAREST,
    ] {
        let (got, headed) = (app.get(uri).await, app.request("HEAD", uri, &[], "").await);
        assert_eq!(headed.status, got.status, "{uri}");
        assert!(headed.body.is_empty(), "{uri}");
        for header in ["content-type", "cache-control", "access-control-allow-origin"] {
            assert_eq!(headed.header(header), got.header(header), "{uri} {header}");
        }
    }
    app.stop().await;
}

#[tokio::test]
async fn any_site_may_read_and_every_answer_has_its_number() {
    let app = app().await;
    let mut numbers = std::collections::BTreeSet::new();
    for (method, uri) in [
        ("GET", HERE),
        ("POST", NEAREST),
        ("GET", "/api/v1/locations"),
        ("GET", "/api/v1/locations/unknown"),
        ("GET", "/api/v1/nothing"),
        ("DELETE", "/api/v1/categories"),
        ("GET", "/api/v1/locations/%FF"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/openapi.json"),
        ("GET", "/metrics"),
        ("GET", "/ogc"),
        ("GET", "/ogc/collections/locations/items?limit=x"),
        ("GET", "/download/locations.geojson"),
        ("OPTIONS", "/api/v1/categories"),
    ] {
        let answer = app.request(method, uri, &[("origin", "https://example.org")], "").await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{method} {uri}");
        let exposed = answer.header("access-control-expose-headers").to_ascii_lowercase();
        assert!(exposed.contains("ryadom-seq") && exposed.contains("x-request-id"), "{method} {uri}: {exposed}");
        assert!(answer.header("access-control-allow-credentials").is_empty());
        let number: u64 =
            answer.header("x-request-id").parse().unwrap_or_else(|_| panic!("{method} {uri} has no number"));
        assert!(numbers.insert(number), "{number} was given twice");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{method} {uri}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{method} {uri}");
    }
    // Pages are nobody else's.
    assert_eq!(app.get("/").await.header("access-control-allow-origin"), "");
    let preflight = app
        .request(
            "OPTIONS",
            NEAREST,
            &[
                ("origin", "https://example.org"),
                ("access-control-request-method", "POST"),
                ("access-control-request-headers", "content-type"),
            ],
            "",
        )
        .await;
    assert!(preflight.status.is_success(), "{}", preflight.status);
    assert!(preflight.header("access-control-allow-methods").contains("POST"));
    assert!(preflight.header("access-control-allow-headers").to_ascii_lowercase().contains("content-type"));
    assert!(preflight.body.is_empty());
    app.stop().await;
}

#[tokio::test]
async fn ids_of_any_script_and_with_slashes_have_cards() {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    let app = app().await;
    let ids = ["МУЗ-01", "a/b", "a/b/c:d.e_f-g", "школа№".trim_end_matches('№'), "日本", "a:b", "-", "..", "."];
    app.publish(&ids.map(place)).await;
    for id in ids {
        let encoded = utf8_percent_encode(id, NON_ALPHANUMERIC).to_string();
        let card = app.get(&format!("/api/v1/locations/{encoded}")).await;
        assert_eq!((card.json()["id"].clone(), card.properties()["id"].clone()), (id.into(), id.into()));
        // And with lower-case digits.
        let card = app.get(&format!("/api/v1/locations/{}", encoded.to_ascii_lowercase())).await;
        assert_eq!(card.status, 200, "{id}");
    }
    let unknown = app.get("/api/v1/locations/%D0%9C%D0%A3%D0%97-02").await.problem();
    assert!(unknown["detail"].as_str().unwrap().contains("МУЗ-02"), "{unknown}");
    app.stop().await;
}

#[tokio::test]
async fn pages_hold_every_place_once_whatever_is_edited_between_them() {
    let app = TestApp::on(Ground::sqlite().await).await;
    // On both sides of the antimeridian, several at one position.
    let mut places = Vec::new();
    for n in 0..60_u32 {
        let lon = if n % 2 == 0 { 179.0 + f64::from(n / 10) / 10.0 } else { -180.0 + f64::from(n / 10) / 10.0 };
        places.push(place(&format!("Ж/{n:02}")).at(lon, f64::from(n % 7)));
    }
    app.publish(&places).await;
    for limit in [1, 7, 59, 60, 61] {
        let mut uri = format!("/api/v1/locations?bbox=178,-10,-178,10&limit={limit}");
        let (mut read, mut pages) = (Vec::new(), 0);
        loop {
            let page = app.get(&uri).await;
            let json = page.json();
            let ids = page.ids();
            assert!(ids.len() <= limit);
            assert_eq!(json["complete"], json!(pages == 0 && json.get("next").is_none()));
            read.extend(ids);
            pages += 1;
            let Some(next) = json["next"].as_str() else { break };
            let next = percent_encoding::utf8_percent_encode(next, percent_encoding::NON_ALPHANUMERIC);
            uri = format!("/api/v1/locations?bbox=178,-10,-178,10&limit={limit}&cursor={next}");
            if pages == 2 {
                // An edit that moves nothing, and one that removes a place read already.
                publish(&app.ground().store, &[places[30].clone().named(&format!("после {limit}"))]).await;
                app.reach(app.ground().store.head().await.unwrap()).await;
            }
            assert!(pages < 100, "no end");
        }
        let mut unique = read.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!((read.len(), unique.len()), (60, 60), "limit {limit}");
        assert_eq!(pages, 60_usize.div_ceil(limit));
    }
    app.stop().await;
}

#[tokio::test]
async fn an_answer_is_not_kept_beyond_the_next_change_of_open() {
    let app = TestApp::on_at(Ground::sqlite().await, utc("2026-11-23T17:00:00+03:00")).await;
    app.publish(&[place("a").open("Mo-Su 10:00-18:00; PH off"), place("always").open("24/7").at(41.97, 45.04)]).await;
    let uris = ["/api/v1/locations/nearest?lon=42&lat=45", "/api/v1/locations?bbox=41,44,43,46", "/api/v1/locations/a"];
    let open = async |uri: &str| {
        let answer = app.get(uri).await;
        let json = answer.json();
        let p = match json["features"].as_array() {
            Some(features) => features.iter().find(|f| f["id"] == "a").unwrap()["properties"].clone(),
            None => json["properties"].clone(),
        };
        (p["open"].clone(), p["open_until"].clone(), p["opens_at"].clone(), answer.max_age_s())
    };
    let (closes, opens) = ("2026-11-23T18:00:00+03:00", "2026-11-24T10:00:00+03:00");
    for uri in uris {
        app.clock.set(utc("2026-11-23T17:00:00+03:00"));
        assert_eq!(open(uri).await, (true.into(), closes.into(), Value::Null, 10), "{uri}");
        app.clock.set(utc("2026-11-23T17:59:55+03:00"));
        let (is_open, until, _, max_age_s) = open(uri).await;
        assert_eq!((is_open, until), (true.into(), closes.into()), "{uri}");
        assert!((0..=5).contains(&max_age_s), "{uri}: kept for {max_age_s} s, closes in 5");
        app.clock.set(utc("2026-11-23T17:59:59.900+03:00"));
        assert_eq!(open(uri).await.3, 0, "{uri}");
        // No write, only time.
        app.clock.set(utc(closes));
        let (is_open, until, at, _) = open(uri).await;
        assert_eq!((is_open, until, at), (false.into(), Value::Null, opens.into()), "{uri}");
        app.clock.set(utc("2026-11-24T09:59:58+03:00"));
        let (is_open, _, at, max_age_s) = open(uri).await;
        assert_eq!((is_open, at), (false.into(), opens.into()), "{uri}");
        assert!(max_age_s <= 2, "{uri}: {max_age_s}");
        app.clock.set(utc(opens));
        assert_eq!(open(uri).await.0, true, "{uri}");
    }
    // "Open now" is another question in the next minute.
    app.clock.set(utc("2026-11-24T10:30:55+03:00"));
    assert!(app.get(&format!("{}&open_at=now", uris[0])).await.max_age_s() <= 5);
    app.stop().await;
}

/// Hours that turn from closed to "not known" and back have no next change in their answers, and still no answer may
/// say the wrong thing.
#[tokio::test]
async fn hours_that_become_unknown_are_unknown_on_time() {
    let app = TestApp::on_at(Ground::sqlite().await, utc("2026-11-23T09:59:30+03:00")).await;
    app.publish(&[place("a").open("Mo-Su 10:00-18:00 unknown \"по записи\"")]).await;
    let open = async || app.get(HERE).await.properties()["open"].clone();
    assert_eq!(open().await, false);
    app.clock.set(utc("2026-11-23T09:59:55+03:00"));
    let answer = app.get(HERE).await;
    assert_eq!(answer.properties()["open"], false);
    assert!(answer.max_age_s() <= 5, "kept for {} s, and in 5 it is not known", answer.max_age_s());
    app.clock.set(utc("2026-11-23T10:00:00+03:00"));
    assert_eq!(open().await, Value::Null);
    app.clock.set(utc("2026-11-23T17:59:40+03:00"));
    assert_eq!(open().await, Value::Null);
    app.clock.set(utc("2026-11-23T18:00:00+03:00"));
    assert_eq!(open().await, false);
    app.stop().await;
}

#[tokio::test]
async fn open_is_judged_by_the_clock_of_the_place() {
    let app = TestApp::on_at(Ground::sqlite().await, utc("2026-11-23T08:30:00Z")).await;
    let hours = "Mo-Su 10:00-18:00";
    app.publish(&[
        place("moscow").open(hours).in_zone(chrono_tz::Europe::Moscow),
        place("kaliningrad").open(hours).in_zone(chrono_tz::Europe::Kaliningrad),
        place("vladivostok").open(hours).in_zone(chrono_tz::Asia::Vladivostok),
        place("chatham").open(hours).in_zone(chrono_tz::Pacific::Chatham),
    ])
    .await;
    for (id, open, member, at) in [
        ("moscow", true, "open_until", "2026-11-23T18:00:00+03:00"),
        ("kaliningrad", true, "open_until", "2026-11-23T18:00:00+02:00"),
        ("vladivostok", false, "opens_at", "2026-11-24T10:00:00+10:00"),
        ("chatham", false, "opens_at", "2026-11-24T10:00:00+13:45"),
    ] {
        let p = app.get(&format!("/api/v1/locations/{id}")).await.properties();
        assert_eq!((&p["open"], &p[member]), (&open.into(), &at.into()), "{id}");
    }
    let first_day = async |id: &str| {
        app.get(&format!("/api/v1/locations/{id}")).await.properties()["hours_week"][0]["date"].clone()
    };
    app.clock.set(utc("2026-11-23T22:30:00Z"));
    assert_eq!(first_day("moscow").await, "2026-11-24");
    assert_eq!(first_day("kaliningrad").await, "2026-11-24");
    app.clock.set(utc("2026-11-23T21:30:00Z"));
    assert_eq!(first_day("kaliningrad").await, "2026-11-23");
    let open = app.get(&format!("{HERE}&open_at=2026-11-24T08:00:00Z")).await.ids();
    assert!(open.contains(&"moscow".to_owned()) && !open.contains(&"vladivostok".to_owned()), "{open:?}");
    app.stop().await;
}

#[tokio::test]
async fn large_answers_are_compressed_as_asked() {
    let app = TestApp::on(Ground::sqlite().await).await;
    let places: Vec<Location> = (0..80).map(|n| place(&format!("n{n:02}")).with_everything()).collect();
    app.publish(&places).await;
    let uri = format!("{HERE}&limit=80");
    let plain = app.get(&uri).await;
    assert!(plain.header("content-encoding").is_empty());
    assert!(plain.header("vary").to_ascii_lowercase().contains("accept-encoding"), "{:?}", plain.headers);
    for (asked, encoding) in [("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br", "br"), ("br;q=0, gzip", "gzip")] {
        let answer = app.get_as(&uri, &[("accept-encoding", asked)]).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-encoding")), (200, encoding), "{asked}");
        assert!(answer.body.len() * 4 < plain.body.len(), "{asked}: {} of {}", answer.body.len(), plain.body.len());
        assert_eq!(answer.header("content-type"), "application/geo+json");
        assert_eq!(answer.header("cache-control"), plain.header("cache-control"));
        if encoding == "gzip" {
            assert_eq!(gunzip(&answer.body), plain.body);
        }
    }
    // Small ones and those that nobody asked for stay as they are.
    for (uri, asked) in [
        (uri.as_str(), "identity"),
        (uri.as_str(), "zstd"),
        ("/healthz", "gzip"),
        ("/api/v1/locations/unknown", "gzip"),
    ] {
        assert!(app.get_as(uri, &[("accept-encoding", asked)]).await.header("content-encoding").is_empty(), "{uri}");
    }
    app.stop().await;
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut child =
        Command::new("gzip").arg("-dc").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("gzip is there");
    let mut input = child.stdin.take().expect("piped");
    let bytes = bytes.to_vec();
    let feeding = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().expect("gzip ends");
    feeding.join().expect("no panic").expect("fed");
    assert!(output.status.success());
    output.stdout
}

/// Collects everything that is said at any level.
#[derive(Clone, Default)]
struct Ear(Arc<Mutex<Vec<u8>>>);

impl Write for Ear {
    fn write(&mut self, said: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("an ear").extend_from_slice(said);
        Ok(said.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// One thread, so that every task of the service speaks into the ear.
#[tokio::test(flavor = "current_thread")]
async fn nothing_that_was_asked_is_logged() {
    let ear = Ear::default();
    let writer = ear.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // While there is only one, tracing lets any thread that meets a place in the code first (another test's, without
    // an ear) decide that nobody listens there.
    let second = tracing::Dispatch::new(tracing_subscriber::fmt().with_writer(std::io::sink).finish());
    let guard = tracing::subscriber::set_default(subscriber);
    let app = app().await;
    let asked = "lon=41.7654321&lat=45.1234567";
    for uri in [
        format!("{NEAREST}?{asked}&q=secretword"),
        format!("{NEAREST}?{asked}&q=secretword&category=museum&open_at=now&lang=en"),
        format!("{NEAREST}?{asked}&lat=secretword"),
        format!("{NEAREST}?{asked}&secretword=1"),
        format!("{NEAREST}?{asked}&min_seq=99"),
        "/api/v1/locations?bbox=41.7654321,45.1234567,42,46&q=secretword".to_owned(),
        "/api/v1/locations?bbox=41.7654321,45.1234567,42,secretword".to_owned(),
        "/api/v1/settlements?q=secretword".to_owned(),
        format!("/api/v1/search?{asked}&q=secretword"),
        format!("/api/v1/search?{asked}&q=secretword&limit=secretword"),
        "/api/v1/locations/secretword?lang=en".to_owned(),
        "/secretword?lon=41.7654321".to_owned(),
    ] {
        app.get(&uri).await;
    }
    app.post(NEAREST, &json!({ "lon": 41.765_432_1, "lat": 45.123_456_7, "q": "secretword" })).await;
    app.request("POST", NEAREST, &[], "{\"lon\": 41.7654321, secretword").await;
    app.request("DELETE", &format!("{NEAREST}?{asked}&q=secretword"), &[], "secretword").await;
    let other = app.get(&format!("{NEAREST}?lon=42")).await.text();
    let metrics = app.get("/metrics").await.text();
    app.stop().await;
    drop((guard, second));
    let said = String::from_utf8(ear.0.lock().unwrap().clone()).unwrap();
    assert!(said.contains("answered 200") && said.contains("answered 400"), "the ear heard nothing: {said}");
    for (what, text) in [("the log", &said), ("a problem of somebody else", &other), ("/metrics", &metrics)] {
        for secret in ["7654321", "1234567", "secretword"] {
            assert!(!text.contains(secret), "{secret} in {what}: {text}");
        }
    }
}

fn query_part() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        8 => prop::sample::select(vec![
            "lon", "lat", "limit", "max_distance_m", "category", "open_at", "benefit", "wheelchair", "q", "lang", "min_seq",
            "bbox", "cursor", "foo", "", "lon%00",
        ])
        .prop_map(str::to_owned),
        1 => "[a-zA-Z%0-9_.~!$'()*,;:@/?-]{0,8}",
    ];
    let value = prop_oneof![
        6 => prop::sample::select(vec![
            "42", "45", "-180", "180", "90", "-90", "0", "-0", "1", "100", "1e5", "1e-400", "NaN", "-inf", "+1", "0x1",
            "museum", "museum,,cafe", "now", "2026-11-23T10:00:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
            "9999-12-31T23:59:59-23:59", "0000-01-01T00:00:00%2B23:59", "free", "yes", "ru", "en", "41,44,43,46",
            "180,-90,-180,90", "-180,-90,180,90", "179,0,-179,1", "0.a", "ffffffffffffffff.z", "%F0%9F%98%80", "%FF", "%00",
            "%", "%zz", "%D1", "", "+", "=", "==",
        ])
        .prop_map(str::to_owned),
        2 => (-400.0..400.0_f64).prop_map(|n| n.to_string()),
        1 => any::<f64>().prop_map(|n| n.to_string()),
        1 => any::<i64>().prop_map(|n| n.to_string()),
        1 => "[a-zA-Z%0-9_.~!$'()*,;:@/?-]{0,40}",
    ];
    prop_oneof![9 => (name, value).prop_map(|(n, v)| format!("{n}={v}")), 1 => "[a-z%&=]{0,10}"]
}

#[test]
fn no_query_string_breaks_a_route() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let app = runtime.block_on(app());
    let routes = prop::sample::select(vec![
        NEAREST,
        "/api/v1/locations",
        "/api/v1/locations/museum",
        "/api/v1/locations/nothing",
        "/api/v1/categories",
        "/api/v1/settlements",
        "/api/v1/search",
        "/ogc/collections/locations/items",
        "/ogc/collections/locations",
        "/download/locations.csv",
        "/healthz",
        "/readyz",
        "/metrics",
        "/openapi.json",
        "/nothing",
    ]);
    // Half of the questions have what a sound one needs, so that the other parameters are looked at.
    let base = prop::sample::select(vec!["", "lon=42&lat=45", "bbox=41,44,43,46"]);
    let parts = prop::collection::vec(query_part(), 0..5);
    let config = ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() };
    let (good, bad) = (Cell::new(0_u32), Cell::new(0_u32));
    proptest!(config, |(route in routes, base in base, parts in parts)| {
        let uri = format!("{route}?{base}&{}", parts.join("&"));
        // A min_seq beyond the head waits for 2 s; that is tested elsewhere.
        prop_assume!(!parts.iter().any(|p| p.strip_prefix("min_seq=").is_some_and(|n| n.trim_start_matches('+').parse::<i64>().is_ok_and(|n| n > 1))));
        let Ok(request) = Request::builder().uri(&uri).body(Body::empty()) else { return Ok(()) };
        let answer = runtime.block_on(app.send(request));
        prop_assert!(answer.status.as_u16() < 500, "{} answered {}", uri, answer.status);
        if answer.status.is_client_error() {
            answer.problem();
            bad.set(bad.get() + 1);
        } else {
            prop_assert_eq!(answer.status.as_u16(), 200, "{}", &uri);
            if answer.header("content-type").contains("json") {
                answer.json();
            }
            good.set(good.get() + 1);
        }
    });
    let (good, bad) = (good.get(), bad.get());
    assert!(good > 300 && bad > 300, "one-sided: {good} good, {bad} bad");
    runtime.block_on(app.stop());
}

#[test]
fn no_body_breaks_the_post() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let app = runtime.block_on(app());
    let value = prop_oneof![
        any::<f64>().prop_map(|n| json!(n)),
        any::<i64>().prop_map(|n| json!(n)),
        any::<String>().prop_map(|t| json!(t)),
        Just(json!(null)),
        Just(json!([])),
        Just(json!(["museum", 1, null])),
        Just(json!({ "lon": 1 })),
        Just(json!(true)),
        Just(json!("now")),
    ];
    let name =
        prop::sample::select(vec!["lon", "lat", "limit", "max_distance_m", "category", "open_at", "q", "lang", "foo"]);
    let members = prop::collection::vec((name, value), 0..5);
    let config = ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(members in members, sound in any::<bool>(), noise in prop::collection::vec(any::<u8>(), 0..4))| {
        let mut object = serde_json::Map::new();
        if sound {
            object.insert("lon".into(), json!(42));
            object.insert("lat".into(), json!(45));
        }
        object.extend(members.into_iter().map(|(n, v)| (n.to_owned(), v)));
        let mut body = Value::Object(object).to_string().into_bytes();
        body.extend(noise);
        let request = Request::builder().method("POST").uri(NEAREST).body(Body::from(body)).unwrap();
        let answer = runtime.block_on(app.send(request));
        prop_assert!(answer.status.as_u16() < 500, "{}", answer.status);
        if answer.status != 200 {
            answer.problem();
        }
    });
    runtime.block_on(app.stop());
}

/// The demo says so in every list.
#[tokio::test]
async fn the_demo_says_that_it_is_one() {
    let mut options = ryadom::app::Options::default();
    options.door.demo = true;
    let app = TestApp::with(Ground::sqlite().await, noon(), options).await;
    app.publish(&[place("a").giving(Benefit { from: Some(day("2026-01-01")), ..benefit("x") })]).await;
    for uri in [HERE, "/api/v1/locations?bbox=41,44,43,46"] {
        assert_eq!(app.get(uri).await.json()["demo"], true);
    }
    app.wait(TimeDelta::seconds(1));
    app.stop().await;
}
