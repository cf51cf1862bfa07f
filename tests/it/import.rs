//! `ryadom import` as a process: killed in its middle it loses nothing that it said was written, and the same file
//! again finishes the work.

use crate::harness::ground::{Engine, Ground};
use crate::harness::on_both_stores;
use crate::harness::process::{Running, run, ryadom};
use ryadom::sample::Sample;
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use tempfile::tempdir;

const ROWS: i64 = 30_000;

fn places(count: i64) -> String {
    let mut sample = Sample::new(7);
    let mut lines = String::new();
    for _ in 0..count {
        let l = sample.published().location;
        let feature = json!({
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [l.position.lon(), l.position.lat()]},
            "properties": {"id": l.id.as_str(), "name": l.name, "category": l.category.code(),
                "benefit": l.benefits[0].title},
        });
        writeln!(lines, "{feature}").expect("writing to a string");
    }
    lines
}

fn import(folder: &Path, url: &str, more: &[&str]) -> Command {
    let mut command = ryadom(folder, &["import", "places.ndjson", "--progress", "plain", "--database-url", url]);
    command.args(more);
    command
}

/// What the import said last was written.
fn said(lines: &str) -> i64 {
    lines.lines().filter_map(|l| l.strip_prefix("written ")?.trim().parse().ok()).max().unwrap_or(0)
}

async fn a_killed_import_keeps_what_it_reported(ground: Ground) {
    let folder = tempdir().unwrap();
    std::fs::write(folder.path().join("places.ndjson"), places(ROWS)).unwrap();
    let mut in_the_middle = 0;
    for round in 1..=3 {
        let mut running = Running::start(&mut import(folder.path(), &ground.url, &[]));
        // Later in each round; lines are read until then, the rest once it is dead.
        let mut heard = running.hear_until(|lines| said(lines) >= round * 4_000);
        let (killed, rest) = running.kill_9_and_hear();
        heard.push_str(&rest);
        in_the_middle += i64::from(killed);
        let reported = said(&heard);
        assert!(reported >= round * 4_000, "{heard}");
        let kept = ground.number("SELECT COUNT(*) FROM locations WHERE state = 'published'").await;
        assert!(kept >= reported, "round {round}: reported {reported}, kept {kept}");
        // Every kept row is whole: with its history, and announced.
        let history = ground.number("SELECT COUNT(*) FROM location_history").await;
        let announced = ground.number("SELECT COUNT(DISTINCT location_id) FROM changes").await;
        assert_eq!((history, announced), (kept, kept), "round {round}");
        eprintln!("MEASURED {:?}: killed after {reported} reported rows, {kept} kept", ground.engine);
    }
    assert!(in_the_middle > 0, "every import was over before it was killed: nothing was tested");
    let done = run(import(folder.path(), &ground.url, &[]));
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(ground.number("SELECT COUNT(*) FROM locations WHERE state = 'published'").await, ROWS);
    // And once more: nothing changes.
    let head = ground.store.head().await.unwrap();
    assert_eq!(run(import(folder.path(), &ground.url, &[])).code, Some(0));
    assert_eq!(ground.store.head().await.unwrap(), head);
    assert_eq!(ground.number("SELECT COUNT(*) FROM location_history").await, ROWS);
    ground.stop().await;
}

async fn the_status_tells_clean_partly_and_failed(ground: Ground) {
    let folder = tempdir().unwrap();
    let write = |text: &str| std::fs::write(folder.path().join("places.ndjson"), text).unwrap();
    let code = |more: &[&str]| run(import(folder.path(), &ground.url, more)).code;
    write(&places(10));
    assert_eq!(code(&["--dry-run"]), Some(0));
    assert_eq!(ground.store.head().await.unwrap().0, 0, "a dry run writes nothing");
    assert_eq!(code(&[]), Some(0));
    write(&(places(12) + "{\"id\":\"x\",\"name\":\"\",\"category\":\"museum\",\"lat\":45,\"lon\":42}\n"));
    assert_eq!(code(&[]), Some(2));
    let count = async || ground.number("SELECT COUNT(*) FROM locations WHERE state = 'published'").await;
    assert_eq!(count().await, 12, "a bad row stops no good one");
    assert!(
        folder.path().join("places.rejects.ndjson").exists()
            || folder.path().join("places.ndjson.rejects.ndjson").exists()
    );
    write(&places(5));
    assert_eq!(code(&["--retire-missing"]), Some(0));
    assert_eq!(count().await, 5);
    std::fs::remove_file(folder.path().join("places.ndjson")).unwrap();
    assert_eq!(code(&[]), Some(1), "a file that is not there");
    ground.stop().await;
}

async fn an_export_imports_back_to_the_same_content(ground: Ground) {
    let folder = tempdir().unwrap();
    std::fs::write(folder.path().join("places.ndjson"), places(500)).unwrap();
    assert_eq!(run(import(folder.path(), &ground.url, &[])).code, Some(0));
    let head = ground.store.head().await.unwrap();
    for format in ["geojson", "csv"] {
        let file = format!("out.{format}");
        let arguments = ["export", "--format", format, "--output", &file, "--database-url", &ground.url];
        assert_eq!(run(ryadom(folder.path(), &arguments)).code, Some(0), "{format}");
        let back = run(ryadom(folder.path(), &["import", &file, "--database-url", &ground.url]));
        assert_eq!(back.code, Some(0), "{format}: {back:?}");
        assert_eq!(ground.store.head().await.unwrap(), head, "{format}: something changed");
    }
    assert!(matches!(ground.engine, Engine::Sqlite | Engine::PostGis));
    ground.stop().await;
}

on_both_stores!(
    a_killed_import_keeps_what_it_reported,
    the_status_tells_clean_partly_and_failed,
    an_export_imports_back_to_the_same_content,
);
