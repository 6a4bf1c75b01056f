//! Time is an argument; one file asks what time it is.

use regex::Regex;
use tidy::find::{pattern, places};
use tidy::report::{Found, none};
use tidy::rust::{Rust, all};
use tidy::tree;

/// The only file that may ask.
const CLOCK: &str = "server/kernel/src/clock.rs";
/// Benchmarks measure the world as it is.
const BENCH: &str = "server/bench";

fn clocks() -> Regex {
    pattern(r"\b(?:Utc|Local|SystemTime)::now\b")
}

/// The database's clocks. `now()` of a migration's default or a statement would be a second clock that no test can move.
fn database_clocks() -> Regex {
    pattern(
        r"(?i)(?:^|[^.\w])(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\(\)|\bcurrent_(?:timestamp|date|time)\b|\blocaltime",
    )
}

fn asks_for_the_time(file: &Rust, clocks: &Regex) -> Vec<Found> {
    let found = places(&file.code, clocks).into_iter();
    found.map(|(line, text)| Found::at(&file.path, line, &text, "is not the house's clock")).collect()
}

#[test]
fn only_the_kernels_clock_asks_what_time_it_is() {
    let clocks = clocks();
    let others = all().iter().filter(|file| file.path != CLOCK && file.home() != BENCH);
    none(others.flat_map(|file| asks_for_the_time(file, &clocks)).collect(), "Take a kernel::Clock, or the time as an argument.");
}

#[test]
fn no_statement_asks_the_database_for_the_time() {
    let clocks = database_clocks();
    let mut found: Vec<Found> = Vec::new();
    for file in all().iter().filter(|file| super::statements::is_store(&file.path)) {
        for string in file.shipped_strings().into_iter().filter(|string| clocks.is_match(&string.text)) {
            found.push(Found::at(&file.path, string.line, "statement", "asks the database for the time"));
        }
    }
    for file in tree::under("migrations/").filter(|file| file.is(&[".sql"])) {
        found.extend(
            places(&file.text, &clocks).into_iter().map(|(line, text)| Found::at(&file.path, line, &text, "a second clock")),
        );
    }
    none(found, "Bind the time as a parameter.");
}

#[test]
fn planted_clocks_are_found() {
    let file = |text: &str| Rust::read("server/a/src/a.rs", text);
    for text in ["fn a() { chrono::Utc::now() }", "fn a() { SystemTime::now() }", "fn a() { x.unwrap_or_else(Utc::now) }"] {
        assert_eq!(asks_for_the_time(&file(text), &clocks()).len(), 1, "{text}");
    }
    assert!(asks_for_the_time(&file("fn a() { self.clock.now() } // Utc::now()"), &clocks()).is_empty());
    for text in ["where at < now()", "default now()", "CURRENT_TIMESTAMP"] {
        assert!(database_clocks().is_match(text), "{text}");
    }
    for text in ["where known()", "x.now()", "the current time"] {
        assert!(!database_clocks().is_match(text), "{text}");
    }
}
