//! `/docs/{guide}` and `/docs/examples/{name}.html`: the guides, rendered when the front end was built
//! (`static/src/build/guides.ts`), and the pages that they show, which a stranger copies.
//!
//! Both say `https://HOST` for this service; what is sent says where it is.

use super::basemap::base_url;
use super::conditional::is_unchanged;
use super::first_rows::value_of;
use super::problem::{Kind, Problem, Text};
use super::state::AppState;
use super::static_files::{etag_of_bytes, no_pages, page_answer, shell, text_of, with_policy};
use crate::domain::Lang;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Where guides and examples speak of this service.
const HOST: &str = "https://HOST";

#[derive(Deserialize)]
struct Guide {
    name: String,
    title: String,
    summary: String,
    html: String,
}

/// A guide, in the language of the address, else in Russian.
pub async fn show_guide(
    State(state): State<AppState>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let lang = lang_of(query.as_deref());
    let file = format!("pages/guide/{}.json", lang.tag());
    let (Some(shell), Some(guides)) = (shell("pages/guide/index.html"), text_of(&file)) else {
        return Ok(no_pages().into_response());
    };
    let guides: Vec<Guide> = serde_json::from_str(&guides).map_err(|_| Problem::internal())?;
    let Some(at) = guides.iter().position(|guide| guide.name == name) else { return Err(nothing(&uri)) };
    let html = shell
        .with_config(&state)
        .replace("<html lang=\"ru\">", &format!("<html lang=\"{}\">", lang.tag()))
        .replace("<!--ryadom:head-->", &head(&guides[at], lang).0)
        .replace("<!--ryadom:guide-->", &printed(&guides, at, lang).0)
        .replace(HOST, &base_url(&state, &uri, &headers));
    let etag = etag_of_bytes(html.as_bytes());
    let mut response = page_answer(&state, html, Some(&etag), is_unchanged(&headers, &etag));
    with_policy(&mut response, |csp| format!("{csp}; frame-src 'self'"));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("host"));
    Ok(response)
}

fn lang_of(query: Option<&str>) -> Lang {
    value_of(query, "lang").and_then(|tag| Lang::of_tag(&tag)).unwrap_or_default()
}

fn head(guide: &Guide, lang: Lang) -> Markup {
    html! {
        title { (guide.title) " — " (lang.pick("Рядом", "Ryadom")) }
        meta name="description" content=(guide.summary);
        @for other in [Lang::Ru, Lang::En] {
            link rel="alternate" hreflang=(other.tag()) href=(address(guide, other));
        }
    }
}

fn address(guide: &Guide, lang: Lang) -> String {
    match lang {
        Lang::Ru => format!("/docs/{}", guide.name),
        Lang::En => format!("/docs/{}?lang=en", guide.name),
    }
}

fn printed(guides: &[Guide], at: usize, lang: Lang) -> Markup {
    let say = |ru, en| lang.pick(ru, en);
    html! {
        div.columns {
            nav aria-label=(say("Руководства", "Guides")) {
                p { (say("Руководства", "Guides")) }
                ul {
                    @for (index, guide) in guides.iter().enumerate() {
                        li { a href=(address(guide, lang)) aria-current=[(index == at).then_some("page")] { (guide.title) } }
                    }
                    li { a href=(say("/docs", "/docs?lang=en")) { (say("Описание API", "API reference")) } }
                }
            }
            main {
                (PreEscaped(&guides[at].html))
                p.steps {
                    @if let Some(before) = at.checked_sub(1) {
                        a rel="prev" href=(address(&guides[before], lang)) { "← " (guides[before].title) }
                    }
                    @if let Some(next) = guides.get(at + 1) {
                        a rel="next" href=(address(next, lang)) { (next.title) " →" }
                    }
                }
            }
        }
    }
}

/// An example page, in the language of the address, else in Russian. It runs here under a policy that knows its one
/// script and one sheet by their hashes; where a stranger copies it to, his own policy holds.
pub async fn show_example(
    State(state): State<AppState>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let lang = lang_of(query.as_deref()).tag();
    // The name of a file and no path to another one.
    let is_name = |name: &&str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    let name = name.strip_suffix(".html").filter(is_name);
    let Some(source) = name.and_then(|name| text_of(&format!("pages/examples/{lang}/{name}.html"))) else {
        return Err(nothing(&uri));
    };
    let base = base_url(&state, &uri, &headers);
    let page = source.replace(HOST, &base);
    let etag = etag_of_bytes(page.as_bytes());
    let policy = policy_of(&page, &base);
    let mut response = page_answer(&state, page, Some(&etag), is_unchanged(&headers, &etag));
    with_policy(&mut response, |_| policy.clone());
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("host"));
    Ok(response)
}

/// `base` may be another origin than the one asked: behind a proxy, or by a second name of the same host.
fn policy_of(page: &str, base: &str) -> String {
    let base = base.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    let scripts = hashes(page, "script");
    let styles = hashes(page, "style");
    format!(
        "default-src 'none'; script-src 'self' {base}{scripts}; style-src 'self' {base}{styles}; \
         img-src 'self' {base} data: blob:; connect-src 'self' {base}; worker-src 'self' blob:; font-src 'self' {base}; \
         frame-src 'self' {base}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
}

/// The hashes of what stands inline in the elements of this name, each after a blank.
fn hashes(page: &str, element: &str) -> String {
    let (open, close) = (format!("<{element}"), format!("</{element}>"));
    let mut found = String::new();
    for part in page.split(&open).skip(1) {
        let Some(inside) = part.split_once('>').and_then(|(_, rest)| rest.split_once(&close)) else { continue };
        if !inside.0.is_empty() {
            write!(found, " 'sha256-{}'", BASE64.encode(&Sha256::digest(inside.0))).expect("writing to a string");
        }
    }
    found
}

fn nothing(uri: &Uri) -> Problem {
    let shown: String = uri.path().chars().take(120).collect();
    Problem::new(
        Kind::NoRoute,
        Text::new(
            format!("По адресу {shown} ничего нет. Руководства начинаются с /docs/first-map, описание API: /docs."),
            format!(
                "There is nothing at {shown}. The guides begin with /docs/first-map, the API is described at /docs."
            ),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_names_what_stands_inline_and_nothing_else() {
        let page = "<style>p{}</style><script src=\"https://HOST/lib/a.js\"></script><script type=\"module\">let a = 1 > 0;</script>";
        // printf 'p{}' | openssl dgst -sha256 -binary | base64, and of the script.
        assert_eq!(hashes(page, "style"), " 'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='");
        assert_eq!(hashes(page, "script"), " 'sha256-qeSbPRYOu0L550unWVqojG3wPwrcZDruoYFJYXKW0W4='");
        assert_eq!(hashes("<p>", "script"), "");
    }
}
