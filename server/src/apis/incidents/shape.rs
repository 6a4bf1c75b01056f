//! From the room's rows to the screens'. Pure but for names, which were asked for before.

use super::names::Names;
use crate::apis::oncall::shape::titled;
use ::api::Text;
use ::api::incidents::form::LevelChoice;
use ::api::incidents::view::{FollowUpView, MarkView, PastView, SeatView, TaskView, UpdateView};
use ::api::incidents::{BriefSeat, ClockView, IncidentLine};
use incidents::{ClockRow, FollowUp, Incident, Mark, Task, Update};
use model::clock::{Clock, ClockKind, Standing};
use model::ids::PersonId;
use model::incident::IncidentStatus;
use model::incident::roles::{IncidentRole, Roles};
use model::incident::steps::{Stage, StageState, Step};
use model::scheme::{Basis, Level, Scheme};

/// The parts that one person has.
pub const SEATS: [IncidentRole; 3] = [IncidentRole::Commander, IncidentRole::Communications, IncidentRole::Scribe];

/// An incident in a list, without its clock and its step.
pub fn line(incident: &Incident, names: &Names) -> IncidentLine {
    IncidentLine {
        id: incident.id,
        title: incident.title.clone(),
        code: incident.level.code.to_string(),
        level: level_name(&incident.level),
        severity: incident.severity(),
        status: incident.status,
        is_private: incident.is_private,
        team: names.team(incident.team),
        systems: incident.systems.clone(),
        commander: incident.roles.commander.map(|id| names.person(id).name),
        declared_at: incident.declared_at,
        ended_at: incident.resolved_at.or(incident.closed_at),
        clock: None,
        step: None,
    }
}

fn level_name(level: &Level) -> Text {
    titled(&level.code, &level.name_ja, &level.name_en)
}

/// Levels to choose from.
pub fn levels(scheme: &Scheme) -> Vec<LevelChoice> {
    let choice =
        |level: &Level| LevelChoice { code: level.code.to_string(), name: level_name(level), definition: definition(level) };
    scheme.levels.iter().map(choice).collect()
}

/// What a level means.
pub fn definition(level: &Level) -> Text {
    Text { ja: level.definition_ja.to_string(), en: level.definition_en.to_string() }
}

/// A clock that shows something; one that was ended shows nothing.
pub fn clock(view: &incidents::ClockView, follow_ups: &[FollowUp]) -> Option<ClockView> {
    let standing: Standing = view.standing?;
    let row: &ClockRow = &view.row;
    let title = row.follow_up.and_then(|id| follow_ups.iter().find(|found| found.id == id));
    Some(shown(&row.clock, standing, title.map(|found| found.title.clone())))
}

/// A clock and what it shows.
pub fn shown(clock: &Clock, standing: Standing, follow_up: Option<String>) -> ClockView {
    ClockView {
        kind: clock.kind,
        follow_up,
        started_at: clock.started_at,
        due_at: clock.due_at,
        is_business: clock.target.basis == Basis::Business,
        standing,
    }
}

/// Those that run, the next one due first; then those that were met, the newest first.
pub fn clocks(views: &[incidents::ClockView], follow_ups: &[FollowUp]) -> Vec<ClockView> {
    let all = views.iter().filter_map(|view| clock(view, follow_ups));
    let (mut met, mut running): (Vec<ClockView>, Vec<ClockView>) = all.partition(is_met);
    running.sort_by_key(|clock| clock.due_at);
    met.sort_by_key(|clock| std::cmp::Reverse(clock.due_at));
    running.into_iter().chain(met).collect()
}

fn is_met(clock: &ClockView) -> bool {
    matches!(clock.standing, Standing::Met { .. })
}

/// The promise that is due next, of the incident itself.
pub fn next_clock(clocks: &[ClockView]) -> Option<ClockView> {
    clocks.iter().find(|clock| !is_met(clock) && clock.kind != ClockKind::FollowUp).cloned()
}

/// At which step people are, from 1: where they stand, else after the last that is done.
pub fn step_of(stages: &[Stage]) -> Option<u8> {
    let number = |place: usize| u8::try_from(place + 1).ok();
    let current: Option<usize> = stages.iter().position(|stage| stage.state == StageState::Current);
    let last_done: Option<usize> = stages.iter().rposition(|stage| matches!(stage.state, StageState::Done { .. }));
    current.or(last_done).and_then(number).filter(|step| usize::from(*step) <= Step::ALL.len())
}

