//! Whether schedules share their load: what everybody carried in a period, and swaps of shifts to come that would even it out.

use crate::apis::Door;
use crate::apis::oncall::shape::{People, title, zone};
use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::reviews::{FairnessView, LoadLine, ShiftView, SwapView};
use figures::{Civil, Zone};
use incidents::Period;
use model::Time;
use model::business_time::BusinessCalendar;
use model::ids::PersonId;
use model::pay::cut::pieces;
use model::pay::{Duty, PayBasis, PayRule};
use model::review::fairness::{self, Away, Load, Proposal, Shift, Spread, USUAL_WEIGHTS};
use model::rota::readiness::people;
use model::rota::{DutyRole, Segment, Span};
use oncall::schedules::definition::ScheduleRow;
use oncall::schedules::looking::Rendering;

const DAY_MS: i64 = 86_400_000;
/// How far ahead shifts may change hands.
const AHEAD_DAYS: i64 = 42;
/// The nearest shifts are settled: nobody swaps tomorrow.
const SETTLED_DAYS: i64 = 2;
/// Schedules that are looked at.
const MOST_SCHEDULES: usize = 50;
/// Swaps of one schedule that are proposed.
const MOST_SWAPS: usize = 5;

/// Every schedule, or those of a team.
///
/// # Errors
/// The room's.
pub async fn all(
    door: &Door,
    period: &Period,
    team: Option<&str>,
    calendar: &BusinessCalendar,
) -> Result<Vec<FairnessView>, ApiError> {
    let rows: Vec<ScheduleRow> = door.house.oncall.schedules().list().await.map_err(|error| unavailable(&error))?;
    let is_theirs = |row: &ScheduleRow| team.is_none_or(|team| row.definition.owner.as_deref() == Some(team));
    let mut views: Vec<FairnessView> = Vec::new();
    for row in rows.into_iter().filter(is_theirs).take(MOST_SCHEDULES) {
        views.extend(of(door, &row, period, calendar).await?);
    }
    Ok(views)
}

/// One schedule; none where nobody was on call.
async fn of(
    door: &Door,
    row: &ScheduleRow,
    period: &Period,
    calendar: &BusinessCalendar,
) -> Result<Option<FairnessView>, ApiError> {
    let (now, room) = (door.house.clock.now(), door.house.oncall.schedules());
    let until: Time = period.until.min(now);
    if until <= period.from {
        return Ok(None);
    }
    let past: Rendering = room.render(row.id, Span::new(period.from, until)).await.map_err(|error| unavailable(&error))?;
    let ahead = Span::new(now.plus_ms(SETTLED_DAYS * DAY_MS), now.plus_ms(AHEAD_DAYS * DAY_MS));
    let coming: Rendering = room.render(row.id, ahead).await.map_err(|error| unavailable(&error))?;
    let me: Option<PersonId> = door.visitor.actor.as_ref().and_then(model::Actor::person_id);
    Ok(drawn(&past, &coming, calendar, me, now))
}

fn drawn(
    past: &Rendering,
    coming: &Rendering,
    calendar: &BusinessCalendar,
    me: Option<PersonId>,
    now: Time,
) -> Option<FairnessView> {
    let loads: Vec<Load> = loads(&past.segments, past.window, calendar);
    let carried: Vec<(PersonId, i64)> = loads.iter().map(|load| (load.person, load.weighed(USUAL_WEIGHTS))).collect();
    let weights: Vec<i64> = carried.iter().map(|(_, load)| *load).collect();
    let spread: Spread = fairness::spread(&weights)?;
    let (seen, ahead) = (People { named: &past.people, me }, People { named: &coming.people, me });
    let definition = &past.schedule.definition;
    let shown: Zone = zone(&definition.zone, now);
    let shifts: Vec<Shift> = shifts(coming, calendar);
    let away: Vec<Away> = coming
        .away
        .iter()
        .map(|leave| Away { person: leave.away.person, span: Span::new(leave.away.start, leave.away.end) })
        .collect();
    let proposals: Vec<Proposal> = fairness::proposals(&carried, &shifts, &away);
    let swap = |one: &Proposal| swap(one, &shifts, &ahead, &shown);
    let mut lines: Vec<LoadLine> = loads
        .iter()
        .map(|load| LoadLine {
            person: seen.name(load.person),
            category_ms: load.category_ms,
            load_ms: load.weighed(USUAL_WEIGHTS),
        })
        .collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.load_ms));
    Some(FairnessView {
        schedule: definition.name.clone(),
        title: title(definition),
        spread_bp: spread.bp(),
        swaps: proposals.iter().take(MOST_SWAPS).filter_map(swap).collect(),
        loads: lines,
        zone: shown,
    })
}

/// What everybody carried. A shadow learns and carries nothing.
fn loads(segments: &[Segment], window: Span, calendar: &BusinessCalendar) -> Vec<Load> {
    let relied_on: Vec<Segment> = segments.iter().filter(|segment| segment.role != DutyRole::Shadow).cloned().collect();
    people(&relied_on).into_iter().map(|person| load(&relied_on, person, window, calendar)).collect()
}

fn load(segments: &[Segment], person: PersonId, window: Span, calendar: &BusinessCalendar) -> Load {
    let own = segments.iter().filter(|segment| segment.person() == Some(person));
    let duties: Vec<Duty> =
        own.map(|segment| Duty { span: segment.span(), basis: PayBasis::Standby, source: String::new() }).collect();
    let mut category_ms: [i64; 5] = [0; 5];
    for piece in pieces(&duties, window, &PayRule::default(), calendar) {
        let sum: &mut i64 = &mut category_ms[piece.category as usize];
        *sum = sum.saturating_add(piece.span.length_ms());
    }
    Load { person, category_ms }
}

/// Shifts to come of the first role that calls somebody, each with what it weighs.
fn shifts(coming: &Rendering, calendar: &BusinessCalendar) -> Vec<Shift> {
    let primary = coming.segments.iter().filter(|segment| segment.role == DutyRole::Primary);
    let shift = |segment: &Segment| {
        let person: PersonId = segment.person()?;
        let load: Load = load(std::slice::from_ref(segment), person, coming.window, calendar);
        Some(Shift { person, span: segment.span(), load: load.weighed(USUAL_WEIGHTS) })
    };
    // What the window cuts off is no whole shift.
    let is_whole = |segment: &&Segment| segment.start > coming.window.start && segment.end < coming.window.end;
    primary.filter(is_whole).filter_map(shift).collect()
}

fn swap(proposal: &Proposal, shifts: &[Shift], names: &People<'_>, zone: &Zone) -> Option<SwapView> {
    let (give, take) = (shifts.get(proposal.give)?, shifts.get(proposal.take)?);
    let view = |shift: &Shift| ShiftView { person: names.name(shift.person), from: shift.span.start, until: shift.span.end };
    let Civil { year, month, day, .. } = zone.civil(give.span.start.0);
    Some(SwapView {
        give: view(give),
        take: view(take),
        before_bp: proposal.before.bp(),
        after_bp: proposal.after.bp(),
        day: format!("{year:04}-{month:02}-{day:02}"),
    })
}
