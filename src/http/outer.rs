//! The outermost layer: request id, CORS, security headers, problems in the asked language, counters, the log.
//!
//! No query string and no body is logged: they hold where people are.

use super::locations::asked_lang;
use super::problem::{Kind, Problem, Text};
use super::state::AppState;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// The header of the request id.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The header with which a write answers its number.
pub const RYADOM_SEQ: HeaderName = HeaderName::from_static("ryadom-seq");

/// Numbers requests within this process.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Paths that any site's pages may read.
fn is_public(path: &str) -> bool {
    path.starts_with("/api/v1/") || matches!(path, "/healthz" | "/readyz" | "/metrics" | "/openapi.json")
}

/// Wraps every answer.
pub async fn wrap(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let public = is_public(request.uri().path());
    let head = request.method() == Method::HEAD;
    if public && request.method() == Method::OPTIONS {
        let mut response = preflight();
        mark(response.headers_mut(), number);
        return response;
    }
    let route = request.extensions().get::<MatchedPath>().cloned();
    // Kept only for a problem, which has to know its language and its method.
    let asked =
        (request.method().clone(), request.uri().clone(), request.headers().get(header::ACCEPT_LANGUAGE).cloned());
    let mut response = next.run(request).await;
    if let Some(mut problem) = response.extensions_mut().remove::<Problem>().or_else(|| unnamed(&response)) {
        let (method, uri, accept) = &asked;
        if response.status() == StatusCode::METHOD_NOT_ALLOWED {
            problem = Problem::new(
                Kind::MethodNotAllowed,
                Text::new(
                    format!("{method} здесь не поддерживается; см. заголовок Allow."),
                    format!("{method} is not served here; see the Allow header."),
                ),
            );
        }
        let asked = || asked_lang(uri.query(), accept.as_ref().and_then(|v| v.to_str().ok()));
        let lang = problem.lang().unwrap_or_else(asked);
        let allow = response.headers().get(header::ALLOW).cloned();
        response = problem.render(lang);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        if head {
            *response.body_mut() = axum::body::Body::empty();
        }
    }
    let headers = response.headers_mut();
    mark(headers, number);
    if public {
        allow_any_origin(headers);
    }
    let status = response.status();
    let route = route.as_ref().map_or("other", MatchedPath::as_str);
    if state.metrics.is_some() {
        count(route, status, started);
    }
    if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE {
        tracing::error!(request.id = number, route, status = status.as_u16(), "answered {status}");
    } else {
        let duration_us = started.elapsed().as_micros() as u64;
        tracing::debug!(request.id = number, route, status = status.as_u16(), duration_us, "answered {status}");
    }
    response
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
    let is_problem = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|t| t.as_bytes().starts_with(b"application/problem+json"));
    if is_problem || !(status.is_client_error() || status.is_server_error()) {
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

fn count(route: &str, status: StatusCode, started: Instant) {
    let labels = [("route", route.to_owned()), ("status", status.as_str().to_owned())];
    metrics::counter!("ryadom_http_requests_total", &labels).increment(1);
    metrics::histogram!("ryadom_http_request_seconds", "route" => route.to_owned())
        .record(started.elapsed().as_secs_f64());
}

fn allow_any_origin(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("Ryadom-Seq, ETag, X-Request-Id, Retry-After"),
    );
}

fn preflight() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    allow_any_origin(headers);
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD, POST, PUT, DELETE"));
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("Accept, Accept-Language, Authorization, Content-Type"),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}
