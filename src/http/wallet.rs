//! The wallet's own routes: each request is proved by the device's key, no cookie is ever looked at.

use super::desk::{desk, json_body, unkept};
use super::problem::Problem;
use super::state::AppState;
use crate::credentials::desk::Desk;
use crate::credentials::minter::{MOST_CODES, SPOKEN_S};
use crate::credentials::online_code::STEP_S;
use crate::credentials::qr;
use crate::store::wallets::HeldRight;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

const DPOP: HeaderName = HeaderName::from_static("dpop");
/// The header with which every answer brings the next nonce.
pub const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// Answers, with a fresh nonce whatever the answer is.
async fn proved<F>(state: &AppState, headers: &HeaderMap, path: &str, act: F) -> Response
where
    F: AsyncFnOnce(&Desk, &HeldRight) -> Result<Response, Problem>,
{
    let desk = match desk(state) {
        Ok(desk) => desk,
        Err(problem) => return problem.into_response(),
    };
    let answer = async {
        let proof = headers.get(DPOP).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let held = desk.wallet_of(proof, path).await?;
        act(desk, &held).await
    };
    let mut response = answer.await.unwrap_or_else(IntoResponse::into_response);
    if let Ok(nonce) = HeaderValue::from_str(&desk.nonce()) {
        response.headers_mut().insert(DPOP_NONCE, nonce);
    }
    response
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodesRequest {
    count: Option<usize>,
    #[serde(default)]
    svg: bool,
}

/// Codes ahead, from the present step on.
#[utoipa::path(
    post, path = "/api/v1/wallet/codes", operation_id = "mint_codes", tag = "wallet",
    params(("DPoP" = String, Header, description = "A proof by the device's key, in the form of RFC 9449")),
    request_body(content = serde_json::Value, description = "`count`, 1 to 10, and `svg` for pictures"),
    responses(
        (status = 200, description = "Server time and codes from the present half minute on", body = serde_json::Value),
        (status = 401, description = "No good proof; `DPoP-Nonce` brings a nonce", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 403, description = "The right does not hold, or another phone stands in", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn mint_codes(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    proved(&state, &headers, "/api/v1/wallet/codes", async |desk, held| {
        let request: CodesRequest = json_body(&body)?;
        let codes = desk.codes(held, request.count.unwrap_or(MOST_CODES)).await?;
        let mut shown = Vec::with_capacity(codes.len());
        for code in &codes {
            let mut one = json!(code);
            if request.svg {
                one["svg"] = qr::draw(&code.text).map_err(|_| Problem::internal())?.svg().into();
            }
            shown.push(one);
        }
        Ok(unkept(
            StatusCode::OK,
            &json!({
                "server_time_ms": state.clock.now().timestamp_millis(),
                "step_s": STEP_S,
                "grace_s": desk.grace_s(),
                "codes": shown,
            }),
        ))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StateRequest {
    code: Option<String>,
}

/// How the wallet stands, and whether the code on its screen was taken.
#[utoipa::path(
    post, path = "/api/v1/wallet/state", operation_id = "show_state", tag = "wallet",
    params(("DPoP" = String, Header, description = "The proof")),
    request_body(content = serde_json::Value, description = "Perhaps `code`, the text on the screen"),
    responses(
        (status = 200, description = "How the right stands, and whether the code was taken", body = serde_json::Value),
        (status = 401, description = "No good proof", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn show_state(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    proved(&state, &headers, "/api/v1/wallet/state", async |desk, held| {
        let request: StateRequest = json_body(&body)?;
        let (standing, devices, code_used) = desk.wallet_state(held, request.code.as_deref()).await?;
        Ok(unkept(
            StatusCode::OK,
            &json!({
                "state": standing,
                "category": held.category,
                "region": held.region,
                "valid_until": held.valid_until,
                "code_used": code_used,
                "devices": devices,
                "server_time_ms": state.clock.now().timestamp_millis(),
            }),
        ))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpokenRequest {
    terminal: String,
}

/// Digits for one terminal.
#[utoipa::path(
    post, path = "/api/v1/wallet/spoken", operation_id = "mint_spoken", tag = "wallet",
    params(("DPoP" = String, Header, description = "The proof")),
    request_body(content = serde_json::Value, description = "`terminal`, the number on its screen"),
    responses(
        (status = 200, description = "Six digits for a minute", body = serde_json::Value),
        (status = 404, description = "No such terminal", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 401, description = "No good proof; `DPoP-Nonce` brings a nonce", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 403, description = "The right does not hold, or another phone stands in", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn mint_spoken(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    proved(&state, &headers, "/api/v1/wallet/spoken", async |desk, held| {
        let request: SpokenRequest = json_body(&body)?;
        let digits = desk.spoken(held, &request.terminal).await?;
        Ok(unkept(StatusCode::OK, &json!({"digits": digits, "expires_in_s": SPOKEN_S})))
    })
    .await
}

/// A recovery code to be written down.
#[utoipa::path(
    post, path = "/api/v1/wallet/recovery", operation_id = "make_recovery", tag = "wallet",
    params(("DPoP" = String, Header, description = "The proof")),
    request_body(content = serde_json::Value, description = "An empty object"),
    responses(
        (status = 200, description = "A code to be written down; a former one is void", body = serde_json::Value),
        (status = 401, description = "No good proof; `DPoP-Nonce` brings a nonce", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 403, description = "The right does not hold, or another phone stands in", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn make_recovery(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    proved(&state, &headers, "/api/v1/wallet/recovery", async |desk, held| {
        let _empty: Nothing = json_body(&body)?;
        Ok(unkept(StatusCode::OK, &json!({"recovery_code": desk.recovery(held).await?})))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// An offer for the new phone.
#[utoipa::path(
    post, path = "/api/v1/wallet/move", operation_id = "move_wallet", tag = "wallet",
    params(("DPoP" = String, Header, description = "The proof")),
    request_body(content = serde_json::Value, description = "An empty object"),
    responses(
        (status = 200, description = "An offer for the new phone", body = serde_json::Value),
        (status = 401, description = "No good proof; `DPoP-Nonce` brings a nonce", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 403, description = "The right does not hold, or another phone stands in", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn move_wallet(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    proved(&state, &headers, "/api/v1/wallet/move", async |desk, held| {
        let _empty: Nothing = json_body(&body)?;
        Ok(unkept(StatusCode::OK, &desk.move_wallet(held).await?))
    })
    .await
}

/// The device gives its credential back.
#[utoipa::path(
    post, path = "/api/v1/wallet/forget", operation_id = "forget_wallet", tag = "wallet",
    params(("DPoP" = String, Header, description = "The proof")),
    request_body(content = serde_json::Value, description = "An empty object"),
    responses(
        (status = 204, description = "Given back"),
        (status = 401, description = "No good proof", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn forget_wallet(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    proved(&state, &headers, "/api/v1/wallet/forget", async |desk, held| {
        let _empty: Nothing = json_body(&body)?;
        desk.forget(held).await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LostRequest {
    recovery_code: String,
}

/// "My phone is lost", from any phone.
#[utoipa::path(
    post, path = "/api/v1/wallet/lost", operation_id = "report_lost", tag = "wallet",
    request_body(content = serde_json::Value, description = "`recovery_code`"),
    responses(
        (status = 204, description = "Every device of the family is revoked"),
        (status = 400, description = "Malformed", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 404, description = "No such code", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 429, description = "Too many tries", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn report_lost(State(state): State<AppState>, body: Bytes) -> Result<Response, Problem> {
    let request: LostRequest = json_body(&body)?;
    desk(&state)?.lost(&request.recovery_code).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
