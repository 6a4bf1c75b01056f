#![doc = include_str!("../README.md")]

pub mod ast;
pub mod check;
pub mod duration;
pub mod error;
pub mod functions;
pub mod lexer;
pub mod matches_empty;
pub mod numbers;
pub mod operators;
pub mod parser;
pub mod printer;
pub mod strings;
pub mod visit;

use ast::{Expr, Span};
use error::ParseError;

/// Reads and checks one expression.
///
/// # Errors
/// Every mistake found, sorted by position; never empty.
pub fn parse(input: &str) -> Result<Expr, Vec<ParseError>> {
    match parse_partial(input) {
        (Some(expr), errors) if errors.is_empty() => Ok(expr),
        (None, errors) if errors.is_empty() => {
            let end: Span = Span::new(input.len(), input.len());
            Err(vec![ParseError::new(end, "no expression found in input")])
        }
        (_, errors) => Err(errors),
    }
}

/// Reads as much as makes sense, for an editor. With errors the tree lacks what could not be read
/// and may break the rules that [`check`] enforces; without errors it is what [`parse`] returns.
/// Types are checked only when the syntax is right.
pub fn parse_partial(input: &str) -> (Option<Expr>, Vec<ParseError>) {
    let (mut expr, mut errors) = parser::parse(input);
    if let Some(expr) = expr.as_mut() {
        let findings: Vec<ParseError> = check::check(expr);
        if errors.is_empty() {
            errors = findings;
        }
    }
    errors.sort_by_key(|error| error.span);
    (expr, errors)
}
