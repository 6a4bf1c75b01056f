//! One incident with all that belongs to it.

use super::form::LevelChoice;
use super::line::StoryView;
use super::{ClockView, IncidentLine};
use crate::oncall::PersonName;
use crate::text::Text;
use model::ids::{AlertId, IncidentId, PersonId, TeamId};
use model::incident::Move;
use model::incident::roles::IncidentRole;
use model::incident::steps::{Missing, Stage};
use model::{Severity, Time};
use serde::{Deserialize, Serialize};

/// Which incident, and which part of its timeline; the same words stand in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IncidentAsk {
    /// `I-42`.
    pub id: String,
    /// A selection of lines.
    pub show: String,
    /// Behind which line the stretch begins: `1795323907000.12`.
    pub before: String,
    /// A line that must be among them.
    pub line: String,
    /// The line that is to be corrected.
    pub correct: String,
    /// A graph that is to be drawn.
    pub graph: String,
}

/// A part, and who has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatView {
    pub role: IncidentRole,
    pub holder: Option<PersonName>,
}

/// An alert of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedView {
    pub id: AlertId,
    pub name: Text,
    pub severity: Severity,
    /// It fires.
    pub is_open: bool,
    /// Who has it.
    pub held_by: Option<String>,
    /// As measured last, with its unit.
    pub value: String,
    pub resolved_at: Option<Time>,
    /// The incident it was linked to, where that is another.
    pub origin: Option<IncidentId>,
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskView {
    pub id: i64,
    pub version: i64,
    pub title: String,
    pub owner: Option<PersonName>,
    pub due_at: Option<Time>,
    pub done: Option<(String, Time)>,
}

/// A follow-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUpView {
    pub id: i64,
    pub version: i64,
    pub title: String,
    pub owner: Option<PersonName>,
    /// `2026-12-24`.
    pub due_on: Option<String>,
    pub url: Option<String>,
    pub done: Option<(String, Time)>,
    pub clock: Option<ClockView>,
}

/// What those who wait were told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateView {
    pub at: Time,
    pub by: String,
    pub ja: String,
    pub en: String,
    pub next_at: Option<Time>,
}

/// Where people talk about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomView {
    /// Without `#`.
    pub name: String,
    pub url: Option<String>,
}

/// A moment that people note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkView {
    /// `occurred`, `detected`, `scope` …
    pub word: String,
    pub at: Option<Time>,
}

/// How it came and went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastView {
    pub occurred_at: Option<Time>,
    pub detected_at: Option<Time>,
    pub acknowledged_at: Option<Time>,
    pub mitigated_at: Option<Time>,
    pub resolved_at: Option<Time>,
    pub closed_at: Option<Time>,
    /// How long people suffered, where both ends are known.
    pub impact_ms: Option<i64>,
}

/// Others it has to do with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KinView {
    pub merged_into: Option<IncidentId>,
    pub merged: Vec<IncidentId>,
    pub split_from: Option<IncidentId>,
    pub split_off: Vec<IncidentId>,
    /// Those it could be made part of.
    pub open: Vec<(IncidentId, String)>,
}

/// What can be chosen in its forms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoicesView {
    pub levels: Vec<LevelChoice>,
    /// Whoever may take a part.
    pub people: Vec<PersonName>,
    pub teams: Vec<(TeamId, String)>,
}

/// Who looks at it now, and who wants to hear of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudienceView {
    /// Names of those who had it open within the last minute, the reader not among them.
    pub looking: Vec<String>,
    pub n_followers: u32,
    pub is_following: bool,
    pub insiders: Vec<PersonId>,
}

/// One incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncidentView {
    pub line: IncidentLine,
    pub version: i64,
    pub summary: String,
    pub team_id: Option<TeamId>,
    pub definition: Text,
    pub needs_postmortem: bool,
    pub declared_by: String,
    /// The word of what it was declared from, and what exactly (`rule/cpu-usage`).
    pub source: String,
    pub source_ref: Option<String>,
    pub past: PastView,
    pub stages: Vec<Stage>,
    pub marks: Vec<MarkView>,
    pub moves: Vec<Move>,
    /// Without what it is not closed.
    pub to_close: Vec<Missing>,
    /// Those that run first, the next one due before the others; then those that were met.
    pub clocks: Vec<ClockView>,
    pub seats: Vec<SeatView>,
    pub responders: Vec<PersonName>,
    pub story: StoryView,
    pub alerts: Vec<LinkedView>,
    pub tasks: Vec<TaskView>,
    pub follow_ups: Vec<FollowUpView>,
    pub no_follow_ups: bool,
    /// The newest first.
    pub updates: Vec<UpdateView>,
    pub room: Option<RoomView>,
    pub kin: KinView,
    pub audience: AudienceView,
    pub choices: ChoicesView,
    pub now: Time,
    pub can_work: bool,
}
