//! What others answer, as far as their numbers are written down where we could read them, and where we mean to differ, by name.
//!
//! CPython's `zoneinfo` stands in `clocks`, Grafana OnCall's layers in `layering`. Absent, because no public page gives their numbers and
//! none are made up: the rows of GoAlert's `rotation_test.go` beyond those here, `OneUptime`'s fuzzing, Grafana's quality score.

use super::*;

fn starts(rotation: &Rotation, n: i64) -> Vec<String> {
    let zone: Offsets = zone(&rotation.zone);
    (0..n).map(|k| zone.local(rotation.handoff(&zone, k)).to_string()[5..10].to_owned()).collect()
}

#[test]
fn weeks_at_a_change_last_169_and_167_hours() {
    // GoAlert's rotations and Grafana OnCall's weeks of 2024-10-29 and 2025-03-04.
    let (zone, hour_ms): (Offsets, i64) = (zone("America/New_York"), 3_600_000);
    for (anchor, hours) in [("2024-10-29T00:00", 169), ("2025-03-04T00:00", 167)] {
        let week: Rotation = rotation(Unit::Week, anchor, "America/New_York", "AB");
        assert_eq!(week.handoff(&zone, 1).since(week.handoff(&zone, 0)), hours * hour_ms, "{anchor}");
    }
}

#[test]
fn difference_the_31st_stays_the_31st() {
    let ours: Vec<String> = starts(&rotation(Unit::Month, "2027-01-31T10:00", "UTC", "AB"), 4);
    assert_eq!(ours, ["01-31", "02-28", "03-31", "04-30"]);
    assert_ne!(ours, ["01-31", "03-03", "03-31", "05-01"], "GoAlert's");
    assert_ne!(ours, ["01-31", "02-28", "03-28", "04-28"], "OneUptime's");
}

#[test]
fn difference_a_time_in_lord_howes_gap_moves_as_far_as_it_is_inside() {
    let zone: Offsets = zone("Australia/Lord_Howe");
    let shown: String = zone.local(zone.first(local("2026-10-04T02:15"))).to_string();
    assert_eq!(shown, "2026-10-04T02:45", "GoAlert takes the end of the gap, 02:30");
}

#[test]
fn difference_hours_are_elapsed_time_across_a_change() {
    let zone: Offsets = zone("Australia/Lord_Howe");
    let hourly: Rotation = rotation(Unit::Hour, "2026-04-05T00:00", "Australia/Lord_Howe", "AB");
    for k in 0..6 {
        assert_eq!(hourly.handoff(&zone, k + 1).since(hourly.handoff(&zone, k)), 3_600_000, "{k}");
    }
    // 01:00, then the clock goes back by half an hour: 01:30, 02:30.
    let shown: Vec<String> = (1..4).map(|k| zone.local(hourly.handoff(&zone, k)).to_string()[11..].to_owned()).collect();
    assert_eq!(shown, ["01:00", "01:30", "02:30"]);
}

#[test]
fn difference_24_hours_are_no_day() {
    let zone: Offsets = zone("America/New_York");
    let hours: Rotation = Rotation { every: 24, ..rotation(Unit::Hour, "2027-03-13T09:00", "America/New_York", "AB") };
    let day: Rotation = rotation(Unit::Day, "2027-03-13T09:00", "America/New_York", "AB");
    assert_eq!(written(hours.handoff(&zone, 1)), "2027-03-14T14:00", "GoAlert's are the day's");
    assert_eq!(written(day.handoff(&zone, 1)), "2027-03-14T13:00");
}

#[test]
fn linkedins_ambiguous_sunday_begins_at_its_first_half_past_one() {
    // The case of its `test_scheduler.py`: US/Central, 2016, Sunday 01:30.
    let zone: Offsets = zone("America/Chicago");
    let weekly: Rotation = rotation(Unit::Week, "2016-10-30T01:30", "America/Chicago", "AB");
    assert_eq!(written(weekly.handoff(&zone, 1)), "2016-11-06T06:30");
    assert_eq!(written(weekly.handoff(&zone, 2)), "2016-11-13T07:30");
}

#[test]
fn a_day_that_a_zone_left_out_is_no_shift() {
    // Samoa had no 30 December 2011.
    let zone: Offsets = zone("Pacific/Apia");
    let daily: Rotation = rotation(Unit::Day, "2011-12-29T10:00", "Pacific/Apia", "ABC");
    assert_eq!(daily.handoff(&zone, 1), daily.handoff(&zone, 2));
    let segments: Vec<Segment> = crate::rota::render(
        &schedule(vec![layer(1, 1, daily)]),
        &[],
        &almanac(&["Pacific/Apia"]),
        span("2011-12-29T20:00", "2011-12-31T20:00"),
    );
    assert_eq!(lines(&segments), ["A 2011-12-29T20:00 2011-12-30T20:00", "C 2011-12-30T20:00 2011-12-31T20:00"]);
}
