//! Wall clocks into moments and back, beside CPython's `zoneinfo` (fold 0 and fold 1; in a gap PEP 495 lets fold 0 use the offset before
//! it, as RFC 5545 does).

use super::*;

/// Zone, wall clock, first and last moment at which it shows that.
const CPYTHON: [(&str, &str, &str, &str); 37] = [
    ("Asia/Tokyo", "2026-11-30T10:00", "2026-11-30T01:00", "2026-11-30T01:00"),
    ("Asia/Tokyo", "2027-11-22T10:00", "2027-11-22T01:00", "2027-11-22T01:00"),
    ("Asia/Tokyo", "2027-02-28T10:00", "2027-02-28T01:00", "2027-02-28T01:00"),
    ("America/New_York", "2026-10-26T09:00", "2026-10-26T13:00", "2026-10-26T13:00"),
    ("America/New_York", "2026-11-02T09:00", "2026-11-02T14:00", "2026-11-02T14:00"),
    ("America/New_York", "2027-03-08T09:00", "2027-03-08T14:00", "2027-03-08T14:00"),
    ("America/New_York", "2027-03-15T09:00", "2027-03-15T13:00", "2027-03-15T13:00"),
    ("America/New_York", "2027-03-14T02:15", "2027-03-14T07:15", "2027-03-14T07:15"),
    ("America/New_York", "2027-03-14T02:30", "2027-03-14T07:30", "2027-03-14T07:30"),
    ("America/New_York", "2027-03-14T02:45", "2027-03-14T07:45", "2027-03-14T07:45"),
    ("America/New_York", "2026-11-01T01:00", "2026-11-01T05:00", "2026-11-01T06:00"),
    ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30", "2026-11-01T06:30"),
    ("America/New_York", "2026-11-02T01:30", "2026-11-02T06:30", "2026-11-02T06:30"),
    ("America/Chicago", "2016-11-06T01:30", "2016-11-06T06:30", "2016-11-06T07:30"),
    ("America/Chicago", "2017-03-12T02:30", "2017-03-12T08:30", "2017-03-12T08:30"),
    ("America/Chicago", "2017-11-05T01:30", "2017-11-05T06:30", "2017-11-05T07:30"),
    ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45", "2026-10-03T15:45"),
    ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45", "2026-04-04T15:15"),
    ("Australia/Lord_Howe", "2026-04-05T02:00", "2026-04-04T15:30", "2026-04-04T15:30"),
    ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30", "2026-03-29T01:30"),
    ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30", "2026-10-25T01:30"),
    ("Europe/London", "2026-03-29T01:15", "2026-03-29T01:15", "2026-03-29T01:15"),
    ("Europe/London", "2026-10-25T01:15", "2026-10-25T00:15", "2026-10-25T01:15"),
    ("Pacific/Apia", "2011-12-29T23:30", "2011-12-30T09:30", "2011-12-30T09:30"),
    ("Pacific/Apia", "2011-12-30T10:00", "2011-12-30T20:00", "2011-12-30T20:00"),
    ("Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00", "2011-12-30T10:00"),
    ("America/Sao_Paulo", "2018-11-04T00:30", "2018-11-04T03:30", "2018-11-04T03:30"),
    ("America/Sao_Paulo", "2018-02-17T23:30", "2018-02-18T01:30", "2018-02-18T02:30"),
    ("Africa/Casablanca", "2025-02-23T02:30", "2025-02-23T01:30", "2025-02-23T02:30"),
    ("Africa/Casablanca", "2025-04-06T02:30", "2025-04-06T02:30", "2025-04-06T02:30"),
    ("America/Havana", "2026-03-08T00:30", "2026-03-08T05:30", "2026-03-08T05:30"),
    ("America/Havana", "2026-11-01T00:30", "2026-11-01T04:30", "2026-11-01T05:30"),
    ("Asia/Kolkata", "2026-07-01T09:00", "2026-07-01T03:30", "2026-07-01T03:30"),
    ("Antarctica/Troll", "2026-03-29T01:30", "2026-03-29T01:30", "2026-03-29T01:30"),
    ("Antarctica/Troll", "2026-10-25T02:30", "2026-10-25T00:30", "2026-10-25T02:30"),
    ("Pacific/Chatham", "2026-09-27T02:50", "2026-09-26T14:05", "2026-09-26T14:05"),
    ("Pacific/Chatham", "2026-04-05T03:00", "2026-04-04T13:15", "2026-04-04T14:15"),
];

#[test]
fn every_instant_of_cpythons_zoneinfo_is_ours() {
    for (name, wall, first, last) in CPYTHON {
        let zone: Offsets = zone(name);
        let (ours_first, ours_last): (Time, Time) = (zone.first(local(wall)), zone.last(local(wall)));
        assert_eq!((written(ours_first).as_str(), written(ours_last).as_str()), (first, last), "{name} {wall}");
    }
}

#[test]
fn every_moment_of_a_year_of_changes_comes_back_from_its_wall_clock() {
    for name in ZONES {
        let zone: Offsets = zone(name);
        let mut at: Time = utc("2026-01-01T00:00");
        while at < utc("2027-01-01T00:00") {
            let wall: Local = zone.local(at);
            let both: [Time; 2] = [zone.first(wall), zone.last(wall)];
            assert!(both.contains(&at) && both[0] <= both[1], "{name} {wall} {} {both:?}", written(at));
            at = at.plus_ms(15 * 60_000);
        }
    }
}

#[test]
fn offsets_are_those_of_the_zone_database() {
    for name in ZONES {
        let (zone, tz): (Offsets, chrono_tz::Tz) = (zone(name), name.parse().unwrap());
        let mut numbers: Numbers = Numbers(7);
        for _ in 0..2_000 {
            let at: Time = numbers.moment_in(span("1996-01-01T00:00", "2039-01-01T00:00"));
            let theirs: i32 = tz.offset_from_utc_datetime(&at.to_utc().naive_utc()).fix().local_minus_utc();
            assert_eq!(zone.offset_at(at), theirs, "{name} {}", written(at));
        }
    }
}

#[test]
fn a_part_of_a_table_says_the_same_inside() {
    let whole: Offsets = zone("America/New_York");
    let part: Offsets = whole.between(span("2026-06-01T00:00", "2027-06-01T00:00"));
    assert_eq!(part.changes.len(), 2);
    for at in ["2026-06-01T00:00", "2026-11-01T05:59", "2026-11-01T06:00", "2027-03-14T07:00", "2027-05-31T23:59"] {
        assert_eq!(part.offset_at(utc(at)), whole.offset_at(utc(at)), "{at}");
    }
}
