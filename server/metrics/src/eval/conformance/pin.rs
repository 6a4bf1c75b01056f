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

/// Functions of the query itself, which a range query around the moment changes.
const FRAME: [&str; 4] = ["start", "end", "step", "range"];

/// Whether the answer is the same at other times once pinned.
pub(super) fn pinnable(expr: &Expr) -> bool {
    !calls(expr, &CLOCKS)
}

/// Whether the answer at a moment is that of a range query at the same moment.
pub(super) fn rangeable(expr: &Expr) -> bool {
    !calls(expr, &FRAME)
}

fn calls(expr: &Expr, names: &[&str]) -> bool {
    let mut found: bool = false;
    visit::walk(expr, &mut |node| {
        if let ExprKind::Call(call) = &node.kind {
            found |= names.contains(&call.func.name);
        }
    });
    found
}

/// Pins what is not pinned yet; below a subquery the subquery's own pin is enough.
pub(super) fn pin(expr: &mut Expr, at_ms: i64) {
    match &mut expr.kind {
        ExprKind::NumberLiteral(_) | ExprKind::StringLiteral(_) => {}
        ExprKind::VectorSelector(selector) => pin_selector(selector, at_ms),
        ExprKind::MatrixSelector(matrix) => pin_selector(&mut matrix.selector, at_ms),
        ExprKind::Subquery(subquery) => {
            subquery.at.get_or_insert(At::Timestamp(at_ms));
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
    selector.at.get_or_insert(At::Timestamp(at_ms));
}
