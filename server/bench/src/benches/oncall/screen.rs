//! An incident of two thousand lines: how soon the server answers with its screen, how soon a browser that knows nothing of the house paints
//! it, and how soon somebody who looks at it sees what somebody else writes.

use super::browser::Asked;
use super::{BENCH, browser, incident};
use crate::benches::alerting::console::Console;
use crate::benches::alerting::setup;
use crate::benches::served;
use crate::door::Door;
use crate::error::Error;
use crate::house::House;
use crate::line::{Line, percentile};
use model::ids::IncidentId;
use model::links;
use serde::Deserialize;
use std::time::Instant;

/// Of the issue.
const NOTES: usize = 2_000;
const CASE: &str = "incident of 2,000 lines";
const PAINT_GOAL_MS: f64 = 1_000.0;
const SEEN_GOAL_MS: f64 = 1_000.0;
const REQUESTS: usize = 60;
/// How each line of the story begins.
const LINE: &str = "data-key=\"line-";

/// What the browser measured, in milliseconds.
#[derive(Debug, Deserialize)]
struct Seen {
    /// First contentful paint of each opening with an empty cache, on 1440 × 900 and on 390 × 844.
    desktop: Vec<f64>,
    phone: Vec<f64>,
    notes: Notes,
}

/// From sending the form of a note in one browser until its line stands in the document of another one.
#[derive(Debug, Deserialize)]
struct Notes {
    /// Of one who writes, so that the other screen was still for a second.
    alone: Vec<f64>,
    /// Each sooner after the one before: the other screen, which is drawn once a second at most, may wait for its turn.
    close: Vec<f64>,
}

pub(super) async fn run() -> Result<Vec<Line>, Error> {
    let mut house: House = House::set_up_with(setup::settings("127.0.0.0/8")).await?;
    setup::apply(&house, &[setup::no_rules()]).await?;
    let console: Console = Console::sign_in(&house.door.url).await?;
    let id: IncidentId = incident::declare(&house, &console).await?;
    let began: Instant = Instant::now();
    incident::write(&house, &console, id, NOTES).await?;
    eprintln!("   {NOTES} notes written in {:.1} s", began.elapsed().as_secs_f64());
    let path: String = links::incident(id);
    let mut lines: Vec<Line> = answered(&house.door, &path).await?;
    let cookies: [String; 2] = [house.door.cookie(), console.cookie().to_owned()];
    let asked = Asked { url: &house.door.url, cookies: &cookies, paths: &[path] };
    let seen: Option<Seen> = browser::measure("screen", &asked).await?;
    house.stop().await?;
    lines.extend(seen.iter().flat_map(told));
    Ok(lines)
}

/// What the server does, without a browser.
async fn answered(door: &Door, path: &str) -> Result<Vec<Line>, Error> {
    let took: Vec<f64> = served::rendered(door, path, REQUESTS).await?;
    let html: String = served::html(door, path).await?;
    let (encoding, wire_kb) = served::wire(door, path).await?;
    let n_lines: usize = html.matches(LINE).count();
    if n_lines == 0 {
        return Err(Error::unreadable("the story of an incident", &html));
    }
    let lower = |said: &str, value: f64, unit: &str| Line::lower(BENCH, &format!("{CASE}: {said}"), value, unit);
    Ok(vec![
        lower("rendered, p50", percentile(&took, 0.5), "ms"),
        lower("rendered, p95", percentile(&took, 0.95), "ms"),
        lower(&format!("HTML as a browser gets it ({encoding})"), wire_kb, "kB"),
        lower("HTML, not compressed", html.len() as f64 / 1e3, "kB"),
        Line::higher(BENCH, &format!("{CASE}: lines on the screen, the newest first"), n_lines as f64, "lines"),
    ])
}

fn told(seen: &Seen) -> Vec<Line> {
    let lower = |said: &str, value: f64| Line::lower(BENCH, &format!("{CASE}: {said}"), value, "ms");
    let mut lines: Vec<Line> = Vec::new();
    for (size, took) in [("1440 × 900", &seen.desktop), ("390 × 844", &seen.phone)] {
        let said: String = format!("{size}, first contentful paint of a cold load, median of {}", took.len());
        lines.push(lower(&said, percentile(took, 0.5)).with_goal(PAINT_GOAL_MS));
        lines.push(lower(&format!("{size}, first contentful paint, slowest"), percentile(took, 1.0)));
    }
    for (which, took) in [("after more than a second", &seen.notes.alone), ("within a second of another", &seen.notes.close)] {
        let said: String = format!("a note sent {which} to its line in another browser's document, {} notes", took.len());
        lines.push(lower(&format!("{said}, p50"), percentile(took, 0.5)));
        lines.push(lower(&format!("{said}, slowest"), percentile(took, 1.0)).with_goal(SEEN_GOAL_MS));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benches::browser::read;

    const SAID: &str = r#"{"desktop":[400,1200.5,300],"phone":[1500,1400,900],"notes":{"alone":[80,90],"close":[80,1001,90]}}"#;

    #[test]
    fn the_median_of_paints_and_the_slowest_note_have_the_goals() {
        let lines: Vec<Line> = told(&read(SAID).unwrap());
        let paints: Vec<(f64, bool)> = lines[..4].iter().map(|line| (line.value, line.ok)).collect();
        assert_eq!(paints, [(400.0, true), (1200.5, true), (1400.0, false), (1500.0, true)]);
        let notes: Vec<(f64, bool)> = lines[4..].iter().map(|line| (line.value, line.ok)).collect();
        assert_eq!(notes, [(80.0, true), (90.0, true), (90.0, true), (1001.0, false)]);
        assert!(lines[7].case.ends_with("3 notes, slowest"), "{}", lines[7].case);
    }

    #[test]
    fn what_was_not_seen_meets_no_goal() {
        let notes = Notes { alone: Vec::new(), close: Vec::new() };
        let seen = Seen { desktop: Vec::new(), phone: Vec::new(), notes };
        assert!(told(&seen).iter().all(|line| !line.ok));
        assert!(read::<Seen>(&SAID.replace("[400", "[null")).is_err());
    }
}
