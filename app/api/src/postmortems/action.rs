//! What is to be done so that it does not happen again: the follow-ups of incidents, wherever they are shown.

use crate::oncall::PersonName;
use model::Time;
use model::ids::IncidentId;
use model::postmortem::ActionKind;
use serde::{Deserialize, Serialize};

/// Which actions to show; the same words stand in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ActionQuery {
    /// An id, or `me`; empty: everybody's.
    pub owner: String,
    /// `overdue`, `soon`, `undated`, `unowned`; empty: all that are open.
    pub show: String,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionView {
    pub incident: IncidentId,
    pub incident_title: String,
    pub number: i64,
    pub version: i64,
    pub title: String,
    pub kind: ActionKind,
    pub owner: Option<PersonName>,
    /// `2026-12-24`.
    pub due_on: Option<String>,
    /// Days from the reader's today until then; negative when that is over.
    pub left_days: Option<i64>,
    /// Where it is worked on.
    pub url: Option<String>,
    /// Where somebody else can see that it is done.
    pub evidence: Option<String>,
    /// By whom and when it was done.
    pub done: Option<(String, Time)>,
}

impl ActionView {
    /// Whether its day is over and it is not done.
    #[must_use]
    pub fn is_overdue(&self) -> bool {
        self.done.is_none() && self.left_days.is_some_and(|days| days < 0)
    }
}

/// The list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionSheet {
    /// Those due first come first; those without a day last.
    pub actions: Vec<ActionView>,
    /// How many there are of the selection.
    pub total: u32,
    /// Of everybody's: whose day is over, and who have none to do them or none to be done on.
    pub n_overdue: u32,
    pub n_soon: u32,
    pub n_undated: u32,
    pub n_unowned: u32,
    pub people: Vec<PersonName>,
    pub can_work: bool,
}

/// An action as a form has it; of an empty number a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ActionWish {
    pub incident: i64,
    pub number: String,
    pub version: String,
    pub title: String,
    /// `mitigate`, `prevent`, `detect`, `process`.
    pub kind: String,
    /// An id; empty for nobody yet.
    pub owner: String,
    pub due_on: String,
    pub url: String,
    /// `actions`: back to the list of all of them.
    pub back: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_never_overdue() {
        let mut one = ActionView {
            incident: IncidentId(1),
            incident_title: String::new(),
            number: 1,
            version: 1,
            title: String::new(),
            kind: ActionKind::Prevent,
            owner: None,
            due_on: Some("2026-11-20".to_owned()),
            left_days: Some(-2),
            url: None,
            evidence: None,
            done: None,
        };
        assert!(one.is_overdue());
        one.done = Some(("佐藤".to_owned(), Time(0)));
        assert!(!one.is_overdue());
    }
}
