//! `/oembed` (oembed.com, 1.0): the address of a page of ours becomes a frame of `/embed`; and the links by which a page
//! tells of it.

use super::basemap::base_url;
use super::first_rows::value_of;
use super::locations::asked_lang;
use super::params::{Params, decode};
use super::place_page::{name_of, percent};
use super::problem::{Kind, Problem, Text};
use super::state::AppState;
use crate::domain::Lang;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, PreEscaped, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

/// What is read; consumers send words of their own beside these.
const KNOWN: &[&str] = &["url", "format", "maxwidth", "maxheight", "lang"];
/// What a frame's address may hold (`static/src/widget/options.ts`).
const OPTIONS: &[&str] =
    &["center", "zoom", "bbox", "category", "open", "benefit", "lang", "theme", "accent", "list", "filters", "place"];
const WIDTH_PX: usize = 640;
const HEIGHT_PX: usize = 560;
const MOST_PX: usize = 100_000;
/// How near the map of one place looks.
const PLACE_ZOOM: u8 = 15;
const CACHE_S: u32 = 3600;

#[derive(Serialize)]
struct Rich<'a> {
    version: &'static str,
    r#type: &'static str,
    title: String,
    provider_name: &'static str,
    provider_url: &'a str,
    cache_age: u32,
    width: usize,
    height: usize,
    html: String,
}

/// The frame that a page of ours is embedded as.
pub async fn show_oembed(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let base = base_url(&state, &uri, &headers);
    let lang = asked_lang(query.as_deref(), headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()));
    let known = |part: &&str| decode(part.split('=').next().unwrap_or("")).is_some_and(|name| KNOWN.contains(&&*name));
    let query = query.unwrap_or_default().split('&').filter(known).collect::<Vec<_>>().join("&");
    let params = Params::of_query(Some(&query), KNOWN)?;
    let as_xml = match params.text("format") {
        None | Some("json") => false,
        Some("xml") => true,
        Some(_) => {
            let why = Text::new("Есть форматы json и xml.", "There are the formats json and xml.");
            return Err(Problem::of_field(Kind::NoFormat, "format", why));
        }
    };
    let Some(url) = params.text("url") else {
        let why =
            Text::new("Нужен url: адрес страницы этой карты.", "A url is needed: the address of a page of this map.");
        return Err(Problem::of_field(Kind::MissingParameter, "url", why));
    };
    let width = params.whole("maxwidth", WIDTH_PX, MOST_PX)?.min(WIDTH_PX);
    let height = params.whole("maxheight", HEIGHT_PX, MOST_PX)?.min(HEIGHT_PX);
    let Some(Frame { src, title }) = frame_of(&state, &base, url, lang)? else {
        return Err(Problem::of_field(
            Kind::NoRoute,
            "url",
            Text::new(
                format!("Встраиваются адреса {base}/, {base}/place/… и {base}/embed; этот не из них."),
                format!("{base}/, {base}/place/… and {base}/embed can be embedded; this is none of them."),
            ),
        ));
    };
    let frame = html! {
        iframe src=(src) width=(width) height=(height) title=(title) loading="lazy" referrerpolicy="no-referrer"
            style="border:0;max-width:100%" {}
    };
    let rich = Rich {
        version: "1.0",
        r#type: "rich",
        title,
        provider_name: lang.pick("Рядом", "Ryadom"),
        provider_url: &base,
        cache_age: CACHE_S,
        width,
        height,
        html: frame.into_string(),
    };
    let cache = (header::CACHE_CONTROL, "public, max-age=3600");
    let vary = (header::VARY, "accept-language, host");
    Ok(if as_xml {
        let kind = (header::CONTENT_TYPE, "text/xml; charset=utf-8");
        ([kind, cache, vary], xml(&rich).into_string()).into_response()
    } else {
        ([cache, vary], axum::Json(rich)).into_response()
    })
}

fn xml(rich: &Rich) -> Markup {
    html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n"))
        oembed {
            version { (rich.version) }
            type { (rich.r#type) }
            title { (rich.title) }
            provider_name { (rich.provider_name) }
            provider_url { (rich.provider_url) }
            cache_age { (rich.cache_age) }
            width { (rich.width) }
            height { (rich.height) }
            html { (rich.html) }
        }
    }
}

struct Frame {
    src: String,
    title: String,
}

/// `None`: not a page of ours that can be embedded.
fn frame_of(state: &AppState, base: &str, url: &str, lang: Lang) -> Result<Option<Frame>, Problem> {
    // Behind TLS without `public_url` we do not know our own scheme.
    let rest = |address: &'_ str| address.split_once("://").map(|(_, rest)| rest.to_owned());
    let (Some(ours), Some(asked)) = (rest(base), rest(url)) else { return Ok(None) };
    let is_web = url.starts_with("http://") || url.starts_with("https://");
    let Some(local) = asked.strip_prefix(&ours).filter(|_| is_web) else { return Ok(None) };
    let local = local.split('#').next().unwrap_or_default();
    let (path, query) = local.split_once('?').unwrap_or((local, ""));
    let query = Some(query);
    let pick = |names: &[&str]| -> Vec<String> {
        let pairs = names.iter().filter_map(|name| Some((name, value_of(query, name)?)));
        pairs.filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name}={}", worded(&value))).collect()
    };
    let mut title =
        lang.pick("Льготы для многодетных семей на карте", "Benefits for large families on the map").to_owned();
    let parts = match path {
        "/embed" => pick(OPTIONS),
        "" | "/" => {
            let mut parts = pick(&["category", "open", "benefit", "lang", "place"]);
            let map = value_of(query, "map").unwrap_or_default();
            if let [lon, lat, zoom] = map.split(',').collect::<Vec<_>>()[..] {
                parts.push(format!("center={}&zoom={}", worded(&format!("{lon},{lat}")), worded(zoom)));
            }
            parts
        }
        _ => {
            let Some(id) = path.strip_prefix("/place/").and_then(decode) else { return Ok(None) };
            let snapshot = state.index.current();
            let place = snapshot.lookup(&id).ok_or_else(|| Problem::no_location(&id))?;
            title = name_of(&place, state.clock.now())?;
            let at = place.position();
            let mut parts = pick(&["lang"]);
            parts.push(format!("center={:.4},{:.4}&zoom={PLACE_ZOOM}&place={}", at.lon(), at.lat(), percent(&id)));
            parts
        }
    };
    let mark = if parts.is_empty() { "" } else { "?" };
    Ok(Some(Frame { src: format!("{base}/embed{mark}{}", parts.join("&")), title }))
}

/// A value in a query; commas stay readable.
fn worded(value: &str) -> String {
    const VALUE: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b',');
    utf8_percent_encode(value, VALUE).to_string()
}

/// Path and query of the page that is asked for.
pub(super) fn here(uri: &Uri) -> String {
    uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
}

/// The links by which other sites find out how to embed this page.
pub(super) fn discovery(base: &str, here: &str, lang: Lang) -> Markup {
    let url = utf8_percent_encode(&format!("{base}{here}"), NON_ALPHANUMERIC).to_string();
    let title = lang.pick("Карта льгот для встраивания", "The map of benefits, to embed");
    html! {
        @for (kind, format) in [("application/json+oembed", "json"), ("text/xml+oembed", "xml")] {
            link rel="alternate" type=(kind) title=(title)
                href=(format!("{base}/oembed?url={url}&format={format}&lang={}", lang.tag()));
        }
    }
}
