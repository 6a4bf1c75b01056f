//! Whoever an escalation pages is whom the screens show, now, then and later.

use super::{DAY, HOUR, House, editor, for_all, instead, person, tokyo, weekly};
use crate::needs::WhoIsOnCall;
use crate::schedules::change::Effective;
use crate::schedules::definition::{Definition, LayerDraft, ScheduleId, role_word};
use crate::schedules::looking::{Because, NowCard, Rendering};
use model::Time;
use model::ids::PersonId;
use model::rota::{DutyRole, Member, Mode, Restriction, RestrictionKind, Rotation, Segment, Span, Unit, Weekdays};
use sqlx::PgPool;

/// Numbers that look drawn and are the same in every run (SplitMix64, <https://prng.di.unimi.it/splitmix64.c>).
fn drawn(seed: u64) -> u64 {
    let mixed: u64 = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed: u64 = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed: u64 = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// A weekly pair, nights of another zone over it, a group beside it, and a role of the team's own with a gap.
fn busy() -> Definition {
    let nights = LayerDraft {
        rank: -1,
        restrictions: vec![Restriction {
            kind: RestrictionKind::Daily,
            start_s: 18 * 3_600,
            end_s: 2 * 3_600,
            weekdays: Weekdays::ALL,
        }],
        rotation: Rotation {
            unit: Unit::Day,
            zone: "America/New_York".to_owned(),
            ..weekly(&[3, 4], DutyRole::Primary, 0).rotation
        },
        ..weekly(&[3, 4], DutyRole::Primary, 0)
    };
    let mut group: LayerDraft = weekly(&[], DutyRole::Secondary, 0);
    group.rotation.members = vec![Member::Group(vec![person(1), person(2)]), Member::Nobody];
    let mut own: LayerDraft = weekly(&[2], DutyRole::Custom("データ".to_owned()), 0);
    own.restrictions = vec![Restriction {
        kind: RestrictionKind::NotHoliday,
        start_s: 32_400,
        end_s: 64_800,
        weekdays: Weekdays::MONDAY_TO_FRIDAY,
    }];
    let beside = LayerDraft { mode: Mode::Add, restrictions: own.restrictions.clone(), ..weekly(&[4], DutyRole::Primary, 0) };
    let layers = vec![weekly(&[1, 2, 3], DutyRole::Primary, 0), nights, group, own, beside];
    Definition { layers, ..Definition::empty("busy", "Asia/Tokyo") }
}

fn then(rendering: &Rendering, role: &DutyRole, at: Time) -> Vec<PersonId> {
    let own = rendering.segments.iter().filter(|segment| segment.role == *role && segment.span().covers(at));
    let mut people: Vec<PersonId> = own.filter_map(Segment::person).collect();
    people.sort_unstable();
    people
}

async fn compare(house: &House, id: ScheduleId, window: Span, n: u64) {
    let rendering: Rendering = house.schedules.render(id, window).await.unwrap();
    let roles = [DutyRole::Primary, DutyRole::Secondary, DutyRole::Custom("データ".to_owned())];
    let mut tx = house.db.begin().await.unwrap();
    for k in 0..n {
        let at: Time = window.start.plus_ms(i64::try_from(drawn(k) % window.length_ms().unsigned_abs()).unwrap());
        let role: &DutyRole = &roles[usize::try_from(k % 3).unwrap()];
        let paged: Vec<PersonId> = house.schedules.people(&mut tx, "busy", role_word(role), at).await.unwrap();
        assert_eq!(paged, then(&rendering, role, at), "{role:?} at {}", super::written(at));
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_is_paged_is_who_is_drawn(pool: PgPool) {
    let house = House::new(pool).await;
    let id: ScheduleId = house.schedules.make(&editor(), &busy(), Effective::NextHandoff).await.unwrap();
    house.schedules.make_override(&for_all(), &instead(id, 4, "2026-11-28T09:30", "2026-12-02T00:00")).await.unwrap();
    house.schedules.make_override(&for_all(), &instead(id, 2, "2026-11-29T00:00", "2026-11-30T12:00")).await.unwrap();
    let start: Time = tokyo("2026-11-24T12:00");
    compare(&house, id, Span::new(start, start.plus_ms(60 * DAY)), 300).await;
    house.go("2026-12-08T01:23").await;
    compare(&house, id, Span::new(start, start.plus_ms(30 * DAY)), 300).await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn parts_of_a_window_say_what_the_whole_says(pool: PgPool) {
    let house = House::new(pool).await;
    let id: ScheduleId = house.schedules.make(&editor(), &busy(), Effective::NextHandoff).await.unwrap();
    house.go("2026-12-08T01:23").await;
    let whole: Rendering = house.render(id, "2026-11-24T12:00", "2026-12-20T00:00").await;
    for k in 0..40_u64 {
        let start: Time = tokyo("2026-11-24T12:00").plus_ms(i64::try_from(drawn(k) % (24 * 25)).unwrap() * HOUR);
        let part: Rendering = house.schedules.render(id, Span::new(start, start.plus_ms(7 * HOUR))).await.unwrap();
        for at in (0..7).map(|hour| start.plus_ms(hour * HOUR)).filter(|at| *at < whole.window.end) {
            assert_eq!(then(&part, &DutyRole::Primary, at), then(&whole, &DutyRole::Primary, at));
        }
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nobody_is_paged_in_a_gap_or_by_a_schedule_that_is_not_there(pool: PgPool) {
    let house = House::new(pool).await;
    let mut wanted: Definition = busy();
    wanted.layers = vec![weekly(&[2], DutyRole::Primary, 0)];
    wanted.layers[0].until = Some(tokyo("2026-11-30T10:00"));
    house.schedules.make(&editor(), &wanted, Effective::NextHandoff).await.unwrap();
    let mut tx = house.db.begin().await.unwrap();
    let mut people =
        async |schedule: &str, role: &str, at: &str| house.schedules.people(&mut tx, schedule, role, tokyo(at)).await.unwrap();
    assert_eq!(people("busy", "primary", "2026-11-30T09:59").await, [person(2)]);
    assert!(people("busy", "primary", "2026-11-30T10:00").await.is_empty());
    assert!(people("busy", "secondary", "2026-11-30T09:59").await.is_empty());
    assert!(people("other", "primary", "2026-11-30T09:59").await.is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn cards_and_shifts_say_who_until_when_and_why(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    house.schedules.make_override(&for_all(), &instead(id, 4, "2026-11-24T12:00", "2026-11-24T15:00")).await.unwrap();
    let cards: Vec<NowCard> = house.schedules.on_call_now().await.unwrap();
    let [primary, secondary] = &cards[0].roles[..] else { panic!("{cards:?}") };
    let seen = |role: &crate::schedules::looking::NowRole| {
        let holder = &role.holders[0];
        (super::number(holder.person.id), holder.until, holder.because, holder.person.is_reachable)
    };
    assert_eq!(seen(primary), (4, Some(tokyo("2026-11-24T15:00")), Because::Override, true));
    assert_eq!(seen(secondary), (2, Some(tokyo("2026-11-30T10:00")), Because::Rotation, true));
    let (next, people) = house.schedules.next_handoffs(id, 3).await.unwrap();
    let at: Vec<String> = next.iter().map(|handoff| super::written(handoff.at)).collect();
    assert_eq!(at, ["2026-11-24T15:00", "2026-11-30T10:00", "2026-11-30T10:00"]);
    assert!(people.iter().any(|named| named.name == "person 3"));
    let window = super::span("2026-11-24T12:00", "2026-12-31T00:00");
    let shifts: Vec<String> = house
        .schedules
        .shifts_of(person(4), window)
        .await
        .unwrap()
        .iter()
        .map(|shift| format!("{:?} {} {:?}", shift.segment.role, super::written(shift.segment.start), shift.because))
        .collect();
    let expected =
        ["Primary 2026-11-24T12:00 Override", "Secondary 2026-12-07T10:00 Rotation", "Primary 2026-12-14T10:00 Rotation"];
    assert_eq!(shifts, expected);
}
