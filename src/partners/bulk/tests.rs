use super::*;
use crate::domain::Lang;
use proptest::prelude::*;
use rust_xlsxwriter::Workbook as Book;
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;

fn profile() -> Profile {
    Profile {
        name: "Колос".into(),
        inn: Some("7707083893".into()),
        ogrn: Some("1027700132195".into()),
        ..Profile::default()
    }
}

fn look(bytes: impl Into<Vec<u8>>, held: &HashMap<String, Held>) -> BulkReport {
    preview(Source::bytes("file", bytes), &profile(), held, |_| {}).unwrap()
}

/// What the partner has once the report was applied.
fn applied(report: &BulkReport, mut held: HashMap<String, Held>) -> HashMap<String, Held> {
    for row in &report.rows {
        if let (Some(id), Some(content)) = (&row.external_id, &row.content) {
            let location_id = row.location_id.clone().unwrap_or_else(|| format!("loc-{id}"));
            held.insert(id.clone(), Held { location_id, etag: "e2".into(), content: content.clone() });
        }
    }
    held
}

fn codes(row: &BulkRow) -> BTreeSet<(&str, &str)> {
    row.problems.iter().map(|p| (p.field.as_deref().unwrap_or_default(), p.code.as_str())).collect()
}

const HEADING: &str = "external_id;name;inn;address;category;lat;lon;hours;offer";

fn bakery() -> String {
    format!(
        "{HEADING}\nа-1;Булочная;7707083893;Ставрополь, ул. Ленина, 5;cafe;45,0428;41,9734;пн-пт 9-18;Скидка 10 %\n"
    )
}

#[test]
fn a_new_place_is_new_and_the_same_file_again_is_nothing() {
    let report = look(bakery(), &HashMap::new());
    let row = &report.rows[0];
    assert_eq!((row.line, row.outcome, row.location_id.as_deref()), (2, BulkOutcome::New, None));
    assert_eq!(codes(row), BTreeSet::from([("hours", "hours-translated")]));
    assert_eq!(
        Value::Object(row.content.clone().unwrap()),
        json!({
            "external_id": "а-1", "name": "Булочная", "address": "Ставрополь, ул. Ленина, 5", "category": "cafe",
            "lat": 45.0428, "lon": 41.9734, "opening_hours": "Mo-Fr 09:00-18:00",
            "benefits": [{ "title": "Скидка 10 %", "kind": "percent", "value": 10 }],
        })
    );
    let held = applied(&report, HashMap::new());
    let again = look(bakery(), &held);
    assert_eq!(again.count(BulkOutcome::Unchanged), 1);
    assert_eq!((again.rows[0].content.as_ref(), again.rows[0].changes.len()), (None, 0));
    assert_eq!(again.rows[0].location_id.as_deref(), Some("loc-а-1"));
    let stored: BulkRow = serde_json::from_str(&serde_json::to_string(row).unwrap()).unwrap();
    assert_eq!(&stored, row);
}

