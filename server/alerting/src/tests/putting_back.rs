//! An earlier version of a rule comes back.

use super::{House, cpu, editor, file};
use crate::alerts::Show;
use crate::error::Error;
use crate::rulebook::Refused;
use crate::rules::form::{self, Draft, Form};
use crate::state::ResolveReason;
use crate::{Back, RuleRow, Saved, Version};
use kernel::{Grant, authorize, facts};
use model::access::ApplyRules;
use model::actor::Who;
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

/// Writes over some fields of the rule in force.
async fn save(house: &House, pairs: &[(&str, &str)]) {
    let row: RuleRow = standing(house).await;
    let draft = Draft { rule: row.rule.clone(), group: row.group.clone(), interval_ms: row.interval_ms };
    let mut form: Form = form::filled(&draft);
    for (field, text) in pairs {
        form.insert((*field).to_owned(), (*text).to_owned());
    }
    house.alerting.save_rule(&editor(), &form::read(&form).unwrap(), Some(row.version)).await.unwrap();
}

/// The newest first.
async fn versions(house: &House) -> Vec<Version> {
    house.alerting.rule_versions(&id()).await.unwrap()
}

fn keys(back: &Back) -> Vec<&'static str> {
    back.what.iter().map(|change| change.key).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_earlier_version_is_compared_and_comes_back_as_a_new_one(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    house.world.set(&[("app-01", 83.0)]);
    let first: RuleRow = standing(&house).await;
    save(&house, &[("condition.threshold", "90"), ("owner", "web")]).await;
    house.ticks(1).await;
    assert!(house.shown(Show::Open).await.is_empty());
    let number: i64 = versions(&house).await[1].number;
    let back: Back = house.alerting.earlier_rule(&id(), number).await.unwrap().unwrap();
    assert_eq!((keys(&back), back.version, back.ends_alerts), (vec!["condition", "owner"], 2, true));
    assert_eq!((back.what[0].from.as_str(), back.what[0].to.as_str()), (">= 90", ">= 80"));
    assert_eq!((back.by.as_str(), back.refused), ("test", None));

    let saved: Saved = house.alerting.put_rule_back(&hana(), &id(), number, 2).await.unwrap();
    assert_eq!((saved.version, saved.what.len(), saved.ended_alerts), (3, 2, true));
    let after: RuleRow = standing(&house).await;
    assert_eq!((after.rule, after.version), (first.rule, 3));
    assert_eq!(after.edited.map(|edited| edited.by).as_deref(), Some("Hana"));
    house.ticks(1).await;
    assert_eq!(house.shown(Show::Open).await.len(), 1, "it is judged as it was");

    let told: Vec<Version> = versions(&house).await;
    assert_eq!((told.len(), told[0].fact.as_str(), told[0].by.as_str()), (3, "RuleChanged", "Hana"));
    assert_eq!((told[0].put_back_of, told[1].put_back_of), (Some(told[2].at), None));
    let facts = facts::about(&house.db, "rule/cpu", 10).await.unwrap();
    assert_eq!(facts.last().unwrap().body["put_back"], number);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_version_that_judges_otherwise_ends_open_alerts_and_other_words_do_not(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    house.world.set(&[("app-01", 95.0)]);
    save(&house, &[("summary.en", "hot")]).await;
    house.ticks(1).await;
    let number: i64 = versions(&house).await[1].number;
    assert!(!house.alerting.put_rule_back(&hana(), &id(), number, 2).await.unwrap().ended_alerts);
    house.ticks(1).await;
    assert_eq!(house.only().await.resolved_reason, None);
    save(&house, &[("condition.threshold", "90")]).await;
    house.ticks(1).await;
    assert!(house.alerting.put_rule_back(&hana(), &id(), number, 4).await.unwrap().ended_alerts);
    let ended = house.shown(Show::Resolved).await;
    assert!(ended.iter().all(|alert| alert.resolved_reason == Some(ResolveReason::RuleChanged)) && !ended.is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_in_force_and_what_was_read_too_early_are_not_put_back(pool: PgPool) {
    let house = House::new(pool, &cpu("0s")).await;
    let first: i64 = versions(&house).await[0].number;
    let back: Back = house.alerting.earlier_rule(&id(), first).await.unwrap().unwrap();
    assert_eq!((back.refused, back.what.len()), (Some(Refused::Present(id())), 0));
    let refused = house.alerting.put_rule_back(&hana(), &id(), first, 1).await;
    assert!(matches!(refused, Err(Error::Rulebook(Refused::Present(_)))), "{refused:?}");
    save(&house, &[("condition.threshold", "90")]).await;
    let refused = house.alerting.put_rule_back(&hana(), &id(), first, 1).await;
    assert!(matches!(refused, Err(Error::Rulebook(Refused::Stale { read: 1, now: 2, .. }))), "{refused:?}");
    let refused = house.alerting.put_rule_back(&hana(), &id(), first + 1_000, 2).await;
    assert!(matches!(refused, Err(Error::Rulebook(Refused::NoVersion { .. }))), "{refused:?}");
    assert_eq!(house.alerting.earlier_rule(&id(), first + 1_000).await.unwrap(), None);
    assert_eq!(versions(&house).await.len(), 2, "nothing was told of what was refused");

    house.alerting.remove_rule(&hana(), &id(), 2).await.unwrap();
    let refused = house.alerting.put_rule_back(&hana(), &id(), first, 2).await;
    assert!(matches!(refused, Err(Error::Rulebook(Refused::Gone(_)))), "{refused:?}");
    let removal: Version = versions(&house).await.remove(0);
    assert!(removal.stood.is_none());
    assert_eq!(house.alerting.earlier_rule(&id(), removal.number).await.unwrap(), None);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_rule_that_records_is_kept_in_files(pool: PgPool) {
    let text = |expr: &str| {
        format!("groups:\n  - name: machines\n    interval: 15s\n    rules:\n      - record: first\n        expr: {expr}\n")
    };
    let house = House::new(pool, &text("load")).await;
    let checked = crate::Alerting::check(&[file(&text("other"))], crate::Empty::Refused).unwrap();
    house.alerting.apply_checked(&editor(), &checked).await.unwrap();
    let row: RuleRow = house.alerting.rules().await.unwrap().remove(0);
    let number: i64 = house.alerting.rule_versions(&row.rule.id).await.unwrap()[1].number;
    let back: Back = house.alerting.earlier_rule(&row.rule.id, number).await.unwrap().unwrap();
    assert_eq!(back.refused, Some(Refused::OfFiles(row.rule.id.clone())));
    let refused = house.alerting.put_rule_back(&hana(), &row.rule.id, number, row.version).await;
    assert!(matches!(refused, Err(Error::Rulebook(Refused::OfFiles(_)))), "{refused:?}");
}
