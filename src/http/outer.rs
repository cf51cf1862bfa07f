//! The outermost layer: request id, CORS, security headers, problems in the asked language, counters, the log.
//!
//! No query string and no body is logged: they hold where people are.

use super::locations::asked_lang;
use super::problem::{Kind, Problem, Text};
use super::state::AppState;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::cell::RefCell;
use std::collections::HashMap;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Instant;
use tower::{Layer, Service};

/// The header of the request id.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The header with which a write answers its number.
pub const RYADOM_SEQ: HeaderName = HeaderName::from_static("ryadom-seq");

/// Numbers requests within this process.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Marks an error that has a form of its own already, such as those of OAuth.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named;

/// Paths that any site's pages may read. What a device's key, an operator's or a cookie opens is for our own
/// pages; a partner's own system is no browser.
fn is_public(path: &str) -> bool {
    let is_own = [
        "/api/v1/wallet/",
        "/api/v1/rights",
        "/api/v1/terminals",
        "/api/v1/session",
        "/api/v1/partner",
        "/api/v1/operator",
    ]
    .iter()
    .any(|root| path.starts_with(root));
    let is_open = [
        "/api/v1/",
        "/assets/",
        "/lib/",
        "/photos/",
        "/tiles/",
        "/ogc/",
        "/download/",
        "/basemap/",
        "/style/",
        "/credentials/",
        "/.well-known/",
    ]
    .iter()
    .any(|root| path.starts_with(root));
    (is_open && !is_own)
        || matches!(
            path,
            "/w.js"
                | "/oembed"
                | "/ogc"
                | "/healthz"
                | "/readyz"
                | "/metrics"
                | "/openapi.json"
                | "/basemap.pmtiles"
                | "/basemap.json"
        )
}

/// Whether a word of the address may come to the store. No text there holds U+0000, and PostgreSQL calls a question by one
/// a fault; the reads of the map are answered from the snapshot, and name a wrong parameter better than can be done here.
fn may_ask_the_store(method: &Method, path: &str) -> bool {
    let of_the_map =
        ["/api/v1/", "/tiles/", "/ogc", "/download/", "/style/", "/basemap/"].iter().any(|root| path.starts_with(root));
    !(matches!(*method, Method::GET | Method::HEAD) && of_the_map && is_public(path))
}

/// Wraps every route in [`Outer`].
#[derive(Clone, Copy)]
pub struct OuterLayer {
    metered: bool,
}

impl OuterLayer {
    /// Counts requests when somebody reads the counters.
    pub fn new(state: &AppState) -> Self {
        Self { metered: state.metrics.is_some() }
    }
}

impl<S> Layer<S> for OuterLayer {
    type Service = Outer<S>;

    fn layer(&self, inner: S) -> Outer<S> {
        Outer { inner, metered: self.metered }
    }
}

/// A service of its own and not `middleware::from_fn`: that boxes and clones the inner service once more per request,
/// which this service's answers are fast enough to feel.
#[derive(Clone)]
pub struct Outer<S> {
    inner: S,
    metered: bool,
}

impl<S> Service<Request> for Outer<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // The service that was polled ready is the one to call.
        let next = self.inner.clone();
        let inner = std::mem::replace(&mut self.inner, next);
        Box::pin(answer(inner, self.metered, request).map(Ok))
    }
}

async fn answer<S>(mut inner: S, metered: bool, request: Request) -> Response
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    let started = Instant::now();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let public = is_public(request.uri().path());
    if public && request.method() == Method::OPTIONS {
        let mut response = preflight();
        mark(response.headers_mut(), number);
        return response;
    }
    let route = request.extensions().get::<MatchedPath>().cloned();
    // Kept only for a problem, which has to know its language and its method.
    let method = request.method().clone();
    let uri = request.uri().clone();
    let accept = request.headers().get(header::ACCEPT_LANGUAGE).cloned();
    let holds_nul = uri.path().contains("%00") || uri.query().is_some_and(|query| query.contains("%00"));
    let answered = if holds_nul && may_ask_the_store(&method, uri.path()) {
        let why = Text::new("В адресе есть %00: уберите его.", "There is a %00 in the address: take it out.");
        Ok(Ok(Problem::new(Kind::InvalidParameter, why).into_response()))
    } else {
        AssertUnwindSafe(async { inner.call(request).await }).catch_unwind().await
    };
    let mut response = match answered {
        Ok(Ok(response)) => response,
        Ok(Err(never)) => match never {},
        // What panicked has said so on standard error; its caller gets an answer all the same.
        Err(_panic) => Problem::internal().into_response(),
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>().or_else(|| unnamed(&response)) {
        response = named(problem, &response, &method, &uri, accept.as_ref());
    }
    let headers = response.headers_mut();
    mark(headers, number);
    if public {
        allow_any_origin(headers);
    }
    let status = response.status();
    let route = route.as_ref().map_or("other", MatchedPath::as_str);
    if metered {
        count(route, status, started);
    }
    if status.is_server_error() && !matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::NOT_IMPLEMENTED) {
        tracing::error!(request.id = number, route, status = status.as_u16(), "answered {status}");
    } else {
        let duration_us = started.elapsed().as_micros() as u64;
        tracing::debug!(request.id = number, route, status = status.as_u16(), duration_us, "answered {status}");
    }
    response
}