#[test]
fn an_empty_cell_leaves_and_a_dash_takes_away() {
    let first = "external_id;name;address;category;lat;lon;hours;special_hours;offer;offer_terms;offer_to;phone;phone_ext;site;wheelchair\n\
                 1;Кафе;Ставрополь;cafe;45.0428;41.9734;Mo-Fr 09:00-18:00;2027-01-01 closed;Скидка 10 %;по карте;2027-12-31;8 8652 12-34-56;7;example.ru;да\n";
    let held = applied(&look(first, &HashMap::new()), HashMap::new());
    let changed = |file: &str| -> Vec<(String, Value)> {
        let report = look(file, &held);
        let row = &report.rows[0];
        assert!(row.outcome != BulkOutcome::Rejected, "{file}: {:?}", row.problems);
        // Whatever was changed is unchanged the second time.
        assert_eq!(look(file, &applied(&report, held.clone())).count(BulkOutcome::Unchanged), 1, "{file}");
        row.changes.iter().map(|c| (c.field.clone(), c.after.clone())).collect()
    };
    let of = |field: &str, value: Value| vec![(field.to_owned(), value)];
    assert_eq!(changed("external_id;name;hours\n1;;\n"), []);
    assert_eq!(changed("external_id;site;wheelchair\n1;-;\n"), of("website", Value::Null));
    assert_eq!(changed("external_id;special_hours\n1;-\n"), of("special_hours", Value::Null));
    assert_eq!(changed("external_id;hours\n1;Mo-Fr 10:00-18:00\n"), of("opening_hours", json!("Mo-Fr 10:00-18:00")));
    assert_eq!(
        changed("external_id;hours\n1;неизвестно\n"),
        [
            ("hours_unknown".to_owned(), json!(true)),
            ("opening_hours".to_owned(), Value::Null),
            ("special_hours".to_owned(), Value::Null)
        ]
    );
    // Special days within the hours are the same days; others replace them.
    assert_eq!(changed("external_id,hours\n1,Mo-Fr 09:00-18:00; 2027 Jan 01 off\n"), []);
    assert_eq!(
        changed("external_id,hours\n1,Mo-Fr 09:00-18:00; 2027 Jan 02 off\n"),
        of("special_hours", json!("2027-01-02 closed"))
    );
    assert_eq!(
        changed("external_id;phone\n1;8 8652 12-34-57\n"),
        [("phone".to_owned(), json!("+78652123457")), ("phone_ext".to_owned(), Value::Null)]
    );
    assert_eq!(changed("external_id;phone\n1;+7 (8652) 12-34-56\n"), []);
    assert_eq!(changed("external_id;phone\n1;+7 (8652) 12-34-56 доб. 5\n"), of("phone_ext", json!("5")));
    let benefit = |file: &str| changed(file).into_iter().find(|(f, _)| f == "benefits").map(|(_, v)| v[0].clone());
    assert_eq!(
        benefit("external_id;offer\n1;Бесплатно\n"),
        Some(json!({ "title": "Бесплатно", "kind": "free", "value": null, "terms": "по карте", "to": "2027-12-31" }))
    );
    assert_eq!(benefit("external_id;offer\n1;Скидка 10 %\n"), None);
    assert_eq!(
        benefit("external_id;offer_terms;offer_to;offer_hours\n1;-;;пн-пт 10-14\n"),
        Some(
            json!({ "title": "Скидка 10 %", "kind": "percent", "value": 10, "to": "2027-12-31", "hours": "Mo-Fr 10:00-14:00" })
        )
    );
    assert_eq!(
        benefit("external_id;offer_value\n1;15\n"),
        Some(
            json!({ "title": "Скидка 10 %", "kind": "percent", "value": 15, "terms": "по карте", "to": "2027-12-31" })
        )
    );
    assert_eq!(
        look("external_id;offer\n1;-\n", &held).rows[0].problems[0].code,
        "benefit-missing",
        "a place without a benefit is none of ours"
    );
}

#[test]
fn other_benefits_than_the_first_stay() {
    let file = "external_id;name;address;category;lat;lon;hours;benefits\n\
                1;Кафе;Ставрополь;cafe;45.0428;41.9734;24/7;\"[{\"\"title\"\":\"\"Скидка 10 %\"\",\"\"kind\"\":\"\"percent\"\",\"\"value\"\":10},{\"\"title\"\":\"\"Подарок\"\"}]\"\n";
    let held = applied(&look(file, &HashMap::new()), HashMap::new());
    let report = look("external_id;offer\n1;Скидка 15 %\n", &held);
    let titles: Vec<&str> = report.rows[0].content.as_ref().unwrap()["benefits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| b["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["Скидка 15 %", "Подарок"]);
    let report = look("external_id;offer\n1;-\n", &held);
    assert_eq!(codes(&report.rows[0]), BTreeSet::from([("offer", "benefit-missing")]));
}

