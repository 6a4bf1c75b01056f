//! Steps that reach nobody, contacts that fail: the reference's case C8.

use super::{House, MINUTE, S, START, Said, calls, failed, grant, person};
use crate::contacts::ContactKind;
use crate::outcomes::Outcome;
use kernel::facts;
use model::{Actor, Severity};
use sqlx::PgPool;

const HOLES: &str = "\
policies:
  - name: p
    steps:
      - {wait: 5m, notify: [{schedule: payments}]}
      - {wait: 10m, notify: [{person: person-2@example.jp}]}
      - {wait: 15m, notify: [{person: person-3@example.jp}]}
";

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_gap_and_a_person_without_a_contact_are_passed_over_at_once(pool: PgPool) {
    let house = House::new(pool, HOLES).await;
    house.reach(3, ContactKind::Sms).await;
    house.order(&calls("g1-e1", Severity::P1, &[1])).await;
    house.look().await;
    assert_eq!(house.calls(), [(0, person(3))]);
    let expected = ["started", "nobody named", "step empty", "no contact", "step empty", "paged", "step fired", "asked"];
    assert_eq!(house.log().await, expected);
    assert!(house.oncall.unreached().await.unwrap().is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn when_no_step_reaches_anybody_the_administrators_are_paged_and_a_banner_says_so(pool: PgPool) {
    let house = House::new(pool, HOLES).await;
    house.reach(1, ContactKind::Sms).await;
    house.order(&calls("g1-e1", Severity::P1, &[7])).await;
    house.look().await;
    assert_eq!(house.calls(), [(0, person(1))]);
    assert_eq!(house.oncall.unreached().await.unwrap().len(), 1);
    let kinds: Vec<String> = facts::about(&house.db, "alert/7", 50).await.unwrap().into_iter().map(|fact| fact.kind).collect();
    assert!(kinds.contains(&"EscalationReachedNobody".to_owned()), "{kinds:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn without_a_reachable_administrator_the_last_resort_is_told(pool: PgPool) {
    let house = House::new(pool, HOLES).await;
    house.order(&calls("g1-e1", Severity::P1, &[1])).await;
    house.look().await;
    let said: Vec<Said> = house.world.said.lock().unwrap().clone();
    assert_eq!(said, [Said::Channels { at: START, channels: Vec::new() }]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_policy_that_does_not_exist_pages_the_administrators(pool: PgPool) {
    let house = House::new(pool, HOLES).await;
    house.reach(1, ContactKind::Email).await;
    let mut order = calls("g1-e1", Severity::P1, &[1]);
    order.policy = Some("gone".to_owned());
    house.order(&order).await;
    house.look().await;
    assert_eq!(house.calls(), [(0, person(1))]);
    assert_eq!(house.log().await[1], "policy unknown");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_may_not_come_in_any_more_is_passed_over(pool: PgPool) {
    let house = House::new(pool, HOLES).await;
    house.reach(2, ContactKind::Sms).await;
    house.reach(3, ContactKind::Sms).await;
    house.disable(2);
    house.order(&calls("g1-e1", Severity::P1, &[1])).await;
    house.look().await;
    assert_eq!(house.calls(), [(0, person(3))]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_step_may_want_the_administrators_in_its_place(pool: PgPool) {
    let house = House::new(pool, &HOLES.replace("{wait: 5m,", "{wait: 5m, on_empty: fallback,")).await;
    house.reach(1, ContactKind::Sms).await;
    house.reach(3, ContactKind::Sms).await;
    house.order(&calls("g1-e1", Severity::P1, &[1])).await;
    house.look().await;
    assert_eq!(house.calls(), [(0, person(1))]);
    house.pass(6 * MINUTE).await;
    assert_eq!(house.calls().last(), Some(&(300, person(3))), "and then its wait");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_contact_that_fails_is_followed_by_the_next_at_the_next_look(pool: PgPool) {
    let house = House::new(pool, HOLES).await;
    let sms = house.reach(3, ContactKind::Sms).await;
    let email = house.reach(3, ContactKind::Email).await;
    house.order(&calls("g1-e1", Severity::P1, &[1])).await;
    house.look().await;
    house.clock.advance_ms(2 * S);
    house.became(failed()).await;
    house.look().await;
    let said: Vec<Said> = house.world.said.lock().unwrap().clone();
    let contacts: Vec<_> = said
        .iter()
        .filter_map(|said| match said {
            Said::Page { contact, at, .. } => Some((at.since(START), *contact)),
            _ => None,
        })
        .collect();
    assert_eq!(contacts, [(0, sms), (2 * S, email)]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn when_every_contact_of_the_step_has_failed_the_next_step_does_not_wait(pool: PgPool) {
    let house = House::new(pool, HOLES).await;
    house.reach(2, ContactKind::Sms).await;
    house.reach(3, ContactKind::Sms).await;
    house.order(&calls("g1-e1", Severity::P1, &[1])).await;
    house.look().await;
    assert_eq!(house.calls(), [(0, person(2))]);
    house.clock.advance_ms(S);
    house.became(failed()).await;
    house.look().await;
    assert_eq!(house.calls(), [(0, person(2)), (1, person(3))]);
    assert!(house.log().await.contains(&"no contact left"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_nobody_knows_of_is_asked_by_the_next_contact_too_and_an_acceptance_ends_that(pool: PgPool) {
    let house = House::new(pool, HOLES).await;
    house.reach(3, ContactKind::Sms).await;
    house.reach(3, ContactKind::Email).await;
    house.order(&calls("g1-e1", Severity::P1, &[1])).await;
    house.look().await;
    house.became(Outcome::Unsure { reason: "no answer".to_owned() }).await;
    house.look().await;
    assert_eq!(house.calls().len(), 2);
    house.became(Outcome::Accepted).await;
    house.look().await;
    assert_eq!(house.log().await.iter().filter(|what| **what == "accepted").count(), 1);
    let policies = house.oncall.policies();
    policies.remove(&grant(&Actor::worker("test")), "p", 1).await.unwrap();
    house.pass(MINUTE).await;
    assert_eq!(house.calls().len(), 2, "the run goes on without its policy, and repeats nothing");
}
