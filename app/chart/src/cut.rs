//! A part of the value axis: what a reader chose to see larger, and what of a line lies in it.
//!
//! A line that leaves the part ends where it crosses its edge: one laid flat along the edge would be read as a line of that value. The
//! axis keeps its kind: a part of a logarithmic one is logarithmic, and one of a symlog one keeps its knee.

use figures::Unit;

use crate::layout::Frame;
use crate::logarithm;
use crate::plot::{Axis, Point};
use crate::scale::Bounds;
use crate::value_ticks::pleasant_step;

/// A part shorter than this share of its values would show nothing but how numbers are rounded.
const FINEST: f64 = 1e-6;
const LEAST_LENGTH: f64 = 1e-280;
/// What is missing by less than this share was meant to be the whole: going nearer and back must end where it began.
const HAIR: f64 = 1e-6;

/// The ends of a part of a value axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    pub low: f64,
    /// Greater than `low`.
    pub high: f64,
}

impl Cut {
    /// What lies between two heights of a frame, in CSS pixels from its top. `None` where that is too little for an axis.
    #[must_use]
    pub fn between(frame: &Frame, one_px: f64, other_px: f64) -> Option<Cut> {
        Cut::of(frame.value_at(one_px.max(other_px)), frame.value_at(one_px.min(other_px)))
    }

    /// What a frame shows made `factor` times as long, in which what stands at `y_px` stays there. Never more than the whole axis:
    /// `None` is the whole. What would be too little for an axis stays as it is.
    #[must_use]
    pub fn scaled(frame: &Frame, whole: &Bounds, factor: f64, y_px: f64) -> Option<Cut> {
        let fixed = frame.height_at(y_px);
        let end = |share: f64| frame.bounds.value_at(fixed + (share - fixed) * factor);
        match Cut::of(end(0.0), end(1.0)) {
            Some(cut) => cut.within(whole),
            None => Cut::shown(frame),
        }
    }

    /// What a frame shows moved along the whole axis, by a share of its own length; as far as the axis goes.
    #[must_use]
    pub fn moved(frame: &Frame, whole: &Bounds, by: f64) -> Option<Cut> {
        let shown = Cut::shown(frame)?;
        let (low, high) = (whole.share(shown.low), whole.share(shown.high));
        let by = (by * (high - low)).max((-low).min(0.0)).min((1.0 - high).max(0.0));
        Cut::of(whole.value_at(low + by), whole.value_at(high + by)).or(Some(shown))
    }

    fn of(low: f64, high: f64) -> Option<Cut> {
        let length = high - low;
        let is_axis = length.is_finite() && length > LEAST_LENGTH && length >= low.abs().max(high.abs()) * FINEST;
        is_axis.then_some(Cut { low, high })
    }

    /// The part that a frame shows; `None` where it shows the whole.
    fn shown(frame: &Frame) -> Option<Cut> {
        frame.is_cut.then_some(Cut { low: frame.bounds.low, high: frame.bounds.high })
    }

    /// The whole may have become another since a part of it was chosen: what no longer lies in it is no part.
    fn within(self, whole: &Bounds) -> Option<Cut> {
        let cut = Cut { low: self.low.max(whole.low), high: self.high.min(whole.high) };
        let is_part = whole.share(cut.low) > HAIR || whole.share(cut.high) < 1.0 - HAIR;
        (cut.low < cut.high && is_part).then_some(cut)
    }
}

/// The bounds of a part, with about `n_steps` ticks. `None` where the axis has no such part: zero has no place on a logarithmic one.
pub(crate) fn bounds(whole: &Bounds, cut: Cut, unit: Unit, n_steps: usize) -> Option<Bounds> {
    if whole.axis == Axis::Log && cut.low <= 0.0 {
        return None;
    }
    let step = match whole.axis {
        Axis::Linear => step(cut.high - cut.low, unit, n_steps),
        Axis::Log => logarithm::decades_between(cut.low, cut.high, unit, n_steps),
        Axis::Symlog => whole.step,
    };
    Some(Bounds { low: cut.low, high: cut.high, step, ..*whole })
}

/// Things one counts step by whole numbers, unless the part lies between two of them.
fn step(length: f64, unit: Unit, n_steps: usize) -> f64 {
    let rough = length / n_steps.max(1) as f64;
    let pleasant = pleasant_step(rough, unit);
    if pleasant * 2.0 > length { pleasant_step(rough, Unit::None) } else { pleasant }
}

/// The stretches of a line that lie within the axis, from edge to edge.
pub(crate) fn inside(run: &[Point], bounds: &Bounds) -> Vec<Vec<Point>> {
    let is_inside = |point: &Point| (bounds.low..=bounds.high).contains(&point.1);
    if run.iter().all(is_inside) {
        return vec![run.to_vec()];
    }
    let corners = cornered(run, bounds);
    let stretches = corners.split(|point| !is_inside(point));
    stretches.filter(|stretch| !stretch.is_empty()).map(<[Point]>::to_vec).collect()
}

/// An outline with what reaches out of the axis laid along its edge: nobody sees where a filling ends.
pub(crate) fn flattened(outline: &[Point], bounds: &Bounds) -> Vec<Point> {
    let corners = cornered(outline, bounds).into_iter();
    corners.map(|(ms, value)| (ms, value.max(bounds.low).min(bounds.high))).collect()
}

/// A line with a corner wherever it crosses an edge of the axis.
fn cornered(run: &[Point], bounds: &Bounds) -> Vec<Point> {
    let mut corners: Vec<Point> = Vec::with_capacity(run.len() + 4);
    for pair in run.windows(2) {
        let mut edges = [bounds.low, bounds.high];
        if pair[1].1 < pair[0].1 {
            edges.reverse();
        }
        corners.push(pair[0]);
        corners.extend(edges.into_iter().filter_map(|edge| crossing(pair[0], pair[1], edge, bounds)));
    }
    corners.extend(run.last());
    corners
}

/// Where the line between two points crosses an edge. It is straight in the picture, whatever the axis.
fn crossing(from: Point, to: Point, edge: f64, bounds: &Bounds) -> Option<Point> {
    let is_crossing = (from.1 < edge && to.1 > edge) || (from.1 > edge && to.1 < edge);
    let (start, end) = (bounds.share(from.1), bounds.share(to.1));
    let way = (bounds.share(edge) - start) / (end - start);
    is_crossing.then(|| (from.0 + (way * (to.0 - from.0) as f64).round() as i64, edge))
}

#[cfg(test)]
mod tests;
