//! What the function at the caret takes and gives, said while its arguments are written.

use crate::saying::phrase;
use figures::Locale;
use promql::ast::{AggregateOp, ValueType};
use promql::functions;
use promql::lexer::{Token, TokenKind, lex};

/// The four types, as the language's own table calls them. None is a part of another.
const TYPES: [ValueType; 4] = [ValueType::Matrix, ValueType::Vector, ValueType::Scalar, ValueType::String];

/// Of the function whose name the caret touches, else of the innermost one whose arguments it stands in.
#[must_use]
pub fn signature(text: &str, caret: usize, locale: Locale) -> Option<String> {
    let mut open: Vec<Option<&str>> = Vec::new();
    let mut last: Option<&str> = None;
    for token in lex(text).0 {
        let word: &str = &text[token.span.start..token.span.end];
        if touches(token, caret)
            && let Some(said) = of(word, locale)
        {
            return Some(said);
        }
        if token.span.end > caret {
            break;
        }
        match token.kind {
            TokenKind::LeftParen => open.push(last),
            TokenKind::LeftBrace | TokenKind::LeftBracket => open.push(None),
            TokenKind::RightParen | TokenKind::RightBrace | TokenKind::RightBracket => {
                open.pop();
            }
            _ => {}
        }
        last = (token.kind == TokenKind::Ident).then_some(word);
    }
    open.into_iter().rev().flatten().find_map(|word| of(word, locale))
}

fn touches(token: Token, caret: usize) -> bool {
    token.kind == TokenKind::Ident && token.span.start <= caret && caret <= token.span.end
}

/// `rate(range vector) → instant vector`; `None` for what is no function.
fn of(word: &str, locale: Locale) -> Option<String> {
    let (taken, given): (String, ValueType) = match (functions::lookup(word), AggregateOp::from_name(word)) {
        (Some(function), _) => (function.signature().split_off(function.name.len()), function.returns),
        (None, Some(op)) => (taken_by(op), ValueType::Vector),
        (None, None) => return None,
    };
    Some(format!("{word}{} → {}", in_words(&taken, locale), in_words(given.words(), locale)))
}

fn taken_by(op: AggregateOp) -> String {
    let parameter: String = op.param_type().map(|kind| format!("{}, ", kind.words())).unwrap_or_default();
    format!("({parameter}{})", ValueType::Vector.words())
}

fn in_words(types: &str, locale: Locale) -> String {
    match locale {
        Locale::En => types.to_owned(),
        Locale::Ja => TYPES.iter().fold(types.to_owned(), |said, kind| said.replace(kind.words(), &phrase(kind.words()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(marked: &str, locale: Locale) -> Option<String> {
        let caret = marked.find('|').unwrap();
        signature(&marked.replacen('|', "", 1), caret, locale)
    }

    #[test]
    fn the_innermost_function_is_told_and_the_one_that_is_touched_before_it() {
        for (marked, expected) in [
            ("sum(rate(a[|", Some("rate(range vector) → instant vector")),
            ("sum(rate(a[5m]) + |", Some("sum(instant vector) → instant vector")),
            ("su|m(rate(a[5m]))", Some("sum(instant vector) → instant vector")),
            ("topk(3, |a)", Some("topk(scalar, instant vector) → instant vector")),
            ("sum(a{b=\"|\"})", Some("sum(instant vector) → instant vector")),
            ("sum by (|) (a)", None),
            ("見(|", None),
            ("sum(a) |", None),
        ] {
            assert_eq!(said(marked, Locale::En).as_deref(), expected, "{marked}");
        }
    }

    #[test]
    fn types_are_said_in_the_readers_language_and_names_are_kept() {
        assert_eq!(said("rate(|", Locale::Ja).as_deref(), Some("rate(範囲ベクトル) → 瞬時ベクトル"));
        let scalar = said("scalar(|", Locale::Ja).unwrap();
        assert!(scalar.starts_with("scalar(瞬時ベクトル)") && scalar.ends_with("スカラー"), "{scalar}");
    }
}
