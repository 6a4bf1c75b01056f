//! From answers of the evaluator to tables, and from those of all queries to graphs. Pure.

use crate::apis::explore::span::When;
use crate::apis::explore::{number, rows, unit};
use ::api::explore::{ExploreAnswer, ExploreSort, ROWS_AT_ONCE};
use chart::{Plot, Scale, Series};
use figures::{Locale, Unit, Zone};
use metrics::eval::{Answer, Value, VectorSample};
use metrics::source::{Point, SeriesData};
use model::Time;
use model::labels::Labels;
use promql::ast::{AggregateOp, Expr, ExprKind};

/// Lines of one graph: more can't be told apart, not even by colour and dash together.
pub const MOST_DRAWN: usize = 50;
/// Nothing comes in more often than this; in a graph that goes on, what lies so far apart is still one line.
const LIVE_GAP_MS: i64 = 15_000;
/// Looks of a line.
const STYLES: usize = 8;
/// Functions whose answer comes in an order that means something.
const SORTING: [&str; 4] = ["sort", "sort_desc", "sort_by_label", "sort_by_label_desc"];

/// An answer, and what could be drawn of it.
pub struct Found {
    pub answer: ExploreAnswer,
    lines: Vec<SeriesData>,
}

impl Found {
    /// An answer of which nothing is drawn.
    pub fn alone(answer: ExploreAnswer) -> Self {
        Self { answer, lines: Vec::new() }
    }
}

/// How an answer is read.
pub struct Reading<'a> {
    pub expr: &'a Expr,
    /// The moment of an answer that has none of its own.
    pub at: Time,
    pub wanted: Wanted<'a>,
}

/// Which rows of a table are shown.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// Which part of it, from 1.
    pub part: u32,
    /// What all of its rows stand by, before they are cut into parts. `None`: the order of the answer.
    pub sort: Option<&'a ExploreSort>,
}

impl Reading<'_> {
    /// The answer filled in.
    pub fn found(&self, mut view: ExploreAnswer, answer: Answer) -> Found {
        view.unit = unit::of(self.expr);
        view.warnings = answer.warnings.into_iter().chain(answer.infos).collect();
        let mut lines: Vec<SeriesData> = Vec::new();
        match answer.value {
            Value::String(text) => view.text = Some(text),
            Value::Scalar(value) => {
                self.put(&mut view, vec![single(Labels::default(), self.at.0, value)]);
            }
            Value::Vector(samples) => {
                let ordered: Vec<VectorSample> = self.in_order(samples);
                let series = ordered.into_iter().map(|sample| single(sample.labels, sample.at, sample.value));
                self.put(&mut view, series.collect());
            }
            Value::Matrix(matrix) => {
                let matrix: Vec<SeriesData> = self.put(&mut view, matrix);
                if !view.instant {
                    lines = matrix;
                    lines.truncate(MOST_DRAWN);
                }
            }
        }
        Found { answer: view, lines }
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

    /// The rows of the part that is shown, and all series in their order. A part behind the end is the first one.
    fn put(&self, view: &mut ExploreAnswer, series: Vec<SeriesData>) -> Vec<SeriesData> {
        let Wanted { part, sort } = self.wanted;
        view.labels = rows::labels(&series, sort);
        let series: Vec<SeriesData> = match sort {
            Some(sort) => rows::sorted(series, sort),
            None => series,
        };
        view.series_total = number(series.len());
        let first: u32 = part.saturating_sub(1).saturating_mul(ROWS_AT_ONCE);
        view.n_before = if first < view.series_total { first } else { 0 };
        view.rows = series.iter().skip(view.n_before as usize).take(ROWS_AT_ONCE as usize).map(rows::row).collect();
        series
    }
}

fn single(labels: Labels, at: i64, value: f64) -> SeriesData {
    SeriesData { labels, points: vec![Point { at, value }] }
}

