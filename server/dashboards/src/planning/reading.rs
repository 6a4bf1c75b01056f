//! An expression with what was chosen in it, read; or what is wrong with it, told at its place in what the author wrote.

use dashboard::{Filled, Trouble, TroubleKind, Unknown, Values, interpolate};
use promql::ast::{Expr, METRIC_NAME, MatchOp, ValueType, VectorSelector};
use promql::error::ParseError;
use promql::visit::selectors;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Bytes of an expression with everything filled in: hundreds of names fit, and a thousand of the longest there may be do not.
const MOST_FILLED: usize = 256 << 10;

/// An expression that can be asked.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    pub(crate) filled: Filled,
    pub(crate) expr: Arc<Expr>,
}

/// Fills in and reads an expression.
///
/// # Errors
/// What is wrong with it; of several mistakes the first.
pub(crate) fn read(query: usize, written: &str, values: &Values) -> Result<Read, Trouble> {
    let filled: Filled = interpolate(written, values);
    let trouble = |kind: TroubleKind, message: String, span: Option<(usize, usize)>| Trouble {
        query,
        kind,
        expr: written.to_owned(),
        message,
        span,
    };
    if let Some(unknown) = filled.unknown.iter().find(|one| !one.may_be_meant) {
        return Err(trouble(TroubleKind::Syntax, without_value(written, unknown), Some((unknown.start, unknown.end))));
    }
    if filled.text.len() > MOST_FILLED {
        let message = format!("with what is chosen the expression is longer than {MOST_FILLED} bytes");
        return Err(trouble(TroubleKind::Refused, message, None));
    }
    let expr: Expr = promql::parse(&filled.text).map_err(|errors: Vec<ParseError>| match errors.into_iter().next() {
        Some(error) => trouble(TroubleKind::Syntax, error.message, Some(filled.back(error.span.start, error.span.end))),
        None => trouble(TroubleKind::Syntax, String::new(), None),
    })?;
    let found: ValueType = expr.value_type();
    if !matches!(found, ValueType::Scalar | ValueType::Vector) {
        let message = format!("expected an instant vector or a scalar, found a {}", found.words());
        return Err(trouble(TroubleKind::Refused, message, Some(filled.back(expr.span.start, expr.span.end))));
    }
    Ok(Read { filled, expr: Arc::new(expr) })
}

fn without_value(written: &str, unknown: &Unknown) -> String {
    format!("{} names no variable", written.get(unknown.start..unknown.end).unwrap_or_default())
}

/// The metrics that an expression names.
pub(crate) fn metrics_named(expr: &Expr) -> BTreeSet<String> {
    selectors(expr).into_iter().filter_map(metric_of).collect()
}

fn metric_of(selector: &VectorSelector) -> Option<String> {
    let matched = || selector.matchers.iter().find(|matcher| matcher.name == METRIC_NAME && matcher.op == MatchOp::Eq);
    selector.name.clone().or_else(|| matched().map(|matcher| matcher.value.clone()))
}
