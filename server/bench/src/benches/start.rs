//! From starting the server, built and with its database there, until it is ready and shows its first screen.

use crate::error::Error;
use crate::house::House;
use crate::line::{Line, percentile};
use std::time::Instant;

const RUNS: usize = 5;
const GOAL_S: f64 = 2.0;

/// The slowest of the runs counts; the embedded Postgres starts within them.
pub async fn run() -> Result<Vec<Line>, Error> {
    let mut house = House::set_up().await?;
    let mut ready: Vec<f64> = Vec::new();
    let mut shown: Vec<f64> = Vec::new();
    for _ in 0..RUNS {
        house.stop().await?;
        let began = Instant::now();
        ready.push(house.start().await?.as_secs_f64());
        let screen = house.door.screen("/").await?;
        if !screen.status().is_success() {
            return Err(Error::Refused {
                what: "the first screen".to_owned(),
                status: screen.status().as_u16(),
                body: String::new(),
            });
        }
        screen.bytes().await?;
        shown.push(began.elapsed().as_secs_f64());
    }
    house.stop().await?;
    Ok(vec![
        Line::lower("start", "ready, slowest of 5", percentile(&ready, 1.0), "s").with_goal(GOAL_S),
        Line::lower("start", "ready, median of 5", percentile(&ready, 0.5), "s"),
        Line::lower("start", "first screen, slowest of 5", percentile(&shown, 1.0), "s").with_goal(GOAL_S),
    ])
}
