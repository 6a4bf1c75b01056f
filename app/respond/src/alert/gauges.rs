//! The figure of the screen, and what it is measured against.

use crate::facts::{condition_text, distance_text, for_text, form_of, stale_since, value_text};
use crate::words::words;
use api::alerting::AlertRow;
use leptos::prelude::*;
use ui::context::use_look;
use ui::time_text::{TimeForm, TimeText};
use ui::value::{Elapsed, ValueText};

/// Value, threshold, age.
#[component]
pub fn Gauges(row: AlertRow) -> impl IntoView {
    let words = words();
    let below: Vec<String> = [for_text(&row), distance_text(&row)].into_iter().flatten().collect();
    let figure = match row.value {
        Some(value) => view! { <ValueText value=value unit=row.unit /> }.into_any(),
        None => view! { <span class="value">{value_text(None, row.unit)}</span> }.into_any(),
    };
    // Another tool may send no figure: then nothing stands in its place.
    let has_figure = row.source.is_none() || row.value.is_some();
    let name = value_name(&row);
    let figure = has_figure.then(|| view! { <div class="gauge gauge--main">{name}<dd class="gauge__value">{figure}</dd></div> });
    let against = if row.source.is_some() { words.source_judged } else { words.threshold };
    view! {
        <dl class="gauges">
            {figure}
            <div class="gauge">
                <dt class="gauge__name">{against}</dt>
                <dd class="gauge__value">{condition_text(&row)}</dd>
                <dd class="gauge__sub">{below.join(" · ")}</dd>
            </div>
            <Age row=row />
        </dl>
    }
}

/// What the figure is: the value of now, or the last one that came, with its time. A host that died says nothing new.
fn value_name(row: &AlertRow) -> AnyView {
    let words = words();
    let now_ms: i64 = use_look().now_ms;
    match stale_since(row.value_at, row.resolved_at.is_none(), now_ms) {
        Some(at) => {
            let form = form_of(at, now_ms);
            view! { <dt class="gauge__name">{words.last_value} " " <TimeText at_ms=at.0 form=form /></dt> }.into_any()
        }
        None => view! { <dt class="hush">{words.current}</dt> }.into_any(),
    }
}

#[component]
fn Age(row: AlertRow) -> impl IntoView {
    let words = words();
    let since = row.since();
    let until = row.resolved_at;
    let ms: i64 = until.map_or(use_look().now_ms, |at| at.0).saturating_sub(since.0).max(0);
    let name = match (until, row.fired_at) {
        (Some(_), _) => words.lasted,
        (None, Some(_)) => words.since_fired,
        (None, None) => words.since_crossed,
    };
    let ended = until.map(|at| view! { " – " <TimeText at_ms=at.0 form=TimeForm::Clock /> });
    view! {
        <div class="gauge">
            <dt class="gauge__name">{name}</dt>
            <dd class="gauge__value"><Elapsed ms=ms /></dd>
            <dd class="gauge__sub"><TimeText at_ms=since.0 form=TimeForm::Day />{ended}</dd>
        </div>
    }
}
