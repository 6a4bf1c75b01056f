//! Every class that is written exists in the style sheets, and every class in the style sheets is written somewhere.

use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use tidy::css;
use tidy::find::{line_at, pattern};
use tidy::report::{Exemption, Found, none, without};
use tidy::rust::{Literal, Rust, all};
use tidy::tree;

/// Classes in the sheets that no literal under `app/` spells, nor begins with before a placeholder.
const WRITTEN_ELSEWHERE: &[Exemption] = &[
    (
        "style/screens/observe/explore.css .explore__hint",
        "what is offered in the field for PromQL: public/expression.js draws it",
    ),
    (
        "style/screens/observe/explore.css .explore__offer",
        "what is offered in the field for PromQL: public/expression.js draws it",
    ),
    ("style/ui/chart-figure.css .chart-figure__menu", "what is open at a moment of a chart: public/moment.js draws it"),
    ("style/ui/toast.css .toast--failed", "a toast about something that was not done: public/toasts.js sets it"),
    ("style/screens/write/paper.css .paper", "a report as a file, which the room of documents writes"),
    ("style/screens/write/paper.css .paper__head", "a report as a file, which the room of documents writes"),
];
/// Classes that are written for somebody else than the style sheet.
const WITHOUT_STYLE: &[Exemption] = &[];

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| pattern(r"\{[^{}]*\}"));
static ATTRIBUTE: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\bclass\s*=\s*\(?\s*""#));
static TOGGLED: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bclass:([A-Za-z_][\w-]*)\s*="));
static IN_MARKUP: LazyLock<Regex> = LazyLock::new(|| pattern(r#"\bclass=\\?"([^"\\]*)"#));
/// Spelt the way only classes are.
static PART_OF_A_BLOCK: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*__[a-z0-9\x01-]+$"));

/// Stands for a `{placeholder}` in a word.
const HOLE: char = '\u{1}';

/// What some literal spells: whole words, and words with a placeholder inside, as what stands before and behind it.
#[derive(Default)]
struct Spelt {
    words: BTreeSet<String>,
    patterns: BTreeSet<(String, String)>,
}

impl Spelt {
    fn add(&mut self, text: &str) {
        for word in words(text) {
            match holes(&word) {
                None => {
                    self.words.insert(word);
                }
                Some(ends) => {
                    self.patterns.insert(ends);
                }
            }
        }
    }

    fn spells(&self, class: &str) -> bool {
        self.words.contains(class) || self.patterns.iter().any(|(begins, ends)| fits(class, begins, ends))
    }
}

/// `sev--{level}` fits `sev--0`, `ruler__sev{level}` fits `ruler__sev0`; a placeholder alone fits nothing, or everything would be alive.
fn fits(class: &str, begins: &str, ends: &str) -> bool {
    is_telling(begins) && class.len() > begins.len() + ends.len() && class.starts_with(begins) && class.ends_with(ends)
}

/// Whether the beginning of a word shows that it is a class.
fn is_telling(begins: &str) -> bool {
    begins.len() >= 2 && (begins.ends_with('-') || begins.contains("__") || begins.contains("--"))
}

/// The words of a literal, with a hole for each placeholder.
fn words(text: &str) -> Vec<String> {
    let holed = PLACEHOLDER.replace_all(text, HOLE.to_string());
    let is_part = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | HOLE);
    holed.split(|character| !is_part(character)).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn holes(word: &str) -> Option<(String, String)> {
    let (first, last) = (word.find(HOLE)?, word.rfind(HOLE)?);
    Some((word[..first].to_owned(), word[last + HOLE.len_utf8()..].to_owned()))
}

/// Everything in `app/` that could be a class, and what is toggled by name (`class:stale=`).
fn spelt(files: &[&Rust]) -> Spelt {
    let mut spelt = Spelt::default();
    for file in files {
        file.shipped_strings().iter().for_each(|string| spelt.add(&string.text));
        TOGGLED.captures_iter(&file.code).for_each(|found| spelt.add(&found[1]));
    }
    spelt
}

/// The classes a file writes, each with its line: in `class="…"`, `class=("…", …)`, `class:…=`, in markup inside a string, and words
/// that are spelt the way only classes are (`alert-row__name`).
fn written(file: &Rust) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for place in ATTRIBUTE.find_iter(&file.shipped) {
        let literal: Option<&Literal> = file.strings.iter().find(|string| string.at == place.end());
        found.extend(
            literal.into_iter().flat_map(|literal| words(&literal.text)).map(|word| (line_at(&file.code, place.start()), word)),
        );
    }
    let toggles = TOGGLED.captures_iter(&file.shipped).filter_map(|found| found.get(1));
    found.extend(toggles.map(|class| (line_at(&file.code, class.start()), class.as_str().to_owned())));
    for string in file.shipped_strings() {
        let markup = IN_MARKUP.captures_iter(&string.text).flat_map(|found| words(&found[1]));
        let blocks = words(&string.text).into_iter().filter(|word| PART_OF_A_BLOCK.is_match(word));
        found.extend(markup.chain(blocks).map(|word| (string.line, word)));
    }
    found
}

fn without_style(file: &Rust, known: &BTreeSet<&str>) -> Vec<Found> {
    let exists = |word: &str| match holes(word) {
        None => known.contains(word),
        Some((begins, ends)) => !is_telling(&begins) || known.iter().any(|class| fits(class, &begins, &ends)),
    };
    let absent: BTreeSet<(usize, String)> = written(file).into_iter().filter(|(_, word)| !exists(word)).collect();
    let shown = |word: &str| word.replace(HOLE, "{…}");
    absent.into_iter().map(|(line, word)| Found::at(&file.path, line, &shown(&word), "is no class of any style sheet")).collect()
}

/// Class to the first place where a sheet names it.
fn known_classes() -> BTreeMap<String, (String, usize)> {
    let mut known: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for file in tree::under("style/").filter(|file| file.is(&[".css"])) {
        for (line, class) in css::read(&file.text).classes {
            known.entry(class).or_insert_with(|| (file.path.clone(), line));
        }
    }
    known
}

fn screens() -> Vec<&'static Rust> {
    all().iter().filter(|file| file.path.starts_with("app/")).collect()
}

#[test]
fn every_class_that_is_written_has_a_style() {
    let known = known_classes();
    let names: BTreeSet<&str> = known.keys().map(String::as_str).collect();
    let found: Vec<Found> = screens().into_iter().flat_map(|file| without_style(file, &names)).collect();
    none(without(found, WITHOUT_STYLE), "Give it a rule in style/, correct its spelling, or take it out.");
}

#[test]
fn every_class_in_a_style_sheet_is_written_somewhere() {
    let spelt = spelt(&screens());
    let dead = known_classes().into_iter().filter(|(class, _)| !spelt.spells(class));
    let found: Vec<Found> =
        dead.map(|(class, (path, line))| Found::at(&path, line, &format!(".{class}"), "no screen writes it")).collect();
    none(without(found, WRITTEN_ELSEWHERE), "Delete the rule, or correct its spelling.");
}

#[test]
fn planted_classes_are_found() {
    let source = "fn a() { view! { <p class=\"row row__x\" class:stale=b class=(\"on\", c)>\"Don't\"</p> } }\n\
                  fn b(n: u8) -> String { format!(\"sev sev--{n}\") }\nfn c() -> &'static str { \"<i class=\\\"dot\\\">\" }\n";
    let file = Rust::read("app/ui/src/a.rs", source);
    let known: BTreeSet<&str> = ["row", "on", "sev--1"].into();
    let found: Vec<String> = without_style(&file, &known).into_iter().map(|found| found.subject).collect();
    assert_eq!(found, ["row__x", "stale", "dot"]);
    let spelt = spelt(&[&file]);
    for class in ["row", "row__x", "stale", "on", "sev", "sev--0", "dot"] {
        assert!(spelt.spells(class), "{class}");
    }
    for class in ["sev--", "rows", "other"] {
        assert!(!spelt.spells(class), "{class}");
    }
}
