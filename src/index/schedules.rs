//! The distinct schedules of a segment, and what they say at a moment.
//!
//! A million places share few schedules. Each is evaluated when it is asked after and kept until its own next change,
//! at most a minute, so "open now" costs one comparison, and no write is needed when a place closes.

use crate::domain::hours::{Hours, HoursState};
use arc_swap::ArcSwapOption;
use chrono::{DateTime, DurationRound, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;
use std::collections::HashMap;
use std::sync::Arc;

/// The number of a schedule in its segment.
pub type ScheduleId = u32;

/// A state is kept for this long at most.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(1);

/// Until when a state holds for certain. `next_change` does not tell when "closed" turns into "not known" or back, but
/// hours change at full minutes only.
fn holds_until(at: DateTime<Utc>, state: HoursState) -> DateTime<Utc> {
    let latest = match state.open {
        Some(true) => at + LOOK_AGAIN,
        _ => at.duration_trunc(LOOK_AGAIN).unwrap_or(at) + LOOK_AGAIN,
    };
    state.next_change.map_or(latest, |change| change.min(latest))
}

/// Hours at a place's own clock.
#[derive(Debug)]
pub struct Schedule {
    /// The text and its meaning; `None` when no hours are known: then a place is neither open nor closed.
    pub hours: Option<Hours>,
    /// The clock.
    pub time_zone: Tz,
    now: ArcSwapOption<Said>,
}

/// What a schedule says between two moments.
#[derive(Debug)]
struct Said {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    open: Option<bool>,
    /// The properties of an answer, ready to be spliced in.
    json: Box<str>,
}

/// The schedules of one segment, each once.
#[derive(Debug, Default)]
pub struct Schedules(Vec<Schedule>);

/// The schedules of one time zone by their text, and the one of no known hours.
#[derive(Debug, Default)]
struct OfZone {
    unknown: Option<ScheduleId>,
    by_text: HashMap<Box<str>, ScheduleId>,
}

/// Collects [`Schedules`].
#[derive(Debug, Default)]
pub struct Interner {
    known: HashMap<Tz, OfZone>,
    schedules: Vec<Schedule>,
}

impl Interner {
    /// The number of these hours, new or known.
    pub fn intern(&mut self, hours: Option<&Hours>, time_zone: Tz) -> ScheduleId {
        let of_zone = self.known.entry(time_zone).or_default();
        let known = match hours {
            Some(hours) => of_zone.by_text.get(hours.as_str()).copied(),
            None => of_zone.unknown,
        };
        if let Some(id) = known {
            return id;
        }
        let id = self.schedules.len() as ScheduleId;
        match hours {
            Some(hours) => _ = of_zone.by_text.insert(hours.as_str().into(), id),
            None => of_zone.unknown = Some(id),
        }
        self.schedules.push(Schedule { hours: hours.cloned(), time_zone, now: ArcSwapOption::empty() });
        id
    }

    /// All of them.
    pub fn build(self) -> Schedules {
        Schedules(self.schedules)
    }
}

impl Schedules {
    /// The schedule of a number.
    pub fn get(&self, id: ScheduleId) -> &Schedule {
        &self.0[id as usize]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Which schedules are open at a moment, by number.
    pub fn open_at(&self, at: DateTime<Utc>) -> Vec<bool> {
        self.0.iter().map(|s| s.said(at, |said| said.open == Some(true))).collect()
    }

    /// Appends `,"open":…` with its next change as an answer carries it; answers when it will change.
    pub fn splice(&self, id: ScheduleId, at: DateTime<Utc>, out: &mut Vec<u8>) -> Option<DateTime<Utc>> {
        let schedule = self.get(id);
        schedule.said(at, |said| {
            out.extend_from_slice(said.json.as_bytes());
            schedule.hours.as_ref().map(|_| said.until)
        })
    }
}

impl Schedule {
    fn said<T>(&self, at: DateTime<Utc>, read: impl FnOnce(&Said) -> T) -> T {
        let kept = self.now.load();
        if let Some(said) = kept.as_ref().filter(|said| said.from <= at && at < said.until) {
            return read(said);
        }
        let state = self
            .hours
            .as_ref()
            .map_or(HoursState { open: None, next_change: None }, |hours| hours.state(at, self.time_zone));
        let HoursState { open, next_change } = state;
        let mut json = match open {
            Some(true) => r#","open":true"#.to_owned(),
            Some(false) => r#","open":false"#.to_owned(),
            None => r#","open":null"#.to_owned(),
        };
        if let (Some(open), Some(change)) = (open, next_change) {
            let local = change.with_timezone(&self.time_zone).to_rfc3339_opts(SecondsFormat::Secs, false);
            json.push_str(if open { r#","open_until":""# } else { r#","opens_at":""# });
            json.push_str(&local);
            json.push('"');
        }
        let said = Said { from: at, until: holds_until(at, state), open, json: json.into() };
        let answer = read(&said);
        self.now.store(Some(Arc::new(said)));
        answer
    }
}
