//! A partner's desk, beside the locations: photos, terminals, keys, refusals.

use super::desk::{desk, json_body, unkept};
use super::desk_view::{if_match, moment};
use super::params::Params;
use super::partner::{Asked, TextRequest, asked, changed};
use super::problem::{Kind, Problem, Text};
use super::schema::Faults;
use super::state::AppState;
use super::who::Client;
use crate::audit::{self, Entry};
use crate::domain::principal::Scope;
use crate::identity::policy::Action;
use crate::partners::photo::{self, PhotoFault};
use crate::partners::refusal;
use crate::sealing::random_text;
use crate::store::photos::{PhotoRow, RefusalRow};
use axum::body::Bytes;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Map, Value, json};

// Photos.

/// The picture of a location. It is turned upright, made small and encoded anew; nothing else of the file is kept.
#[utoipa::path(
    put, path = "/api/v1/partner/locations/{id}/photo", operation_id = "put_photo", tag = "partner",
    request_body(content = Vec<u8>, description = "JPEG, PNG or WebP, 8 MB at most", content_type = "image/jpeg"),
    params(("id" = String, Path, description = "The id of the place"), ("If-Match" = String, Header, description = "The ETag")),
    security(("session" = []), ("service_key" = [])),
    responses((status = 200, description = "The location; its revision shows the photo", body = Value), Faults),
)]
pub async fn put_photo(
    State(state): State<AppState>,
    Path(id): Path<String>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked = asked(&state, &method, &uri, &headers, Action::EditLocations).await?;
    let view = asked.own(&state, &id).await?;
    let etag = if_match(&headers)?;
    // Before anything is kept: what is refused for its version must leave nothing behind.
    if view.etag() != etag {
        return changed(&state, &asked, &view.id, etag, &Map::new(), false).await;
    }
    state.gate.limited("photo", asked.partner.as_str(), 200).await?;
    let _turn = photo::TURNS.acquire().await;
    let encoded = tokio::task::spawn_blocking(move || photo::encode(&body)).await.map_err(|_| Problem::internal())?;
    let encoded = encoded.map_err(photo_problem)?;
    let row = PhotoRow {
        id: random_text::<15>(),
        partner_id: asked.partner.to_string(),
        width: i64::from(encoded.width),
        height: i64::from(encoded.height),
        bytes: encoded.bytes,
        is_public: 0,
        created_s: state.clock.now().timestamp(),
    };
    state.store.put_photo(&row).await?;
    let patch = Map::from_iter([("photo".to_owned(), row.id.into())]);
    changed(&state, &asked, &view.id, etag, &patch, false).await
}

fn photo_problem(fault: PhotoFault) -> Problem {
    match fault {
        PhotoFault::Type => {
            Problem::new(Kind::PhotoType, Text::new("Нужен JPEG, PNG или WebP.", "JPEG, PNG or WebP is needed."))
        }
        PhotoFault::Unreadable => Problem::new(
            Kind::InvalidPhoto,
            Text::new(
                "Файл повреждён или слишком велик. Сохраните фото заново.",
                "The file is damaged or too large. Save the photo anew.",
            ),
        ),
        PhotoFault::TooSmall => Problem::new(
            Kind::InvalidPhoto,
            Text::new(
                "Фото мельче 200 точек. Возьмите крупнее.",
                "The photo is smaller than 200 pixels. Take a larger one.",
            ),
        ),
    }
}

/// No picture any more.
#[utoipa::path(
    delete, path = "/api/v1/partner/locations/{id}/photo", operation_id = "remove_photo", tag = "partner",
    params(("id" = String, Path, description = "The id of the place"), ("If-Match" = String, Header, description = "The ETag")),
    security(("session" = []), ("service_key" = [])),
    responses((status = 200, description = "The location", body = Value), Faults),
)]
pub async fn remove_photo(
    State(state): State<AppState>,
    Path(id): Path<String>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = asked(&state, &method, &uri, &headers, Action::EditLocations).await?;
    let view = asked.own(&state, &id).await?;
    let patch = Map::from_iter([("photo".to_owned(), Value::Null)]);
    changed(&state, &asked, &view.id, if_match(&headers)?, &patch, false).await
}

