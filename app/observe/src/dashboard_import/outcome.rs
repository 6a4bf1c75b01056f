//! What came of a file: the dashboards, and everything that was not mapped with its place and the reason.

use crate::words::dashboard_keeping::keeping_words;
use crate::words::locale;
use api::dashboards::keeping::view::{BroughtAsk, BroughtOne, BroughtView, NotMappedView};
use leptos::prelude::*;
use model::links::dashboards as ways;
use ui::callout::{Callout, Tone};
use ui::part::Part;
use ui::table::{Cell, Column, Table};

/// Where a file came from Grafana, its address names the version that its notes are kept with.
pub(super) fn outcome(view: &BroughtView, asked: &BroughtAsk) -> AnyView {
    let words = keeping_words();
    let said: String = (words.brought)(view.made.len());
    let made: Vec<AnyView> = view.made.iter().map(|one| made_one(one, view.may_edit)).collect();
    let notes: Option<AnyView> = asked.version.is_some().then(|| not_mapped(&view.not_mapped));
    view! {
        <Callout tone=Tone::Back stays=true>{said}</Callout>
        <ul class="keeping__made">{made}</ul>
        {notes}
    }
    .into_any()
}

fn made_one(one: &BroughtOne, may_edit: bool) -> AnyView {
    let words = keeping_words();
    let (title, n_panels): (String, String) = (one.title.read(locale()).to_owned(), (words.n_panels)(one.n_panels));
    let (open, history): (String, String) = (ways::one(&one.slug), ways::history(&one.slug));
    let edit = may_edit.then(|| {
        let (href, label): (String, String) = (ways::edit(&one.slug), format!("{}: {title}", words.edit));
        view! { <a class="link" href=href aria-label=label>{words.edit}</a> }
    });
    let label: String = format!("{}: {title}", words.history);
    view! {
        <li class="keeping__one">
            <a class="link" href=open>{title}</a>
            <small class="mute">{n_panels}</small>
            <span class="keeping__acts">{edit} <a class="link" href=history aria-label=label>{words.history}</a></span>
        </li>
    }
    .into_any()
}

/// Everything that has no meaning here.
fn not_mapped(notes: &[NotMappedView]) -> AnyView {
    let words = keeping_words();
    if notes.is_empty() {
        return view! { <p class="mute">{words.all_mapped}</p> }.into_any();
    }
    let count: String = (words.n_things)(notes.len());
    let columns = vec![Column::text(words.place), Column::text(words.what), Column::text(words.why)];
    let rows: Vec<AnyView> = notes.iter().map(row).collect();
    view! {
        <Part title=words.not_mapped.to_owned() count=Some(count) id="not-mapped">
            <p class="mute">{words.not_mapped_lead}</p>
            <Table caption=words.not_mapped columns=columns stacked=true>{rows}</Table>
        </Part>
    }
    .into_any()
}

fn row(note: &NotMappedView) -> AnyView {
    let words = keeping_words();
    let (path, what, why): (String, String, String) = (note.path.clone(), note.what.clone(), note.why.read(locale()).to_owned());
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><code class="keeping__code">{path}</code></th>
            <Cell label=words.what><span class="keeping__said">{what}</span></Cell>
            <Cell label=words.why wide=true>{why}</Cell>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::outcome;
    use api::dashboards::keeping::view::{BroughtAsk, BroughtOne, BroughtView, NotMappedView};
    use dashboard::Said;
    use leptos::prelude::*;

    fn html(not_mapped: Vec<NotMappedView>, version: Option<i64>) -> String {
        let one = BroughtOne { slug: "web".to_owned(), title: Said::same("Web"), n_panels: 3, version: 1 };
        let view = BroughtView { may_edit: true, made: vec![one], not_mapped };
        outcome(&view, &BroughtAsk { made: vec!["web".to_owned()], version }).to_html()
    }

    #[test]
    fn everything_that_was_not_mapped_stands_with_its_place_and_the_reason() {
        let owner = Owner::new();
        owner.set();
        let why = Said { ja: "注釈は写しません".to_owned(), en: "not mapped".to_owned() };
        let note = NotMappedView { path: "annotations.list[0]".to_owned(), what: "<Deploys>".to_owned(), why };
        let found: String = html(vec![note], Some(1));
        for part in ["annotations.list[0]", "&lt;Deploys&gt;", "注釈は写しません", "1 件"] {
            assert!(found.contains(part), "{part}: {found}");
        }
    }

    #[test]
    fn nothing_is_said_of_mapping_where_nothing_was_mapped() {
        let owner = Owner::new();
        owner.set();
        assert!(html(Vec::new(), Some(1)).contains("すべての設定を取り込みました"));
        assert!(!html(Vec::new(), None).contains("すべての設定を取り込みました"));
    }
}
