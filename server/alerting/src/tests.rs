//! The room on a real Postgres, with a clock that is moved and a world that measures what a test says.

mod answering;
mod applying;
mod broken_files;
mod console;
mod evaluators;
mod firing;
mod lapsing;
mod levels;
mod putting_back;
mod recordings;
mod settings;
mod silent_series;

use crate::alerts::{AlertRow, Filter, Show};
use crate::needs::{Measured, Queries, QueryError};
use crate::rules::RuleFile;
use crate::{Alerting, history};
use async_trait::async_trait;
use kernel::{Clock, Db, Grant, TestClock, authorize, facts};
use model::access::{AnswerAlert, ApplyRules};
use model::actor::Who;
use model::ids::{AlertId, PersonId};
use model::labels::Labels;
use model::{Actor, Role, Time};
use promql::ast::Expr;
use sqlx::PgPool;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// A multiple of 15 s.
const START: Time = Time(1_760_000_010_000);
const TICK_MS: i64 = 15_000;

/// One rule: 80 % for `wait`.
fn cpu(wait: &str) -> String {
    format!(
        "\
groups:
  - name: machines
    interval: 15s
    rules:
      - id: cpu
        name: {{ja: CPU使用率, en: CPU usage}}
        summary: {{ja: \"{{{{host}}}} が {{{{value}}}}\", en: \"{{{{host}}}} is at {{{{value}}}}\"}}
        expr: cpu
        condition: \">= 80\"
        unit: percent
        for: {wait}
        severity: P2
"
    )
}

fn file(text: &str) -> RuleFile {
    RuleFile { name: "rules.yaml".to_owned(), text: text.to_owned() }
}

/// What is to be measured from now on.
#[derive(Default)]
struct World {
    measured: Mutex<Vec<Measured>>,
    failing: Mutex<Option<String>>,
    asked: Mutex<Vec<Time>>,
    /// Somebody who takes over while the next query runs, 16 s long.
    usurper: Mutex<Option<(Alerting, Arc<TestClock>)>>,
}

impl World {
    fn set(&self, values: &[(&str, f64)]) {
        let measure =
            |(host, value): &(&str, f64)| Measured { labels: Labels::new([("__name__", "cpu"), ("host", *host)]), value: *value };
        *self.measured.lock().unwrap() = values.iter().map(measure).collect();
    }
}

#[async_trait]
impl Queries for World {
    async fn instant(&self, _: &Expr, at: Time) -> Result<Vec<Measured>, QueryError> {
        self.asked.lock().unwrap().push(at);
        let usurper = self.usurper.lock().unwrap().take();
        if let Some((other, clock)) = usurper {
            clock.advance_ms(16_000);
            other.tick(clock.now()).await.unwrap();
        }
        if let Some(reason) = self.failing.lock().unwrap().clone() {
            return Err(QueryError { reason });
        }
        Ok(self.measured.lock().unwrap().clone())
    }
}

/// A room with one process in it.
struct House {
    db: Db,
    clock: Arc<TestClock>,
    world: Arc<World>,
    alerting: Alerting,
}

impl House {
    async fn new(pool: PgPool, rules: &str) -> Self {
        let db = Db::from_pool(pool);
        let clock = Arc::new(TestClock::new(START));
        let world = Arc::new(World::default());
        let alerting = Alerting::new(db.clone(), clock.clone(), world.clone());
        let house = Self { db, clock, world, alerting };
        house.alerting.apply(&editor(), vec![file(rules)]).await.unwrap();
        house
    }

    /// Another process, or this one after a restart.
    fn another(&self) -> Alerting {
        Alerting::new(self.db.clone(), self.clock.clone(), self.world.clone())
    }

    /// Evaluates now and moves on to the next tick, `n` times.
    async fn ticks(&self, n: usize) {
        for _ in 0..n {
            self.alerting.tick(self.clock.now()).await.unwrap();
            self.clock.advance_ms(TICK_MS);
        }
    }

    async fn shown(&self, show: Show) -> Vec<AlertRow> {
        self.alerting.alerts(&Filter { show, ..Filter::default() }).await.unwrap()
    }

    async fn only(&self) -> AlertRow {
        let mut rows = self.shown(Show::All).await;
        assert_eq!(rows.len(), 1);
        rows.remove(0)
    }

    /// The kinds of Fact about an alert, oldest first.
    async fn story(&self, id: AlertId) -> Vec<String> {
        let recorded = facts::about(&self.db, &history::subject(id), 100).await.unwrap();
        recorded.into_iter().map(|fact| fact.kind).collect()
    }
}

fn editor() -> Grant<ApplyRules> {
    authorize::<ApplyRules>(&Actor::worker("test"), None).unwrap()
}

fn responder(name: &str) -> Grant<AnswerAlert> {
    let who = Who::Person { id: PersonId(Uuid::nil()), name: name.to_owned() };
    authorize::<AnswerAlert>(&Actor { who, role: Role::Responder, team_roles: vec![] }, None).unwrap()
}
