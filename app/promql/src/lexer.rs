//! Text to tokens.
//!
//! Comments stay in the list (an editor colours them). Text that is no token becomes an
//! [`TokenKind::Invalid`] token and an error, and lexing goes on behind it.

use crate::ast::Span;
use crate::error::ParseError;
use crate::numbers;

/// A token and where it stands. Its text is the input at `span`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of token. Keywords are identifiers: which ones are keywords depends on the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A name or a keyword; may hold colons outside square brackets.
    Ident,
    /// A number, `Inf` and `NaN` included.
    Number,
    /// Digits with units: `1h30m`.
    Duration,
    /// A string with its quotes.
    String,
    /// `# …` to the end of the line.
    Comment,
    /// `,`
    Comma,
    /// `:` inside square brackets.
    Colon,
    /// `(`
    LeftParen,
    /// `)`
    RightParen,
    /// `{`
    LeftBrace,
    /// `}`
    RightBrace,
    /// `[`
    LeftBracket,
    /// `]`
    RightBracket,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Mod,
    /// `^`
    Pow,
    /// `@`
    At,
    /// `=`
    Assign,
    /// `=~`
    EqRegex,
    /// `!~`
    NeqRegex,
    /// `==`
    Eql,
    /// `!=`
    Neq,
    /// `<`
    Lss,
    /// `<=`
    Lte,
    /// `</`
    TrimUpper,
    /// `>`
    Gtr,
    /// `>=`
    Gte,
    /// `>/`
    TrimLower,
    /// No token; an error says why.
    Invalid,
    /// The end; always the last token, empty.
    End,
}

/// Splits the input. The tokens cover all of it but white space, and end with [`TokenKind::End`].
pub fn lex(input: &str) -> (Vec<Token>, Vec<ParseError>) {
    let mut lexer: Lexer<'_> = Lexer { input, at: 0, in_brackets: false, errors: Vec::new() };
    let mut tokens: Vec<Token> = Vec::new();
    loop {
        let token: Token = lexer.next_token();
        tokens.push(token);
        if token.kind == TokenKind::End {
            return (tokens, lexer.errors);
        }
    }
}

struct Lexer<'a> {
    input: &'a str,
    at: usize,
    /// Between `[` and `]` a colon separates range and step instead of being part of a name.
    in_brackets: bool,
    errors: Vec<ParseError>,
}

