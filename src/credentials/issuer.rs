//! Issuing by OpenID4VCI 1.0: offer -> token -> nonce -> credentials -> notification.

use super::desk::{Desk, DeskError, hash};
use super::device_proof::{self, ProofError};
use super::offline_code;
use super::rights::{RightState, TX_CODE_DIGITS, state_of};
use super::sd_jwt;
use crate::sealing::{random, random_text};
use crate::store::StoreError;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

/// The SD-JWT VC.
pub const SD_JWT: &str = "large_family_sd_jwt";
/// The compact CWT.
pub const CWT: &str = "large_family_cwt";
/// The grant of pre-authorized codes.
pub const GRANT: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
/// Most proofs of one request.
pub const BATCH: usize = 30;
/// How long an access token opens, seconds.
const TOKEN_S: i64 = 300;
/// How long an SD-JWT VC lives, seconds.
const SD_JWT_S: i64 = 14 * 86_400;
/// How long a copy of profile B lives at most, seconds.
const CWT_S: i64 = 72 * 3_600;
/// Entries of a status list: 2 bits each, 32 KiB.
const LIST_SIZE: i64 = 1 << 17;
/// Devices that may hold one right.
const MOST_DEVICES: usize = 2;

/// An answer of the standard's own kind.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// `error` and `error_description`, status 400.
    #[error("{0}: {1}")]
    Request(&'static str, &'static str),
    /// The access token opens nothing, status 401.
    #[error("the access token is unknown or has run out")]
    Token,
    /// What is no answer.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl From<StoreError> for IssueError {
    fn from(error: StoreError) -> Self {
        Self::Desk(error.into())
    }
}

/// What opens the credential endpoint.
#[derive(Debug, Clone)]
pub struct Access {
    /// Said once.
    pub token: String,
    /// Seconds.
    pub expires_in_s: i64,
}

/// What the credential endpoint gives.
#[derive(Debug, Clone)]
pub struct Issued {
    /// One for each proof.
    pub credentials: Vec<String>,
    /// For the notification endpoint.
    pub notification_id: String,
}

impl Desk {
    /// `/.well-known/openid-credential-issuer`.
    pub fn issuer_metadata(&self) -> Value {
        let name = |ru: &str, en: &str| json!([{"name": ru, "locale": "ru"}, {"name": en, "locale": "en"}]);
        let card = json!([
            {"name": "Многодетная семья", "locale": "ru", "background_color": "#0d6e5f", "text_color": "#ffffff"},
            {"name": "Large family", "locale": "en", "background_color": "#0d6e5f", "text_color": "#ffffff"},
        ]);
        let claims = json!([
            {"path": ["category"], "display": name("Вид права", "Kind of right")},
            {"path": ["region"], "display": name("Регион", "Region")},
            {"path": ["valid_until"], "display": name("Действует до", "Valid until")},
            {"path": ["member_role"], "display": name("Роль в семье", "Role in the family")},
        ]);
        let proofs = json!({"jwt": {"proof_signing_alg_values_supported": ["ES256"]}});
        json!({
            "credential_issuer": self.public_url(),
            "credential_endpoint": self.url("/credentials/credential"),
            "nonce_endpoint": self.url("/credentials/nonce"),
            "notification_endpoint": self.url("/credentials/notification"),
            "batch_credential_issuance": {"batch_size": BATCH},
            "display": name("Рядом", "Ryadom"),
            "credential_configurations_supported": {
                SD_JWT: {
                    "format": "dc+sd-jwt",
                    "scope": SD_JWT,
                    "vct": self.vct(),
                    "cryptographic_binding_methods_supported": ["jwk"],
                    "credential_signing_alg_values_supported": ["ES256"],
                    "proof_types_supported": proofs,
                    "credential_metadata": {"display": card, "claims": claims},
                },
                CWT: {
                    "format": "ryadom+cwt",
                    "scope": CWT,
                    "cryptographic_binding_methods_supported": ["jwk"],
                    "credential_signing_alg_values_supported": [-7],
                    "proof_types_supported": proofs,
                    "credential_metadata": {"display": card},
                },
            },
        })
    }

