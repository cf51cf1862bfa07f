//! The binary: started, killed, stopped, started again.

use crate::harness::ground::publish;
use crate::harness::place;
use crate::harness::process::{Running, database, run, ryadom, serve, serve_with};
use ryadom::store::Store;
use std::io::{Read, Write};
use std::time::{Duration, Instant};
use tempfile::tempdir;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_and_started_again_at_once_it_serves_what_was_written() {
    let folder = tempdir().unwrap();
    let store = Store::open(&database(folder.path())).await.unwrap();
    for round in 1..=3 {
        let served = serve(folder.path(), &[]);
        // Another process writes while it runs; it is killed while it reads.
        let (seq, _) = publish(&store, &[place(&format!("n{round}"))]).await;
        let (status, body) = served.get(&format!("/api/v1/locations/nearest?lon=42&lat=45&min_seq={seq}"));
        assert_eq!(status, 200, "{body}");
        assert_eq!(body.matches("\"Feature\"").count(), round, "{body}");
        assert_eq!(served.get("/healthz"), (200, "ok\n".to_owned()));
        served.kill_9();
    }
    let served = serve(folder.path(), &[]);
    let (status, body) = served.get("/readyz");
    assert_eq!(status, 200);
    assert!(body.contains("\"locations\":3"), "{body}");
    store.close().await;
}

/// SIGKILL at different moments of the first start, which makes the file and its tables.
#[test]
fn a_first_start_that_was_killed_is_taken_up_again() {
    let mut in_the_middle = 0;
    for round in 0..12_u32 {
        let folder = tempdir().unwrap();
        let mut command = ryadom(folder.path(), &["migrate", "--database-url", &database(folder.path())]);
        let file = folder.path().join("ryadom.db");
        let mut seen_at = None;
        in_the_middle += u32::from(Running::start(&mut command).kill_9_when(|| {
            if seen_at.is_none() && file.exists() {
                seen_at = Some(Instant::now());
            }
            seen_at.is_some_and(|at| at.elapsed() >= Duration::from_millis(2) * round)
        }));
        let done = run(ryadom(folder.path(), &["migrate", "--database-url", &database(folder.path())]));
        assert_eq!(done.code, Some(0), "round {round}: {done:?}");
        assert!(done.stdout.contains("up to date"), "{done:?}");
    }
    assert!(in_the_middle > 0, "every migration was over before it was killed: nothing was tested");
}

#[test]
fn sigterm_ends_it_in_order() {
    let folder = tempdir().unwrap();
    let served = serve(folder.path(), &[]);
    assert_eq!(served.get("/healthz").0, 200);
    let (ended, took) = served.terminate();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(took < Duration::from_secs(10));
    eprintln!("MEASURED: SIGTERM to the end: {took:?}");
    // Nothing is left to be recovered: the log of SQLite was folded in.
    assert!(!folder.path().join("ryadom.db-wal").exists(), "the store was not closed");
}

/// A browser keeps connections open, a telephone loses its network in the middle of a request.
#[test]
fn sigterm_does_not_wait_for_clients_that_say_nothing_more() {
    let folder = tempdir().unwrap();
    let served = serve(folder.path(), &[]);
    let silent = served.connect();
    let mut kept = served.connect();
    kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n").unwrap();
    let mut answer = [0; 512];
    assert!(kept.read(&mut answer).unwrap() > 0);
    let mut half = served.connect();
    half.write_all(b"GET /healthz HTTP/1.1\r\nHost: te").unwrap();
    let mut half_body = served.connect();
    half_body
        .write_all(b"POST /api/v1/locations/nearest HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\n{\"lon\":")
        .unwrap();
    // The service has to have met them: it answers the one that came last.
    assert_eq!(served.get("/healthz").0, 200);
    let (ended, took) = served.terminate();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    eprintln!("MEASURED: SIGTERM to the end, with clients that say nothing more: {took:?}");
    drop((silent, kept, half, half_body));
}

