//! OGC API - Features: the places page by page, and one of them.

use super::locations::{MAX_AGE_S, max_age, snapshot_for};
use super::ogc::{Form, form, here, html};
use super::ogc_params::{Asked, crs, query_of_next, query_with};
use super::params::Params;
use super::place_page::percent;
use super::problem::Problem;
use super::state::AppState;
use super::{ogc_pages, own_value};
use crate::feature::properties::{PROPERTIES, append_feature};
use crate::index::{Filter, Found, Snapshot};
use crate::ogc::CRS84;
use crate::ogc::documents::{Here, link};
use crate::ogc::openapi::ITEMS;
use crate::ogc::query::{Page, Start};
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use std::sync::Arc;

/// Parameters of one item.
pub const ITEM: &[&str] = &["f", "lang", "crs", "min_seq"];
const GEOJSON: &str = "application/geo+json";
const CONTENT_CRS: HeaderName = HeaderName::from_static("content-crs");

/// A page of places.
pub async fn list_items(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let known: Vec<&str> = ITEMS.iter().copied().chain(PROPERTIES.iter().map(|p| p.name)).collect();
    let params = Params::of_query(query.as_deref(), &known)?;
    params.lang()?;
    let form = form(&params, &headers)?;
    let now = state.clock.now();
    let asked = Asked::of(&params, now)?;
    let snapshot = snapshot_for(&state, &params, &asked.question.which.filter).await?;
    let here = here(&state, &uri, &headers);
    let moment = asked.question.which.filter.moment().is_some();
    let (answering, slow) = (state.clone(), asked.question.is_slow());
    let work = move || {
        let page = asked.question.page(&snapshot, &answering.answers, asked.limit, &asked.start);
        let links = links(&here, query.as_deref(), form, page.next.as_ref());
        match form {
            Form::Json => geojson(&snapshot, &page, &links, now),
            Form::Html => html(&answering, ogc_pages::items(&here, &page, &links)),
        }
    };
    // Asking places one by one takes milliseconds; not on a thread that serves others.
    let mut response = if slow {
        let turn = state.answers.turn().await;
        let work = move || {
            let _turn = turn;
            work()
        };
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic()))
    } else {
        work()
    };
    // "Open now" is another question in the next minute.
    let age = if moment { MAX_AGE_S.min(60 - now.timestamp().rem_euclid(60)) } else { MAX_AGE_S };
    finish(&mut response, age);
    Ok(response)
}

fn finish(response: &mut Response, age_s: i64) {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, max_age(age_s));
    headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language"));
    headers.insert(CONTENT_CRS, own_value(&format!("<{CRS84}>")));
}

fn links(here: &Here, query: Option<&str>, form: Form, next: Option<&Start>) -> Vec<Value> {
    let at = format!("{}/items", here.collection());
    let types = [(Form::Json, "json", GEOJSON), (Form::Html, "html", "text/html")];
    let mut links: Vec<Value> = types
        .iter()
        .map(|(of, f, media_type)| {
            let href = format!("{at}{}", query_with(query, &[], &[("f", f)]));
            if *of == form {
                link(&href, "self", media_type, here.say("Эта страница", "This page"))
            } else {
                link(&href, "alternate", media_type, here.say("Она же иначе", "The same in another form"))
            }
        })
        .collect();
    if let Some(next) = next {
        let media_type = if form == Form::Json { GEOJSON } else { "text/html" };
        let href = format!("{at}{}", query_of_next(query, next));
        links.push(link(&href, "next", media_type, here.say("Следующая страница", "The next page")));
    }
    links.push(link(&here.collection(), "collection", "application/json", here.say("Набор", "The collection")));
    links
}

fn geojson(snapshot: &Snapshot, page: &Page<'_>, links: &[Value], now: DateTime<Utc>) -> Response {
    let head = serde_json::json!({
        "type": "FeatureCollection",
        "timeStamp": now.to_rfc3339_opts(SecondsFormat::Secs, true),
        "numberMatched": page.matched,
        "numberReturned": page.places.len(),
        "seq": snapshot.seq().0,
        "links": links,
    })
    .to_string();
    let mut body = Vec::with_capacity(head.len() + 32 + page.places.len() * 700);
    body.extend_from_slice(&head.as_bytes()[..head.len() - 1]);
    body.extend_from_slice(br#","features":["#);
    let mut json = Vec::new();
    for (i, found) in page.places.iter().enumerate() {
        if i > 0 {
            body.push(b',');
        }
        append_feature(&found.record(&mut json), found.position(), None, &mut body);
    }
    body.extend_from_slice(b"]}");
    of_geojson(body)
}

fn of_geojson(body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(GEOJSON));
    response
}

/// One place.
pub async fn show_item(
    State(state): State<AppState>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let params = Params::of_query(query.as_deref(), ITEM)?;
    params.lang()?;
    crs(&params, "crs")?;
    let form = form(&params, &headers)?;
    let snapshot: Arc<Snapshot> = snapshot_for(&state, &params, &Filter::default()).await?;
    let found: Found<'_> = snapshot.lookup(&id).ok_or_else(|| Problem::no_location(&id))?;
    let here = here(&state, &uri, &headers);
    let at = format!("{}/items/{}", here.collection(), percent(&id));
    let (this, other) = match form {
        Form::Json => ("self", "alternate"),
        Form::Html => ("alternate", "self"),
    };
    let links = vec![
        link(&format!("{at}?f=json"), this, GEOJSON, here.say("Это место", "This place")),
        link(&format!("{at}?f=html"), other, "text/html", here.say("Оно же для людей", "The same for people")),
        link(&here.collection(), "collection", "application/json", here.say("Набор", "The collection")),
        link(
            &format!("{}/place/{}", here.origin, percent(&id)),
            "related",
            "text/html",
            here.say("На карте", "On the map"),
        ),
    ];
    let mut json = Vec::new();
    let record = found.record(&mut json);
    let mut response = match form {
        Form::Json => {
            let mut body = Vec::with_capacity(1_500);
            append_feature(&record, found.position(), Some(&Value::Array(links)), &mut body);
            of_geojson(body)
        }
        Form::Html => html(&state, ogc_pages::item(&here, &record, found.position(), &links)),
    };
    finish(&mut response, MAX_AGE_S);
    Ok(response)
}
