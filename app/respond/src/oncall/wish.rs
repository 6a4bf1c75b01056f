//! Somebody else for a while: a form that says what it would change before it is sent.
//!
//! It is filled in by hand, by a link in a cell of the timetable, or by dragging over it (`public/oncall.js`): all three send the same form.

use super::asked::wish;
use super::plan::plan;
use super::refusal::{Places, attempt, wrong};
use super::said::{hidden, option, role_word};
use crate::words::duty::{duty_words, role_text};
use crate::words::oncall::oncall_words;
use api::oncall::form::DutyTrouble;
use api::oncall::schedule::{OverrideWish, ScheduleView};
use api::oncall::{OverrideMake, PersonName};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links;
use ui::attempt::{Attempt, Named, Typed, Wrong};
use ui::button::{Button, Rank};
use ui::field::Line;

/// The form, folded in until somebody begins it.
pub fn override_form(view: &ScheduleView, make: ServerAction<OverrideMake>) -> AnyView {
    let words = oncall_words();
    let (attempt, wish): (Attempt, OverrideWish) = tried(view, make);
    let is_open: bool = wish.is_begun() || attempt.typed.fields().is_some();
    let here: String = format!("{}#override", links::schedule(&view.card.name));
    let preview = view.preview.as_ref().filter(|_| view.wish.is_begun()).map(|found| plan(found, &view.card.zone));
    let about: Vec<AnyView> = vec![
        hidden("wish[schedule]", &view.card.name),
        hidden("wish[revision]", &view.revision.to_string()),
        hidden("view", view.view.as_str()),
        hidden("at", &view.at),
    ];
    let lead: String = (words.override_lead)(&view.card.zone.name);
    let fields: AnyView = fields(view, &wish, &attempt);
    view! {
        <details class="duty-form" id="override" open=is_open>
            <summary class="button button--main">{words.override_do}</summary>
            <ActionForm action=make attr:class="form">
                {attempt.refused()}
                <p class="field__hint">{lead}</p>
                {about}
                {fields}
                {preview}
                <div class="form__foot">
                    <button class="button" type="submit" formmethod="get" formaction=here formnovalidate=true>{words.preview}</button>
                    <Button kind="submit" rank=Rank::Main>{words.override_save}</Button>
                </div>
            </ActionForm>
        </details>
    }
    .into_any()
}

/// The form as it was refused, or as the address has it; what is wrong with that is told too.
fn tried(view: &ScheduleView, make: ServerAction<OverrideMake>) -> (Attempt, OverrideWish) {
    let sent: Attempt = attempt(make, places());
    if let Some(fields) = sent.typed.fields() {
        let written: OverrideWish = wish(fields);
        return (sent, written);
    }
    let told: Option<DutyTrouble> = view.wrong.filter(|_| view.wish.is_begun());
    let found: Vec<Wrong> = told.map(|trouble| wrong(trouble, field_of(trouble), &places())).into_iter().collect();
    (Attempt { typed: Typed::default(), wrong: Signal::stored(found) }, view.wish.clone())
}

/// The field that a preview's mistake is put right in.
fn field_of(trouble: DutyTrouble) -> &'static str {
    match trouble {
        DutyTrouble::Role => "role",
        DutyTrouble::Person | DutyTrouble::NotAResponder | DutyTrouble::Empty => "person",
        DutyTrouble::Window | DutyTrouble::Past => "until",
        DutyTrouble::Moment => "from",
        DutyTrouble::LongText => "reason",
        _ => "",
    }
}

fn places() -> Places {
    let words = oncall_words();
    vec![
        Named::new("role", "override-role", words.role),
        Named::new("person", "override-person", words.who_takes),
        Named::new("from", "override-from", words.from),
        Named::new("until", "override-until", words.until_field),
        Named::new("reason", "override-reason", words.reason),
    ]
}

fn fields(view: &ScheduleView, wish: &OverrideWish, attempt: &Attempt) -> AnyView {
    let words = oncall_words();
    let roles: Vec<AnyView> = view.roles.iter().map(|role| option(&role_word(role), &role_text(role), &wish.role)).collect();
    let people: Vec<AnyView> = people(view, &wish.person);
    let named = |field: &str, id: &str, label: &str| Named::new(&format!("wish[{field}]"), id, label);
    view! {
        <div class="duty-form__pair">
            {attempt.select(named("role", "override-role", words.role), String::new(), roles)}
            {attempt.select(named("person", "override-person", words.who_takes), String::new(), people)}
        </div>
        <div class="duty-form__pair">
            {moment_field("override-from", "wish[from]", words.from, &wish.from, attempt)}
            {moment_field("override-until", "wish[until]", words.until_field, &wish.until, attempt)}
        </div>
        {attempt.line(Line {
            value: wish.reason.clone(),
            most: Some(300),
            ..Line::new("override-reason", "wish[reason]", words.reason)
        })}
    }
    .into_any()
}

/// Whoever may answer, the reader first; an editor may also leave it empty.
fn people(view: &ScheduleView, chosen: &str) -> Vec<AnyView> {
    let me = view.people.iter().filter(|person| person.is_me);
    let others = view.people.iter().filter(|person| !person.is_me && view.can_edit);
    let choice = |person: &PersonName| option(&person.id.to_string(), &person.name, chosen);
    let mut all: Vec<AnyView> = me.chain(others).map(choice).collect();
    if view.can_edit {
        all.push(option("nobody", duty_words().nobody, chosen));
    }
    all
}

/// A moment on the clock of the schedule.
pub fn moment_field(id: &str, name: &str, label: &str, value: &str, attempt: &Attempt) -> AnyView {
    attempt.line(Line { kind: "datetime-local", value: value.to_owned(), required: true, ..Line::new(id, name, label) })
}

#[cfg(test)]
mod tests {
    use super::{field_of, places};
    use api::oncall::form::DutyTrouble;
    use leptos::prelude::Owner;

    #[test]
    fn what_can_be_wrong_with_a_preview_has_its_field() {
        let owner = Owner::new();
        owner.set();
        let places = places();
        for trouble in [DutyTrouble::Role, DutyTrouble::Person, DutyTrouble::Window, DutyTrouble::Moment, DutyTrouble::LongText] {
            assert!(places.iter().any(|named| named.field == field_of(trouble)), "{trouble:?}");
        }
        assert_eq!(field_of(DutyTrouble::Stale), "");
    }
}
