//! Signing in and out; the demo's page of letters.

use super::desk::{json_body, unkept};
use super::locations::asked_lang;
use super::partner::organisation_of;
use super::problem::{Kind, Problem, Text};
use super::schema::Faults;
use super::state::AppState;
use super::who::{COOKIE, Client, SignedIn};
use crate::credentials::qr;
use crate::domain::Lang;
use crate::identity::{Session, Standing};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, html};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkRequest {
    email: String,
    lang: Option<String>,
    to: Option<String>,
}

/// Ask for a sign-in link by mail. The answer is the same whether the address is known or not.
#[utoipa::path(
    post, path = "/api/v1/session/link", operation_id = "send_sign_in_link", tag = "session",
    request_body(content = Value, description = "`email`; perhaps `to` (/partner or /operator) and `lang`"),
    responses((status = 202, description = "A letter is on its way, if there is a reason to", body = Value), Faults),
)]
pub async fn send_link(
    State(state): State<AppState>,
    client: Client,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let request: LinkRequest = json_body(&body)?;
    let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let lang = request.lang.as_deref().and_then(Lang::of_tag).unwrap_or_else(|| asked_lang(None, accept));
    let to_operator = request.to.as_deref() == Some("/operator");
    state.gate.send_link(&request.email, to_operator, lang, client.0.as_deref()).await?;
    let dev_mail = state.gate.mailer().letters().is_some();
    Ok(unkept(StatusCode::ACCEPTED, &json!({"sent": true, "dev_mail": dev_mail})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenRequest {
    token: String,
}

/// Finish a sign-in with the token of a link.
#[utoipa::path(
    post, path = "/api/v1/session", operation_id = "sign_in", tag = "session",
    request_body(content = Value, description = "`token`, what stands in the link after #"),
    responses((status = 200, description = "The session; its cookie is set", body = Value), Faults),
)]
pub async fn sign_in(State(state): State<AppState>, client: Client, body: Bytes) -> Result<Response, Problem> {
    let request: TokenRequest = json_body(&body)?;
    let (token, session) = state.gate.sign_in(request.token.trim(), client.0.as_deref()).await?;
    let mut response = unkept(StatusCode::OK, &shown(&state, &session).await?);
    let lives_s = (session.expires_at - state.clock.now()).num_seconds();
    set_cookie(&mut response, &token, lives_s);
    Ok(response)
}

fn set_cookie(response: &mut Response, token: &str, lives_s: i64) {
    let text = format!("{COOKIE}={token}; Path=/; Max-Age={lives_s}; Secure; HttpOnly; SameSite=Lax");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
}

async fn shown(state: &AppState, session: &Session) -> Result<Value, Problem> {
    let partner = match &session.account.partner_id {
        Some(id) => match crate::domain::PartnerId::new(id) {
            Ok(id) => organisation_of(state, &id).await?.map(|o| json!({"id": o.id.as_str(), "name": o.profile.name})),
            Err(_) => None,
        },
        None => None,
    };
    let to = if session.role == crate::domain::principal::Role::Manager { "/partner" } else { "/operator" };
    Ok(json!({
        "account": {"id": session.account.id, "email": session.account.email, "role": session.role.code()},
        "partner": partner,
        "standing": session.standing.code(),
        "csrf": session.csrf,
        "to": to,
        "expires_at": session.expires_at,
    }))
}

/// Who is signed in.
#[utoipa::path(
    get, path = "/api/v1/session", operation_id = "show_session", tag = "session",
    security(("session" = [])),
    responses((status = 200, description = "The session", body = Value), Faults),
)]
pub async fn show_session(State(state): State<AppState>, SignedIn(session): SignedIn) -> Result<Response, Problem> {
    Ok(unkept(StatusCode::OK, &shown(&state, &session).await?))
}

