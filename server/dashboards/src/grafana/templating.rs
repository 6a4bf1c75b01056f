//! Variables.

use super::expressions::{self, bare, is_known_regex};
use super::{Importer, both, clipped, json, title};
use dashboard::{MOST_CHOICES, MOST_VARIABLES, Offer, Said, Variable, is_variable_name, named};
use serde_json::Value;
use std::collections::HashSet;

/// Bytes of a value.
const MOST_VALUE: usize = 4_000;

impl Importer {
    pub(super) fn variables(&mut self, board: &Value) -> Vec<Variable> {
        let mut variables: Vec<Variable> = Vec::new();
        let mut names: HashSet<String> = HashSet::new();
        for (index, found) in json::list(board, "/templating/list").iter().enumerate() {
            let path = format!("templating.list[{index}]");
            let name: &str = json::text(found, "/name");
            if json::text(found, "/type") == "datasource" {
                let why: Said =
                    both("データソースは一つです。選ぶものがありません", "there is one data source, and nothing to choose");
                self.note(&path, &format!("datasource {name}"), why);
                continue;
            }
            if !is_variable_name(name) || !names.insert(name.to_owned()) || variables.len() >= MOST_VARIABLES {
                self.note(
                    &path,
                    name,
                    both("名前が使えないか、変数が多すぎます", "its name is not possible, or there are too many"),
                );
                continue;
            }
            variables.extend(self.variable(&path, name, found));
        }
        self.in_order(variables)
    }

    fn variable(&mut self, path: &str, name: &str, found: &Value) -> Option<Variable> {
        let kind: &str = json::text(found, "/type");
        if matches!(kind, "adhoc" | "groupby") {
            let why: Said = both(
                "その場の絞り込みはありません。変数とクエリで書けます",
                "there are no filters of the moment; a variable and queries can say it",
            );
            self.note(path, &format!("{kind} {name}"), why);
            return None;
        }
        let offer: Offer = self.offer(path, kind, name, found);
        let is_asked: bool = matches!(offer, Offer::LabelValues { .. } | Offer::Query { .. });
        let label: &str = json::text(found, "/label");
        let all_value: &str = json::text(found, "/allValue");
        if !matches!(all_value, "" | ".*" | ".+") {
            let why: Said = both("「すべて」は選べる値すべてを意味します", "all means all the values that are offered");
            self.note(&format!("{path}.allValue"), all_value, why);
        }
        Some(Variable {
            name: name.to_owned(),
            label: title(if label.is_empty() { name } else { label }),
            is_multi: json::flag(found, "/multi") || json::flag(found, "/includeAll"),
            has_all: json::flag(found, "/includeAll"),
            // What was chosen last in another house may not exist in this one.
            default: if is_asked { Vec::new() } else { current(found) },
            is_hidden: json::number(found, "/hide").is_some_and(|hide| hide >= 2.0) || kind == "constant",
            offer,
        })
    }

    fn offer(&mut self, path: &str, kind: &str, name: &str, found: &Value) -> Offer {
        let query: &str = match found.get("query") {
            Some(Value::String(query)) => query,
            Some(other) => json::text(other, "/query"),
            None => json::text(found, "/definition"),
        };
        match kind {
            "query" => {
                let regex: &str = json::text(found, "/regex");
                let known: bool = is_known_regex(&bare(regex));
                if !known {
                    let why: Said = both(
                        "この正規表現は使えません。すべての値を選べます",
                        "this regular expression is not known; all values are offered",
                    );
                    self.note(&format!("{path}.regex"), regex, why);
                }
                expressions::offer(query, if known { regex } else { "" }).unwrap_or_else(|| {
                    let why: Said = both(
                        "この問い合わせはありません。値を入力する欄にしました",
                        "there is no such query; it became a field to type into",
                    );
                    self.note(&format!("{path}.query"), &format!("{name}: {query}"), why);
                    Offer::Text
                })
            }
            "custom" => list_or_text(choices(found, query)),
            "constant" => list_or_text(vec![(query.to_owned(), query.to_owned())]),
            "interval" => self.windows(path, query, found),
            "textbox" => Offer::Text,
            other => {
                let why: Said = both(
                    "この種類の変数はありません。値を入力する欄にしました",
                    "there is no such variable; it became a field to type into",
                );
                self.note(path, &format!("{other} {name}"), why);
                Offer::Text
            }
        }
    }

