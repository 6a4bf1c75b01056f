//! Rules that come, change and go.

use super::{House, START, World, cpu, editor, file};
use crate::Alerting;
use crate::alerts::Show;
use crate::directory::{Changes, Directory};
use crate::error::Error;
use crate::history;
use crate::plan::Plan;
use crate::routing::{Planned, Routing};
use crate::rules::{self, Empty, RuleFile};
use crate::state::ResolveReason;
use kernel::{Clock, Db, TestClock};
use model::Severity;
use model::alert::AlertState;
use sqlx::PgPool;
use std::sync::Arc;

/// Applies a file that may be empty, after asking what that will do: both must say the same.
async fn apply(house: &House, text: &str) -> Plan {
    let checked = Alerting::check(&[file(text)], Empty::Allowed).unwrap();
    let planned = house.alerting.plan(&checked).await.unwrap();
    let done = house.alerting.apply_checked(&editor(), &checked).await.unwrap();
    assert_eq!(planned, done);
    done
}

/// Added, changed, removed, unchanged.
fn counts(plan: &Plan) -> [usize; 4] {
    [plan.added.len(), plan.changed.len(), plan.removed.len(), plan.unchanged.len()]
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn applying_the_same_rules_again_changes_nothing(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    house.world.set(&[("app-01", 83.0)]);
    house.ticks(1).await;
    assert_eq!(counts(&apply(&house, &cpu("0s")).await), [0, 0, 0, 1]);
    house.ticks(1).await;
    let alert = house.only().await;
    assert_eq!(alert.state, AlertState::Firing);
    assert_eq!(house.story(alert.id).await, [history::FIRED]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn another_threshold_ends_the_alert_and_other_words_do_not(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    house.world.set(&[("app-01", 83.0)]);
    house.ticks(1).await;
    let worse = cpu("0s").replace("severity: P2", "severity: P1");
    let plan = apply(&house, &worse).await;
    assert_eq!((counts(&plan), plan.changed[0].ends_alerts), ([0, 1, 0, 0], false));
    house.ticks(1).await;
    let alert = house.only().await;
    assert_eq!((alert.state, alert.severity), (AlertState::Firing, Severity::P1));

    apply(&house, &worse.replace(">= 80", ">= 90")).await;
    let ended = house.only().await;
    assert_eq!(ended.resolved_reason, Some(ResolveReason::RuleChanged));
    house.ticks(2).await;
    assert!(house.shown(Show::Open).await.is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_empty_set_of_rules_was_applied_too(pool: PgPool) {
    let clock = Arc::new(TestClock::new(START));
    let alerting = Alerting::new(Db::from_pool(pool), clock, Arc::new(World::default()));
    assert!(!alerting.was_ever_applied().await.unwrap());
    let empty = Alerting::check(&[file("groups: []\n")], Empty::Allowed).unwrap();
    alerting.apply_checked(&editor(), &empty).await.unwrap();
    assert!(alerting.rules().await.unwrap().is_empty());
    assert!(alerting.was_ever_applied().await.unwrap());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_rule_that_goes_ends_its_alerts_and_keeps_their_history(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    house.world.set(&[("app-01", 83.0)]);
    house.ticks(1).await;
    let gone = apply(&house, "groups: []\n").await;
    assert_eq!(counts(&gone), [0, 0, 1, 0]);
    let alert = house.only().await;
    assert_eq!(alert.resolved_reason, Some(ResolveReason::RuleDeleted));
    let detail = house.alerting.alert(alert.id).await.unwrap().unwrap();
    assert_eq!(detail.rule, None);
    assert_eq!(detail.history.last().and_then(|line| line.reason.clone()).as_deref(), Some("rule deleted"));
    assert!(house.alerting.rules().await.unwrap().is_empty());
    house.ticks(2).await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn one_broken_file_keeps_all_of_them_out(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    let before = house.alerting.rules().await.unwrap();
    let good = file(&cpu("5m"));
    let broken = RuleFile { name: "broken.yaml".to_owned(), text: "groups: 5\n".to_owned() };
    let refused = house.alerting.apply(&editor(), vec![good, broken]).await;
    let message = refused.unwrap_err().to_string();
    assert_eq!(message, "broken.yaml:1:9: expected a list of groups, found the number 5");
    assert_eq!(house.alerting.rules().await.unwrap(), before);
    assert!(matches!(house.alerting.apply(&editor(), vec![file("")]).await, Err(Error::Rules(_))));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_plan_changes_nothing(pool: PgPool) {
    let house = House::new(pool, &cpu("5m")).await;
    let before = house.alerting.rules().await.unwrap();
    let checked = Alerting::check(&[file(&cpu("10m").replace("interval: 15s", "interval: 30s"))], Empty::Refused).unwrap();
    let plan = house.alerting.plan(&checked).await.unwrap();
    let keys: Vec<(&str, &str, &str)> =
        plan.changed[0].what.iter().map(|change| (change.key, change.from.as_str(), change.to.as_str())).collect();
    assert_eq!(keys, [("interval", "15s", "30s"), ("for", "5m", "10m")]);
    assert_eq!(house.alerting.rules().await.unwrap(), before);
}

const ROUTES: &str = "routes:\n  name: all\n  channels: [ops]\n";

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_directory_is_put_in_force_as_a_whole_or_not_at_all(pool: PgPool) {
    let house = House::new(pool.clone(), &cpu("5m")).await;
    let routing = Routing::new(Db::from_pool(pool.clone()), Arc::clone(&house.clock) as Arc<dyn Clock>);
    let rules = Alerting::check(&[file(&cpu("10m"))], Empty::Refused).unwrap();
    let routes = Routing::check(&[RuleFile { name: "routes.yaml".to_owned(), text: ROUTES.to_owned() }]).unwrap();
    let directory = Directory { rules: Some(&rules), routing: Some(&routes) };
    let for_ms = async || house.alerting.rules().await.unwrap()[0].rule.for_ms;
    for (broken, mended) in [
        ("alter table alert_rule add constraint never check (false) not valid", "alter table alert_rule drop constraint never"),
        (
            "alter table alert_routing add constraint never check (false) not valid",
            "alter table alert_routing drop constraint never",
        ),
    ] {
        sqlx::query(broken).execute(&pool).await.unwrap();
        assert!(matches!(house.alerting.apply_directory(&editor(), &directory).await, Err(Error::Database(_))), "{broken}");
        assert_eq!((for_ms().await, routing.was_ever_applied().await.unwrap()), (300_000, false), "{broken}");
        sqlx::query(mended).execute(&pool).await.unwrap();
    }
    let changes: Changes = house.alerting.apply_directory(&editor(), &directory).await.unwrap();
    assert_eq!(changes.rules.map(|plan| counts(&plan)), Some([0, 1, 0, 0]));
    assert_eq!(changes.routing, Some(Planned { is_same: false, ..Planned::of_new(&routes) }));
    assert_eq!((for_ms().await, routing.was_ever_applied().await.unwrap()), (600_000, true));
    let again: Changes = house.alerting.apply_directory(&editor(), &directory).await.unwrap();
    assert!(again.rules.is_some_and(|plan| plan.is_empty()) && again.routing.is_some_and(|routing| routing.is_same));
}

#[sqlx::test(migrations = false)]
async fn where_nothing_was_ever_applied_everything_is_added(pool: PgPool) {
    let clock = Arc::new(TestClock::new(START));
    let alerting = Alerting::new(Db::from_pool(pool), clock, Arc::new(World::default()));
    let checked = Alerting::check(&[file(&cpu("5m"))], Empty::Refused).unwrap();
    assert_eq!(counts(&alerting.plan(&checked).await.unwrap()), [1, 0, 0, 0]);
}

#[test]
fn the_shipped_file_has_the_five_rules_of_the_document_and_one_for_silence() {
    let text = include_str!("../../rules/infrastructure.yaml");
    let shipped = RuleFile { name: "infrastructure.yaml".to_owned(), text: text.to_owned() };
    let groups = rules::check(&[shipped]).unwrap();
    let told: Vec<(String, String, i64)> =
        groups[0].rules.iter().map(|rule| (rule.name.ja.clone(), rule.condition.to_string(), rule.for_ms / 60_000)).collect();
    let expected = [
        ("CPU使用率", ">= 80", 5),
        ("メモリ使用率", ">= 85", 5),
        ("ディスク使用率", ">= 90", 1),
        ("ネットワーク帯域幅使用率", ">= 90", 1),
        ("データベース接続プール使用率", ">= 80", 1),
        ("ホストの途絶", ">= 300", 1),
    ];
    let expected: Vec<(String, String, i64)> =
        expected.into_iter().map(|(name, condition, minutes)| (name.to_owned(), condition.to_owned(), minutes)).collect();
    assert_eq!(told, expected);
    assert_eq!((groups.len(), groups[0].interval_ms), (1, 15_000));
}
