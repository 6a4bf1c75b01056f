//! Documents as their screens see them: named, worked out, and drawn as far as they are texts.

use super::run::OutcomeView;
use crate::postmortems::view::GraphName;
use crate::text::Text;
use model::Time;
use model::ids::{AlertId, AttachmentId, DocumentId, IncidentId, PersonId, RunbookRunId, SpaceId, TeamId};
use serde::{Deserialize, Serialize};

/// What the list shows; the same words stand in the address. Empty is any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DocumentsAsk {
    /// What is looked for.
    pub q: String,
    /// The address of a space: all of its tree, and nothing of others.
    pub space: String,
    pub label: String,
    /// Not empty: of what has to be looked at, only what the reader answers for.
    pub mine: String,
}

/// The four branches of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BranchView {
    Technical,
    Operations,
    User,
    Record,
}

impl BranchView {
    /// Each with its word in an address.
    pub const ALL: [(Self, &str); 4] =
        [(Self::Technical, "technical"), (Self::Operations, "operations"), (Self::User, "user"), (Self::Record, "record")];

    /// As an address and a form have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(branch, _)| *branch == self).map_or("", |(_, word)| *word)
    }
}

/// What somebody may do with a document, from least to most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RightView {
    #[default]
    None,
    Read,
    Comment,
    Write,
}

impl RightView {
    /// Each with its word in a form.
    pub const ALL: [(Self, &str); 4] =
        [(Self::None, "none"), (Self::Read, "read"), (Self::Comment, "comment"), (Self::Write, "write")];

    /// As a form has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(right, _)| *right == self).map_or("", |(_, word)| *word)
    }
}

/// How much a document can be relied upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum StandingView {
    Verified,
    Unverified,
    Due,
    Overdue,
    MustReview,
}

impl StandingView {
    /// Whether somebody has to look now.
    #[must_use]
    pub fn is_wanting(self) -> bool {
        matches!(self, Self::Overdue | Self::MustReview)
    }
}

/// Why a document has to be looked at before its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhyView {
    /// It was used in an incident that is over.
    Incident(Option<IncidentId>),
    /// Files it is about were changed: which, and where that can be seen.
    Paths(String, Option<String>),
    /// Something was released.
    Release(String),
    /// Somebody said of a step how it should be.
    Step {
        text: String,
        instead: String,
    },
    Other,
}

/// Some words, with what was looked for marked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkedPiece {
    pub text: String,
    pub is_marked: bool,
}

/// A document of the tree with those below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeView {
    pub slug: String,
    pub title: String,
    pub standing: StandingView,
    pub is_template: bool,
    /// It has rights of its own.
    pub is_closed: bool,
    pub incident: Option<IncidentId>,
    pub below: Vec<NodeView>,
}

/// A branch of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpaceTree {
    pub id: SpaceId,
    pub slug: String,
    pub branch: BranchView,
    pub title: Text,
    pub nodes: Vec<NodeView>,
    /// How many documents there are.
    pub n: u32,
    /// How many of them are not among `nodes`.
    pub n_left_out: u32,
    pub can_write: bool,
}

/// A document in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentLine {
    pub slug: String,
    pub title: String,
    pub space: Text,
    pub owner: String,
    pub edited_at: Time,
    pub due_at: Option<Time>,
    pub standing: StandingView,
    pub why: Option<WhyView>,
}

/// A document that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HitView {
    pub slug: String,
    pub title: Vec<MarkedPiece>,
    pub snippet: Vec<MarkedPiece>,
    pub space: Text,
    pub edited_at: Time,
    pub standing: StandingView,
}

/// A rule that fired and has no runbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnguidedRule {
    pub rule: String,
    pub alertname: String,
    pub n_alerts: i64,
    pub newest_at: Time,
}

