//! An incident at a second: one handle, and everything as it stood then. A range that works as a form, links that step, and a small script
//! (`public/scrubber.js`) that spares the button. Every second has its address.

use super::asked;
use super::badge;
use super::entry::{both, still};
use super::picture::painted;
use super::refusal::failed;
use super::said::{clock_badge, clock_name, moment_text, name_text, role_text, status_text};
use crate::facts::name_of;
use crate::words::duty;
use crate::words::incidents::incident_words;
use crate::words::{locale, viewer, words};
use api::ask;
use api::incidents::line::EntryView;
use api::incidents::moment::{DutyThen, FiringView, Landmark, MomentAsk, MomentGraph, MomentView};
use api::incidents::{ClockView, incident_moment};
use api::pulse::use_pulse;
use chart::{Ruler as Drawing, RulerMark, RulerMarkKind, RulerSpan};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use model::ids::IncidentId;
use model::{Time, links};
use ui::button::{Button, ButtonLink};
use ui::context::use_look;
use ui::icon::IconName;
use ui::loaded::loaded;
use ui::part::Part;
use ui::person::PersonMark;
use ui::severity::SeverityBadge;
use ui::spark::Ruler;

const MINUTE_MS: i64 = 60_000;
/// How far the links step: back and forth.
const STEPS_MS: [i64; 4] = [-10 * MINUTE_MS, -MINUTE_MS, MINUTE_MS, 10 * MINUTE_MS];

/// The screen at `/incidents/:id/at`.
#[component]
pub fn IncidentMomentScreen() -> impl IntoView {
    let (params, search, pulse) = (use_params_map(), use_location().search, use_pulse());
    let asked: Memo<MomentAsk> = Memo::new(move |_| {
        let id: String = params.with(|params| params.get("id").unwrap_or_default());
        search.with(|search| asked::moment(&id, search))
    });
    let data = ask(move || (asked.get(), pulse.house.get(), pulse.reconnected.get()), |(ask, _, _)| incident_moment(ask));
    loaded(data, |view| sheet(&view), failed)
}

fn sheet(view: &MomentView) -> AnyView {
    let words = incident_words();
    let id: IncidentId = view.line.id;
    let title: String = format!("{id} {}", figures::clock_time(view.at.0, &use_look().zone));
    let (back, name): (String, String) = (links::incident(id), format!("{id} {}", view.line.title));
    let look = use_look();
    view! {
        <Title text=title />
        <div class="moment" data-scrubber="" data-zone=look.zone.name.clone() data-locale=look.locale.as_str()>
            <header class="screen-head screen-head--row">
                <h1>{words.moment_title}</h1>
                <ButtonLink href=back icon=IconName::Flag>{name}</ButtonLink>
                <p class="screen-head__lead">{words.moment_lead}</p>
            </header>
            {handle(view)}
            <div class="moment__picture" data-picture="">{picture(view)}</div>
        </div>
    }
    .into_any()
}

/// The scale, the handle below it, and a button for those without the script.
fn handle(view: &MomentView) -> AnyView {
    let words = incident_words();
    let action: String = format!("{}/at", links::incident(view.line.id));
    let (from, until, at): (String, String, String) = (view.from.0.to_string(), view.until.0.to_string(), view.at.0.to_string());
    let spoken: String = figures::full_time(view.at.0, &use_look().zone, locale());
    view! {
        <form class="moment__handle" method="get" action=action>
            <label class="field__label" for="moment-t">{words.moment_handle}</label>
            <input
                class="moment__range"
                id="moment-t"
                type="range"
                name="t"
                min=from
                max=until
                step="1000"
                value=at
                aria-valuetext=spoken
            />
            <span class="moment__show"><Button kind="submit">{words.moment_show}</Button></span>
        </form>
    }
    .into_any()
}

/// Everything that changes with the handle.
fn picture(view: &MomentView) -> AnyView {
    view! {
        <div class="moment__head">
            <div class="moment__ruler"><Ruler drawing=chart::ruler(&ruler(view)) /></div>
            {when(view)}
            {steps(view)}
        </div>
        <div class="moment__main">
            {firing(view)}
            {graphs(&view.graphs)}
            {lines(&view.lines)}
        </div>
        <div class="moment__side">
            {seats(view)}
            {duties(&view.duties)}
            {update(view)}
            {clocks(&view.clocks)}
            {deploys(&view.deploys)}
        </div>
    }
    .into_any()
}

