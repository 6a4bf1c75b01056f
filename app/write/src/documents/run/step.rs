//! A step of a run: a box that is a button, who did it and when, and what they noted.

use super::Acts;
use crate::report::{own_attempt, was_tried};
use crate::screen::{hidden, moment_text};
use crate::words::documents::document_words;
use api::documents::run::{CheckView, RunView, StepView};
use api::documents::view::RunBrief;
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::attempt::{Attempt, Named};
use ui::button::{Button, Rank};
use ui::icon::{Icon, IconName};

/// What both forms of a step say of themselves, as `from`: the call is the same, and each shows only its own refusal.
pub const FROM_TICK: &str = "tick";
const FROM_NOTE: &str = "note";

/// One of them, with what can be done about it.
pub fn step(view: &RunView, step: &StepView, acts: Acts) -> AnyView {
    let class: &'static str = match step.state {
        CheckView::Open => "checkoff__one",
        CheckView::Done => "checkoff__one checkoff__one--done",
        CheckView::Skipped => "checkoff__one checkoff__one--skipped",
    };
    let going: Option<&RunBrief> = view.run.as_ref().filter(|run| view.can_work && run.ended_at.is_none());
    let (tick, more): (AnyView, Option<AnyView>) = match going {
        Some(run) => (tick(run, step, acts), Some(more(run, step, acts))),
        None => (sign(step), None),
    };
    let told = step.by.as_ref().map(|by| {
        let said: String = format!("{by} {}", step.at.map(moment_text).unwrap_or_default());
        view! { <small class="mute">{said}</small> }
    });
    let note = (!step.note.is_empty()).then(|| view! { <p class="checkoff__note">{step.note.clone()}</p> });
    let wrong = step.wrong.as_ref().map(|(instead, by)| {
        let text: String = (document_words().was_wrong)(by, instead);
        view! { <p class="checkoff__wrong"><Icon name=IconName::Warn /> {text}</p> }
    });
    view! {
        <li class=class id=format!("step-{}", step.n) data-depth=step.depth.to_string()>
            {tick}
            <div class="checkoff__what">
                <p class="checkoff__text">{step.text.clone()}</p>
                {told}
                {note}
                {wrong}
                {more}
            </div>
        </li>
    }
    .into_any()
}

/// How it stands, where nothing can be done about it any more.
fn sign(step: &StepView) -> AnyView {
    let words = document_words();
    let (icon, word): (Option<IconName>, &'static str) = match step.state {
        CheckView::Open => (None, words.step_open),
        CheckView::Done => (Some(IconName::Check), words.step_done),
        CheckView::Skipped => (Some(IconName::Right), words.step_skipped),
    };
    let icon = icon.map(|name| view! { <Icon name=name /> });
    view! { <span class="checkoff__tick">{icon}<span class="hush">{word}</span></span> }.into_any()
}

/// A box that is a button: ticking it sends it, also without a script. What was noted stays.
fn tick(run: &RunBrief, step: &StepView, acts: Acts) -> AnyView {
    let words = document_words();
    let is_open: bool = step.state == CheckView::Open;
    let wants: CheckView = if is_open { CheckView::Done } else { CheckView::Open };
    let label: String = format!("{}: {}", if is_open { words.step_do } else { words.step_undo }, step.text);
    let icon: Option<IconName> = match step.state {
        CheckView::Open => None,
        CheckView::Done => Some(IconName::Check),
        CheckView::Skipped => Some(IconName::Right),
    };
    let icon = icon.map(|name| view! { <Icon name=name /> });
    let fields = view! {
        {hidden("run", &run.id.0.to_string())}
        {hidden("n", &step.n.to_string())}
        {hidden("state", wants.as_str())}
        {hidden("note", &step.note)}
        {hidden("from", FROM_TICK)}
        <button class="checkoff__tick" type="submit" aria-label=label>{icon}</button>
    };
    view! { <ActionForm action=acts.check>{fields}</ActionForm> }.into_any()
}

