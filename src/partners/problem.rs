//! What is wrong with a row, where, and what to do about it; in Russian and English.
//!
//! One list of faults for every way in: a table, GeoJSON, and the write route of the door. A code never changes its
//! meaning, because people sort their reject files by it.

use super::benefit_phrase::ValueFault;
use super::tax_number::{TaxFault, TaxKind};
use crate::domain::Lang;
use crate::domain::hours::HoursError;
use crate::domain::id::IdError;
use crate::geometry::LonLat;
use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;

/// Whether a row is in or out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The row is not taken.
    Reject,
    /// The row is taken; somebody should look at it.
    Warning,
}

/// One thing that is wrong with one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The line of the file on which the row begins, counted from 1; 0 where there is no file.
    pub line: u64,
    /// The id of the row, as far as it could be read.
    pub id: Option<String>,
    /// The column or key, as the file spells it.
    pub column: Option<Arc<str>>,
    /// What is wrong.
    pub fault: Fault,
}

/// A problem that is kept and sent: the same words, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FieldProblem {
    /// The column, key or field, as whoever gave it spells it.
    pub field: Option<String>,
    /// Whether it keeps the content out.
    pub severity: Severity,
    /// The stable code.
    pub code: String,
    /// Reason and remedy in Russian.
    pub detail_ru: String,
    /// Reason and remedy in English.
    pub detail_en: String,
}

impl From<&Problem> for FieldProblem {
    fn from(problem: &Problem) -> Self {
        Self {
            field: problem.column.as_deref().map(str::to_owned),
            severity: problem.severity(),
            code: problem.code().to_owned(),
            detail_ru: problem.detail(Lang::Ru),
            detail_en: problem.detail(Lang::En),
        }
    }
}

