//! The promises of the README, on a real Postgres, with people who have telephones and a messenger that writes down what it is told.

mod answering;
mod bundling;
mod contacts;
mod empty_steps;
mod explaining;
mod pay;
mod policies;
mod tellings;
mod timing;

use crate::contacts::{ContactId, ContactKind, NewContact};
use crate::needs::{
    Bulletin, ChannelPage, CodeMessage, Holidays, Messenger, Needless, Needs, PersonalPage, Purpose, Staff, Staffer, Vault,
    WhoIsOnCall, WorldError,
};
use crate::orders::{Order, OrderKind, OrderedAlert};
use crate::outcomes::Outcome;
use crate::policies::file::{self, PolicyFile};
use crate::{Oncall, RunRow};
use async_trait::async_trait;
use chrono::NaiveDate;
use figures::Locale;
use kernel::{Db, Grant, TestClock, Tx, authorize};
use model::access::Action;
use model::actor::Who;
use model::ids::{AlertId, PersonId};
use model::{Actor, Role, Severity, Time};
use serde_json::json;
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// Noon of a Tuesday in Tokyo.
pub(crate) const START: Time = Time(1_795_489_200_000);
pub(crate) const S: i64 = 1_000;
pub(crate) const MINUTE: i64 = 60 * S;

/// Somebody, by a number.
pub(crate) fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

/// What a messenger was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Page {
        at: Time,
        person: PersonId,
        contact: ContactId,
        purpose: &'static str,
        alerts: Vec<i64>,
        key: String,
    },
    Channels {
        at: Time,
        channels: Vec<String>,
    },
    /// Words that are about no alert; to nobody means the last resort.
    Told {
        at: Time,
        to: Option<(PersonId, ContactId)>,
        tone: &'static str,
        words: String,
        key: String,
    },
    Withdrawn {
        keys: Vec<String>,
        alerts: Vec<i64>,
        why: Needless,
    },
    Code {
        code: String,
    },
}

/// Everything around the room.
pub(crate) struct World {
    pub(crate) said: Mutex<Vec<Said>>,
    staff: Mutex<Vec<Staffer>>,
    /// By schedule and role: from when on it is whom.
    on_call: Mutex<BTreeMap<String, Vec<(Time, PersonId)>>>,
    holidays: Mutex<Vec<NaiveDate>>,
}

#[async_trait]
impl Staff for World {
    async fn everybody(&self) -> Result<Vec<Staffer>, WorldError> {
        Ok(self.staff.lock().unwrap().clone())
    }
}

#[async_trait]
impl WhoIsOnCall for World {
    async fn people(&self, _tx: &mut Tx, schedule: &str, role: &str, at: Time) -> Result<Vec<PersonId>, WorldError> {
        let table = self.on_call.lock().unwrap();
        let turns: &[(Time, PersonId)] = table.get(&format!("{schedule}/{role}")).map_or(&[][..], Vec::as_slice);
        Ok(turns.iter().rev().find(|(from, _)| *from <= at).map(|(_, person)| *person).into_iter().collect())
    }
}

impl Holidays for World {
    fn is_holiday(&self, day: NaiveDate) -> bool {
        self.holidays.lock().unwrap().contains(&day)
    }
}

impl Vault for World {
    fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, WorldError> {
        Ok([place.as_bytes(), b"|", plain].concat())
    }

    fn mark(&self, text: &str) -> Vec<u8> {
        text.bytes().rev().collect()
    }
}

