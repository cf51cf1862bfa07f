//! An answer of the service, and what tests ask of it.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt;
use serde_json::Value;

/// Status, headers and body.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        Self { status: parts.status, headers: parts.headers, body }
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("UTF-8")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().expect("a header of ASCII"))
    }

    /// The JSON of a 200.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", String::from_utf8_lossy(&self.body));
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The JSON of any status, for errors that are no problems and for what was created.
    #[track_caller]
    pub fn any_json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// A build without pages says so: that is its whole answer.
    pub fn is_without_pages(&self) -> bool {
        self.status == 404 && self.problem()["detail"].as_str().unwrap().contains("RYADOM_SKIP_STATIC")
    }

    /// Ids of the features of a 200, in order.
    #[track_caller]
    pub fn ids(&self) -> Vec<String> {
        let json = self.json();
        let features = json["features"].as_array().expect("features");
        features.iter().map(|f| f["id"].as_str().expect("an id").to_owned()).collect()
    }

    /// The properties of the first feature, or of the one feature that a card is.
    #[track_caller]
    pub fn properties(&self) -> Value {
        let json = self.json();
        if json["type"] == "Feature" { json["properties"].clone() } else { json["features"][0]["properties"].clone() }
    }

    /// The document of an error, checked to be one: RFC 9457, its status twice, never cached, one of our types.
    #[track_caller]
    pub fn problem(&self) -> Value {
        let shown = String::from_utf8_lossy(&self.body);
        assert!(self.status.is_client_error() || self.status.is_server_error(), "{} {shown}", self.status);
        assert_eq!(self.header("content-type"), "application/problem+json", "{shown}");
        assert_eq!(self.header("cache-control"), "no-store");
        let json: Value = serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {shown}"));
        assert_eq!(json["status"], self.status.as_u16(), "{shown}");
        let kind = json["type"].as_str().and_then(|t| t.strip_prefix("/problems/")).expect("a type of ours");
        assert!(
            ryadom::http::problem::Kind::ALL.iter().any(|k| k.facts().1 == kind && k.facts().0 == self.status),
            "{shown}"
        );
        for member in ["title", "detail"] {
            assert!(json[member].as_str().is_some_and(|t| !t.is_empty()), "{member}: {shown}");
        }
        json
    }

    /// The last part of the type of a problem, and the parameters that it names.
    #[track_caller]
    pub fn problem_of(&self) -> (String, Vec<String>) {
        let problem = self.problem();
        let kind = problem["type"].as_str().expect("a type").trim_start_matches("/problems/").to_owned();
        let named = problem["errors"].as_array().map_or_else(Vec::new, |errors| {
            errors.iter().map(|e| e["parameter"].as_str().expect("a parameter").to_owned()).collect()
        });
        (kind, named)
    }

    /// Seconds for which the answer may be kept.
    #[track_caller]
    pub fn max_age_s(&self) -> i64 {
        let text = self.header("cache-control");
        let seconds = text.split("max-age=").nth(1).unwrap_or_else(|| panic!("no max-age in {text:?}"));
        seconds.parse().expect("seconds")
    }
}
