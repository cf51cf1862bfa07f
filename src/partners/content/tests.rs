use super::*;
use crate::domain::{BenefitKind, Wheelchair};
use proptest::prelude::*;
use serde_json::json;

fn map(value: Value) -> Map<String, Value> {
    let Value::Object(map) = value else { panic!("an object") };
    map
}

fn museum() -> Map<String, Value> {
    map(json!({
        "name": "Музей «Ёж»", "category": "museum", "categories_more": ["cafe"], "lon": 41.9642, "lat": 45.0344,
        "address": "Ставрополь, ул. Ленина, 5", "address_note": "вход со двора",
        "fias_id": "327a060b-878c-4fb4-8dc4-d5595871a3d8",
        "opening_hours": "Tu 10:00-18:00 \"последний вход 17:30\"; We 10:00-18:00 \"только группы\"",
        "special_hours": "2027-01-01 closed; 2027-01-02..2027-01-05 11:00-16:00",
        "phone": "+78652123456", "phone_ext": "12", "website": "https://example.ru", "wheelchair": "limited",
        "benefits": [{ "title": "Скидка 10 %", "kind": "percent", "value": 10, "terms": "по карте",
                       "from": "2027-01-01", "to": "2027-12-31", "hours": "Mo-Fr 10:00-14:00" }],
        "photo": "ph-1", "external_id": "М-1",
    }))
}

fn partner() -> Profile {
    Profile { name: "Музеи".into(), inn: Some("7707083893".into()), ..Profile::default() }
}

fn id() -> LocationId {
    LocationId::new("loc-1").unwrap()
}

fn codes(content: &Map<String, Value>) -> Vec<(String, &'static str)> {
    let checked = check(content, &partner(), &id());
    checked.problems.iter().map(|p| (p.column.as_deref().unwrap_or_default().to_owned(), p.code())).collect()
}

fn with(key: &str, value: Value) -> Map<String, Value> {
    let mut content = museum();
    if value.is_null() {
        content.remove(key);
    } else {
        content.insert(key.to_owned(), value);
    }
    content
}

#[test]
fn a_whole_content_has_no_problem_and_is_canonical() {
    assert_eq!(codes(&museum()), []);
    let checked = check(&museum(), &partner(), &id());
    let location = checked.draft.unwrap().location;
    assert_eq!(location.id, id());
    assert_eq!(location.wheelchair, Some(Wheelchair::Limited));
    assert_eq!(location.benefits[0].hours.as_deref(), Some("Mo-Fr 10:00-14:00"));
    assert!(
        location.hours.as_ref().unwrap().as_str().ends_with("2027 Jan 01 off; 2027 Jan 02-2027 Jan 05 11:00-16:00")
    );
    assert_eq!(normalised(&museum()), museum());
    let mut of_map = of_location(&location);
    of_map.insert("photo".into(), "ph-1".into());
    of_map.insert("external_id".into(), "М-1".into());
    assert_eq!(of_map, museum());
    assert_eq!(
        serde_json::to_string(&normalised(&museum())).unwrap(),
        serde_json::to_string(&normalised(&of_map)).unwrap()
    );
}

#[test]
fn what_people_type_gets_one_spelling() {
    let typed = map(json!({
        "name": "  Музей «Ёж» ", "category": "Музей", "categories_more": "Кафе; музей", "lon": "41,9642", "lat": "45,0344",
        "address": "Ставрополь, ул. Ленина, 5 ", "address_note": "вход со двора", "fias_id": "327A060B-878C-4FB4-8DC4-D5595871A3D8",
        "opening_hours": "Tu 10:00-18:00 \"последний вход 17:30\"; We 10:00-18:00 \"только группы\"; 2027 Jan 01 off; 2027 Jan 02-2027 Jan 05 11:00-16:00",
        "phone": "8 (8652) 12-34-56 доб. 12", "website": "https://example.ru ", "wheelchair": "частично",
        "benefits": { "title": "", "kind": "скидка", "value": "10", "terms": "по карте", "from": "01.01.2027", "to": "31.12.2027",
                      "hours": "пн-пт 10-14" },
        "photo": "ph-1", "external_id": " М-1", "special_hours": null, "phone_ext": "",
    }));
    assert_eq!(codes(&typed), [("benefits".to_owned(), "hours-translated")]);
    assert_eq!(normalised(&typed), museum());
}

