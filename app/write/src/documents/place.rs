//! Where a document stands in the tree.

use crate::report::attempt;
use crate::screen::{hidden, option, seen};
use crate::words::documents::document_words;
use api::documents::DocumentMove;
use api::documents::view::SettingsView;
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::attempt::{Attempt, Named};
use ui::button::Button;
use ui::field::Line;
use ui::part::Part;

/// The form that puts it elsewhere.
pub fn place(view: &SettingsView, put: ServerAction<DocumentMove>) -> AnyView {
    let words = document_words();
    let fields = vec![
        Named::new("space", "document-space", words.space),
        Named::new("parent", "document-parent", words.parent),
        Named::new("before", "document-before", words.before),
    ];
    let attempt: Attempt = attempt(put, fields);
    let space: String = attempt.typed.text("form[space]", &view.space.to_string());
    let spaces: Vec<AnyView> = view.spaces.iter().map(|(id, name)| option(&id.to_string(), name, &space)).collect();
    let parent: String = attempt.typed.text("form[parent]", &view.parent);
    let mut places: Vec<AnyView> = vec![option("", words.at_top, &parent)];
    places.extend(view.places.iter().map(|(slug, title)| option(slug, title, &parent)));
    let before =
        Line { hint: words.before_hint.to_owned(), is_code: true, ..Line::new("document-before", "form[before]", words.before) };
    let fields = view! {
        {attempt.refused()}
        {hidden("form[id]", &view.head.id.to_string())}
        {seen("form[version]", view.head.version)}
        {attempt.select(Named::new("form[space]", "document-space", words.space), String::new(), spaces)}
        {attempt.select(Named::new("form[parent]", "document-parent", words.parent), words.parent_hint.to_owned(), places)}
        {attempt.line(before)}
        <p class="form__foot"><Button kind="submit">{words.put_there}</Button></p>
    };
    let form = view! { <ActionForm action=put attr:class="form">{fields}</ActionForm> };
    view! { <Part title=words.place.to_owned()>{form}</Part> }.into_any()
}
