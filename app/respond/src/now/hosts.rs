//! Hosts down, their four signals across.

use crate::facts::{line_end, value_text};
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
/// While there are this few hosts their lines are drawn tall: the sheet has the room, and shape is what is looked for.
const FEW: usize = 3;

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
    let class = if hosts.len() <= FEW { "signals signals--few" } else { "signals" };
    let heads = words.signals.iter().map(|name| view! { <span class="signals__col">{*name}</span> }).collect_view();
    let rows = hosts.into_iter().map(|host| view! { <HostRow host=host now=now /> }).collect_view();
    view! {
        <ul class=class>
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
        None => {
            let system = short_system(&host.about).to_owned();
            view! { <small title=host.about>{system}</small> }.into_any()
        }
    };
    let is_silent = silent_since.is_some();
    let one = |(signal, name): (Reading, &'static str)| {
        let signal = Reading { value: signal.value.filter(|_| !is_silent), ..signal };
        view! { <One signal=signal name=name now=now /> }
    };
    let signals = host.signals.into_iter().zip(names).map(one);
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

/// What a host runs, without the words around it: `Linux (Debian GNU/Linux 12) x86_64` is a Debian to whoever reads it.
fn short_system(about: &str) -> &str {
    let inner = about.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inner, _)| inner.trim());
    inner.filter(|inner| !inner.is_empty()).unwrap_or(about)
}

#[component]
fn One(signal: Reading, name: &'static str, now: Time) -> impl IntoView {
    let class = match signal.severity.map(model::Severity::level) {
        None => "signal",
        Some(0) => "signal signal--0",
        Some(1) => "signal signal--1",
        Some(2) => "signal signal--2",
        Some(_) => "signal signal--3",
    };
    let level = signal.severity.map(model::Severity::level);
    let drawing = signal.spark.last().map(|(newest, _)| {
        let to = line_end(*newest, now.0);
        chart::spark(&signal.spark, to - HOUR_MS, to, signal.limit, level, &format!("{name}: {}", words().spark))
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

#[cfg(test)]
mod tests {
    use super::short_system;

    #[test]
    fn a_system_is_called_by_its_name() {
        for (about, expected) in [
            ("Linux (Debian GNU/Linux 12) x86_64", "Debian GNU/Linux 12"),
            ("Linux x86_64", "Linux x86_64"),
            ("Linux () x86_64", "Linux () x86_64"),
            ("Linux (Debian", "Linux (Debian"),
            ("", ""),
        ] {
            assert_eq!(short_system(about), expected, "{about}");
        }
    }
}
