//! Nobody else's machine looks like the one something was written on.

use regex::Regex;
use tidy::find::{pattern, places};
use tidy::report::{Found, none};
use tidy::tree;

/// Homes and scratch places of one machine. Lock files are full of URLs, and pictures are not read.
fn machine_path() -> Regex {
    pattern(r"(?:^|[^A-Za-z0-9_./])/(?:work|root|home/[a-z]+|Users/[A-Za-z]+|tmp/[A-Za-z_]+)/")
}

fn paths(path: &str, text: &str, machine_path: &Regex) -> Vec<Found> {
    let found = text.lines().enumerate().filter(|(_, line)| machine_path.is_match(line));
    found
        .flat_map(|(at, line)| {
            let named = places(line, machine_path).into_iter();
            named.map(move |(_, text)| Found::at(path, at + 1, text.trim(), "is a path of one machine")).collect::<Vec<Found>>()
        })
        .collect()
}

#[test]
fn no_file_names_a_path_of_one_machine() {
    let machine_path = machine_path();
    let files = tree::files().iter().filter(|file| !file.is(&[".lock", "package-lock.json"]));
    none(
        files.flat_map(|file| paths(&file.path, &file.text, &machine_path)).collect(),
        "Take it from the environment, from CARGO_MANIFEST_DIR, or from a temporary directory made for the purpose.",
    );
}

#[test]
fn planted_machine_paths_are_found() {
    for (first, second) in [("work", "x"), ("root", "x"), ("home", "alice/x"), ("tmp", "bash/x")] {
        assert_eq!(paths("a", &format!("cd /{first}/{second}"), &machine_path()).len(), 1, "{first}");
    }
    for text in ["https://example.jp/root/x", "a/work/b", "/rooted/x", "/tmp"] {
        assert!(paths("a", text, &machine_path()).is_empty(), "{text}");
    }
}
