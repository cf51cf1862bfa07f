//! Moderator: an operator decides what of the registry reaches the map, and undoes it.
//!
//! In: revisions that wait. Out: published states with history, in one transaction with the decision's entry in the
//! audit log. What must stay true: nothing is published but what the operator saw (a revision names its edit number,
//! and one that was edited since is refused); every state can be gone back to.

use super::content;
use super::duplicate::{self, Subject, Twin};
use super::problem::Problem;
use super::profile::Profile;
use super::registry::{self, Content, Organisation, RegistryError, View};
use crate::audit::{self, Entry};
use crate::domain::moderation::State;
use crate::domain::{Clock, Location, LocationId, Partner, PartnerId, Seq, Words};
use crate::store::history::HistoryRow;
use crate::store::revisions::{NoteRow, RevisionRow};
use crate::store::{Put, Store, StoreError, Tx};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum ModerationError {
    /// No such revision or location.
    #[error("there is none")]
    Unknown,
    /// Somebody was faster, or it was edited since it was looked at.
    #[error("it was decided or edited meanwhile")]
    Decided,
    /// The revision cannot be published as it is.
    #[error("the revision is refused")]
    Refused(Vec<Problem>),
    /// A rejection without a reason.
    #[error("a reason is needed")]
    NoReason,
    /// Not from this state.
    #[error("not from the state {0}")]
    Move(Words),
    /// A stored row cannot be read.
    #[error("the stored row {0} cannot be read: {1}")]
    Damaged(String, String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<RegistryError> for ModerationError {
    fn from(error: RegistryError) -> Self {
        match error {
            RegistryError::Store(error) => Self::Store(error),
            RegistryError::Damaged(what, why) => Self::Damaged(what, why),
            RegistryError::Refused(problems) | RegistryError::Partner(problems) => Self::Refused(problems),
            RegistryError::Unknown => Self::Unknown,
            RegistryError::Stale(_)
            | RegistryError::StalePartner(_)
            | RegistryError::TooLarge
            | RegistryError::ExternalIdTaken
            | RegistryError::OtherBody
            | RegistryError::Move(_) => Self::Decided,
        }
    }
}

/// A field that a revision changes.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldDiff {
    /// Its key.
    pub field: String,
    /// What it was; null: nothing.
    pub before: Value,
    /// What it becomes.
    pub after: Value,
}

/// Members that differ, by key.
pub fn diff(before: &Content, after: &Content) -> Vec<FieldDiff> {
    let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
    keys.sort();
    keys.dedup();
    let of = |content: &Content, key: &str| content.get(key).cloned().unwrap_or(Value::Null);
    keys.into_iter()
        .map(|key| FieldDiff { field: key.clone(), before: of(before, key), after: of(after, key) })
        .filter(|d| d.before != d.after)
        .collect()
}

/// A revision with everything that it takes to decide it.
#[derive(Debug, Clone)]
pub struct Case {
    /// The revision.
    pub revision: RevisionRow,
    /// Whose it is.
    pub organisation: Organisation,
    /// What is published now.
    pub before: Option<Content>,
    /// What it would become.
    pub after: Content,
    /// What is worth knowing of it.
    pub problems: Vec<Problem>,
    /// Places that may be the same.
    pub twins: Vec<Twin>,
    /// The remarks beside it.
    pub notes: Vec<NoteRow>,
    /// Where what is published stands, when something is.
    pub location_state: Option<&'static str>,
}

/// What became of one revision.
#[derive(Debug, Clone)]
pub struct Approved {
    /// The location; none for a description of a partner.
    pub location_id: Option<LocationId>,
    /// The number of the write.
    pub seq: Seq,
    /// What managers are told it was.
    pub name: String,
    /// Whose it is.
    pub partner: PartnerId,
}

/// An operator at work.
pub struct Moderator<'a> {
    store: &'a Store,
    now: DateTime<Utc>,
    actor: String,
}

