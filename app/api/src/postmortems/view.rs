//! One postmortem: its text, and what stands beside it.

use super::PostmortemLine;
use super::action::ActionView;
use crate::oncall::PersonName;
use chart::Plot;
use model::Time;
use model::ids::DocumentId;
use model::postmortem::{Act, State};
use serde::{Deserialize, Serialize};

/// Which one, and what of it is looked at; the same words stand in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PostmortemAsk {
    /// Of the incident: `I-42`.
    pub id: String,
    /// The id of a graph that was kept, to be zoomed.
    pub graph: String,
    /// The stretch of it, in milliseconds since 1970; empty: all of it.
    pub from: String,
    pub until: String,
    /// How many hours before the beginning changes are looked for.
    pub back: String,
    /// `preview`: what outsiders would read.
    pub share: String,
}

/// Who said something, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedView {
    pub by: String,
    pub at: Time,
    /// Why; empty where nothing was to be said.
    pub reason: String,
}

/// What the editor has to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditorView {
    /// Who writes, as others see it, and in which of the eight colours.
    pub name: String,
    pub colour: u8,
    /// Whose copy is kept in this browser.
    pub account: String,
}

/// The text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperView {
    pub document: DocumentId,
    /// Its address among the documents.
    pub slug: String,
    /// Safe, and drawn with what the house knows.
    pub html: String,
    /// `ja` or `en`.
    pub language: String,
    pub can_write: bool,
    pub editor: EditorView,
}

/// What the gate waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistView {
    /// Headings below which nobody has written anything.
    pub unwritten: Vec<String>,
    pub n_actions: u32,
    pub n_without_owner: u32,
    pub n_without_date: u32,
    pub n_open: u32,
}

/// Somebody who is asked to read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewerView {
    pub person: PersonName,
    /// `2026-12-24`.
    pub due_on: Option<String>,
    /// Said that it is good; `Some(false)`: wants it to be another; `None`: nothing yet.
    pub has_approved: Option<bool>,
    pub answered_at: Option<Time>,
}

/// A step that somebody took with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HappeningView {
    pub at: Time,
    pub by: String,
    pub act: Act,
    pub to: State,
    pub reason: String,
}

/// A graph that was kept with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphName {
    pub id: String,
    pub title: String,
    pub kept_at: Time,
}

/// A graph that was kept, of which a stretch is looked at. It is drawn from what was kept, whether the samples still exist or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GraphView {
    pub id: String,
    pub title: String,
    pub query: String,
    /// All that was kept.
    pub from: Time,
    pub until: Time,
    /// The least stretch that still shows something.
    pub step_ms: i64,
    pub kept_by: String,
    pub kept_at: Time,
    /// From [`Plot::from_ms`] to [`Plot::to_ms`].
    pub plot: Plot,
}

/// What kind of change it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeOf {
    Deploy,
    Rule,
    Routing,
    OnCall,
    Setting,
}

/// A change around the beginning of the incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeView {
    pub of: ChangeOf,
    pub at: Time,
    /// Until the beginning; negative when it came after.
    pub before_ms: i64,
    /// `RuleChanged`.
    pub fact: String,
    /// `rule/cpu-usage`.
    pub subject: String,
    /// What it is called; empty where nothing says so.
    pub name: String,
    pub by: String,
    /// It names a system of the incident.
    pub is_near: bool,
}

/// A link by which outsiders read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareView {
    pub id: String,
    /// Where it leads; `None`: nowhere any more.
    pub href: Option<String>,
    pub made_by: String,
    pub made_at: Time,
    pub expires_at: Time,
    pub is_revoked: bool,
}

/// What outsiders would read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewView {
    pub title: String,
    /// Markdown.
    pub text: String,
}

/// Everything about one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PostmortemView {
    pub line: PostmortemLine,
    pub version: i64,
    /// From when the incident was, where that is known, and what was said of it.
    pub occurred_at: Option<Time>,
    pub lasted_ms: Option<i64>,
    pub summary: String,
    pub scope: String,
    /// `None`: nobody has begun.
    pub paper: Option<PaperView>,
    /// What may be done with it now, by the state alone.
    pub acts: Vec<Act>,
    pub checklist: ChecklistView,
    pub reviewers: Vec<ReviewerView>,
    /// The newest first.
    pub history: Vec<HappeningView>,
    pub actions: Vec<ActionView>,
    pub approved: Option<SignedView>,
    pub published: Option<SignedView>,
    pub waived: Option<SignedView>,
    /// It was changed since it was approved: by whom (empty: nobody knows any more), and when first.
    pub changed: Option<SignedView>,
    pub graphs: Vec<GraphName>,
    pub graph: Option<GraphView>,
    pub changes: Vec<ChangeView>,
    pub back_hours: i64,
    pub shares: Vec<ShareView>,
    pub preview: Option<PreviewView>,
    /// Who may be its owner, or asked.
    pub people: Vec<PersonName>,
    pub can_write: bool,
    pub can_approve: bool,
    /// The policy lets somebody say that none is needed.
    pub is_waivable: bool,
}
