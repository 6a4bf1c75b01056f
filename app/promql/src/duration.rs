//! Durations: what they are made of, and what they come to.
//!
//! Since Prometheus 3.14 a range, a subquery step or an offset may be arithmetic over literals and
//! over the query's own `step()` and `range()`. Everything counts in seconds until the end, where
//! the result is cut to milliseconds.

use thiserror::Error;

use crate::ast::{NumberLiteral, Span};

/// A duration: a literal, or arithmetic over literals and the query's own step and range.
///
/// Resolve it with [`DurationExpr::resolve`] (ranges and steps) or [`DurationExpr::resolve_offset`].
#[derive(Debug, Clone, PartialEq)]
pub struct DurationExpr {
    /// What it is.
    pub kind: DurationKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of duration.
#[derive(Debug, Clone, PartialEq)]
pub enum DurationKind {
    /// `5m`, or a plain number of seconds: in `5m / 2` the 2 counts two seconds.
    Literal(NumberLiteral),
    /// `step()`: the query's resolution, 0 in an instant query.
    Step,
    /// `range()`: end − start of the query, 0 in an instant query.
    Range,
    /// `-a`
    Neg(Box<DurationExpr>),
    /// `(a)`
    Paren(Box<DurationExpr>),
    /// `a + b` and its like.
    Binary {
        /// Which one.
        op: DurationOp,
        /// Left operand.
        lhs: Box<DurationExpr>,
        /// Right operand.
        rhs: Box<DurationExpr>,
    },
    /// `min_of(a, b)`
    MinOf(Box<DurationExpr>, Box<DurationExpr>),
    /// `max_of(a, b)`
    MaxOf(Box<DurationExpr>, Box<DurationExpr>),
}

/// Arithmetic inside durations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DurationOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Mod,
    /// `^`
    Pow,
}

impl DurationOp {
    /// The operator as written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Mod => "%",
            Self::Pow => "^",
        }
    }

    /// Binding strength, on the scale of [`crate::operators::BinaryOp::precedence`].
    pub const fn precedence(self) -> u8 {
        match self {
            Self::Add | Self::Sub => 4,
            Self::Mul | Self::Div | Self::Mod => 5,
            Self::Pow => 7,
        }
    }

    /// Only `^` groups to the right.
    pub const fn right_associative(self) -> bool {
        matches!(self, Self::Pow)
    }
}

/// What `step()` and `range()` stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueryWindow {
    /// Resolution of the range query in milliseconds; 0 in an instant query.
    pub step_ms: i64,
    /// End − start of the range query in milliseconds; 0 in an instant query.
    pub range_ms: i64,
}

/// Why a duration comes to nothing usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DurationError {
    /// A range or a subquery step that is not above zero (after cutting to milliseconds).
    #[error("duration must be greater than 0")]
    NotPositive,
    /// `a / 0`
    #[error("division by zero")]
    DivisionByZero,
    /// `a % 0`
    #[error("modulo by zero")]
    ModuloByZero,
    /// NaN, infinite, or more than 2⁶³ nanoseconds (about 292 years) in either direction.
    #[error("duration is out of range")]
    OutOfRange,
}

/// The longest duration in seconds: 2⁶³ nanoseconds, the limit Prometheus inherits from Go.
pub const MAX_SECONDS: f64 = (1_u64 << 63) as f64 / 1e9;

impl DurationExpr {
    /// The milliseconds of a range or a step: above zero.
    ///
    /// # Errors
    /// Any [`DurationError`]; the offending place is the span of this duration.
    pub fn resolve(&self, window: QueryWindow) -> Result<i64, DurationError> {
        let duration_ms: i64 = self.resolve_offset(window)?;
        if duration_ms > 0 { Ok(duration_ms) } else { Err(DurationError::NotPositive) }
    }

    /// The milliseconds of an offset: any sign.
    ///
    /// # Errors
    /// Any [`DurationError`] but `NotPositive`.
    pub fn resolve_offset(&self, window: QueryWindow) -> Result<i64, DurationError> {
        let seconds: f64 = self.seconds(window)?;
        if !seconds.is_finite() || seconds.abs() > MAX_SECONDS {
            return Err(DurationError::OutOfRange);
        }
        Ok(seconds_to_ms(seconds))
    }

    /// The value in seconds, unchecked for range.
    fn seconds(&self, window: QueryWindow) -> Result<f64, DurationError> {
        let seconds: f64 = match &self.kind {
            DurationKind::Literal(literal) => literal.value,
            DurationKind::Step => window.step_ms as f64 / 1000.0,
            DurationKind::Range => window.range_ms as f64 / 1000.0,
            DurationKind::Neg(inner) => -inner.seconds(window)?,
            DurationKind::Paren(inner) => inner.seconds(window)?,
            DurationKind::Binary { op, lhs, rhs } => calculate(*op, lhs.seconds(window)?, rhs.seconds(window)?)?,
            DurationKind::MinOf(a, b) => a.seconds(window)?.min(b.seconds(window)?),
            DurationKind::MaxOf(a, b) => a.seconds(window)?.max(b.seconds(window)?),
        };
        Ok(seconds)
    }

    /// The seconds of a literal, signs and parentheses included; `None` for real arithmetic. The
    /// parser checks these at once; the rest is known only when a query runs.
    pub fn literal_seconds(&self) -> Option<f64> {
        match &self.kind {
            DurationKind::Literal(literal) => Some(literal.value),
            DurationKind::Neg(inner) => inner.literal_seconds().map(|seconds| -seconds),
            DurationKind::Paren(inner) => inner.literal_seconds(),
            _ => None,
        }
    }
}

fn calculate(op: DurationOp, lhs: f64, rhs: f64) -> Result<f64, DurationError> {
    match op {
        DurationOp::Add => Ok(lhs + rhs),
        DurationOp::Sub => Ok(lhs - rhs),
        DurationOp::Mul => Ok(lhs * rhs),
        DurationOp::Div if rhs == 0.0 => Err(DurationError::DivisionByZero),
        DurationOp::Div => Ok(lhs / rhs),
        DurationOp::Mod if rhs == 0.0 => Err(DurationError::ModuloByZero),
        DurationOp::Mod => Ok(lhs % rhs),
        DurationOp::Pow => Ok(lhs.powf(rhs)),
    }
}

/// Cuts to milliseconds. Rounding to nanoseconds first keeps `1.001` (1000.9999… ms in binary) at
/// 1001 ms.
fn seconds_to_ms(seconds: f64) -> i64 {
    let nanoseconds: f64 = (seconds * 1e9).round();
    (nanoseconds / 1e6).trunc() as i64
}
