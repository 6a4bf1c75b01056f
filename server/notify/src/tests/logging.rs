//! What people read: the log and the figures.

use super::{Answer, House, START, admin, fired};
use crate::health::{Health, ProcessHealth, Verdict, WEEK_MS};
use crate::{ChannelHealth, DeliveryId, Filter, Kind, NewDelivery, State};
use figures::Locale;
use model::ids::AlertId;
use sqlx::PgPool;

/// One page that was sent, one that failed and was passed on, one that waits.
async fn busy(pool: PgPool) -> House {
    let house = House::new(pool).await;
    let of = |key: &str, channel: &str, alert: i64| NewDelivery {
        group: key.to_owned(),
        channel: channel.to_owned(),
        ..fired(key, &[alert])
    };
    house.world.will("phone", &[Answer::Refuse]);
    house.clock.advance_ms(2_000);
    house.ask(&[of("a", "chat", 1), of("b", "phone", 2)]).await;
    house.after_ms(0).await;
    house.ask(&[NewDelivery { at: START.plus_ms(10_000), ..of("c", "chat", 3) }]).await;
    house
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_log_is_filtered_and_read_screen_by_screen(pool: PgPool) {
    let house = busy(pool).await;
    let found = |filter: Filter| {
        let notify = house.notify.clone();
        async move {
            let rows = notify.deliveries(&filter).await.unwrap();
            rows.into_iter().map(|row| row.key).collect::<Vec<String>>()
        }
    };
    let any = Filter::default();
    assert_eq!(found(any.clone()).await, ["c", "b>mail", "b", "a"]);
    assert_eq!(found(Filter { state: Some(State::Sent), ..any.clone() }).await, ["b>mail", "a"]);
    assert_eq!(found(Filter { channel: Some("chat".to_owned()), ..any.clone() }).await, ["c", "a"]);
    assert_eq!(found(Filter { alert: Some(AlertId(2)), ..any.clone() }).await, ["b>mail", "b"]);
    assert_eq!(found(Filter { group: Some("a".to_owned()), ..any.clone() }).await, ["a"]);
    assert_eq!(found(Filter { kind: Some(Kind::Test), ..any.clone() }).await, Vec::<String>::new());
    assert_eq!(found(Filter { from: Some(START.plus_ms(2_001)), ..any.clone() }).await, ["c"]);
    assert_eq!(found(Filter { to: Some(START), ..any.clone() }).await, ["b", "a"]);
    assert_eq!(found(Filter { limit: 2, ..any.clone() }).await, ["c", "b>mail"]);
    let third = house.notify.deliveries(&Filter { limit: 2, ..any.clone() }).await.unwrap().remove(1).seq;
    assert_eq!(found(Filter { before: Some(third), ..any.clone() }).await, ["b", "a"]);
    assert_eq!(found(Filter { limit: -1, ..any }).await, Vec::<String>::new());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whether_the_pager_works_can_be_read_off(pool: PgPool) {
    let house = busy(pool).await;
    let health: Health = house.notify.health().await.unwrap();
    assert_eq!((health.queue.due, health.queue.sending, health.queue.oldest_due), (1, 0, None));
    assert_eq!((health.is_overdue(), health.success_rate()), (false, Some(2.0 / 3.0)));
    assert_eq!(health.looked_at, Some(START.plus_ms(2_000)));
    let chat: &ChannelHealth = health.channels.iter().find(|channel| channel.name == "chat").unwrap();
    assert_eq!((chat.sent, chat.failed, chat.p50_ms), (1, 0, Some(2_000.0)));
    assert_eq!((chat.last_sent_at, chat.last_error.as_deref()), (Some(START.plus_ms(2_000)), None));
    let phone: &ChannelHealth = health.channels.iter().find(|channel| channel.name == "phone").unwrap();
    assert_eq!((phone.sent, phone.failed, phone.last_sent_at), (0, 1, None));
    assert_eq!(phone.last_error.as_deref(), Some("404 no such room"));

    house.clock.advance_ms(8_000 + 15_001);
    let late: Health = house.notify.health().await.unwrap();
    assert_eq!(late.queue.oldest_due, Some(START.plus_ms(10_000)));
    assert_eq!(late.queue.oldest_unsent_page, Some(START.plus_ms(10_000)));
    assert!(late.is_overdue());
    house.clock.advance_ms(86_400_000);
    assert_eq!(house.notify.health().await.unwrap().success_rate(), None, "what was yesterday says nothing");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_page_is_written_in_the_language_of_its_channel(pool: PgPool) {
    let house = House::new(pool).await;
    let mail = house.notify.channel("mail").await.unwrap().unwrap();
    let english = crate::ChannelDraft { locale: Locale::En, ..super::redraft(&mail) };
    house.notify.save_channel(&admin(), english).await.unwrap();
    house.ask(&[fired("a", &[1]), NewDelivery { channel: "mail".to_owned(), ..fired("b", &[1]) }]).await;
    house.after_ms(0).await;
    let mut names: Vec<String> = house.world.heard().into_iter().map(|(_, page)| page.alerts[0].name.clone()).collect();
    names.sort();
    assert_eq!(names, ["CPU usage", "CPU使用率"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_log_says_what_the_provider_answered_last(pool: PgPool) {
    let house = busy(pool).await;
    house.world.will("mail", &[Answer::Later, Answer::Refuse]);
    let to_mail = NewDelivery { channel: "mail".to_owned(), next: Vec::new(), group: "d".to_owned(), ..fired("d", &[4]) };
    house.ask(&[to_mail]).await;
    let waiting = house.notify.deliveries(&Filter { state: Some(State::Due), ..Filter::default() }).await.unwrap();
    assert_eq!(waiting.iter().map(|row| row.answer.clone()).collect::<Vec<Option<String>>>(), [None, None]);
    house.after_ms(8_000).await;
    house.after_ms(10_000).await;
    let rows = house.notify.deliveries(&Filter::default()).await.unwrap();
    let said = |key: &str| rows.iter().find(|row| row.key == key).and_then(|row| row.answer.clone());
    assert_eq!(said("a").as_deref(), Some("200"));
    assert_eq!(said("b").as_deref(), Some("404 no such room"));
    assert_eq!(said("d").as_deref(), Some("404 no such room"), "the first attempt heard 503");
    let id: DeliveryId = rows.iter().find(|row| row.key == "d").unwrap().id;
    let detail = house.notify.delivery(id).await.unwrap().unwrap();
    assert_eq!((detail.row.answer.as_deref(), detail.attempts.len()), (Some("404 no such room"), 2));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_week_is_remembered_with_its_last_delivery_and_its_last_test(pool: PgPool) {
    let house = busy(pool).await;
    let test: DeliveryId = house.notify.test_channel(&admin(), "mail").await.unwrap();
    house.after_ms(0).await;
    let health: Health = house.notify.health().await.unwrap();
    let of = |name: &str| health.channels.iter().find(|channel| channel.name == name).cloned().unwrap();
    let (chat, mail, phone): (ChannelHealth, ChannelHealth, ChannelHealth) = (of("chat"), of("mail"), of("phone"));
    assert_eq!((chat.sent_week, chat.last_test, phone.failed_week), (1, None, 1));
    assert_eq!(mail.last_test.map(|ended| (ended.id, ended.state)), Some((test, State::Sent)));
    assert_eq!(phone.last.map(|ended| ended.state), Some(State::Failed));
    assert_eq!((phone.is_failing(), chat.is_failing()), (true, false));
    assert_eq!((health.speed.n, health.success_rate_of_week()), (2, Some(0.75)), "a test is no page");
    let attempts: Vec<(String, i64)> =
        health.processes.iter().map(|one: &ProcessHealth| (one.name.clone(), one.attempts)).collect();
    assert_eq!(attempts, [("first".to_owned(), 4)]);
    assert!(matches!(health.verdict(), Verdict::Works { .. }));

    house.clock.advance_ms(2 * 86_400_000);
    let later: Health = house.notify.health().await.unwrap();
    let mail: ChannelHealth = later.channels.iter().find(|channel| channel.name == "mail").cloned().unwrap();
    assert_eq!((mail.sent, mail.sent_week > 0, mail.last_test.is_some()), (0, true, true));
    house.clock.advance_ms(WEEK_MS);
    let stale: Health = house.notify.health().await.unwrap();
    let mail: ChannelHealth = stale.channels.iter().find(|channel| channel.name == "mail").cloned().unwrap();
    assert_eq!((mail.sent_week, mail.last_test), (0, None));
    assert!(mail.last_sent_at.is_some(), "the last one is known however long ago it was");
    assert!(matches!(stale.verdict(), Verdict::Asleep { .. }));
}
