//! Remote write 1.0 on the processors that the server, its Postgres and the load share.

use super::Factor;
use crate::contender::{Contender, Ground, Who};
use crate::error::Error;
use crate::line::{Line, percentile};
use crate::load::body::Beat;
use crate::load::fleet::node;
use crate::load::sender::{self, Limit, Sender, Sent, Shape};
use crate::process::{cpu_s, own_cpu_s, resident_bytes};
use crate::samples::now;
use std::time::{Duration, Instant};

/// The case that decides.
pub const RATE: &str = "ingest, 4 connections × 5,000 samples a body";
const ACKNOWLEDGED: &str = "ingest, acknowledged, p99";
const MEMORY: &str = "memory a series";
const SHAPE: Shape = Shape { series: 5_000, samples_each: 1 };
/// The floor, whatever peers do on the machine.
const RATE_GOAL: f64 = 400_000.0;
const ACKNOWLEDGED_GOAL_MS: f64 = 100.0;
const MEMORY_GOAL: f64 = 2_000.0;
/// Samples begin this long ago, so that none is refused as too old, however long creation takes.
const WINDOW_MS: i64 = 3_600_000;
/// Nobody takes more samples a second on the machines this runs on; it decides how far apart they are.
const MOST_RATE: u64 = 2_500_000;
/// As node_exporter is scraped.
const STEP_MS: i64 = 15_000;
/// A server that has nothing yet has come to rest after this.
const REST: Duration = Duration::from_secs(3);

/// Reference, goals. Memory: less than prometheus, at most twice victoria-metrics.
pub const FACTORS: &[Factor] = &[
    Factor { case: RATE, prometheus: 2.5, victoria_metrics: 1.0 },
    Factor { case: MEMORY, prometheus: 1.0, victoria_metrics: 2.0 },
];

/// What the timed part took of the machine.
struct Run {
    sent: Sent,
    seconds: f64,
    /// Of the server and all it started.
    server_s: f64,
    /// Of this program.
    load_s: f64,
}

/// Makes the series, then sends for `seconds`, then stops and starts the server.
pub async fn measure(who: Who, seconds: u64, n_series: usize) -> Result<Option<Vec<Line>>, Error> {
    // The server's own metrics need room too.
    let ground = Ground { late_hours: 0, series: n_series + 50_000 };
    let Some(mut contender) = Contender::open(who, &ground).await? else { return Ok(None) };
    tokio::time::sleep(REST).await;
    let pid: u32 = contender.pid()?;
    let empty: f64 = resident_bytes(pid)?;
    let beat = Beat { first: now().plus_ms(-WINDOW_MS).0, step_ms: step_ms(seconds, n_series) };
    let senders: Vec<Sender> = sender::open(&contender.target(), n_series, &node, SHAPE, beat).await?;
    let began: Instant = Instant::now();
    let (senders, _) = sender::send(senders, Limit { rounds: 1, until: None }).await?;
    let made_s: f64 = began.elapsed().as_secs_f64();
    eprintln!("   {n_series} series made in {made_s:.1} s; sending for {seconds} s");
    let run: Run = timed(pid, senders, seconds).await?;
    let memory: f64 = (resident_bytes(pid)? - empty) / n_series as f64;
    let again_s: f64 = contender.restart().await?.as_secs_f64();
    contender.stop().await?;
    let mut lines: Vec<Line> = lines(&run);
    lines.push(Line::lower("metrics", MEMORY, memory, "B").with_goal(MEMORY_GOAL));
    lines.push(Line::lower("metrics", "all series made", made_s, "s"));
    lines.push(Line::lower("metrics", "ready after a restart with the series and samples of ingest", again_s, "s"));
    Ok(Some(lines))
}

async fn timed(pid: u32, senders: Vec<Sender>, seconds: u64) -> Result<Run, Error> {
    let (server_s, load_s, began) = (cpu_s(pid), own_cpu_s(), Instant::now());
    let until: Instant = began + Duration::from_secs(seconds);
    let (_, sent) = sender::send(senders, Limit { rounds: u64::MAX, until: Some(until) }).await?;
    let seconds: f64 = began.elapsed().as_secs_f64();
    Ok(Run { sent, seconds, server_s: cpu_s(pid) - server_s, load_s: own_cpu_s() - load_s })
}

fn lines(run: &Run) -> Vec<Line> {
    let samples: f64 = run.sent.samples as f64;
    let took: &[f64] = &run.sent.took_ms;
    let share: f64 = 100.0 * run.load_s / (run.load_s + run.server_s);
    eprintln!("   {:.0} samples/s; the load itself took {share:.1} % of all processor time", samples / run.seconds);
    vec![
        Line::higher("metrics", RATE, samples / run.seconds, "samples/s").with_goal(RATE_GOAL),
        Line::lower("metrics", "ingest, acknowledged, p50", percentile(took, 0.5), "ms"),
        Line::lower("metrics", ACKNOWLEDGED, percentile(took, 0.99), "ms").with_goal(ACKNOWLEDGED_GOAL_MS),
        Line::lower("metrics", "processor a million samples, with Postgres", run.server_s / samples * 1e6, "s"),
        Line::lower("metrics", "the load's own share of the processor time", share, "%"),
    ]
}

/// How far apart samples are, so that an hour holds all that may be sent: with few series or a long run closer than 15 s.
fn step_ms(seconds: u64, n_series: usize) -> i64 {
    let rounds: u64 = (seconds * MOST_RATE / (n_series.max(1) as u64)).max(1);
    (WINDOW_MS / i64::try_from(rounds).unwrap_or(WINDOW_MS)).clamp(1, STEP_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_fits_into_the_hour_and_no_further_apart_than_scrapes() {
        assert_eq!(step_ms(60, 500_000), 12_000);
        assert_eq!(step_ms(10, 500_000), 15_000);
        assert_eq!(step_ms(600, 100_000), 240);
        assert_eq!(step_ms(u64::from(u32::MAX), 1), 1);
    }
}
