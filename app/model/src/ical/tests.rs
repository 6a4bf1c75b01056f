//! What goes out is what RFC 5545 asks for; what comes in is read, or refused with its line.

use super::feed::{Entry, Feed, uid, write};
use super::reading::{MAX_BYTES, MAX_ENTRIES, NotRead, Reading, Refusal, read, zones};
use super::text::{escaped, put, unescaped, unfolded};
use crate::ids::{LayerId, PersonId};
use crate::rota::almanac::Almanac;
use crate::rota::local::Local;
use crate::rota::offsets::{OffsetChange, Offsets};
use crate::rota::{DutyRole, Segment, Source, Span, Who};
use crate::time::Time;
use proptest::prelude::*;
use uuid::Uuid;

fn utc(text: &str) -> Time {
    Time(text.parse::<Local>().unwrap().0 * 1_000)
}

fn written(at: Time) -> String {
    Local(at.0 / 1_000).to_string()
}

fn tokyo() -> Offsets {
    Offsets { zone: "Asia/Tokyo".to_owned(), first_s: 9 * 3_600, changes: Vec::new() }
}

/// Its offsets from 14 March to 7 November 2027.
fn new_york() -> Offsets {
    let changes: Vec<OffsetChange> = [("2027-03-14T07:00", -4), ("2027-11-07T06:00", -5)]
        .map(|(at, hours)| OffsetChange { at: utc(at), offset_s: hours * 3_600 })
        .to_vec();
    Offsets { zone: "America/New_York".to_owned(), first_s: -5 * 3_600, changes }
}

fn reading(entries: &str) -> Reading {
    let file: String = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", entries.replace('\n', "\r\n"));
    read(&file, &Almanac { zones: vec![new_york()], ..Almanac::default() }, &tokyo()).unwrap()
}

/// An entry with these lines; it begins in line 3.
fn one(lines: &str) -> Reading {
    reading(&format!("BEGIN:VEVENT\nUID:a\n{lines}\nEND:VEVENT\n"))
}

fn segment() -> Segment {
    Segment {
        role: DutyRole::Primary,
        start: utc("2026-11-30T01:00"),
        end: utc("2026-12-07T01:00"),
        who: Who::Person(PersonId(Uuid::from_u128(7))),
        source: Some(Source::Layer(LayerId(Uuid::from_u128(8)))),
    }
}

#[test]
fn a_feed_is_a_calendar() {
    let entry: Entry = Entry {
        uid: "shift-1@watch.example".to_owned(),
        sequence: 3,
        start: utc("2026-11-30T01:00"),
        end: utc("2026-12-07T01:00"),
        summary: "当番, 正: 花; 子".to_owned(),
        description: String::new(),
        url: Some("https://watch.example/on-call".to_owned()),
    };
    let feed: Feed = Feed { name: "Checkout".to_owned(), stamp: utc("2026-11-22T03:04"), entries: vec![entry] };
    let expected: [&str; 22] = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Mimamori//On call//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Checkout",
        "X-WR-CALNAME:Checkout",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
        "BEGIN:VEVENT",
        "UID:shift-1@watch.example",
        "DTSTAMP:20261122T030400Z",
        "LAST-MODIFIED:20261122T030400Z",
        "SEQUENCE:3",
        "DTSTART:20261130T010000Z",
        "DTEND:20261207T010000Z",
        "SUMMARY:当番\\, 正: 花\\; 子",
        "URL:https://watch.example/on-call",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ];
    assert_eq!(write(&feed), expected.join("\r\n"));
    let back: Reading = read(&write(&feed), &Almanac::default(), &tokyo()).unwrap();
    assert_eq!(
        (back.shifts[0].start, back.shifts[0].sequence, back.shifts[0].summary.as_str()),
        (feed.entries[0].start, 3, "当番, 正: 花; 子")
    );
}

