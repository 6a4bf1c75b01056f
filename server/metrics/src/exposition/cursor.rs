//! A place in one line.

use std::borrow::Cow;

use super::{ExpositionError, Wrong};

/// Letters of what was found that are shown.
const SHOWN: usize = 20;

/// Goes through one line. Every step stays on the border of a character.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Cursor<'a> {
    /// At the beginning of `text`, which is line `line`, counted from 1.
    pub(super) fn new(text: &'a str, line: usize) -> Self {
        Self { text, at: 0, line }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn is_end(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Steps over `wanted` when it comes next.
    pub(super) fn eat(&mut self, wanted: char) -> bool {
        let comes: bool = self.peek() == Some(wanted);
        if comes {
            self.at += wanted.len_utf8();
        }
        comes
    }

    /// Steps over `wanted` when it comes next.
    pub(super) fn eat_text(&mut self, wanted: &str) -> bool {
        let comes: bool = self.rest().starts_with(wanted);
        if comes {
            self.at += wanted.len();
        }
        comes
    }

    /// Steps over what must come next.
    pub(super) fn need(&mut self, wanted: char, expected: &'static str) -> Result<(), ExpositionError> {
        if self.eat(wanted) { Ok(()) } else { Err(self.expected(expected)) }
    }

    /// Steps over spaces and tabs; says whether there were any.
    pub(super) fn blanks(&mut self) -> bool {
        !self.take(|letter| letter == ' ' || letter == '\t').is_empty()
    }

    /// Steps over the letters that belong.
    pub(super) fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest: &'a str = self.rest();
        let len: usize = rest.find(|letter: char| !belongs(letter)).unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }

    /// Everything up to the next space or tab.
    pub(super) fn word(&mut self) -> &'a str {
        self.take(|letter| letter != ' ' && letter != '\t')
    }

    /// The name of a metric (with colons) or of a label (without); empty when there is none.
    pub(super) fn name(&mut self, colons: bool) -> &'a str {
        let is_letter = |letter: char| letter.is_ascii_alphabetic() || letter == '_' || (colons && letter == ':');
        if !self.peek().is_some_and(is_letter) {
            return "";
        }
        self.take(|letter| is_letter(letter) || letter.is_ascii_digit())
    }

    /// A text in double quotes with `\\`, `\"` and `\n` inside; other backslashes stand for themselves.
    pub(super) fn quoted(&mut self, expected: &'static str) -> Result<Cow<'a, str>, ExpositionError> {
        self.need('"', expected)?;
        let body: &'a str = self.rest();
        let mut is_escaped: bool = false;
        for (at, letter) in body.char_indices() {
            match letter {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '"' => {
                    self.at += at + 1;
                    return Ok(unescape(&body[..at]));
                }
                _ => {}
            }
        }
        self.at = self.text.len();
        Err(self.expected("a closing quotation mark"))
    }

    /// An error here.
    pub(super) fn wrong(&self, wrong: Wrong) -> ExpositionError {
        let before: usize = self.text[..self.at].chars().count();
        ExpositionError { line: self.line, column: before + 1, wrong }
    }

    /// An error here: something else should come.
    pub(super) fn expected(&self, expected: &'static str) -> ExpositionError {
        let rest: &str = self.rest();
        let found: String = match rest.chars().next() {
            None => "the end of the line".to_owned(),
            Some(_) => format!("{:?}", rest.chars().take(SHOWN).collect::<String>()),
        };
        self.wrong(Wrong::Unexpected { expected, found })
    }
}

/// Takes the backslashes out.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain: String = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            plain.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => plain.push('\n'),
            Some(same @ ('\\' | '"')) => plain.push(same),
            Some(other) => plain.extend(['\\', other]),
            None => plain.push('\\'),
        }
    }
    Cow::Owned(plain)
}
