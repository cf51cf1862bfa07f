//! Hours in the words of spreadsheets -> OSM syntax.
//!
//! In: «пн-пт с 9 до 18, перерыв 12-13, сб 10-14, вс выходной». Out: `Mo-Fr 09:00-12:00,13:00-18:00; Sa 10:00-14:00;
//! Su off`. What must stay true: every word is either understood or an error; nothing is skipped except words that
//! say nothing («часы работы», «дни»). English day names are known too, so that `Mo–Fr 9–18` is helped as well.

mod words;

use chrono::NaiveDate;

use super::error::HoursError;
use words::{Token, Word, read_tokens};

const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const EVERY_DAY: u8 = 0b111_1111;
const WORKDAYS: u8 = 0b001_1111;
const DAY_MIN: u16 = 1440;

/// The days of one statement.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Selector {
    parts: Vec<String>,
    mask: u8,
    holidays: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Body {
    Off,
    Times(Vec<(u16, u16)>),
}

#[derive(Debug)]
struct Statement {
    days: Selector,
    body: Body,
    has_break: bool,
}

pub(super) fn has_cyrillic(text: &str) -> bool {
    text.chars().any(|c| ('\u{400}'..='\u{4ff}').contains(&c))
}

/// Translates a whole text.
pub(super) fn translate(text: &str) -> Result<String, HoursError> {
    let mut reader = Reader { tokens: read_tokens(text, 0)?, pos: 0 };
    let statements = reader.statements()?;
    // «кроме понедельника» alone says nothing about the other days.
    if !statements.iter().any(|statement| matches!(statement.body, Body::Times(_))) {
        return Err(HoursError::NoTimes { at: reader.peek().at });
    }
    let rules: Vec<String> = narrow_last(statements).iter().map(|s| rule(&s.days.to_osm(), &s.body)).collect();
    Ok(rules.join("; "))
}

/// «вс выходной, ежедневно 9-18»: people mean the narrower statement wherever it stands; in OSM syntax the last one
/// wins. A wider one is moved before the narrower ones it covers; the rest keep their order.
fn narrow_last(statements: Vec<Statement>) -> Vec<Statement> {
    let mut ordered: Vec<Statement> = Vec::with_capacity(statements.len());
    for wide in statements {
        let place = ordered.iter().position(|narrow| {
            // Days of a month and holidays have no bits and may fall on any weekday.
            let meet = narrow.days.mask == 0 || narrow.days.mask & wide.days.mask != 0;
            meet && narrow.days.mask.count_ones() < wide.days.mask.count_ones()
        });
        ordered.insert(place.unwrap_or(ordered.len()), wide);
    }
    ordered
}

/// Translates the cell of one day: times or a closing word, without days.
pub(super) fn day_body(text: &str) -> Result<String, HoursError> {
    body_at(text, 0)
}

/// Seven bodies, Monday first, as rules; neighbours that are equal are joined.
pub(super) fn join_week(bodies: &[String]) -> String {
    let mut rules = Vec::new();
    let mut first = 0;
    for (last, body) in bodies.iter().enumerate() {
        if bodies.get(last + 1) == Some(body) {
            continue;
        }
        if (first, last, body.as_str()) == (0, 6, "00:00-24:00") {
            return "24/7".to_owned();
        }
        let days = match last - first {
            0 => DAYS[first].to_owned(),
            1 => format!("{},{}", DAYS[first], DAYS[last]),
            _ => format!("{}-{}", DAYS[first], DAYS[last]),
        };
        rules.push(format!("{days} {body}"));
        first = last + 1;
    }
    rules.join("; ")
}

