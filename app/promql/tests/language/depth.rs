//! No input exhausts the stack.

use promql::parser::{MAX_HEIGHT, MAX_NESTING};

fn only_message(input: &str) -> String {
    let (_, errors) = promql::parse_partial(input);
    assert_eq!(errors.len(), 1, "{} errors", errors.len());
    errors[0].message.clone()
}

fn nested(levels: usize) -> String {
    format!("{}1{}", "(".repeat(levels), ")".repeat(levels))
}

#[test]
fn nesting_ends_at_the_limit() {
    assert!(promql::parse(&nested(MAX_NESTING - 1)).is_ok());
    assert!(only_message(&nested(MAX_NESTING)).contains("nests more than"));
}

#[test]
fn chains_end_at_the_limit() {
    let chain = |operators: usize| format!("1{}", " + 1".repeat(operators));
    assert!(promql::parse(&chain(MAX_HEIGHT - 1)).is_ok());
    assert!(only_message(&chain(MAX_HEIGHT)).contains("levels"));
}

#[test]
fn endless_repetitions_are_refused_with_one_error() {
    for part in ["(", "-", "1 ^ ", "sum(", "abs(", "foo + (", "sum by (a) ("] {
        assert!(only_message(&part.repeat(100_000)).contains("nests more than"), "{part}");
    }
    assert!(only_message(&format!("foo{}", "[1h:]".repeat(100_000))).contains("levels"));
    for part in ["(", "-", "1 + ", "1 ^ ", "min_of(1, "] {
        assert!(only_message(&format!("foo[{}", part.repeat(100_000))).contains("too many parts"), "{part}");
    }
}

#[test]
fn errors_are_not_endless() {
    let (_, errors) = promql::parse_partial(&"$ ".repeat(100_000));
    assert!(errors.len() <= 50);
}
