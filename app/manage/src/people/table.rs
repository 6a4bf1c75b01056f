//! The table of people: who, as what, in which teams, and whether they may come in.

use super::Acts;
use crate::report::refusal_before;
use crate::role_select::RoleSelect;
use crate::words::{admin_reason, viewer, words};
use api::identity::PersonRow;
use api::kept::typed_into;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::Role;
use model::ids::PersonId;
use ui::attempt::Typed;
use ui::button::{Button, Rank};
use ui::part::Part;
use ui::person::PersonMark;
use ui::state::{StateKind, StateMark};
use ui::table::{Column, Table};
use ui::time_text::{TimeForm, TimeText};

/// Everybody, disabled and invited people too.
#[component]
pub fn PeopleTable(people: Vec<PersonRow>, acts: Acts) -> impl IntoView {
    let words = words();
    let columns = vec![
        Column::text(words.name),
        Column::text(words.role),
        Column::text(words.teams),
        Column::text(words.last_seen),
        Column::text(words.state),
        Column::text(""),
    ];
    let count = Some(people.len().to_string());
    let rows = people.into_iter().map(|row| view! { <Row row=row acts=acts /> }).collect_view();
    view! {
        <Part title=words.people.to_owned() count=count>
            {refusal_before(acts.role)}
            {refusal_before(acts.disabled)}
            <div class="stacked">
                <Table caption=words.people columns=columns>{rows}</Table>
            </div>
        </Part>
    }
}

/// Whether a row is about the viewer.
fn is_viewer(person: PersonId) -> bool {
    viewer().person.is_some_and(|viewer| viewer.id == person)
}

#[component]
fn Row(row: PersonRow, acts: Acts) -> impl IntoView {
    let words = words();
    let you = is_viewer(row.id).then(|| view! { <small class="people__you">{words.you}</small> });
    let last_seen = match row.last_seen {
        Some(at) => view! { <TimeText at_ms=at.0 form=TimeForm::Day /> }.into_any(),
        None => view! { <span class="mute">{words.never}</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row">
                <PersonMark name=row.name.clone() />
                {you}
                <small class="people__mail">{row.email.clone()}</small>
            </th>
            <td><RoleForm person=row.clone() acts=acts /></td>
            <td>{row.teams.join(words.comma)}</td>
            <td><small class="stacked__name">{words.last_seen}</small> {last_seen}</td>
            <td>{state(&row)}</td>
            <td class="table__act"><DisableForm person=row acts=acts /></td>
        </tr>
    }
    .into_any()
}

/// Normal has a word and no sign.
fn state(row: &PersonRow) -> AnyView {
    let words = words();
    match (row.disabled, row.invited) {
        (true, _) => view! { <StateMark kind=StateKind::Paused word=words.disabled /> }.into_any(),
        (false, true) => view! { <StateMark kind=StateKind::Waiting word=words.invited /> }.into_any(),
        (false, false) => view! { <span class="mute">{words.joined}</span> }.into_any(),
    }
}

#[component]
fn RoleForm(person: PersonRow, acts: Acts) -> impl IntoView {
    let words = words();
    let id = person.id;
    let reason = admin_reason();
    let (pending, input) = (acts.role.pending(), acts.role.input());
    let busy = move || pending.get() && input.with(|input| input.as_ref().is_some_and(|asked| asked.person == id));
    // A closure, so that a list drawn anew shows what is in force and not what was chosen for somebody else in this place.
    let typed: String = Typed::new(typed_into(acts.role)).only(&[("person", &id.to_string())]).text("role", "");
    let (name, disabled) = (person.name.clone(), reason.is_some());
    let chosen: Role = Role::from_word(&typed).unwrap_or(person.role);
    let select = move || {
        let label = (words.role_of)(&name);
        view! { <RoleSelect id=format!("role-{id}") chosen=chosen label=label disabled=disabled /> }
    };
    view! {
        <ActionForm action=acts.role attr:class="people__role">
            <input type="hidden" name="person" value=id.to_string() />
            {select}
            <Button kind="submit" rank=Rank::Row label=(words.change_of)(&person.name) disabled=reason busy=Signal::derive(busy)>
                {words.change}
            </Button>
        </ActionForm>
    }
    .into_any()
}

#[component]
fn DisableForm(person: PersonRow, acts: Acts) -> impl IntoView {
    let words = words();
    let id = person.id;
    let to = !person.disabled;
    let yourself = (to && is_viewer(id)).then(|| words.not_yourself.to_owned());
    let (pending, input) = (acts.disabled.pending(), acts.disabled.input());
    let busy = move || pending.get() && input.with(|input| input.as_ref().is_some_and(|asked| asked.person == id));
    let (word, label) = if to { (words.disable, words.disable_of) } else { (words.enable, words.enable_of) };
    let reason = admin_reason().or(yourself);
    view! {
        <ActionForm action=acts.disabled>
            <input type="hidden" name="person" value=id.to_string() />
            <input type="hidden" name="disabled" value=to.to_string() />
            <Button kind="submit" rank=Rank::Row label=label(&person.name) disabled=reason busy=Signal::derive(busy)>
                {word}
            </Button>
        </ActionForm>
    }
    .into_any()
}
