//! A location as a map feature. Below the index, which keeps what is encoded here.

pub mod encode;
pub mod properties;
