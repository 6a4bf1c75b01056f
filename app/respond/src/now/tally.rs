//! How many of each severity: the figure, then how many still need a person.

use crate::words::answers::answer_words;
use crate::words::words;
use api::alerting::Tally;
use leptos::prelude::*;
use model::{Severity, links};
use ui::shape::Shape;

/// The four figures at the head of Now. Each is a link to its list.
#[component]
pub fn TallyStrip(tally: Vec<Tally>) -> impl IntoView {
    let one = move |severity: Severity| {
        let found = tally.iter().find(|tally| tally.severity == severity).copied();
        let tally = found.unwrap_or(Tally { severity, unanswered: 0, held: 0, silenced: 0 });
        view! { <TallyOne tally=tally /> }
    };
    view! { <div class="tally">{Severity::ALL.into_iter().map(one).collect_view()}</div> }
}

#[component]
fn TallyOne(tally: Tally) -> impl IntoView {
    let words = words();
    let total = tally.unanswered + tally.held + tally.silenced;
    let severity = tally.severity;
    let href = format!("{}?severity={}", links::ALERTS, severity.code().to_lowercase());
    let of = if total == 0 {
        view! { <span class="tally__of">{words.none}</span> }.into_any()
    } else {
        view! { <Parts tally=tally /> }.into_any()
    };
    view! {
        <a class="tally__one" class:tally__one--none=total == 0 href=href>
            <span class="tally__name">
                <Shape level=severity.level() hollow=tally.unanswered == 0 />
                <b>{severity.code()}</b>
                {words.severity_word(severity)}
            </span>
            <span class="tally__n">{total}</span>
            {of}
        </a>
    }
}

#[component]
fn Parts(tally: Tally) -> impl IntoView {
    let words = words();
    let silenced =
        (tally.silenced > 0).then(|| view! { <span>{format!("{} {}", answer_words().silenced, tally.silenced)}</span> });
    let open = format!("{} {}", words.unanswered, tally.unanswered);
    let open = if tally.unanswered > 0 { view! { <b>{open}</b> }.into_any() } else { view! { <span>{open}</span> }.into_any() };
    view! {
        <span class="tally__of">
            {open}
            <span>{format!("{} {}", words.held, tally.held)}</span>
            {silenced}
        </span>
    }
}
