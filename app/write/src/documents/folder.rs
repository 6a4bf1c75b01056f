//! Bringing a folder of Markdown files in, as a zip.

use super::asked;
use super::refusal::not_done;
use crate::screen::{failed, option};
use crate::words::documents::document_words;
use api::ask;
use api::documents::document_folder;
use api::documents::form::DocumentTrouble;
use api::documents::view::FolderView;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::links;
use model::links::documents as ways;
use ui::button::{Button, Rank};
use ui::callout::{Callout, Tone};
use ui::field::Field;
use ui::loaded::loaded;

/// What came of the last file, as the address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Came {
    made: String,
    rewritten: String,
    attached: String,
    /// Files that stayed outside, and some of their names.
    left: String,
    names: Vec<String>,
    altered: String,
    /// Why nothing came in.
    refused: String,
}

fn came(search: &str) -> Came {
    let names = links::pairs(search).into_iter().filter(|(name, _)| name == "name").map(|(_, value)| value).collect();
    Came {
        made: asked::of(search, "made"),
        rewritten: asked::of(search, "rewritten"),
        attached: asked::of(search, "attached"),
        left: asked::of(search, "left"),
        names,
        altered: asked::of(search, "altered"),
        refused: asked::of(search, "refused"),
    }
}

/// The screen at `/documents/import`.
#[component]
pub fn ImportScreen() -> impl IntoView {
    let (words, search) = (document_words(), use_location().search);
    let known: Memo<Came> = Memo::new(move |_| search.with(|search| came(search)));
    let data = ask(|| (), |()| document_folder());
    view! {
        <Title text=words.import />
        <div class="spaces">{loaded(data, move |view: FolderView| sheet(&view, &known.get_untracked()), failed)}</div>
    }
    .into_any()
}

fn sheet(view: &FolderView, came: &Came) -> AnyView {
    let words = document_words();
    let body: AnyView = if view.can_manage { form(view) } else { view! { <p class="mute">{words.only_editors}</p> }.into_any() };
    view! {
        <header class="screen-head">
            <h1>{words.import}</h1>
            <p class="screen-head__lead">{words.import_lead}</p>
            <p class="screen-head__ways"><a class="link" href=ways::DOCUMENTS>{words.title}</a></p>
        </header>
        {outcome(came)}
        {body}
    }
    .into_any()
}

fn outcome(came: &Came) -> Option<AnyView> {
    let words = document_words();
    if !came.refused.is_empty() {
        let (trouble, _) = DocumentTrouble::of(&came.refused).unwrap_or((DocumentTrouble::Other, ""));
        return Some(not_done(words.not_imported, trouble));
    }
    if came.made.is_empty() {
        return None;
    }
    let text: String = (words.imported)(&came.made, &came.rewritten, &came.attached);
    let left = (came.left != "0" && !came.left.is_empty()).then(|| {
        let (text, names): (String, String) = ((words.left_out)(&came.left), came.names.join(words.comma));
        view! { <Callout tone=Tone::Warn>{text} " " {names}</Callout> }
    });
    let altered = (came.altered != "0" && !came.altered.is_empty()).then(|| {
        let text: String = (words.altered)(&came.altered);
        view! { <p class="mute">{text}</p> }
    });
    Some(view! { <Callout tone=Tone::Back stays=true>{text}</Callout> {left} {altered} }.into_any())
}

/// A file is sent by the browser itself.
fn form(view: &FolderView) -> AnyView {
    let words = document_words();
    let spaces: Vec<AnyView> = view.spaces.iter().map(|(id, name)| option(&id.to_string(), name, "")).collect();
    view! {
        <form class="form" method="post" action=ways::IMPORT enctype="multipart/form-data">
            <Field id="import-space" label=words.space.to_owned()>
                <select class="input" id="import-space" name="space">{spaces}</select>
            </Field>
            <Field id="import-parent" label=words.parent.to_owned() hint=words.import_parent_hint>
                <input class="input" id="import-parent" name="parent" type="text" autocomplete="off" aria-describedby="import-parent-hint" />
            </Field>
            <Field id="import-file" label=words.import_file.to_owned() hint=words.import_file_hint>
                <input class="input" id="import-file" name="file" type="file" accept=".zip,application/zip" required=true aria-describedby="import-file-hint" />
            </Field>
            <p class="form__foot"><Button kind="submit" rank=Rank::Main>{words.import_do}</Button></p>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::came;

    #[test]
    fn what_came_in_is_read_from_the_address() {
        let found = came("?made=3&rewritten=1&attached=2&left=2&name=a.exe&name=b.bin&altered=0");
        assert_eq!((found.made.as_str(), found.left.as_str(), found.names.len()), ("3", "2", 2));
    }
}
