//! Several mistakes in one text, and the tree an editor still gets.

use promql::ast::{Expr, ExprKind};
use promql::error::ParseError;
use promql::visit::selectors;

fn starts(input: &str) -> Vec<usize> {
    let errors: Vec<ParseError> = promql::parse(input).expect_err("has mistakes");
    errors.iter().map(|error| error.span.start).collect()
}

#[test]
fn every_matcher_with_a_mistake_is_reported() {
    assert_eq!(starts("foo{a=1, b=\"ok\", c=2}"), [6, 19]);
}

#[test]
fn every_argument_with_a_mistake_is_reported() {
    assert_eq!(starts("clamp(*, foo, /)"), [6, 14]);
}

#[test]
fn every_unknown_function_is_reported() {
    assert_eq!(starts("nope(foo) + nein(bar)"), [0, 12]);
}

#[test]
fn every_wrong_type_is_reported_in_order() {
    assert_eq!(starts("rate(foo) + abs(bar[5m])"), [5, 16]);
}

#[test]
fn types_are_left_alone_while_the_syntax_is_wrong() {
    assert_eq!(starts("rate(foo) +"), [11]);
}

/// The names of the metrics in the partial tree.
fn metrics(input: &str) -> Vec<String> {
    let (expr, errors): (Option<Expr>, Vec<ParseError>) = promql::parse_partial(input);
    assert!(!errors.is_empty(), "{input} should be unfinished");
    let expr: Expr = expr.expect("something could be read");
    selectors(&expr).into_iter().filter_map(|selector| selector.name.clone()).collect()
}

#[test]
fn unfinished_text_yields_what_could_be_read() {
    assert_eq!(metrics("sum by (job) (rate(foo{a=\"b\"}[5m"), ["foo"]);
    assert_eq!(metrics("foo + "), ["foo"]);
    assert_eq!(metrics("foo{a="), ["foo"]);
    assert_eq!(metrics("foo * * bar"), ["foo", "bar"]);
    assert_eq!(metrics("nope(foo, bar)"), ["foo", "bar"]);
    assert_eq!(metrics("(foo"), ["foo"]);
    assert_eq!(metrics("topk(foo"), ["foo"]);
}

#[test]
fn readable_matchers_survive_their_neighbours() {
    let (expr, _) = promql::parse_partial("foo{a=\"b\", c=, d!=\"e\"}");
    let expr: Expr = expr.expect("something could be read");
    let ExprKind::VectorSelector(selector) = &expr.kind else {
        panic!("not a selector: {expr}");
    };
    let names: Vec<&str> = selector.matchers.iter().map(|matcher| matcher.name.as_str()).collect();
    assert_eq!(names, ["a", "d"]);
}