#[async_trait]
impl Messenger for World {
    async fn send(&self, _tx: &mut Tx, pages: Vec<PersonalPage>) -> Result<(), WorldError> {
        for page in pages {
            let purpose: &'static str = match page.purpose {
                Purpose::Call => "call",
                Purpose::Again => "again",
                Purpose::Acknowledged => "acknowledged",
                Purpose::Resolved => "resolved",
                Purpose::Test => "test",
            };
            self.said.lock().unwrap().push(Said::Page {
                at: page.at,
                person: page.to.person,
                contact: page.to.contact,
                purpose,
                alerts: page.alerts.iter().map(|alert| alert.0).collect(),
                key: page.key,
            });
        }
        Ok(())
    }

    async fn tell_channels(&self, _tx: &mut Tx, page: ChannelPage) -> Result<bool, WorldError> {
        self.said.lock().unwrap().push(Said::Channels { at: page.at, channels: page.channels });
        Ok(true)
    }

    async fn tell(&self, _tx: &mut Tx, bulletin: Bulletin) -> Result<(), WorldError> {
        self.said.lock().unwrap().push(Said::Told {
            at: bulletin.at,
            to: bulletin.to.map(|to| (to.person, to.contact)),
            tone: bulletin.tone.as_str(),
            words: bulletin.words.as_str().unwrap_or_default().to_owned(),
            key: bulletin.key,
        });
        Ok(())
    }

    async fn withdraw(&self, _tx: &mut Tx, keys: &[String], alerts: &[AlertId], why: Needless) -> Result<(), WorldError> {
        let alerts: Vec<i64> = alerts.iter().map(|alert| alert.0).collect();
        self.said.lock().unwrap().push(Said::Withdrawn { keys: keys.to_vec(), alerts, why });
        Ok(())
    }

    async fn send_code(&self, _tx: &mut Tx, message: CodeMessage) -> Result<(), WorldError> {
        self.said.lock().unwrap().push(Said::Code { code: message.code });
        Ok(())
    }
}

/// A room, its world and its clock.
pub(crate) struct House {
    pub(crate) db: Db,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) world: Arc<World>,
    pub(crate) oncall: Oncall,
}

impl House {
    /// With these policies, the people 1 to 4 (1 is the administrator), and nobody on call.
    pub(crate) async fn new(pool: PgPool, policies: &str) -> Self {
        let db = Db::from_pool(pool);
        let clock = Arc::new(TestClock::new(START));
        let world = Arc::new(World {
            said: Mutex::default(),
            staff: Mutex::new((1..=4).map(staffer).collect()),
            on_call: Mutex::default(),
            holidays: Mutex::default(),
        });
        let needs = Needs {
            staff: world.clone(),
            who: world.clone(),
            messenger: world.clone(),
            holidays: world.clone(),
            vault: world.clone(),
        };
        let oncall = Oncall::new(db.clone(), clock.clone(), needs);
        let house = Self { db, clock, world, oncall };
        house.apply(policies).await;
        house
    }

    pub(crate) async fn apply(&self, policies: &str) {
        let read = file::read(&[PolicyFile { name: "p.yaml".to_owned(), text: policies.to_owned() }]).unwrap();
        self.oncall.policies().apply(&grant(&Actor::worker("test")), &read).await.unwrap();
    }

    /// A verified contact of this person.
    pub(crate) async fn reach(&self, n: u128, kind: ContactKind) -> ContactId {
        let grant = grant(&actor(n));
        let value: String = match kind {
            ContactKind::Email => format!("person-{n}@example.jp"),
            ContactKind::Sms | ContactKind::Voice => format!("+8190{n:08}"),
            ContactKind::Slack => format!("U{n:08}"),
            ContactKind::Push => String::new(),
        };
        let new = NewContact { kind, label: String::new(), value, locale: Locale::Ja, zone: "Asia/Tokyo".to_owned() };
        let id: ContactId = self.oncall.add_contact(&grant, &new).await.unwrap();
        if let Some(Said::Code { code }) = self.last_said() {
            self.oncall.verify_contact(&grant, id, &code).await.unwrap();
        }
        self.forget();
        id
    }

    pub(crate) fn on_call(&self, duty: &str, turns: &[(Time, u128)]) {
        let turns: Vec<(Time, PersonId)> = turns.iter().map(|(from, n)| (*from, person(*n))).collect();
        self.world.on_call.lock().unwrap().insert(duty.to_owned(), turns);
    }

    pub(crate) fn disable(&self, n: u128) {
        let mut staff = self.world.staff.lock().unwrap();
        staff.iter_mut().filter(|staffer| staffer.id == person(n)).for_each(|staffer| staffer.may_come_in = false);
    }

    fn last_said(&self) -> Option<Said> {
        self.world.said.lock().unwrap().last().cloned()
    }

    pub(crate) fn forget(&self) {
        self.world.said.lock().unwrap().clear();
    }

