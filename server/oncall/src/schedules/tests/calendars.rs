//! Calendars kept elsewhere: who is meant, what is cancelled, and what people override here.

use super::{House, editor, for_all, instead, span, tokyo};
use crate::Error;
use crate::schedules::definition::ScheduleId;
use crate::schedules::incoming::{FETCH_EVERY_MS, NewSource, Report, SourceId, SourceMode};
use crate::schedules::overrides::NewOverride;
use crate::schedules::refused::Refused;
use model::rota::DutyRole;
use sqlx::PgPool;

fn source(schedule: ScheduleId, mode: SourceMode, address: Option<&str>) -> NewSource {
    NewSource { schedule, role: DutyRole::Primary, name: "Google".to_owned(), mode, address: address.map(str::to_owned) }
}

/// An entry of somebody, on a day of December from 9 to 18 in Tokyo.
fn entry(uid: &str, sequence: u32, day: u32, mail: &str, more: &str) -> String {
    format!(
        "BEGIN:VEVENT\nUID:{uid}\nSEQUENCE:{sequence}\nDTSTART;TZID=Asia/Tokyo:202612{day:02}T090000\n\
         DTEND;TZID=Asia/Tokyo:202612{day:02}T180000\nATTENDEE:mailto:{mail}\n{more}END:VEVENT\n"
    )
}

fn calendar(entries: &[String]) -> String {
    format!("BEGIN:VCALENDAR\nVERSION:2.0\n{}END:VCALENDAR\n", entries.concat())
}

