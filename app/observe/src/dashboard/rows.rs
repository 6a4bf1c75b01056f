//! Rows of panels under their headings. A folded one is a link that opens it.

use super::address::Address;
use super::tile::{Around, tile};
use crate::words::dashboards::board_words;
use api::dashboards::DashboardView;
use dashboard::ShownRow;
use leptos::prelude::*;
use model::links::dashboards as ways;
use ui::button::ButtonLink;
use ui::empty::Empty;
use ui::icon::{Icon, IconName};

pub(super) fn rows(view: &DashboardView, address: &Address) -> AnyView {
    if view.shown.rows.iter().all(|row| row.panels.is_empty()) {
        return nothing(view, address);
    }
    let all: Vec<AnyView> = view.shown.rows.iter().map(|shown| row(shown, view, address)).collect();
    all.into_any()
}

fn nothing(view: &DashboardView, address: &Address) -> AnyView {
    let words = board_words();
    let act = view.may_edit.then(|| {
        let href: String = ways::edit(&address.slug);
        view! { <ButtonLink href=href>{words.edit}</ButtonLink> }
    });
    view! { <Empty title=words.no_panels say=words.no_panels_hint>{act}</Empty> }.into_any()
}

fn row(shown: &ShownRow, view: &DashboardView, address: &Address) -> AnyView {
    let heading: Option<AnyView> = heading(shown, address);
    let around = Around { view, address, is_below_heading: heading.is_some() };
    let panels = (!shown.is_folded).then(|| {
        let tiles: Vec<AnyView> = shown.panels.iter().map(|panel| tile(panel, around)).collect();
        view! { <div class="tiles">{tiles}</div> }
    });
    let (key, label): (String, String) = (format!("row {}", shown.key), title(shown));
    view! {
        <section class="dashboard__row" data-key=key aria-label=label>
            {heading}
            {panels}
        </section>
    }
    .into_any()
}

fn title(shown: &ShownRow) -> String {
    if shown.title.trim().is_empty() { (board_words().row)(shown.index + 1) } else { shown.title.clone() }
}

/// The first row of many dashboards has no title: then its panels stand for themselves. What can be opened or folded needs a name.
fn heading(shown: &ShownRow, address: &Address) -> Option<AnyView> {
    let is_opened: bool = address.is_open(&shown.key);
    if shown.is_folded || is_opened {
        return Some(handle(shown, address, is_opened));
    }
    let title: String = shown.title.clone();
    (!title.trim().is_empty()).then(|| view! { <h2 class="dashboard__heading">{title}</h2> }.into_any())
}

/// The heading of a row that its reader may open, and fold again.
fn handle(shown: &ShownRow, address: &Address, is_opened: bool) -> AnyView {
    let (sign, expanded): (IconName, &'static str) =
        if is_opened { (IconName::Down, "true") } else { (IconName::Right, "false") };
    let href: String = address.with_row(&shown.key, !is_opened).href();
    let (title, n_panels): (String, String) = (title(shown), (board_words().n_panels)(shown.panels.len()));
    view! {
        <h2 class="dashboard__heading">
            <a class="dashboard__fold" href=href aria-expanded=expanded data-noscroll="">
                <Icon name=sign />
                {title}
                " "
                <small class="mute">{n_panels}</small>
            </a>
        </h2>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::super::sample::view;
    use super::*;

    fn html(view: &DashboardView, search: &str) -> String {
        rows(view, &Address::read("http".to_owned(), search)).to_html()
    }

    #[test]
    fn a_folded_row_is_a_link_that_opens_it_and_shows_no_panels() {
        let owner = Owner::new();
        owner.set();
        let html: String = html(&view(), "range=1h");
        assert!(html.contains("/d/http?range=1h&amp;open=1") && html.contains("aria-expanded=\"false\""), "{html}");
        assert!(html.contains("Panel a0") && !html.contains("Panel a1") && html.contains("パネル 2 件"), "{html}");
    }

    #[test]
    fn what_the_reader_opened_is_folded_again_by_the_same_link() {
        let owner = Owner::new();
        owner.set();
        let mut opened = view();
        opened.shown.rows[1].is_folded = false;
        let html: String = html(&opened, "range=1h&open=1");
        assert!(html.contains("href=\"/d/http?range=1h\"") && html.contains("aria-expanded=\"true\""), "{html}");
        assert!(html.contains("Panel b1"), "{html}");
    }

    #[test]
    fn a_row_without_a_title_has_no_heading_and_its_panels_stand_a_level_higher() {
        let owner = Owner::new();
        owner.set();
        let mut plain = view();
        plain.shown.rows.truncate(1);
        plain.shown.rows[0].title.clear();
        let html: String = html(&plain, "");
        assert!(html.contains("<h2 class=\"tile__title\">Panel a0") && !html.contains("dashboard__heading"), "{html}");
    }

    #[test]
    fn a_dashboard_without_panels_says_what_fills_it() {
        let owner = Owner::new();
        owner.set();
        let mut empty = view();
        empty.shown.rows.clear();
        assert!(html(&empty, "").contains("/d/http/edit"));
        empty.may_edit = false;
        assert!(!html(&empty, "").contains("/d/http/edit"));
    }
}
