//! From an acknowledgement to the end: what each move does, and what closing waits for.

use super::{HOUR, House, MINUTE, START, person, works};
use crate::error::Error;
use crate::{Incident, Mark, NewFollowUp, NewTask, Seen};
use chrono::NaiveDate;
use model::ids::IncidentId;
use model::incident::roles::IncidentRole;
use model::incident::steps::{Missing, Postmortem};
use model::incident::{IncidentStatus, Move, Refusal};
use serde_json::json;
use sqlx::PgPool;

async fn closed(house: &House, id: IncidentId) -> Result<Incident, Error> {
    house.incidents.act(&works(1), Seen::any(id), Move::Close, "").await
}

async fn commanded(house: &House, id: IncidentId, n: u128) -> Result<Incident, Error> {
    house.incidents.assign(&works(1), Seen::any(id), IncidentRole::Commander, person(n)).await
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn p1_is_closed_when_its_postmortem_is_published_and_its_follow_ups_have_owner_and_date(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P1").await;
    assert!(matches!(closed(&house, incident.id).await, Err(Error::Refused(Refusal::NotFrom { .. }))));
    house.incidents.act(&works(1), Seen::any(incident.id), Move::Resolve, "").await.unwrap();
    let missing = |error: Error| match error {
        Error::Refused(Refusal::Unfinished(missing)) => missing,
        other => panic!("{other}"),
    };
    assert_eq!(missing(closed(&house, incident.id).await.unwrap_err()), [Missing::Postmortem, Missing::FollowUps]);
    *house.world.postmortem.lock().unwrap() = Postmortem::Draft;
    let new = NewFollowUp { title: "上限を監視する".to_owned(), ..NewFollowUp::default() };
    let follow_up = house.incidents.add_follow_up(&works(1), incident.id, &new).await.unwrap();
    let lacks = missing(closed(&house, incident.id).await.unwrap_err());
    assert_eq!(lacks, [Missing::Publication, Missing::Owners { n: 1 }, Missing::Dates { n: 1 }]);
    *house.world.postmortem.lock().unwrap() = Postmortem::Published { at: START };
    let due_on: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 10, 1);
    let whole = NewFollowUp { owner: Some(person(2)), due_on, ..new };
    house.incidents.change_follow_up(&works(1), incident.id, follow_up, 1, &whole).await.unwrap();
    let over: Incident = closed(&house, incident.id).await.unwrap();
    assert_eq!((over.status, over.closed_at), (IncidentStatus::Closed, Some(START)));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn below_p1_nothing_is_asked_and_somebody_may_say_that_no_follow_up_is_needed(pool: PgPool) {
    let house = House::new(pool).await;
    let minor: Incident = house.declare("P3").await;
    for by in [Move::Resolve, Move::Close] {
        house.incidents.act(&works(1), Seen::any(minor.id), by, "").await.unwrap();
    }
    let major: Incident = house.declare("P0").await;
    house.incidents.act(&works(1), Seen::any(major.id), Move::Resolve, "").await.unwrap();
    *house.world.postmortem.lock().unwrap() = Postmortem::Published { at: START };
    house.incidents.no_follow_ups(&works(1), Seen::any(major.id), true).await.unwrap();
    house.incidents.act(&works(1), Seen::any(major.id), Move::Close, "").await.unwrap();
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn each_step_has_its_moment(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P2").await;
    let at = |minutes: i64| Some(START.plus_ms(minutes * MINUTE));
    for (minutes, by) in [(1, Move::Acknowledge), (2, Move::Identify), (3, Move::Mitigate), (4, Move::Resolve)] {
        house.clock.set(START.plus_ms(minutes * MINUTE));
        house.incidents.act(&works(2), Seen::any(incident.id), by, "").await.unwrap();
    }
    house.incidents.mark_now(&works(2), Seen::any(incident.id), Mark::Verified).await.unwrap();
    house.incidents.mark(&works(2), Seen::any(incident.id), Mark::Occurred, at(-20)).await.unwrap();
    let found: Incident = house.incident(incident.id).await;
    assert_eq!((found.acknowledged_at, found.moments.cause_found_at), (at(1), at(2)));
    assert_eq!((found.mitigated_at, found.resolved_at, found.moments.verified_at), (at(3), at(4), at(4)));
    assert_eq!(found.roles.responders, [person(2)], "whoever acknowledges responds");
    let detail = house.detail(incident.id).await;
    assert_eq!(detail.facts.impact_ms(), Some(23 * MINUTE));
    let back: Incident = house.incidents.mark(&works(2), Seen::any(incident.id), Mark::Verified, None).await.unwrap();
    assert_eq!(back.moments.verified_at, None);
    let ahead = house.incidents.mark(&works(2), Seen::any(incident.id), Mark::Scope, at(600)).await;
    assert!(matches!(ahead, Err(Error::BadTime { .. })));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_so_already_is_no_mistake_and_what_needs_a_reason_is_refused_without(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P2").await;
    let first: Incident = house.incidents.act(&works(1), Seen::any(incident.id), Move::Acknowledge, "").await.unwrap();
    let again: Incident = house.incidents.act(&works(2), Seen::any(incident.id), Move::Acknowledge, "").await.unwrap();
    assert_eq!((again.version, again.acknowledged_at), (first.version, first.acknowledged_at));
    let silent = house.incidents.act(&works(1), Seen::any(incident.id), Move::Dismiss, "  ").await;
    assert!(matches!(silent, Err(Error::Refused(Refusal::NoReason(Move::Dismiss)))));
    let merge = house.incidents.act(&works(1), Seen::any(incident.id), Move::Merge, "").await;
    assert!(matches!(merge, Err(Error::Refused(Refusal::NotFrom { .. }))), "merging has an act of its own");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn parts_are_given_handed_over_and_given_up_in_one_act_each(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P1").await;
    assert_eq!(commanded(&house, incident.id, 2).await.unwrap().roles.commander, Some(person(2)));
    let handed: Incident = commanded(&house, incident.id, 3).await.unwrap();
    assert_eq!((handed.roles.commander, handed.roles.responders.clone()), (Some(person(3)), vec![person(2)]));
    assert_eq!(commanded(&house, incident.id, 3).await.unwrap().version, handed.version, "it is so already");
    assert!(matches!(commanded(&house, incident.id, 9).await, Err(Error::NoSuchPerson)), "the account is switched off");
    assert!(matches!(commanded(&house, incident.id, 77).await, Err(Error::NoSuchPerson)));
    let last = house.lines(incident.id).await.pop().unwrap();
    assert_eq!((&last.body["name"], &last.body["from_name"]), (&json!("person 3"), &json!("person 2")));
    let left: Incident =
        house.incidents.give_up(&works(1), Seen::any(incident.id), IncidentRole::Commander, person(3)).await.unwrap();
    assert_eq!(left.roles.commander, None);
    assert_eq!(house.facts(incident.id).await.iter().filter(|kind| *kind == "IncidentRoleChanged").count(), 3);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn tasks_are_added_changed_and_done(pool: PgPool) {
    let house = House::new(pool).await;
    let incident: Incident = house.declare("P1").await;
    let new = NewTask { title: "ログを保存".to_owned(), owner: Some(person(2)), due_at: Some(START.plus_ms(HOUR)) };
    let task = house.incidents.add_task(&works(1), incident.id, &new).await.unwrap();
    let changed = NewTask { title: "ログとダンプを保存".to_owned(), ..new.clone() };
    house.incidents.change_task(&works(1), incident.id, task, 1, &changed).await.unwrap();
    let stale = house.incidents.change_task(&works(2), incident.id, task, 1, &new).await;
    assert!(matches!(stale, Err(Error::Stale { expected: 1, found: 2, .. })));
    assert!(house.incidents.finish_task(&works(2), incident.id, task, true).await.unwrap());
    assert!(!house.incidents.finish_task(&works(2), incident.id, task, true).await.unwrap());
    let tasks = house.detail(incident.id).await.tasks;
    assert_eq!((tasks[0].title.as_str(), tasks[0].done_by.as_deref()), ("ログとダンプを保存", Some("person 2")));
    let other: Incident = house.declare("P1").await;
    let elsewhere = house.incidents.finish_task(&works(1), other.id, task, false).await;
    assert!(matches!(elsewhere, Err(Error::NoPart { what: "task", .. })));
    let bad = NewFollowUp { title: "a".to_owned(), url: Some("javascript:alert(1)".to_owned()), ..NewFollowUp::default() };
    assert!(matches!(house.incidents.add_follow_up(&works(1), incident.id, &bad).await, Err(Error::BadUrl)));
}
