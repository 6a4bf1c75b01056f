//! A house around pages that writes down what it is told.

use crate::Documents;
use crate::needs::{Needs, WorldError};
use crate::pages::needs::{FiringRule, Known, Notice, RunLine, World};
use crate::pages::{Branch, NewPage, PageRow};
use crate::postmortems::needs::{Action as ToDo, GraphWish, Happened, Kept, Line, Reminder};
use async_trait::async_trait;
use figures::{Locale, Zone};
use kernel::facts::{self, Recorded};
use kernel::{Clock, Db, Fact, Grant, TestClock, Tx, authorize};
use model::access::{Action, ManageDocuments, ReadDocuments, WriteDocuments};
use model::actor::Who;
use model::ids::{AlertId, DocumentId, IncidentId, PersonId, TeamId};
use model::{Actor, Role, Time};
use object_store::ObjectStore;
use serde_json::{Value, json};
use sqlx::PgPool;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// Monday 2026-06-01 09:00 in Tokyo.
pub(crate) const START: Time = Time(1_780_272_000_000);
pub(crate) const DAY: i64 = 86_400_000;
/// An incident that only administrators may know of.
pub(crate) const SECRET: IncidentId = IncidentId(13);

#[derive(Default)]
pub(crate) struct Around {
    pub(crate) told: Mutex<Vec<Notice>>,
    pub(crate) lines: Mutex<Vec<RunLine>>,
    /// Whether the timeline can't be written now.
    pub(crate) is_down: Mutex<bool>,
    pub(crate) firing: Mutex<Vec<FiringRule>>,
    pub(crate) files: Mutex<Option<Arc<dyn ObjectStore>>>,
    /// People who are more than somebody who may write, in no team.
    pub(crate) roles: Mutex<Vec<Actor>>,
    /// Where it looks up which incidents somebody may know of, if anywhere.
    pub(crate) looks_in: Mutex<Option<Db>>,
    /// How often it was asked which incidents somebody may know of.
    pub(crate) n_asked: Mutex<usize>,
}

#[async_trait]
impl World for Around {
    async fn known(&self, ids: &[PersonId]) -> Result<Vec<Known>, WorldError> {
        let known = |id: &PersonId| Known { id: *id, name: format!("person {}", id.0.as_u128()), may_come_in: *id != person(9) };
        Ok(ids.iter().map(known).collect())
    }

    async fn members(&self, team: TeamId) -> Result<Vec<PersonId>, WorldError> {
        Ok(if team == self::team(1) { vec![person(3), person(4)] } else { Vec::new() })
    }

    async fn tell(&self, _tx: &mut Tx, notice: &Notice) -> Result<(), WorldError> {
        self.told.lock().unwrap().push(notice.clone());
        Ok(())
    }

    async fn write_line(&self, line: &RunLine) -> Result<(), WorldError> {
        if *self.is_down.lock().unwrap() {
            return Err(WorldError { reason: "the timeline can't be written".to_owned() });
        }
        self.lines.lock().unwrap().push(line.clone());
        Ok(())
    }

    async fn actors(&self, ids: &[PersonId]) -> Result<Vec<Actor>, WorldError> {
        let roles = self.roles.lock().unwrap();
        let known = |id: &PersonId| {
            let usual = || writer(id.0.as_u128());
            roles.iter().find(|actor| actor.person_id() == Some(*id)).cloned().unwrap_or_else(usual)
        };
        Ok(ids.iter().filter(|id| **id != person(9)).map(known).collect())
    }

    async fn seen_incidents(&self, actor: &Actor, incidents: &[IncidentId]) -> Result<Vec<IncidentId>, WorldError> {
        *self.n_asked.lock().unwrap() += 1;
        let db: Option<Db> = self.looks_in.lock().unwrap().clone();
        if let Some(db) = db {
            sqlx::query("select 1").execute(db.pool()).await.unwrap();
        }
        Ok(incidents.iter().copied().filter(|incident| *incident != SECRET || actor.role == Role::Admin).collect())
    }

    async fn is_over(&self, incident: IncidentId) -> Result<bool, WorldError> {
        Ok(incident == SECRET)
    }

    async fn alertnames(&self, incident: IncidentId) -> Result<Vec<String>, WorldError> {
        Ok(if incident.0 == 7 { vec!["HighErrorRate".to_owned()] } else { Vec::new() })
    }

    async fn alertname(&self, alert: AlertId) -> Result<Option<String>, WorldError> {
        Ok((alert.0 == 1).then(|| "HighErrorRate".to_owned()))
    }

    async fn firing_rules(&self, _since: Time) -> Result<Vec<FiringRule>, WorldError> {
        Ok(self.firing.lock().unwrap().clone())
    }

    fn files(&self) -> Option<Arc<dyn ObjectStore>> {
        self.files.lock().unwrap().clone()
    }
}

/// Of postmortems nothing is asked here, but whether one is there.
#[async_trait]
impl crate::postmortems::needs::World for Around {
    async fn happened(&self, _actor: &Actor, _ids: &[IncidentId]) -> Result<Vec<Happened>, WorldError> {
        Ok(Vec::new())
    }

