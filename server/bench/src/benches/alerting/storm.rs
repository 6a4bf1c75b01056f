//! Alerts as an Alertmanager sends them: bodies, and a sender who repeats what was not confirmed, as that does.

use super::sink::message::{GROUP, LABEL};
use crate::error::Error;
use crate::samples::now;
use model::Time;
use reqwest::Client;
use serde_json::{Value, json};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// A server that does not answer for so long is asked again, or the other one is.
const ANSWER: Duration = Duration::from_secs(10);
/// Between two tries.
const AGAIN: Duration = Duration::from_millis(200);
/// What was alerted about began a little ago.
const AGE_MS: i64 = 1_000;

/// Alerts of one integration that may fire at once: `MOST_OPEN` of `server/alerting/src/inbound.rs`.
const MOST_OPEN: u64 = 20_000;

/// What became of alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Firing,
    Resolved,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::Resolved => "resolved",
        }
    }
}

/// The system that an alert of a storm belongs to.
pub fn system(of: u64) -> String {
    format!("system-{of:02}")
}

/// One alert, as Alertmanager's API and its webhook both have it.
pub fn alert(number: u64, system: &str, at: Time) -> Value {
    json!({
        "labels": { "alertname": "BenchStorm", "severity": "warning", LABEL: number.to_string(), GROUP: system },
        "annotations": { "summary": format!("number {number} of {system} is out of bounds") },
        "startsAt": rfc3339(at),
        "generatorURL": format!("http://127.0.0.1/graph?g0.expr={number}"),
    })
}

/// The webhook's body about alerts of one group.
pub fn body(status: Status, system: &str, numbers: impl Iterator<Item = u64>) -> String {
    let at: Time = now().plus_ms(-AGE_MS);
    let one = |number: u64| -> Value {
        let mut alert: Value = alert(number, system, at);
        alert["status"] = Value::from(status.word());
        alert["fingerprint"] = Value::from(format!("{number:016x}"));
        if status == Status::Resolved {
            alert["endsAt"] = Value::from(rfc3339(now()));
        }
        alert
    };
    let alerts: Vec<Value> = numbers.map(one).collect();
    let labels: Value = json!({ GROUP: system });
    let body: Value = json!({
        "version": "4", "groupKey": format!("{{}}:{{{GROUP}=\"{system}\"}}"), "truncatedAlerts": 0, "status": status.word(),
        "receiver": "bench", "groupLabels": labels, "commonLabels": labels, "commonAnnotations": {},
        "externalURL": "http://127.0.0.1", "alerts": alerts,
    });
    body.to_string()
}

/// The same for alerts that have nothing to do with each other.
pub fn single(status: Status, numbers: Range<u64>) -> String {
    body(status, "single", numbers)
}

/// `2026-11-22T05:00:00.250Z`.
pub fn rfc3339(at: Time) -> String {
    let (days, ms) = (at.0.div_euclid(86_400_000), at.0.rem_euclid(86_400_000));
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", ms % 1_000)
}

/// The date of a day since 1970 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted: i64 = days + 719_468;
    let era: i64 = shifted.div_euclid(146_097);
    let of_era: i64 = shifted.rem_euclid(146_097);
    let year_of_era: i64 = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year: i64 = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march: i64 = (5 * of_year + 2) / 153;
    let day: i64 = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month: i64 = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year: i64 = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// Where alerts are sent to. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Inlet {
    client: Client,
    /// One address for each replica.
    addresses: Vec<String>,
    turn: Arc<AtomicUsize>,
}

/// Where more alerts are sent to than one integration takes.
pub struct Inlets {
    pub first: Inlet,
    others: Vec<Inlet>,
}

impl Inlets {
    /// How many integrations it takes for so many alerts.
    pub fn needed(alerts: u64) -> u64 {
        alerts.div_ceil(MOST_OPEN).max(1)
    }

    /// The first, and those that take what it does not.
    pub fn new(first: Inlet, others: Vec<Inlet>) -> Self {
        Self { first, others }
    }

    /// Whose an alert of that number is, however often it is sent. Bodies of a number that divides what one takes are of one.
    pub fn of(&self, number: u64) -> &Inlet {
        let turn: usize = usize::try_from(number / MOST_OPEN).unwrap_or(usize::MAX);
        turn.checked_sub(1).and_then(|index| self.others.get(index)).unwrap_or(&self.first)
    }
}

