//! One schedule on its grid, with everything that is done there: overrides, cover, leave, calendars.

use super::form::DutyTrouble;
use super::{FindingView, GapView, MyShift, PersonName, ScheduleCard, SourceView, WhoView};
use crate::text::Text;
use model::Time;
use model::rota::{AwayKind, DutyRole, Unit};
use serde::{Deserialize, Serialize};

/// Which schedule to show, and which part of it; the same words stand in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ScheduleAsk {
    pub name: String,
    /// `week`, `weeks` (four of them, and what an empty word means), `month`.
    pub view: String,
    /// A day in it (`2026-11-30`); empty for today.
    pub at: String,
    /// An override that is being written, to be looked at before it is made.
    pub wish: OverrideWish,
}

/// An override as a form has it. Moments are on the clock of the schedule (`2026-11-30T10:00`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OverrideWish {
    #[serde(default)]
    pub schedule: String,
    /// `primary`, `secondary`, `shadow` or the team's own word.
    #[serde(default)]
    pub role: String,
    /// An id; empty for nobody.
    #[serde(default)]
    pub person: String,
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub until: String,
    #[serde(default)]
    pub reason: String,
    /// Of the schedule that was looked at: an override is refused when others are on call by now.
    #[serde(default)]
    pub revision: String,
}

impl OverrideWish {
    /// Whether anything is written at all.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        !self.from.is_empty() || !self.until.is_empty()
    }
}

/// A request for cover as a form has it. Moments as of an override.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapWish {
    pub schedule: String,
    #[serde(default)]
    pub role: String,
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub until: String,
    /// What one would take in return; empty for nothing.
    #[serde(default)]
    pub back_from: String,
    #[serde(default)]
    pub back_until: String,
    #[serde(default)]
    pub reason: String,
}

/// What somebody does about a request for cover.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapReply {
    pub schedule: String,
    pub id: String,
    /// `take`, `offer` (to take it for a duty of one's own), `accept` (an offer), `cancel`.
    pub act: String,
    /// Of an offer: which duty of one's own the other would take. Of taking a part: which.
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub until: String,
    /// Of an acceptance: the offer.
    #[serde(default)]
    pub offer: String,
}

/// A leave as a form has it. Moments as of an override.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveWish {
    pub schedule: String,
    /// Empty for oneself.
    #[serde(default)]
    pub person: String,
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub until: String,
    /// `leave`, `out`.
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub note: String,
}

/// An address for calendars as a form asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedWish {
    pub schedule: String,
    /// `mine` (one's own duties), `schedule`, `team` (all schedules of its team).
    pub kind: String,
}

/// How much of a schedule is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum GridView {
    Week,
    #[default]
    Weeks,
    Month,
}

impl GridView {
    /// Every view, in order.
    pub const ALL: [Self; 3] = [Self::Week, Self::Weeks, Self::Month];

    /// The word in an address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Weeks => "weeks",
            Self::Month => "month",
        }
    }

    /// What that word means; four weeks for any other.
    #[must_use]
    pub fn of(word: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.as_str() == word).unwrap_or_default()
    }
}

/// A day of the grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayView {
    /// From midnight to midnight of the schedule's clock: 23 or 25 hours where that changes.
    pub from: Time,
    pub until: Time,
    pub year: i64,
    pub month: u32,
    pub day: u32,
    /// 0 for Monday to 6.
    pub weekday: u8,
    pub holiday: Option<HolidayView>,
    pub is_today: bool,
}

impl DayView {
    /// Saturday, Sunday, or a holiday.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.weekday >= 5 || self.holiday.is_some()
    }
}

/// Why a day is off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayView {
    pub name: Text,
    /// Worked out beyond what was gazetted.
    pub is_provisional: bool,
}

/// A stretch of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftView {
    pub from: Time,
    pub until: Time,
    pub who: WhoView,
    pub source: Option<SourceView>,
    /// The person is away for some of it.
    pub is_away: bool,
}

/// What really is, in one role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoleRow {
    pub role: DutyRole,
    pub shifts: Vec<ShiftView>,
    /// Of the time shown that must be covered, how much is; 0 to 100.
    pub coverage: f64,
}

/// What one layer alone would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerRow {
    /// What people call it; may be empty.
    pub name: String,
    pub role: DutyRole,
    pub rank: i32,
    /// Beside others instead of in front of them.
    pub is_added: bool,
    pub shifts: Vec<ShiftView>,
}

