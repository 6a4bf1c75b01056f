//! Why a query has no answer.

use promql::ast::Span;
use promql::duration::DurationError;
use thiserror::Error;

/// Everything an evaluation can fail with. Where Prometheus has a sentence for it, it is that sentence, so that people
/// find it when they search.
#[derive(Debug, Error)]
pub enum EvalError {
    /// Known, and deliberately not computed here.
    #[error("{what} is not supported")]
    Unsupported {
        /// The feature as written.
        what: String,
        /// Where it stands.
        span: Span,
    },
    /// An expression that the parser's checks would have refused.
    #[error("expected type {expected}")]
    Mistyped {
        /// The type that is needed there.
        expected: &'static str,
        /// Where the other type stands.
        span: Span,
    },
    /// Nested deeper than 256 levels.
    #[error("expression is nested too deeply")]
    TooDeep {
        /// The innermost node looked at.
        span: Span,
    },
    /// A range, step or offset that comes to nothing usable.
    #[error("{source}")]
    Duration {
        /// Why.
        source: DurationError,
        /// Where it stands.
        span: Span,
    },
    /// A range query whose step is not above zero.
    #[error("zero or negative query resolution step widths are not accepted")]
    BadStep,
    /// A range query that ends before it starts.
    #[error("end timestamp must not be before start time")]
    BadRange,
    /// More steps than a chart could ever show.
    #[error("exceeded maximum resolution of 11,000 points per timeseries, try a larger step or a shorter range")]
    TooManySteps,
    /// The engine's `max_samples`.
    #[error("query processing would load too many samples into memory in query execution")]
    TooManySamples,
    /// The engine's `deadline`.
    #[error("query timed out in expression evaluation")]
    TimedOut,
    /// Whoever asked is gone.
    #[error("query was canceled in expression evaluation")]
    Abandoned,
    /// A range query over a string or a range vector.
    #[error("invalid expression type {found:?} for range query, must be scalar or instant vector")]
    NotForRange {
        /// The type of the expression.
        found: &'static str,
    },
    /// Two elements that cannot be told apart.
    #[error("vector cannot contain metrics with the same labelset")]
    SameLabelset,
    /// The "one" side of a match has two series.
    #[error(
        "found duplicate series for the match group {group} on the {side} hand-side of the operation: [{pair}];many-to-many matching not allowed: matching labels must be unique on one side"
    )]
    DuplicateSeries {
        /// The labels the match went by.
        group: String,
        /// `left` or `right`.
        side: &'static str,
        /// Both series, sorted.
        pair: String,
        /// The operation.
        span: Span,
    },
    /// One series of the right met two of the left without `group_left`.
    #[error("multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)")]
    ManyToOne {
        /// The operation.
        span: Span,
    },
    /// `group_left` made two results with the same labels.
    #[error("multiple matches for labels: grouping labels must ensure unique matches")]
    GroupingNotUnique {
        /// The operation.
        span: Span,
    },
    /// `topk(NaN, …)`
    #[error("Parameter value is NaN")]
    ParameterNaN {
        /// The parameter.
        span: Span,
    },
    /// `topk(1e30, …)`
    #[error("Scalar value {value} {direction}flows int64")]
    ParameterOutOfRange {
        /// The value as written in PromQL.
        value: String,
        /// `over` or `under`.
        direction: &'static str,
        /// The parameter.
        span: Span,
    },
    /// A smoothing or trend factor outside 0 … 1.
    #[error("invalid {which} factor. Expected: 0 < {short} < 1, got: {value:.6}")]
    BadFactor {
        /// `smoothing` or `trend`.
        which: &'static str,
        /// `sf` or `tf`.
        short: &'static str,
        /// What was given.
        value: f64,
        /// The argument.
        span: Span,
    },
    /// An empty or malformed label name in a string argument.
    #[error("invalid {role} in {function}(): {name}")]
    BadLabelName {
        /// What the name was for.
        role: &'static str,
        /// The function.
        function: &'static str,
        /// The name given.
        name: String,
        /// The argument.
        span: Span,
    },
    /// `count_values` into a label without a name.
    #[error("invalid label name {name:?}")]
    BadValueLabel {
        /// The name given.
        name: String,
        /// The argument.
        span: Span,
    },
    /// Labels that double with every call would fill the memory.
    #[error("a label value made by label_replace() or label_join() is longer than {limit} bytes")]
    TooLongLabel {
        /// The most there may be.
        limit: usize,
    },
    /// `label_replace` with a pattern that is none.
    #[error("invalid regular expression in label_replace(): {pattern}")]
    BadRegex {
        /// The pattern as given.
        pattern: String,
        /// Why.
        source: Box<regex::Error>,
        /// The argument.
        span: Span,
    },
    /// The series could not be read.
    #[error("read series")]
    Storage(#[from] Box<crate::error::Error>),
}

impl EvalError {
    /// Where in the text the fault lies, when it lies in one place.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Unsupported { span, .. }
            | Self::Mistyped { span, .. }
            | Self::TooDeep { span }
            | Self::Duration { span, .. }
            | Self::DuplicateSeries { span, .. }
            | Self::ManyToOne { span }
            | Self::GroupingNotUnique { span }
            | Self::ParameterNaN { span }
            | Self::ParameterOutOfRange { span, .. }
            | Self::BadFactor { span, .. }
            | Self::BadLabelName { span, .. }
            | Self::BadValueLabel { span, .. }
            | Self::BadRegex { span, .. } => Some(*span),
            Self::BadStep
            | Self::BadRange
            | Self::TooManySteps
            | Self::TooManySamples
            | Self::TimedOut
            | Self::Abandoned
            | Self::NotForRange { .. }
            | Self::SameLabelset
            | Self::TooLongLabel { .. }
            | Self::Storage(_) => None,
        }
    }
}