#[test]
fn what_a_partner_has_to_say_is_asked_for() {
    for (key, code) in [
        ("name", "name-missing"),
        ("category", "category-missing"),
        ("address", "address-missing"),
        ("benefits", "benefit-missing"),
    ] {
        assert_eq!(codes(&with(key, Value::Null)), [(key.to_owned(), code)]);
    }
    let mut content = with("opening_hours", Value::Null);
    content.remove("special_hours");
    assert_eq!(codes(&content), [("opening_hours".to_owned(), "hours-missing")]);
    content.insert("hours_unknown".into(), true.into());
    assert_eq!(codes(&content), []);
    let unknown = normalised(&content);
    assert_eq!(unknown["hours_unknown"], json!(true));
    content.remove("hours_unknown");
    content.insert("opening_hours".into(), "неизвестно".into());
    assert_eq!(codes(&content), []);
    assert_eq!(normalised(&content), unknown);
    let location = check(&content, &partner(), &id()).draft.unwrap().location;
    assert_eq!(of_location(&location)["hours_unknown"], json!(true));
    assert_eq!(codes(&Map::new()).len(), 6);
}

#[test]
fn what_is_wrong_is_named_and_stays_as_typed() {
    for (key, value, code) in [
        ("opening_hours", json!("когда как"), "hours-unreadable"),
        ("special_hours", json!("завтра"), "hours-unreadable"),
        ("lat", json!("север"), "position-not-number"),
        ("lat", json!(195.5), "position-out-of-range"),
        ("benefits", json!([{ "title": "Скидка", "kind": "percent", "value": 110 }]), "benefit-value"),
        ("benefits", json!([{ "title": "Скидка", "hours": "иногда" }]), "benefit-hours-unreadable"),
        ("benefits", json!([{ "terms": "по карте" }]), "benefit-unnamed"),
        ("benefits", json!([{ "title": "a", "from": "2027-02-01", "to": "2027-01-01" }]), "dates-reversed"),
        ("name", json!("я".repeat(201)), "text-too-long"),
        ("name", json!("#Н/Д"), "cell-error"),
        ("external_id", json!("М 1"), "id-invalid"),
        ("external_id", json!("я".repeat(61)), "text-too-long"),
    ] {
        let content = with(key, value.clone());
        assert!(codes(&content).contains(&(key.to_owned(), code)), "{key} {value}: {:?}", codes(&content));
        assert!(check(&content, &partner(), &id()).draft.is_none(), "{key} {value}");
        let kept = normalised(&content);
        if key != "benefits" {
            assert_eq!(kept[key], value, "{key}");
        }
        assert_eq!(normalised(&kept), kept, "{key} {value}");
    }
    let mut swapped = with("lat", json!(41.9642));
    swapped.insert("lon".into(), json!(45.0344));
    assert_eq!(codes(&swapped), [("lat".to_owned(), "position-swapped")]);
    assert_eq!(normalised(&swapped)["lat"], json!(41.9642));
}

