//! What is wrong with the next 90 days is found in time, told once, and gone when it is mended.

use super::{DAY, House, editor, for_all, instead, members, pair, person, responder, span, tokyo, weekly};
use crate::schedules::change::Effective;
use crate::schedules::definition::{Definition, ScheduleId};
use crate::schedules::leave::NewLeave;
use crate::schedules::readiness::{Finding, FindingKind};
use model::Time;
use model::ids::OverrideId;
use model::rota::{AwayKind, DutyRole, Restriction, RestrictionKind, Weekdays};
use sqlx::PgPool;

async fn found(house: &House, id: ScheduleId) -> Vec<Finding> {
    house.schedules.findings(Some(id)).await.unwrap().0.into_iter().map(|row| row.finding).collect()
}

async fn kinds(house: &House, id: ScheduleId) -> Vec<FindingKind> {
    let mut kinds: Vec<FindingKind> = found(house, id).await.into_iter().map(|finding| finding.kind).collect();
    kinds.sort_unstable();
    kinds
}

async fn told(house: &House, id: ScheduleId) -> Vec<String> {
    let about = house.told(id).await.into_iter().filter(|fact| fact.kind.starts_with("ScheduleProblem"));
    about.map(|fact| format!("{} {}", fact.kind, fact.body["kind"].as_str().unwrap_or_default())).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_sound_schedule_has_no_findings(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    assert!(found(&house, id).await.is_empty());
    assert!(told(&house, id).await.is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_gap_is_found_on_the_change_that_makes_it_and_told_once(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let nobody = super::NewOverride { from: Some(person(2)), to: None, ..instead(id, 1, "2026-12-01T00:00", "2026-12-02T00:00") };
    let gap: OverrideId = house.schedules.make_override(&for_all(), &nobody).await.unwrap();
    let finding: Finding = found(&house, id).await.remove(0);
    assert_eq!((finding.kind, finding.role.clone(), finding.total_ms), (FindingKind::Gap, Some(DutyRole::Primary), DAY));
    assert_eq!(finding.spans, [span("2026-12-01T00:00", "2026-12-02T00:00")]);
    for day in 0..3 {
        house.clock.advance_ms(day * DAY);
        house.schedules.tick().await.unwrap();
    }
    assert_eq!(told(&house, id).await, ["ScheduleProblemFound gap"], "each night it is the same gap");
    let nearer = super::NewOverride { span: span("2026-11-29T00:00", "2026-11-29T01:00"), from: Some(person(1)), ..nobody };
    house.schedules.make_override(&for_all(), &nearer).await.unwrap();
    assert_eq!(told(&house, id).await.len(), 2, "one that is nearer is news");
    house.schedules.cancel_override(&for_all(), gap).await.unwrap();
    house.go("2026-11-29T02:00").await;
    house.go("2026-11-30T03:00").await;
    assert!(found(&house, id).await.is_empty());
    assert_eq!(told(&house, id).await.last().map(String::as_str), Some("ScheduleProblemGone gap"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn only_hours_that_are_required_can_be_gaps(pool: PgPool) {
    let house = House::new(pool).await;
    let working =
        Restriction { kind: RestrictionKind::NotHoliday, start_s: 32_400, end_s: 64_800, weekdays: Weekdays::MONDAY_TO_FRIDAY };
    let mut wanted: Definition = pair();
    wanted.layers.truncate(1);
    wanted.layers[0].restrictions = vec![working];
    let id: ScheduleId = house.schedules.make(&editor(), &wanted, Effective::NextHandoff).await.unwrap();
    assert_eq!(kinds(&house, id).await, [FindingKind::Gap]);
    house.change(id, Effective::NextHandoff, |wanted| wanted.required = vec![working]).await;
    assert!(kinds(&house, id).await.is_empty());
    let rendering = house.render(id, "2026-11-25T00:00", "2026-11-26T00:00").await;
    let (role, coverage) = &rendering.coverage[0];
    assert_eq!((role.clone(), coverage.required_ms, coverage.covered_ms), (DutyRole::Primary, 9 * 3_600_000, 9 * 3_600_000));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn people_who_can_not_be_paged_are_found_at_night(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    house.set_staffer(3, |staffer| staffer.may_come_in = false);
    sqlx::query("delete from oncall_contact where person = $1").bind(person(4).0).execute(house.db.pool()).await.unwrap();
    assert!(kinds(&house, id).await.is_empty(), "nobody has looked yet");
    house.go("2026-11-25T02:59").await;
    assert!(kinds(&house, id).await.is_empty());
    house.go("2026-11-25T03:00").await;
    assert_eq!(kinds(&house, id).await, [FindingKind::NoContact, FindingKind::Disabled]);
    let (rows, people) = house.schedules.findings(None).await.unwrap();
    assert_eq!(rows[0].finding.first, tokyo("2026-11-30T10:00"), "3 is secondary from then on");
    assert_eq!(
        people.iter().map(|named| (named.may_come_in, named.is_reachable)).collect::<Vec<_>>(),
        [(false, true), (true, false)]
    );
    house.set_staffer(3, |staffer| staffer.may_come_in = true);
    house.schedules.check(&responder(1), id).await.unwrap();
    assert_eq!(kinds(&house, id).await, [FindingKind::NoContact]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_is_away_on_call_is_found_soon_and_stays_on_call(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    let leave = NewLeave {
        person: person(2),
        span: span("2026-12-01T00:00", "2026-12-05T00:00"),
        kind: AwayKind::Leave,
        note: "旅行".to_owned(),
    };
    let made = house.schedules.add_leave(&responder(2), &leave).await.unwrap();
    let others = house.schedules.add_leave(&responder(3), &leave).await.unwrap_err();
    assert_eq!(others.to_string(), "only an editor may do this for others");
    house.schedules.tick().await.unwrap();
    let finding: Finding = found(&house, id).await.remove(0);
    assert_eq!((finding.kind, finding.person, finding.spans.clone()), (FindingKind::Away, Some(person(2)), vec![leave.span]));
    let rendering = house.render(id, "2026-12-01T00:00", "2026-12-02T00:00").await;
    assert_eq!(super::lines(&rendering.segments, &DutyRole::Primary), ["2 2026-12-01T00:00 2026-12-02T00:00"]);
    assert_eq!((rendering.away.len(), rendering.away[0].note.as_str()), (1, "旅行"));
    house.schedules.remove_leave(&responder(2), made).await.unwrap();
    house.schedules.tick().await.unwrap();
    assert!(found(&house, id).await.is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn too_many_hours_two_roles_at_once_and_broken_layers_are_found(pool: PgPool) {
    let (house, id) = House::with_pair(pool).await;
    house
        .change(id, Effective::At(Time(0)), |wanted| {
            wanted.most_hours = 100;
            wanted.layers[1].rotation.offset = 4;
        })
        .await;
    let kinds_of_both: Vec<FindingKind> = kinds(&house, id).await;
    assert_eq!(kinds_of_both.iter().filter(|kind| **kind == FindingKind::BothRoles).count(), 4, "each of the four");
    assert_eq!(kinds_of_both.iter().filter(|kind| **kind == FindingKind::TooMuch).count(), 4);
    assert!(kinds_of_both.contains(&FindingKind::SameAsPrimary));
    house
        .change(id, Effective::At(Time(0)), |wanted| {
            wanted.layers.truncate(1);
            wanted.layers[0].rotation.members = members(&[]);
            wanted.layers.push(weekly(&[1], DutyRole::Custom("dba".to_owned()), 0));
            wanted.most_hours = 168;
        })
        .await;
    assert_eq!(kinds(&house, id).await, [FindingKind::Gap, FindingKind::NoMembers]);
}
