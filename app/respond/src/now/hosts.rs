//! Hosts down, their four signals across.

use crate::facts::value_text;
use crate::words::words;
use api::alerting::{HostSignals, Signal as Reading};
use leptos::prelude::*;
use model::{Time, links};
use ui::empty::Empty;
use ui::part::Part;
use ui::shape::Shape;
use ui::spark::Spark;
use ui::time_text::{TimeForm, TimeText};

const HOUR_MS: i64 = 3_600_000;
/// A host that has not been heard of for longer has no figures; what is known is when it was heard last.
const SILENT_MS: i64 = 5 * 60_000;

/// The signals of every host that reports.
#[component]
pub fn Hosts(hosts: Vec<HostSignals>, now: Time) -> impl IntoView {
    let words = words();
    let body = if hosts.is_empty() {
        view! { <Empty title=words.no_hosts say=words.no_hosts_hint /> }.into_any()
    } else {
        view! { <Signals hosts=hosts now=now /> }.into_any()
    };
    view! {
        <Part title=words.hosts.to_owned() more=move || view! { <span>{words.hosts_note}</span> }>
            {body}
        </Part>
    }
}

#[component]
fn Signals(hosts: Vec<HostSignals>, now: Time) -> impl IntoView {
    let words = words();
    let heads = words.signals.iter().map(|name| view! { <span class="signals__col">{*name}</span> }).collect_view();
    let rows = hosts.into_iter().map(|host| view! { <HostRow host=host now=now /> }).collect_view();
    view! {
        <ul class="signals">
            <li class="signals__row signals__row--head" aria-hidden="true"><span>{words.host}</span>{heads}</li>
            {rows}
        </ul>
    }
}

#[component]
fn HostRow(host: HostSignals, now: Time) -> impl IntoView {
    let names = words().signals;
    let silent_since = host.last_seen.filter(|seen| now.since(*seen) > SILENT_MS);
    let about = match silent_since {
        Some(seen) => view! { <small>{words().last_seen} " " <TimeText at_ms=seen.0 form=TimeForm::Day /></small> }.into_any(),
        None => view! { <small>{host.about}</small> }.into_any(),
    };
    let signals = host.signals.into_iter().zip(names).map(|(signal, name)| view! { <One signal=signal name=name /> });
    view! {
        <li class="signals__row">
            <span class="signals__name">
                <a href=links::host(&host.host)><b>{host.host.clone()}</b></a>
                {about}
            </span>
            {signals.collect_view()}
        </li>
    }
}

#[component]
fn One(signal: Reading, name: &'static str) -> impl IntoView {
    let class = match signal.severity.map(model::Severity::level) {
        None => "signal",
        Some(0) => "signal signal--0",
        Some(1) => "signal signal--1",
        Some(2) => "signal signal--2",
        Some(_) => "signal signal--3",
    };
    let level = signal.severity.map(model::Severity::level);
    let drawing = signal.spark.last().map(|(to, _)| {
        chart::spark(&signal.spark, to - HOUR_MS, *to, signal.limit, level, &format!("{name}: {}", words().spark))
    });
    view! {
        <span class=class>
            <span>{drawing.map(|drawing| view! { <Spark drawing=drawing /> })}</span>
            <span class="signal__value">
                <span class="hush">{name}</span>
                {level.map(|level| view! { <Shape level=level /> })}
                {reading(signal.value, signal.unit)}
            </span>
        </span>
    }
}

/// The value, or a dash where the words would be wider than a phone's column; a reader hears the words.
fn reading(value: Option<f64>, unit: figures::Unit) -> AnyView {
    match value {
        Some(_) => value_text(value, unit).into_any(),
        None => view! { <span aria-hidden="true">"—"</span><span class="hush">{words().no_data}</span> }.into_any(),
    }
}
