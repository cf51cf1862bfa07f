//! Files of which a piece may be asked (RFC 9110, 14).

use super::conditional::is_unchanged;
use super::own_value;
use super::problem::{Kind, Problem, Text};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::ops::RangeInclusive;

/// What is to be sent.
pub struct Whole<'a> {
    /// A strong entity tag.
    pub etag: &'a str,
    /// All of it.
    pub size_bytes: u64,
    pub media_type: &'static str,
    pub cache: &'static str,
}

/// The whole file, the asked piece of it, that it has not changed, or that there is no such piece. `body` gives bytes.
pub fn answer(asked: &HeaderMap, whole: &Whole<'_>, body: impl FnOnce(RangeInclusive<u64>) -> Body) -> Response {
    let Whole { etag, size_bytes, media_type, cache } = *whole;
    let mut response = if is_unchanged(asked, etag) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        match range_of(asked, etag, size_bytes) {
            Ok(None) => {
                let mut response = Response::new(body(0..=size_bytes.saturating_sub(1)));
                response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(size_bytes));
                response
            }
            Ok(Some(range)) => {
                let (first, last) = (*range.start(), *range.end());
                let mut response = Response::new(body(range));
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_LENGTH, HeaderValue::from(last - first + 1));
                headers.insert(header::CONTENT_RANGE, own_value(&format!("bytes {first}-{last}/{size_bytes}")));
                response
            }
            Err(Unsatisfiable) => {
                let mut response = Problem::new(
                    Kind::RangeNotSatisfiable,
                    Text::new(
                        format!("В файле {size_bytes} байт; этот отрезок лежит вне его."),
                        format!("The file has {size_bytes} bytes; the range lies outside them."),
                    ),
                )
                .into_response();
                response.headers_mut().insert(header::CONTENT_RANGE, own_value(&format!("bytes */{size_bytes}")));
                return response;
            }
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::ETAG, own_value(etag));
    response
}

struct Unsatisfiable;

/// The one range to answer; none for the whole: no Range, several of them, one that is no range, or one of another
/// version of the file (RFC 9110, 14.2).
fn range_of(asked: &HeaderMap, etag: &str, size_bytes: u64) -> Result<Option<RangeInclusive<u64>>, Unsatisfiable> {
    use http_range_header::RangeUnsatisfiableError as E;
    let value = |name| asked.get(name).and_then(|v: &HeaderValue| v.to_str().ok());
    let Some(range) = value(header::RANGE) else { return Ok(None) };
    if value(header::IF_RANGE).is_some_and(|tag| tag.trim() != etag) {
        return Ok(None);
    }
    let parsed = http_range_header::parse_range_header(range);
    match parsed.and_then(|ranges| if ranges.len() == 1 { ranges.validate(size_bytes) } else { Ok(Vec::new()) }) {
        Ok(ranges) => Ok(ranges.into_iter().next()),
        Err(E::Unsatisfiable) => Err(Unsatisfiable),
        // What is no range is passed over; so are more of them than anybody needs.
        Err(_) => Ok(None),
    }
}
