//! Acknowledgements with an end, and answering several alerts.

use super::{House, cpu, responder};
use crate::alerts::Show;
use crate::answers::{LONGEST_MS, MOST_AT_ONCE, SHORTEST_MS, Several};
use crate::error::Error;
use crate::history;
use kernel::{Clock, Grant, authorize};
use model::access::AnswerAlert;
use model::actor::Who;
use model::ids::{AlertId, PersonId};
use model::{Actor, Role, Time};
use sqlx::PgPool;
use uuid::Uuid;

const MINUTE: i64 = 60_000;

async fn burning(pool: PgPool, hosts: &[&str]) -> (House, Vec<AlertId>) {
    let house = House::new(pool, &cpu("0s")).await;
    house.world.set(&hosts.iter().map(|host| (*host, 83.0)).collect::<Vec<(&str, f64)>>());
    house.ticks(1).await;
    let ids: Vec<AlertId> = house.shown(Show::Open).await.iter().map(|row| row.id).collect();
    (house, ids)
}

fn another() -> Grant<AnswerAlert> {
    let who = Who::Person { id: PersonId(Uuid::from_u128(7)), name: "鈴木 葵".to_owned() };
    authorize(&Actor { who, role: Role::Responder, team_roles: vec![] }, None).unwrap()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_was_taken_for_a_time_needs_somebody_again_when_that_has_run_out(pool: PgPool) {
    let (house, ids) = burning(pool, &["app-01"]).await;
    let began: Time = house.clock.now();
    let taken = house.alerting.acknowledge_for(&responder("佐藤 健"), ids[0], None, Some(30 * MINUTE)).await.unwrap();
    assert_eq!(taken.held.until, Some(began.plus_ms(30 * MINUTE)));
    assert_eq!(house.only().await.held, Some(taken.held));

    house.clock.advance_ms(15 * MINUTE - 1);
    assert_eq!(house.alerting.lapse().await.unwrap(), 0);
    assert_eq!(house.story(ids[0]).await, [history::FIRED, history::ACKNOWLEDGED], "it is too early to remind");
    house.clock.advance_ms(1);
    assert_eq!(house.alerting.lapse().await.unwrap(), 0);
    assert_eq!(house.alerting.lapse().await.unwrap(), 0, "once is enough");
    assert_eq!(house.story(ids[0]).await, [history::FIRED, history::ACKNOWLEDGED, history::ENDING]);

    house.clock.advance_ms(15 * MINUTE);
    assert_eq!(house.another().lapse().await.unwrap(), 1, "whichever process looks");
    assert_eq!(house.alerting.lapse().await.unwrap(), 0);
    assert_eq!((house.only().await.held, house.shown(Show::Unanswered).await.len()), (None, 1));
    let detail = house.alerting.alert(ids[0]).await.unwrap().unwrap();
    let last = detail.history.last().unwrap();
    let expected = (history::EXPIRED, Some("佐藤 健"), Some(began.plus_ms(30 * MINUTE)));
    assert_eq!((last.fact.as_str(), last.holder.as_deref(), last.until), expected);
    house.alerting.acknowledge(&another(), ids[0], None).await.unwrap();
    assert_eq!(house.only().await.held.map(|held| (held.by, held.until)), Some(("鈴木 葵".to_owned(), None)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_has_it_says_anew_how_long_and_nobody_else_does(pool: PgPool) {
    let (house, ids) = burning(pool, &["app-01"]).await;
    let (mine, theirs) = (responder("佐藤 健"), another());
    assert_eq!(house.alerting.prolong(&mine, ids[0], None).await.unwrap(), None, "nobody has it");
    house.alerting.acknowledge_for(&mine, ids[0], None, Some(30 * MINUTE)).await.unwrap();
    assert_eq!(house.alerting.prolong(&theirs, ids[0], None).await.unwrap(), None);
    house.clock.advance_ms(20 * MINUTE);
    let held = house.alerting.prolong(&mine, ids[0], Some(60 * MINUTE)).await.unwrap().unwrap();
    assert_eq!(held.until, Some(house.clock.now().plus_ms(60 * MINUTE)));
    house.clock.advance_ms(11 * MINUTE);
    assert_eq!(house.alerting.lapse().await.unwrap(), 0, "the first end counts no more");
    house.alerting.prolong(&mine, ids[0], None).await.unwrap().unwrap();
    house.clock.advance_ms(LONGEST_MS);
    assert_eq!(house.alerting.lapse().await.unwrap(), 0);
    let expected = [history::FIRED, history::ACKNOWLEDGED, history::PROLONGED, history::PROLONGED];
    assert_eq!(house.story(ids[0]).await, expected);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_ended_or_was_given_back_before_its_time_runs_out_no_more(pool: PgPool) {
    let (house, ids) = burning(pool, &["app-01", "app-02"]).await;
    let grant = responder("佐藤 健");
    for id in &ids {
        house.alerting.acknowledge_for(&grant, *id, None, Some(MINUTE)).await.unwrap();
    }
    assert!(house.alerting.unacknowledge(&grant, ids[0]).await.unwrap());
    assert!(house.alerting.resolve(&grant, ids[1], None).await.unwrap());
    house.clock.advance_ms(2 * MINUTE);
    assert_eq!(house.alerting.lapse().await.unwrap(), 0);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_time_that_is_too_short_or_too_long_is_refused(pool: PgPool) {
    let (house, ids) = burning(pool, &["app-01"]).await;
    let grant = responder("佐藤 健");
    for ms in [0, -1, SHORTEST_MS - 1, LONGEST_MS + 1, i64::MAX] {
        let refused = house.alerting.acknowledge_for(&grant, ids[0], None, Some(ms)).await;
        assert!(matches!(refused, Err(Error::Lasting { ms: odd }) if odd == ms), "{ms}");
        assert!(matches!(house.alerting.prolong(&grant, ids[0], Some(ms)).await, Err(Error::Lasting { .. })), "{ms}");
    }
    assert_eq!(house.only().await.held, None);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn several_are_answered_at_once_and_what_cannot_be_keeps_no_other_back(pool: PgPool) {
    let (house, ids) = burning(pool, &["app-01", "app-02", "app-03"]).await;
    let (mine, theirs) = (responder("佐藤 健"), another());
    house.alerting.acknowledge(&theirs, ids[0], None).await.unwrap();
    house.alerting.resolve(&mine, ids[1], None).await.unwrap();
    let all: Vec<AlertId> = ids.iter().copied().chain([AlertId(999)]).collect();
    let taken = house.alerting.acknowledge_all(&mine, &all, None, Some(MINUTE)).await.unwrap();
    assert_eq!(taken, Several { done: vec![ids[2]], n_left: 1, n_gone: 2 });
    let back = house.alerting.unacknowledge_all(&mine, &all).await.unwrap();
    assert_eq!(back, Several { done: vec![ids[0], ids[2]], n_left: 0, n_gone: 2 });
    assert_eq!(house.shown(Show::Unanswered).await.len(), 2);
    let many = vec![ids[0]; MOST_AT_ONCE + 1];
    assert!(matches!(house.alerting.acknowledge_all(&mine, &many, None, None).await, Err(Error::Many { .. })));
}
