//! Whether an answer is the expected one.

use model::labels::Labels;

use super::notation::Sample;
use super::script::{Expect, Notes, When};
use crate::eval::series::braces;
use crate::eval::{Answer, Value, VectorSample};
use crate::source::{Point, SeriesData};

/// Values may differ by this much, relative to the sum of both: upstream's tolerance.
const EPSILON: f64 = 1e-6;

/// Compares value and annotations.
pub(super) fn answer(answer: &Answer, expect: &Expect, when: When) -> Result<(), String> {
    notes("warning", &answer.warnings, &expect.warnings)?;
    notes("info", &answer.infos, &expect.infos)?;
    value(&answer.value, expect, when)
}

/// Every annotation needs a line and every line an annotation, when there are lines.
fn notes(kind: &str, got: &[String], expect: &Notes) -> Result<(), String> {
    if expect.none && !got.is_empty() {
        return Err(format!("unexpected {kind}: {}", got.join("; ")));
    }
    if expect.patterns.is_empty() {
        return Ok(());
    }
    if got.is_empty() {
        return Err(format!("no {kind}"));
    }
    let surplus = got.iter().find(|text| !expect.patterns.iter().any(|pattern| pattern.accepts(text)));
    let missing = expect.patterns.iter().find(|pattern| !got.iter().any(|text| pattern.accepts(text)));
    match (surplus, missing) {
        (Some(text), _) => Err(format!("unexpected {kind}: {text}")),
        (None, Some(pattern)) => Err(format!("no {kind} like {pattern:?}")),
        (None, None) => Ok(()),
    }
}

/// Compares the value alone.
pub(super) fn value(value: &Value, expect: &Expect, when: When) -> Result<(), String> {
    match value {
        Value::String(got) => match &expect.string {
            Some(wanted) if wanted == got => Ok(()),
            wanted => Err(format!("got the string {got:?}, want {wanted:?}")),
        },
        Value::Scalar(got) => match expect.scalar {
            Some(wanted) if near(*got, wanted) => Ok(()),
            wanted => Err(format!("got the scalar {got}, want {wanted:?}")),
        },
        Value::Vector(got) => vector(got, expect),
        Value::Matrix(got) => match (expect.points, when) {
            (Some((from, _, step)), _) => matrix(got, &expect.series, from, step),
            (None, When::Range { start, step, .. }) => matrix(got, &expect.series, start, step),
            (None, When::Instant(_)) => Err("got an unexpected range vector".to_owned()),
        },
    }
}

fn vector(got: &[VectorSample], expect: &Expect) -> Result<(), String> {
    if let Some(wanted) = expect.scalar {
        return Err(format!("got a vector, want the scalar {wanted}"));
    }
    same_count(got.len(), expect.series.len())?;
    for (index, sample) in got.iter().enumerate() {
        let place: usize = find(&expect.series, &sample.labels)?;
        if expect.ordered && place != index {
            return Err(format!("{} stands at {index}, want {place}", braces(&sample.labels)));
        }
        match expect.series[place].1.as_slice() {
            [Sample::Float(wanted)] if near(sample.value, *wanted) => {}
            wanted => return Err(format!("{} is {}, want {wanted:?}", braces(&sample.labels), sample.value)),
        }
    }
    Ok(())
}

fn matrix(got: &[SeriesData], wanted: &[(Labels, Vec<Sample>)], start: i64, step: i64) -> Result<(), String> {
    if !got.is_sorted_by(|a, b| a.labels <= b.labels) {
        return Err("the series are not sorted by labels".to_owned());
    }
    same_count(got.len(), wanted.len())?;
    for series in got {
        let place: usize = find(wanted, &series.labels)?;
        let times = (0_i64..).map(|index| start + index * step);
        let expected: Vec<(i64, f64)> = times
            .zip(&wanted[place].1)
            .filter_map(|(at, sample)| if let Sample::Float(value) = sample { Some((at, *value)) } else { None })
            .collect();
        let same = |(point, (at, value)): (&Point, &(i64, f64))| point.at == *at && near(point.value, *value);
        if series.points.len() != expected.len() || !series.points.iter().zip(&expected).all(same) {
            return Err(format!("{} is {:?}, want {expected:?}", braces(&series.labels), series.points));
        }
    }
    Ok(())
}

/// Compares one step of a range query with what an instant query expects there.
pub(super) fn step(got: &Value, expect: &Expect, at: i64) -> Result<(), String> {
    let Value::Matrix(series) = got else {
        return Err("a range query did not give a range vector".to_owned());
    };
    let vector: Vec<VectorSample> = series
        .iter()
        .filter_map(|one| {
            let point: &Point = one.points.iter().find(|point| point.at == at)?;
            Some(VectorSample { labels: one.labels.clone(), at, value: point.value })
        })
        .collect();
    match (expect.scalar, vector.as_slice()) {
        (Some(wanted), [only]) if near(only.value, wanted) => Ok(()),
        (Some(wanted), got) => Err(format!("got {got:?}, want the scalar {wanted}")),
        (None, got) => self::vector(got, expect),
    }
}

fn same_count(got: usize, wanted: usize) -> Result<(), String> {
    if got == wanted { Ok(()) } else { Err(format!("got {got} series, want {wanted}")) }
}

fn find(wanted: &[(Labels, Vec<Sample>)], labels: &Labels) -> Result<usize, String> {
    wanted.iter().position(|(have, _)| have == labels).ok_or_else(|| format!("unexpected series {}", braces(labels)))
}

/// Equal but for the tolerance; NaN equals NaN.
fn near(a: f64, b: f64) -> bool {
    if a == b || (a.is_nan() && b.is_nan()) {
        return true;
    }
    let (sum, diff): (f64, f64) = (a.abs() + b.abs(), (a - b).abs());
    if a == 0.0 || b == 0.0 || sum < f64::MIN_POSITIVE {
        return diff < EPSILON * f64::MIN_POSITIVE;
    }
    diff / sum.min(f64::MAX) < EPSILON
}
