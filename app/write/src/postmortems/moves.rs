//! How far it is and who must act: beginning, review, approval, publication, and the ways back.

use super::one::Acts;
use super::refusal::changed_text;
use super::said::{act_text, moment_text, state_text};
use crate::report::{own_attempt, was_tried};
use crate::screen::{hidden, option, seen};
use crate::words::postmortems::{PostmortemWords, postmortem_words};
use api::postmortems::view::{HappeningView, PostmortemView, SignedView};
use figures::Locale;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::postmortem::{Act, State, Template};
use ui::attempt::{Attempt, Named};
use ui::button::{Button, Rank};
use ui::callout::{Callout, Tone};
use ui::context::use_look;
use ui::field::Field;
use ui::part::Part;

/// The form that begins it, where nobody has.
pub fn begin(view: &PostmortemView, acts: Acts) -> AnyView {
    let words = postmortem_words();
    if view.line.state == State::NotRequired {
        return view! { <Callout>{state_text(State::NotRequired)}</Callout> }.into_any();
    }
    let form: AnyView =
        if view.can_write { begin_form(view, acts) } else { view! { <p class="mute">{words.only_responders}</p> }.into_any() };
    view! {
        <Part title=words.begin.to_owned() id="begin">
            <p class="postmortem__hint">{words.begin_lead}</p>
            {form}
        </Part>
    }
    .into_any()
}

fn begin_form(view: &PostmortemView, acts: Acts) -> AnyView {
    let words = postmortem_words();
    let incident: AnyView = hidden("incident", &view.line.incident.0.to_string());
    let templates: Vec<AnyView> = Template::ALL
        .into_iter()
        .map(|one| option(one.as_str(), words.templates[one as usize], Template::Report.as_str()))
        .collect();
    let mine: &'static str = use_look().locale.as_str();
    let languages: Vec<AnyView> =
        vec![option(Locale::Ja.as_str(), words.languages[0], mine), option(Locale::En.as_str(), words.languages[1], mine)];
    let fields = view! {
        {incident}
        <Field id="postmortem-template" label=words.template.to_owned()>
            <select class="input" id="postmortem-template" name="template">{templates}</select>
        </Field>
        <Field id="postmortem-language" label=words.language.to_owned()>
            <select class="input" id="postmortem-language" name="locale">{languages}</select>
        </Field>
        <div class="form__foot"><Button kind="submit" rank=Rank::Main>{words.begin_do}</Button></div>
    };
    view! { <ActionForm action=acts.begin attr:class="form">{fields}</ActionForm> }.into_any()
}

/// How far it is, what is to be done now and by whom, and the buttons that do it.
pub fn progress(view: &PostmortemView, acts: Acts) -> AnyView {
    let words = postmortem_words();
    let state: State = view.line.state;
    let next: &'static str = words.next[state as usize];
    let changed = view.changed.as_ref().map(|one| {
        let said: String = changed_text(&one.by, &moment_text(one.at));
        view! { <Callout tone=Tone::Warn>{said}</Callout> }
    });
    let signed: Vec<AnyView> = [
        view.approved.as_ref().map(|one| signature(words.states[State::Approved as usize], one)),
        view.published.as_ref().map(|one| signature(words.states[State::Published as usize], one)),
        view.waived.as_ref().map(|one| signature(words.states[State::NotRequired as usize], one)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let buttons: Vec<AnyView> =
        view.acts.iter().copied().filter(|act| is_offered(view, *act)).map(|act| form(view, act, acts)).collect();
    let why_not: Option<&'static str> = why_not(view, words);
    view! {
        <Part title=words.progress.to_owned() count=Some(state_text(state).to_owned()) id="progress">
            <ol class="progress">{steps(state)}</ol>
            <p class="postmortem__next">{next}</p>
            {changed}
            <ul class="postmortem__signed">{signed}</ul>
            <div class="postmortem__acts">{buttons}</div>
            {why_not.map(|said| view! { <p class="mute">{said}</p> })}
        </Part>
    }
    .into_any()
}

/// Draft, in review, approved, published: behind, here, ahead. One that is not required has no way.
fn steps(state: State) -> Vec<AnyView> {
    let here: usize = match state {
        State::Draft => 0,
        State::InReview | State::ChangesRequested => 1,
        State::Approved => 2,
        State::Published => 3,
        State::NotRequired => return Vec::new(),
    };
    let way: [State; 4] = [State::Draft, State::InReview, State::Approved, State::Published];
    let mark = |(place, one): (usize, State)| {
        let class: &'static str = if place < here {
            "progress__step progress__step--done"
        } else if place == here {
            "progress__step progress__step--now"
        } else {
            "progress__step"
        };
        let current: Option<&'static str> = (place == here).then_some("step");
        view! { <li class=class aria-current=current>{state_text(one)}</li> }.into_any()
    };
    way.into_iter().enumerate().map(mark).collect()
}

fn signature(what: &'static str, one: &SignedView) -> AnyView {
    let words = postmortem_words();
    let said: String = (words.signed)(&one.by, &moment_text(one.at));
    let reason = (!one.reason.is_empty()).then(|| view! { <q class="postmortem__reason">{one.reason.clone()}</q> });
    view! { <li><b>{what}</b> " " {said} " " {reason}</li> }.into_any()
}

fn is_own(view: &PostmortemView) -> bool {
    view.line.owner.as_ref().is_some_and(|owner| owner.is_me)
}

/// What the state allows and the reader may. A review is asked for by a form of its own.
fn is_offered(view: &PostmortemView, act: Act) -> bool {
    match act {
        Act::AskReview => false,
        Act::Approve => view.can_approve && !is_own(view),
        Act::Waive => view.can_approve && view.is_waivable && !is_own(view),
        Act::RequestChanges | Act::Withdraw | Act::Publish | Act::Reopen => view.can_write,
    }
}

/// Why somebody who looks for the next step does not find it.
fn why_not(view: &PostmortemView, words: &PostmortemWords) -> Option<&'static str> {
    if !view.can_write {
        return Some(words.only_responders);
    }
    if view.line.state != State::InReview {
        return None;
    }
    if is_own(view) {
        Some(words.own_approval)
    } else if view.can_approve {
        None
    } else {
        Some(words.approve_needs_editor)
    }
}

