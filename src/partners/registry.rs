//! Registry: a partner describes its organisation and its locations; nothing here reaches the map.
//!
//! In: contents as forms, files and systems send them. Out: revisions that an operator decides
//! ([`super::moderator`]). What must stay true: an edit of a published place leaves the published one as it is; two who
//! edit at once are told so and nothing of either is lost; what was acknowledged is written.

use super::content;
use super::problem::{Problem, Severity};
use super::profile::Profile;
use crate::audit::{self, Entry};
use crate::domain::moderation::State;
use crate::domain::{Clock, LocationId, PartnerId, Seq, Words, words};
use crate::sealing::random_text;
use crate::store::organisations::OrganisationRow;
use crate::store::revisions::{NoteRow, RevisionRow};
use crate::store::{Put, Store, StoreError, StoredLocation, Tx};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// The content of a location, as [`super::content`] has it.
pub type Content = Map<String, Value>;

/// How long a repeated request is known, seconds.
const IDEMPOTENCY_S: i64 = 86_400;
/// Longest remark, in characters.
pub const MAX_NOTE_CHARS: usize = 2_000;
/// Most members and most bytes of a content that is kept as a draft; what is wrong in it is said at its submission.
const MAX_CONTENT_BYTES: usize = 48 * 1024;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// No such location of this partner.
    #[error("no such location")]
    Unknown,
    /// Somebody was faster; this is how it is now.
    #[error("the location was changed meanwhile")]
    Stale(Box<View>),
    /// The organisation was changed meanwhile.
    #[error("the organisation was changed meanwhile")]
    StalePartner(Box<Organisation>),
    /// The content cannot be submitted; every fault is listed.
    #[error("the content is refused")]
    Refused(Vec<Problem>),
    /// The organisation is to be described first, or better.
    #[error("the organisation is refused")]
    Partner(Vec<Problem>),
    /// The content is too large, or no object.
    #[error("the content is too large")]
    TooLarge,
    /// Another location of the partner has this external id.
    #[error("the external id is taken")]
    ExternalIdTaken,
    /// The idempotency key came before with another body.
    #[error("the idempotency key belongs to another request")]
    OtherBody,
    /// There is nothing to be done this to.
    #[error("not from this state")]
    Move(Words),
    /// A stored row cannot be read.
    #[error("the stored location {0} cannot be read: {1}")]
    Damaged(String, String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An organisation at the desk.
#[derive(Debug, Clone, PartialEq)]
pub struct Organisation {
    /// The partner's id.
    pub id: PartnerId,
    /// As its managers describe it.
    pub profile: Profile,
    /// `new`, `pending`, `published`.
    pub state: String,
    /// Edit number; 0: described by an import only.
    pub version: i64,
}

/// A location as its partner sees it: what is published, and what is open beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Its id.
    pub id: LocationId,
    /// Whose.
    pub partner: PartnerId,
    /// What an operator has approved or an import brought, in whatever state.
    pub published: Option<StoredLocation>,
    /// When.
    pub published_at: Option<DateTime<Utc>>,
    /// What the partner's systems call it.
    pub external_id: Option<String>,
    /// What is open beside it.
    pub revision: Option<RevisionRow>,
    /// The remarks beside that.
    pub notes: Vec<NoteRow>,
}

impl View {
    /// What `If-Match` names: the published content by its digest, the revision by its edit number.
    ///
    /// A check at the till notes the day in the published location and so makes a version of it; who edits the
    /// description meanwhile is not in its way.
    pub fn etag(&self) -> String {
        use std::fmt::Write;
        let mut tag = String::new();
        if let Some(published) = &self.published {
            let content = json!([published.state.code(), self.published_content()]).to_string();
            for byte in &Sha256::digest(content)[..6] {
                write!(tag, "{byte:02x}").expect("writing into memory");
            }
        }
        format!("{tag}-{}", self.revision.as_ref().map_or(0, |r| r.version))
    }

