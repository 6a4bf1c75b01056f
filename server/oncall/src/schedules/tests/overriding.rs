//! C6 of the reference, by the room: who is replaced, who may, and what is taken back.

use super::{House, editing, for_all, instead, person, responder, tokyo};
use crate::Error;
use crate::schedules::overrides::{NewOverride, OverridePreview};
use crate::schedules::refused::Refused;
use model::ids::OverrideId;
use sqlx::PgPool;
use uuid::Uuid;

fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Refused {
    match outcome {
        Err(Error::Schedule(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_override_parts_a_shift_and_does_not_chain(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let one = NewOverride { from: Some(person(1)), ..instead(id, 2, "2026-11-26T11:00", "2026-11-26T12:00") };
    house.schedules.make_override(&for_all(), &one).await.unwrap();
    let day = ("2026-11-26T10:00", "2026-11-26T14:00");
    let expected =
        ["1 2026-11-26T10:00 2026-11-26T11:00", "2 2026-11-26T11:00 2026-11-26T12:00", "1 2026-11-26T12:00 2026-11-26T14:00"];
    assert_eq!(house.primary(id, day.0, day.1).await, expected);
    let chained = NewOverride { from: Some(person(2)), ..instead(id, 3, "2026-11-26T11:00", "2026-11-26T12:00") };
    house.schedules.make_override(&for_all(), &chained).await.unwrap();
    assert_eq!(house.primary(id, day.0, day.1).await, expected, "the layers name 1, so whoever replaces 2 replaces nobody");
    house.clock.advance_ms(1_000);
    let newer = NewOverride { from: Some(person(1)), ..instead(id, 4, "2026-11-26T11:30", "2026-11-26T13:00") };
    house.schedules.make_override(&for_all(), &newer).await.unwrap();
    assert_eq!(
        house.primary(id, "2026-11-26T11:00", "2026-11-26T13:00").await,
        ["2 2026-11-26T11:00 2026-11-26T11:30", "4 2026-11-26T11:30 2026-11-26T13:00"]
    );
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn responders_put_themselves_on_call_and_nobody_else(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let mine = instead(id, 3, "2026-11-26T00:00", "2026-11-27T00:00");
    let made: OverrideId = house.schedules.make_override(&responder(3), &mine).await.unwrap();
    assert_eq!(refused(house.schedules.make_override(&responder(2), &mine).await), Refused::NotYours);
    let nobody = NewOverride { from: Some(person(2)), to: None, ..mine.clone() };
    assert_eq!(refused(house.schedules.make_override(&responder(2), &nobody).await), Refused::NotYours, "that leaves a gap");
    assert_eq!(refused(house.schedules.cancel_override(&responder(4), made).await), Refused::NotYours);
    house.schedules.cancel_override(&responder(3), made).await.unwrap();
    assert_eq!(refused(house.schedules.cancel_override(&responder(3), made).await), Refused::NoOverride);
    house.schedules.make_override(&for_all(), &nobody).await.unwrap();
    assert!(house.schedules.overrides(id).await.unwrap()[0].change.to.is_none());
    let kinds: Vec<String> = house.kinds(id).await;
    assert!(kinds.contains(&"OverrideMade".to_owned()) && kinds.contains(&"OverrideCancelled".to_owned()), "{kinds:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_can_not_be_overridden_is_refused(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    house.set_staffer(4, |staffer| staffer.may_come_in = false);
    let new = instead(id, 3, "2026-11-26T00:00", "2026-11-27T00:00");
    for (wanted, expected) in [
        (instead(id, 3, "2026-11-23T00:00", "2026-11-24T12:00"), Refused::Past),
        (instead(id, 3, "2026-11-27T00:00", "2026-11-26T00:00"), Refused::Window(400)),
        (NewOverride { to: None, ..new.clone() }, Refused::EmptyOverride),
        (NewOverride { to: Some(person(4)), ..new.clone() }, Refused::NotAResponder),
        (NewOverride { to: Some(person(9)), ..new.clone() }, Refused::NoPerson(person(9))),
        (NewOverride { reason: "x".repeat(301), ..new.clone() }, Refused::LongText(300)),
        (NewOverride { revision: Some(7), ..new.clone() }, Refused::Stale { expected: 7, found: 1 }),
        (NewOverride { schedule: crate::schedules::definition::ScheduleId(Uuid::nil()), ..new.clone() }, Refused::NoSchedule),
    ] {
        assert_eq!(refused(house.schedules.make_override(&for_all(), &wanted).await), expected);
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_taken_back_was_in_force_until_then(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let made: OverrideId =
        house.schedules.make_override(&for_all(), &instead(id, 3, "2026-11-25T00:00", "2026-11-27T00:00")).await.unwrap();
    house.go("2026-11-26T06:00").await;
    house.schedules.cancel_override(&for_all(), made).await.unwrap();
    house.go("2026-11-28T00:00").await;
    let expected =
        ["1 2026-11-24T12:00 2026-11-25T00:00", "3 2026-11-25T00:00 2026-11-26T06:00", "1 2026-11-26T06:00 2026-11-30T10:00"];
    assert_eq!(house.primary(id, "2026-11-24T12:00", "2026-11-30T10:00").await, expected);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_preview_of_an_override_shows_what_making_it_does(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let new = instead(id, 4, "2026-11-29T12:00", "2026-12-01T00:00");
    let preview: OverridePreview = house.schedules.preview_override(&new).await.unwrap();
    let told: Vec<(String, String)> =
        preview.changes.iter().map(|change| (super::written(change.start), super::written(change.end))).collect();
    let expected = [("2026-11-29T12:00", "2026-11-30T10:00"), ("2026-11-30T10:00", "2026-12-01T00:00")];
    assert_eq!(told, expected.map(|(start, end)| (start.to_owned(), end.to_owned())), "1 is replaced, then 2");
    assert!(house.schedules.overrides(id).await.unwrap().is_empty());
    house.schedules.make_override(&for_all(), &new).await.unwrap();
    let after = house.schedules.render(id, preview.window).await.unwrap();
    let line = |segments: &[model::rota::Segment]| super::lines(segments, &model::rota::DutyRole::Primary);
    assert_eq!(line(&after.segments), line(&preview.after));
    assert_eq!(tokyo("2026-11-28T12:00"), preview.window.start);
    let row = &house.schedules.overrides(id).await.unwrap()[0];
    assert_eq!((row.made_by.as_str(), row.reason.as_str()), (editing(1).name(), "wedding"));
}
