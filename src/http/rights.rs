//! The operator's rights desk, with the operator's key: invite, confirm, refuse, suspend, resume, revoke; lists;
//! pairing codes for terminals.

use super::desk::{desk, json_body, unkept};
use super::problem::{Kind, Problem, Text};
use super::state::AppState;
use super::who::Caller;
use crate::credentials::desk::Desk;
use crate::credentials::outside_id::OutsideHash;
use crate::credentials::rights::{INVITATION_S, NewRight, RightState};
use crate::credentials::rights_list::{self, ListError};
use crate::identity::policy::Action;
use crate::store::rights::RightRow;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};

/// Region when none is said.
pub const HOME_REGION: &str = "26";
/// Rights of one page.
const PAGE: i64 = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RightRequest {
    category: String,
    region: Option<String>,
    valid_from: Option<NaiveDate>,
    valid_until: NaiveDate,
    outside_id: Option<String>,
    outside_hash: Option<String>,
    /// `applied`, or `confirmed` (the default).
    state: Option<String>,
    /// Whether an offer is wanted with it; only a confirmed right has one.
    offer: Option<bool>,
}

fn shown(right: &RightRow) -> Value {
    json!({
        "id": right.id,
        "category": right.category,
        "region": right.region,
        "valid_from": right.valid_from,
        "valid_until": right.valid_until,
        "state": right.state,
        "reason": right.reason,
        "known_outside": right.outside_hash.is_some(),
        "updated_at": chrono::DateTime::from_timestamp(right.updated_s, 0),
    })
}

/// The hash of an outside id, however it was given.
fn outside(desk: &Desk, id: Option<&str>, hash: Option<&str>) -> Result<Option<OutsideHash>, Problem> {
    let wrong = |field: &str, ru: &str, en: &str| Problem::of_field(Kind::InvalidRight, field, Text::new(ru, en));
    match (id, hash) {
        (Some(_), Some(_)) => {
            Err(wrong("outside_id", "Дайте id или его хеш, не оба.", "Give the id or its hash, not both."))
        }
        (Some(id), None) => desk
            .outside()
            .hash(id)
            .map(Some)
            .ok_or_else(|| wrong("outside_id", "В нём нет букв и цифр.", "It has no letter and no digit.")),
        (None, Some(hash)) => OutsideHash::parse(hash)
            .map(Some)
            .ok_or_else(|| wrong("outside_hash", "Нужен вид v1:<64 знака>.", "The form v1:<64 hex digits> is needed.")),
        (None, None) => Ok(None),
    }
}

/// A right is made, with an offer when it is confirmed.
#[utoipa::path(
    post, path = "/api/v1/rights", operation_id = "create_right", tag = "rights",
    request_body(content = serde_json::Value, description = "`category`, `valid_until`; perhaps `region`, `valid_from`, `outside_id` or `outside_hash`, `state` (confirmed or applied), `offer`"),
    security(("session" = []), ("operator_key" = [])),
    responses(
        (status = 201, description = "The right, with an offer when it is confirmed", body = serde_json::Value),
        super::schema::Faults,
    ),
)]
pub async fn create_right(State(state): State<AppState>, caller: Caller, body: Bytes) -> Result<Response, Problem> {
    let actor = caller.may(Action::ManageRights)?.actor();
    let desk = desk(&state)?;
    let request: RightRequest = json_body(&body)?;
    let wanted = match request.state.as_deref() {
        None | Some("confirmed") => RightState::Confirmed,
        Some("applied") => RightState::Applied,
        Some(_) => {
            let why = Text::new("бывает applied и confirmed", "must be applied or confirmed");
            return Err(Problem::of_field(Kind::InvalidRight, "state", why));
        }
    };
    let new = NewRight {
        outside: outside(desk, request.outside_id.as_deref(), request.outside_hash.as_deref())?,
        category: request.category,
        region: request.region.unwrap_or_else(|| HOME_REGION.to_owned()),
        valid_from: request.valid_from,
        valid_until: request.valid_until,
        state: wanted,
    };
    let right = desk.put_right(&new, &actor).await?;
    let mut body = shown(&right);
    if wanted == RightState::Confirmed && request.offer != Some(false) {
        body["offer"] = json!(desk.offer(&right.id, None, INVITATION_S).await?);
    }
    Ok(unkept(StatusCode::CREATED, &body))
}

/// Rights, the last changed first; `state=` picks.
#[utoipa::path(
    get, path = "/api/v1/rights", operation_id = "list_rights", tag = "rights",
    params(("state" = Option<String>, Query, description = "applied, confirmed, refused, suspended, revoked or ended"), ("lang" = Option<String>, Query, description = "ru or en")),
    security(("session" = []), ("operator_key" = [])),
    responses(
        (status = 200, description = "The last changed first, 200 at most", body = serde_json::Value),
        super::schema::Faults,
    ),
)]
pub async fn list_rights(State(state): State<AppState>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Action::ManageRights)?;
    let params = super::params::Params::of_query(caller.query(), &["state", "lang"])?;
    let wanted = params.text("state").map(|code| {
        RightState::of_code(code).ok_or_else(|| {
            let why = Text::new("такого состояния нет", "there is no such state");
            Problem::of_field(Kind::InvalidParameter, "state", why)
        })
    });
    let rights = desk(&state)?.list_rights(wanted.transpose()?, PAGE).await?;
    Ok(unkept(StatusCode::OK, &json!({"rights": rights.iter().map(shown).collect::<Vec<Value>>()})))
}

