//! Lines as path commands. A dashboard carries some ten thousand points, and this is the largest part of its document: so a line is written
//! absolute to where it begins and from there from point to point, in tenths of a pixel, without what SVG lets be left out (SVG 2, section 9.3.9).

use crate::display::{number, tenths};

/// A line in path commands: `M34 90.5h353l.5-3.2 1 4`. Points are rounded before the way between them is taken, so that nothing adds up.
pub(super) fn steps(points: &[f32]) -> String {
    let mut out = String::new();
    let mut at: Option<(i64, i64)> = None;
    let mut last = Last::default();
    for pair in points.chunks_exact(2) {
        let (x, y) = (tenths(pair[0]), tenths(pair[1]));
        let Some((from_x, from_y)) = at.replace((x, y)) else {
            out.push_str(&format!("M{} {}", number(pair[0]), number(pair[1])));
            continue;
        };
        match (x - from_x, y - from_y) {
            (0, 0) => {}
            (dx, 0) => last.command(&mut out, 'h', &[dx]),
            (0, dy) => last.command(&mut out, 'v', &[dy]),
            (dx, dy) => last.command(&mut out, 'l', &[dx, dy]),
        }
    }
    out
}

/// What was written last: it decides what may be left out.
#[derive(Default)]
struct Last {
    command: Option<char>,
    has_point: bool,
}

impl Last {
    /// Writes a command, without its letter where it is the one before once more.
    fn command(&mut self, out: &mut String, letter: char, values: &[i64]) {
        let mut is_first = self.command.replace(letter) != Some(letter);
        if is_first {
            out.push(letter);
        }
        for value in values {
            let (whole, tenth) = (value.unsigned_abs() / 10, value.unsigned_abs() % 10);
            let begins_with_point = *value > 0 && whole == 0;
            let parts_itself = *value < 0 || (self.has_point && begins_with_point);
            if !is_first && !parts_itself {
                out.push(' ');
            }
            is_first = false;
            self.has_point = tenth != 0;
            if *value < 0 {
                out.push('-');
            }
            write_number(out, whole, tenth);
        }
    }
}

/// Without a leading zero: `.5`, `3`, `12.4`.
fn write_number(out: &mut String, whole: u64, tenth: u64) {
    if whole > 0 || tenth == 0 {
        write_whole(out, whole);
    }
    if tenth > 0 {
        out.push('.');
        out.push(digit(tenth));
    }
}

fn write_whole(out: &mut String, number: u64) {
    if number >= 10 {
        write_whole(out, number / 10);
    }
    out.push(digit(number % 10));
}

fn digit(number: u64) -> char {
    char::from(b'0' + (number % 10) as u8)
}

#[cfg(test)]
mod tests {
    use super::steps;
    use crate::display::tenths;
    use proptest::prelude::*;

    /// The corners of a path as a browser reads them, in tenths of a pixel.
    fn corners(path: &str) -> Vec<(i64, i64)> {
        let mut at = (0, 0);
        let mut found = Vec::new();
        let mut command = 'M';
        let mut numbers = Vec::new();
        let mut rest = path;
        while let Some(first) = rest.chars().next() {
            if first.is_ascii_alphabetic() {
                command = first;
                rest = &rest[1..];
                continue;
            }
            let (value, after) = read(rest.trim_start());
            rest = after;
            numbers.push(value);
            at = match (command, numbers.as_slice()) {
                ('M', [x, y]) => (*x, *y),
                ('h', [dx]) => (at.0 + dx, at.1),
                ('v', [dy]) => (at.0, at.1 + dy),
                ('l', [dx, dy]) => (at.0 + dx, at.1 + dy),
                _ => continue,
            };
            numbers.clear();
            found.push(at);
        }
        found
    }

    /// One number, as the grammar of paths ends it: at what can't go on with it.
    fn read(text: &str) -> (i64, &str) {
        let mut has_point = false;
        let end = text.char_indices().position(|(at, letter)| match letter {
            '-' => at > 0,
            '.' => std::mem::replace(&mut has_point, true),
            digit => !digit.is_ascii_digit(),
        });
        let (number, rest) = text.split_at(end.unwrap_or(text.len()));
        ((number.parse::<f64>().unwrap() * 10.0).round() as i64, rest)
    }

    #[test]
    fn what_svg_lets_be_left_out_is_left_out() {
        for (points, expected) in [
            (&[34.0, 90.5, 387.0, 90.5][..], "M34 90.5h353"),
            (&[0.0, 10.0, 0.5, 6.8, 1.0, 6.9, 1.0, 6.9, 2.0, 4.0], "M0 10l.5-3.2.5.1 1-2.9"),
            (&[1.0, 1.0, 1.0, 3.0, 2.0, 4.0, 4.0, 3.0], "M1 1v2l1 1 2-1"),
            (&[5.0, 5.0], "M5 5"),
            (&[], ""),
        ] {
            assert_eq!(steps(points), expected);
        }
    }

    proptest! {
        #[test]
        fn a_path_leads_through_every_point(points in prop::collection::vec((-20.0f32..2_000.0, -20.0f32..900.0), 1..60)) {
            let flat: Vec<f32> = points.iter().flat_map(|(x, y)| [*x, *y]).collect();
            let mut expected: Vec<(i64, i64)> = points.iter().map(|(x, y)| (tenths(*x), tenths(*y))).collect();
            expected.dedup();
            prop_assert_eq!(corners(&steps(&flat)), expected);
        }
    }
}
