//! Incidents: what goes on, what waits for its postmortem, and what was. Each has a screen of its own, and a screen for every second of it.
//!
//! These screens are drawn by the server alone: links, plain forms and `<details>`. What is asked of them stands in the address.

mod asked;
mod compose;
mod declare;
mod detail;
mod entry;
mod filters;
mod head;
mod linked;
mod manage;
mod missing;
mod moment;
mod picture;
mod refusal;
mod roles;
pub mod said;
mod steps;
mod story;
mod tasks;
mod updates;

pub use declare::DeclareScreen;
pub use detail::IncidentScreen;
pub use moment::IncidentMomentScreen;

use crate::screen::loaded;
use crate::words::incidents::incident_words;
use crate::words::{locale, words};
use api::ask;
use api::incidents::{IncidentLine, IncidentList, IncidentQuery, WaitingView, incidents};
use api::pulse::use_pulse;
use figures::duration;
use filters::filters;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::links;
use said::{clock_badge, clock_name, lasted, moment_text, status_mark};
use ui::button::{ButtonLink, Rank};
use ui::empty::Empty;
use ui::icon::{Icon, IconName};
use ui::part::Part;
use ui::severity::SeverityBadge;
use ui::table::{Cell, Column, Table};
use ui::time_text::{TimeForm, TimeText};

/// The screen at `/incidents`.
#[component]
pub fn IncidentsScreen() -> impl IntoView {
    let (said, pulse, search) = (incident_words(), use_pulse(), use_location().search);
    let asked: Memo<IncidentQuery> = Memo::new(move |_| search.with(|search| asked::list(search)));
    let moved = move || (pulse.house.get(), pulse.reconnected.get(), pulse.slow.get());
    let data = ask(move || (asked.get(), moved()), |(query, _)| incidents(query));
    view! {
        <Title text=said.title />
        <div class="incidents">{loaded(data, move |list| sheet(&list, &asked.get_untracked()))}</div>
    }
    .into_any()
}

fn sheet(list: &IncidentList, query: &IncidentQuery) -> AnyView {
    let said = incident_words();
    let declare = list.can_declare.then(|| {
        let href: String = links::INCIDENT_NEW.to_owned();
        view! { <ButtonLink href=href rank=Rank::Main icon=IconName::Flag>{said.declare}</ButtonLink> }
    });
    let (open, waiting): (Option<AnyView>, Option<AnyView>) = (open(list, query), waiting(&list.waiting));
    view! {
        <header class="screen-head screen-head--row">
            <h1>{said.title}</h1>
            {declare}
            <p class="screen-head__lead">{said.lead}</p>
            <p class="screen-head__ways"><a class="link" href=links::REVIEWS>{said.to_reviews}</a></p>
        </header>
        {filters(list, query)}
        {open}
        {waiting}
        {others(list, query)}
    }
    .into_any()
}

/// Those that go on stand above the others, unless somebody asked for something else.
fn open(list: &IncidentList, query: &IncidentQuery) -> Option<AnyView> {
    let said = incident_words();
    if !query.show.is_empty() || query.before.is_some() {
        return None;
    }
    let count = Some(list.open.len().to_string());
    let body: AnyView = if list.open.is_empty() {
        let hint: &'static str = if query.is_filtered() { said.nothing_hint } else { said.none_open_hint };
        view! { <Empty title=said.none_open say=hint /> }.into_any()
    } else {
        table(said.going_on, &list.open, true)
    };
    Some(view! { <Part title=said.going_on.to_owned() count=count>{body}</Part> }.into_any())
}

/// Over, and without their postmortem.
fn waiting(all: &[WaitingView]) -> Option<AnyView> {
    let said = incident_words();
    if all.is_empty() {
        return None;
    }
    let count = Some(all.len().to_string());
    let lines: Vec<AnyView> = all.iter().map(waiting_line).collect();
    let more = || incident_words().waiting_note;
    Some(
        view! {
            <Part title=said.waiting.to_owned() count=count more=more>
                <ul class="incident-waiting">{lines}</ul>
            </Part>
        }
        .into_any(),
    )
}

