//! What there is to ask about: series, labels and their values, and what senders told about metrics.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use model::Time;
use serde_json::{Value, json};

use crate::Metrics;
use crate::error::Error;
use crate::eval::Until;
use crate::http::json::{self, Failure, Success};
use crate::http::params::Params;
use crate::http::query::MayRead;
use crate::listing::{MOST, Scope};
use crate::metadata::{Meaning, Metadata};

/// `/api/v1/series`: `match[]`, `start` (to the day), `end`, `limit`.
pub(crate) async fn series(State(metrics): State<Arc<Metrics>>, _: MayRead, params: Params) -> Result<Success, Failure> {
    let scope: Scope = scope(&params)?;
    if scope.selectors.is_empty() {
        return Err(Failure::bad_data("no match[] parameter provided"));
    }
    let found = metrics.series(scope).await?;
    written(move || json::label_sets(&found)).await
}

/// `/api/v1/labels`: as [`series`], and no selector means every series.
pub(crate) async fn labels(State(metrics): State<Arc<Metrics>>, _: MayRead, params: Params) -> Result<Success, Failure> {
    let found = metrics.label_names_in(scope(&params)?).await?;
    written(move || json::words(&found)).await
}

/// `/api/v1/label/{name}/values`: as [`labels`]. A name that is no bare word may come escaped: `U__http_2e_status`.
pub(crate) async fn label_values(
    State(metrics): State<Arc<Metrics>>,
    _: MayRead,
    Path(name): Path<String>,
    params: Params,
) -> Result<Success, Failure> {
    let name: String = unescaped(&name).unwrap_or(name);
    let found = metrics.label_values(&name, scope(&params)?).await?;
    written(move || json::words(&found)).await
}

/// `/api/v1/metadata`: `metric`, `limit`, `limit_per_metric`; what is below zero limits nothing.
pub(crate) async fn metadata(State(metrics): State<Arc<Metrics>>, _: MayRead, params: Params) -> Result<Success, Failure> {
    let limit: Option<usize> = count(&params, "limit")?;
    let per_metric: Option<usize> = count(&params, "limit_per_metric")?.filter(|most| *most > 0);
    let metric: Option<String> = params.get("metric").map(str::to_owned);
    Ok(metrics.metadata_written(limit, per_metric, metric).await?)
}

impl Metrics {
    /// There may be tens of thousands of names, so it takes a turn as a query does.
    async fn metadata_written(
        &self,
        limit: Option<usize>,
        per_metric: Option<usize>,
        metric: Option<String>,
    ) -> Result<Success, Error> {
        let metadata: Arc<Metadata> = Arc::clone(&self.ingest.metadata);
        let write = move |until: Until| -> Result<Success, Error> {
            let known: Vec<(String, Vec<Meaning>)> = metadata.all(limit, metric.as_deref());
            until.check()?;
            let known = known.iter().map(|(name, meanings)| (name.as_str(), first(meanings, per_metric)));
            Ok(json::data(&json!(known.collect::<BTreeMap<&str, Vec<Value>>>())))
        };
        self.queries.compute(write).await
    }
}

fn first(meanings: &[Meaning], most: Option<usize>) -> Vec<Value> {
    let shown = meanings.iter().take(most.unwrap_or(usize::MAX));
    shown.map(|meaning| json!({ "type": meaning.kind.word(), "help": meaning.help, "unit": meaning.unit })).collect()
}

fn count(params: &Params, name: &str) -> Result<Option<usize>, Failure> {
    Ok(params.number::<i64>(name)?.and_then(|given| usize::try_from(given).ok()))
}

/// `end` is read and narrows nothing: the index knows when a series was written last, not when it began.
fn scope(params: &Params) -> Result<Scope, Failure> {
    params.time_or("end")?;
    let since: Time = params.time_or("start")?.unwrap_or(Time(0));
    Ok(Scope { selectors: params.selectors()?, since, most: params.limit()?.unwrap_or(MOST) })
}

/// Writes an answer where nobody waits for the thread.
pub(crate) async fn written(write: impl FnOnce() -> Success + Send + 'static) -> Result<Success, Failure> {
    tokio::task::spawn_blocking(write).await.map_err(|_| Failure::internal("the answer could not be written"))
}

/// A name as it was before it was made a bare word, when it was: `U__`, then `_hex_` for a character and `__` for `_`.
///
/// Source: `UnescapeName` with `ValueEncodingEscaping` in `prometheus/common`, `model/metric.go`.
fn unescaped(name: &str) -> Option<String> {
    let mut rest: &str = name.strip_prefix("U__")?;
    let mut plain: String = String::with_capacity(rest.len());
    while let Some(at) = rest.find('_') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end: usize = rest.find('_')?;
        plain.push(if end == 0 { '_' } else { character(&rest[..end])? });
        rest = &rest[end + 1..];
    }
    plain.push_str(rest);
    Some(plain)
}

/// At most six lower-case hexadecimal digits, which is more than any character needs.
fn character(hex: &str) -> Option<char> {
    let is_hex: bool = hex.len() <= 6 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_hex { char::from_u32(u32::from_str_radix(hex, 16).ok()?) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_names_are_read_and_others_left_alone() {
        for (escaped, plain) in [
            ("U__http_2e_status", Some("http.status")),
            ("U__a__b", Some("a_b")),
            ("U___65e5_x", Some("日x")),
            ("U__", Some("")),
            ("job", None),
            ("U__a_", None),
            ("U__a_2E_b", None),
            ("U__a_110000_b", None),
            ("U__a_1234567_b", None),
        ] {
            assert_eq!(unescaped(escaped).as_deref(), plain, "{escaped}");
        }
    }
}
