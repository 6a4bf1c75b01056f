//! Printing and parsing undo each other, and no text makes the parser panic.

use promql::ast::{
    AGGREGATE_OPS, Aggregate, AggregateOp, At, Binary, Call, Expr, ExprKind, Extended, MatchOp, Matcher, MatrixSelector,
    NumberLiteral, Span, Subquery, Unary, UnaryOp, ValueType, VectorSelector,
};
use promql::duration::{DurationExpr, DurationKind, DurationOp};
use promql::functions;
use promql::operators::{BINARY_OPS, BinaryOp, FillValues, MatchCardinality, VectorMatching};
use promql::visit::walk;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::bare::{Parens, bare};

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, span: Span::default() }
}

fn duration(kind: DurationKind) -> DurationExpr {
    DurationExpr { kind, span: Span::default() }
}

fn number() -> BoxedStrategy<f64> {
    prop_oneof![0.0_f64..1e6, Just(0.0), Just(1e300), Just(5e-324), Just(1e-7), Just(f64::INFINITY), Just(f64::NAN)].boxed()
}

fn scalar() -> BoxedStrategy<Expr> {
    prop_oneof![
        number().prop_map(|value| NumberLiteral { value, duration: false }),
        (0_u32..10_000_000).prop_map(|ms| NumberLiteral { value: f64::from(ms) / 1000.0, duration: true }),
    ]
    .prop_map(|literal| expr(ExprKind::NumberLiteral(literal)))
    .boxed()
}

/// Above zero where it is a literal; never divided, lest a divisor be zero.
fn time() -> BoxedStrategy<DurationExpr> {
    let leaf = prop_oneof![
        (1_u32..10_000_000).prop_map(|ms| DurationKind::Literal(NumberLiteral { value: f64::from(ms) / 1000.0, duration: true })),
        (1_u32..1000).prop_map(|s| DurationKind::Literal(NumberLiteral { value: f64::from(s), duration: false })),
        Just(DurationKind::Step),
        Just(DurationKind::Range),
    ]
    .prop_map(duration);
    let ops: Vec<DurationOp> = vec![DurationOp::Add, DurationOp::Sub, DurationOp::Mul, DurationOp::Pow];
    leaf.prop_recursive(3, 8, 2, move |inner| {
        let pair = (inner.clone(), inner);
        prop_oneof![
            (select(ops.clone()), pair.clone()).prop_map(|(op, (lhs, rhs))| {
                duration(DurationKind::Binary { op, lhs: Box::new(lhs), rhs: Box::new(negative(rhs)) })
            }),
            pair.clone().prop_map(|(a, b)| duration(DurationKind::MinOf(Box::new(negative(a)), Box::new(b)))),
            pair.prop_map(|(a, b)| duration(DurationKind::MaxOf(Box::new(a), Box::new(b)))),
        ]
    })
    .boxed()
}

/// Signs stand below other nodes only: a range that is a negative literal is refused.
fn negative(inner: DurationExpr) -> DurationExpr {
    duration(DurationKind::Neg(Box::new(inner)))
}

fn offset() -> BoxedStrategy<Option<DurationExpr>> {
    option::of(prop_oneof![time(), time().prop_map(negative)]).boxed()
}

fn at() -> BoxedStrategy<Option<At>> {
    let at = prop_oneof![(-10_000_000_000_000_i64..10_000_000_000_000).prop_map(At::Timestamp), Just(At::Start), Just(At::End)];
    option::of(at).boxed()
}

fn matcher() -> BoxedStrategy<Matcher> {
    let name = prop_oneof!["[a-z_]{1,6}", "\\PC{1,6}", Just("inf".to_owned()), Just("on".to_owned())];
    let literal = (select(vec![MatchOp::Eq, MatchOp::Ne]), any::<String>());
    let pattern = (select(vec![MatchOp::Re, MatchOp::Nre]), "[a-z.*|]{0,3}x");
    let test = prop_oneof![literal, pattern.prop_map(|(op, value): (MatchOp, String)| (op, value.replace("*", "\\*")))];
    (name, test).prop_map(|(name, (op, value))| Matcher { op, name, value, span: Span::default() }).boxed()
}

