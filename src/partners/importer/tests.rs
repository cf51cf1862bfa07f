use super::super::import_row::from_feature;
use super::*;
use crate::domain::{Benefit, BenefitKind, Category, FixedClock};
use chrono::{TimeZone, Utc};
use std::fmt::Write;
use std::io::Read;

pub(crate) struct Bench {
    pub(crate) store: Store,
    pub(crate) clock: FixedClock,
    pub(crate) dir: tempfile::TempDir,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite://{}/t.db", dir.path().display())).await.unwrap();
        store.migrate().await.unwrap();
        let clock = FixedClock::at(Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).unwrap());
        Self { store, clock, dir }
    }

    pub(crate) async fn import(&self, sources: Vec<Source>, options: &ImportOptions) -> ImportReport {
        Importer::new(self.store.clone(), &self.clock).run(sources, options, |_| {}).await.unwrap()
    }

    async fn import_text(&self, name: &str, text: &str) -> ImportReport {
        self.import(vec![Source::bytes(name, text)], &ImportOptions::default()).await
    }

    async fn location(&self, id: &str) -> Option<Location> {
        let id = LocationId::new(id).unwrap();
        self.store.lookup_location(&id).await.unwrap().map(|l| l.unwrap().location)
    }

    async fn on_map(&self) -> Vec<String> {
        let mut ids = Vec::new();
        self.store
            .each_with_partner(|row| {
                ids.push(row.unwrap().0.id.as_str().to_owned());
                std::ops::ControlFlow::Continue(())
            })
            .await
            .unwrap();
        ids
    }
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import").join(name)).unwrap()
}

/// Line, column, code.
type Expected = (u64, String, String);

fn rejections(report: &ImportReport) -> Vec<Expected> {
    let of = |p: &Problem| (p.line, p.column.as_deref().unwrap_or_default().to_owned(), p.code().to_owned());
    report.problems.iter().filter(|p| p.severity() == Severity::Reject).map(of).collect()
}

fn speak_both_languages(report: &ImportReport) {
    for p in &report.problems {
        for text in [p.message(Lang::Ru), p.message(Lang::En), p.remedy(Lang::Ru), p.remedy(Lang::En)] {
            assert!(text.chars().count() > 5, "{p:?}: {text}");
        }
        assert_ne!(p.message(Lang::Ru), p.message(Lang::En), "{p:?}");
        assert!(p.message(Lang::Ru).chars().any(|c| ('а'..='я').contains(&c)), "{p:?}");
    }
}

#[tokio::test]
async fn each_hand_made_bad_row_gets_its_line_column_and_reason_and_the_good_ones_are_in() {
    let bytes = fixture("bad_rows.csv");
    // The last two columns say what is expected; a row begins on the line after the last one that said so.
    let mut expected = Vec::new();
    let mut good = 0;
    let mut start = None;
    for (i, line) in bytes.split(|&b| b == b'\n').enumerate().skip(1) {
        let line = String::from_utf8_lossy(line).trim_end().to_owned();
        if line.is_empty() {
            continue;
        }
        let begins = *start.get_or_insert(i as u64 + 1);
        let mut cells = line.rsplitn(3, ',');
        let (code, column) = (cells.next().unwrap(), cells.next().unwrap_or_default());
        let is_code = code.contains('-') && code.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '8');
        match code {
            "ok" => good += 1,
            _ if is_code => expected.push((begins, column.to_owned(), code.to_owned())),
            _ => continue,
        }
        start = None;
    }
    assert!(expected.len() >= 50, "{}", expected.len());

    let bench = Bench::new().await;
    let path = bench.dir.path().join("out.csv");
    let options = ImportOptions { rejects: RejectsTo::File(path.clone()), ..ImportOptions::default() };
    let report = bench.import(vec![Source::bytes("bad_rows.csv", bytes)], &options).await;
    let found = rejections(&report);
    for (want, got) in expected.iter().zip(&found) {
        assert_eq!(want, got);
    }
    assert_eq!(found.len(), expected.len());
    assert_eq!(report.rejected, expected.len() as u64);
    assert_eq!(report.created, good);
    speak_both_languages(&report);
    let on_map = bench.on_map().await;
    assert_eq!(on_map.len() as u64, good);
    assert!(on_map.iter().all(|id| id.starts_with("ok-")), "{on_map:?}");
    assert!(report.is_complete());

    let swap = report.problems.iter().find(|p| p.code() == "position-swapped").unwrap();
    assert!(swap.remedy(Lang::En).contains("lat=45.036169 lon=41.963387"), "{}", swap.remedy(Lang::En));

    // The file of rejects holds every bad row and is itself a table to import.
    let rejects = std::fs::read_to_string(&path).unwrap();
    let again = bench.import_text("out.csv", &rejects).await;
    assert_eq!(again.rows, report.rejected);
    assert!(again.sources[0].fault.is_none());
    assert!(!again.by_code.keys().any(|(_, code)| *code == "columns-unknown"));
    let codes = |r: &ImportReport| rejections(r).into_iter().map(|(_, _, code)| code).collect::<Vec<_>>();
    // What was about another row of the file, or the bytes themselves, is not found again.
    let local = |codes: Vec<String>| {
        codes
            .into_iter()
            .filter(|c| {
                !matches!(
                    c.as_str(),
                    "id-two-names" | "id-repeated" | "quote-not-closed" | "not-utf8" | "row-too-many-cells"
                )
            })
            .collect::<Vec<_>>()
    };
    let (first, second) = (local(codes(&report)), local(codes(&again)));
    assert!(first.iter().all(|c| second.contains(c)), "{first:?} {second:?}");
}

