//! Which labels the result of an expression can carry, where the expression itself says so. A sentence that names another label would
//! be left with a hole.
//!
//! Only aggregations, matchings and functions that write labels tell; what stands on a series is known when it is measured.

use super::Rule;
use super::template::Template;
use promql::ast::{Aggregate, AggregateOp, Binary, Call, Expr, ExprKind, ValueType};
use promql::operators::{BinaryOp, MatchCardinality, VectorMatching};
use std::collections::BTreeSet;

/// Names of labels; `None` when any may be there.
type Carried = Option<BTreeSet<String>>;

/// Functions that make labels in a way that is not followed here.
const UNTOLD: &[&str] = &["absent", "absent_over_time", "histogram_quantiles", "info"];
/// Functions that write one label, named by their second argument.
const WRITES_ONE: &[&str] = &["label_replace", "label_join"];

/// The labels that a rule's texts name although its alerts can't have them: where they stand (the keys that lead there) and the name.
pub(super) fn holes(rule: &Rule) -> Vec<([&'static str; 2], String)> {
    let Ok(tree) = promql::parse(&rule.expr) else { return Vec::new() };
    let Some(measured) = carried(&tree) else { return Vec::new() };
    let own = |name: &str| !rule.labels.get(name).is_empty();
    let mut found: Vec<([&'static str; 2], String)> = Vec::new();
    for (language, text) in [("ja", &rule.summary.ja), ("en", &rule.summary.en)] {
        let Ok(template) = Template::read(text) else { continue };
        let absent = template.labels().into_iter().filter(|name| !measured.contains(name) && !own(name));
        found.extend(absent.map(|name| (["summary", language], name)));
    }
    found
}

/// The labels that the result can carry.
fn carried(expr: &Expr) -> Carried {
    match &expr.kind {
        ExprKind::NumberLiteral(_) | ExprKind::StringLiteral(_) => Some(BTreeSet::new()),
        ExprKind::VectorSelector(_) | ExprKind::MatrixSelector(_) => None,
        ExprKind::Subquery(subquery) => carried(&subquery.expr),
        ExprKind::Call(call) => by_call(call),
        ExprKind::Aggregate(aggregate) => by_aggregate(aggregate),
        ExprKind::Binary(binary) => by_binary(binary),
        ExprKind::Unary(unary) => carried(&unary.expr),
        ExprKind::Paren(inner) => carried(inner),
    }
}

fn by_aggregate(aggregate: &Aggregate) -> Carried {
    let keeps_series =
        matches!(aggregate.op, AggregateOp::Topk | AggregateOp::Bottomk | AggregateOp::Limitk | AggregateOp::LimitRatio);
    if keeps_series {
        return carried(&aggregate.expr);
    }
    let mut left: BTreeSet<String> = aggregate.grouping.iter().cloned().collect();
    if aggregate.without {
        let dropped: BTreeSet<String> = left;
        left = carried(&aggregate.expr)?.difference(&dropped).cloned().collect();
    }
    if aggregate.op == AggregateOp::CountValues {
        left.insert(literal(aggregate.param.as_deref()?)?);
    }
    Some(left)
}

fn by_call(call: &Call) -> Carried {
    let name: &str = call.func.name;
    if UNTOLD.contains(&name) {
        return None;
    }
    let mut all: BTreeSet<String> = BTreeSet::new();
    for arg in call.args.iter().filter(|arg| matches!(arg.value_type(), ValueType::Vector | ValueType::Matrix)) {
        all.extend(carried(arg)?);
    }
    if WRITES_ONE.contains(&name) {
        all.insert(literal(call.args.get(1)?)?);
    }
    Some(all)
}

/// `and` and `unless` keep the left side; other matches leave the labels of the "many" side, or those that were compared.
fn by_binary(binary: &Binary) -> Carried {
    let Some(matching) = &binary.matching else { return either(binary) };
    if binary.op == BinaryOp::Or {
        return either(binary);
    }
    if binary.op.is_set() {
        return carried(&binary.lhs);
    }
    match matching.card {
        MatchCardinality::ManyToOne => with_included(carried(&binary.lhs), matching),
        MatchCardinality::OneToMany => with_included(carried(&binary.rhs), matching),
        MatchCardinality::OneToOne if matching.on => Some(matching.labels.iter().cloned().collect()),
        // Matched on all labels but some: a label that one side can't carry is on no result.
        MatchCardinality::OneToOne | MatchCardinality::ManyToMany => carried(&binary.lhs).or_else(|| carried(&binary.rhs)),
    }
}

fn either(binary: &Binary) -> Carried {
    let mut all: BTreeSet<String> = carried(&binary.lhs)?;
    all.extend(carried(&binary.rhs)?);
    Some(all)
}

fn with_included(many: Carried, matching: &VectorMatching) -> Carried {
    let mut all: BTreeSet<String> = many?;
    all.extend(matching.include.iter().cloned());
    Some(all)
}

fn literal(expr: &Expr) -> Option<String> {
    match &expr.unparen().kind {
        ExprKind::StringLiteral(text) => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::carried;

    fn told(expr: &str) -> Option<Vec<String>> {
        carried(&promql::parse(expr).unwrap()).map(|labels| labels.into_iter().collect())
    }

    #[test]
    fn labels_are_told_by_what_makes_them() {
        for (expr, expected) in [
            ("1", Some(vec![])),
            ("cpu", None),
            ("rate(cpu[1m])", None),
            ("sum(cpu)", Some(vec![])),
            ("100 * (1 - avg by (host) (rate(cpu[1m])))", Some(vec!["host"])),
            ("sum without (cpu) (rate(cpu[1m]))", None),
            ("sum without (pool) (sum by (host, pool) (c))", Some(vec!["host"])),
            ("sum by (host, pool) (c) / sum by (host, pool) (m)", Some(vec!["host", "pool"])),
            ("topk(3, sum by (host) (c))", Some(vec!["host"])),
            ("a / on (host, device) group_left () b", None),
            ("sum by (host, pool) (c) / on (host) group_left (zone) b", Some(vec!["host", "pool", "zone"])),
            ("a / on (host) b", Some(vec!["host"])),
            ("sum by (host) (c) > on (host) b", Some(vec!["host"])),
            ("a unless on (host) b", None),
            ("sum by (host) (c) or sum by (zone) (c)", Some(vec!["host", "zone"])),
            ("label_replace(sum by (host) (c), \"dir\", \"rx\", \"\", \"\")", Some(vec!["dir", "host"])),
            ("count_values by (host) (\"version\", c)", Some(vec!["host", "version"])),
            ("absent(cpu{host=\"a\"})", None),
            ("time() - max by (host) (timestamp(up))", Some(vec!["host"])),
            ("vector(1)", Some(vec![])),
        ] {
            let expected: Option<Vec<String>> = expected.map(|names| names.into_iter().map(str::to_owned).collect());
            assert_eq!(told(expr), expected, "{expr}");
        }
    }
}
