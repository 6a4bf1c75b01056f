//! What is private shows itself to those within and to nobody else, wherever one looks.

use super::{House, actor, declaration, declares, person, works};
use crate::error::Error;
use crate::timeline::TimelineFilter;
use crate::{Declaration, Filter, Incident, NewFollowUp, Seen, Show};
use kernel::facts;
use model::ids::AlertId;
use model::incident::Move;
use model::incident::roles::IncidentRole;
use sqlx::PgPool;

async fn secret(house: &House) -> Incident {
    let wanted = Declaration { is_private: true, insiders: vec![person(2)], ..declaration("P1") };
    house.incidents.declare(&declares(1), &wanted).await.unwrap()
}

async fn is_seen(house: &House, n: u128) -> bool {
    let filter = Filter { show: Show::All, limit: 10, ..Filter::default() };
    let (listed, counted) = house.incidents.list_counted(&actor(n), &filter).await.unwrap();
    let id = house.incidents.list(&actor(8), &filter).await.unwrap()[0].id;
    let detail = house.incidents.detail(&actor(n), id).await.unwrap();
    let timeline = house.incidents.timeline(&actor(n), id, &TimelineFilter { limit: 10, ..Default::default() }).await.unwrap();
    let snapshot = house.incidents.snapshot_at(&actor(n), id, house.now()).await.unwrap();
    let answers = [!listed.is_empty(), counted == 1, detail.is_some(), !timeline.is_empty(), snapshot.is_some()];
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{n}: {answers:?}");
    answers[0]
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn only_those_within_see_it(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = secret(&house).await;
    for (n, expected) in [(1, true), (2, true), (3, false), (8, true)] {
        assert_eq!(is_seen(&house, n).await, expected, "{n}");
    }
    house.incidents.assign(&works(1), Seen::any(incident.id), IncidentRole::Scribe, person(3)).await.unwrap();
    assert!(is_seen(&house, 3).await, "who has a part is within");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn for_others_it_is_not_there_to_be_changed(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = secret(&house).await;
    let id = incident.id;
    let acted = house.incidents.act(&works(3), Seen::any(id), Move::Resolve, "").await;
    assert!(matches!(acted, Err(Error::NotFound(_))));
    assert!(matches!(house.incidents.note(&works(3), id, "a", None).await, Err(Error::NotFound(_))));
    assert!(matches!(house.incidents.follow(&works(3), id).await, Err(Error::NotFound(_))));
    let new = NewFollowUp { title: "a".to_owned(), ..NewFollowUp::default() };
    house.incidents.add_follow_up(&works(1), id, &new).await.unwrap();
    assert!(matches!(house.incidents.add_follow_up(&works(3), id, &new).await, Err(Error::NotFound(_))));
    assert!(house.incidents.open_follow_ups(&actor(3), None, 10).await.unwrap().is_empty());
    assert_eq!(house.incidents.open_follow_ups(&actor(2), None, 10).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn its_facts_say_nothing(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = secret(&house).await;
    house.incidents.set_level(&works(1), Seen::any(incident.id), "P0", "漏えいの疑い").await.unwrap();
    let told = facts::about(&house.db, &format!("incident/{}", incident.id.0), 100).await.unwrap();
    assert_eq!(told.len(), 2);
    for fact in told {
        let said: String = fact.body.to_string();
        assert!(!said.contains("決済") && !said.contains("漏えい"), "{said}");
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_makes_it_private_is_not_locked_out_and_what_was_private_stays_so_in_a_merge(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P2").await;
    let hidden: Incident = house.incidents.set_visibility(&works(5), Seen::of(&incident), true, &[]).await.unwrap();
    assert_eq!(hidden.insiders, [person(5)]);
    let open: Incident = house.declare("P2").await;
    let merged: Incident = house.incidents.merge(&works(1), Seen::any(hidden.id), open.id).await.unwrap();
    assert!(merged.is_private);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_alert_of_it_is_refused_without_a_word_of_it(pool: PgPool) {
    let house = House::new(pool).await;
    let alerts = [AlertId(1), AlertId(2)];
    let wanted = Declaration { is_private: true, ..declaration("P1") };
    let hidden: Incident = house.incidents.declare_from_alerts(&declares(1), &alerts, &wanted).await.unwrap();
    let open: Incident = house.declare("P2").await;
    let number: String = hidden.id.to_string();

    let declared = house.incidents.declare_from_alerts(&declares(3), &[AlertId(2)], &Declaration::default()).await.unwrap_err();
    assert!(matches!(declared, Error::AlertHeld(AlertId(2))), "{declared}");
    let linked = house.incidents.link(&works(3), open.id, &[AlertId(5), AlertId(1)]).await.unwrap_err();
    assert!(matches!(linked, Error::AlertHeld(AlertId(1))), "{linked}");
    for said in [declared.to_string(), linked.to_string()] {
        assert!(!said.contains(&number), "{said}");
    }

    let within = house.incidents.link(&works(1), open.id, &[AlertId(1)]).await;
    assert!(matches!(within, Err(Error::AlertTaken(AlertId(1), taken)) if taken == hidden.id), "{within:?}");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whom_it_does_not_concern_adds_nothing_to_it_by_declaring_from_its_source(pool: PgPool) {
    let house = House::new(pool).await;
    let wanted = Declaration { is_private: true, ..declaration("P1") };
    let hidden: Incident = house.incidents.declare_from_group(&declares(1), 2, &wanted).await.unwrap();
    let same = Declaration { source_ref: Some("group/2".to_owned()), ..Declaration::default() };
    let refused = house.incidents.declare_from_alerts(&declares(3), &[AlertId(7)], &same).await;
    assert!(matches!(refused, Err(Error::AlertHeld(AlertId(7)))), "{refused:?}");
    let bare =
        house.incidents.declare(&declares(3), &Declaration { source_ref: same.source_ref.clone(), ..declaration("P2") }).await;
    assert!(matches!(bare, Err(Error::NoAlerts)), "{bare:?}");
    assert_eq!(house.detail(hidden.id).await.alerts.len(), 2);
    let joined: Incident = house.incidents.declare_from_alerts(&declares(1), &[AlertId(7)], &same).await.unwrap();
    assert_eq!(joined.id, hidden.id);
}
