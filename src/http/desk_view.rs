//! What the desk's routes show: a location as its partner sees it, problems of fields, an organisation.

use super::problem::{Kind, Problem, Text};
use crate::domain::{Lang, LocationId};
use crate::partners::content;
use crate::partners::moderator::{FieldDiff, ModerationError};
use crate::partners::problem::{Problem as Fault, Severity};
use crate::partners::profile::Profile;
use crate::partners::registry::{Organisation, RegistryError, View};
use crate::store::revisions::NoteRow;
use chrono::DateTime;
use serde_json::{Value, json};

/// A moment of the store as RFC 3339.
pub fn moment(seconds: i64) -> Value {
    json!(DateTime::from_timestamp(seconds, 0))
}

/// Problems of fields, in a language.
pub fn problems(faults: &[Fault], lang: Lang) -> Value {
    faults
        .iter()
        .map(|p| {
            let severity = match p.severity() {
                Severity::Reject => "reject",
                Severity::Warning => "warning",
            };
            json!({
                "field": p.column.as_deref().unwrap_or("content"),
                "severity": severity,
                "code": p.code(),
                "detail": p.detail(lang),
            })
        })
        .collect()
}

/// Remarks beside a revision.
pub fn notes(notes: &[NoteRow]) -> Value {
    notes.iter().map(|n| json!({"at": moment(n.at_s), "author": n.author, "text": n.text})).collect()
}

/// Members that differ.
pub fn diffs(diffs: &[FieldDiff]) -> Value {
    diffs.iter().map(|d| json!({"field": d.field, "before": d.before, "after": d.after})).collect()
}

/// A location as its partner sees it.
pub fn location(view: &View, profile: &Profile, lang: Lang) -> Value {
    let published = view
        .published
        .as_ref()
        .map(|p| json!({"version": p.version, "content": view.published_content(), "at": view.published_at}));
    let revision = view.revision.as_ref().map(|r| {
        let content = r.content.as_object().cloned().unwrap_or_default();
        json!({
            "id": r.id,
            "act": "put",
            "state": r.state,
            "version": r.version,
            "problems": problems(&content::check(&content, profile, &view.id).problems, lang),
            "content": content,
            "reason": r.reason,
            "notes": notes(&view.notes),
            "submitted_at": r.submitted_s.map(moment),
            "updated_at": moment(r.updated_s),
        })
    });
    json!({
        "id": view.id.as_str(),
        "etag": format!("\"{}\"", view.etag()),
        "state": view.state(),
        "on_map": is_on_map(view),
        "published": published,
        "revision": revision,
        "content": view.content(),
    })
}

fn is_on_map(view: &View) -> bool {
    view.published.as_ref().is_some_and(|p| p.state == crate::domain::State::Published)
}

/// An organisation's own members.
pub fn organisation(organisation: &Organisation, lang: Lang) -> Value {
    json!({
        "id": organisation.id.as_str(),
        "etag": format!("\"{}\"", organisation.version),
        "profile": organisation.profile,
        "state": organisation.state,
        "problems": problems(&organisation.profile.check(), lang),
    })
}

/// Every fault of a content or an organisation, each with its remedy.
fn refused(kind: Kind, faults: &[Fault]) -> Problem {
    let problem =
        Problem::new(kind, Text::new("Не отправлено: исправьте названное.", "Not submitted: correct what is named."));
    faults.iter().filter(|p| p.severity() == Severity::Reject).fold(problem, |problem, p| {
        let text = Text::new(p.detail(Lang::Ru), p.detail(Lang::En));
        problem.with_error(p.column.as_deref().unwrap_or("content"), text)
    })
}

/// What a partner's act came to, as a problem; `profile` and language are for the version that stands there now.
pub fn registry_problem(error: RegistryError, profile: &Profile, lang: Lang) -> Problem {
    match error {
        RegistryError::Unknown => {
            Problem::new(Kind::NoLocation, Text::new("Такого места у вас нет.", "You have no such place."))
        }
        RegistryError::Stale(view) => Problem::new(
            Kind::VersionConflict,
            Text::new(
                "Пока вы правили, место изменил кто-то другой. Ниже — как сейчас; ваше не записано.",
                "Somebody changed the place while you were editing. What stands there now is in `current`; yours was not written.",
            ),
        )
        .with_current(location(&view, profile, lang)),
        RegistryError::StalePartner(now) => Problem::new(
            Kind::VersionConflict,
            Text::new(
                "Пока вы правили, организацию изменил кто-то другой. Ваше не записано.",
                "Somebody changed the organisation while you were editing. Yours was not written.",
            ),
        )
        .with_current(organisation(&now, lang)),
        RegistryError::Refused(faults) => refused(Kind::InvalidLocation, &faults),
        RegistryError::Partner(faults) => refused(Kind::InvalidPartner, &faults),
        RegistryError::TooLarge => Problem::new(
            Kind::TooLarge,
            Text::new("Описание больше 48 КБ.", "The description is larger than 48 KB."),
        ),
        RegistryError::ExternalIdTaken => Problem::of_field(
            Kind::InvalidLocation,
            content::EXTERNAL_ID,
            Text::new("Этот код уже у другого вашего места.", "Another place of yours has this id."),
        ),
        RegistryError::OtherBody => Problem::new(
            Kind::Idempotency,
            Text::new(
                "С этим Idempotency-Key уже пришёл другой запрос. Для нового возьмите новый ключ.",
                "Another request came with this Idempotency-Key. Take a new key for a new request.",
            ),
        ),
        RegistryError::Move(state) => Problem::new(
            Kind::WrongState,
            Text::new(
                format!("Сейчас это {}: так сделать нельзя.", state.ru),
                format!("It is {} now: that cannot be done.", state.en),
            ),
        ),
        RegistryError::Damaged(what, why) => {
            tracing::error!(row = what, reason = why, "a stored row of the desk cannot be read");
            Problem::internal()
        }
        RegistryError::Store(error) => error.into(),
    }
}

impl From<ModerationError> for Problem {
    fn from(error: ModerationError) -> Self {
        match error {
            ModerationError::Unknown => {
                Self::new(Kind::NoRevision, Text::new("Такой заявки нет.", "There is no such revision."))
            }
            ModerationError::Decided => Self::new(
                Kind::Decided,
                Text::new(
                    "Заявку уже решил другой оператор или изменил партнёр. Посмотрите её снова.",
                    "Another operator decided it, or its partner edited it. Look at it again.",
                ),
            ),
            ModerationError::Refused(faults) => refused(Kind::InvalidLocation, &faults),
            ModerationError::NoReason => Self::of_field(
                Kind::InvalidLocation,
                "reason",
                Text::new("Напишите партнёру, что поправить.", "Tell the partner what to correct."),
            ),
            ModerationError::Move(state) => Self::new(
                Kind::WrongState,
                Text::new(
                    format!("Сейчас это {}: так сделать нельзя.", state.ru),
                    format!("It is {} now: that cannot be done.", state.en),
                ),
            ),
            ModerationError::Damaged(what, why) => {
                tracing::error!(row = what, reason = why, "a stored row of the desk cannot be read");
                Self::internal()
            }
            ModerationError::Store(error) => error.into(),
        }
    }
}

/// The id of a path.
///
/// # Errors
/// [`Kind::InvalidParameter`].
pub fn location_id(text: &str) -> Result<LocationId, Problem> {
    super::writes::location_id(text)
}
