//! Rotations: who is on call when, worked out and never stored.
//!
//! A schedule has layers; a layer has a rotation, whose members take turns from handoff to handoff, and restrictions, which say at what
//! times of what days it counts. [`render()`] lays the layers of a role over each other and the overrides over them, and says for every
//! moment of a window who it is, or that it is nobody. The server and the browser's preview run the same lines.
//!
//! Four laws hold throughout:
//!
//! 1. A window is half open, [start, end), and a part of a window has the same answer as the whole: nothing is counted from where one
//!    happens to look. The k-th handoff has a closed form ([`Rotation::handoff`]); where turns are counted, they are from the anchor.
//! 2. Times of handoffs and restrictions are wall-clock times of the rotation's zone. What a clock leaves out stands as far after the gap
//!    (RFC 5545, 3.3.5); of what it shows twice, handoffs and beginnings take the first and the ends of restrictions the last.
//! 3. Zones are data: an [`almanac::Almanac`] carries the offsets that are needed, made by the server from its zone database. A browser's own
//!    idea of a zone is never asked, and no zone database travels to it.
//! 4. Order of input means nothing: layers and overrides may come shuffled.
//!
//! Deliberately absent: names of people, storage, and money.

pub mod almanac;
pub mod coverage;
pub mod difference;
pub mod exchange;
pub mod handoffs;
mod layers;
pub mod local;
pub mod occurrence;
pub mod offsets;
mod overlay;
pub mod readiness;
pub mod render;
pub mod spans;
#[cfg(test)]
mod tests;
mod turns;
mod windows;

use crate::ids::{LayerId, OverrideId, PersonId};
use crate::time::Time;
use local::Local;
use serde::{Deserialize, Serialize};

pub use render::{render, who_now};

/// Layers in a zone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The IANA zone in which it is shown, and in which [`Self::required`] is meant.
    pub zone: String,
    pub layers: Vec<Layer>,
    /// When somebody must be there. Empty: always.
    pub required: Vec<Restriction>,
}

/// What somebody is on call as. Ordered as people are shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DutyRole {
    Primary,
    /// The backup, paged when the primary doesn't answer.
    Secondary,
    /// Learns; nobody relies on them, so their absence is no gap.
    Shadow,
    /// Named by the team.
    Custom(String),
}

/// How a layer meets the others of its role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Mode {
    /// Where it has a turn it hides the layers of greater rank.
    Cut,
    /// Its people are on call beside whoever else is.
    Add,
}

/// One row of a schedule: a rotation that counts from one moment to another. An edit ends a layer and begins the next, so a past turn never
/// changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    pub id: LayerId,
    pub role: DutyRole,
    /// The smallest rank wins in [`Mode::Cut`]; layers of equal rank are on call together.
    pub rank: i32,
    pub mode: Mode,
    pub effective_from: Time,
    pub effective_until: Option<Time>,
    pub rotation: Rotation,
    /// When it counts: in any of these. Empty: always.
    pub restrictions: Vec<Restriction>,
}

/// How long a turn is. An hour is elapsed time; the others are steps of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Unit {
    Hour,
    Day,
    Week,
    Month,
}

/// What moves a rotation to its next member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AdvanceOn {
    /// Every period, whether anybody worked in it or not.
    Period,
    /// Only periods with some time left after restrictions and holidays.
    WorkedShift,
}

/// What a rotation does on holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OnHoliday {
    /// As on any day.
    Keep,
    /// The duty that begins on a holiday is left out, to the same time of the next day; a period that consists of such days is no turn.
    Skip,
    /// It is silent from midnight to midnight, for a layer with [`RestrictionKind::Holiday`]; turns go on as if it had not been.
    HolidayLayer,
}

/// Members who take turns, each for `every` units, counted from `anchor` in both directions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    pub unit: Unit,
    /// At least 1.
    pub every: u32,
    /// The handoff with number 0, on the wall clock of `zone`.
    pub anchor: Local,
    /// IANA name; also of the layer's restrictions.
    pub zone: String,
    pub members: Vec<Member>,
    /// Who begins: turn k is member (k + offset) modulo their number. A secondary has the primary's members and offset 1.
    pub offset: i32,
    pub advance_on: AdvanceOn,
    pub on_holiday: OnHoliday,
}

