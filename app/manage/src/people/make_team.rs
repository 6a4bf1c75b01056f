//! Making a team.

use super::Acts;
use crate::report::refusal;
use crate::words::{admin_reason, words};
use leptos::form::ActionForm;
use leptos::html;
use leptos::prelude::*;
use ui::button::Button;
use ui::field::Field;
use ui::form::empty_when_done;
use ui::part::Part;

/// The form: a team is a name at first.
#[component]
pub fn MakeTeam(acts: Acts) -> impl IntoView {
    let words = words();
    let reason = admin_reason();
    let is_off = reason.is_some();
    let form: NodeRef<html::Form> = NodeRef::new();
    empty_when_done(acts.team_make, form);
    view! {
        <Part title=words.team_make.to_owned()>
            <ActionForm action=acts.team_make node_ref=form attr:class="form">
                <Field id="team-name" label=words.team_name.to_owned()>
                    <input class="input" id="team-name" name="name" autocomplete="off" maxlength="100" required=true disabled=is_off />
                </Field>
                {refusal(acts.team_make)}
                <div class="form__foot">
                    <Button kind="submit" disabled=reason busy=acts.team_make.pending()>{words.team_make_do}</Button>
                </div>
            </ActionForm>
        </Part>
    }
    .into_any()
}
