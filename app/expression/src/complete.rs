//! What could stand at the caret.
//!
//! Read from the tokens alone: while somebody writes there is no tree yet. It errs towards silence, and knows neither what metrics
//! there are nor the browser.

use promql::ast::AggregateOp;
use promql::lexer::{Token, TokenKind, lex};

/// What is expected at the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    Nothing,
    /// An operand: a metric, a function, an aggregation.
    Operand,
    /// A word behind an operand: `and`, `offset`; behind an aggregation also `by`.
    Operator {
        grouping: bool,
    },
    /// `by` or `without`, or the parenthesis of an aggregation.
    Grouping,
    Duration,
    /// A label's name, in braces or in the list behind `by`. The metric is empty where none is known.
    LabelName {
        metric: String,
    },
    /// `=`, `!=`, `=~` or `!~`.
    Comparison,
    LabelValue {
        metric: String,
        label: String,
        quotes: Quotes,
    },
}

/// Whether the quotes of a label's value stand there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotes {
    Missing,
    /// Only the first one.
    Open(char),
    Both(char),
}

/// The place of the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub expect: Expect,
    /// What is written of it, up to the caret.
    pub typed: String,
    /// The bytes that a completion replaces.
    pub start: usize,
    pub end: usize,
}

impl Place {
    /// Whether completions come by themselves here. Where anything could stand they wait for the first letter.
    #[must_use]
    pub fn is_eager(&self) -> bool {
        match self.expect {
            Expect::Nothing => false,
            Expect::LabelName { .. } | Expect::LabelValue { .. } | Expect::Duration => true,
            Expect::Operand | Expect::Operator { .. } | Expect::Grouping | Expect::Comparison => !self.typed.is_empty(),
        }
    }
}

/// The place of a caret before byte `caret`, which lies on the border of a character.
#[must_use]
pub fn place(text: &str, caret: usize) -> Place {
    match Reading::of(text, caret) {
        Some(reading) => reading.place(),
        None => Place { expect: Expect::Nothing, typed: String::new(), start: caret, end: caret },
    }
}

/// Words that stand before a list of labels.
const BEFORE_LABELS: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];
/// Words that an operand follows.
const BEFORE_OPERAND: [&str; 5] = ["and", "or", "unless", "atan2", "bool"];

/// The tokens around the caret, without comments and the end.
struct Reading<'a> {
    text: &'a str,
    caret: usize,
    before: Vec<Token>,
    /// The token being written.
    current: Option<Token>,
    behind: Vec<Token>,
}

impl<'a> Reading<'a> {
    /// `None` in a comment.
    fn of(text: &'a str, caret: usize) -> Option<Self> {
        let mut reading = Self { text, caret, before: Vec::new(), current: None, behind: Vec::new() };
        for token in lex(text).0 {
            let is_touched: bool = token.span.start < caret && caret <= token.span.end;
            match token.kind {
                TokenKind::Comment if is_touched => return None,
                TokenKind::Comment | TokenKind::End => {}
                _ if is_touched && is_written(token, caret) => reading.current = Some(token),
                _ if token.span.end <= caret => reading.before.push(token),
                _ => reading.behind.push(token),
            }
        }
        Some(reading)
    }

    fn place(&self) -> Place {
        let expect: Expect = self.expect();
        let (start, end) = match self.current {
            None => (self.caret, self.caret),
            Some(token) if self.is_quoted(token) => (token.span.start + 1, self.end_of_value(token)),
            Some(token) => (token.span.start, token.span.end),
        };
        Place { expect, typed: self.text[start..self.caret].to_owned(), start, end }
    }

