//! From an answer of the evaluator to a graph and rows.

use crate::apis::explore::unit;
use ::api::explore::{ExploreRow, ExploreView};
use chart::{Plot, Scale, Series};
use figures::{Locale, Zone};
use metrics::eval::{Answer, Value, VectorSample};
use metrics::source::{Point, SeriesData};
use model::labels::{Labels, METRIC_NAME};
use promql::ast::{AggregateOp, Expr, ExprKind};

/// Lines of one graph: more can't be told apart, not even by colour and dash together.
const MOST_DRAWN: usize = 50;
/// Rows of the table: more nobody reads, and a browser takes its time for them.
const MOST_ROWS: usize = 500;
/// Looks of a line.
const STYLES: usize = 8;
/// Functions whose answer comes in an order that means something.
const SORTING: [&str; 4] = ["sort", "sort_desc", "sort_by_label", "sort_by_label_desc"];

/// For whom an answer is drawn, and to what.
pub struct Sheet<'a> {
    pub expr: &'a Expr,
    pub zone: &'a Zone,
    pub locale: Locale,
}

impl Sheet<'_> {
    /// The view with the answer in it.
    pub fn filled(&self, mut view: ExploreView, answer: Answer) -> ExploreView {
        view.unit = unit::of(self.expr);
        view.warnings = answer.warnings.into_iter().chain(answer.infos).collect();
        match answer.value {
            Value::String(text) => view.text = Some(text),
            Value::Scalar(value) => {
                let at: i64 = view.to.0;
                put(&mut view, vec![single(Labels::default(), at, value)]);
            }
            Value::Vector(samples) => {
                let ordered: Vec<VectorSample> = self.in_order(samples);
                let series = ordered.into_iter().map(|sample| single(sample.labels, sample.at, sample.value)).collect();
                put(&mut view, series);
            }
            Value::Matrix(matrix) => {
                view.plot = (!view.instant && !matrix.is_empty()).then(|| self.plot(&view, &matrix));
                put(&mut view, matrix);
            }
        }
        view
    }

    /// By labels, unless the expression has an order of its own.
    fn in_order(&self, mut samples: Vec<VectorSample>) -> Vec<VectorSample> {
        let has_order: bool = match &self.expr.unparen().kind {
            ExprKind::Call(call) => SORTING.contains(&call.func.name),
            ExprKind::Aggregate(aggregate) => matches!(aggregate.op, AggregateOp::Topk | AggregateOp::Bottomk),
            _ => false,
        };
        if !has_order {
            samples.sort_by(|a, b| a.labels.cmp(&b.labels));
        }
        samples
    }

    /// A step without a value is a hole: the evaluator would have given one.
    fn plot(&self, view: &ExploreView, matrix: &[SeriesData]) -> Plot {
        let series: Vec<Series> = matrix.iter().take(MOST_DRAWN).enumerate().map(|(index, one)| line(index, one)).collect();
        Plot {
            series,
            gap_ms: view.step_ms + view.step_ms / 2,
            y: Scale { unit: view.unit, ..Scale::default() },
            ..Plot::new(view.from.0, view.to.0, self.zone.clone(), self.locale)
        }
    }
}

fn single(labels: Labels, at: i64, value: f64) -> SeriesData {
    SeriesData { labels, points: vec![Point { at, value }] }
}

fn line(index: usize, series: &SeriesData) -> Series {
    Series {
        name: series.labels.to_string(),
        style: style(index),
        points: series.points.iter().map(|point| (point.at, point.value)).collect(),
        fill: false,
    }
}

/// The look of the line at a place, from 1; they begin again when all are used.
fn style(index: usize) -> u8 {
    u8::try_from(index % STYLES).map_or(1, |style| style + 1)
}

/// The rows of the series: those that are drawn wear the look of their line.
fn put(view: &mut ExploreView, series: Vec<SeriesData>) {
    let n_drawn: usize = view.plot.as_ref().map_or(0, |plot| plot.series.len());
    view.series_total = u32::try_from(series.len()).unwrap_or(u32::MAX);
    view.rows = series
        .into_iter()
        .take(MOST_ROWS)
        .enumerate()
        .map(|(index, one)| row(one, if index < n_drawn { style(index) } else { 0 }))
        .collect();
}

