//! Whom an alert was told to and what comes next, or what holds it back; and the ways to a silence and to its route.

use crate::routes_tree::node::{channels, escalates, until};
use crate::screen::loaded;
use crate::silences::matchers;
use crate::words::routes::route_words;
use crate::words::silences::silence_words;
use api::alerting::AlertRow;
use api::routing::{MutedView, TellingView, route_tellings};
use api::{ApiError, Asked, ask};
use leptos::prelude::*;
use model::alert::AlertState;
use model::ids::AlertId;
use model::links;
use ui::part::Part;
use ui::state::{StateKind, StateMark};
use ui::time_text::{TimeForm, TimeText};

/// What the part shows.
pub type Tellings = Asked<Result<Vec<TellingView>, ApiError>>;

/// Asked once for the screen.
pub fn data(id: AlertId) -> Tellings {
    ask(move || id, route_tellings)
}

/// The part. Nothing about an alert that does not fire: nobody is told of it. `is_missed`: its last page reached nobody.
pub fn told(row: &AlertRow, tellings: Tellings, is_missed: bool) -> Option<AnyView> {
    if row.state != AlertState::Firing {
        return None;
    }
    let words = route_words();
    let (silence, way) = (links::silence_new(&matchers::of_alert(row), ""), links::way_of_alert(row.id));
    let more = move || {
        view! {
            <a class="link" href=silence.clone()>{words.silence_it}</a>
            <a class="link" href=way.clone()>{words.where_it_goes}</a>
        }
    };
    Some(
        view! {
            <Part title=words.telling.to_owned() more=more id="tellings">
                {loaded(tellings, move |all| lines(&all, is_missed))}
            </Part>
        }
        .into_any(),
    )
}

fn lines(tellings: &[TellingView], is_missed: bool) -> AnyView {
    if tellings.is_empty() {
        return view! { <p class="mute">{route_words().told_wait}</p> }.into_any();
    }
    let lines = tellings.iter().map(|telling| line(telling, is_missed)).collect_view();
    view! { <ul class="tellings">{lines}</ul> }.into_any()
}

fn line(telling: &TellingView, is_missed: bool) -> AnyView {
    let words = route_words();
    let (told, next) = (past(telling, is_missed), next(telling));
    let muted = telling.muted.as_ref().map(muted);
    view! {
        <li class="tellings__one">
            <b>{channels(&telling.channels, telling.escalation.as_deref())}</b>
            {escalates(telling.escalation.as_deref())}
            <span>{told}</span>
            {next}
            {muted}
            <a class="link" href=links::route(&telling.route) aria-label=format!("{} {}", words.title, telling.route)>
                {telling.route.clone()}
            </a>
        </li>
    }
    .into_any()
}

/// When it was told last, if it was; that nobody heard of it needs a person.
fn past(telling: &TellingView, is_missed: bool) -> AnyView {
    let words = route_words();
    match telling.paged_at.filter(|_| telling.is_told) {
        Some(at) if is_missed => {
            let state = view! { <StateMark kind=StateKind::Open word=words.told_nobody /> };
            view! { {state} " " <TimeText at_ms=at.0 form=TimeForm::Day /> }.into_any()
        }
        Some(at) => view! { {words.told} " " <TimeText at_ms=at.0 form=TimeForm::Day /> }.into_any(),
        None => view! { {words.told_not} }.into_any(),
    }
}

/// When it is told next, if it is.
fn next(telling: &TellingView) -> Option<AnyView> {
    let words = route_words();
    let at = telling.next_at?;
    let word = if telling.is_told { words.told_again } else { words.told_first };
    Some(view! { <span>{word} " " <TimeText at_ms=at.0 form=TimeForm::Day /></span> }.into_any())
}

/// What holds it back, and until when.
fn muted(muted: &MutedView) -> AnyView {
    let words = route_words();
    let (said, link, end) = match muted {
        MutedView::Silence(id, end) => {
            let name = (words.silenced_by)(*id);
            (String::new(), Some((links::SILENCES.to_owned(), name)), *end)
        }
        MutedView::Inhibition(by, rule) => ((words.explained_by)(rule), Some((links::alert(*by), by.to_string())), None),
        MutedView::Calendar(name, end) => ((words.quiet_by)(name), None, *end),
    };
    let link = link.map(|(href, text)| view! { <a class="link" href=href>{text}</a> });
    let state = view! { <StateMark kind=StateKind::Paused word=silence_words().goes_on /> };
    view! { <span class="tellings__muted">{state} " " {said}{link} " " {end.map(until)}</span> }.into_any()
}
