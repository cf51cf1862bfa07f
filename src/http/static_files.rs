//! The built front end, from inside the binary.

use super::conditional::{accepts, is_unchanged};
use super::problem::{Kind, Problem, Text};
use super::state::AppState;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/static"]
struct Built;

/// Pages load nothing from elsewhere, and no script or style but our files.
const PAGE_CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self' blob:; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

/// Where the built pages want their settings.
const CONFIG_PLACE: &str = "<!--ryadom:config-->";

/// The API reference.
pub async fn show_docs_page(State(state): State<AppState>, headers: HeaderMap) -> Response {
    page(&state, "pages/docs/index.html", &headers)
}

/// The wallet. Inside MAX its bridge may be loaded, by this page and in its policy alone.
pub async fn show_wallet_page(State(state): State<AppState>, uri: Uri, headers: HeaderMap) -> Response {
    let in_max = uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "max=1"));
    let mut response = page(&state, "pages/wallet/index.html", &headers);
    with_camera(&mut response, if in_max { " https://st.max.ru" } else { "" });
    response
}

/// The till's page.
pub async fn show_scan_page(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let mut response = page(&state, "pages/scan/index.html", &headers);
    with_camera(&mut response, "");
    response
}

/// What a stock camera opens.
pub async fn show_q_page(State(state): State<AppState>, headers: HeaderMap) -> Response {
    page(&state, "pages/q/index.html", &headers)
}

/// Where a sign-in is finished.
pub async fn show_sign_in_page(State(state): State<AppState>, headers: HeaderMap) -> Response {
    page(&state, "pages/sign_in/index.html", &headers)
}

/// A partner's desk. Photos are shown before they are sent.
pub async fn show_partner_page(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let mut response = page(&state, "pages/partner/index.html", &headers);
    with_own_pictures(&mut response);
    response
}

/// Where a site owner sets the widget up: its preview has our own frame in it.
pub async fn show_embed_builder_page(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let mut response = page(&state, "pages/embed_builder/index.html", &headers);
    with_policy(&mut response, |csp| format!("{csp}; frame-src 'self'"));
    response
}

/// The one page that anybody may frame. What it shows is for everybody, and it has no button that changes anything.
pub(super) fn for_framing(response: &mut Response) {
    with_policy(response, |csp| csp.replace("frame-ancestors 'none'", "frame-ancestors *"));
    let nothing_of_the_device = HeaderValue::from_static("geolocation=(), camera=(), microphone=()");
    response.headers_mut().insert("permissions-policy", nothing_of_the_device);
}

pub(super) fn with_policy(response: &mut Response, change: impl Fn(&str) -> String) {
    let headers = response.headers_mut();
    let changed = headers.get(header::CONTENT_SECURITY_POLICY).and_then(|csp| csp.to_str().ok()).map(change);
    if let Some(Ok(csp)) = changed.map(|csp| HeaderValue::from_str(&csp)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, csp);
    }
}

/// The operator's desk.
pub async fn show_operator_page(State(state): State<AppState>, headers: HeaderMap) -> Response {
    page(&state, "pages/operator/index.html", &headers)
}

/// A page that shows pictures which its own script holds.
fn with_own_pictures(response: &mut Response) {
    with_policy(response, |csp| {
        csp.replace("img-src 'self' data:", "img-src 'self' data: blob:").replace("blob: blob:", "blob:")
    });
}

/// A page that reads codes: the camera, and the reader's WebAssembly.
fn with_camera(response: &mut Response, more_scripts: &str) {
    let headers = response.headers_mut();
    let opened = headers
        .get(header::CONTENT_SECURITY_POLICY)
        .and_then(|csp| csp.to_str().ok())
        .map(|csp| csp.replace("script-src 'self'", &format!("script-src 'self' 'wasm-unsafe-eval'{more_scripts}")));
    if let Some(Ok(csp)) = opened.map(|csp| HeaderValue::from_str(&csp)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, csp);
        headers.insert(
            "permissions-policy",
            HeaderValue::from_static("geolocation=(), camera=(self), microphone=(), screen-wake-lock=(self)"),
        );
    }
}

