//! The lists: metrics, labels, pairs of a label and a value, and what tokens used of their quotas.

use super::draw::{count, explore, figure, numbers, part, share, shared, table};
use crate::words::metrics_use::{UsageWords, usage_words};
use api::cardinality::{CountRow, MetricRow, QuotaRow, QuotaView, UsageView};
use leptos::prelude::*;
use model::links;
use ui::button::ButtonLink;
use ui::empty::Empty;
use ui::icon::{Icon, IconName};
use ui::table::Column;

/// Rows that are read at once. The others are unfolded.
const AT_ONCE: usize = 12;

/// A table of which only the top stands open. The rest is a table of the same columns, so that both line up.
fn folded(caption: &str, columns: Vec<Column>, mut rows: Vec<AnyView>) -> AnyView {
    let words = usage_words();
    let rest: Vec<AnyView> = rows.split_off(rows.len().min(AT_ONCE));
    let others = (!rest.is_empty()).then(|| {
        let label: String = (words.others)(&count(rest.len() as u64));
        let below: AnyView = table(caption.to_owned(), columns.clone(), rest);
        view! { <details class="usage__rest"><summary class="link">{label} <Icon name=IconName::Down /></summary> {below}</details> }
    });
    view! { <div class="usage__list">{table(caption.to_owned(), columns, rows)} {others}</div> }.into_any()
}

/// Metrics by how many series they have.
#[must_use]
pub fn metrics(view: &UsageView) -> AnyView {
    let words = usage_words();
    let total: u64 = view.totals.series;
    let body: AnyView = if view.metrics.is_empty() {
        no_metrics(words, &view.q)
    } else {
        let columns = vec![
            Column::text(words.metric),
            Column::number(words.series),
            Column::number(words.share),
            Column::number(words.new),
            Column::text(""),
        ];
        let rows: Vec<AnyView> = view.metrics.iter().map(|row| metric(words, row, total)).collect();
        folded(words.by_metric, columns, rows)
    };
    let shown: String = (words.n_metrics)(&count(view.metrics.len() as u64), &count(view.metrics_found));
    part(words.by_metric, Some(shown), None, body)
}

fn no_metrics(words: &'static UsageWords, q: &str) -> AnyView {
    let (title, say, href, label) = if q.is_empty() {
        (words.none.to_owned(), words.none_hint, links::TARGETS, words.to_targets)
    } else {
        ((words.nothing)(q), words.nothing_hint, links::METRICS, words.all)
    };
    view! {
        <Empty title=title say=say>
            <ButtonLink href=href.to_owned()>{label}</ButtonLink>
        </Empty>
    }
    .into_any()
}

fn metric(words: &'static UsageWords, row: &MetricRow, total: u64) -> AnyView {
    let kind = (!row.kind.is_empty()).then(|| view! { <small class="table__sub">{row.kind.clone()}</small> });
    let new: String = if row.new == 0 { "0".to_owned() } else { format!("+{}", count(row.new)) };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a class="link code" href=links::metric(&row.name)>{row.name.clone()}</a> {kind}</th>
            {figure(words.series, count(row.series))}
            {numbers(words.share, shared(share(row.series, total)))}
            {figure(words.new, new)}
            {explore(&row.name, &row.expression)}
        </tr>
    }
    .into_any()
}

/// Labels by how many values they have.
#[must_use]
pub fn labels(view: &UsageView) -> AnyView {
    let words = usage_words();
    counted(words.by_label, words.by_label_note, [words.label, words.values], &view.labels)
}

/// Labels with their value, by how many series have them.
#[must_use]
pub fn pairs(view: &UsageView) -> AnyView {
    let words = usage_words();
    counted(words.by_pair, words.by_pair_note, [words.pair, words.series], &view.pairs)
}

fn counted(title: &'static str, note: &'static str, [name, number]: [&'static str; 2], rows: &[CountRow]) -> AnyView {
    if rows.is_empty() {
        return ().into_any();
    }
    let columns = vec![Column::text(name), Column::number(number), Column::text("")];
    let lines: Vec<AnyView> = rows.iter().map(|row| counted_row(number, row)).collect();
    part(title, None, Some(note.to_owned()), folded(title, columns, lines))
}

fn counted_row(number: &'static str, row: &CountRow) -> AnyView {
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><code>{row.name.clone()}</code></th>
            {figure(number, count(row.count))}
            {explore(&row.name, &row.expression)}
        </tr>
    }
    .into_any()
}

/// What tokens may send, and did.
#[must_use]
pub fn quotas(quotas: &QuotaView) -> AnyView {
    let words = usage_words();
    let number = |n: u32| count(u64::from(n));
    let (series, rate): (Option<String>, Option<String>) = (quotas.max_series.map(number), quotas.samples_per_second.map(number));
    let limits: String = (words.quota)(series.as_deref(), rate.as_deref());
    let body: AnyView = if quotas.senders.is_empty() {
        view! { <Empty title=words.no_senders say=words.no_senders_hint /> }.into_any()
    } else {
        let columns = vec![
            Column::text(words.token),
            Column::number(words.used),
            Column::number(words.accepted),
            Column::number(words.refused),
        ];
        let rows: Vec<AnyView> = quotas.senders.iter().map(|row| quota(words, row, quotas.max_series)).collect();
        table(words.quotas.to_owned(), columns, rows)
    };
    part(words.quotas, None, Some(limits), body)
}

fn quota(words: &'static UsageWords, row: &QuotaRow, most: Option<u32>) -> AnyView {
    let used: String = match (row.series, most) {
        (Some(series), Some(most)) => (words.of_most)(&count(series), &count(u64::from(most))),
        (Some(series), None) => count(series),
        (None, _) => words.not_counted.to_owned(),
    };
    let why = row.refusal.map(|refusal| view! { <small class="table__sub">{(words.refusal)(refusal)}</small> });
    let refused: AnyView = view! { {count(row.refused)} {why} }.into_any();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{row.name.clone()}</th>
            {figure(words.used, used)}
            {figure(words.accepted, count(row.accepted))}
            {numbers(words.refused, refused)}
        </tr>
    }
    .into_any()
}
