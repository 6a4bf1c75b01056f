//! Policies: applied, saved, printed back.

use super::{House, grant};
use crate::policies::file::{self, PolicyFile};
use crate::{Error, Planned, Policies, Policy};
use kernel::facts;
use model::Actor;
use sqlx::PgPool;

const TWO: &str = "\
policies:
  - name: a
    steps:
      - {wait: 5m, notify: [{team: ops}]}
  - name: b
    steps:
      - {wait: 5m, notify: [{everyone: true}]}
";

fn read(text: &str) -> Vec<Policy> {
    Policies::check(&[PolicyFile { name: "p.yaml".to_owned(), text: text.to_owned() }]).unwrap()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn files_replace_what_came_with_files_and_leave_what_was_saved_by_hand(pool: PgPool) {
    let house = House::new(pool, TWO).await;
    let editor = grant(&Actor::worker("editor"));
    let by_hand: Policy = Policy { name: "c".to_owned(), ..read(TWO).remove(0) };
    assert_eq!(house.oncall.policies().save(&editor, &by_hand, None).await.unwrap(), 1);
    let changed: Policy = Policy { owner: Some("web".to_owned()), ..read(TWO).remove(0) };
    assert_eq!(house.oncall.policies().save(&editor, &changed, Some(1)).await.unwrap(), 2);
    let only_a: Vec<Policy> = vec![read(TWO).remove(0)];
    let expected = Planned { changed: names(&["a"]), overwritten: names(&["a"]), removed: names(&["b"]), ..Planned::default() };
    assert_eq!(house.oncall.policies().plan(&only_a).await.unwrap(), expected);
    assert_eq!(house.oncall.policies().apply(&editor, &only_a).await.unwrap(), expected);
    let left: Vec<String> = house.oncall.policies().list().await.unwrap().into_iter().map(|row| row.policy.name).collect();
    assert_eq!(left, ["a", "c"]);
    assert_eq!(house.oncall.policies().plan(&only_a).await.unwrap(), Planned::default());
    let kinds: Vec<String> = facts::about(&house.db, "policy/b", 10).await.unwrap().into_iter().map(|fact| fact.kind).collect();
    assert_eq!(kinds, ["PolicySaved", "PolicyRemoved"]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_saves_names_the_version_they_looked_at(pool: PgPool) {
    let house = House::new(pool, TWO).await;
    let editor = grant(&Actor::worker("editor"));
    let (policies, a) = (house.oncall.policies(), read(TWO).remove(0));
    assert!(matches!(policies.save(&editor, &a, None).await.unwrap_err(), Error::PolicyTaken { .. }));
    assert!(matches!(policies.save(&editor, &a, Some(7)).await.unwrap_err(), Error::Stale { expected: 7, found: 1, .. }));
    let unknown = Policy { name: "x".to_owned(), ..a.clone() };
    assert!(matches!(policies.save(&editor, &unknown, Some(1)).await.unwrap_err(), Error::NoPolicy { .. }));
    let empty = Policy { steps: Vec::new(), ..a };
    assert!(matches!(policies.save(&editor, &empty, Some(1)).await.unwrap_err(), Error::Files(_)));
    assert!(matches!(policies.remove(&editor, "a", 2).await.unwrap_err(), Error::Stale { .. }));
    policies.remove(&editor, "a", 1).await.unwrap();
    assert!(policies.one("a").await.unwrap().is_none());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_in_force_is_printed_as_a_file_that_can_be_applied(pool: PgPool) {
    let house = House::new(pool, TWO).await;
    let printed: String = house.oncall.policies().print().await.unwrap();
    assert_eq!(file::read(&[PolicyFile { name: "out.yaml".to_owned(), text: printed }]).unwrap(), read(TWO));
}
