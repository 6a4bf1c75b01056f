//! Policies and runs as screens show them. Pure.

use crate::apis::oncall::shape::way;
use ::api::escalations::{PolicyLine, RunLine, RunState, StepView, TargetView, WhenView, WhyLine};
use ::api::oncall::WayKind;
use identity::PersonRow;
use model::ids::PersonId;
use oncall::ContactKind;
use oncall::explain::LogEntry;
use oncall::policies::course::Place;
use oncall::policies::keeping::PolicyRow;
use oncall::policies::{AckMode, OnEmpty, Passes, Step, Target, When};
use oncall::runs::Page;
use oncall::{RunRow, State, What};

/// A policy in a list.
pub fn policy(row: &PolicyRow, people: &[PersonRow]) -> PolicyLine {
    PolicyLine {
        name: row.policy.name.clone(),
        owner: row.policy.owner.clone(),
        passes: match row.policy.passes {
            Passes::Times(n) => Some(n),
            Passes::Forever => None,
        },
        steps: row.policy.steps.iter().map(|one| step(one, people)).collect(),
        version: row.version,
        is_from_file: row.is_from_file,
        changed_by: row.changed_by.clone(),
        changed_at: row.changed_at,
    }
}

fn step(one: &Step, people: &[PersonRow]) -> StepView {
    StepView {
        wait_ms: one.wait.ms,
        targets: one.notify.iter().map(|target| target_view(target, people)).collect(),
        wants_all: one.ack == AckMode::All,
        when: match one.when {
            When::Always => WhenView::Always,
            When::Business => WhenView::Business,
            When::Night => WhenView::Night,
            When::Holiday => WhenView::Holiday,
        },
        zone: one.zone.map(|zone| zone.0.name().to_owned()),
        falls_back: one.on_empty == OnEmpty::Fallback,
    }
}

fn target_view(target: &Target, people: &[PersonRow]) -> TargetView {
    match target {
        Target::Person(email) => {
            let found = people.iter().find(|person| person.email.eq_ignore_ascii_case(email));
            TargetView::Person(email.clone(), found.map(|person| person.name.clone()).unwrap_or_default())
        }
        Target::Schedule { schedule, role } => TargetView::Schedule(schedule.clone(), role.clone()),
        Target::Team(team) => TargetView::Team(team.clone()),
        Target::Everyone => TargetView::Everyone,
        Target::Channel(channel) => TargetView::Channel(channel.clone()),
    }
}

/// A run in a list.
pub fn run(row: &RunRow) -> RunLine {
    RunLine {
        id: row.id.to_string(),
        number: row.number,
        policy: row.policy.clone(),
        route: row.route.clone(),
        severity: row.severity,
        alerts: row.alerts.clone(),
        state: match row.state {
            State::Running => RunState::Running,
            State::Spent => RunState::Spent,
            State::Acknowledged => RunState::Acknowledged,
            State::Over => RunState::Over,
        },
        // The end of the pass is no step: the first one follows.
        next: row.next_step.map(|(place, at)| (number(place.step) % steps(row) + 1, at)),
        n_steps: steps(row),
        started_at: row.started_at,
        first_page_at: row.first_page_at,
        answered: row.answer.as_ref().map(|answer| (answer.by.clone(), answer.at)),
        nobody_at: row.nobody_at,
        ended_at: row.ended_at,
    }
}

fn steps(row: &RunRow) -> u32 {
    u32::try_from(row.n_steps).unwrap_or(u32::MAX).max(1)
}

fn number(of: i32) -> u32 {
    u32::try_from(of).unwrap_or(0)
}

/// Those who were paged, in the order they were, each once.
pub fn paged(pages: &[Page], people: &[PersonRow]) -> Vec<String> {
    let mut seen: Vec<PersonId> = Vec::new();
    for page in pages {
        if !seen.contains(&page.person) {
            seen.push(page.person);
        }
    }
    seen.into_iter().filter_map(|person| name(person, people)).collect()
}

fn name(person: PersonId, people: &[PersonRow]) -> Option<String> {
    people.iter().find(|row| row.id == person).map(|row| row.name.clone())
}

/// A decision.
pub fn why(entry: &LogEntry, people: &[PersonRow]) -> WhyLine {
    let place = |place: Place| (number(place.pass) + 1, number(place.step) + 1);
    WhyLine {
        at: entry.at,
        what: entry.what.as_str().to_owned(),
        place: entry.place.map(place),
        person: entry.person.and_then(|person| name(person, people)),
        way: contact(entry),
        detail: entry.detail.clone(),
        until: entry.until,
    }
}

/// By which kind of contact, where the room says it.
fn contact(entry: &LogEntry) -> Option<WayKind> {
    let word: &str = entry.detail.as_deref().filter(|_| entry.what == What::Asked)?;
    ContactKind::from_word(word).map(way)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ids::AlertId;
    use model::{Severity, Time};
    use oncall::RunId;
    use uuid::Uuid;

    fn row(step: i32) -> RunRow {
        RunRow {
            id: RunId(Uuid::nil()),
            number: 3,
            policy: "payments".to_owned(),
            route: "all".to_owned(),
            severity: Severity::P1,
            alerts: vec![AlertId(7)],
            state: State::Running,
            next_step: Some((Place { pass: 0, step }, Time(5))),
            n_steps: 3,
            started_at: Time(0),
            first_page_at: None,
            answer: None,
            nobody_at: None,
            ended_at: None,
        }
    }

    #[test]
    fn the_next_step_counts_from_one_and_the_end_of_a_pass_leads_to_the_first() {
        assert_eq!(run(&row(0)).next, Some((1, Time(5))));
        assert_eq!(run(&row(2)).next, Some((3, Time(5))));
        assert_eq!(run(&row(3)).next, Some((1, Time(5))));
    }

    #[test]
    fn only_a_message_says_by_which_contact() {
        let entry = |what: What, detail: &str| LogEntry {
            at: Time(0),
            what,
            place: Some(Place { pass: 1, step: 0 }),
            person: None,
            contact: None,
            detail: Some(detail.to_owned()),
            until: None,
        };
        let asked = why(&entry(What::Asked, "voice"), &[]);
        assert_eq!((asked.way, asked.place, asked.what.as_str()), (Some(WayKind::Voice), Some((2, 1)), "asked"));
        assert_eq!(why(&entry(What::Failed, "voice"), &[]).way, None);
    }
}