fn selector() -> BoxedStrategy<VectorSelector> {
    let extended = option::of(select(vec![Extended::Anchored, Extended::Smoothed]));
    ("m[a-z0-9_:]{0,5}", vec(matcher(), 0..3), offset(), at(), extended)
        .prop_map(|(name, matchers, offset, at, extended)| VectorSelector { name: Some(name), matchers, offset, at, extended })
        .boxed()
}

fn labels(prefix: &'static str) -> BoxedStrategy<Vec<String>> {
    let label = "\\PC{0,4}".prop_map(move |rest: String| format!("{prefix}{rest}"));
    vec(label, 0..3).boxed()
}

fn matching() -> BoxedStrategy<VectorMatching> {
    let cards = select(vec![MatchCardinality::OneToOne, MatchCardinality::ManyToOne, MatchCardinality::OneToMany]);
    let fill = (option::of(-9.0_f64..9.0), option::of(-9.0_f64..9.0));
    (cards, any::<bool>(), labels("l"), labels("i"), fill)
        .prop_map(|(card, on, labels, include, (left, right))| VectorMatching {
            card,
            on,
            labels,
            include: if card == MatchCardinality::OneToOne { Vec::new() } else { include },
            fill: FillValues { left, right },
        })
        .boxed()
}

/// An operation of two vectors that passes the checks.
fn vectors(op: BinaryOp, lhs: Expr, rhs: Expr, mut matching: VectorMatching, wants_bool: bool) -> Expr {
    if op.is_set() {
        matching.card = MatchCardinality::ManyToMany;
        matching.include = Vec::new();
        matching.fill = FillValues::default();
    }
    expr(ExprKind::Binary(Binary {
        op,
        lhs: Box::new(lhs),
        rhs: Box::new(rhs),
        matching: Some(matching),
        return_bool: wants_bool && op.is_comparison(),
    }))
}

fn with_scalar(op: BinaryOp, lhs: Expr, rhs: Expr) -> Expr {
    let op: BinaryOp = if op.is_set() { BinaryOp::Pow } else { op };
    let (lhs, rhs): (Box<Expr>, Box<Expr>) = (Box::new(lhs), Box::new(rhs));
    expr(ExprKind::Binary(Binary { op, lhs, rhs, matching: None, return_bool: false }))
}

fn aggregate(op: AggregateOp, grouping: Vec<String>, without: bool, inner: Expr) -> Expr {
    let param: Option<ExprKind> = op.param_type().map(|param| match param {
        ValueType::String => ExprKind::StringLiteral("v\n\"".to_owned()),
        _ => ExprKind::NumberLiteral(NumberLiteral { value: 2.0, duration: false }),
    });
    expr(ExprKind::Aggregate(Aggregate {
        op,
        param: param.map(|kind| Box::new(expr(kind))),
        grouping,
        without,
        expr: Box::new(inner),
    }))
}

fn call(name: &str, args: Vec<Expr>) -> Expr {
    let func = functions::lookup(name).expect("the function is in the table");
    expr(ExprKind::Call(Call { func, name_span: Span::default(), args }))
}

fn matrix(selector: VectorSelector, range: DurationExpr) -> Expr {
    expr(ExprKind::MatrixSelector(MatrixSelector { selector, selector_span: Span::default(), range }))
}

fn leaf() -> BoxedStrategy<Expr> {
    prop_oneof![
        selector().prop_map(|selector| expr(ExprKind::VectorSelector(selector))),
        (selector(), time()).prop_map(|(selector, range)| call("rate", vec![matrix(selector, range)])),
        scalar().prop_map(|scalar| call("vector", vec![scalar])),
    ]
    .boxed()
}

