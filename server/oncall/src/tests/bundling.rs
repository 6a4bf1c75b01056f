//! Noise: what waits for company, and what never does.

use super::{House, MINUTE, START, Said, calls, grant, person};
use crate::contacts::ContactKind;
use crate::needs::Needless;
use crate::personal::{PersonalRule, Urgency};
use crate::tests::actor;
use model::Severity;
use sqlx::PgPool;

const ONE: &str = "\
policies:
  - name: p
    steps:
      - {wait: 1h, notify: [{person: person-2@example.jp}]}
";

fn pages(house: &House) -> Vec<(i64, Vec<i64>)> {
    let said = house.world.said.lock().unwrap();
    let page = |said: &Said| match said {
        Said::Page { at, alerts, .. } => {
            let mut alerts: Vec<i64> = alerts.clone();
            alerts.sort_unstable();
            Some((at.since(START) / 1_000, alerts))
        }
        _ => None,
    };
    said.iter().filter_map(page).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_storm_is_one_page_and_one_bundle_two_minutes_later(pool: PgPool) {
    let house = House::new(pool, ONE).await;
    house.reach(2, ContactKind::Sms).await;
    house.order(&calls("g0-e1", Severity::P2, &[0])).await;
    house.look().await;
    for story in 1..12_i64 {
        house.order(&calls(&format!("g{story}-e1"), Severity::P2, &[story])).await;
    }
    house.look().await;
    assert_eq!(pages(&house), [(0, vec![0])]);
    assert!(house.log().await.contains(&"held"));
    house.pass(10 * MINUTE).await;
    assert_eq!(pages(&house), [(0, vec![0]), (120, (1..12).collect())]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_p0_or_becomes_it_does_not_wait(pool: PgPool) {
    let house = House::new(pool, ONE).await;
    house.reach(2, ContactKind::Sms).await;
    house.order(&calls("g0-e1", Severity::P2, &[0])).await;
    house.look().await;
    house.order(&calls("g1-e1", Severity::P0, &[1])).await;
    house.order(&calls("g2-e1", Severity::P2, &[2])).await;
    house.clock.advance_ms(1_000);
    house.look().await;
    assert_eq!(pages(&house)[..2], [(0, vec![0]), (1, vec![1])][..], "the third is told with it, or waits");
    house.order(&calls("g3-e1", Severity::P2, &[3])).await;
    house.look().await;
    house.clock.advance_ms(1_000);
    house.order(&calls("g3-e1", Severity::P0, &[3])).await;
    house.look().await;
    assert!(pages(&house).iter().any(|(at, alerts)| *at == 2 && alerts.contains(&3)), "{:?}", pages(&house));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_was_answered_while_it_waited_is_not_told(pool: PgPool) {
    let house = House::new(pool, ONE).await;
    house.reach(2, ContactKind::Sms).await;
    for story in 0..3_i64 {
        house.order(&calls(&format!("g{story}-e1"), Severity::P2, &[story])).await;
        house.look().await;
    }
    house.acknowledge(1, &actor(3), true).await;
    house.pass(3 * MINUTE).await;
    assert_eq!(pages(&house), [(0, vec![0]), (120, vec![2])]);
    house.withdraw(&[2], Needless::Resolved).await;
    let said = house.world.said.lock().unwrap().clone();
    assert!(matches!(said.last(), Some(Said::Withdrawn { keys, .. }) if keys.len() == 1), "{said:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn ones_own_rules_are_not_held(pool: PgPool) {
    let house = House::new(pool, ONE).await;
    let push = house.reach(2, ContactKind::Push).await;
    let sms = house.reach(2, ContactKind::Sms).await;
    let rules = [PersonalRule { after_ms: 0, contact: push }, PersonalRule { after_ms: MINUTE, contact: sms }];
    house.oncall.save_personal_rules(&grant(&actor(2)), Urgency::High, &rules).await.unwrap();
    house.order(&calls("g0-e1", Severity::P1, &[0])).await;
    house.look().await;
    house.pass(10 * MINUTE).await;
    assert_eq!(house.calls(), [(0, person(2)), (60, person(2))]);
}
