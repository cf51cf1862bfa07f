//! Ryadom.
pub mod domain;
pub mod feature;
pub mod feed;
pub mod geometry;
pub mod index;
pub mod store;
