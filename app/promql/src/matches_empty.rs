//! Whether a label matcher accepts the empty value.
//!
//! A selector must hold at least one matcher that does not, or it would select everything. For
//! regular expressions that takes no engine: a pattern matches the empty text exactly when all
//! items of one of its alternatives do. One pass over the pattern with a stack of open groups
//! decides it, and notices gross mistakes on the way. Whether the pattern is right in every
//! detail is found out where it is compiled.

use crate::ast::{MatchOp, Matcher};

/// Whether the matcher accepts a series that lacks the label.
///
/// # Errors
/// What is wrong with the pattern, if it cannot be a regular expression.
pub fn matches_empty(matcher: &Matcher) -> Result<bool, &'static str> {
    match matcher.op {
        MatchOp::Eq => Ok(matcher.value.is_empty()),
        MatchOp::Ne => Ok(!matcher.value.is_empty()),
        MatchOp::Re => pattern_matches_empty(&matcher.value),
        MatchOp::Nre => pattern_matches_empty(&matcher.value).map(|matches| !matches),
    }
}

/// Whether an anchored RE2 pattern matches the empty text.
///
/// # Errors
/// What is wrong with the pattern, if it cannot be a regular expression.
pub fn pattern_matches_empty(pattern: &str) -> Result<bool, &'static str> {
    let mut scan: Scan<'_> = Scan { rest: pattern, groups: vec![Group::default()], item: None, repeated: false };
    while let Some(character) = scan.rest.chars().next() {
        scan.rest = &scan.rest[character.len_utf8()..];
        scan.step(character)?;
    }
    let whole: bool = scan.close();
    if scan.groups.is_empty() { Ok(whole) } else { Err("missing closing )") }
}

/// A group being read, the whole pattern being the outermost.
#[derive(Debug, Clone, Copy)]
struct Group {
    /// An earlier alternative matches empty.
    earlier: bool,
    /// All items of the current alternative so far match empty.
    current: bool,
}

impl Default for Group {
    fn default() -> Self {
        Self { earlier: false, current: true }
    }
}

struct Scan<'a> {
    rest: &'a str,
    groups: Vec<Group>,
    /// The last item, still open to repetition: whether it matches empty.
    item: Option<bool>,
    /// Whether the last item carries a repetition already.
    repeated: bool,
}

