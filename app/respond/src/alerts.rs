//! Alerts: the list, with its filters in the address and a keyboard.

mod filters;
mod keyboard;

use crate::report::report_taking;
use crate::row::AlertRows;
use crate::screen::loaded;
use crate::words::words;
use api::alerting::{AlertAcknowledge, AlertList, AlertQuery, alert_list};
use api::ask;
use api::pulse::use_pulse;
use filters::Filters;
use keyboard::Chosen;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::links;
use ui::button::ButtonLink;
use ui::empty::Empty;

/// The screen at `/alerts`.
#[component]
pub fn AlertsScreen() -> impl IntoView {
    let take = ServerAction::<AlertAcknowledge>::new();
    let query = asked();
    let pulse = use_pulse();
    let undo = report_taking(take);
    let moved = move || (pulse.alerts.get(), pulse.reconnected.get(), take.version().get(), undo.version().get());
    let data = ask(move || (query.get(), moved()), |(query, _)| alert_list(query));
    let chosen = Chosen::new(take);
    view! {
        <Title text=words().alerts />
        <div class="alert-list">
            <header class="alert-list__head"><h1 class="alert-list__title">{words().alerts}</h1></header>
            <Filters query=query />
            {loaded(data, move |list| view! { <Sheet list=list take=take chosen=chosen query=query /> }.into_any())}
        </div>
    }
}

/// The filters, as the address has them.
fn asked() -> Memo<AlertQuery> {
    let map = use_query_map();
    Memo::new(move |_| {
        let map = map.get();
        let text = |name: &str| map.get(name).filter(|value| !value.is_empty());
        AlertQuery {
            show: text("show").unwrap_or_else(|| "open".to_owned()),
            severity: text("severity"),
            rule: text("rule"),
            search: text("search"),
            before: text("before").and_then(|number| number.parse().ok()),
        }
    })
}

#[component]
fn Sheet(list: AlertList, take: ServerAction<AlertAcknowledge>, chosen: Chosen, query: Memo<AlertQuery>) -> impl IntoView {
    let words = words();
    chosen.shows(&list.rows);
    let more = list.more;
    let is_plain = query.with(|query| *query == AlertQuery { show: "open".to_owned(), ..AlertQuery::default() });
    if list.rows.is_empty() && is_plain {
        return view! {
            <Empty title=words.none_open>
                <ButtonLink href=links::alerts_by("resolved")>{words.resolved}</ButtonLink>
            </Empty>
        }
        .into_any();
    }
    if list.rows.is_empty() {
        return view! {
            <Empty title=words.nothing say=words.nothing_hint>
                <ButtonLink href=links::ALERTS.to_owned()>{words.open}</ButtonLink>
            </Empty>
        }
        .into_any();
    }
    let older = more.map(|before| {
        let href = query.with(|query| filters::href(&AlertQuery { before: Some(before), ..query.clone() }));
        view! { <ButtonLink href=href>{words.older}</ButtonLink> }
    });
    view! {
        <AlertRows rows=list.rows take=take chosen=chosen.id() />
        <footer class="alert-list__foot"><span></span>{older}</footer>
    }
    .into_any()
}
