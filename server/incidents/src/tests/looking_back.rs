//! How it stood at a second, lists of thousands, and numbers for the review.

use super::{HOUR, House, MINUTE, START, actor, declaration, declares, person, works};
use crate::snapshot::Snapshot;
use crate::{Declaration, Filter, Incident, NewUpdate, Period, Seen, Show};
use model::Actor;
use model::ids::{AlertId, IncidentId};
use model::incident::roles::IncidentRole;
use model::incident::{IncidentStatus, Move};
use model::{Severity, Time};
use serde_json::json;
use sqlx::PgPool;

async fn at(house: &House, id: IncidentId, minutes: i64) -> Snapshot {
    house.incidents.snapshot_at(&actor(1), id, START.plus_ms(minutes * MINUTE)).await.unwrap().unwrap()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn every_second_shows_what_was_so_then(pool: PgPool) {
    let house = House::new(pool).await;
    let evaluator = Actor::worker("evaluator");
    let fired = json!({ "severity": "P1", "name": { "ja": "遅い", "en": "Slow" } });
    house.fact("AlertFired", 1, &evaluator, fired).await;
    house.clock.set(START.plus_ms(10 * MINUTE));
    let wanted = Declaration { code: Some("P2".to_owned()), ..Declaration::default() };
    let incident: Incident = house.incidents.declare_from_alerts(&declares(1), &[AlertId(1)], &wanted).await.unwrap();
    let id = incident.id;
    house.clock.set(START.plus_ms(20 * MINUTE));
    house.incidents.assign(&works(1), Seen::any(id), IncidentRole::Commander, person(2)).await.unwrap();
    house.incidents.set_level(&works(1), Seen::any(id), "P1", "").await.unwrap();
    house.clock.set(START.plus_ms(30 * MINUTE));
    house.incidents.assign(&works(1), Seen::any(id), IncidentRole::Commander, person(3)).await.unwrap();
    house.fact("AlertAcknowledged", 1, &actor(3), json!({})).await;
    house.read().await;
    house.incidents.post_update(&works(1), id, &NewUpdate { ja: "一報".to_owned(), en: String::new() }).await.unwrap();
    house.clock.set(START.plus_ms(40 * MINUTE));
    house.fact("AlertResolved", 1, &evaluator, json!({})).await;
    house.read().await;
    house.incidents.act(&works(1), Seen::any(id), Move::Resolve, "").await.unwrap();

    let before: Snapshot = at(&house, id, 5).await;
    assert_eq!((before.status, before.firing.len(), before.clocks.len()), (None, 1, 0));
    assert_eq!((before.from, before.until), (START, START.plus_ms(40 * MINUTE)));
    assert_eq!((before.firing[0].name_ja.as_str(), before.firing[0].severity), ("遅い", Some(Severity::P1)));
    let declared: Snapshot = at(&house, id, 10).await;
    assert_eq!((declared.status, declared.code.as_str()), (Some(IncidentStatus::Declared), "P2"));
    let raised: Snapshot = at(&house, id, 25).await;
    assert_eq!((raised.code.as_str(), raised.severity, raised.roles.commander), ("P1", Some(Severity::P1), Some(person(2))));
    let answered: Snapshot = at(&house, id, 35).await;
    assert_eq!((answered.status, answered.roles.commander), (Some(IncidentStatus::Acknowledged), Some(person(3))));
    assert_eq!(answered.firing[0].held_by.as_deref(), Some("person 3"));
    assert_eq!(answered.update.map(|update| update.ja).as_deref(), Some("一報"));
    let over: Snapshot = at(&house, id, 40).await;
    assert_eq!((over.status, over.firing.len()), (Some(IncidentStatus::Resolved), 0));
    assert!(at(&house, id, 20).await.clocks.iter().all(|clock| clock.met_at.is_none()));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn thousands_are_listed_in_stretches_and_found_by_what_is_known(pool: PgPool) {
    let house = House::new(pool).await;
    let wanted = Declaration { systems: vec!["payment".to_owned()], ..declaration("P1") };
    let one: Incident = house.incidents.declare(&declares(1), &wanted).await.unwrap();
    sqlx::query(
        "insert into incident (version, title, summary, systems, level, code, severity, status, source, is_private, insiders,
                               declared_by, declared_at, moments, responders, no_follow_ups)
         select 1, 'bulk ' || n, '100%', '{}', level, 'P3', 'P3', 'declared', 'hand', false, '{}', 'a', declared_at, '{}', '{}', false
         from incident, generate_series(1, 3000) n",
    )
    .execute(house.db.pool())
    .await
    .unwrap();
    let mut filter = Filter { limit: 500, ..Filter::default() };
    let (first, n): (Vec<Incident>, i64) = house.incidents.list_counted(&actor(1), &filter).await.unwrap();
    assert_eq!((first.len(), n), (500, 3_001));
    let mut n_read: usize = 0;
    loop {
        let stretch: Vec<Incident> = house.incidents.list(&actor(1), &filter).await.unwrap();
        let Some(last) = stretch.last() else { break };
        filter.before = Some(last.id);
        n_read += stretch.len();
    }
    assert_eq!(n_read, 3_001);
    for (filter, expected) in [
        (Filter { search: "決済".to_owned(), ..Filter::default() }, 1),
        (Filter { search: format!("i-{}", one.id.0), ..Filter::default() }, 1_111),
        (Filter { search: "100%".to_owned(), ..Filter::default() }, 3_000),
        (Filter { search: "10_%".to_owned(), ..Filter::default() }, 0),
        (Filter { system: Some("payment".to_owned()), ..Filter::default() }, 1),
        (Filter { severity: Some(Severity::P1), ..Filter::default() }, 1),
        (Filter { person: Some(person(4)), ..Filter::default() }, 0),
        (Filter { show: Show::Closed, ..Filter::default() }, 0),
        (Filter { until: Some(START), ..Filter::default() }, 0),
        (Filter { from: Some(START), ..Filter::default() }, 3_001),
    ] {
        let (_, n): (Vec<Incident>, i64) = house.incidents.list_counted(&actor(1), &filter).await.unwrap();
        assert_eq!(n, expected, "{filter:?}");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_counted_opens_its_list(pool: PgPool) {
    let house = House::new(pool).await;
    let quick: Incident = house.declare("P1").await;
    let slow: Incident = house.declare("P1").await;
    let none: Incident = house.declare("P1").await;
    house.incidents.act(&works(1), Seen::any(none.id), Move::Dismiss, "試験").await.unwrap();
    house.clock.advance_ms(10 * MINUTE);
    house.incidents.act(&works(1), Seen::any(quick.id), Move::Acknowledge, "").await.unwrap();
    house.pass(2 * HOUR, 10 * MINUTE).await;
    house.incidents.act(&works(1), Seen::any(slow.id), Move::Resolve, "").await.unwrap();
    let period = Period { from: START, until: START.plus_ms(24 * HOUR), team: None, system: None };
    let counted = house.incidents.handled(&actor(1), &period).await.unwrap();
    assert_eq!(counted.iter().map(|one| one.id).collect::<Vec<IncidentId>>(), [slow.id, quick.id], "what was none is left out");
    let minutes = |at: Option<Time>| at.map(|at| at.since(START) / MINUTE);
    assert_eq!((minutes(counted[0].handled.resolved_at), minutes(counted[1].handled.acknowledged_at)), (Some(130), Some(10)));
    // An answer and an update that came too late; of the other only the update.
    assert_eq!((counted[0].n_breaches, counted[1].n_breaches), (2, 1));
    let later = Period { from: START.plus_ms(HOUR), ..period };
    assert!(house.incidents.handled(&actor(1), &later).await.unwrap().is_empty());
}
