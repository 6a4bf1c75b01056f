//! What is read off a rendering: differences, handoffs and readiness.

use super::*;
use crate::rota::difference::{Change, difference};
use crate::rota::handoffs::{Handoff, handoffs, next};
use crate::rota::readiness::{Clash, Load, Problem, load, of_layers, of_segments};
use crate::rota::{Availability, AwayKind, render};

const HOUR_MS: i64 = 3_600_000;

fn weekly(letters: &str, offset: i32) -> Rotation {
    Rotation { offset, ..rotation(Unit::Week, "2026-11-30T10:00", "Asia/Tokyo", letters) }
}

fn secondary(id: u128, rotation: Rotation) -> Layer {
    Layer { role: DutyRole::Secondary, ..layer(id, 1, rotation) }
}

/// Eight weeks from the anchor.
fn weeks(schedule: &Schedule) -> Vec<Segment> {
    let start: Time = utc("2026-11-30T01:00");
    render(schedule, &[], &almanac(&["Asia/Tokyo"]), Span::new(start, start.plus_ms(8 * 168 * HOUR_MS)))
}

fn said(changes: &[Change]) -> Vec<String> {
    let all = |who: &[Who]| who.iter().map(|who| letter(*who)).collect::<String>();
    let line = |change: &Change| {
        format!("{} {} {}>{}", written(change.start), written(change.end), all(&change.before), all(&change.after))
    };
    changes.iter().map(line).collect()
}

#[test]
fn a_change_is_shown_where_people_change_and_only_there() {
    let before: Schedule = schedule(vec![layer(1, 1, weekly("AB", 0))]);
    let mut after: Schedule = schedule(vec![layer(2, 1, weekly("AB", 0))]);
    assert_eq!(difference(&weeks(&before), &weeks(&after)), [], "another row with the same people is no change");
    after.layers[0].rotation.members = people("ACB");
    let changes: Vec<Change> = difference(&weeks(&before), &weeks(&after));
    assert_eq!(
        said(&changes)[..3],
        [
            "2026-12-07T01:00 2026-12-14T01:00 B>C",
            "2026-12-14T01:00 2026-12-21T01:00 A>B",
            "2026-12-21T01:00 2026-12-28T01:00 B>A"
        ]
    );
    assert_eq!(difference(&[], &[]), []);
}

#[test]
fn a_role_that_comes_or_goes_was_or_becomes_a_gap() {
    let alone: Schedule = schedule(vec![layer(1, 1, weekly("A", 0))]);
    let both: Schedule = schedule(vec![layer(1, 1, weekly("A", 0)), secondary(2, weekly("B", 0))]);
    let whole: &str = "2026-11-30T01:00 2027-01-25T01:00";
    assert_eq!(said(&difference(&weeks(&alone), &weeks(&both))), [format!("{whole} ->B")]);
    assert_eq!(said(&difference(&weeks(&both), &weeks(&alone))), [format!("{whole} B>-")]);
}

#[test]
fn the_next_five_handoffs_are_of_both_roles() {
    let schedule: Schedule = schedule(vec![layer(1, 1, weekly("AB", 0)), secondary(2, weekly("AB", 1))]);
    let found: Vec<Handoff> = next(&schedule, &[], &almanac(&["Asia/Tokyo"]), utc("2026-12-01T00:00"), 5);
    let all = |who: &[Who]| who.iter().map(|who| letter(*who)).collect::<String>();
    let told: Vec<String> = found
        .iter()
        .map(|one| format!("{} {:?} {}>{}", &written(one.at)[5..10], one.role, all(&one.from), all(&one.to)))
        .collect();
    assert_eq!(
        told,
        ["12-07 Primary A>B", "12-07 Secondary B>A", "12-14 Primary B>A", "12-14 Secondary A>B", "12-21 Primary A>B"]
    );
}

#[test]
fn a_person_who_goes_on_hands_over_to_nobody() {
    let alone: Schedule = schedule(vec![layer(1, 1, weekly("A", 0))]);
    assert_eq!(handoffs(&weeks(&alone)), []);
    assert_eq!(next(&alone, &[], &almanac(&["Asia/Tokyo"]), utc("2026-12-01T00:00"), 5), []);
    let yearly: Rotation = Rotation { every: 6, ..rotation(Unit::Month, "2026-11-30T10:00", "Asia/Tokyo", "AB") };
    let rare: Schedule = schedule(vec![layer(1, 1, yearly)]);
    assert_eq!(next(&rare, &[], &almanac(&["Asia/Tokyo"]), utc("2026-12-01T00:00"), 1).len(), 1);
}

fn problems(layers: Vec<Layer>) -> Vec<Problem> {
    of_layers(&schedule(layers), &almanac(&["Asia/Tokyo"]), utc("2026-12-01T00:00"))
}

