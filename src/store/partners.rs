//! Partners and their locations: row structs beside their SQL.

use super::StoreError;
use super::engine::{Store, Tx, on_pool, on_tx};
use super::rows::{HoursIntern, LocationRow, RowError, content_hash};
use crate::domain::benefit::next_edge;
use crate::domain::moderation::State;
use crate::domain::{Benefit, Location, LocationId, Partner, PartnerId};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use futures_util::TryStreamExt;
use sqlx::types::Json;
use sqlx::{FromRow, QueryBuilder, Row};
use std::collections::HashMap;

/// The columns of [`LocationRow`], of a location `l`.
macro_rules! columns {
    () => {
        "l.id, l.partner_id, l.name, l.category, l.categories_more, l.lon, l.lat, l.address, l.address_note, \
         l.fias_id, l.time_zone, l.hours, l.phone, l.phone_ext, l.site, l.wheelchair, l.benefits, l.last_confirmed, l.photo"
    };
}

/// What is on the map.
pub(super) const SELECT_PUBLISHED: &str = concat!(
    "SELECT ",
    columns!(),
    ", l.version, p.name AS partner_name \
     FROM locations l JOIN partners p ON p.id = l.partner_id \
     WHERE l.state = 'published' AND p.state = 'published'"
);

/// What changed in `($1, $2]`, with the present content where it is on the map.
pub(super) const SELECT_CHANGED: &str = concat!(
    "SELECT c.location_id AS changed_id, \
     COALESCE(l.state = 'published' AND p.state = 'published', FALSE) AS shown, ",
    columns!(),
    ", l.version, p.name AS partner_name \
     FROM changes c LEFT JOIN locations l ON l.id = c.location_id LEFT JOIN partners p ON p.id = l.partner_id \
     WHERE c.seq > $1 AND c.seq <= $2 ORDER BY c.seq, c.location_id"
);

const SELECT_ONE: &str = concat!("SELECT ", columns!(), ", l.state, l.version FROM locations l WHERE l.id = $1");

const SELECT_ALL_PUBLISHED_BY_ID: &str = concat!(
    "SELECT ",
    columns!(),
    ", l.version, p.name AS partner_name, p.legal_name, p.inn, p.ogrn, p.kpp \
     FROM locations l JOIN partners p ON p.id = l.partner_id WHERE l.state = 'published' ORDER BY l.id"
);

const SELECT_PUBLISHED_ONE: &str = concat!(
    "SELECT ",
    columns!(),
    ", l.version, p.name AS partner_name, p.legal_name, p.inn, p.ogrn, p.kpp \
     FROM locations l JOIN partners p ON p.id = l.partner_id WHERE l.state = 'published' AND l.id = $1"
);

/// Rows of one INSERT: 25 columns each, below the 32,766 binds that SQLite takes.
const ROWS_AT_ONCE: usize = 1_000;

/// What a write did to one location.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was not known.
    Created,
    /// It differs now.
    Changed,
    /// It was the same already; nothing was written.
    Unchanged,
}

/// Who writes, when, and by which door.
#[derive(Debug, Clone)]
pub struct Put {
    /// Who decided, such as `operator:cli`; kept in the history.
    pub actor: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Where the content came from; `--retire-missing` looks at `import` only.
    pub origin: &'static str,
}

/// Which locations a retirement looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Those that came by import.
    Imported,
    /// Those of one partner.
    Partner(PartnerId),
}

/// A location with its state and edit number.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredLocation {
    /// The content.
    pub location: Location,
    /// Where it stands with the operator.
    pub state: State,
    /// Edit number.
    pub version: i64,
}

/// A row of [`SELECT_PUBLISHED_ONE`] and its kin.
#[derive(sqlx::FromRow)]
struct WithPartner {
    #[sqlx(flatten)]
    row: LocationRow,
    partner_name: String,
    legal_name: Option<String>,
    inn: Option<String>,
    ogrn: Option<String>,
    kpp: Option<String>,
}

impl WithPartner {
    fn into_pair(self, hours: &mut HoursIntern) -> Result<(Location, Partner), RowError> {
        let location = self.row.into_location(hours)?;
        let partner = Partner {
            id: location.partner_id.clone(),
            name: self.partner_name,
            legal_name: self.legal_name,
            inn: self.inn,
            ogrn: self.ogrn,
            kpp: self.kpp,
            state: State::Published,
        };
        Ok((location, partner))
    }
}

