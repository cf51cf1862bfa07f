//! Gate: request credentials -> [`Principal`].

use super::mail::{self, Mailer};
use super::totp::{SECRET_BYTES, SecondFactor};
use crate::audit::{self, Entry};
use crate::domain::principal::{Role, Scope};
use crate::domain::{Clock, Lang, PartnerId, Principal};
use crate::sealing::{SealingKey, random, random_text};
use crate::store::accounts::{AccountRow, SessionRow};
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How long a link from a letter works, seconds.
pub const LINK_S: i64 = 15 * 60;
/// How long an invitation works.
pub const INVITATION_S: i64 = 72 * 3_600;
/// How long a manager stays signed in.
const MANAGER_SESSION_S: i64 = 30 * 86_400;
/// How long an operator does.
const OPERATOR_SESSION_S: i64 = 12 * 3_600;
/// Windows in which tries are counted.
const WINDOW_S: i64 = 600;
/// Letters to one address, and from one client, in a window.
const LETTERS_EACH: i64 = 5;
/// Letters that one client may cause in a window.
const LETTERS_OF_CLIENT: i64 = 30;
/// Codes that may be tried for one account in a window.
const TOTP_TRIES: i64 = 10;
/// What the keys of partners' systems begin with.
const SERVICE: &str = "ryk_";

/// Why somebody did not get in.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    /// No letters go out here.
    #[error("signing in by mail is off")]
    MailOff,
    /// There is no sealing key, so no second factor can be kept.
    #[error("there is no sealing key")]
    NoSealing,
    /// Not an address.
    #[error("not an e-mail address")]
    Address,
    /// The link is used, too old or unknown.
    #[error("no such link")]
    NoLink,
    /// A wrong code, or one that was used.
    #[error("a wrong code")]
    Code,
    /// The account has another role already.
    #[error("the address has an account of another role")]
    Taken,
    /// No such account.
    #[error("no such account")]
    NoAccount,
    /// Too many tries.
    #[error("too many tries")]
    TooMany,
    /// A row that no write of ours could have made.
    #[error("a row of the accounts cannot be read: {0}")]
    Row(&'static str),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How far a session goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// All the way.
    Full,
    /// The second factor is to be set up.
    TotpEnrol,
    /// A code of the second factor is needed.
    TotpNeeded,
}

impl Standing {
    /// The public code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::TotpEnrol => "totp_enrol",
            Self::TotpNeeded => "totp_needed",
        }
    }
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Session {
    /// Whose session.
    pub account: AccountRow,
    /// The account's role.
    pub role: Role,
    /// How far it goes.
    pub standing: Standing,
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// What a write must repeat in a header, which no other site can.
    pub csrf: String,
    token_hash: Vec<u8>,
}

impl Session {
    /// Who this is for the table of rights; half a sign-in is none.
    pub fn principal(&self) -> Principal {
        let account = self.account.id.clone();
        match (self.standing, self.role) {
            (Standing::Full, Role::Manager) => {
                let partner = self.account.partner_id.as_deref().and_then(|id| PartnerId::new(id).ok());
                Principal::Manager { account, partner }
            }
            (Standing::Full, Role::Operator) => Principal::Operator { account },
            (Standing::Full, Role::Auditor) => Principal::Auditor { account },
            _ => Principal::Anonymous,
        }
    }
}

/// The gate over one store.
pub struct Gate {
    store: Store,
    clock: Arc<dyn Clock>,
    sealing: Option<SealingKey>,
    mailer: Mailer,
    public_url: String,
    /// When a use of a key or terminal was noted last: the store hears of it once a minute.
    seen: Mutex<HashMap<String, i64>>,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gate").field("mailer", &self.mailer).finish_non_exhaustive()
    }
}

