//! Whatever bytes come, what reads codes, proofs, offers and lists answers, and believes nothing that was not signed.
//!
//! Each target takes seeds (real objects and the vectors of `tests/vectors`), damages them at random and also sends mere
//! noise. `RYADOM_TEST_FUZZ_SECONDS` says how long each runs: a dozen seconds in `make test-full`, ten minutes by hand.
//! The seeds are the corpus: what fails once becomes one of them. Nothing has yet.

use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;
use rand::{Rng, RngExt};
use ryadom::credentials::code_text::{Prefix, Profile};
use ryadom::credentials::device_proof::{Nonces, device_proof, key_proof};
use ryadom::credentials::jwk::PublicKey;
use ryadom::credentials::jws::{Unverified, signing_input, with_signature};
use ryadom::credentials::online_code::OnlineCode;
use ryadom::credentials::outside_id::OutsideIdKey;
use ryadom::credentials::signer::{LocalKey, Signer};
use ryadom::credentials::status_list::StatusList;
use ryadom::credentials::{offline_code, rights_list};
use ryadom::sealing::Sealer;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const ISSUER: &str = "https://qr.example.ru";

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_348_800, 0).expect("a moment")
}

fn long() -> Duration {
    #[expect(clippy::disallowed_methods, reason = "a test's length is no setting of the service")]
    let seconds = std::env::var("RYADOM_TEST_FUZZ_SECONDS").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    Duration::from_secs(seconds)
}

/// Damages a seed: bits, bytes, pieces twice, pieces gone, tails.
fn damaged(seed: &[u8], rng: &mut impl Rng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..rng.random_range(1..6) {
        let len = bytes.len();
        match rng.random_range(0..7_u8) {
            0 if len > 0 => bytes[rng.random_range(0..len)] ^= 1 << rng.random_range(0..8_u8),
            1 if len > 0 => bytes[rng.random_range(0..len)] = rng.random(),
            2 => bytes.insert(rng.random_range(0..=len), rng.random()),
            3 if len > 0 => drop(bytes.remove(rng.random_range(0..len))),
            4 => bytes.truncate(rng.random_range(0..=len)),
            5 if len > 0 => {
                let from = rng.random_range(0..len);
                let piece = bytes[from..(from + rng.random_range(1..20)).min(len)].to_vec();
                let at = rng.random_range(0..=len);
                bytes.splice(at..at, piece);
            }
            _ => bytes.extend((0..rng.random_range(0..8)).map(|_| rng.random::<u8>())),
        }
    }
    bytes
}

/// Feeds a target until its time is over; what it panics on is printed as hex.
fn fuzz(seeds: &[Vec<u8>], mut target: impl FnMut(&[u8])) {
    let mut rng = rand::rng();
    let (began, limit) = (Instant::now(), long());
    let mut count = 0_u64;
    while began.elapsed() < limit {
        for _ in 0..64 {
            let bytes = if rng.random_bool(0.1) || seeds.is_empty() {
                (0..rng.random_range(0..600)).map(|_| rng.random::<u8>()).collect()
            } else {
                damaged(&seeds[rng.random_range(0..seeds.len())], &mut rng)
            };
            let survived = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| target(&bytes)));
            assert!(survived.is_ok(), "the input was {}", data_encoding::HEXLOWER.encode(&bytes));
            count += 1;
        }
    }
    println!("{count} inputs");
}

fn vectors() -> Value {
    serde_json::from_str(include_str!("../vectors/offline_qr.json")).expect("JSON")
}

#[test]
#[ignore = "slow: fuzz"]
fn code_texts() {
    let key = Sealer::new(&[7; 32]);
    let prefix = Prefix::of(ISSUER);
    let token = OnlineCode { credential_ref: 5, step: 59_844_960 }.seal(1, &key);
    let mut seeds = vec![prefix.text(Profile::A, &token).into_bytes(), b"HTTPS://QR.EXAMPLE.RU/Q#".to_vec()];
    seeds.extend(
        vectors()["vectors"].as_array().unwrap().iter().map(|v| v["text"].as_str().unwrap().as_bytes().to_vec()),
    );
    fuzz(&seeds, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Some((Profile::A, read)) = prefix.parse(&text) {
            // Whatever opens is the very token: nothing else was ever sealed with this key.
            if OnlineCode::open(&read, &key).is_some() {
                assert_eq!(read, token);
            }
        }
    });
}

