//! What this room requires of the world; the binary's wiring supplies it.

use async_trait::async_trait;
use kernel::Tx;
use kernel::facts::Recorded;
use model::business_time::BusinessCalendar;
use model::clock::ClockKind;
use model::holidays::HolidayCalendar;
use model::ids::{AlertId, IncidentId, PersonId, TeamId};
use model::incident::IncidentStatus;
use model::incident::steps::Postmortem;
use model::rota::offsets::Offsets;
use model::{Severity, Time};
use serde_json::Value;
use std::sync::Arc;

/// Something that could not be found out or done. The transaction is rolled back, and tried again soon.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct WorldError {
    pub reason: String,
}

/// Everything, in one place.
#[derive(Clone)]
pub struct Needs {
    pub people: Arc<dyn People>,
    pub calendars: Arc<dyn Calendars>,
    pub alarm: Arc<dyn Alarm>,
    pub announcer: Arc<dyn Announcer>,
    pub alerts: Arc<dyn Alerts>,
    pub wishes: Arc<dyn Wishes>,
    pub graphs: Arc<dyn Graphs>,
    pub postmortems: Arc<dyn Postmortems>,
    pub rooms: Arc<dyn SlackRooms>,
}

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    /// The account is switched on.
    pub may_come_in: bool,
}

/// Knows the people.
#[async_trait]
pub trait People: Send + Sync {
    /// Those of these who have an account, in any order.
    ///
    /// # Errors
    /// When they can't be asked now.
    async fn known(&self, ids: &[PersonId]) -> Result<Vec<Known>, WorldError>;
}

/// Knows when teams work.
#[async_trait]
pub trait Calendars: Send + Sync {
    /// The business time of a team; of the whole house where it has none of its own.
    ///
    /// # Errors
    /// When that can't be found out now.
    async fn of(&self, team: Option<TeamId>) -> Result<BusinessCalendar, WorldError>;
}

/// The requirement documents' hours in Tokyo, by the law on holidays: for a house that has set up none.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokyoOffice;

/// Tokyo has known no other offset since 1951.
const TOKYO_S: i32 = 9 * 3_600;

#[async_trait]
impl Calendars for TokyoOffice {
    async fn of(&self, _team: Option<TeamId>) -> Result<BusinessCalendar, WorldError> {
        let tokyo = Offsets { zone: "Asia/Tokyo".to_owned(), first_s: TOKYO_S, changes: Vec::new() };
        Ok(BusinessCalendar::office(tokyo, HolidayCalendar::japan()))
    }
}

/// What is told of a clock.
#[derive(Clone, Debug, PartialEq)]
pub struct ClockNews {
    /// The idempotency key: the same for ever, whoever decides it again.
    pub key: String,
    pub incident: IncidentId,
    pub title: String,
    pub is_private: bool,
    pub severity: Severity,
    /// `P0`, `L1`.
    pub code: String,
    pub team: Option<TeamId>,
    pub kind: ClockKind,
    /// Of a follow-up.
    pub follow_up: Option<String>,
    pub due_at: Time,
    /// Whoever answers, or writes updates, or owns the follow-up; empty when nobody does: then whoever is on call.
    pub people: Vec<PersonId>,
    pub alerts: Vec<AlertId>,
    /// Whether the level may wake somebody.
    pub pages_out_of_hours: bool,
    pub at: Time,
}

/// Tells people of clocks.
#[async_trait]
pub trait Alarm: Send + Sync {
    /// At risk: whoever answers is told.
    ///
    /// # Errors
    /// When that can't be written.
    async fn warn(&self, tx: &mut Tx, news: &ClockNews) -> Result<(), WorldError>;

    /// Breached: one step further than where it stands.
    ///
    /// # Errors
    /// When that can't be written.
    async fn escalate(&self, tx: &mut Tx, news: &ClockNews) -> Result<(), WorldError>;
}

/// An update for those who wait.
#[derive(Clone, Debug, PartialEq)]
pub struct Announcement {
    /// The idempotency key.
    pub key: String,
    pub incident: IncidentId,
    pub title: String,
    pub is_private: bool,
    pub severity: Severity,
    pub code: String,
    pub status: IncidentStatus,
    /// Empty when only the other language was written.
    pub ja: String,
    pub en: String,
    /// When the next one is promised.
    pub next_at: Option<Time>,
    pub by: String,
    pub systems: Vec<String>,
    /// Who follows it.
    pub followers: Vec<PersonId>,
    /// Channels of the house that hear every update.
    pub channels: Vec<String>,
    pub at: Time,
}

/// Brings updates to channels, the status screen and subscribers.
#[async_trait]
pub trait Announcer: Send + Sync {
    /// Writes it down in the caller's transaction, so that it is sent after the commit. The same key a second time does nothing.
    ///
    /// # Errors
    /// When it can't be written.
    async fn announce(&self, tx: &mut Tx, announcement: &Announcement) -> Result<(), WorldError>;
}

/// An alert as an incident is declared from it.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertBrief {
    pub id: AlertId,
    pub name_ja: String,
    pub name_en: String,
    pub severity: Severity,
    /// When the condition was crossed, if that is known.
    pub began_at: Option<Time>,
    pub fired_at: Option<Time>,
    pub team: Option<TeamId>,
    pub systems: Vec<String>,
}

/// Knows alerts.
#[async_trait]
pub trait Alerts: Send + Sync {
    /// Those of these that there are, in the same order.
    ///
    /// # Errors
    /// When they can't be asked now.
    async fn briefs(&self, ids: &[AlertId]) -> Result<Vec<AlertBrief>, WorldError>;

