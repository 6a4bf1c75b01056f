//! Operators, signs, parentheses and literals.

use super::{Parser, RESERVED, Tree};
use crate::ast::{Binary, Expr, ExprKind, MatrixSelector, NumberLiteral, Span, Subquery, Unary, UnaryOp};
use crate::duration::DurationExpr;
use crate::lexer::{Token, TokenKind};
use crate::numbers;
use crate::operators::{BINARY_OPS, BinaryOp, UNARY_PRECEDENCE};

impl Parser<'_> {
    /// An expression whose operators bind at least as tightly as `weakest`.
    pub(super) fn expression(&mut self, weakest: u8) -> Option<Tree> {
        let entered: Option<()> = self.enter();
        let tree: Option<Tree> = entered.and_then(|()| self.operators(weakest));
        self.leave();
        tree
    }

    fn operators(&mut self, weakest: u8) -> Option<Tree> {
        let mut lhs: Tree = self.signed()?;
        while let Some(op) = self.peek_operator().filter(|op| op.precedence() >= weakest) {
            self.bump();
            lhs = self.right_side(op, lhs)?;
        }
        Some(lhs)
    }

    fn peek_operator(&self) -> Option<BinaryOp> {
        let token: Token = self.peek();
        let text: &str = self.text(token);
        let is_symbol_or_word: bool =
            !matches!(token.kind, TokenKind::String | TokenKind::Number | TokenKind::Duration | TokenKind::End);
        BINARY_OPS.into_iter().find(|op| is_symbol_or_word && op.symbol().eq_ignore_ascii_case(text))
    }

    /// What follows an operator. Without a readable right operand the left one stands alone.
    fn right_side(&mut self, op: BinaryOp, lhs: Tree) -> Option<Tree> {
        let modifiers = self.binary_modifiers();
        let weakest: u8 = if op.right_associative() { op.precedence() } else { op.precedence() + 1 };
        let Some(rhs) = self.expression(weakest) else {
            return Some(lhs);
        };
        let tallest: usize = lhs.height.max(rhs.height);
        let span: Span = lhs.expr.span.to(rhs.expr.span);
        let binary: Binary = Binary {
            op,
            lhs: Box::new(lhs.expr),
            rhs: Box::new(rhs.expr),
            matching: Some(modifiers.matching),
            return_bool: modifiers.return_bool,
        };
        let kind: ExprKind = ExprKind::Binary(binary);
        self.grown(Expr { kind, span }, tallest)
    }

    fn signed(&mut self) -> Option<Tree> {
        let op: UnaryOp = match self.peek().kind {
            TokenKind::Add => UnaryOp::Plus,
            TokenKind::Sub => UnaryOp::Minus,
            _ => return self.operand(),
        };
        let sign: Token = self.bump();
        let inner: Tree = self.expression(UNARY_PRECEDENCE)?;
        let span: Span = sign.span.to(inner.expr.span);
        let kind: ExprKind = ExprKind::Unary(Unary { op, expr: Box::new(inner.expr) });
        self.grown(Expr { kind, span }, inner.height)
    }

    /// A primary and the ranges and modifiers behind it.
    fn operand(&mut self) -> Option<Tree> {
        let mut tree: Tree = self.primary()?;
        loop {
            let token: Token = self.peek();
            if token.kind == TokenKind::LeftBracket {
                tree = self.brackets(tree)?;
            } else if !self.selector_modifier(&mut tree.expr) {
                return Some(tree);
            }
        }
    }

    fn primary(&mut self) -> Option<Tree> {
        let token: Token = self.peek();
        match token.kind {
            TokenKind::Number | TokenKind::Duration => {
                let number: NumberLiteral = self.number();
                self.leaf(ExprKind::NumberLiteral(number), token.span)
            }
            TokenKind::String => {
                self.bump();
                let text: String = self.string_value(token);
                self.leaf(ExprKind::StringLiteral(text), token.span)
            }
            TokenKind::LeftParen => self.parenthesised(),
            TokenKind::LeftBrace => self.selector(None),
            TokenKind::Ident => self.named(token),
            _ => {
                self.unexpected("an expression");
                None
            }
        }
    }

    pub(super) fn leaf(&mut self, kind: ExprKind, span: Span) -> Option<Tree> {
        self.grown(Expr { kind, span }, 0)
    }

    /// The number or duration here. Anything else is a mistake of the caller and reads as NaN.
    pub(super) fn number(&mut self) -> NumberLiteral {
        let token: Token = self.bump();
        let text: &str = self.text(token);
        if token.kind == TokenKind::Duration {
            return NumberLiteral { value: self.duration_seconds(token), duration: true };
        }
        let value: Option<f64> = numbers::parse_number(text);
        if value.is_none() {
            self.error(token.span, format!("malformed or too large number {text:?}"));
        }
        NumberLiteral { value: value.unwrap_or(f64::NAN), duration: false }
    }

    fn duration_seconds(&mut self, token: Token) -> f64 {
        match numbers::parse_duration_ms(self.text(token)) {
            Ok(duration_ms) => duration_ms as f64 / 1000.0,
            Err(message) => {
                self.error(token.span, message);
                1.0
            }
        }
    }

    fn parenthesised(&mut self) -> Option<Tree> {
        let open: Token = self.bump();
        let inner: Option<Tree> = self.expression(0);
        self.close(TokenKind::RightParen, "an operator or \")\"");
        let inner: Tree = inner?;
        let kind: ExprKind = ExprKind::Paren(Box::new(inner.expr));
        let span: Span = self.span_from(open.span.start);
        self.grown(Expr { kind, span }, inner.height)
    }

    /// Takes the closing bracket, skipping what cannot be read before it.
    fn close(&mut self, close: TokenKind, expected: &str) {
        if self.eat(close) {
            return;
        }
        self.unexpected(expected);
        self.skip_to_close(close);
        self.eat(close);
    }

    /// Like `skip_item`, past commas.
    pub(super) fn skip_to_close(&mut self, close: TokenKind) {
        self.skip_item(close);
        while self.eat(TokenKind::Comma) {
            self.skip_item(close);
        }
    }

    /// An identifier: a call, an aggregation or a metric.
    fn named(&mut self, token: Token) -> Option<Tree> {
        let text: &str = self.text(token);
        if RESERVED.iter().any(|word| word.eq_ignore_ascii_case(text)) {
            self.unexpected("an expression");
            return None;
        }
        if let Some(op) = self.peek_aggregate() {
            return self.aggregate(op);
        }
        if self.peek_ahead(1).kind == TokenKind::LeftParen {
            return self.call();
        }
        self.selector(Some(token))
    }

    /// `[range]` or `[range:step]` behind an expression.
    fn brackets(&mut self, tree: Tree) -> Option<Tree> {
        let open: Token = self.bump();
        let range: Option<DurationExpr> = self.positive_duration();
        let is_subquery: bool = range.is_some() && self.eat(TokenKind::Colon);
        let mut step: Option<DurationExpr> = None;
        if is_subquery && !self.is(TokenKind::RightBracket) {
            step = self.positive_duration();
        }
        self.close(TokenKind::RightBracket, "an operator, \":\" or \"]\"");
        match range {
            None => Some(tree),
            Some(range) if is_subquery => self.subquery(tree, range, step),
            Some(range) => Some(self.matrix(tree, range, open.span)),
        }
    }

    fn subquery(&mut self, tree: Tree, range: DurationExpr, step: Option<DurationExpr>) -> Option<Tree> {
        let span: Span = self.span_from(tree.expr.span.start);
        let kind: ExprKind = ExprKind::Subquery(Subquery { expr: Box::new(tree.expr), range, step, offset: None, at: None });
        self.grown(Expr { kind, span }, tree.height)
    }

    /// A range over a bare selector; over anything else it is an error and drops out.
    fn matrix(&mut self, tree: Tree, range: DurationExpr, open: Span) -> Tree {
        let brackets: Span = self.span_from(open.start);
        let Tree { expr, height } = tree;
        let selector_span: Span = expr.span;
        match expr.kind {
            ExprKind::VectorSelector(selector) => {
                let misplaced: Option<&str> = if selector.offset.is_some() {
                    Some("no offset modifier allowed before a range")
                } else if selector.at.is_some() {
                    Some("no @ modifier allowed before a range")
                } else if selector.extended.is_some() {
                    Some("no anchored or smoothed modifier allowed before a range")
                } else {
                    None
                };
                if let Some(message) = misplaced {
                    self.error(brackets, message);
                }
                let kind: ExprKind = ExprKind::MatrixSelector(MatrixSelector { selector, selector_span, range });
                let span: Span = selector_span.to(brackets);
                Tree { expr: Expr { kind, span }, height }
            }
            kind => {
                self.error(brackets, "ranges only allowed for vector selectors");
                Tree { expr: Expr { kind, span: selector_span }, height }
            }
        }
    }
}
