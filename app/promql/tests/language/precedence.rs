//! Which operand belongs to which operator.

use crate::bare::{Parens, bare};

#[test]
fn operators_group_as_documented() {
    let table: [(&str, &str); 17] = [
        ("a + b * c", "a + (b * c)"),
        ("a * b + c", "(a * b) + c"),
        ("a - b - c", "(a - b) - c"),
        ("a / b * c % d", "((a / b) * c) % d"),
        ("a * b atan2 c", "(a * b) atan2 c"),
        ("a ^ b ^ c", "a ^ (b ^ c)"),
        ("-a ^ b", "-(a ^ b)"),
        ("-a * b", "(-a) * b"),
        ("a ^ -b * c", "(a ^ (-b)) * c"),
        ("a ^ -b ^ c", "a ^ (-(b ^ c))"),
        ("a + b == c", "(a + b) == c"),
        ("a < b > c", "(a < b) > c"),
        ("a >/ b + c", "a >/ (b + c)"),
        ("a == b and c", "(a == b) and c"),
        ("a or b and c", "a or (b and c)"),
        ("a and b unless c", "(a and b) unless c"),
        ("a or b or c", "(a or b) or c"),
    ];
    for (written, meant) in table {
        let written_tree = promql::parse(written).expect(written);
        let meant_tree = promql::parse(meant).expect(meant);
        assert_eq!(bare(&written_tree, Parens::Dropped), bare(&meant_tree, Parens::Dropped), "{written} should mean {meant}");
    }
}
