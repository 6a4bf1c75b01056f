//! What keeps alerts quiet besides silences: other alerts, and times.

use super::node::until;
use crate::silences::{matchers, recurrence};
use crate::words::locale;
use crate::words::routes::route_words;
use api::routing::{InhibitionView, QuietTimes};
use leptos::prelude::*;
use ui::context::use_look;
use ui::part::Part;
use ui::table::{Cell, Column, Table};
use ui::time_text::{TimeForm, TimeText};

/// Alerts that explain others.
pub fn inhibitions(inhibitions: &[InhibitionView]) -> AnyView {
    let words = route_words();
    let body = if inhibitions.is_empty() {
        view! { <p class="mute">{words.inhibitions_none}</p> }.into_any()
    } else {
        let columns = [words.inhibition, words.source, words.target, words.equal].map(Column::text).to_vec();
        let rows = inhibitions.iter().map(inhibition).collect_view();
        view! {
            <p class="mute">{words.inhibitions_lead}</p>
            <Table caption=words.inhibitions columns=columns stacked=true>{rows}</Table>
        }
        .into_any()
    };
    view! { <Part title=words.inhibitions.to_owned()>{body}</Part> }.into_any()
}

fn inhibition(one: &InhibitionView) -> AnyView {
    let words = route_words();
    let (source, target, equal) = (matchers::said(&one.source), matchers::said(&one.target), one.equal.join(", "));
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{one.name.clone()}</th>
            <Cell label=words.source>{source}</Cell>
            <Cell label=words.target>{target}</Cell>
            <Cell label=words.equal>{equal}</Cell>
        </tr>
    }
    .into_any()
}

/// Times by name.
pub fn calendars(calendars: &[QuietTimes]) -> AnyView {
    let words = route_words();
    if calendars.is_empty() {
        return view! { <Part title=words.calendars.to_owned()><p class="mute">{words.calendars_none}</p></Part> }.into_any();
    }
    let lines = calendars.iter().map(calendar).collect_view();
    view! { <Part title=words.calendars.to_owned()><ul class="routes__times">{lines}</ul></Part> }.into_any()
}

fn calendar(one: &QuietTimes) -> AnyView {
    let words = route_words();
    let said = recurrence::said(&one.calendar, &use_look().zone.name, locale());
    let now = one.until.map(|at| view! { <b>{words.on_now} " " {until(at)}</b> });
    let next =
        one.next.map(|at| view! { <small class="mute">{words.on_next} " " <TimeText at_ms=at.0 form=TimeForm::Day /></small> });
    view! {
        <li class="routes__time">
            <code>{one.name.clone()}</code>
            <span>{said}</span>
            {now}
            {next}
        </li>
    }
    .into_any()
}
