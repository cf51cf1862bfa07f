//! A partner's bulk files: template, preview, apply.

use super::desk::unkept;
use super::desk_view::registry_problem;
use super::params::{Params, decode};
use super::partner::Asked;
use super::problem::{Kind, Problem, Text};
use super::schema::Faults;
use super::state::AppState;
use super::who::Caller;
use crate::domain::{Lang, Words, words};
use crate::identity::policy::Action;
use crate::partners::bulk_desk::{self, BulkError};
use crate::partners::profile::Profile;
use crate::partners::template;
use crate::store::bulk_files::BulkFileRow;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// The header with the name of a file, percent-encoded.
const FILENAME: HeaderName = HeaderName::from_static("ryadom-filename");

/// The template to fill in: `template.csv` or `template.xlsx`.
#[utoipa::path(
    get, path = "/api/v1/partner/bulk/{file}", operation_id = "show_bulk_file", tag = "partner",
    params(("file" = String, Path, description = "template.csv, template.xlsx, or the id of a file"), ("lang" = Option<String>, Query, description = "ru or en")),
    security(("session" = []), ("service_key" = [])),
    responses((status = 200, description = "The template, or where the file stands", body = Value), Faults),
)]
pub async fn show_file(
    State(state): State<AppState>,
    Path(file): Path<String>,
    caller: Caller,
) -> Result<Response, Problem> {
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let asked = caller.own(Action::EditLocations)?;
    let attachment = |mime: &'static str, name: &'static str, bytes: Vec<u8>| {
        (
            [(header::CONTENT_TYPE, mime), (header::CONTENT_DISPOSITION, name), (header::CACHE_CONTROL, "no-store")],
            bytes,
        )
            .into_response()
    };
    match file.as_str() {
        "template.csv" => Ok(attachment(
            "text/csv; charset=utf-8",
            "attachment; filename=\"ryadom-template.csv\"",
            template::template_csv(asked.lang),
        )),
        "template.xlsx" => {
            Ok(attachment(XLSX, "attachment; filename=\"ryadom-template.xlsx\"", template::template_xlsx(asked.lang)))
        }
        id => {
            let row = own(&state, &asked, id).await?;
            Ok(unkept(StatusCode::OK, &document(&state, &row, asked.lang)))
        }
    }
}

async fn own(state: &AppState, asked: &Asked, id: &str) -> Result<BulkFileRow, Problem> {
    let row = state.store.lookup_bulk_file(id).await?.filter(|f| f.partner_id == asked.partner.as_str());
    row.ok_or_else(|| Problem::new(Kind::NoFile, Text::new("Такого файла нет.", "There is no such file.")))
}

fn document(state: &AppState, row: &BulkFileRow, lang: Lang) -> Value {
    let report = &row.report;
    let reading = row.state == "reading";
    let done = state.bulk.of(&row.id);
    // A process that was killed while it read leaves a file that nobody reads any more.
    let is_lost = reading && done.is_none() && state.clock.now().timestamp() - row.created_s > 600;
    let fault = if is_lost {
        json!(lang.pick("Чтение прервалось. Загрузите файл снова.", "Reading was cut off. Upload the file again."))
    } else {
        report["fault"][lang.tag()].clone()
    };
    json!({
        "id": row.id,
        "name": row.name,
        "state": if is_lost { "failed" } else { row.state.as_str() },
        "rows": report["rows"].as_u64().or(done).unwrap_or_default(),
        "done": done.or_else(|| report["rows"].as_u64()).unwrap_or_default(),
        "counts": if report["counts"].is_object() { report["counts"].clone() } else { json!({"new": 0, "changed": 0, "unchanged": 0, "rejected": 0}) },
        "warnings": report["warnings"].as_u64().unwrap_or_default(),
        "unknown_columns": if report["unknown_columns"].is_array() { report["unknown_columns"].clone() } else { json!([]) },
        "encoding": report["encoding"],
        "fault": fault,
        "created_at": super::desk_view::moment(row.created_s),
    })
}

/// Bring a file; it is read in the background and nothing changes before it is applied.
#[utoipa::path(
    post, path = "/api/v1/partner/bulk", operation_id = "upload_bulk_file", tag = "partner",
    request_body(content = Vec<u8>, description = "CSV or XLSX, 16 MB at most", content_type = "application/octet-stream"),
    params(("Ryadom-Filename" = Option<String>, Header, description = "What to call it, percent-encoded")),
    security(("session" = []), ("service_key" = [])),
    responses((status = 202, description = "`id`: ask for it until it is ready", body = Value), Faults),
)]
pub async fn upload(State(state): State<AppState>, caller: Caller, body: Bytes) -> Result<Response, Problem> {
    let asked = caller.own(Action::EditLocations)?;
    let organisation = asked.organisation(&state).await?;
    state.gate.limited("bulk", asked.partner.as_str(), 20).await?;
    let name = asked.headers().get(FILENAME).and_then(|v| v.to_str().ok()).and_then(decode).unwrap_or("файл".into());
    let actor = asked.principal.actor();
    let id =
        bulk_desk::take(&state.store, &state.clock, &state.bulk, organisation, &actor, &name, body.to_vec()).await?;
    Ok(unkept(StatusCode::ACCEPTED, &json!({"id": id})))
}

