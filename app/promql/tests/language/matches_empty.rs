//! Which patterns match the empty text.

use promql::matches_empty::pattern_matches_empty;

#[test]
fn patterns_that_match_empty() {
    for pattern in [
        "",
        ".*",
        "a*",
        "a?",
        "a{0}",
        "a{0,}",
        "a{0,3}",
        "a*?",
        "a|",
        "|a",
        "a||b",
        "(a|)",
        "(a)?",
        "(?:a*)",
        "(?i)",
        "(?i)a*",
        "(?P<n>a)*",
        "(?<n>a)?",
        "^$",
        "^.*$",
        "a*b*",
        "(a|b*)c?",
        "[a-z]*",
        "[]a]*",
        "[^]]?",
        r"\d*",
        r"\Q\E",
        r"\B",
        r"\A\z",
        r"\p{Greek}*",
        r"(())",
    ] {
        assert_eq!(pattern_matches_empty(pattern), Ok(true), "{pattern:?}");
    }
}

#[test]
fn patterns_that_do_not() {
    for pattern in [
        "a",
        ".",
        ".+",
        "a+",
        "a{1,}",
        "a{2}",
        "a|b",
        "(a|b)",
        "a*b",
        "(?i)a",
        "(?i:a)",
        "[a]",
        "[[:alpha:]]",
        "[*]",
        r"\*",
        r"\.",
        r"\Qa*\E",
        r"\b",
        r"\x{41}",
        r"\pL",
        "a{,5}",
        "{",
        "あ",
    ] {
        assert_eq!(pattern_matches_empty(pattern), Ok(false), "{pattern:?}");
    }
}

#[test]
fn patterns_that_are_none() {
    for pattern in ["(", ")", "a)", "(a", "[", "[a", "*", "+a", "a|*", "a**", "a{2}{3}", "(?P<n", "(?", r"\", "(*)"] {
        assert!(pattern_matches_empty(pattern).is_err(), "{pattern:?}");
    }
}