/// A photo: of an approved place for everybody, of a draft for its partner and for operators.
#[utoipa::path(
    get, path = "/photos/{id}", operation_id = "show_photo", tag = "locations",
    params(("id" = String, Path, description = "What `photo` of a card ends with")),
    responses((status = 200, description = "JPEG", body = Vec<u8>, content_type = "image/jpeg"), Faults),
)]
pub async fn show_photo(
    State(state): State<AppState>,
    Path(id): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let none = || Problem::new(Kind::NoPhoto, Text::new("Такого фото нет.", "There is no such photo."));
    let bytes = if let Some(kept) = state.photos.get(&id) {
        kept
    } else {
        let row = state.store.lookup_photo(&id).await?.ok_or_else(none)?;
        let bytes = Bytes::from(row.bytes);
        if row.is_public == 0 {
            use crate::domain::Principal as P;
            let sees = match super::who::principal(&state, &method, &headers).await? {
                P::Operator { .. } | P::OperatorKey => true,
                P::Manager { partner: Some(partner), .. } | P::Service { partner, .. } => {
                    partner.as_str() == row.partner_id
                }
                P::Manager { partner: None, .. } | P::Auditor { .. } | P::Anonymous => false,
            };
            return if sees { Ok(photo(bytes, "private, no-store")) } else { Err(none()) };
        }
        state.photos.insert(id, bytes.clone());
        bytes
    };
    Ok(photo(bytes, "public, max-age=31536000, immutable"))
}

fn photo(bytes: Bytes, cache: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, cache)];
    (headers, bytes).into_response()
}

// Terminals.

fn shown_terminal(t: &crate::store::service_keys::TerminalOfPartner) -> Value {
    json!({
        "id": t.id, "location_id": t.location_id, "name": t.name, "number": t.number,
        "paired_at": moment(t.paired_s), "last_seen_at": t.last_seen_s.map(moment),
    })
}

/// The terminals of a location.
#[utoipa::path(
    get, path = "/api/v1/partner/locations/{id}/terminals", operation_id = "list_own_terminals", tag = "partner",
    params(("id" = String, Path, description = "The id of the place")),
    security(("session" = [])),
    responses((status = 200, description = "Paired ones", body = Value), Faults),
)]
pub async fn list_terminals(
    State(state): State<AppState>,
    Path(id): Path<String>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = asked(&state, &method, &uri, &headers, Action::ManagePartner).await?;
    let view = asked.own(&state, &id).await?;
    let terminals = state.store.terminals_of_location(view.id.as_str()).await?;
    let shown: Vec<Value> = terminals.iter().map(shown_terminal).collect();
    Ok(unkept(StatusCode::OK, &json!({"terminals": shown})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NameRequest {
    name: String,
}

impl NameRequest {
    fn checked(&self) -> Result<&str, Problem> {
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
            let why = Text::new("Назовите от 1 до 60 знаками.", "Give a name of 1 to 60 characters.");
            return Err(Problem::of_field(Kind::InvalidAccount, "name", why));
        }
        Ok(name)
    }
}

/// A code that pairs a terminal with a location of the map.
#[utoipa::path(
    post, path = "/api/v1/partner/locations/{id}/terminals", operation_id = "pair_own_terminal", tag = "partner",
    request_body(content = Value, description = "`name`"),
    params(("id" = String, Path, description = "The id of the place")),
    security(("session" = [])),
    responses((status = 201, description = "The code, good once for a day", body = Value), Faults),
)]
pub async fn pair_terminal(
    State(state): State<AppState>,
    Path(id): Path<String>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked = asked(&state, &method, &uri, &headers, Action::ManagePartner).await?;
    let view = asked.own(&state, &id).await?;
    let request: NameRequest = json_body(&body)?;
    let name = request.checked()?;
    if view.published.as_ref().is_none_or(|p| p.state != crate::domain::State::Published) {
        let why = Text::new("Касса нужна месту, которое уже на карте.", "A terminal needs a place that is on the map.");
        return Err(Problem::new(Kind::WrongState, why));
    }
    let code = desk(&state)?.new_pairing(view.id.as_str(), name).await?;
    note(&state, &asked, "make-pairing", &format!("location:{}", view.id), json!({})).await?;
    let expires_in_s = crate::credentials::terminals::PAIRING_S;
    Ok(unkept(StatusCode::CREATED, &json!({"code": code, "expires_in_s": expires_in_s})))
}

