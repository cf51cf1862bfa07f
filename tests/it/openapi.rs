//! The document of `/openapi.json` and the real answers, held together.

use crate::harness::{Describe, Ground, TestApp, benefit, day, place};
use ryadom::domain::{Benefit, BenefitKind, Category};
use ryadom::http::locations::{CARD, NEAREST, VIEWPORT};
use ryadom::http::search::SEARCH;
use ryadom::http::{lists, openapi_json};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The document, with what the answers showed of it.
struct Contract {
    document: Value,
    /// Members of each schema that some answer had.
    seen: BTreeMap<String, BTreeSet<String>>,
}

impl Contract {
    fn new() -> Self {
        Self { document: serde_json::from_str(&openapi_json()).expect("JSON"), seen: BTreeMap::new() }
    }

    fn operation(&self, method: &str, path: &str) -> &Value {
        let operation = &self.document["paths"][path][method];
        assert!(operation.is_object(), "{method} {path} is not documented");
        operation
    }

    fn parameters(&self, method: &str, path: &str) -> Vec<String> {
        let all = self.operation(method, path)["parameters"].as_array().expect("parameters");
        let queries = all.iter().filter(|p| p["in"] == "query");
        queries.map(|p| p["name"].as_str().expect("a name").to_owned()).collect()
    }

    /// Checks an answer against what is documented for its status.
    #[track_caller]
    fn check(&mut self, method: &str, path: &str, answer: &crate::harness::Answer) {
        let response = self.operation(method, path)["responses"][answer.status.as_str()].clone();
        assert!(response.is_object(), "{method} {path} answers {} and does not say so", answer.status);
        let content = response["content"].as_object().expect("content");
        let media = answer.header("content-type").split(';').next().unwrap_or_default();
        let schema = content.get(media).unwrap_or_else(|| panic!("{method} {path} answers {media}, not {content:?}"));
        if media == "text/plain" {
            return;
        }
        let value: Value = serde_json::from_slice(&answer.body).expect("JSON");
        self.validate(&schema["schema"], &value, &format!("{method} {path} {}", answer.status));
    }

    fn resolve(&self, schema: &Value) -> (Option<String>, Value) {
        match schema["$ref"].as_str() {
            Some(reference) => {
                let name = reference.strip_prefix("#/components/schemas/").expect("a schema of ours");
                let found = self.document["components"]["schemas"][name].clone();
                assert!(found.is_object(), "{reference} leads nowhere");
                (Some(name.to_owned()), found)
            }
            None => (None, schema.clone()),
        }
    }

    /// Every member that is there is known, every required one is there, and types are as documented.
    #[track_caller]
    fn validate(&mut self, schema: &Value, value: &Value, at: &str) {
        let (name, schema) = self.resolve(schema);
        if let Some(choices) = schema["oneOf"].as_array() {
            if value.is_null() {
                assert!(choices.iter().any(|c| c["type"] == "null"), "{at} is null");
                return;
            }
            let mut rest: Vec<&Value> = choices.iter().filter(|c| c["type"] != "null").collect();
            if rest.len() == 2 {
                // A place or a cluster: the cluster says so.
                let is_cluster = value["properties"]["cluster"] == true;
                rest.retain(|c| c["$ref"].as_str().is_some_and(|name| name.ends_with("/ClusterFeature")) == is_cluster);
            }
            assert_eq!(rest.len(), 1, "{at}: a choice that this test does not know: {schema}");
            return self.validate(rest[0], value, at);
        }
        if let Some(object) = value.as_object() {
            let (known, required) = self.members(&schema);
            if known.is_empty() && schema["additionalProperties"].is_object() {
                // A map: its names are data.
                for (member, inner) in object {
                    self.validate(&schema["additionalProperties"], inner, &format!("{at}.{member}"));
                }
                return;
            }
            assert!(!known.is_empty(), "{at} is an object, not {schema}");
            for member in &required {
                assert!(object.contains_key(member), "{at} lacks {member}: {value}");
            }
            for (member, inner) in object {
                let (owner, schema) =
                    known.get(member).cloned().unwrap_or_else(|| panic!("{at}.{member} is not documented: {inner}"));
                let owner = if owner.is_empty() { name.clone().unwrap_or_default() } else { owner };
                self.seen.entry(owner).or_default().insert(member.clone());
                self.validate(&schema, inner, &format!("{at}.{member}"));
            }
            return;
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one.as_str()],
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
            // Any value: utoipa's empty schema.
            _ => return assert_eq!(schema, serde_json::json!({}), "{at}: {value}"),
        };
        let fits = types.iter().any(|t| match *t {
            "null" => value.is_null(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64(),
            "number" => value.is_number(),
            "array" => value.is_array(),
            _ => false,
        });
        assert!(fits, "{at} is {value}, not {types:?}");
        if let Some(allowed) = schema["enum"].as_array() {
            assert!(allowed.contains(value), "{at} is {value}");
        }
        if let Some(items) = value.as_array() {
            let (min, max) = (schema["minItems"].as_u64(), schema["maxItems"].as_u64());
            assert!(min.is_none_or(|n| items.len() as u64 >= n) && max.is_none_or(|n| items.len() as u64 <= n), "{at}");
            for (n, item) in items.iter().enumerate() {
                self.validate(&schema["items"], item, &format!("{at}[{n}]"));
            }
        }
    }

