//! Business time against reckoning by hand, and against itself.

use super::*;
use crate::rota::offsets::OffsetChange;
use chrono::DateTime;
use proptest::prelude::*;

const HOUR_MS: i64 = 3_600_000;

pub(crate) fn tokyo() -> Offsets {
    Offsets { zone: "Asia/Tokyo".to_owned(), first_s: 32_400, changes: Vec::new() }
}

/// New York around November 2026 and March 2027.
pub(crate) fn new_york() -> Offsets {
    let changes: Vec<OffsetChange> =
        [(1_772_953_200_000, -14_400), (1_793_512_800_000, -18_000), (1_805_007_600_000, -14_400), (1_825_567_200_000, -18_000)]
            .map(|(ms, offset_s)| OffsetChange { at: Time(ms), offset_s })
            .to_vec();
    Offsets { zone: "America/New_York".to_owned(), first_s: -18_000, changes }
}

pub(crate) fn at(text: &str) -> Time {
    Time::from_utc(DateTime::parse_from_rfc3339(text).unwrap().to_utc())
}

/// A moment of September 2026 in Tokyo.
fn september(day: u32, clock: &str) -> Time {
    at(&format!("2026-09-{day:02}T{clock}:00+09:00"))
}

pub(crate) fn office() -> BusinessCalendar {
    BusinessCalendar::office(tokyo(), HolidayCalendar::japan())
}

/// Hours of every day of the week.
fn daily(zone: Offsets, hours: &[&str]) -> BusinessCalendar {
    let hours: Vec<Hours> = hours.iter().map(|text| text.parse().unwrap()).collect();
    BusinessCalendar::new(zone, std::array::from_fn(|_| hours.clone()), HolidayCalendar::none()).unwrap()
}

/// Case C11 of the reference: 21 September is 敬老の日, the 22nd 国民の休日, the 23rd 秋分の日.
#[test]
fn nine_hours_from_a_friday_evening_end_on_the_thursday_after_three_holidays() {
    let office = office();
    let declared: Time = september(18, "17:30");
    assert_eq!(office.add_business(declared, 9 * HOUR_MS), Some(september(24, "17:30")));
    assert_eq!(office.add_business(declared, 9 * HOUR_MS * 8 / 10), Some(september(24, "15:42")));
    assert_eq!(office.usual_day_ms(), 9 * HOUR_MS);
}

#[test]
fn hours_are_added_as_by_hand() {
    let office = office();
    for (from, hours, until) in [
        (september(14, "09:00"), 9, september(14, "18:00")),
        (september(14, "08:00"), 9, september(14, "18:00")),
        (september(14, "18:00"), 9, september(15, "18:00")),
        (september(14, "17:00"), 2, september(15, "10:00")),
        (september(19, "12:00"), 1, september(24, "10:00")),
        (september(17, "12:00"), 27, september(25, "12:00")),
        (september(19, "12:00"), 0, september(19, "12:00")),
    ] {
        assert_eq!(office.add_business(from, hours * HOUR_MS), Some(until), "{hours} h from {from:?}");
    }
}

#[test]
fn what_lies_between_is_counted_as_by_hand() {
    let office = office();
    for (from, until, hours) in [
        (september(14, "00:00"), september(15, "00:00"), 9),
        (september(18, "17:00"), september(24, "10:00"), 2),
        (september(19, "00:00"), september(24, "00:00"), 0),
        (september(1, "00:00"), september(30, "23:59"), 9 * 19),
        (september(15, "00:00"), september(14, "00:00"), 0),
    ] {
        assert_eq!(office.business_between(from, until), hours * HOUR_MS, "{from:?} to {until:?}");
    }
}

#[test]
fn it_opens_and_closes() {
    let office = office();
    for (moment, is_open, opens, closes) in [
        (september(18, "08:59"), false, september(18, "09:00"), None),
        (september(18, "09:00"), true, september(18, "09:00"), Some(september(18, "18:00"))),
        (september(18, "18:00"), false, september(24, "09:00"), None),
        (september(22, "12:00"), false, september(24, "09:00"), None),
    ] {
        assert_eq!(office.is_business(moment), is_open, "{moment:?}");
        assert_eq!((office.opens(moment), office.closes(moment)), (Some(opens), closes), "{moment:?}");
    }
}

#[test]
fn a_company_day_and_a_lunch_break_are_no_business_time() {
    let founding = NaiveDate::from_ymd_opt(2026, 9, 25).unwrap();
    let closed = HolidayCalendar::japan().with_company_day(founding, "創立記念日", "Founding day");
    assert!(!office().with_holidays(closed).is_business(september(25, "12:00")));
    let lunch = daily(tokyo(), &["09:00-12:00", "13:00-18:00"]);
    assert_eq!(lunch.add_business(september(18, "11:00"), 2 * HOUR_MS), Some(september(18, "14:00")));
    assert_eq!(lunch.closes(september(18, "11:00")), Some(september(18, "12:00")));
    let joined = daily(tokyo(), &["09:00-12:00", "12:00-18:00"]);
    assert_eq!(joined.closes(september(18, "11:00")), Some(september(18, "18:00")));
}