/// Somebody's hours on call, by what hours they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FairLine {
    pub person: PersonName,
    pub business_ms: i64,
    pub evening_ms: i64,
    pub night_ms: i64,
    pub holiday_ms: i64,
}

impl FairLine {
    /// All of it.
    #[must_use]
    pub fn total_ms(&self) -> i64 {
        self.business_ms + self.evening_ms + self.night_ms + self.holiday_ms
    }

    /// The four parts, in their order.
    #[must_use]
    pub fn parts(&self) -> [i64; 4] {
        [self.business_ms, self.evening_ms, self.night_ms, self.holiday_ms]
    }
}

/// How the load is shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FairView {
    pub from: Time,
    pub until: Time,
    pub lines: Vec<FairLine>,
}

/// An override that is not over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverrideLine {
    pub id: String,
    pub role: DutyRole,
    pub from: Time,
    pub until: Time,
    /// Whom it replaces; nobody in particular without one.
    pub replaces: Option<PersonName>,
    pub to: WhoView,
    pub source: SourceView,
    pub reason: String,
    pub by: String,
    pub can_cancel: bool,
}

/// Somebody would relieve, if whoever asked takes this of theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferLine {
    pub id: String,
    pub by: PersonName,
    pub from: Time,
    pub until: Time,
}

/// A request for cover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwapLine {
    pub id: String,
    pub role: DutyRole,
    pub from: Time,
    pub until: Time,
    /// Whose duty it is.
    pub person: PersonName,
    /// What they take in return, from when until when; nothing of a cover.
    pub back: Option<(Time, Time)>,
    pub reason: String,
    pub made_at: Time,
    pub offers: Vec<OfferLine>,
    /// Who took it; `None` while it is open.
    pub taken_by: Option<PersonName>,
    pub is_open: bool,
    pub can_take: bool,
    /// The reader decides about offers, and may take it back.
    pub is_mine: bool,
}

/// When somebody is away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveLine {
    pub id: String,
    pub person: PersonName,
    pub from: Time,
    pub until: Time,
    pub kind: AwayKind,
    pub note: String,
    pub can_remove: bool,
}

/// An address for calendars.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedLine {
    pub id: String,
    /// `mine`, `schedule`, `team`.
    pub kind: String,
    /// The beginning of its key, by which people tell them apart.
    pub begins: String,
    pub made_at: Time,
    pub read_at: Option<Time>,
}

/// A stretch in which others would be on call than are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeView {
    pub role: DutyRole,
    pub from: Time,
    pub until: Time,
    pub before: Vec<WhoView>,
    pub after: Vec<WhoView>,
}

/// What something would change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewView {
    /// The first of them.
    pub changes: Vec<ChangeView>,
    pub n_changes: u32,
    /// The first of the gaps there would be.
    pub gaps: Vec<GapView>,
    pub n_gaps: u32,
    pub findings: Vec<FindingView>,
}

/// The screen of one schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScheduleView {
    pub card: ScheduleCard,
    pub version: i64,
    pub revision: i64,
    pub is_from_file: bool,
    /// How long a turn is and when it begins, of the first layer: unit, how many, the wall clock (`10:00`) and the weekday.
    pub turns: Option<TurnsView>,
    pub view: GridView,
    /// The day that was asked for, and those one step away (`2026-11-30`).
    pub at: String,
    pub before: String,
    pub after: String,
    /// Whole weeks from Monday on.
    pub days: Vec<DayView>,
    pub rows: Vec<RoleRow>,
    pub layers: Vec<LayerRow>,
    /// The overrides alone, by role.
    pub overlays: Vec<RoleRow>,
    /// Gaps among what is shown.
    pub gaps: Vec<GapView>,
    pub fair: FairView,
    pub overrides: Vec<OverrideLine>,
    pub swaps: Vec<SwapLine>,
    pub leave: Vec<LeaveLine>,
    pub feeds: Vec<FeedLine>,
    /// Who can be put on call.
    pub people: Vec<PersonName>,
    pub roles: Vec<DutyRole>,
    pub wish: OverrideWish,
    /// What the wish would change, if it can be read.
    pub preview: Option<PreviewView>,
    /// Why not, if it can't.
    pub wrong: Option<DutyTrouble>,
    /// The reader's own duties here, to be asked cover for.
    pub mine: Vec<MyShift>,
    pub can_edit: bool,
    pub can_shift: bool,
}

/// How turns are taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnsView {
    pub unit: Unit,
    pub every: u32,
    /// 0 for Monday to 6.
    pub weekday: u8,
    /// `10:00`.
    pub clock: String,
}
