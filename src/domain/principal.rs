//! Who is acting.

use super::id::PartnerId;

/// What an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Describes a partner and its locations.
    Manager,
    /// Decides what reaches the map.
    Operator,
    /// Reads the log of decisions.
    Auditor,
}

impl Role {
    /// The stored and public code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Manager => "manager",
            Self::Operator => "operator",
            Self::Auditor => "auditor",
        }
    }

    /// The role of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Manager, Self::Operator, Self::Auditor].into_iter().find(|r| r.code() == code)
    }
}

/// What a key of a partner's own system may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Read the partner's locations.
    LocationsRead,
    /// Describe them; an operator decides all the same.
    LocationsWrite,
    /// Check codes.
    ChecksVerify,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::LocationsRead, Self::LocationsWrite, Self::ChecksVerify];

    /// The stored and public code.
    pub fn code(self) -> &'static str {
        match self {
            Self::LocationsRead => "locations:read",
            Self::LocationsWrite => "locations:write",
            Self::ChecksVerify => "checks:verify",
        }
    }

    /// The scope of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }
}

/// Who asks for something. Parents and terminals prove themselves at their own routes and have no power here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// Nobody that we know.
    Anonymous,
    /// A manager, of one partner or of none yet.
    Manager {
        /// The account.
        account: String,
        /// Whose manager.
        partner: Option<PartnerId>,
    },
    /// An operator who has shown both factors.
    Operator {
        /// The account.
        account: String,
    },
    /// An auditor who has shown both factors.
    Auditor {
        /// The account.
        account: String,
    },
    /// A partner's own system.
    Service {
        /// The key's id.
        key: String,
        /// Whose system.
        partner: PartnerId,
        /// What it may do.
        scopes: Vec<Scope>,
    },
    /// The operator's key of the settings.
    OperatorKey,
}

impl Principal {
    /// What the history and the audit log call this one.
    pub fn actor(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".to_owned(),
            Self::Manager { account, .. } => format!("manager:{account}"),
            Self::Operator { account } => format!("operator:{account}"),
            Self::Auditor { account } => format!("auditor:{account}"),
            Self::Service { key, .. } => format!("key:{key}"),
            Self::OperatorKey => "operator:key".to_owned(),
        }
    }
}
