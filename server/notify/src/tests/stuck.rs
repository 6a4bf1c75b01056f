//! What the outbox says of a channel before anybody tests it.

use super::{Answer, House, START, admin, fired, redraft};
use crate::health::{Health, Verdict};
use crate::{ChannelDraft, ChannelHealth, NewDelivery, Stuck, Withdrawal};
use kernel::Tx;
use model::ids::AlertId;
use sqlx::PgPool;

/// A page of its own conversation, to `chat` and to nobody else.
fn only(key: &str, alert: i64) -> NewDelivery {
    NewDelivery { group: key.to_owned(), next: Vec::new(), at: START, ..fired(key, &[alert]) }
}

async fn stuck(house: &House) -> Vec<Stuck> {
    house.notify.stuck().await.unwrap()
}

async fn chat(house: &House) -> (ChannelHealth, Verdict) {
    let health: Health = house.notify.health().await.unwrap();
    let verdict: Verdict = health.verdict();
    let chat: Option<ChannelHealth> = health.channels.into_iter().find(|channel| channel.name == "chat");
    (chat.unwrap(), verdict)
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_page_that_is_tried_again_says_since_when_of_what_and_when_next(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::LaterIn(40), Answer::Later]);
    house.ask(&[only("a", 1)]).await;
    assert!(stuck(&house).await.is_empty(), "what nobody has tried yet is not the channel's fault");
    house.after_ms(1_000).await;
    let found: Vec<Stuck> = stuck(&house).await;
    assert_eq!(found.len(), 1);
    let one: &Stuck = &found[0];
    assert_eq!((one.channel.as_str(), one.waiting, one.refused, one.error.as_str()), ("chat", 1, 0, "429"));
    assert_eq!((one.asked_at, one.failing_since), (START, Some(START.plus_ms(1_000))));
    assert_eq!(one.next_at, Some(START.plus_ms(41_000)));
    assert_eq!(house.notify.delivery(one.oldest).await.unwrap().unwrap().row.key, "a");
    let (health, verdict) = chat(&house).await;
    assert!(health.is_failing() && health.last.is_none() && health.stuck.is_some());
    assert_eq!(verdict, Verdict::Failing, "no other channel was ever used");

    house.after_ms(40_000).await;
    assert_eq!(stuck(&house).await[0].error, "503", "what was said last");
    house.after_ms(60_000).await;
    assert_eq!(house.states().await, ["a sent"]);
    assert!(stuck(&house).await.is_empty() && !chat(&house).await.0.is_failing());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_page_that_was_refused_counts_until_something_gets_through(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::Refuse, Answer::Refuse]);
    house.ask(&[only("a", 1), only("b", 2)]).await;
    house.after_ms(1_000).await;
    let found: Vec<Stuck> = stuck(&house).await;
    assert_eq!(found.iter().map(|one| (one.waiting, one.refused)).collect::<Vec<(i64, i64)>>(), [(0, 2)]);
    assert_eq!((found[0].next_at, found[0].failing_since), (None, Some(START.plus_ms(1_000))));
    assert_eq!(found[0].error, "404 no such room");
    house.clock.advance_ms(1_000);
    house.notify.test_channel(&admin(), "chat").await.unwrap();
    house.after_ms(0).await;
    assert!(stuck(&house).await.is_empty(), "a test is as good a proof as a page");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn one_page_that_is_not_taken_while_others_are_is_told_and_is_not_the_channel(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::Later, Answer::Take, Answer::Later]);
    house.ask(&[only("a", 1)]).await;
    house.after_ms(0).await;
    house.ask(&[only("b", 2)]).await;
    house.after_ms(1_000).await;
    house.after_ms(10_000).await;
    assert_eq!(house.states().await, ["a due", "b sent"]);
    let found: Vec<Stuck> = stuck(&house).await;
    assert_eq!(found.iter().map(|one| (one.waiting, one.failing_since)).collect::<Vec<_>>(), [(1, None)]);
    assert!(!chat(&house).await.0.is_failing());
    assert!(matches!(chat(&house).await.1, Verdict::Works { .. }));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_nobody_needs_any_more_and_a_channel_nobody_uses_are_not_counted(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::Later, Answer::Later]);
    house.ask(&[only("a", 1), only("b", 2)]).await;
    house.after_ms(0).await;
    let mut tx: Tx = house.db.begin().await.unwrap();
    house.notify.withdraw(&mut tx, &[AlertId(1)], Withdrawal::Acknowledged).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(stuck(&house).await[0].waiting, 1);
    let row = house.notify.channel("chat").await.unwrap().unwrap();
    house.notify.save_channel(&admin(), ChannelDraft { enabled: false, ..redraft(&row) }).await.unwrap();
    assert!(stuck(&house).await.is_empty());
}