#[tokio::test]
async fn a_corrected_file_of_rejects_comes_in() {
    let bench = Bench::new().await;
    let path = bench.dir.path().join("r.csv");
    let options = ImportOptions { rejects: RejectsTo::File(path.clone()), ..ImportOptions::default() };
    let csv = "id;name;category;lat;lon\n1;А;cafe;45,03;41,96\n2;Б;cafe;;41,96\n";
    let report = bench.import(vec![Source::bytes("a.csv", csv)], &options).await;
    assert_eq!((report.created, report.rejected), (1, 1));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(
        text.starts_with(
            "\u{feff}id;name;category;lat;lon;_line;_column;_code;_problem;_remedy\n2;Б;cafe;;41,96;3;lat;"
        ),
        "{text}"
    );
    let corrected = text.replace("cafe;;", "cafe;45,04;");
    let report = bench.import_text("r.csv", &corrected).await;
    assert_eq!((report.created, report.rejected, report.warnings), (1, 0, 0));
}

#[tokio::test]
async fn each_bad_feature_gets_its_line_and_reason() {
    let bytes = fixture("bad_rows.geojson");
    let text = String::from_utf8(bytes.clone()).unwrap();
    let mut expected = Vec::new();
    for (i, line) in text.lines().enumerate() {
        if line == "null," {
            expected.push((i as u64 + 1, String::new(), "not-a-feature".to_owned()));
        } else if let Some((_, rest)) = line.split_once("\"_expect\":\"") {
            let code = rest.split('"').next().unwrap();
            let column = rest.split("\"_column\":\"").nth(1).unwrap().split('"').next().unwrap();
            expected.push((i as u64 + 1, column.to_owned(), code.to_owned()));
        }
    }
    assert!(expected.len() >= 12);
    let bench = Bench::new().await;
    let path = bench.dir.path().join("out.ndjson");
    let options = ImportOptions { rejects: RejectsTo::File(path.clone()), ..ImportOptions::default() };
    let report = bench.import(vec![Source::bytes("bad_rows.geojson", bytes)], &options).await;
    assert_eq!(rejections(&report), expected);
    assert_eq!(bench.on_map().await, ["ok-1", "ok-2", "ok-3", "ok-4", "ok-5"]);
    assert!(report.is_complete());
    speak_both_languages(&report);
    let museum = bench.location("ok-1").await.unwrap();
    assert_eq!(museum.address.as_deref(), Some("Ставрополь, Демонстрационная улица, 92"));
    assert_eq!(museum.benefits[0].kind, Some(BenefitKind::Free));
    assert_eq!(museum.time_zone.name(), "Europe/Moscow");
    assert_eq!(bench.location("ok-4").await.unwrap().category, Category::Other);

    let rejects = std::fs::read_to_string(&path).unwrap();
    assert_eq!(rejects.lines().count(), expected.len());
    let again = bench.import_text("out.ndjson", &rejects).await;
    assert_eq!(again.sources[0].format, Some(Format::NdJson));
    assert_eq!(again.rows, expected.len() as u64);
    assert_eq!(again.created, 0);
}

