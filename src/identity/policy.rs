//! Who may do what: one table.

use crate::domain::PartnerId;
use crate::domain::principal::{Principal, Scope};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Make an organisation, by a manager who has none.
    CreatePartner,
    /// Read a partner's own locations and drafts.
    ReadLocations,
    /// Describe locations: draft, submit, discard, withdraw.
    EditLocations,
    /// The organisation itself, its managers, keys, terminals, bulk files, and refusals at its locations.
    ManagePartner,
    /// Decide what reaches the map, and read what is needed to decide.
    Moderate,
    /// Rights of families: confirm, refuse, suspend, resume, revoke, invite.
    ManageRights,
    /// Accounts of others.
    ManageAccounts,
    /// The log of decisions.
    ReadAudit,
}

impl Action {
    /// Every action, for the test that walks the table.
    pub const ALL: [Self; 8] = [
        Self::CreatePartner,
        Self::ReadLocations,
        Self::EditLocations,
        Self::ManagePartner,
        Self::Moderate,
        Self::ManageRights,
        Self::ManageAccounts,
        Self::ReadAudit,
    ];
}

/// The answer of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Yes.
    Yes,
    /// Sign in first.
    SignIn,
    /// Never for this one.
    Forbidden,
    /// It is somebody else's, and whether it is there is not said either.
    Hidden,
}

/// Whether `principal` may do `action` on what belongs to `target`; `None` where it belongs to no partner.
pub fn may(principal: &Principal, action: Action, target: Option<&PartnerId>) -> Answer {
    use Action as A;
    let own = |partner: Option<&PartnerId>| match (partner, target) {
        (Some(own), Some(target)) if own == target => Answer::Yes,
        _ => Answer::Hidden,
    };
    match (principal, action) {
        (Principal::Anonymous, _) => Answer::SignIn,
        (Principal::Manager { partner, .. }, A::CreatePartner) => {
            if partner.is_none() {
                Answer::Yes
            } else {
                Answer::Forbidden
            }
        }
        (Principal::Manager { partner, .. }, A::ReadLocations | A::EditLocations | A::ManagePartner) => {
            own(partner.as_ref())
        }
        (Principal::Service { partner, scopes, .. }, A::ReadLocations) if scopes.contains(&Scope::LocationsRead) => {
            own(Some(partner))
        }
        (Principal::Service { partner, scopes, .. }, A::EditLocations) if scopes.contains(&Scope::LocationsWrite) => {
            own(Some(partner))
        }
        (
            Principal::Operator { .. } | Principal::OperatorKey,
            A::Moderate | A::ManageRights | A::ManageAccounts | A::ReadAudit,
        )
        | (Principal::Auditor { .. }, A::ReadAudit) => Answer::Yes,
        (
            Principal::Manager { .. }
            | Principal::Service { .. }
            | Principal::Operator { .. }
            | Principal::OperatorKey
            | Principal::Auditor { .. },
            _,
        ) => Answer::Forbidden,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partner(id: &str) -> PartnerId {
        PartnerId::new(id).unwrap()
    }

    #[test]
    fn the_whole_table() {
        let (ours, theirs) = (partner("ours"), partner("theirs"));
        let service =
            |scopes: &[Scope]| Principal::Service { key: "k".into(), partner: ours.clone(), scopes: scopes.to_vec() };
        let manager =
            |partner: Option<&PartnerId>| Principal::Manager { account: "m".into(), partner: partner.cloned() };
        let principals = [
            Principal::Anonymous,
            manager(None),
            manager(Some(&ours)),
            manager(Some(&theirs)),
            service(&[Scope::LocationsRead]),
            service(&[Scope::LocationsWrite]),
            service(&[Scope::ChecksVerify]),
            Principal::Operator { account: "o".into() },
            Principal::OperatorKey,
            Principal::Auditor { account: "a".into() },
        ];
        // On what belongs to `ours`: Y yes, s sign in, f forbidden, h hidden.
        let table = [
            (Action::CreatePartner, "sYfffffff f"),
            (Action::ReadLocations, "shYhYffff f"),
            (Action::EditLocations, "shYhfYfff f"),
            (Action::ManagePartner, "shYhfffff f"),
            (Action::Moderate, "sffffffYY f"),
            (Action::ManageRights, "sffffffYY f"),
            (Action::ManageAccounts, "sffffffYY f"),
            (Action::ReadAudit, "sffffffYY Y"),
        ];
        assert_eq!(table.map(|(action, _)| action), Action::ALL);
        for (action, row) in table {
            for (principal, wanted) in principals.iter().zip(row.chars().filter(|c| *c != ' ')) {
                let letter = match may(principal, action, Some(&ours)) {
                    Answer::Yes => 'Y',
                    Answer::SignIn => 's',
                    Answer::Forbidden => 'f',
                    Answer::Hidden => 'h',
                };
                assert_eq!(letter, wanted, "{action:?} by {principal:?}");
            }
        }
    }
}
