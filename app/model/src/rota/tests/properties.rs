//! What holds of every schedule: a part of a window is the whole's part, order means nothing, and each moment is somebody's or a gap.

use super::*;
use crate::rota::difference::difference;
use crate::rota::{render, who_now};
use proptest::prelude::*;
use proptest::sample::select;
use std::sync::LazyLock;

const UNITS: [Unit; 4] = [Unit::Hour, Unit::Day, Unit::Week, Unit::Month];
const KINDS: [RestrictionKind; 4] =
    [RestrictionKind::Daily, RestrictionKind::Weekly, RestrictionKind::Holiday, RestrictionKind::NotHoliday];
const ON_HOLIDAYS: [OnHoliday; 3] = [OnHoliday::Keep, OnHoliday::Skip, OnHoliday::HolidayLayer];
const HOLIDAYS: [&str; 7] = ["2025-12-31", "2026-01-01", "2026-03-20", "2026-05-04", "2026-05-05", "2026-05-06", "2026-11-03"];

fn some_rotation() -> impl Strategy<Value = Rotation> {
    let turn = (select(UNITS.to_vec()), 1u32..4, 0i64..400 * 24, select(ZONES.to_vec()));
    let people = ("[A-F0]{1,5}", -7i32..8, any::<bool>(), select(ON_HOLIDAYS.to_vec()));
    (turn, people).prop_map(|((unit, every, half_hours, zone), (letters, offset, is_worked, on_holiday))| Rotation {
        // Hours come in dozens: the others are looked at over months.
        every: if unit == Unit::Hour { every * 12 } else { every },
        anchor: Local(local("2025-10-01T00:00").0 + half_hours * 1_800),
        offset,
        advance_on: if is_worked { AdvanceOn::WorkedShift } else { AdvanceOn::Period },
        on_holiday,
        ..rotation(unit, "2025-10-01T00:00", zone, &letters)
    })
}

fn some_restriction() -> impl Strategy<Value = Restriction> {
    (select(KINDS.to_vec()), 0u32..96, 0u32..97, 0u8..128).prop_map(|(kind, start, end, weekdays)| Restriction {
        kind,
        start_s: start * 900,
        end_s: end * 900,
        weekdays: Weekdays(weekdays),
    })
}

fn some_layer() -> impl Strategy<Value = Layer> {
    let restrictions = proptest::collection::vec(some_restriction(), 0..3);
    (some_rotation(), restrictions, 1i32..4, any::<bool>(), any::<bool>()).prop_map(
        |(rotation, restrictions, rank, is_added, is_secondary)| Layer {
            mode: if is_added { Mode::Add } else { Mode::Cut },
            role: if is_secondary { DutyRole::Secondary } else { DutyRole::Primary },
            restrictions,
            ..layer(0, rank, rotation)
        },
    )
}

fn some_schedule() -> impl Strategy<Value = Schedule> {
    proptest::collection::vec(some_layer(), 1..5).prop_map(|mut layers| {
        layers.iter_mut().zip(1u128..).for_each(|(layer, id)| layer.id = LayerId(Uuid::from_u128(id)));
        schedule(layers)
    })
}

fn some_overrides() -> impl Strategy<Value = Vec<Override>> {
    let people = || proptest::option::of(select(vec!['A', 'B', 'C', 'Z']));
    let one = (0i64..400 * 24, 1i64..400, people(), people(), 0i64..5);
    proptest::collection::vec(one, 0..5).prop_map(|drawn| {
        let numbered = drawn.into_iter().zip(1u32..);
        numbered
            .map(|((hour, hours, from, to, created), id)| {
                let start: Time = utc("2025-10-01T00:00").plus_ms(hour * 3_600_000);
                Override {
                    start,
                    end: start.plus_ms(hours * 3_600_000),
                    created_at: Time(created),
                    ..change(id, from, to, "2025-10-01T00:00", "2025-10-01T00:00")
                }
            })
            .collect()
    })
}

static WORLD: LazyLock<Almanac> = LazyLock::new(|| with_holidays(&ZONES, &HOLIDAYS));

