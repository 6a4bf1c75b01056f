//! What the server sends of a dashboard before any script runs: which panels have their curves already, how much that is, how long it takes.

use super::BENCH;
use super::board::Board;
use super::world::World;
use crate::benches::served;
use crate::error::Error;
use crate::line::{Line, percentile};

/// Of the issue.
const N_PANELS: usize = 12;
/// What is looked back at, and how a file says it.
const HOURS: i64 = 6;
const SPAN: &str = "6h";
const SLUG: &str = "bench-12";
const REQUESTS: usize = 200;
const GOAL_KB: f64 = 100.0;
/// A curve has at least so many corners; a frame and an empty axis have fewer.
const LEAST_CORNERS: usize = 20;

/// The dashboard that is read here and in `loads` and `hands`, on its house.
pub(super) async fn twelve() -> Result<(World, Board), Error> {
    let world: World = World::of_lines(HOURS, N_PANELS).await?;
    let board: Board = Board::of_lines(SLUG, SPAN, N_PANELS);
    world.keep(&board).await?;
    Ok((world, board))
}

pub(super) async fn run() -> Result<Vec<Line>, Error> {
    let (world, board) = twelve().await?;
    let path: String = board.path();
    let took: Vec<f64> = served::rendered(world.door(), &path, REQUESTS).await?;
    let html: String = served::html(world.door(), &path).await?;
    let (encoding, wire_kb) = served::wire(world.door(), &path).await?;
    world.close().await?;
    let n_painted: f64 = painted(&html) as f64;
    let case = |said: &str| format!("{N_PANELS} panels, {SPAN}: {said}");
    let size = |said: &str, kilobytes: f64| Line::lower(BENCH, &case(said), kilobytes, "kB");
    Ok(vec![
        Line::higher(BENCH, &case("painted before any script"), n_painted, "panels").with_goal(N_PANELS as f64),
        size(&format!("HTML as a browser gets it ({encoding})"), wire_kb).with_goal(GOAL_KB),
        size("HTML, not compressed", html.len() as f64 / 1e3),
        Line::lower(BENCH, &case("rendered, p50"), percentile(&took, 0.5), "ms"),
        Line::lower(BENCH, &case("rendered, p95"), percentile(&took, 0.95), "ms"),
    ])
}

/// Figures whose picture has a curve or an area of a series in it.
fn painted(html: &str) -> usize {
    html.split("data-figure=").skip(1).filter(|figure| has_curve(figure)).count()
}

fn has_curve(figure: &str) -> bool {
    let picture = figure.split_once("<svg class=\"chart\"").and_then(|(_, rest)| rest.split_once("</svg>"));
    picture.is_some_and(|(svg, _)| svg.split("<path class=\"chart__").skip(1).any(is_curve))
}

/// A path from its class on, such as `line s-1" d="M1 2l.5-3 1 2h5"/>`: each corner has at least one of the signs that part numbers.
fn is_curve(path: &str) -> bool {
    let is_series: bool = path.starts_with("line ") || path.starts_with("area ");
    let steps: &str = path.split_once(" d=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default();
    is_series && steps.matches(['l', 'h', 'v', ' ', '-', '.']).count() >= LEAST_CORNERS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(class: &str, n_corners: usize) -> String {
        let steps: String = "l3 4".repeat(n_corners);
        format!(
            "<div class=\"figure\" data-figure=\"p\"><svg class=\"chart\" viewBox=\"0 0 9 9\"><path class=\"chart__grid\" d=\"M1 1{steps}\"/>\
             <path class=\"{class}\" d=\"M1 2{steps}\"/></svg></div>"
        )
    }

    #[test]
    fn only_pictures_with_curves_are_counted() {
        let line: String = figure("chart__line s-1", LEAST_CORNERS);
        let all: String = [
            "<div data-figures=\"\">".to_owned(),
            line.clone(),
            figure("chart__area f-2", 300),
            figure("chart__line s-1", 3),
            figure("chart__grid", 300),
            "<div data-figure=\"q\"></div>".to_owned(),
            line,
        ]
        .concat();
        assert_eq!(painted(&all), 3);
        assert_eq!(painted(""), 0);
    }
}
