//! The caret is written as `|`.

use super::{Expect, Place, Quotes, place};

fn at(marked: &str) -> Place {
    let caret: usize = marked.find('|').unwrap();
    place(&marked.replacen('|', "", 1), caret)
}

fn name(metric: &str) -> Expect {
    Expect::LabelName { metric: metric.to_owned() }
}

fn value(metric: &str, label: &str, quotes: Quotes) -> Expect {
    Expect::LabelValue { metric: metric.to_owned(), label: label.to_owned(), quotes }
}

const WORD: Expect = Expect::Operator { grouping: false };

/// What is expected, and what of it is typed already.
type Known = (&'static str, Expect, &'static str);

fn outside_braces() -> Vec<Known> {
    vec![
        // Operands.
        ("|", Expect::Operand, ""),
        ("ra|", Expect::Operand, "ra"),
        ("ra|te(x[5m])", Expect::Operand, "ra"),
        ("rate(|", Expect::Operand, ""),
        ("a + |", Expect::Operand, ""),
        ("a and on (host) b|", Expect::Operand, "b"),
        ("a / ignoring (x) group_left (y) |", Expect::Operand, ""),
        ("a or b|", Expect::Operand, "b"),
        ("a > bool |", Expect::Operand, ""),
        ("topk(5, no|)", Expect::Operand, "no"),
        ("(a\n  - # why\n  b|", Expect::Operand, "b"),
        ("sum by (host) (no|)", Expect::Operand, "no"),
        // Words behind an operand.
        ("a |", WORD, ""),
        ("a un|", WORD, "un"),
        ("a{x=\"y\"} of|", WORD, "of"),
        ("rate(a[5m]) |", WORD, ""),
        ("sum(a) b|", Expect::Operator { grouping: true }, "b"),
        ("sum(a) by (x) o|", WORD, "o"),
        ("(a) a|", WORD, "a"),
        ("5 |", WORD, ""),
        ("sum |", Expect::Grouping, ""),
        ("sum b|", Expect::Grouping, "b"),
        ("sum by |", Expect::Nothing, ""),
        ("sum by (x) |", Expect::Nothing, ""),
        // Durations.
        ("a[|", Expect::Duration, ""),
        ("a[5|", Expect::Duration, "5"),
        ("a[5m|]", Expect::Duration, "5m"),
        ("a[1h:|]", Expect::Duration, ""),
        ("a[5m |]", Expect::Nothing, ""),
        ("a offset |", Expect::Duration, ""),
        ("a offset 5|", Expect::Duration, "5"),
    ]
}

fn inside_braces() -> Vec<Known> {
    vec![
        // Names of labels.
        ("up{|", name("up"), ""),
        ("up{jo|}", name("up"), "jo"),
        ("rate(up{job=\"a\", ho|}[5m])", name("up"), "ho"),
        ("{|}", name(""), ""),
        ("{__name__=\"up\", |}", name("up"), ""),
        ("{|, __name__=\"up\"}", name("up"), ""),
        ("{\"up.time\", j|}", name("up.time"), "j"),
        ("{job=\"a\", |} + {__name__=\"up\"}", name(""), ""),
        ("up{job |", Expect::Comparison, ""),
        ("up{job !|", Expect::Comparison, "!"),
        ("up{job=\"a\" |", Expect::Nothing, ""),
        ("sum by (|) (rate(node_load1[5m]))", name("node_load1"), ""),
        ("sum by (ho|st, x) (node_load1)", name("node_load1"), "ho"),
        ("b + sum(a{x=\"y\"}) by (h|", name("a"), "h"),
        ("a / on (|) b", name("a"), ""),
        ("a / on (x) group_left (|) b", name("a"), ""),
        ("sum by (x |) (a)", Expect::Nothing, ""),
        // Values of labels.
        ("up{job=|", value("up", "job", Quotes::Missing), ""),
        ("up{job=ma|}", value("up", "job", Quotes::Missing), "ma"),
        ("up{job=\"|", value("up", "job", Quotes::Open('"')), ""),
        ("up{job=~'ma|", value("up", "job", Quotes::Open('\'')), "ma"),
        ("up{job!=\"ma|mori\"}", value("up", "job", Quotes::Both('"')), "ma"),
        ("up{job=\"見|\"}", value("up", "job", Quotes::Both('"')), "見"),
        ("up{job=\"a\"|}", Expect::Nothing, ""),
        ("{\"up\", \"a.b\"=\"|\"}", value("up", "a.b", Quotes::Both('"')), ""),
        // Nothing to say.
        ("a # commen|t", Expect::Nothing, ""),
        ("\"text|\"", Expect::Nothing, "text"),
        ("12|", Expect::Nothing, "12"),
        ("a @ |", Expect::Nothing, ""),
    ]
}

#[test]
fn every_place_is_known() {
    for (marked, expect, typed) in outside_braces().into_iter().chain(inside_braces()) {
        let found: Place = at(marked);
        assert_eq!((found.expect, found.typed.as_str()), (expect, typed), "{marked}");
    }
}

#[test]
fn the_whole_word_is_replaced_and_nothing_behind_an_open_string() {
    for (marked, start, end) in [
        ("ra|te(x)", 0, 4),
        ("up{job=\"ma|mori\"}", 8, 14),
        ("up{job=\"ma|} + 1", 8, 10),
        ("up{job=\"ma|, host=\"x\"}", 8, 10),
        ("up{|}", 3, 3),
        ("a[5|]", 2, 3),
    ] {
        let found: Place = at(marked);
        assert_eq!((found.start, found.end), (start, end), "{marked}");
    }
}

#[test]
fn completions_come_by_themselves_where_only_one_kind_of_word_can_stand() {
    for (marked, is_eager) in
        [("|", false), ("r|", true), ("a |", false), ("up{|", true), ("a[|", true), ("up{job=\"|", true), ("# a|", false)]
    {
        assert_eq!(at(marked).is_eager(), is_eager, "{marked}");
    }
}

#[test]
fn no_caret_in_any_text_breaks_it() {
    let texts =
        ["sum by (host, ) (rate({\"見守り\", a='b'}[5m:]) / on () x", "}])) by ( \"", "a{b=\"c", "\\é`x` #", "(((", "1m2 @ '"];
    for text in texts {
        for caret in (0..=text.len()).filter(|caret| text.is_char_boundary(*caret)) {
            let found: Place = place(text, caret);
            assert!(found.start <= caret && caret <= found.end, "{text:?} at {caret}: {found:?}");
            assert!(text.is_char_boundary(found.start) && text.is_char_boundary(found.end), "{text:?} at {caret}");
        }
    }
}
