//! Whether an expression is one, once its variables are filled in.

use super::{Checker, MOST_EXPR, Problem, both};
use crate::interpolate::{Filled, Unknown, interpolate, named};
use crate::said::Said;
use crate::values::{Chosen, Values};
use crate::variable::{Offer, Variable};
use promql::ast::{Expr, ValueType};
use promql::error::ParseError;

/// What a variable without a known value may be: a word, a number, a window. One of them makes sense wherever a variable can stand.
const SAMPLES: [&str; 3] = ["sample", "1", "5m"];
/// More variables at once than this are tried with the same sample each.
const MOST_TRIED: u32 = 3;

impl Checker {
    /// Checks an expression that a panel or a variable asks with.
    pub(super) fn expression(&mut self, path: &str, expr: &str, variables: &[Variable]) {
        self.most(path, expr.len(), MOST_EXPR, "バイト", "bytes");
        if expr.len() > MOST_EXPR {
            return;
        }
        let names: Vec<&str> = variables.iter().map(|variable| variable.name.as_str()).collect();
        if let Some(unknown) = interpolate(expr, &sample(variables, 0)).unknown.into_iter().find(|one| !one.may_be_meant) {
            self.problems.push(unnamed(path, expr, &unknown, &names));
            return;
        }
        let used: Vec<Variable> = variables.iter().filter(|one| named(expr).contains(&one.name)).cloned().collect();
        let mut first: Option<Vec<Problem>> = None;
        for turn in 0..n_turns(&used) {
            let problems: Vec<Problem> = mistakes(path, &interpolate(expr, &sample(&used, turn)));
            if problems.is_empty() {
                return;
            }
            first.get_or_insert(problems);
        }
        self.problems.extend(first.unwrap_or_default());
    }
}

/// How often to try: with every sample for each variable whose values nobody knows yet.
fn n_turns(used: &[Variable]) -> usize {
    let n_open: usize = used.iter().filter(|variable| known(variable).is_none()).count();
    SAMPLES.len().pow(u32::try_from(n_open).unwrap_or(MOST_TRIED).min(MOST_TRIED))
}

/// Values to try an expression with: those that are known, and for the others the samples in turn.
fn sample(variables: &[Variable], turn: usize) -> Values {
    let mut values = Values::new(0, 3_600_000, 15_000);
    let mut turn: usize = turn;
    for variable in variables {
        let value: String = known(variable).unwrap_or_else(|| {
            let chosen: &str = SAMPLES[turn % SAMPLES.len()];
            turn /= SAMPLES.len();
            chosen.to_owned()
        });
        let chosen: Chosen = if variable.is_multi { Chosen::Several(vec![value]) } else { Chosen::One(value) };
        values.chosen.insert(variable.name.clone(), chosen);
    }
    values
}

/// A value that a variable will have.
fn known(variable: &Variable) -> Option<String> {
    let offered: Option<&str> = match &variable.offer {
        Offer::List(choices) => choices.first().map(|(_, value)| value.as_str()),
        Offer::Interval(windows) => windows.first().map(String::as_str),
        Offer::LabelValues { .. } | Offer::Query { .. } | Offer::Text => None,
    };
    variable.default.first().map(String::as_str).or(offered).filter(|value| !value.is_empty()).map(str::to_owned)
}

fn unnamed(path: &str, expr: &str, unknown: &Unknown, names: &[&str]) -> Problem {
    let written: &str = expr.get(unknown.start..unknown.end).unwrap_or_default();
    let expected: Said = if names.contains(&unknown.name.as_str()) {
        let forms: &str = "regex, pipe, csv, raw, doublequote";
        both(format!("書き方は {forms} のどれか"), format!("one of the forms {forms}"))
    } else if names.is_empty() {
        both("変数なし（このダッシュボードには変数がありません）", "no variable, because the dashboard has none")
    } else {
        both(format!("変数 {} のどれか", names.join("、")), format!("one of the variables {}", names.join(", ")))
    };
    Problem { path: path.to_owned(), said: Said::same(written), expected, at: Some((unknown.start, unknown.end)) }
}

/// What is wrong with an expression that is filled in, told at its place in the text as it was written.
fn mistakes(path: &str, filled: &Filled) -> Vec<Problem> {
    match promql::parse(&filled.text) {
        Ok(expr) => wrong_type(path, filled, &expr).into_iter().collect(),
        Err(errors) => errors.iter().map(|error| mistake(path, filled, error)).collect(),
    }
}

fn mistake(path: &str, filled: &Filled, error: &ParseError) -> Problem {
    Problem {
        path: path.to_owned(),
        said: both(format!("PromQL の誤り: {}", error.message), format!("in the PromQL expression: {}", error.message)),
        expected: Said::default(),
        at: Some(filled.back(error.span.start, error.span.end)),
    }
}

fn wrong_type(path: &str, filled: &Filled, expr: &Expr) -> Option<Problem> {
    let found: ValueType = expr.value_type();
    if matches!(found, ValueType::Scalar | ValueType::Vector) {
        return None;
    }
    Some(Problem {
        path: path.to_owned(),
        said: both(found.words(), format!("a {}", found.words())),
        expected: both("instant vector か scalar になる式", "an expression that gives an instant vector or a scalar"),
        at: Some(filled.back(expr.span.start, expr.span.end)),
    })
}
