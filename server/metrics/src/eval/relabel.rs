//! `label_replace` and `label_join`.

use std::sync::Arc;

use model::labels::{Labels, METRIC_NAME};
use promql::ast::{Expr, ExprKind, Span};
use regex::{Captures, Regex};

use super::failure::EvalError;
use super::series::{Budget, Series, merged};
use crate::matchers::{MOST_BYTES, anchored};

/// The longest value a label may be given. Calls nest, and each may double what it gets.
const MAX_VALUE_BYTES: usize = 1 << 20;

/// A cell of a column, in bytes: labels are paid from the same budget.
const CELL_BYTES: usize = 8;

/// How labels are rewritten.
#[derive(Debug)]
pub(super) enum Relabel {
    /// `label_replace(v, target, template, source, pattern)`
    Replace { target: String, template: String, source: String, pattern: Box<Regex> },
    /// `label_join(v, target, separator, source …)`
    Join { target: String, separator: String, sources: Vec<String> },
}

/// The text of a string argument.
pub(super) fn text(arg: &Expr) -> Result<String, EvalError> {
    match &arg.unparen().kind {
        ExprKind::StringLiteral(text) => Ok(text.clone()),
        _ => Err(EvalError::Mistyped { expected: "string", span: arg.span }),
    }
}

impl Relabel {
    /// From the arguments of `label_replace`.
    ///
    /// # Errors
    /// When the target is no label name or the pattern no regular expression.
    pub fn replace(args: &[Expr]) -> Result<Self, EvalError> {
        let [_, target, template, source, pattern] = args else {
            return Err(EvalError::Mistyped { expected: "five arguments", span: span_of(args) });
        };
        let written: String = text(pattern)?;
        let compiled: Regex = anchored(&written, MOST_BYTES).map_err(|source| EvalError::BadRegex {
            pattern: written.clone(),
            source: Box::new(source),
            span: pattern.span,
        })?;
        Ok(Self::Replace {
            target: label_name(target, "destination label name", "label_replace")?,
            template: text(template)?,
            source: text(source)?,
            pattern: Box::new(compiled),
        })
    }

    /// From the arguments of `label_join`.
    ///
    /// # Errors
    /// When the target or a source is no label name.
    pub fn join(args: &[Expr]) -> Result<Self, EvalError> {
        let [_, target, separator, sources @ ..] = args else {
            return Err(EvalError::Mistyped { expected: "three arguments", span: span_of(args) });
        };
        let sources: Vec<String> = sources
            .iter()
            .map(|source| label_name(source, "source label name", "label_join"))
            .collect::<Result<Vec<String>, EvalError>>()?;
        Ok(Self::Join {
            target: label_name(target, "destination label name", "label_join")?,
            separator: text(separator)?,
            sources,
        })
    }

    /// Rewrites the labels of every series.
    ///
    /// # Errors
    /// When two series become equal at the same step, or a label too long.
    pub fn apply(&self, mut series: Vec<Series>, budget: &mut Budget) -> Result<Vec<Series>, EvalError> {
        for one in &mut series {
            let Some(value) = self.value(&one.labels)? else {
                continue;
            };
            budget.take(value.len() / CELL_BYTES)?;
            let mut labels: Labels = one.labels.as_ref().clone();
            labels.set(self.target().to_owned(), value);
            one.labels = Arc::new(labels);
            // A name that was just given is meant to stay.
            one.drop_name &= self.target() != METRIC_NAME;
        }
        merged(series)
    }

    fn target(&self) -> &str {
        match self {
            Self::Replace { target, .. } | Self::Join { target, .. } => target,
        }
    }

    /// The new value of the target; `None` leaves it alone.
    fn value(&self, labels: &Labels) -> Result<Option<String>, EvalError> {
        match self {
            Self::Replace { template, source, pattern, .. } => {
                let given: &str = labels.get(source);
                let Some(captures): Option<Captures<'_>> = pattern.captures(given) else {
                    return Ok(None);
                };
                // Each `$` stands for a part of the source, or for all of it.
                let n_groups: usize = template.bytes().filter(|byte| *byte == b'$').count();
                within(template.len().saturating_add(n_groups.saturating_mul(given.len())))?;
                let mut value: String = String::new();
                captures.expand(template, &mut value);
                Ok(Some(value))
            }
            Self::Join { separator, sources, .. } => {
                let parts: Vec<&str> = sources.iter().map(|source| labels.get(source)).collect();
                let separators: usize = parts.len().saturating_mul(separator.len());
                within(parts.iter().map(|part| part.len()).fold(separators, usize::saturating_add))?;
                Ok(Some(parts.join(separator.as_str())))
            }
        }
    }
}

/// Refuses a value that may come out longer than is sensible, before it is made.
fn within(bytes: usize) -> Result<(), EvalError> {
    if bytes > MAX_VALUE_BYTES { Err(EvalError::TooLongLabel { limit: MAX_VALUE_BYTES }) } else { Ok(()) }
}

/// A label name: any text but none at all.
fn label_name(arg: &Expr, role: &'static str, function: &'static str) -> Result<String, EvalError> {
    let name: String = text(arg)?;
    if name.is_empty() {
        return Err(EvalError::BadLabelName { role, function, name, span: arg.span });
    }
    Ok(name)
}

fn span_of(args: &[Expr]) -> Span {
    args.first().map_or(Span::default(), |first| args.iter().fold(first.span, |span, arg| span.to(arg.span)))
}
