//! The operator's desk, beside the moderation: organisations, accounts, the log.

use super::desk::{json_body, unkept};
use super::desk_view::{moment, registry_problem};
use super::operator::partner_name;
use super::params::Params;
use super::partner::organisation_of;
use super::problem::{Kind, Problem, Text};
use super::schema::Faults;
use super::state::AppState;
use super::who::{Caller, no_partner};
use crate::domain::principal::Role;
use crate::domain::{PartnerId, Principal};
use crate::identity::policy::Action;
use crate::partners::profile::Profile;
use crate::partners::registry;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

/// Organisations, with their managers.
#[utoipa::path(
    get, path = "/api/v1/operator/partners", operation_id = "list_partners", tag = "operator",
    params(("q" = Option<String>, Query, description = "A part of the name, or the INN"), ("cursor" = Option<String>, Query, description = "`next` of the answer before"), ("lang" = Option<String>, Query, description = "ru or en")),
    security(("session" = []), ("operator_key" = [])),
    responses((status = 200, description = "A page", body = Value), Faults),
)]
pub async fn list_partners(State(state): State<AppState>, caller: Caller) -> Result<Response, Problem> {
    const PAGE: i64 = 200;
    caller.may(Action::Moderate)?;
    let params = Params::of_query(caller.query(), &["q", "cursor", "lang"])?;
    let words = crate::domain::fold::fold(params.text("q").unwrap_or_default());
    let rows = state.store.list_organisations(params.text("cursor").unwrap_or_default(), PAGE).await?;
    let next = (rows.len() as i64 == PAGE).then(|| rows.last().map(|r| r.id.clone())).flatten();
    let mut shown = Vec::new();
    for row in rows {
        let profile = registry::profile_of(&row.id, row.profile);
        let profile = profile.map_err(|e| registry_problem(e, &Profile::default(), caller.lang))?;
        let text =
            crate::domain::fold::fold(&format!("{} {}", profile.name, profile.inn.as_deref().unwrap_or_default()));
        if !text.contains(&words) {
            continue;
        }
        let managers = state.store.managers_of(&row.id).await?;
        shown.push(json!({
            "id": row.id,
            "profile": profile,
            "state": row.state,
            "locations": state.store.count_locations_of(&row.id).await?,
            "managers": managers.iter().filter(|a| a.disabled_s.is_none())
                .map(|a| json!({"id": a.id, "email": a.email})).collect::<Vec<_>>(),
        }));
    }
    Ok(unkept(StatusCode::OK, &json!({"partners": shown, "next": next})))
}

