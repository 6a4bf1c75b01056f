//! Incidents, as their screens see them: the list, one incident with its timeline, how it stood at a second, and what forms send.
//!
//! Everything is shaped by the server: people have their names, clocks say what they show, and a line says what it tells of. A screen finds
//! the words.

pub mod form;
pub mod line;
pub mod moment;
pub mod view;

use crate::error::ApiError;
use crate::text::Text;
use crate::wire::Packed;
use async_trait::async_trait;
use form::{DeclareForm, DeclareView, EditForm, FollowUpForm, GraphForm, NoteForm, SplitForm, TaskForm, VisibilityForm};
use leptos::prelude::*;
use model::clock::{ClockKind, Standing};
use model::ids::{AlertId, IncidentId, TeamId};
use model::incident::IncidentStatus;
use model::incident::roles::IncidentRole;
use model::{Severity, Time};
use moment::{MomentAsk, MomentView};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use view::{IncidentAsk, IncidentView};

/// Which incidents to show; the same words stand in the address. Empty is any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IncidentQuery {
    /// In title, summary or number.
    pub q: String,
    /// `open`, `resolved`, `closed`, `all`; empty: those that go on, then the others.
    pub show: String,
    /// `p0` … `p3`.
    pub severity: String,
    /// The id of a team.
    pub team: String,
    pub system: String,
    /// Declared from that day on, and until that day (`2026-11-30`).
    pub from: String,
    pub until: String,
    /// Only numbers below: the next screenful.
    pub before: Option<i64>,
}

impl IncidentQuery {
    /// Whether anything is asked for.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        let asked = [&self.q, &self.show, &self.severity, &self.team, &self.system, &self.from, &self.until];
        asked.into_iter().any(|text| !text.is_empty())
    }
}

/// A promise with a time, and what it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockView {
    pub kind: ClockKind,
    /// What is to be done, of a follow-up's.
    pub follow_up: Option<String>,
    pub started_at: Time,
    pub due_at: Time,
    /// It counts business time only.
    pub is_business: bool,
    pub standing: Standing,
}

/// An incident in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentLine {
    pub id: IncidentId,
    pub title: String,
    /// `P1`, `L2`: as the organisation calls it.
    pub code: String,
    /// What the level is called.
    pub level: Text,
    pub severity: Severity,
    pub status: IncidentStatus,
    pub is_private: bool,
    pub team: Option<String>,
    pub systems: Vec<String>,
    /// Who commands; nobody does.
    pub commander: Option<String>,
    pub declared_at: Time,
    /// When it was over.
    pub ended_at: Option<Time>,
    /// The promise that is due next, where that was looked for.
    pub clock: Option<ClockView>,
    /// At which of the nine steps people are, from 1, where that was looked for.
    pub step: Option<u8>,
}

impl IncidentLine {
    /// Whether nobody has it although it goes on.
    #[must_use]
    pub fn needs_somebody(&self) -> bool {
        self.status == IncidentStatus::Declared
    }
}

/// An incident that is over and waits for its postmortem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingView {
    pub line: IncidentLine,
    /// Until when it is expected.
    pub due_at: Time,
    /// Somebody has begun it.
    pub has_draft: bool,
}

/// The list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentList {
    /// Those that go on, the worst first. Empty where they stand among the others.
    pub open: Vec<IncidentLine>,
    /// Over, and without the postmortem their level asks for: those due first.
    pub waiting: Vec<WaitingView>,
    /// The newest first.
    pub others: Vec<IncidentLine>,
    /// How many there are of the selection.
    pub total: u32,
    /// Where the next screenful begins.
    pub more: Option<i64>,
    pub teams: Vec<(TeamId, String)>,
    pub now: Time,
    pub can_declare: bool,
}

/// Somebody with a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BriefSeat {
    pub role: IncidentRole,
    pub name: String,
}

/// An incident that goes on, as Now shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentBrief {
    pub line: IncidentLine,
    pub seats: Vec<BriefSeat>,
}

