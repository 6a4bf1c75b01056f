//! Layers over each other: C5, whose hours are those of Grafana OnCall's `test_on_call_schedule.py`, and what cut, add, equal ranks,
//! groups and deliberate nobodies do.

use super::*;
use crate::rota::coverage::{Coverage, coverage, required};
use crate::rota::render;

const DAY: &str = "2026-11-30";

fn hour(clock: &str) -> String {
    if clock == "24:00" { "2026-12-01T00:00".to_owned() } else { format!("{DAY}T{clock}") }
}

/// A layer in which one person has one stretch of the day.
fn shift(id: u128, rank: i32, letter: &str, start: &str, end: &str) -> Layer {
    let mut one: Layer = layer(id, rank, rotation(Unit::Day, "2026-11-30T00:00", "UTC", letter));
    one.effective_from = utc(&hour(start));
    one.effective_until = Some(utc(&hour(end)));
    one
}

fn day() -> Span {
    Span::new(utc(&hour("00:00")), utc(&hour("24:00")))
}

fn c5() -> (Schedule, Vec<Override>) {
    let shifts = [
        (2, "A", "10:00", "15:00"),
        (2, "B", "11:00", "13:00"),
        (2, "A", "16:00", "19:00"),
        (2, "A", "21:00", "22:00"),
        (2, "B", "22:00", "24:00"),
        (1, "C", "12:00", "14:00"),
        (1, "D", "14:00", "15:00"),
        (1, "D", "17:00", "18:00"),
        (1, "D", "20:00", "23:00"),
    ];
    let layers = (1..).zip(shifts).map(|(id, (rank, letter, start, end))| shift(id, rank, letter, start, end));
    let overrides: Vec<Override> = vec![
        change(1, None, Some('E'), &hour("22:00"), &hour("23:00")),
        change(2, None, Some('A'), &hour("22:00"), &hour("22:30")),
    ];
    (schedule(layers.collect()), overrides)
}

const C5: [(char, &str, &str); 14] = [
    ('-', "00:00", "10:00"),
    ('A', "10:00", "12:00"),
    ('B', "11:00", "12:00"),
    ('C', "12:00", "14:00"),
    ('D', "14:00", "15:00"),
    ('-', "15:00", "16:00"),
    ('A', "16:00", "17:00"),
    ('D', "17:00", "18:00"),
    ('A', "18:00", "19:00"),
    ('-', "19:00", "20:00"),
    ('D', "20:00", "22:00"),
    ('A', "22:00", "22:30"),
    ('E', "22:30", "23:00"),
    ('B', "23:00", "24:00"),
];

#[test]
fn c5_fourteen_segments() {
    let ((schedule, overrides), almanac): ((Schedule, Vec<Override>), Almanac) = (c5(), almanac(&["UTC"]));
    let segments: Vec<Segment> = render(&schedule, &overrides, &almanac, day());
    let expected: Vec<String> = C5.iter().map(|(who, start, end)| format!("{who} {} {}", hour(start), hour(end))).collect();
    assert_eq!(lines(&segments), expected);
    let covered: Coverage = coverage(&segments, &DutyRole::Primary, &required(&schedule, &almanac, day()));
    assert_eq!((covered.covered_ms, covered.required_ms), (12 * 3_600_000, 24 * 3_600_000));
    assert!((covered.percent() - 50.0).abs() < f64::EPSILON);
}

#[test]
fn c5_a_thousand_shuffles_are_the_same() {
    let ((mut schedule, mut overrides), almanac): ((Schedule, Vec<Override>), Almanac) = (c5(), almanac(&["UTC"]));
    let expected: Vec<Segment> = render(&schedule, &overrides, &almanac, day());
    let mut numbers: Numbers = Numbers(5);
    for _ in 0..1_000 {
        numbers.shuffle(&mut schedule.layers);
        numbers.shuffle(&mut overrides);
        assert_eq!(render(&schedule, &overrides, &almanac, day()), expected);
    }
}