    /// In a closed string the rest of its word is replaced too; what follows a string that was never closed is not part of it.
    fn end_of_value(&self, token: Token) -> usize {
        let end: usize = token.span.end - 1;
        let rest: &str = self.text.get(self.caret..end).unwrap_or_default();
        let is_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | ':' | '/');
        if token.kind == TokenKind::String && rest.chars().all(is_word) { end } else { self.caret }
    }

    fn expect(&self) -> Expect {
        let Some(open) = self.innermost() else { return self.in_expression() };
        match self.before[open].kind {
            TokenKind::LeftBrace => self.in_braces(open),
            TokenKind::LeftBracket => self.in_brackets(),
            _ if self.word_before(open).is_some_and(|word| is_one_of(word, &BEFORE_LABELS)) => self.in_label_list(open),
            _ => self.in_expression(),
        }
    }

    /// The innermost bracket that is still open.
    fn innermost(&self) -> Option<usize> {
        let mut open: Vec<usize> = Vec::new();
        for (index, token) in self.before.iter().enumerate() {
            match token.kind {
                TokenKind::LeftParen | TokenKind::LeftBrace | TokenKind::LeftBracket => open.push(index),
                TokenKind::RightParen | TokenKind::RightBrace | TokenKind::RightBracket => {
                    open.pop();
                }
                _ => {}
            }
        }
        open.last().copied()
    }

    /// Numbers and texts are not completed, but for the one behind `offset`.
    fn in_expression(&self) -> Expect {
        let expect: Expect = self.behind_last();
        match self.current.map(|token| token.kind) {
            None | Some(TokenKind::Ident) => expect,
            Some(TokenKind::Number | TokenKind::Duration) if expect == Expect::Duration => expect,
            Some(_) => Expect::Nothing,
        }
    }

    fn behind_last(&self) -> Expect {
        let Some(last) = self.before.last() else { return Expect::Operand };
        match last.kind {
            TokenKind::Ident => self.behind_word(self.word(*last)),
            TokenKind::RightParen => self.behind_paren(),
            TokenKind::Number | TokenKind::Duration | TokenKind::RightBrace | TokenKind::RightBracket => {
                Expect::Operator { grouping: false }
            }
            _ if is_before_operand(last.kind) => Expect::Operand,
            _ => Expect::Nothing,
        }
    }

    fn behind_word(&self, word: &str) -> Expect {
        if is_one_of(word, &BEFORE_OPERAND) {
            Expect::Operand
        } else if word.eq_ignore_ascii_case("offset") {
            Expect::Duration
        } else if is_one_of(word, &BEFORE_LABELS) {
            Expect::Nothing
        } else if AggregateOp::from_name(word).is_some() {
            Expect::Grouping
        } else {
            Expect::Operator { grouping: false }
        }
    }

    /// What a closed parenthesis belongs to decides what follows it.
    fn behind_paren(&self) -> Expect {
        let Some(open) = self.opening() else { return Expect::Nothing };
        let Some(word) = self.word_before(open) else { return Expect::Operator { grouping: false } };
        if is_one_of(word, &["on", "ignoring", "group_left", "group_right"]) {
            return Expect::Operand;
        }
        if is_one_of(word, &["by", "without"]) {
            let is_prefix: bool = open.checked_sub(1).and_then(|at| self.word_before(at)).is_some();
            return if is_prefix { Expect::Nothing } else { Expect::Operator { grouping: false } };
        }
        Expect::Operator { grouping: AggregateOp::from_name(word).is_some() }
    }

    /// The bracket that the last token closes.
    fn opening(&self) -> Option<usize> {
        let mut depth: usize = 0;
        for (index, token) in self.before.iter().enumerate().rev() {
            match token.kind {
                TokenKind::RightParen | TokenKind::RightBrace | TokenKind::RightBracket => depth += 1,
                TokenKind::LeftParen | TokenKind::LeftBrace | TokenKind::LeftBracket => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Some(index);
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn in_brackets(&self) -> Expect {
        match self.before.last().map(|token| token.kind) {
            Some(TokenKind::LeftBracket | TokenKind::Colon) => Expect::Duration,
            _ => Expect::Nothing,
        }
    }

    fn in_braces(&self, open: usize) -> Expect {
        let is_quoted: bool = self.current.is_some_and(|token| self.is_quoted(token));
        let metric = || self.metric_of(open);
        match self.before.last().map(|token| token.kind) {
            Some(TokenKind::LeftBrace | TokenKind::Comma) if !is_quoted => Expect::LabelName { metric: metric() },
            Some(TokenKind::Ident) if !is_quoted => Expect::Comparison,
            Some(TokenKind::Assign | TokenKind::Neq | TokenKind::EqRegex | TokenKind::NeqRegex) => {
                let label: Option<&Token> = self.before.len().checked_sub(2).and_then(|at| self.before.get(at));
                match label.map(|token| self.word(*token)) {
                    Some(label) => Expect::LabelValue { metric: metric(), label: label.to_owned(), quotes: self.quotes() },
                    None => Expect::Nothing,
                }
            }
            _ => Expect::Nothing,
        }
    }

    fn quotes(&self) -> Quotes {
        let quoted: Option<Token> = self.current.filter(|token| self.is_quoted(*token));
        let Some(token) = quoted else { return Quotes::Missing };
        let quote: char = self.text[token.span.start..].chars().next().unwrap_or('"');
        if token.kind == TokenKind::String { Quotes::Both(quote) } else { Quotes::Open(quote) }
    }

    fn in_label_list(&self, open: usize) -> Expect {
        let is_quoted: bool = self.current.is_some_and(|token| self.is_quoted(token));
        match self.before.last().map(|token| token.kind) {
            Some(TokenKind::LeftParen | TokenKind::Comma) if !is_quoted => Expect::LabelName { metric: self.metric_near(open) },
            _ => Expect::Nothing,
        }
    }

    /// The metric whose braces these are.
    fn metric_of(&self, open: usize) -> String {
        match self.word_before(open) {
            Some(word) => word.to_owned(),
            None => self.named_inside(open).unwrap_or_default(),
        }
    }

    /// `{__name__="a"}` and `{"a"}`.
    fn named_inside(&self, open: usize) -> Option<String> {
        let inside: Vec<Token> = self.before[open + 1..].iter().chain(&self.behind).copied().collect();
        let end: usize = inside.iter().position(|token| token.kind == TokenKind::RightBrace).unwrap_or(inside.len());
        let (mut at, mut found) = (0, None);
        while at < end && found.is_none() {
            let length: usize = inside[at..end].iter().position(|token| token.kind == TokenKind::Comma).unwrap_or(end - at);
            found = match &inside[at..at + length] {
                [alone] if alone.kind == TokenKind::String => Some(self.word(*alone).to_owned()),
                [name, is, value]
                    if self.word(*name) == "__name__" && is.kind == TokenKind::Assign && value.kind == TokenKind::String =>
                {
                    Some(self.word(*value).to_owned())
                }
                _ => None,
            };
            at += length + 1;
        }
        found
    }

    /// The metric that a list of labels is likely about: behind an aggregation's prefix the next one, else the one before.
    fn metric_near(&self, open: usize) -> String {
        let earlier: Vec<&str> = self.metrics(&self.before[..open]);
        let later: Vec<&str> = self.metrics(&self.behind[past(&self.behind, 0, TokenKind::RightParen)..]);
        let is_prefix: bool = open.checked_sub(1).and_then(|at| self.word_before(at)).is_some();
        let (near, far) = if is_prefix { (later.first(), earlier.last()) } else { (earlier.last(), later.first()) };
        near.or(far).map(|name| (*name).to_owned()).unwrap_or_default()
    }

    /// The names of the metrics among some tokens.
    fn metrics(&self, tokens: &[Token]) -> Vec<&'a str> {
        let mut found: Vec<&'a str> = Vec::new();
        let mut at: usize = 0;
        while let Some(token) = tokens.get(at) {
            let word: &'a str = self.word(*token);
            at = match token.kind {
                TokenKind::LeftBrace => past(tokens, at, TokenKind::RightBrace),
                TokenKind::LeftBracket => past(tokens, at, TokenKind::RightBracket),
                TokenKind::Ident if is_one_of(word, &BEFORE_LABELS) => past(tokens, at, TokenKind::RightParen),
                _ => at + 1,
            };
            let is_called: bool = tokens.get(at).is_some_and(|next| next.kind == TokenKind::LeftParen);
            if token.kind == TokenKind::Ident && !is_called && !is_word_of_the_language(word) {
                found.push(word);
            }
        }
        found
    }

    /// The identifier right before a token.
    fn word_before(&self, index: usize) -> Option<&'a str> {
        let token: Token = *self.before.get(index.checked_sub(1)?)?;
        (token.kind == TokenKind::Ident).then(|| self.word(token))
    }

    /// The text of a token; of a string without its quotes, its escapes as they stand.
    fn word(&self, token: Token) -> &'a str {
        let text: &'a str = &self.text[token.span.start..token.span.end];
        if token.kind == TokenKind::String { text.get(1..text.len() - 1).unwrap_or_default() } else { text }
    }

    fn is_quoted(&self, token: Token) -> bool {
        let is_text: bool = matches!(token.kind, TokenKind::String | TokenKind::Invalid);
        is_text && self.text[token.span.start..].starts_with(['"', '\'', '`'])
    }
}