fn object(value: Value) -> Content {
    if let Value::Object(object) = value { object } else { Content::new() }
}

impl<'a> Moderator<'a> {
    /// Acts under a name, which history and audit log keep.
    pub fn new(store: &'a Store, clock: &dyn Clock, actor: &str) -> Self {
        Self { store, now: clock.now(), actor: actor.to_owned() }
    }

    fn put(&self) -> Put {
        Put { actor: self.actor.clone(), at: self.now, origin: "desk" }
    }

    async fn note(&self, tx: &mut Tx, act: &str, target: &str, detail: Value) -> Result<(), StoreError> {
        audit::append(tx, Entry { at_s: self.now.timestamp(), actor: &self.actor, act, target, detail }).await
    }

    async fn organisation(&self, id: &str) -> Result<Organisation, ModerationError> {
        let id = PartnerId::new(id).map_err(|e| ModerationError::Damaged(id.to_owned(), e.to_string()))?;
        registry::organisation(self.store, &id).await?.ok_or(ModerationError::Unknown)
    }

    /// Everything that it takes to decide a revision.
    ///
    /// # Errors
    /// [`ModerationError::Unknown`] and others.
    pub async fn case(&self, id: &str) -> Result<Case, ModerationError> {
        let revision = self.store.lookup_revision(id).await?.ok_or(ModerationError::Unknown)?;
        self.case_of(revision).await
    }

    /// The same of a revision that was read already.
    ///
    /// # Errors
    /// [`ModerationError`].
    pub async fn case_of(&self, revision: RevisionRow) -> Result<Case, ModerationError> {
        let organisation = self.organisation(&revision.partner_id).await?;
        let notes = self.store.notes_of(&revision.id).await?;
        if revision.kind == "partner" {
            // Whom to ask is no matter of the map: it is shown, and is no difference.
            let described = registry::profile_of(&revision.id, revision.content.clone())?;
            let before =
                self.store.lookup_partner(&revision.partner_id).await?.map(|(name, legal_name, inn, ogrn, kpp)| {
                    object(json!(Profile { name, legal_name, inn, ogrn, kpp, ..described.clone() }))
                });
            let after = object(revision.content.clone());
            let problems = described.check();
            let twins = Vec::new();
            return Ok(Case { revision, organisation, before, after, problems, twins, notes, location_state: None });
        }
        let id = location_id(&revision.location_id)?;
        let view = registry::view(self.store, &id).await?;
        let before = view.as_ref().and_then(View::published_content);
        let given = object(revision.content.clone());
        let checked = content::check(&given, &organisation.profile, &id);
        let twins = match &checked.draft {
            Some(draft) => self.twins(&draft.location, &organisation.profile).await?,
            None => Vec::new(),
        };
        let after = content::normalised(&given);
        let location_state = view.as_ref().and_then(|v| v.published.as_ref()).map(|p| p.state.code());
        Ok(Case { revision, organisation, before, after, problems: checked.problems, twins, notes, location_state })
    }

    async fn twins(&self, location: &Location, profile: &Profile) -> Result<Vec<Twin>, StoreError> {
        let subject = Subject {
            name: &location.name,
            phone: location.phone.as_ref().map(|p| p.e164.as_str()),
            inn: profile.inn.as_deref(),
            position: location.position,
        };
        let (half_lon, half_lat) = duplicate::half_box(location.position);
        let around = (location.position.lon(), location.position.lat(), half_lon, half_lat);
        let near = self.store.near_twins(location.id.as_str(), subject.inn, subject.phone, around).await?;
        Ok(duplicate::twins(subject, near))
    }

