//! Very many alerts at once.

use super::{Gate, sent};
use crate::alerts::Show;
use crate::error::Error;
use crate::inbound::{Act, InboundAlert, Kind, MOST_ALERTS, MOST_OPEN, Taken};
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
async fn one_that_raises_ever_new_alerts_is_held_off_and_goes_on_with_those_it_has(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Json).await;
    for part in 0..MOST_OPEN / MOST_ALERTS {
        let fresh = (0..MOST_ALERTS).map(|n| sent(&format!("h{part}-{n}"), Act::Fire, None)).collect::<Vec<InboundAlert>>();
        assert_eq!(gate.take(fresh).await.fired, MOST_ALERTS);
    }
    let one_more = || vec![sent("new", Act::Fire, None)];
    let refused = gate.inbound().take(&gate.integration().await, one_more(), 1).await;
    assert!(matches!(refused, Err(Error::Full(id)) if id == gate.id));
    assert_eq!(gate.take(vec![sent("h0-0", Act::Fire, None), sent("h0-1", Act::Resolve, None)]).await.resolved, 1);
    assert_eq!(gate.take(one_more()).await.fired, 1, "there is room again");
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
