//! The promises of the README, on a real Postgres, with a world that writes down what it is told.

mod clocks;
mod closing;
mod declaring;
mod looking_back;
mod merging;
mod privacy;
mod reading;
mod rooms;
mod timeline;
mod versions;

use crate::needs::{
    Alarm, AlertBrief, Alerts, AnnotationWishes, Announcement, Announcer, Calendars, ClockNews, GraphAsk, Graphs, Known,
    MarkedMessage, Needs, OpenedRoom, People, Postmortems, RoomError, SlackRooms, WorldError,
};
use crate::timeline::{Entry, EntryKind, TimelineFilter};
use crate::{Declaration, Detail, Incident, Incidents};
use async_trait::async_trait;
use kernel::{Clock, Db, Fact, Grant, TestClock, Tx, authorize, facts};
use model::access::{Action, DeclareIncident, WorkOnIncident};
use model::actor::Who;
use model::business_time::BusinessCalendar;
use model::holidays::HolidayCalendar;
use model::ids::{AlertId, IncidentId, PersonId, TeamId};
use model::incident::steps::Postmortem;
use model::rota::offsets::Offsets;
use model::{Actor, Role, Severity, Time};
use serde_json::{Value, json};
use sqlx::PgPool;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;

/// Friday 2026-09-18 17:30 in Tokyo, half an hour before a long weekend: case C11 of the reference.
pub(crate) const START: Time = Time(1_789_720_200_000);
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// Nothing takes so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Everything around the room.
pub(crate) struct World {
    pub(crate) calendar: Mutex<BusinessCalendar>,
    pub(crate) warned: Mutex<Vec<ClockNews>>,
    pub(crate) escalated: Mutex<Vec<ClockNews>>,
    pub(crate) announced: Mutex<Vec<Announcement>>,
    pub(crate) postmortem: Mutex<Postmortem>,
    /// Whether whoever is called can't be called now.
    pub(crate) is_down: Mutex<bool>,
    pub(crate) has_slack: Mutex<bool>,
    /// What Slack was asked, in order.
    pub(crate) asked: Mutex<Vec<String>>,
    /// What Slack answers next instead of doing it.
    pub(crate) slack_fails: Mutex<Vec<RoomError>>,
    pub(crate) marked: Mutex<Vec<MarkedMessage>>,
}

#[async_trait]
impl People for World {
    async fn known(&self, ids: &[PersonId]) -> Result<Vec<Known>, WorldError> {
        let known = ids.iter().filter(|id| (1..=9).any(|n| **id == person(n))).map(|id| Known {
            id: *id,
            name: format!("person {}", id.0.as_u128()),
            email: format!("person-{}@example.jp", id.0.as_u128()),
            may_come_in: *id != person(9),
        });
        Ok(known.collect())
    }
}

#[async_trait]
impl Calendars for World {
    async fn of(&self, _team: Option<TeamId>) -> Result<BusinessCalendar, WorldError> {
        Ok(self.calendar.lock().unwrap().clone())
    }
}

#[async_trait]
impl Alarm for World {
    async fn warn(&self, _tx: &mut Tx, news: &ClockNews) -> Result<(), WorldError> {
        self.warned.lock().unwrap().push(news.clone());
        Ok(())
    }

    async fn escalate(&self, _tx: &mut Tx, news: &ClockNews) -> Result<(), WorldError> {
        if *self.is_down.lock().unwrap() {
            return Err(WorldError { reason: "nobody can be called".to_owned() });
        }
        self.escalated.lock().unwrap().push(news.clone());
        Ok(())
    }
}

#[async_trait]
impl Announcer for World {
    async fn announce(&self, _tx: &mut Tx, announcement: &Announcement) -> Result<(), WorldError> {
        self.announced.lock().unwrap().push(announcement.clone());
        Ok(())
    }
}

