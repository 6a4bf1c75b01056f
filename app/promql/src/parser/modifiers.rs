//! What may stand between a binary operator and its right operand.

use super::Parser;
use crate::ast::Span;
use crate::lexer::{Token, TokenKind};
use crate::operators::{FillValues, MatchCardinality, VectorMatching};

/// The modifiers of a binary operator, as written: whether they fit is checked later.
pub(super) struct Modifiers {
    pub(super) return_bool: bool,
    pub(super) matching: VectorMatching,
}

impl Parser<'_> {
    /// `bool`, then `on` or `ignoring`, then `group_left` or `group_right`, then fills.
    pub(super) fn binary_modifiers(&mut self) -> Modifiers {
        let return_bool: bool = self.eat_keyword("bool");
        let mut matching: VectorMatching = VectorMatching::with_card(MatchCardinality::OneToOne);
        if self.eat_keyword("on") {
            matching.on = true;
            matching.labels = self.label_list();
            self.group_modifier(&mut matching);
        } else if self.eat_keyword("ignoring") {
            matching.labels = self.label_list();
            self.group_modifier(&mut matching);
        }
        matching.fill = self.fill_values();
        Modifiers { return_bool, matching }
    }

    fn group_modifier(&mut self, matching: &mut VectorMatching) {
        if self.eat_keyword("group_left") {
            matching.card = MatchCardinality::ManyToOne;
        } else if self.eat_keyword("group_right") {
            matching.card = MatchCardinality::OneToMany;
        } else {
            return;
        }
        if self.is(TokenKind::LeftParen) {
            matching.include = self.label_list();
        }
    }

    /// `fill (v)`, or `fill_left (v)` and `fill_right (v)` in any order, each at most once.
    /// Without a parenthesis behind them these words are metric names.
    fn fill_values(&mut self) -> FillValues {
        let mut fill: FillValues = FillValues::default();
        while self.peek_ahead(1).kind == TokenKind::LeftParen {
            let keyword: Token = self.peek();
            let both: bool = self.is_keyword(keyword, "fill");
            let left: bool = both || self.is_keyword(keyword, "fill_left");
            let right: bool = both || self.is_keyword(keyword, "fill_right");
            if !left && !right {
                break;
            }
            self.bump();
            let repeated: bool = (left && fill.left.is_some()) || (right && fill.right.is_some());
            if repeated {
                self.repeated_fill(keyword.span);
            }
            let value: Option<f64> = self.fill_value();
            if left {
                fill.left = value.or(fill.left);
            }
            if right {
                fill.right = value.or(fill.right);
            }
        }
        fill
    }

    fn repeated_fill(&mut self, span: Span) {
        self.error(span, "a side is filled more than once");
    }

    fn fill_value(&mut self) -> Option<f64> {
        self.expect(TokenKind::LeftParen, "\"(\"")?;
        let value: Option<f64> = self.signed_number("a number");
        if value.is_none() {
            self.skip_item(TokenKind::RightParen);
        }
        self.expect(TokenKind::RightParen, "\")\"")?;
        value
    }
}
