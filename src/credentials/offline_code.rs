//! Profile B: a presentation signed by the device over a CWT signed by the issuer, for a check without a connection.
//!
//! ```text
//! presentation = 18([ << {1:-7, 13: credential, 16: 294} >>, {}, << {3:"*", 6: iat} >>, sig64 ])
//! credential   = 18([ << {1:-7, 4: kid8, 16: 61} >>, {}, << {4: exp, 8:{1:{1:2,-1:1,-2:x,-3:y}}, 11: 65001} >>, sig64 ])
//! ```
//!
//! Reading is strict: what is not written as this file would write it is nobody's. There is one answer for all of that.

use super::jwk::PublicKey;
use super::signer::{SignError, Signer};
use super::verdict::Reason;
use super::wire;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use chrono::{DateTime, Utc};
use ciborium::Value;

/// Longest presentation that is looked at, bytes.
const MAX_BYTES: usize = 1_024;
/// Deepest nesting of CBOR.
const MAX_DEPTH: usize = 8;
/// Seconds by which the phones' clocks may differ.
const AHEAD_S: i64 = 60;
/// Seconds that a presentation is good for.
const BEHIND_S: i64 = 120;
const ES256: i64 = -7;
const COSE_SIGN1: u64 = 18;

/// What a presentation says once it is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// The kind of right, by number.
    pub vct: i64,
    /// The end of the copy, seconds.
    pub expires_s: i64,
    /// List and entry, where the copy lives long enough to need one.
    pub status_ref: Option<(u64, u64)>,
    /// Two digits, where it is said.
    pub region: Option<u64>,
    /// What a replay is recognised by.
    pub signature: [u8; 64],
}

/// A COSE_Sign1, taken asunder.
struct Sign1 {
    protected_bytes: Vec<u8>,
    protected: Vec<(Value, Value)>,
    payload_bytes: Vec<u8>,
    payload: Vec<(Value, Value)>,
    signature: [u8; 64],
}

pub(super) fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    ciborium::into_writer(value, &mut bytes).expect("writing into memory");
    bytes
}

/// CBOR in its one form: definite lengths, shortest numbers, nothing behind it, no key twice.
fn decode(bytes: &[u8]) -> Option<Value> {
    let value: Value = ciborium::de::from_reader_with_recursion_limit(bytes, MAX_DEPTH).ok()?;
    (encode(&value) == bytes && has_no_key_twice(&value)).then_some(value)
}

fn has_no_key_twice(value: &Value) -> bool {
    match value {
        Value::Map(members) => {
            let twice = members.iter().enumerate().any(|(i, (key, _))| members[..i].iter().any(|(k, _)| k == key));
            !twice && members.iter().all(|(key, value)| has_no_key_twice(key) && has_no_key_twice(value))
        }
        Value::Array(items) => items.iter().all(has_no_key_twice),
        Value::Tag(_, inner) => has_no_key_twice(inner),
        _ => true,
    }
}

fn get(map: &[(Value, Value)], key: i64) -> Option<&Value> {
    map.iter().find(|(k, _)| *k == Value::from(key)).map(|(_, v)| v)
}

fn whole(value: &Value) -> Option<i64> {
    i64::try_from(value.as_integer()?).ok()
}

impl Sign1 {
    fn of(value: &Value) -> Option<Self> {
        let Value::Tag(COSE_SIGN1, inner) = value else { return None };
        let [protected, unprotected, payload, signature] = inner.as_array()?.as_slice() else { return None };
        if !unprotected.as_map()?.is_empty() {
            return None;
        }
        let (protected_bytes, payload_bytes) = (protected.as_bytes()?.clone(), payload.as_bytes()?.clone());
        let map = |bytes: &[u8]| decode(bytes)?.into_map().ok();
        Some(Self {
            protected: map(&protected_bytes)?,
            payload: map(&payload_bytes)?,
            signature: signature.as_bytes()?.as_slice().try_into().ok()?,
            protected_bytes,
            payload_bytes,
        })
    }

    /// Exactly these headers, with the algorithm and the type as they must be.
    fn has_headers(&self, other: i64, typ: i64) -> bool {
        self.protected.len() == 3
            && get(&self.protected, 1) == Some(&Value::from(ES256))
            && get(&self.protected, other).is_some()
            && get(&self.protected, wire::COSE_TYP) == Some(&Value::from(typ))
    }

    fn is_signed_by(&self, point: &[u8]) -> bool {
        let message = sig_structure(&self.protected_bytes, &self.payload_bytes);
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(&message, &self.signature).is_ok()
    }
}

/// What a COSE_Sign1 signs (RFC 9052, section 4.4).
fn sig_structure(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    encode(&Value::Array(vec![
        "Signature1".into(),
        Value::Bytes(protected.to_vec()),
        Value::Bytes(Vec::new()),
        Value::Bytes(payload.to_vec()),
    ]))
}