/// «2027-01-01 closed; 2027-01-02 11:00-16:00» as OSM rules.
pub(super) fn special_rules(text: &str) -> Result<Vec<String>, HoursError> {
    let mut rules = Vec::new();
    let mut offset = 0;
    for part in text.split(';') {
        let lead = part.chars().take_while(|c| *c == ' ').count();
        let entry = part.trim();
        let start = offset + lead;
        offset += part.chars().count() + 1;
        if entry.is_empty() {
            continue;
        }
        let (dates, body) = entry.split_once(' ').unwrap_or((entry, ""));
        let dates = dates.trim_end_matches(':');
        let (from, to) = match dates.split_once("..").or_else(|| dates.split_once('/')) {
            Some((from, to)) => (parse_date(from), parse_date(to)),
            None => (parse_date(dates), parse_date(dates)),
        };
        let (Some(from), Some(to)) = (from, to) else {
            return Err(HoursError::Date { at: start + 1, text: dates.chars().take(30).collect() });
        };
        if to < from {
            return Err(HoursError::Date { at: start + 1, text: dates.to_owned() });
        }
        let body_start = start + entry.chars().count() - body.chars().count();
        if body.trim().is_empty() {
            return Err(HoursError::NoTimes { at: body_start + 1 });
        }
        let body = body_at(body, body_start)?;
        let from = from.format("%Y %b %d");
        rules.push(if dates.contains("..") || dates.contains('/') {
            format!("{from}-{} {body}", to.format("%Y %b %d"))
        } else {
            format!("{from} {body}")
        });
    }
    if rules.is_empty() { Err(HoursError::Empty) } else { Ok(rules) }
}

fn parse_date(text: &str) -> Option<NaiveDate> {
    // Exactly these lengths: chrono would also take "+12027-1-1".
    let date = match text.len() {
        10 => ["%Y-%m-%d", "%d.%m.%Y"].iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok()),
        _ => None,
    }?;
    (date >= NaiveDate::from_ymd_opt(2000, 1, 1)?).then_some(date)
}

fn body_at(text: &str, offset: usize) -> Result<String, HoursError> {
    let mut reader = Reader { tokens: read_tokens(text, offset)?, pos: 0 };
    reader.skip(&[Word::Filler, Word::Colon]);
    if reader.peek().word == Word::Dash {
        reader.pos += 1; // a lone dash is how people leave a day out
        return reader.end().map(|()| "off".to_owned());
    }
    let mut times = match reader.body()? {
        Some(Body::Times(times)) => times,
        Some(Body::Off) => return reader.end().map(|()| "off".to_owned()),
        None => return Err(reader.unexpected()),
    };
    reader.skip(&[Word::Comma, Word::Filler]);
    match reader.peek().word {
        Word::Break => {
            let (at, pause) = reader.pause()?;
            if !take_out(&mut times, &pause) {
                return Err(HoursError::Break { at });
            }
        }
        Word::NoBreak => reader.pos += 1,
        _ => {}
    }
    reader.end()?;
    Ok(times_to_osm(&times))
}

fn rule(days: &str, body: &Body) -> String {
    match body {
        Body::Off => format!("{days} off"),
        Body::Times(times) if days == "Mo-Su" && times == &[(0, DAY_MIN)] => "24/7".to_owned(),
        Body::Times(times) => format!("{days} {}", times_to_osm(times)),
    }
}

fn times_to_osm(times: &[(u16, u16)]) -> String {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let spans: Vec<String> = times.iter().map(|&(from, to)| format!("{}-{}", clock(from), clock(to))).collect();
    spans.join(",")
}

/// Takes the breaks out of the times; false when one of them is not strictly inside a span.
fn take_out(times: &mut Vec<(u16, u16)>, pauses: &[(u16, u16)]) -> bool {
    let mut left = times.clone();
    for &(from, to) in pauses {
        let Some(index) = left.iter().position(|&(open, close)| {
            // A night's end is below its beginning; breaks after midnight are not looked for.
            let close = if close <= open { close + DAY_MIN } else { close };
            open < from && from < to && to < close
        }) else {
            return false;
        };
        let (open, close) = left[index];
        left.splice(index..=index, [(open, from), (to, close)]);
    }
    *times = left;
    true
}

impl Selector {
    fn every() -> Self {
        Self { parts: vec!["Mo-Su".to_owned()], mask: EVERY_DAY, holidays: false }
    }

