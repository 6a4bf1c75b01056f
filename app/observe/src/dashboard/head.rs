//! The head of a dashboard: what it is called and says of itself, the reader's star, and what can be done with the whole of it.

use super::address::Address;
use super::bar::when;
use super::choices::chosen_line;
use super::tile::link;
use crate::dashboard_history::said::moment_text;
use crate::dashboards::{star_form, tag_link};
use crate::words::dashboards::board_words;
use api::dashboards::{DashboardStar, DashboardView};
use leptos::prelude::*;
use model::links::dashboards as ways;
use ui::button::ButtonLink;
use ui::callout::{Callout, Tone};
use ui::icon::{Icon, IconName};
use ui::menu::Menu;

pub(super) fn head(view: &DashboardView, address: &Address, star: ServerAction<DashboardStar>) -> AnyView {
    let title: String = view.shown.title.clone();
    let edit = view.may_edit.then(|| edit(view, address));
    view! {
        <header class="board__head">
            <h1>{title.clone()}</h1>
            {star_form(&view.shown.slug, &title, view.is_starred, star)}
            {origin(view)}
            <span class="dashboard__tools">{edit} {menu(address)}</span>
        </header>
        {about(view)}
        {ways_on(view)}
    }
    .into_any()
}

/// Large, and without anything to press but the way back.
pub(super) fn wall_head(view: &DashboardView, address: &Address) -> AnyView {
    let words = board_words();
    let leave: String = address.with_wall(false).href();
    let title: String = view.shown.title.clone();
    view! {
        <header class="board__head">
            <h1>{title}</h1>
            {chosen_line(&view.shown.choices)}
            {when(&view.shown)}
            <a class="button button--quiet dashboard__leave" href=leave aria-label=words.leave_wall title=words.leave_wall>
                <Icon name=IconName::Close />
            </a>
        </header>
    }
    .into_any()
}

fn edit(view: &DashboardView, address: &Address) -> AnyView {
    let words = board_words();
    let (href, said): (String, &'static str) = (ways::edit(&address.slug), if view.has_draft { words.go_on } else { words.edit });
    view! { <ButtonLink href=href icon=IconName::Note>{said}</ButtonLink> }.into_any()
}

fn menu(address: &Address) -> AnyView {
    let words = board_words();
    let (history, export): (String, String) = (ways::history(&address.slug), ways::export(&address.slug));
    let wall: String = address.with_wall(true).href();
    let entries = view! {
        <a href=history>{words.history}</a>
        <a href=export rel="external" download="">{words.export}</a>
        <a href=wall>{words.wall}</a>
    };
    view! { <Menu label=words.menu icon=IconName::More icon_only=true>{entries}</Menu> }.into_any()
}

/// Which version this is; of one that is as it was shipped, that.
fn origin(view: &DashboardView) -> AnyView {
    let words = board_words();
    if view.version == 0 {
        return view! { <span class="boards__mark" title=words.shipped_hint>{words.shipped}</span> }.into_any();
    }
    let at: String = view.at.map(moment_text).unwrap_or_default();
    let said: String = (words.version)(view.version, &at, view.by.as_deref().unwrap_or_default());
    view! { <span class="board__about">{said}</span> }.into_any()
}

fn about(view: &DashboardView) -> Option<AnyView> {
    let html: String = view.about.clone();
    (!html.is_empty()).then(|| view! { <div class="prose prose--small" inner_html=html></div> }.into_any())
}

/// Its tags, and where its author leads.
fn ways_on(view: &DashboardView) -> Option<AnyView> {
    if view.shown.tags.is_empty() && view.shown.links.is_empty() {
        return None;
    }
    let tags: Vec<AnyView> = view.shown.tags.iter().map(|tag| tag_link(tag)).collect();
    let links: Vec<AnyView> = view.shown.links.iter().map(link).collect();
    Some(view! { <nav class="dashboard__ways" aria-label=board_words().links>{links}{tags}</nav> }.into_any())
}

/// What its reader should know before looking.
pub(super) fn remarks(view: &DashboardView, address: &Address) -> AnyView {
    let words = board_words();
    let cut = view.shown.is_cut.then(|| view! { <Callout tone=Tone::Warn>{words.is_cut}</Callout> });
    let draft = view.has_draft.then(|| {
        let href: String = ways::edit(&address.slug);
        view! { <Callout>{words.draft} " " <a class="link" href=href>{words.go_on}</a></Callout> }
    });
    let alone = address.panel().is_some().then(|| {
        let href: String = address.with_panel(None).href();
        view! { <p><a class="link" href=href>{words.whole}</a></p> }
    });
    view! { {alone} {draft} {cut} }.into_any()
}

#[cfg(test)]
mod tests {
    use super::super::sample::view;
    use super::*;
    use dashboard::ShownLink;
    use model::Time;

    fn html(view: &DashboardView, search: &str) -> String {
        let address = Address::read("http".to_owned(), search);
        format!("{}{}", head(view, &address, ServerAction::new()).to_html(), remarks(view, &address).to_html())
    }

    #[test]
    fn the_head_leads_everywhere_the_whole_of_it_can_go() {
        let owner = Owner::new();
        owner.set();
        let mut shown = view();
        shown.shown.links = vec![ShownLink { title: "手順".to_owned(), href: "/documents/web".to_owned() }];
        let html: String = html(&shown, "range=6h");
        for way in [
            "/d/http/edit",
            "/d/http/history",
            "/d/http/export",
            "/d/http?range=6h&amp;wall=1",
            "/dashboards?tag=web",
            "手順",
            "同梱",
        ] {
            assert!(html.contains(way), "{way} in {html}");
        }
        let reader = DashboardView { may_edit: false, ..shown };
        let head: String = head(&reader, &Address::default(), ServerAction::new()).to_html();
        assert!(!head.contains("/edit"), "{head}");
    }

    #[test]
    fn a_changed_one_says_its_version_and_a_draft_is_remembered() {
        let owner = Owner::new();
        owner.set();
        let changed = DashboardView { version: 4, at: Some(Time(0)), by: Some("佐藤".to_owned()), has_draft: true, ..view() };
        let html: String = html(&changed, "panel=cpu");
        assert!(html.contains("版 4") && html.contains("佐藤") && !html.contains("同梱"), "{html}");
        assert!(html.contains(board_words().draft) && html.contains(board_words().whole), "{html}");
    }

    #[test]
    fn on_a_wall_there_is_only_the_way_back() {
        let owner = Owner::new();
        owner.set();
        let address = Address::read("http".to_owned(), "wall=1&range=6h");
        let html: String = wall_head(&view(), &address).to_html();
        assert!(html.contains("href=\"/d/http?range=6h\"") && !html.contains("/edit") && !html.contains("<form"), "{html}");
    }
}
