//! Hosts: every machine that reports.

use crate::host::failed;
use crate::words::{locale, words};
use api::ask;
use api::metrics::{HostRow, host_list};
use api::pulse::use_pulse;
use figures::Unit;
use leptos::prelude::*;
use leptos_meta::Title;
use model::links;
use ui::empty::Empty;
use ui::loaded::loaded;
use ui::table::{Cell, Column, Table};
use ui::time_text::{TimeForm, TimeText};

/// The screen at `/hosts`.
#[component]
pub fn HostsScreen() -> impl IntoView {
    let pulse = use_pulse();
    let moved = move || (pulse.house.get(), pulse.reconnected.get(), pulse.slow.get());
    let data = ask(moved, |_| host_list());
    view! {
        <Title text=words().hosts />
        <div class="board">
            <header class="board__head">
                <h1>{words().hosts}</h1>
                <p class="board__about">{words().hosts_hint}</p>
            </header>
            {loaded(data, |rows| view! { <Rows rows=rows /> }.into_any(), failed)}
        </div>
    }
}

#[component]
fn Rows(rows: Vec<HostRow>) -> impl IntoView {
    let words = words();
    if rows.is_empty() {
        return view! { <Empty title=words.none say=words.none_hint /> }.into_any();
    }
    let columns = vec![
        Column::text(words.host),
        Column::text(words.system),
        Column::number(words.cpu),
        Column::number(words.memory),
        Column::number(words.disk),
        Column::number(words.load),
        Column::text(words.last_seen),
    ];
    let lines = rows.into_iter().map(|row| view! { <Line row=row /> }).collect_view();
    view! { <Table caption=words.hosts columns=columns stacked=true>{lines}</Table> }.into_any()
}

#[component]
fn Line(row: HostRow) -> impl IntoView {
    let words = words();
    let seen = row.about.last_seen.map(|at| view! { <TimeText at_ms=at.0 form=TimeForm::Day /> });
    let name = row.about.name;
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a class="link" href=links::host(&name)>{name.clone()}</a></th>
            <Cell label=words.system wide=true>{row.about.system}</Cell>
            <Cell label=words.cpu number=true>{figure(row.cpu_percent, Unit::Percent)}</Cell>
            <Cell label=words.memory number=true>{figure(row.memory_percent, Unit::Percent)}</Cell>
            <Cell label=words.disk number=true>{figure(row.disk_percent, Unit::Percent)}</Cell>
            <Cell label=words.load number=true>{figure(row.load1, Unit::None)}</Cell>
            <Cell label=words.last_seen>{seen}</Cell>
        </tr>
    }
}

fn figure(value: Option<f64>, unit: Unit) -> String {
    figures::value(value.unwrap_or(f64::NAN), unit, locale()).joined()
}
