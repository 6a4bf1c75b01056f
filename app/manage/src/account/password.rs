//! Changing the password.

use super::Acts;
use crate::report::refusal;
use crate::words::{viewer, words};
use leptos::form::ActionForm;
use leptos::html;
use leptos::prelude::*;
use ui::button::Button;
use ui::field::{Field, described_by};
use ui::form::empty_when_done;
use ui::part::Part;

/// The form: the old one, the new one, and the e-mail, hidden, so that a password manager knows whose they are.
#[component]
pub fn Password(acts: Acts) -> impl IntoView {
    let words = words();
    let form: NodeRef<html::Form> = NodeRef::new();
    empty_when_done(acts.password, form);
    let email = viewer().person.map(|person| person.email).unwrap_or_default();
    view! {
        <Part title=words.password.to_owned()>
            <ActionForm action=acts.password node_ref=form attr:class="form">
                <input type="text" value=email autocomplete="username" readonly=true hidden=true />
                <Field id="old" label=words.password_old.to_owned()>
                    <input class="input" id="old" name="old" type="password" autocomplete="current-password" required=true />
                </Field>
                <Field id="new" label=words.password_new.to_owned() hint=words.password_hint>
                    <input
                        class="input"
                        id="new"
                        name="new"
                        type="password"
                        autocomplete="new-password"
                        minlength="8"
                        required=true
                        aria-describedby=described_by("new")
                    />
                </Field>
                {refusal(acts.password)}
                <div class="form__foot">
                    <Button kind="submit" busy=acts.password.pending()>{words.password_do}</Button>
                </div>
                <p class="field__hint">{words.password_note}</p>
            </ActionForm>
        </Part>
    }
    .into_any()
}
