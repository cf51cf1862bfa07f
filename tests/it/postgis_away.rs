//! PostGIS goes away and comes back: reads go on, writes say so, the feed catches up.

use crate::harness::ground::publish;
use crate::harness::{Answer, LIMIT, eventually, noon, place};
use axum::body::Body;
use axum::http::Request;
use ryadom::app::{App, Options};
use ryadom::domain::{Clock, FixedClock};
use ryadom::store::{Store, StoreError};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tower::ServiceExt;

/// A cluster of this test alone; gone when it is dropped.
struct Cluster {
    script: PathBuf,
    folder: String,
    port: String,
    url: String,
}

impl Cluster {
    fn new(test: &str) -> Option<Self> {
        let Some(script) = std::env::var_os("RYADOM_TEST_PG_CLUSTER") else {
            eprintln!("SKIPPED {test}: RYADOM_TEST_PG_CLUSTER is not set (run under scripts/with_postgis.sh)");
            return None;
        };
        let made = Command::new(&script).arg("new").output().expect("the script runs");
        let said = String::from_utf8(made.stdout).expect("UTF-8");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let line = |name: &str| {
            said.lines().find_map(|l| l.strip_prefix(name)).unwrap_or_else(|| panic!("{name} in {said:?}")).to_owned()
        };
        Some(Self { script: script.into(), folder: line("DIR="), port: line("PORT="), url: line("URL=") })
    }

    fn run(&self, arguments: &[&str]) {
        let done = Command::new(&self.script).args(arguments).status().expect("the script runs");
        assert!(done.success(), "{arguments:?}");
    }

    fn stop(&self) {
        self.run(&["stop", &self.folder]);
    }

    fn start(&self) {
        self.run(&["start", &self.folder, &self.port]);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // A failed test must not hide behind a second panic; with_postgis.sh sweeps what is left.
        Command::new(&self.script).args(["destroy", &self.folder]).status().ok();
    }
}

async fn ask(app: &App, uri: &str) -> Answer {
    let request = Request::builder().uri(uri).body(Body::empty()).expect("a request");
    Answer::of(app.router().oneshot(request).await.expect("the router cannot fail")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_go_on_without_postgis_and_the_feed_catches_up() {
    const NEAREST: &str = "/api/v1/locations/nearest?lon=42&lat=45";
    let Some(cluster) = Cluster::new("reads_go_on_without_postgis_and_the_feed_catches_up") else { return };
    let store = Store::open(&cluster.url).await.expect("the cluster");
    let clock = Arc::new(FixedClock::at(noon()));
    let shared: Arc<dyn Clock> = Arc::<FixedClock>::clone(&clock);
    let door = ryadom::http::state::Options { operator_token: Some("key".into()), ..Default::default() };
    let options = Options { door, ..Options::default() };
    let app = App::start(store.clone(), shared, options).await.expect("the service starts");
    let (seq, _) = publish(&store, &[place("a")]).await;
    assert!(app.state.feed.wait_for(seq, LIMIT).await);
    eventually("ready", async || ask(&app, "/readyz").await.json()["status"] == "ready").await;

    cluster.stop();
    let stopped = Instant::now();
    // Reads never know.
    for _ in 0..50 {
        assert_eq!(ask(&app, NEAREST).await.ids(), ["a"]);
    }
    let stale = eventually("/readyz says so", async || ask(&app, "/readyz").await.json()["status"] == "stale").await;
    let readiness = ask(&app, "/readyz").await;
    assert_eq!(readiness.status, 200, "it can serve");
    let readiness = readiness.json();
    assert_eq!(readiness["store"]["reachable"], false);
    let since = readiness["store"]["serving_stale_since"].as_str().expect("since when");
    assert_eq!(chrono::DateTime::parse_from_rfc3339(since).unwrap(), noon());
    assert_eq!(readiness["seq"], seq.0);
    clock.set(noon() + chrono::TimeDelta::seconds(90));
    assert_eq!(ask(&app, "/readyz").await.json()["store"]["age_s"], 90);
    eprintln!(
        "MEASURED postgis: /readyz says stale {stale:?} after it is asked, {:?} after the stop",
        stopped.elapsed()
    );
    // A write says that it was not written, soon.
    let began = Instant::now();
    let refused = store.begin().await.expect_err("nobody is there");
    assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let refused = Store::open(&cluster.url).await.expect_err("nobody is there");
    assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
    // Over HTTP too: 503 with a problem, and when to try again.
    let write = Request::delete("/api/v1/locations/a").header("authorization", "Bearer key");
    let write = write.body(Body::empty()).expect("a request");
    let refused = Answer::of(app.router().oneshot(write).await.expect("the router cannot fail")).await;
    assert_eq!((refused.status.as_u16(), refused.problem_of().0.as_str()), (503, "store-unavailable"));
    assert_eq!(refused.header("retry-after"), "2");
    assert_eq!(ask(&app, NEAREST).await.ids(), ["a"]);
    let problem = ask(&app, "/api/v1/locations/nearest?lon=42&lat=45&min_seq=99").await;
    assert_eq!(problem.problem_of().0, "seq-not-reached");

    cluster.start();
    let began = Instant::now();
    let other = Store::open(&cluster.url).await.expect("it is back");
    let (seq, _) = publish(&other, &[place("b")]).await;
    assert!(app.state.feed.wait_for(seq, LIMIT).await, "the feed does not catch up");
    eprintln!("MEASURED postgis: caught up {:?} after the start", began.elapsed());
    assert_eq!(ask(&app, NEAREST).await.ids(), ["a", "b"]);
    eventually("ready again", async || ask(&app, "/readyz").await.json()["status"] == "ready").await;
    assert!(ask(&app, "/readyz").await.json()["store"]["serving_stale_since"].is_null());

    // Notified again, and not only asked by interval: most changes come much sooner than that would.
    let listens = "SELECT COUNT(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'";
    eventually("a LISTEN", async || {
        let pool = other.postgis().expect("PostGIS");
        sqlx::query_scalar::<_, i64>(listens).fetch_one(pool).await.expect("its activity") > 0
    })
    .await;
    let mut times = Vec::new();
    for n in 0..9_u64 {
        tokio::time::sleep(Duration::from_millis(37 * n)).await;
        let (seq, _) = publish(&other, &[place(&format!("n{n}"))]).await;
        let began = Instant::now();
        assert!(app.state.feed.wait_for(seq, LIMIT).await);
        times.push(began.elapsed());
    }
    times.sort();
    eprintln!("MEASURED postgis: after the reconnect changes arrive in {:?} (median)", times[4]);
    assert!(times[4] < Duration::from_millis(400), "by interval only: {times:?}");
    other.close().await;
    tokio::time::timeout(LIMIT, app.stop()).await.expect("the service stops");
}

/// A start without its database is refused with words, soon.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_nobody_serves_is_unavailable() {
    let began = Instant::now();
    let refused = Store::open("postgres://ryadom@127.0.0.1:9/ryadom").await.expect_err("nobody is there");
    assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
    assert!(began.elapsed() < Duration::from_secs(10));
    for wrong in ["mysql://host/db", "", "ryadom.db"] {
        let refused = Store::open(wrong).await.expect_err("no store of ours");
        assert!(matches!(refused, StoreError::Setup(_)), "{wrong}: {refused:?}");
    }
}
