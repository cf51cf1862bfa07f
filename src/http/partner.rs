//! A partner's desk: who asks, and the locations.

use super::desk::{json_body, unkept};
use super::desk_view::{self, location_id, registry_problem};
use super::outer::RYADOM_SEQ;
use super::params::Params;
use super::problem::{Kind, Problem, Text};
use super::schema::Faults;
use super::state::AppState;
use super::who::{Caller, allow, no_partner, own_partner};
use crate::domain::{Lang, LocationId, PartnerId};
use crate::identity::policy::Action;
use crate::partners::profile::Profile;
use crate::partners::registry::{self, Content, Organisation, Registry, View};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The header of a request that may come twice.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Rows that one answer of a list looks at; a filter may leave few of them, and the cursor goes on.
const LOOKED_AT: i64 = 2_000;

/// A caller who may act on the desk of this partner.
pub(super) struct Asked {
    caller: Caller,
    pub(super) partner: PartnerId,
}

impl std::ops::Deref for Asked {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl Caller {
    /// The desk of the caller's own partner, if the table lets them.
    ///
    /// # Errors
    /// [`Kind::NotSignedIn`], [`Kind::NoPartner`], [`Kind::Forbidden`] and others.
    pub(super) fn own(self, action: Action) -> Result<Asked, Problem> {
        let partner = own_partner(&self.principal)?.clone();
        allow(&self.principal, action, Some(&partner))?;
        Ok(Asked { caller: self, partner })
    }
}

impl Asked {
    pub(super) fn registry<'a>(&self, state: &'a AppState) -> Registry<'a> {
        Registry::new(&state.store, &*state.clock, &self.principal.actor())
    }

    pub(super) async fn organisation(&self, state: &AppState) -> Result<Organisation, Problem> {
        organisation_of(state, &self.partner).await?.ok_or_else(no_partner)
    }

    /// A location of this partner; another's is not there.
    pub(super) async fn own(&self, state: &AppState, id: &str) -> Result<View, Problem> {
        let id = location_id(id)?;
        let found = registry::view(&state.store, &id).await;
        let view = found.map_err(|e| registry_problem(e, &Profile::default(), self.lang))?;
        view.filter(|view| view.partner == self.partner).ok_or_else(no_such_place)
    }
}

/// The organisation of a partner; `None` when nobody knows it.
pub(super) async fn organisation_of(state: &AppState, id: &PartnerId) -> Result<Option<Organisation>, Problem> {
    let found = registry::organisation(&state.store, id).await;
    found.map_err(|e| registry_problem(e, &Profile::default(), Lang::default()))
}

pub(super) fn no_such_place() -> Problem {
    Problem::new(Kind::NoLocation, Text::new("Такого места у вас нет.", "You have no such place."))
}

pub(super) fn tagged(status: StatusCode, etag: &str, body: &Value) -> Response {
    let mut response = unkept(status, body);
    if let Ok(etag) = HeaderValue::from_str(&format!("\"{etag}\"")) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

fn shown(status: StatusCode, view: &View, profile: &Profile, lang: Lang) -> Response {
    tagged(status, &view.etag(), &desk_view::location(view, profile, lang))
}

/// The partner's locations, by id.
#[utoipa::path(
    get, path = "/api/v1/partner/locations", operation_id = "list_own_locations", tag = "partner",
    params(
        ("state" = Option<String>, Query, description = "draft, pending, rejected, published, suspended or archived"),
        ("q" = Option<String>, Query, description = "A part of name or address"),
        ("cursor" = Option<String>, Query, description = "`next` of the answer before"),
        ("limit" = Option<u32>, Query, description = "1 to 200, 50 by default"),
        ("lang" = Option<String>, Query, description = "ru or en"),
    ),
    security(("session" = []), ("service_key" = [])),
    responses((status = 200, description = "A page; `next` is null on the last", body = Value), Faults),
)]
pub async fn list_own(State(state): State<AppState>, caller: Caller) -> Result<Response, Problem> {
    let asked = caller.own(Action::ReadLocations)?;
    let body = listed(&state, asked.query(), Some(&asked.partner)).await?;
    Ok(unkept(StatusCode::OK, &body))
}

