//! The expression as it is seen below the field: its tokens in shades of ink, its mistakes underlined.

use promql::ast::AggregateOp;
use promql::functions;
use promql::lexer::{Token, TokenKind, lex};

/// Keeps a line for the caret behind the last line break.
const LAST_LINE: char = '\u{200B}';
const KEYWORDS: [&str; 12] =
    ["and", "or", "unless", "atan2", "bool", "by", "without", "on", "ignoring", "group_left", "group_right", "offset"];

/// The text as markup. `wrong` are the bytes at fault.
#[must_use]
pub fn painted(text: &str, wrong: &[(usize, usize)]) -> String {
    let wrong: Vec<(usize, usize)> = wrong.iter().map(|span| seen(text, *span)).collect();
    let mut html = String::with_capacity(text.len() * 2);
    let mut at: usize = 0;
    for token in lex(text).0 {
        push(&mut html, text, (at, token.span.start), None, &wrong);
        push(&mut html, text, (token.span.start, token.span.end), class_of(text, token), &wrong);
        at = token.span.end;
    }
    html.push(LAST_LINE);
    html
}

/// The tokens that are not in plain ink: their bytes, and the class that gives each its shade.
#[must_use]
pub fn shaded(text: &str) -> Vec<(usize, usize, &'static str)> {
    lex(text).0.into_iter().filter_map(|token| Some((token.span.start, token.span.end, class_of(text, token)?))).collect()
}

/// Where a mistake is seen: what is missing at the end is marked at the last character there is.
pub(crate) fn seen(text: &str, (start, end): (usize, usize)) -> (usize, usize) {
    let (start, end) = (start.min(text.len()), end.min(text.len()));
    if start < end {
        return (start, end);
    }
    let before: Option<char> = text.get(..start).and_then(|before| before.chars().next_back());
    (start - before.map_or(0, char::len_utf8), start)
}

/// A piece of the text, cut where mistakes begin and end.
fn push(html: &mut String, text: &str, piece: (usize, usize), class: Option<&str>, wrong: &[(usize, usize)]) {
    let (mut at, end) = piece;
    while at < end {
        let borders = wrong.iter().flat_map(|(start, end)| [*start, *end]);
        let next: usize = borders.filter(|border| *border > at && *border < end).min().unwrap_or(end);
        let is_wrong: bool = wrong.iter().any(|(start, end)| *start <= at && at < *end);
        push_run(html, text.get(at..next).unwrap_or_default(), class, is_wrong);
        at = next;
    }
}

fn push_run(html: &mut String, run: &str, class: Option<&str>, is_wrong: bool) {
    let classes: String = match (class, is_wrong) {
        (None, false) => return escape(html, run),
        (Some(class), false) => class.to_owned(),
        (None, true) => "explore__wrong".to_owned(),
        (Some(class), true) => format!("{class} explore__wrong"),
    };
    html.push_str("<span class=\"");
    html.push_str(&classes);
    html.push_str("\">");
    escape(html, run);
    html.push_str("</span>");
}

fn class_of(text: &str, token: Token) -> Option<&'static str> {
    let word: &str = &text[token.span.start..token.span.end];
    match token.kind {
        TokenKind::Ident if is_verb(word) => Some("explore__verb"),
        TokenKind::Ident | TokenKind::Number | TokenKind::Duration | TokenKind::Invalid | TokenKind::End => None,
        TokenKind::String => Some("explore__text"),
        TokenKind::Comment => Some("explore__note"),
        _ => Some("explore__sign"),
    }
}

/// Whether a word belongs to the language. What a metric of that name is read as does not matter for its shade.
fn is_verb(word: &str) -> bool {
    KEYWORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
        || AggregateOp::from_name(word).is_some()
        || functions::lookup(word).is_some()
}

/// Text for the inside of an element, and for a field's first text.
pub fn escape(html: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            _ => html.push(character),
        }
    }
}

