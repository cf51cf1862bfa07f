//! Every route of the desks × every role: who gets in, who is asked to sign in, who is told no, and who finds nothing.

use crate::harness::desk::{KEY, Person, bakery, desk_app};
use crate::harness::{Ground, TestApp, on_both_stores};
use ryadom::http::openapi_json;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a role meets at a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meets {
    /// The door is open: whatever the answer, it is about the request and not about who asks.
    In,
    /// 401.
    SignIn,
    /// 403.
    No,
    /// 404: nothing of theirs is here.
    Nothing,
}
use Meets::{In, No, Nothing, SignIn};

/// Roles in the order of the rows below.
const ROLES: [&str; 9] =
    ["anonymous", "garbage", "newcomer", "owner", "stranger", "key:read", "key:write", "operator", "auditor"];

/// Which row a route has. A route that is not here fails the test, so nobody forgets one.
fn row(method: &str, path: &str) -> Option<[Meets; 9]> {
    const MANAGE: [Meets; 9] = [SignIn, SignIn, Nothing, In, In, No, No, No, No];
    // Of one location: a stranger finds nothing.
    const MANAGE_ONE: [Meets; 9] = [SignIn, SignIn, Nothing, In, Nothing, No, No, No, No];
    const READ: [Meets; 9] = [SignIn, SignIn, Nothing, In, In, In, No, No, No];
    const READ_ONE: [Meets; 9] = [SignIn, SignIn, Nothing, In, Nothing, In, No, No, No];
    const EDIT: [Meets; 9] = [SignIn, SignIn, Nothing, In, In, No, In, No, No];
    const EDIT_ONE: [Meets; 9] = [SignIn, SignIn, Nothing, In, Nothing, No, In, No, No];
    const OPERATE: [Meets; 9] = [SignIn, SignIn, No, No, No, No, No, In, No];
    const AUDIT: [Meets; 9] = [SignIn, SignIn, No, No, No, No, No, In, In];
    const OPEN: [Meets; 9] = [In; 9];
    const SESSION: [Meets; 9] = [SignIn, SignIn, In, In, In, SignIn, SignIn, In, In];
    let is_one = path.contains("/locations/{id}");
    Some(match (method, path) {
        ("post", "/api/v1/session/link" | "/api/v1/session" | "/api/v1/locations/{id}/refusals")
        | ("get", "/photos/{id}") => OPEN,
        (_, p) if p.starts_with("/api/v1/session") => SESSION,
        ("post", "/api/v1/partner/check") => [SignIn, SignIn, In, In, In, In, In, In, In],
        ("put", "/api/v1/partner") => [SignIn, SignIn, In, In, In, No, No, No, No],
        ("get" | "post", "/api/v1/partner/locations/{id}/terminals") => MANAGE_ONE,
        ("get", p) if p.starts_with("/api/v1/partner/locations") => {
            if is_one {
                READ_ONE
            } else {
                READ
            }
        }
        (_, p) if p.starts_with("/api/v1/partner/locations") => {
            if is_one {
                EDIT_ONE
            } else {
                EDIT
            }
        }
        (_, p) if p.starts_with("/api/v1/partner/bulk/") => {
            // Files and their rows are found by id, and there is none of this one.
            [SignIn, SignIn, Nothing, Nothing, Nothing, No, Nothing, No, No]
        }
        ("post", "/api/v1/partner/bulk") => EDIT,
        (_, p) if p.starts_with("/api/v1/partner") => MANAGE,
        ("get", "/api/v1/operator/audit") => AUDIT,
        (_, p) if p.starts_with("/api/v1/operator") => OPERATE,
        (_, p)
            if p.starts_with("/api/v1/rights")
                || p.starts_with("/api/v1/terminals/")
                    && p != "/api/v1/terminals/pair"
                    && p != "/api/v1/terminals/me" =>
        {
            OPERATE
        }
        _ => return None,
    })
}

/// The routes that this test is about.
fn is_of_the_desks(tag: &str) -> bool {
    matches!(tag, "session" | "partner" | "operator" | "rights")
}

