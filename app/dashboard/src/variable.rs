//! What a reader may choose at the head of a dashboard, and every query may name as `$name` or `${name}`.

use serde::{Deserialize, Serialize};

use crate::said::Said;

/// One choice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// `a-z`, `A-Z`, `0-9`, `_`, not beginning with a digit, nor with `__`, which is ours (`$__interval`, `$__rate_interval`, `$__range`).
    pub name: String,
    pub label: Said,
    pub offer: Offer,
    /// Whether several may be chosen. In a query they become `a|b`, each escaped for a regular expression.
    pub is_multi: bool,
    /// Whether "all" may be chosen.
    pub has_all: bool,
    /// Chosen at first; empty: the first that is offered, or all where that is offered.
    pub default: Vec<String>,
    /// Whether its field is shown.
    pub is_hidden: bool,
}

/// Where its choices come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Offer {
    /// Values of a label, of the series of a selector; an empty selector means all series. `regex` keeps the values that match, and where it has
    /// a group, that group of them.
    LabelValues { label: String, selector: String, regex: String },
    /// Label values of the answer to a query: of each element this label.
    Query { expr: String, label: String },
    /// A fixed list: what is shown, and the value behind it.
    List(Vec<(String, String)>),
    /// Durations (`1m`, `5m`, `1h`), for windows.
    Interval(Vec<String>),
    /// Whatever the reader types.
    #[default]
    Text,
}

impl Offer {
    /// The words of all of them; the usual one first.
    pub const WORDS: [&str; 5] = ["text", "label_values", "query", "list", "interval"];

    /// The word in files and forms, one of [`Offer::WORDS`].
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Offer::Text => "text",
            Offer::LabelValues { .. } => "label_values",
            Offer::Query { .. } => "query",
            Offer::List(_) => "list",
            Offer::Interval(_) => "interval",
        }
    }
}
