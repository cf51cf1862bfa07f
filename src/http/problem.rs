//! Every error of the door as RFC 9457, in the asked language. The only place that knows status codes of errors.

use crate::domain::Lang;
use crate::store::StoreError;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// The kinds of problems; the table in the README lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A parameter that the route does not have.
    UnknownParameter,
    /// A parameter that is missing.
    MissingParameter,
    /// A parameter whose value is wrong.
    InvalidParameter,
    /// A bbox whose south is above its north.
    BboxOrder,
    /// A body that is no JSON object of the expected form.
    InvalidBody,
    /// A feature that is no location.
    InvalidLocation,
    /// No such route.
    NoRoute,
    /// No such location on the map.
    NoLocation,
    /// No such tile.
    NoTile,
    /// The method is not served here.
    MethodNotAllowed,
    /// A write without the operator's key.
    Unauthorized,
    /// The body is too large.
    TooLarge,
    /// A byte range outside the file.
    RangeNotSatisfiable,
    /// The asked `min_seq` did not arrive in time.
    SeqNotReached,
    /// The database is away; reads go on.
    StoreUnavailable,
    /// An offer that is used, too old or unknown.
    NoOffer,
    /// A device proof without a good nonce; the answer brings one.
    UseNonce,
    /// A device proof that proves nothing.
    InvalidProof,
    /// A device key that no wallet has.
    UnknownDevice,
    /// The right is suspended.
    RightSuspended,
    /// The right was revoked.
    RightRevoked,
    /// The right has ended.
    RightEnded,
    /// Another device stands in for this one.
    WalletReplaced,
    /// No such terminal.
    NoTerminal,
    /// No such recovery code.
    NoRecovery,
    /// No such pairing code.
    NoPairing,
    /// No such right.
    NoRight,
    /// A right that cannot be.
    InvalidRight,
    /// Too many tries of what could be guessed.
    TooManyTries,
    /// There is no sealing key, so there are no credentials.
    CredentialsOff,
    /// Nobody is signed in.
    NotSignedIn,
    /// This account or key may not do it.
    Forbidden,
    /// A write that did not come from our own page.
    Forged,
    /// No letters go out here.
    MailOff,
    /// A sign-in link that is used, too old or unknown.
    NoSignIn,
    /// An address or code that does not fit.
    InvalidAccount,
    /// No such account.
    NoAccount,
    /// The account has no organisation yet, or there is no such one.
    NoPartner,
    /// The organisation is described with faults.
    InvalidPartner,
    /// Somebody was faster; the answer holds the present version.
    VersionConflict,
    /// A change that does not say of which version.
    IfMatchNeeded,
    /// An idempotency key that came before with another body.
    Idempotency,
    /// Not from this state.
    WrongState,
    /// Decided by somebody else, or edited since.
    Decided,
    /// No such revision.
    NoRevision,
    /// No such key.
    NoKey,
    /// No such refusal.
    NoRefusal,
    /// A refusal that is described with faults.
    InvalidRefusal,
    /// No such bulk file.
    NoFile,
    /// A location changed since the preview.
    BulkStale,
    /// No such photo.
    NoPhoto,
    /// Not a kind of picture that is taken.
    PhotoType,
    /// A picture that cannot be read, or is too small.
    InvalidPhoto,
    /// A format that is not made here.
    NoFormat,
    /// A fault of ours.
    Internal,
}

impl Kind {
    /// Every kind, for the table and its test.
    pub const ALL: [Self; 55] = [
        Self::UnknownParameter,
        Self::MissingParameter,
        Self::InvalidParameter,
        Self::BboxOrder,
        Self::InvalidBody,
        Self::InvalidLocation,
        Self::NoRoute,
        Self::NoLocation,
        Self::NoTile,
        Self::MethodNotAllowed,
        Self::Unauthorized,
        Self::TooLarge,
        Self::RangeNotSatisfiable,
        Self::SeqNotReached,
        Self::StoreUnavailable,
        Self::NoOffer,
        Self::UseNonce,
        Self::InvalidProof,
        Self::UnknownDevice,
        Self::RightSuspended,
        Self::RightRevoked,
        Self::RightEnded,
        Self::WalletReplaced,
        Self::NoTerminal,
        Self::NoRecovery,
        Self::NoPairing,
        Self::NoRight,
        Self::InvalidRight,
        Self::TooManyTries,
        Self::CredentialsOff,
        Self::NotSignedIn,
        Self::Forbidden,
        Self::Forged,
        Self::MailOff,
        Self::NoSignIn,
        Self::InvalidAccount,
        Self::NoAccount,
        Self::NoPartner,
        Self::InvalidPartner,
        Self::VersionConflict,
        Self::IfMatchNeeded,
        Self::Idempotency,
        Self::WrongState,
        Self::Decided,
        Self::NoRevision,
        Self::NoKey,
        Self::NoRefusal,
        Self::InvalidRefusal,
        Self::NoFile,
        Self::BulkStale,
        Self::NoPhoto,
        Self::PhotoType,
        Self::InvalidPhoto,
        Self::NoFormat,
        Self::Internal,
    ];