    /// Where it stands, in the partner's words.
    pub fn state(&self) -> &str {
        match (&self.published, &self.revision) {
            (Some(p), _) => p.state.code(),
            (None, Some(r)) => &r.state,
            (None, None) => "archived",
        }
    }

    /// The published content, with the partner's own id of it.
    pub fn published_content(&self) -> Option<Content> {
        let mut content = content::of_location(&self.published.as_ref()?.location);
        if let Some(id) = &self.external_id {
            content.insert(content::EXTERNAL_ID.to_owned(), id.as_str().into());
        }
        Some(content)
    }

    /// What a form shows: the revision's content, else the published one.
    pub fn content(&self) -> Content {
        let open = self.revision.as_ref().and_then(|r| r.content.as_object().cloned());
        open.or_else(|| self.published_content()).unwrap_or_default()
    }
}

/// What a new location came to.
#[derive(Debug)]
pub struct Made {
    /// The location.
    pub view: View,
    /// Whether the request had been answered before.
    pub repeated: bool,
}

/// A partner's desk, for one who acts.
pub struct Registry<'a> {
    store: &'a Store,
    now: DateTime<Utc>,
    actor: String,
}

/// A stored description of an organisation.
///
/// # Errors
/// [`RegistryError::Damaged`].
pub fn profile_of(id: &str, stored: Value) -> Result<Profile, RegistryError> {
    serde_json::from_value(stored).map_err(|e| RegistryError::Damaged(id.to_owned(), e.to_string()))
}

/// The organisation of a partner; `None` when nobody knows it.
///
/// # Errors
/// [`RegistryError::Damaged`] and others.
pub async fn organisation(store: &Store, id: &PartnerId) -> Result<Option<Organisation>, RegistryError> {
    if let Some(row) = store.lookup_organisation(id.as_str()).await? {
        let profile = profile_of(id.as_str(), row.profile)?;
        return Ok(Some(Organisation { id: id.clone(), profile, state: row.state, version: row.version }));
    }
    let known = store.lookup_partner(id.as_str()).await?;
    Ok(known.map(|(name, legal_name, inn, ogrn, kpp)| Organisation {
        id: id.clone(),
        profile: Profile { name, legal_name, inn, ogrn, kpp, ..Profile::default() },
        state: "published".to_owned(),
        version: 0,
    }))
}

/// A location with what is open beside it; `None` when there is neither.
///
/// # Errors
/// [`RegistryError::Damaged`] and others.
pub async fn view(store: &Store, id: &LocationId) -> Result<Option<View>, RegistryError> {
    let published = match store.lookup_location(id).await? {
        Some(Ok(stored)) => Some(stored),
        Some(Err(error)) => return Err(RegistryError::Damaged(id.to_string(), error.to_string())),
        None => None,
    };
    let revision = store.open_revision(id.as_str()).await?.filter(|r| r.kind == "location");
    let partner = match (&published, &revision) {
        (Some(p), _) => p.location.partner_id.clone(),
        (None, Some(r)) => {
            PartnerId::new(&r.partner_id).map_err(|e| RegistryError::Damaged(id.to_string(), e.to_string()))?
        }
        (None, None) => return Ok(None),
    };
    let notes = match &revision {
        Some(revision) => store.notes_of(&revision.id).await?,
        None => Vec::new(),
    };
    let published_at = if published.is_some() { store.published_at(id).await? } else { None };
    let external_id = store.external_id_of(id.as_str()).await?;
    Ok(Some(View { id: id.clone(), partner, published, published_at, external_id, revision, notes }))
}

/// The problems that keep a content from an operator's eyes.
fn rejecting(problems: &[Problem]) -> bool {
    problems.iter().any(|p| p.severity() == Severity::Reject)
}