/// A page of locations, of one partner or of all.
pub(super) async fn listed(
    state: &AppState,
    query: Option<&str>,
    partner: Option<&PartnerId>,
) -> Result<Value, Problem> {
    let params = Params::of_query(query, &["state", "q", "cursor", "limit", "lang"])?;
    let limit = params.whole("limit", 50, 200)?;
    let wanted = params.text("state").unwrap_or_default();
    let words = crate::domain::fold::fold(params.text("q").unwrap_or_default());
    let of = partner.map(PartnerId::as_str);
    let rows = state.store.list_desk(of, params.text("cursor").unwrap_or_default(), LOOKED_AT).await?;
    let looked_at = rows.len() as i64;
    let mut shown = Vec::new();
    let mut next = None;
    for row in rows {
        let stands = row.published.as_deref().or(row.open.as_deref()).unwrap_or("archived");
        let waiting = row.open.as_deref() == Some("pending");
        let is_wanted = match wanted {
            "" => stands != "archived",
            "pending" => waiting,
            "rejected" => row.open.as_deref() == Some("rejected"),
            other => stands == other,
        };
        let text = || crate::domain::fold::fold(&format!("{} {}", row.name, row.address.as_deref().unwrap_or("")));
        if is_wanted && (words.is_empty() || text().contains(&words)) {
            if shown.len() == limit {
                next = shown.last().and_then(|last: &Value| last["id"].as_str().map(str::to_owned));
                break;
            }
            shown.push(json!({
                "id": row.id,
                "partner_id": row.partner_id,
                "name": row.name,
                "address": row.address,
                "state": stands,
                "on_map": row.published.as_deref() == Some("published"),
                "waiting": waiting,
                "revision_state": row.open,
                "updated_at": (row.updated_s > 0).then(|| desk_view::moment(row.updated_s)),
                "reason": row.reason,
            }));
        }
        if looked_at == LOOKED_AT {
            // A filter that leaves few: go on from the last row that was looked at.
            next = Some(row.id);
        }
    }
    if looked_at < LOOKED_AT && shown.len() < limit {
        next = None;
    }
    Ok(json!({"locations": shown, "next": next}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LocationRequest {
    content: Content,
    #[serde(default)]
    submit: bool,
}

/// Describe a new location: as a draft, or at once for an operator.
#[utoipa::path(
    post, path = "/api/v1/partner/locations", operation_id = "create_own_location", tag = "partner",
    request_body(content = Value, description = "`content` and `submit`"),
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and body within a day make one location")),
    security(("session" = []), ("service_key" = [])),
    responses(
        (status = 201, description = "Made", body = Value),
        (status = 200, description = "Made by the same request before", body = Value),
        Faults,
    ),
)]
pub async fn create_own(State(state): State<AppState>, caller: Caller, body: Bytes) -> Result<Response, Problem> {
    let asked = caller.own(Action::EditLocations)?;
    let organisation = asked.organisation(&state).await?;
    let request: LocationRequest = json_body(&body)?;
    let key = asked.headers().get(IDEMPOTENCY_KEY).map(|key| {
        let whose = format!("{}\n", asked.partner);
        let key = Sha256::new_with_prefix(whose.as_bytes()).chain_update(key.as_bytes()).finalize().to_vec();
        (key, Sha256::digest(&body).to_vec())
    });
    let made = asked.registry(&state).create(&organisation, request.content, request.submit, key).await;
    let made = made.map_err(|e| registry_problem(e, &organisation.profile, asked.lang))?;
    let status = if made.repeated { StatusCode::OK } else { StatusCode::CREATED };
    let mut response = shown(status, &made.view, &organisation.profile, asked.lang);
    let address = format!("/api/v1/partner/locations/{}", made.view.id);
    if let Ok(address) = HeaderValue::from_str(&address) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    Ok(response)
}

/// One location as its partner sees it.
#[utoipa::path(
    get, path = "/api/v1/partner/locations/{id}", operation_id = "show_own_location", tag = "partner",
    params(("id" = String, Path, description = "The id of the place")),
    security(("session" = []), ("service_key" = [])),
    responses((status = 200, description = "What is published and what is open beside it, with the ETag", body = Value), Faults),
)]
pub async fn show_own(
    State(state): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<Response, Problem> {
    let asked = caller.own(Action::ReadLocations)?;
    let view = asked.own(&state, &id).await?;
    let profile = asked.organisation(&state).await?.profile;
    Ok(shown(StatusCode::OK, &view, &profile, asked.lang))
}

/// Change a location by a merge patch; what is on the map stays until an operator has decided.
#[utoipa::path(
    patch, path = "/api/v1/partner/locations/{id}", operation_id = "edit_own_location", tag = "partner",
    request_body(content = Value, description = "`content`, a merge patch (null takes a member away), and `submit`"),
    params(("id" = String, Path, description = "The id of the place"), ("If-Match" = String, Header, description = "The ETag")),
    security(("session" = []), ("service_key" = [])),
    responses((status = 200, description = "As it is now", body = Value), Faults),
)]
pub async fn edit_own(
    State(state): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
    body: Bytes,
) -> Result<Response, Problem> {
    let request: Result<LocationRequest, Problem> = json_body(&body);
    let asked = caller.own(Action::EditLocations)?;
    let view = asked.own(&state, &id).await?;
    let etag = asked.if_match()?;
    let request = request?;
    changed(&state, &asked, &view.id, etag, &request.content, request.submit).await
}

