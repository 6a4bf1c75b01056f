//! The head: what it is, how it stands, what comes next, and the clock of the response as a ruler.

use super::badge;
use super::detail::Acts;
use super::said::{clock_badge, clock_name, moment_text, move_text, status_mark};
use crate::oncall::said::hidden;
use crate::words::incidents::incident_words;
use crate::words::{locale, viewer};
use api::incidents::view::{IncidentView, KinView, PastView};
use api::incidents::{ClockView, IncidentLine};
use chart::{Ruler as Drawing, RulerMark, RulerMarkKind, RulerSpan};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::clock::{ClockKind, Standing};
use model::ids::IncidentId;
use model::incident::{IncidentStatus, Move};
use model::{Time, links};
use ui::button::{Button, ButtonLink, Rank};
use ui::callout::{Callout, Tone};
use ui::context::use_look;
use ui::icon::{Icon, IconName};
use ui::spark::Ruler;

/// Moves that stand beside the title, in the order in which they come; the others stand with what else can be done.
const AHEAD: [Move; 5] = [Move::Acknowledge, Move::Identify, Move::Mitigate, Move::Resolve, Move::Close];
/// So many of them at once.
const MOST_MOVES: usize = 3;
/// The ruler never spans less, and shows at most this many times what is behind.
const LEAST_MS: i64 = 60 * 60_000;
const AHEAD_TIMES: i64 = 2;

/// The title with what belongs to it.
pub fn head(view: &IncidentView, acts: Acts) -> AnyView {
    let line: &IncidentLine = &view.line;
    let summary = (!view.summary.is_empty()).then(|| view! { <p class="case__lead">{view.summary.clone()}</p> });
    view! {
        <header class="case__head">
            <div class="case__title">
                {about(view)}
                <h1>{line.title.clone()}</h1>
                {summary}
            </div>
            <div class="case__do">{ways(view, acts)}</div>
        </header>
    }
    .into_any()
}

fn about(view: &IncidentView) -> AnyView {
    let words = incident_words();
    let line: &IncidentLine = &view.line;
    let private = line.is_private.then(|| view! { <span class="state"><Icon name=IconName::Lock />{words.private}</span> });
    let began: Time = view.past.occurred_at.unwrap_or(line.declared_at);
    let told: String = if view.past.occurred_at.is_some() {
        (words.occurred_at)(&moment_text(began))
    } else {
        (words.declared_at)(&moment_text(began))
    };
    let whose: Vec<String> = line.systems.iter().chain(&line.team).cloned().collect();
    let parts: Vec<String> = [told].into_iter().chain(whose).collect();
    view! {
        <p class="case__line">
            {badge(line, !line.needs_somebody())}
            {status_mark(line.status)}
            {private}
            <span>{line.id.to_string()}</span>
            <span>{parts.join(" · ")}</span>
        </p>
    }
    .into_any()
}

/// What comes next, and the ways on.
fn ways(view: &IncidentView, acts: Acts) -> AnyView {
    let words = incident_words();
    let offered = AHEAD.into_iter().filter(|by| view.moves.contains(by)).take(MOST_MOVES);
    // Until somebody has it, that is the one thing to do here; then it is telling those who wait.
    let rank = |by: Move| if by == Move::Acknowledge { Rank::Main } else { Rank::Normal };
    let moves: Vec<AnyView> =
        if view.can_work { offered.map(|by| step_on(view, by, rank(by), acts)).collect() } else { Vec::new() };
    let room = view.room.as_ref().and_then(|room| {
        let (name, url): (String, String) = (format!("#{}", room.name), room.url.clone()?);
        Some(view! { <ButtonLink href=url rel="external" icon=IconName::Chat>{name}</ButtonLink> })
    });
    let at: String = links::incident_at(view.line.id, view.now.0);
    let is_over: bool = matches!(view.line.status, IncidentStatus::Resolved | IncidentStatus::Closed);
    let postmortem = is_over.then(|| {
        let href: String = links::postmortem(view.line.id);
        view! { <ButtonLink href=href icon=IconName::Note>{words.to_postmortem}</ButtonLink> }
    });
    view! {
        {moves}
        {postmortem}
        {room}
        <ButtonLink href=at icon=IconName::Scope>{words.to_moment}</ButtonLink>
    }
    .into_any()
}

