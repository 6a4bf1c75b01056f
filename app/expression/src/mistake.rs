//! What is wrong with an expression, as the reader is told: the parser's sentences, in English as they are, in Japanese by hand.

use crate::saying::in_japanese;
use figures::Locale;
use promql::error::line_col;

/// Mistakes shown below the field. One often brings the others.
const MOST_SHOWN: usize = 3;

/// Something wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The bytes at fault.
    pub start: usize,
    pub end: usize,
    /// Where it begins, both counted from 1, the column in characters.
    pub line: usize,
    pub column: usize,
    pub message: String,
}

/// The mistakes of an expression, by position. A blank one has none: there is nothing to be wrong.
#[must_use]
pub fn mistakes(text: &str, locale: Locale) -> Vec<Mistake> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let errors = promql::parse(text).err().unwrap_or_default();
    errors
        .into_iter()
        .take(MOST_SHOWN)
        .map(|error| {
            let (line, column) = line_col(text, error.span.start);
            Mistake { start: error.span.start, end: error.span.end, line, column, message: said(&error.message, locale) }
        })
        .collect()
}

/// A sentence of the parser or the evaluator in the reader's language. One that nobody translated stays as it is.
#[must_use]
pub fn said(message: &str, locale: Locale) -> String {
    match locale {
        Locale::En => message.to_owned(),
        Locale::Ja => in_japanese(message).unwrap_or_else(|| message.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_stand_where_they_are() {
        let found = mistakes("sum by (x) (\n  rte(a[5m]))", Locale::En);
        assert_eq!((found[0].line, found[0].column), (2, 3), "{found:?}");
        assert_eq!((found[0].start, found[0].end), (15, 18));
        assert_eq!(found[0].message, "unknown function \"rte\", did you mean \"rate\"");
        assert_eq!(mistakes(" \n", Locale::Ja), Vec::new());
        assert_eq!(mistakes("up", Locale::Ja), Vec::new());
        assert!(mistakes(&") + (".repeat(40), Locale::Ja).len() <= MOST_SHOWN);
    }

    #[test]
    fn what_people_get_wrong_most_is_said_in_japanese() {
        for text in [
            "rate(",
            "sum(a",
            "a +",
            "a b",
            "rte(a[5m])",
            "rate(a)",
            "rate(a[5m], 1)",
            "a{b}",
            "a{b=c}",
            "a{b=\"c",
            "a{,}",
            "{}",
            "{a=~\".*\"}",
            "a[5x]",
            "a[0s]",
            "(a)[5m]",
            "a > bool",
            "1 > 2",
            "sum by host (a)",
            "topk(a)",
            "a and 1",
            "a[5m] + 1",
            "-\"a\"",
            "a offset",
            "a offset 5m offset 5m",
            "a @ b",
            "a{b=~\"(\"}",
            "\"\\q\"",
            "a ¥ b",
            "a by (b)",
            "a + on (b) 1",
            "sum(a, b)",
            "a[5m:0s]",
            "a{__name__=\"b\"}",
        ] {
            for mistake in mistakes(text, Locale::Ja) {
                let is_english = mistake.message.split_whitespace().filter(|word| is_english_word(word)).count() > 2;
                assert!(!is_english, "{text}: {}", mistake.message);
            }
            assert!(!mistakes(text, Locale::Ja).is_empty(), "{text} was expected to be wrong");
        }
    }

    fn is_english_word(word: &str) -> bool {
        word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_lowercase())
    }
}
