//! Revisions: descriptions of locations on their way to the map, and the list of what a partner has.

use super::StoreError;
use super::engine::{Store, Tx, on_pool, on_tx};
use serde_json::Value;
use sqlx::QueryBuilder;

/// A revision.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct RevisionRow {
    /// Random.
    pub id: String,
    /// Of which location; of a partner, its id.
    pub location_id: String,
    /// Whose.
    pub partner_id: String,
    /// `location` or `partner`.
    pub kind: String,
    /// The name in it, for lists.
    pub name: String,
    /// The address in it, for lists.
    pub address: String,
    /// What is described.
    pub content: Value,
    /// The edit number of what was published when it was begun; 0: nothing was.
    pub base_version: i64,
    /// `draft`, `pending`, `rejected`, `approved`, `discarded`.
    pub state: String,
    /// Edit number; grows through all revisions of a location.
    pub version: i64,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// When it was last submitted.
    pub submitted_s: Option<i64>,
    /// When it was changed last.
    pub updated_s: i64,
}

/// A remark beside a revision.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct NoteRow {
    /// When.
    pub at_s: i64,
    /// `operator` or `partner`.
    pub author: String,
    /// What.
    pub text: String,
}

/// A location in a list of the desk: what is published and what is open beside it.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct ListedRow {
    /// Its id.
    pub id: String,
    /// Whose.
    pub partner_id: String,
    /// Its name; the open revision's, where there is one.
    pub name: String,
    /// Its address.
    pub address: Option<String>,
    /// The state of what was published; `None` when nothing was.
    pub published: Option<String>,
    /// The state of the open revision.
    pub open: Option<String>,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// When the open revision was changed; 0 without one.
    pub updated_s: i64,
}

/// A place that may be the same as another.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct NearRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: Option<String>,
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// `published` and others.
    pub state: String,
    /// E.164.
    pub phone: Option<String>,
    /// Its partner's tax number.
    pub inn: Option<String>,
}

macro_rules! revision {
    ($rest:literal) => {
        concat!(
            "SELECT id, location_id, partner_id, kind, name, address, content, base_version, state, version, reason, \
             submitted_s, updated_s FROM revisions ",
            $rest
        )
    };
}

/// Every location of `$1` (all, when empty) after `$2`, with its open revision.
const LISTED: &str = "SELECT * FROM ( \
     SELECT l.id, l.partner_id, COALESCE(r.name, l.name) AS name, COALESCE(r.address, l.address) AS address, \
            l.state AS published, r.state AS open, r.reason, COALESCE(r.updated_s, 0) AS updated_s \
     FROM locations l LEFT JOIN revisions r ON r.location_id = l.id AND r.is_open = 1 \
     WHERE ($1 = '' OR l.partner_id = $1) AND l.id > $2 \
     UNION ALL \
     SELECT r.location_id AS id, r.partner_id, r.name, r.address, NULL AS published, r.state AS open, r.reason, \
            r.updated_s \
     FROM revisions r \
     WHERE r.is_open = 1 AND r.kind = 'location' AND ($1 = '' OR r.partner_id = $1) AND r.location_id > $2 \
       AND NOT EXISTS (SELECT 1 FROM locations l WHERE l.id = r.location_id) \
     ) both_kinds ORDER BY id LIMIT $3";

macro_rules! twin {
    ($rest:literal) => {
        concat!(
            "SELECT l.id, l.name, l.address, l.lon, l.lat, l.state, l.phone, p.inn \
             FROM locations l JOIN partners p ON p.id = l.partner_id \
             WHERE l.id <> $1 AND l.state <> 'archived' AND ",
            $rest
        )
    };
}

/// Three questions with an index each, which an OR of them would not use.
///
/// Each has its own bound, so that a chain with hundreds of branches does not hide the twin next door; the branches of
/// one tax number count within some kilometres.
const TWINS: &str = concat!(
    "SELECT * FROM (SELECT * FROM (",
    twin!("$2 <> '' AND p.inn = $2 AND l.lat BETWEEN $6 - 0.05 AND $7 + 0.05 AND l.lon BETWEEN $4 - 0.1 AND $5 + 0.1"),
    " LIMIT 100) by_inn UNION SELECT * FROM (",
    twin!("$3 <> '' AND l.phone = $3"),
    " LIMIT 50) by_phone UNION SELECT * FROM (",
    twin!("l.lat BETWEEN $6 AND $7 AND l.lon BETWEEN $4 AND $5"),
    " LIMIT 200) near_by) twins ORDER BY id"
);