#[test]
fn an_awful_file_has_every_fault_named() {
    let rows = [
        ("нет кода", ";Кафе;;Ставрополь;cafe;45.0428;41.9734;24/7;Бесплатно", vec![("external_id", "id-missing")]),
        (
            "код с пробелом",
            "а 1;Кафе;;Ставрополь;cafe;45.05;41.9734;24/7;Бесплатно",
            vec![("external_id", "id-invalid")],
        ),
        (
            "код длинный",
            "012345678901234567890123456789012345678901234567890123456789x;Кафе 2;;Ставрополь;cafe;45.0428;41.97;24/7;Бесплатно",
            vec![("external_id", "text-too-long")],
        ),
        (
            "ИНН с ошибкой",
            "b1;Б1;7707083894;Ставрополь;cafe;45.0428;41.9734;24/7;Бесплатно",
            vec![("inn", "inn-check-digit")],
        ),
        ("ИНН из Excel", "b2;Б2;7,7E+09;Ставрополь;cafe;45.0428;41.9734;24/7;Бесплатно", vec![("inn", "inn-damaged")]),
        ("ИНН без нулей", "b3;Б3;770708389;Ставрополь;cafe;45.0428;41.9734;24/7;Бесплатно", vec![("inn", "inn-form")]),
        (
            "чужой ИНН",
            "b4;Б4;7736207543;Ставрополь;cafe;45.0428;41.9734;24/7;Бесплатно",
            vec![("inn", "inn-other-partner")],
        ),
        (
            "ИНН человека",
            "b5;Б5;500100732259;Ставрополь;cafe;45.0428;41.9734;24/7;Бесплатно",
            vec![("inn", "inn-other-partner")],
        ),
        ("перепутаны", "c1;В1;;Ставрополь;cafe;41.9734;45.0428;24/7;Бесплатно", vec![("lat", "position-swapped")]),
        ("нет координат", "c2;В2;;Ставрополь;cafe;;;24/7;Бесплатно", vec![("lat", "position-missing")]),
        ("нули", "c3;В3;;Ставрополь;cafe;0;0;24/7;Бесплатно", vec![("lat", "position-zero")]),
        (
            "дата вместо широты",
            "c4;В4;;Ставрополь;cafe;май.45;41.97;24/7;Бесплатно",
            vec![("lat", "position-not-number")],
        ),
        (
            "далеко",
            "c5;В5;;г. Пятигорск, ул. Кирова, 1;cafe;45.0428;41.9734;24/7;Бесплатно",
            vec![("lat", "pin-far-from-settlement")],
        ),
        ("часы", "d1;Г1;;Ставрополь;cafe;45.0428;41.9734;когда как;Бесплатно", vec![("hours", "hours-unreadable")]),
        ("нет часов", "d2;Г2;;Ставрополь;cafe;45.0428;41.9734;;Бесплатно", vec![("hours", "hours-missing")]),
        ("нет льготы", "d3;Г3;;Ставрополь;cafe;45.0428;41.9734;24/7;", vec![("offer", "benefit-missing")]),
        ("нет адреса", "d4;Г4;;;cafe;45.0428;41.9734;24/7;Бесплатно", vec![("address", "address-missing")]),
        ("нет названия", "d5;;;Ставрополь;cafe;45.0428;41.9734;24/7;Бесплатно", vec![("name", "name-missing")]),
        ("нет категории", "d6;Г6;;Ставрополь;;45.0428;41.9734;24/7;Бесплатно", vec![("category", "category-missing")]),
        ("скидка больше цены", "d7;Г7;;Ставрополь;cafe;45.0428;41.9734;24/7;Скидка 110 %", vec![]),
        (
            "формула",
            "e1;=HYPERLINK(1);;Ставрополь;cafe;45.0428;41.9734;24/7;@SUM(A1)",
            vec![("name", "formula-as-text"), ("offer", "formula-as-text")],
        ),
        (
            "команда",
            "e2;-2+3+cmd|' /C calc'!A0;;Ставрополь;cafe;45.0428;41.9734;24/7;Бесплатно",
            vec![("name", "formula-as-text")],
        ),
        (
            "html",
            "e3;<script>alert(1)</script>;;Ставрополь;cafe;45.0428;41.9734;24/7;Бесплатно",
            vec![("name", "html-as-text")],
        ),
        ("ошибка ячейки", "e4;#ССЫЛКА!;;Ставрополь;cafe;45.0428;41.9734;24/7;Бесплатно", vec![("name", "cell-error")]),
        ("ошибка в координатах", "e5;Д5;;Ставрополь;cafe;#Н/Д;41.9734;24/7;Бесплатно", vec![("lat", "cell-error")]),
        (
            "лишняя ячейка",
            "f1;Е1;;Ставрополь;cafe;45.0428;41.9734;24/7;Бесплатно;ещё",
            vec![("", "row-too-many-cells")],
        ),
        ("кавычка", "f2;\"Е2;;Ставрополь;cafe;45.0428;41.9734;24/7;Бесплатно", vec![("", "quote-not-closed")]),
        ("хорошая", "g1;Кафе «Юг»;;Ставрополь;cafe;45.0428;41.9734;24/7;Бесплатно", vec![]),
        (
            "тот же код",
            "g1;Кафе «Юг»;;Ставрополь;cafe;45.0428;41.9734;24/7;Подарок",
            vec![("external_id", "id-repeated")],
        ),
        (
            "тот же код, другое место",
            "g1;Музей;;Ставрополь;museum;45.05;41.97;24/7;Бесплатно",
            vec![("external_id", "id-two-names")],
        ),
        (
            "та же строка",
            "g1;Кафе «Юг»;;Ставрополь;cafe;45.0428;41.9734;24/7;Бесплатно",
            vec![("external_id", "row-repeated")],
        ),
        ("то же место", "g2;кафе юг;;Ставрополь;cafe;45,0428;41,9734;24/7;Бесплатно", vec![("name", "place-repeated")]),
    ];
    let mut file = format!("{HEADING}\r\n");
    for (_, row, _) in &rows {
        let _ = write!(file, "{row}\r\n");
    }
    for (bytes, encoding) in
        [(file.clone().into_bytes(), "UTF-8"), (encoding_rs::WINDOWS_1251.encode(&file).0.into_owned(), "windows-1251")]
    {
        let report = look(bytes, &HashMap::new());
        assert_eq!((report.encoding, report.rows.len()), (encoding, rows.len()));
        for (row, (what, _, want)) in report.rows.iter().zip(&rows) {
            assert_eq!(codes(row), want.iter().copied().collect(), "{what} {row:?}");
            let rejects = row.problems.iter().any(|p| p.severity == Severity::Reject);
            assert_eq!(row.outcome == BulkOutcome::Rejected, rejects, "{what}");
            assert_eq!(row.content.is_some(), matches!(row.outcome, BulkOutcome::New | BulkOutcome::Changed), "{what}");
            for p in &row.problems {
                assert!(p.detail(Lang::Ru).len() > 20 && p.detail_ru != p.detail_en, "{what}");
            }
        }
        let named = |code: &str| {
            let problem = report.rows.iter().flat_map(|r| &r.problems).find(|p| p.code == code).unwrap();
            problem.detail_ru.clone()
        };
        for code in ["id-repeated", "id-two-names", "row-repeated", "place-repeated"] {
            assert!(named(code).contains("(строка 29)"), "{}", named(code));
        }
        let texts: Vec<&str> = report.rows.iter().filter_map(|r| r.name.as_deref()).collect();
        assert!(texts.contains(&"=HYPERLINK(1)") && texts.contains(&"<script>alert(1)</script>"));
        // What is good is applied; the second time nothing of it changes.
        let held = applied(&report, HashMap::new());
        let again = look(file.clone(), &held);
        assert_eq!((again.count(BulkOutcome::New), again.count(BulkOutcome::Changed)), (0, 0));
    }
}

