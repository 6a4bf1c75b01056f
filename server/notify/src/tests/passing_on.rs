//! Retries, and the next channel.

use super::{Answer, House, admin, draft, fired, order, redraft};
use crate::{ChannelDraft, Kind, NewDelivery};
use sqlx::PgPool;
use std::time::Duration;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_page_comes_back_after_seconds_and_keeps_its_key(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::Later, Answer::Later]);
    house.ask(&[fired("a", &[1])]).await;
    assert_eq!(house.after_ms(0).await, 1);
    assert_eq!(house.after_ms(3_900).await, 0, "a fifth early at most");
    assert_eq!(house.after_ms(2_200).await, 1);
    assert_eq!(house.after_ms(13_000).await, 1);
    assert_eq!(house.world.story(), ["chat fired a"; 3]);
    assert_eq!(house.states().await, ["a sent"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_refused_page_goes_to_the_next_channel_at_once(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::Refuse]);
    house.ask(&[fired("a", &[1])]).await;
    house.after_ms(0).await;
    assert_eq!(house.world.story(), ["chat fired a", "mail fired a>mail"]);
    assert_eq!(house.states().await, ["a failed", "a>mail sent"]);
    assert_eq!(house.facts(1).await, ["PageFailed", "PagePassedOn", "PageSent"]);
    assert_eq!(house.log().await[1].origin, "chat");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_page_nobody_took_in_a_minute_goes_to_the_next_channel_too(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::LaterIn(3_000)]);
    house.ask(&[fired("a", &[1])]).await;
    house.after_ms(0).await;
    house.after_ms(59_999).await;
    assert_eq!(house.world.story(), ["chat fired a"]);
    house.after_ms(1).await;
    assert_eq!(house.world.story(), ["chat fired a", "mail fired a>mail"]);
    assert_eq!(house.states().await, ["a due", "a>mail sent"]);
    house.after_ms(3_600_000).await;
    assert_eq!(house.states().await, ["a sent", "a>mail sent"], "the first goes on trying, and is passed on once");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn without_an_answer_the_next_channel_is_asked_after_twenty_seconds(pool: PgPool) {
    let house = House::patient(pool, Duration::from_millis(1)).await;
    house.world.will("chat", &[Answer::Hang, Answer::LaterIn(3_000)]);
    house.ask(&[fired("a", &[1])]).await;
    house.after_ms(0).await;
    house.after_ms(19_999).await;
    assert_eq!(house.world.story(), ["chat fired a", "chat fired a"]);
    house.after_ms(1).await;
    assert_eq!(house.world.story().last().map(String::as_str), Some("mail fired a>mail"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_channel_of_last_resort_takes_what_no_other_could_and_then_it_is_said(pool: PgPool) {
    let house = House::new(pool).await;
    let phone = house.notify.channel("phone").await.unwrap().unwrap();
    let last = ChannelDraft { last_resort: true, ..redraft(&phone) };
    house.notify.save_channel(&admin(), last).await.unwrap();
    for name in ["chat", "mail", "phone"] {
        house.world.will(name, &[Answer::Refuse]);
    }
    house.ask(&[fired("a", &[1])]).await;
    house.after_ms(0).await;
    assert_eq!(house.states().await, ["a failed", "a>mail failed", "a>mail>phone failed"]);
    assert_eq!(house.facts(1).await.last().map(String::as_str), Some("PageUndelivered"));
    let told = house.notify.health().await.unwrap().undelivered;
    assert_eq!(told.map(|undelivered| undelivered.n), Some(1));
    house.after_ms(86_400_000).await;
    assert_eq!(house.world.heard().len(), 3, "nobody is asked twice");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_channel_that_is_missing_or_switched_off_is_passed_over(pool: PgPool) {
    let house = House::new(pool).await;
    let chat = house.notify.channel("chat").await.unwrap().unwrap();
    house.notify.save_channel(&admin(), ChannelDraft { enabled: false, ..redraft(&chat) }).await.unwrap();
    let nowhere = NewDelivery { channel: "typo".to_owned(), group: "g".to_owned(), ..fired("b", &[2]) };
    house.ask(&[fired("a", &[1]), nowhere]).await;
    house.after_ms(0).await;
    assert_eq!(house.states().await, ["a failed", "b failed", "a>mail sent", "b>mail sent"]);
    let errors: Vec<String> = house.log().await.into_iter().filter_map(|row| row.last_error).collect();
    assert_eq!(errors, ["the channel is switched off", "there is no channel named \"typo\""]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_provider_that_asks_for_patience_is_left_alone_by_all_pages(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::LaterIn(30)]);
    house.ask(&[fired("a", &[1])]).await;
    house.after_ms(0).await;
    house.ask(&[NewDelivery { group: "g".to_owned(), ..fired("b", &[2]) }]).await;
    assert_eq!(house.after_ms(29_999).await, 0);
    house.after_ms(1).await;
    assert_eq!(house.states().await, ["a sent", "b sent"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_hanging_provider_holds_up_no_other(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::Hang]);
    house.ask(&[fired("a", &[1])]).await;
    house.killed_while_sending().await;
    let other = NewDelivery { channel: "phone".to_owned(), group: "g".to_owned(), ..fired("b", &[2]) };
    house.ask(&[other]).await;
    house.after_ms(0).await;
    assert_eq!(house.states().await, ["a sending", "b sent"]);
}

/// A webhook that says "later" so often, and nobody to ask when it does.
async fn with_hook(pool: PgPool, n_refusals: usize) -> House {
    let house = House::new(pool).await;
    let hook = ChannelDraft { kind: "webhook".to_owned(), ..draft("hook") };
    house.notify.save_channel(&admin(), hook).await.unwrap();
    house.world.will("hook", &vec![Answer::Later; n_refusals]);
    house
}

fn by_hook(order: NewDelivery) -> NewDelivery {
    NewDelivery { channel: "hook".to_owned(), next: Vec::new(), ..order }
}

/// Looks every second for so long, and says in which seconds somebody was asked.
async fn asked_in(house: &House, n_seconds: i64) -> Vec<i64> {
    let mut asked: Vec<i64> = Vec::new();
    for second in 1..=n_seconds {
        if house.after_ms(1_000).await > 0 {
            asked.push(second);
        }
    }
    asked
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_webhook_that_summons_somebody_is_tried_as_often_as_any_other_page(pool: PgPool) {
    let house = with_hook(pool, 8).await;
    house.ask(&[by_hook(fired("a", &[1]))]).await;
    house.after_ms(0).await;
    let asked: Vec<i64> = asked_in(&house, 220).await;
    let moments: [i64; 6] = [5, 15, 30, 60, 120, 180];
    assert_eq!(asked.len(), moments.len(), "{asked:?}");
    for (at, due) in asked.iter().zip(moments) {
        assert!((at - due).abs() <= due / 5 + 1, "{asked:?}");
    }
    assert_eq!(house.states().await, ["a due"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_a_webhook_is_told_besides_has_a_schedule_of_its_own(pool: PgPool) {
    let house = with_hook(pool, 0).await;
    house.ask(&[by_hook(fired("a", &[1]))]).await;
    house.after_ms(0).await;
    house.world.will("hook", &[Answer::Later, Answer::Later]);
    house.ask(&[by_hook(order("a/over", Kind::Resolved, &[1]))]).await;
    house.after_ms(0).await;
    house.after_ms(6_500).await;
    assert_eq!(house.after_ms(200_000).await, 0, "five minutes, less a fifth");
    assert_eq!(house.after_ms(200_000).await, 1);
    assert_eq!(house.states().await, ["a sent", "a/over sent"]);
}
