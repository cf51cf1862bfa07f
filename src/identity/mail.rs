//! Letters: by any SMTP server, or kept on a page of the demo.
//!
//! A letter goes out in the background and is tried three times; who asked for it does not wait, and an answer that
//! took longer would say that the address is known.

use crate::domain::Lang;
use crate::domain::email::fold_email;
use chrono::{DateTime, Utc};
use lettre::message::Mailbox;
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport, Message, Tokio1Executor};
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Letters that the demo keeps.
const KEPT: usize = 50;
/// Waits between the tries.
const RETRY_AFTER: [Duration; 2] = [Duration::from_secs(5), Duration::from_secs(30)];

/// A letter.
#[derive(Debug, Clone, Serialize)]
pub struct Letter {
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Where letters go.
#[derive(Clone)]
pub enum Mailer {
    /// Nowhere: signing in by mail is off.
    Off,
    /// A page of the demo.
    Kept(Arc<Mutex<VecDeque<Letter>>>),
    /// An SMTP server.
    Smtp {
        /// The server.
        transport: Box<AsyncSmtpTransport<Tokio1Executor>>,
        /// Whom letters are from.
        from: Box<Mailbox>,
    },
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Off => "Mailer::Off",
            Self::Kept(_) => "Mailer::Kept",
            Self::Smtp { .. } => "Mailer::Smtp",
        })
    }
}

impl Mailer {
    /// Keeps letters in memory.
    pub fn kept() -> Self {
        Self::Kept(Arc::default())
    }

    /// By a server: `smtps://user:password@host`, `smtp://host:587?tls=required`, `smtp://host:25`.
    ///
    /// # Errors
    /// What is wrong with the address, without a password in it.
    pub fn smtp(url: &str, from: &str) -> Result<Self, String> {
        let from =
            from.parse().map_err(|_| "mail_from is no address such as Ryadom <noreply@example.org>".to_owned())?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| "smtp_url should be like smtps://user:password@mail.example.org".to_owned())?
            .timeout(Some(Duration::from_secs(20)))
            .build();
        Ok(Self::Smtp { transport: Box::new(transport), from: Box::new(from) })
    }

    /// Whether letters go anywhere.
    pub fn is_on(&self) -> bool {
        !matches!(self, Self::Off)
    }

    /// The letters that were kept, newest first; `None` when they go out.
    pub fn letters(&self) -> Option<Vec<Letter>> {
        let Self::Kept(letters) = self else { return None };
        Some(letters.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().cloned().collect())
    }

    /// Sends a letter where letters go out; where they do not, whoever made it says its link in another way.
    pub fn send_if_on(&self, letter: Letter) {
        if self.is_on() {
            self.send(letter);
        }
    }

    /// Sends a letter, in the background.
    pub fn send(&self, letter: Letter) {
        match self {
            Self::Off => tracing::warn!("a letter was not sent: no smtp_url is set"),
            Self::Kept(letters) => {
                let mut letters = letters.lock().unwrap_or_else(PoisonError::into_inner);
                letters.push_back(letter);
                while letters.len() > KEPT {
                    letters.pop_front();
                }
            }
            Self::Smtp { transport, from } => {
                tokio::spawn(deliver(transport.clone(), from.clone(), letter));
            }
        }
    }
}

/// Neither the address nor the text is logged: both lead to a person.
async fn deliver(transport: Box<AsyncSmtpTransport<Tokio1Executor>>, from: Box<Mailbox>, letter: Letter) {
    let Ok(to) = letter.to.parse::<Mailbox>() else {
        tracing::warn!("a letter was not sent: its address is none");
        return;
    };
    let message = match Message::builder().from(*from).to(to).subject(letter.subject).body(letter.text) {
        Ok(message) => message,
        Err(error) => {
            tracing::error!(%error, "a letter could not be made");
            return;
        }
    };
    for wait in RETRY_AFTER.map(Some).into_iter().chain([None]) {
        match transport.send(message.clone()).await {
            Ok(_) => return,
            Err(error) => {
                let permanent = error.is_permanent();
                tracing::warn!(
                    status = error.status().map(u16::from),
                    permanent,
                    "a letter was not taken by the server"
                );
                match wait {
                    Some(wait) if !permanent => tokio::time::sleep(wait).await,
                    _ => break,
                }
            }
        }
    }
    tracing::error!("a letter was given up");
}

/// The letter with a sign-in link.
pub fn sign_in_letter(to: &str, link: &str, lang: Lang, at: DateTime<Utc>) -> Letter {
    let subject = lang.pick("Вход в «Рядом»", "Sign in to Ryadom");
    let text = match lang {
        Lang::Ru => format!(
            "Здравствуйте!\n\nЧтобы войти, откройте ссылку и нажмите кнопку «Войти»:\n\n{link}\n\n\
             Ссылка действует 15 минут и один раз. Если вы не просили о входе, просто удалите это письмо.\n\nРядом\n"
        ),
        Lang::En => format!(
            "Hello,\n\nto sign in, open the link and press the button \"Sign in\":\n\n{link}\n\n\
             The link works once, for 15 minutes. If you did not ask for it, delete this letter.\n\nRyadom\n"
        ),
    };
    Letter { to: to.to_owned(), subject: subject.to_owned(), text, at }
}

/// The letter with which somebody is invited.
pub fn invitation_letter(to: &str, link: &str, hours: i64, at: DateTime<Utc>) -> Letter {
    let text = format!(
        "Здравствуйте!\n\nВас пригласили в «Рядом». Откройте ссылку и нажмите «Войти»:\n\n{link}\n\n\
         Ссылка действует {hours} ч и один раз. Позже вход — по ссылке из нового письма.\n\n\
         ---\n\nYou were invited to Ryadom. Open the link above and press \"Sign in\"; it works once, for {hours} h.\n"
    );
    Letter {
        to: to.to_owned(), subject: "Приглашение в «Рядом» / Invitation to Ryadom".to_owned(), text, at
    }
}

/// The letter that tells managers of a decision.
pub fn decision_letter(to: &str, place: &str, reason: Option<&str>, link: &str, at: DateTime<Utc>) -> Letter {
    let (subject, text) = match reason {
        None => (
            format!("На карте: {place}"),
            format!("Оператор одобрил «{place}»: изменения на карте.\n\n{link}\n\n---\n\nThe operator approved it.\n"),
        ),
        Some(reason) => (
            format!("Нужно поправить: {place}"),
            format!(
                "Оператор не принял «{place}» и написал:\n\n{reason}\n\nПоправьте и отправьте снова: {link}\n\n\
                 ---\n\nThe operator asks for a correction.\n"
            ),
        ),
    };
    // A line break in a subject would begin another header.
    let subject = subject.chars().filter(|c| !c.is_control()).take(120).collect();
    Letter { to: to.to_owned(), subject, text, at }
}

/// An address that letters can be sent to; the mail library has a word in it.
pub fn fold_address(text: &str) -> Option<String> {
    fold_email(text).filter(|text| text.parse::<lettre::Address>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_line() {
        let letter =
            decision_letter("a@example.org", "Пекарня\r\nBcc: all@example.org", None, "", DateTime::UNIX_EPOCH);
        assert!(!letter.subject.contains(['\r', '\n']));
    }

    #[test]
    fn a_wrong_server_is_said_without_its_password() {
        let error = Mailer::smtp("ftp://user:hunter2@host", "a@example.org").unwrap_err();
        assert!(!error.contains("hunter2"));
        assert!(Mailer::smtp("smtp://127.0.0.1:2525", "Ryadom <noreply@example.org>").is_ok());
    }
}
