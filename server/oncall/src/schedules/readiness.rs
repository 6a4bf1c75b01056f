//! What is wrong with the next 90 days: nobody there, or somebody who could not be paged.
//!
//! Looked for every night, on each change of a schedule, and soon after people say that they are away. What is found stays a finding as long
//! as it is there: when it appears, when it comes nearer and when it is gone there is a Fact, and none in between.

use super::definition::{ScheduleId, role_word};
use super::leave::LeaveRow;
use super::looking::{self, Loaded};
use super::refused::Refused;
use super::telling::{self, FOUND, MENDED};
use super::{Named, Schedules};
use crate::error::Error;
use crate::needs::Staffer;
use crate::store;
use kernel::{Grant, Tx};
use model::Time;
use model::access::ChangeShifts;
use model::ids::{LayerId, PersonId};
use model::rota::coverage::{self, AHEAD_DAYS};
use model::rota::local::{DAY_S, Local};
use model::rota::readiness::{Problem, of_layers, of_segments, people};
use model::rota::spans::{length_ms, merged};
use model::rota::{Availability, DutyRole, Segment, Span};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use uuid::Uuid;

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;
/// When the nightly look is, on the clock of the schedule.
const NIGHT_S: i64 = 3 * 3_600;
/// Stretches of a finding that are kept; it knows how many there are.
pub const MOST_SPANS: usize = 20;

/// A finding's id: a UUID v7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FindingId(pub Uuid);

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// Somebody is required and nobody is there.
    Gap,
    /// On call, and no contact of theirs was verified: no page reaches them.
    NoContact,
    /// On call, and the account is switched off or gone.
    Disabled,
    /// On call while away.
    Away,
    /// Primary and secondary at once.
    BothRoles,
    /// More hours in seven days than the schedule allows.
    TooMuch,
    /// A secondary that always is the primary.
    SameAsPrimary,
    /// A layer in which nobody takes turns.
    NoMembers,
    /// A layer that can't count as it is: its length, its zone, its hours, its end.
    BrokenLayer,
    /// A layer whose counted turns reach too far from their anchor.
    FarFromAnchor,
}

impl FindingKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Gap,
        Self::NoContact,
        Self::Disabled,
        Self::Away,
        Self::BothRoles,
        Self::TooMuch,
        Self::SameAsPrimary,
        Self::NoMembers,
        Self::BrokenLayer,
        Self::FarFromAnchor,
    ];

    /// The word in the database and in Facts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gap => "gap",
            Self::NoContact => "no-contact",
            Self::Disabled => "disabled",
            Self::Away => "away",
            Self::BothRoles => "both-roles",
            Self::TooMuch => "too-much",
            Self::SameAsPrimary => "same-as-primary",
            Self::NoMembers => "no-members",
            Self::BrokenLayer => "broken-layer",
            Self::FarFromAnchor => "far-from-anchor",
        }
    }

    /// The kind of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What is wrong, of one kind and one role, person or layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub kind: FindingKind,
    pub role: Option<DutyRole>,
    pub person: Option<PersonId>,
    pub layer: Option<LayerId>,
    /// When, the first [`MOST_SPANS`] of them; nothing where it is no matter of time.
    pub spans: Vec<Span>,
    /// When it begins, or when it was looked.
    pub first: Time,
    pub last: Time,
    /// How many stretches of time.
    pub n: usize,
    pub total_ms: i64,
}

/// A finding as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingRow {
    pub id: FindingId,
    pub schedule: ScheduleId,
    pub finding: Finding,
    pub found_at: Time,
}

impl Finding {
    /// The same as long as it is the same thing.
    #[must_use]
    pub fn key(&self) -> String {
        let role: &str = self.role.as_ref().map_or("", role_word);
        let person: String = self.person.map(|person| person.to_string()).unwrap_or_default();
        let layer: String = self.layer.map(|layer| layer.to_string()).unwrap_or_default();
        format!("{}/{role}/{person}/{layer}", self.kind.as_str())
    }
}

