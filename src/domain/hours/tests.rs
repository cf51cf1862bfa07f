use std::time::{Duration as StdDuration, Instant};

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

use super::error::{HoursError, Unsupported};
use super::{Hours, Interval, MAX_CHARS, holidays, is_public_holiday};

const MUSEUM: &str = "We-Su 10:00-18:00; Mo,Tu off";
const OFFICE: &str = "Mo-Fr 08:30-17:00; PH off";
const SHOP: &str = "Mo-Su 09:00-21:00";
const LIBRARY: &str = "Mo-Fr 09:00-18:00; Su 10:00-17:00; We[-1] off";
const PHARMACY: &str = "Mo-Fr 08:00-21:00; Sa,Su 09:00-20:00; Jan 1 off";
const PARK: &str = "Apr 01-Oct 31: Mo-Su 10:00-22:00; Nov 01-Mar 31: Sa,Su 11:00-18:00";
const GALLERY: &str = "Tu-Su 10:00-18:00; Th 12:00-20:00; Mo off; We[-1] off";
const CAFE: &str = "Mo-Th 10:00-22:00; Fr,Sa 10:00-02:00; Su 10:00-22:00";

const DEMO: [&str; 9] = [MUSEUM, OFFICE, SHOP, LIBRARY, PHARMACY, PARK, GALLERY, CAFE, "24/7"];

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);
const UNKNOWN: Option<bool> = None;
const NEVER: &str = "";

const MSK: Tz = Tz::Europe__Moscow;
const VVO: Tz = Tz::Asia__Vladivostok;
const BERLIN: Tz = Tz::Europe__Berlin;
const KIRITIMATI: Tz = Tz::Pacific__Kiritimati;

