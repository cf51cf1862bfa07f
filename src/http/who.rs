//! Who asks: a session's cookie, a partner's key, the operator's key; and whether the table of rights lets them.

use super::desk::bearer;
use super::locations::asked_lang;
use super::problem::{Kind, Problem, Text};
use super::state::AppState;
use crate::audit::{self, Entry};
use crate::domain::{Lang, PartnerId, Principal};
use crate::identity::policy::{Action, Answer, may};
use crate::identity::{GateError, Session};
use crate::store::Tx;
use axum::extract::{ConnectInfo, FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, Uri, header};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

/// The cookie of a session.
pub const COOKIE: &str = "__Host-ryadom";
/// The header with which a write of ours proves that it comes from our own page.
pub const X_CSRF_TOKEN: HeaderName = HeaderName::from_static("x-csrf-token");

/// The value of the session's cookie.
pub fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE && !value.is_empty()).then_some(value))
}

/// The session of the cookie; a write must repeat its word. `None` without a cookie, or when the session has ended.
///
/// # Errors
/// [`Kind::Forged`] and others.
pub async fn session(state: &AppState, method: &Method, headers: &HeaderMap) -> Result<Option<Session>, Problem> {
    let Some(token) = cookie(headers) else { return Ok(None) };
    let Some(session) = state.gate.session(token).await? else { return Ok(None) };
    if !method.is_safe() {
        let given = headers.get(X_CSRF_TOKEN).and_then(|v| v.to_str().ok()).unwrap_or_default();
        // Digests are compared, so that time tells nothing of the word.
        if Sha256::digest(given.as_bytes()) != Sha256::digest(session.csrf.as_bytes()) {
            return Err(Problem::new(
                Kind::Forged,
                Text::new(
                    "Запрос без слова сессии (заголовок X-CSRF-Token). Обновите страницу и повторите.",
                    "The request lacks the session's word (header X-CSRF-Token). Reload the page and try again.",
                ),
            ));
        }
    }
    Ok(Some(session))
}

/// Who asks. A bearer key wins over a cookie, and one that opens nothing is said to be so.
///
/// # Errors
/// [`Kind::Unauthorized`] and others.
pub async fn principal(state: &AppState, method: &Method, headers: &HeaderMap) -> Result<Principal, Problem> {
    if headers.contains_key(header::AUTHORIZATION) {
        let token = bearer(headers).unwrap_or_default();
        if super::writes::is_operator_key(state, token) {
            return Ok(Principal::OperatorKey);
        }
        return state.gate.service_of(token).await?.ok_or_else(super::writes::unauthorized);
    }
    Ok(session(state, method, headers).await?.map_or(Principal::Anonymous, |session| session.principal()))
}

/// Who calls a desk, in which language, on what condition: what every handler there begins with. It is asked before the body
/// is read.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who it is; an [`Principal::Anonymous`] caller is one too.
    pub principal: Principal,
    /// The language to answer in.
    pub lang: Lang,
    uri: Uri,
    headers: HeaderMap,
}

impl Caller {
    /// The caller, if the table lets them do what belongs to no partner.
    ///
    /// # Errors
    /// [`Kind::NotSignedIn`], [`Kind::Forbidden`], [`Kind::NoPartner`].
    pub fn may(&self, action: Action) -> Result<&Principal, Problem> {
        allow(&self.principal, action, None)?;
        Ok(&self.principal)
    }

    /// The query of the address.
    pub fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The version that `If-Match` names.
    ///
    /// # Errors
    /// [`Kind::IfMatchNeeded`].
    pub fn if_match(&self) -> Result<&str, Problem> {
        let given = self.headers.get(header::IF_MATCH).and_then(|v| v.to_str().ok()).map(str::trim);
        // Exactly one strong tag: `*` and lists would let a lost race win.
        given.and_then(|tag| tag.strip_prefix('"')?.strip_suffix('"')).filter(|tag| !tag.contains('"')).ok_or_else(
            || {
                Problem::new(
                    Kind::IfMatchNeeded,
                    Text::new(
                        "Укажите версию, которую вы меняете: заголовок If-Match с ETag из ответа.",
                        "Name the version that you change: the header If-Match with the ETag of the answer.",
                    ),
                )
            },
        )
    }

    /// Writes an act of theirs into the log of decisions, with what it changes.
    ///
    /// # Errors
    /// As the store has them.
    pub async fn write_down(&self, state: &AppState, tx: &mut Tx, act: &str, target: &str) -> Result<(), Problem> {
        let (at_s, actor) = (state.clock.now().timestamp(), self.principal.actor());
        Ok(audit::append(tx, Entry { at_s, actor: &actor, act, target, detail: json!({}) }).await?)
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let OriginalUri(uri) =
            OriginalUri::from_request_parts(parts, state).await.unwrap_or_else(|never| match never {});
        let headers = parts.headers.clone();
        let principal = principal(state, &parts.method, &headers).await?;
        let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
        Ok(Self { principal, lang: asked_lang(uri.query(), accept), uri, headers })
    }
}

/// Whose session it is that the cookie names; without one nobody is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Session);

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let session = session(state, &parts.method, &parts.headers).await?;
        session.map(Self).ok_or_else(not_signed_in)
    }
}

/// The answer of the table as a problem.
///
/// # Errors
/// [`Kind::NotSignedIn`], [`Kind::Forbidden`], [`Kind::NoLocation`] and others.
pub fn allow(principal: &Principal, action: Action, target: Option<&PartnerId>) -> Result<(), Problem> {
    match may(principal, action, target) {
        Answer::Yes => Ok(()),
        Answer::SignIn => Err(not_signed_in()),
        Answer::Forbidden => Err(Problem::new(
            Kind::Forbidden,
            Text::new("Этой учётной записи или ключу сюда нельзя.", "This account or key may not do that."),
        )),
        Answer::Hidden if target.is_none() => Err(no_partner()),
        Answer::Hidden => Err(Problem::new(
            Kind::NoLocation,
            Text::new("У вашей организации такого нет.", "Your organisation has no such thing."),
        )),
    }
}

