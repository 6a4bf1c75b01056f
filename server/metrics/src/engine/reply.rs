//! Answers of Prometheus' HTTP API, read. Source: <https://prometheus.io/docs/prometheus/latest/querying/api/>.
//!
//! Numbers come as text, because JSON has no NaN. What an engine adds (statistics, traces) is left out.

use std::collections::BTreeMap;
use std::fmt;

use model::Time;
use model::labels::Labels;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Visitor};

use crate::engine::error::RemoteError;
use crate::error::Error;
use crate::eval::{Answer, EvalError, Value, VectorSample};
use crate::source::{Point, SeriesData};

/// Of somebody else's words so many characters are enough.
const MOST_WORDS: usize = 300;

/// What every answer has around its data.
#[derive(Debug, Deserialize)]
pub(crate) struct Reply<T> {
    status: String,
    data: Option<T>,
    #[serde(rename = "errorType")]
    error_type: Option<String>,
    error: Option<String>,
    warnings: Option<Vec<String>>,
    infos: Option<Vec<String>>,
}

/// The value of an expression.
#[derive(Debug, Deserialize)]
#[serde(tag = "resultType", content = "result", rename_all = "lowercase")]
pub(crate) enum Found {
    Scalar(Stamped),
    String((f64, String)),
    Vector(Vec<Single>),
    Matrix(Vec<Many>),
}

/// `[1435781430.781,"1"]`
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Stamped(f64, Number);

/// The labels of a series.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Names(BTreeMap<String, String>);

#[derive(Debug, Deserialize)]
pub(crate) struct Single {
    metric: Names,
    value: Option<Stamped>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Many {
    metric: Names,
    values: Option<Vec<Stamped>>,
}

/// A number in quotes: `"NaN"`, `"+Inf"`, `"1.5e-07"`.
#[derive(Clone, Copy, Debug)]
struct Number(f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NumberVisitor)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number in quotes")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Number, E> {
        text.parse::<f64>().map(Number).map_err(|_| E::custom(format_args!("{text:?} is not a number")))
    }
}

impl Stamped {
    fn at_ms(self) -> i64 {
        (self.0 * 1_000.0).round() as i64
    }

    fn point(self) -> Point {
        Point { at: self.at_ms(), value: self.1.0 }
    }
}

impl Names {
    pub(crate) fn into_labels(self) -> Labels {
        Labels::new(self.0)
    }
}

/// Reads an answer; one that says that it failed is an error.
///
/// # Errors
/// What the engine said, in our terms where we have them.
pub(crate) fn read<T: DeserializeOwned>(status: u16, body: &[u8]) -> Result<Reply<T>, Error> {
    if status == 429 {
        return Err(Error::Overloaded);
    }
    if let Ok(failure) = serde_json::from_slice::<Reply<serde::de::IgnoredAny>>(body)
        && failure.status == "error"
    {
        return Err(failed(failure.error_type.unwrap_or_default(), &failure.error.unwrap_or_default()));
    }
    if status != 200 {
        return Err(RemoteError::Status { status, words: shortened(&String::from_utf8_lossy(body)) }.into());
    }
    serde_json::from_slice(body).map_err(|error| RemoteError::Json(error).into())
}

fn failed(kind: String, message: &str) -> Error {
    match kind.as_str() {
        "timeout" => EvalError::TimedOut.into(),
        "canceled" => EvalError::Abandoned.into(),
        _ => RemoteError::Refused { kind, message: shortened(message) }.into(),
    }
}

/// The beginning of somebody else's words, in one line.
pub(crate) fn shortened(words: &str) -> String {
    let line: String = words.split_whitespace().collect::<Vec<&str>>().join(" ");
    if line.chars().count() <= MOST_WORDS {
        return line;
    }
    let mut short: String = line.chars().take(MOST_WORDS).collect();
    short.push('…');
    short
}

impl<T> Reply<T> {
    /// What was asked for.
    pub(crate) fn into_data(self) -> Result<T, RemoteError> {
        self.data.ok_or(RemoteError::NoData)
    }
}

impl Reply<Found> {
    /// As our evaluator would say it. Elements of a vector stand at `at`, the time of the query, whatever the engine says.
    pub(crate) fn into_answer(self, at: Option<Time>) -> Result<Answer, RemoteError> {
        let value: Value = match self.data.ok_or(RemoteError::NoData)? {
            Found::Scalar(stamped) => Value::Scalar(stamped.1.0),
            Found::String((_, text)) => Value::String(text),
            Found::Vector(samples) => {
                let sample = |single: Single| vector_sample(single, at);
                Value::Vector(samples.into_iter().map(sample).collect::<Result<Vec<VectorSample>, RemoteError>>()?)
            }
            Found::Matrix(series) => Value::Matrix(matrix(series)?),
        };
        Ok(Answer { value, warnings: self.warnings.unwrap_or_default(), infos: self.infos.unwrap_or_default() })
    }
}

