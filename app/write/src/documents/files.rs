//! Files of a document.

use super::said::size_text;
use crate::screen::{day_text, hidden};
use crate::words::documents::document_words;
use api::documents::DocumentDetach;
use api::documents::view::{DocumentView, FileView, RightView};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links::documents as ways;
use ui::button::{Button, Rank};
use ui::field::Field;
use ui::icon::{Icon, IconName};
use ui::part::Part;

/// What one can do with them.
#[derive(Clone, Copy)]
pub struct FileActs {
    pub detach: ServerAction<DocumentDetach>,
}

impl FileActs {
    #[must_use]
    pub fn new() -> Self {
        Self { detach: ServerAction::new() }
    }
}

/// The list, and the form that adds one.
pub fn files(view: &DocumentView, acts: FileActs) -> Option<AnyView> {
    let words = document_words();
    let is_writer: bool = view.head.right == RightView::Write && view.head.trashed.is_none();
    if view.files.is_empty() && !is_writer {
        return None;
    }
    let lines: Vec<AnyView> = view.files.iter().map(|file| line(view, file, is_writer, acts)).collect();
    let count: Option<String> = (!view.files.is_empty()).then(|| view.files.len().to_string());
    let form = is_writer.then(|| add(&view.head.slug));
    Some(
        view! {
            <Part title=words.files.to_owned() count=count id="files">
                <ul class="shelf">{lines}</ul>
                {form}
            </Part>
        }
        .into_any(),
    )
}

fn line(view: &DocumentView, file: &FileView, is_writer: bool, acts: FileActs) -> AnyView {
    let words = document_words();
    let (href, name): (String, String) = (ways::file(file.id), file.name.clone());
    let told: String = format!("{} · {} · {}", size_text(file.size), day_text(file.made_at), file.made_by);
    // As it is written into a text.
    let mark: &'static str = if file.is_picture { "!" } else { "" };
    let written: String = format!("{mark}[{name}]({href})");
    let remove = is_writer.then(|| {
        let label: String = (words.remove_file)(&name);
        let fields = view! {
            {hidden("file", &file.id.to_string())}
            {hidden("id", &view.head.id.to_string())}
            <Button kind="submit" rank=Rank::Row label=label icon=IconName::Close>""</Button>
        };
        view! { <ActionForm action=acts.detach>{fields}</ActionForm> }
    });
    let copy = is_writer.then(|| {
        view! {
            <button class="button button--row" type="button" data-copy=written.clone() title=written.clone()>
                <Icon name=IconName::Copy />
                <span data-copied=words.copied>{words.copy_link}</span>
            </button>
        }
    });
    view! {
        <li class="shelf__one">
            <a class="link" href=href rel="external">{file.name.clone()}</a>
            <small class="shelf__told">{told}</small>
            <span class="shelf__acts">{copy} {remove}</span>
        </li>
    }
    .into_any()
}

fn add(slug: &str) -> AnyView {
    let words = document_words();
    let action: String = ways::attach(slug);
    view! {
        <details class="folio__add">
            <summary class="link">{words.add_file}</summary>
            <form class="form" method="post" action=action enctype="multipart/form-data">
                <Field id="document-file" label=words.file.to_owned() hint=words.file_hint>
                    <input class="input" id="document-file" name="file" type="file" required=true aria-describedby="document-file-hint" />
                </Field>
                <p class="form__foot"><Button kind="submit">{words.send_file}</Button></p>
            </form>
        </details>
    }
    .into_any()
}