#[async_trait]
impl Alerts for World {
    async fn briefs(&self, ids: &[AlertId]) -> Result<Vec<AlertBrief>, WorldError> {
        let brief = |id: &AlertId| AlertBrief {
            id: *id,
            name_ja: format!("警報 {}", id.0),
            name_en: format!("alert {}", id.0),
            severity: if id.0 == 1 { Severity::P0 } else { Severity::P2 },
            began_at: Some(START.plus_ms(-10 * MINUTE)),
            fired_at: Some(START.plus_ms(-5 * MINUTE)),
            team: None,
            systems: vec!["api".to_owned()],
        };
        Ok(ids.iter().filter(|id| id.0 < 1_000).map(brief).collect())
    }

    async fn of_group(&self, group: i64) -> Result<Vec<AlertId>, WorldError> {
        Ok((1..=group).map(AlertId).collect())
    }
}

#[async_trait]
impl Graphs for World {
    async fn freeze(&self, ask: &GraphAsk) -> Result<Value, WorldError> {
        match ask.query.as_str() {
            "broken" => Err(WorldError { reason: "the query can't be read".to_owned() }),
            query => Ok(json!({ "query": query, "points": [[1, 2.5]] })),
        }
    }
}

#[async_trait]
impl Postmortems for World {
    async fn of(&self, _incident: IncidentId) -> Result<Postmortem, WorldError> {
        Ok(*self.postmortem.lock().unwrap())
    }
}

impl World {
    fn ask(&self, asked: String) -> Result<(), RoomError> {
        self.asked.lock().unwrap().push(asked);
        match self.slack_fails.lock().unwrap().pop() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

#[async_trait]
impl SlackRooms for World {
    async fn is_there(&self) -> Result<bool, WorldError> {
        Ok(*self.has_slack.lock().unwrap())
    }

    async fn open(&self, name: &str, is_private: bool) -> Result<OpenedRoom, RoomError> {
        self.ask(format!("open {name} {is_private}"))?;
        Ok(OpenedRoom { channel: "C1".to_owned(), name: name.to_owned(), url: None })
    }

    async fn invite(&self, channel: &str, email: &str) -> Result<(), RoomError> {
        self.ask(format!("invite {channel} {email}"))
    }

    async fn set_topic(&self, channel: &str, topic: &str) -> Result<(), RoomError> {
        self.ask(format!("topic {channel} {topic}"))
    }

    async fn say(&self, channel: &str, text: &str, _key: &str) -> Result<(), RoomError> {
        self.ask(format!("say {channel} {text}"))
    }

    async fn marked(&self, _channel: &str, _since: Time, _reaction: &str) -> Result<Vec<MarkedMessage>, RoomError> {
        Ok(self.marked.lock().unwrap().clone())
    }
}

/// A room, its world and its clock.
pub(crate) struct House {
    pub(crate) db: Db,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) world: Arc<World>,
    pub(crate) incidents: Incidents,
}

impl House {
    /// At [`START`], having begun to read Facts.
    pub(crate) async fn new(pool: PgPool) -> Self {
        let db = Db::from_pool(pool);
        let clock = Arc::new(TestClock::new(START));
        let world = Arc::new(World {
            calendar: Mutex::new(office(HolidayCalendar::japan())),
            warned: Mutex::default(),
            escalated: Mutex::default(),
            announced: Mutex::default(),
            postmortem: Mutex::default(),
            is_down: Mutex::default(),
            has_slack: Mutex::default(),
            asked: Mutex::default(),
            slack_fails: Mutex::default(),
            marked: Mutex::default(),
        });
        let incidents = Incidents::new(db.clone(), clock.clone(), needs(&world));
        let house = Self { db, clock, world, incidents };
        house.tick().await;
        house
    }

    /// Another process over the same database.
    pub(crate) fn another(&self) -> Incidents {
        Incidents::new(self.db.clone(), self.clock.clone(), needs(&self.world))
    }

    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }

    pub(crate) async fn tick(&self) {
        self.incidents.tick().await.unwrap();
    }

    /// Moves the clock and looks, at the end and at every step on the way.
    pub(crate) async fn pass(&self, ms: i64, step_ms: i64) {
        for _ in 0..ms / step_ms {
            self.clock.advance_ms(step_ms);
            self.tick().await;
        }
    }

