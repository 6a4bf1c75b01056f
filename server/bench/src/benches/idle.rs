//! Memory of a server that nobody asks anything.

use crate::error::Error;
use crate::house::House;
use crate::line::Line;
use std::time::Duration;

const IDLE: Duration = Duration::from_secs(60);
const GOAL_MB: f64 = 150.0;

/// Resident memory without Postgres, at once and after a minute.
pub async fn run() -> Result<Vec<Line>, Error> {
    let mut house = House::set_up().await?;
    let before = house.resident_bytes()? / 1e6;
    eprintln!("   {before:.1} MB; waiting {} s", IDLE.as_secs());
    tokio::time::sleep(IDLE).await;
    let after = house.resident_bytes()? / 1e6;
    house.stop().await?;
    Ok(vec![
        Line::lower("idle", "resident after set-up", before, "MB"),
        Line::lower("idle", "resident after 60 s idle", after, "MB").with_goal(GOAL_MB),
    ])
}
