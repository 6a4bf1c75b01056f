//! The metrics room's door: hosts and their boards.

use crate::apis::Door;
use crate::apis::board::{self, Sheet, Threshold};
use crate::apis::plots::{self, Span};
use crate::happenings::Past;
use ::api::ApiError;
use ::api::error::Expected;
use ::api::metrics::{Board, BoardQuery, HostAbout, HostRow, MetricsApi, PanelView};
use alerting::{Filter, Show};
use async_trait::async_trait;
use futures::future::join_all;
use model::access::ReadConsole;
use model::alert::AlertState;
use model::labels::Labels;
use model::{Severity, Time};
use std::collections::BTreeMap;

/// Answers the screens of `observe`.
pub struct Adapter(pub Door);

/// Ranges a board may have, by the word in the address.
const RANGES: &[(&str, i64)] =
    &[("15m", 900_000), ("1h", 3_600_000), ("3h", 10_800_000), ("6h", 21_600_000), ("24h", 86_400_000), ("7d", 604_800_000)];
const HOUR_MS: i64 = 3_600_000;
/// The longest span one may zoom to by hand.
const LONGEST_MS: i64 = 366 * 24 * HOUR_MS;

#[async_trait]
impl MetricsApi for Adapter {
    async fn hosts(&self) -> Result<Vec<HostRow>, ApiError> {
        self.0.admit::<ReadConsole>()?;
        hosts(&self.0).await
    }

    async fn board(&self, query: BoardQuery) -> Result<Board, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let house = &self.0.house;
        let range = range(&self.0, &query).await?;
        let span = span(&query, &range, house.clock.now())?;
        let about = about(&self.0, &query.host).await?;
        let viewer = &self.0.visitor.viewer;
        let (limits, open) = (limits(&self.0).await?, open(&self.0, &query.host).await?);
        let happened = Past::of(house).on_host(&query.host, span.from, span.to, viewer.locale).await;
        let sheet = Sheet { host: &query.host, span, zone: &viewer.zone, locale: viewer.locale, limits, open, happened };
        let panels = board::PANELS.iter().map(|panel| board::draw(house, panel, &sheet));
        let panels = join_all(panels).await.into_iter().collect::<Result<Vec<Option<PanelView>>, ApiError>>()?;
        let live = query.to.is_none();
        Ok(Board {
            about,
            from: span.from,
            to: span.to,
            step_ms: span.step_ms,
            live,
            range: if live { range } else { String::new() },
            panels: panels.into_iter().flatten().collect(),
        })
    }
}

/// The range asked for, or the one that suits: an hour, but a quarter while the host has not reported for longer than that.
async fn range(door: &Door, query: &BoardQuery) -> Result<String, ApiError> {
    if let Some(word) = &query.range {
        return Ok(word.clone());
    }
    let expr = format!("count_over_time(node_load1{{host={}}}[1h] offset 15m)", plots::quoted(&query.host));
    let is_new = plots::instant(&door.house, &expr, door.house.clock.now()).await?.is_empty();
    Ok(if is_new { "15m".to_owned() } else { "1h".to_owned() })
}

fn span(query: &BoardQuery, range: &str, now: Time) -> Result<Span, ApiError> {
    match (query.from, query.to) {
        (Some(from), Some(to)) if from >= 0 && (1000..=LONGEST_MS).contains(&to.saturating_sub(from)) => {
            Ok(Span::between(Time(from), Time(to)))
        }
        (None, None) => match RANGES.iter().find(|(name, _)| *name == range) {
            Some((_, length)) => Ok(Span::last(*length, now)),
            None => Err(invalid("range", "15m, 1h, 3h, 6h, 24h or 7d")),
        },
        _ => Err(invalid("from, to", "both, a span from one second to 366 days, `from` before `to`")),
    }
}

fn invalid(field: &str, expected: &str) -> ApiError {
    ApiError::Invalid { field: field.to_owned(), expected: Expected::other(expected) }
}

/// The open alerts of a host: rule and severity.
async fn open(door: &Door, host: &str) -> Result<Vec<(String, Severity)>, ApiError> {
    let filter = Filter { show: Show::Open, host: Some(host.to_owned()), ..Filter::default() };
    let found = door.house.alerting.alerts(&filter).await.map_err(|error| crate::house_error::unavailable(&error))?;
    let firing = found.into_iter().filter(|row| row.state == AlertState::Firing);
    Ok(firing.map(|row| (row.rule_id.0, row.severity)).collect())
}

/// The thresholds of the rules whose lines stand on panels.
async fn limits(door: &Door) -> Result<Vec<Threshold>, ApiError> {
    let rules = door.house.alerting.rules().await.map_err(|error| crate::house_error::unavailable(&error))?;
    Ok(rules
        .into_iter()
        .map(|row| Threshold {
            rule: row.rule.id.0.clone(),
            value: row.rule.condition.threshold,
            severity: row.rule.severity.level(),
        })
        .collect())
}

/// Where the answer to a question goes.
type Put<T> = fn(&mut T, f64, &Labels);

/// What is known of a host besides its curves. `$host` and `$window` are filled in. A host may be silent for a day before it is
/// forgotten: when it was heard last is looked for in steps of the evaluator's five minutes, and exactly while it still speaks.
const FACTS: &[(&str, Put<HostAbout>)] = &[
    ("last_over_time(node_memory_MemTotal_bytes{$host}[$window])", |about, value, _| about.memory_bytes = Some(value)),
    ("count by (host) (last_over_time(node_cpu_seconds_total{$host,mode=\"idle\"}[$window]))", |about, value, _| {
        about.cpus = Some(value as u32);
    }),
    ("last_over_time(node_boot_time_seconds{$host}[$window])", |about, value, _| about.boot = Some(seconds(value))),
    ("last_over_time(node_uname_info{$host}[$window])", |about, _, labels| about.system = system(labels)),
    ("max_over_time(timestamp(node_load1{$host})[24h:5m])", |about, value, _| heard(about, value)),
    ("timestamp(node_load1{$host})", |about, value, _| heard(about, value)),
];

