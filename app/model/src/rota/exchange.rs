//! Covers and swaps, as overrides.

use super::{DutyRole, Override, OverrideSource, Segment, Source, Span};
use crate::ids::{OverrideId, PersonId};
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// A stretch of a role that a person has, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    pub role: DutyRole,
    pub person: PersonId,
    pub span: Span,
}

/// An override that has no id yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub role: DutyRole,
    pub span: Span,
    pub from: Option<PersonId>,
    pub to: Option<PersonId>,
}

impl Draft {
    /// The override it becomes.
    #[must_use]
    pub fn signed(self, id: OverrideId, created_at: Time, source: OverrideSource) -> Override {
        let Self { role, span, from, to } = self;
        Override { id, role, start: span.start, end: span.end, from, to, created_at, source }
    }
}

/// `to` takes a duty. `segments` is a rendering of at least its span with `overrides`: of what the person really has in it, each stretch
/// becomes an override of whom the layers name there. Overrides don't chain, so somebody who is there by an override is replaced where
/// that one replaced. Nothing when the person has nothing there.
#[must_use]
pub fn cover(segments: &[Segment], overrides: &[Override], duty: &Duty, to: PersonId) -> Vec<Draft> {
    let theirs = segments.iter().filter(|segment| segment.role == duty.role && segment.person() == Some(duty.person));
    let drafts = theirs.filter_map(|segment| {
        let span: Span = segment.span().and(duty.span);
        let from: Option<PersonId> = replaced(segment, overrides, duty.person);
        (!span.is_empty()).then(|| Draft { role: duty.role.clone(), span, from, to: Some(to) })
    });
    drafts.collect()
}

/// Two people take each other's duties: all of these overrides, in one transaction, or none. Without all of them everything is as before.
#[must_use]
pub fn swap(segments: &[Segment], overrides: &[Override], one: &Duty, other: &Duty) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = cover(segments, overrides, one, other.person);
    drafts.extend(cover(segments, overrides, other, one.person));
    drafts
}

/// Whom an override must name to replace the person of a segment.
fn replaced(segment: &Segment, overrides: &[Override], person: PersonId) -> Option<PersonId> {
    match segment.source {
        Some(Source::Override(id)) => overrides.iter().find(|change| change.id == id).and_then(|change| change.from),
        _ => Some(person),
    }
}
