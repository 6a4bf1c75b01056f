//! A file has one noun or one verb, and a function can be read at one look.

use tidy::functions::functions;
use tidy::report::{Exemption, Found, none, without};
use tidy::rust::{Rust, all};
use tidy::tree::{self, File};

/// Past this a file is two.
const LONGEST_FILE: usize = 500;
/// The median is about ten; past this a function does two things.
const LONGEST_FUNCTION: usize = 60;

const LONG_FILES: &[Exemption] = &[];
const LONG_FUNCTIONS: &[Exemption] = &[
    ("app/src/painted.rs fn screen", "the table of every served screen; it grows by a line a screen"),
    ("app/ui/src/icon.rs fn href", "a table of every icon; it grows by a line an icon"),
    ("server/alerting/src/store/ticks.rs fn save", "one statement over all columns of an alert"),
    ("server/incidents/src/store/incidents.rs fn list", "one statement over all columns of an incident"),
    ("server/incidents/src/store/incidents.rs fn save", "one statement over all columns of an incident"),
    ("server/notify/src/store/claims.rs fn claim", "one statement: what is claimed must be chosen and marked in one step"),
    ("server/notify/src/store/health.rs fn channels", "one statement: figures of one moment"),
    ("server/notify/src/store/outbox.rs fn withdraw", "one statement: what is withdrawn must be chosen and marked in one step"),
];

fn too_long(file: &File) -> Option<Found> {
    let n_lines = file.text.lines().count();
    let is_written = file.is(&[".rs", ".css", ".js", ".ts", ".sql", ".sh", ".yaml", ".toml"]) || file.path == "dev";
    (is_written && n_lines > LONGEST_FILE).then(|| Found::at(&file.path, n_lines, "file", &format!("{n_lines} lines")))
}

fn long_functions(file: &Rust) -> Vec<Found> {
    let long = functions(&file.code).into_iter().filter(|function| function.n_lines > LONGEST_FUNCTION);
    long.map(|function| {
        let (name, n_lines) = (format!("fn {}", function.name), format!("{} lines", function.n_lines));
        Found::at(&file.path, function.line, &name, &n_lines)
    })
    .collect()
}

#[test]
fn no_file_is_longer_than_500_lines() {
    let found: Vec<Found> = tree::files().iter().filter_map(too_long).collect();
    none(without(found, LONG_FILES), "It is two nouns: split it, or exempt it with the reason why it is one.");
}

#[test]
fn no_function_is_longer_than_60_lines() {
    let found: Vec<Found> = all().iter().flat_map(long_functions).collect();
    none(without(found, LONG_FUNCTIONS), "Name its parts, or exempt it with the reason why it is one step.");
}

#[test]
fn planted_lengths_are_found() {
    let file = |n_lines: usize| File { path: "server/a/src/a.rs".to_owned(), text: "\n".repeat(n_lines) };
    assert!(too_long(&file(LONGEST_FILE)).is_none());
    assert!(too_long(&file(LONGEST_FILE + 1)).is_some());
    let function = |n_lines: usize| Rust::read("server/a/src/a.rs", &format!("fn a() {{{}}}", "\n".repeat(n_lines - 1)));
    assert!(long_functions(&function(LONGEST_FUNCTION)).is_empty());
    assert_eq!(long_functions(&function(LONGEST_FUNCTION + 1)).len(), 1);
}
