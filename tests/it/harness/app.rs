//! The service in process: real router, real feed, a store and a clock of its own.

use super::answer::Answer;
use super::ground::{self, Ground};
use super::{LIMIT, noon};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use chrono::{DateTime, TimeDelta, Utc};
use ryadom::app::{App, Options};
use ryadom::credentials::desk;
use ryadom::domain::{Clock, FixedClock, Location, Seq};
use ryadom::sealing::SealingKey;
use std::sync::Arc;
use tower::ServiceExt;

/// Where the service is found, as its desk says.
pub const PUBLIC_URL: &str = "https://ryadom.test";

/// The sealing key of tests: replicas of one test share it.
pub fn sealing_key() -> SealingKey {
    SealingKey::parse(&"5e".repeat(32)).expect("32 bytes in hex")
}

/// A running service. [`TestApp::stop`] ends it and checks that the feed was drained; forgetting to is a failure.
pub struct TestApp {
    pub ground: Option<Ground>,
    pub clock: Arc<FixedClock>,
    pub app: Option<App>,
    router: Router,
}

impl TestApp {
    /// On a store, at [`noon`].
    pub async fn on(ground: Ground) -> Self {
        Self::on_at(ground, noon()).await
    }

    /// On a store, at a time.
    pub async fn on_at(ground: Ground, at: DateTime<Utc>) -> Self {
        Self::with(ground, at, Options::default()).await
    }

    /// With options; a credential desk is there in any case.
    pub async fn with(ground: Ground, at: DateTime<Utc>, mut options: Options) -> Self {
        options.credentials.get_or_insert_with(|| (sealing_key(), desk::Options::at(PUBLIC_URL)));
        let clock = Arc::new(FixedClock::at(at));
        let shared: Arc<dyn Clock> = Arc::<FixedClock>::clone(&clock);
        let app = App::start(ground.another_store().await, shared, options).await.expect("the service starts");
        let router = app.router();
        Self { ground: Some(ground), clock, app: Some(app), router }
    }

    /// Where a test writes behind the service's back.
    pub fn ground(&self) -> &Ground {
        self.ground.as_ref().expect("not stopped")
    }

    /// The parts.
    pub fn app(&self) -> &App {
        self.app.as_ref().expect("not stopped")
    }

    /// Lets the time pass.
    pub fn wait(&self, by: TimeDelta) {
        self.clock.set(self.clock.now() + by);
    }

    /// Publishes as another process would, and waits until readers see it.
    pub async fn publish(&self, places: &[Location]) -> Seq {
        let (seq, _) = ground::publish(&self.ground().store, places).await;
        self.reach(seq).await;
        seq
    }

    /// Waits until readers see a number.
    pub async fn reach(&self, seq: Seq) {
        let there = self.app().state.feed.wait_for(seq, LIMIT).await;
        assert!(there, "readers do not see {seq}, they see {}", self.app().state.feed.seq());
    }

    /// Any request, as it is.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        Answer::of(self.router.clone().oneshot(request).await.expect("the router cannot fail")).await
    }

    /// GET.
    pub async fn get(&self, uri: &str) -> Answer {
        self.get_as(uri, &[]).await
    }

    /// GET with headers.
    pub async fn get_as(&self, uri: &str, headers: &[(&str, &str)]) -> Answer {
        self.request("GET", uri, headers, "").await
    }

    /// POST of JSON.
    pub async fn post(&self, uri: &str, body: &serde_json::Value) -> Answer {
        self.request("POST", uri, &[("content-type", "application/json")], &body.to_string()).await
    }

    /// A request of any method.
    pub async fn request(&self, method: &str, uri: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_owned())).expect("a request of a test")).await
    }

    /// Ends the service. Readers must have seen everything the store has.
    pub async fn stop(mut self) {
        let ground = self.ground.take().expect("stopped once");
        let app = self.app.take().expect("stopped once");
        let head = ground.store.head().await.expect("the store answers");
        assert!(app.state.feed.wait_for(head, LIMIT).await, "the feed is not drained: the store is at {head}");
        assert_eq!(app.state.index.current().seq(), head, "the index stands elsewhere than the store");
        tokio::time::timeout(LIMIT, app.stop()).await.expect("the service stops");
        ground.stop().await;
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        assert!(self.app.is_none() || std::thread::panicking(), "a TestApp was not stopped: its feed was not checked");
    }
}
