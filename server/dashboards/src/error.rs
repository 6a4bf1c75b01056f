//! What can go wrong in this room. All but the last two are safe to show.

use dashboard::Problem;
use model::Time;
use thiserror::Error;

/// Why the room did not do it.
#[derive(Debug, Error)]
pub enum Error {
    #[error("there is no dashboard {0}")]
    NotFound(String),
    /// Also by one that lies in the trash.
    #[error("a dashboard {0} is there already")]
    Taken(String),
    /// Somebody saved it since it was looked at.
    #[error("it was saved as version {newest} by {by} since")]
    Stale { newest: i64, by: String, at: Option<Time> },
    /// It breaks the laws of dashboards; never empty.
    #[error("{}", said(.0))]
    Unlawful(Vec<Problem>),
    /// What was expected of a span, and what was asked for.
    #[error("{0}")]
    Span(String),
    #[error("expected a comment of at most {0} characters")]
    Comment(usize),
    #[error("{table}.{column} of {row} can't be read")]
    Corrupt { table: &'static str, column: &'static str, row: String, source: serde_json::Error },
    #[error("ask the database about dashboards")]
    Db(#[from] sqlx::Error),
    #[error("write a dashboard as JSON")]
    Encode(#[from] serde_json::Error),
}

fn said(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{}: {}", problem.path, problem.sentence())).collect::<Vec<String>>().join("\n")
}
