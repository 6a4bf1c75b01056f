//! A directory over a real Postgres: checked, rehearsed, put in force as a whole or not at all.

use super::wanted::{self, Wanted};
use super::{Outcome, rehearse, run};
use crate::config::Config;
use crate::strangers::test_config;
use crate::wiring::{Errand, Failure};
use alerting::{Empty, RuleFile};
use kernel::Grant;
use model::access::ManagePeople;
use model::{Actor, Role};
use postgres::Source;
use sqlx::{AssertSqlSafe, ConnectOptions, PgPool};
use std::path::Path;
use tempfile::TempDir;

const RULES: &str = "\
groups:
  - name: machines
    rules:
      - {id: cpu, name: CPU, summary: busy, expr: cpu, condition: \">= 80\", for: 5m, severity: P3}
";

const ROUTES: &str = "\
routes:
  name: all
  channels: []
  escalation: payments
";

/// A policy before the schedule it names, in a file of its own.
const POLICIES: &str = "\
policies:
  - name: payments
    steps:
      - {wait: 5m, notify: [{schedule: weekly}]}
";

const SCHEDULES: &str = "\
schedules:
  - name: weekly
    zone: Asia/Tokyo
    layers:
      - rotation: {unit: week, start: 2026-11-23T10:00, members: [hana@example.jp, nobody]}
";

const DASHBOARDS: &str = "\
dashboards:
  - slug: web
    title: Web
    panels:
      - {id: up, queries: [up]}
";

/// Everything, by the names of files.
const ALL: [(&str, &str); 5] = [
    ("1-policies.yaml", POLICIES),
    ("2-routes.yaml", ROUTES),
    ("3-rules.yaml", RULES),
    ("4-schedules.yml", SCHEDULES),
    ("5-dashboards.yaml", DASHBOARDS),
];

/// A house beside which the command is given: its database, and somebody whom schedules may name.
struct Town {
    config: Config,
    pool: PgPool,
}

impl Town {
    async fn new(pool: PgPool) -> Self {
        let url: String = pool.connect_options().to_url_lossy().to_string();
        let town = Self { config: Config { source: Source::Url(url), ..test_config() }, pool };
        let errand: Errand = town.errand().await;
        let grant: Grant<ManagePeople> = kernel::authorize(&Actor::worker("test"), None).unwrap();
        errand.identity.invite(&grant, "Hana", "hana@example.jp", Role::Responder).await.unwrap();
        errand.end().await.unwrap();
        town
    }

    async fn errand(&self) -> Errand {
        Errand::begin(&self.config).await.unwrap()
    }

    async fn apply(&self, files: &[(&str, &str)]) -> Result<(), Failure> {
        run(&self.config, written(files).path(), false, Empty::Refused).await
    }

    async fn check(&self, files: &[(&str, &str)]) -> Result<(), Failure> {
        run(&self.config, written(files).path(), true, Empty::Refused).await
    }

    async fn rehearse(&self, files: &[(&str, &str)]) -> Outcome {
        let errand: Errand = self.errand().await;
        let outcome: Outcome = rehearse(&errand, &wanted(files).unwrap()).await.unwrap();
        errand.end().await.unwrap();
        outcome
    }

    /// How many rules, policies, schedules and dashboards of files are in force, and whether routes ever were.
    async fn in_force(&self) -> (usize, usize, usize, usize, bool) {
        let errand: Errand = self.errand().await;
        let n_rules: usize = errand.alerting.rules().await.unwrap().len();
        let n_policies: usize = errand.policies.list().await.unwrap().len();
        let n_schedules: usize = errand.schedules.list().await.unwrap().len();
        let dashboards = errand.dashboards.all(None).await.unwrap();
        let n_dashboards: usize = dashboards.iter().filter(|one| one.origin == dashboards::Origin::File).count();
        let has_routes: bool = errand.routing.was_ever_applied().await.unwrap();
        errand.end().await.unwrap();
        (n_rules, n_policies, n_schedules, n_dashboards, has_routes)
    }

    async fn run_statement(&self, statement: String) {
        sqlx::query(AssertSqlSafe(statement)).execute(&self.pool).await.unwrap();
    }
}

fn written(files: &[(&str, &str)]) -> TempDir {
    let dir: TempDir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

fn wanted(files: &[(&str, &str)]) -> Result<Wanted, Failure> {
    let file = |(name, text): &(&str, &str)| RuleFile { name: (*name).to_owned(), text: (*text).to_owned() };
    Wanted::of(files.iter().map(file).collect(), Empty::Refused)
}

/// What went wrong, with files named without their directory.
fn said(outcome: Result<(), Failure>) -> String {
    let said: String = outcome.unwrap_err().to_string();
    said.lines().map(|line| line.rsplit('/').next().unwrap_or_default()).collect::<Vec<&str>>().join("\n")
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_policy_may_name_a_schedule_of_the_same_directory(pool: PgPool) {
    let town = Town::new(pool).await;
    town.check(&ALL).await.unwrap();
    assert_eq!(town.in_force().await, (0, 0, 0, 0, false), "a check changes nothing");
    let rehearsed: Outcome = town.rehearse(&ALL).await;
    assert!(rehearsed.strays.is_empty(), "{:?}", rehearsed.strays);
    let text: String = rehearsed.to_string();
    for line in [
        "added      schedule weekly",
        "added      policy payments",
        "added      cpu",
        "routes replaced: 1 routes",
        "dashboards: 1 added",
    ] {
        assert!(text.lines().any(|one| one.starts_with(line)), "{line}: {text}");
    }
    town.apply(&ALL).await.unwrap();
    assert_eq!(town.in_force().await, (1, 1, 1, 1, true));
    let again: String = town.rehearse(&ALL).await.to_string();
    assert!(again.starts_with("schedules unchanged\npolicies unchanged\n") && again.contains("routes unchanged"), "{again}");
    assert!(again.ends_with("\ndashboards unchanged"), "{again}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whichever_part_can_not_be_written_nothing_is_changed(pool: PgPool) {
    let town = Town::new(pool).await;
    for table in ["oncall_schedule", "oncall_policy", "alert_routing", "alert_rule", "dashboard_version"] {
        town.run_statement(format!("alter table {table} add constraint never check (false) not valid")).await;
        town.apply(&ALL).await.unwrap_err();
        assert_eq!(town.in_force().await, (0, 0, 0, 0, false), "{table}");
        town.run_statement(format!("alter table {table} drop constraint never")).await;
    }
    town.apply(&ALL).await.unwrap();
    assert_eq!(town.in_force().await, (1, 1, 1, 1, true));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn somebody_whom_nobody_knows_is_told_with_file_and_line_and_nothing_is_changed(pool: PgPool) {
    let town = Town::new(pool).await;
    let strange: String = SCHEDULES.replace("hana@", "ken@");
    let files = [("policies.yaml", POLICIES), ("schedules.yaml", strange.as_str())];
    let expected: &str = "schedules.yaml:5:67: schedule weekly: nobody has the address ken@example.jp";
    assert_eq!(said(town.check(&files).await), expected);
    assert_eq!(said(town.apply(&files).await), expected);
    assert_eq!(town.in_force().await, (0, 0, 0, 0, false));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_files_do_not_tell_of_stays_and_names_that_lead_nowhere_are_told(pool: PgPool) {
    let town = Town::new(pool).await;
    town.apply(&ALL).await.unwrap();
    town.apply(&[("rules.yaml", RULES)]).await.unwrap();
    assert_eq!(town.in_force().await, (1, 1, 1, 1, true));
    assert!(town.rehearse(&[("rules.yaml", RULES)]).await.strays.is_empty());
    let none: Outcome = town.rehearse(&[("schedules.yaml", "schedules: []\n")]).await;
    assert_eq!(none.strays, ["policy payments, step 1: there is no schedule named weekly"]);
    let other: String = POLICIES.replace("name: payments", "name: web");
    let other: Outcome = town.rehearse(&[("policies.yaml", other.as_str())]).await;
    assert_eq!(other.strays, ["route all: there is no escalation policy named payments"]);
    assert!(other.to_string().starts_with("added      policy web\nremoved    policy payments\npolicies: 1 added"), "{other}");
    town.apply(&[("schedules.yaml", "schedules: []\n")]).await.unwrap();
    assert_eq!(town.in_force().await, (1, 1, 0, 1, true), "it is a warning, and no mistake");
}

#[test]
fn every_mistake_of_all_files_is_told_at_once() {
    let files = [
        ("a.yaml", "groups: 5\n"),
        ("b.yaml", "routes: 5\n"),
        ("c.yaml", "policies:\n  - name: none\n    steps: []\n"),
        ("d.yaml", "schedules:\n  - {name: a b, zone: Asia/Tokyo, layers: []}\n"),
    ];
    let said: String = wanted(&files).unwrap_err().to_string();
    for beginning in ["a.yaml:1:9: expected a list of groups", "b.yaml:", "c.yaml:2:11: expected a name", "d.yaml:2:"] {
        assert!(said.lines().any(|line| line.starts_with(beginning)), "{beginning}: {said}");
    }
}

#[test]
fn policies_and_schedules_may_stand_in_one_file_and_its_mistakes_are_told_once() {
    let both: String = format!("{POLICIES}{SCHEDULES}");
    let read: Wanted = wanted(&[("oncall.yaml", both.as_str())]).unwrap();
    assert_eq!((read.policies.map_or(0, |all| all.len()), read.schedules.map_or(0, |all| all.schedules.len())), (1, 1));
    assert!(read.rules.is_none() && read.routing.is_none());
    let broken: String = format!("@\n{both}");
    let said: String = wanted(&[("oncall.yaml", broken.as_str())]).unwrap_err().to_string();
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn without_a_database_everything_is_new() {
    let outcome = Outcome::of_new(&wanted(&ALL[..3]).unwrap());
    assert_eq!(outcome.strays, ["policy payments, step 1: there is no schedule named weekly"]);
    assert!(outcome.to_string().starts_with("added      policy payments\npolicies: 1 added"), "{outcome}");
}

#[test]
fn a_directory_without_files_is_refused() {
    let empty: TempDir = written(&[("notes.txt", "groups: []\n")]);
    assert!(wanted::files(empty.path()).unwrap_err().to_string().starts_with("there is no .yaml file in"));
    assert!(wanted::files(Path::new("/nowhere/at/all")).unwrap_err().to_string().starts_with("can't read /nowhere/at/all"));
}
