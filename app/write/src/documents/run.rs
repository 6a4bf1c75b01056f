//! A runbook that somebody works through, from its beginning to its end. What is done in an incident stands in its timeline.

mod ending;
mod step;

use super::asked;
use super::detail::{lost, named};
use super::head::{Shown, title};
use super::said::{run_line, run_mark};
use crate::report::{attempt, own_attempt, was_tried};
use crate::screen::{hidden, moment_text};
use crate::words::documents::document_words;
use api::ask;
use api::documents::run::{RunAsk, RunView, StepView};
use api::documents::view::RunBrief;
use api::documents::{RunbookBegin, RunbookCheck, RunbookEnd, RunbookTie, RunbookWrong, runbook_run};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::links;
use ui::attempt::{Attempt, Named};
use ui::button::{Button, Rank};
use ui::callout::{Callout, Tone};
use ui::field::Line;
use ui::icon::IconName;
use ui::loaded::loaded;
use ui::part::Part;

/// Everything one can do here.
#[derive(Clone, Copy)]
pub struct Acts {
    begin: ServerAction<RunbookBegin>,
    check: ServerAction<RunbookCheck>,
    wrong: ServerAction<RunbookWrong>,
    end: ServerAction<RunbookEnd>,
    tie: ServerAction<RunbookTie>,
}

/// The screen at `/documents/:id/run`.
#[component]
pub fn RunScreen() -> impl IntoView {
    let (id, search) = (named(), use_location().search);
    let asked: Memo<RunAsk> = Memo::new(move |_| search.with(|search| asked::run(&id.get(), search)));
    let acts = Acts {
        begin: ServerAction::new(),
        check: ServerAction::new(),
        wrong: ServerAction::new(),
        end: ServerAction::new(),
        tie: ServerAction::new(),
    };
    let data = ask(move || asked.get(), runbook_run);
    loaded(data, move |view: RunView| sheet(&view, acts), lost)
}

fn sheet(view: &RunView, acts: Acts) -> AnyView {
    let words = document_words();
    let screen_title: String = (words.run_of)(&view.head.title);
    let older = view.is_older.then(|| view! { <Callout tone=Tone::Warn>{words.run_older}</Callout> });
    let body: AnyView = if view.steps.is_empty() {
        view! { <p class="mute">{words.no_steps}</p> }.into_any()
    } else {
        let parts = view.steps.chunk_by(|one, next| one.section == next.section);
        parts.map(|steps| part(view, steps, acts)).collect::<Vec<AnyView>>().into_any()
    };
    let others: Vec<AnyView> = view.others.iter().map(run_line).collect();
    let others = (!others.is_empty()).then(|| {
        let list: AnyView = view! { <Part title=words.runs.to_owned()><ul class="shelf">{others}</ul></Part> }.into_any();
        view! { <aside class="folio__margin">{list}</aside> }
    });
    let ticked: AnyView = own_attempt(acts.check, Vec::new(), &[("from", step::FROM_TICK)]).refused();
    view! {
        <Title text=screen_title />
        <div class="folio folio--run">
            {title(&view.head, Shown::Run)}
            <div class="folio__notes">
                {ticked}
                {older}
                {state(view, acts)}
            </div>
            <div class="folio__main">{body}</div>
            {others}
        </div>
    }
    .into_any()
}

/// Steps under the heading they stood under.
fn part(view: &RunView, steps: &[StepView], acts: Acts) -> AnyView {
    let title: String = steps.first().map(|step| step.section.clone()).unwrap_or_default();
    let title = (!title.is_empty()).then(|| view! { <h2 class="checkoff__section">{title}</h2> });
    let lines: Vec<AnyView> = steps.iter().map(|step| step::step(view, step, acts)).collect();
    view! { <section>{title} <ol class="checkoff">{lines}</ol></section> }.into_any()
}

