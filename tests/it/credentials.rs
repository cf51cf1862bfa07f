//! The credential desk at the door: from an invitation to a verdict, and everything that may go wrong between.

use crate::harness::app::sealing_key;
use crate::harness::wallet::{Device, OPERATOR, invite, invited_until, operated};
use crate::harness::{Answer, Describe, Ground, LIMIT, TestApp, benefit, noon, on_both_stores, place};
use chrono::TimeDelta;
use ryadom::credentials::desk::{Desk, Options as DeskOptions};
use ryadom::credentials::jws::Unverified;
use ryadom::credentials::status_list::StatusList;
use ryadom::domain::Clock;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::Arc;

on_both_stores! {
    an_invitation_becomes_a_code_that_is_taken_once,
    codes_are_judged_by_their_age,
    what_is_suspended_revoked_or_over_is_refused_and_said_in_the_status_list,
    the_standards_own_errors_are_given,
    a_lost_phone_is_reported_with_the_recovery_code,
    moving_to_a_new_phone_ends_the_old_one,
    a_third_device_takes_the_place_of_the_oldest,
    spoken_digits_are_good_at_one_terminal_once,
    one_code_from_many_at_once_is_valid_for_one,
    two_replicas_take_a_code_once,
    keys_overlap_and_retire,
    a_list_of_rights_is_taken_whole_or_not_at_all,
    a_check_says_on_the_card_that_the_benefit_is_granted,
    what_a_partner_sees_of_two_visits_is_the_right_alone,
    every_route_opens_to_its_role_alone,
    an_agency_is_asked_about_families_that_applied,
    a_kill_between_scan_and_answer_takes_a_code_once,
}

async fn verify(app: &TestApp, text: &str) -> Value {
    verify_as(app, text, &[]).await.json()
}

async fn verify_as(app: &TestApp, text: &str, headers: &[(&str, &str)]) -> Answer {
    app.request("POST", "/api/v1/verify", headers, &json!({ "text": text }).to_string()).await
}

fn verdict(answer: &Value) -> (String, Option<String>) {
    (answer["result"].as_str().expect("a result").to_owned(), answer["reason"].as_str().map(str::to_owned))
}

fn refused(reason: &str) -> (String, Option<String>) {
    ("invalid".to_owned(), Some(reason.to_owned()))
}

fn valid() -> (String, Option<String>) {
    ("valid".to_owned(), None)
}

