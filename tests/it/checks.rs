//! Checking at the door: a code becomes a verdict once, whoever asks, however many, whatever breaks.

use crate::harness::app::sealing_key;
use crate::harness::wallet::{
    Device, OPERATOR, app_act, invite, invited_until, operated, refused, terminal, valid, verdict, verify, verify_as,
    with_shops,
};
use crate::harness::{Ground, LIMIT, TestApp, noon, on_both_stores};
use chrono::TimeDelta;
use ryadom::credentials::desk::{Desk, Options as DeskOptions};
use ryadom::domain::Clock;
use serde_json::json;
use std::collections::HashSet;
use std::sync::Arc;

on_both_stores! {
    an_invitation_becomes_a_code_that_is_taken_once,
    codes_are_judged_by_their_age,
    spoken_digits_are_good_at_one_terminal_once,
    one_code_from_many_at_once_is_valid_for_one,
    two_replicas_take_a_code_once,
    a_check_says_on_the_card_that_the_benefit_is_granted,
    what_a_partner_sees_of_two_visits_is_the_right_alone,
    every_route_opens_to_its_role_alone,
    a_kill_between_scan_and_answer_takes_a_code_once,
}

async fn an_invitation_becomes_a_code_that_is_taken_once(ground: Ground) {
    let app = with_shops(ground).await;
    let offer = invite(&app).await;
    let mut phone = Device::take(&app, &offer).await;
    let (till, other) = (terminal(&app, "shop").await, terminal(&app, "museum").await);
    let codes = phone.codes(&app, 10).await;
    assert_eq!(codes.len(), 10);
    let first = verify_as(&app, &codes[0], &[("authorization", &till)]).await.json();
    assert_eq!(verdict(&first), valid());
    assert_eq!(
        (&first["category"], &first["region"], &first["valid_until"]),
        (&json!("large_family"), &json!("26"), &json!("2027-03"))
    );
    assert_eq!(
        (&first["location"]["name"], &first["benefits"][0]["title"]),
        (&json!("Пекарня"), &json!("Скидка 10 %"))
    );
    // The one who took it gets the same answer again, for two minutes; nobody else does.
    assert_eq!(verify_as(&app, &codes[0], &[("authorization", &till)]).await.json(), first);
    // Also when the code itself has grown old by then.
    app.wait(TimeDelta::seconds(62));
    assert_eq!(verify_as(&app, &codes[0], &[("authorization", &till)]).await.json(), first);
    let late = verify_as(&app, &codes[0], &[("authorization", &other)]).await.json();
    assert_eq!(verdict(&late), refused("code_expired"));
    app.wait(TimeDelta::seconds(58));
    assert_eq!(verify_as(&app, &codes[0], &[("authorization", &till)]).await.json(), first);
    app.wait(TimeDelta::seconds(1));
    let too_late = verify_as(&app, &codes[0], &[("authorization", &till)]).await.json();
    assert_eq!(verdict(&too_late), refused("code_expired"));
    // Nobody's phone is told apart by what it says of itself, and hears it again too; not when the right has gone since.
    app.clock.set(noon());
    let (check_id, right) = (ryadom::sealing::random_text::<18>(), offer["id"].as_str().unwrap());
    let ask = async || app.post("/api/v1/verify", &json!({"text": codes[1], "check_id": check_id})).await.json();
    app.wait(TimeDelta::seconds(30));
    let bare = ask().await;
    assert_eq!(verdict(&bare), valid());
    app.wait(TimeDelta::seconds(60));
    assert_eq!(ask().await, bare);
    app_act(&app, right, "suspend").await;
    assert_eq!(verdict(&ask().await), refused("suspended"));
    app_act(&app, right, "resume").await;
    assert_eq!(ask().await, bare);
    app.clock.set(noon());
    let elsewhere = verify_as(&app, &codes[0], &[("authorization", &other)]).await.json();
    assert_eq!(verdict(&elsewhere), refused("code_used"));
    assert!(elsewhere["receipt"].is_null() && elsewhere["shift_mark"].is_null() && elsewhere.get("benefits").is_none());
    assert_eq!(verdict(&verify(&app, &codes[0]).await), refused("code_used"));
    let state = phone.ask(&app, "state", json!({"code": codes[0]})).await.json();
    assert_eq!((&state["state"], &state["code_used"], &state["devices"]), (&json!("active"), &json!(true), &json!(1)));
    // Anybody's phone learns the answer and nothing more.
    let fresh = phone.codes(&app, 1).await;
    let bare = verify(&app, &fresh[0]).await;
    let members: HashSet<&str> = bare.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, HashSet::from(["result", "reason", "category", "mode", "checked_at"]));
    app.stop().await;
}

