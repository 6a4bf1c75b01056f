//! Durations inside square brackets and behind `offset`.

use super::{MAX_NESTING, Parser};
use crate::ast::{NumberLiteral, Span};
use crate::duration::{DurationExpr, DurationKind, DurationOp, MAX_SECONDS};
use crate::lexer::{Token, TokenKind};
use crate::operators::UNARY_PRECEDENCE;

impl Parser<'_> {
    /// A range or a step. A literal must be above zero; arithmetic is judged when it is resolved.
    pub(super) fn positive_duration(&mut self) -> Option<DurationExpr> {
        self.duration_nodes = 0;
        let duration: DurationExpr = self.duration(0)?;
        if duration.literal_seconds().is_some_and(|seconds| seconds <= 0.0) {
            self.error(duration.span, "duration must be greater than 0");
        }
        Some(duration)
    }

    /// An offset: a single term with an optional sign; arithmetic needs parentheses, because
    /// behind an offset an operator belongs to the expression again.
    pub(super) fn offset_duration(&mut self) -> Option<DurationExpr> {
        self.duration_nodes = 0;
        let start: usize = self.peek().span.start;
        if self.eat(TokenKind::Sub) {
            let inner: DurationExpr = self.duration_term()?;
            return Some(self.negated(start, inner));
        }
        self.eat(TokenKind::Add);
        self.duration_term()
    }

    fn negated(&self, start: usize, inner: DurationExpr) -> DurationExpr {
        DurationExpr { span: self.span_from(start), kind: DurationKind::Neg(Box::new(inner)) }
    }

    fn duration(&mut self, weakest: u8) -> Option<DurationExpr> {
        let mut lhs: DurationExpr = self.signed_duration()?;
        while let Some(op) = self.peek_duration_operator().filter(|op| op.precedence() >= weakest) {
            let sign: Token = self.bump();
            self.count_duration_node()?;
            let next: u8 = op.precedence() + u8::from(!op.right_associative());
            let rhs: DurationExpr = self.duration(next)?;
            self.refuse_zero_divisor(op, &rhs, sign);
            lhs = DurationExpr {
                span: lhs.span.to(rhs.span),
                kind: DurationKind::Binary { op, lhs: Box::new(lhs), rhs: Box::new(rhs) },
            };
        }
        Some(lhs)
    }

    fn peek_duration_operator(&self) -> Option<DurationOp> {
        match self.peek().kind {
            TokenKind::Add => Some(DurationOp::Add),
            TokenKind::Sub => Some(DurationOp::Sub),
            TokenKind::Mul => Some(DurationOp::Mul),
            TokenKind::Div => Some(DurationOp::Div),
            TokenKind::Mod => Some(DurationOp::Mod),
            TokenKind::Pow => Some(DurationOp::Pow),
            _ => None,
        }
    }

    fn refuse_zero_divisor(&mut self, op: DurationOp, rhs: &DurationExpr, sign: Token) {
        let is_zero: bool = rhs.literal_seconds() == Some(0.0);
        let span: Span = sign.span.to(rhs.span);
        match op {
            DurationOp::Div if is_zero => self.error(span, "division by zero"),
            DurationOp::Mod if is_zero => self.error(span, "modulo by zero"),
            _ => {}
        }
    }

    fn signed_duration(&mut self) -> Option<DurationExpr> {
        let start: usize = self.peek().span.start;
        if self.eat(TokenKind::Sub) {
            self.count_duration_node()?;
            let inner: DurationExpr = self.duration(UNARY_PRECEDENCE)?;
            return Some(self.negated(start, inner));
        }
        if self.eat(TokenKind::Add) {
            self.count_duration_node()?;
            return self.duration(UNARY_PRECEDENCE);
        }
        self.duration_term()
    }

    fn duration_term(&mut self) -> Option<DurationExpr> {
        self.count_duration_node()?;
        let token: Token = self.peek();
        let kind: DurationKind = match token.kind {
            TokenKind::Number | TokenKind::Duration if !self.is_word(token) => DurationKind::Literal(self.duration_literal()),
            TokenKind::LeftParen => {
                self.bump();
                let inner: DurationExpr = self.duration(0)?;
                self.expect(TokenKind::RightParen, "an operator or \")\"")?;
                DurationKind::Paren(Box::new(inner))
            }
            TokenKind::Ident => self.duration_function(token)?,
            _ => {
                self.unexpected("a duration");
                return None;
            }
        };
        Some(DurationExpr { kind, span: self.span_from(token.span.start) })
    }

    /// `Inf` and `NaN` are numbers, but no durations.
    fn is_word(&self, token: Token) -> bool {
        self.text(token).starts_with(|first: char| first.is_ascii_alphabetic())
    }

    fn duration_literal(&mut self) -> NumberLiteral {
        let span: Span = self.peek().span;
        let literal: NumberLiteral = self.number();
        if literal.value.abs() > MAX_SECONDS {
            self.error(span, "duration out of range");
        }
        literal
    }

    fn duration_function(&mut self, token: Token) -> Option<DurationKind> {
        let name: String = self.text(token).to_ascii_lowercase();
        if !matches!(name.as_str(), "step" | "range" | "min_of" | "max_of") {
            self.unexpected("a duration");
            return None;
        }
        self.bump();
        self.expect(TokenKind::LeftParen, "\"(\"")?;
        let kind: DurationKind = match name.as_str() {
            "step" => DurationKind::Step,
            "range" => DurationKind::Range,
            _ => {
                let first: Box<DurationExpr> = Box::new(self.duration(0)?);
                self.expect(TokenKind::Comma, "\",\"")?;
                let second: Box<DurationExpr> = Box::new(self.duration(0)?);
                if name == "min_of" { DurationKind::MinOf(first, second) } else { DurationKind::MaxOf(first, second) }
            }
        };
        self.expect(TokenKind::RightParen, "\")\"")?;
        Some(kind)
    }

    /// Every node of a duration deepens it by one level at most, so counting nodes bounds both the
    /// recursion and the height.
    fn count_duration_node(&mut self) -> Option<()> {
        self.duration_nodes += 1;
        if self.duration_nodes > 2 * MAX_NESTING {
            self.give_up("duration has too many parts".to_owned());
            return None;
        }
        Some(())
    }
}