    /// Publishes a revision of the version that was looked at.
    ///
    /// # Errors
    /// [`ModerationError::Decided`], [`ModerationError::Refused`] and others; then nothing was written.
    pub async fn approve(&self, id: &str, version: i64) -> Result<Approved, ModerationError> {
        let revision = self.store.lookup_revision(id).await?.ok_or(ModerationError::Unknown)?;
        if revision.version != version || revision.state != "pending" {
            return Err(ModerationError::Decided);
        }
        let organisation = self.organisation(&revision.partner_id).await?;
        let mut tx = self.store.begin().await?;
        tx.advance_organisation(organisation.id.as_str(), "published").await?;
        let by = (self.actor.as_str(), self.now.timestamp());
        if !tx.decide_revision(id, (version, "pending"), "approved", None, by).await? {
            return Err(ModerationError::Decided);
        }
        let location = if revision.kind == "partner" {
            let profile = registry::profile_of(&revision.id, revision.content.clone())?;
            tx.put_partners(&[partner_of(&organisation.id, &profile)], &self.put()).await?;
            None
        } else {
            Some(self.publish(&mut tx, &revision, &organisation).await?)
        };
        let target = match &location {
            Some(id) => format!("location:{id}"),
            None => format!("partner:{}", organisation.id),
        };
        self.note(&mut tx, "approve", &target, json!({"revision": id, "version": version})).await?;
        let seq = tx.commit().await?;
        Ok(Approved { location_id: location, seq, name: revision.name, partner: organisation.id })
    }

    async fn publish(
        &self,
        tx: &mut Tx,
        revision: &RevisionRow,
        organisation: &Organisation,
    ) -> Result<LocationId, ModerationError> {
        let id = location_id(&revision.location_id)?;
        let content = object(revision.content.clone());
        let checked = content::check(&content, &organisation.profile, &id);
        let Some(draft) = checked.draft else { return Err(ModerationError::Refused(checked.problems)) };
        let mut location = draft.location;
        location.partner_id = organisation.id.clone();
        // Held while it is read: a till may confirm it at this moment.
        if let Some(present) = tx.hold_location(&id).await? {
            let present = present.map_err(|e| ModerationError::Damaged(id.to_string(), e.to_string()))?;
            // What was taken off the map comes back by an act of its own, not by an edit that waited meanwhile.
            if present.state != State::Published {
                return Err(ModerationError::Move(present.state.words()));
            }
            // The day on which a family last got it is the till's to say, whatever is described anew.
            location.last_confirmed = present.location.last_confirmed;
            // An import may know the clock of a place better than its position does.
            if location.position == present.location.position {
                location.time_zone = present.location.time_zone;
            }
        }
        // A new description of a partner that is on the map is decided by itself.
        if !tx.partner_is_published(organisation.id.as_str()).await? {
            tx.put_partners(&[partner_of(&organisation.id, &organisation.profile)], &self.put()).await?;
        }
        if let Some(photo) = &location.photo {
            tx.publish_photo(photo, organisation.id.as_str()).await?;
        }
        tx.publish(&[location], &self.put()).await?;
        Ok(id)
    }

