//! Walking a tree from the root, in the order of the text.

use crate::ast::{Expr, ExprKind, VectorSelector};

/// The nodes right below this one.
pub fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::NumberLiteral(_) | ExprKind::StringLiteral(_) | ExprKind::VectorSelector(_) | ExprKind::MatrixSelector(_) => {
            Vec::new()
        }
        ExprKind::Subquery(subquery) => vec![&*subquery.expr],
        ExprKind::Call(call) => call.args.iter().collect(),
        ExprKind::Aggregate(aggregate) => {
            let param: Option<&Expr> = aggregate.param.as_deref();
            param.into_iter().chain([&*aggregate.expr]).collect()
        }
        ExprKind::Binary(binary) => vec![&*binary.lhs, &*binary.rhs],
        ExprKind::Unary(unary) => vec![&*unary.expr],
        ExprKind::Paren(inner) => vec![&**inner],
    }
}

/// Calls `seen` for the node and everything below it, parents first.
pub fn walk<'a>(expr: &'a Expr, seen: &mut dyn FnMut(&'a Expr)) {
    seen(expr);
    for child in children(expr) {
        walk(child, seen);
    }
}

/// All selectors, those with a range included.
pub fn selectors(expr: &Expr) -> Vec<&VectorSelector> {
    let mut found: Vec<&VectorSelector> = Vec::new();
    walk(expr, &mut |node| match &node.kind {
        ExprKind::VectorSelector(selector) => found.push(selector),
        ExprKind::MatrixSelector(matrix) => found.push(&matrix.selector),
        _ => {}
    });
    found
}

/// The innermost node that a cursor before byte `offset` touches; for completion and help.
pub fn innermost(expr: &Expr, offset: usize) -> Option<&Expr> {
    let mut found: Option<&Expr> = None;
    walk(expr, &mut |node| {
        if node.span.touches(offset) {
            found = Some(node);
        }
    });
    found
}
