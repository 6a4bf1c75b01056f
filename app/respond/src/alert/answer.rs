//! The one button, and the quieter ones beside it. All of them are forms that work without script.

use crate::alert::Acts;
use crate::words::{viewer, words};
use api::alerting::{AlertAcknowledge, AlertRow};
use leptos::form::ActionForm;
use leptos::html;
use leptos::prelude::*;
use model::Role;
use model::alert::AlertState;
use model::ids::AlertId;
use ui::button::Button;
use ui::form::empty_when_done;
use ui::icon::IconName;
use ui::keys::Keys;
use ui::menu::Menu;

/// What one can do about it now.
#[component]
pub fn Answer(row: AlertRow, acts: Acts) -> impl IntoView {
    if !viewer().may(Role::Responder) {
        return view! { <div class="take"><p class="take__say">{words().viewer_hint}</p></div> }.into_any();
    }
    let id = row.id;
    match (row.state, row.held) {
        (AlertState::Resolved, _) => view! { <div class="take"><Speak id=id acts=acts /></div> }.into_any(),
        (AlertState::Pending, _) => view! { <div class="take"><p class="take__say">{words().pending}</p></div> }.into_any(),
        (AlertState::Firing, None) => view! { <Take id=id acts=acts /> }.into_any(),
        (AlertState::Firing, Some(held)) => view! { <Held id=id by=held.by acts=acts /> }.into_any(),
    }
}

#[component]
fn Take(id: AlertId, acts: Acts) -> impl IntoView {
    let words = words();
    let pending = acts.take.pending();
    view! {
        <div class="take">
            <p class="take__say">{words.take_say}</p>
            <ActionForm action=acts.take>
                <input type="hidden" name="id" value=id.0.to_string() />
                <button class="take__button" type="submit" aria-keyshortcuts="a" aria-busy=move || pending.get().then_some("true")>
                    <b>{words.take_on}</b>
                    <kbd aria-hidden="true">"A"</kbd>
                </button>
                <CommentBox name="comment" id="take-comment" required=false />
            </ActionForm>
            <div class="take__more"><Resolve id=id acts=acts /></div>
        </div>
    }
}

#[component]
fn Held(id: AlertId, by: String, acts: Acts) -> impl IntoView {
    let words = words();
    view! {
        <div class="take">
            <p class="take__say">{(words.held_say)(&by)}</p>
            <Speak id=id acts=acts />
            <div class="take__more">
                <ActionForm action=acts.give_back>
                    <input type="hidden" name="id" value=id.0.to_string() />
                    <Button kind="submit" icon=IconName::StateOpen>{words.give_back}</Button>
                </ActionForm>
                <Resolve id=id acts=acts />
            </div>
        </div>
    }
}

/// A comment for the history.
#[component]
fn Speak(id: AlertId, acts: Acts) -> impl IntoView {
    let form: NodeRef<html::Form> = NodeRef::new();
    empty_when_done(acts.comment, form);
    view! {
        <ActionForm action=acts.comment node_ref=form attr:class="take__form">
            <input type="hidden" name="id" value=id.0.to_string() />
            <CommentBox name="comment" id="comment" required=true />
            <Button kind="submit" icon=IconName::Chat busy=acts.comment.pending()>{words().comment_add}</Button>
        </ActionForm>
    }
}

#[component]
fn CommentBox(name: &'static str, id: &'static str, required: bool) -> impl IntoView {
    let words = words();
    view! {
        <label class="hush" for=id>{words.comment}</label>
        <input class="input" id=id name=name type="text" maxlength="1000" placeholder=words.comment_hint required=required />
    }
}

#[component]
fn Resolve(id: AlertId, acts: Acts) -> impl IntoView {
    let words = words();
    view! {
        <Menu label=words.resolve>
            <ActionForm action=acts.resolve attr:class="take__form">
                <p class="take__say">{words.resolve_hint}</p>
                <input type="hidden" name="id" value=id.0.to_string() />
                <CommentBox name="comment" id="resolve-comment" required=false />
                <Button kind="submit" icon=IconName::StateBack>{words.resolve}</Button>
            </ActionForm>
        </Menu>
    }
}

/// `a` acknowledges.
pub fn bind_key(id: Memo<AlertId>, acts: Acts) {
    let Some(keys) = use_context::<Keys>() else { return };
    keys.bind(
        "a",
        Callback::new(move |()| {
            acts.take.dispatch(AlertAcknowledge { id: id.get_untracked(), comment: None });
        }),
    );
}
