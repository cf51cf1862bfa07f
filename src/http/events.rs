//! News for open pages, as server-sent events.

use super::params::Params;
use super::problem::Problem;
use super::state::AppState;
use crate::domain::Seq;
use crate::feed::journal::News;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use std::convert::Infallible;
use std::time::Duration;

/// Parameters of the stream.
pub const EVENTS: &[&str] = &["lang"];

/// No listener is told more often: at most two events a second.
const PAUSE: Duration = Duration::from_millis(500);
/// A comment is sent this often, so that proxies and phones keep the connection.
const KEEP_ALIVE: Duration = Duration::from_secs(25);
/// How long a page waits before it connects again, milliseconds.
const RETRY_MS: u64 = 2_000;

/// What changes on the map, as it happens.
#[utoipa::path(
    get, path = "/api/v1/events", operation_id = "stream_events", tag = "locations",
    params(
        ("lang" = Option<String>, Query, description = "Language of messages: ru or en"),
        ("Last-Event-ID" = Option<i64>, Header, description = "The id of the last event heard; the stream goes on there"),
    ),
    responses(
        (status = 200, description = "`change`: `{from_seq, to_seq, ids, bbox}`, at most two a second; `reset`: \
         `{to_seq}`, read anew; `hello`: `{to_seq}`, the present number, once. The id of each is its `to_seq`",
         body = String, content_type = "text/event-stream"),
        (status = 400, description = "A wrong parameter, named", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn stream_events(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Params::of_query(query.as_deref(), EVENTS)?.lang()?;
    let heard = headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|id| id.trim().parse().ok());
    let stream = Sse::new(events(state, heard.map(Seq))).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    let mut response = stream.into_response();
    // nginx and its kin would hold events back to fill a buffer.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Where a listener stands.
struct Listener {
    state: AppState,
    /// Up to here it has heard; `None` before the greeting of one that has heard nothing.
    cursor: Option<Seq>,
    numbers: tokio::sync::watch::Receiver<Seq>,
    spoke: bool,
}

fn events(state: AppState, cursor: Option<Seq>) -> impl Stream<Item = Result<Event, Infallible>> {
    let numbers = state.feed.subscribe();
    let listener = Listener { state, cursor, numbers, spoke: false };
    futures_util::stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    })
}

impl Listener {
    /// The next event; `None` when the service stops.
    async fn next(&mut self) -> Option<Event> {
        let closing = self.state.closing.clone();
        let Some(mut cursor) = self.cursor else {
            let now = self.state.feed.seq();
            self.cursor = Some(now);
            return Some(numbered("hello", now).retry(Duration::from_millis(RETRY_MS)));
        };
        if self.spoke {
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = closing.cancelled() => return None,
            }
        }
        loop {
            self.numbers.borrow_and_update();
            if let Some(news) = self.state.feed.news_since(cursor) {
                self.spoke = true;
                return Some(match news {
                    News::Event(event) => {
                        cursor = Seq(event.to_seq);
                        self.cursor = Some(cursor);
                        let data = serde_json::to_string(&event).expect("plain data into memory");
                        Event::default().event("change").id(event.to_seq.to_string()).data(data)
                    }
                    News::Reset(now) => {
                        self.cursor = Some(now);
                        numbered("reset", now)
                    }
                });
            }
            tokio::select! {
                changed = self.numbers.changed() => changed.ok()?,
                () = closing.cancelled() => return None,
            }
        }
    }
}

fn numbered(name: &str, seq: Seq) -> Event {
    Event::default().event(name).id(seq.to_string()).data(format!(r#"{{"to_seq":{seq}}}"#))
}