/// The second, large, and how the incident stood.
fn when(view: &MomentView) -> AnyView {
    let words = incident_words();
    let look = use_look();
    let (clock, day): (String, String) =
        (figures::clock_time(view.at.0, &look.zone), figures::date_line(view.at.0, &look.zone, look.locale));
    let exact: String = figures::iso(view.at.0, &look.zone);
    let stood: AnyView = match view.status {
        Some(status) => {
            let level: String = if view.code.is_empty() { view.line.code.clone() } else { view.code.clone() };
            let (badge, told): (AnyView, String) = (severity(view, &level), status_text(status).to_owned());
            view! { {badge} <b>{told}</b> }.into_any()
        }
        None => view! { <span class="mute">{words.not_declared_yet}</span> }.into_any(),
    };
    view! { <p class="moment__when" aria-live="polite"><time datetime=exact>{clock}</time> <small>{day}</small> {stood}</p> }
        .into_any()
}

fn severity(view: &MomentView, code: &str) -> AnyView {
    match view.severity {
        Some(severity) => {
            let word: &'static str = words().severity_word(severity);
            view! { <SeverityBadge level=severity.level() held=true code=code.to_owned() word=word /> }.into_any()
        }
        None => badge(&view.line, true),
    }
}

/// Links that step: to the line before and after, and by minutes. Those that lead nowhere stand without one.
fn steps(view: &MomentView) -> AnyView {
    let words = incident_words();
    let id: IncidentId = view.line.id;
    let link = |at: Option<Time>, word: String| match at {
        Some(at) => view! { <a class="button button--quiet" href=links::incident_at(id, at.0)>{word}</a> }.into_any(),
        None => view! { <span class="button button--quiet moment__off" aria-disabled="true">{word}</span> }.into_any(),
    };
    let by = |ms: i64| -> AnyView {
        let at: Time = view.at.plus_ms(ms);
        let length: String = figures::duration(ms.abs(), locale());
        let word: String = format!("{}{length}", if ms < 0 { "−" } else { "+" });
        link(Some(at).filter(|at| view.from <= *at && *at <= view.until), word)
    };
    let minutes: Vec<AnyView> = STEPS_MS.into_iter().map(by).collect();
    let (before, after): (AnyView, AnyView) =
        (link(view.previous, words.line_before.to_owned()), link(view.next, words.line_after.to_owned()));
    let landmarks: Vec<AnyView> = view.landmarks.iter().map(|one| landmark(id, one)).collect();
    view! {
        <nav class="moment__steps" aria-label=words.moment_steps>{before}{minutes}{after}</nav>
        <ul class="moment__landmarks">{landmarks}</ul>
    }
    .into_any()
}

fn landmark(id: IncidentId, one: &Landmark) -> AnyView {
    let text: String = format!("{} {}", moment_text(one.at), status_text(one.status));
    view! { <li><a class="link" href=links::incident_at(id, one.at.0)>{text}</a></li> }.into_any()
}

fn ruler(view: &MomentView) -> Drawing {
    let look = use_look();
    let mark = |one: &Landmark| RulerMark { ms: one.at.0, kind: RulerMarkKind::Event, word: status_text(one.status).to_owned() };
    let deploy = |line: &EntryView| RulerMark { ms: line.at.0, kind: RulerMarkKind::Deploy, word: String::new() };
    let span = |alert: &FiringView| RulerSpan {
        from_ms: alert.since.0,
        to_ms: view.at.0,
        severity: alert.severity.unwrap_or(view.line.severity).level(),
        word: String::new(),
    };
    Drawing {
        from_ms: view.from.0,
        to_ms: view.until.0.max(view.from.0 + MINUTE_MS),
        now_ms: view.at.0,
        width: if viewer().narrow { 358.0 } else { 1040.0 },
        zone: look.zone,
        locale: look.locale,
        spans: view.firing.iter().map(span).collect(),
        marks: view.landmarks.iter().map(mark).chain(view.deploys.iter().map(deploy)).collect(),
        label: incident_words().moment_ruler.to_owned(),
    }
}

fn firing(view: &MomentView) -> AnyView {
    let said = incident_words();
    let lines: Vec<AnyView> = view.firing.iter().map(firing_line).collect();
    let count = Some(view.firing.len().to_string());
    let body: AnyView = if lines.is_empty() {
        view! { <p class="mute">{said.none_fired}</p> }.into_any()
    } else {
        view! { <ul class="linked">{lines}</ul> }.into_any()
    };
    view! { <Part title=said.firing_then.to_owned() count=count>{body}</Part> }.into_any()
}

