//! Migrations: how they are named and how they open.

use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use tidy::find::{pattern, places};
use tidy::manifest::crates;
use tidy::report::{Found, none};
use tidy::tree;

static WELL_NAMED: LazyLock<Regex> = LazyLock::new(|| pattern(r"^migrations/\d{14}_([a-z]+)_[a-z0-9]+(?:_[a-z0-9]+)*\.sql$"));

fn badly_named(path: &str, rooms: &BTreeSet<String>) -> Option<Found> {
    match WELL_NAMED.captures(path) {
        None => Some(Found::at(path, 0, "name", "is not <YYYYMMDDHHMMSS>_<room>_<what>.sql")),
        Some(found) if !rooms.contains(&found[1]) => Some(Found::at(path, 0, &found[1], "is not a room")),
        Some(_) => None,
    }
}

/// The first comment, its lines joined.
fn opening(text: &str) -> String {
    let lines = text.lines().take_while(|line| line.starts_with("--"));
    lines.map(|line| line.trim_start_matches('-').trim()).collect::<Vec<_>>().join(" ")
}

fn is_a_sentence(opening: &str) -> bool {
    opening.chars().next().is_some_and(char::is_uppercase) && opening.ends_with('.') && opening.split(' ').count() >= 4
}

#[test]
fn migrations_are_named_by_time_room_and_what() {
    let server = crates().into_iter().filter(|known| known.directory.starts_with("server/"));
    let rooms: BTreeSet<String> = server.map(|known| known.name).collect();
    none(
        tree::under("migrations/").filter_map(|file| badly_named(&file.path, &rooms)).collect(),
        "Rename it before it is applied anywhere; an applied one is never renamed.",
    );
}

#[test]
fn no_two_migrations_share_their_time() {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let times = tree::under("migrations/").map(|file| (file, file.path.split('_').next().unwrap_or_default()));
    let twice = times.filter(|(_, time)| !seen.insert(*time));
    none(twice.map(|(file, time)| Found::at(&file.path, 0, time, "is taken")).collect(), "Give the newer one a later time.");
}

#[test]
fn every_migration_opens_with_a_sentence_of_why() {
    let silent = tree::under("migrations/").filter(|file| !is_a_sentence(&opening(&file.text)));
    none(
        silent.map(|file| Found::at(&file.path, 1, "opening", "is no sentence")).collect(),
        "Begin with a comment that says why this is needed: a whole sentence with its full stop.",
    );
}

#[test]
fn migrations_need_no_extension() {
    let extension = pattern(r"(?i)\bcreate\s+extension\b");
    let mut found: Vec<Found> = Vec::new();
    for file in tree::under("migrations/") {
        found.extend(
            places(&file.text, &extension).into_iter().map(|(line, text)| Found::at(&file.path, line, &text, "not everywhere")),
        );
    }
    none(found, "Managed databases refuse extensions: do without, or do it in Rust.");
}

#[test]
fn planted_migrations_are_refused() {
    let rooms: BTreeSet<String> = ["metrics".to_owned()].into();
    assert!(badly_named("migrations/20261122000100_metrics_series.sql", &rooms).is_none());
    for path in ["migrations/1_metrics_a.sql", "migrations/20261122000100_metrics.sql", "migrations/20261122000100_weather_a.sql"]
    {
        assert!(badly_named(path, &rooms).is_some(), "{path}");
    }
    assert_eq!(opening("-- One line\n-- and two.\ncreate table a ();\n-- no"), "One line and two.");
    assert!(is_a_sentence("A sample must survive."));
    for opening in ["", "series", "Adds series", "a sample must survive."] {
        assert!(!is_a_sentence(opening), "{opening}");
    }
}
