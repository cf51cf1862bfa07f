//! From OSM text to rules that can be asked about a day.
//!
//! The crate parses and says which days a rule's selector matches; the hours of a day are plain minutes found here
//! once. What must stay true: [`day_segments`] sees only rules whose days and hours were read back from the crate
//! unchanged, so a gap in its printing shows as an error at parse time and not as wrong hours.

use std::panic::catch_unwind;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use chrono::{Datelike, NaiveDate};
use opening_hours::{Context, OpeningHours, RuleKind};

use super::error::{HoursError, Unsupported};
use super::holidays;

type ParseError = <OpeningHours as FromStr>::Err;

const DAY_MIN: u16 = 1440;
const WEEKDAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Closed,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Normal,
    Additional,
    Fallback,
}

#[derive(Debug)]
enum Days {
    /// Bit n is the weekday n days after Monday. Most rules, and no question to the crate.
    Weekly(u8),
    /// The selector alone, as hours open all day on the days it matches.
    Asked(Box<OpeningHours>),
}

#[derive(Debug)]
pub(super) struct Rule {
    days: Days,
    /// Uncertain spans first, so that certain ones of the same rule are painted over them.
    spans: Vec<(u16, u16, Kind)>,
    closes: bool,
    operator: Operator,
    comment: Option<Arc<str>>,
}

/// A stretch of a day that is open or may be, in minutes since its midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segment<'a> {
    pub from_min: u16,
    pub to_min: u16,
    pub kind: Kind,
    pub comment: Option<&'a str>,
}

impl Rule {
    pub(super) fn is_weekly(&self) -> bool {
        matches!(self.days, Days::Weekly(_))
    }

    fn applies(&self, date: NaiveDate) -> bool {
        match &self.days {
            Days::Weekly(mask) => mask >> date.weekday().num_days_from_monday() & 1 == 1,
            Days::Asked(selector) => !selector.schedule_at(date).is_empty(),
        }
    }
}

/// The stretches that begin on `date`, in order, disjoint, none of them closed.
///
/// # Source
/// Specification, "rule separators": a normal rule replaces what earlier rules said about the day unless it closes;
/// an additional one adds; a fallback fills what is left. A closing rule takes its hours away.
pub(super) fn day_segments(rules: &[Rule], date: NaiveDate) -> Vec<Segment<'_>> {
    let mut day: Vec<Segment> = Vec::new();
    for rule in rules.iter().filter(|rule| rule.applies(date)) {
        if rule.operator == Operator::Normal && !rule.closes {
            day.clear();
        }
        let taken = if rule.operator == Operator::Fallback { day.clone() } else { Vec::new() };
        for &(from_min, to_min, kind) in &rule.spans {
            // A day that is closed as a whole has no night either.
            let whole = rule.closes && (from_min, to_min) == (0, DAY_MIN);
            cut(&mut day, from_min, if whole { 2 * DAY_MIN } else { to_min });
            if kind != Kind::Closed {
                day.push(Segment { from_min, to_min, kind, comment: rule.comment.as_deref() });
            }
        }
        for segment in taken {
            cut(&mut day, segment.from_min, segment.to_min);
            day.push(segment);
        }
    }
    day.sort_unstable_by_key(|segment| segment.from_min);
    day
}

/// Takes `from..to` out of the segments.
fn cut(day: &mut Vec<Segment<'_>>, from_min: u16, to_min: u16) {
    let mut tails = Vec::new();
    day.retain_mut(|segment| {
        if segment.to_min <= from_min || to_min <= segment.from_min {
            return true;
        }
        if to_min < segment.to_min {
            tails.push(Segment { from_min: to_min, ..*segment });
        }
        segment.to_min = from_min;
        segment.from_min < segment.to_min
    });
    day.extend(tails);
}

