//! Twenty schedules with six layers each in a browser. The server draws these screens, so what a browser does for them begins where the last
//! byte of an answer is there: it is parsed, put into the document by `public/screen.js`, laid out and painted.
//!
//! No screen shows ninety days of twenty schedules at once. The overview shows all of them at this moment; the longest span of a schedule is
//! a month in whole weeks, so up to six weeks. Both are opened as by a link, and a month is followed by the next one as by its button.

use super::browser::Asked;
use super::rosters::SCHEDULES;
use super::{BENCH, browser, rosters};
use crate::benches::alerting::console::Console;
use crate::benches::alerting::setup;
use crate::benches::served;
use crate::error::Error;
use crate::house::House;
use crate::line::{Line, percentile};
use crate::samples::now;
use chrono::{Months, NaiveDate};
use model::links;
use serde::Deserialize;

/// Of the issue.
const GOAL_MS: f64 = 100.0;
const REQUESTS: usize = 30;
/// The longest there is.
const SPAN: &str = "month";
const OVERVIEW: &str = "overview of 20 schedules × 6 layers";
const MONTH: &str = "month of one of 20 schedules × 6 layers";
/// How each week of a month begins, and how many any month has.
const WEEK: &str = "data-week";
const LEAST_WEEKS: usize = 4;

/// From the last byte of an answer until it is painted, in milliseconds.
#[derive(Debug, Deserialize)]
struct Painted {
    /// The screen of all schedules.
    overview: Vec<f64>,
    /// A schedule's month, opened from another screen.
    month: Vec<f64>,
    /// The month after it, in the place of the one before.
    next: Vec<f64>,
}

pub(super) async fn run() -> Result<Vec<Line>, Error> {
    let mut house: House = House::set_up_with(setup::settings("127.0.0.0/8")).await?;
    let console: Console = Console::sign_in(&house.door.url).await?;
    rosters::keep(&house, &console).await?;
    let paths: Vec<String> = paths(now().to_utc().date_naive());
    check(&served::html(&house.door, &paths[0]).await?, &served::html(&house.door, &paths[1]).await?)?;
    let mut lines: Vec<Line> = Vec::new();
    for (path, name) in paths.iter().zip([OVERVIEW, MONTH]) {
        let took: Vec<f64> = served::rendered(&house.door, path, REQUESTS).await?;
        lines.push(Line::lower(BENCH, &format!("{name}: rendered by the server, p50"), percentile(&took, 0.5), "ms"));
    }
    let cookies: [String; 1] = [house.door.cookie()];
    let asked = Asked { url: &house.door.url, cookies: &cookies, paths: &paths };
    let painted: Option<Painted> = browser::measure("painted", &asked).await?;
    house.stop().await?;
    lines.extend(painted.iter().flat_map(told));
    Ok(lines)
}

/// The overview; then of each schedule the month of that day and the next one.
fn paths(today: NaiveDate) -> Vec<String> {
    let next: NaiveDate = today.checked_add_months(Months::new(1)).unwrap_or(today);
    let months = |number: usize| [today, next].map(|day| links::schedule_at(&rosters::name(number), SPAN, &day.to_string()));
    std::iter::once(links::ONCALL.to_owned()).chain((0..SCHEDULES).flat_map(months)).collect()
}

/// Whether the overview has all schedules and a month all its weeks: of an empty screen no figure means anything.
fn check(overview: &str, month: &str) -> Result<(), Error> {
    let n_weeks: usize = month.matches(WEEK).count();
    if n_weeks < LEAST_WEEKS {
        return Err(Error::unreadable("the weeks of a month", month));
    }
    let is_there = |number: usize| overview.contains(&format!("{}\"", links::schedule(&rosters::name(number))));
    if (0..SCHEDULES).all(is_there) { Ok(()) } else { Err(Error::unreadable("the schedules on call", overview)) }
}

fn told(painted: &Painted) -> Vec<Line> {
    let cases: [(&str, &Vec<f64>); 3] =
        [(OVERVIEW, &painted.overview), (MONTH, &painted.month), ("the same month turned to the next", &painted.next)];
    let mut lines: Vec<Line> = Vec::new();
    for (name, took) in cases {
        let said: String = format!("{name}: the answer's last byte to painted in Chromium (parse, put, lay out, paint)");
        let lower = |which: &str, share: f64| Line::lower(BENCH, &format!("{said}, {which}"), percentile(took, share), "ms");
        lines.push(lower(&format!("median of {}", took.len()), 0.5).with_goal(GOAL_MS));
        lines.push(lower("slowest", 1.0));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benches::browser::read;

    #[test]
    fn every_schedule_is_turned_to_in_this_month_and_in_the_next() {
        let paths: Vec<String> = paths(NaiveDate::from_ymd_opt(2026, 12, 31).unwrap());
        assert_eq!((paths.len(), paths[0].as_str()), (1 + 2 * SCHEDULES, "/oncall"));
        assert_eq!(paths[1..3], ["/oncall/bench-00?view=month&at=2026-12-31", "/oncall/bench-00?view=month&at=2027-01-31"]);
        assert!(paths[2 * SCHEDULES].starts_with("/oncall/bench-19?"));
    }

    #[test]
    fn screens_that_lack_a_schedule_or_a_week_are_refused() {
        let overview: String = (0..SCHEDULES).map(|number| format!("<a href=\"/oncall/bench-{number:02}\">")).collect();
        let month: String = "<table data-week=\"\">".repeat(LEAST_WEEKS);
        assert!(check(&overview, &month).is_ok());
        assert!(check(&overview.replace("bench-07", "other"), &month).is_err());
        assert!(check(&overview, "<table data-week=\"\">").is_err());
    }

    #[test]
    fn medians_have_the_goal() {
        let painted: Painted = read(r#"{"overview":[20,300,30],"month":[140,150,90],"next":[]}"#).unwrap();
        let lines: Vec<Line> = told(&painted);
        let good: Vec<bool> = lines.iter().map(|line| line.ok).collect();
        assert_eq!(good, [true, true, false, true, false, false]);
        assert_eq!((lines[0].value, lines[1].value, lines[2].value), (30.0, 300.0, 140.0));
        assert!(lines[0].case.ends_with("median of 3") && lines[0].goal == Some(GOAL_MS), "{}", lines[0].case);
    }
}
