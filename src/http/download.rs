//! `/download/locations.…`: the whole public layer as one file.

use super::conditional::is_unchanged;
use super::locations::snapshot_for;
use super::params::Params;
use super::problem::{Kind, Problem, Text};
use super::state::AppState;
use crate::downloads::lines::{self, Lines};
use crate::downloads::{About, Format, LICENCE_URL};
use crate::index::Filter;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::io::AsyncReadExt;

/// Parameters of a file.
pub const DOWNLOAD: &[&str] = &["lang", "min_seq"];
/// Bytes read at a time.
const PIECE_BYTES: usize = 64 * 1024;

/// A file of the layer.
pub async fn show_file(
    State(state): State<AppState>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
    method: Method,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let format =
        file.strip_prefix("locations.").and_then(|ending| Format::ALL.into_iter().find(|f| f.ending() == ending));
    let format = format.ok_or_else(|| {
        let known = Format::ALL.map(|f| format!("locations.{}", f.ending())).join(", ");
        let what = Text::new(
            format!("Такого файла нет. Есть: {known}."),
            format!("There is no such file. There are: {known}."),
        );
        Problem::new(Kind::NoRoute, what)
    })?;
    let params = Params::of_query(query.as_deref(), DOWNLOAD)?;
    params.lang()?;
    let snapshot = snapshot_for(&state, &params, &Filter::default()).await?;
    let about = About { seq: snapshot.seq(), at: state.clock.now() };
    let etag = format!("\"{}-{}\"", about.seq.0, format.ending());
    if is_unchanged(&asked, &etag) {
        let mut response = answer(format, about, &etag, Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    if method == Method::HEAD {
        return Ok(answer(format, about, &etag, Body::empty()));
    }
    match format {
        Format::GeoJson | Format::Csv => {
            let kind = if format == Format::Csv { lines::Kind::Csv } else { lines::Kind::GeoJson };
            let pieces = stream::unfold(Lines::new(snapshot, about, kind), |mut lines| async move {
                lines.piece().map(|piece| (Ok::<_, Infallible>(Bytes::from(piece)), lines))
            });
            Ok(answer(format, about, &etag, Body::from_stream(pieces)))
        }
        Format::FlatGeobuf | Format::PmTiles => {
            let made = state.shelf.take(format, Arc::clone(&snapshot), about).await.map_err(|e| unmade(&e))?;
            let file = made.open().map_err(|e| unmade(&e))?;
            let size_bytes = file.metadata().map_err(|e| unmade(&e))?.len();
            let pieces = stream::unfold(tokio::fs::File::from_std(file), |mut file| async move {
                let mut piece = vec![0; PIECE_BYTES];
                match file.read(&mut piece).await {
                    Ok(0) => None,
                    Ok(n) => {
                        piece.truncate(n);
                        Some((Ok(Bytes::from(piece)), file))
                    }
                    Err(e) => Some((Err(e), file)),
                }
            });
            let mut response = answer(format, made.about, &etag, Body::from_stream(pieces));
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(size_bytes));
            Ok(response)
        }
    }
}

fn unmade(error: &std::io::Error) -> Problem {
    let error: &(dyn std::error::Error + 'static) = error;
    tracing::error!(error, "a file of the layer cannot be made");
    Problem::internal()
}

fn answer(format: Format, about: About, etag: &str, body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
    let texts = [
        // Weak: the same places, made at another moment or compressed.
        (header::ETAG, format!("W/{etag}")),
        (header::LINK, format!("<{LICENCE_URL}>; rel=\"license\"")),
        (
            header::CONTENT_DISPOSITION,
            format!(
                "attachment; filename=\"ryadom-locations-{}-{}.{}\"",
                about.at.date_naive(),
                about.seq.0,
                format.ending()
            ),
        ),
        (super::outer::RYADOM_SEQ, about.seq.0.to_string()),
    ];
    for (name, text) in texts {
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.insert(name, value);
        }
    }
    response
}
