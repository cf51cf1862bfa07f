//! News travels from the store to every reader, whoever wrote and whatever is broken.

use crate::harness::ground::{publish, rename};
use crate::harness::places::put_at;
use crate::harness::{
    Describe, Engine, Ground, LIMIT, TestApp, benefit, day, eventually, noon, on_both_stores, place, utc,
};
use chrono::TimeDelta;
use ryadom::app::Options;
use ryadom::domain::{Benefit, BenefitKind, Clock, Location, LocationId, Seq};
use ryadom::feed::{bootstrap, sweeper};
use ryadom::index::{self, Snapshot, SpatialIndex};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

on_both_stores! {
    a_write_of_another_process_is_served_within_a_second,
    a_wake_serves_a_write_of_this_process_at_once,
    a_feed_of_many_pages_is_drained_in_one_go,
    damaged_rows_are_skipped_counted_named_and_healed,
    damaged_rows_do_not_hinder_a_start,
    the_count_of_damaged_rows_comes_back_to_zero,
    a_damaged_place_that_is_archived_is_damaged_no_more,
    benefits_begin_and_end_at_their_own_midnight,
    two_sweeps_at_once_announce_once,
    a_damaged_row_does_not_hinder_the_sweep_of_the_others,
    an_archived_place_is_not_swept,
    a_read_waits_for_its_min_seq,
    a_min_seq_that_does_not_come_is_a_problem,
    an_index_that_followed_the_feed_equals_one_that_started_afresh,
    edits_during_merges_are_all_served,
}

/// Everything a snapshot would answer, by id.
fn fragments(snapshot: &Snapshot) -> BTreeMap<String, String> {
    let all: BTreeMap<_, _> = snapshot
        .iter()
        .map(|f| (f.id().to_owned(), String::from_utf8(f.card_part().to_vec()).expect("UTF-8")))
        .collect();
    assert_eq!(all.len(), snapshot.len(), "an id stands twice");
    all
}

async fn started_afresh(app: &TestApp) -> BTreeMap<String, String> {
    let clock: Arc<dyn Clock> = Arc::<ryadom::domain::FixedClock>::clone(&app.clock);
    let loaded = bootstrap::load(&app.ground().store, Arc::clone(&clock)).await.expect("a cold start");
    fragments(&SpatialIndex::from_segment(loaded.segment, loaded.seq, clock, index::Options::default()).current())
}

fn served(app: &TestApp) -> BTreeMap<String, String> {
    fragments(&app.app().state.index.current())
}

async fn ready(app: &TestApp) -> Value {
    app.get("/readyz").await.json()
}

async fn a_write_of_another_process_is_served_within_a_second(ground: Ground) {
    let app = TestApp::on(ground).await;
    let mut slowest = Duration::ZERO;
    for n in 0..6 {
        let id = format!("n{n}");
        // Asynchronous to the pump's interval.
        tokio::time::sleep(Duration::from_millis(70 * n)).await;
        let began = Instant::now();
        let (seq, _) = publish(&app.ground().store, &[place(&id)]).await;
        eventually("the place is on the map", async || {
            app.get(&format!("/api/v1/locations/{id}")).await.status.is_success()
        })
        .await;
        slowest = slowest.max(began.elapsed());
        app.reach(seq).await;
    }
    let engine = app.app().state.store.engine_name();
    eprintln!("MEASURED {engine}: a write of another process is served after at most {slowest:?} (target: 1 s)");
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    app.stop().await;
}

async fn a_wake_serves_a_write_of_this_process_at_once(ground: Ground) {
    let app = TestApp::on(ground).await;
    let state = app.app().state.clone();
    let mut times = Vec::new();
    for n in 0..10 {
        let (seq, _) = publish(&state.store, &[place("a").named(&format!("{n}"))]).await;
        let began = Instant::now();
        state.feed.wake();
        assert!(state.feed.wait_for(seq, LIMIT).await);
        times.push(began.elapsed());
        assert_eq!(app.get("/api/v1/locations/a").await.properties()["name"], format!("{n}"));
    }
    times.sort();
    eprintln!("MEASURED {}: after a wake {:?} to {:?}", state.store.engine_name(), times[0], times[9]);
    assert!(times[9] < Duration::from_secs(5));
    app.stop().await;
}

