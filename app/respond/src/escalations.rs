//! Escalation: who is paged after whom, who would be paged now, and why somebody was paged or nobody was.

mod detail;
mod edit;
mod ladder;
mod refusal;
mod runs;
mod why;

pub use detail::PolicyScreen;
pub use edit::PolicyFormScreen;
pub use runs::RunsScreen;

use crate::screen::loaded;
use crate::words::escalations::escalation_words;
use api::ask;
use api::escalations::{PolicyLine, PolicyList, RunLine, policies};
use api::pulse::use_pulse;
use ladder::steps_line;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::links;
use ui::button::{ButtonLink, Rank};
use ui::callout::{Callout, Tone};
use ui::empty::Empty;
use ui::icon::IconName;
use ui::part::Part;
use ui::table::{Cell, Column, Table};

/// The screen at `/escalations`.
#[component]
pub fn EscalationsScreen() -> impl IntoView {
    let (words, pulse, map) = (escalation_words(), use_pulse(), use_query_map());
    let moved = move || (pulse.house.get(), pulse.alerts.get(), pulse.reconnected.get(), pulse.slow.get());
    let data = ask(moved, |_| policies());
    let is_removed: bool = map.with_untracked(|map| map.get("done").is_some_and(|done| done == "removed"));
    let done = is_removed.then(|| view! { <Callout tone=Tone::Back>{words.said_removed}</Callout> });
    view! {
        <Title text=words.title />
        <div class="escalations">
            {done}
            {loaded(data, |list| sheet(&list))}
        </div>
    }
    .into_any()
}

fn sheet(list: &PolicyList) -> AnyView {
    let words = escalation_words();
    let make = list.can_edit.then(|| {
        let href: String = links::policy_form("");
        view! { <ButtonLink href=href rank=Rank::Main icon=IconName::Plus>{words.make}</ButtonLink> }
    });
    let missed: Vec<AnyView> = list.runs.iter().filter(|run| run.nobody_at.is_some()).map(nobody).collect();
    let count = Some(list.policies.len().to_string());
    let body: AnyView = if list.policies.is_empty() {
        view! { <Empty title=words.none say=words.none_hint /> }.into_any()
    } else {
        table(&list.policies)
    };
    view! {
        <header class="screen-head screen-head--row">
            <h1>{words.title}</h1>
            {make}
            <p class="screen-head__lead">{words.lead}</p>
            <p class="screen-head__ways">
                <a class="link" href=links::RUNS>{words.to_runs}</a>
                <a class="link" href=links::ONCALL>{words.to_oncall}</a>
                <a class="link" href=links::ROUTES>{words.to_routes}</a>
            </p>
        </header>
        {missed}
        <Part title=words.policies.to_owned() count=count>{body}</Part>
        {runs::part(words.going_on, &list.runs)}
    }
    .into_any()
}

/// That an escalation found nobody to page: the administrators were, and somebody must mend it.
fn nobody(run: &RunLine) -> AnyView {
    let words = escalation_words();
    let (said, href): (String, String) = ((words.nobody_banner)(&run.policy), run_address(run));
    let act = move || view! { <ButtonLink href=href.clone()>{escalation_words().to_why}</ButtonLink> };
    view! { <Callout tone=Tone::Warn acts=act>{said}</Callout> }.into_any()
}

/// Where the story of a run is told.
pub fn run_address(run: &RunLine) -> String {
    match run.alerts.first() {
        Some(alert) => format!("{}#run-{}", links::runs_of_alert(*alert), run.number),
        None => links::runs_of_policy(&run.policy),
    }
}

fn table(policies: &[PolicyLine]) -> AnyView {
    let words = escalation_words();
    let columns = [words.policy, words.owner, words.steps, words.passes].map(Column::text).to_vec();
    let rows: Vec<AnyView> = policies.iter().map(row).collect();
    view! { <Table caption=words.policies columns=columns stacked=true>{rows}</Table> }.into_any()
}

fn row(policy: &PolicyLine) -> AnyView {
    let words = escalation_words();
    let (owner, passes): (String, String) = (policy.owner.clone().unwrap_or_default(), passes_text(policy.passes));
    let steps: AnyView = steps_line(&policy.steps);
    let from_file = policy.is_from_file.then(|| view! { <small class="table__sub">{words.in_file}</small> });
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                <a class="link" href=links::policy(&policy.name)>{policy.name.clone()}</a>
                {from_file}
            </th>
            <Cell label=words.owner>{owner}</Cell>
            <Cell label=words.steps wide=true>{steps}</Cell>
            <Cell label=words.passes>{passes}</Cell>
        </tr>
    }
    .into_any()
}

/// How often the steps are gone through.
pub fn passes_text(passes: Option<u32>) -> String {
    let words = escalation_words();
    passes.map_or_else(|| words.forever.to_owned(), |n| (words.times)(n))
}
