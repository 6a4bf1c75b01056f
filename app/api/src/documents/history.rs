//! Versions of a document: which there are, what differs between two of them, and who wrote what.

use super::view::DocumentHead;
use model::Time;
use serde::{Deserialize, Serialize};

/// Which versions of which document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HistoryAsk {
    /// Its address or its number.
    pub id: String,
    /// The older one: the number of a version; empty: the one before `new`.
    pub old: String,
    /// The newer one; empty: the text as it is now.
    pub new: String,
    /// Only versions below: the next screenful.
    pub before: String,
    /// `authors`: who wrote what instead of a difference.
    pub show: String,
}

/// Why a version was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeptFor {
    Auto,
    Publish,
    Restore,
    Import,
    BeforeLargeDelete,
}

/// A version in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionLine {
    pub id: i64,
    pub at: Time,
    pub why: KeptFor,
    pub authors: Vec<String>,
    pub title: String,
    /// The version that was restored.
    pub source: Option<i64>,
}

/// On which side a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    Same,
    Gone,
    New,
}

/// A line of a difference, or lines that are the same and not shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DifferenceRow {
    /// Its pieces, each with whether it stands on this side only.
    Line {
        side: Side,
        old: Option<u32>,
        new: Option<u32>,
        pieces: Vec<(bool, String)>,
    },
    Folded(u32),
}

/// What differs between two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DifferenceView {
    /// `None`: the text before there was any; of `new`: the text as it is now.
    pub old: Option<i64>,
    pub new: Option<i64>,
    pub n_gone: u32,
    pub n_new: u32,
    pub rows: Vec<DifferenceRow>,
}

/// Letters of one writer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    pub text: String,
    /// `None`: nobody knows any more.
    pub by: Option<String>,
    /// 1 to 8: who it was, at one look.
    pub colour: u8,
    pub at: Option<Time>,
}

/// The versions of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryView {
    pub head: DocumentHead,
    pub versions: Vec<VersionLine>,
    /// Where the next screenful begins.
    pub more: Option<i64>,
    pub difference: Option<DifferenceView>,
    /// Who wrote what, where that was asked for.
    pub stretches: Vec<Stretch>,
}