fn row(series: SeriesData, style: u8) -> ExploreRow {
    let numbers: Vec<f64> = series.points.iter().map(|point| point.value).filter(|value| !value.is_nan()).collect();
    let labels = series.labels.iter().filter(|(name, _)| *name != METRIC_NAME);
    ExploreRow {
        metric: series.labels.metric().to_owned(),
        labels: labels.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        style,
        last: series.points.last().map_or(f64::NAN, |point| point.value),
        // The least of nothing is NaN, and NaN gives way to any number.
        min: numbers.iter().copied().fold(f64::NAN, f64::min),
        max: numbers.iter().copied().fold(f64::NAN, f64::max),
        avg: mean(&numbers),
        count: u32::try_from(series.points.len()).unwrap_or(u32::MAX),
    }
}

/// Each value is divided before they are added, where their sum would be too large for a number.
fn mean(numbers: &[f64]) -> f64 {
    let n_numbers = numbers.len() as f64;
    let sum: f64 = numbers.iter().sum();
    if sum.is_finite() { sum / n_numbers } else { numbers.iter().map(|value| value / n_numbers).sum() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Time;

    fn series(host: &str, values: &[f64]) -> SeriesData {
        let points = values.iter().zip(0..).map(|(value, index)| Point { at: index * 10_000, value: *value }).collect();
        SeriesData { labels: Labels::new([(METRIC_NAME, "m"), ("host", host)]), points }
    }

    fn filled(q: &str, instant: bool, value: Value) -> ExploreView {
        let expr = promql::parse(q).unwrap();
        let sheet = Sheet { expr: &expr, zone: &Zone::utc(), locale: Locale::En };
        let view = ExploreView { instant, ..ExploreView::blank(q, Time(0), Time(60_000), 10_000) };
        sheet.filled(view, Answer { value, warnings: vec!["w".to_owned()], infos: vec!["i".to_owned()] })
    }

    #[test]
    fn a_row_says_what_its_series_did() {
        let view = filled("m", false, Value::Matrix(vec![series("a", &[1.0, f64::NAN, 4.0]), series("b", &[f64::NAN])]));
        let row = &view.rows[0];
        assert_eq!((row.last, row.min, row.max, row.avg, row.count), (4.0, 1.0, 4.0, 2.5, 3));
        assert_eq!((row.metric.as_str(), row.labels.as_slice()), ("m", &[("host".to_owned(), "a".to_owned())][..]));
        let empty = &view.rows[1];
        assert!(empty.min.is_nan() && empty.max.is_nan() && empty.avg.is_nan() && empty.last.is_nan());
        assert_eq!((row.style, empty.style, empty.count), (1, 2, 1));
        assert_eq!(view.warnings, ["w", "i"]);
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let many: Vec<SeriesData> = (0..MOST_ROWS + 7).map(|number| series(&format!("{number:04}"), &[1.0])).collect();
        let view = filled("m", false, Value::Matrix(many));
        assert_eq!((view.rows.len(), view.series_total), (MOST_ROWS, 507));
        let plot = view.plot.unwrap();
        assert_eq!((plot.series.len(), plot.gap_ms), (MOST_DRAWN, 15_000));
        assert_eq!((view.rows[MOST_DRAWN - 1].style, view.rows[MOST_DRAWN].style), (2, 0));
    }

    #[test]
    fn one_moment_is_not_drawn_and_keeps_the_order_of_the_expression() {
        let sample = |host: &str, value: f64| VectorSample { labels: Labels::new([("host", host)]), at: 60_000, value };
        let samples = || Value::Vector(vec![sample("b", 2.0), sample("a", 1.0)]);
        let hosts =
            |q: &str| -> Vec<String> { filled(q, true, samples()).rows.into_iter().map(|row| row.labels[0].1.clone()).collect() };
        assert_eq!(hosts("m"), ["a", "b"]);
        assert_eq!(hosts("(sort_desc(m))"), ["b", "a"]);
        assert_eq!(hosts("topk(2, m)"), ["b", "a"]);
        let view = filled("m", true, samples());
        assert!(view.plot.is_none() && view.rows.iter().all(|row| row.style == 0 && row.count == 1));
    }

    #[test]
    fn numbers_and_texts_are_answers_too() {
        let number = filled("1 + 1", true, Value::Scalar(2.0));
        assert_eq!((number.rows[0].last, number.series_total), (2.0, 1));
        let text = filled("\"見守り\"", true, Value::String("見守り".to_owned()));
        assert_eq!((text.text.as_deref(), text.series_total), (Some("見守り"), 0));
    }

    #[test]
    fn the_mean_of_huge_values_is_a_number() {
        assert_eq!(mean(&[f64::MAX, f64::MAX]), f64::MAX);
        assert_eq!(mean(&[1.0, 2.0]), 1.5);
    }
}
