//! The drill, on a real Postgres, with a webhook that takes or refuses and a clock that is moved.

use super::*;
use crate::watch::tests::{Sink, channel, house};
use kernel::TestClock;
use sqlx::PgPool;
use std::sync::Arc;

/// 09:59 of 2026-11-22 in Tokyo.
const BEFORE: Time = Time(1_795_309_140_000);

/// Names of alerts and kinds of what a webhook heard.
fn story(sink: &Sink) -> Vec<String> {
    let line = |said: &serde_json::Value| said["type"].as_str().unwrap_or_default().to_owned();
    sink.heard().iter().map(line).collect()
}

/// Looks and sends until nothing is left to do.
async fn go(house: &House) {
    for _ in 0..3 {
        look(house).await.unwrap();
        house.notify.tick().await.unwrap();
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn every_channel_is_tested_once_a_day_however_many_processes_do_it(pool: PgPool) {
    let (sink, clock) = (Sink::open().await, Arc::new(TestClock::new(BEFORE)));
    let (one, other) = (house(pool.clone(), &clock, "a").await, house(pool, &clock, "b").await);
    channel(&one, "hook", &sink.url).await;
    go(&one).await;
    assert!(story(&sink).is_empty(), "it is not ten yet");
    clock.advance_ms(60_000);
    let (left, right) = tokio::join!(look(&one), look(&other));
    left.unwrap();
    right.unwrap();
    go(&one).await;
    go(&other).await;
    assert_eq!(story(&sink), ["alert.test"]);
    clock.advance_ms(24 * 3_600_000);
    go(&other).await;
    assert_eq!(story(&sink), ["alert.test", "alert.test"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_channel_that_fails_twice_is_told_of_by_the_others_and_so_is_its_return(pool: PgPool) {
    let (works, fails, clock) = (Sink::open().await, Sink::open().await, Arc::new(TestClock::new(BEFORE)));
    let house: House = house(pool, &clock, "a").await;
    channel(&house, "works", &works.url).await;
    channel(&house, "fails", &fails.url).await;
    fails.refuse(true);
    clock.advance_ms(60_000);
    go(&house).await;
    assert_eq!((story(&works), story(&fails)), (vec!["alert.test".to_owned()], vec!["alert.test".to_owned()]));
    clock.advance_ms(AGAIN_MS);
    go(&house).await;
    assert_eq!(story(&works), ["alert.test", "alert.fired"]);
    let told = works.heard()[1]["data"]["alerts"][0]["name"].as_str().unwrap_or_default().to_owned();
    assert!(told.contains("fails"), "{told}");
    clock.advance_ms(60_000);
    go(&house).await;
    assert_eq!(story(&works).len(), 2, "once");

    fails.refuse(false);
    let admin = kernel::authorize(&model::Actor::worker("test"), None).unwrap();
    house.notify.test_channel(&admin, "fails").await.unwrap();
    go(&house).await;
    assert_eq!(story(&works), ["alert.test", "alert.fired", "alert.resolved"]);
    clock.advance_ms(60_000);
    go(&house).await;
    assert_eq!(story(&works).len(), 3, "what failed this morning is forgiven");
}

#[test]
fn a_late_start_makes_it_up_but_not_in_the_night() {
    let zone = Tz::Asia__Tokyo;
    let at = |hours: i64| BEFORE.plus_ms(MINUTE_MS + hours * 3_600_000);
    assert_eq!(day(600, zone, BEFORE), None);
    for (hours, is_open) in [(0, true), (9, true), (10, false), (13, false)] {
        let found: Day = day(600, zone, at(hours)).unwrap();
        assert_eq!((found.name.as_str(), found.due, found.is_open), ("2026-11-22", at(0), is_open), "{hours}");
    }
    assert_eq!(day(600, zone, at(14)), None, "the next day has begun");
    assert_eq!(day(0, zone, at(14)).map(|day| day.name), Some("2026-11-23".to_owned()));
}
