//! The issuer's keys: by kid everywhere, published before they sign and until their last credential has ended.

use super::desk::{Desk, DeskError};
use super::jwk::PublicKey;
use super::signer::{LocalKey, Signer};
use crate::audit::{self, Entry};
use crate::sealing::random;
use crate::store::credentials::IssuerKeyRow;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Signers that were opened; a row's private half never changes.
#[derive(Default)]
pub(super) struct Keyring(Mutex<HashMap<String, Arc<LocalKey>>>);

/// A key with its number.
pub struct IssuerKey {
    /// Base64url of eight bytes.
    pub kid: String,
    /// The same as bytes, for CBOR.
    pub kid8: [u8; 8],
    /// What signs.
    pub signer: Arc<LocalKey>,
}

/// How a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Published, and does not sign yet.
    Coming,
    /// The one that signs.
    Signing,
    /// Could sign; a newer one does.
    Waiting,
    /// Published for what it has signed.
    Retired,
    /// Not published any more.
    Gone,
}

fn context(kid: &str) -> Vec<u8> {
    format!("issuer-key {kid}").into_bytes()
}

impl Desk {
    /// Makes the first key where there is none.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn ensure_key(&self) -> Result<(), DeskError> {
        if self.store.list_issuer_keys().await?.is_empty() {
            let kid = self.new_key(self.now_s()).await?;
            tracing::info!(kid, "made the issuer's first key {kid}");
        }
        // That it opens is found out now and not by the first parent.
        self.signing_key().await.map(|_| ())
    }

    /// Makes a key that signs from a moment on; its kid.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn new_key(&self, active_from_s: i64) -> Result<String, DeskError> {
        let key = LocalKey::generate()?;
        let kid = BASE64URL_NOPAD.encode(&random::<8>());
        let row = IssuerKeyRow {
            public_key: key.public_key().sec1().to_vec(),
            sealed: self.sealing.sealer("issuer-keys").seal(&context(&kid), &key.to_der()?),
            created_s: self.now_s(),
            active_from_s,
            retired_s: None,
            last_expiry_s: active_from_s,
            kid: kid.clone(),
        };
        let mut tx = self.store.begin().await?;
        tx.put_issuer_key(&row).await?;
        self.note_key(&mut tx, "make-issuer-key", &kid).await?;
        tx.commit().await?;
        Ok(kid)
    }

    /// Lets a key sign no more; false when there is no such key.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn retire_key(&self, kid: &str) -> Result<bool, DeskError> {
        let mut tx = self.store.begin().await?;
        if !tx.retire_issuer_key(kid, self.now_s()).await? {
            return Ok(false);
        }
        self.note_key(&mut tx, "retire-issuer-key", kid).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn note_key(&self, tx: &mut crate::store::Tx, act: &str, kid: &str) -> Result<(), crate::store::StoreError> {
        let (target, detail) = (format!("issuer-key:{kid}"), serde_json::json!({}));
        audit::append(tx, Entry { at_s: self.now_s(), actor: "service", act, target: &target, detail }).await
    }

    /// Every key and how it stands.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn list_keys(&self) -> Result<Vec<(IssuerKeyRow, KeyState)>, DeskError> {
        let (rows, now_s) = (self.store.list_issuer_keys().await?, self.now_s());
        let signing = signing(&rows, now_s).map(|row| row.kid.clone());
        let state = |row: &IssuerKeyRow| match row.retired_s {
            Some(_) if row.last_expiry_s < now_s => KeyState::Gone,
            Some(_) => KeyState::Retired,
            None if row.active_from_s > now_s => KeyState::Coming,
            None if Some(&row.kid) == signing.as_ref() => KeyState::Signing,
            None => KeyState::Waiting,
        };
        Ok(rows
            .into_iter()
            .map(|row| {
                let state = state(&row);
                (row, state)
            })
            .collect())
    }

    /// The key that signs now.
    pub(super) async fn signing_key(&self) -> Result<IssuerKey, DeskError> {
        let rows = self.store.list_issuer_keys().await?;
        let row = signing(&rows, self.now_s()).ok_or(DeskError::NoKey)?;
        let known = self.keyring.0.lock().unwrap_or_else(PoisonError::into_inner).get(&row.kid).cloned();
        let signer = if let Some(signer) = known {
            signer
        } else {
            let der = self.sealing.sealer("issuer-keys").open(&context(&row.kid), &row.sealed)?;
            let signer = Arc::new(LocalKey::from_der(&der)?);
            let mut keys = self.keyring.0.lock().unwrap_or_else(PoisonError::into_inner);
            keys.insert(row.kid.clone(), Arc::clone(&signer));
            signer
        };
        let kid8 = BASE64URL_NOPAD.decode(row.kid.as_bytes()).ok().and_then(|kid| kid.try_into().ok());
        Ok(IssuerKey { kid: row.kid.clone(), kid8: kid8.ok_or(DeskError::Row("issuer_keys.kid"))?, signer })
    }

    /// The public keys, as a JWK set.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn jwks(&self) -> Result<Value, DeskError> {
        let keys = self.list_keys().await?.into_iter().filter(|(_, state)| *state != KeyState::Gone);
        let keys: Vec<Value> = keys
            .filter_map(|(row, _)| {
                let jwk = PublicKey::from_sec1(&row.public_key)?.jwk();
                Some(json!({"kty": jwk.kty, "crv": jwk.crv, "x": jwk.x, "y": jwk.y, "kid": row.kid, "alg": "ES256", "use": "sig"}))
            })
            .collect();
        Ok(json!({"keys": keys}))
    }
}

fn signing(rows: &[IssuerKeyRow], now_s: i64) -> Option<&IssuerKeyRow> {
    rows.iter().rfind(|row| row.retired_s.is_none() && row.active_from_s <= now_s)
}
