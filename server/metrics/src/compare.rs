//! The same questions to both engines, ours and the remote one: where the answers differ, before rules and dashboards depend on it.
//!
//! Every query is asked over the same steps. Series are matched by all their labels, points by their time; two numbers are the same when they
//! differ by no more than a millionth of the larger one (of 1, when one of them is 0), and not-a-number equals not-a-number. What only one
//! side has is listed as such: it is what makes an alert begin or end elsewhere.

use std::collections::BTreeMap;
use std::fmt;

use model::Time;
use model::labels::Labels;
use promql::ast::Expr;

use crate::Metrics;
use crate::engine::error::RemoteError;
use crate::error::Error;
use crate::eval::{Answer, Value};
use crate::source::{Point, SeriesData};

/// Numbers that are closer than this, relatively, are the same.
const EPSILON: f64 = 1e-6;
/// Of the series that only one side has so many are named.
const MOST_NAMED: usize = 3;

/// One query to compare.
#[derive(Clone, Debug)]
pub struct Question {
    /// Where it comes from, for people: a rule's name, a panel's.
    pub name: String,
    /// What is asked.
    pub expr: Expr,
}

/// The steps at which every query is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first.
    pub start: Time,
    /// None lies after it.
    pub end: Time,
    /// Milliseconds between them.
    pub step_ms: i64,
}

/// What the comparison came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// In the order of the questions.
    pub compared: Vec<Compared>,
}

/// One query, compared.
#[derive(Clone, Debug)]
pub struct Compared {
    /// [`Question::name`].
    pub name: String,
    /// As text.
    pub expr: String,
    /// What was found.
    pub outcome: Outcome,
}

/// How two answers relate.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The same series and points.
    Equal {
        /// How many series.
        series: usize,
        /// How many points.
        points: usize,
    },
    /// Not the same.
    Differs(Box<Difference>),
    /// At least one side has no answer. When both refuse, the query is at fault, not an engine.
    Failed {
        /// Our error.
        here: Option<String>,
        /// The remote engine's.
        there: Option<String>,
    },
}

/// What differs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// Series that only we have.
    pub only_here: Missing,
    /// Series that only the remote engine has.
    pub only_there: Missing,
    /// Points of common series that only we have.
    pub points_only_here: usize,
    /// Points of common series that only the remote engine has.
    pub points_only_there: usize,
    /// Points that both have, with different values.
    pub points_differ: usize,
    /// Points that both have.
    pub points_common: usize,
    /// The point with the largest relative difference.
    pub largest: Option<Example>,
}

/// Series that one side lacks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Missing {
    /// How many.
    pub n: usize,
    /// The first of them.
    pub examples: Vec<Labels>,
}

/// A point at which the engines disagree.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// Of which series.
    pub labels: Labels,
    /// When.
    pub at: Time,
    /// Our value.
    pub here: f64,
    /// The remote engine's.
    pub there: f64,
    /// Their distance by the larger of them; by 1 when one is 0. Infinite when it is no number.
    pub relative: f64,
}

impl Metrics {
    /// Asks both engines every question, whichever of them answers otherwise. One question at a time, in the turns of all other queries.
    ///
    /// # Errors
    /// [`Error::Remote`] when there is no remote engine. A question that fails is an [`Outcome`], not an error.
    pub async fn compare(&self, questions: &[Question], window: Window) -> Result<Report, Error> {
        let remote = self.engines.remote().ok_or(RemoteError::NotSet)?;
        let Window { start, end, step_ms } = window;
        let mut compared: Vec<Compared> = Vec::with_capacity(questions.len());
        for question in questions {
            let (here, there) = tokio::join!(
                self.range_here(&question.expr, start, end, step_ms),
                remote.range(&self.queries, &question.expr, start, end, step_ms),
            );
            let outcome: Outcome = outcome(here, there);
            compared.push(Compared { name: question.name.clone(), expr: question.expr.to_string(), outcome });
        }
        Ok(Report { compared })
    }
}

fn outcome(here: Result<Answer, Error>, there: Result<Answer, Error>) -> Outcome {
    match (here, there) {
        (Ok(here), Ok(there)) => {
            let (here, there): (Vec<SeriesData>, Vec<SeriesData>) = (series(here.value), series(there.value));
            judge(&here, &there)
        }
        (here, there) => Outcome::Failed { here: here.err().map(describe), there: there.err().map(describe) },
    }
}