    fn windows(&mut self, path: &str, query: &str, found: &Value) -> Offer {
        if json::flag(found, "/auto") {
            let why: Said = both("自動の間隔は $__interval と書きます", "write $__interval for an interval that fits");
            self.note(&format!("{path}.auto"), "auto", why);
        }
        let (fine, odd): (Vec<&str>, Vec<&str>) = query
            .split(',')
            .map(str::trim)
            .filter(|window| !window.is_empty())
            .partition(|window| promql::numbers::parse_duration_ms(window).is_ok_and(|ms| ms > 0));
        if !odd.is_empty() {
            self.note(&format!("{path}.query"), &odd.join(", "), both("期間として読めません", "no durations"));
        }
        if fine.is_empty() {
            Offer::Text
        } else {
            Offer::Interval(fine.into_iter().take(MOST_CHOICES).map(str::to_owned).collect())
        }
    }

    /// Each behind those it names; what goes round in a circle becomes a field to type into.
    fn in_order(&mut self, variables: Vec<Variable>) -> Vec<Variable> {
        let mut left: Vec<Variable> = variables;
        let mut ordered: Vec<Variable> = Vec::new();
        while !left.is_empty() {
            let waits = |one: &Variable| left.iter().any(|other| names_of(one).contains(&other.name));
            let next: Option<usize> = left.iter().position(|one| !waits(one));
            let mut one: Variable = left.remove(next.unwrap_or(0));
            if next.is_none() {
                let why: Said = both(
                    "変数が互いに依存しています。値を入力する欄にしました",
                    "variables depend on each other; it became a field to type into",
                );
                self.note("templating.list", &one.name, why);
                one.offer = Offer::Text;
            }
            ordered.push(one);
        }
        ordered
    }
}

/// The variables that a variable's choices depend on.
fn names_of(variable: &Variable) -> HashSet<String> {
    match &variable.offer {
        Offer::LabelValues { selector, regex, .. } => named(selector).into_iter().chain(named(regex)).collect(),
        Offer::Query { expr, .. } => named(expr).into_iter().collect(),
        Offer::List(_) | Offer::Interval(_) | Offer::Text => HashSet::new(),
    }
}

fn list_or_text(choices: Vec<(String, String)>) -> Offer {
    if choices.is_empty() { Offer::Text } else { Offer::List(choices) }
}

/// The choices of a list: as they are listed, or as they were typed (`a, b, text : value`).
fn choices(found: &Value, query: &str) -> Vec<(String, String)> {
    let listed = json::list(found, "/options").iter().filter_map(|option| {
        let value: String = option.get("value").and_then(json::scalar)?;
        let text: String = option.get("text").and_then(json::scalar).unwrap_or_else(|| value.clone());
        (value != "$__all").then_some((text, value))
    });
    let mut choices: Vec<(String, String)> = listed.collect();
    if choices.is_empty() {
        let typed = query.split(',').map(str::trim).filter(|choice| !choice.is_empty());
        choices = typed
            .map(|choice| match choice.split_once(" : ") {
                Some((text, value)) => (text.trim().to_owned(), value.trim().to_owned()),
                None => (choice.to_owned(), choice.to_owned()),
            })
            .collect();
    }
    choices.retain(|(_, value)| value.len() <= MOST_VALUE);
    choices.truncate(MOST_CHOICES);
    choices
}

/// What was chosen when the dashboard was saved; all is what nothing means.
fn current(found: &Value) -> Vec<String> {
    let value: &Value = found.pointer("/current/value").unwrap_or(&Value::Null);
    let mut values: Vec<String> = match value {
        Value::Array(values) => values.iter().filter_map(json::scalar).collect(),
        other => json::scalar(other).into_iter().collect(),
    };
    if values.is_empty() && json::text(found, "/type") == "textbox" {
        values.push(json::text(found, "/query").to_owned());
    }
    values.retain(|value| !value.is_empty() && value != "$__all" && !value.starts_with("$__auto"));
    values.into_iter().take(MOST_CHOICES).map(|value| clipped(&value, MOST_VALUE / 4)).collect()
}
