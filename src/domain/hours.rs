//! Opening hours: a checked text in OSM syntax, and what it says about an instant or a week.
//!
//! In: the `hours` of a location, in OSM syntax or in the Russian words of spreadsheets. Out: [`Hours`], which
//! answers [`Hours::state`] and [`Hours::week`]. A text is checked once, when it comes in; after that no question
//! can fail, and no input makes this module panic.
//!
//! The grammar and the matching of days come from the crate `opening-hours`; days are put together here, because
//! it differs from the specification, or from what people mean, in these points:
//! - **A night belongs to the day it begins.** `Fr,Sa 10:00-02:00; Su 10:00-22:00` is open on Sunday at 01:59. The
//!   crate and `opening_hours.js` let Sunday's rule cut Saturday's night at midnight; people who write such hours
//!   (all of our importers) never mean that. For the same reason `Su off` does not end Saturday's night.
//! - A comment alone (`"by appointment"`) means unknown, as the specification has it; the crate says open.
//! - An open end (`18:00+`) is unknown after its last known hour, as in `opening_hours.js`; the crate says open.
//! - A fallback (`|| ...`) fills the hours left closed by the rules before it; the crate fills whole days only.
//! - `sunrise` and its kin are unknown for that day: this module has no position. The crate takes 07:00.
//! - Meanings the crate reads wrongly or we have no data for are refused: see [`Unsupported`].
//!
//! `PH` means the Russian public holidays: the module `holidays` says which. The crate's own list for Russia lacks
//! 8 January and every transferred day.

mod compile;
mod error;
mod holidays;
mod russian;
#[cfg(test)]
mod tests;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use chrono::{DateTime, Datelike, Days, Duration, LocalResult, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

pub use error::{HoursError, Unsupported};
pub use holidays::is_public_holiday;

use compile::{Kind, Rule, Segment};

/// The longest text accepted, in characters. The longest honest one seen in OSM is below 500.
pub const MAX_CHARS: usize = 1_000;

/// How far ahead a change is looked for: a year and a month, so that a yearly closing day is found.
const HORIZON_DAYS: usize = 400;

/// A schedule that knows only weekdays repeats after a week; two more days close the stretch around it.
const WEEKLY_HORIZON_DAYS: usize = 9;

/// Opening hours that were checked. Cheap to clone.
///
/// # Shape
/// Two are equal when their texts are equal, so one value can stand for all places with the same text.
#[derive(Clone)]
pub struct Hours {
    text: Arc<str>,
    rules: Arc<[Rule]>,
    weekly: bool,
}

/// What [`Hours::from_text`] made of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood {
    /// The hours, in OSM syntax.
    pub hours: Hours,
    /// The input was not OSM syntax: words were translated, and a person should look at the result.
    pub translated: bool,
}

/// Open or not at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoursState {
    /// `None` when the text says that it is not known ("by appointment", an open end).
    pub open: Option<bool>,
    /// When open: the first instant at which it is not open any more. When not open or unknown: the first instant
    /// at which it is open for certain. `None` when that does not come within 400 days.
    pub next_change: Option<DateTime<Utc>>,
}

/// A stretch of one day.
///
/// # Units
/// Minutes since the midnight at which the day began; `to_min` is past 1440 when the stretch ends on the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// First minute, below 1440.
    pub from_min: u16,
    /// The minute after the last one, above `from_min`, at most 2880.
    pub to_min: u16,
}

/// One day of a readable week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The local date.
    pub date: NaiveDate,
    /// Its day of the week.
    pub weekday: Weekday,
    /// A public holiday or a day off moved there by decree.
    pub holiday: bool,
    /// When it is open, in order, apart from each other. A night is here on the day it begins.
    pub intervals: Vec<Interval>,
    /// When it may be open: the text does not say for certain.
    pub unknown: Vec<Interval>,
    /// The comments of the rules of that day, each once, joined with "; ".
    pub comment: Option<String>,
}

