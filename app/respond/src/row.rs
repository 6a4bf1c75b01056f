//! One alert in a list.

use crate::facts::{about, condition_text, figure_text, form_of, line_end, stale_since};
use crate::seat::Seat;
use crate::words::answers::answer_words;
use crate::words::{locale, words};
use api::alerting::AlertRow;
use leptos::prelude::*;
use model::alert::AlertState;
use model::links;
use ui::context::use_look;
use ui::icon::{Icon, IconName};
use ui::severity::SeverityBadge;
use ui::spark::Spark;
use ui::time_text::TimeText;
use ui::value::Elapsed;

/// The span a row's small line shows.
const HOUR_MS: i64 = 3_600_000;
/// Change below this share of the threshold counts as level.
const LEVEL: f64 = 0.01;

/// The rows of a list; the columns belong to the list, so everything lines up.
#[component]
pub fn AlertRows(
    rows: Vec<AlertRow>,
    /// The id of the form that answers several at once: then each that fires can be ticked for it.
    #[prop(default = None)]
    several: Option<&'static str>,
) -> impl IntoView {
    let class = if several.is_some() { "alerts alerts--pick" } else { "alerts" };
    let line = |row: AlertRow| view! { <AlertLine row=row several=several /> };
    view! { <ul class=class>{rows.into_iter().map(line).collect_view()}</ul> }
}

/// The box that ticks an alert for the form that answers several; where there is nothing to answer, its place stays empty.
fn pick(row: &AlertRow, form: &'static str) -> AnyView {
    if row.state != AlertState::Firing {
        return view! { <span class="alert-row__pick"></span> }.into_any();
    }
    let (value, label) = (row.id.0.to_string(), (answer_words().pick)(&row.id.to_string()));
    view! {
        <label class="alert-row__pick">
            <input type="checkbox" name="ids[]" value=value form=form aria-label=label />
        </label>
    }
    .into_any()
}

#[component]
fn AlertLine(row: AlertRow, several: Option<&'static str>) -> impl IntoView {
    let now_ms: i64 = use_look().now_ms;
    let until: i64 = row.resolved_at.map_or(now_ms, |at| at.0);
    let age: i64 = until.saturating_sub(row.since().0).max(0);
    let id = row.id;
    let class = row_class(&row);
    let held = !row.needs_somebody();
    let pick = several.map(|form| pick(&row, form));
    view! {
        <li class=class id=format!("alert-{}", id.0)>
            {pick}
            <SeverityBadge level=row.severity.level() held=held code=row.severity.code() word=words().severity_word(row.severity) />
            <span class="alert-row__age"><Elapsed ms=Signal::stored(age) /></span>
            <span class="alert-row__what">
                <a class="alert-row__name" href=links::alert(id)>{row.summary.read(locale()).to_owned()}</a>
                <small>{format!("{} · {id}", about(&row))}</small>
            </span>
            <span class="alert-row__value">
                {trend(&row)}
                <b>{figure_text(&row)}</b>
                {under_value(&row)}
            </span>
            <span class="alert-row__spark">{spark(&row, now_ms)}</span>
            <Seat row=row />
        </li>
    }
    .into_any()
}

fn row_class(row: &AlertRow) -> &'static str {
    match (row.state, row.held.is_some()) {
        (AlertState::Resolved, _) => "alert-row alert-row--back",
        (_, true) | (AlertState::Pending, _) => "alert-row alert-row--held",
        (AlertState::Firing, false) if row.muted.is_some() => "alert-row alert-row--muted",
        (AlertState::Firing, false) => "alert-row",
    }
}

/// What the value is held against, or when it was measured if nothing has come since.
fn under_value(row: &AlertRow) -> AnyView {
    let now_ms: i64 = use_look().now_ms;
    match stale_since(row.value_at, row.resolved_at.is_none(), now_ms) {
        Some(at) => {
            let form = form_of(at, now_ms);
            view! { <small class="alert-row__stale">{words().last_value} " " <TimeText at_ms=at.0 form=form /></small> }
                .into_any()
        }
        None => view! { <small>{condition_text(row)}</small> }.into_any(),
    }
}

/// Where the value has been going over the last minutes of the small line.
fn trend(row: &AlertRow) -> Option<AnyView> {
    let last = row.spark.last()?.1;
    let before = row.spark.iter().rev().nth(5)?.1;
    let level = LEVEL * row.limit().unwrap_or(last).abs().max(f64::MIN_POSITIVE);
    let icon = match last - before {
        change if change > level => IconName::TrendUp,
        change if change < -level => IconName::TrendDown,
        _ => IconName::TrendFlat,
    };
    Some(view! { <Icon name=icon /> }.into_any())
}

fn spark(row: &AlertRow, now_ms: i64) -> Option<AnyView> {
    let to = line_end(row.spark.last()?.0, now_ms);
    let drawing = chart::spark(&row.spark, to - HOUR_MS, to, row.limit(), Some(row.severity.level()), words().spark);
    Some(view! { <Spark drawing=drawing /> }.into_any())
}
