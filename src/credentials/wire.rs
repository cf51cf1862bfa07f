//! Numbers and names of the drafts that may still move: one place to follow them.

/// `typ` of an SD-JWT VC.
pub const SD_JWT_TYP: &str = "dc+sd-jwt";
/// `typ` of a key proof at the credential endpoint.
pub const PROOF_TYP: &str = "openid4vci-proof+jwt";
/// `typ` of a device proof.
pub const DPOP_TYP: &str = "dpop+jwt";
/// `typ` of a status list token as a JWT; with `application/` its media type.
pub const STATUS_JWT_TYP: &str = "statuslist+jwt";
/// Media type of a status list token as a CWT.
pub const STATUS_CWT_TYPE: &str = "application/statuslist+cwt";
/// CWT claim of a status list.
pub const CWT_STATUS_LIST: i64 = 65533;
/// CWT claim of a list's time to live.
pub const CWT_TTL: i64 = 65534;
/// COSE header `typ`.
pub const COSE_TYP: i64 = 16;
/// COSE header `kcwt`.
pub const COSE_KCWT: i64 = 13;
/// Content format of a presentation.
pub const TYP_PRESENTATION: i64 = 294;
/// Content format of a CWT.
pub const TYP_CWT: i64 = 61;
/// CWT claim of our type.
pub const CWT_VCT: i64 = 11;
/// The large-family type as a number.
pub const VCT_LARGE_FAMILY: i64 = 65001;
/// CWT claim: [status list number, index].
pub const CWT_STATUS_REF: i64 = -65537;
/// CWT claim: region code.
pub const CWT_REGION: i64 = -65539;
/// COSE header of a status list CWT's `typ`.
pub const STATUS_CWT_TYP: &str = STATUS_CWT_TYPE;
