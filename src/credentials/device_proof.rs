//! What a wallet proves with its key: at the credential endpoint (OpenID4VCI key proofs) and at our own routes (in the
//! form of DPoP, RFC 9449).
//!
//! Nonces are ours and need no row to be given: a time and a keyed hash. Each is good for five minutes.

use super::jwk::{JwkError, PublicKey};
use super::jws::Unverified;
use super::wire;
use crate::sealing::{Mac, random};
use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;

/// How long a nonce is good for, seconds.
pub const NONCE_S: i64 = 300;
/// How far a device's clock may be off, seconds: the nonce says when it was, `iat` is only told.
const CLOCK_S: i64 = 24 * 3600;

/// Makes and recognises nonces.
#[derive(Debug, Clone)]
pub struct Nonces(Mac);

impl Nonces {
    /// With a key of their own.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Mac::new(key))
    }

    fn tag(&self, seed: &[u8]) -> [u8; 16] {
        self.0.of(&[b"nonce", seed])[..16].try_into().expect("16 of 32")
    }

    /// A fresh one.
    pub fn make(&self, now: DateTime<Utc>) -> String {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&now.timestamp().to_be_bytes());
        bytes[8..16].copy_from_slice(&random::<8>());
        let tag = self.tag(&bytes[..16]);
        bytes[16..].copy_from_slice(&tag);
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// Whether it is one of ours and not too old.
    pub fn is_good(&self, nonce: &str, now: DateTime<Utc>) -> bool {
        let Ok(bytes) = BASE64URL_NOPAD.decode(nonce.as_bytes()) else { return false };
        let Ok(bytes) = <[u8; 32]>::try_from(bytes) else { return false };
        let made_s = i64::from_be_bytes(bytes[..8].try_into().expect("8 of 32"));
        let age_s = now.timestamp().saturating_sub(made_s);
        // Not in constant time: whoever can guess tags byte by byte has only a nonce, which is given to anybody.
        self.tag(&bytes[..16]) == bytes[16..] && (-5..=NONCE_S).contains(&age_s)
    }
}

/// Why a proof is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Not a JWS of the wanted type, a key that is no key, a signature that does not fit.
    #[error("{0}")]
    Invalid(&'static str),
    /// The nonce is not ours or too old: fetch a new one.
    #[error("the nonce is unknown or too old")]
    Nonce,
}

/// A proof that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The key that signed it.
    pub key: PublicKey,
    /// Its nonce.
    pub nonce: String,
    /// Its own id, where it has one.
    pub jti: Option<String>,
}

/// Checks a key proof of the credential endpoint.
///
/// # Errors
/// [`ProofError`].
pub fn key_proof(jwt: &str, issuer: &str, nonces: &Nonces, now: DateTime<Utc>) -> Result<Proof, ProofError> {
    let proof = signed(jwt, wire::PROOF_TYP)?;
    // One audience, as a text or as a list of one.
    let audience = proof.0.claims.get("aud");
    let is_ours =
        audience.is_some_and(|aud| aud == issuer || (aud[0] == issuer && aud.as_array().is_some_and(|a| a.len() == 1)));
    if !is_ours {
        return Err(ProofError::Invalid("aud must be the credential issuer"));
    }
    // To leave the nonce out is a fault of the proof; an old one is only old.
    if proof.0.text("nonce").is_none() {
        return Err(ProofError::Invalid("nonce is missing"));
    }
    finish(proof, nonces, now, None)
}

/// Checks a device proof for one route.
///
/// # Errors
/// [`ProofError`].
pub fn device_proof(
    jwt: &str,
    method: &str,
    url: &str,
    nonces: &Nonces,
    now: DateTime<Utc>,
) -> Result<Proof, ProofError> {
    let proof = signed(jwt, wire::DPOP_TYP)?;
    if proof.0.text("htm") != Some(method) || proof.0.text("htu") != Some(url) {
        return Err(ProofError::Invalid("htm and htu must name this very request"));
    }
    let jti = proof.0.text("jti").filter(|jti| (8..=200).contains(&jti.len())).map(str::to_owned);
    let jti = jti.ok_or(ProofError::Invalid("jti must be a random text"))?;
    finish(proof, nonces, now, Some(jti))
}

