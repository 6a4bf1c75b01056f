//! Making a token: a name, what it may do, how long it is good; the answer is shown once.

use super::Acts;
use crate::report::refusal;
use crate::shown_once::shown_once;
use crate::words::words;
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::button::Button;
use ui::field::{Field, Tick, described_by};
use ui::part::Part;

/// What a token may be allowed to do; the server knows the same words (`model::access`).
const SCOPES: [&str; 5] = ["read", "alerts:write", "rules:write", "metrics:read", "metrics:write"];
/// What most tokens are made for: an agent.
const USUAL: &str = "metrics:write";
/// How long a token may be good.
const DAYS: [u32; 3] = [30, 90, 365];
/// Long enough not to be renewed every month, short enough to be forgotten safely.
const USUAL_DAYS: u32 = 90;

/// The form, and the token it made.
#[component]
pub fn TokenForm(acts: Acts) -> impl IntoView {
    let words = words();
    let scopes = SCOPES.into_iter().map(|scope| view! { <Scope scope=scope /> }).collect_view();
    let days = DAYS.into_iter().map(|days| view! { <DaysOption days=days /> }).collect_view();
    view! {
        <Part title=words.token_make.to_owned()>
            <ActionForm action=acts.token_make attr:class="form">
                <Field id="token-name" label=words.token_name.to_owned() hint=words.token_name_hint>
                    <input
                        class="input"
                        id="token-name"
                        name="name"
                        autocomplete="off"
                        maxlength="100"
                        required=true
                        aria-describedby=described_by("token-name")
                    />
                </Field>
                <fieldset class="account__scopes">
                    <legend class="field__label">{words.scopes}</legend>
                    <p class="field__hint">{words.scopes_note}</p>
                    {scopes}
                </fieldset>
                <Field id="token-days" label=words.token_days.to_owned()>
                    <select class="input" id="token-days" name="days">{days}</select>
                </Field>
                {refusal(acts.token_make)}
                <div class="form__foot">
                    <Button kind="submit" busy=acts.token_make.pending()>{words.token_make_do}</Button>
                </div>
            </ActionForm>
            {shown_once(acts.token_make, words.token_shown)}
        </Part>
    }
    .into_any()
}

/// A form sends every ticked one as `scopes[]`, which serde_qs gathers into one list.
#[component]
fn Scope(scope: &'static str) -> impl IntoView {
    let (says, is_usual) = ((words().scope)(scope), scope == USUAL);
    view! {
        <Tick name="scopes[]" value=scope checked=is_usual>
            <code class="account__scope">{scope}</code>
            <span class="soft">{says}</span>
        </Tick>
    }
}

#[component]
fn DaysOption(days: u32) -> impl IntoView {
    let is_usual = days == USUAL_DAYS;
    view! {
        <option value=days.to_string() selected=is_usual>
            {(words().days)(days)}
        </option>
    }
}

#[cfg(test)]
mod tests {
    use super::SCOPES;
    use model::access;

    #[test]
    fn every_scope_the_server_knows_can_be_ticked() {
        let mut known: Vec<&str> = access::ALL.iter().filter_map(|(_, _, scope)| *scope).collect();
        known.sort_unstable();
        known.dedup();
        let mut offered = SCOPES.to_vec();
        offered.sort_unstable();
        assert_eq!(offered, known);
    }
}