#[tokio::test]
async fn windows_1251_with_semicolons_russian_headings_and_decimal_commas_is_read() {
    let bench = Bench::new().await;
    let report =
        bench.import(vec![Source::bytes("w.csv", fixture("windows1251.csv"))], &ImportOptions::default()).await;
    assert_eq!(report.sources[0].encoding, "windows-1251");
    assert_eq!(rejections(&report), [(4, "Наименование".to_owned(), "name-missing".to_owned())]);
    assert_eq!(report.created, 3);
    let museum = bench.location("М-01").await.unwrap();
    assert_eq!(museum.name, "Музей «Зелёный Ёж»");
    assert_eq!((museum.position.lon(), museum.position.lat()), (41.963_387, 45.036_169));
    assert_eq!(museum.partner_id.as_str(), "inn-7707083893");
    assert_eq!(museum.phone.unwrap().e164, "+78652123456");
    assert_eq!(museum.site.as_deref(), Some("https://example.ru"));
    assert_eq!(museum.benefits[0].value, Some(10.0));
    assert!(museum.hours.is_some());
    assert_eq!(bench.location("М-02").await.unwrap().name, "Кафе \"У моря; и гор\"");
    let pharmacy = bench.location("М-04").await.unwrap();
    assert_eq!(pharmacy.benefits[0].title, "Скидка 10 %");
    assert_eq!(pharmacy.hours.unwrap().as_str(), "24/7");
}

