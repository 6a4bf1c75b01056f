//! What else was unusual: every metric's window against what came before it, the most unlike first.
//!
//! Nothing is kept for this: each metric is asked once over the window and its past, as one line. So there are bounds to how many are
//! asked and how long that may take, and the answer says what they left out.

use crate::apis::explore::score::{Unlike, unlike};
use crate::apis::explore::span::{HOUR_MS, invalid};
use crate::apis::explore::{asking, names, unit};
use crate::wiring::House;
use ::api::ApiError;
use ::api::explore::{UnlikeRow, UnlikeView};
use expression::offer::selector;
use figures::Unit;
use futures::StreamExt;
use futures::stream;
use metrics::eval::Value;
use metrics::listing::{Listing, Scope};
use metrics::source::{Point, SeriesData};
use model::Time;
use promql::ast::METRIC_NAME;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// How much came before the window, in windows.
const PAST_WINDOWS: i64 = 8;
/// Points of the window; the past has as many for each of its windows.
const POINTS: i64 = 6;
/// Finer than this most senders don't send.
const FINEST_MS: i64 = 15_000;
/// Counters are read as rates over at least this long, so that two samples of a slow sender lie in it.
const LEAST_RATE_MS: i64 = 150_000;
/// The shortest and the longest window.
const SHORTEST_MS: i64 = 60_000;
const LONGEST_MS: i64 = 7 * 24 * HOUR_MS;
/// Metrics that are asked, how many at once, and how long in all.
const MOST_ASKED: usize = 300;
const AT_ONCE: usize = 4;
const LONGEST: Duration = Duration::from_secs(5);
/// Rows that are shown, and the least unlike one: below two deviations everything is as ever now and then.
const MOST_SHOWN: usize = 20;
const LEAST_SCORE: f64 = 2.0;
/// Endings of names that say nothing by themselves: the parts of histograms, and when a counter began.
const LEFT_OUT: [&str; 2] = ["_bucket", "_created"];
/// Endings of names whose values only grow.
const COUNTERS: [&str; 3] = ["_total", "_count", "_sum"];

/// The window, and what is asked over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    from: Time,
    to: Time,
    since: Time,
    step_ms: i64,
}

impl Window {
    fn of((from, to): (i64, i64)) -> Result<Self, ApiError> {
        let length_ms: i64 = to.saturating_sub(from);
        let since: i64 = from.saturating_sub(length_ms.saturating_mul(PAST_WINDOWS));
        if since < 0 || !(SHORTEST_MS..=LONGEST_MS).contains(&length_ms) {
            return Err(invalid("mark", "two moments, from one minute to seven days apart"));
        }
        Ok(Self { from: Time(from), to: Time(to), since: Time(since), step_ms: (length_ms / POINTS).max(FINEST_MS) })
    }
}

/// What became of one metric.
enum Judged {
    Unlike(UnlikeRow),
    AsEver,
    Unanswered,
}

/// Ranks metrics by how unlike their past they were in a window. Those that are kin to what is `asked` are looked at first.
///
/// # Errors
/// `Invalid` for a window that is too short, too long or before 1970; `TryLater`, `Unavailable`.
pub async fn ranked(house: &House, mark: (i64, i64), asked: &[String]) -> Result<UnlikeView, ApiError> {
    let window: Window = Window::of(mark)?;
    let scope = Scope { since: window.from, ..Scope::default() };
    let known: Listing<String> = house.metrics.label_values(METRIC_NAME, scope).await.map_err(|error| names::unlisted(&error))?;
    let chosen: Vec<String> = chosen(known.found, asked);
    let (n_known, chosen) = (chosen.len(), chosen.into_iter().take(MOST_ASKED).collect::<Vec<String>>());
    let n_chosen: usize = chosen.len();
    let each: Vec<_> = chosen.into_iter().map(|metric| judged(house.clone(), metric, window)).collect();
    let time_is_over = Box::pin(tokio::time::sleep(LONGEST));
    let all: Vec<Judged> = stream::iter(each).buffer_unordered(AT_ONCE).take_until(time_is_over).collect().await;
    Ok(view(window, all, n_chosen, n_known))
}

fn view(window: Window, all: Vec<Judged>, n_chosen: usize, n_known: usize) -> UnlikeView {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let n_looked: usize = all.len();
    let n_unanswered: usize = all.iter().filter(|one| matches!(one, Judged::Unanswered)).count();
    let mut rows: Vec<UnlikeRow> =
        all.into_iter().filter_map(|one| if let Judged::Unlike(row) = one { Some(row) } else { None }).collect();
    rows.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.metric.cmp(&b.metric)));
    rows.truncate(MOST_SHOWN);
    UnlikeView {
        from: window.from,
        to: window.to,
        since: window.since,
        rows,
        n_looked: number(n_looked),
        n_known: number(n_known),
        n_unanswered: number(n_unanswered),
        is_cut: n_looked < n_chosen,
    }
}

/// The metrics in the order in which they are looked at: first those whose names begin like one that is asked about, then a name of each
/// beginning in turn, so that no sender with many metrics pushes the others out.
fn chosen(known: Vec<String>, asked: &[String]) -> Vec<String> {
    let kin: Vec<&str> = asked.iter().map(|name| beginning(name)).collect();
    let (mut first, mut others): (Vec<String>, BTreeMap<String, VecDeque<String>>) = (Vec::new(), BTreeMap::new());
    for name in known.into_iter().filter(|name| !LEFT_OUT.iter().any(|ending| name.ends_with(ending))) {
        if kin.contains(&beginning(&name)) {
            first.push(name);
        } else {
            others.entry(beginning(&name).to_owned()).or_default().push_back(name);
        }
    }
    while !others.is_empty() {
        first.extend(others.values_mut().filter_map(VecDeque::pop_front));
        others.retain(|_, names| !names.is_empty());
    }
    first
}

