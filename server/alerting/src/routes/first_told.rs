//! When somebody would hear first of an alert that fires now, on each route that takes it. Pure.
//!
//! What is new waits for company (`group_wait`), and for the last page of its group to be long enough ago (`group_interval`). The end of a
//! silence or of a quiet time is no news to wait with: then it is told at once (see [`crate::grouping`]).

use super::explain::{Outcome, Step};
use super::{Quiet, Settings};
use model::Time;
use model::labels::Labels;

/// A route that takes an alert, and when it would tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstTold {
    pub path: String,
    /// Empty means the administrators, unless a policy escalates.
    pub channels: Vec<String>,
    pub escalation: Option<String>,
    /// The labels that make its group.
    pub group: Labels,
    /// `None` while another alert explains it, or its route is quiet with no end in sight.
    pub at: Option<Time>,
}

/// What keeps an alert from being told, whatever its route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct HeldBack {
    /// The end of the last silence that covers it.
    silent_until: Option<Time>,
    is_inhibited: bool,
}

/// Of every route that takes the alert of these steps, when it would tell. `paged_at` says when the group of a route and its labels was
/// told last, if it lives.
#[must_use]
pub fn first_told(steps: &[Step], paged_at: &dyn Fn(&str, &Labels) -> Option<Time>, now: Time) -> Vec<FirstTold> {
    let held: HeldBack = held_back(steps);
    let mut all: Vec<FirstTold> = Vec::new();
    for step in steps {
        if let Step::Route { path, outcome: Outcome::Taken { settings, group, quiet }, .. } = step {
            let waited: Time = waited(settings, paged_at(path, group), now);
            let at: Option<Time> = moment(held, quiet.as_ref(), waited);
            let (channels, escalation) = (settings.channels.clone(), settings.escalation.clone());
            all.push(FirstTold { path: path.clone(), channels, escalation, group: group.clone(), at });
        }
    }
    all
}

fn held_back(steps: &[Step]) -> HeldBack {
    let mut held = HeldBack::default();
    for step in steps {
        match step {
            Step::Silenced { until, .. } => held.silent_until = held.silent_until.max(Some(*until)),
            Step::Inhibited { .. } => held.is_inhibited = true,
            Step::Route { .. } => {}
        }
    }
    held
}

fn waited(settings: &Settings, paged_at: Option<Time>, now: Time) -> Time {
    let company: Time = now.plus_ms(settings.group_wait_ms);
    paged_at.map_or(company, |at| company.max(at.plus_ms(settings.group_interval_ms)))
}

fn moment(held: HeldBack, quiet: Option<&Quiet>, waited: Time) -> Option<Time> {
    if held.is_inhibited {
        return None;
    }
    let quiet_until: Option<Time> = match quiet {
        None => None,
        Some(quiet) => Some(quiet.until?),
    };
    Some(held.silent_until.max(quiet_until).unwrap_or(waited))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::silences::SilenceId;
    use model::ids::AlertId;

    fn taken(quiet: Option<Quiet>) -> Step {
        let outcome = Outcome::Taken { settings: Settings::default(), group: Labels::default(), quiet };
        Step::Route { path: "all".to_owned(), depth: 0, tests: Vec::new(), outcome }
    }

    fn silenced(until: i64) -> Step {
        Step::Silenced { silence: SilenceId(1), comment: String::new(), by: String::new(), until: Time(until) }
    }

    fn quiet(until: Option<i64>) -> Option<Quiet> {
        Some(Quiet { calendar: "nights".to_owned(), until: until.map(Time) })
    }

    fn at(steps: &[Step], paged_at: Option<i64>) -> Option<i64> {
        let told = first_told(steps, &|_, _| paged_at.map(Time), Time(1_000));
        assert_eq!(told.len(), 1);
        told[0].at.map(|at| at.0)
    }

    #[test]
    fn news_waits_for_company_and_for_its_group() {
        assert_eq!(at(&[taken(None)], None), Some(31_000));
        assert_eq!(at(&[taken(None)], Some(500)), Some(300_500));
        assert_eq!(at(&[taken(None)], Some(-900_000)), Some(31_000), "long enough ago");
    }

    #[test]
    fn the_last_end_of_what_keeps_it_quiet_is_when_it_is_told() {
        assert_eq!(at(&[taken(None), silenced(5_000), silenced(9_000)], None), Some(9_000));
        assert_eq!(at(&[taken(quiet(Some(7_000))), silenced(5_000)], Some(500)), Some(7_000));
        assert_eq!(at(&[taken(quiet(None))], None), None, "quiet for ever");
        let inhibited = Step::Inhibited { rule: "silent-host".to_owned(), by: AlertId(7) };
        assert_eq!(at(&[taken(None), silenced(5_000), inhibited], None), None);
    }

    #[test]
    fn only_who_takes_it_tells() {
        let declined = Step::Route { path: "all/a".to_owned(), depth: 1, tests: Vec::new(), outcome: Outcome::Declined };
        assert!(first_told(&[declined], &|_, _| None, Time(0)).is_empty());
    }
}