pub(super) fn sign1(protected: &Value, payload: &Value, signer: &dyn Signer) -> Result<Value, SignError> {
    let (protected, payload) = (encode(protected), encode(payload));
    let signature = signer.sign(&sig_structure(&protected, &payload))?;
    Ok(Value::Tag(
        COSE_SIGN1,
        Box::new(Value::Array(vec![
            Value::Bytes(protected),
            Value::Map(Vec::new()),
            Value::Bytes(payload),
            Value::Bytes(signature.to_vec()),
        ])),
    ))
}

fn map<const N: usize>(members: [(i64, Value); N]) -> Value {
    Value::Map(members.into_iter().map(|(k, v)| (k.into(), v)).collect())
}

/// A copy for one device key.
#[derive(Debug)]
pub struct Copy<'a> {
    /// The issuer's key.
    pub kid: [u8; 8],
    /// The holder's key.
    pub holder: &'a PublicKey,
    /// The end; the same midnight for everybody.
    pub expires_s: i64,
}

/// A credential of profile B.
///
/// # Errors
/// [`SignError`].
pub fn issue(copy: &Copy<'_>, signer: &dyn Signer) -> Result<Vec<u8>, SignError> {
    let y_is_odd = copy.holder.y()[31] & 1 == 1;
    let key = map([(1, 2.into()), (-1, 1.into()), (-2, Value::Bytes(copy.holder.x().to_vec())), (-3, y_is_odd.into())]);
    let protected =
        map([(1, ES256.into()), (4, Value::Bytes(copy.kid.to_vec())), (wire::COSE_TYP, wire::TYP_CWT.into())]);
    let payload =
        map([(4, copy.expires_s.into()), (8, map([(1, key)])), (wire::CWT_VCT, wire::VCT_LARGE_FAMILY.into())]);
    Ok(encode(&sign1(&protected, &payload, signer)?))
}

/// A presentation, as the wallet makes it; here for the tests of those who read it.
///
/// # Errors
/// [`SignError`]; `None` inside when the credential is no CBOR.
pub fn present(credential: &[u8], at_s: i64, device: &dyn Signer) -> Result<Option<Vec<u8>>, SignError> {
    let Some(credential) = decode(credential) else { return Ok(None) };
    let protected =
        map([(1, ES256.into()), (wire::COSE_KCWT, credential), (wire::COSE_TYP, wire::TYP_PRESENTATION.into())]);
    let payload = map([(3, "*".into()), (6, at_s.into())]);
    Ok(Some(encode(&sign1(&protected, &payload, device)?)))
}

/// The point of a COSE_Key, compressed or not.
fn point(key: &Value) -> Option<Vec<u8>> {
    let key = key.as_map()?;
    if key.len() != 4 || get(key, 1) != Some(&2.into()) || get(key, -1) != Some(&1.into()) {
        return None;
    }
    let x = get(key, -2)?.as_bytes().filter(|x| x.len() == 32)?;
    Some(match get(key, -3)? {
        Value::Bool(odd) => [&[2 + u8::from(*odd)][..], x].concat(),
        Value::Bytes(y) if y.len() == 32 => [&[4][..], x, y].concat(),
        _ => return None,
    })
}

/// Judges a presentation by what this phone knows.
///
/// # Shape
/// Cheap checks first; every fault of form, key or signature is [`Reason::NotOurs`].
/// # Errors
/// The reason to say.
pub fn verify(
    bytes: &[u8],
    now: DateTime<Utc>,
    audience: &str,
    key_of: impl Fn(&[u8; 8]) -> Option<PublicKey>,
) -> Result<Presented, Reason> {
    let (presented, issued_s) = read(bytes, audience, key_of).ok_or(Reason::NotOurs)?;
    let age_s = now.timestamp() - issued_s;
    if presented.expires_s <= now.timestamp() {
        return Err(Reason::RightEnded);
    }
    if age_s < -AHEAD_S {
        return Err(Reason::Clock);
    }
    if age_s > BEHIND_S {
        return Err(Reason::CodeExpired);
    }
    Ok(presented)
}

