//! Restrictions on days of the week, over midnight, and on holidays.

use super::*;
use crate::rota::coverage::{coverage, gaps, required};
use crate::rota::render;

/// When one person is there in the week from Monday 2026-09-21, Tokyo time; Monday to Wednesday are holidays.
fn week(restrictions: Vec<Restriction>) -> Vec<String> {
    let almanac: Almanac = with_holidays(&["Asia/Tokyo"], &["2026-09-21", "2026-09-22", "2026-09-23"]);
    let only: Layer = Layer { restrictions, ..layer(1, 1, rotation(Unit::Week, "2026-09-21T00:00", "Asia/Tokyo", "A")) };
    let segments: Vec<Segment> = render(&schedule(vec![only]), &[], &almanac, span("2026-09-20T15:00", "2026-09-27T15:00"));
    let zone: Offsets = zone("Asia/Tokyo");
    let there = segments.iter().filter(|segment| segment.person().is_some());
    there
        .map(|segment| format!("{} {}", &zone.local(segment.start).to_string()[5..], &zone.local(segment.end).to_string()[5..]))
        .collect()
}

#[test]
fn a_window_over_midnight_belongs_to_the_day_it_begins_on() {
    let friday: Restriction = restriction(RestrictionKind::Weekly, (18, 0), (9, 0), Weekdays(0b001_0000));
    assert_eq!(week(vec![friday]), ["09-25T18:00 09-26T09:00"]);
    let sunday: Restriction = restriction(RestrictionKind::Weekly, (18, 0), (9, 0), Weekdays(0b100_0000));
    assert_eq!(week(vec![sunday]), ["09-21T00:00 09-21T09:00", "09-27T18:00 09-28T00:00"]);
}

#[test]
fn restrictions_join_where_they_touch() {
    let morning: Restriction = restriction(RestrictionKind::Weekly, (9, 0), (12, 0), Weekdays(0b000_1000));
    let afternoon: Restriction = restriction(RestrictionKind::Weekly, (12, 0), (24, 0), Weekdays(0b000_1000));
    assert_eq!(week(vec![afternoon, morning]), ["09-24T09:00 09-25T00:00"]);
    let whole: Restriction = restriction(RestrictionKind::Weekly, (0, 0), (0, 0), Weekdays(0b000_1000));
    assert_eq!(week(vec![whole]), ["09-24T00:00 09-25T00:00"]);
}

#[test]
fn holidays_and_other_days_share_the_week() {
    let office: Restriction = restriction(RestrictionKind::NotHoliday, (9, 0), (18, 0), Weekdays::MONDAY_TO_FRIDAY);
    assert_eq!(week(vec![office]), ["09-24T09:00 09-24T18:00", "09-25T09:00 09-25T18:00"]);
    let feast: Restriction = restriction(RestrictionKind::Holiday, (0, 0), (0, 0), Weekdays::ALL);
    assert_eq!(week(vec![feast]), ["09-21T00:00 09-24T00:00"]);
    let tuesday: Restriction = Restriction { weekdays: Weekdays(0b000_0010), ..feast };
    assert_eq!(week(vec![tuesday]), ["09-22T00:00 09-23T00:00"]);
}

#[test]
fn windows_that_touch_inside_a_fold_leave_no_gap() {
    let mut only: Layer = layer(1, 1, rotation(Unit::Week, "2026-01-05T00:00", "America/New_York", "A"));
    only.restrictions = vec![daily((0, 0), (1, 30)), daily((1, 30), (5, 0))];
    let segments: Vec<Segment> =
        render(&schedule(vec![only]), &[], &almanac(&["America/New_York"]), span("2026-11-01T04:00", "2026-11-01T10:00"));
    assert_eq!(lines(&segments), ["A 2026-11-01T04:00 2026-11-01T10:00"]);
}

#[test]
fn only_the_hours_that_must_be_covered_count() {
    let almanac: Almanac = with_holidays(&["Asia/Tokyo"], &["2026-09-22"]);
    let mut only: Layer = layer(1, 1, rotation(Unit::Day, "2026-09-21T00:00", "Asia/Tokyo", "A"));
    only.restrictions = vec![daily((9, 0), (12, 0))];
    let mut schedule: Schedule = schedule(vec![only]);
    schedule.required = vec![restriction(RestrictionKind::NotHoliday, (9, 0), (18, 0), Weekdays::MONDAY_TO_FRIDAY)];
    let window: Span = span("2026-09-20T15:00", "2026-09-23T15:00");
    let (segments, required): (Vec<Segment>, Vec<Span>) =
        (render(&schedule, &[], &almanac, window), required(&schedule, &almanac, window));
    assert!((coverage(&segments, &DutyRole::Primary, &required).percent() - 100.0 / 3.0).abs() < 1e-9);
    assert_eq!(
        lines(&gaps(&segments, &required)),
        ["- 2026-09-21T03:00 2026-09-21T09:00", "- 2026-09-23T03:00 2026-09-23T09:00"]
    );
    assert!((coverage(&segments, &DutyRole::Primary, &[]).percent() - 100.0).abs() < f64::EPSILON);
}

#[test]
fn a_missing_shadow_is_no_gap() {
    let mut shadow: Layer = layer(1, 1, rotation(Unit::Day, "2026-09-21T00:00", "UTC", "A"));
    (shadow.role, shadow.restrictions) = (DutyRole::Shadow, vec![daily((9, 0), (12, 0))]);
    let window: Span = span("2026-09-21T00:00", "2026-09-22T00:00");
    let segments: Vec<Segment> = render(&schedule(vec![shadow]), &[], &almanac(&["UTC"]), window);
    let roles: Vec<DutyRole> = gaps(&segments, &[window]).into_iter().map(|gap| gap.role).collect();
    assert_eq!(roles, [DutyRole::Primary]);
}
