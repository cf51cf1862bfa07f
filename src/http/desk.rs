//! The credential desk at the door: who may ask, and its errors as problems.

use super::problem::{Kind, Problem, Text};
use super::state::AppState;
use crate::credentials::desk::{Desk, DeskError};
use crate::credentials::device_proof::ProofError;
use crate::credentials::minter::{Standing, WalletError};
use crate::credentials::rights::RightError;
use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The desk; without a sealing key there is none.
pub(super) fn desk(state: &AppState) -> Result<&Desk, Problem> {
    state.desk.as_deref().ok_or_else(|| {
        Problem::new(
            Kind::CredentialsOff,
            Text::new(
                "Удостоверения здесь не настроены: нужен ключ RYADOM_SEALING_KEY.",
                "Credentials are not set up here: RYADOM_SEALING_KEY is needed.",
            ),
        )
    })
}

/// The body as JSON of a known form; a member that is not known is refused by name.
pub(super) fn json_body<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    // PostgreSQL keeps no U+0000, in no text; nobody types one.
    if body.windows(6).any(|w| w == b"\\u0000") {
        return Err(Problem::new(
            Kind::InvalidBody,
            Text::new("В тексте есть знак U+0000: уберите его.", "There is a U+0000 in a text: take it out."),
        ));
    }
    serde_json::from_slice(body).map_err(|error| {
        // Of the text itself nothing is said: it may hold a code.
        let what = if error.is_data() { data_fault(&error) } else { String::new() };
        Problem::new(
            Kind::InvalidBody,
            Text::new(
                format!("Тело запроса не читается (строка {}, столбец {}){what}.", error.line(), error.column()),
                format!("The body cannot be read (line {}, column {}){what}.", error.line(), error.column()),
            ),
        )
    })
}

/// `missing field`, `unknown field` name members; other messages quote values and are left out.
fn data_fault(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let is_about_members = text.starts_with("missing field") || text.starts_with("unknown field");
    let end = text.find(" at line").unwrap_or(text.len());
    if is_about_members { format!(": {}", &text[..end]) } else { String::new() }
}

/// A JSON answer that nobody keeps.
pub(super) fn unkept<T: Serialize>(status: StatusCode, body: &T) -> Response {
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The token of `Authorization: Bearer …`; the scheme in any case (RFC 9110, 11.1).
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Store(error) => error.into(),
            DeskError::Sealed(_) | DeskError::Sign(_) | DeskError::NoKey | DeskError::Row(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the credential desk failed: {error}");
                Self::internal()
            }
        }
    }
}

impl From<WalletError> for Problem {
    fn from(error: WalletError) -> Self {
        let problem = |kind, ru: &str, en: &str| Self::new(kind, Text::new(ru, en));
        match error {
            WalletError::Proof(ProofError::Nonce) | WalletError::Replay => problem(
                Kind::UseNonce,
                "Возьмите свежий nonce из заголовка DPoP-Nonce и повторите.",
                "Take a fresh nonce from the DPoP-Nonce header and try again.",
            ),
            WalletError::Proof(ProofError::Invalid(why)) => Self::new(
                Kind::InvalidProof,
                Text::new(
                    format!("Подпись устройства не подходит: {why}."),
                    format!("The device proof is none: {why}."),
                ),
            ),
            WalletError::UnknownDevice => problem(
                Kind::UnknownDevice,
                "На этом устройстве нет удостоверения. Попросите новое приглашение.",
                "There is no credential on this device. Ask for a new invitation.",
            ),
            WalletError::Held(standing) => match standing {
                Standing::Suspended => problem(
                    Kind::RightSuspended,
                    "Право приостановлено. Уточните в органе соцзащиты.",
                    "The right is suspended. Ask the social protection office.",
                ),
                Standing::Ended => problem(
                    Kind::RightEnded,
                    "Срок права закончился. Продлите статус в органе соцзащиты.",
                    "The right has ended. Prolong the status at the social protection office.",
                ),
                Standing::NotYet => {
                    problem(Kind::RightEnded, "Срок права ещё не начался.", "The right has not begun yet.")
                }
                Standing::Replaced => problem(
                    Kind::WalletReplaced,
                    "Удостоверение теперь на другом телефоне.",
                    "The credential is on another phone now.",
                ),
                Standing::Active | Standing::Revoked => problem(
                    Kind::RightRevoked,
                    "Удостоверение отозвано. Попросите новое приглашение.",
                    "The credential was revoked. Ask for a new invitation.",
                ),
            },
            WalletError::NoTerminal => Self::of_field(
                Kind::NoTerminal,
                "terminal",
                Text::new(
                    "Кассы с таким номером нет. Проверьте цифры на экране кассы.",
                    "There is no till of this number. Check the digits on its screen.",
                ),
            ),
            WalletError::NoRecovery => Self::of_field(
                Kind::NoRecovery,
                "recovery_code",
                Text::new("Такой запасной код неизвестен.", "This recovery code is not known."),
            ),
            WalletError::TooMany => problem(
                Kind::TooManyTries,
                "Слишком много попыток. Подождите десять минут.",
                "Too many tries. Wait for ten minutes.",
            ),
            WalletError::Desk(error) => error.into(),
        }
    }
}

impl From<RightError> for Problem {
    fn from(error: RightError) -> Self {
        match error {
            RightError::Unknown => Self::new(Kind::NoRight, Text::new("Такого права нет.", "There is no such right.")),
            RightError::Move(from, to) => Self::of_field(
                Kind::InvalidRight,
                "state",
                Text::new(
                    format!("Право {} не может стать таким: {}.", from.words().ru, to.words().ru),
                    format!("A right that is {} does not become {}.", from.words().en, to.words().en),
                ),
            ),
            RightError::Field(field, why) => Self::of_field(
                Kind::InvalidRight,
                field,
                Text::new(format!("Поле {field}: {}.", why.ru), format!("{field} {}.", why.en)),
            ),
            RightError::KeyVersion { given, ours } => Self::of_field(
                Kind::InvalidRight,
                "outside_hash",
                Text::new(
                    format!("Хеш сделан ключом версии {given}, а здесь версия {ours}."),
                    format!("The hash was made with key version {given}; here it is version {ours}."),
                ),
            ),
            RightError::Desk(error) => error.into(),
        }
    }
}