impl Schedules {
    /// What is wrong now, the nearest first, of one schedule or of all; and everybody it names.
    ///
    /// # Errors
    /// The database's.
    pub async fn findings(&self, schedule: Option<ScheduleId>) -> Result<(Vec<FindingRow>, Vec<Named>), Error> {
        let staff: Vec<Staffer> = self.everybody().await?;
        let mut tx: Tx = self.db.begin().await?;
        let found: Vec<FindingRow> = store::schedules::findings::live(&mut tx, schedule).await?;
        let mut people: Vec<PersonId> = found.iter().filter_map(|row| row.finding.person).collect();
        people.sort_unstable();
        people.dedup();
        let named: Vec<Named> = self.named(&mut tx, &staff, &people).await?;
        Ok((found, named))
    }

    /// Looks now.
    ///
    /// # Errors
    /// [`Refused::NoSchedule`]. The database's.
    pub async fn check(&self, _grant: &Grant<ChangeShifts>, id: ScheduleId) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let staff: Vec<Staffer> = self.everybody().await?;
        let mut tx: Tx = self.db.begin().await?;
        if !store::schedules::lock(&mut tx, id).await? {
            return Err(Refused::NoSchedule.into());
        }
        self.look_at(&mut tx, id, &staff, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Looks at one schedule whose time has come. `false` when there is none.
    pub(super) async fn check_one(&self) -> Result<bool, Error> {
        let now: Time = self.clock.now();
        let staff: Vec<Staffer> = self.everybody().await?;
        let mut tx: Tx = self.db.begin().await?;
        let Some(id) = store::schedules::claim_to_check(&mut tx, now).await? else {
            return Ok(false);
        };
        match self.look_at(&mut tx, id, &staff, now).await {
            Ok(()) => tx.commit().await?,
            Err(error) => {
                tx.rollback().await?;
                self.postpone(id, &error, now).await?;
            }
        }
        Ok(true)
    }

    /// Looks for what is wrong, in the transaction of what may have changed it. The schedule's row is locked.
    pub(super) async fn look_at(&self, tx: &mut Tx, id: ScheduleId, staff: &[Staffer], now: Time) -> Result<(), Error> {
        let loaded: Loaded = self.load(tx, id).await?;
        let found: Vec<Finding> = self.find(tx, &loaded, staff, now).await?;
        let mut known: BTreeMap<String, FindingRow> = BTreeMap::new();
        for row in store::schedules::findings::live(tx, Some(id)).await? {
            known.insert(row.finding.key(), row);
        }
        for finding in found {
            let before: Option<FindingRow> = known.remove(&finding.key());
            let is_news: bool = before.as_ref().is_none_or(|row| finding.first < row.finding.first);
            store::schedules::findings::write(tx, id, &finding, now).await?;
            if is_news {
                telling::tell(tx, FOUND, id, &telling::worker(), told(&loaded, &finding), now).await?;
            }
        }
        for row in known.into_values() {
            store::schedules::findings::end(tx, row.id, now).await?;
            telling::tell(tx, MENDED, id, &telling::worker(), told(&loaded, &row.finding), now).await?;
        }
        store::schedules::note_checked(tx, id, next_night(&loaded, now)).await?;
        Ok(())
    }

    async fn find(&self, tx: &mut Tx, loaded: &Loaded, staff: &[Staffer], now: Time) -> Result<Vec<Finding>, Error> {
        let window = Span::new(now.max(loaded.row.final_until), now.plus_ms(AHEAD_DAYS * DAY_MS));
        let segments: Vec<Segment> = loaded.computed(window);
        let required: Vec<Span> = coverage::required(&loaded.model, &loaded.almanac, window);
        let leaves: Vec<LeaveRow> = store::schedules::leave::within(tx, None, window).await?;
        let away: Vec<Availability> = leaves.iter().map(|row| row.away).collect();
        let most_ms: i64 = i64::from(loaded.row.definition.most_hours) * HOUR_MS;
        let mut found = Findings { now, all: BTreeMap::new() };
        for gap in looking::gaps(&loaded.row.definition, &segments, &required) {
            found.add(FindingKind::Gap, Some(gap.role.clone()), None, None, Some(gap.span()));
        }
        for problem in
            of_layers(&loaded.row.lasting(), &loaded.almanac, now).into_iter().chain(of_segments(&segments, &away, most_ms))
        {
            found.note(problem);
        }
        let people: Vec<PersonId> = people(&segments);
        let reachable: Vec<PersonId> = store::schedules::people::reachable(tx, &people).await?;
        for person in people {
            let may_come_in: bool = staff.iter().any(|staffer| staffer.id == person && staffer.may_come_in);
            let kind: FindingKind = if may_come_in { FindingKind::NoContact } else { FindingKind::Disabled };
            if may_come_in && reachable.contains(&person) {
                continue;
            }
            for segment in segments.iter().filter(|segment| segment.person() == Some(person)) {
                found.add(kind, None, Some(person), None, Some(segment.span()));
            }
        }
        Ok(found.all.into_values().map(tidied).collect())
    }
}

/// What was found, by key.
struct Findings {
    now: Time,
    all: BTreeMap<String, Finding>,
}

impl Findings {
    fn note(&mut self, problem: Problem) {
        let (primary, secondary) = (Some(DutyRole::Primary), Some(DutyRole::Secondary));
        match problem {
            Problem::NoMembers(layer) => self.add(FindingKind::NoMembers, None, None, Some(layer), None),
            Problem::NoLength(layer)
            | Problem::UnknownZone(layer, _)
            | Problem::BadRestriction(layer)
            | Problem::NeverEffective(layer) => self.add(FindingKind::BrokenLayer, None, None, Some(layer), None),
            Problem::TooFarFromAnchor(layer) => self.add(FindingKind::FarFromAnchor, None, None, Some(layer), None),
            Problem::SameAsPrimary(layer, _) => self.add(FindingKind::SameAsPrimary, secondary, None, Some(layer), None),
            Problem::BothRoles(clash) => {
                self.add(FindingKind::BothRoles, primary, Some(clash.person), None, Some(clash.span));
            }
            Problem::TooMuch(load) => self.add(FindingKind::TooMuch, None, Some(load.person), None, Some(load.span)),
            Problem::Away(absence) => {
                self.add(FindingKind::Away, Some(absence.role), Some(absence.person), None, Some(absence.span));
            }
        }
    }

