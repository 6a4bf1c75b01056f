//! What came again, and what was learned.

use super::asked;
use super::said::cause_text;
use crate::screen::day_text;
use crate::words::postmortems::postmortem_words;
use api::postmortems::{LessonView, PostmortemList, PostmortemQuery, RepeatView};
use leptos::prelude::*;
use model::links;
use ui::part::Part;

/// Incidents that are named with a cause; the list shows all.
const MOST_NAMED: usize = 6;

/// Causes that several postmortems have in common, with how often.
pub fn repeats(list: &PostmortemList) -> AnyView {
    let words = postmortem_words();
    let since: String = (words.repeats_since)(&day_text(list.since));
    let more = move || view! { <span>{since.clone()}</span> };
    let most: usize = list.repeats.iter().map(|repeat| repeat.incidents.len()).max().unwrap_or(1);
    let lines: Vec<AnyView> = list.repeats.iter().map(|repeat| repeat_line(repeat, most)).collect();
    let body: AnyView = if lines.is_empty() {
        view! { <p class="mute">{words.repeats_none}</p> }.into_any()
    } else {
        view! { <ul class="repeats">{lines}</ul> }.into_any()
    };
    view! { <Part title=words.repeats.to_owned() more=more id="repeats">{body}</Part> }.into_any()
}

fn repeat_line(repeat: &RepeatView, most: usize) -> AnyView {
    let words = postmortem_words();
    let (href, name, n): (String, String, usize) =
        (asked::of_cause(&repeat.cause), cause_text(&repeat.cause), repeat.incidents.len());
    let named: Vec<AnyView> = repeat
        .incidents
        .iter()
        .take(MOST_NAMED)
        .map(|id| view! { <a class="link" href=links::postmortem(*id)>{id.to_string()}</a> }.into_any())
        .collect();
    let (max, value): (String, String) = (most.to_string(), n.to_string());
    view! {
        <li class="repeats__one">
            <a class="link repeats__cause" href=href>{name}</a>
            <meter class="repeats__bar" min="0" max=max value=value aria-hidden="true"></meter>
            <span class="repeats__n">{(words.times)(n)}</span>
            <span class="repeats__named">{named}</span>
        </li>
    }
    .into_any()
}

/// Lessons that say the words that are looked for; none of a selection without words.
pub fn lessons(list: &PostmortemList, query: &PostmortemQuery) -> Option<AnyView> {
    let words = postmortem_words();
    if query.q.trim().is_empty() {
        return None;
    }
    let count = Some(list.lessons.len().to_string());
    let lines: Vec<AnyView> = list.lessons.iter().map(lesson).collect();
    let body: AnyView = if lines.is_empty() {
        view! { <p class="mute">{words.lessons_none}</p> }.into_any()
    } else {
        view! { <ul class="lessons">{lines}</ul> }.into_any()
    };
    Some(view! { <Part title=words.lessons.to_owned() count=count id="lessons">{body}</Part> }.into_any())
}

fn lesson(one: &LessonView) -> AnyView {
    let told: String = format!("{} {}", one.incident, one.title);
    view! {
        <li class="lessons__one">
            <p class="lessons__text">{one.text.clone()}</p>
            <p class="lessons__of">
                <a class="link" href=links::postmortem(one.incident)>{told}</a>
                <small class="mute">{day_text(one.published_at)}</small>
            </p>
        </li>
    }
    .into_any()
}
