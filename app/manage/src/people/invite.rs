//! Inviting: a name, an e-mail, a role; the answer is a link that is shown once.

use super::Acts;
use crate::report::refusal;
use crate::role_select::RoleSelect;
use crate::shown_once::shown_once;
use crate::words::{admin_reason, words};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::Role;
use ui::button::{Button, Rank};
use ui::field::{Field, described_by};
use ui::part::Part;

/// The form, and the link it made.
#[component]
pub fn Invite(acts: Acts) -> impl IntoView {
    let words = words();
    let reason = admin_reason();
    let is_off = reason.is_some();
    view! {
        <Part title=words.invite.to_owned()>
            <ActionForm action=acts.invite attr:class="form">
                <Field id="invite-name" label=words.name.to_owned()>
                    <input class="input" id="invite-name" name="name" autocomplete="off" maxlength="100" required=true disabled=is_off />
                </Field>
                <Field id="invite-email" label=words.email.to_owned() hint=words.invite_email_hint>
                    <input
                        class="input"
                        id="invite-email"
                        name="email"
                        type="email"
                        autocomplete="off"
                        required=true
                        disabled=is_off
                        aria-describedby=described_by("invite-email")
                    />
                </Field>
                <Field id="invite-role" label=words.role.to_owned()>
                    <RoleSelect id="invite-role" chosen=Role::Responder disabled=is_off />
                </Field>
                {refusal(acts.invite)}
                <div class="form__foot">
                    <Button kind="submit" rank=Rank::Main disabled=reason busy=acts.invite.pending()>{words.invite_do}</Button>
                </div>
                <p class="field__hint">{words.invite_hint}</p>
            </ActionForm>
            {shown_once(acts.invite, words.invite_shown)}
            <RoleLegend />
        </Part>
    }
    .into_any()
}

/// What each role may do. Each contains the ones above it.
#[component]
fn RoleLegend() -> impl IntoView {
    let words = words();
    let lines =
        Role::ALL.into_iter().zip(words.role_says).map(|(role, says)| view! { <RoleLine role=role says=says /> }).collect_view();
    view! { <ul class="people__roles">{lines}</ul> }
}

#[component]
fn RoleLine(role: Role, says: &'static str) -> impl IntoView {
    view! {
        <li>
            <b>{words().role_word(role)}</b>
            <span>{says}</span>
        </li>
    }
}
