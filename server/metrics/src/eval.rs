//! The PromQL evaluator: an expression, a source of series, a moment or a range of moments; an answer.
//!
//! It works in two phases. First `plan` walks the expression once, resolves every duration, refuses by name what is not
//! covered, and lists what has to be read; the engine reads each of those once (`fetch`). What a selector or a range function
//! without scalars makes of a series is computed while it is read, part by part, so that its samples are not held: range functions
//! slide their windows over the points of one series after the other (`window`), or over steps where the source has them (`folds`).
//! Then `walk` computes, without waiting for anything: every sub-expression for all steps of the query at once, one column of
//! numbers per series (`series`).
//!
//! The rules are those of Prometheus 3.14: left-open, right-closed windows, staleness markers, delayed removal of metric
//! names, compensated sums. Absent on purpose: native histograms (none is ever stored, so functions of them alone find
//! none, and what makes or trims one is refused by name), and the experimental `anchored`, `smoothed`, `fill`, `info()`,
//! `limitk`, `limit_ratio` and `histogram_quantiles`.

mod aggregate;
mod binary;
mod buckets;
#[doc(hidden)]
pub mod conformance;
mod dates;
mod failure;
mod fetch;
mod folds;
mod grid;
mod groups;
mod mapping;
mod matching;
mod notes;
mod over_time;
mod plan;
mod rank;
mod rates;
mod relabel;
mod select;
mod series;
mod sets;
mod sorting;
mod sums;
#[cfg(test)]
mod tests;
mod until;
mod walk;
mod window;

use model::Time;
use model::labels::Labels;
use promql::ast::Expr;

use crate::source::{SeriesData, Source};
pub use failure::EvalError;
use fetch::Fetched;
use grid::Frame;
use plan::Plan;
use series::{Budget, Deadline};
pub use until::Until;
use walk::Walk;

/// How long a sample speaks for its series when no newer one came: Prometheus' default of five minutes.
pub const DEFAULT_LOOKBACK_MS: i64 = 300_000;

/// Samples one query may read and make, before it is refused. A point read costs 16 bytes and a cell 8: 320 MB at the very worst.
pub const DEFAULT_MAX_SAMPLES: usize = 20_000_000;

/// The limits every query runs under.
#[derive(Debug, Clone)]
pub struct Engine {
    /// How far an instant selector looks back for a sample, in milliseconds.
    pub lookback_ms: i64,
    /// Cells of the columns computed, and samples that are held beside them, summed over the whole query. Samples that are only passing
    /// through count as long as they are here; how many may pass is up to the source.
    pub max_samples: usize,
    /// When an answer is of no use any more; queries that are not done by then end with [`EvalError::TimedOut`] or
    /// [`EvalError::Abandoned`].
    pub deadline: Option<Until>,
    /// Whether roll-ups may be used: in place of samples where the answer is the same, and behind their retention.
    pub with_rolls: bool,
}

impl Default for Engine {
    fn default() -> Self {
        Self { lookback_ms: DEFAULT_LOOKBACK_MS, max_samples: DEFAULT_MAX_SAMPLES, deadline: None, with_rolls: true }
    }
}

/// One question to the engine.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// The checked expression.
    pub expr: &'a Expr,
    /// The text it was parsed from, so that warnings can name line and column; empty when it is not at hand (positions
    /// then count from the start of a single line).
    pub text: &'a str,
    /// The first step.
    pub start: Time,
    /// No step lies after it; equal to `start` in an instant query.
    pub end: Time,
    /// Milliseconds between steps; 0 makes it an instant query at `start`.
    pub step_ms: i64,
}

/// What an expression came to.
#[derive(Debug, Clone)]
pub enum Value {
    /// One number (instant queries only).
    Scalar(f64),
    /// A text (instant queries only).
    String(String),
    /// One sample per series (instant queries only), in no order unless the expression sorts.
    Vector(Vec<VectorSample>),
    /// Many points per series, sorted by labels: every range query, and a bare range selector in an instant query.
    Matrix(Vec<SeriesData>),
}

/// One element of an instant vector.
#[derive(Debug, Clone)]
pub struct VectorSample {
    /// Labels that are left after names were dropped.
    pub labels: Labels,
    /// The evaluation time in milliseconds, whatever the age of the sample.
    pub at: i64,
    /// The value.
    pub value: f64,
}

/// A value and what the reader should know about it.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The value.
    pub value: Value,
    /// Likely mistakes: `PromQL warning: … (line:col)`, each once.
    pub warnings: Vec<String>,
    /// Suspicions: `PromQL info: … (line:col)`, each once.
    pub infos: Vec<String>,
}

impl Engine {
    /// The value of `expr` at one moment.
    ///
    /// # Errors
    /// Any [`EvalError`].
    pub async fn instant(&self, source: &dyn Source, expr: &Expr, at: Time) -> Result<Answer, EvalError> {
        let query: Query<'_> = Query { expr, text: "", start: at, end: at, step_ms: 0 };
        self.answer(source, &query).await
    }

    /// The values of `expr` at `start`, `start + step_ms` … up to `end` inclusive, always a [`Value::Matrix`].
    ///
    /// # Errors
    /// Any [`EvalError`]; more than 11,000 steps and expressions that are neither scalar nor instant vector are refused.
    pub async fn range(
        &self,
        source: &dyn Source,
        expr: &Expr,
        start: Time,
        end: Time,
        step_ms: i64,
    ) -> Result<Answer, EvalError> {
        if step_ms <= 0 {
            return Err(EvalError::BadStep);
        }
        let query: Query<'_> = Query { expr, text: "", start, end, step_ms };
        self.answer(source, &query).await
    }

    /// Both of the above, with the text for exact positions. The computation between the reads does not yield: a caller
    /// with other work on its thread gives big queries a thread of their own.
    ///
    /// # Errors
    /// Any [`EvalError`].
    pub async fn answer(&self, source: &dyn Source, query: &Query<'_>) -> Result<Answer, EvalError> {
        let frame: Frame = Frame::of(query.start.0, query.end.0, query.step_ms)?;
        let plan: Plan = Plan::of(query.expr, frame, self.lookback_ms, self.max_samples)?;
        let mut budget: Budget = Budget::new(self.max_samples, Deadline(self.deadline.clone()));
        let fetched: Vec<Fetched> = fetch::fetch(source, &plan, self, &mut budget).await?;
        let walk: Walk = Walk::new(frame, fetched, budget);
        walk.answer(&plan.root, query.text)
    }
}
