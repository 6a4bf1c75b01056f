//! Calendars around the days on which clocks jump, and at the ends of months.

use super::window::{DaysOfMonth, Months, Times, Weekdays, Window};
use super::{Calendar, Span, Zone};
use chrono::{DateTime, NaiveDate};
use model::Time;
use proptest::prelude::*;

const HOUR_MS: i64 = 3_600_000;

fn at(text: &str) -> Time {
    Time::from_utc(DateTime::parse_from_rfc3339(text).unwrap().to_utc())
}

fn calendar(zone: &str, window: &str) -> Calendar {
    let windows: Vec<Window> = serde_yaml_ng::from_str(window).unwrap();
    Calendar { zone: Zone::try_from(zone.to_owned()).unwrap(), windows }
}

#[test]
fn a_night_belongs_to_the_day_on_which_it_begins() {
    let nights = calendar("Asia/Tokyo", "[{weekdays: [mon-fri], times: [\"22:00-06:00\"]}]");
    // 2026-11-20 is a Friday.
    let table: [(&str, bool); 6] = [
        ("2026-11-20T21:59:59+09:00", false),
        ("2026-11-20T22:00:00+09:00", true),
        ("2026-11-21T05:59:59+09:00", true),
        ("2026-11-21T06:00:00+09:00", false),
        ("2026-11-21T22:30:00+09:00", false),
        ("2026-11-23T05:00:00+09:00", false),
    ];
    for (moment, covered) in table {
        assert_eq!(nights.covers(at(moment)), covered, "{moment}");
    }
    assert_eq!(nights.until(at("2026-11-20T23:00:00+09:00")), Some(at("2026-11-21T06:00:00+09:00")));
    let next = Span { from: at("2026-11-23T22:00:00+09:00"), until: at("2026-11-24T06:00:00+09:00") };
    assert_eq!(nights.next(at("2026-11-21T12:00:00+09:00")), Some(next));
}

#[test]
fn a_spring_night_is_an_hour_shorter_and_an_autumn_night_an_hour_longer() {
    let nights = calendar("America/New_York", "[{times: [\"22:00-06:00\"]}]");
    let length = |from: &str| {
        let from = at(from);
        nights.until(from).unwrap().since(from)
    };
    assert_eq!(length("2026-03-07T22:00:00-05:00"), 7 * HOUR_MS);
    assert_eq!(length("2026-07-07T22:00:00-04:00"), 8 * HOUR_MS);
    assert_eq!(length("2026-10-31T22:00:00-04:00"), 9 * HOUR_MS);
}

#[test]
fn what_a_spring_day_leaves_out_is_no_time_and_what_an_autumn_day_has_twice_is_its_first() {
    let left_out = calendar("America/New_York", "[{times: [\"02:00-03:00\"]}]");
    let march_8 = at("2026-03-08T00:00:00-05:00");
    assert_eq!(left_out.next(march_8).unwrap().from, at("2026-03-09T02:00:00-04:00"));
    let into_it = calendar("America/New_York", "[{times: [\"01:30-02:30\"]}]");
    let short = Span { from: at("2026-03-08T01:30:00-05:00"), until: at("2026-03-08T03:00:00-04:00") };
    assert_eq!(into_it.next(march_8), Some(short));

    let twice = calendar("America/New_York", "[{times: [\"01:30-01:45\"]}]");
    let first = Span { from: at("2026-11-01T01:30:00-04:00"), until: at("2026-11-01T01:45:00-04:00") };
    assert_eq!(twice.next(at("2026-11-01T00:00:00-04:00")), Some(first));
    assert!(!twice.covers(at("2026-11-01T01:40:00-05:00")), "too little rather than too much");
}

#[test]
fn a_midnight_that_does_not_exist_is_the_moment_after_it() {
    // Beirut turns its clock at midnight: 29 March 2026 begins at 1:00.
    let sundays = calendar("Asia/Beirut", "[{weekdays: [sun]}]");
    let sunday = Span { from: at("2026-03-29T01:00:00+03:00"), until: at("2026-03-30T00:00:00+03:00") };
    assert_eq!(sundays.next(at("2026-03-28T12:00:00+02:00")), Some(sunday));
}

