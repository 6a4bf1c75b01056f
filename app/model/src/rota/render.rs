//! Who is on call in a window.

use super::almanac::Almanac;
use super::layers::{Slice, lay};
use super::overlay::overlay;
use super::{DutyRole, Holder, Layer, Override, Schedule, Segment, Span, Who};
use crate::time::Time;

/// The segments of a window, sorted by role, start, end and person. Of every role each moment of the window is in some segment; where nobody is
/// on call, that is a segment too. Segments are as long as they can be: the same person for the same reason is one. The same moments have the
/// same answer in every window, and order of layers and overrides means nothing.
///
/// A window is looked at between 1901 and 2199. Its work and its answer grow with its length: callers bound that.
#[must_use]
pub fn render(schedule: &Schedule, overrides: &[Override], almanac: &Almanac, window: Span) -> Vec<Segment> {
    let window: Span = window.held();
    if window.is_empty() {
        return Vec::new();
    }
    let rendered = roles(schedule, overrides).into_iter().flat_map(|role| {
        let slices: Vec<Slice> = slices(schedule, overrides, almanac, &role, window);
        segments(&role, &slices)
    });
    rendered.collect()
}

/// Who holds a role at a moment; at least one holder. Asked when an escalation step fires.
#[must_use]
pub fn who_now(schedule: &Schedule, overrides: &[Override], almanac: &Almanac, role: &DutyRole, at: Time) -> Vec<Holder> {
    let window: Span = Span::new(at, at.plus_ms(1));
    let slices: Vec<Slice> = slices(schedule, overrides, almanac, role, window);
    slices.into_iter().next().map_or_else(|| vec![Holder { who: Who::Gap, source: None }], |slice| slice.holders)
}

/// The roles of a schedule, in their order. Somebody must be primary, so that one is always there.
#[must_use]
pub fn roles(schedule: &Schedule, overrides: &[Override]) -> Vec<DutyRole> {
    let mut roles: Vec<DutyRole> = vec![DutyRole::Primary];
    roles.extend(schedule.layers.iter().map(|layer| layer.role.clone()));
    roles.extend(overrides.iter().map(|change| change.role.clone()));
    roles.sort_unstable();
    roles.dedup();
    roles
}

fn slices(schedule: &Schedule, overrides: &[Override], almanac: &Almanac, role: &DutyRole, window: Span) -> Vec<Slice> {
    let layers: Vec<&Layer> = schedule.layers.iter().filter(|layer| layer.role == *role).collect();
    let overrides: Vec<&Override> = overrides.iter().filter(|change| change.role == *role).collect();
    overlay(lay(&layers, almanac, window), &overrides, window)
}

/// Slices joined where a holder goes on.
fn segments(role: &DutyRole, slices: &[Slice]) -> Vec<Segment> {
    let mut found: Vec<Segment> = Vec::new();
    // Where in `found` the holders of the slice before are.
    let mut open: Vec<usize> = Vec::new();
    for slice in slices {
        let mut still_open: Vec<usize> = Vec::with_capacity(slice.holders.len());
        for holder in &slice.holders {
            let goes_on = |index: &&usize| found[**index].who == holder.who && found[**index].source == holder.source;
            let index: usize = open.iter().find(goes_on).copied().unwrap_or(found.len());
            if let Some(segment) = found.get_mut(index) {
                segment.end = slice.span.end;
            } else {
                found.push(segment(role, slice.span, *holder));
            }
            still_open.push(index);
        }
        open = still_open;
    }
    found.sort_unstable();
    found
}

fn segment(role: &DutyRole, span: Span, holder: Holder) -> Segment {
    Segment { role: role.clone(), start: span.start, end: span.end, who: holder.who, source: holder.source }
}
