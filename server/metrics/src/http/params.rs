//! The parameters of Prometheus' HTTP API: a query string and a form, names may repeat. What a form says comes first, as in Prometheus.

use std::str::FromStr;
use std::time::Duration;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, Query, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method};
use model::Time;
use promql::ast::{Expr, ExprKind, Matcher, VectorSelector};
use promql::error::ParseError;
use promql::numbers::parse_duration_ms;

use crate::http::json::Failure;

/// Selectors of one request. Grafana sends one; each may walk over all series.
const MOST_SELECTORS: usize = 32;

type Pairs = Vec<(String, String)>;

/// The parameters of one request.
#[derive(Debug)]
pub(crate) struct Params(Pairs);

impl<S: Send + Sync> FromRequest<S> for Params {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let in_address: Query<Pairs> =
            Query::<Pairs>::try_from_uri(request.uri()).map_err(|rejection| unreadable(&rejection.body_text()))?;
        let mut pairs: Pairs = Vec::new();
        if request.method() == Method::POST && is_form(request.headers()) {
            let read: Result<Form<Pairs>, FormRejection> = <Form<Pairs> as FromRequest<S>>::from_request(request, state).await;
            pairs.extend(read.map_err(|rejection| unreadable(&rejection.body_text()))?.0);
        }
        pairs.extend(in_address.0);
        Ok(Self(pairs))
    }
}

fn unreadable(why: &str) -> Failure {
    Failure::bad_data(format!("error parsing form values: {why}"))
}

fn is_form(headers: &HeaderMap) -> bool {
    let given: &str = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    given.starts_with("application/x-www-form-urlencoded")
}

impl Params {
    /// The first of that name that is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// All of that name.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(have, _)| have == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The text of `query` and the checked expression.
    pub(crate) fn expr(&self) -> Result<(String, Expr), Failure> {
        let text: &str = self.get("query").unwrap_or("");
        let expr: Expr = parse(text).map_err(|why| Failure::bad_parameter("query", &why))?;
        Ok((text.to_owned(), expr))
    }

    /// A time that must be given.
    pub(crate) fn time(&self, name: &str) -> Result<Time, Failure> {
        let text: &str = self.get(name).unwrap_or("");
        parse_time(text).ok_or_else(|| Failure::bad_parameter(name, &format!("cannot parse \"{text}\" to a valid timestamp")))
    }

    /// A time that may be given.
    pub(crate) fn time_or(&self, name: &str) -> Result<Option<Time>, Failure> {
        if self.get(name).is_none() { Ok(None) } else { self.time(name).map(Some) }
    }

    /// A duration in milliseconds that must be given.
    pub(crate) fn duration_ms(&self, name: &str) -> Result<i64, Failure> {
        let text: &str = self.get(name).unwrap_or("");
        let bad = || Failure::bad_parameter(name, &format!("cannot parse \"{text}\" to a valid duration"));
        parse_span_ms(text).ok_or_else(bad)
    }

    /// A duration that may be given.
    pub(crate) fn duration_ms_or(&self, name: &str) -> Result<Option<i64>, Failure> {
        if self.get(name).is_none() { Ok(None) } else { self.duration_ms(name).map(Some) }
    }

    /// How long the caller waits, when it says so.
    pub(crate) fn timeout(&self) -> Result<Option<Duration>, Failure> {
        let given: Option<i64> = self.duration_ms_or("timeout")?;
        Ok(given.map(|ms| Duration::from_millis(u64::try_from(ms).unwrap_or(0))))
    }

    /// The step of a range query in milliseconds, above zero.
    pub(crate) fn step_ms(&self) -> Result<i64, Failure> {
        const TOO_SMALL: &str = "zero or negative query resolution step widths are not accepted. Try a positive integer";
        let step_ms: i64 = self.duration_ms("step")?;
        if step_ms > 0 { Ok(step_ms) } else { Err(Failure::bad_parameter("step", TOO_SMALL)) }
    }

    /// How many things are wanted; nothing and 0 mean all.
    pub(crate) fn limit(&self) -> Result<Option<usize>, Failure> {
        let Some(given) = self.number::<i64>("limit")? else { return Ok(None) };
        match usize::try_from(given) {
            Ok(limit) => Ok(Some(limit).filter(|limit| *limit > 0)),
            Err(_) => Err(Failure::bad_parameter("limit", "limit must be non-negative")),
        }
    }

    /// A whole number that may be given.
    pub(crate) fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, Failure> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let bad = |_| Failure::bad_parameter(name, &format!("cannot parse \"{text}\" to a whole number"));
        text.parse::<T>().map(Some).map_err(bad)
    }

    /// Whether something is asked for, in the words that Go takes for yes and no.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Failure> {
        match self.get(name).map(str::to_ascii_lowercase).as_deref() {
            None | Some("0" | "f" | "false") => Ok(false),
            Some("1" | "t" | "true") => Ok(true),
            Some(other) => Err(Failure::bad_parameter(name, &format!("cannot parse \"{other}\" to true or false"))),
        }
    }

    /// The matchers of each `match[]`.
    pub(crate) fn selectors(&self) -> Result<Vec<Vec<Matcher>>, Failure> {
        let given: Vec<&str> = self.all("match[]");
        if given.len() > MOST_SELECTORS {
            return Err(Failure::bad_parameter("match[]", &format!("at most {MOST_SELECTORS} are taken")));
        }
        given.into_iter().map(|text| matchers(text).map_err(|why| Failure::bad_parameter("match[]", &why))).collect()
    }
}

