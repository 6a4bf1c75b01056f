//! The way in on a real Postgres, with a clock that is moved.

mod changing;
mod doors;
mod heartbeats;
mod properties;
mod storm;
mod taking;

use super::integrations::Keyed;
use super::settings::{Settings, Written};
use super::{Act, Inbound, InboundAlert, Integration, Kind, Taken};
use crate::Alerting;
use crate::alerts::{AlertRow, Filter, Show};
use crate::history;
use crate::needs::{Measured, Queries, QueryError};
use async_trait::async_trait;
use kernel::facts::{self, Recorded};
use kernel::{Db, Grant, TestClock, authorize};
use model::access::{AnswerAlert, ManageIntegrations};
use model::ids::{AlertId, IntegrationId};
use model::labels::Labels;
use model::{Actor, Time};
use promql::ast::Expr;
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::sync::Arc;

const START: Time = Time(1_795_323_967_000);

struct NoQueries;

#[async_trait]
impl Queries for NoQueries {
    async fn instant(&self, _: &Expr, _: Time) -> Result<Vec<Measured>, QueryError> {
        Ok(Vec::new())
    }
}

/// A room with one integration.
struct Gate {
    db: Db,
    clock: Arc<TestClock>,
    alerting: Alerting,
    id: IntegrationId,
    key: String,
}

impl Gate {
    async fn new(pool: PgPool, kind: Kind) -> Self {
        Self::with(pool, kind, Written::default()).await
    }

    /// With settings of its own; name and default are filled in.
    async fn with(pool: PgPool, kind: Kind, written: Written) -> Self {
        let db = Db::from_pool(pool);
        let clock = Arc::new(TestClock::new(START));
        let alerting = Alerting::new(db.clone(), clock.clone(), Arc::new(NoQueries));
        let written = Written { name: "Tokyo tool".to_owned(), default_severity: "P2".to_owned(), ..written };
        let made: Keyed = alerting.inbound().make(&manager(), kind, &Settings::read(&written).unwrap()).await.unwrap();
        Self { db, clock, alerting, id: made.id, key: made.key }
    }

    fn inbound(&self) -> &Inbound {
        self.alerting.inbound()
    }

    async fn integration(&self) -> Integration {
        self.inbound().integration(self.id).await.unwrap().unwrap()
    }

    async fn take(&self, alerts: Vec<InboundAlert>) -> Taken {
        self.inbound().take(&self.integration().await, alerts, 10).await.unwrap()
    }

    /// Looks every ten seconds for so long, and at the end. Says how many alerts were ended or raised meanwhile.
    async fn listen_ms(&self, ms: i64) -> usize {
        let mut n: usize = self.inbound().expire().await.unwrap();
        let mut left: i64 = ms;
        while left > 0 {
            self.clock.advance_ms(left.min(10_000));
            left -= 10_000;
            n += self.inbound().expire().await.unwrap();
        }
        n
    }

    async fn shown(&self, show: Show) -> Vec<AlertRow> {
        self.alerting.alerts(&Filter { show, limit: 500, ..Filter::default() }).await.unwrap()
    }

    async fn only(&self) -> AlertRow {
        let mut rows: Vec<AlertRow> = self.shown(Show::All).await;
        assert_eq!(rows.len(), 1);
        rows.remove(0)
    }

    /// The Facts about an alert, oldest first.
    async fn told(&self, id: AlertId) -> Vec<Recorded> {
        facts::about(&self.db, &history::subject(id), 100).await.unwrap()
    }

    async fn story(&self, id: AlertId) -> Vec<String> {
        self.told(id).await.into_iter().map(|fact| fact.kind).collect()
    }
}

fn manager() -> Grant<ManageIntegrations> {
    authorize(&Actor::worker("test"), None).unwrap()
}

fn responder() -> Grant<AnswerAlert> {
    authorize(&Actor::worker("佐藤 健"), None).unwrap()
}

/// An alert that a sender knows by `key`, begun `started_s` seconds after the start.
fn sent(key: &str, act: Act, started_s: Option<i64>) -> InboundAlert {
    InboundAlert {
        key: key.to_owned(),
        act,
        name: "DiskFull".to_owned(),
        summary: format!("{key} is full"),
        severity: "critical".to_owned(),
        labels: Labels::new([("host", key), ("alertname", "DiskFull")]),
        annotations: BTreeMap::from([("runbook_url".to_owned(), "https://wiki.example.jp/disk".to_owned())]),
        url: Some("https://prom.example.jp/graph".to_owned()),
        value: None,
        started_at: started_s.map(|seconds| START.plus_ms(seconds * 1_000)),
        ends_at: None,
    }
}