impl FieldProblem {
    /// Reason and remedy.
    pub fn detail(&self, lang: Lang) -> &str {
        lang.pick(&self.detail_ru, &self.detail_en)
    }
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// No id.
    IdMissing,
    /// The id is no id.
    IdInvalid(IdError),
    /// The same id again, with another name.
    IdTwoNames {
        /// Where it stood first.
        first: Place,
    },
    /// The same id again, with the same name and other content.
    IdRepeated {
        /// Where it stood first.
        first: Place,
    },
    /// The same row again, word for word.
    RowRepeated {
        /// Where it stood first.
        first: Place,
    },
    /// No name.
    NameMissing,
    /// Longer than we keep.
    TextTooLong {
        /// How long it is.
        chars: usize,
        /// How long it may be.
        limit: usize,
    },
    /// Characters that no text holds were taken out.
    ControlRemoved,
    /// No category.
    CategoryMissing,
    /// A category that we do not know; the place becomes `other`.
    CategoryUnknown(String),
    /// No position, or half of one.
    PositionMissing,
    /// A coordinate is no number.
    PositionNotNumber(String),
    /// 0, 0: what programs write when they know none.
    PositionZero,
    /// Not on Earth.
    PositionOutOfRange {
        /// As given.
        lon: f64,
        /// As given.
        lat: f64,
    },
    /// The two numbers stand in each other's place.
    PositionSwapped {
        /// As given.
        lon: f64,
        /// As given.
        lat: f64,
        /// What is most likely meant.
        offered: LonLat,
    },
    /// A line, an area or the like.
    GeometryNotPoint(String),
    /// A geometry that follows no rule of GeoJSON.
    GeometryBroken,
    /// Opening hours that we do not understand.
    Hours(HoursError),
    /// Opening hours in words, understood.
    HoursTranslated(String),
    /// Not a telephone number; the place goes without.
    PhoneUnreadable(String),
    /// Not a web address; the place goes without.
    SiteUnreadable(String),
    /// A web address that is no `http` or `https`; the place goes without.
    SiteScheme(String),
    /// Not a word for wheelchair access; the place goes without.
    WheelchairUnknown(String),
    /// Not an id of the address register; the place goes without.
    FiasUnreadable(String),
    /// Not a time zone.
    TimeZoneUnknown(String),
    /// Not a date, where the date decides when a benefit is in force.
    DateUnreadable(String),
    /// The day of confirmation is no date; the place goes without.
    ConfirmedUnreadable(String),
    /// The last day is before the first.
    DatesReversed,
    /// A benefit without words or kind, but with conditions, days or a value.
    BenefitUnnamed,
    /// Not a kind of benefit; the words are read instead.
    BenefitKindUnknown(String),
    /// The value does not fit.
    BenefitValue(ValueFault),
    /// The list of benefits is not the JSON we read.
    BenefitsBroken(String),
    /// A tax number is wrong.
    Tax(TaxKind, TaxFault),
    /// The numbers are of different kinds of persons.
    TaxDisagree,
    /// The partner's id is no id.
    PartnerIdInvalid(IdError),
    /// The same partner is described otherwise above; the first description counts.
    PartnerDiffers {
        /// Its id.
        partner_id: String,
    },
    /// Columns that we do not read.
    ColumnsUnknown(Vec<String>),
    /// More cells than the heading has columns.
    RowTooManyCells {
        /// How many there are.
        cells: usize,
        /// How many there should be.
        columns: usize,
    },
    /// A quotation mark opens a cell and nothing closes it, or something else than a separator follows it.
    QuoteNotClosed,
    /// Longer than any row of people.
    RowTooLong {
        /// The limit.
        limit_bytes: usize,
    },
    /// Bytes that are no UTF-8.
    NotUtf8,
    /// The address names a settlement, and the position is far from it.
    PinFarFromSettlement {
        /// The nearest settlement of that name.
        name: String,
        /// How far it is.
        distance_m: f64,
    },
    /// Neither hours nor the word that they are unknown; a partner knows.
    HoursMissing,
    /// No benefit; a partner has one.
    BenefitMissing,
    /// No address; a partner has one.
    AddressMissing,
    /// The hours of a benefit that we do not understand.
    BenefitHours(HoursError),
    /// No name of an organisation.
    PartnerNameMissing,
    /// No INN, neither in the row nor in the partner's profile.
    InnMissing,
    /// A tax number of another organisation than the partner.
    OtherPartner {
        /// Which number.
        kind: TaxKind,
        /// The partner's own.
        own: String,
    },
    /// Not an e-mail address.
    EmailUnreadable(String),
    /// Not a telephone number, where one is wanted of the contact person.
    ContactPhoneUnreadable(String),
    /// A text that spreadsheets would run as a formula; it stays a text.
    FormulaAsText(String),
    /// A text with tags of HTML; it stays a text.
    HtmlAsText(String),
    /// `#REF!` and its kin: the spreadsheet could not work the cell out.
    CellError(String),
    /// Another row of the file has the same name at the same position under another id.
    PlaceRepeated {
        /// Where it stood first.
        first: Place,
    },
    /// The partner has a place of the same name at the same position under another id.
    PlaceKnown {
        /// The id of that place.
        external_id: String,
    },
    /// Not JSON.
    JsonSyntax(String),
    /// JSON, but neither a feature nor an object.
    NotAFeature,
}

/// A line of one of the inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The input, where it is another one.
    pub source: Option<Arc<str>>,
    /// Its line.
    pub line: u64,
}

impl Place {
    fn text(&self, lang: Lang) -> String {
        let line = format!("{} {}", lang.pick("строка", "line"), self.line);
        match &self.source {
            Some(source) => format!("{source}, {line}"),
            None => line,
        }
    }
}

impl Problem {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.fault.code()
    }

    /// Whether the row is in.
    pub fn severity(&self) -> Severity {
        self.fault.severity()
    }

    /// What is wrong.
    pub fn message(&self, lang: Lang) -> Cow<'static, str> {
        self.fault.message(lang)
    }

    /// What to do about it.
    pub fn remedy(&self, lang: Lang) -> Cow<'static, str> {
        self.fault.remedy(lang)
    }

    /// Reason and remedy, without the place.
    pub fn detail(&self, lang: Lang) -> String {
        format!("{}. {}", self.message(lang), self.remedy(lang))
    }

    /// One line for people: reason and remedy.
    pub fn sentence(&self, lang: Lang) -> String {
        let mut s = String::new();
        if self.line > 0 {
            let _ = write!(s, "{} {}, ", lang.pick("строка", "line"), self.line);
        }
        if let Some(column) = &self.column {
            let _ = write!(s, "{} «{column}»: ", lang.pick("столбец", "column"));
        }
        let _ = write!(s, "{}. {}", self.message(lang), self.remedy(lang));
        s
    }
}

