//! An incident as it was at a second.

use super::line::EntryView;
use super::view::{SeatView, UpdateView};
use super::{ClockView, IncidentLine};
use crate::oncall::PersonName;
use crate::text::Text;
use chart::Plot;
use model::ids::AlertId;
use model::incident::IncidentStatus;
use model::rota::DutyRole;
use model::{Severity, Time};
use serde::{Deserialize, Serialize};

/// Which incident, and when; the same words stand in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MomentAsk {
    /// `I-42`.
    pub id: String,
    /// Milliseconds since 1970; empty or unreadable: the end.
    pub t: String,
}

/// An alert that fired then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiringView {
    pub id: AlertId,
    pub since: Time,
    pub severity: Option<Severity>,
    pub name: Text,
    pub held_by: Option<String>,
}

/// What an alert's rule measured until then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MomentGraph {
    pub alert: AlertId,
    pub title: Text,
    pub plot: Plot,
}

/// Who was on call then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyThen {
    pub schedule: String,
    pub title: Text,
    pub role: DutyRole,
    /// Nobody was.
    pub people: Vec<PersonName>,
}

/// A moment to go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Landmark {
    pub at: Time,
    pub status: IncidentStatus,
}

/// One incident at a second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MomentView {
    /// As it is now.
    pub line: IncidentLine,
    pub at: Time,
    /// Where the handle begins and ends.
    pub from: Time,
    pub until: Time,
    /// `None`: it was not declared yet.
    pub status: Option<IncidentStatus>,
    /// Its level then.
    pub code: String,
    pub severity: Option<Severity>,
    pub seats: Vec<SeatView>,
    pub firing: Vec<FiringView>,
    pub graphs: Vec<MomentGraph>,
    pub duties: Vec<DutyThen>,
    /// The newest first.
    pub deploys: Vec<EntryView>,
    /// What those who waited had been told last.
    pub update: Option<UpdateView>,
    pub clocks: Vec<ClockView>,
    /// The last lines until then, the newest first.
    pub lines: Vec<EntryView>,
    /// When the status changed, in order.
    pub landmarks: Vec<Landmark>,
    /// The lines before and after.
    pub previous: Option<Time>,
    pub next: Option<Time>,
}