/// Everything of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentsView {
    pub spaces: Vec<SpaceTree>,
    /// Every space to choose from: its address and its name.
    pub choices: Vec<(String, Text)>,
    /// Where something was looked for: what was found, and whether there is more.
    pub found: Option<(Vec<HitView>, bool)>,
    pub review: Vec<DocumentLine>,
    pub recent: Vec<DocumentLine>,
    pub labels: Vec<(String, i64)>,
    pub unguided: Vec<UnguidedRule>,
    pub can_write: bool,
    pub can_manage: bool,
}

impl DocumentsView {
    /// Whether there is no document that the reader may know of.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spaces.iter().all(|space| space.n == 0)
    }
}

/// A heading of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadingView {
    /// 1 to 6, as written.
    pub level: u8,
    pub text: String,
    pub id: String,
}

/// A file that belongs to a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileView {
    pub id: AttachmentId,
    pub name: String,
    pub size: i64,
    pub is_picture: bool,
    pub made_by: String,
    pub made_at: Time,
}

/// Something somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentView {
    pub id: i64,
    pub by: String,
    pub at: Time,
    pub is_edited: bool,
    /// Taken back: then there are no words.
    pub is_removed: bool,
    pub is_mine: bool,
    /// As it was written.
    pub text: String,
    pub html: String,
}

/// What people say about some words, or about the document where nothing is quoted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadView {
    pub id: i64,
    pub quoted: String,
    /// The words are not in the text any more.
    pub is_detached: bool,
    /// Who resolved it, and when.
    pub resolved: Option<(String, Time)>,
    pub comments: Vec<CommentView>,
}

/// How a suggestion stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SuggestionState {
    Open,
    /// Other words stand there now.
    Outdated,
    Accepted,
    Rejected,
}

/// How somebody says that some words should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestionView {
    pub id: i64,
    pub original: String,
    pub replacement: String,
    pub note: String,
    pub by: String,
    pub at: Time,
    pub is_mine: bool,
    pub state: SuggestionState,
    pub settled_by: Option<String>,
}

/// The margin of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarginView {
    pub threads: Vec<ThreadView>,
    pub suggestions: Vec<SuggestionView>,
    /// Resolved threads and settled suggestions that are not among them.
    pub n_done: u32,
    /// What the editor marks, as its attribute `data-comments` has it.
    pub anchors: String,
}

/// Somebody who edits now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriterView {
    pub name: String,
    pub is_me: bool,
    /// 1 to 8.
    pub colour: u8,
}

/// A run in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunBrief {
    pub id: RunbookRunId,
    pub slug: String,
    pub incident: Option<IncidentId>,
    pub alert: Option<AlertId>,
    pub began_by: String,
    pub began_at: Time,
    pub ended_at: Option<Time>,
    pub outcome: Option<OutcomeView>,
    pub outcome_note: String,
    pub n_done: u32,
    pub n: u32,
}

/// What every screen of one document says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentHead {
    pub id: DocumentId,
    pub slug: String,
    pub title: String,
    /// `ja` or `en`: the language of the text.
    pub language: String,
    pub version: i64,
    pub space_slug: String,
    pub space: Text,
    /// Those above it, from the top: address and title.
    pub way: Vec<(String, String)>,
    pub team: Option<String>,
    pub person: Option<String>,
    pub standing: StandingView,
    pub verified: Option<(String, Time)>,
    pub due_at: Option<Time>,
    pub why: Option<WhyView>,
    pub incident: Option<IncidentId>,
    pub labels: Vec<String>,
    pub alertnames: Vec<String>,
    pub is_template: bool,
    pub trashed: Option<(String, Time)>,
    pub edited_at: Time,
    pub made_by: String,
    pub made_at: Time,
    pub right: RightView,
    /// Whether the role lets say that it is right, and work through it.
    pub can_work: bool,
    pub can_manage: bool,
    pub is_watching: bool,
    pub n_watchers: u32,
    pub writers: Vec<WriterView>,
}

/// Which document, and what of its margin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DocumentAsk {
    /// Its address or its number.
    pub id: String,
    /// Not empty: threads that are resolved too.
    pub all: String,
}

