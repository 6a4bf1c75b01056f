//! Text as it is compared: in words, where a script has them, and in whole characters as people see them, where it has none.
//!
//! Unicode's word boundaries (UAX #29) give just that: `release` and `32.3` are one each, and so is a run of katakana (`サーバー`); kanji and
//! hiragana stand alone, with their marks; a family of emoji is never torn apart.

use unicode_segmentation::UnicodeSegmentation;

/// The words of a text; put together they are the text.
pub(crate) fn words(text: &str) -> Vec<&str> {
    text.split_word_bounds().collect()
}

/// The lines of a text with their ends; put together they are the text.
pub(crate) fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_is_not_torn_apart() {
        assert_eq!(words("サーバーを再起動"), ["サーバー", "を", "再", "起", "動"]);
        assert_eq!(words("か\u{3099}な"), ["か\u{3099}", "な"], "a mark stays with its letter");
        assert_eq!(words("👨\u{200d}👩\u{200d}👧ok"), ["👨\u{200d}👩\u{200d}👧", "ok"]);
        assert_eq!(words("v1.2 release"), ["v1.2", " ", "release"]);
    }

    #[test]
    fn lines_keep_their_ends() {
        assert_eq!(lines("a\n\nb"), ["a\n", "\n", "b"]);
        assert!(lines("").is_empty());
    }
}
