//! `/`: the shell of the map with its first rows printed in.
//!
//! The script replaces them by its own list. Until it has come, and where it never comes, these are the page: the places
//! nearest to the middle of the address's map view, else of the krai's capital, under the address's filters. No position
//! of a person is known here, and none is asked for.

use super::locations::{nearest_in, snapshot_with};
use super::open_text::OpenState;
use super::params::decode;
use super::place_page::percent;
use super::problem::Problem;
use super::state::AppState;
use super::static_files::{etag_of_bytes, no_pages, page_answer, shell};
use crate::domain::{BenefitKind, Category, Lang};
use crate::geometry::LonLat;
use crate::index::Filter;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde::Deserialize;

/// Where the list begins when the address says nothing; the page's script begins at the same place (`start_point.ts`).
const STAVROPOL: (f64, f64) = (41.9642, 45.0344);
/// Rows that are printed, as many as the script asks for first.
const ROWS: usize = 20;

/// What a row reads of a place.
#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    category: Category,
    benefit: Option<String>,
    distance_m: f64,
    #[serde(flatten)]
    doors: OpenState,
}

#[derive(Deserialize)]
struct Feature {
    properties: Row,
}

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
    complete: bool,
}

/// What the address asks for, read as forgivingly as `page_state.ts` reads it: an old or mistyped link still opens.
struct Asked {
    lang: Lang,
    categories: Vec<Category>,
    open_now: bool,
    free: bool,
    view: Option<LonLat>,
}

impl Asked {
    fn of(query: Option<&str>) -> Self {
        let value = |wanted: &str| {
            let pairs = query.unwrap_or_default().split('&').filter_map(|part| part.split_once('='));
            pairs.filter(|(name, _)| *name == wanted).find_map(|(_, value)| decode(value))
        };
        let view = value("map").and_then(|map| {
            let mut numbers = map.split(',').map(|n| n.parse().ok());
            LonLat::new(numbers.next()??, numbers.next()??).ok()
        });
        Self {
            // Russian first, as the script has it: a language is an address's or a person's choice here.
            lang: value("lang").and_then(|tag| Lang::of_tag(&tag)).unwrap_or_default(),
            categories: value("category").unwrap_or_default().split(',').filter_map(Category::lookup).collect(),
            open_now: value("open").as_deref() == Some("now"),
            free: value("benefit").as_deref() == Some("free"),
            view,
        }
    }

    fn filter(&self, now: DateTime<Utc>) -> Filter {
        let mut filter = Filter::default();
        if !self.categories.is_empty() {
            filter = filter.categories(self.categories.clone());
        }
        if self.free {
            filter = filter.benefits(vec![BenefitKind::Free]);
        }
        if self.open_now {
            filter = filter.open_at(now);
        }
        filter
    }
}

/// The map and list.
pub async fn show_map_page(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Some(shell) = shell("pages/map/index.html") else { return Ok(no_pages().into_response()) };
    let asked = Asked::of(query.as_deref());
    let now = state.clock.now();
    let filter = asked.filter(now);
    let from = asked.view.or_else(|| LonLat::new(STAVROPOL.0, STAVROPOL.1).ok()).ok_or_else(Problem::internal)?;
    let snapshot = snapshot_with(&state, &filter).await;
    let (answer, complete) = nearest_in(&snapshot, from, ROWS, f64::INFINITY, &filter, now);
    let (found, _) = answer.close(&state, snapshot.seq(), complete, "", &filter);
    let found: Collection = serde_json::from_slice(&found).map_err(|error| {
        tracing::error!(%error, "the nearest places cannot be read back");
        Problem::internal()
    })?;
    let html = shell
        .with_config(&state)
        .replace("<html lang=\"ru\">", &format!("<html lang=\"{}\">", asked.lang.tag()))
        .replace("<!--ryadom:list-->", &printed(&found, &asked, state.options.demo, now).0);
    let etag = etag_of_bytes(html.as_bytes());
    let unchanged = super::conditional::is_unchanged(&headers, &etag);
    Ok(page_answer(&state, html, Some(&etag), unchanged))
}

fn printed(found: &Collection, asked: &Asked, demo: bool, now: DateTime<Utc>) -> Markup {
    let lang = asked.lang;
    let say = |ru, en| lang.pick(ru, en);
    let rows = &found.features;
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
                @if rows.is_empty() { (say("Ничего не нашлось", "Nothing was found")) }
                @else if found.complete { (say("Все места, ближайшие первыми", "All places, the nearest first")) }
                @else { (say("Ближайшие места", "The nearest places")) }
                @if asked.view.is_some() { (say(", расстояние от центра карты", ", distance from the centre of the map")) }
                @else { (say(", расстояние от центра", ", distance from the centre")) }
            }
        }
        ul.first-rows slot="first-rows" role="list" {
            @for Feature { properties: row } in rows {
                li {
                    h3 { a href=(format!("/place/{}", percent(&row.id))) { (row.name) } }
                    p.offer {
                        @match &row.benefit {
                            Some(benefit) => strong { (benefit) },
                            None => strong.unsaid { (say("Льготу уточните на месте", "Ask about the benefit on the spot")) },
                        }
                        span.distance { (distance_text(row.distance_m, lang)) }
                    }
                    p.state data-open=[row.doors.open.map(|o| if o { "yes" } else { "no" })] {
                        (row.category.title(lang)) " · " (row.doors.text(now, lang))
                    }
                }
            }
        }
    }
}

fn form(asked: &Asked) -> Markup {
    let say = |ru, en| asked.lang.pick(ru, en);
    html! {
        form.first action="/" method="get" {
            label {
                span { (say("Что", "What")) }
                select name="category" {
                    option value="" { (say("Все категории", "All categories")) }
                    @for category in Category::ALL {
                        option value=(category.code()) selected[asked.categories == [*category]] { (category.title(asked.lang)) }
                    }
                }
            }
            label { input type="checkbox" name="open" value="now" checked[asked.open_now]; span { (say("Открыто сейчас", "Open now")) } }
            label { input type="checkbox" name="benefit" value="free" checked[asked.free]; span { (say("Бесплатно", "Free")) } }
            @if let Some(view) = asked.view { input type="hidden" name="map" value=(format!("{:.4},{:.4},12", view.lon(), view.lat())); }
            input type="hidden" name="lang" value=(asked.lang.tag());
            button { (say("Показать", "Show")) }
        }
    }
}

/// As `distance_text.ts` says it: tens of metres, tenths of a kilometre, kilometres.
fn distance_text(distance_m: f64, lang: Lang) -> String {
    let tens_m = ((distance_m / 10.0).round() * 10.0).max(10.0);
    if tens_m < 1000.0 {
        return format!("{tens_m:.0}\u{a0}{}", lang.pick("м", "m"));
    }
    let km = distance_m / 1000.0;
    let text = if km < 9.95 { format!("{km:.1}") } else { format!("{km:.0}") };
    let text = text.strip_suffix(".0").unwrap_or(&text);
    format!(
        "{}\u{a0}{}",
        if lang == Lang::Ru { text.replace('.', ",") } else { text.to_owned() },
        lang.pick("км", "km")
    )
}
