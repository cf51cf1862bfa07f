//! Search as you type.

use super::locations::{MAX_AGE_S, max_age, snapshot_for};
use super::params::Params;
use super::problem::Problem;
use super::schema::ProblemDocument;
use super::state::AppState;
use crate::domain::{Category, Lang};
use crate::feature::encode::CLOSE;
use crate::geometry::{LonLat, geodesic};
use crate::index::text::{self, Hit, Item};
use crate::index::{Filter, Found, Snapshot};
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Parameters of the search.
pub const SEARCH: &[&str] = &["q", "lon", "lat", "limit", "lang", "min_seq"];
/// Most results.
const MAX_RESULTS: usize = 20;
/// Results of an answer that names no limit.
const DEFAULT_LIMIT: usize = 10;
/// From so many places on a search is not worked out on a thread that serves others.
const MANY_PLACES: usize = 20_000;

/// What the search takes.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// What was typed so far. Typos, word forms, transliteration and the other keyboard layout are understood; the last
    /// word may be unfinished.
    #[param(max_length = 100, example = "кофйня")]
    pub q: Option<String>,
    /// Longitude, degrees, WGS 84; a rounded one will do. Of equal matches the nearer come first.
    #[param(minimum = -180, maximum = 180, example = 41.96)]
    pub lon: Option<f64>,
    /// Latitude, degrees, WGS 84; given together with `lon`.
    #[param(minimum = -90, maximum = 90, example = 45.03)]
    pub lat: Option<f64>,
    /// At most so many results.
    #[param(minimum = 1, maximum = 20, default = 10)]
    pub limit: Option<u32>,
    /// Language of titles of categories and settlements, and of messages: ru or en.
    #[param(default = "ru")]
    pub lang: Option<String>,
    /// Answer only from a state that has seen this `Ryadom-Seq`; waits up to 2 s for it.
    #[param(minimum = 0)]
    pub min_seq: Option<i64>,
}

/// What was found, best first.
#[derive(Serialize, ToSchema)]
pub struct SearchResults {
    /// The state of the feed that the answer was read from.
    seq: i64,
    /// The results.
    results: Vec<SearchResult>,
    /// Present and true where the data is invented.
    #[serde(skip_serializing_if = "Option::is_none")]
    demo: Option<bool>,
}

/// One result.
#[derive(Serialize, ToSchema)]
struct SearchResult {
    /// location, benefit (a location whose benefit says it), category or settlement.
    kind: &'static str,
    /// The id of the location or settlement, or the code of the category.
    id: String,
    /// Its name.
    title: String,
    /// The address of a location, the text of a benefit, the district and region of a settlement.
    detail: Option<String>,
    /// The category code; not of settlements.
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'static str>,
    /// Longitude; not of categories.
    #[serde(skip_serializing_if = "Option::is_none")]
    lon: Option<f64>,
    /// Latitude; not of categories.
    #[serde(skip_serializing_if = "Option::is_none")]
    lat: Option<f64>,
    /// Metres from the asked position along the geodesic, where one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_m: Option<f64>,
    /// How it was found: exact, prefix, stem, typo, translit or layout.
    r#match: &'static str,
}

