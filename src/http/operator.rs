//! The operator's desk: the queue, decisions, history, accounts, the log.

use super::desk::{json_body, unkept};
use super::desk_view::{self, diffs, location_id, moment, notes, problems, registry_problem};
use super::outer::RYADOM_SEQ;
use super::params::Params;
use super::partner::{lang_of, listed};
use super::partner_things::{no_refusal, refusals};
use super::problem::{Kind, Problem, Text};
use super::schema::Faults;
use super::state::AppState;
use super::who::need;
use crate::audit::{self, Entry};
use crate::domain::principal::Role;
use crate::domain::{PartnerId, Principal, Seq};
use crate::identity::mail;
use crate::identity::policy::Action;
use crate::partners::content;
use crate::partners::moderator::{Approved, Case, Moderator, diff};
use crate::partners::profile::Profile;
use crate::partners::registry::{self, Content};
use axum::body::Bytes;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

/// Revisions that one call approves.
const AT_ONCE: usize = 500;

fn moderator<'a>(state: &'a AppState, principal: &Principal) -> Moderator<'a> {
    Moderator::new(&state.store, &*state.clock, &principal.actor())
}

fn with_seq(state: &AppState, seq: Seq, body: &Value) -> Response {
    state.feed.wake();
    let mut response = unkept(StatusCode::OK, body);
    response.headers_mut().insert(RYADOM_SEQ, HeaderValue::from(seq.0));
    response
}

fn partner_of(case: &Case) -> Value {
    let mut partner = json!(case.organisation.profile);
    partner["id"] = json!(case.organisation.id.as_str());
    partner["state"] = json!(case.organisation.state);
    partner
}

/// The location of a revision; a new description of a partner has none.
fn location_of(revision: &crate::store::revisions::RevisionRow) -> Option<&str> {
    (revision.kind == "location").then_some(revision.location_id.as_str())
}

fn kind_of(case: &Case) -> &'static str {
    match (case.revision.kind.as_str(), &case.before) {
        ("partner", _) => "partner",
        (_, None) => "new",
        (_, Some(_)) => "edit",
    }
}

/// What waits for a decision, the longest first.
#[utoipa::path(
    get, path = "/api/v1/operator/queue", operation_id = "list_queue", tag = "operator",
    params(("cursor" = Option<String>, Query, description = "`next` of the answer before"), ("limit" = Option<u32>, Query, description = "1 to 100, 50 by default"), ("lang" = Option<String>, Query, description = "ru or en")),
    security(("session" = []), ("operator_key" = [])),
    responses((status = 200, description = "A page of the queue", body = Value), Faults),
)]
pub async fn list_queue(
    State(state): State<AppState>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let principal = need(&state, &method, &headers, Action::Moderate, None).await?;
    let params = Params::of_query(uri.query(), &["cursor", "limit", "lang"])?;
    let limit = params.whole("limit", 50, 100)? as i64;
    let cursor = params.text("cursor").and_then(|c| c.split_once('~'));
    let after = cursor.and_then(|(at, id)| Some((at.parse().ok()?, id))).unwrap_or((i64::MIN, ""));
    let (rows, total) = state.store.queue(after, limit).await?;
    let next = (rows.len() as i64 == limit)
        .then(|| rows.last().map(|r| format!("{}~{}", r.submitted_s.unwrap_or_default(), r.id)))
        .flatten();
    let moderator = moderator(&state, &principal);
    let now_s = state.clock.now().timestamp();
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        let case = moderator.case_of(row).await?;
        let r = &case.revision;
        let submitted_s = r.submitted_s.unwrap_or(r.updated_s);
        shown.push(json!({
            "id": r.id,
            "location_id": location_of(r),
            "name": r.name,
            "address": r.address,
            "partner": {"id": case.organisation.id.as_str(), "name": case.organisation.profile.name},
            "kind": kind_of(&case),
            "version": r.version,
            "submitted_at": moment(submitted_s),
            "age_s": now_s - submitted_s,
            "warnings": case.problems.len(),
            "duplicates": case.twins.len(),
            "answered": case.notes.last().is_some_and(|n| n.author == "partner"),
        }));
    }
    Ok(unkept(StatusCode::OK, &json!({"revisions": shown, "next": next, "total": total})))
}