pub(super) fn compile(text: &str) -> Result<Vec<Rule>, HoursError> {
    let unsupported = |what| Err(HoursError::Unsupported(what));
    let parsed = parse(text)?;
    if joins_holiday_and_day(text) {
        return unsupported(Unsupported::HolidayAndDay);
    }
    let expression = parsed.get_expression();
    let comments = comment_states(text);
    if expression.rules.iter().filter(|rule| !rule.comment.is_empty()).count() != comments.len() {
        return unsupported(Unsupported::Comments);
    }
    let mut states_itself = comments.into_iter();

    // The operator's type lives in a crate we do not depend on: it is told by comparing with a known text.
    let known = OPERATORS.get_expression();
    let mut rules = Vec::with_capacity(expression.rules.len());
    for rule in &expression.rules {
        let operator = match known.rules.iter().position(|sample| sample.operator == rule.operator) {
            Some(0) => Operator::Normal,
            Some(1) => Operator::Additional,
            Some(2) => Operator::Fallback,
            _ => return unsupported(Unsupported::Other),
        };
        // A comment with no word before it states that nothing is certain.
        let stated = rule.comment.is_empty() || states_itself.next().unwrap_or(false);
        let kind = match rule.kind {
            RuleKind::Open if stated => Kind::Open,
            RuleKind::Closed => Kind::Closed,
            RuleKind::Open | RuleKind::Unknown => Kind::Unknown,
        };
        let mut spans = Vec::with_capacity(rule.time_selector.spans.len());
        for span in &rule.time_selector.spans {
            if span.repeats.is_some() {
                return unsupported(Unsupported::Repetition);
            }
            let printed = span.to_string();
            if ["sun", "dawn", "dusk"].iter().any(|event| printed.contains(event)) {
                spans.push((0, DAY_MIN, if kind == Kind::Closed { kind } else { Kind::Unknown }));
                continue;
            }
            let Some((from, to)) = minutes_of(&printed) else {
                return unsupported(Unsupported::Other);
            };
            // `18:00+` prints no end: nothing of it is certain.
            let certain_until = to.unwrap_or(from);
            if certain_until > from {
                spans.push((from, certain_until, kind));
            }
            if span.open_end {
                let guess = guessed_end(certain_until);
                let kind = if kind == Kind::Closed { kind } else { Kind::Unknown };
                if guess > certain_until {
                    spans.push((certain_until, guess, kind));
                }
            }
        }
        spans.sort_by_key(|&(_, _, kind)| kind == Kind::Open);
        rules.push(Rule {
            days: days_of(&readable(&rule.day_selector.to_string()), |read| {
                read.get_expression().rules.first().is_some_and(|alone| alone.day_selector == rule.day_selector)
            })?,
            spans,
            closes: kind == Kind::Closed,
            operator,
            comment: (!rule.comment.is_empty()).then(|| rule.comment.clone()),
        });
    }
    Ok(rules)
}

static OPERATORS: LazyLock<OpeningHours> =
    LazyLock::new(|| OpeningHours::from_str("Mo, Tu || We").unwrap_or_else(|_| unreachable!("a constant text")));

/// Where an open end is thought to end, as in `opening_hours.js`: the day's end, or 10 or 8 hours on in the evening.
const fn guessed_end(from_min: u16) -> u16 {
    let hours = match from_min % DAY_MIN / 60 {
        ..17 => return (from_min / DAY_MIN + 1) * DAY_MIN,
        17..22 => 10,
        _ => 8,
    };
    let end = from_min + hours * 60;
    if end > 2 * DAY_MIN { 2 * DAY_MIN } else { end }
}

/// Reads a span as the crate prints it: `10:00-26:00`, `18:00+`, `10:00-16:00+`.
fn minutes_of(printed: &str) -> Option<(u16, Option<u16>)> {
    let clock = |text: &str| {
        let (hour, minute) = text.split_once(':')?;
        Some(hour.parse::<u16>().ok()? * 60 + minute.parse::<u16>().ok()?)
    };
    let printed = printed.trim_end_matches('+');
    let Some((from, to)) = printed.split_once('-') else {
        return Some((clock(printed)?, None));
    };
    let (from, mut to) = (clock(from)?, clock(to)?);
    if to <= from {
        to += DAY_MIN;
    }
    (from < DAY_MIN && to <= 2 * DAY_MIN).then_some((from, Some(to)))
}

/// Mends two gaps in the crate's printing: `PH 1 days` for `PH +1 day`, and `2026Nov` for `2026 Nov`, which it would
/// read as 1 November only.
fn readable(selector: &str) -> String {
    let mut text = String::with_capacity(selector.len() + 4);
    for c in selector.chars() {
        if c.is_ascii_digit() && text.ends_with("PH ") {
            text.push('+');
        } else if c.is_ascii_uppercase() && text.ends_with(|last: char| last.is_ascii_digit()) {
            text.push(' ');
        }
        text.push(c);
    }
    text
}