#[test]
fn a_request_under_way_is_answered_before_the_end() {
    let folder = tempdir().unwrap();
    let served = serve(folder.path(), &[]);
    let mut asking = served.connect();
    // It waits 2 s for a change that does not come.
    asking
        .write_all(
            b"GET /api/v1/locations/nearest?lon=42&lat=45&min_seq=7 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
        )
        .unwrap();
    assert_eq!(served.get("/healthz").0, 200);
    let (ended, _) = served.terminate();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let mut answer = String::new();
    asking.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("seq-not-reached"), "{answer}");
}

#[test]
fn a_taken_port_is_told_clearly() {
    let folder = tempdir().unwrap();
    let served = serve(folder.path(), &[]);
    let address = served.address.to_string();
    let other = tempdir().unwrap();
    let ended = run(ryadom(other.path(), &["serve", "--listen", &address, "--database-url", &database(other.path())]));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains(&address) && ended.stderr.contains("--listen"), "{ended:?}");
    assert!(!ended.stderr.contains("panicked"), "{ended:?}");
    assert_eq!(ended.stdout, "");
    assert_eq!(served.get("/healthz").0, 200, "the first one is not disturbed");
}

#[test]
fn a_database_that_is_away_is_told_clearly_and_without_its_password() {
    let folder = tempdir().unwrap();
    let url = "postgres://ryadom:hunter2@127.0.0.1:9/ryadom";
    let ended = run(ryadom(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--database-url", url]));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("database"), "{ended:?}");
    assert!(!ended.stderr.contains("hunter2") && !ended.stdout.contains("hunter2"), "{ended:?}");
}

/// What a person asked stays with us only as long as the answer takes: nothing of it is in any log or metric.
#[test]
fn no_position_and_no_search_is_in_the_log_of_the_binary() {
    let folder = tempdir().unwrap();
    let served = serve_with(folder.path(), &[], &[("RYADOM_LOG", "trace")]);
    let ask = "lon=41.7654321&lat=45.1234567&q=%D0%B6%D0%B8%D1%80%D0%B0%D1%84secretword";
    assert_eq!(served.get(&format!("/api/v1/locations/nearest?{ask}")).0, 200);
    assert_eq!(served.get(&format!("/api/v1/locations/nearest?{ask}&nosuchsecretword=41.7654321")).0, 400);
    assert_eq!(served.get("/api/v1/locations?bbox=41.7654321,45.1234567,42,46&q=secretword").0, 200);
    assert_eq!(served.get("/api/v1/settlements?q=secretword").0, 200);
    let body = r#"{"lon":41.7654321,"lat":45.1234567,"q":"жираф secretword"}"#;
    let head = format!(
        "POST /api/v1/locations/nearest HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    assert_eq!(served.ask(&format!("{head}{body}")).0, 200);
    let (_, metrics) = served.get("/metrics");
    assert!(metrics.contains("ryadom_http_requests_total"), "{metrics}");
    let (ended, _) = served.terminate();
    assert!(ended.stderr.contains("answered 200"), "the log was not on: {}", ended.stderr);
    for said in [&metrics, &ended.stderr, &ended.stdout] {
        for secret in ["7654321", "1234567", "secretword", "жираф", "%D0%B6"] {
            assert!(!said.contains(secret), "{secret} in {said}");
        }
    }
}

const INN: &str = "7707083893";

/// A manager's key, made behind the service's back as the service makes it, with the organisation that it belongs to.
async fn key_of_a_partner(store: &Store) -> String {
    use ryadom::domain::principal::Scope;
    use ryadom::domain::{PartnerId, SystemClock};
    use ryadom::identity::{Gate, mail::Mailer};
    use ryadom::partners::profile::Profile;
    use ryadom::partners::registry::Registry;
    use ryadom::store::accounts::AccountRow;
    let account = AccountRow {
        id: "manager".into(),
        email: "m@example.org".into(),
        role: "manager".into(),
        partner_id: None,
        created_s: 0,
        disabled_s: None,
        totp_sealed: None,
        totp_confirmed: 0,
        totp_last_step: 0,
    };
    let mut tx = store.begin().await.unwrap();
    tx.put_account(&account).await.unwrap();
    tx.commit().await.unwrap();
    let profile = Profile { name: "Колос".into(), inn: Some(INN.into()), ..Profile::default() };
    let registry = Registry::new(store, &SystemClock, "test");
    let organisation = registry.create_partner(&profile, "manager").await.unwrap();
    let gate = Gate::new(store.clone(), std::sync::Arc::new(SystemClock), None, Mailer::Off, "");
    let id = PartnerId::new(organisation.id.as_str()).unwrap();
    let scopes = [Scope::LocationsRead, Scope::LocationsWrite];
    gate.new_service_key("test", &id, &scopes, None, "test").await.unwrap().1
}

/// The rest of a database that a killed service has left, on either store.
async fn count(store: &Store, sql: &'static str) -> i64 {
    match (store.postgis(), store.sqlite()) {
        (Some(pool), _) => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
        (_, Some(pool)) => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
        _ => unreachable!("a store is one of the two"),
    }
}

fn serve_on(folder: &std::path::Path, url: &str) -> crate::harness::process::Served {
    let mut command = ryadom(folder, &["serve", "--listen", "127.0.0.1:0", "--database-url", url]);
    command.env("RYADOM_SEALING_KEY", "5e".repeat(32));
    crate::harness::process::Served::of(Running::start(&mut command))
}

fn post(path: &str, key: &str, more: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: t\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n{more}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

async fn no_acknowledged_write_is_lost(ground: crate::harness::Ground) {
    const WRITES: usize = 1_000;
    let folder = tempdir().unwrap();
    let key = key_of_a_partner(&ground.store).await;
    let mut acknowledged = 0_usize;
    let mut kills = 0;
    while acknowledged < WRITES {
        let served = serve_on(folder.path(), &ground.url);
        let (told, tell) = std::sync::mpsc::channel();
        let address = served.address;
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let (told, key) = (told.clone(), key.clone());
                std::thread::spawn(move || {
                    for n in 0.. {
                        let body = format!(r#"{{"content":{{"name":"k{kills}w{writer}n{n}"}}}}"#);
                        let Ok(mut stream) = std::net::TcpStream::connect(address) else { return };
                        if stream.write_all(post("/api/v1/partner/locations", &key, "", &body).as_bytes()).is_err() {
                            return;
                        }
                        let mut answer = String::new();
                        // A connection that was cut in the middle acknowledged nothing.
                        if stream.read_to_string(&mut answer).is_err() || !answer.starts_with("HTTP/1.1 201 ") {
                            return;
                        }
                        let Some((_, rest)) = answer.split_once("\"id\":\"loc-") else { return };
                        let id = rest.split('"').next().unwrap_or_default();
                        if told.send(format!("loc-{id}")).is_err() {
                            return;
                        }
                    }
                })
            })
            .collect();
        drop(told);
        let wanted = (WRITES - acknowledged).min(150 + 70 * kills);
        let mut ids: Vec<String> = tell.iter().take(wanted).collect();
        served.kill_9();
        kills += 1;
        for writer in writers {
            writer.join().unwrap();
        }
        ids.extend(tell.iter());
        acknowledged += ids.len();
        for id in &ids {
            let found = ground.store.owner_of(id).await.unwrap();
            assert!(found.is_some(), "{id} was acknowledged and is gone after kill {kills}");
        }
    }
    assert!(kills >= 3, "{kills} kills");
    let broken = ryadom::audit::verify(&ground.store, None).await.unwrap().broken;
    assert_eq!(broken, None, "the log is whole after {kills} kills");
    eprintln!("MEASURED: {acknowledged} acknowledged writes, {kills} kills, none lost");
    ground.stop().await;
}

async fn a_file_that_is_killed_while_it_is_applied_is_applied_whole_or_not_at_all(ground: crate::harness::Ground) {
    const ROWS: i64 = 2_000;
    let folder = tempdir().unwrap();
    let key = key_of_a_partner(&ground.store).await;
    let mut file = "external_id,name,address,lat,lon,category,hours,offer\n".to_owned();
    for n in 0..ROWS {
        use std::fmt::Write as _;
        writeln!(
            file,
            "b{n},Филиал {n},\"г. Ставрополь, ул. Ленина, {n}\",45.{:05},41.97,cafe,Mo-Fr 09:00-18:00,Скидка 5 %",
            n + 1
        )
        .unwrap();
    }
    let mut halves = 0;
    for round in 0..6_u32 {
        let served = serve_on(folder.path(), &ground.url);
        let (status, body) = served.ask(&post("/api/v1/partner/bulk", &key, "", &file));
        assert_eq!(status, 202, "{body}");
        let id = body.split('"').nth(3).expect("an id").to_owned();
        let began = Instant::now();
        loop {
            let get = format!(
                "GET /api/v1/partner/bulk/{id} HTTP/1.1\r\nHost: t\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\r\n"
            );
            let (_, state) = served.ask(&get);
            if state.contains("\"state\":\"ready\"") {
                break;
            }
            assert!(began.elapsed() < crate::harness::LIMIT, "{state}");
            std::thread::sleep(Duration::from_millis(20));
        }
        let mut applying = served.connect();
        applying.write_all(post(&format!("/api/v1/partner/bulk/{id}/apply"), &key, "", "").as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(15) * round);
        served.kill_9();
        let rows = count(&ground.store, "SELECT count(*) FROM revisions").await;
        assert!(rows == 0 || rows == ROWS, "{rows} of {ROWS} rows were applied");
        if rows == ROWS {
            halves += 1;
            break;
        }
    }
    eprintln!("MEASURED: the file was applied in the end: {}", halves == 1);
    ground.stop().await;
}

crate::harness::on_both_stores!(
    no_acknowledged_write_is_lost,
    a_file_that_is_killed_while_it_is_applied_is_applied_whole_or_not_at_all,
);

/// Who signs in is a person: neither the address nor what opens the door is in any log or metric.
#[test]
fn no_address_and_no_token_is_in_the_log_of_the_binary() {
    let folder = tempdir().unwrap();
    let served = serve_with(folder.path(), &[], &[("RYADOM_LOG", "trace"), ("RYADOM_DEV_MAIL", "true")]);
    let ask = |path: &str, more: &str, body: &str| {
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Type: application/json\r\n");
        served.ask(&format!("{head}{more}Content-Length: {}\r\n\r\n{body}", body.len()))
    };
    let link = r#"{"email":"secretperson@example.org","lang":"ru"}"#;
    assert_eq!(ask("/api/v1/session/link", "", link).0, 202);
    let (_, letters) = served.get("/dev/mail.json");
    let token = letters.split("/sign-in#").nth(1).and_then(|rest| rest.split('\\').next()).expect("a token").to_owned();
    let (status, session) = ask("/api/v1/session", "", &format!(r#"{{"token":"{token}"}}"#));
    assert_eq!(status, 200, "{session}");
    let session: serde_json::Value = serde_json::from_str(&session).unwrap();
    let csrf = session["csrf"].as_str().unwrap().to_owned();
    let (_, metrics) = served.get("/metrics");
    let (ended, _) = served.terminate();
    assert!(ended.stderr.contains("answered 202"), "the log was not on: {}", ended.stderr);
    for said in [&metrics, &ended.stderr, &ended.stdout] {
        for secret in ["secretperson", token.as_str(), csrf.as_str()] {
            assert!(!said.contains(secret), "{secret} in {said}");
        }
    }
}
