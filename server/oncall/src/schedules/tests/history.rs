//! What has been doesn't change, whatever is changed later.

use super::{DAY, HOUR, House, editor, for_all, instead, members, tokyo};
use crate::schedules::change::Effective;
use crate::schedules::holidays::NewCalendar;
use chrono::NaiveDate;
use model::rota::{AdvanceOn, DutyRole, OnHoliday, Span, Unit};
use sqlx::PgPool;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn no_change_reaches_back(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    house.go("2026-12-16T12:00").await;
    let window = ("2026-11-24T12:00", "2026-12-16T12:00");
    let before = house.render(id, window.0, window.1).await.segments;
    assert_eq!(super::lines(&before, &DutyRole::Primary).len(), 4);
    let now = Effective::At(tokyo("2026-12-16T12:00"));
    house.change(id, now, |wanted| wanted.layers[0].rotation.members = members(&[4])).await;
    assert_eq!(house.render(id, window.0, window.1).await.segments, before, "other members");
    house.change(id, now, |wanted| wanted.layers.clear()).await;
    assert_eq!(house.render(id, window.0, window.1).await.segments, before, "no layers");
    let late = instead(id, 2, "2026-12-01T00:00", "2026-12-20T00:00");
    house.schedules.make_override(&for_all(), &late).await.unwrap();
    assert_eq!(house.render(id, window.0, window.1).await.segments, before, "an override that would begin in the past");
    let line: Vec<String> = house.primary(id, "2026-12-16T00:00", "2026-12-20T00:00").await;
    assert_eq!(line, ["4 2026-12-16T00:00 2026-12-16T12:00", "2 2026-12-16T12:00 2026-12-20T00:00"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_holiday_that_is_added_changes_turns_from_now_on_only(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let new = NewCalendar { name: "ours".to_owned(), title_ja: String::new(), title_en: String::new(), is_japan: false };
    house.schedules.save_calendar(&editor(), &new, None).await.unwrap();
    let daily = |wanted: &mut super::Definition| {
        wanted.calendar = "ours".to_owned();
        wanted.layers.truncate(1);
        let rotation = &mut wanted.layers[0].rotation;
        (rotation.unit, rotation.on_holiday, rotation.advance_on) = (Unit::Day, OnHoliday::Skip, AdvanceOn::Period);
    };
    house.change(id, Effective::At(tokyo("2026-11-24T12:00")), daily).await;
    house.go("2026-12-03T12:00").await;
    let past: Vec<String> = house.primary(id, "2026-11-25T10:00", "2026-12-03T10:00").await;
    let next: Vec<String> = house.primary(id, "2026-12-04T10:00", "2026-12-05T10:00").await;
    let monday: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
    house.schedules.add_company_day(&editor(), "ours", monday, "創立記念日", "").await.unwrap();
    assert_eq!(house.primary(id, "2026-11-25T10:00", "2026-12-03T10:00").await, past, "nobody was on call otherwise");
    assert_ne!(house.primary(id, "2026-12-04T10:00", "2026-12-05T10:00").await, next, "one turn fewer was counted");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_database_refuses_to_rewrite_what_was_and_to_edit_a_layer(pool: PgPool) {
    let (house, _) = House::with_pair(pool).await;
    house.go("2026-12-16T12:00").await;
    for statement in [
        "update oncall_shift_fact set person = null",
        "delete from oncall_shift_fact",
        "update oncall_layer set rank = 7",
        "update oncall_layer set rotation = '{}'",
        "update oncall_layer set effective_from = timestamptz '2020-01-01 00:00:00+00'",
    ] {
        assert!(sqlx::query(statement).execute(house.db.pool()).await.is_err(), "{statement}");
    }
    sqlx::query("update oncall_layer set is_closed = true").execute(house.db.pool()).await.unwrap();
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn every_moment_is_written_once_and_few_rows_say_it(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    for step in 0..(8 * 21) {
        house.clock.set(tokyo("2026-11-24T12:00").plus_ms(step * 3 * HOUR));
        house.schedules.tick().await.unwrap();
    }
    let row = house.schedules.one(id).await.unwrap().unwrap();
    let mut tx = house.db.begin().await.unwrap();
    let window = Span::new(tokyo("2026-11-24T12:00"), row.final_until);
    let facts = crate::store::schedules::facts::within(&mut tx, id, window).await.unwrap();
    let primary: Vec<_> = facts.iter().filter(|segment| segment.role == DutyRole::Primary).collect();
    assert!(primary.windows(2).all(|two| two[0].end == two[1].start), "no gap and no overlap");
    assert_eq!(primary.iter().map(|segment| segment.span().length_ms()).sum::<i64>(), window.length_ms());
    let n_days: i64 = window.length_ms() / DAY;
    assert!(i64::try_from(primary.len()).unwrap() <= n_days + 8, "a row a day, and two a handoff");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn handoffs_are_told_as_they_pass_and_once(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    house.go("2026-11-30T09:59").await;
    house.go("2026-11-30T10:00").await;
    assert!(!house.kinds(id).await.contains(&"DutyHandedOver".to_owned()), "it is over when it has passed");
    house.go("2026-11-30T10:01").await;
    house.go("2026-11-30T10:02").await;
    // An override that begins now is no handoff of the past, but one all the same.
    house.schedules.make_override(&for_all(), &instead(id, 4, "2026-11-30T10:02", "2026-11-30T12:00")).await.unwrap();
    house.go("2026-11-30T10:30").await;
    house.go("2026-11-30T12:30").await;
    let handed = house.told(id).await.into_iter().filter(|fact| fact.kind == "DutyHandedOver");
    let told: Vec<(String, String, String)> =
        handed.map(|fact| (super::written(fact.at), fact.body["role"].to_string(), fact.body["to"][0].to_string())).collect();
    let to = |n: u128| format!("\"{}\"", super::person(n));
    let primary = "\"primary\"".to_owned();
    let expected = [
        ("2026-11-30T10:00".to_owned(), primary.clone(), to(2)),
        ("2026-11-30T10:00".to_owned(), "\"secondary\"".to_owned(), to(3)),
        ("2026-11-30T10:02".to_owned(), primary.clone(), to(4)),
        ("2026-11-30T12:00".to_owned(), primary, to(2)),
    ];
    assert_eq!(told, expected);
}
