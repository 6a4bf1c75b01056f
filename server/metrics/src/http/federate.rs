//! `federate`: the newest sample of every selected series in Prometheus' text format, for another Prometheus to scrape.
//!
//! Every type is `untyped`, as Prometheus itself writes it there. Names that are no bare words stand quoted inside the braces.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use model::Time;
use model::labels::{Labels, METRIC_NAME};
use promql::ast::Matcher;
use tokio::runtime::Handle;

use crate::Metrics;
use crate::duplicates::STALE_NAN;
use crate::error::Error;
use crate::eval::Until;
use crate::exposition;
use crate::http::json::{Failure, number};
use crate::http::params::Params;
use crate::http::query::MayRead;
use crate::select::Reader;
use crate::source::{Point, SeriesData, Source};

/// The newest sample of each series; a metric's series stand together.
type Newest = BTreeMap<(String, Labels), Point>;

/// `GET /federate`: `match[]`. A series that is stale, or has no sample within the lookback, is left out.
pub(crate) async fn federate(State(metrics): State<Arc<Metrics>>, _: MayRead, params: Params) -> Result<Response, Failure> {
    let text: String = metrics.federated(params.selectors()?).await?;
    Ok(([(CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"))], text).into_response())
}

impl Metrics {
    async fn federated(&self, selectors: Vec<Vec<Matcher>>) -> Result<String, Error> {
        let (reader, handle, now) = (self.reader.clone(), Handle::current(), self.now());
        let since: Time = now.plus_ms(1 - self.engine.lookback_ms);
        let read = move |until: Until| -> Result<String, Error> {
            let reader: Reader = reader.asked(&until);
            let mut newest: Newest = Newest::new();
            for matchers in &selectors {
                until.check()?;
                let found: Vec<SeriesData> = handle.block_on(reader.select(matchers, since, now))?;
                newest.extend(found.into_iter().filter_map(last));
            }
            Ok(written(&newest))
        };
        self.queries.compute(read).await
    }
}

fn last(series: SeriesData) -> Option<((String, Labels), Point)> {
    let point: Point = *series.points.last()?;
    let name: String = series.labels.metric().to_owned();
    (point.value.to_bits() != STALE_NAN).then_some(((name, series.labels), point))
}

fn written(newest: &Newest) -> String {
    let mut out: String = String::new();
    let mut before: Option<&str> = None;
    for ((name, labels), point) in newest {
        if before != Some(name.as_str()) {
            // Writing into a String can't fail, here and below.
            let _ = writeln!(out, "# TYPE {} untyped", word(name));
            before = Some(name);
        }
        line(&mut out, name, labels, point);
    }
    out
}

fn line(out: &mut String, name: &str, labels: &Labels, point: &Point) {
    let mut parts: Vec<String> = Vec::with_capacity(labels.len());
    if is_bare(name) {
        out.push_str(name);
    } else {
        parts.push(word(name));
    }
    let others = labels.iter().filter(|(label, _)| *label != METRIC_NAME);
    parts.extend(others.map(|(label, value)| format!("{}={}", word(label), quoted(value))));
    // The receiver would otherwise take its own label for the instance that was asked.
    if labels.get("instance").is_empty() {
        parts.push("instance=\"\"".to_owned());
    }
    let _ = write!(out, "{{{}}} ", parts.join(","));
    number(out, point.value);
    let _ = writeln!(out, " {}", point.at);
}

fn word(name: &str) -> String {
    if is_bare(name) { name.to_owned() } else { quoted(name) }
}

fn is_bare(name: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':';
    !name.is_empty() && !name.starts_with(|first: char| first.is_ascii_digit()) && name.bytes().all(is_word)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", exposition::escaped(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(labels: Labels, value: f64) -> SeriesData {
        SeriesData { labels, points: vec![Point { at: 1, value: 0.5 }, Point { at: 1_500, value }] }
    }

    #[test]
    fn the_newest_samples_stand_by_metric() {
        let found = [
            series(Labels::new([("__name__", "up"), ("instance", "a:1"), ("job", "x\"\n")]), 1.0),
            series(Labels::new([("__name__", "up"), ("job", "a")]), f64::INFINITY),
            series(Labels::new([("__name__", "http.status"), ("a.b", "c")]), 2.0),
            series(Labels::new([("__name__", "gone")]), f64::from_bits(STALE_NAN)),
        ];
        let newest: Newest = found.into_iter().filter_map(last).collect();
        assert_eq!(
            written(&newest),
            "# TYPE \"http.status\" untyped\n\
             {\"http.status\",\"a.b\"=\"c\",instance=\"\"} 2 1500\n\
             # TYPE up untyped\n\
             up{instance=\"a:1\",job=\"x\\\"\\n\"} 1 1500\n\
             up{job=\"a\",instance=\"\"} +Inf 1500\n"
        );
    }
}
