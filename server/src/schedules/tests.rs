//! Exports of other products become one file of ours, and what is in force comes out as files that change nothing.

use super::{exported, imported, joined};
use crate::config::Config;
use crate::strangers::test_config;
use crate::wiring::{Errand, Failure};
use alerting::RuleFile;
use kernel::Grant;
use model::access::{ApplyRules, ManagePeople};
use model::{Actor, Role, Time};
use oncall::schedules::applying::Rehearsed;
use oncall::{Planned, Policies, Policy, PolicyFile, Schedules};
use postgres::Source;
use sqlx::{ConnectOptions, PgPool};
use tempfile::TempDir;

/// 2026-11-22.
const NOW: Time = Time(1_795_305_600_000);

const OPSGENIE: &str = r#"{
  "schedules": {"data": [{"id": "s", "name": "Web", "timezone": "Asia/Tokyo", "rotations": [
    {"id": "r", "name": "weekly", "startDate": "2026-11-30T01:00:00Z", "type": "weekly", "length": 1,
     "participants": [{"type": "user", "username": "hana@example.jp"}, {"type": "team", "name": "ops"}]}]}]},
  "escalations": {"data": [{"id": "e", "name": "Web", "rules": [
    {"condition": "if-not-acked", "notifyType": "default", "delay": {"timeAmount": 0, "timeUnit": "minutes"},
     "recipient": {"type": "schedule", "id": "s", "name": "Web"}}]}]}
}"#;

fn import(text: &str) -> Result<(String, Vec<String>), Failure> {
    let dir: TempDir = tempfile::tempdir().unwrap();
    let path = dir.path().join("export.json");
    std::fs::write(&path, text).unwrap();
    imported(&path, NOW)
}

fn file(text: &str) -> [PolicyFile; 1] {
    [PolicyFile { name: "oncall.yaml".to_owned(), text: text.to_owned() }]
}

#[test]
fn an_import_is_one_file_that_can_be_applied_and_says_what_it_could_not_map() {
    let (text, unmapped): (String, Vec<String>) = import(OPSGENIE).unwrap();
    assert_eq!(Schedules::check_files(&file(&text)).unwrap().schedules[0].name, "Web");
    assert_eq!(Policies::check(&file(&text)).unwrap()[0].name, "Web");
    assert_eq!(unmapped.len(), 1, "a team takes no turns: {unmapped:?}");
}

#[test]
fn what_can_not_be_imported_is_refused_with_its_place() {
    for (text, said) in [("{", "export.json:1:"), ("[]", "expected schedules or escalation policies of Grafana OnCall")] {
        let found: String = import(text).unwrap_err().to_string();
        assert!(found.contains(said), "{found}");
    }
    let nothing: String = import(r#"{"escalation_policies": [{"name": "a", "escalation_rules": []}]}"#).unwrap_err().to_string();
    assert!(nothing.contains("can be applied here\nnot mapped: a: no step"), "{nothing}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_in_force_is_exported_and_applied_again_changes_nothing(pool: PgPool) {
    let url: String = pool.connect_options().to_url_lossy().to_string();
    let errand: Errand = Errand::begin(&Config { source: Source::Url(url), ..test_config() }).await.unwrap();
    let admin: Grant<ManagePeople> = kernel::authorize(&Actor::worker("test"), None).unwrap();
    errand.identity.invite(&admin, "Hana", "hana@example.jp", Role::Responder).await.unwrap();
    let (text, _): (String, Vec<String>) = import(OPSGENIE).unwrap();
    let schedules = Schedules::check_files(&file(&text)).unwrap();
    let policies: Vec<Policy> = Policies::check(&file(&text)).unwrap();
    let grant: Grant<ApplyRules> = kernel::authorize(&Actor::worker("test"), None).unwrap();
    errand.schedules.apply(&grant, &schedules).await.unwrap();
    errand.policies.apply(&grant, &policies).await.unwrap();

    let files: Vec<RuleFile> = exported(&errand).await.unwrap();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["schedules.yaml", "policies.yaml"]);
    let whole: String = joined(files.into_iter().map(|file| file.text));
    let schedules = Schedules::check_files(&file(&whole)).unwrap();
    assert_eq!(errand.schedules.rehearse(&schedules).await.unwrap(), Rehearsed::default(), "{whole}");
    let policies: Vec<Policy> = Policies::check(&file(&whole)).unwrap();
    assert_eq!(errand.policies.plan(&policies).await.unwrap(), Planned::default(), "{whole}");
    errand.end().await.unwrap();
}
