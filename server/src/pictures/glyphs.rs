//! Letters as small pictures: figures, Latin and the Japanese words of a chart, at twice the size of a CSS pixel.
//!
//! Drawn from Noto Sans CJK JP, © 2014-2021 Adobe (http://www.adobe.com/), with the reserved font name "Source", under the SIL Open Font
//! License 1.1; the licence stands beside them in `OFL.txt`. One file a weight; for each letter its code point (4 bytes, big-endian), the
//! way to the next one, the left edge and the top edge above the baseline (signed), width and height, then four bits a pixel, row by
//! row, the first in the upper half of a byte.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static REGULAR: LazyLock<Face> = LazyLock::new(|| Face::read(include_bytes!("regular.glyphs")));
static BOLD: LazyLock<Face> = LazyLock::new(|| Face::read(include_bytes!("bold.glyphs")));

/// Before the pixels of a letter.
const HEAD: usize = 9;
/// What stands for a letter that we don't have.
const UNKNOWN: char = '·';

/// One letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    /// In pixels, to the next letter.
    pub(super) advance: i32,
    /// From where the letter begins to its first column.
    pub(super) left: i32,
    /// From the baseline up to its first row.
    pub(super) top: i32,
    pub(super) width: usize,
    /// How much of each pixel it covers, from 0 to 255.
    pub(super) cover: Vec<u8>,
}

/// One weight.
pub(super) struct Face {
    glyphs: BTreeMap<char, Glyph>,
}

impl Face {
    /// The face of a weight.
    pub(super) fn of(is_bold: bool) -> &'static Self {
        if is_bold { &BOLD } else { &REGULAR }
    }

    fn read(mut bytes: &[u8]) -> Self {
        let mut glyphs: BTreeMap<char, Glyph> = BTreeMap::new();
        while let Some((letter, glyph, rest)) = read_one(bytes) {
            glyphs.insert(letter, glyph);
            bytes = rest;
        }
        Self { glyphs }
    }

    /// The letters of a text. One that we don't have is a dot.
    pub(super) fn letters<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a Glyph> + 'a {
        text.chars().filter_map(|letter| self.glyphs.get(&letter).or_else(|| self.glyphs.get(&UNKNOWN)))
    }

    /// How wide a text is, in pixels.
    pub(super) fn width(&self, text: &str) -> i32 {
        self.letters(text).map(|glyph| glyph.advance).sum()
    }
}

/// One letter, and what comes behind it.
fn read_one(bytes: &[u8]) -> Option<(char, Glyph, &[u8])> {
    let head: &[u8] = bytes.get(..HEAD)?;
    let code: u32 = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
    let (width, height) = (usize::from(head[7]), usize::from(head[8]));
    let n_bytes: usize = (width * height).div_ceil(2);
    let packed: &[u8] = bytes.get(HEAD..HEAD + n_bytes)?;
    let mut cover: Vec<u8> = packed.iter().flat_map(|two| [(two >> 4) * 17, (two & 0x0f) * 17]).collect();
    cover.truncate(width * height);
    let glyph = Glyph {
        advance: i32::from(head[4]),
        left: i32::from(i8::from_be_bytes([head[5]])),
        top: i32::from(i8::from_be_bytes([head[6]])),
        width,
        cover,
    };
    Some((char::from_u32(code)?, glyph, &bytes[HEAD + n_bytes..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_is_read_and_figures_are_equally_wide() {
        for is_bold in [false, true] {
            let face: &Face = Face::of(is_bold);
            assert!(face.glyphs.len() >= 180, "{}", face.glyphs.len());
            let widths: Vec<i32> = ('0'..='9').map(|figure| face.glyphs[&figure].advance).collect();
            assert!(widths.iter().all(|width| *width == widths[0]), "{widths:?}");
            assert!(face.glyphs[&' '].cover.is_empty());
            assert!(face.glyphs.values().all(|glyph| glyph.width == 0 || glyph.cover.len() % glyph.width == 0));
        }
    }

    #[test]
    fn the_words_of_a_chart_are_there() {
        let face: &Face = Face::of(false);
        for letter in "しきい値を超過発報解消データなし0123456789:.,%→月日 µ°−".chars() {
            assert!(face.glyphs.contains_key(&letter), "{letter}");
        }
        assert_eq!(face.width("龘"), face.width("·"));
    }
}
