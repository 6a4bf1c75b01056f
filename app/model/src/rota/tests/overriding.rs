//! Overrides, covers and swaps: C6 (but for its twenty people, who need a database), and what newest, from and to mean.

use super::*;
use crate::rota::exchange::{Draft, Duty, cover, swap};
use crate::rota::{render, who_now};

const TEN: &str = "2026-11-30T10:00";
const ELEVEN: &str = "2026-11-30T11:00";
const NOON: &str = "2026-11-30T12:00";
const TWO: &str = "2026-11-30T14:00";

/// One person from 10 to 14 o'clock.
fn four_hours(letters: &str) -> Schedule {
    let mut only: Layer = layer(1, 1, rotation(Unit::Day, "2026-11-30T00:00", "UTC", letters));
    (only.effective_from, only.effective_until) = (utc(TEN), Some(utc(TWO)));
    schedule(vec![only])
}

fn rendered(schedule: &Schedule, overrides: &[Override]) -> Vec<Segment> {
    render(schedule, overrides, &almanac(&["UTC"]), span(TEN, TWO))
}

/// Who is there in turn, with hours of beginning.
fn in_turn(overrides: &[Override]) -> String {
    let segments: Vec<Segment> = rendered(&four_hours("A"), overrides);
    segments.iter().map(|segment| format!("{}{} ", letter(segment.who), &written(segment.start)[11..13])).collect()
}

#[test]
fn c6_an_override_stands_in_the_middle() {
    assert_eq!(in_turn(&[change(1, None, Some('B'), ELEVEN, NOON)]), "A10 B11 A12 ");
}

#[test]
fn c6_overrides_do_not_chain() {
    let both: [Override; 2] = [change(1, Some('A'), Some('B'), ELEVEN, NOON), change(2, Some('B'), Some('C'), ELEVEN, NOON)];
    assert_eq!(in_turn(&both), "A10 B11 A12 ");
}

#[test]
fn the_newest_wins_whatever_the_order() {
    let older: Override = change(1, None, Some('B'), TEN, TWO);
    let newer: Override = change(2, Some('A'), Some('C'), ELEVEN, NOON);
    assert_eq!(in_turn(&[older.clone(), newer.clone()]), "B10 C11 B12 ");
    assert_eq!(in_turn(&[newer.clone(), older.clone()]), "B10 C11 B12 ");
    let of_one_moment: Override = Override { created_at: newer.created_at, ..older };
    assert_eq!(in_turn(&[of_one_moment.clone(), newer.clone()]), in_turn(&[newer, of_one_moment]));
}

#[test]
fn an_override_of_somebody_else_does_nothing_and_one_to_nobody_empties() {
    assert_eq!(in_turn(&[change(1, Some('Z'), Some('B'), TEN, TWO)]), "A10 ");
    assert_eq!(in_turn(&[change(1, Some('A'), None, ELEVEN, NOON)]), "A10 011 A12 ");
    assert_eq!(in_turn(&[change(1, None, Some('B'), NOON, ELEVEN)]), "A10 ", "it ends before it begins");
}

#[test]
fn a_gap_is_filled_by_an_override_of_whoever_it_is() {
    let nobody: Schedule = schedule(Vec::new());
    let fill: [Override; 2] = [change(1, None, Some('B'), ELEVEN, NOON), change(2, Some('A'), Some('C'), NOON, TWO)];
    let filled: Vec<String> = rendered(&nobody, &fill).iter().map(|segment| letter(segment.who).to_string()).collect();
    assert_eq!(filled, ["-", "B", "-"]);
}

