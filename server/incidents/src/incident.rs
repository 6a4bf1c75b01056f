//! An incident as it is kept, and as it is looked at.

use crate::alerts::LinkedAlert;
use crate::clocks::ClockView;
use crate::follow_ups::FollowUp;
use crate::rooms::Room;
use crate::tasks::Task;
use crate::updates::Update;
use model::ids::{IncidentId, PersonId, TeamId};
use model::incident::roles::Roles;
use model::incident::steps::{FollowUps, IncidentFacts, Postmortem, Stage};
use model::incident::{IncidentStatus, Move};
use model::scheme::Level;
use model::{Actor, Severity, Time};
use serde::{Deserialize, Serialize};

/// Characters of what is known of an incident, in UTF-16 code units, as forms count them.
pub const MAX_SUMMARY: usize = 10_000;
/// Systems of one incident, and characters of the name of one.
pub const MAX_SYSTEMS: usize = 50;
pub const MAX_SYSTEM: usize = 120;
/// People who are let in to a private incident.
pub const MAX_INSIDERS: usize = 200;

/// Who did it: a person, a token or a worker of the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    pub name: String,
    pub person: Option<PersonId>,
}

impl By {
    pub(crate) fn of(actor: &Actor) -> Self {
        Self { name: actor.name().to_owned(), person: actor.person_id() }
    }
}

/// What an incident was declared from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Somebody saw it.
    Hand,
    Alert,
    /// Several alerts that were told together.
    Group,
    /// A rule or a route says that its alerts are one.
    Rule,
    /// It was part of another.
    Split,
}

impl Source {
    const ALL: [Self; 5] = [Self::Hand, Self::Alert, Self::Group, Self::Rule, Self::Split];

    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::Alert => "alert",
            Self::Group => "group",
            Self::Rule => "rule",
            Self::Split => "split",
        }
    }

    /// The source of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }
}

/// Moments of the nine steps, beyond those an incident is listed by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Moments {
    pub occurred_at: Option<Time>,
    pub classified_at: Option<Time>,
    pub alerted_at: Option<Time>,
    pub scope_at: Option<Time>,
    pub stop_gap_at: Option<Time>,
    pub informed_at: Option<Time>,
    pub cause_sought_at: Option<Time>,
    pub cause_found_at: Option<Time>,
    pub fixed_at: Option<Time>,
    pub verified_at: Option<Time>,
}

/// A moment that people note by a button, each a part of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// When it began.
    Occurred,
    /// When it was noticed.
    Detected,
    /// Extent and degree are known.
    Scope,
    /// What could be done at once is done.
    StopGap,
    /// Somebody looks for the cause.
    CauseSought,
    /// The fix is in.
    Fixed,
    /// Somebody saw that it works again.
    Verified,
}

impl Mark {
    /// Every mark, in the order of the steps.
    pub const ALL: [Self; 7] =
        [Self::Occurred, Self::Detected, Self::Scope, Self::StopGap, Self::CauseSought, Self::Fixed, Self::Verified];

    /// The word in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Occurred => "occurred",
            Self::Detected => "detected",
            Self::Scope => "scope",
            Self::StopGap => "stop_gap",
            Self::CauseSought => "cause_sought",
            Self::Fixed => "fixed",
            Self::Verified => "verified",
        }
    }

    /// The mark of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.as_str() == word)
    }
}

