//! Teams: who is in them, and as what.

use super::Acts;
use crate::report::refusal_before;
use crate::role_select::RoleSelect;
use crate::words::{admin_reason, words};
use api::identity::{MemberRow, PersonRow, TeamRow};
use api::kept::typed_into;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::Role;
use model::ids::TeamId;
use ui::attempt::Typed;
use ui::button::{Button, Rank};
use ui::empty::Empty;
use ui::menu::Menu;
use ui::part::Part;
use ui::person::PersonMark;

/// Every team.
#[component]
pub fn Teams(teams: Vec<TeamRow>, people: Vec<PersonRow>, acts: Acts) -> impl IntoView {
    let words = words();
    let count = Some(teams.len().to_string());
    let none = teams.is_empty().then(|| view! { <Empty title=words.no_teams say=words.no_teams_hint /> });
    let all = teams
        .into_iter()
        .map(|team| {
            let others = candidates(&team, &people);
            view! { <Team team=team others=others acts=acts /> }
        })
        .collect_view();
    view! {
        <Part title=words.teams.to_owned() count=count>
            {refusal_before(acts.team_delete)}
            {refusal_before(acts.member_add)}
            {refusal_before(acts.member_remove)}
            {none}
            {all}
        </Part>
    }
    .into_any()
}

/// Who could be added: everybody who may come in and is not in the team yet.
fn candidates(team: &TeamRow, people: &[PersonRow]) -> Vec<PersonRow> {
    let is_member = |person: &PersonRow| team.members.iter().any(|member| member.person == person.id);
    people.iter().filter(|person| !person.disabled && !is_member(person)).cloned().collect()
}

#[component]
fn Team(team: TeamRow, others: Vec<PersonRow>, acts: Acts) -> impl IntoView {
    let words = words();
    let (id, name) = (team.id, team.name.clone());
    let size = (words.members)(team.members.len());
    let none = team.members.is_empty().then(|| view! { <p class="mute">{words.no_members}</p> });
    let members =
        team.members.into_iter().map(|member| view! { <Member team=id team_name=name.clone() member=member acts=acts /> });
    let members = members.collect_view();
    // Closures, so that a list drawn anew never keeps another team's opened question or half-made choice.
    let (asked, adding) = (name.clone(), name.clone());
    view! {
        <section class="people__team">
            <header class="people__team-head">
                <h3>{name}</h3>
                <span class="mute">{size}</span>
                {move || delete(id, asked.clone(), acts)}
            </header>
            {none}
            <ul>{members}</ul>
            {move || add(id, adding.clone(), others.clone(), acts)}
        </section>
    }
    .into_any()
}

#[component]
fn Member(team: TeamId, team_name: String, member: MemberRow, acts: Acts) -> impl IntoView {
    let words = words();
    let person = member.person;
    let mine = Typed::new(typed_into(acts.member_add)).only(&[("team", &team.to_string()), ("person", &person.to_string())]);
    let role: Role = Role::from_word(&mine.text("role", "")).unwrap_or(member.role);
    let (change_off, remove_off) = (admin_reason(), admin_reason());
    let is_off = change_off.is_some();
    let (role_label, change_label) = ((words.role_of)(&member.name), (words.change_of)(&member.name));
    let remove_label = (words.member_remove_of)(&member.name, &team_name);
    let select = move || {
        let label = role_label.clone();
        view! { <RoleSelect id=format!("member-{team}-{person}") chosen=role label=label disabled=is_off /> }
    };
    view! {
        <li class="people__member">
            <PersonMark name=member.name.clone() />
            <ActionForm action=acts.member_add attr:class="people__role">
                <input type="hidden" name="team" value=team.to_string() />
                <input type="hidden" name="person" value=person.to_string() />
                {select}
                <Button kind="submit" rank=Rank::Row label=change_label disabled=change_off>{words.change}</Button>
            </ActionForm>
            <ActionForm action=acts.member_remove>
                <input type="hidden" name="team" value=team.to_string() />
                <input type="hidden" name="person" value=person.to_string() />
                <Button kind="submit" rank=Rank::Quiet label=remove_label disabled=remove_off>{words.member_remove}</Button>
            </ActionForm>
        </li>
    }
    .into_any()
}

/// The question before a team goes.
fn delete(team: TeamId, name: String, acts: Acts) -> AnyView {
    let words = words();
    if let Some(reason) = admin_reason() {
        return view! { <Button rank=Rank::Quiet disabled=Some(reason)>{words.team_delete}</Button> }.into_any();
    }
    view! {
        <Menu label=words.team_delete>
            <ActionForm action=acts.team_delete attr:class="people__sure">
                <p>{(words.team_delete_sure)(&name)}</p>
                <input type="hidden" name="team" value=team.to_string() />
                <Button kind="submit">{words.team_delete_do}</Button>
            </ActionForm>
        </Menu>
    }
    .into_any()
}

fn add(team: TeamId, name: String, others: Vec<PersonRow>, acts: Acts) -> AnyView {
    let words = words();
    if others.is_empty() {
        return view! { <p class="mute">{words.everybody_in}</p> }.into_any();
    }
    let reason = admin_reason();
    let is_off = reason.is_some();
    let tried = Typed::new(typed_into(acts.member_add)).only(&[("team", &team.to_string())]);
    let (person, role) = (tried.text("person", ""), tried.text("role", ""));
    let role: Role = Role::from_word(&role).unwrap_or(Role::Responder);
    let option = |other: PersonRow| {
        let value: String = other.id.to_string();
        let is_chosen: bool = value == person;
        view! { <option value=value selected=is_chosen>{other.name}</option> }.into_any()
    };
    let options: Vec<AnyView> = others.into_iter().map(option).collect();
    view! {
        <ActionForm action=acts.member_add attr:class="people__add">
            <input type="hidden" name="team" value=team.to_string() />
            <select class="input" name="person" aria-label=(words.member_add_to)(&name) disabled=is_off>
                {options}
            </select>
            <RoleSelect id=format!("add-{team}") chosen=role label=words.role disabled=is_off />
            <Button kind="submit" rank=Rank::Row disabled=reason>{words.member_add}</Button>
        </ActionForm>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::candidates;
    use api::identity::{MemberRow, PersonRow, TeamRow};
    use model::Role;
    use model::ids::{PersonId, TeamId};

    fn person(id: &str, disabled: bool) -> PersonRow {
        PersonRow {
            id: id_of(id),
            name: id.to_owned(),
            email: String::new(),
            role: Role::Viewer,
            disabled,
            invited: false,
            last_seen: None,
            teams: Vec::new(),
        }
    }

    fn id_of(digit: &str) -> PersonId {
        format!("00000000-0000-0000-0000-00000000000{digit}").parse().expect("a UUID")
    }

    #[test]
    fn who_is_in_a_team_or_disabled_is_not_offered() {
        let member = MemberRow { person: id_of("1"), name: "1".to_owned(), role: Role::Editor };
        let id: TeamId = "00000000-0000-0000-0000-00000000000a".parse().expect("a UUID");
        let team = TeamRow { id, name: "web".to_owned(), members: vec![member] };
        let people = [person("1", false), person("2", true), person("3", false)];
        let offered: Vec<String> = candidates(&team, &people).into_iter().map(|person| person.name).collect();
        assert_eq!(offered, ["3"]);
    }
}
