//! Recording rules, over a ledger that answers with what was written into it.

use super::{START, TICK_MS, editor, file};
use crate::Alerting;
use crate::alerts::{Filter, Show};
use crate::needs::{Measured, NotRecorded, Queries, QueryError, Sample, Series};
use crate::rulebook::{self, RuleRow};
use crate::series::STALE_NAN;
use async_trait::async_trait;
use kernel::{Clock, Db, TestClock, facts};
use model::Time;
use model::ids::RuleId;
use model::labels::Labels;
use promql::ast::{Expr, ExprKind};
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const RULES: &str = "\
groups:
  - name: g
    interval: 15s
    rules:
      - {record: first, expr: load, labels: {by: rule}}
      - {record: other, expr: load}
      - {record: second, expr: first}
      - {id: high, name: High, summary: high, expr: second, condition: \">= 80\", severity: P2}
";

/// Every sample that was written, and when samples were written together.
#[derive(Default)]
struct Ledger {
    points: Mutex<BTreeMap<Labels, BTreeMap<i64, f64>>>,
    /// Metrics that came with each call.
    calls: Mutex<Vec<Vec<String>>>,
    /// A metric that is not taken.
    refused: Mutex<Option<&'static str>>,
    /// A metric that can't be asked for.
    broken: Mutex<Option<&'static str>>,
}

impl Ledger {
    fn put(&self, samples: Vec<Sample>) {
        let mut points = self.points.lock().unwrap();
        for sample in samples {
            points.entry(sample.labels).or_default().insert(sample.at.0, sample.value);
        }
    }

    /// The load of a host, which stays so until it is set again; NaN ends it.
    fn load(&self, host: &str, at: Time, value: f64) {
        self.put(vec![Sample { labels: Labels::new([("__name__", "load"), ("host", host)]), at, value }]);
    }

    /// What was written of a metric: its host, at which tick after the start, and the value; a marker is -1.
    fn of(&self, metric: &str) -> Vec<(String, i64, f64)> {
        let points = self.points.lock().unwrap();
        let named = points.iter().filter(|(labels, _)| labels.metric() == metric);
        let told = |value: f64| if value.to_bits() == STALE_NAN { -1.0 } else { value };
        let mut all: Vec<(String, i64, f64)> = Vec::new();
        for (labels, points) in named {
            let host: String = labels.get("host").to_owned();
            all.extend(points.iter().map(|(at, value)| (host.clone(), (at - START.0) / TICK_MS, told(*value))));
        }
        all
    }
}

#[async_trait]
impl Queries for Ledger {
    async fn instant(&self, expr: &Expr, at: Time) -> Result<Vec<Measured>, QueryError> {
        let ExprKind::VectorSelector(selector) = &expr.kind else {
            return Err(QueryError { reason: "too hard".to_owned() });
        };
        let name: &str = selector.name.as_deref().unwrap_or_default();
        if *self.broken.lock().unwrap() == Some(name) {
            return Err(QueryError { reason: format!("{name} is broken") });
        }
        let points = self.points.lock().unwrap();
        let newest = |points: &BTreeMap<i64, f64>| points.range(..=at.0).next_back().map(|(_, value)| *value);
        let named = points.iter().filter(|(labels, _)| labels.metric() == name);
        let found = named.filter_map(|(labels, points)| Some((labels.clone(), newest(points)?)));
        Ok(found.filter(|(_, value)| !value.is_nan()).map(|(labels, value)| Measured { labels, value }).collect())
    }
}

#[async_trait]
impl Series for Ledger {
    async fn write(&self, _: Vec<Sample>) -> Result<(), QueryError> {
        Ok(())
    }

    async fn record(&self, samples: Vec<Sample>) -> Result<(), NotRecorded> {
        let mut metrics: Vec<String> = samples.iter().map(|sample| sample.labels.metric().to_owned()).collect();
        metrics.dedup();
        self.calls.lock().unwrap().push(metrics);
        let refused: Option<&'static str> = *self.refused.lock().unwrap();
        let (bad, good): (Vec<Sample>, Vec<Sample>) =
            samples.into_iter().partition(|sample| Some(sample.labels.metric()) == refused);
        self.put(good);
        if bad.is_empty() { Ok(()) } else { Err(NotRecorded::Refused { reason: "too many series".to_owned() }) }
    }
}

struct House {
    db: Db,
    clock: Arc<TestClock>,
    ledger: Arc<Ledger>,
    alerting: Alerting,
}

impl House {
    async fn new(pool: PgPool, rules: &str) -> Self {
        let db = Db::from_pool(pool);
        let (clock, ledger) = (Arc::new(TestClock::new(START)), Arc::new(Ledger::default()));
        let alerting = Alerting::new(db.clone(), clock.clone(), ledger.clone()).with_series(ledger.clone());
        let house = Self { db, clock, ledger, alerting };
        house.apply(rules).await;
        house
    }

    async fn apply(&self, rules: &str) {
        self.alerting.apply(&editor(), vec![file(rules)]).await.unwrap();
    }

    fn another(&self) -> Alerting {
        let alerting = Alerting::new(self.db.clone(), self.clock.clone(), self.ledger.clone());
        alerting.with_series(self.ledger.clone())
    }

    async fn tick(&self) {
        assert_eq!(self.alerting.tick(self.clock.now()).await.unwrap(), 1);
        self.clock.advance_ms(TICK_MS);
    }

    async fn row(&self, id: &str) -> RuleRow {
        self.alerting.rule(&RuleId(id.to_owned())).await.unwrap().unwrap()
    }

    /// How many series are remembered.
    async fn n_remembered(&self) -> i64 {
        sqlx::query_scalar("select count(*) from recorded_series").fetch_one(self.db.pool()).await.unwrap()
    }
}

fn at(tick: i64) -> Time {
    START.plus_ms(tick * TICK_MS)
}

fn point(host: &str, tick: i64, value: f64) -> (String, i64, f64) {
    (host.to_owned(), tick, value)
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_later_rule_sees_what_an_earlier_one_recorded_at_the_same_tick(pool: PgPool) {
    let house = House::new(pool, RULES).await;
    house.ledger.load("a", at(0), 90.0);
    house.ledger.load("b", at(0), 10.0);
    house.tick().await;
    assert_eq!(house.ledger.of("second"), [point("a", 0, 90.0), point("b", 0, 10.0)]);
    let open = house.alerting.alerts(&Filter { show: Show::Open, ..Filter::default() }).await.unwrap();
    assert_eq!(open.len(), 1, "the alert is measured on what was recorded at its own tick");
    assert_eq!(open[0].labels, Labels::new([("by", "rule"), ("host", "a")]));
    let calls: Vec<Vec<String>> = house.ledger.calls.lock().unwrap().clone();
    assert_eq!(calls, [vec!["first".to_owned(), "other".to_owned()], vec!["second".to_owned()]]);
    let row: RuleRow = house.row("second").await;
    assert_eq!((row.series, row.error, row.evaluated_at), (Some(2), None, Some(at(0))));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_series_that_vanishes_ends_once_whoever_evaluates(pool: PgPool) {
    let house = House::new(pool, RULES).await;
    house.ledger.load("a", at(0), 1.0);
    house.ledger.load("b", at(0), 2.0);
    house.tick().await;
    assert_eq!(house.n_remembered().await, 6);
    house.ledger.load("b", at(1), f64::NAN);
    house.clock.advance_ms(TICK_MS);
    let other: Alerting = house.another();
    assert_eq!(other.tick(house.clock.now()).await.unwrap(), 2, "it has the group now, and catches up");
    let expected = [point("a", 0, 1.0), point("a", 1, 1.0), point("a", 2, 1.0), point("b", 0, 2.0), point("b", 1, -1.0)];
    assert_eq!(house.ledger.of("first"), expected);
    assert_eq!(house.ledger.of("second"), expected);
    assert_eq!(house.n_remembered().await, 3);
    house.ledger.load("b", at(3), 4.0);
    house.clock.advance_ms(TICK_MS);
    assert_eq!(other.tick(house.clock.now()).await.unwrap(), 1);
    assert_eq!(house.ledger.of("first").last(), Some(&point("b", 3, 4.0)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_processes_record_each_tick_once(pool: PgPool) {
    let house = House::new(pool, RULES).await;
    house.ledger.load("a", at(0), 1.0);
    let other: Alerting = house.another();
    for turn in 0..8 {
        let now: Time = house.clock.now();
        let (ours, theirs) = tokio::join!(house.alerting.tick(now), other.tick(now));
        assert_eq!(ours.unwrap() + theirs.unwrap(), 1, "turn {turn}");
        house.clock.advance_ms(TICK_MS);
    }
    assert_eq!(house.ledger.calls.lock().unwrap().len(), 16, "two writes a tick");
    assert_eq!(house.ledger.of("second"), (0..8).map(|n| point("a", n, 1.0)).collect::<Vec<_>>());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_rule_that_fails_says_why_and_ends_nothing(pool: PgPool) {
    let house = House::new(pool, RULES).await;
    house.ledger.load("a", at(0), 1.0);
    house.tick().await;
    *house.ledger.broken.lock().unwrap() = Some("first");
    house.tick().await;
    let row: RuleRow = house.row("second").await;
    assert_eq!((row.error.as_deref(), row.errors, row.series), (Some("first is broken"), 1, Some(1)));
    assert_eq!(house.ledger.of("second"), [point("a", 0, 1.0)]);
    assert_eq!(house.row("other").await.error, None);
    *house.ledger.broken.lock().unwrap() = None;
    house.tick().await;
    assert_eq!((house.row("second").await.error, house.ledger.of("second").len()), (None, 2));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_not_taken_stands_at_the_rule_it_came_from(pool: PgPool) {
    let house = House::new(pool, RULES).await;
    house.ledger.load("a", at(0), 1.0);
    *house.ledger.refused.lock().unwrap() = Some("other");
    house.tick().await;
    assert_eq!(house.row("other").await.error.as_deref(), Some("too many series"));
    assert_eq!((house.row("first").await.error, house.row("second").await.error), (None, None));
    assert_eq!(house.ledger.of("first"), [point("a", 0, 1.0)]);
    let limited: String = RULES.replace("labels: {by: rule}", "labels: {by: rule}, limit: 1");
    house.apply(&limited).await;
    house.ledger.load("b", at(1), 1.0);
    house.tick().await;
    assert_eq!(house.row("first").await.error.as_deref(), Some("the expression gives 2 series, more than 1"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_rule_that_goes_or_is_named_otherwise_ends_its_series(pool: PgPool) {
    let house = House::new(pool, RULES).await;
    house.ledger.load("a", at(0), 1.0);
    house.tick().await;
    let after: String = RULES
        .replace("      - {record: other, expr: load}\n", "")
        .replace("{record: second, expr: first}", "{record: third, id: second, expr: first}");
    house.apply(&after).await;
    house.tick().await;
    assert_eq!(house.ledger.of("third"), [point("a", 1, 1.0)]);
    assert_eq!(house.ledger.of("second"), [point("a", 0, 1.0), point("a", 1, -1.0)]);
    let other: Vec<(String, i64, f64)> = house.ledger.of("other");
    assert_eq!(other, [point("a", 0, 1.0), point("a", 0, -1.0)], "a marker right behind its last sample");
    assert_eq!(house.n_remembered().await, 2);
    let told = facts::about(&house.db, &rulebook::subject(&RuleId("other".to_owned())), 10).await.unwrap();
    let kinds: Vec<&str> = told.iter().map(|fact| fact.kind.as_str()).collect();
    assert_eq!(kinds, [rulebook::ADDED, rulebook::REMOVED]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_series_that_another_rule_writes_goes_on(pool: PgPool) {
    let both: String = RULES
        .replace("{record: other, expr: load}", "{record: other, expr: load}\n      - {record: other, id: twin, expr: load}");
    let house = House::new(pool, &both).await;
    house.ledger.load("a", at(0), 1.0);
    house.tick().await;
    house.apply(RULES).await;
    house.tick().await;
    assert_eq!(house.ledger.of("other"), [point("a", 0, 1.0), point("a", 1, 1.0)]);
    assert_eq!(house.n_remembered().await, 3);
}