    fn to_osm(&self) -> String {
        // The grammar wants holidays before or after all weekdays; after reads better.
        let mut parts = self.parts.clone();
        if self.holidays {
            parts.push("PH".to_owned());
        }
        parts.join(",")
    }
}

struct Reader {
    tokens: Vec<Token>,
    pos: usize,
}

impl Reader {
    fn peek(&self) -> &Token {
        // The list ends with `End`, which is never stepped over.
        &self.tokens[self.pos.min(self.tokens.len() - 1)]
    }

    fn word(&self) -> Word {
        self.peek().word
    }

    fn word_after(&self, ahead: usize) -> Word {
        self.tokens[(self.pos + ahead).min(self.tokens.len() - 1)].word
    }

    fn skip(&mut self, words: &[Word]) {
        while words.contains(&self.word()) {
            self.pos += 1;
        }
    }

    fn unexpected(&self) -> HoursError {
        // In «по записи» it is the second word that is not understood.
        let joins = matches!(self.word(), Word::From | Word::To | Word::By) && self.word_after(1) == Word::Unknown;
        let Token { word, at, text } = &self.tokens[(self.pos + usize::from(joins)).min(self.tokens.len() - 1)];
        match word {
            Word::End => HoursError::Span { at: *at },
            _ if text.starts_with(|c: char| c.is_ascii_digit()) => HoursError::Time { at: *at, text: text.clone() },
            _ => HoursError::Word { at: *at, word: text.clone() },
        }
    }

    fn end(&mut self) -> Result<(), HoursError> {
        self.skip(&[Word::Semicolon, Word::Comma, Word::Filler]);
        if self.word() == Word::End { Ok(()) } else { Err(self.unexpected()) }
    }

    fn statements(&mut self) -> Result<Vec<Statement>, HoursError> {
        let mut done: Vec<Statement> = Vec::new();
        loop {
            self.skip(&[Word::Comma, Word::Semicolon, Word::Colon, Word::Dash, Word::Filler]);
            match self.word() {
                Word::End => return Ok(done),
                Word::NoBreak => self.pos += 1,
                Word::Break => {
                    let (at, pause) = self.pause()?;
                    let mut used = false;
                    for statement in done.iter_mut().filter(|statement| !statement.has_break) {
                        if let Body::Times(times) = &mut statement.body
                            && take_out(times, &pause)
                        {
                            statement.has_break = true;
                            used = true;
                        }
                    }
                    if !used {
                        return Err(HoursError::Break { at });
                    }
                }
                Word::Except => {
                    self.pos += 1;
                    let days = self.days_needed()?;
                    push(&mut done, days, Body::Off);
                }
                Word::CleaningDay => {
                    self.pos += 1;
                    self.skip(&[Word::Dash, Word::Colon, Word::Filler]);
                    let days = self.days_needed()?;
                    push(&mut done, days, Body::Off);
                }
                Word::Off => self.closing_first(&mut done)?,
                Word::Weekend => {
                    let start = self.pos;
                    self.pos += 1;
                    self.skip(&[Word::Dash, Word::Colon, Word::Filler]);
                    let days_follow = self.at_days();
                    self.pos = start;
                    if days_follow { self.closing_first(&mut done)? } else { self.days_first(&mut done)? }
                }
                _ if self.at_days() => self.days_first(&mut done)?,
                Word::Time(_) | Word::From | Word::AroundTheClock => self.times_first(&mut done)?,
                _ => return Err(self.unexpected()),
            }
        }
    }

    /// «выходной - вс»
    fn closing_first(&mut self, done: &mut Vec<Statement>) -> Result<(), HoursError> {
        self.pos += 1;
        self.skip(&[Word::Dash, Word::Colon, Word::Filler]);
        let start = self.pos;
        let mut days = self.days_needed()?;
        let after = self.pos;
        if self.at_body() {
            // The last days of the list belong to the times after it.
            self.pos = start;
            days = self.selector(false).ok_or(HoursError::NoDays { at: self.peek().at })?;
            if self.pos == after {
                return Err(self.unexpected());
            }
        }
        push(done, days, Body::Off);
        Ok(())
    }

