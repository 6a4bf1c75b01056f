//! What the screens of dashboards as they are kept are told.

use crate::error::ApiError;
use dashboard::{Difference, Problem, Said};
use model::Time;
use serde::{Deserialize, Serialize};

/// What a new one may begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeginningView {
    /// By title.
    pub all: Vec<Choosable>,
    pub may_edit: bool,
}

/// One to begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choosable {
    pub slug: String,
    pub title: Said,
}

/// What was thrown away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashedViews {
    /// The newest first.
    pub all: Vec<TrashedView>,
    pub may_edit: bool,
}

/// One in the trash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashedView {
    pub slug: String,
    pub title: Said,
    pub at: Time,
    /// Empty where nobody knows.
    pub by: String,
    pub n_panels: u32,
}

/// Which versions to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VersionsAsk {
    pub slug: String,
    /// The two that are compared; of one alone, what it changed.
    #[serde(default)]
    pub old: Option<i64>,
    #[serde(default)]
    pub new: Option<i64>,
}

/// The versions of a dashboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionsView {
    pub slug: String,
    pub title: Said,
    pub may_edit: bool,
    /// The newest first.
    pub versions: Vec<VersionLine>,
    /// The two that are chosen, also where nothing was compared yet.
    pub old: i64,
    pub new: i64,
    pub changes: Option<ChangesView>,
}

/// One version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionLine {
    /// 0: as it was shipped.
    pub version: i64,
    pub at: Option<Time>,
    pub by: Option<String>,
    pub comment: String,
    /// `shipped`, `console`, `file`, `grafana`.
    pub origin: String,
    /// Things of the file that were not mapped.
    pub n_notes: u32,
}

/// What differs between two versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangesView {
    pub changes: Vec<Difference>,
    /// How many there are in all.
    pub total: u32,
    /// Titles of panels by their ids.
    pub titles: Vec<(String, Said)>,
}

/// Which file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BroughtAsk {
    /// Addresses of what it became.
    #[serde(default)]
    pub made: Vec<String>,
    /// The version whose notes are shown; of the first of them.
    #[serde(default)]
    pub version: Option<i64>,
}

/// What came of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BroughtView {
    pub may_edit: bool,
    pub made: Vec<BroughtOne>,
    pub not_mapped: Vec<NotMappedView>,
}

/// One dashboard that came in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BroughtOne {
    pub slug: String,
    pub title: Said,
    pub n_panels: u32,
    pub version: i64,
}

/// Something that has no meaning here, or another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotMappedView {
    /// Where it stands in the file: `panels[3].targets[0]`.
    pub path: String,
    /// In the file's own words.
    pub what: String,
    pub why: Said,
}

/// A file that was refused, as its form comes back. Put into context by the server; it never travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriedToBring {
    /// What had been pasted.
    pub text: String,
    pub comment: String,
    pub is_over: bool,
    pub why: NotBrought,
}

/// Why a file did not come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotBrought {
    /// Neither a file nor a text.
    Nothing,
    TooLarge,
    /// No text in UTF-8.
    NotText,
    NotJson {
        line: usize,
        column: usize,
        said: String,
    },
    /// What was found instead.
    NoDashboard(String),
    /// Mistakes of a file of ours.
    Lines(Vec<FileLine>),
    /// Addresses at which there is one already, or one in the trash.
    Taken(Vec<String>),
    Unlawful(Vec<Problem>),
    /// Something else about dashboards.
    Refused(ApiError),
}

/// A mistake and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLine {
    /// From 1.
    pub line: usize,
    pub column: usize,
    /// What was expected, and what was found; in English, as files are.
    pub said: String,
}