/// Sign out here.
#[utoipa::path(
    delete, path = "/api/v1/session", operation_id = "sign_out", tag = "session",
    security(("session" = [])),
    responses((status = 204, description = "Signed out"), Faults),
)]
pub async fn sign_out(State(state): State<AppState>, SignedIn(session): SignedIn) -> Result<Response, Problem> {
    end(&state, &session, false).await
}

/// Sign out everywhere.
#[utoipa::path(
    post, path = "/api/v1/session/end-all", operation_id = "sign_out_everywhere", tag = "session",
    security(("session" = [])),
    responses((status = 204, description = "Every session of the account has ended"), Faults),
)]
pub async fn sign_out_everywhere(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
) -> Result<Response, Problem> {
    end(&state, &session, true).await
}

async fn end(state: &AppState, session: &Session, everywhere: bool) -> Result<Response, Problem> {
    state.gate.sign_out(session, everywhere).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&mut response, "", 0);
    Ok(response)
}

/// What an authenticator app needs, until the second factor is set up.
#[utoipa::path(
    get, path = "/api/v1/session/totp", operation_id = "show_second_factor", tag = "session",
    security(("session" = [])),
    responses((status = 200, description = "`secret`, `uri` and its QR as `svg`", body = Value), Faults),
)]
pub async fn show_totp(State(state): State<AppState>, SignedIn(session): SignedIn) -> Result<Response, Problem> {
    let factor = state.gate.enrol(&session).await?.ok_or_else(|| {
        Problem::new(Kind::WrongState, Text::new("Второй фактор уже настроен.", "The second factor is set up already."))
    })?;
    let uri = factor.uri().ok_or_else(Problem::internal)?;
    let svg = qr::draw(&uri).map_err(|_| Problem::internal())?.svg();
    Ok(unkept(StatusCode::OK, &json!({"secret": factor.secret_text(), "uri": uri, "svg": svg})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeRequest {
    code: String,
}

/// Show a code of the second factor.
#[utoipa::path(
    post, path = "/api/v1/session/totp", operation_id = "show_code", tag = "session",
    request_body(content = Value, description = "`code`, six digits"),
    security(("session" = [])),
    responses((status = 200, description = "The session, full now", body = Value), Faults),
)]
pub async fn show_code(
    State(state): State<AppState>,
    SignedIn(session): SignedIn,
    body: Bytes,
) -> Result<Response, Problem> {
    let request: CodeRequest = json_body(&body)?;
    let session = state.gate.show_code(&session, &request.code).await?;
    debug_assert_eq!(session.standing, Standing::Full);
    Ok(unkept(StatusCode::OK, &shown(&state, &session).await?))
}

/// The demo's letters as a page. Only where letters are kept, which only a loopback listener may.
pub async fn show_letters(State(state): State<AppState>) -> Result<Response, Problem> {
    let letters = state.gate.mailer().letters().ok_or_else(no_letters)?;
    let page = html! {
        (DOCTYPE)
        html lang="ru" {
            head {
                meta charset="utf-8";
                title { "Письма демонстрации" }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
            }
            body {
                main {
                    h1 { "Письма демонстрации" }
                    p { "Здесь ничего не отправляется: письма остаются на этой странице." }
                    @if letters.is_empty() { p { "Писем пока нет." } }
                    @for letter in &letters {
                        article {
                            h2 { (letter.subject) }
                            p { (letter.to) " · " time { (letter.at.to_rfc3339()) } }
                            @for line in letter.text.lines() {
                                @if line.starts_with("http") { p { a href=(line) { (line) } } } @else { p { (line) } }
                            }
                        }
                    }
                }
            }
        }
    };
    let mut response = Html(page.into_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    );
    Ok(response)
}

/// The same for programs.
pub async fn list_letters(State(state): State<AppState>) -> Result<Response, Problem> {
    let letters = state.gate.mailer().letters().ok_or_else(no_letters)?;
    Ok(unkept(StatusCode::OK, &letters))
}

fn no_letters() -> Problem {
    Problem::new(Kind::NoRoute, Text::new("Здесь письма уходят по-настоящему.", "Letters really go out here."))
}