#[test]
fn of_two_who_are_there_only_the_named_is_replaced() {
    let mut both: Schedule = four_hours("A");
    both.layers.push(Layer { id: LayerId(Uuid::from_u128(2)), ..four_hours("B").layers[0].clone() });
    let now = |overrides: &[Override]| letters(&who_now(&both, overrides, &almanac(&["UTC"]), &DutyRole::Primary, utc(ELEVEN)));
    assert_eq!(now(&[]), "AB");
    assert_eq!(now(&[change(1, Some('A'), Some('C'), TEN, TWO)]), "BC");
    assert_eq!(now(&[change(1, Some('A'), Some('B'), TEN, TWO)]), "B");
    assert_eq!(now(&[change(1, Some('A'), None, TEN, TWO)]), "B");
    assert_eq!(now(&[change(1, None, Some('C'), TEN, TWO)]), "C");
}

/// Two people who change every week, and the first two weeks.
fn weeks() -> (Schedule, Span) {
    let only: Layer = layer(1, 1, rotation(Unit::Week, "2026-11-30T10:00", "UTC", "AB"));
    (schedule(vec![only]), span(TEN, "2026-12-14T10:00"))
}

fn signed(drafts: Vec<Draft>, created: i64) -> Vec<Override> {
    let ids = (100 * u128::from(created.unsigned_abs())..).map(|id| OverrideId(Uuid::from_u128(id)));
    drafts.into_iter().zip(ids).map(|(draft, id)| draft.signed(id, Time(created), OverrideSource::Swap)).collect()
}

#[test]
fn c6_two_weeks_are_swapped_and_come_back_as_they_were() {
    let ((schedule, window), almanac): ((Schedule, Span), Almanac) = (weeks(), almanac(&["UTC"]));
    let before: Vec<Segment> = render(&schedule, &[], &almanac, window);
    let duty = |at: usize| Duty { role: DutyRole::Primary, person: before[at].person().unwrap(), span: before[at].span() };
    let overrides: Vec<Override> = signed(swap(&before, &[], &duty(0), &duty(1)), 1);
    assert_eq!(overrides.len(), 2);
    let swapped: Vec<Segment> = render(&schedule, &overrides, &almanac, window);
    assert_eq!(swapped.iter().map(|segment| letter(segment.who)).collect::<String>(), "BA");
    let cancelled: Vec<Segment> = render(&schedule, &[], &almanac, window);
    assert_eq!(serde_json::to_vec(&cancelled).unwrap(), serde_json::to_vec(&before).unwrap());
}

#[test]
fn c6_a_part_of_a_shift_makes_three() {
    let ((schedule, window), almanac): ((Schedule, Span), Almanac) = (weeks(), almanac(&["UTC"]));
    let week: Span = span(TEN, "2026-12-07T10:00");
    let part: Span = span("2026-12-01T13:00", "2026-12-01T14:30");
    let duty: Duty = Duty { role: DutyRole::Primary, person: person('A'), span: part };
    let segments: Vec<Segment> = render(&schedule, &[], &almanac, window);
    let overrides: Vec<Override> = signed(cover(&segments, &[], &duty, person('B')), 1);
    assert_eq!(
        lines(&render(&schedule, &overrides, &almanac, week)),
        ["A 2026-11-30T10:00 2026-12-01T13:00", "B 2026-12-01T13:00 2026-12-01T14:30", "A 2026-12-01T14:30 2026-12-07T10:00"]
    );
}

#[test]
fn who_covers_can_be_covered_in_turn() {
    let schedule: Schedule = four_hours("A");
    let duty = |who: char, start: &str, end: &str| Duty { role: DutyRole::Primary, person: person(who), span: span(start, end) };
    let first: Vec<Override> = signed(cover(&rendered(&schedule, &[]), &[], &duty('A', TEN, NOON), person('B')), 1);
    let segments: Vec<Segment> = rendered(&schedule, &first);
    let second: Vec<Override> = signed(cover(&segments, &first, &duty('B', ELEVEN, TWO), person('C')), 2);
    let all: Vec<Override> = first.into_iter().chain(second).collect();
    assert_eq!(in_turn(&all), "B10 C11 A12 ");
    assert_eq!(cover(&segments, &all, &duty('Z', TEN, TWO), person('C')), [], "who has nothing gives nothing");
}
