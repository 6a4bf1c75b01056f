//! The database goes and comes back, the clock is moved, and a webhook on this machine hears of it.

use super::*;
use crate::watch::tests::{START, Sink, channel, house, webhook};
use figures::Locale;
use kernel::TestClock;
use notify::emergency::Contact;
use serde_json::Value;
use sqlx::PgPool;
use tempfile::TempDir;

const LOOK_MS: i64 = 5_000;

fn keys() -> Keys {
    Keys::new([0x55; 32])
}

fn place() -> Place {
    Place { host: "a".to_owned(), public_url: "https://watch.example".to_owned(), zone: chrono_tz::Tz::Asia__Tokyo }
}

fn outbound() -> Outbound {
    Outbound::new(Reach { listed: vec!["127.0.0.0/8".parse().unwrap()], ..Reach::default() })
}

/// A process over `db`, which is as sure as any.
fn glass(db: Db, clock: &Arc<TestClock>, dir: &TempDir) -> Glass {
    let clock: Arc<dyn Clock> = clock.clone();
    Glass { spread_ms: 0, ..Glass::over(db, clock, keys(), outbound(), dir.path(), place()) }
}

/// A database that is not there, and says so at once.
async fn nowhere() -> Db {
    let db = Db::lazy("postgres://nobody@127.0.0.1:1/nothing", 1).unwrap();
    db.pool().close().await;
    db
}

fn duty(url: &str, last_resort: bool) -> Contact {
    Contact {
        name: if last_resort { "resort" } else { "duty" }.to_owned(),
        kind: "webhook".to_owned(),
        settings: webhook(url),
        last_resort,
        locale: Locale::Ja,
        zone: "Asia/Tokyo".to_owned(),
    }
}

/// `n` looks, five seconds apart.
async fn look(glass: &mut Glass, clock: &TestClock, is_there: bool, n: usize) {
    for _ in 0..n {
        let away_since: Option<Time> = if is_there { None } else { Some(clock.now()) };
        glass.look(away_since).await;
        clock.advance_ms(LOOK_MS);
    }
}

