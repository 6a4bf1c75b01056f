//! The margin: what people say about some words, and how they say that they should be. Each thread stands under its quote; the editor marks
//! the words themselves.

mod suggestion;
mod thread;

use crate::report::{attempt, refusal_before};
use crate::screen::hidden;
use crate::words::documents::document_words;
use api::documents::view::{DocumentHead, MarginView, RightView};
use api::documents::{
    CommentChange, CommentRemove, DocumentComment, DocumentReply, DocumentSuggest, SuggestionSettle, ThreadResolve,
};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links::documents as ways;
use ui::attempt::{Attempt, Named};
use ui::button::Button;
use ui::field::Line;
use ui::part::Part;

/// Where the margin stands, and how much of it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarginPlace {
    /// Beside the editor: forms lead back there.
    pub is_writing: bool,
    /// What is settled too.
    pub is_all: bool,
}

impl MarginPlace {
    fn back(self) -> &'static str {
        if self.is_writing { "edit" } else { "" }
    }
}

/// What one can do there.
#[derive(Clone, Copy)]
pub struct MarginActs {
    pub comment: ServerAction<DocumentComment>,
    pub reply: ServerAction<DocumentReply>,
    pub change: ServerAction<CommentChange>,
    pub remove: ServerAction<CommentRemove>,
    pub resolve: ServerAction<ThreadResolve>,
    pub suggest: ServerAction<DocumentSuggest>,
    pub settle: ServerAction<SuggestionSettle>,
}

impl MarginActs {
    #[must_use]
    pub fn new() -> Self {
        Self {
            comment: ServerAction::new(),
            reply: ServerAction::new(),
            change: ServerAction::new(),
            remove: ServerAction::new(),
            resolve: ServerAction::new(),
            suggest: ServerAction::new(),
            settle: ServerAction::new(),
        }
    }
}

/// Everything beside the text.
pub fn margin(head: &DocumentHead, view: &MarginView, place: MarginPlace, acts: MarginActs) -> AnyView {
    let words = document_words();
    let may_say: bool = head.right >= RightView::Comment && head.can_work && head.trashed.is_none();
    let threads: Vec<AnyView> = view.threads.iter().map(|one| thread::thread(head, one, may_say, place, acts)).collect();
    let suggestions: Vec<AnyView> =
        view.suggestions.iter().map(|one| suggestion::suggestion(head, one, may_say, place, acts)).collect();
    let is_empty: bool = threads.is_empty() && suggestions.is_empty();
    let nothing = is_empty.then(|| view! { <p class="mute">{words.no_comments}</p> });
    let n_open: usize = view.threads.iter().filter(|thread| thread.resolved.is_none()).count();
    let count: Option<String> = (n_open > 0).then(|| n_open.to_string());
    let forms = may_say.then(|| forms(head, place, acts));
    let anchors: String = view.anchors.clone();
    let inside = view! {
        {refusal_before(acts.remove)}
        {refusal_before(acts.resolve)}
        {refusal_before(acts.settle)}
        {nothing}
        <ol class="margin">{threads}</ol>
        <ol class="margin">{suggestions}</ol>
        {settled(head, view, place)}
        {forms}
        <div hidden=true data-comments=anchors></div>
    };
    view! { <Part title=words.comments.to_owned() count=count id="comments">{inside}</Part> }.into_any()
}

/// The way to what is settled, or back.
fn settled(head: &DocumentHead, view: &MarginView, place: MarginPlace) -> Option<AnyView> {
    let words = document_words();
    let screen: String = if place.is_writing { ways::edit(&head.slug) } else { ways::document(&head.slug) };
    if place.is_all {
        let href: String = format!("{screen}#comments");
        return Some(view! { <p><a class="link" href=href>{words.only_open}</a></p> }.into_any());
    }
    (view.n_done > 0).then(|| {
        let (href, text): (String, String) = (format!("{screen}?all=1#comments"), (words.and_settled)(view.n_done));
        view! { <p><a class="link" href=href>{text}</a></p> }.into_any()
    })
}

