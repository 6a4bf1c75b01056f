//! Answers in the JSON of Prometheus' HTTP API, written as text: an answer may hold a million numbers.
//!
//! Source: <https://prometheus.io/docs/prometheus/latest/querying/api/>; numbers as in Prometheus' `util/jsonutil`.

use std::fmt::Write;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use model::labels::Labels;

use crate::error::Error;
use crate::eval::{Answer, EvalError, Value, VectorSample};
use crate::listing::Listing;
use crate::source::SeriesData;

/// When a refused caller may come again, in seconds.
const COME_AGAIN: &str = "5";
/// As Prometheus warns when its own `limit` cut a list.
const CUT: &str = "results truncated due to limit";

/// A failure as Prometheus words it: `{"status":"error","errorType":…,"error":…}`.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    kind: &'static str,
    message: String,
}

impl Failure {
    /// The request makes no sense.
    pub(crate) fn bad_data(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, kind: "bad_data", message: message.into() }
    }

    fn execution(message: String) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, kind: "execution", message }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match &error {
            Error::Eval(eval) => from_eval(eval),
            _ => from_storage(&error),
        }
    }
}

fn from_eval(error: &EvalError) -> Failure {
    match error {
        EvalError::Storage(storage) => from_storage(storage),
        EvalError::TimedOut => Failure { status: StatusCode::SERVICE_UNAVAILABLE, kind: "timeout", message: error.to_string() },
        other => Failure::execution(other.to_string()),
    }
}

fn from_storage(error: &Error) -> Failure {
    match error {
        Error::Regex { source, .. } => Failure::bad_data(format!("{error}: {source}")),
        Error::TooManySamples { .. } => Failure::execution(error.to_string()),
        Error::Overloaded => Failure { status: StatusCode::TOO_MANY_REQUESTS, kind: "unavailable", message: error.to_string() },
        _ => {
            tracing::error!(error = error as &dyn std::error::Error, "metrics query failed");
            Failure {
                status: StatusCode::SERVICE_UNAVAILABLE,
                kind: "unavailable",
                message: "stored metrics can't be read".to_owned(),
            }
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let body = serde_json::json!({ "status": "error", "errorType": self.kind, "error": self.message });
        let mut response: Response = (self.status, axum::Json(body)).into_response();
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(COME_AGAIN));
        }
        response
    }
}

/// The text of a successful answer.
#[derive(Debug)]
pub(crate) struct Success(String);

impl IntoResponse for Success {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], self.0).into_response()
    }
}

/// The answer to an expression.
pub(crate) fn answer(answer: &Answer) -> Success {
    let mut out: String = String::from("{\"status\":\"success\",\"data\":{");
    match &answer.value {
        Value::Scalar(_) | Value::String(_) => {}
        Value::Vector(samples) => vector(&mut out, samples),
        Value::Matrix(series) => matrix(&mut out, series),
    }
    out.push('}');
    finish(out, answer)
}

/// The answer to an instant query; scalars and strings carry its time.
pub(crate) fn answer_at(given: &Answer, at_ms: i64) -> Success {
    let mut out: String = String::from("{\"status\":\"success\",\"data\":{");
    match &given.value {
        Value::Scalar(value) => {
            out.push_str("\"resultType\":\"scalar\",\"result\":");
            point(&mut out, at_ms, *value);
        }
        Value::String(text) => {
            out.push_str("\"resultType\":\"string\",\"result\":[");
            time(&mut out, at_ms);
            out.push(',');
            string(&mut out, text);
            out.push(']');
        }
        Value::Vector(_) | Value::Matrix(_) => return answer(given),
    }
    out.push('}');
    finish(out, given)
}

fn finish(mut out: String, answer: &Answer) -> Success {
    for (name, notes) in [("warnings", &answer.warnings), ("infos", &answer.infos)] {
        if !notes.is_empty() {
            // Writing into a String can't fail, here and below.
            let _ = write!(out, ",\"{name}\":");
            list(&mut out, notes, |out, note| string(out, note));
        }
    }
    out.push('}');
    Success(out)
}

/// A list of words: label names or values.
pub(crate) fn words(words: &Listing<String>) -> Success {
    listing(words, |out, word| string(out, word))
}

/// A list of series.
pub(crate) fn label_sets(sets: &Listing<Labels>) -> Success {
    listing(sets, labels)
}

fn listing<T>(given: &Listing<T>, each: impl FnMut(&mut String, &T)) -> Success {
    let mut out: String = String::from("{\"status\":\"success\",\"data\":");
    list(&mut out, &given.found, each);
    if given.is_cut {
        out.push_str(",\"warnings\":[");
        string(&mut out, CUT);
        out.push(']');
    }
    out.push('}');
    Success(out)
}

