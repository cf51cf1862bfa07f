//! Search as you type: what people type finds what they mean, and it follows every edit.

use crate::harness::{Describe, Ground, TestApp, benefit, noon, place};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use ryadom::domain::change::{Change, ChangeBatch};
use ryadom::domain::gazetteer::Gazetteer;
use ryadom::domain::location::Published;
use ryadom::domain::{Category, FixedClock, Location, LocationId, Seq};
use ryadom::geometry::LonLat;
use ryadom::index::segment::{Place, SegmentBuilder};
use ryadom::index::text::{Item, Lists};
use ryadom::index::{Options, SpatialIndex, local_day};
use ryadom::partners::{ImportOptions, Importer, Source};
use ryadom::sample::Sample;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Class, query, what must be among the first three, where: `id`, `kind:title`, or `kind~part of title or detail`.
const QUERIES: &str = include_str!("search_queries.tsv");
const DEMO: &[u8] = include_bytes!("../../data/demo/demo_partners_SYNTHETIC.geojson");

fn uri(q: &str, more: &str) -> String {
    format!("/api/v1/search?q={}{more}", utf8_percent_encode(q, NON_ALPHANUMERIC))
}

async fn results(app: &TestApp, q: &str, more: &str) -> Vec<Value> {
    app.get(&uri(q, more)).await.json()["results"].as_array().expect("results").clone()
}

async fn ids(app: &TestApp, q: &str) -> Vec<String> {
    let found = results(app, q, "").await;
    let places = found.iter().filter(|r| r["kind"] == "location" || r["kind"] == "benefit");
    places.map(|r| r["id"].as_str().expect("an id").to_owned()).collect()
}

