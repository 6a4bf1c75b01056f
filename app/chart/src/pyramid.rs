//! Pyramids: lowest and highest value of ever larger blocks of a series, so that a redraw need not look at every point.
//!
//! A block of the lowest level holds sixteen points, one of each higher level four of the level below. They are made once and grow with
//! the points that a stream appends; points that leave at the front are remembered as gone. First and last of a column are not kept:
//! with so many points to a pixel nobody could see them, which is why they are used only from 100,000 points in view on (`m4` below).

use crate::locate::is_joined;
use crate::plot::{Axis, Marks, Plot, Point};
use crate::runs::interpolate;

/// Points in view from which pyramids are worth their inexactness.
const MANY: usize = 100_000;
/// Points in a block of the lowest level.
const BLOCK: usize = 16;
/// Blocks in a block of the next level.
const BRANCH: usize = 4;
/// Blocks that are looked at again before a pyramid is believed to be that of other points.
const SAMPLES: usize = 8;

/// The pyramids of a plot's series. Made when a plot is new, grown when it grows, and handed to every redraw.
#[derive(Clone, Debug, Default)]
pub struct Pyramids {
    each: Vec<Pyramid>,
}

impl Pyramids {
    /// Of a plot. None are built where so few points are in view that they would not be used.
    #[must_use]
    pub fn of(plot: &Plot) -> Pyramids {
        if !is_heavy(plot) {
            return Pyramids::default();
        }
        Pyramids { each: plot.series.iter().map(|series| Pyramid::of(&series.points, plot.gap_ms)).collect() }
    }

    /// Follows a plot to which points were appended and from whose front points were taken. A plot that is another one gets new ones.
    pub fn follow(&mut self, plot: &Plot) {
        if self.each.len() != plot.series.len() || !is_heavy(plot) {
            *self = Pyramids::of(plot);
            return;
        }
        for (pyramid, series) in self.each.iter_mut().zip(&plot.series) {
            pyramid.follow(&series.points, plot.gap_ms);
        }
    }

    /// That of a series, if it is still the one of these points.
    pub(crate) fn of_series(&self, index: usize, points: &[Point]) -> Option<&Pyramid> {
        self.each.get(index).filter(|pyramid| pyramid.ends_with(points))
    }
}

/// Whether a plot has so many points in view that they can't be told apart. Stacks are added up anew anyway, and a logarithmic axis leaves
/// points out.
fn is_heavy(plot: &Plot) -> bool {
    let in_view = |points: &[Point]| {
        let start = points.partition_point(|point| point.0 < plot.from_ms);
        points.partition_point(|point| point.0 <= plot.to_ms).saturating_sub(start)
    };
    let is_simple = !plot.stacked && plot.marks == Marks::Line && plot.y.axis != Axis::Log;
    is_simple && plot.series.iter().map(|series| in_view(&series.points)).sum::<usize>() > MANY
}

/// A block of points.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Node {
    /// Infinitely high where no point has a value.
    low: Point,
    high: Point,
    /// Whether a line joins all its points.
    is_whole: bool,
}

const NOTHING: (Point, Point) = ((0, f64::INFINITY), (0, f64::NEG_INFINITY));

impl Node {
    fn of(points: &[Point], gap_ms: i64) -> Node {
        let (low, high) = points.iter().fold(NOTHING, |seen, point| wider(seen, (*point, *point)));
        let is_whole =
            points.iter().all(|point| point.1.is_finite()) && points.windows(2).all(|pair| is_joined(pair[0], pair[1], gap_ms));
        Node { low, high, is_whole }
    }
}

/// The lower of the low points and the higher of the high ones. What is not finite counts for nothing.
fn wider(seen: (Point, Point), other: (Point, Point)) -> (Point, Point) {
    let low = if other.0.1.is_finite() && other.0.1 < seen.0.1 { other.0 } else { seen.0 };
    let high = if other.1.1.is_finite() && other.1.1 > seen.1.1 { other.1 } else { seen.1 };
    (low, high)
}

/// The pyramid of one series. Blocks are counted from the first point there ever was; `points` is always what is left of them.
#[derive(Clone, Debug)]
pub(crate) struct Pyramid {
    gap_ms: i64,
    /// Points that left at the front.
    n_gone: usize,
    n_points: usize,
    last: Option<Point>,
    /// Complete blocks; level `n` has blocks of 16 × 4ⁿ points. Never without a lowest level.
    levels: Vec<Vec<Node>>,
}