#[test]
fn a_shift_keeps_its_name_when_its_end_moves_and_loses_it_when_it_is_anothers() {
    let window: Span = Span::new(utc("2026-10-01T00:00"), utc("2027-01-01T00:00"));
    let name = |segment: &Segment| uid("s", segment, window, "watch.example");
    let shorter: Segment = Segment { end: utc("2026-12-01T00:00"), ..segment() };
    assert_eq!(name(&shorter), name(&segment()));
    assert_eq!(
        name(&segment()),
        "s-primary-00000000-0000-0000-0000-000000000007-00000000-0000-0000-0000-000000000008-1796000400@watch.example"
    );
    let others: [Segment; 4] = [
        Segment { start: utc("2026-11-30T02:00"), ..segment() },
        Segment { who: Who::Nobody, ..segment() },
        Segment { role: DutyRole::Custom("見張り".to_owned()), ..segment() },
        Segment { source: None, ..segment() },
    ];
    assert!(others.iter().all(|other| name(other) != name(&segment())));
    let open: Segment = Segment { start: window.start, ..segment() };
    assert!(name(&open).contains("-open@"));
}

#[test]
fn lines_are_folded_at_75_octets_between_characters() {
    let mut out: String = String::new();
    put(&mut out, "SUMMARY", &"当番".repeat(40));
    assert!(out.ends_with("\r\n"));
    let lines: Vec<&str> = out.trim_end().split("\r\n").collect();
    assert!(lines.len() > 3 && lines.iter().all(|line| line.len() <= 75) && lines[1..].iter().all(|line| line.starts_with(' ')));
    assert_eq!(unfolded(&out)[0].text, format!("SUMMARY:{}", "当番".repeat(40)));
}

#[test]
fn times_of_every_kind_are_moments() {
    for (lines, start, end) in [
        ("DTSTART:20261130T010000Z\nDTEND:20261207T010000Z", "2026-11-30T01:00", "2026-12-07T01:00"),
        ("DTSTART:20261130T100000\nDTEND:20261207T100000", "2026-11-30T01:00", "2026-12-07T01:00"),
        (
            "DTSTART;TZID=America/New_York:20270313T090000\nDTEND;TZID=\"America/New_York\":20270315T090000",
            "2027-03-13T14:00",
            "2027-03-15T13:00",
        ),
        ("DTSTART;VALUE=DATE:20261130\nDTEND;VALUE=DATE:20261202", "2026-11-29T15:00", "2026-12-01T15:00"),
        ("DTSTART;VALUE=DATE:20261130", "2026-11-29T15:00", "2026-11-30T15:00"),
    ] {
        let found: Reading = one(lines);
        assert_eq!(found.refused, [], "{lines}");
        assert_eq!((written(found.shifts[0].start).as_str(), written(found.shifts[0].end).as_str()), (start, end), "{lines}");
    }
}

#[test]
fn what_is_no_single_shift_is_refused_by_name_and_line() {
    let times: &str = "DTSTART:20261130T010000Z\nDTEND:20261207T010000Z";
    for (lines, line, why) in [
        (format!("{times}\nRRULE:FREQ=WEEKLY"), 7, Refusal::Repeats("RRULE".to_owned())),
        (format!("{times}\nRECURRENCE-ID:20261130T010000Z"), 7, Refusal::Repeats("RECURRENCE-ID".to_owned())),
        ("DTSTART:20261130T010000Z\nDURATION:PT1H".to_owned(), 6, Refusal::Duration),
        ("DTSTART:20261130T010000Z".to_owned(), 3, Refusal::Missing("DTEND".to_owned())),
        ("DTEND:20261130T010000Z".to_owned(), 3, Refusal::Missing("DTSTART".to_owned())),
        ("DTSTART:20261330T010000Z\nDTEND:20261207T010000Z".to_owned(), 5, Refusal::NotATime("DTSTART".to_owned())),
        ("DTSTART:20261130T010000Z\nDTEND:20261130T010000Z".to_owned(), 6, Refusal::Backwards),
        (
            "DTSTART;TZID=Tokyo Standard Time:20261130T010000\nDTEND:20261207T010000Z".to_owned(),
            5,
            Refusal::UnknownZone("Tokyo Standard Time".to_owned()),
        ),
    ] {
        let found: Reading = one(&lines);
        let refused: Vec<(usize, &Refusal)> = found.refused.iter().map(|refused| (refused.line, &refused.why)).collect();
        assert_eq!(refused, [(line, &why)], "{lines}");
        assert_eq!(found.shifts, [], "{lines}");
    }
    let nameless: Reading = reading("BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261130\nEND:VEVENT\n");
    assert_eq!(nameless.refused[0].why, Refusal::Missing("UID".to_owned()));
}