    /// «пн-пт с 9 до 18», «ежедневно, кроме пн, 10-18»
    fn days_first(&mut self, done: &mut Vec<Statement>) -> Result<(), HoursError> {
        let days = self.days_needed()?;
        let mut except = None;
        let before = self.pos;
        self.skip(&[Word::Comma, Word::Filler]);
        if self.word() == Word::Except {
            self.pos += 1;
            except = Some(self.days_needed()?);
        } else {
            self.pos = before;
        }
        self.skip(&[Word::Colon, Word::Dash, Word::Filler, Word::Comma]);
        if let Some(body) = self.body()? {
            push(done, days, body);
        } else {
            // «пн-вс 9-20, без выходных» says again what was said.
            let said =
                done.last().is_some_and(|last| last.days.mask == EVERY_DAY && matches!(last.body, Body::Times(_)));
            if !(said && days == Selector::every()) {
                return Err(match self.word() {
                    Word::Unknown => self.unexpected(),
                    _ => HoursError::NoTimes { at: self.peek().at },
                });
            }
        }
        if let Some(days) = except {
            push(done, days, Body::Off);
        }
        Ok(())
    }

    /// «с 9 до 18 по будням»; with no days at all it means every day.
    fn times_first(&mut self, done: &mut Vec<Statement>) -> Result<(), HoursError> {
        let body = self.body()?.ok_or_else(|| self.unexpected())?;
        let after = self.pos;
        self.skip(&[Word::Comma, Word::Filler]);
        if let Some(days) = self.selector(true) {
            let end = self.pos;
            self.skip(&[Word::Colon, Word::Dash, Word::Filler]);
            if !self.at_body() && self.word() != Word::Except {
                self.pos = end;
                push(done, days, body);
                return Ok(());
            }
        }
        self.pos = after;
        push(done, Selector::every(), body);
        Ok(())
    }

    fn days_needed(&mut self) -> Result<Selector, HoursError> {
        self.selector(true).ok_or_else(|| match self.word() {
            Word::Unknown => self.unexpected(),
            _ => HoursError::NoDays { at: self.peek().at },
        })
    }

    fn at_days(&self) -> bool {
        let skipped = usize::from(matches!(self.word(), Word::From | Word::By));
        matches!(
            self.word_after(skipped),
            Word::Day(_) | Word::Every | Word::Workdays | Word::Weekend | Word::Holidays | Word::Nth(_)
        )
    }

    fn at_body(&self) -> bool {
        matches!(
            self.word(),
            Word::Time(_) | Word::From | Word::AroundTheClock | Word::Off | Word::Weekend | Word::CleaningDay
        )
    }

    /// Days, joined by commas when `list`; nothing is consumed when there are none.
    fn selector(&mut self, list: bool) -> Option<Selector> {
        let mut found = Selector { parts: Vec::new(), mask: 0, holidays: false };
        loop {
            let start = self.pos;
            if !found.parts.is_empty() || found.holidays {
                self.skip(&[Word::Comma, Word::Filler]);
            }
            // «сб, вс - выходные»: after days this word closes them; after a comma it may be days of its own.
            let is_first = found.parts.is_empty() && !found.holidays;
            if !self.at_days() || (!list && !is_first) || !self.one_of_days(&mut found) {
                self.pos = start;
                return (!is_first).then_some(found);
            }
        }
    }