async fn note(state: &AppState, asked: &Asked, act: &str, target: &str, detail: Value) -> Result<(), Problem> {
    let mut tx = state.store.begin().await?;
    let (at_s, actor) = (state.clock.now().timestamp(), asked.principal.actor());
    audit::append(&mut tx, Entry { at_s, actor: &actor, act, target, detail }).await?;
    tx.commit().await?;
    Ok(())
}

async fn own_terminal(
    state: &AppState,
    asked: &Asked,
    id: &str,
) -> Result<crate::store::service_keys::TerminalOfPartner, Problem> {
    let none = || Problem::new(Kind::NoTerminal, Text::new("Такой кассы нет.", "There is no such terminal."));
    let terminal = state.store.terminal_of_partner(id).await?.ok_or_else(none)?;
    match state.store.owner_of(&terminal.location_id).await? {
        Some(owner) if owner == asked.partner.as_str() => Ok(terminal),
        _ => Err(none()),
    }
}

/// Call a terminal something else.
#[utoipa::path(
    patch, path = "/api/v1/partner/terminals/{id}", operation_id = "rename_own_terminal", tag = "partner",
    request_body(content = Value, description = "`name`"),
    params(("id" = String, Path, description = "The id of the terminal")),
    security(("session" = [])),
    responses((status = 200, description = "As it is now", body = Value), Faults),
)]
pub async fn rename_terminal(
    State(state): State<AppState>,
    Path(id): Path<String>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked = asked(&state, &method, &uri, &headers, Action::ManagePartner).await?;
    let mut terminal = own_terminal(&state, &asked, &id).await?;
    let request: NameRequest = json_body(&body)?;
    request.checked()?.clone_into(&mut terminal.name);
    let mut tx = state.store.begin().await?;
    tx.rename_terminal(&id, &terminal.name).await?;
    tx.commit().await?;
    Ok(unkept(StatusCode::OK, &shown_terminal(&terminal)))
}

