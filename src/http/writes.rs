//! The operator's smallest door: publish or withdraw one location, with the key of the settings.

use super::outer::RYADOM_SEQ;
use super::problem::{Kind, Problem, Text};
use super::schema::ProblemDocument;
use super::state::AppState;
use crate::domain::{Lang, LocationId};
use crate::partners::import_row::Checked;
use crate::partners::operator::{Act, Operator, OperatorError};
use crate::store::Outcome;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// Who writes here, in the history.
const ACTOR: &str = "operator:key";

/// What a write did.
#[derive(Serialize, ToSchema)]
pub struct Written {
    /// Which location.
    id: String,
    /// created, changed, unchanged or withdrawn
    outcome: &'static str,
    /// The number of the write, for `min_seq`; also in `Ryadom-Seq`.
    seq: i64,
    /// What was understood with a grain of salt.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
}

/// Publish one location: a GeoJSON Feature with the properties that `ryadom import` reads.
#[utoipa::path(
    put, path = "/api/v1/locations/{id}", operation_id = "publish_location", tag = "writes",
    params(("id" = String, Path, description = "The id of the place; the feature's own id, if any, must be the same")),
    request_body(content = serde_json::Value, content_type = "application/geo+json"),
    security(("operator_key" = [])),
    responses(
        (status = 200, description = "Changed, or the same already", body = Written),
        (status = 201, description = "Created", body = Written),
        (status = 400, description = "Malformed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "Every fault is listed", body = ProblemDocument,
         content_type = "application/problem+json"),
        (status = 503, description = "The database is away; nothing was written", body = ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn publish_location(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    authorize(&state, &headers)?;
    let id = location_id(&id)?;
    let feature: serde_json::Value = serde_json::from_slice(&body).map_err(|e| {
        Problem::new(
            Kind::InvalidBody,
            Text::new(
                format!("Тело не является JSON (строка {}, столбец {}).", e.line(), e.column()),
                format!("The body is not JSON (line {}, column {}).", e.line(), e.column()),
            ),
        )
    })?;
    let act = operator(&state).publish(Some(id), feature).await?;
    let status = if act.outcome == Some(Outcome::Created) { StatusCode::CREATED } else { StatusCode::OK };
    Ok(written(&state, status, &act))
}

/// Take one location off the map; its history stays.
#[utoipa::path(
    delete, path = "/api/v1/locations/{id}", operation_id = "withdraw_location", tag = "writes",
    params(("id" = String, Path, description = "The id of the place")),
    security(("operator_key" = [])),
    responses(
        (status = 200, body = Written),
        (status = 400, description = "Malformed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub async fn withdraw_location(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    authorize(&state, &headers)?;
    let id = location_id(&id)?;
    let act = operator(&state).withdraw(&id).await?;
    Ok(written(&state, StatusCode::OK, &act))
}

fn operator(state: &AppState) -> Operator<'_> {
    Operator::new(&state.store, &*state.clock, ACTOR, "api")
}

fn written(state: &AppState, status: StatusCode, act: &Act) -> Response {
    state.feed.wake();
    let warnings = act.checked.problems.iter().map(|p| p.sentence(Lang::Ru)).collect();
    let body = Written { id: act.id.to_string(), outcome: act.word(), seq: act.seq.0, warnings };
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(RYADOM_SEQ, HeaderValue::from(act.seq.0));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl From<OperatorError> for Problem {
    fn from(error: OperatorError) -> Self {
        match error {
            OperatorError::Refused(checked) => refusal(&checked),
            OperatorError::OtherId { asked, given } => Self::of_field(
                Kind::InvalidLocation,
                "id",
                Text::new(
                    format!("id в адресе ({asked}) и в описании места ({given}) различаются; нужен один"),
                    format!("the id in the URL ({asked}) and in the feature ({given}) differ; one is needed"),
                ),
            ),
            OperatorError::Unknown(id) => Self::no_location(id.as_str()),
            OperatorError::Damaged { id, reason } => {
                tracing::error!(location.id = %id, reason, "the stored location {id} cannot be read");
                Self::internal()
            }
            OperatorError::Store(error) => error.into(),
        }
    }
}

/// Whether this is the key of the settings. Digests are compared, so that time tells nothing of it.
pub(super) fn is_operator_key(state: &AppState, given: &str) -> bool {
    let digest = |text: &str| Sha256::digest(text.trim().as_bytes());
    state.options.operator_token.as_ref().is_some_and(|token| digest(given) == digest(token))
}

/// The key of the settings, as `Authorization: Bearer …`.
pub(super) fn authorize(state: &AppState, headers: &HeaderMap) -> Result<(), Problem> {
    match super::desk::bearer(headers) {
        Some(given) if is_operator_key(state, given) => Ok(()),
        _ => Err(unauthorized()),
    }
}

pub(super) fn unauthorized() -> Problem {
    Problem::new(
        Kind::Unauthorized,
        Text::new(
            "Изменять может только оператор: заголовок «Authorization: Bearer <ключ>» с ключом из RYADOM_OPERATOR_TOKEN.",
            "Only the operator may write: send «Authorization: Bearer <key>» with the key of RYADOM_OPERATOR_TOKEN.",
        ),
    )
}

pub(super) fn location_id(text: &str) -> Result<LocationId, Problem> {
    LocationId::new(text).map_err(|e| {
        Problem::of_field(
            Kind::InvalidParameter,
            "id",
            Text::new("id: до 64 букв и цифр, а также - _ . : /".to_owned(), format!("id: {e}")),
        )
    })
}

/// Every fault of a feature, each with its remedy.
fn refusal(checked: &Checked) -> Problem {
    let problem = Problem::new(
        Kind::InvalidLocation,
        Text::new(
            "Место не опубликовано: исправьте названное.",
            "The location was not published: correct what is named.",
        ),
    );
    checked.problems.iter().fold(problem, |problem, p| {
        let text = Text::new(p.sentence(Lang::Ru), p.sentence(Lang::En));
        problem.with_error(p.column.as_deref().unwrap_or("feature"), text)
    })
}