#[test]
fn warnings_do_not_keep_a_place_out() {
    for (key, value, code) in [
        ("name", json!("=Музей"), "formula-as-text"),
        ("name", json!("<b>Музей</b>"), "html-as-text"),
        ("address", json!("г. Пятигорск, пр-кт Кирова, 5"), "pin-far-from-settlement"),
        ("phone", json!("нету"), "phone-unreadable"),
        ("website", json!("javascript:alert(1)"), "site-scheme"),
        ("category", json!("бассейновое"), "category-unknown"),
    ] {
        let content = with(key, value.clone());
        assert_eq!(codes(&content), [(if code.starts_with("pin") { "lat" } else { key }.to_owned(), code)], "{value}");
        assert!(check(&content, &partner(), &id()).draft.is_some());
    }
    assert_eq!(codes(&with("телефон", json!("1"))), [(String::new(), "columns-unknown")]);
    assert_eq!(normalised(&with("website", json!("javascript:alert(1)"))).get("website"), None);
}

#[test]
fn a_wrong_profile_is_no_fault_of_the_place() {
    let partner = Profile { inn: Some("1".into()), ..partner() };
    let checked = check(&museum(), &partner, &id());
    assert!(checked.problems.is_empty() && checked.draft.is_some(), "{:?}", checked.problems);
}

#[test]
fn a_form_hears_what_was_understood_so_far() {
    let u = understood(&map(json!({ "opening_hours": "пн-пт 9-18", "phone": "8 8652 12-34-56" })));
    assert_eq!(u.hours.unwrap().as_str(), "Mo-Fr 09:00-18:00");
    assert_eq!(u.phone.unwrap().display(), "+7 (8652) 12-34-56");
    assert!(u.position.is_none() && u.settlement.is_none());
    let u = understood(&museum());
    assert_eq!(u.time_zone.unwrap().name(), "Europe/Moscow");
    let (settlement, distance_m) = u.settlement.unwrap();
    assert_eq!((settlement.name_ru.as_str(), distance_m < 10_000.0), ("Ставрополь", true));
    assert_eq!(u.benefits[0].kind, Some(BenefitKind::Percent));
}

fn loose_text() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[ -~А-яё«»№\n\t]{0,24}").unwrap()
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-200.0..200.0_f64).prop_map(Value::from),
        loose_text().prop_map(Value::from),
        proptest::sample::select(vec![
            "museum",
            "Кафе",
            "45,0344",
            "41.9642",
            "Mo-Fr 09:00-18:00",
            "пн-пт 9-18",
            "неизвестно",
            "24/7",
            "2027-01-01 closed",
            "2027-01-01..2027-01-03 10:00-12:00",
            "+7 8652 12-34-56 доб 3",
            "example.ru",
            "да",
            "2027 Jan 01 off",
            "Mo-Fr 09:00-18:00; 2027 Jan 01 off; 2027 Jan 02 10:00-12:00",
            "-",
        ])
        .prop_map(Value::from),
        proptest::collection::vec(
            (
                loose_text(),
                proptest::option::of(0..120_u32),
                proptest::sample::select(vec!["percent", "free", "", "x"])
            ),
            0..3
        )
        .prop_map(|all| all
            .into_iter()
            .map(|(title, value, kind)| json!({ "title": title, "value": value, "kind": kind, "hours": "" }))
            .collect()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn normalising_twice_is_normalising_once(
        values in proptest::collection::vec((proptest::sample::select(KEYS.to_vec()), value()), 0..18),
    ) {
        let mut content = museum();
        content.extend(values.into_iter().map(|(key, value)| (key.to_owned(), value)));
        let once = normalised(&content);
        prop_assert_eq!(&normalised(&once), &once);
        // What is accepted becomes the location whose canonical content this is.
        let checked = check(&content, &partner(), &id());
        let again = check(&once, &partner(), &id());
        if let Some(draft) = &checked.draft {
            let mut of_map = of_location(&draft.location);
            for key in [PHOTO, EXTERNAL_ID] {
                if let Some(value) = once.get(key) {
                    of_map.insert(key.into(), value.clone());
                }
            }
            prop_assert_eq!(&of_map, &once);
            prop_assert_eq!(again.draft.as_ref().map(|d| &d.location), Some(&draft.location));
        } else {
            prop_assert!(again.draft.is_none(), "{:?} {:?}", checked.problems, once);
        }
    }
}
