//! Twenty viewers of forty panels: how long it takes from the acknowledgement of a sample until it is painted before each of them, and what
//! a viewer asks the server for meanwhile. As many of them are tabs as this machine has memory and speed for; the others hold the same
//! stream without a browser, so that the server works for twenty.

use super::board::{Board, LINES, Panel, line};
use super::world::{World, samples, write};
use super::{BENCH, browser};
use crate::benches::browser::Browser;
use crate::error::Error;
use crate::line::{Line, percentile};
use crate::load::fleet::Series;
use crate::load::motion::Motion;
use crate::samples::now;
use serde::Deserialize;
use std::time::Duration;
use tokio::time::sleep;

/// Of the issue; the first of the panels is the one that is watched.
const N_PANELS: usize = 40;
const HOURS: i64 = 1;
const SPAN: &str = "1h";
const SLUG: &str = "bench-40";
const GOAL_MS: f64 = 1_000.0;
/// A minute of samples. They come further apart than a board moves, so that each is shown by a tick of its own.
const ROUNDS: u32 = 80;
const APART: Duration = Duration::from_millis(750);
/// A value is written as it is, and in no other tick.
const FIRST: u32 = 101;
/// What a tab may ask for in that minute, its stream included. That is opened anew every five minutes, and after the gap the screen and the
/// count of alerts are fetched (`app/src/served.rs`, three requests); when an alert changes, the count once more and the screen every quarter
/// of a minute (five). The points themselves are never asked for: eighty ticks would be eighty requests.
const MOST_REQUESTS: f64 = 8.0;

/// Who looks.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Ready {
    n_tabs: usize,
    n_plain: usize,
}

/// What was seen of it.
#[derive(Deserialize)]
struct Seen {
    /// Of every tab.
    seen: Vec<Vec<Pulse>>,
    /// What the first tab asked for while samples came: method and path.
    requests: Vec<String>,
    /// Streams that it holds.
    n_open: usize,
    /// Viewers without a browser who were told nothing.
    n_silent: usize,
}

/// A value of the watched panel and the moment, in epoch milliseconds: of its acknowledgement, or of the frame after it was painted.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Pulse {
    value: f64,
    at_ms: f64,
}

pub(super) async fn run() -> Result<Vec<Line>, Error> {
    let world: World = World::of_lines(HOURS, N_PANELS - 1).await?;
    let board: Board = board();
    world.keep(&board).await?;
    let lines: Vec<Series> = (0..(N_PANELS - 1) * LINES).map(line).collect();
    // The panel needs its line before anybody looks.
    beat(&world, &lines, FIRST - 1).await?;
    let mut browser: Browser = browser::open("viewers", &world, &[board.path()], 1).await?;
    let ready: Ready = browser.hear().await?;
    eprintln!("   {} tabs and {} plain streams look on", ready.n_tabs, ready.n_plain);
    let mut written: Vec<Pulse> = Vec::new();
    for round in 0..ROUNDS {
        written.push(beat(&world, &lines, FIRST + round).await?);
        sleep(APART).await;
    }
    browser.tell("over").await?;
    let seen: Seen = browser.hear().await?;
    world.close().await?;
    told(ready, &written, &seen)
}

/// Sends a sample of every panel, the watched one's with this value; when that was acknowledged.
async fn beat(world: &World, lines: &[Series], value: u32) -> Result<Pulse, Error> {
    let value: f64 = f64::from(value);
    let pulse = Series { labels: vec![("__name__".to_owned(), "bench_pulse".to_owned())], motion: Motion::Still(value) };
    let mut all = samples(&[pulse], 0);
    all.extend(samples(lines, u64::from(FIRST)));
    write(world.door(), &all).await?;
    Ok(Pulse { value, at_ms: now().0 as f64 })
}

fn board() -> Board {
    let mut board: Board = Board::of_lines(SLUG, SPAN, N_PANELS - 1);
    // The script knows it by this name.
    let pulse = Panel { id: "pulse".to_owned(), kind: "line", expr: "bench_pulse".to_owned(), name: "pulse", width: 8 };
    board.panels.insert(0, pulse);
    board
}