/// Thought out by hand from the specification; 2026-11-22 is a Sunday, 2026-11-25 the last Wednesday, 2026-11-24 the
/// last Tuesday of the month, 2027-01-01 a Friday. (hours, zone, local time, open, next change).
#[rustfmt::skip]
const CASES: &[(&str, Tz, &str, Option<bool>, &str)] = &[
    // The edge minute.
    (MUSEUM, MSK, "2026-11-25 09:59:59", NO, "2026-11-25 10:00"),
    (MUSEUM, MSK, "2026-11-25 10:00:00", YES, "2026-11-25 18:00"),
    (MUSEUM, MSK, "2026-11-25 17:59:59", YES, "2026-11-25 18:00"),
    (MUSEUM, MSK, "2026-11-25 18:00:00", NO, "2026-11-26 10:00"),
    (MUSEUM, MSK, "2026-11-29 18:00:00", NO, "2026-12-02 10:00"),
    (MUSEUM, MSK, "2026-11-23 12:00:00", NO, "2026-11-25 10:00"),
    (SHOP, MSK, "2026-11-22 20:59:59", YES, "2026-11-22 21:00"),
    (SHOP, MSK, "2026-11-22 21:00:00", NO, "2026-11-23 09:00"),
    // Holidays: the fixed ones, the moved ones, 31 December of both years.
    (OFFICE, MSK, "2026-11-23 08:30:00", YES, "2026-11-23 17:00"),
    (OFFICE, MSK, "2026-11-27 17:00:00", NO, "2026-11-30 08:30"),
    (OFFICE, MSK, "2026-12-30 16:00:00", YES, "2026-12-30 17:00"),
    (OFFICE, MSK, "2026-12-30 17:00:00", NO, "2027-01-11 08:30"),
    (OFFICE, MSK, "2026-12-31 12:00:00", NO, "2027-01-11 08:30"),
    (OFFICE, MSK, "2025-12-31 10:00:00", NO, "2026-01-12 08:30"),
    (OFFICE, MSK, "2025-11-01 12:00:00", NO, "2025-11-05 08:30"),
    (OFFICE, MSK, "2026-03-09 12:00:00", NO, "2026-03-10 08:30"),
    (OFFICE, MSK, "2025-06-13 12:00:00", NO, "2025-06-16 08:30"),
    ("Mo-Fr 09:00-18:00; PH 11:00-15:00", MSK, "2027-01-01 10:00:00", NO, "2027-01-01 11:00"),
    ("Mo-Fr 09:00-18:00; PH 11:00-15:00", MSK, "2027-01-01 12:00:00", YES, "2027-01-01 15:00"),
    ("Mo-Fr 09:00-18:00; PH 11:00-15:00", MSK, "2026-05-09 12:00:00", YES, "2026-05-09 15:00"),
    ("Mo-Su 09:00-18:00; PH -1 day 09:00-16:00", MSK, "2026-11-03 16:30:00", NO, "2026-11-04 09:00"),
    ("Mo-Su 09:00-18:00; PH +1 day 12:00-14:00", MSK, "2026-11-05 12:30:00", YES, "2026-11-05 14:00"),
    (PHARMACY, MSK, "2026-12-31 20:00:00", YES, "2026-12-31 21:00"),
    (PHARMACY, MSK, "2026-12-31 21:00:00", NO, "2027-01-02 09:00"),
    (PHARMACY, MSK, "2027-01-01 12:00:00", NO, "2027-01-02 09:00"),
    (PHARMACY, MSK, "2026-11-28 08:30:00", NO, "2026-11-28 09:00"),
    // The last weekday of a month, on it and off it.
    (LIBRARY, MSK, "2026-11-25 12:00:00", NO, "2026-11-26 09:00"),
    (LIBRARY, MSK, "2026-11-18 12:00:00", YES, "2026-11-18 18:00"),
    (LIBRARY, MSK, "2026-11-24 18:00:00", NO, "2026-11-26 09:00"),
    (LIBRARY, MSK, "2026-11-28 12:00:00", NO, "2026-11-29 10:00"),
    ("Mo-Fr 09:00-18:00; Tu[-1] off", MSK, "2026-11-24 10:00:00", NO, "2026-11-25 09:00"),
    ("Mo-Fr 09:00-18:00; Tu[-1] off", MSK, "2026-11-17 10:00:00", YES, "2026-11-17 18:00"),
    (GALLERY, MSK, "2026-11-26 10:30:00", NO, "2026-11-26 12:00"),
    (GALLERY, MSK, "2026-11-26 19:00:00", YES, "2026-11-26 20:00"),
    (GALLERY, MSK, "2026-11-25 12:00:00", NO, "2026-11-26 12:00"),
    (GALLERY, MSK, "2026-11-23 12:00:00", NO, "2026-11-24 10:00"),
    // Seasons and the turn of the year.
    (PARK, MSK, "2026-10-31 21:00:00", YES, "2026-10-31 22:00"),
    (PARK, MSK, "2026-10-31 22:00:00", NO, "2026-11-01 11:00"),
    (PARK, MSK, "2026-11-23 12:00:00", NO, "2026-11-28 11:00"),
    (PARK, MSK, "2026-12-31 12:00:00", NO, "2027-01-02 11:00"),
    (PARK, MSK, "2027-03-31 12:00:00", NO, "2027-04-01 10:00"),
    ("Mo-Su 10:00-18:00; Dec 25-Jan 05 off", MSK, "2026-12-24 18:00:00", NO, "2027-01-06 10:00"),
    // Nights: a night belongs to the day it begins, whatever the next day says.
    (CAFE, MSK, "2026-11-27 23:00:00", YES, "2026-11-28 02:00"),
    (CAFE, MSK, "2026-11-28 01:30:00", YES, "2026-11-28 02:00"),
    (CAFE, MSK, "2026-11-29 01:59:59", YES, "2026-11-29 02:00"),
    (CAFE, MSK, "2026-11-29 02:00:00", NO, "2026-11-29 10:00"),
    (CAFE, MSK, "2026-11-27 01:00:00", NO, "2026-11-27 10:00"),
    ("Mo-Su 22:00-02:00; Su off", MSK, "2026-11-29 01:00:00", YES, "2026-11-29 02:00"),
    ("Mo-Su 22:00-02:00; Su off", MSK, "2026-11-29 23:00:00", NO, "2026-11-30 22:00"),
    ("Tu 23:59-48:00", MSK, "2026-11-24 23:59:00", YES, "2026-11-26 00:00"),
    ("Mo-Su 10:00-00:00", MSK, "2026-11-24 23:30:00", YES, "2026-11-25 00:00"),
    ("We 22:00-22:00", MSK, "2026-11-26 21:00:00", YES, "2026-11-26 22:00"),
    // Always, never, whole days, one day.
    ("24/7", MSK, "2026-11-22 12:00:00", YES, NEVER),
    ("off", MSK, "2026-11-22 12:00:00", NO, NEVER),
    ("closed", MSK, "2026-11-22 12:00:00", NO, NEVER),
    ("24/7; Jan 1 off", MSK, "2026-11-22 12:00:00", YES, "2027-01-01 00:00"),
    ("24/7; Jan 1 off", MSK, "2027-01-01 12:00:00", NO, "2027-01-02 00:00"),
    ("Mo-Fr 00:00-24:00", MSK, "2026-11-26 12:00:00", YES, "2026-11-28 00:00"),
    ("2026 Nov 22 10:00-18:00", MSK, "2026-11-22 12:00:00", YES, "2026-11-22 18:00"),
    ("2026 Nov 22 10:00-18:00", MSK, "2026-11-22 19:00:00", NO, NEVER),
    ("2026 Nov 10:00-18:00", MSK, "2026-11-30 12:00:00", YES, "2026-11-30 18:00"),
    ("2026 Nov 10:00-18:00", MSK, "2026-10-31 12:00:00", NO, "2026-11-01 10:00"),
    ("2020-2025 10:00-18:00", MSK, "2026-11-22 12:00:00", NO, NEVER),
    // Breaks, and stretches that touch.
    ("Mo-Fr 09:00-13:00,14:00-18:00", MSK, "2026-11-23 12:00:00", YES, "2026-11-23 13:00"),
    ("Mo-Fr 09:00-13:00,14:00-18:00", MSK, "2026-11-23 13:30:00", NO, "2026-11-23 14:00"),
    ("Mo-Fr 10:00-14:00,14:00-18:00", MSK, "2026-11-23 14:00:00", YES, "2026-11-23 18:00"),
    ("Mo-Fr 09:00-18:00; 12:00-13:00 off", MSK, "2026-11-23 11:00:00", YES, "2026-11-23 12:00"),
    ("Mo-Fr 09:00-18:00; 12:00-13:00 off", MSK, "2026-11-23 12:30:00", NO, "2026-11-23 13:00"),
    // Normal rules replace the day, additional ones add to it, fallbacks fill what is left.
    ("Mo-Fr 09:00-12:00; We 14:00-18:00", MSK, "2026-11-25 10:00:00", NO, "2026-11-25 14:00"),
    ("Mo-Fr 09:00-12:00, We 14:00-18:00", MSK, "2026-11-25 11:00:00", YES, "2026-11-25 12:00"),
    ("Mo-Fr 09:00-12:00, We 14:00-18:00", MSK, "2026-11-25 13:00:00", NO, "2026-11-25 14:00"),
    ("Mo-Fr 10:00-18:00 || \"по звонку\"", MSK, "2026-11-23 12:00:00", YES, "2026-11-23 18:00"),
    ("Mo-Fr 10:00-18:00 || \"по звонку\"", MSK, "2026-11-23 20:00:00", UNKNOWN, "2026-11-24 10:00"),
    ("Mo-Fr 10:00-18:00 || Su 12:00-14:00", MSK, "2026-11-22 12:30:00", YES, "2026-11-22 14:00"),
    // Not known.
    ("Mo-Fr 10:00-18:00 unknown", MSK, "2026-11-23 12:00:00", UNKNOWN, NEVER),
    ("Mo-Fr 10:00-18:00 unknown", MSK, "2026-11-23 19:00:00", NO, NEVER),
    ("Mo-Fr 10:00-18:00 \"по записи\"", MSK, "2026-11-23 12:00:00", UNKNOWN, NEVER),
    ("Mo-Fr 10:00-18:00 open \"вход со двора\"", MSK, "2026-11-23 12:00:00", YES, "2026-11-23 18:00"),
    ("Mo-Fr 10:00-16:00; Sa 10:00-14:00 unknown", MSK, "2026-11-28 11:00:00", UNKNOWN, "2026-11-30 10:00"),
    ("\"by appointment\"", MSK, "2026-11-23 12:00:00", UNKNOWN, NEVER),
    ("sunrise-sunset", MSK, "2026-11-23 12:00:00", UNKNOWN, NEVER),
    // Open ends.
    ("18:00+", MSK, "2026-11-23 17:59:59", NO, NEVER),
    ("18:00+", MSK, "2026-11-23 19:00:00", UNKNOWN, NEVER),
    ("Mo-Su 10:00-16:00+", MSK, "2026-11-23 12:00:00", YES, "2026-11-23 16:00"),
    ("Mo-Su 10:00-16:00+", MSK, "2026-11-23 17:00:00", UNKNOWN, "2026-11-24 10:00"),
    ("17:00-19:00+", MSK, "2026-11-24 04:59:59", UNKNOWN, "2026-11-24 17:00"),
    ("17:00-19:00+", MSK, "2026-11-24 05:00:00", NO, "2026-11-24 17:00"),
    // Weeks: 2026-11-23 begins week 48.
    ("week 01-53/2 Mo-Fr 09:00-18:00", MSK, "2026-11-23 12:00:00", NO, "2026-11-30 09:00"),
    ("week 48 Mo 10:00-12:00", MSK, "2026-11-23 11:00:00", YES, "2026-11-23 12:00"),
    // Other zones.
    ("Mo-Fr 09:00-18:00", VVO, "2026-11-23 09:00:00", YES, "2026-11-23 18:00"),
    ("Mo-Fr 09:00-18:00", VVO, "2026-11-27 18:00:00", NO, "2026-11-30 09:00"),
    ("Mo-Fr 09:00-18:00", KIRITIMATI, "2026-11-23 09:00:00", YES, "2026-11-23 18:00"),
    (CAFE, KIRITIMATI, "2026-11-29 01:59:59", YES, "2026-11-29 02:00"),
    // Berlin, 2027-03-28: 02:00 becomes 03:00. What would happen in between happens at 03:00.
    ("Mo-Su 00:00-02:30", BERLIN, "2027-03-28 01:59:00", YES, "2027-03-28 03:00"),
    ("Mo-Su 00:00-02:30", BERLIN, "2027-03-28 03:00:00", NO, "2027-03-29 00:00"),
    ("Mo-Su 02:15-05:00", BERLIN, "2027-03-28 01:59:59", NO, "2027-03-28 03:00"),
    ("Mo-Su 02:15-05:00", BERLIN, "2027-03-28 03:00:00", YES, "2027-03-28 05:00"),
    ("Sa 22:00-04:00", BERLIN, "2027-03-27 23:00:00", YES, "2027-03-28 04:00"),
    ("Mo-Su 02:10-02:50", BERLIN, "2027-03-28 01:00:00", NO, "2027-03-29 02:10"),
];