#[test]
fn people_and_states_are_read_and_alarms_are_not() {
    let found: Reading = one(concat!(
        "DTSTART;VALUE=DATE:20261130\nSTATUS:CANCELLED\nSUMMARY:On call\\, nights\n",
        "ATTENDEE;CN=\"Hana: Sato; SRE\";PARTSTAT=ACCEPTED:mailto:Hana@Example.jp\n",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:ren@example.jp\nATTENDEE:MAILTO:aoi@exam\n ple.jp\nATTENDEE:urn:uuid:1\n",
        "BEGIN:VALARM\nSUMMARY:Alarm\nATTENDEE:mailto:alarm@example.jp\nEND:VALARM"
    ));
    let shift = &found.shifts[0];
    assert_eq!(shift.mails, ["aoi@example.jp", "hana@example.jp"]);
    assert_eq!((shift.is_cancelled, shift.summary.as_str(), shift.line), (true, "On call, nights", 3));
}

#[test]
fn of_one_uid_the_newest_counts() {
    let entry = |uid: &str, sequence: u32, more: &str| {
        format!("BEGIN:VEVENT\nUID:{uid}\nSEQUENCE:{sequence}\nDTSTART;VALUE=DATE:20261130\n{more}END:VEVENT\n")
    };
    let found: Reading = reading(
        &[entry("b", 2, "STATUS:CANCELLED\n"), entry("a", 0, ""), entry("b", 1, ""), entry("a", 0, "SUMMARY:x\n")].concat(),
    );
    let told: Vec<(&str, bool, &str)> =
        found.shifts.iter().map(|shift| (shift.uid.as_str(), shift.is_cancelled, shift.summary.as_str())).collect();
    assert_eq!(told, [("b", true, ""), ("a", false, "x")]);
}

#[test]
fn a_file_that_is_something_else_or_too_much_is_not_read() {
    let read = |file: &str| read(file, &Almanac::default(), &tokyo()).map(|reading| reading.shifts.len());
    assert_eq!(read("<html>"), Err(NotRead::NotACalendar));
    assert_eq!(read(""), Err(NotRead::NotACalendar));
    assert_eq!(read("\u{feff}begin:vcalendar\nEND:VCALENDAR"), Ok(0));
    assert_eq!(read(&" ".repeat(MAX_BYTES + 1)), Err(NotRead::TooLong(MAX_BYTES + 1)));
    let many: String = "BEGIN:VEVENT\nEND:VEVENT\n".repeat(MAX_ENTRIES + 1);
    assert_eq!(read(&format!("BEGIN:VCALENDAR\n{many}")), Err(NotRead::TooMany(2 + 2 * MAX_ENTRIES)));
    let deep: String = "BEGIN:X\n".repeat(9);
    assert_eq!(read(&format!("BEGIN:VCALENDAR\n{deep}")), Err(NotRead::TooDeep(10)));
}

#[test]
fn the_zones_of_a_file_are_named() {
    let file: &str = "DTSTART;TZID=/Europe/Berlin:20261130T010000\nDTEND;TZID=Europe/Berlin:20261130T020000\nX;TZID=Asia/Tokyo:1";
    assert_eq!(zones(file), ["Asia/Tokyo", "Europe/Berlin"]);
}

proptest! {
    #[test]
    fn texts_come_back(text in "[ -~当番\n]{0,200}") {
        prop_assert_eq!(unescaped(&escaped(&text)), text.clone());
        let mut out: String = String::new();
        put(&mut out, "SUMMARY", &escaped(&text));
        prop_assert_eq!(&unfolded(&out)[0].text, &format!("SUMMARY:{}", escaped(&text)));
    }

    #[test]
    fn nothing_panics(text in "\\PC{0,300}", lines in "[A-Z:;=\"\\\\\n 0-9TZ-]{0,300}") {
        for file in [text.clone(), lines.clone(), format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:{text}\n{lines}\nEND:VEVENT")] {
            let found: Result<Reading, NotRead> = read(&file, &Almanac::default(), &tokyo());
            prop_assert!(found.is_ok_and(|reading| reading.shifts.len() <= 1) || !file.starts_with("BEGIN:VCALENDAR\nBEGIN:VEVENT") || lines.contains("BEGIN"));
            prop_assert!(zones(&file).len() <= file.len());
        }
    }
}
