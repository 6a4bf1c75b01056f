//! One thread: its quote, what was said, and going on with it.

use super::{MarginActs, MarginPlace};
use crate::report::own_attempt;
use crate::screen::{hidden, moment_text};
use crate::words::documents::document_words;
use api::documents::view::{CommentView, DocumentHead, ThreadView};
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::attempt::{Attempt, Named};
use ui::button::{Button, Rank};
use ui::person::PersonMark;

pub fn thread(head: &DocumentHead, thread: &ThreadView, may_say: bool, place: MarginPlace, acts: MarginActs) -> AnyView {
    let words = document_words();
    let class: &'static str = if thread.resolved.is_some() { "margin__one margin__one--done" } else { "margin__one" };
    let comments: Vec<AnyView> = thread.comments.iter().map(|one| comment(head, one, may_say, place, acts)).collect();
    let resolved = thread.resolved.as_ref().map(|(by, at)| {
        let text: String = (words.resolved_by)(by, &moment_text(*at));
        view! { <p class="mute">{text}</p> }
    });
    let foot: Option<AnyView> = may_say.then(|| foot(head, thread, place, acts));
    view! {
        <li class=class id=format!("thread-{}", thread.id)>
            {quote(&thread.quoted, thread.is_detached, place, &thread.id.to_string())}
            {comments}
            {resolved}
            {foot}
        </li>
    }
    .into_any()
}

/// The words it is about. Beside the editor they lead to their place in the text.
pub fn quote(quoted: &str, is_detached: bool, place: MarginPlace, id: &str) -> Option<AnyView> {
    let words = document_words();
    if quoted.is_empty() {
        return None;
    }
    let (text, id): (String, String) = (quoted.to_owned(), id.to_owned());
    let gone = is_detached.then(|| view! { <small class="margin__gone">{words.detached}</small> });
    let inner: AnyView = if place.is_writing && !is_detached {
        view! { <button class="margin__goto" type="button" data-goto-thread=id>{text}</button> }.into_any()
    } else {
        text.into_any()
    };
    Some(view! { <blockquote class="margin__quote">{inner}</blockquote> {gone} }.into_any())
}

fn comment(head: &DocumentHead, comment: &CommentView, may_say: bool, place: MarginPlace, acts: MarginActs) -> AnyView {
    let words = document_words();
    let when: String = moment_text(comment.at);
    let edited = comment.is_edited.then(|| view! { <small class="mute">{words.was_edited}</small> });
    let html: String = comment.html.clone();
    let body: AnyView = if comment.is_removed {
        view! { <p class="mute">{words.was_removed}</p> }.into_any()
    } else {
        view! { <div class="prose prose--small" inner_html=html></div> }.into_any()
    };
    let own: Option<AnyView> = (comment.is_mine && may_say && !comment.is_removed).then(|| own_acts(head, comment, place, acts));
    view! {
        <div class="margin__said" id=format!("comment-{}", comment.id)>
            <p class="margin__by"><PersonMark name=comment.by.clone() /> <small class="mute">{when}</small> {edited}</p>
            {body}
            {own}
        </div>
    }
    .into_any()
}

/// What one said can be said otherwise, or taken back.
fn own_acts(head: &DocumentHead, comment: &CommentView, place: MarginPlace, acts: MarginActs) -> AnyView {
    let words = document_words();
    let (number, input): (String, String) = (comment.id.to_string(), format!("comment-{}-body", comment.id));
    let fields = vec![Named::new("body", &input, words.comment)];
    let attempt: Attempt = own_attempt(acts.change, fields, &[("comment", number.as_str())]);
    let is_open: bool = attempt.typed.fields().is_some();
    let fields = view! {
        {attempt.refused()}
        {hidden("id", &head.id.to_string())}
        {hidden("comment", &number)}
        {hidden("back", place.back())}
        {attempt.area(Named::new("body", &input, words.comment), String::new(), &comment.text)}
        <p class="form__foot"><Button kind="submit">{words.save}</Button></p>
    };
    let take_back: AnyView = take_back(head, &number, place, acts);
    view! {
        <details class="margin__form" open=is_open>
            <summary class="link">{words.change}</summary>
            <ActionForm action=acts.change attr:class="form">{fields}</ActionForm>
            {take_back}
        </details>
    }
    .into_any()
}

fn take_back(head: &DocumentHead, number: &str, place: MarginPlace, acts: MarginActs) -> AnyView {
    let words = document_words();
    let fields = view! {
        {hidden("id", &head.id.to_string())}
        {hidden("comment", number)}
        {hidden("back", place.back())}
        <Button kind="submit" rank=Rank::Quiet>{words.take_back}</Button>
    };
    view! { <ActionForm action=acts.remove>{fields}</ActionForm> }.into_any()
}

fn foot(head: &DocumentHead, thread: &ThreadView, place: MarginPlace, acts: MarginActs) -> AnyView {
    let words = document_words();
    let is_done: bool = thread.resolved.is_some();
    let number: String = thread.id.to_string();
    let (wants, word): (&'static str, &'static str) = if is_done { ("false", words.reopen) } else { ("true", words.resolve) };
    let reply: Option<AnyView> = (!is_done).then(|| reply(head, &number, place, acts));
    let fields = view! {
        {hidden("id", &head.id.to_string())}
        {hidden("thread", &number)}
        {hidden("is_done", wants)}
        {hidden("back", place.back())}
        <Button kind="submit" rank=Rank::Quiet>{word}</Button>
    };
    view! {
        <div class="margin__foot">
            {reply}
            <ActionForm action=acts.resolve>{fields}</ActionForm>
        </div>
    }
    .into_any()
}

fn reply(head: &DocumentHead, number: &str, place: MarginPlace, acts: MarginActs) -> AnyView {
    let words = document_words();
    let input: String = format!("thread-{number}-body");
    let fields = vec![Named::new("body", &input, words.reply)];
    let attempt: Attempt = own_attempt(acts.reply, fields, &[("thread", number)]);
    let is_open: bool = attempt.typed.fields().is_some();
    let fields = view! {
        {attempt.refused()}
        {hidden("id", &head.id.to_string())}
        {hidden("thread", number)}
        {hidden("back", place.back())}
        {attempt.area(Named::new("body", &input, words.reply), words.comment_hint.to_owned(), "")}
        <p class="form__foot"><Button kind="submit">{words.reply_send}</Button></p>
    };
    view! {
        <details class="margin__form" open=is_open>
            <summary class="link">{words.reply}</summary>
            <ActionForm action=acts.reply attr:class="form">{fields}</ActionForm>
        </details>
    }
    .into_any()
}