impl Store {
    /// The open revision of a location.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_revision(&self, location_id: &str) -> Result<Option<RevisionRow>, StoreError> {
        const SQL: &str = revision!("WHERE location_id = $1 AND is_open = 1");
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).bind(location_id).fetch_optional(pool).await?))
    }

    /// A revision.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lookup_revision(&self, id: &str) -> Result<Option<RevisionRow>, StoreError> {
        const SQL: &str = revision!("WHERE id = $1");
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await?))
    }

    /// The open revisions of a partner's locations.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_revisions_of(&self, partner_id: &str) -> Result<Vec<RevisionRow>, StoreError> {
        const SQL: &str = revision!("WHERE partner_id = $1 AND is_open = 1 AND kind = 'location' ORDER BY location_id");
        Ok(on_pool!(self, pool => sqlx::query_as(SQL).bind(partner_id).fetch_all(pool).await?))
    }

    /// What waits for an operator, the longest first, after a moment and an id; with how many there are in all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn queue(&self, after: (i64, &str), limit: i64) -> Result<(Vec<RevisionRow>, i64), StoreError> {
        const SQL: &str = revision!(
            "WHERE state = 'pending' AND (submitted_s > $1 OR (submitted_s = $1 AND id > $2)) \
             ORDER BY submitted_s, id LIMIT $3"
        );
        let rows = on_pool!(self, pool => {
            sqlx::query_as(SQL).bind(after.0).bind(after.1).bind(limit).fetch_all(pool).await?
        });
        let total = on_pool!(self, pool => {
            sqlx::query_scalar("SELECT count(*) FROM revisions WHERE state = 'pending'").fetch_one(pool).await?
        });
        Ok((rows, total))
    }

    /// The remarks beside a revision, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn notes_of(&self, revision_id: &str) -> Result<Vec<NoteRow>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(
            "SELECT at_s, author, text FROM revision_notes WHERE revision_id = $1 ORDER BY number",
        ).bind(revision_id).fetch_all(pool).await?))
    }

    /// Locations by id, from a cursor on; of one partner or of all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list_desk(
        &self,
        partner_id: Option<&str>,
        after: &str,
        limit: i64,
    ) -> Result<Vec<ListedRow>, StoreError> {
        let of = partner_id.unwrap_or_default();
        Ok(on_pool!(self, pool => sqlx::query_as(LISTED).bind(of).bind(after).bind(limit).fetch_all(pool).await?))
    }

    /// Whose location this is, published or not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn owner_of(&self, location_id: &str) -> Result<Option<String>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_scalar(
            "SELECT partner_id FROM locations WHERE id = $1 \
             UNION ALL SELECT partner_id FROM revisions WHERE location_id = $1 AND is_open = 1 AND kind = 'location' LIMIT 1",
        ).bind(location_id).fetch_optional(pool).await?))
    }

    /// What the partner's own systems call its locations: external id, location id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn external_ids_of(&self, partner_id: &str) -> Result<Vec<(String, String)>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(
            "SELECT external_id, location_id FROM external_ids WHERE partner_id = $1",
        ).bind(partner_id).fetch_all(pool).await?))
    }

    /// What the partner's own systems call one location.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn external_id_of(&self, location_id: &str) -> Result<Option<String>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_scalar(
            "SELECT external_id FROM external_ids WHERE location_id = $1 ORDER BY external_id LIMIT 1",
        ).bind(location_id).fetch_optional(pool).await?))
    }

    /// Places of other ids with the same tax number or telephone, or within a box: who may be likely twins.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn near_twins(
        &self,
        location_id: &str,
        inn: Option<&str>,
        phone: Option<&str>,
        (lon, lat, half_lon, half_lat): (f64, f64, f64, f64),
    ) -> Result<Vec<NearRow>, StoreError> {
        Ok(on_pool!(self, pool => sqlx::query_as(TWINS)
            .bind(location_id).bind(inn.unwrap_or_default()).bind(phone.unwrap_or_default())
            .bind(lon - half_lon).bind(lon + half_lon).bind(lat - half_lat).bind(lat + half_lat)
            .fetch_all(pool).await?))
    }
}