/// An incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    pub id: IncidentId,
    /// Grows with every change by people.
    pub version: i64,
    pub title: String,
    /// What is known of it: extent, degree. May be empty.
    pub summary: String,
    /// Who owns what is broken.
    pub team: Option<TeamId>,
    pub systems: Vec<String>,
    /// As it was when it was set.
    pub level: Level,
    pub status: IncidentStatus,
    pub source: Source,
    /// `rule/cpu-usage`, `group/g12-e1`, `alert/12`.
    pub source_ref: Option<String>,
    pub is_private: bool,
    /// Who may see it besides those with a part in it, while it is private.
    pub insiders: Vec<PersonId>,
    pub declared_by: By,
    pub declared_at: Time,
    pub detected_at: Option<Time>,
    pub acknowledged_at: Option<Time>,
    pub mitigated_at: Option<Time>,
    pub resolved_at: Option<Time>,
    pub closed_at: Option<Time>,
    pub moments: Moments,
    pub roles: Roles,
    /// Somebody said that none is needed.
    pub no_follow_ups: bool,
    /// The incident it is a part of now.
    pub merged_into: Option<IncidentId>,
    /// The incident it was a part of.
    pub split_from: Option<IncidentId>,
    /// Where people talk about it.
    pub room: Option<Room>,
}

impl Incident {
    /// In the order of the house.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.level.severity
    }

    /// What is known of it, for the nine steps.
    #[must_use]
    pub fn facts(&self, postmortem: Postmortem, follow_ups: FollowUps) -> IncidentFacts {
        let moments: &Moments = &self.moments;
        IncidentFacts {
            status: self.status,
            needs_postmortem: self.level.needs_postmortem,
            occurred_at: moments.occurred_at,
            detected_at: self.detected_at,
            declared_at: self.declared_at,
            classified_at: moments.classified_at,
            alerted_at: moments.alerted_at,
            acknowledged_at: self.acknowledged_at,
            has_commander: self.roles.commander.is_some(),
            scope_at: moments.scope_at,
            stop_gap_at: moments.stop_gap_at,
            informed_at: moments.informed_at,
            cause_sought_at: moments.cause_sought_at,
            cause_found_at: moments.cause_found_at,
            fixed_at: moments.fixed_at,
            mitigated_at: self.mitigated_at,
            verified_at: moments.verified_at,
            resolved_at: self.resolved_at,
            postmortem,
            follow_ups: FollowUps { none_needed: self.no_follow_ups, ..follow_ups },
        }
    }

    /// The moment a mark notes.
    #[must_use]
    pub fn marked(&self, mark: Mark) -> Option<Time> {
        match mark {
            Mark::Occurred => self.moments.occurred_at,
            Mark::Detected => self.detected_at,
            Mark::Scope => self.moments.scope_at,
            Mark::StopGap => self.moments.stop_gap_at,
            Mark::CauseSought => self.moments.cause_sought_at,
            Mark::Fixed => self.moments.fixed_at,
            Mark::Verified => self.moments.verified_at,
        }
    }

    pub(crate) fn place_of(&mut self, mark: Mark) -> &mut Option<Time> {
        match mark {
            Mark::Occurred => &mut self.moments.occurred_at,
            Mark::Detected => &mut self.detected_at,
            Mark::Scope => &mut self.moments.scope_at,
            Mark::StopGap => &mut self.moments.stop_gap_at,
            Mark::CauseSought => &mut self.moments.cause_sought_at,
            Mark::Fixed => &mut self.moments.fixed_at,
            Mark::Verified => &mut self.moments.verified_at,
        }
    }
}

/// Everything about one incident but its timeline.
#[derive(Clone, Debug)]
pub struct Detail {
    pub incident: Incident,
    pub facts: IncidentFacts,
    /// The nine steps, each with what is missing.
    pub stages: Vec<Stage>,
    /// What may be done with it now.
    pub moves: Vec<Move>,
    /// Running clocks and ended ones, in the order in which they began.
    pub clocks: Vec<ClockView>,
    pub alerts: Vec<LinkedAlert>,
    pub tasks: Vec<Task>,
    pub follow_ups: Vec<FollowUp>,
    /// The newest first.
    pub updates: Vec<Update>,
    pub followers: Vec<PersonId>,
    /// Of its timeline.
    pub n_lines: i64,
    /// Incidents that are part of this one.
    pub merged: Vec<IncidentId>,
    /// Incidents that were part of this one.
    pub split_off: Vec<IncidentId>,
    /// When this was looked at.
    pub at: Time,
}
