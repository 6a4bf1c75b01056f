//! promql-parser, an independent reading of the same grammar, as a second opinion.
//!
//! It knows no positions and no durations that are calculated, which is why ours exists; what both know they must judge
//! alike. A difference is a mistake of ours until it stands in [`lacks`] or in [`LENIENT`] with its reason.

use promql::ast::{Expr, ExprKind, VectorSelector};
use promql::duration::DurationExpr;
use promql::operators::BinaryOp;
use promql::visit::walk;
use promql_parser::parser as oracle;

use crate::conformance::all_expressions;

/// Refused by Prometheus and by us, but accepted there, and why.
const LENIENT: &[(&str, &str)] = &[];

/// Refused by everybody.
const REFUSED: &[&str] = &[
    "",
    "1 +",
    "(1))",
    "((1)",
    "1 and 1",
    "1 == 1",
    "foo bar",
    "foo{",
    "foo{a=b}",
    "foo{a=\"b\"",
    "{}",
    "{a=\"\"}",
    "{a=~\".*\"}",
    "foo{__name__=\"bar\"}",
    "foo[5m",
    "foo[]",
    "foo[5mm]",
    "foo offset",
    "foo @",
    "rate(foo)",
    "rate(foo[5m]",
    "abs(foo[5m])",
    "unknown_thing(foo)",
    "sum()",
    "sum(foo[5m])",
    "topk(foo)",
    "-foo[5m]",
    "foo + bool bar",
    "foo and on(a) group_left bar",
];

#[test]
fn what_both_know_both_accept() {
    let cases: Vec<String> = all_expressions();
    let mut known: usize = 0;
    let mut refused: Vec<String> = Vec::new();
    for case in &cases {
        let Ok(expr) = promql::parse(case) else {
            continue;
        };
        if lacks(&expr) {
            continue;
        }
        known += 1;
        if oracle::parse(case).is_err() {
            refused.push(case.clone());
        }
    }
    assert!(known > 600, "only {known} of {} were compared", cases.len());
    assert!(refused.is_empty(), "accepted by us alone:\n{}", refused.join("\n"));
}

#[test]
fn what_both_know_both_refuse() {
    for input in REFUSED {
        assert!(promql::parse(input).is_err(), "{input:?} is accepted by us");
        let is_lenient: bool = LENIENT.iter().any(|(known, _)| known == input);
        assert_eq!(oracle::parse(input).is_ok(), is_lenient, "{input:?}");
    }
}

/// What it does not read: calculated durations, `anchored` and `smoothed`, the trimming of native histograms, `info`.
fn lacks(expr: &Expr) -> bool {
    let mut found: bool = false;
    walk(expr, &mut |node| {
        found |= match &node.kind {
            ExprKind::VectorSelector(selector) => is_modern(selector),
            ExprKind::MatrixSelector(matrix) => is_calculated(&matrix.range) || is_modern(&matrix.selector),
            ExprKind::Subquery(subquery) => {
                let durations = [Some(&subquery.range), subquery.step.as_ref(), subquery.offset.as_ref()];
                durations.into_iter().flatten().any(is_calculated)
            }
            ExprKind::Binary(binary) => matches!(binary.op, BinaryOp::TrimLower | BinaryOp::TrimUpper),
            ExprKind::Call(call) => call.func.name == "info",
            _ => false,
        };
    });
    found
}

fn is_modern(selector: &VectorSelector) -> bool {
    selector.extended.is_some() || selector.offset.as_ref().is_some_and(is_calculated)
}

fn is_calculated(duration: &DurationExpr) -> bool {
    duration.literal_seconds().is_none()
}
