//! The row of a location: what both engines hold, and its way to and from the domain.

use crate::domain::hours::Hours;
use crate::domain::location::Published;
use crate::domain::{Benefit, Category, Location, LocationId, PartnerId, Phone, Wheelchair};
use crate::geometry::LonLat;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::types::Json;
use std::collections::HashMap;
use std::sync::Arc;

/// The content of a location as columns. Its JSON is what history keeps and what the content hash covers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, sqlx::FromRow)]
pub struct LocationRow {
    pub(super) id: String,
    pub(super) partner_id: String,
    pub(super) name: String,
    pub(super) category: String,
    pub(super) categories_more: Json<Vec<String>>,
    pub(super) lon: f64,
    pub(super) lat: f64,
    pub(super) address: Option<String>,
    pub(super) address_note: Option<String>,
    pub(super) fias_id: Option<String>,
    pub(super) time_zone: String,
    pub(super) hours: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) phone_ext: Option<String>,
    pub(super) site: Option<String>,
    pub(super) wheelchair: Option<String>,
    pub(super) benefits: Json<Vec<Benefit>>,
    pub(super) last_confirmed: Option<NaiveDate>,
    // Left out where there is none, so that rows of before keep their hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) photo: Option<String>,
}

/// Why a stored row is no location; it is skipped and named, never served.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("column {column}: {reason}")]
pub struct RowError {
    /// The column.
    pub column: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

fn fault(column: &'static str) -> impl Fn(&dyn std::fmt::Display) -> RowError {
    move |reason| RowError { column, reason: reason.to_string() }
}

/// Schedules that were parsed once: a million rows have few distinct ones.
#[derive(Debug, Default)]
pub struct HoursIntern(HashMap<Box<str>, Arc<Hours>>);

impl HoursIntern {
    fn get(&mut self, text: &str) -> Result<Hours, RowError> {
        if let Some(hours) = self.0.get(text) {
            return Ok(Hours::clone(hours));
        }
        let hours = Hours::parse(text).map_err(|e| fault("hours")(&e))?;
        self.0.insert(text.into(), Arc::new(hours.clone()));
        Ok(hours)
    }
}

/// Equal content has an equal hash: 128 bits of SHA-256 over its JSON, in hex.
pub(super) fn content_hash(content: &impl Serialize) -> String {
    use std::fmt::Write;
    let json = serde_json::to_vec(content).expect("a row is plain data");
    Sha256::digest(json)[..16].iter().fold(String::with_capacity(32), |mut s, b| {
        write!(s, "{b:02x}").expect("writing to a string");
        s
    })
}

impl LocationRow {
    /// The columns of a location.
    pub fn of(location: &Location) -> Self {
        let l = location;
        Self {
            id: l.id.as_str().to_owned(),
            partner_id: l.partner_id.as_str().to_owned(),
            name: l.name.clone(),
            category: l.category.code().to_owned(),
            categories_more: Json(l.categories_more.iter().map(|c| c.code().to_owned()).collect()),
            lon: l.position.lon(),
            lat: l.position.lat(),
            address: l.address.clone(),
            address_note: l.address_note.clone(),
            fias_id: l.fias_id.clone(),
            time_zone: l.time_zone.name().to_owned(),
            hours: l.hours.as_ref().map(|h| h.as_str().to_owned()),
            phone: l.phone.as_ref().map(|p| p.e164.clone()),
            phone_ext: l.phone.as_ref().and_then(|p| p.ext.clone()),
            site: l.site.clone(),
            wheelchair: l.wheelchair.map(|w| w.code().to_owned()),
            benefits: Json(l.benefits.clone()),
            last_confirmed: l.last_confirmed,
            photo: l.photo.clone(),
        }
    }

    /// Equal content has an equal hash.
    pub fn content_hash(&self) -> String {
        content_hash(self)
    }

    /// The location of these columns.
    ///
    /// # Errors
    /// [`RowError`] names the first column that holds what no write of ours could have put there.
    pub fn into_location(self, hours: &mut HoursIntern) -> Result<Location, RowError> {
        let category =
            |code: &str| Category::of_code(code).ok_or_else(|| fault("category")(&format!("no category {code:?}")));
        Ok(Location {
            id: LocationId::new(&self.id).map_err(|e| fault("id")(&e))?,
            partner_id: PartnerId::new(&self.partner_id).map_err(|e| fault("partner_id")(&e))?,
            category: category(&self.category)?,
            categories_more: self.categories_more.iter().map(|c| category(c)).collect::<Result<_, _>>()?,
            position: LonLat::new(self.lon, self.lat).map_err(|e| fault("position")(&e))?,
            time_zone: self.time_zone.parse().map_err(|e| fault("time_zone")(&e))?,
            hours: self.hours.as_deref().map(|h| hours.get(h)).transpose()?,
            wheelchair: self
                .wheelchair
                .map(|w| Wheelchair::of_code(&w).ok_or_else(|| fault("wheelchair")(&format!("no value {w:?}"))))
                .transpose()?,
            name: self.name,
            address: self.address,
            address_note: self.address_note,
            fias_id: self.fias_id,
            phone: self.phone.map(|e164| Phone { e164, ext: self.phone_ext }),
            site: self.site,
            benefits: self.benefits.0,
            last_confirmed: self.last_confirmed,
            photo: self.photo,
        })
    }
}

/// A location with what stands beside it when it is published.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PublishedRow {
    #[sqlx(flatten)]
    pub(super) row: LocationRow,
    pub(super) version: i64,
    pub(super) partner_name: String,
}

impl PublishedRow {
    /// # Errors
    /// As [`LocationRow::into_location`].
    pub fn into_published(self, hours: &mut HoursIntern) -> Result<Published, RowError> {
        Ok(Published {
            location: self.row.into_location(hours)?,
            partner_name: self.partner_name,
            version: self.version,
        })
    }
}
