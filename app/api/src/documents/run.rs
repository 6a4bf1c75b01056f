//! A runbook that somebody works through.

use super::view::{DocumentHead, RunBrief};
use model::Time;
use serde::{Deserialize, Serialize};

/// Which run of which document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RunAsk {
    /// The document's address or number.
    pub id: String,
    /// `RUN-7`; empty: what would be begun.
    pub run: String,
    /// What it would be begun for: `I-42`, `A-7`.
    pub incident: String,
    pub alert: String,
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CheckView {
    Open,
    Done,
    Skipped,
}

impl CheckView {
    /// As a form sends it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Skipped => "skipped",
        }
    }
}

/// What came of a run, as whoever ended it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutcomeView {
    Worked,
    Failed,
    Stopped,
}

impl OutcomeView {
    /// Each with its word in a form.
    pub const ALL: [(Self, &str); 3] = [(Self::Worked, "worked"), (Self::Failed, "failed"), (Self::Stopped, "stopped")];
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    /// From 1.
    pub n: i32,
    pub depth: u8,
    pub text: String,
    /// The heading it stands under; empty: none.
    pub section: String,
    pub state: CheckView,
    pub note: String,
    pub by: Option<String>,
    pub at: Option<Time>,
    /// How somebody says that it should be, and who.
    pub wrong: Option<(String, String)>,
}

/// A run, or what would be begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    pub head: DocumentHead,
    /// `None`: nothing was begun yet; the steps are those of the text.
    pub run: Option<RunBrief>,
    pub steps: Vec<StepView>,
    /// The text has changed since it began.
    pub is_older: bool,
    /// Others of this document, the newest first.
    pub others: Vec<RunBrief>,
    pub incident: String,
    pub alert: String,
    pub can_work: bool,
}
