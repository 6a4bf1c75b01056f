//! "Why was I paged, why was nobody": the log tells the whole story.

use super::{House, MINUTE, START, actor, calls, failed, grant, person};
use crate::contacts::ContactKind;
use crate::explain::{LogEntry, What};
use crate::outcomes::Outcome;
use crate::policies::course::Place;
use crate::{RunFilter, RunRow};
use model::Severity;
use model::ids::AlertId;
use sqlx::PgPool;

const POLICY: &str = "\
policies:
  - name: p
    steps:
      - {wait: 5m, notify: [{team: absent}]}
      - {wait: 5m, notify: [{person: person-2@example.jp}, {person: person-3@example.jp}]}
";

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_run_tells_who_was_paged_by_what_and_who_was_not_and_why(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    let sms = house.reach(2, ContactKind::Sms).await;
    let email = house.reach(2, ContactKind::Email).await;
    house.order(&calls("g1-e1", Severity::P1, &[1])).await;
    house.look().await;
    house.became(failed()).await;
    house.look().await;
    house.became(Outcome::Accepted).await;
    house.look().await;
    house.oncall.pass_on(&grant(&actor(2)), AlertId(1), "ill").await.unwrap();
    house.look().await;
    let run: RunRow = house.newest().await;
    let explained = house.oncall.explain(run.id).await.unwrap().unwrap();
    let whats: Vec<What> = explained.log.iter().map(|entry| entry.what).collect();
    let expected = [
        What::Started,
        What::NobodyNamed,
        What::StepEmpty,
        What::Paged,
        What::NoContact,
        What::StepFired,
        What::Asked,
        What::Failed,
        What::Asked,
        What::Accepted,
        What::PassedOn,
        What::Spent,
    ];
    assert_eq!(whats, expected);
    let of = |what: What| -> LogEntry { explained.log.iter().find(|entry| entry.what == what).unwrap().clone() };
    assert_eq!(of(What::NobodyNamed).detail.as_deref(), Some("absent"));
    assert_eq!((of(What::NoContact).person, of(What::NoContact).place), (Some(person(3)), Some(Place { pass: 0, step: 1 })));
    assert_eq!((of(What::Failed).contact, of(What::Failed).detail.as_deref()), (Some(sms), Some("no such number")));
    assert_eq!(of(What::Accepted).contact, Some(email));
    assert_eq!((of(What::PassedOn).person, of(What::PassedOn).detail.as_deref()), (Some(person(2)), Some("ill")));
    assert_eq!(explained.policy.steps.len(), 2);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn runs_are_listed_by_what_is_asked_of_them(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    house.reach(2, ContactKind::Sms).await;
    for story in 0..3_i64 {
        house.order(&calls(&format!("g{story}-e1"), Severity::P0, &[story])).await;
        house.look().await;
    }
    house.acknowledge(1, &actor(2), true).await;
    let listed = |filter: RunFilter| {
        let oncall = house.oncall.clone();
        async move { oncall.runs(&filter).await.unwrap().iter().map(|run| run.alerts[0].0).collect::<Vec<i64>>() }
    };
    assert_eq!(listed(RunFilter::default()).await, [2, 1, 0]);
    assert_eq!(listed(RunFilter { is_live: true, ..RunFilter::default() }).await, [2, 0]);
    assert_eq!(listed(RunFilter { alert: Some(AlertId(1)), ..RunFilter::default() }).await, [1]);
    assert_eq!(listed(RunFilter { person: Some(person(3)), ..RunFilter::default() }).await, Vec::<i64>::new());
    assert_eq!(listed(RunFilter { policy: Some("q".to_owned()), ..RunFilter::default() }).await, Vec::<i64>::new());
    let newest: RunRow = house.newest().await;
    assert_eq!(listed(RunFilter { before: Some(newest.number), limit: 1, ..RunFilter::default() }).await, [1]);
    assert_eq!(newest.started_at, START);
    house.pass(MINUTE).await;
}
