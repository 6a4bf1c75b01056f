//! What changed before it began: deploys, rules, routes, who is on call. It only looks, and says nothing about causes.

use super::said::{length_text, moment_text};
use crate::words::postmortems::postmortem_words;
use api::postmortems::view::{ChangeView, PostmortemView};
use leptos::prelude::*;
use model::ids::RuleId;
use model::links;
use ui::choice::{Choice, ChoiceLink};
use ui::part::Part;
use ui::table::{Cell, Column, Table};

/// How far back one can look, in hours, in the order of their names.
const BACKS: [i64; 4] = [24, 72, 168, 336];

/// The part.
pub fn changes(view: &PostmortemView) -> AnyView {
    let words = postmortem_words();
    let backs: Vec<ChoiceLink> = BACKS
        .into_iter()
        .zip(words.backs)
        .map(|(hours, word)| ChoiceLink {
            label: word.to_owned(),
            href: links::postmortem_changes(view.line.incident, hours),
            is_current: view.back_hours == hours,
        })
        .collect();
    let count = Some(view.changes.len().to_string());
    let body: AnyView =
        if view.changes.is_empty() { view! { <p class="mute">{words.no_changes}</p> }.into_any() } else { table(&view.changes) };
    let inside = view! {
        <p class="postmortem__hint">{words.changes_lead}</p>
        <Choice label=words.changes options=backs />
        {body}
    };
    view! { <Part title=words.changes.to_owned() count=count id="changes">{inside}</Part> }.into_any()
}

fn table(all: &[ChangeView]) -> AnyView {
    let words = postmortem_words();
    let columns = vec![Column::text(words.when), Column::text(words.change), Column::text(words.by)];
    let rows: Vec<AnyView> = all.iter().map(row).collect();
    view! { <Table caption=words.changes columns=columns stacked=true>{rows}</Table> }.into_any()
}

fn row(one: &ChangeView) -> AnyView {
    let words = postmortem_words();
    let length: String = length_text(one.before_ms.abs());
    let how_long: String = if one.before_ms < 0 { (words.after)(&length) } else { (words.before)(&length) };
    let what: AnyView = what(one);
    let near = one.is_near.then(|| view! { <strong>{words.near}</strong> });
    let of: &'static str = words.change_of[one.of as usize];
    let by: String = one.by.clone();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                {how_long}
                <small class="table__sub">{moment_text(one.at)}</small>
            </th>
            <Cell label=words.change wide=true>{what} <small class="table__sub">{of} " " {near}</small></Cell>
            <Cell label=words.by>{by}</Cell>
        </tr>
    }
    .into_any()
}

/// What it was, and of what. A rule has its screen.
fn what(one: &ChangeView) -> AnyView {
    let known: &'static str = (postmortem_words().fact)(&one.fact);
    let said: String = if known.is_empty() { one.fact.clone() } else { known.to_owned() };
    let name: String = if one.name.is_empty() { one.subject.clone() } else { one.name.clone() };
    match one.subject.strip_prefix("rule/") {
        Some(id) => {
            let href: String = links::rule(&RuleId(id.into()));
            view! { {said} " " <a class="link link--within" href=href>{name}</a> }.into_any()
        }
        None => format!("{said} {name}").into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::row;
    use api::postmortems::view::{ChangeOf, ChangeView};
    use leptos::prelude::*;
    use model::Time;

    #[test]
    fn a_change_says_how_long_before_it_was() {
        let owner = Owner::new();
        owner.set();
        let change = ChangeView {
            of: ChangeOf::Rule,
            at: Time(0),
            before_ms: 5 * 60_000,
            fact: "RuleChanged".to_owned(),
            subject: "rule/cpu-usage".to_owned(),
            name: "CPU 使用率".to_owned(),
            by: "佐藤".to_owned(),
            is_near: true,
        };
        let html: String = row(&change).to_html();
        for part in ["5分前", "/rules/cpu-usage", "CPU 使用率", "佐藤"] {
            assert!(html.contains(part), "{part}: {html}");
        }
        let after: String = row(&ChangeView { before_ms: -60_000, ..change }).to_html();
        assert!(after.contains("1分後"), "{after}");
    }
}
