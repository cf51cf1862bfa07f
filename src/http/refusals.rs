//! "I was refused here": reported by anybody, answered by the partner, closed by an operator.

use super::desk::{json_body, unkept};
use super::operator::partner_name;
use super::params::Params;
use super::partner::TextRequest;
use super::problem::{Kind, Problem, Text};
use super::schema::Faults;
use super::state::AppState;
use super::who::{Caller, Client};
use crate::identity::policy::Action;
use crate::partners::refusal;
use crate::sealing::random_text;
use crate::store::refusals::RefusalRow;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};

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
pub async fn list_own_refusals(State(state): State<AppState>, caller: Caller) -> Result<Response, Problem> {
    let asked = caller.own(Action::ManagePartner)?;
    Ok(unkept(StatusCode::OK, &refusals(&state, asked.query(), Some(asked.partner.as_str())).await?))
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
    caller: Caller,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked = caller.own(Action::ManagePartner)?;
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
    asked.write_down(&state, &mut tx, "answer-refusal", &format!("refusal:{id}")).await?;
    tx.commit().await?;
    Ok(unkept(StatusCode::OK, &json!({"id": id, "state": "answered", "answer": text})))
}

/// Refusals everywhere.
#[utoipa::path(
    get, path = "/api/v1/operator/refusals", operation_id = "list_refusals", tag = "operator",
    params(("cursor" = Option<String>, Query, description = "`next` of the answer before"), ("limit" = Option<u32>, Query, description = "1 to 200"), ("lang" = Option<String>, Query, description = "ru or en")),
    security(("session" = []), ("operator_key" = [])),
    responses((status = 200, description = "Newest first", body = Value), Faults),
)]
pub async fn list_refusals(State(state): State<AppState>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Action::Moderate)?;
    let mut body = refusals(&state, caller.query(), None).await?;
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
    caller: Caller,
) -> Result<Response, Problem> {
    caller.may(Action::Moderate)?;
    state.store.lookup_refusal(&id).await?.ok_or_else(no_refusal)?;
    let mut tx = state.store.begin().await?;
    tx.settle_refusal(&id, "closed", None).await?;
    caller.write_down(&state, &mut tx, "close-refusal", &format!("refusal:{id}")).await?;
    tx.commit().await?;
    Ok(unkept(StatusCode::OK, &json!({"id": id, "state": "closed"})))
}