async fn a_feed_of_many_pages_is_drained_in_one_go(ground: Ground) {
    let app = TestApp::on(ground).await;
    let mut receiver = app.app().state.feed.subscribe();
    for n in 0..40 {
        publish(&app.ground().store, &[place(&format!("n{n}")), place("every").named(&format!("{n}"))]).await;
    }
    let watching = tokio::spawn(async move {
        let mut last = Seq(0);
        while last < Seq(40) {
            let now = *receiver.borrow_and_update();
            assert!(now >= last, "{now} after {last}");
            last = now;
            if now < Seq(40) {
                receiver.changed().await.expect("the feed lives");
            }
        }
    });
    app.reach(Seq(40)).await;
    tokio::time::timeout(LIMIT, watching).await.expect("told of every number").unwrap();
    assert_eq!(app.get("/api/v1/locations/every").await.properties()["name"], "39");
    assert_eq!(ready(&app).await["locations"], 41);
    app.stop().await;
}

/// Damage that SQL can do on this engine, by place, with what the message must hold.
async fn damage(ground: &Ground) -> Vec<(&'static str, &'static str)> {
    let sql = |id: &str, set: &str| format!("UPDATE locations SET {set} WHERE id = '{id}'");
    ground.sql(&sql("category", "category = 'космодром'")).await;
    ground.sql(&sql("lon", "lon = 500")).await;
    ground.sql(&sql("hours", "hours = 'когда как'")).await;
    ground.sql(&sql("zone", "time_zone = 'Mars/Olympus'")).await;
    ground.sql(&sql("benefits", "benefits = '{\"a\": 1}'")).await;
    let mut damaged = vec![
        ("category", "космодром"),
        ("hours", "hours"),
        ("zone", "time_zone"),
        ("benefits", "benefits"),
        ("lon", "500"),
    ];
    if ground.engine == Engine::Sqlite {
        // PostGIS checks JSON by itself.
        ground.sql(&sql("json", "benefits = '[{\"title\": '")).await;
        damaged.push(("json", "benefits"));
    }
    damaged
}

fn to_damage() -> Vec<Location> {
    ["category", "lon", "hours", "zone", "benefits", "json", "sound"].into_iter().map(place).collect()
}

async fn damaged_rows_are_skipped_counted_named_and_healed(ground: Ground) {
    ground.publish(&to_damage()).await;
    let app = TestApp::on(ground).await;
    assert_eq!(ready(&app).await["poisoned"], serde_json::json!({ "count": 0, "named": {} }));
    let damaged = damage(app.ground()).await;
    let mut ids: Vec<&str> = damaged.iter().map(|(id, _)| *id).collect();
    ids.push("sound");
    app.ground().announce(&ids).await;
    app.reach(Seq(2)).await;

    let readiness = ready(&app).await;
    assert_eq!((&readiness["status"], &readiness["seq"]), (&"ready".into(), &2.into()));
    assert_eq!(readiness["poisoned"]["count"], damaged.len(), "{readiness}");
    for (id, word) in &damaged {
        let reason = readiness["poisoned"]["named"][id].as_str().unwrap_or_else(|| panic!("{id} is not named"));
        assert!(reason.contains(word), "{id}: {reason:?} does not say {word:?}");
        assert_eq!(app.get(&format!("/api/v1/locations/{id}")).await.problem_of().0, "no-location", "{id}");
    }
    assert_eq!(app.get("/api/v1/locations/sound").await.properties()["name"], "Место sound");
    assert_eq!(served(&app), started_afresh(&app).await, "as a fresh start would have it");

    // The same news again changes no count.
    app.ground().announce(&ids).await;
    app.reach(Seq(3)).await;
    assert_eq!(ready(&app).await["poisoned"]["count"], damaged.len());

    // A correct write heals.
    let healed: Vec<Location> = to_damage().into_iter().map(|l| l.change(|l| l.name.push_str(" снова"))).collect();
    app.publish(&healed).await;
    assert_eq!(ready(&app).await["poisoned"], serde_json::json!({ "count": 0, "named": {} }));
    for (id, _) in &damaged {
        assert_eq!(app.get(&format!("/api/v1/locations/{id}")).await.properties()["name"], format!("Место {id} снова"));
    }
    app.stop().await;
}