async fn every_route_lets_in_whom_the_table_says(ground: Ground) {
    let app = desk_app(ground).await;
    let document: Value = serde_json::from_str(&openapi_json()).expect("JSON");
    let owner = app.manager_of("owner@example.org", "Колос").await;
    let stranger = app.manager_of("stranger@example.org", "Другие").await;
    let newcomer = app.manager("newcomer@example.org").await;
    let operator = app.staff("op@example.org", "operator").await;
    let auditor = app.staff("auditor@example.org", "auditor").await;
    let key = async |scope: &str| {
        let body = json!({"name": scope, "scopes": [scope]});
        let made = app.as_person(&owner, "POST", "/api/v1/partner/keys", &body).await.any_json();
        format!("Bearer {}", made["key"].as_str().expect("a key"))
    };
    let (reading, writing) = (key("locations:read").await, key("locations:write").await);
    let made = app.as_person(&owner, "POST", "/api/v1/partner/locations", &json!({"content": bakery()})).await;
    let location = made.any_json()["id"].as_str().expect("an id").to_owned();

    let mut wrong = Vec::new();
    let mut walked = 0;
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            let tag = operation["tags"][0].as_str().unwrap_or_default();
            let photo = path == "/photos/{id}" || path == "/api/v1/locations/{id}/refusals";
            if !is_of_the_desks(tag) && !photo {
                continue;
            }
            // Signing out would end the very sessions that walk on.
            if method == "delete" && path == "/api/v1/session" || path == "/api/v1/session/end-all" {
                continue;
            }
            let Some(row) = row(method, path) else {
                wrong.push(format!("{method} {path} stands in no row"));
                continue;
            };
            let uri = path.replace("/locations/{id}", &format!("/locations/{location}"));
            let uri = ["{id}", "{file}", "{decision}", "{act}"].iter().fold(uri, |uri, hole| uri.replace(hole, "none"));
            for (role, meets) in ROLES.iter().zip(row) {
                let person = |p: &Person| p.headers().iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
                let bearer = |key: &str| vec![("authorization".to_owned(), key.to_owned())];
                let mut headers: Vec<(String, String)> = match *role {
                    "anonymous" => Vec::new(),
                    "garbage" => bearer("Bearer ryk_none.none"),
                    "newcomer" => person(&newcomer),
                    "owner" => person(&owner),
                    "stranger" => person(&stranger),
                    "key:read" => bearer(&reading),
                    "key:write" => bearer(&writing),
                    "operator" => person(&operator),
                    _ => person(&auditor),
                };
                headers.push(("if-match".to_owned(), "\"none\"".to_owned()));
                let borrowed: Vec<(&str, &str)> = headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                let body = if method == "get" { "" } else { "{}" };
                let answer = app.request(&method.to_uppercase(), &uri, &borrowed, body).await;
                let status = answer.status.as_u16();
                let kind = if status >= 400 { answer.problem_of().0 } else { String::new() };
                let holds = match meets {
                    In => !matches!(status, 401 | 403) && status < 500,
                    SignIn => status == 401,
                    No => status == 403 && kind == "forbidden",
                    Nothing => status == 404,
                };
                if !holds {
                    wrong.push(format!("{method} {path} as {role}: {status} {kind}, not {meets:?}"));
                }
                walked += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(walked > 400, "only {walked} were walked");
    app.stop().await;
}

async fn the_operators_key_opens_the_operators_desk_and_no_partners(ground: Ground) {
    let app = desk_app(ground).await;
    let statuses: BTreeMap<&str, u16> = {
        let mut all = BTreeMap::new();
        for uri in
            ["/api/v1/operator/queue", "/api/v1/operator/audit", "/api/v1/rights", "/api/v1/partner", "/api/v1/session"]
        {
            all.insert(uri, app.get_as(uri, &[KEY]).await.status.as_u16());
        }
        all
    };
    let wanted = [
        ("/api/v1/operator/queue", 200),
        ("/api/v1/operator/audit", 200),
        ("/api/v1/rights", 200),
        ("/api/v1/partner", 403),
        ("/api/v1/session", 401),
    ];
    assert_eq!(statuses, wanted.into_iter().collect());
    app.stop().await;
}

/// A device key, a terminal's token and a till's key are asked for where they belong; a cookie opens none of those.
async fn a_cookie_opens_nothing_where_a_key_is_asked(ground: Ground) {
    let app: TestApp = desk_app(ground).await;
    let operator = app.staff("op@example.org", "operator").await;
    for (method, uri) in [
        ("POST", "/api/v1/wallet/codes"),
        ("POST", "/api/v1/wallet/state"),
        ("GET", "/api/v1/terminals/me"),
        ("PUT", "/api/v1/locations/a"),
        ("DELETE", "/api/v1/locations/a"),
    ] {
        let answer = app.as_person(&operator, method, uri, &Value::Null).await;
        assert_eq!(answer.status, 401, "{method} {uri}: {}", answer.text());
    }
    app.stop().await;
}

on_both_stores!(
    every_route_lets_in_whom_the_table_says,
    the_operators_key_opens_the_operators_desk_and_no_partners,
    a_cookie_opens_nothing_where_a_key_is_asked,
);