/// A body that was confirmed.
#[derive(Clone, Copy, Debug)]
pub struct Confirmed {
    /// When it was sent first.
    pub began: Instant,
    pub at: Instant,
    /// Of the request that was confirmed.
    pub took_ms: f64,
}

impl Inlet {
    /// Sends to `path` of these replicas in turn.
    ///
    /// # Errors
    /// When there can be no client.
    pub fn new(urls: &[String], path: &str) -> Result<Self, Error> {
        let client: Client = Client::builder().no_proxy().timeout(ANSWER).build()?;
        let addresses: Vec<String> = urls.iter().map(|url| format!("{url}{path}")).collect();
        Ok(Self { client, addresses, turn: Arc::new(AtomicUsize::new(0)) })
    }

    /// Sends a body until somebody confirms it. Whoever does not is asked again after the others.
    ///
    /// # Errors
    /// When nobody did within `patience`, or it was refused for good.
    pub async fn send(&self, body: &str, patience: Duration) -> Result<Confirmed, Error> {
        let began: Instant = Instant::now();
        while began.elapsed() < patience {
            let tried: Instant = Instant::now();
            match self.post(body).await {
                Some(status) if (200..300).contains(&status) => {
                    let took_ms: f64 = tried.elapsed().as_secs_f64() * 1_000.0;
                    return Ok(Confirmed { began, at: Instant::now(), took_ms });
                }
                Some(status) if (400..500).contains(&status) && status != 429 => {
                    return Err(Error::Refused { what: "alerts".to_owned(), status, body: String::new() });
                }
                _ => sleep(AGAIN).await,
            }
        }
        Err(Error::TooLate { what: "the confirmation of an alert" })
    }

    /// The status of one try; `None` without an answer.
    async fn post(&self, body: &str) -> Option<u16> {
        let turn: usize = self.turn.fetch_add(1, Ordering::Relaxed);
        let address: &String = self.addresses.get(turn % self.addresses.len().max(1))?;
        let request = self.client.post(address).header("content-type", "application/json").body(body.to_owned());
        let answer = request.send().await.ok()?;
        let status: u16 = answer.status().as_u16();
        // Read to the end, so that the connection can be used again.
        let _ = answer.bytes().await;
        Some(status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_integration_is_sent_more_than_it_takes() {
        let inlet = |path: &str| Inlet::new(&["http://127.0.0.1".to_owned()], path).unwrap();
        let inlets = Inlets::new(inlet("/1"), vec![inlet("/2"), inlet("/3")]);
        let at = |number: u64| inlets.of(number).addresses[0].clone();
        assert_eq!((at(0), at(19_999)), ("http://127.0.0.1/1".to_owned(), "http://127.0.0.1/1".to_owned()));
        assert_eq!((at(20_000), at(49_999)), ("http://127.0.0.1/2".to_owned(), "http://127.0.0.1/3".to_owned()));
        assert_eq!([0, 1, 20_000, 20_001, 50_000].map(Inlets::needed), [1, 1, 1, 2, 3]);
    }

    #[test]
    fn times_are_written_as_alertmanager_writes_them() {
        for (at, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_795_323_900_250, "2026-11-22T05:05:00.250Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
        ] {
            assert_eq!(rfc3339(Time(at)), text);
        }
    }

    #[test]
    fn a_body_has_its_alerts_and_an_end_only_when_they_are_over() {
        let read = |status: Status| -> Value { serde_json::from_str(&body(status, "s", 3..5)).unwrap() };
        let (firing, over) = (read(Status::Firing), read(Status::Resolved));
        assert_eq!(firing.pointer("/alerts/1/labels/bench"), Some(&json!("4")));
        assert_eq!((firing.pointer("/alerts/0/endsAt"), firing.pointer("/groupLabels/system")), (None, Some(&json!("s"))));
        assert!(over.pointer("/alerts/0/endsAt").is_some());
        assert_eq!(firing.pointer("/alerts/0/fingerprint"), over.pointer("/alerts/0/fingerprint"));
    }
}
