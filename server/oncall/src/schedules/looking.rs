//! Who is, was and will be on call: what the screens draw.
//!
//! What was before [`ScheduleRow::final_until`] is read as it was written down, what comes after is worked out. The two follow each other
//! without a seam, so a window may lie anywhere.

use super::almanacs::{self, Kept};
use super::definition::{Definition, NO_HOLIDAYS, ScheduleId, ScheduleRow};
use super::leave::LeaveRow;
use super::overrides::OverrideRow;
use super::refused::Refused;
use super::{Named, Schedules};
use crate::error::Error;
use crate::needs::Staffer;
use crate::store;
use crate::store::schedules::Selection;
use chrono::{Datelike, NaiveDate};
use kernel::Tx;
use model::Time;
use model::holidays::Holiday;
use model::ids::{LayerId, PersonId};
use model::rota::almanac::Almanac;
use model::rota::coverage::{self, Coverage};
use model::rota::handoffs::{self, Handoff};
use model::rota::readiness;
use model::rota::render::roles;
use model::rota::{DutyRole, Override, OverrideSource, Schedule, Segment, Source, Span, Who, render};

/// The longest window that is drawn: a year and a month.
pub const MAX_WINDOW_DAYS: i64 = 400;
/// Handoffs that are told at once.
pub const MOST_HANDOFFS: usize = 50;
/// How far it is looked for the end of a shift that runs.
const SHIFT_DAYS: i64 = 40;
const DAY_MS: i64 = 86_400_000;

/// A schedule with all that its turns are worked out from.
pub(super) struct Loaded {
    pub(super) row: ScheduleRow,
    pub(super) model: Schedule,
    /// Overrides in force at what is not written down yet, or to come.
    pub(super) changes: Vec<Override>,
    pub(super) calendar: Kept,
    pub(super) almanac: Almanac,
}

impl Loaded {
    /// What is worked out, also where something else is written down.
    pub(super) fn computed(&self, window: Span) -> Vec<Segment> {
        render(&self.model, &self.changes, &self.almanac, window)
    }
}

/// A window of a schedule, as a screen draws it.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendering {
    pub schedule: ScheduleRow,
    pub window: Span,
    /// Who it really is: by role, then by time. Gaps are segments.
    pub segments: Vec<Segment>,
    /// What each layer says by itself, those of the schedule's own order.
    pub layers: Vec<LayerSegments>,
    /// Those in force within the window.
    pub overrides: Vec<OverrideRow>,
    /// Of each role, how much of the time that is required has somebody.
    pub coverage: Vec<(DutyRole, Coverage)>,
    /// Where somebody is required and nobody is there.
    pub gaps: Vec<Segment>,
    /// When people of the window are away.
    pub away: Vec<LeaveRow>,
    pub holidays: Vec<Holiday>,
    /// Everybody who is named in any of it.
    pub people: Vec<Named>,
    /// What a browser needs to work the same out for a preview, with [`ScheduleRow::model`] and the overrides.
    pub almanac: Almanac,
}

/// What one layer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerSegments {
    pub layer: LayerId,
    pub segments: Vec<Segment>,
}

/// A schedule at this moment: one card.
#[derive(Clone, Debug, PartialEq)]
pub struct NowCard {
    pub schedule: ScheduleRow,
    pub roles: Vec<NowRole>,
}

/// Who has a role now. Nobody in `holders` means that nobody has it.
#[derive(Clone, Debug, PartialEq)]
pub struct NowRole {
    pub role: DutyRole,
    pub holders: Vec<NowHolder>,
    /// Since nobody has it, when somebody will; `None` when that is far.
    pub empty_until: Option<Time>,
}

/// Somebody on call.
#[derive(Clone, Debug, PartialEq)]
pub struct NowHolder {
    pub person: Named,
    /// When their shift ends; `None` when that is far.
    pub until: Option<Time>,
    pub because: Because,
}

/// What puts somebody on call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    Rotation,
    Override,
    Swap,
    Calendar,
}

/// A shift of somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    pub schedule: ScheduleId,
    pub name: String,
    pub title_ja: String,
    pub title_en: String,
    pub zone: String,
    pub segment: Segment,
    pub because: Because,
}

