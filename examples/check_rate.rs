//! What a check costs: codes minted and checked against a real store, beside the bare calls of the library.
//!
//! ```text
//! cargo run --release --example check_rate -- postgres://…   (or sqlite://FILE)
//! ```

use ryadom::credentials::desk::{Desk, Options};
use ryadom::credentials::device_proof::{Nonces, key_proof};
use ryadom::credentials::issuer::{GRANT, SD_JWT};
use ryadom::credentials::jws::{signing_input, with_signature};
use ryadom::credentials::online_code::OnlineCode;
use ryadom::credentials::rights::{NewRight, RightState};
use ryadom::credentials::signer::{LocalKey, Signer};
use ryadom::credentials::terminals::Checker;
use ryadom::domain::{Clock, SystemClock};
use ryadom::sealing::{Sealer, SealingKey};
use ryadom::store::Store;
use serde_json::json;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const ISSUER: &str = "https://check.example";
const WORKERS: usize = 32;

fn rate(name: &str, seconds: u64, mut once: impl FnMut()) -> f64 {
    let (began, mut count) = (Instant::now(), 0_u32);
    while began.elapsed() < Duration::from_secs(seconds) {
        for _ in 0..16 {
            once();
        }
        count += 16;
    }
    let rate = f64::from(count) / began.elapsed().as_secs_f64();
    println!("{name:<44} {rate:>10.0} /s on one core");
    rate
}

#[tokio::main(flavor = "multi_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let url = std::env::args().nth(1).ok_or("usage: check_rate postgres://… | sqlite://FILE")?;
    let store = Store::open(&url).await?;
    store.migrate().await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let desk = Arc::new(Desk::new(store, Arc::clone(&clock), SealingKey::generate(), Options::at(ISSUER)));
    desk.new_key(clock.now().timestamp()).await?;

    // One wallet, by the way that every wallet takes.
    let device = LocalKey::generate()?;
    let jwk = device.public_key().jwk();
    let proof = |nonce: &str| {
        let claims = json!({"aud": ISSUER, "iat": clock.now().timestamp(), "nonce": nonce});
        let input = signing_input(&json!({"alg": "ES256", "typ": "openid4vci-proof+jwt", "jwk": jwk}), &claims);
        with_signature(&input, &device.sign(input.as_bytes()).expect("signed"))
    };
    let valid_until = clock.now().date_naive() + chrono::Months::new(6);
    let right = desk
        .put_right(
            &NewRight {
                category: "large_family".into(),
                region: "26".into(),
                valid_from: None,
                valid_until,
                outside: None,
                state: RightState::Confirmed,
            },
            "example",
        )
        .await?;
    let offer = desk.offer(&right.id, None, 600).await?;
    let handle = offer.offer_uri.rsplit("%2F").next().ok_or("an address")?;
    let handle = percent_encoding::percent_decode_str(handle).decode_utf8()?.into_owned();
    let object = desk.show_offer(&handle).await?.ok_or("an offer")?;
    let code = object["grants"][GRANT]["pre-authorized_code"].as_str().ok_or("a code")?.to_owned();
    let access = desk.token(Some(GRANT), Some(&code), Some(&offer.tx_code)).await?;
    let request = json!({"credential_configuration_id": SD_JWT, "proofs": {"jwt": [proof(&desk.nonce())]}});
    desk.credential(&access.token, &request).await?;
    let claims = json!({"htm": "POST", "htu": format!("{ISSUER}/x"), "iat": clock.now().timestamp(),
        "jti": "0123456789", "nonce": desk.nonce()});
    let input = signing_input(&json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": jwk}), &claims);
    let held = desk.wallet_of(&with_signature(&input, &device.sign(input.as_bytes())?), "/x").await?;

    // Codes are good for half a minute and its grace: minted and checked in turns.
    let mut minted = (0, Duration::ZERO);
    let mut checks: Vec<Duration> = Vec::new();
    let mut checking = Duration::ZERO;
    for _ in 0..5 {
        let began = Instant::now();
        let held = Arc::new(held.clone());
        let workers: Vec<_> = (0..WORKERS)
            .map(|_| {
                let (desk, held) = (Arc::clone(&desk), Arc::clone(&held));
                tokio::spawn(async move {
                    let mut texts = Vec::new();
                    for _ in 0..200 {
                        texts.extend(desk.codes(&held, 1).await.expect("codes").into_iter().map(|c| c.text));
                    }
                    texts
                })
            })
            .collect();
        let mut texts = Vec::new();
        for worker in workers {
            texts.extend(worker.await?);
        }
        minted = (minted.0 + texts.len(), minted.1 + began.elapsed());
        let began = Instant::now();
        let (texts, next) = (Arc::new(texts), Arc::new(AtomicUsize::new(0)));
        let workers: Vec<_> = (0..WORKERS)
            .map(|_| {
                let (desk, texts, next) = (Arc::clone(&desk), Arc::clone(&texts), Arc::clone(&next));
                tokio::spawn(async move {
                    let mut took = Vec::new();
                    while let Some(text) = texts.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let began = Instant::now();
                        let verdict = desk.verify(text, &Checker::Anonymous(None)).await.expect("a verdict");
                        assert!(verdict.is_valid(), "{:?}", verdict.reason);
                        took.push(began.elapsed());
                    }
                    took
                })
            })
            .collect();
        for worker in workers {
            checks.extend(worker.await?);
        }
        checking += began.elapsed();
    }
    checks.sort_unstable();
    println!("minting, one row each: {:.0} /s", minted.0 as f64 / minted.1.as_secs_f64());
    println!(
        "checks, one read and one row each, {WORKERS} at once: {:.0} /s, p50 {:?}, p99 {:?} ({} checks)",
        checks.len() as f64 / checking.as_secs_f64(),
        checks[checks.len() / 2],
        checks[checks.len() * 99 / 100],
        checks.len()
    );

    let nonces = Nonces::new(&[1; 32]);
    let jwt = proof(&nonces.make(clock.now()));
    let (words, _) = jwt.rsplit_once('.').ok_or("a JWS")?;
    let signature = data_encoding::BASE64URL_NOPAD.decode(jwt.rsplit_once('.').ok_or("a JWS")?.1.as_bytes())?;
    let key = device.public_key();
    let bare =
        rate("aws-lc-rs: ES256 verification", 3, || assert!(black_box(key.verifies(words.as_bytes(), &signature))));
    let ours = rate("a whole key proof", 3, || {
        black_box(key_proof(&jwt, ISSUER, &nonces, clock.now())).expect("a proof");
    });
    println!("{:<44} {:>10.2}", "ratio", ours / bare);
    let sealer = Sealer::new(&[2; 32]);
    let code = OnlineCode { credential_ref: 1, step: 2 };
    rate("a token sealed", 2, || {
        black_box(code.seal(1, &sealer));
    });
    let token = code.seal(1, &sealer);
    rate("a token opened", 2, || assert!(black_box(OnlineCode::open(&token, &sealer)).is_some()));
    Ok(())
}
