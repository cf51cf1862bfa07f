//! What opens checks and locations for a partner's own tills and systems: terminals and keys.

use super::desk::{desk, json_body, unkept};
use super::desk_view::moment;
use super::partner::Asked;
use super::problem::{Kind, Problem, Text};
use super::schema::Faults;
use super::state::AppState;
use super::who::Caller;
use crate::domain::principal::Scope;
use crate::identity::policy::Action;
use crate::store::service_keys::TerminalOfPartner;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

fn shown_terminal(t: &TerminalOfPartner) -> Value {
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
    caller: Caller,
) -> Result<Response, Problem> {
    let asked = caller.own(Action::ManagePartner)?;
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
    caller: Caller,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked = caller.own(Action::ManagePartner)?;
    let view = asked.own(&state, &id).await?;
    let request: NameRequest = json_body(&body)?;
    let name = request.checked()?;
    if view.published.as_ref().is_none_or(|p| p.state != crate::domain::State::Published) {
        let why = Text::new("Касса нужна месту, которое уже на карте.", "A terminal needs a place that is on the map.");
        return Err(Problem::new(Kind::WrongState, why));
    }
    let code = desk(&state)?.new_pairing(view.id.as_str(), name).await?;
    let mut tx = state.store.begin().await?;
    asked.write_down(&state, &mut tx, "make-pairing", &format!("location:{}", view.id)).await?;
    tx.commit().await?;
    let expires_in_s = crate::credentials::terminals::PAIRING_S;
    Ok(unkept(StatusCode::CREATED, &json!({"code": code, "expires_in_s": expires_in_s})))
}

async fn own_terminal(state: &AppState, asked: &Asked, id: &str) -> Result<TerminalOfPartner, Problem> {
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
    caller: Caller,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked = caller.own(Action::ManagePartner)?;
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
    caller: Caller,
) -> Result<Response, Problem> {
    let asked = caller.own(Action::ManagePartner)?;
    own_terminal(&state, &asked, &id).await?;
    let mut tx = state.store.begin().await?;
    tx.end_terminal(&id, state.clock.now().timestamp()).await?;
    asked.write_down(&state, &mut tx, "revoke-terminal", &format!("terminal:{id}")).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The keys of the partner's own systems.
#[utoipa::path(
    get, path = "/api/v1/partner/keys", operation_id = "list_keys", tag = "partner",
    security(("session" = [])),
    responses((status = 200, description = "Without their secrets", body = Value), Faults),
)]
pub async fn list_keys(State(state): State<AppState>, caller: Caller) -> Result<Response, Problem> {
    let asked = caller.own(Action::ManagePartner)?;
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
pub async fn create_key(State(state): State<AppState>, caller: Caller, body: Bytes) -> Result<Response, Problem> {
    let asked = caller.own(Action::ManagePartner)?;
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
    caller: Caller,
) -> Result<Response, Problem> {
    let asked = caller.own(Action::ManagePartner)?;
    if state.gate.revoke_service_key(&id, &asked.partner, &asked.principal.actor()).await? {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Err(Problem::new(Kind::NoKey, Text::new("Такого ключа нет.", "There is no such key.")))
}
