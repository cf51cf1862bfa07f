//! Proofs at length. Of the spatial index: every answer beside a scan that knows nothing of trees, cells or deltas.
//!
//! | module | what it proves |
//! | --- | --- |
//! | [`nearest`] | nearest equals a full scan by Karney's geodesic |
//! | [`filters`] | and so it does, as do count and viewport, under every filter and pair of filters |
//! | [`within`] | a viewport holds what its box holds, every place on exactly one page |
//! | [`clusters`] | every place is drawn once at every zoom, and clusters fall apart when they say so |
//! | [`deltas`] | after any edits, during any merge, the answers are those of a fresh start |
//! | [`oracle`] | PostGIS answers the same |
//! | [`geodesic`] | the bounds of the chord, and the arc that stands for Karney |
//! | [`fuzz`] | whatever bytes come, the readers of codes, proofs, offers and lists answer |
//!
//! `brute` is the other side of each comparison; it uses nothing of `ryadom::index` and `ryadom::geometry` but the
//! types of questions and answers.

mod brute;
mod clusters;
mod deltas;
mod filters;
mod fuzz;
mod geodesic;
mod nearest;
mod oracle;
mod within;