/// Whether a token that the caret touches is still being written.
fn is_written(token: Token, caret: usize) -> bool {
    match token.kind {
        TokenKind::Ident | TokenKind::Number | TokenKind::Duration | TokenKind::Invalid => true,
        TokenKind::String => caret < token.span.end,
        _ => false,
    }
}

fn is_before_operand(kind: TokenKind) -> bool {
    use TokenKind::{Add, Comma, Div, Eql, Gte, Gtr, LeftParen, Lss, Lte, Mod, Mul, Neq, Pow, Sub, TrimLower, TrimUpper};
    let is_sign: bool = matches!(kind, Add | Sub | Mul | Div | Mod | Pow | Eql | Neq | Lss | Lte | Gtr | Gte);
    is_sign || matches!(kind, Comma | LeftParen | TrimLower | TrimUpper)
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

fn is_word_of_the_language(word: &str) -> bool {
    is_one_of(word, &BEFORE_LABELS)
        || is_one_of(word, &BEFORE_OPERAND)
        || word.eq_ignore_ascii_case("offset")
        || AggregateOp::from_name(word).is_some()
}

/// One past the next token of a kind, or the end.
fn past(tokens: &[Token], from: usize, kind: TokenKind) -> usize {
    tokens[from..].iter().position(|token| token.kind == kind).map_or(tokens.len(), |length| from + length + 1)
}

#[cfg(test)]
mod tests;
