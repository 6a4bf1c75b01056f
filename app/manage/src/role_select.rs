//! A choice of roles, least first.

use crate::words::words;
use leptos::prelude::*;
use model::Role;

/// A select that a form sends as `role`.
#[component]
pub fn RoleSelect(
    /// Its id, unique on the screen.
    #[prop(into)]
    id: String,
    /// The role in force.
    chosen: Role,
    /// Its name where no label stands beside it; empty where one does.
    #[prop(optional, into)]
    label: String,
    /// Whether it can't be changed by this viewer.
    #[prop(default = false)]
    disabled: bool,
) -> impl IntoView {
    let options = Role::ALL.into_iter().map(|role| view! { <RoleOption role=role chosen=chosen /> }).collect_view();
    let label = (!label.is_empty()).then_some(label);
    view! {
        <select class="input" id=id name="role" aria-label=label disabled=disabled>
            {options}
        </select>
    }
}

#[component]
fn RoleOption(role: Role, chosen: Role) -> impl IntoView {
    let is_chosen = role == chosen;
    view! {
        <option value=role.as_str() selected=is_chosen>
            {words().role_word(role)}
        </option>
    }
}
