//! What missing data mean for a rule.

use crate::state::RESOLVE_ABSENT_AFTER_MS;
use model::Severity;
use serde::{Deserialize, Serialize};

/// What is done when a series goes silent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoData {
    /// Nothing: what fires goes on, what does not stays quiet.
    #[default]
    Keep,
    /// Silence is fine: after the timeframe it ends what fires.
    Ok,
    /// Somebody is told, for each series by itself.
    Notify,
}

impl NoData {
    /// Every policy.
    pub const ALL: [Self; 3] = [Self::Keep, Self::Ok, Self::Notify];

    /// The word in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Ok => "ok",
            Self::Notify => "notify",
        }
    }

    /// The policy of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.as_str() == word)
    }
}

/// The policy and its times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    pub policy: NoData,
    /// How long a series must be silent before the policy says anything.
    pub timeframe_ms: i64,
    /// After so long nobody answers for the series any more: it is forgotten, and what it raised is over.
    pub resolve_after_ms: i64,
    /// Of the alert that tells of missing data; `None` is the rule's own.
    pub severity: Option<Severity>,
}

/// Twice the five minutes that a query looks back: what a rule without a longer window waits.
pub const SHORTEST_TIMEFRAME_MS: i64 = 10 * 60_000;

impl Default for Absence {
    fn default() -> Self {
        Self {
            policy: NoData::Keep,
            timeframe_ms: SHORTEST_TIMEFRAME_MS,
            resolve_after_ms: RESOLVE_ABSENT_AFTER_MS,
            severity: None,
        }
    }
}
