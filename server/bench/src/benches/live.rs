//! How long it takes from sending a sample until it stands in an event of an open live stream.

use crate::error::Error;
use crate::house::House;
use crate::line::{Line, ms_since, percentile};
use crate::samples::now;
use metrics::Sample;
use metrics::remote_write::encode;
use model::labels::{Labels, METRIC_NAME};
use reqwest::Response;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;

const ROUNDS: usize = 30;
/// Between two rounds, so that each meets an idle stream.
const PAUSE: Duration = Duration::from_millis(200);
const PATIENCE: Duration = Duration::from_secs(10);
const GOAL_MS: f64 = 1_000.0;
/// A host of our own, whose load nobody else reports.
const HOST: &str = "bench-live";

/// A sample of `node_load1` with a value that is in no other, then the board's event that shows it.
pub async fn run() -> Result<Vec<Line>, Error> {
    let mut house = House::set_up().await?;
    let stream = house.door.stream(&format!("/live?topics=board:{HOST}")).await?;
    let (heard, mut lines) = channel(1_000);
    let listening = tokio::spawn(listen(stream, heard));
    let mut took: Vec<f64> = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        let value = 1_000.5 + round as f64;
        let body = encode(&[load(value)])?;
        let began = Instant::now();
        house.door.write_all(body).await?;
        timeout(PATIENCE, shown(&mut lines, value)).await.map_err(|_| Error::TooLate { what: "the live event" })??;
        took.push(ms_since(began));
        tokio::time::sleep(PAUSE).await;
    }
    listening.abort();
    house.stop().await?;
    Ok(vec![
        Line::lower("live", "sample to event, p50", percentile(&took, 0.5), "ms"),
        Line::lower("live", "sample to event, slowest of 30", percentile(&took, 1.0), "ms").with_goal(GOAL_MS),
    ])
}

fn load(value: f64) -> Sample {
    Sample { labels: Labels::new([(METRIC_NAME, "node_load1"), ("host", HOST)]), at: now(), value }
}

/// Waits for a line of data with the value.
async fn shown(lines: &mut Receiver<String>, value: f64) -> Result<(), Error> {
    let wanted = format!("{value}");
    while let Some(line) = lines.recv().await {
        if line.starts_with("data:") && line.contains(&wanted) {
            return Ok(());
        }
    }
    Err(Error::TooLate { what: "the live stream's end" })
}

/// Hands the stream's lines on, until it ends or nobody wants them.
async fn listen(mut stream: Response, heard: Sender<String>) {
    let mut rest = String::new();
    while let Ok(Some(chunk)) = stream.chunk().await {
        rest.push_str(&String::from_utf8_lossy(&chunk));
        while let Some((line, after)) = rest.split_once('\n') {
            if heard.send(line.to_owned()).await.is_err() {
                return;
            }
            rest = after.to_owned();
        }
    }
}
