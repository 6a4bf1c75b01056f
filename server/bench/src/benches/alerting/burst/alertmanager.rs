//! Debian's Alertmanager, sent the same storm by its API as a prometheus sends it, telling a webhook in its own format.

use super::{CONFIRMED, Done, GROUPING, PER_BODY, SYSTEMS, Told, Waves, done, pace, wait};
use crate::benches::alerting::rival::{Rival, Start, Which};
use crate::benches::alerting::sink::{Format, Sink};
use crate::benches::alerting::storm::{self, Confirmed, Inlet};
use crate::error::Error;
use crate::samples::now;
use serde_json::Value;
use std::net::{IpAddr, Ipv4Addr};

/// `None` when it is not installed.
pub async fn measure(alerts: u64, seconds: u64) -> Result<Option<Done>, Error> {
    let sink: Sink = Sink::open(IpAddr::V4(Ipv4Addr::LOCALHOST), Format::Alertmanager).await?;
    let start = Start { config: config(&sink.url()), ..Start::default() };
    let Some(rival) = Rival::open(Which::Alertmanager, &start).await? else {
        eprintln!("   prometheus-alertmanager is not installed: no ratio to it");
        return Ok(None);
    };
    let inlet: Inlet = Inlet::new(std::slice::from_ref(&rival.door.url), "/api/v2/alerts")?;
    let mut beat = pace(alerts, seconds);
    let (mut waves, mut took): (Waves, Vec<f64>) = (Waves::new(), Vec::new());
    for (turn, first) in (0..alerts).step_by(PER_BODY as usize).enumerate() {
        beat.tick().await;
        let system: String = storm::system(turn as u64 % SYSTEMS);
        let all: Vec<Value> = (first..alerts.min(first + PER_BODY)).map(|number| storm::alert(number, &system, now())).collect();
        let count: usize = all.len();
        let body: String = Value::from(all).to_string();
        let confirmed: Confirmed = inlet.send(&body, CONFIRMED).await?;
        let again: Confirmed = inlet.send(&body, CONFIRMED).await?;
        took.extend([confirmed.took_ms, again.took_ms]);
        waves.entry(system).or_default().extend(vec![confirmed.began; count]);
    }
    let told: Told = wait(&sink, &waves).await;
    Ok(Some(done(&sink, took, told)))
}

/// The same waits as ours.
fn config(url: &str) -> String {
    let (by, wait, interval): (&str, &str, &str) = (GROUPING.by, GROUPING.wait, GROUPING.interval);
    format!(
        "route: {{receiver: sink, group_by: [{by}], group_wait: {wait}, group_interval: {interval}, repeat_interval: 24h}}\n\
         receivers:\n  - name: sink\n    webhook_configs: [{{url: \"{url}\", send_resolved: false}}]\n"
    )
}
