//! What dashboards require of the world; `server/src/wiring/boards.rs` supplies it.

use async_trait::async_trait;
use chart::{Marker, Stretch};
use figures::Locale;
use model::labels::Labels;
use model::{Severity, Time};
use promql::ast::{Expr, Span};
use std::sync::Arc;
use thiserror::Error;

/// Where a dashboard's answers come from. Cheap to clone.
#[derive(Clone)]
pub struct Needs {
    pub numbers: Arc<dyn Numbers>,
    pub happenings: Arc<dyn Happenings>,
}

/// Whoever evaluates expressions.
#[async_trait]
pub trait Numbers: Send + Sync {
    /// The elements at a moment; a scalar is one without labels.
    async fn instant(&self, expr: &Expr, at: Time) -> Result<Vec<Number>, Unanswered>;

    /// The series over a span, a point a step where there is one.
    async fn range(&self, expr: &Expr, from: Time, to: Time, step_ms: i64) -> Result<Vec<Line>, Unanswered>;

    /// Values of a label over the series of a selector (empty: all series), ascending, at most `most` of them.
    async fn label_values(&self, label: &str, selector: &str, span: (Time, Time), most: usize)
    -> Result<Vec<String>, Unanswered>;
}

/// Whoever knows what went on.
#[async_trait]
pub trait Happenings: Send + Sync {
    /// What went on in a span, for every chart of a dashboard: incidents begun and resolved, alerts that fired and who took them,
    /// maintenance, in the reader's language.
    async fn happened(&self, from: Time, to: Time, locale: Locale) -> Happened;

    /// Open alerts: the metrics that their rules name, and how bad it is.
    async fn open(&self) -> Vec<(Vec<String>, Severity)>;
}

/// What went on, as charts show it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Happened {
    pub flags: Vec<Marker>,
    pub stretches: Vec<Stretch>,
}

/// One element of an instant answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    pub labels: Labels,
    pub value: f64,
}

/// One series of an answer over a span.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub labels: Labels,
    /// Milliseconds since the Unix epoch and values, ascending.
    pub points: Vec<(i64, f64)>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unanswered {
    #[error("{message}")]
    Refused {
        message: String,
        /// Bytes of the expression.
        span: Option<Span>,
    },
    #[error("{0}")]
    TooMuch(String),
    #[error("{0}")]
    TooSlow(String),
    #[error("too much is asked at once")]
    Busy,
    #[error("metrics do not answer")]
    Unavailable,
}
