//! Runs: one escalation of one story of alerts. What they are, and what people see of them.

use crate::contacts::ContactId;
use crate::explain::LogEntry;
use crate::policies::Policy;
use crate::policies::course::Place;
use model::ids::{AlertId, PersonId};
use model::{Severity, Time};
use serde_json::Value;
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// An escalation's id: a UUID v7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub Uuid);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for RunId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The next step waits for its moment.
    Running,
    /// All steps have fired, and nobody has answered.
    Spent,
    /// Somebody has all of it. Those whom a step wants to answer too may still be paged.
    Acknowledged,
    /// It is over, or silenced, or another run took its place.
    Over,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Running, Self::Spent, Self::Acknowledged, Self::Over];

    /// The word in the database and in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Spent => "spent",
            Self::Acknowledged => "acknowledged",
            Self::Over => "over",
        }
    }

    /// What that word means, if anything.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// Who has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub at: Time,
    /// The name of a person, of a token, or of the link that was opened.
    pub by: String,
    pub person: Option<PersonId>,
}

/// A run as it lies in the database.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Run {
    pub(crate) id: RunId,
    pub(crate) number: i64,
    pub(crate) story: String,
    pub(crate) policy: String,
    pub(crate) snapshot: Policy,
    pub(crate) route: String,
    pub(crate) severity: Severity,
    pub(crate) alerts: Vec<i64>,
    pub(crate) settled: Vec<i64>,
    pub(crate) words: Value,
    pub(crate) state: State,
    /// What fires next.
    pub(crate) place: Place,
    pub(crate) has_reached: bool,
    pub(crate) was_empty: bool,
    pub(crate) next_step_at: Option<Time>,
    pub(crate) started_at: Time,
    pub(crate) first_page_at: Option<Time>,
    pub(crate) answer: Option<Answer>,
    pub(crate) nobody_at: Option<Time>,
    pub(crate) ended_at: Option<Time>,
    pub(crate) ended_why: Option<String>,
}

impl Run {
    /// The alerts that somebody is needed for; all of them when there are none, so that a message is about something.
    pub(crate) fn needing(&self) -> Vec<AlertId> {
        let open: Vec<AlertId> =
            self.alerts.iter().filter(|alert| !self.settled.contains(alert)).map(|alert| AlertId(*alert)).collect();
        if open.is_empty() { self.alerts.iter().map(|alert| AlertId(*alert)).collect() } else { open }
    }

    /// Whether nobody is needed for any of it any more.
    pub(crate) fn is_settled(&self) -> bool {
        self.alerts.iter().all(|alert| self.settled.contains(alert))
    }

    /// Nothing more happens: no step, no page.
    pub(crate) fn end(&mut self, why: &str, now: Time) {
        if self.state != State::Acknowledged {
            self.state = State::Over;
        }
        self.next_step_at = None;
        self.ended_at = Some(now);
        self.ended_why = Some(why.to_owned());
    }
}

/// A run as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    pub id: RunId,
    /// The order in which they began, for the next screenful.
    pub number: i64,
    pub policy: String,
    /// The path of the route that asked for it.
    pub route: String,
    pub severity: Severity,
    pub alerts: Vec<AlertId>,
    pub state: State,
    /// The step that fires next, from 0, in which pass from 0, and when. `None` when no more will.
    pub next_step: Option<(Place, Time)>,
    /// How many steps its policy has.
    pub n_steps: usize,
    pub started_at: Time,
    /// When somebody was first paged.
    pub first_page_at: Option<Time>,
    pub answer: Option<Answer>,
    /// When it was found that no step can reach anybody.
    pub nobody_at: Option<Time>,
    pub ended_at: Option<Time>,
}

impl From<Run> for RunRow {
    fn from(run: Run) -> Self {
        Self {
            id: run.id,
            number: run.number,
            policy: run.policy,
            route: run.route,
            severity: run.severity,
            alerts: run.alerts.into_iter().map(AlertId).collect(),
            state: run.state,
            next_step: run.next_step_at.map(|at| (run.place, at)),
            n_steps: run.snapshot.steps.len(),
            started_at: run.started_at,
            first_page_at: run.first_page_at,
            answer: run.answer,
            nobody_at: run.nobody_at,
            ended_at: run.ended_at,
        }
    }
}

/// Where somebody's page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageState {
    /// Its moment has not come.
    Waiting,
    /// It waits to be told in one message with others.
    Held,
    /// Given to be sent.
    Asked,
    /// A provider has it.
    Accepted,
    /// Every contact of theirs has failed.
    Unreached,
    /// Nobody need be paged any more.
    Withdrawn,
    /// They have answered.
    Answered,
}

impl PageState {
    /// Every state.
    pub const ALL: [Self; 7] =
        [Self::Waiting, Self::Held, Self::Asked, Self::Accepted, Self::Unreached, Self::Withdrawn, Self::Answered];

    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Held => "held",
            Self::Asked => "asked",
            Self::Accepted => "accepted",
            Self::Unreached => "unreached",
            Self::Withdrawn => "withdrawn",
            Self::Answered => "answered",
        }
    }

    /// What that word means, if anything.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// Somebody is needed: by one step, and by one of their own rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub id: Uuid,
    pub run: RunId,
    pub person: PersonId,
    /// The step that paged them, from 0; as many as there are steps means the administrators.
    pub place: Place,
    /// Which of their own rules, from 0.
    pub rule: i32,
    /// The step wants an answer of everybody.
    pub ack_all: bool,
    /// By which it goes next, or went last.
    pub contact: ContactId,
    pub tried: Vec<ContactId>,
    pub state: PageState,
    /// Of [`PageState::Waiting`] and [`PageState::Held`]: when.
    pub due_at: Option<Time>,
    /// The newest message it is part of.
    pub call: Option<String>,
    pub made_at: Time,
}

/// A run with everybody it paged, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    pub run: RunRow,
    /// The policy as it was when the run began.
    pub policy: Policy,
    /// In the order in which they were made.
    pub pages: Vec<Page>,
    /// In order of time.
    pub log: Vec<LogEntry>,
}

/// A selection of runs, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFilter {
    /// Only those that still do something, or may.
    pub is_live: bool,
    /// Only live ones that found nobody to page.
    pub reached_nobody: bool,
    pub alert: Option<AlertId>,
    pub policy: Option<String>,
    /// Only those that paged this person.
    pub person: Option<PersonId>,
    /// Only numbers below: the next screenful.
    pub before: Option<i64>,
    /// At most [`MOST_LISTED`] are listed.
    pub limit: i64,
}

/// Runs of one list.
pub const MOST_LISTED: i64 = 200;

impl Default for RunFilter {
    fn default() -> Self {
        Self { is_live: false, reached_nobody: false, alert: None, policy: None, person: None, before: None, limit: 50 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        for state in State::ALL {
            assert_eq!(State::from_word(state.as_str()), Some(state));
        }
        for state in PageState::ALL {
            assert_eq!(PageState::from_word(state.as_str()), Some(state));
        }
        assert_eq!((State::from_word("due"), PageState::from_word("")), (None, None));
    }
}
