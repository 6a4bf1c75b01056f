//! The parameters of Prometheus' HTTP API: a query string or a form, names may repeat.

use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use model::Time;
use promql::ast::{Expr, ExprKind, Matcher};
use promql::numbers::parse_duration_ms;

use crate::http::json::Failure;

/// Selectors of one request. Grafana sends one.
const MOST_SELECTORS: usize = 8;

/// What axum hands over.
pub(crate) type Given = Result<Form<Vec<(String, String)>>, FormRejection>;

/// The parameters of one request.
#[derive(Debug)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    pub(crate) fn new(given: Given) -> Result<Self, Failure> {
        match given {
            Ok(Form(pairs)) => Ok(Self(pairs)),
            Err(rejection) => Err(Failure::bad_data(format!("read parameters: {}", rejection.body_text()))),
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The checked expression of `query`.
    pub(crate) fn expr(&self) -> Result<Expr, Failure> {
        let text: &str = self.get("query").ok_or_else(|| Failure::bad_data("the parameter query is missing"))?;
        parse(text)
    }

    /// A time that must be given.
    pub(crate) fn time(&self, name: &str) -> Result<Time, Failure> {
        let missing = || Failure::bad_data(format!("the parameter {name} is missing"));
        self.time_or(name).and_then(|time| time.ok_or_else(missing))
    }

    /// A time that may be given.
    pub(crate) fn time_or(&self, name: &str) -> Result<Option<Time>, Failure> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let bad = || Failure::bad_data(format!("the parameter {name} is not a time: {text}"));
        parse_time(text).map(Some).ok_or_else(bad)
    }

    /// The step of a range query in milliseconds.
    pub(crate) fn step_ms(&self) -> Result<i64, Failure> {
        let text: &str = self.get("step").ok_or_else(|| Failure::bad_data("the parameter step is missing"))?;
        let step_ms: i64 =
            parse_step_ms(text).ok_or_else(|| Failure::bad_data(format!("the parameter step is not a duration: {text}")))?;
        if step_ms > 0 { Ok(step_ms) } else { Err(Failure::bad_data("the parameter step must be positive")) }
    }

    /// The matchers of each `match[]`.
    pub(crate) fn selectors(&self) -> Result<Vec<Vec<Matcher>>, Failure> {
        let given: Vec<&(String, String)> = self.0.iter().filter(|(name, _)| name == "match[]").collect();
        if given.len() > MOST_SELECTORS {
            return Err(Failure::bad_data(format!("at most {MOST_SELECTORS} parameters match[] are taken")));
        }
        given.into_iter().map(|(_, text)| matchers(text)).collect()
    }
}

fn parse(text: &str) -> Result<Expr, Failure> {
    promql::parse(text).map_err(|errors| {
        let described: Vec<String> = errors.iter().map(|error| error.describe(text)).collect();
        Failure::bad_data(described.join("; "))
    })
}

fn matchers(text: &str) -> Result<Vec<Matcher>, Failure> {
    match parse(text)?.kind {
        ExprKind::VectorSelector(selector) if selector.offset.is_none() && selector.at.is_none() => Ok(selector.all_matchers()),
        _ => Err(Failure::bad_data(format!("the parameter match[] is not a series selector: {text}"))),
    }
}

/// Unix seconds with a fraction, or RFC 3339.
fn parse_time(text: &str) -> Option<Time> {
    if let Ok(seconds) = text.parse::<f64>() {
        return milliseconds(seconds).map(Time);
    }
    chrono::DateTime::parse_from_rfc3339(text).ok().map(|at| Time(at.timestamp_millis()))
}

/// Seconds with a fraction, or a duration such as `5m`.
fn parse_step_ms(text: &str) -> Option<i64> {
    if let Ok(seconds) = text.parse::<f64>() {
        return milliseconds(seconds);
    }
    i64::try_from(parse_duration_ms(text).ok()?).ok()
}

/// Whole milliseconds, far from the ends of i64, so that arithmetic with ranges has room.
fn milliseconds(seconds: f64) -> Option<i64> {
    const FURTHEST_S: f64 = 9.0e12;
    (seconds.abs() <= FURTHEST_S).then_some((seconds * 1_000.0).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&str, &str)]) -> Params {
        Params(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn times_and_steps_are_read_in_both_forms() {
        let params: Params =
            params(&[("a", "1435781430.781"), ("b", "2015-07-01T20:10:30.781Z"), ("c", "soon"), ("step", "1m30s")]);
        assert_eq!(params.time("a").unwrap(), Time(1_435_781_430_781));
        assert_eq!(params.time("b").unwrap(), Time(1_435_781_430_781));
        assert!(params.time("c").is_err() && params.time("d").is_err());
        assert_eq!(params.time_or("d").unwrap(), None);
        assert_eq!(params.step_ms().unwrap(), 90_000);
        assert_eq!(parse_step_ms("0.5"), Some(500));
        assert_eq!(parse_time("NaN"), None);
        assert_eq!(parse_time("1e300"), None);
    }

    #[test]
    fn selectors_are_selectors_only() {
        assert_eq!(params(&[("match[]", "up{job=\"a\"}"), ("match[]", "{job=~\"b.+\"}")]).selectors().unwrap().len(), 2);
        assert!(params(&[("match[]", "sum(up)")]).selectors().is_err());
        assert!(params(&[("match[]", "up offset 5m")]).selectors().is_err());
        assert!(params(&[("match[]", "up"); 8]).selectors().is_ok());
        assert!(params(&[("match[]", "up"); 9]).selectors().is_err());
    }
}
