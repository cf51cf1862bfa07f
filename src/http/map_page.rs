//! `/`: the shell of the map with its first rows printed in.
//!
//! The script replaces them by its own list. Until it has come, and where it never comes, these are the page: the places
//! nearest to the middle of the address's map view, else of the krai's capital, under the address's filters. No position
//! of a person is known here, and none is asked for.

use super::first_rows::{Choice, FirstRows, find_rows, value_of};
use super::oembed::{discovery, here};
use super::problem::Problem;
use super::state::AppState;
use super::static_files::{etag_of_bytes, no_pages, page_answer, shell};
use crate::domain::Category;
use crate::geometry::LonLat;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use maud::{Markup, html};

/// What the address asks for.
struct Asked {
    choice: Choice,
    view: Option<LonLat>,
}

impl Asked {
    fn of(query: Option<&str>) -> Self {
        let view = value_of(query, "map").and_then(|map| {
            let mut numbers = map.split(',').map(|n| n.parse().ok());
            LonLat::new(numbers.next()??, numbers.next()??).ok()
        });
        Self { choice: Choice::of(query), view }
    }
}

/// The map and list.
pub async fn show_map_page(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Some(shell) = shell("pages/map/index.html") else { return Ok(no_pages().into_response()) };
    let asked = Asked::of(query.as_deref());
    let now = state.clock.now();
    let filter = asked.choice.filter(now);
    let found = find_rows(&state, asked.view, None, &filter, now).await?;
    let base = super::basemap::base_url(&state, &uri, &headers);
    let html = shell
        .with_config(&state)
        .replace("<html lang=\"ru\">", &format!("<html lang=\"{}\">", asked.choice.lang.tag()))
        .replace("<!--ryadom:head-->", &discovery(&base, &here(&uri), asked.choice.lang).0)
        .replace("<!--ryadom:list-->", &printed(&found, &asked, state.options.demo, now).0);
    let etag = etag_of_bytes(html.as_bytes());
    let unchanged = super::conditional::is_unchanged(&headers, &etag);
    Ok(page_answer(&state, html, Some(&etag), unchanged))
}

fn printed(found: &FirstRows, asked: &Asked, demo: bool, now: DateTime<Utc>) -> Markup {
    let lang = asked.choice.lang;
    let say = |ru, en| lang.pick(ru, en);
    html! {
        div.first.bar { (say("Рядом", "Ryadom")) }
        @if demo {
            p.first.demo { (say("Демонстрационные данные: места и льготы выдуманы", "Demonstration data: places and benefits are invented")) }
        }
        h1.first { (say("Льготы для многодетных семей", "Benefits for large families")) }
        // Without a script the filters are a form; with one it is never seen.
        noscript { (form(asked)) }
        div.first {
            h2 {
                @if asked.view.is_some() { (say("На карте", "On the map")) }
                @else { (say("Рядом с: Ставрополь", "Near Stavropol")) }
            }
            p.measure {
                @if found.is_empty() { (say("Ничего не нашлось", "Nothing was found")) }
                @else if found.complete { (say("Все места, ближайшие первыми", "All places, the nearest first")) }
                @else { (say("Ближайшие места", "The nearest places")) }
                @if asked.view.is_some() { (say(", расстояние от центра карты", ", distance from the centre of the map")) }
                @else { (say(", расстояние от центра", ", distance from the centre")) }
            }
        }
        (found.printed(lang, now, false))
    }
}

fn form(asked: &Asked) -> Markup {
    let say = |ru, en| asked.choice.lang.pick(ru, en);
    html! {
        form.first action="/" method="get" {
            label {
                span { (say("Что", "What")) }
                select name="category" {
                    option value="" { (say("Все категории", "All categories")) }
                    @for category in Category::ALL {
                        option value=(category.code()) selected[asked.choice.categories == [*category]] { (category.title(asked.choice.lang)) }
                    }
                }
            }
            label { input type="checkbox" name="open" value="now" checked[asked.choice.open_now]; span { (say("Открыто сейчас", "Open now")) } }
            label { input type="checkbox" name="benefit" value="free" checked[asked.choice.free]; span { (say("Бесплатно", "Free")) } }
            @if let Some(view) = asked.view { input type="hidden" name="map" value=(format!("{:.4},{:.4},12", view.lon(), view.lat())); }
            input type="hidden" name="lang" value=(asked.choice.lang.tag());
            button { (say("Показать", "Show")) }
        }
    }
}
