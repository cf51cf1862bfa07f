//! Checking at the door: verdicts for anybody, for paired terminals and for tills; pairing; the poster for the window.

use super::desk::{bearer, desk, json_body, unkept};
use super::problem::{Kind, Problem, Text};
use super::state::AppState;
use crate::credentials::code_text::MAX_CHARS;
use crate::credentials::desk::Desk;
use crate::credentials::qr;
use crate::credentials::terminals::Checker;
use crate::credentials::verdict::Verdict;
use crate::domain::principal::Scope;
use crate::domain::{Lang, Principal};
use crate::store::checks::TerminalRow;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{PreEscaped, html};
use serde::Deserialize;
use serde_json::{Value, json};

/// Longest body of a check, bytes.
const MAX_BODY_BYTES: usize = 8 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerifyRequest {
    text: Option<String>,
    spoken: Option<String>,
    check_id: Option<String>,
}

/// The till behind a key of a partner's own system, if the key may check.
async fn till_of_partner(state: &AppState, token: &str) -> Result<Checker, Problem> {
    let principal = state.gate.service_of(token).await?.ok_or_else(unknown_checker)?;
    match principal {
        Principal::Service { key, scopes, .. } if scopes.contains(&Scope::ChecksVerify) => {
            let row = state.store.lookup_api_key(&key).await?.ok_or_else(unknown_checker)?;
            Ok(Checker::Till(row))
        }
        _ => Err(Problem::new(
            Kind::Forbidden,
            Text::new("Этому ключу проверять коды нельзя.", "This key may not check codes."),
        )),
    }
}

