//! Text as it is compared: NFKC and small letters, so that ｻｰﾊﾞｰ, サーバー and ＡＰＩ, api are the same to whoever searches.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A letter of the compared text, and where in the written text it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter {
    pub letter: char,
    /// Bytes of the written text, from here …
    pub start: usize,
    /// … to before here.
    pub end: usize,
}

/// The text as it is compared.
#[must_use]
pub fn normal(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// The same, letter by letter with its place. A letter and the marks that join it are read together, as NFKC joins them.
#[must_use]
pub fn letters(text: &str) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::with_capacity(text.len());
    let mut start: usize = 0;
    while start < text.len() {
        let end: usize = start + cluster(&text[start..]);
        let compared: String = normal(&text[start..end]);
        letters.extend(compared.chars().map(|letter| Letter { letter, start, end }));
        start = end;
    }
    letters
}

/// Bytes of the first letter with all that joins it.
fn cluster(text: &str) -> usize {
    let mut rest = text.char_indices();
    let _first = rest.next();
    rest.find(|(_, letter)| !joins(*letter)).map_or(text.len(), |(at, _)| at)
}

/// Marks, the narrow sound marks of Japanese, and the vowels and finals that Korean syllables are put together from.
fn joins(letter: char) -> bool {
    is_combining_mark(letter) || matches!(letter, '\u{ff9e}' | '\u{ff9f}' | '\u{1160}'..='\u{11ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_cases_and_composed_marks_are_the_same() {
        for (written, compared) in [
            ("ｻｰﾊﾞｰ", "サーバー"),
            ("ＡＰＩ Ｇａｔｅｗａｙ", "api gateway"),
            ("か\u{3099}", "が"),
            ("①㍻", "1平成"),
            ("𠮷野家", "𠮷野家"),
        ] {
            assert_eq!(normal(written), compared);
            let by_letter: String = letters(written).into_iter().map(|letter| letter.letter).collect();
            assert_eq!(by_letter, compared, "{written}");
        }
    }

    #[test]
    fn every_letter_knows_where_it_came_from() {
        let text = "aｻﾞb";
        let found: Vec<(char, &str)> = letters(text).iter().map(|at| (at.letter, &text[at.start..at.end])).collect();
        assert_eq!(found, [('a', "a"), ('ザ', "ｻﾞ"), ('b', "b")]);
    }
}
