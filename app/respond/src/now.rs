//! Now: what is on fire, who has it, what changed. One look.

mod actions;
mod changes;
mod day;
mod hosts;
mod incidents;
mod oncall;
mod paging;
mod tally;

use crate::row::AlertRows;
use crate::screen::loaded;
use crate::words::answers::answer_words;
use crate::words::words;
use api::alerting::{NowView, now_view};
use api::ask;
use changes::Changes;
pub use changes::icon_of;
use day::Day;
use hosts::Hosts;
use leptos::prelude::*;
use leptos_meta::Title;
use model::links;
use paging::paging;
use tally::TallyStrip;
use ui::empty::Empty;
use ui::part::Part;

/// How many alerts Now shows before it points to the list.
const MOST: usize = 12;

/// The screen at `/`.
#[component]
pub fn NowScreen() -> impl IntoView {
    let data = ask(|| (), |()| now_view());
    let sheet = loaded(data, |now| view! { <NowSheet now=now /> }.into_any());
    view! { {paging()} {sheet} }.into_any()
}

#[component]
fn NowSheet(now: NowView) -> impl IntoView {
    let unanswered: u32 = now.tally.iter().map(|tally| tally.unanswered).sum();
    let held: u32 = now.tally.iter().map(|tally| tally.held).sum();
    let silenced: u32 = now.tally.iter().map(|tally| tally.silenced).sum();
    let open = unanswered + held + silenced;
    let title = if unanswered > 0 { format!("({unanswered}) {}", words().now) } else { words().now.to_owned() };
    view! {
        <Title text=title />
        <div class="now">
            <header class="now__head">
                <Sentence unanswered=unanswered held=held muted=now.muted pending=now.pending failing=now.rules_failing />
                <TallyStrip tally=now.tally.clone() />
            </header>
            <div class="now__day"><Day spans=now.day.clone() now=now.now /></div>
            <div class="now__main">
                <OpenAlerts rows=now.alerts.clone() count=open rules=now.rules />
                <Hosts hosts=now.hosts.clone() now=now.now />
                {(!now.ended.is_empty()).then(|| view! { <Ended rows=now.ended.clone() /> })}
            </div>
            <aside class="now__side">
                {incidents::incidents()}
                {oncall::oncall()}
                {actions::actions()}
                <Changes changes=now.changes />
            </aside>
        </div>
    }
    .into_any()
}

/// The sentence of the screen: the state of things, then what is asked of the reader.
#[component]
fn Sentence(unanswered: u32, held: u32, muted: u32, pending: u32, failing: u32) -> impl IntoView {
    let words = words();
    let first = match (unanswered, held) {
        // What is kept quiet burns all the same.
        (0, 0) if muted > 0 => view! { <span>{words.all_quiet_sub}</span> }.into_any(),
        (0, 0) => view! { <span>{words.all_quiet}</span> }.into_any(),
        (0, held) => view! { <span>{(words.all_held)(held)}</span> }.into_any(),
        (unanswered, _) => view! { <Asked unanswered=unanswered /> }.into_any(),
    };
    let mut second = Vec::new();
    if pending > 0 {
        second.push((words.pending_say)(pending));
    }
    if failing > 0 {
        second.push((words.rules_broken)(failing));
    }
    if second.is_empty() && unanswered + held + muted == 0 {
        second.push(words.all_quiet_sub.to_owned());
    }
    let muted = (muted > 0).then(|| {
        let said = (answer_words().muted_count)(muted);
        view! { <a class="link" href=links::alerts_by("silenced")>{said}</a> }
    });
    let is_any = muted.is_some() || !second.is_empty();
    let second = is_any.then(|| view! { <p class="now__second">{muted} " " {second.join(" ")}</p> });
    view! {
        <div class="now__say">
            <h1 class="now__title">{first}</h1>
            {second}
        </div>
    }
}

#[component]
fn Asked(unanswered: u32) -> impl IntoView {
    let words = words();
    let number = match figures_locale() {
        figures::Locale::Ja => format!("{unanswered} 件"),
        figures::Locale::En => unanswered.to_string(),
    };
    view! {
        <span>
            {words.unanswered_before} " " <a href=links::alerts_by("unanswered")>{number}</a> " "
            {(words.unanswered_after)(unanswered)}
        </span>
    }
}

fn figures_locale() -> figures::Locale {
    crate::words::locale()
}

#[component]
fn OpenAlerts(rows: Vec<api::alerting::AlertRow>, count: u32, rules: u32) -> impl IntoView {
    let words = words();
    let shown: Vec<_> = rows.into_iter().take(MOST).collect();
    let rest = count.saturating_sub(u32::try_from(shown.len()).unwrap_or(u32::MAX));
    let body = if shown.is_empty() {
        view! { <Empty title=words.none_open say=(words.rules_watch)(rules) /> }.into_any()
    } else {
        view! {
            <AlertRows rows=shown />
            {(rest > 0).then(|| view! { <Rest count=rest /> })}
        }
        .into_any()
    };
    let more =
        move || view! { <span class="wide-only">{words.order}</span> <a class="link" href=links::ALERTS>{words.see_all}</a> };
    view! {
        <Part title=words.open_alerts.to_owned() count=Some(count.to_string()) more=more>
            {body}
        </Part>
    }
}

/// That there are more than stand here, and where.
#[component]
fn Rest(count: u32) -> impl IntoView {
    let words = words();
    view! {
        <p class="alert-list__foot">
            <span>{(words.rest)(count)}</span>
            <a class="link" href=links::ALERTS>{words.see_all}</a>
        </p>
    }
}

/// What ended within a day, with who had it: whoever comes on duty asks that next.
#[component]
fn Ended(rows: Vec<api::alerting::AlertRow>) -> impl IntoView {
    let words = words();
    let more = move || view! { <a class="link" href=links::alerts_by("resolved")>{words.see_all}</a> };
    view! {
        <Part title=words.ended.to_owned() more=more>
            <AlertRows rows=rows />
        </Part>
    }
}