/// A code becomes a verdict.
#[utoipa::path(
    post, path = "/api/v1/verify", operation_id = "verify_code", tag = "checks",
    request_body(content = serde_json::Value, description = "`text` of the code; a paired terminal may send `spoken` digits instead; without a key `check_id`, 22 random letters or more, gets the same answer again"),
    responses(
        (status = 200, description = "The verdict, whatever it is: docs/credential.md lists its members", body = serde_json::Value),
        (status = 400, description = "Malformed", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 401, description = "A key that opens nothing", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 403, description = "A key that may not check", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 413, description = "Too long", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 503, description = "Not set up, or the database is away", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn verify_code(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Result<Response, Problem> {
    let desk = desk(&state)?;
    if body.len() > MAX_BODY_BYTES {
        return Err(Problem::new(
            Kind::TooLarge,
            Text::new("Код длиннее, чем бывает.", "The code is longer than any is."),
        ));
    }
    let request: VerifyRequest = json_body(&body)?;
    let checker = match bearer(&headers) {
        Some(token) if token.starts_with("ryk_") => till_of_partner(&state, token).await?,
        Some(token) => desk.checker_of(token).await?.ok_or_else(unknown_checker)?,
        None => Checker::Anonymous(check_id(request.check_id.as_deref())?),
    };
    if let Checker::Terminal(terminal) = &checker {
        state.gate.note_terminal(&terminal.id).await?;
    }
    let verdict = match (&request.text, &request.spoken, &checker) {
        (Some(text), None, _) if text.chars().count() <= MAX_CHARS => desk.verify(text, &checker).await?,
        (Some(_), None, _) => {
            let why = Text::new("Код длиннее, чем бывает.", "The code is longer than any is.");
            return Err(Problem::of_field(Kind::InvalidParameter, "text", why));
        }
        (None, Some(digits), Checker::Terminal(_)) => desk.verify_spoken(digits, &checker).await?,
        (None, Some(_), _) => {
            let why =
                Text::new("Цифры принимает только подключённая касса.", "Digits are taken by a paired terminal alone.");
            return Err(Problem::of_field(Kind::InvalidParameter, "spoken", why));
        }
        _ => {
            let why = Text::new("Нужно одно из двух: text или spoken.", "One of the two is needed: text or spoken.");
            return Err(Problem::of_field(Kind::MissingParameter, "text", why));
        }
    };
    if verdict.is_valid() && checker.location_id().is_some() {
        state.feed.wake();
    }
    metrics::counter!("ryadom_checks_total", "result" => result_code(&verdict)).increment(1);
    Ok(match checker.location_id() {
        _ if matches!(checker, Checker::Anonymous(_)) => unkept(StatusCode::OK, &verdict.bare()),
        location_id => unkept(StatusCode::OK, &full(&state, desk, &verdict, location_id)?),
    })
}

fn result_code(verdict: &Verdict) -> &'static str {
    if verdict.is_valid() { "valid" } else { "refused" }
}

/// A page's own random id: long enough that nobody hits another's.
fn check_id(text: Option<&str>) -> Result<Option<String>, Problem> {
    match text {
        None => Ok(None),
        Some(id)
            if (22..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)) =>
        {
            Ok(Some(id.to_owned()))
        }
        Some(_) => {
            let why = Text::new("нужны 22–64 случайные буквы и цифры", "22 to 64 random letters and digits are needed");
            Err(Problem::of_field(Kind::InvalidParameter, "check_id", why))
        }
    }
}

fn unknown_checker() -> Problem {
    Problem::new(
        Kind::Unauthorized,
        Text::new(
            "Эта касса не подключена или её отключили. Подключите её кодом заново.",
            "This terminal is not paired, or it was revoked. Pair it again with a code.",
        ),
    )
}

/// The verdict with what to give, for who stands at a location.
fn full(state: &AppState, desk: &Desk, verdict: &Verdict, location_id: Option<&str>) -> Result<Value, Problem> {
    let mark = location_id.map(|id| desk.shift_mark(id)).unwrap_or_default();
    let mut body = serde_json::to_value(verdict.full(&mark)).map_err(|_| Problem::internal())?;
    if verdict.is_valid()
        && let Some(id) = location_id
    {
        let (location, benefits) = place_of(state, id);
        body["location"] = location;
        body["benefits"] = benefits;
    }
    Ok(body)
}

/// A location's card of today; null when it is not on the map.
fn card_of(state: &AppState, id: &str) -> Value {
    let snapshot = state.index.current();
    let card = snapshot.lookup(id).and_then(|place| {
        let (bytes, _) = super::locations::card_body(&place, state.clock.now());
        serde_json::from_slice(&bytes).ok()
    });
    card.unwrap_or_default()
}

/// A location's name and benefits, as its card says them today.
fn place_of(state: &AppState, id: &str) -> (Value, Value) {
    let card = card_of(state, id);
    let name = card.pointer("/properties/name").cloned().unwrap_or_else(|| id.into());
    let benefits = card.pointer("/properties/benefits").cloned().unwrap_or_else(|| json!([]));
    (json!({"id": id, "name": name}), benefits)
}

fn terminal_body(state: &AppState, terminal: &TerminalRow) -> Value {
    let (location, benefits) = place_of(state, &terminal.location_id);
    json!({
        "terminal": {"id": terminal.id, "name": terminal.name, "number": terminal.number},
        "location": location,
        "benefits": benefits,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PairRequest {
    code: String,
}

/// A terminal is paired once.
#[utoipa::path(
    post, path = "/api/v1/terminals/pair", operation_id = "pair_terminal", tag = "checks",
    request_body(content = serde_json::Value, description = "`code`, as it was printed"),
    responses(
        (status = 200, description = "The terminal, its location and its `token`, said once", body = serde_json::Value),
        (status = 400, description = "Malformed", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 404, description = "The code is unknown, used or too old", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
        (status = 429, description = "Too many tries", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn pair_terminal(State(state): State<AppState>, body: Bytes) -> Result<Response, Problem> {
    let request: PairRequest = json_body(&body)?;
    let Some((token, terminal)) = desk(&state)?.pair(&request.code).await? else {
        return Err(Problem::of_field(
            Kind::NoPairing,
            "code",
            Text::new(
                "Код подключения не подходит: он уже использован, устарел или набран с ошибкой.",
                "The pairing code does not fit: it was used, has run out or was mistyped.",
            ),
        ));
    };
    let mut body = terminal_body(&state, &terminal);
    body["token"] = token.into();
    Ok(unkept(StatusCode::OK, &body))
}

/// What a terminal is, and today's mark.
#[utoipa::path(
    get, path = "/api/v1/terminals/me", operation_id = "show_terminal", tag = "checks",
    responses(
        (status = 200, description = "The terminal, its location and today's mark", body = serde_json::Value),
        (status = 401, description = "Not paired, or ended", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn show_terminal(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Problem> {
    let desk = desk(&state)?;
    let token = bearer(&headers).ok_or_else(unknown_checker)?;
    let Some(Checker::Terminal(terminal)) = desk.checker_of(token).await? else { return Err(unknown_checker()) };
    let mut body = terminal_body(&state, &terminal);
    body["shift_mark"] = desk.shift_mark(&terminal.location_id).into();
    Ok(unkept(StatusCode::OK, &body))
}

/// A poster for the shop's window, one A4 page: its QR opens the place's own page.
#[utoipa::path(
    get, path = "/api/v1/locations/{id}/poster.svg", operation_id = "show_poster", tag = "locations",
    params(("id" = String, Path, description = "The id of the place"), ("lang" = Option<String>, Query, description = "ru or en")),
    responses(
        (status = 200, description = "One page; its QR opens the place", body = String, content_type = "image/svg+xml"),
        (status = 404, description = "No such place", body = super::schema::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
pub async fn show_poster(
    State(state): State<AppState>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    uri: axum::http::Uri,
) -> Result<Response, Problem> {
    let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let lang = super::locations::asked_lang(query.as_deref(), accept);
    if state.index.current().lookup(&id).is_none() {
        return Err(Problem::no_location(&id));
    }
    let (location, benefits) = place_of(&state, &id);
    let base = super::basemap::base_url(&state, &uri, &headers);
    let url = format!("{base}/place/{}", super::place_page::percent(&id));
    let drawn = qr::draw(&url).map_err(|_| Problem::internal())?;
    let titles: Vec<&str> = benefits.as_array().into_iter().flatten().filter_map(|b| b["title"].as_str()).collect();
    let address = card_of(&state, &id).pointer("/properties/address").and_then(Value::as_str).map(str::to_owned);
    let svg = poster(location["name"].as_str().unwrap_or(&id), address.as_deref(), &titles, &drawn, lang);
    let mut response = svg.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    // A picture, whoever opens it as a page.
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'"));
    Ok(response)
}

/// Breaks a text into lines of at most so many letters, at spaces; a word that is longer than a line is cut, and what is
/// beyond the last line ends in an ellipsis.
fn lines(text: &str, letters: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word: String = if word.chars().count() > letters {
            word.chars().take(letters - 1).chain(['…']).collect()
        } else {
            word.to_owned()
        };
        let full = lines.len() == most;
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= letters => {
                line.push(' ');
                line.push_str(&word);
            }
            Some(line) if full => {
                if !line.ends_with('…') {
                    line.push('…');
                }
                break;
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// A sheet of 210 by 297: what a passer-by reads from the top down, and the code, never smaller than [`QR_LEAST`].
fn poster(name: &str, address: Option<&str>, benefits: &[&str], qr: &qr::Drawn, lang: Lang) -> String {
    const QR_LEAST: f64 = 84.0;
    const QR_MOST: f64 = 116.0;
    const FOOT: f64 = 24.0;
    let more = benefits.len().saturating_sub(2);
    let more = (more > 0).then(|| format!("{} {more}", lang.pick("и ещё льгот:", "and more benefits:")));
    let mut texts: Vec<(f64, f64, &str, u16, String)> = Vec::new();
    let mut y = 34.0;
    let mut say = |size: f64, color: &'static str, weight: u16, most: usize, text: &str| {
        // Bold letters of the usual fonts are about 0.66 of their size wide.
        let letters = (182.0 / (size * 0.66)) as usize;
        for line in lines(text, letters, most) {
            y += size * 1.22;
            texts.push((y, size, color, weight, line));
        }
        y += size * 0.45;
    };
    say(11.5, "#1d2421", 800, 2, lang.pick("Здесь рады многодетным", "Large families welcome"));
    say(7.5, "#1d2421", 600, 2, name);
    for benefit in benefits.iter().take(2) {
        say(9.0, "#a8420d", 700, 2, benefit);
    }
    if let Some(more) = &more {
        say(6.0, "#a8420d", 600, 1, more);
    }
    let side = (297.0 - FOOT - y - 14.0).clamp(QR_LEAST, QR_MOST);
    let top = y + (297.0 - FOOT - y - side - 10.0).max(0.0) / 2.0;
    let scale = side / qr.side() as f64;
    let hint =
        lang.pick("Наведите камеру: льготы и часы этого места", "Point a camera: benefits and hours of this place");
    let picture = html! {
        svg xmlns="http://www.w3.org/2000/svg" width="210mm" height="297mm" viewBox="0 0 210 297" role="img" font-family="DejaVu Sans, Noto Sans, Arial, sans-serif" {
            title { (name) }
            rect width="210" height="297" fill="#fff" {}
            rect width="210" height="26" fill="#0d6e5f" {}
            text x="14" y="18" font-size="13" font-weight="800" fill="#fff" { (lang.pick("Рядом", "Ryadom")) }
            @for (y, size, color, weight, line) in &texts {
                text x="105" y=(format!("{y:.1}")) font-size=(size) font-weight=(weight) fill=(color) text-anchor="middle" { (line) }
            }
            path transform=(format!("translate({:.2} {top:.2}) scale({scale:.4})", 105.0 - side / 2.0)) d=(qr.path) fill="#000" {}
            text x="105" y=(format!("{:.1}", top + side + 6.0)) font-size="6" fill="#1d2421" text-anchor="middle" { (hint) }
            @if let Some(address) = address {
                @for line in lines(address, 60, 1) {
                    text x="105" y="288" font-size="5" fill="#56605b" text-anchor="middle" { (line) }
                }
            }
        }
    };
    let PreEscaped(svg) = picture;
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poster_keeps_its_code_large_whatever_a_partner_has_written() {
        let drawn = qr::draw("https://ryadom.example.org/place/museum-1").unwrap();
        let long = "Скидка пятьдесят процентов на все билеты для каждого члена многодетной семьи ".repeat(4);
        let endless = "ы".repeat(300);
        for benefits in [vec![], vec!["Скидка 10 %"], vec![long.as_str(); 3], vec![endless.as_str(); 5]] {
            let name = if benefits.len() > 2 { long.as_str() } else { "Музей" };
            let svg = poster(name, Some(&long), &benefits, &drawn, Lang::Ru);
            let scale: f64 = svg.split("scale(").nth(1).and_then(|s| s.split(')').next()).unwrap().parse().unwrap();
            assert!(scale * drawn.side() as f64 >= 83.9, "{benefits:?}: {scale}");
            let top: f64 =
                svg.split("translate(").nth(1).and_then(|s| s.split([' ', ')']).nth(1)).unwrap().parse().unwrap();
            assert!(top > 34.0 && top + scale * drawn.side() as f64 <= 280.0, "{benefits:?}: {top}");
            for line in svg.split("<text").skip(1).filter_map(|t| t.split(['>', '<']).nth(1)) {
                assert!(line.chars().count() <= 61, "{line}");
            }
        }
    }

    #[test]
    fn long_words_are_cut_and_long_texts_end_in_an_ellipsis() {
        assert_eq!(lines("раз два три", 7, 3), ["раз два", "три"]);
        assert_eq!(lines("раз два три", 7, 1), ["раз два…"]);
        assert_eq!(lines("ыыыыыыыыыы", 5, 2), ["ыыыы…"]);
        assert!(lines("", 5, 2).is_empty());
    }
}