/// End a terminal.
#[utoipa::path(
    delete, path = "/api/v1/partner/terminals/{id}", operation_id = "revoke_own_terminal", tag = "partner",
    params(("id" = String, Path, description = "The id of the terminal")),
    security(("session" = [])),
    responses((status = 204, description = "It checks nothing any more"), Faults),
)]
pub async fn revoke_terminal(
    State(state): State<AppState>,
    Path(id): Path<String>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = asked(&state, &method, &uri, &headers, Action::ManagePartner).await?;
    own_terminal(&state, &asked, &id).await?;
    let mut tx = state.store.begin().await?;
    let at_s = state.clock.now().timestamp();
    tx.end_terminal(&id, at_s).await?;
    let (actor, target) = (asked.principal.actor(), format!("terminal:{id}"));
    audit::append(&mut tx, Entry { at_s, actor: &actor, act: "revoke-terminal", target: &target, detail: json!({}) })
        .await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

// Keys.

/// The keys of the partner's own systems.
#[utoipa::path(
    get, path = "/api/v1/partner/keys", operation_id = "list_keys", tag = "partner",
    security(("session" = [])),
    responses((status = 200, description = "Without their secrets", body = Value), Faults),
)]
pub async fn list_keys(
    State(state): State<AppState>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = asked(&state, &method, &uri, &headers, Action::ManagePartner).await?;
    let keys = state.store.list_service_keys(asked.partner.as_str()).await?;
    let shown: Vec<Value> = keys
        .iter()
        .map(|k| {
            json!({
                "id": k.id, "name": k.name, "scopes": k.scopes.split(' ').collect::<Vec<_>>(),
                "location_id": k.location_id, "created_at": moment(k.created_s), "last_used_at": k.last_used_s.map(moment),
            })
        })
        .collect();
    Ok(unkept(StatusCode::OK, &json!({"keys": shown})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyRequest {
    name: String,
    scopes: Vec<String>,
    location_id: Option<String>,
}

/// Make a key, shown once.
#[utoipa::path(
    post, path = "/api/v1/partner/keys", operation_id = "create_key", tag = "partner",
    request_body(content = Value, description = "`name`, `scopes` (locations:read, locations:write, checks:verify), for checks perhaps `location_id`"),
    security(("session" = [])),
    responses((status = 201, description = "`key` is said once", body = Value), Faults),
)]
pub async fn create_key(
    State(state): State<AppState>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked = asked(&state, &method, &uri, &headers, Action::ManagePartner).await?;
    let request: KeyRequest = json_body(&body)?;
    let name = NameRequest { name: request.name };
    let name = name.checked()?;
    let scopes: Option<Vec<Scope>> = request.scopes.iter().map(|code| Scope::of_code(code)).collect();
    let Some(scopes) = scopes.filter(|s| !s.is_empty()) else {
        let why = Text::new(
            "Выберите из locations:read, locations:write, checks:verify.",
            "Choose from locations:read, locations:write, checks:verify.",
        );
        return Err(Problem::of_field(Kind::InvalidAccount, "scopes", why));
    };
    if let Some(location) = &request.location_id {
        asked.own(&state, location).await?;
    }
    let (id, key) = state
        .gate
        .new_service_key(name, &asked.partner, &scopes, request.location_id.as_deref(), &asked.principal.actor())
        .await?;
    let codes: Vec<&str> = scopes.iter().map(|s| s.code()).collect();
    let created_at = moment(state.clock.now().timestamp());
    let body =
        json!({"id": id, "key": key, "name": name, "scopes": codes, "created_at": created_at, "last_used_at": null});
    Ok(unkept(StatusCode::CREATED, &body))
}

/// End a key.
#[utoipa::path(
    delete, path = "/api/v1/partner/keys/{id}", operation_id = "revoke_key", tag = "partner",
    params(("id" = String, Path, description = "The id of the key")),
    security(("session" = [])),
    responses((status = 204, description = "It opens nothing any more"), Faults),
)]
pub async fn revoke_key(
    State(state): State<AppState>,
    Path(id): Path<String>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = asked(&state, &method, &uri, &headers, Action::ManagePartner).await?;
    if state.gate.revoke_service_key(&id, &asked.partner, &asked.principal.actor()).await? {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Err(Problem::new(Kind::NoKey, Text::new("Такого ключа нет.", "There is no such key.")))
}

// Refusals.

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefusalRequest {
    reason: String,
    day: NaiveDate,
    text: Option<String>,
}

/// "I was refused here": without an account, without personal data.
#[utoipa::path(
    post, path = "/api/v1/locations/{id}/refusals", operation_id = "report_refusal", tag = "locations",
    request_body(content = Value, description = "`reason` (not_honoured, other_terms, closed, code_not_taken, other), `day`, perhaps `text`"),
    params(("id" = String, Path, description = "The id of the place")),
    responses((status = 202, description = "It reaches the operator and the partner", body = Value), Faults),
)]
pub async fn report_refusal(
    State(state): State<AppState>,
    Path(id): Path<String>,
    client: Client,
    body: Bytes,
) -> Result<Response, Problem> {
    let request: RefusalRequest = json_body(&body)?;
    let partner_id = {
        let snapshot = state.index.current();
        if snapshot.lookup(&id).is_none() {
            return Err(Problem::no_location(&id));
        }
        state.store.owner_of(&id).await?.ok_or_else(|| Problem::no_location(&id))?
    };
    let wrong = |field: &str, ru: &str, en: &str| Problem::of_field(Kind::InvalidRefusal, field, Text::new(ru, en));
    if !refusal::REASONS.contains(&request.reason.as_str()) {
        let known = refusal::REASONS.join(", ");
        return Err(wrong("reason", &format!("Бывает: {known}."), &format!("There are: {known}.")));
    }
    let today = state.clock.now().with_timezone(&chrono_tz::Europe::Moscow).date_naive();
    let age = (today - request.day).num_days();
    // Somewhere it is tomorrow already.
    if !(-1..=refusal::MAX_AGE_DAYS).contains(&age) {
        return Err(wrong(
            "day",
            "День — не из будущего и не раньше двух месяцев.",
            "The day must lie in the last two months.",
        ));
    }
    let text = request.text.as_deref().unwrap_or_default();
    if text.chars().count() > refusal::MAX_TEXT_CHARS {
        return Err(wrong("text", "Не больше 500 знаков.", "500 characters at most."));
    }
    // The client first: one that is refused must not use up what a place may hear.
    if let Some(client) = &client.0 {
        state.gate.limited("refusals-of", client, 5).await?;
    }
    state.gate.limited("refusals-at", &id, 20).await?;
    let row = RefusalRow {
        id: format!("f-{}", random_text::<9>()),
        location_id: id,
        partner_id,
        day: request.day,
        reason: request.reason,
        text: Some(refusal::without_contacts(text)).filter(|t| !t.is_empty()),
        state: "open".to_owned(),
        answer: None,
        // By the hour: the minute would tell the partner who it was.
        created_s: state.clock.now().timestamp() / 3_600 * 3_600,
        location_name: None,
    };
    state.store.put_refusal(&row).await?;
    Ok(unkept(StatusCode::ACCEPTED, &json!({"taken": true})))
}

