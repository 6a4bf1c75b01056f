//! The legend: a table of what each series is, says at the needle, and has said.

use ::chart::{Plot, Series, statistics};
use ::figures::Locale;
use leptos::prelude::*;

use crate::chart::crosshair::{Crosshair, use_crosshair};
use crate::context::{Look, use_look};

/// The read-out under a chart. The column of the needle is always there, empty while nothing points, so that nothing moves.
#[component]
pub fn Legend(
    /// What there is to see.
    #[prop(into)]
    plot: Signal<Plot>,
) -> impl IntoView {
    let look = StoredValue::new(use_look());
    let words = use_look().words();
    let crosshair = use_crosshair();
    let at_time =
        move || crosshair.at_ms.get().map(|ms| look.with_value(|look| ::figures::clock_time(ms, &look.zone))).unwrap_or_default();
    let body = move || {
        let rows = plot.with(|plot| look.with_value(|look| rows(plot, look)));
        with_readings(rows, plot, crosshair, look)
    };
    view! {
        <table class="legend">
            <thead>
                <tr>
                    <th scope="col">{words.series}</th>
                    <th scope="col" class="legend__at">
                        {at_time}
                    </th>
                    <th scope="col">{words.last}</th>
                    <th scope="col" class="legend__wide">{words.least}</th>
                    <th scope="col" class="legend__wide">{words.most}</th>
                    <th scope="col" class="legend__wide">{words.mean}</th>
                </tr>
            </thead>
            <tbody>{body}</tbody>
        </table>
    }
}

/// What a row says that the needle does not change.
struct Row {
    name: String,
    style: u8,
    /// Last, least, most, mean.
    figures: [String; 4],
}

fn rows(plot: &Plot, look: &Look) -> Vec<Row> {
    plot.series.iter().map(|series| row(plot, series, look)).collect()
}

fn row(plot: &Plot, series: &Series, look: &Look) -> Row {
    let found = statistics(&series.points, plot.from_ms, plot.to_ms);
    let figures = match found {
        Some(found) => [found.last, found.min, found.max, found.avg],
        None => [f64::NAN; 4],
    };
    Row { name: series.name.clone(), style: series.style, figures: figures.map(|value| written(value, plot, look.locale)) }
}

fn written(value: f64, plot: &Plot, locale: Locale) -> String {
    ::figures::value(value, plot.y.unit, locale).joined()
}

fn with_readings(rows: Vec<Row>, plot: Signal<Plot>, crosshair: Crosshair, look: StoredValue<Look>) -> Vec<AnyView> {
    let locale = look.with_value(|look| look.locale);
    rows.into_iter()
        .enumerate()
        .map(|(index, row)| {
            let reading = move || at_needle(plot, crosshair, index, locale);
            view! { <LegendRow row=row reading=Signal::derive(reading) /> }.into_any()
        })
        .collect()
}

/// What a series says at the needle; empty while nothing points.
fn at_needle(plot: Signal<Plot>, crosshair: Crosshair, index: usize, locale: Locale) -> String {
    let Some(ms) = crosshair.at_ms.get() else { return String::new() };
    plot.with(|plot| {
        let Some(series) = plot.series.get(index) else { return String::new() };
        let value = ::chart::value_at(&series.points, ms, plot.gap_ms).unwrap_or(f64::NAN);
        written(value, plot, locale)
    })
}

#[component]
fn LegendRow(row: Row, reading: Signal<String>) -> impl IntoView {
    let [last, least, most, mean] = row.figures;
    let is_past = row.style == 0;
    view! {
        <tr>
            <th scope="row">
                <svg class=key_class(row.style) viewBox="0 0 20 8" aria-hidden="true">
                    <path class:legend__past=is_past d="M0 4H20"></path>
                </svg>
                {row.name}
            </th>
            <td class="legend__at">{move || reading.get()}</td>
            <td class="legend__last">{last}</td>
            <td class="legend__wide">{least}</td>
            <td class="legend__wide">{most}</td>
            <td class="legend__wide">{mean}</td>
        </tr>
    }
}

/// The key of a series: its colour and its dash. The past has its own.
fn key_class(style: u8) -> String {
    if style == 0 { "legend__key".to_owned() } else { format!("legend__key s-{}", style.min(8)) }
}
