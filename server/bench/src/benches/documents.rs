//! Documents that many write at once, through real sockets: whether all see the same, how soon, and what a `kill -9` takes away.
//!
//! Editors are what browsers have: each its own copy of the text in the library that the server uses, too. What they type is a line with a
//! name of its own, so that afterwards each can be counted: there, and once. `@hocuspocus/server` does the same job in the same run, where
//! Node and its package are installed.

mod compaction;
mod crowd;
mod editor;
mod hocuspocus;
mod kill;
pub mod node;
mod places;
mod stage;
mod trace;

use crate::error::Error;
use crate::line::{Line, percentile};
use crowd::{Crowd, Outcome};
use hocuspocus::Hocuspocus;
use kill::Bounds;
use stage::Stage;
use std::time::Duration;

/// What can be measured alone, in the order of `all`.
pub const CASES: &[&str] = &["trace", "together", "replicas", "rooms", "compaction", "kill"];
const BENCH: &str = "documents";

/// Runs one of [`CASES`].
///
/// # Errors
/// When there is no server, or it does not answer.
pub async fn run(case: &str) -> Result<Vec<Line>, Error> {
    eprintln!("   {case}");
    match case {
        "compaction" => compaction::run(Duration::from_secs(seconds(15))).await,
        "kill" => kill::run(Bounds { n_kills: kills(), lasts: Duration::from_secs(seconds(3_600)) }).await,
        "replicas" => together(2).await,
        "rooms" => rooms().await,
        "together" => together(1).await,
        "trace" => trace::run().await,
        _ => Ok(Vec::new()),
    }
}

/// How long a load goes on, unless it is said otherwise.
fn seconds(usual: u64) -> u64 {
    std::env::var("MIMAMORI_BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A hundred of the server and ten of Postgres, unless it is said otherwise.
fn kills() -> usize {
    std::env::var("MIMAMORI_BENCH_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(110)
}

/// Fifty at one document, five edits a second each, whose sockets break every five seconds; on so many replicas. The peer has one.
async fn together(n_replicas: usize) -> Result<Vec<Line>, Error> {
    let crowd = Crowd {
        n_editors: 50,
        every: Duration::from_millis(200),
        breaks_after: Some(Duration::from_secs(5)),
        lasts: Duration::from_secs(seconds(120)),
    };
    let stage: Stage = Stage::open(n_replicas, 1).await?;
    let ours: Outcome = crowd.run(&stage.places).await?;
    stage.close().await?;
    let theirs: Option<Outcome> = if n_replicas == 1 { peer(&crowd, 1).await? } else { None };
    let (at, p99_goal): (&str, f64) = if n_replicas == 1 { ("at one document", 75.0) } else { ("on two replicas", 150.0) };
    let lower = |said: &str, figure: fn(&Outcome) -> f64, unit: &str| {
        let line = Line::lower(BENCH, &format!("50 {at}: {said}"), figure(&ours), unit);
        beside(line, theirs.as_ref(), figure)
    };
    let n_lines = Line::higher(BENCH, &format!("50 {at}: lines"), ours.n_lines, "lines").with_goal(1.0);
    let median: Line = lower("edit to other screen, p50", p50, "ms");
    Ok(vec![
        lower("until all are equal", |outcome| outcome.equal_after_s, "s").with_goal(5.0),
        lower("lines lost", |outcome| outcome.n_lost, "lines").with_goal(0.0),
        lower("lines twice", |outcome| outcome.n_doubled, "lines").with_goal(0.0),
        beside(n_lines, theirs.as_ref(), |outcome| outcome.n_lines),
        lower("edit to other screen, p99", p99, "ms").with_goal(p99_goal),
        if n_replicas == 1 { median.with_goal(15.0) } else { median },
    ])
}

/// Three hundred documents with three at each, 350 edits a second in all; and what five hundred are like.
async fn rooms() -> Result<Vec<Line>, Error> {
    let mut lines: Vec<Line> = rooms_of(300).await?;
    lines[0] = lines[0].clone().with_goal(40.0);
    lines[3] = lines[3].clone().with_goal(600.0);
    lines.extend(rooms_of(500).await?);
    Ok(lines)
}

async fn rooms_of(n_documents: u32) -> Result<Vec<Line>, Error> {
    const EDITORS_EACH: u32 = 3;
    const EDITS_A_SECOND: u32 = 350;
    let crowd = Crowd {
        n_editors: EDITORS_EACH as usize,
        every: Duration::from_secs(u64::from(n_documents * EDITORS_EACH)) / EDITS_A_SECOND,
        breaks_after: None,
        lasts: Duration::from_secs(seconds(60)),
    };
    let stage: Stage = Stage::open(1, n_documents as usize).await?;
    let ours: Outcome = crowd.run(&stage.places).await?;
    let resident_mb: f64 = stage.resident_bytes()? / 1e6;
    stage.close().await?;
    let theirs: Option<Outcome> = peer(&crowd, n_documents as usize).await?;
    let lower = |said: &str, figure: fn(&Outcome) -> f64, unit: &str| {
        let case: String = format!("{n_documents} documents, {EDITS_A_SECOND} edits/s: {said}");
        beside(Line::lower(BENCH, &case, figure(&ours), unit), theirs.as_ref(), figure)
    };
    let memory: String = format!("{n_documents} documents, {} editors: server's memory", n_documents * EDITORS_EACH);
    Ok(vec![
        lower("p99", p99, "ms"),
        lower("lines lost", |outcome| outcome.n_lost, "lines").with_goal(0.0),
        lower("lines twice", |outcome| outcome.n_doubled, "lines").with_goal(0.0),
        Line::lower(BENCH, &memory, resident_mb, "MB"),
    ])
}

/// The same crowd at the peer's; `None` where it is not installed.
async fn peer(crowd: &Crowd, n_documents: usize) -> Result<Option<Outcome>, Error> {
    match Hocuspocus::open().await? {
        Some(server) => Ok(Some(crowd.run(&server.places(n_documents)).await?)),
        None => Ok(None),
    }
}

fn beside(line: Line, theirs: Option<&Outcome>, figure: fn(&Outcome) -> f64) -> Line {
    match theirs {
        Some(outcome) => line.beside(hocuspocus::NAME, figure(outcome), None),
        None => line,
    }
}

fn p50(outcome: &Outcome) -> f64 {
    percentile(&outcome.latencies_ms, 0.5)
}

fn p99(outcome: &Outcome) -> f64 {
    percentile(&outcome.latencies_ms, 0.99)
}
