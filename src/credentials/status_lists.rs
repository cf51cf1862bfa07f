//! Status lists as tokens: made when they are asked for, kept until an entry changes or their life is half over.

use super::desk::{Desk, DeskError};
use super::jws;
use super::signer::Signer;
use super::status_list::StatusList;
use super::wire;
use ciborium::Value as Cbor;
use data_encoding::BASE64URL_NOPAD;
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How long a reader may keep a list before it should look for a newer one, seconds.
pub const TTL_S: i64 = 300;
/// How long a list is believed, seconds.
const LIFE_S: i64 = 86_400;

/// Lists that were made, by number.
#[derive(Default)]
pub(super) struct StatusTokens(Mutex<HashMap<i64, Arc<StatusToken>>>);

/// One list, signed twice.
#[derive(Debug)]
pub struct StatusToken {
    version: i64,
    made_s: i64,
    /// `statuslist+jwt`.
    pub jwt: String,
    /// `statuslist+cwt`.
    pub cwt: Vec<u8>,
}

impl Desk {
    /// A status list; `None` when there is none of this number. What is kept answers when the store does not.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn status_list(&self, number: i64) -> Result<Option<Arc<StatusToken>>, DeskError> {
        let kept = self.status_tokens.0.lock().unwrap_or_else(PoisonError::into_inner).get(&number).cloned();
        let (version, size) = match (self.store.lookup_status_list(number).await, &kept) {
            (Ok(Some(found)), _) => found,
            (Ok(None), _) => return Ok(None),
            // A list that is younger than its life says what it says, whether or not a newer one could be made.
            (Err(_), Some(kept)) if kept.made_s + LIFE_S > self.now_s() => return Ok(Some(Arc::clone(kept))),
            (Err(error), _) => return Err(error.into()),
        };
        let now_s = self.now_s();
        if let Some(kept) = kept
            && kept.version == version
            && (0..LIFE_S / 2).contains(&(now_s - kept.made_s))
        {
            return Ok(Some(kept));
        }
        // The version was read first: a change in between is in the entries and will be read once more.
        let mut list = StatusList::new(2, usize::try_from(size).map_err(|_| DeskError::Row("status_lists.size"))?);
        for (entry, status) in self.store.statuses(number).await? {
            list.set(entry as usize, status as u8);
        }
        let token = Arc::new(self.sign_list(number, version, now_s, &list).await?);
        self.status_tokens.0.lock().unwrap_or_else(PoisonError::into_inner).insert(number, Arc::clone(&token));
        Ok(Some(token))
    }

    async fn sign_list(
        &self,
        number: i64,
        version: i64,
        now_s: i64,
        list: &StatusList,
    ) -> Result<StatusToken, DeskError> {
        let key = self.signing_key().await?;
        let (uri, lst) = (self.url(&format!("/credentials/status/{number}")), list.compress());
        let header = json!({"alg": "ES256", "typ": wire::STATUS_JWT_TYP, "kid": key.kid});
        let claims = json!({
            "iss": self.public_url(),
            "sub": uri,
            "iat": now_s,
            "exp": now_s + LIFE_S,
            "ttl": TTL_S,
            "status_list": {"bits": list.bits(), "lst": BASE64URL_NOPAD.encode(&lst)},
        });
        let input = jws::signing_input(&header, &claims);
        let jwt = jws::with_signature(&input, &key.signer.sign(input.as_bytes())?);

        let map = |members: Vec<(i64, Cbor)>| Cbor::Map(members.into_iter().map(|(k, v)| (k.into(), v)).collect());
        let protected = map(vec![
            (1, (-7).into()),
            (4, Cbor::Bytes(key.kid8.to_vec())),
            (wire::COSE_TYP, wire::STATUS_CWT_TYP.into()),
        ]);
        let list = Cbor::Map(vec![("bits".into(), list.bits().into()), ("lst".into(), Cbor::Bytes(lst))]);
        let payload = map(vec![
            (2, uri.into()),
            (6, now_s.into()),
            (4, (now_s + LIFE_S).into()),
            (wire::CWT_TTL, TTL_S.into()),
            (wire::CWT_STATUS_LIST, list),
        ]);
        let cwt = super::offline_code::encode(&super::offline_code::sign1(&protected, &payload, &*key.signer)?);
        Ok(StatusToken { version, made_s: now_s, jwt, cwt })
    }
}
