//! Why a text is not opening hours, in English (`Display`) and Russian.

use thiserror::Error;

/// What is wrong with a text. Places count characters from 1.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HoursError {
    /// Nothing but white space.
    #[error("the opening hours are empty")]
    Empty,
    /// Longer than [`super::MAX_CHARS`].
    #[error("the opening hours are longer than {max} characters", max = super::MAX_CHARS)]
    TooLong,
    /// Not OSM syntax.
    #[error("the opening hours cannot be read from character {at}: «{near}»")]
    Syntax {
        /// Place of the first character that does not fit.
        at: usize,
        /// The text from there, shortened.
        near: String,
    },
    /// Correct OSM syntax with a meaning this service does not evaluate.
    #[error("{}", .0.english())]
    Unsupported(Unsupported),
    /// A word or sign of a free text that is not known.
    #[error("«{word}» at character {at} is not understood")]
    Word {
        /// Place of its first character.
        at: usize,
        /// The word.
        word: String,
    },
    /// No such time of day, or something like a date in its place.
    #[error("«{text}» at character {at} is not a time of day")]
    Time {
        /// Place of its first character.
        at: usize,
        /// What stands there.
        text: String,
    },
    /// A beginning without an end or an end without a beginning.
    #[error("at character {at} both an opening and a closing time are needed, as in 09:00-18:00")]
    Span {
        /// Place where the other time was expected.
        at: usize,
    },
    /// Days with no times.
    #[error("the days before character {at} have neither times nor a word like «closed»")]
    NoTimes {
        /// Place after the days.
        at: usize,
    },
    /// «санитарный день», «кроме», «выходной» with no day.
    #[error("at character {at} the day is missing")]
    NoDays {
        /// Place where a day was expected.
        at: usize,
    },
    /// A break that lies outside the hours before it.
    #[error("the break at character {at} is not inside the hours before it")]
    Break {
        /// Place of the break.
        at: usize,
    },
    /// A wrong date among the special days.
    #[error("«{text}» at character {at} is not a date such as 2027-01-01")]
    Date {
        /// Place of its first character.
        at: usize,
        /// What stands there.
        text: String,
    },
    /// One of seven columns is wrong; the cause's places count in that cell.
    #[error("column {}: {cause}", DAYS_EN.get(*.index).unwrap_or(&"?"))]
    Column {
        /// 0 for Monday.
        index: usize,
        /// What is wrong with the cell.
        #[source]
        cause: Box<HoursError>,
    },
}

/// Meanings of OSM syntax that are refused rather than guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsupported {
    /// `SH`: the school holidays of the place are not known.
    SchoolHolidays,
    /// `PH Mo` (holidays that fall on a Monday); the crate reads it as `PH,Mo`.
    HolidayAndDay,
    /// `10:00-16:00/01:30`: moments, not hours.
    Repetition,
    /// Two comments on one rule, so that it is not clear which one carries the state.
    Comments,
    /// Grammar the crate accepts without being able to say back what it read.
    Other,
}

const DAYS_EN: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl HoursError {
    /// The message in Russian.
    #[must_use]
    pub fn message_ru(&self) -> String {
        match self {
            Self::Empty => "Часы работы пусты".to_owned(),
            Self::TooLong => format!("Часы работы длиннее {} знаков", super::MAX_CHARS),
            Self::Syntax { at, near } => format!("Часы работы не читаются со знака {at}: «{near}»"),
            Self::Unsupported(what) => what.russian().to_owned(),
            Self::Word { at, word } => format!("Не понято «{word}» (знак {at})"),
            Self::Time { at, text } => format!("«{text}» (знак {at}) — не время суток"),
            Self::Span { at } => {
                format!("У знака {at} нужны и начало, и конец, например 09:00-18:00")
            }
            Self::NoTimes { at } => {
                format!("Для дней перед знаком {at} не указаны ни часы, ни слово «выходной»")
            }
            Self::NoDays { at } => format!("У знака {at} не указан день"),
            Self::Break { at } => format!("Перерыв у знака {at} не попадает в часы работы перед ним"),
            Self::Date { at, text } => format!("«{text}» (знак {at}) — не дата вида 2027-01-01"),
            Self::Column { index, cause } => {
                let day = DAYS_EN.get(*index).unwrap_or(&"?");
                format!("Столбец {day}: {}", cause.message_ru())
            }
        }
    }

    /// The message in a language.
    #[must_use]
    pub fn message(&self, lang: crate::domain::Lang) -> String {
        lang.pick(Self::message_ru as fn(&Self) -> String, Self::message_en)(self)
    }

    /// The message in English; the same as `Display`.
    #[must_use]
    pub fn message_en(&self) -> String {
        self.to_string()
    }
}

impl Unsupported {
    const fn english(self) -> &'static str {
        match self {
            Self::SchoolHolidays => "school holidays (SH) are not known here: write the dates",
            Self::HolidayAndDay => "write PH,Mo for holidays and Mondays; «PH Mo» is not supported",
            Self::Repetition => "repeated moments (10:00-16:00/01:30) are not opening hours",
            Self::Comments => "one rule has more than one comment",
            Self::Other => "this form of opening hours is not supported: write it more simply",
        }
    }

    const fn russian(self) -> &'static str {
        match self {
            Self::SchoolHolidays => "Школьные каникулы (SH) сервису не известны: укажите даты",
            Self::HolidayAndDay => "Запись «PH Mo» не поддерживается: для праздников и понедельников пишите PH,Mo",
            Self::Repetition => "Повторяющиеся моменты (10:00-16:00/01:30) — не часы работы",
            Self::Comments => "У одного правила больше одного примечания",
            Self::Other => "Такая запись часов не поддерживается: запишите её проще",
        }
    }
}
