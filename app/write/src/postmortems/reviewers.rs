//! Who is to read it, and what they said; asking more people.

use super::one::Acts;
use super::said::{moment_text, name_text, tick};
use crate::report::{attempt, was_tried};
use crate::screen::{hidden, seen};
use crate::words::postmortems::postmortem_words;
use api::postmortems::view::{PostmortemView, ReviewerView};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::postmortem::Act;
use ui::attempt::{Attempt, Named};
use ui::button::{Button, Rank};
use ui::field::Line;
use ui::part::Part;
use ui::state::{StateKind, StateMark};

/// The part.
pub fn reviewers(view: &PostmortemView, acts: Acts) -> AnyView {
    let words = postmortem_words();
    let n_answered: usize = view.reviewers.iter().filter(|one| one.has_approved.is_some()).count();
    let count = (!view.reviewers.is_empty()).then(|| format!("{n_answered} / {}", view.reviewers.len()));
    let lines: Vec<AnyView> = view.reviewers.iter().map(line).collect();
    let none = view.reviewers.is_empty().then(|| view! { <p class="mute">{words.no_reviewers}</p> });
    let may_ask: bool = view.can_write && view.acts.contains(&Act::AskReview);
    let form: Option<AnyView> = may_ask.then(|| form(view, acts));
    view! {
        <Part title=words.reviewers.to_owned() count=count id="reviewers">
            {none}
            <ul class="reviewers">{lines}</ul>
            {form}
        </Part>
    }
    .into_any()
}

fn line(one: &ReviewerView) -> AnyView {
    let words = postmortem_words();
    let (kind, word): (StateKind, &'static str) = match one.has_approved {
        Some(true) => (StateKind::Back, words.has_approved),
        Some(false) => (StateKind::Held, words.wants_changes),
        None => (StateKind::Waiting, words.has_not_answered),
    };
    let when: Option<String> = match (one.answered_at, &one.due_on) {
        (Some(at), _) => Some(moment_text(at)),
        (None, Some(day)) => Some((words.review_until)(day)),
        (None, None) => None,
    };
    view! {
        <li class="reviewers__one">
            <span>{name_text(&one.person)}</span>
            <StateMark kind=kind word=word />
            <small class="mute">{when}</small>
        </li>
    }
    .into_any()
}

/// Everybody but the owner, those who were asked before ticked.
fn form(view: &PostmortemView, acts: Acts) -> AnyView {
    let words = postmortem_words();
    let places: Vec<Named> =
        vec![Named::new("reviewers", "review-people", words.reviewers), Named::new("due_on", "review-due", words.review_day)];
    let attempt: Attempt = attempt(acts.review, places);
    let fields: Vec<AnyView> =
        vec![hidden("wish[incident]", &view.line.incident.0.to_string()), seen("wish[version]", view.version)];
    let others = view.people.iter().filter(|person| view.line.owner.as_ref().is_none_or(|owner| owner.id != person.id));
    let boxes: Vec<AnyView> = others
        .map(|person| {
            let id: String = person.id.to_string();
            let was_asked: bool = view.reviewers.iter().any(|one| one.person.id == person.id);
            let is_ticked: bool = attempt.typed.is_ticked("wish[reviewers][]", &id, was_asked);
            tick("wish[reviewers][]", &id, &name_text(person), is_ticked)
        })
        .collect();
    let day = Line { kind: "date", ..Line::new("review-due", "wish[due_on]", words.review_day) };
    let (refused, day): (AnyView, AnyView) = (attempt.refused(), attempt.line(day));
    let is_open: bool = was_tried(&attempt) || view.reviewers.is_empty();
    view! {
        <details class="postmortem__more" open=is_open>
            <summary class="button button--quiet">{words.ask_review}</summary>
            <ActionForm action=acts.review attr:class="form">
                {refused}
                {fields}
                <fieldset class="postmortem__people" id="review-people">
                    <legend class="field__label">{words.reviewers}</legend>
                    {boxes}
                </fieldset>
                {day}
                <p class="field__hint">{words.ask_review_hint}</p>
                <div class="form__foot"><Button kind="submit" rank=Rank::Main>{words.ask_review_do}</Button></div>
            </ActionForm>
        </details>
    }
    .into_any()
}
