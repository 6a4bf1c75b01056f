//! What forms about incidents send, and everything that can be wrong with it.

use crate::error::{ApiError, Expected};
use crate::oncall::PersonName;
use crate::text::Text;
use model::Time;
use model::ids::{AlertId, IncidentId, TeamId};
use model::incident::steps::Missing;
use serde::{Deserialize, Serialize};

/// A declaration. Moments are on the reader's clock (`2026-11-30T10:00`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeclareForm {
    pub title: String,
    pub summary: String,
    /// Of a level; empty, with alerts: the worst one's.
    pub code: String,
    /// An id; empty for none.
    pub team: String,
    /// Parted by commas or lines.
    pub systems: String,
    pub occurred: String,
    /// Numbers of alerts it is declared from, however they are parted.
    pub alerts: String,
    /// `true`: whoever declares it has it.
    pub takes_it: String,
    /// `true`: only those within see it.
    pub is_private: String,
}

/// Its words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EditForm {
    pub id: i64,
    pub version: i64,
    pub title: String,
    pub summary: String,
    pub team: String,
    pub systems: String,
}

/// A note, or a correction of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NoteForm {
    pub id: i64,
    pub text: String,
    /// When it happened; empty: now, or as the line said.
    pub at: String,
    /// The number of a line; empty for a note of its own.
    pub corrects: String,
}

/// A graph that is to be kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GraphForm {
    pub id: i64,
    pub title: String,
    pub query: String,
    pub from: String,
    pub until: String,
}

/// A task; of an empty number a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskForm {
    pub id: i64,
    pub number: String,
    pub version: String,
    pub title: String,
    pub owner: String,
    pub due: String,
}

/// A follow-up; of an empty number a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FollowUpForm {
    pub id: i64,
    pub number: String,
    pub version: String,
    pub title: String,
    pub owner: String,
    /// `2026-12-24`.
    pub due_on: String,
    pub url: String,
}

/// What becomes an incident of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SplitForm {
    pub id: i64,
    pub version: i64,
    pub title: String,
    /// Empty: that of the whole.
    pub code: String,
    pub alerts: Vec<i64>,
    /// Lines beside those of the alerts.
    pub lines: Vec<i64>,
}

/// Who may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VisibilityForm {
    pub id: i64,
    pub version: i64,
    /// `true`: only those within.
    pub is_private: String,
    pub insiders: Vec<String>,
}

/// A level to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelChoice {
    pub code: String,
    pub name: Text,
    pub definition: Text,
}

/// An alert that an incident is to be declared from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FromAlert {
    pub id: AlertId,
    pub name: Text,
    /// It belongs to this one already.
    pub taken: Option<IncidentId>,
}

/// The empty form, or one that an alert has filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclareView {
    pub form: DeclareForm,
    pub from: Vec<FromAlert>,
    pub levels: Vec<LevelChoice>,
    pub teams: Vec<(TeamId, String)>,
    /// Others that go on: it may be one of them.
    pub open: Vec<(IncidentId, String)>,
    pub people: Vec<PersonName>,
    pub now: Time,
    pub can_declare: bool,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IncidentTrouble {
    /// Somebody changed it since it was looked at.
    Stale,
    /// It does not lead there. The place names the status and the move.
    NotFrom,
    /// The place lists what is missing.
    Unfinished,
    NoReason,
    IntoItself,
    /// The other is over.
    TargetOver,
    Empty,
    Long,
    NoLevel,
    /// The place names the alert, and the incident it belongs to where the reader may know of it.
    AlertTaken,
    /// No alert of that number.
    NoAlerts,
    NoPerson,
    Over,
    /// No moment where one should stand.
    Moment,
    /// It lies ahead of now.
    Ahead,
    Address,
    NoRooms,
    HasRoom,
    /// The graph can't be drawn.
    Graph,
    TooMany,
    /// No incident of that number.
    NoIncident,
    /// What was there is gone.
    Gone,
    Other,
}

impl IncidentTrouble {
    /// Each with its word.
    pub const ALL: [(Self, &str); 23] = [
        (Self::Stale, "incident.stale"),
        (Self::NotFrom, "incident.not_from"),
        (Self::Unfinished, "incident.unfinished"),
        (Self::NoReason, "incident.no_reason"),
        (Self::IntoItself, "incident.into_itself"),
        (Self::TargetOver, "incident.target_over"),
        (Self::Empty, "incident.empty"),
        (Self::Long, "incident.long"),
        (Self::NoLevel, "incident.no_level"),
        (Self::AlertTaken, "incident.alert_taken"),
        (Self::NoAlerts, "incident.no_alerts"),
        (Self::NoPerson, "incident.no_person"),
        (Self::Over, "incident.over"),
        (Self::Moment, "incident.moment"),
        (Self::Ahead, "incident.ahead"),
        (Self::Address, "incident.address"),
        (Self::NoRooms, "incident.no_rooms"),
        (Self::HasRoom, "incident.has_room"),
        (Self::Graph, "incident.graph"),
        (Self::TooMany, "incident.too_many"),
        (Self::NoIncident, "incident.no_incident"),
        (Self::Gone, "incident.gone"),
        (Self::Other, "incident.other"),
    ];

