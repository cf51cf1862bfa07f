//! `/download/locations.…`: the whole public layer as one file.

use super::conditional::is_unchanged;
use super::locations::snapshot_for;
use super::params::Params;
use super::problem::{Kind, Problem, Text};
use super::ranges::{self, Whole};
use super::state::AppState;
use crate::downloads::lines::{self, Lines};
use crate::downloads::{About, Format};
use crate::index::{Filter, Snapshot};
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use std::convert::Infallible;
use std::io::{self, SeekFrom};
use std::ops::RangeInclusive;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// Parameters of a file.
pub const DOWNLOAD: &[&str] = &["lang", "min_seq"];
/// Bytes read at a time.
const PIECE_BYTES: usize = 64 * 1024;
const CACHE: &str = "public, max-age=60";
/// The compressing layer leaves it alone, or byte ranges would mean nothing.
pub const FLATGEOBUF: &str = "application/flatgeobuf";

/// A file of the layer.
pub async fn show_file(
    State(state): State<AppState>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
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
    let about = About { seq: snapshot.seq(), at: state.clock.now(), licence: state.options.licence.clone() };
    let mut response = match format {
        Format::GeoJson | Format::Csv => {
            // Weak: the same places, made at another moment or compressed.
            let etag = format!("\"{}-{}\"", about.seq.0, format.ending());
            let unchanged = is_unchanged(&asked, &etag);
            let mut response = Response::new(match format {
                _ if unchanged => Body::empty(),
                Format::Csv => lines_of(snapshot, about.clone(), lines::Kind::Csv),
                _ => lines_of(snapshot, about.clone(), lines::Kind::GeoJson),
            });
            if unchanged {
                *response.status_mut() = StatusCode::NOT_MODIFIED;
            }
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE));
            if let Ok(etag) = HeaderValue::try_from(format!("W/{etag}")) {
                headers.insert(header::ETAG, etag);
            }
            described(response, format, &about)
        }
        Format::FlatGeobuf | Format::PmTiles => {
            let made = state.shelf.take(format, Arc::clone(&snapshot), about).await.map_err(|e| unmade(&e))?;
            let file = made.open().map_err(|e| unmade(&e))?;
            let size_bytes = file.metadata().map_err(|e| unmade(&e))?.len();
            // Strong, for pieces of it: another making of the same places is another file.
            let etag = format!("\"{}-{}-{:x}\"", made.about.seq.0, format.ending(), made.about.at.timestamp_micros());
            let whole = Whole { etag: &etag, size_bytes, media_type: format.media_type(), cache: CACHE };
            let response = ranges::answer(&asked, &whole, |range| pieces_of(file, range));
            if response.status() == StatusCode::RANGE_NOT_SATISFIABLE {
                return Ok(response);
            }
            described(response, format, &made.about)
        }
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

fn lines_of(snapshot: Arc<Snapshot>, about: About, kind: lines::Kind) -> Body {
    let pieces = stream::unfold(Lines::new(snapshot, about, kind), |mut lines| async move {
        lines.piece().map(|piece| (Ok::<_, Infallible>(Bytes::from(piece)), lines))
    });
    // The compressing layer asks once more after the end.
    Body::from_stream(pieces.fuse())
}

fn pieces_of(file: std::fs::File, range: RangeInclusive<u64>) -> Body {
    let left = range.end() - range.start() + 1;
    let start = (tokio::fs::File::from_std(file), Some(*range.start()), left);
    Body::from_stream(stream::try_unfold(start, |(mut file, at, left)| async move {
        if let Some(at) = at {
            file.seek(SeekFrom::Start(at)).await?;
        }
        let mut piece = vec![0; PIECE_BYTES.min(usize::try_from(left).unwrap_or(PIECE_BYTES))];
        let n = file.read(&mut piece).await?;
        piece.truncate(n);
        Ok::<_, io::Error>((n > 0).then(|| (Bytes::from(piece), (file, None, left - n as u64))))
    }))
}

fn unmade(error: &std::io::Error) -> Problem {
    let error: &(dyn std::error::Error + 'static) = error;
    tracing::error!(error, "a file of the layer cannot be made");
    Problem::internal()
}

/// With what a file says of itself outside.
fn described(mut response: Response, format: Format, about: &About) -> Response {
    let headers = response.headers_mut();
    let texts = [
        (header::LINK, format!("<{}>; rel=\"license\"", about.licence.url)),
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
