//! The coming week of a card, readable.

use crate::domain::hours::{Day, Interval};
use crate::feature::encode::append_fields;
use crate::index::Found;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

#[derive(Serialize)]
struct WeekDay {
    date: NaiveDate,
    weekday: &'static str,
    holiday: bool,
    intervals: Vec<Stretch>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown: Vec<Stretch>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

#[derive(Serialize)]
struct Stretch {
    from: String,
    to: String,
}

impl Stretch {
    /// Past midnight the clock begins anew: `02:00`; the end of the day itself is `24:00`.
    fn of(i: Interval) -> Self {
        let text = |min: u16| format!("{:02}:{:02}", min / 60, min % 60);
        Self { from: text(i.from_min), to: text(if i.to_min > 1_440 { i.to_min - 1_440 } else { i.to_min }) }
    }
}

impl WeekDay {
    fn of(day: Day) -> Self {
        const CODES: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
        Self {
            date: day.date,
            weekday: CODES[day.weekday.num_days_from_monday() as usize],
            holiday: day.holiday,
            intervals: day.intervals.iter().copied().map(Stretch::of).collect(),
            unknown: day.unknown.iter().copied().map(Stretch::of).collect(),
            comment: day.comment,
        }
    }
}

/// The seven days from `today`.
pub fn of(hours: &crate::domain::Hours, today: NaiveDate) -> serde_json::Value {
    let days: Vec<WeekDay> = hours.week(today).into_iter().map(WeekDay::of).collect();
    serde_json::json!(days)
}

/// Appends the hours of a card: raw, their zone, and seven days from today at the place; `null` when not known.
pub fn splice(place: &Found<'_>, now: DateTime<Utc>, out: &mut Vec<u8>) {
    #[derive(Serialize)]
    struct Members<'a> {
        hours: Option<&'a str>,
        time_zone: &'static str,
        hours_week: Option<Vec<WeekDay>>,
    }
    let schedule = place.schedule();
    let today = now.with_timezone(&schedule.time_zone).date_naive();
    let hours = schedule.hours.as_ref();
    let members = Members {
        hours: hours.map(crate::domain::Hours::as_str),
        time_zone: schedule.time_zone.name(),
        hours_week: hours.map(|h| h.week(today).into_iter().map(WeekDay::of).collect()),
    };
    append_fields(&members, false, out);
}