impl Tx {
    /// The edit number that the next revision of a location begins with.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn next_revision_version(&mut self, location_id: &str) -> Result<i64, StoreError> {
        Ok(on_tx!(self.inner, conn => sqlx::query_scalar(
            "SELECT COALESCE(MAX(version), 0) + 1 FROM revisions WHERE location_id = $1",
        ).bind(location_id).fetch_one(conn).await?))
    }

    /// Keeps new revisions, all open; false when one of their locations has an open one already.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_revisions(&mut self, rows: &[RevisionRow]) -> Result<bool, StoreError> {
        let mut kept = 0;
        for part in rows.chunks(1_000) {
            let returned: Vec<String> = on_tx!(self.inner, conn => {
                let mut insert = QueryBuilder::<_Db>::new(
                    "INSERT INTO revisions (id, location_id, partner_id, kind, name, address, content, base_version, \
                     state, is_open, version, reason, submitted_s, created_s, updated_s) ",
                );
                insert.push_values(part, |mut b, r| {
                    b.push_bind(&r.id).push_bind(&r.location_id).push_bind(&r.partner_id).push_bind(&r.kind)
                        .push_bind(&r.name).push_bind(&r.address).push_bind(&r.content).push_bind(r.base_version)
                        .push_bind(&r.state).push_bind(1_i64).push_bind(r.version).push_bind(&r.reason)
                        .push_bind(r.submitted_s).push_bind(r.updated_s).push_bind(r.updated_s);
                });
                insert.push(" ON CONFLICT DO NOTHING RETURNING id");
                insert.build_query_scalar().fetch_all(conn).await?
            });
            kept += returned.len();
        }
        Ok(kept == rows.len())
    }

    /// Changes an open revision that is still of the version expected; whether it was.
    ///
    /// # Shape
    /// Content, state, name, address, submitted moment and reason are taken from `row`; the edit number grows by one.
    /// # Errors
    /// [`StoreError`].
    pub async fn edit_revision(&mut self, row: &RevisionRow, expected: i64) -> Result<bool, StoreError> {
        let done: Option<i64> = on_tx!(self.inner, conn => sqlx::query_scalar(
            "UPDATE revisions SET content = $3, state = $4, name = $5, address = $6, submitted_s = $7, reason = $8, \
             base_version = $9, version = version + 1, updated_s = $10 \
             WHERE id = $1 AND version = $2 AND is_open = 1 RETURNING version",
        )
        .bind(&row.id).bind(expected).bind(&row.content).bind(&row.state).bind(&row.name).bind(&row.address)
        .bind(row.submitted_s).bind(&row.reason).bind(row.base_version).bind(row.updated_s)
        .fetch_optional(conn).await?);
        Ok(done.is_some())
    }

    /// Makes whoever looks at a pending revision of a partner look again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn touch_pending_of(&mut self, partner_id: &str) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("UPDATE revisions SET version = version + 1 WHERE partner_id = $1 AND state = 'pending'")
                .bind(partner_id).execute(conn).await?;
        });
        Ok(())
    }

    /// Decides a revision that is still of the version and state expected; whether it was. A rejected one stays open.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn decide_revision(
        &mut self,
        id: &str,
        (version, state): (i64, &str),
        to: &str,
        reason: Option<&str>,
        (actor, now_s): (&str, i64),
    ) -> Result<bool, StoreError> {
        let stays = i64::from(to == "rejected");
        let done: Option<String> = on_tx!(self.inner, conn => sqlx::query_scalar(
            "UPDATE revisions SET state = $4, reason = $5, decided_by = $6, decided_s = $7, updated_s = $7, is_open = $8, \
             version = version + $8 \
             WHERE id = $1 AND version = $2 AND state = $3 AND is_open = 1 RETURNING id",
        )
        .bind(id).bind(version).bind(state).bind(to).bind(reason).bind(actor).bind(now_s).bind(stays)
        .fetch_optional(conn).await?);
        Ok(done.is_some())
    }

    /// Adds a remark.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_note(&mut self, revision_id: &str, note: &NoteRow) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query(
                "INSERT INTO revision_notes (revision_id, number, at_s, author, text) \
                 SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4 FROM revision_notes WHERE revision_id = $1",
            )
            .bind(revision_id).bind(note.at_s).bind(&note.author).bind(&note.text).execute(conn).await?;
        });
        Ok(())
    }

    /// Notes what a partner's own systems call a location; false when that name leads to another location.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_external_id(
        &mut self,
        partner_id: &str,
        external_id: &str,
        location_id: &str,
    ) -> Result<bool, StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("DELETE FROM external_ids WHERE partner_id = $1 AND location_id = $2 AND external_id <> $3")
                .bind(partner_id).bind(location_id).bind(external_id).execute(&mut *conn).await?;
            sqlx::query(
                "INSERT INTO external_ids (partner_id, external_id, location_id) VALUES ($1, $2, $3) \
                 ON CONFLICT (partner_id, external_id) DO NOTHING",
            )
            .bind(partner_id).bind(external_id).bind(location_id).execute(&mut *conn).await?;
            let leads_to: String = sqlx::query_scalar(
                "SELECT location_id FROM external_ids WHERE partner_id = $1 AND external_id = $2",
            )
            .bind(partner_id).bind(external_id).fetch_one(conn).await?;
            Ok(leads_to == location_id)
        })
    }

    /// Forgets what a location that never was is called.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forget_external_ids(&mut self, location_id: &str) -> Result<(), StoreError> {
        on_tx!(self.inner, conn => {
            sqlx::query("DELETE FROM external_ids WHERE location_id = $1").bind(location_id).execute(conn).await?;
        });
        Ok(())
    }

    /// Keeps what a request with this key made. `None` the first time, else the hash of the first body and what it made.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn idempotent(
        &mut self,
        key_hash: &[u8],
        body_hash: &[u8],
        location_id: &str,
        expires_s: i64,
    ) -> Result<Option<(Vec<u8>, String)>, StoreError> {
        on_tx!(self.inner, conn => {
            let first: Option<String> = sqlx::query_scalar(
                "INSERT INTO idempotency (key_hash, body_hash, location_id, expires_s) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT DO NOTHING RETURNING location_id",
            )
            .bind(key_hash).bind(body_hash).bind(location_id).bind(expires_s).fetch_optional(&mut *conn).await?;
            if first.is_some() {
                return Ok(None);
            }
            Ok(sqlx::query_as("SELECT body_hash, location_id FROM idempotency WHERE key_hash = $1")
                .bind(key_hash).fetch_optional(conn).await?)
        })
    }
}
