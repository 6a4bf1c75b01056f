//! The delivery log: who was told what, when, how often, and what the provider said. The filters are the address.

mod detail;
mod filters;
pub mod said;

use crate::screen::loaded;
use crate::words::channels::channel_words;
use api::ask;
use api::deliveries::{DeliveryList, DeliveryQuery, DeliveryRow, delivery_list};
use api::pulse::use_pulse;
pub use detail::DeliveryScreen;
use filters::{Filters, href};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::links;
use said::{alerts, answer, exact, passed, state_mark, why};
use ui::button::ButtonLink;
use ui::empty::Empty;
use ui::table::{Cell, Column, Table};

/// The screen at `/deliveries`.
#[component]
pub fn DeliveriesScreen() -> impl IntoView {
    let words = channel_words();
    let query = asked();
    let pulse = use_pulse();
    let moved = move || (pulse.house.get(), pulse.alerts.get(), pulse.reconnected.get(), pulse.slow.get());
    let data = ask(move || (query.get(), moved()), |(query, _)| delivery_list(query));
    view! {
        <Title text=words.deliveries />
        <div class="deliveries">
            <header class="screen-head">
                <h1>{words.deliveries}</h1>
                <p class="screen-head__lead">
                    {words.deliveries_lead} " " <a class="link" href=links::PAGER>{words.pager_question}</a>
                </p>
            </header>
            {loaded(data, move |list| view! { <Sheet list=list query=query /> }.into_any())}
        </div>
    }
    .into_any()
}

/// The filters, as the address has them.
fn asked() -> Memo<DeliveryQuery> {
    let map = use_query_map();
    Memo::new(move |_| {
        let map = map.get();
        let text = |name: &str| map.get(name).unwrap_or_default();
        DeliveryQuery {
            channel: text("channel"),
            state: text("state"),
            alert: text("alert"),
            before: map.get("before").and_then(|number| number.parse().ok()),
        }
    })
}

#[component]
fn Sheet(list: DeliveryList, query: Memo<DeliveryQuery>) -> impl IntoView {
    let words = channel_words();
    let query = query.get_untracked();
    let body = if list.rows.is_empty() {
        view! { <Empty title=words.nothing say=words.nothing_hint /> }.into_any()
    } else {
        table(list.rows)
    };
    view! {
        <Filters query=query.clone() channels=list.channels />
        {body}
        {ending(&query, list.more)}
    }
    .into_any()
}

fn table(rows: Vec<DeliveryRow>) -> AnyView {
    let words = channel_words();
    let columns = vec![
        Column::text(words.state),
        Column::text(words.what),
        Column::text(words.alert),
        Column::text(words.why),
        Column::text(words.asked_at),
        Column::number(words.attempts),
        Column::text(words.answer),
    ];
    let rows = rows.into_iter().map(line).collect_view();
    view! { <Table caption=words.deliveries columns=columns stacked=true>{rows}</Table> }.into_any()
}

fn line(row: DeliveryRow) -> AnyView {
    let words = channel_words();
    let what = format!("{} → {}", (words.kind_word)(&row.kind), row.channel);
    let (mark, about, reason) = (state_mark(row.state), alerts(&row.alerts), why(&row));
    let (asked_at, said, passed) = (exact(row.at), answer(&row), passed(&row));
    view! {
        <tr role="row">
            <Cell>{mark}</Cell>
            <th scope="row" role="rowheader">
                <a class="link" href=links::delivery(&row.id)>{what}</a>
                {passed}
                <code class="table__code">{row.key}</code>
            </th>
            <Cell label=words.alert>{about}</Cell>
            <Cell label=words.why>{reason}</Cell>
            <Cell label=words.asked_at>{asked_at}</Cell>
            <Cell label=words.attempts number=true>{row.attempts}</Cell>
            <Cell label=words.answer wide=true>{said}</Cell>
        </tr>
    }
    .into_any()
}

/// The ways to what is older and to the beginning.
fn ending(query: &DeliveryQuery, more: Option<i64>) -> AnyView {
    let words = channel_words();
    let older = more.map(|before| href(&DeliveryQuery { before: Some(before), ..query.clone() }));
    let newest = query.before.map(|_| href(&DeliveryQuery { before: None, ..query.clone() }));
    let link = |href: String, word: &'static str| view! { <ButtonLink href=href>{word}</ButtonLink> };
    view! {
        <footer class="deliveries__foot">
            {newest.map(|href| link(href, words.newest))}
            {older.map(|href| link(href, words.older))}
        </footer>
    }
    .into_any()
}
