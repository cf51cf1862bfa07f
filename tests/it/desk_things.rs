//! What lies beside the locations of a partner's desk: photos, terminals, bulk files, the organisation itself.

use crate::harness::desk::{INN, OGRN, Person, bakery, desk_app};
use crate::harness::{Answer, Ground, TestApp, eventually, on_both_stores};
use axum::body::Body;
use axum::http::Request;
use ryadom::domain::{Clock, Seq};
use serde_json::{Value, json};

const LOCATIONS: &str = "/api/v1/partner/locations";
const BULK: &str = "/api/v1/partner/bulk";

async fn send_bytes(
    app: &TestApp,
    person: &Person,
    method: &str,
    uri: &str,
    more: &[(&str, &str)],
    bytes: Vec<u8>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in person.headers().into_iter().chain(more.iter().copied()) {
        request = request.header(name, value);
    }
    app.send(request.body(Body::from(bytes)).expect("a request of a test")).await
}

fn picture(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 90]));
    let mut bytes = Vec::new();
    picture.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png).expect("a picture");
    bytes
}

async fn a_photo_is_seen_by_all_from_its_approval_on(ground: Ground) {
    let app = desk_app(ground).await;
    let manager = app.manager_of("anna@example.org", "Колос").await;
    let stranger = app.manager_of("boris@example.org", "Другие").await;
    let operator = app.staff("op@example.org", "operator").await;
    let made = app.as_person(&manager, "POST", LOCATIONS, &json!({"content": bakery()})).await;
    let document = made.any_json();
    let id = document["id"].as_str().unwrap().to_owned();
    let uri = format!("{LOCATIONS}/{id}/photo");
    let etag = made.header("etag").to_owned();
    let with = [("if-match", etag.as_str()), ("content-type", "image/png")];
    assert_eq!(send_bytes(&app, &manager, "PUT", &uri, &with, b"<svg/>".to_vec()).await.problem_of().0, "photo-type");
    assert_eq!(send_bytes(&app, &manager, "PUT", &uri, &with, picture(90, 90)).await.problem_of().0, "invalid-photo");
    let big = vec![0; 9 * 1024 * 1024];
    assert_eq!(send_bytes(&app, &manager, "PUT", &uri, &with, big).await.problem_of().0, "too-large");
    let taken = send_bytes(&app, &manager, "PUT", &uri, &with, picture(2_000, 500)).await;
    let photo = format!("/photos/{}", taken.json()["content"]["photo"].as_str().unwrap());

    assert_eq!(app.get(&photo).await.problem_of().0, "no-photo", "a draft's picture is nobody's");
    assert_eq!(app.get_as(&photo, &stranger.headers()).await.problem_of().0, "no-photo");
    for sees in [&manager, &operator] {
        let shown = app.get_as(&photo, &sees.headers()).await;
        assert_eq!((shown.status.as_u16(), shown.header("content-type")), (200, "image/jpeg"));
        assert_eq!(shown.header("cache-control"), "private, no-store");
    }
    let etag = taken.header("etag").to_owned();
    let sent = app.on_version(&manager, "POST", &format!("{LOCATIONS}/{id}/submit"), &etag, &Value::Null).await;
    assert_eq!(sent.status, 200, "{}", sent.text());
    let seq = app.approve(&operator).await["seq"].clone();
    let public = app.get(&photo).await;
    assert_eq!(public.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(image::load_from_memory(&public.body).map(|p| (p.width(), p.height())).unwrap(), (1_600, 400));
    let card = app.get(&format!("/api/v1/locations/{id}?min_seq={seq}")).await;
    assert_eq!(card.properties()["photo"], photo.as_str());
    app.stop().await;
}

async fn a_photo_that_nothing_names_is_forgotten_after_a_month(ground: Ground) {
    let app = desk_app(ground).await;
    let manager = app.manager_of("anna@example.org", "Колос").await;
    let made = app.as_person(&manager, "POST", LOCATIONS, &json!({"content": bakery()})).await;
    let uri = format!("{LOCATIONS}/{}/photo", made.any_json()["id"].as_str().unwrap());
    let mut etag = made.header("etag").to_owned();
    let mut photos = Vec::new();
    for width in [400, 500] {
        let with = [("if-match", etag.as_str()), ("content-type", "image/png")];
        let taken = send_bytes(&app, &manager, "PUT", &uri, &with, picture(width, 300)).await;
        photos.push(format!("/photos/{}", taken.json()["content"]["photo"].as_str().unwrap()));
        taken.header("etag").clone_into(&mut etag);
    }
    let statuses = async || {
        let old = app.get_as(&photos[0], &manager.headers()).await;
        let new = app.get_as(&photos[1], &manager.headers()).await;
        (old.status.as_u16(), new.status.as_u16())
    };
    let now_s = app.clock.now().timestamp();
    for (days, wanted) in [(29, (200, 200)), (31, (404, 200))] {
        // Of the photos alone: the session lives on, by the clock of the service.
        app.ground().store.sweep_unnamed_photos(now_s + days * 86_400).await.unwrap();
        assert_eq!(statuses().await, wanted, "after {days} days");
    }
    app.stop().await;
}

async fn a_terminal_is_paired_named_seen_and_ended(ground: Ground) {
    let app = desk_app(ground).await;
    let manager = app.manager_of("anna@example.org", "Колос").await;
    let operator = app.staff("op@example.org", "operator").await;
    let made =
        app.as_person(&manager, "POST", LOCATIONS, &json!({"content": bakery(), "submit": true})).await.any_json();
    let uri = format!("{LOCATIONS}/{}/terminals", made["id"].as_str().unwrap());
    let early = app.as_person(&manager, "POST", &uri, &json!({"name": "Касса 1"})).await;
    assert_eq!(early.problem_of().0, "wrong-state", "nothing is checked at a place that is on no map");
    let seq = app.approve(&operator).await["seq"].as_i64().unwrap();
    app.reach(Seq(seq)).await;
    let pairing = app.as_person(&manager, "POST", &uri, &json!({"name": "Касса 1"})).await;
    assert_eq!(pairing.status, 201, "{}", pairing.text());
    let paired = app.post("/api/v1/terminals/pair", &json!({"code": pairing.any_json()["code"]})).await.any_json();
    let token = paired["token"].as_str().unwrap_or_else(|| panic!("{paired}")).to_owned();
    let terminal = app.get_as(&uri, &manager.headers()).await.json()["terminals"][0].clone();
    assert_eq!((&terminal["name"], &terminal["last_seen_at"]), (&json!("Касса 1"), &Value::Null));
    let bearer = format!("Bearer {token}");
    let checked = app
        .request("POST", "/api/v1/verify", &[("authorization", &bearer)], &json!({"text": "нечто"}).to_string())
        .await;
    assert_eq!(checked.status, 200, "{}", checked.text());
    let terminal = app.get_as(&uri, &manager.headers()).await.json()["terminals"][0].clone();
    assert!(terminal["last_seen_at"].is_string(), "{terminal}");
    let one = format!("/api/v1/partner/terminals/{}", terminal["id"].as_str().unwrap());
    let renamed = app.as_person(&manager, "PATCH", &one, &json!({"name": "У входа"})).await;
    assert_eq!(renamed.json()["name"], "У входа");
    assert_eq!(app.as_person(&manager, "DELETE", &one, &Value::Null).await.status, 204);
    let ended = app.request("POST", "/api/v1/verify", &[("authorization", &bearer)], r#"{"text":"x"}"#).await;
    assert_eq!(ended.status, 401);
    app.stop().await;
}

async fn ready(app: &TestApp, person: &Person, id: &str) -> Value {
    let uri = format!("{BULK}/{id}");
    eventually("the file is read", || async { app.get_as(&uri, &person.headers()).await.json()["state"] != "reading" })
        .await;
    app.get_as(&uri, &person.headers()).await.json()
}

async fn upload(app: &TestApp, person: &Person, text: &str) -> Value {
    let name = [("ryadom-filename", "%D1%84%D0%B8%D0%BB%D0%B8%D0%B0%D0%BB%D1%8B.csv")];
    let taken = send_bytes(app, person, "POST", BULK, &name, text.as_bytes().to_vec()).await;
    assert_eq!(taken.status, 202, "{}", taken.text());
    ready(app, person, taken.any_json()["id"].as_str().unwrap()).await
}

const HEADING: &str = "external_id;name;inn;address;lat;lon;category;phone;hours;offer\n";

fn branch(id: &str, name: &str, phone: &str) -> String {
    format!("{id};{name};{INN};г. Ставрополь, ул. Ленина, 1;45,04;41,97;cafe;{phone};Пн-Пт 9:00-18:00;Скидка 10 %\n")
}

async fn a_file_is_previewed_and_applied_whole(ground: Ground) {
    let app = desk_app(ground).await;
    let manager = app.manager_of("anna@example.org", "Колос").await;
    let operator = app.staff("op@example.org", "operator").await;
    let text = format!(
        "{HEADING}{}{}",
        branch("b1", "Колос на Ленина", "8 8652 11-11-11"),
        branch("b2", "Колос у вокзала", "")
    );
    let file = upload(&app, &manager, &text).await;
    assert_eq!((&file["state"], &file["name"]), (&json!("ready"), &json!("филиалы.csv")), "{file}");
    assert_eq!(file["counts"], json!({"new": 2, "changed": 0, "unchanged": 0, "rejected": 0}), "{file}");
    assert_eq!(
        app.get_as(LOCATIONS, &manager.headers()).await.json()["locations"],
        json!([]),
        "nothing changes before"
    );
    let apply = format!("{BULK}/{}/apply", file["id"].as_str().unwrap());
    assert_eq!(app.as_person(&manager, "POST", &apply, &Value::Null).await.json()["state"], "applied");
    assert_eq!(app.as_person(&manager, "POST", &apply, &Value::Null).await.problem_of().0, "wrong-state");

    // The same file again changes nothing, while the rows wait and when they are on the map.
    let again = upload(&app, &manager, &text).await;
    assert_eq!(again["counts"]["unchanged"], 2, "{again}");
    let queue = app.get_as("/api/v1/operator/queue", &operator.headers()).await.json();
    let looked: Vec<Value> = queue["revisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| json!({"id": r["id"], "version": r["version"]}))
        .collect();
    assert_eq!(looked.len(), 2);
    let done =
        app.as_person(&operator, "POST", "/api/v1/operator/approvals", &json!({"revisions": looked})).await.json();
    assert_eq!(done["approved"].as_array().unwrap().len(), 2, "{done}");
    app.reach(Seq(done["seq"].as_i64().unwrap())).await;
    assert_eq!(app.get("/api/v1/locations/nearest?lon=41.97&lat=45.04").await.ids().len(), 2);
    let again = upload(&app, &manager, &text).await;
    assert_eq!(again["counts"]["unchanged"], 2, "{again}");

    // A change, field by field; an empty cell leaves the old value, a dash takes it away.
    let changed = format!("{HEADING}{}{}", branch("b1", "Колос", "-"), branch("b2", "Колос у вокзала", ""));
    let file = upload(&app, &manager, &changed).await;
    assert_eq!(file["counts"], json!({"new": 0, "changed": 1, "unchanged": 1, "rejected": 0}), "{file}");
    let rows = format!("{BULK}/{}/rows?outcome=changed", file["id"].as_str().unwrap());
    let row = app.get_as(&rows, &manager.headers()).await.json()["rows"][0].clone();
    assert_eq!(
        row["changes"],
        json!([
            {"field": "name", "before": "Колос на Ленина", "after": "Колос"},
            {"field": "phone", "before": "+78652111111", "after": null},
        ])
    );
    // Somebody edits one of them meanwhile: nothing of the file is applied.
    let listed = app.get_as(LOCATIONS, &manager.headers()).await.json();
    let id =
        listed["locations"].as_array().unwrap().iter().find(|l| l["name"] == "Колос на Ленина").unwrap()["id"].clone();
    let uri = format!("{LOCATIONS}/{}", id.as_str().unwrap());
    let etag = app.get_as(&uri, &manager.headers()).await.header("etag").to_owned();
    let edit = json!({"content": {"address_note": "со двора"}});
    assert_eq!(app.on_version(&manager, "PATCH", &uri, &etag, &edit).await.status, 200);
    let apply = format!("{BULK}/{}/apply", file["id"].as_str().unwrap());
    assert_eq!(app.as_person(&manager, "POST", &apply, &Value::Null).await.problem_of().0, "bulk-stale");
    let state = app.get_as(&format!("{BULK}/{}", file["id"].as_str().unwrap()), &manager.headers()).await.json();
    assert_eq!(state["state"], "ready", "all or nothing");
    app.stop().await;
}

async fn every_fault_of_a_file_is_named_and_nothing_of_it_runs(ground: Ground) {
    let app = desk_app(ground).await;
    let manager = app.manager_of("anna@example.org", "Колос").await;
    let stranger = app.manager_of("boris@example.org", "Другие").await;
    let text = format!(
        "{HEADING}{}{}{}{}{}{}{}",
        "f1;Не тот ИНН;7707083894;г. Ставрополь, ул. Ленина, 1;45,04;41,97;cafe;;Пн-Пт 9-18;Скидка 10 %\n",
        "f2;Эксель;7,7E+09;г. Ставрополь, ул. Ленина, 1;45,04;41,97;cafe;;Пн-Пт 9-18;Скидка 10 %\n",
        format_args!("f3;Наоборот;{INN};г. Ставрополь, ул. Ленина, 1;41,97;45,04;cafe;;Пн-Пт 9-18;Скидка 10 %\n"),
        format_args!("f4;Часы;{INN};г. Ставрополь, ул. Ленина, 1;45,04;41,97;cafe;;иногда;Скидка 10 %\n"),
        format_args!(
            "f5;=HYPERLINK(\"http://evil.example\");{INN};г. Ставрополь, ул. Ленина, 1;45,04;41,97;cafe;;Пн-Пт 9-18;Скидка 10 %\n"
        ),
        format_args!(
            "f6;<img src=x onerror=alert(1)>;{INN};г. Ставрополь, ул. Ленина, 1;45,04;41,97;cafe;;Пн-Пт 9-18;Скидка 10 %\n"
        ),
        format_args!("f6;Повтор;{INN};г. Ставрополь, ул. Ленина, 2;45,05;41,98;cafe;;Пн-Пт 9-18;Скидка 10 %\n"),
    );
    let file = upload(&app, &manager, &text).await;
    let id = file["id"].as_str().unwrap();
    let rows = app.get_as(&format!("{BULK}/{id}/rows"), &manager.headers()).await;
    let codes: Vec<(u64, String, Vec<String>)> = rows.json()["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| {
            let codes =
                r["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap().to_owned()).collect();
            (r["line"].as_u64().unwrap(), r["outcome"].as_str().unwrap().to_owned(), codes)
        })
        .collect();
    eprintln!("{codes:#?}");
    for (line, outcome) in
        [(2, "rejected"), (3, "rejected"), (4, "rejected"), (5, "rejected"), (6, "new"), (7, "new"), (8, "rejected")]
    {
        let row = codes.iter().find(|r| r.0 == line).unwrap();
        assert_eq!(row.1, outcome, "{row:?}");
        assert!(!row.2.is_empty(), "line {line} names nothing");
    }
    assert!(rows.text().contains("<img src=x onerror=alert(1)>"), "as text, in JSON");
    assert_eq!(rows.header("content-type"), "application/json");
    for uri in [format!("{BULK}/{id}"), format!("{BULK}/{id}/rows")] {
        assert_eq!(app.get_as(&uri, &stranger.headers()).await.problem_of().0, "no-file");
    }
    let apply = format!("{BULK}/{id}/apply");
    assert_eq!(app.as_person(&stranger, "POST", &apply, &Value::Null).await.problem_of().0, "no-file");
    let nonsense = upload(&app, &manager, "совсем не таблица\n").await;
    assert_eq!(nonsense["state"], "failed");
    assert!(nonsense["fault"].as_str().unwrap().contains("названий столбцов"), "{nonsense}");
    app.stop().await;
}

async fn an_organisation_on_the_map_is_renamed_by_an_operator_alone(ground: Ground) {
    let app = desk_app(ground).await;
    let manager = app.manager_of("anna@example.org", "Колос").await;
    let operator = app.staff("op@example.org", "operator").await;
    let made =
        app.as_person(&manager, "POST", LOCATIONS, &json!({"content": bakery(), "submit": true})).await.any_json();
    let card = format!("/api/v1/locations/{}", made["id"].as_str().unwrap());

    // Before the first approval a new description makes the operator look again.
    let waiting = app.waiting(&operator).await;
    let profile = |name: &str| json!({"name": name, "inn": INN, "ogrn": OGRN});
    let edited = app.on_version(&manager, "PUT", "/api/v1/partner", "\"1\"", &profile("Колос Юг")).await;
    assert_eq!(edited.status, 200, "{}", edited.text());
    let approve = format!("/api/v1/operator/revisions/{}/approve", waiting["id"].as_str().unwrap());
    let seen_before = app.as_person(&operator, "POST", &approve, &json!({"version": waiting["version"]})).await;
    assert_eq!(seen_before.problem_of().0, "decided");
    let seq = app.approve(&operator).await["seq"].clone();
    let shown = app.get(&format!("{card}?min_seq={seq}")).await.properties();
    assert_eq!(shown["partner"]["name"], "Колос Юг");

    let stale = app.on_version(&manager, "PUT", "/api/v1/partner", "\"1\"", &profile("Мимо")).await;
    assert_eq!(stale.problem_of().0, "version-conflict");
    assert_eq!(stale.problem()["current"]["profile"]["name"], "Колос Юг");
    let wrong =
        app.on_version(&manager, "PUT", "/api/v1/partner", "\"2\"", &json!({"name": "Х", "inn": "7707083894"})).await;
    assert_eq!(wrong.problem_of(), ("invalid-partner".into(), vec!["inn".into()]));
    assert_eq!(app.on_version(&manager, "PUT", "/api/v1/partner", "\"2\"", &profile("Колос Север")).await.status, 200);
    assert_eq!(app.get(&card).await.properties()["partner"]["name"], "Колос Юг", "until an operator has seen it");
    let waiting = app.waiting(&operator).await;
    assert_eq!(waiting["kind"], "partner");
    let seq = app.approve(&operator).await["seq"].clone();
    let shown = app.get(&format!("{card}?min_seq={seq}")).await.properties();
    assert_eq!(shown["partner"]["name"], "Колос Север");
    app.stop().await;
}

async fn a_description_is_checked_while_it_is_typed(ground: Ground) {
    let app = desk_app(ground).await;
    let manager = app.manager("anna@example.org").await;
    let check = async |body: Value| app.as_person(&manager, "POST", "/api/v1/partner/check", &body).await.json();
    let partner = check(json!({"partner": {"name": "Колос", "inn": "7707083894"}})).await;
    assert_eq!(partner["problems"][0]["field"], "inn", "{partner}");
    assert_eq!(partner["problems"][0]["severity"], "reject");
    let mut content = bakery();
    content["opening_hours"] = json!("Пн-Пт 9:00-18:00, сб 10-14");
    content["phone"] = json!("8 (8652) 12-34-56 доб. 7");
    let location = check(json!({ "location": content })).await;
    let understood = &location["understood"];
    assert_eq!(understood["opening_hours"], "Mo-Fr 09:00-18:00; Sa 10:00-14:00");
    assert_eq!((&understood["phone"], &understood["phone_ext"]), (&json!("+78652123456"), &json!("7")));
    assert_eq!(understood["hours_week"].as_array().unwrap().len(), 7);
    assert_eq!(understood["settlement"]["name"], "Ставрополь");
    // The pin is in Moscow, the address in Stavropol.
    (content["lon"], content["lat"]) = (json!(37.62), json!(55.75));
    let far = check(json!({ "location": content })).await;
    let codes: Vec<&str> = far["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"pin-far-from-settlement"), "{codes:?}");
    app.stop().await;
}

on_both_stores!(
    a_photo_is_seen_by_all_from_its_approval_on,
    a_photo_that_nothing_names_is_forgotten_after_a_month,
    a_terminal_is_paired_named_seen_and_ended,
    a_file_is_previewed_and_applied_whole,
    every_fault_of_a_file_is_named_and_nothing_of_it_runs,
    an_organisation_on_the_map_is_renamed_by_an_operator_alone,
    a_description_is_checked_while_it_is_typed,
);
