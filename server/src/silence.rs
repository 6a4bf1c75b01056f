//! The shipped rule for a host that falls silent, over samples that were really stored and a clock that is moved.

use crate::strangers::test_config;
use crate::wiring::{self, House};
use alerting::{AlertRow, Filter, ResolveReason, Show};
use kernel::{Clock, Db, TestClock};
use metrics::Sample;
use model::alert::AlertState;
use model::ids::RuleId;
use model::labels::Labels;
use model::{Actor, Time};
use sqlx::PgPool;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Noon of 2026-11-22, UTC.
const START: Time = Time(1_795_348_800_000);
const TICK_MS: i64 = 15_000;

struct Watch {
    house: House,
    clock: Arc<TestClock>,
}

impl Watch {
    async fn new(pool: PgPool) -> Self {
        let clock = Arc::new(TestClock::new(START));
        let house = wiring::build_at(test_config(), Db::from_pool(pool), clock.clone(), CancellationToken::new()).await.unwrap();
        house.first_rules().await.unwrap();
        Self { house, clock }
    }

    /// One tick of the rules, in which the host speaks or does not; the alert it has then.
    async fn tick(&self, speaks: bool) -> Option<AlertRow> {
        let now = self.clock.now();
        if speaks {
            let labels = Labels::new([("__name__", "node_load1"), ("host", "web-01")]);
            let grant = kernel::authorize(&Actor::worker("test"), None).unwrap();
            self.house.metrics.write(&grant, vec![Sample { labels, at: now, value: 0.5 }]).await.unwrap();
        }
        self.house.alerting.tick(now).await.unwrap();
        self.clock.advance_ms(TICK_MS);
        let filter = Filter { show: Show::All, rule: Some(RuleId("host-silent".to_owned())), ..Filter::default() };
        self.house.alerting.alerts(&filter).await.unwrap().into_iter().next()
    }

    async fn state(&self, speaks: bool) -> Option<AlertState> {
        self.tick(speaks).await.map(|alert| alert.state)
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_host_that_falls_silent_is_pending_after_five_minutes_and_fires_a_minute_later(pool: PgPool) {
    let watch = Watch::new(pool).await;
    for _ in 0..8 {
        assert_eq!(watch.state(true).await, None);
    }
    for n_silent in 1..20 {
        assert_eq!(watch.state(false).await, None, "after {n_silent} silent ticks");
    }
    for n_silent in 20..24 {
        assert_eq!(watch.state(false).await, Some(AlertState::Pending), "after {n_silent} silent ticks");
    }
    let firing = watch.tick(false).await.unwrap();
    assert_eq!((firing.state, firing.value), (AlertState::Firing, Some(360.0)));
    assert!(firing.summary.en.starts_with("web-01 ") && firing.summary.ja.starts_with("web-01 "), "{:?}", firing.summary);

    let over = watch.tick(true).await.unwrap();
    assert_eq!((over.id, over.state), (firing.id, AlertState::Resolved));
    assert_eq!(over.resolved_reason, Some(ResolveReason::Recovered));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn silence_that_outlasts_what_is_looked_back_on_goes_on_firing(pool: PgPool) {
    let watch = Watch::new(pool).await;
    watch.tick(true).await;
    for _ in 1..25 {
        watch.tick(false).await;
    }
    // Two hours in which nobody looked, and nothing came.
    watch.clock.advance_ms(2 * 3_600_000);
    let later = watch.tick(false).await.unwrap();
    assert_eq!((later.state, later.resolved_at), (AlertState::Firing, None));
}