#[test]
fn days_on_which_a_clock_jumps_have_the_hours_it_shows() {
    let early = daily(new_york(), &["00:00-06:00"]);
    let day = |text: &str| early.spans_of(text.parse().unwrap()).iter().map(|span| span.length_ms()).sum::<i64>();
    assert_eq!((day("2027-03-14"), day("2027-03-15"), day("2026-11-01")), (5 * HOUR_MS, 6 * HOUR_MS, 7 * HOUR_MS));
    // Case C3 of the reference: a window in the gap stands behind it, and one that comes twice reaches to its last end.
    let gap = daily(new_york(), &["02:15-02:45"]).spans_of("2027-03-14".parse().unwrap());
    assert_eq!(gap, [Span::new(at("2027-03-14T03:15:00-04:00"), at("2027-03-14T03:45:00-04:00"))]);
    let fold = daily(new_york(), &["01:00-01:30"]).spans_of("2026-11-01".parse().unwrap());
    assert_eq!(fold, [Span::new(at("2026-11-01T05:00:00Z"), at("2026-11-01T06:30:00Z"))]);
    let torn = daily(new_york(), &["02:30-03:15"]).spans_of("2027-03-14".parse().unwrap());
    assert!(torn.is_empty());
    // Touching hours overlap in the fold, and are counted once.
    let touching = daily(new_york(), &["01:00-01:30", "01:30-02:00"]);
    let night: i64 = touching.business_between(at("2026-11-01T04:00:00Z"), at("2026-11-01T12:00:00Z"));
    assert_eq!(night, 2 * HOUR_MS);
}

#[test]
fn a_calendar_that_never_opens_says_so() {
    let never = BusinessCalendar::new(tokyo(), Week::default(), HolidayCalendar::none()).unwrap();
    assert_eq!((never.add_business(Time(0), 1), never.opens(Time(0)), never.usual_day_ms()), (None, None, 0));
    assert_eq!(never.business_between(Time(0), Time(i64::MAX)), 0);
    assert!(!office().is_business(Time(i64::MIN)) && !office().is_business(Time(i64::MAX)));
}

#[test]
fn hours_are_read_and_refused() {
    for text in ["09:00-18:00", "00:00-24:00"] {
        assert_eq!(text.parse::<Hours>().unwrap().to_string(), text);
    }
    assert_eq!("9:00-18:00".parse::<Hours>().unwrap().to_string(), "09:00-18:00");
    for text in ["18:00-09:00", "09:00-09:00", "09:00-24:01", "9-18", "09:60-10:00", "+9:00-10:00", "09:00", ""] {
        assert!(text.parse::<Hours>().is_err(), "{text}");
    }
    let mut week = Week::default();
    week[0] = vec!["09:00-13:00".parse().unwrap(), "12:00-18:00".parse().unwrap()];
    let error: BadHours = BusinessCalendar::new(tokyo(), week.clone(), HolidayCalendar::none()).unwrap_err();
    assert_eq!(error.to_string(), "hours overlap or stand out of order at 12:00-18:00");
    week[0] = vec!["09:00-13:00".parse().unwrap(); MAX_HOURS + 1];
    assert_eq!(BusinessCalendar::new(tokyo(), week, HolidayCalendar::none()), Err(BadHours::Many { n: MAX_HOURS + 1 }));
}

proptest! {
    /// 2026-01-01 to 2027-12-31, by the minute.
    #[test]
    fn adding_and_counting_are_inverse(start in 29_454_000i64..30_500_000, minutes in 1i64..20_000, in_new_york in any::<bool>()) {
        let zone: Offsets = if in_new_york { new_york() } else { tokyo() };
        let office = BusinessCalendar::office(zone, HolidayCalendar::japan());
        let (from, ms) = (Time(start * MINUTE_MS), minutes * MINUTE_MS);
        let until: Time = office.add_business(from, ms).unwrap();
        prop_assert_eq!(office.business_between(from, until), ms);
        prop_assert_eq!(office.business_between(from, until.plus_ms(-1)), ms - 1);
    }

    #[test]
    fn the_parts_of_a_stretch_add_up(start in 29_454_000i64..30_500_000, one in 0i64..20_000, other in 0i64..20_000) {
        let office = BusinessCalendar::office(new_york(), HolidayCalendar::japan());
        let from = Time(start * MINUTE_MS);
        let (middle, until) = (from.plus_ms(one * MINUTE_MS), from.plus_ms((one + other) * MINUTE_MS));
        let parts: i64 = office.business_between(from, middle) + office.business_between(middle, until);
        prop_assert_eq!(parts, office.business_between(from, until));
        prop_assert_eq!(office.is_business(from), office.opens(from) == Some(from));
        prop_assert_eq!(office.closes(from).is_some(), office.is_business(from));
    }
}
