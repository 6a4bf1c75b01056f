//! What is wrong with an expression, and where.

use thiserror::Error;

use crate::ast::Span;

/// One mistake. Errors of one input are sorted by position.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct ParseError {
    /// The bytes at fault; empty at the end of the input when something is missing there.
    pub span: Span,
    /// What was found and what was expected; lower case, no full stop.
    pub message: String,
}

impl ParseError {
    /// An error at `span`.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }

    /// Line and column where the error starts, both counted from 1, the column in characters.
    /// `input` is the text that was parsed.
    pub fn line_col(&self, input: &str) -> (usize, usize) {
        line_col(input, self.span.start)
    }

    /// `line:column: message`.
    pub fn describe(&self, input: &str) -> String {
        let (line, column) = self.line_col(input);
        format!("{line}:{column}: {}", self.message)
    }
}

/// Line and column of a byte offset, both counted from 1, the column in characters. Offsets past
/// the end count as the end.
pub fn line_col(input: &str, offset: usize) -> (usize, usize) {
    let mut line: usize = 1;
    let mut column: usize = 1;
    for (_, character) in input.char_indices().take_while(|(at, _)| *at < offset) {
        if character == '\n' {
            line += 1;
            column = 1;
        } else {
            column += 1;
        }
    }
    (line, column)
}
