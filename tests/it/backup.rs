//! Backup and restore: every table of either engine into either engine, and nothing of a damaged file.

use crate::harness::process::{database, run, ryadom};
use crate::harness::{Describe, Ground, noon, on_both_stores, place};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use ryadom::domain::LocationId;
use ryadom::store::backup::{BackupError, BackupReport};
use ryadom::store::{Kind, Store, TABLES};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Row};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;

on_both_stores! {
    the_list_of_tables_is_the_schema,
    every_row_of_every_table_comes_back,
    a_backup_is_one_moment,
    a_damaged_backup_restores_nothing,
    a_database_that_holds_something_is_left_alone,
    a_backup_of_another_version_is_told_apart,
}

/// Tables that are not ours.
const FOREIGN: [&str; 2] = ["_sqlx_migrations", "spatial_ref_sys"];

/// Every table with its columns and their kinds, as the engine has them.
async fn schema(store: &Store) -> BTreeMap<String, BTreeMap<String, Kind>> {
    let mut found: BTreeMap<String, BTreeMap<String, Kind>> = BTreeMap::new();
    let mut add = |table: String, column: String, kind: Kind| {
        found.entry(table).or_default().insert(column, kind);
    };
    if let Some(pool) = store.postgis() {
        let rows = sqlx::query(
            "SELECT c.table_name::text, c.column_name::text, c.data_type::text FROM information_schema.columns c \
             JOIN information_schema.tables t ON t.table_name = c.table_name AND t.table_schema = c.table_schema \
             WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'",
        );
        for row in rows.fetch_all(pool).await.expect("the schema") {
            let table: String = row.get(0);
            if FOREIGN.contains(&table.as_str()) {
                continue;
            }
            let of_type: String = row.get(2);
            let kind = match of_type.as_str() {
                "text" => Kind::Text,
                "bigint" | "integer" => Kind::Int,
                "double precision" => Kind::Float,
                "boolean" => Kind::Bool,
                "bytea" => Kind::Blob,
                "date" => Kind::Date,
                "timestamp with time zone" => Kind::Moment,
                "jsonb" => Kind::Json,
                other => panic!("a column of type {other}"),
            };
            add(table, row.get(1), kind);
        }
        return found;
    }
    let pool = store.sqlite().expect("one of the two");
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(pool).await.expect("the schema");
    for table in tables.into_iter().filter(|t| !FOREIGN.contains(&t.as_str())) {
        let columns = AssertSqlSafe(format!("SELECT name, type FROM pragma_table_info('{table}')"));
        for row in sqlx::query(columns).fetch_all(pool).await.expect("the columns") {
            let of_type: String = row.get(1);
            let kind = match of_type.as_str() {
                "TEXT" => Kind::Text,
                "BIGINT" | "INTEGER" => Kind::Int,
                "DOUBLE PRECISION" | "REAL" => Kind::Float,
                "BOOLEAN" => Kind::Bool,
                "BLOB" => Kind::Blob,
                "DATE" => Kind::Date,
                other => panic!("a column of type {other}"),
            };
            add(table.clone(), row.get(0), kind);
        }
    }
    found
}

async fn the_list_of_tables_is_the_schema(ground: Ground) {
    let is_sqlite = ground.store.sqlite().is_some();
    let listed: BTreeMap<String, BTreeMap<String, Kind>> = TABLES
        .iter()
        .map(|table| {
            let kind = |kind: Kind| match kind {
                Kind::Moment | Kind::Json if is_sqlite => Kind::Text,
                kind => kind,
            };
            (table.name.to_owned(), table.columns.iter().map(|(name, k)| ((*name).to_owned(), kind(*k))).collect())
        })
        .collect();
    assert_eq!(listed, schema(&ground.store).await);
    ground.stop().await;
}

/// A row of a table, the same in every column of a kind: so every reference finds its row.
fn row(columns: &[(&str, Kind)]) -> Vec<Value> {
    let value = |(name, kind): &(&str, Kind)| match kind {
        Kind::Text if *name == "hours" => json!("24/7"),
        Kind::Text if *name == "time_zone" => json!("Europe/Moscow"),
        Kind::Text if *name == "category" => json!("cafe"),
        Kind::Text if *name == "state" => json!("published"),
        Kind::Text => json!("k-1"),
        Kind::Int => json!(1),
        Kind::Float => json!(0.1 + 0.2),
        Kind::Bool => json!(true),
        Kind::Blob => json!("AAEC/v8nIg=="),
        Kind::Date => json!("2027-01-31"),
        Kind::Moment => json!("2026-11-27T09:00:00.123456Z"),
        Kind::Json => json!("[]"),
    };
    columns.iter().map(value).collect()
}

fn packed(lines: &[String]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    for line in lines {
        out.write_all(line.as_bytes()).unwrap();
        out.write_all(b"\n").unwrap();
    }
    out.finish().unwrap()
}