/// For whom graphs are drawn.
pub struct Paper<'a> {
    pub zone: &'a Zone,
    pub locale: Locale,
}

impl Paper<'_> {
    /// A graph for each unit, with the lines of all queries in it; and the answers, whose rows then wear the look of their line.
    pub fn draw(&self, when: &When, mut all: Vec<Found>) -> (Vec<Plot>, Vec<ExploreAnswer>) {
        let mut units: Vec<Unit> = Vec::new();
        for one in all.iter().filter(|one| !one.lines.is_empty()) {
            if !units.contains(&one.answer.unit) {
                units.push(one.answer.unit);
            }
        }
        let plots: Vec<Plot> = units.into_iter().map(|unit| self.plot(when, unit, &mut all)).collect();
        (plots, all.into_iter().map(|one| one.answer).collect())
    }

    /// Every query gets as many lines as the others. A step without a value is a hole: the evaluator would have given one.
    fn plot(&self, when: &When, unit: Unit, all: &mut [Found]) -> Plot {
        let is_several: bool = all.iter().filter(|one| !one.answer.is_hidden).count() > 1;
        let is_here = |one: &Found| one.answer.unit == unit && !one.lines.is_empty();
        let share: usize = MOST_DRAWN / all.iter().filter(|one| is_here(one)).count().max(1);
        let mut series: Vec<Series> = Vec::new();
        for (place, one) in all.iter_mut().enumerate().filter(|(_, one)| is_here(one)) {
            let first: usize = series.len();
            let letter: Option<char> = is_several.then(|| letter(place));
            let drawn = one.lines.iter().take(share).enumerate();
            series.extend(drawn.map(|(index, data)| line(style(first + index), letter, data, when)));
            wear(&mut one.answer, first, series.len() - first);
        }
        Plot {
            series,
            gap_ms: gap_ms(when),
            y: Scale { unit, ..Scale::default() },
            ..Plot::new(when.from.0, when.to.0, self.zone.clone(), self.locale)
        }
    }
}

/// Gives the rows of an answer the looks of its lines, of which there are `n_drawn`, the first at place `first` of its plot.
fn wear(answer: &mut ExploreAnswer, first: usize, n_drawn: usize) {
    answer.n_drawn = number(n_drawn);
    let n_before: usize = answer.n_before as usize;
    for (index, row) in answer.rows.iter_mut().enumerate() {
        let place: usize = n_before + index;
        row.style = if place < n_drawn { style(first + place) } else { 0 };
    }
}

/// What a query is called by its place: A to H.
fn letter(place: usize) -> char {
    u8::try_from(place).map_or('?', |place| char::from(b'A'.saturating_add(place)))
}

fn line(style: u8, letter: Option<char>, series: &SeriesData, when: &When) -> Series {
    let points: Vec<(i64, f64)> = series.points.iter().map(|point| (point.at, point.value)).collect();
    let points = if when.is_live { with_holes(&points, when.step_ms) } else { points };
    Series { name: name_of(letter, &series.labels), style, points, fill: false }
}

/// What a line is called, in its plot and in the ticks that move it along.
pub fn name_of(letter: Option<char>, labels: &Labels) -> String {
    letter.map_or_else(|| labels.to_string(), |letter| format!("{letter} {labels}"))
}

/// How far apart two points are no longer one line. Ticks come when samples do, which is not at every step.
fn gap_ms(when: &When) -> i64 {
    if when.is_live { LIVE_GAP_MS.max(3 * when.step_ms) } else { when.step_ms + when.step_ms / 2 }
}

/// The points with a hole wherever a step has none: the graph that goes on could not tell it by its length.
fn with_holes(points: &[(i64, f64)], step_ms: i64) -> Vec<(i64, f64)> {
    let mut whole: Vec<(i64, f64)> = Vec::with_capacity(points.len());
    for &(at, value) in points {
        if let Some(&(before, _)) = whole.last()
            && at - before > step_ms
        {
            whole.push((before + step_ms, f64::NAN));
        }
        whole.push((at, value));
    }
    whole
}