/// Locations, benefits, categories and settlements, as you type.
#[utoipa::path(
    get, path = "/api/v1/search", operation_id = "search", tag = "lists",
    params(SearchQuery),
    responses(
        (status = 200, description = "Best matches first", body = SearchResults),
        (status = 400, description = "A wrong parameter, named", body = ProblemDocument,
         content_type = "application/problem+json"),
        (status = 503, description = "min_seq did not arrive within 2 s", body = ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn search(State(state): State<AppState>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let params = Params::of_query(query.as_deref(), SEARCH)?;
    let q = params.q()?.unwrap_or_default().to_owned();
    // Half a position is a mistake, and is named as in nearest.
    let asked = params.text("lon").is_some() || params.text("lat").is_some();
    let near = if asked { Some(params.position()?) } else { None };
    let limit = params.whole("limit", DEFAULT_LIMIT, MAX_RESULTS)?;
    let lang = params.lang()?.unwrap_or_default();
    let snapshot = snapshot_for(&state, &params, &Filter::default()).await?;
    let answer = if snapshot.len() < MANY_PLACES {
        results(&state, &snapshot, &q, near, limit, lang)
    } else {
        let state = state.clone();
        let work = tokio::task::spawn_blocking(move || results(&state, &snapshot, &q, near, limit, lang));
        work.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
    };
    let mut response = Json(answer).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, max_age(MAX_AGE_S));
    Ok(response)
}

fn results(
    state: &AppState,
    snapshot: &Snapshot,
    q: &str,
    near: Option<LonLat>,
    limit: usize,
    lang: Lang,
) -> SearchResults {
    let hits = snapshot.search(q, &state.lists, near, limit);
    SearchResults {
        seq: snapshot.seq().0,
        results: hits.iter().map(|hit| result(state, hit, q, near, lang)).collect(),
        demo: state.options.demo.then_some(true),
    }
}

fn result(state: &AppState, hit: &Hit<'_>, q: &str, near: Option<LonLat>, lang: Lang) -> SearchResult {
    let matched = hit.matched.code();
    match hit.item {
        Item::Category(c) => SearchResult {
            kind: "category",
            id: c.code().to_owned(),
            title: c.title(lang).to_owned(),
            detail: None,
            category: Some(c.code()),
            lon: None,
            lat: None,
            distance_m: None,
            r#match: matched,
        },
        Item::Settlement(number) => {
            let s = &state.gazetteer.all()[number];
            let around = [s.district.as_deref().filter(|d| *d != s.name_ru), Some(&s.region)];
            SearchResult {
                kind: "settlement",
                id: s.id.clone(),
                title: s.name(lang).to_owned(),
                detail: Some(around.into_iter().flatten().collect::<Vec<_>>().join(", ")),
                category: None,
                lon: Some(s.position.lon()),
                lat: Some(s.position.lat()),
                distance_m: distance_m(near, s.position),
                r#match: matched,
            }
        }
        Item::Location(found) | Item::Benefit(found) => {
            let by_benefit = matches!(hit.item, Item::Benefit(_));
            let Shown { name, category, address, benefits } = shown(&found);
            let detail = if by_benefit { named_benefit(&benefits, q) } else { address };
            SearchResult {
                kind: if by_benefit { "benefit" } else { "location" },
                id: found.id().to_owned(),
                title: name,
                detail,
                category: Some(category.code()),
                lon: Some(found.position().lon()),
                lat: Some(found.position().lat()),
                distance_m: distance_m(near, found.position()),
                r#match: matched,
            }
        }
    }
}

/// To the decimetre, as in nearest.
fn distance_m(near: Option<LonLat>, to: LonLat) -> Option<f64> {
    near.map(|from| (geodesic::distance_m(from, to) * 10.0).round() / 10.0)
}

/// What of a fragment a result shows.
#[derive(Deserialize)]
struct Shown {
    name: String,
    category: Category,
    address: Option<String>,
    benefits: Vec<ShownBenefit>,
}

#[derive(Deserialize)]
struct ShownBenefit {
    title: String,
}

#[derive(Deserialize)]
struct Feature {
    properties: Shown,
}

fn shown(found: &Found<'_>) -> Shown {
    // The fragment is open at its end.
    let text = [found.card_part(), CLOSE.as_bytes()].concat();
    let feature: Feature = serde_json::from_slice(&text).expect("our own fragment");
    feature.properties
}

/// The benefit that was meant.
fn named_benefit(benefits: &[ShownBenefit], q: &str) -> Option<String> {
    let nearest = if benefits.len() > 1 { text::nearest_of(benefits.iter().map(|b| &*b.title), q) } else { 0 };
    benefits.get(nearest).map(|b| b.title.clone())
}