/// One revision, with everything that it takes to decide it.
#[utoipa::path(
    get, path = "/api/v1/operator/revisions/{id}", operation_id = "show_revision", tag = "operator",
    params(("id" = String, Path, description = "The id of the revision")),
    security(("session" = []), ("operator_key" = [])),
    responses((status = 200, description = "Before, after, what differs, likely twins", body = Value), Faults),
)]
pub async fn show_revision(
    State(state): State<AppState>,
    Path(id): Path<String>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let principal = need(&state, &method, &headers, Action::Moderate, None).await?;
    let case = moderator(&state, &principal).case(&id).await?;
    let lang = lang_of(&uri, &headers);
    let r = &case.revision;
    let empty = Content::new();
    let twins: Vec<Value> = case
        .twins
        .iter()
        .map(|t| {
            json!({
                "location_id": t.place.id, "name": t.place.name, "address": t.place.address, "state": t.place.state,
                "distance_m": t.distance_m.round(), "lon": t.place.lon, "lat": t.place.lat,
                "reasons": t.reasons.iter().map(|r| r.code()).collect::<Vec<_>>(),
            })
        })
        .collect();
    let body = json!({
        "id": r.id,
        "version": r.version,
        "location_id": location_of(r),
        "name": r.name,
        "kind": kind_of(&case),
        "state": r.state,
        "partner": partner_of(&case),
        "location_state": case.location_state,
        "before": case.before,
        "after": case.after,
        "diff": diffs(&diff(case.before.as_ref().unwrap_or(&empty), &case.after)),
        "problems": problems(&case.problems, lang),
        "duplicates": twins,
        "notes": notes(&case.notes),
        "submitted_at": r.submitted_s.map(moment),
    });
    Ok(unkept(StatusCode::OK, &body))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    version: i64,
    reason: Option<String>,
}

/// Approve or reject what was looked at.
#[utoipa::path(
    post, path = "/api/v1/operator/revisions/{id}/{decision}", operation_id = "decide_revision", tag = "operator",
    request_body(content = Value, description = "`version` that was looked at; a rejection needs a `reason`"),
    params(("id" = String, Path, description = "The id of the revision"), ("decision" = String, Path, description = "approve or reject")),
    security(("session" = []), ("operator_key" = [])),
    responses((status = 200, description = "Decided; an approval says the number of its write", body = Value), Faults),
)]
pub async fn decide_revision(
    State(state): State<AppState>,
    Path((id, decision)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let principal = need(&state, &method, &headers, Action::Moderate, None).await?;
    let moderator = moderator(&state, &principal);
    let request: Decision = json_body(&body)?;
    match decision.as_str() {
        "approve" => {
            let approved = moderator.approve(&id, request.version).await?;
            tell(&state, &approved.partner, &approved.name, None).await;
            Ok(with_seq(&state, approved.seq, &approved_json(&approved)))
        }
        "reject" => {
            let reason = request.reason.as_deref().unwrap_or_default();
            let revision = moderator.reject(&id, request.version, reason).await?;
            if let Ok(partner) = PartnerId::new(&revision.partner_id) {
                tell(&state, &partner, &revision.name, Some(reason)).await;
            }
            Ok(unkept(StatusCode::OK, &json!({"location_id": revision.location_id})))
        }
        _ => Err(no_act("approve и reject", "approve and reject")),
    }
}

fn no_act(ru: &str, en: &str) -> Problem {
    Problem::new(Kind::NoRoute, Text::new(format!("Есть {ru}."), format!("There are {en}.")))
}

fn approved_json(approved: &Approved) -> Value {
    json!({"location_id": approved.location_id.as_ref().map(crate::domain::LocationId::as_str), "seq": approved.seq.0})
}

/// Managers hear of a decision by a letter, where letters go out.
async fn tell(state: &AppState, partner: &PartnerId, name: &str, reason: Option<&str>) {
    if !state.gate.mailer().is_on() {
        return;
    }
    // The decision is written; a letter that cannot be addressed must not make it look undone.
    let managers = state.store.list_accounts(Some(partner.as_str())).await.unwrap_or_else(|error| {
        tracing::warn!(error = &error as &dyn std::error::Error, "managers were not told of a decision");
        Vec::new()
    });
    for manager in managers.iter().filter(|a| a.disabled_s.is_none()) {
        let link = state.gate.url("/partner");
        state.gate.mailer().send(mail::decision_letter(&manager.email, name, reason, &link, state.clock.now()));
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Looked {
    id: String,
    version: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Approvals {
    revisions: Vec<Looked>,
}

/// Approve several; each stands for itself.
#[utoipa::path(
    post, path = "/api/v1/operator/approvals", operation_id = "approve_revisions", tag = "operator",
    request_body(content = Value, description = "`revisions`, each `id` and the `version` that was looked at; 500 at most"),
    security(("session" = []), ("operator_key" = [])),
    responses((status = 200, description = "Which were approved, and why the others were not", body = Value), Faults),
)]
pub async fn approve_many(
    State(state): State<AppState>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let principal = need(&state, &method, &headers, Action::Moderate, None).await?;
    let request: Approvals = json_body(&body)?;
    if request.revisions.len() > AT_ONCE {
        let why = Text::new("Не больше 500 за раз.", "500 at most in one call.");
        return Err(Problem::of_field(Kind::InvalidLocation, "revisions", why));
    }
    let moderator = moderator(&state, &principal);
    let lang = lang_of(&uri, &headers);
    let (mut approved, mut refused, mut last) = (Vec::new(), Vec::new(), None);
    for looked in request.revisions {
        match moderator.approve(&looked.id, looked.version).await {
            Ok(done) => {
                tell(&state, &done.partner, &done.name, None).await;
                last = Some(done.seq);
                approved.push(looked.id);
            }
            Err(error) => {
                let problem = Problem::from(error);
                refused.push(json!({"id": looked.id, "detail": problem.detail(lang)}));
            }
        }
    }
    let body = json!({"approved": approved, "refused": refused, "seq": last.map(|s| s.0)});
    Ok(match last {
        Some(seq) => with_seq(&state, seq, &body),
        None => unkept(StatusCode::OK, &body),
    })
}

/// Locations of everybody, by id.
#[utoipa::path(
    get, path = "/api/v1/operator/locations", operation_id = "list_all_locations", tag = "operator",
    params(
        ("state" = Option<String>, Query, description = "draft, pending, rejected, published, suspended or archived"),
        ("q" = Option<String>, Query, description = "A part of name or address"),
        ("cursor" = Option<String>, Query, description = "`next` of the answer before"),
        ("limit" = Option<u32>, Query, description = "1 to 200, 50 by default"),
        ("lang" = Option<String>, Query, description = "ru or en"),
    ),
    security(("session" = []), ("operator_key" = [])),
    responses((status = 200, description = "A page; with a filter it may be short and `next` go on", body = Value), Faults),
)]
pub async fn list_locations(
    State(state): State<AppState>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    need(&state, &method, &headers, Action::Moderate, None).await?;
    let mut body = listed(&state, uri.query(), None).await?;
    for row in body["locations"].as_array_mut().into_iter().flatten() {
        let id = row["partner_id"].as_str().unwrap_or_default().to_owned();
        row["partner"] = json!({"id": id, "name": partner_name(&state, &id).await?});
    }
    Ok(unkept(StatusCode::OK, &body))
}

