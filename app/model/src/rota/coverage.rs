//! How much of the time somebody is there, and when nobody is.

use super::almanac::Almanac;
use super::spans::{common, length_ms, merged, within};
use super::{DutyRole, Schedule, Segment, Span, windows};
use serde::{Deserialize, Serialize};

/// How far ahead gaps are looked for.
pub const AHEAD_DAYS: i64 = 90;

/// Time that is covered, of the time that should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    pub covered_ms: i64,
    pub required_ms: i64,
}

impl Coverage {
    /// 0 to 100; 100 where nothing is required.
    #[must_use]
    pub fn percent(self) -> f64 {
        if self.required_ms == 0 { 100.0 } else { self.covered_ms as f64 * 100.0 / self.required_ms as f64 }
    }
}

/// When somebody should be there, within a window. A list; all of the window when nothing is said, or when the almanac lacks the zone.
#[must_use]
pub fn required(schedule: &Schedule, almanac: &Almanac, window: Span) -> Vec<Span> {
    let window: Span = window.held();
    match almanac.zone(&schedule.zone) {
        Some(zone) if !schedule.required.is_empty() && !window.is_empty() => {
            windows::windows(&schedule.required, zone, &almanac.holidays, window)
        }
        _ => merged(vec![window]),
    }
}

/// How much of `required` is covered by people in a role. Two people at once count once.
#[must_use]
pub fn coverage(segments: &[Segment], role: &DutyRole, required: &[Span]) -> Coverage {
    let with_people = segments.iter().filter(|segment| segment.role == *role && segment.person().is_some());
    let covered: Vec<Span> = merged(with_people.map(Segment::span).collect());
    Coverage { covered_ms: length_ms(&common(&covered, required)), required_ms: length_ms(required) }
}

/// What of `required` has nobody, by role: gaps, and turns that are deliberately empty. A shadow that is missing is no gap.
#[must_use]
pub fn gaps(segments: &[Segment], required: &[Span]) -> Vec<Segment> {
    let empty = segments.iter().filter(|segment| segment.person().is_none() && segment.role != DutyRole::Shadow);
    let parts = empty.flat_map(|segment| {
        within(required, segment.span()).map(move |span| Segment { start: span.start, end: span.end, ..segment.clone() })
    });
    parts.collect()
}
