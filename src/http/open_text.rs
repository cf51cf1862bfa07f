//! Open or not, and until when, in words: «Открыто до 18:00», «Закрыто, откроется в среду в 10:00».

use crate::domain::Lang;
use chrono::{DateTime, Datelike, FixedOffset, Utc};
use serde::Deserialize;

/// What an answer says of a place's doors.
#[derive(Deserialize)]
pub(super) struct OpenState {
    /// `None` when nobody knows.
    pub(super) open: Option<bool>,
    open_until: Option<String>,
    opens_at: Option<String>,
}

impl OpenState {
    /// By the place's own clock, with the day when it is another.
    pub(super) fn text(&self, now: DateTime<Utc>, lang: Lang) -> String {
        let change = |moment: &Option<String>| {
            let at = DateTime::parse_from_rfc3339(moment.as_deref()?).ok()?;
            let days = (at.date_naive() - now.with_timezone(at.offset()).date_naive()).num_days();
            Some((at, days, at.format("%H:%M").to_string()))
        };
        match self.open {
            Some(true) => match change(&self.open_until) {
                // A night that ends tomorrow morning is still "until 02:00".
                Some((_, days, time)) if days == 0 || (days == 1 && *time <= *"06:00") => {
                    format!("{} {time}", lang.pick("Открыто до", "Open until"))
                }
                Some((at, days, time)) => format!(
                    "{} {} {} {time}",
                    lang.pick("Открыто, закроется", "Open, closes"),
                    day_text(&at, days, lang),
                    lang.pick("в", "at")
                ),
                None => lang.pick("Открыто круглосуточно", "Open around the clock").into(),
            },
            Some(false) => match change(&self.opens_at) {
                Some((_, 0, time)) => format!("{} {time}", lang.pick("Закрыто, откроется в", "Closed, opens at")),
                Some((at, days, time)) => format!(
                    "{} {} {} {time}",
                    lang.pick("Закрыто, откроется", "Closed, opens"),
                    day_text(&at, days, lang),
                    lang.pick("в", "at")
                ),
                None => lang.pick("Закрыто", "Closed").into(),
            },
            None => lang.pick("Часы не указаны", "Hours not given").into(),
        }
    }
}

/// «завтра», «в среду», «5.12»: when, seen from today.
fn day_text(at: &DateTime<FixedOffset>, days: i64, lang: Lang) -> String {
    const RU: [&str; 7] =
        ["в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу", "в воскресенье"];
    const EN: [&str; 7] =
        ["on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday", "on Sunday"];
    match days {
        1 => lang.pick("завтра", "tomorrow").into(),
        2..7 => lang.pick(RU, EN)[at.weekday().num_days_from_monday() as usize].into(),
        _ => at.format(lang.pick("%-d.%m", "on %-d %B")).to_string(),
    }
}
