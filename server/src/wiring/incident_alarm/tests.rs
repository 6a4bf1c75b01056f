//! What a channel hears of promises and updates, over the whole house on a real Postgres; and whom they are for.

use super::words::{self, Said};
use super::{HouseAlarm, circles, urgency};
use crate::paging::tests::Watch;
use incidents::needs::{Alarm, Announcement, Announcer, ClockNews};
use kernel::Tx;
use model::clock::ClockKind;
use model::ids::{IncidentId, PersonId};
use model::incident::IncidentStatus;
use model::{Severity, Time};
use oncall::{Urgency, Whom};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

const NOW: Time = Time(1_795_348_800_000);
const KINDS: [ClockKind; 4] = [ClockKind::Ack, ClockKind::Update, ClockKind::Resolve, ClockKind::FollowUp];

fn news(kind: ClockKind) -> ClockNews {
    ClockNews {
        key: "incident-clock-3-breach".to_owned(),
        incident: IncidentId(12),
        title: "決済が失敗する".to_owned(),
        is_private: false,
        severity: Severity::P0,
        code: "P0".to_owned(),
        team: None,
        kind,
        follow_up: None,
        due_at: NOW,
        people: Vec::new(),
        alerts: Vec::new(),
        pages_out_of_hours: true,
        at: NOW,
    }
}

fn update() -> Announcement {
    Announcement {
        key: "incident-update-7".to_owned(),
        incident: IncidentId(12),
        title: "決済が失敗する".to_owned(),
        is_private: false,
        severity: Severity::P1,
        code: "P1".to_owned(),
        status: IncidentStatus::Acknowledged,
        ja: "原因を調査しています。".to_owned(),
        en: String::new(),
        next_at: Some(NOW.plus_ms(3_600_000)),
        by: "佐藤 健".to_owned(),
        systems: vec!["payments".to_owned()],
        followers: Vec::new(),
        channels: vec!["hook".to_owned()],
        at: NOW,
    }
}

/// A house with the webhook `hook`, which reads English, and its alarm.
async fn house(pool: PgPool) -> (Watch, HouseAlarm) {
    let watch = Watch::new(pool).await;
    let house = &watch.house;
    let alarm = HouseAlarm::new(house.identity.clone(), house.oncall.clone(), house.notify.clone());
    (watch, alarm)
}

async fn announce(watch: &Watch, alarm: &HouseAlarm, announcement: &Announcement) {
    let mut tx: Tx = watch.house.db.begin().await.unwrap();
    alarm.announce(&mut tx, announcement).await.unwrap();
    tx.commit().await.unwrap();
    send(watch).await;
}

async fn escalate(watch: &Watch, alarm: &HouseAlarm, news: &ClockNews) {
    let mut tx: Tx = watch.house.db.begin().await.unwrap();
    alarm.escalate(&mut tx, news).await.unwrap();
    tx.commit().await.unwrap();
    send(watch).await;
}