/// The answer that a problem becomes, in the language that was asked for.
fn named(
    mut problem: Problem,
    response: &Response,
    method: &Method,
    uri: &Uri,
    accept: Option<&HeaderValue>,
) -> Response {
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        problem = Problem::new(
            Kind::MethodNotAllowed,
            Text::new(
                format!("{method} здесь не поддерживается; см. заголовок Allow."),
                format!("{method} is not served here; see the Allow header."),
            ),
        );
    }
    let asked = || asked_lang(uri.query(), accept.and_then(|v| v.to_str().ok()));
    let lang = problem.lang().unwrap_or_else(asked);
    let mut rendered = problem.render(lang);
    for name in [header::ALLOW, header::CONTENT_RANGE, super::wallet::DPOP_NONCE] {
        if let Some(value) = response.headers().get(&name) {
            rendered.headers_mut().insert(name, value.clone());
        }
    }
    if method == Method::HEAD {
        *rendered.body_mut() = axum::body::Body::empty();
    }
    rendered
}

/// What every answer has.
fn mark(headers: &mut HeaderMap, number: u64) {
    headers.insert(X_REQUEST_ID, HeaderValue::from(number));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}

/// An error that axum made itself: its text is for programmers of axum, ours is a problem.
fn unnamed(response: &Response) -> Option<Problem> {
    let status = response.status();
    // A problem already, or a page of ours for people.
    let is_ours = response.headers().get(header::CONTENT_TYPE).is_some_and(|t| {
        [&b"application/problem+json"[..], b"text/html"].iter().any(|ours| t.as_bytes().starts_with(ours))
    });
    let is_ours = is_ours || response.extensions().get::<Named>().is_some();
    if is_ours || !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    Some(match status {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
            Kind::TooLarge,
            Text::new("Тело запроса больше, чем здесь бывает нужно.", "The body is larger than is ever needed here."),
        ),
        s if s.is_client_error() => {
            Problem::new(Kind::InvalidBody, Text::new("Запрос не читается.", "The request cannot be read."))
        }
        _ => Problem::internal(),
    })
}

/// The meters of one route.
struct Meters {
    requests: Vec<(StatusCode, metrics::Counter)>,
    seconds: metrics::Histogram,
}

thread_local! {
    /// Looked up by this thread before: finding a meter by its labels costs more than finding a place.
    static METERS: RefCell<HashMap<String, Meters>> = RefCell::default();
}

/// `route` is a pattern or "other", never a path: there are few.
fn count(route: &str, status: StatusCode, started: Instant) {
    METERS.with_borrow_mut(|known| {
        if !known.contains_key(route) {
            let seconds = metrics::histogram!("ryadom_http_request_seconds", "route" => route.to_owned());
            known.insert(route.to_owned(), Meters { requests: Vec::new(), seconds });
        }
        let Some(meters) = known.get_mut(route) else { return };
        meters.seconds.record(started.elapsed().as_secs_f64());
        if let Some((_, requests)) = meters.requests.iter().find(|(s, _)| *s == status) {
            requests.increment(1);
        } else {
            let labels = [("route", route.to_owned()), ("status", status.as_str().to_owned())];
            let requests = metrics::counter!("ryadom_http_requests_total", &labels);
            requests.increment(1);
            meters.requests.push((status, requests));
        }
    });
}

fn allow_any_origin(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(
            "Ryadom-Seq, ETag, X-Request-Id, Retry-After, Accept-Ranges, Content-Range, Content-Crs",
        ),
    );
}

fn preflight() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    allow_any_origin(headers);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, POST, PUT, DELETE"));
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static(
            "Accept, Accept-Language, Authorization, Content-Type, If-None-Match, If-Range, Range",
        ),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}
