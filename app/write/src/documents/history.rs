//! The versions of a document: which there are, what differs between two of them, who wrote what, and making an old one the text again.

mod difference;
mod written;

use super::asked;
use super::detail::{lost, named};
use super::head::{Shown, title};
use crate::report::refusal_before;
use crate::screen::{hidden, moment_text, option};
use crate::words::documents::document_words;
use api::ask;
use api::documents::history::{DifferenceView, HistoryAsk, HistoryView, VersionLine};
use api::documents::view::RightView;
use api::documents::{DocumentRestore, document_history};
use difference::difference;
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::links::documents as ways;
use ui::button::{Button, Rank};
use ui::choice::{Choice, ChoiceLink};
use ui::field::Field;
use ui::loaded::loaded;
use ui::part::Part;
use written::written;

/// The screen at `/documents/:id/history`.
#[component]
pub fn HistoryScreen() -> impl IntoView {
    let (id, search) = (named(), use_location().search);
    let asked: Memo<HistoryAsk> = Memo::new(move |_| search.with(|search| asked::versions(&id.get(), search)));
    let restore: ServerAction<DocumentRestore> = ServerAction::new();
    let data = ask(move || asked.get(), document_history);
    loaded(data, move |view: HistoryView| sheet(&view, &asked.get_untracked(), restore), lost)
}

fn sheet(view: &HistoryView, ask: &HistoryAsk, restore: ServerAction<DocumentRestore>) -> AnyView {
    let words = document_words();
    let screen_title: String = (words.history_of)(&view.head.title);
    let is_authors: bool = ask.show == "authors";
    let main: Option<AnyView> = if is_authors {
        Some(written(&view.stretches))
    } else {
        view.difference.as_ref().map(|found| difference(found, &between(view, found)))
    };
    view! {
        <Title text=screen_title />
        <div class="folio folio--history">
            {title(&view.head, Shown::History)}
            <div class="folio__notes">{refusal_before(restore)}</div>
            <div class="folio__main">
                {shows(view, is_authors)}
                {(!is_authors).then(|| compare(view, ask))}
                {main}
            </div>
            <aside class="folio__margin">{versions(view, restore)}</aside>
        </div>
    }
    .into_any()
}

/// Which two are compared: each by its time, as far as it is in the list.
fn between(view: &HistoryView, found: &DifferenceView) -> String {
    let words = document_words();
    let named = |id: i64| {
        let known: Option<&VersionLine> = view.versions.iter().find(|version| version.id == id);
        known.map_or_else(|| (words.version_number)(id), version_text)
    };
    let old: String = found.old.map_or_else(|| words.the_one_before.to_owned(), named);
    let new: String = found.new.map_or_else(|| words.as_it_is.to_owned(), named);
    format!("{old} → {new}")
}

/// What changed, or who wrote what.
fn shows(view: &HistoryView, is_authors: bool) -> AnyView {
    let words = document_words();
    let screen: String = ways::history(&view.head.slug);
    let options: Vec<ChoiceLink> = vec![
        ChoiceLink { label: words.what_changed.to_owned(), href: screen.clone(), is_current: !is_authors },
        ChoiceLink { label: words.who_wrote.to_owned(), href: format!("{screen}?show=authors"), is_current: is_authors },
    ];
    view! { <p><Choice label=words.history options=options /></p> }.into_any()
}

/// Any two versions.
fn compare(view: &HistoryView, ask: &HistoryAsk) -> Option<AnyView> {
    let words = document_words();
    if view.versions.is_empty() {
        return None;
    }
    let options = |chosen: &str, first: &'static str| -> Vec<AnyView> {
        let one = |version: &VersionLine| option(&version.id.to_string(), &version_text(version), chosen);
        let mut all: Vec<AnyView> = vec![option("", first, chosen)];
        all.extend(view.versions.iter().map(one));
        all
    };
    let (old, new): (Vec<AnyView>, Vec<AnyView>) = (options(&ask.old, words.the_one_before), options(&ask.new, words.as_it_is));
    let action: String = ways::history(&view.head.slug);
    Some(
        view! {
            <form class="versions__compare" method="get" action=action>
                <Field id="versions-old" label=words.older.to_owned()>
                    <select class="input" id="versions-old" name="old">{old}</select>
                </Field>
                <Field id="versions-new" label=words.newer.to_owned()>
                    <select class="input" id="versions-new" name="new">{new}</select>
                </Field>
                <Button kind="submit">{words.compare}</Button>
            </form>
        }
        .into_any(),
    )
}

fn version_text(version: &VersionLine) -> String {
    format!("{} · {}", moment_text(version.at), document_words().kept_for[version.why as usize])
}

fn versions(view: &HistoryView, restore: ServerAction<DocumentRestore>) -> AnyView {
    let words = document_words();
    let may: bool = view.head.right == RightView::Write && view.head.trashed.is_none();
    let lines: Vec<AnyView> = view.versions.iter().map(|version| line(view, version, may, restore)).collect();
    let body: AnyView = if lines.is_empty() {
        view! { <p class="mute">{words.no_versions}</p> }.into_any()
    } else {
        view! { <ol class="versions">{lines}</ol> }.into_any()
    };
    let more = view.more.map(|before| {
        let href: String = format!("{}?before={before}", ways::history(&view.head.slug));
        view! { <p><a class="link" href=href>{words.older_versions}</a></p> }
    });
    view! { <Part title=words.versions.to_owned()>{body} {more}</Part> }.into_any()
}

fn line(view: &HistoryView, version: &VersionLine, may: bool, restore: ServerAction<DocumentRestore>) -> AnyView {
    let words = document_words();
    let slug: &str = &view.head.slug;
    let (changed, since): (String, String) = (ways::difference(slug, 0, version.id), ways::difference(slug, version.id, 0));
    let why: &'static str = words.kept_for[version.why as usize];
    let source: Option<String> = version.source.map(|source| (words.restored_from)(source));
    // What it was called then, where that is another name.
    let title: Option<String> = Some(version.title.clone()).filter(|title| !title.is_empty() && *title != view.head.title);
    let title = title.map(|title| view! { <span class="versions__who">{title}</span> });
    let authors: String = if version.authors.is_empty() { words.nobody.to_owned() } else { version.authors.join(words.comma) };
    let form = may.then(|| {
        let label: String = format!("{}: {}", words.restore, moment_text(version.at));
        let fields = view! {
            {hidden("id", &view.head.id.to_string())}
            {hidden("revision", &version.id.to_string())}
            <Button kind="submit" rank=Rank::Row label=label>{words.restore}</Button>
        };
        view! { <ActionForm action=restore>{fields}</ActionForm> }
    });
    view! {
        <li class="versions__one">
            <a class="link" href=changed>{moment_text(version.at)}</a>
            <span class="versions__who">{authors}</span>
            {title}
            <small class="mute">{why} " " {source}</small>
            <span class="versions__acts"><a class="link" href=since>{words.to_now}</a> {form}</span>
        </li>
    }
    .into_any()
}
