//! The template of the bulk file: the columns that a partner fills in, with two rows as an example.
//!
//! In the workbook the columns of numbers and codes are text columns, so that Excel takes neither zeros nor digits from
//! them; a second sheet explains every column.

use super::field::Field;
use crate::domain::{BenefitKind, Category, Lang};
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// Rows that are formatted below the examples.
const FORMATTED_ROWS: u32 = 2_000;

/// A column of the template.
struct Column {
    heading: &'static str,
    /// A partner has to fill it in for a new place.
    needed: bool,
    width: f64,
    examples: [&'static str; 2],
    ru: &'static str,
    en: &'static str,
}

const fn column(
    heading: &'static str,
    needed: bool,
    width: f64,
    examples: [&'static str; 2],
    ru: &'static str,
    en: &'static str,
) -> Column {
    Column { heading, needed, width, examples, ru, en }
}

const COLUMNS: [Column; 26] = [
    column(
        "external_id",
        true,
        14.0,
        ["ПРИМЕР-1", "ПРИМЕР-2"],
        "Ваш код места, до 60 знаков: буквы, цифры и - _ . : /. По нему место узнаётся при следующей загрузке",
        "Your own id of the place, up to 60 characters: letters, digits and - _ . : /. The next file is matched by it",
    ),
    column(
        "name",
        true,
        30.0,
        ["Пример: кафе «Ромашка»", "Пример: музей «Ёж»"],
        "Название, как на вывеске",
        "The name over the door",
    ),
    column(
        "inn",
        false,
        14.0,
        ["", ""],
        "ИНН вашей организации; можно не заполнять, если он указан в кабинете. Чужой ИНН строку отклонит",
        "The INN of your organisation; may be empty when your profile has it. Another one rejects the row",
    ),
    column("ogrn", false, 16.0, ["", ""], "ОГРН или ОГРНИП, для проверки", "OGRN or OGRNIP, to be checked"),
    column("kpp", false, 11.0, ["", ""], "КПП филиала, для проверки", "KPP of the branch, to be checked"),
    column(
        "address",
        true,
        38.0,
        ["Ставрополь, ул. Ленина, 5", "Пятигорск, пр-кт Кирова, 10"],
        "Адрес одной строкой: населённый пункт, улица, дом",
        "The address in one line: town, street, house",
    ),
    column("address_note", false, 24.0, ["вход со двора", ""], "Как найти вход", "How to find the door"),
    column("fias_id", false, 38.0, ["", ""], "Код ФИАС/ГАР дома", "The id of the house in the address register"),
    column("lat", true, 11.0, ["45.0428", "44.0389"], "Широта в градусах (около 45)", "Latitude in degrees (about 45)"),
    column(
        "lon",
        true,
        11.0,
        ["41.9734", "43.0606"],
        "Долгота в градусах (около 42)",
        "Longitude in degrees (about 42)",
    ),
    column(
        "category",
        true,
        14.0,
        ["cafe", "museum"],
        "Категория: код из списка ниже или слово по-русски",
        "A category: a code of the list below",
    ),
    column(
        "categories_more",
        false,
        18.0,
        ["leisure", ""],
        "Другие категории через «;»",
        "Other categories, separated by “;”",
    ),
    column("phone", false, 20.0, ["+7 (8652) 12-34-56", ""], "Телефон", "Telephone"),
    column("phone_ext", false, 10.0, ["12", ""], "Добавочный", "Its extension"),
    column("site", false, 24.0, ["https://example.ru", ""], "Адрес сайта", "Web address"),
    column(
        "hours",
        true,
        34.0,
        ["Mo-Fr 09:00-18:00; Sa 10:00-14:00", "Tu-Su 10:00-18:00 \"последний вход 17:30\""],
        "Часы: Mo-Fr 09:00-18:00; Sa 10:00-14:00 или «пн-пт 9-18, сб 10-14». Если неизвестны — слово «неизвестно». \
         Вместо столбца hours можно дать семь столбцов mon … sun",
        "Opening hours like Mo-Fr 09:00-18:00; Sa 10:00-14:00, or the word “unknown”. Seven columns mon … sun may stand \
         in place of this one",
    ),
    column(
        "special_hours",
        false,
        30.0,
        ["2027-01-01 closed; 2027-01-02 11:00-16:00", ""],
        "Особые дни: 2027-01-01 closed; 2027-01-02 11:00-16:00",
        "Special days: 2027-01-01 closed; 2027-01-02 11:00-16:00",
    ),
    column(
        "offer",
        true,
        34.0,
        ["Скидка 10 %", "Бесплатный вход для всей семьи"],
        "Что получит семья, своими словами",
        "What a family gets, in your words",
    ),
    column(
        "offer_kind",
        false,
        11.0,
        ["percent", "free"],
        "Вид льготы: код из списка ниже",
        "Its kind: a code of the list below",
    ),
    column("offer_value", false, 11.0, ["10", ""], "Размер: проценты или рубли", "Its value: per cent or roubles"),
    column("offer_terms", false, 34.0, ["кроме алкоголя", ""], "Условия", "Conditions"),
    column(
        "offer_from",
        false,
        12.0,
        ["", ""],
        "Первый день действия: 2027-01-31 или 31.01.2027",
        "Its first day: 2027-01-31",
    ),
    column("offer_to", false, 12.0, ["", ""], "Последний день действия", "Its last day"),
    column(
        "offer_hours",
        false,
        24.0,
        ["Mo-Fr 09:00-16:00", ""],
        "Часы, в которые льгота действует, если не всегда",
        "The hours at which it applies, if not always",
    ),
    column(
        "wheelchair",
        false,
        11.0,
        ["yes", "limited"],
        "Доступно ли на коляске: yes, limited, no",
        "Wheelchair access: yes, limited, no",
    ),
    column(
        "benefits",
        false,
        20.0,
        ["", ""],
        "Несколько льгот сразу, списком JSON; столбцы offer… тогда не читаются",
        "Several benefits at once, as a list of JSON; the columns offer… are not read then",
    ),
];

/// The template as CSV.
///
/// # Shape
/// UTF-8 with the mark by which Excel knows it, semicolons. The headings are the codes in either language.
pub fn template_csv(_lang: Lang) -> Vec<u8> {
    let mut out = "\u{feff}".as_bytes().to_vec();
    let mut csv = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(&mut out);
    let written = csv
        .write_record(COLUMNS.iter().map(|c| c.heading))
        .and_then(|()| csv.write_record(COLUMNS.iter().map(|c| c.examples[0])))
        .and_then(|()| csv.write_record(COLUMNS.iter().map(|c| c.examples[1])))
        .and_then(|()| csv.flush().map_err(csv::Error::from));
    written.expect("texts into memory");
    drop(csv);
    out
}

/// The template as a workbook, explained in a language.
pub fn template_xlsx(lang: Lang) -> Vec<u8> {
    workbook(lang).expect("a workbook of ours into memory")
}

fn workbook(lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let text = Format::new().set_num_format("@");
    let heading = Format::new().set_bold().set_num_format("@").set_background_color(Color::RGB(0x00E3_F0E8));
    let needed = heading.clone().set_background_color(Color::RGB(0x00FF_E8C2));

    let sheet = workbook.add_worksheet().set_name(lang.pick("Места", "Places"))?;
    sheet.set_freeze_panes(1, 2)?;
    for (at, column) in (0_u16..).zip(&COLUMNS) {
        sheet.set_column_width(at, column.width)?;
        // Every cell is text: what is typed stays as it is typed.
        sheet.set_column_format(at, &text)?;
        sheet.write_string_with_format(0, at, column.heading, if column.needed { &needed } else { &heading })?;
        for (row, example) in (1_u32..).zip(column.examples) {
            sheet.write_string_with_format(row, at, example, &text)?;
        }
    }
    lists(sheet)?;

    let sheet = workbook.add_worksheet().set_name(lang.pick("Пояснения", "Explanations"))?;
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let bold = Format::new().set_bold().set_align(FormatAlign::Top);
    sheet.set_column_width(0, 20)?.set_column_width(1, 14)?.set_column_width(2, 90)?;
    let mut row = 0;
    let mut line = |sheet: &mut Worksheet, cells: [&str; 3]| -> Result<(), XlsxError> {
        sheet.write_string_with_format(row, 0, cells[0], &bold)?;
        sheet.write_string_with_format(row, 1, cells[1], &wrapped)?;
        sheet.write_string_with_format(row, 2, cells[2], &wrapped)?;
        row += 1;
        Ok(())
    };
    let rules = match lang {
        Lang::Ru => [
            "Строка — одно место. Пустая ячейка оставляет прежнее значение, «-» стирает его.",
            "До кнопки «Применить» ничего не меняется: сначала вы увидите, что станет новым и что изменится.",
            "Строки с примерами удалите. Фото, терминалы и контактное лицо указываются в кабинете.",
        ],
        Lang::En => [
            "A row is one place. An empty cell leaves the old value, “-” takes it away.",
            "Nothing changes before “Apply”: you first see what will be new and what will change.",
            "Delete the rows of the example. Photos, terminals and the contact person are set in the cabinet.",
        ],
    };
    for rule in rules {
        line(sheet, ["", "", rule])?;
    }
    line(sheet, ["", "", ""])?;
    for column in &COLUMNS {
        let must = if column.needed { lang.pick("обязательно", "needed") } else { "" };
        line(sheet, [column.heading, must, lang.pick(column.ru, column.en)])?;
    }
    line(sheet, ["", "", ""])?;
    for category in Category::ALL {
        line(sheet, [Field::Category.heading(), category.code(), category.title(lang)])?;
    }
    line(sheet, ["", "", ""])?;
    for kind in BenefitKind::ALL {
        let what = match kind {
            BenefitKind::Percent => lang.pick("скидка в процентах", "per cent off"),
            BenefitKind::Fixed => lang.pick("скидка в рублях", "roubles off"),
            BenefitKind::Free => lang.pick("бесплатно", "free"),
            BenefitKind::Gift => lang.pick("подарок", "a gift"),
            BenefitKind::Price => lang.pick("особая цена в рублях", "a price of its own, in roubles"),
        };
        line(sheet, ["offer_kind", kind.code(), what])?;
    }
    workbook.save_to_buffer()
}

/// Lists to choose from, where a column has few values; another value may be typed all the same.
fn lists(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle};
    let categories: Vec<&str> = Category::ALL.iter().map(|c| c.code()).collect();
    let kinds: Vec<&str> = BenefitKind::ALL.iter().map(|k| k.code()).collect();
    for (heading, values) in
        [("category", categories), ("offer_kind", kinds), ("wheelchair", vec!["yes", "limited", "no"])]
    {
        let Some(at) = COLUMNS.iter().position(|c| c.heading == heading) else { continue };
        let list =
            DataValidation::new().allow_list_strings(&values)?.set_error_style(DataValidationErrorStyle::Warning);
        sheet.add_data_validation(1, at as u16, FORMATTED_ROWS, at as u16, &list)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partners::bulk::{BulkOutcome, preview};
    use crate::partners::profile::Profile;
    use crate::partners::source::{Format as Kind, Source};
    use std::collections::HashMap;

    #[test]
    fn the_examples_of_every_template_are_without_fault() {
        let profile = Profile { name: "Ромашка".into(), inn: Some("7707083893".into()), ..Profile::default() };
        for (bytes, kind) in [
            (template_csv(Lang::Ru), Kind::Csv),
            (template_csv(Lang::En), Kind::Csv),
            (template_xlsx(Lang::Ru), Kind::Xlsx),
            (template_xlsx(Lang::En), Kind::Xlsx),
        ] {
            let report = preview(Source::bytes("t", bytes), &profile, &HashMap::new(), |_| {}).unwrap();
            assert_eq!(report.format, kind);
            assert_eq!(report.unknown_columns, Vec::<String>::new());
            assert_eq!(report.count(BulkOutcome::New), 2);
            for row in &report.rows {
                assert_eq!(row.problems, [], "{row:?}");
            }
        }
    }

    #[test]
    fn every_column_is_one_that_is_read() {
        for column in &COLUMNS {
            assert!(Field::of_heading(column.heading).is_some(), "{}", column.heading);
        }
        assert!(template_csv(Lang::Ru).starts_with("\u{feff}external_id;name;".as_bytes()));
    }
}