impl Tx {
    /// Writes partners; those that are the same already stay untouched.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn put_partners(&mut self, partners: &[Partner], put: &Put) -> Result<(), StoreError> {
        // By id, so that two writers lock rows in one order; one row per id, as ON CONFLICT asks.
        let mut sorted: Vec<&Partner> = partners.iter().collect();
        sorted.sort_by(|a, b| a.id.cmp(&b.id));
        sorted.dedup_by(|later, first| later.id == first.id);
        for part in sorted.chunks(ROWS_AT_ONCE) {
            let renamed: Vec<String> = on_tx!(self.inner, conn => {
                let mut upsert = QueryBuilder::<_Db>::new(
                    "INSERT INTO partners (id, name, legal_name, inn, ogrn, kpp, state, content_hash, version, updated_at) ",
                );
                upsert.push_values(part, |mut row, p| {
                    row.push_bind(p.id.as_str()).push_bind(&p.name).push_bind(&p.legal_name).push_bind(&p.inn)
                        .push_bind(&p.ogrn).push_bind(&p.kpp).push_bind(p.state.code()).push_bind(content_hash(p))
                        .push_bind(1_i64).push_bind(put.at);
                });
                upsert.push(
                    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, legal_name = excluded.legal_name, \
                     inn = excluded.inn, ogrn = excluded.ogrn, kpp = excluded.kpp, state = excluded.state, \
                     content_hash = excluded.content_hash, version = partners.version + 1, \
                     updated_at = excluded.updated_at \
                     WHERE partners.content_hash <> excluded.content_hash RETURNING id, version",
                );
                upsert.build_query_as::<(String, i64)>().fetch_all(&mut *conn).await?
            })
            .into_iter()
            .filter(|(_, version)| *version > 1)
            .map(|(id, _)| id)
            .collect();
            // Its name stands on the card of each of its locations; the commit finds them.
            self.renamed.extend(renamed);
        }
        Ok(())
    }

    /// Writes locations as published, with history; those that are the same already stay untouched.
    ///
    /// # Shape
    /// One outcome for each location, in their order. An id must not stand twice in one call.
    /// # Errors
    /// [`StoreError`].
    pub async fn publish(&mut self, locations: &[Location], put: &Put) -> Result<Vec<Outcome>, StoreError> {
        // By id, so that two writers lock rows in one order and cannot block each other.
        let mut rows: Vec<(LocationRow, Option<NaiveDate>)> = locations
            .iter()
            .map(|l| {
                let today = put.at.with_timezone(&l.time_zone).date_naive();
                (LocationRow::of(l), next_edge(&l.benefits, today))
            })
            .collect();
        rows.sort_by(|a, b| a.0.id.cmp(&b.0.id));
        let mut written: HashMap<String, i64> = HashMap::new();
        for part in rows.chunks(ROWS_AT_ONCE) {
            let returned = on_tx!(self.inner, conn => {
                let mut upsert = QueryBuilder::<_Db>::new(
                    "INSERT INTO locations (id, partner_id, name, category, categories_more, lon, lat, address, \
                     address_note, fias_id, time_zone, hours, phone, phone_ext, site, wheelchair, benefits, \
                     last_confirmed, photo, benefit_edge, state, origin, content_hash, version, updated_at) ",
                );
                upsert.push_values(part, |mut b, (r, edge)| {
                    b.push_bind(&r.id).push_bind(&r.partner_id).push_bind(&r.name).push_bind(&r.category)
                        .push_bind(&r.categories_more).push_bind(r.lon).push_bind(r.lat).push_bind(&r.address)
                        .push_bind(&r.address_note).push_bind(&r.fias_id).push_bind(&r.time_zone)
                        .push_bind(&r.hours).push_bind(&r.phone).push_bind(&r.phone_ext).push_bind(&r.site)
                        .push_bind(&r.wheelchair).push_bind(&r.benefits).push_bind(r.last_confirmed).push_bind(&r.photo)
                        .push_bind(*edge).push_bind(State::Published.code()).push_bind(put.origin).push_bind(r.content_hash())
                        .push_bind(1_i64).push_bind(put.at);
                });
                upsert.push(
                    " ON CONFLICT (id) DO UPDATE SET partner_id = excluded.partner_id, name = excluded.name, \
                     category = excluded.category, categories_more = excluded.categories_more, lon = excluded.lon, \
                     lat = excluded.lat, address = excluded.address, address_note = excluded.address_note, \
                     fias_id = excluded.fias_id, time_zone = excluded.time_zone, hours = excluded.hours, \
                     phone = excluded.phone, phone_ext = excluded.phone_ext, site = excluded.site, \
                     wheelchair = excluded.wheelchair, benefits = excluded.benefits, \
                     last_confirmed = excluded.last_confirmed, photo = excluded.photo, benefit_edge = excluded.benefit_edge, \
                     state = excluded.state, origin = excluded.origin, \
                     content_hash = excluded.content_hash, version = locations.version + 1, \
                     updated_at = excluded.updated_at \
                     WHERE locations.content_hash <> excluded.content_hash OR locations.state <> excluded.state \
                     RETURNING id, version",
                );
                upsert.build_query_as::<(String, i64)>().fetch_all(conn).await?
            });
            written.extend(returned);
            let history: Vec<(&LocationRow, i64)> =
                part.iter().filter_map(|(r, _)| written.get(&r.id).map(|&v| (r, v))).collect();
            if history.is_empty() {
                continue;
            }
            on_tx!(self.inner, conn => {
                let mut insert = QueryBuilder::<_Db>::new(
                    "INSERT INTO location_history (location_id, version, state, actor, at, content) ",
                );
                insert.push_values(&history, |mut b, (r, version)| {
                    b.push_bind(&r.id).push_bind(*version).push_bind(State::Published.code()).push_bind(&put.actor)
                        .push_bind(put.at).push_bind(sqlx::types::Json(*r));
                });
                insert.build().execute(conn).await?;
            });
        }
        Ok(locations
            .iter()
            .map(|l| match written.get(l.id.as_str()) {
                Some(&version) => {
                    self.touched.insert(l.id.clone());
                    if version == 1 { Outcome::Created } else { Outcome::Changed }
                }
                None => Outcome::Unchanged,
            })
            .collect())
    }

    /// Takes locations off the map, with history; answers how many were on it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn archive(&mut self, ids: &[LocationId], put: &Put) -> Result<usize, StoreError> {
        let mut sorted: Vec<&LocationId> = ids.iter().collect();
        sorted.sort();
        let mut archived = 0;
        // One by one, because a set gives no promise of the order in which its rows are locked; `publish` locks by id.
        for id in sorted {
            let version: Option<i64> = on_tx!(self.inner, conn => {
                sqlx::query_scalar(
                    "UPDATE locations SET state = 'archived', version = version + 1, updated_at = $2 \
                     WHERE id = $1 AND state = 'published' RETURNING version",
                )
                .bind(id.as_str()).bind(put.at).fetch_optional(conn).await?
            });
            let Some(version) = version else { continue };
            on_tx!(self.inner, conn => {
                sqlx::query(
                    "INSERT INTO location_history (location_id, version, state, actor, at, content) \
                     SELECT location_id, $2, 'archived', $3, $4, content FROM location_history \
                     WHERE location_id = $1 ORDER BY version DESC LIMIT 1",
                )
                .bind(id.as_str()).bind(version).bind(&put.actor).bind(put.at).execute(conn).await?;
            });
            archived += 1;
            self.touched.insert(id.clone());
        }
        Ok(archived)
    }
}