async fn codes_are_judged_by_their_age(ground: Ground) {
    let app = operated(ground).await;
    let mut phone = Device::take(&app, &invite(&app).await).await;
    for (age_s, want) in [
        (0, valid()),
        (29, valid()),
        (31, valid()),
        (44, valid()),
        (45, refused("code_expired")),
        (46, refused("code_expired")),
        (61, refused("code_expired")),
    ] {
        app.clock.set(noon());
        let code = phone.codes(&app, 1).await.remove(0);
        app.wait(TimeDelta::seconds(age_s));
        assert_eq!(verdict(&verify(&app, &code).await), want, "{age_s} s");
        app.clock.set(noon() + TimeDelta::hours(1));
    }
    app.clock.set(noon());
    let ahead = phone.codes(&app, 2).await;
    assert_eq!(verdict(&verify(&app, &ahead[1]).await), refused("clock"), "a code of the next half minute");
    // A hundred in a row have nothing in common but the prefix and the number of the key.
    let mut all = Vec::new();
    for _ in 0..10 {
        all.extend(phone.codes(&app, 10).await);
    }
    let prefix = "HTTPS://RYADOM.TEST/Q#A";
    let bodies: Vec<&str> = all.iter().map(|text| text.strip_prefix(prefix).expect("our prefix")).collect();
    // The first letter holds five of the key number's eight bits, the second the rest and two of the nonce.
    assert_eq!(bodies.iter().map(|b| &b[..1]).collect::<HashSet<_>>().len(), 1);
    for place in 2..bodies[0].len() - 5 {
        assert_eq!(bodies.iter().map(|b| &b[place..place + 6]).collect::<HashSet<_>>().len(), 100, "at {place}");
    }
    // Of nobody: each answer is the same, letter for letter.
    let altered = format!("{}{}", &all[0][..all[0].len() - 1], if all[0].ends_with('A') { "E" } else { "A" });
    let foreign = "HTTPS://OTHER.TEST/Q#AMZXW6YTBOI".to_owned();
    let offline = format!("HTTPS://RYADOM.TEST/Q#B{}", bodies[0]);
    let mut said = HashSet::new();
    for text in [altered, foreign, offline, "x".into(), String::new(), format!("{prefix}AAAA")] {
        let answer = verify_as(&app, &text, &[]).await;
        assert_eq!(verdict(&answer.json()), refused("not_ours"), "{text}");
        said.insert(answer.text());
    }
    assert_eq!(said.len(), 1);
    app.stop().await;
}

async fn spoken_digits_are_good_at_one_terminal_once(ground: Ground) {
    let app = with_shops(ground).await;
    let mut phone = Device::take(&app, &invite(&app).await).await;
    let (till, other) = (terminal(&app, "shop").await, terminal(&app, "museum").await);
    let number = app.get_as("/api/v1/terminals/me", &[("authorization", &till)]).await.json()["terminal"]["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let spoken = |digits: String, till: String| {
        let app = &app;
        async move {
            let body = json!({"spoken": digits}).to_string();
            app.request("POST", "/api/v1/verify", &[("authorization", &till)], &body).await.json()
        }
    };
    assert_eq!(phone.ask(&app, "spoken", json!({"terminal": "99"})).await.problem_of().0, "no-terminal");
    let digits =
        phone.ask(&app, "spoken", json!({"terminal": number})).await.json()["digits"].as_str().unwrap().to_owned();
    assert_eq!(verdict(&spoken(digits.clone(), other).await), refused("not_ours"), "at another terminal");
    assert_eq!(verdict(&spoken(digits.clone(), till.clone()).await), valid());
    assert_eq!(verdict(&spoken(digits, till.clone()).await), refused("not_ours"), "once");
    let late =
        phone.ask(&app, "spoken", json!({"terminal": number})).await.json()["digits"].as_str().unwrap().to_owned();
    app.wait(TimeDelta::seconds(61));
    assert_eq!(verdict(&spoken(late, till.clone()).await), refused("not_ours"), "for a minute");
    // The third wrong one in a row (the two above count) locks the terminal's fallback for five minutes.
    assert_eq!(verdict(&spoken("000000".into(), till.clone()).await), refused("not_ours"));
    let fresh =
        phone.ask(&app, "spoken", json!({"terminal": number})).await.json()["digits"].as_str().unwrap().to_owned();
    assert_eq!(spoken(fresh, till.clone()).await["reason"], "rate_limited");
    app.wait(TimeDelta::seconds(301));
    let fresh =
        phone.ask(&app, "spoken", json!({"terminal": number})).await.json()["digits"].as_str().unwrap().to_owned();
    assert_eq!(verdict(&spoken(fresh, till).await), valid());
    app.stop().await;
}

