//! Signing in two steps: whoever builds an object asks for a signature over bytes, and the key may live elsewhere.

use super::jwk::PublicKey;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};

/// A key that signs with ES256; ours, or one in an HSM behind a socket.
pub trait Signer: Send + Sync {
    /// r and s over `message`, 64 bytes.
    ///
    /// # Errors
    /// [`SignError`] when the key cannot be reached.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError>;

    /// Its public half.
    fn public_key(&self) -> PublicKey;
}

/// The key did not sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signing key cannot be used")]
pub struct SignError;

/// A key in this process.
pub struct LocalKey(EcdsaKeyPair);

impl std::fmt::Debug for LocalKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LocalKey(***)")
    }
}

impl LocalKey {
    /// A new one.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn generate() -> Result<Self, SignError> {
        EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map(Self).map_err(|_| SignError)
    }

    /// Out of PKCS #8, as other tools write keys.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn from_pkcs8(bytes: &[u8]) -> Result<Self, SignError> {
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, bytes).map(Self).map_err(|_| SignError)
    }

    /// As DER (RFC 5915), to be sealed.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn to_der(&self) -> Result<zeroize::Zeroizing<Vec<u8>>, SignError> {
        use aws_lc_rs::encoding::AsDer;
        let der: aws_lc_rs::encoding::EcPrivateKeyRfc5915Der<'_> =
            self.0.private_key().as_der().map_err(|_| SignError)?;
        Ok(zeroize::Zeroizing::new(der.as_ref().to_vec()))
    }

    /// Out of what [`LocalKey::to_der`] gave.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn from_der(bytes: &[u8]) -> Result<Self, SignError> {
        EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_FIXED_SIGNING, bytes).map(Self).map_err(|_| SignError)
    }
}

impl Signer for LocalKey {
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        let signature = self.0.sign(&SystemRandom::new(), message).map_err(|_| SignError)?;
        signature.as_ref().try_into().map_err(|_| SignError)
    }

    fn public_key(&self) -> PublicKey {
        PublicKey::from_sec1(self.0.public_key().as_ref()).expect("aws-lc gives the uncompressed point")
    }
}
