//! Words of the house. Only those that can be looked for without guessing what is meant.

use regex::Regex;
use tidy::find::{pattern, places};
use tidy::report::{Found, none};
use tidy::rust::{Rust, all};
use tidy::tree;

/// What is looked for in identifiers and in comments, and what to say instead.
const NEVER: &[(&str, &str)] = &[
    (r"(?i)\bhealth_?checks?\b", "a Probe checks uptime; /livez and /readyz are asked"),
    (r"(?i)\bmicro-?_?services?\b", "a Room is a crate, a System is something of the customer's"),
    (r"(?i)\bpermission_?checks?\b", "a Grant is the proof that an actor may"),
    (r"(?i)\buptime_?checks?\b", "a Probe"),
    (r"(?i)\berror_?groups?\b", "a Fault, with its Occurrences"),
    (r"(?i)\buser_?sessions?\b", "a Visit is a real user's; a session is a sign-in"),
    (r"(?i)\b(?:domain|audit|alert|incident)_?events?\b", "a Fact"),
    (r"(?i)\b(?:alert|incident|person|on_?call|e?mail)_?notifications?\b", "a Page summons a human; notification is the genus"),
    (
        r"\b(?:Alerts?|Hosts?|Rules?|Now|Home|People|Account|Settings|Dashboard|Incident|Login|SignIn)Page\b",
        "a Screen has a URL; a Page summons a human",
    ),
    (r"(?i)\blog_?(?:in|out|on|off)\b", "one signs in and out"),
];

/// Names of files that say nothing about what is inside.
const EMPTY_NAMES: &[&str] =
    &["mod.rs", "utils.rs", "util.rs", "helpers.rs", "helper.rs", "common.rs", "misc.rs", "shared.rs", "types.rs"];

fn never() -> Vec<(Regex, &'static str)> {
    NEVER.iter().map(|(text, instead)| (pattern(text), *instead)).collect()
}

fn foreign_words(file: &Rust, never: &[(Regex, &str)]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for (word, instead) in never {
        found.extend(places(&file.code, word).into_iter().map(|(line, text)| Found::at(&file.path, line, &text, instead)));
        for comment in file.comments.iter().filter(|comment| word.is_match(&comment.text)) {
            let text = word.find(&comment.text).map_or("", |found| found.as_str());
            found.push(Found::at(&file.path, comment.line, text, instead));
        }
    }
    found
}

fn is_empty_name(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| EMPTY_NAMES.contains(&name))
}

#[test]
fn code_and_comments_speak_the_houses_words() {
    let never = never();
    none(all().iter().flat_map(|file| foreign_words(file, &never)).collect(), "Say it with the word of the glossary.");
}

#[test]
fn every_file_is_named_after_what_is_in_it() {
    let nameless = tree::files().iter().filter(|file| is_empty_name(&file.path));
    none(
        nameless.map(|file| Found::at(&file.path, 0, "name", "says nothing")).collect(),
        "Name it after its one noun or verb; a module's file is foo.rs beside foo/, never mod.rs.",
    );
}

#[test]
fn planted_words_are_found() {
    let file = |text: &str| Rust::read("server/a/src/a.rs", text);
    for text in [
        "fn health_check() {}",
        "struct EmailNotification;",
        "/// Sends an alert_notification.\nfn a() {}",
        "fn NowPage() {}",
        "fn log_in() {}",
    ] {
        assert_eq!(foreign_words(&file(text), &never()).len(), 1, "{text}");
    }
    for text in [
        "fn notify() {}",
        "/// NOTIFY wakes.\nfn a() {}",
        "fn a() { b(\"notification\") }",
        "struct Page;",
        "fn catalog_info() {}",
    ] {
        assert!(foreign_words(&file(text), &never()).is_empty(), "{text}");
    }
    assert!(is_empty_name("app/a/src/utils.rs") && !is_empty_name("app/a/src/mods.rs"));
}
