//! When somebody hands over to somebody.

use super::almanac::Almanac;
use super::difference::{Reader, of_role};
use super::layers::bounds;
use super::render::render;
use super::{DutyRole, Override, Schedule, Segment, Span, Who};
use crate::time::Time;
use serde::{Deserialize, Serialize};

const DAY_MS: i64 = 86_400_000;
/// How far ahead the next handoffs are looked for, until there are enough: most schedules hand over every week.
const LOOKS_DAYS: [i64; 3] = [40, 160, 400];

/// A moment at which other people hold a role than just before it. The same person's next turn is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handoff {
    pub at: Time,
    pub role: DutyRole,
    /// Sorted, at least one.
    pub from: Vec<Who>,
    /// The same.
    pub to: Vec<Who>,
}

/// The handoffs inside a rendering, by time and role. Its first moment is none: what was before isn't known.
#[must_use]
pub fn handoffs(segments: &[Segment]) -> Vec<Handoff> {
    let mut roles: Vec<&DutyRole> = segments.iter().map(|segment| &segment.role).collect();
    roles.sort_unstable();
    roles.dedup();
    let mut found: Vec<Handoff> = roles.into_iter().flat_map(|role| of(role, &of_role(segments, role))).collect();
    found.sort_by(|one, other| (one.at, &one.role).cmp(&(other.at, &other.role)));
    found
}

/// The next `n` handoffs after a moment; fewer when there are no more within 400 days.
#[must_use]
pub fn next(schedule: &Schedule, overrides: &[Override], almanac: &Almanac, after: Time, n: usize) -> Vec<Handoff> {
    let mut found: Vec<Handoff> = Vec::new();
    for days in LOOKS_DAYS {
        let window: Span = Span::new(after, after.plus_ms(days * DAY_MS));
        found = handoffs(&render(schedule, overrides, almanac, window));
        if found.len() >= n {
            break;
        }
    }
    found.truncate(n);
    found
}

fn of(role: &DutyRole, segments: &[&Segment]) -> Vec<Handoff> {
    let (Some(start), Some(end)) =
        (segments.iter().map(|segment| segment.start).min(), segments.iter().map(|segment| segment.end).max())
    else {
        return Vec::new();
    };
    let bounds: Vec<Time> = bounds(segments.iter().map(|segment| segment.span()), Span::new(start, end));
    let mut reader: Reader<'_> = Reader::new(segments);
    let mut from: Vec<Who> = reader.who_at(start);
    let mut found: Vec<Handoff> = Vec::new();
    for at in bounds.into_iter().filter(|at| start < *at && *at < end) {
        let to: Vec<Who> = reader.who_at(at);
        if to != from {
            found.push(Handoff { at, role: role.clone(), from: from.clone(), to: to.clone() });
            from = to;
        }
    }
    found
}
