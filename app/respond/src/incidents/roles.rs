//! Who does what. Where no owner sits, the button to take over stands.

use super::detail::Acts;
use super::refusal::refusal_before;
use super::said::{name_text, role_text, version};
use crate::oncall::said::{hidden, option};
use crate::words::incidents::incident_words;
use crate::words::viewer;
use api::incidents::view::{IncidentView, SeatView};
use api::oncall::PersonName;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::incident::roles::IncidentRole;
use ui::button::{Button, Rank};
use ui::part::Part;
use ui::person::PersonMark;

/// The part, with who looks at it now.
pub fn roles(view: &IncidentView, acts: Acts) -> AnyView {
    let words = incident_words();
    let seats: Vec<AnyView> = view.seats.iter().map(|seat| seat_line(view, seat, acts)).collect();
    let may_change: bool = view.can_work && !view.line.status.is_final();
    let give = may_change.then(|| give(view, acts));
    let (responders, looking): (AnyView, Option<AnyView>) = (responders(view, acts), looking(view));
    view! {
        <Part title=words.roles_title.to_owned() id="roles">
            {refusal_before(acts.assign)}
            {refusal_before(acts.give_up)}
            <ul class="seats">{seats}</ul>
            {responders}
            {looking}
            {give}
        </Part>
    }
    .into_any()
}

fn seat_line(view: &IncidentView, seat: &SeatView, acts: Acts) -> AnyView {
    let who: AnyView = match &seat.holder {
        Some(person) => holder(view, seat.role, person, acts),
        None => empty(view, seat.role, acts),
    };
    view! { <li class="seats__one"><small class="seats__role">{role_text(seat.role)}</small> {who}</li> }.into_any()
}

fn holder(view: &IncidentView, role: IncidentRole, person: &PersonName, acts: Acts) -> AnyView {
    let own = (person.is_me && view.can_work).then(|| leave(view, role, person, acts));
    view! { <PersonMark name=name_text(person) /> {own} }.into_any()
}

/// Nobody sits here: the button.
fn empty(view: &IncidentView, role: IncidentRole, acts: Acts) -> AnyView {
    let words = incident_words();
    let me: Option<String> = viewer().person.map(|person| person.id.to_string());
    let may: bool = view.can_work && !view.line.status.is_final();
    match me.filter(|_| may) {
        Some(me) => {
            let fields: Vec<AnyView> = part(view, role, &me);
            let label: String = format!("{}: {}", words.take_over, role_text(role));
            view! {
                <ActionForm action=acts.assign>
                    {fields}
                    <Button kind="submit" rank=Rank::Row label=label>{words.take_over}</Button>
                </ActionForm>
            }
            .into_any()
        }
        None => view! { <span class="incident-none">{words.nobody}</span> }.into_any(),
    }
}

fn part(view: &IncidentView, role: IncidentRole, person: &str) -> Vec<AnyView> {
    vec![
        hidden("id", &view.line.id.0.to_string()),
        version(view.version),
        hidden("role", role.as_str()),
        hidden("person", person),
    ]
}

fn leave(view: &IncidentView, role: IncidentRole, person: &PersonName, acts: Acts) -> AnyView {
    let words = incident_words();
    let fields: Vec<AnyView> = part(view, role, &person.id.to_string());
    let label: String = format!("{}: {}", words.give_up, role_text(role));
    view! {
        <ActionForm action=acts.give_up>
            {fields}
            <Button kind="submit" rank=Rank::Quiet label=label>{words.give_up}</Button>
        </ActionForm>
    }
    .into_any()
}

/// Those who work on it; the reader may join.
fn responders(view: &IncidentView, acts: Acts) -> AnyView {
    let words = incident_words();
    let names: Vec<AnyView> =
        view.responders.iter().map(|person| view! { <PersonMark name=name_text(person) /> }.into_any()).collect();
    let mine: Option<&PersonName> = view.responders.iter().find(|person| person.is_me);
    let me: Option<String> = viewer().person.map(|person| person.id.to_string());
    let may: bool = view.can_work && !view.line.status.is_final();
    let act: Option<AnyView> = match (mine, me.filter(|_| may)) {
        (Some(person), Some(_)) => Some(leave(view, IncidentRole::Responder, person, acts)),
        (None, Some(me)) => {
            let fields: Vec<AnyView> = part(view, IncidentRole::Responder, &me);
            let form = view! {
                <ActionForm action=acts.assign>
                    {fields}
                    <Button kind="submit" rank=Rank::Quiet>{words.join}</Button>
                </ActionForm>
            };
            Some(form.into_any())
        }
        _ => None,
    };
    let nobody = view.responders.is_empty().then(|| view! { <span class="mute">{words.nobody}</span> });
    view! {
        <p class="seats__others"><small class="seats__role">{role_text(IncidentRole::Responder)}</small> {names} {nobody}</p>
        {act}
    }
    .into_any()
}

/// Who has it open now. Honest about what that means.
fn looking(view: &IncidentView) -> Option<AnyView> {
    let words = incident_words();
    let names: &[String] = &view.audience.looking;
    let said: String = (words.looking)(names.len());
    (!names.is_empty()).then(|| {
        let names: String = names.join(words.comma);
        view! { <p class="seats__others" title=words.looking_note><small class="seats__role">{said}</small> <span>{names}</span></p> }
            .into_any()
    })
}

/// A part for somebody else.
fn give(view: &IncidentView, acts: Acts) -> AnyView {
    let words = incident_words();
    let fields: [AnyView; 2] = [hidden("id", &view.line.id.0.to_string()), version(view.version)];
    let roles: Vec<AnyView> =
        IncidentRole::ALL.into_iter().map(|role| option(role.as_str(), role_text(role), "commander")).collect();
    let people: Vec<AnyView> =
        view.choices.people.iter().map(|person| option(&person.id.to_string(), &person.name, "")).collect();
    view! {
        <details class="case__more">
            <summary class="button button--quiet">{words.give_role}</summary>
            <ActionForm action=acts.assign attr:class="form">
                {fields.into_iter().collect_view()}
                <label class="field"><span class="field__label">{words.role}</span><select class="input" name="role">{roles}</select></label>
                <label class="field"><span class="field__label">{words.person}</span><select class="input" name="person">{people}</select></label>
                <div class="form__foot"><Button kind="submit">{words.give_do}</Button></div>
            </ActionForm>
        </details>
    }
    .into_any()
}