impl Fault {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::IdMissing => "id-missing",
            Self::IdInvalid(_) => "id-invalid",
            Self::IdTwoNames { .. } => "id-two-names",
            Self::IdRepeated { .. } => "id-repeated",
            Self::RowRepeated { .. } => "row-repeated",
            Self::NameMissing => "name-missing",
            Self::TextTooLong { .. } => "text-too-long",
            Self::ControlRemoved => "control-removed",
            Self::CategoryMissing => "category-missing",
            Self::CategoryUnknown(_) => "category-unknown",
            Self::PositionMissing => "position-missing",
            Self::PositionNotNumber(_) => "position-not-number",
            Self::PositionZero => "position-zero",
            Self::PositionOutOfRange { .. } => "position-out-of-range",
            Self::PositionSwapped { .. } => "position-swapped",
            Self::GeometryNotPoint(_) => "geometry-not-point",
            Self::GeometryBroken => "geometry-broken",
            Self::Hours(_) => "hours-unreadable",
            Self::HoursTranslated(_) => "hours-translated",
            Self::PhoneUnreadable(_) => "phone-unreadable",
            Self::SiteUnreadable(_) => "site-unreadable",
            Self::SiteScheme(_) => "site-scheme",
            Self::WheelchairUnknown(_) => "wheelchair-unknown",
            Self::FiasUnreadable(_) => "fias-unreadable",
            Self::TimeZoneUnknown(_) => "time-zone-unknown",
            Self::DateUnreadable(_) => "date-unreadable",
            Self::ConfirmedUnreadable(_) => "confirmed-unreadable",
            Self::DatesReversed => "dates-reversed",
            Self::BenefitUnnamed => "benefit-unnamed",
            Self::BenefitKindUnknown(_) => "benefit-kind-unknown",
            Self::BenefitValue(_) => "benefit-value",
            Self::BenefitsBroken(_) => "benefits-broken",
            Self::Tax(kind, fault) => fault.code(*kind),
            Self::TaxDisagree => "tax-disagree",
            Self::PartnerIdInvalid(_) => "partner-id-invalid",
            Self::PartnerDiffers { .. } => "partner-differs",
            Self::ColumnsUnknown(_) => "columns-unknown",
            Self::RowTooManyCells { .. } => "row-too-many-cells",
            Self::QuoteNotClosed => "quote-not-closed",
            Self::RowTooLong { .. } => "row-too-long",
            Self::NotUtf8 => "not-utf8",
            Self::PinFarFromSettlement { .. } => "pin-far-from-settlement",
            Self::HoursMissing => "hours-missing",
            Self::BenefitMissing => "benefit-missing",
            Self::AddressMissing => "address-missing",
            Self::BenefitHours(_) => "benefit-hours-unreadable",
            Self::PartnerNameMissing => "partner-name-missing",
            Self::InnMissing => "inn-missing",
            Self::OtherPartner { kind: TaxKind::Inn, .. } => "inn-other-partner",
            Self::OtherPartner { kind: TaxKind::Ogrn, .. } => "ogrn-other-partner",
            Self::OtherPartner { kind: TaxKind::Kpp, .. } => "kpp-other-partner",
            Self::EmailUnreadable(_) => "email-unreadable",
            Self::ContactPhoneUnreadable(_) => "contact-phone-unreadable",
            Self::FormulaAsText(_) => "formula-as-text",
            Self::HtmlAsText(_) => "html-as-text",
            Self::CellError(_) => "cell-error",
            Self::PlaceRepeated { .. } => "place-repeated",
            Self::PlaceKnown { .. } => "place-known",
            Self::JsonSyntax(_) => "json-syntax",
            Self::NotAFeature => "not-a-feature",
        }
    }

    /// Whether the row is in.
    pub fn severity(&self) -> Severity {
        match self {
            Self::RowRepeated { .. }
            | Self::ControlRemoved
            | Self::CategoryUnknown(_)
            | Self::HoursTranslated(_)
            | Self::PhoneUnreadable(_)
            | Self::SiteUnreadable(_)
            | Self::SiteScheme(_)
            | Self::WheelchairUnknown(_)
            | Self::FiasUnreadable(_)
            | Self::ConfirmedUnreadable(_)
            | Self::BenefitKindUnknown(_)
            | Self::PartnerDiffers { .. }
            | Self::PinFarFromSettlement { .. }
            | Self::FormulaAsText(_)
            | Self::HtmlAsText(_)
            | Self::PlaceKnown { .. }
            | Self::ColumnsUnknown(_) => Severity::Warning,
            _ => Severity::Reject,
        }
    }

    /// What is wrong.
    pub fn message(&self, lang: Lang) -> Cow<'static, str> {
        let s = |ru: &'static str, en: &'static str| Cow::Borrowed(lang.pick(ru, en));
        let quoted = |ru: &str, en: &str, text: &str| Cow::Owned(format!("«{}» {}", short(text), lang.pick(ru, en)));
        match self {
            Self::IdMissing => s("нет кода места", "there is no id"),
            Self::IdInvalid(e) => id_message(e, lang, lang.pick("код места", "the id")),
            Self::IdTwoNames { first } => Cow::Owned(format!(
                "{} ({})",
                lang.pick(
                    "этот код уже занят местом с другим названием",
                    "this id is taken by a place of another name"
                ),
                first.text(lang)
            )),
            Self::IdRepeated { first } => Cow::Owned(format!(
                "{} ({})",
                lang.pick(
                    "этот код уже был в файле, а содержание строки другое",
                    "this id stood in the file before, with other content"
                ),
                first.text(lang)
            )),
            Self::RowRepeated { first } => Cow::Owned(format!(
                "{} ({})",
                lang.pick("такая же строка уже была", "the same row stood in the file before"),
                first.text(lang)
            )),
            Self::NameMissing => s("нет названия места", "there is no name"),
            Self::TextTooLong { chars, limit } => Cow::Owned(match lang {
                Lang::Ru => format!("в тексте {chars} знаков, больше {limit}"),
                Lang::En => format!("the text has {chars} characters, more than {limit}"),
            }),
            Self::ControlRemoved => {
                s("в тексте были управляющие символы, они убраны", "control characters were taken out of the text")
            }
            Self::CategoryMissing => s("нет категории", "there is no category"),
            Self::CategoryUnknown(t) => quoted(
                "— неизвестная категория, место записано в «Другое»",
                "is no category we know; the place went to “other”",
                t,
            ),
            Self::PositionMissing => s("нет координат", "there is no position"),
            Self::PositionNotNumber(t) => quoted("— не число", "is not a number", t),
            Self::PositionZero => s("координаты 0, 0 — это не место", "0, 0 is no position of a place"),
            Self::PositionOutOfRange { lon, lat } => Cow::Owned(match lang {
                Lang::Ru => format!("долгота {lon}, широта {lat}: таких координат нет"),
                Lang::En => format!("lon {lon}, lat {lat} is not on Earth"),
            }),
            Self::PositionSwapped { lon, lat, .. } => Cow::Owned(match lang {
                Lang::Ru => format!("похоже, долгота {lon} и широта {lat} перепутаны местами"),
                Lang::En => format!("lon {lon}, lat {lat} look swapped"),
            }),
            Self::GeometryNotPoint(kind) => Cow::Owned(match lang {
                Lang::Ru => format!("геометрия {} — не точка", short(kind)),
                Lang::En => format!("the geometry is a {}, not a Point", short(kind)),
            }),
            Self::GeometryBroken => s("геометрия не по правилам GeoJSON", "the geometry is not GeoJSON"),
            Self::Hours(e) => Cow::Owned(e.message(lang)),
            Self::HoursTranslated(t) => Cow::Owned(match lang {
                Lang::Ru => format!("часы работы словами поняты так: {t}"),
                Lang::En => format!("opening hours in words were understood as: {t}"),
            }),
            Self::PhoneUnreadable(t) => {
                quoted("— не телефон, место записано без него", "is no telephone number; left out", t)
            }
            Self::SiteUnreadable(t) => {
                quoted("— не адрес сайта, место записано без него", "is no web address; left out", t)
            }
            Self::SiteScheme(t) => {
                quoted("— не http и не https, место записано без сайта", "is neither http nor https; left out", t)
            }
            Self::WheelchairUnknown(t) => quoted(
                "— непонятно, доступно ли место на коляске",
                "does not say whether a wheelchair gets in; left out",
                t,
            ),
            Self::FiasUnreadable(t) => quoted("— не код ФИАС, место записано без него", "is no FIAS id; left out", t),
            Self::TimeZoneUnknown(t) => quoted("— неизвестный часовой пояс", "is no time zone", t),
            Self::DateUnreadable(t) => quoted("— не дата", "is no date", t),
            Self::ConfirmedUnreadable(t) => quoted("— не дата, место записано без неё", "is no date; left out", t),
            Self::DatesReversed => s("последний день раньше первого", "the last day is before the first"),
            Self::BenefitUnnamed => s("не сказано, в чём льгота", "nothing says what the benefit is"),
            Self::BenefitKindUnknown(t) => quoted(
                "— неизвестный вид льготы, вид взят из её описания",
                "is no kind of benefit; its words were read instead",
                t,
            ),
            Self::BenefitValue(e) => Cow::Owned(e.message(lang)),
            Self::BenefitsBroken(e) => Cow::Owned(match lang {
                Lang::Ru => format!("список льгот не читается ({e})"),
                Lang::En => format!("the list of benefits cannot be read ({e})"),
            }),
            Self::Tax(kind, e) => e.message(*kind, lang),
            Self::TaxDisagree => s(
                "ИНН, ОГРН и КПП относятся к лицам разного вида",
                "INN, OGRN and KPP belong to different kinds of persons",
            ),
            Self::PartnerIdInvalid(e) => id_message(e, lang, lang.pick("код партнёра", "the partner's id")),
            Self::PartnerDiffers { partner_id } => Cow::Owned(match lang {
                Lang::Ru => format!("партнёр {partner_id} выше описан иначе; взято первое описание"),
                Lang::En => format!("partner {partner_id} is described otherwise above; the first description counts"),
            }),
            Self::ColumnsUnknown(names) => Cow::Owned(format!(
                "{}: {}",
                lang.pick("эти столбцы не читаются", "these columns are not read"),
                names.join(", ")
            )),
            Self::RowTooManyCells { cells, columns } => Cow::Owned(match lang {
                Lang::Ru => format!("в строке {cells} ячеек, а столбцов {columns}"),
                Lang::En => format!("the row has {cells} cells, the heading {columns}"),
            }),
            Self::QuoteNotClosed => s(
                "кавычки расставлены неверно: открытая не закрыта, или кавычка внутри ячейки не удвоена",
                "a quotation mark is opened and not closed, or one within a cell is not doubled",
            ),
            Self::RowTooLong { limit_bytes } => Cow::Owned(match lang {
                Lang::Ru => format!("строка длиннее {limit_bytes} байт"),
                Lang::En => format!("the row is longer than {limit_bytes} bytes"),
            }),
            Self::NotUtf8 => {
                s("строка не в кодировке UTF-8, хотя файл в ней", "the row is not UTF-8, though the file is")
            }
            Self::PinFarFromSettlement { name, distance_m } => {
                let km = (distance_m / 1_000.0).round();
                Cow::Owned(match lang {
                    Lang::Ru => format!("метка на карте в {km} км от места «{name}», которое названо в адресе"),
                    Lang::En => format!("the pin is {km} km from «{name}», which the address names"),
                })
            }
            Self::HoursMissing => s("не указаны часы работы", "there are no opening hours"),
            Self::BenefitMissing => s("не указана льгота", "there is no benefit"),
            Self::AddressMissing => s("нет адреса", "there is no address"),
            Self::BenefitHours(e) => Cow::Owned(match lang {
                Lang::Ru => format!("часы действия льготы: {}", e.message(lang)),
                Lang::En => format!("hours of the benefit: {}", e.message(lang)),
            }),
            Self::PartnerNameMissing => s("нет названия организации", "the organisation has no name"),
            Self::InnMissing => s("нет ИНН", "there is no INN"),
            Self::OtherPartner { kind, own } => Cow::Owned(match lang {
                Lang::Ru => format!("{} другой организации: у вашей {own}", kind.title(lang)),
                Lang::En => format!("the {} is that of another organisation: yours is {own}", kind.title(lang)),
            }),
            Self::EmailUnreadable(t) => quoted("— не адрес электронной почты", "is no e-mail address", t),
            Self::ContactPhoneUnreadable(t) => quoted("— не телефон", "is no telephone number", t),
            Self::FormulaAsText(t) => {
                quoted("похоже на формулу; записано как текст", "looks like a formula; it was taken as text", t)
            }
            Self::HtmlAsText(t) => {
                quoted("содержит теги HTML; записано как текст", "holds tags of HTML; it was taken as text", t)
            }
            Self::CellError(t) => quoted("— ошибка вычисления в таблице", "is an error of the spreadsheet", t),
            Self::PlaceRepeated { first } => Cow::Owned(format!(
                "{} ({})",
                lang.pick(
                    "место с таким же названием и координатами уже было в файле под другим кодом",
                    "a place of the same name and position stood in the file before, under another id"
                ),
                first.text(lang)
            )),
            Self::PlaceKnown { external_id } => Cow::Owned(match lang {
                Lang::Ru => format!("место с таким же названием и координатами у вас уже есть под кодом {external_id}"),
                Lang::En => {
                    format!("you have a place of the same name and position already, under the id {external_id}")
                }
            }),
            Self::JsonSyntax(e) => Cow::Owned(match lang {
                Lang::Ru => format!("это не JSON ({e})"),
                Lang::En => format!("this is not JSON ({e})"),
            }),
            Self::NotAFeature => s("это не объект GeoJSON", "this is neither a feature nor an object"),
        }
    }

    /// What to do about it.
    pub fn remedy(&self, lang: Lang) -> Cow<'static, str> {
        let s = |ru: &'static str, en: &'static str| Cow::Borrowed(lang.pick(ru, en));
        match self {
            Self::IdMissing => s(
                "Впишите свой код места, который не меняется от выгрузки к выгрузке",
                "Give the place an id of yours that stays the same from file to file",
            ),
            Self::IdInvalid(_) | Self::PartnerIdInvalid(_) => s(
                "До 64 знаков: буквы, цифры и - _ . : /; без пробелов. Ячейку в Excel сделайте текстовой",
                "Up to 64 characters: letters, digits and - _ . : /; no spaces. Make the cell a text cell in Excel",
            ),
            Self::IdTwoNames { .. } => s("Дайте каждому месту свой код", "Give each place an id of its own"),
            Self::IdRepeated { .. } => s(
                "Оставьте одну из двух строк или дайте второй другой код",
                "Keep one of the two rows, or give the second another id",
            ),
            Self::RowRepeated { .. } => {
                s("Ничего делать не нужно; повтор можно удалить", "Nothing needs doing; the copy can go")
            }
            Self::NameMissing => s("Впишите название, как на вывеске", "Write the name over the door"),
            Self::TextTooLong { limit, .. } => Cow::Owned(match lang {
                Lang::Ru => format!("Сократите до {limit} знаков"),
                Lang::En => format!("Shorten it to {limit} characters"),
            }),
            Self::ControlRemoved => s("Проверьте текст", "Look at the text"),
            Self::CategoryMissing => s(
                "Впишите категорию: museum, cafe, pharmacy… или «Музей», «Кафе», «Аптека»",
                "Write a category such as museum, cafe or pharmacy",
            ),
            Self::CategoryUnknown(_) => s(
                "Выберите код из списка категорий (GET /api/v1/categories)",
                "Choose a code from the list of categories (GET /api/v1/categories)",
            ),
            Self::PositionMissing => s(
                "Впишите широту и долготу, например 45.036169 и 41.963387",
                "Give both lat and lon, such as 45.036169 and 41.963387",
            ),
            Self::PositionNotNumber(_) => s(
                "Напишите градусы числом, например 45.036169 или 45,036169; если Excel сделал из числа дату, исправьте ячейку",
                "Write degrees as a number such as 45.036169; if Excel made a date of it, correct the cell",
            ),
            Self::PositionZero => s("Впишите настоящие координаты места", "Give the position of the place"),
            Self::PositionOutOfRange { .. } => s(
                "Широта — от -90 до 90, долгота — от -180 до 180, в градусах; проверьте, не пропал ли десятичный разделитель",
                "lat is within -90 and 90, lon within -180 and 180, in degrees; look for a lost decimal point",
            ),
            Self::PositionSwapped { offered, .. } => Cow::Owned(match lang {
                Lang::Ru => format!("Напишите широту lat={} и долготу lon={}", offered.lat(), offered.lon()),
                Lang::En => format!("Write lat={} lon={}", offered.lat(), offered.lon()),
            }),
            Self::GeometryNotPoint(_) => {
                s("Дайте точку (Point), лучше всего — вход", "Give a point, best of all the door")
            }
            Self::GeometryBroken => s(
                "Напишите {\"type\":\"Point\",\"coordinates\":[долгота, широта]}",
                "Write {\"type\":\"Point\",\"coordinates\":[lon, lat]}",
            ),
            Self::Hours(_) => s(
                "Напишите, например, Mo-Fr 09:00-18:00; Sa 10:00-14:00 или «пн-пт 9:00-18:00, вс выходной»; если часы неизвестны, оставьте пусто",
                "Write them like Mo-Fr 09:00-18:00; Sa 10:00-14:00; leave the cell empty when they are not known",
            ),
            Self::HoursTranslated(_) => s("Проверьте, то ли это", "See that this is what is meant"),
            Self::PhoneUnreadable(_) | Self::ContactPhoneUnreadable(_) => s(
                "Напишите один номер, например +7 (8652) 12-34-56 доб. 12",
                "Write one number such as +7 (8652) 12-34-56 ext. 12",
            ),
            Self::SiteUnreadable(_) | Self::SiteScheme(_) => {
                s("Напишите адрес вида https://example.ru", "Write an address like https://example.ru")
            }
            Self::WheelchairUnknown(_) => s("Напишите да, частично или нет", "Write yes, limited or no"),
            Self::FiasUnreadable(_) => s(
                "Код ФИАС выглядит так: 327a060b-878c-4fb4-8dc4-d5595871a3d8",
                "A FIAS id looks like 327a060b-878c-4fb4-8dc4-d5595871a3d8",
            ),
            Self::TimeZoneUnknown(_) => s(
                "Напишите пояс вида Europe/Moscow или оставьте пусто: он будет взят по месту",
                "Write a zone like Europe/Moscow, or leave it empty: the position tells it",
            ),
            Self::DateUnreadable(_) | Self::ConfirmedUnreadable(_) => {
                s("Напишите дату как 2027-01-31 или 31.01.2027", "Write the date as 2027-01-31 or 31.01.2027")
            }
            Self::DatesReversed => {
                s("Поменяйте даты местами или исправьте год", "Exchange the dates or correct the year")
            }
            Self::BenefitUnnamed => s("Напишите, например, «Скидка 10 %»", "Write something like “10 % off”"),
            Self::BenefitKindUnknown(_) => {
                s("Виды: percent, fixed, free, gift, price", "The kinds are percent, fixed, free, gift, price")
            }
            Self::BenefitValue(e) => e.remedy(lang),
            Self::BenefitsBroken(_) => s(
                "Нужен список вида [{\"title\":\"Скидка 10 %\",\"kind\":\"percent\",\"value\":10}]",
                "Write a list like [{\"title\":\"10 % off\",\"kind\":\"percent\",\"value\":10}]",
            ),
            Self::Tax(kind, e) => e.remedy(*kind, lang),
            Self::TaxDisagree => s(
                "У организации: ИНН из 10 цифр, ОГРН из 13, есть КПП. У предпринимателя: ИНН из 12, ОГРНИП из 15, КПП нет",
                "An organisation has an INN of 10 digits, an OGRN of 13 and a KPP; a sole trader an INN of 12, an OGRNIP of 15 and no KPP",
            ),
            Self::PartnerDiffers { .. } => s(
                "Опишите партнёра во всех строках одинаково или дайте другой код партнёра",
                "Describe the partner alike in every row, or give another partner id",
            ),
            Self::ColumnsUnknown(_) => s(
                "Если столбец нужен, назовите его как в шаблоне; столбцы с «_» в начале пропускаются молча",
                "If one is needed, name it as the template does; columns that begin with “_” are passed over silently",
            ),
            Self::RowTooManyCells { .. } => s(
                "Возьмите в кавычки ячейку, в которой есть разделитель",
                "Put quotation marks around the cell that holds the separator",
            ),
            Self::QuoteNotClosed => {
                s("Закройте кавычку; кавычку внутри ячейки удвойте", "Close it; double a quotation mark within a cell")
            }
            Self::RowTooLong { .. } => {
                s("Сократите строку; проверьте кавычки", "Shorten the row; look at its quotation marks")
            }
            Self::NotUtf8 => s("Сохраните весь файл в UTF-8", "Save the whole file as UTF-8"),
            Self::PinFarFromSettlement { .. } => s("Проверьте метку и адрес", "Look at the pin and at the address"),
            Self::HoursMissing => s(
                "Напишите часы, например Mo-Fr 09:00-18:00; Sa 10:00-14:00, или «неизвестно»",
                "Write them like Mo-Fr 09:00-18:00; Sa 10:00-14:00, or say that they are unknown",
            ),
            Self::BenefitMissing => {
                s("Напишите, что получит семья, например «Скидка 10 %»", "Write what a family gets, such as “10 % off”")
            }
            Self::AddressMissing => {
                s("Впишите адрес одной строкой: Ставрополь, ул. Ленина, 5", "Write it in one line: town, street, house")
            }
            Self::BenefitHours(_) => s(
                "Напишите, например, Mo-Fr 10:00-14:00 или «пн-пт 10:00-14:00»; если льгота действует всегда, оставьте пусто",
                "Write them like Mo-Fr 10:00-14:00; leave it empty when the benefit always applies",
            ),
            Self::PartnerNameMissing => {
                s("Впишите название, под которым вас знают люди", "Write the name by which people know you")
            }
            Self::InnMissing => s(
                "Впишите ИНН: 10 цифр у организации, 12 у предпринимателя",
                "Write the INN: 10 digits for an organisation, 12 for a sole trader",
            ),
            Self::OtherPartner { .. } => s(
                "Оставьте в файле только места своей организации или исправьте номер",
                "Keep only places of your own organisation in the file, or correct the number",
            ),
            Self::EmailUnreadable(_) => {
                s("Напишите адрес вида ivanova@example.ru", "Write an address like ivanova@example.ru")
            }
            Self::FormulaAsText(_) | Self::HtmlAsText(_) => {
                s("Если это не название, исправьте ячейку", "Correct the cell if this is not what you meant")
            }
            Self::CellError(_) => {
                s("Исправьте формулу или впишите значение", "Correct the formula or write the value itself")
            }
            Self::PlaceRepeated { .. } => s(
                "Оставьте одну из двух строк; если мест два, различите их названия",
                "Keep one of the two rows; if there are two places, let their names differ",
            ),
            Self::PlaceKnown { .. } => {
                s("Если это то же место, впишите прежний код", "If it is the same place, write its present id")
            }
            Self::JsonSyntax(_) => {
                s("Исправьте запись; проверьте скобки и кавычки", "Correct it; look at brackets and quotation marks")
            }
            Self::NotAFeature => s(
                "Нужен объект {\"type\":\"Feature\",\"properties\":{…},\"geometry\":{…}}",
                "Write {\"type\":\"Feature\",\"properties\":{…},\"geometry\":{…}}",
            ),
        }
    }
}

fn id_message(error: &IdError, lang: Lang, what: &str) -> Cow<'static, str> {
    Cow::Owned(match (error, lang) {
        (IdError::Empty, Lang::Ru) => format!("{what} пуст"),
        (IdError::Empty, Lang::En) => format!("{what} is empty"),
        (IdError::TooLong(n), Lang::Ru) => format!("{what} длиной {n} знаков, больше 64"),
        (IdError::TooLong(n), Lang::En) => format!("{what} has {n} characters, more than 64"),
        (IdError::Character(c), Lang::Ru) => format!("{what} содержит {c:?}"),
        (IdError::Character(c), Lang::En) => format!("{what} holds {c:?}"),
    })
}

/// The beginning of a text, so that a message stays a line.
fn short(text: &str) -> Cow<'_, str> {
    const LIMIT: usize = 60;
    match text.char_indices().nth(LIMIT) {
        Some((at, _)) => Cow::Owned(format!("{}…", &text[..at])),
        None => Cow::Borrowed(text),
    }
}
