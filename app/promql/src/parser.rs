//! Tokens to a tree: a Pratt parser that reports several mistakes and keeps what it could read.
//!
//! The submodules add methods to one `Parser`, by what they read. Recovery is simple on purpose:
//! a method that fails has reported why and returns `None`; whoever stands inside brackets skips
//! to the next comma or the closing bracket and goes on.

mod calls;
mod durations;
mod expressions;
mod modifiers;
mod selectors;

use crate::ast::{AggregateOp, Expr, ExprKind, Span};
use crate::error::ParseError;
use crate::lexer::{self, Token, TokenKind};
use crate::strings;
use crate::visit;

/// How deeply brackets, signs and right operands may nest. Each level costs the parser several
/// stack frames; a thread with 1 MiB (a browser's) holds this many with room to spare, and no
/// expression a person wrote comes near.
pub const MAX_NESTING: usize = 100;

/// How many levels a tree may have. Chains such as `a or b or c …` grow a level per operator
/// without nesting, and everything that walks a tree recurses.
pub const MAX_HEIGHT: usize = 256;

/// Words that never start an operand, because they follow a binary operator or are one.
pub(crate) const RESERVED: [&str; 6] = ["atan2", "bool", "group_left", "group_right", "ignoring", "on"];

/// Beyond this many errors nobody reads on.
const MAX_ERRORS: usize = 50;

/// Reads one expression. The tree is partial when there are errors.
pub(crate) fn parse(input: &str) -> (Option<Expr>, Vec<ParseError>) {
    let (tokens, errors) = lexer::lex(input);
    let mut parser: Parser<'_> = Parser {
        input,
        tokens: tokens.into_iter().filter(|token| token.kind != TokenKind::Comment).collect(),
        at: 0,
        nesting: 0,
        duration_nodes: 0,
        lossy: Vec::new(),
        given_up: false,
        errors,
    };
    let expr: Option<Expr> = parser.whole();
    parser.errors.truncate(MAX_ERRORS);
    (expr, parser.errors)
}

/// Whether the string at `literal` is the label of a `count_values`: Prometheus has a sentence of its own for that.
fn names_counted_values(expr: &Expr, literal: Span) -> bool {
    let mut found: bool = false;
    visit::walk(expr, &mut |node| {
        if let ExprKind::Aggregate(aggregate) = &node.kind
            && aggregate.op == AggregateOp::CountValues
        {
            found |= aggregate.param.as_deref().is_some_and(|param| param.unparen().span == literal);
        }
    });
    found
}

/// An expression and the number of levels of its tree.
struct Tree {
    expr: Expr,
    height: usize,
}

struct Parser<'a> {
    input: &'a str,
    /// Without comments; the last one is `End`.
    tokens: Vec<Token>,
    /// Index of the token to read next; never past `End`.
    at: usize,
    nesting: usize,
    /// Nodes of the duration being read: bounds its height too.
    duration_nodes: usize,
    /// Strings whose bytes are not UTF-8.
    lossy: Vec<Span>,
    /// Reading was broken off; nothing more is reported.
    given_up: bool,
    errors: Vec<ParseError>,
}

impl<'a> Parser<'a> {
    fn whole(&mut self) -> Option<Expr> {
        if self.peek().kind == TokenKind::End {
            let span: Span = self.peek().span;
            self.error(span, "no expression found in input");
            return None;
        }
        let tree: Option<Tree> = self.expression(0);
        if tree.is_some() && self.peek().kind != TokenKind::End {
            self.unexpected("an operator or the end of the expression");
        }
        let expr: Option<Expr> = tree.map(|tree| tree.expr);
        self.refuse_lossy_strings(expr.as_ref());
        expr
    }

    /// Label names and values are UTF-8, so a string of other bytes is only good for itself.
    fn refuse_lossy_strings(&mut self, expr: Option<&Expr>) {
        let root: Option<&Expr> = expr.map(Expr::unparen);
        let allowed: Option<Span> = root.filter(|root| matches!(root.kind, ExprKind::StringLiteral(_))).map(|root| root.span);
        for span in std::mem::take(&mut self.lossy) {
            if allowed == Some(span) {
                continue;
            }
            let names_label: bool = expr.is_some_and(|expr| names_counted_values(expr, span));
            let literal: &str = &self.input[span.start..span.end];
            match strings::requote(literal) {
                Ok(name) if names_label => self.error(span, format!("invalid label name {name}")),
                _ => self.error(span, "string is not valid UTF-8"),
            }
        }
    }

    fn peek(&self) -> Token {
        self.peek_ahead(0)
    }

    fn peek_ahead(&self, ahead: usize) -> Token {
        let last: usize = self.tokens.len() - 1;
        self.tokens[(self.at + ahead).min(last)]
    }

    fn bump(&mut self) -> Token {
        let token: Token = self.peek();
        if token.kind != TokenKind::End {
            self.at += 1;
        }
        token
    }

    fn is(&self, kind: TokenKind) -> bool {
        self.peek().kind == kind
    }