    /// `/.well-known/oauth-authorization-server`: the issuer is its own.
    pub fn authorization_metadata(&self) -> Value {
        json!({
            "issuer": self.public_url(),
            "token_endpoint": self.url("/credentials/token"),
            "grant_types_supported": [GRANT],
            "response_types_supported": [],
            "token_endpoint_auth_methods_supported": ["none"],
            "pre-authorized_grant_anonymous_access_supported": true,
        })
    }

    /// `/.well-known/jwt-vc-issuer`.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn vc_issuer_metadata(&self) -> Result<Value, DeskError> {
        Ok(json!({"issuer": self.public_url(), "jwks": self.jwks().await?}))
    }

    fn vct(&self) -> String {
        self.url("/credentials/types/large_family")
    }

    /// The type's own document.
    pub fn type_metadata(&self) -> Value {
        let claim = |path: &str, ru: &str, en: &str| {
            json!({"path": [path], "sd": "always",
                "display": [{"locale": "ru", "label": ru}, {"locale": "en", "label": en}]})
        };
        json!({
            "vct": self.vct(),
            "name": "Large family",
            "description": "A family that the agency of its region has confirmed as a large one",
            "display": [
                {"locale": "ru", "name": "Многодетная семья"},
                {"locale": "en", "name": "Large family"},
            ],
            "claims": [
                claim("category", "Вид права", "Kind of right"),
                claim("region", "Регион", "Region"),
                claim("valid_until", "Действует до", "Valid until"),
                claim("member_role", "Роль в семье", "Role in the family"),
            ],
        })
    }

    /// The offer behind an address; `None` when it is unknown, taken up or too old.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn show_offer(&self, handle: &str) -> Result<Option<Value>, DeskError> {
        let Some(offer) = self.store.lookup_offer(&hash(handle)).await? else { return Ok(None) };
        if offer.used_s.is_some() || offer.expires_s <= self.now_s() || offer.tries_left <= 0 {
            return Ok(None);
        }
        let mut grant = json!({"pre-authorized_code": self.offer_code(handle)});
        if offer.tx_code_mac.is_some() {
            grant["tx_code"] = json!({"length": TX_CODE_DIGITS, "input_mode": "numeric",
                "description": "Код, который вам назвали отдельно / The code you were told separately"});
        }
        Ok(Some(json!({
            "credential_issuer": self.public_url(),
            "credential_configuration_ids": [SD_JWT, CWT],
            "grants": {GRANT: grant},
        })))
    }

    /// The token endpoint: a code is taken up once, with its digits.
    ///
    /// # Errors
    /// [`IssueError`].
    pub async fn token(
        &self,
        grant: Option<&str>,
        code: Option<&str>,
        tx_code: Option<&str>,
    ) -> Result<Access, IssueError> {
        if grant != Some(GRANT) {
            return Err(match grant {
                None => IssueError::Request("invalid_request", "grant_type is missing"),
                Some(_) => IssueError::Request("unsupported_grant_type", "only pre-authorized codes are taken here"),
            });
        }
        let Some(code) = code else {
            return Err(IssueError::Request("invalid_request", "pre-authorized_code is missing"));
        };
        let (code_hash, now_s) = (hash(code), self.now_s());
        let mut tx = self.store.begin().await?;
        let Some(offer) = tx.lock_offer(&code_hash, now_s).await? else {
            return Err(IssueError::Request("invalid_grant", "the code is unknown, used or has run out"));
        };
        match (&offer.tx_code_mac, tx_code) {
            (Some(_), None) => return Err(IssueError::Request("invalid_request", "tx_code is missing")),
            (None, Some(_)) => return Err(IssueError::Request("invalid_request", "no tx_code was asked for")),
            (Some(mac), Some(given)) => {
                let given: String = given.chars().filter(char::is_ascii_digit).collect();
                if self.tx_code_mac(code, &given) != *mac {
                    tx.count_wrong_tx_code(&code_hash).await?;
                    tx.commit().await?;
                    return Err(IssueError::Request("invalid_grant", "the tx_code is wrong"));
                }
            }
            (None, None) => {}
        }
        let token = random_text::<32>();
        tx.take_offer(&offer, &random_text::<12>(), &hash(&token), now_s, now_s + TOKEN_S).await?;
        tx.commit().await?;
        Ok(Access { token, expires_in_s: TOKEN_S })
    }

    /// The credential endpoint: one credential for each key that is proved.
    ///
    /// # Errors
    /// [`IssueError`].
    pub async fn credential(&self, token: &str, request: &Value) -> Result<Issued, IssueError> {
        let (now, now_s) = (self.now(), self.now_s());
        let access = self.store.lookup_access(&hash(token), now_s).await?.ok_or(IssueError::Token)?;
        if request.get("credential_identifier").is_some() {
            if request.get("credential_configuration_id").is_some() {
                return Err(IssueError::Request(
                    "invalid_credential_request",
                    "an identifier or a configuration, not both",
                ));
            }
            return Err(IssueError::Request("unknown_credential_identifier", "no identifiers were given out"));
        }
        let configuration = match request.get("credential_configuration_id").and_then(Value::as_str) {
            Some(id @ (SD_JWT | CWT)) => id,
            Some(_) => {
                return Err(IssueError::Request(
                    "unknown_credential_configuration",
                    "see credential_configurations_supported",
                ));
            }
            None => {
                return Err(IssueError::Request(
                    "invalid_credential_request",
                    "credential_configuration_id is missing",
                ));
            }
        };
        if request.get("credential_response_encryption").is_some() {
            return Err(IssueError::Request("invalid_encryption_parameters", "answers are not encrypted here"));
        }
        if request.get("proofs").and_then(Value::as_object).is_some_and(|proofs| proofs.len() > 1) {
            return Err(IssueError::Request("invalid_proof", "proofs of one kind are taken: jwt"));
        }
        let jwts = request.pointer("/proofs/jwt").and_then(Value::as_array);
        let Some(jwts) = jwts.filter(|jwts| (1..=BATCH).contains(&jwts.len())) else {
            return Err(IssueError::Request("invalid_proof", "proofs.jwt must hold 1 to 30 proofs"));
        };
        let mut keys = Vec::with_capacity(jwts.len());
        let mut nonce: Option<String> = None;
        for jwt in jwts {
            let jwt = jwt.as_str().ok_or(IssueError::Request("invalid_proof", "a proof must be a text"))?;
            let proof =
                device_proof::key_proof(jwt, self.public_url(), &self.nonces, now).map_err(|error| match error {
                    ProofError::Invalid(why) => IssueError::Request("invalid_proof", why),
                    ProofError::Nonce => IssueError::Request("invalid_nonce", "fetch a new nonce"),
                })?;
            if nonce.as_ref().is_some_and(|nonce| *nonce != proof.nonce) {
                return Err(IssueError::Request("invalid_proof", "the proofs of one request have one nonce"));
            }
            if keys.contains(&proof.key) {
                return Err(IssueError::Request("invalid_proof", "each proof needs a key of its own"));
            }
            nonce = Some(proof.nonce);
            keys.push(proof.key);
        }
        let once = hash(&format!("nonce {}", nonce.unwrap_or_default()));
        if !self.store.use_once(&once, now_s + device_proof::NONCE_S + 60).await? {
            return Err(IssueError::Request("invalid_nonce", "the nonce was used: fetch a new one"));
        }
        let right = self.store.lookup_right(&access.right_id).await?.ok_or(DeskError::Row("wallets.right_id"))?;
        if state_of(&right)? != RightState::Confirmed || right.valid_until < self.today() {
            return Err(IssueError::Request("credential_request_denied", "the right does not hold now"));
        }
        let key = self.signing_key().await?;
        let notification_id = self.notification_id(&access.wallet_id);
        let right_ends_s = self.end_of(right.valid_until);
        let mut tx = self.store.begin().await?;
        let mut credentials = Vec::with_capacity(keys.len());
        let expires_s;
        if configuration == SD_JWT {
            match &*access.state {
                "pending" => {
                    if !tx.bind_device(&access.wallet_id, &keys[0].thumbprint()).await? {
                        return Err(IssueError::Request("invalid_proof", "the first key belongs to another wallet"));
                    }
                    self.make_room(&mut tx, &access.right_id, &access.wallet_id, access.replaces.as_deref()).await?;
                }
                "active" => {}
                _ => return Err(IssueError::Request("credential_request_denied", "the wallet was given back")),
            }
            // Days, not seconds: a moment would tell the copies of one family from all others.
            let issued_s = now_s - now_s.rem_euclid(86_400);
            expires_s = (issued_s + SD_JWT_S).min(right_ends_s);
            let valid_until = right.valid_until.format("%Y-%m").to_string();
            let claims = sd_jwt::Claims {
                category: &right.category,
                region: &right.region,
                valid_until: &valid_until,
                member_role: "parent",
            };
            let (list, size) = tx.roomy_status_list(LIST_SIZE).await?;
            let uri = self.url(&format!("/credentials/status/{list}"));
            for holder in &keys {
                let entry = loop {
                    let entry = i64::from(u32::from_be_bytes(random())) % size;
                    if tx.put_credential((list, entry), &access.wallet_id, &key.kid, expires_s).await? {
                        break entry;
                    }
                };
                let envelope = sd_jwt::Envelope {
                    issuer: self.public_url(),
                    vct: &self.vct(),
                    kid: &key.kid,
                    issued_s,
                    expires_s,
                    holder,
                    status: sd_jwt::StatusRef { uri: &uri, index: entry as u64 },
                };
                credentials.push(sd_jwt::issue(&claims, &envelope, &*key.signer).map_err(DeskError::from)?);
            }
        } else {
            // The same midnight for everybody; the region's clock, so that a copy never ends in the middle of a day.
            expires_s = self.end_of(self.today() + chrono::Days::new(1)).min(now_s + CWT_S).min(right_ends_s);
            for holder in &keys {
                let copy = offline_code::Copy { kid: key.kid8, holder, expires_s };
                let credential = offline_code::issue(&copy, &*key.signer).map_err(DeskError::from)?;
                credentials.push(BASE64URL_NOPAD.encode(&credential));
            }
        }
        tx.note_issue(&key.kid, expires_s).await?;
        tx.commit().await?;
        Ok(Issued { credentials, notification_id })
    }

    /// A right has at most [`MOST_DEVICES`]: the one that is replaced goes, and the oldest beyond them.
    async fn make_room(
        &self,
        tx: &mut crate::store::Tx,
        right_id: &str,
        new: &str,
        replaces: Option<&str>,
    ) -> Result<(), StoreError> {
        if let Some(old) = replaces {
            tx.end_wallet(old, "replaced").await?;
        }
        let active = tx.active_wallets(right_id).await?;
        let others: Vec<&String> = active.iter().filter(|id| *id != new).collect();
        for old in others.iter().take((others.len() + 1).saturating_sub(MOST_DEVICES)) {
            tx.end_wallet(old, "replaced").await?;
        }
        Ok(())
    }

    fn notification_id(&self, wallet_id: &str) -> String {
        BASE64URL_NOPAD.encode(&self.sealing.mac("notification", &[wallet_id.as_bytes()])[..12])
    }

    /// The notification endpoint: how it went. What a wallet deletes is revoked.
    ///
    /// # Errors
    /// [`IssueError`].
    pub async fn notify(&self, token: &str, request: &Value) -> Result<(), IssueError> {
        let access = self.store.lookup_access(&hash(token), self.now_s()).await?.ok_or(IssueError::Token)?;
        let event = request.get("event").and_then(Value::as_str);
        if request.get("notification_id").and_then(Value::as_str) != Some(&*self.notification_id(&access.wallet_id)) {
            return Err(IssueError::Request("invalid_notification_id", "the notification_id is missing or another"));
        }
        match event {
            Some("credential_accepted") => Ok(()),
            Some("credential_failure" | "credential_deleted") => {
                let mut tx = self.store.begin().await?;
                tx.end_wallet(&access.wallet_id, "revoked").await?;
                tx.commit().await?;
                Ok(())
            }
            _ => Err(IssueError::Request("invalid_notification_request", "the event is unknown")),
        }
    }
}
