//! A panel as a table for other programs (RFC 4180): its values over time, or whatever else it shows.
//!
//! A spreadsheet takes a text that begins like a formula for one, and labels come from anywhere: such a text gets an apostrophe before it.

use crate::Dashboards;
use crate::asked::Asked;
use crate::error::Error;
use chart::{Figure, HeatMap, Histogram, Pie, Plot, States};
use dashboard::{Body, Dashboard, ShownPanel, Table};
use figures::{Locale, Zone};
use std::collections::BTreeMap;

/// What a formula begins with, also as it is typed in Japanese; and what hides such a beginning.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
/// Numbers beyond these are written with an exponent.
const PLAIN: std::ops::Range<f64> = 1e-5..1e15;

impl Dashboards {
    /// A panel as a table, by its key: a column for the time and one for each series, or what else it shows. Without a byte order mark.
    /// `None` where there is no such panel.
    ///
    /// # Errors
    /// As [`Dashboards::show`].
    pub async fn csv(&self, dashboard: &Dashboard, asked: &Asked, key: &str) -> Result<Option<String>, Error> {
        let found: Option<ShownPanel> = self.show_panel(dashboard, asked, key).await?;
        Ok(found.map(|panel| written(&panel.body, asked)))
    }
}

/// A table in the making.
struct Sheet<'a> {
    text: String,
    locale: Locale,
    zone: &'a Zone,
}

pub(crate) fn written(body: &Body, asked: &Asked) -> String {
    let mut sheet = Sheet { text: String::new(), locale: asked.locale, zone: &asked.zone };
    match body {
        Body::Empty => sheet.line([sheet.said("時刻", "time")]),
        Body::Text(text) => sheet.line([cell(text)]),
        Body::Stats(stats) => sheet.named(stats.iter().map(|stat| (stat.name.as_str(), stat.value))),
        Body::Gauges(gauges) => sheet.named(gauges.iter().map(|one| (one.name.as_str(), one.gauge.value))),
        Body::Table(table) => sheet.table(table),
        Body::Figure { figure, .. } => match figure {
            Figure::Plot(plot) => sheet.plot(plot),
            Figure::Heat(heat) => sheet.heat(heat),
            Figure::States(states) => sheet.states(states),
            Figure::Histogram(histogram) => sheet.histogram(histogram),
            Figure::Pie(Pie { slices, .. }) => sheet.named(slices.iter().map(|slice| (slice.name.as_str(), slice.value))),
            Figure::Gauge(gauge) => sheet.named([("", gauge.value)].into_iter()),
        },
    }
    sheet.text
}

impl Sheet<'_> {
    /// Cells that are ready, in one line.
    fn line(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: Vec<String> = cells.into_iter().collect();
        self.text.push_str(&cells.join(","));
        self.text.push_str("\r\n");
    }

    fn said(&self, ja: &str, en: &str) -> String {
        match self.locale {
            Locale::Ja => ja.to_owned(),
            Locale::En => en.to_owned(),
        }
    }

    fn at(&self, ms: i64) -> String {
        figures::iso(ms, self.zone)
    }

    fn named<'n>(&mut self, values: impl Iterator<Item = (&'n str, f64)>) {
        self.line([self.said("系列", "series"), self.said("値", "value")]);
        for (name, value) in values {
            self.line([cell(name), number(value)]);
        }
    }

    fn plot(&mut self, plot: &Plot) {
        let time: String = self.said("時刻", "time");
        self.line(std::iter::once(time).chain(plot.series.iter().map(|series| cell(&series.name))));
        let mut moments: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
        for (place, series) in plot.series.iter().enumerate() {
            for (ms, value) in &series.points {
                let values: &mut Vec<f64> = moments.entry(*ms).or_insert_with(|| vec![f64::NAN; plot.series.len()]);
                values[place] = *value;
            }
        }
        for (ms, values) in moments {
            let at: String = self.at(ms);
            self.line(std::iter::once(at).chain(values.into_iter().map(number)));
        }
    }

    fn heat(&mut self, heat: &HeatMap) {
        let time: String = self.said("時刻", "time");
        let bucket = |low: f64, high: f64| cell(&format!("{}..{}", number(low), number(high)));
        self.line(std::iter::once(time).chain(heat.rows.iter().map(|row| bucket(row.low, row.high))));
        let n_columns: usize = heat.rows.iter().map(|row| row.counts.len()).max().unwrap_or(0);
        // A column is told by its end, as a point is.
        for (column, end_ms) in (0..n_columns).zip((1_i64..).map(|nth| heat.first_ms.saturating_add(nth * heat.column_ms))) {
            let at: String = self.at(end_ms);
            let counts = heat.rows.iter().map(|row| number(row.counts.get(column).copied().unwrap_or(f64::NAN)));
            self.line(std::iter::once(at).chain(counts));
        }
    }

    fn states(&mut self, states: &States) {
        self.line([self.said("系列", "series"), self.said("開始", "from"), self.said("終了", "to"), self.said("状態", "state")]);
        for lane in &states.lanes {
            for span in &lane.spans {
                self.line([cell(&lane.name), self.at(span.from_ms), self.at(span.to_ms), cell(&span.label)]);
            }
        }
    }

    fn histogram(&mut self, histogram: &Histogram) {
        self.line([self.said("下限", "above"), self.said("上限", "up to"), self.said("件数", "count")]);
        for bin in &histogram.bins {
            self.line([number(bin.low), number(bin.high), number(bin.count)]);
        }
    }

    fn table(&mut self, table: &Table) {
        self.line(table.labels.iter().chain(&table.values).map(|head| cell(head)));
        for row in &table.rows {
            let labels = row.labels.iter().map(|label| cell(label));
            self.line(labels.chain(row.values.iter().map(|value| value.map(number).unwrap_or_default())));
        }
    }
}

/// A text that stays one.
fn cell(text: &str) -> String {
    let guarded: String = if text.starts_with(FORMULA) { format!("'{text}") } else { text.to_owned() };
    if guarded.contains([',', '"', '\n', '\r']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}

/// A number as programs read it; nothing where it is none.
fn number(value: f64) -> String {
    if value.is_nan() {
        return String::new();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Inf".to_owned() } else { "-Inf".to_owned() };
    }
    if value == 0.0 || PLAIN.contains(&value.abs()) { value.to_string() } else { format!("{value:e}") }
}

#[cfg(test)]
mod tests;