#[tokio::test]
async fn warnings_keep_the_row() {
    let bench = Bench::new().await;
    let csv = "id,name,category,lat,lon,phone,site,hours,wheelchair,fias_id,last_confirmed,offer,offer_kind,extra,_mine\n\
        1,А,космодром,45.03,41.96,спросить,javascript:alert(1),пн-пт 9-18,как-нибудь,77,вчера,Скидка 7 %,всё,1,2\n\
        1,А,космодром,45.03,41.96,спросить,javascript:alert(1),пн-пт 9-18,как-нибудь,77,вчера,Скидка 7 %,всё,1,2\n\
        2,Б\u{7}Б,cafe,45.03,41.96,,нет сайта,,,,,,,,\n";
    let report = bench.import_text("w.csv", csv).await;
    assert_eq!((report.created, report.rejected, report.repeated), (2, 0, 1));
    let codes: Vec<&str> = report.by_code.keys().map(|(_, c)| *c).collect();
    assert_eq!(
        codes,
        [
            "benefit-kind-unknown",
            "category-unknown",
            "columns-unknown",
            "confirmed-unreadable",
            "control-removed",
            "fias-unreadable",
            "hours-translated",
            "phone-unreadable",
            "row-repeated",
            "site-scheme",
            "site-unreadable",
            "wheelchair-unknown",
        ]
    );
    speak_both_languages(&report);
    let a = bench.location("1").await.unwrap();
    assert_eq!((a.category, a.phone, a.site, a.wheelchair), (Category::Other, None, None, None));
    assert_eq!(a.benefits[0].kind, Some(BenefitKind::Percent));
    assert_eq!(bench.location("2").await.unwrap().name, "ББ");
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing() {
    let bench = Bench::new().await;
    for (name, first) in [("bad_rows.csv", 11), ("bad_rows.geojson", 5)] {
        let source = || vec![Source::bytes(name, fixture(name))];
        let dry = ImportOptions { dry_run: true, ..ImportOptions::default() };
        let report = bench.import(source(), &dry).await;
        assert_eq!((report.created, report.seq), (first, None), "{name}");
        let report = bench.import(source(), &ImportOptions::default()).await;
        assert_eq!(report.created, first);
        let head = bench.store.head().await.unwrap();
        assert_eq!(report.seq, Some(head));
        let report = bench.import(source(), &ImportOptions::default()).await;
        assert_eq!((report.created, report.changed, report.unchanged), (0, 0, first));
        assert_eq!(report.seq, None);
        assert_eq!(bench.store.head().await.unwrap(), head);
        assert_eq!(bench.import(source(), &dry).await.unchanged, first);
    }
    let id = LocationId::new("ok-01").unwrap();
    let history = bench.store.history_of(&id).await.unwrap();
    let rows: Vec<_> = history.iter().map(|h| (h.version, h.state.as_str(), h.actor.as_str())).collect();
    assert_eq!(rows, [(1, "published", "operator:cli")]);
}

#[tokio::test]
async fn missing_places_stay_unless_they_are_to_retire() {
    let bench = Bench::new().await;
    let full = "id,name,category,lat,lon\n1,А,cafe,45,42\n2,Б,cafe,45,42\n3,В,cafe,45,42\n";
    bench.import_text("a.csv", full).await;
    let part = "id,name,category,lat,lon\n1,А,cafe,45,42\n2,Б,cafe,,\n";
    assert_eq!(bench.import_text("a.csv", part).await.retirement, Retirement::NotAsked);
    assert_eq!(bench.on_map().await, ["1", "2", "3"]);

    let retire = ImportOptions { retire_missing: true, ..ImportOptions::default() };
    let cut = "{\"type\":\"FeatureCollection\",\"features\":[\n{\"type\":\"Feature\",\"properties\":{\"id\":\"1\",\"name\":\"А\",\"category\":\"cafe\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[42,45]}},\n";
    let report = bench.import(vec![Source::bytes("cut.geojson", cut)], &retire).await;
    assert_eq!((report.retirement, report.unchanged), (Retirement::Withheld, 1));
    assert_eq!(report.sources[0].fault.as_ref().unwrap().code(), "source-truncated");
    let empty = "id,name,category,lat,lon\n";
    assert_eq!(bench.import(vec![Source::bytes("e.csv", empty)], &retire).await.retirement, Retirement::Withheld);

    let dry = ImportOptions { dry_run: true, ..retire.clone() };
    assert_eq!(bench.import(vec![Source::bytes("a.csv", part)], &dry).await.retirement, Retirement::Retired(1));
    assert_eq!(bench.on_map().await, ["1", "2", "3"]);
    // The rejected second row is present all the same.
    assert_eq!(bench.import(vec![Source::bytes("a.csv", part)], &retire).await.retirement, Retirement::Retired(1));
    assert_eq!(bench.on_map().await, ["1", "2"]);
    // Of one partner only.
    let theirs = ImportOptions { partner: Some("Пекарни".into()), ..retire };
    let four = "id,name,category,lat,lon\n4,Г,cafe,45,42\n";
    let five = "id,name,category,lat,lon\n5,Д,cafe,45,42\n";
    bench.import(vec![Source::bytes("p.csv", four)], &theirs).await;
    assert_eq!(bench.import(vec![Source::bytes("p.csv", five)], &theirs).await.retirement, Retirement::Retired(1));
    assert_eq!(bench.on_map().await, ["1", "2", "5"]);
}

#[tokio::test]
async fn whose_a_place_is_depends_on_what_the_row_says() {
    let bench = Bench::new().await;
    let csv = "id,name,category,lat,lon,partner_id,partner,inn\n\
        1,А,cafe,45,42,p-1,Первый,7707083893\n\
        2,Б,cafe,45,42,,Второй,7707083893\n\
        3,В,cafe,45,42,,ООО «Третий»,\n\
        4,Г,cafe,45,42,,ооо третий,\n\
        5,Д,cafe,45,42,,,\n";
    let report = bench.import_text("p.csv", csv).await;
    assert_eq!(report.by_code.keys().map(|(_, c)| *c).collect::<Vec<_>>(), ["partner-differs"]);
    let whose = async |id: &str| bench.location(id).await.unwrap().partner_id.as_str().to_owned();
    assert_eq!(whose("1").await, "p-1");
    assert_eq!(whose("2").await, "inn-7707083893");
    assert_eq!(whose("3").await, whose("4").await);
    assert!(whose("3").await.starts_with("org-"));
    assert_eq!(whose("5").await, "own-5");
    let options = ImportOptions { partner: Some("ООО «Третий»".into()), ..ImportOptions::default() };
    bench.import(vec![Source::bytes("p.csv", csv)], &options).await;
    assert_eq!(whose("5").await, whose("3").await);
    let head = bench.store.head().await.unwrap();
    let report = bench.import(vec![Source::bytes("p.csv", csv)], &options).await;
    assert_eq!((report.changed, bench.store.head().await.unwrap()), (0, head));
}

#[tokio::test]
async fn inputs_that_are_no_table_and_no_json_fail_with_a_reason() {
    let bench = Bench::new().await;
    for (bytes, code) in [
        (&b""[..], "source-empty"),
        (b"\n\n  \n", "source-empty"),
        (b"PK\x03\x04xxxx", "source-not-a-workbook"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0", "source-not-text"),
        (b"1,A,cafe,45,42\n2,B,cafe,45,42\n", "source-no-heading"),
        (b"id,name,lat\n1,A,45\n", "source-columns-missing"),
        (b"<html><body>503</body></html>", "source-no-heading"),
        (b"{\"type\":\"FeatureCollection\"\n}", "source-no-features"),
        (b"{\"type\":\"FeatureCollection\",\"features\":[", "source-truncated"),
        (b"{\"type\":\"Feature", "source-truncated"),
    ] {
        let report = bench.import(vec![Source::bytes("x", bytes)], &ImportOptions::default()).await;
        let fault = report.sources[0].fault.as_ref().unwrap_or_else(|| panic!("{code}: {report:?}"));
        assert_eq!(fault.code(), code);
        assert!(!fault.message(Lang::Ru).is_empty() && fault.message(Lang::Ru) != fault.message(Lang::En));
    }
    let missing = Source::file(Path::new("/nowhere/at/all.csv"), None);
    let report = bench.import(vec![missing], &ImportOptions::default()).await;
    assert_eq!(report.sources[0].fault.as_ref().unwrap().code(), "source-open");
}

#[tokio::test]
async fn forms_of_tables_that_spreadsheets_write() {
    let bench = Bench::new().await;
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(
            "Код\tНазвание\tКатегория\tКоординаты\r\n7\tЖ\tКафе\t45,03; 41,96\r\n"
                .encode_utf16()
                .flat_map(u16::to_le_bytes),
        )
        .collect();
    let files: [(&str, Vec<u8>); 5] = [
        ("1", "\u{feff}id,name,category,lat,lon\r\n1,А,cafe,45.03,41.96\r\n".into()),
        ("2", "sep=;\r\n\r\nКод;Название;Категория;Широта (WGS 84);Долгота\r\n2;Б;Кафе;45,03;41,96;;;\r\n\r\n".into()),
        ("3", "id\tname\tshop\tcoordinates\n3\tВ\tbooks\t45.03, 41.96".into()),
        ("4", "\n[\n{\"id\":4,\"name\":\"Г\",\"category\":\"cafe\",\"lat\":\"45,03\",\"lon\":41.96}\n]".into()),
        ("7", utf16),
    ];
    for (id, bytes) in files {
        let report = bench.import(vec![Source::bytes(id, bytes)], &ImportOptions::default()).await;
        assert_eq!((report.created, report.rejected), (1, 0), "{id}: {report:?}");
        let l = bench.location(id).await.unwrap();
        assert_eq!((l.position.lon(), l.position.lat()), (41.96, 45.03), "{id}");
    }
    let nd = "\n{\"id\":5,\"name\":\"Д\",\"category\":\"cafe\",\"lat\":45,\"lon\":42}\r\n\
        \u{1e}{\"type\":\"Feature\",\"id\":6,\"properties\":{\"name\":\"Е\",\"tourism\":\"museum\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[42,45]}}\n\
        {broken\n7\n";
    let report = bench.import_text("nd", nd).await;
    assert_eq!(report.created, 2);
    let lines: Vec<(u64, &str)> = report.problems.iter().map(|p| (p.line, p.code())).collect();
    assert_eq!(lines, [(4, "json-syntax"), (5, "not-a-feature")]);
    assert_eq!(bench.location("6").await.unwrap().category, Category::Museum);
}

#[tokio::test]
async fn the_same_id_in_two_files_is_named_with_its_file() {
    let bench = Bench::new().await;
    let a = Source::bytes("a.csv", "id,name,category,lat,lon\n1,А,cafe,45,42\n");
    let b = Source::bytes("b.csv", "id,name,category,lat,lon\n\n1,Б,cafe,45,42\n");
    let report = bench.import(vec![a, b], &ImportOptions::default()).await;
    let p = &report.problems[0];
    assert_eq!((p.line, p.code()), (3, "id-two-names"));
    assert!(p.message(Lang::En).contains("a.csv, line 2"), "{}", p.message(Lang::En));
}

#[tokio::test]
async fn what_is_told_as_written_is_committed_and_batches_are_bounded() {
    let bench = Bench::new().await;
    let mut csv = String::from("id,name,category,lat,lon\n");
    for i in 0..2_500 {
        writeln!(csv, "{i},Место {i},cafe,45.{i:04},42").unwrap();
    }
    let mut told = Vec::new();
    let importer = Importer::new(bench.store.clone(), &bench.clock);
    let report = importer
        .run(vec![Source::bytes("a.csv", csv)], &ImportOptions::default(), |p| told.push(p.written))
        .await
        .unwrap();
    assert_eq!(told, [1_000, 2_000, 2_500]);
    assert_eq!((report.created, report.seq), (2_500, Some(Seq(3))));
}

#[tokio::test]
async fn rejects_never_overwrite_an_input() {
    let bench = Bench::new().await;
    let path = bench.dir.path().join("in.csv");
    std::fs::write(&path, "id,name,category,lat,lon\n1,,cafe,45,42\n").unwrap();
    let options = ImportOptions { rejects: RejectsTo::File(path.clone()), ..ImportOptions::default() };
    let importer = Importer::new(bench.store.clone(), &bench.clock);
    let result = importer.run(vec![Source::file(&path, None)], &options, |_| {}).await;
    assert!(matches!(result, Err(ImportError::RejectsPlace(_))));
    let folder = ImportOptions { rejects: RejectsTo::Folder(bench.dir.path().to_owned()), ..ImportOptions::default() };
    let sources = vec![Source::file(&path, None), Source::file(&path, None)];
    let report = bench.import(sources, &folder).await;
    let names: Vec<_> = report.sources.iter().map(|s| s.rejects.clone().unwrap()).collect();
    assert_eq!(names, ["in.rejects.csv", "in-2.rejects.csv"].map(|n| bench.dir.path().join(n)));
}

#[test]
fn a_feature_of_the_door_is_checked_alike() {
    let feature = serde_json::json!({
        "type": "Feature",
        "properties": {
            "id": "x", "name": "Музей", "category": "museum", "wheelchair": true,
            "benefits": [{ "title": "Скидка 10 %", "kind": "percent", "value": 10 }],
        },
        "geometry": { "type": "Point", "coordinates": [41.963_387, 45.036_169] },
    });
    let checked = from_feature(&feature);
    let draft = checked.draft.unwrap();
    let title = "Скидка 10 %".to_owned();
    let want = Benefit {
        kind: Some(BenefitKind::Percent),
        value: Some(10.0),
        title,
        terms: None,
        from: None,
        to: None,
        hours: None,
    };
    assert_eq!(draft.location.benefits, [want]);
    assert!(draft.partner_is_own);
    let checked = from_feature(&serde_json::json!([1]));
    assert!(checked.draft.is_none());
    assert_eq!((checked.problems[0].line, checked.problems[0].code()), (0, "not-a-feature"));
}

/// An input that can be read only once and ends with an error.
struct Breaks(usize);

impl Read for Breaks {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let text = b"id,name,category,lat,lon\n1,A,cafe,45,42\n2,B,ca";
        if self.0 == text.len() {
            return Err(io::Error::other("the cable was cut"));
        }
        let n = out.len().min(text.len() - self.0);
        out[..n].copy_from_slice(&text[self.0..self.0 + n]);
        self.0 += n;
        Ok(n)
    }
}

#[tokio::test]
async fn an_input_that_breaks_off_keeps_what_was_read_and_retires_nothing() {
    let bench = Bench::new().await;
    bench.import_text("a.csv", "id,name,category,lat,lon\n9,Я,cafe,45,42\n").await;
    let source = Source { name: "net".into(), format: None, open: Box::new(|| Ok(Box::new(Breaks(0)))) };
    let retire = ImportOptions { retire_missing: true, ..ImportOptions::default() };
    let report = bench.import(vec![source], &retire).await;
    assert_eq!(report.sources[0].fault.as_ref().unwrap().code(), "source-read");
    assert_eq!(report.retirement, Retirement::Withheld);
    assert!(bench.on_map().await.contains(&"9".to_owned()));
}

/// So many good rows, made while they are read.
struct Rows {
    count: u64,
    at: u64,
    line: Vec<u8>,
}

impl Read for Rows {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.line.is_empty() && self.at <= self.count {
            let i = self.at;
            self.line = if i == 0 {
                "Код;Наименование;Категория;Широта;Долгота;Адрес;Режим;Телефон;Скидка;Сайт;Организация\n".into()
            } else {
                let (lat, lon) = (44.0 + (i % 1_999) as f64 / 1_000.0, 41.0 + (i % 3_001) as f64 / 1_000.0);
                let (house, partner) = (i % 200 + 1, i / 3);
                format!(
                    "r-{i};Место «Радуга» № {i};Кафе;{lat:.6};{lon:.6};Ставрополь, улица Мира, {house};\
                     Mo-Fr 09:00-18:00;8 (8652) 12-34-56;Скидка {} %;https://example.ru/{i};ООО «Радуга {partner}»\n",
                    i % 50 + 1
                )
                .replace('.', ",")
                .replace("example,ru", "example.ru")
                .into()
            };
            self.at += 1;
        }
        let n = out.len().min(self.line.len());
        out[..n].copy_from_slice(&self.line[..n]);
        self.line.drain(..n);
        Ok(n)
    }
}