impl Lexer<'_> {
    fn next_token(&mut self) -> Token {
        self.skip_while(|character| matches!(character, ' ' | '\t' | '\n' | '\r'));
        let start: usize = self.at;
        let kind: TokenKind = match self.peek() {
            None => TokenKind::End,
            Some(character) => self.token(character),
        };
        Token { kind, span: Span::new(start, self.at) }
    }

    fn token(&mut self, first: char) -> TokenKind {
        match first {
            '#' => {
                self.skip_while(|character| character != '\n');
                TokenKind::Comment
            }
            '"' | '\'' | '`' => self.string(first),
            '0'..='9' => self.number(),
            '.' if self.byte(1).is_some_and(|byte| byte.is_ascii_digit()) => self.number(),
            ':' if self.in_brackets => {
                self.at += 1;
                TokenKind::Colon
            }
            'a'..='z' | 'A'..='Z' | '_' | ':' => self.name(),
            _ => self.symbol(first),
        }
    }

    fn name(&mut self) -> TokenKind {
        let start: usize = self.at;
        let colons: bool = !self.in_brackets;
        self.skip_while(|character| is_name_char(character) || (colons && character == ':'));
        let text: &str = &self.input[start..self.at];
        if text.eq_ignore_ascii_case("inf") || text.eq_ignore_ascii_case("nan") { TokenKind::Number } else { TokenKind::Ident }
    }

    fn string(&mut self, quote: char) -> TokenKind {
        let start: usize = self.at;
        self.at += 1;
        let raw: bool = quote == '`';
        while let Some(character) = self.peek() {
            if character == '\n' && !raw {
                break;
            }
            self.at += character.len_utf8();
            if character == quote {
                return TokenKind::String;
            }
            if character == '\\' && !raw {
                let escaped: Option<char> = self.peek().filter(|escaped| *escaped != '\n');
                self.at += escaped.map_or(0, char::len_utf8);
            }
        }
        self.error(start, format!("unterminated string, expected a closing {quote}"));
        TokenKind::Invalid
    }

    fn number(&mut self) -> TokenKind {
        let start: usize = self.at;
        let rest: &[u8] = &self.input.as_bytes()[start..];
        let number: usize = number_length(rest);
        if number > 0 && !continues(rest, number) {
            self.at = start + number;
            return TokenKind::Number;
        }
        let duration: usize = duration_length(rest);
        if duration > 0 && !continues(rest, duration) {
            self.at = start + duration;
            return TokenKind::Duration;
        }
        self.skip_while(|character| is_name_char(character) || character == '.');
        let text: &str = &self.input[start..self.at];
        self.error(start, format!("bad number or duration {text:?}"));
        TokenKind::Invalid
    }

    fn symbol(&mut self, first: char) -> TokenKind {
        let (kind, length): (TokenKind, usize) = match (first, self.byte(1)) {
            (',', _) => (TokenKind::Comma, 1),
            ('(', _) => (TokenKind::LeftParen, 1),
            (')', _) => (TokenKind::RightParen, 1),
            ('{', _) => (TokenKind::LeftBrace, 1),
            ('}', _) => (TokenKind::RightBrace, 1),
            ('[', _) => (TokenKind::LeftBracket, 1),
            (']', _) => (TokenKind::RightBracket, 1),
            ('+', _) => (TokenKind::Add, 1),
            ('-', _) => (TokenKind::Sub, 1),
            ('*', _) => (TokenKind::Mul, 1),
            ('/', _) => (TokenKind::Div, 1),
            ('%', _) => (TokenKind::Mod, 1),
            ('^', _) => (TokenKind::Pow, 1),
            ('@', _) => (TokenKind::At, 1),
            ('=', Some(b'=')) => (TokenKind::Eql, 2),
            ('=', Some(b'~')) => (TokenKind::EqRegex, 2),
            ('=', _) => (TokenKind::Assign, 1),
            ('!', Some(b'=')) => (TokenKind::Neq, 2),
            ('!', Some(b'~')) => (TokenKind::NeqRegex, 2),
            ('<', Some(b'=')) => (TokenKind::Lte, 2),
            ('<', Some(b'/')) => (TokenKind::TrimUpper, 2),
            ('<', _) => (TokenKind::Lss, 1),
            ('>', Some(b'=')) => (TokenKind::Gte, 2),
            ('>', Some(b'/')) => (TokenKind::TrimLower, 2),
            ('>', _) => (TokenKind::Gtr, 1),
            _ => (TokenKind::Invalid, first.len_utf8()),
        };
        let start: usize = self.at;
        self.at += length;
        match kind {
            TokenKind::LeftBracket => self.in_brackets = true,
            TokenKind::RightBracket => self.in_brackets = false,
            TokenKind::Invalid => self.error(start, format!("unexpected character {first:?}")),
            _ => {}
        }
        kind
    }

    fn error(&mut self, start: usize, message: String) {
        let span: Span = Span::new(start, self.at);
        self.errors.push(ParseError::new(span, message));
    }

    fn peek(&self) -> Option<char> {
        self.input[self.at..].chars().next()
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.input.as_bytes().get(self.at + ahead).copied()
    }

    fn skip_while(&mut self, wanted: impl Fn(char) -> bool) {
        while let Some(character) = self.peek().filter(|character| wanted(*character)) {
            self.at += character.len_utf8();
        }
    }
}

fn is_name_char(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// Whether the token of that length runs on into letters, digits or a point.
fn continues(rest: &[u8], length: usize) -> bool {
    rest.get(length).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
}

fn digits(rest: &[u8], from: usize, wanted: fn(&u8) -> bool) -> usize {
    let tail: &[u8] = rest.get(from..).unwrap_or_default();
    tail.iter().take_while(|byte| wanted(byte)).count()
}

fn is_decimal(byte: &u8) -> bool {
    byte.is_ascii_digit() || *byte == b'_'
}

fn is_hexadecimal(byte: &u8) -> bool {
    byte.is_ascii_hexdigit() || *byte == b'_'
}

/// Length of the number at the start, 0 when there is none. Where underscores may stand is
/// checked when the number is read.
fn number_length(rest: &[u8]) -> usize {
    if rest.starts_with(b"0x") || rest.starts_with(b"0X") {
        let hexadecimal: usize = digits(rest, 2, is_hexadecimal);
        return if hexadecimal > 0 { 2 + hexadecimal } else { 0 };
    }
    let mut length: usize = digits(rest, 0, is_decimal);
    if rest.get(length) == Some(&b'.') {
        length += 1 + digits(rest, length + 1, is_decimal);
    }
    if matches!(rest.get(length), Some(b'e' | b'E')) {
        let sign: usize = usize::from(matches!(rest.get(length + 1), Some(b'+' | b'-')));
        let exponent: usize = digits(rest, length + 1 + sign, is_decimal);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    length
}

/// Length of the duration at the start, 0 when there is none. The order of its units is checked
/// when it is read.
fn duration_length(rest: &[u8]) -> usize {
    let mut length: usize = 0;
    loop {
        let count: usize = digits(rest, length, u8::is_ascii_digit);
        let letters: usize = digits(rest, length + count, u8::is_ascii_alphabetic);
        let from: usize = length + count;
        let unit: &str = std::str::from_utf8(&rest[from..from + letters]).unwrap_or_default();
        if count == 0 || !numbers::is_unit(unit) {
            return length;
        }
        length += count + letters;
    }
}