/// A button that moves it on. To take it on, it does not matter what was looked at.
pub fn step_on(view: &IncidentView, by: Move, rank: Rank, acts: Acts) -> AnyView {
    let version: Option<AnyView> = (by != Move::Acknowledge).then(|| super::said::version(view.version));
    let (id, word): (AnyView, AnyView) = (hidden("id", &view.line.id.0.to_string()), hidden("by", by.as_str()));
    view! {
        <ActionForm action=acts.act attr:class="case__move">
            {id}
            {word}
            {version}
            <Button kind="submit" rank=rank>{move_text(by)}</Button>
        </ActionForm>
    }
    .into_any()
}

/// That it goes on elsewhere, or came from there.
pub fn kin(view: &IncidentView) -> AnyView {
    let words = incident_words();
    let kin: &KinView = &view.kin;
    let into = kin.merged_into.map(|id| {
        let (text, href): (String, String) = ((words.merged_into)(&id.to_string()), links::incident(id));
        let act = move || view! { <ButtonLink href=href.clone()>{incident_words().open_it}</ButtonLink> };
        view! { <Callout tone=Tone::Warn acts=act>{text}</Callout> }
    });
    let from: Option<AnyView> = kin.split_from.map(|id| relation(words.split_from, &[id]));
    let merged: Option<AnyView> = (!kin.merged.is_empty()).then(|| relation(words.took, &kin.merged));
    let off: Option<AnyView> = (!kin.split_off.is_empty()).then(|| relation(words.split_off, &kin.split_off));
    view! { {into} {from} {merged} {off} }.into_any()
}

fn relation(word: &'static str, ids: &[IncidentId]) -> AnyView {
    let ways: Vec<AnyView> =
        ids.iter().map(|id| view! { <a class="link" href=links::incident(*id)>{id.to_string()}</a> " " }.into_any()).collect();
    view! { <p class="case__kin"><span>{word}</span> " " {ways}</p> }.into_any()
}

/// How long it has been going on, the ruler, and every promise with its time.
pub fn clocks(view: &IncidentView) -> AnyView {
    let words = incident_words();
    let began: Time = view.past.occurred_at.or(view.past.detected_at).unwrap_or(view.line.declared_at);
    let end: Option<Time> = view.past.resolved_at.or(view.past.closed_at);
    let name: &'static str = if view.past.occurred_at.is_some() { words.since_occurred } else { words.since_declared };
    let name: &'static str = if end.is_some() { words.lasted } else { name };
    let lines: Vec<AnyView> = view.clocks.iter().map(clock_line).collect();
    let drawing: String = chart::ruler(&ruler(view, began, end));
    view! {
        <section class="case__clock" aria-label=words.clock_title>
            {elapsed(name, began, end, view.now)}
            <div class="case__ruler"><Ruler drawing=drawing /></div>
            <ul class="case__clocks">{lines}</ul>
        </section>
    }
    .into_any()
}

/// The figure ticks where a script is (`public/scrubber.js`), and is right when it was drawn.
fn elapsed(name: &'static str, began: Time, end: Option<Time>, now: Time) -> AnyView {
    let ms: i64 = end.unwrap_or(now).since(began).max(0);
    let parts: Vec<AnyView> = figures::duration_parts(ms, locale())
        .into_iter()
        .map(|(number, unit)| view! { {number}<small>{unit}</small> }.into_any())
        .collect();
    let ticks: Option<String> = end.is_none().then(|| began.0.to_string());
    view! {
        <dl class="case__elapsed">
            <dt>{name}</dt>
            <dd data-ticks=ticks data-now=now.0.to_string() data-units=units()>{parts}</dd>
        </dl>
    }
    .into_any()
}

