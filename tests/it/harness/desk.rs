//! People at the desk: managers and operators who sign in by letters, as the pages do.

use super::answer::Answer;
use super::app::TestApp;
use super::ground::Ground;
use super::noon;
use ryadom::app::Options;
use ryadom::http::state;
use ryadom::identity::mail::Mailer;
use serde_json::{Value, json};

/// The operator's key of these tests.
pub const KEY: (&str, &str) = ("authorization", "Bearer secret-of-a-test");
/// A tax number with its registration number, both of a public organisation.
pub const INN: &str = "7707083893";
pub const OGRN: &str = "1027700132195";

/// A service where letters are kept.
pub async fn desk_app(ground: Ground) -> TestApp {
    let door = state::Options { operator_token: Some("secret-of-a-test".into()), ..state::Options::default() };
    TestApp::with(ground, noon(), Options { door, mailer: Mailer::kept(), ..Options::default() }).await
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    pub cookie: String,
    pub csrf: String,
    pub account: String,
}

impl Person {
    /// The headers of a read or a write.
    pub fn headers(&self) -> Vec<(&str, &str)> {
        vec![("cookie", &self.cookie), ("x-csrf-token", &self.csrf), ("accept-language", "ru")]
    }
}

/// The token of the last letter to an address.
pub fn token_of_letter(app: &TestApp, email: &str) -> String {
    let letters = app.app().state.gate.mailer().letters().expect("letters are kept");
    let letter = letters.iter().find(|l| l.to == email).unwrap_or_else(|| panic!("no letter to {email}"));
    let (_, rest) = letter.text.split_once("/sign-in#").expect("a link");
    rest.split_whitespace().next().expect("a token").to_owned()
}

/// Signs in by the token of a link.
pub async fn enter(app: &TestApp, token: &str) -> Person {
    let answer = app.post("/api/v1/session", &json!({ "token": token })).await;
    let session = answer.json();
    let cookie = answer.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    Person {
        cookie,
        csrf: session["csrf"].as_str().expect("a word").to_owned(),
        account: session["account"]["id"].as_str().expect("an id").to_owned(),
    }
}

impl TestApp {
    /// A manager who has just signed in for the first time.
    pub async fn manager(&self, email: &str) -> Person {
        let asked = self.post("/api/v1/session/link", &json!({"email": email, "to": "/partner", "lang": "ru"})).await;
        assert_eq!(asked.status, 202, "{}", asked.text());
        enter(self, &token_of_letter(self, email)).await
    }

    /// A manager with an organisation.
    pub async fn manager_of(&self, email: &str, name: &str) -> Person {
        let person = self.manager(email).await;
        let profile = json!({"name": name, "inn": INN, "ogrn": OGRN});
        let made = self.as_person(&person, "PUT", "/api/v1/partner", &profile).await;
        assert_eq!(made.status, 201, "{}", made.text());
        person
    }

    /// An operator with both factors; a role of `operator` or `auditor`.
    pub async fn staff(&self, email: &str, role: &str) -> Person {
        let body = json!({"email": email, "role": role}).to_string();
        let invited = self.request("POST", "/api/v1/operator/accounts", &[KEY], &body).await;
        assert_eq!(invited.status, 201, "{}", invited.text());
        let person = enter(self, &token_of_letter(self, email)).await;
        let factor = self.get_as("/api/v1/session/totp", &person.headers()).await.json();
        let code = self.totp(factor["secret"].as_str().expect("a secret"));
        let full = self.as_person(&person, "POST", "/api/v1/session/totp", &json!({ "code": code })).await;
        assert_eq!(full.json()["standing"], "full");
        person
    }

    /// The code that an authenticator app shows now.
    pub fn totp(&self, secret: &str) -> String {
        use ryadom::domain::Clock;
        let key = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).expect("base32");
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
        let step = (self.clock.now().timestamp() / 30) as u64;
        let mac = aws_lc_rs::hmac::sign(&key, &step.to_be_bytes());
        let at = usize::from(mac.as_ref()[19] & 15);
        let number = u32::from_be_bytes(mac.as_ref()[at..at + 4].try_into().expect("four bytes")) & 0x7fff_ffff;
        format!("{:06}", number % 1_000_000)
    }

    /// A request of somebody who is signed in.
    pub async fn as_person(&self, person: &Person, method: &str, uri: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.request(method, uri, &person.headers(), &body).await
    }

    /// The same of a version.
    pub async fn on_version(&self, person: &Person, method: &str, uri: &str, etag: &str, body: &Value) -> Answer {
        let mut headers = person.headers();
        headers.push(("if-match", etag));
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.request(method, uri, &headers, &body).await
    }

    /// The only revision that waits.
    pub async fn waiting(&self, operator: &Person) -> Value {
        let queue = self.get_as("/api/v1/operator/queue", &operator.headers()).await.json();
        let revisions = queue["revisions"].as_array().expect("revisions");
        assert_eq!(revisions.len(), 1, "{queue}");
        revisions[0].clone()
    }

    /// Approves what waits; the number of the write.
    pub async fn approve(&self, operator: &Person) -> Value {
        let waiting = self.waiting(operator).await;
        let uri = format!("/api/v1/operator/revisions/{}/approve", waiting["id"].as_str().expect("an id"));
        let done = self.as_person(operator, "POST", &uri, &json!({"version": waiting["version"]})).await;
        assert_eq!(done.status, 200, "{}", done.text());
        done.json()
    }
}

/// A location that can be submitted.
pub fn bakery() -> Value {
    json!({
        "name": "Пекарня «Колос»", "category": "cafe", "lon": 41.97, "lat": 45.04,
        "address": "г. Ставрополь, ул. Ленина, 1", "opening_hours": "Mo-Su 08:00-20:00", "phone": "8 (8652) 12-34-56",
        "benefits": [{"title": "Скидка 10 %", "kind": "percent", "value": 10}],
    })
}