/// The first text under a key, short, for lists.
fn shown(content: &Content, key: &str) -> String {
    content.get(key).and_then(Value::as_str).unwrap_or_default().chars().take(200).collect()
}

/// A content with a merge patch (RFC 7396) of its members; `null` takes one away.
pub fn merged(mut content: Content, patch: &Content) -> Content {
    for (key, value) in patch {
        if value.is_null() {
            content.remove(key);
        } else {
            content.insert(key.clone(), value.clone());
        }
    }
    content
}

impl<'a> Registry<'a> {
    /// For somebody who acts, by the name that the logs keep.
    pub fn new(store: &'a Store, clock: &dyn Clock, actor: &str) -> Self {
        Self { store, now: clock.now(), actor: actor.to_owned() }
    }

    fn now_s(&self) -> i64 {
        self.now.timestamp()
    }

    async fn note(&self, tx: &mut Tx, act: &str, target: &str, detail: Value) -> Result<(), StoreError> {
        audit::append(tx, Entry { at_s: self.now_s(), actor: &self.actor, act, target, detail }).await
    }

    async fn reload(&self, id: &LocationId) -> Result<View, RegistryError> {
        view(self.store, id).await?.ok_or(RegistryError::Unknown)
    }

    async fn stale(&self, id: &LocationId) -> RegistryError {
        match self.reload(id).await {
            Ok(view) => RegistryError::Stale(Box::new(view)),
            Err(error) => error,
        }
    }

    /// Describes a new organisation and makes the account its manager.
    ///
    /// # Errors
    /// [`RegistryError::Partner`] and others.
    pub async fn create_partner(&self, profile: &Profile, account: &str) -> Result<Organisation, RegistryError> {
        let profile = profile.normalised();
        let problems = profile.check();
        if rejecting(&problems) {
            return Err(RegistryError::Partner(problems));
        }
        // An id of its own, whatever the tax number: who types the number of another organisation gets nothing of it.
        let id = PartnerId::new(&format!("p-{}", random_text::<9>())).expect("letters and digits are an id");
        let row = OrganisationRow {
            id: id.to_string(),
            profile: json!(profile),
            state: "new".to_owned(),
            version: 1,
            updated_s: self.now_s(),
        };
        let mut tx = self.store.begin().await?;
        tx.put_organisation(&row).await?;
        // Of two that are sent at once, by a double click, one makes the organisation.
        if !tx.bind_account(account, id.as_str()).await? {
            return Err(RegistryError::Move(words("описано раньше", "described already")));
        }
        self.note(&mut tx, "create-partner", &format!("partner:{id}"), json!({})).await?;
        tx.commit().await?;
        Ok(Organisation { id, profile, state: row.state, version: 1 })
    }

    /// Describes an organisation anew. What is on the map already changes when an operator has approved it.
    ///
    /// # Errors
    /// [`RegistryError::StalePartner`], [`RegistryError::Partner`] and others.
    pub async fn edit_partner(
        &self,
        present: &Organisation,
        expected: i64,
        profile: &Profile,
    ) -> Result<Organisation, RegistryError> {
        let profile = profile.normalised();
        let problems = profile.check();
        if rejecting(&problems) {
            return Err(RegistryError::Partner(problems));
        }
        let id = present.id.as_str();
        let stored = json!(profile);
        let mut tx = self.store.begin().await?;
        // The state as it is under the lock: an operator may have approved the first place a moment ago.
        let state = if present.version == 0 && expected == 0 {
            let row = OrganisationRow {
                id: id.to_owned(),
                profile: stored.clone(),
                state: present.state.clone(),
                version: 1,
                updated_s: self.now_s(),
            };
            tx.put_organisation(&row).await?.then(|| present.state.clone())
        } else {
            tx.edit_organisation(id, expected, &stored, self.now_s()).await?
        };
        let Some(state) = state else {
            drop(tx);
            let now = organisation(self.store, &present.id).await?.ok_or(RegistryError::Unknown)?;
            return Err(RegistryError::StalePartner(Box::new(now)));
        };
        let public = |p: &Profile| (p.name.clone(), p.legal_name.clone(), p.inn.clone(), p.ogrn.clone(), p.kpp.clone());
        if public(&profile) != public(&present.profile) {
            if state == "published" {
                self.revise_partner(&mut tx, &present.id, &profile).await?;
            } else {
                // An operator who looks at a place of it must see the new description before he decides.
                tx.touch_pending_of(id).await?;
            }
        }
        self.note(&mut tx, "edit-partner", &format!("partner:{id}"), json!({})).await?;
        tx.commit().await?;
        Ok(Organisation { id: present.id.clone(), profile, state, version: expected + 1 })
    }

