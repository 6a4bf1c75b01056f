//! One metric: what is known of it, which labels make it many series, and who sends it.

use super::draw::{cell, count, explore, figure, part, share, shared, table};
use crate::words::locale;
use crate::words::metrics_use::{UsageWords, usage_words};
use api::cardinality::{LabelView, MetricView, SourceView, UsageTotals};
use leptos::prelude::*;
use model::{Time, links};
use ui::empty::Empty;
use ui::facts::{Fact, Facts};
use ui::part::Part;
use ui::table::Column;
use ui::time_text::{TimeForm, TimeText};

/// A label of so many values is worth a word.
const MANY: u64 = 20;
const SECOND_MS: i64 = 1_000;

/// Everything about a metric.
#[must_use]
pub fn sheet(metric: &MetricView, totals: &UsageTotals) -> AnyView {
    view! {
        {about(metric, totals)}
        {labels(metric)}
        {sources(metric)}
    }
    .into_any()
}

fn about(metric: &MetricView, totals: &UsageTotals) -> AnyView {
    let words = usage_words();
    let help: String = if metric.help.is_empty() { words.untold.to_owned() } else { metric.help.clone() };
    let facts: Vec<AnyView> = facts(words, metric, totals);
    let href: String = links::explore(&metric.expression, "");
    let label: String = (words.explore_of)(&metric.name);
    let more = move || view! { <a class="link" href=href.clone() aria-label=label.clone()>{words.explore}</a> };
    view! {
        <Part title=words.about_metric.to_owned() more=more>
            <p class="usage__note">{help}</p>
            <Facts>{facts}</Facts>
        </Part>
    }
    .into_any()
}

fn facts(words: &'static UsageWords, metric: &MetricView, totals: &UsageTotals) -> Vec<AnyView> {
    let of_all: AnyView = shared(share(metric.series, totals.series));
    let series: AnyView = view! { {count(metric.series)} " · " {words.share} " " {of_all} }.into_any();
    let expression: String = metric.expression.clone();
    let told = |name: &'static str, text: &str| (!text.is_empty()).then(|| fact(name, text.to_owned().into_any()));
    [
        Some(fact(words.series, series)),
        Some(fact(words.new, count(metric.new).into_any())),
        Some(fact(words.newest, newest(words, metric, totals.taken_at))),
        told(words.kind, &metric.kind),
        told(words.unit, &metric.unit),
        Some(fact(words.expression, view! { <code>{expression}</code> }.into_any())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn fact(name: &'static str, value: AnyView) -> AnyView {
    view! { <Fact name=name>{value}</Fact> }.into_any()
}

/// When it was heard last: exactly while that stands in memory, else by the day.
fn newest(words: &'static UsageWords, metric: &MetricView, now: Time) -> AnyView {
    match metric.newest {
        Some(at) => {
            let age: String = ago(words, now.since(at));
            let live: String = (words.live)(&count(metric.live));
            view! { <TimeText at_ms=at.0 form=TimeForm::Clock /> " " {age} " · " {live} }.into_any()
        }
        None => {
            let day: i64 = metric.last_day.0;
            view! { {words.rests} " " <TimeText at_ms=day form=TimeForm::Date /> }.into_any()
        }
    }
}

/// An age as it is said; of less than a second nobody counts the parts.
fn ago(words: &'static UsageWords, age_ms: i64) -> String {
    if age_ms < SECOND_MS { words.just_now.to_owned() } else { (words.ago)(&figures::duration(age_ms, locale())) }
}

fn labels(metric: &MetricView) -> AnyView {
    let words = usage_words();
    let columns = vec![
        Column::text(words.label),
        Column::number(words.values),
        Column::number(words.series),
        Column::text(words.examples),
        Column::text(""),
    ];
    let rows: Vec<AnyView> = metric.labels.iter().map(|row| label(words, row)).collect();
    let most = metric.labels.first().filter(|first| first.values >= MANY);
    let tame: Option<String> = most.map(|first| (words.tame)(&first.name, &count(first.values)));
    let cut: Option<String> = metric.is_cut.then(|| words.at_least.to_owned());
    let notes: Vec<String> = cut.into_iter().chain(tame).collect();
    let note: Option<String> = (!notes.is_empty()).then(|| notes.join(" "));
    part(words.labels, Some(count(metric.labels.len() as u64)), note, table(words.labels.to_owned(), columns, rows))
}

fn label(words: &'static UsageWords, row: &LabelView) -> AnyView {
    let examples: Vec<AnyView> = row.examples.iter().map(|(value, series)| example(value, *series)).collect();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><code>{row.name.clone()}</code></th>
            {figure(words.values, count(row.values))}
            {figure(words.series, count(row.series))}
            <td class="table__wide" role="cell" data-label=words.examples><span class="usage__examples">{examples}</span></td>
            {explore(&row.name, &row.expression)}
        </tr>
    }
    .into_any()
}

fn example(value: &str, series: u64) -> AnyView {
    view! { <span><code>{value.to_owned()}</code> " " <small class="mute">{count(series)}</small></span> }.into_any()
}

fn sources(metric: &MetricView) -> AnyView {
    let words = usage_words();
    let body: AnyView = if metric.sources.is_empty() {
        view! { <Empty title=words.no_sources /> }.into_any()
    } else {
        let columns =
            vec![Column::text(words.instance), Column::text(words.job), Column::number(words.series), Column::text(words.way)];
        let rows: Vec<AnyView> = metric.sources.iter().map(|row| source(words, row)).collect();
        table(words.sources.to_owned(), columns, rows)
    };
    part(words.sources, None, Some(words.sources_note.to_owned()), body)
}

fn source(words: &'static UsageWords, row: &SourceView) -> AnyView {
    let way: &'static str = if row.is_scraped { words.scraped } else { words.pushed };
    let [instance, job] = [&row.instance, &row.job].map(|name| if name.is_empty() { "—".to_owned() } else { name.clone() });
    let way: AnyView = view! { <a class="link" href=links::TARGETS>{way}</a> }.into_any();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><code>{instance}</code></th>
            {cell(words.job, job.into_any())}
            {figure(words.series, count(row.series))}
            {cell(words.way, way)}
        </tr>
    }
    .into_any()
}