/// A paired terminal's `Authorization`.
async fn terminal(app: &TestApp, location: &str) -> String {
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

async fn with_shops(ground: Ground) -> TestApp {
    let app = operated(ground).await;
    app.publish(&[
        place("shop").at(41.97, 45.04).named("Пекарня").giving(benefit("Скидка 10 %")),
        place("museum").at(41.96, 45.05).named("Музей"),
    ])
    .await;
    app
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

/// The entry of a credential in its list, as a stranger reads it.
async fn status_of(app: &TestApp, credential: &str) -> u8 {
    let jwt = Unverified::parse(credential.split('~').next().unwrap()).unwrap();
    let reference = &jwt.claims["status"]["status_list"];
    let path = reference["uri"].as_str().unwrap().strip_prefix("https://ryadom.test").unwrap();
    let answer = app.get(path).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/statuslist+jwt"));
    let text = answer.text();
    let token = Unverified::parse(&text).unwrap();
    assert_eq!((&token.header["typ"], &token.claims["sub"]), (&json!("statuslist+jwt"), &reference["uri"]));
    let keys = app.get("/.well-known/jwt-vc-issuer").await.json();
    let key = keys["jwks"]["keys"].as_array().unwrap().iter().find(|k| k["kid"] == token.header["kid"]).unwrap();
    assert!(token.is_signed_by(&ryadom::credentials::jwk::PublicKey::from_jwk(key).unwrap()));
    let list = &token.claims["status_list"];
    let lst = data_encoding::BASE64URL_NOPAD.decode(list["lst"].as_str().unwrap().as_bytes()).unwrap();
    let list = StatusList::decompress(list["bits"].as_u64().unwrap() as u8, &lst).unwrap();
    list.get(reference["idx"].as_u64().unwrap() as usize).unwrap()
}

async fn what_is_suspended_revoked_or_over_is_refused_and_said_in_the_status_list(ground: Ground) {
    let app = operated(ground).await;
    let offer = invite(&app).await;
    let mut phone = Device::take(&app, &offer).await;
    let id = offer["id"].as_str().unwrap();
    let act = |act: &'static str| app_act(&app, id, act);
    let codes = phone.codes(&app, 1).await;
    assert_eq!(status_of(&app, &phone.credentials[0]).await, 0);
    act("suspend").await;
    assert_eq!(verdict(&verify(&app, &codes[0]).await), refused("suspended"), "the next check knows");
    assert_eq!(status_of(&app, &phone.credentials[0]).await, 2);
    assert_eq!(phone.ask(&app, "codes", json!({})).await.problem_of().0, "right-suspended");
    act("resume").await;
    assert_eq!(status_of(&app, &phone.credentials[1]).await, 0);
    assert_eq!(verdict(&verify(&app, &codes[0]).await), valid());
    let more = phone.codes(&app, 1).await;
    act("revoke").await;
    assert_eq!(verdict(&verify(&app, &more[0]).await), refused("revoked"));
    assert_eq!(verdict(&verify(&app, &codes[0]).await), refused("revoked"), "the right comes before who took it");
    assert_eq!(status_of(&app, &phone.credentials[0]).await, 1);
    assert_eq!(phone.ask(&app, "codes", json!({})).await.problem_of().0, "right-revoked");
    let again = app.request("POST", &format!("/api/v1/rights/{id}/resume"), &[OPERATOR], "").await;
    assert_eq!(again.problem_of(), ("invalid-right".to_owned(), vec!["state".to_owned()]), "revoked is for good");

    // Noon of the 23rd, which is the right's last day, by Moscow's midnight.
    let short = invited_until(&app, "2026-11-23").await;
    let mut phone = Device::take(&app, &short).await;
    app.clock.set("2026-11-23T20:59:40Z".parse().unwrap());
    let last = phone.codes(&app, 1).await;
    app.clock.set("2026-11-23T21:00:05Z".parse().unwrap());
    assert_eq!(verdict(&verify(&app, &last[0]).await), refused("right_ended"));
    assert_eq!(phone.ask(&app, "codes", json!({})).await.problem_of().0, "right-ended");
    app.app().state.desk.as_ref().unwrap().sweep().await.unwrap();
    let right = app.get_as(&format!("/api/v1/rights/{}", short["id"].as_str().unwrap()), &[OPERATOR]).await.json();
    assert_eq!(right["state"], "ended", "by itself");
    assert_eq!(status_of(&app, &phone.credentials[0]).await, 1);
    app.stop().await;
}

async fn app_act(app: &TestApp, id: &str, act: &str) {
    let done = app.request("POST", &format!("/api/v1/rights/{id}/{act}"), &[OPERATOR], "").await;
    assert_eq!(done.status, 200, "{act}: {}", done.text());
}

async fn the_standards_own_errors_are_given(ground: Ground) {
    let app = operated(ground).await;
    let offer = invite(&app).await;
    let object = Device::open_offer(&app, &offer).await;
    let code = object["grants"][ryadom::credentials::issuer::GRANT]["pre-authorized_code"].as_str().unwrap().to_owned();
    let tx_code = offer["offer"]["tx_code"].as_str().unwrap().to_owned();
    let wrong = if tx_code == "000000" { "111111" } else { "000000" };
    let token = |code: String, tx: Option<String>| {
        let app = &app;
        async move { Device::token(app, &code, tx.as_deref()).await }
    };
    let error = |answer: &Answer| {
        assert_eq!(answer.header("cache-control"), "no-store");
        (answer.status.as_u16(), answer.any_json()["error"].as_str().unwrap_or_default().to_owned())
    };
    let bad = |name: &str| (400, name.to_owned());
    assert_eq!(error(&token(code.clone(), None).await), bad("invalid_request"), "no digits");
    assert_eq!(error(&token("unknown".into(), Some(tx_code.clone())).await), bad("invalid_grant"));
    assert_eq!(error(&token(code.clone(), Some(wrong.into())).await), bad("invalid_grant"));
    let given = token(code.clone(), Some(tx_code.clone())).await;
    assert_eq!(given.status, 200, "{}", given.text());
    assert_eq!(error(&token(code.clone(), Some(tx_code.clone())).await), bad("invalid_grant"), "a code is good once");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let other = app.request("POST", "/credentials/token", &form, "grant_type=authorization_code&code=x").await;
    assert_eq!(error(&other), bad("unsupported_grant_type"));
    assert_eq!(error(&app.request("POST", "/credentials/token", &form, "").await), bad("invalid_request"));

    let access = given.json()["access_token"].as_str().unwrap().to_owned();
    let device = Device::new();
    let nonce = Device::nonce(&app).await;
    let ask = |proofs: Value, configuration: &'static str| {
        let (app, access) = (&app, access.clone());
        async move { Device::credential(app, &access, configuration, &proofs).await }
    };
    let proof = |change: &dyn Fn(&mut Value, &mut Value)| json!([device.key_proof(&nonce, change)]);
    let good = proof(&|_, _| {});
    let sd = ryadom::credentials::issuer::SD_JWT;
    assert_eq!(error(&Device::credential(&app, "nobody", sd, &good).await), (401, "invalid_token".to_owned()));
    assert_eq!(error(&ask(good.clone(), "another").await), bad("unknown_credential_configuration"));
    assert_eq!(error(&ask(json!([]), sd).await), bad("invalid_proof"));
    assert_eq!(error(&ask(json!(["x"]), sd).await), bad("invalid_proof"));
    for (what, spoilt) in [
        ("aud", proof(&|_, claims| claims["aud"] = json!("https://other.test"))),
        ("typ", proof(&|header, _| header["typ"] = json!("JWT"))),
        ("d", proof(&|header, _| header["jwk"]["d"] = json!("AAAA"))),
        ("iat", proof(&|_, claims| claims["iat"] = json!(1))),
        ("alg", proof(&|header, _| header["alg"] = json!("none"))),
    ] {
        assert_eq!(error(&ask(spoilt, sd).await), bad("invalid_proof"), "{what}");
    }
    let foreign = proof(&|_, claims| claims["nonce"] = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    assert_eq!(error(&ask(foreign, sd).await), bad("invalid_nonce"));
    let twice = json!([device.key_proof(&nonce, &|_, _| {}), device.key_proof(&nonce, &|_, _| {})]);
    assert_eq!(error(&ask(twice, sd).await), bad("invalid_proof"), "each proof has a key of its own");
    assert_eq!(ask(good.clone(), sd).await.status, 200);
    assert_eq!(error(&ask(good, sd).await), bad("invalid_nonce"), "a nonce is good for one request");
    let old = Device::nonce(&app).await;
    app.wait(TimeDelta::seconds(301));
    let late = json!([Device::new().key_proof(&old, &|_, _| {})]);
    assert_eq!(error(&ask(late.clone(), sd).await), (401, "invalid_token".to_owned()), "the token has run out");
    let offer = invite(&app).await;
    let object = Device::open_offer(&app, &offer).await;
    let grant = &object["grants"][ryadom::credentials::issuer::GRANT];
    let code = grant["pre-authorized_code"].as_str().unwrap();
    let fresh = Device::token(&app, code, offer["offer"]["tx_code"].as_str()).await.json();
    let fresh = fresh["access_token"].as_str().unwrap();
    assert_eq!(error(&Device::credential(&app, fresh, sd, &late).await), bad("invalid_nonce"), "an old nonce");

    // Three wrong guesses close an offer.
    let offer = invite(&app).await;
    let object = Device::open_offer(&app, &offer).await;
    let code = object["grants"][ryadom::credentials::issuer::GRANT]["pre-authorized_code"].as_str().unwrap().to_owned();
    let tx_code = offer["offer"]["tx_code"].as_str().unwrap().to_owned();
    let wrong = if tx_code == "000000" { "111111" } else { "000000" };
    for _ in 0..3 {
        assert_eq!(error(&token(code.clone(), Some(wrong.into())).await), bad("invalid_grant"));
    }
    assert_eq!(error(&token(code, Some(tx_code)).await), bad("invalid_grant"));
    let path = Device::offer_path(&offer);
    assert_eq!(app.get(&path).await.problem_of().0, "no-offer");
    app.stop().await;
}

async fn a_lost_phone_is_reported_with_the_recovery_code(ground: Ground) {
    let app = operated(ground).await;
    let mut phone = Device::take(&app, &invite(&app).await).await;
    let first = phone.ask(&app, "recovery", json!({})).await.json()["recovery_code"].as_str().unwrap().to_owned();
    let code = phone.ask(&app, "recovery", json!({})).await.json()["recovery_code"].as_str().unwrap().to_owned();
    let shown = phone.codes(&app, 1).await;
    let lost = |code: String| {
        let app = &app;
        async move { app.post("/api/v1/wallet/lost", &json!({"recovery_code": code})).await }
    };
    assert_eq!(lost(first).await.problem_of().0, "no-recovery", "a newer code makes the older void");
    assert_eq!(lost(code.to_lowercase().replace('-', " ")).await.status, 204);
    assert_eq!(lost(code).await.problem_of().0, "no-recovery", "good once");
    assert_eq!(verdict(&verify(&app, &shown[0]).await), refused("revoked"));
    assert_eq!(status_of(&app, &phone.credentials[0]).await, 1);
    assert_eq!(phone.ask(&app, "state", json!({})).await.json()["state"], "revoked");
    // Guessing comes to an end.
    let mut last = 404;
    for n in 0..120 {
        last = lost(format!("AAAA-AAAA-{n:04}")).await.status.as_u16();
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
    app.stop().await;
}

async fn moving_to_a_new_phone_ends_the_old_one(ground: Ground) {
    let app = operated(ground).await;
    let mut old = Device::take(&app, &invite(&app).await).await;
    let offer = old.ask(&app, "move", json!({})).await.json();
    assert_eq!(old.ask(&app, "state", json!({})).await.json()["state"], "active", "until the new one has it");
    let shown = old.codes(&app, 1).await;
    let mut new = Device::take(&app, &json!({ "offer": offer })).await;
    assert_eq!(old.ask(&app, "codes", json!({})).await.problem_of().0, "wallet-replaced");
    assert_eq!(verdict(&verify(&app, &shown[0]).await), refused("revoked"));
    assert_eq!(status_of(&app, &old.credentials[0]).await, 1);
    let code = new.codes(&app, 1).await;
    assert_eq!(verdict(&verify(&app, &code[0]).await), valid());
    assert_eq!(new.ask(&app, "forget", json!({})).await.status, 204);
    assert_eq!(new.ask(&app, "state", json!({})).await.json()["state"], "revoked");
    app.stop().await;
}

async fn a_third_device_takes_the_place_of_the_oldest(ground: Ground) {
    let app = operated(ground).await;
    let offer = invite(&app).await;
    let id = offer["id"].as_str().unwrap().to_owned();
    let mut phones = vec![Device::take(&app, &offer).await];
    for _ in 0..2 {
        app.wait(TimeDelta::seconds(1));
        let more = app.request("POST", &format!("/api/v1/rights/{id}/offer"), &[OPERATOR], "").await.any_json();
        phones.push(Device::take(&app, &json!({ "offer": more })).await);
    }
    let mut states = Vec::new();
    for phone in &mut phones {
        states.push(phone.ask(&app, "state", json!({})).await.json()["state"].clone());
    }
    assert_eq!(states, [json!("replaced"), json!("active"), json!("active")]);
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

async fn keys_overlap_and_retire(ground: Ground) {
    let app = operated(ground).await;
    let phone = Device::take(&app, &invite(&app).await).await;
    let desk = app.app().state.desk.as_ref().unwrap();
    let kid =
        |credential: &str| Unverified::parse(credential.split('~').next().unwrap()).unwrap().header["kid"].clone();
    let kids = || async {
        let keys = app.get("/credentials/jwks.json").await.json()["keys"].clone();
        keys.as_array().unwrap().iter().map(|k| k["kid"].as_str().unwrap().to_owned()).collect::<HashSet<String>>()
    };
    let old = kid(&phone.credentials[0]).as_str().unwrap().to_owned();
    let new = desk.new_key(noon().timestamp() + 7 * 86_400).await.unwrap();
    assert_eq!(kids().await, HashSet::from([old.clone(), new.clone()]), "published before it signs");
    assert_eq!(kid(&Device::take(&app, &invite(&app).await).await.credentials[0]), json!(old));
    app.wait(TimeDelta::days(7));
    assert_eq!(kid(&Device::take(&app, &invite(&app).await).await.credentials[0]), json!(new));
    assert!(desk.retire_key(&old).await.unwrap() && !desk.retire_key(&old).await.unwrap());
    assert!(kids().await.contains(&old), "until its last credential has ended");
    app.wait(TimeDelta::days(15));
    assert_eq!(kids().await, HashSet::from([new]));
    // What lies in the database opens nothing without the sealing key.
    let stranger = ryadom::credentials::sealing::SealingKey::generate();
    let clock: Arc<dyn Clock> = Arc::<ryadom::domain::FixedClock>::clone(&app.clock);
    let thief = Desk::new(app.ground().another_store().await, clock, stranger, DeskOptions::at("https://ryadom.test"));
    assert!(thief.ensure_key().await.is_err());
    app.stop().await;
}

async fn a_list_of_rights_is_taken_whole_or_not_at_all(ground: Ground) {
    let app = operated(ground).await;
    let upload = |list: &'static str| {
        let app = &app;
        async move { app.request("POST", "/api/v1/rights/list", &[OPERATOR, ("content-type", "text/csv")], list).await }
    };
    let good = "outside_id,category,region,valid_until\n26-АВ 001,large_family,26,2027-03-31\n26-АВ 002,large_family,26,31.12.2027\n";
    assert_eq!(upload(good).await.json()["rights"], 2);
    assert_eq!(upload(good).await.json()["rights"], 2, "twice changes nothing");
    let count = || app.ground().number("SELECT count(*) FROM rights");
    assert_eq!((count().await, app.ground().number("SELECT count(*) FROM right_events").await), (2, 2));
    let bad = upload(
        "outside_id,category,region,valid_until\n26-АВ 003,large_family,26,2027-03-31\n26-АВ 004,other,26,2027-03-31\n",
    )
    .await;
    assert_eq!(bad.problem_of().0, "invalid-right");
    assert!(!bad.text().contains("004") && bad.problem_of().1.contains(&"line 3".to_owned()), "{}", bad.text());
    assert_eq!(count().await, 2);
    // The same family, written in another way, is prolonged and not made twice.
    assert_eq!(
        upload("outside_id,category,region,valid_until\n26 ab 001,large_family,26,2028-03-31\n").await.status,
        200
    );
    assert_eq!(count().await, 2);
    let named = upload("outside_id,category,region,valid_until,fio\n1,large_family,26,2027-03-31,Иванова\n").await;
    assert_eq!(named.problem_of().0, "invalid-right");
    assert!(!named.text().contains("Иванова"));
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

async fn an_agency_is_asked_about_families_that_applied(ground: Ground) {
    use axum::extract::State;
    use axum::http::{HeaderMap, StatusCode};
    use ryadom::credentials::status_source::{HttpSource, StatusSource};
    use std::sync::Mutex;

    type Asked = Arc<Mutex<Vec<Value>>>;
    async fn agency(
        State(asked): State<Asked>,
        headers: HeaderMap,
        axum::Json(question): axum::Json<Value>,
    ) -> (StatusCode, axum::Json<Value>) {
        if headers.get("authorization").is_none_or(|v| v != "Bearer of-the-agency") {
            return (StatusCode::UNAUTHORIZED, axum::Json(json!({})));
        }
        let mut asked = asked.lock().unwrap();
        asked.push(question);
        (
            StatusCode::OK,
            axum::Json(match asked.len() % 3 {
                1 => json!({"state": "confirmed", "region": "26", "valid_until": "2027-06-30"}),
                2 => json!({"state": "refused", "reason": "Статус не подтверждён"}),
                _ => json!({"state": "pending"}),
            }),
        )
    }
    let app = operated(ground).await;
    let asked = Asked::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/status", listener.local_addr().unwrap());
    let router = axum::Router::new().route("/status", axum::routing::post(agency)).with_state(Arc::clone(&asked));
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let mut ids = Vec::new();
    for n in 1..=3 {
        let body = json!({"category": "large_family", "valid_until": "2026-12-31", "state": "applied",
            "outside_id": format!("26-АВ 00421{n}")});
        let made = app.request("POST", "/api/v1/rights", &[OPERATOR], &body.to_string()).await.any_json();
        assert!(made.get("offer").is_none(), "nothing is offered before it is confirmed");
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    let desk = app.app().state.desk.as_ref().unwrap();
    let stranger = HttpSource::new(&url, None).unwrap();
    assert_eq!(desk.ask_agency(&stranger).await.unwrap(), 0, "an agency that refuses to talk decides nothing");
    let source: Arc<dyn StatusSource> = Arc::new(HttpSource::new(&url, Some("of-the-agency")).unwrap());
    assert_eq!(desk.ask_agency(&*source).await.unwrap(), 2);
    let rights = app.get_as("/api/v1/rights", &[OPERATOR]).await.json()["rights"].clone();
    let mut states: Vec<(Value, Value)> =
        rights.as_array().unwrap().iter().map(|r| (r["state"].clone(), r["reason"].clone())).collect();
    states.sort_by_key(|(state, _)| state.to_string());
    assert_eq!(
        states,
        [
            (json!("applied"), Value::Null),
            (json!("confirmed"), Value::Null),
            (json!("refused"), json!("Статус не подтверждён")),
        ]
    );
    let confirmed = rights.as_array().unwrap().iter().find(|r| r["state"] == "confirmed").unwrap();
    assert_eq!(confirmed["valid_until"], "2027-06-30");
    let asked = asked.lock().unwrap().clone();
    for question in &asked {
        let text = question.to_string();
        assert!(!text.contains("0042") && text.contains("v0:"), "{text}");
    }
    serving.abort();
    let nobody: Arc<dyn StatusSource> = Arc::new(HttpSource::new("http://127.0.0.1:1/status", None).unwrap());
    assert_eq!(desk.ask_agency(&*nobody).await.unwrap(), 0, "the families wait");
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
        let check_id = ryadom::credentials::sealing::random_text::<18>();
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
