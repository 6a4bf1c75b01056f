//! One panel of three series as a picture: as SVG within this process, and over HTTP as SVG and as PNG.
//!
//! What fills PNGs in is the server's own (`server/src/pictures`), so it is timed from outside: both answers ask the same, lay the same out
//! and differ in the writing alone. What PNG takes more than SVG, and the SVG itself, is the time of the PNG.

use super::BENCH;
use super::board::Board;
use super::world::World;
use crate::benches::chart::{plot, rounds};
use crate::door::Door;
use crate::error::Error;
use crate::line::{Line, ms_since, percentile};
use chart::{Plot, Size, svg};
use model::links::dashboards as ways;
use std::hint::black_box;
use std::time::Instant;

/// Of the issue: of three series.
const POINTS: i64 = 720;
const SVG_GOAL_MS: f64 = 0.3;
const PNG_GOAL_MS: f64 = 10.0;
const REQUESTS: usize = 200;
const WARM_UP: usize = 20;
const SLUG: &str = "bench-picture";
const HOURS: i64 = 3;
const SPAN: &str = "3h";

pub(super) async fn run() -> Result<Vec<Line>, Error> {
    let plot: Plot = plot(POINTS);
    let svg_ms: f64 = rounds(|| drop(black_box(svg(black_box(&plot), Size::PANEL, "CPU")))) / 1e3;
    let world: World = World::of_lines(HOURS, 1).await?;
    let board: Board = Board::of_lines(SLUG, SPAN, 1);
    world.keep(&board).await?;
    let key: &str = board.panels.first().map_or("", |panel| panel.id.as_str());
    let asked: Asked = asked(world.door(), key).await?;
    world.close().await?;
    let png_ms: f64 = percentile(&asked.more_ms(), 0.5) + svg_ms;
    let over_http = |what: &str, took: &[f64], share: f64| {
        let case: String = format!("one panel's {what} over HTTP, {SPAN} of 3 series, p{:.0}", share * 100.0);
        Line::lower(BENCH, &case, percentile(took, share), "ms")
    };
    Ok(vec![
        Line::lower(BENCH, "one panel as SVG, 3 × 720 points, median", svg_ms, "ms").with_goal(SVG_GOAL_MS),
        Line::lower(BENCH, "one panel as PNG: what it takes more than SVG, and that", png_ms, "ms").with_goal(PNG_GOAL_MS),
        over_http("SVG", &asked.svg_ms, 0.5),
        over_http("SVG", &asked.svg_ms, 0.95),
        over_http("PNG", &asked.png_ms, 0.5),
        over_http("PNG", &asked.png_ms, 0.95),
    ])
}

/// How long the answers took, pair by pair.
struct Asked {
    svg_ms: Vec<f64>,
    png_ms: Vec<f64>,
}

impl Asked {
    fn more_ms(&self) -> Vec<f64> {
        self.png_ms.iter().zip(&self.svg_ms).map(|(png, svg)| png - svg).collect()
    }
}

/// In turn, so that whatever else the machine does hits both.
async fn asked(door: &Door, key: &str) -> Result<Asked, Error> {
    let (svg, png): (String, String) = (ways::panel_svg(SLUG, key, ""), ways::panel_png(SLUG, key, ""));
    let mut found = Asked { svg_ms: Vec::with_capacity(REQUESTS), png_ms: Vec::with_capacity(REQUESTS) };
    for round in 0..WARM_UP + REQUESTS {
        let (svg_ms, png_ms) = (timed(door, &svg).await?, timed(door, &png).await?);
        if round >= WARM_UP {
            found.svg_ms.push(svg_ms);
            found.png_ms.push(png_ms);
        }
    }
    Ok(found)
}

async fn timed(door: &Door, path: &str) -> Result<f64, Error> {
    let began: Instant = Instant::now();
    let answer = door.screen(path).await?;
    let status = answer.status();
    answer.bytes().await?;
    if !status.is_success() {
        return Err(Error::Refused { what: path.to_owned(), status: status.as_u16(), body: String::new() });
    }
    Ok(ms_since(began))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_png_takes_more_is_told_pair_by_pair() {
        let asked = Asked { svg_ms: vec![1.0, 9.0], png_ms: vec![4.0, 11.0] };
        assert_eq!(asked.more_ms(), [3.0, 2.0]);
    }
}