/// Whether it goes on, for what, and what can be done about it.
fn state(view: &RunView, acts: Acts) -> AnyView {
    match &view.run {
        Some(run) => going(view, run, acts),
        None => beginning(view, acts),
    }
}

fn beginning(view: &RunView, acts: Acts) -> AnyView {
    let words = document_words();
    if !view.can_work {
        return view! { <p class="mute">{words.only_writers}</p> }.into_any();
    }
    if view.steps.is_empty() {
        return ().into_any();
    }
    let incident = Line {
        value: view.incident.clone(),
        hint: words.run_incident_hint.to_owned(),
        is_code: true,
        placeholder: Some("I-42".to_owned()),
        ..Line::new("run-incident", "incident", words.incident)
    };
    let attempt: Attempt = attempt(acts.begin, vec![Named::new("incident", "run-incident", words.incident)]);
    let alert = (!view.alert.is_empty()).then(|| {
        let text: String = (words.run_for)(&view.alert);
        view! { <p>{text}</p> }
    });
    let fields = view! {
        {attempt.refused()}
        {hidden("id", &view.head.id.to_string())}
        {hidden("alert", &view.alert)}
        {alert}
        {attempt.line(incident)}
        <p class="form__foot"><Button kind="submit" rank=Rank::Main icon=IconName::Play>{words.run_begin}</Button></p>
    };
    view! { <ActionForm action=acts.begin attr:class="form">{fields}</ActionForm> }.into_any()
}

fn going(view: &RunView, run: &RunBrief, acts: Acts) -> AnyView {
    let words = document_words();
    let id: String = run.id.to_string();
    let when: String = format!("{} · {}", moment_text(run.began_at), run.began_by);
    let incident = run.incident.map(|incident| {
        let (href, note): (String, String) = (links::incident(incident), format!("{}#note-text", links::incident(incident)));
        view! {
            <a class="link" href=href>{incident.to_string()}</a>
            " "
            <a class="link" href=note>{words.to_incident_note}</a>
        }
    });
    let alert = run.alert.map(|alert| {
        let href: String = links::alert(alert);
        view! { <a class="link" href=href>{alert.to_string()}</a> }
    });
    let over = run.ended_at.map(|at| {
        let text: String = (words.run_ended)(&moment_text(at));
        view! { <span class="mute">{text}</span> }
    });
    let why = (!run.outcome_note.is_empty()).then(|| view! { <p class="checkoff__note">{run.outcome_note.clone()}</p> });
    let may: bool = view.can_work && run.ended_at.is_none();
    let end: Option<AnyView> = may.then(|| ending::ending(run, acts));
    let tie: Option<AnyView> = (may && run.incident.is_none()).then(|| tie(run, acts));
    view! {
        <div class="folio__standing">
            <p class="folio__state">{id}</p>
            {run_mark(run)}
            <p class="folio__dates">{when} " " {incident} " " {alert}</p>
            {over}
        </div>
        {why}
        <div class="checkoff__acts">{end} {tie}</div>
    }
    .into_any()
}

/// An incident was declared after it had begun.
fn tie(run: &RunBrief, acts: Acts) -> AnyView {
    let words = document_words();
    let attempt: Attempt = attempt(acts.tie, vec![Named::new("incident", "run-tie", words.incident)]);
    let incident = Line {
        required: true,
        is_code: true,
        pattern: Some("[0-9]+"),
        keys: Some("numeric"),
        hint: words.tie_hint.to_owned(),
        ..Line::new("run-tie", "incident", words.incident)
    };
    let is_open: bool = was_tried(&attempt);
    let fields = view! {
        {attempt.refused()}
        {hidden("run", &run.id.0.to_string())}
        {attempt.line(incident)}
        <p class="form__foot"><Button kind="submit">{words.save}</Button></p>
    };
    view! {
        <details class="folio__add" open=is_open>
            <summary class="link">{words.tie}</summary>
            <ActionForm action=acts.tie attr:class="form">{fields}</ActionForm>
        </details>
    }
    .into_any()
}
