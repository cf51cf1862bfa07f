//! An organisation that honours the card.

use super::id::PartnerId;
use super::moderation::State;
use serde::{Deserialize, Serialize};

/// A partner: a legal entity with one or more locations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// Its id.
    pub id: PartnerId,
    /// What people call it.
    pub name: String,
    /// The name in the register of legal entities.
    pub legal_name: Option<String>,
    /// Tax number, 10 or 12 digits, as given.
    pub inn: Option<String>,
    /// State registration number.
    pub ogrn: Option<String>,
    /// Tax registration reason code.
    pub kpp: Option<String>,
    /// Where it stands with the operator.
    pub state: State,
}