    async fn resolved(&self, _before: Option<IncidentId>) -> Result<Vec<Happened>, WorldError> {
        Ok(Vec::new())
    }

    async fn lines(&self, _actor: &Actor, _id: IncidentId, _locale: Locale) -> Result<Vec<Line>, WorldError> {
        Ok(Vec::new())
    }

    async fn actions(&self, _actor: &Actor, _id: IncidentId) -> Result<Vec<ToDo>, WorldError> {
        Ok(Vec::new())
    }

    async fn graphs(&self, _actor: &Actor, _id: IncidentId) -> Result<Vec<Kept>, WorldError> {
        Ok(Vec::new())
    }

    async fn measure(&self, _wish: &GraphWish) -> Result<Value, WorldError> {
        Ok(json!({}))
    }

    async fn facts(&self, _kinds: &[&str], _from: Time, _until: Time, _limit: i64) -> Result<Vec<Recorded>, WorldError> {
        Ok(Vec::new())
    }

    async fn people(&self, _ids: &[PersonId]) -> Result<Vec<(PersonId, String)>, WorldError> {
        Ok(Vec::new())
    }

    async fn remind(&self, _tx: &mut Tx, _reminder: &Reminder) -> Result<(), WorldError> {
        Ok(())
    }

    fn zone(&self, _at: Time) -> Zone {
        Zone::fixed("Asia/Tokyo", "JST", 540)
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        message.to_vec()
    }

    fn is_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        message == signature
    }
}

/// A room, its world and its clock.
pub(crate) struct House {
    pub(crate) db: Db,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) around: Arc<Around>,
    pub(crate) documents: Documents,
}

impl House {
    /// At [`START`], having begun to read Facts.
    pub(crate) async fn new(pool: PgPool) -> Self {
        let db = Db::from_pool(pool);
        let clock = Arc::new(TestClock::new(START));
        let around = Arc::new(Around::default());
        let needs = Needs { pages: around.clone(), postmortems: around.clone() };
        let documents = Documents::new(db.clone(), clock.clone(), needs);
        let house = Self { db, clock, around, documents };
        house.tick().await;
        house
    }

    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }

    pub(crate) async fn tick(&self) {
        self.documents.tick_pages(self.now()).await.unwrap();
    }

    pub(crate) async fn pass(&self, ms: i64) {
        self.clock.advance_ms(ms);
        self.tick().await;
    }

    /// A page of the operations branch by person 1.
    pub(crate) async fn make(&self, title: &str, text: &str) -> DocumentId {
        self.make_in(Branch::Operations, None, title, text).await
    }

    pub(crate) async fn make_in(&self, branch: Branch, parent: Option<DocumentId>, title: &str, text: &str) -> DocumentId {
        let new = NewPage { parent, text: text.to_owned(), ..NewPage::new(branch.space(), title, &writer(1)) };
        self.documents.make_page(&writes(1), new).await.unwrap()
    }

    pub(crate) async fn page(&self, id: DocumentId) -> PageRow {
        self.documents.page(id).await.unwrap().unwrap()
    }

    /// Writes a text anew, and what is read of it.
    pub(crate) async fn write(&self, id: DocumentId, text: &str) {
        let body = self.documents.put_text(&writer(1), id, text, None).await.unwrap();
        self.documents.refreshed(id, &body).await.unwrap();
    }

    /// As another room does.
    pub(crate) async fn fact(&self, kind: &'static str, subject: &str, body: Value) {
        let mut tx: Tx = self.db.begin().await.unwrap();
        let actor: Actor = Actor::worker("incidents");
        let fact = Fact { kind, actor: &actor, subject: subject.to_owned(), body, at: self.now() };
        facts::append(&mut tx, &fact).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The kinds of all Facts about a page, in order.
    pub(crate) async fn facts(&self, id: DocumentId) -> Vec<String> {
        let about = facts::about(&self.db, &format!("document/{id}"), 1_000).await.unwrap();
        about.into_iter().map(|fact| fact.kind).collect()
    }
}

pub(crate) fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

pub(crate) fn team(n: u128) -> TeamId {
    TeamId(Uuid::from_u128(n + 100))
}

pub(crate) fn actor(n: u128, role: Role, teams: &[u128]) -> Actor {
    let who = Who::Person { id: person(n), name: format!("person {n}") };
    Actor { who, role, team_roles: teams.iter().map(|n| (team(*n), Role::Responder)).collect() }
}

/// Somebody who may write, in no team.
pub(crate) fn writer(n: u128) -> Actor {
    actor(n, Role::Responder, &[])
}

pub(crate) fn admin() -> Actor {
    actor(8, Role::Admin, &[])
}

pub(crate) fn grant<A: Action>(actor: &Actor) -> Grant<A> {
    authorize::<A>(actor, None).unwrap()
}

pub(crate) fn reads(n: u128) -> Grant<ReadDocuments> {
    grant(&writer(n))
}

pub(crate) fn writes(n: u128) -> Grant<WriteDocuments> {
    grant(&writer(n))
}

pub(crate) fn manages() -> Grant<ManageDocuments> {
    grant(&admin())
}
