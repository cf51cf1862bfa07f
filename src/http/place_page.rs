//! `/place/{id}`: one place as a page of its own, whole without a script, with what previews of links read.

use super::conditional::is_unchanged;
use super::locations::{asked_lang, card_body};
use super::oembed::{discovery, here};
use super::open_text::OpenState;
use super::problem::Problem;
use super::state::AppState;
use super::static_files::{Shell, page_answer, shell};
use crate::domain::{Category, Lang};
use crate::index::Found;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use maud::{Markup, html};
use serde::Deserialize;

/// What the page reads of a card.
#[derive(Deserialize)]
struct Card {
    id: String,
    geometry: Point,
    properties: Properties,
}

#[derive(Deserialize)]
struct Point {
    coordinates: [f64; 2],
}

#[derive(Deserialize)]
struct Properties {
    name: String,
    category: Category,
    benefit: Option<String>,
    address: Option<String>,
    address_note: Option<String>,
    #[serde(flatten)]
    doors: OpenState,
    hours_week: Option<Vec<Day>>,
    phone: Option<String>,
    phone_display: Option<String>,
    site: Option<String>,
    benefits: Vec<Benefit>,
    partner: Partner,
    photo: Option<String>,
    last_confirmed: Option<NaiveDate>,
}

#[derive(Deserialize)]
struct Day {
    weekday: String,
    holiday: bool,
    intervals: Vec<Stretch>,
}

#[derive(Deserialize)]
struct Stretch {
    from: String,
    to: String,
}

#[derive(Deserialize)]
struct Benefit {
    title: String,
    terms: Option<String>,
    hours: Option<String>,
}

#[derive(Deserialize)]
struct Partner {
    name: String,
}

/// The page of a place; of an unknown one a page that says so, with status 404.
pub async fn show_place_page(
    State(state): State<AppState>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let lang = asked_lang(query.as_deref(), headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()));
    let Some(shell) = shell("pages/place/index.html") else {
        return Ok(super::static_files::no_pages().into_response());
    };
    let snapshot = state.index.current();
    let Some(place) = snapshot.lookup(&id) else {
        let (title, text) = (
            lang.pick("Места нет на карте", "This place is not on the map"),
            lang.pick(
                "Возможно, его убрали или ссылка неполная.",
                "It may have been withdrawn, or the link is cut short.",
            ),
        );
        let body = html! { h1 { (title) } p { (text) } p { a.map href="/" { (lang.pick("К карте", "To the map")) } } };
        let mut response =
            page_answer(&state, filled(shell, &state, lang, &html! { title { (title) } }, &body), None, false);
        *response.status_mut() = StatusCode::NOT_FOUND;
        return Ok(response);
    };
    let now = state.clock.now();
    let card = card_of(&place, now)?;
    let base = super::basemap::base_url(&state, &uri, &headers);
    let head = html! { (head(&card, lang, &base)) (discovery(&base, &here(&uri), lang)) };
    let html = filled(shell, &state, lang, &head, &body(&card, now, lang));
    let etag = super::static_files::etag_of_bytes(html.as_bytes());
    let unchanged = is_unchanged(&headers, &etag);
    Ok(page_answer(&state, html, Some(&etag), unchanged))
}

fn card_of(place: &Found<'_>, now: DateTime<Utc>) -> Result<Card, Problem> {
    let (bytes, _) = card_body(place, now);
    serde_json::from_slice(&bytes).map_err(|error| {
        let id = place.id();
        tracing::error!(%error, location.id = %id, "the card of {id} cannot be read back");
        Problem::internal()
    })
}

/// What a place is called.
pub(super) fn name_of(place: &Found<'_>, now: DateTime<Utc>) -> Result<String, Problem> {
    card_of(place, now).map(|card| card.properties.name)
}

fn filled(shell: Shell, state: &AppState, lang: Lang, head: &Markup, body: &Markup) -> String {
    shell
        .with_config(state)
        .replace("<html lang=\"ru\">", &format!("<html lang=\"{}\">", lang.tag()))
        .replace("<!--ryadom:head-->", &head.0)
        .replace("<!--ryadom:place-->", &body.0)
}

