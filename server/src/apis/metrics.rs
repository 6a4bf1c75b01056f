//! The metrics room's door: hosts and their boards.

use crate::apis::Door;
use crate::apis::board::{self, Sheet, Threshold};
use crate::apis::plots::{self, Span};
use ::api::ApiError;
use ::api::metrics::{Board, BoardQuery, HostAbout, HostRow, MetricsApi};
use alerting::{Filter, Show};
use async_trait::async_trait;
use futures::future::join_all;
use model::access::ReadConsole;
use model::alert::AlertState;
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
        Ok(hosts(&self.0).await)
    }

    async fn board(&self, query: BoardQuery) -> Result<Board, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let house = &self.0.house;
        let range = range(&self.0, &query).await;
        let span = span(&query, &range, house.clock.now())?;
        let about = about(&self.0, &query.host).await;
        if about.last_seen.is_none() {
            return Err(ApiError::NotFound { what: format!("host {}", query.host) });
        }
        let viewer = &self.0.visitor.viewer;
        let (limits, open) = (limits(&self.0).await?, open(&self.0, &query.host).await?);
        let sheet = Sheet { host: &query.host, span, zone: &viewer.zone, locale: viewer.locale, limits, open };
        let panels = board::PANELS.iter().map(|panel| board::draw(house, panel, &sheet));
        let panels = join_all(panels).await.into_iter().flatten().collect();
        let live = query.to.is_none();
        Ok(Board {
            about,
            from: span.from,
            to: span.to,
            step_ms: span.step_ms,
            live,
            range: if live { range } else { String::new() },
            panels,
        })
    }
}

/// The range asked for, or the one that suits: an hour, but a quarter while the host has not reported for longer than that.
async fn range(door: &Door, query: &BoardQuery) -> String {
    if let Some(word) = &query.range {
        return word.clone();
    }
    let expr = format!("count_over_time(node_load1{{host={}}}[1h] offset 15m)", plots::quoted(&query.host));
    let is_new = plots::instant(&door.house, &expr, door.house.clock.now()).await.is_empty();
    if is_new { "15m".to_owned() } else { "1h".to_owned() }
}

fn span(query: &BoardQuery, range: &str, now: Time) -> Result<Span, ApiError> {
    if let (Some(from), Some(to)) = (query.from, query.to) {
        let length = to.saturating_sub(from);
        if !(1000..=LONGEST_MS).contains(&length) || from < 0 {
            let expected = "a span from one second to 366 days, `from` before `to`".to_owned();
            return Err(ApiError::Invalid { field: "from, to".to_owned(), expected });
        }
        return Ok(Span::between(Time(from), Time(to)));
    }
    match RANGES.iter().find(|(name, _)| *name == range) {
        Some((_, length)) => Ok(Span::last(*length, now)),
        None => Err(ApiError::Invalid { field: "range".to_owned(), expected: "15m, 1h, 3h, 6h, 24h or 7d".to_owned() }),
    }
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

/// Every host that has reported within the last hour.
pub async fn hosts(door: &Door) -> Vec<HostRow> {
    let house = &door.house;
    let now = house.clock.now();
    let asked = [
        "last_over_time(node_memory_MemTotal_bytes[1h])",
        "count by (host) (node_cpu_seconds_total{mode=\"idle\"})",
        "last_over_time(node_boot_time_seconds[1h])",
        "last_over_time(node_uname_info[1h])",
        "timestamp(last_over_time(node_load1[1h]))",
        "100 * (1 - avg by (host) (rate(node_cpu_seconds_total{mode=\"idle\"}[1m])))",
        "100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)",
        "100 * (1 - min by (host) (node_filesystem_avail_bytes / node_filesystem_size_bytes))",
        "node_load1",
    ];
    let answers = join_all(asked.map(|expr| plots::instant(house, expr, now))).await;
    let mut rows: BTreeMap<String, HostRow> = BTreeMap::new();
    for (asked, answer) in answers.into_iter().enumerate() {
        for (labels, value) in answer {
            let name = labels.get("host").to_owned();
            let row = rows.entry(name.clone()).or_insert_with(|| empty(name));
            put(row, asked, value, &labels);
        }
    }
    rows.into_values().filter(|row| row.about.last_seen.is_some()).collect()
}

fn empty(name: String) -> HostRow {
    let about = HostAbout { name, ..HostAbout::default() };
    HostRow { about, cpu_percent: None, memory_percent: None, disk_percent: None, load1: None }
}

/// Puts the answer to question number `asked` of [`hosts`] into its place.
fn put(row: &mut HostRow, asked: usize, value: f64, labels: &model::labels::Labels) {
    match asked {
        0 => row.about.memory_bytes = Some(value),
        1 => row.about.cpus = Some(value as u32),
        2 => row.about.boot = Some(Time((value * 1000.0) as i64)),
        3 => row.about.system = format!("{} {}", labels.get("version"), labels.get("machine")).trim().to_owned(),
        4 => row.about.last_seen = Some(Time((value * 1000.0) as i64)),
        5 => row.cpu_percent = Some(value),
        6 => row.memory_percent = Some(value),
        7 => row.disk_percent = Some(value),
        _ => row.load1 = Some(value),
    }
}

async fn about(door: &Door, host: &str) -> HostAbout {
    let found = hosts(door).await.into_iter().find(|row| row.about.name == host);
    found.map_or_else(|| HostAbout { name: host.to_owned(), ..HostAbout::default() }, |row| row.about)
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
    }
}