    fn eat(&mut self, kind: TokenKind) -> bool {
        let found: bool = self.is(kind);
        if found {
            self.bump();
        }
        found
    }

    fn text(&self, token: Token) -> &'a str {
        &self.input[token.span.start..token.span.end]
    }

    /// Whether the token is this keyword, in any case.
    fn is_keyword(&self, token: Token, keyword: &str) -> bool {
        token.kind == TokenKind::Ident && self.text(token).eq_ignore_ascii_case(keyword)
    }

    fn eat_keyword(&mut self, keyword: &str) -> bool {
        let found: bool = self.is_keyword(self.peek(), keyword);
        if found {
            self.bump();
        }
        found
    }

    /// One past the last byte read so far.
    fn end(&self) -> usize {
        self.at.checked_sub(1).map_or(0, |before| self.tokens[before].span.end)
    }

    fn span_from(&self, start: usize) -> Span {
        Span::new(start, self.end().max(start))
    }

    /// Takes the token, or says that it is missing.
    fn expect(&mut self, kind: TokenKind, expected: &str) -> Option<Token> {
        if self.is(kind) {
            return Some(self.bump());
        }
        self.unexpected(expected);
        None
    }

    /// Reports a mistake. The first word about a place is the best one; callers further out may
    /// stumble over the same token and are not heard.
    fn error(&mut self, span: Span, message: impl Into<String>) {
        if self.given_up || self.errors.len() >= MAX_ERRORS {
            return;
        }
        if self.errors.iter().all(|error| error.span != span) {
            self.errors.push(ParseError::new(span, message));
        }
    }

    /// Says what stands here and what should. The lexer has complained about invalid text
    /// already; that is only stepped over.
    fn unexpected(&mut self, expected: &str) {
        let token: Token = self.peek();
        if token.kind == TokenKind::Invalid {
            self.bump();
            return;
        }
        let found: String = self.describe(token);
        self.error(token.span, format!("unexpected {found}, expected {expected}"));
    }

    fn describe(&self, token: Token) -> String {
        let text: &str = self.text(token);
        match token.kind {
            TokenKind::End => "end of input".to_owned(),
            TokenKind::Ident => format!("identifier {text:?}"),
            TokenKind::Number => format!("number {text:?}"),
            TokenKind::Duration => format!("duration {text:?}"),
            TokenKind::String => format!("string {text}"),
            _ => format!("{text:?}"),
        }
    }

    /// Goes one level down; `None`, and no further reading, when that is one too many.
    fn enter(&mut self) -> Option<()> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            self.give_up(format!("expression nests more than {MAX_NESTING} levels deep"));
            return None;
        }
        Some(())
    }

    fn leave(&mut self) {
        self.nesting -= 1;
    }

    /// A node above subtrees of these heights.
    fn grown(&mut self, expr: Expr, tallest: usize) -> Option<Tree> {
        let height: usize = tallest + 1;
        if height > MAX_HEIGHT {
            self.give_up(format!("expression has more than {MAX_HEIGHT} levels"));
            return None;
        }
        Some(Tree { expr, height })
    }

    /// Reports and jumps to the end, so that every caller unwinds. What they would say on the way
    /// about the missing rest is dropped.
    fn give_up(&mut self, message: String) {
        let span: Span = self.peek().span;
        self.error(span, message);
        self.at = self.tokens.len() - 1;
        self.given_up = true;
    }

    /// Complains unless an item of a list ends here.
    fn expect_end_of_item(&mut self, close: TokenKind, expected: &str) {
        if !self.is(TokenKind::Comma) && !self.is(close) {
            self.unexpected(expected);
        }
    }

    /// Skips to the next comma or closing bracket of the list being read, or to the end.
    fn skip_item(&mut self, close: TokenKind) {
        let mut depth: usize = 0;
        loop {
            let kind: TokenKind = self.peek().kind;
            match kind {
                TokenKind::End => return,
                TokenKind::Comma if depth == 0 => return,
                _ if kind == close && depth == 0 => return,
                TokenKind::LeftParen | TokenKind::LeftBrace | TokenKind::LeftBracket => depth += 1,
                TokenKind::RightParen | TokenKind::RightBrace | TokenKind::RightBracket => {
                    // A closing bracket of another kind ends a list that was never closed.
                    if depth == 0 {
                        return;
                    }
                    depth -= 1;
                }
                _ => {}
            }
            self.bump();
        }
    }

    /// The text of a string token, its escapes read.
    fn string_value(&mut self, token: Token) -> String {
        match strings::unquote(self.text(token)) {
            Ok(unquoted) => {
                if unquoted.lossy {
                    self.lossy.push(token.span);
                }
                unquoted.text
            }
            Err(error) => {
                let start: usize = token.span.start + error.at;
                // The character after the backslash may be longer than a byte.
                let escaped: usize = self.input[start + 1..].chars().next().map_or(0, char::len_utf8);
                self.error(Span::new(start, start + 1 + escaped), error.message);
                String::new()
            }
        }
    }
}
