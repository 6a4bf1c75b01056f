//! Covers and swaps: the first has it, both halves or none, and back as it was.

use super::{House, instead, person, responder, span, tokyo};
use crate::Error;
use crate::schedules::definition::ScheduleId;
use crate::schedules::refused::Refused;
use crate::schedules::swaps::{NewSwap, OfferId, SwapId, SwapRow, SwapState};
use model::rota::{DutyRole, Span};
use sqlx::PgPool;

const WEEKS: (&str, &str) = ("2026-11-24T12:00", "2026-12-21T10:00");

fn ask(schedule: ScheduleId, start: &str, end: &str, back: Option<Span>) -> NewSwap {
    NewSwap { schedule, role: DutyRole::Primary, span: span(start, end), back, reason: "旅行".to_owned() }
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Refused {
    match outcome {
        Err(Error::Schedule(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn of_twenty_who_take_it_at_once_one_has_it(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let week = ask(id, "2026-11-30T10:00", "2026-12-07T10:00", None);
    let swap: SwapId = house.schedules.ask(&responder(2), &week).await.unwrap();
    let mut taking = tokio::task::JoinSet::new();
    for k in 0..20_u128 {
        let schedules = house.schedules.clone();
        let taker: u128 = [1, 3, 4][usize::try_from(k % 3).unwrap()];
        taking.spawn(async move { schedules.take(&responder(taker), swap, None).await.map(|()| taker) });
    }
    let outcomes: Vec<Result<u128, Error>> = taking.join_all().await;
    let winners: Vec<u128> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok().copied()).collect();
    assert_eq!(winners.len(), 1, "{outcomes:?}");
    let late = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Err(Error::Schedule(refused @ Refused::NotOpen("taken"))) if refused.is_conflict()));
    assert_eq!(late.count(), 19);
    let row: SwapRow = house.schedules.swap(swap).await.unwrap().unwrap();
    assert_eq!((row.state, row.taken_by), (SwapState::Taken, Some(person(winners[0]))));
    let line = format!("{} 2026-11-30T10:00 2026-12-07T10:00", winners[0]);
    assert_eq!(house.primary(id, "2026-11-30T10:00", "2026-12-07T10:00").await, [line]);
    let taken: usize = house.kinds(id).await.iter().filter(|kind| *kind == "ShiftTaken").count();
    assert_eq!((taken, house.schedules.overrides(id).await.unwrap().len()), (1, 1));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_swap_is_both_halves_and_cancelling_it_restores_all(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let before = house.render(id, WEEKS.0, WEEKS.1).await.segments;
    let back = span("2026-12-07T10:00", "2026-12-14T10:00");
    let week = ask(id, "2026-11-30T10:00", "2026-12-07T10:00", Some(back));
    let swap: SwapId = house.schedules.ask(&responder(2), &week).await.unwrap();
    assert_eq!(refused(house.schedules.take(&responder(2), swap, None).await), Refused::Oneself);
    assert_eq!(refused(house.schedules.take(&responder(4), swap, None).await), Refused::NothingThere, "that week is 3's");
    assert_eq!(refused(house.schedules.take(&responder(3), swap, Some(week.span)).await), Refused::PartOfASwap);
    house.schedules.take(&responder(3), swap, None).await.unwrap();
    let swapped: Vec<String> = house.primary(id, "2026-11-30T10:00", "2026-12-14T10:00").await;
    assert_eq!(swapped, ["3 2026-11-30T10:00 2026-12-07T10:00", "2 2026-12-07T10:00 2026-12-14T10:00"]);
    assert_eq!(refused(house.schedules.cancel_swap(&responder(4), swap).await), Refused::NotYours);
    let half = house.schedules.overrides(id).await.unwrap()[0].change.id;
    house.schedules.cancel_override(&responder(3), half).await.unwrap();
    assert_eq!(house.render(id, WEEKS.0, WEEKS.1).await.segments, before, "to take one half back takes both");
    assert_eq!(house.schedules.swap(swap).await.unwrap().unwrap().state, SwapState::Cancelled);
    assert_eq!(refused(house.schedules.take(&responder(3), swap, None).await), Refused::NotOpen("cancelled"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_part_may_be_taken_and_the_rest_stays_open(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let day = ask(id, "2026-12-01T10:00", "2026-12-01T18:00", None);
    let swap: SwapId = house.schedules.ask(&responder(2), &day).await.unwrap();
    let part = span("2026-12-01T13:00", "2026-12-01T14:30");
    house.schedules.take(&responder(4), swap, Some(part)).await.unwrap();
    assert_eq!(
        house.primary(id, "2026-12-01T10:00", "2026-12-01T18:00").await,
        ["2 2026-12-01T10:00 2026-12-01T13:00", "4 2026-12-01T13:00 2026-12-01T14:30", "2 2026-12-01T14:30 2026-12-01T18:00",]
    );
    let open: Vec<Span> = house
        .schedules
        .swaps(Some(id))
        .await
        .unwrap()
        .iter()
        .filter(|row| row.state == SwapState::Open)
        .map(|row| row.span)
        .collect();
    assert_eq!(open, [span("2026-12-01T10:00", "2026-12-01T13:00"), span("2026-12-01T14:30", "2026-12-01T18:00")]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whoever_asked_picks_an_offer(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let week = ask(id, "2026-11-30T10:00", "2026-12-07T10:00", None);
    let swap: SwapId = house.schedules.ask(&responder(2), &week).await.unwrap();
    let fourth = span("2026-12-14T10:00", "2026-12-16T10:00");
    assert_eq!(refused(house.schedules.offer(&responder(3), swap, fourth).await), Refused::NothingThere, "it is 4's");
    let first: OfferId = house.schedules.offer(&responder(4), swap, span("2026-12-14T10:00", "2026-12-15T10:00")).await.unwrap();
    let second: OfferId = house.schedules.offer(&responder(4), swap, fourth).await.unwrap();
    assert_eq!(refused(house.schedules.accept_offer(&responder(2), first).await), Refused::NoSwap, "the newest stands");
    assert_eq!(refused(house.schedules.accept_offer(&responder(3), second).await), Refused::NotYours);
    house.schedules.accept_offer(&responder(2), second).await.unwrap();
    assert_eq!(
        house.primary(id, "2026-11-30T10:00", "2026-12-21T10:00").await,
        [
            "4 2026-11-30T10:00 2026-12-07T10:00",
            "3 2026-12-07T10:00 2026-12-14T10:00",
            "2 2026-12-14T10:00 2026-12-16T10:00",
            "4 2026-12-16T10:00 2026-12-21T10:00",
        ]
    );
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn one_asks_for_ones_own_and_in_time(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let week = ask(id, "2026-11-30T10:00", "2026-12-07T10:00", None);
    assert_eq!(refused(house.schedules.ask(&responder(3), &week).await), Refused::NothingThere);
    let past = ask(id, "2026-11-20T10:00", "2026-11-24T10:00", None);
    assert_eq!(refused(house.schedules.ask(&responder(1), &past).await), Refused::Past);
    let swap: SwapId = house.schedules.ask(&responder(2), &week).await.unwrap();
    house.go("2026-12-07T10:00").await;
    let row: SwapRow = house.schedules.swap(swap).await.unwrap().unwrap();
    assert_eq!((row.state, row.changed_at), (SwapState::Expired, tokyo("2026-12-07T10:00")));
    assert_eq!(refused(house.schedules.take(&responder(3), swap, None).await), Refused::NotOpen("expired"));
    assert!(house.kinds(id).await.contains(&"SwapExpired".to_owned()));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whoever_is_there_by_an_override_can_be_relieved_too(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    house.schedules.make_override(&responder(4), &instead(id, 4, "2026-12-01T00:00", "2026-12-02T00:00")).await.unwrap();
    let day = ask(id, "2026-12-01T06:00", "2026-12-01T12:00", None);
    let swap: SwapId = house.schedules.ask(&responder(4), &day).await.unwrap();
    house.clock.advance_ms(1_000);
    house.schedules.take(&responder(3), swap, None).await.unwrap();
    assert_eq!(
        house.primary(id, "2026-12-01T00:00", "2026-12-02T00:00").await,
        ["4 2026-12-01T00:00 2026-12-01T06:00", "3 2026-12-01T06:00 2026-12-01T12:00", "4 2026-12-01T12:00 2026-12-02T00:00",]
    );
}
