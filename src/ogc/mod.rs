//! OGC API over the snapshot: what is asked becomes a [`query::Question`], and the documents of the standards.
//!
//! In come query parameters as texts and trees of [`cql2`]; out go pages of places and JSON documents. What must stay
//! true: a page is made from one snapshot, and a filter gives the same set whether a view of the index answers it or a
//! walk through all places.
//!
//! # Source
//! OGC API - Features Part 1 (17-069r4) and Part 3 (19-079r2), CQL2 (21-065r2), OGC API - Tiles Part 1 (20-057),
//! Two Dimensional Tile Matrix Set 2.0 (17-083r4). Sorting is a draft (Features Part 8).

pub mod cql2;
pub mod documents;
pub mod narrow;
pub mod openapi;
pub mod query;
pub mod sort;
pub mod tile_documents;

/// The one collection.
pub const COLLECTION: &str = "locations";
/// The reference system of everything here: WGS 84, longitude first.
pub const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
