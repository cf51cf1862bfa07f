//! The bulk desk: a partner's file is read in the background, previewed row by row, and applied whole or not at all.
//!
//! What must stay true: nothing changes before "apply"; applying is one transaction; every new or changed row then
//! waits for an operator like any other revision; a location that changed since the preview stops the whole.

use super::bulk::{self, BulkOutcome, Held};
use super::content;
use super::registry::{self, Organisation, RegistryError};
use super::source::Source;
use super::turns::turn;
use crate::audit::{self, Entry};
use crate::domain::{Clock, Lang, LocationId};
use crate::sealing::random_text;
use crate::store::bulk_files::{BulkFileRow, BulkRowRow};
use crate::store::revisions::RevisionRow;
use crate::store::{Store, StoreError};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Rows read so far of the files that this process reads.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Mutex<HashMap<String, u64>>>);

impl Progress {
    /// Rows read so far, of a file that is being read here.
    pub fn of(&self, id: &str) -> Option<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).copied()
    }

    fn set(&self, id: &str, rows: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), rows);
    }

    fn forget(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

/// Why a file was not applied.
#[derive(Debug, thiserror::Error)]
pub enum BulkError {
    /// It is not ready, or applied already.
    #[error("not from the state {0}")]
    Move(String),
    /// Locations changed since the preview.
    #[error("locations changed since the preview")]
    Stale(Vec<String>),
    /// The registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Keeps a file and reads it in the background; answers its id at once.
///
/// # Errors
/// [`StoreError`].
pub async fn take(
    store: &Store,
    clock: &Arc<dyn Clock>,
    progress: &Progress,
    organisation: Organisation,
    actor: &str,
    name: &str,
    bytes: Vec<u8>,
) -> Result<String, StoreError> {
    let file = BulkFileRow {
        id: format!("b-{}", random_text::<9>()),
        partner_id: organisation.id.to_string(),
        account: actor.to_owned(),
        name: name.chars().filter(|c| !c.is_control()).take(120).collect(),
        state: "reading".to_owned(),
        report: json!({}),
        created_s: clock.now().timestamp(),
    };
    store.put_bulk_file(&file).await?;
    let id = file.id.clone();
    progress.set(&id, 0);
    let (store, progress) = (store.clone(), progress.clone());
    tokio::spawn(async move {
        let id = file.id.clone();
        if let Err(error) = read(&store, &progress, organisation, file, bytes).await {
            tracing::error!(error = &error as &dyn std::error::Error, "a bulk file was not previewed: {error}");
        }
        progress.forget(&id);
    });
    Ok(id)
}

async fn read(
    store: &Store,
    progress: &Progress,
    organisation: Organisation,
    mut file: BulkFileRow,
    bytes: Vec<u8>,
) -> Result<(), BulkError> {
    let held = held(store, &organisation).await?;
    let (id, name, told) = (file.id.clone(), file.name.clone(), progress.clone());
    let profile = organisation.profile.clone();
    let _turn = turn().await;
    let read = tokio::task::spawn_blocking(move || {
        bulk::preview(Source::bytes(&name, bytes), &profile, &held, |rows| told.set(&id, rows))
    })
    .await;
    let report = match read {
        Ok(Ok(report)) => report,
        Ok(Err(fault)) => {
            "failed".clone_into(&mut file.state);
            file.report =
                json!({"fault": {"code": fault.code(), "ru": fault.message(Lang::Ru), "en": fault.message(Lang::En)}});
            return Ok(store.put_bulk_file(&file).await?);
        }
        Err(error) => {
            "failed".clone_into(&mut file.state);
            file.report = json!({"fault": {"code": "internal", "ru": "Что-то сломалось у нас.", "en": "Something broke on our side."}});
            store.put_bulk_file(&file).await?;
            tracing::error!(%error, "reading a bulk file panicked");
            return Ok(());
        }
    };
    let count = |outcome| report.count(outcome);
    let warnings = report
        .rows
        .iter()
        .flat_map(|r| &r.problems)
        .filter(|p| p.severity == super::problem::Severity::Warning)
        .count();
    file.report = json!({
        "rows": report.rows.len(),
        "counts": {
            "new": count(BulkOutcome::New),
            "changed": count(BulkOutcome::Changed),
            "unchanged": count(BulkOutcome::Unchanged),
            "rejected": count(BulkOutcome::Rejected),
        },
        "warnings": warnings,
        "unknown_columns": report.unknown_columns,
        "encoding": report.encoding,
    });
    let rows: Vec<BulkRowRow> = report
        .rows
        .iter()
        .enumerate()
        .map(|(number, row)| BulkRowRow {
            number: number as i64 + 1,
            outcome: row.outcome.code().to_owned(),
            location_id: row.location_id.clone(),
            base_etag: row.base_etag.clone(),
            content: json!(row),
        })
        .collect();
    // The rows first: a file is ready when every row of it can be read.
    let mut tx = store.begin().await?;
    tx.put_bulk_rows(&file.id, &rows).await?;
    tx.commit().await?;
    "ready".clone_into(&mut file.state);
    Ok(store.put_bulk_file(&file).await?)
}

/// What the partner has, under the ids that its files use; a location that no file brought goes by its own id.
async fn held(store: &Store, organisation: &Organisation) -> Result<HashMap<String, Held>, BulkError> {
    let partner = organisation.id.as_str();
    let named: HashMap<String, String> =
        store.external_ids_of(partner).await?.into_iter().map(|(external, location)| (location, external)).collect();
    let mut held = HashMap::new();
    let mut after = String::new();
    loop {
        let rows = store.list_desk(Some(partner), &after, 1_000).await?;
        let Some(last) = rows.last() else { break };
        after.clone_from(&last.id);
        for row in &rows {
            if row.published.as_deref() == Some("archived") {
                continue;
            }
            let Ok(id) = LocationId::new(&row.id) else { continue };
            let Some(view) = registry::view(store, &id).await? else { continue };
            let external = named.get(&row.id).cloned().unwrap_or_else(|| row.id.clone());
            let mut content = content::normalised(&view.content());
            content.insert(content::EXTERNAL_ID.to_owned(), external.as_str().into());
            held.insert(external, Held { location_id: row.id.clone(), etag: view.etag(), content });
        }
    }
    Ok(held)
}

/// Applies a file: every new or changed row becomes a revision that waits for an operator. All or nothing.
///
/// # Errors
/// [`BulkError::Stale`] names the locations that changed since the preview; then nothing was written.
pub async fn apply(
    store: &Store,
    clock: &dyn Clock,
    organisation: &Organisation,
    file: &BulkFileRow,
    actor: &str,
) -> Result<u64, BulkError> {
    let now_s = clock.now().timestamp();
    // Each reads on a second connection while it writes on the first: they must not take the last ones from each other.
    let _turn = turn().await;
    let mut tx = store.begin().await?;
    if !tx.move_bulk_file(&file.id, "ready", "applied").await? {
        return Err(BulkError::Move(file.state.clone()));
    }
    tx.advance_organisation(organisation.id.as_str(), "pending").await?;
    let mut fresh = Vec::new();
    let mut stale = Vec::new();
    let mut applied = 0;
    for outcome in ["new", "changed"] {
        let mut after = 0;
        loop {
            let rows = store.list_bulk_rows(&file.id, Some(outcome), after, 1_000).await?;
            let Some(last) = rows.last() else { break };
            after = last.number;
            for row in rows {
                let Some(content) = row.content.get("content").and_then(Value::as_object).cloned() else { continue };
                let text = |key: &str| content.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
                let external = text(content::EXTERNAL_ID);
                let mut revision = RevisionRow {
                    id: format!("r-{}", random_text::<9>()),
                    location_id: row.location_id.clone().unwrap_or_else(|| format!("loc-{}", random_text::<9>())),
                    partner_id: organisation.id.to_string(),
                    kind: "location".to_owned(),
                    name: text("name").chars().take(200).collect(),
                    address: text("address").chars().take(200).collect(),
                    content: Value::Object(content),
                    base_version: 0,
                    state: "pending".to_owned(),
                    version: 1,
                    reason: None,
                    submitted_s: Some(now_s),
                    updated_s: now_s,
                };
                applied += 1;
                if !external.is_empty()
                    && !tx.put_external_id(&revision.partner_id, &external, &revision.location_id).await?
                {
                    stale.push(external);
                    continue;
                }
                let Some(known) = &row.location_id else {
                    fresh.push(revision);
                    continue;
                };
                let id = LocationId::new(known).map_err(|e| RegistryError::Damaged(known.clone(), e.to_string()))?;
                let present = registry::view(store, &id).await?;
                let Some(present) = present.filter(|p| Some(p.etag()) == row.base_etag) else {
                    stale.push(external);
                    continue;
                };
                revision.base_version = present.published.as_ref().map_or(0, |p| p.version);
                let held = tx.hold_version(&id).await?.unwrap_or_default();
                let done = held == revision.base_version
                    && if let Some(open) = &present.revision {
                        revision.id.clone_from(&open.id);
                        tx.edit_revision(&revision, open.version).await?
                    } else {
                        revision.version = tx.next_revision_version(known).await?;
                        tx.put_revisions(std::slice::from_ref(&revision)).await?
                    };
                if !done {
                    stale.push(external);
                }
            }
        }
    }
    if !stale.is_empty() {
        return Err(BulkError::Stale(stale));
    }
    tx.put_revisions(&fresh).await?;
    let (target, detail) = (format!("bulk:{}", file.id), json!({"rows": applied}));
    audit::append(&mut tx, Entry { at_s: now_s, actor, act: "apply-file", target: &target, detail }).await?;
    tx.commit().await?;
    Ok(applied)
}
