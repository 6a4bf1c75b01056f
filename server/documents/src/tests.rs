//! The promises of the README, on a real Postgres, with a world that writes down what it is told.

mod editor;
mod fuzz;
mod keeping;
mod replicas;
mod sitting;
mod typing;

use crate::collab::{Collab, Pace};
use crate::needs::{Needs, WorldError};
use crate::pages::needs::{FiringRule, Known, Notice, RunLine};
use crate::postmortems::needs::{Action, GraphWish, Happened, Kept, Line, Reminder};
use crate::{Body, Documents, pages, postmortems};
use async_trait::async_trait;
use figures::{Locale, Zone};
use kernel::facts::Recorded;
use kernel::{Clock, Db, TestClock, Tx};
use model::actor::Who;
use model::ids::{AlertId, DocumentId, IncidentId, PersonId, TeamId};
use model::{Actor, Role, Time};
use serde_json::Value;
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;

/// Friday 2026-09-18 17:30 in Tokyo.
pub(crate) const START: Time = Time(1_789_720_200_000);
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const DAY: i64 = 86_400_000;
/// Nothing takes so long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Everything around the room. Whoever tests sets what is asked of it, and looks at what it was told.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) members: Mutex<BTreeMap<TeamId, Vec<PersonId>>>,
    pub(crate) told: Mutex<Vec<Notice>>,
    pub(crate) run_lines: Mutex<Vec<RunLine>>,
    /// Incidents that somebody may not know of, with who may.
    pub(crate) hidden: Mutex<BTreeMap<IncidentId, Vec<PersonId>>>,
    pub(crate) alertnames: Mutex<BTreeMap<IncidentId, Vec<String>>>,
    pub(crate) alerts: Mutex<BTreeMap<AlertId, String>>,
    pub(crate) firing: Mutex<Vec<FiringRule>>,
    pub(crate) incidents: Mutex<Vec<Happened>>,
    pub(crate) lines: Mutex<BTreeMap<IncidentId, Vec<Line>>>,
    pub(crate) actions: Mutex<BTreeMap<IncidentId, Vec<Action>>>,
    pub(crate) graphs: Mutex<BTreeMap<IncidentId, Vec<Kept>>>,
    pub(crate) facts: Mutex<Vec<Recorded>>,
    pub(crate) reminded: Mutex<Vec<Reminder>>,
}

impl World {
    fn sees(&self, actor: &Actor, incident: IncidentId) -> bool {
        let hidden = self.hidden.lock().unwrap();
        let insiders = hidden.get(&incident);
        insiders.is_none_or(|insiders| actor.person_id().is_some_and(|person| insiders.contains(&person)))
    }
}

#[async_trait]
impl pages::needs::World for World {
    async fn known(&self, ids: &[PersonId]) -> Result<Vec<Known>, WorldError> {
        let known = ids.iter().filter(|id| (1..=9).any(|n| **id == person(n)));
        Ok(known.map(|id| Known { id: *id, name: name_of(*id), may_come_in: *id != person(9) }).collect())
    }

    async fn members(&self, team: TeamId) -> Result<Vec<PersonId>, WorldError> {
        Ok(self.members.lock().unwrap().get(&team).cloned().unwrap_or_default())
    }

    async fn tell(&self, _tx: &mut Tx, notice: &Notice) -> Result<(), WorldError> {
        let mut told = self.told.lock().unwrap();
        if !told.iter().any(|known| known.key == notice.key) {
            told.push(notice.clone());
        }
        Ok(())
    }

    async fn write_line(&self, line: &RunLine) -> Result<(), WorldError> {
        let mut lines = self.run_lines.lock().unwrap();
        if !lines.iter().any(|known| known.key == line.key) {
            lines.push(line.clone());
        }
        Ok(())
    }

    async fn actors(&self, ids: &[PersonId]) -> Result<Vec<Actor>, WorldError> {
        let able = ids.iter().filter_map(|id| (1..=8).find(|n| *id == person(*n)));
        Ok(able.map(actor).collect())
    }

    async fn seen_incidents(&self, actor: &Actor, incidents: &[IncidentId]) -> Result<Vec<IncidentId>, WorldError> {
        Ok(incidents.iter().copied().filter(|incident| self.sees(actor, *incident)).collect())
    }

    async fn alertnames(&self, incident: IncidentId) -> Result<Vec<String>, WorldError> {
        Ok(self.alertnames.lock().unwrap().get(&incident).cloned().unwrap_or_default())
    }

    async fn alertname(&self, alert: AlertId) -> Result<Option<String>, WorldError> {
        Ok(self.alerts.lock().unwrap().get(&alert).cloned())
    }

    async fn firing_rules(&self, _since: Time) -> Result<Vec<FiringRule>, WorldError> {
        Ok(self.firing.lock().unwrap().clone())
    }
}

#[async_trait]
impl postmortems::needs::World for World {
    async fn happened(&self, actor: &Actor, ids: &[IncidentId]) -> Result<Vec<Happened>, WorldError> {
        let all: Vec<Happened> = self.incidents.lock().unwrap().clone();
        Ok(all.into_iter().filter(|happened| ids.contains(&happened.id) && self.sees(actor, happened.id)).collect())
    }

