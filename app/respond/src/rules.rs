//! Rules: what is watched, how strictly, and whether it can be evaluated.

use crate::screen::loaded;
use crate::words::{locale, words};
use api::alerting::{RuleRow, rule_list};
use api::ask;
use api::pulse::use_pulse;
use figures::duration;
use leptos::prelude::*;
use leptos_meta::Title;
use model::links;
use ui::callout::{Callout, Tone};
use ui::empty::Empty;
use ui::part::Part;
use ui::severity::SeverityBadge;
use ui::table::{Cell, Column, Table};
use ui::time_text::{TimeForm, TimeText};

/// The screen at `/rules`.
#[component]
pub fn RulesScreen() -> impl IntoView {
    let pulse = use_pulse();
    let data = ask(move || (pulse.house.get(), pulse.alerts.get()), |_| rule_list());
    view! {
        <Title text=words().rules />
        <div class="alert-list">
            <header class="alert-list__head"><h1 class="alert-list__title">{words().rules}</h1></header>
            <p class="mute">{words().rules_hint}</p>
            {loaded(data, |rules| view! { <Groups rules=rules /> }.into_any())}
        </div>
    }
}

#[component]
fn Groups(rules: Vec<RuleRow>) -> impl IntoView {
    if rules.is_empty() {
        return view! { <Empty title=words().no_rules /> }.into_any();
    }
    let mut groups: Vec<(String, Vec<RuleRow>)> = Vec::new();
    for rule in rules {
        match groups.last_mut() {
            Some((name, list)) if *name == rule.group => list.push(rule),
            _ => groups.push((rule.group.clone(), vec![rule])),
        }
    }
    groups.into_iter().map(|(name, rules)| view! { <Group name=name rules=rules /> }).collect_view().into_any()
}

#[component]
fn Group(name: String, rules: Vec<RuleRow>) -> impl IntoView {
    let words = words();
    let columns = vec![
        Column::text(words.severity_label),
        Column::text(words.rule),
        Column::text(words.condition),
        Column::text(words.evaluated),
        Column::number(words.open),
    ];
    let interval = rules.first().map(|rule| (words.every)(&duration(rule.interval_ms, locale())));
    let rows = rules.into_iter().map(|rule| view! { <Rule rule=rule /> }).collect_view();
    let caption = name.clone();
    view! {
        <Part title=name more=move || interval.clone()>
            <Table caption=caption columns=columns stacked=true>{rows}</Table>
        </Part>
    }
}

#[component]
fn Rule(rule: RuleRow) -> impl IntoView {
    let words = words();
    let lasting = (rule.for_ms > 0).then(|| (words.for_at_least)(&duration(rule.for_ms, locale())));
    let evaluated = match rule.evaluated_at {
        Some(at) => view! { <TimeText at_ms=at.0 form=TimeForm::Clock /> }.into_any(),
        None => view! { <span class="mute">{words.never_evaluated}</span> }.into_any(),
    };
    let error = rule.error.map(|error| view! { <Callout tone=Tone::Warn>{error}</Callout> });
    let alerts = links::alerts_of_rule(&rule.id);
    view! {
        <tr id=rule.id.0 role="row">
            <Cell>
                <SeverityBadge level=rule.severity.level() held=true code=rule.severity.code() word=words.severity_word(rule.severity) />
            </Cell>
            <th scope="row" role="rowheader">
                <b>{rule.name.read(locale()).to_owned()}</b>
                <code class="table__code">{rule.expr}</code>
                {error}
            </th>
            <Cell label=words.condition>{signed(&rule.condition)} <small class="table__sub">{lasting}</small></Cell>
            <Cell label=words.evaluated>{evaluated}</Cell>
            <Cell label=words.open number=true><a class="link" href=alerts>{rule.open}</a></Cell>
        </tr>
    }
}

/// A condition with the signs that people write: `≥ 80 %`.
fn signed(condition: &str) -> String {
    [(">=", "≥"), ("<=", "≤"), ("!=", "≠"), ("==", "=")]
        .into_iter()
        .fold(condition.to_owned(), |text, (typed, written)| text.replace(typed, written))
}

#[cfg(test)]
mod tests {
    use super::signed;

    #[test]
    fn a_condition_is_written_with_the_signs_of_print() {
        for (typed, written) in [(">= 80 %", "≥ 80 %"), ("< 1", "< 1"), ("!= 0", "≠ 0"), ("== 0", "= 0"), ("<= 5 ms", "≤ 5 ms")]
        {
            assert_eq!(signed(typed), written);
        }
    }
}