/// One right.
#[utoipa::path(
    get, path = "/api/v1/rights/{id}", operation_id = "show_right", tag = "rights",
    params(("id" = String, Path, description = "The id of the right")),
    security(("session" = []), ("operator_key" = [])),
    responses(
        (status = 200, description = "The right", body = serde_json::Value),
        super::schema::Faults,
    ),
)]
pub async fn show_right(
    State(state): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<Response, Problem> {
    caller.may(Action::ManageRights)?;
    Ok(unkept(StatusCode::OK, &shown(&desk(&state)?.show_right(&id).await?)))
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct MoveRequest {
    reason: Option<String>,
}

/// confirm, refuse, suspend, resume, revoke; `offer` makes a new invitation.
#[utoipa::path(
    post, path = "/api/v1/rights/{id}/{act}", operation_id = "act_on_right", tag = "rights",
    params(("id" = String, Path, description = "The id of the right"), ("act" = String, Path, description = "confirm, refuse, suspend, resume, revoke or offer")),
    request_body(content = serde_json::Value, description = "Perhaps `reason`; a refusal needs one"),
    security(("session" = []), ("operator_key" = [])),
    responses(
        (status = 200, description = "The right as it is now", body = serde_json::Value),
        (status = 201, description = "The offer", body = serde_json::Value),
        super::schema::Faults,
    ),
)]
pub async fn act_on_right(
    State(state): State<AppState>,
    Path((id, act)): Path<(String, String)>,
    caller: Caller,
    body: Bytes,
) -> Result<Response, Problem> {
    let actor = caller.may(Action::ManageRights)?.actor();
    let desk = desk(&state)?;
    let request: MoveRequest = if body.is_empty() { MoveRequest::default() } else { json_body(&body)? };
    let next = match &*act {
        "confirm" | "resume" => RightState::Confirmed,
        "refuse" => RightState::Refused,
        "suspend" => RightState::Suspended,
        "revoke" => RightState::Revoked,
        "offer" => {
            let offer = desk.offer(&id, None, INVITATION_S).await?;
            return Ok(unkept(StatusCode::CREATED, &offer));
        }
        _ => {
            return Err(Problem::new(
                Kind::NoRoute,
                Text::new(
                    "Есть confirm, refuse, suspend, resume, revoke и offer.",
                    "There are confirm, refuse, suspend, resume, revoke and offer.",
                ),
            ));
        }
    };
    let right = desk.move_right(&id, next, request.reason.as_deref(), &actor).await?;
    Ok(unkept(StatusCode::OK, &shown(&right)))
}

/// A list of rights as CSV: all rows or none. Outside ids are hashed as the rows are read and lie nowhere.
#[utoipa::path(
    post, path = "/api/v1/rights/list", operation_id = "upload_rights", tag = "rights",
    request_body(content = serde_json::Value, description = "CSV: outside_id or outside_hash, category, region, valid_until, perhaps valid_from and state", content_type = "text/csv"),
    security(("session" = []), ("operator_key" = [])),
    responses(
        (status = 200, description = "How many; all rows were taken", body = serde_json::Value),
        super::schema::Faults,
    ),
)]
pub async fn upload_rights(State(state): State<AppState>, caller: Caller, body: Bytes) -> Result<Response, Problem> {
    let actor = caller.may(Action::ManageRights)?.actor();
    let desk = desk(&state)?;
    match rights_list::take(desk, &body[..], &actor).await {
        Ok(count) => Ok(unkept(StatusCode::OK, &json!({"rights": count}))),
        Err(ListError::Right(row, error)) => {
            let problem = Problem::from(error);
            let line = row + 2;
            Err(problem.with_error(
                &format!("line {line}"),
                Text::new(format!("в строке {line}; не принято ничего"), format!("in line {line}; nothing was taken")),
            ))
        }
        Err(ListError::Form { line, why }) => Err(Problem::of_field(
            Kind::InvalidRight,
            &format!("line {line}"),
            Text::new(
                format!("строка {line}: {}; не принято ничего", why.ru),
                format!("line {line}: {}; nothing was taken", why.en),
            ),
        )),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PairingRequest {
    location_id: String,
    name: String,
}

/// A pairing code for a terminal.
#[utoipa::path(
    post, path = "/api/v1/terminals/pairings", operation_id = "create_pairing", tag = "rights",
    request_body(content = serde_json::Value, description = "`location_id` and the `name` of the terminal"),
    security(("session" = []), ("operator_key" = [])),
    responses(
        (status = 201, description = "The code, good once for a day", body = serde_json::Value),
        super::schema::Faults,
    ),
)]
pub async fn create_pairing(State(state): State<AppState>, caller: Caller, body: Bytes) -> Result<Response, Problem> {
    caller.may(Action::ManageRights)?;
    let desk = desk(&state)?;
    let request: PairingRequest = json_body(&body)?;
    if state.index.current().lookup(&request.location_id).is_none() {
        return Err(Problem::no_location(&request.location_id));
    }
    let code = desk.new_pairing(&request.location_id, request.name.trim()).await?;
    Ok(unkept(StatusCode::CREATED, &json!({"code": code, "expires_in_s": crate::credentials::terminals::PAIRING_S})))
}

/// Ends a terminal.
#[utoipa::path(
    delete, path = "/api/v1/terminals/{id}", operation_id = "revoke_terminal", tag = "rights",
    params(("id" = String, Path, description = "The id of the terminal")),
    security(("session" = []), ("operator_key" = [])),
    responses(
        (status = 200, description = "Ended", body = serde_json::Value),
        super::schema::Faults,
    ),
)]
pub async fn revoke_terminal(
    State(state): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<Response, Problem> {
    caller.may(Action::ManageRights)?;
    if desk(&state)?.revoke_terminal(&id).await? {
        return Ok(unkept(StatusCode::OK, &json!({"id": id, "revoked": true})));
    }
    Err(Problem::new(Kind::NoTerminal, Text::new("Такой кассы нет.", "There is no such terminal.")))
}
