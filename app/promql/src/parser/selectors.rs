//! Selectors, their matchers, and the modifiers of time behind them.

use super::{Parser, Tree};
use crate::ast::{At, Expr, ExprKind, Extended, METRIC_NAME, MatchOp, Matcher, Span, VectorSelector};
use crate::duration::DurationExpr;
use crate::lexer::{Token, TokenKind};

impl Parser<'_> {
    /// A selector; `name` is the identifier that stands here, or none before a brace.
    pub(super) fn selector(&mut self, name: Option<Token>) -> Option<Tree> {
        let start: usize = self.peek().span.start;
        let mut selector: VectorSelector = VectorSelector::default();
        if let Some(token) = name {
            self.bump();
            selector.name = Some(self.text(token).to_owned());
        }
        if self.is(TokenKind::LeftBrace) {
            selector.matchers = self.matchers();
        }
        let span: Span = self.span_from(start);
        self.leaf(ExprKind::VectorSelector(selector), span)
    }

    /// `{a="b", …}`: one trailing comma is allowed, a leading one is not.
    fn matchers(&mut self) -> Vec<Matcher> {
        self.bump();
        let mut matchers: Vec<Matcher> = Vec::new();
        while !self.eat(TokenKind::RightBrace) {
            if let Some(matcher) = self.matcher() {
                matchers.push(matcher);
                self.expect_end_of_item(TokenKind::RightBrace, "\",\" or \"}\"");
            }
            self.skip_item(TokenKind::RightBrace);
            if !self.eat(TokenKind::Comma) {
                self.expect(TokenKind::RightBrace, "\",\" or \"}\"");
                break;
            }
        }
        matchers
    }

    fn matcher(&mut self) -> Option<Matcher> {
        let token: Token = self.peek();
        let name: String = self.matcher_name(token)?;
        let is_alone: bool = matches!(self.peek().kind, TokenKind::Comma | TokenKind::RightBrace);
        if token.kind == TokenKind::String && is_alone {
            return Some(Matcher { op: MatchOp::Eq, name: METRIC_NAME.to_owned(), value: name, span: token.span });
        }
        if name.is_empty() {
            self.error(token.span, "label name is empty");
        }
        let op: MatchOp = self.match_operator()?;
        let value: Token = self.expect(TokenKind::String, "a quoted label value")?;
        Some(Matcher { op, name, value: self.string_value(value), span: token.span.to(value.span) })
    }

    fn matcher_name(&mut self, token: Token) -> Option<String> {
        let text: &str = self.text(token);
        let is_bare: bool = match token.kind {
            TokenKind::Ident => !text.contains(':'),
            // `Inf` and `NaN` are ordinary names here.
            TokenKind::Number => text.starts_with(|first: char| first.is_ascii_alphabetic()),
            _ => false,
        };
        if is_bare {
            self.bump();
            Some(text.to_owned())
        } else if token.kind == TokenKind::String {
            self.bump();
            Some(self.string_value(token))
        } else {
            self.unexpected("a label name or \"}\"");
            None
        }
    }

    fn match_operator(&mut self) -> Option<MatchOp> {
        let op: MatchOp = match self.peek().kind {
            TokenKind::Assign => MatchOp::Eq,
            TokenKind::Neq => MatchOp::Ne,
            TokenKind::EqRegex => MatchOp::Re,
            TokenKind::NeqRegex => MatchOp::Nre,
            _ => {
                self.unexpected("one of \"=\", \"!=\", \"=~\", \"!~\"");
                return None;
            }
        };
        self.bump();
        Some(op)
    }

    /// Reads one of `offset`, `@`, `anchored`, `smoothed` into the expression; false when none
    /// stands here.
    pub(super) fn selector_modifier(&mut self, expr: &mut Expr) -> bool {
        let token: Token = self.peek();
        if token.kind == TokenKind::At {
            self.bump();
            if let Some(at) = self.at_time() {
                self.set_at(expr, at, token.span);
            }
        } else if self.eat_keyword("offset") {
            if let Some(offset) = self.offset_duration() {
                self.set_offset(expr, offset, token.span);
            }
        } else if self.eat_keyword(Extended::Anchored.keyword()) {
            self.set_extended(expr, Extended::Anchored, token.span);
        } else if self.eat_keyword(Extended::Smoothed.keyword()) {
            self.set_extended(expr, Extended::Smoothed, token.span);
        } else {
            return false;
        }
        expr.span = expr.span.to(self.span_from(token.span.start));
        true
    }

    fn set_offset(&mut self, expr: &mut Expr, offset: DurationExpr, keyword: Span) {
        let slot: Option<&mut Option<DurationExpr>> = match &mut expr.kind {
            ExprKind::VectorSelector(selector) => Some(&mut selector.offset),
            ExprKind::MatrixSelector(matrix) => Some(&mut matrix.selector.offset),
            ExprKind::Subquery(subquery) => Some(&mut subquery.offset),
            _ => None,
        };
        match slot {
            Some(Some(_)) => self.error(keyword, "offset may not be set multiple times"),
            Some(slot) => *slot = Some(offset),
            None => self.error(keyword, "offset modifier must follow a selector, a range selector or a subquery"),
        }
    }

    fn set_at(&mut self, expr: &mut Expr, at: At, keyword: Span) {
        let slot: Option<&mut Option<At>> = match &mut expr.kind {
            ExprKind::VectorSelector(selector) => Some(&mut selector.at),
            ExprKind::MatrixSelector(matrix) => Some(&mut matrix.selector.at),
            ExprKind::Subquery(subquery) => Some(&mut subquery.at),
            _ => None,
        };
        match slot {
            Some(Some(_)) => self.error(keyword, "@ may not be set multiple times"),
            Some(slot) => *slot = Some(at),
            None => self.error(keyword, "@ modifier must follow a selector, a range selector or a subquery"),
        }
    }

    fn set_extended(&mut self, expr: &mut Expr, extended: Extended, keyword: Span) {
        let slot: Option<&mut Option<Extended>> = match &mut expr.kind {
            ExprKind::VectorSelector(selector) => Some(&mut selector.extended),
            ExprKind::MatrixSelector(matrix) => Some(&mut matrix.selector.extended),
            _ => None,
        };
        let word: &str = extended.keyword();
        match slot {
            Some(Some(before)) if *before != extended => {
                self.error(keyword, "anchored and smoothed modifiers cannot be used together")
            }
            Some(slot) => *slot = Some(extended),
            None => self.error(keyword, format!("{word} modifier must follow a selector or a range selector")),
        }
    }

    /// What follows `@`: Unix seconds with an optional sign, `start()` or `end()`.
    fn at_time(&mut self) -> Option<At> {
        for (word, at) in [("start", At::Start), ("end", At::End)] {
            if self.eat_keyword(word) {
                self.expect(TokenKind::LeftParen, "\"(\"")?;
                self.expect(TokenKind::RightParen, "\")\"")?;
                return Some(at);
            }
        }
        let start: usize = self.peek().span.start;
        let seconds: f64 = self.signed_number("a timestamp, start() or end()")?;
        let in_range: bool = seconds.abs() < i64::MAX as f64;
        if !in_range {
            let span: Span = self.span_from(start);
            self.error(span, "timestamp out of bounds for @ modifier");
            return None;
        }
        // The cast saturates far outside any real time.
        Some(At::Timestamp((seconds * 1000.0).round() as i64))
    }

    /// A number or duration literal with an optional sign.
    pub(super) fn signed_number(&mut self, expected: &str) -> Option<f64> {
        let negative: bool = self.eat(TokenKind::Sub);
        if !negative {
            self.eat(TokenKind::Add);
        }
        if !matches!(self.peek().kind, TokenKind::Number | TokenKind::Duration) {
            self.unexpected(expected);
            return None;
        }
        let value: f64 = self.number().value;
        Some(if negative { -value } else { value })
    }
}
