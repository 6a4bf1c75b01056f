//! What the evaluator finds in a tree.

use promql::ast::{At, Expr, ExprKind, Extended, MatchOp, ValueType};
use promql::operators::{FillValues, MatchCardinality, VectorMatching};
use promql::visit::selectors;

fn parse(input: &str) -> Expr {
    promql::parse(input).expect(input)
}

fn matching(input: &str) -> Option<VectorMatching> {
    match parse(input).kind {
        ExprKind::Binary(binary) => binary.matching,
        other => panic!("not an operator: {other:?}"),
    }
}

#[test]
fn types_follow_from_the_parts() {
    let table: [(&str, ValueType); 10] = [
        ("1 + 2", ValueType::Scalar),
        ("1 + foo", ValueType::Vector),
        ("-time()", ValueType::Scalar),
        ("(\"a\")", ValueType::String),
        ("foo[5m]", ValueType::Matrix),
        ("foo[5m:]", ValueType::Matrix),
        ("sum(foo)", ValueType::Vector),
        ("scalar(foo)", ValueType::Scalar),
        ("vector(1)", ValueType::Vector),
        ("1 < bool 2", ValueType::Scalar),
    ];
    for (input, expected) in table {
        assert_eq!(parse(input).value_type(), expected, "{input}");
    }
}

#[test]
fn matching_is_settled() {
    assert_eq!(matching("foo + 1"), None);
    assert_eq!(matching("1 + on() foo"), None);
    assert_eq!(matching("foo + bar"), Some(VectorMatching::with_card(MatchCardinality::OneToOne)));
    assert_eq!(matching("foo or bar"), Some(VectorMatching::with_card(MatchCardinality::ManyToMany)));
    let grouped: VectorMatching = matching("foo * on(a, b) group_left(c) fill_right(3) bar").expect("two vectors");
    assert_eq!(
        grouped,
        VectorMatching {
            card: MatchCardinality::ManyToOne,
            on: true,
            labels: vec!["a".to_owned(), "b".to_owned()],
            include: vec!["c".to_owned()],
            fill: FillValues { left: None, right: Some(3.0) },
        }
    );
    let filled: VectorMatching = matching("foo * fill(2) bar").expect("two vectors");
    assert_eq!(filled.fill, FillValues { left: Some(2.0), right: Some(2.0) });
}

#[test]
fn names_are_matchers_wherever_they_stand() {
    for input in ["foo{a=~\"b\"}", "{\"foo\", a=~\"b\"}", "{__name__=\"foo\", a=~\"b\"}"] {
        let expr: Expr = parse(input);
        let matchers = selectors(&expr)[0].all_matchers();
        let parts: Vec<(&str, MatchOp, &str)> =
            matchers.iter().map(|matcher| (matcher.name.as_str(), matcher.op, matcher.value.as_str())).collect();
        assert_eq!(parts, [("__name__", MatchOp::Eq, "foo"), ("a", MatchOp::Re, "b")], "{input}");
    }
}

#[test]
fn times_belong_to_the_selector() {
    let expr: Expr = parse("rate(foo[5m] smoothed @ 1.5 offset -1m)");
    let found = selectors(&expr);
    assert_eq!(found[0].at, Some(At::Timestamp(1500)));
    assert_eq!(found[0].extended, Some(Extended::Smoothed));
    let offset = found[0].offset.as_ref().expect("an offset is written");
    assert_eq!(offset.resolve_offset(promql::duration::QueryWindow::default()), Ok(-60_000));
}

#[test]
fn selectors_come_in_the_order_of_the_text() {
    let expr: Expr = parse("topk(scalar(a), b) + rate(c[5m:1m]) * d");
    assert_eq!(names(&expr), ["a", "b", "c", "d"]);
}

fn names(expr: &Expr) -> Vec<String> {
    selectors(expr).into_iter().filter_map(|selector| selector.name.clone()).collect()
}
