//! What can be chosen in a field, in the reader's words, and what is suggested.

use super::fields::{GROUPS, OWNERS};
use crate::words::locale;
use crate::words::rules::rule_words;
use api::rules::RuleFormView;
use figures::{Unit, duration};
use leptos::prelude::*;
use model::Severity;

/// A value and what it is called.
type Choice = (String, String);

const SIGNS: [(&str, &str); 4] = [(">=", "≥"), (">", ">"), ("<=", "≤"), ("<", "<")];
const POLICIES: [&str; 3] = ["keep", "ok", "notify"];
const MODES: [&str; 2] = ["value", "match"];

/// What a field offers.
pub fn options(field: &str) -> Vec<Choice> {
    let said = rule_words();
    match field {
        "severity" => severities(),
        "warning.severity" | "no_data.severity" => with_none(said.as_rule, severities()),
        "priority" => {
            with_none(said.none, (1..=5_u8).map(|priority| (priority.to_string(), (said.priority)(priority))).collect())
        }
        "unit" => Unit::ALL.into_iter().map(|unit| (unit.as_str().to_owned(), (said.unit)(unit.as_str()).to_owned())).collect(),
        "mode" => named(&MODES, &said.modes),
        "condition.sign" => SIGNS.into_iter().map(|(sign, written)| (sign.to_owned(), written.to_owned())).collect(),
        "no_data.policy" => named(&POLICIES, &said.policies),
        _ => Vec::new(),
    }
}

fn named(values: &[&str], names: &[&str]) -> Vec<Choice> {
    values.iter().zip(names).map(|(value, name)| ((*value).to_owned(), (*name).to_owned())).collect()
}

fn severities() -> Vec<Choice> {
    let names = rule_words().severities;
    Severity::ALL.into_iter().zip(names).map(|(severity, name)| (severity.code().to_owned(), name.to_owned())).collect()
}

fn with_none(name: &str, choices: Vec<Choice>) -> Vec<Choice> {
    std::iter::once((String::new(), name.to_owned())).chain(choices).collect()
}

/// The groups and owners there are, as suggestions.
pub fn data_lists(view: &RuleFormView) -> AnyView {
    let group = |(name, interval_ms): &(String, i64)| {
        let (name, every) = (name.clone(), duration(*interval_ms, locale()));
        view! { <option value=name>{every}</option> }.into_any()
    };
    let owner = |name: &String| {
        let name: String = name.clone();
        view! { <option value=name></option> }.into_any()
    };
    let groups: Vec<AnyView> = view.groups.iter().map(group).collect();
    let owners: Vec<AnyView> = view.owners.iter().map(owner).collect();
    view! {
        <datalist id=GROUPS>{groups}</datalist>
        <datalist id=OWNERS>{owners}</datalist>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{MODES, POLICIES, SIGNS};

    #[test]
    fn what_can_be_chosen_is_what_a_file_can_say() {
        // The room reads the same words; its forms are tested against them.
        assert_eq!((POLICIES, MODES), (["keep", "ok", "notify"], ["value", "match"]));
        assert_eq!(SIGNS.map(|(sign, _)| sign), [">=", ">", "<=", "<"]);
    }
}
