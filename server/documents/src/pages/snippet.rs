//! The stretch of a text where what was asked for stands, with marks.

use super::normal::{Letter, letters};
use super::tokens::{Term, is_run};
use std::ops::Range;

/// Letters that are shown before the first place …
const BEFORE: usize = 30;
/// … and in all.
const SHOWN: usize = 140;
/// Bytes of a text that are looked through: what is asked for stands further down only in the largest.
const MOST_BYTES: usize = 64 * 1024;

/// A stretch of what is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    /// It is what was asked for.
    pub is_marked: bool,
}

/// The stretch with the first place of any of `terms`; the beginning of the text when there is none.
#[must_use]
pub fn snippet(text: &str, terms: &[Term]) -> Vec<Piece> {
    let text: &str = up_to(text, MOST_BYTES);
    let letters: Vec<Letter> = letters(text);
    let places: Vec<Range<usize>> = places(&letters, terms);
    let first: usize = places.first().map_or(0, |place| place.start);
    let from: usize = first.saturating_sub(BEFORE);
    let until: usize = (from + SHOWN).min(letters.len());
    let Some((begin, end)) = letters.get(from).zip(letters.get(until.wrapping_sub(1))) else {
        return Vec::new();
    };
    let marked: Vec<Range<usize>> = bytes(&letters, &places, begin.start..end.end);
    let mut pieces: Vec<Piece> = cut(text, begin.start..end.end, &marked);
    if from > 0 {
        pieces.insert(0, Piece { text: "…".to_owned(), is_marked: false });
    }
    if until < letters.len() {
        pieces.push(Piece { text: "…".to_owned(), is_marked: false });
    }
    pieces
}

/// A whole short text with marks: a title.
#[must_use]
pub fn marked(text: &str, terms: &[Term]) -> Vec<Piece> {
    let letters: Vec<Letter> = letters(text);
    let places: Vec<Range<usize>> = bytes(&letters, &places(&letters, terms), 0..text.len());
    cut(text, 0..text.len(), &places)
}

fn up_to(text: &str, most: usize) -> &str {
    let mut end: usize = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Where terms stand, by letters, in order and not over each other.
fn places(letters: &[Letter], terms: &[Term]) -> Vec<Range<usize>> {
    let wanted: Vec<(Vec<char>, bool)> =
        terms.iter().map(|term| (term.text().chars().collect(), matches!(term, Term::Word(_)))).collect();
    let mut places: Vec<Range<usize>> = Vec::new();
    let mut at: usize = 0;
    while at < letters.len() {
        let found: Option<usize> =
            wanted.iter().filter(|(word, is_whole)| stands(letters, at, word, *is_whole)).map(|(word, _)| word.len()).max();
        match found {
            Some(length) => {
                places.push(at..at + length);
                at += length;
            }
            None => at += 1,
        }
    }
    places
}

fn stands(letters: &[Letter], at: usize, word: &[char], is_whole: bool) -> bool {
    let Some(there) = letters.get(at..at + word.len()) else {
        return false;
    };
    if word.is_empty() || !there.iter().zip(word).all(|(found, wanted)| found.letter == *wanted) {
        return false;
    }
    let goes_on = |letter: Option<&Letter>| letter.is_some_and(|found| found.letter.is_alphanumeric() && !is_run(found.letter));
    let before: Option<&Letter> = at.checked_sub(1).and_then(|before| letters.get(before));
    !is_whole || (!goes_on(before) && !goes_on(letters.get(at + word.len())))
}

/// The same by bytes of the written text, as far as they lie in what is shown. Letters that were written as one are marked together.
fn bytes(letters: &[Letter], places: &[Range<usize>], shown: Range<usize>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for place in places {
        let Some((first, last)) = letters.get(place.start).zip(letters.get(place.end - 1)) else {
            continue;
        };
        let start: usize = first.start.max(found.last().map_or(shown.start, |last| last.end)).max(shown.start);
        let end: usize = last.end.min(shown.end);
        if start < end {
            found.push(start..end);
        }
    }
    found
}

fn cut(text: &str, shown: Range<usize>, marked: &[Range<usize>]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at: usize = shown.start;
    for place in marked {
        push(&mut pieces, &text[at..place.start], false);
        push(&mut pieces, &text[place.clone()], true);
        at = place.end;
    }
    push(&mut pieces, &text[at..shown.end], false);
    pieces
}

/// Line ends would tear what is shown.
fn push(pieces: &mut Vec<Piece>, text: &str, is_marked: bool) {
    if !text.is_empty() {
        pieces.push(Piece { text: text.replace(['\n', '\t'], " "), is_marked });
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::asked;
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str, question: &str) -> String {
        let pieces: Vec<Piece> = snippet(text, &asked(question).terms);
        pieces.iter().map(|piece| if piece.is_marked { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
    }

    #[test]
    fn what_was_asked_for_is_marked_as_it_was_written() {
        for (text, question, expected) in [
            ("ｻｰﾊﾞｰを再起動する", "サーバー", "[ｻｰﾊﾞｰ]を再起動する"),
            ("Restart the API gateway", "api", "Restart the [API] gateway"),
            ("capital api", "api", "capital [api]"),
            ("障害対応の手順", "対応 手順", "障害[対応]の[手順]"),
            ("何もない", "別", "何もない"),
            ("", "別", ""),
        ] {
            assert_eq!(shown(text, question), expected);
        }
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_place() {
        let text: String = format!("{}障害{}", "前".repeat(500), "後".repeat(500));
        let found: String = shown(&text, "障害");
        assert!(found.starts_with("…前") && found.contains("[障害]") && found.ends_with("後…"), "{found}");
        assert!(found.chars().count() < SHOWN + 10);
    }

    proptest! {
        #[test]
        fn pieces_are_the_text(text in "[あｻﾞｱ㍻abＡ \n障害]{0,80}", question in "[あザ平成ab障害]{0,3}") {
            let pieces: Vec<Piece> = marked(&text, &asked(&question).terms);
            let joined: String = pieces.into_iter().map(|piece| piece.text).collect();
            prop_assert_eq!(joined, text.replace('\n', " "));
            let _shown = snippet(&text, &asked(&question).terms);
        }
    }
}
