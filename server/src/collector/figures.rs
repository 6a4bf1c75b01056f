//! Mimamori's own figures as series, so that a dashboard shows them and a rule watches them like any other: what the metrics room and
//! the pool say of themselves (the same lines as `/metrics`), and how alerting and jobs are doing.
//!
//! A bounded selection: the lines are fixed in number, and no label of them comes from outside.

use crate::health;
use crate::wiring::House;
use metrics::Sample;
use model::Time;
use model::labels::{Labels, METRIC_NAME};
use std::collections::BTreeMap;

/// What tells these series from those of other programs on the host.
const JOB: &str = "mimamori";

/// A figure: name, labels besides `host` and `job`, value.
type Figure = (String, Vec<(String, String)>, f64);

/// Every figure at `at`.
pub async fn samples(house: &House, at: Time) -> Vec<Sample> {
    let mut figures: Vec<Figure> = health::of_rooms(house).lines().filter_map(figure).collect();
    figures.extend(alerting(house).await);
    figures.extend(waiting(house, at).await);
    let host = house.config.host_name.as_str();
    figures.into_iter().map(|figure| sample(figure, host, at)).collect()
}

fn sample((name, labels, value): Figure, host: &str, at: Time) -> Sample {
    let fixed = [(METRIC_NAME, name.as_str()), ("host", host), ("job", JOB)];
    let fixed = fixed.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    Sample { labels: Labels::new(fixed.chain(labels)), at, value }
}

/// A line of our own exposition: `name{label="value"} 1.5`. Comments are none. Values of labels are words of ours, without escapes.
fn figure(line: &str) -> Option<Figure> {
    if line.starts_with('#') {
        return None;
    }
    let (series, value) = line.rsplit_once(' ')?;
    let value: f64 = value.parse().ok()?;
    let Some((name, rest)) = series.split_once('{') else { return Some((series.to_owned(), Vec::new(), value)) };
    let pairs = rest.strip_suffix('}')?.split(',');
    let labels: Option<Vec<(String, String)>> = pairs.map(label).collect();
    Some((name.to_owned(), labels?, value))
}

fn label(pair: &str) -> Option<(String, String)> {
    let (name, quoted) = pair.split_once('=')?;
    let value = quoted.strip_prefix('"')?.strip_suffix('"')?;
    Some((name.to_owned(), value.to_owned()))
}

/// How rules and alerts are doing. Nothing when the database does not say: then nothing can be stored either.
async fn alerting(house: &House) -> Vec<Figure> {
    let (Ok(rules), Ok(tally)) = (house.alerting.rules().await, house.alerting.tally().await) else { return Vec::new() };
    let plain = |name: &str, value: f64| (format!("mimamori_alerting_{name}"), Vec::new(), value);
    let missed: BTreeMap<&str, i64> = rules.iter().map(|row| (row.group.as_str(), row.missed)).collect();
    let slowest_ms = rules.iter().filter_map(|row| row.took_ms).max().unwrap_or(0);
    let mut figures = vec![
        plain("rules", rules.len() as f64),
        plain("rules_failing", rules.iter().filter(|row| row.error.is_some()).count() as f64),
        plain("evaluation_errors_total", rules.iter().map(|row| row.errors).sum::<i64>() as f64),
        plain("missed_ticks_total", missed.values().sum::<i64>() as f64),
        plain("slowest_evaluation_seconds", slowest_ms as f64 / 1000.0),
        plain("alerts_pending", tally.pending as f64),
    ];
    for one in &tally.by_severity {
        for (held, count) in [("false", one.unanswered + one.silenced), ("true", one.held)] {
            let labels = vec![("severity".to_owned(), one.severity.code().to_owned()), ("held".to_owned(), held.to_owned())];
            figures.push(("mimamori_alerting_alerts_firing".to_owned(), labels, count as f64));
        }
    }
    figures
}

/// How long the oldest job that is due has waited for somebody to take it.
async fn waiting(house: &House, at: Time) -> Option<Figure> {
    let oldest = jobs::queue::oldest_due(&house.db, at).await.ok()?;
    let waited_ms = oldest.map_or(0, |due| at.since(due).max(0));
    Some(("mimamori_jobs_oldest_due_seconds".to_owned(), Vec::new(), waited_ms as f64 / 1000.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strangers::rooms;
    use sqlx::PgPool;

    #[test]
    fn lines_become_figures_and_comments_do_not() {
        let bucket = vec![("le".to_owned(), "0.5".to_owned()), ("code".to_owned(), "ok".to_owned())];
        for (line, expected) in [
            ("# TYPE a gauge", None),
            ("a 1", Some(("a".to_owned(), Vec::new(), 1.0))),
            ("b{le=\"0.5\",code=\"ok\"} 2.5", Some(("b".to_owned(), bucket, 2.5))),
            ("b{le=0.5} 2", None),
            ("c x", None),
            ("", None),
        ] {
            assert_eq!(figure(line), expected, "{line}");
        }
    }

    #[sqlx::test(migrator = "kernel::MIGRATOR")]
    async fn every_line_of_ours_becomes_one_series_of_this_host(pool: PgPool) {
        let house = rooms(pool).await;
        house.first_rules().await.unwrap();
        let samples = samples(&house, Time(1)).await;
        let lines = health::of_rooms(&house);
        let n_lines = lines.lines().filter(|line| !line.starts_with('#')).count();
        assert!(samples.len() > n_lines && samples.len() < 200, "{} of {n_lines}", samples.len());
        for name in [
            "mimamori_metrics_samples_total",
            "mimamori_db_pool_max",
            "mimamori_alerting_rules",
            "mimamori_jobs_oldest_due_seconds",
        ] {
            let of_name: Vec<&Sample> = samples.iter().filter(|sample| sample.labels.metric() == name).collect();
            assert_eq!(of_name.len(), 1, "{name}");
            assert_eq!(of_name[0].labels.get("host"), house.config.host_name);
        }
        let distinct: std::collections::HashSet<&Labels> = samples.iter().map(|sample| &sample.labels).collect();
        assert_eq!(distinct.len(), samples.len(), "two figures are one series");
    }
}
