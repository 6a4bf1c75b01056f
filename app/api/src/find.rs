//! What the palette finds besides screens.

use crate::error::ApiError;
use crate::text::Text;
use async_trait::async_trait;
use leptos::prelude::*;
use model::Severity;
use model::alert::AlertState;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The longest text that is looked for, in characters.
pub const LONGEST_TEXT: u32 = 100;

/// What kind of thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundKind {
    Host,
    Alert,
    Rule,
    Person,
    Document,
    Dashboard,
}

/// How an alert stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundAlert {
    pub severity: Severity,
    pub state: AlertState,
    /// Whether somebody has it.
    pub held: bool,
}

/// One thing, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub kind: FoundKind,
    /// What it is called.
    pub label: Text,
    /// What tells it apart from others of that name; the same in every language. May be empty.
    pub hint: String,
    pub href: String,
    /// Only of alerts.
    #[serde(default)]
    pub alert: Option<FoundAlert>,
}

/// Answers the palette.
#[async_trait]
pub trait FindApi: Send + Sync {
    /// A few things of each kind that hold every word of `text`, kind by kind. Nothing for a text of blanks.
    async fn find(&self, text: String) -> Result<Vec<Found>, ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn FindApi> {
    expect_context::<Arc<dyn FindApi>>()
}

/// What is called so: hosts, dashboards, alerts by number and words, rules, documents, people.
#[server(prefix = "/call", endpoint = "find")]
pub async fn find(text: String) -> Result<Vec<Found>, ApiError> {
    room().find(text).await
}
