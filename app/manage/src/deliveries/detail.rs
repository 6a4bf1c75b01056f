//! One delivery: what it was, and every attempt to get it through.

use super::said::{alerts, answer, exact, passed, state_mark, why};
use crate::channels::failed;
use crate::words::channels::channel_words;
use api::ask;
use api::deliveries::{AttemptView, DeliveryDetail, DeliveryRow, delivery_detail};
use api::pulse::use_pulse;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::links;
use ui::context::use_look;
use ui::facts::{Fact, Facts};
use ui::loaded::loaded;
use ui::part::Part;
use ui::table::{Cell, Column, Table};

/// The screen at `/deliveries/:id`.
#[component]
pub fn DeliveryScreen() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let pulse = use_pulse();
    let moved = move || (pulse.house.get(), pulse.alerts.get(), pulse.reconnected.get(), pulse.slow.get());
    let data = ask(move || (id.get(), moved()), |(id, _)| delivery_detail(id));
    loaded(data, |detail| view! { <Sheet detail=detail /> }.into_any(), failed)
}

#[component]
fn Sheet(detail: DeliveryDetail) -> impl IntoView {
    let words = channel_words();
    let row = detail.row;
    let title = format!("{} → {}", (words.kind_word)(&row.kind), row.channel);
    let count = Some(detail.attempts.len().to_string());
    view! {
        <Title text=title.clone() />
        <article class="delivery">
            <header class="screen-head">
                <p>{state_mark(row.state)}</p>
                <h1>{title}</h1>
                <a class="link" href=links::DELIVERIES>{words.to_deliveries}</a>
            </header>
            {about(&row, &detail.group)}
            <Part title=words.attempts.to_owned() count=count>{attempts(detail.attempts)}</Part>
        </article>
    }
    .into_any()
}

fn about(row: &DeliveryRow, group: &str) -> AnyView {
    let words = channel_words();
    let mut facts: Vec<AnyView> = vec![fact(words.channel, channel(row))];
    if !row.alerts.is_empty() {
        facts.push(fact(words.alert, alerts(&row.alerts)));
    }
    facts.push(fact(words.why, why(row)));
    facts.push(fact(words.answer, answer(row)));
    facts.push(fact(words.asked_at, exact(row.at)));
    if let Some(at) = row.due_at {
        facts.push(fact(words.next_try, exact(at)));
    }
    if let Some(at) = row.ended_at {
        facts.push(fact(words.ended_at, exact(at)));
    }
    facts.push(fact(words.key, code(&row.key)));
    facts.push(fact(words.group, code(group)));
    view! { <Facts>{facts}</Facts> }.into_any()
}

fn fact(name: &'static str, value: AnyView) -> AnyView {
    view! { <Fact name=name>{value}</Fact> }.into_any()
}

fn code(text: &str) -> AnyView {
    view! { <code>{text.to_owned()}</code> }.into_any()
}

fn channel(row: &DeliveryRow) -> AnyView {
    if row.is_personal {
        return view! { {row.channel.clone()} }.into_any();
    }
    view! {
        <a class="link" href=links::channel(&row.channel)>{row.channel.clone()}</a>
        {passed(row)}
    }
    .into_any()
}

fn attempts(attempts: Vec<AttemptView>) -> AnyView {
    let words = channel_words();
    if attempts.is_empty() {
        return view! { <p class="mute">{words.no_attempts}</p> }.into_any();
    }
    let columns = vec![
        Column::number(words.attempt),
        Column::text(words.state),
        Column::text(words.began_at),
        Column::text(words.ended_at),
        Column::number(words.took),
        Column::text(words.answer),
        Column::text(words.process),
    ];
    let rows = attempts.into_iter().map(attempt).collect_view();
    view! { <Table caption=words.attempts columns=columns stacked=true>{rows}</Table> }.into_any()
}

fn attempt(attempt: AttemptView) -> AnyView {
    let words = channel_words();
    let outcome = attempt.outcome.as_deref().map_or(words.under_way, words.outcome);
    let took = attempt.took_ms.map(|ms| figures::duration(ms, use_look().locale));
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{attempt.attempt}</th>
            <Cell label=words.state>{outcome}</Cell>
            <Cell label=words.began_at>{exact(attempt.began_at)}</Cell>
            <Cell label=words.ended_at>{attempt.ended_at.map(exact)}</Cell>
            <Cell label=words.took number=true>{took}</Cell>
            <Cell label=words.answer wide=true><span class="deliveries__answer">{attempt.detail.as_deref().map(words.answered)}</span></Cell>
            <Cell label=words.process wide=true><code>{attempt.worker}</code></Cell>
        </tr>
    }
    .into_any()
}