fn beginning(name: &str) -> &str {
    name.split(['_', ':']).next().unwrap_or(name)
}

async fn judged(house: House, metric: String, window: Window) -> Judged {
    let expression: String = expression(&metric, window.step_ms);
    let Ok(expr) = asking::read(&expression) else { return Judged::AsEver };
    let answer = house.metrics.range(&expr, window.since, window.to, window.step_ms).await;
    match answer {
        Ok(answer) => match answer.value {
            Value::Matrix(matrix) => row(metric, expression, unit::of(&expr), &matrix, window),
            Value::Scalar(_) | Value::String(_) | Value::Vector(_) => Judged::AsEver,
        },
        Err(error) => {
            tracing::debug!(error = &error as &dyn std::error::Error, metric, "a metric was not compared with its past");
            Judged::Unanswered
        }
    }
}

/// One line of a metric: how fast all its counters grow together, or what its gauges are on the average.
fn expression(metric: &str, step_ms: i64) -> String {
    let selector: String = selector(metric, &[]);
    if COUNTERS.iter().any(|ending| metric.ends_with(ending)) {
        let over_s: i64 = (step_ms * 2).max(LEAST_RATE_MS) / 1_000;
        format!("sum(rate({selector}[{over_s}s]))")
    } else {
        format!("avg({selector})")
    }
}

fn row(metric: String, expression: String, unit: Unit, matrix: &[SeriesData], window: Window) -> Judged {
    let Some(series) = matrix.first() else { return Judged::AsEver };
    let values = |is_here: &dyn Fn(&Point) -> bool| -> Vec<f64> {
        series.points.iter().filter(|point| is_here(point)).map(|point| point.value).collect()
    };
    let past: Vec<f64> = values(&|point: &Point| point.at <= window.from.0);
    let inside: Vec<f64> = values(&|point: &Point| point.at > window.from.0);
    match unlike(&past, &inside) {
        Some(Unlike { score, usual, inside }) if score >= LEAST_SCORE => Judged::Unlike(UnlikeRow {
            metric,
            expression,
            unit,
            score,
            usual,
            inside,
            points: series.points.iter().map(|point| (point.at, point.value)).collect(),
        }),
        _ => Judged::AsEver,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_a_past_eight_times_as_long() {
        let window = Window::of((10_000_000, 10_600_000)).unwrap();
        assert_eq!((window.since, window.step_ms), (Time(5_200_000), 100_000));
        assert_eq!(Window::of((10_000_000, 10_060_000)).unwrap().step_ms, FINEST_MS);
        for odd in [(10, 5), (0, 600_000), (10_000_000, 10_000_001), (0, i64::MAX), (i64::MIN, i64::MAX)] {
            assert!(Window::of(odd).is_err(), "{odd:?}");
        }
    }

    #[test]
    fn kin_come_first_and_nobody_pushes_the_others_out() {
        let names = |all: &[&str]| -> Vec<String> { all.iter().map(|name| (*name).to_owned()).collect() };
        let known = names(&["app_a", "app_b", "app_c", "app_d_bucket", "db_a", "http_a", "http_b"]);
        assert_eq!(chosen(known.clone(), &names(&["http_requests"])), ["http_a", "http_b", "app_a", "db_a", "app_b", "app_c"]);
        assert_eq!(chosen(known, &[]), ["app_a", "db_a", "http_a", "app_b", "http_b", "app_c"]);
    }

    #[test]
    fn counters_are_read_as_rates() {
        assert_eq!(expression("requests_total", 100_000), "sum(rate(requests_total[200s]))");
        assert_eq!(expression("requests_total", 15_000), "sum(rate(requests_total[150s]))");
        assert_eq!(expression("queue.length", 15_000), "avg({\"queue.length\"})");
    }

    #[test]
    fn the_most_unlike_stands_first_and_what_was_left_out_is_counted() {
        let window = Window::of((4_800_000, 5_400_000)).unwrap();
        let series = |last: f64| {
            let value = |at: i64| if at > window.from.0 { last } else { f64::from(u8::try_from(at / 100_000 % 3).unwrap()) };
            let points = (0..=54).map(|index| index * 100_000).map(|at| Point { at, value: value(at) }).collect();
            vec![SeriesData { labels: model::labels::Labels::default(), points }]
        };
        let judged = |name: &str, last: f64| row(name.to_owned(), String::new(), Unit::None, &series(last), window);
        let all = vec![judged("calm", 1.0), judged("jumped", 50.0), judged("leapt", 90.0), Judged::Unanswered];
        let found = view(window, all, 5, 400);
        let names: Vec<&str> = found.rows.iter().map(|row| row.metric.as_str()).collect();
        assert_eq!(names, ["leapt", "jumped"]);
        assert_eq!((found.n_looked, found.n_unanswered, found.n_known, found.is_cut), (4, 1, 400, true));
        assert_eq!((found.rows[0].usual, found.rows[0].inside, found.rows[0].points.len()), (1.0, 90.0, 55));
    }
}
