//! Somebody in another's place for a while.
//!
//! A responder may put themselves on call; an editor may put anybody there, or take somebody away. What begins in the past begins now, and
//! what is taken back was in force until then: what has been doesn't change.

use super::definition::{ScheduleId, check_role, role_word};
use super::incoming::SourceId;
use super::looking::{FAR, Loaded, MAX_WINDOW_DAYS, check_window};
use super::refused::Refused;
use super::swaps::SwapId;
use super::telling::{self, OVERRIDDEN, OVERRIDE_CANCELLED};
use super::{Named, Schedules};
use crate::error::Error;
use crate::needs::Staffer;
use crate::store;
use crate::store::schedules::overrides::Selection;
use kernel::{Grant, Tx, authorize};
use model::access::{ChangeSchedules, ChangeShifts};
use model::ids::{OverrideId, PersonId};
use model::rota::difference::{Change, difference};
use model::rota::{DutyRole, Override, OverrideSource, Segment, Span, Who, render};
use model::{Actor, Time};
use serde_json::{Value, json};

/// Overrides of one schedule that are in force or to come.
pub const MOST_OVERRIDES: usize = 3_000;
/// Characters of a reason.
pub const MOST_REASON: usize = 300;
/// What of the time around an override its preview shows.
const AROUND_MS: i64 = 86_400_000;

/// An override as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverrideRow {
    pub schedule: ScheduleId,
    /// As the maths takes it: one that was taken back ends then.
    pub change: Override,
    /// When it was to end.
    pub planned_end: Time,
    pub reason: String,
    /// The swap or cover it is a half of.
    pub swap: Option<SwapId>,
    /// The calendar it comes from, and which entry of it.
    pub source: Option<SourceId>,
    pub uid: Option<String>,
    pub sequence: Option<u32>,
    pub made_by: String,
    pub made_by_person: Option<PersonId>,
    pub ended_at: Option<Time>,
    pub ended_by: Option<String>,
}

/// An override as somebody wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOverride {
    pub schedule: ScheduleId,
    pub role: DutyRole,
    pub span: Span,
    /// Whom it replaces; without one, whoever it is, or the gap.
    pub from: Option<PersonId>,
    /// Who takes it; without one, nobody.
    pub to: Option<PersonId>,
    pub reason: String,
    /// [`super::definition::ScheduleRow::revision`] of the schedule that was looked at: refused when it is another by now. Without it,
    /// whatever is there is overridden.
    pub revision: Option<i64>,
}

/// What an override would do.
#[derive(Clone, Debug, PartialEq)]
pub struct OverridePreview {
    /// A day more than the override, on either side.
    pub window: Span,
    pub changes: Vec<Change>,
    pub after: Vec<Segment>,
    /// Everybody who is named in any of it.
    pub people: Vec<Named>,
}

impl Schedules {
    /// Overrides of a schedule that are in force or to come, by their beginning.
    ///
    /// # Errors
    /// The database's.
    pub async fn overrides(&self, schedule: ScheduleId) -> Result<Vec<OverrideRow>, Error> {
        let within = Some(Span::new(self.clock.now(), FAR));
        let mut tx: Tx = self.db.begin().await?;
        let selection = Selection { schedule: Some(schedule), within, only_live: true, ..Selection::default() };
        store::schedules::overrides::list(&mut tx, selection).await
    }