fn kinds(sink: &Sink) -> Vec<String> {
    sink.heard().iter().map(|said| said["type"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn an_outage_is_told_within_a_minute_again_after_a_quarter_of_an_hour_and_at_its_end() {
    let (sink, dir, clock) = (Sink::open().await, tempfile::tempdir().unwrap(), Arc::new(TestClock::new(START)));
    let mut glass: Glass = glass(nowhere().await, &clock, &dir);
    glass.contacts.keep(vec![duty(&sink.url, false)]);
    look(&mut glass, &clock, false, 6).await;
    assert!(kinds(&sink).is_empty(), "a restart of the database takes less");
    look(&mut glass, &clock, false, 2).await;
    assert_eq!(kinds(&sink), ["alert.fired"]);
    let said: Value = sink.heard()[0]["data"]["alerts"][0].clone();
    assert_eq!(said["severity"], "P0");
    let summary: &str = said["summary"].as_str().unwrap_or_default();
    assert!(summary.starts_with("21:00 から") && summary.contains("評価されていません"), "{summary}");
    look(&mut glass, &clock, false, 170).await;
    assert_eq!(kinds(&sink), ["alert.fired"]);
    look(&mut glass, &clock, false, 20).await;
    assert_eq!(kinds(&sink), ["alert.fired", "alert.again"]);
    look(&mut glass, &clock, true, 5).await;
    assert_eq!(kinds(&sink), ["alert.fired", "alert.again", "alert.resolved"]);
    look(&mut glass, &clock, true, 5).await;
    assert_eq!(kinds(&sink).len(), 3);
}

#[tokio::test]
async fn a_short_absence_is_told_to_nobody() {
    let (sink, dir, clock) = (Sink::open().await, tempfile::tempdir().unwrap(), Arc::new(TestClock::new(START)));
    let mut glass: Glass = glass(nowhere().await, &clock, &dir);
    glass.contacts.keep(vec![duty(&sink.url, false)]);
    for _ in 0..5 {
        look(&mut glass, &clock, false, 5).await;
        look(&mut glass, &clock, true, 3).await;
    }
    assert!(kinds(&sink).is_empty());
}

#[tokio::test]
async fn a_process_that_starts_without_a_database_knows_whom_to_tell_and_what_was_told() {
    let (sink, dir, clock) = (Sink::open().await, tempfile::tempdir().unwrap(), Arc::new(TestClock::new(START)));
    let mut first: Glass = glass(nowhere().await, &clock, &dir);
    first.contacts.keep(vec![duty(&sink.url, false)]);
    drop(first);
    let mut second: Glass = glass(nowhere().await, &clock, &dir);
    look(&mut second, &clock, false, 8).await;
    assert_eq!(kinds(&sink), ["alert.fired"]);
    drop(second);
    let (mut third, mut beside) = (glass(nowhere().await, &clock, &dir), glass(nowhere().await, &clock, &dir));
    look(&mut third, &clock, false, 12).await;
    look(&mut beside, &clock, false, 12).await;
    assert_eq!(kinds(&sink), ["alert.fired"], "neither a restart nor another process tells it again");
    look(&mut third, &clock, true, 4).await;
    look(&mut beside, &clock, true, 4).await;
    assert_eq!(kinds(&sink), ["alert.fired", "alert.resolved"]);
    let heard: Vec<Value> = sink.heard();
    assert_eq!(heard[0]["data"]["group"], heard[1]["data"]["group"], "one conversation");
}

#[tokio::test]
async fn the_last_resort_is_told_and_the_others_when_it_fails() {
    let (resort, other) = (Sink::open().await, Sink::open().await);
    let (dir, clock) = (tempfile::tempdir().unwrap(), Arc::new(TestClock::new(START)));
    let mut glass: Glass = glass(nowhere().await, &clock, &dir);
    glass.contacts.keep(vec![duty(&other.url, false), duty(&resort.url, true)]);
    resort.refuse(true);
    look(&mut glass, &clock, false, 8).await;
    assert_eq!((kinds(&resort).len(), kinds(&other).len()), (1, 1));
    resort.refuse(false);
    look(&mut glass, &clock, true, 3).await;
    assert_eq!(kinds(&other), ["alert.fired", "alert.resolved"]);
    assert_eq!(kinds(&resort), ["alert.fired"], "who was not told need not hear that it is over");
}

#[tokio::test]
async fn what_nobody_took_is_tried_every_quarter_of_a_minute() {
    let (sink, dir, clock) = (Sink::open().await, tempfile::tempdir().unwrap(), Arc::new(TestClock::new(START)));
    let mut glass: Glass = glass(nowhere().await, &clock, &dir);
    glass.contacts.keep(vec![duty(&sink.url, false)]);
    sink.refuse(true);
    look(&mut glass, &clock, false, 13).await;
    assert_eq!(kinds(&sink).len(), 3, "at 30, 45 and 60 s");
    let keys: Vec<Value> = sink.heard().iter().map(|said| said["data"]["key"].clone()).collect();
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    sink.refuse(false);
    look(&mut glass, &clock, false, 10).await;
    assert_eq!(kinds(&sink).len(), 4);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn contacts_come_from_the_database_and_outlive_it(pool: PgPool) {
    let (sink, dir, clock) = (Sink::open().await, tempfile::tempdir().unwrap(), Arc::new(TestClock::new(START)));
    let house = house(pool.clone(), &clock, "a").await;
    channel(&house, "hook", &sink.url).await;
    let mut glass: Glass = glass(Db::from_pool(pool.clone()), &clock, &dir);
    assert_eq!(glass.away_since().await, None);
    look(&mut glass, &clock, true, 3).await;
    pool.close().await;
    assert_eq!(glass.away_since().await, Some(clock.now()));
    look(&mut glass, &clock, false, 8).await;
    assert_eq!(kinds(&sink), ["alert.fired"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_house_that_cannot_write_has_no_database(pool: PgPool) {
    let (dir, clock) = (tempfile::tempdir().unwrap(), Arc::new(TestClock::new(START)));
    let glass: Glass = glass(Db::from_pool(pool), &clock, &dir);
    let pulse = Pulse::default();
    assert!(glass.writes.set(pulse.clone()).is_ok());
    assert_eq!(glass.away_since().await, None, "it has not begun");
    pulse.wrote(START);
    assert_eq!(glass.away_since().await, None);
    clock.advance_ms(UNWRITTEN_MS + 1);
    assert_eq!(glass.away_since().await, Some(START), "a full disk answers questions");
    clock.advance_ms(3_600_000);
    let since: Option<Time> = glass.away_since().await;
    assert_eq!(since, Some(clock.now().plus_ms(-MOST_HINDSIGHT_MS)), "a clock that was set is no long outage");
}

/// From the moment the database goes, right after a good look, to the moment this process is sure. Each look takes as long as `takes` says
/// of it; `unwritten` is how long it takes until a look sees anything.
async fn sure_after(spread_ms: i64, unwritten: bool, takes: impl Fn(i64) -> i64) -> i64 {
    let (sink, dir, clock) = (Sink::open().await, tempfile::tempdir().unwrap(), Arc::new(TestClock::new(START)));
    let mut glass: Glass = Glass { spread_ms, ..glass(nowhere().await, &clock, &dir) };
    glass.contacts.keep(vec![duty(&sink.url, false)]);
    for n in 1..60 {
        let began: Time = START.plus_ms(n * LOOK_MS);
        let is_seen: bool = !unwritten || began.since(START) > UNWRITTEN_MS;
        clock.set(began.plus_ms(takes(n)));
        let since: Time = if unwritten { START } else { began };
        glass.look(if is_seen { Some(since) } else { None }).await;
        if !sink.heard().is_empty() {
            return clock.now().since(START);
        }
    }
    panic!("nobody was told within five minutes");
}

#[tokio::test]
async fn in_the_worst_case_a_channel_that_works_is_asked_within_a_minute() {
    let patience_ms: i64 = i64::try_from(PATIENCE.as_millis()).unwrap();
    let hesitation_ms: i64 = i64::try_from(voice::HESITATION.as_millis()).unwrap();
    assert!(patience_ms < LOOK_MS, "no look makes the next one late");
    let mut worst_ms: i64 = 0;
    for unwritten in [false, true] {
        for spread_ms in [0, 1, 2_500, MOST_SPREAD_MS] {
            // At once, always as long as may be, only the first one, only the later ones, every other.
            worst_ms = worst_ms.max(sure_after(spread_ms, unwritten, |_| 0).await);
            worst_ms = worst_ms.max(sure_after(spread_ms, unwritten, |_| patience_ms).await);
            worst_ms = worst_ms.max(sure_after(spread_ms, unwritten, |n| if n == 1 { patience_ms } else { 0 }).await);
            worst_ms = worst_ms.max(sure_after(spread_ms, unwritten, |n| if n == 1 { 0 } else { patience_ms }).await);
            worst_ms = worst_ms.max(sure_after(spread_ms, unwritten, |n| n % 2 * patience_ms).await);
        }
    }
    assert!(worst_ms <= 47_000, "{worst_ms}");
    assert!(worst_ms + hesitation_ms < 60_000, "{worst_ms}");
}

#[tokio::test]
async fn who_hangs_does_not_keep_the_others_from_being_told() {
    let (resort, other) = (Sink::open().await, Sink::open().await);
    let contacts: Vec<Contact> = vec![duty(&other.url, false), duty(&resort.url, true)];
    let voices: Vec<Voice> = voice::voices(&contacts, &outbound());
    let (dir, clock) = (tempfile::tempdir().unwrap(), Arc::new(TestClock::new(START)));
    let glass: Glass = glass(nowhere().await, &clock, &dir);
    let saying: Saying = glass.saying("k".to_owned(), Kind::Fired, words::name(), START, START);
    let before = References::new();
    let held = resort.hold().await;
    let (taken, ()) = tokio::join!(voice::say_to_somebody(&voices, &saying, &before, Duration::ZERO), async {
        other.told().await;
        drop(held);
    });
    let names: Vec<&str> = taken.keys().map(String::as_str).collect();
    assert_eq!(names, ["duty", "resort"], "what it takes in the end is known too");
}
