//! A wallet made by hand: keys, proofs, and the way from an offer to codes.

use super::app::PUBLIC_URL;
use super::{Answer, Describe, Ground, TestApp, benefit, noon, place};
use percent_encoding::percent_decode_str;
use ryadom::app::Options;
use ryadom::credentials::issuer::{GRANT, SD_JWT};
use ryadom::credentials::jws::{signing_input, with_signature};
use ryadom::credentials::signer::{LocalKey, Signer};
use ryadom::domain::Clock;
use ryadom::http::state;
use ryadom::sealing::random_text;
use serde_json::{Value, json};

/// The operator's key of these tests, as a header.
pub const OPERATOR: (&str, &str) = ("authorization", "Bearer operator-of-a-test");

/// A service whose write routes have an operator.
pub async fn operated(ground: Ground) -> TestApp {
    let door = state::Options { operator_token: Some("operator-of-a-test".into()), ..state::Options::default() };
    TestApp::with(ground, noon(), Options { door, ..Options::default() }).await
}

/// A confirmed right with its offer.
pub async fn invite(app: &TestApp) -> Value {
    invited_until(app, "2027-03-31").await
}

/// The same up to a day.
pub async fn invited_until(app: &TestApp, day: &str) -> Value {
    let body = json!({"category": "large_family", "valid_until": day}).to_string();
    let made = app.request("POST", "/api/v1/rights", &[OPERATOR], &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.any_json()
}

/// A phone.
pub struct Device {
    key: LocalKey,
    /// What its clock says, seconds.
    at_s: i64,
    /// SD-JWT VCs; the first is of the device's key.
    pub credentials: Vec<String>,
    /// The nonce for the next proof.
    pub nonce: String,
}

impl Device {
    /// With a key and nothing else.
    pub fn new() -> Self {
        Self {
            key: LocalKey::generate().expect("a key"),
            at_s: noon().timestamp(),
            credentials: Vec::new(),
            nonce: String::new(),
        }
    }

    /// The path of an offer's object.
    pub fn offer_path(offer: &Value) -> String {
        let url = offer["offer"]["wallet_url"].as_str().expect("an address");
        let uri = url.split_once("credential_offer_uri=").expect("an offer").1;
        let uri = percent_decode_str(uri).decode_utf8().expect("ASCII").into_owned();
        uri.strip_prefix(PUBLIC_URL).expect("ours").to_owned()
    }

    /// Fetches an offer's object.
    pub async fn open_offer(app: &TestApp, offer: &Value) -> Value {
        let answer = app.get(&Self::offer_path(offer)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// Asks for an access token.
    pub async fn token(app: &TestApp, code: &str, tx_code: Option<&str>) -> Answer {
        let mut form = format!("grant_type={}&pre-authorized_code={code}", GRANT.replace(':', "%3A"));
        if let Some(digits) = tx_code {
            form.push_str("&tx_code=");
            form.push_str(digits);
        }
        app.request("POST", "/credentials/token", &[("content-type", "application/x-www-form-urlencoded")], &form).await
    }

    /// A nonce.
    pub async fn nonce(app: &TestApp) -> String {
        app.request("POST", "/credentials/nonce", &[], "").await.json()["c_nonce"].as_str().expect("a nonce").to_owned()
    }

    /// Asks for credentials.
    pub async fn credential(app: &TestApp, token: &str, configuration: &str, proofs: &Value) -> Answer {
        let body = json!({"credential_configuration_id": configuration, "proofs": {"jwt": proofs}}).to_string();
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        app.request("POST", "/credentials/credential", &headers, &body).await
    }

    /// A key proof, spoilt as a test wants it.
    pub fn key_proof(&self, nonce: &str, change: &dyn Fn(&mut Value, &mut Value)) -> String {
        let mut header = json!({"alg": "ES256", "typ": "openid4vci-proof+jwt", "jwk": self.key.public_key().jwk()});
        let mut claims = json!({"aud": PUBLIC_URL, "iat": self.at_s, "nonce": nonce});
        change(&mut header, &mut claims);
        self.signed(&header, &claims)
    }

    fn signed(&self, header: &Value, claims: &Value) -> String {
        let input = signing_input(header, claims);
        with_signature(&input, &self.key.sign(input.as_bytes()).expect("signed"))
    }

    /// Takes an offer up: a wallet with two SD-JWT VCs.
    pub async fn take(app: &TestApp, offer: &Value) -> Self {
        let object = Self::open_offer(app, offer).await;
        assert_eq!(object["credential_issuer"], PUBLIC_URL);
        let code = object["grants"][GRANT]["pre-authorized_code"].as_str().expect("a code");
        let given = Self::token(app, code, offer["offer"]["tx_code"].as_str()).await;
        assert_eq!(given.status, 200, "{}", given.text());
        let token = given.json()["access_token"].as_str().expect("a token").to_owned();
        let at_s = app.clock.now().timestamp();
        let (mut device, second) = (Self { at_s, ..Self::new() }, Self { at_s, ..Self::new() });
        let nonce = Self::nonce(app).await;
        let proofs = json!([device.key_proof(&nonce, &|_, _| {}), second.key_proof(&nonce, &|_, _| {})]);
        let answer = Self::credential(app, &token, SD_JWT, &proofs).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let issued = answer.json()["credentials"].as_array().expect("credentials").clone();
        device.credentials = issued.iter().map(|c| c["credential"].as_str().expect("a text").to_owned()).collect();
        device.nonce = Self::nonce(app).await;
        device
    }

    /// A device proof for a route of the wallet.
    pub fn proof(&self, route: &str) -> String {
        self.proof_with(route, &self.nonce)
    }

    /// The same with a nonce.
    pub fn proof_with(&self, route: &str, nonce: &str) -> String {
        let header = json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": self.key.public_key().jwk()});
        let claims = json!({"htm": "POST", "htu": format!("{PUBLIC_URL}/api/v1/wallet/{route}"), "iat": self.at_s,
            "jti": random_text::<16>(), "nonce": nonce});
        self.signed(&header, &claims)
    }

    /// Asks a route of the wallet; once more with a fresh nonce when the kept one is too old.
    pub async fn ask(&mut self, app: &TestApp, route: &str, body: Value) -> Answer {
        for last in [false, true] {
            let proof = self.proof(route);
            let path = format!("/api/v1/wallet/{route}");
            let answer = app.request("POST", &path, &[("dpop", &proof)], &body.to_string()).await;
            answer.header("dpop-nonce").clone_into(&mut self.nonce);
            if last || answer.status != 401 || answer.problem_of().0 != "use-nonce" {
                return answer;
            }
        }
        unreachable!("the second turn answers")
    }

    /// Texts of codes from now on.
    pub async fn codes(&mut self, app: &TestApp, count: usize) -> Vec<String> {
        let answer = self.ask(app, "codes", json!({ "count": count })).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let codes = answer.json()["codes"].as_array().expect("codes").clone();
        codes.iter().map(|c| c["text"].as_str().expect("a text").to_owned()).collect()
    }
}

/// Checks a code as anybody does.
pub async fn verify(app: &TestApp, text: &str) -> Value {
    verify_as(app, text, &[]).await.json()
}

/// Checks a code with headers.
pub async fn verify_as(app: &TestApp, text: &str, headers: &[(&str, &str)]) -> Answer {
    app.request("POST", "/api/v1/verify", headers, &json!({ "text": text }).to_string()).await
}

/// Result and reason of a verdict.
pub fn verdict(answer: &Value) -> (String, Option<String>) {
    (answer["result"].as_str().expect("a result").to_owned(), answer["reason"].as_str().map(str::to_owned))
}

/// A refusal for a reason.
pub fn refused(reason: &str) -> (String, Option<String>) {
    ("invalid".to_owned(), Some(reason.to_owned()))
}

/// A granted benefit.
pub fn valid() -> (String, Option<String>) {
    ("valid".to_owned(), None)
}

/// A paired terminal's `Authorization`.
pub async fn terminal(app: &TestApp, location: &str) -> String {
    let body = json!({"location_id": location, "name": "Касса"}).to_string();
    let made = app.request("POST", "/api/v1/terminals/pairings", &[OPERATOR], &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let code = made.any_json()["code"].as_str().unwrap().to_lowercase();
    let paired = app.post("/api/v1/terminals/pair", &json!({ "code": code })).await;
    assert_eq!(paired.status, 200, "{}", paired.text());
    let again = app.post("/api/v1/terminals/pair", &json!({ "code": code })).await;
    assert_eq!(again.problem_of().0, "no-pairing", "a code pairs one terminal");
    format!("Bearer {}", paired.json()["token"].as_str().unwrap())
}

/// A service with two places where codes are checked.
pub async fn with_shops(ground: Ground) -> TestApp {
    let app = operated(ground).await;
    app.publish(&[
        place("shop").at(41.97, 45.04).named("Пекарня").giving(benefit("Скидка 10 %")),
        place("museum").at(41.96, 45.05).named("Музей"),
    ])
    .await;
    app
}

/// Acts on a right.
pub async fn app_act(app: &TestApp, id: &str, act: &str) {
    let done = app.request("POST", &format!("/api/v1/rights/{id}/{act}"), &[OPERATOR], "").await;
    assert_eq!(done.status, 200, "{act}: {}", done.text());
}