#[test]
#[ignore = "slow: fuzz"]
fn cbor_presentations() {
    let file = vectors();
    let jwk = &file["jwks"]["keys"][0];
    let kid = BASE64URL_NOPAD.decode(jwk["kid"].as_str().unwrap().as_bytes()).unwrap();
    let key = PublicKey::from_jwk(jwk).unwrap();
    let seeds: Vec<Vec<u8>> = file["vectors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| data_encoding::HEXLOWER.decode(v["hex"].as_str().unwrap().as_bytes()).unwrap())
        .collect();
    fuzz(&seeds, |bytes| {
        let judged = offline_code::verify(bytes, now(), "shop", |k| (*k == *kid).then_some(key));
        if judged.is_ok() {
            assert!(seeds.iter().any(|seed| seed == bytes), "what was damaged is believed");
        }
    });
}

#[test]
#[ignore = "slow: fuzz"]
fn jwt_proofs() {
    let device = LocalKey::generate().unwrap();
    let nonces = Nonces::new(&[3; 32]);
    let signed = |header: &Value, claims: &Value| {
        let input = signing_input(header, claims);
        with_signature(&input, &device.sign(input.as_bytes()).unwrap()).into_bytes()
    };
    let (iat, nonce, jwk) = (now().timestamp(), nonces.make(now()), device.public_key().jwk());
    let seeds = [
        signed(
            &json!({"alg": "ES256", "typ": "openid4vci-proof+jwt", "jwk": jwk}),
            &json!({"aud": ISSUER, "iat": iat, "nonce": nonce}),
        ),
        signed(
            &json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": jwk}),
            &json!({"htm": "POST", "htu": format!("{ISSUER}/x"), "iat": iat, "jti": "0123456789", "nonce": nonce}),
        ),
    ];
    fuzz(&seeds, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let proved = key_proof(&text, ISSUER, &nonces, now()).is_ok()
            || device_proof(&text, "POST", &format!("{ISSUER}/x"), &nonces, now()).is_ok();
        // ES256 signatures are malleable in s: another signature of the same words proves the same.
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).rsplit_once('.').map(|(words, _)| words.to_owned());
        assert!(!proved || seeds.iter().any(|seed| said(seed) == said(bytes)), "what was damaged is believed");
        drop(Unverified::parse(&text));
    });
}

#[test]
#[ignore = "slow: fuzz"]
fn lists_of_rights_and_nonces() {
    let key = OutsideIdKey::parse(&format!("1:{}", "cd".repeat(32))).unwrap();
    let nonces = Nonces::new(&[3; 32]);
    let seeds = [
        "outside_id,category,region,valid_until\n26-АВ 001,large_family,26,2027-03-31\n".as_bytes().to_vec(),
        "outside_hash,category,region,valid_until,state\nv1:00,large_family,26,31.03.2027,applied\n"
            .as_bytes()
            .to_vec(),
        nonces.make(now()).into_bytes(),
    ];
    fuzz(&seeds, |bytes| {
        let read = rights_list::read(bytes, &key);
        let mut hashed = Vec::new();
        if rights_list::hash_list(bytes, &mut hashed, &key).is_ok()
            && let Ok(rights) = &read
        {
            // What the agency's side has hashed, the service's side reads as the same rights.
            let again = rights_list::read(&hashed[..], &key).expect("a list that was hashed is a list");
            assert_eq!(format!("{rights:?}"), format!("{again:?}"));
        }
        let text = String::from_utf8_lossy(bytes);
        assert!(!nonces.is_good(&text, now()) || seeds[2] == bytes);
    });
}

#[test]
#[ignore = "slow: fuzz"]
fn status_lists() {
    let file: Value = serde_json::from_str(include_str!("../vectors/token_status_list.json")).expect("JSON");
    let seeds: Vec<Vec<u8>> = file["vectors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| BASE64URL_NOPAD.decode(v["lst"].as_str().unwrap().as_bytes()).unwrap())
        .collect();
    fuzz(&seeds, |bytes| {
        for bits in [1, 2, 3, 4, 8, 255] {
            if let Ok(list) = StatusList::decompress(bits, bytes) {
                assert!(list.get(list.size()).is_none());
                assert!(list.size() == 0 || list.get(list.size() - 1).is_some());
            }
        }
    });
}