/// Instant vectors of every shape.
fn vector() -> BoxedStrategy<Expr> {
    leaf()
        .prop_recursive(5, 24, 3, |inner| {
            let pair = (inner.clone(), inner.clone());
            let subquery = (inner.clone(), time(), option::of(time()), offset(), at());
            prop_oneof![
                (select(BINARY_OPS.to_vec()), pair, matching(), any::<bool>())
                    .prop_map(|(op, (lhs, rhs), matching, wants_bool)| vectors(op, lhs, rhs, matching, wants_bool)),
                (select(BINARY_OPS.to_vec()), inner.clone(), scalar()).prop_map(|(op, a, b)| with_scalar(op, a, b)),
                (select(BINARY_OPS.to_vec()), scalar(), inner.clone()).prop_map(|(op, a, b)| with_scalar(op, a, b)),
                (select(AGGREGATE_OPS.to_vec()), labels("g"), any::<bool>(), inner.clone())
                    .prop_map(|(op, grouping, without, inner)| aggregate(op, grouping, without, inner)),
                subquery.prop_map(|(inner, range, step, offset, at)| {
                    let expr: Box<Expr> = Box::new(inner);
                    let kind = ExprKind::Subquery(Subquery { expr, range, step, offset, at });
                    call("max_over_time", vec![Expr { kind, span: Span::default() }])
                }),
                inner.clone().prop_map(|inner| expr(ExprKind::Unary(Unary { op: UnaryOp::Minus, expr: Box::new(inner) }))),
                inner.prop_map(|inner| expr(ExprKind::Paren(Box::new(inner)))),
            ]
        })
        .boxed()
}

/// Text made of the language's own pieces: far likelier to get deep into the parser than noise.
fn soup() -> BoxedStrategy<String> {
    let pieces: Vec<&'static str> = vec![
        "foo",
        "sum",
        "rate",
        "by",
        "without",
        "on",
        "ignoring",
        "group_left",
        "bool",
        "and",
        "atan2",
        "offset",
        "anchored",
        "start",
        "step",
        "min_of",
        "fill",
        "inf",
        "1",
        "0x1f",
        ".5",
        "5m",
        "1h30m",
        "\"a\"",
        "'\\xff'",
        "`r`",
        "(",
        ")",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "+",
        "-",
        "*",
        "/",
        "^",
        "@",
        "=",
        "=~",
        "!=",
        "==",
        "<",
        ">/",
        "#",
        "\n",
        "\"",
        "\\",
        "あ",
        "$",
    ];
    vec(select(pieces), 0..24).prop_map(|parts| parts.join(" ")).boxed()
}

/// Reads any text; what reads must print to the same tree, and all positions must be sound.
fn survives(input: &str) -> Result<(), TestCaseError> {
    let (partial, errors) = promql::parse_partial(input);
    let mut spans: Vec<Span> = errors.iter().map(|error| error.span).collect();
    if let Some(partial) = &partial {
        walk(partial, &mut |node| spans.push(node.span));
    }
    for span in spans {
        prop_assert!(span.start <= span.end, "{span:?}");
        prop_assert!(input.get(span.start..span.end).is_some(), "{span:?} is no part of the text");
    }
    if let Ok(tree) = promql::parse(input) {
        let printed: String = tree.to_string();
        let again = promql::parse(&printed);
        prop_assert!(again.is_ok(), "printed as {printed}");
        let again: Option<String> = again.ok().map(|again| bare(&again, Parens::Kept));
        prop_assert_eq!(again, Some(bare(&tree, Parens::Kept)), "printed as {}", printed);
    }
    Ok(())
}

proptest! {
    #[test]
    fn printed_trees_parse_to_themselves(tree in vector()) {
        let printed: String = tree.to_string();
        let parsed = promql::parse(&printed);
        prop_assert!(parsed.is_ok(), "{printed}: {parsed:?}");
        let parsed: Option<String> = parsed.ok().map(|parsed| bare(&parsed, Parens::Dropped));
        prop_assert_eq!(parsed, Some(bare(&tree, Parens::Dropped)), "printed as {}", printed);
    }

    #[test]
    fn arbitrary_text_never_panics(input in any::<String>()) {
        survives(&input)?;
    }

    #[test]
    fn arbitrary_sentences_never_panic(input in soup()) {
        survives(&input)?;
    }
}
