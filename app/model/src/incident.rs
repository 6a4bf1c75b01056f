//! An incident: the human side of something that goes wrong. Its states, what may lead from one to another, and why not.
//!
//! Declared → acknowledged → identified → mitigated → resolved → closed. One may skip ahead (a fix that works needs no name for the cause),
//! never by closing. It can also end as merged into another, or dismissed as a false alarm. Reopening goes back to acknowledged, since
//! somebody has it.
//!
//! What a state is called on screen, who may change it, and the timeline are not here.

pub mod roles;
pub mod steps;

use crate::Severity;
use serde::{Deserialize, Serialize};
use steps::{IncidentFacts, Missing};

/// The longest title and the longest reason, in UTF-16 code units, as forms count them.
pub const MAX_TITLE: usize = 200;
pub const MAX_REASON: usize = 2_000;

/// How far an incident is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IncidentStatus {
    /// It is one; nobody has it yet.
    Declared,
    /// Somebody has it and looks for the cause.
    Acknowledged,
    /// The cause is known.
    Identified,
    /// What people suffer from has ended; it is watched.
    Mitigated,
    /// It is over.
    Resolved,
    /// Nothing is left to do.
    Closed,
    /// It is part of another.
    Merged,
    /// It was none.
    Dismissed,
}

impl IncidentStatus {
    /// Every status, in order.
    pub const ALL: [Self; 8] = [
        Self::Declared,
        Self::Acknowledged,
        Self::Identified,
        Self::Mitigated,
        Self::Resolved,
        Self::Closed,
        Self::Merged,
        Self::Dismissed,
    ];

    /// The word in the database and in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Acknowledged => "acknowledged",
            Self::Identified => "identified",
            Self::Mitigated => "mitigated",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Merged => "merged",
            Self::Dismissed => "dismissed",
        }
    }

    /// The status of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether it still goes on: clocks run, people are needed.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Declared | Self::Acknowledged | Self::Identified | Self::Mitigated)
    }

    /// Whether nothing is expected of it any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Closed | Self::Merged | Self::Dismissed)
    }
}

/// What somebody does to an incident's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Move {
    Acknowledge,
    Identify,
    Mitigate,
    Resolve,
    Close,
    /// It came back, or was not over.
    Reopen,
    /// Into another incident.
    Merge,
    /// Out of it again.
    Split,
    /// A false alarm.
    Dismiss,
}

impl Move {
    /// Every move, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Acknowledge,
        Self::Identify,
        Self::Mitigate,
        Self::Resolve,
        Self::Close,
        Self::Reopen,
        Self::Merge,
        Self::Split,
        Self::Dismiss,
    ];

    /// The word in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Identify => "identify",
            Self::Mitigate => "mitigate",
            Self::Resolve => "resolve",
            Self::Close => "close",
            Self::Reopen => "reopen",
            Self::Merge => "merge",
            Self::Split => "split",
            Self::Dismiss => "dismiss",
        }
    }

    /// The move of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|found| found.as_str() == word)
    }

    /// Whether it must be said why.
    #[must_use]
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::Reopen | Self::Dismiss)
    }
}

/// Why a move is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody was faster, or it does not lead there.
    #[error("an incident that is {} can't be moved by {}", .from.as_str(), .by.as_str())]
    NotFrom { from: IncidentStatus, by: Move },
    /// It is so already: not a mistake, and nothing to do.
    #[error("the incident is {} already", .0.as_str())]
    Already(IncidentStatus),
    /// It can't be closed before these are there.
    #[error("the incident can't be closed: {} of what it needs are missing", .0.len())]
    Unfinished(Vec<Missing>),
    #[error("a reason is needed to {}", .0.as_str())]
    NoReason(Move),
    #[error("an incident can't be merged into itself")]
    IntoItself,
    /// The other is merged itself, or no longer there to take anything.
    #[error("an incident that is {} can't take another", .0.as_str())]
    TargetOver(IncidentStatus),
}

/// Where a move leads.
///
/// # Errors
/// Why it does not.
pub fn moved(facts: &IncidentFacts, by: Move, reason: &str) -> Result<IncidentStatus, Refusal> {
    let from: IncidentStatus = facts.status;
    let to: IncidentStatus = led(from, by, facts)?;
    if by.needs_reason() && reason.trim().is_empty() {
        return Err(Refusal::NoReason(by));
    }
    if by == Move::Close {
        let missing: Vec<Missing> = steps::missing_to_close(facts);
        if !missing.is_empty() {
            return Err(Refusal::Unfinished(missing));
        }
    }
    Ok(to)
}

fn led(from: IncidentStatus, by: Move, facts: &IncidentFacts) -> Result<IncidentStatus, Refusal> {
    use IncidentStatus::{Acknowledged, Closed, Declared, Dismissed, Identified, Merged, Mitigated, Resolved};
    let not_from = Err(Refusal::NotFrom { from, by });
    match by {
        Move::Acknowledge => ahead(from, Acknowledged, by),
        Move::Identify => ahead(from, Identified, by),
        Move::Mitigate => ahead(from, Mitigated, by),
        Move::Resolve => ahead(from, Resolved, by),
        Move::Close if from == Resolved => Ok(Closed),
        Move::Close if from == Closed => Err(Refusal::Already(Closed)),
        Move::Reopen if matches!(from, Mitigated | Resolved | Closed | Dismissed) => Ok(Acknowledged),
        Move::Merge if from.is_open() || from == Resolved => Ok(Merged),
        Move::Split if from == Merged => Ok(if facts.acknowledged_at.is_some() { Acknowledged } else { Declared }),
        Move::Dismiss if from.is_open() => Ok(Dismissed),
        Move::Dismiss if from == Dismissed => Err(Refusal::Already(Dismissed)),
        Move::Close | Move::Reopen | Move::Merge | Move::Split | Move::Dismiss => not_from,
    }
}

/// Towards the end, over any number of states, but not from a final one.
fn ahead(from: IncidentStatus, to: IncidentStatus, by: Move) -> Result<IncidentStatus, Refusal> {
    if from == to {
        return Err(Refusal::Already(to));
    }
    if from.is_open() && from < to { Ok(to) } else { Err(Refusal::NotFrom { from, by }) }
}

/// Whether one incident may be merged into another. Beyond [`moved`] for the one that ends.
///
/// # Errors
/// Why not.
pub fn may_take(is_same: bool, target: IncidentStatus) -> Result<(), Refusal> {
    if is_same {
        return Err(Refusal::IntoItself);
    }
    if target.is_final() { Err(Refusal::TargetOver(target)) } else { Ok(()) }
}

/// What may be done with an incident as it is, for offering: moves whose own refusal would say what is missing are among them.
#[must_use]
pub fn moves(facts: &IncidentFacts) -> Vec<Move> {
    Move::ALL.into_iter().filter(|by| led(facts.status, *by, facts).is_ok()).collect()
}

/// The severity of an incident that others were merged into: the worst.
#[must_use]
pub fn worst(severities: &[Severity]) -> Option<Severity> {
    severities.iter().min().copied()
}

#[cfg(test)]
mod tests;