impl Tx {
    /// Announces anew every location of which a benefit began or ended by now, at its own midnight; answers how many.
    ///
    /// # Shape
    /// Two replicas that sweep at once announce each location once: the edge is moved on by the first.
    /// # Errors
    /// [`StoreError`].
    pub async fn sweep_benefits(&mut self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        // Somewhere it is tomorrow already; each location's own midnight is judged below.
        let latest = now.date_naive() + chrono::Days::new(1);
        // Each row by itself: one that cannot be read hinders no other. The feed names it when it is announced.
        let due: Vec<(String, String, Json<Vec<Benefit>>, NaiveDate)> = on_tx!(self.inner, conn => {
            sqlx::query(
                "SELECT id, time_zone, benefits, benefit_edge FROM locations \
                 WHERE benefit_edge IS NOT NULL AND benefit_edge <= $1 AND state = 'published' ORDER BY id",
            )
            .bind(latest).fetch_all(conn).await?
            .iter().filter_map(|row| FromRow::from_row(row).ok()).collect()
        });
        let mut swept = 0;
        for (id, time_zone, benefits, edge) in due {
            let Ok(zone) = time_zone.parse::<Tz>() else { continue };
            let today = now.with_timezone(&zone).date_naive();
            if edge > today {
                continue;
            }
            let moved = on_tx!(self.inner, conn => {
                sqlx::query_scalar::<_, String>(
                    "UPDATE locations SET benefit_edge = $3 WHERE id = $1 AND benefit_edge = $2 RETURNING id",
                )
                .bind(&id).bind(edge).bind(next_edge(&benefits, today)).fetch_optional(conn).await?
            });
            if moved.is_some() {
                swept += 1;
                self.touched.extend(LocationId::new(&id));
            }
        }
        Ok(swept)
    }
}

