//! The operator's desk: the queue, decisions, the history of locations.

use super::check::hours_week;
use super::desk::{json_body, unkept};
use super::desk_view::{self, diffs, location_id, moment, notes, problems, registry_problem};
use super::outer::RYADOM_SEQ;
use super::params::Params;
use super::partner::{listed, organisation_of};
use super::problem::{Kind, Problem, Text};
use super::schema::Faults;
use super::state::AppState;
use super::who::Caller;
use crate::domain::{PartnerId, Principal, Seq};
use crate::identity::mail;
use crate::identity::policy::Action;
use crate::partners::content;
use crate::partners::moderator::{Approved, Case, Moderator, diff};
use crate::partners::profile::Profile;
use crate::partners::registry::{self, Content};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;

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
pub async fn list_queue(State(state): State<AppState>, caller: Caller) -> Result<Response, Problem> {
    let principal = caller.may(Action::Moderate)?;
    let params = Params::of_query(caller.query(), &["cursor", "limit", "lang"])?;
    let limit = params.whole("limit", 50, 100)? as i64;
    let cursor = params.text("cursor").and_then(|c| c.split_once('~'));
    let after = cursor.and_then(|(at, id)| Some((at.parse().ok()?, id))).unwrap_or((i64::MIN, ""));
    let (rows, total) = state.store.queue(after, limit).await?;
    let next = (rows.len() as i64 == limit)
        .then(|| rows.last().map(|r| format!("{}~{}", r.submitted_s.unwrap_or_default(), r.id)))
        .flatten();
    let moderator = moderator(&state, principal);
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
    caller: Caller,
) -> Result<Response, Problem> {
    let principal = caller.may(Action::Moderate)?;
    let case = moderator(&state, principal).case(&id).await?;
    let lang = caller.lang;
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
        "hours_week": hours_week(&case.after, state.clock.now()),
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
    caller: Caller,
    body: Bytes,
) -> Result<Response, Problem> {
    let principal = caller.may(Action::Moderate)?;
    let moderator = moderator(&state, principal);
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
    let managers = state.store.managers_of(partner.as_str()).await.unwrap_or_else(|error| {
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
pub async fn approve_many(State(state): State<AppState>, caller: Caller, body: Bytes) -> Result<Response, Problem> {
    let principal = caller.may(Action::Moderate)?;
    let request: Approvals = json_body(&body)?;
    if request.revisions.len() > AT_ONCE {
        let why = Text::new("Не больше 500 за раз.", "500 at most in one call.");
        return Err(Problem::of_field(Kind::InvalidLocation, "revisions", why));
    }
    let moderator = moderator(&state, principal);
    let lang = caller.lang;
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
pub async fn list_locations(State(state): State<AppState>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Action::Moderate)?;
    let mut body = listed(&state, caller.query(), None).await?;
    for row in body["locations"].as_array_mut().into_iter().flatten() {
        let id = row["partner_id"].as_str().unwrap_or_default().to_owned();
        row["partner"] = json!({"id": id, "name": partner_name(&state, &id).await?});
    }
    Ok(unkept(StatusCode::OK, &body))
}

pub(super) async fn partner_name(state: &AppState, id: &str) -> Result<Option<String>, Problem> {
    let Ok(id) = PartnerId::new(id) else { return Ok(None) };
    Ok(organisation_of(state, &id).await?.map(|o| o.profile.name))
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
    caller: Caller,
) -> Result<Response, Problem> {
    caller.may(Action::Moderate)?;
    let lang = caller.lang;
    let id = location_id(&id)?;
    let view = registry::view(&state.store, &id).await;
    let view = view.map_err(|e| registry_problem(e, &Profile::default(), lang))?;
    let view = view.ok_or_else(|| Problem::no_location(id.as_str()))?;
    let organisation = organisation_of(&state, &view.partner).await?;
    let profile = organisation.map(|o| o.profile).unwrap_or_default();
    let states = state.store.history_of(&id).await?;
    let contents: Vec<Content> =
        states.iter().map(|s| s.content.as_ref().map(content::of_location).unwrap_or_default()).collect();
    let empty = Content::new();
    let mut names: HashMap<&str, Option<String>> = HashMap::new();
    for actor in states.iter().map(|s| s.actor.as_str()) {
        if let (Some((_, id)), false) = (actor.split_once(':'), names.contains_key(actor)) {
            names.insert(actor, state.store.lookup_account(id).await?.map(|a| a.email));
        }
    }
    let history: Vec<Value> = states
        .iter()
        .zip(&contents)
        .enumerate()
        .map(|(i, (s, content))| {
            let before = contents.get(i + 1).unwrap_or(&empty);
            json!({
                "version": s.version, "state": s.state, "actor": s.actor, "actor_name": names.get(s.actor.as_str()), "at": s.at,
                "content": content, "diff": diffs(&diff(before, content)),
            })
        })
        .collect();
    let mut body = desk_view::location(&view, &profile, lang);
    body["partner"] = json!(profile);
    body["partner"]["id"] = json!(view.partner.as_str());
    body["history"] = json!(history);
    body["hours_week"] = hours_week(&view.content(), state.clock.now());
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
    caller: Caller,
    body: Bytes,
) -> Result<Response, Problem> {
    use crate::domain::State as S;
    let principal = caller.may(Action::Moderate)?;
    let id = location_id(&id)?;
    let request: LocationAct = if body.is_empty() { LocationAct::default() } else { json_body(&body)? };
    let moderator = moderator(&state, principal);
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
