//! The metrics room beside prometheus and victoria-metrics as Debian ships them: each alone on the machine, one after the other in the
//! same run, with the same load beside it. Ours confirms a sample when it is on disk; neither of the others does.

mod crash;
mod disk;
pub mod fill;
mod ingest;
mod months;
mod queries;

use crate::contender::{PEERS, Who};
use crate::error::Error;
use crate::line::Line;
use crate::peer::Kind;

/// What can be measured alone, in the order of `all`.
pub const CASES: &[&str] = &["ingest", "disk", "queries", "months", "crash"];
/// Seconds of each timed load, where `MIMAMORI_BENCH_SECONDS` says nothing else.
const SECONDS: u64 = 60;
/// Series of the ingest case, where `MIMAMORI_BENCH_SERIES` says nothing else.
const SERIES: u64 = 500_000;

/// How a figure of ours must stand to that of each peer: at most so many times as much, or at least, as the figure is better.
#[derive(Clone, Copy, Debug)]
pub struct Factor {
    pub case: &'static str,
    pub prometheus: f64,
    pub victoria_metrics: f64,
}

/// Runs one of [`CASES`].
///
/// # Errors
/// Why there is no figure of ours. A peer without figures is said on standard error and has no ratio.
pub async fn run(case: &str) -> Result<Vec<Line>, Error> {
    eprintln!("   {case}");
    if case == "crash" {
        return crash::run(seconds()).await;
    }
    let mut peers: Vec<(Kind, Vec<Line>)> = Vec::new();
    for kind in PEERS {
        match measure(case, Who::Peer(kind)).await {
            Ok(Some(lines)) => peers.push((kind, lines)),
            Ok(None) => eprintln!("   {} is not installed: no ratio to it", kind.name()),
            Err(error) => eprintln!("   {} has no figures: {error}", kind.name()),
        }
    }
    let ours: Vec<Line> = measure(case, Who::Ours).await?.unwrap_or_default();
    Ok(ours.into_iter().flat_map(|line| beside(&line, &peers)).collect())
}

async fn measure(case: &str, who: Who) -> Result<Option<Vec<Line>>, Error> {
    match case {
        "ingest" => ingest::measure(who, seconds(), series()).await,
        "disk" => disk::measure(who).await,
        "queries" => queries::measure(who).await,
        "months" => months::measure(who).await,
        _ => Ok(None),
    }
}

/// The line once for each peer; for those without that figure once alone.
fn beside(line: &Line, peers: &[(Kind, Vec<Line>)]) -> Vec<Line> {
    let theirs = |kind: Kind| -> Option<f64> {
        let (_, lines) = peers.iter().find(|(measured, _)| *measured == kind)?;
        lines.iter().find(|their| their.case == line.case).map(|their| their.value).filter(|value| value.is_finite())
    };
    let mut lines: Vec<Line> = Vec::new();
    for kind in PEERS {
        if let Some(value) = theirs(kind) {
            lines.push(line.clone().beside(kind.name(), value, factor(&line.case, kind)));
        }
    }
    if lines.len() < PEERS.len() {
        lines.push(line.clone());
    }
    lines
}

fn factor(case: &str, kind: Kind) -> Option<f64> {
    let all = ingest::FACTORS.iter().chain(disk::FACTORS).chain(queries::FACTORS).chain(months::FACTORS);
    let mut fitting = all.filter(|factor| factor.case == case);
    fitting.next().map(|factor| match kind {
        Kind::Prometheus => factor.prometheus,
        Kind::VictoriaMetrics => factor.victoria_metrics,
    })
}

fn seconds() -> u64 {
    number("MIMAMORI_BENCH_SECONDS", SECONDS)
}

fn series() -> usize {
    usize::try_from(number("MIMAMORI_BENCH_SERIES", SERIES)).unwrap_or(usize::MAX)
}

/// A number of the environment that is at least 1.
fn number(name: &str, otherwise: u64) -> u64 {
    let found: Option<u64> = std::env::var(name).ok().and_then(|text| text.trim().parse().ok());
    found.filter(|number| *number > 0).unwrap_or(otherwise)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_stands_beside_each_peer_and_keeps_the_stricter_goal() {
        let ours = Line::higher("metrics", ingest::RATE, 900_000.0, "samples/s").with_goal(400_000.0);
        let theirs = |value: f64| vec![Line::higher("metrics", ingest::RATE, value, "samples/s")];
        let peers = [(Kind::Prometheus, theirs(300_000.0)), (Kind::VictoriaMetrics, theirs(1_000_000.0))];
        let lines: Vec<Line> = beside(&ours, &peers);
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[0].goal, lines[0].ratio, lines[0].ok), (Some(750_000.0), Some(3.0), true));
        assert_eq!((lines[1].goal, lines[1].ratio, lines[1].ok), (Some(1_000_000.0), Some(0.9), false));
        assert_eq!(lines[1].peer.as_deref(), Some("victoria-metrics"));
    }

    #[test]
    fn without_a_peer_a_figure_stands_alone() {
        let ours = Line::lower("metrics", "anything", 2.0, "s");
        assert_eq!(beside(&ours, &[]), std::slice::from_ref(&ours));
        assert_eq!(beside(&ours, &[(Kind::Prometheus, Vec::new())]), std::slice::from_ref(&ours));
    }
}
