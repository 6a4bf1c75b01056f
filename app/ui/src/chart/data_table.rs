//! The chart as a table: for a screen reader, for a cautious eye, and for copying.

use ::chart::Plot;
use leptos::prelude::*;

use crate::context::{Look, use_look};
use crate::table::{Column, Figures};

/// Moments a table shows: enough to see the shape, few enough to be read to somebody.
const N_MOMENTS: i64 = 24;

/// The values of every series at moments evenly over the span.
#[component]
pub fn ChartTable(
    /// What there is to see.
    #[prop(into)]
    plot: Signal<Plot>,
    /// What the chart is.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let look = StoredValue::new(use_look());
    let table = move || {
        let words = look.with_value(Look::words);
        let caption = format!("{}: {}", words.chart_table, label.get());
        plot.with(|plot| {
            let columns = look.with_value(|look| columns(plot, look));
            let rows = look.with_value(|look| rows(plot, look));
            view! {
                <Figures caption=caption columns=columns>
                    {rows}
                </Figures>
            }
        })
    };
    view! { <div class="chart-figure__table">{table}</div> }
}

fn columns(plot: &Plot, look: &Look) -> Vec<Column> {
    let names = plot.series.iter().map(|series| Column::number(series.name.clone()));
    std::iter::once(Column::text(look.words().time)).chain(names).collect()
}

/// The moments of a table, both ends included.
fn moments(plot: &Plot) -> Vec<i64> {
    let span_ms = plot.span_ms();
    (0..=N_MOMENTS).map(|index| plot.from_ms + span_ms * index / N_MOMENTS).collect()
}

fn rows(plot: &Plot, look: &Look) -> Vec<AnyView> {
    moments(plot).into_iter().map(|ms| row(plot, ms, look)).collect()
}

fn row(plot: &Plot, ms: i64, look: &Look) -> AnyView {
    let time = ::chart::moment(plot, ms);
    let cells: Vec<AnyView> = plot
        .series
        .iter()
        .map(|series| {
            let value = ::chart::value_at(&series.points, ms, plot.gap_ms).unwrap_or(f64::NAN);
            let written = ::figures::value(value, plot.y.unit, look.locale).joined();
            view! { <td class="figures__num">{written}</td> }.into_any()
        })
        .collect();
    view! {
        <tr>
            <th scope="row">{time}</th>
            {cells}
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::moments;
    use ::chart::Plot;
    use ::figures::{Locale, Zone};

    #[test]
    fn the_table_shows_both_ends() {
        let moments = moments(&Plot::new(1_000, 25_000, Zone::utc(), Locale::Ja));
        assert_eq!((moments.first().copied(), moments.last().copied()), (Some(1_000), Some(25_000)));
    }
}