    /// Members with the named schema that has them, and those that are required.
    fn members(&self, schema: &Value) -> (BTreeMap<String, (String, Value)>, BTreeSet<String>) {
        let (name, schema) = self.resolve(schema);
        let (mut known, mut required) = (BTreeMap::new(), BTreeSet::new());
        for part in schema["allOf"].as_array().into_iter().flatten() {
            let (more, needed) = self.members(part);
            known.extend(more);
            required.extend(needed);
        }
        for (member, inner) in schema["properties"].as_object().into_iter().flatten() {
            known.insert(member.clone(), (name.clone().unwrap_or_default(), inner.clone()));
        }
        required.extend(
            schema["required"].as_array().into_iter().flatten().filter_map(|r| r.as_str().map(ToOwned::to_owned)),
        );
        (known, required)
    }
}

/// Places that between them have every member of every schema.
async fn app() -> TestApp {
    let ground = Ground::sqlite().await;
    let app = TestApp::on(ground).await;
    app.publish(&[
        place("a").with_everything(),
        place("b").open("Mo-Fr 20:00-21:00"),
        place("c").being(Category::Museum).open("24/7").giving(Benefit {
            kind: Some(BenefitKind::Fixed),
            value: Some(100.0),
            from: Some(day("2026-01-01")),
            ..benefit("100 ₽")
        }),
        place("d").open("Mo-Su 10:00-18:00 \"по записи\", Mo-Su 18:00-19:00 \"by appointment\""),
        place("e").open("Mo-Su \"by appointment\""),
        place("f").open("Mo-Fr 10:00+"),
    ])
    .await;
    app
}

