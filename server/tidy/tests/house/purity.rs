//! What may not be written below `app/`: conditions on the build, and in the pure crates anything that waits, reads or rolls dice.

use regex::Regex;
use tidy::find::{pattern, places};
use tidy::report::{Found, none};
use tidy::rust::{Rust, all};

const PURE: &[&str] = &["app/model", "app/promql", "app/chart", "app/figures"];

fn conditions(file: &Rust, condition: &Regex) -> Vec<Found> {
    let found = places(&file.code, condition).into_iter();
    found
        .map(|(line, text)| Found::at(&file.path, line, &text, "the browser and the server compile the same code here"))
        .collect()
}

fn condition() -> Regex {
    pattern(r"\bcfg(?:_attr)?!?\s*\([^\]]*?\b(?:feature|target_\w+|windows|unix|debug_assertions)\b")
}

fn impurities() -> Regex {
    pattern(concat!(
        r"\bstd::(?:fs|net|io|env|process|thread)\b",
        r"|\buse std::\{[^}]*\b(?:fs|net|io|env|process|thread)\b",
        r"|\b(?:SystemTime|Instant|Utc::now|Local::now)\b",
        r"|\basync\s+(?:fn|move|\{)|\.await\b",
        r"|\b(?:rand|getrandom|tokio|futures|web_sys|js_sys)::",
    ))
}

fn impure(file: &Rust, impurities: &Regex) -> Vec<Found> {
    let found = places(&file.shipped, impurities).into_iter();
    found
        .map(|(line, text)| Found::at(&file.path, line, &text, "a pure crate can't wait, read, fail by itself or flake"))
        .collect()
}

#[test]
fn nothing_below_app_or_in_frontend_is_compiled_conditionally() {
    let condition = condition();
    let screens = all().iter().filter(|file| file.path.starts_with("app/") || file.path.starts_with("frontend/"));
    none(
        screens.flat_map(|file| conditions(file, &condition)).collect(),
        "Hand the difference in through context or a trait; see `Zero cfg in UI crates` in the README.",
    );
}

#[test]
fn pure_crates_do_no_io_and_know_no_time_or_chance() {
    let impurities = impurities();
    let pure = all().iter().filter(|file| PURE.contains(&file.home()));
    none(
        pure.flat_map(|file| impure(file, &impurities)).collect(),
        "Take it as an argument: the caller has the clock, the file and the dice.",
    );
}

#[test]
fn planted_impurities_are_found() {
    let file = |text: &str| Rust::read("app/model/src/a.rs", text);
    for text in [
        "#[cfg(feature = \"ssr\")]\nfn a() {}",
        "fn a() { if cfg!(target_arch = \"wasm32\") {} }",
        "#[cfg_attr(any(test, feature = \"x\"), derive(Debug))]\nstruct A;",
    ] {
        assert_eq!(conditions(&file(text), &condition()).len(), 1, "{text}");
    }
    assert!(conditions(&file("#[cfg(test)]\nmod tests { /* cfg(feature) */ }"), &condition()).is_empty());
    for text in [
        "use std::{fmt, io};",
        "fn a() { std::fs::read(\"a\"); }",
        "async fn a() {}",
        "fn a() { let at = Instant::now(); }",
        "fn a() { rand::random() }",
    ] {
        assert_eq!(impure(&file(text), &impurities()).len(), 1, "{text}");
    }
    assert!(impure(&file("/// Like std::fs, an Instant.\nfn instant_vector() {}"), &impurities()).is_empty());
}
