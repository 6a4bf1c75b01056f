//! Words about an incident, to channels and to people.

use super::{Answer, House, START};
use crate::needs::{NotTold, Personal, PersonalOutcome, PersonalTold};
use crate::page::{Kind, Page, PagedBulletin};
use crate::personal::{NewPersonal, Reach};
use crate::{BulletinWords, DeliveryId, NewBulletin, PersonalBulletin, State, Words};
use async_trait::async_trait;
use figures::Locale;
use kernel::Tx;
use model::Severity;
use model::ids::PersonId;
use sqlx::PgPool;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

fn said() -> BulletinWords {
    BulletinWords {
        severity: Severity::P1,
        code: "P1".to_owned(),
        name: Words { ja: "I-42 決済が失敗する".to_owned(), en: "I-42 Payments fail".to_owned() },
        text: Words { ja: "調査中です。".to_owned(), en: "We are looking.".to_owned() },
        status: None,
        due_at: None,
        next_at: Some(START.plus_ms(1_800_000)),
        systems: Vec::new(),
        by: None,
        at: START,
        path: "/incidents/I-42".to_owned(),
    }
}

fn to(channel: &str, kind: Kind, key: &str) -> NewBulletin {
    NewBulletin {
        key: format!("{key}/{channel}"),
        group: "incident/42".to_owned(),
        kind,
        channel: channel.to_owned(),
        next: vec!["mail".to_owned()],
        words: said(),
        why: "status update".to_owned(),
        at: START,
    }
}

impl House {
    async fn announce(&self, bulletins: &[NewBulletin]) {
        let mut tx: Tx = self.db.begin().await.unwrap();
        self.notify.announce(&mut tx, bulletins).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_update_reaches_its_channels_once_in_their_language_with_the_incidents_address(pool: PgPool) {
    let house = House::new(pool).await;
    house.announce(&[to("chat", Kind::Announced, "u1"), to("phone", Kind::Announced, "u1")]).await;
    house.announce(&[to("chat", Kind::Announced, "u1")]).await;
    house.after_ms(0).await;
    let mut story: Vec<String> = house.world.story();
    story.sort();
    assert_eq!(story, ["chat announced u1/chat", "phone announced u1/phone"]);
    let (_, page): (String, Page) = house.world.heard().remove(0);
    let told: PagedBulletin = page.bulletin.clone().unwrap();
    assert_eq!((told.name.as_str(), told.text.as_str()), ("I-42 決済が失敗する", "調査中です。"));
    assert_eq!((page.url.as_str(), page.acknowledge_url), ("https://watch.example/incidents/I-42", None));
    assert!(page.alerts.is_empty() && page.unlisted == 0);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_update_that_fails_stays_with_its_channel_and_a_broken_promise_goes_to_the_next(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::Refuse, Answer::Refuse]);
    house.announce(&[to("chat", Kind::Announced, "u1")]).await;
    house.after_ms(0).await;
    house.after_ms(120_000).await;
    assert_eq!(house.states().await, ["u1/chat failed"]);
    house.announce(&[to("chat", Kind::Breached, "c1")]).await;
    house.after_ms(0).await;
    house.after_ms(1_000).await;
    assert_eq!(house.states().await, ["u1/chat failed", "c1/chat failed", "c1/chat>mail sent"]);
    let (_, page): (String, Page) = house.world.heard().pop().unwrap();
    assert_eq!(page.bulletin.map(|told| told.code), Some("P1".to_owned()), "what is passed on keeps its words");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn every_update_is_sent_though_none_is_about_an_alert(pool: PgPool) {
    let house = House::new(pool).await;
    house.world.will("chat", &[Answer::Later]);
    house.announce(&[to("chat", Kind::Announced, "u1")]).await;
    house.after_ms(0).await;
    house.announce(&[to("chat", Kind::Announced, "u2")]).await;
    house.after_ms(60_000).await;
    let states: Vec<State> = house.log().await.into_iter().map(|row| row.state).collect();
    assert_eq!(states, [State::Sent, State::Sent], "a newer one takes back no older one");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn words_that_were_lost_say_where_to_look(pool: PgPool) {
    let house = House::new(pool.clone()).await;
    house.announce(&[to("chat", Kind::Breached, "c1")]).await;
    sqlx::query("update delivery set words = '[]'").execute(&pool).await.unwrap();
    house.after_ms(0).await;
    let (_, page): (String, Page) = house.world.heard().remove(0);
    assert_eq!((page.worst(), page.url.as_str()), (Severity::P0, "https://watch.example/incidents"));
    assert!(page.bulletin.unwrap().text.starts_with("内容を表示できません"));
}

/// Writes down what it hears.
#[derive(Default)]
struct Ears(Mutex<Vec<(String, PersonalOutcome)>>);

#[async_trait]
impl Personal for Ears {
    async fn told(&self, _tx: &mut Tx, told: &PersonalTold) -> Result<(), NotTold> {
        self.0.lock().unwrap().push((told.key.clone(), told.became.clone()));
        Ok(())
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whoever_asks_for_a_bulletin_to_a_person_hears_what_became_of_it(pool: PgPool) {
    let house = House::new(pool).await;
    let ears: Arc<Ears> = Arc::default();
    let notify = house.notify.clone().with_personal(ears.clone());
    let page = NewPersonal {
        key: "t/1".to_owned(),
        group: "incident/42/1".to_owned(),
        kind: Kind::Warned,
        person: PersonId(Uuid::from_u128(1)),
        contact: Uuid::from_u128(2),
        reach: Reach::Email,
        place: "contact/2".to_owned(),
        sealed: Vec::new(),
        locale: Locale::En,
        zone: chrono_tz::Tz::UTC,
        alerts: Vec::new(),
        about: Vec::new(),
        why: "clock at risk".to_owned(),
        at: START,
    };
    let bulletin = PersonalBulletin { page, words: said() };
    for _ in 0..2 {
        let mut tx: Tx = house.db.begin().await.unwrap();
        notify.tell_people(&mut tx, std::slice::from_ref(&bulletin)).await.unwrap();
        tx.commit().await.unwrap();
    }
    house.after_ms(0).await;
    assert_eq!(house.states().await, ["t/1 failed"], "this house has no account for mail");
    let heard: Vec<(String, PersonalOutcome)> = ears.0.lock().unwrap().clone();
    assert!(matches!(heard.as_slice(), [(key, PersonalOutcome::Failed { .. })] if key == "t/1"), "{heard:?}");
    house.announce(&[to("chat", Kind::Breached, "c1")]).await;
    let all: Vec<DeliveryId> = house.log().await.into_iter().map(|row| row.id).collect();
    let people: HashMap<DeliveryId, PersonId> = house.notify.people_of(&all).await.unwrap();
    assert_eq!((all.len(), people.into_values().collect::<Vec<PersonId>>()), (2, vec![PersonId(Uuid::from_u128(1))]));
}
