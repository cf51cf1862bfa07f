//! OpenID4VCI 1.0 at the door: metadata, offers, token, nonce, credentials, status lists. Errors here are the standards'
//! own, because other people's wallets read them.

use super::desk::{bearer, desk, unkept};
use super::problem::{Kind, Problem, Text};
use super::state::AppState;
use crate::credentials::issuer::IssueError;
use crate::credentials::status_lists::TTL_S;
use crate::credentials::wire;
use axum::Form;
use axum::body::{Body, Bytes};
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

const STATUS_JWT_TYPE: &str = "application/statuslist+jwt";
/// How long documents that change with keys alone may be kept.
const KEPT: &str = "public, max-age=300";

fn document(value: &Value) -> Response {
    ([(header::CACHE_CONTROL, KEPT)], axum::Json(value)).into_response()
}

/// `/.well-known/openid-credential-issuer`.
pub async fn show_issuer(State(state): State<AppState>) -> Result<Response, Problem> {
    Ok(document(&desk(&state)?.issuer_metadata()))
}

/// `/.well-known/oauth-authorization-server`.
pub async fn show_authorization_server(State(state): State<AppState>) -> Result<Response, Problem> {
    Ok(document(&desk(&state)?.authorization_metadata()))
}

/// `/.well-known/jwt-vc-issuer`.
pub async fn show_vc_issuer(State(state): State<AppState>) -> Result<Response, Problem> {
    Ok(document(&desk(&state)?.vc_issuer_metadata().await?))
}

/// The public keys.
pub async fn show_jwks(State(state): State<AppState>) -> Result<Response, Problem> {
    Ok(document(&desk(&state)?.jwks().await?))
}

/// The type of the credential.
pub async fn show_type(State(state): State<AppState>) -> Result<Response, Problem> {
    Ok(document(&desk(&state)?.type_metadata()))
}

/// An offer by reference.
pub async fn show_offer(State(state): State<AppState>, Path(handle): Path<String>) -> Result<Response, Problem> {
    match desk(&state)?.show_offer(&handle).await? {
        Some(offer) => Ok(unkept(StatusCode::OK, &offer)),
        None => Err(Problem::new(
            Kind::NoOffer,
            Text::new(
                "Приглашение уже использовано или устарело. Попросите новое.",
                "The invitation was used or has run out. Ask for a new one.",
            ),
        )),
    }
}

/// What the token endpoint reads; members that it does not know are none of its business (RFC 6749).
#[derive(Deserialize)]
pub struct TokenRequest {
    grant_type: Option<String>,
    #[serde(rename = "pre-authorized_code")]
    code: Option<String>,
    tx_code: Option<String>,
}

/// The token endpoint.
pub async fn take_token(
    State(state): State<AppState>,
    form: Result<Form<TokenRequest>, FormRejection>,
) -> Result<Response, Problem> {
    let Ok(Form(request)) = form else {
        return Ok(oauth(StatusCode::BAD_REQUEST, "invalid_request", "a form of its own names is needed, each once"));
    };
    let desk = desk(&state)?;
    let given = |text: &Option<String>| text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let (grant, code, tx_code) = (given(&request.grant_type), given(&request.code), given(&request.tx_code));
    match desk.token(grant.as_deref(), code.as_deref(), tx_code.as_deref()).await {
        Ok(access) => Ok(unkept(
            StatusCode::OK,
            &json!({"access_token": access.token, "token_type": "Bearer", "expires_in": access.expires_in_s}),
        )),
        Err(error) => refused(error),
    }
}

/// The nonce endpoint.
pub async fn take_nonce(State(state): State<AppState>) -> Result<Response, Problem> {
    Ok(unkept(StatusCode::OK, &json!({"c_nonce": desk(&state)?.nonce()})))
}

/// The credential endpoint.
pub async fn issue_credential(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let desk = desk(&state)?;
    let Some(token) = bearer(&headers) else { return Ok(no_token()) };
    let Ok(request) = serde_json::from_slice::<Value>(&body) else {
        return refused(IssueError::Request("invalid_credential_request", "the body must be a JSON object"));
    };
    match desk.credential(token, &request).await {
        Ok(issued) => {
            let credentials: Vec<Value> = issued.credentials.iter().map(|c| json!({"credential": c})).collect();
            Ok(unkept(StatusCode::OK, &json!({"credentials": credentials, "notification_id": issued.notification_id})))
        }
        Err(error) => refused(error),
    }
}

/// The notification endpoint.
pub async fn take_notification(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let desk = desk(&state)?;
    let Some(token) = bearer(&headers) else { return Ok(no_token()) };
    let request = serde_json::from_slice::<Value>(&body).unwrap_or_default();
    match desk.notify(token, &request).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(error) => refused(error),
    }
}

fn refused(error: IssueError) -> Result<Response, Problem> {
    match error {
        IssueError::Request(error, description) => Ok(oauth(StatusCode::BAD_REQUEST, error, description)),
        IssueError::Token => {
            let mut response =
                oauth(StatusCode::UNAUTHORIZED, "invalid_token", "the access token is missing, unknown or has run out");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer error="invalid_token""#));
            Ok(response)
        }
        IssueError::Desk(error) => Err(error.into()),
    }
}

/// Nothing was sent, so nothing of it is wrong (RFC 6750, 3.1).
fn no_token() -> Response {
    let mut response = oauth(StatusCode::UNAUTHORIZED, "invalid_token", "an access token is needed");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

fn oauth(status: StatusCode, error: &str, description: &str) -> Response {
    let mut response = unkept(status, &json!({"error": error, "error_description": description}));
    response.extensions_mut().insert(super::outer::Named);
    response
}

/// A status list, as a JWT or as a CWT.
pub async fn show_status_list(
    State(state): State<AppState>,
    Path(number): Path<i64>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Some(list) = desk(&state)?.status_list(number).await? else {
        return Err(Problem::new(
            Kind::NoRoute,
            Text::new("Такого списка статусов нет.", "There is no such status list."),
        ));
    };
    let weight_of = |mime| super::conditional::weight(&headers.get_all(header::ACCEPT), mime);
    let jwt = weight_of(STATUS_JWT_TYPE).unwrap_or_else(|| weight_of("*/*").unwrap_or(0.0));
    let (body, mime) = if weight_of(wire::STATUS_CWT_TYPE).is_some_and(|cwt| cwt > jwt) {
        (Body::from(list.cwt.clone()), HeaderValue::from_static(wire::STATUS_CWT_TYPE))
    } else {
        (Body::from(list.jwt.clone()), HeaderValue::from_static(STATUS_JWT_TYPE))
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, mime);
    headers.insert(header::VARY, HeaderValue::from_static("accept"));
    let kept = format!("public, max-age={TTL_S}");
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_str(&kept).unwrap_or(HeaderValue::from_static("no-cache")));
    Ok(response)
}
