//! The trash: what was thrown away comes back as it was; only who manages documents ends it for good.

use super::asked;
use super::head::bring_back;
use crate::report::refusal_before;
use crate::screen::{failed, hidden, moment_text};
use crate::words::documents::document_words;
use crate::words::locale;
use api::ask;
use api::documents::view::{TrashView, TrashedView};
use api::documents::{DocumentBringBack, DocumentDelete, document_trash_list};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::links::documents as ways;
use ui::button::{Button, Rank};
use ui::callout::{Callout, Tone};
use ui::empty::Empty;
use ui::loaded::loaded;
use ui::table::{Cell, Column, Table};

#[derive(Clone, Copy)]
struct Acts {
    back: ServerAction<DocumentBringBack>,
    delete: ServerAction<DocumentDelete>,
}

/// The screen at `/documents/trash`.
#[component]
pub fn TrashScreen() -> impl IntoView {
    let (words, search) = (document_words(), use_location().search);
    let done: Memo<String> = Memo::new(move |_| search.with(|search| asked::of(search, "done")));
    let acts = Acts { back: ServerAction::new(), delete: ServerAction::new() };
    let data = ask(|| (), |()| document_trash_list());
    view! {
        <Title text=words.trash />
        <div class="spaces">{loaded(data, move |view: TrashView| sheet(&view, &done.get_untracked(), acts), failed)}</div>
    }
    .into_any()
}

fn sheet(view: &TrashView, done: &str, acts: Acts) -> AnyView {
    let words = document_words();
    let said = (words.done)(done).map(|said| view! { <Callout tone=Tone::Back>{said}</Callout> });
    let body: AnyView = if view.trashed.is_empty() {
        view! { <Empty title=words.trash_empty say=words.trash_hint /> }.into_any()
    } else {
        let columns =
            vec![Column::text(words.document), Column::text(words.space), Column::text(words.thrown_away), Column::text("")];
        let rows: Vec<AnyView> = view.trashed.iter().map(|one| row(view, one, acts)).collect();
        view! { <Table caption=words.trash columns=columns stacked=true>{rows}</Table> }.into_any()
    };
    view! {
        <header class="screen-head">
            <h1>{words.trash}</h1>
            <p class="screen-head__lead">{words.trash_lead}</p>
            <p class="screen-head__ways"><a class="link" href=ways::DOCUMENTS>{words.title}</a></p>
        </header>
        {said}
        {refusal_before(acts.back)}
        {refusal_before(acts.delete)}
        {body}
    }
    .into_any()
}

fn row(view: &TrashView, one: &TrashedView, acts: Acts) -> AnyView {
    let words = document_words();
    let id: String = one.id.to_string();
    let (title, space): (String, String) = (one.title.clone(), one.space.read(locale()).to_owned());
    let when: String = format!("{} · {}", moment_text(one.at), one.by);
    let back: Option<AnyView> = view.can_write.then(|| bring_back(&id, &title, acts.back));
    let delete_label: String = format!("{}: {title}", words.delete);
    let delete = view.can_manage.then(|| {
        view! {
            <details class="menu" data-closes="">
                <summary class="button button--row" aria-label=delete_label>{words.delete}</summary>
                <div class="menu__list">
                    <p>{words.delete_sure}</p>
                    <ActionForm action=acts.delete>
                        {hidden("id", &id)}
                        <Button kind="submit" rank=Rank::Row>{words.delete_do}</Button>
                    </ActionForm>
                </div>
            </details>
        }
    });
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{title}</th>
            <Cell label=words.space>{space}</Cell>
            <Cell label=words.thrown_away wide=true>{when}</Cell>
            <td class="table__act" role="cell"><span class="shelf__acts">{back} {delete}</span></td>
        </tr>
    }
    .into_any()
}
