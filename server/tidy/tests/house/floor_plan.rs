//! The floor plan: what stands at the top, and what every room has.

use tidy::report::{Found, none};
use tidy::tree;

/// Everything that may stand at the top; names that begin with a dot may too.
const TOP: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "app",
    "dev",
    "editor",
    "end2end",
    "frontend",
    "migrations",
    "public",
    "rust-toolchain.toml",
    "server",
    "style",
];

/// Rooms: crates with tables and a domain.
const ROOMS: &[&str] = &["alerting", "dashboards", "documents", "identity", "incidents", "metrics", "notify", "oncall"];

/// What every room has, and why.
const IN_A_ROOM: &[(&str, &str)] = &[
    ("README.md", "the nouns, the invariants, what is absent"),
    ("src/lib.rs", "the story and the modules in reading order"),
    ("src/error.rs", "one thiserror enum"),
    ("src/store.rs", "all its SQL"),
    ("src/tests.rs", "what it does, on a real Postgres"),
];

fn unlike_the_plan(top: &[String]) -> Vec<Found> {
    let strangers = top.iter().filter(|name| !name.starts_with('.') && !TOP.contains(&name.as_str()));
    let mut found: Vec<Found> = strangers.map(|name| Found::at(name, 0, "top level", "is not in the floor plan")).collect();
    let absent = TOP.iter().filter(|name| !top.iter().any(|known| known == **name));
    found.extend(absent.map(|name| Found::at(name, 0, "top level", "is missing")));
    found
}

fn not_one_error(path: &str, text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    if !text.contains("thiserror") {
        found.push(Found::at(path, 1, "Error", "is not made with thiserror"));
    }
    if text.matches("pub enum Error ").count() != 1 {
        found.push(Found::at(path, 1, "Error", "is not the one `pub enum Error`"));
    }
    found
}

#[test]
fn the_top_level_is_fixed() {
    none(unlike_the_plan(&tree::top()), "The visible top level is fixed: put it where it belongs.");
}

#[test]
fn every_room_has_the_same_floor_plan() {
    let mut found: Vec<Found> = Vec::new();
    for room in ROOMS {
        for (name, because) in IN_A_ROOM {
            let path = format!("server/{room}/{name}");
            if tree::file(&path).is_none() {
                found.push(Found::at(&path, 0, room, &format!("has no {name} ({because})")));
            }
        }
    }
    none(found, "Give the room the file, so that the second room one opens is already familiar.");
}

#[test]
fn a_room_has_one_error_enum() {
    let paths = ROOMS.iter().map(|room| format!("server/{room}/src/error.rs"));
    let files = paths.filter_map(|path| tree::file(&path));
    none(
        files.flat_map(|file| not_one_error(&file.path, &file.text)).collect(),
        "One `pub enum Error` a room, derived with thiserror.",
    );
}

#[test]
fn planted_disorder_is_found() {
    let mut top: Vec<String> = TOP.iter().map(|name| (*name).to_owned()).collect();
    top.push(".github".to_owned());
    assert!(unlike_the_plan(&top).is_empty());
    top.push("scripts".to_owned());
    assert_eq!(unlike_the_plan(&top).len(), 1);
    assert_eq!(unlike_the_plan(&[]).len(), TOP.len());
    assert!(not_one_error("a", "#[derive(thiserror::Error)]\npub enum Error {}").is_empty());
    assert_eq!(not_one_error("a", "pub struct Error;").len(), 2);
}
