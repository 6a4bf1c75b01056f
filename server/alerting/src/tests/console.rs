//! Rules that are made, changed and taken away one by one.

use super::{House, cpu, editor, file, responder};
use crate::alerts::Show;
use crate::error::Error;
use crate::rulebook::{CONSOLE, Refused};
use crate::rules::form::{self, Draft, Form};
use crate::rules::printer;
use crate::state::ResolveReason;
use crate::{Alerting, Checked, Empty, RuleRow, catalogue};
use kernel::{Grant, authorize};
use model::access::ApplyRules;
use model::actor::Who;
use model::alert::AlertState;
use model::ids::{PersonId, RuleId};
use model::{Actor, Role};
use sqlx::PgPool;
use uuid::Uuid;

fn hana() -> Grant<ApplyRules> {
    let who = Who::Person { id: PersonId(Uuid::nil()), name: "Hana".to_owned() };
    authorize::<ApplyRules>(&Actor { who, role: Role::Editor, team_roles: vec![] }, None).unwrap()
}

fn id() -> RuleId {
    RuleId("cpu".to_owned())
}

async fn standing(house: &House) -> RuleRow {
    house.alerting.rule(&id()).await.unwrap().unwrap()
}

/// The rule in force with some fields of its form written over.
fn written(row: &RuleRow, pairs: &[(&str, &str)]) -> Draft {
    let draft = Draft { rule: row.rule.clone(), group: row.group.clone(), interval_ms: row.interval_ms };
    let mut form: Form = form::filled(&draft);
    for (field, text) in pairs {
        form.insert((*field).to_owned(), (*text).to_owned());
    }
    form::read(&form).unwrap()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_saved_rule_is_judged_at_the_next_tick_and_its_history_says_who_changed_what(pool: PgPool) {
    let house = House::new(pool, &cpu("5m")).await;
    house.world.set(&[("app-01", 83.0)]);
    house.ticks(1).await;
    assert!(house.shown(Show::Open).await.is_empty());
    let row = standing(&house).await;
    assert_eq!((row.version, row.edited.as_ref()), (1, None));
    let saved = house.alerting.save_rule(&hana(), &written(&row, &[("for", "0s"), ("owner", "web")]), Some(1)).await.unwrap();
    let keys: Vec<&str> = saved.what.iter().map(|change| change.key).collect();
    assert_eq!((saved.version, keys, saved.ended_alerts), (2, vec!["for", "owner"], true));
    house.ticks(1).await;
    assert_eq!(house.shown(Show::Open).await.len(), 1);

    let after = standing(&house).await;
    assert_eq!(after.edited.map(|edited| edited.by).as_deref(), Some("Hana"));
    let versions = house.alerting.rule_versions(&id()).await.unwrap();
    let told: Vec<(&str, &str, bool, usize)> = versions
        .iter()
        .map(|version| (version.fact.as_str(), version.by.as_str(), version.is_applied, version.what.len()))
        .collect();
    assert_eq!(told, [("RuleChanged", "Hana", false, 2), ("RuleAdded", "test", false, 0)]);
    assert_eq!((versions[0].what[0].from.as_str(), versions[0].what[0].to.as_str()), ("5m", "0s"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_read_an_older_version_overwrites_nothing(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    let row = standing(&house).await;
    let first = written(&row, &[("condition.threshold", "85")]);
    house.alerting.save_rule(&hana(), &first, Some(row.version)).await.unwrap();
    let second = written(&row, &[("condition.threshold", "70")]);
    let refused = house.alerting.save_rule(&hana(), &second, Some(row.version)).await;
    assert!(matches!(refused, Err(Error::Rulebook(Refused::Stale { read: 1, now: 2, .. }))), "{refused:?}");
    let refused = house.alerting.save_rule(&hana(), &second, None).await;
    assert!(matches!(refused, Err(Error::Rulebook(Refused::Taken(_)))), "{refused:?}");
    let refused = house.alerting.remove_rule(&hana(), &id(), row.version).await;
    assert!(matches!(refused, Err(Error::Rulebook(Refused::Stale { .. }))), "{refused:?}");
    assert_eq!(standing(&house).await.rule, first.rule);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn saving_what_is_in_force_changes_nothing(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    house.world.set(&[("app-01", 83.0)]);
    house.ticks(1).await;
    let row = standing(&house).await;
    let saved = house.alerting.save_rule(&hana(), &written(&row, &[]), Some(1)).await.unwrap();
    assert_eq!((saved.version, saved.what.len(), saved.ended_alerts), (1, 0, false));
    assert_eq!(standing(&house).await, row);
    assert_eq!(house.only().await.state, AlertState::Firing);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn new_words_leave_an_alert_burning_and_another_threshold_ends_it(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    house.world.set(&[("app-01", 83.0)]);
    house.ticks(1).await;
    let row = standing(&house).await;
    house.alerting.save_rule(&hana(), &written(&row, &[("summary.en", "hot")]), Some(1)).await.unwrap();
    house.ticks(1).await;
    assert_eq!(house.only().await.state, AlertState::Firing);
    let row = standing(&house).await;
    house.alerting.save_rule(&hana(), &written(&row, &[("condition.threshold", "90")]), Some(2)).await.unwrap();
    assert_eq!(house.only().await.resolved_reason, Some(ResolveReason::RuleChanged));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_new_rule_makes_its_group_and_the_last_one_takes_it_along(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    let row = standing(&house).await;
    let draft = written(&row, &[("id", "memory"), ("group", "night"), ("interval", "30s")]);
    assert_eq!(house.alerting.save_rule(&hana(), &draft, None).await.unwrap().version, 1);
    let made = house.alerting.rule(&RuleId("memory".to_owned())).await.unwrap().unwrap();
    assert_eq!((made.group.as_str(), made.file.as_str(), made.interval_ms), ("night", CONSOLE, 30_000));
    // A group that is there keeps its interval.
    let moved = written(&made, &[("group", "machines"), ("interval", "1h")]);
    house.alerting.save_rule(&hana(), &moved, Some(1)).await.unwrap();
    let rules = house.alerting.rules().await.unwrap();
    let places: Vec<(&str, &str, i64)> =
        rules.iter().map(|row| (row.rule.id.0.as_str(), row.group.as_str(), row.interval_ms)).collect();
    assert_eq!(places, [("cpu", "machines", 15_000), ("memory", "machines", 15_000)]);
    house.alerting.remove_rule(&hana(), &RuleId("memory".to_owned()), 2).await.unwrap();
    house.alerting.remove_rule(&hana(), &id(), 1).await.unwrap();
    assert!(house.alerting.rules().await.unwrap().is_empty());
    house.ticks(1).await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_rule_that_is_taken_away_ends_its_alerts(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    house.world.set(&[("app-01", 83.0)]);
    house.ticks(1).await;
    house.alerting.remove_rule(&hana(), &id(), 1).await.unwrap();
    assert_eq!(house.only().await.resolved_reason, Some(ResolveReason::RuleDeleted));
    let again = house.alerting.remove_rule(&hana(), &id(), 1).await;
    assert!(matches!(again, Err(Error::Rulebook(Refused::Gone(_)))), "{again:?}");
    let last = house.alerting.rule_versions(&id()).await.unwrap().remove(0);
    assert_eq!(last.fact, "RuleRemoved");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn files_say_what_they_overwrite_and_then_it_is_no_edit_any_more(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    let row = standing(&house).await;
    house.alerting.save_rule(&hana(), &written(&row, &[("condition.threshold", "85")]), Some(1)).await.unwrap();
    let made = written(&row, &[("id", "made"), ("group", "night")]);
    house.alerting.save_rule(&hana(), &made, None).await.unwrap();
    let checked: Checked = Alerting::check(&[file(&cpu("0s"))], Empty::Refused).unwrap();
    let planned = house.alerting.plan(&checked).await.unwrap();
    let lost: Vec<(&str, &str)> = planned.overwrites.iter().map(|one| (one.id.0.as_str(), one.edited.by.as_str())).collect();
    assert_eq!(lost, [("cpu", "Hana"), ("made", "Hana")]);
    assert_eq!(house.alerting.apply_checked(&editor(), &checked).await.unwrap(), planned);
    let after = standing(&house).await;
    assert_eq!((after.edited, after.version), (None, 3));
    assert!(house.alerting.plan(&checked).await.unwrap().overwrites.is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_exported_is_what_is_in_force(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    let row = standing(&house).await;
    house.alerting.save_rule(&hana(), &written(&row, &[("condition.threshold", "85"), ("tags", "a\nb")]), Some(1)).await.unwrap();
    let made = written(&row, &[("id", "made"), ("group", "night")]);
    house.alerting.save_rule(&hana(), &made, None).await.unwrap();
    let files = printer::files(&house.alerting.rules().await.unwrap());
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["rules.yaml", "console.yaml"]);
    let checked = Alerting::check(&files, Empty::Refused).unwrap();
    let planned = house.alerting.plan(&checked).await.unwrap();
    assert!(planned.is_empty() && planned.overwrites.is_empty(), "{planned}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_file_of_the_catalogue_comes_beside_what_is_in_force(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    let shipped = catalogue::find("application").unwrap();
    let n_rules = house.alerting.adopt(&hana(), shipped).await.unwrap();
    assert!(n_rules > 5);
    assert_eq!(house.alerting.rules().await.unwrap().len(), n_rules + 1);
    assert_eq!(house.alerting.adopt(&hana(), shipped).await.unwrap(), 0);
    assert_eq!(standing(&house).await.version, 1);
}

#[test]
fn who_only_answers_alerts_changes_no_rule() {
    let who = responder("Ken").actor().clone();
    assert!(authorize::<ApplyRules>(&who, None).is_err());
}