#[test]
fn a_partner_without_an_inn_gives_it_in_the_file() {
    let partner = Profile { name: "Колос".into(), ..Profile::default() };
    let file = format!(
        "{HEADING}\n1;А;;Ставрополь;cafe;45.1;41.9;24/7;Бесплатно\n2;Б;7707083893;Ставрополь;cafe;45.1;41.9;24/7;Бесплатно\n\
         3;В;7736207543;Ставрополь;cafe;45.1;41.9;24/7;Бесплатно\n"
    );
    let report = preview(Source::bytes("f", file), &partner, &HashMap::new(), |_| {}).unwrap();
    let all: Vec<_> = report.rows.iter().map(codes).collect();
    assert_eq!(
        all,
        [BTreeSet::from([("inn", "inn-missing")]), BTreeSet::new(), BTreeSet::from([("inn", "inn-other-partner")])]
    );
}

#[test]
fn columns_of_people_are_understood_and_named_as_they_spell_them() {
    let file = "Код;Наименование;ИНН;Город;Улица;Дом;Рубрика;Координаты;Пн;Вт;Ср;Чт;Пт;Сб;Вс;Скидка;Фото\n\
                1;Кафе;;Ставрополь;ул. Ленина;5;Кафе;45.0428, 41.9734;9-18;9-18;9-18;9-18;9-17;-;-;10;нет\n\
                2;Кафе 2;;Ставрополь;ул. Ленина;5;Кафе;45.0428 и 41.9734;9-18;с утра;;;;;;10;\n";
    let report = look(file, &HashMap::new());
    assert_eq!(report.unknown_columns, ["Фото"]);
    let row = &report.rows[0];
    assert_eq!(codes(row), BTreeSet::new());
    let content = row.content.as_ref().unwrap();
    assert_eq!(content["address"], json!("Ставрополь, ул. Ленина, 5"));
    assert_eq!(content["opening_hours"], json!("Mo-Th 09:00-18:00; Fr 09:00-17:00; Sa,Su off"));
    assert_eq!(content["benefits"][0]["title"], json!("Скидка 10 %"));
    assert_eq!(
        codes(&report.rows[1]),
        BTreeSet::from([("Координаты", "position-not-number"), ("Вт", "hours-unreadable")])
    );
}

