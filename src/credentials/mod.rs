//! The credential desk: a right is confirmed once, issued to a device, shown as a code, checked by any phone.
//!
//! ```text
//! operator, list, agency -> Rights -> offer -> Issuer -> wallet -> Minter -> code -> Verifier -> Verdict
//! ```
//!
//! Things are pure and named for what they are ([`jws`], [`sd_jwt`], [`status_list`], [`online_code`],
//! [`offline_code`]); actors hold the store and the clock ([`desk::Desk`] builds them). What must stay true: no name, no
//! document number and no outside id is stored or said; a partner learns the right and nothing that two visits share.
//!
//! Formats are those of OpenID4VCI 1.0, SD-JWT VC, Token Status List and CWT; what may still move in them stands in
//! [`wire`].

pub mod code_text;
pub mod desk;
pub mod device_proof;
pub mod issuer;
pub mod jwk;
pub mod jws;
pub mod keyring;
pub mod minter;
pub mod offline_code;
pub mod online_code;
pub mod outside_id;
pub mod qr;
pub mod rights;
pub mod rights_list;
pub mod sd_jwt;
pub mod signer;
pub mod status_list;
pub mod status_lists;
pub mod status_source;
pub mod terminals;
pub mod verdict;
pub mod verifier;
pub mod wire;
