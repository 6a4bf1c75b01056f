//! One owner per table: the room in the name of the migration that made it.

use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use tidy::find::{pattern, places};
use tidy::report::{Found, none};
use tidy::rust::{Rust, all};
use tidy::tree;

static STATEMENT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?is)^\s*(?:select|insert|update|delete|with|create|alter|drop|lock|truncate|copy)\s"));

/// Table to room.
type Owners = BTreeMap<String, String>;

/// The room of `20261122000100_kernel_facts.sql`.
fn room_of(path: &str) -> &str {
    path.rsplit('/').next().and_then(|name| name.split('_').nth(1)).unwrap_or_default()
}

fn owners<'a>(migrations: impl Iterator<Item = (&'a str, &'a str)>) -> Owners {
    let made = pattern(r"(?im)^\s*create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?(\w+)");
    let mut owners = Owners::new();
    for (path, text) in migrations {
        for found in made.captures_iter(text) {
            owners.insert(found[1].to_owned(), room_of(path).to_owned());
        }
    }
    owners
}

fn known() -> Owners {
    owners(tree::under("migrations/").map(|file| (file.path.as_str(), file.text.as_str())))
}

/// Words after which a table is named.
fn named() -> Regex {
    pattern(
        r"(?i)\b(?:from|join|into|update|table|truncate|references|using|copy|on|of)\s+(?:only\s+|if\s+exists\s+)?([a-z_]\w*)\b|'([a-z_]\w*)'::regclass",
    )
}

fn tables_of_others(text: &str, room: &str, owners: &Owners, named: &Regex) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for captures in named.captures_iter(text) {
        let Some(name) = captures.get(1).or_else(|| captures.get(2)) else { continue };
        if owners.get(name.as_str()).is_some_and(|owner| owner != room) {
            found.push((tidy::find::line_at(text, name.start()), name.as_str().to_owned()));
        }
    }
    found
}

/// Only in strings that begin like a statement: a sentence such as "read from session" is none.
fn in_statements(file: &Rust, owners: &Owners, named: &Regex) -> Vec<Found> {
    let room = file.home().trim_start_matches("server/");
    let mut found: Vec<Found> = Vec::new();
    for string in file.strings.iter().filter(|string| STATEMENT.is_match(&string.text)) {
        for (line, table) in tables_of_others(&string.text, room, owners, named) {
            found.push(Found::at(&file.path, string.line + line - 1, &table, &format!("belongs to {}", owners[&table])));
        }
    }
    found
}

#[test]
fn every_table_is_named_only_by_the_room_that_owns_it() {
    let (owners, named) = (known(), named());
    let rooms =
        all().iter().filter(|file| file.path.starts_with("server/") && !["server/bench", "server/tidy"].contains(&file.home()));
    none(
        rooms.flat_map(|file| in_statements(file, &owners, &named)).collect(),
        "Ask the room that owns the table, through needs.rs, or compose the screen in server/src/apis/.",
    );
}

#[test]
fn migrations_touch_only_the_tables_of_their_room() {
    let (owners, named) = (known(), named());
    let mut found: Vec<Found> = Vec::new();
    for file in tree::under("migrations/") {
        let text = without_comments(&file.text);
        let foreign = tables_of_others(&text, room_of(&file.path), &owners, &named).into_iter();
        found.extend(foreign.map(|(line, table)| Found::at(&file.path, line, &table, &format!("belongs to {}", owners[&table]))));
    }
    none(found, "Keep another room's key as a plain value; rooms are joined in code, not by foreign keys.");
}

#[test]
fn every_table_says_what_it_is() {
    let mut found: Vec<Found> = Vec::new();
    let all: String = tree::under("migrations/").map(|file| file.text.as_str()).collect();
    for (table, room) in known() {
        if places(&all, &pattern(&format!(r"(?i)\bcomment\s+on\s+table\s+{table}\s+is\b"))).is_empty() {
            found.push(Found::at("migrations", 0, &table, &format!("of {room} has no comment")));
        }
    }
    none(found, "Add `comment on table … is '…'` to its migration.");
}

/// Comments of SQL, and what is said in `comment on`, name other things freely.
fn without_comments(text: &str) -> String {
    let said = pattern(r"(?m)--.*$|(?is)\bcomment\s+on\s[^']*'(?:[^']|'')*'\s*;");
    said.replace_all(text, |found: &regex::Captures<'_>| "\n".repeat(found[0].matches('\n').count())).into_owned()
}

#[test]
fn planted_strangers_are_found() {
    let owners = owners(
        [
            ("migrations/1_metrics_a.sql", "create table sample (\n a int);\n"),
            ("migrations/2_kernel_facts.sql", "create table if not exists fact ("),
        ]
        .into_iter(),
    );
    assert_eq!(owners.get("fact").map(String::as_str), Some("kernel"));
    let file = |text: &str| Rust::read("server/alerting/src/store.rs", text);
    for (text, n) in [
        ("fn a() { sqlx::query!(\"select a\n from alert\n join sample on true\") }", 1),
        ("fn a() { sqlx::query!(\"insert into fact (id) values (1)\") }", 1),
        ("fn a() { sqlx::query!(\"select 'sample'::regclass\") }", 1),
        ("fn a() { sqlx::query!(\"select sample from alert\") }", 0),
        ("fn a() { say(\"read from sample\") }", 0),
    ] {
        assert_eq!(in_statements(&file(text), &owners, &named()).len(), n, "{text}");
    }
    assert_eq!(in_statements(&file("fn a() {\n q(\"select a\n from\n sample\") }"), &owners, &named())[0].line, 4);
    let text = without_comments(
        "-- from sample\ncomment on table x is 'from sample;\n';\ncreate table b (c int references sample (id));\n",
    );
    assert_eq!(tables_of_others(&text, "alerting", &owners, &named()), [(4, "sample".to_owned())]);
}
