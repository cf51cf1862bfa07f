//! A public key of the curve P-256 as a JWK (RFC 7517), and its thumbprint (RFC 7638).

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A point of P-256, uncompressed: 4, x, y.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 65]);

/// Why a JWK is none of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// It holds a private key.
    #[error("the key holds its private part")]
    Private,
    /// It is no EC key of P-256 with both coordinates.
    #[error("an EC key of the curve P-256 is needed")]
    Form,
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKey({})", BASE64URL_NOPAD.encode(&self.0[1..9]))
    }
}

/// The members of a public P-256 JWK.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Jwk {
    /// Always `EC`.
    pub kty: String,
    /// Always `P-256`.
    pub crv: String,
    /// Base64url, 32 bytes.
    pub x: String,
    /// Base64url, 32 bytes.
    pub y: String,
}

impl PublicKey {
    /// Takes the uncompressed form; the point is checked against the curve by whoever verifies with it.
    pub fn from_sec1(bytes: &[u8]) -> Option<Self> {
        let bytes: [u8; 65] = bytes.try_into().ok()?;
        (bytes[0] == 4).then_some(Self(bytes))
    }

    /// Reads a JWK.
    ///
    /// # Errors
    /// [`JwkError`].
    pub fn from_jwk(jwk: &Value) -> Result<Self, JwkError> {
        let members = jwk.as_object().ok_or(JwkError::Form)?;
        if ["d", "p", "q", "k", "dp", "dq", "qi", "oth"].iter().any(|private| members.contains_key(*private)) {
            return Err(JwkError::Private);
        }
        let text = |name: &str| members.get(name).and_then(Value::as_str).ok_or(JwkError::Form);
        if text("kty")? != "EC" || text("crv")? != "P-256" {
            return Err(JwkError::Form);
        }
        let mut bytes = [4; 65];
        for (name, place) in [("x", 1), ("y", 33)] {
            let coordinate = BASE64URL_NOPAD.decode(text(name)?.as_bytes()).map_err(|_| JwkError::Form)?;
            bytes[place..place + 32]
                .copy_from_slice(coordinate.get(..).filter(|c| c.len() == 32).ok_or(JwkError::Form)?);
        }
        Ok(Self(bytes))
    }

    /// As a JWK.
    pub fn jwk(&self) -> Jwk {
        Jwk {
            kty: "EC".into(),
            crv: "P-256".into(),
            x: BASE64URL_NOPAD.encode(self.x()),
            y: BASE64URL_NOPAD.encode(self.y()),
        }
    }

    /// RFC 7638: SHA-256 over the required members in order.
    pub fn thumbprint(&self) -> [u8; 32] {
        let jwk = self.jwk();
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, jwk.x, jwk.y);
        Sha256::digest(canonical.as_bytes()).into()
    }

    /// 4, x, y.
    pub fn sec1(&self) -> &[u8; 65] {
        &self.0
    }

    /// The first coordinate.
    pub fn x(&self) -> &[u8] {
        &self.0[1..33]
    }

    /// The second coordinate.
    pub fn y(&self) -> &[u8] {
        &self.0[33..]
    }

    /// Whether `signature` (r, s) over `message` is of this key.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &self.0).verify(message, signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_jwk_is_read_and_written_and_private_ones_are_refused() {
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": "yNgMDkJpPCEbWm1rVSnb1wRx2QoQvg-nl7u4D-5EYdw",
            "y": "5No3xZjrih__7XpkImQ5pY6dJ1C9uEuXhkffzDKGGjM", "kid": "hZoUw9NlO6A"});
        let key = PublicKey::from_jwk(&jwk).unwrap();
        assert_eq!(json!(key.jwk())["x"], jwk["x"]);
        let mut private = jwk.clone();
        private["d"] = json!("PY2lkRTIYB7p3mSCzXoGuVDSWXTuuXeAgdA4W7DamZk");
        assert_eq!(PublicKey::from_jwk(&private), Err(JwkError::Private));
        for (name, value) in [("crv", "P-384"), ("kty", "RSA"), ("x", "AA"), ("y", "=")] {
            let mut wrong = jwk.clone();
            wrong[name] = json!(value);
            assert_eq!(PublicKey::from_jwk(&wrong), Err(JwkError::Form), "{name}");
        }
    }
}
