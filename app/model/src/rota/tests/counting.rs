//! Turns that are counted: worked shifts and skipped holidays, and the closed form where nothing is counted.

use super::*;
use crate::rota::render;
use crate::rota::turns::MAX_COUNTED;

/// Monday to Friday, 9 to 17 o'clock in Tokyo.
fn office() -> Restriction {
    restriction(RestrictionKind::Weekly, (9, 0), (17, 0), Weekdays::MONDAY_TO_FRIDAY)
}

/// Letters of the people who work, in turn, in a fortnight from Monday 2026-09-14; 21 to 23 September are holidays.
fn fortnight(rotation: Rotation, restrictions: Vec<Restriction>) -> String {
    let holidays: Almanac = with_holidays(&["Asia/Tokyo"], &["2026-09-21", "2026-09-22", "2026-09-23"]);
    let only: Layer = Layer { restrictions, ..layer(1, 1, rotation) };
    let segments: Vec<Segment> = render(&schedule(vec![only]), &[], &holidays, span("2026-09-13T15:00", "2026-09-27T15:00"));
    segments.iter().filter(|segment| segment.person().is_some()).map(|segment| letter(segment.who)).collect()
}

fn three() -> Rotation {
    rotation(Unit::Day, "2026-09-14T00:00", "Asia/Tokyo", "ABC")
}

#[test]
fn periods_advance_over_weekends_and_worked_shifts_do_not() {
    assert_eq!(fortnight(three(), vec![office()]), "ABCABBCABC");
    let worked: Rotation = Rotation { advance_on: AdvanceOn::WorkedShift, ..three() };
    assert_eq!(fortnight(worked, vec![office()]), "ABCABCABCA");
}

#[test]
fn skipped_holidays_are_no_turns_and_those_of_a_holiday_layer_are() {
    let four = |on_holiday: OnHoliday| Rotation { on_holiday, ..rotation(Unit::Day, "2026-09-14T00:00", "Asia/Tokyo", "ABCD") };
    assert_eq!(fortnight(four(OnHoliday::Keep), Vec::new()), "ABCDABCDABCDAB");
    assert_eq!(fortnight(four(OnHoliday::Skip), Vec::new()), "ABCDABCDABC");
    assert_eq!(fortnight(four(OnHoliday::HolidayLayer), Vec::new()), "ABCDABCCDAB");
}

#[test]
fn turns_are_counted_before_the_anchor_too() {
    let worked = |anchor: &str, offset: i32| Rotation {
        advance_on: AdvanceOn::WorkedShift,
        offset,
        ..rotation(Unit::Day, anchor, "Asia/Tokyo", "ABC")
    };
    let early: String = fortnight(worked("2026-09-14T00:00", 0), vec![office()]);
    // Ten worked days later is one member later.
    assert_eq!(fortnight(worked("2026-09-28T00:00", 10), vec![office()]), early);
    assert_eq!(fortnight(worked("2026-09-28T00:00", 1), vec![office()]), early);
}

#[test]
fn a_skipped_monday_takes_a_day_out_of_a_week_and_not_the_week() {
    let weekly: Rotation =
        Rotation { on_holiday: OnHoliday::Skip, ..rotation(Unit::Week, "2026-09-14T09:00", "Asia/Tokyo", "AB") };
    let holidays: Almanac = with_holidays(&["Asia/Tokyo"], &["2026-09-21"]);
    let schedule: Schedule = schedule(vec![layer(1, 1, weekly)]);
    let segments: Vec<Segment> = render(&schedule, &[], &holidays, span("2026-09-14T00:00", "2026-09-28T00:00"));
    assert_eq!(
        lines(&segments),
        ["A 2026-09-14T00:00 2026-09-21T00:00", "- 2026-09-21T00:00 2026-09-22T00:00", "B 2026-09-22T00:00 2026-09-28T00:00"]
    );
}

#[test]
fn a_holiday_layer_begins_where_the_other_is_silent() {
    let mut days: Layer = layer(1, 2, Rotation { on_holiday: OnHoliday::HolidayLayer, ..three() });
    days.rotation.anchor = local("2026-09-14T09:00");
    let mut feast: Layer = layer(2, 1, rotation(Unit::Day, "2026-09-14T09:00", "Asia/Tokyo", "H"));
    feast.restrictions = vec![restriction(RestrictionKind::Holiday, (0, 0), (0, 0), Weekdays::ALL)];
    let holidays: Almanac = with_holidays(&["Asia/Tokyo"], &["2026-09-21"]);
    let segments: Vec<Segment> =
        render(&schedule(vec![days, feast]), &[], &holidays, span("2026-09-20T03:00", "2026-09-22T03:00"));
    assert_eq!(
        lines(&segments),
        [
            "A 2026-09-20T03:00 2026-09-20T15:00",
            "H 2026-09-20T15:00 2026-09-21T15:00",
            "B 2026-09-21T15:00 2026-09-22T00:00",
            "C 2026-09-22T00:00 2026-09-22T03:00"
        ]
    );
}

#[test]
fn a_window_far_from_the_anchor_is_counted_to_a_limit() {
    let hourly: Rotation = Rotation { on_holiday: OnHoliday::Skip, ..rotation(Unit::Hour, "2000-01-01T00:00", "UTC", "AB") };
    let schedule: Schedule = schedule(vec![layer(1, 1, hourly)]);
    let limit: Time = utc("2000-01-01T00:00").plus_ms((MAX_COUNTED + 1) * 3_600_000);
    let around: Span = Span::new(limit.plus_ms(-3_600_000), limit.plus_ms(3_600_000));
    let segments: Vec<Segment> = render(&schedule, &[], &almanac(&["UTC"]), around);
    assert_eq!(segments.iter().map(|segment| letter(segment.who)).collect::<String>(), "A-");
}
