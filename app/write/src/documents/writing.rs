//! A document as it is written. The server draws what can be read and a field that works without any script; `public/write.js` brings the editor
//! in their place, once it has the text as everybody else has it.
//!
//! What the editor or the reader fills in is marked `data-own`: nobody else draws there. The version the field was filled from stands inside of
//! the same mark, so that it never becomes newer than what is typed.

use super::asked;
use super::detail::{lost, named};
use super::head::{Shown, title};
use super::margin::{MarginActs, MarginPlace, margin};
use super::prose::{folded, prose};
use super::refusal::not_done;
use crate::screen::moment_text;
use crate::words::documents::document_words;
use crate::words::locale;
use api::ask;
use api::documents::document_writing;
use api::documents::form::DocumentTrouble;
use api::documents::view::{ConflictView, DocumentAsk, DocumentHead, RightView, WritingView};
use api::postmortems::view::GraphName;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::links::documents as ways;
use ui::attempt::content;
use ui::button::{Button, ButtonLink, Rank};
use ui::callout::{Callout, Tone};
use ui::loaded::loaded;
use ui::part::Part;

/// The screen at `/documents/:id/edit`.
#[component]
pub fn WritingScreen() -> impl IntoView {
    let (id, search) = (named(), use_location().search);
    let asked: Memo<DocumentAsk> = Memo::new(move |_| search.with(|search| asked::one(&id.get(), search)));
    let said: Memo<(String, bool)> =
        Memo::new(move |_| search.with(|search| (asked::of(search, "done"), !asked::of(search, "plain").is_empty())));
    // Put there by whoever takes the field (`server/src/documents/saving.rs`), where it was refused.
    let conflict: StoredValue<Option<ConflictView>> = StoredValue::new(use_context::<ConflictView>());
    let margin = MarginActs::new();
    let data = ask(move || asked.get(), document_writing);
    let draw = move |view: WritingView| {
        let (done, is_plain): (String, bool) = said.get_untracked();
        sheet(
            &view,
            &Sheet { done, is_plain, is_all: !asked.get_untracked().all.is_empty(), conflict: conflict.get_value(), margin },
        )
    };
    loaded(data, draw, lost)
}

/// What else the screen knows.
struct Sheet {
    done: String,
    is_plain: bool,
    is_all: bool,
    conflict: Option<ConflictView>,
    margin: MarginActs,
}

fn sheet(view: &WritingView, known: &Sheet) -> AnyView {
    let words = document_words();
    let head: &DocumentHead = &view.view.head;
    let place = MarginPlace { is_writing: true, is_all: known.is_all };
    let said = (words.done)(&known.done).map(|said| view! { <Callout tone=Tone::Back>{said}</Callout> });
    let is_writer: bool = head.right == RightView::Write && head.trashed.is_none();
    let reader = (!is_writer).then(|| view! { <Callout>{words.only_read}</Callout> });
    let screen_title: String = (words.editing)(&head.title);
    // Beside what was refused no editor comes: it would stand in the place of what was typed.
    let editor: Option<AnyView> = known.conflict.is_none().then(|| editor(view, is_writer));
    let (fallback, aside): (AnyView, AnyView) =
        (fallback(view, known, is_writer), margin(head, &view.view.margin, place, known.margin));
    let own = |part: &str| format!("{}-{part}", head.id);
    let outline: AnyView = folded(view! { <ul data-outline="" data-own=own("outline")></ul> }.into_any());
    view! {
        <Title text=screen_title />
        <div class="folio folio--writing" data-writing="">
            {title(head, Shown::Write)}
            <div class="folio__notes">
                {said}
                {reader}
                <div class="folio__status">
                    <ButtonLink href=ways::document(&head.slug)>{words.to_reading}</ButtonLink>
                    <p role="status" data-save-state="" data-own=own("save")></p>
                    <ul data-presence="" data-own=own("presence") aria-label=words.editing_now></ul>
                </div>
            </div>
            <div class="folio__outline" data-live-only="">{outline}</div>
            <div class="folio__main">
                {known.conflict.as_ref().map(|conflict| conflict_view(view, conflict))}
                <div data-split-view="">
                    {editor}
                    {fallback}
                    <div class="prose" data-preview-pane="" data-own=own("preview")></div>
                </div>
                {graphs(&view.graphs)}
            </div>
            <aside class="folio__margin">{aside}</aside>
        </div>
    }
    .into_any()
}