/// A page of refusals, of one partner or of all, newest first.
pub(super) async fn refusals(state: &AppState, query: Option<&str>, partner: Option<&str>) -> Result<Value, Problem> {
    let params = Params::of_query(query, &["cursor", "limit", "lang"])?;
    let limit = params.whole("limit", 50, 200)? as i64;
    let cursor = params.text("cursor").and_then(|c| c.split_once('~'));
    let before = cursor.and_then(|(at, id)| Some((at.parse().ok()?, id))).unwrap_or((i64::MAX, ""));
    let rows = state.store.list_refusals(partner, before, limit).await?;
    let next = (rows.len() as i64 == limit).then(|| rows.last().map(|r| format!("{}~{}", r.created_s, r.id))).flatten();
    let shown: Vec<Value> = rows
        .iter()
        .map(|r| {
            json!({
                "id": r.id, "location_id": r.location_id, "partner_id": r.partner_id,
                "location_name": r.location_name,
                "day": r.day, "reason": r.reason, "text": r.text, "answer": r.answer, "state": r.state,
            })
        })
        .collect();
    Ok(json!({"refusals": shown, "next": next}))
}

/// Refusals at the partner's locations.
#[utoipa::path(
    get, path = "/api/v1/partner/refusals", operation_id = "list_own_refusals", tag = "partner",
    params(("cursor" = Option<String>, Query, description = "`next` of the answer before"), ("limit" = Option<u32>, Query, description = "1 to 200"), ("lang" = Option<String>, Query, description = "ru or en")),
    security(("session" = [])),
    responses((status = 200, description = "Newest first", body = Value), Faults),
)]
pub async fn list_own_refusals(
    State(state): State<AppState>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = asked(&state, &method, &uri, &headers, Action::ManagePartner).await?;
    Ok(unkept(StatusCode::OK, &refusals(&state, uri.query(), Some(asked.partner.as_str())).await?))
}

pub(super) fn no_refusal() -> Problem {
    Problem::new(Kind::NoRefusal, Text::new("Такого сообщения нет.", "There is no such report."))
}

/// Answer a refusal.
#[utoipa::path(
    post, path = "/api/v1/partner/refusals/{id}/answer", operation_id = "answer_refusal", tag = "partner",
    request_body(content = Value, description = "`text`"),
    params(("id" = String, Path, description = "The id of the report")),
    security(("session" = [])),
    responses((status = 200, description = "The operator sees the answer", body = Value), Faults),
)]
pub async fn answer_refusal(
    State(state): State<AppState>,
    Path(id): Path<String>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked = asked(&state, &method, &uri, &headers, Action::ManagePartner).await?;
    let row = state.store.lookup_refusal(&id).await?.filter(|r| r.partner_id == asked.partner.as_str());
    let row = row.ok_or_else(no_refusal)?;
    let request: TextRequest = json_body(&body)?;
    let text = request.checked(Kind::InvalidRefusal)?;
    if row.state == "closed" {
        let why = Text::new("Оператор уже закрыл это сообщение.", "An operator has closed this report.");
        return Err(Problem::new(Kind::WrongState, why));
    }
    let mut tx = state.store.begin().await?;
    tx.settle_refusal(&id, "answered", Some(text)).await?;
    let (at_s, actor, target) = (state.clock.now().timestamp(), asked.principal.actor(), format!("refusal:{id}"));
    audit::append(&mut tx, Entry { at_s, actor: &actor, act: "answer-refusal", target: &target, detail: json!({}) })
        .await?;
    tx.commit().await?;
    Ok(unkept(StatusCode::OK, &json!({"id": id, "state": "answered", "answer": text})))
}
