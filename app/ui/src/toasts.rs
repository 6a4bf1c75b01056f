//! What was just done, said politely, with the way back where there is one.
//!
//! The server says it on the screen that a form comes back to ([`Told`]); `public/screen.js` makes a toast of that, which goes away by
//! itself. Without script it stands above the screen.

use leptos::prelude::*;

use crate::button::{Button, Rank};
use crate::context::use_look;
use crate::icon::{Icon, IconName};

/// Where toasts stand. Render it once, in the shell.
#[component]
pub fn ToastRegion() -> impl IntoView {
    view! { <div class="toasts" role="region" aria-label=use_look().words().notices aria-live="polite"></div> }
}

/// That something was done.
#[component]
pub fn Told(
    #[prop(into)] text: String,
    /// The form that takes it back: where it is sent, and its fields.
    #[prop(optional)]
    undo: Option<(String, Vec<(String, String)>)>,
) -> impl IntoView {
    let words = use_look().words();
    let kind = if undo.is_some() { "undo" } else { "" };
    view! {
        <div class="toast toast--told" data-toast=kind>
            <Icon name=IconName::Check />
            <p class="toast__text">{text}</p>
            <div class="toast__acts">
                {undo.map(|(action, fields)| back(action, fields, words.undo))}
                <button type="button" class="button button--quiet" aria-label=words.close data-dismiss="" hidden=true>
                    <Icon name=IconName::Close />
                </button>
            </div>
        </div>
    }
}

fn back(action: String, fields: Vec<(String, String)>, word: &'static str) -> AnyView {
    let field = |(name, value): (String, String)| view! { <input type="hidden" name=name value=value /> };
    view! {
        <form method="post" action=action>
            {fields.into_iter().map(field).collect_view()}
            <Button kind="submit" rank=Rank::Row>{word}</Button>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_taken_back_has_a_form_that_works_without_script() {
        let owner = Owner::new();
        owner.set();
        let html = |undo: Option<(String, Vec<(String, String)>)>| match undo {
            Some(undo) => view! { <Told text="A-12" undo=undo /> }.to_html(),
            None => view! { <Told text="A-12" /> }.to_html(),
        };
        let plain: String = html(None);
        assert!(!plain.contains("<form") && plain.contains("data-dismiss"), "{plain}");
        let undoable: String = html(Some(("/call/undo".to_owned(), vec![("id".to_owned(), "12".to_owned())])));
        for part in [r#"data-toast="undo""#, r#"action="/call/undo""#, r#"method="post""#, r#"value="12""#] {
            assert!(undoable.contains(part), "{part}: {undoable}");
        }
    }
}
