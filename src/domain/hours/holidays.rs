//! The Russian public holidays: what `PH` means.
//!
//! Fixed days come from Article 112 of the Labour Code; days off moved by decree come from `data/holidays_ru.csv`,
//! one row a day, added once a year. Transfers are never computed: the Government may set any of them otherwise, so
//! a year without rows has the fixed days only. Holidays of single regions are not known here.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use chrono::{Datelike, NaiveDate};
use opening_hours::ContextHolidays;

/// Article 112, part 1, as (month, day).
const FIXED: [(u32, u32); 14] =
    [(1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (1, 6), (1, 7), (1, 8), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)];

/// The years the crate's calendar is filled for; [`is_public_holiday`] has no such bound.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

static TABLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/holidays_ru.csv"));

static MOVED: LazyLock<BTreeSet<NaiveDate>> = LazyLock::new(|| parse_table(TABLE).unwrap_or_default());

static CALENDAR: LazyLock<ContextHolidays> = LazyLock::new(|| {
    // The calendar's type lives in a crate we do not depend on; an empty one is at hand in the default value.
    let mut public = ContextHolidays::default().get_public().clone();
    let fixed = YEARS.flat_map(|year| FIXED.iter().filter_map(move |&(m, d)| NaiveDate::from_ymd_opt(year, m, d)));
    for date in fixed.chain(MOVED.iter().copied()) {
        public.insert(date);
    }
    ContextHolidays::new(Arc::new(public), Arc::default())
});

/// Whether a date is a public holiday of Russia, or a day off moved there by decree.
///
/// # Source
/// Labour Code of the Russian Federation, Article 112; the decrees named in `data/holidays_ru.csv`.
#[must_use]
pub fn is_public_holiday(date: NaiveDate) -> bool {
    FIXED.contains(&(date.month(), date.day())) || MOVED.contains(&date)
}

/// The same days, for the crate.
pub(super) fn calendar() -> ContextHolidays {
    CALENDAR.clone()
}

/// The days off of the table. A wrong row is an error with its number: the table is ours, and a test reads it.
pub(super) fn parse_table(table: &str) -> Result<BTreeSet<NaiveDate>, usize> {
    let mut days = BTreeSet::new();
    for (index, line) in table.lines().enumerate() {
        if line.starts_with('#') || line.starts_with("date,") || line.trim().is_empty() {
            continue;
        }
        let mut cells = line.split(',');
        let date = cells.next().and_then(|cell| cell.parse::<NaiveDate>().ok());
        let (Some(date), Some(_name), Some(kind)) = (date, cells.next(), cells.next()) else {
            return Err(index + 1);
        };
        match kind {
            "dayoff" => days.insert(date),
            "workday" => false,
            _ => return Err(index + 1),
        };
    }
    Ok(days)
}
