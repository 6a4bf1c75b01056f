//! People: who may come in, as what, and in which teams.

mod invite;
mod make_team;
mod table;
mod teams;

use crate::screen::loaded;
use crate::words::{admin_reason, words};
use api::ask;
use api::identity::{
    MemberAdd, MemberRemove, PeopleView, PersonDisabled, PersonInvite, PersonRole, TeamDelete, TeamMake, people as ask_people,
};
use api::pulse::use_pulse;
use invite::Invite;
use leptos::prelude::*;
use leptos_meta::Title;
use make_team::MakeTeam;
use table::PeopleTable;
use teams::Teams;
use ui::callout::Callout;

/// Everything one can do here. One set for the screen, so that it outlives each drawing of the lists.
#[derive(Clone, Copy)]
pub struct Acts {
    pub invite: ServerAction<PersonInvite>,
    pub role: ServerAction<PersonRole>,
    pub disabled: ServerAction<PersonDisabled>,
    pub team_make: ServerAction<TeamMake>,
    pub team_delete: ServerAction<TeamDelete>,
    pub member_add: ServerAction<MemberAdd>,
    pub member_remove: ServerAction<MemberRemove>,
}

impl Acts {
    fn new() -> Self {
        Self {
            invite: ServerAction::new(),
            role: ServerAction::new(),
            disabled: ServerAction::new(),
            team_make: ServerAction::new(),
            team_delete: ServerAction::new(),
            member_add: ServerAction::new(),
            member_remove: ServerAction::new(),
        }
    }

    /// Moves when any of them was answered.
    fn version(&self) -> usize {
        let people = self.invite.version().get() + self.role.version().get() + self.disabled.version().get();
        let teams = self.team_make.version().get() + self.team_delete.version().get();
        people + teams + self.member_add.version().get() + self.member_remove.version().get()
    }
}

/// The screen at `/people`.
#[component]
pub fn PeopleScreen() -> impl IntoView {
    let words = words();
    let acts = Acts::new();
    let pulse = use_pulse();
    let data = ask(move || (pulse.house.get(), acts.version()), |_| ask_people());
    let reason = admin_reason().map(|reason| view! { <Callout>{reason}</Callout> });
    view! {
        <Title text=words.people_and_teams />
        <div class="people">
            <header class="screen-head">
                <h1>{words.people_and_teams}</h1>
                <p class="screen-head__lead">{words.people_lead}</p>
                {reason}
            </header>
            <div class="people__main">
                {loaded(data, move |view| view! { <Lists view=view acts=acts /> }.into_any())}
            </div>
            <aside class="people__side">
                <Invite acts=acts />
                <MakeTeam acts=acts />
            </aside>
        </div>
    }
    .into_any()
}

#[component]
fn Lists(view: PeopleView, acts: Acts) -> impl IntoView {
    let people = view.people.clone();
    view! {
        <PeopleTable people=view.people acts=acts />
        <Teams teams=view.teams people=people acts=acts />
    }
    .into_any()
}