/// What a day, an hour, a minute and a second are called in such a figure, in this order.
fn units() -> String {
    let unit = |ms: i64| figures::duration_parts(ms, locale()).first().map_or("", |(_, unit)| *unit);
    [86_400_000, 3_600_000, 60_000, 1_000].map(unit).join(" ")
}

fn clock_line(clock: &ClockView) -> AnyView {
    let words = incident_words();
    let look = use_look();
    let is_met: bool = matches!(clock.standing, Standing::Met { .. });
    let at: i64 = if let Standing::Met { at, .. } = clock.standing { at.0 } else { clock.due_at.0 };
    let (exact, title): (String, String) = (figures::iso(at, &look.zone), figures::full_time(at, &look.zone, look.locale));
    let when: String = moment_text(Time(at));
    let word: String = if is_met { when } else { (words.until)(&when) };
    let business = clock.is_business.then(|| view! { <small class="mute">{words.business}</small> });
    let of = clock.follow_up.clone().map(|title| view! { <small class="mute">{title}</small> });
    view! {
        <li class="case__clock-one">
            <span>{clock_name(clock.kind)}</span>
            <time datetime=exact title=title>{word}</time>
            {clock_badge(clock)}
            {business}
            {of}
        </li>
    }
    .into_any()
}

/// The response as a scale: what passed, the needle at now, and what is due.
fn ruler(view: &IncidentView, began: Time, end: Option<Time>) -> Drawing {
    let now: i64 = view.now.0;
    let last: i64 = end.map_or(now, |at| at.0);
    let behind: i64 = (last - began.0).max(LEAST_MS / 4);
    let farthest: i64 = last.saturating_add((behind * AHEAD_TIMES).max(LEAST_MS));
    let running = view.clocks.iter().filter(|clock| !matches!(clock.standing, Standing::Met { .. }));
    let due: Option<i64> = running.map(|clock| clock.due_at.0).filter(|due| *due > last && *due <= farthest).max();
    let ahead: i64 = due.map_or(behind / 6, |due| (due - last) + (due - began.0) / 12);
    let is_narrow: bool = viewer().narrow;
    let look = use_look();
    Drawing {
        from_ms: began.0 - (behind / 10).max(60_000),
        to_ms: last + ahead.max(behind / 10),
        now_ms: now,
        width: if is_narrow { 358.0 } else { 1040.0 },
        zone: look.zone,
        locale: look.locale,
        spans: vec![RulerSpan { from_ms: began.0, to_ms: last, severity: view.line.severity.level(), word: String::new() }],
        marks: marks(view),
        label: spoken(view),
    }
}

fn marks(view: &IncidentView) -> Vec<RulerMark> {
    let words = incident_words();
    let past: &PastView = &view.past;
    let passed = [
        (past.occurred_at, words.marks_short[0]),
        (past.detected_at, words.marks_short[1]),
        (Some(view.line.declared_at), words.marks_short[2]),
        (past.acknowledged_at, words.marks_short[3]),
        (past.mitigated_at, words.marks_short[4]),
        (past.resolved_at, words.marks_short[5]),
    ];
    let mark = |(at, word): (Option<Time>, &'static str)| {
        at.map(|at| RulerMark { ms: at.0, kind: RulerMarkKind::Event, word: format!("{} {word}", clock_of(at)) })
    };
    let mut marks: Vec<RulerMark> = passed.into_iter().filter_map(mark).collect();
    let running =
        view.clocks.iter().filter(|clock| !matches!(clock.standing, Standing::Met { .. }) && clock.kind != ClockKind::FollowUp);
    marks.extend(running.map(|clock| RulerMark {
        ms: clock.due_at.0,
        kind: RulerMarkKind::Planned,
        word: format!("{} {}", clock_of(clock.due_at), clock_name(clock.kind)),
    }));
    marks
}

fn clock_of(at: Time) -> String {
    figures::short_time(at.0, &use_look().zone)
}

/// What the ruler shows, for whoever hears it.
fn spoken(view: &IncidentView) -> String {
    let words = incident_words();
    let marks: Vec<String> = marks(view).into_iter().map(|mark| mark.word).collect();
    format!("{}: {}", words.clock_title, marks.join(words.comma))
}