/// Measures; run one at a time: `cargo test --profile ci --lib -- --ignored --nocapture rate_and_memory_of_200_000`.
async fn measure(rows: u64) {
    let bench = Bench::new().await;
    let peak_kb = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|l| l.starts_with("VmHWM")).unwrap().to_owned();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
    };
    for pass in ["first", "same again"] {
        let generator = Rows { count: rows, at: 0, line: Vec::new() };
        let source = Source { name: "rows".into(), format: None, open: Box::new(|| Ok(Box::new(generator))) };
        let begun = std::time::Instant::now();
        let report = bench.import(vec![source], &ImportOptions::default()).await;
        assert_eq!((report.created + report.unchanged, report.rejected), (rows, 0), "{:?}", report.problems.first());
        let seconds = begun.elapsed().as_secs_f64();
        println!("{pass}: {rows} rows in {seconds:.1} s, {:.0} rows/s, peak {} kB", rows as f64 / seconds, peak_kb());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn rate_and_memory_of_50_000() {
    measure(50_000).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn rate_and_memory_of_200_000() {
    measure(200_000).await;
}

/// The reader alone: without the store.
#[test]
#[ignore = "a measurement"]
fn rate_of_reading_alone() {
    let rows = 200_000;
    let generator = Rows { count: rows, at: 0, line: Vec::new() };
    let source = Source { name: "rows".into(), format: None, open: Box::new(|| Ok(Box::new(generator))) };
    let (sender, mut receiver) = mpsc::channel(BATCHES_AHEAD);
    let sink = std::thread::spawn(move || while receiver.blocking_recv().is_some() {});
    let begun = std::time::Instant::now();
    Desk::new(&ImportOptions::default(), sender).read_all(vec![source], vec![None]).unwrap();
    println!("{:.0} rows/s", rows as f64 / begun.elapsed().as_secs_f64());
    sink.join().unwrap();
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_the_readers_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400), head in 0..6_usize) {
        let heads: [&[u8]; 6] = [
            b"",
            b"id,name,category,lat,lon,hours,inn,offer,benefits,coordinates\n",
            b"{\"type\":\"FeatureCollection\",\"features\":[",
            b"[",
            b"PK\x03\x04",
            "Код;Название;Категория;Широта;Долгота\n".as_bytes(),
        ];
        let whole: Vec<u8> = heads[head].iter().chain(&bytes).copied().collect();
        if let Ok(opened) = Source::bytes("x", whole).open() {
            let reader = Reader::new(opened, Needs::EveryPlace);
            let mut rows = RowReader::new(None);
            if let Ok(mut reader) = reader {
                while let Ok(Some(row)) = reader.next() {
                    if let Row::Raw(raw) = row {
                        rows.read(&raw);
                    }
                    match &reader {
                        Reader::Csv(r) => drop(r.original()),
                        Reader::Xlsx(r) => {
                            r.original();
                        }
                        Reader::Json(r) => drop(r.original()),
                    }
                }
            }
        }
    }
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement of four minutes"]
async fn rate_and_memory_of_1_000_000() {
    measure(1_000_000).await;
}
