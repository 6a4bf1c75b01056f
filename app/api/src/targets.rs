//! Where samples come from: targets that are scraped, and programs that push.

use crate::cardinality::Refusal;
use crate::error::ApiError;
use crate::wire::Packed;
use async_trait::async_trait;
use leptos::prelude::*;
use model::Time;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which targets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TargetsQuery {
    /// A part of the address or of a label's value; blank for all.
    pub q: String,
    #[serde(default)]
    pub job: Option<String>,
    /// A [`TargetState`] by its word.
    #[serde(default)]
    pub state: Option<String>,
}

/// How a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetState {
    /// The last scrape failed.
    Down,
    /// Not scraped yet, or by another replica.
    Unknown,
    /// The last scrape succeeded.
    Up,
}

impl TargetState {
    /// All of them, those that need a person first.
    pub const ALL: [Self; 3] = [Self::Down, Self::Unknown, Self::Up];

    /// The word in the address.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Unknown => "unknown",
            Self::Up => "up",
        }
    }

    /// Reads what [`TargetState::word`] wrote.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// Targets and senders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetsView {
    pub now: Time,
    /// In the order of the configuration; only those that are asked for.
    pub jobs: Vec<JobView>,
    /// Targets that fit and are not shown.
    pub rest: u32,
    /// Whether a file of targets is named in the settings.
    pub is_scraping: bool,
    pub senders: Vec<SenderRow>,
    /// The address that programs reach this server under.
    pub public_url: String,
}

/// A job: targets that are scraped alike.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JobView {
    pub name: String,
    /// Targets by state, in the order of [`TargetState::ALL`].
    pub tally: [u32; 3],
    /// Those that need a person first.
    pub targets: Vec<TargetRow>,
    /// What relabelling dropped, before it did.
    pub dropped: Vec<Pairs>,
    /// How many that were.
    pub dropped_total: u32,
    /// What could not be read, resolved or scraped.
    pub troubles: Vec<String>,
}

/// Labels: name and value, sorted by name.
pub type Pairs = Vec<(String, String)>;

/// A target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetRow {
    pub url: String,
    pub state: TargetState,
    pub last_scrape: Option<Time>,
    /// How long the last scrape took.
    pub took_ms: i64,
    pub interval_ms: i64,
    pub samples: u64,
    /// Why the last scrape failed, or what it brought that could not be stored; whole.
    pub error: Option<String>,
    /// Written with its samples.
    pub labels: Pairs,
    /// Before relabelling.
    pub discovered: Pairs,
}

/// A program that pushes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SenderRow {
    /// What its token is called.
    pub name: String,
    /// When samples of it were last taken. Before the server began nobody knows: then it is when the token was used last.
    pub wrote_at: Option<Time>,
    /// Whether `wrote_at` is only a use of the token.
    pub is_use: bool,
    /// Samples a minute, the mean of up to five minutes.
    pub per_minute: f64,
    pub accepted: u64,
    pub refused: u64,
    pub refusal: Option<Refusal>,
}

/// Answers the screen of targets.
#[async_trait]
pub trait TargetsApi: Send + Sync {
    async fn targets(&self, query: TargetsQuery) -> Result<TargetsView, ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn TargetsApi> {
    expect_context::<Arc<dyn TargetsApi>>()
}

/// Targets by job, and who pushes.
#[server(prefix = "/call", endpoint = "target_list", output = Packed)]
pub async fn target_list(query: TargetsQuery) -> Result<TargetsView, ApiError> {
    room().targets(query).await
}

#[cfg(test)]
mod tests {
    use super::TargetState;

    #[test]
    fn every_state_has_a_word_that_reads_back() {
        for state in TargetState::ALL {
            assert_eq!(TargetState::from_word(state.word()), Some(state));
        }
        assert_eq!(TargetState::from_word("sideways"), None);
    }
}