async fn damaged_rows_do_not_hinder_a_start(ground: Ground) {
    ground.publish(&to_damage()).await;
    let damaged = damage(&ground).await;
    let app = TestApp::on(ground).await;
    let readiness = ready(&app).await;
    assert_eq!(readiness["poisoned"]["count"], damaged.len(), "{readiness}");
    for (id, word) in &damaged {
        let reason = readiness["poisoned"]["named"][id].as_str().unwrap_or_else(|| panic!("{id} is not named"));
        assert!(reason.contains(word), "{id}: {reason:?} does not say {word:?}");
    }
    assert_eq!(readiness["locations"], 7 - damaged.len());
    assert_eq!(app.get("/api/v1/locations/sound").await.properties()["id"], "sound");
    let healed: Vec<Location> = to_damage().into_iter().map(|l| l.named("Снова")).collect();
    app.publish(&healed).await;
    let readiness = ready(&app).await;
    assert_eq!((&readiness["poisoned"]["count"], &readiness["locations"]), (&0.into(), &7.into()));
    app.stop().await;
}

async fn the_count_of_damaged_rows_comes_back_to_zero(ground: Ground) {
    // More than are kept by name.
    let places: Vec<Location> = (0..25).map(|n| place(&format!("n{n:02}"))).collect();
    ground.publish(&places).await;
    let app = TestApp::on(ground).await;
    app.ground().sql("UPDATE locations SET category = '?'").await;
    let ids: Vec<&str> = places.iter().map(|l| l.id.as_str()).collect();
    for seq in [2, 3] {
        app.ground().announce(&ids).await;
        app.reach(Seq(seq)).await;
        let readiness = ready(&app).await;
        assert_eq!(readiness["poisoned"]["count"], 25, "{readiness}");
        assert_eq!(readiness["poisoned"]["named"].as_object().unwrap().len(), 20);
    }
    let healed: Vec<Location> = places.into_iter().map(|l| l.named("Снова")).collect();
    app.publish(&healed).await;
    assert_eq!(ready(&app).await["poisoned"], serde_json::json!({ "count": 0, "named": {} }));
    app.stop().await;
}

async fn a_damaged_place_that_is_archived_is_damaged_no_more(ground: Ground) {
    ground.publish(&[place("a"), place("b")]).await;
    ground.sql("UPDATE locations SET category = '?'").await;
    let app = TestApp::on(ground).await;
    assert_eq!(ready(&app).await["poisoned"]["count"], 2);
    let (seq, _) = app.ground().archive(&["a"]).await;
    app.reach(seq).await;
    let readiness = ready(&app).await;
    assert_eq!(readiness["poisoned"]["count"], 1, "{readiness}");
    assert!(readiness["poisoned"]["named"].get("a").is_none(), "{readiness}");
    app.stop().await;
}

fn from_to(title: &str, from: Option<&str>, to: Option<&str>) -> Benefit {
    Benefit { from: from.map(day), to: to.map(day), kind: Some(BenefitKind::Free), ..benefit(title) }
}

/// What the map shows as a place's benefit.
async fn shown(app: &TestApp, id: &str) -> Value {
    app.get(&format!("/api/v1/locations/{id}")).await.properties()["benefit"].clone()
}

async fn sweep(app: &TestApp) -> usize {
    let swept = sweeper::sweep(&app.ground().store, &*app.clock).await.expect("swept");
    app.reach(app.ground().store.head().await.unwrap()).await;
    swept
}

