//! What a silence would do, before it is made: "would silence these 7 now".

use super::recurrence;
use super::refusal::mistake;
use crate::words::silences::silence_words;
use crate::words::{locale, words};
use api::silences::{CoveredAlert, SilenceLook, Trouble};
use leptos::prelude::*;
use model::{Time, links};
use ui::context::use_look;
use ui::log::{Log, LogEntry};
use ui::shape::Shape;
use ui::time_text::{TimeForm, TimeText};

/// The preview.
pub fn preview(look: SilenceLook) -> AnyView {
    let words = silence_words();
    // An empty form is no mistake.
    let is_empty = look.problems.iter().any(|(trouble, found)| *trouble == Trouble::Matchers && found == "0");
    if is_empty {
        return view! { <p class="mute">{words.nothing_asked}</p> }.into_any();
    }
    let problems = look.problems.iter().map(|(trouble, found)| mistake(problem(*trouble, found))).collect_view();
    let is_readable = !look.problems.iter().any(|(trouble, _)| is_of_matchers(*trouble));
    let covered = is_readable.then(|| covered(&look));
    view! {
        {problems}
        {span(&look)}
        {covered}
    }
    .into_any()
}

fn is_of_matchers(trouble: Trouble) -> bool {
    matches!(trouble, Trouble::Matchers | Trouble::Matcher | Trouble::Everything)
}

fn problem(trouble: Trouble, found: &str) -> String {
    let said = (silence_words().trouble)(trouble);
    if trouble == Trouble::Matcher { format!("{said} {found}") } else { said.to_owned() }
}

/// From when until when, and on which days.
fn span(look: &SilenceLook) -> Option<AnyView> {
    let words = silence_words();
    let (from, until) = look.span?;
    let recurs = look.calendar.as_ref().map(|calendar| recurrence::said(calendar, &use_look().zone.name, locale()));
    let next = look.next.map(|at| view! { <p>{words.first_on} " " {full(at)}</p> });
    let view = view! {
        <p>{words.goes_on} " " {full(from)} " – " {full(until)}</p>
        {recurs.map(|text| view! { <p>{text}</p> })}
        {next}
    };
    Some(view.into_any())
}

fn full(at: Time) -> AnyView {
    view! { <TimeText at_ms=at.0 form=TimeForm::Full /> }.into_any()
}

fn covered(look: &SilenceLook) -> AnyView {
    let words = silence_words();
    let n_shown = u32::try_from(look.shown.len()).unwrap_or(u32::MAX);
    let rest = look.n.saturating_sub(n_shown);
    let sentence = match (look.n, look.next) {
        (0, _) => words.would_hold_none.to_owned(),
        (n, None) => (words.would_hold)(n),
        (n, Some(_)) => (words.would_hold_later)(n),
    };
    let rest = (rest > 0).then(|| view! { <p class="mute">{(words.and_more)(rest)}</p> });
    view! {
        <p class="silence__sentence">{sentence}</p>
        {alerts(&look.shown)}
        {rest}
    }
    .into_any()
}

/// A few alerts, one a line.
pub fn alerts(alerts: &[CoveredAlert]) -> AnyView {
    let lines = alerts.iter().cloned().map(alert).collect_view();
    view! { <Log>{lines}</Log> }.into_any()
}

fn alert(alert: CoveredAlert) -> AnyView {
    let (level, hollow) = (alert.severity.level(), alert.held_by.is_some());
    let sub = alert.held_by.as_deref().map(words().held_say).unwrap_or_default();
    view! {
        <LogEntry at_ms=alert.fired_at.0 form=TimeForm::Day sign=move || view! { <Shape level=level hollow=hollow /> } sub=sub>
            <a class="link" href=links::alert(alert.id)>{alert.id.to_string()}</a> " " {alert.summary.read(locale()).to_owned()}
        </LogEntry>
    }
    .into_any()
}