#[test]
fn a_workbook_is_compared_like_a_table() {
    let mut book = Book::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, HEADING.split(';')).unwrap();
    sheet.write_row(1, 0, ["1", "Кафе"]).unwrap();
    sheet.write_number(1, 2, 7_707_083_893.0).unwrap();
    sheet.write_row(1, 3, ["Ставрополь", "cafe"]).unwrap();
    sheet.write_number(1, 5, 45.0428).unwrap();
    sheet.write_number(1, 6, 41.9734).unwrap();
    sheet.write_row(1, 7, ["24/7", "Бесплатно"]).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let report = look(bytes.clone(), &HashMap::new());
    assert_eq!((report.format, report.count(BulkOutcome::New)), (Format::Xlsx, 1));
    assert_eq!(codes(&report.rows[0]), BTreeSet::new());
    assert_eq!(look(bytes, &applied(&report, HashMap::new())).count(BulkOutcome::Unchanged), 1);
}

#[test]
fn a_place_under_a_new_id_is_known_by_name_and_position() {
    let held = applied(&look(bakery(), &HashMap::new()), HashMap::new());
    let report = look(bakery().replace("а-1", "б-1"), &held);
    assert_eq!(report.rows[0].outcome, BulkOutcome::New);
    assert!(codes(&report.rows[0]).contains(&("external_id", "place-known")));
}

#[test]
fn a_file_without_ids_or_with_half_its_end_is_no_file() {
    let fault = |file: &str| preview(Source::bytes("f", file), &profile(), &HashMap::new(), |_| {}).unwrap_err().code();
    assert_eq!(fault("name;lat;lon\nа;1;2\n"), "source-columns-missing");
    assert_eq!(fault("{\"type\":\"FeatureCollection\",\"features\":["), "source-truncated");
    let many: String = "external_id;name\n".chars().chain("1;а\n".repeat(MAX_ROWS + 1).chars()).collect();
    assert_eq!(fault(&many), "source-too-many-rows");
}

