//! The first phase: an expression becomes a plan. Durations are resolved, patterns compiled, modifiers pinned, features that
//! are not covered refused by name, and everything that has to be read is listed. Nothing is computed.

mod build;
mod call;

use model::Time;
use model::labels::Labels;
use promql::ast::{AggregateOp, Expr, Matcher, Span, ValueType};
use promql::operators::{BinaryOp, VectorMatching};

use super::dates::DatePart;
use super::failure::EvalError;
use super::grid::{Frame, Grid, Shift};
use super::mapping::Mapping;
use super::relabel::Relabel;
use super::select::Take;
use super::window::RangeFn;
use crate::source::{Demand, Folding, Windows};
use build::Builder;

/// Levels a plan may have: the parser's own limit. Both phases recurse, and two megabytes of stack hold this many.
pub(super) const MAX_DEPTH: usize = 256;

/// Step of a subquery that names none: Prometheus' default evaluation interval.
const DEFAULT_SUBQUERY_STEP_MS: i64 = 60_000;

/// What to compute, and what to read for it.
#[derive(Debug)]
pub(super) struct Plan {
    /// The whole expression.
    pub root: Node,
    /// By slot.
    pub selections: Vec<Selection>,
}

/// Series to be read once, for windows that end at each moment of a grid.
#[derive(Debug)]
pub(super) struct Selection {
    /// Which.
    pub matchers: Vec<Matcher>,
    /// The moments.
    pub grid: Grid,
    /// `offset` and `@` of the windows.
    pub shift: Shift,
    /// How long each window is.
    pub range_ms: i64,
    /// What each series comes to, when that can be told while it is read. `None`: the samples themselves are needed.
    pub reduce: Option<Reduce>,
}

/// What a series comes to at each moment, told from its own samples alone.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reduce {
    /// An instant selector's.
    Newest(Take),
    /// A function of the window that takes no scalars.
    Over(RangeFn),
}

impl Selection {
    /// As the source is asked for it.
    pub fn demand(&self, with_rolls: bool) -> Demand<'_> {
        let first_ms: i64 = self.shift.apply(self.grid.first_ms);
        let is_single: bool = self.grid.len < 2 || self.shift.pinned_ms.is_some();
        let folding: Folding = match self.reduce {
            None => Folding::Never,
            Some(Reduce::Newest(_)) => Folding::Newest,
            Some(Reduce::Over(function)) => function.folding(),
        };
        Demand {
            matchers: &self.matchers,
            from: Time(first_ms.saturating_sub(self.range_ms).saturating_add(1)),
            to: Time(self.shift.apply(self.grid.last_ms())),
            windows: Windows {
                first_ms,
                step_ms: if is_single { 0 } else { self.grid.step_ms },
                range_ms: self.range_ms,
                folding,
            },
            with_rolls,
        }
    }
}

/// One operation.
#[derive(Debug)]
pub(super) struct Node {
    /// Which.
    pub kind: NodeKind,
    /// Where it stands in the text.
    pub span: Span,
}

/// The operations.
#[derive(Debug)]
pub(super) enum NodeKind {
    /// A constant scalar, `step()` and its like included.
    Number(f64),
    /// A string.
    Text(String),
    /// `time()`
    Time,
    /// An instant selector, or `timestamp()` of a bare one: the times of its samples. An index into [`Plan::selections`].
    Select(usize),
    /// A range vector on its own, the answer of an instant query.
    Points(RangeNode),
    /// A function of a range vector.
    Window(Box<WindowCall>),
    /// `absent(…)`
    Absent { arg: Box<Node>, labels: Labels },
    /// A function of each value; `params` are scalars.
    Map { mapping: Mapping, arg: Box<Node>, params: Vec<Node> },
    /// A part of a date; of the time of evaluation when there is no argument.
    Date { part: DatePart, arg: Option<Box<Node>> },
    /// `timestamp()` of anything but a bare selector: the time of evaluation.
    EvalTimes(Box<Node>),
    /// `min_of` and `max_of`.
    Choose { max: bool, lhs: Box<Node>, rhs: Box<Node> },
    /// `scalar(…)`
    ToScalar(Box<Node>),
    /// `vector(…)`
    ToVector(Box<Node>),
    /// `sort` and its like.
    Sort { by: SortBy, descending: bool, arg: Box<Node> },
    /// `label_replace` and `label_join`.
    Relabel { how: Relabel, arg: Box<Node> },
    /// Functions of classic histogram buckets.
    Buckets(Box<BucketCall>),
    /// A function that looks at native histograms and ignores numbers. None is ever stored, so its answer is empty.
    NativeOnly(Box<Node>),
    /// An aggregation.
    Aggregate(Box<AggregateNode>),
    /// `-a`
    Negate(Box<Node>),
    /// A binary operation.
    Binary(Box<BinaryNode>),
}