async fn benefits_begin_and_end_at_their_own_midnight(ground: Ground) {
    use chrono_tz::{America::New_York, Asia::Kamchatka, Europe::Moscow, Pacific::Kiritimati};
    let zones = [("kamchatka", Kamchatka), ("moscow", Moscow), ("york", New_York), ("kiritimati", Kiritimati)];
    let mut places = Vec::new();
    for (name, zone) in zones {
        let at = |kind: &str| place(&format!("{name}-{kind}")).in_zone(zone);
        places.push(at("begins").giving(from_to("новая", Some("2026-11-24"), None)).giving(benefit("всегда")));
        places.push(at("ends").giving(from_to("старая", None, Some("2026-11-23"))));
        places.push(at("later").giving(from_to("потом", Some("2026-11-25"), None)));
        places.push(at("never").giving(benefit("всегда")));
    }
    let mut tx = ground.store.begin().await.unwrap();
    tx.put_partners(&[crate::harness::partner("p", "П")], &put_at(noon())).await.unwrap();
    // At 12:00 in Moscow of the 23rd it is past midnight of the 24th nowhere but on Kiritimati until 13:00.
    let start = utc("2026-11-23T12:00:00+03:00");
    tx.publish(&places, &put_at(start)).await.unwrap();
    tx.commit().await.unwrap();
    let app = TestApp::on_at(ground, start).await;
    for (name, _) in zones {
        assert_eq!(shown(&app, &format!("{name}-begins")).await, "всегда", "{name}");
        assert_eq!(shown(&app, &format!("{name}-ends")).await, "старая", "{name}");
    }
    assert_eq!(sweep(&app).await, 0, "no midnight has passed");

    // (a second before a midnight, the zone whose midnight it is)
    let midnights = [
        ("2026-11-23T23:59:59+14:00", "kiritimati"),
        ("2026-11-23T23:59:59+12:00", "kamchatka"),
        ("2026-11-23T23:59:59+03:00", "moscow"),
        ("2026-11-23T23:59:59-05:00", "york"),
    ];
    let before_all = app.ground().store.head().await.unwrap();
    for (n, (second_before, name)) in midnights.into_iter().enumerate() {
        app.clock.set(utc(second_before));
        assert_eq!(sweep(&app).await, 0, "{name}, a second before midnight");
        app.wait(TimeDelta::seconds(1));
        assert_eq!(sweep(&app).await, 2, "{name}, at midnight");
        assert_eq!(sweep(&app).await, 0, "{name}, once more");
        let head = app.ground().store.head().await.unwrap();
        assert_eq!(head.0, before_all.0 + n as i64 + 1);
        let rows: Vec<String> =
            app.ground().feed_table().await.into_iter().filter(|(s, _)| *s == head.0).map(|(_, id)| id).collect();
        assert_eq!(rows, [format!("{name}-begins"), format!("{name}-ends")]);
        assert_eq!(shown(&app, &format!("{name}-begins")).await, "новая", "{name}");
        assert_eq!(shown(&app, &format!("{name}-ends")).await, Value::Null, "{name}");
        assert_eq!(shown(&app, &format!("{name}-later")).await, Value::Null, "{name}");
        assert_eq!(shown(&app, &format!("{name}-never")).await, "всегда", "{name}");
        assert_eq!(served(&app), started_afresh(&app).await, "{name}");
    }
    // A filter by kind sees it too: four have begun, four have ended.
    let free = app.get("/api/v1/locations/nearest?lon=42&lat=45&limit=100&benefit=free").await.ids();
    assert_eq!(free.len(), 4, "{free:?}");
    // A day on, the later ones.
    app.clock.set(utc("2026-11-25T23:00:00-05:00"));
    assert_eq!(sweep(&app).await, 4);
    assert_eq!(shown(&app, "york-later").await, "потом");
    // Nobody edited anything.
    assert_eq!(app.ground().number("SELECT MAX(version) FROM locations").await, 1);
    app.stop().await;
}

