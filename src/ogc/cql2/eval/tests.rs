use super::super::{At, Fault, check, json, text};
use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

fn ask(filter: &str) -> Result<Option<bool>, Fault> {
    let node = if filter.starts_with('{') { json::parse(filter) } else { text::parse(filter) }?;
    check::check(&node)?;
    let record = Record {
        id: "a".into(),
        name: "Ёлка и кафé".into(),
        category: "cafe".into(),
        categories: vec!["cafe".into(), "shop".into()],
        benefit: Some("Скидка 10 %".into()),
        benefit_kind: Some("percent".into()),
        benefit_value: Some(10.0),
        address: None,
        address_note: None,
        wheelchair: None,
        phone: None,
        site: None,
        partner: "P".into(),
        hours: None,
        time_zone: "Europe/Moscow",
        last_confirmed: NaiveDate::from_ymd_opt(2026, 10, 31),
    };
    let row = Row { id: "a", category: "cafe", position: LonLat::new(42.0, 45.0).unwrap(), record: Some(&record) };
    Ok(truth(&node, &row))
}

#[test]
fn conditions_are_true_false_or_unknown() {
    let (yes, no, unknown) = (Some(true), Some(false), None);
    for (filter, want) in [
        ("category = 'cafe'", yes),
        ("\"category\" <> 'cafe'", no),
        ("benefit_value >= 10 AND benefit_value < 10.5e0", yes),
        ("NOT benefit_value = 10 OR id = 'a'", yes),
        ("address = 'x'", unknown),
        ("NOT address = 'x'", unknown),
        ("address = 'x' AND category = 'shop'", no),
        ("address = 'x' OR category = 'cafe'", yes),
        ("address IS NULL AND name IS NOT NULL", yes),
        ("name LIKE '%и каф_'", yes),
        ("name NOT LIKE 'ёлка%'", yes),
        ("CASEI(name) LIKE casei('ЁЛКА%')", yes),
        // The last letter of the name is Latin, and so is the one that it is compared with.
        ("ACCENTI(name) = accenti('Елка и каф\u{65}')", yes),
        ("benefit LIKE '%10 \\%'", yes),
        ("benefit_value BETWEEN 5 AND 10", yes),
        ("benefit_value NOT BETWEEN 5 AND 10", no),
        ("category IN ('shop', 'cafe')", yes),
        ("category NOT IN ('shop')", yes),
        ("wheelchair IN ('yes')", unknown),
        ("name = 'it''s' OR name = 'it\\'s'", no),
        ("benefit_value * 2 + 1 = 21 AND 7 div 2 = 3 AND 2 ^ 3 ^ 0 = 2 AND -benefit_value = 0 - 10 AND 7 % 4 = 3", yes),
        ("benefit_value / 0 = 1", unknown),
        ("TRUE AND (FALSE OR true)", yes),
        ("last_confirmed = DATE('2026-10-31')", yes),
        ("T_AFTER(last_confirmed, DATE('2026-10-30'))", yes),
        ("T_DURING(last_confirmed, INTERVAL('2026-01-01', '..'))", yes),
        ("T_INTERSECTS(last_confirmed, INTERVAL('2026-10-31T00:00:00Z', '2026-11-01T00:00:00Z'))", yes),
        ("T_BEFORE(last_confirmed, TIMESTAMP('2026-10-31T00:00:00Z'))", no),
        ("A_CONTAINS(categories, ('shop'))", yes),
        ("A_CONTAINS(categories, ('shop', 'museum'))", no),
        ("A_EQUALS(categories, ('shop', 'cafe'))", yes),
        ("A_CONTAINEDBY(categories, ('shop', 'cafe', 'museum'))", yes),
        ("A_OVERLAPS(categories, ('museum', 'shop'))", yes),
        ("S_INTERSECTS(geometry, POINT(42 45))", yes),
        ("S_INTERSECTS(geometry, BBOX(41, 44, 43, 46))", yes),
        ("S_DISJOINT(geometry, BBOX(170, 44, -170, 46))", yes),
        ("S_WITHIN(geometry, POLYGON((41 44, 43 44, 43 46, 41 46, 41 44)))", yes),
        ("S_WITHIN(geometry, POLYGON((42 44, 43 44, 43 46, 42 46, 42 44)))", no),
        ("S_TOUCHES(geometry, POLYGON((42 44, 43 44, 43 46, 42 46, 42 44)))", yes),
        (
            "S_INTERSECTS(geometry, POLYGON((41 44, 43 44, 43 46, 41 46, 41 44),(41.5 44.5, 42.5 44.5, 42.5 45.5, 41.5 45.5, 41.5 44.5)))",
            no,
        ),
        ("S_EQUALS(geometry, POINT Z(42 45 7))", yes),
        ("S_INTERSECTS(geometry, LINESTRING(41 44, 43 46))", yes),
        ("S_INTERSECTS(geometry, MULTIPOINT((1 2), (42 45)))", yes),
        ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(41 44, 43 46)))", yes),
        (
            r#"{"op":"and","args":[{"op":"=","args":[{"property":"category"},"cafe"]},{"op":"isNull","args":[{"property":"site"}]}]}"#,
            yes,
        ),
        (r#"{"op":"like","args":[{"op":"casei","args":[{"property":"name"}]},{"op":"casei","args":["ёлка%"]}]}"#, yes),
        (r#"{"op":"between","args":[{"property":"benefit_value"},1,9]}"#, no),
        (r#"{"op":"in","args":[{"property":"category"},["cafe","shop"]]}"#, yes),
        (r#"{"op":"t_during","args":[{"property":"last_confirmed"},{"interval":["2026-01-01",".."]}]}"#, yes),
        (r#"{"op":"a_containedBy","args":[{"property":"categories"},["cafe","shop","other"]]}"#, yes),
        (r#"{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[41,44,43,46]}]}"#, yes),
        (
            r#"{"op":"s_within","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[41,44],[43,44],[43,46],[41,46],[41,44]]]}]}"#,
            yes,
        ),
        (r#"{"op":"=","args":[{"property":"last_confirmed"},{"date":"2026-10-31"}]}"#, yes),
        ("true", yes),
    ] {
        assert_eq!(ask(filter), Ok(want), "{filter}");
    }
}

#[test]
fn a_fault_is_named_with_its_position() {
    for (filter, at, word) in [
        ("categry = 'cafe'", "1", "category"),
        ("name = 'a' AND benefit_value > 'b'", "32", "a number"),
        ("name LIKE", "10", "the end"),
        ("name = 'a' name", "12", "AND or OR"),
        ("name = 'a", "8", "not closed"),
        ("(name = 'a'", "12", "bracket"),
        ("name = 'a' & id = 'b'", "12", "'&'"),
        ("DISTANCE(geometry, 5) = 1", "1", "S_INTERSECTS"),
        ("last_confirmed = '2026-10-31'", "18", "DATE"),
        ("last_confirmed = DATE('2026-13-31')", "23", "2026-11-22"),
        ("S_INTERSECTS(geometry, POLYGON((1 2, 3)))", "39", "a number"),
        ("S_INTERSECTS(geometry)", "1", "2 parts"),
        ("S_INTERSECTS(name, POINT(1 2))", "14", "a geometry"),
        ("BBOX(1,2,3) = 1", "1", "west"),
        ("name", "1", "a condition"),
        ("", "1", "the end"),
        ("name = AND", "8", "AND"),
        (r#"{"op":"=","args":[{"property":"nme"},1]}"#, "/args/0", "name"),
        (r#"{"op":"and","args":[true,{"op":"gt","args":[]}]}"#, "/args/1", "gt"),
        (r#"{"op":"in","args":[{"property":"name"},["a",5]]}"#, "/args/1/1", "a text"),
        (
            r#"{"op":"s_within","args":[{"property":"geometry"},{"type":"Point","coordinates":[1]}]}"#,
            "/args/1",
            "GeoJSON",
        ),
        (r#"{"op":"=","args":[{"property":"name"},null]}"#, "/args/1", "isNull"),
        (r#"{"op":"#, "1:6", "JSON"),
    ] {
        let fault = ask(filter).expect_err(filter);
        assert_eq!(fault.at.to_string(), at, "{filter}: {fault}");
        assert!(fault.en.contains(word), "{filter}: {fault}");
        assert!(fault.ru.chars().any(|c| ('а'..='я').contains(&c)), "{}", fault.ru);
    }
}

#[test]
fn nesting_is_bounded() {
    for deep in [
        format!("{}TRUE{}", "(".repeat(10_000), ")".repeat(10_000)),
        format!("{}TRUE", "NOT ".repeat(10_000)),
        format!("1 = {}1", "2^".repeat(10_000)),
        format!("1 = {}benefit_value", "- ".repeat(10_000)),
    ] {
        assert!(matches!(ask(&deep), Err(Fault { at: At::Char(_), .. })));
    }
    let deep = format!("{}true{}", r#"{"op":"not","args":["#.repeat(100), "]}".repeat(100));
    assert!(ask(&deep).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_filter_breaks_anything(words in vec(select(WORDS), 1..14)) {
        _ = ask(&words.join(" "));
    }

    #[test]
    fn no_geometry_breaks_anything(op in select(SPATIAL), numbers in vec(select(NUMBERS), 8)) {
        let n = |i: usize| numbers[i];
        let ring = format!("({} {}, {} {}, {} {}, {} {})", n(0), n(1), n(2), n(3), n(4), n(5), n(0), n(1));
        for geometry in [
            format!("POLYGON({ring})"),
            format!("POLYGON({ring}, {ring})"),
            format!("MULTIPOLYGON(({ring}), ({ring}))"),
            format!("LINESTRING{ring}"),
            format!("LINESTRING({} {})", n(6), n(7)),
            format!("POLYGON(({} {}))", n(6), n(7)),
            format!("BBOX({}, {}, {}, {})", n(0), n(1), n(2), n(3)),
        ] {
            _ = ask(&format!("{op}(geometry, {geometry})"));
            _ = ask(&format!("{op}({geometry}, geometry) OR {op}({geometry}, POINT({} {}))", n(6), n(7)));
        }
    }
}

const SPATIAL: &[&str] =
    &["S_INTERSECTS", "S_DISJOINT", "S_EQUALS", "S_TOUCHES", "S_WITHIN", "S_CONTAINS", "S_CROSSES", "S_OVERLAPS"];
const NUMBERS: &[&str] = &["42", "45", "0", "-180", "180", "41", "46", "1e300", "-1e300", "1e-300", "42.0000000001"];
const WORDS: &[&str] = &[
    "name",
    "category",
    "benefit_value",
    "categories",
    "geometry",
    "last_confirmed",
    "address",
    "=",
    "<",
    ">=",
    "<>",
    "(",
    ")",
    ",",
    "AND",
    "OR",
    "NOT",
    "LIKE",
    "IN",
    "BETWEEN",
    "IS",
    "NULL",
    "'a%'",
    "'",
    "5",
    "-",
    "+",
    "*",
    "/",
    "^",
    "div",
    "TRUE",
    "CASEI(",
    "A_CONTAINS(",
    "T_AFTER(",
    "S_WITHIN(",
    "DATE('2026-10-31')",
    "INTERVAL('..', '..')",
    "POINT(1 2)",
    "BBOX(1,2,3,4)",
    "1e999",
    "\"name\"",
    "{",
    "\\",
    "MULTIPOINT(",
    "Ж",
];