/// A range vector.
#[derive(Debug)]
pub(super) struct RangeNode {
    /// Where its points come from.
    pub input: RangeInput,
    /// `offset` and `@` of the window.
    pub shift: Shift,
    /// Length of the window, above zero.
    pub range_ms: i64,
}

/// Where the points of a range vector come from.
#[derive(Debug)]
pub(super) enum RangeInput {
    /// A selector; index into [`Plan::selections`].
    Slot(usize),
    /// A subquery, computed on its own grid.
    Subquery { node: Box<Node>, grid: Grid },
    /// A subquery none of whose steps falls into the window.
    Nothing,
}

/// A function of a range vector.
#[derive(Debug)]
pub(super) struct WindowCall {
    /// Which.
    pub function: RangeFn,
    /// The range vector.
    pub over: RangeNode,
    /// Where the range vector stands.
    pub over_span: Span,
    /// Scalars, in the order written.
    pub params: Vec<Node>,
    /// What `absent_over_time` answers with.
    pub absent: Labels,
}

/// What to sort by.
#[derive(Debug)]
pub(super) enum SortBy {
    /// The value.
    Value,
    /// These labels, numbers inside them as numbers.
    Labels(Vec<String>),
}

/// A function of classic histogram buckets.
#[derive(Debug)]
pub(super) struct BucketCall {
    /// Which.
    pub function: BucketFn,
    /// One or two scalars.
    pub params: Vec<Node>,
    /// The buckets.
    pub arg: Node,
}

/// The functions of classic histogram buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BucketFn {
    /// `histogram_quantile(φ, b)`
    Quantile,
    /// `histogram_fraction(lower, upper, b)`
    Fraction,
}

/// An aggregation.
#[derive(Debug)]
pub(super) struct AggregateNode {
    /// Which.
    pub op: AggregateOp,
    /// `k` or `φ`, or the label of `count_values`.
    pub param: Option<Node>,
    /// Which labels make a group.
    pub grouping: Grouping,
    /// What is aggregated.
    pub arg: Node,
}

/// Which labels make a group.
#[derive(Debug, Clone)]
pub(super) struct Grouping {
    /// Those of `by` or `without`.
    pub names: Vec<String>,
    /// Whether they are dropped instead of kept.
    pub without: bool,
}

/// A binary operation.
#[derive(Debug)]
pub(super) struct BinaryNode {
    /// Which.
    pub op: BinaryOp,
    /// Left.
    pub lhs: Node,
    /// Right.
    pub rhs: Node,
    /// Present exactly between two instant vectors.
    pub matching: Option<VectorMatching>,
    /// `bool`
    pub return_bool: bool,
}

impl Plan {
    /// The plan of an expression for the steps of `frame`.
    ///
    /// # Errors
    /// When something in it is not covered, comes to no usable duration, or is not what the parser's checks allow.
    pub fn of(expr: &Expr, frame: Frame, lookback_ms: i64, max_samples: usize) -> Result<Self, EvalError> {
        let found: ValueType = expr.value_type();
        if frame.range && matches!(found, ValueType::Matrix | ValueType::String) {
            return Err(EvalError::NotForRange { found: found.words() });
        }
        let mut builder: Builder = Builder::new(frame, lookback_ms, max_samples);
        let root: Node = match found {
            ValueType::Matrix => builder.points(expr)?,
            _ => builder.node(expr, &frame.grid)?,
        };
        Ok(Self { root, selections: builder.into_selections() })
    }
}
