//! Reads the parts of a document of rules, and says what is wrong with them and where. Knows no rule.

use super::{Empty, Problem, RuleFile, Text};
use std::collections::HashMap;
use yaml::{At, Node, Place, Step, described};

const TEXT_KEYS: &[&str] = &["ja", "en"];

/// Where a name was given first. Its line is looked up only when somebody has to be told of it: that reads the file again.
pub(super) type Taken = HashMap<String, Spot>;

/// A part of one of the files.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    file: String,
    path: Vec<Step>,
}

pub(super) struct Reader<'f> {
    pub(super) file: &'f RuleFile,
    /// All that are read together.
    pub(super) files: &'f [RuleFile],
    pub(super) empty: Empty,
    pub(super) problems: Vec<Problem>,
    pub(super) warnings: Vec<Problem>,
    pub(super) rule_ids: Taken,
    pub(super) group_names: Taken,
}

impl Reader<'_> {
    /// One text for both languages, or a mapping of `ja` and `en`.
    pub(super) fn text(&mut self, at: &At<'_>) -> Option<Text> {
        if let Node::Text(both) = at.node {
            return Some(Text { ja: both.clone(), en: both.clone() });
        }
        if !matches!(at.node, Node::Mapping(_)) {
            self.wrong(at, "a text, or a mapping of ja and en");
            return None;
        }
        if !self.mapping(at, TEXT_KEYS) {
            return None;
        }
        let ja: Option<String> = self.required(at, "ja").and_then(|ja| self.plain(&ja, "a text"));
        let en: Option<String> = self.required(at, "en").and_then(|en| self.plain(&en, "a text"));
        Some(Text { ja: ja?, en: en? })
    }

    pub(super) fn duration_or_zero(&mut self, at: &At<'_>, key: &str) -> Option<i64> {
        match at.child(key) {
            None => Some(0),
            Some(duration) => self.duration(&duration),
        }
    }

    /// Prometheus' durations; a bare `0` is one.
    pub(super) fn duration(&mut self, at: &At<'_>) -> Option<i64> {
        let parsed: Option<i64> = match scalar_text(at.node).as_deref() {
            None | Some("") => None,
            Some("0") => Some(0),
            Some(text) => promql::numbers::parse_duration_ms(text).ok().and_then(|ms| i64::try_from(ms).ok()),
        };
        if parsed.is_none() {
            self.wrong(at, "a duration such as 15s, 5m or 1h30m");
        }
        parsed
    }

    pub(super) fn plain(&mut self, at: &At<'_>, expected: &str) -> Option<String> {
        match at.node {
            Node::Text(text) if !text.trim().is_empty() => Some(text.clone()),
            _ => {
                self.wrong(at, expected);
                None
            }
        }
    }

    pub(super) fn list<'n>(&mut self, at: &At<'n>, expected: &str) -> Vec<At<'n>> {
        at.items().unwrap_or_else(|| {
            self.wrong(at, expected);
            Vec::new()
        })
    }

    /// A list that watches less when it is empty: that must be meant.
    pub(super) fn filled_list<'n>(&mut self, at: &At<'n>, expected: &str) -> Vec<At<'n>> {
        if self.empty == Empty::Refused && matches!(at.node, Node::List(nodes) if nodes.is_empty()) {
            self.say(
                at,
                format!("expected {expected} with at least one in it, found none (--allow-empty applies it all the same)"),
            );
        }
        self.list(at, expected)
    }

    /// Whether `at` is a mapping; keys that are not known are told, but don't keep the others from being read.
    pub(super) fn mapping(&mut self, at: &At<'_>, known: &[&str]) -> bool {
        if !matches!(at.node, Node::Mapping(_)) {
            self.wrong(at, &format!("a mapping with the keys {}", known.join(", ")));
            return false;
        }
        for (key, unknown) in at.strangers(known) {
            self.say_at_key(&unknown, format!("expected one of the keys {}, found \"{key}\"", known.join(", ")));
        }
        true
    }

    pub(super) fn required<'n>(&mut self, at: &At<'n>, key: &str) -> Option<At<'n>> {
        let child: Option<At<'n>> = at.child(key);
        if child.is_none() {
            self.say(at, format!("expected the key \"{key}\", found none"));
        }
        child
    }

    pub(super) fn refuse_second(&mut self, at: &At<'_>, taken: Option<Spot>, expected: &str) -> Option<()> {
        let Some(first) = taken else {
            return Some(());
        };
        let (found, first): (String, String) = (described(at.node), self.line_of(&first));
        self.say(at, format!("expected {expected}, found {found}, which stands at {first}"));
        None
    }

    pub(super) fn wrong(&mut self, at: &At<'_>, expected: &str) {
        let found: String = described(at.node);
        self.say(at, format!("expected {expected}, found {found}"));
    }

    pub(super) fn say(&mut self, at: &At<'_>, message: String) {
        let place: Place = self.place(at);
        self.problem(place, message);
    }

    pub(super) fn say_at_key(&mut self, at: &At<'_>, message: String) {
        let place: Place = yaml::locate(&self.file.text, &at.path, true);
        self.problem(place, message);
    }

    pub(super) fn place(&self, at: &At<'_>) -> Place {
        yaml::locate(&self.file.text, &at.path, false)
    }

    pub(super) fn spot(&self, at: &At<'_>) -> Spot {
        Spot { file: self.file.name.clone(), path: at.path.clone() }
    }

    /// File and line.
    pub(super) fn line_of(&self, spot: &Spot) -> String {
        let text: &str = self.files.iter().find(|file| file.name == spot.file).map_or("", |file| file.text.as_str());
        format!("{}:{}", spot.file, yaml::locate(text, &spot.path, false).line)
    }

    pub(super) fn problem(&mut self, place: Place, message: String) {
        self.problems.push(Problem { file: self.file.name.clone(), line: place.line, column: place.column, message });
    }
}

/// The text of a scalar, whatever YAML took it for.
pub(super) fn scalar_text(node: &Node) -> Option<String> {
    match node {
        Node::Text(text) | Node::Number(text) => Some(text.trim().to_owned()),
        Node::Nothing | Node::Flag(_) | Node::List(_) | Node::Mapping(_) => None,
    }
}
