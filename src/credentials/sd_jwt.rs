//! SD-JWT VC (RFC 9901 and its draft for credentials): disclosures and digests, byte for byte.

use super::jwk::PublicKey;
use super::jws;
use super::signer::{SignError, Signer};
use super::wire;
use crate::sealing::random;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What is said of a right; every claim may be held back by the holder.
#[derive(Debug, Clone)]
pub struct Claims<'a> {
    /// The kind of right.
    pub category: &'a str,
    /// Two digits.
    pub region: &'a str,
    /// The last month, `2027-03`.
    pub valid_until: &'a str,
    /// Whose it is in the family.
    pub member_role: &'a str,
}

/// Where a credential stands in a status list.
#[derive(Debug, Clone)]
pub struct StatusRef<'a> {
    /// The list's address.
    pub uri: &'a str,
    /// The entry.
    pub index: u64,
}

/// What binds a credential and says how long it lives.
#[derive(Debug, Clone)]
pub struct Envelope<'a> {
    /// The issuer's identifier.
    pub issuer: &'a str,
    /// The type's address.
    pub vct: &'a str,
    /// The key of the issuer.
    pub kid: &'a str,
    /// The day of issuing, seconds; a finer time would tell two copies of one batch apart from all others.
    pub issued_s: i64,
    /// The end, seconds.
    pub expires_s: i64,
    /// The holder's key.
    pub holder: &'a PublicKey,
    /// The list entry.
    pub status: StatusRef<'a>,
}

/// A disclosure: base64url of `[salt, name, value]`.
fn disclosure(salt: &[u8; 16], name: &str, value: &str) -> String {
    let text = json!([BASE64URL_NOPAD.encode(salt), name, value]).to_string();
    BASE64URL_NOPAD.encode(text.as_bytes())
}

/// SHA-256 of a disclosure as it is written.
fn digest(disclosure: &str) -> String {
    BASE64URL_NOPAD.encode(&Sha256::digest(disclosure.as_bytes()))
}

/// A credential as it is handed to the wallet: `<JWT>~<disclosure>~…~`.
///
/// # Errors
/// [`SignError`].
pub fn issue(claims: &Claims<'_>, envelope: &Envelope<'_>, signer: &dyn Signer) -> Result<String, SignError> {
    let disclosures: Vec<String> = [
        ("category", claims.category),
        ("region", claims.region),
        ("valid_until", claims.valid_until),
        ("member_role", claims.member_role),
    ]
    .iter()
    .map(|(name, value)| disclosure(&random(), name, value))
    .collect();
    // Digests of salted texts are random: their order says nothing of the claims'.
    let mut digests: Vec<String> = disclosures.iter().map(|d| digest(d)).collect();
    digests.sort_unstable();
    let header = json!({"alg": "ES256", "typ": wire::SD_JWT_TYP, "kid": envelope.kid});
    let payload: Value = json!({
        "iss": envelope.issuer,
        "vct": envelope.vct,
        "iat": envelope.issued_s,
        "nbf": envelope.issued_s,
        "exp": envelope.expires_s,
        "cnf": {"jwk": envelope.holder.jwk()},
        "status": {"status_list": {"idx": envelope.status.index, "uri": envelope.status.uri}},
        "_sd_alg": "sha-256",
        "_sd": digests,
    });
    let input = jws::signing_input(&header, &payload);
    let mut text = jws::with_signature(&input, &signer.sign(input.as_bytes())?);
    text.push('~');
    for disclosure in disclosures {
        text.push_str(&disclosure);
        text.push('~');
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::signer::LocalKey;

    #[test]
    fn the_digest_of_the_rfc_is_ours() {
        // RFC 9901, section 4.2.3.
        let disclosure = "WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
        assert_eq!(digest(disclosure), "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY");
    }

    #[test]
    fn a_credential_discloses_what_its_digests_say_and_nothing_stands_in_the_clear() {
        let (issuer, holder) = (LocalKey::generate().unwrap(), LocalKey::generate().unwrap());
        let claims = Claims { category: "large_family", region: "26", valid_until: "2027-03", member_role: "parent" };
        let envelope = Envelope {
            issuer: "https://a.example",
            vct: "https://a.example/credentials/types/large_family",
            kid: "k",
            issued_s: 1_795_305_600,
            expires_s: 1_796_515_200,
            holder: &holder.public_key(),
            status: StatusRef { uri: "https://a.example/credentials/status/1", index: 77 },
        };
        let text = issue(&claims, &envelope, &issuer).unwrap();
        let mut parts = text.split('~');
        let jwt = jws::Unverified::parse(parts.next().unwrap()).unwrap();
        assert!(jwt.is_signed_by(&issuer.public_key()));
        assert_eq!((&jwt.header["typ"], &jwt.header["kid"]), (&json!("dc+sd-jwt"), &json!("k")));
        assert_eq!(jwt.claims["status"]["status_list"]["idx"], 77);
        let said = jwt.claims.to_string();
        for hidden in ["\"large_family\"", "2027-03", "parent", "\"26\""] {
            assert!(!said.contains(hidden), "{hidden} in {said}");
        }
        let digests = jwt.claims["_sd"].as_array().unwrap();
        let disclosures: Vec<&str> = parts.filter(|p| !p.is_empty()).collect();
        assert_eq!((digests.len(), disclosures.len()), (4, 4));
        for disclosure in disclosures {
            assert!(digests.contains(&json!(digest(disclosure))));
            let plain: Value = serde_json::from_slice(&BASE64URL_NOPAD.decode(disclosure.as_bytes()).unwrap()).unwrap();
            assert_eq!(plain.as_array().unwrap().len(), 3);
            assert!(plain[0].as_str().unwrap().len() >= 22, "a salt of 128 bits");
        }
        assert!(text.ends_with('~'));
    }
}