fn vector_sample(single: Single, at: Option<Time>) -> Result<VectorSample, RemoteError> {
    let stamped: Stamped = single.value.ok_or(RemoteError::Histograms)?;
    let at: i64 = at.map_or_else(|| stamped.at_ms(), |at| at.0);
    Ok(VectorSample { labels: single.metric.into_labels(), at, value: stamped.1.0 })
}

/// Sorted by labels, as ours is.
fn matrix(series: Vec<Many>) -> Result<Vec<SeriesData>, RemoteError> {
    let one = |many: Many| -> Result<SeriesData, RemoteError> {
        let values: Vec<Stamped> = many.values.ok_or(RemoteError::Histograms)?;
        let points: Vec<Point> = values.into_iter().map(Stamped::point).collect();
        Ok(SeriesData { labels: many.metric.into_labels(), points })
    };
    let mut all: Vec<SeriesData> = series.into_iter().map(one).collect::<Result<Vec<SeriesData>, RemoteError>>()?;
    all.sort_by(|left, right| left.labels.cmp(&right.labels));
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &str) -> Answer {
        read::<Found>(200, body.as_bytes()).unwrap().into_answer(Some(Time(5))).unwrap()
    }

    #[test]
    fn every_kind_of_value_is_read() {
        let vector = answer(
            r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up"},"value":[1.5,"+Inf"]}]},"isPartial":false,"warnings":["careful"]}"#,
        );
        let Value::Vector(samples) = vector.value else { panic!("{:?}", vector.value) };
        assert_eq!((samples[0].labels.metric(), samples[0].at, samples[0].value), ("up", 5, f64::INFINITY));
        assert_eq!((vector.warnings.len(), vector.infos.len()), (1, 0));
        let scalar = answer(r#"{"status":"success","data":{"resultType":"scalar","result":[1,"NaN"]}}"#);
        assert!(matches!(scalar.value, Value::Scalar(value) if value.is_nan()));
        let string = answer(r#"{"status":"success","data":{"resultType":"string","result":[1,"x"]}}"#);
        assert!(matches!(string.value, Value::String(text) if text == "x"));
    }

    #[test]
    fn a_matrix_is_sorted_and_its_times_are_milliseconds() {
        let matrix = answer(
            r#"{"status":"success","data":{"result":[{"metric":{"b":"2"},"values":[[1435781430.781,"1.5e-07"]]},{"metric":{},"values":[[1,"-0"]]}],"resultType":"matrix"}}"#,
        );
        let Value::Matrix(series) = matrix.value else { panic!("{:?}", matrix.value) };
        assert_eq!(series[1].labels, Labels::new([("b", "2")]));
        assert_eq!((series[1].points[0].at, series[1].points[0].value), (1_435_781_430_781, 1.5e-7));
        assert_eq!(series[0].points[0].value.to_bits(), (-0.0_f64).to_bits());
    }

    #[test]
    fn failures_keep_the_engines_words() {
        let refused = read::<Found>(400, br#"{"status":"error","errorType":"bad_data","error":"parse error: x"}"#).unwrap_err();
        assert_eq!(refused.to_string(), "the remote engine refused: bad_data: parse error: x");
        let late = read::<Found>(503, br#"{"status":"error","errorType":"timeout","error":"query timed out"}"#).unwrap_err();
        assert!(matches!(late, Error::Eval(error) if matches!(*error, EvalError::TimedOut)));
        assert!(matches!(read::<Found>(429, b"slow down"), Err(Error::Overloaded)));
        let gateway = read::<Found>(502, b"<html>\n bad gateway</html>").unwrap_err();
        assert_eq!(gateway.to_string(), "the remote engine answered 502: <html> bad gateway</html>");
        assert!(read::<Found>(200, b"{").is_err());
        assert!(read::<Found>(200, br#"{"status":"success"}"#).unwrap().into_answer(None).is_err());
    }

    #[test]
    fn native_histograms_are_refused_not_dropped() {
        let body = br#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"histogram":[1,{}]}]}}"#;
        assert!(matches!(read::<Found>(200, body).unwrap().into_answer(None), Err(RemoteError::Histograms)));
    }

    #[test]
    fn words_have_an_end() {
        assert_eq!(shortened(&"x".repeat(1_000)).chars().count(), MOST_WORDS + 1);
        assert_eq!(shortened(" a\n b "), "a b");
    }
}
