//! The trash: what was thrown away comes back as it was, with its versions.

use crate::dashboard_history::refusal::{failed, refusal_before};
use crate::dashboard_history::said::{done, hidden, moment_text};
use crate::words::dashboard_keeping::keeping_words;
use crate::words::locale;
use api::ask;
use api::dashboards::keeping::view::{TrashedView, TrashedViews};
use api::dashboards::keeping::{DashboardRevive, dashboard_trash};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::links::dashboards as ways;
use ui::button::{Button, Rank};
use ui::empty::Empty;
use ui::loaded::loaded;
use ui::table::{Cell, Column, Table};

/// The screen at `/dashboards/trash`.
#[component]
pub fn DashboardTrashScreen() -> impl IntoView {
    let (words, search) = (keeping_words(), use_location().search);
    let revive: ServerAction<DashboardRevive> = ServerAction::new();
    let data = ask(|| (), |()| dashboard_trash());
    let draw = move |view: TrashedViews| sheet(&view, search.with_untracked(|search| done(search)), revive);
    view! {
        <Title text=words.trash />
        <div class="keeping">{loaded(data, draw, failed)}</div>
    }
    .into_any()
}

fn sheet(view: &TrashedViews, done: Option<AnyView>, revive: ServerAction<DashboardRevive>) -> AnyView {
    let words = keeping_words();
    let body: AnyView = if view.all.is_empty() {
        view! { <Empty title=words.trash_empty say=words.trash_hint /> }.into_any()
    } else {
        let columns = vec![Column::text(words.dashboard), Column::text(words.removed), Column::text("")];
        let rows: Vec<AnyView> = view.all.iter().map(|one| row(one, view.may_edit, revive)).collect();
        view! { <Table caption=words.trash columns=columns stacked=true>{rows}</Table> }.into_any()
    };
    view! {
        <header class="screen-head">
            <h1>{words.trash}</h1>
            <p class="screen-head__lead">{words.trash_lead}</p>
            <p class="screen-head__ways"><a class="link" href=ways::LIST>{words.dashboards}</a></p>
        </header>
        {done}
        {refusal_before(revive)}
        {body}
    }
    .into_any()
}

fn row(one: &TrashedView, may_edit: bool, revive: ServerAction<DashboardRevive>) -> AnyView {
    let words = keeping_words();
    let (title, n_panels): (String, String) = (one.title.read(locale()).to_owned(), (words.n_panels)(one.n_panels));
    let by: &str = if one.by.is_empty() { words.nobody } else { &one.by };
    let when: String = format!("{} · {by}", moment_text(one.at));
    let form = may_edit.then(|| {
        let label: String = format!("{}: {title}", words.revive);
        let fields = view! {
            {hidden("slug", &one.slug)}
            <Button kind="submit" rank=Rank::Row label=label>{words.revive}</Button>
        };
        view! { <ActionForm action=revive>{fields}</ActionForm> }
    });
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{title.clone()} " " <small class="mute">{n_panels}</small></th>
            <Cell label=words.removed wide=true>{when}</Cell>
            <td class="table__act" role="cell">{form}</td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::sheet;
    use api::dashboards::keeping::view::{TrashedView, TrashedViews};
    use dashboard::Said;
    use leptos::prelude::*;
    use model::Time;

    fn html(may_edit: bool) -> String {
        let one =
            TrashedView { slug: "web".to_owned(), title: Said::same("Web"), at: Time(0), by: "佐藤".to_owned(), n_panels: 3 };
        sheet(&TrashedViews { all: vec![one], may_edit }, None, ServerAction::new()).to_html()
    }

    #[test]
    fn only_who_may_edit_brings_back() {
        let owner = Owner::new();
        owner.set();
        assert!(html(true).contains("元に戻す: Web") && html(true).contains("佐藤"));
        assert!(!html(false).contains("元に戻す: Web"));
    }
}
