//! Answers in the JSON of Prometheus' HTTP API, written as text: an answer may hold a million numbers.
//!
//! Source: <https://prometheus.io/docs/prometheus/latest/querying/api/>; numbers as in Prometheus' `util/jsonutil`, the statuses of
//! failures as in its `web/api/v1`.

use std::fmt::Write;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use model::labels::Labels;
use serde_json::json;

use crate::engine::error::RemoteError;
use crate::error::Error;
use crate::eval::{Answer, EvalError, Value, VectorSample};
use crate::exemplars::answer::SeriesExemplars;
use crate::listing::Listing;
use crate::source::SeriesData;

/// When a refused caller may come again, in seconds.
const COME_AGAIN: &str = "5";
/// As Prometheus warns when its own `limit` cut a list.
const CUT: &str = "results truncated due to limit";
/// Bytes of one answer: some five million numbers. Several may be in memory at once, and nobody looks at more.
const LONGEST_ANSWER: usize = 128 << 20;

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

    /// A parameter makes no sense.
    pub(crate) fn bad_parameter(name: &str, why: &str) -> Self {
        Self::bad_data(format!("invalid parameter \"{name}\": {why}"))
    }

    /// There is nothing of that name.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self { status: StatusCode::NOT_FOUND, kind: "not_found", message: message.into() }
    }

    /// We have a fault of our own.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, kind: "internal", message: message.into() }
    }

    /// What is needed for the answer is away.
    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self { status: StatusCode::SERVICE_UNAVAILABLE, kind: "unavailable", message: message.into() }
    }

    fn execution(message: String) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, kind: "execution", message }
    }

    fn timeout(message: String) -> Self {
        Self { status: StatusCode::SERVICE_UNAVAILABLE, kind: "timeout", message }
    }

    /// Whoever asked is gone. 499 is nginx's, and Prometheus' too.
    fn canceled(message: String) -> Self {
        Self { status: StatusCode::from_u16(499).unwrap_or(StatusCode::BAD_REQUEST), kind: "canceled", message }
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
        EvalError::TimedOut => Failure::timeout(error.to_string()),
        EvalError::Abandoned => Failure::canceled(error.to_string()),
        other => Failure::execution(other.to_string()),
    }
}

fn from_storage(error: &Error) -> Failure {
    match error {
        Error::Regex { source, .. } => Failure::bad_data(format!("{error}: {source}")),
        Error::Malformed(malformed) => Failure::bad_data(malformed.to_string()),
        Error::TooManyMatchers { .. } => Failure::bad_data(error.to_string()),
        Error::TooManySamples { .. } => Failure::execution(error.to_string()),
        Error::Remote(remote) => from_remote(remote),
        Error::Overloaded => Failure { status: StatusCode::TOO_MANY_REQUESTS, kind: "unavailable", message: error.to_string() },
        _ => {
            tracing::error!(error = error as &dyn std::error::Error, "metrics query failed");
            Failure::unavailable("stored metrics can't be read")
        }
    }
}