#[test]
fn ten_thousand_rows_tell_their_progress() {
    let mut file = format!("{HEADING}\n");
    for n in 0..10_000 {
        let _ = writeln!(
            file,
            "м-{n};Кафе № {n};7707083893;Ставрополь, ул. Ленина, {n};cafe;45.{:04};41.{:04};пн-пт 9-{};Скидка {} %",
            n % 9_000 + 100,
            n / 7 + 1_000,
            15 + n % 5,
            n % 50 + 1
        );
    }
    let mut told = Vec::new();
    let report = preview(Source::bytes("f", file), &profile(), &HashMap::new(), |n| told.push(n)).unwrap();
    assert_eq!(report.count(BulkOutcome::New), 10_000);
    assert!(told.len() > 50 && told.is_sorted() && told.last() == Some(&10_000));
}

/// Cells with a part of everything that a column may hold, the wrong included.
fn cell(field: usize) -> impl Strategy<Value = String> {
    let usual: &[&str] = match field {
        0 => &["Кафе", "Музей «Ёж»", "", "-", "<b>x</b>", "=1+1"],
        1 => &["Ставрополь, ул. Ленина, 5", "", "-", "г. Пятигорск"],
        2 => &["cafe", "Музей", "бассейновое", "", "-"],
        3 => &["45,0428", "45.05", "", "-", "41.9734", "север"],
        4 => &["41,9734", "42", "", "-", "45.0428"],
        5 => &[
            "Mo-Fr 09:00-18:00",
            "пн-пт 9-18",
            "неизвестно",
            "",
            "-",
            "24/7",
            "Mo-Su 10:00-20:00; 2027 Jan 01 off",
            "x",
        ],
        6 => &["2027-01-01 closed", "2027-01-01..2027-01-05 10:00-12:00; 09.05.2027 closed", "", "", "-", "завтра"],
        7 => &["Скидка 10 %", "Бесплатно", "10", "", "", "-", "Подарок при чеке от 1000 ₽"],
        8 => &["percent", "free", "скидка", "", "", "-", "x"],
        9 => &["10", "12,5", "", "", "-", "110", "x"],
        10 => &["по карте", "", "-"],
        11 => &["2027-01-01", "31.12.2027", "", "-", "x"],
        12 => &["Mo-Fr 10:00-14:00", "сб 10-12", "", "", "-"],
        13 => &["8 8652 12-34-56", "+7 8652 12-34-57 доб. 5", "", "-", "нет", "x"],
        14 => &["7", "", "", "-"],
        15 => &["example.ru", "", "-", "javascript:1"],
        16 => &["да", "no", "", "-", "x"],
        _ => &["cafe; museum", "", "-", "x; leisure"],
    };
    proptest::sample::select(usual.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>())
}

const LOOSE: &str = "external_id|name|address|category|lat|lon|hours|special_hours|offer|offer_kind|offer_value|offer_terms|offer_to|offer_hours|phone|phone_ext|site|wheelchair|categories_more";

fn row(id: u32) -> impl Strategy<Value = String> {
    let cells: Vec<_> = (0..18).map(cell).collect();
    cells.prop_map(move |cells| format!("{id}|{}\n", cells.join("|")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Two files one after the other, each row of the second about a place of the first.
    #[test]
    fn what_was_applied_is_unchanged_the_second_time(
        first in (row(1), row(2), row(3)), second in (row(1), row(2), row(4)),
    ) {
        let whole = "|Кафе|Ставрополь|cafe|45.0428|41.9734|24/7||Скидка 10 %||||||||||\n";
        let mut held = applied(&look(format!("{LOOSE}\n1{whole}2{}", whole.replace("Кафе", "Дом")), &HashMap::new()), HashMap::new());
        prop_assert_eq!(held.len(), 2);
        for (a, b, c) in [first, second] {
            let file = format!("{LOOSE}\n{a}{b}{c}");
            let report = look(file.clone(), &held);
            let before = held.clone();
            held = applied(&report, held);
            let again = look(file, &held);
            for (first, second) in report.rows.iter().zip(&again.rows) {
                if first.outcome == BulkOutcome::Rejected {
                    prop_assert_eq!(second.outcome, BulkOutcome::Rejected);
                } else {
                    prop_assert_eq!(second.outcome, BulkOutcome::Unchanged, "{:?}\n{:?}\n{:?}", before, first, second);
                }
            }
        }
    }
}
