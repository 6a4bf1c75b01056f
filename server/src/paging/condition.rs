//! What was crossed, as people read it: `≥ 80 %`. Of a rule that only matches, what its own expression compares with.

use alerting::rules::Mode;
use alerting::rules::condition::Comparison;
use alerting::{AlertRow, Rule};
use figures::{Locale, Unit};
use model::Severity;
use model::alert::Direction;
use promql::ast::{Binary, Expr, ExprKind, UnaryOp};
use promql::operators::BinaryOp;

/// What an alert itself knows of its condition: the threshold of the level it fires at.
#[derive(Clone, Copy, Debug)]
pub struct Crossed {
    pub severity: Severity,
    pub direction: Direction,
    pub threshold: f64,
    pub unit: Unit,
}

impl Crossed {
    /// Of an alert of a list.
    #[must_use]
    pub fn of(alert: &AlertRow) -> Self {
        Self { severity: alert.severity, direction: alert.direction, threshold: alert.threshold, unit: alert.unit }
    }
}

/// The condition of an alert: as its rule writes it, while that is there and the alert fires at its level; else by the threshold.
#[must_use]
pub fn of_alert(rule: Option<&Rule>, crossed: &Crossed, locale: Locale) -> String {
    if let Some(rule) = rule.filter(|rule| rule.mode == Mode::Match || rule.severity == crossed.severity) {
        return of_rule(rule, locale);
    }
    let sign: &str = if crossed.direction == Direction::Above { "≥" } else { "≤" };
    compared(sign, crossed.threshold, crossed.unit, locale)
}

/// The condition of a rule in one language.
#[must_use]
pub fn of_rule(rule: &Rule, locale: Locale) -> String {
    match rule.mode {
        Mode::Value => compared(sign(rule.condition.comparison), rule.condition.threshold, rule.unit, locale),
        // A recording rule has no alerts but those from when it was another rule.
        Mode::Match | Mode::Record => of_expression(&rule.expr, rule.unit, locale),
    }
}

/// What a matching expression compares with when it compares with a number at its outermost; else only that it matches.
#[must_use]
pub fn of_expression(expr: &str, unit: Unit, locale: Locale) -> String {
    let parsed: Option<Expr> = promql::parse(expr).ok();
    let found: Option<(&'static str, f64)> = parsed.as_ref().and_then(own);
    match (found, locale) {
        (Some((sign, number)), _) => compared(sign, number, unit, locale),
        (None, Locale::Ja) => "条件式に一致".to_owned(),
        (None, Locale::En) => "expression matches".to_owned(),
    }
}

/// The comparison of an expression that has one, as `expr > 5`.
#[must_use]
pub fn own(expr: &Expr) -> Option<(&'static str, f64)> {
    let ExprKind::Binary(binary) = &without_parens(expr).kind else { return None };
    let sign: &'static str = sign_of(binary)?;
    if let Some(number) = number(&binary.rhs) {
        return Some((sign, number));
    }
    number(&binary.lhs).map(|number| (turned(sign), number))
}

fn sign_of(binary: &Binary) -> Option<&'static str> {
    // With `bool` it gives 0 or 1 and filters nothing.
    if binary.return_bool {
        return None;
    }
    match binary.op {
        BinaryOp::Eql => Some("="),
        BinaryOp::Neq => Some("≠"),
        BinaryOp::Lss => Some("<"),
        BinaryOp::Gtr => Some(">"),
        BinaryOp::Lte => Some("≤"),
        BinaryOp::Gte => Some("≥"),
        _ => None,
    }
}

/// The same seen from the other side: `5 < a` is `a > 5`.
fn turned(sign: &'static str) -> &'static str {
    match sign {
        "<" => ">",
        ">" => "<",
        "≤" => "≥",
        "≥" => "≤",
        same => same,
    }
}

fn number(expr: &Expr) -> Option<f64> {
    match &without_parens(expr).kind {
        ExprKind::NumberLiteral(literal) => Some(literal.value),
        ExprKind::Unary(unary) if unary.op == UnaryOp::Minus => number(&unary.expr).map(|number| -number),
        _ => None,
    }
}

fn without_parens(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Paren(inner) => without_parens(inner),
        _ => expr,
    }
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Above => ">",
        Comparison::AtLeast => "≥",
        Comparison::Below => "<",
        Comparison::AtMost => "≤",
    }
}

/// `≥ 80 %`.
fn compared(sign: &str, number: f64, unit: Unit, locale: Locale) -> String {
    format!("{sign} {}", value(number, unit, locale))
}

/// A value with its unit, as the screens write it: `83 %`.
#[must_use]
pub fn value(value: f64, unit: Unit, locale: Locale) -> String {
    let written = figures::value(value, unit, locale);
    if written.unit.is_empty() { written.number } else { format!("{} {}", written.number, written.unit) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matching_expression_shows_its_own_comparison_or_none() {
        for (expr, ja, en) in [
            ("up == 0", "= 0", "= 0"),
            ("(rate(errors_total[5m]) > 0.5)", "> 0.5", "> 0.5"),
            ("5 < queue_length", "> 5", "> 5"),
            ("temperature <= -3", "≤ −3", "≤ −3"),
            ("a > b", "条件式に一致", "expression matches"),
            ("a > bool 1", "条件式に一致", "expression matches"),
            ("up", "条件式に一致", "expression matches"),
            ("a > 1 and b", "条件式に一致", "expression matches"),
        ] {
            assert_eq!(of_expression(expr, Unit::None, Locale::Ja), ja, "{expr}");
            assert_eq!(of_expression(expr, Unit::None, Locale::En), en, "{expr}");
        }
        assert_eq!(of_expression("cpu > 80", Unit::Percent, Locale::Ja), "> 80 %");
    }
}
