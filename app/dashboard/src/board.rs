//! A dashboard: rows of panels over one span of time.

use serde::{Deserialize, Serialize};

use crate::panel::Panel;
use crate::said::Said;
use crate::variable::Variable;

/// A dashboard as its author wrote it. What it shows for a reader is made of it by `server/dashboards`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dashboard {
    /// What its address ends in: `a-z`, `0-9`, `-`; 1 to 64 characters.
    pub slug: String,
    pub title: Said,
    /// Markdown, a paragraph or two.
    pub description: Said,
    pub tags: Vec<String>,
    /// The team that answers for it; none: everybody with the right to edit.
    pub team: Option<String>,
    /// The span it opens with.
    pub span: Span,
    pub refresh: Refresh,
    pub links: Vec<Link>,
    /// In the order their choices depend on each other: a query may name the variables before it.
    pub variables: Vec<Variable>,
    pub rows: Vec<Row>,
}

/// The last so many milliseconds until now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span(pub i64);

impl Default for Span {
    fn default() -> Self {
        Self(3_600_000)
    }
}

/// When new points come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refresh {
    /// As samples arrive.
    #[default]
    Live,
    /// Every so many milliseconds, at least 5,000.
    Every(i64),
    /// When the reader asks.
    Off,
}

/// A way to somewhere else. `$variable`s of the address are filled in and encoded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub title: Said,
    /// A path of the console, or an address with http or https.
    pub href: String,
    /// Whether the span shown is handed on as `from` and `to`.
    pub keeps_span: bool,
}

/// Panels under one heading. The first row may have none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub title: Said,
    pub is_folded: bool,
    /// The variable for each of whose chosen values the row stands once.
    pub repeat: Option<String>,
    pub panels: Vec<Panel>,
}
