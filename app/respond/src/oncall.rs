//! Who is on call: now, next, and what is wrong with it.
//!
//! These screens are drawn by the server alone: links, plain forms and `<details>`. What is asked of them stands in the address.

pub mod asked;
mod card;
mod detail;
mod edit;
mod fair;
mod feeds;
mod grid;
mod leave;
mod plan;
mod refusal;
pub mod said;
mod swaps;
mod weeks;
mod wish;

pub use detail::ScheduleScreen;
pub use edit::ScheduleFormScreen;

use crate::screen::loaded;
use crate::words::duty::role_text;
use crate::words::locale;
use crate::words::oncall::oncall_words;
use api::ask;
use api::oncall::{HandoverView, MyShift, OncallView, ScheduleCard, oncall_now};
use api::pulse::use_pulse;
use card::{card, findings};
use figures::Zone;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::links;
use said::{ahead_text, moment, source_text, whos};
use ui::button::{ButtonLink, Rank};
use ui::callout::{Callout, Tone};
use ui::empty::Empty;
use ui::icon::{Icon, IconName};
use ui::part::Part;

/// Handovers of all schedules that are told at once.
const MOST_HANDOVERS: usize = 5;

/// The screen at `/oncall`.
#[component]
pub fn OncallScreen() -> impl IntoView {
    let (words, pulse, map) = (oncall_words(), use_pulse(), use_query_map());
    let data = ask(move || (pulse.house.get(), pulse.reconnected.get(), pulse.slow.get()), |_| oncall_now());
    let is_removed: bool = map.with_untracked(|map| map.get("done").is_some_and(|done| done == "removed"));
    let done = is_removed.then(|| view! { <Callout tone=Tone::Back>{words.said_removed}</Callout> });
    view! {
        <Title text=words.title />
        <div class="oncall">
            {done}
            {loaded(data, |view| sheet(&view))}
        </div>
    }
    .into_any()
}

fn sheet(view: &OncallView) -> AnyView {
    let words = oncall_words();
    let body: AnyView = if view.cards.is_empty() { empty(view.can_edit) } else { roster(view) };
    let make = view.can_edit.then(|| {
        let href: String = links::schedule_form("");
        view! { <ButtonLink href=href rank=Rank::Main icon=IconName::Plus>{words.make}</ButtonLink> }
    });
    view! {
        <header class="screen-head screen-head--row">
            <h1>{words.title}</h1>
            {make}
            <p class="screen-head__lead">{words.lead}</p>
            <p class="screen-head__ways">
                <a class="link" href=links::ESCALATIONS>{words.to_escalations}</a>
                <a class="link" href=links::RUNS>{words.to_runs}</a>
                <a class="link" href=format!("{}#contacts", links::ACCOUNT)>{words.to_contacts}</a>
            </p>
        </header>
        {body}
    }
    .into_any()
}

fn empty(can_edit: bool) -> AnyView {
    let words = oncall_words();
    let say: &'static str = if can_edit { words.none_hint } else { words.only_editors };
    view! { <Empty title=words.none say=say /> }.into_any()
}

fn roster(view: &OncallView) -> AnyView {
    let words = oncall_words();
    let cards: Vec<AnyView> = view.cards.iter().map(|one| card(one, view)).collect();
    let is_wrong = |one: &&ScheduleCard| one.n_gaps > 0 || !one.findings.is_empty();
    let troubled: Vec<AnyView> = view.cards.iter().filter(is_wrong).map(findings).collect();
    let checked: AnyView = if troubled.is_empty() {
        view! { <p class="oncall-good"><Icon name=IconName::StateBack /> {words.all_ready}</p> }.into_any()
    } else {
        troubled.into_any()
    };
    view! {
        <div class="roster">
            <div class="roster__main">{cards}</div>
            <aside class="roster__side">
                {next(&view.cards)}
                {mine(&view.mine)}
                <Part title=words.readiness.to_owned() more=move || words.readiness_note>{checked}</Part>
            </aside>
        </div>
    }
    .into_any()
}

/// The next handovers of all schedules.
fn next(cards: &[ScheduleCard]) -> AnyView {
    let words = oncall_words();
    let of_card = |one: &ScheduleCard| -> Vec<(HandoverView, Zone, String)> {
        let title: String = one.title.read(locale()).to_owned();
        one.next.iter().map(|handover| (handover.clone(), one.zone.clone(), title.clone())).collect()
    };
    let mut all: Vec<(HandoverView, Zone, String)> = cards.iter().flat_map(of_card).collect();
    all.sort_by_key(|(handover, _, _)| handover.at);
    all.truncate(MOST_HANDOVERS);
    let is_one: bool = cards.len() == 1;
    let lines: Vec<AnyView> =
        all.into_iter().map(|(handover, zone, title)| handover_line(&handover, &zone, (!is_one).then_some(title))).collect();
    let body: AnyView = if lines.is_empty() {
        view! { <p class="mute">{words.no_handovers}</p> }.into_any()
    } else {
        view! { <ol class="handovers">{lines}</ol> }.into_any()
    };
    view! { <Part title=words.next.to_owned()>{body}</Part> }.into_any()
}

/// When, which duty, who, and how far off.
pub fn handover_line(handover: &HandoverView, zone: &Zone, title: Option<String>) -> AnyView {
    let role: String = role_text(&handover.role);
    let role: String = title.map_or(role.clone(), |title| format!("{title} · {role}"));
    view! {
        <li class="handovers__one">
            {moment(handover.at, zone)}
            <span class="handovers__role">{role}</span>
            {whos(&handover.to)}
            <small class="handovers__ahead">{ahead_text(handover.at)}</small>
        </li>
    }
    .into_any()
}

/// The reader's own duties.
fn mine(shifts: &[MyShift]) -> AnyView {
    let words = oncall_words();
    let lines: Vec<AnyView> = shifts.iter().map(my_shift).collect();
    let body: AnyView = if lines.is_empty() {
        view! { <p class="mute">{words.mine_none}</p> }.into_any()
    } else {
        view! { <ul class="my-shifts">{lines}</ul> }.into_any()
    };
    view! { <Part title=words.mine.to_owned()>{body}</Part> }.into_any()
}

fn my_shift(shift: &MyShift) -> AnyView {
    let words = oncall_words();
    let what: String = format!("{} · {}", shift.title.read(locale()), role_text(&shift.role));
    let cover: String = asked::cover_address(shift);
    view! {
        <li class="my-shifts__one">
            <a class="link" href=links::schedule(&shift.schedule)>{what}</a>
            <small class="mute">{source_text(shift.source)}</small>
            <span class="my-shifts__when">{moment(shift.from, &shift.zone)} " – " {moment(shift.until, &shift.zone)}</span>
            <a class="link" href=cover>{words.ask_cover}</a>
        </li>
    }
    .into_any()
}