/// Whose desk this is: a manager's or a key's own partner.
///
/// # Errors
/// [`Kind::NoPartner`] when the account has none yet.
pub fn own_partner(principal: &Principal) -> Result<&PartnerId, Problem> {
    match principal {
        Principal::Manager { partner: Some(partner), .. } | Principal::Service { partner, .. } => Ok(partner),
        Principal::Manager { partner: None, .. } => Err(no_partner()),
        Principal::Anonymous => Err(not_signed_in()),
        Principal::Operator { .. } | Principal::Auditor { .. } | Principal::OperatorKey => Err(Problem::new(
            Kind::Forbidden,
            Text::new("Это кабинет партнёра; у оператора свой.", "This is a partner's desk; operators have their own."),
        )),
    }
}

pub(super) fn not_signed_in() -> Problem {
    Problem::new(Kind::NotSignedIn, Text::new("Войдите и повторите.", "Sign in and try again."))
}

pub(super) fn no_partner() -> Problem {
    Problem::new(Kind::NoPartner, Text::new("Сначала опишите организацию.", "Describe the organisation first."))
}

/// The client, as limits count it: its address, an IPv6 network as one; `None` where a test has no connection.
#[derive(Debug, Clone)]
pub struct Client(pub Option<String>);

impl FromRequestParts<AppState> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
        Ok(Self(peer.map(|peer| network(client_of(peer, &parts.headers, &state.options.trusted_proxies)))))
    }
}

/// The last address that no proxy of ours has: what stands before it anybody may have written.
fn client_of(peer: IpAddr, headers: &HeaderMap, trusted: &[ipnet::IpNet]) -> IpAddr {
    let is_ours = |address: IpAddr| trusted.iter().any(|net| net.contains(&address));
    let forwarded: Vec<IpAddr> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .filter_map(|text| text.trim().parse::<IpAddr>().ok())
        .map(|address| address.to_canonical())
        .collect();
    let mut client = peer;
    for address in forwarded.into_iter().rev() {
        if !is_ours(client) {
            break;
        }
        client = address;
    }
    client
}

fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

impl From<GateError> for Problem {
    fn from(error: GateError) -> Self {
        match error {
            GateError::MailOff => Self::new(
                Kind::MailOff,
                Text::new(
                    "Вход по почте выключен: не задан RYADOM_SMTP_URL. Для пробы: ryadom demo или --dev-mail.",
                    "Signing in by mail is off: RYADOM_SMTP_URL is not set. To try it: ryadom demo, or --dev-mail.",
                ),
            ),
            GateError::NoSealing => Self::new(
                Kind::CredentialsOff,
                Text::new(
                    "Второй фактор хранить нечем: нужен RYADOM_SEALING_KEY.",
                    "A second factor cannot be kept: RYADOM_SEALING_KEY is needed.",
                ),
            ),
            GateError::Address => Self::of_field(
                Kind::InvalidAccount,
                "email",
                Text::new(
                    "Это не адрес почты: нужен вид имя@пример.рф.",
                    "This is no e-mail address such as name@example.org.",
                ),
            ),
            GateError::NoLink => Self::new(
                Kind::NoSignIn,
                Text::new(
                    "Ссылка использована или старше 15 минут. Попросите новую.",
                    "The link was used or is older than 15 minutes. Ask for a new one.",
                ),
            ),
            GateError::Code => Self::of_field(
                Kind::InvalidAccount,
                "code",
                Text::new(
                    "Код не подходит. Возьмите новый в приложении; часы телефона должны идти верно.",
                    "The code does not fit. Take a new one from the app; the phone's clock must be right.",
                ),
            ),
            GateError::Taken => Self::of_field(
                Kind::InvalidAccount,
                "email",
                Text::new(
                    "У этого адреса уже есть другая учётная запись.",
                    "This address has another account already.",
                ),
            ),
            GateError::NoAccount => {
                Self::new(Kind::NoAccount, Text::new("Такой учётной записи нет.", "There is no such account."))
            }
            GateError::TooMany => Self::new(
                Kind::TooManyTries,
                Text::new("Слишком часто. Подождите десять минут.", "Too often. Wait for ten minutes."),
            ),
            GateError::Row(column) => {
                tracing::error!(column, "a row of the accounts cannot be read");
                Self::internal()
            }
            GateError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwarded_headers_are_believed_of_our_proxies_alone() {
        let trusted: Vec<ipnet::IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "1.1.1.1, 203.0.113.7".parse().unwrap());
        headers.append("x-forwarded-for", "10.0.0.2".parse().unwrap());
        let of = |peer: &str| client_of(peer.parse().unwrap(), &headers, &trusted).to_string();
        assert_eq!(of("10.0.0.1"), "203.0.113.7", "what stands before the last stranger anybody may have written");
        assert_eq!(of("198.51.100.1"), "198.51.100.1", "a stranger's headers say nothing");
        assert_eq!(network("2001:db8:1:2:3:4:5:6".parse().unwrap()), "2001:db8:1:2::/64");
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append("cookie", "a=1; __Host-ryadom=abc; b=2".parse().unwrap());
        assert_eq!(cookie(&headers), Some("abc"));
        headers.insert("cookie", "x__Host-ryadom=abc; __Host-ryadom=".parse().unwrap());
        assert_eq!(cookie(&headers), None);
    }
}