    fn one_of_days(&mut self, found: &mut Selector) -> bool {
        self.skip(&[Word::From, Word::By]);
        let token = self.word();
        self.pos += 1;
        match token {
            Word::Day(first) => {
                // A full stop or «дни» may stand after the name.
                let joiner = matches!(self.word(), Word::Dash | Word::By | Word::To);
                if let (true, Word::Day(last)) = (joiner, self.word_after(1)) {
                    self.pos += 2;
                    let mut day = first;
                    found.mask |= 1 << first | 1 << last;
                    while day != last {
                        found.mask |= 1 << day;
                        day = (day + 1) % 7;
                    }
                    found.parts.push(format!("{}-{}", DAYS[usize::from(first)], DAYS[usize::from(last)]));
                } else {
                    found.mask |= 1 << first;
                    found.parts.push(DAYS[usize::from(first)].to_owned());
                }
            }
            Word::Every => {
                found.mask = EVERY_DAY;
                found.parts.push("Mo-Su".to_owned());
            }
            Word::Workdays => {
                found.mask |= WORKDAYS;
                found.parts.push("Mo-Fr".to_owned());
            }
            Word::Weekend => {
                found.mask |= !WORKDAYS & EVERY_DAY;
                found.parts.push("Sa,Su".to_owned());
            }
            Word::Holidays => found.holidays = true,
            Word::Nth(nth) => {
                self.skip(&[Word::Filler]);
                let Word::Day(day) = self.word() else {
                    return false;
                };
                self.pos += 1;
                self.skip(&[Word::Filler, Word::OfMonth]);
                found.parts.push(format!("{}[{nth}]", DAYS[usize::from(day)]));
            }
            _ => return false,
        }
        self.skip(&[Word::Filler]);
        true
    }

    fn body(&mut self) -> Result<Option<Body>, HoursError> {
        match self.word() {
            Word::Off | Word::Weekend | Word::CleaningDay => {
                self.pos += 1;
                self.skip(&[Word::Filler]);
                Ok(Some(Body::Off))
            }
            Word::AroundTheClock => {
                self.pos += 1;
                Ok(Some(Body::Times(vec![(0, DAY_MIN)])))
            }
            Word::Time(_) | Word::From => Ok(Some(Body::Times(self.times()?))),
            _ => Ok(None),
        }
    }

    fn pause(&mut self) -> Result<(usize, Vec<(u16, u16)>), HoursError> {
        let at = self.peek().at;
        self.pos += 1;
        self.skip(&[Word::Dash, Word::Colon, Word::Filler]);
        if !matches!(self.word(), Word::Time(_) | Word::From) {
            return Err(self.unexpected());
        }
        Ok((at, self.times()?))
    }

    fn times(&mut self) -> Result<Vec<(u16, u16)>, HoursError> {
        let mut times = vec![self.span()?];
        loop {
            let start = self.pos;
            self.skip(&[Word::Comma]);
            let is_span = matches!(self.word(), Word::Time(_))
                || (self.word() == Word::From && matches!(self.word_after(1), Word::Time(_)));
            if !is_span {
                self.pos = start;
                return Ok(times);
            }
            times.push(self.span()?);
        }
    }

    fn span(&mut self) -> Result<(u16, u16), HoursError> {
        self.skip(&[Word::From]);
        let start = self.peek().clone();
        let from = self.time()?;
        if !matches!(self.word(), Word::Dash | Word::To | Word::By) {
            return Err(HoursError::Span { at: self.peek().at });
        }
        self.pos += 1;
        self.skip(&[Word::Filler]);
        let mut to = self.time()?;
        if to == 0 {
            to = DAY_MIN;
        }
        if from == to || from == DAY_MIN {
            return Err(HoursError::Time { at: start.at, text: start.text });
        }
        Ok((from, to))
    }

    fn time(&mut self) -> Result<u16, HoursError> {
        let Word::Time(minute) = self.word() else {
            return Err(match self.word() {
                Word::Unknown => self.unexpected(),
                _ => HoursError::Span { at: self.peek().at },
            });
        };
        self.pos += 1;
        self.skip(&[Word::Filler]);
        Ok(minute)
    }
}

/// Adds a statement. Hours for days that already have some are more hours, as in «пн 9-13; пн 14-18»: in OSM syntax
/// a second rule would replace the first.
fn push(done: &mut Vec<Statement>, days: Selector, body: Body) {
    if let Body::Times(more) = &body
        && let Some(Body::Times(times)) =
            done.iter_mut().find(|statement| statement.days == days).map(|statement| &mut statement.body)
    {
        times.extend(more);
        return;
    }
    done.push(Statement { days, body, has_break: false });
}
