//! Pinning a query to a moment: `@` on every selector and subquery that has none, as upstream does to ask for the same
//! answer at other times.

use promql::ast::{At, Expr, ExprKind, VectorSelector};
use promql::visit;

/// Functions that look at the time of evaluation itself, so that pinning their arguments changes nothing.
const CLOCKS: [&str; 15] = [
    "time",
    "timestamp",
    "predict_linear",
    "minute",
    "hour",
    "day_of_week",
    "day_of_month",
    "day_of_year",
    "days_in_month",
    "month",
    "year",
    "start",
    "end",
    "step",
    "range",
];

/// Functions of the query itself, which a range query around the moment changes. They also stand in durations and behind `@`.
const FRAME: [&str; 4] = ["start()", "end()", "step()", "range()"];

/// Whether the answer is the same at other times once pinned.
pub(super) fn pinnable(expr: &Expr) -> bool {
    let mut found: bool = false;
    visit::walk(expr, &mut |node| {
        if let ExprKind::Call(call) = &node.kind {
            found |= CLOCKS.contains(&call.func.name);
        }
    });
    !found
}

/// Whether the answer at a moment is that of a range query at the same moment.
pub(super) fn rangeable(expr: &Expr) -> bool {
    let written: String = expr.to_string();
    !FRAME.iter().any(|name| written.contains(*name))
}

/// Pins what is not pinned yet; below a subquery the subquery's own pin is enough.
pub(super) fn pin(expr: &mut Expr, at_ms: i64) {
    match &mut expr.kind {
        ExprKind::NumberLiteral(_) | ExprKind::StringLiteral(_) => {}
        ExprKind::VectorSelector(selector) => pin_selector(selector, at_ms),
        ExprKind::MatrixSelector(matrix) => pin_selector(&mut matrix.selector, at_ms),
        ExprKind::Subquery(subquery) => {
            pin_time(&mut subquery.at, at_ms);
        }
        ExprKind::Call(call) => call.args.iter_mut().for_each(|arg| pin(arg, at_ms)),
        ExprKind::Aggregate(aggregate) => {
            if let Some(param) = aggregate.param.as_mut() {
                pin(param, at_ms);
            }
            pin(&mut aggregate.expr, at_ms);
        }
        ExprKind::Binary(binary) => {
            pin(&mut binary.lhs, at_ms);
            pin(&mut binary.rhs, at_ms);
        }
        ExprKind::Unary(unary) => pin(&mut unary.expr, at_ms),
        ExprKind::Paren(inner) => pin(inner, at_ms),
    }
}

fn pin_selector(selector: &mut VectorSelector, at_ms: i64) {
    pin_time(&mut selector.at, at_ms);
}

/// In the instant query that a case was written as, `start()` and `end()` are its moment as well.
fn pin_time(at: &mut Option<At>, at_ms: i64) {
    if !matches!(at, Some(At::Timestamp(_))) {
        *at = Some(At::Timestamp(at_ms));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pinned(text: &str) -> String {
        let mut expr: Expr = promql::parse(text).expect("the expression parses");
        pin(&mut expr, 2_500);
        expr.to_string()
    }

    #[test]
    fn what_has_no_time_of_its_own_is_pinned() {
        assert_eq!(pinned("a + rate(b[5m] offset 1m)"), "a @ 2.500 + rate(b[5m] @ 2.500 offset 1m)");
        assert_eq!(pinned("a @ 1 + b @ start() + c @ end()"), "a @ 1 + b @ 2.500 + c @ 2.500");
        assert_eq!(pinned("max_over_time(a[5m:1m])"), "max_over_time(a[5m:1m] @ 2.500)");
        assert_eq!(pinned("topk(scalar(k), -(a))"), "topk(scalar(k @ 2.500), -(a @ 2.500))");
    }

    #[test]
    fn a_query_that_looks_at_itself_is_not_asked_in_another_way() {
        let parsed = |text: &str| promql::parse(text).expect("the expression parses");
        for text in ["a[5m + step()]", "a offset range()", "a @ end()", "a * step()", "start()"] {
            assert!(!rangeable(&parsed(text)), "{text}");
        }
        assert!(rangeable(&parsed("time() * a @ 3")));
        assert!(!pinnable(&parsed("a * time()")) && !pinnable(&parsed("hour()")) && pinnable(&parsed("a[5m + step()]")));
    }
}
