//! Ryadom.
pub mod cli;
pub mod domain;
pub mod geometry;
pub mod partners;
pub mod store;