    /// What an override would do. Changes nothing; says what [`Schedules::make_override`] would refuse, but not who may.
    ///
    /// # Errors
    /// [`Refused`]. The database's.
    pub async fn preview_override(&self, new: &NewOverride) -> Result<OverridePreview, Error> {
        let now: Time = self.clock.now();
        let new: NewOverride = checked(new, now)?;
        let staff: Vec<Staffer> = self.everybody().await?;
        check_takers(&staff, new.from, new.to)?;
        let mut tx: Tx = self.db.begin().await?;
        let loaded: Loaded = self.load(&mut tx, new.schedule).await?;
        let window = Span::new(new.span.start.plus_ms(-AROUND_MS).max(loaded.row.final_until), new.span.end.plus_ms(AROUND_MS));
        let mut changes: Vec<Override> = loaded.changes.clone();
        changes.push(row(&new, &telling::worker(), now).change);
        let before: Vec<Segment> = loaded.computed(window);
        let after: Vec<Segment> = render(&loaded.model, &changes, &loaded.almanac, window);
        let told: Vec<Change> = difference(&before, &after);
        let mut people: Vec<PersonId> = before.iter().chain(&after).filter_map(Segment::person).collect();
        people.extend(told.iter().flat_map(|change| change.before.iter().chain(&change.after)).filter_map(person));
        people.sort_unstable();
        people.dedup();
        Ok(OverridePreview { window, changes: told, after, people: self.named(&mut tx, &staff, &people).await? })
    }

    /// Makes an override. Says its id.
    ///
    /// # Errors
    /// [`Refused::NotYours`] when a responder does it for others; [`Refused::Stale`] when the schedule is another by now; what else is wrong
    /// with it. The database's.
    pub async fn make_override(&self, grant: &Grant<ChangeShifts>, new: &NewOverride) -> Result<OverrideId, Error> {
        let (now, actor): (Time, &Actor) = (self.clock.now(), grant.actor());
        let new: NewOverride = checked(new, now)?;
        if !is_editor(actor) && (new.to.is_none() || new.to != actor.person_id()) {
            return Err(Refused::NotYours.into());
        }
        let staff: Vec<Staffer> = self.everybody().await?;
        check_takers(&staff, new.from, new.to)?;
        let mut tx: Tx = self.db.begin().await?;
        let loaded: Loaded = self.held(&mut tx, new.schedule, now).await?;
        check_revision(new.revision, loaded.row.revision)?;
        self.check_room(&mut tx, new.schedule, 1, now).await?;
        let row: OverrideRow = row(&new, actor, now);
        store::schedules::overrides::insert(&mut tx, &row).await?;
        store::schedules::revise(&mut tx, new.schedule, now).await?;
        telling::tell(&mut tx, OVERRIDDEN, new.schedule, actor, told(&loaded, &row), now).await?;
        self.look_at(&mut tx, new.schedule, &staff, now).await?;
        tx.commit().await?;
        Ok(row.change.id)
    }