pub(crate) fn hash(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

impl Gate {
    /// Over a store; letters lead to `public_url`.
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        sealing: Option<SealingKey>,
        mailer: Mailer,
        public_url: &str,
    ) -> Self {
        let public_url = public_url.trim_end_matches('/').to_owned();
        Self { store, clock, sealing, mailer, public_url, seen: Mutex::default() }
    }

    /// Where letters go.
    pub fn mailer(&self) -> &Mailer {
        &self.mailer
    }

    /// An address of ours.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    fn now_s(&self) -> i64 {
        self.clock.now().timestamp()
    }

    /// Counts a try of what could be guessed or overdone. The subject is hashed: the table says nothing of a person.
    ///
    /// # Errors
    /// [`GateError::TooMany`].
    pub async fn limited(&self, what: &str, subject: &str, most: i64) -> Result<(), GateError> {
        let window_s = self.now_s() - self.now_s().rem_euclid(WINDOW_S);
        let digest = match &self.sealing {
            Some(key) => key.mac("attempts", &[subject.as_bytes()]).to_vec(),
            None => hash(subject),
        };
        let subject = format!("{what}:{}", BASE64URL_NOPAD.encode(&digest[..12]));
        let count = self.store.count_attempt(&subject, window_s).await?;
        if count > most { Err(GateError::TooMany) } else { Ok(()) }
    }

    /// Sends a link, if there is a reason to: managers are whoever asks, operators and auditors are invited first. The
    /// answer is the same in every case.
    ///
    /// # Errors
    /// [`GateError`].
    pub async fn send_link(
        &self,
        address: &str,
        to_operator: bool,
        lang: Lang,
        client: Option<&str>,
    ) -> Result<(), GateError> {
        if !self.mailer.is_on() {
            return Err(GateError::MailOff);
        }
        let email = mail::fold_address(address).ok_or(GateError::Address)?;
        self.limited("letter", &email, LETTERS_EACH).await?;
        if let Some(client) = client {
            self.limited("letters-of", client, LETTERS_OF_CLIENT).await?;
        }
        let account = self.store.account_of_email(&email).await?;
        let is_staff = account.as_ref().is_some_and(|a| a.role != Role::Manager.code());
        if account.as_ref().is_some_and(|a| a.disabled_s.is_some()) || (to_operator && !is_staff) {
            return Ok(());
        }
        let destination = if is_staff { "/operator" } else { "/partner" };
        let link = self.new_link(&email, destination, None, LINK_S).await?;
        self.mailer.send(mail::sign_in_letter(&email, &link, lang, self.clock.now()));
        Ok(())
    }

    async fn new_link(
        &self,
        email: &str,
        destination: &str,
        partner: Option<&PartnerId>,
        lives_s: i64,
    ) -> Result<String, GateError> {
        let token = random_text::<24>();
        let (partner, expires_s) = (partner.map(PartnerId::as_str), self.now_s() + lives_s);
        self.store.put_sign_in_link(&hash(&token), email, destination, partner, expires_s).await?;
        // In the fragment: no server, balancer or log between us and the browser sees it, and a scanner of letters
        // that follows it signs nobody in.
        Ok(self.url(&format!("/sign-in#{token}")))
    }

    /// Makes an account for an operator or auditor, with a link for the first sign-in, which is sent where letters go
    /// out, and whether the account is fresh: the link of one that is not is for its owner and the command line alone.
    ///
    /// # Errors
    /// [`GateError::Taken`] and others.
    pub async fn invite_staff(
        &self,
        address: &str,
        role: Role,
        actor: &str,
    ) -> Result<(AccountRow, String, bool), GateError> {
        let email = mail::fold_address(address).ok_or(GateError::Address)?;
        if self.sealing.is_none() {
            return Err(GateError::NoSealing);
        }
        let fresh = self.fresh_account(&email, role, None);
        let mut tx = self.store.begin().await?;
        let is_fresh = tx.put_account(&fresh).await?;
        let account = if is_fresh {
            fresh
        } else {
            let known = self.store.account_of_email(&email).await?.ok_or(GateError::Row("email"))?;
            if known.role != role.code() || known.disabled_s.is_some() {
                return Err(GateError::Taken);
            }
            known
        };
        self.note(&mut tx, actor, "invite", &account.id, json!({"role": role.code()})).await?;
        tx.commit().await?;
        let link = self.new_link(&email, "/operator", None, INVITATION_S).await?;
        self.mailer.send_if_on(mail::invitation_letter(&email, &link, INVITATION_S / 3_600, self.clock.now()));
        Ok((account, link, is_fresh))
    }

    /// Invites somebody to a partner's desk. No account is made or changed before the invited one follows the link, and
    /// the answer tells nothing of the address: who it is, or whether it has an account.
    ///
    /// # Errors
    /// [`GateError::Address`] and others.
    pub async fn invite_manager(&self, address: &str, partner: &PartnerId, actor: &str) -> Result<String, GateError> {
        let email = mail::fold_address(address).ok_or(GateError::Address)?;
        self.limited("letter", &email, LETTERS_EACH).await?;
        let link = self.new_link(&email, "/partner", Some(partner), INVITATION_S).await?;
        let mut tx = self.store.begin().await?;
        let target = format!("partner:{partner}");
        let entry = Entry { at_s: self.now_s(), actor, act: "invite-manager", target: &target, detail: json!({}) };
        audit::append(&mut tx, entry).await?;
        tx.commit().await?;
        self.mailer.send_if_on(mail::invitation_letter(&email, &link, INVITATION_S / 3_600, self.clock.now()));
        Ok(link)
    }

    /// Takes a partner's desk away from a manager, who is signed out everywhere and keeps the account.
    ///
    /// # Errors
    /// [`GateError::NoAccount`] and others.
    pub async fn remove_manager(&self, account: &str, partner: &PartnerId, actor: &str) -> Result<(), GateError> {
        let mut tx = self.store.begin().await?;
        if !tx.unbind_account(account, partner.as_str()).await? {
            return Err(GateError::NoAccount);
        }
        self.note(&mut tx, actor, "remove-manager", account, json!({"partner": partner.as_str()})).await?;
        tx.commit().await?;
        Ok(())
    }

    fn fresh_account(&self, email: &str, role: Role, partner: Option<&str>) -> AccountRow {
        AccountRow {
            id: random_text::<9>(),
            email: email.to_owned(),
            role: role.code().to_owned(),
            partner_id: partner.map(str::to_owned),
            created_s: self.now_s(),
            disabled_s: None,
            totp_sealed: None,
            totp_confirmed: 0,
            totp_last_step: 0,
        }
    }

    async fn note(
        &self,
        tx: &mut crate::store::Tx,
        actor: &str,
        act: &str,
        account: &str,
        detail: serde_json::Value,
    ) -> Result<(), StoreError> {
        let target = format!("account:{account}");
        audit::append(tx, Entry { at_s: self.now_s(), actor, act, target: &target, detail }).await
    }

    /// Finishes a sign-in: the cookie's value, said once, and the session.
    ///
    /// # Errors
    /// [`GateError::NoLink`] and others.
    pub async fn sign_in(&self, token: &str, client: Option<&str>) -> Result<(String, Session), GateError> {
        if let Some(client) = client {
            self.limited("sign-in", client, 60).await?;
        }
        let now_s = self.now_s();
        let mut tx = self.store.begin().await?;
        let Some((email, invited_to)) = tx.take_sign_in_link(&hash(token), now_s).await? else {
            return Err(GateError::NoLink);
        };
        let mut account = match self.store.account_of_email(&email).await? {
            Some(account) if account.disabled_s.is_some() => return Err(GateError::NoLink),
            Some(account) => account,
            None => {
                let fresh = self.fresh_account(&email, Role::Manager, None);
                if !tx.put_account(&fresh).await? {
                    return Err(GateError::Row("email"));
                }
                fresh
            }
        };
        let role = Role::of_code(&account.role).ok_or(GateError::Row("role"))?;
        // An invitation makes a manager of whoever is none yet; a desk of one's own is not given up by a link.
        if let Some(partner) = invited_to
            && role == Role::Manager
            && tx.bind_account(&account.id, &partner).await?
        {
            account.partner_id = Some(partner);
        }
        let lives_s = if role == Role::Manager { MANAGER_SESSION_S } else { OPERATOR_SESSION_S };
        let token = random_text::<32>();
        tx.put_session(&hash(&token), &account.id, now_s, now_s + lives_s).await?;
        let actor = format!("{}:{}", role.code(), account.id);
        self.note(&mut tx, &actor, "sign-in", &account.id, json!({})).await?;
        tx.commit().await?;
        let row = SessionRow { account, expires_s: now_s + lives_s, totp_ok: 0 };
        let session = session_of(row, &token)?;
        Ok((token, session))
    }

    /// The session of a cookie.
    ///
    /// # Errors
    /// [`GateError`].
    pub async fn session(&self, token: &str) -> Result<Option<Session>, GateError> {
        let row = self.store.lookup_session(&hash(token), self.now_s()).await?;
        row.map(|row| session_of(row, token)).transpose()
    }

    /// Ends a session, or every session of its account.
    ///
    /// # Errors
    /// [`GateError`].
    pub async fn sign_out(&self, session: &Session, everywhere: bool) -> Result<(), GateError> {
        let mut tx = self.store.begin().await?;
        let act = if everywhere {
            tx.end_sessions(&session.account.id).await?;
            "sign-out-everywhere"
        } else {
            tx.end_session(&session.token_hash).await?;
            "sign-out"
        };
        let actor = format!("{}:{}", session.role.code(), session.account.id);
        self.note(&mut tx, &actor, act, &session.account.id, json!({})).await?;
        tx.commit().await?;
        Ok(())
    }

    fn factor_of(&self, account: &AccountRow) -> Result<Option<SecondFactor>, GateError> {
        let sealing = self.sealing.as_ref().ok_or(GateError::NoSealing)?;
        let Some(sealed) = &account.totp_sealed else { return Ok(None) };
        let secret = sealing.sealer("totp").open(account.id.as_bytes(), sealed);
        let secret = secret.map_err(|_| GateError::Row("totp_sealed"))?;
        SecondFactor::new(&secret, &account.email).ok_or(GateError::Row("totp_sealed")).map(Some)
    }

    /// The second factor that is to be set up; made when it is first asked for. `None` once it is.
    ///
    /// # Errors
    /// [`GateError`].
    pub async fn enrol(&self, session: &Session) -> Result<Option<SecondFactor>, GateError> {
        if session.standing != Standing::TotpEnrol {
            return Ok(None);
        }
        if let Some(factor) = self.factor_of(&session.account)? {
            return Ok(Some(factor));
        }
        let sealing = self.sealing.as_ref().ok_or(GateError::NoSealing)?;
        let secret = random::<SECRET_BYTES>();
        let sealed = sealing.sealer("totp").seal(session.account.id.as_bytes(), &secret);
        let mut tx = self.store.begin().await?;
        tx.put_totp(&session.account.id, &sealed).await?;
        tx.commit().await?;
        // Of two that ask at once one secret is kept: that one is shown to both.
        let account = self.store.lookup_account(&session.account.id).await?.ok_or(GateError::NoAccount)?;
        self.factor_of(&account)
    }

    /// Takes a code of the second factor; the session is then full.
    ///
    /// # Errors
    /// [`GateError::Code`] and others.
    pub async fn show_code(&self, session: &Session, code: &str) -> Result<Session, GateError> {
        if session.standing == Standing::Full {
            return Ok(session.clone());
        }
        self.limited("totp", &session.account.id, TOTP_TRIES).await?;
        let factor = self.factor_of(&session.account)?.ok_or(GateError::Code)?;
        let step = factor.step_of(code, self.now_s()).ok_or(GateError::Code)?;
        let mut tx = self.store.begin().await?;
        if !tx.take_totp(&session.account.id, step).await? {
            return Err(GateError::Code);
        }
        tx.raise_session(&session.token_hash).await?;
        let actor = format!("{}:{}", session.role.code(), session.account.id);
        let act = if session.standing == Standing::TotpEnrol { "second-factor-set-up" } else { "second-factor" };
        self.note(&mut tx, &actor, act, &session.account.id, json!({})).await?;
        tx.commit().await?;
        let mut session = session.clone();
        session.standing = Standing::Full;
        session.account.totp_confirmed = 1;
        Ok(session)
    }

    /// Disables an account and ends its sessions.
    ///
    /// # Errors
    /// [`GateError::NoAccount`] and others.
    pub async fn disable(&self, account: &str, actor: &str) -> Result<(), GateError> {
        let mut tx = self.store.begin().await?;
        if !tx.disable_account(account, self.now_s()).await? {
            return Err(GateError::NoAccount);
        }
        self.note(&mut tx, actor, "disable", account, json!({})).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes a key for a partner's own system, said once.
    ///
    /// # Errors
    /// [`GateError`].
    pub async fn new_service_key(
        &self,
        name: &str,
        partner: &PartnerId,
        scopes: &[Scope],
        location: Option<&str>,
        actor: &str,
    ) -> Result<(String, String), GateError> {
        let (id, secret) = (random_text::<6>(), random_text::<32>());
        let codes: Vec<&str> = scopes.iter().map(|s| s.code()).collect();
        let mut tx = self.store.begin().await?;
        tx.put_service_key(&id, name, partner.as_str(), &codes.join(" "), location, &hash(&secret), self.now_s())
            .await?;
        let (target, detail) = (format!("key:{id}"), json!({"scopes": codes, "partner": partner.as_str()}));
        audit::append(&mut tx, Entry { at_s: self.now_s(), actor, act: "make-key", target: &target, detail }).await?;
        tx.commit().await?;
        Ok((id.clone(), format!("{SERVICE}{id}.{secret}")))
    }

    /// Ends a key of a partner; whether there was one.
    ///
    /// # Errors
    /// [`GateError`].
    pub async fn revoke_service_key(&self, id: &str, partner: &PartnerId, actor: &str) -> Result<bool, GateError> {
        let mut tx = self.store.begin().await?;
        if !tx.revoke_service_key(id, partner.as_str(), self.now_s()).await? {
            return Ok(false);
        }
        let target = format!("key:{id}");
        let entry = Entry { at_s: self.now_s(), actor, act: "revoke-key", target: &target, detail: json!({}) };
        audit::append(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Notes that a terminal asked for something.
    ///
    /// # Errors
    /// [`GateError`].
    pub async fn note_terminal(&self, id: &str) -> Result<(), GateError> {
        if self.is_news(id) {
            self.store.note_terminal_seen(id, self.now_s()).await?;
        }
        Ok(())
    }

    /// Whether nothing was noted of this id in the last minute.
    fn is_news(&self, id: &str) -> bool {
        const EACH_S: i64 = 60;
        const KEPT: usize = 10_000;
        let now_s = self.now_s();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.get(id).is_some_and(|at| now_s - at < EACH_S) {
            return false;
        }
        if seen.len() >= KEPT {
            seen.retain(|_, at| now_s - *at < EACH_S);
        }
        seen.insert(id.to_owned(), now_s);
        true
    }

    /// Who a bearer key belongs to; `None` for one that opens nothing here.
    ///
    /// # Errors
    /// [`GateError`].
    pub async fn service_of(&self, token: &str) -> Result<Option<Principal>, GateError> {
        let Some((id, secret)) = token.strip_prefix(SERVICE).and_then(|rest| rest.split_once('.')) else {
            return Ok(None);
        };
        let Some(row) = self.store.lookup_service_key(id).await? else { return Ok(None) };
        if row.secret_hash != hash(secret) {
            return Ok(None);
        }
        if self.is_news(id) {
            self.store.note_key_use(id, self.now_s()).await?;
        }
        let partner = PartnerId::new(&row.partner_id).map_err(|_| GateError::Row("partner_id"))?;
        let scopes = row.scopes.split(' ').filter_map(Scope::of_code).collect();
        Ok(Some(Principal::Service { key: row.id, partner, scopes }))
    }
}

fn session_of(row: SessionRow, token: &str) -> Result<Session, GateError> {
    let role = Role::of_code(&row.account.role).ok_or(GateError::Row("role"))?;
    let standing = match (role, row.totp_ok, row.account.totp_confirmed) {
        (Role::Manager, ..) | (_, 1, _) => Standing::Full,
        (_, _, 0) => Standing::TotpEnrol,
        _ => Standing::TotpNeeded,
    };
    Ok(Session {
        role,
        standing,
        expires_at: DateTime::from_timestamp(row.expires_s, 0).unwrap_or_default(),
        csrf: BASE64URL_NOPAD.encode(&hash(&format!("csrf {token}"))),
        token_hash: hash(token),
        account: row.account,
    })
}
