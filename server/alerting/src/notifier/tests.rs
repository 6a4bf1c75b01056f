//! What people would receive, with a clock that is moved, on a real Postgres. Orders are written to a table in the transaction that
//! decided them, as the real pager does; its primary key refuses an order that is given twice.

mod listing;
mod muting;
mod reading;
mod replicas;
mod telling;

use super::{Notifier, Passed};
use crate::needs::{Needless, PageOrder, Pager, PagerError};
use crate::routing::Routing;
use crate::rules::RuleFile;
use async_trait::async_trait;
use kernel::{Clock, Db, Grant, TestClock, Tx, authorize};
use model::access::{AnswerAlert, ApplyRules};
use model::ids::AlertId;
use model::{Actor, Time};
use sqlx::{PgPool, Row};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

const START: Time = Time(1_760_000_010_000);
const S: i64 = 1_000;
const MINUTE: i64 = 60 * S;

/// P0 goes to the pager at once, everything else to ops by cluster. A silent host explains whatever else is wrong with it.
const ROUTES: &str = "\
routes:
  name: all
  channels: [ops]
  group_by: [cluster]
  routes:
    - name: urgent
      match: [severity=P0]
      channels: [pager]
      group_wait: 0
inhibitions:
  - name: silent-host
    source: [alertname=host-silent]
    target: [alertname!=host-silent]
    equal: [host]
";

/// What was ordered, as a person would read it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    key: String,
    story: String,
    channels: Vec<String>,
    kind: String,
    alerts: Vec<i64>,
}

/// Takes orders, unless it is told to fail.
#[derive(Default)]
struct Sink {
    fails: AtomicBool,
    withdrawn: Mutex<Vec<(Needless, Vec<AlertId>)>>,
}

#[async_trait]
impl Pager for Sink {
    async fn page(&self, tx: &mut Tx, orders: Vec<PageOrder>) -> Result<(), PagerError> {
        for order in orders {
            let alerts: Vec<i64> = order.alerts.iter().map(|alert| alert.id.0).collect();
            sqlx::query("insert into ordered (key, story, channels, kind, alerts) values ($1, $2, $3, $4, $5)")
                .bind(&order.key)
                .bind(&order.story)
                .bind(&order.channels)
                .bind(order.kind.as_str())
                .bind(&alerts)
                .execute(&mut **tx)
                .await
                .map_err(|error| PagerError { reason: error.to_string() })?;
        }
        // After the writing, as a process that dies just before it commits.
        if self.fails.load(Ordering::SeqCst) { Err(PagerError { reason: "down".to_owned() }) } else { Ok(()) }
    }

    async fn withdraw(&self, _: &mut Tx, alerts: &[AlertId], why: Needless) -> Result<(), PagerError> {
        self.withdrawn.lock().unwrap().push((why, alerts.to_vec()));
        Ok(())
    }
}

struct House {
    pool: PgPool,
    db: Db,
    clock: Arc<TestClock>,
    sink: Arc<Sink>,
    notifier: Notifier,
    routing: Routing,
}

impl House {
    async fn new(pool: PgPool, routes: &str) -> Self {
        let created = "create table ordered (n bigint generated always as identity, key text primary key, story text, \
                       channels text[], kind text, alerts bigint[])";
        sqlx::query(created).execute(&pool).await.unwrap();
        let db = Db::from_pool(pool.clone());
        let clock = Arc::new(TestClock::new(START));
        let sink = Arc::new(Sink::default());
        let notifier = Notifier::new(db.clone(), clock.clone(), sink.clone());
        let routing = Routing::new(db.clone(), clock.clone());
        let house = Self { pool, db, clock, sink, notifier, routing };
        house.apply(routes).await;
        house
    }

    async fn apply(&self, routes: &str) {
        let file = RuleFile { name: "routes.yaml".to_owned(), text: routes.to_owned() };
        let definition = Routing::check(&[file]).unwrap();
        self.routing.apply(&editor(), &definition).await.unwrap();
    }

    /// Another process, or this one after a restart.
    fn another(&self) -> Notifier {
        Notifier::new(self.db.clone(), self.clock.clone(), self.sink.clone())
    }

    /// An alert that fires from now on.
    async fn fire(&self, rule: &str, host: &str, severity: &str) -> i64 {
        sqlx::query_scalar::<_, i64>(
            "insert into alert (rule_id, labels, name_ja, name_en, summary_ja, summary_en, severity, direction, threshold, unit, \
             for_ms, state, value, value_at, pending_since, fired_at) \
             values ($1, jsonb_build_object('host', $2::text, 'cluster', 'tokyo'), '', '', '', '', $3, 'above', 80, 'percent', \
             0, 'firing', 83, $4, $4, $4) returning id",
        )
        .bind(rule)
        .bind(host)
        .bind(severity)
        .bind(self.clock.now().to_utc())
        .fetch_one(&self.pool)
        .await
        .unwrap()
    }

    async fn end(&self, id: i64) {
        let sql = "update alert set state = 'resolved', resolved_at = $2, resolved_reason = 'recovered' where id = $1";
        sqlx::query(sql).bind(id).bind(self.clock.now().to_utc()).execute(&self.pool).await.unwrap();
    }

    async fn take(&self, id: i64) {
        let sql = "update alert set acknowledged_by = '佐藤 健', acknowledged_at = $2 where id = $1";
        sqlx::query(sql).bind(id).bind(self.clock.now().to_utc()).execute(&self.pool).await.unwrap();
    }

    async fn give_back(&self, id: i64) {
        let sql = "update alert set acknowledged_by = null, acknowledged_at = null where id = $1";
        sqlx::query(sql).bind(id).execute(&self.pool).await.unwrap();
    }

    async fn pass(&self) -> Passed {
        self.notifier.pass().await.unwrap()
    }

    /// Moves on, and passes then.
    async fn after(&self, ms: i64) -> Passed {
        self.clock.advance_ms(ms);
        self.pass().await
    }

    /// Everything that was ordered, oldest first.
    async fn told(&self) -> Vec<Told> {
        let rows = sqlx::query("select key, story, channels, kind, alerts from ordered order by n").fetch_all(&self.pool).await;
        let read = |row: sqlx::postgres::PgRow| Told {
            key: row.get("key"),
            story: row.get("story"),
            channels: row.get("channels"),
            kind: row.get("kind"),
            alerts: row.get("alerts"),
        };
        rows.unwrap().into_iter().map(read).collect()
    }

    /// What was ordered: channel, kind, alerts.
    async fn heard(&self) -> Vec<(String, String, Vec<i64>)> {
        self.told().await.into_iter().map(|told| (told.channels.join(","), told.kind, told.alerts)).collect()
    }
}

fn heard(channel: &str, kind: &str, alerts: &[i64]) -> (String, String, Vec<i64>) {
    (channel.to_owned(), kind.to_owned(), alerts.to_vec())
}

fn editor() -> Grant<ApplyRules> {
    authorize::<ApplyRules>(&Actor::worker("test"), None).unwrap()
}

fn responder() -> Grant<AnswerAlert> {
    authorize::<AnswerAlert>(&Actor::worker("test"), None).unwrap()
}
