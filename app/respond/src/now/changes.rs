//! What changed lately, newest first.

use crate::facts::by_text;
use crate::words::words;
use api::alerting::Change;
use leptos::prelude::*;
use ui::icon::{Icon, IconName};
use ui::log::{Log, LogEntry};
use ui::part::Part;
use ui::time_text::TimeForm;

/// The last changes, from the same Facts that the audit trail is made of.
#[component]
pub fn Changes(changes: Vec<Change>) -> impl IntoView {
    let words = words();
    let is_empty = changes.is_empty();
    let lines = changes.into_iter().map(|change| view! { <Line change=change /> }).collect_view();
    let body = if is_empty {
        view! { <p class="mute">{words.no_changes}</p> }.into_any()
    } else {
        view! { <Log>{lines}</Log> }.into_any()
    };
    view! { <Part title=words.changes.to_owned()>{body}</Part> }
}

#[component]
fn Line(change: Change) -> impl IntoView {
    let said = (words().fact)(&change.fact);
    let icon = icon_of(&change.fact);
    let by = by_text(&change.fact, &change.by).unwrap_or_default();
    let what = if change.more > 0 { (words().and_more)(&change.what, change.more) } else { change.what };
    let what = match change.link {
        Some(href) => view! { <a class="link" href=href>{what}</a> }.into_any(),
        None => view! { <b>{what}</b> }.into_any(),
    };
    view! {
        <LogEntry at_ms=change.at.0 form=TimeForm::Short sign=move || view! { <Icon name=icon /> } sub=by>
            {what} " " {said}
        </LogEntry>
    }
}

/// The sign beside a Fact.
pub fn icon_of(fact: &str) -> IconName {
    match fact {
        "AlertFired" => IconName::Bell,
        "AlertPending" => IconName::StateWait,
        "AlertAcknowledged" => IconName::StateHeld,
        "AlertUnacknowledged" | "AcknowledgementExpired" => IconName::StateOpen,
        "AcknowledgementEnding" | "AcknowledgementProlonged" => IconName::StateHeld,
        "AlertCommented" => IconName::Chat,
        "AlertResolved" | "AlertRecovered" => IconName::StateBack,
        "PageFailed" | "PageTestFailed" | "PageUndelivered" => IconName::Warn,
        fact if fact.starts_with("Page") || fact == "NoticeSent" => IconName::Bell,
        "ChangeNoted" => IconName::Launch,
        fact if fact.starts_with("Integration") => IconName::Link,
        fact if fact.starts_with("Incident") => IconName::Flag,
        fact if fact.starts_with("Postmortem") => IconName::Note,
        fact if fact.starts_with("Document") || fact.starts_with("Runbook") => IconName::Book,
        fact if ["Rule", "Route", "Channel", "Silence"].iter().any(|word| fact.starts_with(word)) => IconName::Settings,
        fact if fact.starts_with("Team") => IconName::People,
        fact if fact.starts_with("Sign") || fact.starts_with("Session") => IconName::Lock,
        _ => IconName::Person,
    }
}
