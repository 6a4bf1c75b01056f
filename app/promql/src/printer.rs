//! A tree written back as text, on one line.
//!
//! Reading the text again yields the same tree, spans aside. Trees that no text makes are written
//! by their meaning: an operand that binds too weakly gets parentheses, a metric name that is no
//! bare word is quoted.

use std::fmt::{self, Display, Formatter, Write};

use crate::ast::{Aggregate, At, Binary, Call, Expr, ExprKind, MatchOp, Matcher, NumberLiteral, Subquery, VectorSelector};
use crate::duration::{DurationExpr, DurationKind};
use crate::numbers::{format_number, format_seconds};
use crate::operators::{FillValues, MatchCardinality, UNARY_PRECEDENCE, VectorMatching};
use crate::parser::RESERVED;
use crate::strings::quote;

/// Binding strength of what needs no parentheses anywhere.
const PRIMARY: u8 = u8::MAX;

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::NumberLiteral(number) => write!(f, "{number}"),
            ExprKind::StringLiteral(text) => f.write_str(&quote(text)),
            ExprKind::VectorSelector(selector) => {
                write_series(f, selector)?;
                write_modifiers(f, selector)
            }
            ExprKind::MatrixSelector(matrix) => {
                write_series(f, &matrix.selector)?;
                write!(f, "[{}]", matrix.range)?;
                write_modifiers(f, &matrix.selector)
            }
            ExprKind::Subquery(subquery) => write_subquery(f, subquery),
            ExprKind::Call(call) => write_call(f, call),
            ExprKind::Aggregate(aggregate) => write_aggregate(f, aggregate),
            ExprKind::Binary(binary) => write_binary(f, binary),
            ExprKind::Unary(unary) => {
                f.write_str(unary.op.symbol())?;
                write_operand(f, &unary.expr, UNARY_PRECEDENCE)
            }
            ExprKind::Paren(inner) => write!(f, "({inner})"),
        }
    }
}

impl Display for NumberLiteral {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let duration: Option<String> = format_seconds(self.value).filter(|_| self.duration);
        f.write_str(&duration.unwrap_or_else(|| format_number(self.value)))
    }
}

impl Display for Matcher {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_label(f, &self.name)?;
        let op: MatchOp = self.op;
        write!(f, "{}{}", op.symbol(), quote(&self.value))
    }
}

/// Binding strength of a node as an operand.
fn precedence(expr: &Expr) -> u8 {
    match &expr.kind {
        ExprKind::Binary(binary) => binary.op.precedence(),
        ExprKind::Unary(_) => UNARY_PRECEDENCE,
        ExprKind::NumberLiteral(number) if number.value < 0.0 => UNARY_PRECEDENCE,
        _ => PRIMARY,
    }
}

/// Writes an operand, in parentheses when it binds more weakly than `weakest`.
fn write_operand(f: &mut Formatter<'_>, expr: &Expr, weakest: u8) -> fmt::Result {
    if precedence(expr) < weakest { write!(f, "({expr})") } else { write!(f, "{expr}") }
}

fn write_binary(f: &mut Formatter<'_>, binary: &Binary) -> fmt::Result {
    let own: u8 = binary.op.precedence();
    let right: bool = binary.op.right_associative();
    write_operand(f, &binary.lhs, own + u8::from(right))?;
    write!(f, " {}", binary.op)?;
    if binary.return_bool {
        f.write_str(" bool")?;
    }
    if let Some(matching) = &binary.matching {
        write_matching(f, matching)?;
    }
    f.write_char(' ')?;
    // A sign starts an operand wherever it stands: `2 ^ -1`.
    let weakest: u8 = if precedence(&binary.rhs) == UNARY_PRECEDENCE { UNARY_PRECEDENCE } else { own + u8::from(!right) };
    write_operand(f, &binary.rhs, weakest)
}

fn write_matching(f: &mut Formatter<'_>, matching: &VectorMatching) -> fmt::Result {
    let group: Option<&str> = match matching.card {
        MatchCardinality::ManyToOne => Some("group_left"),
        MatchCardinality::OneToMany => Some("group_right"),
        MatchCardinality::OneToOne | MatchCardinality::ManyToMany => None,
    };
    if matching.on || !matching.labels.is_empty() || group.is_some() {
        f.write_str(if matching.on { " on " } else { " ignoring " })?;
        write_labels(f, &matching.labels)?;
    }
    if let Some(group) = group {
        write!(f, " {group} ")?;
        write_labels(f, &matching.include)?;
    }
    write_fill(f, matching.fill)
}

fn write_fill(f: &mut Formatter<'_>, fill: FillValues) -> fmt::Result {
    let both: Option<f64> = fill.left.filter(|left| fill.right.map(f64::to_bits) == Some(left.to_bits()));
    if let Some(value) = both {
        return write!(f, " fill ({})", format_number(value));
    }
    for (keyword, value) in [("fill_left", fill.left), ("fill_right", fill.right)] {
        if let Some(value) = value {
            write!(f, " {keyword} ({})", format_number(value))?;
        }
    }
    Ok(())
}

fn write_call(f: &mut Formatter<'_>, call: &Call) -> fmt::Result {
    write!(f, "{}(", call.func.name)?;
    for (index, arg) in call.args.iter().enumerate() {
        let comma: &str = if index == 0 { "" } else { ", " };
        write!(f, "{comma}{arg}")?;
    }
    f.write_char(')')
}