fn forms(head: &DocumentHead, place: MarginPlace, acts: MarginActs) -> AnyView {
    let suggest: Option<AnyView> = place.is_writing.then(|| suggest_form(head, place, acts));
    view! {
        {comment_form(head, place, acts)}
        {suggest}
    }
    .into_any()
}

/// What hangs on what, as the editor fills it in; without it the words themselves are written down. What was refused still hangs there.
fn anchors(attempt: &Attempt) -> AnyView {
    let (start, end): (String, String) = (attempt.typed.text("form[start]", ""), attempt.typed.text("form[end]", ""));
    view! {
        <input type="hidden" name="form[start]" data-anchor="start" value=start />
        <input type="hidden" name="form[end]" data-anchor="end" value=end />
    }
    .into_any()
}

/// The words that were chosen in the text, as the editor fills them in.
fn quote(attempt: &Attempt) -> AnyView {
    let quoted: String = attempt.typed.text("form[quoted]", "");
    // An empty text would still be a letter of the page, and the mark of a quotation would stand beside it.
    let told: Option<String> = (!quoted.is_empty()).then(|| quoted.clone());
    view! {
        <blockquote class="margin__quote" data-quote="">{told}</blockquote>
        <input type="hidden" name="form[quoted]" data-anchor="quoted" value=quoted />
    }
    .into_any()
}

fn comment_form(head: &DocumentHead, place: MarginPlace, acts: MarginActs) -> AnyView {
    let words = document_words();
    let (body, quoted) = (
        Named::new("form[body]", "comment-body", words.comment),
        Line { hint: words.quoted_hint.to_owned(), ..Line::new("comment-quoted", "form[quoted]", words.quoted) },
    );
    let places = vec![Named::new("body", "comment-body", words.comment), Named::new("quoted", "comment-quoted", words.quoted)];
    let attempt: Attempt = attempt(acts.comment, places);
    let is_open: bool = attempt.typed.fields().is_some();
    let quote: AnyView = if place.is_writing { quote(&attempt) } else { attempt.line(quoted) };
    let fields = view! {
        {attempt.refused()}
        {hidden("form[id]", &head.id.to_string())}
        {hidden("form[back]", place.back())}
        {anchors(&attempt)}
        {quote}
        {attempt.area(body, words.comment_hint.to_owned(), "")}
        <p class="form__foot"><Button kind="submit">{words.comment_send}</Button></p>
    };
    view! {
        <details class="margin__form" open=is_open>
            <summary class="button">{words.comment_add}</summary>
            <ActionForm action=acts.comment attr:class="form" attr:data-comment-form="">{fields}</ActionForm>
        </details>
    }
    .into_any()
}

fn suggest_form(head: &DocumentHead, place: MarginPlace, acts: MarginActs) -> AnyView {
    let words = document_words();
    let note = Line::new("suggest-note", "form[note]", words.note);
    let places =
        vec![Named::new("replacement", "suggest-replacement", words.replacement), Named::new("note", "suggest-note", words.note)];
    let attempt: Attempt = attempt(acts.suggest, places);
    let is_open: bool = attempt.typed.fields().is_some();
    let text: String = attempt.typed.text("form[replacement]", "");
    let fields = view! {
        {attempt.refused()}
        {hidden("form[id]", &head.id.to_string())}
        {hidden("form[back]", place.back())}
        {anchors(&attempt)}
        {quote(&attempt)}
        <label class="field__label" for="suggest-replacement">{words.replacement}</label>
        <textarea
            class="input form__lines"
            id="suggest-replacement"
            name="form[replacement]"
            rows="3"
            data-anchor="replacement"
            inner_html=ui::attempt::content(&text)
        ></textarea>
        {attempt.line(note)}
        <p class="form__foot"><Button kind="submit">{words.suggest_send}</Button></p>
    };
    view! {
        <details class="margin__form" open=is_open data-live-only="">
            <summary class="button">{words.suggest}</summary>
            <ActionForm action=acts.suggest attr:class="form" attr:data-suggestion-form="">{fields}</ActionForm>
        </details>
    }
    .into_any()
}