async fn two_sweeps_at_once_announce_once(ground: Ground) {
    let places: Vec<Location> = (0..30)
        .map(|n| place(&format!("n{n:02}")).giving(from_to("новая", Some("2026-11-24"), Some("2026-11-25"))))
        .collect();
    ground.publish(&places).await;
    let app = TestApp::on(ground).await;
    let second = app.ground().another_store().await;
    for (round, (at, want)) in
        [("2026-11-24T00:00:00+03:00", Value::from("новая")), ("2026-11-26T00:00:00+03:00", Value::Null)]
            .into_iter()
            .enumerate()
    {
        app.clock.set(utc(at));
        let (a, b) =
            tokio::join!(sweeper::sweep(&app.ground().store, &*app.clock), sweeper::sweep(&second, &*app.clock));
        assert_eq!(a.expect("swept") + b.expect("swept"), 30, "round {round}");
        app.reach(app.ground().store.head().await.unwrap()).await;
        let announced = app.ground().number("SELECT COUNT(*) FROM changes WHERE seq > 1").await;
        assert_eq!(announced, 30 * (round as i64 + 1));
        assert_eq!(shown(&app, "n07").await, want);
    }
    second.close().await;
    app.stop().await;
}

async fn a_damaged_row_does_not_hinder_the_sweep_of_the_others(ground: Ground) {
    let begins = |id: &str| place(id).giving(from_to("новая", Some("2026-11-24"), None));
    ground.publish(&[begins("a-benefits"), begins("b-zone"), begins("c-json"), begins("sound")]).await;
    let app = TestApp::on(ground).await;
    app.ground().sql("UPDATE locations SET benefits = '{}' WHERE id = 'a-benefits'").await;
    app.ground().sql("UPDATE locations SET time_zone = 'Mars' WHERE id = 'b-zone'").await;
    if app.ground().engine == Engine::Sqlite {
        app.ground().sql("UPDATE locations SET benefits = '[{' WHERE id = 'c-json'").await;
    }
    app.clock.set(utc("2026-11-24T00:00:01+03:00"));
    let swept = sweep(&app).await;
    assert!(swept >= 1, "{swept}");
    assert_eq!(shown(&app, "sound").await, "новая");
    app.stop().await;
}

async fn an_archived_place_is_not_swept(ground: Ground) {
    ground.publish(&[place("a").giving(from_to("новая", Some("2026-11-24"), None))]).await;
    ground.archive(&["a"]).await;
    let app = TestApp::on(ground).await;
    app.clock.set(utc("2026-11-24T00:00:01+03:00"));
    assert_eq!(sweep(&app).await, 0);
    // It comes back after its day: what is shown is of today.
    let mut tx = app.ground().store.begin().await.unwrap();
    let back = place("a").giving(from_to("новая", Some("2026-11-24"), None));
    tx.publish(&[back], &put_at(app.clock.now())).await.unwrap();
    app.reach(tx.commit().await.unwrap()).await;
    assert_eq!(shown(&app, "a").await, "новая");
    assert_eq!(sweep(&app).await, 0);
    app.stop().await;
}

