//! The desks of partners and operators: from a letter to the map and back.

use crate::harness::desk::{KEY, Person, bakery, desk_app, enter, token_of_letter};
use crate::harness::{Ground, TestApp, on_both_stores};
use chrono::TimeDelta;
use serde_json::{Value, json};

const LOCATIONS: &str = "/api/v1/partner/locations";

async fn submitted(app: &TestApp, manager: &Person, content: Value) -> Value {
    let made = app.as_person(manager, "POST", LOCATIONS, &json!({"content": content, "submit": true})).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.any_json()
}

fn uri_of(document: &Value) -> String {
    format!("{LOCATIONS}/{}", document["id"].as_str().expect("an id"))
}

async fn from_a_letter_to_the_map_and_back(ground: Ground) {
    let app = desk_app(ground).await;
    let manager = app.manager_of("anna@example.org", "Колос").await;
    let operator = app.staff("op@example.org", "operator").await;

    // A draft may be incomplete, and says what it lacks; it is on no map and in no queue.
    let draft = json!({"content": {"name": "Пекарня «Колос»"}});
    let made = app.as_person(&manager, "POST", LOCATIONS, &draft).await;
    assert_eq!(made.status, 201);
    let document = made.any_json();
    assert_eq!((&document["state"], &document["on_map"]), (&json!("draft"), &json!(false)));
    let codes: Vec<&str> =
        document["revision"]["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"category-missing") && codes.contains(&"hours-missing"), "{codes:?}");
    let uri = uri_of(&document);
    let etag = made.header("etag").to_owned();
    let refused = app.on_version(&manager, "POST", &format!("{uri}/submit"), &etag, &Value::Null).await;
    assert_eq!(refused.problem_of().0, "invalid-location");
    let queue = app.get_as("/api/v1/operator/queue", &operator.headers()).await.json();
    assert_eq!(queue["total"], 0);

    // Completed and submitted.
    let patch = json!({"content": bakery(), "submit": true});
    let sent = app.on_version(&manager, "PATCH", &uri, &etag, &patch).await;
    assert_eq!(sent.json()["state"], "pending", "{}", sent.text());
    assert_eq!(app.get("/api/v1/locations/nearest?lon=41.97&lat=45.04").await.ids(), Vec::<String>::new());

    // Rejected with a reason, which the partner sees and answers.
    let waiting = app.waiting(&operator).await;
    assert_eq!((&waiting["kind"], &waiting["partner"]["name"]), (&json!("new"), &json!("Колос")));
    let revision = format!("/api/v1/operator/revisions/{}", waiting["id"].as_str().unwrap());
    let no_reason =
        app.as_person(&operator, "POST", &format!("{revision}/reject"), &json!({"version": waiting["version"]})).await;
    assert_eq!(no_reason.problem_of(), ("invalid-location".into(), vec!["reason".into()]));
    let why = json!({"version": waiting["version"], "reason": "Уточните адрес"});
    assert_eq!(app.as_person(&operator, "POST", &format!("{revision}/reject"), &why).await.status, 200);
    let rejected = app.get_as(&uri, &manager.headers()).await;
    let document = rejected.json();
    assert_eq!(document["state"], "rejected");
    assert_eq!(document["revision"]["reason"], "Уточните адрес");
    let answer = app.as_person(&manager, "POST", &format!("{uri}/answer"), &json!({"text": "Дом 3"})).await;
    let authors: Vec<Value> =
        answer.json()["revision"]["notes"].as_array().unwrap().iter().map(|n| n["author"].clone()).collect();
    assert_eq!(authors, ["operator", "partner"]);
    assert_eq!(app.waiting(&operator).await["answered"], true, "an answer reaches the operator");

    // Corrected, approved: every reader sees it.
    let fixed = json!({"content": {"address": "г. Ставрополь, ул. Ленина, 3"}, "submit": true});
    let stale = rejected.header("etag").to_owned();
    assert_eq!(app.on_version(&manager, "PATCH", &uri, &stale, &fixed).await.problem_of().0, "version-conflict");
    let etag = answer.header("etag").to_owned();
    assert_eq!(app.on_version(&manager, "PATCH", &uri, &etag, &fixed).await.status, 200);
    let approved = app.approve(&operator).await;
    let near = app.get(&format!("/api/v1/locations/nearest?lon=41.97&lat=45.04&min_seq={}", approved["seq"])).await;
    let shown = near.properties();
    assert_eq!(
        (&shown["name"], &shown["address"]),
        (&json!("Пекарня «Колос»"), &json!("г. Ставрополь, ул. Ленина, 3"))
    );
    let letters = app.app().state.gate.mailer().letters().unwrap();
    assert!(letters[0].to == "anna@example.org" && letters[0].subject.starts_with("На карте"), "{letters:?}");

    // An edit waits while the old one stays on the map.
    let published = app.get_as(&uri, &manager.headers()).await;
    let etag = published.header("etag").to_owned();
    let edit = json!({"content": {"name": "Пекарня «Новая»"}, "submit": true});
    let edited = app.on_version(&manager, "PATCH", &uri, &etag, &edit).await.json();
    assert_eq!((&edited["state"], &edited["revision"]["state"]), (&json!("published"), &json!("pending")));
    let id = edited["id"].as_str().unwrap().to_owned();
    let card = app.get(&format!("/api/v1/locations/{id}")).await;
    assert_eq!(card.properties()["name"], "Пекарня «Колос»");
    let waiting = app.waiting(&operator).await;
    let case = app
        .get_as(&format!("/api/v1/operator/revisions/{}", waiting["id"].as_str().unwrap()), &operator.headers())
        .await;
    let case = case.json();
    assert_eq!(case["diff"], json!([{"field": "name", "before": "Пекарня «Колос»", "after": "Пекарня «Новая»"}]));
    assert_eq!(case["hours_week"].as_array().unwrap().len(), 7);
    let approved = app.approve(&operator).await;
    let card = app.get(&format!("/api/v1/locations/{id}?min_seq={}", approved["seq"])).await;
    assert_eq!(card.properties()["name"], "Пекарня «Новая»");

    // Reverted: the history grows, nothing of it goes.
    let of_operator = format!("/api/v1/operator/locations/{id}");
    let history = app.get_as(&of_operator, &operator.headers()).await.json();
    assert_eq!(history["history"].as_array().unwrap().len(), 2);
    let stale = json!({"version": 1, "expected": 1});
    let revert = format!("{of_operator}/revert");
    assert_eq!(app.as_person(&operator, "POST", &revert, &stale).await.problem_of().0, "decided");
    let back = app.as_person(&operator, "POST", &revert, &json!({"version": 1, "expected": 2})).await.json();
    assert_eq!(back["version"], 3);
    let card = app.get(&format!("/api/v1/locations/{id}?min_seq={}", back["seq"])).await;
    assert_eq!(card.properties()["name"], "Пекарня «Колос»");
    let history = app.get_as(&of_operator, &operator.headers()).await.json();
    assert_eq!(history["history"].as_array().unwrap().len(), 3);
    assert_eq!(history["hours_week"][0]["intervals"][0], json!({"from": "08:00", "to": "20:00"}));

    // Suspended, resumed, withdrawn by its partner.
    let suspended =
        app.as_person(&operator, "POST", &format!("{of_operator}/suspend"), &json!({"reason": "жалобы"})).await.json();
    let gone = app.get(&format!("/api/v1/locations/{id}?min_seq={}", suspended["seq"])).await;
    assert_eq!(gone.problem_of().0, "no-location");
    let resumed = app.as_person(&operator, "POST", &format!("{of_operator}/resume"), &Value::Null).await.json();
    assert_eq!(app.get(&format!("/api/v1/locations/{id}?min_seq={}", resumed["seq"])).await.status, 200);
    let etag = app.get_as(&uri, &manager.headers()).await.header("etag").to_owned();
    let withdrawn = app.on_version(&manager, "DELETE", &uri, &etag, &Value::Null).await;
    assert_eq!(withdrawn.status, 204);
    let gone = app.get(&format!("/api/v1/locations/{id}?min_seq={}", withdrawn.header("ryadom-seq"))).await;
    assert_eq!(gone.problem_of().0, "no-location");

    // Every act stands in the log, by ids.
    let log = app.get_as("/api/v1/operator/audit?limit=500", &operator.headers()).await;
    let acts: Vec<String> =
        log.json()["entries"].as_array().unwrap().iter().map(|e| e["act"].as_str().unwrap().to_owned()).collect();
    for act in [
        "sign-in",
        "create-partner",
        "submit",
        "reject",
        "answer",
        "approve",
        "revert",
        "suspend",
        "resume",
        "withdraw",
    ] {
        assert!(acts.iter().any(|a| a == act), "{act} of {acts:?}");
    }
    assert!(!log.text().contains("anna@example.org") && !log.text().contains("op@example.org"));
    assert!(ryadom::audit::verify(&app.ground().store, None).await.unwrap().broken.is_none());
    app.stop().await;
}

async fn of_two_who_edit_the_second_is_told_and_nothing_is_lost(ground: Ground) {
    let app = desk_app(ground).await;
    let anna = app.manager_of("anna@example.org", "Колос").await;
    let colleague = json!({"email": "boris@example.org"});
    assert_eq!(app.as_person(&anna, "POST", "/api/v1/partner/managers", &colleague).await.status, 201);
    let boris = enter(&app, &token_of_letter(&app, "boris@example.org")).await;
    let document = submitted(&app, &anna, bakery()).await;
    let (uri, etag) = (uri_of(&document), document["etag"].as_str().unwrap().to_owned());
    let first = json!({"content": {"name": "Первая"}});
    assert_eq!(app.on_version(&anna, "PATCH", &uri, &etag, &first).await.status, 200);
    let second = json!({"content": {"phone": "8 800 555-35-35"}});
    let refused = app.on_version(&boris, "PATCH", &uri, &etag, &second).await;
    assert_eq!(refused.problem_of().0, "version-conflict");
    let current = refused.problem()["current"].clone();
    assert_eq!(current["content"]["name"], "Первая", "both versions are there: his own and this one");
    let again = app.on_version(&boris, "PATCH", &uri, current["etag"].as_str().unwrap(), &second).await.json();
    assert_eq!((&again["content"]["name"], &again["content"]["phone"]), (&json!("Первая"), &json!("8 800 555-35-35")));
    for headers in [vec![], vec![("if-match", "*")], vec![("if-match", "\"1\", \"2\"")]] {
        let mut all = boris.headers();
        all.extend(headers);
        let refused = app.request("PATCH", &uri, &all, &second.to_string()).await;
        assert_eq!(refused.problem_of().0, "if-match-needed");
    }

    // Many at once: exactly one wins each version.
    let etag = again["etag"].as_str().unwrap().to_owned();
    let tries =
        (0..8).map(|n| {
            let (app, anna, uri, etag) = (&app, &anna, &uri, &etag);
            async move {
                app.on_version(anna, "PATCH", uri, etag, &json!({"content": {"name": format!("n{n}")}})).await.status
            }
        });
    let all = futures_util::future::join_all(tries).await;
    assert_eq!(all.iter().filter(|s| **s == 200).count(), 1, "{all:?}");
    assert_eq!(all.iter().filter(|s| **s == 412).count(), 7, "{all:?}");
    app.stop().await;
}

async fn a_link_signs_in_once_by_a_button_and_for_a_quarter_of_an_hour(ground: Ground) {
    let app = desk_app(ground).await;
    let link = json!({"email": "Anna@Example.org"});
    assert_eq!(app.post("/api/v1/session/link", &link).await.status, 202);
    let token = token_of_letter(&app, "anna@example.org");
    // A scanner of letters follows the link; the token is in the fragment and does not even reach us.
    for uri in ["/sign-in", &format!("/sign-in?token={token}"), &format!("/api/v1/session?token={token}")] {
        let followed = app.get(uri).await;
        assert_eq!(followed.header("set-cookie"), "", "{uri}");
    }
    let person = enter(&app, &token).await;
    let cookie = app.post("/api/v1/session", &json!({ "token": token })).await;
    assert_eq!(cookie.problem_of().0, "no-sign-in", "used");
    assert_eq!(app.get_as("/api/v1/session", &person.headers()).await.status, 200);

    app.post("/api/v1/session/link", &link).await;
    let late = token_of_letter(&app, "anna@example.org");
    app.wait(TimeDelta::minutes(16));
    assert_eq!(app.post("/api/v1/session", &json!({ "token": late })).await.problem_of().0, "no-sign-in");

    // The answer tells nothing of the address; an operator's link goes to whoever was invited alone.
    let before = app.app().state.gate.mailer().letters().unwrap().len();
    let stranger = json!({"email": "stranger@example.org", "to": "/operator"});
    assert_eq!(app.post("/api/v1/session/link", &stranger).await.status, 202);
    assert_eq!(app.app().state.gate.mailer().letters().unwrap().len(), before);
    let wrong = app.post("/api/v1/session/link", &json!({"email": "anna"})).await;
    assert_eq!(wrong.problem_of(), ("invalid-account".into(), vec!["email".into()]));
    for _ in 0..6 {
        app.post("/api/v1/session/link", &json!({"email": "many@example.org"})).await;
    }
    let refused = app.post("/api/v1/session/link", &json!({"email": "many@example.org"})).await;
    assert_eq!(refused.problem_of().0, "too-many-tries");

    // Out here, and out everywhere.
    app.post("/api/v1/session/link", &link).await;
    let other = enter(&app, &token_of_letter(&app, "anna@example.org")).await;
    assert_eq!(app.as_person(&other, "DELETE", "/api/v1/session", &Value::Null).await.status, 204);
    assert_eq!(app.get_as("/api/v1/session", &other.headers()).await.problem_of().0, "not-signed-in");
    assert_eq!(app.get_as("/api/v1/session", &person.headers()).await.status, 200);
    assert_eq!(app.as_person(&person, "POST", "/api/v1/session/end-all", &Value::Null).await.status, 204);
    assert_eq!(app.get_as("/api/v1/session", &person.headers()).await.status, 401);
    app.stop().await;
}

async fn a_write_without_the_sessions_word_is_refused(ground: Ground) {
    let app = desk_app(ground).await;
    let anna = app.manager_of("anna@example.org", "Колос").await;
    let boris = app.manager("boris@example.org").await;
    let body = json!({"content": bakery()}).to_string();
    for word in [None, Some(""), Some("wrong"), Some(boris.csrf.as_str())] {
        let mut headers = vec![("cookie", anna.cookie.as_str())];
        headers.extend(word.map(|w| ("x-csrf-token", w)));
        let refused = app.request("POST", LOCATIONS, &headers, &body).await;
        assert_eq!(refused.problem_of().0, "forged", "{word:?}");
    }
    let shared = app.get_as(LOCATIONS, &[("cookie", &anna.cookie), ("origin", "https://evil.example")]).await;
    assert_eq!(shared.header("access-control-allow-origin"), "", "a stranger's page reads nothing");
    app.stop().await;
}

async fn an_operator_needs_the_second_factor_and_a_code_works_once(ground: Ground) {
    let app = desk_app(ground).await;
    let body = json!({"email": "op@example.org", "role": "operator"}).to_string();
    assert_eq!(app.request("POST", "/api/v1/operator/accounts", &[KEY], &body).await.status, 201);
    let half = enter(&app, &token_of_letter(&app, "op@example.org")).await;
    let queue = "/api/v1/operator/queue";
    assert_eq!(app.get_as(queue, &half.headers()).await.problem_of().0, "not-signed-in", "half a sign-in is none");
    let factor = app.get_as("/api/v1/session/totp", &half.headers()).await.json();
    let secret = factor["secret"].as_str().unwrap().to_owned();
    assert!(factor["svg"].as_str().unwrap().starts_with("<svg") && factor["uri"].as_str().unwrap().contains(&secret));
    let totp = "/api/v1/session/totp";
    let wrong = app.as_person(&half, "POST", totp, &json!({"code": "000000"})).await;
    assert_eq!(wrong.problem_of(), ("invalid-account".into(), vec!["code".into()]));
    let code = app.totp(&secret);
    assert_eq!(app.as_person(&half, "POST", totp, &json!({"code": code})).await.json()["standing"], "full");
    assert_eq!(app.get_as(queue, &half.headers()).await.status, 200);

    // The next sign-in: the secret is not shown again, and the code of before is not taken again.
    app.post("/api/v1/session/link", &json!({"email": "op@example.org", "to": "/operator"})).await;
    let next = enter(&app, &token_of_letter(&app, "op@example.org")).await;
    assert_eq!(app.get_as(totp, &next.headers()).await.problem_of().0, "wrong-state");
    let reused = app.as_person(&next, "POST", totp, &json!({"code": code})).await;
    assert_eq!(reused.problem_of().0, "invalid-account");
    app.wait(TimeDelta::seconds(30));
    let code = app.totp(&secret);
    assert_eq!(app.as_person(&next, "POST", totp, &json!({"code": code})).await.status, 200);

    // Guessing is counted.
    app.post("/api/v1/session/link", &json!({"email": "op@example.org", "to": "/operator"})).await;
    let guesser = enter(&app, &token_of_letter(&app, "op@example.org")).await;
    let mut last = String::new();
    for _ in 0..12 {
        last = app.as_person(&guesser, "POST", totp, &json!({"code": "000000"})).await.problem_of().0;
    }
    assert_eq!(last, "too-many-tries");
    app.stop().await;
}

async fn one_changed_byte_of_the_log_is_found(ground: Ground) {
    let app = desk_app(ground).await;
    app.manager_of("anna@example.org", "Колос").await;
    let whole = ryadom::audit::verify(&app.ground().store, None).await.unwrap();
    assert!(whole.broken.is_none() && whole.entries >= 3, "{whole:?}");
    assert!(ryadom::audit::verify(&app.ground().store, Some(&whole.head)).await.unwrap().broken.is_none());
    let ground = app.ground();
    let is_postgis = ground.store.postgis().is_some();
    let unlock = if is_postgis {
        "ALTER TABLE audit_log DISABLE TRIGGER audit_log_no_change"
    } else {
        "DROP TRIGGER audit_log_no_update"
    };
    ground.sql(&format!("{unlock}; UPDATE audit_log SET target = target || 'x' WHERE number = 2")).await;
    let broken = ryadom::audit::verify(&ground.store, None).await.unwrap();
    assert_eq!((broken.entries, broken.broken), (1, Some((2, "the entry was changed"))));
    app.stop().await;
}

async fn a_refusal_is_told_without_an_account_and_without_a_person(ground: Ground) {
    let app = desk_app(ground).await;
    let anna = app.manager_of("anna@example.org", "Колос").await;
    let boris = app.manager_of("boris@example.org", "Другие").await;
    let operator = app.staff("op@example.org", "operator").await;
    let document = submitted(&app, &anna, bakery()).await;
    let seq = app.approve(&operator).await["seq"].clone();
    let id = document["id"].as_str().unwrap();
    app.reach(ryadom::domain::Seq(seq.as_i64().unwrap())).await;
    let uri = format!("/api/v1/locations/{id}/refusals");
    let told = json!({"reason": "not_honoured", "day": "2026-11-20", "text": "Сказали нет, звоните 8 918 123-45-67"});
    let taken = app.post(&uri, &told).await;
    assert_eq!(taken.status, 202, "{}", taken.text());
    let seen = app.get_as("/api/v1/partner/refusals", &anna.headers()).await;
    let row = seen.json()["refusals"][0].clone();
    assert_eq!((&row["reason"], &row["location_name"]), (&json!("not_honoured"), &json!("Пекарня «Колос»")));
    assert_eq!(row["text"], "Сказали нет, звоните …");
    let others = app.get_as("/api/v1/partner/refusals", &boris.headers()).await.json();
    assert_eq!(others["refusals"], json!([]));
    let answer = format!("/api/v1/partner/refusals/{}/answer", row["id"].as_str().unwrap());
    let text = json!({"text": "Обучили смену"});
    assert_eq!(app.as_person(&boris, "POST", &answer, &text).await.problem_of().0, "no-refusal");
    assert_eq!(app.as_person(&anna, "POST", &answer, &text).await.status, 200);
    let all = app.get_as("/api/v1/operator/refusals", &operator.headers()).await.json();
    assert_eq!(
        (&all["refusals"][0]["answer"], &all["refusals"][0]["partner"]["name"]),
        (&json!("Обучили смену"), &json!("Колос"))
    );
    for (body, field) in [
        (json!({"reason": "bad", "day": "2026-11-20"}), "reason"),
        (json!({"reason": "other", "day": "2027-11-20"}), "day"),
        (json!({"reason": "other", "day": "2026-11-20", "text": "я".repeat(501)}), "text"),
    ] {
        assert_eq!(app.post(&uri, &body).await.problem_of(), ("invalid-refusal".into(), vec![field.into()]));
    }
    let mut last = 202;
    for _ in 0..25 {
        last = app.post(&uri, &told).await.status.as_u16();
    }
    assert_eq!(last, 429, "a place cannot be flooded");
    app.stop().await;
}

async fn a_partners_system_writes_with_a_key_of_its_scopes(ground: Ground) {
    let app = desk_app(ground).await;
    let anna = app.manager_of("anna@example.org", "Колос").await;
    let make = |scopes: Value| json!({"name": "ERP", "scopes": scopes});
    let keys = "/api/v1/partner/keys";
    let none = app.as_person(&anna, "POST", keys, &make(json!([]))).await;
    assert_eq!(none.problem_of(), ("invalid-account".into(), vec!["scopes".into()]));
    let writing =
        app.as_person(&anna, "POST", keys, &make(json!(["locations:read", "locations:write"]))).await.any_json();
    let reading = app.as_person(&anna, "POST", keys, &make(json!(["locations:read"]))).await.any_json();
    let bearer = |key: &Value| format!("Bearer {}", key["key"].as_str().unwrap());
    let (write, read) = (bearer(&writing), bearer(&reading));
    let body = json!({"content": bakery(), "submit": true}).to_string();
    let once = [("authorization", write.as_str()), ("idempotency-key", "row-17")];
    let made = app.request("POST", LOCATIONS, &once, &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let again = app.request("POST", LOCATIONS, &once, &body).await;
    assert_eq!((again.status.as_u16(), &again.any_json()["id"]), (200, &made.any_json()["id"]));
    let other = json!({"content": {"name": "Иное"}}).to_string();
    assert_eq!(app.request("POST", LOCATIONS, &once, &other).await.problem_of().0, "idempotency");
    let refused = app.request("POST", LOCATIONS, &[("authorization", &read)], &body).await;
    assert_eq!(refused.problem_of().0, "forbidden");
    let listed = app.get_as(LOCATIONS, &[("authorization", &read)]).await.json();
    assert_eq!(listed["locations"].as_array().unwrap().len(), 1);
    assert_eq!(app.get_as("/api/v1/partner/keys", &[("authorization", &write)]).await.problem_of().0, "forbidden");
    let shown = app.get_as(keys, &anna.headers()).await;
    assert!(!shown.text().contains(writing["key"].as_str().unwrap().split('.').nth(1).unwrap()), "said once");
    let gone = format!("{keys}/{}", writing["id"].as_str().unwrap());
    assert_eq!(app.as_person(&anna, "DELETE", &gone, &Value::Null).await.status, 204);
    assert_eq!(app.get_as(LOCATIONS, &[("authorization", &write)]).await.problem_of().0, "unauthorized");
    app.stop().await;
}

async fn nobody_sees_another_partners_desk(ground: Ground) {
    let app = desk_app(ground).await;
    let anna = app.manager_of("anna@example.org", "Колос").await;
    let boris = app.manager_of("boris@example.org", "Колос").await;
    let document = submitted(&app, &anna, bakery()).await;
    let (uri, etag) = (uri_of(&document), document["etag"].as_str().unwrap().to_owned());
    assert_eq!(app.get_as(&uri, &boris.headers()).await.problem_of().0, "no-location");
    for (method, path, body) in [
        ("PATCH", uri.clone(), json!({"content": {}})),
        ("DELETE", uri.clone(), Value::Null),
        ("POST", format!("{uri}/submit"), Value::Null),
        ("POST", format!("{uri}/discard"), Value::Null),
        ("POST", format!("{uri}/answer"), json!({"text": "x"})),
        ("GET", format!("{uri}/terminals"), Value::Null),
        ("POST", format!("{uri}/terminals"), json!({"name": "x"})),
    ] {
        let refused = app.on_version(&boris, method, &path, &etag, &body).await;
        assert_eq!(refused.problem_of().0, "no-location", "{method} {path}");
    }
    let own = app.get_as("/api/v1/partner", &boris.headers()).await;
    assert!(!own.text().contains("anna@example.org"));
    let theirs =
        app.as_person(&boris, "DELETE", &format!("/api/v1/partner/managers/{}", anna.account), &Value::Null).await;
    assert_eq!(theirs.problem_of().0, "no-account");
    assert_eq!(app.get_as(LOCATIONS, &boris.headers()).await.json()["locations"], json!([]));
    app.stop().await;
}

/// From a review: a manager must not make, bind or disable the account of somebody who did not follow the link.
async fn an_invitation_takes_nobody_captive(ground: Ground) {
    let app = desk_app(ground).await;
    let mallory = app.manager_of("mallory@example.org", "Чужие").await;
    let boris = app.manager("boris@example.org").await;
    for email in ["chief@example.org", "boris@example.org", "op@example.org"] {
        let invited = app.as_person(&mallory, "POST", "/api/v1/partner/managers", &json!({ "email": email })).await;
        assert_eq!(invited.any_json(), json!({ "email": email }), "one answer for all");
    }
    let own = app.get_as("/api/v1/partner", &mallory.headers()).await.json();
    assert_eq!(own["managers"].as_array().unwrap().len(), 1, "nobody has followed a link yet");
    let not_his = format!("/api/v1/partner/managers/{}", boris.account);
    assert_eq!(app.as_person(&mallory, "DELETE", &not_his, &Value::Null).await.problem_of().0, "no-account");
    assert_eq!(app.get_as("/api/v1/session", &boris.headers()).await.json()["partner"], Value::Null);
    // The address is free for what its owner and the ministry want of it.
    let operator = app.staff("op@example.org", "operator").await;
    assert_eq!(app.get_as("/api/v1/operator/queue", &operator.headers()).await.status, 200);

    // Who follows the link is a manager there, until he is none: the account stays and can begin anew.
    let chief = enter(&app, &token_of_letter(&app, "chief@example.org")).await;
    assert_eq!(app.get_as("/api/v1/session", &chief.headers()).await.json()["partner"]["name"], "Чужие");
    let removed = format!("/api/v1/partner/managers/{}", chief.account);
    assert_eq!(app.as_person(&mallory, "DELETE", &removed, &Value::Null).await.status, 204);
    assert_eq!(app.get_as("/api/v1/session", &chief.headers()).await.status, 401, "signed out");
    let again = app.manager("chief@example.org").await;
    assert_eq!(app.get_as("/api/v1/session", &again.headers()).await.json()["partner"], Value::Null);
    app.stop().await;
}

async fn what_was_taken_off_the_map_comes_back_by_no_edit(ground: Ground) {
    let app = desk_app(ground).await;
    let manager = app.manager_of("anna@example.org", "Колос").await;
    let operator = app.staff("op@example.org", "operator").await;
    let uri = uri_of(&submitted(&app, &manager, bakery()).await);
    app.approve(&operator).await;
    let etag = app.get_as(&uri, &manager.headers()).await.header("etag").to_owned();
    let edit = json!({"content": {"name": "Иное имя"}, "submit": true});
    assert_eq!(app.on_version(&manager, "PATCH", &uri, &etag, &edit).await.status, 200);
    let id = uri.rsplit('/').next().unwrap().to_owned();
    let act = format!("/api/v1/operator/locations/{id}");
    let why = json!({"reason": "обман"});
    assert_eq!(app.as_person(&operator, "POST", &format!("{act}/suspend"), &why).await.status, 200);
    let waiting = app.waiting(&operator).await;
    let revision = format!("/api/v1/operator/revisions/{}", waiting["id"].as_str().unwrap());
    assert_eq!(app.get_as(&revision, &operator.headers()).await.json()["location_state"], "suspended");
    let looked = json!({"version": waiting["version"]});
    let refused = app.as_person(&operator, "POST", &format!("{revision}/approve"), &looked).await;
    assert_eq!(refused.problem_of().0, "wrong-state");
    let seq = app.as_person(&operator, "POST", &format!("{act}/archive"), &why).await.json()["seq"].clone();
    let gone = app.get(&format!("/api/v1/locations/{id}?min_seq={seq}")).await;
    assert_eq!(gone.problem_of().0, "no-location");
    let queue = app.get_as("/api/v1/operator/queue", &operator.headers()).await.json();
    assert_eq!(queue["total"], 0, "what waited beside it is dropped");
    app.stop().await;
}

async fn a_key_opens_what_its_scopes_say_however_it_is_spelled(ground: Ground) {
    let app = desk_app(ground).await;
    let anna = app.manager_of("anna@example.org", "Колос").await;
    let make = json!({"name": "ERP", "scopes": ["locations:read"]});
    let made = app.as_person(&anna, "POST", "/api/v1/partner/keys", &make).await.any_json();
    let key = made["key"].as_str().unwrap().to_owned();
    let till = key.replacen("ryk_", "rk_", 1);
    for (spelled, status) in [(&key, 403), (&till, 401)] {
        let bearer = format!("Bearer {spelled}");
        let asked = app.request("POST", "/api/v1/verify", &[("authorization", &bearer)], r#"{"text":"x"}"#).await;
        assert_eq!(asked.status.as_u16(), status, "{spelled}: {}", asked.text());
    }
    app.stop().await;
}

async fn accounts_are_listed_to_the_last(ground: Ground) {
    let app = desk_app(ground).await;
    for name in ["boris", "anna", "vera"] {
        app.manager_of(&format!("{name}@example.org"), name).await;
    }
    app.staff("zoya@example.org", "operator").await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let uri = format!("/api/v1/operator/accounts?limit=2&cursor={cursor}");
        let page = app.get_as(&uri, &[KEY]).await.any_json();
        let rows = page["accounts"].as_array().unwrap().clone();
        seen.extend(rows.iter().map(|a| a["email"].as_str().unwrap().to_owned()));
        assert!(!page["next"].to_string().contains('@'), "an address is nothing for a URL");
        let Some(next) = page["next"].as_str() else { break };
        next.clone_into(&mut cursor);
    }
    assert_eq!(seen, ["zoya@example.org", "anna@example.org", "boris@example.org", "vera@example.org"]);
    app.stop().await;
}

async fn what_postgresql_cannot_keep_is_refused_on_both(ground: Ground) {
    let app = desk_app(ground).await;
    let anna = app.manager_of("anna@example.org", "Колос").await;
    assert_eq!(app.get("/photos/%00").await.problem_of().0, "invalid-parameter");
    assert_eq!(app.get_as("/api/v1/partner/locations?cursor=%00", &anna.headers()).await.status, 400);
    let draft = r#"{"content":{"name":"a\u0000"}}"#;
    assert_eq!(app.request("POST", LOCATIONS, &anna.headers(), draft).await.problem_of().0, "invalid-body");
    app.stop().await;
}

on_both_stores!(
    accounts_are_listed_to_the_last,
    from_a_letter_to_the_map_and_back,
    of_two_who_edit_the_second_is_told_and_nothing_is_lost,
    a_link_signs_in_once_by_a_button_and_for_a_quarter_of_an_hour,
    a_write_without_the_sessions_word_is_refused,
    an_operator_needs_the_second_factor_and_a_code_works_once,
    one_changed_byte_of_the_log_is_found,
    a_refusal_is_told_without_an_account_and_without_a_person,
    a_partners_system_writes_with_a_key_of_its_scopes,
    nobody_sees_another_partners_desk,
    an_invitation_takes_nobody_captive,
    what_was_taken_off_the_map_comes_back_by_no_edit,
    a_key_opens_what_its_scopes_say_however_it_is_spelled,
    what_postgresql_cannot_keep_is_refused_on_both,
);