    /// As it crosses the door: the word, a slash, and the field of the form or what it is about.
    #[must_use]
    pub fn field(self, place: &str) -> String {
        let word: &str = Self::ALL.iter().find(|(trouble, _)| *trouble == self).map_or("incident", |(_, word)| *word);
        if place.is_empty() { word.to_owned() } else { format!("{word}/{place}") }
    }

    /// The refusal; what was expected is said in English for programs.
    #[must_use]
    pub fn refused(self, place: &str, expected: &str) -> ApiError {
        ApiError::Invalid { field: self.field(place), expected: Expected::other(expected) }
    }

    /// What a refusal is about, and its place, if it is one of these.
    #[must_use]
    pub fn of(field: &str) -> Option<(Self, &str)> {
        let (word, place) = field.split_once('/').unwrap_or((field, ""));
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(trouble, _)| (*trouble, place))
    }
}

/// Words of what can be missing, in the order in which it is asked for.
const MISSING: [(Missing, &str); 19] = [
    (Missing::Detection, "detection"),
    (Missing::Occurrence, "occurrence"),
    (Missing::Classification, "classification"),
    (Missing::Page, "page"),
    (Missing::Acknowledgement, "acknowledgement"),
    (Missing::Commander, "commander"),
    (Missing::Scope, "scope"),
    (Missing::StopGap, "stop_gap"),
    (Missing::Informing, "informing"),
    (Missing::Search, "search"),
    (Missing::Cause, "cause"),
    (Missing::Fix, "fix"),
    (Missing::Verification, "verification"),
    (Missing::Postmortem, "postmortem"),
    (Missing::Publication, "publication"),
    (Missing::FollowUps, "follow_ups"),
    (Missing::Owners { n: 0 }, "owners"),
    (Missing::Dates { n: 0 }, "dates"),
    (Missing::Open { n: 0 }, "open"),
];

/// What is missing, as the place of [`IncidentTrouble::Unfinished`] has it: `postmortem,owners:2`.
#[must_use]
pub fn missing_place(missing: &[Missing]) -> String {
    let words: Vec<String> = missing.iter().map(|one| missing_word(*one)).collect();
    words.join(",")
}

fn missing_word(missing: Missing) -> String {
    let (bare, n): (Missing, usize) = match missing {
        Missing::Owners { n } => (Missing::Owners { n: 0 }, n),
        Missing::Dates { n } => (Missing::Dates { n: 0 }, n),
        Missing::Open { n } => (Missing::Open { n: 0 }, n),
        other => (other, 0),
    };
    let word: &str = MISSING.iter().find(|(known, _)| *known == bare).map_or("", |(_, word)| *word);
    if n > 0 { format!("{word}:{n}") } else { word.to_owned() }
}

/// The same read back. Words that nobody knows are left out.
#[must_use]
pub fn missing_of(place: &str) -> Vec<Missing> {
    place.split(',').filter_map(missing_read).collect()
}

fn missing_read(word: &str) -> Option<Missing> {
    let (word, n) = word.split_once(':').unwrap_or((word, "0"));
    let n: usize = n.parse().ok()?;
    let (found, _) = MISSING.iter().find(|(_, known)| *known == word)?;
    Some(match found {
        Missing::Owners { .. } => Missing::Owners { n },
        Missing::Dates { .. } => Missing::Dates { n },
        Missing::Open { .. } => Missing::Open { n },
        other => *other,
    })
}

#[cfg(test)]
mod tests {
    use super::{IncidentTrouble, MISSING, missing_of, missing_place};
    use crate::ApiError;
    use model::incident::steps::Missing;

    #[test]
    fn what_is_missing_comes_back_with_its_numbers() {
        let all: Vec<Missing> = MISSING.iter().map(|(missing, _)| *missing).collect();
        assert_eq!(missing_of(&missing_place(&all)), all);
        let two = [Missing::Postmortem, Missing::Owners { n: 2 }];
        assert_eq!(missing_place(&two), "postmortem,owners:2");
        assert_eq!(missing_of("postmortem,owners:2,x,dates:y"), two);
    }

    #[test]
    fn every_trouble_comes_back_from_its_refusal_with_its_place() {
        for (trouble, word) in IncidentTrouble::ALL {
            let ApiError::Invalid { field, .. } = trouble.refused("title", "something else") else { panic!("{word}") };
            assert_eq!(IncidentTrouble::of(&field), Some((trouble, "title")), "{word}");
            assert_eq!(IncidentTrouble::of(&trouble.field("")), Some((trouble, "")), "{word}");
        }
        assert_eq!(IncidentTrouble::of("duty.stale"), None);
    }
}
