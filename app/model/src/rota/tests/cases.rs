//! The acceptance cases C1 to C4 of the house, with their numbers. C5 stands in `layering`, C6 in `overriding`.

use super::*;
use crate::rota::coverage::{coverage, gaps, required};
use crate::rota::readiness::clashes;
use crate::rota::{render, spans, who_now};

const HOUR_MS: i64 = 3_600_000;
const WEEK_MS: i64 = 168 * HOUR_MS;

/// Primary and secondary are the same four people, the secondary one turn ahead.
fn pair() -> Schedule {
    let primary: Layer = layer(1, 1, rotation(Unit::Week, "2026-11-30T10:00", "Asia/Tokyo", "ABCD"));
    let mut secondary: Layer = layer(2, 1, Rotation { offset: 1, ..primary.rotation.clone() });
    secondary.role = DutyRole::Secondary;
    schedule(vec![primary, secondary])
}

fn year() -> Span {
    let start: Time = utc("2026-11-30T01:00");
    Span::new(start, start.plus_ms(52 * WEEK_MS))
}

#[test]
fn c1_the_weeks_of_a_pair() {
    let (schedule, almanac): (Schedule, Almanac) = (pair(), almanac(&["Asia/Tokyo"]));
    for (day, expected) in [("2026-11-30", "AB"), ("2026-12-07", "BC"), ("2026-12-28", "AB"), ("2027-11-22", "DA")] {
        let at: Time = utc(&format!("{day}T01:00"));
        let now = |role: DutyRole| letters(&who_now(&schedule, &[], &almanac, &role, at));
        assert_eq!(now(DutyRole::Primary) + &now(DutyRole::Secondary), expected, "{day}");
    }
}

#[test]
fn c1_a_year_is_fair_and_whole() {
    let (schedule, almanac): (Schedule, Almanac) = (pair(), almanac(&["Asia/Tokyo"]));
    let segments: Vec<Segment> = render(&schedule, &[], &almanac, year());
    assert_eq!(segments.len(), 104);
    for letter in ['A', 'B', 'C', 'D'] {
        for role in [DutyRole::Primary, DutyRole::Secondary] {
            let theirs = segments.iter().filter(|segment| segment.role == role && segment.person() == Some(person(letter)));
            assert_eq!(theirs.count(), 13, "{letter} {role:?}");
        }
        assert_eq!(clashes(&segments, person(letter)), []);
    }
    let required: Vec<Span> = required(&schedule, &almanac, year());
    assert_eq!(gaps(&segments, &required), []);
    assert!((coverage(&segments, &DutyRole::Secondary, &required).percent() - 100.0).abs() < f64::EPSILON);
}

#[test]
fn c1_ten_thousand_moments_are_those_of_the_whole() {
    let (schedule, almanac): (Schedule, Almanac) = (pair(), almanac(&["Asia/Tokyo"]));
    let segments: Vec<Segment> = render(&schedule, &[], &almanac, year());
    let mut numbers: Numbers = Numbers(1);
    for _ in 0..10_000 {
        let at: Time = numbers.moment_in(year());
        for role in [DutyRole::Primary, DutyRole::Secondary] {
            let whole = segments.iter().filter(|segment| segment.role == role && segment.span().covers(at));
            let whole: Vec<Who> = whole.map(|segment| segment.who).collect();
            let now: Vec<Who> = who_now(&schedule, &[], &almanac, &role, at).iter().map(|holder| holder.who).collect();
            assert_eq!(now, whole, "{role:?} {}", written(at));
        }
    }
}

#[test]
fn c2_weeks_of_169_and_167_hours() {
    let zone: Offsets = zone("America/New_York");
    let rotation: Rotation = rotation(Unit::Week, "2026-10-26T09:00", "America/New_York", "AB");
    for (k, start, end, hours) in
        [(0, "2026-10-26T13:00", "2026-11-02T14:00", 169), (19, "2027-03-08T14:00", "2027-03-15T13:00", 167)]
    {
        let (begins, ends): (Time, Time) = (rotation.handoff(&zone, k), rotation.handoff(&zone, k + 1));
        assert_eq!((written(begins).as_str(), written(ends).as_str()), (start, end));
        assert_eq!(ends.since(begins), hours * HOUR_MS);
    }
}

#[test]
fn c2_each_start_is_the_end_before() {
    let almanac: Almanac = almanac(&["America/New_York"]);
    let schedule: Schedule = schedule(vec![layer(1, 1, rotation(Unit::Week, "2026-10-26T09:00", "America/New_York", "AB"))]);
    let segments: Vec<Segment> = render(&schedule, &[], &almanac, span("2026-10-26T13:00", "2027-10-25T13:00"));
    assert_eq!(segments.len(), 52);
    assert!(segments.windows(2).all(|pair| pair[0].end == pair[1].start && pair[0].who != pair[1].who));
}

