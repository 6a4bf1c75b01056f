//! Variables.

use super::reader::{Reader, scalar};
use dashboard::{Offer, Variable};
use yaml::{At, Node};

pub(super) const VARIABLE_KEYS: &[&str] =
    &["name", "title", "from", "label", "selector", "regex", "expr", "values", "multi", "all", "default", "hidden"];
const CHOICE_KEYS: &[&str] = &["text", "value"];
/// The keys of a variable that only some have, and which.
const OF_OFFERS: [(&str, &[&str]); 5] = [
    ("label", &["label_values", "query"]),
    ("selector", &["label_values"]),
    ("regex", &["label_values"]),
    ("expr", &["query"]),
    ("values", &["list", "interval"]),
];

impl Reader<'_> {
    pub(super) fn variables(&mut self, at: &At<'_>) -> Vec<Variable> {
        let variables: Vec<At<'_>> = self.children(at, "variables", "a list of variables");
        variables.iter().filter_map(|variable| self.variable(variable)).collect()
    }

    fn variable(&mut self, at: &At<'_>) -> Option<Variable> {
        if !self.mapping(at, VARIABLE_KEYS) {
            return None;
        }
        Some(Variable {
            name: self.required(at, "name").and_then(|name| self.plain(&name, "a text")).unwrap_or_default(),
            label: self.said(at, "title"),
            offer: self.offer(at),
            is_multi: self.flag(at, "multi"),
            has_all: self.flag(at, "all"),
            default: self.scalars(at, "default", "a value or a list of values"),
            is_hidden: self.flag(at, "hidden"),
        })
    }

    fn offer(&mut self, at: &At<'_>) -> Offer {
        let from: &'static str = self.word(at, "from", &Offer::WORDS);
        for (key, known_with) in OF_OFFERS {
            if !known_with.contains(&from) {
                self.refuse(at, &[key], &format!("from: {from}"));
            }
        }
        match from {
            "label_values" => Offer::LabelValues {
                label: self.needed(at, "label"),
                selector: self.text(at, "selector").unwrap_or_default(),
                regex: self.text(at, "regex").unwrap_or_default(),
            },
            "query" => Offer::Query { expr: self.needed(at, "expr"), label: self.needed(at, "label") },
            "list" => Offer::List(self.choices(at)),
            "interval" => Offer::Interval(self.scalars(at, "values", "a list of durations")),
            _ => Offer::Text,
        }
    }

    fn needed(&mut self, at: &At<'_>, key: &str) -> String {
        let found: Option<At<'_>> = self.required(at, key);
        found.and_then(|found| self.plain(&found, "a text")).unwrap_or_default()
    }

    /// Values alone, or what is shown and the value behind it.
    fn choices(&mut self, at: &At<'_>) -> Vec<(String, String)> {
        let mut choices: Vec<(String, String)> = Vec::new();
        for choice in self.children(at, "values", "a list of values") {
            if let Some(value) = scalar(choice.node) {
                choices.push((value.clone(), value));
                continue;
            }
            if !matches!(choice.node, Node::Mapping(_)) {
                self.wrong(&choice, "a value, or a mapping of text and value");
                continue;
            }
            self.mapping(&choice, CHOICE_KEYS);
            let text: Option<At<'_>> = self.required(&choice, "text");
            let value: Option<At<'_>> = self.required(&choice, "value");
            if let (Some(text), Some(value)) = (text, value) {
                choices.push((scalar(text.node).unwrap_or_default(), scalar(value.node).unwrap_or_default()));
            }
        }
        choices
    }
}