impl Schedules {
    /// A window of a schedule.
    ///
    /// # Errors
    /// [`Refused::NoSchedule`], [`Refused::Window`]. The database's.
    pub async fn render(&self, id: ScheduleId, window: Span) -> Result<Rendering, Error> {
        check_window(window)?;
        let staff: Vec<Staffer> = self.everybody().await?;
        let mut tx: Tx = self.db.begin().await?;
        let loaded: Loaded = self.load(&mut tx, id).await?;
        self.rendered(&mut tx, &loaded, &staff, window).await
    }

    async fn rendered(&self, tx: &mut Tx, loaded: &Loaded, staff: &[Staffer], window: Span) -> Result<Rendering, Error> {
        let row: &ScheduleRow = &loaded.row;
        let segments: Vec<Segment> = segments(tx, loaded, window).await?;
        let selection =
            store::schedules::overrides::Selection { schedule: Some(row.id), within: Some(window), ..Default::default() };
        let overrides: Vec<OverrideRow> = store::schedules::overrides::list(tx, selection).await?;
        let required: Vec<Span> = coverage::required(&loaded.model, &loaded.almanac, window);
        let covered = roles(&loaded.model, &loaded.changes).into_iter();
        let people: Vec<PersonId> = everybody_in(row, &segments, &overrides);
        let mut away: Vec<LeaveRow> = store::schedules::leave::within(tx, None, window).await?;
        away.retain(|leave| people.contains(&leave.away.person));
        Ok(Rendering {
            coverage: covered.map(|role| (role.clone(), coverage::coverage(&segments, &role, &required))).collect(),
            gaps: gaps(&row.definition, &segments, &required),
            layers: layers(loaded, window),
            people: self.named(tx, staff, &people).await?,
            holidays: holidays(&loaded.calendar, window),
            almanac: almanacs::for_sending(&loaded.almanac, &loaded.model, window),
            schedule: row.clone(),
            window,
            segments,
            overrides,
            away,
        })
    }