/// The incident that an alert belongs to, and whether the reader may declare one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Belonging {
    pub incident: Option<(IncidentId, String)>,
    pub can_declare: bool,
}

/// Answers the screens of incidents. What changes something answers with a way back to the screen.
#[async_trait]
pub trait IncidentsApi: Send + Sync {
    async fn list(&self, query: IncidentQuery) -> Result<IncidentList, ApiError>;
    async fn incident(&self, ask: IncidentAsk) -> Result<IncidentView, ApiError>;
    async fn moment(&self, ask: MomentAsk) -> Result<MomentView, ApiError>;
    /// The form for a new one; `alert` is the number of one to begin from.
    async fn form(&self, alert: String) -> Result<DeclareView, ApiError>;
    /// Those that go on, for Now.
    async fn briefs(&self) -> Result<Vec<IncidentBrief>, ApiError>;
    async fn of_alert(&self, alert: AlertId) -> Result<Belonging, ApiError>;
    async fn declare(&self, draft: DeclareForm) -> Result<(), ApiError>;
    /// `by` is the word of a move; `version` is empty where it does not matter what was looked at.
    async fn act(&self, id: IncidentId, version: String, by: String, reason: String) -> Result<(), ApiError>;
    async fn set_level(&self, id: IncidentId, version: i64, code: String, reason: String) -> Result<(), ApiError>;
    async fn edit(&self, edit: EditForm) -> Result<(), ApiError>;
    /// Notes a moment of a step: now where `at` is empty; `-` takes it back.
    async fn mark(&self, id: IncidentId, version: i64, mark: String, at: String) -> Result<(), ApiError>;
    async fn assign(&self, id: IncidentId, version: i64, role: String, person: String) -> Result<(), ApiError>;
    async fn give_up(&self, id: IncidentId, version: i64, role: String, person: String) -> Result<(), ApiError>;
    async fn note(&self, note: NoteForm) -> Result<(), ApiError>;
    async fn pin(&self, id: IncidentId, line: i64, is_pinned: bool) -> Result<(), ApiError>;
    async fn freeze(&self, graph: GraphForm) -> Result<(), ApiError>;
    /// `alerts` holds numbers, however they are parted.
    async fn link(&self, id: IncidentId, alerts: String) -> Result<(), ApiError>;
    async fn unlink(&self, id: IncidentId, alert: AlertId) -> Result<(), ApiError>;
    async fn post_update(&self, id: IncidentId, ja: String, en: String) -> Result<(), ApiError>;
    async fn save_task(&self, task: TaskForm) -> Result<(), ApiError>;
    async fn finish_task(&self, id: IncidentId, task: i64, is_done: bool) -> Result<(), ApiError>;
    async fn save_follow_up(&self, wish: FollowUpForm) -> Result<(), ApiError>;
    async fn finish_follow_up(&self, id: IncidentId, follow_up: i64, is_done: bool) -> Result<(), ApiError>;
    async fn no_follow_ups(&self, id: IncidentId, version: i64, none_needed: bool) -> Result<(), ApiError>;
    async fn merge(&self, id: IncidentId, version: i64, into: String) -> Result<(), ApiError>;
    async fn unmerge(&self, id: IncidentId, version: i64) -> Result<(), ApiError>;
    async fn split(&self, split: SplitForm) -> Result<(), ApiError>;
    async fn follow(&self, id: IncidentId, wants: bool) -> Result<(), ApiError>;
    async fn set_visibility(&self, wish: VisibilityForm) -> Result<(), ApiError>;
    async fn open_room(&self, id: IncidentId, version: i64) -> Result<(), ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn IncidentsApi> {
    expect_context::<Arc<dyn IncidentsApi>>()
}

/// The incidents of a selection.
#[server(prefix = "/call", endpoint = "incidents", output = Packed)]
pub async fn incidents(query: IncidentQuery) -> Result<IncidentList, ApiError> {
    room().list(query).await
}

/// One incident.
#[server(name = AskIncident, prefix = "/call", endpoint = "incident", output = Packed)]
pub async fn incident(ask: IncidentAsk) -> Result<IncidentView, ApiError> {
    room().incident(ask).await
}

/// One incident as it was at a second.
#[server(name = AskIncidentMoment, prefix = "/call", endpoint = "incident_moment", output = Packed)]
pub async fn incident_moment(ask: MomentAsk) -> Result<MomentView, ApiError> {
    room().moment(ask).await
}

/// The form for a new one.
#[server(name = AskIncidentForm, prefix = "/call", endpoint = "incident_form", output = Packed)]
pub async fn incident_form(#[server(default)] alert: String) -> Result<DeclareView, ApiError> {
    room().form(alert).await
}

/// Those that go on.
#[server(prefix = "/call", endpoint = "incident_briefs", output = Packed)]
pub async fn incident_briefs() -> Result<Vec<IncidentBrief>, ApiError> {
    room().briefs().await
}

/// What an alert belongs to.
#[server(prefix = "/call", endpoint = "incident_of_alert", output = Packed)]
pub async fn incident_of_alert(alert: AlertId) -> Result<Belonging, ApiError> {
    room().of_alert(alert).await
}

/// Declares one.
#[server(prefix = "/call", endpoint = "incident_declare", output = Packed)]
pub async fn incident_declare(draft: DeclareForm) -> Result<(), ApiError> {
    room().declare(draft).await
}

/// Moves one on, or back.
#[server(prefix = "/call", endpoint = "incident_act", output = Packed)]
pub async fn incident_act(
    id: IncidentId,
    by: String,
    #[server(default)] version: String,
    #[server(default)] reason: String,
) -> Result<(), ApiError> {
    room().act(id, version, by, reason).await
}

/// Says how bad it is.
#[server(prefix = "/call", endpoint = "incident_level", output = Packed)]
pub async fn incident_level(
    id: IncidentId,
    version: i64,
    code: String,
    #[server(default)] reason: String,
) -> Result<(), ApiError> {
    room().set_level(id, version, code, reason).await
}

/// Writes its words anew.
#[server(prefix = "/call", endpoint = "incident_edit", output = Packed)]
pub async fn incident_edit(edit: EditForm) -> Result<(), ApiError> {
    room().edit(edit).await
}

/// Notes a moment of a step.
#[server(prefix = "/call", endpoint = "incident_mark", output = Packed)]
pub async fn incident_mark(id: IncidentId, version: i64, mark: String, #[server(default)] at: String) -> Result<(), ApiError> {
    room().mark(id, version, mark, at).await
}

/// Gives a part to somebody.
#[server(prefix = "/call", endpoint = "incident_assign", output = Packed)]
pub async fn incident_assign(id: IncidentId, version: i64, role: String, person: String) -> Result<(), ApiError> {
    room().assign(id, version, role, person).await
}

/// Takes a part from somebody.
#[server(prefix = "/call", endpoint = "incident_give_up", output = Packed)]
pub async fn incident_give_up(id: IncidentId, version: i64, role: String, person: String) -> Result<(), ApiError> {
    room().give_up(id, version, role, person).await
}

/// Writes a note, or a correction.
#[server(prefix = "/call", endpoint = "incident_note", output = Packed)]
pub async fn incident_note(note: NoteForm) -> Result<(), ApiError> {
    room().note(note).await
}

/// Pins a line.
#[server(prefix = "/call", endpoint = "incident_pin", output = Packed)]
pub async fn incident_pin(id: IncidentId, line: i64) -> Result<(), ApiError> {
    room().pin(id, line, true).await
}

/// Takes a pin away.
#[server(prefix = "/call", endpoint = "incident_unpin", output = Packed)]
pub async fn incident_unpin(id: IncidentId, line: i64) -> Result<(), ApiError> {
    room().pin(id, line, false).await
}

/// Keeps a graph as it is now.
#[server(prefix = "/call", endpoint = "incident_freeze", output = Packed)]
pub async fn incident_freeze(graph: GraphForm) -> Result<(), ApiError> {
    room().freeze(graph).await
}

/// Makes alerts part of it.
#[server(prefix = "/call", endpoint = "incident_link", output = Packed)]
pub async fn incident_link(id: IncidentId, alerts: String) -> Result<(), ApiError> {
    room().link(id, alerts).await
}

/// Takes an alert out of it.
#[server(prefix = "/call", endpoint = "incident_unlink", output = Packed)]
pub async fn incident_unlink(id: IncidentId, alert: AlertId) -> Result<(), ApiError> {
    room().unlink(id, alert).await
}

/// Tells those who wait.
#[server(prefix = "/call", endpoint = "incident_update", output = Packed)]
pub async fn incident_update(
    id: IncidentId,
    #[server(default)] ja: String,
    #[server(default)] en: String,
) -> Result<(), ApiError> {
    room().post_update(id, ja, en).await
}

/// Adds a task, or writes one anew.
#[server(prefix = "/call", endpoint = "incident_task", output = Packed)]
pub async fn incident_task(task: TaskForm) -> Result<(), ApiError> {
    room().save_task(task).await
}

/// Says that a task is done, or is not.
#[server(prefix = "/call", endpoint = "incident_task_done", output = Packed)]
pub async fn incident_task_done(id: IncidentId, task: i64, is_done: bool) -> Result<(), ApiError> {
    room().finish_task(id, task, is_done).await
}

/// Adds a follow-up, or writes one anew.
#[server(prefix = "/call", endpoint = "incident_follow_up", output = Packed)]
pub async fn incident_follow_up(wish: FollowUpForm) -> Result<(), ApiError> {
    room().save_follow_up(wish).await
}

/// Says that a follow-up is done, or is not.
#[server(prefix = "/call", endpoint = "incident_follow_up_done", output = Packed)]
pub async fn incident_follow_up_done(id: IncidentId, follow_up: i64, is_done: bool) -> Result<(), ApiError> {
    room().finish_follow_up(id, follow_up, is_done).await
}

/// Says that none is needed, or that one is.
#[server(prefix = "/call", endpoint = "incident_no_follow_ups", output = Packed)]
pub async fn incident_no_follow_ups(id: IncidentId, version: i64, none_needed: bool) -> Result<(), ApiError> {
    room().no_follow_ups(id, version, none_needed).await
}

/// Makes it part of another.
#[server(prefix = "/call", endpoint = "incident_merge", output = Packed)]
pub async fn incident_merge(id: IncidentId, version: i64, into: String) -> Result<(), ApiError> {
    room().merge(id, version, into).await
}

/// Takes it out of another.
#[server(prefix = "/call", endpoint = "incident_unmerge", output = Packed)]
pub async fn incident_unmerge(id: IncidentId, version: i64) -> Result<(), ApiError> {
    room().unmerge(id, version).await
}

/// Makes a part of it another.
#[server(prefix = "/call", endpoint = "incident_split", output = Packed)]
pub async fn incident_split(split: SplitForm) -> Result<(), ApiError> {
    room().split(split).await
}

/// Wants its updates, or no more.
#[server(prefix = "/call", endpoint = "incident_watch", output = Packed)]
pub async fn incident_watch(id: IncidentId, wants: bool) -> Result<(), ApiError> {
    room().follow(id, wants).await
}

/// Says who may see it.
#[server(prefix = "/call", endpoint = "incident_visibility", output = Packed)]
pub async fn incident_visibility(wish: VisibilityForm) -> Result<(), ApiError> {
    room().set_visibility(wish).await
}

/// Has a channel opened for it.
#[server(prefix = "/call", endpoint = "incident_room", output = Packed)]
pub async fn incident_room(id: IncidentId, version: i64) -> Result<(), ApiError> {
    room().open_room(id, version).await
}
