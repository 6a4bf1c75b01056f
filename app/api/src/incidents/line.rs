//! Lines of a timeline, as a screen tells them.

use crate::text::Text;
use chart::Plot;
use model::clock::ClockKind;
use model::ids::{AlertId, IncidentId};
use model::incident::IncidentStatus;
use model::incident::roles::IncidentRole;
use model::{Severity, Time};
use serde::{Deserialize, Serialize};

/// Which lines are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum StoryShow {
    #[default]
    All,
    /// Those that matter.
    Pinned,
    /// What people wrote: notes, corrections, messages, graphs.
    Notes,
    /// What happened by itself: alerts, pages, deploys, clocks.
    Automatic,
    /// What those who wait were told.
    Updates,
}

impl StoryShow {
    /// Every selection.
    pub const ALL: [Self; 5] = [Self::All, Self::Pinned, Self::Notes, Self::Automatic, Self::Updates];

    /// The word in addresses; empty for all.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Pinned => "pinned",
            Self::Notes => "notes",
            Self::Automatic => "automatic",
            Self::Updates => "updates",
        }
    }

    /// What that word shows; all for one that nobody knows.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|show| show.as_str() == word).unwrap_or_default()
    }
}

/// A graph that was kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptGraph {
    pub id: i64,
    pub title: String,
    pub query: String,
    pub from: Time,
    pub until: Time,
    /// The newest of a screenful are drawn; others when they are asked for.
    pub plot: Option<Plot>,
}

/// What a line tells of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum EntrySaid {
    Declared {
        title: String,
        code: String,
        severity: Option<Severity>,
        source: String,
    },
    /// The Fact: `AlertFired` …, `linked`, `unlinked`.
    Alert {
        fact: String,
        alert: Option<AlertId>,
        name: Text,
        severity: Option<Severity>,
        comment: String,
    },
    Page {
        fact: String,
        alert: Option<AlertId>,
        place: String,
        reason: String,
    },
    Escalation {
        fact: String,
        alert: Option<AlertId>,
        policy: String,
        step: Option<u32>,
        names: Vec<String>,
    },
    Deploy {
        fact: String,
        what: String,
        version: String,
    },
    Status {
        from: IncidentStatus,
        to: IncidentStatus,
        reason: String,
        alert: Option<AlertId>,
    },
    Severity {
        from: String,
        to: String,
        to_severity: Option<Severity>,
        reason: String,
    },
    Role {
        role: IncidentRole,
        name: String,
        from: String,
        is_given_up: bool,
    },
    /// `what`: `at_risk`, `breached`, `reckoned`.
    Clock {
        kind: ClockKind,
        what: String,
        due_at: Option<Time>,
    },
    Update {
        ja: String,
        en: String,
        next_at: Option<Time>,
    },
    Note,
    /// Of the line with that number, where that was not said before.
    Correction {
        of: i64,
        at: Option<Time>,
    },
    Graph(Box<KeptGraph>),
    Chat {
        url: Option<String>,
    },
    /// `what`: `began`, `done`, `skipped`, `open`, `noted`; `worked`, `failed`, `stopped`, or `ended` where nobody said what came of it.
    /// Of a step its text and what was noted.
    Runbook {
        what: String,
        title: String,
        slug: String,
        step: String,
        note: String,
    },
    /// `what`: `added`, `changed`, `done`, `reopened`.
    Task {
        what: String,
        title: String,
        owner: String,
    },
    FollowUp {
        what: String,
        title: String,
        owner: String,
        due_on: String,
    },
    /// `what`: `merged_into`, `took`, `taken_out`, `gave_back`, `split_off`, `split_from`.
    Merge {
        what: String,
        other: Option<IncidentId>,
        title: String,
    },
    Edit {
        fields: Vec<String>,
        mark: Option<String>,
        moment: Option<Time>,
    },
    /// `what`: `opened`, `failed`.
    Room {
        what: String,
        name: String,
        url: Option<String>,
        reason: String,
    },
}

/// What stands in place of a line now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionView {
    pub id: i64,
    pub by: String,
    /// Where it is among the lines that were read.
    pub text: Option<String>,
    /// The moment it says, if that was wrong too.
    pub at: Option<Time>,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntryView {
    pub id: i64,
    pub at: Time,
    pub written_at: Time,
    /// Empty where a worker of the house wrote it.
    pub by: String,
    /// What people wrote.
    pub text: String,
    pub said: EntrySaid,
    /// The incident it was written for, where that is another.
    pub origin: Option<IncidentId>,
    pub correction: Option<CorrectionView>,
    /// Who pinned it.
    pub pinned_by: Option<String>,
}

/// A screenful of a timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoryView {
    pub show: StoryShow,
    /// The newest first.
    pub entries: Vec<EntryView>,
    /// Of all lines, whatever is shown.
    pub n_lines: u32,
    /// Where the next stretch begins, as an address has it.
    pub older: Option<String>,
    /// It does not begin at the newest.
    pub is_older: bool,
    /// The line that is being corrected.
    pub correcting: Option<Box<EntryView>>,
}

#[cfg(test)]
mod tests {
    use super::StoryShow;

    #[test]
    fn a_selection_comes_back_from_its_word() {
        for show in StoryShow::ALL {
            assert_eq!(StoryShow::from_word(show.as_str()), show);
        }
        assert_eq!(StoryShow::from_word("x"), StoryShow::All);
    }
}
