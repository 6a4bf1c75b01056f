//! Channels: how they are set up, and that their secrets stay where they are.

use super::{Answer, House, admin, draft, process, redraft, settings};
use crate::channels::BadSettings;
use crate::{ChannelDraft, ChannelRow, DeliveryDetail, Error, Keys, Kind, State};
use kernel::facts;
use serde_json::json;
use sqlx::PgPool;

async fn chat(house: &House) -> ChannelRow {
    house.notify.channel("chat").await.unwrap().unwrap()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_secret_goes_in_and_never_comes_out(pool: PgPool) {
    let house = House::new(pool).await;
    let row: ChannelRow = chat(&house).await;
    assert_eq!((row.secrets.clone(), row.settings.len()), (vec!["token".to_owned()], 1));
    let versions = house.notify.channel_versions("chat").await.unwrap();
    let told = facts::about(&house.db, "channel/chat", 10).await.unwrap();
    let shown: String = format!("{row:?} {versions:?} {told:?} {:?}", house.notify.channels().await.unwrap());
    assert!(shown.contains("token") && !shown.contains("secret-of-the-room"), "{shown}");
    assert_eq!(house.fakes.given.lock().unwrap()[0], json!({ "room": "chat", "token": "secret-of-the-room" }));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_database_does_not_hold_the_secret_in_the_clear(pool: PgPool) {
    let _house = House::new(pool.clone()).await;
    let n: i64 = sqlx::query_scalar(
        "select count(*) from channel where strpos(channel::text, 'secret-of') > 0
           or position('secret-of'::bytea in sealed) > 0",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(n, 0);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_empty_secret_keeps_what_is_there_and_a_new_one_replaces_it(pool: PgPool) {
    let house = House::new(pool).await;
    let first: ChannelRow = chat(&house).await;
    let kept = ChannelDraft { settings: settings(json!({ "room": "other", "token": "  " })), ..redraft(&first) };
    let second: ChannelRow = house.notify.save_channel(&admin(), kept).await.unwrap();
    let given = ChannelDraft { settings: settings(json!({ "room": "other", "token": "new" })), ..redraft(&second) };
    house.notify.save_channel(&admin(), given).await.unwrap();
    let made: Vec<serde_json::Value> = house.fakes.given.lock().unwrap().iter().rev().take(2).cloned().collect();
    assert_eq!(made[1], json!({ "room": "other", "token": "secret-of-the-room" }));
    assert_eq!(made[0], json!({ "room": "other", "token": "new" }));
    let versions = house.notify.channel_versions("chat").await.unwrap();
    let replaced: Vec<usize> = versions.iter().map(|version| version.replaced.len()).collect();
    assert_eq!((versions[0].version, replaced), (3, vec![1, 0, 1]));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_people_dont_undo_each_other(pool: PgPool) {
    let house = House::new(pool).await;
    let row: ChannelRow = chat(&house).await;
    house.notify.save_channel(&admin(), redraft(&row)).await.unwrap();
    let late = house.notify.save_channel(&admin(), redraft(&row)).await;
    assert!(matches!(late, Err(Error::Stale { expected: 1, found: 2, .. })), "{late:?}");
    assert!(matches!(house.notify.save_channel(&admin(), draft("chat")).await, Err(Error::Taken { .. })));
    assert!(matches!(house.notify.remove_channel(&admin(), "chat", 1).await, Err(Error::Stale { .. })));
    house.notify.remove_channel(&admin(), "chat", 2).await.unwrap();
    assert!(matches!(house.notify.save_channel(&admin(), redraft(&row)).await, Err(Error::NoChannel { .. })));
    let reborn: ChannelRow = house.notify.save_channel(&admin(), draft("chat")).await.unwrap();
    assert_eq!(reborn.version, 4, "the versions of a name go on");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whatever_is_wrong_with_a_channel_is_said_and_nothing_is_saved(pool: PgPool) {
    let house = House::new(pool).await;
    let row: ChannelRow = chat(&house).await;
    let save = |draft: ChannelDraft| {
        let notify = house.notify.clone();
        async move { notify.save_channel(&admin(), draft).await.unwrap_err() }
    };
    for name in ["", "-a", "Chat", "a b", "é", "a".repeat(64).as_str()] {
        // The name alone is wrong: the rest of the draft is a whole one.
        let error: Error = save(ChannelDraft { name: name.to_owned(), ..draft("ops") }).await;
        assert!(matches!(error, Error::Name { .. }), "{name:?}: {error:?}");
    }
    let all = ChannelDraft { zone: "Tokyo".to_owned(), settings: settings(json!({})), ..draft("A b") };
    let all: Error = save(all).await;
    assert!(
        matches!(&all, Error::Several(wrong) if matches!(wrong.as_slice(), [Error::Name { .. }, Error::Zone { .. }, Error::Settings(_)])),
        "{all}"
    );
    let zone = ChannelDraft { zone: "Tokyo".to_owned(), ..redraft(&row) };
    assert!(matches!(save(zone).await, Error::Zone { .. }));
    let kind = ChannelDraft { kind: "webhook".to_owned(), ..redraft(&row) };
    assert!(matches!(save(kind).await, Error::KindFixed { .. }));
    let unknown = ChannelDraft { kind: "pigeon".to_owned(), ..draft("pigeon") };
    assert!(matches!(save(unknown).await, Error::Settings(BadSettings::UnknownKind { .. })));
    let missing = ChannelDraft { settings: settings(json!({})), ..redraft(&row) };
    assert!(matches!(save(missing).await, Error::Settings(BadSettings::Missing { .. })));
    let stray = ChannelDraft { settings: settings(json!({ "room": "a", "colour": "red" })), ..redraft(&row) };
    assert!(matches!(save(stray).await, Error::Settings(BadSettings::UnknownField { .. })));
    let large = ChannelDraft { settings: settings(json!({ "room": "a".repeat(20_000) })), ..redraft(&row) };
    assert!(matches!(save(large).await, Error::Large { .. }));
    assert_eq!(chat(&house).await, row);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn one_channel_at_most_is_the_last_resort(pool: PgPool) {
    let house = House::new(pool).await;
    for name in ["chat", "mail"] {
        let row: ChannelRow = house.notify.channel(name).await.unwrap().unwrap();
        house.notify.save_channel(&admin(), ChannelDraft { last_resort: true, ..redraft(&row) }).await.unwrap();
    }
    let last: Vec<String> =
        house.notify.channels().await.unwrap().into_iter().filter(|row| row.last_resort).map(|row| row.name).collect();
    assert_eq!(last, ["mail"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_test_goes_the_way_of_a_page_once_and_its_answer_stands_in_the_log(pool: PgPool) {
    let house = House::new(pool).await;
    let row: ChannelRow = chat(&house).await;
    house.notify.save_channel(&admin(), ChannelDraft { enabled: false, ..redraft(&row) }).await.unwrap();
    house.world.will("chat", &[Answer::Later]);
    let failed = house.notify.test_channel(&admin(), "chat").await.unwrap();
    let sent = house.notify.test_channel(&admin(), "chat").await.unwrap();
    house.after_ms(0).await;
    house.after_ms(120_000).await;
    let mut ended: Vec<(State, Option<String>)> = Vec::new();
    for id in [failed, sent] {
        let detail: DeliveryDetail = house.notify.delivery(id).await.unwrap().unwrap();
        assert_eq!((detail.row.kind, detail.attempts.len()), (Kind::Test, 1));
        ended.push((detail.row.state, detail.row.last_error));
    }
    ended.sort_by_key(|(state, _)| state.as_str());
    assert_eq!(ended, [(State::Failed, Some("503".to_owned())), (State::Sent, None)]);
    assert!(matches!(house.notify.test_channel(&admin(), "pigeon").await, Err(Error::NoChannel { .. })));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_lost_master_key_fails_pages_to_the_log_and_is_made_good_by_new_secrets(pool: PgPool) {
    let house = House::new(pool).await;
    let settings_of = |keys: Keys| crate::Settings { public_url: String::new(), worker: "w".to_owned(), keys };
    let clock: std::sync::Arc<dyn kernel::Clock> = house.clock.clone();
    let make: std::sync::Arc<dyn crate::needs::Make> = house.fakes.clone();
    let links = std::sync::Arc::new(crate::needs::NoLinks);
    let other = crate::Notify::new(house.db.clone(), clock, make, links, settings_of(Keys::new([9; 32])));
    let id = other.test_channel(&admin(), "chat").await.unwrap();
    other.tick().await.unwrap();
    let row = other.delivery(id).await.unwrap().unwrap().row;
    assert_eq!(row.state, State::Failed);
    assert!(row.last_error.unwrap().contains("master key"));
    let channel: ChannelRow = chat(&house).await;
    assert!(matches!(other.save_channel(&admin(), redraft(&channel)).await, Err(Error::Sealed(_))), "one secret is not given");
    let whole = settings(json!({ "room": "chat", "token": "new", "other_token": "new" }));
    other.save_channel(&admin(), ChannelDraft { settings: whole, ..redraft(&channel) }).await.unwrap();
    let id = other.test_channel(&admin(), "chat").await.unwrap();
    other.tick().await.unwrap();
    assert_eq!(other.delivery(id).await.unwrap().unwrap().row.state, State::Sent);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn changed_settings_count_from_the_next_page_on(pool: PgPool) {
    let house = House::new(pool).await;
    house.notify.test_channel(&admin(), "chat").await.unwrap();
    house.after_ms(0).await;
    let row: ChannelRow = chat(&house).await;
    let moved = ChannelDraft { settings: settings(json!({ "room": "moved" })), ..redraft(&row) };
    process(&house.db, &house.clock, &house.fakes, "second").save_channel(&admin(), moved).await.unwrap();
    house.notify.test_channel(&admin(), "chat").await.unwrap();
    house.after_ms(0).await;
    let rooms: Vec<String> = house.world.heard().into_iter().map(|(room, _)| room).collect();
    assert_eq!(rooms, ["chat", "moved"]);
}
