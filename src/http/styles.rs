//! Map styles and what they are made of: sprites and glyphs.

use super::AppState;
use super::basemap::base_url;
use super::params::{Params, invalid};
use super::problem::{Kind, Problem, Text};
use super::static_files::{answer, etag_of};
use crate::map_style::{self, Ask, Theme};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Made by `scripts/basemap/`.
#[derive(RustEmbed)]
#[folder = "data/style"]
struct Parts;

/// A style document, or a file of a sprite.
pub async fn show_style(
    State(state): State<AppState>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Some(theme) = Theme::ALL.into_iter().find(|theme| file.strip_suffix(".json") == Some(theme.code())) else {
        return part(&file, &headers);
    };
    let params = Params::of_query(query.as_deref(), &["lang", "locations"])?;
    let lang = params.lang()?.unwrap_or_default();
    let locations = match params.text("locations") {
        None | Some("yes") => true,
        Some("no") => false,
        Some(_) => return Err(invalid("locations", Text::new("нужно yes или no", "yes or no is needed"))),
    };
    if let Some(url) = &state.options.style_url {
        return Ok(Redirect::temporary(url).into_response());
    }
    let base_url = base_url(&state, &uri, &headers);
    let document = map_style::style(Ask { theme, lang, locations, base_url: &base_url }, &state.basemap);
    let body = serde_json::to_vec(&document).expect("plain data into memory");
    let mut etag = String::from('"');
    for byte in &Sha256::digest(&body)[..12] {
        write!(etag, "{byte:02x}").expect("writing to a string");
    }
    etag.push('"');
    Ok(answer(body.into(), "application/json", "public, max-age=300", &etag, &headers))
}

/// A range of a font's glyphs as distance fields.
pub async fn show_glyphs(
    Path((stack, file)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // A stack is a list, the wanted font first.
    let font = stack.split(',').map(str::trim).find(|font| {
        let folder = format!("glyphs/{font}/");
        Parts::iter().any(|path| path.starts_with(&folder))
    });
    let range = file.strip_suffix(".pbf").filter(|range| is_range(range));
    let (Some(font), Some(range)) = (font, range) else { return Err(nothing(uri.path())) };
    part(&format!("glyphs/{font}/{range}.pbf"), &headers).or_else(|_| {
        // A text with one character that the font lacks is still drawn, when its range is empty and not an error.
        Ok(answer(no_glyphs(font, range).into(), PBF, KEPT, "\"empty\"", &headers))
    })
}

const PBF: &str = "application/x-protobuf";
const KEPT: &str = "public, max-age=86400";

fn part(path: &str, headers: &HeaderMap) -> Result<Response, Problem> {
    let file = Parts::get(path).ok_or_else(|| nothing(&format!("/style/{path}")))?;
    let mime = match path.rsplit_once('.') {
        Some((_, "json")) => "application/json",
        Some((_, "png")) => "image/png",
        Some((_, "pbf")) => PBF,
        _ => "text/plain; charset=utf-8",
    };
    let etag = etag_of(&file);
    Ok(answer(file.data, mime, KEPT, &etag, headers))
}

fn nothing(path: &str) -> Problem {
    let shown: String = path.chars().take(120).collect();
    Problem::new(
        Kind::NoRoute,
        Text::new(
            format!("По адресу {shown} ничего нет; стили: /style/light.json и /style/dark.json."),
            format!("There is nothing at {shown}; the styles are /style/light.json and /style/dark.json."),
        ),
    )
}

/// `1024-1279` and the like: 256 code points from a multiple of 256.
fn is_range(text: &str) -> bool {
    let Some((first, last)) = text.split_once('-') else { return false };
    let (Ok(first), Ok(last)) = (first.parse::<u32>(), last.parse::<u32>()) else { return false };
    first % 256 == 0 && last == first.wrapping_add(255) && last <= 0xffff
}

/// The protocol buffer of a range without glyphs: `glyphs { stacks { name, range } }`.
fn no_glyphs(font: &str, range: &str) -> Vec<u8> {
    let field = |tag: u8, content: &[u8]| {
        let length = u8::try_from(content.len()).expect("a short name");
        [&[tag, length][..], content].concat()
    };
    field(0x0a, &[field(0x0a, font.as_bytes()), field(0x12, range.as_bytes())].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_blocks_of_256() {
        for range in ["0-255", "1024-1279", "65280-65535"] {
            assert!(is_range(range), "{range}");
        }
        for range in ["0-256", "1-256", "65536-65791", "4294967040-39", "a-b", "0", "-255", "1279-1024"] {
            assert!(!is_range(range), "{range}");
        }
    }
}