fn firing_line(alert: &FiringView) -> AnyView {
    let said = incident_words();
    let badge: Option<AnyView> = alert.severity.map(|severity| {
        let (held, word): (bool, &'static str) = (alert.held_by.is_some(), words().severity_word(severity));
        view! { <SeverityBadge level=severity.level() held=held code=severity.code() word=word /> }.into_any()
    });
    let since: String = (said.firing_since)(&moment_text(alert.since));
    let held: Option<String> = alert.held_by.as_deref().map(|by| (words().held_say)(&name_of(by)));
    let sub: Vec<String> = [Some(since), held].into_iter().flatten().collect();
    let name: String = format!("{} {}", alert.id, alert.name.read(locale()));
    view! {
        <li class="linked__one">
            {badge}
            <span class="linked__what">
                <a class="link" href=links::alert(alert.id)>{name}</a>
                <small class="mute">{sub.join(" · ")}</small>
            </span>
        </li>
    }
    .into_any()
}

fn graphs(all: &[MomentGraph]) -> Option<AnyView> {
    let said = incident_words();
    let one = |graph: &MomentGraph| {
        let title: String = format!("{} {}", graph.alert, graph.title.read(locale()));
        let drawn: AnyView = painted(&graph.plot, &chart::spoken(&graph.plot, &title));
        view! { <figure class="frozen"><b>{title}</b>{drawn}</figure> }.into_any()
    };
    let drawn: Vec<AnyView> = all.iter().map(one).collect();
    (!drawn.is_empty()).then(|| view! { <Part title=said.graphs_then.to_owned()>{drawn}</Part> }.into_any())
}

fn lines(all: &[EntryView]) -> AnyView {
    let said = incident_words();
    let lines: Vec<AnyView> = all.iter().map(still).collect();
    view! { <Part title=said.lines_then.to_owned()><ol class="story story--still">{lines}</ol></Part> }.into_any()
}

fn seats(view: &MomentView) -> AnyView {
    let said = incident_words();
    let seat = |seat: &api::incidents::view::SeatView| {
        let who: AnyView = match &seat.holder {
            Some(person) => view! { <PersonMark name=name_text(person) /> }.into_any(),
            None => view! { <span class="incident-none">{said.nobody}</span> }.into_any(),
        };
        view! { <li class="seats__one"><small class="seats__role">{role_text(seat.role)}</small> {who}</li> }.into_any()
    };
    let seats: Vec<AnyView> = view.seats.iter().map(seat).collect();
    view! { <Part title=said.roles_title.to_owned()><ul class="seats">{seats}</ul></Part> }.into_any()
}

fn duties(all: &[DutyThen]) -> Option<AnyView> {
    let said = incident_words();
    let one = |duty: &DutyThen| {
        let names: Vec<String> = duty.people.iter().map(name_text).collect();
        let who: String = if names.is_empty() { duty::duty_words().nobody.to_owned() } else { names.join(said.comma) };
        let role: String = format!("{} {}", duty.title.read(locale()), duty::role_text(&duty.role));
        view! { <li class="seats__one"><small class="seats__role"><a class="link" href=links::schedule(&duty.schedule)>{role}</a></small> <span>{who}</span></li> }
            .into_any()
    };
    let lines: Vec<AnyView> = all.iter().map(one).collect();
    (!lines.is_empty())
        .then(|| view! { <Part title=said.on_call_then.to_owned()><ul class="seats">{lines}</ul></Part> }.into_any())
}

fn update(view: &MomentView) -> AnyView {
    let said = incident_words();
    let body: AnyView = match &view.update {
        Some(update) => {
            let head: String = format!("{} · {}", moment_text(update.at), name_of(&update.by));
            view! { <div class="case__update"><small class="mute">{head}</small>{both(&update.ja, &update.en)}</div> }.into_any()
        }
        None => view! { <p class="mute">{said.updates_none}</p> }.into_any(),
    };
    view! { <Part title=said.update_then.to_owned()>{body}</Part> }.into_any()
}

fn clocks(all: &[ClockView]) -> Option<AnyView> {
    let said = incident_words();
    let one = |clock: &ClockView| {
        let due: String = (said.until)(&moment_text(clock.due_at));
        view! { <li class="case__clock-one"><span>{clock_name(clock.kind)}</span> <span>{due}</span> {clock_badge(clock)}</li> }
            .into_any()
    };
    let lines: Vec<AnyView> = all.iter().map(one).collect();
    (!lines.is_empty())
        .then(|| view! { <Part title=said.clock_title.to_owned()><ul class="case__clocks">{lines}</ul></Part> }.into_any())
}

fn deploys(all: &[EntryView]) -> AnyView {
    let said = incident_words();
    let body: AnyView = if all.is_empty() {
        view! { <p class="mute">{said.no_deploys}</p> }.into_any()
    } else {
        let lines: Vec<AnyView> = all.iter().map(still).collect();
        view! { <ol class="story story--still">{lines}</ol> }.into_any()
    };
    view! { <Part title=said.deploys_then.to_owned()>{body}</Part> }.into_any()
}
