//! One alert: one question, one button, then the evidence.

mod answer;
mod escalation;
mod gauges;
mod guidance;
mod incident;
pub mod side;
mod told;

use crate::facts::{about, by_text, name_of, state_mark, until_text};
use crate::now::icon_of;
use crate::quiet;
use crate::screen::loaded;
use crate::words::{locale, words};
use answer::Answer;
use api::alerting::{AlertDetail, AlertRow, HistoryEntry, alert_detail};
use api::ask;
use api::viewer::Viewer;
use chart::{Figure, Size};
use gauges::Gauges;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::ids::AlertId;
use model::links;
use side::Side;
use told::{Tellings, told};
use ui::chart::LegendColumn;
use ui::figure::ServedFigure;
use ui::icon::Icon;
use ui::log::{Log, LogEntry};
use ui::part::Part;
use ui::severity::SeverityBadge;
use ui::time_text::TimeForm;

/// The graph's size where the window is wide, and where it is narrow.
const WIDE: Size = Size { width: 856.0, height: 340.0 };
const NARROW: Size = Size { width: 358.0, height: 300.0 };

/// What stands around an alert, asked for while the alert itself is.
#[derive(Clone, Copy)]
struct Around {
    tellings: Tellings,
    escalation: escalation::Owned,
    incident: incident::Owned,
    guidance: guidance::Owned,
}

/// The screen at `/alerts/:id`.
#[component]
pub fn AlertScreen() -> impl IntoView {
    let params = use_params_map();
    let id: AlertId =
        params.with_untracked(|params| params.get("id").and_then(|text| text.parse::<AlertId>().ok()).unwrap_or(AlertId(0)));
    let around = Around {
        tellings: told::data(id),
        escalation: escalation::data(id),
        incident: incident::data(id),
        guidance: guidance::data(id),
    };
    let data = ask(move || id, alert_detail);
    loaded(data, move |detail| view! { <Sheet detail=detail around=around /> }.into_any())
}

#[component]
fn Sheet(detail: AlertDetail, around: Around) -> impl IntoView {
    let row = detail.row.clone();
    let is_missed = reached_nobody(&detail.history);
    let told = told(&row, around.tellings, is_missed);
    let paged = escalation::part(&row, around.escalation);
    let (incident, guidance) = (incident::part(row.id, around.incident), guidance::part(row.id, around.guidance));
    let title = format!("{} {}", row.id, row.summary.read(locale()));
    // What another tool measured is not ours to draw.
    let graph = row.source.is_none().then(|| graph(&detail));
    view! {
        <Title text=title />
        <article class="alert">
            <header class="alert__head">
                <div class="alert__title">
                    <Line row=row.clone() />
                    <h1>{row.summary.read(locale()).to_owned()}</h1>
                    {row.muted.as_ref().map(quiet::line)}
                    <Gauges row=row.clone() />
                </div>
                <Answer row=row />
            </header>
            <div class="alert__main">
                {told}
                {paged}
                {incident}
                {guidance}
                {graph}
                <History detail=detail.clone() />
            </div>
            <Side detail=detail />
        </article>
    }
    .into_any()
}

/// Whether the last page was for nobody: then nobody knows, whatever was asked for.
fn reached_nobody(history: &[HistoryEntry]) -> bool {
    let pages = |entry: &&HistoryEntry| matches!(entry.fact.as_str(), "PageSent" | "PageUndelivered");
    history.iter().rev().find(pages).is_some_and(|entry| entry.fact == "PageUndelivered")
}

#[component]
fn Line(row: AlertRow) -> impl IntoView {
    let held = !row.needs_somebody();
    view! {
        <p class="alert__line">
            <SeverityBadge level=row.severity.level() held=held code=row.severity.code() word=words().severity_word(row.severity) />
            {state_mark(&row)}
            <span>{row.id.to_string()}</span>
            <span>{about(&row)}</span>
        </p>
    }
}

fn graph(detail: &AlertDetail) -> AnyView {
    let words = words();
    let size = if expect_context::<Viewer>().narrow { NARROW } else { WIDE };
    let host = detail.row.host.clone();
    let more = move || host.clone().map(|host| view! { <a class="link" href=links::host(&host)>{words.board}</a> });
    let title = detail.rule.as_ref().map_or_else(|| words.measured.to_owned(), |rule| rule.name.read(locale()).to_owned());
    let label = chart::spoken(&detail.plot, &title);
    // The needle and the table are of one alert: another one's graph begins without them.
    let (key, figure) = (detail.row.id.to_string(), Figure::Plot(detail.plot.clone()));
    view! {
        <Part title=title more=more id="measured">
            <div class="alert__graph">
                <ServedFigure key=key figure=figure size=size label=label legend=LegendColumn::USUAL.to_vec() />
            </div>
        </Part>
    }
    .into_any()
}

#[component]
fn History(detail: AlertDetail) -> impl IntoView {
    let unit = detail.row.unit;
    let lines = detail.history.into_iter().rev().map(|entry| view! { <Entry entry=entry unit=unit /> }).collect_view();
    let sent = links::deliveries_of_alert(detail.row.id);
    let more = move || view! { <a class="link" href=sent.clone()>{words().deliveries}</a> };
    view! { <Part title=words().history.to_owned() more=more id="history"><Log>{lines}</Log></Part> }
}

#[component]
fn Entry(entry: HistoryEntry, unit: figures::Unit) -> impl IntoView {
    let words = words();
    let icon = icon_of(&entry.fact);
    let said = (words.fact)(&entry.fact);
    let value = entry.value.map(|value| crate::facts::value_text(Some(value), unit));
    let reason = crate::facts::reason_text(&entry.fact, entry.reason.as_deref());
    let (holder, until) = (entry.holder.as_deref().map(name_of), entry.until.map(until_text));
    let by = by_text(&entry.fact, &entry.by);
    let sub: Vec<String> = [entry.channel, value, reason, holder, by, until].into_iter().flatten().collect();
    view! {
        <LogEntry at_ms=entry.at.0 form=TimeForm::Clock sign=move || view! { <Icon name=icon /> } sub=sub.join(" · ")>
            {said}
            {entry.comment.map(|comment| view! { <q class="log__quote">{comment}</q> })}
        </LogEntry>
    }
}
