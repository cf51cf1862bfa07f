//! Ryadom (рядом, "nearby"): the open service behind a large-family benefits programme.
//!
//! Data flows one way, and the folders are named for its stations:
//!
//! ```text
//! HTTP -> partners (use-case) -> store -> feed -> index -> tiles -> HTTP
//! ```
//!
//! A write ends in the [`store`] with one number, its [`domain::Seq`]. The [`feed`] carries what was written to the
//! [`index`], an immutable snapshot in memory that is swapped whole; every public read is answered from it, so a
//! stopped database stops writes and never reads. A replica does the same from the feed onward.
//!
//! | room | what it is |
//! | --- | --- |
//! | [`geometry`] | ground: positions on the ellipsoid, pure arithmetic |
//! | [`domain`] | ground: what the words mean; no I/O |
//! | [`sealing`] | ground: what the database must not be able to read alone |
//! | [`store`] | what is remembered: PostGIS or SQLite behind one face |
//! | [`feature`] | a location as a map feature |
//! | [`index`] | what is near: snapshots, views, exact nearest |
//! | [`tiles`] | what is drawn: vector tiles and clusters that agree with every filter |
//! | [`downloads`] | the whole layer as one file: GeoJSON, CSV, FlatGeobuf, PMTiles |
//! | [`ogc`] | what GIS asks: OGC API documents, CQL2, pages of one snapshot |
//! | [`partners`] | the registry desk: import and export |
//! | [`credentials`] | the credential desk: rights, issuing, codes, checks |
//! | [`identity`] | who is at the door: sign-in, second factor, keys, the table of rights |
//! | [`audit`] | the hash-chained log of decisions |
//! | [`feed`] | how news travels; the only room that knows store, index and tiles together |
//! | [`basemap`], [`map_style`] | the map under the places, and its looks |
//! | [`http`] | the door |
//!
//! Imports point down this list's arrows only: `geometry <- domain <- store`, `feature <- index <- tiles <- downloads <- ogc`;
//! `store, index, tiles <- partners, credentials, feed <- http <- app, cli`. Rooms on one step do not know each other.

pub mod geometry;

pub mod domain;

pub mod sealing;

pub mod store;

pub mod feature;

pub mod index;

pub mod tiles;

pub mod downloads;

pub mod ogc;

pub mod audit;

pub mod partners;

pub mod credentials;

pub mod identity;

pub mod feed;

pub mod basemap;

pub mod map_style;

pub mod http;

pub mod config;

pub mod telemetry;

pub mod app;

#[doc(hidden)]
pub mod sample;

pub mod cli;