    /// Takes an override back, from now on; a half of a swap with its other half. Whoever it puts on call may, whoever made it, and editors.
    ///
    /// # Errors
    /// [`Refused::NoOverride`], [`Refused::NotYours`], [`Refused::FromACalendar`]. The database's.
    pub async fn cancel_override(&self, grant: &Grant<ChangeShifts>, id: OverrideId) -> Result<(), Error> {
        let (now, actor): (Time, &Actor) = (self.clock.now(), grant.actor());
        let staff: Vec<Staffer> = self.everybody().await?;
        let mut tx: Tx = self.db.begin().await?;
        let selection = Selection { id: Some(id), only_live: true, ..Selection::default() };
        let schedule: ScheduleId = one(&mut tx, selection).await?.schedule;
        let loaded: Loaded = self.held(&mut tx, schedule, now).await?;
        // Again: somebody may have been faster.
        let row: OverrideRow = one(&mut tx, selection).await?;
        if row.source.is_some() {
            return Err(Refused::FromACalendar.into());
        }
        if let Some(swap) = row.swap {
            drop(tx);
            return self.cancel_swap(grant, swap).await;
        }
        let own: Option<PersonId> = actor.person_id();
        let is_theirs: bool = own.is_some() && (row.change.to == own || row.made_by_person == own);
        if !is_editor(actor) && !is_theirs {
            return Err(Refused::NotYours.into());
        }
        if store::schedules::overrides::end(&mut tx, &[id], actor.name(), now).await? == 0 {
            return Err(Refused::NoOverride.into());
        }
        store::schedules::revise(&mut tx, schedule, now).await?;
        telling::tell(&mut tx, OVERRIDE_CANCELLED, schedule, actor, told(&loaded, &row), now).await?;
        self.look_at(&mut tx, schedule, &staff, now).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(super) async fn check_room(&self, tx: &mut Tx, schedule: ScheduleId, n: usize, now: Time) -> Result<(), Error> {
        let there: i64 = store::schedules::overrides::count(tx, schedule, now).await?;
        let most: i64 = i64::try_from(MOST_OVERRIDES.saturating_sub(n)).unwrap_or(i64::MAX);
        if there > most { Err(Refused::TooMany(MOST_OVERRIDES).into()) } else { Ok(()) }
    }
}

/// Whoever is replaced must be known, and whoever takes over must be able to answer.
pub(super) fn check_takers(staff: &[Staffer], from: Option<PersonId>, to: Option<PersonId>) -> Result<(), Refused> {
    let find = |person: PersonId| staff.iter().find(|staffer| staffer.id == person).ok_or(Refused::NoPerson(person));
    if let Some(from) = from {
        find(from)?;
    }
    match to.map(find).transpose()? {
        Some(taker) if !taker.may_come_in || !taker.is_responder => Err(Refused::NotAResponder),
        _ => Ok(()),
    }
}

/// Whether whoever it is may do things for others.
pub(super) fn is_editor(actor: &Actor) -> bool {
    authorize::<ChangeSchedules>(actor, None).is_ok()
}

pub(super) fn check_revision(expected: Option<i64>, found: i64) -> Result<(), Refused> {
    match expected {
        Some(expected) if expected != found => Err(Refused::Stale { expected, found }),
        _ => Ok(()),
    }
}

/// A reason without blanks around it.
pub(super) fn reason(text: &str) -> Result<String, Refused> {
    let text: &str = text.trim();
    if text.chars().count() > MOST_REASON { Err(Refused::LongText(MOST_REASON)) } else { Ok(text.to_owned()) }
}

/// A stretch of time from now on.
pub(super) fn ahead(span: Span, now: Time) -> Result<Span, Refused> {
    check_window(span)?;
    let left = Span::new(span.start.max(now), span.end);
    if left.is_empty() { Err(Refused::Past) } else { Ok(left) }
}

fn checked(new: &NewOverride, now: Time) -> Result<NewOverride, Refused> {
    check_role(&new.role)?;
    if new.from == new.to {
        return Err(Refused::EmptyOverride);
    }
    let span: Span = ahead(new.span, now)?;
    if span.start.since(now) > MAX_WINDOW_DAYS * AROUND_MS {
        return Err(Refused::Window(MAX_WINDOW_DAYS));
    }
    Ok(NewOverride { span, reason: reason(&new.reason)?, ..new.clone() })
}

fn row(new: &NewOverride, actor: &Actor, now: Time) -> OverrideRow {
    OverrideRow {
        schedule: new.schedule,
        change: Override {
            id: OverrideId(kernel::ids::new_uuid()),
            role: new.role.clone(),
            start: new.span.start,
            end: new.span.end,
            from: new.from,
            to: new.to,
            created_at: now,
            source: OverrideSource::Manual,
        },
        planned_end: new.span.end,
        reason: new.reason.clone(),
        swap: None,
        source: None,
        uid: None,
        sequence: None,
        made_by: actor.name().to_owned(),
        made_by_person: actor.person_id(),
        ended_at: None,
        ended_by: None,
    }
}

async fn one(tx: &mut Tx, selection: Selection) -> Result<OverrideRow, Error> {
    Ok(store::schedules::overrides::list(tx, selection).await?.pop().ok_or(Refused::NoOverride)?)
}

fn person(who: &Who) -> Option<PersonId> {
    match who {
        Who::Person(person) => Some(*person),
        Who::Nobody | Who::Gap => None,
    }
}

/// What a Fact says of an override.
pub(super) fn told(loaded: &Loaded, row: &OverrideRow) -> Value {
    let change: &Override = &row.change;
    json!({
        "name": loaded.row.definition.name,
        "override": change.id,
        "role": role_word(&change.role),
        "start": change.start,
        "end": change.end,
        "from": change.from,
        "to": change.to,
        "reason": row.reason,
    })
}
