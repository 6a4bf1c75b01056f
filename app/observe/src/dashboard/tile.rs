//! A panel on its board: its head with what is open about it and what can be done with it, and what it shows below.

use super::address::Address;
use super::body::{body, title};
use crate::words::dashboards::board_words;
use crate::words::locale;
use api::dashboards::{DashboardView, PanelProse};
use dashboard::{Body, ShownLink, ShownPanel};
use figures::Locale;
use leptos::prelude::*;
use model::Severity;
use model::links;
use model::links::dashboards as ways;
use ui::icon::{Icon, IconName};
use ui::menu::Menu;
use ui::shape::Shape;

/// Queries that have a way to Explore of their own.
const MOST_QUERIES: usize = 4;
/// Ranges that Explore knows by their words.
const EXPLORED: [&str; 6] = ["15m", "1h", "3h", "6h", "24h", "7d"];

/// What all panels of a board have in common.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) view: &'a DashboardView,
    pub(super) address: &'a Address,
    /// Whether a heading stands above the panels: theirs are then a level deeper.
    pub(super) is_below_heading: bool,
}

pub(super) fn tile(panel: &ShownPanel, around: Around<'_>) -> AnyView {
    let shown = &around.view.shown;
    let none = PanelProse::default();
    let prose: &PanelProse = around.view.prose.iter().find(|prose| prose.key == panel.key).unwrap_or(&none);
    let key: String = format!("tile {}", panel.key);
    view! {
        <section class=class(panel) data-key=key aria-label=title(panel)>
            {head(panel, prose, around)}
            <div class="tile__body">{body(panel, &prose.body, (shown.from_ms, shown.to_ms))}</div>
        </section>
    }
    .into_any()
}

/// Its columns and rows are classes, because no answer carries a style of its own.
fn class(panel: &ShownPanel) -> String {
    let (width, height): (u8, u8) = (panel.width.clamp(1, 24), panel.height.clamp(2, 30));
    let broad: &str = if width > 12 { " tile--broad" } else { "" };
    format!("tile tile--w{width} tile--h{height}{broad}")
}

fn head(panel: &ShownPanel, prose: &PanelProse, around: Around<'_>) -> AnyView {
    let name: String = panel.title.clone();
    let heading: AnyView = match (name.trim().is_empty(), around.is_below_heading) {
        (true, _) => view! { <span class="tile__title"></span> }.into_any(),
        (false, true) => view! { <h3 class="tile__title">{name}</h3> }.into_any(),
        (false, false) => view! { <h2 class="tile__title">{name}</h2> }.into_any(),
    };
    let menu: Option<AnyView> = (!around.address.is_wall()).then(|| menu(panel, around));
    view! {
        <header class="tile__head">
            {heading}
            {about(panel, &prose.about)}
            {panel.severity.map(mark)}
            {menu}
        </header>
    }
    .into_any()
}

/// What its author says about it, behind a mark.
fn about(panel: &ShownPanel, html: &str) -> Option<AnyView> {
    if html.is_empty() {
        return None;
    }
    let (label, html): (String, String) = ((board_words().about)(&title(panel)), html.to_owned());
    let view = view! {
        <details class="menu tile__about" data-closes="">
            <summary class="tile__sign"><span class="hush">{label}</span><span aria-hidden="true">"?"</span></summary>
            <div class="menu__list tile__said"><div class="prose prose--small" inner_html=html></div></div>
        </details>
    };
    Some(view.into_any())
}

