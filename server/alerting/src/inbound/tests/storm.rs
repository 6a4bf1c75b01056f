//! Very many alerts at once.

use super::{Gate, sent};
use crate::alerts::Show;
use crate::inbound::{Act, InboundAlert, Kind, MOST_ALERTS, Taken};
use sqlx::PgPool;
use std::collections::BTreeSet;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn ten_thousand_alerts_are_one_transaction_and_none_is_lost_or_doubled(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Alertmanager).await;
    let all = |act: Act| (0..MOST_ALERTS).map(|n| sent(&format!("h{n}"), act, Some(0))).collect::<Vec<InboundAlert>>();
    assert_eq!(gate.take(all(Act::Fire)).await.fired, MOST_ALERTS);
    let most = i64::try_from(MOST_ALERTS).unwrap();
    assert_eq!(gate.alerting.tally().await.unwrap().by_severity.iter().map(|one| one.unanswered).sum::<i64>(), most);
    assert_eq!(gate.take(all(Act::Fire)).await, Taken { updated: MOST_ALERTS, ..Taken::default() });
    assert_eq!(gate.take(all(Act::Resolve)).await.resolved, MOST_ALERTS);
    assert_eq!(gate.alerting.tally().await.unwrap().by_severity.iter().map(|one| one.unanswered).sum::<i64>(), 0);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn requests_at_the_same_time_raise_each_alert_once(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Alertmanager).await;
    let group = || (0..50).map(|n| sent(&format!("h{n}"), Act::Fire, Some(0))).collect::<Vec<InboundAlert>>();
    let (a, b, c, d) = tokio::join!(gate.take(group()), gate.take(group()), gate.take(group()), gate.take(group()));
    let all: [Taken; 4] = [a, b, c, d];
    assert_eq!(all.iter().map(|taken| taken.fired).sum::<usize>(), 50);
    assert_eq!(all.iter().map(|taken| taken.updated).sum::<usize>(), 150);
    let hosts: BTreeSet<String> = gate.shown(Show::Open).await.iter().map(|row| row.labels.get("host").to_owned()).collect();
    assert_eq!(hosts.len(), 50);
}
