//! Who is away when: it warns, and takes nobody off call.

use super::refusal::{Places, attempt, refusal_before};
use super::said::{hidden, option, span_text, who_text};
use super::wish::moment_field;
use crate::words::oncall::oncall_words;
use api::oncall::schedule::{LeaveLine, ScheduleView};
use api::oncall::{LeaveAdd, LeaveRemove, WhoView};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::rota::AwayKind;
use ui::attempt::{Attempt, Named};
use ui::button::{Button, Rank};
use ui::field::Line;
use ui::part::Part;

/// The part: who is away, and the form that says so.
pub fn leave(view: &ScheduleView, add: ServerAction<LeaveAdd>, remove: ServerAction<LeaveRemove>) -> AnyView {
    let words = oncall_words();
    let lines: Vec<AnyView> = view.leave.iter().map(|one| line(view, one, remove)).collect();
    let body: AnyView = if lines.is_empty() {
        view! { <p class="mute">{words.leave_none}</p> }.into_any()
    } else {
        view! { <ul class="duty-list">{lines}</ul> }.into_any()
    };
    let form = view.can_shift.then(|| form(view, add));
    view! {
        <Part title=words.leave.to_owned() id="leave">
            {refusal_before(remove)}
            {body}
            {form}
        </Part>
    }
    .into_any()
}

fn line(view: &ScheduleView, one: &LeaveLine, remove: ServerAction<LeaveRemove>) -> AnyView {
    let words = oncall_words();
    let kind: &'static str = kind_text(one.kind);
    let name: String = who_text(&WhoView::Person(one.person.clone()));
    let note: String = if one.note.is_empty() { kind.to_owned() } else { format!("{kind} · {}", one.note) };
    let (schedule, id): (AnyView, AnyView) = (hidden("schedule", &view.card.name), hidden("id", &one.id));
    let act = one.can_remove.then(|| {
        view! {
            <ActionForm action=remove>
                {schedule}
                {id}
                <Button kind="submit" rank=Rank::Row>{words.remove}</Button>
            </ActionForm>
        }
    });
    view! {
        <li class="duty-list__one">
            <b>{name}</b>
            <span>{span_text(one.from, one.until, &view.card.zone)}</span>
            <small class="mute">{note}</small>
            {act}
        </li>
    }
    .into_any()
}

fn kind_text(kind: AwayKind) -> &'static str {
    match kind {
        AwayKind::Leave => oncall_words().leave_kinds[0],
        AwayKind::OutOfOffice => oncall_words().leave_kinds[1],
    }
}

fn places() -> Places {
    let words = oncall_words();
    vec![
        Named::new("person", "leave-person", words.person),
        Named::new("from", "leave-from", words.from),
        Named::new("until", "leave-until", words.until_field),
        Named::new("note", "leave-note", words.note),
    ]
}

fn form(view: &ScheduleView, add: ServerAction<LeaveAdd>) -> AnyView {
    let words = oncall_words();
    let attempt: Attempt = attempt(add, places());
    let is_open: bool = attempt.typed.fields().is_some();
    let chosen: String = attempt.typed.text("wish[kind]", "leave");
    let kinds: Vec<AnyView> = [("leave", words.leave_kinds[0]), ("out", words.leave_kinds[1])]
        .into_iter()
        .map(|(value, word)| option(value, word, &chosen))
        .collect();
    let schedule: AnyView = hidden("wish[schedule]", &view.card.name);
    let person: Option<AnyView> = view.can_edit.then(|| person(view, &attempt));
    view! {
        <details class="duty-form" open=is_open>
            <summary class="button">{words.leave_add}</summary>
            <ActionForm action=add attr:class="form">
                {attempt.refused()}
                <p class="field__hint">{words.leave_hint}</p>
                {schedule}
                {person}
                <div class="duty-form__pair">
                    {moment_field("leave-from", "wish[from]", words.from, "", &attempt)}
                    {moment_field("leave-until", "wish[until]", words.until_field, "", &attempt)}
                </div>
                {attempt.select(Named::new("wish[kind]", "leave-kind", words.kind), String::new(), kinds)}
                {attempt.line(Line { most: Some(200), ..Line::new("leave-note", "wish[note]", words.note) })}
                <div class="form__foot"><Button kind="submit">{words.leave_do}</Button></div>
            </ActionForm>
        </details>
    }
    .into_any()
}

/// An editor may say it of anybody.
fn person(view: &ScheduleView, attempt: &Attempt) -> AnyView {
    let words = oncall_words();
    let chosen: String = attempt.typed.text("wish[person]", "");
    let mut people: Vec<AnyView> = vec![option("", words.myself, &chosen)];
    let others = view.people.iter().filter(|person| !person.is_me);
    people.extend(others.map(|person| option(&person.id.to_string(), &person.name, &chosen)));
    attempt.select(Named::new("wish[person]", "leave-person", words.person), String::new(), people)
}
