//! Metrics: what eats series and disk, and what lies in one metric.
//!
//! What is looked for and which metric is open stand in the address, so the screen works before any script. The form stands apart from
//! the answer, which is fetched again by itself and must not take a half-written word along.

pub mod draw;
mod lists;
mod one;
mod totals;

use crate::host::failed as failed_otherwise;
use crate::words::metrics_use::usage_words;
use api::absence::note_absence;
use api::cardinality::{LONGEST_SEARCH, UsageQuery, UsageView, metrics_usage};
use api::pulse::use_pulse;
use api::{ApiError, ask};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;
use model::links;
use ui::button::{Button, ButtonLink};
use ui::empty::ErrorState;
use ui::field::Field;
use ui::loaded::loaded;

/// The screen at `/metrics`.
#[component]
pub fn MetricsScreen() -> impl IntoView {
    let query = asked();
    let pulse = use_pulse();
    let data = ask(move || (query.get(), pulse.reconnected.get(), pulse.slow.get()), |(query, ..)| metrics_usage(query));
    let words = usage_words();
    view! {
        // Plain text, written anew for another metric: the server asks for the title when the screen's signals may be gone.
        {move || view! { <Title text=query.with(heading) /> }}
        <div class="board">
            <header class="board__head">
                <h1 class="usage__title">{move || query.with(heading)}</h1>
                {move || query.with(|query| query.metric.is_none()).then(|| view! { <p class="board__about">{words.about}</p> })}
                {move || way(query.with(|query| query.metric.is_some()))}
            </header>
            {move || query.with(|query| query.metric.is_none()).then(|| search(query))}
            {loaded(data, sheet, failed)}
        </div>
    }
    .into_any()
}

/// What is looked for, as the address has it.
fn asked() -> Memo<UsageQuery> {
    let map = use_query_map();
    Memo::new(move |_| {
        let map = map.get();
        UsageQuery { q: map.get("q").unwrap_or_default(), metric: map.get("metric").filter(|name| !name.is_empty()) }
    })
}

fn heading(query: &UsageQuery) -> String {
    query.metric.clone().unwrap_or_else(|| usage_words().title.to_owned())
}

/// The way to where the samples come from; from one metric the way back to all of them.
fn way(is_one: bool) -> AnyView {
    let words = usage_words();
    let (href, label) = if is_one { (links::METRICS, words.all) } else { (links::TARGETS, words.to_targets) };
    view! { <a class="link usage__way" href=href>{label}</a> }.into_any()
}

fn search(query: Memo<UsageQuery>) -> AnyView {
    let words = usage_words();
    view! {
        <Form method="GET" action=links::METRICS attr:class="board__bar usage__search" attr:role="search">
            <Field id="q" label=words.search.to_owned()>
                <input
                    class="input"
                    id="q"
                    type="search"
                    name="q"
                    maxlength=LONGEST_SEARCH.to_string()
                    placeholder=words.search_hint
                    value=move || query.with(|query| query.q.clone())
                />
            </Field>
            <Button kind="submit">{words.find}</Button>
        </Form>
    }
    .into_any()
}

fn sheet(view: UsageView) -> AnyView {
    match &view.metric {
        Some(metric) => one::sheet(metric, &view.totals),
        None => view! {
            {totals::near_limit(&view.totals)}
            {totals::figures(&view.totals)}
            {lists::metrics(&view)}
            {lists::labels(&view)}
            {lists::pairs(&view)}
            {totals::disk(&view.totals)}
            {lists::quotas(&view.quotas)}
        }
        .into_any(),
    }
}

/// A metric that is not there; anything else as all screens of the wing say it.
fn failed(error: &ApiError) -> AnyView {
    let ApiError::NotFound { .. } = error else { return failed_otherwise(error) };
    note_absence();
    let words = usage_words();
    view! {
        <ErrorState what=words.not_found means=words.not_found_means action=words.not_found_hint>
            <ButtonLink href=links::METRICS.to_owned()>{words.title}</ButtonLink>
        </ErrorState>
    }
    .into_any()
}
