//! A channel for an incident: opened in its time, told in order, tried again, given up, and read for marks.

use super::{House, MINUTE, START, actor, grant, person, works};
use crate::error::Error;
use crate::needs::{MarkedMessage, RoomError};
use crate::timeline::EntryKind;
use crate::{Definition, Incident, NewUpdate, Seen};
use figures::Locale;
use model::access::SetUpIncidents;
use model::incident::Move;
use model::incident::roles::IncidentRole;
use sqlx::PgPool;

async fn with_slack(pool: PgPool) -> House {
    let house = House::new(pool).await;
    *house.world.has_slack.lock().unwrap() = true;
    house
}

fn asked(house: &House) -> Vec<String> {
    std::mem::take(&mut *house.world.asked.lock().unwrap())
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_channel_is_opened_for_what_is_bad_enough_and_hears_what_happens(pool: PgPool) {
    let house = with_slack(pool).await;
    let minor: Incident = house.declare("P2").await;
    let incident: Incident = house.declare("P1").await;
    house.tick().await;
    let id = incident.id.0;
    let said: Vec<String> = asked(&house);
    assert_eq!(said[0], format!("open inc-{id}-20260918 false"));
    assert_eq!(said[1], "say C1 🚨 *P1* インシデントを宣言しました: 決済 API が応答しない (person 1)");
    assert_eq!(said[2..], [format!("topic C1 I-{id} · P1 · 決済 API が応答しない"), "invite C1 person-1@example.jp".to_owned()]);
    assert_eq!(house.incident(incident.id).await.room.map(|room| room.channel).as_deref(), Some("C1"));
    assert_eq!(house.incident(minor.id).await.room, None);
    house.incidents.assign(&works(1), Seen::any(incident.id), IncidentRole::Commander, person(3)).await.unwrap();
    house.incidents.set_level(&works(1), Seen::any(incident.id), "P0", "").await.unwrap();
    house.incidents.post_update(&works(1), incident.id, &NewUpdate { ja: "調査中".to_owned(), en: String::new() }).await.unwrap();
    house.tick().await;
    let expected = [
        "say C1 👤 指揮: *person 3*".to_owned(),
        "invite C1 person-3@example.jp".to_owned(),
        "say C1 ⚠️ レベル: P1 → *P0* (person 1)".to_owned(),
        format!("topic C1 I-{id} · P0 · 決済 API が応答しない"),
        "say C1 📣 *状況報告* (person 1)\n調査中".to_owned(),
    ];
    assert_eq!(asked(&house), expected);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_slack_can_not_do_now_is_done_later_in_its_order(pool: PgPool) {
    let house = with_slack(pool).await;
    let later = || RoomError::Later { reason: "ratelimited".to_owned(), after_ms: Some(30_000) };
    house.world.slack_fails.lock().unwrap().push(later());
    let incident: Incident = house.declare("P1").await;
    house.incidents.act(&works(2), Seen::any(incident.id), Move::Acknowledge, "").await.unwrap();
    house.tick().await;
    assert_eq!(asked(&house).len(), 1, "nothing is said where no channel is");
    house.clock.advance_ms(29_000);
    house.tick().await;
    assert!(asked(&house).is_empty());
    house.clock.advance_ms(1_000);
    house.tick().await;
    let deeds: Vec<String> = asked(&house).iter().map(|deed| deed.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(deeds[..4], ["open", "say", "say", "say"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_slack_will_never_do_is_given_up_and_told(pool: PgPool) {
    let house = with_slack(pool).await;
    house.world.slack_fails.lock().unwrap().push(RoomError::Never { reason: "missing_scope".to_owned() });
    let incident: Incident = house.declare("P1").await;
    house.tick().await;
    let lines = house.lines(incident.id).await;
    let failed = lines.iter().find(|line| line.kind == EntryKind::Room).unwrap();
    assert_eq!((failed.body["what"].as_str(), failed.body["reason"].as_str()), (Some("failed"), Some("missing_scope")));
    asked(&house);
    house.incidents.open_room(&works(1), Seen::any(incident.id)).await.unwrap();
    let twice = house.incidents.open_room(&works(1), Seen::any(incident.id)).await;
    assert!(matches!(twice, Err(Error::HasRoom)));
    house.tick().await;
    assert!(asked(&house)[0].starts_with("open inc-"));
    assert!(house.kinds(incident.id).await.contains(&EntryKind::Room));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn marked_messages_stand_in_the_timeline_once(pool: PgPool) {
    let house = with_slack(pool).await;
    let incident: Incident = house.declare("P1").await;
    house.tick().await;
    let message = MarkedMessage {
        ts: "1503435956.000247".to_owned(),
        at: START.plus_ms(-MINUTE),
        author: "鈴木".to_owned(),
        text: "DB を再起動しました".to_owned(),
        url: None,
    };
    house.world.marked.lock().unwrap().push(message.clone());
    house.pass(3 * MINUTE, MINUTE).await;
    let marked: Vec<String> =
        house.lines(incident.id).await.into_iter().filter(|line| line.kind == EntryKind::Chat).map(|line| line.text).collect();
    assert_eq!(marked, ["DB を再起動しました"]);
    assert!(!house.incidents.take_marked(&works(1), "C1", &message).await.unwrap(), "also when Slack tells it by itself");
    let other = MarkedMessage { ts: "1503435957.000001".to_owned(), ..message };
    assert!(house.incidents.take_marked(&works(1), "C1", &other).await.unwrap());
    assert!(!house.incidents.take_marked(&works(1), "C404", &other).await.unwrap());
    assert!(!asked(&house).iter().any(|deed| deed.contains("DB を")), "what was said there is not said there again");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn without_slack_nothing_waits_and_another_language_is_spoken_where_it_is_set(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P0").await;
    let refused = house.incidents.open_room(&works(1), Seen::any(incident.id)).await;
    assert!(matches!(refused, Err(Error::NoRooms)));
    let waiting: i64 = sqlx::query_scalar("select count(*) from incident_saying").fetch_one(house.db.pool()).await.unwrap();
    assert_eq!(waiting, 0);
    let english = Definition { room_locale: Locale::En, ..Definition::default() };
    house.incidents.set_up(&grant::<SetUpIncidents>(&actor(8)), &english, 0).await.unwrap();
    *house.world.has_slack.lock().unwrap() = true;
    house.incidents.open_room(&works(1), Seen::any(incident.id)).await.unwrap();
    house.incidents.act(&works(1), Seen::any(incident.id), Move::Acknowledge, "").await.unwrap();
    house.tick().await;
    assert!(asked(&house).contains(&"say C1 ➡️ Status: declared → *acknowledged* (person 1)".to_owned()));
}