async fn one_code_from_many_at_once_is_valid_for_one(ground: Ground) {
    let app = Arc::new(operated(ground).await);
    let mut phone = Device::take(&app, &invite(&app).await).await;
    let code = phone.codes(&app, 1).await.remove(0);
    let checks: Vec<_> = (0..50)
        .map(|_| {
            let (app, code) = (Arc::clone(&app), code.clone());
            tokio::spawn(async move { verdict(&verify(&app, &code).await) })
        })
        .collect();
    let mut answers = Vec::new();
    for check in checks {
        answers.push(tokio::time::timeout(LIMIT, check).await.unwrap().unwrap());
    }
    assert_eq!(answers.iter().filter(|a| **a == valid()).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|a| **a == refused("code_used")).count(), 49);
    Arc::into_inner(app).expect("nobody else holds it").stop().await;
}

async fn two_replicas_take_a_code_once(ground: Ground) {
    let app = operated(ground).await;
    let mut phone = Device::take(&app, &invite(&app).await).await;
    // A second process on the same store: its own caches, the same sealing key.
    let clock: Arc<dyn Clock> = Arc::<ryadom::domain::FixedClock>::clone(&app.clock);
    let other = Desk::new(
        app.ground().another_store().await,
        clock,
        sealing_key(),
        DeskOptions::at(crate::harness::app::PUBLIC_URL),
    );
    let nobody = ryadom::credentials::terminals::Checker::Anonymous(None);
    for _ in 0..10 {
        let code = phone.codes(&app, 1).await.remove(0);
        let (here, there) = tokio::join!(verify(&app, &code), other.verify(&code, &nobody));
        let there = serde_json::to_value(there.unwrap()).unwrap();
        let both = [verdict(&here), verdict(&there)];
        assert_eq!(both.iter().filter(|v| **v == valid()).count(), 1, "{both:?}");
        assert!(both.contains(&refused("code_used")));
    }
    let code = phone.codes(&app, 1).await.remove(0);
    let id = app.get_as("/api/v1/rights", &[OPERATOR]).await.json()["rights"][0]["id"].as_str().unwrap().to_owned();
    app_act(&app, &id, "suspend").await;
    assert_eq!(
        other.verify(&code, &nobody).await.unwrap().reason,
        Some(ryadom::credentials::verdict::Reason::Suspended)
    );
    app.stop().await;
}

async fn a_check_says_on_the_card_that_the_benefit_is_granted(ground: Ground) {
    let app = with_shops(ground).await;
    let mut phone = Device::take(&app, &invite(&app).await).await;
    let till = terminal(&app, "shop").await;
    let card = || async { app.get("/api/v1/locations/shop").await.properties()["last_confirmed"].clone() };
    let before = app.app().state.feed.seq();
    let codes = phone.codes(&app, 1).await;
    verify_as(&app, &codes[0], &[("authorization", &till)]).await;
    crate::harness::eventually("the card says the day", || async { card().await == json!("2026-11-23") }).await;
    for _ in 0..3 {
        let codes = phone.codes(&app, 1).await;
        assert_eq!(verdict(&verify_as(&app, &codes[0], &[("authorization", &till)]).await.json()), valid());
    }
    let head = app.ground().store.head().await.unwrap();
    assert_eq!(head.0, before.0 + 1, "one change a place and day");
    app.stop().await;
}