    /// A new description of a partner that is on the map waits for an operator.
    async fn revise_partner(&self, tx: &mut Tx, id: &PartnerId, profile: &Profile) -> Result<(), RegistryError> {
        let target = format!("partner:{id}");
        let open = self.store.open_revision(&target).await?;
        let mut row = RevisionRow {
            id: open.as_ref().map_or_else(|| format!("r-{}", random_text::<9>()), |r| r.id.clone()),
            partner_id: id.to_string(),
            kind: "partner".to_owned(),
            name: profile.name.clone(),
            address: String::new(),
            content: json!(profile),
            base_version: 0,
            state: "pending".to_owned(),
            version: 1,
            reason: None,
            submitted_s: Some(self.now_s()),
            updated_s: self.now_s(),
            location_id: target,
        };
        let done = if let Some(open) = open {
            tx.edit_revision(&row, open.version).await?
        } else {
            row.version = tx.next_revision_version(&row.location_id).await?;
            tx.put_revisions(std::slice::from_ref(&row)).await?
        };
        if done { Ok(()) } else { Err(RegistryError::Move(words("решено", "decided"))) }
    }

    fn bounded(content: &Content) -> Result<(), RegistryError> {
        let size = serde_json::to_vec(content).map_or(usize::MAX, |bytes| bytes.len());
        if size > MAX_CONTENT_BYTES { Err(RegistryError::TooLarge) } else { Ok(()) }
    }

    /// Refuses what an operator need not look at.
    fn must_be_submittable(
        organisation: &Organisation,
        content: &Content,
        id: &LocationId,
    ) -> Result<(), RegistryError> {
        let of_partner = organisation.profile.check();
        if rejecting(&of_partner) {
            return Err(RegistryError::Partner(of_partner));
        }
        let checked = content::check(content, &organisation.profile, id);
        if checked.draft.is_none() { Err(RegistryError::Refused(checked.problems)) } else { Ok(()) }
    }

    /// A new location: a draft, or at once before an operator.
    ///
    /// # Errors
    /// [`RegistryError`].
    pub async fn create(
        &self,
        organisation: &Organisation,
        content: Content,
        submit: bool,
        idempotency: Option<(Vec<u8>, Vec<u8>)>,
    ) -> Result<Made, RegistryError> {
        Self::bounded(&content)?;
        let id = LocationId::new(&format!("loc-{}", random_text::<9>())).expect("letters and digits are an id");
        let mut tx = self.store.begin().await?;
        if let Some((key, body)) = idempotency {
            let known = tx.idempotent(&key, &body, id.as_str(), self.now_s() + IDEMPOTENCY_S).await?;
            if let Some((first_body, made)) = known {
                if first_body != body {
                    return Err(RegistryError::OtherBody);
                }
                drop(tx);
                let made = LocationId::new(&made).map_err(|e| RegistryError::Damaged(made, e.to_string()))?;
                return Ok(Made { view: self.reload(&made).await?, repeated: true });
            }
        }
        if submit {
            Self::must_be_submittable(organisation, &content, &id)?;
        }
        if submit {
            tx.advance_organisation(organisation.id.as_str(), "pending").await?;
        }
        let row = self.revision(organisation, &id, content, submit, 0, 1);
        self.keep_external_id(&mut tx, &row).await?;
        tx.put_revisions(std::slice::from_ref(&row)).await?;
        self.submitted(&mut tx, &id, submit, "create").await?;
        tx.commit().await?;
        Ok(Made { view: self.reload(&id).await?, repeated: false })
    }