async fn a_read_waits_for_its_min_seq(ground: Ground) {
    let app = Arc::new(TestApp::on(ground).await);
    app.publish(&[place("a")]).await;
    for uri in [
        "/api/v1/locations/nearest?lon=42&lat=45&min_seq=",
        "/api/v1/locations?bbox=41,44,43,46&min_seq=",
        "/api/v1/locations/a?min_seq=",
    ] {
        let next = app.app().state.feed.seq().0 + 1;
        let asking = tokio::spawn({
            let (app, uri) = (Arc::clone(&app), format!("{uri}{next}"));
            async move { app.get(&uri).await }
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!asking.is_finished(), "{uri} did not wait");
        publish(&app.ground().store, &[place("a").named(&format!("Имя {next}"))]).await;
        let answer = asking.await.expect("no panic");
        assert_eq!(answer.properties()["name"], format!("Имя {next}"), "{uri} answered from before");
        // What is there already is not waited for.
        let began = Instant::now();
        assert!(app.get(&format!("{uri}{next}")).await.status.is_success());
        assert!(app.get(&format!("{uri}0")).await.status.is_success());
        assert!(began.elapsed() < Duration::from_secs(2));
    }
    let posted = serde_json::json!({ "lon": 42, "lat": 45, "min_seq": 1 });
    assert_eq!(app.post("/api/v1/locations/nearest", &posted).await.json()["seq"], 4);
    Arc::into_inner(app).expect("asked by nobody any more").stop().await;
}

async fn a_min_seq_that_does_not_come_is_a_problem(ground: Ground) {
    let app = TestApp::on(ground).await;
    app.publish(&[place("a")]).await;
    let began = Instant::now();
    let uris = [
        "/api/v1/locations/nearest?lon=42&lat=45&min_seq=2",
        "/api/v1/locations?bbox=41,44,43,46&min_seq=2",
        "/api/v1/locations/a?min_seq=9223372036854775807",
    ];
    let (a, b, c) = tokio::join!(app.get(uris[0]), app.get(uris[1]), app.get(uris[2]));
    let took = began.elapsed();
    for answer in [a, b, c] {
        assert_eq!(answer.status, 503);
        assert_eq!(answer.problem_of(), ("seq-not-reached".to_owned(), vec!["min_seq".to_owned()]));
        assert!(answer.header("retry-after").parse::<u32>().is_ok());
    }
    assert!(took >= Duration::from_millis(1_900) && took < Duration::from_secs(10), "{took:?}");
    app.stop().await;
}

async fn an_index_that_followed_the_feed_equals_one_that_started_afresh(ground: Ground) {
    let app = TestApp::on(ground).await;
    let store = app.ground().another_store().await;
    let mut dice = 7_u64;
    let mut roll = |sides: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % sides
    };
    for step in 0..60_u32 {
        let id = format!("n{}", roll(12));
        match roll(6) {
            0 => {
                app.ground().archive(&[&id]).await;
            }
            1 => {
                rename(&store, &format!("p{}", roll(3)), &format!("Имя {step}")).await;
            }
            _ => {
                let (partner, east) = (format!("p{}", roll(3)), roll(100) as f64 / 100.0);
                let edited = place(&id).of(&partner).at(41.0 + east, 45.0).named(&format!("{step}"));
                let edited = if roll(2) == 0 { edited.with_everything() } else { edited };
                // Not by `publish`, which would rename the partner back.
                let mut tx = store.begin().await.unwrap();
                let new = crate::harness::partner(&partner, "Имя");
                if app.ground().number(&format!("SELECT COUNT(*) FROM partners WHERE id = '{partner}'")).await == 0 {
                    tx.put_partners(&[new], &put_at(noon())).await.unwrap();
                }
                tx.publish(&[edited], &put_at(noon())).await.unwrap();
                tx.commit().await.unwrap();
            }
        }
        if step % 20 == 19 {
            app.reach(store.head().await.unwrap()).await;
            let (followed, afresh) = (served(&app), started_afresh(&app).await);
            assert!(!followed.is_empty());
            assert_eq!(followed, afresh, "after step {step}");
        }
    }
    store.close().await;
    app.stop().await;
}

async fn edits_during_merges_are_all_served(ground: Ground) {
    let options = Options { index: index::Options { delta_min: 3, ..index::Options::default() }, ..Options::default() };
    let app = TestApp::with(ground, noon(), options).await;
    for n in 0..40_u32 {
        let edited = [place(&format!("n{}", n % 9)).named(&format!("{n}")), place(&format!("m{n}"))];
        let (seq, _) = publish(&app.ground().store, &edited).await;
        if n % 3 == 0 {
            app.ground().archive(&[&format!("m{n}")]).await;
        }
        if n % 7 == 0 {
            app.reach(seq).await;
        }
    }
    app.reach(app.ground().store.head().await.unwrap()).await;
    assert_eq!(served(&app), started_afresh(&app).await);
    // It did merge: the delta did not keep everything.
    eventually("a merge", async || {
        let delta = ready(&app).await["delta"].clone();
        delta[0].as_u64().unwrap() + delta[1].as_u64().unwrap() < 20
    })
    .await;
    assert_eq!(served(&app), started_afresh(&app).await);
    let ids = app.get("/api/v1/locations?bbox=41,44,43,46&limit=1000").await.ids();
    assert_eq!(ids.len(), served(&app).len());
    assert!(LocationId::new(&ids[0]).is_ok());
    app.stop().await;
}
