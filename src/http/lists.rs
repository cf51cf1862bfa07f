//! Short lists: categories and settlements.

use super::params::Params;
use super::problem::Problem;
use super::schema::ProblemDocument;
use super::state::AppState;
use crate::domain::{Category, Lang};
use crate::index::Filter;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

/// Parameters of the categories.
pub const CATEGORIES: &[&str] = &["lang"];
/// Parameters of the settlements.
pub const SETTLEMENTS: &[&str] = &["q", "limit", "lang"];

/// The category list.
#[derive(Serialize, ToSchema)]
pub struct Categories {
    categories: Vec<CategoryEntry>,
}

#[derive(Serialize, ToSchema)]
struct CategoryEntry {
    /// Stable code.
    code: &'static str,
    /// Russian title.
    ru: &'static str,
    /// English title.
    en: &'static str,
    /// Other codes that mean it, in filters and files.
    aliases: &'static [&'static str],
    /// How many places are found under it now.
    count: usize,
}

/// Category codes with both languages, aliases and the number of places.
#[utoipa::path(
    get, path = "/api/v1/categories", operation_id = "list_categories", tag = "lists",
    params(("lang" = Option<String>, Query, description = "Language of messages: ru or en")),
    responses(
        (status = 200, body = Categories),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn list_categories(State(state): State<AppState>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    Params::of_query(query.as_deref(), CATEGORIES)?.lang()?;
    let snapshot = state.index.current();
    let categories = Category::ALL
        .iter()
        .map(|&c| CategoryEntry {
            code: c.code(),
            ru: c.title(Lang::Ru),
            en: c.title(Lang::En),
            aliases: c.aliases(),
            count: snapshot.count(&Filter::default().categories([c])),
        })
        .collect();
    Ok(kept(Json(Categories { categories }), "public, max-age=60"))
}

/// What the settlements take.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SettlementsQuery {
    /// The beginning of a name, in Russian or English; «г.», «ст.», «с.» before it are understood.
    #[param(example = "ст. Ессентукская")]
    pub q: Option<String>,
    /// At most so many.
    #[param(minimum = 1, maximum = 50, default = 10)]
    pub limit: Option<u32>,
    /// Language of names: ru or en.
    #[param(default = "ru")]
    pub lang: Option<String>,
}

/// Settlements that fit.
#[derive(Serialize, ToSchema)]
pub struct Settlements {
    settlements: Vec<SettlementEntry>,
}

#[derive(Serialize, ToSchema)]
struct SettlementEntry {
    id: String,
    name: String,
    district: Option<String>,
    region: String,
    lon: f64,
    lat: f64,
}

/// Towns and villages by name, for a parent who does not share her place.
#[utoipa::path(
    get, path = "/api/v1/settlements", operation_id = "list_settlements", tag = "lists",
    params(SettlementsQuery),
    responses(
        (status = 200, body = Settlements),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn list_settlements(State(state): State<AppState>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let params = Params::of_query(query.as_deref(), SETTLEMENTS)?;
    let limit = params.whole("limit", 10, 50)?;
    let lang = params.lang()?.unwrap_or_default();
    let settlements = state
        .gazetteer
        .find(params.text("q").unwrap_or_default(), limit)
        .into_iter()
        .map(|s| SettlementEntry {
            id: s.id.clone(),
            name: s.name(lang).to_owned(),
            district: s.district.clone(),
            region: s.region.clone(),
            lon: s.position.lon(),
            lat: s.position.lat(),
        })
        .collect();
    Ok(kept(Json(Settlements { settlements }), "public, max-age=86400"))
}

fn kept(body: impl IntoResponse, cache_control: &'static str) -> Response {
    let mut response = body.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control));
    response
}