async fn what_a_partner_sees_of_two_visits_is_the_right_alone(ground: Ground) {
    let app = with_shops(ground).await;
    let mut phone = Device::take(&app, &invite(&app).await).await;
    let mut seen = Vec::new();
    for location in ["shop", "museum"] {
        let till = terminal(&app, location).await;
        let code = phone.codes(&app, 1).await.remove(0);
        let mut answer = verify_as(&app, &code, &[("authorization", &till)]).await.json();
        let answer = answer.as_object_mut().unwrap();
        for said in [
            "result",
            "reason",
            "category",
            "region",
            "valid_until",
            "mode",
            "checked_at",
            "status_as_of",
            "location",
            "benefits",
        ] {
            answer.remove(said);
        }
        seen.push((code, answer.clone()));
        app.wait(TimeDelta::seconds(45));
    }
    for (name, value) in &seen[0].1 {
        assert_ne!(seen[1].1.get(name), Some(value), "{name} is the same at both");
    }
    // Nor does the table of what was taken lead from one visit to the other, or to the wallet.
    let wallet = app
        .ground()
        .number("SELECT count(*) FROM redemptions r JOIN wallets w ON r.verdict LIKE '%' || w.id || '%'")
        .await;
    assert_eq!(wallet, 0);
    app.stop().await;
}

