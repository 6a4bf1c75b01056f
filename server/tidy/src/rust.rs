//! Rust source with its comments and literals set apart, so that a rule about code does not stumble over a word in a sentence.
//!
//! This is a lexer for what the rules need, not a parser: strings (escaped, raw, bytes), characters, lifetimes, nested comments, and
//! which parts are tests.

use crate::find::{line_at, pattern};
use crate::functions::item_end;
use crate::tree;
use regex::Regex;
use std::sync::{LazyLock, OnceLock};

static FOR_TESTS: LazyLock<Regex> = LazyLock::new(|| pattern(r"#\[cfg\(test\)\]"));
static TEST_MODULE: LazyLock<Regex> = LazyLock::new(|| pattern(r"#\[cfg\(test\)\]\s*(?:pub(?:\([a-z]+\))?\s+)?mod\s+(\w+)\s*;"));

/// A string or a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// Where its text begins in the file, in bytes.
    pub at: usize,
    /// The line, from 1.
    pub line: usize,
    /// As written: escapes are not resolved, quotes are left out.
    pub text: String,
}

/// One Rust file.
#[derive(Clone, Debug)]
pub struct Rust {
    /// From the top of the workspace.
    pub path: String,
    pub text: String,
    /// `text` with comments and the insides of strings blanked: same length, same lines, quotes kept.
    pub code: String,
    /// `code` without tests: items under `#[cfg(test)]` are blanked, and everything in a file that is only compiled for tests.
    pub shipped: String,
    pub strings: Vec<Literal>,
    pub comments: Vec<Literal>,
}

impl Rust {
    /// Reads one file.
    #[must_use]
    pub fn read(path: &str, text: &str) -> Self {
        let Scanned { code, strings, comments } = scan(text);
        let shipped = if is_test_path(path) { blanked(&code, 0, code.len()) } else { without_tests(&code) };
        Self { path: path.to_owned(), text: text.to_owned(), code, shipped, strings, comments }
    }

    /// Whether a byte belongs to what is shipped, not to a test.
    #[must_use]
    pub fn is_shipped(&self, at: usize) -> bool {
        // A string's quote stays in `code`; in `shipped` it is blanked with the test around it.
        let (code, shipped) = (self.code.as_bytes(), self.shipped.as_bytes());
        (0..=at)
            .rev()
            .find(|at| code.get(*at).is_some_and(|byte| !byte.is_ascii_whitespace()))
            .is_none_or(|at| shipped[at] == code[at])
    }

    /// The strings outside of tests.
    #[must_use]
    pub fn shipped_strings(&self) -> Vec<&Literal> {
        self.strings.iter().filter(|string| self.is_shipped(string.at)).collect()
    }

    /// The room or crate directory: `server/metrics`, `app/ui`; `app` and `server` for the crates that hold the others.
    #[must_use]
    pub fn home(&self) -> &str {
        let before = ["/src/", "/tests/", "/build.rs"].iter().filter_map(|part| self.path.find(part)).min();
        before.map_or("", |at| &self.path[..at])
    }
}

/// Every Rust file of the workspace. Files that some file includes as `#[cfg(test)] mod name;` count as tests.
#[must_use]
pub fn all() -> &'static [Rust] {
    static ALL: OnceLock<Vec<Rust>> = OnceLock::new();
    ALL.get_or_init(|| {
        let rust = tree::files().iter().filter(|file| file.is(&[".rs"]));
        let mut read: Vec<Rust> = rust.map(|file| Rust::read(&file.path, &file.text)).collect();
        let tests: Vec<String> = read.iter().flat_map(|file| test_modules(&file.path, &file.code)).collect();
        for file in &mut read {
            let path = file.path.clone();
            if tests.iter().any(|module| path == format!("{module}.rs") || path.starts_with(&format!("{module}/"))) {
                file.shipped = blanked(&file.code, 0, file.code.len());
            }
        }
        read
    })
}

