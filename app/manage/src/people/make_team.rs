//! Making a team.

use super::Acts;
use crate::report::attempt;
use crate::words::{admin_reason, words};
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::attempt::Named;
use ui::button::Button;
use ui::field::Line;
use ui::part::Part;

/// The form: a team is a name at first.
#[component]
pub fn MakeTeam(acts: Acts) -> impl IntoView {
    let words = words();
    let reason = admin_reason();
    let is_off = reason.is_some();
    let attempt = attempt(acts.team_make, vec![Named::new("name", "team-name", words.team_name)]);
    let name = Line { most: Some(100), required: true, is_off, ..Line::new("team-name", "name", words.team_name) };
    view! {
        <Part title=words.team_make.to_owned()>
            <ActionForm action=acts.team_make attr:class="form">
                {attempt.refused()}
                {attempt.line(name)}
                <div class="form__foot">
                    <Button kind="submit" disabled=reason busy=acts.team_make.pending()>{words.team_make_do}</Button>
                </div>
            </ActionForm>
        </Part>
    }
    .into_any()
}
