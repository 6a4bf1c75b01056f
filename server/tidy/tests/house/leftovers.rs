//! What is written in a hurry and must not stay.

use regex::Regex;
use std::sync::LazyLock;
use tidy::find::{pattern, places};
use tidy::report::{Found, none};
use tidy::rust::{Rust, all};

static EXPECTED: LazyLock<Regex> = LazyLock::new(|| pattern(r"#!?\[expect\([^\]]*\)\]"));
static SLEPT: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bsleep\s*\("));

/// A pattern, whether tests are meant too, and why not.
type Leftover = (&'static str, bool, &'static str);

const LEFTOVERS: &[Leftover] = &[
    (
        r"#!?\[(?:cfg_attr\([^\]]*\b)?allow\(",
        true,
        "a lint that is switched off is forgotten; #[expect(…, reason = \"…\")] ends by itself",
    ),
    (r"\b(?:todo|unimplemented|dbg)!", true, "unfinished"),
    (r"#\[(?:cfg_attr\([^\]]*\b)?ignore\b", true, "a test that does not run proves nothing"),
    (r"\.unwrap\(\)", false, "say why it can't fail with expect(\"…\"), or return the error"),
    // A blanked string keeps its length, so only an empty one looks like this.
    (r"\.expect\(\x22\x22\)", false, "an expectation without a reason"),
];

fn left_over(file: &Rust, leftovers: &[(Regex, bool, &str)]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for (pattern, tests_too, because) in leftovers {
        let code = if *tests_too { &file.code } else { &file.shipped };
        let places = places(code, pattern).into_iter();
        found.extend(places.map(|(line, text)| Found::at(&file.path, line, &text, because)));
    }
    found
}

fn leftovers() -> Vec<(Regex, bool, &'static str)> {
    LEFTOVERS.iter().map(|(text, tests_too, because)| (pattern(text), *tests_too, *because)).collect()
}

fn expectations_without_reason(file: &Rust) -> Vec<Found> {
    let without = places(&file.code, &EXPECTED).into_iter().filter(|(_, text)| !text.contains("reason"));
    without.map(|(line, text)| Found::at(&file.path, line, &text, "has no reason")).collect()
}

/// A test that waits is slow when it passes and flaky when the machine is busy. Waiting for something with a limit is another thing
/// (`tokio::time::timeout`).
fn sleeping_tests(file: &Rust) -> Vec<Found> {
    let is_test = |at: usize| file.shipped.as_bytes().get(at) != file.code.as_bytes().get(at);
    let found = SLEPT.find_iter(&file.code).filter(|found| is_test(found.start()));
    found.map(|found| Found::at(&file.path, tidy::find::line_at(&file.code, found.start()), "sleep", "in a test")).collect()
}

#[test]
fn nothing_unfinished_or_silenced_is_left_in_the_code() {
    let leftovers = leftovers();
    none(all().iter().flat_map(|file| left_over(file, &leftovers)).collect(), "Finish it, or take it out.");
}

#[test]
fn every_expected_lint_says_why() {
    none(all().iter().flat_map(expectations_without_reason).collect(), "Add reason = \"…\".");
}

#[test]
fn no_test_sleeps() {
    none(all().iter().flat_map(sleeping_tests).collect(), "Move the clock, or wait for the thing itself under a timeout.");
}

#[test]
fn planted_leftovers_are_found() {
    let file = |text: &str| Rust::read("server/a/src/a.rs", text);
    let leftovers = leftovers();
    for text in [
        "#[allow(dead_code)]\nfn a() {}",
        "#![allow(clippy::all)]",
        "#[cfg_attr(test, allow(unused))]\nfn a() {}",
        "fn a() { todo!() }",
        "#[cfg(test)]\nmod tests { #[ignore = \"slow\"]\nfn a() {} }",
        "fn a() { b().unwrap() }",
        "fn a() { b().expect(\"\") }",
    ] {
        assert_eq!(left_over(&file(text), &leftovers).len(), 1, "{text}");
    }
    for text in [
        "// todo!()\nfn a() { b().expect(\"is set above\") }",
        "#[cfg(test)]\nfn a() { b().unwrap() }",
        "fn ignore() { allow(1) }",
    ] {
        assert!(left_over(&file(text), &leftovers).is_empty(), "{text}");
    }
    assert_eq!(expectations_without_reason(&file("#[expect(unused)]\nfn a() {}")).len(), 1);
    assert!(expectations_without_reason(&file("#[expect(unused, reason = \"b\")]\nfn a() {}")).is_empty());
    assert_eq!(sleeping_tests(&file("fn a() { sleep(1) }\n#[cfg(test)]\nmod tests { fn b() { sleep(2) } }")).len(), 1);
}