/// One act: a button, with a reason to fill in where one is needed.
fn form(view: &PostmortemView, act: Act, acts: Acts) -> AnyView {
    let fields: Vec<AnyView> =
        vec![hidden("incident", &view.line.incident.0.to_string()), seen("version", view.version), hidden("act", act.as_str())];
    let id: String = format!("reason-{}", act.as_str());
    let places: Vec<Named> = vec![Named::new("reason", &id, postmortem_words().reason)];
    let attempt: Attempt = own_attempt(acts.act, places, &[("act", act.as_str())]);
    if act.needs_reason() { with_reason(act, fields, &attempt, acts) } else { at_once(act, fields, &attempt, acts) }
}

fn at_once(act: Act, fields: Vec<AnyView>, attempt: &Attempt, acts: Acts) -> AnyView {
    let rank: Rank = if matches!(act, Act::Approve | Act::Publish) { Rank::Main } else { Rank::Normal };
    let fields = view! {
        {attempt.refused()}
        {fields}
        <Button kind="submit" rank=rank>{act_text(act)}</Button>
    };
    view! { <ActionForm action=acts.act>{fields}</ActionForm> }.into_any()
}

fn with_reason(act: Act, fields: Vec<AnyView>, attempt: &Attempt, acts: Acts) -> AnyView {
    let words = postmortem_words();
    let hint: &'static str = match act {
        Act::RequestChanges => words.reason_hints[0],
        Act::Waive => words.reason_hints[2],
        _ => words.reason_hints[1],
    };
    let named = Named::new("reason", &format!("reason-{}", act.as_str()), words.reason);
    let (refused, area): (AnyView, AnyView) = (attempt.refused(), attempt.area(named, hint.to_owned(), ""));
    view! {
        <details class="postmortem__more" open=was_tried(attempt)>
            <summary class="button">{act_text(act)}</summary>
            <ActionForm action=acts.act attr:class="form">
                {refused}
                {fields}
                {area}
                <div class="form__foot"><Button kind="submit">{act_text(act)}</Button></div>
            </ActionForm>
        </details>
    }
    .into_any()
}

/// Who took which step, the newest first.
pub fn history(view: &PostmortemView) -> Option<AnyView> {
    let words = postmortem_words();
    if view.history.is_empty() {
        return None;
    }
    let lines: Vec<AnyView> = view.history.iter().map(happening).collect();
    let count: String = view.history.len().to_string();
    Some(
        view! {
            <details class="postmortem__more" id="history">
                <summary class="button button--quiet">{words.history} " " {count}</summary>
                <ul class="postmortem__history">{lines}</ul>
            </details>
        }
        .into_any(),
    )
}

fn happening(one: &HappeningView) -> AnyView {
    let words = postmortem_words();
    let what: &'static str = words.acted[one.act as usize];
    let reason = (!one.reason.is_empty()).then(|| view! { <q class="postmortem__reason">{one.reason.clone()}</q> });
    let when: String = format!("{} · {}", one.by, moment_text(one.at));
    // What it led to: not every act says so by its name.
    let to: &'static str = state_text(one.to);
    view! { <li>{what} " → " {to} " " <small class="mute">{when}</small> " " {reason}</li> }.into_any()
}