/// More than a year, with the changes of clocks in both hemispheres.
fn whole() -> Span {
    span("2025-10-01T00:00", "2026-12-01T00:00")
}

/// The part of segments in a window.
fn clipped(segments: &[Segment], window: Span) -> Vec<Segment> {
    let parts = segments.iter().map(|segment| {
        let part: Span = segment.span().and(window);
        Segment { start: part.start, end: part.end, ..segment.clone() }
    });
    let mut parts: Vec<Segment> = parts.filter(|part| !part.span().is_empty()).collect();
    parts.sort_unstable();
    parts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_window_is_the_part_of_the_whole(schedule in some_schedule(), overrides in some_overrides(), seed in any::<u64>()) {
        let mut numbers: Numbers = Numbers(seed);
        let all: Vec<Segment> = render(&schedule, &overrides, &WORLD, whole());
        for _ in 0..8 {
            let start: Time = numbers.moment_in(whole());
            let window: Span = Span::new(start, start.plus_ms(1 + numbers.moment_in(whole()).since(whole().start) / 10)).and(whole());
            prop_assert_eq!(render(&schedule, &overrides, &WORLD, window), clipped(&all, window));
        }
        for _ in 0..15 {
            let at: Time = numbers.moment_in(whole());
            for role in [DutyRole::Primary, DutyRole::Secondary] {
                let there = all.iter().filter(|segment| segment.role == role && segment.span().covers(at));
                let mut there: Vec<Who> = there.map(|segment| segment.who).collect();
                there.sort_unstable();
                let now: Vec<Who> = who_now(&schedule, &overrides, &WORLD, &role, at).iter().map(|holder| holder.who).collect();
                let is_known: bool = role == DutyRole::Primary || !there.is_empty();
                prop_assert_eq!(if is_known { now } else { Vec::new() }, there);
            }
        }
    }

    #[test]
    fn order_means_nothing(schedule in some_schedule(), overrides in some_overrides(), seed in any::<u64>()) {
        let mut numbers: Numbers = Numbers(seed);
        let (mut schedule, mut overrides): (Schedule, Vec<Override>) = (schedule, overrides);
        let before: Vec<Segment> = render(&schedule, &overrides, &WORLD, whole());
        numbers.shuffle(&mut schedule.layers);
        numbers.shuffle(&mut overrides);
        let after: Vec<Segment> = render(&schedule, &overrides, &WORLD, whole());
        prop_assert_eq!(difference(&before, &after), Vec::new());
        prop_assert_eq!(after, before);
    }

    #[test]
    fn every_moment_is_somebodys_or_a_gap_and_never_both(schedule in some_schedule(), overrides in some_overrides()) {
        let segments: Vec<Segment> = render(&schedule, &overrides, &WORLD, whole());
        for role in crate::rota::render::roles(&schedule, &overrides) {
            let of_role: Vec<&Segment> = segments.iter().filter(|segment| segment.role == role).collect();
            let spans: Vec<Span> = of_role.iter().map(|segment| segment.span()).collect();
            prop_assert_eq!(crate::rota::spans::merged(spans), vec![whole()]);
            for (at, one) in of_role.iter().enumerate() {
                let meeting = of_role[at + 1..].iter().take_while(|other| other.start < one.end);
                for other in meeting {
                    prop_assert!(one.person().is_some() && other.person().is_some() && one.who != other.who);
                }
            }
        }
    }

    #[test]
    fn the_turn_of_a_moment_is_the_one_it_lies_in(rotation in some_rotation(), seed in any::<u64>()) {
        let (zone, mut numbers): (&Offsets, Numbers) = (WORLD.zone(&rotation.zone).unwrap(), Numbers(seed));
        for _ in 0..50 {
            let at: Time = numbers.moment_in(span("2015-01-01T00:00", "2035-01-01T00:00"));
            let k: i64 = rotation.turn_at(zone, at);
            prop_assert!(rotation.handoff(zone, k) <= at && at < rotation.handoff(zone, k + 1));
            prop_assert_eq!(rotation.handoff_after(zone, at), rotation.handoff(zone, k + 1));
        }
    }
}
