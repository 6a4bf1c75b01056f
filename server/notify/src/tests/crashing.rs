//! Whatever dies, no page is lost, and none is in two hands.

use super::{Answer, House, START, fired};
use crate::jobs::LEASE_MS;
use crate::{DeliveryDetail, Filter, State};
use kernel::Tx;
use sqlx::PgPool;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_page_of_a_transaction_that_is_rolled_back_never_was(pool: PgPool) {
    let house = House::new(pool).await;
    let mut tx: Tx = house.db.begin().await.unwrap();
    house.notify.enqueue(&mut tx, &[fired("a", &[1])]).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(house.after_ms(0).await, 0);
    assert!(house.log().await.is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_page_is_sent_once_however_often_it_is_asked_for(pool: PgPool) {
    let house = House::new(pool).await;
    for _ in 0..3 {
        house.ask(&[fired("a", &[1])]).await;
        house.after_ms(1_000).await;
    }
    assert_eq!(house.world.story(), ["chat fired a"]);
    assert_eq!(house.facts(1).await, ["PageSent"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_page_whose_worker_dies_after_sending_is_sent_again_under_the_same_key(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::Hang]);
    house.ask(&[fired("a", &[1])]).await;
    house.killed_while_sending().await;
    let heir = house.another();
    house.clock.advance_ms(LEASE_MS - 1);
    assert_eq!(heir.tick().await.unwrap(), 0, "the lease still holds");
    house.clock.advance_ms(1);
    assert_eq!(heir.tick().await.unwrap(), 1);
    assert_eq!(house.world.story(), ["chat fired a", "chat fired a"]);
    let row = house.log().await.remove(0);
    assert_eq!((row.state, row.attempts), (State::Sent, 2));
    let detail: DeliveryDetail = house.notify.delivery(row.id).await.unwrap().unwrap();
    let told: Vec<(&str, Option<&str>)> =
        detail.attempts.iter().map(|attempt| (attempt.worker.as_str(), attempt.outcome.as_deref())).collect();
    assert_eq!(told, [("first", Some("lost")), ("second", Some("sent"))]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_worker_that_was_given_up_cannot_say_how_it_ended(pool: PgPool) {
    let house = House::new(pool).await;
    house.ask(&[fired("a", &[1])]).await;
    let late = house.notify.worker.claim(20).await.unwrap();
    house.clock.advance_ms(LEASE_MS);
    let heir = house.another();
    let taken = heir.worker.claim(20).await.unwrap();
    assert_eq!((late.len(), taken.len(), taken[0].attempt), (1, 1, 2));
    let sent = crate::deliveries::Outcome::Sent { reference: Some("late".to_owned()), detail: "200".to_owned() };
    house.notify.worker.record(&late[0], &sent, 5).await;
    assert_eq!(house.log().await[0].state, State::Sending, "it is the heir's");
    assert!(house.facts(1).await.is_empty());
    heir.worker.record(&taken[0], &sent, 5).await;
    assert_eq!(house.log().await[0].state, State::Sent);
    assert_eq!(house.facts(1).await, ["PageSent"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_workers_never_send_one_page(pool: PgPool) {
    let house = House::new(pool).await;
    let orders: Vec<crate::NewDelivery> =
        (0..100_i64).map(|n| crate::NewDelivery { group: format!("g{n}"), ..fired(&format!("k{n}"), &[n]) }).collect();
    house.ask(&orders).await;
    let (left, right, third) = (house.notify.clone(), house.another(), house.another());
    let (a, b, c) = tokio::join!(left.tick(), right.tick(), third.tick());
    assert_eq!(a.unwrap() + b.unwrap() + c.unwrap(), 100);
    let story: Vec<String> = house.world.story();
    let distinct: BTreeSet<&String> = story.iter().collect();
    assert_eq!((story.len(), distinct.len()), (100, 100));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_process_that_stops_finishes_what_it_began_and_leaves_the_rest_to_others(pool: PgPool) {
    let house = House::new(pool).await;
    house.ask(&[fired("a", &[1])]).await;
    let shutdown = CancellationToken::new();
    let stop: CancellationToken = shutdown.clone();
    let world = std::sync::Arc::clone(&house.world);
    let stopping = async move {
        world.bell.notified().await;
        stop.cancel();
    };
    let running = async { tokio::join!(house.notify.clone().run(shutdown), stopping) };
    tokio::time::timeout(Duration::from_secs(60), running).await.expect("it must end");
    assert_eq!(house.states().await, ["a sent"]);
    house.ask(&[fired("b", &[2])]).await;
    assert_eq!(house.states().await, ["a sent", "b due"]);
    assert_eq!(house.another().tick().await.unwrap(), 1);
    assert_eq!(house.states().await, ["a sent", "b sent"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_channel_that_panics_costs_an_attempt_and_not_the_worker(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::Panic]);
    house.ask(&[fired("a", &[1])]).await;
    house.after_ms(0).await;
    assert_eq!(house.states().await, ["a due"]);
    house.after_ms(7_000).await;
    assert_eq!(house.states().await, ["a sent"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn old_deliveries_are_forgotten_and_open_ones_are_not(pool: PgPool) {
    const DAY_MS: i64 = 86_400_000;
    let house = House::new(pool).await;
    house.ask(&[fired("a", &[1])]).await;
    house.after_ms(0).await;
    let waiting = crate::NewDelivery { at: START.plus_ms(200 * DAY_MS), group: "g".to_owned(), ..fired("b", &[2]) };
    house.ask(&[waiting]).await;
    house.after_ms(89 * DAY_MS).await;
    assert_eq!(house.notify.deliveries(&Filter::default()).await.unwrap().len(), 2);
    house.after_ms(2 * DAY_MS).await;
    assert_eq!(house.states().await, ["b due"]);
}
