//! Where SQL may stand, and how it is checked.

use regex::Regex;
use tidy::find::{pattern, places};
use tidy::report::{Exemption, Found, none, without};
use tidy::rust::{Rust, all};

/// Homes whose business is the database itself.
const FREE: &[&str] = &["server/kernel", "server/postgres", "server/bench", "server/tidy"];

/// Statements that the macros can't check.
const UNCHECKED: &[Exemption] = &[(
    "server/metrics/src/store/partitions.rs sqlx::query(",
    "the names of partitions are made from their day; no macro knows them",
)];

/// `store.rs`, or a file under `store/`.
pub fn is_store(path: &str) -> bool {
    path.ends_with("/store.rs") || path.contains("/store/")
}

fn sqlx_words() -> Regex {
    pattern(
        r"\bsqlx::(?:query\w*|raw_sql|QueryBuilder)|\buse sqlx::\{[^}]*\bquery|\bquery(?:_as|_scalar|_file|_file_as|_file_scalar)?!\s*[(\[{]",
    )
}

/// Whether a string reads like a statement.
fn statement() -> Regex {
    pattern(concat!(
        r"(?is)^\s*(?:select\s.*(?:\bfrom\s+\w|\$\d|\bpg_\w+\()",
        r"|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+(?:recursive\s+)?\w+\s+as\s*\(",
        r"|(?:create|alter|drop|lock)\s+(?:unique\s+)?(?:table|index|type|schema|sequence)\s|truncate\s+table\s)",
    ))
}

fn outside_of_a_store(file: &Rust, words: &Regex, statement: &Regex) -> Vec<Found> {
    let what = "SQL outside a store";
    let called = places(&file.shipped, words).into_iter().map(|(line, text)| Found::at(&file.path, line, &text, what));
    let written = file.shipped_strings().into_iter().filter(|string| statement.is_match(&string.text));
    called.chain(written.map(|string| Found::at(&file.path, string.line, "statement", what))).collect()
}

fn unchecked(file: &Rust, functions: &Regex) -> Vec<Found> {
    let found = places(&file.shipped, functions).into_iter();
    found.map(|(line, text)| Found::at(&file.path, line, &text, "a statement nobody checks before it runs")).collect()
}

fn unchecked_functions() -> Regex {
    pattern(r"\bsqlx::(?:query(?:_as|_scalar|_with|_as_with|_scalar_with)?|raw_sql)\s*(?:::\s*<|\()|\bQueryBuilder\b")
}

#[test]
fn statements_stand_only_in_stores() {
    let (words, statement) = (sqlx_words(), statement());
    let rooms =
        all().iter().filter(|file| file.path.starts_with("server/") && !FREE.contains(&file.home()) && !is_store(&file.path));
    none(
        rooms.flat_map(|file| outside_of_a_store(file, &words, &statement)).collect(),
        "Move the statement into the store of the room that owns the table.",
    );
}

#[test]
fn statements_of_rooms_are_checked_when_compiled() {
    let functions = unchecked_functions();
    let stores = all().iter().filter(|file| is_store(&file.path));
    let found: Vec<Found> = stores.flat_map(|file| unchecked(file, &functions)).collect();
    none(without(found, UNCHECKED), "Use query!, query_as! or query_scalar!, or exempt it with the reason why a macro can't.");
}

#[test]
fn planted_statements_are_found() {
    let file = |text: &str| Rust::read("server/a/src/rules.rs", text);
    for text in [
        "fn a() { sqlx::query(x) }",
        "fn a() { query_as!(Row, x) }",
        "use sqlx::{PgPool, query_scalar};",
        "const A: &str = \"select a from b\";",
        "const A: &str = r#\"\n  insert into b (a) values ($1)\"#;",
    ] {
        assert_eq!(outside_of_a_store(&file(text), &sqlx_words(), &statement()).len(), 1, "{text}");
    }
    for text in [
        "fn query(a: &str) { sqlx::Error::Protocol }",
        "const A: &str = \"select a host\"; // sqlx::query",
        "#[cfg(test)]\nfn a() { sqlx::query(x) }",
    ] {
        assert!(outside_of_a_store(&file(text), &sqlx_words(), &statement()).is_empty(), "{text}");
    }
    assert_eq!(unchecked(&file("fn a() { sqlx::query_as::<_, Row>(x) }"), &unchecked_functions()).len(), 1);
    assert!(unchecked(&file("fn a() { sqlx::query!(x) }"), &unchecked_functions()).is_empty());
    assert!(is_store("server/a/src/store/rules.rs") && is_store("server/a/src/store.rs") && !is_store("server/a/src/restore.rs"));
}