    /// Sends a revision back with a reason, which its partner sees and can answer.
    ///
    /// # Errors
    /// [`ModerationError`].
    pub async fn reject(&self, id: &str, version: i64, reason: &str) -> Result<RevisionRow, ModerationError> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(ModerationError::NoReason);
        }
        let revision = self.store.lookup_revision(id).await?.ok_or(ModerationError::Unknown)?;
        let mut tx = self.store.begin().await?;
        let by = (self.actor.as_str(), self.now.timestamp());
        if !tx.decide_revision(id, (version, "pending"), "rejected", Some(reason), by).await? {
            return Err(ModerationError::Decided);
        }
        let note = NoteRow { at_s: self.now.timestamp(), author: "operator".to_owned(), text: reason.to_owned() };
        tx.put_note(id, &note).await?;
        let target = if revision.kind == "partner" {
            revision.location_id.clone()
        } else {
            format!("location:{}", revision.location_id)
        };
        self.note(&mut tx, "reject", &target, json!({"revision": id, "version": version})).await?;
        tx.commit().await?;
        Ok(revision)
    }

    /// Goes back to a state of before, as a new state; `expected` is the present edit number.
    ///
    /// # Errors
    /// [`ModerationError::Decided`] when it is another by now, and others.
    pub async fn revert(&self, id: &LocationId, version: i64, expected: i64) -> Result<(i64, Seq), ModerationError> {
        let HistoryRow { content, .. } =
            self.store.lookup_history(id, version).await?.ok_or(ModerationError::Unknown)?;
        let mut location = content.map_err(|e| ModerationError::Damaged(id.to_string(), e.to_string()))?;
        let mut tx = self.store.begin().await?;
        match tx.hold_location(id).await? {
            Some(Ok(present)) if present.version == expected => {
                location.last_confirmed = present.location.last_confirmed;
            }
            // What cannot be read may be taken back to what could be, if its number is the one that was seen.
            Some(Err(_)) if tx.hold_version(id).await? == Some(expected) => {}
            _ => return Err(ModerationError::Decided),
        }
        let outcomes = tx.publish(&[location], &self.put()).await?;
        if outcomes == [crate::store::Outcome::Unchanged] {
            return Err(ModerationError::Move(State::Published.words()));
        }
        let target = format!("location:{id}");
        self.note(&mut tx, "revert", &target, json!({"to_version": version})).await?;
        Ok((expected + 1, tx.commit().await?))
    }

    /// Suspends, resumes or archives a location.
    ///
    /// # Errors
    /// [`ModerationError::Move`] from a state that does not lead there, and others.
    pub async fn move_to(&self, id: &LocationId, to: State, reason: Option<&str>) -> Result<Seq, ModerationError> {
        let stored = self.store.lookup_location(id).await?.ok_or(ModerationError::Unknown)?;
        let from = stored.map_err(|e| ModerationError::Damaged(id.to_string(), e.to_string()))?.state;
        if !from.may_become(to) {
            return Err(ModerationError::Move(from.words()));
        }
        let mut tx = self.store.begin().await?;
        if !tx.move_location(id, from, to, &self.put()).await? {
            return Err(ModerationError::Decided);
        }
        // What waited beside a place that goes is dropped with it.
        if to == State::Archived
            && let Some(open) = self.store.open_revision(id.as_str()).await?
        {
            let by = (self.actor.as_str(), self.now.timestamp());
            tx.decide_revision(&open.id, (open.version, &open.state), "discarded", reason, by).await?;
        }
        let act = match to {
            State::Suspended => "suspend",
            State::Archived => "archive",
            State::Published => "resume",
            State::Draft | State::Pending => return Err(ModerationError::Move(from.words())),
        };
        self.note(&mut tx, act, &format!("location:{id}"), json!({"reason": reason})).await?;
        Ok(tx.commit().await?)
    }
}

fn location_id(text: &str) -> Result<LocationId, ModerationError> {
    LocationId::new(text).map_err(|e| ModerationError::Damaged(text.to_owned(), e.to_string()))
}

fn partner_of(id: &PartnerId, profile: &Profile) -> Partner {
    Partner {
        id: id.clone(),
        name: profile.name.clone(),
        legal_name: profile.legal_name.clone(),
        inn: profile.inn.clone(),
        ogrn: profile.ogrn.clone(),
        kpp: profile.kpp.clone(),
        state: State::Published,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_names_what_came_went_and_changed() {
        let of = |value: Value| object(value);
        let before = of(json!({"name": "A", "phone": "+7", "lon": 1}));
        let after = of(json!({"name": "B", "site": "x", "lon": 1}));
        let got = diff(&before, &after).into_iter().map(|d| (d.field, d.before, d.after)).collect::<Vec<_>>();
        assert_eq!(
            got,
            [
                ("name".to_owned(), json!("A"), json!("B")),
                ("phone".to_owned(), json!("+7"), Value::Null),
                ("site".to_owned(), Value::Null, json!("x")),
            ]
        );
    }
}
