//! Twelve panels opened in a browser that knows nothing of the house yet, on a desk and on a phone: when the largest part of what is seen
//! is painted, and how much moves by itself, also while samples come.

use super::board::Board;
use super::html::twelve;
use super::vitals::{Shift, cls, was_slow};
use super::world::{Ticking, World};
use super::{BENCH, SLOW, browser};
use crate::error::Error;
use crate::line::{Line, percentile};
use serde::Deserialize;

/// Of the issue.
const LCP_GOAL_MS: f64 = 1_800.0;
const CLS_GOAL: f64 = 0.02;
/// In ten seconds of a sample a second there are at least so many ticks.
const LEAST_TICKS: u32 = 5;

/// One opening of the screen.
#[derive(Clone, Debug, Deserialize)]
struct Load {
    /// Milliseconds; none where the browser found nothing large.
    lcp: Option<f64>,
    shifts: Vec<Shift>,
    /// How often the stream said something new.
    n_ticks: u32,
    /// Whether it was looked at for ten seconds more.
    is_long: bool,
}

#[derive(Deserialize)]
struct Loads {
    desktop: Vec<Load>,
    phone: Vec<Load>,
    slowdown: f64,
}

pub(super) async fn run() -> Result<Vec<Line>, Error> {
    let (world, board): (World, Board) = twelve().await?;
    let ticking: Ticking = world.go_on(board.panels.len());
    let found: Loads = browser::measure("loads", &world, &[board.path()], SLOW).await?;
    drop(ticking);
    world.close().await?;
    was_slow(found.slowdown)?;
    let mut lines: Vec<Line> = told("1440 × 900", &found.desktop)?;
    lines.extend(told("a phone", &found.phone)?);
    Ok(lines)
}

fn told(on: &str, loads: &[Load]) -> Result<Vec<Line>, Error> {
    if loads.iter().any(|load| load.is_long && load.n_ticks < LEAST_TICKS) {
        return Err(Error::TooLate { what: "a tick of the stream in the browser" });
    }
    let case = |said: &str| format!("12 panels, {on}, {SLOW} × slower: {said}");
    let lcp: Vec<f64> = loads.iter().map(|load| load.lcp.unwrap_or(f64::NAN)).collect();
    let all: Vec<f64> = loads.iter().map(|load| cls(&load.shifts)).collect();
    Ok(vec![
        Line::lower(BENCH, &case(&format!("LCP, median of {}", loads.len())), percentile(&lcp, 0.5), "ms").with_goal(LCP_GOAL_MS),
        Line::lower(BENCH, &case("LCP, slowest"), percentile(&lcp, 1.0), "ms"),
        Line::lower(BENCH, &case("CLS with 10 s of ticks, worst"), percentile(&all, 1.0), "").with_goal(CLS_GOAL),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benches::browser::read;

    fn load(n_ticks: u32) -> Load {
        read(&format!(r#"{{"lcp":900.5,"shifts":[{{"at_ms":400.2,"value":0.01}}],"n_ticks":{n_ticks},"is_long":true}}"#)).unwrap()
    }

    #[test]
    fn the_median_counts_and_the_worst_of_shifts() {
        let mut loads: Vec<Load> = vec![load(9), load(9), load(9)];
        (loads[0].lcp, loads[1].lcp) = (None, Some(2_000.0));
        let lines: Vec<Line> = told("a phone", &loads).unwrap();
        assert_eq!((lines[0].value, lines[0].ok, lines[2].value), (2_000.0, false, 0.01));
        assert!(lines[1].value.is_nan() && lines[2].ok);
        assert!(told("a phone", &[]).unwrap().iter().all(|line| !line.ok));
    }

    #[test]
    fn shifts_count_only_where_ticks_came() {
        assert!(told("a phone", &[load(9), load(0)]).is_err());
    }
}
