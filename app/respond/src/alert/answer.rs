//! The one button, and the quieter ones beside it. All of them are forms that work without script.
//!
//! The form for words is one and the same whether it takes the alert on or comments on it, and stands in the same place: when somebody
//! else takes the alert while one writes, the words and the caret stay where they are.

use crate::alert::Acts;
use crate::facts::{name_of, until_text};
use crate::words::answers::answer_words;
use crate::words::{viewer, words};
use api::alerting::{AlertAcknowledge, AlertComment, AlertRow, Held, SPANS};
use api::kept::typed_into;
use leptos::ev::SubmitEvent;
use leptos::form::ActionForm;
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::Role;
use model::alert::{AlertState, MAX_COMMENT};
use model::ids::AlertId;
use ui::attempt::Typed;
use ui::button::Button;
use ui::form::Draft;
use ui::icon::IconName;
use ui::keys::Keys;
use ui::menu::Menu;

/// What one can do about it now.
#[component]
pub fn Answer(row: AlertRow, acts: Acts) -> impl IntoView {
    if !viewer().may(Role::Responder) {
        return view! { <div class="take"><p class="take__say">{words().viewer_hint}</p></div> }.into_any();
    }
    let (id, state) = (row.id, row.state);
    let is_firing = state == AlertState::Firing;
    let is_free = is_firing && row.held.is_none();
    let say = say(&row);
    let form = (state != AlertState::Pending).then(|| view! { <Speak id=id is_taking=is_free acts=acts /> });
    let longer = row.held.as_ref().filter(|held| is_firing && is_mine(held)).map(|_| view! { <Longer id=id acts=acts /> });
    let more = is_firing.then(|| view! { <More id=id is_held=!is_free acts=acts /> });
    view! {
        <div class="take">
            {say.map(|say| view! { <p class="take__say">{say}</p> })}
            {form}
            {longer}
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
fn Speak(id: AlertId, is_taking: bool, acts: Acts) -> impl IntoView {
    let words = words();
    let url = if is_taking { AlertAcknowledge::url() } else { AlertComment::url() };
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if is_taking { acts.take_on(id) } else { acts.speak(id) }
    };
    let take = is_taking.then(|| view! { <TakeButton is_busy=acts.is_sending /> });
    let add = (!is_taking)
        .then(|| view! { <Button kind="submit" icon=IconName::Chat busy=acts.is_sending>{words.comment_add}</Button> });
    let hint = if is_taking { words.comment_hint } else { words.comment_needed };
    let typed = Typed::new(if is_taking { typed_into(acts.take) } else { typed_into(acts.comment) });
    let span = is_taking.then(|| view! { <SpanSelect id="span" chosen=acts.span current=typed.text("span", "") /> });
    let typed = typed.text("comment", "");
    view! {
        <form class="take__form" method="post" action=url on:submit=send>
            <input type="hidden" name="id" value=id.0.to_string() />
            {take}
            {span}
            <CommentBox id="comment" draft=acts.comment_draft hint=hint required=!is_taking typed=typed />
            {add}
        </form>
    }
}

/// The one button of the screen. Large, because it is pressed half asleep.
#[component]
fn TakeButton(is_busy: Signal<bool>) -> impl IntoView {
    let busy = move || is_busy.get().then_some("true");
    view! {
        <button class="take__button" type="submit" aria-keyshortcuts="a" aria-busy=busy>
            <b>{words().take_on}</b>
            <kbd aria-hidden="true">"A"</kbd>
        </button>
    }
}

/// For how long: until it is over, or a time after which it calls again.
#[component]
fn SpanSelect(id: &'static str, chosen: RwSignal<String>, current: String) -> impl IntoView {
    let words = answer_words();
    let current = if current.is_empty() { chosen.get_untracked() } else { current };
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
            <select
                class="input"
                id=id
                name="span"
                aria-describedby=described
                on:change=move |event| chosen.set(event_target_value(&event))
            >
                {first}
                {others}
            </select>
            <small class="take__say" id=hint>{words.span_hint}</small>
        </span>
    }
}

/// For who has it: another end, from now on.
#[component]
fn Longer(id: AlertId, acts: Acts) -> impl IntoView {
    let words = answer_words();
    view! {
        <ActionForm action=acts.prolong attr:class="take__longer">
            <input type="hidden" name="id" value=id.0.to_string() />
            <SpanSelect id="longer" chosen=acts.span current=String::new() />
            <Button kind="submit" busy=acts.prolong.pending()>{words.prolong}</Button>
        </ActionForm>
    }
}

/// The quieter acts: leaving it to others, ending it.
#[component]
fn More(id: AlertId, is_held: bool, acts: Acts) -> impl IntoView {
    let give_back = is_held.then(|| view! { <GiveBack id=id acts=acts /> });
    view! {
        <div class="take__more">
            {give_back}
            <Resolve id=id acts=acts />
        </div>
    }
}

#[component]
fn GiveBack(id: AlertId, acts: Acts) -> impl IntoView {
    view! {
        <ActionForm action=acts.give_back>
            <input type="hidden" name="id" value=id.0.to_string() />
            <Button kind="submit" icon=IconName::StateOpen busy=acts.give_back.pending()>{words().give_back}</Button>
        </ActionForm>
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
                <CommentBox
                    id="resolve-comment"
                    draft=acts.reason_draft
                    hint=words.comment_hint
                    required=false
                    typed=Typed::new(typed_into(acts.resolve)).text("comment", "")
                />
                <Button kind="submit" icon=IconName::StateBack busy=acts.resolve.pending()>{words.resolve}</Button>
            </ActionForm>
        </Menu>
    }
}

/// One line of words. What is written stands in the draft too, for when the line is drawn anew; what was sent without a script and refused
/// stands in it again.
#[component]
fn CommentBox(id: &'static str, draft: Draft, hint: &'static str, required: bool, typed: String) -> impl IntoView {
    let field: NodeRef<html::Input> = NodeRef::new();
    draft.follow(field);
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
            node_ref=field
            on:input=move |event| draft.write(event_target_value(&event))
        />
    }
}

/// `a` acknowledges, with what is written.
pub fn bind_key(id: Memo<AlertId>, acts: Acts) {
    let Some(keys) = use_context::<Keys>() else { return };
    keys.bind("a", Callback::new(move |()| acts.take_on(id.get_untracked())));
}