/// Length in hours of the shift that begins on a day's handoff, and when it begins.
fn shift(anchor: &str, day: i64) -> (String, i64) {
    let zone: Offsets = zone("America/New_York");
    let rotation: Rotation = rotation(Unit::Day, anchor, "America/New_York", "AB");
    let (begins, ends): (Time, Time) = (rotation.handoff(&zone, day), rotation.handoff(&zone, day + 1));
    (written(begins), ends.since(begins) / HOUR_MS)
}

#[test]
fn c3_a_daily_handoff_in_a_gap_and_in_a_fold() {
    assert_eq!(shift("2027-03-13T02:30", 0), ("2027-03-13T07:30".to_owned(), 24));
    assert_eq!(shift("2027-03-13T02:30", 1), ("2027-03-14T07:30".to_owned(), 23));
    assert_eq!(shift("2026-11-01T01:30", 0), ("2026-11-01T05:30".to_owned(), 25));
}

fn restricted(start: (u32, u32), end: (u32, u32), window: Span) -> Vec<String> {
    let mut only: Layer = layer(1, 1, rotation(Unit::Week, "2026-01-05T00:00", "America/New_York", "A"));
    only.restrictions = vec![daily(start, end)];
    let segments: Vec<Segment> = render(&schedule(vec![only]), &[], &almanac(&["America/New_York"]), window);
    lines(&segments.into_iter().filter(|segment| segment.person().is_some()).collect::<Vec<Segment>>())
}

#[test]
fn c3_restrictions_in_a_gap_and_in_a_fold() {
    let gap: Span = span("2027-03-14T05:00", "2027-03-15T04:00");
    assert_eq!(restricted((2, 15), (2, 45), gap), ["A 2027-03-14T07:15 2027-03-14T07:45"]);
    let fold: Span = span("2026-11-01T04:00", "2026-11-02T05:00");
    assert_eq!(restricted((1, 0), (1, 30), fold), ["A 2026-11-01T05:00 2026-11-01T06:30"]);
    // Resolved apart: 02:30 is 03:30, which is not before 03:15.
    assert_eq!(restricted((2, 30), (3, 15), gap), Vec::<String>::new());
}

#[test]
fn c4_the_last_day_of_each_month() {
    let zone: Offsets = zone("Asia/Tokyo");
    let monthly: Rotation = rotation(Unit::Month, "2027-01-31T10:00", "Asia/Tokyo", "ABCDE");
    let days: Vec<String> = (1..=5).map(|k| zone.local(monthly.handoff(&zone, k)).to_string()).collect();
    assert_eq!(days, ["2027-02-28T10:00", "2027-03-31T10:00", "2027-04-30T10:00", "2027-05-31T10:00", "2027-06-30T10:00"]);
    let (schedule, almanac): (Schedule, Almanac) = (schedule(vec![layer(1, 1, monthly)]), almanac(&["Asia/Tokyo"]));
    let now: Vec<Holder> = who_now(&schedule, &[], &almanac, &DutyRole::Primary, utc("2027-03-30T03:00"));
    assert_eq!(letters(&now), "B");
}

#[test]
fn c4_a_month_alone_is_the_month_of_the_whole() {
    let monthly: Rotation = rotation(Unit::Month, "2027-01-31T10:00", "Asia/Tokyo", "ABCDE");
    let (schedule, almanac): (Schedule, Almanac) = (schedule(vec![layer(1, 1, monthly)]), almanac(&["Asia/Tokyo"]));
    let whole: Vec<Segment> = render(&schedule, &[], &almanac, span("2025-01-01T00:00", "2029-01-01T00:00"));
    for month in 1..=12 {
        let window: Span = span(&format!("2027-{month:02}-01T00:00"), &format!("2027-{month:02}-28T00:00"));
        let parts = whole.iter().map(|segment| (segment.who, segment.span().and(window)));
        let expected: Vec<(Who, Span)> = parts.filter(|(_, span)| !span.is_empty()).collect();
        let alone: Vec<(Who, Span)> =
            render(&schedule, &[], &almanac, window).iter().map(|segment| (segment.who, segment.span())).collect();
        assert_eq!(alone, expected, "{month}");
    }
}

#[test]
fn lengths_of_lists_add_up() {
    let list: Vec<Span> =
        spans::merged(vec![span("2026-01-01T00:00", "2026-01-01T01:00"), span("2026-01-01T01:00", "2026-01-01T03:00")]);
    assert_eq!((list.len(), spans::length_ms(&list)), (1, 3 * HOUR_MS));
}
