//! The log of decisions: append-only, each entry chained to the one before by a hash.
//!
//! An entry goes into the transaction of the act it tells of: what was decided and that it was decided are written
//! together or not at all. Actors and targets are ids; no name, no address of a person stands here.
//!
//! # What the chain proves
//! One changed byte breaks it at its entry; an entry that was taken out or put in breaks it there. Whoever may write
//! the whole database could make a new chain from some entry on, so the last hash is printed by `ryadom audit verify`
//! and kept elsewhere: `--head NUMBER:HASH` then proves that the log still contains that past.

use crate::store::audit::AuditRow;
use crate::store::{Store, StoreError, Tx};
use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// One thing that was done.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// When, seconds.
    pub at_s: i64,
    /// Who, such as `operator:9f3a…` or `cli`.
    pub actor: &'a str,
    /// What, such as `approve`.
    pub act: &'a str,
    /// To what, such as `location:loc-1`.
    pub target: &'a str,
    /// What else is to be said; an object.
    pub detail: Value,
}

/// Appends an entry to the transaction of its act.
///
/// # Errors
/// [`StoreError`].
pub async fn append(tx: &mut Tx, entry: Entry<'_>) -> Result<(), StoreError> {
    let (last, before) = tx.audit_head().await?;
    let mut row = AuditRow {
        number: last + 1,
        at_s: entry.at_s,
        actor: entry.actor.to_owned(),
        act: entry.act.to_owned(),
        target: entry.target.to_owned(),
        detail: entry.detail.to_string(),
        hash: Vec::new(),
    };
    row.hash = hash_of(&before, &row);
    tx.append_audit(&row).await
}

/// SHA-256 over the hash before and every member, each with its length.
fn hash_of(before: &[u8], row: &AuditRow) -> Vec<u8> {
    let mut hash = Sha256::new();
    let (number, at) = (row.number.to_be_bytes(), row.at_s.to_be_bytes());
    let texts = [&row.actor, &row.act, &row.target, &row.detail];
    for part in [before, &number, &at].into_iter().chain(texts.map(std::string::String::as_bytes)) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().to_vec()
}

/// What a walk along the chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many entries hold.
    pub entries: i64,
    /// The number of the first entry that does not, with what is wrong.
    pub broken: Option<(i64, &'static str)>,
    /// `NUMBER:HASH` of the last entry that holds.
    pub head: String,
}

/// Walks the chain from its beginning; with `known`, a head that was printed before, that past must be in it.
///
/// # Errors
/// [`StoreError`].
pub async fn verify(store: &Store, known: Option<&str>) -> Result<Verified, StoreError> {
    let mut before: Vec<u8> = Vec::new();
    let mut entries = 0;
    let mut broken = None;
    let mut met = known.is_none_or(|k| k == head_text(0, &[]));
    let (number, hash) = store
        .each_audit(|row| {
            if broken.is_some() {
                return;
            }
            if row.number != entries + 1 {
                broken = Some((entries + 1, "the entry is missing"));
            } else if row.hash != hash_of(&before, &row) {
                broken = Some((row.number, "the entry was changed"));
            } else {
                entries = row.number;
                before = row.hash;
                met |= known.is_some_and(|k| k == head_text(entries, &before));
            }
        })
        .await?;
    if broken.is_none() && (number, &hash) != (entries, &before) {
        broken = Some((entries + 1, "entries at the end are missing"));
    }
    if broken.is_none() && !met {
        broken = Some((entries, "the past that was noted is not in the log"));
    }
    Ok(Verified { entries, broken, head: head_text(entries, &before) })
}

fn head_text(number: i64, hash: &[u8]) -> String {
    format!("{number}:{}", HEXLOWER.encode(hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_is_in_the_hash() {
        let row = AuditRow {
            number: 1,
            at_s: 2,
            actor: "a".into(),
            act: "b".into(),
            target: "c".into(),
            detail: "{}".into(),
            hash: Vec::new(),
        };
        let of = |change: fn(&mut AuditRow)| {
            let mut row = row.clone();
            change(&mut row);
            hash_of(b"before", &row)
        };
        let same = of(|_| {});
        for change in [
            |r: &mut AuditRow| r.number = 2,
            |r: &mut AuditRow| r.at_s = 3,
            |r: &mut AuditRow| r.actor.push('x'),
            |r: &mut AuditRow| r.act.push('x'),
            |r: &mut AuditRow| r.target.push('x'),
            |r: &mut AuditRow| r.detail.push('x'),
            // The border between two members counts.
            |r: &mut AuditRow| (r.actor, r.act) = (String::new(), "ab".into()),
        ] {
            assert_ne!(of(change), same);
        }
        assert_ne!(hash_of(b"other", &row), same);
    }
}
