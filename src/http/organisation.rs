//! A partner's desk: the organisation itself and its managers.

use super::desk::{json_body, unkept};
use super::desk_view::{self, registry_problem};
use super::partner::{organisation_of, tagged};
use super::problem::{Kind, Problem, Text};
use super::schema::Faults;
use super::state::AppState;
use super::who::{Caller, allow, no_partner, own_partner};
use crate::domain::{Lang, Principal};
use crate::identity::policy::Action;
use crate::partners::profile::Profile;
use crate::partners::registry::{Organisation, Registry};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

async fn organisation_document(state: &AppState, organisation: &Organisation, lang: Lang) -> Result<Value, Problem> {
    let mut body = desk_view::organisation(organisation, lang);
    let id = organisation.id.as_str();
    let managers = state.store.managers_of(id).await?;
    body["managers"] =
        managers.iter().filter(|a| a.disabled_s.is_none()).map(|a| json!({"id": a.id, "email": a.email})).collect();
    body["locations"] = json!(state.store.count_locations_of(id).await?);
    Ok(body)
}

/// The partner's own organisation.
#[utoipa::path(
    get, path = "/api/v1/partner", operation_id = "show_partner", tag = "partner",
    security(("session" = []), ("service_key" = [])),
    responses((status = 200, description = "The organisation, with its ETag", body = Value), Faults),
)]
pub async fn show_partner(State(state): State<AppState>, caller: Caller) -> Result<Response, Problem> {
    let asked = caller.own(Action::ManagePartner)?;
    let organisation = asked.organisation(&state).await?;
    let body = organisation_document(&state, &organisation, asked.lang).await?;
    Ok(tagged(StatusCode::OK, &organisation.version.to_string(), &body))
}

/// Describe the organisation; the first time it is made, and the account becomes its manager.
#[utoipa::path(
    put, path = "/api/v1/partner", operation_id = "put_partner", tag = "partner",
    request_body(content = Value, description = "`name`, `legal_name`, `inn`, `ogrn`, `kpp`, `contact_person`, `contact_email`, `contact_phone`"),
    params(("If-Match" = Option<String>, Header, description = "The ETag, once it exists")),
    security(("session" = [])),
    responses(
        (status = 200, description = "Changed", body = Value),
        (status = 201, description = "Made", body = Value),
        Faults,
    ),
)]
pub async fn put_partner(State(state): State<AppState>, caller: Caller, body: Bytes) -> Result<Response, Problem> {
    let Caller { principal, lang, .. } = &caller;
    let registry = Registry::new(&state.store, &*state.clock, &principal.actor());
    let problem = |error| registry_problem(error, &Profile::default(), *lang);
    if let Principal::Manager { account, partner: None } = principal {
        allow(principal, Action::CreatePartner, None)?;
        let profile: Profile = json_body(&body)?;
        let organisation = registry.create_partner(&profile, account).await.map_err(problem)?;
        let body = organisation_document(&state, &organisation, *lang).await?;
        return Ok(tagged(StatusCode::CREATED, &organisation.version.to_string(), &body));
    }
    let partner = own_partner(principal)?;
    allow(principal, Action::ManagePartner, Some(partner))?;
    let profile: Profile = json_body(&body)?;
    let present = organisation_of(&state, partner).await?.ok_or_else(no_partner)?;
    // A tag that is no number is of no version that ever was.
    let expected: i64 = caller.if_match()?.parse().unwrap_or(-1);
    let organisation = registry.edit_partner(&present, expected, &profile).await.map_err(problem)?;
    let body = organisation_document(&state, &organisation, *lang).await?;
    Ok(tagged(StatusCode::OK, &organisation.version.to_string(), &body))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManagerRequest {
    email: String,
}

/// Let a colleague in.
#[utoipa::path(
    post, path = "/api/v1/partner/managers", operation_id = "invite_manager", tag = "partner",
    request_body(content = Value, description = "`email`"),
    security(("session" = [])),
    responses((status = 201, description = "Invited by a letter; where none go out, the link is in the answer", body = Value), Faults),
)]
pub async fn invite_manager(State(state): State<AppState>, caller: Caller, body: Bytes) -> Result<Response, Problem> {
    let asked = caller.own(Action::ManagePartner)?;
    let request: ManagerRequest = json_body(&body)?;
    state.gate.limited("invite", asked.partner.as_str(), 20).await?;
    let actor = asked.principal.actor();
    let link = state.gate.invite_manager(&request.email, &asked.partner, &actor).await?;
    let mut body = json!({"email": request.email.trim()});
    if !state.gate.mailer().is_on() {
        body["link"] = json!(link);
    }
    Ok(unkept(StatusCode::CREATED, &body))
}

/// Take a colleague's access away.
#[utoipa::path(
    delete, path = "/api/v1/partner/managers/{id}", operation_id = "remove_manager", tag = "partner",
    params(("id" = String, Path, description = "The id of the account")),
    security(("session" = [])),
    responses((status = 204, description = "Signed out, and a manager here no more"), Faults),
)]
pub async fn remove_manager(
    State(state): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<Response, Problem> {
    let asked = caller.own(Action::ManagePartner)?;
    let account = state.store.lookup_account(&id).await?;
    let is_colleague = account.is_some_and(|a| a.partner_id.as_deref() == Some(asked.partner.as_str()));
    let is_self = matches!(&asked.principal, Principal::Manager { account, .. } if *account == id);
    if !is_colleague {
        return Err(crate::identity::GateError::NoAccount.into());
    }
    if is_self {
        return Err(Problem::new(
            Kind::WrongState,
            Text::new("Себя убрать нельзя: попросите коллегу.", "You cannot remove yourself: ask a colleague."),
        ));
    }
    state.gate.remove_manager(&id, &asked.partner, &asked.principal.actor()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