fn write_aggregate(f: &mut Formatter<'_>, aggregate: &Aggregate) -> fmt::Result {
    f.write_str(aggregate.op.name())?;
    if aggregate.without || !aggregate.grouping.is_empty() {
        f.write_str(if aggregate.without { " without " } else { " by " })?;
        write_labels(f, &aggregate.grouping)?;
        f.write_char(' ')?;
    }
    match &aggregate.param {
        Some(param) => write!(f, "({param}, {})", aggregate.expr),
        None => write!(f, "({})", aggregate.expr),
    }
}

fn write_labels(f: &mut Formatter<'_>, labels: &[String]) -> fmt::Result {
    f.write_char('(')?;
    for (index, label) in labels.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write_label(f, label)?;
    }
    f.write_char(')')
}

fn write_label(f: &mut Formatter<'_>, label: &str) -> fmt::Result {
    if is_bare_word(label) && !label.contains(':') { f.write_str(label) } else { f.write_str(&quote(label)) }
}

/// Whether the lexer reads the text as one identifier.
fn is_bare_word(text: &str) -> bool {
    let is_number: bool = text.eq_ignore_ascii_case("inf") || text.eq_ignore_ascii_case("nan");
    let wanted = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':';
    !is_number && !text.starts_with(|first: char| first.is_ascii_digit()) && !text.is_empty() && text.bytes().all(wanted)
}

fn is_reserved(name: &str) -> bool {
    RESERVED.iter().any(|word| word.eq_ignore_ascii_case(name))
}

fn write_series(f: &mut Formatter<'_>, selector: &VectorSelector) -> fmt::Result {
    let bare: Option<&String> = selector.name.as_ref().filter(|name| is_bare_word(name) && !is_reserved(name));
    let mut parts: Vec<String> = Vec::new();
    match (bare, &selector.name) {
        (Some(name), _) => f.write_str(name)?,
        (None, Some(name)) => parts.push(quote(name)),
        (None, None) => {}
    }
    parts.extend(selector.matchers.iter().map(Matcher::to_string));
    if bare.is_some() && parts.is_empty() {
        return Ok(());
    }
    write!(f, "{{{}}}", parts.join(", "))
}

fn write_modifiers(f: &mut Formatter<'_>, selector: &VectorSelector) -> fmt::Result {
    if let Some(extended) = selector.extended {
        let keyword: &str = extended.keyword();
        write!(f, " {keyword}")?;
    }
    write_times(f, selector.at, selector.offset.as_ref())
}

fn write_subquery(f: &mut Formatter<'_>, subquery: &Subquery) -> fmt::Result {
    write_operand(f, &subquery.expr, PRIMARY)?;
    write!(f, "[{}:", subquery.range)?;
    if let Some(step) = &subquery.step {
        write!(f, "{step}")?;
    }
    f.write_char(']')?;
    write_times(f, subquery.at, subquery.offset.as_ref())
}

fn write_times(f: &mut Formatter<'_>, at: Option<At>, offset: Option<&DurationExpr>) -> fmt::Result {
    match at {
        None => {}
        Some(At::Start) => f.write_str(" @ start()")?,
        Some(At::End) => f.write_str(" @ end()")?,
        Some(At::Timestamp(at_ms)) => write!(f, " @ {}", seconds(at_ms))?,
    }
    match offset.map(|offset| (offset, &offset.kind)) {
        None => Ok(()),
        Some((_, DurationKind::Neg(inner))) => {
            f.write_str(" offset -")?;
            write_duration_operand(f, inner, PRIMARY)
        }
        Some((offset, _)) => {
            f.write_str(" offset ")?;
            write_duration_operand(f, offset, PRIMARY)
        }
    }
}

/// Milliseconds as decimal seconds, exactly.
fn seconds(at_ms: i64) -> String {
    let sign: &str = if at_ms < 0 { "-" } else { "" };
    let whole: u64 = at_ms.unsigned_abs() / 1000;
    let text: String = match at_ms.unsigned_abs() % 1000 {
        0 => whole.to_string(),
        fraction => format!("{whole}.{fraction:03}"),
    };
    format!("{sign}{text}")
}

impl Display for DurationExpr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            DurationKind::Literal(literal) => write!(f, "{literal}"),
            DurationKind::Step => f.write_str("step()"),
            DurationKind::Range => f.write_str("range()"),
            DurationKind::Neg(inner) => {
                f.write_char('-')?;
                write_duration_operand(f, inner, UNARY_PRECEDENCE)
            }
            DurationKind::Paren(inner) => write!(f, "({inner})"),
            DurationKind::MinOf(a, b) => write!(f, "min_of({a}, {b})"),
            DurationKind::MaxOf(a, b) => write!(f, "max_of({a}, {b})"),
            DurationKind::Binary { op, lhs, rhs } => {
                let own: u8 = op.precedence();
                let right: bool = op.right_associative();
                write_duration_operand(f, lhs, own + u8::from(right))?;
                write!(f, " {} ", op.symbol())?;
                let is_signed: bool = matches!(rhs.kind, DurationKind::Neg(_));
                let weakest: u8 = if is_signed { 0 } else { own + u8::from(!right) };
                write_duration_operand(f, rhs, weakest)
            }
        }
    }
}

fn write_duration_operand(f: &mut Formatter<'_>, duration: &DurationExpr, weakest: u8) -> fmt::Result {
    let own: u8 = match &duration.kind {
        DurationKind::Binary { op, .. } => op.precedence(),
        DurationKind::Neg(_) => UNARY_PRECEDENCE,
        _ => PRIMARY,
    };
    if own < weakest { write!(f, "({duration})") } else { write!(f, "{duration}") }
}