/// The look of the line at a place, from 1; they begin again when all are used.
fn style(index: usize) -> u8 {
    u8::try_from(index % STYLES).map_or(1, |style| style + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::api::explore::ExploreBy;
    use model::labels::METRIC_NAME;

    fn series(host: &str, values: &[f64]) -> SeriesData {
        let points = values.iter().zip(0..).map(|(value, index)| Point { at: index * 10_000, value: *value }).collect();
        SeriesData { labels: Labels::new([(METRIC_NAME, "m"), ("host", host)]), points }
    }

    fn found(q: &str, instant: bool, part: u32, value: Value) -> Found {
        let expr = promql::parse(q).unwrap();
        let view = ExploreAnswer { q: q.to_owned(), instant, ..ExploreAnswer::default() };
        let answer = Answer { value, warnings: vec!["w".to_owned()], infos: vec!["i".to_owned()] };
        Reading { expr: &expr, at: Time(60_000), wanted: Wanted { part, sort: None } }.found(view, answer)
    }

    fn drawn(all: Vec<Found>) -> (Vec<Plot>, Vec<ExploreAnswer>) {
        let when = When { from: Time(0), to: Time(60_000), step_ms: 10_000, end: Time(60_000), is_live: false };
        Paper { zone: &Zone::utc(), locale: Locale::En }.draw(&when, all)
    }

    #[test]
    fn a_row_says_what_its_series_did() {
        let matrix = Value::Matrix(vec![series("a", &[1.0, f64::NAN, 4.0]), series("b", &[f64::NAN])]);
        let (_, answers) = drawn(vec![found("m", false, 1, matrix)]);
        let row = &answers[0].rows[0];
        assert_eq!((row.last, row.min, row.max, row.avg, row.count), (4.0, 1.0, 4.0, 2.5, 3));
        assert_eq!((row.metric.as_str(), row.labels.as_slice()), ("m", &[("host".to_owned(), "a".to_owned())][..]));
        let empty = &answers[0].rows[1];
        assert!(empty.min.is_nan() && empty.max.is_nan() && empty.avg.is_nan() && empty.last.is_nan());
        assert_eq!((row.style, empty.style, empty.count), (1, 2, 1));
        assert_eq!(answers[0].warnings, ["w", "i"]);
    }

    #[test]
    fn what_is_left_out_is_counted_and_every_part_can_be_had() {
        let many = || Value::Matrix((0..507).map(|number| series(&format!("{number:04}"), &[1.0])).collect());
        let (plots, answers) = drawn(vec![found("m", false, 1, many())]);
        assert_eq!((answers[0].rows.len(), answers[0].series_total, answers[0].n_drawn), (100, 507, 50));
        assert_eq!((plots[0].series.len(), plots[0].gap_ms), (MOST_DRAWN, 15_000));
        assert_eq!((answers[0].rows[MOST_DRAWN - 1].style, answers[0].rows[MOST_DRAWN].style), (2, 0));
        let last = found("m", false, 6, many()).answer;
        assert_eq!((last.n_before, last.rows.len(), last.rows[6].labels[0].1.as_str()), (500, 7, "0506"));
        assert_eq!(found("m", false, 7, many()).answer.n_before, 0, "a part behind the end");
    }

    #[test]
    fn several_queries_share_a_graph_unless_their_units_differ() {
        let one = |q: &str| found(q, false, 1, Value::Matrix(vec![series("a", &[1.0]), series("b", &[2.0])]));
        let (plots, answers) = drawn(vec![one("a_bytes"), one("b_seconds"), one("c_bytes")]);
        assert_eq!(
            plots.iter().map(|plot| (plot.y.unit, plot.series.len())).collect::<Vec<_>>(),
            [(Unit::Bytes, 4), (Unit::Seconds, 2)]
        );
        assert!(plots[0].series[2].name.starts_with("C ") && plots[1].series[0].name.starts_with("B "));
        assert_eq!((answers[2].rows[0].style, answers[1].rows[0].style), (3, 1));
        let many = |q: &str| found(q, false, 1, Value::Matrix((0..60).map(|n| series(&n.to_string(), &[1.0])).collect()));
        let (plots, answers) = drawn(vec![many("a"), many("b")]);
        assert_eq!((plots[0].series.len(), answers[0].n_drawn, answers[1].n_drawn), (50, 25, 25));
    }

    #[test]
    fn a_graph_that_goes_on_shows_its_holes_and_joins_its_ticks() {
        let when = When { from: Time(0), to: Time(60_000), step_ms: 5_000, end: Time(60_000), is_live: true };
        let points = [(0, 1.0), (5_000, 2.0), (15_000, 3.0)].map(|(at, value)| Point { at, value }).to_vec();
        let holed = SeriesData { labels: Labels::new([("host", "a")]), points };
        let all = vec![found("m", false, 1, Value::Matrix(vec![holed]))];
        let (plots, _) = Paper { zone: &Zone::utc(), locale: Locale::En }.draw(&when, all);
        assert_eq!(plots[0].gap_ms, 15_000);
        let drawn = &plots[0].series[0].points;
        assert_eq!(drawn.iter().map(|point| point.0).collect::<Vec<i64>>(), [0, 5_000, 10_000, 15_000]);
        assert!(drawn[2].1.is_nan(), "{drawn:?}");
    }

    #[test]
    fn one_moment_is_not_drawn_and_keeps_the_order_of_the_expression() {
        let sample = |host: &str, value: f64| VectorSample { labels: Labels::new([("host", host)]), at: 60_000, value };
        let samples = || Value::Vector(vec![sample("b", 2.0), sample("a", 1.0)]);
        let hosts = |q: &str| -> Vec<String> {
            found(q, true, 1, samples()).answer.rows.into_iter().map(|row| row.labels[0].1.clone()).collect()
        };
        assert_eq!(hosts("m"), ["a", "b"]);
        assert_eq!(hosts("(sort_desc(m))"), ["b", "a"]);
        assert_eq!(hosts("topk(2, m)"), ["b", "a"]);
        let (plots, answers) = drawn(vec![found("m", true, 1, samples())]);
        assert!(plots.is_empty() && answers[0].rows.iter().all(|row| row.style == 0 && row.count == 1));
    }

    #[test]
    fn numbers_and_texts_are_answers_too() {
        let number = found("1 + 1", true, 1, Value::Scalar(2.0)).answer;
        assert_eq!((number.rows[0].last, number.series_total), (2.0, 1));
        let text = found("\"見守り\"", true, 1, Value::String("見守り".to_owned())).answer;
        assert_eq!((text.text.as_deref(), text.series_total), (Some("見守り"), 0));
    }

    #[test]
    fn the_whole_answer_is_sorted_before_it_is_cut() {
        let many: Vec<SeriesData> = (0..150).map(|number| series(&format!("{number:04}"), &[f64::from(number)])).collect();
        let sort = ExploreSort { by: ExploreBy::Last, is_falling: true };
        let expr = promql::parse("m").unwrap();
        let reading = Reading { expr: &expr, at: Time(60_000), wanted: Wanted { part: 1, sort: Some(&sort) } };
        let answer = Answer { value: Value::Matrix(many), warnings: Vec::new(), infos: Vec::new() };
        let (plots, answers) = drawn(vec![reading.found(ExploreAnswer::default(), answer)]);
        assert_eq!((answers[0].rows[0].last, answers[0].rows[99].last, answers[0].series_total), (149.0, 50.0, 150));
        assert_eq!((plots[0].series[0].points[0].1, answers[0].rows[0].style), (149.0, 1), "the first are drawn");
        assert_eq!(answers[0].labels, ["host"]);
    }
}
