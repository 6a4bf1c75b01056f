//! How wide text is, without asking a browser.
//!
//! Measuring in the browser forces layout, differs between server and client and is impossible in a worker.
//! These are mean advances of the sans-serif fonts in our stack, with tabular figures, in thousandths of the
//! font size; they err a little on the wide side, so that what is laid out by them does not collide.

/// Mean advance of each printable ASCII character, from the space on.
const ASCII: [u16; 95] = [
    280, 300, 400, 640, 580, 880, 700, 240, 350, 350, 460, 600, 290, 380, 290, 400, // space to /
    580, 580, 580, 580, 580, 580, 580, 580, 580, 580, 290, 290, 600, 600, 600, 480, // 0 to ?
    920, 660, 670, 670, 730, 610, 580, 730, 750, 300, 500, 660, 560, 880, 750, 770, // @ to O
    640, 770, 660, 610, 610, 740, 650, 940, 640, 620, 610, 350, 400, 350, 600, 520, // P to _
    400, 570, 610, 520, 620, 570, 340, 580, 610, 270, 290, 560, 280, 910, 610, 610, // ` to o
    620, 620, 410, 490, 390, 610, 540, 800, 530, 540, 490, 350, 290, 350, 600, // p to ~
];

const ELLIPSIS: char = '…';

/// Bold text is wider by about this factor.
const STRONG: f64 = 1.07;

/// The width of a text in pixels at a font size in pixels.
#[must_use]
pub fn width(text: &str, size_px: f64, is_strong: bool) -> f64 {
    let thousandths: u32 = text.chars().map(|character| u32::from(advance(character))).sum();
    let plain = f64::from(thousandths) / 1_000.0 * size_px;
    if is_strong { plain * STRONG } else { plain }
}

/// The beginning of a text that fits, with an ellipsis where something is cut off; nothing where not even that fits.
pub(crate) fn fit(text: &str, size_px: f64, most_px: f64) -> String {
    let mut end = 0;
    let mut taken_px = 0.0;
    let mark_px = f64::from(advance(ELLIPSIS)) / 1_000.0 * size_px;
    for (at, character) in text.char_indices() {
        let next_px = taken_px + f64::from(advance(character)) / 1_000.0 * size_px;
        if next_px + mark_px <= most_px {
            end = at + character.len_utf8();
        }
        if next_px > most_px {
            let is_nothing = end == 0;
            return if is_nothing { String::new() } else { format!("{}{ELLIPSIS}", text[..end].trim_end()) };
        }
        taken_px = next_px;
    }
    text.to_owned()
}

fn advance(character: char) -> u16 {
    match character as u32 {
        code @ 0x20..=0x7e => ASCII[(code - 0x20) as usize],
        // Combining marks and invisible spaces.
        0x300..=0x36f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
        // Latin, Greek and Cyrillic letters.
        0x80..=0x52f => 600,
        // General punctuation: dashes, quotes, the ellipsis.
        0x2010..=0x205f => 600,
        // Half-width katakana.
        0xff61..=0xff9f => 500,
        // Everything else is set full width: kana, kanji, symbols, emoji.
        _ => 1_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_tabular_and_kana_full_width() {
        assert!((width("111", 10.0, false) - width("888", 10.0, false)).abs() < f64::EPSILON);
        assert!((width("データなし", 11.0, false) - 55.0).abs() < 1e-9);
        assert!((width("ﾃﾞ", 10.0, false) - 10.0).abs() < 1e-9);
    }

    #[test]
    fn a_bold_text_is_wider_and_an_empty_one_is_nothing() {
        assert!(width("P1", 12.0, true) > width("P1", 12.0, false));
        assert!(width("", 12.0, true).abs() < f64::EPSILON);
    }

    #[test]
    fn a_long_text_is_cut_where_it_no_longer_fits() {
        assert_eq!(fit("agent", 10.0, 40.0), "agent");
        assert_eq!(fit("データベース", 10.0, 40.0), "データ…");
        assert_eq!(fit("データベース", 10.0, 60.0), "データベース");
        assert_eq!(fit("a long name", 10.0, 4.0), "");
        assert_eq!(fit(&"x".repeat(4_096), 10.0, 100.0).chars().count(), 18);
        assert_eq!(fit("", 10.0, 0.0), "");
    }

    #[test]
    fn the_table_ends_at_the_tilde() {
        assert_eq!(advance('~'), 600);
        assert_eq!(advance(' '), 280);
        assert_eq!(advance('0'), 580);
        assert_eq!(advance('A'), 660);
    }
}