/// What a preview says of the place: the benefit first, then where.
fn summary(card: &Card, lang: Lang) -> String {
    let p = &card.properties;
    let parts = [p.benefit.as_deref(), Some(p.category.title(lang)), p.address.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn head(card: &Card, lang: Lang, origin: &str) -> Markup {
    let name = &card.properties.name;
    let product = lang.pick("Рядом", "Ryadom");
    let summary = summary(card, lang);
    let url = format!("{origin}/place/{}", percent(&card.id));
    html! {
        title { (name) " — " (product) }
        meta name="description" content=(summary);
        meta property="og:type" content="place";
        meta property="og:site_name" content=(product);
        meta property="og:title" content=(name);
        meta property="og:description" content=(summary);
        meta property="og:url" content=(url);
        meta property="og:locale" content=(lang.pick("ru_RU", "en_GB"));
        meta property="place:location:latitude" content=(card.geometry.coordinates[1]);
        meta property="place:location:longitude" content=(card.geometry.coordinates[0]);
        meta name="twitter:card" content="summary";
        link rel="canonical" href=(url);
    }
}

/// An id as one part of a path.
pub(super) fn percent(id: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');
    utf8_percent_encode(id, PART).to_string()
}

fn body(card: &Card, now: DateTime<Utc>, lang: Lang) -> Markup {
    let p = &card.properties;
    let [lon, lat] = card.geometry.coordinates;
    let say = |ru, en| lang.pick(ru, en);
    html! {
        p.category { (p.category.title(lang)) }
        h1 { (p.name) }
        @if p.partner.name != p.name { p.partner { (p.partner.name) } }
        @if let Some(photo) = &p.photo { img.photo src=(photo) alt=(p.name) loading="lazy" decoding="async"; }
        section.benefits aria-label=(say("Льготы", "Benefits")) {
            @for b in &p.benefits {
                p.benefit { (b.title) }
                @if let Some(terms) = &b.terms { p.terms { (terms) } }
                @if let Some(hours) = &b.hours { p.terms { (say("Действует: ", "In force: ")) (hours) } }
            }
            @if let Some(day) = p.last_confirmed {
                p.terms { (say("Льготу предоставляли", "Last granted")) " " (day.format(say("%d.%m.%Y", "%-d %B %Y"))) }
            }
            @if p.benefits.is_empty() { p.benefit { (say("Льготу уточните на месте", "Ask about the benefit on the spot")) } }
        }
        p.open data-open=[p.doors.open.map(|o| if o { "yes" } else { "no" })] { (p.doors.text(now, lang)) }
        @if let Some(address) = &p.address { p.address { (address) } }
        @if let Some(note) = &p.address_note { p.note { (note) } }
        ul.contacts {
            @if let Some(phone) = &p.phone {
                li { a href={ "tel:" (phone) } { (p.phone_display.as_deref().unwrap_or(phone)) } }
            }
            @if let Some(site) = &p.site {
                li { a href=(site) rel="noopener noreferrer nofollow" { (site_text(site)) } }
            }
        }
        h2 { (say("Маршрут", "Route")) }
        ul.routes {
            @for (name, href) in routes(lon, lat) { li { a href=(href) rel="noopener noreferrer" { (name) } } }
        }
        div.map data-id=(card.id) data-lon=(lon) data-lat=(lat) data-category=(p.category.code()) data-name=(p.name) {}
        @if let Some(week) = &p.hours_week {
            h2 { (say("Часы на неделю", "Hours of the week")) }
            dl.week {
                @for day in week {
                    div {
                        dt { (weekday(&day.weekday, lang)) @if day.holiday { " · " (say("праздник", "holiday")) } }
                        dd { (intervals(day, lang)) }
                    }
                }
            }
        }
        p { a.map href=(format!("/?map={lon:.4},{lat:.4},14&place={}", percent(&card.id))) { (say("Что ещё рядом", "What else is near")) } }
    }
}

fn site_text(site: &str) -> &str {
    site.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/')
}

/// Route links of the map services, six decimals each; facts.md 3. The same strings as `route_links.ts`.
fn routes(lon: f64, lat: f64) -> [(&'static str, String); 4] {
    [
        ("2ГИС", format!("https://2gis.ru/directions/points/%7C{lon:.6}%2C{lat:.6}")),
        ("Яндекс Карты", format!("https://yandex.ru/maps/?rtext=~{lat:.6},{lon:.6}&rtt=auto")),
        ("Google", format!("https://www.google.com/maps/dir/?api=1&destination={lat:.6},{lon:.6}&travelmode=walking")),
        ("Apple", format!("https://maps.apple.com/?daddr={lat:.6},{lon:.6}&dirflg=w")),
    ]
}

fn weekday(code: &str, lang: Lang) -> &'static str {
    match code {
        "Mo" => lang.pick("Понедельник", "Monday"),
        "Tu" => lang.pick("Вторник", "Tuesday"),
        "We" => lang.pick("Среда", "Wednesday"),
        "Th" => lang.pick("Четверг", "Thursday"),
        "Fr" => lang.pick("Пятница", "Friday"),
        "Sa" => lang.pick("Суббота", "Saturday"),
        _ => lang.pick("Воскресенье", "Sunday"),
    }
}

fn intervals(day: &Day, lang: Lang) -> String {
    if day.intervals.is_empty() {
        return lang.pick("выходной", "closed").into();
    }
    let texts: Vec<String> = day.intervals.iter().map(|i| format!("{}–{}", i.from, i.to)).collect();
    texts.join(", ")
}
