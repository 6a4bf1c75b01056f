//! The README keeps its promises, and so do the files every checkout needs.

use tidy::find::{line_at, pattern, places};
use tidy::report::{Found, none};
use tidy::tree;

/// What the README must show: the two commands, and the map.
const SHOWN: &[&str] = &["./dev up", "./dev test", "server/src/routes.rs", "server/src/wiring.rs"];

/// Beginnings of paths that the README may name in backticks.
fn named_paths() -> regex::Regex {
    pattern(r"`((?:app|server|frontend|style|migrations|public|end2end)/[A-Za-z0-9_./-]+)`")
}

fn absent_paths(path: &str, text: &str) -> Vec<Found> {
    let known = |named: &str| {
        let named = named.trim_end_matches('/');
        tree::files().iter().any(|file| file.path == named || file.path.starts_with(&format!("{named}/")))
    };
    let named = named_paths();
    let absent = named.captures_iter(text).filter_map(|found| found.get(1)).filter(|found| !known(found.as_str()));
    absent.map(|found| Found::at(path, line_at(text, found.start()), found.as_str(), "is not there")).collect()
}

#[test]
fn the_readme_shows_both_commands_and_the_map() {
    let text = tree::file("README.md").map_or("", |file| file.text.as_str());
    let missing = SHOWN.iter().filter(|shown| !text.contains(**shown));
    none(missing.map(|shown| Found::at("README.md", 0, shown, "is not shown")).collect(), "A stranger starts there: show it.");
}

#[test]
fn the_readme_has_sections() {
    let text = tree::file("README.md").map_or("", |file| file.text.as_str());
    let n_sections = places(text, &pattern(r"(?m)^## \S")).len();
    assert!(text.starts_with("# "), "README.md does not begin with its title");
    assert!(
        n_sections >= 3,
        "README.md has {n_sections} sections: start, the map with its walks, and how to work on it are the least"
    );
}

#[test]
fn every_path_the_readme_names_is_there() {
    let text = tree::file("README.md").map_or("", |file| file.text.as_str());
    none(absent_paths("README.md", text), "Correct the path; a map that lies is worse than none.");
}

#[test]
fn licence_and_toolchain_are_pinned() {
    let licence = tree::file("LICENSE").map_or("", |file| file.text.as_str());
    assert!(licence.contains("Apache License"), "LICENSE is not the licence that Cargo.toml names");
    let toolchain = tree::file("rust-toolchain.toml").map_or("", |file| file.text.as_str());
    assert!(pattern(r#"channel = "\d+\.\d+\.\d+""#).is_match(toolchain), "rust-toolchain.toml pins no exact stable version");
    assert!(toolchain.contains("wasm32-unknown-unknown"), "rust-toolchain.toml does not name the browser's target");
}

#[test]
fn planted_paths_are_found() {
    let text = "a\n`server/tidy/src/lib.rs`, `server/tidy/` and `server/absent.rs`\n";
    let found = absent_paths("README.md", text);
    assert_eq!(found, [Found::at("README.md", 2, "server/absent.rs", "is not there")]);
}
