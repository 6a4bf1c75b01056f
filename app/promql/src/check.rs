//! What is well formed but has no meaning: types, counts of arguments, matching.
//!
//! Checking also settles [`crate::ast::Binary::matching`]: none when a side is a scalar, many to
//! many for set operators. Deliberately not refused here, because Prometheus decides them when a
//! query runs: durations that need the query's step or range, function arguments by value,
//! `anchored` and `smoothed` under functions that cannot use them, experimental parts.

use crate::ast::{Aggregate, Binary, Call, Expr, ExprKind, METRIC_NAME, Span, Subquery, Unary, ValueType, VectorSelector};
use crate::error::ParseError;
use crate::matches_empty::matches_empty;
use crate::operators::{BinaryOp, MatchCardinality, VectorMatching};

/// Checks a tree and settles its matchings. The findings are in the order of the walk.
pub fn check(expr: &mut Expr) -> Vec<ParseError> {
    let mut checker: Checker = Checker { errors: Vec::new() };
    checker.expr(expr);
    checker.errors
}

/// Whether a selector without any matcher that refuses the empty value is an error.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EmptyMatchers {
    Refused,
    Allowed,
}

struct Checker {
    errors: Vec<ParseError>,
}

impl Checker {
    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.errors.push(ParseError::new(span, message));
    }

    fn expr(&mut self, expr: &mut Expr) {
        let span: Span = expr.span;
        match &mut expr.kind {
            ExprKind::NumberLiteral(_) | ExprKind::StringLiteral(_) => {}
            ExprKind::VectorSelector(selector) => {
                self.selector(selector, span, EmptyMatchers::Refused);
            }
            ExprKind::MatrixSelector(matrix) => {
                self.selector(&matrix.selector, matrix.selector_span, EmptyMatchers::Refused);
            }
            ExprKind::Subquery(subquery) => self.subquery(subquery),
            ExprKind::Call(call) => self.call(call, span),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate),
            ExprKind::Binary(binary) => self.binary(binary, span),
            ExprKind::Unary(unary) => self.unary(unary),
            ExprKind::Paren(inner) => self.expr(inner),
        }
    }

    fn selector(&mut self, selector: &VectorSelector, span: Span, empty: EmptyMatchers) {
        let mut selective: bool = selector.name.is_some() || empty == EmptyMatchers::Allowed;
        for matcher in &selector.matchers {
            match matches_empty(matcher) {
                Ok(matches) => selective |= !matches,
                Err(message) => {
                    selective = true;
                    let pattern: &str = &matcher.value;
                    self.error(matcher.span, format!("invalid regular expression {pattern:?}: {message}"));
                }
            }
            if let Some(name) = selector.name.as_ref().filter(|_| matcher.name == METRIC_NAME) {
                let other: &str = &matcher.value;
                self.error(matcher.span, format!("metric name must not be set twice: {name:?} or {other:?}"));
            }
        }
        if !selective {
            self.error(span, "vector selector must contain at least one matcher that does not match the empty string");
        }
    }

    fn subquery(&mut self, subquery: &mut Subquery) {
        self.expr(&mut subquery.expr);
        let found: ValueType = subquery.expr.value_type();
        if found != ValueType::Vector {
            let words: &str = found.words();
            self.error(subquery.expr.span, format!("subquery is only allowed on an instant vector, got {words}"));
        }
    }

    fn call(&mut self, call: &mut Call, span: Span) {
        self.argument_count(call, span);
        for index in 0..call.args.len() {
            let arg: &mut Expr = &mut call.args[index];
            // The second argument of `info` is not a selector of samples but of labels.
            if call.func.name == "info" && index == 1 {
                self.label_selector(arg);
            } else {
                self.expr(arg);
            }
            if let Some(wanted) = call.func.arg_type(index) {
                let place: String = format!("call to {:?}", call.func.name);
                self.expect_type(&call.args[index], wanted, &place);
            }
        }
    }

    fn argument_count(&mut self, call: &Call, span: Span) {
        let name: &str = call.func.name;
        let found: usize = call.args.len();
        let least: usize = call.func.min_args;
        let wrong: Option<(&str, usize)> = match call.func.max_args {
            Some(most) if most == least && found != least => Some(("", least)),
            _ if found < least => Some(("at least ", least)),
            Some(most) if found > most => Some(("at most ", most)),
            _ => None,
        };
        if let Some((bound, wanted)) = wrong {
            self.error(span, format!("expected {bound}{wanted} argument(s) in call to {name:?}, got {found}"));
        }
    }

    fn label_selector(&mut self, arg: &Expr) {
        let span: Span = arg.span;
        match &arg.kind {
            ExprKind::VectorSelector(selector) if selector.name.is_none() => {
                self.selector(selector, span, EmptyMatchers::Allowed);
            }
            _ => self.error(span, "expected label matchers in braces only"),
        }
    }

    fn expect_type(&mut self, expr: &Expr, wanted: ValueType, place: &str) {
        let found: ValueType = expr.value_type();
        if found != wanted {
            let wanted: &str = wanted.words();
            let found: &str = found.words();
            self.error(expr.span, format!("expected type {wanted} in {place}, got {found}"));
        }
    }

    fn aggregate(&mut self, aggregate: &mut Aggregate) {
        let name: &str = aggregate.op.name();
        if let Some(param) = aggregate.param.as_mut() {
            self.expr(param);
            if let Some(wanted) = aggregate.op.param_type() {
                self.expect_type(param, wanted, &format!("the parameter of {name}"));
            }
        }
        self.expr(&mut aggregate.expr);
        self.expect_type(&aggregate.expr, ValueType::Vector, name);
    }

    fn unary(&mut self, unary: &mut Unary) {
        self.expr(&mut unary.expr);
        let found: ValueType = unary.expr.value_type();
        if !is_arithmetic(found) {
            let words: &str = found.words();
            self.error(unary.expr.span, format!("a sign is only allowed before a scalar or an instant vector, got {words}"));
        }
    }

    fn binary(&mut self, binary: &mut Binary, span: Span) {
        self.expr(&mut binary.lhs);
        self.expr(&mut binary.rhs);
        let left: ValueType = binary.lhs.value_type();
        let right: ValueType = binary.rhs.value_type();
        for side in [&binary.lhs, &binary.rhs] {
            let found: ValueType = side.value_type();
            if !is_arithmetic(found) {
                let words: &str = found.words();
                let op: BinaryOp = binary.op;
                self.error(side.span, format!("operator {op} takes scalars and instant vectors only, got {words}"));
            }
        }
        let scalars: bool = left == ValueType::Scalar && right == ValueType::Scalar;
        self.operator(binary, scalars, span);
        let matching: Option<VectorMatching> = binary.matching.take();
        binary.matching = if left == ValueType::Vector && right == ValueType::Vector {
            matching.map(|matching| self.settled(matching, binary.op, span))
        } else {
            self.refuse_matching(matching.as_ref(), span);
            None
        };
    }

    fn operator(&mut self, binary: &Binary, scalars: bool, span: Span) {
        let op: BinaryOp = binary.op;
        if binary.return_bool && !op.is_comparison() {
            self.error(span, "bool modifier can only be used on comparison operators");
        }
        if op.is_comparison() && !binary.return_bool && scalars {
            self.error(span, "comparisons between scalars must use the bool modifier");
        }
        let has_scalar: bool = binary.lhs.value_type() == ValueType::Scalar || binary.rhs.value_type() == ValueType::Scalar;
        if op.is_set() && has_scalar {
            self.error(span, format!("set operator {op} not allowed in a scalar expression"));
        }
        if op.is_trim() && scalars {
            self.error(span, format!("operator {op} not allowed between scalars"));
        }
    }

    fn settled(&mut self, mut matching: VectorMatching, op: BinaryOp, span: Span) -> VectorMatching {
        if op.is_set() {
            if matching.card != MatchCardinality::OneToOne {
                self.error(span, format!("no grouping allowed for {op} operation"));
            }
            if !matching.fill.is_empty() {
                self.error(span, format!("no filling allowed for {op} operation"));
            }
            matching.card = MatchCardinality::ManyToMany;
        }
        let twice: Option<&String> = matching.include.iter().find(|label| matching.on && matching.labels.contains(label));
        if let Some(label) = twice {
            self.error(span, format!("label {label:?} must not occur in on and group clause at once"));
        }
        matching
    }

    fn refuse_matching(&mut self, matching: Option<&VectorMatching>, span: Span) {
        let Some(matching) = matching else { return };
        if !matching.labels.is_empty() {
            self.error(span, "vector matching only allowed between instant vectors");
        }
        if !matching.fill.is_empty() {
            self.error(span, "filling in missing series only allowed between instant vectors");
        }
    }
}

fn is_arithmetic(value_type: ValueType) -> bool {
    matches!(value_type, ValueType::Scalar | ValueType::Vector)
}