fn read(bytes: &[u8], audience: &str, key_of: impl Fn(&[u8; 8]) -> Option<PublicKey>) -> Option<(Presented, i64)> {
    if bytes.len() > MAX_BYTES {
        return None;
    }
    let outer = Sign1::of(&decode(bytes)?)?;
    let inner = Sign1::of(get(&outer.protected, wire::COSE_KCWT)?)?;
    if !outer.has_headers(wire::COSE_KCWT, wire::TYP_PRESENTATION) || !inner.has_headers(4, wire::TYP_CWT) {
        return None;
    }
    let kid: [u8; 8] = get(&inner.protected, 4)?.as_bytes()?.as_slice().try_into().ok()?;
    if !inner.is_signed_by(key_of(&kid)?.sec1()) {
        return None;
    }
    let vct = whole(get(&inner.payload, wire::CWT_VCT)?).filter(|vct| *vct == wire::VCT_LARGE_FAMILY)?;
    let [(one, key)] = get(&inner.payload, 8)?.as_map()?.as_slice() else { return None };
    if *one != 1.into() || !outer.is_signed_by(&point(key)?) {
        return None;
    }
    let said_to = get(&outer.payload, 3)?.as_text()?;
    if said_to != "*" && said_to != audience {
        return None;
    }
    let status_ref = match get(&inner.payload, wire::CWT_STATUS_REF) {
        None => None,
        Some(reference) => {
            let [list, index] = reference.as_array()?.as_slice() else { return None };
            Some((u64::try_from(whole(list)?).ok()?, u64::try_from(whole(index)?).ok()?))
        }
    };
    let expires_s = whole(get(&inner.payload, 4)?)?;
    let issued_s = whole(get(&outer.payload, 6)?)?;
    let region = match get(&inner.payload, wire::CWT_REGION) {
        None => None,
        Some(region) => Some(u64::try_from(whole(region)?).ok()?),
    };
    Some((Presented { vct, expires_s, status_ref, region, signature: outer.signature }, issued_s))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::code_text::{Prefix, Profile};
    use crate::credentials::signer::LocalKey;
    use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
    use proptest::prelude::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_vectors_hold() {
        let file: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/vectors/offline_qr.json")).unwrap();
        let jwk = &file["jwks"]["keys"][0];
        let kid = BASE64URL_NOPAD.decode(jwk["kid"].as_str().unwrap().as_bytes()).unwrap();
        let key = PublicKey::from_jwk(jwk).unwrap();
        let prefix = Prefix::of("https://qr.example.ru");
        let vectors = file["vectors"].as_array().unwrap();
        for vector in vectors {
            let name = &vector["name"];
            let hex = HEXLOWER.decode(vector["hex"].as_str().unwrap().as_bytes()).unwrap();
            let now = at(vector["now"].as_i64().unwrap());
            let judged = prefix.parse(vector["text"].as_str().unwrap()).map(|(profile, bytes)| {
                assert_eq!((profile, &bytes), (Profile::B, &hex), "{name}");
                verify(&bytes, now, "shop-1", |k| (*k == *kid).then_some(key))
            });
            let reason = match judged {
                Some(Ok(_)) => serde_json::Value::Null,
                Some(Err(reason)) => serde_json::to_value(reason).unwrap(),
                None => serde_json::to_value(Reason::NotOurs).unwrap(),
            };
            assert_eq!(reason, vector["expect"]["reason"], "{name}");
        }
        assert!(vectors.len() >= 19);
    }

    #[test]
    fn what_we_issue_is_presented_and_read_and_is_as_short_as_planned() {
        let (issuer, device) = (LocalKey::generate().unwrap(), LocalKey::generate().unwrap());
        let kid = [9; 8];
        let copy = Copy { kid, holder: &device.public_key(), expires_s: 1_795_600_000 };
        let credential = issue(&copy, &issuer).unwrap();
        let presentation = present(&credential, 1_795_348_800, &device).unwrap().unwrap();
        assert_eq!(presentation.len(), 234);
        let key_of = |k: &[u8; 8]| (*k == kid).then(|| issuer.public_key());
        let presented = verify(&presentation, at(1_795_348_810), "x", key_of).unwrap();
        assert_eq!((presented.vct, presented.expires_s), (65001, 1_795_600_000));
        for (now, reason) in [
            (1_795_348_800 - 60, None),
            (1_795_348_800 - 61, Some(Reason::Clock)),
            (1_795_348_800 + 120, None),
            (1_795_348_800 + 121, Some(Reason::CodeExpired)),
            (1_795_600_000, Some(Reason::RightEnded)),
        ] {
            assert_eq!(verify(&presentation, at(now), "x", key_of).err(), reason, "{now}");
        }
        // Somebody else's device holds the copy.
        let thief = LocalKey::generate().unwrap();
        let stolen = present(&credential, 1_795_348_800, &thief).unwrap().unwrap();
        assert_eq!(verify(&stolen, at(1_795_348_810), "x", key_of), Err(Reason::NotOurs));
    }

    proptest! {
        #[test]
        fn bytes_of_nobody_are_nobodys(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            prop_assert_eq!(verify(&bytes, at(0), "x", |_| None), Err(Reason::NotOurs));
        }
    }
}