/// What an address leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentView {
    pub head: DocumentHead,
    pub html: String,
    pub outline: Vec<HeadingView>,
    /// Those right below it.
    pub below: Vec<NodeView>,
    pub backlinks: Vec<(String, String)>,
    pub files: Vec<FileView>,
    pub margin: MarginView,
    pub runs: Vec<RunBrief>,
    /// Steps that can be checked off.
    pub n_steps: u32,
    pub n_letters: u32,
}

/// A document that is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WritingView {
    pub view: DocumentView,
    pub text: String,
    /// The version of it that the field was filled from.
    pub seq: i64,
    /// Who writes: the number under which an unsent text is kept, the name and the colour.
    pub me: Option<PersonId>,
    pub name: String,
    pub colour: u8,
    /// Those that were kept with it; none where it is no postmortem.
    pub graphs: Vec<GraphName>,
}

/// What was written and what others wrote meanwhile, where nobody knows any more what it was written on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictView {
    /// The field, as it was sent.
    pub wanted: String,
    /// What is wrong, as the room says it: `document.base_gone`, or another refusal.
    pub field: String,
}

/// Somebody to choose.
pub type Choice<T> = (T, String);

/// What settings choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    pub head: DocumentHead,
    pub teams: Vec<Choice<TeamId>>,
    pub people: Vec<Choice<PersonId>>,
    pub spaces: Vec<Choice<SpaceId>>,
    /// Every place it may be put to: address, title with its depth.
    pub places: Vec<(String, String)>,
    pub space: SpaceId,
    pub parent: String,
    pub owner_team: Option<TeamId>,
    pub owner_person: Option<PersonId>,
    pub every_days: Option<i32>,
    pub watch_paths: Vec<String>,
    /// Rights of its own: everybody's, and those of teams.
    pub rights: Option<(RightView, Vec<(TeamId, RightView)>)>,
    pub n_below: u32,
}

/// A template to begin with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateView {
    pub name: String,
    /// The address of a document that the team keeps as a template; empty: one of the house.
    pub slug: String,
    pub branch: BranchView,
    pub title: String,
}

/// What a new document is filled in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeginView {
    pub form: super::form::BeginForm,
    pub templates: Vec<TemplateView>,
    pub spaces: Vec<Choice<SpaceId>>,
    /// Where it will stand, if below another: address and title.
    pub parent: Option<(String, String)>,
    pub can_write: bool,
    /// There is a runbook of that alert already.
    pub known: Option<(String, String)>,
}

/// A space as it is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpaceView {
    pub id: SpaceId,
    pub version: i64,
    pub branch: BranchView,
    pub slug: String,
    pub title_ja: String,
    pub title_en: String,
    pub team: Option<TeamId>,
    pub everyone: RightView,
    pub teams: Vec<(TeamId, RightView)>,
    pub n: u32,
}

/// Every space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpacesView {
    pub spaces: Vec<SpaceView>,
    pub teams: Vec<Choice<TeamId>>,
    pub can_manage: bool,
}

/// A document in the trash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashedView {
    pub id: DocumentId,
    pub title: String,
    pub space: Text,
    pub by: String,
    pub at: Time,
}

/// The trash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashView {
    pub trashed: Vec<TrashedView>,
    pub can_write: bool,
    pub can_manage: bool,
}

/// Where a folder may be brought in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderView {
    pub spaces: Vec<Choice<SpaceId>>,
    pub can_manage: bool,
}

/// The runbook of an alert, as the alert's screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuideView {
    pub slug: String,
    pub title: String,
    pub standing: StandingView,
    /// The first steps.
    pub steps: Vec<String>,
    pub n_steps: u32,
    /// A run of it for this alert that goes on.
    pub run: Option<RunBrief>,
}

/// What an alert has for guidance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuidanceView {
    pub alertname: String,
    pub guide: Option<GuideView>,
    pub can_make: bool,
    pub can_run: bool,
}
