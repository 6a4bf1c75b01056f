//! One document as it is read: its text with an outline, who answers for it, what people say about it, and what hangs on it.

use super::about;
use super::asked;
use super::files::{FileActs, files};
use super::head::{HeadActs, head};
use super::margin::{MarginActs, MarginPlace, margin};
use super::prose::{outline, prose};
use super::refusal::not_done;
use crate::report::refusal_before;
use crate::screen::failed;
use crate::words::documents::document_words;
use api::ApiError;
use api::absence::note_absence;
use api::ask;
use api::documents::document;
use api::documents::form::DocumentTrouble;
use api::documents::view::{DocumentAsk, DocumentView};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use model::links::documents as ways;
use ui::button::ButtonLink;
use ui::callout::{Callout, Tone};
use ui::empty::ErrorState;
use ui::loaded::loaded;

/// Everything one can do here.
#[derive(Clone, Copy)]
pub struct Acts {
    pub head: HeadActs,
    pub files: FileActs,
    pub margin: MarginActs,
}

/// The document that the address names.
pub fn named() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()))
}

/// The screen at `/documents/:id`.
#[component]
pub fn DocumentScreen() -> impl IntoView {
    let (id, search) = (named(), use_location().search);
    let asked: Memo<DocumentAsk> = Memo::new(move |_| search.with(|search| asked::one(&id.get(), search)));
    let said: Memo<(String, String)> =
        Memo::new(move |_| search.with(|search| (asked::of(search, "done"), asked::of(search, "refused"))));
    let acts = Acts { head: HeadActs::new(), files: FileActs::new(), margin: MarginActs::new() };
    let data = ask(move || asked.get(), document);
    loaded(data, move |view: DocumentView| sheet(&view, &said.get_untracked(), !asked.get_untracked().all.is_empty(), acts), lost)
}

fn sheet(view: &DocumentView, said: &(String, String), is_all: bool, acts: Acts) -> AnyView {
    let (title, main): (String, AnyView) = (view.head.title.clone(), prose(view));
    let place = MarginPlace { is_writing: false, is_all };
    let outline: Option<AnyView> = outline(&view.outline);
    view! {
        <Title text=title />
        <div class="folio">
            {head(&view.head, acts.head)}
            <div class="folio__notes">{notes(said, acts)}</div>
            <div class="folio__outline">{outline}</div>
            <div class="folio__main">
                {main}
                {about::below(view)}
                {files(view, acts.files)}
                {about::runs(view)}
                {about::backlinks(view)}
                {about::facts(view)}
            </div>
            <aside class="folio__margin">{margin(&view.head, &view.margin, place, acts.margin)}</aside>
        </div>
    }
    .into_any()
}

/// What was done or refused.
fn notes((done, wrong): &(String, String), acts: Acts) -> AnyView {
    // Of a file: the browser itself had sent it.
    let refused: Option<AnyView> =
        DocumentTrouble::of(wrong).map(|(trouble, _)| not_done(document_words().not_attached, trouble));
    let said = (document_words().done)(done).map(|said| view! { <Callout tone=Tone::Back>{said}</Callout> });
    view! {
        {said}
        {refused}
        {refusal_before(acts.head.still_right)}
        {refusal_before(acts.head.watch)}
        {refusal_before(acts.head.bring_back)}
        {refusal_before(acts.files.detach)}
    }
    .into_any()
}

/// What happened, and the way to what there is.
pub fn lost(error: &ApiError) -> AnyView {
    if !matches!(error, ApiError::NotFound { .. }) {
        return failed(error);
    }
    note_absence();
    let words = document_words();
    view! {
        <ErrorState what=words.gone means=words.gone_means action=words.gone_hint>
            <ButtonLink href=ways::DOCUMENTS.to_owned()>{words.title}</ButtonLink>
        </ErrorState>
    }
    .into_any()
}