impl Hours {
    /// Checks a text in OSM syntax.
    ///
    /// # Shape
    /// The text is kept as written, without spaces around it and a semicolon at its end; every other white space
    /// character becomes a space.
    /// # Errors
    /// What is wrong and at which character.
    /// # Source
    /// <https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification>
    pub fn parse(text: &str) -> Result<Self, HoursError> {
        let text = tidy(text)?;
        let rules = compile::compile(&text)?;
        Ok(Self { weekly: rules.iter().all(Rule::is_weekly), rules: rules.into(), text: text.into() })
    }

    /// Understands OSM syntax, or Russian words as they stand in spreadsheets («пн-пт с 9 до 18, вс выходной»).
    ///
    /// # Errors
    /// A word that is not understood is an error and never skipped: half-understood hours would send a family to
    /// a closed door.
    pub fn from_text(input: &str) -> Result<Understood, HoursError> {
        let (error, text) = match Self::parse(input) {
            Ok(hours) => {
                return Ok(Understood { hours, translated: false });
            }
            // Correct syntax with a meaning that is refused is not a text to guess at.
            Err(error @ HoursError::Unsupported(_)) => return Err(error),
            Err(error) => (error, tidy(input)?),
        };
        match russian::translate(&text).and_then(|osm| Self::parse(&osm)) {
            Ok(hours) => Ok(Understood { hours, translated: true }),
            // Whoever wrote Latin letters meant OSM syntax, and its error names the place better.
            Err(_) if !russian::has_cyrillic(&text) && text.chars().any(char::is_alphabetic) => Err(error),
            Err(error) => Err(error),
        }
    }

    /// Joins the seven columns `mon`..`sun` of the bulk template.
    ///
    /// # Shape
    /// A cell holds times ("09:00-18:00", "9-13,14-18", «круглосуточно») or a closing word; an empty one is closed.
    /// # Errors
    /// [`HoursError::Empty`] when all seven are empty (nothing was said), [`HoursError::Column`] for a wrong cell.
    pub fn from_columns(cells: [&str; 7]) -> Result<Self, HoursError> {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return Err(HoursError::Empty);
        }
        let mut bodies = Vec::with_capacity(7);
        for (index, cell) in cells.into_iter().enumerate() {
            let body = if cell.trim().is_empty() {
                Ok("off".to_owned())
            } else {
                tidy(cell).and_then(|cell| russian::day_body(&cell))
            };
            bodies.push(body.map_err(|error| HoursError::Column { index, cause: Box::new(error) })?);
        }
        Self::parse(&russian::join_week(&bodies))
    }

    /// Adds special days («2027-01-01 closed; 2027-01-02 11:00-16:00»), which outrank everything before them.
    ///
    /// # Shape
    /// A date is `2027-01-01` or `01.01.2027`; two joined by `..` or `/` are a range, both ends included.
    /// # Errors
    /// A wrong date, a date without times, or a word that is not understood, with its place in `special`.
    pub fn with_special(&self, special: &str) -> Result<Self, HoursError> {
        let special = tidy(special)?;
        let mut text = self.text.to_string();
        for rule in russian::special_rules(&special)? {
            text.push_str("; ");
            text.push_str(&rule);
        }
        Self::parse(&text)
    }

    /// The text, in OSM syntax.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is open at an instant, and when that changes.
    ///
    /// # Shape
    /// The first minute is open and the last is not: `10:00-18:00` is closed at 18:00:00. Stretches that touch
    /// are one. Where clocks are set back, a stretch ends at the second passing of its last hour; where they are set
    /// forward, an hour that does not exist is the first one that does.
    #[must_use]
    pub fn state(&self, at: DateTime<Utc>, tz: Tz) -> HoursState {
        let never = HoursState { open: None, next_change: None };
        // The crate knows the years 1900 to 9999; the horizon must stay inside.
        if !(1902..9990).contains(&at.year()) {
            return never;
        }
        let Some(first) = at.with_timezone(&tz).date_naive().pred_opt() else {
            return never;
        };
        let horizon = if self.weekly { WEEKLY_HORIZON_DAYS } else { HORIZON_DAYS };

        let mut open_until: Option<DateTime<Utc>> = None;
        let mut unknown = false;
        let answer = |open_until: Option<DateTime<Utc>>, unknown: bool, next_change| HoursState {
            open: match open_until {
                Some(_) => Some(true),
                None if unknown => None,
                None => Some(false),
            },
            next_change,
        };
        for date in first.iter_days().take(horizon + 2) {
            // Nothing of this day or a later one can touch a stretch that ended before the day began.
            if let Some(end) = open_until
                && instant(date, 0, tz, false) > end
            {
                return answer(open_until, unknown, Some(end));
            }
            for segment in self.day_segments(date) {
                let (from, to) = (instant(date, segment.from_min, tz, false), instant(date, segment.to_min, tz, true));
                if to <= at || to <= from {
                    continue;
                }
                match (segment.kind, open_until) {
                    (Kind::Unknown, _) => unknown |= from <= at,
                    (Kind::Closed, _) => {}
                    (Kind::Open, end) if from <= at => open_until = end.max(Some(to)),
                    (Kind::Open, Some(end)) if from <= end => open_until = Some(end.max(to)),
                    (Kind::Open, Some(end)) => return answer(open_until, unknown, Some(end)),
                    (Kind::Open, None) => return answer(None, unknown, Some(from)),
                }
            }
        }
        answer(open_until, unknown, None)
    }

    /// Seven days from a local date, for reading.
    ///
    /// # Shape
    /// Always seven days (fewer only at the end of the calendar, in the year 262142).
    #[must_use]
    pub fn week(&self, from: NaiveDate) -> Vec<Day> {
        from.iter_days().take(7).map(|date| self.day(date)).collect()
    }

    fn day(&self, date: NaiveDate) -> Day {
        let segments = self.day_segments(date);
        let pick = |kind| {
            let mut picked: Vec<Interval> = Vec::new();
            for segment in segments.iter().filter(|segment| segment.kind == kind) {
                match picked.last_mut() {
                    Some(last) if last.to_min == segment.from_min => last.to_min = segment.to_min,
                    _ => picked.push(Interval { from_min: segment.from_min, to_min: segment.to_min }),
                }
            }
            picked
        };
        let mut comments: Vec<&str> = segments.iter().filter_map(|segment| segment.comment).collect();
        comments.dedup();
        Day {
            date,
            weekday: date.weekday(),
            holiday: is_public_holiday(date),
            intervals: pick(Kind::Open),
            unknown: pick(Kind::Unknown),
            comment: (!comments.is_empty()).then(|| comments.join("; ")),
        }
    }

    /// The stretches that begin on a day, in order and disjoint; closed time is left out.
    fn day_segments(&self, date: NaiveDate) -> Vec<Segment<'_>> {
        compile::day_segments(&self.rules, date)
    }
}