    async fn resolved(&self, before: Option<IncidentId>) -> Result<Vec<Happened>, WorldError> {
        let mut all: Vec<Happened> = self.incidents.lock().unwrap().clone();
        all.retain(|happened| happened.resolved_at.is_some() && before.is_none_or(|before| happened.id < before));
        all.sort_by_key(|happened| std::cmp::Reverse(happened.id));
        Ok(all)
    }

    async fn lines(&self, actor: &Actor, id: IncidentId, _locale: Locale) -> Result<Vec<Line>, WorldError> {
        let seen: bool = self.sees(actor, id);
        Ok(self.lines.lock().unwrap().get(&id).filter(|_| seen).cloned().unwrap_or_default())
    }

    async fn actions(&self, actor: &Actor, id: IncidentId) -> Result<Vec<Action>, WorldError> {
        let seen: bool = self.sees(actor, id);
        Ok(self.actions.lock().unwrap().get(&id).filter(|_| seen).cloned().unwrap_or_default())
    }

    async fn graphs(&self, actor: &Actor, id: IncidentId) -> Result<Vec<Kept>, WorldError> {
        let seen: bool = self.sees(actor, id);
        Ok(self.graphs.lock().unwrap().get(&id).filter(|_| seen).cloned().unwrap_or_default())
    }

    async fn measure(&self, wish: &GraphWish) -> Result<Value, WorldError> {
        let points = [wish.from.0, wish.until.0].map(|at| serde_json::json!([at, 1.0]));
        Ok(serde_json::json!({ "series": [{ "labels": {}, "points": points }] }))
    }

    async fn facts(&self, kinds: &[&str], from: Time, until: Time, limit: i64) -> Result<Vec<Recorded>, WorldError> {
        let all: Vec<Recorded> = self.facts.lock().unwrap().clone();
        let wanted = all.into_iter().filter(|fact| kinds.contains(&fact.kind.as_str()) && (from..=until).contains(&fact.at));
        Ok(wanted.take(usize::try_from(limit).unwrap()).collect())
    }

    async fn people(&self, ids: &[PersonId]) -> Result<Vec<(PersonId, String)>, WorldError> {
        Ok(ids.iter().filter(|id| (1..=8).any(|n| **id == person(n))).map(|id| (*id, name_of(*id))).collect())
    }

    async fn remind(&self, _tx: &mut Tx, reminder: &Reminder) -> Result<(), WorldError> {
        let mut reminded = self.reminded.lock().unwrap();
        if !reminded.iter().any(|known| known.key == reminder.key) {
            reminded.push(reminder.clone());
        }
        Ok(())
    }

    fn zone(&self, _at: Time) -> Zone {
        Zone::fixed("Asia/Tokyo", "JST", 540)
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        message.iter().rev().copied().collect()
    }

    fn is_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        postmortems::needs::World::sign(self, message) == signature
    }
}

/// The room over a test's database, and the world around it.
pub(crate) struct House {
    pub(crate) documents: Documents,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) world: Arc<World>,
    pub(crate) db: Db,
}

impl House {
    pub(crate) fn new(pool: PgPool) -> Self {
        let (clock, world) = (Arc::new(TestClock::new(START)), Arc::new(World::default()));
        Self::around(Db::from_pool(pool), clock, world)
    }

    /// Another process over the same database.
    pub(crate) fn beside(&self) -> Self {
        Self::around(self.db.clone(), self.clock.clone(), self.world.clone())
    }

    fn around(db: Db, clock: Arc<TestClock>, world: Arc<World>) -> Self {
        let needs = Needs { pages: world.clone(), postmortems: world.clone() };
        let mut documents = Documents::new(db.clone(), clock.clone(), needs);
        documents.collab = Collab::at_pace(Pace {
            quiet: Duration::from_millis(20),
            at_latest: Duration::from_millis(200),
            carets: Duration::from_millis(10),
            ..Pace::default()
        });
        Self { documents, clock, world, db }
    }

    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }

    /// A text of its own, without a page around it.
    pub(crate) async fn text(&self, text: &str) -> DocumentId {
        let id = DocumentId(kernel::ids::new_uuid());
        let mut tx: Tx = self.db.begin().await.unwrap();
        self.documents.create_in(&mut tx, id, text, &actor(1), self.now()).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    pub(crate) async fn body(&self, id: DocumentId) -> Body {
        self.documents.text(id).await.unwrap()
    }

    /// What a statement that counts says.
    pub(crate) async fn count(&self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(self.db.pool()).await.unwrap()
    }
}

pub(crate) fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

fn name_of(id: PersonId) -> String {
    format!("person {}", id.0.as_u128())
}

/// Somebody who may write; number 8 is an administrator, number 7 may only read.
pub(crate) fn actor(n: u128) -> Actor {
    let role: Role = match n {
        7 => Role::Viewer,
        8 => Role::Admin,
        _ => Role::Responder,
    };
    Actor { who: Who::Person { id: person(n), name: name_of(person(n)) }, role, team_roles: Vec::new() }
}