/// The three single parts, and who has them.
pub fn seats(roles: &Roles, names: &Names) -> Vec<SeatView> {
    let seat = |role: IncidentRole| {
        let holder: Option<PersonId> = roles.holders(role).first().copied();
        SeatView { role, holder: holder.map(|id| names.person(id)) }
    };
    SEATS.into_iter().map(seat).collect()
}

/// The same as names, those that somebody has.
pub fn brief_seats(roles: &Roles, names: &Names) -> Vec<BriefSeat> {
    let seat = |seat: SeatView| seat.holder.map(|holder| BriefSeat { role: seat.role, name: holder.name });
    seats(roles, names).into_iter().filter_map(seat).collect()
}

/// How it came and went.
pub fn past(incident: &Incident, impact_ms: Option<i64>) -> PastView {
    PastView {
        occurred_at: incident.moments.occurred_at,
        detected_at: incident.detected_at,
        acknowledged_at: incident.acknowledged_at,
        mitigated_at: incident.mitigated_at,
        resolved_at: incident.resolved_at,
        closed_at: incident.closed_at,
        impact_ms,
    }
}

/// Every moment that people note.
pub fn marks(incident: &Incident) -> Vec<MarkView> {
    Mark::ALL.into_iter().map(|mark| MarkView { word: mark.as_str().to_owned(), at: incident.marked(mark) }).collect()
}

/// What those who wait were told.
pub fn update(update: &Update) -> UpdateView {
    UpdateView {
        at: update.at,
        by: update.by.name.clone(),
        ja: update.ja.clone(),
        en: update.en.clone(),
        next_at: update.next_at,
    }
}

/// A task.
pub fn task(task: &Task, names: &Names) -> TaskView {
    TaskView {
        id: task.id.0,
        version: task.version,
        title: task.title.clone(),
        owner: task.owner.map(|id| names.person(id)),
        due_at: task.due_at,
        done: task.done_by.clone().zip(task.done_at),
    }
}

/// A follow-up with its clock.
pub fn follow_up(found: &FollowUp, clocks: &[incidents::ClockView], names: &Names) -> FollowUpView {
    let own = clocks.iter().rfind(|view| view.row.follow_up == Some(found.id) && view.row.is_open());
    FollowUpView {
        id: found.id.0,
        version: found.version,
        title: found.title.clone(),
        owner: found.owner.map(|id| names.person(id)),
        due_on: found.due_on.map(|day| day.to_string()),
        url: found.url.clone(),
        done: found.done_by.clone().zip(found.done_at),
        clock: own.and_then(|view| clock(view, &[])),
    }
}

/// The worst first, and of equally bad ones the newest.
pub fn by_urgency(incidents: &mut [Incident]) {
    incidents.sort_by_key(|incident| (incident.severity(), std::cmp::Reverse(incident.declared_at)));
}

/// Whether it is over and waits for the postmortem its level asks for.
pub fn may_wait(incident: &Incident) -> bool {
    incident.status == IncidentStatus::Resolved && incident.level.needs_postmortem
}

/// Counts on the wire are u32.
pub fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Time;
    use model::incident::steps::{IncidentFacts, stages};
    use model::scheme::Target;

    fn clock_view(kind: ClockKind, due: i64, standing: Standing) -> ClockView {
        let clock = Clock {
            kind,
            started_at: Time(0),
            target: Target::elapsed(due),
            at_risk_at: Time(due),
            due_at: Time(due),
            met_at: None,
            warned_at: None,
            breached_at: None,
        };
        shown(&clock, standing, None)
    }

    #[test]
    fn what_is_due_next_is_neither_met_nor_a_follow_up() {
        let on_time = |due: i64| Standing::OnTime { due_at: Time(due), left_ms: due };
        let clocks = [
            clock_view(ClockKind::Ack, 5, Standing::Met { at: Time(3), late_ms: 0 }),
            clock_view(ClockKind::FollowUp, 6, on_time(6)),
            clock_view(ClockKind::Update, 9, on_time(9)),
        ];
        assert_eq!(next_clock(&clocks).map(|clock| clock.kind), Some(ClockKind::Update));
        assert_eq!(next_clock(&clocks[..2]), None);
    }

    #[test]
    fn people_stand_at_the_first_step_that_is_not_done() {
        let mut facts: IncidentFacts = IncidentFacts::declared(Time(0), true);
        assert_eq!(step_of(&stages(&facts)), Some(1));
        facts.detected_at = Some(Time(0));
        facts.occurred_at = Some(Time(0));
        facts.classified_at = Some(Time(1));
        assert_eq!(step_of(&stages(&facts)), Some(3));
        assert_eq!(step_of(&[]), None);
    }
}