/// The days of a rule from its printed selector; `same` tells whether reading it again gives what was printed.
fn days_of(selector: &str, same: impl Fn(&OpeningHours) -> bool) -> Result<Days, HoursError> {
    if selector.is_empty() {
        return Ok(Days::Weekly(0b111_1111));
    }
    if selector.contains("SH") {
        return Err(HoursError::Unsupported(Unsupported::SchoolHolidays));
    }
    let read = OpeningHours::from_str(selector).ok().filter(same).filter(|read| read.get_expression().rules.len() == 1);
    let Some(read) = read else {
        return Err(HoursError::Unsupported(Unsupported::Other));
    };
    let asked = Days::Asked(Box::new(read.with_context(Context::default().with_holidays(holidays::calendar()))));
    if !selector.split([',', '-']).all(|word| WEEKDAYS.contains(&word)) {
        return Ok(asked);
    }
    // Weekdays alone repeat each week; any week will do to learn them.
    let rule = Rule { days: asked, spans: Vec::new(), closes: false, operator: Operator::Normal, comment: None };
    let monday = NaiveDate::from_isoywd_opt(2026, 10, chrono::Weekday::Mon).unwrap_or_default();
    let mask =
        monday.iter_days().take(7).enumerate().fold(0, |mask, (n, date)| mask | u8::from(rule.applies(date)) << n);
    Ok(Days::Weekly(mask))
}

/// For each quoted comment, in order, whether a word for the state (`open`, `off`) stands before it.
fn comment_states(text: &str) -> Vec<bool> {
    text.split('"')
        .collect::<Vec<_>>()
        .chunks_exact(2)
        .map(|pair| {
            let before = pair[0].trim_end().to_ascii_lowercase();
            ["open", "closed", "off", "unknown"].iter().any(|word| before.ends_with(word))
        })
        .collect()
}

/// Whether a holiday and a weekday stand with only a space between them, outside of comments.
fn joins_holiday_and_day(text: &str) -> bool {
    let starts_with_day =
        |word: &str| word.get(..2).is_some_and(|day| WEEKDAYS.iter().any(|d| d.eq_ignore_ascii_case(day)));
    let ends_with_day = |word: &str| {
        let word = word.rsplit([',', '-']).next().unwrap_or(word);
        starts_with_day(word) && (word.len() == 2 || word.ends_with(']'))
    };
    let holiday = |word: &str| word.starts_with("PH") || word.starts_with("SH");
    text.split('"').step_by(2).any(|plain| {
        let words: Vec<&str> = plain.split(' ').filter(|word| !word.is_empty()).collect();
        words.windows(2).any(|pair| {
            let last = pair[0].rsplit(',').next().unwrap_or(pair[0]);
            (matches!(last, "PH" | "SH") && starts_with_day(pair[1])) || (ends_with_day(pair[0]) && holiday(pair[1]))
        })
    })
}

/// Asks the crate, and stands between its assertions and our input.
fn parse(text: &str) -> Result<OpeningHours, HoursError> {
    // The grammar lets 24:00 stand for a shift or a period, and the crate asserts that it does not.
    for (index, plain) in text.split('"').enumerate() {
        let after_slash = plain.split('/').skip(1).any(|rest| rest.trim_start().starts_with("24:00"));
        if index % 2 == 0 && (after_slash || plain.contains("24:00)")) {
            return Err(HoursError::Unsupported(Unsupported::Other));
        }
    }
    // No other such text is known; if there is one, it costs its sender an error and nobody else a thread.
    catch_unwind(|| OpeningHours::from_str(text))
        .map_err(|_| HoursError::Unsupported(Unsupported::Other))?
        .map_err(|error| syntax_error(text, &error))
}

fn syntax_error(text: &str, error: &ParseError) -> HoursError {
    // The place is private to the parser's parser; its message begins with "--> line:column".
    let message = error.to_string();
    let at = message
        .split_once("--> ")
        .and_then(|(_, rest)| {
            rest.split_once(':')?.1.split(|c: char| !c.is_ascii_digit()).next()?.parse::<usize>().ok()
        })
        .unwrap_or(1);
    HoursError::Syntax { at, near: text.chars().skip(at.saturating_sub(1)).take(20).collect() }
}