    /// Status, last part of the type, and title in both languages.
    pub fn facts(self) -> (StatusCode, &'static str, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::UnknownParameter => {
                (S::BAD_REQUEST, "unknown-parameter", "Неизвестный параметр", "Unknown parameter")
            }
            Self::MissingParameter => {
                (S::BAD_REQUEST, "missing-parameter", "Не хватает параметра", "Missing parameter")
            }
            Self::InvalidParameter => {
                (S::BAD_REQUEST, "invalid-parameter", "Неверное значение параметра", "Invalid parameter")
            }
            Self::BboxOrder => (S::BAD_REQUEST, "bbox-order", "Юг выше севера", "South is above north"),
            Self::InvalidBody => (S::BAD_REQUEST, "invalid-body", "Тело запроса не читается", "Unreadable body"),
            Self::InvalidLocation => {
                (S::UNPROCESSABLE_ENTITY, "invalid-location", "Место описано с ошибками", "Invalid location")
            }
            Self::NoRoute => (S::NOT_FOUND, "no-route", "Нет такого адреса", "No such route"),
            Self::NoLocation => (S::NOT_FOUND, "no-location", "Нет такого места", "No such location"),
            Self::NoTile => (S::NOT_FOUND, "no-tile", "Нет такого тайла", "No such tile"),
            Self::MethodNotAllowed => {
                (S::METHOD_NOT_ALLOWED, "method-not-allowed", "Метод не поддерживается", "Method not allowed")
            }
            Self::Unauthorized => (S::UNAUTHORIZED, "unauthorized", "Нужен ключ оператора", "Operator key needed"),
            Self::TooLarge => (S::PAYLOAD_TOO_LARGE, "too-large", "Слишком большой запрос", "Body too large"),
            Self::RangeNotSatisfiable => {
                (S::RANGE_NOT_SATISFIABLE, "range-not-satisfiable", "Нет такого отрезка", "Range outside the file")
            }
            Self::SeqNotReached => {
                (S::SERVICE_UNAVAILABLE, "seq-not-reached", "Изменение ещё в пути", "Change still on its way")
            }
            Self::StoreUnavailable => {
                (S::SERVICE_UNAVAILABLE, "store-unavailable", "База данных недоступна", "The database does not answer")
            }
            Self::NoOffer => (S::NOT_FOUND, "no-offer", "Нет такого приглашения", "No such offer"),
            Self::UseNonce => (S::UNAUTHORIZED, "use-nonce", "Нужен свежий nonce", "A fresh nonce is needed"),
            Self::InvalidProof => {
                (S::UNAUTHORIZED, "invalid-proof", "Подпись устройства не подходит", "Invalid device proof")
            }
            Self::UnknownDevice => {
                (S::UNAUTHORIZED, "unknown-device", "Устройство без удостоверения", "Device without a credential")
            }
            Self::RightSuspended => (S::FORBIDDEN, "right-suspended", "Право приостановлено", "The right is suspended"),
            Self::RightRevoked => (S::FORBIDDEN, "right-revoked", "Удостоверение отозвано", "Credential revoked"),
            Self::RightEnded => (S::FORBIDDEN, "right-ended", "Срок права закончился", "The right has ended"),
            Self::WalletReplaced => {
                (S::FORBIDDEN, "wallet-replaced", "Удостоверение на другом телефоне", "Credential on another phone")
            }
            Self::NoTerminal => (S::NOT_FOUND, "no-terminal", "Нет такой кассы", "No such terminal"),
            Self::NoRecovery => (S::NOT_FOUND, "no-recovery", "Нет такого запасного кода", "No such recovery code"),
            Self::NoPairing => (S::NOT_FOUND, "no-pairing", "Нет такого кода подключения", "No such pairing code"),
            Self::NoRight => (S::NOT_FOUND, "no-right", "Нет такого права", "No such right"),
            Self::InvalidRight => {
                (S::UNPROCESSABLE_ENTITY, "invalid-right", "Право описано с ошибкой", "Invalid right")
            }
            Self::TooManyTries => (S::TOO_MANY_REQUESTS, "too-many-tries", "Слишком много попыток", "Too many tries"),
            Self::CredentialsOff => {
                (S::SERVICE_UNAVAILABLE, "credentials-off", "Удостоверения не настроены", "Credentials are not set up")
            }
            Self::NotSignedIn => (S::UNAUTHORIZED, "not-signed-in", "Нужно войти", "Sign in first"),
            Self::Forbidden => (S::FORBIDDEN, "forbidden", "Нет права", "Not allowed"),
            Self::Forged => (S::FORBIDDEN, "forged", "Запрос не с нашей страницы", "Not from our own page"),
            Self::MailOff => (S::SERVICE_UNAVAILABLE, "mail-off", "Почта не настроена", "Mail is not set up"),
            Self::NoSignIn => (S::NOT_FOUND, "no-sign-in", "Ссылка уже не действует", "The link no longer works"),
            Self::InvalidAccount => {
                (S::UNPROCESSABLE_ENTITY, "invalid-account", "Адрес или код не подходит", "Invalid address or code")
            }
            Self::NoAccount => (S::NOT_FOUND, "no-account", "Нет такой учётной записи", "No such account"),
            Self::NoPartner => (S::NOT_FOUND, "no-partner", "Организации ещё нет", "No organisation yet"),
            Self::InvalidPartner => {
                (S::UNPROCESSABLE_ENTITY, "invalid-partner", "Организация описана с ошибками", "Invalid organisation")
            }
            Self::VersionConflict => {
                (S::PRECONDITION_FAILED, "version-conflict", "Кто-то изменил раньше", "Somebody was faster")
            }
            Self::IfMatchNeeded => {
                (S::PRECONDITION_REQUIRED, "if-match-needed", "Нужен заголовок If-Match", "If-Match is needed")
            }
            Self::Idempotency => (
                S::UNPROCESSABLE_ENTITY,
                "idempotency",
                "Ключ повтора от другого запроса",
                "Idempotency key of another request",
            ),
            Self::WrongState => (S::CONFLICT, "wrong-state", "Сейчас этого сделать нельзя", "Not in this state"),
            Self::Decided => (S::CONFLICT, "decided", "Уже решено или изменено", "Decided or edited already"),
            Self::NoRevision => (S::NOT_FOUND, "no-revision", "Нет такой заявки", "No such revision"),
            Self::NoKey => (S::NOT_FOUND, "no-key", "Нет такого ключа", "No such key"),
            Self::NoRefusal => (S::NOT_FOUND, "no-refusal", "Нет такого сообщения", "No such report"),
            Self::InvalidRefusal => {
                (S::UNPROCESSABLE_ENTITY, "invalid-refusal", "Сообщение с ошибкой", "Invalid report")
            }
            Self::NoFile => (S::NOT_FOUND, "no-file", "Нет такого файла", "No such file"),
            Self::BulkStale => {
                (S::CONFLICT, "bulk-stale", "Места изменились после просмотра", "Locations changed since the preview")
            }
            Self::NoPhoto => (S::NOT_FOUND, "no-photo", "Нет такого фото", "No such photo"),
            Self::PhotoType => {
                (S::UNSUPPORTED_MEDIA_TYPE, "photo-type", "Такой файл не подходит", "Unsupported kind of file")
            }
            Self::InvalidPhoto => (S::UNPROCESSABLE_ENTITY, "invalid-photo", "Фото не подходит", "Invalid photo"),
            Self::NoFormat => (S::NOT_IMPLEMENTED, "no-format", "Такого формата здесь нет", "Format not made here"),
            Self::Internal => (S::INTERNAL_SERVER_ERROR, "internal", "Внутренняя ошибка", "Internal error"),
        }
    }
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Russian.
    pub ru: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Both languages.
    pub fn new(ru: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ru: ru.into(), en: en.into() }
    }

    fn pick(&self, lang: Lang) -> &str {
        lang.pick(&self.ru, &self.en)
    }
}

