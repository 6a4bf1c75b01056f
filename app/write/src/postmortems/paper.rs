//! The text: as it is read until the editor is there; and the ways to write it without one, and to what was said of it.

use crate::documents::prose::folded;
use crate::words::postmortems::postmortem_words;
use api::postmortems::view::{EditorView, PaperView, PostmortemView};
use leptos::prelude::*;
use model::links::documents as ways;
use ui::callout::{Callout, Tone};
use ui::context::use_look;

/// The text of one. What the editor fills is marked `data-own`; `public/write.js` brings it.
pub fn paper(view: &PostmortemView, paper: &PaperView) -> AnyView {
    let words = postmortem_words();
    let room: String = paper.document.to_string();
    let own = |part: &str| format!("{room}-{part}");
    let note = (!paper.can_write).then(|| {
        let said: &'static str = if view.line.state.is_writable() { words.reads_only } else { words.sealed };
        view! { <Callout tone=Tone::Plain>{said}</Callout> }
    });
    let editor: Option<AnyView> = paper.can_write.then(|| editor(view, paper));
    let language: Option<String> = (paper.language != use_look().locale.as_str()).then(|| paper.language.clone());
    let html: String = paper.html.clone();
    view! {
        <section class="postmortem__paper" aria-label=words.text_label>
            {note}
            <div class="postmortem__together" data-live-only="">
                <p role="status" data-save-state="" data-own=own("save")></p>
                <ul data-presence="" data-own=own("presence") aria-label=words.present></ul>
            </div>
            <div data-split-view="">
                {editor}
                <div data-fallback=""><div class="prose" lang=language inner_html=html></div></div>
                <div class="prose" data-preview-pane="" data-own=own("preview")></div>
            </div>
            {others(paper)}
        </section>
    }
    .into_any()
}

/// The element that `public/write.js` looks for.
fn editor(view: &PostmortemView, paper: &PaperView) -> AnyView {
    let words = postmortem_words();
    let EditorView { name, colour, account } = paper.editor.clone();
    let room: String = paper.document.to_string();
    let id: String = format!("editor-{room}");
    let incident: String = view.line.incident.to_string();
    let (back, preview): (String, String) = (model::links::postmortem(view.line.incident), ways::preview(&room));
    view! {
        <div
            id=id.clone()
            data-editor=""
            data-own=id
            data-room=room
            data-locale=use_look().locale.as_str()
            data-name=name
            data-colour=colour.to_string()
            data-account=account
            data-back=back
            data-preview=preview
            data-incident=incident
            data-label=words.text_label
        ></div>
    }
    .into_any()
}

/// A postmortem is a document as well: there it is written without a script, and talked about.
fn others(paper: &PaperView) -> AnyView {
    let words = postmortem_words();
    let by_form = paper.can_write.then(|| {
        let href: String = format!("{}?plain=1", ways::edit(&paper.slug));
        view! { <a class="link" href=href data-fallback="">{words.by_form}</a> }
    });
    view! {
        <p class="postmortem__ways">
            {by_form}
            <a class="link" href=ways::document(&paper.slug)>{words.comments_and_versions}</a>
        </p>
    }
    .into_any()
}

/// Where the editor writes the headings: beside the text, or folded above it.
pub fn outline(paper: &PaperView) -> AnyView {
    let own: String = format!("{}-outline", paper.document);
    let list: AnyView = view! { <ul data-outline="" data-own=own></ul> }.into_any();
    view! { <div data-live-only="">{folded(list)}</div> }.into_any()
}