fn told(ready: Ready, written: &[Pulse], seen: &Seen) -> Result<Vec<Line>, Error> {
    if seen.n_silent > 0 {
        return Err(Error::TooLate { what: "a tick of each plain stream" });
    }
    for request in &seen.requests {
        eprintln!("   asked for meanwhile: {request}");
    }
    let took: Vec<Option<f64>> = seen.seen.iter().flat_map(|tab| until_painted(written, tab)).collect();
    let never: f64 = took.iter().filter(|took| took.is_none()).count() as f64;
    let took: Vec<f64> = took.into_iter().flatten().collect();
    let who: String = format!("{N_PANELS} panels, {} tabs and {} plain streams", ready.n_tabs, ready.n_plain);
    let lower = |said: &str, value: f64, unit: &str| Line::lower(BENCH, &format!("{who}: {said}"), value, unit);
    Ok(vec![
        lower("sample acknowledged to painted, p50", percentile(&took, 0.5), "ms"),
        lower("sample acknowledged to painted, p99", percentile(&took, 0.99), "ms").with_goal(GOAL_MS),
        lower("samples never painted", never, "samples").with_goal(0.0),
        Line::higher(BENCH, &format!("{who}: samples painted"), took.len() as f64, "samples").with_goal(f64::from(ROUNDS)),
        lower("requests of a tab in a minute", seen.requests.len() as f64, "requests").with_goal(MOST_REQUESTS),
        lower("streams of a tab", seen.n_open as f64, "streams").with_goal(1.0),
    ])
}

/// How long each sample took until a tab had painted it, or one that came after it; none where it never did. Values only grow. What was
/// seen before its sender heard of it took no time.
fn until_painted(written: &[Pulse], seen: &[Pulse]) -> Vec<Option<f64>> {
    let took = |sent: &Pulse| {
        let painted: &Pulse = seen.iter().find(|pulse| pulse.value >= sent.value)?;
        Some((painted.at_ms - sent.at_ms).max(0.0))
    };
    written.iter().map(took).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benches::browser::read;

    fn pulse(value: f64, at_ms: f64) -> Pulse {
        Pulse { value, at_ms }
    }

    #[test]
    fn a_sample_is_painted_by_the_first_picture_that_has_it_or_a_newer_one() {
        let written = [pulse(1.0, 100.0), pulse(2.0, 200.0), pulse(3.0, 300.0), pulse(4.0, 400.0)];
        let seen = [pulse(0.0, 90.0), pulse(1.0, 99.0), pulse(3.0, 650.0)];
        assert_eq!(until_painted(&written, &seen), [Some(0.0), Some(450.0), Some(350.0), None]);
    }

    #[test]
    fn what_was_never_painted_is_told_and_silence_is_no_figure() {
        let said = r#"{"seen":[[{"value":1,"at_ms":150}],[]],"requests":["GET /d/bench-40"],"n_open":1,"n_silent":0}"#;
        let mut seen: Seen = read(said).unwrap();
        let ready: Ready = read(r#"{"n_tabs":2,"n_plain":18}"#).unwrap();
        let lines: Vec<Line> = told(ready, &[pulse(1.0, 100.0)], &seen).unwrap();
        assert_eq!((lines[0].value, lines[2].value, lines[2].ok, lines[4].ok), (50.0, 1.0, false, true));
        assert!(lines[0].case.starts_with("40 panels, 2 tabs and 18 plain streams: "), "{}", lines[0].case);
        seen.n_silent = 1;
        assert!(told(ready, &[], &seen).is_err());
    }

    #[test]
    fn the_dashboard_keeps_the_laws_of_dashboards() {
        use dashboards::file::{DashboardFile, read};
        assert!(read(&[DashboardFile { name: "bench".to_owned(), text: board().file() }]).is_ok());
        assert_eq!(board().panels.len(), N_PANELS);
    }
}
