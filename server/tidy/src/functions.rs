//! Functions of a Rust file: where they begin, how long they are, what is in them. Works on code without comments and literals.

use crate::find::{line_at, pattern};
use regex::Regex;
use std::sync::LazyLock;

static NAMED: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bfn\s+(\w+)"));

/// A function with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    /// Where the word `fn` stands, in bytes.
    pub at: usize,
    /// The line of the word `fn`, from 1.
    pub line: usize,
    /// From that line to the closing brace, both counted.
    pub n_lines: usize,
    /// What stands between the braces.
    pub body: String,
}

/// All functions, also those inside others.
#[must_use]
pub fn functions(code: &str) -> Vec<Function> {
    let mut found: Vec<Function> = Vec::new();
    for captures in NAMED.captures_iter(code) {
        let (Some(whole), Some(name)) = (captures.get(0), captures.get(1)) else { continue };
        let Some((open, close)) = block_after(code, whole.end()) else { continue };
        let line = line_at(code, whole.start());
        found.push(Function {
            name: name.as_str().to_owned(),
            at: whole.start(),
            line,
            n_lines: line_at(code, close) - line + 1,
            body: code[open + 1..close].to_owned(),
        });
    }
    found
}

/// Where the item that begins at or after `at` ends: behind its closing brace or its semicolon.
#[must_use]
pub fn item_end(code: &str, at: usize) -> usize {
    match head_end(code, at) {
        Some((end, b'{')) => closing(code, end).map_or(code.len(), |close| close + 1),
        Some((end, _)) => end + 1,
        None => code.len(),
    }
}

/// The braces of the block that begins after `at`; `None` when a semicolon comes first.
#[must_use]
pub fn block_after(code: &str, at: usize) -> Option<(usize, usize)> {
    match head_end(code, at) {
        Some((open, b'{')) => closing(code, open).map(|close| (open, close)),
        _ => None,
    }
}

/// The first brace or semicolon that stands in no bracket.
fn head_end(code: &str, at: usize) -> Option<(usize, u8)> {
    let mut depth: i32 = 0;
    for (offset, byte) in code.bytes().enumerate().skip(at) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'{' | b';' if depth == 0 => return Some((offset, byte)),
            _ => {}
        }
    }
    None
}

/// The brace that closes the one at `open`.
fn closing(code: &str, open: usize) -> Option<usize> {
    let mut depth: i32 = 0;
    for (offset, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(offset);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found_with_their_length_and_body() {
        let code = "trait T { fn none(&self) -> [u8; 2]; }\nfn one(a: [u8; 2]) -> u8 { a }\nfn two() {\n    fn three() {}\n}\n";
        let found = functions(code);
        let named: Vec<(&str, usize, usize)> =
            found.iter().map(|function| (function.name.as_str(), function.line, function.n_lines)).collect();
        assert_eq!(named, [("one", 2, 1), ("two", 3, 3), ("three", 4, 1)]);
        assert_eq!(found[0].body, " a ");
    }

    #[test]
    fn an_item_ends_where_it_ends() {
        let code = "#[x] use a::b; mod c { fn d() {} } rest";
        assert_eq!(item_end(code, 4), 14);
        assert_eq!(&code[item_end(code, 14)..], " rest");
        assert_eq!(item_end("fn broken(", 0), 10);
    }
}