impl Pyramid {
    pub(crate) fn of(points: &[Point], gap_ms: i64) -> Pyramid {
        let mut pyramid = Pyramid { gap_ms, n_gone: 0, n_points: 0, last: None, levels: vec![Vec::new()] };
        pyramid.grow(points);
        pyramid
    }

    /// Takes over points of which some are new at the end and some are gone at the front.
    pub(crate) fn follow(&mut self, points: &[Point], gap_ms: i64) {
        let n_kept = self.last.map_or(0, |last| points.partition_point(|point| point.0 <= last.0));
        let n_gone = (self.n_gone + self.n_points).saturating_sub(n_kept);
        let is_grown = gap_ms == self.gap_ms
            && n_kept > 0
            && n_kept <= self.n_points
            && is_same(self.last, points.get(n_kept - 1).copied())
            && n_gone <= points.len()
            && n_gone <= self.levels[0].len() * BLOCK
            && self.is_of(points, n_gone);
        if is_grown {
            self.n_gone = n_gone;
            self.grow(points);
        } else {
            *self = Pyramid::of(points, gap_ms);
        }
    }

    /// Whether some blocks, spread over all of them, are still what they were.
    fn is_of(&self, points: &[Point], n_gone: usize) -> bool {
        let n_blocks = self.levels[0].len();
        let first = n_gone.div_ceil(BLOCK);
        let every = (n_blocks.saturating_sub(first) / SAMPLES).max(1);
        (first..n_blocks).step_by(every).all(|block| {
            let start = block * BLOCK - n_gone;
            points.get(start..start + BLOCK).is_some_and(|points| Node::of(points, self.gap_ms) == self.levels[0][block])
        })
    }

    fn ends_with(&self, points: &[Point]) -> bool {
        self.n_points == points.len() && is_same(self.last, points.last().copied())
    }

    /// Completes the blocks that became full.
    fn grow(&mut self, points: &[Point]) {
        let end = self.n_gone + points.len();
        while (self.levels[0].len() + 1) * BLOCK <= end {
            let start = self.levels[0].len() * BLOCK - self.n_gone;
            self.levels[0].push(Node::of(&points[start..start + BLOCK], self.gap_ms));
        }
        let mut level = 1;
        while self.levels[level - 1].len() >= BRANCH {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            while (self.levels[level].len() + 1) * BRANCH <= self.levels[level - 1].len() {
                let node = self.joined(points, level);
                self.levels[level].push(node);
            }
            level += 1;
        }
        self.n_points = points.len();
        self.last = points.last().copied();
    }

    /// The next block of a level, of four of the level below.
    fn joined(&self, points: &[Point], level: usize) -> Node {
        let first = self.levels[level].len() * BRANCH;
        let parts = &self.levels[level - 1][first..first + BRANCH];
        let (low, high) = parts.iter().fold(NOTHING, |seen, part| wider(seen, (part.low, part.high)));
        let size = BLOCK * BRANCH.pow(level as u32 - 1);
        let meets = |n: usize| {
            let index = ((first + n) * size).checked_sub(self.n_gone + 1);
            index.is_some_and(|index| is_joined(points[index], points[index + 1], self.gap_ms))
        };
        let is_whole = parts.iter().all(|part| part.is_whole) && (1..BRANCH).all(meets);
        Node { low, high, is_whole }
    }

    /// The largest block that begins at a point and ends before another (both counted from the first there ever was), and its size.
    fn block_at(&self, at: usize, end: usize, only_whole: bool) -> Option<(&Node, usize)> {
        let mut found: Option<(&Node, usize)> = None;
        let mut size = BLOCK;
        for level in &self.levels {
            if !at.is_multiple_of(size) || at + size > end {
                break;
            }
            match level.get(at / size) {
                Some(node) if node.is_whole || !only_whole => found = Some((node, size)),
                _ => break,
            }
            size *= BRANCH;
        }
        found
    }

    /// The lowest and the highest of some points.
    fn ends(&self, points: &[Point], from: usize, to: usize) -> (Point, Point) {
        let mut seen = NOTHING;
        let mut at = from;
        while at < to {
            let (ends, size) = match self.block_at(at + self.n_gone, to + self.n_gone, false) {
                Some((node, size)) => ((node.low, node.high), size),
                None => ((points[at], points[at]), 1),
            };
            seen = wider(seen, ends);
            at += size;
        }
        seen
    }

