//! Typed identifiers.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest identifier, in characters.
pub const MAX_ID_CHARS: usize = 64;

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing but spaces.
    #[error("the id is empty")]
    Empty,
    /// Over [`MAX_ID_CHARS`].
    #[error("the id has {0} characters, more than 64")]
    TooLong(usize),
    /// A character that does not belong into an address line.
    #[error("the id holds {0:?}; letters, digits and - _ . : / are allowed")]
    Character(char),
}

/// Trims and checks: letters and digits of any script, and `- _ . :`; so an id can stand in a URL and a CSV cell.
fn checked(text: &str) -> Result<Box<str>, IdError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    let chars = text.chars().count();
    if chars > MAX_ID_CHARS {
        return Err(IdError::TooLong(chars));
    }
    match text.chars().find(|c| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/'))) {
        Some(c) => Err(IdError::Character(c)),
        None => Ok(text.into()),
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// # Errors
            /// [`IdError`] says what is wrong with the text.
            pub fn new(text: &str) -> Result<Self, IdError> {
                checked(text).map(Self)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }
    };
}

id!(
    /// A place on the map; the `id` of its feature and of its page. Ordered by bytes, as `COLLATE "C"` does.
    LocationId
);
id!(
    /// An organisation.
    PartnerId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_trimmed_and_checked() {
        assert_eq!(LocationId::new(" МУЗ-01 ").unwrap().as_str(), "МУЗ-01");
        assert_eq!(LocationId::new("  "), Err(IdError::Empty));
        assert_eq!(LocationId::new("a b"), Err(IdError::Character(' ')));
        assert!(matches!(LocationId::new(&"x".repeat(65)), Err(IdError::TooLong(65))));
    }
}
