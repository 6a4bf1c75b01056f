//! A row of the board: its heading, its settings, and a way to put a panel into it.

use super::asked;
use super::board::Around;
use super::refusal::attempt;
use super::sheet::{Sheet, named, option, repeats};
use super::tile::tile;
use crate::dashboard_history::said::hidden;
use crate::words::dashboard_edit::edit_words;
use crate::words::locale;
use api::dashboards::editing::EditForm;
use dashboard::{Kind, Row};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links::dashboards as ways;
use ui::attempt::Typed;
use ui::button::{Button, Rank};
use ui::icon::IconName;

pub(super) fn row(index: usize, around: Around<'_>) -> AnyView {
    let row: &Row = &around.view.dashboard.rows[index];
    let title: String = title(row, index);
    let tiles: Vec<AnyView> = row.panels.iter().map(|panel| tile(panel, around)).collect();
    let none = row.panels.is_empty().then(|| view! { <p class="dashboard-edit__none mute">{edit_words().no_panels}</p> });
    let (id, number): (String, String) = (format!("row-{index}"), index.to_string());
    view! {
        <section class="dashboard-edit__row" id=id aria-label=title.clone()>
            <header class="dashboard-edit__row-head">
                <h2 class="dashboard__heading">{title.clone()}</h2>
                {notes(row)}
                {tools(index, &title, around)}
            </header>
            {settings(index, row, &title, around)}
            <div class="tiles dashboard-edit__tiles" data-panels=number>{tiles}{none}</div>
            {adding(index, &title, &around.view.dashboard.slug)}
        </section>
    }
    .into_any()
}

fn title(row: &Row, index: usize) -> String {
    let title: &str = row.title.read(locale());
    if title.trim().is_empty() { (edit_words().row)(index + 1) } else { title.to_owned() }
}

/// What a row does that cannot be seen while it is changed.
fn notes(row: &Row) -> AnyView {
    let words = edit_words();
    let folded: Option<String> = row.is_folded.then(|| words.is_folded.to_owned());
    let repeat: Option<String> = row.repeat.as_deref().map(words.repeats_by);
    let said: Vec<String> = [folded, repeat].into_iter().flatten().collect();
    view! { <small class="mute">{said.join(" · ")}</small> }.into_any()
}

fn tools(index: usize, title: &str, around: Around<'_>) -> AnyView {
    let (words, acts) = (edit_words(), around.acts);
    let slug: &str = &around.view.dashboard.slug;
    let number: String = index.to_string();
    let n_rows: usize = around.view.dashboard.rows.len();
    let first: Option<String> = (index == 0).then(|| words.is_first.to_owned());
    let last: Option<String> = (index + 1 == n_rows).then(|| words.is_last.to_owned());
    let only: Option<String> = (n_rows == 1).then(|| words.only_row.to_owned());
    let (up, down): (String, String) = ((words.of)(words.up, title), (words.of)(words.down, title));
    let remove: String = (words.of)(words.row_remove, title);
    let moving = view! {
        {hidden("slug", slug)}
        {hidden("row", &number)}
        <Button kind="submit" rank=Rank::Row name="step" value="up" label=up disabled=first>"↑"</Button>
        <Button kind="submit" rank=Rank::Row name="step" value="down" label=down disabled=last>"↓"</Button>
    };
    let removing = view! {
        {hidden("slug", slug)}
        {hidden("row", &number)}
        <Button kind="submit" rank=Rank::Row label=remove disabled=only>{words.remove}</Button>
    };
    view! {
        <div class="dashboard-edit__tools">
            <ActionForm action=acts.row_step attr:class="dashboard-edit__acts">{moving}</ActionForm>
            <ActionForm action=acts.row_remove>{removing}</ActionForm>
        </div>
    }
    .into_any()
}

/// The row as a form, behind a line; open where it was refused, with what had been typed.
fn settings(index: usize, row: &Row, title: &str, around: Around<'_>) -> AnyView {
    let words = edit_words();
    let dashboard = &around.view.dashboard;
    let number: String = index.to_string();
    let typed: Typed = attempt(around.acts.row_save).typed.only(&[("slug", dashboard.slug.as_str()), ("row", number.as_str())]);
    let back: Option<EditForm> = typed.fields().map(asked::fields);
    let is_open: bool = back.is_some();
    let form: EditForm = back.unwrap_or_else(|| filled(row));
    let sheet = Sheet::new(&format!("row-{index}"), &form, Vec::new());
    let label: String = (words.of)(words.row_settings, title);
    let fields = view! {
        {hidden("slug", &dashboard.slug)}
        {hidden("row", &number)}
        <div class="dashboard-edit__pair">{sheet.both("title")}</div>
        {sheet.choice("repeat", &repeats(dashboard))}
        {sheet.tick("folded")}
        <p class="form__foot"><Button kind="submit">{words.take}</Button></p>
    };
    view! {
        <details class="dashboard-edit__fold" open=is_open>
            <summary class="dashboard-edit__more" aria-label=label>{words.row_settings}</summary>
            <ActionForm action=around.acts.row_save attr:class="form">{fields}</ActionForm>
        </details>
    }
    .into_any()
}

fn filled(row: &Row) -> EditForm {
    let folded: &str = if row.is_folded { "true" } else { "" };
    let repeat: &str = row.repeat.as_deref().unwrap_or_default();
    let titles = [("title.ja", row.title.ja.as_str()), ("title.en", row.title.en.as_str())];
    let texts = titles.into_iter().chain([("folded", folded), ("repeat", repeat)]);
    texts.map(|(field, text)| (field.to_owned(), text.to_owned())).collect()
}

/// Leads to the form of a new panel, which comes into the row once it is taken.
fn adding(index: usize, title: &str, slug: &str) -> AnyView {
    let words = edit_words();
    let (action, id): (String, String) = (ways::edit(slug), format!("row-{index}-kind"));
    let label: String = (words.kind_for)(title);
    let options: Vec<AnyView> =
        named(&Kind::WORDS, words.kind).iter().map(|(value, word)| option(value, word, Kind::WORDS[0])).collect();
    view! {
        <form class="dashboard-edit__add" method="get" action=action>
            {hidden("part", "panel")}
            {hidden("row", &index.to_string())}
            <select class="input" id=id name="kind" aria-label=label>{options}</select>
            <Button kind="submit" icon=IconName::Plus>{words.panel_add}</Button>
        </form>
    }
    .into_any()
}
