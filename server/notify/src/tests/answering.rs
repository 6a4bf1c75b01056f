//! Providers that answer us: what is believed, and what is remembered of it.

use super::{START, admin};
use crate::channels::slack::pressed::Pressed;
use crate::incoming::{IncomingError, Signed, SlackApp};
use crate::needs::{Channels, NoLinks};
use crate::{ChannelDraft, ChannelRow, Keys, Notify, Settings};
use figures::Locale;
use kernel::outbound::Outbound;
use kernel::outbound::reach::Reach;
use kernel::{Clock, Db, Grant, TestClock, authorize, facts};
use model::access::AnswerAlert;
use model::actor::Who;
use model::ids::{AlertId, PersonId};
use model::{Actor, Role};
use ring::hmac;
use serde_json::{Value, json};
use sqlx::PgPool;
use std::sync::Arc;

const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
const BODY: &[u8] = b"payload=%7B%7D";
/// [`START`] in seconds.
const TIMESTAMP: &str = "1795305600";

struct Office {
    db: Db,
    clock: Arc<TestClock>,
    notify: Notify,
}

impl Office {
    /// With real channels that reach nobody.
    fn new(pool: PgPool) -> Self {
        let db = Db::from_pool(pool);
        let clock = Arc::new(TestClock::new(START));
        let told: Arc<dyn Clock> = clock.clone();
        let make = Arc::new(Channels(Outbound::new(Reach::default())));
        let settings = Settings { public_url: String::new(), worker: "w".to_owned(), keys: Keys::new([7; 32]) };
        let notify = Notify::new(db.clone(), told, make, Arc::new(NoLinks), settings);
        Self { db, clock, notify }
    }

    async fn add(&self, name: &str, kind: &str, settings: Value) -> ChannelRow {
        let draft = ChannelDraft { kind: kind.to_owned(), settings: super::settings(settings), ..super::draft(name) };
        self.notify.save_channel(&admin(), draft).await.unwrap()
    }

    async fn slack(&self) -> ChannelRow {
        self.add("ops", "slack", json!({ "token": "xoxb-1", "channel": "#ops", "signing_secret": SECRET })).await
    }

    async fn heard(&self, timestamp: &str, secret: &str, body: &[u8]) -> Result<SlackApp, IncomingError> {
        let mut said: Vec<u8> = format!("v0:{timestamp}:").into_bytes();
        said.extend_from_slice(BODY);
        let signature: String = format!("v0={}", tag(secret, &said));
        self.notify.slack_signed(&Signed { timestamp, signature: &signature, body }).await
    }
}

fn tag(secret: &str, said: &[u8]) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), said);
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn slack_is_believed_once_and_the_app_that_signed_is_found(pool: PgPool) {
    let office = Office::new(pool);
    office.slack().await;
    office.add("other", "slack", json!({ "token": "xoxb-2", "channel": "#b", "signing_secret": "another" })).await;
    let app: SlackApp = office.heard(TIMESTAMP, "another", BODY).await.ok().unwrap();
    assert_eq!((app.channel.as_str(), app.locale), ("other", Locale::Ja));
    assert_eq!(office.heard(TIMESTAMP, SECRET, BODY).await.ok().unwrap().channel, "ops");
    assert!(matches!(office.heard(TIMESTAMP, SECRET, BODY).await, Err(IncomingError::Repeated)));
    assert!(matches!(office.heard(TIMESTAMP, "nobody's", BODY).await, Err(IncomingError::Forged)));
    assert!(matches!(office.heard(TIMESTAMP, SECRET, b"payload=%7B+%7D").await, Err(IncomingError::Forged)));
    office.clock.advance_ms(301_000);
    assert!(matches!(office.heard(TIMESTAMP, SECRET, BODY).await, Err(IncomingError::Old)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_request_from_ahead_of_our_clock_is_remembered_for_as_long_as_it_would_be_believed(pool: PgPool) {
    let office = Office::new(pool);
    office.slack().await;
    office.clock.advance_ms(-300_000);
    assert!(office.heard(TIMESTAMP, SECRET, BODY).await.is_ok());
    office.clock.advance_ms(600_000);
    // Another request makes room by forgetting what may be forgotten.
    assert!(office.heard("1795305601", SECRET, BODY).await.is_ok());
    assert!(matches!(office.heard(TIMESTAMP, SECRET, BODY).await, Err(IncomingError::Repeated)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_channel_that_is_switched_off_signs_nothing(pool: PgPool) {
    let office = Office::new(pool);
    let row: ChannelRow = office.slack().await;
    let off = ChannelDraft {
        kind: "slack".to_owned(),
        version: Some(row.version),
        settings: row.settings.clone(),
        enabled: false,
        ..super::draft("ops")
    };
    office.notify.save_channel(&admin(), off).await.unwrap();
    assert!(matches!(office.heard(TIMESTAMP, SECRET, BODY).await, Err(IncomingError::Forged)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn pagerduty_is_believed_and_done_once(pool: PgPool) {
    let office = Office::new(pool);
    let settings = json!({ "routing_key": "0123456789abcdef0123456789abcdef", "webhook_secret": SECRET });
    office.add("pager", "pagerduty", settings).await;
    let signature: String = format!("v1={}", tag(SECRET, BODY));
    assert_eq!(office.notify.pagerduty_signed("pager", &signature, BODY).await.unwrap(), Locale::Ja);
    for (channel, body) in [("pager", b"other".as_slice()), ("nobody", BODY)] {
        let refused = office.notify.pagerduty_signed(channel, &signature, body).await;
        assert!(matches!(refused, Err(IncomingError::Forged)), "{channel}");
    }
    assert!(!office.notify.is_heard("pager", "01").await.unwrap());
    assert!(office.notify.note_heard("pager", "01").await.unwrap());
    assert!(office.notify.is_heard("pager", "01").await.unwrap() && !office.notify.note_heard("pager", "01").await.unwrap());
    assert!(!office.notify.is_heard("other", "01").await.unwrap());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_alerts_behind_an_incident_are_those_of_the_page_that_opened_it(pool: PgPool) {
    let house = super::House::new(pool).await;
    house.ask(&[super::fired("a", &[3, 1])]).await;
    house.after_ms(0).await;
    assert_eq!(house.notify.alerts_of("chat", "ref of a").await.unwrap(), [AlertId(1), AlertId(3)]);
    assert!(house.notify.alerts_of("mail", "ref of a").await.unwrap().is_empty());
    assert!(house.notify.alerts_of("chat", "ref of b").await.unwrap().is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn somebody_in_slack_is_remembered_as_a_person_with_a_fact(pool: PgPool) {
    let office = Office::new(pool);
    let person = PersonId(kernel::ids::new_uuid());
    let who = Who::Person { id: person, name: "Hana".to_owned() };
    let actor = Actor { who, role: Role::Responder, team_roles: Vec::new() };
    let grant: Grant<AnswerAlert> = authorize::<AnswerAlert>(&actor, None).unwrap();
    assert_eq!(office.notify.slack_person("T1", "U1").await.unwrap(), None);
    office.notify.link_slack_person(&grant, "T1", "U1").await.unwrap();
    assert_eq!(office.notify.slack_person("T1", "U1").await.unwrap(), Some(person));
    assert_eq!(office.notify.slack_person("T2", "U1").await.unwrap(), None);
    let told = facts::about(&office.db, &format!("person/{person}"), 10).await.unwrap();
    assert_eq!(told.iter().map(|fact| fact.kind.as_str()).collect::<Vec<&str>>(), ["SlackPersonLinked"]);
    assert!(Pressed::read(BODY).is_none());
}
