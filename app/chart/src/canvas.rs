//! The display list packed for a canvas: one array of numbers and one text, replayed by `public/chart.js`.
//!
//! The array is a sequence of operations. Each begins with its opcode and the two numbers of its role
//! (`Paint::code`); then follow, in CSS pixels:
//!
//! | opcode | operation | operands |
//! |---|---|---|
//! | 1 | line | number of points, then x and y of each |
//! | 2 | filled outline | number of points, then x and y of each |
//! | 3 | filled rectangle | x, y, width, height |
//! | 4 | circle | x, y, radius |
//! | 5 | text | x, y of the baseline, anchor (0 start, 1 middle, 2 end), length in UTF-16 units |
//!
//! All texts stand one after another in the second part, in the order of their operations. Pixels fit 32-bit
//! floats; epoch times would not, and none are here.

use crate::display::{Anchor, DisplayList, Op, hatch_lines};
use crate::paint::Paint;

const LINE: f32 = 1.0;
const FILL: f32 = 2.0;
const RECT: f32 = 3.0;
const CIRCLE: f32 = 4.0;
const TEXT: f32 = 5.0;

/// Packs a display list: operations and text.
#[must_use]
pub fn encode(list: &DisplayList) -> (Vec<f32>, String) {
    let mut numbers: Vec<f32> = Vec::new();
    let mut words = String::new();
    for op in &list.ops {
        encode_op(op, &mut numbers, &mut words);
    }
    (numbers, words)
}

fn encode_op(op: &Op, numbers: &mut Vec<f32>, words: &mut String) {
    match op {
        Op::Path { points, paint } => polyline(LINE, points, *paint, numbers),
        Op::Fill { points, paint } => polyline(FILL, points, *paint, numbers),
        Op::Rect { x, y, width, height, paint } => {
            head(RECT, *paint, numbers);
            numbers.extend([*x, *y, *width, *height]);
        }
        Op::Circle { x, y, radius, paint } => {
            head(CIRCLE, *paint, numbers);
            numbers.extend([*x, *y, *radius]);
        }
        Op::Text { x, y, anchor, text, paint } => {
            head(TEXT, *paint, numbers);
            let n_units = text.encode_utf16().count();
            numbers.extend([*x, *y, anchor_code(*anchor), n_units as f32]);
            words.push_str(text);
        }
        Op::Note { .. } => {}
        Op::Hatch { x, y, width, height } => {
            for line in hatch_lines(*x, *y, *width, *height) {
                polyline(LINE, &line, Paint::Hatch, numbers);
            }
        }
    }
}

fn head(opcode: f32, paint: Paint, numbers: &mut Vec<f32>) {
    let (kind, argument) = paint.code();
    numbers.extend([opcode, f32::from(kind), f32::from(argument)]);
}

fn polyline(opcode: f32, points: &[f32], paint: Paint, numbers: &mut Vec<f32>) {
    head(opcode, paint, numbers);
    numbers.push((points.len() / 2) as f32);
    numbers.extend_from_slice(points);
}

fn anchor_code(anchor: Anchor) -> f32 {
    match anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => 1.0,
        Anchor::End => 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_packed_as_documented() {
        let list = DisplayList {
            width: 20.0,
            height: 10.0,
            ops: vec![
                Op::Path { points: vec![0.0, 1.0, 2.0, 3.0], paint: Paint::Series(4) },
                Op::Fill { points: vec![0.0, 0.0, 1.0, 0.0, 1.0, 1.0], paint: Paint::Shape(2) },
                Op::Rect { x: 1.0, y: 2.0, width: 3.0, height: 4.0, paint: Paint::Band(1) },
                Op::Circle { x: 5.0, y: 6.0, radius: 1.5, paint: Paint::Ring },
                Op::Note { text: "only said".to_owned() },
                Op::Text { x: 7.0, y: 8.0, anchor: Anchor::End, text: "14時😀".to_owned(), paint: Paint::Tick },
                Op::Text { x: 0.0, y: 0.0, anchor: Anchor::Start, text: "a".to_owned(), paint: Paint::Word },
            ],
        };
        let (numbers, words) = encode(&list);
        #[rustfmt::skip]
        let expected: Vec<f32> = vec![
            1.0, 3.0, 4.0, 2.0, 0.0, 1.0, 2.0, 3.0,
            2.0, 12.0, 2.0, 3.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0,
            3.0, 8.0, 1.0, 1.0, 2.0, 3.0, 4.0,
            4.0, 15.0, 0.0, 5.0, 6.0, 1.5,
            5.0, 2.0, 0.0, 7.0, 8.0, 2.0, 5.0,
            5.0, 16.0, 0.0, 0.0, 0.0, 0.0, 1.0,
        ];
        assert_eq!(numbers, expected);
        assert_eq!(words, "14時😀a");
    }

    #[test]
    fn hatching_becomes_lines() {
        let list = DisplayList { width: 20.0, height: 20.0, ops: vec![Op::Hatch { x: 0.0, y: 0.0, width: 20.0, height: 20.0 }] };
        let (numbers, _) = encode(&list);
        assert_eq!(numbers.len() % 8, 0);
        assert!(numbers.chunks(8).all(|line| line[..4] == [1.0, 21.0, 0.0, 2.0]));
    }
}
