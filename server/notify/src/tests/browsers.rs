//! Browsers in which people switched pages on: whose they are, and whom a channel reaches.

use super::{START, admin};
use crate::channels::web_push;
use crate::needs::{Channels, NoLinks, People};
use crate::push::{BrowserRow, MOST_BROWSERS, PushError, Subscription};
use crate::{ChannelDraft, DeliveryRow, Keys, Notify, Settings, State};
use async_trait::async_trait;
use kernel::outbound::Outbound;
use kernel::outbound::reach::Reach;
use kernel::{Clock, Db, Grant, TestClock, authorize, facts};
use model::access::ChangeOwnAccount;
use model::actor::Who;
use model::ids::PersonId;
use model::{Actor, Role};
use serde_json::json;
use sqlx::PgPool;
use std::sync::Arc;

/// Everybody who may come in.
struct Staff(Vec<(PersonId, String)>);

#[async_trait]
impl People for Staff {
    async fn who_may_come_in(&self) -> Option<Vec<(PersonId, String)>> {
        Some(self.0.clone())
    }
}

fn room(pool: PgPool) -> (Db, Notify) {
    let db = Db::from_pool(pool);
    let clock: Arc<dyn Clock> = Arc::new(TestClock::new(START));
    let make = Arc::new(Channels(Outbound::new(Reach::default())));
    let settings = Settings { public_url: "https://watch.example".to_owned(), worker: "w".to_owned(), keys: Keys::new([7; 32]) };
    (db.clone(), Notify::new(db, clock, make, Arc::new(NoLinks), settings))
}

fn person() -> (PersonId, Grant<ChangeOwnAccount>) {
    let id = PersonId(kernel::ids::new_uuid());
    let who = Who::Person { id, name: "Hana".to_owned() };
    let actor = Actor { who, role: Role::Viewer, team_roles: Vec::new() };
    (id, authorize::<ChangeOwnAccount>(&actor, None).unwrap())
}

/// What a browser gives: at an address behind the guard, so that no test speaks to anybody.
fn subscription(n: i64) -> Subscription {
    Subscription {
        endpoint: format!("https://127.0.0.1:9/push/{n}"),
        p256dh: web_push::new_key().public,
        auth: "BTBZMqHH6r4Tts7J_aSIgg".to_owned(),
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_key_is_made_once_and_kept(pool: PgPool) {
    let (_, notify) = room(pool);
    let first: String = notify.push_key().await.unwrap();
    assert_eq!(notify.push_key().await.unwrap(), first);
    assert_eq!(first.len(), 87, "65 bytes as base64url");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_browser_is_its_persons_and_nobody_elses(pool: PgPool) {
    let (db, notify) = room(pool);
    let ((hana, grant), (_, other)) = (person(), person());
    let id = notify.add_browser(&grant, &subscription(1), "Firefox").await.unwrap();
    let mine: Vec<BrowserRow> = notify.browsers(&grant).await.unwrap();
    assert_eq!((mine.len(), mine[0].id, mine[0].agent.as_str(), mine[0].mark.len()), (1, id, "Firefox", 64));
    assert!(notify.browsers(&other).await.unwrap().is_empty());
    assert!(!notify.remove_browser(&other, id).await.unwrap());
    assert!(notify.remove_browser(&grant, id).await.unwrap());
    assert!(!notify.remove_browser(&grant, id).await.unwrap());
    let told = facts::about(&db, &format!("person/{hana}"), 10).await.unwrap();
    let kinds: Vec<&str> = told.iter().map(|fact| fact.kind.as_str()).collect();
    assert_eq!(kinds, ["BrowserSubscribed", "BrowserUnsubscribed"]);
    assert!(!format!("{told:?}").contains("127.0.0.1"), "the address is a secret");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_same_browser_again_is_one_and_belongs_to_whoever_came_last(pool: PgPool) {
    let (_, notify) = room(pool);
    let ((_, first), (_, second)) = (person(), person());
    notify.add_browser(&first, &subscription(1), "A").await.unwrap();
    notify.add_browser(&first, &subscription(1), "A").await.unwrap();
    assert_eq!(notify.browsers(&first).await.unwrap().len(), 1);
    notify.add_browser(&second, &subscription(1), "A").await.unwrap();
    assert_eq!((notify.browsers(&first).await.unwrap().len(), notify.browsers(&second).await.unwrap().len()), (0, 1));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nobody_has_too_many_browsers_and_only_a_person_has_any(pool: PgPool) {
    let (_, notify) = room(pool);
    let (_, grant) = person();
    for n in 0..MOST_BROWSERS {
        notify.add_browser(&grant, &subscription(n), "A").await.unwrap();
    }
    let more = notify.add_browser(&grant, &subscription(99), "A").await;
    assert!(matches!(more, Err(PushError::TooMany)), "{more:?}");
    let worker: Grant<ChangeOwnAccount> = authorize::<ChangeOwnAccount>(&Actor::worker("w"), None).unwrap();
    assert!(matches!(notify.browsers(&worker).await, Err(PushError::NotAPerson)));
    let wrong = Subscription { p256dh: "AAAA".to_owned(), ..subscription(1) };
    assert!(matches!(notify.add_browser(&grant, &wrong, "A").await, Err(PushError::Subscription(_))));
}

/// How a page to everybody's browsers ended.
async fn ended(notify: &Notify) -> DeliveryRow {
    let id = notify.test_channel(&admin(), "browsers").await.unwrap();
    notify.tick().await.unwrap();
    notify.delivery(id).await.unwrap().unwrap().row
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_channel_reaches_the_browsers_of_those_who_may_come_in(pool: PgPool) {
    let (_, notify) = room(pool);
    let ((hana, grant), (gone, _)) = (person(), person());
    let draft = ChannelDraft {
        kind: "web_push".to_owned(),
        settings: super::settings(json!({ "people": "hana@example.com" })),
        ..super::draft("browsers")
    };
    notify.save_channel(&admin(), draft).await.unwrap();
    let said = |row: DeliveryRow| (row.state, row.last_error.unwrap_or_default());
    let (state, why) = said(ended(&notify).await);
    assert!(state == State::Failed && why.contains("knows who may come in"), "{why}");
    let everybody = vec![(hana, "Hana@example.com".to_owned()), (gone, "other@example.com".to_owned())];
    let notify: Notify = notify.with_people(Arc::new(Staff(everybody)));
    let (_, why) = said(ended(&notify).await);
    assert!(why.contains("nobody has switched pages on"), "{why}");
    notify.add_browser(&grant, &subscription(1), "A").await.unwrap();
    let (_, why) = said(ended(&notify).await);
    assert!(why.contains("must not be reached"), "the guard stands before every push service: {why}");
    assert_eq!(notify.browsers(&grant).await.unwrap().len(), 1, "only what is gone is forgotten");
}