fn is_test_path(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.split('/').any(|part| part == "tests")
}

/// The modules that exist only for tests: paths without `.rs`.
fn test_modules(path: &str, code: &str) -> Vec<String> {
    let inside = match path.rsplit_once('/') {
        Some((directory, "lib.rs" | "main.rs")) => directory.to_owned(),
        _ => path.trim_end_matches(".rs").to_owned(),
    };
    TEST_MODULE.captures_iter(code).map(|found| format!("{inside}/{}", &found[1])).collect()
}

fn without_tests(code: &str) -> String {
    let mut shipped = code.to_owned();
    for found in FOR_TESTS.find_iter(code) {
        shipped = blanked(&shipped, found.start(), item_end(code, found.end()));
    }
    shipped
}

/// The same text with spaces from `from` to `to`; ends of lines stay.
fn blanked(text: &str, from: usize, to: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    blank(&mut bytes, from, to);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn blank(bytes: &mut [u8], from: usize, to: usize) {
    for byte in bytes.iter_mut().take(to).skip(from).filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

struct Scanned {
    code: String,
    strings: Vec<Literal>,
    comments: Vec<Literal>,
}

/// What begins at a byte: how many bytes open it and close it, and where it ends.
enum Piece {
    Code,
    Comment { end: usize },
    Text { open: usize, close: usize, end: usize },
    Character { end: usize },
}

fn scan(text: &str) -> Scanned {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let (mut strings, mut comments) = (Vec::new(), Vec::new());
    let literal = |from: usize, to: usize| Literal {
        at: from,
        line: line_at(text, from),
        text: text.get(from..to).unwrap_or_default().to_owned(),
    };
    let mut at = 0;
    while at < bytes.len() {
        at = match piece(bytes, at) {
            Piece::Code => at + 1,
            Piece::Comment { end } => {
                comments.push(literal(at, end));
                blank(&mut code, at, end);
                end
            }
            Piece::Text { open, close, end } => {
                strings.push(literal(at + open, end - close));
                blank(&mut code, at + open, end - close);
                end
            }
            Piece::Character { end } => {
                blank(&mut code, at + 1, end - 1);
                end
            }
        };
    }
    Scanned { code: String::from_utf8_lossy(&code).into_owned(), strings, comments }
}

fn piece(bytes: &[u8], at: usize) -> Piece {
    let rest = &bytes[at..];
    if rest.starts_with(b"//") {
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        return Piece::Comment { end: at + length };
    }
    if rest.starts_with(b"/*") {
        return Piece::Comment { end: at + block_comment(rest) };
    }
    match rest[0] {
        b'"' => Piece::Text { open: 1, close: 1, end: at + escaped(rest) },
        b'r' if begins_word(bytes, at) => raw(rest, at),
        b'\'' => character(rest).map_or(Piece::Code, |length| Piece::Character { end: at + length }),
        _ => Piece::Code,
    }
}

/// Block comments nest.
fn block_comment(rest: &[u8]) -> usize {
    let (mut at, mut depth) = (2, 1);
    while at < rest.len() && depth > 0 {
        if rest[at..].starts_with(b"/*") {
            (at, depth) = (at + 2, depth + 1);
        } else if rest[at..].starts_with(b"*/") {
            (at, depth) = (at + 2, depth - 1);
        } else {
            at += 1;
        }
    }
    at.min(rest.len())
}

/// The length of a `"…"` with its quotes. One that does not end does not compile either; it reaches to the end of the file.
fn escaped(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len().max(2)
}

/// Whether an `r` can begin a raw string here: no letter before it, or only the `b` or `c` of a raw byte or C string.
fn begins_word(bytes: &[u8], at: usize) -> bool {
    let letter = |at: Option<usize>| at.is_some_and(|at| bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_');
    let before = at.checked_sub(1);
    let prefix = before.is_some_and(|before| matches!(bytes[before], b'b' | b'c')) && !letter(at.checked_sub(2));
    !letter(before) || prefix
}

/// `r"…"`, `r#"…"#`; raw identifiers (`r#type`) are code.
fn raw(rest: &[u8], at: usize) -> Piece {
    let n_hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
    if rest.get(1 + n_hashes) != Some(&b'"') {
        return Piece::Code;
    }
    let open = n_hashes + 2;
    let mut closing = vec![b'"'];
    closing.extend(std::iter::repeat_n(b'#', n_hashes));
    let inside = &rest[open..];
    let found = inside.windows(closing.len()).position(|window| window == closing.as_slice());
    match found {
        Some(length) => Piece::Text { open, close: closing.len(), end: at + open + length + closing.len() },
        None => Piece::Text { open, close: 0, end: at + rest.len() },
    }
}

/// The length of `'a'` or `'\n'`; `None` for a lifetime.
fn character(rest: &[u8]) -> Option<usize> {
    let first = *rest.get(1)?;
    if first == b'\\' {
        let close = rest.iter().skip(3).position(|byte| *byte == b'\'')?;
        return Some(close + 4);
    }
    let width = match first {
        0..=0x7f => 1,
        0x80..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    (rest.get(1 + width) == Some(&b'\'')).then_some(width + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(literals: &[Literal]) -> Vec<&str> {
        literals.iter().map(|literal| literal.text.as_str()).collect()
    }

    #[test]
    fn strings_comments_and_code_are_told_apart() {
        let source = "let a = \"x // \\\" y\"; // say \"z\"\nlet b = br#\"r\"aw\"#; /* a /* b */ c */ let r#type = 'é';";
        let read = Rust::read("a/src/b.rs", source);
        assert_eq!(texts(&read.strings), ["x // \\\" y", "r\"aw"]);
        assert_eq!(texts(&read.comments), ["// say \"z\"", "/* a /* b */ c */"]);
        assert_eq!(read.strings[1].line, 2);
        assert_eq!(read.code.len(), source.len());
        assert!(read.code.contains("r#type") && !read.code.contains('é') && !read.code.contains("say"));
    }

    #[test]
    fn lifetimes_and_characters_are_told_apart() {
        let read = Rust::read("a/src/b.rs", r#"fn f<'a>(x: &'a str) -> char { if x == "'" { '"' } else { '\'' } }"#);
        assert_eq!(texts(&read.strings), ["'"]);
        assert!(read.code.contains("fn f<'a>(x: &'a str) -> char"));
        assert!(read.code.ends_with("} }"));
    }

    #[test]
    fn tests_are_not_shipped() {
        let source = "fn a() { one(\"1\") }\n#[cfg(test)]\nmod tests {\n    fn b() { two(\"2\") }\n}\nfn c() { three() }\n";
        let read = Rust::read("a/src/b.rs", source);
        assert!(read.shipped.contains("one") && read.shipped.contains("three") && !read.shipped.contains("two"));
        assert_eq!(read.shipped_strings().len(), 1);
        assert_eq!(read.shipped_strings()[0].text, "1");
        assert!(Rust::read("a/src/tests/b.rs", source).shipped.trim().is_empty());
    }

    #[test]
    fn a_module_declared_for_tests_is_found_with_its_path() {
        assert_eq!(test_modules("server/src/main.rs", "#[cfg(test)]\nmod strangers;"), ["server/src/strangers"]);
        assert_eq!(test_modules("a/src/eval.rs", "#[cfg(test)]\npub(crate) mod notes;"), ["a/src/eval/notes"]);
        assert!(test_modules("a/src/eval.rs", "mod notes;").is_empty());
    }

    #[test]
    fn every_file_has_a_home() {
        for (path, home) in [
            ("server/metrics/src/eval/walk.rs", "server/metrics"),
            ("server/src/main.rs", "server"),
            ("app/promql/tests/language/main.rs", "app/promql"),
        ] {
            assert_eq!(Rust::read(path, "").home(), home);
        }
    }
}
