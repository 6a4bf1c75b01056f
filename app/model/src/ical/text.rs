//! Content lines: folded, escaped, and taken apart again (RFC 5545, sections 3.1 and 3.3.11).

/// Octets of a line without its end.
const LONGEST_LINE: usize = 75;

/// Appends `name:value` with folds. A fold never parts a character.
pub(super) fn put(out: &mut String, name: &str, value: &str) {
    let mut length: usize = 0;
    for character in name.chars().chain([':']).chain(value.chars()) {
        if length + character.len_utf8() > LONGEST_LINE {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(character);
        length += character.len_utf8();
    }
    out.push_str("\r\n");
}

/// A text as a value. Control characters but line breaks have no place in one.
pub(super) fn escaped(text: &str) -> String {
    let mut out: String = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\\' | ';' | ',' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            character if character.is_control() => {}
            character => out.push(character),
        }
    }
    out
}

/// A value as the text it stands for.
pub(super) fn unescaped(value: &str) -> String {
    let mut out: String = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(escaped) => out.push(escaped),
                None => {}
            },
            character => out.push(character),
        }
    }
    out
}

/// A line that was unfolded, and the number of its first part, from 1.
pub(super) struct Line {
    pub number: usize,
    pub text: String,
}

/// The lines of a file; a blank or a tab at the beginning goes on with the line before.
pub(super) fn unfolded(file: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (number, text) in (1..).zip(file.lines()) {
        match (lines.last_mut(), text.strip_prefix([' ', '\t'])) {
            (Some(line), Some(rest)) => line.text.push_str(rest),
            _ if text.trim().is_empty() => {}
            _ => lines.push(Line { number, text: text.to_owned() }),
        }
    }
    lines
}

/// `NAME;PARAMETER=VALUE:value`.
#[derive(Clone)]
pub(super) struct Property {
    /// In capitals.
    pub name: String,
    /// Names in capitals, values without their quotation marks.
    pub parameters: Vec<(String, String)>,
    pub value: String,
}

impl Property {
    /// The value of a parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// `None` when there is no value.
pub(super) fn property(line: &str) -> Option<Property> {
    let (head, value): (&str, &str) = parted(line, ':')?;
    let mut rest: &str = head;
    let mut parts: Vec<&str> = Vec::new();
    while let Some((part, after)) = parted(rest, ';') {
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    let (name, parameters) = parts.split_first()?;
    let parameters: Vec<(String, String)> = parameters.iter().filter_map(|part| parameter(part)).collect();
    Some(Property { name: name.trim().to_ascii_uppercase(), parameters, value: value.trim().to_owned() })
}

fn parameter(part: &str) -> Option<(String, String)> {
    let (name, value): (&str, &str) = part.split_once('=')?;
    Some((name.trim().to_ascii_uppercase(), value.trim().trim_matches('"').to_owned()))
}

/// At the first mark outside quotation marks.
fn parted(text: &str, mark: char) -> Option<(&str, &str)> {
    let mut is_quoted: bool = false;
    for (at, character) in text.char_indices() {
        if character == '"' {
            is_quoted = !is_quoted;
        } else if character == mark && !is_quoted {
            return Some((&text[..at], &text[at + mark.len_utf8()..]));
        }
    }
    None
}
