use super::*;
use crate::domain::Lang;
use crate::partners::source::{Format as Kind, Source};
use rust_xlsxwriter::{ExcelDateTime as Written, Format, Formula, Workbook as Book, Worksheet};
use std::io::Write;

fn book(write: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Book::new();
    write(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

fn open(bytes: Vec<u8>) -> Result<XlsxReader, SourceFault> {
    let opened = Source::bytes("x.xlsx", bytes).open()?;
    assert_eq!(opened.format, Kind::Xlsx);
    XlsxReader::new(opened.bytes, Needs::EveryPlace)
}

fn rows(reader: &mut XlsxReader) -> Vec<(u64, Vec<(String, String)>)> {
    let mut all = Vec::new();
    while let Some(row) = reader.next() {
        let Row::Raw(row) = row else { panic!("a sound row") };
        all.push((row.line, row.cells.iter().map(|c| (c.key.to_string(), c.text.clone())).collect()));
    }
    all
}

const HEADING: [&str; 6] = ["id", "name", "category", "lat", "lon", "inn"];

fn heading(sheet: &mut Worksheet, row: u32) {
    sheet.write_row(row, 0, HEADING).unwrap();
}

/// The texts of one row below a heading, by column.
fn texts_of(write: impl FnOnce(&mut Worksheet)) -> Vec<String> {
    let mut reader = open(book(|sheet| {
        heading(sheet, 0);
        write(sheet);
    }))
    .unwrap();
    reader.next().unwrap();
    reader.original().1.to_vec()
}

#[test]
fn numbers_days_times_and_words_are_read_as_they_are_shown() {
    let date = Format::new().set_num_format("dd.mm.yyyy");
    let time = Format::new().set_num_format("hh:mm");
    let both = Format::new().set_num_format("dd.mm.yyyy hh:mm");
    let percent = Format::new().set_num_format("0%");
    let padded = Format::new().set_num_format("0000000000");
    let texts = texts_of(|s| {
        s.write_number(1, 0, 7_707_083_893.0).unwrap();
        s.write_number(1, 1, 0.1 + 0.2).unwrap();
        s.write_number(1, 2, 326_265_100_000_030.0).unwrap();
        s.write_with_format(1, 3, Written::parse_from_str("2027-01-31").unwrap(), &date).unwrap();
        s.write_with_format(1, 4, Written::parse_from_str("09:30").unwrap(), &time).unwrap();
        s.write_with_format(1, 5, Written::parse_from_str("2027-01-31T09:30").unwrap(), &both).unwrap();
        s.write_number_with_format(1, 6, 0.07, &percent).unwrap();
        s.write_number_with_format(1, 7, 105_003_350.0, &padded).unwrap();
        s.write_boolean(1, 8, true).unwrap();
        s.write_string(1, 9, "7,7E+09").unwrap();
        s.write_number(1, 10, -45.036_169).unwrap();
    });
    assert_eq!(
        texts,
        [
            "7707083893",
            "0.3",
            "326265100000030",
            "2027-01-31",
            "09:30",
            "2027-01-31 09:30",
            "7%",
            "0105003350",
            "yes",
            "7,7E+09",
            "-45.036169"
        ]
    );
}

#[test]
fn formulas_are_not_run() {
    let texts = texts_of(|s| {
        s.write_formula(1, 0, Formula::new("=1+1").set_result("2")).unwrap();
        s.write_formula(1, 1, Formula::new("=HYPERLINK(\"http://evil\",\"Кафе\")").set_result("Кафе")).unwrap();
        s.write_formula(1, 2, Formula::new("=A9").set_result("#REF!")).unwrap();
        s.write_string(1, 3, "=1+1").unwrap();
    });
    assert_eq!(texts, ["2", "Кафе", "#REF!", "=1+1"]);
}

/// The archive once more, with one of its files changed.
fn changed(bytes: &[u8], file: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut entry = from.by_index(index).unwrap();
        let name = entry.name().expect("a name of UTF-8").into_owned();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        out.start_file(&name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(if name == file { change(text) } else { text }.as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn a_formula_that_nobody_worked_out_is_named() {
    let bytes = book(|s| {
        heading(s, 0);
        s.write_formula(1, 1, Formula::new("=A1").set_result("cached")).unwrap();
        s.write_string(1, 0, "a").unwrap();
    });
    let bytes = changed(&bytes, "xl/worksheets/sheet1.xml", |xml| xml.replace("<v>cached</v>", ""));
    let mut reader = open(bytes).unwrap();
    assert_eq!(rows(&mut reader), [(2, vec![("id".into(), "a".into()), ("name".into(), NOT_WORKED_OUT.into())])]);
}

#[test]
fn the_first_sheet_with_a_heading_counts_and_titles_above_it_do_not_hurt() {
    let mut book = Book::new();
    book.add_worksheet().write_string(0, 0, "О файле").unwrap();
    let hidden = book.add_worksheet();
    heading(hidden, 0);
    hidden.write_row(1, 0, ["hidden"]).unwrap();
    hidden.set_hidden(true);
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "Скидки для семей").unwrap();
    heading(sheet, 3);
    sheet.write_row(4, 0, ["a", "А"]).unwrap();
    sheet.write_row(7, 0, ["b", "Б", "cafe", "45", "42", "7707083893"]).unwrap();
    let later = book.add_worksheet();
    heading(later, 0);
    later.write_row(1, 0, ["later"]).unwrap();
    let mut reader = open(book.save_to_buffer().unwrap()).unwrap();
    let rows = rows(&mut reader);
    assert_eq!(rows.iter().map(|(line, cells)| (*line, cells.len())).collect::<Vec<_>>(), [(5, 2), (8, 6)]);
    assert_eq!(rows[1].1[5], ("inn".to_owned(), "7707083893".to_owned()));
}

#[test]
fn cells_beyond_the_heading_are_named() {
    let mut reader = open(book(|s| {
        heading(s, 0);
        s.write_row(1, 0, ["a", "А"]).unwrap();
        s.write_string(1, 9, "лишнее").unwrap();
    }))
    .unwrap();
    let Some(Row::Bad { line: 2, id: Some(id), fault }) = reader.next() else { panic!("a bad row") };
    assert_eq!((id.as_str(), fault.code()), ("a", "row-too-many-cells"));
}

fn fault(bytes: Vec<u8>) -> &'static str {
    let fault = open(bytes).err().expect("a fault");
    assert!(!fault.message(Lang::Ru).is_empty() && fault.message(Lang::Ru) != fault.message(Lang::En));
    fault.code()
}

#[test]
fn what_is_no_workbook_is_refused_with_a_reason() {
    assert_eq!(fault(b"PK\x03\x04xxxx".to_vec()), "source-not-a-workbook");
    assert_eq!(
        fault(book(|s| {
            s.write_string(0, 0, "x").unwrap();
        })),
        "source-no-sheet"
    );
    assert_eq!(
        fault(book(|s| {
            s.write_row(0, 0, ["id", "name"]).unwrap();
        })),
        "source-columns-missing"
    );
    let whole = book(|s| heading(s, 0));
    assert_eq!(fault(whole[..whole.len() / 2].to_vec()), "source-not-a-workbook");
    let broken = changed(&whole, "xl/workbook.xml", |_| "<workbook".into());
    assert_eq!(fault(broken), "source-not-a-workbook");
    assert!(Source::bytes("x", whole).open().is_ok());
    // A csv that somebody calls a workbook, and a workbook that somebody calls csv.
    let said = |bytes: &[u8], format| {
        let mut source = Source::bytes("x", bytes);
        source.format = Some(format);
        source.open().err().map(|f| f.code())
    };
    assert_eq!(said(b"id,name\n", Kind::Xlsx), Some("source-not-a-workbook"));
    assert_eq!(said(b"PK\x03\x04xxxx", Kind::Csv), Some("source-not-text"));
}

#[test]
fn an_archive_that_unpacks_to_gigabytes_is_refused() {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let zeros = vec![0_u8; 1024 * 1024];
    out.start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default()).unwrap();
    for _ in 0..=(MAX_UNPACKED_BYTES / 1024 / 1024) {
        out.write_all(&zeros).unwrap();
    }
    let bomb = out.finish().unwrap().into_inner();
    assert!(bomb.len() < 1024 * 1024);
    assert_eq!(fault(bomb), "source-workbook-too-large");
}
