//! Who is told of what, and how often.

use super::{House, MINUTE, ROUTES, S, heard};
use crate::needs::Needless;
use model::ids::AlertId;
use sqlx::PgPool;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn alerts_are_told_together_once_and_again_until_somebody_has_them(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let first = house.fire("cpu", "app-01", "P2").await;
    assert_eq!(house.pass().await.routed, 1);
    assert_eq!(house.after(20 * S).await.pages, 0);
    let second = house.fire("cpu", "app-02", "P3").await;
    assert_eq!(house.after(10 * S).await.pages, 1);
    for _ in 0..20 {
        assert_eq!(house.after(10 * MINUTE).await.pages, 0, "neither new nor over");
    }
    assert_eq!(house.after(40 * MINUTE).await.pages, 1);
    house.take(first).await;
    assert_eq!(house.after(S).await.pages, 1, "an update");
    assert_eq!(house.after(240 * MINUTE).await.pages, 1, "the other one needs somebody still");
    house.take(second).await;
    house.after(S).await;
    assert_eq!(house.after(999 * MINUTE).await.pages, 0, "acknowledged: no later page");
    house.give_back(second).await;
    assert_eq!(house.after(S).await.pages, 1);
    let both = [first, second];
    let expected = [
        heard("ops", "fired", &both),
        heard("ops", "again", &both),
        heard("ops", "acknowledged", &both),
        heard("ops", "again", &both),
        heard("ops", "acknowledged", &both),
        heard("ops", "again", &both),
    ];
    assert_eq!(house.heard().await, expected);
    let withdrawn = house.sink.withdrawn.lock().unwrap().clone();
    let taken = |id: i64| (Needless::Acknowledged, vec![AlertId(id)]);
    assert_eq!(withdrawn, [taken(first), taken(second)]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn that_it_is_over_is_told_to_whom_it_was_told_and_ends_the_story(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let short = house.fire("cpu", "app-01", "P2").await;
    house.pass().await;
    house.end(short).await;
    assert_eq!(house.after(MINUTE).await.pages, 0, "over before anybody heard of it");
    assert!(house.routing.groups().await.unwrap().is_empty());

    let urgent = house.fire("disk", "db-01", "P0").await;
    assert_eq!(house.pass().await.pages, 1, "without a wait");
    house.end(urgent).await;
    assert_eq!(house.after(4 * MINUTE).await.pages, 0);
    assert_eq!(house.after(MINUTE).await.pages, 1);
    assert!(house.routing.groups().await.unwrap().is_empty());
    let again = house.fire("disk", "db-01", "P0").await;
    house.pass().await;
    let expected = [heard("pager", "fired", &[urgent]), heard("pager", "resolved", &[urgent]), heard("pager", "fired", &[again])];
    assert_eq!(house.heard().await, expected);
    let told = house.told().await;
    assert_eq!(told[0].story, told[1].story);
    assert_ne!(told[1].story, told[2].story);
    assert_eq!(*house.sink.withdrawn.lock().unwrap(), [(Needless::Resolved, vec![AlertId(urgent)])], "and only once");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_becomes_worse_goes_to_whom_that_concerns(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let alert = house.fire("cpu", "app-01", "P2").await;
    house.after(30 * S).await;
    sqlx::query("update alert set severity = 'P0'").execute(&house.pool).await.unwrap();
    assert_eq!(house.after(S).await.pages, 1);
    assert_eq!(house.after(200 * MINUTE).await.pages, 0);
    house.end(alert).await;
    house.after(S).await;
    let mut heard_of = house.heard().await;
    heard_of[2..].sort();
    let expected = [
        heard("ops", "fired", &[alert]),
        heard("pager", "fired", &[alert]),
        heard("ops", "resolved", &[alert]),
        heard("pager", "resolved", &[alert]),
    ];
    assert_eq!(heard_of, expected);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn other_routes_tell_anew_and_the_old_ones_tell_only_the_end(pool: PgPool) {
    let house = House::new(pool, ROUTES).await;
    let alert = house.fire("cpu", "app-01", "P2").await;
    house.after(30 * S).await;
    house.apply(&ROUTES.replace("name: all", "name: everything").replace("[ops]", "[web]")).await;
    assert_eq!(house.after(S).await.pages, 1);
    house.end(alert).await;
    house.after(6 * MINUTE).await;
    let mut heard_of = house.heard().await;
    heard_of[2..].sort();
    let expected = [
        heard("ops", "fired", &[alert]),
        heard("web", "fired", &[alert]),
        heard("ops", "resolved", &[alert]),
        heard("web", "resolved", &[alert]),
    ];
    assert_eq!(heard_of, expected);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn without_routes_the_administrators_hear_of_everything(pool: PgPool) {
    let house = House::new(pool, "{}").await;
    let alert = house.fire("cpu", "app-01", "P3").await;
    house.after(30 * S).await;
    assert_eq!(house.heard().await, [heard("", "fired", &[alert])]);
}
