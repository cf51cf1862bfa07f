//! JSON Web Signatures in the compact form (RFC 7515) with ES256 and nothing else.

use super::jwk::PublicKey;
use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;

/// Longest JWS that is read, bytes.
const MAX_BYTES: usize = 16 * 1024;

/// A JWS whose signature has not been looked at yet.
#[derive(Debug, Clone)]
pub struct Unverified<'a> {
    /// The protected header.
    pub header: Value,
    /// The claims.
    pub claims: Value,
    signed: &'a str,
    signature: Vec<u8>,
}

/// Why a text is no JWS of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// Not three parts of base64url, of which two are JSON objects.
    #[error("not a compact JWS")]
    Form,
    /// Another algorithm, or extensions that must be understood.
    #[error("only ES256 without critical extensions is accepted")]
    Algorithm,
}

impl<'a> Unverified<'a> {
    /// Takes the parts asunder.
    ///
    /// # Errors
    /// [`JwsError`].
    pub fn parse(text: &'a str) -> Result<Self, JwsError> {
        if text.len() > MAX_BYTES {
            return Err(JwsError::Form);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(JwsError::Form)?;
        let (header, claims) = signed.split_once('.').ok_or(JwsError::Form)?;
        let object = |part: &str| {
            let bytes = BASE64URL_NOPAD.decode(part.as_bytes()).ok()?;
            serde_json::from_slice::<Value>(&bytes).ok().filter(Value::is_object)
        };
        let header = object(header).ok_or(JwsError::Form)?;
        let claims = object(claims).ok_or(JwsError::Form)?;
        let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).map_err(|_| JwsError::Form)?;
        if header["alg"] != "ES256" || header.get("crit").is_some() {
            return Err(JwsError::Algorithm);
        }
        Ok(Self { header, claims, signed, signature })
    }

    /// Whether a key has signed it.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.verifies(self.signed.as_bytes(), &self.signature)
    }

    /// A text claim.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }

    /// A whole number among the claims.
    pub fn whole(&self, name: &str) -> Option<i64> {
        // RFC 7519 allows fractions of a second.
        let value = self.claims.get(name)?;
        value.as_i64().or_else(|| value.as_f64().filter(|n| n.abs() < 1e15).map(|n| n as i64))
    }
}

/// Header and claims as they are signed.
pub fn signing_input(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    format!("{}.{}", part(header), part(claims))
}

/// The whole, when its signature is there.
pub fn with_signature(signing_input: &str, signature: &[u8]) -> String {
    format!("{signing_input}.{}", BASE64URL_NOPAD.encode(signature))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::signer::{LocalKey, Signer};
    use serde_json::json;

    #[test]
    fn what_is_signed_verifies_and_what_is_altered_does_not() {
        let key = LocalKey::generate().unwrap();
        let input = signing_input(&json!({"alg": "ES256", "typ": "x"}), &json!({"iat": 5, "aud": "a"}));
        let jws = with_signature(&input, &key.sign(input.as_bytes()).unwrap());
        let read = Unverified::parse(&jws).unwrap();
        assert!(read.is_signed_by(&key.public_key()));
        assert_eq!((read.whole("iat"), read.text("aud")), (Some(5), Some("a")));
        assert!(!read.is_signed_by(&LocalKey::generate().unwrap().public_key()));
        let other = signing_input(&json!({"alg": "ES256", "typ": "x"}), &json!({"iat": 6, "aud": "a"}));
        let forged = format!("{other}.{}", jws.rsplit_once('.').unwrap().1);
        assert!(!Unverified::parse(&forged).unwrap().is_signed_by(&key.public_key()));
    }

    #[test]
    fn other_algorithms_and_forms_are_refused() {
        let jws = |header: Value| format!("{}.AAAA", signing_input(&header, &json!({})));
        for header in
            [json!({"alg": "none"}), json!({"alg": "HS256"}), json!({"alg": "ES256", "crit": ["b64"]}), json!({})]
        {
            assert_eq!(Unverified::parse(&jws(header)).unwrap_err(), JwsError::Algorithm);
        }
        for text in ["", "a.b", "a.b.c", "e30.e30", "W10.e30.AA", "e30=.e30.AA"] {
            assert_eq!(Unverified::parse(text).unwrap_err(), JwsError::Form, "{text}");
        }
    }
}
