//! Style sheets: which classes they know and what they declare. Nested rules are understood, comments and strings are left out.

use crate::find::{line_at, pattern};
use regex::Regex;
use std::sync::LazyLock;

static CLASS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\.(-?[A-Za-z_][A-Za-z0-9_-]*)"));
static HIDDEN: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?s)/\*.*?\*/|"[^"\n]*"|'[^'\n]*'"#));

/// What a rule wants to know of a style sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Every class in a selector, with its line; as often as it stands there.
    pub classes: Vec<(usize, String)>,
    /// `property: value`, with its line.
    pub declarations: Vec<(usize, String)>,
    /// The heads of at-rules: `@media (width < 40rem)`.
    pub at_rules: Vec<(usize, String)>,
}

/// Reads a style sheet.
#[must_use]
pub fn read(text: &str) -> Sheet {
    let code = without_comments_and_strings(text);
    let mut sheet = Sheet::default();
    let mut from = 0;
    for (at, byte) in code.bytes().enumerate() {
        if !matches!(byte, b'{' | b'}' | b';') {
            continue;
        }
        let part = &code[from..at];
        let line = line_at(&code, from + part.len() - part.trim_start().len());
        let part = part.trim().to_owned();
        from = at + 1;
        if part.is_empty() {
            continue;
        }
        match (part.starts_with('@'), byte) {
            (true, _) => sheet.at_rules.push((line, part)),
            (false, b'{') => sheet.classes.extend(CLASS.captures_iter(&part).map(|found| (line, found[1].to_owned()))),
            (false, _) => sheet.declarations.push((line, part)),
        }
    }
    sheet
}

/// Same length, same lines.
fn without_comments_and_strings(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for found in HIDDEN.find_iter(text) {
        for byte in bytes[found.start()..found.end()].iter_mut().filter(|byte| **byte != b'\n') {
            *byte = b' ';
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_declarations_are_told_apart() {
        let text = "/* .no { } */\n.a__b.c--0 {\n  margin: 0.5rem;\n  &:has(> .d) { content: \".no\" }\n}\n@media (width < 1.5rem) { .e { color: var(--x) } }\n";
        let sheet = read(text);
        let classes: Vec<(usize, &str)> = sheet.classes.iter().map(|(line, class)| (*line, class.as_str())).collect();
        assert_eq!(classes, [(2, "a__b"), (2, "c--0"), (4, "d"), (6, "e")]);
        let declared: Vec<&str> = sheet.declarations.iter().map(|(_, declaration)| declaration.as_str()).collect();
        assert_eq!(declared, ["margin: 0.5rem", "content:", "color: var(--x)"]);
        assert_eq!(sheet.at_rules, [(6, "@media (width < 1.5rem)".to_owned())]);
    }
}
