//! Server functions: where they stand and what they may do.

use regex::Regex;
use std::sync::LazyLock;
use tidy::find::{line_at, pattern};
use tidy::functions::functions;
use tidy::report::{Found, none};
use tidy::rust::{Rust, all};

/// The only place for them.
const API: &str = "app/api/src/";

/// A server function's attribute; `#[server(default)]` on an argument is none.
static MARKED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(#\[(?:leptos::)?server\b[^\]]*\])\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([^)]*\))?\s+)?(?:async\s+)?fn\b")
});
static UNSAFE_ENCODING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?:Get|Patch|Put|Delete)(?:Url|Cbor|Json|Rkyv|MsgPack|Postcard|Bitcode|SerdeLite)\b"));

fn judge(file: &Rust) -> Vec<Found> {
    let named = functions(&file.code);
    let mut found: Vec<Found> = Vec::new();
    for attribute in MARKED.captures_iter(&file.code).filter_map(|found| found.get(1)) {
        let line = line_at(&file.code, attribute.start());
        let Some(function) = named.iter().find(|function| function.at > attribute.start()) else { continue };
        let mut say = |what: &str| found.push(Found::at(&file.path, line, &function.name, what));
        if !file.path.starts_with(API) {
            say("is a server function outside app/api/src");
        }
        if !is_one_expression(&function.body) {
            say("is more than one expression");
        }
        let written = &file.text[attribute.start()..attribute.end()];
        if !written.contains("prefix = \"/call\"") {
            say("is not under /call, where calls are let in and forgeries refused");
        }
        if UNSAFE_ENCODING.is_match(written) {
            say("is called by a method that passes the protection against forged requests");
        }
    }
    found
}

/// A body with a statement in it does work; work is done in rooms.
fn is_one_expression(body: &str) -> bool {
    !body.trim().is_empty() && !body.contains(';') && !body.contains('{')
}

#[test]
fn every_server_function_is_one_expression_in_the_api_that_only_asks_a_room() {
    let found: Vec<Found> = all().iter().flat_map(judge).collect();
    none(found, "Let it call one method of the room's trait; put the work behind the trait, in server/src/apis/ or the room.");
}

#[test]
fn server_functions_are_found_at_all() {
    let n_marked = all().iter().filter(|file| file.path.starts_with(API)).map(|file| file.code.matches("#[server(").count());
    assert!(n_marked.sum::<usize>() > 0, "the rule above would pass in an empty house");
}

#[test]
fn planted_server_functions_are_refused() {
    let good =
        "#[server(prefix = \"/call\", endpoint = \"a\")]\npub async fn a(b: u8) -> Result<(), E> {\n    room().a(b).await\n}\n";
    assert!(judge(&Rust::read("app/api/src/a.rs", good)).is_empty());
    assert_eq!(judge(&Rust::read("app/respond/src/a.rs", good)).len(), 1);
    for (from, to) in [
        ("room().a(b).await", "let c = b; room().a(c).await"),
        ("room().a(b).await", "if b > 1 { room().a(b).await } else { Ok(()) }"),
        ("prefix = \"/call\", ", ""),
        ("endpoint", "input = GetUrl, endpoint"),
    ] {
        assert_eq!(judge(&Rust::read("app/api/src/a.rs", &good.replace(from, to))).len(), 1, "{from} → {to}");
    }
}
