//! The operator's smallest door: publish and withdraw one location over HTTP.

use crate::harness::{Ground, TestApp, noon, on_both_stores};
use ryadom::app::Options;
use ryadom::http::state;
use serde_json::{Value, json};

const KEY: (&str, &str) = ("authorization", "Bearer secret-of-a-test");

async fn app(ground: Ground) -> TestApp {
    let door = state::Options { operator_token: Some("secret-of-a-test".into()), ..state::Options::default() };
    TestApp::with(ground, noon(), Options { door, ..Options::default() }).await
}

fn bakery() -> Value {
    json!({
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [41.97, 45.04]},
        "properties": {"name": "Пекарня", "category": "cafe", "benefit": "Скидка 10 %", "opening_hours": "24/7"},
    })
}

async fn a_write_is_read_by_its_number_and_withdrawn_again(ground: Ground) {
    let app = app(ground).await;
    let uri = "/api/v1/locations/bakery";
    let written = app.request("PUT", uri, &[KEY], &bakery().to_string()).await;
    assert_eq!(written.status, 201, "{}", written.text());
    let seq = written.header("ryadom-seq").to_owned();
    let near = app.get(&format!("/api/v1/locations/nearest?lon=41.97&lat=45.04&min_seq={seq}")).await;
    assert_eq!(near.ids(), ["bakery"]);
    let shown = near.properties();
    assert_eq!(
        (&shown["benefit_kind"], &shown["benefit_value"], &shown["open"]),
        (&json!("percent"), &json!(10), &json!(true))
    );

    let same = app.request("PUT", uri, &[KEY], &bakery().to_string()).await;
    assert_eq!((same.status.as_u16(), same.json()["outcome"].clone()), (200, json!("unchanged")));
    assert_eq!(same.header("ryadom-seq"), seq, "nothing was written");

    let mut moved = bakery();
    moved["properties"]["name"] = json!("Пекарня «Колос»");
    let changed = app.request("PUT", uri, &[KEY], &moved.to_string()).await;
    assert_eq!(changed.json()["outcome"], "changed");
    let card = app.get(&format!("{uri}?min_seq={}", changed.header("ryadom-seq"))).await;
    assert_eq!(card.properties()["name"], "Пекарня «Колос»");

    let gone = app.request("DELETE", uri, &[KEY], "").await;
    assert_eq!(gone.json()["outcome"], "withdrawn");
    let card = app.get(&format!("{uri}?min_seq={}", gone.header("ryadom-seq"))).await;
    assert_eq!(card.problem_of().0, "no-location");
    assert_eq!(app.request("DELETE", uri, &[KEY], "").await.problem_of().0, "no-location");
    app.stop().await;
}

async fn without_the_key_nothing_is_written(ground: Ground) {
    let with_key = app(ground).await;
    let uri = "/api/v1/locations/bakery";
    for headers in [&[][..], &[("authorization", "Bearer wrong")], &[("authorization", "secret-of-a-test")]] {
        let refused = with_key.request("PUT", uri, headers, &bakery().to_string()).await;
        assert_eq!(refused.problem_of().0, "unauthorized");
        assert_eq!(refused.header("www-authenticate"), "Bearer");
        assert_eq!(with_key.request("DELETE", uri, headers, "").await.problem_of().0, "unauthorized");
    }
    assert_eq!(with_key.get("/readyz").await.json()["seq"], 0);
    with_key.stop().await;
}

async fn a_setting_without_a_key_refuses_everybody(ground: Ground) {
    let app = TestApp::on(ground).await;
    for headers in [&[][..], &[("authorization", "Bearer ")], &[KEY]] {
        let refused = app.request("PUT", "/api/v1/locations/a", headers, &bakery().to_string()).await;
        assert_eq!(refused.problem_of().0, "unauthorized");
    }
    app.stop().await;
}

async fn every_fault_of_a_feature_is_named(ground: Ground) {
    let app = app(ground).await;
    let bad = json!({
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [0, 0]},
        "properties": {"category": "cafe", "opening_hours": "sometimes"},
    });
    for lang in ["ru", "en"] {
        let refused = app.request("PUT", &format!("/api/v1/locations/bad?lang={lang}"), &[KEY], &bad.to_string()).await;
        let (kind, named) = refused.problem_of();
        assert_eq!(kind, "invalid-location");
        assert!(named.len() >= 3, "{named:?}");
        let cyrillic = refused.problem()["errors"][0]["detail"]
            .as_str()
            .unwrap()
            .chars()
            .any(|c| c.is_alphabetic() && !c.is_ascii());
        assert_eq!(cyrillic, lang == "ru");
    }
    let other = app.request("PUT", "/api/v1/locations/a", &[KEY], &with_id("b").to_string()).await;
    assert_eq!(other.problem_of(), ("invalid-location".into(), vec!["id".into()]));
    assert_eq!(app.request("PUT", "/api/v1/locations/a", &[KEY], "{").await.problem_of().0, "invalid-body");
    assert_eq!(app.request("PUT", "/api/v1/locations/a%20b", &[KEY], "{}").await.problem_of().1, ["id"]);
    assert_eq!(app.get("/readyz").await.json()["seq"], 0);
    app.stop().await;
}

fn with_id(id: &str) -> Value {
    let mut feature = bakery();
    feature["properties"]["id"] = json!(id);
    feature
}

on_both_stores!(
    a_write_is_read_by_its_number_and_withdrawn_again,
    without_the_key_nothing_is_written,
    a_setting_without_a_key_refuses_everybody,
    every_fault_of_a_feature_is_named,
);
