//! Ryadom.
pub mod domain;
pub mod geometry;
pub mod store;
