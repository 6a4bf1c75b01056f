//! What is wrong with a schedule that can be seen without asking anybody: the laws a form refuses by and the nightly look warns by.
//! Whether a person can be reached at all (accounts, contacts) is known to the server only.

use super::almanac::Almanac;
use super::local::DAY_S;
use super::spans::{length_ms, merged, within};
use super::turns::MAX_COUNTED;
use super::{Availability, AwayKind, DutyRole, Layer, Member, Restriction, Rotation, Schedule, Segment, Span};
use crate::ids::{LayerId, PersonId};
use crate::time::Time;
use serde::{Deserialize, Serialize};

const WEEK_MS: i64 = 7 * 86_400_000;

/// Something that is wrong with a layer, or that a person should know of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Problem {
    /// Nobody takes turns.
    NoMembers(LayerId),
    /// Of no units a turn can't be.
    NoLength(LayerId),
    /// The almanac has no such zone; the layer is empty.
    UnknownZone(LayerId, String),
    /// A restriction of no day, or of a time there isn't.
    BadRestriction(LayerId),
    /// It ends before it begins.
    NeverEffective(LayerId),
    /// Counted turns would reach too far from the anchor: move the anchor.
    TooFarFromAnchor(LayerId),
    /// A secondary that always is the person of that primary: offsets that differ by no more than whole rounds.
    SameAsPrimary(LayerId, LayerId),
    /// One person is primary and secondary at once.
    BothRoles(Clash),
    /// On call for more than was allowed in seven days.
    TooMuch(Load),
    /// On call while away.
    Away(Absence),
}

/// A person in two roles at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clash {
    pub person: PersonId,
    pub span: Span,
}

/// The fullest seven days of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    pub person: PersonId,
    pub span: Span,
    pub on_call_ms: i64,
}

/// A person who is away while on call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    pub person: PersonId,
    pub role: DutyRole,
    pub span: Span,
    pub kind: AwayKind,
}

/// What is wrong with the layers themselves, as of `at`: those that are over are past mending.
#[must_use]
pub fn of_layers(schedule: &Schedule, almanac: &Almanac, at: Time) -> Vec<Problem> {
    let is_alive = |layer: &&Layer| layer.effective_until.is_none_or(|until| until > at);
    let alive: Vec<&Layer> = schedule.layers.iter().filter(is_alive).collect();
    let mut found: Vec<Problem> = alive.iter().flat_map(|layer| of_layer(layer, almanac, at)).collect();
    for secondary in alive.iter().filter(|layer| layer.role == DutyRole::Secondary) {
        let primaries = alive.iter().filter(|layer| layer.role == DutyRole::Primary);
        let same = primaries.filter(|primary| is_same_person(&primary.rotation, &secondary.rotation));
        found.extend(same.map(|primary| Problem::SameAsPrimary(secondary.id, primary.id)));
    }
    found
}

/// What is wrong with who is on call in a rendering. `most_ms` is how long a person may be on call in seven days.
#[must_use]
pub fn of_segments(segments: &[Segment], away: &[Availability], most_ms: i64) -> Vec<Problem> {
    let people: Vec<PersonId> = people(segments);
    let clashes = people.iter().flat_map(|person| clashes(segments, *person)).map(Problem::BothRoles);
    let loads = people.iter().filter_map(|person| load(segments, *person)).filter(|load| load.on_call_ms > most_ms);
    let absences = away.iter().flat_map(|away| absences(segments, away)).map(Problem::Away);
    clashes.chain(loads.map(Problem::TooMuch)).chain(absences).collect()
}

/// When a person is primary and secondary at once.
#[must_use]
pub fn clashes(segments: &[Segment], person: PersonId) -> Vec<Clash> {
    let primary: Vec<Span> = duties(segments, person, |role| *role == DutyRole::Primary);
    let secondary: Vec<Span> = duties(segments, person, |role| *role == DutyRole::Secondary);
    let both = primary.iter().flat_map(|span| within(&secondary, *span));
    both.map(|span| Clash { person, span }).collect()
}