    pub(crate) async fn order(&self, order: &Order) {
        let mut tx: Tx = self.db.begin().await.unwrap();
        self.oncall.order(&mut tx, order).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Looks now, until nothing is left to do.
    pub(crate) async fn look(&self) {
        for _ in 0..100 {
            if self.oncall.tick().await.unwrap() == 0 {
                return;
            }
        }
        panic!("there is always something left to do");
    }

    /// Moves the clock by steps of ten seconds, and looks at each.
    pub(crate) async fn pass(&self, ms: i64) {
        for _ in 0..ms / (10 * S) {
            self.clock.advance_ms(10 * S);
            self.look().await;
        }
    }

    /// As the room that answers alerts does: first who, then that nobody is needed.
    pub(crate) async fn acknowledge(&self, alert: i64, by: &Actor, is_first: bool) {
        let mut tx: Tx = self.db.begin().await.unwrap();
        self.oncall.acknowledged(&mut tx, AlertId(alert), by).await.unwrap();
        if is_first {
            self.oncall.withdraw(&mut tx, &[AlertId(alert)], Needless::Acknowledged).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    pub(crate) async fn withdraw(&self, alerts: &[i64], why: Needless) {
        let alerts: Vec<AlertId> = alerts.iter().map(|alert| AlertId(*alert)).collect();
        let mut tx: Tx = self.db.begin().await.unwrap();
        self.oncall.withdraw(&mut tx, &alerts, why).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// What became of the newest message.
    pub(crate) async fn became(&self, outcome: Outcome) {
        let pages: Vec<(String, ContactId)> = self
            .world
            .said
            .lock()
            .unwrap()
            .iter()
            .filter_map(|said| match said {
                Said::Page { key, contact, .. } | Said::Told { key, to: Some((_, contact)), .. } => Some((key.clone(), *contact)),
                _ => None,
            })
            .collect();
        let (key, contact) = pages.last().cloned().expect("something was said");
        let mut tx: Tx = self.db.begin().await.unwrap();
        self.oncall.outcomes().told(&mut tx, &key, contact, &outcome).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Seconds since the start, and whom: every message that called somebody.
    pub(crate) fn calls(&self) -> Vec<(i64, PersonId)> {
        let said = self.world.said.lock().unwrap();
        let call = |said: &Said| match said {
            Said::Page { at, person, purpose: "call" | "again", .. } => Some((at.since(START) / S, *person)),
            _ => None,
        };
        said.iter().filter_map(call).collect()
    }

    pub(crate) async fn newest(&self) -> RunRow {
        self.oncall.runs(&crate::RunFilter::default()).await.unwrap().remove(0)
    }

    /// What the log of the newest run says, in order.
    pub(crate) async fn log(&self) -> Vec<&'static str> {
        let run: RunRow = self.newest().await;
        let explained = self.oncall.explain(run.id).await.unwrap().unwrap();
        explained.log.iter().map(|entry| entry.what.as_str()).collect()
    }
}

fn staffer(n: u128) -> Staffer {
    Staffer {
        id: person(n),
        name: format!("person {n}"),
        email: format!("person-{n}@example.jp"),
        may_come_in: true,
        is_responder: true,
        is_admin: n == 1,
        teams: if n == 1 { Vec::new() } else { vec!["ops".to_owned()] },
    }
}

pub(crate) fn actor(n: u128) -> Actor {
    let who = Who::Person { id: person(n), name: format!("person {n}") };
    Actor { who, role: Role::Responder, team_roles: Vec::new() }
}

pub(crate) fn grant<A: Action>(actor: &Actor) -> Grant<A> {
    authorize::<A>(actor, None).unwrap()
}

/// An order that calls somebody for these alerts, by the policy `p`.
pub(crate) fn calls(story: &str, severity: Severity, alerts: &[i64]) -> Order {
    Order {
        key: format!("{story}-1"),
        story: story.to_owned(),
        policy: Some("p".to_owned()),
        route: "default".to_owned(),
        kind: OrderKind::Calls,
        severity,
        alerts: alerts.iter().map(|alert| OrderedAlert { id: AlertId(*alert), is_settled: false }).collect(),
        words: json!([]),
        why: "first page".to_owned(),
    }
}

pub(crate) fn failed() -> Outcome {
    Outcome::Failed { reason: "no such number".to_owned() }
}
