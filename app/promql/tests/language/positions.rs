//! Every node knows where it stands.

use promql::ast::{Expr, ExprKind, Span};
use promql::error::{ParseError, line_col};
use promql::visit::{innermost, walk};

#[test]
fn nodes_cover_their_text() {
    let input: &str = "sum by (a) (rate(foo{b=\"c\"}[5m] offset 1m)) / (2 + -bar)";
    let expr: Expr = promql::parse(input).expect(input);
    let mut texts: Vec<&str> = Vec::new();
    walk(&expr, &mut |node| texts.push(&input[node.span.start..node.span.end]));
    assert_eq!(
        texts,
        [
            input,
            "sum by (a) (rate(foo{b=\"c\"}[5m] offset 1m))",
            "rate(foo{b=\"c\"}[5m] offset 1m)",
            "foo{b=\"c\"}[5m] offset 1m",
            "(2 + -bar)",
            "2 + -bar",
            "2",
            "-bar",
            "bar",
        ]
    );
}

#[test]
fn selectors_matchers_and_durations_cover_their_text() {
    let input: &str = "rate(foo{b = \"c\"}[5m * 2] @ 3)";
    let expr: Expr = promql::parse(input).expect(input);
    let found: &Expr = innermost(&expr, 6).expect("the cursor is inside");
    let ExprKind::MatrixSelector(matrix) = &found.kind else {
        panic!("not a range: {found}");
    };
    let text = |span: Span| &input[span.start..span.end];
    assert_eq!(text(found.span), "foo{b = \"c\"}[5m * 2] @ 3");
    assert_eq!(text(matrix.selector_span), "foo{b = \"c\"}");
    assert_eq!(text(matrix.selector.matchers[0].span), "b = \"c\"");
    assert_eq!(text(matrix.range.span), "5m * 2");
}

#[test]
fn lines_and_columns_count_from_one() {
    let input: &str = "foo +\n  'あ' + 1";
    assert_eq!(line_col(input, 0), (1, 1));
    assert_eq!(line_col(input, 8), (2, 3));
    assert_eq!(line_col(input, 14), (2, 7));
    assert_eq!(line_col(input, 1000), (2, 10));
    let errors: Vec<ParseError> = promql::parse(input).expect_err("a string is no operand");
    assert_eq!(errors[0].line_col(input), (2, 3));
    assert!(errors[0].describe(input).starts_with("2:3: operator + takes"));
}
