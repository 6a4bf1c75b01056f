//! When steps fire: the reference's case C7, handovers, and times of day.

use super::{House, MINUTE, S, START, calls, person};
use crate::contacts::ContactKind;
use crate::runs::State;
use model::Severity;
use sqlx::PgPool;

const THREE: &str = "\
policies:
  - name: p
    passes: 3
    steps:
      - {wait: 5m, notify: [{person: person-2@example.jp}]}
      - {wait: 10m, notify: [{person: person-3@example.jp}]}
      - {wait: 15m, notify: [{person: person-4@example.jp}]}
";

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn three_steps_and_three_passes_fire_at_0_5_15_30_35_45_60_65_and_75_minutes(pool: PgPool) {
    let house = House::new(pool, THREE).await;
    for n in 2..=4 {
        house.reach(n, ContactKind::Sms).await;
    }
    house.order(&calls("g1-e1", Severity::P1, &[1])).await;
    house.look().await;
    house.pass(120 * MINUTE).await;
    let expected: Vec<(i64, _)> = [(0, 2), (5, 3), (15, 4), (30, 2), (35, 3), (45, 4), (60, 2), (65, 3), (75, 4)]
        .into_iter()
        .map(|(minutes, n)| (minutes * 60, person(n)))
        .collect();
    assert_eq!(house.calls(), expected);
    assert_eq!(house.newest().await.state, State::Spent);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_step_fires_within_two_seconds_of_its_moment(pool: PgPool) {
    let house = House::new(pool, THREE).await;
    for n in 2..=4 {
        house.reach(n, ContactKind::Sms).await;
    }
    house.order(&calls("g1-e1", Severity::P1, &[1])).await;
    house.look().await;
    house.clock.set(START.plus_ms(5 * MINUTE - 1));
    house.look().await;
    assert_eq!(house.calls().len(), 1, "not a millisecond early");
    house.clock.set(START.plus_ms(5 * MINUTE));
    house.look().await;
    assert_eq!(house.calls(), [(0, person(2)), (300, person(3))]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_late_look_fires_one_step_and_shifts_the_rest(pool: PgPool) {
    let house = House::new(pool, THREE).await;
    for n in 2..=4 {
        house.reach(n, ContactKind::Sms).await;
    }
    house.order(&calls("g1-e1", Severity::P1, &[1])).await;
    house.look().await;
    house.clock.set(START.plus_ms(20 * MINUTE));
    house.look().await;
    assert_eq!(house.calls(), [(0, person(2)), (1_200, person(3))]);
    house.clock.set(START.plus_ms(30 * MINUTE));
    house.look().await;
    assert_eq!(house.calls().last(), Some(&(1_800, person(4))));
}

const DUTY: &str = "\
policies:
  - name: p
    passes: 2
    steps:
      - {wait: 5m, notify: [{schedule: payments}]}
";

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whoever_is_on_call_when_the_step_fires_is_paged(pool: PgPool) {
    let house = House::new(pool, DUTY).await;
    house.reach(2, ContactKind::Sms).await;
    house.reach(3, ContactKind::Sms).await;
    house.on_call("payments/primary", &[(START.plus_ms(-MINUTE), 2), (START.plus_ms(3 * MINUTE), 3)]);
    house.order(&calls("g1-e1", Severity::P1, &[1])).await;
    house.look().await;
    house.pass(6 * MINUTE).await;
    assert_eq!(house.calls(), [(0, person(2)), (300, person(3))]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_policy_is_that_of_the_beginning(pool: PgPool) {
    let house = House::new(pool, THREE).await;
    for n in 2..=4 {
        house.reach(n, ContactKind::Sms).await;
    }
    house.order(&calls("g1-e1", Severity::P1, &[1])).await;
    house.look().await;
    house.apply(&THREE.replace("5m", "1h").replace("person-3", "person-4")).await;
    house.pass(6 * MINUTE).await;
    assert_eq!(house.calls(), [(0, person(2)), (300, person(3))]);
}

const OFFICE: &str = "\
policies:
  - name: p
    steps:
      - {wait: 5m, when: business, zone: Asia/Tokyo, notify: [{person: person-2@example.jp}]}
";

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_can_wait_until_working_hours_waits_for_them(pool: PgPool) {
    let house = House::new(pool, OFFICE).await;
    house.reach(1, ContactKind::Sms).await;
    house.reach(2, ContactKind::Sms).await;
    // 23:00 in Tokyo.
    house.clock.set(START.plus_ms(11 * 60 * MINUTE));
    house.order(&calls("g1-e1", Severity::P3, &[1])).await;
    house.look().await;
    assert!(house.calls().is_empty(), "nobody is woken");
    assert_eq!(house.log().await, ["started", "not its time", "waits for its time"]);
    house.clock.set(START.plus_ms(21 * 60 * MINUTE - S));
    house.look().await;
    assert!(house.calls().is_empty());
    house.clock.set(START.plus_ms(21 * 60 * MINUTE));
    house.look().await;
    assert_eq!(house.calls(), [(21 * 3_600, person(2))]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_processes_fire_each_step_once(pool: PgPool) {
    let house = House::new(pool, THREE).await;
    for n in 2..=4 {
        house.reach(n, ContactKind::Sms).await;
    }
    for story in 0..20_i64 {
        house.order(&calls(&format!("g{story}-e1"), Severity::P0, &[story])).await;
    }
    let (one, other) = (house.oncall.clone(), house.oncall.clone());
    let (a, b) = tokio::join!(tokio::spawn(async move { one.tick().await }), tokio::spawn(async move { other.tick().await }));
    assert_eq!(a.unwrap().unwrap() + b.unwrap().unwrap(), 20);
    house.look().await;
    assert_eq!(house.calls(), vec![(0, person(2)); 20], "P0 waits for no company");
}