/// A problem, not yet in a language: the outermost layer knows which one was asked for.
#[derive(Debug, Clone)]
pub struct Problem {
    kind: Kind,
    detail: Text,
    errors: Vec<(String, Text)>,
    lang: Option<Lang>,
    /// An extension member: what stands there now, so that nothing of either side is lost.
    current: Option<Box<serde_json::Value>>,
}

impl Problem {
    /// A problem of no one field.
    pub fn new(kind: Kind, detail: Text) -> Self {
        Self { kind, detail, errors: Vec::new(), lang: None, current: None }
    }

    /// A problem of one field: it is named, and the text says what is wrong and what to do.
    pub fn of_field(kind: Kind, field: &str, detail: Text) -> Self {
        Self { kind, errors: vec![(field.to_owned(), detail.clone())], detail, lang: None, current: None }
    }

    /// Names one more field.
    #[must_use]
    pub fn with_error(mut self, field: &str, detail: Text) -> Self {
        self.errors.push((field.to_owned(), detail));
        self
    }

    /// Adds what stands there now.
    #[must_use]
    pub fn with_current(mut self, current: serde_json::Value) -> Self {
        self.current = Some(Box::new(current));
        self
    }

    /// In the language that the body asked for, which the outermost layer does not see.
    #[must_use]
    pub fn in_lang(mut self, lang: Lang) -> Self {
        self.lang = Some(lang);
        self
    }

