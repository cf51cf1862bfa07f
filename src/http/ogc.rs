//! OGC API: the documents, as JSON or as pages.

use super::conditional::weight;
use super::locations::asked_lang;
use super::ogc_pages;
use super::params::{Params, invalid};
use super::problem::{Problem, Text};
use super::state::AppState;
use super::static_files::page_answer;
use crate::domain::Lang;
use crate::ogc::documents::{self, Here};
use crate::ogc::openapi;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use maud::Markup;
use serde_json::Value;

/// Parameters of a document.
pub const DOCUMENT: &[&str] = &["f", "lang"];

/// How long a document may be kept.
const MAX_AGE: HeaderValue = HeaderValue::from_static("public, max-age=60");

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Html,
}

/// The form that `f` names; else the one that the client likes better.
pub(super) fn form(params: &Params<'_>, headers: &HeaderMap) -> Result<Form, Problem> {
    match params.text("f") {
        Some("json") => Ok(Form::Json),
        Some("html") => Ok(Form::Html),
        Some(_) => Err(invalid("f", Text::new("есть json и html", "there are json and html"))),
        None => {
            let accepted = headers.get_all(header::ACCEPT);
            let of = |name| weight(&accepted, name).unwrap_or(0.0);
            let as_json = [
                "application/json",
                "application/geo+json",
                "application/schema+json",
                "application/vnd.oai.openapi+json",
            ]
            .map(of);
            let as_json = as_json.into_iter().fold(0.0, f32::max);
            Ok(if of("text/html") > as_json { Form::Html } else { Form::Json })
        }
    }
}

/// Where we are and for whom.
pub(super) fn here(state: &AppState, uri: &Uri, headers: &HeaderMap) -> Here {
    let accept: Option<&str> = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let lang: Lang = asked_lang(uri.query(), accept);
    let origin = super::basemap::base_url(state, uri, headers);
    let origin = origin.trim_end_matches('/').to_owned();
    Here { ogc: format!("{origin}/ogc"), origin, lang, licence: state.options.licence.clone() }
}

/// A JSON document.
pub(super) fn json(document: &Value, media_type: &'static str) -> Response {
    let mut response = Response::new(Body::from(document.to_string()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, MAX_AGE);
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language"));
    response
}

/// A page.
pub(super) fn html(state: &AppState, page: Markup) -> Response {
    let mut response = page_answer(state, page.into_string(), None, false);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept, accept-language"));
    response
}

/// A document in the form asked for.
fn answer(
    state: &AppState,
    (query, uri, headers): (Option<&str>, &Uri, &HeaderMap),
    media_type: &'static str,
    document: impl FnOnce(&Here) -> Value,
) -> Result<Response, Problem> {
    let params = Params::of_query(query, DOCUMENT)?;
    params.lang()?;
    let here = here(state, uri, headers);
    let document = document(&here);
    Ok(match form(&params, headers)? {
        Form::Json => json(&document, media_type),
        Form::Html => html(state, ogc_pages::document(&here, &document)),
    })
}

const JSON: &str = "application/json";
const SCHEMA: &str = "application/schema+json";

macro_rules! documents {
    ($($(#[$doc:meta])* $name:ident($state:ident, $here:ident) -> $media_type:expr, $document:expr;)*) => {
        $($(#[$doc])*
        pub async fn $name(
            State($state): State<AppState>,
            RawQuery(query): RawQuery,
            uri: Uri,
            headers: HeaderMap,
        ) -> Result<Response, Problem> {
            answer(&$state, (query.as_deref(), &uri, &headers), $media_type, |$here| $document)
        })*
    };
}

documents! {
    /// `/ogc`.
    show_landing(state, here) -> JSON, documents::landing(here);
    /// `/ogc/conformance`.
    show_conformance(state, _here) -> JSON, documents::conformance();
    /// `/ogc/collections`.
    list_collections(state, here) -> JSON, documents::collections(here, state.index.current().bounds());
    /// `/ogc/collections/locations`.
    show_collection(state, here) -> JSON, documents::collection(here, state.index.current().bounds());
    /// `/ogc/collections/locations/queryables`.
    show_queryables(state, here) -> SCHEMA, documents::queryables(here);
    /// `/ogc/collections/locations/sortables`.
    show_sortables(state, here) -> SCHEMA, documents::sortables_document(here);
    /// `/ogc/api`.
    show_api(state, here) -> "application/vnd.oai.openapi+json;version=3.0", openapi::document(here);
}