async fn send(watch: &Watch) {
    for _ in 0..2 {
        watch.house.oncall.tick().await.unwrap();
        watch.house.notify.tick().await.unwrap();
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_update_reaches_a_channel_once_and_in_the_language_that_was_written(pool: PgPool) {
    let (watch, alarm) = house(pool).await;
    announce(&watch, &alarm, &update()).await;
    announce(&watch, &alarm, &update()).await;
    let heard: Vec<Value> = watch.heard();
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0]["type"], "incident.announced");
    let said: &Value = &heard[0]["data"];
    assert_eq!((&said["name"], &said["text"]), (&json!("I-12 決済が失敗する"), &json!("原因を調査しています。")));
    assert_eq!((&said["status"], &said["code"]), (&json!("Acknowledged"), &json!("P1")));
    assert_eq!(said["url"], "http://127.0.0.1:3000/incidents/I-12");
    assert_eq!(said["next_update_at"], "2026-11-22T13:00:00.000Z");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn of_what_is_private_a_channel_hears_only_that_there_is_something_to_read(pool: PgPool) {
    let (watch, alarm) = house(pool).await;
    announce(&watch, &alarm, &Announcement { is_private: true, ..update() }).await;
    escalate(&watch, &alarm, &ClockNews { is_private: true, ..news(ClockKind::Ack) }).await;
    let heard: Vec<Value> = watch.heard();
    assert_eq!(heard.len(), 2);
    for said in &heard {
        let written: String = said.to_string();
        assert!(!written.contains("決済") && !written.contains("調査") && !written.contains("佐藤"), "{written}");
        assert_eq!(said["data"]["name"], "I-12 A private incident");
        assert_eq!(said["data"]["url"], "http://127.0.0.1:3000/incidents/I-12");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_broken_promise_that_nobody_can_be_called_for_goes_to_the_last_resort(pool: PgPool) {
    let (watch, alarm) = house(pool).await;
    escalate(&watch, &alarm, &news(ClockKind::Ack)).await;
    escalate(&watch, &alarm, &news(ClockKind::Ack)).await;
    let heard: Vec<Value> = watch.heard();
    assert_eq!(heard.len(), 1, "once for each key");
    assert_eq!(
        (&heard[0]["type"], &heard[0]["data"]["due_at"]),
        (&json!("incident.breached"), &json!("2026-11-22T12:00:00.000Z"))
    );
    assert_eq!(heard[0]["data"]["text"], "The first response is overdue: nobody has taken it on.");
}

#[test]
fn whoever_has_to_do_with_it_comes_first_and_what_is_private_calls_nobody_on_call() {
    let whom = |news: &ClockNews| -> Vec<Whom> {
        circles(news, Some("web".to_owned()), &json!({})).into_iter().map(|circle| circle.whom).collect()
    };
    let on_call = Whom::OnCall { team: Some("web".to_owned()) };
    assert_eq!(whom(&news(ClockKind::Ack)), [on_call.clone(), Whom::Administrators]);
    let hana = PersonId(Uuid::from_u128(1));
    let hers = ClockNews { people: vec![hana], ..news(ClockKind::Ack) };
    assert_eq!(whom(&hers), [Whom::People(vec![hana]), on_call, Whom::Administrators]);
    let private = ClockNews { is_private: true, ..hers };
    assert_eq!(whom(&private), [Whom::People(vec![hana]), Whom::Administrators]);
}

#[test]
fn only_what_may_wake_somebody_is_urgent() {
    assert_eq!(urgency(&news(ClockKind::Ack)), Urgency::High);
    assert_eq!(urgency(&ClockNews { pages_out_of_hours: false, ..news(ClockKind::Ack) }), Urgency::Low);
    assert_eq!(urgency(&ClockNews { severity: Severity::P2, ..news(ClockKind::Ack) }), Urgency::Low);
    assert_eq!(urgency(&news(ClockKind::FollowUp)), Urgency::Low);
}

#[test]
fn every_promise_has_its_words_in_both_languages() {
    for kind in KINDS {
        for said in [Said::AtRisk, Said::Breached] {
            for people in [Vec::new(), vec![PersonId(Uuid::from_u128(1))]] {
                let told = words::of_clock(&ClockNews { people, ..news(kind) }, said, true);
                assert!(!told.text.ja.is_ascii() && told.text.en.is_ascii() && !told.text.en.is_empty(), "{told:?}");
                assert_eq!((told.due_at, told.path.as_str()), (Some(NOW), "/incidents/I-12"));
            }
        }
    }
}

#[test]
fn a_follow_up_is_named_only_to_whom_it_concerns() {
    let named = ClockNews { follow_up: Some("監視を追加する".to_owned()), ..news(ClockKind::FollowUp) };
    let whole = words::of_clock(&named, Said::Breached, true);
    assert_eq!(whole.text.ja, "再発防止策「監視を追加する」の期限を過ぎました。");
    let shown = words::of_clock(&named, Said::Breached, false);
    assert_eq!((shown.text.en.as_str(), shown.name.en.as_str()), ("A follow-up is overdue.", "I-12 A private incident"));
}

#[test]
fn each_status_is_said() {
    for status in IncidentStatus::ALL {
        let told = words::of_update(&Announcement { status, ..update() }, true).status.unwrap();
        assert!(!told.ja.is_empty() && !told.en.is_empty());
    }
}
