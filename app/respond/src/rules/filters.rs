//! The filters of the list: one form, whose fields are the address.

use crate::words::rules::{RuleWords, rule_words};
use crate::words::words;
use api::rules::RuleQuery;
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use model::{Severity, links};
use ui::button::Button;
use ui::field::Field;

/// The words of the address, in the order in which they are offered.
const STATES: [&str; 5] = ["", "firing", "error", "off", "edited"];
const KINDS: [&str; 2] = ["alert", "recording"];

/// The filters, as the address has them.
pub fn asked() -> Memo<RuleQuery> {
    let map = use_query_map();
    Memo::new(move |_| {
        let map = map.get();
        let text = |name: &str| map.get(name).unwrap_or_default();
        RuleQuery {
            q: text("q"),
            group: text("group"),
            severity: text("severity"),
            owner: text("owner"),
            state: text("state"),
            kind: text("kind"),
            catalogue: text("catalogue"),
        }
    })
}

/// Where a file of the catalogue is looked at, among the same rules.
pub fn look_at(query: &RuleQuery, file: &str) -> String {
    let fields = [
        ("q", query.q.as_str()),
        ("group", query.group.as_str()),
        ("severity", query.severity.as_str()),
        ("owner", query.owner.as_str()),
        ("state", query.state.as_str()),
        ("kind", query.kind.as_str()),
        ("catalogue", file),
    ];
    let pairs: Vec<String> = fields
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| format!("{name}={}", links::encode(text)))
        .collect();
    format!("{}?{}#catalogue", links::RULES, pairs.join("&"))
}

/// Which rules: by words, kind, group, severity, owner and state.
#[component]
pub fn Filters(query: Memo<RuleQuery>, groups: Vec<String>, owners: Vec<String>) -> impl IntoView {
    let (said, now) = (rule_words(), query.get_untracked());
    let plain = |texts: Vec<String>| -> Vec<(String, String)> { texts.into_iter().map(|text| (text.clone(), text)).collect() };
    let severities = Severity::ALL.into_iter().map(|severity| (severity.code().to_lowercase(), severity.code().to_owned()));
    view! {
        <Form method="GET" action=links::RULES attr:class="alert-list__filters" attr:role="search">
            <Field id="rules-q" label=said.search.to_owned()>
                <input class="input" id="rules-q" type="search" name="q" value=now.q />
            </Field>
            {chooser("kind", said.kind, kinds(said), &now.kind)}
            {chooser("group", said.group, plain(groups), &now.group)}
            {chooser("severity", words().severity_label, severities.collect(), &now.severity)}
            {chooser("owner", said.owner, plain(owners), &now.owner)}
            {chooser("state", said.state, states(said), &now.state)}
            <Button kind="submit">{words().apply}</Button>
        </Form>
    }
    .into_any()
}

fn states(said: &RuleWords) -> Vec<(String, String)> {
    let named = STATES.into_iter().zip(said.states).filter(|(word, _)| !word.is_empty());
    named.map(|(word, name)| (word.to_owned(), name.to_owned())).collect()
}

fn kinds(said: &RuleWords) -> Vec<(String, String)> {
    KINDS.into_iter().zip(said.kinds).map(|(word, name)| (word.to_owned(), name.to_owned())).collect()
}

/// A list to choose from; nothing where there is nothing to choose.
fn chooser(name: &'static str, label: &'static str, options: Vec<(String, String)>, chosen: &str) -> AnyView {
    if options.is_empty() {
        return ().into_any();
    }
    let id: String = format!("rules-{name}");
    let option = |(value, text): (String, String)| {
        let is_chosen: bool = value == chosen;
        view! { <option value=value selected=is_chosen>{text}</option> }.into_any()
    };
    let options: Vec<AnyView> = options.into_iter().map(option).collect();
    view! {
        <Field id=id.clone() label=label.to_owned()>
            <select class="input" id=id name=name>
                <option value="">{words().any}</option>
                {options}
            </select>
        </Field>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::look_at;
    use api::rules::RuleQuery;

    #[test]
    fn looking_at_a_file_keeps_the_filters() {
        let query =
            RuleQuery { q: "cpu %".to_owned(), state: "firing".to_owned(), kind: "alert".to_owned(), ..RuleQuery::default() };
        assert_eq!(look_at(&query, "capacity"), "/rules?q=cpu%20%25&state=firing&kind=alert&catalogue=capacity#catalogue");
    }
}