    /// What is wrong and what to do, in a language.
    pub fn detail(&self, lang: Lang) -> &str {
        self.detail.pick(lang)
    }

    /// The language that the body asked for.
    pub fn lang(&self) -> Option<Lang> {
        self.lang
    }

    /// No location of this id is on the map.
    pub fn no_location(id: &str) -> Self {
        let shown: String = id.chars().take(80).collect();
        Self::new(
            Kind::NoLocation,
            Text::new(
                format!("На карте нет места с id «{shown}»; возможно, его убрали."),
                format!("There is no location with the id {shown:?} on the map; it may have been withdrawn."),
            ),
        )
    }

    /// As an answer in a language.
    pub fn render(&self, lang: Lang) -> Response {
        #[derive(Serialize)]
        struct Field<'a> {
            parameter: &'a str,
            detail: &'a str,
        }
        #[derive(Serialize)]
        struct Document<'a> {
            r#type: String,
            title: &'a str,
            status: u16,
            detail: &'a str,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            errors: Vec<Field<'a>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            current: Option<&'a serde_json::Value>,
        }
        let (status, slug, ru, en) = self.kind.facts();
        let document = Document {
            r#type: format!("/problems/{slug}"),
            title: lang.pick(ru, en),
            status: status.as_u16(),
            detail: self.detail.pick(lang),
            errors: self
                .errors
                .iter()
                .map(|(parameter, detail)| Field { parameter, detail: detail.pick(lang) })
                .collect(),
            current: self.current.as_deref(),
        };
        let body = serde_json::to_vec(&document).expect("plain data into memory");
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self.kind {
            Kind::StoreUnavailable | Kind::SeqNotReached => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
            }
            Kind::TooManyTries => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("600"));
            }
            Kind::UseNonce | Kind::InvalidProof | Kind::UnknownDevice => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("DPoP algs=\"ES256\""));
            }
            Kind::Unauthorized | Kind::NotSignedIn => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            _ => {}
        }
        response
    }
}

impl IntoResponse for Problem {
    /// Carries the problem to the outermost layer ([`super::outer`]), which renders it.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.kind.facts().0;
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let chain: &(dyn std::error::Error + 'static) = &error;
        match &error {
            StoreError::Unavailable(_) => {
                tracing::warn!(error = chain, "a write was refused: the store does not answer");
                Self::new(
                    Kind::StoreUnavailable,
                    Text::new(
                        "Изменение не записано: база данных не отвечает. Повторите через несколько секунд.",
                        "The change was not written: the database does not answer. Try again in a few seconds.",
                    ),
                )
            }
            StoreError::Setup(_) | StoreError::Migrate(_) | StoreError::Statement(_) => {
                tracing::error!(error = chain, "the store failed");
                Self::internal()
            }
        }
    }
}

impl Problem {
    /// A fault of ours; the log has the rest.
    pub fn internal() -> Self {
        Self::new(
            Kind::Internal,
            Text::new(
                "Что-то сломалось у нас. Повторите позже; номер запроса в заголовке X-Request-Id поможет найти причину.",
                "Something broke on our side. Try again later; the X-Request-Id header helps to find out why.",
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_kind_has_its_own_type_and_stands_in_the_readme() {
        let readme = include_str!("../../README.md");
        let mut seen = HashSet::new();
        for kind in Kind::ALL {
            let (status, slug, ru, en) = kind.facts();
            assert!(seen.insert(slug), "{slug} twice");
            assert!(!ru.is_empty() && !en.is_empty());
            let row = format!("| `/problems/{slug}` | {} |", status.as_u16());
            assert!(readme.contains(&row), "README lacks the row {row}");
        }
    }
}
