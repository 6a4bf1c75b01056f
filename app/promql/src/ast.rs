//! The tree of a PromQL expression, as the parser builds it and the evaluator walks it.
//!
//! Every node carries the byte range of the text it came from, so annotations, squiggles and
//! completion can point at it. There is no placeholder node: a partial tree (see
//! [`crate::parse_partial`]) simply leaves out what could not be read. Nothing here knows how a
//! value is computed.

use crate::duration::DurationExpr;
use crate::functions::Function;
use crate::operators::{BinaryOp, VectorMatching};

/// A half-open byte range `start..end` inside the parsed text. Both ends lie on character borders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest range that holds both.
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// Whether a cursor standing before byte `offset` touches this range, both borders included.
    pub fn touches(self, offset: usize) -> bool {
        self.start <= offset && offset <= self.end
    }
}

/// One node of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What the node is.
    pub kind: ExprKind,
    /// Where it stands, modifiers (`offset`, `@`, `by (…)`) included.
    pub span: Span,
}

/// The kinds of node.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `1.5`, `0x1F`, `Inf`, or a duration standing as a number of seconds: `5m`.
    NumberLiteral(NumberLiteral),
    /// `"text"`, already unescaped. A string whose escapes make bytes that are not UTF-8 is
    /// accepted only as the whole expression; there U+FFFD stands for such bytes.
    StringLiteral(String),
    /// `metric{label="value"} offset 5m`: an instant vector.
    VectorSelector(VectorSelector),
    /// `metric[5m]`: a range vector.
    MatrixSelector(MatrixSelector),
    /// `expr[1h:1m]`: a range vector.
    Subquery(Subquery),
    /// `rate(…)`.
    Call(Call),
    /// `sum by (job) (…)`.
    Aggregate(Aggregate),
    /// `a + b`.
    Binary(Binary),
    /// `-a`.
    Unary(Unary),
    /// `(a)`: kept, because a selector in parentheses takes no `offset`.
    Paren(Box<Expr>),
}

/// The four types of value an expression may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// One number per step.
    Scalar,
    /// An instant vector: one sample per series and step.
    Vector,
    /// A range vector: many samples per series and step.
    Matrix,
    /// A string.
    String,
}

impl ValueType {
    /// The words Prometheus' documentation uses: `scalar`, `instant vector`, `range vector`, `string`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Vector => "instant vector",
            Self::Matrix => "range vector",
            Self::String => "string",
        }
    }
}

impl Expr {
    /// The type of the value this node yields. Total: also defined on trees that fail the checks.
    pub fn value_type(&self) -> ValueType {
        match &self.kind {
            ExprKind::NumberLiteral(_) => ValueType::Scalar,
            ExprKind::StringLiteral(_) => ValueType::String,
            ExprKind::VectorSelector(_) | ExprKind::Aggregate(_) => ValueType::Vector,
            ExprKind::MatrixSelector(_) | ExprKind::Subquery(_) => ValueType::Matrix,
            ExprKind::Call(call) => call.func.returns,
            ExprKind::Binary(binary) => binary.value_type(),
            ExprKind::Unary(unary) => unary.expr.value_type(),
            ExprKind::Paren(inner) => inner.value_type(),
        }
    }

    /// This node without the parentheses around it.
    pub fn unparen(&self) -> &Self {
        let mut expr: &Self = self;
        while let ExprKind::Paren(inner) = &expr.kind {
            expr = inner;
        }
        expr
    }
}

/// A number as written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NumberLiteral {
    /// The value; a duration literal counts seconds (`5m` is 300).
    pub value: f64,
    /// Whether it was written as a duration; only the printer cares.
    pub duration: bool,
}

/// Which series, and at which time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VectorSelector {
    /// The metric name standing before the braces. A quoted name inside the braces is a
    /// `__name__` matcher instead; [`VectorSelector::all_matchers`] yields both forms alike.
    pub name: Option<String>,
    /// The matchers inside the braces, in the order written.
    pub matchers: Vec<Matcher>,
    /// `offset`: how far to look back; negative looks ahead. `None` is 0.
    pub offset: Option<DurationExpr>,
    /// `@`: the evaluation time, pinned.
    pub at: Option<At>,
    /// `anchored` or `smoothed`.
    pub extended: Option<Extended>,
}

impl VectorSelector {
    /// All matchers, the metric name first as `__name__="name"`.
    pub fn all_matchers(&self) -> Vec<Matcher> {
        let name = self.name.as_ref().map(|name| Matcher {
            op: MatchOp::Eq,
            name: METRIC_NAME.to_owned(),
            value: name.clone(),
            span: Span::default(),
        });
        name.into_iter().chain(self.matchers.iter().cloned()).collect()
    }
}

/// The label that holds a series' metric name.
pub const METRIC_NAME: &str = "__name__";

/// One label matcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matcher {
    /// How the value is compared.
    pub op: MatchOp,
    /// Label name; any UTF-8 text, `__name__` for the metric name.
    pub name: String,
    /// Literal value, or for `Re` and `Nre` a fully anchored RE2 pattern.
    pub value: String,
    /// Where it stands.
    pub span: Span,
}

/// How a matcher compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MatchOp {
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `=~`
    Re,
    /// `!~`
    Nre,
}

impl MatchOp {
    /// The operator as written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Re => "=~",
            Self::Nre => "!~",
        }
    }
}

/// The time of an `@` modifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Milliseconds since the Unix epoch.
    Timestamp(i64),
    /// `start()`: the first step of the query.
    Start,
    /// `end()`: the last step of the query.
    End,
}

/// The experimental extended range selectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extended {
    /// `anchored`: the window starts at the newest sample at or before its left border.
    Anchored,
    /// `smoothed`: values at the window's borders are interpolated.
    Smoothed,
}