    /// Reads until every Fact that there is now was read. A transaction of somebody else's may hold the newest back for a moment.
    pub(crate) async fn read(&self) {
        let newest: Vec<kernel::facts::Recorded> = kernel::facts::newest_since(&self.db, Time(0), &[], 1).await.unwrap();
        let newest: i64 = newest.first().map_or(0, |fact| fact.cursor.id);
        let reading = async {
            loop {
                self.tick().await;
                let at: i64 = sqlx::query_scalar("select fact from incident_cursor").fetch_one(self.db.pool()).await.unwrap();
                if at >= newest {
                    break;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, reading).await.expect("every Fact is read in the end");
    }

    /// As another room does.
    pub(crate) async fn fact(&self, kind: &'static str, alert: i64, by: &Actor, body: Value) {
        let mut tx: Tx = self.db.begin().await.unwrap();
        let fact = Fact { kind, actor: by, subject: format!("alert/{alert}"), body, at: self.now() };
        facts::append(&mut tx, &fact).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn declare(&self, code: &str) -> Incident {
        self.incidents.declare(&declares(1), &declaration(code)).await.unwrap()
    }

    pub(crate) async fn detail(&self, id: IncidentId) -> Detail {
        self.incidents.detail(&actor(1), id).await.unwrap().unwrap()
    }

    pub(crate) async fn incident(&self, id: IncidentId) -> Incident {
        self.incidents.incident(&actor(1), id).await.unwrap().unwrap()
    }

    /// The timeline from its beginning.
    pub(crate) async fn lines(&self, id: IncidentId) -> Vec<Entry> {
        let filter = TimelineFilter { limit: 500, ..TimelineFilter::default() };
        let mut lines: Vec<Entry> = self.incidents.timeline(&actor(1), id, &filter).await.unwrap();
        lines.reverse();
        lines
    }

    pub(crate) async fn kinds(&self, id: IncidentId) -> Vec<EntryKind> {
        self.lines(id).await.into_iter().map(|line| line.kind).collect()
    }

    /// The kinds of all Facts about an incident, in order.
    pub(crate) async fn facts(&self, id: IncidentId) -> Vec<String> {
        let about = facts::about(&self.db, &format!("incident/{}", id.0), 1_000).await.unwrap();
        about.into_iter().map(|fact| fact.kind).collect()
    }
}

fn needs(world: &Arc<World>) -> Needs {
    Needs {
        people: world.clone(),
        calendars: world.clone(),
        alarm: world.clone(),
        announcer: world.clone(),
        alerts: world.clone(),
        wishes: Arc::new(AnnotationWishes),
        graphs: world.clone(),
        postmortems: world.clone(),
        rooms: world.clone(),
    }
}

pub(crate) fn office(holidays: HolidayCalendar) -> BusinessCalendar {
    let tokyo = Offsets { zone: "Asia/Tokyo".to_owned(), first_s: 9 * 3_600, changes: Vec::new() };
    BusinessCalendar::office(tokyo, holidays)
}

pub(crate) fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

/// Somebody who may answer; number 8 is an administrator.
pub(crate) fn actor(n: u128) -> Actor {
    let who = Who::Person { id: person(n), name: format!("person {n}") };
    Actor { who, role: if n == 8 { Role::Admin } else { Role::Responder }, team_roles: Vec::new() }
}

pub(crate) fn grant<A: Action>(actor: &Actor) -> Grant<A> {
    authorize::<A>(actor, None).unwrap()
}

pub(crate) fn declares(n: u128) -> Grant<DeclareIncident> {
    grant(&actor(n))
}

pub(crate) fn works(n: u128) -> Grant<WorkOnIncident> {
    grant(&actor(n))
}

pub(crate) fn declaration(code: &str) -> Declaration {
    Declaration { title: "決済 API が応答しない".to_owned(), code: Some(code.to_owned()), ..Declaration::default() }
}
