//! The Now screen, rendered by the server for somebody who is signed in.

use crate::error::Error;
use crate::house::House;
use crate::line::{Line, ms_since, percentile};
use std::time::{Duration, Instant};

const REQUESTS: usize = 200;
const WARM_UP: usize = 20;
const GOAL_MS: f64 = 50.0;
/// Until the server's own metrics have come twice, so that there is something to show.
const SETTLE: Duration = Duration::from_secs(11);

/// One request after the other, each from the first byte sent to the last received.
pub async fn run() -> Result<Vec<Line>, Error> {
    let mut house = House::set_up().await?;
    tokio::time::sleep(SETTLE).await;
    let mut took: Vec<f64> = Vec::with_capacity(REQUESTS);
    let mut bytes: usize = 0;
    for round in 0..WARM_UP + REQUESTS {
        let began = Instant::now();
        let answer = house.door.screen("/").await?;
        let status = answer.status();
        bytes = answer.bytes().await?.len();
        if !status.is_success() {
            return Err(Error::Refused { what: "the Now screen".to_owned(), status: status.as_u16(), body: String::new() });
        }
        if round >= WARM_UP {
            took.push(ms_since(began));
        }
    }
    house.stop().await?;
    Ok(vec![
        Line::lower("now", "rendered, p50", percentile(&took, 0.5), "ms"),
        Line::lower("now", "rendered, p95", percentile(&took, 0.95), "ms").with_goal(GOAL_MS),
        Line::lower("now", "size of the answer, not compressed", bytes as f64 / 1_000.0, "kB"),
    ])
}