impl Extended {
    /// The keyword as written.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Anchored => "anchored",
            Self::Smoothed => "smoothed",
        }
    }
}

/// `selector[range]`. The modifiers written after the brackets sit in the selector.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixSelector {
    /// Which series; its `offset`, `at` and `extended` apply to the whole window.
    pub selector: VectorSelector,
    /// Where the bare selector stands, without the range and the modifiers.
    pub selector_span: Span,
    /// Length of the window, above zero once resolved.
    pub range: DurationExpr,
}

/// `expr[range:step]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Subquery {
    /// An instant vector expression.
    pub expr: Box<Expr>,
    /// Length of the window, above zero once resolved.
    pub range: DurationExpr,
    /// Resolution, above zero once resolved; `None` is the engine's default.
    pub step: Option<DurationExpr>,
    /// `offset` of the whole window. `None` is 0.
    pub offset: Option<DurationExpr>,
    /// `@` of the whole window.
    pub at: Option<At>,
}

/// A function call. The number and types of the arguments agree with `func` once checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The row of the function table; [`crate::functions::UNKNOWN`] in partial trees only.
    pub func: &'static Function,
    /// Where the name stands.
    pub name_span: Span,
    /// As written; functions with a default (`round`, `time` parts) may get fewer.
    pub args: Vec<Expr>,
}

/// An aggregation over the series of an instant vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Which one.
    pub op: AggregateOp,
    /// First of two arguments, present exactly when [`AggregateOp::param_type`] is: the k of
    /// `topk`, the φ of `quantile`, the label name of `count_values`.
    pub param: Option<Box<Expr>>,
    /// The label names of `by (…)` or `without (…)`; empty when neither stands there.
    pub grouping: Vec<String>,
    /// Whether `grouping` lists the labels to drop instead of those to keep. `sum(x)` and
    /// `sum by () (x)` mean the same.
    pub without: bool,
    /// What is aggregated.
    pub expr: Box<Expr>,
}

/// The aggregation operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AggregateOp {
    /// `sum`
    Sum,
    /// `avg`
    Avg,
    /// `min`
    Min,
    /// `max`
    Max,
    /// `count`
    Count,
    /// `group`: 1 for every group.
    Group,
    /// `stddev`: population standard deviation.
    Stddev,
    /// `stdvar`: population variance.
    Stdvar,
    /// `topk(k, v)`
    Topk,
    /// `bottomk(k, v)`
    Bottomk,
    /// `quantile(φ, v)`
    Quantile,
    /// `count_values("label", v)`
    CountValues,
    /// `limitk(k, v)`, experimental.
    Limitk,
    /// `limit_ratio(r, v)`, experimental.
    LimitRatio,
}

/// All aggregation operators, in the order the documentation lists them.
pub const AGGREGATE_OPS: [AggregateOp; 14] = [
    AggregateOp::Sum,
    AggregateOp::Avg,
    AggregateOp::Min,
    AggregateOp::Max,
    AggregateOp::Bottomk,
    AggregateOp::Topk,
    AggregateOp::Limitk,
    AggregateOp::LimitRatio,
    AggregateOp::Group,
    AggregateOp::Count,
    AggregateOp::CountValues,
    AggregateOp::Stddev,
    AggregateOp::Stdvar,
    AggregateOp::Quantile,
];

impl AggregateOp {
    /// The name as written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
            Self::Count => "count",
            Self::Group => "group",
            Self::Stddev => "stddev",
            Self::Stdvar => "stdvar",
            Self::Topk => "topk",
            Self::Bottomk => "bottomk",
            Self::Quantile => "quantile",
            Self::CountValues => "count_values",
            Self::Limitk => "limitk",
            Self::LimitRatio => "limit_ratio",
        }
    }

    /// The operator of that name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        AGGREGATE_OPS.into_iter().find(|op| op.name().eq_ignore_ascii_case(name))
    }

    /// The type of the parameter, for the operators that take one.
    pub const fn param_type(self) -> Option<ValueType> {
        match self {
            Self::Topk | Self::Bottomk | Self::Quantile | Self::Limitk | Self::LimitRatio => Some(ValueType::Scalar),
            Self::CountValues => Some(ValueType::String),
            _ => None,
        }
    }

    /// Whether Prometheus keeps it behind the experimental functions flag.
    pub const fn experimental(self) -> bool {
        matches!(self, Self::Limitk | Self::LimitRatio)
    }
}

/// A binary operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Binary {
    /// Which one.
    pub op: BinaryOp,
    /// Left operand.
    pub lhs: Box<Expr>,
    /// Right operand.
    pub rhs: Box<Expr>,
    /// How series are paired: `Some` exactly when both sides are instant vectors (then the
    /// default is `ignoring ()`, one to one; many to many for set operators).
    pub matching: Option<VectorMatching>,
    /// The `bool` modifier of a comparison.
    pub return_bool: bool,
}

impl Binary {
    /// A scalar of two scalars, otherwise an instant vector.
    pub fn value_type(&self) -> ValueType {
        let both_scalar: bool = self.lhs.value_type() == ValueType::Scalar && self.rhs.value_type() == ValueType::Scalar;
        if both_scalar { ValueType::Scalar } else { ValueType::Vector }
    }
}

/// A signed operand.
#[derive(Debug, Clone, PartialEq)]
pub struct Unary {
    /// The sign.
    pub op: UnaryOp,
    /// A scalar or an instant vector.
    pub expr: Box<Expr>,
}

/// The signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `+`: changes nothing, not even the metric name.
    Plus,
    /// `-`: negates and drops the metric name.
    Minus,
}

impl UnaryOp {
    /// The sign as written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
        }
    }
}
