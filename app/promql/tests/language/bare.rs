//! Trees without the accidents of writing, to compare them.

use promql::ast::{Aggregate, Binary, Call, Expr, ExprKind, MatrixSelector, Span, Subquery, Unary, VectorSelector};
use promql::duration::{DurationExpr, DurationKind};

/// What else than spans is taken out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parens {
    Kept,
    Dropped,
}

/// The tree with all spans zero, as text: NaN equals itself there.
pub(crate) fn bare(expr: &Expr, parens: Parens) -> String {
    format!("{:?}", node(expr, parens))
}

fn node(expr: &Expr, parens: Parens) -> Expr {
    let below = |inner: &Expr| Box::new(node(inner, parens));
    let kind: ExprKind = match &expr.kind {
        ExprKind::Paren(inner) if parens == Parens::Dropped => return node(inner, parens),
        ExprKind::Paren(inner) => ExprKind::Paren(below(inner)),
        ExprKind::VectorSelector(selector) => ExprKind::VectorSelector(series(selector, parens)),
        ExprKind::MatrixSelector(matrix) => ExprKind::MatrixSelector(MatrixSelector {
            selector: series(&matrix.selector, parens),
            selector_span: Span::default(),
            range: duration(&matrix.range, parens),
        }),
        ExprKind::Subquery(subquery) => ExprKind::Subquery(Subquery {
            expr: below(&subquery.expr),
            range: duration(&subquery.range, parens),
            step: subquery.step.as_ref().map(|step| duration(step, parens)),
            offset: subquery.offset.as_ref().map(|offset| duration(offset, parens)),
            at: subquery.at,
        }),
        ExprKind::Call(call) => ExprKind::Call(Call {
            func: call.func,
            name_span: Span::default(),
            args: call.args.iter().map(|arg| node(arg, parens)).collect(),
        }),
        ExprKind::Aggregate(aggregate) => ExprKind::Aggregate(Aggregate {
            param: aggregate.param.as_ref().map(|param| below(param)),
            expr: below(&aggregate.expr),
            ..aggregate.clone()
        }),
        ExprKind::Binary(binary) => {
            ExprKind::Binary(Binary { lhs: below(&binary.lhs), rhs: below(&binary.rhs), ..binary.clone() })
        }
        ExprKind::Unary(unary) => ExprKind::Unary(Unary { op: unary.op, expr: below(&unary.expr) }),
        literal => literal.clone(),
    };
    Expr { kind, span: Span::default() }
}

fn series(selector: &VectorSelector, parens: Parens) -> VectorSelector {
    let mut bare: VectorSelector = selector.clone();
    bare.offset = selector.offset.as_ref().map(|offset| duration(offset, parens));
    for matcher in &mut bare.matchers {
        matcher.span = Span::default();
    }
    bare
}

fn duration(expr: &DurationExpr, parens: Parens) -> DurationExpr {
    let below = |inner: &DurationExpr| Box::new(duration(inner, parens));
    let kind: DurationKind = match &expr.kind {
        DurationKind::Paren(inner) if parens == Parens::Dropped => return duration(inner, parens),
        DurationKind::Paren(inner) => DurationKind::Paren(below(inner)),
        DurationKind::Neg(inner) => DurationKind::Neg(below(inner)),
        DurationKind::MinOf(a, b) => DurationKind::MinOf(below(a), below(b)),
        DurationKind::MaxOf(a, b) => DurationKind::MaxOf(below(a), below(b)),
        DurationKind::Binary { op, lhs, rhs } => DurationKind::Binary { op: *op, lhs: below(lhs), rhs: below(rhs) },
        leaf => leaf.clone(),
    };
    DurationExpr { kind, span: Span::default() }
}