    /// Every schedule at this moment, by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn on_call_now(&self) -> Result<Vec<NowCard>, Error> {
        let now: Time = self.clock.now();
        let window = Span::new(now, now.plus_ms(SHIFT_DAYS * DAY_MS));
        let staff: Vec<Staffer> = self.everybody().await?;
        let mut tx: Tx = self.db.begin().await?;
        let mut all: Vec<(Loaded, Vec<Segment>)> = Vec::new();
        for row in store::schedules::list(&mut tx, Selection::default()).await? {
            let loaded: Loaded = self.loaded(&mut tx, row).await?;
            let segments: Vec<Segment> = segments(&mut tx, &loaded, window).await?;
            all.push((loaded, segments));
        }
        let mut people: Vec<PersonId> = all.iter().flat_map(|(_, segments)| readiness::people(segments)).collect();
        people.sort_unstable();
        people.dedup();
        let named: Vec<Named> = self.named(&mut tx, &staff, &people).await?;
        let card = |(loaded, segments): (Loaded, Vec<Segment>)| {
            let of_role = |role: DutyRole| now_role(role, &segments, &loaded, &named, window);
            let roles: Vec<NowRole> = roles(&loaded.model, &loaded.changes).into_iter().map(of_role).collect();
            NowCard { schedule: loaded.row, roles }
        };
        Ok(all.into_iter().map(card).collect())
    }

    /// The next `n` handoffs of a schedule, and everybody they name.
    ///
    /// # Errors
    /// [`Refused::NoSchedule`]. The database's.
    pub async fn next_handoffs(&self, id: ScheduleId, n: usize) -> Result<(Vec<Handoff>, Vec<Named>), Error> {
        let now: Time = self.clock.now();
        let staff: Vec<Staffer> = self.everybody().await?;
        let mut tx: Tx = self.db.begin().await?;
        let loaded: Loaded = self.load(&mut tx, id).await?;
        let next: Vec<Handoff> = handoffs::next(&loaded.model, &loaded.changes, &loaded.almanac, now, n.min(MOST_HANDOFFS));
        let who = next.iter().flat_map(|handoff| handoff.from.iter().chain(&handoff.to));
        let mut people: Vec<PersonId> = who.filter_map(|who| person_of(*who)).collect();
        people.sort_unstable();
        people.dedup();
        let named: Vec<Named> = self.named(&mut tx, &staff, &people).await?;
        Ok((next, named))
    }

    /// When somebody is on call within a window, in all schedules, by its beginning.
    ///
    /// # Errors
    /// [`Refused::Window`]. The database's.
    pub async fn shifts_of(&self, person: PersonId, window: Span) -> Result<Vec<Shift>, Error> {
        check_window(window)?;
        let mut tx: Tx = self.db.begin().await?;
        let mut shifts: Vec<Shift> = Vec::new();
        for row in store::schedules::list(&mut tx, Selection::default()).await? {
            let loaded: Loaded = self.loaded(&mut tx, row).await?;
            let own = segments(&mut tx, &loaded, window).await?.into_iter();
            shifts.extend(own.filter(|segment| segment.person() == Some(person)).map(|segment| shift(&loaded, segment)));
        }
        shifts.sort_by_key(|shift| (shift.segment.start, shift.schedule));
        Ok(shifts)
    }

    /// A schedule with all that belongs to it.
    pub(super) async fn load(&self, tx: &mut Tx, id: ScheduleId) -> Result<Loaded, Error> {
        let found: Vec<ScheduleRow> = store::schedules::list(tx, Selection { id: Some(id), ..Selection::default() }).await?;
        let row: ScheduleRow = found.into_iter().next().ok_or(Refused::NoSchedule)?;
        self.loaded(tx, row).await
    }

    pub(super) async fn loaded(&self, tx: &mut Tx, row: ScheduleRow) -> Result<Loaded, Error> {
        let calendar: Kept = self.kept(tx, &row.definition.calendar).await?;
        let ahead = Span::new(row.final_until, FAR);
        let selection =
            store::schedules::overrides::Selection { schedule: Some(row.id), within: Some(ahead), ..Default::default() };
        let overrides: Vec<OverrideRow> = store::schedules::overrides::list(tx, selection).await?;
        let model: Schedule = row.model();
        let almanac: Almanac = self.almanacs.of(&model, &calendar);
        let changes: Vec<Override> = overrides.into_iter().map(|row| row.change).collect();
        Ok(Loaded { row, model, changes, calendar, almanac })
    }

    /// A calendar by its name; one that is gone has no holidays.
    pub(super) async fn kept(&self, tx: &mut Tx, name: &str) -> Result<Kept, Error> {
        if name == NO_HOLIDAYS {
            return Ok(Kept::nothing());
        }
        let found = store::schedules::calendars::list(tx, Some(name)).await?.pop();
        Ok(found.map_or_else(Kept::nothing, |row| row.kept()))
    }
}

/// 2200-01-01: nobody is on call later.
pub(super) const FAR: Time = Time(84_006 * DAY_MS);

/// What was and what will be, of a window.
pub(super) async fn segments(tx: &mut Tx, loaded: &Loaded, window: Span) -> Result<Vec<Segment>, Error> {
    let border: Time = loaded.row.final_until;
    let mut found: Vec<Segment> = Vec::new();
    if window.start < border {
        let past = Span::new(window.start, window.end.min(border));
        found = store::schedules::facts::within(tx, loaded.row.id, past).await?;
        for segment in &mut found {
            (segment.start, segment.end) = (segment.start.max(past.start), segment.end.min(past.end));
        }
    }
    if window.end > border {
        found.extend(loaded.computed(Span::new(window.start.max(border), window.end)));
    }
    Ok(joined(found))
}

/// Segments as long as they can be, as [`render`] makes them.
pub(super) fn joined(mut segments: Vec<Segment>) -> Vec<Segment> {
    segments.sort_by(|one, other| {
        let key = |segment: &Segment| (segment.who, segment.source, segment.start);
        one.role.cmp(&other.role).then_with(|| key(one).cmp(&key(other)))
    });
    let mut found: Vec<Segment> = Vec::with_capacity(segments.len());
    for segment in segments {
        match found.last_mut() {
            Some(last) if goes_on(last, &segment) => last.end = segment.end,
            _ => found.push(segment),
        }
    }
    found.sort_unstable();
    found
}

fn goes_on(last: &Segment, next: &Segment) -> bool {
    last.role == next.role && last.who == next.who && last.source == next.source && last.end == next.start
}