#[tokio::test]
async fn answers_have_the_members_of_the_document_and_no_other() {
    let app = app().await;
    let mut contract = Contract::new();
    let nearest = "/api/v1/locations/nearest";
    let answer = app.get(&format!("{nearest}?lon=42&lat=45")).await;
    assert_eq!(answer.ids().len(), 6);
    contract.check("get", nearest, &answer);
    contract.check("post", nearest, &app.post(nearest, &serde_json::json!({ "lon": 42, "lat": 45 })).await);
    let page = app.get("/api/v1/locations?bbox=41,44,43,46&limit=2").await;
    assert!(page.json()["next"].is_string());
    contract.check("get", "/api/v1/locations", &page);
    for zoom in ["0", "18"] {
        let view = app.get(&format!("/api/v1/locations?bbox=41,44,43,46&zoom={zoom}")).await;
        contract.check("get", "/api/v1/locations", &view);
    }
    contract.check("get", "/tiles/locations/{z}/{x}/{file}", &app.get("/tiles/locations/0/0/0.geojson").await);
    for id in ["a", "b", "c", "d", "e", "f"] {
        contract.check("get", "/api/v1/locations/{id}", &app.get(&format!("/api/v1/locations/{id}")).await);
    }
    for q in ["museum", "100", "%D0%BC%D0%B5%D1%81%D1%82%D0%BE", "%D1%81%D1%82%D0%B0%D0%B2%D1%80"] {
        let answer = app.get(&format!("/api/v1/search?q={q}&lon=42&lat=45")).await;
        assert_ne!(answer.json()["results"][0], Value::Null, "{q}");
        contract.check("get", "/api/v1/search", &answer);
    }
    for path in ["/api/v1/categories", "/api/v1/settlements", "/readyz", "/healthz", "/metrics"] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        contract.check("get", path, &answer);
    }
    app.stop().await;
    // What is promised is there, somewhere. `demo` is of the demo, `distance_m` was in nearest.
    let promised: Vec<(&str, &str)> = vec![
        (
            "Properties",
            "id name category benefit benefit_kind benefit_value address open open_until opens_at distance_m",
        ),
        (
            "CardProperties",
            "categories_more hours hours_week time_zone phone phone_ext phone_display site partner benefits \
             wheelchair address_note fias_id last_confirmed version",
        ),
        ("Day", "date weekday holiday intervals"),
        ("BenefitCard", "title kind value terms from to"),
        ("FeatureCollection", "type features seq complete"),
        ("ClusteredCollection", "type features seq complete next matched zoom cluster_zoom"),
        ("ClusterFeature", "type id geometry properties"),
        ("ClusterProperties", "id cluster point_count expansion_zoom categories bbox"),
        ("Feature", "type id geometry properties"),
        ("Card", "type id geometry properties"),
        ("SearchResults", "seq results"),
        ("SearchResult", "kind id title detail category lon lat distance_m match"),
    ];
    for (schema, members) in promised {
        for member in members.split_whitespace() {
            assert!(contract.seen.get(schema).is_some_and(|s| s.contains(member)), "no answer had {schema}.{member}");
        }
        let documented: BTreeSet<String> = contract
            .members(&serde_json::json!({ "$ref": format!("#/components/schemas/{schema}") }))
            .0
            .into_keys()
            .collect();
        let unseen: Vec<&String> = documented
            .iter()
            .filter(|m| !contract.seen.values().any(|seen| seen.contains(*m)) && *m != "demo")
            .collect();
        assert!(unseen.is_empty(), "{schema} promises what no answer had: {unseen:?}");
    }
}

#[tokio::test]
async fn errors_are_documented_with_their_status() {
    let app = app().await;
    let mut contract = Contract::new();
    let nearest = "/api/v1/locations/nearest";
    let late = "min_seq=9223372036854775807";
    let (a, b, c, d) = tokio::join!(
        app.get("/api/v1/locations/nearest?lon=42&lat=45&min_seq=9223372036854775807"),
        app.get("/api/v1/locations?bbox=41,44,43,46&min_seq=9223372036854775807"),
        app.get("/api/v1/locations/a?min_seq=9223372036854775807"),
        app.request("POST", nearest, &[], r#"{"lon":42,"lat":45,"min_seq":9223372036854775807}"#),
    );
    for (method, path, answer) in [
        ("get", nearest, a),
        ("get", "/api/v1/locations", b),
        ("get", "/api/v1/locations/{id}", c),
        ("post", nearest, d),
    ] {
        assert_eq!(answer.status, 503, "{method} {path} {late}");
        contract.check(method, path, &answer);
    }
    for (path, uri) in [
        (nearest, "/api/v1/locations/nearest?lon=42"),
        ("/api/v1/locations", "/api/v1/locations?bbox=1"),
        ("/api/v1/locations/{id}", "/api/v1/locations/a?x=1"),
        ("/api/v1/locations/{id}", "/api/v1/locations/unknown"),
        ("/api/v1/settlements", "/api/v1/settlements?limit=0"),
        ("/api/v1/categories", "/api/v1/categories?x=1"),
        ("/api/v1/search", "/api/v1/search?x=1"),
    ] {
        contract.check("get", path, &app.get(uri).await);
    }
    contract.check("post", nearest, &app.request("POST", nearest, &[], "no JSON").await);
    let large = format!("{{\"q\":\"{}\"}}", "x".repeat(70_000));
    contract.check("post", nearest, &app.request("POST", nearest, &[], &large).await);
    app.stop().await;
}

#[test]
fn the_document_is_of_version_3_1_and_names_every_parameter_that_is_accepted() {
    let contract = Contract::new();
    let version = contract.document["openapi"].as_str().unwrap();
    assert!(version.starts_with("3.1."), "{version}");
    for (path, accepted) in [
        ("/api/v1/locations/nearest", NEAREST),
        ("/api/v1/locations", VIEWPORT),
        ("/api/v1/locations/{id}", CARD),
        ("/api/v1/categories", lists::CATEGORIES),
        ("/api/v1/settlements", lists::SETTLEMENTS),
        ("/api/v1/search", SEARCH),
    ] {
        assert_eq!(contract.parameters("get", path), accepted, "{path}");
    }
    // The members of POST are the parameters of GET.
    let body = &contract.operation("post", "/api/v1/locations/nearest")["requestBody"]["content"]["application/json"];
    let (known, required) = contract.members(&body["schema"]);
    let mut accepted: Vec<&str> = NEAREST.to_vec();
    accepted.sort_unstable();
    assert_eq!(known.keys().map(String::as_str).collect::<Vec<_>>(), accepted);
    assert_eq!(required.iter().map(String::as_str).collect::<Vec<_>>(), ["lat", "lon"]);
    // Every operation has an id of its own, and every reference leads somewhere.
    let mut ids = BTreeSet::new();
    for (path, methods) in contract.document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no id"));
            assert!(ids.insert(id.to_owned()), "{id} twice");
        }
    }
    let text = openapi_json();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(contract.document["components"]["schemas"][name].is_object(), "{name}");
    }
}