/// Accounts of everybody.
#[utoipa::path(
    get, path = "/api/v1/operator/accounts", operation_id = "list_accounts", tag = "operator",
    params(("cursor" = Option<String>, Query, description = "`next` of the answer before"), ("limit" = Option<u32>, Query, description = "1 to 500, 200 by default"), ("lang" = Option<String>, Query, description = "ru or en")),
    security(("session" = []), ("operator_key" = [])),
    responses((status = 200, description = "A page, staff first, by address", body = Value), Faults),
)]
pub async fn list_accounts(State(state): State<AppState>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Action::ManageAccounts)?;
    let params = Params::of_query(caller.query(), &["cursor", "limit", "lang"])?;
    let limit = params.whole("limit", 200, 500)?;
    let rows = state.store.list_accounts(params.text("cursor").unwrap_or_default(), limit as i64).await?;
    let next = (rows.len() == limit).then(|| rows.last().map(|a| a.id.clone())).flatten();
    let mut accounts = Vec::new();
    for a in rows {
        let partner = match &a.partner_id {
            Some(id) => json!({"id": id, "name": partner_name(&state, id).await?}),
            None => Value::Null,
        };
        accounts.push(json!({
            "id": a.id, "email": a.email, "role": a.role, "partner": partner,
            "created_at": moment(a.created_s), "disabled": a.disabled_s.is_some(),
        }));
    }
    Ok(unkept(StatusCode::OK, &json!({"accounts": accounts, "next": next})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountRequest {
    email: String,
    role: String,
    partner_id: Option<String>,
}

/// Invite an operator or an auditor, or make somebody the manager of a partner.
#[utoipa::path(
    post, path = "/api/v1/operator/accounts", operation_id = "invite_account", tag = "operator",
    request_body(content = Value, description = "`email`, `role` (operator, auditor, manager), perhaps `partner_id`"),
    security(("session" = []), ("operator_key" = [])),
    responses((status = 201, description = "Invited; where no letters go out, the link is in the answer", body = Value), Faults),
)]
pub async fn invite_account(State(state): State<AppState>, caller: Caller, body: Bytes) -> Result<Response, Problem> {
    let principal = caller.may(Action::ManageAccounts)?;
    let request: AccountRequest = json_body(&body)?;
    let role = Role::of_code(&request.role).ok_or_else(|| {
        let why = Text::new("Бывает operator, auditor, manager.", "There are operator, auditor, manager.");
        Problem::of_field(Kind::InvalidAccount, "role", why)
    })?;
    let partner = match (&request.partner_id, role) {
        (Some(id), Role::Manager) => {
            let id = PartnerId::new(id).map_err(|_| no_partner())?;
            organisation_of(&state, &id).await?.ok_or_else(no_partner)?;
            Some(id)
        }
        (Some(_), _) => {
            let why = Text::new("Партнёр бывает только у manager.", "Only a manager has a partner.");
            return Err(Problem::of_field(Kind::InvalidAccount, "partner_id", why));
        }
        (None, _) => None,
    };
    let actor = principal.actor();
    let (mut body, link) = if role == Role::Manager {
        let Some(partner) = partner else {
            let why = Text::new("Укажите партнёра.", "Name the partner.");
            return Err(Problem::of_field(Kind::InvalidAccount, "partner_id", why));
        };
        let link = state.gate.invite_manager(&request.email, &partner, &actor).await?;
        (json!({"email": request.email.trim(), "role": role.code(), "partner_id": partner.as_str()}), Some(link))
    } else {
        let (account, link, is_fresh) = state.gate.invite_staff(&request.email, role, &actor).await?;
        // Who may invite must not come in as somebody else.
        (json!({"id": account.id, "email": account.email, "role": account.role}), is_fresh.then_some(link))
    };
    if !state.gate.mailer().is_on() {
        body["link"] = json!(link);
    }
    Ok(unkept(StatusCode::CREATED, &body))
}

/// Disable an account; its sessions end at once.
#[utoipa::path(
    delete, path = "/api/v1/operator/accounts/{id}", operation_id = "disable_account", tag = "operator",
    params(("id" = String, Path, description = "The id of the account")),
    security(("session" = []), ("operator_key" = [])),
    responses((status = 204, description = "Disabled"), Faults),
)]
pub async fn disable_account(
    State(state): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<Response, Problem> {
    let principal = caller.may(Action::ManageAccounts)?;
    if matches!(principal, Principal::Operator { account } if *account == id) {
        let why =
            Text::new("Себя отключить нельзя: попросите коллегу.", "You cannot disable yourself: ask a colleague.");
        return Err(Problem::new(Kind::WrongState, why));
    }
    state.gate.disable(&id, &principal.actor()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The log of decisions, newest first.
#[utoipa::path(
    get, path = "/api/v1/operator/audit", operation_id = "list_audit", tag = "operator",
    params(("cursor" = Option<String>, Query, description = "`next` of the answer before"), ("limit" = Option<u32>, Query, description = "1 to 500, 100 by default"), ("lang" = Option<String>, Query, description = "ru or en")),
    security(("session" = []), ("operator_key" = [])),
    responses((status = 200, description = "Ids of actors and targets, no names", body = Value), Faults),
)]
pub async fn list_audit(State(state): State<AppState>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Action::ReadAudit)?;
    let params = Params::of_query(caller.query(), &["cursor", "limit", "lang"])?;
    let limit = params.whole("limit", 100, 500)? as i64;
    let below = params.text("cursor").and_then(|c| c.parse().ok()).unwrap_or(i64::MAX);
    let rows = state.store.list_audit(below, limit).await?;
    let next = (rows.len() as i64 == limit).then(|| rows.last().map(|r| r.number.to_string())).flatten();
    let entries: Vec<Value> = rows
        .iter()
        .map(|r| {
            let detail: Value = serde_json::from_str(&r.detail).unwrap_or(Value::Null);
            json!({"number": r.number, "at": moment(r.at_s), "actor": r.actor, "act": r.act, "target": r.target, "detail": detail})
        })
        .collect();
    Ok(unkept(StatusCode::OK, &json!({"entries": entries, "next": next})))
}