/// The first text of a field, as markup: a line break at its beginning would be dropped by whoever reads it.
#[must_use]
pub fn field_text(text: &str) -> String {
    let mut html = String::from(if text.starts_with('\n') { "\n" } else { "" });
    escape(&mut html, text);
    html
}

/// The byte at which the caret stands that a browser counts in units of UTF-16. Inside of a character counts as before it.
#[must_use]
pub fn byte_at(text: &str, units: u32) -> usize {
    let mut passed: u32 = 0;
    for (at, character) in text.char_indices() {
        let width: u32 = if character.len_utf16() == 1 { 1 } else { 2 };
        if passed + width > units {
            return at;
        }
        passed += width;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The markup without its spans, back as text.
    fn read(html: &str) -> String {
        let mut text = String::new();
        let mut is_tag = false;
        for character in html.chars() {
            match character {
                '<' => is_tag = true,
                '>' => is_tag = false,
                _ if !is_tag => text.push(character),
                _ => {}
            }
        }
        let text = text.trim_end_matches(LAST_LINE);
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
    }

    #[test]
    fn what_is_painted_reads_as_it_was_written() {
        for text in
            ["", "\n", "sum by (host) (rate(a{b=\"<&>\"}[5m])) # 見守り\n > 1", "a{b='</span><script>", "é\u{1F600}x </script>"]
        {
            for wrong in [vec![], vec![(0, 1)], vec![(2, 5), (4, 400)], vec![(text.len(), text.len())]] {
                let wrong: Vec<(usize, usize)> = wrong
                    .into_iter()
                    .filter(|(start, _)| text.is_char_boundary(*start))
                    .map(|(a, b)| (a, b.min(text.len())))
                    .collect();
                let wrong: Vec<(usize, usize)> = wrong.into_iter().filter(|(_, end)| text.is_char_boundary(*end)).collect();
                assert_eq!(read(&painted(text, &wrong)), text, "{wrong:?}");
            }
        }
        assert!(!painted("a{b='</span><script>", &[]).contains("<script>"));
    }

    #[test]
    fn mistakes_are_underlined_where_they_stand_and_at_the_end_where_something_is_missing() {
        let html = painted("foo(a)", &[(0, 3)]);
        assert!(html.starts_with("<span class=\"explore__wrong\">foo</span>"), "{html}");
        let html = painted("rate(", &[(5, 5)]);
        assert!(html.contains("<span class=\"explore__sign explore__wrong\">(</span>"), "{html}");
        let html = painted("a b", &[(0, 2)]);
        assert!(html.starts_with("<span class=\"explore__wrong\">a</span><span class=\"explore__wrong\"> </span>b"), "{html}");
        assert_eq!(painted("", &[(0, 0)]), LAST_LINE.to_string());
    }

    #[test]
    fn what_is_not_in_plain_ink_is_known_by_its_place() {
        let text = "sum(見{a=\"b\"}) # x";
        let words: Vec<(&str, &str)> = shaded(text).into_iter().map(|(start, end, class)| (&text[start..end], class)).collect();
        assert_eq!(words[..2], [("sum", "explore__verb"), ("(", "explore__sign")]);
        assert!(words.contains(&("\"b\"", "explore__text")) && words.contains(&("# x", "explore__note")), "{words:?}");
    }

    #[test]
    fn a_fields_text_keeps_its_first_line_break() {
        assert_eq!(field_text("\n<a>"), "\n\n&lt;a&gt;");
        assert_eq!(field_text("a & b"), "a &amp; b");
    }

    #[test]
    fn carets_are_counted_alike_on_both_sides() {
        let text = "a見\u{1F600}b";
        for (units, byte) in [(0, 0), (1, 1), (2, 4), (3, 4), (4, 8), (5, 9), (99, 9)] {
            assert_eq!(byte_at(text, units), byte, "{units}");
        }
    }
}
