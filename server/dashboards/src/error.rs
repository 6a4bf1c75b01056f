//! What can keep a dashboard from being shown.

use thiserror::Error;

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum Error {
    /// What was expected of a span, and what was asked for.
    #[error("{0}")]
    Span(String),
}
