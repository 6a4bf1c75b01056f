//! Finding things in text, with the line they stand on.

use regex::Regex;

/// A pattern of a rule.
///
/// # Panics
/// When it is no regular expression; patterns are part of the rules, so every run would show it.
#[must_use]
pub fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("patterns are written by hand and tried by every run")
}

/// The line, from 1, of a byte of `text`.
#[must_use]
pub fn line_at(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Line and text of every match.
#[must_use]
pub fn places(text: &str, pattern: &Regex) -> Vec<(usize, String)> {
    pattern.find_iter(text).map(|found| (line_at(text, found.start()), found.as_str().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one() {
        let found = places("a\nb b\n", &pattern("b"));
        assert_eq!(found, [(2, "b".to_owned()), (2, "b".to_owned())]);
        assert_eq!(line_at("", 7), 1);
    }
}
