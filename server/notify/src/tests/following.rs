//! Notices: that somebody has it, and that it is over.

use super::{Answer, House, START, fired, order};
use crate::page::{Kind, Page};
use crate::{NewDelivery, State, Withdrawal};
use model::Severity;
use model::ids::AlertId;
use sqlx::PgPool;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whoever_was_summoned_is_told_that_it_is_over_in_the_same_conversation(pool: PgPool) {
    let house = House::new(pool).await;
    house.ask(&[fired("a", &[1])]).await;
    house.after_ms(0).await;
    house.ask(&[order("a/over", Kind::Resolved, &[1])]).await;
    house.after_ms(1_000).await;
    assert_eq!(house.world.story(), ["chat fired a", "chat resolved a/over"]);
    let previous: Vec<Option<String>> = house.world.heard().into_iter().map(|(_, page)| page.previous).collect();
    assert_eq!(previous, [None, Some("ref of a".to_owned())]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_over_before_anybody_was_told_is_not_mentioned(pool: PgPool) {
    let house = House::new(pool).await;
    house.ask(&[fired("a", &[1])]).await;
    house.ask(&[order("a/over", Kind::Resolved, &[1])]).await;
    assert_eq!(house.after_ms(60_000).await, 0);
    let why: Vec<Option<Withdrawal>> = house.log().await.into_iter().map(|row| row.withdrawn).collect();
    assert_eq!(why, [Some(Withdrawal::Resolved), Some(Withdrawal::NobodyTold)]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn it_is_over_never_overtakes_it_burns(pool: PgPool) {
    let house = House::new(pool).await;
    house.ask(&[fired("a", &[1])]).await;
    let sending = house.notify.worker.claim(20).await.unwrap();
    house.ask(&[order("a/over", Kind::Resolved, &[1])]).await;
    assert_eq!(house.after_ms(1_000).await, 0, "the first word is under way");
    let sent = crate::deliveries::Outcome::Sent { reference: None, detail: "200".to_owned() };
    house.notify.worker.record(&sending[0], &sent, 5).await;
    assert_eq!(house.after_ms(0).await, 1);
    assert_eq!(house.states().await, ["a sent", "a/over sent"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_word_that_may_have_arrived_is_followed_by_the_word_that_it_is_over(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::Later]);
    house.ask(&[fired("a", &[1])]).await;
    house.after_ms(0).await;
    house.ask(&[order("a/over", Kind::Resolved, &[1])]).await;
    house.after_ms(60_000).await;
    assert_eq!(house.states().await, ["a superseded", "a/over sent"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_channel_a_page_was_passed_on_to_is_told_too_and_the_one_that_refused_is_not(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::Refuse]);
    house.ask(&[fired("a", &[1])]).await;
    house.after_ms(0).await;
    house.ask(&[order("a/over", Kind::Resolved, &[1])]).await;
    house.after_ms(1_000).await;
    let expected = ["chat fired a", "mail fired a>mail", "mail resolved a/over>mail"];
    assert_eq!(house.world.story(), expected);
    assert_eq!(house.states().await, ["a failed", "a>mail sent", "a/over superseded", "a/over>mail sent"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_notice_takes_back_no_page_that_somebody_is_still_needed_for(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::Later]);
    house.ask(&[fired("a", &[1, 2])]).await;
    house.after_ms(0).await;
    let mut seen: NewDelivery = order("a/seen", Kind::Acknowledged, &[1, 2]);
    seen.alerts[1].holder = None;
    house.ask(&[seen]).await;
    house.after_ms(7_000).await;
    assert_eq!(house.states().await, ["a sent", "a/seen sent"]);
    let (_, again) = house.world.heard().remove(1);
    assert_eq!(again.alerts.iter().map(|alert| alert.id.0).collect::<Vec<i64>>(), [2]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_notice_that_fails_is_not_passed_on(pool: PgPool) {
    let house = House::new(pool).await;
    house.ask(&[fired("a", &[1])]).await;
    house.after_ms(0).await;
    house.world.will("chat", &[Answer::Refuse]);
    house.ask(&[order("a/seen", Kind::Acknowledged, &[1])]).await;
    house.after_ms(120_000).await;
    assert_eq!(house.states().await, ["a sent", "a/seen failed"]);
    assert_eq!(house.world.heard().len(), 2);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn another_conversation_is_none_of_its_business(pool: PgPool) {
    let house = House::new(pool).await;
    let again = NewDelivery { group: "cpu#2".to_owned(), at: START, ..fired("b", &[2]) };
    house.ask(&[fired("a", &[1]), again]).await;
    house.ask(&[order("a/over", Kind::Resolved, &[1])]).await;
    house.after_ms(0).await;
    let states: Vec<State> = house.log().await.into_iter().map(|row| row.state).collect();
    assert_eq!(states, [State::Superseded, State::Sent, State::Superseded]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_page_says_when_it_is_worse_than_what_was_taken_on(pool: PgPool) {
    let house = House::new(pool).await;
    house.ask(&[fired("a", &[1])]).await;
    house.after_ms(0).await;
    house.ask(&[order("again", Kind::Again, &[1])]).await;
    house.after_ms(1_000).await;
    let mut worse: NewDelivery = fired("worse", &[1]);
    worse.alerts[0].severity = Severity::P0;
    house.world.will("chat", &[Answer::Later]);
    house.ask(&[worse]).await;
    house.after_ms(1_000).await;
    house.after_ms(60_000).await;
    house.ask(&[order("over", Kind::Resolved, &[1])]).await;
    house.after_ms(1_000).await;
    let heard: Vec<Page> = house.world.heard().into_iter().map(|(_, page)| page).filter(|page| !page.key.contains('>')).collect();
    let raised: Vec<(&str, bool)> = heard.iter().map(|page| (page.key.as_str(), page.is_raised)).collect();
    assert_eq!(
        raised,
        [("a", false), ("again", false), ("worse", true), ("worse", true), ("over", false)],
        "a retry says the same"
    );
    assert_eq!(heard[4].later, ["ref of again", "ref of worse"]);
    let (old, new) = (house.notify.alerts_of("chat", "ref of a").await, house.notify.alerts_of("chat", "ref of worse").await);
    assert_eq!(
        (old.unwrap(), new.unwrap()),
        (vec![], vec![AlertId(1)]),
        "what is done to an incident that was left is not done to the alert"
    );
}