fn waiting_line(one: &WaitingView) -> AnyView {
    let said = incident_words();
    let left_ms: i64 = one.due_at.0 - ui::context::use_look().now_ms;
    let length: String = duration(left_ms.abs(), locale());
    let (class, when): (&'static str, String) = if left_ms < 0 {
        ("incident-clock incident-clock--late", (said.overdue)(&length))
    } else {
        ("incident-clock", (said.due_in)(&length))
    };
    let sign = (left_ms < 0).then(|| view! { <Icon name=IconName::Warn /> });
    let draft = one.has_draft.then(|| view! { <small class="mute">{said.has_draft}</small> });
    view! {
        <li class="incident-waiting__one">
            {badge(&one.line, true)}
            <a class="link" href=links::incident(one.line.id)>{format!("{} {}", one.line.id, one.line.title)}</a>
            <a class="link" href=links::postmortem(one.line.id)>{said.to_postmortem}</a>
            <span class=class>{sign} {when}</span>
            {draft}
        </li>
    }
    .into_any()
}

fn others(list: &IncidentList, query: &IncidentQuery) -> AnyView {
    let said = incident_words();
    let title: &'static str = if query.show.is_empty() { said.others } else { said.found };
    let count = Some(list.total.to_string());
    let body: AnyView = if list.others.is_empty() {
        let hint: &'static str = if query.is_filtered() { said.nothing_hint } else { said.none_hint };
        view! { <p class="mute">{hint}</p> }.into_any()
    } else {
        table(title, &list.others, false)
    };
    let more = list.more.map(|before| {
        let href: String = asked::older(query, before);
        view! { <p class="incidents__foot"><a class="link" href=href>{words().older}</a></p> }
    });
    let first = query.before.is_some().then(|| {
        let href: String = asked::first(query);
        view! { <p class="incidents__foot"><a class="link" href=href>{words().to_top}</a></p> }
    });
    view! { <Part title=title.to_owned() count=count>{first}{body}{more}</Part> }.into_any()
}

/// The badge of its level, as the organisation calls it: outlined once somebody has it.
pub fn badge(line: &IncidentLine, is_held: bool) -> AnyView {
    let word: String = line.level.read(locale()).to_owned();
    view! { <SeverityBadge level=line.severity.level() held=is_held code=line.code.clone() word=word /> }.into_any()
}

fn table(caption: &'static str, lines: &[IncidentLine], is_open: bool) -> AnyView {
    let said = incident_words();
    let last: &'static str = if is_open { said.next_due } else { said.lasted };
    let columns = vec![
        Column::text(words().severity_label),
        Column::text(said.incident),
        Column::text(said.status),
        Column::text(said.commander),
        Column::text(said.declared),
        Column::text(last),
    ];
    let rows: Vec<AnyView> = lines.iter().map(|line| row(line, is_open)).collect();
    view! { <Table caption=caption columns=columns stacked=true>{rows}</Table> }.into_any()
}

fn row(line: &IncidentLine, is_open: bool) -> AnyView {
    let said = incident_words();
    let last_label: &'static str = if is_open { said.next_due } else { said.lasted };
    let last: AnyView = if is_open { next_due(line) } else { lasted(line).into_any() };
    let who: AnyView = match &line.commander {
        Some(name) => name.clone().into_any(),
        None if line.status.is_open() => view! { <span class="incident-none">{said.nobody}</span> }.into_any(),
        None => "".into_any(),
    };
    let private = line.is_private.then(|| view! { <Icon name=IconName::Lock /> <span class="hush">{said.private}</span> });
    let about: String = line.systems.iter().chain(&line.team).cloned().collect::<Vec<String>>().join(" · ");
    let declared_at: i64 = line.declared_at.0;
    let (badge, mark): (AnyView, AnyView) = (badge(line, !line.needs_somebody()), status_mark(line.status));
    view! {
        <tr role="row">
            <Cell>{badge}</Cell>
            <th scope="row" role="rowheader">
                <a class="link" href=links::incident(line.id)>{line.title.clone()}</a>
                <small class="table__sub">{line.id.to_string()} " " {private} {about}</small>
            </th>
            <Cell label=said.status>{mark}</Cell>
            <Cell label=said.commander>{who}</Cell>
            <Cell label=said.declared><TimeText at_ms=declared_at form=TimeForm::Day /></Cell>
            <Cell label=last_label wide=true>{last}</Cell>
        </tr>
    }
    .into_any()
}

/// The promise that is due next, and what it shows.
fn next_due(line: &IncidentLine) -> AnyView {
    let Some(clock) = &line.clock else { return "".into_any() };
    let when: String = moment_text(clock.due_at);
    let name: String = format!("{} {when}", clock_name(clock.kind));
    view! { <span class="incident-due"><span>{name}</span> {clock_badge(clock)}</span> }.into_any()
}