/// A person's fullest seven days in a rendering, in whatever role but as a shadow. `None` when they are never on call.
#[must_use]
pub fn load(segments: &[Segment], person: PersonId) -> Option<Load> {
    let duties: Vec<Span> = duties(segments, person, |role| *role != DutyRole::Shadow);
    // The fullest week begins where a duty begins or ends where one ends.
    let begun = duties.iter().map(|span| Span::new(span.start, span.start.plus_ms(WEEK_MS)));
    let ended = duties.iter().map(|span| Span::new(span.end.plus_ms(-WEEK_MS), span.end));
    let loads = begun.chain(ended).map(|span| {
        let parts: Vec<Span> = within(&duties, span).collect();
        Load { person, span, on_call_ms: length_ms(&parts) }
    });
    // Of equal ones the earliest.
    loads.min_by_key(|load| (-load.on_call_ms, load.span))
}

/// Everybody in a rendering, each once.
#[must_use]
pub fn people(segments: &[Segment]) -> Vec<PersonId> {
    let mut people: Vec<PersonId> = segments.iter().filter_map(Segment::person).collect();
    people.sort_unstable();
    people.dedup();
    people
}

fn absences(segments: &[Segment], away: &Availability) -> Vec<Absence> {
    let theirs = segments.iter().filter(|segment| segment.person() == Some(away.person));
    let found = theirs.filter_map(|segment| {
        let span: Span = segment.span().and(Span::new(away.start, away.end));
        (!span.is_empty()).then(|| Absence { person: away.person, role: segment.role.clone(), span, kind: away.kind })
    });
    found.collect()
}

fn duties(segments: &[Segment], person: PersonId, is_role: impl Fn(&DutyRole) -> bool) -> Vec<Span> {
    let theirs = segments.iter().filter(|segment| segment.person() == Some(person) && is_role(&segment.role));
    merged(theirs.map(Segment::span).collect())
}

fn of_layer(layer: &Layer, almanac: &Almanac, at: Time) -> Vec<Problem> {
    let rotation: &Rotation = &layer.rotation;
    let mut found: Vec<Problem> = Vec::new();
    if !rotation.members.iter().any(is_somebody) {
        found.push(Problem::NoMembers(layer.id));
    }
    if rotation.every == 0 {
        found.push(Problem::NoLength(layer.id));
    }
    if layer.restrictions.iter().any(is_bad) {
        found.push(Problem::BadRestriction(layer.id));
    }
    if layer.effective_until.is_some_and(|until| until <= layer.effective_from) {
        found.push(Problem::NeverEffective(layer.id));
    }
    match almanac.zone(&rotation.zone) {
        None => found.push(Problem::UnknownZone(layer.id, rotation.zone.clone())),
        // A tenth of it is kept for the time until somebody minds.
        Some(zone) if rotation.counts() && rotation.turn_at(zone, at).abs() > MAX_COUNTED / 10 * 9 => {
            found.push(Problem::TooFarFromAnchor(layer.id));
        }
        Some(_) => {}
    }
    found
}

fn is_somebody(member: &Member) -> bool {
    match member {
        Member::Person(_) => true,
        Member::Group(people) => !people.is_empty(),
        Member::Nobody => false,
    }
}

fn is_bad(restriction: &Restriction) -> bool {
    i64::from(restriction.start_s) >= DAY_S || i64::from(restriction.end_s) > DAY_S || restriction.weekdays.0 > 0b111_1111
}

/// Whether two rotations that turn together always name the same member: their offsets differ by whole rounds. With one member they do.
fn is_same_person(primary: &Rotation, secondary: &Rotation) -> bool {
    let Some(n_members) = i64::try_from(primary.members.len()).ok().filter(|n| *n > 0) else { return false };
    let offset: i64 = i64::from(secondary.offset) - i64::from(primary.offset);
    let turn_together: bool = Rotation { offset: primary.offset, ..secondary.clone() } == *primary;
    turn_together && offset.rem_euclid(n_members) == 0
}