#[test]
fn months_end_when_they_end() {
    let day = |year: i32, month: u32, day: u32| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let is_on = |entry: &str, date: NaiveDate| {
        let window = Window { days_of_month: vec![entry.parse().unwrap()], ..Window::default() };
        window.is_on(date)
    };
    let table: [(&str, NaiveDate, bool); 12] = [
        ("-1", day(2026, 2, 28), true),
        ("-1", day(2028, 2, 28), false),
        ("-1", day(2028, 2, 29), true),
        ("-1", day(2026, 4, 30), true),
        ("-1", day(2026, 12, 31), true),
        ("31", day(2026, 4, 30), false),
        ("29..31", day(2026, 4, 30), true),
        ("29..31", day(2026, 2, 28), false),
        ("-3..-1", day(2026, 2, 26), true),
        ("-3..-1", day(2026, 2, 25), false),
        ("25..-1", day(2026, 2, 28), true),
        ("-31..1", day(2026, 1, 1), true),
    ];
    for (entry, date, expected) in table {
        assert_eq!(is_on(entry, date), expected, "{entry} on {date}");
    }
    let leap_day = calendar("Asia/Tokyo", "[{months: [2], days_of_month: [29]}]");
    assert_eq!(leap_day.next(at("2096-03-01T00:00:00+09:00")).unwrap().from, at("2104-02-29T00:00:00+09:00"), "2100 has none");
    let second_tuesday = calendar("Asia/Tokyo", "[{weekdays: [tuesday], days_of_month: [\"8..14\"]}]");
    assert_eq!(second_tuesday.next(at("2026-11-22T00:00:00+09:00")).unwrap().from, at("2026-12-08T00:00:00+09:00"));
}

#[test]
fn holidays_are_asked_for_or_left_out() {
    let working = calendar("Asia/Tokyo", "[{weekdays: [mon-fri], times: [\"09:00-18:00\"], holidays: except}]");
    assert!(!working.covers(at("2026-11-23T10:00:00+09:00")), "勤労感謝の日");
    assert!(working.covers(at("2026-11-24T10:00:00+09:00")));
    let holidays = calendar("Asia/Tokyo", "[{holidays: only}]");
    assert_eq!(holidays.until(at("2026-05-03T00:00:00+09:00")), Some(at("2026-05-07T00:00:00+09:00")));
}

#[test]
fn entries_read_what_they_print_and_refuse_the_rest() {
    for text in ["22:00-06:00", "00:00-24:00"] {
        assert_eq!(text.parse::<Times>().unwrap().to_string(), text);
    }
    for (text, printed) in [("Mon-FRI", "mon-fri"), ("sunday", "sun"), ("sat-mon", "sat-mon"), ("wednesday-thursday", "wed-thu")]
    {
        assert_eq!(text.parse::<Weekdays>().unwrap().to_string(), printed);
    }
    for text in ["1", "8..14", "-3..-1"] {
        assert_eq!(text.parse::<DaysOfMonth>().unwrap().to_string(), text);
    }
    assert_eq!("12..1".parse::<Months>().unwrap().to_string(), "12..1");
    assert!(
        ["", "22:00", "24:00-01:00", "22:60-23:00", "25:00-26:00", "1:2-3:4"].iter().all(|text| text.parse::<Times>().is_err())
    );
    assert!(["", "mo", "monday-", "funday"].iter().all(|text| text.parse::<Weekdays>().is_err()));
    assert!(["", "0", "32", "14..8", "-1..-3", "1..x"].iter().all(|text| text.parse::<DaysOfMonth>().is_err()));
    assert!(["0", "13", "jan"].iter().all(|text| text.parse::<Months>().is_err()));
    assert!(Zone::try_from("Mars/Olympus".to_owned()).is_err());
}

proptest! {
    #[test]
    fn what_comes_next_begins_later_and_is_covered_to_its_end(
        zone in prop::sample::select(vec!["Asia/Tokyo", "America/New_York", "Europe/Berlin", "Asia/Beirut", "Australia/Lord_Howe", "UTC"]),
        from in 0_u32..1_439,
        until in 0_u32..1_440,
        first in 0_usize..7,
        start_h in 490_000_i64..500_000,
    ) {
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let times = format!("{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, until / 60, until % 60);
        let some = calendar(zone, &format!("[{{weekdays: [{}-{}], times: [\"{times}\"]}}]", days[first], days[(first + 2) % 7]));
        let start = Time(start_h * HOUR_MS);
        let Some(span) = some.next(start) else {
            prop_assert!(false, "it comes every week");
            return Ok(());
        };
        prop_assert!(start < span.from && span.from < span.until);
        prop_assert!(some.covers(span.from) && some.covers(span.until.plus_ms(-1)));
        prop_assert!(some.until(span.from).is_some_and(|until| until >= span.until));
        if let Some(until) = some.until(start) {
            prop_assert!(some.covers(start) && some.covers(until.plus_ms(-1)) && !some.covers(until));
        } else {
            prop_assert!(!some.covers(start) && !some.covers(span.from.plus_ms(-1)));
        }
        prop_assert!(span.from.since(start) <= 8 * 24 * HOUR_MS, "at the latest in a week");
    }
}