fn counts(report: &Report) -> [usize; 4] {
    [report.n_shifts, report.n_new, report.n_changed, report.n_removed]
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn entries_are_overrides_of_whoever_has_the_address(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let attached: SourceId = house.schedules.attach(&editor(), &source(id, SourceMode::Overrides, None)).await.unwrap();
    let text: String = calendar(&[
        entry("a", 0, 1, "Person-4@example.jp", ""),
        entry("b", 0, 2, "stranger@example.jp", ""),
        entry("c", 0, 3, "person-3@example.jp", "STATUS:CANCELLED\n"),
        entry("d", 0, 4, "person-3@example.jp", "RRULE:FREQ=WEEKLY\n"),
    ]);
    let report: Report = house.schedules.read_calendar(&editor(), attached, &text).await.unwrap();
    assert_eq!(counts(&report), [2, 2, 0, 0]);
    assert_eq!((report.unknown[0].said.as_str(), report.refused.len()), ("stranger@example.jp", 1));
    assert_eq!(
        house.primary(id, "2026-12-01T00:00", "2026-12-05T00:00").await,
        [
            "2 2026-12-01T00:00 2026-12-01T09:00",
            "4 2026-12-01T09:00 2026-12-01T18:00",
            "2 2026-12-01T18:00 2026-12-02T09:00",
            "0 2026-12-02T09:00 2026-12-02T18:00",
            "2 2026-12-02T18:00 2026-12-05T00:00",
        ]
    );
    let again: Report = house.schedules.read_calendar(&editor(), attached, &text).await.unwrap();
    assert_eq!(counts(&again), [2, 0, 0, 0], "the same file changes nothing");
    let moved: String = calendar(&[entry("a", 1, 3, "person-4@example.jp", "")]);
    let report: Report = house.schedules.read_calendar(&editor(), attached, &moved).await.unwrap();
    assert_eq!(counts(&report), [1, 0, 1, 1], "moved, and what is gone from the file ends");
    assert_eq!(
        house.primary(id, "2026-12-01T00:00", "2026-12-03T12:00").await,
        ["2 2026-12-01T00:00 2026-12-03T09:00", "4 2026-12-03T09:00 2026-12-03T12:00",]
    );
    let made = house.schedules.overrides(id).await.unwrap()[0].change.id;
    let refused = house.schedules.cancel_override(&for_all(), made).await.unwrap_err();
    assert!(matches!(refused, Error::Schedule(Refused::FromACalendar)));
    house.schedules.detach(&editor(), attached).await.unwrap();
    assert!(house.schedules.overrides(id).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn fixed_shifts_give_way_to_what_people_override_here(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let attached: SourceId = house.schedules.attach(&editor(), &source(id, SourceMode::Shifts, None)).await.unwrap();
    house.schedules.make_override(&for_all(), &instead(id, 1, "2026-12-01T10:00", "2026-12-01T11:00")).await.unwrap();
    house.clock.advance_ms(60_000);
    let text: String = calendar(&[entry("a", 0, 1, "person-4@example.jp", "")]);
    house.schedules.read_calendar(&editor(), attached, &text).await.unwrap();
    assert_eq!(
        house.primary(id, "2026-12-01T09:00", "2026-12-01T18:00").await,
        ["4 2026-12-01T09:00 2026-12-01T10:00", "1 2026-12-01T10:00 2026-12-01T11:00", "4 2026-12-01T11:00 2026-12-01T18:00",]
    );
    let stale = NewOverride { revision: Some(1), ..instead(id, 3, "2026-12-01T12:00", "2026-12-01T13:00") };
    assert!(house.schedules.make_override(&for_all(), &stale).await.is_err(), "the calendar has changed the schedule meanwhile");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_has_begun_goes_on_and_what_has_been_stays(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let attached: SourceId = house.schedules.attach(&editor(), &source(id, SourceMode::Overrides, None)).await.unwrap();
    let text: String = calendar(&[entry("a", 0, 1, "person-4@example.jp", "")]);
    house.schedules.read_calendar(&editor(), attached, &text).await.unwrap();
    house.go("2026-12-01T12:00").await;
    let again: Report = house.schedules.read_calendar(&editor(), attached, &text).await.unwrap();
    assert_eq!(counts(&again), [1, 0, 0, 0]);
    house.schedules.read_calendar(&editor(), attached, &calendar(&[])).await.unwrap();
    assert_eq!(
        house.primary(id, "2026-12-01T08:00", "2026-12-01T18:00").await,
        ["2 2026-12-01T08:00 2026-12-01T09:00", "4 2026-12-01T09:00 2026-12-01T12:00", "2 2026-12-01T12:00 2026-12-01T18:00",]
    );
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_calendar_with_an_address_is_fetched_and_its_failures_are_shown(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let address = Some("webcal://cal.example/private-1234/basic.ics");
    let attached: SourceId = house.schedules.attach(&editor(), &source(id, SourceMode::Overrides, address)).await.unwrap();
    house.schedules.tick().await.unwrap();
    let row = house.schedules.sources(id).await.unwrap().remove(0);
    assert_eq!((row.shown.as_str(), row.last_error.as_deref()), ("cal.example", Some("nobody is there")));
    assert_eq!(row.next_at, Some(tokyo("2026-11-24T12:00").plus_ms(FETCH_EVERY_MS)));
    *house.world.calendar.lock().unwrap() = Ok(calendar(&[entry("a", 0, 1, "person-4@example.jp", "")]));
    house.schedules.tick().await.unwrap();
    assert!(house.schedules.overrides(id).await.unwrap().is_empty(), "not before its time");
    house.clock.advance_ms(FETCH_EVERY_MS);
    house.schedules.tick().await.unwrap();
    assert_eq!(house.schedules.overrides(id).await.unwrap()[0].change.start, span("2026-12-01T09:00", "2026-12-01T18:00").start);
    assert_eq!(house.schedules.sources(id).await.unwrap()[0].last_error, None);
    *house.world.calendar.lock().unwrap() = Ok("<html>sign in</html>".to_owned());
    let refused = house.schedules.fetch_now(&editor(), attached).await.unwrap_err();
    assert!(refused.to_string().contains("expected an iCalendar file"), "{refused}");
    assert_eq!(house.schedules.overrides(id).await.unwrap().len(), 1, "a page is no calendar, and takes nothing away");
    let facts = house.told(id).await;
    assert!(facts.iter().all(|fact| !fact.body.to_string().contains("private-1234")), "no secret in the history");
}