impl Scan<'_> {
    fn step(&mut self, character: char) -> Result<(), &'static str> {
        match character {
            '(' => self.open()?,
            ')' => {
                let inner: bool = self.close();
                if self.groups.is_empty() {
                    return Err("unexpected )");
                }
                self.push(inner);
            }
            '|' => {
                self.settle();
                if let Some(group) = self.groups.last_mut() {
                    group.earlier |= group.current;
                    group.current = true;
                }
            }
            '*' | '?' => self.repeat(true)?,
            '+' => self.repeat(false)?,
            '{' => self.counted()?,
            '[' => self.class()?,
            '\\' => self.escape()?,
            '^' | '$' => self.push(true),
            _ => self.push(false),
        }
        Ok(())
    }

    /// Folds the last item into its alternative.
    fn settle(&mut self) {
        let item: bool = self.item.take().unwrap_or(true);
        self.repeated = false;
        if let Some(group) = self.groups.last_mut() {
            group.current &= item;
        }
    }

    fn push(&mut self, item: bool) {
        self.settle();
        self.item = Some(item);
    }

    /// Ends the innermost group: whether it matches empty.
    fn close(&mut self) -> bool {
        self.settle();
        self.groups.pop().is_some_and(|group| group.earlier || group.current)
    }

    /// `(`, `(?:`, `(?i:`, `(?P<name>`, `(?<name>`, or flags alone: `(?i)`.
    fn open(&mut self) -> Result<(), &'static str> {
        self.settle();
        if let Some(flags) = self.rest.strip_prefix('?') {
            let named: bool = flags.starts_with("P<") || flags.starts_with('<');
            let end: usize = if named {
                flags.find('>').ok_or("missing > behind a group name")?
            } else {
                flags.find([':', ')']).ok_or("missing closing )")?
            };
            let flags_only: bool = flags[end..].starts_with(')');
            self.rest = &flags[end + 1..];
            if flags_only {
                return Ok(());
            }
        }
        self.groups.push(Group::default());
        Ok(())
    }

    /// A repetition; `optional` when it allows none at all. `?` behind one makes it lazy.
    fn repeat(&mut self, optional: bool) -> Result<(), &'static str> {
        let item: bool = self.item.ok_or("missing argument to repetition operator")?;
        if self.repeated {
            return Err("invalid nested repetition operator");
        }
        self.item = Some(item || optional);
        self.repeated = true;
        self.rest = self.rest.strip_prefix('?').unwrap_or(self.rest);
        Ok(())
    }

    /// `{2}`, `{2,}`, `{2,5}`; any other brace is literal.
    fn counted(&mut self) -> Result<(), &'static str> {
        let rest: &str = self.rest;
        let counts: Option<&str> = rest.find('}').map(|end| &rest[..end]);
        let valid: Option<&str> = counts.filter(|counts| is_count(counts));
        let Some(counts) = valid else {
            self.push(false);
            return Ok(());
        };
        self.rest = &rest[counts.len() + 1..];
        let least: &str = counts.split(',').next().unwrap_or(counts);
        self.repeat(least.bytes().all(|byte| byte == b'0'))
    }

    /// `[…]`: always one character. `]` right behind the opening, and `[:name:]`, do not close it.
    fn class(&mut self) -> Result<(), &'static str> {
        let mut rest: &str = self.rest.strip_prefix('^').unwrap_or(self.rest);
        rest = rest.strip_prefix(']').unwrap_or(rest);
        loop {
            let character: char = rest.chars().next().ok_or("missing closing ]")?;
            let named: Option<usize> = rest.strip_prefix("[:").and_then(|name| name.find(":]")).map(|end| end + 4);
            let length: usize = match (character, named) {
                ('\\', _) => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
                (_, Some(length)) => length,
                _ => character.len_utf8(),
            };
            rest = &rest[length..];
            if character == ']' {
                break;
            }
        }
        self.rest = rest;
        self.push(false);
        Ok(())
    }

    fn escape(&mut self) -> Result<(), &'static str> {
        let kind: char = self.rest.chars().next().ok_or("trailing backslash")?;
        self.rest = &self.rest[kind.len_utf8()..];
        match kind {
            'Q' => self.quoted(),
            // Borders of the text are there; a border of a word is not, and so `\b` fails.
            'A' | 'z' | 'B' => self.push(true),
            'p' | 'P' | 'x' => {
                self.braced();
                self.push(false);
            }
            _ => self.push(false),
        }
        Ok(())
    }

    /// `\Q…\E`: literal text, to the end of the pattern when `\E` is missing.
    fn quoted(&mut self) {
        let (text, rest): (&str, &str) = self.rest.split_once("\\E").unwrap_or((self.rest, ""));
        self.rest = rest;
        if !text.is_empty() {
            self.push(false);
        }
    }

    /// The name or number of `\p{Greek}` or `\x{10FFFF}`. Without braces its characters read as
    /// literals, which do not match empty either.
    fn braced(&mut self) {
        if self.rest.starts_with('{')
            && let Some(end) = self.rest.find('}')
        {
            self.rest = &self.rest[end + 1..];
        }
    }
}

/// Whether the text between braces is a count: `2`, `2,` or `2,5`.
fn is_count(text: &str) -> bool {
    let (least, most): (&str, &str) = text.split_once(',').unwrap_or((text, ""));
    let all_digits: bool = least.bytes().chain(most.bytes()).all(|byte| byte.is_ascii_digit());
    !least.is_empty() && all_digits
}
