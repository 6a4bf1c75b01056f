//! Words out of the data, as they may stand among ours.

/// Labels come from anywhere. On one line; without control characters, and without marks that turn the direction of the words around them:
/// right-to-left words read as they should without.
pub(crate) fn clean(text: &str) -> String {
    text.chars().filter_map(seen).collect()
}

fn seen(character: char) -> Option<char> {
    match character {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        // Marks, embeddings, overrides and isolates of direction; the byte order mark.
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => None,
        other if other.is_control() => None,
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn words_stay_and_what_would_turn_them_goes() {
        for (text, expected) in [
            ("web-1", "web-1"),
            ("שלום عالم", "שלום عالم"),
            ("a\u{202e}b\u{2066}c\u{200f}", "abc"),
            ("a\nb\tc\u{0}\u{1b}[0m", "a b c[0m"),
            ("<b>&\"見守り\"</b>", "<b>&\"見守り\"</b>"),
        ] {
            assert_eq!(clean(text), expected);
        }
    }
}