fn unpacked(bytes: &[u8]) -> Vec<String> {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// The last line for these.
fn end(lines: &[String]) -> String {
    let mut rows: BTreeMap<&str, u64> = TABLES.iter().map(|t| (t.name, 0)).collect();
    let parsed: Vec<Value> = lines[1..].iter().map(|l| serde_json::from_str(l).unwrap()).collect();
    for line in &parsed {
        *rows.entry(line["t"].as_str().unwrap()).or_default() += 1;
    }
    let mut hash = Sha256::new();
    for line in lines {
        hash.update(line.as_bytes());
        hash.update(b"\n");
    }
    let sha256 = hash.finalize().iter().fold(String::new(), |mut s, b| {
        write!(s, "{b:02x}").unwrap();
        s
    });
    json!({ "end": { "rows": rows, "sha256": sha256 } }).to_string()
}

fn header() -> Value {
    let tables: Vec<Value> = TABLES
        .iter()
        .map(|t| json!({ "name": t.name, "columns": t.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>() }))
        .collect();
    json!({ "ryadom_backup": 1, "made_at": "2026-11-27T09:00:00Z", "engine": "sqlite", "seq": 1, "tables": tables })
}

/// A backup with one row in every table.
fn full() -> Vec<String> {
    let mut lines = vec![header().to_string()];
    lines.extend(TABLES.iter().map(|t| json!({ "t": t.name, "r": row(t.columns) }).to_string()));
    lines.push(end(&lines));
    lines
}

async fn backup(store: &Store) -> (BackupReport, Vec<u8>) {
    let mut bytes = Vec::new();
    let report = store.backup(&mut bytes, noon(), |_| {}).await.expect("a backup");
    (report, bytes)
}

async fn restore(store: &Store, bytes: &[u8]) -> Result<BackupReport, BackupError> {
    store.restore(bytes, |_| {}).await
}

/// The rows of a backup, parsed, in any order.
fn rows_of(bytes: &[u8]) -> Vec<String> {
    let lines = unpacked(bytes);
    let parsed = |line: &String| serde_json::from_str::<Value>(line).expect("JSON").to_string();
    let mut rows: Vec<String> = lines[1..lines.len() - 1].iter().map(parsed).collect();
    rows.sort();
    rows
}

/// Another fresh store, of each engine there is.
async fn others() -> Vec<Ground> {
    let mut all = vec![Ground::sqlite().await];
    all.extend(Ground::postgis("every_row_of_every_table_comes_back").await);
    all
}

async fn every_row_of_every_table_comes_back(ground: Ground) {
    let restored = restore(&ground.store, &packed(&full())).await.expect("restored");
    assert_eq!(restored.total(), TABLES.len() as u64);
    let (report, bytes) = backup(&ground.store).await;
    assert_eq!(rows_of(&bytes), rows_of(&packed(&full())));
    assert_eq!((report.rows, report.seq), (restored.rows, 1));
    // The restored location is a location.
    let id = LocationId::new("k-1").unwrap();
    assert!(ground.store.lookup_location(&id).await.unwrap().is_some());
    ground.stop().await;

    for from in others().await {
        let odd = place("а/б").with_everything();
        from.publish(&[odd.clone(), place("b"), place("c")]).await;
        from.archive(&["b"]).await;
        let (report, bytes) = backup(&from.store).await;
        assert_eq!(report.seq, 2);
        for into in others().await {
            let restored = restore(&into.store, &bytes).await.expect("restored");
            assert_eq!((&restored.rows, &restored.sha256), (&report.rows, &report.sha256));
            let found = into.store.lookup_location(&odd.id).await.unwrap().expect("it is there").expect("it is sound");
            assert_eq!(found.location, odd);
            assert_eq!(into.feed_table().await, from.feed_table().await);
            // Life goes on from there, and the same again is nothing new.
            let (seq, outcomes) = into.publish(std::slice::from_ref(&odd)).await;
            assert_eq!((seq.0, outcomes), (2, vec![ryadom::store::Outcome::Unchanged]));
            assert_eq!(into.publish(&[place("d")]).await.0.0, 3);
            into.stop().await;
        }
        from.stop().await;
    }
}

async fn a_backup_is_one_moment(ground: Ground) {
    let (store, writer) = (ground.store.clone(), ground.another_store().await);
    ground.publish(&(0..500).map(|n| place(&format!("a-{n}"))).collect::<Vec<_>>()).await;
    let writing = tokio::spawn(async move {
        for n in 0..40 {
            crate::harness::ground::publish(&writer, &[place(&format!("b-{n}"))]).await;
        }
        writer.close().await;
    });
    for _ in 0..5 {
        let (report, _) = backup(&store).await;
        // Each write of the second kind is one place, one entry of the history, one change, one number.
        let places = report.rows["locations"];
        assert_eq!((report.rows["location_history"], report.rows["changes"]), (places, places));
        assert_eq!(report.seq as u64, places - 499);
    }
    writing.await.unwrap();
    ground.stop().await;
}

async fn is_untouched(ground: &Ground) -> bool {
    let (report, _) = backup(&ground.store).await;
    let seeded: u64 = TABLES.iter().filter(|t| t.is_seeded).map(|_| 1).sum();
    report.total() == seeded && report.seq == 0
}

async fn a_damaged_backup_restores_nothing(ground: Ground) {
    let whole = packed(&full());
    let lines = full();
    let last = lines.len() - 1;
    let mut bad: Vec<(String, Vec<u8>)> =
        (0..whole.len()).step_by(97).map(|n| (format!("cut at {n}"), whole[..n].to_vec())).collect();
    for n in (10..whole.len()).step_by(61) {
        let mut altered = whole.clone();
        altered[n] ^= 0x10;
        bad.push((format!("altered at {n}"), altered));
    }
    let altered = |what: &str, change: &dyn Fn(&mut Vec<String>)| {
        let mut lines = full();
        change(&mut lines);
        (what.to_owned(), packed(&lines))
    };
    bad.push(altered("without its last line", &|l| drop(l.pop())));
    bad.push(altered("a row gone", &|l| drop(l.remove(3))));
    bad.push(altered("a row more", &|l| l.insert(3, l[3].replace("k-1", "k-2"))));
    bad.push(altered("a byte of a row", &|l| l[1] = l[1].replace("k-1", "k-2")));
    bad.push(altered("something behind", &|l| l.push("{}".into())));
    bad.push(altered("a row of another shape", &|l| {
        l[1] = "{\"t\":\"partners\",\"r\":[1]}".into();
        l.pop();
        l.push(end(l));
    }));
    bad.push(("two of them".to_owned(), [whole.clone(), whole.clone()].concat()));
    assert!(lines[last].starts_with("{\"end\""));
    for (what, bytes) in bad {
        restore(&ground.store, &bytes).await.expect_err(&what);
    }
    assert!(is_untouched(&ground).await);
    restore(&ground.store, &whole).await.expect("the whole one");
    ground.stop().await;
}

async fn a_database_that_holds_something_is_left_alone(ground: Ground) {
    ground.publish(&[place("a")]).await;
    let error = restore(&ground.store, &packed(&full())).await.unwrap_err();
    assert!(matches!(error, BackupError::NotEmpty(_)), "{error}");
    assert_eq!(ground.number("SELECT count(*) FROM locations").await, 1);
    ground.stop().await;
}

async fn a_backup_of_another_version_is_told_apart(ground: Ground) {
    let with = |change: &dyn Fn(&mut Value)| {
        let mut lines = full();
        let mut head = header();
        change(&mut head);
        lines[0] = head.to_string();
        lines.pop();
        lines.push(end(&lines));
        packed(&lines)
    };
    let error = restore(&ground.store, &with(&|h| h["ryadom_backup"] = json!(2))).await.unwrap_err();
    assert!(matches!(error, BackupError::NewerFormat(2)), "{error}");
    let error = restore(&ground.store, &with(&|h| h["tables"][0]["name"] = json!("later; DROP TABLE partners"))).await;
    assert!(matches!(error.unwrap_err(), BackupError::Unknown(_)));
    let error = restore(&ground.store, &with(&|h| h["tables"][0]["columns"][0] = json!("id) --"))).await.unwrap_err();
    assert!(matches!(error, BackupError::Unknown(_)), "{error}");
    for bytes in [&b""[..], b"{}", b"PK\x03\x04", &packed(&["{}".to_owned()]), &packed(&["id,name".to_owned()])] {
        let error = restore(&ground.store, bytes).await.unwrap_err();
        assert!(matches!(error, BackupError::NotABackup), "{error}");
    }
    assert!(is_untouched(&ground).await);
    ground.stop().await;
}

#[test]
fn the_command_line_backs_up_and_restores() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let url = database(folder.path());
    let csv = "id,name,category,lat,lon,benefit\na,Кафе,cafe,45.04,41.97,Скидка 10 %\n";
    std::fs::write(folder.path().join("p.csv"), csv).unwrap();
    let command = |arguments: &[&str]| run(ryadom(folder.path(), arguments));
    assert_eq!(command(&["import", "p.csv", "--database-url", &url]).code, Some(0));

    let done = command(&["backup", &at("b.ryadom"), "--database-url", &url]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(
        done.stderr.contains("sealing key is not in it") && done.stderr.contains("ryadom.sealing-key"),
        "{}",
        done.stderr
    );
    let mode = std::fs::metadata(folder.path().join("b.ryadom")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!folder.path().join("b.ryadom.part").exists());

    let again = command(&["restore", "b.ryadom", "--database-url", &url]);
    assert_eq!(again.code, Some(1));
    assert!(again.stderr.contains("not empty"), "{}", again.stderr);

    let other = format!("sqlite://{}", folder.path().join("other.db").display());
    let done = command(&["restore", "b.ryadom", "--database-url", &other]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let export = |url: &str| command(&["export", "--database-url", url]).stdout;
    assert!(export(&url).contains("Кафе"));
    assert_eq!(export(&other), export(&url));
    assert_eq!(command(&["restore", "none.ryadom", "--database-url", &other]).code, Some(1));
}
