//! Function calls, aggregations, and lists of label names.

use super::{Parser, Tree};
use crate::ast::{Aggregate, AggregateOp, Call, Expr, ExprKind, Span};
use crate::functions::{self, Function};
use crate::lexer::{Token, TokenKind};

/// The labels of a `by` or `without` clause.
struct Grouping {
    labels: Vec<String>,
    without: bool,
}

impl Parser<'_> {
    pub(super) fn call(&mut self) -> Option<Tree> {
        let name: Token = self.bump();
        let func: &'static Function = self.function(name);
        let (args, tallest) = self.arguments();
        let span: Span = self.span_from(name.span.start);
        let kind: ExprKind = ExprKind::Call(Call { func, name_span: name.span, args });
        self.grown(Expr { kind, span }, tallest)
    }

    fn function(&mut self, name: Token) -> &'static Function {
        let text: &str = self.text(name);
        if let Some(function) = functions::lookup(text) {
            return function;
        }
        let hint: String = functions::nearest(text).map(|near| format!(", did you mean {:?}", near.name)).unwrap_or_default();
        self.error(name.span, format!("unknown function {text:?}{hint}"));
        &functions::UNKNOWN
    }

    /// `(a, b)` and the height of the tallest argument.
    fn arguments(&mut self) -> (Vec<Expr>, usize) {
        let mut args: Vec<Expr> = Vec::new();
        let mut tallest: usize = 0;
        self.bump();
        if self.eat(TokenKind::RightParen) {
            return (args, tallest);
        }
        loop {
            if let Some(tree) = self.expression(0) {
                tallest = tallest.max(tree.height);
                args.push(tree.expr);
                self.expect_end_of_item(TokenKind::RightParen, "an operator, \",\" or \")\"");
            }
            self.skip_item(TokenKind::RightParen);
            if !self.eat(TokenKind::Comma) {
                break;
            }
            if self.is(TokenKind::RightParen) {
                self.unexpected("an argument behind the comma");
                break;
            }
        }
        self.expect(TokenKind::RightParen, "\",\" or \")\"");
        (args, tallest)
    }

    /// The aggregation operator here, when it is used as one and not as a metric name.
    pub(super) fn peek_aggregate(&self) -> Option<AggregateOp> {
        let next: Token = self.peek_ahead(1);
        let used: bool = next.kind == TokenKind::LeftParen || self.is_keyword(next, "by") || self.is_keyword(next, "without");
        AggregateOp::from_name(self.text(self.peek())).filter(|_| used)
    }

    pub(super) fn aggregate(&mut self, op: AggregateOp) -> Option<Tree> {
        let name: Token = self.bump();
        let mut grouping: Option<Grouping> = self.grouping();
        if !self.is(TokenKind::LeftParen) {
            self.unexpected("\"(\"");
            return None;
        }
        let (args, tallest) = self.arguments();
        if grouping.is_none() {
            grouping = self.grouping();
        }
        let span: Span = self.span_from(name.span.start);
        let (param, expr) = self.aggregate_arguments(op, args, span)?;
        let kind: ExprKind = ExprKind::Aggregate(Aggregate {
            op,
            param: param.map(Box::new),
            without: grouping.as_ref().is_some_and(|grouping| grouping.without),
            grouping: grouping.map(|grouping| grouping.labels).unwrap_or_default(),
            expr: Box::new(expr),
        });
        self.grown(Expr { kind, span }, tallest)
    }

    /// Splits the arguments into parameter and expression. With a wrong number of them the last
    /// is taken for the expression.
    fn aggregate_arguments(&mut self, op: AggregateOp, mut args: Vec<Expr>, span: Span) -> Option<(Option<Expr>, Expr)> {
        let wanted: usize = if op.param_type().is_some() { 2 } else { 1 };
        if args.len() != wanted {
            let name: &str = op.name();
            let found: usize = args.len();
            let plural: &str = if wanted == 1 { "" } else { "s" };
            self.error(span, format!("{name} expects {wanted} argument{plural}, got {found}"));
        }
        let expr: Expr = args.pop()?;
        let param: Option<Expr> = args.into_iter().next();
        Some((param.filter(|_| wanted == 2), expr))
    }

    fn grouping(&mut self) -> Option<Grouping> {
        let without: bool = self.is_keyword(self.peek(), "without");
        if !without && !self.is_keyword(self.peek(), "by") {
            return None;
        }
        self.bump();
        let labels: Vec<String> = self.label_list();
        Some(Grouping { labels, without })
    }

    /// `(a, "b.c",)`: one trailing comma is allowed.
    pub(super) fn label_list(&mut self) -> Vec<String> {
        let mut labels: Vec<String> = Vec::new();
        if self.expect(TokenKind::LeftParen, "\"(\" and label names").is_none() {
            return labels;
        }
        while !self.eat(TokenKind::RightParen) {
            if let Some(label) = self.label() {
                labels.push(label);
                self.expect_end_of_item(TokenKind::RightParen, "\",\" or \")\"");
            }
            self.skip_item(TokenKind::RightParen);
            if !self.eat(TokenKind::Comma) {
                self.expect(TokenKind::RightParen, "\",\" or \")\"");
                break;
            }
        }
        labels
    }

    fn label(&mut self) -> Option<String> {
        let token: Token = self.peek();
        match token.kind {
            TokenKind::Ident => {
                self.bump();
                Some(self.text(token).to_owned())
            }
            TokenKind::String => {
                self.bump();
                let label: String = self.string_value(token);
                if label.is_empty() {
                    self.error(token.span, "label name is empty");
                }
                Some(label)
            }
            _ => {
                self.unexpected("a label name or \")\"");
                None
            }
        }
    }
}
