//! Who is at the door: sign-in by a link in a letter, sessions, the second factor, keys of partners' systems, and the
//! one table that says who may do what.
//!
//! In: an address, the token of a link, a cookie, a key. Out: a [`Principal`](crate::domain::Principal). What must stay
//! true: opening a link signs nobody in (its token is in the fragment, and a button sends it); tokens are kept as
//! hashes; the second factor's secret is sealed; the answer to "send me a link" tells nothing about the address.

pub mod gate;
pub mod mail;
pub mod policy;
pub mod totp;

pub use gate::{Gate, GateError, Session, Standing};