    /// The lowest and highest value within a span; crossed over where there is none.
    pub(crate) fn extent(&self, points: &[Point], from_ms: i64, to_ms: i64) -> (f64, f64) {
        let start = points.partition_point(|point| point.0 < from_ms);
        let end = points.partition_point(|point| point.0 <= to_ms);
        let (low, high) = self.ends(points, start, end);
        (low.1, high.1)
    }

    /// The stretches of points that a line may join: where each begins, and where it has ended.
    fn runs(&self, points: &[Point]) -> Vec<(usize, usize)> {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        let mut start: Option<usize> = None;
        let mut at = 0;
        while at < points.len() {
            let is_going_on = at > 0 && is_joined(points[at - 1], points[at], self.gap_ms);
            if let Some(begun) = start.filter(|_| !is_going_on) {
                runs.push((begun, at));
                start = None;
            }
            if points[at].1.is_finite() {
                start = start.or(Some(at));
            }
            at += self.block_at(at + self.n_gone, points.len() + self.n_gone, true).map_or(1, |(_, size)| size);
        }
        runs.extend(start.map(|begun| (begun, points.len())));
        runs
    }

    /// First and last instant of each run.
    pub(crate) fn known(&self, points: &[Point]) -> Vec<(i64, i64)> {
        self.runs(points).into_iter().map(|(start, end)| (points[start].0, points[end - 1].0)).collect()
    }

    /// The runs within a span, each with at most two points a pixel column and its ends.
    pub(crate) fn thinned(&self, points: &[Point], from_ms: i64, to_ms: i64, columns: usize) -> Vec<Vec<Point>> {
        let view = View { from_ms, to_ms, columns: columns.max(1) };
        self.runs(points).into_iter().map(|run| self.thinned_run(points, run, &view)).filter(|run| !run.is_empty()).collect()
    }

    fn thinned_run(&self, points: &[Point], (begin, end): (usize, usize), view: &View) -> Vec<Point> {
        let run = &points[begin..end];
        let first = begin + run.partition_point(|point| point.0 < view.from_ms);
        let behind = begin + run.partition_point(|point| point.0 <= view.to_ms);
        let mut kept: Vec<Point> = Vec::with_capacity((behind.saturating_sub(first)).min(2 * view.columns) + 4);
        if first > begin && first < end && points[first].0 > view.from_ms {
            kept.push((view.from_ms, interpolate(points[first - 1], points[first], view.from_ms)));
        }
        let mut at = first;
        let mut n_before = BLOCK;
        while at < behind {
            let column = view.column(points[at].0);
            let next = until(points, at, behind, n_before, |point| view.column(point.0) <= column);
            let (low, high) = self.ends(points, at, next);
            let in_order = if low.0 <= high.0 { [low, high] } else { [high, low] };
            let own_first = (at == first).then_some(points[first]);
            let own_last = (next == behind).then_some(points[behind - 1]);
            own_first.into_iter().chain(in_order).chain(own_last).for_each(|point| push_new(&mut kept, point));
            n_before = next - at;
            at = next;
        }
        if behind > begin && behind < end && points[behind - 1].0 < view.to_ms {
            kept.push((view.to_ms, interpolate(points[behind - 1], points[behind], view.to_ms)));
        }
        kept
    }
}

/// A span in pixel columns.
struct View {
    from_ms: i64,
    to_ms: i64,
    columns: usize,
}

impl View {
    fn column(&self, ms: i64) -> usize {
        let span_ms = self.to_ms.saturating_sub(self.from_ms).max(1) as f64;
        let share = ms.saturating_sub(self.from_ms) as f64 / span_ms;
        ((share * self.columns as f64) as usize).min(self.columns - 1)
    }
}

/// The first point behind `at` that is not inside any more, looked for where the last one was, for points come evenly.
fn until<F: Fn(&Point) -> bool>(points: &[Point], at: usize, end: usize, guess: usize, is_inside: F) -> usize {
    let mut inside = at;
    let mut stride = guess.max(1);
    while inside + stride < end && is_inside(&points[inside + stride]) {
        inside += stride;
        stride *= 2;
    }
    let outside = end.min(inside + stride);
    inside + 1 + points[inside + 1..outside].partition_point(is_inside)
}

/// Later points only: the ends of a run are often its extremes.
fn push_new(kept: &mut Vec<Point>, point: Point) {
    if kept.last().is_none_or(|last| last.0 < point.0) {
        kept.push(point);
    }
}

fn is_same(one: Option<Point>, other: Option<Point>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.0 == other.0 && one.1.to_bits() == other.1.to_bits(),
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
