//! The series in figures: each with the key of its line, its value under the needle, and what it did over the span.

use crate::explore::address;
use crate::words::explore::{ExploreWords, explore_words};
use crate::words::locale;
use api::explore::{ExploreQuery, ExploreRow};
use chart::Plot;
use expression::offer::selector;
use figures::{Locale, Unit};
use leptos::prelude::*;
use ui::chart::{Crosshair, use_crosshair};
use ui::table::{Column, Table};

/// What every row is written with.
#[derive(Clone, Copy)]
struct Pen {
    said: &'static ExploreWords,
    unit: Unit,
    locale: Locale,
    instant: bool,
    plot: RwSignal<Plot>,
    crosshair: Crosshair,
    query: Memo<ExploreQuery>,
}

/// The series.
#[component]
pub fn SeriesTable(
    rows: Vec<ExploreRow>,
    unit: Unit,
    /// Whether the rows are about one moment.
    instant: bool,
    plot: RwSignal<Plot>,
    query: Memo<ExploreQuery>,
) -> impl IntoView {
    let said = explore_words();
    let pen = Pen { said, unit, locale: locale(), instant, plot, crosshair: use_crosshair(), query };
    // A range selector has many values at one moment; anything else has one.
    let is_single: bool = instant && rows.iter().all(|row| row.count == 1);
    let columns: Vec<Column> = columns(said, is_single, instant);
    let lines: Vec<AnyView> = rows.into_iter().enumerate().map(|(index, row)| pen.row(index, row, is_single)).collect();
    view! { <Table caption=said.series columns=columns stacked=true>{lines}</Table> }.into_any()
}

fn columns(said: &ExploreWords, is_single: bool, instant: bool) -> Vec<Column> {
    let numbers: Vec<&'static str> = match (is_single, instant) {
        (true, _) => vec![said.value],
        (false, true) => vec![said.last, said.min, said.max, said.avg, said.count],
        (false, false) => vec![said.at_needle, said.last, said.min, said.max, said.avg, said.count],
    };
    std::iter::once(Column::text(said.series)).chain(numbers.into_iter().map(Column::number)).collect()
}

impl Pen {
    fn row(self, index: usize, row: ExploreRow, is_single: bool) -> AnyView {
        let said = self.said;
        let cells: Vec<AnyView> = if is_single {
            vec![self.figure(said.value, row.last)]
        } else {
            let reading = (!self.instant).then(|| self.reading(index, row.style));
            let all = [(said.last, row.last), (said.min, row.min), (said.max, row.max), (said.avg, row.avg)];
            let figures = all.into_iter().map(|(label, value)| self.figure(label, value));
            reading.into_iter().chain(figures).chain([cell(said.count, figures::count(i64::from(row.count)), None)]).collect()
        };
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">{key(row.style)} {self.name(&row)}</th>
                {cells}
            </tr>
        }
        .into_any()
    }

    /// A value to three figures; all of them stand in its title.
    fn figure(self, label: &'static str, value: f64) -> AnyView {
        cell(label, figures::value(value, self.unit, self.locale).joined(), Some(value.to_string()))
    }

    /// What a drawn series says at the needle; empty while nothing points.
    fn reading(self, index: usize, style: u8) -> AnyView {
        if style == 0 {
            return view! { <td class="table__end" role="cell"></td> }.into_any();
        }
        let read = move || {
            let Some(ms) = self.crosshair.at_ms.get() else { return String::new() };
            self.plot.with(|plot| at_needle(plot, index, ms, self.locale))
        };
        let is_none = move || self.crosshair.at_ms.get().is_none();
        view! {
            <td
                class="table__end explore__reading"
                class:explore__reading--none=is_none
                role="cell"
                data-label=self.said.at_needle
            >
                {read}
            </td>
        }
        .into_any()
    }

    /// The series by name; a link to it alone, where a metric's name says which one that is.
    fn name(self, row: &ExploreRow) -> AnyView {
        let written: String = selector(&row.metric, &row.labels);
        if row.metric.is_empty() {
            return view! { <code class="explore__series">{written}</code> }.into_any();
        }
        let href: String = address::href(&ExploreQuery { q: written.clone(), ..self.query.get_untracked() });
        view! { <a class="explore__series link code" href=href>{written}</a> }.into_any()
    }
}

/// A drawn series stands in the plot at the row's own place: the first rows are those that are drawn.
fn at_needle(plot: &Plot, index: usize, ms: i64, locale: Locale) -> String {
    let Some(series) = plot.series.get(index) else { return String::new() };
    let value: f64 = chart::value_at(&series.points, ms, plot.gap_ms).unwrap_or(f64::NAN);
    figures::value(value, plot.y.unit, locale).joined()
}

fn cell(label: &'static str, written: String, exact: Option<String>) -> AnyView {
    view! { <td class="table__end" role="cell" data-label=label title=exact>{written}</td> }.into_any()
}

/// The key of a line: its colour and its dash. A series that is not drawn has none.
fn key(style: u8) -> Option<AnyView> {
    let class: String = format!("legend__key s-{}", style.min(8));
    (style > 0)
        .then(|| view! { <svg class=class viewBox="0 0 20 8" aria-hidden="true"><path d="M0 4H20"></path></svg> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chart::Series;
    use figures::Zone;

    #[test]
    fn a_row_reads_the_line_at_its_own_place() {
        let line = |value: f64| Series { name: String::new(), style: 1, points: vec![(0, value), (10, value)], fill: false };
        let plot = Plot { series: vec![line(1.0), line(2.5)], gap_ms: 15, ..Plot::new(0, 10, Zone::utc(), Locale::En) };
        assert_eq!(at_needle(&plot, 1, 5, Locale::En), "2.50");
        assert_eq!(at_needle(&plot, 0, 50, Locale::En), "—");
        assert_eq!(at_needle(&plot, 2, 5, Locale::En), "");
    }

    #[test]
    fn one_value_has_one_column_and_a_span_has_all() {
        let titles = |is_single: bool, instant: bool| columns(explore_words(), is_single, instant).len();
        assert_eq!((titles(true, true), titles(false, true), titles(false, false)), (2, 6, 7));
    }
}