/// Who has a turn.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Member {
    Person(PersonId),
    /// All of them at once.
    Group(Vec<PersonId>),
    /// Deliberately nobody: hides the layers beneath, and is no coverage.
    Nobody,
}

/// On which days a restriction begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RestrictionKind {
    /// On every day.
    Daily,
    /// On its weekdays.
    Weekly,
    /// On holidays that are one of its weekdays.
    Holiday,
    /// On its weekdays, unless they are holidays.
    NotHoliday,
}

/// A window of a day, on a wall clock. An end that is not after the start is of the next day; 0 to 0 is a whole day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Restriction {
    pub kind: RestrictionKind,
    /// Seconds since midnight on a clock that doesn't change, 0 to 86,399.
    pub start_s: u32,
    /// The same, 0 to 86,400.
    pub end_s: u32,
    pub weekdays: Weekdays,
}

/// A set of weekdays: bit 0 is Monday. Of no weekdays all are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Weekdays(pub u8);

impl Weekdays {
    pub const ALL: Self = Self(0b111_1111);
    pub const MONDAY_TO_FRIDAY: Self = Self(0b001_1111);
    pub const WEEKEND: Self = Self(0b110_0000);

    /// Whether it has the weekday with that number, 0 for Monday to 6.
    #[must_use]
    pub fn has(self, weekday: u8) -> bool {
        self.0 & Self::ALL.0 == 0 || (weekday < 7 && (self.0 >> weekday) & 1 == 1)
    }
}

/// Somebody else for a while. Applies to the person of the layers, never to what another override made of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    pub id: OverrideId,
    pub role: DutyRole,
    pub start: Time,
    pub end: Time,
    /// Whom it replaces; without one, whoever it is, or the gap.
    pub from: Option<PersonId>,
    /// Who takes it; without one, nobody.
    pub to: Option<PersonId>,
    /// The newest wins; of two of the same moment, the one with the greater id.
    pub created_at: Time,
    pub source: OverrideSource,
}

/// Where an override comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OverrideSource {
    Manual,
    /// One half of a swap, or a cover.
    Swap,
    /// Read from a calendar.
    Ical,
}

/// When a person is away. It warns and never removes anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Availability {
    pub person: PersonId,
    pub start: Time,
    pub end: Time,
    pub kind: AwayKind,
}

/// Why a person is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AwayKind {
    Leave,
    OutOfOffice,
}

/// Half open: `start` is in it, `end` is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: Time,
    pub end: Time,
}

/// A stretch of time in which one and the same is on call in a role, for one and the same reason. People who are on call together have
/// a segment each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Segment {
    pub role: DutyRole,
    pub start: Time,
    pub end: Time,
    pub who: Who,
    /// What put them there; nothing did where there is a gap.
    pub source: Option<Source>,
}

/// Who is on call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Who {
    Person(PersonId),
    /// A turn that is deliberately empty, or an override that took the person away.
    Nobody,
    /// No layer has a turn.
    Gap,
}

/// Somebody on call, or nobody, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Holder {
    pub who: Who,
    pub source: Option<Source>,
}

/// What a segment comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Source {
    Override(OverrideId),
    Layer(LayerId),
}

impl Segment {
    /// The stretch it covers.
    #[must_use]
    pub fn span(&self) -> Span {
        Span { start: self.start, end: self.end }
    }

    /// The person, if it is one.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        match self.who {
            Who::Person(person) => Some(person),
            Who::Nobody | Who::Gap => None,
        }
    }
}

impl Schedule {
    /// The zones an [`almanac::Almanac`] must have for this schedule, each once, sorted.
    #[must_use]
    pub fn zones(&self) -> Vec<String> {
        let mut zones: Vec<String> = self.layers.iter().map(|layer| layer.rotation.zone.clone()).collect();
        zones.push(self.zone.clone());
        zones.sort_unstable();
        zones.dedup();
        zones
    }

    /// The first wall-clock anchor of its rotations: an [`almanac::Almanac`] reaches back to before it.
    #[must_use]
    pub fn first_anchor(&self) -> Option<Local> {
        self.layers.iter().map(|layer| layer.rotation.anchor).min()
    }
}
