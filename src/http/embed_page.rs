//! `/embed`: the map and list for a frame on somebody else's page, with its first rows printed in.
//!
//! Everything it shows stands in its address, in the words of the widget's attributes (`static/src/widget/options.ts`,
//! `docs/widget.md`). It reads no cookie, sets none and keeps nothing.

use super::conditional::is_unchanged;
use super::first_rows::{Choice, FirstRows, find_rows, value_of};
use super::oembed::{discovery, here};
use super::problem::Problem;
use super::state::AppState;
use super::static_files::{etag_of_bytes, for_framing, no_pages, page_answer, shell};
use crate::geometry::{Bbox, LonLat};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use maud::{Markup, html};

/// Where the list is from.
struct Place {
    center: Option<LonLat>,
    area: Option<Bbox>,
}

impl Place {
    fn of(query: Option<&str>) -> Self {
        let numbers = |name| -> Option<Vec<f64>> {
            value_of(query, name)?.split(',').map(|number| number.trim().parse().ok()).collect()
        };
        let center = numbers("center").and_then(|at| match at[..] {
            [lon, lat] => LonLat::new(lon, lat).ok(),
            _ => None,
        });
        let area = numbers("bbox").and_then(|edges| match edges[..] {
            [west, south, east, north] if south < north => Bbox::new(west, south, east, north).ok(),
            _ => None,
        });
        Self { center: center.or_else(|| area.as_ref().and_then(middle)), area }
    }
}

fn middle(area: &Bbox) -> Option<LonLat> {
    let (west, east) = (area.west, area.east);
    let lon = f64::midpoint(west, if west <= east { east } else { east + 360.0 });
    LonLat::new(if lon > 180.0 { lon - 360.0 } else { lon }, f64::midpoint(area.south, area.north)).ok()
}

/// The frame's page.
pub async fn show_embed_page(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Some(shell) = shell("pages/embed/index.html") else { return Ok(no_pages().into_response()) };
    let query = query.as_deref();
    let choice = Choice::of(query);
    let now = state.clock.now();
    let place = Place::of(query);
    let found = find_rows(&state, place.center, place.area, &choice.filter(now), now).await?;
    let theme = match value_of(query, "theme").as_deref() {
        Some("light") => " data-theme=\"light\"",
        Some("dark") => " data-theme=\"dark\"",
        _ => "",
    };
    let base = super::basemap::base_url(&state, &uri, &headers);
    let html = shell
        .with_config(&state)
        .replace("<html lang=\"ru\">", &format!("<html lang=\"{}\"{theme}>", choice.lang.tag()))
        .replace("<!--ryadom:head-->", &discovery(&base, &here(&uri), choice.lang).0)
        .replace("<!--ryadom:list-->", &printed(&found, &choice, state.options.demo, now).0);
    let etag = etag_of_bytes(html.as_bytes());
    let unchanged = is_unchanged(&headers, &etag);
    let mut response = page_answer(&state, html, Some(&etag), unchanged);
    for_framing(&mut response);
    Ok(response)
}

fn printed(found: &FirstRows, choice: &Choice, demo: bool, now: DateTime<Utc>) -> Markup {
    let lang = choice.lang;
    let say = |ru, en| lang.pick(ru, en);
    html! {
        @if demo {
            p.first.demo { (say("Демонстрационные данные: места и льготы выдуманы", "Demonstration data: places and benefits are invented")) }
        }
        h1.first { (say("Льготы для многодетных семей", "Benefits for large families")) }
        div.first {
            p.measure {
                @if found.is_empty() { (say("Ничего не нашлось", "Nothing was found")) }
                @else if found.complete { (say("Все места, ближайшие первыми", "All places, the nearest first")) }
                @else { (say("Ближайшие места", "The nearest places")) }
            }
        }
        (found.printed(lang, now, true))
        p.first { a href=(format!("/?lang={}", lang.tag())) target="_blank" rel="noopener" { (say("Все места на карте «Рядом»", "All places on the Ryadom map")) } }
    }
}