async fn partner_name(state: &AppState, id: &str) -> Result<Option<String>, Problem> {
    let Ok(id) = PartnerId::new(id) else { return Ok(None) };
    Ok(registry::organisation(&state.store, &id).await?.map(|o| o.profile.name))
}

/// One location with its history.
#[utoipa::path(
    get, path = "/api/v1/operator/locations/{id}", operation_id = "show_any_location", tag = "operator",
    params(("id" = String, Path, description = "The id of the place")),
    security(("session" = []), ("operator_key" = [])),
    responses((status = 200, description = "As its partner sees it, with every state that it had", body = Value), Faults),
)]
pub async fn show_location(
    State(state): State<AppState>,
    Path(id): Path<String>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    need(&state, &method, &headers, Action::Moderate, None).await?;
    let lang = lang_of(&uri, &headers);
    let id = location_id(&id)?;
    let view = registry::view(&state.store, &id).await;
    let view = view.map_err(|e| registry_problem(e, &Profile::default(), lang))?;
    let view = view.ok_or_else(|| Problem::no_location(id.as_str()))?;
    let organisation = registry::organisation(&state.store, &view.partner).await?;
    let profile = organisation.map(|o| o.profile).unwrap_or_default();
    let states = state.store.history_of(&id).await?;
    let contents: Vec<Content> =
        states.iter().map(|s| s.content.as_ref().map(content::of_location).unwrap_or_default()).collect();
    let empty = Content::new();
    let accounts = state.store.list_accounts(None).await?;
    let name_of = |actor: &str| {
        let (_, id) = actor.split_once(':')?;
        accounts.iter().find(|a| a.id == id).map(|a| a.email.as_str())
    };
    let history: Vec<Value> = states
        .iter()
        .zip(&contents)
        .enumerate()
        .map(|(i, (s, content))| {
            let before = contents.get(i + 1).unwrap_or(&empty);
            json!({
                "version": s.version, "state": s.state, "actor": s.actor, "actor_name": name_of(&s.actor), "at": s.at,
                "content": content, "diff": diffs(&diff(before, content)),
            })
        })
        .collect();
    let mut body = desk_view::location(&view, &profile, lang);
    body["partner"] = json!(profile);
    body["partner"]["id"] = json!(view.partner.as_str());
    body["history"] = json!(history);
    Ok(unkept(StatusCode::OK, &body))
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct LocationAct {
    version: Option<i64>,
    expected: Option<i64>,
    reason: Option<String>,
}

/// revert, suspend, resume, archive.
#[utoipa::path(
    post, path = "/api/v1/operator/locations/{id}/{act}", operation_id = "act_on_location", tag = "operator",
    request_body(content = Value, description = "To revert: `version` of the history and `expected`, the present one; else perhaps `reason`"),
    params(("id" = String, Path, description = "The id of the place"), ("act" = String, Path, description = "revert, suspend, resume or archive")),
    security(("session" = []), ("operator_key" = [])),
    responses((status = 200, description = "Done; the number of the write", body = Value), Faults),
)]
pub async fn act_on_location(
    State(state): State<AppState>,
    Path((id, act)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    use crate::domain::State as S;
    let principal = need(&state, &method, &headers, Action::Moderate, None).await?;
    let id = location_id(&id)?;
    let request: LocationAct = if body.is_empty() { LocationAct::default() } else { json_body(&body)? };
    let moderator = moderator(&state, &principal);
    let missing = |field: &str| {
        let why = Text::new(format!("Нужно поле {field}."), format!("{field} is needed."));
        Problem::of_field(Kind::InvalidLocation, field, why)
    };
    let reason = request.reason.as_deref().map(str::trim).filter(|r| !r.is_empty());
    let to = match act.as_str() {
        "revert" => {
            let version = request.version.ok_or_else(|| missing("version"))?;
            let expected = request.expected.ok_or_else(|| missing("expected"))?;
            let (version, seq) = moderator.revert(&id, version, expected).await?;
            return Ok(with_seq(&state, seq, &json!({"version": version, "seq": seq.0})));
        }
        "suspend" => {
            reason.ok_or_else(|| missing("reason"))?;
            S::Suspended
        }
        "archive" => {
            reason.ok_or_else(|| missing("reason"))?;
            S::Archived
        }
        "resume" => S::Published,
        _ => return Err(no_act("revert, suspend, resume и archive", "revert, suspend, resume and archive")),
    };
    let seq = moderator.move_to(&id, to, reason).await?;
    Ok(with_seq(&state, seq, &json!({"state": to.code(), "seq": seq.0})))
}

/// Organisations, with their managers.
#[utoipa::path(
    get, path = "/api/v1/operator/partners", operation_id = "list_partners", tag = "operator",
    params(("q" = Option<String>, Query, description = "A part of the name, or the INN"), ("cursor" = Option<String>, Query, description = "`next` of the answer before"), ("lang" = Option<String>, Query, description = "ru or en")),
    security(("session" = []), ("operator_key" = [])),
    responses((status = 200, description = "A page", body = Value), Faults),
)]
pub async fn list_partners(
    State(state): State<AppState>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    const PAGE: i64 = 200;
    need(&state, &method, &headers, Action::Moderate, None).await?;
    let params = Params::of_query(uri.query(), &["q", "cursor", "lang"])?;
    let words = crate::domain::fold::fold(params.text("q").unwrap_or_default());
    let rows = state.store.list_organisations(params.text("cursor").unwrap_or_default(), PAGE).await?;
    let next = (rows.len() as i64 == PAGE).then(|| rows.last().map(|r| r.id.clone())).flatten();
    let mut shown = Vec::new();
    for row in rows {
        let profile: Profile = serde_json::from_value(row.profile.0).unwrap_or_default();
        let text =
            crate::domain::fold::fold(&format!("{} {}", profile.name, profile.inn.as_deref().unwrap_or_default()));
        if !text.contains(&words) {
            continue;
        }
        let managers = state.store.list_accounts(Some(&row.id)).await?;
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
    security(("session" = []), ("operator_key" = [])),
    responses((status = 200, description = "By address, 1,000 at most", body = Value), Faults),
)]
pub async fn list_accounts(
    State(state): State<AppState>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    need(&state, &method, &headers, Action::ManageAccounts, None).await?;
    let mut accounts = Vec::new();
    for a in state.store.list_accounts(None).await? {
        let partner = match &a.partner_id {
            Some(id) => json!({"id": id, "name": partner_name(&state, id).await?}),
            None => Value::Null,
        };
        accounts.push(json!({
            "id": a.id, "email": a.email, "role": a.role, "partner": partner,
            "created_at": moment(a.created_s), "disabled": a.disabled_s.is_some(),
        }));
    }
    Ok(unkept(StatusCode::OK, &json!({"accounts": accounts})))
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
pub async fn invite_account(
    State(state): State<AppState>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let principal = need(&state, &method, &headers, Action::ManageAccounts, None).await?;
    let request: AccountRequest = json_body(&body)?;
    let role = Role::of_code(&request.role).ok_or_else(|| {
        let why = Text::new("Бывает operator, auditor, manager.", "There are operator, auditor, manager.");
        Problem::of_field(Kind::InvalidAccount, "role", why)
    })?;
    let partner = match (&request.partner_id, role) {
        (Some(id), Role::Manager) => {
            let id = PartnerId::new(id).map_err(|_| super::who::no_partner())?;
            registry::organisation(&state.store, &id).await?.ok_or_else(super::who::no_partner)?;
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
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let principal = need(&state, &method, &headers, Action::ManageAccounts, None).await?;
    if matches!(&principal, Principal::Operator { account } if *account == id) {
        let why =
            Text::new("Себя отключить нельзя: попросите коллегу.", "You cannot disable yourself: ask a colleague.");
        return Err(Problem::new(Kind::WrongState, why));
    }
    state.gate.disable(&id, &principal.actor()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Refusals everywhere.
#[utoipa::path(
    get, path = "/api/v1/operator/refusals", operation_id = "list_refusals", tag = "operator",
    params(("cursor" = Option<String>, Query, description = "`next` of the answer before"), ("limit" = Option<u32>, Query, description = "1 to 200"), ("lang" = Option<String>, Query, description = "ru or en")),
    security(("session" = []), ("operator_key" = [])),
    responses((status = 200, description = "Newest first", body = Value), Faults),
)]
pub async fn list_refusals(
    State(state): State<AppState>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    need(&state, &method, &headers, Action::Moderate, None).await?;
    let mut body = refusals(&state, uri.query(), None).await?;
    for row in body["refusals"].as_array_mut().into_iter().flatten() {
        let id = row["partner_id"].as_str().unwrap_or_default().to_owned();
        row["partner"] = json!({"id": id, "name": partner_name(&state, &id).await?});
    }
    Ok(unkept(StatusCode::OK, &body))
}

/// Close a refusal.
#[utoipa::path(
    post, path = "/api/v1/operator/refusals/{id}/close", operation_id = "close_refusal", tag = "operator",
    params(("id" = String, Path, description = "The id of the report")),
    security(("session" = []), ("operator_key" = [])),
    responses((status = 200, description = "Closed", body = Value), Faults),
)]
pub async fn close_refusal(
    State(state): State<AppState>,
    Path(id): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let principal = need(&state, &method, &headers, Action::Moderate, None).await?;
    state.store.lookup_refusal(&id).await?.ok_or_else(no_refusal)?;
    let mut tx = state.store.begin().await?;
    tx.settle_refusal(&id, "closed", None).await?;
    let (at_s, actor, target) = (state.clock.now().timestamp(), principal.actor(), format!("refusal:{id}"));
    audit::append(&mut tx, Entry { at_s, actor: &actor, act: "close-refusal", target: &target, detail: json!({}) })
        .await?;
    tx.commit().await?;
    Ok(unkept(StatusCode::OK, &json!({"id": id, "state": "closed"})))
}

/// The log of decisions, newest first.
#[utoipa::path(
    get, path = "/api/v1/operator/audit", operation_id = "list_audit", tag = "operator",
    params(("cursor" = Option<String>, Query, description = "`next` of the answer before"), ("limit" = Option<u32>, Query, description = "1 to 500, 100 by default"), ("lang" = Option<String>, Query, description = "ru or en")),
    security(("session" = []), ("operator_key" = [])),
    responses((status = 200, description = "Ids of actors and targets, no names", body = Value), Faults),
)]
pub async fn list_audit(
    State(state): State<AppState>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    need(&state, &method, &headers, Action::ReadAudit, None).await?;
    let params = Params::of_query(uri.query(), &["cursor", "limit", "lang"])?;
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