/// Gaps of roles that somebody still wants: one that was taken away is no gap.
pub(super) fn gaps(definition: &Definition, segments: &[Segment], required: &[Span]) -> Vec<Segment> {
    let is_wanted = |role: &DutyRole| *role == DutyRole::Primary || definition.layers.iter().any(|layer| layer.role == *role);
    coverage::gaps(segments, required).into_iter().filter(|gap| is_wanted(&gap.role)).collect()
}

/// What put somebody on call.
pub(super) fn because(source: Option<Source>, overrides: &[Override]) -> Because {
    let Some(Source::Override(id)) = source else { return Because::Rotation };
    match overrides.iter().find(|change| change.id == id).map(|change| change.source) {
        Some(OverrideSource::Swap) => Because::Swap,
        Some(OverrideSource::Ical) => Because::Calendar,
        Some(OverrideSource::Manual) | None => Because::Override,
    }
}

fn now_role(role: DutyRole, segments: &[Segment], loaded: &Loaded, people: &[Named], window: Span) -> NowRole {
    let is_far = |end: Time| end >= window.end;
    let current: Vec<&Segment> =
        segments.iter().filter(|segment| segment.role == role && segment.span().covers(window.start)).collect();
    let holder = |segment: &&Segment| {
        let person: PersonId = segment.person()?;
        Some(NowHolder {
            person: people.iter().find(|named| named.id == person)?.clone(),
            until: Some(segment.end).filter(|end| !is_far(*end)),
            because: because(segment.source, &loaded.changes),
        })
    };
    let holders: Vec<NowHolder> = current.iter().filter_map(holder).collect();
    let next = segments.iter().find(|segment| segment.role == role && segment.person().is_some());
    let empty_until: Option<Time> = if holders.is_empty() { next.map(|segment| segment.start) } else { None };
    NowRole { role, holders, empty_until }
}

fn shift(loaded: &Loaded, segment: Segment) -> Shift {
    let definition = &loaded.row.definition;
    Shift {
        schedule: loaded.row.id,
        name: definition.name.clone(),
        title_ja: definition.title_ja.clone(),
        title_en: definition.title_en.clone(),
        zone: definition.zone.clone(),
        because: because(segment.source, &loaded.changes),
        segment,
    }
}

fn layers(loaded: &Loaded, window: Span) -> Vec<LayerSegments> {
    let alone = |layer: &model::rota::Layer| {
        let own = Schedule { layers: vec![layer.clone()], ..loaded.model.clone() };
        let mut segments: Vec<Segment> = render(&own, &[], &loaded.almanac, window);
        segments.retain(|segment| segment.role == layer.role);
        LayerSegments { layer: layer.id, segments }
    };
    loaded.model.layers.iter().map(alone).collect()
}

fn holidays(calendar: &Kept, window: Span) -> Vec<Holiday> {
    let day = |at: Time| -> NaiveDate { at.to_utc().date_naive() };
    // A day of any zone begins at most a day away from UTC's.
    let (first, last): (NaiveDate, NaiveDate) = (day(window.start.plus_ms(-DAY_MS)), day(window.end.plus_ms(DAY_MS)));
    let years = first.year()..=last.year();
    years.flat_map(|year| calendar.days.of_year(year)).filter(|holiday| (first..=last).contains(&holiday.date)).collect()
}

fn everybody_in(row: &ScheduleRow, segments: &[Segment], overrides: &[OverrideRow]) -> Vec<PersonId> {
    let mut people: Vec<PersonId> = row.definition.people();
    people.extend(segments.iter().filter_map(Segment::person));
    people.extend(overrides.iter().flat_map(|row| [row.change.from, row.change.to]).flatten());
    people.sort_unstable();
    people.dedup();
    people
}

fn person_of(who: Who) -> Option<PersonId> {
    match who {
        Who::Person(person) => Some(person),
        Who::Nobody | Who::Gap => None,
    }
}

/// Refuses windows that nobody can look at.
pub(super) fn check_window(window: Span) -> Result<(), Refused> {
    let is_good: bool = !window.is_empty() && window.length_ms() <= MAX_WINDOW_DAYS * DAY_MS && window == window.held();
    if is_good { Ok(()) } else { Err(Refused::Window(MAX_WINDOW_DAYS)) }
}