/// Every mistake, each with its place.
fn parse(text: &str) -> Result<Expr, String> {
    promql::parse(text).map_err(|errors| {
        let described: Vec<String> =
            errors.iter().map(|error| format!("{}: parse error: {}", place(error, text), error.message)).collect();
        described.join("; ")
    })
}

fn place(error: &ParseError, text: &str) -> String {
    let (line, column) = error.line_col(text);
    format!("{line}:{column}")
}

/// The matchers of one selector.
pub(crate) fn matchers(text: &str) -> Result<Vec<Matcher>, String> {
    match parse(text)?.kind {
        ExprKind::VectorSelector(selector) if is_bare(&selector) => Ok(selector.all_matchers()),
        _ => Err(format!("expected a series selector, got {text}")),
    }
}

fn is_bare(selector: &VectorSelector) -> bool {
    selector.offset.is_none() && selector.at.is_none() && selector.extended.is_none()
}

/// Unix seconds with a fraction, or RFC 3339.
fn parse_time(text: &str) -> Option<Time> {
    if let Ok(seconds) = text.parse::<f64>() {
        return milliseconds(seconds).map(Time);
    }
    chrono::DateTime::parse_from_rfc3339(text).ok().map(|at| Time(at.timestamp_millis()))
}

/// Seconds with a fraction, or a duration such as `5m`.
fn parse_span_ms(text: &str) -> Option<i64> {
    if let Ok(seconds) = text.parse::<f64>() {
        return milliseconds(seconds);
    }
    if text.is_empty() {
        return None;
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
    use axum::body::Body;

    fn params(pairs: &[(&str, &str)]) -> Params {
        Params(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn times_and_durations_are_read_in_both_forms() {
        let params: Params =
            params(&[("a", "1435781430.781"), ("b", "2015-07-01T20:10:30.781Z"), ("c", "soon"), ("step", "1m30s"), ("e", "")]);
        assert_eq!(params.time("a").unwrap(), Time(1_435_781_430_781));
        assert_eq!(params.time("b").unwrap(), Time(1_435_781_430_781));
        assert!(params.time("c").is_err() && params.time("d").is_err() && params.duration_ms("e").is_err());
        assert_eq!((params.time_or("d").unwrap(), params.duration_ms_or("d").unwrap()), (None, None));
        assert_eq!(params.step_ms().unwrap(), 90_000);
        assert_eq!(parse_span_ms("0.5"), Some(500));
        assert_eq!((parse_time("NaN"), parse_time("1e300")), (None, None));
    }

    #[test]
    fn a_limit_is_a_whole_number_and_zero_is_none() {
        let limit = |text: &str| params(&[("limit", text)]).limit();
        assert_eq!((limit("").unwrap(), limit("0").unwrap(), limit("7").unwrap()), (None, None, Some(7)));
        assert!(limit("-1").is_err() && limit("many").is_err());
    }

    #[test]
    fn selectors_are_selectors_only() {
        assert_eq!(params(&[("match[]", "up{job=\"a\"}"), ("match[]", "{job=~\"b.+\"}")]).selectors().unwrap().len(), 2);
        assert!(params(&[("match[]", "sum(up)")]).selectors().is_err());
        assert!(params(&[("match[]", "up offset 5m")]).selectors().is_err());
        assert!(params(&[("match[]", "{job=~\".*\"}")]).selectors().is_err());
        assert!(params(&[("match[]", "up"); MOST_SELECTORS]).selectors().is_ok());
        assert!(params(&[("match[]", "up"); MOST_SELECTORS + 1]).selectors().is_err());
    }

    #[test]
    fn flags_are_read_as_go_reads_them() {
        let flag = |text: &str| params(&[("on", text)]).flag("on");
        assert_eq!(
            (flag("TRUE").unwrap(), flag("1").unwrap(), flag("f").unwrap(), flag("").unwrap()),
            (true, true, false, false)
        );
        assert!(flag("yes").is_err());
    }

    #[tokio::test]
    async fn a_form_comes_before_the_address() {
        let request = Request::post("/api/v1/labels?match[]=b&limit=1").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let read: Params = Params::from_request(request.body(Body::from("match[]=a&limit=2")).unwrap(), &()).await.unwrap();
        assert_eq!((read.all("match[]"), read.get("limit")), (vec!["a", "b"], Some("2")));
        let untyped = Request::post("/api/v1/labels?limit=1").body(Body::from("limit=2")).unwrap();
        assert_eq!(Params::from_request(untyped, &()).await.unwrap().get("limit"), Some("1"));
    }
}