/// The layers' people from 10:00 to 12:00.
fn rendered(layers: Vec<Layer>) -> Vec<String> {
    let window: Span = Span::new(utc(&hour("10:00")), utc(&hour("12:00")));
    let segments: Vec<Segment> = render(&schedule(layers), &[], &almanac(&["UTC"]), window);
    segments.iter().map(|segment| format!("{} {}", letter(segment.who), &written(segment.start)[11..])).collect()
}

#[test]
fn an_added_layer_stands_beside_whoever_is_there() {
    let mut added: Layer = shift(2, 9, "B", "10:00", "11:00");
    added.mode = Mode::Add;
    let below: Layer = shift(3, 9, "C", "10:00", "12:00");
    assert_eq!(
        rendered(vec![shift(1, 1, "A", "10:00", "12:00"), added, below]),
        ["B 10:00", "A 10:00"],
        "what ends first stands first"
    );
}

#[test]
fn equal_ranks_are_on_call_together_and_a_person_only_once() {
    let layers: Vec<Layer> =
        vec![shift(1, 1, "A", "10:00", "12:00"), shift(2, 1, "B", "11:00", "12:00"), shift(3, 1, "A", "11:00", "12:00")];
    assert_eq!(rendered(layers), ["A 10:00", "B 11:00"]);
}

#[test]
fn a_deliberate_nobody_hides_what_is_beneath() {
    assert_eq!(rendered(vec![shift(1, 1, "0", "10:00", "11:00"), shift(2, 2, "A", "10:00", "12:00")]), ["0 10:00", "A 11:00"]);
    assert_eq!(rendered(vec![shift(1, 1, "0", "10:00", "12:00"), shift(2, 1, "A", "10:00", "12:00")]), ["A 10:00"]);
}

#[test]
fn a_group_is_on_call_together() {
    let mut group: Layer = shift(1, 1, "A", "10:00", "12:00");
    group.rotation.members = vec![Member::Group(vec![person('B'), person('A')])];
    assert_eq!(rendered(vec![group.clone()]), ["A 10:00", "B 10:00"]);
    group.rotation.members = vec![Member::Group(Vec::new())];
    assert_eq!(rendered(vec![group]), ["0 10:00"]);
}

#[test]
fn what_cannot_be_known_is_a_gap_and_not_a_guess() {
    let mut unknown: Layer = shift(1, 1, "A", "10:00", "12:00");
    unknown.rotation.zone = "Mars/Base".to_owned();
    assert_eq!(rendered(vec![unknown]), ["- 10:00"]);
    assert_eq!(rendered(vec![shift(1, 1, "", "10:00", "12:00")]), ["- 10:00"]);
    assert_eq!(rendered(Vec::new()), ["- 10:00"]);
}

#[test]
fn whatever_comes_over_the_wire_nothing_panics() {
    let mut wild: Layer = layer(1, i32::MIN, rotation(Unit::Month, "2026-11-30T00:00", "UTC", "AB"));
    wild.rotation.offset = i32::MIN;
    wild.restrictions =
        vec![Restriction { kind: RestrictionKind::Weekly, start_s: u32::MAX, end_s: u32::MAX, weekdays: Weekdays(255) }];
    for unit in [Unit::Hour, Unit::Day, Unit::Week, Unit::Month] {
        for (every, anchor) in [(0, i64::MIN), (u32::MAX, i64::MAX), (1, 0)] {
            wild.rotation.unit = unit;
            (wild.rotation.every, wild.rotation.anchor) = (every, Local(anchor));
            let schedule: Schedule = schedule(vec![wild.clone()]);
            for window in [Span::new(Time(0), Time(i64::MAX)).and(day()), Span::new(Time(i64::MIN), Time(i64::MIN + 1)), day()] {
                assert!(render(&schedule, &[], &almanac(&["UTC"]), window).len() <= 25);
            }
        }
    }
    let schedule: Schedule = schedule(vec![wild]);
    for at in [i64::MIN, i64::MAX] {
        assert_eq!(letters(&crate::rota::who_now(&schedule, &[], &almanac(&["UTC"]), &DutyRole::Primary, Time(at))), "-");
    }
}
