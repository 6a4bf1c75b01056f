//! Ninety days of twenty schedules with six layers each, as the gap finder works them out.

use super::schedules::{ZONES, almanac, overrides, schedule, year};
use crate::error::Error;
use crate::line::{Line, ms_since, percentile};
use model::rota::almanac::Almanac;
use model::rota::coverage::{AHEAD_DAYS, gaps, required};
use model::rota::{Override, Schedule, Segment, Span, render};
use std::hint::black_box;
use std::time::Instant;

const SCHEDULES: u32 = 20;
const ROUNDS: usize = 50;
const WARM_UP: usize = 5;
/// The brief of on-call: ninety days of twenty schedules with six layers.
const GOAL_MS: f64 = 100.0;
const DAY_MS: i64 = 86_400_000;

type Case = (Schedule, Vec<Override>, Almanac);

/// Medians and the slowest of many rounds.
///
/// # Errors
/// When a zone is unknown.
pub fn run() -> Result<Vec<Line>, Error> {
    let cases: Vec<Case> = (0..SCHEDULES).map(case).collect::<Result<_, Error>>()?;
    let window: Span = Span::new(year().start, year().start.plus_ms(AHEAD_DAYS * DAY_MS));
    let rendered: Vec<f64> = rounds(|| cases.iter().map(|case| segments(case, window).len()).sum());
    let found: Vec<f64> = rounds(|| cases.iter().map(|case| gaps_of(case, window)).sum());
    Ok(vec![
        Line::lower("oncall", "90 days, 20 schedules, 6 layers, p50", percentile(&rendered, 0.5), "ms"),
        Line::lower("oncall", "90 days, 20 schedules, 6 layers, slowest", percentile(&rendered, 1.0), "ms").with_goal(GOAL_MS),
        Line::lower("oncall", "the same with gaps found, p50", percentile(&found, 0.5), "ms"),
    ])
}

fn case(seed: u32) -> Result<Case, Error> {
    let zone: &str = ZONES[seed as usize % ZONES.len()];
    Ok((schedule(zone, seed), overrides(seed), almanac(zone)?))
}

fn segments((schedule, overrides, almanac): &Case, window: Span) -> Vec<Segment> {
    render(schedule, overrides, almanac, window)
}

fn gaps_of(case: &Case, window: Span) -> usize {
    gaps(&segments(case, window), &required(&case.0, &case.2, window)).len()
}

/// Milliseconds of each round.
fn rounds(work: impl Fn() -> usize) -> Vec<f64> {
    let mut took: Vec<f64> = Vec::with_capacity(ROUNDS);
    for round in 0..WARM_UP + ROUNDS {
        let began: Instant = Instant::now();
        let _n_found: usize = black_box(work());
        if round >= WARM_UP {
            took.push(ms_since(began));
        }
    }
    took
}
