//! What nobody needs to hear of any more is not sent.

use super::{Answer, House, START, fired, order};
use crate::jobs::LEASE_MS;
use crate::page::Kind;
use crate::{State, Withdrawal};
use kernel::Tx;
use model::ids::AlertId;
use sqlx::PgPool;

async fn acknowledge(house: &House, alerts: &[i64]) -> usize {
    let alerts: Vec<AlertId> = alerts.iter().map(|alert| AlertId(*alert)).collect();
    let mut tx: Tx = house.db.begin().await.unwrap();
    let n: usize = house.notify.withdraw(&mut tx, &alerts, Withdrawal::Acknowledged).await.unwrap();
    tx.commit().await.unwrap();
    n
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn acknowledged_before_it_was_sent_it_is_not_sent(pool: PgPool) {
    let house = House::new(pool).await;
    house.ask(&[fired("a", &[1])]).await;
    assert_eq!((acknowledge(&house, &[2]).await, acknowledge(&house, &[1]).await), (0, 1));
    assert_eq!(house.after_ms(86_400_000).await, 0);
    let row = house.log().await.remove(0);
    assert_eq!((row.state, row.withdrawn), (State::Superseded, Some(Withdrawal::Acknowledged)));
    assert_eq!(house.facts(1).await, ["PageWithdrawn"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_acknowledgement_that_is_rolled_back_withdraws_nothing(pool: PgPool) {
    let house = House::new(pool).await;
    house.ask(&[fired("a", &[1])]).await;
    let mut tx: Tx = house.db.begin().await.unwrap();
    assert_eq!(house.notify.withdraw(&mut tx, &[AlertId(1)], Withdrawal::Acknowledged).await.unwrap(), 1);
    tx.rollback().await.unwrap();
    assert_eq!(house.after_ms(0).await, 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn while_an_acknowledgement_is_being_committed_nobody_claims_the_page(pool: PgPool) {
    let house = House::new(pool).await;
    house.ask(&[fired("a", &[1])]).await;
    let mut tx: Tx = house.db.begin().await.unwrap();
    house.notify.withdraw(&mut tx, &[AlertId(1)], Withdrawal::Acknowledged).await.unwrap();
    assert_eq!(house.after_ms(0).await, 0);
    tx.commit().await.unwrap();
    assert_eq!(house.after_ms(60_000).await, 0);
    assert!(house.world.heard().is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn between_two_attempts_and_before_the_next_channel_it_is_withdrawn_too(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::Later]);
    house.ask(&[fired("a", &[1])]).await;
    house.after_ms(0).await;
    assert_eq!(acknowledge(&house, &[1]).await, 1);
    house.after_ms(120_000).await;
    assert_eq!(house.world.story(), ["chat fired a"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn acknowledged_while_it_is_sent_it_does_not_come_back_after_a_failure(pool: PgPool) {
    let house = House::new(pool).await;
    house.ask(&[fired("a", &[1])]).await;
    let claimed = house.notify.worker.claim(20).await.unwrap();
    assert_eq!(acknowledge(&house, &[1]).await, 0, "it is under way");
    let failed = crate::deliveries::Outcome::Refused { reason: "404".to_owned() };
    house.notify.worker.record(&claimed[0], &failed, 5).await;
    assert_eq!(house.after_ms(120_000).await, 0);
    assert_eq!(house.states().await, ["a superseded"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn acknowledged_while_its_worker_died_it_is_not_sent_again(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::Hang]);
    house.ask(&[fired("a", &[1])]).await;
    house.killed_while_sending().await;
    acknowledge(&house, &[1]).await;
    assert_eq!(house.after_ms(LEASE_MS).await, 0);
    assert_eq!(house.states().await, ["a superseded"]);
    assert_eq!(house.facts(1).await, ["PageWithdrawn"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_page_about_several_alerts_goes_with_the_last_of_them(pool: PgPool) {
    let house = House::new(pool).await;
    house.ask(&[fired("a", &[1, 2])]).await;
    assert_eq!(acknowledge(&house, &[1]).await, 0);
    house.after_ms(0).await;
    let (_, page) = house.world.heard().remove(0);
    let alerts: Vec<AlertId> = page.alerts.iter().map(|alert| alert.id).collect();
    assert_eq!(alerts, [AlertId(2)], "what somebody has is not said");
    assert_eq!(page.url, "https://watch.example/alerts/A-2");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_page_that_also_tells_of_what_is_over_goes_with_what_is_not(pool: PgPool) {
    let house = House::new(pool).await;
    let mut page: crate::NewDelivery = fired("a", &[1, 2]);
    page.alerts[0].resolved_at = Some(START);
    house.ask(&[page]).await;
    assert_eq!(acknowledge(&house, &[2]).await, 1);
    assert_eq!(house.after_ms(0).await, 0);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_newer_page_takes_the_place_of_one_it_covers_and_is_as_impatient(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::LaterIn(3_000)]);
    house.ask(&[fired("a", &[1])]).await;
    house.after_ms(0).await;
    house.clock.advance_ms(50_000);
    let newer = crate::NewDelivery { at: START.plus_ms(50_000), ..order("b", Kind::Again, &[1, 2]) };
    house.ask(&[newer]).await;
    house.after_ms(10_000).await;
    assert_eq!(house.states().await, ["a superseded", "b due", "b>mail sent"]);
    assert_eq!(house.log().await[0].withdrawn, Some(Withdrawal::Newer));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_newer_page_about_something_else_leaves_the_older_one(pool: PgPool) {
    let house = House::new(pool).await;
    house.ask(&[fired("a", &[1]), order("b", Kind::Again, &[2])]).await;
    house.after_ms(0).await;
    assert_eq!(house.states().await, ["a sent", "b sent"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_hundred_acknowledgements_raced_against_the_worker_stop_every_page_not_yet_claimed(pool: PgPool) {
    let house = House::new(pool).await;
    let orders: Vec<crate::NewDelivery> =
        (0..100_i64).map(|n| crate::NewDelivery { group: format!("g{n}"), ..fired(&format!("k{n}"), &[n]) }).collect();
    house.ask(&orders).await;
    let process = house.another();
    let acknowledging = async {
        let mut withdrawn: Vec<String> = Vec::new();
        for n in 0..100_i64 {
            if acknowledge(&house, &[n]).await == 1 {
                withdrawn.push(format!("k{n}"));
            }
        }
        withdrawn
    };
    let (sent, withdrawn) = tokio::join!(process.tick(), acknowledging);
    let heard: Vec<String> = house.world.heard().into_iter().map(|(_, page)| page.key).collect();
    assert!(withdrawn.iter().all(|key| !heard.contains(key)), "what was withdrawn was not sent");
    assert_eq!(sent.unwrap() + withdrawn.len(), 100, "and nothing was lost");
}