/// The rows of a preview.
#[utoipa::path(
    get, path = "/api/v1/partner/bulk/{file}/rows", operation_id = "list_bulk_rows", tag = "partner",
    params(
        ("file" = String, Path, description = "The id of the file"),
        ("outcome" = Option<String>, Query, description = "new, changed, unchanged or rejected"),
        ("cursor" = Option<String>, Query, description = "`next` of the answer before"),
        ("limit" = Option<u32>, Query, description = "1 to 500, 100 by default"),
        ("lang" = Option<String>, Query, description = "ru or en"),
    ),
    security(("session" = []), ("service_key" = [])),
    responses((status = 200, description = "In the order of the file", body = Value), Faults),
)]
pub async fn list_rows(
    State(state): State<AppState>,
    Path(file): Path<String>,
    caller: Caller,
) -> Result<Response, Problem> {
    let asked = caller.own(Action::EditLocations)?;
    let row = own(&state, &asked, &file).await?;
    let params = Params::of_query(asked.query(), &["outcome", "cursor", "limit", "lang"])?;
    let limit = params.whole("limit", 100, 500)? as i64;
    let after = params.text("cursor").and_then(|c| c.parse().ok()).unwrap_or(0);
    let rows = state.store.list_bulk_rows(&row.id, params.text("outcome"), after, limit).await?;
    let next = (rows.len() as i64 == limit).then(|| rows.last().map(|r| r.number.to_string())).flatten();
    let shown: Vec<Value> = rows.iter().map(|r| shown_row(&r.content, asked.lang)).collect();
    Ok(unkept(StatusCode::OK, &json!({"rows": shown, "next": next})))
}

fn shown_row(row: &Value, lang: Lang) -> Value {
    let detail = lang.pick("detail_ru", "detail_en");
    let problems: Vec<Value> = row["problems"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|p| {
            let severity = if p["severity"] == "warning" { "warning" } else { "reject" };
            json!({"field": p["field"].as_str().unwrap_or("content"), "severity": severity, "code": p["code"], "detail": p[detail]})
        })
        .collect();
    json!({
        "line": row["line"], "external_id": row["external_id"], "name": row["name"], "outcome": row["outcome"],
        "location_id": row["location_id"], "changes": row["changes"], "problems": problems,
    })
}

/// What people call the state of a file.
fn of_file(state: &str) -> Words {
    match state {
        "reading" => words("ещё читается", "still being read"),
        "failed" => words("не прочитан", "unreadable"),
        "applied" => words("уже применён", "applied already"),
        _ => words("не готов", "not ready"),
    }
}

/// Apply a previewed file, whole or not at all; every new or changed row then waits for an operator.
#[utoipa::path(
    post, path = "/api/v1/partner/bulk/{file}/apply", operation_id = "apply_bulk_file", tag = "partner",
    params(("file" = String, Path, description = "The id of the file")),
    security(("session" = []), ("service_key" = [])),
    responses((status = 200, description = "Applied", body = Value), Faults),
)]
pub async fn apply(
    State(state): State<AppState>,
    Path(file): Path<String>,
    caller: Caller,
) -> Result<Response, Problem> {
    let asked = caller.own(Action::EditLocations)?;
    let mut row = own(&state, &asked, &file).await?;
    let organisation = asked.organisation(&state).await?;
    let faults = organisation.profile.check();
    if faults.iter().any(|p| p.severity() == crate::partners::problem::Severity::Reject) {
        let error = crate::partners::registry::RegistryError::Partner(faults);
        return Err(registry_problem(error, &organisation.profile, asked.lang));
    }
    let actor = asked.principal.actor();
    match bulk_desk::apply(&state.store, &*state.clock, &organisation, &row, &actor).await {
        Ok(_) => {
            "applied".clone_into(&mut row.state);
            Ok(unkept(StatusCode::OK, &document(&state, &row, asked.lang)))
        }
        Err(BulkError::Stale(ids)) => {
            let shown = ids.iter().take(20).map(String::as_str).collect::<Vec<_>>().join(", ");
            Err(Problem::new(
                Kind::BulkStale,
                Text::new(
                    format!("После просмотра изменились: {shown}. Не записано ничего: загрузите файл снова."),
                    format!("Changed since the preview: {shown}. Nothing was written: upload the file again."),
                ),
            ))
        }
        Err(BulkError::Move(from)) => Err(Problem::new(
            Kind::WrongState,
            Text::new(
                format!("Файл {}: применить можно просмотренный и один раз.", of_file(&from).ru),
                format!("The file is {}: a previewed one can be applied, once.", of_file(&from).en),
            ),
        )),
        Err(BulkError::Registry(error)) => Err(registry_problem(error, &Profile::default(), asked.lang)),
        Err(BulkError::Store(error)) => Err(error.into()),
    }
}

/// Forget a file that was not applied.
#[utoipa::path(
    delete, path = "/api/v1/partner/bulk/{file}", operation_id = "forget_bulk_file", tag = "partner",
    params(("file" = String, Path, description = "The id of the file")),
    security(("session" = []), ("service_key" = [])),
    responses((status = 204, description = "Forgotten"), Faults),
)]
pub async fn forget(
    State(state): State<AppState>,
    Path(file): Path<String>,
    caller: Caller,
) -> Result<Response, Problem> {
    let asked = caller.own(Action::EditLocations)?;
    let row = own(&state, &asked, &file).await?;
    let mut tx = state.store.begin().await?;
    tx.forget_bulk_file(&row.id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