    /// The alerts that were told together under this number.
    ///
    /// # Errors
    /// When they can't be asked now.
    async fn of_group(&self, group: i64) -> Result<Vec<AlertId>, WorldError>;
}

/// What a rule or a route wants of an alert that fires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The code of a level: `P1`.
    pub code: String,
    /// Alerts of one source join the open incident of that source: `rule/cpu-usage`, `group/g12-e1`.
    pub source_ref: String,
    /// None: the alert's own name.
    pub title: Option<String>,
}

/// Reads rules and routes for `incident: P1`.
#[async_trait]
pub trait Wishes: Send + Sync {
    /// Whether the alert of this Fact (`AlertFired`, `AlertRaised`) is to be an incident.
    ///
    /// # Errors
    /// When that can't be found out now: the Fact is read again.
    async fn wish(&self, alert: AlertId, fact: &Recorded) -> Result<Option<Wish>, WorldError>;
}

/// Reads the annotation `incident` of the alert's rule, which needs nobody: `incident: P1`.
#[derive(Clone, Copy, Debug, Default)]
pub struct AnnotationWishes;

#[async_trait]
impl Wishes for AnnotationWishes {
    async fn wish(&self, _alert: AlertId, fact: &Recorded) -> Result<Option<Wish>, WorldError> {
        let code: &str = fact.body["annotations"]["incident"]["en"].as_str().unwrap_or_default().trim();
        let rule: &str = fact.body["rule"].as_str().unwrap_or_default();
        if code.is_empty() || rule.is_empty() {
            return Ok(None);
        }
        Ok(Some(Wish { code: code.to_owned(), source_ref: format!("rule/{rule}"), title: None }))
    }
}

/// A graph as somebody wants it kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphAsk {
    pub query: String,
    pub from: Time,
    pub until: Time,
    pub step_ms: i64,
}

/// Draws from metrics.
#[async_trait]
pub trait Graphs: Send + Sync {
    /// What is to be drawn, as JSON that whoever draws understands: kept as it is.
    ///
    /// # Errors
    /// When the query can't be answered; the reason is shown.
    async fn freeze(&self, ask: &GraphAsk) -> Result<Value, WorldError>;
}

/// Knows postmortems.
#[async_trait]
pub trait Postmortems: Send + Sync {
    /// How far the one of an incident is.
    ///
    /// # Errors
    /// When that can't be found out now.
    async fn of(&self, incident: IncidentId) -> Result<Postmortem, WorldError>;
}

/// For a house without postmortems: not yet.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPostmortems;

#[async_trait]
impl Postmortems for NoPostmortems {
    async fn of(&self, _incident: IncidentId) -> Result<Postmortem, WorldError> {
        Ok(Postmortem::None)
    }
}

/// A channel that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedRoom {
    /// As Slack calls it: `C024BE91L`.
    pub channel: String,
    /// Without `#`.
    pub name: String,
    pub url: Option<String>,
}

/// A message that somebody marked with the reaction that means "into the timeline".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkedMessage {
    /// The message's own name in its channel.
    pub ts: String,
    pub at: Time,
    pub author: String,
    pub text: String,
    pub url: Option<String>,
}

/// Why something was not done in Slack.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoomError {
    /// The same may work later.
    #[error("{reason}")]
    Later { reason: String, after_ms: Option<i64> },
    /// It will never work like this.
    #[error("{reason}")]
    Never { reason: String },
}

/// Opens channels in Slack and talks there. Never within a transaction.
#[async_trait]
pub trait SlackRooms: Send + Sync {
    /// Whether Slack is set up.
    ///
    /// # Errors
    /// When that can't be found out now.
    async fn is_there(&self) -> Result<bool, WorldError>;

    /// Opens a channel of that name, or of that name with a number when it is taken.
    ///
    /// # Errors
    /// [`RoomError`].
    async fn open(&self, name: &str, is_private: bool) -> Result<OpenedRoom, RoomError>;

    /// Lets a person in, by their mail address.
    ///
    /// # Errors
    /// [`RoomError`].
    async fn invite(&self, channel: &str, email: &str) -> Result<(), RoomError>;

    /// Says at the head of the channel what it is about.
    ///
    /// # Errors
    /// [`RoomError`].
    async fn set_topic(&self, channel: &str, topic: &str) -> Result<(), RoomError>;

    /// Says something; `key` travels with it.
    ///
    /// # Errors
    /// [`RoomError`].
    async fn say(&self, channel: &str, text: &str, key: &str) -> Result<(), RoomError>;

    /// Messages written since `since` that have this reaction (`pushpin`) now.
    ///
    /// # Errors
    /// [`RoomError`].
    async fn marked(&self, channel: &str, since: Time, reaction: &str) -> Result<Vec<MarkedMessage>, RoomError>;
}

/// For a house without Slack.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRooms;

fn no_slack() -> RoomError {
    RoomError::Never { reason: "Slack is not set up".to_owned() }
}

#[async_trait]
impl SlackRooms for NoRooms {
    async fn is_there(&self) -> Result<bool, WorldError> {
        Ok(false)
    }

    async fn open(&self, _name: &str, _is_private: bool) -> Result<OpenedRoom, RoomError> {
        Err(no_slack())
    }

    async fn invite(&self, _channel: &str, _email: &str) -> Result<(), RoomError> {
        Err(no_slack())
    }

    async fn set_topic(&self, _channel: &str, _topic: &str) -> Result<(), RoomError> {
        Err(no_slack())
    }

    async fn say(&self, _channel: &str, _text: &str, _key: &str) -> Result<(), RoomError> {
        Err(no_slack())
    }

    async fn marked(&self, _channel: &str, _since: Time, _reaction: &str) -> Result<Vec<MarkedMessage>, RoomError> {
        Err(no_slack())
    }
}