    fn add(
        &mut self,
        kind: FindingKind,
        role: Option<DutyRole>,
        person: Option<PersonId>,
        layer: Option<LayerId>,
        span: Option<Span>,
    ) {
        let (first, last): (Time, Time) = (self.now, self.now);
        let new = Finding { kind, role, person, layer, spans: Vec::new(), first, last, n: 1, total_ms: 0 };
        self.all.entry(new.key()).or_insert(new).spans.extend(span);
    }
}

/// With its figures, and no more stretches than are kept.
fn tidied(finding: Finding) -> Finding {
    let mut spans: Vec<Span> = merged(finding.spans);
    let total_ms: i64 = length_ms(&spans);
    let first: Time = spans.first().map_or(finding.first, |span| span.start);
    let last: Time = spans.last().map_or(finding.last, |span| span.end);
    let n: usize = spans.len().max(1);
    spans.truncate(MOST_SPANS);
    Finding { spans, first, last, n, total_ms, ..finding }
}

/// Three o'clock, where the schedule is.
fn next_night(loaded: &Loaded, now: Time) -> Time {
    let Some(zone) = loaded.almanac.zone(&loaded.model.zone) else { return now.plus_ms(DAY_MS) };
    let today: i64 = zone.local(now).day();
    let nights = [today, today + 1, today + 2].map(|day| zone.first(Local(day * DAY_S + NIGHT_S)));
    nights.into_iter().find(|night| *night > now).unwrap_or(now.plus_ms(DAY_MS))
}

fn told(loaded: &Loaded, finding: &Finding) -> Value {
    json!({
        "name": loaded.row.definition.name,
        "kind": finding.kind.as_str(),
        "role": finding.role.as_ref().map(role_word),
        "person": finding.person,
        "layer": finding.layer,
        "first": finding.first,
        "n": finding.n,
        "total_ms": finding.total_ms,
    })
}
