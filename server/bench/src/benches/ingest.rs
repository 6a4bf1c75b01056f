//! Remote write as agents send it: four connections, each with 5,000 series of its own, one sample of each in a body. A body is
//! acknowledged when it is on disk.

use crate::door::Door;
use crate::error::Error;
use crate::house::House;
use crate::line::{Line, ms_since, percentile};
use crate::samples::{body, now, series};
use model::Time;
use std::time::Instant;

const CONNECTIONS: usize = 4;
const SERIES: usize = 5_000;
/// Timed bodies a connection: three million samples in all.
const BODIES: usize = 150;
/// Bodies before the clock starts: the first makes the series.
const WARM_UP: usize = 5;
/// Samples lie this far apart, and end now: within the two hours that late samples may be late.
const STEP_MS: i64 = 15_000;

/// Samples a second over all connections, and how long a body waited for its acknowledgement.
pub async fn run() -> Result<Vec<Line>, Error> {
    let mut house = House::set_up().await?;
    let senders = senders(&house.door).await?;
    eprintln!("   {} bodies of {SERIES} samples over {CONNECTIONS} connections", CONNECTIONS * BODIES);
    let began = Instant::now();
    let sending: Vec<tokio::task::JoinHandle<Result<Vec<f64>, Error>>> =
        senders.into_iter().map(|(door, bodies)| tokio::spawn(send(door, bodies))).collect();
    let mut took: Vec<f64> = Vec::new();
    for task in sending {
        took.extend(task.await??);
    }
    let seconds = began.elapsed().as_secs_f64();
    house.stop().await?;
    let samples = (CONNECTIONS * BODIES * SERIES) as f64;
    Ok(vec![
        Line::higher("ingest", "4 connections × 5,000 samples a body", samples / seconds, "samples/s"),
        Line::lower("ingest", "acknowledged, p50", percentile(&took, 0.5), "ms"),
        Line::lower("ingest", "acknowledged, p99", percentile(&took, 0.99), "ms"),
    ])
}

/// A connection and the bodies it will send.
type Sender = (Door, Vec<Vec<u8>>);

/// Connections that have made their series, and bodies that are encoded.
async fn senders(door: &Door) -> Result<Vec<Sender>, Error> {
    let n_ticks = WARM_UP + BODIES;
    let first = now().plus_ms(-STEP_MS * n_ticks as i64);
    let mut senders: Vec<Sender> = Vec::new();
    for connection in 0..CONNECTIONS {
        let door = door.another()?;
        let labels = series("bench_requests_total", connection, SERIES);
        let at = |tick: usize| -> Time { first.plus_ms(STEP_MS * tick as i64) };
        for tick in 0..WARM_UP {
            door.write_all(body(&labels, tick, at(tick))?).await?;
        }
        let bodies: Result<Vec<Vec<u8>>, Error> = (WARM_UP..n_ticks).map(|tick| body(&labels, tick, at(tick))).collect();
        senders.push((door, bodies?));
    }
    Ok(senders)
}

async fn send(door: Door, bodies: Vec<Vec<u8>>) -> Result<Vec<f64>, Error> {
    let mut took: Vec<f64> = Vec::with_capacity(bodies.len());
    for body in bodies {
        let began = Instant::now();
        door.write_all(body).await?;
        took.push(ms_since(began));
    }
    Ok(took)
}