    /// Notes a submission, or a draft.
    async fn submitted(&self, tx: &mut Tx, id: &LocationId, submit: bool, act: &str) -> Result<(), RegistryError> {
        let act = if submit { "submit" } else { act };
        Ok(self.note(tx, act, &format!("location:{id}"), json!({})).await?)
    }

    fn revision(
        &self,
        organisation: &Organisation,
        id: &LocationId,
        content: Content,
        submit: bool,
        base_version: i64,
        version: i64,
    ) -> RevisionRow {
        RevisionRow {
            id: format!("r-{}", random_text::<9>()),
            location_id: id.to_string(),
            partner_id: organisation.id.to_string(),
            kind: "location".to_owned(),
            name: shown(&content, "name"),
            address: shown(&content, "address"),
            content: Value::Object(content),
            base_version,
            state: if submit { "pending" } else { "draft" }.to_owned(),
            version,
            reason: None,
            submitted_s: submit.then(|| self.now_s()),
            updated_s: self.now_s(),
        }
    }

    async fn keep_external_id(&self, tx: &mut Tx, row: &RevisionRow) -> Result<(), RegistryError> {
        let Some(id) = row.content.get(content::EXTERNAL_ID).and_then(Value::as_str).map(str::trim) else {
            return Ok(());
        };
        let fits = !id.is_empty() && id.chars().count() <= content::MAX_EXTERNAL_ID_CHARS;
        if fits && !tx.put_external_id(&row.partner_id, id, &row.location_id).await? {
            return Err(RegistryError::ExternalIdTaken);
        }
        Ok(())
    }

    /// Changes a location, by a merge patch on what its form shows.
    ///
    /// # Errors
    /// [`RegistryError::Stale`] when `etag` is not what it is now, and others.
    pub async fn patch(
        &self,
        organisation: &Organisation,
        id: &LocationId,
        etag: &str,
        patch: &Content,
        submit: bool,
    ) -> Result<View, RegistryError> {
        let present = self.reload(id).await?;
        if present.etag() != etag {
            return Err(RegistryError::Stale(Box::new(present)));
        }
        if present.published.as_ref().is_some_and(|p| p.state == State::Archived) {
            return Err(RegistryError::Move(State::Archived.words()));
        }
        let content = merged(present.content(), patch);
        Self::bounded(&content)?;
        if submit {
            Self::must_be_submittable(organisation, &content, id)?;
        }
        let base = present.published.as_ref().map_or(0, |p| p.version);
        let mut tx = self.store.begin().await?;
        // The organisation's row is locked first, here as everywhere.
        if submit {
            tx.advance_organisation(organisation.id.as_str(), "pending").await?;
        }
        let done = if let Some(open) = &present.revision {
            let mut row = self.revision(organisation, id, content, submit, base, open.version);
            row.id.clone_from(&open.id);
            // What was rejected stays marked so until it is submitted again.
            if !submit && open.state == "rejected" {
                row.state.clone_from(&open.state);
                row.reason.clone_from(&open.reason);
            }
            // Who corrects what waits already keeps its place in the queue.
            if submit && open.state == "pending" {
                row.submitted_s = open.submitted_s;
            }
            self.keep_external_id(&mut tx, &row).await?;
            tx.edit_revision(&row, open.version).await?
        } else {
            let version = tx.next_revision_version(id.as_str()).await?;
            // Whoever publishes meanwhile is waited for, and then this edit is an edit of something older.
            let held = tx.hold_version(id).await?.unwrap_or_default();
            let row = self.revision(organisation, id, content, submit, base, version);
            self.keep_external_id(&mut tx, &row).await?;
            held == base && tx.put_revisions(std::slice::from_ref(&row)).await?
        };
        if !done {
            drop(tx);
            return Err(self.stale(id).await);
        }
        self.submitted(&mut tx, id, submit, "edit").await?;
        tx.commit().await?;
        self.reload(id).await
    }