/// With what stands behind it: a storage error says little by itself.
fn describe(error: Error) -> String {
    let mut text: String = error.to_string();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(&error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// A range query gives a matrix; an engine that gives anything else has given nothing to compare.
fn series(value: Value) -> Vec<SeriesData> {
    match value {
        Value::Matrix(series) => series,
        Value::Scalar(_) | Value::String(_) | Value::Vector(_) => Vec::new(),
    }
}

fn judge(here: &[SeriesData], there: &[SeriesData]) -> Outcome {
    let mut difference = Difference::default();
    let mut left: BTreeMap<&Labels, &[Point]> = there.iter().map(|series| (&series.labels, &series.points[..])).collect();
    for series in here {
        match left.remove(&series.labels) {
            Some(points) => difference.points(&series.labels, &series.points, points),
            None => difference.only_here.push(&series.labels),
        }
    }
    left.keys().for_each(|labels| difference.only_there.push(labels));
    if difference.is_none() {
        Outcome::Equal { series: here.len(), points: difference.points_common }
    } else {
        Outcome::Differs(Box::new(difference))
    }
}

impl Missing {
    fn push(&mut self, labels: &Labels) {
        self.n += 1;
        if self.examples.len() < MOST_NAMED {
            self.examples.push(labels.clone());
        }
    }
}

impl Difference {
    fn is_none(&self) -> bool {
        let series: usize = self.only_here.n + self.only_there.n;
        series + self.points_only_here + self.points_only_there + self.points_differ == 0
    }

    /// Compares the points of one series, both sides in the order of time.
    fn points(&mut self, labels: &Labels, here: &[Point], there: &[Point]) {
        let mut there = there.iter().peekable();
        for point in here {
            while there.next_if(|other| other.at < point.at).is_some() {
                self.points_only_there += 1;
            }
            match there.next_if(|other| other.at == point.at) {
                Some(other) => self.values(labels, *point, other.value),
                None => self.points_only_here += 1,
            }
        }
        self.points_only_there += there.count();
    }

    fn values(&mut self, labels: &Labels, point: Point, there: f64) {
        self.points_common += 1;
        let relative: f64 = distance(point.value, there);
        if relative <= EPSILON {
            return;
        }
        self.points_differ += 1;
        if self.largest.as_ref().is_none_or(|largest| relative > largest.relative) {
            self.largest = Some(Example { labels: labels.clone(), at: Time(point.at), here: point.value, there, relative });
        }
    }
}

/// How far two values are from each other, by the larger one; by 1 when one is 0.
fn distance(here: f64, there: f64) -> f64 {
    if here == there || (here.is_nan() && there.is_nan()) {
        return 0.0;
    }
    let apart: f64 = (here - there).abs();
    if !apart.is_finite() {
        return f64::INFINITY;
    }
    if here == 0.0 || there == 0.0 { apart } else { apart / here.abs().max(there.abs()) }
}

impl Report {
    /// How many queries gave the same on both sides.
    #[must_use]
    pub fn n_equal(&self) -> usize {
        self.compared.iter().filter(|compared| matches!(compared.outcome, Outcome::Equal { .. })).count()
    }
}

/// What differs first named, then the tally.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for compared in &self.compared {
            writeln!(f, "{}: {}\n  {}", compared.name, compared.outcome, compared.expr)?;
        }
        let (n, n_equal): (usize, usize) = (self.compared.len(), self.n_equal());
        write!(f, "{n} queries: {n_equal} equal, {} not", n - n_equal)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equal { series, points } => write!(f, "equal ({series} series, {points} points)"),
            Self::Differs(difference) => write!(f, "DIFFERS: {difference}"),
            Self::Failed { here, there } => {
                let said = |error: &Option<String>| error.clone().unwrap_or_else(|| "answered".to_owned());
                write!(f, "FAILED: here: {}; there: {}", said(here), said(there))
            }
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        for (missing, side) in [(&self.only_here, "here"), (&self.only_there, "there")] {
            if let Some(first) = missing.examples.first() {
                parts.push(format!("{} series only {side}, such as {first}", missing.n));
            }
        }
        for (n, side) in [(self.points_only_here, "here"), (self.points_only_there, "there")] {
            if n > 0 {
                parts.push(format!("{n} points only {side}"));
            }
        }
        if let Some(example) = &self.largest {
            let Example { labels, at, here, there, relative } = example;
            let (n, of) = (self.points_differ, self.points_common);
            let at: String = at.to_utc().format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
            parts
                .push(format!("{n} of {of} points differ, most by {relative:e}: {labels} at {at} is {here} here, {there} there"));
        }
        f.write_str(&parts.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(job: &str, values: &[(i64, f64)]) -> SeriesData {
        let points: Vec<Point> = values.iter().map(|&(at, value)| Point { at, value }).collect();
        SeriesData { labels: Labels::new([("__name__", "up"), ("job", job)]), points }
    }

    fn differs(here: &[SeriesData], there: &[SeriesData]) -> Difference {
        match judge(here, there) {
            Outcome::Differs(difference) => *difference,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn answers_are_equal_up_to_a_millionth() {
        let here = [one("a", &[(1, 1.0), (2, f64::NAN), (3, 0.0), (4, f64::INFINITY)]), one("b", &[(1, 1e12)])];
        let there = [one("b", &[(1, 1e12 + 1.0)]), one("a", &[(1, 1.000_000_5), (2, f64::NAN), (3, 1e-7), (4, f64::INFINITY)])];
        assert_eq!(judge(&here, &there), Outcome::Equal { series: 2, points: 5 });
        assert_eq!(judge(&[], &[]), Outcome::Equal { series: 0, points: 0 });
    }

    #[test]
    fn series_and_points_of_one_side_are_counted() {
        let here = [one("a", &[(1, 1.0), (3, 1.0)]), one("b", &[(1, 1.0)])];
        let there = [one("a", &[(2, 1.0), (3, 1.0), (4, 1.0), (5, 1.0)]), one("c", &[])];
        let difference = differs(&here, &there);
        assert_eq!((difference.only_here.n, difference.only_there.n), (1, 1));
        assert_eq!(difference.only_there.examples, [one("c", &[]).labels]);
        assert_eq!((difference.points_only_here, difference.points_only_there, difference.points_common), (1, 3, 1));
        assert_eq!(difference.largest, None);
    }

    #[test]
    fn the_largest_difference_is_the_example() {
        let here = [one("a", &[(1, 10.0), (2, 0.0), (3, 1.0)])];
        let there = [one("a", &[(1, 11.0), (2, 0.5), (3, 1.0)])];
        let largest: Example = differs(&here, &there).largest.unwrap();
        assert_eq!((largest.at, largest.relative), (Time(2), 0.5));
        let there = [one("a", &[(1, f64::NAN), (2, 9.0), (3, 1.0)])];
        let difference = differs(&here, &there);
        assert_eq!(difference.points_differ, 2);
        assert!(difference.largest.is_some_and(|largest| largest.relative.is_infinite() && largest.at == Time(1)));
    }

    #[test]
    fn the_report_is_text_for_people() {
        let expr: Expr = promql::parse("up").unwrap();
        let compared = |name: &str, outcome: Outcome| Compared { name: name.to_owned(), expr: expr.to_string(), outcome };
        let differs = judge(&[one("a", &[(1, 2.0)])], &[one("a", &[(1, 1.0)]), one("b", &[])]);
        let failed = Outcome::Failed { here: None, there: Some("no answer".to_owned()) };
        let report =
            Report { compared: vec![compared("same", judge(&[], &[])), compared("other", differs), compared("broken", failed)] };
        assert_eq!(
            report.to_string(),
            "same: equal (0 series, 0 points)\n  up\n\
             other: DIFFERS: 1 series only there, such as up{job=\"b\"}; 1 of 1 points differ, most by 5e-1: up{job=\"a\"} at \
             1970-01-01T00:00:00.001Z is 2 here, 1 there\n  up\n\
             broken: FAILED: here: answered; there: no answer\n  up\n\
             3 queries: 1 equal, 2 not"
        );
    }
}