/// Any other file, or the answer that there is none.
pub async fn show_file(uri: Uri, headers: HeaderMap) -> Response {
    let path = match uri.path().trim_start_matches('/') {
        // Asked for by browsers that were told of no picture.
        "favicon.ico" => "favicon.svg",
        path => path,
    };
    // Pages have their own routes; what lies under pages/ is not for visitors.
    let Some(file) = Some(path).filter(|p| !p.starts_with("pages/")).and_then(Built::get) else {
        let shown: String = uri.path().chars().take(120).collect();
        return Problem::new(
            Kind::NoRoute,
            Text::new(
                format!("По адресу {shown} ничего нет. Описание API: /docs."),
                format!("There is nothing at {shown}. The API is described at /docs."),
            ),
        )
        .into_response();
    };
    let cache = match path {
        // Vite puts a hash of the content into the names under assets/.
        _ if path.starts_with("assets/") => "public, max-age=31536000, immutable",
        // It names the list's file of its own build: a stale one asks for what may be gone.
        "w.js" => "public, max-age=300, stale-while-revalidate=86400",
        _ => "public, max-age=3600",
    };
    let mime = mime_of(path);
    let etag = etag_of(&file);
    // The build has pressed what is worth it, harder than a request could wait for.
    let pressed = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(coding, _)| accepts(&headers, coding))
        .find_map(|(coding, ending)| Some((coding, Built::get(&format!("{path}.{ending}"))?)));
    let mut response = match pressed {
        Some((coding, pressed)) => {
            let etag = etag.replacen('"', &format!("\"{coding}-"), 1);
            let mut response = answer(pressed.data, &mime, cache, &etag, &headers);
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
            response
        }
        None => answer(file.data, &mime, cache, &etag, &headers),
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// Text is UTF-8, and a declaration of types is no video.
fn mime_of(path: &str) -> Cow<'static, str> {
    if path.ends_with(".d.ts") {
        return "text/plain; charset=utf-8".into();
    }
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    match mime.essence_str() {
        text @ ("text/plain" | "text/javascript" | "text/css" | "text/html") => format!("{text}; charset=utf-8").into(),
        other => other.to_owned().into(),
    }
}

/// A built file as text; none in a build without pages.
pub(super) fn text_of(path: &str) -> Option<String> {
    Built::get(path).map(|file| String::from_utf8_lossy(&file.data).into_owned())
}

/// A built page before its settings are put in.
pub(super) struct Shell(String);

/// The shell of a page; none in a build without pages.
pub(super) fn shell(path: &str) -> Option<Shell> {
    text_of(path).map(Shell)
}

impl Shell {
    /// With the settings that scripts read.
    pub(super) fn with_config(self, state: &AppState) -> String {
        let style_url = state.options.style_url.as_deref();
        let config = serde_json::json!({
            "demo": state.options.demo,
            "version": env!("CARGO_PKG_VERSION"),
            "style_url": style_url,
        });
        let script = format!(r#"<script type="application/json" id="ryadom-config">{config}</script>"#);
        self.0.replace(CONFIG_PLACE, &script)
    }
}

/// The answer of a build without pages.
pub(super) fn no_pages() -> Problem {
    Problem::new(
        Kind::NoRoute,
        Text::new(
            "Эта сборка без страниц (RYADOM_SKIP_STATIC=1). API работает.",
            "This build has no pages (RYADOM_SKIP_STATIC=1). The API works.",
        ),
    )
}

/// The entity tag of a page made on the spot.
pub(super) fn etag_of_bytes(bytes: &[u8]) -> String {
    quoted(&Sha256::digest(bytes))
}

/// A page under the policy of pages.
pub(super) fn page_answer(state: &AppState, html: String, etag: Option<&str>, unchanged: bool) -> Response {
    let mut response = Response::new(if unchanged { Body::empty() } else { Body::from(html) });
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Some(Ok(etag)) = etag.map(HeaderValue::from_str) {
        headers.insert(header::ETAG, etag);
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, page_csp(state.options.style_url.as_deref()));
    headers.insert("permissions-policy", HeaderValue::from_static("geolocation=(self), camera=(), microphone=()"));
    response
}

/// A map style from elsewhere names hosts that only it knows.
fn page_csp(style_url: Option<&str>) -> HeaderValue {
    let Some(url) = style_url else { return HeaderValue::from_static(PAGE_CSP) };
    let origin = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    let open = PAGE_CSP
        .replace("connect-src 'self'", &format!("connect-src 'self' https: {origin}"))
        .replace("img-src 'self' data:", &format!("img-src 'self' data: blob: https: {origin}"));
    HeaderValue::from_str(&open).unwrap_or(HeaderValue::from_static(PAGE_CSP))
}

fn page(state: &AppState, path: &str, headers: &HeaderMap) -> Response {
    let Some(shell) = shell(path) else { return no_pages().into_response() };
    let html = shell.with_config(state);
    let etag = etag_of_bytes(html.as_bytes());
    let unchanged = is_unchanged(headers, &etag);
    page_answer(state, html, Some(&etag), unchanged)
}

pub(super) fn etag_of(file: &EmbeddedFile) -> String {
    quoted(&file.metadata.sha256_hash())
}

fn quoted(hash: &[u8]) -> String {
    use std::fmt::Write;
    let mut etag = String::from('"');
    for byte in &hash[..12] {
        write!(etag, "{byte:02x}").expect("writing to a string");
    }
    etag.push('"');
    etag
}

pub(super) fn answer(
    body: Cow<'static, [u8]>,
    mime: &str,
    cache: &'static str,
    etag: &str,
    asked: &HeaderMap,
) -> Response {
    let unchanged = is_unchanged(asked, etag);
    let body = match body {
        _ if unchanged => Body::empty(),
        Cow::Borrowed(embedded) => Body::from(Bytes::from_static(embedded)),
        Cow::Owned(made) => Body::from(made),
    };
    let mut response = Response::new(body);
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    if let Ok(mime) = HeaderValue::from_str(mime) {
        headers.insert(header::CONTENT_TYPE, mime);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}