    /// Drops what is open beside a location; `None` when nothing is left of it.
    ///
    /// # Errors
    /// [`RegistryError::Stale`] and others.
    pub async fn discard(&self, id: &LocationId, etag: &str) -> Result<Option<View>, RegistryError> {
        let present = self.reload(id).await?;
        if present.etag() != etag {
            return Err(RegistryError::Stale(Box::new(present)));
        }
        let Some(open) = &present.revision else { return Err(RegistryError::Move(State::Published.words())) };
        let mut tx = self.store.begin().await?;
        let by = (self.actor.as_str(), self.now_s());
        if !tx.decide_revision(&open.id, (open.version, &open.state), "discarded", None, by).await? {
            drop(tx);
            return Err(self.stale(id).await);
        }
        if present.published.is_none() {
            tx.forget_external_ids(id.as_str()).await?;
        }
        self.note(&mut tx, "discard", &format!("location:{id}"), json!({})).await?;
        tx.commit().await?;
        view(self.store, id).await
    }

    /// Takes a location off the map, or drops one that was never on it.
    ///
    /// # Errors
    /// [`RegistryError::Stale`] and others.
    pub async fn withdraw(&self, id: &LocationId, etag: &str) -> Result<Option<Seq>, RegistryError> {
        let present = self.reload(id).await?;
        if present.etag() != etag {
            return Err(RegistryError::Stale(Box::new(present)));
        }
        let Some(published) = &present.published else {
            self.discard(id, etag).await?;
            return Ok(None);
        };
        let mut tx = self.store.begin().await?;
        if let Some(open) = &present.revision {
            let by = (self.actor.as_str(), self.now_s());
            if !tx.decide_revision(&open.id, (open.version, &open.state), "discarded", None, by).await? {
                drop(tx);
                return Err(self.stale(id).await);
            }
        }
        let put = Put { actor: self.actor.clone(), at: self.now, origin: "desk" };
        if published.state == State::Archived || !tx.move_location(id, published.state, State::Archived, &put).await? {
            drop(tx);
            return Err(self.stale(id).await);
        }
        self.note(&mut tx, "withdraw", &format!("location:{id}"), json!({})).await?;
        Ok(Some(tx.commit().await?))
    }

    /// Answers an operator's rejection; what was rejected waits again, with the answer beside it.
    ///
    /// # Errors
    /// [`RegistryError::Move`] when nothing was rejected, and others.
    pub async fn answer(&self, id: &LocationId, text: &str) -> Result<View, RegistryError> {
        let present = self.reload(id).await?;
        let Some(open) = present.revision.as_ref().filter(|r| r.state != "draft" || !present.notes.is_empty()) else {
            return Err(RegistryError::Move(State::Draft.words()));
        };
        let mut tx = self.store.begin().await?;
        let note = NoteRow { at_s: self.now_s(), author: "partner".to_owned(), text: text.to_owned() };
        tx.put_note(&open.id, &note).await?;
        if open.state == "rejected" {
            let mut again = open.clone();
            "pending".clone_into(&mut again.state);
            again.reason = None;
            (again.submitted_s, again.updated_s) = (Some(self.now_s()), self.now_s());
            if !tx.edit_revision(&again, open.version).await? {
                drop(tx);
                return Err(self.stale(id).await);
            }
        }
        self.note(&mut tx, "answer", &format!("location:{id}"), json!({})).await?;
        tx.commit().await?;
        self.reload(id).await
    }
}
