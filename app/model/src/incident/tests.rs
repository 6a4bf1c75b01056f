//! Every state with every move, and the nine steps of one incident from its beginning to its end.

use super::steps::{FollowUps, Postmortem, Stage, StageState, Step, stages};
use super::*;
use crate::Time;
use proptest::prelude::*;

fn facts(status: IncidentStatus) -> IncidentFacts {
    IncidentFacts { status, ..IncidentFacts::declared(Time(0), false) }
}

/// Rows: from. Columns: the moves in their order. `.` is refused, `=` is so already.
#[test]
fn every_move_leads_where_the_table_says() {
    for (from, row) in [
        (IncidentStatus::Declared, "a i m r . . M . D"),
        (IncidentStatus::Acknowledged, "= i m r . . M . D"),
        (IncidentStatus::Identified, ". = m r . . M . D"),
        (IncidentStatus::Mitigated, ". . = r . a M . D"),
        (IncidentStatus::Resolved, ". . . = c a M . ."),
        (IncidentStatus::Closed, ". . . . = a . . ."),
        (IncidentStatus::Merged, ". . . . . . . d ."),
        (IncidentStatus::Dismissed, ". . . . . a . . ="),
    ] {
        let led = |by: Move| match moved(&facts(from), by, "why") {
            Ok(IncidentStatus::Declared) => "d",
            Ok(IncidentStatus::Acknowledged) => "a",
            Ok(IncidentStatus::Identified) => "i",
            Ok(IncidentStatus::Mitigated) => "m",
            Ok(IncidentStatus::Resolved) => "r",
            Ok(IncidentStatus::Closed) => "c",
            Ok(IncidentStatus::Merged) => "M",
            Ok(IncidentStatus::Dismissed) => "D",
            Err(Refusal::Already(status)) if status == from => "=",
            Err(_) => ".",
        };
        let found: Vec<&str> = Move::ALL.into_iter().map(led).collect();
        assert_eq!(found.join(" "), row, "{}", from.as_str());
    }
}

#[test]
fn refusals_say_why() {
    let said = |from: IncidentStatus, by: Move, reason: &str| moved(&facts(from), by, reason).unwrap_err().to_string();
    assert_eq!(said(IncidentStatus::Declared, Move::Close, ""), "an incident that is declared can't be moved by close");
    assert_eq!(said(IncidentStatus::Resolved, Move::Resolve, ""), "the incident is resolved already");
    assert_eq!(said(IncidentStatus::Closed, Move::Reopen, " "), "a reason is needed to reopen");
    assert_eq!(may_take(true, IncidentStatus::Declared), Err(Refusal::IntoItself));
    assert_eq!(may_take(false, IncidentStatus::Merged), Err(Refusal::TargetOver(IncidentStatus::Merged)));
    assert_eq!(may_take(false, IncidentStatus::Resolved), Ok(()));
}

#[test]
fn a_grave_incident_waits_for_its_postmortem_and_for_owners_and_dates() {
    let mut grave = IncidentFacts { needs_postmortem: true, ..facts(IncidentStatus::Resolved) };
    let close = |facts: &IncidentFacts| moved(facts, Move::Close, "");
    let unfinished = |missing: &[Missing]| -> Result<IncidentStatus, Refusal> { Err(Refusal::Unfinished(missing.to_vec())) };
    assert_eq!(close(&grave), unfinished(&[Missing::Postmortem, Missing::FollowUps]));
    grave.postmortem = Postmortem::Draft;
    grave.follow_ups = FollowUps { n: 3, n_open: 3, n_without_owner: 1, n_without_date: 2, ..FollowUps::default() };
    assert_eq!(close(&grave), unfinished(&[Missing::Publication, Missing::Owners { n: 1 }, Missing::Dates { n: 2 }]));
    grave.postmortem = Postmortem::Published { at: Time(9) };
    grave.follow_ups = FollowUps { n: 3, n_open: 3, ..FollowUps::default() };
    assert_eq!(close(&grave), Ok(IncidentStatus::Closed), "follow-ups may be done later");
    grave.follow_ups = FollowUps { none_needed: true, ..FollowUps::default() };
    assert_eq!(close(&grave), Ok(IncidentStatus::Closed));
    let mild = facts(IncidentStatus::Resolved);
    assert_eq!(close(&mild), Ok(IncidentStatus::Closed));
    let begun = IncidentFacts { postmortem: Postmortem::Draft, ..mild };
    assert_eq!(close(&begun), unfinished(&[Missing::Publication]), "what was begun is finished");
    assert!(moves(&begun).contains(&Move::Close), "it is offered, and says what is missing");
}

#[test]
fn who_comes_out_of_a_merge_is_as_far_as_somebody_had_it() {
    let merged = IncidentFacts { acknowledged_at: Some(Time(5)), ..facts(IncidentStatus::Merged) };
    assert_eq!(moved(&merged, Move::Split, ""), Ok(IncidentStatus::Acknowledged));
    assert_eq!(worst(&[Severity::P2, Severity::P0, Severity::P3]), Some(Severity::P0));
    assert_eq!(worst(&[]), None);
}

