//! Operator: publishes, edits and withdraws one location, as an act with a name in the history.
//!
//! The door's write routes and the command line both act through it, so they refuse and accept the same.

use super::export;
use super::field::Field;
use super::import_row::{Checked, from_feature};
use crate::domain::{Clock, LocationId, Seq};
use crate::store::{Outcome, Put, Store, StoreError};
use serde_json::{Map, Value};

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// The feature is no location; every fault is listed.
    #[error("the feature is no location")]
    Refused(Box<Checked>),
    /// The id asked for and the id of the feature differ.
    #[error("the id {asked} and the id {given} of the feature differ")]
    OtherId {
        /// The id asked for.
        asked: LocationId,
        /// The id that the feature has.
        given: LocationId,
    },
    /// No such location on the map.
    #[error("there is no location {0} on the map")]
    Unknown(LocationId),
    /// The stored location cannot be read.
    #[error("the stored location {id} cannot be read: {reason}")]
    Damaged {
        /// Which.
        id: LocationId,
        /// Why.
        reason: String,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What an act did.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// To which location.
    pub id: LocationId,
    /// Created, changed or unchanged; `None` for a withdrawal.
    pub outcome: Option<Outcome>,
    /// The number of the write.
    pub seq: Seq,
    /// The row as it was understood, with its warnings.
    pub checked: Checked,
}

impl Act {
    /// What was done, in a word that is part of the interface.
    pub fn word(&self) -> &'static str {
        match self.outcome {
            Some(Outcome::Created) => "created",
            Some(Outcome::Changed) => "changed",
            Some(Outcome::Unchanged) => "unchanged",
            None => "withdrawn",
        }
    }
}

/// Whoever acts on single locations.
pub struct Operator<'a> {
    store: &'a Store,
    put: Put,
}

impl<'a> Operator<'a> {
    /// Acts under a name, which the history keeps, and by a way, such as `api`.
    pub fn new(store: &'a Store, clock: &dyn Clock, actor: &str, origin: &'static str) -> Self {
        Self { store, put: Put { actor: actor.into(), at: clock.now(), origin } }
    }

    /// Publishes a GeoJSON feature with the properties that an import reads. With `id`, the feature may leave its own
    /// out, and must not name another.
    ///
    /// # Errors
    /// [`OperatorError`]; then nothing was written.
    pub async fn publish(&self, id: Option<LocationId>, mut feature: Value) -> Result<Act, OperatorError> {
        if let (Some(id), Some(members)) = (&id, feature.get_mut("properties").and_then(Value::as_object_mut)) {
            members.entry("id").or_insert_with(|| id.as_str().into());
        }
        let checked = from_feature(&feature);
        if let (Some(asked), Some(given)) = (&id, &checked.id)
            && asked != given
        {
            return Err(OperatorError::OtherId { asked: asked.clone(), given: given.clone() });
        }
        let Some(draft) = checked.draft.clone() else { return Err(OperatorError::Refused(Box::new(checked))) };
        let id = draft.location.id.clone();
        let mut tx = self.store.begin().await?;
        tx.put_partners(&[draft.partner], &self.put).await?;
        let outcome = tx.publish(&[draft.location], &self.put).await?.first().copied();
        let seq = tx.commit().await?;
        Ok(Act { id, outcome, seq, checked })
    }

    /// The feature of a location that is on the map, as an export writes it.
    ///
    /// # Errors
    /// [`OperatorError::Unknown`] and others.
    pub async fn show(&self, id: &LocationId) -> Result<Value, OperatorError> {
        let damaged = |reason: String| OperatorError::Damaged { id: id.clone(), reason };
        let found = self.store.lookup_published(id).await?.ok_or_else(|| OperatorError::Unknown(id.clone()))?;
        let (location, partner) = found.map_err(|e| damaged(e.to_string()))?;
        Ok(export::feature(&location, &partner))
    }

    /// Publishes a location anew with some of its properties changed, by the headings that an import knows; an empty
    /// value takes a property away.
    ///
    /// # Errors
    /// [`OperatorError`]; then nothing was written.
    pub async fn edit(&self, id: &LocationId, changes: &[(String, String)]) -> Result<Act, OperatorError> {
        let mut feature = self.show(id).await?;
        let mut position: (Option<f64>, Option<f64>) = (None, None);
        if let Some(properties) = feature.get_mut("properties").and_then(Value::as_object_mut) {
            for (key, value) in changes {
                match (Field::of_heading(key), super::cell::number(value)) {
                    (Some(Field::Lon), Some(lon)) => position.0 = Some(lon),
                    (Some(Field::Lat), Some(lat)) => position.1 = Some(lat),
                    (field, _) => set(properties, field, key, value),
                }
            }
        }
        let coordinates = feature.pointer_mut("/geometry/coordinates").and_then(Value::as_array_mut);
        for (at, value) in coordinates.into_iter().flatten().zip([position.0, position.1]) {
            if let Some(value) = value {
                *at = value.into();
            }
        }
        self.publish(Some(id.clone()), feature).await
    }

    /// Takes a location off the map; its history stays.
    ///
    /// # Errors
    /// [`OperatorError::Unknown`] and others.
    pub async fn withdraw(&self, id: &LocationId) -> Result<Act, OperatorError> {
        let mut tx = self.store.begin().await?;
        if tx.archive(std::slice::from_ref(id), &self.put).await? == 0 {
            return Err(OperatorError::Unknown(id.clone()));
        }
        let seq = tx.commit().await?;
        Ok(Act { id: id.clone(), outcome: None, seq, checked: Checked::default() })
    }
}

fn set(properties: &mut Map<String, Value>, field: Option<Field>, key: &str, value: &str) {
    let heading: &str = match field {
        Some(field) => field.heading(),
        None => key,
    };
    if field == Some(Field::Benefit) {
        // Kind, value and terms belong to the old words; the new ones are read afresh.
        for gone in [
            Field::BenefitKind,
            Field::BenefitValue,
            Field::BenefitTerms,
            Field::BenefitFrom,
            Field::BenefitTo,
            Field::BenefitHours,
            Field::Benefits,
        ] {
            properties.remove(gone.heading());
        }
    }
    properties.remove(heading);
    if !value.trim().is_empty() {
        properties.insert(heading.to_owned(), value.into());
    }
}