/// Every documented parameter is accepted, one that is not is refused by its name.
#[tokio::test]
async fn documented_parameters_are_accepted_and_others_refused_by_name() {
    let app = app().await;
    let contract = Contract::new();
    let sound = |name: &str| match name {
        "lon" => "42",
        "lat" => "45",
        "bbox" => "41,44,43,46",
        "limit" => "3",
        "max_distance_m" => "100000",
        "category" => "museum",
        "open_at" => "now",
        "benefit" => "free",
        "wheelchair" => "yes",
        "q" => "место",
        "lang" => "en",
        "min_seq" => "1",
        "cursor" => "0.a",
        "zoom" => "", // an empty value is none: with a cursor there is no zoom
        other => panic!("the test does not know a value for {other}"),
    };
    for (path, real) in [
        ("/api/v1/locations/nearest", "/api/v1/locations/nearest"),
        ("/api/v1/locations", "/api/v1/locations"),
        ("/api/v1/locations/{id}", "/api/v1/locations/a"),
        ("/api/v1/categories", "/api/v1/categories"),
        ("/api/v1/settlements", "/api/v1/settlements"),
        ("/api/v1/events", "/api/v1/events"),
        ("/tiles/locations.json", "/tiles/locations.json"),
        ("/tiles/locations/{z}/{x}/{file}", "/tiles/locations/0/0/0.geojson"),
        ("/api/v1/search", "/api/v1/search"),
    ] {
        if path == "/api/v1/events" {
            // An answer without an end; its refusals come like everybody's.
            assert_eq!(app.get("/api/v1/events?lon=1").await.problem_of().1, ["lon"]);
            continue;
        }
        let names = contract.parameters("get", path);
        let all: Vec<String> = names
            .iter()
            .map(|n| {
                format!("{n}={}", percent_encoding::utf8_percent_encode(sound(n), percent_encoding::NON_ALPHANUMERIC))
            })
            .collect();
        let all = all.join("&");
        assert!(app.get(&format!("{real}?{all}")).await.status.is_success(), "{path}?{all}");
        for wrong in ["foo", "Lon", "lon%20", "lon[]", "%D0%B8%D0%BC%D1%8F", "limit2"] {
            let answer = app.get(&format!("{real}?{all}&{wrong}=1")).await;
            let decoded = percent_encoding::percent_decode_str(wrong).decode_utf8().unwrap().into_owned();
            assert_eq!(answer.problem_of(), ("unknown-parameter".to_owned(), vec![decoded]), "{path}");
            for name in &names {
                assert!(answer.problem()["detail"].as_str().unwrap().contains(name.as_str()), "{path} lists {name}");
            }
        }
    }
    app.stop().await;
}
