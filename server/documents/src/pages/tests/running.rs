//! Runbooks and what becomes of them when they are worked through.

use super::world::{House, START, admin, writer, writes};
use crate::error::Error;
use crate::pages::needs::{FiringRule, RunLine};
use crate::pages::runbooks::Runbook;
use crate::pages::runs::{Check, Outcome, Run};
use crate::pages::{Branch, Language, Refused, Standing};
use model::Role;
use model::ids::{AlertId, IncidentId, RunbookRunId};
use serde_json::json;

const STEPS: &str = "# 再起動\n\n- [ ] `df -h` を見る\n- [ ] 再起動する\n  - [ ] ログを確かめる\n";

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn steps_are_frozen_and_land_in_the_timeline_of_the_incident(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let page = house.make("再起動", STEPS).await;
    let run: RunbookRunId = house.documents.begin_run(&writes(1), page, Some(IncidentId(7)), Some(AlertId(1))).await.unwrap();
    house.write(page, "# 再起動\n\n- [ ] 別の手順\n").await;
    assert!(house.documents.check_step(&writes(2), run, 1, Check::Done, " 空き 3% ").await.unwrap());
    assert!(!house.documents.check_step(&writes(2), run, 1, Check::Done, "空き 3%").await.unwrap());
    assert!(house.documents.check_step(&writes(2), run, 3, Check::Skipped, "").await.unwrap());
    let found: Run = house.documents.run_of_runbook(&writer(1), run).await.unwrap().unwrap();
    assert_eq!((found.steps.len(), found.progress()), (3, (2, 3)));
    assert_eq!((found.steps[0].text.as_str(), found.steps[2].depth), ("`df -h` を見る", 1));
    assert_eq!((found.steps[0].by.as_deref(), found.steps[0].note.as_str()), (Some("person 2"), "空き 3%"));
    assert!(house.documents.end_run(&writes(1), run, Outcome::Stopped, " 別の原因だった ").await.unwrap());
    assert!(!house.documents.end_run(&writes(2), run, Outcome::Worked, "").await.unwrap(), "it is ended once");
    let ended: Run = house.documents.run_of_runbook(&writer(1), run).await.unwrap().unwrap();
    assert_eq!((ended.outcome, ended.outcome_note.as_str()), (Some(Outcome::Stopped), "別の原因だった"));
    let over = house.documents.check_step(&writes(2), run, 2, Check::Done, "").await;
    assert!(matches!(over, Err(Error::Pages(Refused::RunOver { .. }))), "{over:?}");
    let lines: Vec<RunLine> = house.around.lines.lock().unwrap().clone();
    let said: Vec<&str> = lines.iter().filter_map(|line| line.body["what"].as_str()).collect();
    assert_eq!(said, ["began", "done", "skipped", "ended"]);
    assert!(lines.iter().all(|line| line.incident == IncidentId(7)));
    assert_eq!(
        (&lines[1].body["text"], &lines[1].body["n"], lines[1].actor.name()),
        (&json!("`df -h` を見る"), &json!(1), "person 2")
    );
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_run_is_tied_to_one_incident_once(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let page = house.make("再起動", STEPS).await;
    let run: RunbookRunId = house.documents.begin_run(&writes(1), page, None, Some(AlertId(1))).await.unwrap();
    house.documents.tie_run(&writes(1), run, IncidentId(7)).await.unwrap();
    let again = house.documents.tie_run(&writes(1), run, IncidentId(8)).await;
    assert!(matches!(again, Err(Error::Pages(Refused::NoRun(_)))), "{again:?}");
    let found: Run = house.documents.run_of_runbook(&writer(1), run).await.unwrap().unwrap();
    assert_eq!(found.incident, Some(IncidentId(7)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn headings_are_frozen_with_the_steps_and_a_note_is_no_change_of_a_step(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let page = house.make("再起動", "# 再起動\n\n## 確認\n\n- [ ] 見る\n\n## 復旧\n\n- [ ] 直す\n").await;
    let run: RunbookRunId = house.documents.begin_run(&writes(1), page, Some(IncidentId(7)), None).await.unwrap();
    house.documents.check_step(&writes(1), run, 1, Check::Open, "空き 3%").await.unwrap();
    house.documents.check_step(&writes(1), run, 1, Check::Done, "空き 3%").await.unwrap();
    let found: Run = house.documents.run_of_runbook(&writer(1), run).await.unwrap().unwrap();
    let sections: Vec<&str> = found.steps.iter().map(|step| step.section.as_str()).collect();
    assert_eq!(sections, ["確認", "復旧"]);
    let lines: Vec<RunLine> = house.around.lines.lock().unwrap().clone();
    let notes: Vec<bool> = lines.iter().map(|line| line.body["is_note"] == json!(true)).collect();
    assert_eq!(notes, [false, true, false]);
    let large = house.documents.end_run(&writes(1), run, Outcome::Failed, &"あ".repeat(3_000)).await;
    assert!(matches!(large, Err(Error::Pages(Refused::Large { .. }))), "{large:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_timeline_that_can_not_be_written_is_written_later_and_once(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let page = house.make("再起動", STEPS).await;
    *house.around.is_down.lock().unwrap() = true;
    let run = house.documents.begin_run(&writes(1), page, Some(IncidentId(7)), None).await.unwrap();
    house.documents.check_step(&writes(1), run, 1, Check::Done, "").await.unwrap();
    assert!(house.around.lines.lock().unwrap().is_empty());
    *house.around.is_down.lock().unwrap() = false;
    house.pass(60_000).await;
    house.pass(600_000).await;
    let keys: Vec<String> = house.around.lines.lock().unwrap().iter().map(|line| line.key.clone()).collect();
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0], keys[1]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_step_that_was_wrong_asks_for_a_look(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let page = house.make("再起動", STEPS).await;
    let run = house.documents.begin_run(&writes(1), page, None, None).await.unwrap();
    house.documents.step_was_wrong(&writes(2), run, 2, "再起動ではなく再読込").await.unwrap();
    let row = house.page(page).await;
    assert_eq!(row.standing(house.now()), Standing::MustReview);
    assert_eq!(row.must_review_why.unwrap()["instead"], json!("再起動ではなく再読込"));
    let none = house.documents.step_was_wrong(&writes(2), run, 9, "x").await;
    assert!(matches!(none, Err(Error::Pages(Refused::NoStep { n: 9, .. }))), "{none:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_page_without_steps_is_not_worked_through(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let page = house.make("説明", "ただの文").await;
    let refused = house.documents.begin_run(&writes(1), page, None, None).await;
    assert!(matches!(refused, Err(Error::Pages(Refused::NoSteps))), "{refused:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_alert_leads_to_its_runbook_or_to_making_one(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    assert_eq!(house.documents.runbook(&writer(1), "HighErrorRate").await.unwrap(), Runbook::None { may_make: true });
    let viewer = super::world::actor(5, Role::Viewer, &[]);
    assert_eq!(house.documents.runbook(&viewer, "HighErrorRate").await.unwrap(), Runbook::None { may_make: false });
    let made = house.documents.make_runbook(&writes(1), "HighErrorRate", Language::Ja, None, None, "").await.unwrap();
    let Runbook::Pages(pages) = house.documents.runbook(&viewer, "HighErrorRate").await.unwrap() else { panic!("there is one") };
    assert_eq!((pages[0].id, pages[0].title.as_str(), pages[0].space), (made, "HighErrorRate", Branch::Operations.space()));
    assert!(!house.documents.runbook_steps(&viewer, made).await.unwrap().is_empty());
    assert_eq!(house.documents.runbooks_of_incident(&writer(1), IncidentId(7)).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn rules_that_fire_without_a_runbook_are_named(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let rule = |name: &str, url: Option<&str>| FiringRule {
        rule: name.to_lowercase(),
        alertname: name.to_owned(),
        runbook_url: url.map(str::to_owned),
        n_alerts: 3,
        newest_at: START,
    };
    *house.around.firing.lock().unwrap() = vec![rule("A", None), rule("B", Some("https://example.jp/b")), rule("C", None)];
    let made = house.documents.make_runbook(&writes(1), "A", Language::En, None, None, "When A fires").await.unwrap();
    let page = house.page(made).await;
    assert_eq!((page.title.as_str(), page.slug.as_str()), ("When A fires", "when-a-fires"), "by the name it is found under");
    assert!(page.body.starts_with("# When A fires\n"), "{}", page.body);
    house.documents.retitle(&writes(1), made, " When A  burns ").await.unwrap();
    assert_eq!(house.page(made).await.title, "When A burns", "at once, and not when it has come to rest");
    let without = house.documents.rules_without_runbook(&admin()).await.unwrap();
    assert_eq!(without.iter().map(|rule| rule.alertname.as_str()).collect::<Vec<&str>>(), ["C"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_step_that_was_done_is_told_however_long_the_timeline_can_not_be_written(pool: sqlx::PgPool) {
    let house = House::new(pool).await;
    let page = house.make("再起動", STEPS).await;
    *house.around.is_down.lock().unwrap() = true;
    house.documents.begin_run(&writes(1), page, Some(IncidentId(7)), None).await.unwrap();
    for _ in 0..200 {
        house.pass(3_600_000).await;
    }
    assert!(house.around.lines.lock().unwrap().is_empty());
    *house.around.is_down.lock().unwrap() = false;
    house.pass(3_600_000).await;
    let said: Vec<String> = house.around.lines.lock().unwrap().iter().map(|line| line.body["what"].to_string()).collect();
    assert_eq!(said, ["\"began\""]);
}
