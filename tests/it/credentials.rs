//! The credential desk at the door: from an invitation to a credential, and what becomes of both.

use crate::harness::wallet::{
    Device, OPERATOR, app_act, invite, invited_until, operated, refused, valid, verdict, verify,
};
use crate::harness::{Answer, Ground, TestApp, noon, on_both_stores};
use chrono::TimeDelta;
use ryadom::credentials::desk::{Desk, Options as DeskOptions};
use ryadom::credentials::jws::Unverified;
use ryadom::credentials::status_list::StatusList;
use ryadom::domain::Clock;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::Arc;

on_both_stores! {
    what_is_suspended_revoked_or_over_is_refused_and_said_in_the_status_list,
    the_standards_own_errors_are_given,
    a_lost_phone_is_reported_with_the_recovery_code,
    moving_to_a_new_phone_ends_the_old_one,
    a_third_device_takes_the_place_of_the_oldest,
    keys_overlap_and_retire,
    a_list_of_rights_is_taken_whole_or_not_at_all,
    an_agency_is_asked_about_families_that_applied,
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
    let stranger = ryadom::sealing::SealingKey::generate();
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
    let wrong_day = "outside_id,category,region,valid_until\n26-АВ 003,large_family,26,soon\n";
    for (list, ru) in [(wrong_day, "дни пишутся"), ("outside_id,category,region\n", "нет столбца valid_until")]
    {
        let said = upload(list).await.text();
        assert!(said.contains(ru) && !said.contains("days are") && !said.contains("missing"), "{said}");
    }
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