/// A note, leaving it out, and that it should be another: each folded in by itself.
fn more(run: &RunBrief, step: &StepView, acts: Acts) -> AnyView {
    view! { <div class="checkoff__more">{note_form(run, step, acts)} {wrong_form(run, step, acts)}</div> }.into_any()
}

/// What was seen or typed at this step. It is kept whether the step is done or not.
fn note_form(run: &RunBrief, step: &StepView, acts: Acts) -> AnyView {
    let words = document_words();
    let n: String = step.n.to_string();
    let input: String = format!("step-{n}-note");
    let note = Named::new("note", &input, words.note);
    let own: [(&str, &str); 2] = [("n", n.as_str()), ("from", FROM_NOTE)];
    let attempt: Attempt = own_attempt(acts.check, vec![note.clone()], &own);
    let (is_open, refused): (bool, AnyView) = (was_tried(&attempt), attempt.refused());
    let hint: &'static str = if run.incident.is_some() { words.note_in_incident } else { words.note_hint };
    let area: AnyView = attempt.area(note, hint.to_owned(), &step.note);
    let skip = (step.state != CheckView::Skipped).then(|| {
        view! { <Button kind="submit" rank=Rank::Quiet name="state" value="skipped">{words.step_skip}</Button> }
    });
    let done = (step.state != CheckView::Done).then(|| {
        view! { <Button kind="submit" name="state" value="done">{words.step_do}</Button> }
    });
    let (label, stays): (String, &'static str) = (format!("{}: {}", words.note, step.text), step.state.as_str());
    let fields = view! {
        {refused}
        {hidden("run", &run.id.0.to_string())}
        {hidden("n", &n)}
        {hidden("from", FROM_NOTE)}
        {area}
        <p class="form__foot">
            <Button kind="submit" name="state" value=stays>{words.note_save}</Button>
            {done}
            {skip}
        </p>
    };
    view! {
        <details class="checkoff__form" open=is_open>
            <summary class="link" aria-label=label>{words.note}</summary>
            <ActionForm action=acts.check attr:class="form">{fields}</ActionForm>
        </details>
    }
    .into_any()
}

/// How the step should be: whoever answers for the document looks at it.
fn wrong_form(run: &RunBrief, step: &StepView, acts: Acts) -> AnyView {
    let words = document_words();
    let n: String = step.n.to_string();
    let instead = Named::new("instead", &format!("step-{n}-wrong"), words.instead);
    let attempt: Attempt = own_attempt(acts.wrong, vec![instead.clone()], &[("n", n.as_str())]);
    let (is_open, refused): (bool, AnyView) = (was_tried(&attempt), attempt.refused());
    let area: AnyView = attempt.area(instead, words.instead_hint.to_owned(), &step.text);
    let label: String = format!("{}: {}", words.wrong_send, step.text);
    let fields = view! {
        {refused}
        {hidden("run", &run.id.0.to_string())}
        {hidden("n", &n)}
        {area}
        <p class="form__foot"><Button kind="submit">{words.wrong_do}</Button></p>
    };
    view! {
        <details class="checkoff__form" open=is_open>
            <summary class="link" aria-label=label>{words.wrong_send}</summary>
            <ActionForm action=acts.wrong attr:class="form">{fields}</ActionForm>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::sign;
    use api::documents::run::{CheckView, StepView};
    use leptos::prelude::*;

    #[test]
    fn a_step_says_in_words_how_it_stands() {
        let owner = Owner::new();
        owner.set();
        for (state, word) in [(CheckView::Open, "未実施"), (CheckView::Done, "実施済み"), (CheckView::Skipped, "スキップ")]
        {
            let step = StepView {
                n: 1,
                depth: 0,
                text: "再起動".to_owned(),
                section: String::new(),
                state,
                note: String::new(),
                by: None,
                at: None,
                wrong: None,
            };
            let html: String = sign(&step).to_html();
            assert!(html.contains(word), "{word}: {html}");
        }
    }
}