/// What the engine that answers in our place said; only its refusals are the caller's fault.
fn from_remote(error: &RemoteError) -> Failure {
    match error {
        RemoteError::Refused { kind, .. } if kind == "bad_data" || kind == "400" => Failure::bad_data(error.to_string()),
        RemoteError::Refused { .. } | RemoteError::Histograms => Failure::execution(error.to_string()),
        _ => {
            tracing::error!(error = error as &dyn std::error::Error, "the remote engine failed");
            Failure::unavailable(error.to_string())
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let body = json!({ "status": "error", "errorType": self.kind, "error": self.message });
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

/// A small answer.
pub(crate) fn data(data: &serde_json::Value) -> Success {
    Success(json!({ "status": "success", "data": data }).to_string())
}

/// What an answer to an expression is written with.
#[derive(Debug, Default)]
pub(crate) struct With {
    /// The time of the query, in milliseconds: scalars and strings carry it.
    pub(crate) at_ms: i64,
    /// So many series at most.
    pub(crate) limit: Option<usize>,
    /// How it was computed, when the caller wants to know.
    pub(crate) stats: Option<serde_json::Value>,
}

/// The answer to an expression.
///
/// # Errors
/// When it would be longer than anybody reads.
pub(crate) fn answer(given: &Answer, with: &With) -> Result<Success, Failure> {
    let mut out: String = String::from("{\"status\":\"success\",\"data\":{");
    let is_cut: bool = value(&mut out, &given.value, with)?;
    if let Some(stats) = &with.stats {
        // Writing into a String can't fail, here and below.
        let _ = write!(out, ",\"stats\":{stats}");
    }
    out.push('}');
    let cut: Option<String> = is_cut.then(|| CUT.to_owned());
    let warnings: Vec<&String> = given.warnings.iter().chain(cut.iter()).collect();
    notes(&mut out, "warnings", &warnings);
    notes(&mut out, "infos", &given.infos.iter().collect::<Vec<&String>>());
    out.push('}');
    Ok(Success(out))
}

fn notes(out: &mut String, name: &str, notes: &[&String]) {
    if !notes.is_empty() {
        let _ = write!(out, ",\"{name}\":");
        list(out, notes, |out, note| string(out, note));
    }
}

/// Writes the type and the result; says whether the limit left anything out.
fn value(out: &mut String, value: &Value, with: &With) -> Result<bool, Failure> {
    match value {
        Value::Scalar(number) => {
            out.push_str("\"resultType\":\"scalar\",\"result\":");
            point(out, with.at_ms, *number);
            Ok(false)
        }
        Value::String(text) => {
            out.push_str("\"resultType\":\"string\",\"result\":[");
            time(out, with.at_ms);
            out.push(',');
            string(out, text);
            out.push(']');
            Ok(false)
        }
        Value::Vector(samples) => {
            let shown: &[VectorSample] = first(samples, with.limit);
            vector(out, shown)?;
            Ok(shown.len() < samples.len())
        }
        Value::Matrix(series) => {
            let shown: &[SeriesData] = first(series, with.limit);
            matrix(out, shown)?;
            Ok(shown.len() < series.len())
        }
    }
}

fn first<T>(items: &[T], limit: Option<usize>) -> &[T] {
    &items[..limit.unwrap_or(usize::MAX).min(items.len())]
}

/// A list of words: label names or values.
pub(crate) fn words(words: &Listing<String>) -> Success {
    listing(words, |out, word| string(out, word))
}

/// A list of series.
pub(crate) fn label_sets(sets: &Listing<Labels>) -> Success {
    listing(sets, labels)
}

/// `[{"seriesLabels":{…},"exemplars":[{"labels":{…},"value":"6","timestamp":1600096945.479}]}]`
///
/// # Errors
/// When it would be longer than anybody reads.
pub(crate) fn exemplars(found: &[SeriesExemplars]) -> Result<Success, Failure> {
    let mut out: String = String::from("{\"status\":\"success\",\"data\":");
    bounded(&mut out, found, |out, one| {
        out.push_str("{\"seriesLabels\":");
        labels(out, &one.series);
        out.push_str(",\"exemplars\":");
        list(out, &one.exemplars, |out, exemplar| {
            out.push_str("{\"labels\":");
            labels(out, &exemplar.labels);
            out.push_str(",\"value\":\"");
            number(out, exemplar.value);
            out.push_str("\",\"timestamp\":");
            time(out, exemplar.at.0);
            out.push('}');
        });
        out.push('}');
        Ok(())
    })?;
    out.push('}');
    Ok(Success(out))
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

fn vector(out: &mut String, samples: &[VectorSample]) -> Result<(), Failure> {
    out.push_str("\"resultType\":\"vector\",\"result\":");
    bounded(out, samples, |out, sample| {
        out.push_str("{\"metric\":");
        labels(out, &sample.labels);
        out.push_str(",\"value\":");
        point(out, sample.at, sample.value);
        out.push('}');
        Ok(())
    })
}

fn matrix(out: &mut String, series: &[SeriesData]) -> Result<(), Failure> {
    out.push_str("\"resultType\":\"matrix\",\"result\":");
    bounded(out, series, |out, one| {
        out.push_str("{\"metric\":");
        labels(out, &one.labels);
        out.push_str(",\"values\":");
        bounded(out, &one.points, |out, at| {
            point(out, at.at, at.value);
            Ok(())
        })?;
        out.push('}');
        Ok(())
    })
}

/// A list that may be too long.
fn bounded<T>(
    out: &mut String,
    items: &[T],
    mut each: impl FnMut(&mut String, &T) -> Result<(), Failure>,
) -> Result<(), Failure> {
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        each(out, item)?;
        if out.len() > LONGEST_ANSWER {
            let message: String = format!("the answer is longer than {LONGEST_ANSWER} bytes, try a larger step or fewer series");
            return Err(Failure::execution(message));
        }
    }
    out.push(']');
    Ok(())
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
pub(crate) fn number(out: &mut String, value: f64) {
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
    use crate::remote_write::Malformed;
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

    fn matrix_of(series: Vec<SeriesData>) -> Answer {
        Answer { value: Value::Matrix(series), warnings: vec!["careful".to_owned()], infos: vec!["look".to_owned()] }
    }

    #[test]
    fn a_matrix_has_the_documented_shape() {
        let series = SeriesData {
            labels: Labels::new([("__name__", "up"), ("job", "a\"b")]),
            points: vec![Point { at: 1_435_781_430_781, value: 1.0 }, Point { at: 1_000, value: 2.0 }],
        };
        assert_eq!(
            answer(&matrix_of(vec![series]), &With::default()).unwrap().0,
            r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"up","job":"a\"b"},"values":[[1435781430.781,"1"],[1,"2"]]}]},"warnings":["careful"],"infos":["look"]}"#
        );
    }

    #[test]
    fn a_limit_cuts_and_warns_and_stats_stand_beside_the_result() {
        let series = SeriesData { labels: Labels::default(), points: vec![Point { at: 0, value: 1.0 }] };
        let with = With { at_ms: 0, limit: Some(1), stats: Some(json!({ "samples": 1 })) };
        assert_eq!(
            answer(&matrix_of(vec![series.clone(), series]), &with).unwrap().0,
            r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[0,"1"]]}],"stats":{"samples":1}},"warnings":["careful","results truncated due to limit"],"infos":["look"]}"#
        );
    }

    #[test]
    fn an_answer_that_nobody_could_read_is_refused() {
        let much: String = "x".repeat(1 << 20);
        let n: usize = LONGEST_ANSWER >> 20;
        let written = |n: usize| {
            bounded(&mut String::new(), &vec![(); n], |out: &mut String, (): &()| {
                out.push_str(&much);
                Ok(())
            })
        };
        assert!(written(n - 1).is_ok());
        let failure: Failure = written(n).unwrap_err();
        assert_eq!((failure.status, failure.kind), (StatusCode::UNPROCESSABLE_ENTITY, "execution"));
    }

    #[test]
    fn a_cut_list_warns() {
        let mut given = Listing { found: vec!["up".to_owned()], is_cut: false };
        assert_eq!(words(&given).0, r#"{"status":"success","data":["up"]}"#);
        given.is_cut = true;
        assert_eq!(words(&given).0, r#"{"status":"success","data":["up"],"warnings":["results truncated due to limit"]}"#);
    }

    #[test]
    fn failures_have_the_statuses_of_prometheus() {
        for (error, status, kind) in [
            (Error::from(EvalError::TimedOut), 503, "timeout"),
            (Error::from(EvalError::Abandoned), 499, "canceled"),
            (Error::from(EvalError::SameLabelset), 422, "execution"),
            (Error::Closed, 503, "unavailable"),
            (Error::Malformed(Malformed::Protobuf), 400, "bad_data"),
        ] {
            let failure = Failure::from(error);
            assert_eq!((failure.status.as_u16(), failure.kind), (status, kind), "{}", failure.message);
        }
    }

    #[test]
    fn who_may_come_again_is_told_when() {
        let response: Response = Failure::from(Error::Overloaded).into_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[RETRY_AFTER], COME_AGAIN);
    }

    #[test]
    fn scalars_and_strings_carry_the_time_of_the_query() {
        let given = |value: Value| {
            let answered = Answer { value, warnings: vec![], infos: vec![] };
            answer(&answered, &With { at_ms: -1_500, ..With::default() }).unwrap().0
        };
        let scalar = r#"{"status":"success","data":{"resultType":"scalar","result":[-1.500,"2.5"]}}"#;
        assert_eq!(given(Value::Scalar(2.5)), scalar);
        let string = r#"{"status":"success","data":{"resultType":"string","result":[-1.500,"a"]}}"#;
        assert_eq!(given(Value::String("a".to_owned())), string);
    }
}