fn vector(out: &mut String, samples: &[VectorSample]) {
    out.push_str("\"resultType\":\"vector\",\"result\":");
    list(out, samples, |out, sample| {
        out.push_str("{\"metric\":");
        labels(out, &sample.labels);
        out.push_str(",\"value\":");
        point(out, sample.at, sample.value);
        out.push('}');
    });
}

fn matrix(out: &mut String, series: &[SeriesData]) {
    out.push_str("\"resultType\":\"matrix\",\"result\":");
    list(out, series, |out, one| {
        out.push_str("{\"metric\":");
        labels(out, &one.labels);
        out.push_str(",\"values\":");
        list(out, &one.points, |out, at| point(out, at.at, at.value));
        out.push('}');
    });
}

fn list<T>(out: &mut String, items: &[T], mut each: impl FnMut(&mut String, &T)) {
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        each(out, item);
    }
    out.push(']');
}

fn labels(out: &mut String, labels: &Labels) {
    out.push('{');
    for (at, (name, value)) in labels.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        string(out, name);
        out.push(':');
        string(out, value);
    }
    out.push('}');
}

fn string(out: &mut String, text: &str) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

/// `[1435781430.781,"1"]`
fn point(out: &mut String, at_ms: i64, value: f64) {
    out.push('[');
    time(out, at_ms);
    out.push_str(",\"");
    number(out, value);
    out.push_str("\"]");
}

/// Seconds, with three decimals when there are any.
fn time(out: &mut String, at_ms: i64) {
    let (sign, ms) = (if at_ms < 0 { "-" } else { "" }, at_ms.unsigned_abs());
    let _ = write!(out, "{sign}{}", ms / 1_000);
    if ms % 1_000 != 0 {
        let _ = write!(out, ".{:03}", ms % 1_000);
    }
}

/// The shortest decimal that reads back as the same number; with an exponent of two digits when very small or large.
fn number(out: &mut String, value: f64) {
    let size: f64 = value.abs();
    if value.is_nan() {
        out.push_str("NaN");
    } else if value.is_infinite() {
        out.push_str(if value > 0.0 { "+Inf" } else { "-Inf" });
    } else if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text: String = format!("{value:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text.as_str(), "0"));
        let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
        let _ = write!(out, "{mantissa}e{sign}{digits:0>2}");
    } else {
        let _ = write!(out, "{value}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Point;

    fn written(value: f64) -> String {
        let mut out: String = String::new();
        number(&mut out, value);
        out
    }

    #[test]
    fn numbers_are_written_as_prometheus_writes_them() {
        let texts = [1.0, -0.5, 1e21, 1.5e-7, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e20, 0.0].map(written);
        assert_eq!(texts, ["1", "-0.5", "1e+21", "1.5e-07", "NaN", "+Inf", "-Inf", "100000000000000000000", "0"]);
    }

    #[test]
    fn a_matrix_has_the_documented_shape() {
        let series = SeriesData {
            labels: Labels::new([("__name__", "up"), ("job", "a\"b")]),
            points: vec![Point { at: 1_435_781_430_781, value: 1.0 }, Point { at: 1_000, value: 2.0 }],
        };
        let value = Answer { value: Value::Matrix(vec![series]), warnings: vec!["careful".to_owned()], infos: vec![] };
        assert_eq!(
            answer(&value).0,
            r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"up","job":"a\"b"},"values":[[1435781430.781,"1"],[1,"2"]]}]},"warnings":["careful"]}"#
        );
    }

    #[test]
    fn a_cut_list_warns() {
        let mut given = Listing { found: vec!["up".to_owned()], is_cut: false };
        assert_eq!(words(&given).0, r#"{"status":"success","data":["up"]}"#);
        given.is_cut = true;
        assert_eq!(words(&given).0, r#"{"status":"success","data":["up"],"warnings":["results truncated due to limit"]}"#);
    }

    #[test]
    fn who_may_come_again_is_told_when() {
        let response: Response = Failure::from(Error::Overloaded).into_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[RETRY_AFTER], COME_AGAIN);
        let response: Response = Failure::from(Error::from(EvalError::TimedOut)).into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    }

    #[test]
    fn a_scalar_carries_the_time_of_the_query() {
        let value = Answer { value: Value::Scalar(2.5), warnings: vec![], infos: vec![] };
        assert_eq!(answer_at(&value, -1_500).0, r#"{"status":"success","data":{"resultType":"scalar","result":[-1.500,"2.5"]}}"#);
    }
}