/// One letter a step: d(one), c(urrent), a(head), p(assed), n(ot needed).
fn drawn(facts: &IncidentFacts) -> String {
    let letter = |stage: &Stage| match stage.state {
        StageState::Done { .. } => 'd',
        StageState::Current => 'c',
        StageState::Ahead => 'a',
        StageState::Passed => 'p',
        StageState::NotNeeded => 'n',
    };
    stages(facts).iter().map(letter).collect()
}

#[test]
fn the_nine_steps_light_up_one_by_one() {
    let mut facts = IncidentFacts::declared(Time(3), true);
    assert_eq!(drawn(&facts), "caaaaaaaa");
    (facts.occurred_at, facts.detected_at) = (Some(Time(1)), Some(Time(2)));
    assert_eq!(drawn(&facts), "dcaaaaaaa");
    facts.classified_at = Some(Time(4));
    facts.alerted_at = Some(Time(5));
    assert_eq!(drawn(&facts), "dddcaaaaa");
    facts.acknowledged_at = Some(Time(6));
    let missing = |facts: &IncidentFacts, step: Step| steps::missing(step, facts);
    let first: Vec<Missing> = missing(&facts, Step::FirstResponse);
    assert_eq!(first, [Missing::Commander, Missing::Scope, Missing::StopGap, Missing::Informing, Missing::Search]);
    facts.has_commander = true;
    (facts.scope_at, facts.stop_gap_at) = (Some(Time(7)), Some(Time(7)));
    (facts.informed_at, facts.cause_sought_at) = (Some(Time(7)), Some(Time(7)));
    assert_eq!(drawn(&facts), "ddddcaaaa");
    facts.mitigated_at = Some(Time(61));
    assert_eq!(drawn(&facts), "ddddpdcaa", "it was fixed before anybody knew why");
    (facts.cause_found_at, facts.verified_at) = (Some(Time(62)), Some(Time(63)));
    assert_eq!(drawn(&facts), "dddddddca");
    facts.postmortem = Postmortem::Published { at: Time(70) };
    facts.follow_ups = FollowUps { n: 2, n_open: 1, ..FollowUps::default() };
    assert_eq!(drawn(&facts), "ddddddddc");
    assert_eq!(missing(&facts, Step::Prevention), [Missing::Open { n: 1 }]);
    facts.follow_ups = FollowUps { n: 2, last_done_at: Some(Time(80)), ..FollowUps::default() };
    assert_eq!(drawn(&facts), "ddddddddd");
    let times: Vec<Option<Time>> = stages(&facts).iter().map(at).collect();
    assert_eq!(times, [2, 4, 5, 6, 62, 61, 63, 70, 80].map(|ms| Some(Time(ms))));
    assert_eq!(facts.impact_ms(), Some(60));
}

fn at(stage: &Stage) -> Option<Time> {
    match stage.state {
        StageState::Done { at } => at,
        _ => None,
    }
}

#[test]
fn a_minor_incident_needs_neither_of_the_last_two() {
    let facts = IncidentFacts::declared(Time(3), false);
    assert_eq!(drawn(&facts), "caaaaaann");
}

#[test]
fn words_go_there_and_back() {
    for status in IncidentStatus::ALL {
        assert_eq!(IncidentStatus::from_word(status.as_str()), Some(status));
    }
    for by in Move::ALL {
        assert_eq!(Move::from_word(by.as_str()), Some(by));
    }
    for step in Step::ALL {
        assert_eq!(Step::from_word(step.as_str()), Some(step));
    }
}

proptest! {
    /// Whatever people try, in whatever order: a grave incident is never closed without its postmortem, and what ends stays ended
    /// unless it is reopened or split.
    #[test]
    fn no_order_of_moves_closes_a_grave_incident_too_early(tried in proptest::collection::vec(0usize..9, 0..40)) {
        let mut facts = IncidentFacts::declared(Time(0), true);
        for index in tried {
            let before: IncidentStatus = facts.status;
            if let Ok(to) = moved(&facts, Move::ALL[index], "why") {
                let is_back: bool = matches!(Move::ALL[index], Move::Reopen | Move::Split);
                prop_assert!(is_back || (before < to && !before.is_final()), "{before:?} to {to:?}");
                facts.status = to;
            }
            prop_assert_ne!(facts.status, IncidentStatus::Closed);
        }
    }

    #[test]
    fn at_most_one_step_is_where_people_are(seen in proptest::collection::vec(any::<bool>(), 8)) {
        let moment = |index: usize| seen[index].then_some(Time(1));
        let facts = IncidentFacts {
            occurred_at: moment(0),
            detected_at: moment(1),
            classified_at: moment(2),
            alerted_at: moment(3),
            acknowledged_at: moment(4),
            cause_found_at: moment(5),
            fixed_at: moment(6),
            verified_at: moment(7),
            ..IncidentFacts::declared(Time(0), true)
        };
        let drawn: String = drawn(&facts);
        prop_assert_eq!(drawn.len(), 9);
        prop_assert_eq!(drawn.matches('c').count(), 1);
        for stage in stages(&facts) {
            let is_done: bool = matches!(stage.state, StageState::Done { .. });
            prop_assert_eq!(stage.missing.is_empty(), is_done);
        }
    }
}
