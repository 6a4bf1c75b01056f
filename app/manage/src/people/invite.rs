//! Inviting: a name, an e-mail, a role; the answer is a link that is shown once.

use super::Acts;
use crate::report::attempt;
use crate::role_select::RoleSelect;
use crate::shown_once::shown_once;
use crate::words::{admin_reason, words};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::Role;
use ui::attempt::Named;
use ui::button::{Button, Rank};
use ui::field::{Field, Line};
use ui::part::Part;

/// The form, and the link it made.
#[component]
pub fn Invite(acts: Acts) -> impl IntoView {
    let words = words();
    let reason = admin_reason();
    let is_off = reason.is_some();
    let fields = vec![Named::new("name", "invite-name", words.name), Named::new("email", "invite-email", words.email)];
    let attempt = attempt(acts.invite, fields);
    let name = Line { most: Some(100), required: true, is_off, ..Line::new("invite-name", "name", words.name) };
    let email = Line {
        kind: "email",
        hint: words.invite_email_hint.to_owned(),
        required: true,
        is_off,
        ..Line::new("invite-email", "email", words.email)
    };
    let role: Role = Role::from_word(&attempt.typed.text("role", "")).unwrap_or(Role::Responder);
    view! {
        <Part title=words.invite.to_owned()>
            <ActionForm action=acts.invite attr:class="form" attr:data-whole="">
                {attempt.refused()}
                {attempt.line(name)}
                {attempt.line(email)}
                <Field id="invite-role" label=words.role.to_owned()>
                    <RoleSelect id="invite-role" chosen=role disabled=is_off />
                </Field>
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
