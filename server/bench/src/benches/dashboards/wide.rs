//! Five thousand series asked for at once, in Explore and on a panel: how it feels while they come and when they are there, and whether the
//! screen says how many of them it shows.

use super::board::{Board, Panel};
use super::vitals::Felt;
use super::world::World;
use super::{BENCH, SLOW, browser};
use crate::error::Error;
use crate::line::Line;
use crate::load::fleet::{Series, gauges};
use model::links;
use serde::Deserialize;

/// Of the issue.
const N_SERIES: usize = 5_000;
const GOAL_MS: f64 = 200.0;
/// What [`gauges`] are called.
const METRIC: &str = "bench_temperature_celsius";
const HOURS: i64 = 1;
const SPAN: &str = "1h";
const SLUG: &str = "bench-wide";
/// The whole width.
const COLUMNS: u8 = 24;

/// What a hand felt of a screen, and what the screen says of the answer.
#[derive(Clone, Debug, Deserialize)]
struct Touched {
    #[serde(flatten)]
    felt: Felt,
    /// What stands where a screen says how much it shows.
    said: Vec<String>,
}

#[derive(Deserialize)]
struct Wide {
    explore: Touched,
    panel: Touched,
}

/// As fast as this machine is, which has the goal; and slowed down, which is watched.
pub(super) async fn run() -> Result<Vec<Line>, Error> {
    let all: Vec<Series> = gauges(N_SERIES);
    let world: World = World::open(HOURS, N_SERIES, &|at: usize| all[at].clone()).await?;
    let board: Board = board();
    world.keep(&board).await?;
    let paths: [String; 2] = [links::explore(METRIC, SPAN), board.path()];
    let usual: Wide = browser::measure("wide", &world, &paths, 1).await?;
    let slow: Wide = browser::measure("wide", &world, &paths, SLOW).await?;
    world.close().await?;
    let mut lines: Vec<Line> = Vec::new();
    for (place, touched, slowed) in [("in Explore", &usual.explore, &slow.explore), ("on a panel", &usual.panel, &slow.panel)] {
        let case: String = format!("{N_SERIES} series {place}");
        lines.extend(touched.felt.lines(&case, Some(GOAL_MS))?);
        lines.extend(slowed.felt.lines(&format!("{case}, {SLOW} × slower"), None)?);
        let says: f64 = f64::from(u8::from(says_how_many(&touched.said, N_SERIES)));
        lines.push(Line::higher(BENCH, &format!("{case}: says how many are shown"), says, "").with_goal(1.0));
    }
    Ok(lines)
}

fn board() -> Board {
    let (id, expr): (String, String) = ("wide".to_owned(), METRIC.to_owned());
    let panel = Panel { id, kind: "line", expr, name: "{{instance}} {{job}} {{path}}", width: COLUMNS };
    Board { slug: SLUG, span: SPAN, panels: vec![panel] }
}

/// Whether one of the sentences names all of them and, smaller, those that are shown. In any language: only the numbers are read.
fn says_how_many(said: &[String], n_series: usize) -> bool {
    said.iter().any(|sentence| {
        let found: Vec<usize> = numbers(sentence);
        found.contains(&n_series) && found.iter().any(|number| (1..n_series).contains(number))
    })
}

/// Whole numbers of a sentence; `5,000` is one.
fn numbers(sentence: &str) -> Vec<usize> {
    let plain: String = sentence.replace(',', "");
    plain.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_must_name_all_and_those_that_are_shown() {
        for (sentence, says) in [
            ("Only the first 50 of 5,000 are drawn, so that they can be told apart", true),
            ("5000 系列のうち、最新値が大きい 50 系列を表示しています。", true),
            ("5,000 series", false),
            ("The first 50", false),
            ("", false),
        ] {
            assert_eq!(says_how_many(&["1".to_owned(), sentence.to_owned()], 5_000), says, "{sentence}");
        }
        assert!(!says_how_many(&["50".to_owned(), "5,000".to_owned()], 5_000), "it is one sentence");
    }

    #[test]
    fn the_panel_keeps_the_laws_of_dashboards() {
        use dashboards::file::{DashboardFile, read};
        assert!(read(&[DashboardFile { name: "bench".to_owned(), text: board().file() }]).is_ok());
    }
}
