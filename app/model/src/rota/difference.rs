//! What a change does, before it is saved.

use super::layers::bounds;
use super::{DutyRole, Segment, Span, Who};
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// A stretch of time in which somebody else is on call than before. That the same people are there for another reason is no change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub role: DutyRole,
    pub start: Time,
    pub end: Time,
    /// Sorted, at least one.
    pub before: Vec<Who>,
    /// The same.
    pub after: Vec<Who>,
}

/// Where two renderings of one window differ: by role, then by time, each change as long as it can be. A role that only one of them has was
/// or becomes a gap.
#[must_use]
pub fn difference(before: &[Segment], after: &[Segment]) -> Vec<Change> {
    let mut roles: Vec<&DutyRole> = before.iter().chain(after).map(|segment| &segment.role).collect();
    roles.sort_unstable();
    roles.dedup();
    roles.into_iter().flat_map(|role| changes(role, &of_role(before, role), &of_role(after, role))).collect()
}

fn changes(role: &DutyRole, before: &[&Segment], after: &[&Segment]) -> Vec<Change> {
    let spans = || before.iter().chain(after).map(|segment| segment.span());
    let (Some(start), Some(end)) = (spans().map(|span| span.start).min(), spans().map(|span| span.end).max()) else {
        return Vec::new();
    };
    let bounds: Vec<Time> = bounds(spans(), Span::new(start, end));
    let mut found: Vec<Change> = Vec::new();
    let (mut old, mut new): (Reader<'_>, Reader<'_>) = (Reader::new(before), Reader::new(after));
    for (start, end) in bounds.iter().zip(bounds.iter().skip(1)) {
        let (before, after): (Vec<Who>, Vec<Who>) = (old.who_at(*start), new.who_at(*start));
        if before == after {
            continue;
        }
        match found.last_mut() {
            Some(last) if last.end == *start && last.before == before && last.after == after => last.end = *end,
            _ => found.push(Change { role: role.clone(), start: *start, end: *end, before, after }),
        }
    }
    found
}

/// The segments of a role, in their order.
pub(super) fn of_role<'a>(segments: &'a [Segment], role: &DutyRole) -> Vec<&'a Segment> {
    segments.iter().filter(|segment| segment.role == *role).collect()
}

/// Reads the segments of one role from left to right.
pub(super) struct Reader<'a> {
    /// By their start.
    segments: Vec<&'a Segment>,
    n_begun: usize,
    active: Vec<&'a Segment>,
}

impl<'a> Reader<'a> {
    pub fn new(segments: &[&'a Segment]) -> Self {
        let mut segments: Vec<&'a Segment> = segments.to_vec();
        segments.sort_by_key(|segment| segment.start);
        Self { segments, n_begun: 0, active: Vec::new() }
    }

    /// Who is on call at a moment, sorted, each once; a gap where no segment is. Asked for ascending moments only.
    pub fn who_at(&mut self, at: Time) -> Vec<Who> {
        while let Some(segment) = self.segments.get(self.n_begun).copied().filter(|segment| segment.start <= at) {
            self.active.push(segment);
            self.n_begun += 1;
        }
        self.active.retain(|segment| segment.end > at);
        let mut who: Vec<Who> = self.active.iter().map(|segment| segment.who).collect();
        who.sort_unstable();
        who.dedup();
        if who.is_empty() { vec![Who::Gap] } else { who }
    }
}
