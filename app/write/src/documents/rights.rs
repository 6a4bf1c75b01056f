//! Who may do what with a document: what stands above it says so, or it says so itself.

use crate::report::attempt;
use crate::screen::{hidden, option, seen};
use crate::words::documents::document_words;
use api::documents::DocumentRights;
use api::documents::view::{RightView, SettingsView};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::ids::TeamId;
use ui::attempt::{Attempt, Named, Typed};
use ui::button::Button;
use ui::field::Field;
use ui::part::Part;

/// The form that gives it rights of its own, or takes them away.
pub fn rights(view: &SettingsView, action: ServerAction<DocumentRights>) -> AnyView {
    let words = document_words();
    let attempt: Attempt = attempt(action, vec![Named::new("teams", "rights-everyone", words.teams)]);
    let own: &'static str = if view.rights.is_some() { "own" } else { "above" };
    let from: String = attempt.typed.text("form[from]", own);
    let sources: Vec<AnyView> = vec![option("above", words.rights_above, &from), option("own", words.rights_own, &from)];
    let (everyone, given): (RightView, Vec<(TeamId, RightView)>) = view.rights.clone().unwrap_or((RightView::Write, Vec::new()));
    let teams: AnyView = teams("rights", &view.teams, &given, &attempt.typed);
    let chosen: String = attempt.typed.text("form[everyone]", everyone.as_str());
    let fields = view! {
        {attempt.refused()}
        {hidden("form[id]", &view.head.id.to_string())}
        {seen("form[version]", view.head.version)}
        {attempt.select(Named::new("form[from]", "rights-from", words.rights_from), words.rights_hint.to_owned(), sources)}
        {attempt.select(Named::new("form[everyone]", "rights-everyone", words.everyone), String::new(), levels(&chosen, ""))}
        {teams}
        <p class="form__foot"><Button kind="submit">{words.save}</Button></p>
    };
    let form = view! { <ActionForm action=action attr:class="form">{fields}</ActionForm> };
    view! { <Part title=words.rights.to_owned()>{form}</Part> }.into_any()
}

/// Every right, to choose one; `none` is what is said where nothing is given.
pub fn levels(chosen: &str, none: &'static str) -> Vec<AnyView> {
    let words = document_words();
    let empty = (!none.is_empty()).then(|| option("", none, chosen));
    let all = RightView::ALL.into_iter().zip(words.rights_words).map(|((_, word), said)| option(word, said, chosen));
    empty.into_iter().chain(all).collect()
}

/// What each team may; a team and its right stand in the same order.
pub fn teams(prefix: &str, all: &[(TeamId, String)], given: &[(TeamId, RightView)], typed: &Typed) -> AnyView {
    let words = document_words();
    if all.is_empty() {
        return view! { <p class="mute">{words.no_teams}</p> }.into_any();
    }
    let sent: Vec<String> = sent_levels(typed);
    let line = |(n, (id, name)): (usize, &(TeamId, String))| -> AnyView {
        let held: &str = given.iter().find(|(team, _)| team == id).map_or("", |(_, right)| right.as_str());
        let chosen: String = sent.get(n).cloned().unwrap_or_else(|| held.to_owned());
        let input: String = format!("{prefix}-team-{id}");
        view! {
            {hidden("form[teams][]", &id.to_string())}
            <Field id=input.clone() label=name.clone()>
                <select class="input" id=input name="form[levels][]">{levels(&chosen, words.as_everyone)}</select>
            </Field>
        }
        .into_any()
    };
    let lines: Vec<AnyView> = all.iter().enumerate().map(line).collect();
    view! {
        <fieldset class="folio__teams">
            <legend class="field__label">{words.teams}</legend>
            {lines}
        </fieldset>
    }
    .into_any()
}

/// What had been chosen for teams, in their order, where the form came back.
fn sent_levels(typed: &Typed) -> Vec<String> {
    let fields: &[(String, String)] = typed.fields().unwrap_or_default();
    fields.iter().filter(|(name, _)| name.starts_with("form[levels]")).map(|(_, text)| text.clone()).collect()
}