/// One location in whatever state, over a connection of either engine.
macro_rules! fetch_stored {
    ($executor:expr, $id:expr) => {{
        let Some(row) = sqlx::query(SELECT_ONE).bind($id.as_str()).fetch_optional($executor).await? else {
            return Ok(None);
        };
        let (state, version): (String, i64) = (row.try_get("state")?, row.try_get("version")?);
        let state =
            State::of_code(&state).ok_or_else(|| RowError { column: "state", reason: format!("no state {state:?}") });
        let location = LocationRow::from_row(&row)
            .map_err(|e| RowError { column: "row", reason: e.to_string() })
            .and_then(|row| row.into_location(&mut HoursIntern::default()));
        Ok(Some(location.and_then(|location| Ok(StoredLocation { location, state: state?, version }))))
    }};
}

impl Tx {
    /// One location in whatever state, held to the commit; `None` when it was never published.
    ///
    /// # Errors
    /// [`StoreError`]; the inner error is of a row that is no location.
    pub async fn hold_location(
        &mut self,
        id: &LocationId,
    ) -> Result<Option<Result<StoredLocation, RowError>>, StoreError> {
        if self.hold_version(id).await?.is_none() {
            return Ok(None);
        }
        on_tx!(self.inner, conn => fetch_stored!(conn, id))
    }
}

impl Store {
    /// One location in whatever state; `None` when the id is not known.
    ///
    /// # Errors
    /// [`StoreError`]; the inner error is of a row that is no location.
    pub async fn lookup_location(
        &self,
        id: &LocationId,
    ) -> Result<Option<Result<StoredLocation, RowError>>, StoreError> {
        on_pool!(self, pool => fetch_stored!(pool, id))
    }

    /// One location that is on the map, with its partner; `None` when there is none.
    ///
    /// # Errors
    /// [`StoreError`]; the inner error is of a row that is no location.
    pub async fn lookup_published(
        &self,
        id: &LocationId,
    ) -> Result<Option<Result<(Location, Partner), RowError>>, StoreError> {
        let row: Option<WithPartner> = on_pool!(self, pool => {
            sqlx::query_as(SELECT_PUBLISHED_ONE).bind(id.as_str()).fetch_optional(pool).await?
        });
        Ok(row.map(|row| row.into_pair(&mut HoursIntern::default())))
    }

    /// What the store holds for a set of ids: content hash and state, for a comparison without a write.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn compare(&self, locations: &[Location]) -> Result<Vec<Outcome>, StoreError> {
        let mut held: HashMap<String, (String, String)> = HashMap::new();
        for part in locations.chunks(ROWS_AT_ONCE) {
            let rows = on_pool!(self, pool => {
                let mut select = QueryBuilder::<_Db>::new("SELECT id, content_hash, state FROM locations WHERE id IN (");
                let mut list = select.separated(", ");
                for l in part {
                    list.push_bind(l.id.as_str());
                }
                select.push(")");
                select.build_query_as::<(String, String, String)>().fetch_all(pool).await?
            });
            held.extend(rows.into_iter().map(|(id, hash, state)| (id, (hash, state))));
        }
        Ok(locations
            .iter()
            .map(|l| match held.get(l.id.as_str()) {
                None => Outcome::Created,
                Some((hash, state))
                    if state == State::Published.code() && *hash == LocationRow::of(l).content_hash() =>
                {
                    Outcome::Unchanged
                }
                Some(_) => Outcome::Changed,
            })
            .collect())
    }

    /// The ids on the map within a scope, streamed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn each_published_id(&self, scope: &Scope, mut each: impl FnMut(&str)) -> Result<(), StoreError> {
        const IMPORTED: &str = "SELECT id FROM locations WHERE state = 'published' AND origin = $1";
        const OF_PARTNER: &str = "SELECT id FROM locations WHERE state = 'published' AND partner_id = $1";
        let (sql, value) = match scope {
            Scope::Imported => (IMPORTED, "import"),
            Scope::Partner(id) => (OF_PARTNER, id.as_str()),
        };
        on_pool!(self, pool => {
            let mut rows = sqlx::query_scalar::<_, String>(sql).bind(value).fetch(pool);
            while let Some(id) = rows.try_next().await? {
                each(&id);
            }
        });
        Ok(())
    }

    /// Every published location with its partner, by id, streamed; for export.
    ///
    /// # Errors
    /// [`StoreError`]. A row that is no location is handed on as such.
    pub async fn each_with_partner(
        &self,
        mut each: impl FnMut(Result<(Location, Partner), RowError>) -> std::ops::ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let mut hours = HoursIntern::default();
        let mut tx = self.begin_snapshot().await?;
        on_tx!(tx, conn => {
            let mut rows = sqlx::query(SELECT_ALL_PUBLISHED_BY_ID).fetch(conn);
            while let Some(row) = rows.try_next().await? {
                let pair = WithPartner::from_row(&row)
                    .map_err(|e| RowError { column: "row", reason: e.to_string() })
                    .and_then(|row| row.into_pair(&mut hours));
                if each(pair).is_break() {
                    break;
                }
            }
        });
        Ok(())
    }
}
