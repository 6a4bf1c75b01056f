//! A spark: one line beside a number, without axes.

use crate::decimate::m4;
use crate::display::number;
use crate::escape::escape;
use crate::plot::Point;
use crate::runs::{clip, runs};

const WIDTH: f64 = 132.0;
const HEIGHT: f64 = 30.0;
const LEFT: f64 = 1.0;
/// The end dot is wide: it needs room.
const RIGHT: f64 = 129.0;
const TOP: f64 = 3.0;
const BOTTOM: f64 = 27.5;

/// A span of values narrower than this share of the largest one is widened, so that a calm line looks calm.
const LEAST_SPAN: f64 = 0.25;

/// A spark as a complete `<svg class="spark">`: the points of a span, a dashed limit, and a dot at the newest
/// value. `severity` (0 to 3) colours the line; `label` is what a screen reader says. A hole of more than five
/// usual distances is a gap.
#[must_use]
pub fn spark(points: &[Point], from_ms: i64, to_ms: i64, limit: Option<f64>, severity: Option<u8>, label: &str) -> String {
    let class = severity.map_or_else(|| "spark".to_owned(), |severity| format!("spark spark--{}", severity.min(3)));
    let mut out = format!(
        r#"<svg class="{class}" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{}">"#,
        escape(label)
    );
    let runs: Vec<Vec<Point>> = runs(points, 5 * usual_distance(points))
        .into_iter()
        .map(|run| m4(&clip(run, from_ms, to_ms), from_ms, to_ms, (RIGHT - LEFT) as usize))
        .filter(|run| !run.is_empty())
        .collect();
    let limit = limit.filter(|value| value.is_finite());
    let window = Window { from_ms, to_ms: to_ms.max(from_ms + 1), values: values(&runs, limit) };
    if let Some(limit) = limit {
        out.push_str(&format!(r#"<path class="spark__limit" d="M0 {}H{WIDTH}"/>"#, window.y(limit)));
    }
    if let Some(&last) = runs.last().and_then(|run| run.last()) {
        let lines: String = runs.iter().map(|run| window.steps(run)).collect();
        out.push_str(&format!(r#"<path class="spark__line" d="{lines}"/>"#));
        out.push_str(&format!(r#"<path class="spark__end" d="M{} {}h0"/>"#, window.x(last.0), window.y(last.1)));
    }
    out.push_str("</svg>");
    out
}

/// The median distance between samples; 0 when there are too few to tell.
fn usual_distance(points: &[Point]) -> i64 {
    let mut distances: Vec<i64> = points.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    distances.sort_unstable();
    distances.get(distances.len() / 2).copied().unwrap_or(0)
}

/// The lowest and highest value to show, never equal.
fn values(runs: &[Vec<Point>], limit: Option<f64>) -> (f64, f64) {
    let all = runs.iter().flatten().map(|point| point.1).chain(limit);
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    if low > high {
        return (0.0, 1.0);
    }
    let least = (LEAST_SPAN * low.abs().max(high.abs())).max(f64::MIN_POSITIVE);
    if high - low >= least {
        return (low, high);
    }
    let middle = (low + high) / 2.0;
    let widened_low = middle - least / 2.0;
    // What cannot be negative lies on the ground.
    if low >= 0.0 && widened_low < 0.0 { (0.0, least) } else { (widened_low, widened_low + least) }
}

struct Window {
    from_ms: i64,
    to_ms: i64,
    values: (f64, f64),
}

impl Window {
    fn x(&self, ms: i64) -> String {
        let share = (ms - self.from_ms) as f64 / (self.to_ms - self.from_ms) as f64;
        number((LEFT + share * (RIGHT - LEFT)) as f32)
    }

    fn y(&self, value: f64) -> String {
        let (low, high) = self.values;
        number((BOTTOM - (value - low) / (high - low) * (BOTTOM - TOP)) as f32)
    }

    /// A run in path commands; a single sample becomes a short dash.
    fn steps(&self, run: &[Point]) -> String {
        let places: Vec<String> = run.iter().map(|point| format!("{} {}", self.x(point.0), self.y(point.1))).collect();
        if places.len() == 1 { format!("M{}h1", places[0]) } else { format!("M{}", places.join("L")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spark_has_a_limit_a_line_and_an_end() {
        let points = [(0, 0.0), (50, 10.0), (100, 5.0)];
        assert_eq!(
            spark(&points, 0, 100, Some(10.0), Some(1), "a<b"),
            "<svg class=\"spark spark--1\" viewBox=\"0 0 132 30\" preserveAspectRatio=\"none\" role=\"img\" \
             aria-label=\"a&lt;b\"><path class=\"spark__limit\" d=\"M0 3H132\"/>\
             <path class=\"spark__line\" d=\"M1 27.5L65 3L129 15.3\"/>\
             <path class=\"spark__end\" d=\"M129 15.3h0\"/></svg>"
        );
    }

    #[test]
    fn a_gap_breaks_the_line_and_nothing_draws_nothing() {
        let points = [(0, 1.0), (10, f64::NAN), (20, 2.0), (30, 1.0)];
        assert_eq!(spark(&points, 0, 30, None, None, "").matches('M').count(), 3);
        assert!(!spark(&[], 0, 30, None, None, "").contains("<path"));
    }

    #[test]
    fn a_calm_line_looks_calm_and_a_flat_zero_lies_on_the_ground() {
        let calm = values(&[vec![(0, 100.0), (1, 101.0)]], None);
        assert!(calm.1 - calm.0 > 25.0 && calm.0 < 100.0);
        let zero = values(&[vec![(0, 0.0)]], None);
        assert!(zero.0.abs() < f64::EPSILON && zero.1 > 0.0);
    }
}
