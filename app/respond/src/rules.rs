//! Rules: what is watched, how strictly, and whether it can be evaluated; and what could be watched besides.

mod catalogue;
mod filters;

use crate::screen::loaded;
use crate::words::rules::rule_words;
use crate::words::{locale, words};
use api::ask;
use api::pulse::use_pulse;
use api::rules::{RuleAdopt, RuleLine, RuleList, RuleQuery, rules};
use catalogue::Catalogue;
use figures::duration;
use filters::Filters;
use leptos::prelude::*;
use leptos_meta::Title;
use model::links;
use ui::button::{ButtonLink, Rank};
use ui::callout::{Callout, Tone};
use ui::empty::Empty;
use ui::part::Part;
use ui::severity::SeverityBadge;
use ui::table::{Cell, Column, Table};
use ui::time_text::{TimeForm, TimeText};

/// The screen at `/rules`.
#[component]
pub fn RulesScreen() -> impl IntoView {
    let adopt: ServerAction<RuleAdopt> = ServerAction::new();
    let (query, pulse) = (filters::asked(), use_pulse());
    let moved = move || (pulse.house.get(), pulse.alerts.get(), adopt.version().get());
    let data = ask(move || (query.get(), moved()), |(query, _)| rules(query));
    view! {
        <Title text=words().rules />
        <div class="alert-list">
            <header class="alert-list__head"><h1 class="alert-list__title">{words().rules}</h1></header>
            <p class="mute">{rule_words().hint}</p>
            {loaded(data, move |list| view! { <Sheet list=list query=query adopt=adopt /> }.into_any())}
        </div>
    }
}

#[component]
fn Sheet(list: RuleList, query: Memo<RuleQuery>, adopt: ServerAction<RuleAdopt>) -> impl IntoView {
    let said = rule_words();
    let n_shown: u32 = u32::try_from(list.rules.len()).unwrap_or(u32::MAX);
    let count: String = (said.matching)(n_shown, list.total);
    let make = if list.can_edit {
        view! { <ButtonLink href=links::rule_new("") rank=Rank::Main>{said.make}</ButtonLink> }.into_any()
    } else {
        view! { <p class="mute">{said.only_editors}</p> }.into_any()
    };
    let groups = groups(list.rules.clone(), list.total);
    view! {
        <Filters query=query groups=list.groups.clone() owners=list.owners.clone() />
        <div class="rules__head"><span class="mute" role="status">{count}</span>{make}</div>
        {groups}
        <Catalogue list=list query=query adopt=adopt />
    }
    .into_any()
}

/// The rules by their groups, or why there are none.
fn groups(rules: Vec<RuleLine>, total: u32) -> AnyView {
    if rules.is_empty() && total == 0 {
        return view! { <Empty title=words().no_rules /> }.into_any();
    }
    if rules.is_empty() {
        let said = rule_words();
        return view! {
            <Empty title=said.nothing say=said.nothing_hint>
                <ButtonLink href=links::RULES.to_owned()>{said.all_rules}</ButtonLink>
            </Empty>
        }
        .into_any();
    }
    let mut groups: Vec<(String, Vec<RuleLine>)> = Vec::new();
    for rule in rules {
        match groups.last_mut() {
            Some((name, list)) if *name == rule.group => list.push(rule),
            _ => groups.push((rule.group.clone(), vec![rule])),
        }
    }
    groups.into_iter().map(|(name, rules)| group(name, rules)).collect_view().into_any()
}

fn group(name: String, rules: Vec<RuleLine>) -> AnyView {
    let interval: Option<String> = rules.first().map(|rule| (words().every)(&duration(rule.interval_ms, locale())));
    let table = table(name.clone(), rules);
    view! { <Part title=name more=move || interval.clone()>{table}</Part> }.into_any()
}

/// Rules as rows, each a link to its screen.
pub fn table(caption: String, rules: Vec<RuleLine>) -> AnyView {
    let words = words();
    let columns = vec![
        Column::text(words.severity_label),
        Column::text(words.rule),
        Column::text(words.condition),
        Column::text(rule_words().owner),
        Column::text(words.evaluated),
        Column::number(rule_words().series),
        Column::number(words.open),
    ];
    let rows: Vec<AnyView> = rules.into_iter().map(row).collect();
    view! { <Table caption=caption columns=columns stacked=true>{rows}</Table> }.into_any()
}

fn row(rule: RuleLine) -> AnyView {
    let (words, said) = (words(), rule_words());
    let kind = kind(&rule);
    let lasting: Option<String> = (rule.for_ms > 0).then(|| (words.for_at_least)(&duration(rule.for_ms, locale())));
    let condition = condition(&rule);
    let owner: Vec<String> = rule.owner.clone().into_iter().chain(rule.priority.map(said.priority)).collect();
    let name = view! { <b>{rule.name.read(locale()).to_owned()}</b> }.into_any();
    let is_in_force: bool = rule.interval_ms > 0;
    let name = if is_in_force { view! { <a class="link" href=links::rule(&rule.id)>{name}</a> }.into_any() } else { name };
    let edited = rule.is_edited.then(|| view! { <small class="table__sub">{said.edited}</small> });
    let (evaluated, open) = (evaluated(&rule, is_in_force), open(&rule, is_in_force));
    let error = rule.error.map(|error| view! { <Callout tone=Tone::Warn>{error}</Callout> });
    view! {
        <tr id=rule.id.0 role="row">
            <Cell>{kind}</Cell>
            <th scope="row" role="rowheader">{name} {edited} {error}</th>
            <Cell label=words.condition>{condition} <small class="table__sub">{lasting}</small></Cell>
            <Cell label=said.owner>{owner.join(" · ")}</Cell>
            <Cell label=words.evaluated>{evaluated}</Cell>
            <Cell label=said.series number=true>{rule.series}</Cell>
            <Cell label=words.open number=true>{open}</Cell>
        </tr>
    }
    .into_any()
}

/// How bad its alerts are; a recording rule has none.
fn kind(rule: &RuleLine) -> AnyView {
    if rule.is_recording {
        return view! { <span class="mute">{rule_words().recording}</span> }.into_any();
    }
    let severity = rule.severity;
    view! { <SeverityBadge level=severity.level() held=true code=severity.code() word=words().severity_word(severity) /> }
        .into_any()
}

fn condition(rule: &RuleLine) -> AnyView {
    if rule.is_recording {
        return view! { <code class="rules__expr">{rule.condition.clone()}</code> }.into_any();
    }
    let said: String = if rule.condition.is_empty() { rule_words().any_result.to_owned() } else { signed(&rule.condition) };
    said.into_any()
}

fn evaluated(rule: &RuleLine, is_in_force: bool) -> Option<AnyView> {
    match rule.evaluated_at {
        Some(at) => Some(view! { <TimeText at_ms=at.0 form=TimeForm::Clock /> }.into_any()),
        None if is_in_force => Some(view! { <span class="mute">{words().never_evaluated}</span> }.into_any()),
        None => None,
    }
}

fn open(rule: &RuleLine, is_in_force: bool) -> Option<AnyView> {
    let href: String = links::alerts_of_rule(&rule.id);
    (is_in_force && !rule.is_recording).then(|| view! { <a class="link" href=href>{rule.open}</a> }.into_any())
}

/// A condition with the signs that people write: `≥ 80 %`.
pub fn signed(condition: &str) -> String {
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