async fn every_route_opens_to_its_role_alone(ground: Ground) {
    let app = with_shops(ground).await;
    let mut phone = Device::take(&app, &invite(&app).await).await;
    let till = terminal(&app, "shop").await;
    let key = app.app().state.desk.as_ref().unwrap().new_api_key("Касса", Some("shop")).await.unwrap();
    let key = format!("Bearer {key}");
    let callers: [(&str, Vec<(&str, &str)>); 5] = [
        ("nobody", vec![]),
        ("cookie", vec![("cookie", "session=1; token=x")]),
        ("terminal", vec![("authorization", &till)]),
        ("till", vec![("authorization", &key)]),
        ("operator", vec![OPERATOR]),
    ];
    // Route, body, and what nobody, a cookie, a terminal, a till and the operator get.
    let rows: &[(&str, &str, &str, [u16; 5])] = &[
        ("GET", "/api/v1/rights", "", [401, 401, 401, 401, 200]),
        ("POST", "/api/v1/rights", "{}", [401, 401, 401, 401, 400]),
        ("GET", "/api/v1/rights/none", "", [401, 401, 401, 401, 404]),
        ("POST", "/api/v1/rights/none/suspend", "", [401, 401, 401, 401, 404]),
        ("POST", "/api/v1/rights/list", "", [401, 401, 401, 401, 422]),
        ("POST", "/api/v1/terminals/pairings", "{}", [401, 401, 401, 401, 400]),
        ("DELETE", "/api/v1/terminals/none", "", [401, 401, 401, 401, 404]),
        ("GET", "/api/v1/terminals/me", "", [401, 401, 200, 401, 401]),
        ("POST", "/api/v1/terminals/pair", "{}", [400; 5]),
        ("POST", "/api/v1/verify", r#"{"text":"x"}"#, [200, 200, 200, 200, 401]),
        ("POST", "/api/v1/verify", r#"{"spoken":"000000"}"#, [400, 400, 200, 400, 401]),
        ("POST", "/api/v1/wallet/codes", "{}", [401; 5]),
        ("POST", "/api/v1/wallet/state", "{}", [401; 5]),
        ("POST", "/api/v1/wallet/spoken", r#"{"terminal":"1"}"#, [401; 5]),
        ("POST", "/api/v1/wallet/recovery", "{}", [401; 5]),
        ("POST", "/api/v1/wallet/move", "{}", [401; 5]),
        ("POST", "/api/v1/wallet/forget", "{}", [401; 5]),
        ("POST", "/api/v1/wallet/lost", "{}", [400; 5]),
        ("POST", "/credentials/credential", "{}", [401; 5]),
        ("POST", "/credentials/notification", "{}", [401; 5]),
        ("POST", "/credentials/nonce", "", [200; 5]),
        ("GET", "/credentials/offers/none", "", [404; 5]),
        ("GET", "/credentials/status/1", "", [200; 5]),
        ("GET", "/credentials/jwks.json", "", [200; 5]),
        ("GET", "/.well-known/openid-credential-issuer", "", [200; 5]),
        ("GET", "/api/v1/locations/shop/poster.svg", "", [200; 5]),
    ];
    for (method, path, body, wanted) in rows {
        for ((name, headers), want) in callers.iter().zip(wanted) {
            let answer = app.request(method, path, headers, body).await;
            assert_eq!(answer.status.as_u16(), *want, "{method} {path} as {name}: {}", answer.text());
        }
    }
    // A device's proof opens the wallet's routes and no other, and each proof once.
    assert_eq!(phone.ask(&app, "codes", json!({})).await.status, 200);
    let proof = phone.proof("codes");
    let headers = [("dpop", proof.as_str())];
    assert_eq!(app.request("POST", "/api/v1/wallet/codes", &headers, "{}").await.status, 200);
    let replayed = app.request("POST", "/api/v1/wallet/codes", &headers, "{}").await;
    assert_eq!(replayed.problem_of().0, "use-nonce");
    assert!(!replayed.header("dpop-nonce").is_empty());
    let elsewhere = [("dpop", phone.proof("state"))];
    let answer = app.request("POST", "/api/v1/wallet/codes", &[("dpop", elsewhere[0].1.as_str())], "{}").await;
    assert_eq!(answer.problem_of().0, "invalid-proof", "a proof names its route");
    let stranger = Device::new();
    let proof = stranger.proof_with("codes", &phone.nonce);
    assert_eq!(
        app.request("POST", "/api/v1/wallet/codes", &[("dpop", &proof)], "{}").await.problem_of().0,
        "unknown-device"
    );
    // No page of another site reads what a device's key or an operator's opens.
    for (path, open) in [
        ("/api/v1/wallet/codes", false),
        ("/api/v1/rights", false),
        ("/credentials/nonce", true),
        ("/api/v1/verify", true),
    ] {
        let answer = app.request("POST", path, &[], "{}").await;
        assert_eq!(answer.headers.contains_key("access-control-allow-origin"), open, "{path}");
    }
    let id = app.get_as("/api/v1/terminals/me", &[("authorization", &till)]).await.json()["terminal"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(app.request("DELETE", &format!("/api/v1/terminals/{id}"), &[OPERATOR], "").await.status, 200);
    assert_eq!(
        app.get_as("/api/v1/terminals/me", &[("authorization", &till)]).await.status,
        401,
        "a terminal that was ended"
    );
    app.stop().await;
}

/// A cashier's phone sends a code to a process that is killed at some moment of the answer. Whoever asks again as the
/// same phone hears "valid", nobody else does, and no code is lost.
async fn a_kill_between_scan_and_answer_takes_a_code_once(ground: Ground) {
    use crate::harness::process::{Running, Served, ryadom};
    use std::io::Write;
    let door = ryadom::http::state::Options { operator_token: Some("operator-of-a-test".into()), ..Default::default() };
    let options = ryadom::app::Options { door, ..ryadom::app::Options::default() };
    let app = TestApp::with(ground, ryadom::domain::SystemClock.now(), options).await;
    let mut phone = Device::take(&app, &invited_until(&app, "2099-12-31").await).await;
    let folder = tempfile::tempdir().unwrap();
    let mut taken = 0;
    for round in 0..6_u64 {
        let arguments = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--database-url",
            &app.ground().url,
            "--public-url",
            crate::harness::app::PUBLIC_URL,
        ];
        let mut command = ryadom(folder.path(), &arguments);
        command.env("RYADOM_SEALING_KEY", "5e".repeat(32));
        let served = Served::of(Running::start(&mut command));
        app.clock.set(ryadom::domain::SystemClock.now());
        let code = phone.codes(&app, 1).await.remove(0);
        let check_id = ryadom::sealing::random_text::<18>();
        let body = json!({"text": code, "check_id": check_id}).to_string();
        let mut stream = served.connect();
        write!(stream, "POST /api/v1/verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        tokio::time::sleep(std::time::Duration::from_micros(300 * round * round)).await;
        served.kill_9();
        taken += app.ground().number("SELECT count(*) FROM redemptions").await.min(1);
        let again = app.post("/api/v1/verify", &json!({"text": code, "check_id": check_id})).await.json();
        assert_eq!(verdict(&again), valid(), "round {round}: the same phone hears it");
        assert_eq!(verdict(&verify(&app, &code).await), refused("code_used"), "round {round}: and no other");
    }
    assert!(taken > 0, "every process was killed before it wrote: nothing was tested");
    app.stop().await;
}