impl fmt::Debug for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Hours").field(&self.text).finish()
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Hours {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Hours {}

impl Hash for Hours {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

/// Trims, turns white space into spaces, bounds the length. One character stays one, so places in errors hold.
fn tidy(text: &str) -> Result<String, HoursError> {
    let chars = text.chars().take(MAX_CHARS + 1).count();
    if chars > MAX_CHARS {
        return Err(HoursError::TooLong);
    }
    let spaced: String = text.chars().map(|c| if c.is_whitespace() || c == '\u{feff}' { ' ' } else { c }).collect();
    let tidy = spaced.trim().trim_end_matches([';', ' ']);
    if tidy.is_empty() { Err(HoursError::Empty) } else { Ok(tidy.to_owned()) }
}

/// The instant of a minute of a local day.
fn instant(date: NaiveDate, minute: u16, tz: Tz, is_end: bool) -> DateTime<Utc> {
    let mut naive = date.and_time(NaiveTime::MIN) + Duration::minutes(i64::from(minute));
    // The widest gap in the tz database is a whole day (Samoa, 2011).
    let last = naive.checked_add_days(Days::new(2)).unwrap_or(naive);
    loop {
        match tz.from_local_datetime(&naive) {
            LocalResult::Single(at) => return at.to_utc(),
            LocalResult::Ambiguous(early, late) => return if is_end { late } else { early }.to_utc(),
            LocalResult::None if naive >= last => return naive.and_utc(),
            LocalResult::None => naive += Duration::minutes(1),
        }
    }
}
