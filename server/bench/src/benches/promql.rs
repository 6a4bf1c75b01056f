//! Queries over 1,000 series with an hour of samples, through the HTTP API as a dashboard asks them.

use crate::error::Error;
use crate::house::House;
use crate::line::{Line, ms_since, percentile};
use crate::samples::{body, now, series};
use model::Time;
use std::hint::black_box;
use std::time::Instant;

const SERIES: usize = 1_000;
/// An hour at one sample in 15 s.
const TICKS: usize = 240;
const STEP_MS: i64 = 15_000;
const REQUESTS: usize = 200;
const WARM_UP: usize = 10;
/// Design, budgets: a range query of 1 h over 1,000 series.
const RANGE_GOAL_MS: f64 = 50.0;

const SELECTOR: &str = "bench_queries_total";
const RATE: &str = "sum by (job) (rate(bench_queries_total[5m]))";

/// A selector, a rate and a range of rates; and the parser alone.
pub async fn run() -> Result<Vec<Line>, Error> {
    let mut house = House::set_up().await?;
    let end = now();
    fill(&house, end).await?;
    let time = seconds(end);
    let (start, step) = (seconds(end.plus_ms(-STEP_MS * TICKS as i64)), "15");
    let selector = asked(&house, "query", &[("query", SELECTOR), ("time", time.as_str())]).await?;
    let rate = asked(&house, "query", &[("query", RATE), ("time", time.as_str())]).await?;
    let range = [("query", RATE), ("start", start.as_str()), ("end", time.as_str()), ("step", step)];
    let range = asked(&house, "query_range", &range).await?;
    house.stop().await?;
    Ok(vec![
        Line::lower("promql", "instant, 1,000 series, p50", percentile(&selector, 0.5), "ms"),
        Line::lower("promql", "instant, 1,000 series, p99", percentile(&selector, 0.99), "ms"),
        Line::lower("promql", "instant, rate of 5 min by job, p99", percentile(&rate, 0.99), "ms"),
        Line::lower("promql", "range of 1 h, rate of 5 min by job, p50", percentile(&range, 0.5), "ms"),
        Line::lower("promql", "range of 1 h, rate of 5 min by job, p99", percentile(&range, 0.99), "ms").with_goal(RANGE_GOAL_MS),
        Line::lower("promql", "parsed, p50", percentile(&parsed(), 0.5), "µs"),
    ])
}

async fn fill(house: &House, end: Time) -> Result<(), Error> {
    let labels = series(SELECTOR, 0, SERIES);
    for tick in 0..=TICKS {
        let at = end.plus_ms(-STEP_MS * (TICKS - tick) as i64);
        house.door.write_all(body(&labels, tick, at)?).await?;
    }
    Ok(())
}

/// Unix seconds with milliseconds, as the API reads them.
fn seconds(at: Time) -> String {
    format!("{}.{:03}", at.0 / 1_000, at.0 % 1_000)
}

async fn asked(house: &House, what: &str, params: &[(&str, &str)]) -> Result<Vec<f64>, Error> {
    let mut took: Vec<f64> = Vec::with_capacity(REQUESTS);
    for round in 0..WARM_UP + REQUESTS {
        let began = Instant::now();
        let answer = house.door.query(what, params).await?;
        if !answer.contains("\"job\":\"job-4\"") {
            return Err(Error::unreadable("the answer of a query", &answer));
        }
        if round >= WARM_UP {
            took.push(ms_since(began));
        }
    }
    Ok(took)
}

/// The parser alone, in microseconds.
fn parsed() -> Vec<f64> {
    let parse = || {
        let began = Instant::now();
        drop(black_box(promql::parse(black_box(RATE))));
        began.elapsed().as_secs_f64() * 1e6
    };
    (0..1_000).map(|_| parse()).collect()
}