pub(super) async fn changed(
    state: &AppState,
    asked: &Asked,
    id: &LocationId,
    etag: &str,
    patch: &Content,
    submit: bool,
) -> Result<Response, Problem> {
    let organisation = asked.organisation(state).await?;
    let done = asked.registry(state).patch(&organisation, id, etag, patch, submit).await;
    let view = done.map_err(|e| registry_problem(e, &organisation.profile, asked.lang))?;
    Ok(shown(StatusCode::OK, &view, &organisation.profile, asked.lang))
}

/// Send what is open to an operator.
#[utoipa::path(
    post, path = "/api/v1/partner/locations/{id}/submit", operation_id = "submit_own_location", tag = "partner",
    params(("id" = String, Path, description = "The id of the place"), ("If-Match" = String, Header, description = "The ETag")),
    security(("session" = []), ("service_key" = [])),
    responses((status = 200, description = "It waits", body = Value), Faults),
)]
pub async fn submit_own(
    State(state): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<Response, Problem> {
    let asked = caller.own(Action::EditLocations)?;
    let view = asked.own(&state, &id).await?;
    let etag = asked.if_match()?;
    if view.revision.is_none() {
        let error = crate::partners::registry::RegistryError::Move(crate::domain::State::Published.words());
        return Err(registry_problem(error, &Profile::default(), asked.lang));
    }
    changed(&state, &asked, &view.id, etag, &Content::new(), true).await
}

/// Drop what is open beside a location.
#[utoipa::path(
    post, path = "/api/v1/partner/locations/{id}/discard", operation_id = "discard_own_revision", tag = "partner",
    params(("id" = String, Path, description = "The id of the place"), ("If-Match" = String, Header, description = "The ETag")),
    security(("session" = []), ("service_key" = [])),
    responses(
        (status = 200, description = "What is published", body = Value),
        (status = 204, description = "It was never published: nothing is left"),
        Faults,
    ),
)]
pub async fn discard_own(
    State(state): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<Response, Problem> {
    let asked = caller.own(Action::EditLocations)?;
    let view = asked.own(&state, &id).await?;
    let profile = asked.organisation(&state).await?.profile;
    let left = asked.registry(&state).discard(&view.id, asked.if_match()?).await;
    match left.map_err(|e| registry_problem(e, &profile, asked.lang))? {
        Some(view) => Ok(shown(StatusCode::OK, &view, &profile, asked.lang)),
        None => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextRequest {
    pub(super) text: String,
}

impl TextRequest {
    /// The text, if it says something and not too much.
    pub(super) fn checked(&self, kind: Kind) -> Result<&str, Problem> {
        let text = self.text.trim();
        if text.is_empty() || text.chars().count() > registry::MAX_NOTE_CHARS {
            let why = Text::new("Напишите от 1 до 2000 знаков.", "Write 1 to 2,000 characters.");
            return Err(Problem::of_field(kind, "text", why));
        }
        Ok(text)
    }
}

/// Answer an operator's rejection.
#[utoipa::path(
    post, path = "/api/v1/partner/locations/{id}/answer", operation_id = "answer_rejection", tag = "partner",
    request_body(content = Value, description = "`text`"),
    params(("id" = String, Path, description = "The id of the place")),
    security(("session" = []), ("service_key" = [])),
    responses((status = 200, description = "With the answer", body = Value), Faults),
)]
pub async fn answer_own(
    State(state): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked = caller.own(Action::EditLocations)?;
    let view = asked.own(&state, &id).await?;
    let request: TextRequest = json_body(&body)?;
    let text = request.checked(Kind::InvalidLocation)?;
    let profile = asked.organisation(&state).await?.profile;
    let view = asked.registry(&state).answer(&view.id, text).await;
    let view = view.map_err(|e| registry_problem(e, &profile, asked.lang))?;
    Ok(shown(StatusCode::OK, &view, &profile, asked.lang))
}

/// Take a location off the map, or drop one that was never on it. Its history stays.
#[utoipa::path(
    delete, path = "/api/v1/partner/locations/{id}", operation_id = "withdraw_own_location", tag = "partner",
    params(("id" = String, Path, description = "The id of the place"), ("If-Match" = String, Header, description = "The ETag")),
    security(("session" = []), ("service_key" = [])),
    responses((status = 204, description = "It is gone; `Ryadom-Seq` says from which number on"), Faults),
)]
pub async fn withdraw_own(
    State(state): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<Response, Problem> {
    let asked = caller.own(Action::EditLocations)?;
    let view = asked.own(&state, &id).await?;
    let profile = asked.organisation(&state).await?.profile;
    let gone = asked.registry(&state).withdraw(&view.id, asked.if_match()?).await;
    let seq = gone.map_err(|e| registry_problem(e, &profile, asked.lang))?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(seq) = seq {
        state.feed.wake();
        response.headers_mut().insert(RYADOM_SEQ, HeaderValue::from(seq.0));
    }
    Ok(response)
}
