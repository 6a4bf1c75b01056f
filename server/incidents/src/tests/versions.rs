//! Nobody's change is lost: whoever was slower is told so.

use super::{House, person, works};
use crate::error::Error;
use crate::{Edit, Incident, Seen};
use model::incident::Move;
use model::incident::roles::IncidentRole;
use sqlx::PgPool;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn of_two_who_change_what_they_saw_one_is_told_to_look_again(pool: PgPool) {
    let house = House::new(pool).await;
    let seen: Incident = house.declare("P2").await;
    let edit = |title: &str| Edit {
        title: title.to_owned(),
        summary: "東京のみ".to_owned(),
        team: None,
        systems: vec![" api ".to_owned(), "api".to_owned(), String::new()],
    };
    let changed: Incident = house.incidents.edit(&works(1), Seen::of(&seen), &edit("一件目")).await.unwrap();
    assert_eq!((changed.version, changed.systems.clone()), (2, vec!["api".to_owned()]));
    for stale in [
        house.incidents.edit(&works(2), Seen::of(&seen), &edit("二件目")).await,
        house.incidents.set_level(&works(2), Seen::of(&seen), "P0", "").await,
        house.incidents.act(&works(2), Seen::of(&seen), Move::Resolve, "").await,
        house.incidents.assign(&works(2), Seen::of(&seen), IncidentRole::Scribe, person(2)).await,
    ] {
        assert!(matches!(stale, Err(Error::Stale { expected: 1, found: 2, .. })));
    }
    assert_eq!(house.incident(seen.id).await, changed);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn of_twenty_at_once_one_wins(pool: PgPool) {
    let house = House::new(pool).await;
    let seen: Incident = house.declare("P2").await;
    let mut racing = tokio::task::JoinSet::new();
    for n in 0..20 {
        let incidents = house.incidents.clone();
        let seen = Seen::of(&seen);
        racing.spawn(async move {
            let edit = Edit { title: format!("題 {n}"), summary: String::new(), team: None, systems: Vec::new() };
            incidents.edit(&works(1), seen, &edit).await
        });
    }
    let mut n_won: usize = 0;
    while let Some(ended) = racing.join_next().await {
        match ended.unwrap() {
            Ok(_) => n_won += 1,
            Err(error) => assert!(matches!(error, Error::Stale { .. }), "{error}"),
        }
    }
    assert_eq!((n_won, house.incident(seen.id).await.version), (1, 2));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_changes_nothing_is_no_version(pool: PgPool) {
    let house = House::new(pool).await;
    let seen: Incident = house.declare("P2").await;
    let edit = Edit { title: seen.title.clone(), summary: String::new(), team: None, systems: Vec::new() };
    let same: Incident = house.incidents.edit(&works(1), Seen::of(&seen), &edit).await.unwrap();
    let level: Incident = house.incidents.set_level(&works(1), Seen::of(&seen), "P2", "").await.unwrap();
    assert_eq!((same.version, level.version), (1, 1));
    // What only adds needs no version, and makes none.
    house.incidents.note(&works(1), seen.id, "メモ", None).await.unwrap();
    house.incidents.edit(&works(1), Seen::of(&seen), &Edit { title: "別".to_owned(), ..edit }).await.unwrap();
}
