//! Making a token: a name, what it may do, how long it is good; the answer is shown once.

use super::Acts;
use crate::report::attempt;
use crate::shown_once::shown_once;
use crate::words::words;
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::attempt::{Attempt, Named};
use ui::button::Button;
use ui::field::{Line, Tick, field_error};
use ui::part::Part;

/// What a token may be allowed to do; the server knows the same words (`model::access`).
const SCOPES: [&str; 9] = [
    "read",
    "alerts:write",
    "dashboards:write",
    "documents:write",
    "incidents:write",
    "rules:write",
    "schedules:write",
    "metrics:read",
    "metrics:write",
];
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
    let fields = vec![
        Named::new("name", "token-name", words.token_name),
        Named::new("scopes", "token-scopes", words.scopes),
        Named::new("expires_at", "token-days", words.token_days),
    ];
    let attempt = attempt(acts.token_make, fields);
    let name = Line {
        hint: words.token_name_hint.to_owned(),
        most: Some(100),
        required: true,
        ..Line::new("token-name", "name", words.token_name)
    };
    view! {
        <Part title=words.token_make.to_owned()>
            <ActionForm action=acts.token_make attr:class="form" attr:data-whole="">
                {attempt.refused()}
                {attempt.line(name)}
                {scopes(&attempt)}
                {days(&attempt)}
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
fn scopes(attempt: &Attempt) -> AnyView {
    let words = words();
    let error: Signal<Option<String>> = attempt.wrong_at("token-scopes");
    let one = |scope: &'static str| {
        let (says, is_ticked) = ((words.scope)(scope), attempt.typed.is_ticked("scopes[]", scope, scope == USUAL));
        view! {
            <Tick name="scopes[]" value=scope checked=is_ticked>
                <code class="account__scope">{scope}</code>
                <span class="soft">{says}</span>
            </Tick>
        }
        .into_any()
    };
    let boxes: Vec<AnyView> = SCOPES.into_iter().map(one).collect();
    view! {
        <fieldset class="account__scopes" id="token-scopes" tabindex="-1" aria-describedby="token-scopes-error">
            <legend class="field__label">{words.scopes}</legend>
            <p class="field__hint">{words.scopes_note}</p>
            {boxes}
            {field_error("token-scopes", error)}
        </fieldset>
    }
    .into_any()
}

fn days(attempt: &Attempt) -> AnyView {
    let words = words();
    let chosen: String = attempt.typed.text("days", &USUAL_DAYS.to_string());
    let option = |days: u32| {
        let (value, word) = (days.to_string(), (words.days)(days));
        let is_chosen: bool = value == chosen;
        view! { <option value=value selected=is_chosen>{word}</option> }.into_any()
    };
    let options: Vec<AnyView> = DAYS.into_iter().map(option).collect();
    attempt.select(Named::new("days", "token-days", words.token_days), String::new(), options)
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