/// The worst open alert about what it shows.
fn mark(severity: Severity) -> AnyView {
    let (level, code): (u8, &'static str) = (severity.level(), severity.code());
    let said: String = (board_words().alert)(code);
    let title: String = said.clone();
    view! {
        <a class="tile__mark" href=links::ALERTS title=title>
            <Shape level=level />
            <span aria-hidden="true">{code}</span>
            <span class="hush">{said}</span>
        </a>
    }
    .into_any()
}

fn menu(panel: &ShownPanel, around: Around<'_>) -> AnyView {
    let words = board_words();
    let label: String = (words.menu_of)(&title(panel));
    let edit = around.view.may_edit.then(|| {
        let href: String = ways::edit_panel(&around.address.slug, &panel.id);
        view! { <a href=href>{words.edit_panel}</a> }
    });
    let own: Vec<AnyView> = panel.links.iter().map(link).collect();
    let entries = view! {
        {alone(panel, around.address)}
        {explored(panel, around)}
        {rule(panel)}
        {files(panel, around.address)}
        {own}
        {edit}
    };
    view! { <Menu label=label icon=IconName::More icon_only=true>{entries}</Menu> }.into_any()
}

fn alone(panel: &ShownPanel, address: &Address) -> AnyView {
    let words = board_words();
    if address.panel().is_some() {
        return view! { <a href=address.with_panel(None).href()>{words.whole}</a> }.into_any();
    }
    view! { <a href=address.with_panel(Some(&panel.key)).href()>{words.alone}</a> }.into_any()
}

fn explored(panel: &ShownPanel, around: Around<'_>) -> Vec<AnyView> {
    let is_one: bool = panel.exprs.len() == 1;
    let asked = panel.exprs.iter().enumerate().filter(|(_, expr)| !expr.trim().is_empty()).take(MOST_QUERIES);
    asked
        .map(|(place, expr)| {
            let said: String = (board_words().explore)((!is_one).then_some(place + 1));
            view! { <a href=explore(expr, around)>{said}</a> }.into_any()
        })
        .collect()
}

/// The same span, going on with now where it does and Explore knows its word.
fn explore(expr: &str, around: Around<'_>) -> String {
    let shown = &around.view.shown;
    match EXPLORED.into_iter().find(|word| shown.is_now && *word == shown.range) {
        Some(word) => links::explore(expr, word),
        None => ways::explore(expr, shown.from_ms, shown.to_ms),
    }
}

/// The form of a rule that asks what the panel asks first.
fn rule(panel: &ShownPanel) -> Option<AnyView> {
    let expr: &String = panel.exprs.iter().find(|expr| !expr.trim().is_empty())?;
    let language: &str = match locale() {
        Locale::Ja => "name.ja",
        Locale::En => "name.en",
    };
    let fields: [(String, String); 2] = [("expr".to_owned(), expr.clone()), (language.to_owned(), panel.title.clone())];
    let said = fields.iter().filter(|(_, text)| !text.is_empty()).map(|(field, text)| (field, text));
    let href: String = links::rule_form(None, said, None);
    Some(view! { <a href=href>{board_words().make_rule}</a> }.into_any())
}

/// What of it can be taken along: its values, and its picture where there is one.
fn files(panel: &ShownPanel, address: &Address) -> Option<AnyView> {
    let words = board_words();
    let (slug, key, query): (&str, &str, String) = (&address.slug, &panel.key, address.of_data().query());
    if matches!(panel.body, Body::Text(_)) || panel.exprs.is_empty() {
        return None;
    }
    let has_picture: bool = matches!(panel.body, Body::Figure { .. } | Body::Gauges(_));
    let pictures = has_picture.then(|| {
        let (svg, png): (String, String) = (ways::panel_svg(slug, key, &query), ways::panel_png(slug, key, &query));
        view! {
            <a href=svg rel="external" download="">{words.svg}</a>
            <a href=png rel="external" download="">{words.png}</a>
        }
    });
    let csv: String = ways::panel_csv(slug, key, &query);
    let all = view! {
        <a href=csv rel="external" download="">{words.csv}</a>
        {pictures}
    };
    Some(all.into_any())
}

/// A way of the author's. One that leads out of the house tells nobody where the reader came from.
pub(super) fn link(link: &ShownLink) -> AnyView {
    let (href, title): (String, String) = (link.href.clone(), link.title.clone());
    let title: String = if title.is_empty() { href.clone() } else { title };
    if href.starts_with('/') {
        return view! { <a class="link" href=href>{title}</a> }.into_any();
    }
    view! {
        <a class="link" href=href rel="external noopener noreferrer" target="_blank">
            {title}
            " "
            <Icon name=IconName::Launch />
        </a>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::super::sample::view;
    use super::*;

    fn html(panel: &ShownPanel, search: &str, view: &DashboardView) -> String {
        let address = Address::read("http".to_owned(), search);
        tile(panel, Around { view, address: &address, is_below_heading: true }).to_html()
    }

    fn panel() -> ShownPanel {
        ShownPanel {
            key: "rate~a b".to_owned(),
            id: "rate".to_owned(),
            title: "<要求数>".to_owned(),
            width: 14,
            height: 7,
            exprs: vec!["rate(a[5m])".to_owned(), "up".to_owned()],
            severity: Some(Severity::P1),
            ..ShownPanel::default()
        }
    }

    #[test]
    fn a_panel_says_what_it_is_and_leads_on() {
        let owner = Owner::new();
        owner.set();
        let html: String = html(&panel(), "range=1h&var-job=a", &view());
        assert!(html.contains("tile--w14 tile--h7 tile--broad") && !html.contains("<要求数>"), "{html}");
        for way in [
            "/d/http?range=1h&amp;var-job=a&amp;panel=rate~a%20b",
            "/explore?q=rate%28a%5B5m%5D%29&amp;range=1h",
            "/rules/new?draft%5Bexpr%5D=rate%28a%5B5m%5D%29&amp;draft%5Bname.ja%5D=",
            "/d/http/panel.csv?panel=rate~a%20b&amp;range=1h&amp;var-job=a",
            "/d/http/edit?panel=rate",
        ] {
            assert!(html.contains(way), "{way} in {html}");
        }
        assert!(html.contains("P1 のアラートが出ています") && !html.contains("panel.png"), "{html}");
    }

    #[test]
    fn alone_it_leads_back_and_on_a_wall_nowhere() {
        let owner = Owner::new();
        owner.set();
        let alone: String = html(&panel(), "panel=rate~a%20b", &view());
        assert!(alone.contains(board_words().whole) && !alone.contains(board_words().alone), "{alone}");
        assert!(!html(&panel(), "wall=1", &view()).contains("<details"));
        let reader = DashboardView { may_edit: false, ..view() };
        assert!(!html(&panel(), "", &reader).contains("/edit"));
    }

    #[test]
    fn a_span_that_explore_does_not_know_by_its_word_is_said_by_its_ends() {
        let (mut view, address) = (view(), Address::default());
        let way = |view: &DashboardView| explore("up", Around { view, address: &address, is_below_heading: false });
        view.shown.range = "30d".to_owned();
        assert_eq!(way(&view), "/explore?q=up&from=0&to=3600000");
        (view.shown.range, view.shown.is_now) = ("1h".to_owned(), false);
        assert_eq!(way(&view), "/explore?q=up&from=0&to=3600000");
    }

    #[test]
    fn a_link_out_of_the_house_says_nothing_about_the_reader() {
        let owner = Owner::new();
        owner.set();
        let to = |href: &str| link(&ShownLink { title: "手順".to_owned(), href: href.to_owned() }).to_html();
        assert!(to("https://wiki.example.jp/").contains("noreferrer") && !to("/documents/a").contains("noreferrer"));
    }
}