fn signed<'a>(jwt: &'a str, typ: &str) -> Result<(Unverified<'a>, PublicKey), ProofError> {
    let jws = Unverified::parse(jwt).map_err(|_| ProofError::Invalid("the proof must be a compact JWS with ES256"))?;
    if jws.header["typ"] != typ {
        return Err(ProofError::Invalid("the typ of the proof is another"));
    }
    if jws.header.get("kid").is_some() || jws.header.get("x5c").is_some() {
        return Err(ProofError::Invalid("the key must stand in jwk alone"));
    }
    let key = PublicKey::from_jwk(&jws.header["jwk"]).map_err(|error| match error {
        JwkError::Private => ProofError::Invalid("jwk holds a private key"),
        JwkError::Form => ProofError::Invalid("jwk must be an EC key of the curve P-256"),
    })?;
    if !jws.is_signed_by(&key) {
        return Err(ProofError::Invalid("the signature does not fit the key"));
    }
    Ok((jws, key))
}

fn finish(
    (jws, key): (Unverified<'_>, PublicKey),
    nonces: &Nonces,
    now: DateTime<Utc>,
    jti: Option<String>,
) -> Result<Proof, ProofError> {
    let iat = jws.whole("iat").ok_or(ProofError::Invalid("iat is missing"))?;
    if (now.timestamp() - iat).abs() > CLOCK_S {
        return Err(ProofError::Invalid("iat is days away: set the clock of the device"));
    }
    let nonce = jws.text("nonce").ok_or(ProofError::Nonce)?;
    if !nonces.is_good(nonce, now) {
        return Err(ProofError::Nonce);
    }
    Ok(Proof { key, nonce: nonce.to_owned(), jti })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::jws::{signing_input, with_signature};
    use crate::credentials::signer::{LocalKey, Signer};
    use serde_json::{Value, json};

    const ISSUER: &str = "https://a.example";

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_348_800, 0).unwrap()
    }

    fn jwt(key: &LocalKey, header: &Value, claims: &Value) -> String {
        let input = signing_input(header, claims);
        with_signature(&input, &key.sign(input.as_bytes()).unwrap())
    }

    #[test]
    fn proofs_hold_for_their_audience_nonce_and_key_alone() {
        let key = LocalKey::generate().unwrap();
        let nonces = Nonces::new(&[7; 32]);
        let nonce = nonces.make(now());
        let header = json!({"alg": "ES256", "typ": "openid4vci-proof+jwt", "jwk": key.public_key().jwk()});
        let claims = json!({"aud": ISSUER, "iat": now().timestamp(), "nonce": nonce});
        let check = |header: &Value, claims: &Value| key_proof(&jwt(&key, header, claims), ISSUER, &nonces, now());
        assert_eq!(check(&header, &claims).unwrap().key, key.public_key());
        let with = |value: &Value, name: &str, new: Value| {
            let mut changed = value.clone();
            changed[name] = new;
            changed
        };
        for (name, new) in [
            ("aud", json!("https://b.example")),
            ("aud", json!([ISSUER, "b"])),
            ("iat", json!(5)),
            ("iat", Value::Null),
        ] {
            assert!(
                matches!(check(&header, &with(&claims, name, new.clone())), Err(ProofError::Invalid(_))),
                "{name} {new}"
            );
        }
        for foreign in [
            json!("x"),
            json!(Nonces::new(&[8; 32]).make(now())),
            json!(nonces.make(now() - chrono::TimeDelta::seconds(301))),
        ] {
            assert_eq!(check(&header, &with(&claims, "nonce", foreign)), Err(ProofError::Nonce));
        }
        let missing = check(&header, &with(&claims, "nonce", Value::Null));
        assert_eq!(missing, Err(ProofError::Invalid("nonce is missing")));
        let mut private = json!(key.public_key().jwk());
        private["d"] = json!("AAAA");
        let other = LocalKey::generate().unwrap().public_key().jwk();
        for (name, new) in
            [("typ", json!("JWT")), ("jwk", private), ("jwk", json!(other)), ("jwk", json!({})), ("kid", json!("a"))]
        {
            assert!(
                matches!(check(&with(&header, name, new.clone()), &claims), Err(ProofError::Invalid(_))),
                "{name} {new}"
            );
        }
    }

    #[test]
    fn a_device_proof_names_its_request() {
        let key = LocalKey::generate().unwrap();
        let nonces = Nonces::new(&[7; 32]);
        let header = json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": key.public_key().jwk()});
        let claims = json!({"htm": "POST", "htu": "https://a.example/x", "iat": now().timestamp(),
            "nonce": nonces.make(now()), "jti": "0123456789"});
        let proof = jwt(&key, &header, &claims);
        assert!(device_proof(&proof, "POST", "https://a.example/x", &nonces, now()).is_ok());
        for (method, url) in [("GET", "https://a.example/x"), ("POST", "https://a.example/y")] {
            assert!(device_proof(&proof, method, url, &nonces, now()).is_err());
        }
        // A proof of one kind is none of the other.
        assert!(key_proof(&proof, ISSUER, &nonces, now()).is_err());
    }
}
