//! The one button, and the quieter ones beside it. All of them are forms that work without script.
//!
//! The form for words is one and the same whether it takes the alert on or comments on it, and stands in the same place: when somebody
//! else takes the alert while one writes, the words and the caret stay where they are. So what comes and goes before a field, or before
//! the menu that holds one, has a place (`take__part`) that stays: a field that is moved on the screen loses its caret, and what an input
//! method is composing in it.

use crate::facts::{name_of, until_text};
use crate::words::answers::answer_words;
use crate::words::{viewer, words};
use api::alerting::{AlertAcknowledge, AlertComment, AlertProlong, AlertResolve, AlertRow, AlertUnacknowledge, Held, SPANS};
use api::kept::typed_into;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::Role;
use model::alert::{AlertState, MAX_COMMENT};
use model::ids::AlertId;
use ui::attempt::Typed;
use ui::button::Button;
use ui::icon::IconName;
use ui::menu::Menu;

/// What one can do about it now.
#[component]
pub fn Answer(row: AlertRow) -> impl IntoView {
    if !viewer().may(Role::Responder) {
        return view! { <div class="take"><p class="take__say">{words().viewer_hint}</p></div> }.into_any();
    }
    let (id, state) = (row.id, row.state);
    let is_firing = state == AlertState::Firing;
    let is_free = is_firing && row.held.is_none();
    let say = say(&row);
    let form = (state != AlertState::Pending).then(|| view! { <Speak id=id is_taking=is_free /> });
    let longer = row.held.as_ref().filter(|held| is_firing && is_mine(held)).map(|_| view! { <Longer id=id /> });
    let more = is_firing.then(|| view! { <More id=id is_held=!is_free /> });
    view! {
        <div class="take">
            <div class="take__part">{say.map(|say| view! { <p class="take__say">{say}</p> })}</div>
            {form}
            <div class="take__part">{longer}</div>
            {more}
        </div>
    }
    .into_any()
}

/// Whether the reader has it, as far as a name can tell; the server knows better.
fn is_mine(held: &Held) -> bool {
    viewer().person.is_some_and(|person| person.name == held.by)
}

/// How things stand, above what can be done; nothing where the screen's head says all.
fn say(row: &AlertRow) -> Option<String> {
    let words = words();
    match (row.state, &row.held) {
        (AlertState::Resolved, _) => None,
        (AlertState::Pending, _) => Some(words.pending_hint.to_owned()),
        (AlertState::Firing, None) => Some(words.take_say.to_owned()),
        (AlertState::Firing, Some(held)) => {
            let said = (words.held_say)(&name_of(&held.by));
            Some(held.until.map_or(said.clone(), |at| format!("{said} {}", until_text(at))))
        }
    }
}

/// Takes the alert on, with words or without, or says something about it.
#[component]
fn Speak(id: AlertId, is_taking: bool) -> impl IntoView {
    let words = words();
    let url = if is_taking { AlertAcknowledge::url() } else { AlertComment::url() };
    let add = (!is_taking).then(|| view! { <Button kind="submit" icon=IconName::Chat>{words.comment_add}</Button> });
    let hint = if is_taking { words.comment_hint } else { words.comment_needed };
    // It may have been the other of the two when it was sent: an alert that is over meanwhile takes comments only.
    let refused = typed_into(ServerAction::<AlertAcknowledge>::new());
    let typed = Typed::new(refused.or_else(|| typed_into(ServerAction::<AlertComment>::new())));
    let span = is_taking.then(|| view! { <SpanSelect id="span" current=typed.text("span", "") /> });
    let typed = typed.text("comment", "");
    view! {
        <form class="take__form" method="post" action=url>
            <input type="hidden" name="id" value=id.0.to_string() />
            <div class="take__part">{is_taking.then(take_button)} {span}</div>
            <CommentBox id="comment" hint=hint required=!is_taking typed=typed />
            {add}
        </form>
    }
}

/// The one button of the screen. Large, because it is pressed half asleep; `a` presses it too.
fn take_button() -> AnyView {
    view! {
        <button class="take__button" type="submit" aria-keyshortcuts="a" data-hotkey="a">
            <b>{words().take_on}</b>
            <kbd aria-hidden="true">"A"</kbd>
        </button>
    }
    .into_any()
}

/// For how long: until it is over, or a time after which it calls again.
#[component]
fn SpanSelect(id: &'static str, current: String) -> impl IntoView {
    let words = answer_words();
    let option = |value: &'static str, label: &'static str| {
        let is_chosen = value == current;
        view! { <option value=value selected=is_chosen>{label}</option> }
    };
    let hint = format!("{id}-hint");
    let described = hint.clone();
    let first = option("", words.span_whole);
    let others = SPANS.into_iter().map(|(word, _)| option(word, (words.span)(word))).collect_view();
    view! {
        <span class="take__span">
            <label for=id>{words.span_label}</label>
            <select class="input" id=id name="span" aria-describedby=described>
                {first}
                {others}
            </select>
            <small class="take__say" id=hint>{words.span_hint}</small>
        </span>
    }
}

/// For who has it: another end, from now on.
#[component]
fn Longer(id: AlertId) -> impl IntoView {
    let words = answer_words();
    view! {
        <form class="take__longer" method="post" action=AlertProlong::url()>
            <input type="hidden" name="id" value=id.0.to_string() />
            <SpanSelect id="longer" current=String::new() />
            <Button kind="submit">{words.prolong}</Button>
        </form>
    }
}

/// The quieter acts: leaving it to others, ending it.
#[component]
fn More(id: AlertId, is_held: bool) -> impl IntoView {
    let give_back = is_held.then(|| view! { <GiveBack id=id /> });
    view! {
        <div class="take__more">
            <div class="take__part">{give_back}</div>
            <Resolve id=id />
        </div>
    }
}

#[component]
fn GiveBack(id: AlertId) -> impl IntoView {
    view! {
        <form method="post" action=AlertUnacknowledge::url()>
            <input type="hidden" name="id" value=id.0.to_string() />
            <Button kind="submit" icon=IconName::StateOpen>{words().give_back}</Button>
        </form>
    }
}

#[component]
fn Resolve(id: AlertId) -> impl IntoView {
    let words = words();
    let typed = Typed::new(typed_into(ServerAction::<AlertResolve>::new()));
    let (is_back, reason) = (typed.fields().is_some(), typed.text("comment", ""));
    view! {
        <Menu label=words.resolve open=is_back>
            <form class="take__form" method="post" action=AlertResolve::url()>
                <p class="take__say">{words.resolve_hint}</p>
                <input type="hidden" name="id" value=id.0.to_string() />
                <CommentBox id="resolve-comment" hint=words.comment_hint required=false typed=reason />
                <Button kind="submit" icon=IconName::StateBack>{words.resolve}</Button>
            </form>
        </Menu>
    }
}

/// One line of words. What was sent and refused stands in it again.
#[component]
fn CommentBox(id: &'static str, hint: &'static str, required: bool, typed: String) -> impl IntoView {
    view! {
        <label class="hush" for=id>{words().comment}</label>
        <input
            class="input"
            id=id
            name="comment"
            type="text"
            autocomplete="off"
            maxlength=MAX_COMMENT.to_string()
            placeholder=hint
            required=required
            value=typed
        />
    }
}