fn is_expected(result: &Value, expected: &str) -> bool {
    let text = |name: &str| result[name].as_str().unwrap_or_default().to_lowercase();
    let (kind, title) = (text("kind"), text("title"));
    if let Some((wanted, part)) = expected.split_once('~') {
        let part = part.to_lowercase();
        return kind == wanted && (title.contains(&part) || text("detail").contains(&part));
    }
    match expected.split_once(':') {
        Some(("category", code)) => kind == "category" && result["id"] == code,
        Some((wanted, name)) => kind == wanted && title == name.to_lowercase(),
        None => result["id"] == expected,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_type_finds_what_they_mean() {
    let ground = Ground::sqlite().await;
    let mut sample = Sample::new(3);
    let noise: Vec<Location> = (0..20_000).map(|_| sample.published().location).collect();
    for some in noise.chunks(1_000) {
        ground.publish(some).await;
    }
    let clock = FixedClock::at(noon());
    let demo = vec![Source::bytes("demo places", DEMO)];
    let report = Importer::new(ground.store.clone(), &clock).run(demo, &ImportOptions::default(), |_| {}).await;
    assert!(report.is_ok_and(|r| r.is_complete() && r.rejected == 0));
    let app = TestApp::on(ground).await;

    let mut classes: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for row in QUERIES.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [class, q, expected, at] = cells[..] else { panic!("{row} has {} cells", cells.len()) };
        let more = at.split_once(',').map_or(String::new(), |(lon, lat)| format!("&lon={lon}&lat={lat}"));
        let found = results(&app, q, &more).await;
        let hit = found.iter().take(3).any(|r| is_expected(r, expected));
        let count = classes.entry(class).or_default();
        count.0 += u32::from(hit);
        count.1 += 1;
        if !hit {
            let shown: Vec<String> =
                found.iter().take(4).map(|r| format!("{} {} {}", r["kind"], r["title"], r["match"])).collect();
            println!("MISS [{class}] {q}: wanted {expected}, got {shown:?}");
        }
    }
    for (class, (hits, all)) in &classes {
        println!("{class}: {hits} of {all}");
    }
    let (hits, all) = classes.values().fold((0, 0), |sum, c| (sum.0 + c.0, sum.1 + c.1));
    println!("{hits} of {all}: {:.1} %", f64::from(hits) * 100.0 / f64::from(all));
    assert!(all >= 150 && f64::from(hits) >= 0.95 * f64::from(all), "{hits} of {all}");
    app.stop().await;
}

#[tokio::test]
async fn results_say_what_they_are() {
    let app = TestApp::on(Ground::sqlite().await).await;
    app.publish(&[
        place("m").at(42.0, 45.0).being(Category::Museum).named("Музей «Ёж»").change(|l| {
            l.address = Some("Ставрополь, ул. Мира, 1".into());
            l.benefits = vec![benefit("Скидка на книги"), benefit("Бесплатный вход")];
        }),
        place("n").at(42.1, 45.0).being(Category::Museum).named("Музей «Уж»"),
    ])
    .await;
    let museum = results(&app, "музей", "&lon=42.1&lat=45").await;
    let shown: Vec<_> = museum.iter().map(|r| (r["kind"].as_str().unwrap(), r["id"].as_str().unwrap())).collect();
    assert_eq!(shown, [("category", "museum"), ("location", "n"), ("location", "m")]);
    assert_eq!((&museum[1]["distance_m"], &museum[1]["category"]), (&0.0.into(), &"museum".into()));
    let free = results(&app, "бесплатный", "").await;
    assert_eq!((&free[0]["kind"], &free[0]["detail"]), (&"benefit".into(), &"Бесплатный вход".into()));
    assert!(free[0].get("distance_m").is_none() && free[0]["lon"] == 42.0);
    let town = &results(&app, "г. ставрополь", "&lang=en").await[0];
    assert_eq!(
        (&town["kind"], &town["title"], &town["match"]),
        (&"settlement".into(), &"Stavropol".into(), &"exact".into())
    );
    for (q, how) in [
        ("еж музей", "exact"),
        ("еж муз", "prefix"),
        ("ёжу музея", "stem"),
        ("мзуей", "typo"),
        ("muzey", "translit"),
        ("veptq", "layout"),
    ] {
        assert_eq!(results(&app, q, "").await[0]["match"], how, "{q}");
    }
    assert!(results(&app, "", "").await.is_empty() && results(&app, " .,! ", "").await.is_empty());
    assert!(results(&app, "ъъъъъъ", "").await.is_empty());
    // Nothing has both words, so either will do.
    assert_eq!(ids(&app, "музей крокодил").await, ["m", "n"]);
    assert_eq!(results(&app, "м", "&limit=2").await.len(), 2);
    app.stop().await;
}

#[tokio::test]
async fn search_follows_edits() {
    let mut options = ryadom::app::Options::default();
    options.index.delta_min = 3;
    let app = TestApp::with(Ground::sqlite().await, noon(), options).await;
    app.publish(&[place("a").named("Кофейня «Зебра»"), place("b").named("Кофейня «Жираф»")]).await;
    assert_eq!(ids(&app, "зебра").await, ["a"]);
    app.publish(&[place("a").named("Кофейня «Пингвин»")]).await;
    assert_eq!((ids(&app, "зебра").await, ids(&app, "пингвин").await), (vec![], vec!["a".into()]));
    let (seq, _) = app.ground().archive(&["a"]).await;
    let answer = app.get(&uri("пингвин", &format!("&min_seq={}", seq.0))).await.json();
    assert_eq!((&answer["seq"], answer["results"].as_array().unwrap().len()), (&seq.0.into(), 0));
    // Enough edits for merges.
    for n in 0..20 {
        app.publish(&[place(&format!("n{n}")).named(&format!("Кофейня «Лось {n}»"))]).await;
        assert_eq!(ids(&app, &format!("лось {n}")).await[0], format!("n{n}"));
    }
    assert_eq!((ids(&app, "жираф").await, ids(&app, "пингвин").await), (vec!["b".into()], vec![]));
    app.stop().await;
}

fn built(rows: impl Iterator<Item = Published>) -> SpatialIndex {
    let mut builder = SegmentBuilder::default();
    for row in rows {
        builder.push(&Place::of(&row, local_day(noon(), &row)));
    }
    let options = Options { delta_min: 1, ..Options::default() };
    SpatialIndex::from_segment(builder.build(), Seq(1), Arc::new(FixedClock::at(noon())), options)
}

/// However places were edited, and whatever was merged: the answers are those of a fresh start.
#[test]
fn edits_and_merges_give_what_a_fresh_start_gives() {
    let lists = Lists::of(&Gazetteer::embedded());
    let mut sample = Sample::new(5);
    let mut rows: BTreeMap<String, Published> =
        (0..400).map(|_| sample.published()).map(|p| (p.location.id.as_str().to_owned(), p)).collect();
    let index = built(rows.values().cloned());
    let here = LonLat::new(42.0, 45.0).unwrap();
    for round in 0..30_i64 {
        let ids: Vec<String> = rows.keys().cloned().collect();
        let mut changes = Vec::new();
        for n in 0..7 {
            let id = &ids[(round as usize * 31 + n * 57) % ids.len()];
            if n % 3 == 0 {
                rows.remove(id);
                changes.push(Change::Remove(LocationId::new(id).unwrap()));
            } else if let Some(row) = rows.get_mut(id) {
                row.location.name = format!("Чайная «Самовар {}» {round}", n % 4);
                changes.push(Change::Put(Box::new(row.clone())));
            }
        }
        let merge = (round % 5 == 2).then(|| index.begin_merge()).flatten();
        let merged = merge.as_ref().map(ryadom::index::Merge::run);
        index.apply(&ChangeBatch { to_seq: Seq(round + 2), changes });
        if let Some(base) = merged {
            index.finish_merge(base);
        }
        let (edited, fresh) = (index.current(), built(rows.values().cloned()));
        let fresh = fresh.current();
        for q in [
            "музей",
            "чайн",
            "самовар 2",
            "смовар",
            "samovar",
            "xfqyfz",
            "скидка мира",
            "колос 1",
            "к",
            "аптека 7 щука",
        ] {
            for near in [None, Some(here)] {
                let found = |snapshot: &ryadom::index::Snapshot| -> Vec<String> {
                    let hits = snapshot.search(q, &lists, near, 20);
                    hits.iter()
                        .map(|hit| match hit.item {
                            Item::Category(c) => c.code().to_owned(),
                            Item::Settlement(n) => n.to_string(),
                            Item::Location(f) | Item::Benefit(f) => format!("{} {}", f.id(), hit.matched.code()),
                        })
                        .collect()
                };
                assert_eq!(found(&edited), found(&fresh), "{q} in round {round}");
            }
        }
    }
}

#[test]
fn no_text_breaks_the_search() {
    let lists = Lists::of(&Gazetteer::embedded());
    let mut sample = Sample::new(6);
    let index = built((0..300).map(|_| sample.published()));
    let snapshot = index.current();
    let texts = prop_oneof![
        "\\PC{0,100}",
        "[а-яёa-z ;',.\\[\\]`0-9-]{0,100}",
        "[аеио]{1,100}",
        "(ya|sh|shch|kh|y|i|c){1,30}",
        "([а-я]{1,3} ){1,40}",
    ];
    let config = ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(text in texts, limit in 1_usize..=20)| {
        let hits = snapshot.search(&text, &lists, None, limit);
        prop_assert!(hits.len() <= limit);
    });
}