/// The newest figures of a host; one that is silent has none.
const FIGURES: &[(&str, Put<HostRow>)] = &[
    ("100 * (1 - avg by (host) (rate(node_cpu_seconds_total{mode=\"idle\"}[1m])))", |row, value, _| {
        row.cpu_percent = Some(value);
    }),
    ("100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)", |row, value, _| {
        row.memory_percent = Some(value);
    }),
    ("100 * (1 - min by (host) (node_filesystem_avail_bytes / node_filesystem_size_bytes))", |row, value, _| {
        row.disk_percent = Some(value);
    }),
    ("node_load1", |row, value, _| row.load1 = Some(value)),
];

fn seconds(value: f64) -> Time {
    Time((value * 1000.0) as i64)
}

fn system(labels: &Labels) -> String {
    format!("{} {}", labels.get("version"), labels.get("machine")).trim().to_owned()
}

fn heard(about: &mut HostAbout, value: f64) {
    about.last_seen = about.last_seen.max(Some(seconds(value)));
}

/// A question about one host over a day, or about all of them over as much as a living one needs.
fn filled(expr: &str, host: Option<&str>) -> String {
    let (matcher, window) = match host {
        Some(host) => (format!("host={}", plots::quoted(host)), "24h"),
        None => ("host!=\"\"".to_owned(), "10m"),
    };
    expr.replace("$window", window).replace("$host", &matcher)
}

async fn answers(door: &Door, exprs: Vec<String>) -> Result<Vec<Vec<(Labels, f64)>>, ApiError> {
    let (house, now) = (&door.house, door.house.clock.now());
    let asked = exprs.into_iter().map(|expr| async move { plots::instant(house, &expr, now).await });
    join_all(asked).await.into_iter().collect()
}

/// What is known of every host that has reported within a day, or of `host` alone.
///
/// # Errors
/// As [`plots::instant`].
pub async fn known_hosts(door: &Door, host: Option<&str>) -> Result<Vec<HostAbout>, ApiError> {
    let exprs: Vec<String> = FACTS.iter().map(|(expr, _)| filled(expr, host)).collect();
    let found = answers(door, exprs).await?;
    let mut known: BTreeMap<String, HostAbout> = BTreeMap::new();
    for ((_, put), answer) in FACTS.iter().zip(found) {
        for (labels, value) in answer {
            let name = labels.get("host").to_owned();
            let about = known.entry(name.clone()).or_insert_with(|| HostAbout { name, ..HostAbout::default() });
            put(about, value, &labels);
        }
    }
    Ok(known.into_values().filter(|about| about.last_seen.is_some()).collect())
}

/// Every host that has reported within a day, with its newest figures.
async fn hosts(door: &Door) -> Result<Vec<HostRow>, ApiError> {
    let known = known_hosts(door, None).await?;
    let found = answers(door, FIGURES.iter().map(|(expr, _)| (*expr).to_owned()).collect()).await?;
    let mut rows: BTreeMap<String, HostRow> = known.into_iter().map(|about| (about.name.clone(), silent(about))).collect();
    for ((_, put), answer) in FIGURES.iter().zip(found) {
        for (labels, value) in answer {
            if let Some(row) = rows.get_mut(labels.get("host")) {
                put(row, value, &labels);
            }
        }
    }
    Ok(rows.into_values().collect())
}

fn silent(about: HostAbout) -> HostRow {
    HostRow { about, cpu_percent: None, memory_percent: None, disk_percent: None, load1: None }
}

async fn about(door: &Door, host: &str) -> Result<HostAbout, ApiError> {
    let known = known_hosts(door, Some(host)).await?;
    known.into_iter().next().ok_or_else(|| ApiError::NotFound { what: format!("host {host}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_one_of_the_known_words_or_two_moments() {
        let now = Time(1_795_000_000_000);
        assert!(span(&BoardQuery::default(), "1h", now).is_ok());
        assert!(span(&BoardQuery::default(), "1y", now).is_err());
        assert!(span(&BoardQuery { from: Some(5), to: Some(5), ..BoardQuery::default() }, "1h", now).is_err());
        assert!(span(&BoardQuery { from: Some(0), to: Some(i64::MAX), ..BoardQuery::default() }, "1h", now).is_err());
        assert!(span(&BoardQuery { from: Some(0), to: Some(60_000), ..BoardQuery::default() }, "1h", now).is_ok());
        assert!(span(&BoardQuery { from: Some(0), ..BoardQuery::default() }, "1h", now).is_err());
        assert!(span(&BoardQuery { to: Some(60_000), ..BoardQuery::default() }, "1h", now).is_err());
    }

    #[test]
    fn every_question_about_hosts_parses() {
        let facts = FACTS.iter().flat_map(|(expr, _)| [filled(expr, None), filled(expr, Some("a\"$window"))]);
        for expr in facts.chain(FIGURES.iter().map(|(expr, _)| (*expr).to_owned())) {
            assert!(promql::parse(&expr).is_ok(), "{expr}: {:?}", promql::parse(&expr).err());
        }
    }

    #[test]
    fn a_host_was_last_heard_at_the_latest_moment_found() {
        let mut about = HostAbout::default();
        heard(&mut about, 20.0);
        heard(&mut about, 10.0);
        assert_eq!(about.last_seen, Some(Time(20_000)));
    }
}
