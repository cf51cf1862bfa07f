//! CQL2 at the door against a filter in Rust, as text and as JSON.

#![expect(clippy::float_cmp, reason = "the reference filter compares as CQL2 says: exactly")]

use crate::harness::day;
use crate::ogc::{ITEMS, all_ids, app, places, with};
use ryadom::domain::{Category, Location, Wheelchair};
use serde_json::{Value, json};
use std::collections::BTreeSet;

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
async fn what_is_wrong_in_a_filter_is_named_with_its_place() {
    let app = app().await;
    let far = |lon: i32, lat: i32| json!({ "op": "s_intersects", "args": [{ "property": "geometry" }, { "type": "Point", "coordinates": [lon, lat] }] });
    for (text, place) in [
        ("name = 'a' AND colour = 'red'", "character 16: "),
        ("name = 'a' AND", "character 15: "),
        ("name == 'a'", "character 7: "),
        ("name = 'a", "character 8: "),
        ("name = 'a') OR TRUE", "character 11: "),
        ("benefit_value BETWEEN 1", "character 24: "),
        ("name > 5", "character 8: "),
        ("NEAR(geometry, 5)", "character 1: "),
        ("last_confirmed > DATE('2026-02-30')", "character 23: "),
        ("T_AFTER(last_confirmed, TIMESTAMP('soon'))", "character 35: "),
        ("S_INTERSECTS(geometry, POINT(41))", "character 32: "),
        ("S_INTERSECTS(geometry, POINT(90 180))", "character 24: "),
        ("S_INTERSECTS(geometry, POINT(190 45))", "character 24: "),
        (
            "S_INTERSECTS(geometry, POINT(1e308 45))",
            "character 24: longitude 1e308 is outside -180…180; longitude comes first",
        ),
        ("NOT S_WITHIN(geometry, POLYGON((0 0, 0 91, 1 91, 0 0)))", "character 24: "),
        ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(1 2, 181 2)))", "character 24: "),
        ("S_INTERSECTS(geometry, BBOX(41, 91, 42, 92))", "character 24: "),
    ] {
        let answer = app.get(&with(ITEMS, &[("filter", text), ("lang", "en")])).await;
        assert_eq!(answer.problem_of(), ("invalid-parameter".into(), vec!["filter".into()]), "{text}");
        assert!(answer.text().contains(place), "{text}: {}", answer.text());
    }
    for (json, place) in [
        (json!({ "op": "=", "args": [{ "property": "colour" }, 1] }), "at /args/0"),
        (json!({ "op": "=", "args": [{ "property": "name" }, 1] }), "at /args/1"),
        (json!({ "op": "and", "args": [true, { "op": "near", "args": [] }] }), "at /args/1"),
        (
            json!({ "op": "not", "args": [{ "op": "between", "args": [{ "property": "benefit_value" }, 1] }] }),
            "at /args/0",
        ),
        (json!({ "op": ">", "args": [{ "property": "last_confirmed" }, { "date": "2026-02-30" }] }), "at /args/1"),
        (json!({ "op": "isNull", "args": [null] }), "at /args/0"),
        (far(90, 180), "at /args/1"),
        (far(-181, 0), "at /args/1"),
        (json!("x"), "at /"),
    ] {
        let pairs = [("filter", &*json.to_string()), ("filter-lang", "cql2-json"), ("lang", "en")];
        let answer = app.get(&with(ITEMS, &pairs)).await;
        assert_eq!(answer.problem_of(), ("invalid-parameter".into(), vec!["filter".into()]), "{json}");
        assert!(answer.text().contains(&format!("{place}: ")), "{json}: {}", answer.text());
    }
    let broken =
        app.get(&with(ITEMS, &[("filter", "{\"op\":\n="), ("filter-lang", "cql2-json"), ("lang", "en")])).await;
    assert!(broken.text().contains("line 2, column 1: "), "{}", broken.text());
    app.stop().await;
}
