//! A partner's desk: a description is checked while it is typed, in the words of the real calls.

use super::desk::{json_body, unkept};
use super::desk_view;
use super::problem::Problem;
use super::schema::Faults;
use super::state::AppState;
use super::who::Caller;
use crate::domain::{LocationId, Principal};
use crate::partners::content::{self, Understood};
use crate::partners::profile::Profile;
use crate::partners::registry::Content;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckRequest {
    location: Option<Content>,
    partner: Option<Profile>,
}

/// What is wrong with a description, and what was understood of it. Changes nothing.
#[utoipa::path(
    post, path = "/api/v1/partner/check", operation_id = "check_description", tag = "partner",
    request_body(content = Value, description = "`location` and `partner`, either or both, however incomplete"),
    security(("session" = []), ("service_key" = [])),
    responses((status = 200, description = "The same words as the refusals of the real calls", body = Value), Faults),
)]
pub async fn check(State(state): State<AppState>, caller: Caller, body: Bytes) -> Result<Response, Problem> {
    if caller.principal == Principal::Anonymous {
        return Err(super::who::not_signed_in());
    }
    let lang = caller.lang;
    let request: CheckRequest = json_body(&body)?;
    let mut faults = request.partner.as_ref().map(Profile::check).unwrap_or_default();
    let mut understood = Value::Null;
    if let Some(location) = &request.location {
        let profile = request.partner.clone().unwrap_or_default();
        let id = LocationId::new("new").expect("letters are an id");
        faults.extend(content::check(location, &profile, &id).problems);
        understood = understood_of(location, state.clock.now());
    }
    Ok(unkept(StatusCode::OK, &json!({"problems": desk_view::problems(&faults, lang), "understood": understood})))
}

fn understood_of(location: &Content, now: DateTime<Utc>) -> Value {
    let understood = content::understood(location);
    json!({
        "phone": understood.phone.as_ref().map(|p| &p.e164),
        "phone_display": understood.phone.as_ref().map(crate::domain::Phone::display),
        "phone_ext": understood.phone.as_ref().and_then(|p| p.ext.as_ref()),
        "opening_hours": understood.hours.as_ref().map(crate::domain::Hours::as_str),
        "time_zone": understood.time_zone.map(chrono_tz::Tz::name),
        "benefits": content::benefits_json(&understood.benefits),
        "settlement": understood.settlement.map(|(s, distance_m)| json!({"name": s.name_ru, "distance_m": distance_m.round()})),
        "hours_week": week_of(&understood, now),
    })
}

/// The coming week by the hours that were understood; null without any.
fn week_of(understood: &Understood, now: DateTime<Utc>) -> Value {
    let zone = understood.time_zone.unwrap_or(chrono_tz::Europe::Moscow);
    let today = now.with_timezone(&zone).date_naive();
    json!(understood.hours.as_ref().map(|h| super::week::of(h, today)))
}

/// The coming week of a content, for people who decide about it.
pub(super) fn hours_week(content: &Content, now: DateTime<Utc>) -> Value {
    week_of(&content::understood(content), now)
}
