//! Photos of locations: brought by a partner, shown to everybody once the place is approved.

use super::partner::changed;
use super::problem::{Kind, Problem, Text};
use super::schema::Faults;
use super::state::AppState;
use super::who::Caller;
use crate::identity::policy::Action;
use crate::partners::photo::{self, PhotoFault};
use crate::partners::turns::turn;
use crate::sealing::random_text;
use crate::store::photos::PhotoRow;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

/// The picture of a location. It is turned upright, made small and encoded anew; nothing else of the file is kept.
#[utoipa::path(
    put, path = "/api/v1/partner/locations/{id}/photo", operation_id = "put_photo", tag = "partner",
    request_body(content = Vec<u8>, description = "JPEG, PNG or WebP, 8 MB at most", content_type = "image/jpeg"),
    params(("id" = String, Path, description = "The id of the place"), ("If-Match" = String, Header, description = "The ETag")),
    security(("session" = []), ("service_key" = [])),
    responses((status = 200, description = "The location; its revision shows the photo", body = Value), Faults),
)]
pub async fn put_photo(
    State(state): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked = caller.own(Action::EditLocations)?;
    let view = asked.own(&state, &id).await?;
    let etag = asked.if_match()?;
    // Before anything is kept: what is refused for its version must leave nothing behind.
    if view.etag() != etag {
        return changed(&state, &asked, &view.id, etag, &Map::new(), false).await;
    }
    state.gate.limited("photo", asked.partner.as_str(), 200).await?;
    let _turn = turn().await;
    let encoded = tokio::task::spawn_blocking(move || photo::encode(&body)).await.map_err(|_| Problem::internal())?;
    let encoded = encoded.map_err(photo_problem)?;
    let row = PhotoRow {
        id: random_text::<15>(),
        partner_id: asked.partner.to_string(),
        width: i64::from(encoded.width),
        height: i64::from(encoded.height),
        bytes: encoded.bytes,
        is_public: 0,
        created_s: state.clock.now().timestamp(),
    };
    state.store.put_photo(&row).await?;
    let patch = Map::from_iter([("photo".to_owned(), row.id.into())]);
    changed(&state, &asked, &view.id, etag, &patch, false).await
}

fn photo_problem(fault: PhotoFault) -> Problem {
    match fault {
        PhotoFault::Type => {
            Problem::new(Kind::PhotoType, Text::new("Нужен JPEG, PNG или WebP.", "JPEG, PNG or WebP is needed."))
        }
        PhotoFault::Unreadable => Problem::new(
            Kind::InvalidPhoto,
            Text::new(
                "Файл повреждён или слишком велик. Сохраните фото заново.",
                "The file is damaged or too large. Save the photo anew.",
            ),
        ),
        PhotoFault::TooSmall => Problem::new(
            Kind::InvalidPhoto,
            Text::new(
                "Фото мельче 200 точек. Возьмите крупнее.",
                "The photo is smaller than 200 pixels. Take a larger one.",
            ),
        ),
    }
}

/// No picture any more.
#[utoipa::path(
    delete, path = "/api/v1/partner/locations/{id}/photo", operation_id = "remove_photo", tag = "partner",
    params(("id" = String, Path, description = "The id of the place"), ("If-Match" = String, Header, description = "The ETag")),
    security(("session" = []), ("service_key" = [])),
    responses((status = 200, description = "The location", body = Value), Faults),
)]
pub async fn remove_photo(
    State(state): State<AppState>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<Response, Problem> {
    let asked = caller.own(Action::EditLocations)?;
    let view = asked.own(&state, &id).await?;
    let patch = Map::from_iter([("photo".to_owned(), Value::Null)]);
    changed(&state, &asked, &view.id, asked.if_match()?, &patch, false).await
}

/// A photo: of an approved place for everybody, of a draft for its partner and for operators.
#[utoipa::path(
    get, path = "/photos/{id}", operation_id = "show_photo", tag = "locations",
    params(("id" = String, Path, description = "What `photo` of a card ends with")),
    responses((status = 200, description = "JPEG", body = Vec<u8>, content_type = "image/jpeg"), Faults),
)]
pub async fn show_photo(
    State(state): State<AppState>,
    Path(id): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let none = || Problem::new(Kind::NoPhoto, Text::new("Такого фото нет.", "There is no such photo."));
    let bytes = if let Some(kept) = state.photos.get(&id) {
        kept
    } else {
        let row = state.store.lookup_photo(&id).await?.ok_or_else(none)?;
        let bytes = Bytes::from(row.bytes);
        if row.is_public == 0 {
            use crate::domain::Principal as P;
            let sees = match super::who::principal(&state, &method, &headers).await? {
                P::Operator { .. } | P::OperatorKey => true,
                P::Manager { partner: Some(partner), .. } | P::Service { partner, .. } => {
                    partner.as_str() == row.partner_id
                }
                P::Manager { partner: None, .. } | P::Auditor { .. } | P::Anonymous => false,
            };
            return if sees { Ok(photo(bytes, "private, no-store")) } else { Err(none()) };
        }
        state.photos.insert(id, bytes.clone());
        bytes
    };
    Ok(photo(bytes, "public, max-age=31536000, immutable"))
}

fn photo(bytes: Bytes, cache: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, cache)];
    (headers, bytes).into_response()
}