fn at_local(tz: Tz, local: &str) -> DateTime<Utc> {
    let naive = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M:%S").expect("a time of the table");
    tz.from_local_datetime(&naive).earliest().expect("a time that exists").to_utc()
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant of a test")
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date of a test")
}

fn hours(text: &str) -> Hours {
    Hours::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn state_of_every_case() {
    let mut wrong = Vec::new();
    for &(text, tz, local, open, change) in CASES {
        let state = hours(text).state(at_local(tz, local), tz);
        let got =
            state.next_change.map_or(String::new(), |at| at.with_timezone(&tz).format("%Y-%m-%d %H:%M").to_string());
        if (state.open, got.as_str()) != (open, change) {
            wrong
                .push(format!("{text} at {local}: {:?} until {got:?}, expected {open:?} until {change:?}", state.open));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn next_change_is_the_first_instant_of_another_state() {
    // What `state` says at the change and one second before it must agree with the change itself.
    for &(text, tz, local, ..) in CASES {
        let (hours, mut at) = (hours(text), at_local(tz, local));
        for _ in 0..20 {
            let now = hours.state(at, tz);
            let Some(change) = now.next_change else { break };
            assert!(change > at, "{text} at {at}");
            let before = hours.state(change - chrono::Duration::seconds(1), tz);
            assert_eq!(before.open == YES, now.open == YES, "{text} before {change}");
            assert_eq!(hours.state(change, tz).open == YES, now.open != YES, "{text} at {change}");
            at = change;
        }
    }
}

#[test]
fn clocks_set_back_keep_one_stretch_whole() {
    // Berlin, 2026-10-25: 03:00 becomes 02:00, so 02:30 passes at 00:30Z and at 01:30Z.
    let hours = hours("Mo-Su 01:00-02:30");
    for at in ["2026-10-24T23:00:00Z", "2026-10-25T00:45:00Z", "2026-10-25T01:29:59Z"] {
        let state = hours.state(utc(at), BERLIN);
        assert_eq!((state.open, state.next_change), (YES, Some(utc("2026-10-25T01:30:00Z"))), "{at}");
    }
    assert_eq!(hours.state(utc("2026-10-25T01:30:00Z"), BERLIN).open, NO);
}

#[test]
fn zones_differ_at_one_instant() {
    let office = hours("Mo-Fr 09:00-18:00");
    // Monday 09:00 in Vladivostok is Sunday 23:00 in Greenwich.
    let at = utc("2026-11-22T23:00:00Z");
    assert_eq!(office.state(at, VVO).open, YES);
    assert_eq!(office.state(at, MSK).next_change, Some(utc("2026-11-23T06:00:00Z")));
    assert_eq!(office.state(utc("2026-11-22T19:00:00Z"), KIRITIMATI).next_change, Some(utc("2026-11-23T04:00:00Z")));
}

#[test]
fn far_years_are_unknown_and_do_not_panic() {
    for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC, utc("1899-01-01T00:00:00Z")] {
        assert_eq!(hours("24/7").state(at, MSK).open, None);
    }
    let _ = hours("Mo-Su 22:00-04:00").week(NaiveDate::MAX);
    let _ = hours("PH +9999 days off").week(NaiveDate::MIN);
}

fn day_of(hours: &Hours, day: &str) -> Vec<(u16, u16)> {
    hours.week(date(day))[0].intervals.iter().map(|&Interval { from_min, to_min }| (from_min, to_min)).collect()
}

#[test]
fn week_shows_a_night_on_the_day_it_begins() {
    let week = hours(CAFE).week(date("2026-11-22"));
    assert_eq!(week.len(), 7);
    let spans: Vec<_> =
        week.iter().map(|day| (day.weekday, day.intervals[0].from_min, day.intervals[0].to_min)).collect();
    assert_eq!(spans[0], (Weekday::Sun, 600, 1320));
    assert_eq!(spans[5], (Weekday::Fri, 600, 1560));
    assert_eq!(spans[6], (Weekday::Sat, 600, 1560));
    assert!(week.iter().all(|day| day.intervals.len() == 1 && day.unknown.is_empty()));
}

#[test]
fn week_of_special_forms() {
    assert_eq!(day_of(&hours("24/7"), "2026-11-22"), [(0, 1440)]);
    assert_eq!(day_of(&hours("off"), "2026-11-22"), []);
    assert_eq!(day_of(&hours("10:00-14:00,14:00-18:00"), "2026-11-22"), [(600, 1080)]);
    assert_eq!(day_of(&hours("Mo-Su 09:00-18:00; 12:00-13:00 off"), "2026-11-22"), [(540, 720), (780, 1080)]);
    let day = &hours("Mo-Fr 10:00-16:00 \"по записи\"; Fr 10:00-12:00").week(date("2026-11-26"))[..2];
    assert_eq!(day[0].unknown, [Interval { from_min: 600, to_min: 960 }]);
    assert_eq!((day[0].intervals.len(), day[0].comment.as_deref()), (0, Some("по записи")));
    assert_eq!((day[1].intervals.len(), day[1].unknown.len(), &day[1].comment), (1, 0, &None));
    let turn = hours(OFFICE).week(date("2026-12-30"));
    let holidays: Vec<bool> = turn.iter().map(|day| day.holiday).collect();
    assert_eq!(holidays, [false, true, true, true, true, true, true]);
    assert!(turn[1..].iter().all(|day| day.intervals.is_empty()));
}

#[test]
fn holidays_are_those_of_the_law_and_the_decrees() {
    let days = |year: i32| {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).expect("a year");
        first
            .iter_days()
            .take(366)
            .filter(|day| is_public_holiday(*day) && day.format("%Y").to_string() == year.to_string())
            .map(|day| day.format("%m-%d").to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let january = "01-01 01-02 01-03 01-04 01-05 01-06 01-07 01-08";
    assert_eq!(days(2025), format!("{january} 02-23 03-08 05-01 05-02 05-08 05-09 06-12 06-13 11-03 11-04 12-31"));
    assert_eq!(days(2026), format!("{january} 01-09 02-23 03-08 03-09 05-01 05-09 05-11 06-12 11-04 12-31"));
    // No decree in the table: the fixed days only.
    assert_eq!(days(2031), format!("{january} 02-23 03-08 05-01 05-09 06-12 11-04"));
    assert!(!is_public_holiday(date("2025-11-01")), "a worked Saturday");
}

#[test]
fn holiday_table_reads_and_the_crate_gets_the_same_days() {
    let table = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/holidays_ru.csv"));
    assert_eq!(holidays::parse_table(table).map(|days| days.len()), Ok(9));
    assert_eq!(holidays::parse_table("2026-13-01,x,dayoff"), Err(1));
    assert_eq!(holidays::parse_table("date,name_ru,kind\n2026-12-01,x,holyday"), Err(2));
    let calendar = holidays::calendar();
    for day in date("2020-01-01").iter_days().take(5_000) {
        assert_eq!(calendar.get_public().contains(day), is_public_holiday(day), "{day}");
    }
}

#[rustfmt::skip]
const RUSSIAN: &[(&str, &str)] = &[
    ("Пн-Пт 09:00-18:00; Сб 10:00-14:00", "Mo-Fr 09:00-18:00; Sa 10:00-14:00"),
    ("пн–пт с 9 до 18, сб 10-14, вс выходной", "Mo-Fr 09:00-18:00; Sa 10:00-14:00; Su off"),
    ("ежедневно 10:00-21:00", "Mo-Su 10:00-21:00"),
    ("ежедн. с 10 до 21", "Mo-Su 10:00-21:00"),
    ("круглосуточно", "24/7"),
    ("Ежедневно, круглосуточно", "24/7"),
    ("24 часа", "24/7"),
    ("без выходных 9-20", "Mo-Su 09:00-20:00"),
    ("9-20 без выходных", "Mo-Su 09:00-20:00"),
    ("пн-вс 9-20, без выходных, без перерыва", "Mo-Su 09:00-20:00"),
    ("пн-пт 8.00-17.00, перерыв 12.00-13.00", "Mo-Fr 08:00-12:00,13:00-17:00"),
    ("пн-пт 8-17, сб 9-15, обед с 12 до 13", "Mo-Fr 08:00-12:00,13:00-17:00; Sa 09:00-12:00,13:00-15:00"),
    ("пн-пт 8-17, перерыв 12-13, сб 9-15", "Mo-Fr 08:00-12:00,13:00-17:00; Sa 09:00-15:00"),
    ("вт-вс 10:00-18:00, пн - выходной", "Tu-Su 10:00-18:00; Mo off"),
    ("будни 9:00–18:00, выходные 10–16", "Mo-Fr 09:00-18:00; Sa,Su 10:00-16:00"),
    ("с 9 до 18 по будням", "Mo-Fr 09:00-18:00"),
    ("по будням с 9:00 до 18:00, по субботам с 10:00 до 15:00", "Mo-Fr 09:00-18:00; Sa 10:00-15:00"),
    ("10:00-18:00, кроме понедельника", "Mo-Su 10:00-18:00; Mo off"),
    ("ежедневно, кроме пн, 10-18", "Mo-Su 10:00-18:00; Mo off"),
    ("вт-вс 10-18; последняя среда месяца - санитарный день", "Tu-Su 10:00-18:00; We[-1] off"),
    ("вт-вс 10-18, санитарный день – последний четверг каждого месяца", "Tu-Su 10:00-18:00; Th[-1] off"),
    ("с понедельника по пятницу с 9-00 до 18-00", "Mo-Fr 09:00-18:00"),
    ("пн-чт 09-00 - 18-00, пт 09-00 - 16-45", "Mo-Th 09:00-18:00; Fr 09:00-16:45"),
    ("Пн, Ср, Пт: 9:00-13:00, 14:00-18:00", "Mo,We,Fr 09:00-13:00,14:00-18:00"),
    ("пн-чт 12-24, пт-сб 12-02", "Mo-Th 12:00-24:00; Fr-Sa 12:00-02:00"),
    ("пн-вс 10:00-00:00", "Mo-Su 10:00-24:00"),
    ("сб, вс - выходные; пн-пт 9-18", "Sa,Su off; Mo-Fr 09:00-18:00"),
    ("пн-пт 9-18, выходные: сб, вс", "Mo-Fr 09:00-18:00; Sa,Su off"),
    ("выходной - воскресенье, пн-сб 9-18", "Su off; Mo-Sa 09:00-18:00"),
    ("пн-пт 9-18, сб и праздничные дни 10-16", "Mo-Fr 09:00-18:00; Sa,PH 10:00-16:00"),
    ("ежедневно 9-21, в праздники закрыто", "Mo-Su 09:00-21:00; PH off"),
    ("режим работы: ПН-ПТ С 08:00 ДО 20:00", "Mo-Fr 08:00-20:00"),
    ("пн 9-13; пн 14-18", "Mo 09:00-13:00,14:00-18:00"),
    ("вс не работает, пн-сб 9 ч - 18 ч", "Su off; Mo-Sa 09:00-18:00"),
    ("Mo–Fr 9–18, Sat closed", "Mo-Fr 09:00-18:00; Sa off"),
    ("круглосуточно, кроме вс", "24/7; Su off"),
    ("каждый день 8:00-22:00", "Mo-Su 08:00-22:00"),
    ("сб 10-14, ежедневно 9-18", "Mo-Su 09:00-18:00; Sa 10:00-14:00"),
    ("вс выходной, ежедневно 9-18", "Mo-Su 09:00-18:00; Su off"),
    ("санитарный день - последняя среда месяца; вт-вс 10-18", "Tu-Su 10:00-18:00; We[-1] off"),
    ("09:00:00-18:00:00", "Mo-Su 09:00-18:00"),
];

#[test]
fn russian_words_become_osm_syntax() {
    let mut wrong = Vec::new();
    for (input, expected) in RUSSIAN {
        match Hours::from_text(input) {
            Ok(found) if found.hours.as_str() == *expected && found.translated => {}
            other => wrong.push(format!("{input}: {other:?}, expected {expected}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[rustfmt::skip]
const REFUSED: &[(&str, &str)] = &[
    ("", "Часы работы пусты"),
    ("  ; ", "Часы работы пусты"),
    ("вт-вс 10-18, касса до 17", "Не понято «касса» (знак 14)"),
    ("по записи", "Не понято «записи» (знак 4)"),
    ("по будням", "Для дней перед знаком 10 не указаны ни часы, ни слово «выходной»"),
    ("кроме понедельника", "Для дней перед знаком 19 не указаны ни часы, ни слово «выходной»"),
    ("летом 10-20", "Не понято «летом» (знак 1)"),
    ("пн-пт с 9", "У знака 10 нужны и начало, и конец, например 09:00-18:00"),
    ("пн-пт до 18", "Для дней перед знаком 7 не указаны ни часы, ни слово «выходной»"),
    ("пн-пт 9-25", "«25» (знак 9) — не время суток"),
    ("пн-пт 9:60-18:00", "«9:60» (знак 7) — не время суток"),
    ("с 01.05 по 30.09 10-18", "«01.05» (знак 3) — не время суток"),
    ("пн-пт 9-18, перерыв 19-20", "Перерыв у знака 13 не попадает в часы работы перед ним"),
    ("пн-пт", "Для дней перед знаком 6 не указаны ни часы, ни слово «выходной»"),
    ("санитарный день", "У знака 16 не указан день"),
    ("Mo-Fr 10:00-18:00x", "Часы работы не читаются со знака 18: «x»"),
    ("Mo-Fr 10:00-18:00; SH off", "Школьные каникулы (SH) сервису не известны: укажите даты"),
    ("PH Mo 10:00-18:00", "Запись «PH Mo» не поддерживается: для праздников и понедельников пишите PH,Mo"),
    ("Mo-Fr 10:00-16:00/01:30", "Повторяющиеся моменты (10:00-16:00/01:30) — не часы работы"),
    ("пн-пт 9-9", "«9» (знак 7) — не время суток"),
    ("9", "У знака 2 нужны и начало, и конец, например 09:00-18:00"),
    ("8 (8652) 12-34-56", "«8652» (знак 4) — не время суток"),
];

#[test]
fn what_is_not_understood_is_said() {
    let mut wrong = Vec::new();
    for (input, expected) in REFUSED {
        match Hours::from_text(input) {
            Err(error) if error.message_ru().contains(expected) => {
                assert!(error.message_en().is_ascii() || error.message_en().contains('«'));
            }
            other => wrong.push(format!("{input}: {:?}, expected {expected}", other.map_err(|e| e.message_ru()))),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn osm_syntax_is_kept_as_written() {
    for text in DEMO {
        let found = Hours::from_text(&format!(" {text}; ")).expect("demo hours");
        assert_eq!((found.hours.as_str(), found.translated), (text, false));
    }
    assert_eq!(Hours::parse(&"x".repeat(MAX_CHARS + 1)), Err(HoursError::TooLong));
    assert_eq!(Hours::parse("SH off"), Err(HoursError::Unsupported(Unsupported::SchoolHolidays)));
}

#[test]
fn seven_columns() {
    let join = |cells| Hours::from_columns(cells).map(|hours| hours.as_str().to_owned());
    let nine = "09:00-18:00";
    assert_eq!(
        join([nine, nine, nine, nine, nine, "10-14", ""]).as_deref(),
        Ok("Mo-Fr 09:00-18:00; Sa 10:00-14:00; Su off")
    );
    assert_eq!(
        join(["9-13,14-18", "9-13, 14-18", "выходной", "off", "closed", "-", "—"]).as_deref(),
        Ok("Mo,Tu 09:00-13:00,14:00-18:00; We-Su off")
    );
    assert_eq!(join(["круглосуточно"; 7]).as_deref(), Ok("24/7"));
    assert_eq!(
        join(["c 9 до 18"; 7]).map_err(|error| error.message_ru()),
        Err("Столбец mon: Не понято «c» (знак 1)".to_owned())
    );
    assert_eq!(
        join(["9.00-18.00 перерыв 13-14", "", "", "", "", "", ""]).as_deref(),
        Ok("Mo 09:00-13:00,14:00-18:00; Tu-Su off")
    );
    assert_eq!(join([" "; 7]), Err(HoursError::Empty));
    let error = join([nine, nine, nine, nine, nine, "утром", ""]);
    assert_eq!(error.map_err(|error| error.message_ru()), Err("Столбец sat: Не понято «утром» (знак 1)".to_owned()));
}

#[test]
fn special_days_outrank_the_rest() {
    let base = hours("Mo-Fr 09:00-18:00; PH off");
    let special = base.with_special("2027-01-01 closed; 2027-01-02 11:00-16:00").expect("special days");
    assert_eq!(special.as_str(), "Mo-Fr 09:00-18:00; PH off; 2027 Jan 01 off; 2027 Jan 02 11:00-16:00");
    let state = special.state(at_local(MSK, "2027-01-01 12:00:00"), MSK);
    assert_eq!((state.open, state.next_change), (NO, Some(utc("2027-01-02T08:00:00Z"))));
    let range = base.with_special("30.12.2026..08.01.2027 выходной").expect("a range");
    assert_eq!(day_of(&range, "2026-12-30"), []);
    assert_eq!(range.as_str(), "Mo-Fr 09:00-18:00; PH off; 2026 Dec 30-2027 Jan 08 off");
    let wrong = |text| base.with_special(text).map_err(|error| error.message_ru());
    assert_eq!(wrong("2027-02-30 closed"), Err("«2027-02-30» (знак 1) — не дата вида 2027-01-01".to_owned()));
    assert_eq!(wrong("2027-01-01 closed; завтра 9-18"), Err("«завтра» (знак 20) — не дата вида 2027-01-01".to_owned()));
    assert_eq!(wrong("2027-01-01 closed; 2027-01-02 касса"), Err("Не понято «касса» (знак 31)".to_owned()));
    assert!(matches!(base.with_special("2027-01-01"), Err(HoursError::NoTimes { .. })));
}

#[test]
fn errors_name_the_place_in_both_languages() {
    let error = Hours::parse("Mo-Fr 10:00–18:00").expect_err("a dash that is not a hyphen");
    assert_eq!(error, HoursError::Syntax { at: 12, near: "–18:00".to_owned() });
    assert_eq!(error.message_en(), "the opening hours cannot be read from character 12: «–18:00»");
    assert_eq!(error.message_ru(), "Часы работы не читаются со знака 12: «–18:00»");
}

/// splitmix64: enough to wander through texts, and the same walk on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap_or(0)
    }
}

#[rustfmt::skip]
const PIECES: &[&str] = &[
    "Mo", "Tu", "We[-1]", "Th", "Fr", "Sa", "Su[5]", "PH", "SH", "Jan 1", "Feb 29", "Dec 31", "Nov", "2026", "9999", "1900",
    "easter", "week 53", "week 01-53/2", "10:00-18:00", "22:00-48:00", "00:00-24:00", "18:00+", "9", "18", "24:00", "48:00",
    "sunrise", "sunset", "(dusk+23:59)", "(", ")", "[", "]", "-", "-", "–", ",", ", ", ";", "; ", " ", " ", " ", ":", ".", "/",
    "+", "||", " || ", "\"", "\"x\"", "off", "closed", "open", "unknown", "24/7", " +9999 days", " -1 day", "пн", "пт", "вс",
    "с ", " до ", "по ", "выходной", "выходные", "перерыв ", "кроме ", "последняя ", "среда", "ежедневно ", "будни ", "круглосуточно",
    "2027-01-01", "01.05", "99999999999999999999", "\u{0}", "ß", "İ", "💥", "\u{a0}", "\n",
];

#[test]
fn no_text_makes_it_panic_or_wait() {
    let mut dice = Dice(26);
    let instants = ["2026-11-22T12:00:00Z", "2027-01-01T00:00:00Z", "2028-02-29T23:30:00Z"].map(utc);
    let mut understood = 0;
    for _ in 0..20_000 {
        let text: String = (0..=dice.below(9)).map(|_| PIECES[dice.below(PIECES.len())]).collect();
        let _ = Hours::from_columns([&text, "", "9-18", "", "", "", ""]);
        let Ok(found) = Hours::from_text(&text) else { continue };
        understood += 1;
        for at in instants {
            let _ = found.hours.state(at, BERLIN);
        }
        let _ = found.hours.week(date("2026-12-28"));
        let _ = found.hours.with_special(&text);
        assert_eq!(Hours::parse(found.hours.as_str()).as_ref(), Ok(&found.hours), "{text}");
    }
    assert!(understood > 500, "the alphabet is too wild: {understood}");
}

#[test]
fn the_worst_text_of_full_length_is_answered_in_time() {
    let fill = |piece: &str| piece.repeat(MAX_CHARS / piece.chars().count());
    for text in [
        fill("2030 Jan 1 off;"),
        fill("PH -1 day off; "),
        fill("We[-1],"),
        fill("Mo 1:00-2:00,"),
        fill("((((("),
        fill("\"x\" "),
        format!("10:00-18:00; {}", "Feb 29 off; ".repeat(80)),
        fill("00:00-00:01,"),
        fill("пн,"),
        fill("9-18 "),
        fill("off || "),
    ] {
        let start = Instant::now();
        if let Ok(found) = Hours::from_text(&text) {
            let _ = found.hours.state(utc("2026-11-22T12:00:00Z"), BERLIN);
        }
        assert!(start.elapsed() < StdDuration::from_secs(2), "{:?} for {:.40}", start.elapsed(), text);
    }
}

/// Prints the cost of parsing and asking; run with `--ignored --nocapture` in release.
#[test]
#[ignore = "a measurement, not a check"]
fn cost() {
    let at = utc("2026-11-22T12:00:00Z");
    for text in DEMO.into_iter().chain(["24/7; Jan 1 off", "2020-2025 10:00-18:00"]) {
        let (rounds, start) = (2_000, Instant::now());
        for _ in 0..rounds {
            std::hint::black_box(Hours::parse(std::hint::black_box(text)).is_ok());
        }
        let (parse, hours, start) = (start.elapsed(), hours(text), Instant::now());
        for _ in 0..rounds {
            std::hint::black_box(hours.state(std::hint::black_box(at), MSK));
        }
        let (state, start) = (start.elapsed(), Instant::now());
        for _ in 0..rounds {
            std::hint::black_box(hours.week(date("2026-11-22")));
        }
        let us = |total: StdDuration| total.as_secs_f64() * 1e6 / f64::from(rounds);
        println!("parse {:6.1}  state {:6.2}  week {:6.2} us  {text}", us(parse), us(state), us(start.elapsed()));
    }
}
