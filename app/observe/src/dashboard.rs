//! A dashboard as it is read: its head, the span and the choices, rows of panels.
//!
//! The server draws it whole: links, plain forms and pictures. In the browser its charts are taken over where they stand, and the stream moves
//! their lines on; what does not move by itself is drawn anew every so often. What is shown stands in the address.

mod address;
mod bar;
pub mod body;
mod choices;
mod gauges;
mod head;
mod number;
mod rows;
#[cfg(test)]
mod sample;
mod stats;
mod steps;
mod table;
mod tile;
mod troubles;

use crate::dashboard_history::refusal::{failed, refusal_before};
use address::Address;
use api::ask;
use api::dashboards::{DashboardStar, DashboardView, dashboard_show};
use api::live::dashboard_topic;
use bar::bar;
use chart::Figure;
use choices::choices;
use dashboard::{Body, Refresh, Shown};
use head::{head, remarks, wall_head};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use rows::rows;
use ui::loaded::loaded;

/// How often what the stream does not move is drawn anew on a live board.
const LIVE_MS: i64 = 30_000;

/// The screen at `/d/:slug`.
#[component]
pub fn DashboardScreen() -> impl IntoView {
    let (params, search) = (use_params_map(), use_location().search);
    let address: Memo<Address> = Memo::new(move |_| {
        let slug: String = params.with(|params| params.get("slug").unwrap_or_default());
        search.with(|search| Address::read(slug, search))
    });
    let star: ServerAction<DashboardStar> = ServerAction::new();
    let data = ask(move || address.get().ask(), dashboard_show);
    loaded(data, move |view: DashboardView| sheet(&view, &address.get_untracked(), star), failed)
}

fn sheet(view: &DashboardView, address: &Address, star: ServerAction<DashboardStar>) -> AnyView {
    let title: String = view.shown.title.clone();
    view! {
        <Title text=title />
        {board(view, address, star)}
    }
    .into_any()
}

fn board(view: &DashboardView, address: &Address, star: ServerAction<DashboardStar>) -> AnyView {
    let is_wall: bool = address.is_wall();
    let class: &'static str = if is_wall { "dashboard dashboard--wall" } else { "dashboard" };
    let (topic, every): (String, Option<String>) = (topic(view, address), every_ms(&view.shown).map(|ms| ms.to_string()));
    let top: AnyView = if is_wall { wall_head(view, address) } else { desk_top(view, address, star) };
    view! {
        <div class=class data-figures="" data-topic=topic data-every=every>
            {top}
            {rows(view, address)}
        </div>
    }
    .into_any()
}

/// What stands above the panels where somebody sits in front of it.
fn desk_top(view: &DashboardView, address: &Address, star: ServerAction<DashboardStar>) -> AnyView {
    view! {
        {head(view, address, star)}
        {refusal_before(star)}
        {remarks(view, address)}
        {bar(&view.shown, address)}
        {choices(&view.shown.choices, address)}
    }
    .into_any()
}

/// What the stream is asked for; nothing where the board does not go on by itself. The range is said in any case, so that everybody who looks
/// at the same board is told the same.
fn topic(view: &DashboardView, address: &Address) -> String {
    let shown: &Shown = &view.shown;
    if !shown.is_now || shown.refresh != Refresh::Live {
        return String::new();
    }
    let asked: Address = if shown.range.is_empty() { address.clone() } else { address.with_range(&shown.range) };
    dashboard_topic(&view.shown.slug, &asked.with_wall(false).query())
}

/// How often the whole of it is drawn anew; never where it ends in the past or its author wants that asked for.
fn every_ms(shown: &Shown) -> Option<i64> {
    match shown.refresh {
        Refresh::Every(ms) if shown.is_now => Some(ms),
        Refresh::Live if shown.is_now && !moves_alone(shown) => Some(LIVE_MS),
        Refresh::Every(_) | Refresh::Live | Refresh::Off => None,
    }
}

/// Whether the stream moves everything that is shown.
fn moves_alone(shown: &Shown) -> bool {
    let mut panels = shown.rows.iter().filter(|row| !row.is_folded).flat_map(|row| &row.panels);
    panels.all(|panel| matches!(&panel.body, Body::Figure { figure: Figure::Plot(_), .. } | Body::Text(_)))
}

#[cfg(test)]
mod tests {
    use super::sample::view;
    use super::*;

    fn at(search: &str) -> Address {
        Address::read("http".to_owned(), search)
    }

    #[test]
    fn a_live_board_asks_for_what_it_shows_and_an_old_one_for_nothing() {
        let mut view = view();
        assert_eq!(topic(&view, &at("var-job=a%2Cb&wall=1")), "dash:http?var-job=a%2Cb&range=1h");
        view.shown.refresh = Refresh::Every(60_000);
        assert_eq!((topic(&view, &at("")), every_ms(&view.shown)), (String::new(), Some(60_000)));
        view.shown.is_now = false;
        assert_eq!(every_ms(&view.shown), None);
    }

    #[test]
    fn what_the_stream_does_not_move_is_drawn_anew() {
        let mut shown: Shown = view().shown;
        assert_eq!(every_ms(&shown), Some(LIVE_MS), "panels without data wait for some");
        for panel in &mut shown.rows[0].panels {
            panel.body = Body::Text("note".to_owned());
        }
        assert_eq!(every_ms(&shown), None, "a folded row is not looked at");
        shown.refresh = Refresh::Off;
        assert_eq!(every_ms(&shown), None);
    }

    #[test]
    fn the_sheet_carries_what_the_browser_looks_for() {
        let owner = Owner::new();
        owner.set();
        let html: String = board(&view(), &at(""), ServerAction::new()).to_html().replace("<!>", "");
        assert!(html.contains("data-figures") && html.contains("data-topic=\"dash:http?range=1h\""), "{html}");
        assert!(html.contains("data-every=\"30000\"") && html.contains("<h1>HTTP</h1>"), "{html}");
        let wall: String = board(&view(), &at("wall=1"), ServerAction::new()).to_html();
        assert!(wall.contains("dashboard--wall") && !wall.contains("board__bar"), "{wall}");
    }
}