#[test]
fn a_secondary_that_is_always_the_primary_is_refused() {
    let pair = |letters: &str, offset: i32| vec![layer(1, 1, weekly(letters, 0)), secondary(2, weekly(letters, offset))];
    let (primary_id, secondary_id): (LayerId, LayerId) = (LayerId(Uuid::from_u128(1)), LayerId(Uuid::from_u128(2)));
    let same: Vec<Problem> = vec![Problem::SameAsPrimary(secondary_id, primary_id)];
    for (letters, offset, is_same) in
        [("ABCD", 1, false), ("ABCD", 0, true), ("ABCD", -4, true), ("A", 1, true), ("AB", 3, false)]
    {
        assert_eq!(problems(pair(letters, offset)), if is_same { same.clone() } else { Vec::new() }, "{letters} {offset}");
    }
}

#[test]
fn what_is_wrong_with_a_layer_is_said_by_name() {
    let id: LayerId = LayerId(Uuid::from_u128(1));
    let good: Layer = layer(1, 1, weekly("AB", 0));
    assert_eq!(problems(vec![good.clone()]), []);
    let with = |change: &dyn Fn(&mut Layer)| {
        let mut changed: Layer = good.clone();
        change(&mut changed);
        problems(vec![changed])
    };
    assert_eq!(with(&|layer| layer.rotation.members = people("0")), [Problem::NoMembers(id)]);
    assert_eq!(with(&|layer| layer.rotation.every = 0), [Problem::NoLength(id)]);
    assert_eq!(with(&|layer| layer.rotation.zone = "Asia/Edo".to_owned()), [Problem::UnknownZone(id, "Asia/Edo".to_owned())]);
    assert_eq!(with(&|layer| layer.restrictions = vec![daily((24, 0), (9, 0))]), [Problem::BadRestriction(id)]);
    assert_eq!(with(&|layer| layer.effective_until = Some(layer.effective_from)), [], "it is over");
    let hourly = |layer: &mut Layer| {
        layer.rotation =
            Rotation { advance_on: AdvanceOn::WorkedShift, ..rotation(Unit::Hour, "2000-01-01T00:00", "Asia/Tokyo", "A") };
    };
    assert_eq!(with(&hourly), [Problem::TooFarFromAnchor(id)]);
    let never = |layer: &mut Layer| {
        (layer.effective_from, layer.effective_until) = (utc("2027-02-01T00:00"), Some(utc("2027-01-01T00:00")));
    };
    assert_eq!(with(&never), [Problem::NeverEffective(id)]);
}

#[test]
fn one_person_in_both_roles_is_found() {
    let schedule: Schedule = schedule(vec![layer(1, 1, weekly("AB", 0)), secondary(2, weekly("ACB", 0))]);
    let clash: Clash = Clash { person: person('A'), span: span("2026-11-30T01:00", "2026-12-07T01:00") };
    let found: Vec<Problem> = of_segments(&weeks(&schedule), &[], i64::MAX);
    assert_eq!(found.first(), Some(&Problem::BothRoles(clash)));
}

#[test]
fn the_fullest_seven_days_are_found_across_shifts() {
    // Ten hours a day for A, every day but Monday 7 December.
    let mut days: Layer = layer(1, 1, rotation(Unit::Day, "2026-11-30T00:00", "Asia/Tokyo", "A"));
    days.restrictions = vec![daily((9, 0), (19, 0))];
    let free: Override = change(1, None, None, "2026-12-06T15:00", "2026-12-07T15:00");
    let segments: Vec<Segment> =
        render(&schedule(vec![days]), &[free], &almanac(&["Asia/Tokyo"]), span("2026-12-02T15:00", "2026-12-20T15:00"));
    let fullest: Load = load(&segments, person('A')).unwrap();
    assert_eq!((fullest.on_call_ms, written(fullest.span.start)), (70 * HOUR_MS, "2026-12-07T10:00".to_owned()));
    assert_eq!(of_segments(&segments, &[], 70 * HOUR_MS), []);
    assert_eq!(of_segments(&segments, &[], 70 * HOUR_MS - 1), [Problem::TooMuch(fullest)]);
    assert_eq!(load(&segments, person('Z')), None);
}

#[test]
fn leave_warns_where_it_meets_a_duty() {
    let schedule: Schedule = schedule(vec![layer(1, 1, weekly("AB", 0))]);
    let leave: Availability =
        Availability { person: person('B'), start: utc("2026-12-05T00:00"), end: utc("2026-12-08T00:00"), kind: AwayKind::Leave };
    let found: Vec<Problem> = of_segments(&weeks(&schedule), &[leave], i64::MAX);
    let [Problem::Away(absence)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((absence.person, absence.span), (person('B'), span("2026-12-07T01:00", "2026-12-08T00:00")));
}