/// Where the editor comes. The words of its attributes are its own (`editor/src/attributes.js`).
fn editor(view: &WritingView, is_writer: bool) -> AnyView {
    let words = document_words();
    let head: &DocumentHead = &view.view.head;
    let room: String = head.id.to_string();
    let id: String = format!("editor-{room}");
    let incident: Option<String> = head.incident.map(|incident| incident.to_string());
    let account: Option<String> = view.me.map(|me| me.to_string());
    view! {
        <div
            id=id.clone()
            data-editor=""
            data-own=id
            data-room=room
            data-locale=locale().as_str()
            data-name=view.name.clone()
            data-colour=view.colour.to_string()
            data-account=account
            data-back=ways::document(&head.slug)
            data-preview=ways::preview(&head.slug)
            data-incident=incident
            data-label=words.the_text
            data-read-only=(!is_writer).then_some("")
        ></div>
    }
    .into_any()
}

/// The graphs that were kept with it, which the editor offers (`editor/src/graphs.js`). To be looked at they stand beside the postmortem.
fn graphs(all: &[GraphName]) -> AnyView {
    let line = |one: &GraphName| {
        let (id, title, moment): (String, String, String) = (one.id.clone(), one.title.clone(), moment_text(one.kept_at));
        view! { <li data-graph=id data-title=title data-moment=moment></li> }.into_any()
    };
    let lines: Vec<AnyView> = all.iter().map(line).collect();
    view! { <ul hidden=true>{lines}</ul> }.into_any()
}

/// What is read until the editor is there, and the field without it.
fn fallback(view: &WritingView, known: &Sheet, is_writer: bool) -> AnyView {
    let words = document_words();
    let is_open: bool = known.is_plain || known.conflict.is_some();
    let form: Option<AnyView> = is_writer.then(|| field(view, known));
    let plain = form.map(|form| {
        view! {
            <details class="folio__plain" open=is_open>
                <summary class="button">{words.plain}</summary>
                <p class="mute">{words.plain_hint}</p>
                {form}
            </details>
        }
    });
    view! { <div data-fallback="">{plain} {prose(&view.view)}</div> }.into_any()
}

/// The field. Its answer is a document of its own where somebody was faster, so the browser itself sends it.
fn field(view: &WritingView, known: &Sheet) -> AnyView {
    let words = document_words();
    let head: &DocumentHead = &view.view.head;
    let text: &str = known.conflict.as_ref().map_or(view.text.as_str(), |conflict| conflict.wanted.as_str());
    // `kept`: what comes back with a refusal is not drawn anew.
    let action: String = format!("{}?kept=text", ways::edit(&head.slug));
    let (own, input): (String, String) = (format!("field-{}", head.id), format!("text-{}", head.id));
    view! {
        <div data-own=own>
            <form class="folio__field" method="post" action=action enctype="multipart/form-data" data-whole="">
                <input type="hidden" name="base_seq" value=view.seq.to_string() />
                <label class="field__label" for=input.clone()>{words.the_text}</label>
                <textarea
                    class="input folio__text"
                    id=input
                    name="text"
                    rows="24"
                    spellcheck="false"
                    autocapitalize="off"
                    lang=head.language.clone()
                    inner_html=content(text)
                ></textarea>
                <p class="form__foot">
                    <Button kind="submit" rank=Rank::Main>{words.save}</Button>
                    <ButtonLink href=ways::document(&head.slug)>{words.cancel}</ButtonLink>
                </p>
            </form>
        </div>
    }
    .into_any()
}

/// What others wrote meanwhile, above the field with what was written: to be put together by hand.
fn conflict_view(view: &WritingView, conflict: &ConflictView) -> AnyView {
    let words = document_words();
    let (trouble, _) = DocumentTrouble::of(&conflict.field).unwrap_or((DocumentTrouble::Other, ""));
    let text: String = view.text.clone();
    let theirs = (trouble == DocumentTrouble::BaseGone).then(|| {
        view! {
            <Part title=words.theirs.to_owned()>
                <pre class="folio__theirs" tabindex="0" role="group" aria-label=words.theirs>{text}</pre>
            </Part>
        }
    });
    view! {
        {not_done(words.not_saved, trouble)}
        {theirs}
    }
    .into_any()
}
