//! Painting a chart of three series of 400 points: as SVG for the first paint, and as the display list the browser replays.

use crate::line::{Line, percentile};
use chart::{Limit, Plot, Series, Size, display, encode, svg};
use figures::{Locale, Zone};
use std::hint::black_box;
use std::time::Instant;

const SERIES: u8 = 3;
/// Points of a line.
const POINTS: i64 = 400;
const STEP_MS: i64 = 15_000;
const ROUNDS: usize = 300;
/// Until caches and branch predictors have seen it.
const WARM_UP: usize = 30;
/// 2026-11-22 14:05 in Tokyo.
const FROM_MS: i64 = 1_795_323_900_000;

/// Medians, in microseconds: shorter than a redraw could be noticed, so there is no goal but the peer's figure.
pub fn run() -> Vec<Line> {
    let plot = plot(POINTS);
    let panel = rounds(|| drop(black_box(svg(black_box(&plot), Size::PANEL, "CPU"))));
    let wide = rounds(|| drop(black_box(svg(black_box(&plot), Size::WIDE, "CPU"))));
    let list = rounds(|| drop(black_box(encode(&display(black_box(&plot), Size::PANEL)))));
    let drawn = display(&plot, Size::PANEL);
    let packed = rounds(|| drop(black_box(encode(black_box(&drawn)))));
    let bytes = svg(&plot, Size::PANEL, "CPU").len() as f64;
    vec![
        Line::lower("chart", "svg, panel, 3 × 400 points", panel, "µs"),
        Line::lower("chart", "svg, wide, 3 × 400 points", wide, "µs"),
        Line::lower("chart", "display list drawn and packed, panel", list, "µs"),
        Line::lower("chart", "display list packed, panel", packed, "µs"),
        Line::lower("chart", "size of the panel's svg", bytes / 1_000.0, "kB"),
    ]
}

/// The median of many rounds in microseconds.
pub fn rounds(mut paint: impl FnMut()) -> f64 {
    (0..WARM_UP).for_each(|_| paint());
    let mut took: Vec<f64> = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let began = Instant::now();
        paint();
        took.push(began.elapsed().as_secs_f64() * 1e6);
    }
    percentile(&took, 0.5)
}

/// Three series of so many points.
pub fn plot(n_points: i64) -> Plot {
    let mut plot = Plot::new(FROM_MS, FROM_MS + n_points * STEP_MS, Zone::utc(), Locale::Ja);
    plot.gap_ms = 3 * STEP_MS;
    plot.limits.push(Limit { value: 80.0, severity: 1, label: String::new() });
    plot.series.extend((1..=SERIES).map(|style| series(style, n_points)));
    plot
}

fn series(style: u8, n_points: i64) -> Series {
    let value = |at: i64| 50.0 + 30.0 * (at as f64 / 20.0 * f64::from(style)).sin() + (at * 7_919 % 101) as f64 / 10.0;
    let points = (0..n_points).map(|at| (FROM_MS + at * STEP_MS, value(at))).collect();
    Series { name: format!("cpu{style}"), style, points, fill: style == 1 }
}
