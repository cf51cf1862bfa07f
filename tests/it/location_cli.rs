//! The operator's smallest tool: one place from the command line, seen by a running service within a second.

use crate::harness::process::{database, run, ryadom, serve};
use serde_json::Value;
use std::path::Path;
use std::time::{Duration, Instant};

fn location(folder: &Path, arguments: &[&str]) -> crate::harness::process::Ended {
    let database = database(folder);
    let mut all = vec!["location"];
    all.extend(arguments);
    all.extend(["--database-url", &database]);
    run(ryadom(folder, &all))
}

const CAFE: &str = r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[41.97,45.04]},
    "properties":{"id":"cafe","name":"Кафе «Мир»","category":"cafe","benefit":"Скидка 10 %","hours":"Mo-Su 09:00-21:00"}}"#;

#[test]
fn one_place_is_published_edited_shown_and_withdrawn() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cafe.geojson");
    std::fs::write(&file, CAFE).unwrap();
    let file = file.to_str().unwrap();
    let done = location(folder.path(), &["publish", file]);
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), "cafe: created (seq 1)\n"), "{}", done.stderr);
    assert_eq!(location(folder.path(), &["publish", file]).stdout, "cafe: unchanged (seq 1)\n");

    let served = serve(folder.path(), &[]);
    let card = || serde_json::from_str::<Value>(&served.get("/api/v1/locations/cafe").1).unwrap();
    assert_eq!(card()["properties"]["benefit"], "Скидка 10 %");
    let seen_within_a_second = |what: &dyn Fn() -> bool| {
        let began = Instant::now();
        while !what() {
            assert!(began.elapsed() < Duration::from_secs(5), "never seen");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    let edit = ["edit", "cafe", "name=Кафе «Весна»", "Скидка=Бесплатно", "lon=41,98", "hours="];
    let done = location(folder.path(), &edit);
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), "cafe: changed (seq 2)\n"), "{}", done.stderr);
    seen_within_a_second(&|| card()["properties"]["name"] == "Кафе «Весна»");
    let edited = card();
    let p = &edited["properties"];
    assert_eq!((&p["benefit_kind"], &p["open"]), (&"free".into(), &Value::Null));
    assert_eq!(edited["geometry"]["coordinates"], serde_json::json!([41.98, 45.04]));

    let shown: Value = serde_json::from_str(&location(folder.path(), &["show", "cafe"]).stdout).unwrap();
    assert_eq!(shown["properties"]["name"], "Кафе «Весна»");
    assert_eq!(location(folder.path(), &["withdraw", "cafe"]).stdout, "cafe: withdrawn (seq 3)\n");
    seen_within_a_second(&|| served.get("/api/v1/locations/cafe").0 == 404);
    let again = location(folder.path(), &["withdraw", "cafe"]);
    assert_eq!(again.code, Some(1));
    assert!(again.stderr.contains("no location cafe"), "{}", again.stderr);
}

#[test]
fn a_bad_description_is_refused_with_its_faults_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.geojson");
    std::fs::write(&file, CAFE.replace("41.97,45.04", "0,0").replace("Mo-Su 09:00-21:00", "whenever")).unwrap();
    let refused = location(folder.path(), &["publish", file.to_str().unwrap()]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("Nothing was written") && refused.stderr.contains("hours"), "{}", refused.stderr);
    assert_eq!(location(folder.path(), &["edit", "cafe", "name=x"]).code, Some(1), "there is none");
    assert_eq!(location(folder.path(), &["edit", "cafe", "name"]).code, Some(2), "clap names the form");
}
