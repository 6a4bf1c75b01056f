//! How much there is in all, how full it is, and what to do about it.

use super::draw::{bar, count, figure, numbers, part, share, shared, table};
use crate::words::locale;
use crate::words::metrics_use::{UsageWords, usage_words};
use api::cardinality::UsageTotals;
use figures::Unit;
use leptos::prelude::*;
use ui::callout::{Callout, Tone};
use ui::part::Part;
use ui::table::Column;
use ui::time_text::{TimeForm, TimeText};

/// From here on the screen says what to do: a fifth is left, which a deployment with a careless label takes in an hour.
const NEAR: f64 = 0.8;

/// That the limit is near, and what helps; nothing while it is not.
#[must_use]
pub fn near_limit(totals: &UsageTotals) -> AnyView {
    let words = usage_words();
    let full: f64 = share(totals.series, totals.limit);
    if full < NEAR {
        return ().into_any();
    }
    let said: String = if full < 1.0 { (words.near)(&figures::percent(full)) } else { words.full.to_owned() };
    let ways: Vec<AnyView> = words.ways.into_iter().map(|way| view! { <li>{way}</li> }.into_any()).collect();
    view! {
        <div class="usage__near">
            <Callout tone=Tone::Warn>{said}</Callout>
            <ol class="usage__ways">{ways}</ol>
        </div>
    }
    .into_any()
}

/// The figures of the whole.
#[must_use]
pub fn figures(totals: &UsageTotals) -> AnyView {
    let words = usage_words();
    let cells: Vec<AnyView> =
        vec![series(words, totals), rate(words, totals), memory(words, totals), kept(words, totals), oldest(words, totals)];
    let counted: i64 = totals.taken_at.0;
    let more = move || view! { <span>{words.counted_at} " " <TimeText at_ms=counted form=TimeForm::Clock /></span> };
    view! {
        <Part title=words.totals.to_owned() more=more>
            <dl class="usage__totals">{cells}</dl>
        </Part>
    }
    .into_any()
}

fn series(words: &'static UsageWords, totals: &UsageTotals) -> AnyView {
    let full: f64 = share(totals.series, totals.limit);
    let below = vec![(words.of_limit)(&figures::percent(full), &count(totals.limit)), (words.live)(&count(totals.live))];
    total(words.series, count(totals.series), Some(full), below)
}

fn rate(words: &'static UsageWords, totals: &UsageTotals) -> AnyView {
    let rate: f64 = totals.samples_per_second.unwrap_or(f64::NAN);
    total(words.rate, written(rate, Unit::None), None, vec![(words.new_in_hour)(&count(totals.new), totals.new_is_cut)])
}

fn memory(words: &'static UsageWords, totals: &UsageTotals) -> AnyView {
    let below: String = (words.names)(&count(totals.metrics), &count(totals.label_pairs));
    total(words.memory, written(totals.memory_bytes as f64, Unit::Bytes), None, vec![below])
}

fn kept(words: &'static UsageWords, totals: &UsageTotals) -> AnyView {
    let below: String = (words.kept)(totals.retention_days, totals.roll_days);
    total(words.disk, written(totals.disk.bytes() as f64, Unit::Bytes), None, vec![below])
}

fn written(value: f64, unit: Unit) -> String {
    figures::value(value, unit, locale()).joined()
}

fn total(name: &'static str, figure: String, full: Option<f64>, below: Vec<String>) -> AnyView {
    let below: Vec<AnyView> = below.into_iter().map(|text| view! { <dd class="usage__sub">{text}</dd> }.into_any()).collect();
    let bar = full.map(|full| view! { <dd class="usage__full">{bar(full)}</dd> });
    view! {
        <div class="usage__total">
            <dt class="usage__name">{name}</dt>
            <dd class="usage__figure">{figure}</dd>
            {bar}
            {below}
        </div>
    }
    .into_any()
}

fn oldest(words: &'static UsageWords, totals: &UsageTotals) -> AnyView {
    let figure: AnyView = match totals.oldest {
        Some(at) => view! { <TimeText at_ms=at.0 form=TimeForm::Day /> }.into_any(),
        None => "—".into_any(),
    };
    let rolls = totals.oldest_roll.map(|at| {
        view! { <dd class="usage__sub">{words.oldest_roll} " " <TimeText at_ms=at.0 form=TimeForm::Day /></dd> }
    });
    view! {
        <div class="usage__total">
            <dt class="usage__name">{words.oldest}</dt>
            <dd class="usage__figure">{figure}</dd>
            {rolls}
        </div>
    }
    .into_any()
}

/// What lies on disk, by what it holds.
#[must_use]
pub fn disk(totals: &UsageTotals) -> AnyView {
    let words = usage_words();
    let disk = totals.disk;
    let whole: u64 = disk.bytes();
    let parts: [u64; 5] = [disk.batches, disk.chunks, disk.rolls, disk.labels, disk.indexes];
    let named = words.disk_parts.into_iter().zip(parts);
    let rows: Vec<AnyView> = named.map(|(name, bytes)| disk_row(words, name, bytes, whole)).collect();
    let columns = vec![Column::text(words.kind_of_data), Column::number(words.size), Column::number(words.share)];
    part(words.disk, Some(written(whole as f64, Unit::Bytes)), None, table(words.disk.to_owned(), columns, rows))
}

fn disk_row(words: &'static UsageWords, name: &'static str, bytes: u64, whole: u64) -> AnyView {
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{name}</th>
            {figure(words.size, written(bytes as f64, Unit::Bytes))}
            {numbers(words.share, shared(share(bytes, whole)))}
        </tr>
    }
    .into_any()
}
