//! How a page that nobody answers is repeated. Kept here with the rule; routing acts on it.

use super::Text;
use crate::state::Level;
use serde::{Deserialize, Serialize};

/// When and how often to say it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renotify {
    /// Milliseconds between repetitions.
    pub interval_ms: i64,
    /// At which levels; never empty.
    pub on: Vec<Level>,
    /// At most so many repetitions; `None` is until somebody answers.
    pub most: Option<u32>,
    /// Added to a repeated page; empty says nothing more. A template.
    pub message: Text,
}
