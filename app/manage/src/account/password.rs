//! Changing the password.

use super::Acts;
use crate::report::attempt;
use crate::words::{viewer, words};
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::attempt::Named;
use ui::button::Button;
use ui::field::Line;
use ui::part::Part;

/// The form: the old one, the new one, and the e-mail, hidden, so that a password manager knows whose they are.
#[component]
pub fn Password(acts: Acts) -> impl IntoView {
    let words = words();
    let fields = vec![Named::new("old", "old", words.password_old), Named::new("password", "new", words.password_new)];
    let attempt = attempt(acts.password, fields);
    let old = Line {
        kind: "password",
        autocomplete: "current-password",
        required: true,
        ..Line::new("old", "old", words.password_old)
    };
    let new = Line {
        kind: "password",
        autocomplete: "new-password",
        hint: words.password_hint.to_owned(),
        least: Some(8),
        required: true,
        ..Line::new("new", "new", words.password_new)
    };
    let email = viewer().person.map(|person| person.email).unwrap_or_default();
    view! {
        <Part title=words.password.to_owned()>
            <ActionForm action=acts.password attr:class="form">
                <input type="text" value=email autocomplete="username" readonly=true hidden=true />
                {attempt.refused()}
                {attempt.line(old)}
                {attempt.line(new)}
                <div class="form__foot">
                    <Button kind="submit" busy=acts.password.pending()>{words.password_do}</Button>
                </div>
                <p class="field__hint">{words.password_note}</p>
            </ActionForm>
        </Part>
    }
    .into_any()
}
